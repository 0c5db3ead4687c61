/* SPDX-License-Identifier: MIT */
/*
 * Parts of the day: who did not answer in the morning is tried at noon before another morning.
 *
 * Repeating a slot that failed has diminishing returns (Kulka and Weeks 1988), so a rest goes on until a part that is new,
 * as long as the calling hours have one within a week.
 */
#include "history.h"
#include "place.h"

enum { PARTS = 4, SEARCH_PARTS = 7 * PARTS };
static const int part_start_h[PARTS] = {0, 11, 14, 17};

static int part_of(const struct place *place, int64_t at)
{
    int hour = seconds_of_day(place, at) / HOUR_S, part = PARTS - 1;
    while (part > 0 && hour < part_start_h[part])
        part--;
    return part;
}

/* The start of the part after the one that contains `at`. */
static int64_t next_part(const struct place *place, int64_t at)
{
    int part = part_of(place, at);
    if (part == PARTS - 1)
        return day_start(place, at, 1);
    int64_t later = at_add(at, part_start_h[part + 1] * HOUR_S - seconds_of_day(place, at));
    return part_of(place, later) == part ? day_start(place, at, 1) : later; /* a change of the clocks in between */
}

int64_t rest_to_new_part(const struct policy *p, const struct place *place, const struct history *h, int64_t at)
{
    unsigned tried = 0;
    for (size_t i = 0; i < h->count; i++)
        if (touch_counts(&h->touches[i]) && h->touches[i].outbound && !h->touches[i].outcome->answered)
            tried |= 1u << part_of(place, h->touches[i].at);
    if (tried == 0 || place->zone_count <= 0)
        return at;
    int64_t from = at;
    for (int i = 0; i < SEARCH_PARTS; i++) {
        int64_t open = window_next(p, place, from);
        if (open == AT_NONE)
            return at;
        if ((tried >> part_of(place, open) & 1u) == 0)
            return open;
        from = next_part(place, open);
    }
    return at; /* all parts that are open were tried: the plain rest holds */
}
