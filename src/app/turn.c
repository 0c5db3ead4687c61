/* SPDX-License-Identifier: MIT */
/*
 * A turn: an event becomes an action, the reactions are worked out once, the screen is drawn once.
 *
 * A store that is busy makes the work wait for the next turn: the bits stay in app->pending, and nothing freezes.
 */
#include "turn.h"

#include <string.h>

#include "actions.h"
#include "call.h"
#include "keymap.h"
#include "line.h"
#include "notes.h"
#include "prompt.h"

enum {
    SWALLOW_ENTER_MS = 400,
    REPEAT_MS = 400,       /* a key that is held down */
    TWICE_MS = 1000,       /* "c c": armed and filed, where the first one already opened the question */
    PAINT_HELD_MS = 50, /* keys that wait are worked off first, but not for longer than this */
};

enum context app_context(const struct app *app)
{
    if (app->prompt.kind != PROMPT_NONE)
        return CONTEXT_PROMPT;
    switch (app->screen) {
    case SCREEN_DECK:
        return app->focus;
    case SCREEN_START:
    case SCREEN_EDIT:
        return CONTEXT_FORM;
    case SCREEN_HELP:
    case SCREEN_SEARCH:
    case SCREEN_HISTORY:
    case SCREEN_LISTS:
    case SCREEN_AGENDA:
    case SCREEN_STATS:
    case SCREEN_BLOCKED:
    case SCREEN_REVIEW:
    case SCREEN_DRAFTS:
    case SCREEN_BATCHES:
    case SCREEN_WHY:
    case SCREEN_POLICY:
    case SCREEN_TRIAL:
    case SCREEN_PAUSE:
    case SCREEN_COUNT_:
        break;
    }
    return CONTEXT_LIST;
}

/* ---- keys ---- */

/* A key without a meaning says what would have one, and does nothing. */
static void key_unknown(struct app *app, enum context context, const struct key *key)
{
    struct buf name;
    buf_init(&name);
    key_format(key, &name);
    if (context == CONTEXT_DECK && key->code == KEY_CODE_CHAR && key->mods == 0 && key->text[1] == '\0' &&
        outcome_by_key(store_outcomes(app->store), key->text[0]) != NULL)
        say(app, TONE_WARNING, "no call is open: Enter calls, :log files a call made elsewhere");
    else
        say(app, TONE_PLAIN, "%.24s does nothing here · %s", name.at,
            context == CONTEXT_PROMPT ? "Esc leaves the question" : "? shows the keys");
    buf_done(&name);
}

static unsigned type_character(struct app *app, enum context context, const struct key *key)
{
    bool plain = key->code == KEY_CODE_CHAR && key->mods == 0;
    if (context == CONTEXT_NOTES && notes_key(app, key))
        return REACT_PAINT;
    if (plain && (context == CONTEXT_PROMPT || context == CONTEXT_FORM) && prompt_type(app, str_of(key->text)))
        return REACT_PAINT;
    key_unknown(app, context, key);
    return REACT_PAINT;
}

/* The outcome's letter with Alt is Tab and the letter; without a call the key keeps its meaning in the editor. */
static bool alt_outcome_now(struct app *app, enum context context, enum action_id id)
{
    if (context != CONTEXT_NOTES || id != ACTION_OUTCOME)
        return true;
    if (app->call.state == CALL_NONE)
        return false;
    app->focus = CONTEXT_BAR;
    return true;
}

/* The letter that opened a question, once more: nobody means it as the first letter of the answer. */
static bool repeats_opener(struct app *app, const struct key *key)
{
    struct prompt *p = &app->prompt;
    char opener = p->opened_by;
    p->opened_by = '\0';
    if (p->kind == PROMPT_NONE || opener == '\0' || key->code != KEY_CODE_CHAR || key->mods != 0 || key->text[0] != opener ||
        key->text[1] != '\0' || editor_text(p->line).len != 0)
        return false;
    for (size_t i = 0; i < p->choices_count; i++)
        if (p->choices[i].key == opener)
            return false;
    /* words of time hardly begin with it; free words may */
    return app->now_ms - p->opened_at_ms <= (p->kind == PROMPT_WHEN || p->choices_count != 0 ? TWICE_MS : REPEAT_MS);
}

static unsigned key_do(struct app *app, const struct key *key);

static unsigned on_key(struct app *app, const struct key *key)
{
    if (repeats_opener(app, key))
        return REACT_PAINT;
    enum prompt_kind before = app->prompt.kind;
    unsigned reactions = key_do(app, key);
    if (app->prompt.kind != PROMPT_NONE && app->prompt.kind != before && key->code == KEY_CODE_CHAR && key->text[1] == '\0') {
        app->prompt.opened_by = key->text[0];
        app->prompt.opened_at_ms = app->now_ms;
    }
    return reactions;
}

/* Nobody sees a card that is too small to be painted: nothing is dialled, filed or asked there. What is typed into notes stays. */
static unsigned key_blind(struct app *app, const struct key *key)
{
    struct str args = STR("");
    enum context context = app_context(app);
    enum action_id id = app_key_action(app, CONTEXT_DECK, key, &args);
    if (context == CONTEXT_NOTES && app_key_action(app, context, key, &args) == ACTION_NONE)
        return type_character(app, context, key);
    if (id == ACTION_SUSPEND || id == ACTION_REFRESH || (id == ACTION_QUIT && context == CONTEXT_DECK && app->call.state == CALL_NONE))
        return action_run(app, id, args);
    return REACT_PAINT;
}

static unsigned key_do(struct app *app, const struct key *key)
{
    app->key_at_ms = app->now_ms;
    if (app->message.until_ms == 0)
        app->message.text[0] = '\0';
    if (app->screen == SCREEN_PAUSE && app->prompt.kind == PROMPT_NONE) {
        screen_close(app);
        flow_back_from_pause(app);
        return REACT_PAINT | REACT_QUEUE;
    }
    if (flow_key(app, key))
        return REACT_PAINT;
    if (app->cols < LEAST_COLS || app->rows < LEAST_ROWS)
        return key_blind(app, key);
    enum context context = app_context(app);
    unsigned reactions = 0;
    struct error err = {0};
    if (context == CONTEXT_PROMPT && prompt_letter(app, key, &reactions, &err)) {
        if (err.code != ERR_NONE)
            say_error(app, &err);
        return reactions | REACT_PAINT;
    }

    struct str args = STR("");
    enum action_id id = app_key_action(app, context, key, &args);
    if (id == ACTION_NONE)
        return type_character(app, context, key);
    if (!alt_outcome_now(app, context, id)) {
        id = keymap_find_without_alt(app->keymap, context, key, &args);
        if (id == ACTION_NONE)
            return type_character(app, context, key);
    }
    if (id == ACTION_CALL && key->code == KEY_CODE_ENTER && app->now_ms - app->card_since_ms < SWALLOW_ENTER_MS) {
        /* held down: the next person is not dialled by the key that ended with this one */
        app->card_since_ms = app->now_ms;
        say(app, TONE_PLAIN, "this card is new: Enter once more dials");
        return REACT_PAINT;
    }
    if (context == CONTEXT_PROMPT || context == CONTEXT_FORM) {
        if (prompt_action(app, id, &reactions, &err)) {
            if (err.code != ERR_NONE)
                say_error(app, &err);
            return reactions | REACT_PAINT;
        }
    }
    return action_run(app, id, args);
}

static unsigned on_paste(struct app *app, struct str text)
{
    switch (app_context(app)) {
    case CONTEXT_NOTES:
        notes_paste(app, text);
        break;
    case CONTEXT_PROMPT:
    case CONTEXT_FORM:
        prompt_type(app, text);
        break;
    case CONTEXT_DECK:
    case CONTEXT_BAR:
    case CONTEXT_LIST:
    case CONTEXT_COUNT_:
        say(app, TONE_PLAIN, "pasted text goes into the notes: Tab, then paste");
        break;
    }
    return REACT_PAINT;
}

static unsigned on_mouse(struct app *app, const struct event *event)
{
    enum context context = app_context(app);
    if (event->mouse == MOUSE_WHEEL_DOWN || event->mouse == MOUSE_WHEEL_UP) {
        struct key key = {.code = event->mouse == MOUSE_WHEEL_DOWN ? KEY_CODE_DOWN : KEY_CODE_UP};
        return context == CONTEXT_PROMPT || context == CONTEXT_FORM ? 0 : on_key(app, &key);
    }
    struct app_click click = {.kind = CLICK_NOTHING};
    if (app->port == NULL || app->port->click == NULL ||
        !app->port->click(event->cols, event->rows, &click, app->port->user))
        return 0;
    return click_do(app, &click);
}

void app_event(struct app *app, const struct event *event)
{
    app_start(app);
    switch (event->kind) {
    case EVENT_KEY:
        app->pending |= on_key(app, &event->key);
        break;
    case EVENT_PASTE:
        app->pending |= on_paste(app, event->paste);
        break;
    case EVENT_RESIZE:
        app->cols = event->cols;
        app->rows = event->rows;
        queue_find_card(app);
        app->pending |= REACT_PAINT | REACT_CLEAR;
        break;
    case EVENT_MOUSE:
        app->pending |= on_mouse(app, event);
        break;
    case EVENT_WAIT:
        break;
    case EVENT_CLOSED:
        app->quit = true;
        break;
    }
    bool acted = (app->pending & (REACT_QUEUE | REACT_CARD)) != 0 && event->kind == EVENT_KEY;
    if (acted)
        app->queue_by_itself = false;
    if (acted && app_context(app) == CONTEXT_LIST)
        app->pending |= REACT_SCREEN;
    app_turn(app);
}

/* ---- what is worked out at the end ---- */

/* false: the store is busy, the work waits */
static bool settled(struct app *app, bool ok, const struct error *err)
{
    if (ok)
        return true;
    if (err->code == ERR_LOCKED)
        return false;
    say_error(app, err);
    return true;
}

static unsigned work_out_parts(struct app *app, unsigned pending)
{
    struct error err = {0};
    if (pending & (REACT_QUEUE | REACT_NEXT)) {
        if (!settled(app, queue_load(app, &err), &err))
            return pending;
        pending &= ~(unsigned)REACT_QUEUE;
        /* nobody was left and somebody is there again: an empty place is no card that could move */
        if (app->card.id == 0 && app->queue_count != 0 && app->call.state == CALL_NONE && app->started)
            pending |= REACT_NEXT;
        pending |= REACT_CARD;
    }
    err = (struct error){0};
    if ((pending & REACT_NEXT) != 0 && app->call.state == CALL_NONE) {
        int64_t before = app->card.id;
        if (!settled(app, queue_take_next(app, &err), &err))
            return pending;
        if (app->card.id != before && app->port != NULL && app->port->flush_keys != NULL)
            app->port->flush_keys(app->port->user);
        if (app->card.id != before)
            pending &= ~(unsigned)REACT_CARD; /* it is fresh */
    }
    pending &= ~(unsigned)REACT_NEXT;
    err = (struct error){0};
    if ((pending & REACT_CARD) != 0 && !settled(app, card_reload(app, &err), &err))
        return pending;
    pending &= ~(unsigned)REACT_CARD;
    err = (struct error){0};
    if ((pending & REACT_SCREEN) != 0 && !settled(app, screen_load(app, &err), &err))
        return pending;
    pending &= ~(unsigned)REACT_SCREEN;
    return pending;
}

/* What is only read is read as one state; a claim, which writes, stands between two. */
static unsigned work_out(struct app *app, unsigned pending)
{
    bool writes = (pending & REACT_NEXT) != 0 || app->card.id == 0;
    bool reads = (pending & (REACT_QUEUE | REACT_CARD | REACT_SCREEN)) != 0;
    bool begun = reads && !writes && store_begin_read(app->store, NULL);
    pending = work_out_parts(app, pending);
    if (begun)
        store_end_read(app->store);
    return pending;
}

void app_turn(struct app *app)
{
    unsigned pending = app->pending;
    app->pending = 0;
    pending = work_out(app, pending) | app->pending;
    app->pending = 0;
    if (pending & REACT_QUIT)
        app->quit = true;
    if (pending & REACT_SUSPEND) {
        notes_save(app, true);
        if (app->port != NULL && app->port->suspend != NULL)
            app->port->suspend(app->port->user);
        pending |= REACT_PAINT | REACT_CLEAR;
    }
    pending &= ~(unsigned)(REACT_QUIT | REACT_SUSPEND);
    const struct app_port *port = app->port;
    bool held = port != NULL && port->key_waits != NULL && app->now_ms - app->painted_at_ms < PAINT_HELD_MS &&
                port->key_waits(port->user);
    if ((pending & (REACT_PAINT | REACT_CLEAR)) != 0 && !held) {
        if (port != NULL && port->paint != NULL)
            port->paint(app, (pending & REACT_CLEAR) != 0, port->user);
        app->painted_at_ms = app->now_ms;
        pending &= ~(unsigned)(REACT_PAINT | REACT_CLEAR);
    }
    app->pending = pending;
}
