/* SPDX-License-Identifier: MIT */
/*
 * Calendar arithmetic without tables of years, and the readers and writers of ISO 8601.
 *
 * The day number counts from a year that begins in March, so that the leap day is the last of its year and the lengths
 * of the months follow one formula. Everything is done in whole 400-year cycles of 146,097 days; 719,468 days lie
 * between 0000-03-01 and 1970-01-01.
 */
#include "calldeck/date.h"

#include <stdio.h>
#include <string.h>

enum { CYCLE_YEARS = 400, CYCLE_DAYS = 146097, EPOCH_DAYS = 719468 };

static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int month_days(int year, int month)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

bool civil_valid(const struct civil *c)
{
    return c->year >= 1 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= month_days(c->year, c->month) && c->hour >= 0 && c->hour <= 23 && c->minute >= 0 &&
           c->minute <= 59 && c->second >= 0 && c->second <= 59;
}

int64_t civil_days(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t cycle = divide_down(y, CYCLE_YEARS);
    int64_t year_in_cycle = y - cycle * CYCLE_YEARS;
    int64_t day_in_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_in_cycle = year_in_cycle * 365 + year_in_cycle / 4 - year_in_cycle / 100 + day_in_year;
    return cycle * CYCLE_DAYS + day_in_cycle - EPOCH_DAYS;
}

int64_t civil_to_seconds(const struct civil *c)
{
    return civil_days(c->year, c->month, c->day) * DAY_S + c->hour * HOUR_S + c->minute * MINUTE_S + c->second;
}

struct civil civil_of_seconds(int64_t seconds)
{
    /* A civil year has four digits: what lies outside shows as the nearest end. */
    if (seconds > AT_MAX)
        seconds = AT_MAX;
    if (seconds < AT_MIN)
        seconds = AT_MIN;
    int64_t days = divide_down(seconds, DAY_S);
    int clock = (int)(seconds - days * DAY_S);
    int64_t z = days + EPOCH_DAYS;
    int64_t cycle = divide_down(z, CYCLE_DAYS);
    int64_t day_in_cycle = z - cycle * CYCLE_DAYS;
    int64_t year_in_cycle =
        (day_in_cycle - day_in_cycle / 1460 + day_in_cycle / 36524 - day_in_cycle / (CYCLE_DAYS - 1)) / 365;
    int64_t day_in_year = day_in_cycle - (365 * year_in_cycle + year_in_cycle / 4 - year_in_cycle / 100);
    int64_t month_from_march = (5 * day_in_year + 2) / 153;
    struct civil c = {
        .month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9),
        .day = (int)(day_in_year - (153 * month_from_march + 2) / 5 + 1),
        .hour = clock / HOUR_S,
        .minute = clock / MINUTE_S % 60,
        .second = clock % 60,
    };
    c.year = (int)(cycle * CYCLE_YEARS + year_in_cycle + (c.month <= 2));
    return c;
}

enum weekday civil_weekday(const struct civil *c)
{
    int64_t days = civil_days(c->year, c->month, c->day) + THURSDAY; /* 1970-01-01 was one */
    return (enum weekday)(days - divide_down(days, 7) * 7);
}

int civil_compare(const struct civil *a, const struct civil *b)
{
    int64_t x = civil_to_seconds(a), y = civil_to_seconds(b);
    return x < y ? -1 : x > y;
}

struct civil civil_add_days(struct civil c, int days)
{
    return civil_of_seconds(civil_to_seconds(&c) + (int64_t)days * DAY_S);
}

static const char *const weekday_words[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                            "Friday", "Saturday", "Sunday"};
static const char *const month_words[] = {"January", "February", "March",     "April",   "May",      "June",
                                          "July",    "August",   "September", "October", "November", "December"};

const char *weekday_name(enum weekday day)
{
    static const char *const names[] = {
        [MONDAY] = "Mon", [TUESDAY] = "Tue",  [WEDNESDAY] = "Wed", [THURSDAY] = "Thu",
        [FRIDAY] = "Fri", [SATURDAY] = "Sat", [SUNDAY] = "Sun",
    };
    return names[day];
}

const char *month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return month >= 1 && month <= 12 ? names[month - 1] : "?";
}

bool weekday_parse(struct str s, enum weekday *ret)
{
    if (s.len < 2)
        return false;
    if (str_eq_ascii_case(s, STR("weds"))) { /* the one usual short form that is not a beginning */
        *ret = WEDNESDAY;
        return true;
    }
    for (size_t i = 0; i < sizeof weekday_words / sizeof weekday_words[0]; i++) {
        struct str word = str_of(weekday_words[i]);
        if (s.len <= word.len && str_eq_ascii_case(s, str_make(word.at, s.len))) {
            *ret = (enum weekday)i; /* two letters tell all seven apart */
            return true;
        }
    }
    return false;
}

bool month_parse(struct str s, int *ret_month)
{
    if (s.len < 3)
        return false;
    for (size_t i = 0; i < sizeof month_words / sizeof month_words[0]; i++) {
        struct str word = str_of(month_words[i]);
        if (s.len <= word.len && str_eq_ascii_case(s, str_make(word.at, s.len))) {
            *ret_month = (int)i + 1; /* three letters tell all twelve apart */
            return true;
        }
    }
    return false;
}

static int put_civil(const struct civil *c, char ret[ISO_SIZE])
{
    /* The casts show the compiler that the fields have at most four and two digits. */
    return snprintf(ret, ISO_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u", (unsigned)c->year % 10000u,
                    (unsigned)c->month % 100u, (unsigned)c->day % 100u, (unsigned)c->hour % 100u,
                    (unsigned)c->minute % 100u, (unsigned)c->second % 100u);
}

void iso_format(int64_t at, char ret[ISO_SIZE])
{
    struct civil c = civil_of_seconds(at);
    int len = put_civil(&c, ret);
    snprintf(ret + len, ISO_SIZE - (size_t)len, "Z");
}

void iso_format_offset(int64_t at, int offset_s, char ret[ISO_SIZE])
{
    int64_t minutes = divide_down(offset_s, MINUTE_S);
    if (at > AT_MAX)
        at = AT_MAX;
    if (at < AT_MIN)
        at = AT_MIN;
    struct civil c = civil_of_seconds(at + minutes * MINUTE_S);
    int len = put_civil(&c, ret);
    unsigned size = (unsigned)(minutes < 0 ? -minutes : minutes);
    snprintf(ret + len, ISO_SIZE - (size_t)len, "%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60 % 100u, size % 60);
}

/* Exactly `count` digits at the front of *s. */
static bool take_digits(struct str *s, size_t count, int *ret)
{
    if (s->len < count)
        return false;
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        if (s->at[i] < '0' || s->at[i] > '9')
            return false;
        n = n * 10 + (s->at[i] - '0');
    }
    *s = str_skip(*s, count);
    *ret = n;
    return true;
}

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

/* The date, and the time if one follows; *s keeps the rest. */
static bool take_civil(struct str *s, struct civil *ret, bool *ret_date_only)
{
    struct civil c = {0};
    if (!take_digits(s, 4, &c.year) || !take_char(s, '-') || !take_digits(s, 2, &c.month) || !take_char(s, '-') ||
        !take_digits(s, 2, &c.day))
        return false;
    bool date_only = s->len == 0;
    if (!date_only) {
        if (!take_char(s, 'T') && !take_char(s, 't') && !take_char(s, ' '))
            return false;
        if (!take_digits(s, 2, &c.hour) || !take_char(s, ':') || !take_digits(s, 2, &c.minute))
            return false;
        if (take_char(s, ':')) {
            if (!take_digits(s, 2, &c.second))
                return false;
            if (take_char(s, '.') || take_char(s, ',')) {
                size_t digits = 0;
                for (int ignored; take_digits(s, 1, &ignored);)
                    digits++;
                if (digits == 0)
                    return false;
            }
        }
    }
    if (!civil_valid(&c))
        return false;
    *ret = c;
    *ret_date_only = date_only;
    return true;
}

bool iso_parse(struct str s, int64_t *ret_at)
{
    struct civil c;
    bool date_only;
    if (!take_civil(&s, &c, &date_only) || date_only)
        return false;
    int64_t offset_s = 0;
    if (!take_char(&s, 'Z') && !take_char(&s, 'z')) {
        int sign = take_char(&s, '+') ? 1 : take_char(&s, '-') ? -1 : 0;
        int hours = 0, minutes = 0;
        if (sign == 0 || !take_digits(&s, 2, &hours))
            return false;
        if (take_char(&s, ':') ? !take_digits(&s, 2, &minutes) : s.len > 0 && !take_digits(&s, 2, &minutes))
            return false;
        if (hours > 23 || minutes > 59)
            return false;
        offset_s = sign * (hours * HOUR_S + minutes * MINUTE_S);
    }
    int64_t at = civil_to_seconds(&c) - offset_s;
    if (s.len != 0 || at < AT_MIN || at > AT_MAX)
        return false;
    *ret_at = at;
    return true;
}

bool civil_parse(struct str s, struct civil *ret, bool *ret_date_only)
{
    struct civil c;
    bool date_only;
    if (!take_civil(&s, &c, &date_only) || s.len != 0)
        return false;
    *ret = c;
    if (ret_date_only != NULL)
        *ret_date_only = date_only;
    return true;
}

static const struct {
    const char *word;
    int seconds; /* 0: business days */
} span_units[] = {{"w", 7 * DAY_S}, {"d", DAY_S}, {"h", HOUR_S}, {"m", MINUTE_S}, {"s", 1}, {"bd", 0}};
enum { SPAN_UNITS = sizeof span_units / sizeof span_units[0] };

bool span_parse(struct str s, struct span *ret)
{
    struct span sum = {0};
    s = str_trim(s);
    if (s.len == 0)
        return false;
    while (s.len > 0) {
        size_t digits = 0, letters = 0;
        while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9')
            digits++;
        int64_t count, more;
        if (!str_int(str_make(s.at, digits), &count))
            return false;
        s = str_skip(s, digits);
        while (letters < s.len && ((s.at[letters] | 32) >= 'a' && (s.at[letters] | 32) <= 'z'))
            letters++;
        struct str unit = str_make(s.at, letters);
        size_t i = 0;
        while (i < SPAN_UNITS && !str_eq_ascii_case(unit, str_of(span_units[i].word)))
            i++;
        if (i == SPAN_UNITS)
            return false;
        if (span_units[i].seconds == 0) {
            if (count > INT32_MAX || __builtin_add_overflow(sum.business_days, (int)count, &sum.business_days))
                return false;
        } else if (__builtin_mul_overflow(count, (int64_t)span_units[i].seconds, &more) ||
                   __builtin_add_overflow(sum.seconds, more, &sum.seconds)) {
            return false;
        }
        s = str_trim(str_skip(s, letters));
    }
    *ret = sum;
    return true;
}

void span_format(struct span s, struct buf *out)
{
    bool empty = true;
    for (size_t i = 0; i < SPAN_UNITS; i++) {
        int64_t unit_s = span_units[i].seconds;
        int64_t count = unit_s == 0 ? s.business_days : s.seconds / unit_s;
        if (i == 0 && unit_s > 0 && s.seconds % unit_s != 0)
            continue; /* "8d" is easier to read than "1w1d" */
        if (count == 0)
            continue;
        buf_printf(out, "%lld%s", (long long)count, span_units[i].word);
        s.seconds -= count * unit_s;
        empty = false;
    }
    if (empty)
        buf_add_text(out, "0s");
}
