/* SPDX-License-Identifier: MIT */
/*
 * Calls in. A ring is a banner with the name, never a changed card; taking it puts the card on the screen aside, with its
 * call. A call is answered first and written then: a file that is held must not let somebody ring.
 */
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "actions.h"
#include "flow.h"
#include "line.h"
#include "prompt.h"
#include "turn.h"

enum { ENDING_DIGITS = 9, FOUND_MOST = 40, PARKED_MOST = sizeof((struct app *)0)->parked / sizeof((struct app *)0)->parked[0] };

/* ---- who it is ---- */

static bool phone_matches(struct str e164, struct str digits, bool exact)
{
    struct str own = e164.len != 0 && e164.at[0] == '+' ? str_skip(e164, 1) : e164;
    if (exact)
        return str_eq(own, digits);
    return own.len >= ENDING_DIGITS && digits.len >= ENDING_DIGITS &&
           memcmp(own.at + own.len - ENDING_DIGITS, digits.at + digits.len - ENDING_DIGITS, ENDING_DIGITS) == 0;
}

static void collect(struct app *app, struct caller *c, struct str digits, bool exact)
{
    struct arena a = {0};
    const struct found *rows;
    size_t count = 0;
    struct str words = exact ? digits : str_skip(digits, digits.len - ENDING_DIGITS);
    if (search_run(app->store, words, FOUND_MOST, &a, &rows, &count, NULL))
        for (size_t i = 0; i < count && c->found_count < CALLER_CARDS; i++) {
            struct arena own = {0};
            struct card card;
            if (card_load(app->store, rows[i].id, 0, app->now, 1, &own, &card, NULL))
                for (size_t p = 0; p < card.phones_count; p++)
                    if (phone_matches(card.phones[p].e164, digits, exact)) {
                        struct buf name;
                        buf_init(&name);
                        text_printable(card.name.len ? card.name : card.company, &name);
                        c->found[c->found_count].card_id = card.id;
                        c->found[c->found_count].phone_id = card.phones[p].id;
                        line_print(c->found[c->found_count++].name, sizeof c->found[0].name, "%s", name.at);
                        buf_done(&name);
                        break;
                    }
            arena_done(&own);
        }
    arena_done(&a);
}

/* Exactly in E.164 first, then by nine digits of its end. More than one is a choice of the rep. */
static void look_up(struct app *app, struct caller *c, const char *said)
{
    const char *home = setting_text(app->settings, SETTING_HOME_COUNTRY);
    const char *region = home[0] != '\0' ? home : setting_text(app->settings, SETTING_COUNTRY);
    struct phone_number number = {0};
    struct str digits = str_of(c->number);
    c->found_count = 0;
    if (c->number[0] != '\0' && app->book != NULL && phone_parse(app->book, digits, region, true, &number, NULL))
        digits = str_of(number.e164);
    if (digits.len != 0 && digits.at[0] == '+')
        digits = str_skip(digits, 1);
    if (number.e164[0] != '\0')
        collect(app, c, digits, true);
    if (c->found_count == 0 && digits.len >= ENDING_DIGITS)
        collect(app, c, digits, false);
    struct buf pretty;
    buf_init(&pretty);
    if (c->number[0] != '\0')
        phone_pretty(number.e164[0] != '\0' ? str_of(number.e164) : str_of(c->number), &pretty);
    if (number.e164[0] != '\0')
        snprintf(c->number, sizeof c->number, "%s", number.e164);
    if (c->found_count == 1)
        line_print(c->who, sizeof c->who, "%s", c->found[0].name);
    else if (c->found_count > 1)
        line_print(c->who, sizeof c->who, "%s or %zu other%s", c->found[0].name, c->found_count - 1, c->found_count == 2 ? "" : "s");
    else if (c->number[0] == '\0')
        line_print(c->who, sizeof c->who, "a hidden number");
    else /* the caller chose the name: it is quoted */
        line_print(c->who, sizeof c->who, said[0] != '\0' ? "%s, unknown (\"%s\")" : "%s, unknown", pretty.at, said);
    buf_done(&pretty);
}

/* ---- the list of them ---- */

static struct caller *caller_ringing(struct app *app)
{
    for (size_t i = 0; i < app->callers_count; i++)
        if (!app->callers[i].taken && !app->callers[i].gone)
            return &app->callers[i];
    return NULL;
}

bool caller_rings(const struct app *app)
{
    for (size_t i = 0; i < app->callers_count; i++)
        if (!app->callers[i].taken && !app->callers[i].gone)
            return true;
    return false;
}

static void forget(struct app *app, struct caller *c)
{
    size_t at = (size_t)(c - app->callers);
    app->callers_count--;
    memmove(c, c + 1, (app->callers_count - at) * sizeof *c);
    app->pending |= REACT_PAINT;
}

static struct caller *caller_asked(struct app *app)
{
    for (size_t i = 0; i < app->callers_count; i++)
        if (app->callers[i].asked)
            return &app->callers[i];
    return NULL;
}

bool callers_wait(const struct app *app)
{
    for (size_t i = 0; i < app->callers_count; i++)
        if (app->callers[i].gone || (app->callers[i].taken && app->callers[i].card_id != 0))
            return true;
    return false;
}

void caller_event(struct app *app, const struct dial_event *e)
{
    struct caller *c = NULL;
    for (size_t i = 0; i < app->callers_count; i++)
        if (app->callers[i].call == e->call)
            c = &app->callers[i];
    if (e->kind == DIAL_EVENT_INCOMING && c == NULL && app->callers_count < CALLERS_MOST) {
        c = &app->callers[app->callers_count++];
        *c = (struct caller){.call = e->call, .at = app->now, .answered_at = AT_NONE, .ended_at = AT_NONE, .anonymous = e->anonymous};
        memcpy(c->number, e->number, sizeof c->number);
        look_up(app, c, e->name);
        if (app->screen == SCREEN_PAUSE) {
            size_t used = strlen(app->paused_calls);
            line_print(app->paused_calls + used, sizeof app->paused_calls - used, "%s%s", used ? ", " : "", c->who);
        }
        return;
    }
    if (c == NULL)
        return;
    if (e->kind == DIAL_EVENT_ANSWERED) {
        c->answered_at = app->now;
        c->taken = true; /* perhaps on the other phone of the desk */
    } else if (e->kind == DIAL_EVENT_ENDED || e->kind == DIAL_EVENT_INCOMING_GONE) {
        c->ended_at = app->now;
        if (c->taken && c->answered_at != AT_NONE)
            return; /* it was a talk: it still wants its card */
        if (c->asked)
            prompt_close(app);
        c->gone = true;
        c->declined = e->result == LINE_RESULT_DECLINED;
    }
}

/* ---- parking ---- */

bool call_park(struct app *app, struct error *err)
{
    if (app->parked_count == PARKED_MOST)
        return error_set(err, ERR_REFUSED, "too many calls are put aside: file one first");
    app->parked[app->parked_count].card_id = app->card.id;
    app->parked[app->parked_count].cursor = editor_cursor(app->notes);
    app->parked[app->parked_count].call = app->call;
    app->parked[app->parked_count++].focus = app->focus;
    return true;
}

bool call_unpark(struct app *app)
{
    struct error why = {0};
    app->unpark = app->parked_count != 0;
    if (!app->unpark || call_is_open(app))
        return false;
    size_t last = app->parked_count - 1;
    if (!card_take(app, app->parked[last].card_id, &why)) {
        if (why.code != ERR_LOCKED && app->parked[last].call.state == CALL_NONE) { /* the card is gone: the queue goes on */
            app->parked_count--;
            app->unpark = false;
            app->pending |= REACT_NEXT;
        }
        return false;
    }
    editor_move_to(app->notes, app->parked[last].cursor);
    app->call = app->parked[last].call;
    /* with a call, into the notes, as "Tab I" left them: what is typed on must not file an outcome */
    app->focus = app->call.state != CALL_NONE ? CONTEXT_NOTES : app->parked[last].focus;
    app->parked_count--;
    app->unpark = false;
    if (app->call.state != CALL_NONE)
        say(app, TONE_PLAIN, app->call.held ? "back: they are on hold, Tab H goes on" : "back to the call before: Tab, then its outcome");
    app->pending |= REACT_CARD | REACT_QUEUE | REACT_PAINT;
    return true;
}

/* ---- taking one ---- */

/* The card of a call that was taken: its row, then the card, each as soon as the file can be had. */
static bool show_card(struct app *app, struct caller *c, struct error *err)
{
    if (c->touch == 0 && !call_begin(app->store, c->card_id, 0, c->phone_id, STR("in"), c->at, STR(""), &c->touch, err))
        return false;
    struct call before = app->call;
    enum context focus = app->focus;
    bool parks = app->card.id != 0 && (call_is_open(app) || app->card.id != c->card_id);
    if (parks && !call_park(app, err))
        return false;
    call_forget(app);
    if (!card_take(app, c->card_id, err)) {
        app->call = before;
        app->focus = focus;
        app->parked_count -= parks;
        return false;
    }
    app->call = (struct call){.state = CALL_DIALING,
                              .inbound = true,
                              .touch = c->touch,
                              .prospect_id = c->card_id,
                              .phone_id = c->phone_id,
                              .line_id = c->call,
                              .started_at = c->at,
                              .answered_at = AT_NONE,
                              .ended_at = AT_NONE};
    snprintf(app->call.number, sizeof app->call.number, "%s", c->number);
    struct caller done = *c;
    forget(app, c);
    if (done.answered_at != AT_NONE && call_answered(app->store, done.touch, done.answered_at, false, NULL)) {
        app->call.answered_at = done.answered_at;
        app->call.state = CALL_CONNECTED;
    }
    if (done.ended_at != AT_NONE && call_ended(app->store, done.touch, done.ended_at, STR("answered"), STR(""), STR(""), NULL)) {
        app->call.ended_at = done.ended_at;
        app->call.state = CALL_ENDED;
    }
    app->focus = CONTEXT_NOTES;
    app->pending |= REACT_CARD | REACT_QUEUE | REACT_PAINT;
    return true;
}

static void try_card(struct app *app, struct caller *c)
{
    struct error why = {0};
    if (show_card(app, c, &why))
        return;
    say(app, TONE_BAD, "you are talking; the card is not open yet: %s", why.text);
    if (why.code != ERR_LOCKED && why.code != ERR_FULL && why.code != ERR_REFUSED)
        forget(app, c);
}

static void ask_who(struct app *app, struct caller *c)
{
    char label[96];
    line_print(label, sizeof label, c->found_count > 1 ? "who of them? a number, or a name:" : "%.60s. Who is it?", c->who);
    c->asked = true;
    prompt_open(app, PROMPT_CALLER, label);
    if (c->found_count > 1) {
        struct choice *choices = ARENA_ARRAY(&app->prompt.arena, struct choice, CALLER_CARDS);
        for (size_t i = 0; i < c->found_count; i++)
            choices[i] = (struct choice){(char)('1' + i), arena_printf(&app->prompt.arena, "%s", c->found[i].name).at};
        prompt_offer(app, choices, c->found_count);
    }
}

static unsigned take(struct app *app, struct caller *c, struct error *err)
{
    if (call_line_is_ringing(app)) {
        error_set(err, ERR_REFUSED, "you are dialing: hang up first (h), then I takes the call");
        return 0;
    }
    if (!dial_answer(app->dialer, c->call, err))
        return 0;
    c->taken = true;
    if (app->banner_caller)
        banner_clear(app);
    if (c->found_count == 1) {
        c->card_id = c->found[0].card_id;
        c->phone_id = c->found[0].phone_id;
        try_card(app, c);
    } else {
        ask_who(app, c);
    }
    return REACT_PAINT;
}

unsigned caller_choice(struct app *app, char key, struct error *err)
{
    struct caller *c = caller_asked(app);
    size_t at = (size_t)(key - '1');
    (void)err;
    prompt_close(app);
    if (c == NULL || at >= c->found_count)
        return REACT_PAINT;
    c->asked = false;
    c->card_id = c->found[at].card_id;
    c->phone_id = c->found[at].phone_id;
    try_card(app, c);
    return REACT_PAINT;
}

/* A name that somebody has exactly is them; any other makes a new card, with the number that called. */
static bool person_of(struct app *app, struct caller *c, struct str name, struct error *err)
{
    struct arena a = {0};
    const struct found *rows;
    size_t count = 0;
    int64_t list = app->list_id;
    bool ok = search_run(app->store, name, 2, &a, &rows, &count, err);
    if (ok && count != 0 && str_eq(rows[0].name, name) && (count == 1 || !str_eq(rows[1].name, name))) {
        c->card_id = rows[0].id;
    } else if (ok) {
        struct phone_number number = {0};
        struct new_phone phone = {.type = STR("unknown"), .label = STR("called from")};
        bool has = c->number[0] != '\0' && app->book != NULL && phone_parse(app->book, str_of(c->number), "", true, &number, NULL);
        phone.e164 = str_of(number.e164);
        phone.national = str_of(number.national);
        phone.region = str_of(number.region);
        phone.state = has ? phone_state(app->book, phone.e164) : STR("");
        phone.zones = has ? phone_zones_text(app->book, phone.e164, &a) : STR("");
        struct new_person person = {.name = name, .phone = has ? &phone : NULL};
        ok = (list != 0 || list_make(app->store, STR("inbound"), app->now, &list, err)) &&
             prospect_add(app->store, list, &person, app->now, &c->card_id, err);
    }
    arena_done(&a);
    return ok;
}

unsigned caller_named(struct app *app, struct str words, struct error *err)
{
    struct caller *c = caller_asked(app);
    if (words.len == 0 || c == NULL) {
        prompt_close(app);
        return REACT_PAINT;
    }
    if (!person_of(app, c, words, err))
        return REACT_PAINT; /* the question stays */
    c->asked = false;
    prompt_close(app);
    try_card(app, c);
    return REACT_PAINT;
}

unsigned do_DECLINE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct caller *c = caller_ringing(app);
    if (c == NULL)
        error_set(err, ERR_REFUSED, "nobody calls");
    else
        dial_reject(app->dialer, c->call, err);
    return REACT_PAINT;
}

/* ---- ticks ---- */

/* What an earlier missed call left to be kept; ret->id 0: nothing. ret_calls: so many calls it stands for by now. */
static bool missed_before(struct app *app, int64_t card_id, int64_t *ret_id, int64_t *ret_calls, struct error *err)
{
    struct arena a = {0};
    struct card card;
    bool ok = card_load(app->store, card_id, 0, app->now, 1, &a, &card, err);
    *ret_id = *ret_calls = 0;
    for (size_t i = 0; ok && i < card.callbacks_count && *ret_id == 0; i++) {
        struct str step = card.callbacks[i].step, number;
        bool one = str_is(step, "missed call"), more = str_word(&step, &number) && str_is(str_trim(step), "missed calls");
        if (card.callbacks[i].kind == PROMISE_CALLBACK && (one || (more && str_int(number, ret_calls)))) {
            *ret_id = card.callbacks[i].id;
            *ret_calls = one ? 1 : *ret_calls;
        }
    }
    arena_done(&a);
    return ok;
}

/* A missed call is promised: due since it rang, and one promise for all of them. Declined or missed, it is in the history. */
static bool write_missed(struct app *app, struct caller *c, struct error *err)
{
    if (c->found_count != 1)
        return true;
    int64_t card = c->found[0].card_id;
    if (c->touch == 0 && !call_begin(app->store, card, 0, c->found[0].phone_id, STR("in"), c->at, STR(""), &c->touch, err))
        return false;
    if (c->touch > 0) {
        struct line_word line = {.result = str_of(line_result_name(c->declined ? LINE_RESULT_DECLINED : LINE_RESULT_MISSED))};
        if (!call_failed(app->store, c->touch, &line, c->ended_at, err))
            return false;
        c->touch = -1;
    }
    struct outcome_entry when = {.when_at = c->at, .step = STR("missed call"), .talk_s = -1};
    int64_t promise, calls;
    if (c->declined || !missed_before(app, card, &promise, &calls, err))
        return c->declined;
    if (promise == 0)
        return callback_make(app->store, card, &when, PROMISE_CALLBACK, c->at, err);
    char step[48];
    snprintf(step, sizeof step, "%lld missed calls", (long long)calls + 1);
    when.step = str_of(step);
    return callback_move(app->store, promise, &when, c->at, err);
}

static void missed(struct app *app, struct caller *c)
{
    struct error why = {0};
    bool ok = write_missed(app, c, &why);
    if (!ok && (why.code == ERR_LOCKED || why.code == ERR_FULL))
        return; /* at the next tick */
    if (!ok)
        say_error(app, &why);
    if (!c->declined && app->screen != SCREEN_PAUSE)
        banner(app, TONE_WARNING, 60000, "missed call: %s%s", c->who,
               c->found_count == 1 ? " · a callback is due" : c->number[0] != '\0' ? " · :new NAME NUMBER makes a card" : "");
    app->pending |= REACT_QUEUE | REACT_CARD | REACT_PAINT;
    forget(app, c);
}

static void tell_who_calls(struct app *app)
{
    struct caller *c = caller_ringing(app);
    if (c == NULL) {
        if (app->banner_caller)
            banner_clear(app);
        return;
    }
    bool can = app->dialer != NULL && (dialer_capabilities(app->dialer) & DIAL_CAN_ANSWER) != 0;
    const char *who = app->screen == SCREEN_PAUSE ? "somebody (a key shows who)" : c->who; /* a pause hides names */
    const char *keys = !can ? "answer on your phone" : app->focus == CONTEXT_NOTES ? "Tab I takes it, Tab D declines" : "I takes it, D declines";
    banner(app, TONE_GOOD, 0, "%s calls you · %s", who, keys);
    app->banner_caller = true;
    if (call_is_open(app) && app->message.text[0] == '\0' && app->screen != SCREEN_PAUSE)
        say(app, TONE_WARNING, "a call waits: %s; Tab I takes it and holds this one", c->who);
}

void callers_tick(struct app *app)
{
    for (size_t i = app->callers_count; i-- > 0;) {
        struct caller *c = &app->callers[i];
        bool free = app->prompt.kind == PROMPT_NONE && app->screen == SCREEN_DECK;
        if (c->gone)
            missed(app, c);
        else if (c->taken && c->card_id != 0 && free)
            try_card(app, c);
        else if (c->taken && c->asked && app->prompt.kind != PROMPT_CALLER && c->ended_at != AT_NONE)
            forget(app, c); /* the rep wanted no card for it */
        else if (c->taken && !c->asked && c->card_id == 0 && free)
            ask_who(app, c);
    }
    tell_who_calls(app);
}

/* ---- by hand, for a phone that is on the desk ---- */

unsigned do_INBOUND(struct app *app, struct str args, struct error *err)
{
    struct caller *c = caller_ringing(app);
    if (args.len != 0)
        return inbound_take(app, args, err);
    if (c != NULL)
        return take(app, c, err);
    if (call_is_open(app)) {
        error_set(err, ERR_REFUSED, "nobody calls; a call is open: file its outcome first");
        return 0;
    }
    prompt_open(app, PROMPT_INBOUND, "who is calling? name or digits:");
    return REACT_PAINT;
}

unsigned inbound_take(struct app *app, struct str words, struct error *err)
{
    struct arena a = {0};
    const struct found *rows;
    size_t count;
    unsigned reactions = 0;
    if (call_is_open(app)) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first");
        return 0;
    }
    int64_t before = app->card.id, touch;
    size_t cursor = editor_cursor(app->notes);
    if (search_run(app->store, words, 2, &a, &rows, &count, err)) {
        if (count == 0)
            error_set(err, ERR_NOT_FOUND, "nobody found; :new NAME NUMBER makes a card for them");
        else if (card_take(app, rows[0].id, err) &&
                 call_begin(app->store, app->card.id, 0, app->card.phone_id, STR("in"), app->now, STR(""), &touch, err)) {
            app->call = (struct call){.state = CALL_CONNECTED,
                                      .inbound = true,
                                      .touch = touch,
                                      .prospect_id = app->card.id,
                                      .phone_id = app->card.phone_id,
                                      .started_at = app->now,
                                      .answered_at = app->now,
                                      .ended_at = AT_NONE};
            call_answered(app->store, touch, app->now, false, NULL);
            if (before != 0 && before != app->card.id && app->parked_count < sizeof app->parked / sizeof app->parked[0]) {
                app->parked[app->parked_count].card_id = before;
                app->parked[app->parked_count].cursor = cursor;
                app->parked[app->parked_count].focus = CONTEXT_DECK;
                app->parked[app->parked_count++].call.state = CALL_NONE;
            }
            app->focus = CONTEXT_NOTES;
            reactions = REACT_CARD | REACT_QUEUE | REACT_PAINT;
        }
    }
    arena_done(&a);
    return reactions;
}
