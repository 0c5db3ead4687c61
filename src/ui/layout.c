/* SPDX-License-Identifier: MIT */
/*
 * Where things are. Rectangles only; the same state always gives the same ones, so that nothing moves by itself.
 *
 * Rows of every fold: header, a line for the banner or the rule, the body, a line for choices or the rule, hints or the
 * prompt, status. A banner and a prompt take the place of lines and never push the card.
 */
#include "calldeck/view.h"

enum {
    WIDE_COLS = 100, WIDE_ROWS = 18,
    NARROW_COLS = 70, NARROW_ROWS = 20,
    FRAME_TOP = 2, FRAME_BOTTOM = 3,
    OUTCOMES_ROWS = 8, /* two columns */
    OUTCOMES_SHORT = 3,
};

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

static enum fold fold_of(int cols, int rows)
{
    if (cols >= WIDE_COLS && rows >= WIDE_ROWS)
        return FOLD_WIDE;
    if (cols >= NARROW_COLS && rows >= NARROW_ROWS)
        return FOLD_NARROW;
    if (cols >= LEAST_COLS && rows >= LEAST_ROWS)
        return FOLD_ONE;
    return FOLD_NONE;
}

/* Queue or call at the left, card above notes at the right. */
static void layout_wide(const struct app *app, struct rect body, struct layout *ret)
{
    bool in_call = app->call.state != CALL_NONE;
    int left = clamp(body.cols * 45 / 100, 46, 66), right = body.cols - left - 1;
    /* in a call the notes get half of the screen, else a good third */
    int notes = in_call ? (body.rows + 1) / 2 : clamp(body.rows * 2 / 5, 5, 16);
    ret->divider_col = left;
    if (in_call)
        ret->call = (struct rect){1, body.row, left - 1, body.rows};
    else
        ret->queue = (struct rect){0, body.row, left, body.rows};
    ret->card = (struct rect){left + 2, body.row, right - 2, body.rows - notes};
    ret->notes = (struct rect){left + 2, body.row + body.rows - notes, right - 2, notes};
}

/* Stacked: queue, card, notes; in a call one line, card, notes, outcomes. */
static void layout_narrow(const struct app *app, struct rect body, struct layout *ret)
{
    int row = body.row;
    if (app->call.state == CALL_NONE) {
        int queue = clamp(body.rows * 5 / 19, 4, 12), notes = clamp(body.rows * 6 / 19, 5, 16);
        ret->queue = (struct rect){0, row, body.cols, queue};
        ret->rule_row = row + queue;
        ret->card = (struct rect){1, row + queue + 1, body.cols - 2, body.rows - queue - 1 - notes};
        ret->notes = (struct rect){1, row + body.rows - notes, body.cols - 2, notes};
        return;
    }
    int outcomes = app->focus == CONTEXT_BAR ? OUTCOMES_ROWS : OUTCOMES_SHORT, notes = clamp(body.rows / 2, 6, 24);
    ret->call = (struct rect){1, row, body.cols - 2, 1};
    ret->card = (struct rect){1, row + 1, body.cols - 2, body.rows - 1 - notes - OUTCOMES_SHORT - 1};
    ret->notes = (struct rect){1, ret->card.row + ret->card.rows, body.cols - 2, notes};
    ret->outcomes = (struct rect){1, row + body.rows - outcomes, body.cols - 2, outcomes};
    ret->rule_row = ret->outcomes.row - 1;
    /* the choice of an outcome covers the end of the notes; what is above stays where it is */
    ret->notes.rows = ret->rule_row - ret->notes.row;
}

/* One panel, by focus; the strip of the queue or the line of the call stays in sight. */
static void layout_one(const struct app *app, struct rect body, struct layout *ret)
{
    bool in_call = app->call.state != CALL_NONE;
    struct rect rest = {1, body.row + 1, body.cols - 2, body.rows - 1};
    if (in_call) {
        ret->call = (struct rect){1, body.row, body.cols - 2, 1};
        if (app->focus == CONTEXT_BAR)
            ret->outcomes = rest;
        else
            ret->notes = rest;
        return;
    }
    if (app->focus == CONTEXT_NOTES) {
        ret->name = (struct rect){1, body.row, body.cols - 2, 1};
        ret->notes = rest;
        return;
    }
    int strip = body.rows >= 9 ? 3 : 1;
    ret->queue = (struct rect){0, body.row, body.cols, strip};
    ret->rule_row = body.row + strip;
    ret->card = (struct rect){1, body.row + strip + 1, body.cols - 2, body.rows - strip - 1};
}

void layout_of(const struct app *app, struct layout *ret)
{
    int cols = app->cols, rows = app->rows;
    *ret = (struct layout){.fold = fold_of(cols, rows), .divider_col = -1, .rule_row = -1};
    if (ret->fold == FOLD_NONE) {
        ret->full = (struct rect){0, 0, cols, rows};
        return;
    }
    ret->header = (struct rect){0, 0, cols, 1};
    ret->banner = (struct rect){0, 1, cols, 1};
    ret->full = (struct rect){0, FRAME_TOP, cols, rows - FRAME_TOP - FRAME_BOTTOM};
    ret->choices = (struct rect){0, rows - 3, cols, 1};
    ret->hints = (struct rect){0, rows - 2, cols, 1};
    ret->prompt = ret->hints;
    ret->status = (struct rect){0, rows - 1, cols, 1};
    if (app->screen != SCREEN_DECK)
        return;
    /* nobody to call and no card: the answer takes the whole room */
    if (app->card.id == 0 && app->call.state == CALL_NONE)
        return;
    switch (ret->fold) {
    case FOLD_WIDE: layout_wide(app, ret->full, ret); break;
    case FOLD_NARROW: layout_narrow(app, ret->full, ret); break;
    case FOLD_ONE: layout_one(app, ret->full, ret); break;
    case FOLD_NONE: break;
    }
}

void view_measure(const struct app *app, struct app_metrics *ret)
{
    struct layout l;
    layout_of(app, &l);
    *ret = (struct app_metrics){.queue_rows = l.queue.rows, .list_rows = l.full.rows - 1, .notes_rows = l.notes.rows - 1,
                                .notes_cols = l.notes.cols - 1, .prompt_cols = app->cols > 20 ? app->cols - 20 : app->cols};
    if (l.fold == FOLD_WIDE && l.queue.rows)
        ret->queue_rows--; /* its title */
    int *const rows[] = {&ret->queue_rows, &ret->list_rows, &ret->notes_rows, &ret->prompt_cols};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (*rows[i] < 1)
            *rows[i] = 1;
    if (ret->notes_cols < 2)
        ret->notes_cols = 60; /* not shown: any width that text_wrap takes */
}
