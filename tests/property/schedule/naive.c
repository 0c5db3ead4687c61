/* SPDX-License-Identifier: MIT */
#include "naive.h"

#include <stdlib.h>
#include <string.h>

/* ---- days and hours ---- */

static struct civil civil_there(const struct place *place, int64_t at)
{
    return place->zone_count > 0 ? zone_civil(place->zones[0], at) : civil_of_seconds(at);
}

int64_t naive_day(const struct place *place, int64_t at)
{
    struct civil c = civil_there(place, at);
    return civil_days(c.year, c.month, c.day);
}

/* The first second that belongs to that day or a later one, found by going there from `at` and stepping back and forth.
 */
static int64_t first_second_of_day(const struct place *place, int64_t at, int64_t day)
{
    int64_t t = at + (day - naive_day(place, at)) * DAY_S;
    t -= t % MINUTE_S;
    while (naive_day(place, t) >= day)
        t -= 6 * HOUR_S;
    while (naive_day(place, t) < day)
        t += MINUTE_S;
    return t;
}

static weekday_set naive_days(const struct policy *p, const struct place *place)
{
    weekday_set days = p->days != 0 ? p->days : place->workdays;
    return days != 0 ? days : 0x1f;
}

static int64_t naive_business_day(const struct policy *p, const struct place *place, int64_t at, int n)
{
    int64_t day = naive_day(place, at);
    while (n > 0) {
        day++;
        struct civil c = civil_of_seconds(day * DAY_S);
        if (naive_days(p, place) & (1u << civil_weekday(&c)))
            n--;
    }
    return first_second_of_day(place, at, day);
}

static bool inside(const struct policy *p, const struct place *place, const struct zone *z, int64_t at)
{
    struct civil c = zone_civil(z, at);
    int minute = c.hour * 60 + c.minute;
    return (naive_days(p, place) & (1u << civil_weekday(&c))) && minute >= p->hours_start_min &&
           minute < p->hours_end_min;
}

bool naive_open(const struct policy *p, const struct place *place, int64_t now)
{
    if (p->hours_start_min == 0 && p->hours_end_min == 1440 && naive_days(p, place) == 0x7f)
        return true;
    for (int i = 0; i < place->zone_count; i++)
        if (!inside(p, place, place->zones[i], now) || !inside(p, place, place->zones[i], now + 60))
            return false;
    return place->zone_count > 0;
}

/* ---- the history ---- */

static bool before(const struct fold_touch *a, const struct fold_touch *b)
{
    return a->at != b->at ? a->at < b->at : memcmp(a->uid.b, b->uid.b, sizeof a->uid.b) < 0;
}

static bool live_talk(const struct fold_touch *t)
{
    return t->call && !t->voided && t->outcome != NULL;
}

static bool ends_promise(const struct fold_touch *t)
{
    return live_talk(t) && (t->outcome->done || (t->outcome->answered && t->outcome->right_person));
}

static bool is_promising(const struct outcome *o)
{
    return o->effect == EFFECT_CALLBACK || o->effect == EFFECT_NEXT_STEP || o->effect == EFFECT_MEETING;
}

/* The next touch in order after `last` (NULL: the first); NULL at the end. Selection, not sorting. */
static const struct fold_touch *next_touch(const struct fold_input *in, const struct fold_touch *last)
{
    const struct fold_touch *best = NULL;
    for (size_t i = 0; i < in->touches_count; i++) {
        const struct fold_touch *t = &in->touches[i];
        if ((last == NULL || before(last, t)) && (best == NULL || before(t, best)))
            best = t;
    }
    return best;
}

static bool promise_open(const struct fold_input *in, const struct fold_callback *c, int64_t *ret_due, int *ret_tries)
{
    *ret_due = c->asked_at;
    *ret_tries = 0;
    if (c->cancelled)
        return false;
    for (const struct fold_touch *t = next_touch(in, NULL); t != NULL; t = next_touch(in, t)) {
        bool later = t->at > c->made_at;
        bool same_second = t->at == c->made_at;
        if (ends_promise(t) && (later || (same_second && !is_promising(t->outcome))))
            return false;
        if (later && live_talk(t) && t->outbound && c->kind != PROMISE_MEETING && t->at >= *ret_due - 60) {
            if (++*ret_tries > in->policy->retry_callback_tries)
                return false;
            *ret_due = t->at + in->policy->retry_callback_s;
        }
    }
    return true;
}

static int64_t naive_rest(const struct fold_input *in, const struct outcome *o, int64_t at, int tries)
{
    /* the words of the default rows, and of those that the test makes, by hand */
    const char *w = o->wait;
    int hour = civil_there(&in->place, at).hour;
    if (strcmp(w, "3h 1bd 2bd 4bd") == 0) {
        if (tries <= 1)
            return at + 3 * HOUR_S;
        return naive_business_day(in->policy, &in->place, at, tries == 2 ? 1 : tries == 3 ? 2 : 4);
    }
    if (strcmp(w, "15m") == 0)
        return at + 900;
    if (strcmp(w, "1bd") == 0)
        return naive_business_day(in->policy, &in->place, at, 1);
    if (strcmp(w, "3bd") == 0)
        return naive_business_day(in->policy, &in->place, at, 3);
    if (strcmp(w, "part") == 0) {
        if (hour >= 12)
            return naive_business_day(in->policy, &in->place, at, 1);
        int64_t t = first_second_of_day(&in->place, at, naive_day(&in->place, at));
        while (civil_there(&in->place, t).hour < 13)
            t += 60;
        return t;
    }
    if (strcmp(w, "") == 0)
        return AT_NONE;
    abort();
}

static int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool counts_as_dial(const struct fold_touch *t)
{
    return t->call && (t->dialed || (t->outbound && t->outcome != NULL && !t->voided));
}

/* Until when a row of dials fills its last day. */
static int64_t full_until(const struct fold_input *in, const int64_t *dials, size_t count)
{
    int64_t last_day = INT64_MIN, at = 0;
    int on_it = 0;
    for (size_t i = 0; i < count; i++)
        if (naive_day(&in->place, dials[i]) > last_day) {
            last_day = naive_day(&in->place, dials[i]);
            at = dials[i];
        }
    for (size_t i = 0; i < count; i++)
        on_it += naive_day(&in->place, dials[i]) == last_day;
    if (count == 0 || in->policy->dials_per_day == 0 || on_it < in->policy->dials_per_day)
        return AT_NONE;
    return first_second_of_day(&in->place, at, last_day + 1);
}

static enum prospect_state naive_state(const struct fold_input *in, struct fold_result *r, int64_t meeting_at)
{
    const struct policy *p = in->policy;
    bool any_suppressed = false, done = false, own_cap = false, review = false;
    int64_t number_free_at = AT_NONE;
    for (size_t i = in->phones_count; i-- > 0;) {
        const struct fold_phone *phone = &in->phones[i];
        any_suppressed |= phone->suppressed;
        if (!phone->usable)
            continue;
        int64_t free_at = full_until(in, phone->dials_at, phone->dials_count);
        if (r->phone_id == 0 || free_at <= number_free_at) {
            r->phone_id = phone->id;
            number_free_at = free_at;
        }
    }

    const struct fold_touch *last = NULL;
    int in_a_row = 0;
    int64_t dials[64];
    size_t dials_count = 0;
    for (const struct fold_touch *t = next_touch(in, NULL); t != NULL; t = next_touch(in, t)) {
        if (counts_as_dial(t))
            dials[dials_count++] = t->at;
        if (!live_talk(t))
            continue;
        last = t;
        done |= t->outcome->done;
        if (t->outcome->answered)
            in_a_row = 0;
        else if (t->outbound && t->outcome->counts)
            in_a_row++;
        int same = 0;
        for (size_t i = 0; i < in->touches_count; i++)
            same += live_talk(&in->touches[i]) && in->touches[i].outcome->id == t->outcome->id;
        own_cap |= t->outcome->cap > 0 && same >= t->outcome->cap;
    }

    int64_t skip_until = AT_NONE;
    for (size_t i = 0; i < in->skips_count; i++) {
        const struct fold_skip *s = &in->skips[i];
        bool cleared = s->keep;
        for (size_t j = 0; j < in->skips_count; j++)
            cleared |= in->skips[j].keep && in->skips[j].at >= s->at;
        for (size_t j = 0; j < in->touches_count; j++)
            cleared |= live_talk(&in->touches[j]) && in->touches[j].at > s->at;
        if (cleared)
            continue;
        review |= s->to_review;
        r->skips += !s->to_review;
        skip_until = later_of(skip_until, s->until_at);
    }
    review |= p->skips_to_review > 0 && r->skips >= p->skips_to_review;

    if (in->archived)
        return STATE_ARCHIVED;
    if (in->suppressed || (r->phone_id == 0 && any_suppressed))
        return STATE_SUPPRESSED;
    if (done && r->callback_id == 0 && meeting_at == AT_NONE)
        return STATE_DONE;
    if (r->callback_id != 0) {
        r->not_before = r->due_at;
        return STATE_CALLBACK;
    }
    if (review)
        return STATE_REVIEW;
    if (r->phone_id == 0)
        return in->phones_count == 0 ? STATE_NO_NUMBER : STATE_DONE;
    int64_t rest = last != NULL ? naive_rest(in, last->outcome, last->at, in_a_row) : AT_NONE;
    rest = later_of(rest, skip_until);
    int64_t full = later_of(full_until(in, dials, dials_count), number_free_at);
    int64_t back = AT_NONE;
    if (meeting_at != AT_NONE)
        back = first_second_of_day(&in->place, meeting_at, naive_day(&in->place, meeting_at) + p->meeting_back_days);
    if (back != AT_NONE && back >= rest && back >= full) {
        r->not_before = back;
        return STATE_BOOKED;
    }
    if (in->place.zone_count == 0)
        return STATE_NO_ZONE;
    if ((p->attempt_cap > 0 && r->attempts >= p->attempt_cap) || own_cap)
        return STATE_CAPPED;
    if (rest == AT_NONE && full == AT_NONE)
        return STATE_READY;
    r->not_before = later_of(rest, full);
    return full > rest ? STATE_CAPPED : STATE_RESTING;
}

void naive_fold(const struct fold_input *in, struct fold_result *ret, int64_t *ret_callback_due)
{
    struct fold_result r = {.not_before = AT_NONE, .touched_at = AT_NONE, .due_at = AT_NONE};
    int64_t meeting_at = AT_NONE;
    for (size_t i = 0; i < in->touches_count; i++) {
        const struct fold_touch *t = &in->touches[i];
        r.attempts += live_talk(t) && t->outbound && t->outcome->counts;
        r.customer |= live_talk(t) && t->outcome->effect == EFFECT_SALE;
        if (t->call && !t->voided && (t->dialed || t->outcome != NULL))
            r.touched_at = later_of(r.touched_at, t->at);
    }
    for (size_t i = 0; i < in->callbacks_count; i++) {
        int64_t due;
        int tries;
        bool open = promise_open(in, &in->callbacks[i], &due, &tries);
        ret_callback_due[i] = open ? due : AT_NONE;
        if (!open)
            continue;
        if (in->callbacks[i].kind == PROMISE_MEETING)
            meeting_at = later_of(meeting_at, due);
        else if (r.due_at == AT_NONE || due < r.due_at || (due == r.due_at && in->callbacks[i].id < r.callback_id)) {
            r.due_at = due;
            r.tries = tries;
            r.callback_id = in->callbacks[i].id;
        }
    }
    r.state = naive_state(in, &r, meeting_at);
    *ret = r;
}
