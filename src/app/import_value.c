/* SPDX-License-Identifier: MIT */
/* Single cells of a file: cleaned text, mail addresses, dates as programs write them, and the hash of a whole row. */
#include "import_parts.h"

#include <string.h>

#include "calldeck/date.h"
#include "calldeck/utf8.h"

/* Nearly every cell of a real file is plain ASCII without an edge to trim: then nothing is copied. */
static bool is_plain(struct str cell)
{
    if (cell.len == 0)
        return true;
    if (cell.at[0] == ' ' || cell.at[cell.len - 1] == ' ')
        return false;
    unsigned char strange = 0;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char c = (unsigned char)cell.at[i];
        strange |= (unsigned char)(c < 0x20 || c > 0x7e);
    }
    return strange == 0;
}

static struct str clean(struct str cell, struct arena *a, bool one_line)
{
    cell = csv_undefuse(cell);
    if (is_plain(cell))
        return cell;
    struct buf out;
    buf_init(&out);
    if (one_line)
        text_clean_line(cell, &out);
    else
        text_clean(cell, &out);
    struct str s = arena_str(a, str_trim(buf_str(&out)));
    buf_done(&out);
    return s;
}

struct str value_line(struct str cell, struct arena *a)
{
    return clean(cell, a, true);
}

struct str value_text(struct str cell, struct arena *a)
{
    return clean(cell, a, false);
}

int64_t value_controls(struct str cell)
{
    if (is_plain(cell))
        return 0;
    struct buf out;
    buf_init(&out);
    size_t dropped = text_clean(cell, &out);
    buf_done(&out);
    return (int64_t)dropped;
}

bool value_mail(struct str cell, struct str *ret)
{
    struct str s = str_trim(cell);
    size_t open = str_find(s, '<');
    if (open < s.len && s.at[s.len - 1] == '>')
        s = str_trim(str_make(s.at + open + 1, s.len - open - 2));
    if (str_starts_ascii_case(s, "mailto:"))
        s = str_skip(s, strlen("mailto:"));
    size_t at = str_find(s, '@');
    if (at == 0 || at + 1 >= s.len || s.len > 254 || str_find(str_skip(s, at + 1), '@') != s.len - at - 1)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || strchr("<>,;:\"()[]\\", s.at[i]) != NULL)
            return false;
    *ret = s;
    return true;
}

/* ---- dates ---- */

static bool take_number(struct str *rest, int *ret, size_t *ret_digits)
{
    size_t n = 0;
    int value = 0;
    while (n < rest->len && n < 5 && rest->at[n] >= '0' && rest->at[n] <= '9')
        value = value * 10 + (rest->at[n++] - '0');
    if (n == 0 || n == 5)
        return false;
    *rest = str_skip(*rest, n);
    *ret = value;
    *ret_digits = n;
    return true;
}

static bool take_char(struct str *rest, char c)
{
    if (rest->len == 0 || rest->at[0] != c)
        return false;
    *rest = str_skip(*rest, 1);
    return true;
}

static void skip_blanks(struct str *rest)
{
    while (rest->len != 0 && (rest->at[0] == ' ' || rest->at[0] == ',' || rest->at[0] == 'T'))
        *rest = str_skip(*rest, 1);
}

/* " 14:05", " 2:30 PM", " 14:05:00"; nothing is midnight. */
static bool take_clock(struct str rest, struct civil *c)
{
    size_t digits;
    skip_blanks(&rest);
    if (rest.len == 0)
        return true;
    if (!take_number(&rest, &c->hour, &digits) || !take_char(&rest, ':') || !take_number(&rest, &c->minute, &digits))
        return false;
    if (take_char(&rest, ':') && !take_number(&rest, &c->second, &digits))
        return false;
    skip_blanks(&rest);
    bool pm = str_eq_ascii_case(rest, STR("pm")), am = str_eq_ascii_case(rest, STR("am"));
    if (rest.len != 0 && !pm && !am)
        return false;
    if ((pm || am) && (c->hour < 1 || c->hour > 12))
        return false;
    if (pm || am)
        c->hour = c->hour % 12 + (pm ? 12 : 0);
    return true;
}

/* "3/4/2024", "04.03.2024", "15-3-24" */
static bool numbers_date(struct str rest, bool month_first, struct civil *c)
{
    int first, second, year;
    size_t digits;
    char separator;
    if (!take_number(&rest, &first, &digits) || digits > 2 || rest.len == 0)
        return false;
    separator = rest.at[0];
    if ((separator != '/' && separator != '.' && separator != '-') || !take_char(&rest, separator) ||
        !take_number(&rest, &second, &digits) || digits > 2 || !take_char(&rest, separator) ||
        !take_number(&rest, &year, &digits) || (digits != 2 && digits != 4))
        return false;
    if (digits == 2)
        year += 2000;
    bool month = separator == '/' && month_first; /* dots and dashes put the day first everywhere */
    if (first > 12)
        month = false;
    else if (second > 12)
        month = true;
    *c = (struct civil){.year = year, .month = month ? first : second, .day = month ? second : first};
    return take_clock(rest, c);
}

/* "12 Mar 2024", "Mar 12, 2024", "Tue 12 March 2024" */
static bool words_date(struct str rest, struct civil *c)
{
    struct str word;
    enum weekday day;
    for (int i = 0; i < 5 && (c->year == 0 || c->month == 0 || c->day == 0); i++) {
        if (!str_word(&rest, &word))
            return false;
        if (word.at[word.len - 1] == ',' || word.at[word.len - 1] == '.')
            word.len--;
        int64_t number;
        if (str_int(word, &number)) {
            if (number >= 1000 && number <= 9999)
                c->year = (int)number;
            else if (number >= 1 && number <= 31)
                c->day = (int)number;
            else
                return false;
        } else if (!month_parse(word, &c->month) && !weekday_parse(word, &day)) {
            return false;
        }
    }
    return c->year != 0 && c->month != 0 && c->day != 0 && take_clock(rest, c);
}

bool value_date(struct str cell, bool month_first, int64_t *ret_at)
{
    struct str s = str_trim(cell);
    struct civil c = {0};
    if (s.len == 0)
        return false;
    if (iso_parse(s, ret_at))
        return true;
    if (!civil_parse(s, &c, NULL)) {
        c = (struct civil){0};
        if (!numbers_date(s, month_first, &c)) {
            c = (struct civil){0};
            if (!words_date(s, &c))
                return false;
        }
    }
    if (!civil_valid(&c))
        return false;
    *ret_at = civil_to_seconds(&c);
    return true;
}

/* ---- identity of a row ---- */

void value_row_hash(const struct str *fields, size_t count, char ret[ROW_HASH_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t h[2] = {UINT64_C(14695981039346656037), UINT64_C(0x9e3779b97f4a7c15)};
    while (count > 0 && fields[count - 1].len == 0) /* a file saved again may have fewer empty cells at the end */
        count--;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < fields[i].len; k++) {
            h[0] = (h[0] ^ (unsigned char)fields[i].at[k]) * UINT64_C(1099511628211);
            h[1] = (h[1] + (unsigned char)fields[i].at[k]) * UINT64_C(0xff51afd7ed558ccd);
            h[1] ^= h[1] >> 29;
        }
        h[0] = (h[0] ^ 0x100) * UINT64_C(1099511628211);
        h[1] = (h[1] + 0x101) * UINT64_C(0xff51afd7ed558ccd);
    }
    for (size_t i = 0; i < 32; i++)
        ret[i] = digits[h[i / 16] >> (60 - 4 * (i % 16)) & 15];
    ret[32] = '\0';
}
