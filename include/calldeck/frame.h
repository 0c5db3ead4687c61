/* SPDX-License-Identifier: MIT */
/*
 * A screen as cells: what ui renders, what term paints, what goldens and --screenshot print.
 *
 * A cell holds one cluster as text (utf8.h: cluster_cell), a style by meaning, and a hit for the mouse. A wide cluster takes
 * two cells; the second is a tail (text "" and tail true) and is never the target of a write alone: writing over either half
 * of a wide cluster turns the other into a blank. Nothing is ever written outside; text is cut at the edge, whole clusters.
 */
#ifndef CALLDECK_FRAME_H
#define CALLDECK_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/str.h"
#include "calldeck/utf8.h"

enum style {
#define STYLE(id, fg256, bg256, fg8, bg8, attributes) STYLE_##id,
#include "calldeck/styles.def"
#undef STYLE
    STYLE_COUNT_
};
enum { STYLE_BOLD = 1, STYLE_DIM_ = 2, STYLE_REVERSE = 4, STYLE_UNDERLINE = 8 };

struct cell {
    char text[CELL_BYTES];
    unsigned char style;
    bool tail;
    uint16_t hit;  /* 0: none; else what a click there means (enum hit) */
};
struct frame {
    int cols, rows;          /* >= 1 */
    struct cell *cells;      /* rows * cols, row by row */
    int cursor_col, cursor_row; /* where the terminal's cursor stands; -1: hidden */
};

void frame_init(struct frame *f, int cols, int rows);
void frame_done(struct frame *f);
void frame_resize(struct frame *f, int cols, int rows); /* and clear */
void frame_clear(struct frame *f);
struct cell *frame_cell(struct frame *f, int col, int row); /* NULL: outside */
/* Writes s from (col, row), at most max_cols columns; returns the columns used. Text that does not fit is cut. */
int frame_text(struct frame *f, int col, int row, int max_cols, enum style style, struct str s);
int frame_print(struct frame *f, int col, int row, int max_cols, enum style style, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* The same, ending in an ellipsis when cut. */
int frame_text_cut(struct frame *f, int col, int row, int max_cols, enum style style, struct str s);
void frame_text_right(struct frame *f, int right_col, int row, int max_cols, enum style style, struct str s); /* ends before right_col */
void frame_fill(struct frame *f, int col, int row, int cols, int rows, enum style style); /* blanks */
void frame_style(struct frame *f, int col, int row, int cols, enum style style);           /* keeps the text */
void frame_hit(struct frame *f, int col, int row, int cols, uint16_t hit);
/* Plain text: a line a row, trailing blanks cut, newline after each. */
void frame_dump(const struct frame *f, struct buf *out);
/* The same with style runs as marks, for goldens that must see them: "{SELECTED}Layla{/}"; {|} stands before the cursor's cell. */
void frame_dump_styles(const struct frame *f, struct buf *out);
bool frame_same(const struct frame *a, const struct frame *b);

#endif
