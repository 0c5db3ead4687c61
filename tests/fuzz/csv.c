/* SPDX-License-Identifier: MIT */
/* Any bytes as a file: it ends or is refused, its rows keep what csv.h and columns.h promise, and reading what was
 * written gives the same fields. */
#include "calldeck/csv.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/columns.h"
#include "calldeck/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void check_fields(const struct csv_row *row)
{
    must(row->count <= CSV_COLUMNS_MAX && row->raw.len <= CSV_ROW_MAX);
    for (size_t i = 0; i < row->count; i++) {
        must(row->fields[i].len <= 3 * CSV_FIELD_MAX);
        must(row->fields[i].at[row->fields[i].len] == '\0');
        must(strlen(row->fields[i].at) == row->fields[i].len);
        must(utf8_valid(row->fields[i]));
    }
}

static void check_same(struct csv *reader, struct str text, const struct csv_row *want)
{
    struct csv_row got;
    csv_restart(reader, text);
    must(csv_read(reader, &got, NULL) == CSV_ROW);
    must(got.count == want->count);
    for (size_t i = 0; i < got.count; i++)
        must(str_eq(got.fields[i], want->fields[i]));
    must(csv_read(reader, &got, NULL) == CSV_END);
}

/* Written plainly it reads back; defused it reads back after undefusing, but for a strict number in apostrophes. */
static void check_written(struct csv *reader, const struct csv_row *row, struct buf *out)
{
    struct csv_row got;
    buf_clear(out);
    for (size_t i = 0; i < row->count; i++)
        csv_write_field(out, row->fields[i], i == 0);
    csv_write_end(out);
    check_same(reader, buf_str(out), row);
    buf_clear(out);
    for (size_t i = 0; i < row->count; i++)
        csv_write_defused(out, row->fields[i], i == 0);
    csv_restart(reader, buf_str(out));
    must(csv_read(reader, &got, NULL) == CSV_ROW);
    must(got.count == row->count);
    for (size_t i = 0; i < got.count; i++) {
        struct str field = got.fields[i];
        must(field.len == 0 || strchr("=-@\t\r", field.at[0]) == NULL);
        must(str_eq(csv_undefuse(field), row->fields[i]) || str_ends(row->fields[i], "'"));
    }
}

static void check_columns(const struct csv_row *rows, size_t count)
{
    struct arena a = {0};
    struct mapping m;
    struct buf text;
    char signature[SIGNATURE_SIZE];
    buf_init(&text);
    int header = columns_find_header(rows, count);
    must(header < (int)count);
    if (header < 0)
        columns_guess(rows, count, &a, &m);
    else
        columns_map(rows[header].fields, rows[header].count, &a, &m);
    must(header < 0 || columns_is_header_again(&m, &rows[header]));
    if (count > 0 && rows[0].count > 0)
        columns_override(&m, rows[0].fields[0], &a, NULL);
    columns_signature(&m, signature);
    for (size_t i = 0; i < m.count; i++) {
        mapping_format(&m, i, &text);
        must(m.columns[i].header.len > 0);
    }
    must(utf8_valid(buf_str(&text)));
    buf_clear(&text);
    mapping_save(&m, &text);
    must(m.count == 0 || mapping_load(&m, buf_str(&text), &a, NULL));
    if (count > 0)
        mapping_load(&m, rows[0].raw, &a, NULL);
    buf_done(&text);
    arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = {0};
    struct csv *c = csv_open_text(str_make((const char *)data, size), NULL, &err);
    if (c == NULL) {
        must(err.code == ERR_DATA);
        return 0;
    }
    struct csv_format format = csv_format(c);
    format.encoding = CSV_UTF8;
    struct csv *raw = csv_open_text(STR(""), &format, NULL);
    struct csv *written = csv_open_text(STR(""), &(struct csv_format){CSV_UTF8, ','}, NULL);
    struct csv_row row, first[COLUMNS_LOOK_ROWS];
    struct arena a = {0};
    struct buf out;
    size_t kept = 0;
    int64_t line = 0;
    enum csv_result result;
    buf_init(&out);
    while ((result = csv_read(c, &row, &err)) == CSV_ROW) {
        must(row.line > line);
        line = row.line;
        check_fields(&row);
        if (row.refused == NULL) {
            check_same(raw, row.raw, &row);
            check_written(written, &row, &out);
        }
        if (kept < COLUMNS_LOOK_ROWS)
            first[kept++] = csv_row_copy(row, &a);
        for (size_t i = 0; i < row.count; i++) {
            struct str rest = row.fields[i], part;
            while (value_next(&rest, &part))
                must(part.len > 0);
            value_truthy(row.fields[i]);
            buf_clear(&out);
            value_label(row.fields[i], &out);
            label_is_machine(buf_str(&out));
        }
    }
    must(result == CSV_END ? err.code == ERR_NONE : err.code == ERR_DATA);
    check_columns(first, kept);
    buf_done(&out);
    arena_done(&a);
    csv_close(written);
    csv_close(raw);
    csv_close(c);
    return 0;
}
