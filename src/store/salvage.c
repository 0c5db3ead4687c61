/* SPDX-License-Identifier: MIT */
/*
 * A new file from what can still be read of a broken one. The broken one is not touched: it may be all there is, and
 * somebody with better tools may come.
 *
 * Facts are copied row by row; what is materialised is made anew from them; references to what is lost are forgotten
 * where the schema allows it, else the row goes too and is counted.
 */
#include "salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "fold.h"

enum { MOST_TABLES = 64 };

struct salvage {
    sqlite3 *broken;
    struct store *fresh;
    struct salvage_table tables[MOST_TABLES];
    int count;
    int64_t size_bytes, now;
    line_fn line;
    void *user;
    struct error *err;
};

static void say(struct salvage *v, const char *text)
{
    if (v->line != NULL)
        v->line(text, v->user);
}

static bool run_sql(struct salvage *v, enum salvage_sql id)
{
    return sqlite3_exec(v->fresh->db, salvage_sql(id), NULL, NULL, NULL) == SQLITE_OK ||
           db_error(v->fresh, v->err, "put the new file in order");
}

/* Takes the text over. */
static bool run_made(struct salvage *v, char *sql, int64_t *ret_changes)
{
    bool ok = sql != NULL && sqlite3_exec(v->fresh->db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!ok)
        db_error(v->fresh, v->err, "put the new file in order");
    *ret_changes = ok ? sqlite3_changes64(v->fresh->db) : 0;
    sqlite3_free(sql);
    return ok;
}

/* ---- copying ---- */

static bool look_at_tables(struct salvage *v)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(v->fresh->db, salvage_sql(SALVAGE_TABLES), -1, &q, NULL) != SQLITE_OK)
        return db_error(v->fresh, v->err, "look at the new file");
    bool ok = true;
    while (ok && v->count < MOST_TABLES && sqlite3_step(q) == SQLITE_ROW) {
        struct error why = {0};
        const char *name = (const char *)sqlite3_column_text(q, 0);
        struct salvage_table *t = &v->tables[v->count++];
        if (salvage_table_look(v->broken, v->fresh, name, t, &why))
            continue;
        if (why.code != ERR_NONE) {
            if (v->err != NULL)
                *v->err = why;
            ok = false;
        }
        t->columns_count = 0; /* not in the broken file */
    }
    sqlite3_finalize(q);
    return ok;
}

static bool copy_tables(struct salvage *v)
{
    for (int i = 0; i < v->count; i++)
        if (v->tables[i].columns_count != 0 &&
            !salvage_table_read(v->broken, v->fresh, &v->tables[i], v->size_bytes, v->err))
            return false;
    return true;
}

/* ---- what refers to what is lost ---- */

static bool mend_table(struct salvage *v, struct salvage_table *t, bool *ret_changed)
{
    sqlite3_stmt *keys = NULL;
    char *sql = sqlite3_mprintf("PRAGMA foreign_key_list(\"%w\")", t->name);
    bool ok = sql != NULL && sqlite3_prepare_v2(v->fresh->db, sql, -1, &keys, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    if (!ok)
        return db_error(v->fresh, v->err, "look at the new file");
    char parents[16][2][SALVAGE_NAME];
    int count = 0;
    while (count < 16 && sqlite3_step(keys) == SQLITE_ROW) { /* read first: the schema is locked meanwhile */
        snprintf(parents[count][0], SALVAGE_NAME, "%s", (const char *)sqlite3_column_text(keys, 2));
        snprintf(parents[count++][1], SALVAGE_NAME, "%s", (const char *)sqlite3_column_text(keys, 3));
    }
    sqlite3_finalize(keys);
    for (int i = 0; ok && i < count; i++) {
        const char *parent = parents[i][0], *column = parents[i][1];
        int64_t changes = 0;
        /* OR IGNORE: where it must not be empty, or would make nonsense of the row, it stays, and the row goes */
        if (strcmp(column, t->key) != 0) {
            ok = run_made(v, sqlite3_mprintf(salvage_sql(SALVAGE_FORGET), t->name, column, column, parent, "id", column), &changes);
            *ret_changed = *ret_changed || changes != 0;
        }
        ok = ok && run_made(v, sqlite3_mprintf(salvage_sql(SALVAGE_DROP), t->name, column, parent, "id", column), &changes);
        t->read -= changes;
        *ret_changed = *ret_changed || changes != 0;
    }
    return ok;
}

static bool mend_references(struct salvage *v)
{
    if (!run_sql(v, SALVAGE_ACTS) || !run_sql(v, SALVAGE_PROMISES))
        return false;
    bool changed = true;
    while (changed) { /* a row that goes may have been named by others */
        changed = false;
        for (int i = 0; i < v->count; i++)
            if (!mend_table(v, &v->tables[i], &changed))
                return false;
    }
    return true;
}

/* ---- what is materialised ---- */

static bool refold_numbers(struct salvage *v)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(v->fresh->db, salvage_sql(SALVAGE_NUMBERS), -1, &q, NULL) != SQLITE_OK)
        return db_error(v->fresh, v->err, "put the new file in order");
    bool ok = true;
    while (ok && sqlite3_step(q) == SQLITE_ROW)
        ok = touch_refold(v->fresh, sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1), v->now, v->err);
    sqlite3_finalize(q);
    return ok;
}

/* Whoever lost their list with it is put into one, or nobody would ever see them. */
static bool house_the_homeless(struct salvage *v)
{
    bool torn = false;
    for (int i = 0; i < v->count; i++)
        torn = torn || (strcmp(v->tables[i].name, "list_member") == 0 &&
                        (v->tables[i].torn || v->tables[i].read < v->tables[i].there));
    if (!torn)
        return true;
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(v->fresh->db, salvage_sql(SALVAGE_HOMELESS), -1, &q, NULL) != SQLITE_OK)
        return db_error(v->fresh, v->err, "put the new file in order");
    int64_t list = 0, count = 0;
    bool ok = true;
    while (ok && sqlite3_step(q) == SQLITE_ROW) {
        ok = (list != 0 || list_make(v->fresh, STR("salvaged"), v->now, &list, v->err)) &&
             member_add(v->fresh, list, sqlite3_column_int64(q, 0), 0, v->now, v->err);
        count++;
    }
    sqlite3_finalize(q);
    if (ok && count != 0) {
        char text[128];
        snprintf(text, sizeof text, "%lld prospects had lost their list: they are in \"salvaged\"", (long long)count);
        say(v, text);
    }
    return ok;
}

static bool make_anew(struct salvage *v)
{
    if (!db_begin(v->fresh, DB_FAST, v->err))
        return false;
    bool ok = refold_numbers(v) && everybody_refold(v->fresh, v->now, v->err) && house_the_homeless(v) && run_sql(v, SALVAGE_INDEX);
    return db_end(v->fresh, ok, v->err);
}

static bool copy_all(struct salvage *v)
{
    /* no references, no triggers: rows come as they can be read, in any order */
    if (!db_exec(v->fresh, "PRAGMA foreign_keys = OFF", v->err))
        return false;
    sqlite3_db_config(v->fresh->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    bool ok = db_begin(v->fresh, DB_FAST, v->err);
    if (ok) {
        ok = look_at_tables(v) && copy_tables(v) && mend_references(v) && run_sql(v, SALVAGE_DEAD) && run_sql(v, SALVAGE_REVERSED) &&
             run_sql(v, SALVAGE_TALLY) && run_sql(v, SALVAGE_PHONES) && run_sql(v, SALVAGE_LINKS);
        ok = db_end(v->fresh, ok, v->err);
    }
    sqlite3_db_config(v->fresh->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return ok && db_exec(v->fresh, "PRAGMA foreign_keys = ON", v->err);
}

/* ---- report ---- */

/* Tables of the program's own, whose counts say nothing to a person. */
static bool is_fact(const char *table)
{
    return strcmp(table, "meta") != 0 && strcmp(table, "cell") != 0 && strcmp(table, "mapping") != 0;
}

static int64_t report(struct salvage *v)
{
    int64_t all = 0;
    for (int i = 0; i < v->count; i++) {
        const struct salvage_table *t = &v->tables[i];
        char text[160];
        int64_t lost = t->there > t->read ? t->there - t->read : 0;
        if (!is_fact(t->name))
            continue;
        if (strcmp(t->name, "outcome") != 0)
            all += t->read;
        if (t->columns_count == 0)
            snprintf(text, sizeof text, "%s: not found in the broken file", t->name);
        else if (lost != 0)
            snprintf(text, sizeof text, "%s: %lld read, %lld lost", t->name, (long long)t->read, (long long)lost);
        else if (t->torn && t->there < 0)
            snprintf(text, sizeof text, "%s: %lld read, nobody knows how many are lost", t->name, (long long)t->read);
        else if (t->read != 0)
            snprintf(text, sizeof text, "%s: %lld read", t->name, (long long)t->read);
        else
            continue;
        say(v, text);
    }
    return all;
}

/* The check's own notes are of no interest here. */
static void say_difference(const char *line, void *user)
{
    if (strncmp(line, "note: ", 6) != 0)
        say(user, line);
}

/* ---- the whole ---- */

/* Only where the broken file still knows what it is: any number may stand in a header of garbage. */
static bool is_newer(struct salvage *v)
{
    struct store broken = {.db = v->broken};
    int64_t ours = 0, theirs = 0, version = 0, newest = 0;
    return db_pragma_int(&broken, "PRAGMA application_id", &theirs, NULL) &&
           db_pragma_int(v->fresh, "PRAGMA application_id", &ours, NULL) && ours == theirs &&
           db_pragma_int(&broken, "PRAGMA user_version", &version, NULL) &&
           db_pragma_int(v->fresh, "PRAGMA user_version", &newest, NULL) && version > newest;
}

static void remove_all(const char *folder)
{
    static const char *const names[] = {"broken.db", "broken.db-wal", "broken.db-shm", "broken.db-journal",
                                        "new.db",    "new.db-wal",    "new.db-shm",    "new.db-journal"};
    struct buf path;
    buf_init(&path);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        buf_clear(&path);
        buf_printf(&path, "%s/%s", folder, names[i]);
        unlink(path.at);
    }
    rmdir(folder);
    buf_done(&path);
}

static bool salvage_into(struct salvage *v, const char *broken, const char *folder, const char *path,
                         const struct store_options *options, struct error *err)
{
    struct buf copy, made;
    buf_init(&copy);
    buf_init(&made);
    buf_printf(&copy, "%s/broken.db", folder);
    buf_printf(&made, "%s/new.db", folder);
    struct store_options create = *options;
    create.mode = STORE_CREATE;
    create.busy_ms = 5000;
    struct stat st;
    bool borrowed = false, ok = salvage_copy(broken, copy.at, err);
    v->size_bytes = ok && stat(copy.at, &st) == 0 ? st.st_size : 0;
    ok = ok && (v->fresh = store_open(made.at, &create, err)) != NULL;
    if (ok && !salvage_connect(copy.at, v->fresh, &v->broken, &borrowed, err))
        ok = error_prefix(err, "\"%s\"", broken);
    if (ok && borrowed)
        say(v, "the list of its tables was lost: they were looked for where a new file has them");
    if (ok && is_newer(v))
        ok = error_set(err, ERR_DATA, "\"%s\" was made by a newer calldeck: update calldeck", broken);
    ok = ok && copy_all(v) && make_anew(v);
    if (ok && report(v) == 0)
        ok = error_set(err, ERR_DATA, "\"%s\": nothing can be read of it", broken);
    /* what still differs is said, and no reason to keep back what was saved; whole under its name or not there at all */
    struct error why = {0};
    if (ok && !store_check(v->fresh, say_difference, v, &why) && why.code != ERR_DATA)
        ok = error_set(err, why.code, "%s", why.text);
    ok = ok && store_backup(v->fresh, path, err);
    buf_done(&copy);
    buf_done(&made);
    return ok;
}

bool store_salvage(const char *broken, const char *path, const struct store_options *options, line_fn line, void *user,
                   struct error *err)
{
    struct stat st;
    if (lstat(path, &st) == 0)
        return error_set(err, ERR_REFUSED, "cannot salvage into \"%s\": there is already a file: choose another name", path);
    struct buf folder;
    buf_init(&folder);
    buf_printf(&folder, "%s.salvage-XXXXXX", path);
    if (mkdtemp(folder.at) == NULL) {
        error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "cannot salvage into \"%s\": %s", path, strerror(errno));
        buf_done(&folder);
        return false;
    }
    struct salvage *v = alloc_zeroed(1, sizeof *v);
    v->line = line;
    v->user = user;
    v->err = err;
    v->now = options->now;
    bool ok = salvage_into(v, broken, folder.at, path, options, err);
    sqlite3_close(v->broken);
    store_close(v->fresh);
    for (int i = 0; i < v->count; i++)
        salvage_table_done(&v->tables[i]);
    free(v);
    remove_all(folder.at);
    buf_done(&folder);
    if (!ok)
        error_prefix(err, "cannot salvage");
    return ok;
}
