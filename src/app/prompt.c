/* SPDX-License-Identifier: MIT */
/*
 * The line at the foot, its keys, its choices; and the lines of a form, which have the same keys.
 */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "ask.h"
#include "command.h"
#include "complete.h"
#include "screens.h"
#include "search.h"
#include "start.h"
#include "turn.h"

/* ---- life ---- */

static void forget_choices(struct prompt *p)
{
    p->choices = NULL;
    p->choices_count = 0;
    p->completions = NULL;
    p->completions_count = 0;
    p->completion = 0;
    p->live[0] = '\0';
    p->live_tone = TONE_PLAIN;
}

static void live(struct app *app)
{
    switch (app->prompt.kind) {
    case PROMPT_COMMAND:
        command_live(app);
        break;
    case PROMPT_SEARCH:
        search_live(app);
        break;
    case PROMPT_QUIT:
    case PROMPT_CONFIRM:
    case PROMPT_NONE:
    case PROMPT_COUNT_:
        break;
    case PROMPT_INBOUND:
    case PROMPT_WHEN:
    case PROMPT_STEP:
    case PROMPT_WHOM:
    case PROMPT_AMOUNT:
    case PROMPT_REASON:
    case PROMPT_SCOPE:
    case PROMPT_PERSON:
    case PROMPT_SKIP:
    case PROMPT_ZONE:
    case PROMPT_ADD:
    case PROMPT_OVERRIDE:
    case PROMPT_CORRECT:
    case PROMPT_CALLER:
    case PROMPT_DIGITS:
    case PROMPT_RECORD:
        ask_live(app);
        break;
    }
}

void prompt_open(struct app *app, enum prompt_kind kind, const char *label)
{
    struct prompt *p = &app->prompt;
    char copy[sizeof p->label]; /* label may be the old one */
    line_print(copy, sizeof copy, "%s", label);
    if (p->line == NULL)
        p->line = editor_new(true);
    p->kind = kind;
    p->opened_by = '\0';
    memcpy(p->label, copy, sizeof copy);
    editor_set(p->line, STR(""), 0);
    forget_choices(p);
    arena_clear(&p->arena);
    app->history_at = app->history_count;
    app->pending |= REACT_PAINT;
    live(app);
}

void prompt_fill(struct app *app, struct str text)
{
    editor_set(app->prompt.line, text, text.len);
    live(app);
}

void prompt_offer(struct app *app, const struct choice *choices, size_t count)
{
    app->prompt.choices = choices;
    app->prompt.choices_count = count;
}

void prompt_close(struct app *app)
{
    struct prompt *p = &app->prompt;
    p->kind = PROMPT_NONE;
    p->label[0] = '\0';
    p->confirmed[0] = '\0';
    p->outcome = NULL;
    p->by_log = false;
    p->touch = 0;
    forget_choices(p);
    if (p->line != NULL)
        editor_set(p->line, STR(""), 0);
    arena_clear(&p->arena);
    app->pending |= REACT_PAINT;
}

void prompt_done(struct app *app)
{
    editor_free(app->prompt.line);
    arena_done(&app->prompt.arena);
    for (size_t i = 0; i < FORM_FIELDS; i++)
        editor_free(app->form.fields[i].line);
}

bool prompt_is_open(const struct app *app)
{
    return app->prompt.kind != PROMPT_NONE;
}

struct str prompt_text(const struct app *app)
{
    return app->prompt.line != NULL ? str_trim(editor_text(app->prompt.line)) : STR("");
}

void prompt_live(struct app *app, enum tone tone, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_vprint(app->prompt.live, sizeof app->prompt.live, format, args);
    va_end(args);
    app->prompt.live_tone = tone;
}

static const struct choice yes_no[] = {{'y', "yes"}, {'n', "no"}};

void prompt_confirm(struct app *app, const char *label, const char *command)
{
    prompt_open(app, PROMPT_CONFIRM, label);
    snprintf(app->prompt.confirmed, sizeof app->prompt.confirmed, "%s", command);
    prompt_offer(app, yes_no, sizeof yes_no / sizeof *yes_no);
}

/* ---- forms ---- */

void form_open(struct app *app, enum screen screen)
{
    app->form.count = 0;
    app->form.at = 0;
    app->form.error[0] = '\0';
    app->screen = screen;
    app->pending |= REACT_PAINT;
}

struct form_field *form_add(struct app *app, const char *name, const char *label, struct str value, const char *help)
{
    if (app->form.count == FORM_FIELDS)
        return NULL;
    struct form_field *f = &app->form.fields[app->form.count++];
    struct editor *line = f->line != NULL ? f->line : editor_new(true);
    *f = (struct form_field){.name = name, .label = label, .line = line, .help = help};
    editor_set(line, value, value.len);
    return f;
}

struct str form_value(const struct app *app, const char *name)
{
    for (size_t i = 0; i < app->form.count; i++)
        if (strcmp(app->form.fields[i].name, name) == 0)
            return str_trim(editor_text(app->form.fields[i].line));
    return STR("");
}

void form_close(struct app *app)
{
    app->form.count = 0;
    app->form.at = 0;
    app->screen = SCREEN_DECK;
    app->pending |= REACT_PAINT;
}

/* ---- typing ---- */

static struct editor *line_of(const struct app *app)
{
    if (app->prompt.kind != PROMPT_NONE)
        return app->prompt.line;
    return app->form.at < app->form.count ? app->form.fields[app->form.at].line : NULL;
}

static void changed(struct app *app)
{
    if (app->prompt.kind != PROMPT_NONE) {
        app->prompt.completions_count = 0;
        app->prompt.live[0] = '\0';
        app->prompt.live_tone = TONE_PLAIN;
        live(app);
    } else if (app->form.at < app->form.count) {
        app->form.fields[app->form.at].changed = true;
        app->form.fields[app->form.at].error[0] = '\0';
        app->form.error[0] = '\0';
        if (app->screen == SCREEN_START)
            start_changed(app);
    }
}

bool prompt_type(struct app *app, struct str text)
{
    struct editor *line = line_of(app);
    if (line == NULL)
        return false;
    if (editor_insert(line, text))
        changed(app);
    return true;
}

bool prompt_letter(struct app *app, const struct key *key, unsigned *ret_reactions, struct error *err)
{
    struct prompt *p = &app->prompt;
    if (p->choices_count == 0 || key->code != KEY_CODE_CHAR || key->mods != 0 || key->text[1] != '\0' ||
        editor_text(p->line).len != 0)
        return false;
    bool known = false;
    for (size_t i = 0; i < p->choices_count; i++)
        known = known || p->choices[i].key == key->text[0];
    if (p->kind == PROMPT_QUIT || p->kind == PROMPT_CONFIRM) {
        if (!known)
            return true; /* only an answer answers */
        bool quits = p->kind == PROMPT_QUIT;
        char command[sizeof p->confirmed];
        memcpy(command, p->confirmed, sizeof command);
        prompt_close(app);
        *ret_reactions = key->text[0] != 'y' ? 0
                         : quits             ? (unsigned)REACT_QUIT
                                             : app_command(app, str_of(command), err);
        return true;
    }
    if (!known && p->kind == PROMPT_CALLER)
        return false; /* or a name, typed */
    if (!known)
        return error_set(err, ERR_USAGE, "press one of the letters shown; Esc leaves the question"), true;
    *ret_reactions = ask_choice(app, key->text[0], err);
    return true;
}

/* ---- actions ---- */

static bool edit_op(enum action_id id, enum editor_op *ret)
{
    static const struct {
        enum action_id id;
        enum editor_op op;
    } ops[] = {
        {ACTION_LEFT, EDIT_LEFT},
        {ACTION_RIGHT, EDIT_RIGHT},
        {ACTION_WORD_LEFT, EDIT_WORD_LEFT},
        {ACTION_WORD_RIGHT, EDIT_WORD_RIGHT},
        {ACTION_LINE_START, EDIT_LINE_START},
        {ACTION_LINE_END, EDIT_LINE_END},
        {ACTION_BACKSPACE, EDIT_BACKSPACE},
        {ACTION_DELETE, EDIT_DELETE},
        {ACTION_KILL_WORD, EDIT_KILL_WORD_LEFT},
        {ACTION_KILL_WORD_RIGHT, EDIT_KILL_WORD_RIGHT},
        {ACTION_KILL_START, EDIT_KILL_LINE_START},
        {ACTION_KILL_END, EDIT_KILL_LINE_END},
        {ACTION_YANK, EDIT_YANK},
        {ACTION_TRANSPOSE, EDIT_TRANSPOSE},
        {ACTION_NOTES_UNDO, EDIT_UNDO},
        {ACTION_NOTES_REDO, EDIT_REDO},
    };
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (ops[i].id == id) {
            *ret = ops[i].op;
            return true;
        }
    return false;
}

static unsigned accept(struct app *app, struct error *err)
{
    switch (app->prompt.kind) {
    case PROMPT_NONE:
        if (app->screen == SCREEN_START)
            return start_accept(app, err);
        return ask_form(app, err);
    case PROMPT_COMMAND:
        return command_accept(app, err);
    case PROMPT_SEARCH:
        return search_accept(app, err);
    case PROMPT_QUIT: /* Enter does not leave by itself: a letter does */
    case PROMPT_CONFIRM:
    case PROMPT_COUNT_:
        return REACT_PAINT;
    case PROMPT_INBOUND:
    case PROMPT_WHEN:
    case PROMPT_STEP:
    case PROMPT_WHOM:
    case PROMPT_AMOUNT:
    case PROMPT_REASON:
    case PROMPT_SCOPE:
    case PROMPT_PERSON:
    case PROMPT_SKIP:
    case PROMPT_ZONE:
    case PROMPT_ADD:
    case PROMPT_OVERRIDE:
    case PROMPT_CORRECT:
    case PROMPT_CALLER:
    case PROMPT_DIGITS:
    case PROMPT_RECORD:
        return ask_accept(app, err);
    }
    return REACT_PAINT;
}

static void form_step(struct app *app, int step)
{
    size_t n = app->form.count;
    if (n != 0)
        app->form.at = (app->form.at + (step > 0 ? 1 : n - 1)) % n;
}

static void step(struct app *app, int rows)
{
    if (app->prompt.kind == PROMPT_NONE)
        form_step(app, rows);
    else if (app->prompt.kind == PROMPT_SEARCH)
        view_move(app, rows);
    else if (app->prompt.completions_count != 0)
        complete_step(app, rows);
    else if (app->prompt.kind == PROMPT_COMMAND)
        command_history(app, rows);
}

bool prompt_action(struct app *app, enum action_id id, unsigned *ret_reactions, struct error *err)
{
    enum editor_op op;
    struct editor *line = line_of(app);
    *ret_reactions = REACT_PAINT;
    if (edit_op(id, &op)) {
        unsigned long before = line != NULL ? editor_revision(line) : 0;
        if (line != NULL && editor_do(line, op, 80, 1) && editor_revision(line) != before)
            changed(app);
        return true;
    }
    if (id == ACTION_PROMPT_ACCEPT)
        *ret_reactions |= accept(app, err);
    else if (id == ACTION_PROMPT_CANCEL)
        *ret_reactions |= prompt_cancel(app);
    else if (id == ACTION_PROMPT_UP)
        step(app, -1);
    else if (id == ACTION_PROMPT_DOWN)
        step(app, 1);
    else if (id == ACTION_COMPLETE && app->prompt.kind == PROMPT_NONE)
        form_step(app, 1);
    else if (id == ACTION_COMPLETE)
        complete(app);
    else
        return false;
    return true;
}

/* A search leaves its results with the question, all others leave what was in front. */
unsigned prompt_cancel(struct app *app)
{
    bool search = app->prompt.kind == PROMPT_SEARCH;
    prompt_close(app);
    if (search && app->screen == SCREEN_SEARCH)
        screen_close(app);
    return REACT_PAINT;
}

/* The rows of the table that only a line of text can do: typed as a command they have nothing to work on. */
static unsigned by_line(struct app *app, enum action_id id, struct error *err)
{
    unsigned reactions = 0;
    if (app_context(app) == CONTEXT_PROMPT || app_context(app) == CONTEXT_FORM)
        prompt_action(app, id, &reactions, err);
    return reactions;
}
#define BY_LINE(id)                                                                                                    \
    unsigned do_##id(struct app *app, struct str args, struct error *err)                                              \
    {                                                                                                                  \
        (void)args;                                                                                                    \
        return by_line(app, ACTION_##id, err);                                                                         \
    }
BY_LINE(PROMPT_ACCEPT)
BY_LINE(PROMPT_CANCEL)
BY_LINE(PROMPT_UP)
BY_LINE(PROMPT_DOWN)
BY_LINE(COMPLETE)
