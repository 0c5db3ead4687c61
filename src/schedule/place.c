/* SPDX-License-Identifier: MIT */
/* Days at a place, and how long an outcome rests there. Hours are window.c. */
#include "place.h"

enum { LUNCH_HOUR = 12, AFTERNOON_HOUR = 13 };
/* More business days than any list waits; a wait row may come from anybody's hand. */
enum { BUSINESS_DAYS_MOST = 10000 };

static int64_t divide_down(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static const struct zone *first_zone(const struct place *place)
{
    return place->zone_count > 0 ? place->zones[0] : NULL;
}

static int64_t local_seconds(const struct place *place, int64_t at)
{
    const struct zone *z = first_zone(place);
    at = at_add(at, 0);
    return at + (z != NULL ? zone_offset(z, at, NULL) : 0);
}

int64_t at_add(int64_t at, int64_t seconds)
{
    int64_t sum;
    if (__builtin_add_overflow(at, seconds, &sum))
        sum = seconds < 0 ? AT_MIN : AT_MAX;
    return sum < AT_MIN ? AT_MIN : sum > AT_MAX ? AT_MAX : sum;
}

int64_t day_start(const struct place *place, int64_t at, int add_days)
{
    const struct zone *z = first_zone(place);
    at = at_add(at, 0);
    if (z != NULL)
        return zone_day_start(z, at, add_days);
    return at_add((divide_down(at, DAY_S) + add_days) * DAY_S, 0);
}

enum weekday day_weekday(const struct place *place, int64_t at)
{
    int64_t days = divide_down(local_seconds(place, at), DAY_S) + THURSDAY; /* 1970-01-01 was one */
    return (enum weekday)(days - divide_down(days, 7) * 7);
}

int seconds_of_day(const struct place *place, int64_t at)
{
    int64_t local = local_seconds(place, at);
    return (int)(local - divide_down(local, DAY_S) * DAY_S);
}

weekday_set days_allowed(weekday_set days, weekday_set workdays)
{
    if ((days & DAYS_ALL) != 0)
        return days & DAYS_ALL;
    return (workdays & DAYS_ALL) != 0 ? workdays & DAYS_ALL : DAYS_MON_FRI;
}

int64_t place_day(const struct place *place, int64_t at)
{
    return divide_down(local_seconds(place, at), DAY_S);
}

bool place_holiday(const struct policy *p, const struct place *place, int64_t day, bool *ret_said)
{
    bool known = false;
    *ret_said = false;
    for (int i = 0; i < place->holidays_count; i++) {
        known = known || holidays_has(place->holidays[i].days, (int32_t)day);
        for (int k = 0; k < p->holidays_count; k++)
            if (p->holidays[k].day == day && str_is(str_of(p->holidays[k].country), place->holidays[i].country))
                *ret_said = true;
    }
    return known || *ret_said;
}

int64_t business_day_start(const struct policy *p, const struct place *place, int64_t at, int n)
{
    weekday_set allowed = days_allowed(p->days, place->workdays);
    int weekday = (int)day_weekday(place, at);
    int64_t today = place_day(place, at);
    int ahead = 0;
    n = n < 1 ? 1 : n > BUSINESS_DAYS_MOST ? BUSINESS_DAYS_MOST : n;
    do {
        ahead++;
        bool said, holiday = place_holiday(p, place, today + ahead, &said);
        /* Who calls on all days calls on holidays too, except on those that a person named. */
        if ((allowed >> ((weekday + ahead) % 7) & 1u) != 0 && (!holiday || (allowed == DAYS_ALL && !said)))
            n--;
    } while (n > 0);
    return day_start(place, at, ahead);
}

/* Who could not be reached in the morning is tried in the afternoon, and the other way round. */
static int64_t other_part_of_day(const struct policy *p, const struct place *place, int64_t at)
{
    if (seconds_of_day(place, at) >= LUNCH_HOUR * HOUR_S)
        return business_day_start(p, place, at, 1);
    const struct zone *z = first_zone(place);
    if (z == NULL)
        return at_add(day_start(place, at, 0), AFTERNOON_HOUR * HOUR_S);
    struct civil wall = zone_civil(z, at_add(at, 0));
    wall.hour = AFTERNOON_HOUR;
    wall.minute = wall.second = 0;
    int64_t result;
    zone_instant(z, &wall, &result, NULL);
    return result;
}

int64_t outcome_rest_until(const struct outcome *o, const struct place *place, const struct policy *p, int64_t at,
                           int tries)
{
    struct str rest = str_of(retry_wait(p, o)), word = {0}, next;
    for (int i = 0; (i == 0 || i < tries) && str_word(&rest, &next); i++)
        word = next;
    struct span span;
    if (str_is(word, "part"))
        return other_part_of_day(p, place, at);
    /* A word that nobody understands is no rest: the prospect comes too early rather than never. */
    if (word.len == 0 || !span_parse(word, &span))
        return at_add(at, 0);
    if (span.business_days > 0)
        at = business_day_start(p, place, at, span.business_days);
    return at_add(at, span.seconds);
}
