/* SPDX-License-Identifier: MIT */
/*
 * What the law says of a place beyond the hour: consent, registries, calls placed, refusals; and its words for people.
 *
 * None of it is a rule of the house: no typed reason sets it aside.
 */
#include "place.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

enum { DIALS_ON_STACK = 160 };

const char *cause_name(enum cause cause)
{
    switch (cause) {
    case CAUSE_LAW_HOURS:
        return "law-hours";
    case CAUSE_CONSENT:
        return "consent";
    case CAUSE_REGISTRY_MISSING:
        return "registry-missing";
    case CAUSE_REGISTRY_OLD:
        return "registry-old";
    case CAUSE_LEGAL_CAP:
        return "legal-cap";
    case CAUSE_REFUSAL:
        return "refusal";
    case CAUSE_LINE_RESTS:
        return "line-rests";
    case CAUSE_STATE:
    case CAUSE_COUNT_:
        break;
    }
    return "";
}

bool place_consumer(const struct policy *p, const struct place *place)
{
    return place->audience == AUDIENCE_UNSAID ? p->consumer : place->audience == AUDIENCE_CONSUMER;
}

/* The newest registry of that country; LAW_DAY_ALWAYS: none. */
static int32_t registry_of(const struct policy *p, const char *country)
{
    int32_t newest = LAW_DAY_ALWAYS;
    for (int i = 0; i < p->registries_count; i++)
        if (p->registries[i].as_of_day > newest &&
            (p->registries[i].country[0] == '\0' || str_is(str_of(country), p->registries[i].country)))
            newest = p->registries[i].as_of_day;
    return newest;
}

bool place_lawful(const struct policy *p, const struct place *place, int64_t now, enum cause *ret_cause)
{
    int consumer = place_consumer(p, place);
    enum cause cause = CAUSE_STATE;
    for (int i = 0; i < place->law_count && cause == CAUSE_STATE; i++) {
        const struct law_limits *l = &place->laws[i]->limits[consumer];
        if (l->consent_from == LAW_DAY_NONE && l->registry_days == 0)
            continue;
        int64_t today = place_day(place, now);
        if (l->consent_from != LAW_DAY_NONE && today >= l->consent_from && place->basis != BASIS_CONSENT)
            cause = CAUSE_CONSENT;
        if (cause != CAUSE_STATE || l->registry_days == 0 || place->basis == BASIS_CONSENT ||
            (place->basis == BASIS_RELATED && today <= place->basis_until_day))
            continue;
        int32_t as_of = registry_of(p, place->laws[i]->country);
        if (as_of == LAW_DAY_ALWAYS)
            cause = CAUSE_REGISTRY_MISSING;
        else if (today - as_of > l->registry_days)
            cause = CAUSE_REGISTRY_OLD;
    }
    if (ret_cause != NULL)
        *ret_cause = cause;
    return cause == CAUSE_STATE;
}

/* ---- calls placed ---- */

static int newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? 1 : x > y ? -1 : 0;
}

/* A window of 24 hours has room again when the n-th newest call in it is 24 hours old. */
static int64_t caps_until(const int limits[LAW_SPANS], const int64_t *newest, size_t count)
{
    int64_t until = AT_NONE;
    for (int span = 0; span < LAW_SPANS; span++) {
        size_t limit = (size_t)limits[span];
        if (limit == 0 || count < limit)
            continue;
        int64_t free_at = at_add(newest[limit - 1], law_span_s[span]);
        until = free_at > until ? free_at : until;
    }
    return until;
}

static bool caps_reached(const int limits[LAW_SPANS], size_t count)
{
    for (int span = 0; span < LAW_SPANS; span++)
        if (limits[span] != 0 && count >= (size_t)limits[span])
            return true;
    return false;
}

int64_t legal_rest_until(const struct policy *p, const struct place *place, const struct dials *dials, int64_t refused_at,
                         enum cause *ret_cause)
{
    int consumer = place_consumer(p, place);
    bool capped = false, refused = false;
    for (int i = 0; i < place->law_count; i++) {
        const struct law_limits *l = &place->laws[i]->limits[consumer];
        capped |= caps_reached(l->attempts, dials->count) || caps_reached(l->unanswered, dials->count);
        refused |= l->refusal_days != 0 && refused_at != AT_NONE;
    }
    if (ret_cause != NULL)
        *ret_cause = CAUSE_STATE;
    if (!capped && !refused)
        return AT_NONE;

    int64_t on_stack[2 * DIALS_ON_STACK], *all = on_stack, until = AT_NONE;
    enum cause cause = CAUSE_STATE;
    if (dials->count > DIALS_ON_STACK)
        all = alloc_zeroed(2 * dials->count, sizeof *all);
    int64_t *unanswered = all + dials->count;
    size_t unanswered_count = 0;
    for (size_t i = 0; i < dials->count; i++) {
        all[i] = dials->at[i];
        if (dials->answered == NULL || !dials->answered[i])
            unanswered[unanswered_count++] = dials->at[i];
    }
    qsort(all, dials->count, sizeof *all, newest_first);
    qsort(unanswered, unanswered_count, sizeof *unanswered, newest_first);
    for (int i = 0; i < place->law_count; i++) {
        const struct law_limits *l = &place->laws[i]->limits[consumer];
        int64_t cap = caps_until(l->attempts, all, dials->count), refusal = AT_NONE;
        int64_t tries = caps_until(l->unanswered, unanswered, unanswered_count);
        cap = tries > cap ? tries : cap;
        if (l->refusal_days != 0 && refused_at != AT_NONE)
            refusal = l->refusal_days < 0 ? AT_MAX : at_add(refused_at, l->refusal_days * (int64_t)DAY_S);
        if (cap > until) {
            until = cap;
            cause = CAUSE_LEGAL_CAP;
        }
        if (refusal > until) {
            until = refusal;
            cause = CAUSE_REFUSAL;
        }
    }
    if (all != on_stack)
        free(all);
    if (ret_cause != NULL)
        *ret_cause = cause;
    return until;
}

/* ---- what holds on a day, for people ---- */

int law_for(const struct policy *p, const struct place *place, const struct zone *zone, int64_t at, struct day_law ret[PLACE_LAWS])
{
    struct place there = *place;
    there.zones[0] = zone;
    there.zone_count = zone != NULL;
    int consumer = place_consumer(p, place);
    int64_t day = place_day(&there, at);
    bool said, holiday = place_holiday(p, place, day, &said);
    enum weekday weekday = day_weekday(&there, at);
    for (int i = 0; i < place->law_count; i++) {
        const struct law *law = place->laws[i];
        struct day_law *d = &ret[i];
        *d = (struct day_law){.law = law, .holiday = holiday};
        d->day = law->day[consumer][weekday];
        const struct law_day *off = &law->day[consumer][LAW_HOLIDAY];
        if (holiday && off->row != NULL) {
            struct hours hours = d->day.row != NULL ? hours_both(d->day.hours, off->hours) : off->hours;
            bool verified = off->verified && (d->day.row == NULL || d->day.verified);
            d->day = *off;
            d->day.hours = hours;
            d->day.verified = verified;
        }
        for (size_t k = 0; k < law->dated_count; k++) {
            const struct law_row *row = law->dated[k];
            if (day < row->from_day || day > row->to_day || (row->days >> (int)weekday & 1u) == 0 ||
                !(consumer != 0 ? row->consumer : row->business))
                continue;
            d->day.hours = d->day.row != NULL ? hours_both(d->day.hours, row->hours) : row->hours;
            d->day.verified = row->verified && (d->day.row == NULL || d->day.verified);
            d->dated = row;
        }
    }
    return place->law_count;
}

void law_day_text(const struct day_law *d, bool with_source, struct buf *out)
{
    const struct law_row *row = d->dated != NULL ? d->dated : d->day.row;
    buf_printf(out, "%s%s%s", d->law->country, d->law->region[0] ? "-" : "", d->law->region);
    if (row == NULL) {
        buf_add_text(out, " no row");
        return;
    }
    buf_printf(out, " %.*s", STR_ARG(row->day));
    for (int i = 0; i < d->day.hours.count; i++)
        buf_printf(out, "%s%02d:%02d-%02d:%02d", i == 0 ? " " : ", ", d->day.hours.at[i].start_s / HOUR_S,
                   d->day.hours.at[i].start_s / MINUTE_S % 60, d->day.hours.at[i].end_s / HOUR_S,
                   d->day.hours.at[i].end_s / MINUTE_S % 60);
    if (d->day.hours.count == 0)
        buf_add_text(out, " closed");
    if (!d->day.verified)
        buf_add_text(out, " (not verified)");
    if (d->day.borrowed)
        buf_add_text(out, " (no row of its own)");
    if (with_source)
        buf_printf(out, "; %.*s, checked %.*s", STR_ARG(row->source), STR_ARG(row->checked_on));
}
