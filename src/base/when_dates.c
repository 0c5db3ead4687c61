/* SPDX-License-Identifier: MIT */
/*
 * Dates and clock times, as many ways as people write them. Where two readings are possible and a wrong one would call
 * somebody on a wrong day, both are named and nothing is taken.
 */
#include "when_parser.h"

#include <stdio.h>
#include <string.h>

static bool set_date(struct when_parser *p, enum when_day day, int year, int month, int day_of_month)
{
    if (!when_set_day(p, day))
        return false;
    p->w.year = year;
    p->w.month = month;
    p->w.day_of_month = day_of_month;
    /* 2024 is a leap year: a date without a year may be any that some year has. */
    struct civil c = {.year = day == DAY_FIXED ? year : 2024, .month = month, .day = day_of_month};
    if (day == DAY_OF_MONTH ? day_of_month >= 1 && day_of_month <= 31 : civil_valid(&c))
        return true;
    char text[48];
    if (month < 1 || month > 12)
        snprintf(text, sizeof text, "month %d", month);
    else if (day == DAY_FIXED)
        snprintf(text, sizeof text, "%d %s %d", day_of_month, month_name(month), year);
    else
        snprintf(text, sizeof text, "%d %s", day_of_month, day == DAY_OF_MONTH ? "in a month" : month_name(month));
    error_set(p->err, ERR_USAGE, "there is no \"%s\": write the day as \"12 jan\" or \"2026-12-01\"", text);
    p->said = true;
    return false;
}

/* am, pm, a, p, a.m., p.m. */
static bool take_meridiem(struct when_parser *p, bool *ret_pm)
{
    int start = p->at;
    if (token_take_any(p, "am pm")) {
        *ret_pm = p->tokens[start].word[0] == 'p';
    } else if (token_take_any(p, "a p")) {
        *ret_pm = p->tokens[start].word[0] == 'p';
        if (token_is_glued_mark(p, 0, '.') && token_is_word(p, 1, "m"))
            p->at += 2;
    } else {
        return false;
    }
    if (token_is_glued_mark(p, 0, '.'))
        p->at++;
    return true;
}

static bool meridiem_at(struct when_parser *p, int ahead)
{
    int start = p->at;
    bool pm;
    p->at += ahead;
    bool yes = take_meridiem(p, &pm);
    p->at = start;
    return yes;
}

static int set_time(struct when_parser *p, int hour, int minute, int second, bool open)
{
    bool pm, meridiem = take_meridiem(p, &pm);
    if (meridiem) {
        if (hour < 1 || hour > 12)
            return -1;
        hour = hour % 12 + (pm ? 12 : 0);
    }
    if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && (minute != 0 || second != 0)))
        return -1;
    if (!when_set_clock(p, CLOCK_GIVEN, hour * 60 + minute, second))
        return -1;
    p->w.has_meridiem = meridiem;
    p->w.hour_open = open && !meridiem && hour >= 1 && hour <= 12;
    return 1;
}

static bool is_open_hour(const struct token *t)
{
    return t->digits == 1 || t->value > 9; /* no leading zero */
}

/* "half past 3", "quarter to 4", "10 past 3", "20 minutes to 5" */
static int take_past_or_to(struct when_parser *p)
{
    int start = p->at, minutes;
    bool is_minutes = false;
    token_take_any(p, "a");
    if (token_take_word(p, "half"))
        minutes = 30;
    else if (token_take_word(p, "quarter"))
        minutes = 15, is_minutes = true;
    else if (token_is_number(p, 0) && token_look(p, 0)->value < 60 && p->at == start)
        minutes = p->tokens[p->at++].value;
    else {
        p->at = start;
        return 0;
    }
    if (token_take_any(p, "minutes min mins"))
        is_minutes = true;
    bool to = token_is_word(p, 0, "to");
    /* "10 to 12" may be a range */
    if (!token_take_any(p, "past to") || !token_is_number(p, 0) || token_look(p, 0)->value < 1 ||
        token_look(p, 0)->value > 12 || (to && !is_minutes)) {
        p->at = start;
        return 0;
    }
    const struct token *hour = &p->tokens[p->at++];
    int of_day = hour->value * 60 + (to ? -minutes : minutes);
    if (of_day < 60) /* quarter to 1 */
        of_day += 12 * 60;
    return set_time(p, of_day / 60, of_day % 60, 0, is_open_hour(hour));
}

int when_take_clock(struct when_parser *p)
{
    int past_or_to = take_past_or_to(p);
    if (past_or_to != 0)
        return past_or_to;
    if (!token_is_number(p, 0))
        return 0;
    const struct token *first = token_look(p, 0);
    p->at++;
    if (first->digits <= 2 && token_is_glued_mark(p, 0, ':') && token_is_number(p, 1) &&
        token_look(p, 1)->digits == 2) {
        int minute = token_look(p, 1)->value, second = 0;
        p->at += 2;
        if (token_is_glued_mark(p, 0, ':') && token_is_number(p, 1) && token_look(p, 1)->digits == 2) {
            second = token_look(p, 1)->value;
            p->at += 2;
        }
        return set_time(p, first->value, minute, second, is_open_hour(first));
    }
    if (first->digits == 3 || first->digits == 4) /* 930, 1500 */
        return set_time(p, first->value / 100, first->value % 100, 0, first->digits == 3 || first->value > 959);
    if (first->digits > 2 || first->value > 23 || (first->value == 0 && !meridiem_at(p, 0)))
        return -1;
    if (token_take_word(p, "oclock")) {
    } else if (token_is_word(p, 0, "o") && token_is_mark(p, 1, '\'') && token_is_word(p, 2, "clock")) {
        p->at += 3;
    }
    int taken = set_time(p, first->value, 0, 0, is_open_hour(first));
    if (token_is_glued_mark(p, 0, '.') && token_look(p, 1)->kind == TOKEN_END) /* a full stop */
        p->at++;
    return taken;
}

/* A year behind a day and a month: four digits that are no time, or any that a mark joins to them. */
static bool take_year(struct when_parser *p, bool joined, int *ret_year)
{
    int start = p->at;
    if (!joined)
        token_take_mark(p, ',');
    const struct token *t = token_look(p, 0);
    bool clock = token_is_glued_mark(p, 1, ':') || (!joined && meridiem_at(p, 1));
    if (t->kind == TOKEN_NUMBER && !clock) {
        if (joined && t->glued && (t->digits == 4 || t->digits == 2)) {
            *ret_year = t->digits == 2 ? 2000 + t->value : t->value;
            p->at++;
            return true;
        }
        /* "24 dec 1700" is an hour, "24 dec 2027" a year; 2000 could be both: as a year it is past, and so refused */
        if (t->digits == 4 && (t->value >= 1970 || t->value % 100 > 59)) {
            *ret_year = t->value;
            p->at++;
            return true;
        }
    }
    p->at = start;
    return false;
}

static int set_day_and_month(struct when_parser *p, int day, int month, bool joined)
{
    int year = 0;
    bool has_year = take_year(p, joined, &year);
    return set_date(p, has_year ? DAY_FIXED : DAY_OF_YEAR, year, month, day) ? 1 : -1;
}

/* 3/4 and 3/4/2027: which one is the month? */
static int set_unordered(struct when_parser *p, int first, int second, int year)
{
    bool month_first = p->context->month_first;
    if (first > 12 || second > 12)
        month_first = second > 12;
    else if (!month_first && first != second && first >= 1 && second >= 1) {
        error_set(p->err, ERR_USAGE,
                  "it is unclear whether \"%d/%d\" is %d %s or %d %s: write \"%d %s\" or \"%d.%d.\" (day first)", first,
                  second, first, month_name(second), second, month_name(first), first, month_name(second), first,
                  second);
        p->said = true;
        return -1;
    }
    int month = month_first ? first : second, day = month_first ? second : first;
    return set_date(p, year ? DAY_FIXED : DAY_OF_YEAR, year, month, day) ? 1 : -1;
}

/* Numbers joined by dots: 12.1. and 12.1.2027 are dates, 9.30 is a time, 9.12 may be both. */
static int take_dotted(struct when_parser *p)
{
    const struct token *first = token_look(p, 0), *second = token_look(p, 2);
    bool has_place = p->expects_clock || (p->w.day != DAY_NONE && p->w.day != DAY_OF_WEEK);
    int month;
    if (first->digits > 2)
        return 0;
    if (token_month(p, 2, &month)) { /* 12. jan */
        p->at += 3;
        if (token_is_glued_mark(p, 0, '.'))
            p->at++;
        return set_day_and_month(p, first->value, month, false);
    }
    if (second->kind != TOKEN_NUMBER || second->digits > 2 || token_is_glued_mark(p, 3, ':'))
        return 0;
    if (token_is_glued_mark(p, 3, '.') && !(has_place && token_look(p, 4)->kind == TOKEN_END)) {
        p->at += 4;
        p->w.is_24h = true;
        return set_day_and_month(p, first->value, second->value, token_is_number(p, 0) && token_look(p, 0)->glued);
    }
    if (!second->glued)
        return 0;
    bool is_time = second->digits == 2 && second->value < 60 && first->value < 24;
    bool is_date = second->value >= 1 && second->value <= 12 && first->value >= 1 && first->value <= 31;
    if (is_time && (has_place || meridiem_at(p, 3)))
        is_date = false;
    if (is_time && is_date) {
        error_set(p->err, ERR_USAGE,
                  "it is unclear whether \"%d.%02d\" is a day or a time: write \"%d.%d.\" or \"%d:%02d\"", first->value,
                  second->value, first->value, second->value, first->value, second->value);
        p->said = true;
        return -1;
    }
    if (!is_time && !is_date)
        return 0;
    p->at += 3;
    if (token_is_glued_mark(p, 0, '.')) /* a full stop */
        p->at++;
    if (is_time)
        return set_time(p, first->value, second->value, 0, is_open_hour(first));
    p->w.is_24h = true;
    return set_date(p, DAY_OF_YEAR, 0, second->value, first->value) ? 1 : -1;
}

int when_take_date(struct when_parser *p)
{
    const struct token *first = token_look(p, 0);
    int month;
    if (token_month(p, 0, &month)) { /* jan 12 */
        int ahead = token_is_glued_mark(p, 1, '.') ? 2 : 1;
        const struct token *day = token_look(p, ahead);
        if (day->kind != TOKEN_NUMBER || day->digits > 2 || token_is_glued_mark(p, ahead + 1, ':') ||
            meridiem_at(p, ahead + 1))
            return -1;
        p->at += ahead + 1;
        if (token_look(p, 0)->glued)
            token_take_any(p, "st nd rd th");
        return set_day_and_month(p, day->value, month, false);
    }
    if (first->kind != TOKEN_NUMBER)
        return 0;
    for (const char *mark = "-/"; *mark != '\0'; mark++) {
        if (!token_is_glued_mark(p, 1, *mark) || !token_is_number(p, 2))
            continue;
        bool three = token_is_glued_mark(p, 3, *mark) && token_is_number(p, 4);
        const struct token *second = token_look(p, 2), *third = token_look(p, 4);
        if (first->digits == 4 && three) { /* 2026-12-01, 2026/12/1 */
            p->at += 5;
            if (token_look(p, 0)->glued && token_is_number(p, 1))
                token_take_word(p, "t");
            p->w.is_24h = true;
            return set_date(p, DAY_FIXED, first->value, second->value, third->value) ? 1 : -1;
        }
        if (first->digits > 2 || second->digits > 2 || (three && third->digits != 4 && third->digits != 2) ||
            (!three && *mark == '-'))
            return -1;
        p->at += three ? 5 : 3;
        return set_unordered(p, first->value, second->value,
                             !three               ? 0
                             : third->digits == 2 ? 2000 + third->value
                                                  : third->value);
    }
    if (token_is_glued_mark(p, 1, '.'))
        return take_dotted(p);
    if (first->digits > 2)
        return 0;

    int start = p->at++;
    bool ordinal = token_look(p, 0)->glued && token_take_any(p, "st nd rd th");
    token_take_word(p, "of");
    bool dash = token_is_glued_mark(p, 0, '-');
    p->at += dash; /* 12-jan-2027 */
    if (token_month(p, 0, &month)) {
        p->at++;
        if (token_is_glued_mark(p, 0, '.'))
            p->at++;
        bool joined = dash && token_is_glued_mark(p, 0, '-');
        p->at += joined;
        return set_day_and_month(p, first->value, month, joined);
    }
    p->at = start + 2;
    if (ordinal) /* the 15th */
        return set_date(p, DAY_OF_MONTH, 0, 0, first->value) ? 1 : -1;
    p->at = start;
    return 0;
}
