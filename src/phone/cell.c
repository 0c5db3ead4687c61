/* SPDX-License-Identifier: MIT */
/*
 * Several numbers in one cell, as people and programs put them there: "555-0100 / 555-0101", "a ::: b", "x; y".
 *
 * A slash, a comma and a blank also occur inside one number, so those separate only when enough digits for a whole number
 * stand before them. This looks at the form alone; whether a piece is a number is phone_parse's matter.
 */
#include "calldeck/phone.h"

#include <string.h>

enum { WHOLE_NATIONAL = 7, WHOLE_INTERNATIONAL = 9 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t digits_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += is_digit(s.at[i]);
    return count;
}

static bool looks_whole(struct str before)
{
    struct str s = str_trim(before);
    bool international = str_starts(s, "+") || str_starts(s, "(+") || str_starts(s, "00");
    return digits_count(s) >= (international ? WHOLE_INTERNATIONAL : WHOLE_NATIONAL);
}

/* Digits up to the next thing that cannot be inside a number. */
static size_t digits_ahead(struct str after)
{
    size_t len = 0;
    while (len < after.len && strchr("0123456789 +-.()/\t", after.at[len]) != NULL && after.at[len] != '\0')
        len++;
    return digits_count(str_make(after.at, len));
}

/* "or", "und", "&" between blanks: how many bytes, 0 if there is no such word here. */
static size_t word_between(struct str s, size_t at)
{
    static const char *const words[] = {"or", "and", "und", "oder", "ou", "et", "y", "o", "e", "&"};
    if (at == 0 || !is_blank(s.at[at - 1]))
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i]);
        if (s.len - at > len && is_blank(s.at[at + len]) && str_eq_ascii_case(str_make(s.at + at, len), str_of(words[i])))
            return len;
    }
    return 0;
}

/* RFC 3966: tel:+1...;ext=12 is one number. */
static bool is_parameter(struct str after)
{
    return str_starts_ascii_case(after, "ext=") || str_starts_ascii_case(after, "isub=") ||
           str_starts_ascii_case(after, "phone-context=");
}

/* How many bytes at `at` separate two numbers; 0: none. */
static size_t separator_len(struct str s, size_t at)
{
    struct str before = str_make(s.at, at), after = str_skip(s, at + 1);
    switch (s.at[at]) {
    case '\n':
    case '\r':
    case '|':
        return 1;
    case ':':
        return str_starts(str_skip(s, at), ":::") ? 3 : 0;
    case ';':
        return is_parameter(after) ? 0 : 1;
    case '/':
    case '\\':
        return looks_whole(before) ? 1 : 0;
    case ',':
        return looks_whole(before) && digits_ahead(after) >= WHOLE_NATIONAL ? 1 : 0;
    case ' ':
    case '\t':
        /* a second plus begins a second number */
        return after.len > 0 && after.at[0] == '+' && looks_whole(before) ? 1 : 0;
    default: {
        size_t word = word_between(s, at);
        return word > 0 && looks_whole(before) && digits_ahead(str_skip(s, at + word)) >= WHOLE_NATIONAL ? word : 0;
    }
    }
}

bool phone_next_in_cell(struct str *rest, struct str *ret_one)
{
    while (rest->len > 0) {
        size_t at = 0, separator = 0;
        while (at < rest->len && (separator = separator_len(*rest, at)) == 0)
            at++;
        struct str one = str_trim(str_make(rest->at, at));
        *rest = str_skip(*rest, at + separator);
        if (one.len > 0) {
            *ret_one = one;
            return true;
        }
    }
    return false;
}
