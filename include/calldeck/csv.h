/* SPDX-License-Identifier: MIT */
/*
 * A CSV file as rows of UTF-8 fields, in slices, in bounded memory.
 *
 * Found by looking at the first 64 KiB: encoding (UTF-8 with or without BOM, UTF-16 LE/BE with or without BOM, else
 * windows-1252, which is said), delimiter (, ; tab |, or what a first line `sep=;` names), line ends (CRLF, LF, CR).
 * libcsv parses; guards of our own: 1 MiB a field, 1,000 columns and 2 MiB a row, NUL refused, an unclosed quote names
 * the line where it opened. Invalid bytes in a file that is otherwise UTF-8 become U+FFFD in the fields. Blanks and
 * tabs around an unquoted field are dropped. The raw row is kept beside the fields.
 *
 * A row's errors do not end the file unless the rest cannot be trusted (NUL, unclosed quote): then csv_read fails with
 * ERR_DATA. A row that is too wide or has too long a field is handed out with `refused` set.
 *
 * A quote inside a field ("5" pipe" or "Bob" Smith) is read as people mean it and never eats the next line.
 *
 *     while ((result = csv_read(c, &row, &err)) == CSV_ROW) ...
 *
 * Invariants: memory stays under 16 MiB whatever the file holds; row.raw is whole, and reads back to the same fields
 * through csv_open_text, unless row.refused; lines rise from row to row.
 */
#ifndef CALLDECK_CSV_H
#define CALLDECK_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

enum { CSV_FIELD_MAX = 1 << 20, CSV_COLUMNS_MAX = 1000, CSV_ROW_MAX = 2 << 20 };

enum csv_encoding { CSV_UTF8, CSV_UTF8_BOM, CSV_UTF16_LE, CSV_UTF16_BE, CSV_WINDOWS_1252 };
const char *csv_encoding_name(enum csv_encoding e);
const char *csv_delimiter_name(char delimiter); /* "comma"; "another delimiter" for one that only sep= can name */

struct csv_format {
    enum csv_encoding encoding;
    char delimiter;
};

struct csv_row {
    int64_t line; /* 1-based line of the file where the row begins */
    size_t count;
    const struct str *fields; /* NUL-terminated, valid until the next csv_read; control characters are still in them */
    struct str raw;      /* the row as it stood, without its line end: UTF-8, but bytes that were broken still are */
    const char *refused; /* NULL, or why this row cannot be used: a static sentence */
};

struct csv;
/* Takes the file descriptor over, also on failure, and reads the first slice. NULL: IO, or DATA for a file that is
 * plainly something else (a workbook, a PDF). */
struct csv *csv_open(int fd, struct error *err);
/* Reads from memory, which is borrowed until csv_close. format NULL: found by looking, as for a file; otherwise text is
 * taken as it is (format->encoding must be UTF-8): that is how a raw row is read again. Never NULL with a format. */
struct csv *csv_open_text(struct str text, const struct csv_format *format, struct error *err);
/* Another text for the same reader, with the same format: a million raw rows need one reader. For csv_open_text alone.
 */
void csv_restart(struct csv *c, struct str text);
void csv_close(struct csv *c); /* NULL is fine */
/* The encoding is sure once a byte was seen that is not ASCII; so ask again at the end to say what it was. */
struct csv_format csv_format(const struct csv *c);

enum csv_result { CSV_ROW, CSV_END, CSV_FAILED };
/* Blank lines (no field has a byte) are passed over. */
enum csv_result csv_read(struct csv *c, struct csv_row *ret, struct error *err);
/* A copy that outlives the next csv_read. */
struct csv_row csv_row_copy(struct csv_row row, struct arena *a);
int64_t csv_bytes_read(const struct csv *c);
int64_t csv_size_bytes(const struct csv *c);      /* -1 if unknown (a pipe) */
int64_t csv_repaired_fields(const struct csv *c); /* so far: fields in which broken bytes became U+FFFD */

/* Writing: fields are quoted when they hold the delimiter, a quote or a line end. Line end is CRLF (RFC 4180). */
void csv_write_field(struct buf *out, struct str field, bool first);
/* The same, and a cell that a spreadsheet would run (= + - @ tab CR) gets an apostrophe in front; strict E.164 does
 * not. */
void csv_write_defused(struct buf *out, struct str field, bool first);
void csv_write_end(struct buf *out);
/* Takes that apostrophe off again ('=1+1 -> =1+1; '+1206... -> +1206...; 'tis stays), and one around it ('+1206...').
 * Undefusing what was defused gives the field back, except for strict E.164 that itself ends in an apostrophe. */
struct str csv_undefuse(struct str field);

#endif
