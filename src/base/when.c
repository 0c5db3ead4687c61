/* SPDX-License-Identifier: MIT */
/* From words to a moment in a zone, and from a moment to the short forms of the screen. */
#include "calldeck/when.h"

#include <stdio.h>
#include <string.h>

#include "when_words.h"

enum { DAY_MIN = 24 * 60, MORNING_MIN = 9 * 60, AFTERNOON_MIN = 14 * 60, EVENING_MIN = 18 * 60, NIGHT_MIN = 19 * 60 };

static int weekdays_between(enum weekday from, enum weekday to)
{
    return ((int)to - (int)from + 7) % 7;
}

static int last_day(int year, int month)
{
    return (int)(civil_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
                 civil_days(year, month, 1));
}

/* The same day `months` on, or the last one of a month that is shorter. */
static struct civil add_months(struct civil c, int months)
{
    int from_zero = c.year * 12 + c.month - 1 + months;
    if (from_zero < 12) /* before the year 1 */
        from_zero = 12;
    c.year = from_zero / 12;
    c.month = from_zero % 12 + 1;
    int last = last_day(c.year, c.month);
    if (c.day > last)
        c.day = last;
    return c;
}

static struct civil add_business_days(struct civil c, int days)
{
    enum weekday weekday = civil_weekday(&c);
    if (weekday >= SATURDAY && days > 0) /* from the weekend the first step leads to Monday, as from Friday */
        c = civil_add_days(c, (int)FRIDAY - (int)weekday);
    c = civil_add_days(c, days / 5 * 7);
    for (int left = days % 5; left > 0; left--)
        c = civil_add_days(c, civil_weekday(&c) == FRIDAY ? 3 : 1);
    return c;
}

/* The minute of the day that was meant. False: the words contradict each other. */
static bool find_minute(const struct when_words *w, const struct when_context *context, const struct civil *now,
                        struct civil *ret_clock, bool *ret_given)
{
    int minute = context->day_start_min, second = 0;
    *ret_given = true;
    switch (w->clock) {
    case CLOCK_NONE:
        switch (w->part) {
        case PART_NONE:
            if (w->keeps_clock) {
                minute = now->hour * 60 + now->minute;
                second = now->second;
            } else {
                *ret_given = false;
            }
            break;
        case PART_MORNING:
            minute = context->day_start_min >= 4 * 60 && context->day_start_min < 12 * 60 ? context->day_start_min
                                                                                          : MORNING_MIN;
            break;
        case PART_AFTERNOON:
            minute = AFTERNOON_MIN;
            break;
        case PART_EVENING:
            minute = EVENING_MIN;
            break;
        case PART_NIGHT:
            minute = NIGHT_MIN;
            break;
        }
        break;
    case CLOCK_START:
        break;
    case CLOCK_END:
        minute = context->day_end_min;
        break;
    case CLOCK_MIDNIGHT:
        if (w->part != PART_NONE && w->part != PART_NIGHT)
            return false;
        minute = w->day == DAY_COUNTED && w->count == 0 && !w->keeps_clock ? DAY_MIN : 0;
        break;
    case CLOCK_GIVEN: {
        minute = w->minute;
        second = w->second;
        int hour = minute / 60;
        if (w->has_meridiem)
            break;
        if (w->part == PART_MORNING && hour >= 12)
            return false;
        if (w->part == PART_EVENING || w->part == PART_NIGHT || w->part == PART_AFTERNOON) {
            if (hour == 0 || hour == 24 || (hour == 12 && w->part != PART_AFTERNOON))
                return false;
            if (hour < 12)
                minute += 12 * 60;
        } else if (w->part == PART_NONE && w->hour_open && hour <= 7 && !w->is_24h) {
            /* "at 3" is 15:00 to everybody who sells by day, unless their day begins that early. */
            bool early = context->day_start_min >= 5 * 60 && context->day_start_min <= minute;
            if (!early)
                minute += 12 * 60;
        }
        break;
    }
    }
    if (minute < 0 || minute > DAY_MIN)
        return false;
    *ret_clock = (struct civil){.hour = minute / 60, .minute = minute % 60, .second = second};
    return true;
}

/* The moment of that clock time on that day; hour 24 is the next day's start. */
static void find_moment(const struct when_context *context, struct civil day, const struct civil *clock,
                        struct when *ret)
{
    int64_t second;
    day.hour = day.minute = day.second = 0;
    if (clock->hour == 24)
        day = civil_add_days(day, 1);
    day.hour = clock->hour % 24;
    day.minute = clock->minute;
    day.second = clock->second;
    ret->fit = zone_instant(context->zone, &day, &ret->at, &second);
    if (ret->fit == ZONE_FOLD && !context->allow_past && ret->at < context->now)
        ret->at = second;
}

static bool refuse_day(const struct civil *day, const char *weekday, struct error *err)
{
    return error_set(err, ERR_USAGE, "the day and the weekday differ: \"%d %s %d\" is a %s, leave one of them out",
                     day->day, month_name(day->month), day->year, weekday);
}

static bool refuse_absent(int day, const char *month, struct error *err)
{
    return error_set(err, ERR_USAGE, "there is no \"%d%s%s\" in the years to come: write the day as \"2026-12-01\"",
                     day, month[0] ? " " : "", month);
}

/* The day that was meant, with any time of day; *ret_search: the next such day as long as the moment is past. */
static bool find_day(const struct when_words *w, const struct civil *today, struct civil *ret, int *ret_search,
                     struct error *err)
{
    struct civil d = *today;
    enum weekday weekday = civil_weekday(today);
    *ret_search = 0;
    switch (w->day) {
    case DAY_NONE:
        *ret_search = w->clock == CLOCK_END ? 0 : 1; /* "eod" is today's */
        break;
    case DAY_FIXED:
        d = (struct civil){.year = w->year, .month = w->month, .day = w->day_of_month};
        break;
    case DAY_OF_YEAR:
        d = (struct civil){.year = today->year, .month = w->month, .day = w->day_of_month};
        if (d.month < today->month || (d.month == today->month && d.day < today->day))
            d.year++;
        for (int years = 0; !civil_valid(&d); d.year++) /* February 29 comes after eight years at the latest */
            if (years++ == 8)
                return refuse_absent(w->day_of_month, month_name(w->month), err);
        break;
    case DAY_OF_MONTH:
        d = (struct civil){.year = today->year, .month = today->month, .day = w->day_of_month};
        for (int months = 0; !civil_valid(&d) || (months == 0 && d.day < today->day);) {
            if (months++ == 12)
                return refuse_absent(w->day_of_month, "", err);
            d.month = d.month % 12 + 1;
            d.year += d.month == 1;
        }
        break;
    case DAY_OF_WEEK:
        switch (w->turn) {
        case TURN_COMING:
        case TURN_AFTER:
            d = civil_add_days(d, weekdays_between(weekday, w->weekday));
            *ret_search = 7;
            break;
        case TURN_LAST:
            d = civil_add_days(d, weekdays_between(weekday, w->weekday) - 7);
            break;
        case TURN_WEEK:
            d = civil_add_days(d, w->count * 7 + (int)w->weekday - (int)weekday);
            break;
        }
        break;
    case DAY_COUNTED:
        d = add_months(d, w->months);
        d = civil_add_days(d, w->count);
        d = add_business_days(d, w->business_days);
        break;
    case DAY_WEEK:
        d = civil_add_days(d, w->count * 7 - (int)weekday);
        break;
    case DAY_MONTH:
        d.day = 1;
        d = add_months(d, w->count);
        break;
    case DAY_QUARTER:
        d.day = 1;
        d = add_months(d, w->count * 3 - (today->month - 1) % 3);
        break;
    case DAY_WEEK_END:
        d = civil_add_days(d, weekdays_between(weekday, FRIDAY));
        break;
    case DAY_MONTH_END:
        d.day = last_day(d.year, d.month);
        break;
    }
    if (w->has_weekday && w->day != DAY_OF_WEEK && civil_weekday(&d) != w->weekday)
        return refuse_day(&d, weekday_name(civil_weekday(&d)), err);
    *ret = d;
    return true;
}

bool when_parse(struct str words, const struct when_context *context, struct when *ret, struct error *err)
{
    struct when when = {.fit = ZONE_ONCE, .has_time = true};
    struct civil date;
    bool date_only;
    words = str_trim(words);

    if (iso_parse(words, &when.at)) {
        when.instant = true;
    } else if (civil_parse(words, &date, &date_only) && !date_only) {
        find_moment(context, date, &date, &when);
    } else {
        struct when_words w;
        if (!when_words_parse(words, context, &w, err))
            return false;
        struct civil today = zone_civil(context->zone, context->now), clock;
        if (w.now || (w.has_span && w.day == DAY_NONE)) {
            when.at = context->now + w.span_s;
            when.instant = true;
        } else {
            int search_days;
            if (!find_minute(&w, context, &today, &clock, &when.has_time))
                return error_set(err, ERR_USAGE,
                                 "the time and the part of the day contradict each other: "
                                 "write it as \"tomorrow 3pm\" or \"tomorrow 15:00\"");
            if (!find_day(&w, &today, &date, &search_days, err))
                return false;
            find_moment(context, date, &clock, &when);
            /* The next such moment; a bare time that may be past is today's. */
            for (int i = 0; i < 2 && search_days != 0 && when.at <= context->now; i++) {
                if (w.day == DAY_NONE && context->allow_past)
                    break;
                date = civil_add_days(date, search_days);
                find_moment(context, date, &clock, &when);
            }
            if (w.day == DAY_OF_WEEK && w.turn == TURN_AFTER) {
                date = civil_add_days(date, 7);
                find_moment(context, date, &clock, &when);
            }
            when.at += w.span_s;
        }
    }

    if (when.at < AT_MIN || when.at > AT_MAX)
        return error_set(err, ERR_USAGE, "that is too far away: give a day between the years 1 and 9999");
    if (!context->allow_past && when.at < context->now) {
        char text[WHEN_TEXT_SIZE];
        when_text(context->zone, when.at, context->now, text);
        return error_set(err, ERR_USAGE, "in the past: \"%s\": a later time is \"tomorrow 9:00\"", text);
    }
    when.wall = zone_civil(context->zone, when.at);
    *ret = when;
    return true;
}

/* Two digits: "3:30" is what people write for the afternoon, and when_parse reads it so. */
static void put_clock(const struct civil *c, char *text, size_t size)
{
    snprintf(text, size, "%02d:%02d", c->hour, c->minute);
}

void when_text(const struct zone *zone, int64_t at, int64_t now, char ret[WHEN_TEXT_SIZE])
{
    if (at == AT_NONE) {
        ret[0] = '\0';
        return;
    }
    struct civil c = zone_civil(zone, at);
    char clock[16], year[16] = "";
    put_clock(&c, clock, sizeof clock);
    if (c.year != zone_civil(zone, now).year)
        snprintf(year, sizeof year, " %d", c.year);
    snprintf(ret, WHEN_TEXT_SIZE, "%s %d %s%s %s", weekday_name(civil_weekday(&c)), c.day, month_name(c.month), year,
             clock);
}

void when_short(const struct zone *zone, int64_t at, int64_t now, char ret[WHEN_TEXT_SIZE])
{
    if (at == AT_NONE) {
        ret[0] = '\0';
        return;
    }
    struct civil c = zone_civil(zone, at), today = zone_civil(zone, now);
    int64_t days = civil_days(c.year, c.month, c.day) - civil_days(today.year, today.month, today.day);
    char clock[16];
    put_clock(&c, clock, sizeof clock);
    if (days == 0)
        snprintf(ret, WHEN_TEXT_SIZE, "%s", clock);
    else if (days == 1 || days == -1)
        snprintf(ret, WHEN_TEXT_SIZE, "%s %s", days > 0 ? "tomorrow" : "yesterday", clock);
    else if (days > 0 && days <= 6)
        snprintf(ret, WHEN_TEXT_SIZE, "%s %s", weekday_name(civil_weekday(&c)), clock);
    else if (c.year == today.year)
        snprintf(ret, WHEN_TEXT_SIZE, "%d %s", c.day, month_name(c.month));
    else
        snprintf(ret, WHEN_TEXT_SIZE, "%d %s %d", c.day, month_name(c.month), c.year);
}

void when_span(int64_t seconds, char ret[WHEN_TEXT_SIZE])
{
    if (seconds < MINUTE_S)
        snprintf(ret, WHEN_TEXT_SIZE, "now");
    else if (seconds < HOUR_S)
        snprintf(ret, WHEN_TEXT_SIZE, "%d min", (int)(seconds / MINUTE_S));
    else if (seconds < DAY_S)
        snprintf(ret, WHEN_TEXT_SIZE, "%d h", (int)(seconds / HOUR_S));
    else
        snprintf(ret, WHEN_TEXT_SIZE, "%lld day%s", (long long)(seconds / DAY_S), seconds < 2 * DAY_S ? "" : "s");
}
