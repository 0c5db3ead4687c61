/* SPDX-License-Identifier: MIT */
/* Inside the salvage: the steps from a broken file to rows in a new one. */
#ifndef CALLDECK_STORE_SALVAGE_H
#define CALLDECK_STORE_SALVAGE_H

#include "db.h"

enum salvage_sql {
#define TEMPLATE(id, sql) id,
#include "statements/salvage.def"
#undef TEMPLATE
    SALVAGE_SQL_COUNT_
};
const char *salvage_sql(enum salvage_sql id); /* for sqlite3_mprintf, or as it is if it names no table */

enum { SALVAGE_COLUMNS = 64, SALVAGE_NAME = 64 };

/* A table of the new file, and how the broken one may be asked for it. */
struct salvage_table {
    char name[SALVAGE_NAME];
    char key[SALVAGE_NAME];      /* the INTEGER PRIMARY KEY; "" without a rowid */
    struct buf columns;          /* those of both files, quoted, with commas */
    struct buf order, order_down; /* of a table without rowid: its key */
    int columns_count;
    bool of_person;              /* a row can be found by its prospect */
    int64_t there;               /* rows that the broken file counts; -1: nobody knows */
    int64_t read;                /* rows that are in the new file */
    bool torn;                   /* reading it met a broken page */
};
void salvage_table_done(struct salvage_table *t);

/* The private copy: broken file and its -wal into folder/broken.db; header and WAL put in order. DATA: nothing to read. */
bool salvage_copy(const char *broken, const char *copy, struct error *err);
/* Opens the copy for reading whatever can be read. Borrows the new file's schema where its own is lost (*ret_borrowed). */
bool salvage_connect(const char *copy, struct store *fresh, sqlite3 **ret, bool *ret_borrowed, struct error *err);
/* What both files know of a table. false: the broken one does not have it, or the new one cannot be asked (err). */
bool salvage_table_look(sqlite3 *broken, struct store *fresh, const char *name, struct salvage_table *ret, struct error *err);
/* Every row that can be reached goes into the new file; read and torn are counted. false: the new file fails. */
bool salvage_table_read(sqlite3 *broken, struct store *fresh, struct salvage_table *t, int64_t size_bytes, struct error *err);

#endif
