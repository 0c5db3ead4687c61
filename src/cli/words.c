/* SPDX-License-Identifier: MIT */
/* The words of the command line against the two tables. One parser; nothing is done here. */
#include "session.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct option_info {
    const char *name, *value, *help;
    bool global;
};
static const struct option_info options[] = {
#define GLOBAL(id, name, value, help) [OPTION_##id] = {name, value, help, true},
#define OPTION(id, name, value, help) [OPTION_##id] = {name, value, help, false},
#include "options.def"
};
static_assert(sizeof options / sizeof options[0] == OPTION_COUNT_, "a row for every option");

static const struct command commands[] = {
#define COMMAND(id, name, arguments, least, most, opens, options, help)                                                \
    [COMMAND_##id] = {name, arguments, least, most, OPENS_##opens, options, help, run_##id},
#include "commands.def"
};
static_assert(sizeof commands / sizeof commands[0] == COMMAND_COUNT_, "a row for every command");

const struct command *command_info(enum command_id id)
{
    return &commands[id];
}

bool command_find(struct str name, enum command_id *ret)
{
    for (int i = 0; i < COMMAND_COUNT_; i++)
        if (str_is(name, commands[i].name)) {
            *ret = (enum command_id)i;
            return true;
        }
    return false;
}

bool command_takes(enum command_id id, enum option option)
{
    if (option == OPTION_AT)
        return true;
    struct str rest = str_of(commands[id].options), word;
    while (str_word(&rest, &word))
        if (str_is(word, options[option].name))
            return true;
    return false;
}

/* How many keys lie between two words, at most 3. */
static int distance(struct str a, struct str b)
{
    enum { MOST = 24 };
    if (a.len > MOST || b.len > MOST)
        return 3;
    int row[MOST + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = (int)j;
    for (size_t i = 0; i < a.len; i++) {
        int corner = row[0];
        row[0] = (int)i + 1;
        for (size_t j = 0; j < b.len; j++) {
            int best = corner + (a.at[i] != b.at[j]);
            corner = row[j + 1];
            if (row[j + 1] + 1 < best)
                best = row[j + 1] + 1;
            if (row[j] + 1 < best)
                best = row[j] + 1;
            row[j + 1] = best;
        }
    }
    return row[b.len] < 3 ? row[b.len] : 3;
}

static bool near(struct str word, const char *name)
{
    return word.len != 0 && (distance(word, str_of(name)) < 3 || (word.len >= 2 && str_starts(str_of(name), "") &&
           strlen(name) > word.len && memcmp(name, word.at, word.len) == 0));
}

void command_unknown(struct str word, struct error *err)
{
    struct buf close;
    buf_init(&close);
    for (int i = 0; i < COMMAND_COUNT_; i++)
        if (near(word, commands[i].name))
            buf_printf(&close, "%s%s", close.len ? ", " : "", commands[i].name);
    if (close.len != 0)
        error_set(err, ERR_USAGE, "there is no command and no file \"%.*s\"; near it: %s", STR_ARG(word), close.at);
    else
        error_set(err, ERR_USAGE, "there is no command and no file \"%.*s\"; calldeck --help shows the commands", STR_ARG(word));
    buf_done(&close);
}

static bool option_unknown(struct str name, const struct words *w, struct error *err)
{
    const char *of = w->has_command ? commands[w->command].name : "calldeck";
    struct buf close;
    buf_init(&close);
    for (int i = 0; i < OPTION_COUNT_; i++)
        if ((w->has_command ? command_takes(w->command, (enum option)i) : options[i].global) && near(name, options[i].name))
            buf_printf(&close, "%s--%s", close.len ? ", " : "", options[i].name);
    if (close.len != 0)
        error_set(err, ERR_USAGE, "\"%s\" has no option \"--%.*s\"; near it: %s", of, STR_ARG(name), close.at);
    else
        error_set(err, ERR_USAGE, "\"%s\" has no option \"--%.*s\"; calldeck --help%s%s shows them", of, STR_ARG(name),
                  w->has_command ? " " : "", w->has_command ? of : "");
    buf_done(&close);
    return false;
}

static bool take_option(int argc, const char *const *argv, int *at, struct words *w, struct error *err)
{
    struct str word = str_skip(str_of(argv[*at]), 2);
    size_t equals = str_find(word, '=');
    struct str name = str_make(word.at, equals);
    int found = -1;
    for (int i = 0; i < OPTION_COUNT_; i++)
        if (str_is(name, options[i].name))
            found = i;
    if (found < 0)
        return option_unknown(name, w, err);
    enum option option = (enum option)found;
    bool anywhere = option == OPTION_HELP || option == OPTION_AT ||
                    (!w->has_command && (option == OPTION_KEYS || option == OPTION_LIST));
    if (!anywhere && w->has_command && options[option].global)
        return error_set(err, ERR_USAGE, "--%s stands before the command: calldeck --%s%s%s %s ...", options[option].name,
                         options[option].name, options[option].value[0] ? " " : "", options[option].value,
                         commands[w->command].name);
    if (!anywhere && !(w->has_command ? command_takes(w->command, option) : options[option].global))
        return option_unknown(name, w, err);
    const char *value = "";
    if (options[option].value[0] == '\0') {
        if (equals < word.len)
            return error_set(err, ERR_USAGE, "--%s takes no value", options[option].name);
    } else if (equals < word.len) {
        value = word.at + equals + 1;
    } else if (*at + 1 < argc) {
        value = argv[++*at];
    } else {
        return error_set(err, ERR_USAGE, "--%s needs a value: --%s %s", options[option].name, options[option].name,
                         options[option].value);
    }
    if (option == OPTION_MAP)
        w->maps[w->maps_count++] = str_of(value);
    w->value[option] = value;
    return true;
}

bool words_parse(int argc, const char *const *argv, struct arena *a, struct words *ret, struct error *err)
{
    struct words w = {.maps = ARENA_ARRAY(a, struct str, (size_t)argc + 1),
                      .arguments = ARENA_ARRAY(a, const char *, (size_t)argc + 1)};
    bool ended = false;
    for (int i = 1; i < argc; i++) {
        struct str word = str_of(argv[i]);
        if (!ended && str_is(word, "--")) {
            ended = true;
        } else if (!ended && str_is(word, "-h")) {
            w.value[OPTION_HELP] = "";
        } else if (!ended && str_starts(word, "--")) {
            if (!take_option(argc, argv, &i, &w, err))
                return false;
        } else if (!ended && word.len > 1 && word.at[0] == '-' && !(word.at[1] >= '0' && word.at[1] <= '9')) {
            return error_set(err, ERR_USAGE, "there is no option \"%.*s\"; options are written whole: --list NAME", STR_ARG(word));
        } else if (!w.has_command && w.count == 0 && command_find(word, &w.command)) {
            w.has_command = true;
        } else {
            w.arguments[w.count++] = argv[i];
        }
    }
    *ret = w;
    if (w.value[OPTION_HELP] != NULL || w.value[OPTION_VERSION] != NULL)
        return true;
    if (!w.has_command) {
        if (w.count > 1)
            return error_set(err, ERR_USAGE, "one file at a time: calldeck FILE.csv; calldeck import takes several");
        return true;
    }
    for (int i = 0; i < OPTION_COUNT_; i++) /* what stood before the command */
        if (w.value[i] != NULL && !options[i].global && !command_takes(w.command, (enum option)i))
            return option_unknown(str_of(options[i].name), &w, err);
    const struct command *c = &commands[w.command];
    if ((int)w.count < c->least || (c->most >= 0 && (int)w.count > c->most))
        return error_set(err, ERR_USAGE, "%s: calldeck %s%s%s", (int)w.count < c->least ? "a word is missing" : "too many words",
                         c->name, c->arguments[0] ? " " : "", c->arguments);
    return true;
}

/* ---- help, from the same rows ---- */

static void option_help(enum option option, struct buf *out)
{
    struct buf left;
    buf_init(&left);
    buf_printf(&left, "--%s%s%s", options[option].name, options[option].value[0] ? " " : "", options[option].value);
    buf_printf(out, "  %-24s  %s\n", left.at, options[option].help);
    buf_done(&left);
}

bool cli_help_of(const char *command, struct buf *out)
{
    enum command_id id;
    if (!command_find(str_of(command), &id))
        return false;
    const struct command *c = &commands[id];
    buf_printf(out, "calldeck [--db FILE] %s%s%s%s\n\n%s\n\n", c->name, c->arguments[0] ? " " : "", c->arguments,
               c->options[0] ? " [OPTIONS]" : "", c->help);
    for (int i = 0; i < OPTION_COUNT_; i++)
        if (!options[i].global && command_takes(id, (enum option)i))
            option_help((enum option)i, out);
    return true;
}

void cli_help(struct buf *out)
{
    buf_add_text(out, "calldeck [--db FILE] [FILE.csv]           the dashboard; a file is imported first\n"
                      "calldeck [--db FILE] COMMAND [WORDS]      without a screen\n\n");
    for (int i = 0; i < COMMAND_COUNT_; i++) {
        struct buf left;
        buf_init(&left);
        buf_printf(&left, "%s %s", commands[i].name, commands[i].arguments);
        buf_printf(out, "  %-24s  %s\n", left.at, commands[i].help);
        buf_done(&left);
    }
    buf_add_text(out, "\n");
    for (int i = 0; i < OPTION_COUNT_; i++)
        if (options[i].global)
            option_help((enum option)i, out);
    buf_add_text(out, "\ncalldeck help COMMAND shows its options. TIME is ISO 8601 or words: \"tomorrow 3pm\", +2d, eod.\n"
                      "Exit codes: 0 done, 1 refused or not found, 2 usage, 65 a bad file, 74 disk, 75 locked.\n");
}

bool run_HELP(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    if (s->words.count == 0) {
        cli_help(&s->out);
    } else if (!cli_help_of(s->words.arguments[0], &s->out)) {
        command_unknown(str_of(s->words.arguments[0]), err);
        return false;
    }
    return true;
}
