/* SPDX-License-Identifier: MIT */
/*
 * The table of actions: what help, hints, completion and the keymap read, and the dispatch to one handler a row.
 */
#include "actions.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "preview.h"
#include "turn.h"

enum {
    ANY = 0,
    DECK = 1 << CONTEXT_DECK,
    NOTES = 1 << CONTEXT_NOTES,
    BAR = 1 << CONTEXT_BAR,
    LIST = 1 << CONTEXT_LIST,
    FORM = 1 << CONTEXT_FORM,
    PROMPT = 1 << CONTEXT_PROMPT,
};

static const struct action_info infos[] = {
    [ACTION_NONE] = {"", 0, "", "", "", ""},
#define ACTION(id, command, contexts, keys, arguments, hint, help)                                                     \
    [ACTION_##id] = {command, contexts, keys, arguments, hint, help},
#include "calldeck/actions.def"
#undef ACTION
};
static_assert(sizeof infos / sizeof *infos == ACTION_COUNT_, "a row for every action");

static const action_fn handlers[] = {
#define ACTION(id, command, contexts, keys, arguments, hint, help) [ACTION_##id] = do_##id,
#include "calldeck/actions.def"
#undef ACTION
};
static_assert(sizeof handlers / sizeof *handlers == ACTION_COUNT_, "a handler for every action");

const struct action_info *action_info(enum action_id id)
{
    assert(id < ACTION_COUNT_);
    return &infos[id];
}

const char *context_name(enum context c)
{
    static const char *const names[] = {
        [CONTEXT_DECK] = "deck", [CONTEXT_NOTES] = "notes", [CONTEXT_BAR] = "bar",
        [CONTEXT_LIST] = "list", [CONTEXT_FORM] = "form",   [CONTEXT_PROMPT] = "prompt",
    };
    static_assert(sizeof names / sizeof *names == CONTEXT_COUNT_, "a name for every context");
    return names[c];
}

unsigned action_do(struct app *app, enum action_id id, struct str args, struct error *err)
{
    assert(id > ACTION_NONE && id < ACTION_COUNT_);
    if (app->preview.on && !preview_allows(id)) {
        error_set(err, ERR_REFUSED, "this is a look at another time, nothing is done there: Esc comes back to now");
        return REACT_PAINT;
    }
    return handlers[id](app, args, err);
}

unsigned action_run(struct app *app, enum action_id id, struct str args)
{
    struct error err = {0};
    unsigned reactions = action_do(app, id, args, &err);
    if (err.code != ERR_NONE)
        say_error(app, &err);
    return reactions | REACT_PAINT;
}

static bool begins(const char *text, struct str with)
{
    return strlen(text) >= with.len && strncmp(text, with.at, with.len) == 0;
}

enum action_id action_by_command(struct str name, struct error *err)
{
    enum action_id found = ACTION_NONE;
    size_t matches = 0;
    char close[120] = "";

    if (name.len == 0) {
        error_set(err, ERR_USAGE, "no command given, :help shows them all");
        return ACTION_NONE;
    }
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        if (str_is(name, infos[id].command))
            return id;
        if (infos[id].command[0] == '\0' || !begins(infos[id].command, name))
            continue;
        found = id;
        if (strlen(close) + strlen(infos[id].command) + 3 < sizeof close)
            snprintf(close + strlen(close), sizeof close - strlen(close), "%s%s", matches ? ", " : "",
                     infos[id].command);
        matches++;
    }
    if (matches == 1)
        return found;
    if (matches > 1) {
        error_set(err, ERR_USAGE, "\"%.*s\" may be: %s", STR_ARG(name), close);
    } else {
        char shown[41]; /* cut: a person's slip may be long */
        snprintf(shown, sizeof shown, "%.*s", STR_ARG(name));
        error_set(err, ERR_USAGE, "no command is called \"%s\", :help shows them all", shown);
    }
    return ACTION_NONE;
}
