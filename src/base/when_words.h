/* SPDX-License-Identifier: MIT */
/*
 * What was said, before it is known when that is: when_words.c reads a person's words into this, when.c finds the
 * moment. The words alone know no clock and no zone.
 */
#ifndef CALLDECK_BASE_WHEN_WORDS_H
#define CALLDECK_BASE_WHEN_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/error.h"
#include "calldeck/str.h"
#include "calldeck/when.h"

enum when_day {
    DAY_NONE,
    DAY_FIXED,     /* year, month, day */
    DAY_OF_YEAR,   /* month, day: the next one */
    DAY_OF_MONTH,  /* day: the next one */
    DAY_OF_WEEK,   /* weekday, by turn */
    DAY_COUNTED,   /* count of days, months and business days from today */
    DAY_WEEK,      /* Monday of the week `count` weeks on */
    DAY_MONTH,     /* the first of the month `count` months on */
    DAY_QUARTER,   /* the first of the quarter `count` quarters on */
    DAY_WEEK_END,  /* Friday of this week */
    DAY_MONTH_END, /* the last of this month */
};

enum when_turn {
    TURN_COMING, /* the next such future moment */
    TURN_LAST,   /* the last one before today */
    TURN_AFTER,  /* a week after the coming one: "monday week" */
    TURN_WEEK,   /* in the week `count` weeks on: "next tue", "tue next week" */
};

enum when_clock {
    CLOCK_NONE,
    CLOCK_GIVEN,    /* minute and second */
    CLOCK_START,    /* of the working day */
    CLOCK_END,      /* of the working day */
    CLOCK_MIDNIGHT, /* the end of today, the start of any other day */
};

enum when_part { PART_NONE, PART_MORNING, PART_AFTERNOON, PART_EVENING, PART_NIGHT };

struct when_words {
    enum when_day day;
    enum when_turn turn;
    int year, month, day_of_month;
    bool has_weekday; /* with another kind of day: it must agree */
    enum weekday weekday;
    int count; /* days, weeks, months or quarters, as the kind of day says */
    int months, business_days;
    bool keeps_clock; /* "in 3 days" keeps the time of day, "tomorrow" does not */
    bool is_24h;      /* the date is written as those write who have no p.m. */

    enum when_clock clock;
    int minute, second; /* minute of the day, 24 * 60 allowed */
    bool hour_open;     /* 1 to 12 without am, pm or a leading zero */
    bool has_meridiem;
    enum when_part part;

    bool now;
    bool has_span;
    int64_t span_s; /* may be negative */
};

/* True if the words make sense as such; else false and a sentence in err. */
bool when_words_parse(struct str words, const struct when_context *context, struct when_words *ret, struct error *err);

#endif
