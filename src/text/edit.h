/* SPDX-License-Identifier: MIT */
/*
 * The inside of the editor: shared by editor.c (what keys do), edit_move.c (where to) and edit_history.c (undo and
 * redo).
 *
 * Every change of text is one replacement of a range, recorded as a `change` that holds the bytes which are *not* in
 * the text. Undo and redo are then the same act, a swap, and typing costs no memory of its own.
 */
#ifndef CALLDECK_TEXT_EDIT_H
#define CALLDECK_TEXT_EDIT_H

#include "calldeck/editor.h"

enum { HISTORY_CHANGES_MAX = 1000, HISTORY_BYTES_MAX = 4 << 20 };

/* What the key before did, for what collects: a word typed, a row of deletions, a row of kills. */
enum edit_run { RUN_NONE, RUN_TYPING, RUN_TYPING_BLANK, RUN_BACKSPACE, RUN_DELETE, RUN_KILL };

struct edit_change {
    size_t at;
    size_t in_len;  /* text[at, at + in_len) is what the other side of the swap holds */
    struct buf out; /* what goes there at the swap */
    size_t cursor_before, cursor_after;
};

struct edit_history {
    struct edit_change *changes; /* changes[0, done) can be undone, changes[done, count) done again */
    size_t count, done, cap;
    size_t bytes; /* sum of in_len + out.len; a swap does not change it */
};

void edit_history_done(struct edit_history *h);
void edit_history_clear(struct edit_history *h);
/*
 * Replaces text[at, at + remove) by data, and remembers. The change joins the one before if that was of the same run
 * and next to it. cursor is where it stood before, cursor_after is filled in by edit_history_set_cursor.
 */
void edit_history_replace(struct edit_history *h, struct buf *text, size_t at, size_t remove, struct str data,
                          size_t cursor, enum edit_run run, enum edit_run run_before);
void edit_history_set_cursor(struct edit_history *h, size_t cursor_after);
/* false: nothing to undo. *ret_cursor: where the cursor stood before. */
bool edit_history_undo(struct edit_history *h, struct buf *text, size_t *ret_cursor);
bool edit_history_redo(struct edit_history *h, struct buf *text, size_t *ret_cursor);

size_t edit_word_left(struct str s, size_t at);
size_t edit_word_right(struct str s, size_t at);
size_t edit_line_start(struct str s, size_t at);
size_t edit_line_end(struct str s, size_t at);
/*
 * `by` rows down (up if negative), as far as there are rows. *wish_cols: the column to keep, -1 if it is to be taken
 * from `at`. Returns `at` if there is no row to go to.
 */
size_t edit_rows_away(struct str s, size_t at, int by, int width_cols, int *wish_cols);

#endif
