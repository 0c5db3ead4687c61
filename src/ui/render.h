/* SPDX-License-Identifier: MIT */
/*
 * The panels of the screen: each draws the state into the rectangle that layout gave it, and knows nothing of the others.
 *
 * Signs stand for every colour: a picked number has a mark, a bad one its word, a warning an exclamation mark.
 */
#ifndef CALLDECK_UI_RENDER_H
#define CALLDECK_UI_RENDER_H

#include "calldeck/view.h"

#define MARK_HERE "▸" /* the row of the cursor, the number that is picked */
#define RULE_LINE "─"

/* ---- the parts (render.c) ---- */

void render_header(const struct app *app, struct frame *f, struct rect r);
void render_foot(const struct app *app, struct frame *f, const struct layout *l);
/* A thin line with a title in it, and words at its right end. */
void render_rule(struct frame *f, struct rect r, const char *title, struct str right, enum style right_style);

/* ---- panels ---- */

void render_queue(const struct app *app, struct frame *f, struct rect r);
/* "next: Tom Okafor, callback 10:45" */
void render_next(const struct app *app, struct frame *f, int col, int row, int cols);
/* Nobody may be called: how many are where, and when that changes. */
void render_nobody(const struct app *app, struct frame *f, struct rect r);
void render_card(const struct app *app, struct frame *f, struct rect r);
void render_notes(const struct app *app, struct frame *f, struct rect r, bool has_cursor); /* its first row is the rule */
/* The line, the number large when a person dials it, and what comes next. */
void render_call(const struct app *app, struct frame *f, struct rect r);
/* One row: state, time, number. */
void render_call_line(const struct app *app, struct frame *f, struct rect r);
void render_outcomes(const struct app *app, struct frame *f, struct rect r);
/* All outcomes as letters and labels, in the room there is. */
void render_outcomes_short(const struct app *app, struct frame *f, struct rect r);
void render_prompt(const struct app *app, struct frame *f, const struct layout *l);
void render_view(const struct app *app, struct frame *f, struct rect r);
void render_form(const struct app *app, struct frame *f, struct rect r);
void render_pause(const struct app *app, struct frame *f, struct rect r);
/* "▕██████▌   ▏ 64 %" */
void render_bar(struct frame *f, int col, int row, int cols, int percent);

/* ---- words (words.c) ---- */

enum style tone_style(enum tone tone);
const char *tone_sign(enum tone tone); /* "! ", "" */
/* The first key of an action here, "" if it has none. */
void key_word(const struct app *app, enum action_id id, enum context context, struct buf *out);
/* "13:42", at a place. */
void clock_text(const struct zone *zone, int64_t at, struct buf *out);
/* "20 min ago", "Thu 19 Nov" */
void ago_text(const struct zone *zone, int64_t at, int64_t now, struct buf *out);
void add_part(struct buf *out, const char *separator, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
