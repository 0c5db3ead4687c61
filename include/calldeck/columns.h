/* SPDX-License-Identifier: MIT */
/*
 * What the columns of a file mean: the header is recognised, or the values are guessed from, and a person may say
 * better.
 *
 * The names are rows of columns.def. Parsing numbers, finding the person and storing are not here, nor is reading the
 * file (csv.h): this takes rows of strings and gives a field a column.
 *
 *     rows: copies of the first COLUMNS_LOOK_ROWS rows
 *     int header = columns_find_header(rows, count);
 *     header < 0 ? columns_guess(rows, count, &arena, &m) : columns_map(rows[header].fields, rows[header].count,
 * &arena, &m); columns_override(&m, given, &arena, &err) for each --map data are the rows behind the header, but for
 * those that are columns_is_header_again
 *
 * Invariants: a FIELD_... of kind ONE is held by at most one column; the phones have the indexes 1, 2, 3 ... in the
 * order in which they are worth dialling (a company's number comes last), the mails likewise in the order of the file;
 * every header is clean, not empty and unlike the others, so that it can be an attribute's key.
 */
#ifndef CALLDECK_COLUMNS_H
#define CALLDECK_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/arena.h"
#include "calldeck/csv.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

enum field {
#define FIELD(id, name, kind, help) FIELD_##id,
#include "calldeck/columns.def"
    FIELD_COUNT_
};
const char *field_name(enum field f); /* "first-name" */
const char *field_help(enum field f);
bool field_parse(struct str name, enum field *ret); /* "First name" and first_name too */

/* The programs whose exports are known. */
enum export_kind {
    EXPORT_ANY,
#define EXPORT(id, name, marks) EXPORT_##id,
#include "calldeck/columns.def"
    EXPORT_COUNT_
};
const char *export_name(enum export_kind e); /* "HubSpot"; "" for ANY */

struct column {
    enum field field;
    int index;                          /* phones and mails: 1, 2, ...; 0 for the others */
    int label_column, extension_column; /* phones and mails: the column that holds theirs, -1 if none */
    struct str label;                   /* phones and mails: "mobile", "" if none; a filled cell of label_column wins */
    struct str header;                  /* for people, and the key of an attribute */
    /* For the functions here: what the file says, and what it was taken for before columns competed. */
    struct str original;
    enum field wanted;
    int rank, number;
    bool bare;   /* the whole name or half of it */
    bool beside; /* "Office", "Direct": which phone or mail it is, if the values are such */
};

struct mapping {
    struct column *columns;
    size_t count;
    enum export_kind export;
    bool guessed; /* from values: there was no header */
};

enum { COLUMNS_LOOK_ROWS = 8, SIGNATURE_SIZE = 17 };

/* Which of the first rows is the header: note lines may stand before it. -1: none, the first row is data already. */
int columns_find_header(const struct csv_row *rows, size_t count);
/* Strings of *ret live in the arena. A repeated field of kind ONE: the better column has it, the other is an attribute.
 */
void columns_map(const struct str *header, size_t count, struct arena *a, struct mapping *ret);
/* After columns_map: a column whose name says only which number it is ("Office", "Home") is one if its first values are. */
void columns_look(struct mapping *m, const struct csv_row *rows, size_t count);
/* Without a header: by what the first rows hold. Headers become "column 1" and so on. */
void columns_guess(const struct csv_row *rows, size_t count, struct arena *a, struct mapping *ret);

/* --map: "COL=FIELD". COL: a header, or a number from 1. FIELD: a field's name, `phone:LABEL`, `mail:LABEL`, or what a
 * header could say (`mobile`, `zip`). USAGE names what is close. */
bool columns_override(struct mapping *m, struct str given, struct arena *a, struct error *err);

/* The header line again, in the middle of the data. */
bool columns_is_header_again(const struct mapping *m, const struct csv_row *row);
/* Equal for the same headers in the same order, whatever their case and blanks: 16 hex digits. Without a header: by the
 * number of columns. */
void columns_signature(const struct mapping *m, char ret[SIGNATURE_SIZE]);

/* A mapping as a CSV line, a field a column ("external-id,first-name,phone:mobile"), and back, over the same number of
 * columns. DATA if it is not one; m is untouched then. */
void mapping_save(const struct mapping *m, struct buf *out);
bool mapping_load(struct mapping *m, struct str text, struct arena *a, struct error *err);
/* "Phone Number -> phone 1 (work)", for the dry run; safe to print. column < m->count */
void mapping_format(const struct mapping *m, size_t column, struct buf *out);
/* The column that holds a field of kind ONE, or the first phone or mail; -1 if none does. */
int mapping_column(const struct mapping *m, enum field f);

/* What a flag column means by yes: 1, true, yes, y, x, ja, oui, si, dnc ... Not 0, false, no, or nothing. */
bool value_truthy(struct str cell);
/* Several values in one cell are joined by " ::: " (Google). False when nothing is left; parts are trimmed, never
 * empty. */
bool value_next(struct str *rest, struct str *ret_part);
/* The label that a label cell gives: "* Mobile" -> "mobile", "Work Fax" -> "work fax". */
void value_label(struct str cell, struct buf *out);
/* A label under which nobody answers by voice: fax, pager, telex, modem. */
bool label_is_machine(struct str label);
bool value_looks_like_mail(struct str cell);
bool value_looks_like_phone(struct str cell); /* shape alone: 7 to 20 digits and what people put between them */

#endif
