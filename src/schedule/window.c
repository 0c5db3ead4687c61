/* SPDX-License-Identifier: MIT */
/*
 * Calling hours at a place, which may be several zones and laws at once: all of them must be open. The law's windows are
 * what there is at most; the list's hours and days only narrow them.
 *
 * The clock there runs evenly between two changes of its offset. So every step below goes to the next edge that an even
 * clock would show, and, where the offset at that edge is another one, only as far as the change: hours that a change
 * cuts, repeats or swallows come out as that day's clock shows them. The offset is always asked for, never kept.
 */
#include "place.h"

enum { SEARCH_DAYS = 400 };

struct window {
    const struct policy *policy;
    const struct place *place;
    struct hours list; /* of a day on which the list calls */
    weekday_set days;
    bool working_week; /* nobody named days: a public holiday is no working day */
    int consumer;
};

static struct window window_of(const struct policy *p, const struct place *place)
{
    return (struct window){
        .policy = p,
        .place = place,
        .list = {.count = p->hours_start_min < p->hours_end_min,
                 .at = {{.start_s = p->hours_start_min * MINUTE_S, .end_s = p->hours_end_min * MINUTE_S}}},
        .days = days_allowed(p->days, place->workdays),
        .working_week = (p->days & DAYS_ALL) == 0,
        .consumer = place_consumer(p, place),
    };
}

static bool law_holds(const struct window *w)
{
    return w->policy->windows && w->place->law_count > 0;
}

/* Then no zone matters, not even one that nobody knows. */
static bool window_is_always(const struct window *w)
{
    return w->days == DAYS_ALL && w->list.count == 1 && w->list.at[0].start_s <= 0 && w->list.at[0].end_s >= DAY_S &&
           w->policy->holidays_count == 0 && !law_holds(w);
}

static struct hours law_hours(const struct law *law, int consumer, int64_t day, int weekday, bool holiday, struct hours hours)
{
    if (law->day[consumer][weekday].row != NULL)
        hours = hours_both(hours, law->day[consumer][weekday].hours);
    if (holiday && law->day[consumer][LAW_HOLIDAY].row != NULL)
        hours = hours_both(hours, law->day[consumer][LAW_HOLIDAY].hours);
    for (size_t i = 0; i < law->dated_count; i++) {
        const struct law_row *row = law->dated[i];
        if (day >= row->from_day && day <= row->to_day && (row->days >> weekday & 1u) != 0 &&
            (consumer != 0 ? row->consumer : row->business))
            hours = hours_both(hours, row->hours);
    }
    return hours;
}

/* What is open on a day there: the law's hours, narrowed by the list's. */
static struct hours day_hours(const struct window *w, int64_t day, int weekday)
{
    const struct hours none = {.count = 0};
    if ((w->days >> weekday & 1u) == 0)
        return none;
    bool law = law_holds(w);
    if (!law && !w->working_week && w->policy->holidays_count == 0)
        return w->list;
    bool said, holiday = place_holiday(w->policy, w->place, day, &said);
    if (holiday && (said || w->working_week))
        return none;
    struct hours hours = w->list;
    for (int i = 0; law && i < w->place->law_count; i++)
        hours = law_hours(w->place->laws[i], w->consumer, day, weekday, holiday, hours);
    return hours;
}

struct clock {
    int offset_s;
    int second;         /* of the day */
    struct hours hours; /* of that day */
};

static struct clock clock_at(const struct window *w, const struct zone *z, int64_t at)
{
    struct clock c = {.offset_s = zone_offset(z, at, NULL)};
    int64_t local = at + c.offset_s;
    int64_t day = local / DAY_S - (local % DAY_S < 0);
    c.second = (int)(local - day * DAY_S);
    int64_t weekday = (day + THURSDAY) % 7; /* day 0, 1970-01-01, was one */
    c.hours = day_hours(w, day, (int)(weekday + (weekday < 0 ? 7 : 0)));
    return c;
}

/* The end of the hours that contain the second; 0: none do. */
static int clock_end(const struct clock *c)
{
    for (int i = 0; i < c->hours.count; i++)
        if (c->second >= c->hours.at[i].start_s && c->second < c->hours.at[i].end_s)
            return c->hours.at[i].end_s;
    return 0;
}

/* The next start of hours on that day, else the day's end. */
static int clock_start(const struct clock *c)
{
    for (int i = 0; i < c->hours.count; i++)
        if (c->second < c->hours.at[i].start_s)
            return c->hours.at[i].start_s;
    return DAY_S;
}

static bool clock_inside(const struct clock *c)
{
    return clock_end(c) != 0;
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
        int end_s = clock_end(&c);
        if (end_s == 0)
            return at;
        at = edge_or_change(z, at, at + (end_s - c.second), c.offset_s);
    }
    return limit;
}

/* The first instant >= at inside the window of one zone; `limit` if none before. */
static int64_t zone_opens(const struct window *w, const struct zone *z, int64_t at, int64_t limit)
{
    while (at < limit) {
        struct clock c = clock_at(w, z, at);
        if (clock_inside(&c))
            return at;
        at = edge_or_change(z, at, at + (clock_start(&c) - c.second), c.offset_s);
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
        if (!clock_inside(&c))
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
        return place_lawful(p, place, at, NULL) ? at : AT_NONE;
    if (place->zone_count <= 0 || w.list.count == 0)
        return AT_NONE;
    /* Zones push each other on until none objects; where they never overlap, the limit ends it. */
    while (at < limit) {
        int64_t before = at;
        for (int i = 0; i < place->zone_count; i++)
            at = zone_opens(&w, place->zones[i], at, limit);
        if (at != before)
            continue;
        int64_t closes = window_closes(&w, place, at, at + RING_S + 1);
        if (closes > at + RING_S) /* consent and registries are lost by time, never won */
            return place_lawful(p, place, at, NULL) ? at : AT_NONE;
        at = closes; /* too short to let it ring */
    }
    return AT_NONE;
}

bool window_open(const struct policy *p, const struct place *place, int64_t now, int64_t *ret_closes_at,
                 int64_t *ret_opens_at)
{
    struct window w = window_of(p, place);
    now = at_add(now, 0);
    if (!place_lawful(p, place, now, NULL)) {
        if (ret_opens_at != NULL)
            *ret_opens_at = AT_NONE;
        return false;
    }
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

bool law_open(const struct policy *p, const struct place *place, int64_t now)
{
    /* The list's side as wide as it can be. */
    struct window w = {.policy = p,
                       .place = place,
                       .list = {.count = 1, .at = {{.start_s = 0, .end_s = DAY_S}}},
                       .days = DAYS_ALL,
                       .consumer = place_consumer(p, place)};
    now = at_add(now, 0);
    return !law_holds(&w) || (window_inside(&w, place, now) && window_inside(&w, place, now + RING_S));
}
