/* SPDX-License-Identifier: MIT */
/*
 * Writing CSV, and the apostrophe that keeps a spreadsheet from running a cell (OWASP, "CSV Injection").
 *
 * Defused: apostrophes, then one of = + - @ tab CR, gets one apostrophe more; so undefusing knows what to take off, and
 * a cell that a person began with an apostrophe survives the way out and back.
 */
#include "calldeck/csv.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* +[1-9] and 7 to 15 digits in all: E.164, and harmless to a spreadsheet, which can only make a number of it. */
static bool is_strict_e164(struct str s)
{
    if (s.len < 8 || s.len > 16 || s.at[0] != '+' || s.at[1] == '0')
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!is_digit(s.at[i]))
            return false;
    return true;
}

static bool would_run(struct str s)
{
    while (s.len > 0 && s.at[0] == '\'')
        s = str_skip(s, 1);
    return s.len > 0 && memchr("=+-@\t\r", s.at[0], 6) != NULL;
}

/* U+2028 and U+2029: a line ends there for JavaScript and some editors. */
static bool is_line_end(struct str s)
{
    return str_starts(s, "\xe2\x80\xa8") || str_starts(s, "\xe2\x80\xa9");
}

static void write_field(struct buf *out, struct str field, bool first, bool defuse)
{
    if (!first)
        buf_add_char(out, ',');
    bool quoted = false;
    for (size_t i = 0; i < field.len && !quoted; i++)
        quoted = (field.at[i] == '\xe2' && is_line_end(str_skip(field, i))) || field.at[i] == ',' || field.at[i] == '"' || field.at[i] == '\n' || field.at[i] == '\r';
    /* Readers drop blanks around a bare field, libcsv among them, and a byte order mark in front of a row. */
    if ((field.len > 0 && str_trim(field).len != field.len) || str_starts(field, "\xef\xbb\xbf"))
        quoted = true;
    if (quoted)
        buf_add_char(out, '"');
    if (defuse)
        buf_add_char(out, '\'');
    if (!quoted) {
        buf_add_str(out, field);
        return;
    }
    for (size_t i = 0; i < field.len; i++) {
        if (field.at[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, field.at[i]);
    }
    buf_add_char(out, '"');
}

void csv_write_field(struct buf *out, struct str field, bool first)
{
    write_field(out, field, first, false);
}

void csv_write_defused(struct buf *out, struct str field, bool first)
{
    write_field(out, field, first, would_run(field) && !is_strict_e164(field));
}

void csv_write_end(struct buf *out)
{
    buf_add_text(out, "\r\n");
}

struct str csv_undefuse(struct str field)
{
    if (field.len < 2 || field.at[0] != '\'' || !would_run(field))
        return field;
    field = str_skip(field, 1);
    if (field.at[field.len - 1] == '\'' && is_strict_e164(str_make(field.at, field.len - 1)))
        field.len--;
    return field;
}
