/* SPDX-License-Identifier: MIT */
/*
 * Recording a call: off unless it is set, asked for in each call, and what they said to it is on disk before anything is kept.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "actions.h"
#include "line.h"
#include "prompt.h"
#include "turn.h"

static const struct choice yes_no[] = {{'y', "yes"}, {'n', "no"}};

unsigned do_RECORD(struct app *app, struct str args, struct error *err)
{
    (void)args;
    const struct call *c = &app->call;
    if (c->state != CALL_CONNECTED || c->line_id == 0 || app->dialer == NULL) {
        error_set(err, ERR_REFUSED, "nobody is on the line");
    } else if (!(dialer_capabilities(app->dialer) & DIAL_CAN_RECORD)) {
        error_set(err, ERR_REFUSED, "calls are not recorded here: that takes the softphone, and set record on");
    } else {
        prompt_open(app, PROMPT_RECORD, c->recorded ? "stop the recording and delete it?" : "do they agree to a recording?");
        prompt_offer(app, yes_no, sizeof yes_no / sizeof *yes_no);
    }
    return REACT_PAINT;
}

/* Named by the touch; "calldeck.db-recordings/t42" is what the touch keeps. */
static void names_of(const struct app *app, int64_t touch, char name[32], struct buf *path)
{
    const char *db = store_path(app->store), *slash = strrchr(db, '/');
    snprintf(name, 32, "t%" PRId64, touch);
    buf_printf(path, "%s-recordings/%s", slash != NULL ? slash + 1 : db, name);
}

static bool keep(struct app *app, struct call *c, struct error *err)
{
    char name[32];
    struct buf path;
    struct error why = {0};
    buf_init(&path);
    names_of(app, c->touch, name, &path);
    bool ok = call_consent(app->store, c->touch, STR("yes"), buf_str(&path), app->now, err);
    if (ok && !dial_record(app->dialer, c->line_id, name, true, &why)) {
        call_consent(app->store, c->touch, STR("yes"), STR(""), app->now, NULL);
        ok = error_set(err, why.code, "%s", why.text);
    }
    buf_done(&path);
    return ok;
}

static bool drop(struct app *app, struct call *c, struct error *err)
{
    char name[32];
    struct buf path;
    buf_init(&path);
    names_of(app, c->touch, name, &path);
    bool ok = dial_record(app->dialer, c->line_id, name, false, err) &&
              call_consent(app->store, c->touch, STR("withdrawn"), STR(""), app->now, err);
    buf_done(&path);
    return ok;
}

unsigned record_choice(struct app *app, char key, struct error *err)
{
    struct call *c = &app->call;
    bool yes = key == 'y';
    prompt_close(app);
    app->focus = CONTEXT_NOTES;
    if (c->state != CALL_CONNECTED || app->dialer == NULL) {
        error_set(err, ERR_REFUSED, "not recorded: the call is over");
    } else if (c->recorded && yes) {
        if (drop(app, c, err)) {
            c->recorded = false;
            say(app, TONE_PLAIN, "the recording is deleted");
        }
    } else if (!c->recorded && yes) {
        c->recorded = keep(app, c, err);
        if (c->recorded)
            say(app, TONE_PLAIN, "recorded from now on; Tab R stops and deletes it");
    } else if (!c->recorded && call_consent(app->store, c->touch, STR("no"), STR(""), app->now, err)) {
        say(app, TONE_PLAIN, "not recorded; their no is kept with the call");
    }
    return REACT_PAINT;
}
