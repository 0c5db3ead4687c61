/* SPDX-License-Identifier: MIT */
/*
 * May this prospect be dialled now. One function for the queue, the dial key and `log`, so that they never disagree.
 *
 * next_at is a claim that a test holds it to: if nothing else happens, the answer is yes at next_at, and no a second
 * before.
 */
#include "place.h"

/* How long after its time a promise may be kept outside the list's hours. */
enum { PROMISE_GRACE_S = 2 * HOUR_S };

static struct verdict no(enum prospect_state why, int64_t next_at, bool house_rule)
{
    return (struct verdict){.why = why, .next_at = next_at, .house_rule = house_rule, .closes_at = AT_NONE, .promised_at = AT_NONE};
}

static struct verdict no_by_law(enum prospect_state why, int64_t next_at, enum cause cause)
{
    return (struct verdict){.why = why, .next_at = next_at, .closes_at = AT_NONE, .cause = cause};
}

/* Outside the hours: the list's own may be set aside, the law's never. */
static struct verdict closed(const struct gate_input *in, const struct policy *p, int64_t now, int64_t opens_at)
{
    bool law = law_open(p, &in->place, now);
    struct verdict v = no(STATE_CLOSED_HOURS, opens_at, law);
    v.cause = law ? CAUSE_STATE : CAUSE_LAW_HOURS;
    return v;
}

static struct verdict yes(enum prospect_state why, int64_t closes_at)
{
    return (struct verdict){.yes = true, .why = why, .next_at = AT_NONE, .closes_at = closes_at, .promised_at = AT_NONE};
}

/* The states that no hour ends. */
static bool state_is_final(enum prospect_state state)
{
    switch (state) {
    case STATE_NO_NUMBER:
    case STATE_NO_CONSENT:
    case STATE_REVIEW:
    case STATE_CLAIMED:
    case STATE_LENT:
    case STATE_DONE:
    case STATE_ARCHIVED:
        return true;
    case STATE_READY:
    case STATE_CALLBACK:
    case STATE_RESTING:
    case STATE_CLOSED_HOURS:
    case STATE_CAPPED:
    case STATE_NO_ZONE:
    case STATE_SUPPRESSED:
    case STATE_BOOKED:
    case STATE_COUNT_:
        return false;
    }
    return false;
}

/* A promise that is due comes before every rule of the house but the hours, and before those too when the time that the
 * prospect named lies outside them. */
static struct verdict promise_verdict(const struct gate_input *in, const struct policy *p, int64_t now)
{
    int64_t closes_at, opens_at;
    if (window_open(p, &in->place, now, &closes_at, &opens_at))
        return yes(STATE_CALLBACK, closes_at);
    int64_t asked_at = in->asked_at != AT_NONE ? in->asked_at : in->due_at;
    int64_t last = at_add(asked_at > in->due_at ? asked_at : in->due_at, PROMISE_GRACE_S);
    if (now >= at_add(asked_at, -DUE_S) && now <= last && !window_open(p, &in->place, asked_at, NULL, NULL) &&
        law_open(p, &in->place, now))
        return yes(STATE_CALLBACK, AT_NONE);
    if (in->place.zone_count <= 0)
        return no(STATE_NO_ZONE, AT_NONE, true);
    return closed(in, p, now, opens_at);
}

static bool state_waits_ever(enum prospect_state state)
{
    return state == STATE_RESTING || state == STATE_CAPPED || state == STATE_BOOKED;
}

/* Does the state still hold at `now`; *ret_until: when it ends by itself, AT_NONE if never. */
static bool state_waits(const struct gate_input *in, int64_t now, int64_t *ret_until)
{
    if (!state_waits_ever(in->state))
        return false;
    *ret_until = in->not_before;
    return in->not_before == AT_NONE ? in->state == STATE_CAPPED : in->not_before > now;
}

struct verdict callable(const struct gate_input *in, const struct policy *p, int64_t now)
{
    now = at_add(now, 0);
    if (in->number_suppressed || in->state == STATE_SUPPRESSED)
        return no(STATE_SUPPRESSED, AT_NONE, false);
    if (state_is_final(in->state))
        return no(in->state, AT_NONE, false);
    if (in->number_missing || in->number_bad)
        return no(STATE_NO_NUMBER, AT_NONE, false);
    if (in->claimed_by_other)
        return no(STATE_CLAIMED, AT_NONE, false);

    enum cause cause;
    if (!place_lawful(p, &in->place, now, &cause))
        return no_by_law(STATE_NO_CONSENT, AT_NONE, cause);
    if (in->legal_cause != CAUSE_STATE && in->legal_until >= AT_MAX)
        return no_by_law(STATE_SUPPRESSED, AT_NONE, in->legal_cause);
    if (in->legal_cause != CAUSE_STATE && in->legal_until > now) {
        int64_t from = in->legal_until;
        if (in->not_before != AT_NONE && in->not_before > from && state_waits_ever(in->state))
            from = in->not_before;
        return no_by_law(STATE_CAPPED, in->place.zone_count > 0 ? window_next(p, &in->place, from) : AT_NONE, in->legal_cause);
    }

    if (in->due_at != AT_NONE) {
        int64_t due_from = at_add(in->due_at, -DUE_S);
        if (due_from <= now)
            return promise_verdict(in, p, now);
        if (in->state == STATE_CALLBACK) {
            struct verdict then = promise_verdict(in, p, due_from);
            struct verdict v = no(STATE_CALLBACK, then.yes ? due_from : then.next_at, true);
            if (then.yes)
                v.promised_at = in->due_at;
            return v;
        }
    }

    bool zone_known = in->state != STATE_NO_ZONE && in->place.zone_count > 0;
    bool number_full = p->dials_per_day > 0 && in->number_dials_today >= p->dials_per_day;
    int64_t number_free_at = number_full ? day_start(&in->place, now, 1) : AT_NONE;
    int64_t until;
    if (state_waits(in, now, &until)) {
        if (until == AT_NONE || !zone_known)
            return no(in->state, AT_NONE, true);
        return no(in->state, window_next(p, &in->place, until > number_free_at ? until : number_free_at), true);
    }
    if (!zone_known)
        return no(STATE_NO_ZONE, AT_NONE, true);
    if (number_full)
        return no(STATE_CAPPED, window_next(p, &in->place, number_free_at), true);
    if (in->line_rests_until != 0 && in->line_rests_until > now) {
        struct verdict v = no(STATE_RESTING, window_next(p, &in->place, in->line_rests_until), true);
        v.cause = CAUSE_LINE_RESTS;
        return v;
    }
    int64_t closes_at, opens_at;
    if (!window_open(p, &in->place, now, &closes_at, &opens_at))
        return closed(in, p, now, opens_at);
    return yes(STATE_READY, closes_at);
}

/* ---- in words ---- */

/* "opens 09:00 Tue there (Asia/Riyadh)": the day only where it is another one than now, the date where a week is not
 * enough. */
static void add_time_there(const struct place *place, int64_t at, int64_t now, struct buf *out)
{
    const struct zone *z = place != NULL && place->zone_count > 0 ? place->zones[0] : NULL;
    struct civil then = z != NULL ? zone_civil(z, at) : civil_of_seconds(at);
    struct civil today = z != NULL ? zone_civil(z, now) : civil_of_seconds(now);
    int64_t days = civil_days(then.year, then.month, then.day) - civil_days(today.year, today.month, today.day);
    buf_printf(out, "%02d:%02d", then.hour, then.minute);
    if (days != 0)
        buf_printf(out, " %s", weekday_name(civil_weekday(&then)));
    if (days < 0 || days > 6)
        buf_printf(out, " %d %s", then.day, month_name(then.month));
    if (then.year != today.year && (days < 0 || days > 6))
        buf_printf(out, " %d", then.year);
    if (z == NULL)
        buf_add_text(out, " UTC");
    else if (place->zone_count == 1)
        buf_printf(out, " there (%s)", zone_name(z));
    else
        buf_printf(out, " there (%s and %d more)", zone_name(z), place->zone_count - 1);
}

/* What lies behind the state, where the state alone would not say it. */
const char *cause_explanation(enum cause cause)
{
    switch (cause) {
    case CAUSE_LAW_HOURS:
        return "outside the hours that the law allows there";
    case CAUSE_CONSENT:
        return "the law there asks for consent first: record it with :consent";
    case CAUSE_REGISTRY_MISSING:
        return "consumers there are called only past a do-not-call registry: calldeck suppress import --registry NAME, or set the audience to business";
    case CAUSE_REGISTRY_OLD:
        return "the do-not-call registry is too old for consumers there: import a new one";
    case CAUSE_LEGAL_CAP:
        return "called as often as the law there allows";
    case CAUSE_REFUSAL:
        return "refused, and the law there forbids another call";
    case CAUSE_LINE_RESTS:
        return "the line was called for a colleague just now";
    case CAUSE_STATE:
    case CAUSE_COUNT_:
        break;
    }
    return NULL;
}

void verdict_text(const struct verdict *v, const struct place *place, int64_t now, struct buf *out)
{
    const char *what = NULL, *next = NULL;
    switch (v->why) {
    case STATE_READY:
        what = "may be called now";
        break;
    case STATE_CALLBACK:
        what = v->yes ? "the promised call is due" : "promised a call at a later time";
        next = "from";
        break;
    case STATE_RESTING:
        what = "rests after the last try";
        next = "again from";
        break;
    case STATE_CLOSED_HOURS:
        what = "outside calling hours";
        next = "opens";
        break;
    case STATE_CAPPED:
        what = v->next_at != AT_NONE ? "called as often as a day allows" : "tried as often as the list allows";
        next = "again from";
        break;
    case STATE_BOOKED:
        what = "has a meeting";
        next = "comes back";
        break;
    case STATE_NO_NUMBER:
    case STATE_NO_ZONE:
    case STATE_NO_CONSENT:
    case STATE_SUPPRESSED:
    case STATE_REVIEW:
    case STATE_CLAIMED:
    case STATE_LENT:
    case STATE_DONE:
    case STATE_ARCHIVED:
    case STATE_COUNT_:
        break;
    }
    if (!v->yes && cause_explanation(v->cause) != NULL)
        what = cause_explanation(v->cause);
    buf_add_text(out, what != NULL ? what : state_explanation(v->why));
    if (v->yes || next == NULL || v->next_at == AT_NONE)
        return;
    buf_printf(out, ": %s ", next);
    add_time_there(place, v->why == STATE_CALLBACK && v->promised_at > v->next_at ? v->promised_at : v->next_at, now, out);
}
