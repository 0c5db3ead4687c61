/* SPDX-License-Identifier: MIT */
/*
 * Leaving, looking again, going on: what a session as a whole is told.
 */
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "notes.h"
#include "prompt.h"
#include "turn.h"

#include "calldeck/utf8.h"

static void add_part(struct buf *out, int64_t count, const char *one, const char *many)
{
    if (count > 0)
        buf_printf(out, "%s%lld %s", out->len ? ", " : "", (long long)count, count == 1 ? one : many);
}

/* What the day still holds: promises until midnight, calls without an outcome, notes that were never filed. */
static bool what_is_left(struct app *app, struct buf *out, struct error *err)
{
    struct arena a = {0};
    const struct callback_row *callbacks;
    const struct open_touch *open;
    const struct draft_row *drafts;
    size_t callbacks_count = 0, open_count = 0, drafts_count = 0;
    int64_t midnight = zone_day_start(app->zone, app->now, 1);
    bool ok = callbacks_until(app->store, midnight, 1000, &a, &callbacks, &callbacks_count, err) &&
              open_touches(app->store, &a, &open, &open_count, err) &&
              drafts_load(app->store, &a, &drafts, &drafts_count, err);
    if (ok) {
        add_part(out, (int64_t)open_count, "call without an outcome", "calls without an outcome");
        int64_t meetings = 0;
        for (size_t i = 0; i < callbacks_count; i++)
            meetings += callbacks[i].kind == PROMISE_MEETING;
        add_part(out, (int64_t)callbacks_count - meetings, "callback today", "callbacks today");
        add_part(out, meetings, "meeting to ask about", "meetings to ask about");
        add_part(out, (int64_t)drafts_count, "note not filed", "notes not filed");
    }
    arena_done(&a);
    return ok;
}

static const struct choice leave_or_stay[] = {{'y', "leave"}, {'n', "stay"}};

unsigned do_QUIT(struct app *app, struct str args, struct error *err)
{
    struct buf left;
    struct error why = {0};
    (void)args;
    (void)err;
    buf_init(&left);
    bool known = what_is_left(app, &left, &why);
    if (known && left.len == 0 && app->call.state == CALL_NONE && app->job == NULL && app->saved == NOTES_SAVED) {
        buf_done(&left);
        return REACT_QUIT;
    }
    prompt_open(app, PROMPT_QUIT, app->call.state != CALL_NONE ? "a call is open, leave?" : "leave?");
    prompt_offer(app, leave_or_stay, sizeof leave_or_stay / sizeof *leave_or_stay);
    if (app->saved != NOTES_SAVED)
        prompt_live(app, TONE_BAD, "the notes could not be stored yet and would be lost");
    else if (app->job != NULL)
        prompt_live(app, TONE_WARNING, "an import is running; what is not read yet would be dropped");
    else if (!known)
        prompt_live(app, TONE_WARNING, "what is left cannot be told: %s", why.text);
    else
        prompt_live(app, app->call.state != CALL_NONE ? TONE_WARNING : TONE_PLAIN, "left for today: %s", left.at);
    buf_done(&left);
    return REACT_PAINT;
}

unsigned do_SUSPEND(struct app *app, struct str args, struct error *err)
{
    (void)app;
    (void)args;
    (void)err;
    return REACT_SUSPEND;
}

unsigned do_REFRESH(struct app *app, struct str args, struct error *err)
{
    (void)app;
    (void)args;
    (void)err;
    return REACT_QUEUE | REACT_CARD | REACT_CLEAR;
}

unsigned do_NEXT(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (app->call.state != CALL_NONE) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first, Tab and a letter");
        return 0;
    }
    return REACT_NEXT;
}

unsigned do_SCREENSHOT(struct app *app, struct str args, struct error *err)
{
    if (app->port == NULL || app->port->screenshot == NULL) {
        error_set(err, ERR_REFUSED, "there is no screen to write down here");
        return 0;
    }
    struct buf path;
    buf_init(&path);
    buf_add_str(&path, args);
    if (app->port->screenshot(app, path.at, err, app->port->user))
        say(app, TONE_GOOD, "written: %.200s", path.at);
    buf_done(&path);
    return REACT_PAINT;
}
