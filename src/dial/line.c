/* SPDX-License-Identifier: MIT */
/*
 * The calls of a backend that knows how they stand: moved by the table, watched by timers, told to the app.
 *
 * Backends differ in what they see and when; the rep must not notice. So a ring that came twice is told once, a call whose
 * hang-up nobody confirms still ends, and the end of a call is judged here from all that happened to it.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "backend.h"

enum { QUIET_MS = 8000, ACCEPT_MS = 10000, CONFIRM_MS = 5000 };

struct line_call *line_call_find(struct dialer *d, int64_t id)
{
    for (size_t i = 0; id != 0 && i < CALLS_MOST; i++)
        if (d->calls[i].id == id)
            return &d->calls[i];
    return NULL;
}

struct line_call *line_call_tagged(struct dialer *d, struct str tag)
{
    for (size_t i = 0; tag.len > 0 && i < CALLS_MOST; i++)
        if (d->calls[i].id != 0 && str_is(tag, d->calls[i].tag))
            return &d->calls[i];
    return NULL;
}

struct line_call *line_call_outbound(struct dialer *d)
{
    for (size_t i = 0; i < CALLS_MOST; i++)
        if (d->calls[i].id > 0)
            return &d->calls[i];
    return NULL;
}

struct line_call *line_call_new(struct dialer *d, int64_t id)
{
    for (size_t i = 0; i < CALLS_MOST; i++)
        if (d->calls[i].id == 0) {
            d->calls[i] = (struct line_call){.id = id != 0 ? id : --d->last_inbound,
                                             .since_ms = d->now_ms,
                                             .rang_ms = CLOCK_UNSET,
                                             .answered_ms = CLOCK_UNSET};
            return &d->calls[i];
        }
    return NULL;
}

void line_call_drop(struct line_call *c)
{
    *c = (struct line_call){0};
}

static struct dial_event *tell(struct dialer *d, const struct line_call *c, enum dial_event_kind kind, struct str text)
{
    struct dial_event *e = dialer_emit(d, kind, c->id, text);
    e->inbound = c->inbound;
    return e;
}

static void tell_end(struct dialer *d, const struct line_call *c, const struct line_end *end)
{
    static const struct line_end nothing = {0};
    if (end == NULL)
        end = &nothing;
    enum line_result result;
    enum line_fault fault;
    line_judge(c, end, &result, &fault);
    bool gone = c->inbound && !c->answered;
    /* what the softphone says of our own hang-up ("connection reset by user") tells the rep nothing */
    bool echo = c->by_us && end->kind == CAUSE_SIP && (end->code == 0 || end->code == 487) &&
                (end->fault == LINE_FAULT_NONE || end->fault == LINE_FAULT_LINE);
    struct dial_event *e = tell(d, c, gone ? DIAL_EVENT_INCOMING_GONE : DIAL_EVENT_ENDED, echo ? STR("") : end->text);
    e->result = result;
    e->fault = fault;
    e->code = end->code;
    e->answered = c->answered;
    e->by_us = c->by_us;
    if (!c->inbound)
        e->outcome = line_result_outcome(result);
    if (c->answered && c->answered_ms != CLOCK_UNSET && d->now_ms > c->answered_ms)
        e->talk_ms = (int)(d->now_ms - c->answered_ms < INT32_MAX ? d->now_ms - c->answered_ms : INT32_MAX);
}

static void answered(struct dialer *d, struct line_call *c)
{
    if (c->answered)
        return;
    c->answered = true;
    c->answered_ms = d->now_ms;
    tell(d, c, DIAL_EVENT_ANSWERED, STR(""))->adopted = c->adopted;
}

static void rings(struct dialer *d, struct line_call *c, enum dial_event_kind kind, enum line_state before)
{
    if (before != c->state)
        tell(d, c, kind, STR(""));
    if (!c->rang)
        c->rang_ms = d->now_ms;
    c->rang = true;
}

bool line_happens(struct dialer *d, struct line_call *c, enum line_event event, const struct line_end *end)
{
    enum line_state before = c->state, next;
    if (!line_move(before, event, &next))
        return false;
    c->state = next;
    if (next != before)
        c->since_ms = d->now_ms;
    switch (event) {
    case LINE_EVENT_PROGRESS:
        rings(d, c, DIAL_EVENT_EARLY, before);
        break;
    case LINE_EVENT_RING:
        rings(d, c, DIAL_EVENT_RINGING, before);
        break;
    case LINE_EVENT_ADOPT:
        c->adopted = true;
        answered(d, c);
        break;
    case LINE_EVENT_ESTABLISH:
        answered(d, c);
        break;
    case LINE_EVENT_HOLD:
    case LINE_EVENT_RESUME:
        tell(d, c, DIAL_EVENT_HELD, STR(""))->on = event == LINE_EVENT_HOLD;
        break;
    case LINE_EVENT_SETUP_TIMEOUT:
    case LINE_EVENT_RING_TIMEOUT:
        c->by_us = c->by_timer = true;
        break;
    case LINE_EVENT_HANG_UP:
        c->by_us = true;
        break;
    case LINE_EVENT_CLOSE:
    case LINE_EVENT_LOST:
        tell_end(d, c, end);
        line_call_drop(c);
        break;
    case LINE_EVENT_PLACE:
    case LINE_EVENT_COME_IN:
    case LINE_EVENT_ACCEPT:
    case LINE_EVENT_COUNT_:
        break;
    }
    return true;
}

void line_comes_in(struct dialer *d, struct line_call *c, struct str number, struct str name, bool anonymous)
{
    c->inbound = true;
    if (!line_happens(d, c, LINE_EVENT_COME_IN, NULL))
        return;
    struct dial_event *e = tell(d, c, DIAL_EVENT_INCOMING, STR(""));
    e->anonymous = anonymous;
    text_put(number, e->number, sizeof e->number);
    text_put(name, e->name, sizeof e->name);
    memcpy(c->number, e->number, sizeof c->number);
}

void line_is_muted(struct dialer *d, struct line_call *c, bool on)
{
    if (c->muted == on)
        return;
    c->muted = on;
    tell(d, c, DIAL_EVENT_MUTED, STR(""))->on = on;
}

void line_all_lost(struct dialer *d, enum line_fault fault, struct str text)
{
    for (size_t i = 0; i < CALLS_MOST; i++)
        if (d->calls[i].id != 0)
            line_happens(d, &d->calls[i], LINE_EVENT_LOST, &(struct line_end){.fault = fault, .text = text});
}

void line_status(struct dialer *d, enum dial_line line, struct str text)
{
    char clean[DIAL_TEXT_SIZE];
    text_put(text, clean, sizeof clean);
    if (d->line == line && strcmp(clean, d->line_text) == 0)
        return;
    d->line = line;
    memcpy(d->line_text, clean, sizeof clean);
    dialer_emit(d, DIAL_EVENT_LINE, 0, text)->line = line;
}

/* ---- timers ---- */

/* When the call wants to be looked at; INT64_MAX: not by itself. */
static int64_t deadline_ms(const struct dialer *d, const struct line_call *c)
{
    if (c->id == 0 || c->since_ms == CLOCK_UNSET)
        return INT64_MAX;
    switch (c->state) {
    case LINE_PLACING:
        if (!c->warned && QUIET_MS < d->setup_timeout_ms)
            return c->since_ms + QUIET_MS;
        return c->since_ms + d->setup_timeout_ms;
    case LINE_EARLY:
    case LINE_RINGING:
        return c->rang_ms + d->ring_timeout_ms;
    case LINE_ENDING:
        return c->since_ms + CONFIRM_MS;
    case LINE_ACCEPTING:
        return c->since_ms + ACCEPT_MS;
    case LINE_IDLE:
    case LINE_TALKING:
    case LINE_HELD:
    case LINE_INCOMING:
    case LINE_ENDED:
    case LINE_STATE_COUNT_:
        break;
    }
    return INT64_MAX;
}

static void deadline_came(struct dialer *d, struct line_call *c)
{
    if (c->state == LINE_PLACING && !c->warned && QUIET_MS < d->setup_timeout_ms) {
        c->warned = true;
        tell(d, c, DIAL_EVENT_NOTE, STR("nothing is heard from the line yet"));
        return;
    }
    if (c->state == LINE_ENDING) {
        int64_t id = c->id;
        if (d->backend->recover != NULL)
            d->backend->recover(d);
        c = line_call_find(d, id);
        if (c != NULL)
            line_happens(d, c, LINE_EVENT_LOST,
                         &(struct line_end){.fault = LINE_FAULT_LOST, .text = STR("the hang-up was not confirmed")});
        return;
    }
    bool rang = c->state == LINE_RINGING || c->state == LINE_EARLY;
    if (!line_happens(d, c, rang ? LINE_EVENT_RING_TIMEOUT : LINE_EVENT_SETUP_TIMEOUT, NULL))
        return;
    struct error why = {0};
    if (d->backend->hang_up == NULL || !d->backend->hang_up(d, c->id, &why)) {
        struct line_call *left = line_call_find(d, c->id);
        if (left != NULL)
            line_happens(d, left, LINE_EVENT_LOST, &(struct line_end){.fault = LINE_FAULT_LOST, .text = str_of(why.text)});
    }
}

void line_clock(struct dialer *d, int64_t now_ms)
{
    bool first = d->now_ms == CLOCK_UNSET;
    d->now_ms = now_ms;
    for (size_t i = 0; i < CALLS_MOST; i++) {
        struct line_call *c = &d->calls[i];
        if (c->id == 0)
            continue;
        if (first) {
            c->since_ms = now_ms;
            c->rang_ms = c->rang ? now_ms : CLOCK_UNSET;
            c->answered_ms = c->answered ? now_ms : CLOCK_UNSET;
        }
        if (deadline_ms(d, c) <= now_ms)
            deadline_came(d, c);
    }
}

int line_timeout_ms(const struct dialer *d, int64_t now_ms)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < CALLS_MOST; i++) {
        int64_t at = d->calls[i].id != 0 && d->calls[i].since_ms == CLOCK_UNSET ? now_ms : deadline_ms(d, &d->calls[i]);
        if (at < next)
            next = at;
    }
    if (next == INT64_MAX)
        return -1;
    return next <= now_ms ? 0 : next - now_ms > 3600 * 1000 ? 3600 * 1000 : (int)(next - now_ms);
}
