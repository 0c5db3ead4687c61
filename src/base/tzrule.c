/* SPDX-License-Identifier: MIT */
/*
 * The POSIX rule that a TZif file ends with: which offset holds in every year after the last listed change.
 *
 * Both extensions of RFC 9636 are read: times from -167 to 167 hours (Gaza changes 50 hours after a Thursday begins,
 * Nuuk one hour before a Sunday), and daylight saving time that fills the whole year.
 */
#include "tz.h"

#include <string.h>

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static bool take_number(struct str *s, int min, int max, int *ret)
{
    int n = 0;
    size_t digits = 0;
    while (digits < s->len && digits < 4 && s->at[digits] >= '0' && s->at[digits] <= '9')
        n = n * 10 + (s->at[digits++] - '0');
    if (digits == 0 || n < min || n > max)
        return false;
    *s = str_skip(*s, digits);
    *ret = n;
    return true;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct str *s, int max_hours, int *ret_seconds)
{
    int sign = take_char(s, '-') ? -1 : 1;
    if (sign == 1)
        take_char(s, '+');
    int hours, minutes = 0, seconds = 0;
    if (!take_number(s, 0, max_hours, &hours))
        return false;
    if (take_char(s, ':')) {
        if (!take_number(s, 0, 59, &minutes))
            return false;
        if (take_char(s, ':') && !take_number(s, 0, 59, &seconds))
            return false;
    }
    *ret_seconds = sign * (hours * HOUR_S + minutes * MINUTE_S + seconds);
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Three letters or more, or <...> with digits and signs too. */
static bool take_abbr(struct str *s, char ret[TZ_ABBR_SIZE])
{
    bool quoted = take_char(s, '<');
    size_t len = 0;
    while (len < s->len && (is_letter(s->at[len]) || (quoted && ((s->at[len] >= '0' && s->at[len] <= '9') ||
                                                                 s->at[len] == '+' || s->at[len] == '-'))))
        len++;
    if (len < 3 || len >= TZ_ABBR_SIZE)
        return false;
    memcpy(ret, s->at, len);
    ret[len] = '\0';
    *s = str_skip(*s, len);
    return !quoted || take_char(s, '>');
}

static bool take_day(struct str *s, struct tz_day *ret)
{
    struct tz_day d = {.time_s = 2 * HOUR_S};
    if (take_char(s, 'J')) {
        d.form = TZ_JULIAN;
        if (!take_number(s, 1, 365, &d.day))
            return false;
    } else if (take_char(s, 'M')) {
        d.form = TZ_WEEKDAY;
        if (!take_number(s, 1, 12, &d.month) || !take_char(s, '.') || !take_number(s, 1, 5, &d.week) ||
            !take_char(s, '.') || !take_number(s, 0, 6, &d.day))
            return false;
    } else {
        d.form = TZ_DAY_OF_YEAR;
        if (!take_number(s, 0, 365, &d.day))
            return false;
    }
    if (take_char(s, '/') && !take_time(s, 167, &d.time_s))
        return false;
    *ret = d;
    return true;
}

bool tz_rule_parse(struct str s, struct tz_rule *ret)
{
    struct tz_rule r = {0};
    int west_s; /* POSIX counts to the west */
    if (!take_abbr(&s, r.abbr) || !take_time(&s, 24, &west_s))
        return false;
    r.offset_s = -west_s;
    if (s.len > 0) {
        r.has_dst = true;
        if (!take_abbr(&s, r.dst_abbr))
            return false;
        r.dst_offset_s = r.offset_s + HOUR_S;
        if (s.len > 0 && s.at[0] != ',') {
            if (!take_time(&s, 24, &west_s))
                return false;
            r.dst_offset_s = -west_s;
        }
        /* Without days POSIX leaves them to us: today's rule of the United States, as tzcode has it. */
        if (s.len == 0)
            s = STR(",M3.2.0,M11.1.0");
        if (!take_char(&s, ',') || !take_day(&s, &r.start) || !take_char(&s, ',') || !take_day(&s, &r.end))
            return false;
    }
    if (s.len != 0)
        return false;
    *ret = r;
    return true;
}

/* The change in that year as if its clock ran on UTC. */
static int64_t change_in_year(const struct tz_day *d, int year)
{
    int64_t new_year = civil_days(year, 1, 1);
    int64_t day = 0;
    switch (d->form) {
    case TZ_JULIAN: {
        bool leap = civil_days(year + 1, 1, 1) - new_year == 366;
        day = new_year + d->day - 1 + (leap && d->day >= 60);
        break;
    }
    case TZ_DAY_OF_YEAR:
        day = new_year + d->day;
        break;
    case TZ_WEEKDAY: {
        int64_t first = civil_days(year, d->month, 1);
        int64_t next_month = d->month == 12 ? civil_days(year + 1, 1, 1) : civil_days(year, d->month + 1, 1);
        int64_t first_weekday = ((first + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday, Sunday is 0 */
        day = first + (d->day - first_weekday + 7) % 7 + 7 * (d->week - 1);
        if (day >= next_month)
            day -= 7;
        break;
    }
    }
    return day * DAY_S + d->time_s;
}

struct tz_stretch tz_rule_stretch(const struct tz_rule *rule, int64_t at)
{
    struct tz_stretch s = {INT64_MIN, INT64_MAX, rule->offset_s, rule->abbr};
    if (!rule->has_dst)
        return s;
    /* Beyond the years that we show, the last state that they had goes on. */
    if (at > AT_MAX + 2 * DAY_S)
        at = AT_MAX + 2 * DAY_S;
    if (at < AT_MIN - 2 * DAY_S)
        at = AT_MIN - 2 * DAY_S;
    int year = civil_of_seconds(at).year;
    /*
     * A change may lie a week outside its year, so two years on either side hold the last change before `at` and the
     * first after it. Of two at the same instant the later in this walk holds: the end of a year's daylight time that
     * meets the next year's start does not end it, and one that meets its own start leaves none.
     */
    for (int y = year - 2; y <= year + 2; y++)
        for (int is_end = 0; is_end <= 1; is_end++) {
            int64_t change_at = is_end ? change_in_year(&rule->end, y) - rule->dst_offset_s
                                       : change_in_year(&rule->start, y) - rule->offset_s;
            if (change_at > at) {
                if (change_at < s.until)
                    s.until = change_at;
            } else if (change_at >= s.from) {
                s.from = change_at;
                s.offset_s = is_end ? rule->offset_s : rule->dst_offset_s;
                s.abbr = is_end ? rule->abbr : rule->dst_abbr;
            }
        }
    return s;
}
