/* SPDX-License-Identifier: MIT */
/* What the files of the import job share: looking at a file, mapping a row, small values. */
#ifndef CALLDECK_APP_IMPORT_PARTS_H
#define CALLDECK_APP_IMPORT_PARTS_H

#include "calldeck/columns.h"
#include "calldeck/csv.h"
#include "calldeck/import.h"

/* ---- values (import_value.c) ---- */

/* One line of clean text; the cell itself when nothing is to be done, else a copy in the arena. */
struct str value_line(struct str cell, struct arena *a);
struct str value_text(struct str cell, struct arena *a); /* newlines and tabs stay */
int64_t value_controls(struct str cell); /* control characters that either of them drops */
/* "Bob <bob@example.com>", "mailto:bob@example.com" -> "bob@example.com"; false if it is no address. */
bool value_mail(struct str cell, struct str *ret);
/* A date as some program wrote it. month_first: what "3/4/2024" means. */
bool value_date(struct str cell, bool month_first, int64_t *ret_at);
/* 32 hex digits over all fields: the identity of a row that has no key. */
enum { ROW_HASH_SIZE = 33 };
void value_row_hash(const struct str *fields, size_t count, char ret[ROW_HASH_SIZE]);

/* ---- looking at a file (import_look.c) ---- */

/* The first rows of a file, its format and what its columns are. */
struct look {
    struct csv *csv;
    struct csv_row rows[COLUMNS_LOOK_ROWS]; /* read already, in the arena; data from first_data on */
    size_t rows_count, first_data;
    bool ended; /* the rows are the whole file */
    struct mapping mapping;
    struct str header; /* as a CSV line */
    char signature[SIGNATURE_SIZE];
    bool remembered;
};
/* Opens, reads, maps; store (may be NULL) knows mappings that were given for this header before. On failure everything
 * is closed. csv is the caller's to close. */
bool look_open(const struct import_options *options, struct arena *a, struct look *ret, struct error *err);
/* USAGE, or DATA "no column holds a name, a number or a mail". */
bool look_check(const struct mapping *m, const char *file, struct error *err);
bool mapping_apply(struct mapping *m, const struct str *maps, size_t count, struct arena *a, struct error *err);
/* "utf-8, comma", and the delimiter back. */
void format_write(struct csv_format f, struct buf *out);
char format_delimiter(struct str format);
const char *file_name(const char *path); /* without folders */

/* ---- a row becomes a person (import_map.c) ---- */

struct mapper; /* the mapping of a batch, its reader and caches */
/* header and mapping_text: as in the batch; DATA if they do not fit each other. */
struct mapper *mapper_new(struct phone_book *book, struct zone_table *zones, const struct mapping *mapping,
                          char delimiter, const char *country, const char *default_country);
struct mapper *mapper_of_batch(const struct import_options *options, struct store *store, const struct batch_row *batch,
                               struct error *err);
void mapper_free(struct mapper *m);
const struct mapping *mapper_mapping(const struct mapper *m);
/* The import_map_fn; user is the mapper. */
bool mapper_map(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a, struct import_person *ret,
                void *user, struct error *err);
bool mapper_fields(struct mapper *m, int64_t line, const struct str *fields, size_t count, struct arena *a,
                   struct import_person *ret, struct error *err);
/* Control characters that were dropped from all its rows. */
int64_t mapper_controls(const struct mapper *m);
/* Numbers that could not be one: the first few, with the reason. */
const struct import_example *mapper_examples(const struct mapper *m, size_t *ret_count);
/* Header and mapping as the batch keeps them -> a mapping again. */
bool mapping_of_batch(const struct batch_row *batch, struct arena *a, struct mapping *ret, struct error *err);

#endif
