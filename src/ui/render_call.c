/* SPDX-License-Identifier: MIT */
/*
 * The open call: the state of the line, the number as large as there is room when a person dials it, and what each
 * outcome would do.
 */
#include "render.h"

#include <string.h>

enum { EFFECT_LEAST = 14, EFFECT_MOST = 20 /* "until tomorrow 10:00" */ };
enum { DIGIT_COLS = 3, DIGIT_ROWS = 5, DIGIT_STEP = DIGIT_COLS + 1 };

/* Three columns by five rows, a bit each, the top left first. */
static const struct {
    char sign;
    unsigned short bits;
} glyphs[] = {
    {'0', 075557}, {'1', 026227}, {'2', 071747}, {'3', 071717}, {'4', 055711}, {'5', 074717}, {'6', 074757},
    {'7', 071111}, {'8', 075757}, {'9', 075717}, {'+', 002720}, {'*', 005250}, {'#', 057575},
};

static bool glyph_bits(char sign, unsigned *ret)
{
    for (size_t i = 0; i < sizeof glyphs / sizeof glyphs[0]; i++)
        if (glyphs[i].sign == sign) {
            *ret = glyphs[i].bits;
            return true;
        }
    return false;
}

/* The rows it took: 5 as blocks, 1 with spaces between, as the room is. */
static int big_number(struct frame *f, struct rect r, const char *number)
{
    int signs = (int)strlen(number);
    if (signs * DIGIT_STEP - 1 <= r.cols && r.rows >= DIGIT_ROWS) {
        for (int i = 0; i < signs; i++) {
            unsigned bits;
            if (!glyph_bits(number[i], &bits))
                continue;
            for (int at = 0; at < DIGIT_ROWS * DIGIT_COLS; at++)
                if (bits & (1u << (DIGIT_ROWS * DIGIT_COLS - 1 - at)))
                    frame_text(f, r.col + i * DIGIT_STEP + at % DIGIT_COLS, r.row + at / DIGIT_COLS, 1, STYLE_BIG, STR("█"));
        }
        return DIGIT_ROWS;
    }
    bool spaced = signs * 2 - 1 <= r.cols;
    for (int i = 0; i < signs; i++)
        frame_print(f, r.col + i * (spaced ? 2 : 1), r.row, 1, STYLE_BIG, "%c", number[i]);
    return 1;
}

enum { QR_QUIET = 4 };

/* The number for a phone's camera, two modules a cell, light ones as blocks. The rows it took; 0: no room. */
static int qr_number(struct frame *f, struct rect r, const char *number)
{
    static const char *const cells[] = {" ", "▄", "▀", "█"}; /* upper light, lower light */
    struct dial_qr qr;
    if (!dial_qr(number, &qr, NULL))
        return 0;
    int side = qr.size + 2 * QR_QUIET, rows = (side + 1) / 2;
    if (side > r.cols || rows > r.rows)
        return 0;
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < side; col++) {
            bool light[2];
            for (int half = 0; half < 2; half++) {
                int y = 2 * row + half - QR_QUIET, x = col - QR_QUIET;
                light[half] = x < 0 || y < 0 || x >= qr.size || y >= qr.size || !qr.dark[y][x];
            }
            frame_text(f, r.col + col, r.row + row, 1, STYLE_PLAIN, str_of(cells[2 * light[0] + light[1]]));
        }
    return rows;
}

/* "connected 2:14" */
static enum style state_text(const struct app *app, struct buf *out)
{
    const struct call *call = &app->call;
    int64_t since = call->answered_at != AT_NONE ? call->answered_at : call->started_at;
    if (call->left_over) {
        buf_add_text(out, " call of ");
        clock_text(app->zone, call->started_at, out);
        buf_add_text(out, ": outcome? ");
        return STYLE_ARMED;
    }
    switch (call->state) {
    case CALL_NONE: return STYLE_PLAIN;
    case CALL_DIALING:
        buf_add_text(out, call->inbound || call->ringing ? " ringing " : " dialing ");
        talk_text(app->now - since, out);
        buf_add_char(out, ' ');
        return STYLE_ARMED;
    case CALL_CONNECTED:
        buf_add_text(out, call->held ? " on hold " : call->muted ? " muted " : " connected ");
        talk_text(app->now - since, out);
        if (call->recorded)
            buf_add_text(out, " REC");
        else if (app->dialer != NULL && (dialer_capabilities(app->dialer) & DIAL_CAN_RECORD) != 0)
            buf_add_text(out, " no rec");
        buf_add_char(out, ' ');
        return STYLE_LIVE;
    case CALL_ENDED:
        buf_add_text(out, " ended");
        if (call->answered_at != AT_NONE && call->ended_at != AT_NONE) {
            buf_add_text(out, ", talked ");
            talk_text(call->ended_at - call->answered_at, out);
        }
        buf_add_text(out, ": outcome? ");
        return STYLE_ARMED;
    }
    return STYLE_PLAIN;
}

static const struct card_phone *call_phone(const struct app *app)
{
    for (size_t i = 0; i < app->card.phones_count; i++)
        if (app->card.phones[i].id == app->call.phone_id)
            return &app->card.phones[i];
    return NULL;
}

/* A call that was left over, or came in, may know its line alone. */
static struct str call_number(const struct app *app)
{
    const struct card_phone *phone = call_phone(app);
    return app->call.number[0] || !phone ? str_of(app->call.number) : phone->e164;
}

static bool dials_by_hand(const struct app *app)
{
    return app->dialer && !(dialer_capabilities(app->dialer) & DIAL_CAN_DIAL) && strcmp(dialer_kind(app->dialer), "manual") == 0 &&
           !app->call.inbound && !app->call.left_over && app->call.state == CALL_DIALING;
}

void render_call_line(const struct app *app, struct frame *f, struct rect r)
{
    struct buf text;
    buf_init(&text);
    enum style style = state_text(app, &text);
    int col = r.col + frame_text(f, r.col, r.row, r.cols, style, buf_str(&text)) + 2, right = r.col + r.cols;
    struct layout l;
    layout_of(app, &l);
    if (l.card.rows == 0) { /* the card is out of sight */
        struct str name = app->card.name.len ? app->card.name : app->card.company;
        int room = right - col - (int)call_number(app).len - 2;
        if (room > 6)
            col += frame_text_cut(f, col, r.row, room, STYLE_NAME, name) + 2;
    }
    struct str number = call_number(app);
    if (app->call.inbound && !app->call.left_over)
        col += frame_text(f, col, r.row, right - col, STYLE_LABEL, STR("in")) + 1;
    if (number.len)
        col += frame_text_cut(f, col, r.row, right - col, dials_by_hand(app) ? STYLE_BIG : STYLE_NAME, number) + 2;
    if (app->call.caller[0] && right - col > (int)strlen(app->call.caller) + 3) {
        frame_text(f, col, r.row, right - col, STYLE_DIM, STR("as "));
        col += 3 + frame_text(f, col + 3, r.row, right - col - 3, STYLE_DIM, str_of(app->call.caller)) + 2;
    }
    if (app->call.said[0] && right - col > 8)
        col += frame_text_cut(f, col, r.row, right - col, STYLE_DIM, str_of(app->call.said)) + 2;
    else if (right - col > 24)
        render_next(app, f, col, r.row, right - col);
    buf_done(&text);
}

void render_call(const struct app *app, struct frame *f, struct rect r)
{
    const struct outcome_table *outcomes = app->store ? store_outcomes(app->store) : NULL;
    int row = r.row, end = r.row + r.rows, outcomes_rows = outcomes ? (int)outcomes->count + 1 : 0;
    struct buf text;
    buf_init(&text);
    enum style style = state_text(app, &text);
    frame_text(f, r.col, row, r.cols, STYLE_TITLE, app->call.inbound ? STR("CALL IN") : STR("CALL"));
    frame_text_right(f, r.col + r.cols - 1, row++, r.cols - 8, style, buf_str(&text));
    int spare = end - row - outcomes_rows - 2; /* rows for the number, beyond next and its rule */
    if (dials_by_hand(app)) {
        bool high = spare >= DIGIT_ROWS + 2;
        if (high)
            row++;
        row += big_number(f, (struct rect){r.col, row, r.cols, high ? DIGIT_ROWS : 1}, app->call.number);
        if (high)
            row++;
        int used = qr_number(f, (struct rect){r.col, row, r.cols - 1, spare - (row - r.row) - 2}, app->call.number);
        row += used;
        spare -= used;
    } else {
        const struct card_phone *phone = call_phone(app);
        int used = frame_text_cut(f, r.col, row, r.cols - 1, STYLE_NAME, call_number(app)) + 2;
        struct str label = phone ? phone->label.len ? phone->label : phone->type : STR("");
        used += frame_text_cut(f, r.col + used, row, r.cols - used - 1, STYLE_DIM, label);
        if (app->call.caller[0] != '\0') {
            buf_clear(&text);
            buf_printf(&text, "%sas %s", label.len ? "  " : "", app->call.caller);
            frame_text_cut(f, r.col + used, row, r.cols - used - 1, STYLE_DIM, buf_str(&text));
        }
        row++;
    }
    if (app->call.said[0] && spare >= 2)
        frame_text_cut(f, r.col, row++, r.cols - 1, STYLE_DIM, str_of(app->call.said));
    render_next(app, f, r.col, row++, r.cols - 1);
    if (end - row > outcomes_rows)
        row++;
    render_outcomes(app, f, (struct rect){r.col, row, r.cols - 1, end - row});
    buf_done(&text);
}

/* What it does, out of "no answer (rests until 14:00)". The text lies in *room. */
static struct str effect_of(const struct app *app, const struct outcome *o, struct buf *room)
{
    buf_clear(room);
    outcome_preview(app, o, room);
    struct str effect = {0}, all = buf_str(room);
    if (all.len > strlen(o->label) + 2) {
        effect = str_skip(all, strlen(o->label) + 2);
        if (str_ends(effect, ")"))
            effect.len--;
    }
    return effect;
}

#define RESTS "rests "

/* All of them say "rests until", or none does: a column of one kind is read at a glance. */
static bool rests_fit(const struct app *app, const struct outcome_table *table, int cols)
{
    bool fit = true;
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < table->count && fit; i++) {
        struct str effect = effect_of(app, &table->rows[i], &text);
        fit = !str_starts(effect, RESTS) || text_width_cols(effect) <= cols;
    }
    buf_done(&text);
    return fit;
}

/* "no number left: done" says enough before the colon, "until 22:57" without what it does till then. */
static struct str effect_fit(struct str effect, int cols, bool rests)
{
    if (!rests && str_starts(effect, RESTS))
        effect = str_skip(effect, strlen(RESTS));
    if (text_width_cols(effect) > cols && str_starts(effect, "until "))
        effect = str_skip(effect, strlen("until "));
    if (text_width_cols(effect) > cols)
        effect.len = str_find(effect, ':');
    return effect;
}

/* "machine, no message": the first words are enough. */
static struct str label_brief(const struct outcome *o)
{
    struct str label = str_of(o->label);
    label.len = str_find(label, ',');
    return label;
}

struct outcome_columns {
    int label, effect; /* cols; effect 0: no room for it */
    bool rests;
};

static void outcome_line(const struct app *app, struct frame *f, int col, int row, int cols, struct outcome_columns c, const struct outcome *o)
{
    struct buf text;
    buf_init(&text);
    struct str effect = effect_fit(effect_of(app, o, &text), c.effect, c.rests), label = str_of(o->label);
    if (text_width_cols(label) > c.label)
        label = label_brief(o);
    bool armed = app->call.armed == o, fits = outcome_fits(app, o);
    if (armed)
        frame_fill(f, col, row, cols, 1, STYLE_ARMED);
    frame_text(f, col, row, 1, STYLE_ARMED, armed ? STR(MARK_HERE) : STR(""));
    frame_print(f, col + 2, row, 1, armed ? STYLE_ARMED : fits ? STYLE_KEY : STYLE_DIM, "%c", o->key);
    frame_text_cut(f, col + 4, row, c.label, armed ? STYLE_ARMED : fits ? STYLE_PLAIN : STYLE_DIM, label);
    if (c.effect > 0)
        frame_text_cut(f, col + cols - c.effect, row, c.effect, armed ? STYLE_ARMED : STYLE_DIM, effect);
    buf_done(&text);
}

void render_outcomes(const struct app *app, struct frame *f, struct rect r)
{
    const struct outcome_table *table = app->store ? store_outcomes(app->store) : NULL;
    if (!table || r.rows < 1)
        return;
    bool keys_here = app->focus == CONTEXT_BAR && app->prompt.kind == PROMPT_NONE && app->screen == SCREEN_DECK;
    int count = (int)table->count, label_cols = 0;
    if (r.rows > count) {
        struct buf key;
        buf_init(&key);
        key_word(app, ACTION_TO_BAR, CONTEXT_NOTES, &key);
        frame_text(f, r.col, r.row, r.cols, STYLE_TITLE, STR("OUTCOME"));
        if (!keys_here && key.len)
            frame_print(f, r.col + 9, r.row, r.cols - 9, STYLE_DIM, "%s, then a letter", key.at);
        buf_done(&key);
        r.row++;
        r.rows--;
    }
    int columns = (count + r.rows - 1) / r.rows, cols = r.cols / columns;
    int per_column = columns > 1 ? (count + columns - 1) / columns : count;
    int room = cols - (columns > 1) - 4, brief_cols = 0;
    for (int i = 0; i < count; i++) {
        int wide = text_width_cols(str_of(table->rows[i].label)), brief = text_width_cols(label_brief(&table->rows[i]));
        label_cols = wide > label_cols ? wide : label_cols;
        brief_cols = brief > brief_cols ? brief : brief_cols;
    }
    struct outcome_columns c = {.label = label_cols, .effect = room - label_cols - 2};
    if (c.effect < EFFECT_MOST) { /* short names, so that what they do is not cut */
        c.label = brief_cols > room - 2 - EFFECT_MOST ? brief_cols : room - 2 - EFFECT_MOST;
        c.effect = room - c.label - 2;
    }
    if (c.effect < EFFECT_LEAST)
        c = (struct outcome_columns){.label = room};
    c.rests = rests_fit(app, table, c.effect);
    for (int i = 0; i < count; i++) {
        int col = r.col + i / per_column * cols, row = r.row + i % per_column;
        outcome_line(app, f, col, row, cols - (columns > 1), c, &table->rows[i]);
        frame_hit(f, col, row, cols, (uint16_t)(HIT_OUTCOME + i));
        if (keys_here && (app->call.armed == &table->rows[i] || (!app->call.armed && i == 0))) {
            f->cursor_col = col + 2;
            f->cursor_row = row;
        }
    }
}

void render_outcomes_short(const struct app *app, struct frame *f, struct rect r)
{
    const struct outcome_table *table = app->store ? store_outcomes(app->store) : NULL;
    int col = r.col, row = r.row, right = r.col + r.cols;
    for (size_t i = 0; table && i < table->count && row < r.row + r.rows; i++) {
        const struct outcome *o = &table->rows[i];
        struct str label = label_brief(o);
        int cols = 2 + text_width_cols(label);
        if (col + cols > right) {
            col = r.col;
            if (++row == r.row + r.rows)
                break;
        }
        bool armed = app->call.armed == o, fits = outcome_fits(app, o);
        frame_print(f, col, row, 1, armed ? STYLE_ARMED : fits ? STYLE_KEY : STYLE_DIM, "%c", o->key);
        frame_text(f, col + 2, row, right - col - 2, armed ? STYLE_ARMED : fits ? STYLE_HINT : STYLE_DIM, label);
        frame_hit(f, col, row, cols, (uint16_t)(HIT_OUTCOME + i));
        col += cols + 2;
    }
}
