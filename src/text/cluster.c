/* SPDX-License-Identifier: MIT */
/*
 * What a person calls a character, and how many columns it takes.
 *
 * A cell holds a base, at most four zero-width marks (ncurses has room for no more), and a spacing sign where the
 * script needs one to be read: the vowel signs of Hindi or Tamil and the Thai sara am belong to their cluster, yet libc
 * gives them a column. Dropping them would make other names of the names, so such a cell is two columns wide and holds
 * two spacing characters. What only decorates (ZWJ tails, variation selectors, skin tones, the second half of a flag)
 * is left out, because there terminals disagree about the width.
 */
#include "calldeck/utf8.h"

#include <assert.h>
#include <limits.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#define REPLACEMENT "\xef\xbf\xbd"

enum { ZERO_WIDTH_JOINER = 0x200d, MARKS_MAX = 4 };

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f;
}

/* An ASCII character with another behind it (or nothing) is a cluster; most text is that. */
static bool is_plain_cluster(struct str s)
{
    return is_plain((unsigned char)s.at[0]) && (s.len == 1 || (unsigned char)s.at[1] < 0x80);
}

/* Letters that join nothing: two of them are two clusters. Latin, Greek, Cyrillic, Arabic, Han; the rest asks utf8proc.
 */
static bool is_letter_alone(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) || (code >= 0xc0 && code <= 0x02ff) || (code >= 0x0370 && code <= 0x0482) ||
           (code >= 0x048a && code <= 0x052f) || (code >= 0x0620 && code <= 0x064a) ||
           (code >= 0x4e00 && code <= 0x9fff);
}

size_t cluster_len(struct str s)
{
    assert(s.len > 0);
    if (is_plain_cluster(s))
        return 1;

    uint32_t code, next;
    utf8proc_int32_t state = 0;
    size_t len = utf8_decode(s, &code);
    while (len < s.len) {
        size_t more = utf8_decode(str_skip(s, len), &next);
        if (is_letter_alone(code) && is_letter_alone(next))
            break;
        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)code, (utf8proc_int32_t)next, &state))
            break;
        code = next;
        len += more;
    }
    return len;
}

/* The start of the character that ends at `at`; a byte that is none counts as one. */
static size_t code_before(struct str s, size_t at)
{
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        if (((unsigned char)s.at[at - back] & 0xc0) == 0x80)
            continue;
        uint32_t code;
        return utf8_decode(str_make(s.at + at - back, back), &code) == back ? at - back : at - 1;
    }
    return at - 1;
}

/* The start of the character that holds the byte `at`. */
static size_t code_floor(struct str s, size_t at)
{
    uint32_t code;
    for (size_t back = 0; back <= 3 && back <= at; back++)
        if (((unsigned char)s.at[at - back] & 0xc0) != 0x80)
            return utf8_decode(str_skip(s, at - back), &code) > back ? at - back : at;
    return at;
}

/*
 * A place at or before `at` where a cluster begins, whatever stands in front of it. A break between two neighbours says
 * so, unless it hangs on what came earlier: the parity of regional indicators (utf8proc without a state never breaks
 * between two of them) and emoji behind a ZWJ.
 */
static size_t safe_before(struct str s, size_t at)
{
    uint32_t code, before;
    utf8_decode(str_skip(s, at), &code);
    while (at > 0) {
        size_t start = code_before(s, at);
        utf8_decode(str_make(s.at + start, at - start), &before);
        if (before != ZERO_WIDTH_JOINER && utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)code))
            break;
        code = before;
        at = start;
    }
    return at;
}

size_t cluster_floor(struct str s, size_t at)
{
    if (at >= s.len)
        return s.len;
    size_t start = safe_before(s, code_floor(s, at));
    for (;;) {
        size_t len = cluster_len(str_skip(s, start));
        if (start + len > at)
            return start;
        start += len;
    }
}

size_t cluster_ceiling(struct str s, size_t at)
{
    size_t floor = cluster_floor(s, at);
    return floor == at || floor >= s.len ? floor : floor + cluster_len(str_skip(s, floor));
}

size_t cluster_before(struct str s, size_t at)
{
    assert(at > 0 && at <= s.len);
    if (at >= 2 && is_plain((unsigned char)s.at[at - 1]) && is_plain((unsigned char)s.at[at - 2]))
        return at - 1;
    return cluster_floor(s, at - 1);
}

static bool is_regional(uint32_t code)
{
    return code >= 0x1f1e6 && code <= 0x1f1ff;
}

static bool is_variation(uint32_t code)
{
    return (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xe0100 && code <= 0xe01ef) ||
           (code >= 0x180b && code <= 0x180f && code != 0x180e);
}

/* Zero columns, yet part of the letter: marks, and the medial and final jamo of decomposed Hangul. */
static bool is_mark(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return (category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || category == UTF8PROC_CATEGORY_MC ||
            category == UTF8PROC_CATEGORY_LO) &&
           !is_variation(code) && code != 0x034f; /* the grapheme joiner draws nothing */
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

struct cell {
    char *at; /* NULL: only the columns are asked for */
    size_t len;
    int cols;
};

static bool cell_add(struct cell *cell, struct str piece, int cols)
{
    if (cell->len + piece.len >= CELL_BYTES)
        return false;
    if (cell->at != NULL)
        memcpy(cell->at + cell->len, piece.at, piece.len);
    cell->len += piece.len;
    cell->cols += cols;
    return true;
}

static void cell_fill(struct cell *cell, struct str cluster)
{
    uint32_t code;
    size_t len = utf8_decode(cluster, &code);
    int first = is_control(code) || code_is_bidi_control(code) ? -1 : wcwidth((wchar_t)code);

    if (code == '\n' || code == '\t' || (code == '\r' && cluster.len > 1)) {
        cell_add(cell, STR(" "), 1);
        return;
    }
    if (len == cluster.len && first > 0 && code != 0xfffd) {
        cell_add(cell, cluster, first);
        return;
    }
    if (first == 0 && is_mark(code)) { /* a mark without a letter: on the circle that typographers give it */
        cell_add(cell, STR("\xe2\x97\x8c"), 1);
        len = 0;
    } else if (first < 1 || first > 2 || code == 0xfffd) {
        cell_add(cell, STR(REPLACEMENT), 1);
    } else {
        cell_add(cell, str_make(cluster.at, len), first);
    }

    int marks = 0;
    bool joined = false;
    for (cluster = str_skip(cluster, len); cluster.len > 0; cluster = str_skip(cluster, len)) {
        len = utf8_decode(cluster, &code);
        joined = joined || code == ZERO_WIDTH_JOINER;
        if (is_control(code) || code_is_bidi_control(code) || is_regional(code))
            continue;
        struct str piece = code == 0xfffd ? STR(REPLACEMENT) : str_make(cluster.at, len);
        int cols = wcwidth((wchar_t)code);
        if (cols == 0 && is_mark(code) && marks < MARKS_MAX) {
            marks += cell_add(cell, piece, 0);
        } else if (cols > 0) {
            if (joined && utf8proc_category((utf8proc_int32_t)code) != UTF8PROC_CATEGORY_MC)
                break; /* what an emoji is joined to, and its own marks */
            if (cell->cols + cols <= 2 && cell_add(cell, piece, cols))
                marks = 0;
        }
    }
}

int cluster_cell(struct str cluster, char ret[CELL_BYTES])
{
    struct cell cell = {.at = ret};
    if (cluster.len == 1 && is_plain((unsigned char)cluster.at[0])) {
        ret[0] = cluster.at[0];
        ret[1] = '\0';
        return 1;
    }
    cell_fill(&cell, cluster);
    ret[cell.len] = '\0';
    return cell.cols;
}

int cluster_cols(struct str cluster)
{
    struct cell cell = {.at = NULL};
    if (cluster.len == 1)
        return 1; /* a character, a control or a bad byte */
    cell_fill(&cell, cluster);
    return cell.cols;
}

int text_width_cols(struct str s)
{
    long long cols = 0;
    while (s.len > 0) {
        size_t len = cluster_len(s);
        cols += cluster_cols(str_make(s.at, len));
        s = str_skip(s, len);
    }
    return cols > INT_MAX ? INT_MAX : (int)cols;
}

struct str text_fit(struct str s, int cols, int *ret_cols)
{
    size_t at = 0;
    int taken = 0;
    while (at < s.len) {
        struct str rest = str_skip(s, at);
        size_t len = cluster_len(rest);
        int more = cluster_cols(str_make(rest.at, len));
        if (more > cols - taken)
            break;
        taken += more;
        at += len;
    }
    if (ret_cols != NULL)
        *ret_cols = taken;
    return str_make(s.at, at);
}
