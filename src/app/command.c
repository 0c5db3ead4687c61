/* SPDX-License-Identifier: MIT */
/*
 * The command language: one parser for the prompt, for bound keys and for the config file.
 */
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "keymap.h"
#include "prompt.h"
#include "screens.h"
#include "turn.h"

#include "calldeck/alloc.h"

/* ---- parse ---- */

bool command_parse(struct str line, enum action_id *ret_id, struct str *ret_args, struct error *err)
{
    struct str rest = str_trim(line), verb;
    if (rest.len != 0 && rest.at[0] == ':')
        rest = str_trim(str_skip(rest, 1));
    if (rest.len == 0 || rest.at[0] == '#') {
        *ret_id = ACTION_NONE;
        *ret_args = STR("");
        return true;
    }
    str_word(&rest, &verb);
    rest = str_trim(rest);
    enum action_id id = action_by_command(verb, err);
    if (id == ACTION_NONE)
        return false;
    const struct action_info *info = action_info(id);
    if (rest.len != 0 && info->arguments[0] == '\0')
        return error_set(err, ERR_USAGE, "%s takes no words after it", info->command);
    if (rest.len == 0 && info->arguments[0] != '\0' && info->arguments[0] != '[')
        return error_set(err, ERR_USAGE, "expected: %s %s", info->command, info->arguments);
    *ret_id = id;
    *ret_args = rest;
    return true;
}

unsigned app_command(struct app *app, struct str line, struct error *err)
{
    enum action_id id;
    struct str args;
    app_start(app);
    if (!command_parse(line, &id, &args, err) || id == ACTION_NONE)
        return 0;
    return action_do(app, id, args, err);
}

/* ---- set, bind, snippet, dialer ---- */

bool dialer_choose(struct app *app, const char *kind, struct error *err)
{
    const struct settings *s = app->settings;
    struct buf runtime, recordings;
    buf_init(&runtime);
    buf_init(&recordings);
    if (app->demo == NULL && strcmp(store_path(app->store), ":memory:") != 0)
        buf_printf(&recordings, "%s-recordings", store_path(app->store));
    struct dial_config config = {
        .kind = kind != NULL ? kind : setting_text(s, SETTING_DIALER),
        .command = setting_text(s, SETTING_DIAL_COMMAND),
        .hang_up = setting_text(s, SETTING_HANGUP_COMMAND),
        .timeout_s = 10,
        .ring_timeout_s = (int)setting_int(s, SETTING_RING_TIMEOUT),
        .setup_timeout_s = (int)setting_int(s, SETTING_SETUP_TIMEOUT),
        .runtime_dir = dial_runtime_dir(&runtime) ? runtime.at : NULL,
        .sip_account = setting_text(s, SETTING_SIP_ACCOUNT),
        .sip_user = setting_text(s, SETTING_SIP_USER),
        .sip_name = setting_text(s, SETTING_SIP_NAME),
        .sip_password_file = setting_text(s, SETTING_SIP_PASSWORD_FILE),
        .sip_password_command = setting_text(s, SETTING_SIP_PASSWORD_COMMAND),
        .sip_no_register = !setting_bool(s, SETTING_SIP_REGISTER),
        .audio_source = setting_text(s, SETTING_AUDIO_SOURCE),
        .audio_player = setting_text(s, SETTING_AUDIO_PLAYER),
        .baresip_address = setting_text(s, SETTING_BARESIP_ADDRESS),
        .record_dir = recordings.at,
        .records = setting_bool(s, SETTING_RECORD),
        .ami_address = setting_text(s, SETTING_AMI_ADDRESS),
        .ami_user = setting_text(s, SETTING_AMI_USER),
        .ami_secret_file = setting_text(s, SETTING_AMI_SECRET_FILE),
        .ami_channel = setting_text(s, SETTING_AMI_CHANNEL),
        .ami_context = setting_text(s, SETTING_AMI_CONTEXT),
    };
    /* never two softphones: the old one goes first, and the rep dials by hand if the new one cannot be used */
    dialer_close(app->dialer);
    app->callers_count = 0;
    app->stray = 0;
    app->dialer = dialer_open(&config, err);
    buf_done(&runtime);
    buf_done(&recordings);
    bool ok = app->dialer != NULL;
    if (!ok)
        app->dialer = dialer_open(&(struct dial_config){.kind = "manual"}, NULL);
    return ok;
}

bool app_policy_changed(struct app *app, struct error *err)
{
    struct policy policy;
    settings_policy(app->settings, &policy);
    if (setting_text(app->settings, SETTING_REP)[0] != '\0')
        store_set_rep(app->store, setting_text(app->settings, SETTING_REP));
    return store_policy_base(app->store, &policy, app->now, err);
}

bool command_set(struct app *app, struct str args, enum setting_origin origin, unsigned *ret_reactions,
                 struct error *err)
{
    struct str name;
    enum setting id;
    str_word(&args, &name);
    args = str_trim(args);
    for (id = 0; id < SETTING_COUNT_; id++) /* a name alone shows what is set */
        if (args.len == 0 && origin == SETTING_FROM_SESSION && str_is(name, setting_name(id))) {
            const char *text = setting_text(app->settings, id);
            say(app, TONE_PLAIN, "%s is %s (%s)", setting_name(id), text[0] != '\0' ? text : "empty",
                setting_type_text(id));
            return true;
        }
    if (str_is(name, setting_name(SETTING_DIALER)) && app->call.state != CALL_NONE)
        return error_set(err, ERR_REFUSED, "the dialer stays while a call is open");
    if (!setting_set(app->settings, name, args, origin, &id, err))
        return false;
    *ret_reactions |= REACT_PAINT;
    switch (setting_reaction(id)) {
    case SETTING_REACT_NONE:
        break;
    case SETTING_REACT_POLICY:
        *ret_reactions |= REACT_QUEUE | REACT_CARD;
        return origin == SETTING_FROM_FILE || app_policy_changed(app, err);
    case SETTING_REACT_KEYS:
        keymap_alt_outcomes(app->keymap, store_outcomes(app->store), setting_bool(app->settings, SETTING_ALT_OUTCOMES));
        break;
    case SETTING_REACT_DIALER:
        if (origin != SETTING_FROM_FILE && app->call.state != CALL_NONE)
            say(app, TONE_PLAIN, "the line stays as it is while a call is open; :dialer %s after it takes this up",
                setting_text(app->settings, SETTING_DIALER));
        return origin == SETTING_FROM_FILE || app->dialer_fixed || app->call.state != CALL_NONE ||
               dialer_choose(app, NULL, err);
    case SETTING_REACT_COLOURS:
    case SETTING_REACT_LAYOUT:
        *ret_reactions |= REACT_CLEAR; /* who paints looks at the settings */
        break;
    }
    return true;
}

unsigned do_SET(struct app *app, struct str args, struct error *err)
{
    unsigned reactions = 0;
    if (command_set(app, args, SETTING_FROM_SESSION, &reactions, err) && app->message.text[0] == '\0') {
        struct str name;
        str_word(&args, &name);
        say(app, TONE_GOOD, "%.*s is %.*s until you leave", STR_ARG(name), STR_ARG(str_trim(args)));
    }
    return reactions | REACT_PAINT;
}

unsigned do_HOLIDAY(struct app *app, struct str args, struct error *err)
{
    struct str verb, line = args;
    struct policy said;
    policy_defaults(&said);
    bool add = str_word(&args, &verb) && str_is(verb, "add"), known = add || str_is(verb, "remove");
    line = str_trim(args);
    if (!known || line.len == 0 || !policy_set(&said, STR("holiday"), line, NULL) || said.holidays_count != 1) {
        error_set(err, ERR_USAGE, "expected: holiday add COUNTRY DATE, such as holiday add SA 2026-09-23, or holiday remove ...");
        return 0;
    }
    char day[16];
    struct civil c = civil_of_seconds(said.holidays[0].day * (int64_t)DAY_S);
    snprintf(day, sizeof day, "%04d-%02d-%02d", c.year % 10000, c.month, c.day);
    if (!holiday_say(app->store, str_of(said.holidays[0].country), str_of(day), add, app->now, err) || !app_policy_changed(app, err))
        return REACT_PAINT;
    say(app, TONE_GOOD, add ? "nobody is called in %s on %s" : "%s: %s is no holiday of yours any more", said.holidays[0].country, day);
    return REACT_QUEUE | REACT_CARD | REACT_PAINT;
}

unsigned do_BIND(struct app *app, struct str args, struct error *err)
{
    struct str context_word, key_word, command_args;
    enum context context;
    struct key key;
    enum action_id id;
    if (!str_word(&args, &context_word) || !str_word(&args, &key_word) || str_trim(args).len == 0) {
        error_set(err, ERR_USAGE, "expected: bind CONTEXT KEY COMMAND..., such as bind deck F2 agenda");
        return 0;
    }
    if (!context_parse(context_word, &context)) {
        error_set(err, ERR_USAGE, "no context is called \"%.*s\", expected deck, notes, bar, list, form or prompt",
                  STR_ARG(context_word));
        return 0;
    }
    if (!key_parse(key_word, &key, err) || !command_parse(args, &id, &command_args, err))
        return 0;
    if (types_itself(context) && key.code == KEY_CODE_CHAR && key.mods == 0) {
        error_set(err, ERR_REFUSED, "in a %s \"%s\" types itself: bind it with C- or M-, or an F key",
                  context_name(context), key.text);
        return 0;
    }
    keymap_bind(app->keymap, context, &key, id, command_args);
    return REACT_PAINT;
}

unsigned do_SNIPPET(struct app *app, struct str args, struct error *err)
{
    struct str name;
    size_t at = 0;
    str_word(&args, &name);
    args = str_trim(args);
    if (args.len == 0) {
        error_set(err, ERR_USAGE, "expected: snippet NAME TEXT...");
        return 0;
    }
    while (at < app->snippets_count && !str_is(name, app->snippets[at].name))
        at++;
    if (at == SNIPPETS_MOST) {
        error_set(err, ERR_REFUSED, "there are %d snippets already, no more fit", SNIPPETS_MOST);
        return 0;
    }
    if (at < app->snippets_count) {
        free(app->snippets[at].text);
    } else {
        app->snippets[at].name = alloc_copy(name.at, name.len);
        app->snippets_count++;
    }
    app->snippets[at].text = alloc_copy(args.at, args.len);
    return REACT_PAINT;
}

unsigned do_DIALER(struct app *app, struct str args, struct error *err)
{
    char kind[16];
    snprintf(kind, sizeof kind, "%.*s", STR_ARG(args));
    if (app->call.state != CALL_NONE)
        error_set(err, ERR_REFUSED, "the dialer stays while a call is open");
    else if (app->dialer_fixed)
        error_set(err, ERR_REFUSED, "nothing is dialled here: %s",
                  app->demo != NULL ? app->demo : "the dialer is null");
    else if (dialer_choose(app, kind, err))
        say(app, TONE_GOOD, "calls are placed by: %s", dialer_kind(app->dialer));
    return REACT_PAINT;
}

/* ---- the prompt ---- */

unsigned do_COMMAND(struct app *app, struct str args, struct error *err)
{
    (void)err;
    lists_refresh(app, NULL); /* their names are completed */
    prompt_open(app, PROMPT_COMMAND, ":");
    if (args.len != 0)
        prompt_fill(app, args);
    return REACT_PAINT;
}

void command_live(struct app *app)
{
    struct str rest = prompt_text(app), verb;
    if (!str_word(&rest, &verb)) {
        prompt_live(app, TONE_PLAIN, "Tab completes, Up brings back the last");
        return;
    }
    struct error err = {0};
    enum action_id id = action_by_command(verb, &err);
    if (id == ACTION_NONE) {
        prompt_live(app, TONE_WARNING, "%s", err.text);
        return;
    }
    const struct action_info *info = action_info(id);
    struct str key;
    const char *expected = id == ACTION_POLICY && str_word(&rest, &key) ? policy_line_expected(key) : NULL;
    if (expected != NULL) {
        prompt_live(app, TONE_PLAIN, "%s · alone it is as everywhere", expected);
        return;
    }
    prompt_live(app, TONE_PLAIN, "%s%s%s  %s", info->command, info->arguments[0] ? " " : "", info->arguments,
                info->help);
}

static void remember(struct app *app, struct str line)
{
    if (app->history_count != 0 && str_is(line, app->history[app->history_count - 1]))
        return;
    if (app->history_count == COMMAND_HISTORY) {
        free(app->history[0]);
        memmove(&app->history[0], &app->history[1], (COMMAND_HISTORY - 1) * sizeof app->history[0]);
        app->history_count--;
    }
    app->history[app->history_count++] = alloc_copy(line.at, line.len);
}

unsigned command_accept(struct app *app, struct error *err)
{
    struct str typed = prompt_text(app);
    if (typed.len == 0) {
        prompt_close(app);
        return REACT_PAINT;
    }
    struct buf line;
    struct error why = {0};
    buf_init(&line);
    buf_add_str(&line, typed);
    remember(app, typed);
    prompt_close(app);
    unsigned reactions = app_command(app, buf_str(&line), &why);
    if (why.code == ERR_USAGE && app->prompt.kind == PROMPT_NONE) {
        /* a slip is mended where it stands */
        prompt_open(app, PROMPT_COMMAND, ":");
        prompt_fill(app, buf_str(&line));
        prompt_live(app, TONE_WARNING, "%s", why.text);
    } else if (why.code != ERR_NONE) {
        error_set(err, why.code, "%s", why.text);
    }
    buf_done(&line);
    return reactions | REACT_PAINT;
}

void command_history(struct app *app, int rows)
{
    if (rows < 0 && app->history_at > 0)
        app->history_at--;
    else if (rows > 0 && app->history_at < app->history_count)
        app->history_at++;
    else
        return;
    size_t at = app->history_at;
    prompt_fill(app, at < app->history_count ? str_of(app->history[at]) : STR(""));
}
