/* SPDX-License-Identifier: MIT */
/* The port: chooses a backend, keeps its events, and checks every number once more. Manual and null live here. */
#include "calldeck/dial.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum { RING_S = 30, SETUP_S = 15 };

static bool manual_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller,
                         struct error *err)
{
    (void)prospect_id, (void)number, (void)caller, (void)err;
    dialer_emit(d, DIAL_EVENT_PLACED, call, STR(""));
    return true;
}

static bool null_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller,
                       struct error *err)
{
    (void)prospect_id, (void)number, (void)caller, (void)err;
    dialer_emit(d, DIAL_EVENT_PLACED, call, STR("nothing is dialled here"));
    return true;
}

static const struct backend backend_manual = {.kind = "manual", .place = manual_place};
static const struct backend backend_null = {.kind = "null", .place = null_place};
static const struct backend *const backends[] = {&backend_manual, &backend_command, &backend_baresip, &backend_ami, &backend_null};

void text_put(struct str text, char *ret, size_t size)
{
    struct buf clean;
    buf_init(&clean);
    text_printable(text, &clean);
    size_t len = clean.len < size - 1 ? clean.len : size - 1;
    while (len > 0 && len < clean.len && ((unsigned char)clean.at[len] & 0xc0) == 0x80)
        len--;
    memcpy(ret, clean.at, len);
    ret[len] = '\0';
    buf_done(&clean);
}

struct dial_event *dialer_emit(struct dialer *d, enum dial_event_kind kind, int64_t call, struct str text)
{
    if (d->count == d->room && d->room < EVENTS_MOST) {
        size_t room = d->room == 0 ? 16 : d->room * 2;
        struct dial_event *events = alloc_zeroed(room, sizeof *events);
        for (size_t i = 0; i < d->count; i++)
            events[i] = d->events[(d->first + i) % d->room];
        free(d->events);
        d->events = events;
        d->room = room;
        d->first = 0;
    } else if (d->count == d->room) {
        d->first = (d->first + 1) % d->room;
        d->count--;
    }
    struct dial_event *event = &d->events[(d->first + d->count++) % d->room];
    *event = (struct dial_event){.kind = kind, .call = call, .outcome = ""};
    event->at_ms = d->now_ms != CLOCK_UNSET ? d->now_ms : 0;
    text_put(text, event->text, sizeof event->text);
    return event;
}

struct dialer *dialer_open(const struct dial_config *config, struct error *err)
{
    const struct backend *found = NULL;
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++)
        if (config->kind != NULL && strcmp(config->kind, backends[i]->kind) == 0)
            found = backends[i];
    if (found == NULL) {
        error_set(err, ERR_USAGE, "there is no dialer \"%s\": choose manual, command, baresip, ami or null",
                  config->kind != NULL ? config->kind : "");
        return NULL;
    }
    struct dialer *d = alloc_zeroed(1, sizeof *d);
    d->backend = found;
    d->now_ms = CLOCK_UNSET;
    d->ring_timeout_ms = (config->ring_timeout_s > 0 && config->ring_timeout_s <= 3600 ? config->ring_timeout_s : RING_S) * 1000;
    d->setup_timeout_ms =
        (config->setup_timeout_s > 0 && config->setup_timeout_s <= 3600 ? config->setup_timeout_s : SETUP_S) * 1000;
    if (found->open != NULL && !found->open(d, config, err)) {
        dialer_close(d);
        return NULL;
    }
    return d;
}

void dialer_close(struct dialer *d)
{
    if (d == NULL)
        return;
    if (d->backend->close != NULL)
        d->backend->close(d);
    free(d->events);
    free(d);
}

const char *dialer_kind(const struct dialer *d)
{
    return d->backend->kind;
}

unsigned dialer_capabilities(const struct dialer *d)
{
    return d->capabilities;
}

enum dial_line dialer_line(const struct dialer *d)
{
    return d->line;
}

const char *dialer_line_text(const struct dialer *d)
{
    return d->line_text;
}

/* ---- what the rep wants ---- */

static bool line_is_free(struct dialer *d, struct error *err)
{
    if (d->line != DIAL_LINE_NONE && d->line != DIAL_LINE_UP)
        return error_set(err, ERR_REFUSED, "cannot dial: the line is not ready (%s)",
                         d->line_text[0] != '\0' ? d->line_text : "it is being started");
    if (line_call_outbound(d) != NULL)
        return error_set(err, ERR_REFUSED, "cannot dial: the call before is still on the line");
    for (size_t i = 0; i < CALLS_MOST; i++) {
        const struct line_call *c = &d->calls[i];
        if (c->id != 0 && (c->state == LINE_TALKING || c->state == LINE_ACCEPTING))
            return error_set(err, ERR_REFUSED, "cannot dial: you are on another call; hold it or hang up");
    }
    return true;
}

bool dial_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller, struct error *err)
{
    /* The caller has cleaned it. Whatever was changed since must not reach a backend. */
    char clean[DIAL_NUMBER_SIZE];
    if (!number_clean(str_of(number), clean, err) || !caller_check(caller, err))
        return false;
    if (!(d->capabilities & DIAL_KNOWS_STATE))
        return d->backend->place(d, call, prospect_id, clean, caller, err);
    if (!line_is_free(d, err))
        return false;
    struct line_call *c = call > 0 ? line_call_new(d, call) : NULL;
    if (c == NULL)
        return error_set(err, ERR_REFUSED, "cannot dial: all lines are taken");
    memcpy(c->number, clean, sizeof clean);
    line_happens(d, c, LINE_EVENT_PLACE, NULL);
    dialer_emit(d, DIAL_EVENT_PLACED, call, STR(""));
    if (d->backend->place(d, call, prospect_id, clean, caller, err))
        return true;
    d->count--; /* it did not go out after all, and nobody has heard of it */
    line_call_drop(c);
    return false;
}

/* The call in one of these states (bits), else REFUSED. */
static struct line_call *call_in(struct dialer *d, int64_t call, unsigned states, const char *what, struct error *err)
{
    struct line_call *c = line_call_find(d, call);
    if (c != NULL && (states & 1u << c->state) != 0)
        return c;
    if (c == NULL)
        error_set(err, ERR_REFUSED, "cannot %s: that call is over", what);
    else
        error_set(err, ERR_REFUSED, "cannot %s now: the call is %s", what, line_state_name(c->state));
    return NULL;
}

static bool can(const struct dialer *d, enum dial_capability capability, const char *what, struct error *err)
{
    return (d->capabilities & (unsigned)capability) != 0 ||
           error_set(err, ERR_REFUSED, "cannot %s from here: do it on the phone itself", what);
}

bool dial_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    if (d->backend->hang_up == NULL || !(d->capabilities & DIAL_CAN_HANG_UP))
        return error_set(err, ERR_REFUSED, "cannot hang up from here: end the call on the phone itself");
    if (!(d->capabilities & DIAL_KNOWS_STATE))
        return d->backend->hang_up(d, call, err);
    struct line_call *c = call_in(d, call,
                                  1u << LINE_PLACING | 1u << LINE_EARLY | 1u << LINE_RINGING | 1u << LINE_TALKING |
                                      1u << LINE_HELD | 1u << LINE_ENDING | 1u << LINE_ACCEPTING,
                                  "hang up", err);
    if (c == NULL)
        return false;
    if (c->state == LINE_ENDING)
        return true; /* asked for already */
    return d->backend->hang_up(d, call, err) && (line_happens(d, c, LINE_EVENT_HANG_UP, NULL), true);
}

bool dial_reject(struct dialer *d, int64_t call, struct error *err)
{
    struct line_call *c = NULL;
    if (!can(d, DIAL_CAN_REJECT, "decline", err) || (c = call_in(d, call, 1u << LINE_INCOMING, "decline", err)) == NULL)
        return false;
    return d->backend->hang_up(d, call, err) && (line_happens(d, c, LINE_EVENT_HANG_UP, NULL), true);
}

bool dial_answer(struct dialer *d, int64_t call, struct error *err)
{
    struct line_call *c = NULL;
    if (!can(d, DIAL_CAN_ANSWER, "take the call", err) ||
        (c = call_in(d, call, 1u << LINE_INCOMING, "take the call", err)) == NULL)
        return false;
    const struct line_call *out = line_call_outbound(d);
    if (out != NULL && out->state != LINE_TALKING && out->state != LINE_HELD && out->state != LINE_ENDING)
        return error_set(err, ERR_REFUSED, "cannot take the call: hang up the one that you dial first");
    return d->backend->answer(d, call, err) && (line_happens(d, c, LINE_EVENT_ACCEPT, NULL), true);
}

bool dial_hold(struct dialer *d, int64_t call, bool on, struct error *err)
{
    const char *what = on ? "hold" : "resume";
    return can(d, DIAL_CAN_HOLD, what, err) &&
           call_in(d, call, on ? 1u << LINE_TALKING : 1u << LINE_HELD, what, err) != NULL &&
           d->backend->hold(d, call, on, err);
}

bool dial_mute(struct dialer *d, int64_t call, bool on, struct error *err)
{
    return can(d, DIAL_CAN_MUTE, "mute", err) && call_in(d, call, 1u << LINE_TALKING, "mute", err) != NULL &&
           d->backend->mute(d, call, on, err);
}

bool dial_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err)
{
    enum { DIGITS_MOST = 32 };
    size_t len = strlen(digits);
    if (len == 0 || len > DIGITS_MOST || strspn(digits, "0123456789*#ABCD") != len)
        return error_set(err, ERR_USAGE, "cannot send these tones: 1 to %d of 0 to 9, * and #", DIGITS_MOST);
    return can(d, DIAL_CAN_DTMF, "send tones", err) && call_in(d, call, 1u << LINE_TALKING, "send tones", err) != NULL &&
           d->backend->dtmf(d, call, digits, err);
}

bool dial_record(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    if (name[0] == '\0' || strlen(name) > 40 || strspn(name, letters) != strlen(name))
        return error_set(err, ERR_USAGE, "cannot record: a recording is named by letters and digits");
    if (!(d->capabilities & DIAL_CAN_RECORD))
        return error_set(err, ERR_REFUSED, "cannot record: that takes the softphone, and set record on before the call");
    return call_in(d, call, 1u << LINE_TALKING | 1u << LINE_HELD, "record", err) != NULL &&
           d->backend->record(d, call, name, keep, err);
}

enum line_state dial_state(const struct dialer *d, int64_t call)
{
    for (size_t i = 0; call != 0 && i < CALLS_MOST; i++)
        if (d->calls[i].id == call)
            return d->calls[i].state;
    return LINE_IDLE;
}

/* ---- the loop ---- */

int dial_pollfds(struct dialer *d, struct pollfd *ret, int most)
{
    return d->backend->pollfds != NULL ? d->backend->pollfds(d, ret, most) : 0;
}

int dial_timeout_ms(struct dialer *d, int64_t now_ms)
{
    if (d->count > 0)
        return 0; /* events wait already: they must not wait for the next key */
    int timers = line_timeout_ms(d, now_ms);
    int own = d->backend->timeout_ms != NULL ? d->backend->timeout_ms(d, now_ms) : -1;
    return own < 0 || (timers >= 0 && timers < own) ? timers : own;
}

void dial_service(struct dialer *d, const struct pollfd *fds, int count, int64_t now_ms)
{
    /* Which descriptor woke us is not asked: there are a dozen at most, all non-blocking, and a stale array cannot mislead. */
    (void)fds, (void)count;
    /* What happened counts before what did not happen in time. */
    if (d->now_ms == CLOCK_UNSET)
        line_clock(d, now_ms);
    d->now_ms = now_ms;
    if (d->backend->service != NULL)
        d->backend->service(d, now_ms);
    line_clock(d, now_ms);
}

bool dial_next_event(struct dialer *d, struct dial_event *ret)
{
    if (d->count == 0)
        return false;
    *ret = d->events[d->first];
    d->first = (d->first + 1) % d->room;
    d->count--;
    return true;
}
