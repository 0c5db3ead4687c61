/* SPDX-License-Identifier: MIT */
/*
 * Times in words: "tomorrow 3pm", "tue 10:30", "+2d", "in 2 hours", "12.1. 9:00", "eod", "next week", "noon".
 *
 * A weekday is the next such future moment (on a Monday at 11:00, "mon 10:00" is in a week, "mon 15:00" today). A date
 * without a year is the next one to come. A day without a time takes the caller's default time. ISO 8601 with an offset
 * is an instant; without one it is a wall time in `zone`.
 *
 * What people mean otherwise than they write: "at 3" and "3:30" are p.m. (1 to 7 without a leading zero, unless the day
 * begins that early or the date is written as 2026-12-01 or 12.1.), "next tue" is in the next calendar week, "+2d" and
 * "+2bd" keep the time of day, "eod" is today's. Two readings that lie apart ("3/4", "10.11") are refused, both named.
 */
#ifndef CALLDECK_WHEN_H
#define CALLDECK_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/error.h"
#include "calldeck/str.h"
#include "calldeck/zone.h"

struct when_context {
    const struct zone *zone; /* where the words are meant */
    int64_t now;
    int day_start_min;       /* minutes after midnight for a day without a time; 9 * 60 */
    int day_end_min;         /* "eod", "end of day"; 18 * 60 */
    bool allow_past;         /* --at may be past; prompts and --when may not ("that is in the past: ...") */
    bool month_first;        /* 3/4 is March 4th; else it is refused as unclear unless one number is over 12 */
};

struct when {
    int64_t at;
    struct civil wall;  /* in the context's zone */
    enum zone_fit fit;  /* ZONE_GAP, ZONE_FOLD: to be said to the person */
    bool instant;       /* given as an instant (offset, "+2h", "in 20 min"), not as a wall time */
    bool has_time;      /* false: the day's default time was taken */
};

/* USAGE with a sentence that shows two or three forms that work. */
bool when_parse(struct str words, const struct when_context *context, struct when *ret, struct error *err);

/* The same words looking back: "mon" is the last Monday, "2.11." of this year or the last. Later than now only
 * when a year says so: nothing has happened since then. */
bool when_since(struct str words, const struct when_context *context, int64_t *ret_at, struct error *err);

/* "Tue 24 Nov 10:30", with the year when it is not now's; when_parse reads it back (so 03:30 keeps its zero).
 * AT_NONE gives "", here and below. */
enum { WHEN_TEXT_SIZE = 64 };
void when_text(const struct zone *zone, int64_t at, int64_t now, char ret[WHEN_TEXT_SIZE]);
/* Short and relative: "14:00" (same day there), "tomorrow 9:00", "Tue 9:00" (within 6 days), "24 Nov", "24 Nov 2027". */
void when_short(const struct zone *zone, int64_t at, int64_t now, char ret[WHEN_TEXT_SIZE]);
/* "12 min", "3 h", "2 days": one unit, rounded down; "now" below a minute. seconds >= 0 */
void when_span(int64_t seconds, char ret[WHEN_TEXT_SIZE]);

#endif
