/* SPDX-License-Identifier: MIT */
/*
 * How the state looks: layout is arithmetic on rectangles, rendering fills a frame. Pure: no SQL, no curses, no clock.
 */
#ifndef CALLDECK_VIEW_H
#define CALLDECK_VIEW_H

#include "calldeck/app.h"
#include "calldeck/frame.h"

struct rect { int col, row, cols, rows; };

enum fold { FOLD_WIDE, /* >= 100x18: queue beside card, card above notes */
            FOLD_NARROW, /* >= 70x20: all panels, stacked */
            FOLD_ONE,  /* >= 40x10: one panel at a time */
            FOLD_NONE }; /* smaller: one honest line */
struct layout {
    enum fold fold;
    struct rect header, queue, card, notes, hints, status, prompt, banner, full; /* cols 0 or rows 0: not shown */
    struct rect call, outcomes; /* of an open call; wide: the outcomes are in call */
    struct rect choices;        /* above the prompt: choices, completions */
    struct rect name;           /* whose notes these are, when the card is not shown */
    int divider_col;   /* -1: none */
    int rule_row;      /* a line across the body; -1: none */
};
void layout_of(const struct app *app, struct layout *ret);
void view_measure(const struct app *app, struct app_metrics *ret);
void view_render(const struct app *app, struct frame *frame);

/* What a click on a cell means. */
enum hit { HIT_NONE, HIT_QUEUE_ROW = 0x100, HIT_LIST_ROW = 0x400, HIT_PHONE = 0x800, HIT_OUTCOME = 0x900, HIT_NOTES = 0xa00, HIT_HINT = 0xb00 };

#endif
