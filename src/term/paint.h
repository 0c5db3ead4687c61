/* SPDX-License-Identifier: MIT */
/*
 * Two frames and what a terminal must be told to come from one to the other. Writes into a buf and nowhere else.
 */
#ifndef CALLDECK_TERM_PAINT_H
#define CALLDECK_TERM_PAINT_H

#include <stdbool.h>

#include "calldeck/frame.h"
#include "calldeck/term.h"
#include "terminfo.h"

struct painter {
    const struct terminfo *ti;
    struct buf styles[STYLE_COUNT_]; /* what sets each one, from any other */
    struct frame shown;              /* what the terminal shows; cols 0: nobody knows */
    bool cursor_shown;
    int colours;                     /* what the styles are made for: TERM_COLOURS_*, -1 before the first */
};

void painter_init(struct painter *p, const struct terminfo *ti);
void painter_done(struct painter *p);
/* AUTO: no colour if NO_COLOR is set and not empty, else as many as terminfo says. Others than before: paints from nothing. */
void painter_set_colours(struct painter *p, enum term_colours colours);
void painter_forget(struct painter *p); /* the screen was somebody else's: paint from nothing */
void painter_paint(struct painter *p, const struct frame *frame, struct buf *out);

#endif
