/* SPDX-License-Identifier: MIT */
/*
 * The queue's head, its counts, and the cursor on it. A fresh order never moves the card: the cursor follows its row.
 */
#include <string.h>

#include "call.h"
#include "turn.h"

#include "calldeck/utf8.h"

enum { AHEAD_S = 5 * MINUTE_S, PROMISES_MOST = 500, OPENINGS_MOST = 32 };

static int rows_shown(const struct app *app)
{
    struct app_metrics m = {.queue_rows = 10, .list_rows = 10};
    if (app->port != NULL && app->port->measure != NULL)
        app->port->measure(app, &m, app->port->user);
    return m.queue_rows > 0 ? m.queue_rows : 1;
}

static void keep_in_sight(struct app *app)
{
    size_t rows = (size_t)rows_shown(app);
    if (app->queue_cursor >= app->queue_count)
        app->queue_cursor = app->queue_count ? app->queue_count - 1 : 0;
    if (app->queue_top > app->queue_cursor)
        app->queue_top = app->queue_cursor;
    if (app->queue_cursor - app->queue_top >= rows)
        app->queue_top = app->queue_cursor - rows + 1;
}

void queue_find_card(struct app *app)
{
    size_t height = app->queue_cursor - app->queue_top; /* the row stays where it is on the screen, if it can */
    app->card_in_queue = false;
    app->has_reason = false;
    for (size_t i = 0; app->card.id != 0 && i < app->queue_count && !app->card_in_queue; i++) {
        if (app->queue[i].prospect_id != app->card.id)
            continue;
        app->queue_cursor = i;
        app->queue_top = i > height ? i - height : 0;
        app->card_in_queue = true;
        app->reason = app->queue[i].reason;
        app->reason.zone = app->zone;
        app->has_reason = true;
    }
    keep_in_sight(app);
}

static void find_next_at(struct app *app)
{
    app->next_at = AT_NONE;
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++)
        if (app->counts.next_at[s] != AT_NONE && (app->next_at == AT_NONE || app->counts.next_at[s] < app->next_at)) {
            app->next_at = app->counts.next_at[s];
            app->next_state = s;
        }
}

/* What the promise is about: who was missed is not to be told as somebody who is owed a price list. */
static void add_step(struct str step, struct buf *name)
{
    enum { STEP_COLS = 28 };
    struct buf words;
    if (step.len == 0)
        return;
    buf_init(&words);
    text_printable(step, &words);
    struct str shown = text_fit(buf_str(&words), STEP_COLS, NULL);
    buf_printf(name, " (%.*s)", STR_ARG(shown));
    buf_done(&words);
}

static void remember_soon(struct app *app, struct arena *a)
{
    const struct callback_row *rows;
    size_t count;
    app->soon.id = 0;
    if (!callbacks_until(app->store, app->now + AHEAD_S, PROMISES_MOST, a, &rows, &count, NULL))
        return;
    /* late ones stand first in the queue already: the banner is for the one whose time comes */
    for (size_t i = 0; i < count && app->soon.id == 0; i++) {
        if (rows[i].due_at < app->now - 10 * MINUTE_S || rows[i].kind == PROMISE_MEETING)
            continue; /* of a meeting this is the morning after: no call was promised */
        struct buf name;
        buf_init(&name);
        text_printable(rows[i].name, &name);
        add_step(rows[i].step, &name);
        app->soon.id = rows[i].id;
        app->soon.prospect_id = rows[i].prospect_id;
        app->soon.due_at = rows[i].due_at;
        struct str cut = str_make(name.at, cluster_floor(buf_str(&name), sizeof app->soon.name - 1));
        memcpy(app->soon.name, cut.at, cut.len);
        app->soon.name[cut.len] = '\0';
        buf_done(&name);
    }
}

bool queue_load(struct app *app, struct error *err)
{
    struct arena fresh = {0}, figures = {0};
    const struct queue_row *rows = NULL;
    size_t count = 0;
    struct queue_count counts;
    struct stats today;
    int64_t first = app->queue_count ? app->queue[0].prospect_id : 0;
    bool was_read = app->queue_at != AT_NONE;

    if (!store_begin_read(app->store, err))
        return false;
    bool ok = queue_head(app->store, app->list_id, app->now, QUEUE_SHOWN, &fresh, &rows, &count, err) &&
              queue_count(app->store, app->list_id, app->now, count == 0, &counts, err) &&
              stats_load(app->store, zone_day_start(app->zone, app->now, 0), app->now + 1, &figures, &today, err);
    const struct opening *openings = NULL;
    size_t openings_count = 0;
    if (ok)
        remember_soon(app, &figures);
    if (ok && count == 0)
        ok = queue_openings(app->store, app->list_id, app->now, OPENINGS_MOST, &figures, &openings, &openings_count, err);
    store_end_read(app->store);
    if (!ok) {
        arena_done(&fresh);
        arena_done(&figures);
        return false;
    }
    arena_done(&app->queue_arena);
    arena_done(&app->today_arena);
    app->queue_arena = fresh;
    app->today_arena = figures;
    app->queue = rows;
    app->queue_count = count;
    app->counts = counts;
    app->today = today;
    app->openings = openings;
    app->openings_count = openings_count;
    app->queue_at = app->now;
    if (count == 0)
        find_next_at(app);
    else
        app->next_at = AT_NONE;
    queue_find_card(app);

    if (was_read && app->queue_by_itself && count != 0 && rows[0].prospect_id != first &&
        rows[0].prospect_id != app->card.id && app->card.id != 0 && app->banner.tone != TONE_BAD) {
        struct buf name;
        buf_init(&name);
        text_printable(rows[0].name, &name);
        banner(app, TONE_PLAIN, 20000,
               first == 0 ? "callable now: %s · g takes the card" : "first in the queue now: %s · g takes the card",
               name.at);
        buf_done(&name);
    }
    app->queue_by_itself = false;
    return true;
}

bool queue_take_next(struct app *app, struct error *err)
{
    if (app->call.state != CALL_NONE)
        return error_set(err, ERR_REFUSED, "a call is open: file its outcome first, Tab and a letter");
    for (size_t i = 0; i < app->queue_count; i++) {
        int64_t id = app->queue[i].prospect_id;
        struct error why = {0};
        if (id != app->claimed_id && claims_count(app) &&
            !claim_take(app->store, id, app->now, app->now + 15 * MINUTE_S, &why)) {
            if (why.code == ERR_REFUSED || why.code == ERR_NOT_FOUND)
                continue; /* on another screen since the queue was read */
            if (why.code == ERR_LOCKED)
                return error_set(err, why.code, "%s", why.text);
            /* a full disk takes no claim, and still shows the card */
        }
        if (!card_take(app, id, err)) {
            if (id != app->claimed_id && id != app->card.id)
                claim_drop(app->store, id);
            return false;
        }
        if (why.code == ERR_NONE && claims_count(app)) {
            app->claimed_id = id;
            app->claim_until_at = app->now + 15 * MINUTE_S;
        }
        app->queue_top = 0;
        queue_find_card(app);
        if (app_context(app) == CONTEXT_LIST) /* what was in front was about the card before */
            screen_close(app);
        return true;
    }
    return card_take(app, 0, err);
}

void queue_move(struct app *app, long rows)
{
    if (app->queue_count == 0) {
        say(app, TONE_PLAIN, "the queue is empty: B shows why");
        return;
    }
    long last = (long)app->queue_count - 1, at = (long)app->queue_cursor + (app->card_in_queue ? rows : 0);
    /* at a card that is not in the queue, the first step is onto the row of the cursor */
    at = at < 0 ? 0 : at > last ? last : at;
    struct error err = {0};
    size_t cursor = app->queue_cursor, top = app->queue_top;
    app->queue_cursor = (size_t)at;
    keep_in_sight(app);
    if (!card_take(app, app->queue[at].prospect_id, &err)) {
        app->queue_cursor = cursor;
        app->queue_top = top;
        say_error(app, &err);
        return;
    }
    /* the rep went there by hand and sees who it is: Enter dials at once */
    app->card_since_ms = app->now_ms - 60000;
}
