/* SPDX-License-Identifier: MIT */
/*
 * Finding people while the words are typed: the results stand in front of the card, Enter opens one.
 */
#include "search.h"

#include <string.h>

#include "actions.h"
#include "prompt.h"
#include "screens.h"
#include "turn.h"

enum { FOUND_MOST = 100 };

bool screen_search(struct app *app, struct rows *rows, struct error *err)
{
    struct str words = prompt_text(app);
    const struct found *found = NULL;
    size_t count = 0;
    app->view.title = "FIND";
    app->view.hint = "Up Down choose · Enter opens the card";
    if (words.len == 0) {
        app->view.empty = "type a name, a company, digits of a number, a mail address or a word of a note";
        return true;
    }
    app->view.empty = "nobody found: fewer letters find more, 4 digits find a number by its end";
    if (!search_run(app->store, words, FOUND_MOST, rows->a, &found, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct str middle = row_printable(rows, found[i].company);
        if (strcmp(found[i].found_in, "name") != 0)
            middle = arena_printf(rows->a, "%.*s%s(%s)", STR_ARG(middle), middle.len ? " " : "", found[i].found_in);
        struct str right =
            arena_printf(rows->a, "%.*s  %s", STR_ARG(row_printable(rows, found[i].phone)), state_name(found[i].state));
        row_add(rows, found[i].id, row_printable(rows, found[i].name), middle, right);
    }
    return true;
}

void search_live(struct app *app)
{
    struct error err = {0};
    if (app->screen != SCREEN_SEARCH)
        return;
    app->view.cursor = 0;
    app->view.top = 0;
    if (!screen_load(app, &err) && err.code != ERR_LOCKED)
        prompt_live(app, TONE_WARNING, "%s", err.text);
    else if (app->view.count >= FOUND_MOST)
        prompt_live(app, TONE_PLAIN, "the first %d; more words find fewer", FOUND_MOST);
}

unsigned search_accept(struct app *app, struct error *err)
{
    struct view *v = &app->view;
    if (prompt_text(app).len == 0)
        return prompt_cancel(app);
    if (v->cursor >= v->count || v->rows[v->cursor].id == 0) {
        error_set(err, ERR_NOT_FOUND, "nobody found");
        return 0;
    }
    int64_t id = v->rows[v->cursor].id;
    if (!card_take(app, id, err))
        return 0;
    prompt_cancel(app);
    return REACT_PAINT;
}

unsigned do_SEARCH(struct app *app, struct str args, struct error *err)
{
    (void)err;
    prompt_close(app);
    screen_open(app, SCREEN_SEARCH);
    prompt_open(app, PROMPT_SEARCH, "find");
    if (args.len != 0)
        prompt_fill(app, args);
    return REACT_PAINT;
}
