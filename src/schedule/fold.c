/* SPDX-License-Identifier: MIT */
/*
 * What the history makes of a prospect. Every rule reads facts alone: the same facts give the same answer at any hour,
 * so that the store can keep it and `check` can find it again.
 */
#include "calldeck/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "history.h"
#include "place.h"

enum { SORT_ON_STACK = 48 };
/* The law's highest count is four in 30 days; the newest calls decide. */
enum { OWN_DIALS_MOST = 128 };

static int touch_compare(const struct fold_touch *a, const struct fold_touch *b)
{
    if (a->at != b->at)
        return a->at < b->at ? -1 : 1;
    return uid_compare(&a->uid, &b->uid);
}

static int touch_compare_any(const void *a, const void *b)
{
    return touch_compare(a, b);
}

static bool is_sorted(const struct fold_touch *touches, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (touch_compare(&touches[i - 1], &touches[i]) > 0)
            return false;
    return true;
}

/* ---- what the touches add up to ---- */

/* Outcomes with a cap of their own, counted; a key a row bounds how many there are. */
struct own_cap {
    int64_t outcome_id;
    int count;
};
enum { OWN_CAPS_MOST = 256 };

static bool own_cap_reached(struct own_cap *caps, size_t *used, const struct outcome *o)
{
    size_t i = 0;
    while (i < *used && caps[i].outcome_id != o->id)
        i++;
    if (i == OWN_CAPS_MOST)
        return false;
    if (i == *used)
        caps[(*used)++] = (struct own_cap){.outcome_id = o->id, .count = 0};
    caps[i].count++;
    return caps[i].count >= o->cap;
}

struct tally {
    int attempts;
    int64_t touched_at;            /* the last live call */
    const struct fold_touch *last; /* the last live call with an outcome */
    int unanswered;                /* tries in a row without an answer, up to that one */
    bool done, customer;
    bool own_cap; /* an outcome came as often as its own cap allows */
};

static void tally_touches(struct tally *y, const struct history *h)
{
    struct own_cap caps[OWN_CAPS_MOST];
    size_t caps_used = 0;
    *y = (struct tally){.touched_at = AT_NONE};
    for (size_t i = 0; i < h->count; i++) {
        const struct fold_touch *t = &h->touches[i];
        if (t->call && !t->voided && (t->dialed || t->outcome != NULL))
            y->touched_at = t->at;
        if (!touch_counts(t))
            continue;
        const struct outcome *o = t->outcome;
        y->last = t;
        y->done |= o->done;
        y->customer |= o->effect == EFFECT_SALE;
        if (t->outbound && o->counts)
            y->attempts++;
        if (o->answered)
            y->unanswered = 0;
        else if (t->outbound && o->counts)
            y->unanswered++;
        if (o->cap > 0 && own_cap_reached(caps, &caps_used, o))
            y->own_cap = true;
    }
}

/* ---- days with as many dials as are allowed ---- */

/* When the day of `latest` is over, if `count_in_day` says that it is full; else AT_NONE. */
static int64_t full_until(int count, int limit, int64_t day_end)
{
    return limit > 0 && count >= limit ? day_end : AT_NONE;
}

static bool is_dial(const struct fold_touch *t)
{
    /* Placed calls count for ever; one that was only written down counts as long as it stands. */
    return t->call && (t->dialed || (!t->voided && t->outbound && t->outcome != NULL));
}

/* Calls placed to this person on any number, and the last refusal that stands. */
struct own_dials {
    int64_t at[OWN_DIALS_MOST];
    bool answered[OWN_DIALS_MOST];
    size_t count;
    int64_t refused_at;
};

static void own_dials_make(struct own_dials *own, const struct history *h)
{
    own->count = 0;
    own->refused_at = AT_NONE;
    for (size_t i = h->count; i-- > 0;) {
        const struct fold_touch *t = &h->touches[i];
        if (own->refused_at == AT_NONE && touch_counts(t) && t->outcome->effect == EFFECT_REFUSAL)
            own->refused_at = t->at;
        if (own->count < OWN_DIALS_MOST && is_dial(t)) {
            own->answered[own->count] = touch_counts(t) && t->outcome->answered;
            own->at[own->count++] = t->at;
        }
    }
}

static int64_t person_full_until(const struct fold_input *in, const struct history *h)
{
    int limit = in->policy->dials_per_day;
    int count = 0;
    int64_t latest = AT_NONE;
    for (size_t i = 0; i < h->count; i++)
        if (is_dial(&h->touches[i])) {
            latest = h->touches[i].at;
            count++;
        }
    if (limit <= 0 || count < limit)
        return AT_NONE;
    int64_t from = day_start(&in->place, latest, 0);
    count = 0;
    for (size_t i = h->count; i-- > 0 && h->touches[i].at >= from;)
        count += is_dial(&h->touches[i]);
    return full_until(count, limit, day_start(&in->place, latest, 1));
}

static int64_t number_full_until(const struct fold_input *in, const struct fold_phone *phone)
{
    int limit = in->policy->dials_per_day;
    if (limit <= 0 || phone->dials_count < (size_t)limit)
        return AT_NONE;
    int64_t latest = phone->dials_at[0];
    for (size_t i = 1; i < phone->dials_count; i++)
        if (phone->dials_at[i] > latest)
            latest = phone->dials_at[i];
    int64_t from = day_start(&in->place, latest, 0);
    int count = 0;
    for (size_t i = 0; i < phone->dials_count; i++)
        count += phone->dials_at[i] >= from;
    return full_until(count, limit, day_start(&in->place, latest, 1));
}

struct number_choice {
    int64_t phone_id;      /* 0: none is usable */
    int64_t full_until_at; /* of the one chosen: AT_NONE unless all are full */
    int64_t legal_until;   /* of the one chosen: the law's part of it */
    bool suppressed;       /* one of them is */
};

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A line that was called for a colleague rests, whoever is behind it. */
static int64_t line_rests_until(const struct fold_input *in, const struct fold_phone *phone)
{
    if (in->policy->line_rest_s <= 0 || phone->other_at == AT_NONE || phone->other_at == 0)
        return AT_NONE;
    return at_add(phone->other_at, in->policy->line_rest_s);
}

/* The calls of the person on any number, and those of anybody on this one: the law counts both. */
static int64_t number_legal_until(const struct fold_input *in, const struct fold_phone *phone, const struct own_dials *own,
                                  enum cause *ret_cause)
{
    const struct place *place = phone->place != NULL ? phone->place : &in->place;
    if (place->law_count == 0)
        return AT_NONE;
    int64_t refused_at = phone->refused_at != 0 ? latest(phone->refused_at, own->refused_at) : own->refused_at;
    enum cause number_cause, own_cause;
    const struct dials line = {phone->dials_at, phone->dials_answered, phone->dials_count};
    const struct dials theirs = {own->at, own->answered, own->count};
    int64_t number = legal_rest_until(in->policy, place, &line, refused_at, &number_cause);
    int64_t person = legal_rest_until(in->policy, place, &theirs, AT_NONE, &own_cause);
    if (ret_cause != NULL)
        *ret_cause = person > number ? own_cause : number_cause;
    return latest(number, person);
}

/* The first usable number whose day is not full; if all are, the one whose day ends first. */
static struct number_choice choose_number(const struct fold_input *in, const struct own_dials *own)
{
    struct number_choice c = {.phone_id = 0, .full_until_at = AT_NONE, .legal_until = AT_NONE};
    for (size_t i = 0; i < in->phones_count; i++) {
        const struct fold_phone *phone = &in->phones[i];
        c.suppressed |= phone->suppressed;
        if (!phone->usable || (c.phone_id != 0 && c.full_until_at == AT_NONE))
            continue;
        int64_t legal_until = number_legal_until(in, phone, own, NULL);
        int64_t full_until_at = latest(latest(number_full_until(in, phone), line_rests_until(in, phone)), legal_until);
        if (c.phone_id == 0 || full_until_at < c.full_until_at) {
            c.phone_id = phone->id;
            c.full_until_at = full_until_at;
            c.legal_until = legal_until;
        }
    }
    return c;
}

/* ---- skips ---- */

struct skip_tally {
    int count;
    bool to_review;
    int64_t until_at;
};

/* A "keep" or a call with an outcome clears the skips before it. */
static struct skip_tally tally_skips(const struct fold_input *in, const struct tally *y)
{
    struct skip_tally s = {.until_at = AT_NONE};
    int64_t kept_at = AT_NONE;
    for (size_t i = 0; i < in->skips_count; i++)
        if (in->skips[i].keep && in->skips[i].at > kept_at)
            kept_at = in->skips[i].at;
    for (size_t i = 0; i < in->skips_count; i++) {
        const struct fold_skip *skip = &in->skips[i];
        /* Headless commands may give one second to several acts: the keep then answers the skips, the skip the call. */
        if (skip->keep || (kept_at != AT_NONE && skip->at <= kept_at) || (y->last != NULL && skip->at < y->last->at))
            continue;
        if (skip->to_review)
            s.to_review = true;
        else
            s.count++;
        if (skip->until_at > s.until_at)
            s.until_at = skip->until_at;
    }
    return s;
}

/* ---- promises ---- */

static void fold_promises(const struct fold_input *in, const struct history *h, struct fold_result *ret,
                          int64_t *ret_callback_due, int64_t *ret_meeting_at)
{
    for (size_t i = 0; i < in->callbacks_count; i++) {
        const struct fold_callback *c = &in->callbacks[i];
        struct promise promise = promise_state(h, c, in->policy);
        if (ret_callback_due != NULL)
            ret_callback_due[i] = promise.due_at;
        if (!promise.open)
            continue;
        if (c->kind == PROMISE_MEETING) {
            if (promise.due_at > *ret_meeting_at)
                *ret_meeting_at = promise.due_at;
        } else if (ret->callback_id == 0 || promise.due_at < ret->due_at ||
                   (promise.due_at == ret->due_at && c->id < ret->callback_id)) {
            ret->callback_id = c->id;
            ret->due_at = promise.due_at;
            ret->tries = promise.tries;
        }
    }
}

/* The rules in the order of their weight: the first that holds is the state. */
static enum prospect_state fold_state(const struct fold_input *in, const struct history *h, const struct tally *y,
                                      int64_t meeting_at, struct fold_result *ret)
{
    struct own_dials own;
    own_dials_make(&own, h);
    struct number_choice number = choose_number(in, &own);
    struct skip_tally skips = tally_skips(in, y);
    ret->phone_id = number.phone_id;
    ret->skips = skips.count;
    ret->not_before = AT_NONE;
    ret->legal_until = number.legal_until;

    if (in->archived)
        return STATE_ARCHIVED;
    if (in->suppressed || (number.phone_id == 0 && number.suppressed))
        return STATE_SUPPRESSED;
    /* A promise that is open was made after every outcome that is done, for each of those would have ended it. */
    if (y->done && ret->callback_id == 0 && meeting_at == AT_NONE)
        return STATE_DONE;
    if (number.legal_until >= AT_MAX)
        return STATE_SUPPRESSED; /* refused, and the law there lets nobody ask again */
    if (ret->callback_id != 0) {
        ret->not_before = ret->due_at;
        return STATE_CALLBACK;
    }
    if (skips.to_review || (in->policy->skips_to_review > 0 && skips.count >= in->policy->skips_to_review))
        return STATE_REVIEW;
    if (number.phone_id == 0)
        return in->phones_count > 0 ? STATE_DONE : STATE_NO_NUMBER;

    int64_t rest_until = AT_NONE;
    if (y->last != NULL) {
        int64_t until = outcome_rest_until(y->last->outcome, &in->place, in->policy, y->last->at, y->unanswered);
        if (until > y->last->at)
            rest_until = until;
    }
    if (in->policy->new_parts && rest_until != AT_NONE)
        rest_until = rest_to_new_part(in->policy, &in->place, h, rest_until);
    rest_until = latest(rest_until, skips.until_at);
    int64_t full_until_at = latest(person_full_until(in, h), number.full_until_at);

    /* The meeting has had its morning after once a later rest says when to try again. */
    if (meeting_at != AT_NONE) {
        int64_t back_at = day_start(&in->place, meeting_at, in->policy->meeting_back_days);
        if (back_at >= latest(rest_until, full_until_at)) {
            ret->not_before = back_at;
            return STATE_BOOKED;
        }
    }
    if (in->place.zone_count <= 0)
        return STATE_NO_ZONE;
    if ((in->policy->attempt_cap > 0 && y->attempts >= in->policy->attempt_cap) || y->own_cap)
        return STATE_CAPPED;
    ret->not_before = latest(rest_until, full_until_at);
    if (ret->not_before == AT_NONE)
        return STATE_READY;
    return rest_until >= full_until_at ? STATE_RESTING : STATE_CAPPED;
}

/* The touches in order: as they are, or a copy that is to be freed unless it is the caller's `room`. */
static struct fold_touch *in_order(const struct fold_input *in, struct fold_touch room[SORT_ON_STACK], struct history *ret)
{
    struct fold_touch *copy = NULL;
    *ret = (struct history){.touches = in->touches, .count = in->touches_count};
    if (!is_sorted(in->touches, in->touches_count)) {
        copy = ret->count <= SORT_ON_STACK ? room : alloc_zeroed(ret->count, sizeof *copy);
        memcpy(copy, in->touches, ret->count * sizeof *copy);
        qsort(copy, ret->count, sizeof *copy, touch_compare_any);
        ret->touches = copy;
    }
    return copy;
}

void number_legal(const struct fold_input *in, const struct fold_phone *phone, int64_t *ret_until, enum cause *ret_cause,
                  int64_t *ret_line_rests_until)
{
    struct fold_touch on_stack[SORT_ON_STACK];
    struct history h;
    struct fold_touch *copy = in_order(in, on_stack, &h);
    struct own_dials own;
    own_dials_make(&own, &h);
    *ret_cause = CAUSE_STATE;
    *ret_until = number_legal_until(in, phone, &own, ret_cause);
    *ret_line_rests_until = line_rests_until(in, phone);
    if (copy != on_stack)
        free(copy);
}

/* A promise is kept as soon as the law lets it be; a call that is under way may be the one that keeps it. */
static void promises_wait_for_law(const struct fold_input *in, const struct history *h, struct fold_result *ret,
                                  int64_t *callback_due)
{
    const struct fold_touch *last = h->count != 0 ? &h->touches[h->count - 1] : NULL;
    if (last != NULL && last->call && last->dialed && !last->voided && last->outcome == NULL)
        return;
    if (ret->legal_until == AT_NONE || ret->legal_until >= AT_MAX || ret->state != STATE_CALLBACK)
        return;
    for (size_t i = 0; callback_due != NULL && i < in->callbacks_count; i++)
        if (callback_due[i] != AT_NONE && in->callbacks[i].kind != PROMISE_MEETING)
            callback_due[i] = latest(callback_due[i], ret->legal_until);
    ret->due_at = ret->not_before = latest(ret->due_at, ret->legal_until);
}

void fold(const struct fold_input *in, struct fold_result *ret, int64_t *ret_callback_due)
{
    struct fold_touch on_stack[SORT_ON_STACK];
    struct history h;
    struct fold_touch *copy = in_order(in, on_stack, &h);

    struct tally y;
    tally_touches(&y, &h);
    int64_t meeting_at = AT_NONE;
    *ret = (struct fold_result){
        .attempts = y.attempts, .touched_at = y.touched_at, .customer = y.customer, .due_at = AT_NONE};
    fold_promises(in, &h, ret, ret_callback_due, &meeting_at);
    ret->state = fold_state(in, &h, &y, meeting_at, ret);
    promises_wait_for_law(in, &h, ret, ret_callback_due);

    if (copy != on_stack)
        free(copy);
}
