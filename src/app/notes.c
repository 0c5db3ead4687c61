/* SPDX-License-Identifier: MIT */
/*
 * The notes of the card. Every key is committed before it is painted: a painted key is on disk, kill -9 or not; once a
 * second while typing the commit is an fsync, so that a power cut costs at most a second. When the disk says no, typing
 * goes on in memory, the panel says so in red, and every tick tries again.
 */
#include "notes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actions.h"
#include "flow.h"
#include "turn.h"

enum { DURABLE_EVERY_MS = 1000 };

static void stored_is(struct app *app, struct str text)
{
    buf_clear(&app->notes_stored);
    buf_add_str(&app->notes_stored, text);
}

/* What another window typed into the same draft is shown here, or kept beside what was typed here: never written over. */
void notes_merge(struct app *app, struct str stored, size_t cursor)
{
    struct str mine = editor_text(app->notes);
    if (app->card.id == 0 || str_eq(stored, buf_str(&app->notes_stored)))
        return;
    bool touched = !str_eq(mine, buf_str(&app->notes_stored));
    stored_is(app, stored);
    if (!touched || (mine.len <= stored.len && memcmp(stored.at, mine.at, mine.len) == 0)) {
        editor_set(app->notes, stored, cursor);
        app->notes_revision = editor_revision(app->notes);
        app->saved = NOTES_SAVED;
        app->notes_dirty = false;
        app->save_error[0] = '\0';
        say(app, TONE_WARNING, "the note was changed in another window: this is how it reads now");
    } else if (stored.len != 0 && !(stored.len <= mine.len && memcmp(stored.at, mine.at, stored.len) == 0)) {
        struct buf both;
        buf_init(&both);
        buf_add_str(&both, stored);
        buf_add_char(&both, '\n');
        buf_add_str(&both, mine);
        editor_set(app->notes, buf_str(&both), stored.len + 1 + editor_cursor(app->notes));
        buf_done(&both);
        app->notes_dirty = true;
        say(app, TONE_WARNING, "another window typed into this note too: both texts are kept, one below the other");
    }
    app->pending |= REACT_PAINT;
}

/* Before this window writes: has another one? false: that cannot be told now. */
static bool look_at_draft(struct app *app)
{
    struct arena a = {0};
    struct card card;
    struct error err = {0};
    if (store_changed_elsewhere(app->store)) {
        app->draft_unread = true;
        app->queue_by_itself = (app->pending & REACT_QUEUE) == 0 || app->queue_by_itself;
        app->pending |= REACT_QUEUE | REACT_CARD;
    }
    if (!app->draft_unread || app->card.id == 0)
        return true;
    bool ok = card_load(app->store, app->card.id, app->list_id, app->now, 1, &a, &card, &err);
    if (ok)
        notes_merge(app, card.draft, card.draft_cursor);
    arena_done(&a);
    app->draft_unread = !ok && err.code != ERR_NOT_FOUND;
    return !app->draft_unread;
}

static bool store_draft(struct app *app, bool durable)
{
    struct error err = {0};
    bool looked = look_at_draft(app);
    durable = durable || app->now_ms - app->durable_at_ms >= DURABLE_EVERY_MS;
    if (!looked)
        error_set(&err, ERR_LOCKED, "the file is held by another program");
    if (!looked || !draft_save(app->store, app->card.id, editor_text(app->notes), editor_cursor(app->notes), app->now, durable, &err)) {
        app->saved = NOTES_UNSAVED;
        app->notes_dirty = true;
        line_print(app->save_error, sizeof app->save_error, "%s", err.text);
        trouble(app, "notes", err.code);
        return false;
    }
    stored_is(app, editor_text(app->notes));
    app->saved = NOTES_SAVED;
    app->save_error[0] = '\0';
    if (durable)
        app->durable_at_ms = app->now_ms;
    app->notes_dirty = !durable;
    app->notes_revision = editor_revision(app->notes);
    return true;
}

/* What was not touched here is not written: another window may have typed into this draft since it was read. */
bool notes_save(struct app *app, bool durable)
{
    bool fresh = app->notes_dirty || app->saved != NOTES_SAVED || editor_revision(app->notes) != app->notes_revision;
    return app->card.id == 0 || !fresh || store_draft(app, durable);
}

void notes_load(struct app *app)
{
    editor_set(app->notes, app->card.draft, app->card.draft_cursor);
    stored_is(app, app->card.draft);
    app->notes_revision = editor_revision(app->notes);
    app->notes_top = 0;
    app->saved = NOTES_SAVED;
    app->notes_dirty = false;
    app->save_error[0] = '\0';
}

void notes_forget(struct app *app)
{
    editor_set(app->notes, STR(""), 0);
    stored_is(app, STR(""));
    app->notes_revision = editor_revision(app->notes);
    app->saved = NOTES_SAVED;
    app->notes_dirty = false;
    app->save_error[0] = '\0';
}

/* After any change; the first key typed after a dial tells that somebody picked up. */
static void changed(struct app *app, bool typed)
{
    if (typed)
        call_infer_answer(app);
    notes_save(app, false);
}

/* ";name" before the cursor becomes its phrase when a blank follows. */
static bool expand_snippet(struct app *app)
{
    struct str text = editor_text(app->notes);
    size_t end = editor_cursor(app->notes), start = end;
    while (start > 0 && text.at[start - 1] != ' ' && text.at[start - 1] != '\n' && text.at[start - 1] != ';')
        start--;
    if (start == 0 || start == end || text.at[start - 1] != ';')
        return false;
    struct str name = str_make(text.at + start, end - start);
    for (size_t i = 0; i < app->snippets_count; i++) {
        if (!str_is(name, app->snippets[i].name))
            continue;
        size_t from = start - 1;
        while (editor_cursor(app->notes) > from)
            if (!editor_do(app->notes, EDIT_BACKSPACE, 0, 0))
                break;
        return editor_insert(app->notes, str_of(app->snippets[i].text));
    }
    return false;
}

bool notes_key(struct app *app, const struct key *key)
{
    if (key->code != KEY_CODE_CHAR || (key->mods & (KEY_MOD_CTRL | KEY_MOD_ALT)) != 0)
        return false;
    if (app->card.id == 0) {
        say(app, TONE_WARNING, "no card: there is nobody to note about");
        return true;
    }
    look_at_draft(app);
    if (strcmp(key->text, " ") == 0)
        expand_snippet(app);
    if (editor_insert(app->notes, str_of(key->text)))
        changed(app, true);
    return true;
}

void notes_paste(struct app *app, struct str text)
{
    if (app->card.id == 0)
        return;
    look_at_draft(app);
    if (editor_insert(app->notes, text))
        changed(app, true);
}

static unsigned edit(struct app *app, enum editor_op op)
{
    struct app_metrics m = {.notes_rows = 5, .notes_cols = 60};
    if (app->port != NULL && app->port->measure != NULL)
        app->port->measure(app, &m, app->port->user);
    if (app->card.id == 0)
        return 0;
    look_at_draft(app);
    unsigned long before = editor_revision(app->notes);
    if (!editor_do(app->notes, op, m.notes_cols, m.notes_rows))
        return 0;
    if (editor_revision(app->notes) != before)
        changed(app, op == EDIT_NEWLINE);
    else if (editor_text(app->notes).len != 0 && app->saved == NOTES_SAVED) {
        bool dirty = app->notes_dirty;
        store_draft(app, false); /* where the cursor stood comes back too; it is worth neither an fsync nor an alarm */
        app->notes_dirty = dirty;
        app->saved = NOTES_SAVED;
    }
    return REACT_PAINT;
}

#define EDITING(id, op)                                                                                                \
    unsigned do_##id(struct app *app, struct str args, struct error *err)                                              \
    {                                                                                                                  \
        (void)args;                                                                                                    \
        (void)err;                                                                                                     \
        return edit(app, op);                                                                                          \
    }
EDITING(NEWLINE, EDIT_NEWLINE)
EDITING(LEFT, EDIT_LEFT)
EDITING(RIGHT, EDIT_RIGHT)
EDITING(WORD_LEFT, EDIT_WORD_LEFT)
EDITING(WORD_RIGHT, EDIT_WORD_RIGHT)
EDITING(LINE_START, EDIT_LINE_START)
EDITING(LINE_END, EDIT_LINE_END)
EDITING(LINE_UP, EDIT_UP)
EDITING(LINE_DOWN, EDIT_DOWN)
EDITING(NOTES_PAGE_UP, EDIT_PAGE_UP)
EDITING(NOTES_PAGE_DOWN, EDIT_PAGE_DOWN)
EDITING(NOTES_START, EDIT_TEXT_START)
EDITING(NOTES_END, EDIT_TEXT_END)
EDITING(BACKSPACE, EDIT_BACKSPACE)
EDITING(DELETE, EDIT_DELETE)
EDITING(KILL_WORD, EDIT_KILL_WORD_LEFT)
EDITING(KILL_WORD_RIGHT, EDIT_KILL_WORD_RIGHT)
EDITING(KILL_START, EDIT_KILL_LINE_START)
EDITING(KILL_END, EDIT_KILL_LINE_END)
EDITING(YANK, EDIT_YANK)
EDITING(TRANSPOSE, EDIT_TRANSPOSE)
EDITING(NOTES_UNDO, EDIT_UNDO)
EDITING(NOTES_REDO, EDIT_REDO)

unsigned do_TIMESTAMP(struct app *app, struct str args, struct error *err)
{
    (void)args;
    (void)err;
    if (app->card.id == 0)
        return 0;
    struct civil c = zone_civil(app->zone, app->now);
    struct buf text;
    buf_init(&text);
    for (const char *p = setting_text(app->settings, SETTING_TIMESTAMP); *p != '\0'; p++) {
        if (*p != '%' || p[1] == '\0') {
            buf_add_char(&text, *p);
            continue;
        }
        switch (*++p) {
        case 'H': buf_printf(&text, "%02d", c.hour); break;
        case 'M': buf_printf(&text, "%02d", c.minute); break;
        case 'd': buf_printf(&text, "%02d", c.day); break;
        case 'm': buf_printf(&text, "%02d", c.month); break;
        case 'Y': buf_printf(&text, "%04d", c.year); break;
        default: buf_add_char(&text, *p); break;
        }
    }
    if (editor_insert(app->notes, buf_str(&text)))
        changed(app, true);
    buf_done(&text);
    return REACT_PAINT;
}

/* ---- $EDITOR ---- */

/* A file that only we can read, in a folder that only we can enter. */
static bool private_file(struct buf *path, struct error *err)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (runtime != NULL && runtime[0] == '/')
        buf_printf(path, "%s/calldeck", runtime);
    else if (state != NULL && state[0] == '/')
        buf_printf(path, "%s/calldeck", state);
    else
        buf_printf(path, "%s/.local/state/calldeck", home && home[0] == '/' ? home : "/tmp");
    for (size_t i = 1; i <= path->len; i++) { /* every folder on the way */
        if (path->at[i] != '/' && path->at[i] != '\0')
            continue;
        char end = path->at[i];
        path->at[i] = '\0';
        bool made = mkdir(path->at, 0700) == 0 || errno == EEXIST;
        path->at[i] = end;
        if (!made)
            return error_set(err, ERR_IO, "cannot make the folder \"%s\": %s", path->at, strerror(errno));
    }
    buf_add_text(path, "/note-XXXXXX");
    int fd = mkostemp(path->at, O_CLOEXEC);
    if (fd < 0)
        return error_set(err, ERR_IO, "cannot make \"%s\": %s", path->at, strerror(errno));
    close(fd);
    return true;
}

static bool write_all(const char *path, struct str text, struct error *err)
{
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL && fwrite(text.len ? text.at : "", 1, text.len, f) == text.len;
    if (f != NULL && fclose(f) != 0)
        ok = false;
    return ok || error_set(err, ERR_IO, "cannot write \"%s\": %s", path, strerror(errno));
}

static bool read_all(const char *path, struct buf *out, struct error *err)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return error_set(err, ERR_IO, "cannot read \"%s\": %s", path, strerror(errno));
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0 && out->len <= EDITOR_MAX;)
        buf_add(out, chunk, n);
    bool ok = ferror(f) == 0;
    fclose(f);
    if (!ok)
        return error_set(err, ERR_IO, "cannot read \"%s\"", path);
    return out->len <= EDITOR_MAX || error_set(err, ERR_DATA, "that is over 1 MiB: the note is left as it was");
}

unsigned do_EXTERNAL_EDITOR(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (app->card.id == 0) {
        error_set(err, ERR_REFUSED, "no card: there is nobody to note about");
        return 0;
    }
    if (app->port == NULL || app->port->run_editor == NULL) {
        error_set(err, ERR_REFUSED, "there is no terminal to lend to an editor");
        return 0;
    }
    struct buf path, text, clean;
    buf_init(&path);
    buf_init(&text);
    buf_init(&clean);
    notes_save(app, true);
    bool made = private_file(&path, err);
    if (made && write_all(path.at, editor_text(app->notes), err) && app->port->run_editor(path.at, err, app->port->user) &&
        read_all(path.at, &text, err)) {
        text_clean(buf_str(&text), &clean);
        while (clean.len > 0 && clean.at[clean.len - 1] == '\n') /* editors end a file with a newline; a note does not */
            buf_splice(&clean, clean.len - 1, 1, NULL, 0);
        editor_set(app->notes, buf_str(&clean), clean.len);
        notes_save(app, true);
    }
    if (made)
        unlink(path.at);
    buf_done(&path);
    buf_done(&text);
    buf_done(&clean);
    return REACT_PAINT | REACT_CLEAR;
}
