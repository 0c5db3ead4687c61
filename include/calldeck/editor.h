/* SPDX-License-Identifier: MIT */
/*
 * One editor at two heights: the notes (many lines) and every prompt (one line).
 *
 * Positions are byte offsets on cluster boundaries; 0 <= cursor <= len always. Text is valid UTF-8 without control
 * characters but newline and tab; insert cleans what it is given. Undo is in words: typing collects until a blank, a
 * motion or a kill. No clock, no screen: the width that vertical motion needs is handed in.
 */
#ifndef CALLDECK_EDITOR_H
#define CALLDECK_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/str.h"
#include "calldeck/utf8.h"

struct editor;

enum editor_op { /* what a key does; the table of actions names them */
    EDIT_LEFT, EDIT_RIGHT, EDIT_WORD_LEFT, EDIT_WORD_RIGHT, EDIT_LINE_START, EDIT_LINE_END,
    EDIT_UP, EDIT_DOWN, EDIT_PAGE_UP, EDIT_PAGE_DOWN, EDIT_TEXT_START, EDIT_TEXT_END,
    EDIT_BACKSPACE, EDIT_DELETE, EDIT_KILL_WORD_LEFT, EDIT_KILL_WORD_RIGHT, EDIT_KILL_LINE_START, EDIT_KILL_LINE_END,
    EDIT_YANK, EDIT_TRANSPOSE, EDIT_UNDO, EDIT_REDO, EDIT_NEWLINE,
    EDIT_COUNT_
};

struct editor *editor_new(bool one_line); /* one_line: newline is refused, pasted newlines become blanks */
void editor_free(struct editor *e);

/* Replaces everything; undo history is gone, the kill ring stays. cursor > len is clamped, and moved to a cluster start. */
void editor_set(struct editor *e, struct str text, size_t cursor);
struct str editor_text(const struct editor *e); /* borrowed until the next change */
size_t editor_cursor(const struct editor *e);
void editor_move_to(struct editor *e, size_t cursor);
/* Grows by one with every change of text, never with a motion alone. */
unsigned long editor_revision(const struct editor *e);

/* Inserts at the cursor, whole or not at all: false if nothing was left after cleaning, or if the text would grow past
 * EDITOR_MAX. One cluster at a time is typing, more at once is a paste and an undo step of its own. */
enum { EDITOR_MAX = 1 << 20 };
bool editor_insert(struct editor *e, struct str text);
/* width_cols and page_rows matter to vertical motion only; false: nothing changed (a bell, perhaps). Words end where the
 * kind of letter changes. Line start and end are those of the line, not of its rows. Kills in a row collect; at the end
 * of a line the newline is killed. A one_line editor refuses up and down: those are a prompt's history. */
bool editor_do(struct editor *e, enum editor_op op, int width_cols, int page_rows);

#endif
