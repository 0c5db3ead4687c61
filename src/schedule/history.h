/* SPDX-License-Identifier: MIT */
/* A prospect's touches in order of (time, uid), for the files that fold them. */
#ifndef CALLDECK_SCHEDULE_HISTORY_H
#define CALLDECK_SCHEDULE_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "calldeck/schedule.h"

struct history {
    const struct fold_touch *touches; /* in order */
    size_t count;
};

/* A live call that ended in an outcome: what the cadence and the promises look at. */
bool touch_counts(const struct fold_touch *t);
/* ... in which the prospect was reached, or which ended the matter. */
bool touch_reached(const struct fold_touch *t);

struct promise {
    bool open;
    int64_t due_at; /* AT_NONE unless open */
    int tries;
};
/* What later touches made of a promise. A meeting has no tries: it stays open until the talk after it. */
struct promise promise_state(const struct history *h, const struct fold_callback *callback, const struct policy *p);

/* `at`, or the start of the first part of a later day's calling hours in which this person was not tried yet, if one comes
 * within a week. Parts: morning, midday, afternoon, evening. */
int64_t rest_to_new_part(const struct policy *p, const struct place *place, const struct history *h, int64_t at);

#endif
