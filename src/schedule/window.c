/* SPDX-License-Identifier: MIT */
/*
 * Calling hours at a place, which may be several zones at once: all of them must be open.
 *
 * The clock there runs evenly between two changes of its offset. So every step below goes to the next edge that an even
 * clock would show, and, where the offset at that edge is another one, only as far as the change: hours that a change
 * cuts, repeats or swallows come out as that day's clock shows them. The offset is always asked for, never kept.
 */
#include "place.h"

enum { SEARCH_DAYS = 400 };

struct window {
    int start_s, end_s; /* on the clock there */
    weekday_set days;
};

static struct window window_of(const struct policy *p, const struct place *place)
{
    return (struct window){
        .start_s = p->hours_start_min * MINUTE_S,
        .end_s = p->hours_end_min * MINUTE_S,
        .days = days_allowed(p->days, place->workdays),
    };
}

/* Then no zone matters, not even one that nobody knows. */
static bool window_is_always(const struct window *w)
{
    return w->days == DAYS_ALL && w->start_s <= 0 && w->end_s >= DAY_S;
}

struct clock {
    int offset_s;
    int second; /* of the day */
    bool day;   /* calls are allowed on it */
};

static struct clock clock_at(const struct window *w, const struct zone *z, int64_t at)
{
    struct clock c = {.offset_s = zone_offset(z, at, NULL)};
    int64_t local = at + c.offset_s;
    int64_t day = local / DAY_S - (local % DAY_S < 0);
    c.second = (int)(local - day * DAY_S);
    int64_t weekday = (day + THURSDAY) % 7; /* day 0, 1970-01-01, was one */
    c.day = (w->days >> (weekday + (weekday < 0 ? 7 : 0)) & 1u) != 0;
    return c;
}

static bool clock_inside(const struct window *w, const struct clock *c)
{
    return c->day && c->second >= w->start_s && c->second < w->end_s;
}

/* `edge`, or the change of offset before it: the first instant after `from` at which the offset is not offset_s. */
static int64_t edge_or_change(const struct zone *z, int64_t from, int64_t edge, int offset_s)
{
    /* Two changes that cancel each other within the day between two edges: no zone has ever done that. */
    if (zone_offset(z, edge, NULL) == offset_s)
        return edge;
    while (edge - from > 1) {
        int64_t middle = from + (edge - from) / 2;
        if (zone_offset(z, middle, NULL) == offset_s)
            from = middle;
        else
            edge = middle;
    }
    return edge;
}

/* The first instant >= at outside the window of one zone; `limit` if none before. */
static int64_t zone_closes(const struct window *w, const struct zone *z, int64_t at, int64_t limit)
{
    while (at < limit) {
        struct clock c = clock_at(w, z, at);
        if (!clock_inside(w, &c))
            return at;
        at = edge_or_change(z, at, at + (w->end_s - c.second), c.offset_s);
    }
    return limit;
}

/* The first instant >= at inside the window of one zone; `limit` if none before. */
static int64_t zone_opens(const struct window *w, const struct zone *z, int64_t at, int64_t limit)
{
    while (at < limit) {
        struct clock c = clock_at(w, z, at);
        if (clock_inside(w, &c))
            return at;
        int edge_s = c.day && c.second < w->start_s ? w->start_s : DAY_S;
        at = edge_or_change(z, at, at + (edge_s - c.second), c.offset_s);
    }
    return limit;
}

static int64_t window_closes(const struct window *w, const struct place *place, int64_t at, int64_t limit)
{
    int64_t first = limit;
    for (int i = 0; i < place->zone_count; i++)
        first = zone_closes(w, place->zones[i], at, first);
    return first;
}

static bool window_inside(const struct window *w, const struct place *place, int64_t at)
{
    for (int i = 0; i < place->zone_count; i++) {
        struct clock c = clock_at(w, place->zones[i], at);
        if (!clock_inside(w, &c))
            return false;
    }
    return place->zone_count > 0;
}

int64_t window_next(const struct policy *p, const struct place *place, int64_t from)
{
    struct window w = window_of(p, place);
    int64_t at = at_add(from, 0);
    int64_t limit = at + SEARCH_DAYS * (int64_t)DAY_S;
    if (window_is_always(&w))
        return at;
    if (place->zone_count <= 0 || w.start_s >= w.end_s)
        return AT_NONE;
    /* Zones push each other on until none objects; where they never overlap, the limit ends it. */
    while (at < limit) {
        int64_t before = at;
        for (int i = 0; i < place->zone_count; i++)
            at = zone_opens(&w, place->zones[i], at, limit);
        if (at != before)
            continue;
        int64_t closes = window_closes(&w, place, at, at + RING_S + 1);
        if (closes > at + RING_S)
            return at;
        at = closes; /* too short to let it ring */
    }
    return AT_NONE;
}

bool window_open(const struct policy *p, const struct place *place, int64_t now, int64_t *ret_closes_at,
                 int64_t *ret_opens_at)
{
    struct window w = window_of(p, place);
    now = at_add(now, 0);
    if (window_is_always(&w)) {
        if (ret_closes_at != NULL)
            *ret_closes_at = AT_NONE;
        return true;
    }
    if (!window_inside(&w, place, now) || !window_inside(&w, place, now + RING_S)) {
        if (ret_opens_at != NULL)
            *ret_opens_at = window_next(p, place, now);
        return false;
    }
    if (ret_closes_at != NULL)
        *ret_closes_at = window_closes(&w, place, now, now + SEARCH_DAYS * (int64_t)DAY_S);
    return true;
}
