/* SPDX-License-Identifier: MIT */
/* Of two that may be called, who is first. The words for it are reason.c. */
#include "calldeck/schedule.h"

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int order_compare(const struct order_key *a, const struct order_key *b)
{
    int c = compare(a->rank, b->rank);
    if (c == 0)
        c = compare(a->attempts, b->attempts);
    if (c == 0)
        c = compare(a->touched_at, b->touched_at); /* AT_NONE, never touched, is the smallest */
    if (c == 0)
        c = compare(a->id, b->id); /* nobody else has it: the order is total */
    return c;
}
