/* SPDX-License-Identifier: MIT */
/*
 * What may be dialled at all, and how a number is written for the line it leaves by.
 *
 * Every backend gets its number through here, so no backend can be talked into a service code, a header, an option or a
 * shell word: what is not plainly a number is refused, never repaired. Consent, hours and suppression are not here.
 */
#include "calldeck/dial.h"

#include "backend.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"

enum { NUMBER_MOST = 32, SUBJECT_SIZE = 64 };
static_assert((int)NUMBER_MOST < (int)DIAL_NUMBER_SIZE, "a clean number fits");

/* Emergency numbers, exact. A prospect never has one; a slip in a sheet or a typed prefix can produce one. */
static const char *const emergency[] = {
    "112", "911", "999", "000",               /* Europe and mobile networks; North America; British and Gulf; Australia */
    "100", "101", "102", "103", "104", "108", /* Israel, India, Russia, Central Asia */
    "106", "110", "111", "113", "114",        /* Australia (text), Germany, Japan, China; New Zealand; Norway, Vietnam, ... */
    "115", "117", "118", "119", "120", "122", /* Italy, Switzerland, Korea, China, Egypt */
    "123", "131", "132", "133", "144",        /* Egypt, Chile, Austria, Switzerland */
    "15",  "17",  "18",  "155", "158",        /* France, Czechia, Slovakia */
    "190", "191", "192", "193", "195", "197", /* Brazil, Thailand, Tunisia */
    "937", "990", "991", "993", "994", "996", "997", "998", /* Saudi Arabia, Gulf, Poland, Malaysia */
    "1122", "1669", "10111", "10177",         /* Pakistan, Thailand, South Africa */
};

/* Numbers that bill the caller a surcharge, by the national numbering plans. libphonenumber calls them premium too, but
 * the dialer must refuse them also when the number comes from somewhere that never parsed it. */
static const char *const premium[] = {
    "+979",                                             /* the international premium rate service */
    "+1900",                                            /* North America */
    "+3090",                                            /* Greece */
    "+31900", "+31906", "+31909",                       /* Netherlands */
    "+3290",                                            /* Belgium */
    "+3389",                                            /* France */
    "+34803", "+34806", "+34807", "+34905", "+34907",   /* Spain */
    "+358600", "+358700",                               /* Finland */
    "+35990",                                           /* Bulgaria */
    "+3690",                                            /* Hungary */
    "+380900",                                          /* Ukraine */
    "+3989",                                            /* Italy */
    "+40900", "+40903", "+40906",                       /* Romania */
    "+41900", "+41901", "+41906",                       /* Switzerland */
    "+42090",                                           /* Czechia */
    "+43900", "+43901", "+43930", "+43931", "+43939",   /* Austria */
    "+449",                                             /* United Kingdom */
    "+4590",                                            /* Denmark */
    "+46900", "+46939", "+46944",                       /* Sweden */
    "+47820", "+47829",                                 /* Norway */
    "+4870",                                            /* Poland */
    "+49900",                                           /* Germany */
    "+61190",                                           /* Australia */
    "+64900",                                           /* New Zealand */
    "+7809",                                            /* Russia */
    "+81990",                                           /* Japan */
    "+90900",                                           /* Turkey */
    "+971900",                                          /* United Arab Emirates */
};

/* What the sentence quotes: harmless on a terminal, and not longer than a line bears. */
static void subject_set(struct str number, char ret[SUBJECT_SIZE])
{
    struct buf clean;
    buf_init(&clean);
    text_printable(str_make(number.at, number.len < 200 ? number.len : 200), &clean);
    size_t len = clean.len < SUBJECT_SIZE - 4 ? clean.len : SUBJECT_SIZE - 4;
    while (len > 0 && len < clean.len && ((unsigned char)clean.at[len] & 0xc0) == 0x80)
        len--;
    snprintf(ret, SUBJECT_SIZE, "%.*s%s", (int)len, clean.at, len < clean.len ? "..." : "");
    buf_done(&clean);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool clean_refuse(struct str number, struct error *err, const char *why)
{
    char subject[SUBJECT_SIZE];
    subject_set(number, subject);
    return error_set(err, ERR_REFUSED, "cannot dial \"%s\": %s", subject, why);
}

bool number_clean(struct str number, char ret[DIAL_NUMBER_SIZE], struct error *err)
{
    char clean[NUMBER_MOST + 1];
    size_t len = 0;
    for (size_t i = 0; i < number.len; i++) {
        char c = number.at[i];
        if (c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/')
            continue;
        if (c == '+' && len != 0)
            return clean_refuse(number, err, "a plus may only come first");
        if (!is_digit(c) && c != '+' && c != '*' && c != '#')
            return clean_refuse(number, err, "only the digits 0 to 9, +, * and # can be dialled; write the number anew");
        if ((c == '*' || c == '#') && len == 0)
            return clean_refuse(number, err, "it begins with a service code; dial such codes on the phone itself");
        if ((c == '*' || c == '#') && clean[0] == '+' && len == 1)
            return clean_refuse(number, err, "a digit must follow the plus");
        if (len == NUMBER_MOST)
            return clean_refuse(number, err, "it is longer than 32 digits");
        clean[len++] = c;
    }
    if (len == 0)
        return clean_refuse(number, err, "there is no digit in it");
    if (len == 1)
        return clean_refuse(number, err, "it is shorter than 2 digits");
    clean[len] = '\0';
    memcpy(ret, clean, len + 1);
    return true;
}

static bool word_matches(struct str word, struct str number)
{
    if (str_ends(word, "*")) {
        word.len--;
        return number.len >= word.len && str_eq(str_make(number.at, word.len), word);
    }
    return str_eq(word, number);
}

static bool is_emergency(struct str digits)
{
    for (size_t i = 0; i < sizeof emergency / sizeof emergency[0]; i++)
        if (str_is(digits, emergency[i]))
            return true;
    return false;
}

bool number_allowed(const char *number, struct str blocked, struct error *err)
{
    struct str typed = str_of(number);
    /* 0033 89... is the same line as +33 89... */
    char plus[DIAL_NUMBER_SIZE + 1] = "";
    if (str_starts(typed, "00") && typed.len < sizeof plus)
        snprintf(plus, sizeof plus, "+%s", number + 2);
    struct str spelled = plus[0] != '\0' ? str_of(plus) : typed;

    struct str word;
    while (str_word(&blocked, &word))
        if (word_matches(word, typed) || word_matches(word, spelled))
            return error_set(err, ERR_REFUSED, "cannot dial \"%s\": the setting block-numbers has \"%.*s\"", number,
                             STR_ARG(word));

    struct str digits = str_starts(typed, "+") ? str_skip(typed, 1) : typed;
    /* With the digit that some switchboards want for an outside line, typed by hand, it still reaches the police. */
    bool outside = typed.len > 0 && (typed.at[0] == '9' || typed.at[0] == '0');
    if (is_emergency(digits) || (outside && typed.len > 2 && is_emergency(str_skip(typed, 1))))
        return error_set(err, ERR_REFUSED, "cannot dial \"%s\": it is an emergency number; dial it on the phone itself", number);

    bool national = (typed.len == 11 && str_starts(typed, "1900")) || str_starts(typed, "0900");
    for (size_t i = 0; !national && i < sizeof premium / sizeof premium[0]; i++)
        national = str_starts(spelled, premium[i]);
    if (national)
        return error_set(err, ERR_REFUSED, "cannot dial \"%s\": it is a premium number, which bills the caller", number);
    return true;
}

void number_as_dialled(const char *e164, const struct dial_plan *plan, char ret[DIAL_NUMBER_SIZE])
{
    const char *outside = plan->outside_line;
    if (e164[0] != '+') {
        snprintf(ret, DIAL_NUMBER_SIZE, "%s%s", outside, e164);
        return;
    }
    char home[16] = "";
    if (plan->home_calling_code > 0)
        snprintf(home, sizeof home, "+%d", plan->home_calling_code);
    if (home[0] != '\0' && str_starts(str_of(e164), home)) {
        snprintf(ret, DIAL_NUMBER_SIZE, "%s%s%s", outside, plan->trunk_prefix, e164 + strlen(home));
        return;
    }
    const char *international = plan->international;
    if (strcmp(international, "+") == 0)
        international = "";
    if (international[0] == '\0' && outside[0] == '\0') {
        snprintf(ret, DIAL_NUMBER_SIZE, "%s", e164);
        return;
    }
    /* A plus cannot follow the outside line's digit, so the prefix is spelled out. */
    if (international[0] == '\0')
        international = plan->home_calling_code == 1 ? "011" : "00";
    snprintf(ret, DIAL_NUMBER_SIZE, "%s%s%s", outside, international, e164 + 1);
}

/* ---- the caller line ---- */

bool caller_check(const char *caller, struct error *err)
{
    size_t len = strlen(caller);
    bool digits = caller[0] == '+' && len >= 5 && len <= 16 && strspn(caller + 1, "0123456789") == len - 1;
    if (len == 0 || digits || account_is_good(caller))
        return true;
    return error_set(err, ERR_USAGE, "the caller line is neither a number such as +4930901820 nor an account such as sip:me@pbx.example");
}
