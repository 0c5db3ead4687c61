/* SPDX-License-Identifier: MIT */
/*
 * The life of the app: what is lent comes in, the first card is found, everything owned goes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "command.h"
#include "keymap.h"
#include "prompt.h"
#include "screens.h"
#include "start.h"
#include "turn.h"

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

static bool begin_list(struct app *app, const char *name, struct error *err)
{
    app->list_name = STR("all lists");
    if (name == NULL || name[0] == '\0')
        return true;
    int64_t id = 0;
    return list_find(app->store, str_of(name), &id, err) && list_choose(app, id, err);
}

/* With the first turn, when every setting is known: a softphone that is opened twice hangs up on what it could adopt. */
static void begin_dialer(struct app *app)
{
    struct error why = {0};
    if (!dialer_choose(app, app->dialer_fixed, &why))
        say(app, TONE_WARNING, "%s: you dial by hand now", why.text);
}

struct app *app_new(const struct app_options *o, struct error *err)
{
    struct app *app = alloc_zeroed(1, sizeof *app);
    app->store = o->store;
    app->book = o->book;
    app->zones = o->zones;
    app->settings = o->settings;
    app->port = o->port;
    app->zone = zone_local(o->zones);
    app->demo = o->demo;
    app->preview_at = o->preview_at;
    app->cols = o->cols;
    app->rows = o->rows;
    app->focus = CONTEXT_DECK;
    app->screen = SCREEN_DECK;
    app->next_at = AT_NONE;
    app->queue_at = AT_NONE;
    app->claim_until_at = AT_NONE;
    app->minute = AT_NONE;
    app->verdict = (struct verdict){.next_at = AT_NONE, .closes_at = AT_NONE};
    app->call = (struct call){.started_at = AT_NONE, .answered_at = AT_NONE, .ended_at = AT_NONE};
    app->notes = editor_new(false);
    buf_init(&app->notes_stored);
    app->prompt.line = editor_new(true);
    app->dialer_fixed = o->dialer;
    snprintf(app->holder, sizeof app->holder, "%s", o->holder != NULL ? o->holder : "");
    snprintf(app->first_path, sizeof app->first_path, "%s", o->import_path != NULL ? o->import_path : "");
    if (app->preview_at != AT_NONE)
        app->now = app->preview_at;
    else if (o->port != NULL && o->port->now != NULL)
        app->now = o->port->now(o->port->user);
    if (o->port != NULL && o->port->now_ms != NULL)
        app->now_ms = o->port->now_ms(o->port->user);

    app->keymap = keymap_new(store_outcomes(app->store), err);
    if (app->keymap == NULL || !begin_list(app, o->list, err)) {
        app_free(app);
        return NULL;
    }
    keymap_alt_outcomes(app->keymap, store_outcomes(app->store), setting_bool(app->settings, SETTING_ALT_OUTCOMES));
    return app;
}

void app_start(struct app *app)
{
    if (app->started || app->now == 0)
        return;
    struct error err = {0};
    if (!queue_load(app, &err)) {
        if (err.code == ERR_LOCKED) {
            app->pending |= REACT_PAINT;
            return; /* another program has the file: at the next turn */
        }
        say_error(app, &err);
    }
    app->started = true;
    app->minute = app->now / MINUTE_S;
    begin_dialer(app);
    call_found_open(app);
    if (app->call.state == CALL_NONE) {
        if (!queue_take_next(app, &err) && err.code == ERR_LOCKED)
            app->pending |= REACT_NEXT;
    }
    /* the first card may be dialled by the first key */
    app->card_since_ms = app->now_ms - 60000;
    struct buf warning;
    buf_init(&warning);
    if (store_place_warning(store_path(app->store), &warning) && app->banner.text[0] == '\0')
        banner(app, TONE_WARNING, 30000, "%s", warning.at);
    buf_done(&warning);
    if (store_read_only(app->store) && app->banner.text[0] == '\0')
        banner(app, TONE_WARNING, 0, "this file is read-only: nothing that you do here can be kept");
    if (app->first_path[0] != '\0' || store_is_empty(app->store))
        start_open(app, app->first_path);
    app->pending |= REACT_PAINT | REACT_CLEAR;
}

void app_free(struct app *app)
{
    if (app == NULL)
        return;
    import_stop(app);
    if (app->claimed_id != 0)
        claim_drop(app->store, app->claimed_id);
    prompt_done(app);
    editor_free(app->notes);
    buf_done(&app->notes_stored);
    dialer_close(app->dialer);
    keymap_free(app->keymap);
    for (size_t i = 0; i < app->history_count; i++)
        free(app->history[i]);
    for (size_t i = 0; i < app->snippets_count; i++) {
        free(app->snippets[i].name);
        free(app->snippets[i].text);
    }
    arena_done(&app->lists_arena);
    arena_done(&app->queue_arena);
    arena_done(&app->card_arena);
    arena_done(&app->view.arena);
    arena_done(&app->start.arena);
    arena_done(&app->today_arena);
    free(app);
}

enum action_id app_key_action(const struct app *app, enum context context, const struct key *key,
                              struct str *ret_arguments)
{
    return keymap_find(app->keymap, context, key, ret_arguments);
}

bool app_keys_of(const struct app *app, enum action_id id, enum context context, struct buf *out)
{
    return keymap_keys(app->keymap, id, context, out);
}
