/* SPDX-License-Identifier: MIT */
/* From the words to a command and its exit status. */
#include "calldeck/cli.h"

#include "session.h"

static bool is_help(const struct words *w)
{
    return w->value[OPTION_HELP] != NULL || w->value[OPTION_VERSION] != NULL;
}

static bool help(struct session *s, struct error *err)
{
    const struct words *w = &s->words;
    if (w->value[OPTION_HELP] == NULL) {
        buf_add_text(&s->out, "calldeck " CALLDECK_VERSION "\n");
        return true;
    }
    if (w->has_command && w->command == COMMAND_HELP && w->count == 0)
        return cli_help_of("help", &s->out);
    if (w->has_command && w->command != COMMAND_HELP)
        return cli_help_of(command_info(w->command)->name, &s->out);
    if (w->count == 0) {
        cli_help(&s->out);
        return true;
    }
    if (cli_help_of(w->arguments[0], &s->out))
        return true;
    command_unknown(str_of(w->arguments[0]), err);
    return false;
}

static bool command(struct session *s, int *ret_status, struct error *err)
{
    const struct command *c = command_info(s->words.command);
    if (!session_open(s, err))
        return false;
    /* help needs no database; import looks at its words before it makes one */
    return session_store(s, c->opens, err) && c->run(s, ret_status, err);
}

/* Without a command: a file that is imported, then the dashboard, or its picture. */
static bool screen(struct session *s, struct error *err)
{
    const char *file = s->words.count ? s->words.arguments[0] : NULL;
    if (file != NULL && !path_is_file(file)) {
        command_unknown(str_of(file), err);
        return false;
    }
    if (!session_open(s, err))
        return false;
    if (option_given(s, OPTION_SCREENSHOT))
        return run_screenshot(s, file, err);
    if (option_given(s, OPTION_KEYS))
        return error_set(err, ERR_USAGE, "--keys are typed for a picture: add --screenshot 120x32");
    return run_dashboard(s, file, err);
}

int cli_run(const struct cli_port *port, int argc, const char *const *argv)
{
    struct session s = {.port = port};
    struct error err = {0};
    int status = 0;
    buf_init(&s.out);
    bool ok = words_parse(argc, argv, &s.arena, &s.words, &err);
    if (ok) {
        if (is_help(&s.words))
            ok = help(&s, &err);
        else if (s.words.has_command && option_given(&s, OPTION_SCREENSHOT))
            ok = error_set(&err, ERR_USAGE, "--screenshot stands without a command");
        else if (s.words.has_command)
            ok = command(&s, &status, &err);
        else
            ok = screen(&s, &err);
    }
    out_flush(&s);
    if (!ok) {
        status = error_exit_status(err.code);
        if (status == 0)
            status = 1;
        say_line(&s, "%s", err.text);
        if (!s.words.has_command)
            trouble_log(&s, "dashboard", err.code, s.clock != 0 ? s.clock : port->now);
        else if (s.words.command == COMMAND_IMPORT || s.words.command == COMMAND_API)
            trouble_log(&s, command_info(s.words.command)->name, err.code, s.clock != 0 ? s.clock : port->now);
    } else if (s.out_failed) {
        status = error_exit_status(s.out_error.code);
        say_line(&s, "%s", s.out_error.text);
    }
    session_close(&s);
    return status;
}
