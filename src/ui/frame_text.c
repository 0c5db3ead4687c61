/* SPDX-License-Identifier: MIT */
/*
 * A frame as text: what goldens compare and --screenshot prints.
 */
#include <assert.h>
#include <string.h>

#include "calldeck/frame.h"

static const char *const style_names[] = {
#define STYLE(id, fg256, bg256, fg8, bg8, attributes) [STYLE_##id] = #id,
#include "calldeck/styles.def"
#undef STYLE
};
static_assert(sizeof style_names / sizeof style_names[0] == STYLE_COUNT_, "a style without a name");

static const struct cell *row_cells(const struct frame *f, int row)
{
    return &f->cells[(size_t)row * (size_t)f->cols];
}

/* Columns up to the last cell that shows something; styled: a coloured blank shows. */
static int row_end(const struct frame *f, int row, bool styled)
{
    const struct cell *cells = row_cells(f, row);
    int end = f->cols;
    while (end > 0 && !cells[end - 1].tail && strcmp(cells[end - 1].text, " ") == 0 &&
           !(styled && cells[end - 1].style != STYLE_PLAIN))
        end--;
    return end;
}

void frame_dump(const struct frame *f, struct buf *out)
{
    for (int row = 0; row < f->rows; row++) {
        const struct cell *cells = row_cells(f, row);
        int end = row_end(f, row, false);
        for (int col = 0; col < end; col++)
            buf_add_text(out, cells[col].text);
        buf_add_char(out, '\n');
    }
}

void frame_dump_styles(const struct frame *f, struct buf *out)
{
    for (int row = 0; row < f->rows; row++) {
        const struct cell *cells = row_cells(f, row);
        int end = row_end(f, row, true);
        enum style style = STYLE_PLAIN;
        for (int col = 0; col < end; col++) {
            if (cells[col].style != style) {
                if (style != STYLE_PLAIN)
                    buf_add_text(out, "{/}");
                style = (enum style)cells[col].style;
                if (style != STYLE_PLAIN)
                    buf_printf(out, "{%s}", style_names[style]);
            }
            if (f->cursor_row == row && f->cursor_col == col)
                buf_add_text(out, "{|}");
            buf_add_text(out, cells[col].text);
        }
        if (style != STYLE_PLAIN)
            buf_add_text(out, "{/}");
        if (f->cursor_row == row && f->cursor_col >= end)
            buf_printf(out, "{|+%d}", f->cursor_col - end);
        buf_add_char(out, '\n');
    }
}
