/* SPDX-License-Identifier: MIT */
/*
 * The time machine: the queue as it will be, or was, at another time. The clock of the screen is held there; nothing is dialled, filed or
 * changed, and leaving comes back to the card of before.
 */
#include "preview.h"

#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "call.h"
#include "flow.h"
#include "line.h"
#include "notes.h"
#include "turn.h"

#include "calldeck/when.h"

bool preview_allows(enum action_id id)
{
    static const enum action_id looks[] = {
        ACTION_AT,       ACTION_DOWN,       ACTION_UP,      ACTION_PAGE_DOWN, ACTION_PAGE_UP, ACTION_FIRST,  ACTION_LAST,
        ACTION_CHOOSE,   ACTION_CLOSE,      ACTION_HELP,    ACTION_COMMAND,   ACTION_SEARCH,  ACTION_HISTORY, ACTION_WHY,
        ACTION_AGENDA,   ACTION_STATISTICS, ACTION_BLOCKED, ACTION_REVIEW,    ACTION_DRAFTS,  ACTION_BATCHES, ACTION_LISTS,
        ACTION_REFRESH,  ACTION_NEXT,       ACTION_SCREENSHOT, ACTION_QUIT,   ACTION_SUSPEND, ACTION_PICK_NUMBER,
    };
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (looks[i] == id)
            return true;
    return (action_info(id)->contexts & (1u << CONTEXT_PROMPT)) != 0; /* typing a command */
}

void preview_leave(struct app *app)
{
    struct error ignored = {0};
    if (!app->preview.on)
        return;
    int64_t card = app->preview.card_id;
    app->preview.on = false;
    app->preview_at = AT_NONE;
    if (app->port != NULL && app->port->now != NULL)
        app->now = app->port->now(app->port->user);
    app->minute = app->now / MINUTE_S;
    banner_clear(app);
    if (card != 0 && card_take(app, card, &ignored))
        app->pending |= REACT_CARD | REACT_QUEUE | REACT_PAINT;
    else
        app->pending |= REACT_NEXT | REACT_QUEUE | REACT_PAINT;
}

static bool may_begin(const struct app *app, struct error *err)
{
    if (app->preview_at != AT_NONE && !app->preview.on)
        return error_set(err, ERR_REFUSED, "the clock is held by --at already");
    if (call_is_open(app) || app->parked_count > 0 || app->callers_count > 0)
        return error_set(err, ERR_REFUSED, "a call is open: file its outcome first");
    if (app->job != NULL)
        return error_set(err, ERR_REFUSED, "an import runs: look when it is done");
    if (app->asked.waits || app->owed_count != 0 || app->unrung.touch != 0)
        return error_set(err, ERR_REFUSED, "something is not saved yet: look when it is");
    return true;
}

unsigned do_AT(struct app *app, struct str args, struct error *err)
{
    struct when_context context = {.zone = app->zone,
                                   .now = app->preview.on && app->port != NULL && app->port->now != NULL ? app->port->now(app->port->user)
                                                                                                        : app->now,
                                   .day_start_min = 9 * 60,
                                   .day_end_min = 18 * 60,
                                   .allow_past = true,
                                   .month_first = str_is(str_of(setting_text(app->settings, SETTING_DATE_ORDER)), "month-day")};
    struct when when;
    char text[WHEN_TEXT_SIZE];
    args = str_trim(args);
    if (args.len == 0 || str_is(args, "now")) {
        preview_leave(app);
        return REACT_PAINT;
    }
    if (!may_begin(app, err) || !when_parse(args, &context, &when, err))
        return REACT_PAINT;
    if (!notes_save(app, true)) {
        error_set(err, ERR_REFUSED, "this card stays until its notes are stored: %s", app->save_error);
        return REACT_PAINT;
    }
    if (app->flow.on)
        flow_stop(app, "by a look at another hour");
    if (!app->preview.on)
        app->preview.card_id = app->card.id;
    app->preview.on = true;
    app->preview_at = app->now = when.at;
    app->minute = app->now / MINUTE_S;
    app->message.text[0] = '\0';
    when_text(app->zone, when.at, context.now, text);
    banner(app, TONE_WARNING, 0, "as it would be %s: only to look at · Esc comes back to now", text);
    return REACT_CARD | REACT_QUEUE | REACT_NEXT | REACT_PAINT;
}
