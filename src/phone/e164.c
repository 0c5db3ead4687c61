/* SPDX-License-Identifier: MIT */
/* What can be said of a clean number without the module: its form, its length, its groups. */
#include "calldeck/phone.h"

#include <stdio.h>
#include <string.h>

#include "book.h"
#include "calldeck/utf8.h"

const char *phone_type_name(enum phone_type type)
{
    static const char *const names[] = {
        [PHONE_UNKNOWN] = "unknown",
        [PHONE_FIXED] = "fixed",
        [PHONE_MOBILE] = "mobile",
        [PHONE_FIXED_OR_MOBILE] = "fixed-or-mobile",
        [PHONE_TOLL_FREE] = "toll-free",
        [PHONE_PREMIUM] = "premium",
        [PHONE_SHARED_COST] = "shared-cost",
        [PHONE_VOIP] = "voip",
        [PHONE_PERSONAL] = "personal",
        [PHONE_PAGER] = "pager",
        [PHONE_UAN] = "uan",
        [PHONE_VOICEMAIL] = "voicemail",
    };
    _Static_assert(sizeof names / sizeof names[0] == PHONE_TYPE_COUNT_, "a name for each type");
    return names[type];
}

bool phone_is_e164(struct str s)
{
    if (s.len < 8 || s.len > 16 || s.at[0] != '+' || s.at[1] < '1' || s.at[1] > '9')
        return false;
    for (size_t i = 2; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return true;
}

size_t calling_code_len(struct str digits)
{
    /* the codes of two digits; 1 and 7 have one, all others three (ITU-T E.164) */
    static const char two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 "
                              "65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    if (digits.len < 3 || digits.at[0] == '1' || digits.at[0] == '7')
        return digits.len < 1 ? 0 : 1;
    for (const char *p = two; *p != '\0'; p += 3)
        if (p[0] == digits.at[0] && p[1] == digits.at[1])
            return 2;
    return 3;
}

void digits_group(struct str digits, struct buf *out)
{
    /* groups of three and a last one of four; eight digits are two fours */
    size_t at = 0;
    while (at < digits.len) {
        size_t left = digits.len - at;
        size_t group = left <= 4 ? left : left == 5 ? 2 : left == 6 ? 3 : left == 8 ? 4 : left == 9 ? 2 : left == 12 ? 4 : 3;
        if (at > 0)
            buf_add_char(out, ' ');
        buf_add(out, digits.at + at, group);
        at += group;
    }
}

void phone_pretty(struct str e164, struct buf *out)
{
    if (!phone_is_e164(e164)) {
        text_printable(e164, out);
        return;
    }
    struct str digits = str_skip(e164, 1);
    size_t code = calling_code_len(digits);
    buf_add_char(out, '+');
    buf_add(out, digits.at, code);
    buf_add_char(out, ' ');
    digits_group(str_skip(digits, code), out);
}

/* As people there write it, near enough for a card; libphonenumber's own form replaces it when the module is asked. */
static void national_set(const struct country *c, struct str national, char ret[NATIONAL_SIZE])
{
    struct buf text;
    buf_init(&text);
    if (c->calling_code == 1 && national.len == 10) {
        buf_printf(&text, "(%.3s) %.3s-%.4s", national.at, national.at + 3, national.at + 6);
    } else {
        buf_add_str(&text, c->trunk);
        if (c->trunk.len > 0 && !str_is(c->trunk, "0"))
            buf_add_char(&text, ' ');
        digits_group(national, &text);
    }
    snprintf(ret, NATIONAL_SIZE, "%s", text.at);
    buf_done(&text);
}

bool number_by_facts(struct phone_book *book, struct str e164, struct phone_number *ret)
{
    if (!phone_is_e164(e164))
        return false;
    struct str national;
    const struct country *c = country_of_number(book, str_skip(e164, 1), &national);
    if (c == NULL || !(c->lengths >> national.len & 1u))
        return false;
    *ret = (struct phone_number){.type = PHONE_UNKNOWN, .valid = false};
    memcpy(ret->e164, e164.at, e164.len);
    memcpy(ret->region, c->iso, REGION_SIZE);
    national_set(c, national, ret->national);
    return true;
}
