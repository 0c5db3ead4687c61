/* SPDX-License-Identifier: MIT */
/*
 * Completion: the verb from the table of actions, its words from the tables and names that they mean.
 */
#include "complete.h"

#include <dirent.h>
#include <string.h>

#include "actions.h"
#include "command.h"
#include "prompt.h"

#include "calldeck/utf8.h"

enum { SHOWN_MOST = 200 };

struct found_words {
    struct arena *a;
    const char *at[SHOWN_MOST];
    size_t count;
    struct str front; /* what is typed already */
};

static void offer(struct found_words *f, const char *word)
{
    if (f->count < SHOWN_MOST && word[0] != '\0' && strlen(word) >= f->front.len &&
        memcmp(word, f->front.len ? f->front.at : "", f->front.len) == 0)
        f->at[f->count++] = word;
}

static void offer_words(struct found_words *f, const char *words)
{
    struct str rest = str_of(words), one;
    while (str_word(&rest, &one))
        if (!str_is(one, "|"))
            offer(f, arena_text(f->a, one));
}

static void offer_outcomes(struct found_words *f, const struct app *app)
{
    const struct outcome_table *t = store_outcomes(app->store);
    for (size_t i = 0; i < t->count; i++)
        offer(f, t->rows[i].code);
}

static void offer_templates(struct found_words *f)
{
    struct str name, lines;
    for (size_t i = 0; cadence_at(i, &name, &lines); i++)
        offer(f, arena_text(f->a, name));
}

/* File names: folders end in a slash, hidden ones are left out unless a dot is typed. */
static void offer_files(struct found_words *f)
{
    size_t slash = f->front.len;
    while (slash > 0 && f->front.at[slash - 1] != '/')
        slash--;
    struct str folder = str_make(f->front.at, slash), name = str_skip(f->front, slash);
    DIR *dir = opendir(slash == 0 ? "." : arena_text(f->a, folder));
    if (dir == NULL)
        return;
    for (struct dirent *e; f->count < SHOWN_MOST && (e = readdir(dir)) != NULL;) {
        if (e->d_name[0] == '.' && (name.len == 0 || name.at[0] != '.'))
            continue;
        if (strncmp(e->d_name, name.len ? name.at : "", name.len) != 0 || !utf8_valid(str_of(e->d_name)))
            continue;
        offer(f, arena_printf(f->a, "%.*s%s%s", STR_ARG(folder), e->d_name, e->d_type == DT_DIR ? "/" : "").at);
    }
    closedir(dir);
}

static void offer_arguments(struct found_words *f, const struct app *app, enum action_id id, struct str before)
{
    struct str rest = before, word;
    size_t words = 0;
    struct str first = STR("");
    while (str_word(&rest, &word))
        if (words++ == 0)
            first = word;
    switch ((int)id) {
    case ACTION_OUTCOME:
    case ACTION_LOG:
    case ACTION_CORRECT:
        if (words == 0)
            offer_outcomes(f, app);
        break;
    case ACTION_SET:
        for (enum setting s = 0; s < SETTING_COUNT_; s++) {
            if (words == 0)
                offer(f, setting_name(s));
            else if (words == 1 && str_is(first, setting_name(s)))
                offer_words(f, setting_type_text(s));
        }
        break;
    case ACTION_HELP:
        for (enum action_id i = ACTION_NONE + 1; words == 0 && i < ACTION_COUNT_; i++)
            offer(f, action_info(i)->command);
        break;
    case ACTION_BIND:
        for (enum context c = 0; words == 0 && c < CONTEXT_COUNT_; c++)
            offer(f, context_name(c));
        for (enum action_id i = ACTION_NONE + 1; words == 2 && i < ACTION_COUNT_; i++)
            offer(f, action_info(i)->command);
        break;
    case ACTION_LISTS:
        for (size_t i = 0; words == 0 && i < app->lists_count; i++)
            offer(f, arena_text(f->a, app->lists[i].name));
        break;
    case ACTION_DIALER:
    case ACTION_SUPPRESS:
        if (words == 0)
            offer_words(f, id == ACTION_DIALER ? "manual command baresip ami null" : "person line company");
        break;
    case ACTION_POLICY:
        for (size_t i = 0; words == 0 && policy_line_word(i) != NULL; i++)
            offer(f, policy_line_word(i));
        if (words == 0)
            offer_words(f, "template zone");
        if (words == 1 && str_is(first, "retry"))
            offer_outcomes(f, app);
        if (words == 1 && str_is(first, "template"))
            offer_templates(f);
        break;
    case ACTION_EDIT:
        if (words == 0)
            offer_words(f, "name title company owner language source country state city external_id");
        break;
    case ACTION_IMPORT:
    case ACTION_SCREENSHOT:
        offer_files(f);
        break;
    default:
        break;
    }
}

size_t completions_of(const struct app *app, struct str line, struct arena *a, const char *const **ret,
                      size_t *ret_start)
{
    struct found_words f = {.a = a};
    size_t start = line.len;
    while (start > 0 && line.at[start - 1] != ' ')
        start--;
    struct str before = str_make(line.at, start), verb;
    if (!str_word(&before, &verb)) {
        f.front = str_skip(line, start);
        for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++)
            offer(&f, action_info(id)->command);
    } else {
        enum action_id id = action_by_command(verb, NULL);
        if (id == ACTION_IMPORT || id == ACTION_SCREENSHOT) { /* a path is the rest of the line, blanks and all */
            start = (size_t)(verb.at - line.at) + verb.len;
            while (start < line.len && line.at[start] == ' ')
                start++;
            before = STR("");
        }
        f.front = str_skip(line, start);
        if (id != ACTION_NONE)
            offer_arguments(&f, app, id, before);
    }
    const char **copy = ARENA_ARRAY(a, const char *, f.count + 1);
    memcpy(copy, f.at, f.count * sizeof *copy);
    *ret = copy;
    *ret_start = start;
    return f.count;
}

static void put(struct app *app, const char *word, bool whole)
{
    struct prompt *p = &app->prompt;
    struct buf line;
    buf_init(&line);
    buf_add(&line, editor_text(p->line).at, p->completion_start);
    buf_add_text(&line, word);
    if (whole && line.len != 0 && line.at[line.len - 1] != '/')
        buf_add_char(&line, ' ');
    editor_set(p->line, buf_str(&line), line.len);
    buf_done(&line);
}

void complete(struct app *app)
{
    struct prompt *p = &app->prompt;
    if (p->kind != PROMPT_COMMAND)
        return;
    if (p->completions_count > 1) {
        complete_step(app, 1);
        return;
    }
    arena_clear(&p->arena);
    struct str line = str_make(editor_text(p->line).at, editor_cursor(p->line));
    p->completions_count = completions_of(app, line, &p->arena, &p->completions, &p->completion_start);
    p->completion = p->completions_count; /* none is chosen yet */
    if (p->completions_count == 0)
        return;
    size_t common = strlen(p->completions[0]);
    for (size_t i = 1; i < p->completions_count; i++)
        for (size_t j = 0; j < common; j++)
            if (p->completions[i][j] != p->completions[0][j])
                common = j;
    struct str front = str_make(p->completions[0], cluster_floor(str_of(p->completions[0]), common));
    if (p->completions_count == 1) {
        put(app, p->completions[0], true);
        p->completions_count = 0;
        command_live(app);
    } else if (front.len > line.len - p->completion_start) {
        put(app, arena_text(&p->arena, front), false);
    } else {
        complete_step(app, 1);
    }
}

void complete_step(struct app *app, int rows)
{
    struct prompt *p = &app->prompt;
    size_t n = p->completions_count;
    if (n == 0)
        return;
    if (p->completion >= n)
        p->completion = rows > 0 ? 0 : n - 1;
    else
        p->completion = (p->completion + (rows > 0 ? 1 : n - 1)) % n;
    put(app, p->completions[p->completion], false);
    command_live(app);
}
