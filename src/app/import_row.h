/* SPDX-License-Identifier: MIT */
/* A row on its way to a person, for src/app/import_map.c and the files beside it that take parts of it. */
#ifndef CALLDECK_APP_IMPORT_ROW_H
#define CALLDECK_APP_IMPORT_ROW_H

#include "import_parts.h"

enum { ZONE_CACHE = 64 };

/* Files repeat their places: a thousand rows, fifty states. */
struct zone_entry {
    bool used;
    char key[96], zones[160]; /* zones "": known to say nothing */
};

struct mapper {
    struct phone_book *book;
    struct zone_table *zones;
    struct arena arena;
    struct mapping mapping;
    size_t *phone_columns, *mail_columns; /* in the order of their index */
    size_t phones, mails;
    struct csv *reader;
    char country[REGION_SIZE];  /* --country, "" if not said */
    char fallback[REGION_SIZE]; /* of the list's policy */
    struct zone_entry places[ZONE_CACHE], words[ZONE_CACHE];
    struct import_example examples[IMPORT_EXAMPLES];
    size_t examples_count;
    int64_t controls; /* that cleaning dropped */
};

/* One row on its way. */
struct row {
    struct mapper *m;
    int64_t line;
    struct arena *a;
    struct import_person *p;
    struct str one[FIELD_COUNT_]; /* cells of the fields of which there is one */
    size_t column[FIELD_COUNT_];
    struct import_attribute *attributes;
    size_t attributes_count, attributes_room;
    struct buf rejected;             /* numbers that cannot be one */
    char country[REGION_SIZE];       /* of the row's own column */
    char number_region[REGION_SIZE]; /* of the first number that has one */
};

void region_set(char to[REGION_SIZE], const char *from);
/* Under this key, unless the value is empty. */
void row_attribute(struct row *r, struct str key, struct str value);
/* The cell of a field could not be what it is meant to be: it stays, under its header. */
void row_keep(struct row *r, enum field f);

/* Numbers, then mails (import_contact.c). False: not the row's fault. */
bool row_phones(struct row *r, const struct str *cells, size_t count, struct error *err);
void row_mails(struct row *r, const struct str *cells, size_t count);
/* The zone column, else the address, else the first number that says something (import_place.c). After the numbers. */
void row_zones(struct row *r);

#endif
