/* SPDX-License-Identifier: MIT */
/*
 * The thin layer between the verbs of the store and SQLite: statements by name, parameters by name, transactions that
 * know where they began, errors as sentences.
 *
 * A verb that writes reads like this:
 *
 *     if (!db_begin(s, DB_DURABLE, err))
 *         return false;
 *     bool ok = do_it(s, ..., err);
 *     return db_end(s, ok, err);             // commits, or rolls back and keeps err
 *
 * and a statement like this:
 *
 *     struct stmt q;
 *     if (!stmt_open(s, STMT_CARD_PHONES, &q, err)) return false;
 *     stmt_int(&q, ":prospect", id);
 *     while (stmt_row(&q, err))
 *         use(stmt_column_int(&q, 0));
 *     return stmt_close(&q);                 // false if a step failed; err is set then
 *
 * Statements stay prepared. One that is open must be closed before it is opened again (asserted).
 */
#ifndef CALLDECK_STORE_DB_H
#define CALLDECK_STORE_DB_H

#include <sqlite3.h>

#include "calldeck/store.h"

enum statement {
#define STATEMENT(id, scan, sql) STMT_##id,
#include "statements/statements.def"
#undef STATEMENT
    STMT_COUNT_
};

enum scan_kind {
    SEEK, /* every table is reached through an index or by rowid */
    SCAN, /* reads a whole table or index, and means to */
};

const char *statement_name(enum statement id);
const char *statement_sql(enum statement id);
enum scan_kind statement_scan(enum statement id);

struct store {
    sqlite3 *db;
    char *path;
    char *rep;
    char *holder;
    struct zone_table *zones;
    store_workdays_fn workdays;
    void *workdays_user;
    struct policy base;            /* defaults and settings */
    struct policy_row *policies;   /* a list's own, overlaid; see lists.c */
    size_t policies_count;
    bool policies_known;
    int policies_version;          /* of the file when they were read: another process may change a list's lines */
    struct outcome_table outcomes;
    struct arena outcomes_arena;
    int64_t opened_at;             /* the caller's now at store_open */
    bool read_only;
    bool temporary;                /* removed at close */
    struct backup *snapshot;       /* being made, a step at a time */
    bool tidy;                     /* a reader: there was no -wal beside the file, and none is to stay */
    int busy_ms;
    bool (*hurry)(void *user); /* store_set_hurry */
    void *hurry_user;
    int64_t busy_until_ms;
    int depth;                     /* of transactions */
    bool failed;                   /* an inner level rolled back */
    int synchronous;               /* what the connection is set to */
    int read_depth;
    int data_version;
    int64_t durable_draft_at;
    sqlite3_int64 checkpointed_at; /* total changes when the WAL was last folded into the file */
    struct law_book *laws;         /* from the first place on */
    store_region_fn region;
    void *region_user;
    struct place_cache *places;    /* zones text -> place; see place.c */
    struct lessons *lessons;       /* what the calls taught, read when it is first asked for; see learn.c */
    bool lessons_seen;             /* ... and compared with the file in this transaction */
    sqlite3_stmt *statements[STMT_COUNT_];
};

/* ---- errors ---- */
/* Turns what SQLite last said into a code and a sentence; what: "save the note". Always false. */
bool db_error(struct store *s, struct error *err, const char *what);

/* ---- connection ---- */
/* Opens with every guard on (defensive, no extension loading, own busy handler); flags as sqlite3_open_v2. */
bool db_connect(struct store *s, const char *path, int flags, const char *vfs, struct error *err);
void db_disconnect(struct store *s);
void snapshot_drop(struct store *s); /* what is half made (snapshot.c) */
bool db_exec(struct store *s, const char *sql, struct error *err); /* migrations and pragmas only */
bool db_pragma_int(struct store *s, const char *sql, int64_t *ret, struct error *err);

/* ---- transactions ---- */
enum db_durability { DB_FAST, DB_DURABLE };
bool db_begin(struct store *s, enum db_durability durability, struct error *err);
bool db_end(struct store *s, bool ok, struct error *err);

/* ---- statements ---- */
struct stmt {
    struct store *s;
    sqlite3_stmt *q;
    bool failed;
};
bool stmt_open(struct store *s, enum statement id, struct stmt *ret, struct error *err);
void stmt_int(struct stmt *q, const char *name, int64_t value);
void stmt_int_or_null(struct stmt *q, const char *name, int64_t value, bool null);
void stmt_at(struct stmt *q, const char *name, int64_t at);          /* AT_NONE is NULL */
void stmt_id(struct stmt *q, const char *name, int64_t id);          /* 0 is NULL */
void stmt_str(struct stmt *q, const char *name, struct str value);   /* copied */
void stmt_str_or_null(struct stmt *q, const char *name, struct str value); /* empty is NULL */
void stmt_text(struct stmt *q, const char *name, const char *value);
void stmt_uid(struct stmt *q, const char *name, struct uid uid);
void stmt_double(struct stmt *q, const char *name, double value);
void stmt_blob(struct stmt *q, const char *name, const void *bytes, size_t len); /* copied; NULL is NULL */
bool stmt_row(struct stmt *q, struct error *err);                    /* false: no more, or failed */
int64_t stmt_column_int(struct stmt *q, int i);
int64_t stmt_column_at(struct stmt *q, int i);                       /* NULL is AT_NONE */
bool stmt_column_null(struct stmt *q, int i);
struct str stmt_column_str(struct stmt *q, int i);                   /* borrowed until the next row; NULL is empty */
struct str stmt_column_copy(struct stmt *q, int i, struct arena *a);
struct uid stmt_column_uid(struct stmt *q, int i);
double stmt_column_double(struct stmt *q, int i);
/* Copies a blob of at most room bytes; 0 if there is none or it is longer. */
size_t stmt_column_blob(struct stmt *q, int i, void *ret, size_t room);
bool stmt_close(struct stmt *q);
/* The whole life of a statement that gives no rows, after its parameters: step and close. */
bool stmt_run(struct stmt *q, struct error *err);
int64_t db_last_id(struct store *s);
int64_t db_changes(struct store *s);

#endif
