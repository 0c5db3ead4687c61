/* SPDX-License-Identifier: MIT */
/* The notes: what was typed, whether it is on disk, and where the cursor stands. */
#include "render.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

void render_rule(struct frame *f, struct rect r, const char *title, struct str right, enum style right_style)
{
    for (int col = r.col; col < r.col + r.cols; col++)
        frame_text(f, col, r.row, 1, STYLE_RULE, STR(RULE_LINE));
    int used = 0;
    if (title && *title) {
        used = frame_text(f, r.col, r.row, r.cols, STYLE_TITLE, str_of(title));
        used += frame_text(f, r.col + used, r.row, 1, STYLE_RULE, STR(" "));
    }
    int room = r.cols - used - 2, cols;
    if (right.len && room > 3) {
        struct str fits = text_fit(right, room, &cols);
        if (fits.len < right.len)
            cols = room;
        frame_text(f, r.col + r.cols - cols - 1, r.row, 1, STYLE_RULE, STR(" "));
        frame_text_right(f, r.col + r.cols, r.row, cols, right_style, right);
    }
}

static void notes_rule(const struct app *app, struct frame *f, struct rect r)
{
    if (app->saved == NOTES_UNSAVED) {
        struct buf text;
        buf_init(&text);
        buf_add_text(&text, " NOT SAVED");
        if (app->save_error[0])
            buf_printf(&text, ": %s", app->save_error);
        buf_add_char(&text, ' ');
        render_rule(f, r, "NOTES", buf_str(&text), STYLE_BAD);
        buf_done(&text);
        return;
    }
    bool empty = !app->notes || editor_text(app->notes).len == 0;
    render_rule(f, r, "NOTES", empty ? STR("") : STR("saved"), STYLE_GOOD);
}

void render_notes(const struct app *app, struct frame *f, struct rect r, bool has_cursor)
{
    enum { ON_STACK = 256 };
    notes_rule(app, f, r);
    r.row++;
    r.rows--;
    if (r.rows < 1 || r.cols < 3)
        return;
    for (int row = r.row; row < r.row + r.rows; row++)
        frame_hit(f, r.col, row, r.cols, HIT_NOTES);
    struct str text = app->notes ? editor_text(app->notes) : STR("");
    size_t cursor = app->notes ? editor_cursor(app->notes) : 0;
    if (text.len == 0 && !has_cursor) {
        struct buf key;
        buf_init(&key);
        key_word(app, ACTION_TO_NOTES, CONTEXT_DECK, &key);
        if (key.len && app->card.id)
            frame_print(f, r.col, r.row, r.cols, STYLE_DIM, "%s types here", key.at);
        buf_done(&key);
    }
    if (text.len == 0) {
        if (has_cursor) {
            f->cursor_col = r.col;
            f->cursor_row = r.row;
        }
        return;
    }
    struct text_row small[ON_STACK], *rows = small;
    int cols = r.cols - 1; /* the last column is the cursor's at the end of a full row */
    size_t count = text_wrap(text, cols, rows, ON_STACK), at = 0;
    if (count > ON_STACK) {
        rows = alloc_zeroed(count, sizeof *rows);
        text_wrap(text, cols, rows, count);
    }
    while (at + 1 < count && rows[at + 1].start <= cursor)
        at++;
    size_t top = app->notes_top < count ? app->notes_top : count - 1, shown = (size_t)r.rows;
    if (has_cursor && at < top)
        top = at;
    if (has_cursor && at >= top + shown)
        top = at - shown + 1;
    for (size_t i = top; i < count && i < top + shown; i++)
        frame_text(f, r.col, r.row + (int)(i - top), cols, STYLE_PLAIN, str_make(text.at + rows[i].start, rows[i].end - rows[i].start));
    if (top > 0)
        frame_text(f, r.col + cols, r.row, 1, STYLE_DIM, STR("↑"));
    if (top + shown < count)
        frame_text(f, r.col + cols, r.row + r.rows - 1, 1, STYLE_DIM, STR("↓"));
    if (has_cursor) {
        int col;
        text_fit(str_make(text.at + rows[at].start, cursor - rows[at].start), cols, &col);
        f->cursor_col = r.col + col;
        f->cursor_row = r.row + (int)(at - top);
    }
    if (rows != small)
        free(rows);
}
