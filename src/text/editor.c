/* SPDX-License-Identifier: MIT */
/* What keys do to a text: insert, delete, kill, move. The laws stand in the header. */
#include "calldeck/editor.h"

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "edit.h"

struct editor {
    bool one_line;
    struct buf text;
    size_t cursor;
    unsigned long revision;
    int wish_cols; /* the column that up and down keep; -1: none yet */
    enum edit_run run;
    struct buf kill;
    struct buf scratch; /* for cleaning, so that a key costs no allocation */
    struct edit_history history;
};

struct editor *editor_new(bool one_line)
{
    struct editor *e = alloc_zeroed(1, sizeof *e);
    e->one_line = one_line;
    e->wish_cols = -1;
    buf_init(&e->text);
    buf_init(&e->kill);
    buf_init(&e->scratch);
    return e;
}

void editor_free(struct editor *e)
{
    if (e == NULL)
        return;
    buf_done(&e->text);
    buf_done(&e->kill);
    buf_done(&e->scratch);
    edit_history_done(&e->history);
    free(e);
}

struct str editor_text(const struct editor *e)
{
    return buf_str(&e->text);
}

size_t editor_cursor(const struct editor *e)
{
    return e->cursor;
}

unsigned long editor_revision(const struct editor *e)
{
    return e->revision;
}

/* Into scratch: no controls, the line separators of Unicode as newlines, and what one line cannot hold as blanks. */
static struct str clean(struct editor *e, struct str text)
{
    struct buf *out = &e->scratch;
    buf_clear(out);
    text_clean(text, out);
    size_t len = 0;
    for (size_t i = 0; i < out->len; i++) {
        char c = out->at[i];
        if (c == '\xe2' &&
            (memcmp(out->at + i, "\xe2\x80\xa8", 3) == 0 || memcmp(out->at + i, "\xe2\x80\xa9", 3) == 0)) {
            c = '\n';
            i += 2;
        }
        out->at[len++] = c;
    }
    if (e->one_line) {
        while (len > 0 && out->at[len - 1] == '\n') /* copied along with the line */
            len--;
        for (size_t i = 0; i < len; i++)
            if (out->at[i] == '\n' || out->at[i] == '\t')
                out->at[i] = ' ';
    }
    out->len = len;
    out->at[len] = '\0';
    return buf_str(out);
}

static void settle(struct editor *e)
{
    e->run = RUN_NONE;
    e->wish_cols = -1;
}

void editor_set(struct editor *e, struct str text, size_t cursor)
{
    struct str new = clean(e, text);
    if (new.len > EDITOR_MAX)
        new.len = cluster_floor(new, EDITOR_MAX);
    if (!str_eq(new, buf_str(&e->text))) {
        buf_clear(&e->text);
        buf_add_str(&e->text, new);
        e->revision++;
    }
    edit_history_clear(&e->history);
    settle(e);
    e->cursor = cluster_floor(buf_str(&e->text), cursor);
}

void editor_move_to(struct editor *e, size_t cursor)
{
    settle(e);
    e->cursor = cluster_floor(buf_str(&e->text), cursor);
}

/* The one way in which text changes. cursor: where it is to stand, before it is moved to a cluster's edge. */
static void replace(struct editor *e, size_t at, size_t remove, struct str data, size_t cursor, enum edit_run run,
                    enum edit_run run_before)
{
    edit_history_replace(&e->history, &e->text, at, remove, data, e->cursor, run, run_before);
    struct str text = buf_str(&e->text);
    /* a mark that came or lost its letter joins what stands before: go behind it if it came, before it if not */
    e->cursor = data.len > 0 ? cluster_ceiling(text, cursor) : cluster_floor(text, cursor);
    edit_history_set_cursor(&e->history, e->cursor);
    e->revision++;
    e->run = run;
}

static bool insert(struct editor *e, struct str clean_text, enum edit_run run_before)
{
    if (clean_text.len == 0 || clean_text.len > EDITOR_MAX - e->text.len)
        return false;
    enum edit_run run = RUN_NONE;
    if (cluster_len(clean_text) == clean_text.len) {
        char c = clean_text.at[0];
        run = c == ' ' || c == '\t' || c == '\n' ? RUN_TYPING_BLANK : RUN_TYPING;
    }
    replace(e, e->cursor, 0, clean_text, e->cursor + clean_text.len, run, run_before);
    return true;
}

bool editor_insert(struct editor *e, struct str text)
{
    enum edit_run run_before = e->run;
    struct str clean_text = clean(e, text);
    settle(e);
    return insert(e, clean_text, run_before);
}

static bool erase(struct editor *e, size_t start, size_t end, enum edit_run run, enum edit_run run_before)
{
    if (start >= end)
        return false;
    replace(e, start, end - start, (struct str){NULL, 0}, start, run, run_before);
    return true;
}

static bool kill_range(struct editor *e, size_t start, size_t end, enum edit_run run_before)
{
    if (start >= end)
        return false;
    if (run_before != RUN_KILL)
        buf_clear(&e->kill);
    size_t at = start < e->cursor ? 0 : e->kill.len; /* what stood to the left goes to the left */
    buf_splice(&e->kill, at, 0, e->text.at + start, end - start);
    return erase(e, start, end, RUN_KILL, run_before);
}

/* The clusters on both sides of the cursor change places; at the end of a line the two before it. */
static bool transpose(struct editor *e)
{
    struct str text = buf_str(&e->text);
    size_t start = edit_line_start(text, e->cursor), middle = e->cursor;
    if (middle > start && middle == edit_line_end(text, e->cursor))
        middle = cluster_before(text, middle);
    if (middle == start || middle == text.len)
        return false;
    size_t first = cluster_before(text, middle);
    size_t end = middle + cluster_len(str_skip(text, middle));

    struct str a = str_make(text.at + first, middle - first), b = str_make(text.at + middle, end - middle);
    if (str_eq(a, b)) {
        bool moved = e->cursor != end;
        e->cursor = end;
        return moved;
    }
    buf_clear(&e->scratch);
    buf_add_str(&e->scratch, b);
    buf_add_str(&e->scratch, a);
    replace(e, first, end - first, buf_str(&e->scratch), end, RUN_NONE, RUN_NONE);
    return true;
}

static bool move(struct editor *e, size_t to)
{
    bool moved = to != e->cursor;
    e->cursor = to;
    return moved;
}

static bool move_rows(struct editor *e, int by, int width_cols, int wish_cols)
{
    if (e->one_line)
        return false; /* a prompt scrolls sideways; up and down are its history, which is not ours */
    size_t to = edit_rows_away(buf_str(&e->text), e->cursor, by, width_cols, &wish_cols);
    e->wish_cols = wish_cols;
    return move(e, to);
}

static bool step_history(struct editor *e, bool (*step)(struct edit_history *, struct buf *, size_t *))
{
    if (!step(&e->history, &e->text, &e->cursor))
        return false;
    e->revision++;
    return true;
}

bool editor_do(struct editor *e, enum editor_op op, int width_cols, int page_rows)
{
    struct str text = buf_str(&e->text);
    size_t at = e->cursor;
    enum edit_run run = e->run;
    int wish_cols = e->wish_cols, page = page_rows < 1 ? 1 : page_rows;
    settle(e);

    switch (op) {
    case EDIT_LEFT:
        return at > 0 && move(e, cluster_before(text, at));
    case EDIT_RIGHT:
        return at < text.len && move(e, at + cluster_len(str_skip(text, at)));
    case EDIT_WORD_LEFT:
        return move(e, edit_word_left(text, at));
    case EDIT_WORD_RIGHT:
        return move(e, edit_word_right(text, at));
    case EDIT_LINE_START:
        return move(e, edit_line_start(text, at));
    case EDIT_LINE_END:
        return move(e, edit_line_end(text, at));
    case EDIT_UP:
        return move_rows(e, -1, width_cols, wish_cols);
    case EDIT_DOWN:
        return move_rows(e, 1, width_cols, wish_cols);
    case EDIT_PAGE_UP:
        return move_rows(e, -page, width_cols, wish_cols);
    case EDIT_PAGE_DOWN:
        return move_rows(e, page, width_cols, wish_cols);
    case EDIT_TEXT_START:
        return move(e, 0);
    case EDIT_TEXT_END:
        return move(e, text.len);
    case EDIT_BACKSPACE:
        return at > 0 && erase(e, cluster_before(text, at), at, RUN_BACKSPACE, run);
    case EDIT_DELETE:
        return at < text.len && erase(e, at, at + cluster_len(str_skip(text, at)), RUN_DELETE, run);
    case EDIT_KILL_WORD_LEFT:
        return kill_range(e, edit_word_left(text, at), at, run);
    case EDIT_KILL_WORD_RIGHT:
        return kill_range(e, at, edit_word_right(text, at), run);
    case EDIT_KILL_LINE_START:
        return kill_range(e, edit_line_start(text, at), at, run);
    case EDIT_KILL_LINE_END: {
        size_t end = edit_line_end(text, at); /* at the end already: the newline goes */
        return kill_range(e, at, end == at && end < text.len ? end + 1 : end, run);
    }
    case EDIT_YANK:
        if (e->kill.len == 0 || e->kill.len > EDITOR_MAX - e->text.len)
            return false;
        replace(e, at, 0, buf_str(&e->kill), at + e->kill.len, RUN_NONE, RUN_NONE);
        return true;
    case EDIT_TRANSPOSE:
        return transpose(e);
    case EDIT_UNDO:
        return step_history(e, edit_history_undo);
    case EDIT_REDO:
        return step_history(e, edit_history_redo);
    case EDIT_NEWLINE:
        return !e->one_line && insert(e, STR("\n"), run);
    case EDIT_COUNT_:
        break;
    }
    assert(!"an operation of the table");
    return false;
}
