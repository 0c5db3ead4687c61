/* SPDX-License-Identifier: MIT */
/*
 * Rows for a width.
 *
 * One pass: columns are counted cluster by cluster, and the last place where a row may end is remembered together with
 * the columns up to it, so that nothing is measured twice. A row may end behind blanks, and on either side of a wide
 * character (Chinese and Japanese have no blanks), but not before closing or behind opening punctuation. Blanks never
 * begin a row that wrapping made: they hang beyond the edge, where nobody misses them.
 */
#include "calldeck/utf8.h"

#include <utf8proc.h>

struct cluster {
    size_t start, end;
    int cols;
    bool blank;
    bool opens, closes; /* stays with what follows, with what stands before */
};

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == 0x3000;
}

static struct cluster cluster_at(struct str s, size_t at)
{
    unsigned char first = (unsigned char)s.at[at];
    struct cluster c = {.start = at, .end = at + 1, .cols = 1};
    /* ASCII behind which no mark can follow: most text, so it must not cost a call */
    if (first >= 0x20 && first < 0x7f && (at + 1 == s.len || (unsigned char)s.at[at + 1] < 0x80)) {
        c.blank = first == ' ';
        if (first < '0' || first > 'z') {
            c.opens = first == '(' || first == '{';
            c.closes = first == ')' || first == '}' || first == '.' || first == ',' || first == '!' || first == '%';
        } else if (first < 'a') {
            c.opens = first == '[';
            c.closes = first == ']' || first == ':' || first == ';' || first == '?';
        }
        return c;
    }
    c.end = at + cluster_len(str_skip(s, at));
    uint32_t code;
    struct str bytes = str_make(s.at + at, c.end - at);
    utf8_decode(bytes, &code);
    c.cols = cluster_cols(bytes);
    c.blank = is_blank(code);
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    c.opens = category == UTF8PROC_CATEGORY_PS || category == UTF8PROC_CATEGORY_PI;
    c.closes = category == UTF8PROC_CATEGORY_PE || category == UTF8PROC_CATEGORY_PF || category == UTF8PROC_CATEGORY_PO;
    return c;
}

/* The length without the newline, and where the next line begins (s.len + 1: there is none). */
static size_t line_end(struct str s, size_t at, size_t *ret_next)
{
    size_t end = at + str_find(str_skip(s, at), '\n');
    *ret_next = end + 1;
    return end > at && end < s.len && s.at[end - 1] == '\r' ? end - 1 : end;
}

struct rows {
    struct text_row *at;
    size_t count, most;
};

static void rows_add(struct rows *rows, size_t start, size_t end)
{
    if (rows->count < rows->most)
        rows->at[rows->count] = (struct text_row){start, end};
    rows->count++;
}

static void wrap_line(struct str s, size_t start, size_t end, int width_cols, struct rows *rows)
{
    struct str line = str_make(s.at, end);
    long cols = 0;        /* of the row so far, hanging blanks included */
    size_t split = start; /* the last good place to end the row; start: there is none */
    long split_cols = 0;  /* the columns up to it */
    bool word = false;    /* the row holds more than blanks */
    struct cluster before = {.blank = true};

    for (size_t at = start; at < end;) {
        struct cluster c = cluster_at(line, at);
        bool may_split = before.blank || ((before.cols == 2 || c.cols == 2) && !before.opens && !c.closes);
        if (word && !c.blank && may_split) {
            split = at;
            split_cols = cols;
        }
        while (!c.blank && cols > 0 && cols + c.cols > width_cols) {
            if (split == start) {
                split = at;
                split_cols = cols;
            }
            rows_add(rows, start, split);
            start = split;
            cols -= split_cols;
            split_cols = 0;
        }
        word = word || !c.blank;
        cols += c.cols;
        at = c.end;
        before = c;
    }
    rows_add(rows, start, end);
}

size_t text_wrap(struct str s, int width_cols, struct text_row *ret_rows, size_t most)
{
    struct rows rows = {.at = ret_rows, .most = most};
    if (width_cols < 2)
        width_cols = 2;
    for (size_t at = 0; at <= s.len;) {
        size_t next;
        size_t end = line_end(s, at, &next);
        wrap_line(s, at, end, width_cols, &rows);
        at = next;
    }
    return rows.count;
}
