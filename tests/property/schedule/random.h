/* SPDX-License-Identifier: MIT */
/* Random places, policies and histories: dense in time, so that edges and ties meet often. */
#ifndef CALLDECK_TEST_RANDOM_H
#define CALLDECK_TEST_RANDOM_H

#include "calldeck/schedule.h"

enum { RANDOM_TOUCHES = 14, RANDOM_CALLBACKS = 4, RANDOM_SKIPS = 5, RANDOM_PHONES = 3, RANDOM_DIALS = 6 };
struct random_history {
    struct policy policy;
    struct fold_touch touches[RANDOM_TOUCHES];
    struct fold_callback callbacks[RANDOM_CALLBACKS];
    struct fold_skip skips[RANDOM_SKIPS];
    struct fold_phone phones[RANDOM_PHONES];
    int64_t dials_at[RANDOM_PHONES][RANDOM_DIALS];
    struct fold_input in; /* points into the above */
};

int random_below(uint64_t *seed, int limit); /* 0 .. limit - 1 */
/* Within a few days around changes of the clocks, mostly on quarters of an hour. */
int64_t random_at(uint64_t *seed);
struct place random_place(uint64_t *seed);
struct policy random_policy(uint64_t *seed);
void random_history(uint64_t *seed, struct random_history *ret);

#endif
