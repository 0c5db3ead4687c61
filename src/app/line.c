/* SPDX-License-Identifier: MIT */
/*
 * A dialer that knows its line says how each call stands. What it says goes to the file at once, or as soon as the file can
 * be had; the card and what is being typed stay where they are.
 */
#include "line.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "flow.h"
#include "notes.h"
#include "prompt.h"
#include "preview.h"
#include "turn.h"

enum { TYPING_MS = 1000, OWED_MOST = sizeof((struct app *)0)->owed / sizeof((struct app *)0)->owed[0] };

/* ---- what the file is owed ---- */

static bool pay(struct app *app, const struct owed *o, struct error *err)
{
    if (o->answered)
        return call_answered(app->store, o->touch, o->at, false, err);
    return call_ended(app->store, o->touch, o->at, str_of(o->result), str_of(o->code), str_of(o->suggested), err);
}

bool line_settle(struct app *app, struct error *err)
{
    while (app->owed_count != 0) {
        struct error why = {0};
        if (!pay(app, &app->owed[0], &why) && (why.code == ERR_LOCKED || why.code == ERR_FULL))
            return error_set(err, why.code, "%s", why.text);
        app->owed_count--;
        memmove(app->owed, app->owed + 1, app->owed_count * sizeof app->owed[0]);
    }
    return true;
}

static void owe(struct app *app, const struct owed *o)
{
    if (app->owed_count == OWED_MOST) { /* the oldest is of a call that is long filed */
        app->owed_count--;
        memmove(app->owed, app->owed + 1, app->owed_count * sizeof app->owed[0]);
    }
    app->owed[app->owed_count++] = *o;
    line_settle(app, NULL);
}

static void owe_end(struct app *app, struct call *c, const struct dial_event *e)
{
    struct owed o = {.touch = c->touch, .at = app->now};
    snprintf(o.result, sizeof o.result, "%s", line_result_name(e->result));
    snprintf(o.suggested, sizeof o.suggested, "%s", e->outcome);
    if (e->code != 0)
        snprintf(o.code, sizeof o.code, "%d", e->code);
    owe(app, &o);
    c->ended_at = app->now;
    c->state = CALL_ENDED;
    c->held = c->muted = false;
}

/* ---- how a call stands ---- */

static struct call *call_on_line(struct app *app, int64_t line_id)
{
    if (line_id == 0)
        return NULL;
    if (call_is_open(app) && app->call.line_id == line_id)
        return &app->call;
    for (size_t i = 0; i < app->parked_count; i++)
        if (app->parked[i].call.state != CALL_NONE && app->parked[i].call.line_id == line_id)
            return &app->parked[i].call;
    return NULL;
}

/* A word is being typed right now: filing would put the next card under it. */
static bool is_in_a_word(const struct app *app)
{
    return app->focus == CONTEXT_NOTES && app->key_at_ms > app->call.began_ms && app->now_ms - app->key_at_ms < TYPING_MS;
}

/* Somebody who types, or has typed in this call, keeps the cursor: what was meant as a word must not file an outcome. */
static bool is_typing(const struct app *app)
{
    return app->focus == CONTEXT_NOTES && (app->call.typed || is_in_a_word(app));
}

/* What was armed is filed, as was said when it was armed; else what the line says it was is armed, and Enter takes it. */
static void after_end(struct app *app, const struct dial_event *e)
{
    struct call *c = &app->call;
    struct error err = {0};
    bool free = app->prompt.kind == PROMPT_NONE && app->screen == SCREEN_DECK;
    if (c->armed != NULL && free && !is_in_a_word(app)) {
        int64_t then_dial = c->then_dial;
        const struct outcome *o = c->armed;
        if (then_dial != 0) {
            app->asked = (struct asked){.outcome = o, .prospect_id = app->card.id, .when_at = AT_NONE, .next_phone = then_dial};
            app->pending |= outcome_finish(app, &err);
            if (!app->asked.waits && err.code == ERR_NONE)
                app->pending |= call_next_number(app, &err);
        } else {
            app->pending |= outcome_begin(app, o, false, 0, &err);
        }
        if (err.code != ERR_NONE)
            say_error(app, &err);
        return;
    }
    const char *how = e->answered ? "the call ended" : line_result_words(e->result);
    if (c->armed == NULL && !e->answered)
        c->armed = outcome_by_code(store_outcomes(app->store), str_of(e->outcome));
    bool stays = !free || is_typing(app) || e->answered;
    if (!stays)
        app->focus = CONTEXT_BAR;
    if (c->armed != NULL)
        say(app, TONE_PLAIN, "%s: %sEnter files \"%s\"", how, app->focus == CONTEXT_BAR && free ? "" : "Tab ", c->armed->label);
    else
        say(app, TONE_PLAIN, "%s: %sits outcome", how, app->focus == CONTEXT_BAR && free ? "" : "Tab, then ");
}

/* It never got to the other side: no attempt. */
static bool never_rang(const struct call *c, const struct dial_event *e)
{
    bool in_between = e->result == LINE_RESULT_CANCELLED && (c->armed == NULL || !c->armed->answered);
    return c->answered_at == AT_NONE && !e->answered && !c->inbound && (e->fault != LINE_FAULT_NONE || in_between);
}

static void call_over(struct app *app, struct call *c, const struct dial_event *e)
{
    bool here = c == &app->call;
    if (c->state == CALL_ENDED)
        return;
    if (!never_rang(c, e) || !here) {
        owe_end(app, c, e);
        if (here)
            after_end(app, e);
        return;
    }
    bool rep = e->fault == LINE_FAULT_NONE;
    const char *why = e->text[0] != '\0' ? e->text : rep ? line_result_words(e->result) : line_fault_words(e->fault);
    say(app, rep ? TONE_PLAIN : TONE_BAD, "not %s: %s; this is no attempt", rep ? "counted" : "dialled", why);
    notes_save(app, true);
    call_never_rang(app, e->result, e->code, why);
    app->pending |= REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

/* Found running after a crash: the open touch of the same number is its own. */
static void adopted(struct app *app, const struct dial_event *e)
{
    struct call *c = &app->call;
    char clean[DIAL_NUMBER_SIZE];
    bool same = false;
    if (call_is_open(app) && c->left_over && !c->reopened)
        for (size_t i = 0; i < app->card.phones_count; i++) {
            struct str e164 = app->card.phones[i].e164;
            struct str theirs = str_of(e->number);
            /* as it was dialled, perhaps in national form: the last nine digits tell */
            size_t tail = e164.len < 9 ? e164.len : 9;
            same = same || (app->card.phones[i].id == c->phone_id && number_clean(theirs, clean, NULL) && theirs.len >= tail &&
                            memcmp(theirs.at + theirs.len - tail, e164.at + e164.len - tail, tail) == 0);
        }
    if (!same) {
        app->stray = e->call;
        banner(app, TONE_WARNING, 0, "a call to %s is still on the line, and no card knows it: :hangup ends it",
               e->number[0] != '\0' ? e->number : "somebody");
        return;
    }
    c->line_id = e->call;
    for (size_t i = 0; i < app->card.touches_count; i++) /* it goes on by itself, for they agreed */
        if (app->card.touches[i].id == c->touch)
            c->recorded = app->card.touches[i].recording.len != 0;
    c->left_over = false;
    c->state = CALL_CONNECTED;
    c->ended_at = AT_NONE;
    call_resumed(app->store, c->touch, NULL);
    if (c->answered_at == AT_NONE) {
        owe(app, &(struct owed){.touch = c->touch, .at = app->now, .answered = true});
        c->answered_at = app->now;
    }
    app->focus = CONTEXT_NOTES;
    banner_clear(app);
    say(app, TONE_GOOD, "you are still on the line with them");
}

static void call_moved(struct app *app, struct call *c, const struct dial_event *e)
{
    if (e->text[0] != '\0' || e->kind != DIAL_EVENT_PLACED)
        line_print(c->said, sizeof c->said, "%s", e->text);
    switch (e->kind) {
    case DIAL_EVENT_EARLY:
    case DIAL_EVENT_RINGING:
        c->ringing = c->state == CALL_DIALING;
        break;
    case DIAL_EVENT_ANSWERED:
        if (c->state != CALL_DIALING && !c->inferred)
            break;
        owe(app, &(struct owed){.touch = c->touch, .at = app->now, .answered = true});
        c->answered_at = app->now;
        c->inferred = false;
        c->state = CALL_CONNECTED;
        break;
    case DIAL_EVENT_ENDED:
    case DIAL_EVENT_INCOMING_GONE:
        call_over(app, c, e);
        break;
    case DIAL_EVENT_HELD:
        c->held = e->on;
        break;
    case DIAL_EVENT_MUTED:
        c->muted = e->on;
        break;
    case DIAL_EVENT_PLACED:
    case DIAL_EVENT_INCOMING:
    case DIAL_EVENT_LINE:
    case DIAL_EVENT_NOTE:
        break;
    }
}

static void line_changed(struct app *app, const struct dial_event *e)
{
    bool bad = e->line == DIAL_LINE_FAILED || e->line == DIAL_LINE_NO_AUDIO || e->line == DIAL_LINE_DOWN;
    if (bad) {
        banner(app, TONE_BAD, 0, "no calls now: %s",
               e->text[0] != '\0' ? e->text : e->line == DIAL_LINE_NO_AUDIO ? "no sound on this machine" : "the line is down");
        app->banner_line = true;
        trouble(app, "line", ERR_IO);
    } else if (app->banner_line) {
        banner_clear(app);
    }
}

static void event(struct app *app, const struct dial_event *e)
{
    struct call *c = call_on_line(app, e->call);
    app->pending |= REACT_PAINT;
    if (e->kind == DIAL_EVENT_ENDED && !e->inbound && e->call > 0)
        flow_ended(app, e);
    if (e->kind == DIAL_EVENT_LINE)
        line_changed(app, e);
    else if (c != NULL)
        call_moved(app, c, e);
    else if (e->kind == DIAL_EVENT_ANSWERED && e->adopted && !e->inbound)
        adopted(app, e);
    else if (e->kind == DIAL_EVENT_ENDED && e->call == app->stray && e->call != 0)
        app->stray = 0;
    else if (e->call < 0)
        caller_event(app, e);
    else if (e->kind == DIAL_EVENT_NOTE && e->text[0] != '\0')
        say(app, TONE_PLAIN, "%s", e->text);
}

void line_events(struct app *app)
{
    struct dial_event e;
    while (app->dialer != NULL && dial_next_event(app->dialer, &e)) {
        if (e.kind == DIAL_EVENT_INCOMING) /* it is answered, or missed, now */
            preview_leave(app);
        event(app, &e);
    }
}

/* ---- hold, mute, digits ---- */

bool outcome_fits(const struct app *app, const struct outcome *o)
{
    if (app->call.state != CALL_CONNECTED || app->call.inferred || app->call.left_over || o->answered)
        return true;
    for (enum line_result r = 0; r < LINE_RESULT_COUNT_; r++) /* the line would have said so */
        if (strcmp(o->code, line_result_outcome(r)) == 0)
            return false;
    return true;
}

bool action_possible(const struct app *app, enum action_id id)
{
    if ((app->preview.on && !preview_allows(id)) || (id == ACTION_AT && !app->preview.on))
        return false;
    unsigned can = app->dialer != NULL ? dialer_capabilities(app->dialer) : 0;
    bool talks = app->call.state == CALL_CONNECTED && app->call.line_id != 0;
    switch ((int)id) {
    case ACTION_HOLD:
        return talks && (can & DIAL_CAN_HOLD) != 0;
    case ACTION_MUTE:
        return talks && (can & DIAL_CAN_MUTE) != 0;
    case ACTION_DIGITS:
        return talks && (can & DIAL_CAN_DTMF) != 0;
    case ACTION_RECORD:
        return talks && (can & DIAL_CAN_RECORD) != 0;
    case ACTION_DECLINE:
        return caller_rings(app) && (can & DIAL_CAN_REJECT) != 0;
    case ACTION_INBOUND:
        return app->call.state == CALL_NONE || caller_rings(app);
    case ACTION_AUTO_ADVANCE:
        return (can & DIAL_KNOWS_STATE) != 0;
    default:
        return true;
    }
}

static bool talking(const struct app *app, struct error *err)
{
    return (app->call.state == CALL_CONNECTED && app->call.line_id != 0 && app->dialer != NULL) ||
           error_set(err, ERR_REFUSED, "nobody is on the line");
}

unsigned do_HOLD(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (talking(app, err))
        dial_hold(app->dialer, app->call.line_id, !app->call.held, err);
    return REACT_PAINT;
}

unsigned do_MUTE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (talking(app, err))
        dial_mute(app->dialer, app->call.line_id, !app->call.muted, err);
    return REACT_PAINT;
}

unsigned do_DIGITS(struct app *app, struct str args, struct error *err)
{
    char digits[40];
    if (!talking(app, err))
        return REACT_PAINT;
    if (args.len == 0) {
        prompt_open(app, PROMPT_DIGITS, "digits:");
        return REACT_PAINT;
    }
    snprintf(digits, sizeof digits, "%.*s", STR_ARG(args));
    if (dial_dtmf(app->dialer, app->call.line_id, digits, err)) {
        say(app, TONE_PLAIN, "sent: %s", digits);
        app->focus = CONTEXT_NOTES;
    }
    return REACT_PAINT;
}
