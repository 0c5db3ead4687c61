/* SPDX-License-Identifier: MIT */
/*
 * The call that is open, between the dial and its outcome. The row of the attempt is on disk before the first ring.
 */
#include "call.h"

#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "actions.h"
#include "ask.h"
#include "flow.h"
#include "line.h"
#include "notes.h"
#include "prompt.h"
#include "turn.h"

bool call_line_is_live(const struct app *app)
{
    return app->call.state == CALL_CONNECTED && app->dialer != NULL && !app->call.left_over &&
           (dialer_capabilities(app->dialer) & DIAL_KNOWS_STATE) != 0;
}

bool call_line_is_ringing(const struct app *app)
{
    return app->call.state == CALL_DIALING && app->dialer != NULL && app->call.line_id != 0 &&
           (dialer_capabilities(app->dialer) & DIAL_KNOWS_STATE) != 0 && dial_state(app->dialer, app->call.line_id) != LINE_IDLE;
}

void call_forget(struct app *app)
{
    app->call = (struct call){.state = CALL_NONE, .started_at = AT_NONE, .answered_at = AT_NONE, .ended_at = AT_NONE};
    app->focus = CONTEXT_DECK;
}

void call_continue(struct app *app, int64_t touch, int64_t started_at)
{
    app->call = (struct call){.state = CALL_ENDED,
                              .touch = touch,
                              .prospect_id = app->card.id,
                              .started_at = started_at,
                              .answered_at = AT_NONE,
                              .ended_at = app->now,
                              .left_over = true};
    for (size_t i = 0; i < app->card.touches_count; i++)
        if (app->card.touches[i].id == touch) {
            app->call.answered_at = app->card.touches[i].answered_at;
            app->call.inbound = str_is(app->card.touches[i].direction, "in");
            for (size_t n = 0; n < app->card.phones_count; n++)
                if (str_eq(app->card.phones[n].e164, app->card.touches[i].number))
                    app->call.phone_id = app->card.phones[n].id;
        }
    app->focus = CONTEXT_BAR;
}

/* Nobody talked on through the crash and the night: the call ended no later than its last sign of life. */
static void end_left_over(struct app *app)
{
    int64_t end = app->card.draft_at;
    for (size_t i = 0; i < app->card.touches_count; i++) {
        const struct card_touch *t = &app->card.touches[i];
        if (t->id != app->call.touch)
            continue;
        int64_t begun = t->answered_at != AT_NONE ? t->answered_at : t->started_at;
        if (t->ended_at == AT_NONE)
            call_ended(app->store, t->id, end > begun ? end : begun, STR(""), STR(""), STR(""), NULL);
    }
}

void call_found_open(struct app *app)
{
    struct arena a = {0};
    const struct open_touch *rows;
    size_t count;
    struct error err = {0};
    bool ok = open_touches(app->store, &a, &rows, &count, &err);
    for (size_t i = 0; ok && i < count && !call_is_open(app); i++) {
        err = (struct error){0};
        if (!card_take(app, rows[i].prospect_id, &err) || !card_claim(app, &err)) {
            if (err.code != ERR_REFUSED) /* else another window of the same rep is on the phone with them */
                say_error(app, &err);
            continue;
        }
        call_continue(app, rows[i].touch, rows[i].started_at);
        app->focus = CONTEXT_NOTES; /* who was typing goes on, and who has learned Tab and a letter is right */
        end_left_over(app);
        struct civil c = zone_civil(app->zone, rows[i].started_at);
        struct buf name;
        buf_init(&name);
        text_printable(rows[i].name, &name);
        struct str shown = text_fit(buf_str(&name), NAME_COLS, NULL);
        banner(app, TONE_WARNING, 0, "you were on with %.*s, %02d:%02d: outcome?", STR_ARG(shown), c.hour, c.minute);
        buf_done(&name);
    }
    arena_done(&a);
}

void call_infer_answer(struct app *app)
{
    struct call *c = &app->call;
    c->typed = call_is_open(app);
    if (c->state != CALL_DIALING || c->answered_at != AT_NONE)
        return;
    if (app->dialer != NULL && (dialer_capabilities(app->dialer) & DIAL_KNOWS_STATE) != 0)
        return; /* the line will say so itself */
    if (call_answered(app->store, c->touch, app->now, true, NULL)) {
        c->answered_at = app->now;
        c->inferred = true;
        c->state = CALL_CONNECTED;
    }
}

/* A call that a crash or an undo left has an outcome to come and nobody on the phone. */
static bool has_line(const struct app *app, struct error *err)
{
    return !app->call.left_over || error_set(err, ERR_REFUSED, "no line is behind this call any more: press the letter of its outcome");
}

unsigned do_ANSWERED(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct call *c = &app->call;
    if (!call_is_open(app)) {
        error_set(err, ERR_REFUSED, "no call is open");
        return 0;
    }
    if (!has_line(app, err))
        return 0;
    if (c->answered_at != AT_NONE && !c->inferred) {
        say(app, TONE_PLAIN, "they picked up already; the timer runs");
        return REACT_PAINT;
    }
    if (!call_answered(app->store, c->touch, app->now, false, err))
        return 0;
    c->answered_at = app->now;
    c->inferred = false;
    c->state = CALL_CONNECTED;
    app->focus = CONTEXT_NOTES;
    return REACT_PAINT;
}

/* ---- where the keys go ---- */

unsigned do_TO_NOTES(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (app->card.id == 0) {
        error_set(err, ERR_REFUSED, "no card: there is nobody to note about");
        return 0;
    }
    app->focus = CONTEXT_NOTES;
    return REACT_PAINT;
}

unsigned do_TO_BAR(struct app *app, struct str args, struct error *err)
{
    (void)args;
    (void)err;
    notes_save(app, true); /* nothing, when nothing was typed since the last time */
    app->focus = call_is_open(app) ? CONTEXT_BAR : CONTEXT_DECK;
    return REACT_PAINT;
}

unsigned do_BAR_BACK(struct app *app, struct str args, struct error *err)
{
    return do_TO_NOTES(app, args, err);
}

/* ---- dialing ---- */

static void dial_plan_of(const struct app *app, struct dial_plan *plan)
{
    *plan = (struct dial_plan){0};
    snprintf(plan->outside_line, sizeof plan->outside_line, "%s", setting_text(app->settings, SETTING_OUTSIDE_LINE));
    snprintf(plan->home_country, sizeof plan->home_country, "%s", setting_text(app->settings, SETTING_HOME_COUNTRY));
    snprintf(plan->trunk_prefix, sizeof plan->trunk_prefix, "%s", setting_text(app->settings, SETTING_TRUNK_PREFIX));
    const char *international = setting_text(app->settings, SETTING_INTERNATIONAL_PREFIX);
    snprintf(plan->international, sizeof plan->international, "%s", strcmp(international, "+") == 0 ? "" : international);
    if (plan->home_country[0] != '\0' && app->book != NULL)
        plan->home_calling_code = country_calling_code(app->book, plan->home_country);
}

/* The number as it goes out, through the policy that no backend may get wrong: refused, never stripped. */
static bool number_to_dial(const struct app *app, const struct card_phone *phone, char ret[DIAL_NUMBER_SIZE], struct error *err)
{
    char clean[DIAL_NUMBER_SIZE];
    struct dial_plan plan;
    if (!number_clean(phone->e164, clean, err) ||
        !number_allowed(clean, str_of(setting_text(app->settings, SETTING_BLOCK_NUMBERS)), err))
        return false;
    dial_plan_of(app, &plan);
    number_as_dialled(clean, &plan, ret);
    return true;
}

bool call_record_unrung(struct app *app, struct error *err)
{
    struct error why = {0};
    struct line_word line = {str_of(app->unrung.result), str_of(app->unrung.code), str_of(app->unrung.why)};
    if (app->unrung.touch == 0 || call_failed(app->store, app->unrung.touch, &line, app->now, &why) ||
        why.code == ERR_NOT_FOUND) {
        app->pending |= app->unrung.touch != 0 ? REACT_CARD | REACT_QUEUE : 0;
        app->unrung.touch = 0;
        return true;
    }
    return error_set(err, why.code, "the dial that failed is not recorded yet: %s", why.text);
}

/* A line error is no attempt. Its row must not stay open: what cannot be written now is written later. */
void call_never_rang(struct app *app, enum line_result result, int code, const char *why)
{
    app->unrung.touch = app->call.touch;
    app->unrung.code[0] = '\0';
    if (code != 0)
        snprintf(app->unrung.code, sizeof app->unrung.code, "%d", code);
    snprintf(app->unrung.result, sizeof app->unrung.result, "%s", line_result_name(result));
    line_print(app->unrung.why, sizeof app->unrung.why, "%s", why);
    call_record_unrung(app, NULL);
    call_forget(app);
}

unsigned call_dial(struct app *app, struct str override, struct error *err)
{
    const struct card_phone *phone = card_phone_picked(app);
    char number[DIAL_NUMBER_SIZE], caller[CALLER_SIZE];
    int64_t touch;
    if (phone == NULL) {
        error_set(err, ERR_REFUSED, "no number to dial: + adds one");
        return 0;
    }
    if (!call_record_unrung(app, err) || !number_to_dial(app, phone, number, err) || !card_claim(app, err) ||
        !call_caller(app->store, app->list_id, phone->id, caller, err) ||
        !call_begin(app->store, app->card.id, app->list_id, phone->id, STR("out"), app->now, override, &touch, err))
        return 0;
    app->call = (struct call){.state = CALL_DIALING,
                              .touch = touch,
                              .prospect_id = app->card.id,
                              .phone_id = phone->id,
                              .started_at = app->now,
                              .answered_at = AT_NONE,
                              .ended_at = AT_NONE};
    memcpy(app->call.number, number, sizeof number);
    memcpy(app->call.caller, caller, sizeof caller);
    app->call.line_id = touch;
    app->call.began_ms = app->now_ms;
    if (app->card.list_blocked || app->dialer == NULL) {
        snprintf(app->call.said, sizeof app->call.said, "%s", app->demo ? app->demo : "this list is not for dialling: nothing rings");
    } else if (!dial_place(app->dialer, touch, app->card.id, number, caller, err)) {
        call_never_rang(app, LINE_RESULT_FAILED, 0, err != NULL ? err->text : "failed");
        return REACT_CARD | REACT_PAINT;
    }
    app->focus = CONTEXT_NOTES;
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

/* Who is promised a call so soon that a cold one would run into it: a rule of the house. */
static bool promise_is_near(struct app *app, struct buf *out)
{
    struct arena a = {0};
    struct callback_row near;
    bool any = callback_near(app->store, app->list_id, app->card.id, app->now, &a, &near, NULL) && near.id != 0;
    if (any) {
        struct buf name;
        buf_init(&name);
        text_printable(near.name, &name);
        struct str shown = text_fit(buf_str(&name), NAME_COLS, NULL);
        struct civil c = zone_civil(app->zone, near.due_at);
        buf_printf(out, "callback with %.*s at %02d:%02d (in %d min)", STR_ARG(shown), c.hour, c.minute,
                   (int)((near.due_at - app->now + MINUTE_S - 1) / MINUTE_S));
        buf_done(&name);
    }
    arena_done(&a);
    return any;
}

static void ask_override(struct app *app, const struct buf *why)
{
    char label[96];
    struct str shown = text_fit(buf_str(why), 66, NULL);
    snprintf(label, sizeof label, "%.*s. Call anyway? reason:", (int)cluster_floor(shown, NAME_BYTES), shown.at);
    prompt_open(app, PROMPT_OVERRIDE, label);
}

unsigned do_CALL(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (call_is_open(app)) {
        error_set(err, ERR_REFUSED, "a call is open: Tab, then its outcome");
        return 0;
    }
    if (app->card.id == 0) {
        error_set(err, ERR_REFUSED, "no card: nobody may be called now; B says why");
        return 0;
    }
    if (app->preview_at != AT_NONE && app->demo == NULL && app->dialer != NULL && strcmp(dialer_kind(app->dialer), "null") != 0) {
        error_set(err, ERR_REFUSED, "this is a preview of another hour: nothing can be dialled");
        return 0;
    }
    if (!card_verdict(app, err))
        return 0;
    struct buf why;
    buf_init(&why);
    if (app->verdict.yes && !(app->verdict.why == STATE_READY && promise_is_near(app, &why))) {
        buf_done(&why);
        return call_dial(app, STR(""), err);
    }
    if (!app->verdict.yes)
        verdict_text(&app->verdict, &app->place, app->now, &why);
    if (app->verdict.yes || app->verdict.house_rule) {
        ask_override(app, &why);
    } else {
        error_set(err, ERR_REFUSED, "not dialled: %s", why.at);
    }
    buf_done(&why);
    return REACT_PAINT;
}

unsigned do_PICK_NUMBER(struct app *app, struct str args, struct error *err)
{
    int64_t n;
    if (!str_int(args, &n) || n < 1 || (size_t)n > app->card.phones_count) {
        error_set(err, ERR_REFUSED, "number %.*s is not on this card: it has %zu; + adds one", STR_ARG(args), app->card.phones_count);
        return 0;
    }
    app->phone_index = (size_t)n - 1;
    struct error ignored = {0};
    card_verdict(app, &ignored);
    const struct card_phone *p = &app->card.phones[app->phone_index];
    struct buf pretty;
    buf_init(&pretty);
    phone_pretty(p->e164, &pretty);
    say(app, p->bad || p->suppressed ? TONE_WARNING : TONE_PLAIN, "%s%s%s", call_is_open(app) ? "next: " : "Enter dials ", pretty.at,
        p->suppressed ? ": it asked not to be called" : p->bad ? ": marked as bad" : "");
    buf_done(&pretty);
    return REACT_PAINT;
}

unsigned do_HANG_UP(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct call *c = &app->call;
    unsigned can = app->dialer != NULL ? dialer_capabilities(app->dialer) : 0;
    if (!call_is_open(app) && app->stray != 0) {
        dial_hang_up(app->dialer, app->stray, err);
        return REACT_PAINT;
    }
    if (!call_is_open(app)) {
        error_set(err, ERR_REFUSED, "no call is open");
        return 0;
    }
    if (!has_line(app, err))
        return 0;
    bool on_line = c->line_id != 0 && ((can & DIAL_KNOWS_STATE) == 0 || dial_state(app->dialer, c->line_id) != LINE_IDLE);
    if (on_line && (can & DIAL_CAN_HANG_UP) != 0 && !dial_hang_up(app->dialer, c->line_id, err))
        return 0;
    if (on_line && (can & DIAL_KNOWS_STATE) != 0) { /* the line confirms it, and says how it ended */
        app->focus = CONTEXT_BAR;
        return REACT_PAINT;
    }
    if (c->ended_at == AT_NONE) {
        if (!call_ended(app->store, c->touch, app->now, STR(""), STR(""), STR(""), err))
            return 0;
        c->ended_at = app->now;
    }
    c->state = CALL_ENDED;
    app->focus = CONTEXT_BAR;
    return REACT_PAINT;
}

/* "no answer" as the outcomes mean it: nobody answered, it counts, and it does nothing else. */
static const struct outcome *plain_no_answer(const struct app *app)
{
    const struct outcome_table *t = store_outcomes(app->store);
    for (size_t i = 0; i < t->count; i++)
        if (!t->rows[i].answered && !t->rows[i].done && t->rows[i].counts && t->rows[i].effect == EFFECT_NONE)
            return &t->rows[i];
    return NULL;
}

/* "no answer" is filed: the other number of the same person. */
unsigned call_next_number(struct app *app, struct error *err)
{
    int64_t phone_id = app->asked.next_phone;
    struct error reload = {0};
    app->asked.next_phone = 0;
    if (call_is_open(app) || app->card.id == 0 || app->card.id != app->asked.prospect_id)
        return 0;
    card_reload(app, &reload);
    for (size_t i = 0; i < app->card.phones_count; i++)
        if (app->card.phones[i].id == phone_id)
            app->phone_index = i;
    /* The rest that "no answer" just began is what this key sets aside; every other rule stands. */
    if (!card_verdict(app, err))
        return 0;
    if (!app->verdict.yes && !(app->verdict.house_rule && app->verdict.why == STATE_RESTING)) {
        struct buf why;
        buf_init(&why);
        verdict_text(&app->verdict, &app->place, app->now, &why);
        error_set(err, ERR_REFUSED, "no answer is filed; the next number is not dialled: %s", why.at);
        buf_done(&why);
        return REACT_PAINT;
    }
    return call_dial(app, STR("next number of the same person"), err);
}

unsigned do_NEXT_NUMBER(struct app *app, struct str args, struct error *err)
{
    (void)args;
    const struct outcome *o = plain_no_answer(app);
    if (!call_is_open(app) || o == NULL) {
        error_set(err, ERR_REFUSED, "no call is open");
        return 0;
    }
    if (!has_line(app, err))
        return 0;
    size_t next = app->card.phones_count;
    for (size_t i = 1; i < app->card.phones_count && next == app->card.phones_count; i++) {
        size_t at = (app->phone_index + i) % app->card.phones_count;
        const struct card_phone *p = &app->card.phones[at];
        if (!p->bad && !p->suppressed && p->id != app->call.phone_id)
            next = at;
    }
    if (next == app->card.phones_count) {
        error_set(err, ERR_REFUSED, "there is no other number to dial; n files no answer");
        return 0;
    }
    if (call_line_is_live(app)) {
        error_set(err, ERR_REFUSED, "a person is on the line: hang up first");
        return 0;
    }
    if (call_line_is_ringing(app)) { /* as soon as the line is free */
        app->call.armed = o;
        app->call.then_dial = app->card.phones[next].id;
        return do_HANG_UP(app, STR(""), err);
    }
    app->asked =
        (struct asked){.outcome = o, .prospect_id = app->card.id, .when_at = AT_NONE, .next_phone = app->card.phones[next].id};
    unsigned reactions = outcome_finish(app, err);
    return app->asked.waits ? reactions : reactions | call_next_number(app, err);
}

void call_tick(struct app *app)
{
    if (app->unrung.touch != 0)
        call_record_unrung(app, NULL);
    if (app->owed_count != 0)
        line_settle(app, NULL);
    if (app->unpark && !call_is_open(app) && app->prompt.kind == PROMPT_NONE)
        call_unpark(app);
    /* Not under a question: what is typed there is about the card that filing would take away. */
    if (app->asked.waits && app->prompt.kind == PROMPT_NONE && app->screen != SCREEN_EDIT) {
        struct error err = {0};
        app->pending |= outcome_finish(app, &err);
        if (!app->asked.waits && app->asked.next_phone != 0 && err.code == ERR_NONE)
            app->pending |= call_next_number(app, &err);
        if (err.code != ERR_NONE && err.code != ERR_LOCKED && err.code != ERR_FULL)
            say_error(app, &err);
    }
    if (call_is_open(app)) /* the timer */
        app->pending |= REACT_PAINT;
}
