/* SPDX-License-Identifier: MIT */
/* Looking at a file: its encoding and its delimiter. No file says either, so both are judged by what fits best. */
#include "csv_parts.h"

#include <string.h>

#include "calldeck/utf8.h"

const char *csv_encoding_name(enum csv_encoding e)
{
    switch (e) {
    case CSV_UTF8:
        return "UTF-8";
    case CSV_UTF8_BOM:
        return "UTF-8 with BOM";
    case CSV_UTF16_LE:
        return "UTF-16 LE";
    case CSV_UTF16_BE:
        return "UTF-16 BE";
    case CSV_WINDOWS_1252:
        return "windows-1252";
    }
    return "UTF-8";
}

const char *csv_delimiter_name(char delimiter)
{
    switch (delimiter) {
    case ',':
        return "comma";
    case ';':
        return "semicolon";
    case '\t':
        return "tab";
    case '|':
        return "bar";
    default:
        return "another delimiter";
    }
}

static bool starts_with_bytes(struct str s, const char *bytes, size_t len)
{
    return s.len >= len && memcmp(s.at, bytes, len) == 0;
}

const char *csv_look_for_other_kind(struct str bytes)
{
    static const struct {
        const char *magic;
        size_t len;
        const char *words;
    } kinds[] = {
        {"PK\3\4", 4, "an Excel workbook or another ZIP file"},
        {"\xd0\xcf\x11\xe0", 4, "an old Excel workbook"},
        {"%PDF-", 5, "a PDF"},
        {"\x1f\x8b\x08", 3, "a gzip file"},
        {"SQLite format 3\0", 16, "an SQLite database"},
        {"{\\rtf", 5, "a rich text document"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (starts_with_bytes(bytes, kinds[i].magic, kinds[i].len))
            return kinds[i].words;
    return NULL;
}

static bool is_plain(unsigned char c)
{
    return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

/*
 * UTF-16 without a mark: ASCII, which is where delimiters and digits come from, has its zero bytes all on one side (but
 * for a U+4E00 now and then). A UTF-8 file with zero bytes in it is not this: it has them on both sides, or too few.
 */
static bool looks_utf16(struct str bytes, enum csv_encoding *ret)
{
    size_t len = bytes.len & ~(size_t)1;
    size_t zeros[2] = {0}, plain[2] = {0}, strange = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes.at[i], other = (unsigned char)bytes.at[i ^ 1];
        zeros[i & 1] += c == 0;
        plain[i & 1] += c == 0 && is_plain(other);
        strange += c != 0 && !is_plain(c);
    }
    /* Latin text has a zero in nearly every unit. Other scripts have them in digits, delimiters and line ends alone,
     * but then bytes in between that no ASCII text has. */
    size_t least = strange == 0 ? len * 2 / 5 : len / 20;
    for (int side = 0; side < 2; side++)
        if (plain[side] >= 2 && plain[side] >= least && 2 * plain[side] >= zeros[side] &&
            plain[side] >= 4 * zeros[1 - side]) {
            *ret = side == 1 ? CSV_UTF16_LE : CSV_UTF16_BE;
            return true;
        }
    return false;
}

enum csv_encoding csv_look_at_start(struct str bytes, bool *ret_known, size_t *ret_mark_len)
{
    enum csv_encoding e = CSV_UTF8;
    *ret_known = true;
    *ret_mark_len = 0;
    if (starts_with_bytes(bytes, "\xef\xbb\xbf", 3)) {
        *ret_mark_len = 3;
        return CSV_UTF8_BOM;
    }
    if (starts_with_bytes(bytes, "\xff\xfe", 2)) {
        *ret_mark_len = 2;
        return CSV_UTF16_LE;
    }
    if (starts_with_bytes(bytes, "\xfe\xff", 2)) {
        *ret_mark_len = 2;
        return CSV_UTF16_BE;
    }
    if (looks_utf16(bytes, &e))
        return e;
    *ret_known = false;
    return CSV_UTF8;
}

size_t csv_whole_len(struct str s)
{
    for (size_t back = 1; back <= 3 && back <= s.len; back++) {
        unsigned char c = (unsigned char)s.at[s.len - back];
        if (c < 0x80)
            return s.len;
        if (c >= 0xc0) {
            size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
            return want > back ? s.len - back : s.len;
        }
    }
    return s.len;
}

bool csv_look_at_bytes(struct str bytes, bool last, enum csv_encoding *ret)
{
    size_t valid = 0, broken = 0;
    size_t len = last ? bytes.len : csv_whole_len(bytes);
    for (size_t at = 0; at < len;) {
        if ((unsigned char)bytes.at[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t code;
        size_t taken = utf8_decode(str_make(bytes.at + at, len - at), &code);
        if (taken == 1)
            broken++;
        else
            valid++;
        at += taken;
    }
    if (valid == 0 && broken == 0)
        return false;
    /* Some windows-1252 pairs happen to be UTF-8 (an accented capital before a curly quote), so that one valid sequence
     * among many bytes that are not does not make a UTF-8 file. */
    *ret = broken > 0 && broken >= 8 * valid ? CSV_WINDOWS_1252 : CSV_UTF8;
    return true;
}

enum { LOOK_ROWS_MAX = 200 };

struct tally {
    size_t rows;
    size_t odd_quotes; /* closing quotes that no delimiter and no line end follows */
    size_t counts[LOOK_ROWS_MAX];
};

/* How often `delimiter` stands outside quotes in each of the first rows. A quote opens only at the start of a field. */
static void tally_rows(struct str text, bool ended, char delimiter, struct tally *ret)
{
    size_t count = 0;
    bool field_start = true, in_quotes = false, closed = false, blank = true;
    ret->rows = ret->odd_quotes = 0;
    for (size_t i = 0; i < text.len && ret->rows < LOOK_ROWS_MAX; i++) {
        char c = text.at[i];
        if (in_quotes) {
            if (c == '"' && i + 1 < text.len && text.at[i + 1] == '"')
                i++;
            else if (c == '"') {
                in_quotes = false;
                closed = true;
            }
            continue;
        }
        if (closed && (c == delimiter || (c != ' ' && c != '\t'))) {
            ret->odd_quotes += c != delimiter && c != '\n' && c != '\r';
            closed = false;
        }
        if (c == '\n' || c == '\r') {
            if (!blank)
                ret->counts[ret->rows++] = count;
            count = 0;
            field_start = blank = true;
        } else if (c == delimiter) {
            count++;
            field_start = true;
            blank = false;
        } else if (c == '"' && field_start) {
            in_quotes = true;
            field_start = blank = false;
        } else if (c != ' ' && c != '\t') {
            field_start = blank = false;
        }
    }
    /* The last row may be cut off by the end of the slice: it counts if it is whole, or all there is. */
    if (!blank && ret->rows < LOOK_ROWS_MAX && ((ended && !in_quotes) || ret->rows == 0))
        ret->counts[ret->rows++] = count;
}

/* The commonest count above zero. Rows are few, so that counting each again costs nothing. */
static size_t commonest(const struct tally *t, size_t *ret_times)
{
    size_t best = 0;
    *ret_times = 0;
    for (size_t i = 0; i < t->rows; i++) {
        size_t times = 0;
        for (size_t j = 0; j < t->rows; j++)
            times += t->counts[j] == t->counts[i];
        if (t->counts[i] > 0 && (times > *ret_times || (times == *ret_times && t->counts[i] > best))) {
            best = t->counts[i];
            *ret_times = times;
        }
    }
    return best;
}

char csv_look_for_delimiter(struct str text, bool ended)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    char best = ',';
    size_t best_score = 0, best_count = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        struct tally t;
        size_t times;
        tally_rows(text, ended, candidates[i], &t);
        size_t count = commonest(&t, &times);
        if (count == 0)
            continue;
        /* The header settles it against a decimal comma or "Smith, John", which are as steady in the rows below. */
        size_t score = times * 1000 / t.rows + (t.counts[0] == count ? 500 : 0);
        if (t.odd_quotes > 0)
            score /= 2;
        if (score > best_score || (score == best_score && count > best_count)) {
            best = candidates[i];
            best_score = score;
            best_count = count;
        }
    }
    return best;
}
