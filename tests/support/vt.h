/* SPDX-License-Identifier: MIT */
/*
 * A small terminal: bytes go in, a screen of cells comes out. Quicker than tmux, and in our hands: a test knows what
 * was painted at the very moment a program was killed. It understands what terminfo's xterm entries send, and counts
 * what it does not understand, so that a test can refuse to believe a screen that it read wrongly.
 */
#ifndef CALLDECK_TEST_VT_H
#define CALLDECK_TEST_VT_H

#include <stdbool.h>
#include <stddef.h>

struct vt;

struct vt *vt_new(int cols, int rows);
void vt_free(struct vt *t); /* NULL is fine */
void vt_feed(struct vt *t, const char *bytes, size_t len);
/* The cells that stay keep their place, as xterm does without reflow. */
void vt_resize(struct vt *t, int cols, int rows);

/* A line a row, blanks at the ends of rows left out. Borrowed until the next call on t. */
const char *vt_text(struct vt *t);
/* One row, all its columns; borrowed until the next call on t. */
const char *vt_row(struct vt *t, int row);
/* The cell's character with its marks; " " when blank, "" for the right half of a wide one. */
const char *vt_cell(const struct vt *t, int col, int row);
void vt_cursor(const struct vt *t, int *ret_col, int *ret_row);
/* The characters between the last blank and the cursor, on the cursor's row; a blank before the cursor is stepped over.
 * Empty if there are none. */
void vt_word_before_cursor(const struct vt *t, char *ret, size_t size);

/* Whether a private mode is on: 25 cursor, 1049 the other screen, 2004 bracketed paste, 1000 to 1006 mouse. */
bool vt_mode(const struct vt *t, int mode);
/* Sequences that were not understood; *ret_last, if not NULL, shows the last one. */
size_t vt_unknown(const struct vt *t, const char **ret_last);

#endif
