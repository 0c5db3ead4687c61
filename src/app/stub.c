/* SPDX-License-Identifier: MIT */
/*
 * Stands in for the flows of the loop (call, outcome, questions, notes, person) until they are there.
 */
#include "actions.h"
#include "ask.h"
#include "call.h"
#include "notes.h"
#include "prompt.h"

#define STUB(id)                                                                                                       \
    unsigned do_##id(struct app *app, struct str args, struct error *err)                                              \
    {                                                                                                                  \
        (void)app;                                                                                                     \
        (void)args;                                                                                                    \
        error_set(err, ERR_REFUSED, "not built yet: %s", #id);                                                         \
        return 0;                                                                                                      \
    }
STUB(CALL) STUB(PICK_NUMBER) STUB(ADD) STUB(TO_NOTES) STUB(TO_BAR) STUB(BAR_BACK) STUB(OUTCOME) STUB(ACCEPT)
STUB(NEXT_NUMBER) STUB(ANSWERED) STUB(HANG_UP) STUB(SKIP) STUB(INBOUND) STUB(UNDO) STUB(EDIT) STUB(ZONE)
STUB(PROMISE_KEPT) STUB(MAIL) STUB(COPY) STUB(CORRECT_ROW) STUB(NOTE) STUB(LOG) STUB(CALLBACK) STUB(CANCEL_CALLBACK)
STUB(CORRECT) STUB(ATTRIBUTE) STUB(REMOVE_NUMBER) STUB(NEW) STUB(ARCHIVE) STUB(KEEP) STUB(SUPPRESS) STUB(TIMESTAMP)
STUB(EXTERNAL_EDITOR)
STUB(NEWLINE) STUB(LEFT) STUB(RIGHT) STUB(WORD_LEFT) STUB(WORD_RIGHT) STUB(LINE_START) STUB(LINE_END) STUB(LINE_UP)
STUB(LINE_DOWN) STUB(NOTES_PAGE_UP) STUB(NOTES_PAGE_DOWN) STUB(NOTES_START) STUB(NOTES_END) STUB(BACKSPACE)
STUB(DELETE) STUB(KILL_WORD) STUB(KILL_WORD_RIGHT) STUB(KILL_START) STUB(KILL_END) STUB(YANK) STUB(TRANSPOSE)
STUB(NOTES_UNDO) STUB(NOTES_REDO)

void ask_live(struct app *app)
{
    (void)app;
}

unsigned ask_accept(struct app *app, struct error *err)
{
    (void)err;
    prompt_close(app);
    return REACT_PAINT;
}

unsigned ask_choice(struct app *app, char key, struct error *err)
{
    (void)err;
    (void)key;
    prompt_close(app);
    return REACT_PAINT;
}

unsigned ask_form(struct app *app, struct error *err)
{
    (void)err;
    form_close(app);
    return REACT_PAINT;
}

bool notes_key(struct app *app, const struct key *key)
{
    return key->mods == 0 && editor_insert(app->notes, str_of(key->text));
}

void notes_paste(struct app *app, struct str text)
{
    editor_insert(app->notes, text);
}

void notes_load(struct app *app)
{
    editor_set(app->notes, app->card.draft, app->card.draft_cursor);
}

bool notes_save(struct app *app, bool durable)
{
    (void)app;
    (void)durable;
    return true;
}

void call_tick(struct app *app)
{
    (void)app;
}

void call_events(struct app *app)
{
    (void)app;
}

void call_found_open(struct app *app)
{
    (void)app;
}

void outcome_preview(const struct app *app, const struct outcome *o, struct buf *out)
{
    (void)app;
    buf_printf(out, "%c %s", o->key, o->label);
}

void talk_text(int64_t seconds, struct buf *out)
{
    buf_printf(out, "%lld:%02lld", (long long)(seconds / 60), (long long)(seconds % 60));
}
