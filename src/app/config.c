/* SPDX-License-Identifier: MIT */
/*
 * The config file: `set`, `bind` and `snippet`, line by line. A bad line is named and the rest loads; the file is never
 * written by the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "command.h"
#include "turn.h"

#include "calldeck/utf8.h"

enum { LINES_MOST = 100000 };

static void bad_line(const char *path, unsigned long number, const char *text, line_fn line, void *user)
{
    const char *file = strrchr(path, '/');
    struct buf out;
    buf_init(&out);
    buf_printf(&out, "%s:", file != NULL ? file + 1 : path);
    if (number != 0)
        buf_printf(&out, "%lu:", number);
    buf_printf(&out, " %s", text);
    if (line != NULL)
        line(out.at, user);
    buf_done(&out);
}

static bool config_line(struct app *app, struct str text, unsigned *reactions, struct error *err)
{
    enum action_id id;
    struct str args;
    if (!utf8_valid(text))
        return error_set(err, ERR_USAGE, "this line is not UTF-8 text");
    if (!command_parse(text, &id, &args, err))
        return false;
    struct error why = {0};
    switch ((int)id) {
    case ACTION_NONE:
        return true;
    case ACTION_SET:
        return command_set(app, args, SETTING_FROM_FILE, reactions, err);
    case ACTION_BIND:
    case ACTION_SNIPPET:
        *reactions |= action_do(app, id, args, &why);
        return why.code == ERR_NONE || error_set(err, why.code, "%s", why.text);
    default:
        return error_set(err, ERR_USAGE, "\"%s\" has no place in a config file, expected set, bind or snippet",
                         action_info(id)->command);
    }
}

bool app_config(struct app *app, const char *path, line_fn line, void *user)
{
    FILE *f = fopen(path, "re");
    if (f == NULL) {
        if (errno == ENOENT || errno == ENOTDIR)
            return true;
        bad_line(path, 0, strerror(errno), line, user);
        return false;
    }
    char *text = NULL;
    size_t room = 0;
    bool ok = true;
    unsigned reactions = 0;
    unsigned long number = 0;
    for (ssize_t len; number < LINES_MOST && (len = getline(&text, &room, f)) >= 0;) {
        struct error err = {0};
        number++;
        if (!config_line(app, str_make(text, (size_t)len), &reactions, &err)) {
            bad_line(path, number, err.text, line, user);
            ok = false;
        }
    }
    free(text);
    fclose(f);
    struct error err = {0};
    if (!app_policy_changed(app, &err) && err.code != ERR_LOCKED) {
        bad_line(path, 0, err.text, line, user);
        ok = false;
    }
    app->pending |= reactions;
    return ok;
}
