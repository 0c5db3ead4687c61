/* SPDX-License-Identifier: MIT */
/*
 * Histories as a line of text, so that a case of the fold is a row.
 *
 * Events are separated by "; ", times are days and clocks of November 2026 in Riyadh ("23T10:00"; Sunday to Thursday
 * are worked there): 23T10:00 out no-answer     dialled        23T10:00 promise 24T15:00      also step, meeting;
 * "dropped promise" is cancelled 23T10:00 log busy          written down   23T10:00 skip 24T00:00         23T10:00 keep
 * 23T10:00 review 23T10:00 in later          they called    23T10:00 dial 2                somebody dialled number 2
 *     23T10:00 open              no outcome     "void" before out, log, in, open: taken back
 *     23T10:00 note
 * Calls of the prospect are on number 1.
 */
#ifndef CALLDECK_TEST_SCHEDULE_HISTORY_H
#define CALLDECK_TEST_SCHEDULE_HISTORY_H

#include "calldeck/schedule.h"

enum { HISTORY_MOST = 32 };
struct history {
    struct policy policy;
    struct fold_touch touches[HISTORY_MOST];
    struct fold_callback callbacks[HISTORY_MOST];
    struct fold_skip skips[HISTORY_MOST];
    struct fold_phone phones[4];
    int64_t dials_at[4][HISTORY_MOST];
    struct fold_input in;
};

int64_t november(const char *time); /* "" is AT_NONE */
/* phones: a letter a number: u usable, b bad, s suppressed. *ret must not move afterwards. */
void history_read(struct history *ret, const char *phones, const char *events);

#endif
