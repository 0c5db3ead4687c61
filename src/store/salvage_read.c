/* SPDX-License-Identifier: MIT */
/*
 * Rows out of a broken table: from the front until a page fails, from the back until one fails, then whatever lies between
 * two broken pages, by asking for the middle of the gap, and of its halves.
 */
#include "salvage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROBES = 20000 };

const char *salvage_sql(enum salvage_sql id)
{
    static const char *const sql[] = {
#define TEMPLATE(id, sql) [id] = sql,
#include "statements/salvage.def"
#undef TEMPLATE
    };
    return sql[id];
}

/* ---- what a table is ---- */

void salvage_table_done(struct salvage_table *t)
{
    buf_done(&t->columns);
    buf_done(&t->order);
    buf_done(&t->order_down);
}

static void add_name(struct buf *b, const char *name, const char *after)
{
    if (b->len != 0)
        buf_add_text(b, ", ");
    buf_add_char(b, '"');
    for (const char *p = name; *p != '\0'; p++) {
        if (*p == '"')
            buf_add_char(b, '"');
        buf_add_char(b, *p);
    }
    buf_add_char(b, '"');
    buf_add_text(b, after);
}

static bool has_column(sqlite3 *db, const char *table, const char *column)
{
    sqlite3_stmt *q = NULL;
    bool has = false;
    char *sql = sqlite3_mprintf("PRAGMA table_info(\"%w\")", table);
    if (sql != NULL && sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK)
        while (!has && sqlite3_step(q) == SQLITE_ROW) {
            const char *name = (const char *)sqlite3_column_text(q, 1);
            has = name != NULL && strcmp(name, column) == 0;
        }
    sqlite3_finalize(q);
    sqlite3_free(sql);
    return has;
}

static bool is_without_rowid(sqlite3 *db, const char *table)
{
    sqlite3_stmt *q = NULL;
    bool without = false;
    char *sql = sqlite3_mprintf("PRAGMA table_list(\"%w\")", table);
    if (sql != NULL && sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
        without = sqlite3_column_int(q, 4) != 0;
    sqlite3_finalize(q);
    sqlite3_free(sql);
    return without;
}

bool salvage_table_look(sqlite3 *broken, struct store *fresh, const char *name, struct salvage_table *ret, struct error *err)
{
    *ret = (struct salvage_table){.there = -1};
    buf_init(&ret->columns);
    buf_init(&ret->order);
    buf_init(&ret->order_down);
    snprintf(ret->name, sizeof ret->name, "%s", name);
    bool keyed = is_without_rowid(fresh->db, name);
    sqlite3_stmt *q = NULL;
    char *sql = sqlite3_mprintf("PRAGMA table_info(\"%w\")", name);
    if (sql == NULL || sqlite3_prepare_v2(fresh->db, sql, -1, &q, NULL) != SQLITE_OK)
        db_error(fresh, err, "look at the new file");
    while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
        const char *column = (const char *)sqlite3_column_text(q, 1);
        int key = sqlite3_column_int(q, 5);
        if (column == NULL || !has_column(broken, name, column))
            continue;
        add_name(&ret->columns, column, "");
        ret->columns_count++;
        if (keyed && key != 0) {
            add_name(&ret->order, column, "");
            add_name(&ret->order_down, column, " DESC");
            if (strcmp(column, "prospect_id") == 0 && (key == 1 || strcmp(name, "list_member") == 0))
                ret->of_person = true;
        } else if (key == 1) {
            snprintf(ret->key, sizeof ret->key, "%s", column);
        }
    }
    sqlite3_finalize(q);
    sqlite3_free(sql);
    return ret->columns_count != 0 && (ret->key[0] != '\0' || ret->order.len != 0);
}

/* ---- rows ---- */

struct reader {
    sqlite3 *broken;
    struct store *fresh;
    struct salvage_table *t;
    struct error *err;
    sqlite3_stmt *put, *up, *down;
    int key_column; /* of the key among the columns */
    int probes;
    bool failed;    /* the new file does not take any more */
};

static bool prepare(sqlite3 *db, char *sql, sqlite3_stmt **ret)
{
    bool ok = sql != NULL && sqlite3_prepare_v2(db, sql, -1, ret, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    return ok;
}

/* A row that the new schema refuses (nonsense in a column) is one lost; a disk that is full ends it all. */
static void put_row(struct reader *r, sqlite3_stmt *from)
{
    for (int i = 0; i < r->t->columns_count; i++)
        sqlite3_bind_value(r->put, i + 1, sqlite3_column_value(from, i));
    int rc = sqlite3_step(r->put);
    if (rc == SQLITE_DONE) {
        r->t->read += sqlite3_changes64(r->fresh->db) > 0;
    } else if ((rc & 0xff) != SQLITE_CONSTRAINT && (rc & 0xff) != SQLITE_MISMATCH && (rc & 0xff) != SQLITE_TOOBIG) {
        db_error(r->fresh, r->err, "save what was read");
        r->failed = true;
    }
    sqlite3_reset(r->put);
    sqlite3_clear_bindings(r->put);
}

struct run {
    int64_t count, last; /* last: the key of the last row */
    bool done;           /* came to the end of the range */
};

static struct run read_range(struct reader *r, sqlite3_stmt *q, int64_t after, int64_t before)
{
    struct run run = {.count = 0};
    sqlite3_bind_int64(q, 1, after);
    sqlite3_bind_int64(q, 2, before);
    int rc = SQLITE_DONE;
    int64_t previous = 0;
    while (!r->failed && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        run.last = sqlite3_column_int64(q, r->key_column);
        /* a page that points to itself goes round and round: keys have an order */
        if (run.count != 0 && (q == r->up ? run.last <= previous : run.last >= previous))
            break;
        previous = run.last;
        run.count++;
        put_row(r, q);
    }
    run.done = rc == SQLITE_DONE;
    sqlite3_reset(q);
    return run;
}

/* Rows with after < key < before: nothing is known of them but that a page among them is broken. */
static void read_gap(struct reader *r, int64_t after, int64_t before)
{
    while (!r->failed && before - after > 1 && r->probes-- > 0) {
        int64_t middle = after + (before - after) / 2;
        struct run run = read_range(r, r->up, middle - 1, before);
        if (run.count == 0 && !run.done) {
            read_gap(r, middle, before); /* the middle itself is not to be had */
        } else if (run.count != 0 && !run.done) {
            read_gap(r, run.last, before);
        }
        before = middle;
    }
}

static void read_by_rowid(struct reader *r, int64_t size_bytes)
{
    struct run front = read_range(r, r->up, INT64_MIN, INT64_MAX);
    if (front.done || r->failed)
        return;
    r->t->torn = true;
    int64_t after = front.count != 0 ? front.last : 0;
    struct run back = read_range(r, r->down, after, INT64_MAX);
    /* keys are counted from 1, so a file has none that is larger than its bytes */
    int64_t before = back.count != 0 ? back.last : size_bytes + 1;
    if (!back.done || back.count == 0)
        read_gap(r, after, before);
}

static void read_by_key(struct reader *r)
{
    sqlite3_stmt *ways[] = {r->up, r->down};
    int rc = SQLITE_DONE;
    for (int i = 0; i < 2 && !r->failed; i++) {
        int64_t rows = 0, most = r->t->there >= 0 ? r->t->there * 2 + 1000 : INT64_MAX;
        while (!r->failed && rows++ < most && (rc = sqlite3_step(ways[i])) == SQLITE_ROW)
            put_row(r, ways[i]);
        sqlite3_reset(ways[i]);
        if (rc == SQLITE_DONE)
            return;
        r->t->torn = true;
    }
    sqlite3_stmt *one = NULL, *people = NULL;
    if (r->t->of_person &&
        prepare(r->broken, sqlite3_mprintf(salvage_sql(SALVAGE_OF_PERSON), r->t->columns.at, r->t->name), &one) &&
        prepare(r->fresh->db, sqlite3_mprintf("%s", salvage_sql(SALVAGE_PEOPLE)), &people))
        while (!r->failed && sqlite3_step(people) == SQLITE_ROW) {
            sqlite3_bind_int64(one, 1, sqlite3_column_int64(people, 0));
            while (!r->failed && sqlite3_step(one) == SQLITE_ROW)
                put_row(r, one);
            sqlite3_reset(one);
        }
    sqlite3_finalize(one);
    sqlite3_finalize(people);
}

static int64_t count_rows(sqlite3 *db, const char *table)
{
    sqlite3_stmt *q = NULL;
    int64_t count = -1;
    if (prepare(db, sqlite3_mprintf(salvage_sql(SALVAGE_COUNT), table), &q) && sqlite3_step(q) == SQLITE_ROW)
        count = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return count;
}

bool salvage_table_read(sqlite3 *broken, struct store *fresh, struct salvage_table *t, int64_t size_bytes, struct error *err)
{
    struct reader r = {.broken = broken, .fresh = fresh, .t = t, .err = err, .probes = PROBES};
    struct buf marks;
    buf_init(&marks);
    for (int i = 0; i < t->columns_count; i++)
        buf_add_text(&marks, i ? ", ?" : "?");
    /* what a new file is born with gives way to what was there */
    const char *conflict = strcmp(t->name, "outcome") == 0 || strcmp(t->name, "cell") == 0 ? "REPLACE" : "IGNORE";
    bool ok = prepare(fresh->db, sqlite3_mprintf(salvage_sql(SALVAGE_PUT), conflict, t->name, t->columns.at, marks.at), &r.put);
    if (!ok)
        db_error(fresh, err, "save what was read");
    bool readable;
    if (t->key[0] != '\0') {
        readable = prepare(broken, sqlite3_mprintf(salvage_sql(SALVAGE_UP), t->columns.at, t->name, t->key, t->key, t->key), &r.up) &&
                   prepare(broken, sqlite3_mprintf(salvage_sql(SALVAGE_DOWN), t->columns.at, t->name, t->key, t->key, t->key),
                           &r.down);
        for (int i = 0; readable && i < sqlite3_column_count(r.up); i++) {
            const char *name = sqlite3_column_name(r.up, i);
            if (name != NULL && strcmp(name, t->key) == 0)
                r.key_column = i;
        }
    } else {
        readable = prepare(broken, sqlite3_mprintf(salvage_sql(SALVAGE_KEYED), t->columns.at, t->name, t->order.at), &r.up) &&
                   prepare(broken, sqlite3_mprintf(salvage_sql(SALVAGE_KEYED), t->columns.at, t->name, t->order_down.at), &r.down);
    }
    t->there = count_rows(broken, t->name);
    if (!readable)
        t->torn = true;
    else if (ok && t->key[0] != '\0')
        read_by_rowid(&r, size_bytes);
    else if (ok)
        read_by_key(&r);
    sqlite3_finalize(r.put);
    sqlite3_finalize(r.up);
    sqlite3_finalize(r.down);
    buf_done(&marks);
    return ok && !r.failed;
}
