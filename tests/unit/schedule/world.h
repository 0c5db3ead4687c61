/* SPDX-License-Identifier: MIT */
/* What the tests of this floor share: places, instants and outcomes by the words that a person would use. */
#ifndef CALLDECK_TEST_SCHEDULE_WORLD_H
#define CALLDECK_TEST_SCHEDULE_WORLD_H

#include "calldeck/schedule.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { MON_FRI = 0x1f, SUN_THU = 0x4f, ALL_DAYS = 0x7f };

/* Zones by name, commas between; "" is nowhere. Kept until the program ends. */
struct place place_in(const char *zones, weekday_set workdays);
/* "2026-11-23T10:00:00+03:00", "2026-11-23 10:00Z"; "" is AT_NONE. Fails the test if it is none. */
int64_t instant(const char *text);
/* A default row by its code; NULL for "". */
const struct outcome *outcome_of(const char *code);
/* ISO in UTC, "none": for messages. One of a few buffers in turn. */
const char *shown(int64_t at);
void assert_at(int64_t got, int64_t want, size_t row);

#endif
