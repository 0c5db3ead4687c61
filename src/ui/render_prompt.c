/* SPDX-License-Identifier: MIT */
/* The question at the foot: choices or completions above it, what the answer would mean below it. */
#include "render.h"

#include <string.h>

static void choices_line(const struct prompt *p, struct frame *f, struct rect r)
{
    int col = r.col + 1, right = r.col + r.cols - 1;
    frame_fill(f, r.col, r.row, r.cols, 1, STYLE_PROMPT);
    for (size_t i = 0; i < p->choices_count && col < right; i++) {
        col += frame_print(f, col, r.row, right - col, STYLE_KEY, "%c", p->choices[i].key);
        frame_style(f, col - 1, r.row, 1, STYLE_KEY);
        col += frame_text(f, col, r.row, right - col, STYLE_PROMPT, STR(" "));
        col += frame_text_cut(f, col, r.row, right - col, STYLE_PROMPT, str_of(p->choices[i].label)) + 3;
    }
}

/* A window of them that holds the chosen one. */
static void completions_line(const struct prompt *p, struct frame *f, struct rect r)
{
    int room = r.cols - 4;
    size_t first = p->completion < p->completions_count ? p->completion : 0;
    int used = text_width_cols(str_of(p->completions[first])) + 2;
    while (first > 0 && used + text_width_cols(str_of(p->completions[first - 1])) + 2 <= room / 2)
        used += text_width_cols(str_of(p->completions[--first])) + 2;
    int col = r.col + 1, right = r.col + r.cols - 2;
    frame_fill(f, r.col, r.row, r.cols, 1, STYLE_PROMPT);
    if (first > 0)
        frame_text(f, r.col, r.row, 1, STYLE_PROMPT, STR("‹"));
    for (size_t i = first; i < p->completions_count; i++) {
        if (i > first && col + text_width_cols(str_of(p->completions[i])) > right) {
            frame_text(f, r.col + r.cols - 1, r.row, 1, STYLE_PROMPT, STR("›"));
            break;
        }
        enum style style = i == p->completion ? STYLE_SELECTED : STYLE_PROMPT;
        col += frame_text_cut(f, col, r.row, right - col, style, str_of(p->completions[i])) + 2;
    }
}

/* The line, scrolled so that its cursor is in sight. */
static void edit_line(const struct editor *line, struct frame *f, int col, int row, int cols, enum style style)
{
    struct str text = line ? editor_text(line) : STR("");
    size_t cursor = line ? editor_cursor(line) : 0, start = 0;
    int before = text_width_cols(str_make(text.at, cursor));
    while (start < cursor && before >= cols) {
        size_t len = cluster_len(str_skip(text, start));
        before -= cluster_cols(str_make(text.at + start, len));
        start += len;
    }
    frame_fill(f, col, row, cols, 1, style);
    frame_text(f, col, row, cols, style, str_skip(text, start));
    if (start > 0 && col > 0)
        frame_text(f, col - 1, row, 1, style, STR("‹"));
    f->cursor_col = col + (before < cols ? before : cols - 1);
    f->cursor_row = row;
}

void render_prompt(const struct app *app, struct frame *f, const struct layout *l)
{
    const struct prompt *p = &app->prompt;
    struct rect r = l->prompt;
    if (p->choices_count)
        choices_line(p, f, l->choices);
    else if (p->completions_count)
        completions_line(p, f, l->choices);
    frame_fill(f, r.col, r.row, r.cols, 1, STYLE_PROMPT);
    bool colon = p->kind == PROMPT_COMMAND && !p->label[0], search = p->kind == PROMPT_SEARCH && !p->label[0];
    struct str label = colon ? STR(":") : search ? STR("/") : str_of(p->label);
    int most = r.cols > 30 ? r.cols * 6 / 10 : r.cols - 10;
    int col = r.col + 1;
    col += frame_text_cut(f, col, r.row, most, STYLE_PROMPT, label);
    if (!colon && !search && !(label.len == 1 && strchr(":/", label.at[0])))
        col++;
    if (p->line) {
        edit_line(p->line, f, col, r.row, r.col + r.cols - 1 - col, STYLE_PROMPT);
    } else {
        f->cursor_col = col;
        f->cursor_row = r.row;
    }
    struct rect below = l->status;
    struct buf text;
    buf_init(&text);
    if (p->live[0])
        buf_printf(&text, "%s%s", tone_sign(p->live_tone), p->live);
    else if (app->message.text[0])
        buf_printf(&text, "%s%s", tone_sign(app->message.tone), app->message.text);
    enum style style = p->live[0] ? tone_style(p->live_tone) : app->message.text[0] ? tone_style(app->message.tone) : STYLE_DIM;
    if (text.len) {
        frame_text_cut(f, below.col + 1, below.row, below.cols - 2, style == STYLE_PLAIN ? STYLE_HINT : style, buf_str(&text));
    } else {
        int at = below.col + 1;
        static const enum action_id actions[] = {ACTION_PROMPT_ACCEPT, ACTION_COMPLETE, ACTION_PROMPT_CANCEL};
        for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
            const char *words = strchr(action_info(actions[i])->hint, ' ');
            buf_clear(&text);
            key_word(app, actions[i], CONTEXT_PROMPT, &text);
            if (!text.len || !words || (actions[i] == ACTION_COMPLETE && !p->completions_count && p->kind != PROMPT_COMMAND) ||
                (actions[i] == ACTION_PROMPT_ACCEPT && p->choices_count))
                continue;
            at += frame_text(f, at, below.row, below.cols - at, STYLE_KEY, buf_str(&text));
            at += frame_text(f, at, below.row, below.cols - at, STYLE_HINT, str_of(words)) + 2;
        }
    }
    buf_done(&text);
}

/* ---- forms use the same line ---- */

static void start_samples(const struct app *app, struct frame *f, struct rect r)
{
    const struct start *s = &app->start;
    int row = r.row, end = r.row + r.rows;
    if (s->samples_count && row < end) {
        render_rule(f, (struct rect){r.col, row++, r.cols, 1}, "THE FIRST OF THEM", STR(""), STYLE_DIM);
        for (size_t i = 0; i < s->samples_count && row < end; i++) {
            const struct str *c = s->samples[i]; /* name, company, number, zone, mail, note */
            int half = r.cols * 4 / 10, col = r.col;
            frame_text_cut(f, col, row, half - 1, STYLE_NAME, c[0].len ? c[0] : STR("(no name)"));
            frame_text_cut(f, col + half, row, 22, c[2].len ? STYLE_PLAIN : STYLE_WARNING, c[2].len ? c[2] : STR("! no number"));
            frame_text_cut(f, col + half + 23, row++, r.cols - half - 23, c[3].len ? STYLE_HINT : STYLE_WARNING, c[3].len ? c[3] : STR("! no zone"));
            if (end - row < (int)(s->samples_count - i - 1) + 3)
                continue; /* room for the names first */
            struct buf more;
            buf_init(&more);
            for (size_t j = 1; j < 6; j++)
                if (c[j].len && j != 2 && j != 3)
                    add_part(&more, " · ", "%.*s", STR_ARG(c[j]));
            frame_text_cut(f, col + 2, row++, r.cols - 2, STYLE_DIM, buf_str(&more));
            buf_done(&more);
        }
        row++;
    }
    if (s->mapping.len && row < end) {
        enum { MAPPING_ROWS = 4 };
        struct text_row rows[MAPPING_ROWS];
        size_t count = text_wrap(s->mapping, r.cols - 10, rows, MAPPING_ROWS);
        frame_text(f, r.col, row, 10, STYLE_LABEL, STR("Columns"));
        for (size_t i = 0; i < count && i < MAPPING_ROWS && row < end; i++, row++)
            frame_text_cut(f, r.col + 10, row, r.cols - 10, STYLE_HINT,
                           str_make(s->mapping.at + rows[i].start, (i + 1 == MAPPING_ROWS ? s->mapping.len : rows[i].end) - rows[i].start));
    }
}

void render_form(const struct app *app, struct frame *f, struct rect r)
{
    const struct form *form = &app->form;
    enum { LABEL = 14, VALUE_COLS = 44 };
    bool is_start = app->screen == SCREEN_START, has_cursor = app->prompt.kind == PROMPT_NONE;
    int row = r.row, end = r.row + r.rows, col = r.col + 2, cols = r.cols - 4;
    struct buf text;
    buf_init(&text);
    if (is_start) {
        frame_text_cut(f, col, row++, cols, STYLE_TITLE, STR("A LIST TO CALL"));
        if (r.rows > 12)
            frame_text_cut(f, col, row++, cols, STYLE_DIM, STR("Give a CSV export; its first rows are shown below before anything is taken."));
    } else {
        buf_printf(&text, "EDIT %.*s", STR_ARG(app->card.name.len ? app->card.name : app->card.company));
        frame_text_cut(f, col, row++, cols, STYLE_TITLE, buf_str(&text));
    }
    if (r.rows > 16)
        row++;
    int room = end - row - (form->error[0] != 0), first = 0;
    if ((int)form->at >= room)
        first = (int)form->at - room + 1;
    int value_cols = cols - LABEL - 1;
    if (value_cols > VALUE_COLS + 20) /* room for help beside it */
        value_cols = VALUE_COLS;
    for (size_t i = (size_t)first; i < form->count && row < end; i++) {
        const struct form_field *field = &form->fields[i];
        bool here = i == form->at;
        frame_text(f, col - 2, row, 1, STYLE_KEY, here ? STR(MARK_HERE) : STR(""));
        frame_text_right(f, col + LABEL - 1, row, LABEL - 1, here ? STYLE_NAME : STYLE_LABEL, str_of(field->label));
        if (here && has_cursor)
            edit_line(field->line, f, col + LABEL, row, value_cols, STYLE_PROMPT);
        else
            frame_text_cut(f, col + LABEL, row, value_cols, field->changed ? STYLE_NAME : STYLE_PLAIN, field->line ? editor_text(field->line) : STR(""));
        int beside = col + LABEL + value_cols + 2, left = r.col + r.cols - 1 - beside;
        struct str help = field->error[0] ? str_of(field->error) : here && field->help ? str_of(field->help) : STR("");
        enum style style = field->error[0] ? STYLE_WARNING : STYLE_DIM;
        if (left >= 20) {
            frame_text_cut(f, beside, row, left, style, help);
        } else if (help.len && row + 1 < end && (field->error[0] || end - row > (int)(form->count - i))) {
            row++;
            frame_text_cut(f, col + LABEL, row, cols - LABEL, style, help);
        }
        row++;
    }
    if (form->error[0] && row < end) {
        buf_clear(&text);
        buf_printf(&text, "! %s", form->error);
        frame_text_cut(f, col, row++, cols, STYLE_WARNING, buf_str(&text));
    }
    if (is_start && row + 1 < end)
        start_samples(app, f, (struct rect){col, row + 1, cols, end - row - 1});
    buf_done(&text);
}
