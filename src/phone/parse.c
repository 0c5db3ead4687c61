/* SPDX-License-Identifier: MIT */
/*
 * From what a person or a spreadsheet wrote to a number.
 *
 * libphonenumber knows the numbering plans; this knows the sheets. It mends what a sheet does to numbers without loss
 * (an apostrophe, a lost plus, ".0"), and refuses with the reason what it has lost ("4.15555E+09"). Nothing is guessed
 * from letters, dates or fragments: a wrong number is dialled, a refused one is looked at.
 */
#include <stdio.h>
#include <string.h>

#include "book.h"
#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum { SUBJECT_SIZE = 48, WHOLE_DIGITS = 7, BARE_INTERNATIONAL = 11 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t digits_count(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++)
        count += is_digit(s.at[i]);
    return count;
}

static bool refuse(struct str text, struct error *err, const char *why)
{
    struct buf clean;
    buf_init(&clean);
    text_printable(str_make(text.at, text.len < 200 ? text.len : 200), &clean);
    size_t len = clean.len < SUBJECT_SIZE ? clean.len : SUBJECT_SIZE;
    while (len > 0 && len < clean.len && ((unsigned char)clean.at[len] & 0xc0) == 0x80)
        len--;
    error_set(err, ERR_DATA, "cannot be a number: \"%.*s%s\" %s", (int)len, clean.at, len < clean.len ? "..." : "", why);
    buf_done(&clean);
    return false;
}

/* ---- what sheets and address books put around a number ---- */

/* The value of a digit in the scripts that people type numbers in, else -1. */
static int digit_value(uint32_t code)
{
    static const uint32_t zeros[] = {'0', 0x0660, 0x06f0, 0x0966, 0x09e6, 0xff10}; /* Arabic, Persian, Devanagari, Bengali, wide */
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (code >= zeros[i] && code < zeros[i] + 10)
            return (int)(code - zeros[i]);
    return -1;
}

static void text_plain(struct str text, struct buf *out)
{
    while (text.len > 0) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);
        int digit = digit_value(code);
        if (digit >= 0)
            buf_add_char(out, (char)('0' + digit));
        else if (code == 0xff0b)
            buf_add_char(out, '+');
        else if (code == '\t' || code == '\n' || code == '\r' || code == 0xa0)
            buf_add_char(out, ' ');
        else if (code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0) && !code_is_bidi_control(code) &&
                 code != 0xfeff && !(code >= 0x200b && code <= 0x200f) && code != 0x2060)
            buf_add(out, text.at, len);
        text = str_skip(text, len);
    }
}

static struct str quotes_off(struct str s)
{
    static const char *const marks[] = {"=", "'", "\"", "`", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d"};
    bool again = true;
    while (again) {
        again = false;
        s = str_trim(s);
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            if (str_starts(s, marks[i])) {
                s = str_skip(s, strlen(marks[i]));
                again = true;
            }
            if (i > 0 && str_ends(s, marks[i])) {
                s.len -= strlen(marks[i]);
                again = true;
            }
        }
    }
    return s;
}

/* "4.15555E+09", "9,66501E11" */
static bool is_exponent(struct str s)
{
    size_t i = 0, digits = 0;
    while (i < s.len && (is_digit(s.at[i]) || s.at[i] == '.' || s.at[i] == ','))
        digits += is_digit(s.at[i++]);
    if (digits == 0 || i >= s.len || (s.at[i] != 'e' && s.at[i] != 'E'))
        return false;
    i++;
    if (i < s.len && (s.at[i] == '+' || s.at[i] == '-'))
        i++;
    size_t power = i;
    while (i < s.len && is_digit(s.at[i]))
        i++;
    return i == s.len && i > power && i - power <= 3;
}

/* "2024-03-10", alone or with a clock: a sheet whose columns slipped */
static bool is_date(struct str s)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; i < 10; i++)
        if (i >= s.len || (shape[i] == 'd' ? !is_digit(s.at[i]) : s.at[i] != '-'))
            return false;
    int month = (s.at[5] - '0') * 10 + s.at[6] - '0', day = (s.at[8] - '0') * 10 + s.at[9] - '0';
    bool century = (s.at[0] == '1' && s.at[1] == '9') || (s.at[0] == '2' && s.at[1] == '0');
    return century && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           (s.len == 10 || s.at[10] == ' ' || s.at[10] == 'T');
}

/* 4155550199.0: a column of numbers that went through a program as fractions. The digit after the point is none of it. */
static struct str fraction_off(struct str s)
{
    size_t point = str_find(s, '.');
    struct str whole = str_make(s.at, point);
    if (point + 2 == s.len && s.at[point + 1] == '0' && point >= WHOLE_DIGITS && digits_count(whole) == point)
        return whole;
    return s;
}

/* ---- letters: an extension, a label, or words on the keypad ---- */

enum letters { LETTERS_NONE, LETTERS_EXTENSION, LETTERS_LABEL, LETTERS_KEYPAD, LETTERS_OTHER };

/* "x12", "ext. 12", "Durchwahl 12": *ret_len is the word's, with point and blanks. */
static bool is_extension(struct str s, size_t *ret_len)
{
    static const char *const words[] = {"extension", "extn", "ext", "xtn", "x", "durchwahl", "dw", "nst", "poste", "anexo",
                                        "ramal", "interno", "int"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!str_starts_ascii_case(s, words[i]))
            continue;
        size_t len = strlen(words[i]);
        while (len < s.len && strchr(" .:=#", s.at[len]) != NULL && s.at[len] != '\0')
            len++;
        size_t digits = 0;
        while (len + digits < s.len && is_digit(s.at[len + digits]))
            digits++;
        *ret_len = len;
        if (digits > 0 && digits <= 8 && digits_count(str_skip(s, len + digits)) == 0)
            return true;
    }
    return false;
}

/* What the letters after the first digit mean. *ret_at: where they begin. */
static enum letters letters_of(struct str s, size_t *ret_at, size_t *ret_word_len)
{
    size_t at = 0, digits = 0, letters = 0;
    while (at < s.len && !is_letter(s.at[at]))
        digits += is_digit(s.at[at++]);
    if (at == s.len)
        return LETTERS_NONE;
    *ret_at = at;
    if (is_extension(str_skip(s, at), ret_word_len) && digits >= 3)
        return LETTERS_EXTENSION;
    if (digits >= WHOLE_DIGITS)
        return LETTERS_LABEL;
    size_t last_letter = at;
    for (size_t i = at; i < s.len; i++)
        if (is_letter(s.at[i])) {
            letters++;
            last_letter = i;
        }
    size_t whole = digits_count(s) + letters;
    if (digits >= 3 && letters >= 3 && whole >= WHOLE_DIGITS && whole <= 12 && digits_count(str_skip(s, last_letter)) <= 4)
        return LETTERS_KEYPAD;
    return LETTERS_OTHER;
}

/* "Tel: +1 ...": what stands before the first digit or plus is a label. */
static struct str label_before_off(struct str s)
{
    if (str_starts_ascii_case(s, "tel:"))
        return s; /* a URI, which libphonenumber reads with its parameters */
    size_t at = 0;
    while (at < s.len && !is_digit(s.at[at]) && s.at[at] != '+' && s.at[at] != '(')
        at++;
    while (at < s.len && s.at[at] == '(' && at + 1 < s.len && is_letter(s.at[at + 1]))
        at++; /* "(office) 555..." */
    size_t digit = at;
    while (digit < s.len && !is_digit(s.at[digit]) && s.at[digit] != '+')
        digit++;
    for (size_t i = at; i < digit; i++)
        if (is_letter(s.at[i]) || s.at[i] == ')')
            return str_skip(s, digit);
    return str_skip(s, at);
}

/* Writes into ret what the module shall see. */
static bool text_prepare(struct str text, char ret[TEXT_SIZE], struct error *err)
{
    if (text.len >= 4 * TEXT_SIZE)
        return refuse(text, err, "is too long");
    struct buf plain;
    buf_init(&plain);
    text_plain(text, &plain);
    struct str s = fraction_off(quotes_off(buf_str(&plain)));
    bool ok = true;
    if (digits_count(s) == 0)
        ok = refuse(text, err, s.len == 0 ? "is empty" : "has no digit in it");
    else if (is_exponent(s))
        ok = refuse(text, err, "was shortened by a spreadsheet and its last digits are lost; export that column as text");
    else if (is_date(s))
        ok = refuse(text, err, "is a date");
    struct buf number;
    buf_init(&number);
    if (ok) {
        s = label_before_off(s);
        size_t at = 0, word = 0;
        bool uri = str_starts_ascii_case(s, "tel:");
        enum letters letters = uri ? LETTERS_NONE : letters_of(s, &at, &word);
        switch (letters) {
        case LETTERS_NONE:
        case LETTERS_KEYPAD:
            buf_add_str(&number, s);
            break;
        case LETTERS_EXTENSION:
            buf_printf(&number, "%.*s x%.*s", (int)at, s.at, STR_ARG(str_skip(s, at + word)));
            break;
        case LETTERS_LABEL:
            while (at > 0 && (s.at[at - 1] == ' ' || s.at[at - 1] == '(' || s.at[at - 1] == '-' || s.at[at - 1] == '/' ||
                              s.at[at - 1] == ','))
                at--;
            buf_add(&number, s.at, at);
            break;
        case LETTERS_OTHER:
            ok = refuse(text, err, "has letters in it");
            break;
        }
        if (ok && number.len >= TEXT_SIZE)
            ok = refuse(text, err, "is too long");
    }
    if (ok)
        memcpy(ret, number.at, number.len + 1);
    buf_done(&number);
    buf_done(&plain);
    return ok;
}

/* ---- asking the module ---- */

static bool verdict_say(enum phone_verdict verdict, struct str text, const char *region, struct error *err)
{
    switch (verdict) {
    case PHONE_IS:
        return true;
    case PHONE_NOT_A_NUMBER:
        return refuse(text, err, "has something in it that no number has");
    case PHONE_NEEDS_COUNTRY:
        return refuse(text, err, "needs a country: write it with + and the country code, or set the country: --country US, set country US");
    case PHONE_UNKNOWN_COUNTRY:
        return refuse(text, err, "has no country's code after the plus");
    case PHONE_NEEDS_AREA:
        return refuse(text, err, "lacks its area code");
    case PHONE_TOO_SHORT:
        return refuse(text, err, "is too short");
    case PHONE_TOO_LONG:
        return refuse(text, err, "is too long");
    case PHONE_WRONG_LENGTH: {
        char why[80];
        snprintf(why, sizeof why, "has a length that no number %s%s has", region[0] != '\0' ? "of " : "there", region);
        return refuse(text, err, why);
    }
    case PHONE_FAILED:
        return error_set(err, ERR_IO, "cannot parse numbers: the phone module failed; free some memory and try again");
    }
    return false;
}

/* A sheet that took the numbers for amounts has eaten the plus or made it 00. */
static bool other_reading(module_parse_fn ask, const char *text, struct phone_number *ret)
{
    struct str s = str_trim(str_of(text));
    if (s.len == 0 || !is_digit(s.at[0]))
        return false;
    char with_plus[TEXT_SIZE + 2];
    struct phone_number found;
    if (str_starts(s, "00")) {
        snprintf(with_plus, sizeof with_plus, "+%.*s", STR_ARG(str_skip(s, 2)));
        if (ask(with_plus, strlen(with_plus), "", &found) == PHONE_IS) {
            *ret = found;
            return true;
        }
    }
    if (str_starts(s, "011")) {
        snprintf(with_plus, sizeof with_plus, "+%.*s", STR_ARG(str_skip(s, 3)));
        if (ask(with_plus, strlen(with_plus), "", &found) == PHONE_IS && found.valid) {
            *ret = found;
            return true;
        }
    }
    if (s.at[0] != '0' && digits_count(s) >= BARE_INTERNATIONAL) {
        snprintf(with_plus, sizeof with_plus, "+%.*s", STR_ARG(s));
        if (ask(with_plus, strlen(with_plus), "", &found) == PHONE_IS && found.valid) {
            *ret = found;
            return true;
        }
    }
    return false;
}

/* Numbering plans change, and our facts may be newer than the library. */
static bool facts_know(struct phone_book *book, const char *text, struct phone_number *ret)
{
    char digits[TEXT_SIZE];
    size_t len = 0;
    for (const char *p = text; *p != '\0'; p++)
        if (strchr(" -.()/", *p) == NULL)
            digits[len++] = *p;
    return number_by_facts(book, str_make(digits, len), ret);
}

static bool ask_all(struct phone_book *book, const char *text, const char *region, struct str written,
                    struct phone_number *ret, struct error *err)
{
    module_parse_fn ask = book->module.parse;
    struct phone_number found;
    enum phone_verdict verdict = ask(text, strlen(text), region, &found);
    bool sure = verdict == PHONE_IS && found.valid;
    /* a valid number in another reading is better than a merely possible one in this */
    if (!sure && verdict != PHONE_FAILED && other_reading(ask, text, &found))
        verdict = PHONE_IS;
    if (verdict != PHONE_IS && verdict != PHONE_FAILED && facts_know(book, text, &found))
        verdict = PHONE_IS;
    if (verdict != PHONE_IS)
        return verdict_say(verdict, written, region, err);
    if (!phone_is_e164(str_of(found.e164)))
        return refuse(written, err, "is too short");
    *ret = found;
    return true;
}

/* ---- repeats ---- */

static struct cached *cache_slot(struct phone_book *book, const char *text, const char *region)
{
    if (book->cache == NULL)
        book->cache = alloc_zeroed(CACHE_SIZE, sizeof book->cache[0]);
    uint32_t hash = 2166136261u;
    for (const char *p = text; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    for (const char *p = region; *p != '\0'; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    return &book->cache[(hash ^ hash >> 16) % CACHE_SIZE];
}

static bool region_set(struct phone_book *book, const char *region, char ret[REGION_SIZE])
{
    ret[0] = '\0';
    const struct country *c = country_find(book, region);
    if (c != NULL) {
        memcpy(ret, c->iso, REGION_SIZE);
        return true;
    }
    /* without the facts: whatever looks like a code, the module knows it or not */
    if (region == NULL || strlen(region) != 2 || !is_letter(region[0]) || !is_letter(region[1]))
        return false;
    ret[0] = (char)(region[0] & ~0x20);
    ret[1] = (char)(region[1] & ~0x20);
    ret[2] = '\0';
    if (strcmp(ret, "UK") == 0)
        memcpy(ret, "GB", REGION_SIZE);
    return true;
}

bool phone_parse(struct phone_book *book, struct str text, const char *region, bool trust_e164, struct phone_number *ret,
                 struct error *err)
{
    if (trust_e164 && phone_is_e164(text) && number_by_facts(book, text, ret))
        return true;
    char plain[TEXT_SIZE], iso[REGION_SIZE];
    if (!text_prepare(text, plain, err))
        return false;
    if (trust_e164 && number_by_facts(book, str_of(plain), ret))
        return true;
    region_set(book, region, iso);
    struct cached *slot = cache_slot(book, plain, iso);
    if (slot->text[0] != '\0' && strcmp(slot->text, plain) == 0 && strcmp(slot->region, iso) == 0) {
        *ret = slot->number;
        return true;
    }
    struct phone_number found;
    if (!module_open(book, err) || !ask_all(book, plain, iso, text, &found, err))
        return false;
    memcpy(slot->text, plain, strlen(plain) + 1);
    memcpy(slot->region, iso, REGION_SIZE);
    slot->number = found;
    *ret = found;
    return true;
}
