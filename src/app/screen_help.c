/* SPDX-License-Identifier: MIT */
/*
 * Help: the keys that work here, all commands, all settings; made from their tables, so that nothing can be missing.
 */
#include <string.h>

#include "keymap.h"
#include "screens.h"

static bool has_word(const char *word, struct str text)
{
    size_t n = strlen(word);
    if (n == 0)
        return true;
    for (size_t i = 0; i + n <= text.len; i++)
        if (str_eq_ascii_case(str_make(text.at + i, n), str_make(word, n)))
            return true;
    return false;
}

/* A row, if :help's word is in it. */
static void add(struct app *app, struct rows *rows, struct str left, struct str middle)
{
    if (has_word(app->help_word, left) || has_word(app->help_word, middle))
        row_add(rows, 0, left, middle, STR(""));
}

static void add_keys(struct app *app, struct rows *rows, enum context context)
{
    const struct outcome_table *outcomes = store_outcomes(app->store);
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        struct buf keys;
        buf_init(&keys);
        if (id == ACTION_OUTCOME && context == CONTEXT_BAR) {
            for (size_t i = 0; i < outcomes->count; i++)
                add(app, rows, arena_printf(rows->a, "%c", outcomes->rows[i].key),
                    arena_printf(rows->a, "%s: file it, or arm it while a line is live", outcomes->rows[i].label));
        } else if (id == ACTION_PICK_NUMBER && (info->contexts & 1u << context) != 0) {
            add(app, rows, STR("1 to 9"), str_of(info->help));
        } else if (app_keys_of(app, id, context, &keys)) {
            add(app, rows, arena_str(rows->a, buf_str(&keys)), str_of(info->help));
        }
        buf_done(&keys);
    }
}

static void add_bound(struct app *app, struct rows *rows)
{
    struct key_binding b;
    for (size_t i = 0; keymap_bound(app->keymap, i, &b); i++) {
        struct buf key;
        buf_init(&key);
        buf_printf(&key, "%s ", context_name(b.context));
        key_format(&b.key, &key);
        add(app, rows, arena_str(rows->a, buf_str(&key)),
            arena_printf(rows->a, "%s %s (bound by you)", action_info(b.id)->command, b.args));
        buf_done(&key);
    }
}

bool screen_help(struct app *app, struct rows *rows, struct error *err)
{
    (void)err;
    app->view.title = "HELP";
    app->view.empty = "nothing is called so; :help without a word shows all";
    app->view.hint = ":help WORD narrows it";
    row_heading(rows, "keys in %s",
                app->help_context == CONTEXT_DECK   ? "the deck, between calls"
                : app->help_context == CONTEXT_BAR  ? "the outcome bar of a call"
                : app->help_context == CONTEXT_LIST ? "a list"
                                                    : context_name(app->help_context));
    add_keys(app, rows, app->help_context);
    if (app->help_context == CONTEXT_DECK || app->help_context == CONTEXT_BAR) {
        row_heading(rows, "keys in the notes");
        add_keys(app, rows, CONTEXT_NOTES);
    }
    add_bound(app, rows);
    row_heading(rows, "commands, after :");
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        if (info->command[0] != '\0')
            add(app, rows,
                arena_printf(rows->a, "%s%s%s", info->command, info->arguments[0] ? " " : "", info->arguments),
                str_of(info->help));
    }
    row_heading(rows, "settings, :set NAME VALUE");
    for (enum setting id = 0; id < SETTING_COUNT_; id++)
        add(app, rows, str_of(setting_name(id)),
            arena_printf(rows->a, "%s%s%s; %s (%s)", setting_text(app->settings, id)[0] ? "is " : "",
                         setting_text(app->settings, id), setting_text(app->settings, id)[0] ? "" : "not set",
                         setting_help(id), setting_type_text(id)));
    row_heading(rows, "states of a prospect");
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++)
        add(app, rows, str_of(state_name(s)), str_of(state_explanation(s)));
    if (app->snippets_count != 0)
        row_heading(rows, "snippets in the notes");
    for (size_t i = 0; i < app->snippets_count; i++)
        add(app, rows, arena_printf(rows->a, ";%s", app->snippets[i].name), str_of(app->snippets[i].text));
    return true;
}
