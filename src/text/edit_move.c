/* SPDX-License-Identifier: MIT */
/* Where a motion leads: pure functions of text and position. */
#include "edit.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "calldeck/alloc.h"

size_t edit_line_start(struct str s, size_t at)
{
    const char *newline = at > 0 ? memrchr(s.at, '\n', at) : NULL;
    return newline ? (size_t)(newline - s.at) + 1 : 0;
}

size_t edit_line_end(struct str s, size_t at)
{
    return at + str_find(str_skip(s, at), '\n');
}

/* 0: between words. Neighbours of one kind are a word; Han and kana change the word where they change. */
static int word_kind(struct str s)
{
    enum { LETTERS = 1, HAN, HIRAGANA, KATAKANA };
    uint32_t code;
    utf8_decode(s, &code);
    if (code < 0x80)
        return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
               code == '_';
    if ((code >= 0x3400 && code <= 0x9fff) || (code >= 0xf900 && code <= 0xfaff) ||
        (code >= 0x20000 && code <= 0x3ffff))
        return HAN;
    if (code >= 0x3041 && code <= 0x309f)
        return HIRAGANA;
    if (code >= 0x30a1 && code <= 0x30ff && code != 0x30fb)
        return KATAKANA;
    switch ((int)utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_PC:
        return LETTERS;
    default: /* punctuation, pictures, blanks */
        return 0;
    }
}

size_t edit_word_right(struct str s, size_t at)
{
    int kind = 0;
    while (at < s.len) {
        struct str rest = str_skip(s, at);
        int here = word_kind(rest);
        if (kind != 0 && here != kind)
            break;
        kind = here;
        at += cluster_len(rest);
    }
    return at;
}

/* Forward through each line, since clusters are found that way: a step back would look at its neighbours again. */
size_t edit_word_left(struct str s, size_t at)
{
    size_t end = at;
    for (;;) {
        size_t start = edit_line_start(s, end), found = end;
        int kind = 0;
        for (size_t i = start; i < end;) {
            struct str rest = str_skip(s, i);
            int here = word_kind(rest);
            if (here != 0 && here != kind)
                found = i;
            kind = here;
            i += cluster_len(rest);
        }
        if (found < end)
            return found;
        if (start == 0)
            return 0;
        end = start - 1;
    }
}

/* The rows of one line; start and end count from the start of the text. */
struct line {
    size_t start, end;
    struct text_row *rows;
    size_t count, cap;
};

static void line_wrap(struct str s, size_t at, int width_cols, struct line *line)
{
    line->start = edit_line_start(s, at);
    line->end = edit_line_end(s, at);
    struct str text = str_make(s.at + line->start, line->end - line->start);
    size_t guess = width_cols < 2 ? text.len : text.len * 2 / (size_t)width_cols; /* mostly enough for one pass */
    size_t need = guess + 4;
    do {
        if (need > line->cap) {
            line->rows = alloc_resize(line->rows, need, sizeof line->rows[0]);
            line->cap = need;
        }
        line->count = text_wrap(text, width_cols, line->rows, line->cap);
        need = line->count;
    } while (need > line->cap);
    for (size_t i = 0; i < line->count; i++) {
        line->rows[i].start += line->start;
        line->rows[i].end += line->start;
    }
}

size_t edit_rows_away(struct str s, size_t at, int by, int width_cols, int *wish_cols)
{
    struct line line = {0};
    line_wrap(s, at, width_cols, &line);
    size_t row = line.count - 1;
    while (line.rows[row].start > at)
        row--;
    if (*wish_cols < 0)
        *wish_cols = text_width_cols(str_make(s.at + line.rows[row].start, at - line.rows[row].start));

    int left = by;
    while (left < 0 && (row > 0 || line.start > 0)) {
        if (row == 0) {
            line_wrap(s, line.start - 1, width_cols, &line);
            row = line.count;
        }
        row--;
        left++;
    }
    while (left > 0 && (row + 1 < line.count || line.end < s.len)) {
        if (row + 1 == line.count) {
            line_wrap(s, line.end + 1, width_cols, &line);
            row = 0;
        } else {
            row++;
        }
        left--;
    }
    size_t to = at;
    if (left != by) {
        struct text_row r = line.rows[row];
        to = r.start + text_fit(str_make(s.at + r.start, r.end - r.start), *wish_cols, NULL).len;
        /* where a wrapped row ends, the cursor would stand in the next one already */
        if (to == r.end && row + 1 < line.count)
            to = cluster_before(s, to);
    }
    free(line.rows);
    return to;
}
