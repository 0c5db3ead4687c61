/* SPDX-License-Identifier: MIT */
/*
 * What the files behind schedule.h share: days at a place, and sums of instants that stay in the calendar.
 *
 * The day of a prospect is the calendar day in the first of its zones, and in UTC where nobody knows the zone.
 */
#ifndef CALLDECK_SCHEDULE_PLACE_H
#define CALLDECK_SCHEDULE_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "calldeck/schedule.h"

enum { DAYS_ALL = 0x7f, DAYS_MON_FRI = 0x1f };
/* A call may ring for so long and must still lie inside the window; a promise is due within as much (contracts,
 * States). */
enum { RING_S = 60, DUE_S = 60 };

/* at + seconds, kept inside the calendar. AT_NONE is the caller's business. */
int64_t at_add(int64_t at, int64_t seconds);
int64_t day_start(const struct place *place, int64_t at, int add_days);
int64_t place_day(const struct place *place, int64_t at); /* days since 1970 of the day there */
enum weekday day_weekday(const struct place *place, int64_t at);
int seconds_of_day(const struct place *place, int64_t at); /* on the clock there */
/* The list's days, else the country's, else Monday to Friday: never empty. */
weekday_set days_allowed(weekday_set days, weekday_set workdays);
/* A public holiday of a country there; *ret_said: a person named it. day: since 1970. */
bool place_holiday(const struct policy *p, const struct place *place, int64_t day, bool *ret_said);
/* The words of an outcome's rest in this list. */
/* The first instant >= from at which window_open says yes; AT_NONE if none within 400 days. */
int64_t window_next(const struct policy *p, const struct place *place, int64_t from);

#endif
