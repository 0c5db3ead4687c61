/* SPDX-License-Identifier: MIT */
/*
 * The painter: finds what differs, row by row, and writes the shortest run that mends it.
 *
 * Terminals disagree about the columns of some characters. After a cell whose width is in doubt the cursor is placed
 * again, so that a disagreement shows in that cell and never moves the rest of its row.
 */
#include "paint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = STYLE_DIM_, BOLD = STYLE_BOLD, REVERSE = STYLE_REVERSE, UNDERLINE = STYLE_UNDERLINE };

static const struct style_row {
    short fg256, bg256, fg8, bg8;
    unsigned attributes;
} style_rows[] = {
#define STYLE(id, fg256, bg256, fg8, bg8, attributes) [STYLE_##id] = {fg256, bg256, fg8, bg8, attributes},
#include "calldeck/styles.def"
#undef STYLE
};
static_assert(sizeof style_rows / sizeof style_rows[0] == STYLE_COUNT_, "a style without a row");

enum { GAP_MOST = 6 /* shorter to write again than to move over */ };

void painter_init(struct painter *p, const struct terminfo *ti)
{
    *p = (struct painter){.ti = ti, .colours = -1};
    for (int i = 0; i < STYLE_COUNT_; i++)
        buf_init(&p->styles[i]);
}

void painter_done(struct painter *p)
{
    for (int i = 0; i < STYLE_COUNT_; i++)
        buf_done(&p->styles[i]);
    frame_done(&p->shown);
}

void painter_forget(struct painter *p)
{
    frame_done(&p->shown);
}

static int colours_of(const struct terminfo *ti, enum term_colours colours)
{
    switch (colours) {
    case TERM_COLOURS_256: return 256;
    case TERM_COLOURS_16: return 16;
    case TERM_COLOURS_8: return 8;
    case TERM_COLOURS_MONO: return 0;
    case TERM_COLOURS_AUTO: break;
    }
    const char *no_color = getenv("NO_COLOR"); /* https://no-color.org: present and not empty */
    if ((no_color && *no_color) || !*ti->foreground || !*ti->background)
        return 0;
    return ti->colours >= 256 ? 256 : ti->colours >= 16 ? 16 : ti->colours >= 8 ? 8 : 0;
}

void painter_set_colours(struct painter *p, enum term_colours colours)
{
    if (p->colours == (int)colours)
        return; /* who paints says it each time */
    p->colours = (int)colours;
    const struct terminfo *ti = p->ti;
    int count = colours_of(ti, colours);
    for (int i = 0; i < STYLE_COUNT_; i++) {
        const struct style_row *row = &style_rows[i];
        struct buf *out = &p->styles[i];
        int fg = count == 256 ? row->fg256 : count ? row->fg8 : -1, bg = count == 256 ? row->bg256 : count ? row->bg8 : -1;
        if (count == 16 && fg == 7)
            fg = 15;
        /* Bold goes with any colour; the others stand in for colours that are not there. */
        unsigned attributes = fg >= 0 || bg >= 0 ? row->attributes & BOLD : row->attributes;
        buf_clear(out);
        buf_add_text(out, ti->plain);
        if (attributes & BOLD)
            buf_add_text(out, ti->bold);
        if (attributes & DIM)
            buf_add_text(out, ti->dim);
        if (attributes & REVERSE)
            buf_add_text(out, ti->reverse);
        if (attributes & UNDERLINE)
            buf_add_text(out, ti->underline);
        if (fg >= 0)
            terminfo_colour(ti, false, fg, colours != TERM_COLOURS_AUTO, out);
        if (bg >= 0)
            terminfo_colour(ti, true, bg, colours != TERM_COLOURS_AUTO, out);
    }
    painter_forget(p);
}

static bool cell_same(const struct cell *a, const struct cell *b)
{
    return a->style == b->style && a->tail == b->tail && strcmp(a->text, b->text) == 0;
}

static bool cell_is_blank(const struct cell *c)
{
    return c->style == STYLE_PLAIN && c->text[0] == ' ' && c->text[1] == '\0';
}

/* The columns of what every terminal measures alike: ASCII, Latin, Greek, Cyrillic, lines and blocks are one, Chinese,
 * Japanese and Korean letters two. 0: in doubt. */
static int certain_cols(const char *text)
{
    uint32_t code;
    struct str s = str_of(text);
    if (s.len == 1)
        return 1;
    if (utf8_decode(s, &code) != s.len)
        return 0;
    if ((code >= 0xc0 && code < 0x300) || (code >= 0x370 && code < 0x483) || (code >= 0x2500 && code < 0x25a0))
        return 1;
    return (code >= 0x3041 && code < 0x3247) || (code >= 0x3400 && code < 0x4dc0) || (code >= 0x4e00 && code < 0xa000) ||
                   (code >= 0xac00 && code < 0xd7a4)
               ? 2
               : 0;
}

/* Where the pen is while a frame is written. */
struct pen {
    int col, row; /* -1: nobody knows */
    int style;    /* -1: nobody knows */
};

static void pen_move(struct painter *p, struct pen *pen, int col, int row, struct buf *out)
{
    if (pen->col == col && pen->row == row)
        return;
    terminfo_move(p->ti, col, row, out);
    pen->col = col;
    pen->row = row;
}

static void pen_style(struct painter *p, struct pen *pen, int style, struct buf *out)
{
    if (pen->style == style)
        return;
    buf_add_str(out, buf_str(&p->styles[style]));
    pen->style = style;
}

/* Writes the cells [from, to) of a row. */
static void write_cells(struct painter *p, struct pen *pen, const struct frame *f, int row, int from, int to, struct buf *out)
{
    const struct cell *cells = &f->cells[(size_t)row * (size_t)f->cols];
    for (int col = from; col < to; col++) {
        const struct cell *cell = &cells[col];
        if (cell->tail)
            continue;
        bool last = row == f->rows - 1 && col + 1 + (col + 1 < f->cols && cells[col + 1].tail) == f->cols;
        if (last && p->ti->wraps_at_once)
            continue;
        pen_move(p, pen, col, row, out);
        pen_style(p, pen, cell->style, out);
        buf_add_text(out, cell->text);
        bool wide = col + 1 < f->cols && cells[col + 1].tail;
        pen->col = certain_cols(cell->text) == 1 + wide ? col + 1 + wide : -1;
        if (pen->col == f->cols)
            pen->col = -1; /* at the edge terminals differ */
    }
}

/* The row's differences, from left to right. */
static void paint_row(struct painter *p, struct pen *pen, const struct frame *f, int row, struct buf *out)
{
    const struct cell *now = &f->cells[(size_t)row * (size_t)f->cols];
    const struct cell *was = &p->shown.cells[(size_t)row * (size_t)f->cols];
    int blank_from = f->cols, end = f->cols, col = 0;
    while (blank_from > 0 && cell_is_blank(&now[blank_from - 1]))
        blank_from--;
    while (end > 0 && cell_same(&now[end - 1], &was[end - 1]))
        end--;
    /* what is blank from here to the edge is cleared at once, if that is shorter */
    bool clears = *p->ti->clear_row_end && end - blank_from > (int)strlen(p->ti->clear_row_end) + GAP_MOST;
    int written = clears ? blank_from : end;
    while (col < written) {
        if (cell_same(&now[col], &was[col])) {
            col++;
            continue;
        }
        int from = col, to = col + 1, same = 0;
        for (int at = to; at < written && same <= GAP_MOST; at++) {
            if (cell_same(&now[at], &was[at])) {
                same++;
            } else {
                to = at + 1;
                same = 0;
            }
        }
        /* whole characters on both sides, of what is there and of what was */
        while (from > 0 && (now[from].tail || was[from].tail))
            from--;
        while (to < written && (now[to].tail || was[to].tail))
            to++;
        write_cells(p, pen, f, row, from, to, out);
        col = to;
    }
    if (clears) {
        pen_move(p, pen, blank_from, row, out);
        pen_style(p, pen, STYLE_PLAIN, out);
        buf_add_text(out, p->ti->clear_row_end);
    }
}

void painter_paint(struct painter *p, const struct frame *frame, struct buf *out)
{
    struct pen pen = {-1, -1, -1};
    size_t start = out->len;
    if (p->shown.cols != frame->cols || p->shown.rows != frame->rows) {
        if (p->shown.cells)
            frame_resize(&p->shown, frame->cols, frame->rows);
        else
            frame_init(&p->shown, frame->cols, frame->rows);
        buf_add_text(out, p->ti->cursor_hide);
        p->cursor_shown = false;
        pen_style(p, &pen, STYLE_PLAIN, out);
        buf_add_text(out, p->ti->clear);
    }
    for (int row = 0; row < frame->rows; row++)
        paint_row(p, &pen, frame, row, out);
    bool shows = frame->cursor_col >= 0 && frame->cursor_row >= 0 && frame->cursor_col < frame->cols && frame->cursor_row < frame->rows;
    bool moved = frame->cursor_col != p->shown.cursor_col || frame->cursor_row != p->shown.cursor_row || out->len > start;
    if (shows && moved)
        pen_move(p, &pen, frame->cursor_col, frame->cursor_row, out);
    if (shows != p->cursor_shown)
        buf_add_text(out, shows ? p->ti->cursor_show : p->ti->cursor_hide);
    p->cursor_shown = shows;
    if (pen.style > STYLE_PLAIN) /* nothing of ours colours what somebody else writes */
        pen_style(p, &pen, STYLE_PLAIN, out);
    memcpy(p->shown.cells, frame->cells, sizeof *frame->cells * (size_t)frame->cols * (size_t)frame->rows);
    p->shown.cursor_col = frame->cursor_col;
    p->shown.cursor_row = frame->cursor_row;
}
