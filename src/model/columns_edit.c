/* SPDX-License-Identifier: MIT */
/* A mapping in a person's words: --map, the line that the store keeps, and what the dry run prints. */
#include "calldeck/columns.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"
#include "columns_parts.h"

enum { CLOSE_MAX = 4, KEY_MAX = 40 };

/* Levenshtein; keys longer than KEY_MAX are far from everything. */
static size_t edit_distance(struct str a, struct str b)
{
    size_t row[KEY_MAX + 1];
    if (a.len > KEY_MAX || b.len > KEY_MAX)
        return KEY_MAX;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j], best = corner + (a.at[i - 1] != b.at[j - 1]);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            row[j] = best;
            corner = above;
        }
    }
    return row[b.len];
}

/* The few names that are close to key, as `"A", "B"`; all of them (as far as they fit) if none is. */
static void list_close(struct str key, const struct str *names, size_t count, struct arena *a, struct buf *out)
{
    size_t listed = 0;
    for (int all = 0; all < 2 && listed == 0; all++)
        for (size_t i = 0; i < count && listed < (all ? count : CLOSE_MAX) && out->len < 300; i++) {
            struct str other = header_key(names[i], a);
            bool close = edit_distance(key, other) <= (key.len < 6 ? 2 : key.len / 3) ||
                         (key.len >= 3 && other.len > 0 && memmem(other.at, other.len, key.at, key.len) != NULL);
            if (!all && !close)
                continue;
            if (listed++ > 0)
                buf_add_text(out, ", ");
            buf_add_char(out, '"');
            text_printable(names[i], out);
            buf_add_char(out, '"');
        }
}

static bool find_column(const struct mapping *m, struct str given, struct arena *a, size_t *ret, struct error *err)
{
    struct str key = header_key(given, a);
    int64_t number;
    for (size_t i = 0; i < m->count; i++)
        if (str_eq(given, m->columns[i].header) ||
            (key.len > 0 && str_eq(key, header_key(m->columns[i].original, a)))) {
            *ret = i;
            return true;
        }
    if (str_int(given, &number) && number >= 1 && (uint64_t)number <= m->count) {
        *ret = (size_t)number - 1;
        return true;
    }
    struct buf close, shown;
    struct str *names = ARENA_ARRAY(a, struct str, m->count);
    for (size_t i = 0; i < m->count; i++)
        names[i] = m->columns[i].header;
    buf_init(&close);
    buf_init(&shown);
    list_close(key, names, m->count, a, &close);
    text_printable(given, &shown);
    if (str_int(given, &number))
        error_set(err, ERR_USAGE, "no column \"%s\": the file has %zu, counted from 1", shown.at, m->count);
    else
        error_set(err, ERR_USAGE, "no column \"%s\": the file has %s", shown.at, close.at);
    buf_done(&close);
    buf_done(&shown);
    return false;
}

/* "phone", "phone:LABEL", or what a header could say. */
static bool find_field(struct str given, struct arena *a, enum field *ret, struct str *ret_label, struct error *err)
{
    size_t colon = str_find(given, ':');
    enum field f;
    if (field_parse(str_make(given.at, colon), &f) && (colon == given.len || f == FIELD_PHONE || f == FIELD_MAIL)) {
        struct buf label;
        buf_init(&label);
        value_label(str_skip(given, colon + 1), &label);
        *ret = f;
        *ret_label = arena_str(a, buf_str(&label));
        buf_done(&label);
        return true;
    }
    struct meaning meaning = header_meaning(lexicon_new(a), EXPORT_ANY, given, a);
    if (meaning.known) {
        *ret = meaning.field;
        *ret_label = meaning.label;
        return true;
    }
    struct buf close, shown;
    struct str names[FIELD_COUNT_];
    for (int i = 0; i < FIELD_COUNT_; i++)
        names[i] = str_of(field_name((enum field)i));
    buf_init(&close);
    buf_init(&shown);
    list_close(header_key(given, a), names, FIELD_COUNT_, a, &close);
    text_printable(given, &shown);
    error_set(err, ERR_USAGE, "no field \"%s\": a column can be %s", shown.at, close.at);
    buf_done(&close);
    buf_done(&shown);
    return false;
}

static void column_set(struct column *c, enum field f, struct str label)
{
    c->wanted = f;
    c->label = f == FIELD_PHONE || f == FIELD_MAIL ? label : (struct str){0};
    c->bare = false;
    c->rank = -1; /* a person's word is better than any name */
}

bool columns_override(struct mapping *m, struct str given, struct arena *a, struct error *err)
{
    struct arena scratch = {0};
    struct str label = {0};
    enum field f = FIELD_ATTRIBUTE;
    size_t column = 0, equals = given.len;
    while (equals > 0 && given.at[equals - 1] != '=') /* the last one: a header may hold = */
        equals--;
    struct str left = str_trim(str_make(given.at, equals > 0 ? equals - 1 : 0));
    struct str right = str_trim(str_skip(given, equals));
    bool ok = false;
    if (equals == 0 || left.len == 0 || right.len == 0) {
        struct buf shown;
        buf_init(&shown);
        text_printable(given, &shown);
        error_set(err, ERR_USAGE, "cannot read the mapping \"%s\": write COLUMN=FIELD, as in \"Cell=phone:mobile\"",
                  shown.at);
        buf_done(&shown);
    } else if (find_column(m, left, &scratch, &column, err) && find_field(right, &scratch, &f, &label, err)) {
        for (size_t i = 0; i < m->count; i++) /* the last word counts */
            if (i != column && m->columns[i].wanted == f && m->columns[i].rank < 0 && f != FIELD_PHONE &&
                f != FIELD_MAIL && f != FIELD_PHONE_LABEL && f != FIELD_MAIL_LABEL && f != FIELD_EXTENSION &&
                f != FIELD_IGNORE)
                m->columns[i].wanted = FIELD_ATTRIBUTE;
        column_set(&m->columns[column], f, arena_str(a, label));
        mapping_settle(m);
        ok = true;
    }
    arena_done(&scratch);
    return ok;
}

void mapping_save(const struct mapping *m, struct buf *out)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct column *c = &m->columns[i];
        struct buf field;
        buf_init(&field);
        buf_add_text(&field, field_name(c->field));
        if (c->label.len > 0 && (c->field == FIELD_PHONE || c->field == FIELD_MAIL)) {
            buf_add_char(&field, ':');
            buf_add_str(&field, c->label);
        }
        csv_write_field(out, buf_str(&field), i == 0);
        buf_done(&field);
    }
}

bool mapping_load(struct mapping *m, struct str text, struct arena *a, struct error *err)
{
    struct csv_row row;
    struct csv *c = csv_open_text(text, &(struct csv_format){CSV_UTF8, ','}, NULL);
    bool ok = csv_read(c, &row, NULL) == CSV_ROW && row.count == m->count;
    enum field *loaded = alloc_zeroed(m->count, sizeof *loaded);
    for (size_t i = 0; ok && i < m->count; i++)
        ok = field_parse(str_make(row.fields[i].at, str_find(row.fields[i], ':')), &loaded[i]);
    for (size_t i = 0; ok && i < m->count; i++)
        column_set(&m->columns[i], loaded[i], arena_str(a, str_skip(row.fields[i], str_find(row.fields[i], ':') + 1)));
    if (ok)
        mapping_settle(m);
    else
        error_set(err, ERR_DATA, "a remembered mapping does not fit the file: give it with --map");
    free(loaded);
    csv_close(c);
    return ok;
}

void mapping_format(const struct mapping *m, size_t column, struct buf *out)
{
    const struct column *c = &m->columns[column];
    text_printable(c->header, out);
    buf_printf(out, " -> %s", field_name(c->field));
    if (c->index > 0)
        buf_printf(out, " %d", c->index);
    if (c->label.len > 0 && (c->field == FIELD_PHONE || c->field == FIELD_MAIL)) {
        buf_add_text(out, " (");
        text_printable(c->label, out);
        buf_add_char(out, ')');
    }
}
