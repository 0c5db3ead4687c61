/* SPDX-License-Identifier: MIT */
#include "key.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calldeck/alloc.h"

static const struct {
    const char *name;
    const char *sql;
    enum scan_kind scan;
} table[] = {
#define STATEMENT(id, scan, sql) [STMT_##id] = {#id, sql, scan},
#include "statements/statements.def"
#undef STATEMENT
};
_Static_assert(sizeof table / sizeof table[0] == STMT_COUNT_, "a row for each statement");

const char *statement_name(enum statement id)
{
    return table[id].name;
}

const char *statement_sql(enum statement id)
{
    return table[id].sql;
}

enum scan_kind statement_scan(enum statement id)
{
    return table[id].scan;
}

/* ---- errors ---- */

bool db_error(struct store *s, struct error *err, const char *what)
{
    int code = s->db ? sqlite3_extended_errcode(s->db) : SQLITE_NOMEM;
    const char *said = s->db ? sqlite3_errmsg(s->db) : "out of memory";
    const char *path = s->path ? s->path : "";
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(err, ERR_LOCKED, "cannot %s: another program holds \"%s\"; try again", what, path);
    case SQLITE_FULL:
        return error_set(err, ERR_FULL, "cannot %s: the disk is full; make room, nothing is lost meanwhile", what);
    case SQLITE_READONLY:
        return error_set(err, ERR_IO, "cannot %s: \"%s\" is read-only", what, path);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return error_set(err, ERR_IO, "cannot %s: \"%s\" cannot be opened (%s)", what, path, said);
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return error_set(err, ERR_IO, "cannot %s: out of memory", what);
        return error_set(err, ERR_IO, "cannot %s: the disk failed under \"%s\" (%s)", what, path, said);
    case SQLITE_NOMEM:
        return error_set(err, ERR_IO, "cannot %s: out of memory", what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return error_set(err, ERR_DATA, "cannot %s: \"%s\" is damaged or no calldeck file (%s); see calldeck doctor", what,
                         path, said);
    default:
        return error_set(err, ERR_IO, "cannot %s: %s", what, said);
    }
}

/* ---- connection ---- */

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * sqlite3_busy_timeout backs off in ever longer sleeps, and starves: 8 s at worst with eight writers where this takes
 * half a second. Short sleeps of 0.3 to 1.5 ms with jitter, up to the budget of the caller.
 */
static int on_busy(void *user, int tries)
{
    struct store *s = user;
    if (tries == 0)
        s->busy_until_ms = monotonic_ms() + s->busy_ms;
    else if (monotonic_ms() >= s->busy_until_ms)
        return 0;
    unsigned mix = (unsigned)tries * 2654435761u + (unsigned)(uintptr_t)s;
    struct timespec nap = {0, 300000 + (long)(mix % 1200000u)};
    nanosleep(&nap, NULL);
    return 1;
}

bool db_connect(struct store *s, const char *path, int flags, const char *vfs, struct error *err)
{
    /* SQLite makes its files 0644 by the umask; ours hold people. */
    int rc = sqlite3_open_v2(path, &s->db, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, vfs);
    if (rc != SQLITE_OK) {
        db_error(s, err, "open the database");
        db_disconnect(s);
        return false;
    }
    sqlite3_busy_handler(s->db, on_busy, s);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    s->synchronous = -1;
    return true;
}

void db_disconnect(struct store *s)
{
    for (size_t i = 0; i < STMT_COUNT_; i++) {
        sqlite3_finalize(s->statements[i]);
        s->statements[i] = NULL;
    }
    sqlite3_close(s->db);
    s->db = NULL;
}

bool db_exec(struct store *s, const char *sql, struct error *err)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return db_error(s, err, "set up the database");
    return true;
}

bool db_pragma_int(struct store *s, const char *sql, int64_t *ret, struct error *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        *ret = sqlite3_column_int64(q, 0);
    else
        db_error(s, err, "read the database");
    sqlite3_finalize(q);
    return rc == SQLITE_ROW;
}

/* ---- transactions ---- */

static bool set_synchronous(struct store *s, int level, struct error *err)
{
    if (s->synchronous == level)
        return true;
    if (!db_exec(s, level == 2 ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", err))
        return false;
    s->synchronous = level;
    return true;
}

bool db_begin(struct store *s, enum db_durability durability, struct error *err)
{
    if (s->depth == 0) {
        if (s->read_only)
            return error_set(err, ERR_IO, "cannot write: \"%s\" is read-only", s->path);
        assert(s->read_depth == 0);
        if (!set_synchronous(s, durability == DB_DURABLE ? 2 : 1, err))
            return false;
        if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
            return db_error(s, err, "write");
        s->failed = false;
        s->depth++;
        policies_look(s);
        return true;
    }
    s->depth++;
    return true;
}

bool db_end(struct store *s, bool ok, struct error *err)
{
    assert(s->depth > 0);
    s->depth--;
    if (!ok)
        s->failed = true;
    if (s->depth > 0)
        return ok;
    s->lessons_seen = false;
    if (!s->failed && sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK) {
        db_error(s, err, "save");
        s->failed = true;
    } else if (!s->failed) {
        return true;
    }
    if (!sqlite3_get_autocommit(s->db)) /* a failed COMMIT may have rolled back already */
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    lessons_forget(s);
    return false;
}

bool store_begin_read(struct store *s, struct error *err)
{
    if (s->read_depth == 0 && s->depth == 0 && sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
        return db_error(s, err, "read");
    if (s->read_depth++ == 0 && s->depth == 0)
        policies_look(s);
    return true;
}

void store_end_read(struct store *s)
{
    assert(s->read_depth > 0);
    s->read_depth--;
    if (s->read_depth == 0 && s->depth == 0 && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
}

/* ---- statements ---- */

bool stmt_open(struct store *s, enum statement id, struct stmt *ret, struct error *err)
{
    /* a failing disk made SQLite roll back: what follows would be written row by row, each on its own */
    if (s->depth > 0 && sqlite3_get_autocommit(s->db))
        return error_set(err, ERR_IO, "cannot save: the disk failed under \"%s\", everything was taken back", s->path);
    if (s->statements[id] == NULL &&
        sqlite3_prepare_v3(s->db, table[id].sql, -1, SQLITE_PREPARE_PERSISTENT, &s->statements[id], NULL) != SQLITE_OK)
        return db_error(s, err, "ask the database");
    assert(!sqlite3_stmt_busy(s->statements[id]));
    *ret = (struct stmt){.s = s, .q = s->statements[id]};
    return true;
}

static int parameter(struct stmt *q, const char *name)
{
    int i = sqlite3_bind_parameter_index(q->q, name);
    assert(i > 0);
    return i;
}

static void bound(struct stmt *q, int rc)
{
    if (rc != SQLITE_OK)
        q->failed = true; /* out of memory or too big: stmt_row says so */
}

void stmt_int(struct stmt *q, const char *name, int64_t value)
{
    bound(q, sqlite3_bind_int64(q->q, parameter(q, name), value));
}

void stmt_int_or_null(struct stmt *q, const char *name, int64_t value, bool null)
{
    if (null)
        bound(q, sqlite3_bind_null(q->q, parameter(q, name)));
    else
        stmt_int(q, name, value);
}

void stmt_at(struct stmt *q, const char *name, int64_t at)
{
    stmt_int_or_null(q, name, at, at == AT_NONE);
}

void stmt_id(struct stmt *q, const char *name, int64_t id)
{
    stmt_int_or_null(q, name, id, id == 0);
}

void stmt_str(struct stmt *q, const char *name, struct str value)
{
    bound(q, sqlite3_bind_text64(q->q, parameter(q, name), value.len ? value.at : "", value.len, SQLITE_TRANSIENT,
                                 SQLITE_UTF8));
}

void stmt_str_or_null(struct stmt *q, const char *name, struct str value)
{
    if (value.len == 0)
        bound(q, sqlite3_bind_null(q->q, parameter(q, name)));
    else
        stmt_str(q, name, value);
}

void stmt_text(struct stmt *q, const char *name, const char *value)
{
    stmt_str(q, name, str_of(value));
}

void stmt_uid(struct stmt *q, const char *name, struct uid uid)
{
    bound(q, sqlite3_bind_blob64(q->q, parameter(q, name), uid.b, sizeof uid.b, SQLITE_TRANSIENT));
}

void stmt_double(struct stmt *q, const char *name, double value)
{
    bound(q, sqlite3_bind_double(q->q, parameter(q, name), value));
}

void stmt_blob(struct stmt *q, const char *name, const void *bytes, size_t len)
{
    bound(q, bytes == NULL ? sqlite3_bind_null(q->q, parameter(q, name))
                           : sqlite3_bind_blob64(q->q, parameter(q, name), bytes, len, SQLITE_TRANSIENT));
}

bool stmt_row(struct stmt *q, struct error *err)
{
    if (q->failed)
        return db_error(q->s, err, "ask the database");
    int rc = sqlite3_step(q->q);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE) {
        q->failed = true;
        db_error(q->s, err, "ask the database");
    }
    return false;
}

int64_t stmt_column_int(struct stmt *q, int i)
{
    return sqlite3_column_int64(q->q, i);
}

int64_t stmt_column_at(struct stmt *q, int i)
{
    return sqlite3_column_type(q->q, i) == SQLITE_NULL ? AT_NONE : sqlite3_column_int64(q->q, i);
}

bool stmt_column_null(struct stmt *q, int i)
{
    return sqlite3_column_type(q->q, i) == SQLITE_NULL;
}

struct str stmt_column_str(struct stmt *q, int i)
{
    const char *text = (const char *)sqlite3_column_text(q->q, i);
    return str_make(text, text ? (size_t)sqlite3_column_bytes(q->q, i) : 0);
}

struct str stmt_column_copy(struct stmt *q, int i, struct arena *a)
{
    return arena_str(a, stmt_column_str(q, i));
}

struct uid stmt_column_uid(struct stmt *q, int i)
{
    struct uid u = {{0}};
    const void *blob = sqlite3_column_blob(q->q, i);
    if (blob != NULL && sqlite3_column_bytes(q->q, i) == (int)sizeof u.b)
        memcpy(u.b, blob, sizeof u.b);
    return u;
}

double stmt_column_double(struct stmt *q, int i)
{
    return sqlite3_column_double(q->q, i);
}

size_t stmt_column_blob(struct stmt *q, int i, void *ret, size_t room)
{
    const void *blob = sqlite3_column_blob(q->q, i);
    int len = sqlite3_column_bytes(q->q, i);
    if (blob == NULL || len <= 0 || (size_t)len > room)
        return 0;
    memcpy(ret, blob, (size_t)len);
    return (size_t)len;
}

bool stmt_close(struct stmt *q)
{
    if (q->q != NULL) {
        sqlite3_reset(q->q);
        sqlite3_clear_bindings(q->q);
        q->q = NULL;
    }
    return !q->failed;
}

bool stmt_run(struct stmt *q, struct error *err)
{
    while (stmt_row(q, err))
        continue;
    return stmt_close(q);
}

int64_t db_last_id(struct store *s)
{
    return sqlite3_last_insert_rowid(s->db);
}

int64_t db_changes(struct store *s)
{
    return sqlite3_changes64(s->db);
}
