/* SPDX-License-Identifier: MIT */
/*
 * The rules of the schedule once more, in the slowest and plainest way: no sorting tricks, no early ends, clocks walked
 * second by second or minute by minute. Written from the rules, not from the code under test.
 */
#ifndef CALLDECK_TEST_NAIVE_H
#define CALLDECK_TEST_NAIVE_H

#include "calldeck/schedule.h"

void naive_fold(const struct fold_input *in, struct fold_result *ret, int64_t *ret_callback_due);
/* Inside hours and days in every zone, now and a ring later. */
bool naive_open(const struct policy *p, const struct place *place, int64_t now);
/* The day there: how many days after the epoch. */
int64_t naive_day(const struct place *place, int64_t at);

#endif
