/* SPDX-License-Identifier: MIT */
/*
 * Dialling by itself: after an outcome the next one is dialled when the countdown is over, unless a key stops it. It pauses
 * where a person would stop too, and says why. And the pause for lunch, which hides names and dials nobody.
 */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "flow.h"
#include "line.h"
#include "prompt.h"
#include "turn.h"

void flow_stop(struct app *app, const char *why)
{
    if (!app->flow.on)
        return;
    app->flow.on = false;
    app->flow.at_ms = 0;
    line_print(app->flow.why, sizeof app->flow.why, "%s", why);
    say(app, TONE_WARNING, "auto-advance stopped: %s; A goes on", app->flow.why);
}

void flow_ended(struct app *app, const struct dial_event *e)
{
    const char *why = line_luck_note(&app->flow.luck, e);
    if (why != NULL)
        flow_stop(app, why);
}

unsigned do_AUTO_ADVANCE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (app->flow.on) {
        flow_stop(app, "by you");
        return REACT_PAINT;
    }
    if (app->dialer == NULL || (dialer_capabilities(app->dialer) & DIAL_KNOWS_STATE) == 0) {
        error_set(err, ERR_REFUSED, "dialer \"%s\" does not know when a line is free, so the next call is yours to place",
                  app->dialer != NULL ? dialer_kind(app->dialer) : "none");
        return 0;
    }
    app->flow.on = true;
    app->flow.at_ms = 0;
    app->flow.why[0] = '\0';
    app->flow.luck = (struct line_luck){0};
    return REACT_PAINT;
}

bool flow_key(struct app *app, const struct key *key)
{
    if (!app->flow.on || app->flow.at_ms == 0)
        return false;
    app->flow.at_ms = 0;
    if (key->code == KEY_CODE_ENTER && key->mods == 0) /* at once */
        return false;
    flow_stop(app, "by a key");
    return true;
}

/* Only where Enter would dial the person who is painted. */
static bool may_count_down(const struct app *app)
{
    return app->flow.on && !call_is_open(app) && app->prompt.kind == PROMPT_NONE && app->screen == SCREEN_DECK &&
           app->focus == CONTEXT_DECK && app->callers_count == 0 && !app->asked.waits && app->parked_count == 0 &&
           (app->pending & (REACT_NEXT | REACT_QUEUE)) == 0;
}

static void dial_by_itself(struct app *app)
{
    struct error err = {0};
    app->flow.at_ms = 0;
    app->message.text[0] = '\0';
    app->pending |= do_CALL(app, STR(""), &err);
    if (app->prompt.kind == PROMPT_OVERRIDE) { /* a rule of the house is a person's to set aside */
        char why[sizeof app->prompt.label];
        line_print(why, sizeof why, "%.*s", (int)str_find(str_of(app->prompt.label), '.'), app->prompt.label);
        prompt_close(app);
        flow_stop(app, why);
    } else if (err.code == ERR_LOCKED) {
        return; /* counted down again */
    } else if (err.code != ERR_NONE) {
        flow_stop(app, err.text);
    }
}

void flow_tick(struct app *app)
{
    if (!app->flow.on)
        return;
    enum dial_line line = app->dialer != NULL ? dialer_line(app->dialer) : DIAL_LINE_NONE;
    if (!may_count_down(app)) {
        app->flow.at_ms = 0;
        return;
    }
    if (line != DIAL_LINE_NONE && line != DIAL_LINE_UP && line != DIAL_LINE_STARTING) {
        flow_stop(app, line == DIAL_LINE_NO_AUDIO ? "no sound on this machine" : dialer_line_text(app->dialer));
        return;
    }
    if (app->card.id == 0) {
        flow_stop(app, "the queue is empty");
        return;
    }
    if (line == DIAL_LINE_STARTING)
        return;
    if (app->flow.at_ms == 0)
        app->flow.at_ms = app->now_ms + (int64_t)setting_int(app->settings, SETTING_AUTO_DELAY) * 1000;
    int64_t left_ms = app->flow.at_ms - app->now_ms;
    if (left_ms > 0) {
        say(app, TONE_WARNING, "dials by itself in %d s; any key stops it, Enter dials now", (int)((left_ms + 999) / 1000));
        return;
    }
    dial_by_itself(app);
}

/* ---- the pause ---- */

void flow_back_from_pause(struct app *app)
{
    enum { MOST = 100 };
    struct arena a = {0};
    const struct callback_row *rows;
    size_t count, due = 0;
    if (app->paused_at == 0)
        return;
    if (callbacks_until(app->store, app->now, MOST, &a, &rows, &count, NULL))
        for (size_t i = 0; i < count; i++)
            due += rows[i].kind != PROMISE_MEETING && rows[i].due_at > app->paused_at;
    arena_done(&a);
    struct civil c = zone_civil(app->zone, app->paused_at);
    app->paused_at = 0;
    if (due == 0 && app->paused_calls[0] == '\0')
        return;
    char fell[48] = "";
    if (due != 0)
        snprintf(fell, sizeof fell, "%zu callback%s fell due", due, due == 1 ? "" : "s");
    say(app, TONE_WARNING, "since %02d:%02d: %s%s%s%s", c.hour, c.minute, fell, due != 0 && app->paused_calls[0] ? "; " : "",
        app->paused_calls[0] ? "called: " : "", app->paused_calls);
}
