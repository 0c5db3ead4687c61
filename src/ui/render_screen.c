/* SPDX-License-Identifier: MIT */
/* Screens in front of the card: rows to choose from, the pause, and the bar of an import. */
#include "render.h"

enum { LEFT_LEAST = 8, MEASURED_ROWS = 400, COLS_MOST = 120 };

/* How wide the left column is: the same while a list is scrolled. */
static int left_cols(const struct view *v, int cols)
{
    int most = LEFT_LEAST, limit = cols * 4 / 10;
    for (size_t i = 0; i < v->count && i < MEASURED_ROWS && most < limit; i++) {
        int wide;
        if (v->rows[i].heading || (v->rows[i].middle.len == 0 && v->rows[i].right.len == 0))
            continue;
        if (text_fit(v->rows[i].left, limit, &wide).len < v->rows[i].left.len)
            wide = limit;
        most = wide > most ? wide : most;
    }
    return most < limit ? most : limit;
}

static void view_line(const struct view *v, struct frame *f, struct rect r, int row, size_t i, int left, bool has_cursor)
{
    const struct view_row *line = &v->rows[i];
    bool here = i == v->cursor && has_cursor;
    enum style base = here ? STYLE_SELECTED : line->voided ? STYLE_VOIDED : tone_style(line->tone);
    int col = r.col + 2, right = r.col + r.cols - 1, right_cols;
    if (line->heading) {
        frame_text_cut(f, r.col + 1, row, r.cols - 2, here ? STYLE_SELECTED_QUIET : STYLE_LABEL, line->left);
        if (here) {
            f->cursor_col = r.col + 1;
            f->cursor_row = row;
        }
        return;
    }
    if (here)
        frame_fill(f, r.col, row, r.cols, 1, base);
    frame_text(f, r.col, row, 2, base, here ? STR(MARK_HERE) : line->voided ? STR("×") : str_of(tone_sign(line->tone)));
    frame_hit(f, r.col, row, r.cols, (uint16_t)(HIT_LIST_ROW + (row - r.row)));
    bool alone = line->middle.len == 0 && line->right.len == 0;
    int room = right - col;
    if (text_fit(line->right, room / 2, &right_cols).len < line->right.len)
        right_cols = room / 2;
    frame_text_cut(f, col, row, alone ? room : left, base, line->left);
    enum style soft = here ? base : line->voided ? STYLE_VOIDED : line->tone == TONE_PLAIN ? STYLE_HINT : base;
    int middle = room - left - 2 - (right_cols ? right_cols + 2 : 0);
    if (middle > 0)
        frame_text_cut(f, col + left + 2, row, middle, soft, line->middle);
    frame_text_right(f, right, row, right_cols, here ? base : line->voided ? STYLE_VOIDED : STYLE_DIM, line->right);
    if (here) {
        f->cursor_col = r.col;
        f->cursor_row = row;
    }
}

/* A figure stands near its name: rows of two short ends are not spread over a wide screen. */
static int view_cols(const struct view *v, int cols, int left)
{
    int right = 0;
    for (size_t i = 0; i < v->count && i < MEASURED_ROWS; i++) {
        if (v->rows[i].middle.len)
            return cols < COLS_MOST ? cols : COLS_MOST;
        int wide = text_width_cols(v->rows[i].right);
        right = wide > right ? wide : right;
    }
    int wanted = 2 + left + 4 + right + 1;
    return wanted < cols ? wanted : cols;
}

void render_view(const struct app *app, struct frame *f, struct rect r)
{
    const struct view *v = &app->view;
    bool has_cursor = true;
    struct buf text;
    buf_init(&text);
    int right = r.col + r.cols - 1;
    frame_text_cut(f, r.col + 1, r.row, r.cols / 2, STYLE_TITLE, str_of(v->title));
    int used = text_width_cols(str_of(v->title)) + 4;
    size_t at = 0, of = 0; /* headings are not counted */
    for (size_t i = 0; i < v->count; i++) {
        of += !v->rows[i].heading;
        at += !v->rows[i].heading && i <= v->cursor;
    }
    if (of)
        buf_printf(&text, "%zu of %zu", at, of);
    int count_cols = text_width_cols(buf_str(&text));
    frame_text_right(f, right, r.row, count_cols, STYLE_DIM, buf_str(&text));
    if (v->hint && right - used - count_cols > 12)
        frame_text_cut(f, r.col + used, r.row, right - used - count_cols - 2, STYLE_DIM, str_of(v->hint));
    buf_done(&text);
    r.row++;
    r.rows--;
    if (v->count == 0) {
        frame_text_cut(f, r.col + 2, r.row + (r.rows > 4), r.cols - 4, STYLE_DIM, str_of(v->empty ? v->empty : "nothing here"));
        return;
    }
    size_t top = v->top < v->count ? v->top : 0, rows = r.rows > 0 ? (size_t)r.rows : 0;
    if (v->cursor < top)
        top = v->cursor;
    if (rows && v->cursor >= top + rows)
        top = v->cursor - rows + 1;
    int left = left_cols(v, r.cols);
    r.cols = view_cols(v, r.cols, left);
    for (size_t i = top; i < v->count && i < top + rows; i++)
        view_line(v, f, r, r.row + (int)(i - top), i, left, has_cursor);
}

void render_bar(struct frame *f, int col, int row, int cols, int percent)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    int inner = cols - 2;
    if (inner < 1)
        return;
    percent = percent < 0 ? 0 : percent > 100 ? 100 : percent;
    int parts = inner * 8 * percent / 100;
    frame_text(f, col, row, 1, STYLE_RULE, STR("▕"));
    for (int i = 0; i < parts / 8; i++)
        frame_text(f, col + 1 + i, row, 1, STYLE_GOOD, STR("█"));
    frame_text(f, col + 1 + parts / 8, row, inner - parts / 8, STYLE_GOOD, str_of(eighths[parts % 8]));
    frame_text(f, col + cols - 1, row, 1, STYLE_RULE, STR("▏"));
}

/* Names, numbers and notes are off the screen: somebody else may look at it. */
void render_pause(const struct app *app, struct frame *f, struct rect r)
{
    struct buf text;
    int row = r.row + r.rows / 2 - 1;
    buf_init(&text);
    clock_text(app->zone, app->now, &text);
    buf_add_text(&text, "  paused");
    int cols = text_width_cols(buf_str(&text));
    frame_text(f, r.col + (r.cols - cols) / 2, row, r.cols, STYLE_TITLE, buf_str(&text));
    struct str line = STR("nothing is dialled; any key comes back");
    cols = text_width_cols(line);
    frame_text_cut(f, r.col + (r.cols > cols ? (r.cols - cols) / 2 : 0), row + 2, r.cols, STYLE_DIM, line);
    if (app->banner.text[0] && app->banner.tone != TONE_PLAIN && app->banner_callback == 0)
        frame_text_cut(f, r.col + 1, 1, r.cols - 2, STYLE_BANNER, str_of(app->banner.text));
    buf_done(&text);
}
