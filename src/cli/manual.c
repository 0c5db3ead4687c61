/* SPDX-License-Identifier: MIT */
/*
 * The pages in Markdown, and the sample of a config file. What a table of the program says is read from that table; what
 * stands here is order, titles and the words around. The man page has a file of its own.
 */
#include "calldeck/manual.h"

#include <string.h>

#include "calldeck/settings.h"
#include "manual_rows.h"

/* ---- Markdown ---- */

/* A cell ends at a bar, also inside code. */
static void cell(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '|')
            buf_add_char(out, '\\');
        buf_add_char(out, text.at[i]);
    }
}

static void code(struct buf *out, struct str text)
{
    buf_add_char(out, '`');
    cell(out, text);
    buf_add_char(out, '`');
}

static void head(struct buf *out, const char *const *titles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "| %s ", titles[i]);
    buf_add_text(out, "|\n");
    for (size_t i = 0; i < count; i++)
        buf_add_text(out, "|---");
    buf_add_text(out, "|\n");
}
#define HEAD(out, ...)                                                                                                 \
    do {                                                                                                               \
        static const char *const titles[] = {__VA_ARGS__};                                                             \
        head(out, titles, sizeof titles / sizeof titles[0]);                                                           \
    } while (0)

static void keys(struct buf *out, const char *text)
{
    struct str rest = str_of(text), first, last;
    for (bool later = false; keys_next(&rest, &first, &last); later = true) {
        buf_add_text(out, later ? " " : "");
        code(out, first);
        if (!str_eq(first, last)) {
            buf_add_text(out, " to ");
            code(out, last);
        }
    }
}

static void command(struct buf *out, const struct action_info *info)
{
    struct buf line;
    buf_init(&line);
    buf_printf(&line, ":%s%s%s", info->command, info->arguments[0] ? " " : "", info->arguments);
    if (info->command[0] != '\0')
        code(out, buf_str(&line));
    buf_done(&line);
}

void manual_keys(struct buf *out)
{
    for (int section = 0; section < SECTION_COUNT_; section++) {
        buf_printf(out, "**%s**\n\n", section_title(section));
        HEAD(out, "key", "what it does", "as a command");
        for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
            if (!section_has(section, (enum action_id)id))
                continue;
            const struct action_info *info = action_info((enum action_id)id);
            buf_add_text(out, "| ");
            keys(out, info->keys);
            buf_add_text(out, " | ");
            cell(out, str_of(info->help));
            buf_add_text(out, " | ");
            command(out, info);
            buf_add_text(out, " |\n");
        }
        buf_add_char(out, '\n');
    }
    buf_add_text(out, "**Commands without a key of their own**\n\n");
    HEAD(out, "command", "what it does");
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info((enum action_id)id);
        if (info->command[0] == '\0' || info->keys[0] != '\0')
            continue;
        buf_add_text(out, "| ");
        command(out, info);
        buf_add_text(out, " | ");
        cell(out, str_of(info->help));
        buf_add_text(out, " |\n");
    }
}

void manual_settings(struct buf *out)
{
    HEAD(out, "setting", "values", "default", "what it is");
    for (int i = 0; i < SETTING_COUNT_; i++) {
        enum setting id = (enum setting)i;
        buf_add_text(out, "| ");
        code(out, str_of(setting_name(id)));
        buf_add_text(out, " | ");
        cell(out, str_of(setting_type_text(id)));
        buf_add_text(out, " | ");
        if (setting_default(id)[0] != '\0')
            code(out, str_trim(str_of(setting_default(id))));
        buf_add_text(out, " | ");
        cell(out, str_of(setting_help(id)));
        buf_add_text(out, " |\n");
    }
}

void manual_outcomes(struct buf *out)
{
    struct outcome_table t = outcome_defaults();
    HEAD(out, "key", "outcome", "code", "answered", "right person", "done", "rests", "asks", "besides");
    for (size_t i = 0; i < t.count; i++) {
        const struct outcome *o = &t.rows[i];
        buf_printf(out, "| `%c` | %s | `%s` | %s | %s | %s | ", o->key, o->label, o->code, o->answered ? "yes" : "",
                   o->right_person ? "yes" : "", o->done ? "yes" : "");
        wait_words(o, out);
        buf_printf(out, " | %s | %s |\n", ask_words(o->ask), effect_words(o->effect));
    }
}

void manual_states(struct buf *out)
{
    HEAD(out, "state", "counted under", "what it says");
    for (int i = 0; i < STATE_COUNT_; i++) {
        enum prospect_state state = (enum prospect_state)i;
        buf_printf(out, "| `%s` | %s | %s |\n", state_name(state), group_words(state_group(state)), state_explanation(state));
    }
}

void manual_commands(struct buf *out)
{
    HEAD(out, "command", "what it does");
    for (int i = 0; i < COMMAND_COUNT_; i++) {
        const struct command *c = command_info((enum command_id)i);
        struct buf line;
        buf_init(&line);
        buf_printf(&line, "%s%s%s", c->name, c->arguments[0] ? " " : "", c->arguments);
        for (int o = 0; o < OPTION_COUNT_; o++) {
            struct option_row row = option_row((enum option)o);
            if (o != OPTION_AT && command_takes((enum command_id)i, (enum option)o))
                buf_printf(&line, " [--%s%s%s]", row.name, row.value[0] ? " " : "", row.value);
        }
        buf_add_text(out, "| ");
        code(out, buf_str(&line));
        buf_add_text(out, " | ");
        cell(out, str_of(c->help));
        buf_add_text(out, " |\n");
        buf_done(&line);
    }
}

/* ---- the sample of a config file ---- */

void manual_conf(struct buf *out)
{
    buf_add_text(out,
                 "# SPDX-License-Identifier: MIT\n"
                 "# A sample of $XDG_CONFIG_HOME/calldeck/calldeck.conf (~/.config/calldeck/calldeck.conf).\n"
                 "#\n"
                 "# Every line is a command of the program, as it is typed after `:`. Take the # away from what you change; what\n"
                 "# stands here is what holds without it. A line that is wrong is named when calldeck starts, and the rest holds.\n"
                 "# calldeck never writes this file: `:set NAME VALUE` inside the program lasts until it ends.\n"
                 "# Hours that are set without days open all seven days.\n");
    for (int i = 0; i < SETTING_COUNT_; i++) {
        enum setting id = (enum setting)i;
        struct str value = str_trim(str_of(setting_default(id)));
        buf_printf(out, "\n# %s\n# values: %s\n#set %s%s%.*s\n", setting_help(id), setting_type_text(id), setting_name(id),
                   value.len != 0 ? " " : "", STR_ARG(value));
    }
    buf_add_text(out, "\n"
                      "# Keys: bind CONTEXT KEY COMMAND. Contexts: ");
    for (int c = 0; c < CONTEXT_COUNT_; c++)
        buf_printf(out, "%s%s", c ? " " : "", context_name((enum context)c));
    buf_add_text(out, ".\n"
                      "#bind notes M-n outcome no-answer\n"
                      "#bind deck F2 lists\n"
                      "\n"
                      "# Phrases for the notes: type ;name and a blank.\n"
                      "#snippet price asked for the price list, wants it by mail\n");
}

/* ---- by name ---- */

static const struct {
    const char *name;
    void (*print)(struct buf *out);
} pages[] = {
    {"man", manual_man},           {"keys", manual_keys},     {"settings", manual_settings}, {"outcomes", manual_outcomes},
    {"states", manual_states},     {"commands", manual_commands}, {"conf", manual_conf},
};
enum { PAGES = sizeof pages / sizeof pages[0] };

bool manual_page(struct str name, struct buf *out, struct error *err)
{
    struct buf there;
    buf_init(&there);
    bool found = false;
    for (size_t i = 0; i < PAGES && !found; i++) {
        buf_printf(&there, "%s%s", i ? ", " : "", pages[i].name);
        found = str_is(name, pages[i].name);
        if (found)
            pages[i].print(out);
    }
    if (!found)
        error_set(err, ERR_USAGE, "the manual has no page \"%.*s\"; there are: %s", STR_ARG(name), there.at);
    buf_done(&there);
    return found;
}

bool run_MANUAL(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    return manual_page(str_of(s->words.arguments[0]), &s->out, err);
}
