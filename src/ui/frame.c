/* SPDX-License-Identifier: MIT */
/*
 * Writing into a grid of cells, such that no write can leave the grid or half a wide character.
 *
 * Every public function takes any column and row: what lies outside is cut away here, so that layout arithmetic at odd
 * sizes (1x1) needs no care of its own.
 */
#include "calldeck/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

static const struct cell blank = {.text = " "};

/* Makes a cell free to be written: half of a wide character takes the other half with it. */
static struct cell *cell_open(struct frame *f, int col, int row)
{
    struct cell *cell = &f->cells[(size_t)row * (size_t)f->cols + (size_t)col];
    if (cell->tail && col > 0) {
        memcpy(cell[-1].text, " ", 2);
        cell->tail = false;
    }
    if (col + 1 < f->cols && cell[1].tail) {
        memcpy(cell[1].text, " ", 2);
        cell[1].tail = false;
    }
    return cell;
}

static bool row_is_outside(const struct frame *f, int row)
{
    return row < 0 || row >= f->rows;
}

/* Columns that may be written from col on. */
static int room(const struct frame *f, int col, int max_cols)
{
    if (col < 0 || col >= f->cols)
        return 0;
    return max_cols < f->cols - col ? max_cols : f->cols - col;
}

/* Cuts [*col, *col + *cols) to the grid. */
static void span_cut(const struct frame *f, int *col, int *cols)
{
    if (*col < 0) {
        *cols += *col;
        *col = 0;
    }
    *cols = room(f, *col, *cols);
}

void frame_init(struct frame *f, int cols, int rows)
{
    *f = (struct frame){0};
    frame_resize(f, cols, rows);
}

void frame_done(struct frame *f)
{
    free(f->cells);
    *f = (struct frame){0};
}

void frame_resize(struct frame *f, int cols, int rows)
{
    if (cols < 1)
        cols = 1;
    if (rows < 1)
        rows = 1;
    if (cols != f->cols || rows != f->rows) {
        f->cells = alloc_resize(f->cells, (size_t)cols * (size_t)rows, sizeof *f->cells);
        f->cols = cols;
        f->rows = rows;
    }
    frame_clear(f);
}

void frame_clear(struct frame *f)
{
    size_t count = (size_t)f->cols * (size_t)f->rows;
    for (size_t i = 0; i < count; i++)
        f->cells[i] = blank;
    f->cursor_col = f->cursor_row = -1;
}

struct cell *frame_cell(struct frame *f, int col, int row)
{
    if (col < 0 || col >= f->cols || row_is_outside(f, row))
        return NULL;
    return &f->cells[(size_t)row * (size_t)f->cols + (size_t)col];
}

int frame_text(struct frame *f, int col, int row, int max_cols, enum style style, struct str s)
{
    if (row_is_outside(f, row))
        return 0;
    int most = room(f, col, max_cols), used = 0;
    while (s.len > 0 && used < most) {
        char text[CELL_BYTES];
        size_t len = cluster_len(s);
        int cols = cluster_cell(str_make(s.at, len), text);
        if (cols > most - used)
            break;
        struct cell *cell = cell_open(f, col + used, row);
        memcpy(cell->text, text, strlen(text) + 1);
        cell->style = (unsigned char)style;
        if (cols == 2) {
            cell = cell_open(f, col + used + 1, row);
            cell->text[0] = '\0';
            cell->style = (unsigned char)style;
            cell->tail = true;
        }
        used += cols;
        s = str_skip(s, len);
    }
    return used;
}

int frame_print(struct frame *f, int col, int row, int max_cols, enum style style, const char *format, ...)
{
    char small[512];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (len < 0)
        return 0;
    if ((size_t)len < sizeof small)
        return frame_text(f, col, row, max_cols, style, str_make(small, (size_t)len));
    struct buf text;
    buf_init(&text);
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    int used = frame_text(f, col, row, max_cols, style, buf_str(&text));
    buf_done(&text);
    return used;
}

/* Whether s fits, without measuring more of it than that takes. */
static bool fits(struct str s, int cols)
{
    return cols > 0 ? text_fit(s, cols, NULL).len == s.len : s.len == 0;
}

int frame_text_cut(struct frame *f, int col, int row, int max_cols, enum style style, struct str s)
{
    int most = room(f, col, max_cols);
    if (most < 1)
        return 0;
    if (fits(s, most))
        return frame_text(f, col, row, most, style, s);
    int used = frame_text(f, col, row, most - 1, style, str_trim(text_fit(s, most - 1, NULL)));
    return used + frame_text(f, col + used, row, 1, style, STR("…"));
}

void frame_text_right(struct frame *f, int right_col, int row, int max_cols, enum style style, struct str s)
{
    int cols;
    struct str head = text_fit(s, max_cols < right_col ? max_cols : right_col, &cols);
    if (head.len < s.len)
        cols = max_cols < right_col ? max_cols : right_col;
    if (cols > 0)
        frame_text_cut(f, right_col - cols, row, cols, style, s);
}

void frame_fill(struct frame *f, int col, int row, int cols, int rows, enum style style)
{
    span_cut(f, &col, &cols);
    for (int y = row < 0 ? 0 : row; y < row + rows && y < f->rows; y++)
        for (int x = col; x < col + cols; x++) {
            struct cell *cell = cell_open(f, x, y);
            memcpy(cell->text, " ", 2);
            cell->style = (unsigned char)style;
        }
}

void frame_style(struct frame *f, int col, int row, int cols, enum style style)
{
    span_cut(f, &col, &cols);
    if (row_is_outside(f, row))
        return;
    for (int x = col; x < col + cols; x++)
        frame_cell(f, x, row)->style = (unsigned char)style;
}

void frame_hit(struct frame *f, int col, int row, int cols, uint16_t hit)
{
    span_cut(f, &col, &cols);
    if (row_is_outside(f, row))
        return;
    for (int x = col; x < col + cols; x++)
        frame_cell(f, x, row)->hit = hit;
}

bool frame_same(const struct frame *a, const struct frame *b)
{
    if (a->cols != b->cols || a->rows != b->rows || a->cursor_col != b->cursor_col || a->cursor_row != b->cursor_row)
        return false;
    size_t count = (size_t)a->cols * (size_t)a->rows;
    for (size_t i = 0; i < count; i++) {
        const struct cell *x = &a->cells[i], *y = &b->cells[i];
        if (x->style != y->style || x->tail != y->tail || strcmp(x->text, y->text) != 0)
            return false;
    }
    return true;
}
