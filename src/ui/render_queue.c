/* SPDX-License-Identifier: MIT */
/* The queue: who is next and why; and when nobody is, where everybody is instead. */
#include "render.h"

#include <string.h>

#include "calldeck/when.h"

enum { NOBODY_LOW = 8 };
enum { DUE_S = MINUTE_S /* contracts: due is within a minute */ };
enum { WHY_LEAST = 18, NAME_LEAST = 12, NAME_MOST = 30, COMPANY_LEAST = 6 };

static void row_why(const struct app *app, const struct queue_row *row, struct buf *out)
{
    struct reason reason = row->reason;
    reason.zone = app->zone;
    buf_clear(out);
    reason_text(&reason, app->now, out);
}

/* Without its last remark, as often as it takes to fit: "2nd try of 6, last Thu 19 Nov" -> "2nd try of 6". */
static struct str why_fit(struct str why, int cols)
{
    while (text_width_cols(why) > cols) {
        const char *comma = why.len ? memrchr(why.at, ',', why.len) : NULL;
        if (!comma)
            break;
        why.len = (size_t)(comma - why.at);
    }
    return why;
}

/* The columns of a panel. They depend on its width and hardly on what is in sight, so that scrolling moves nothing sideways. */
struct columns {
    int name, company, why;
};

static struct columns columns_of(const struct app *app, size_t top, size_t end, int cols)
{
    struct columns c = {.why = WHY_LEAST};
    struct buf why;
    int why_most = cols * 42 / 100;
    buf_init(&why);
    for (size_t i = top; i < end; i++) {
        row_why(app, &app->queue[i], &why);
        int wide = text_width_cols(why_fit(buf_str(&why), why_most));
        c.why = wide > c.why ? wide : c.why;
    }
    buf_done(&why);
    c.why = c.why < why_most ? c.why : why_most;
    int room = cols - c.why - 2, name = room * 62 / 100;
    c.name = room < NAME_LEAST + COMPANY_LEAST + 1 ? room : name < NAME_MOST ? name : NAME_MOST;
    c.company = room - c.name - 1;
    return c;
}

static void queue_line(const struct app *app, struct frame *f, struct rect r, int row, size_t i, struct columns c)
{
    const struct queue_row *q = &app->queue[i];
    bool here = i == app->queue_cursor && app->card_in_queue;
    bool keys_here = app->screen == SCREEN_DECK && app->focus == CONTEXT_DECK && app->prompt.kind == PROMPT_NONE;
    enum style base = !here ? STYLE_PLAIN : keys_here ? STYLE_SELECTED : STYLE_SELECTED_QUIET;
    enum style soft = here ? base : STYLE_DIM;
    bool due = q->state == STATE_CALLBACK;
    struct buf text;
    buf_init(&text);
    if (here) {
        frame_fill(f, r.col, row, r.cols, 1, base);
        frame_text(f, r.col + 1, row, 1, base, STR(MARK_HERE));
    }
    int left = r.col + 3, right = r.col + r.cols - 1;
    frame_text_cut(f, left, row, c.name, here ? base : due ? STYLE_NAME : STYLE_PLAIN, q->name.len ? q->name : q->company);
    row_why(app, q, &text);
    struct str why = why_fit(buf_str(&text), c.why);
    int why_cols = text_width_cols(why) < c.why ? text_width_cols(why) : c.why;
    if (q->name.len && c.company > 0) /* it may use what why leaves of its column */
        frame_text_cut(f, left + c.name + 1, row, c.company + c.why - why_cols, soft, q->company);
    frame_text_right(f, right, row, c.why, here ? base : due ? STYLE_DUE : STYLE_HINT, why);
    frame_hit(f, r.col, row, r.cols, (uint16_t)(HIT_QUEUE_ROW + (row - r.row)));
    if (here && keys_here) {
        f->cursor_col = r.col + 1;
        f->cursor_row = row;
    }
    buf_done(&text);
}

void render_queue(const struct app *app, struct frame *f, struct rect r)
{
    struct layout l;
    layout_of(app, &l);
    if (l.fold == FOLD_WIDE && r.rows > 1) {
        frame_text(f, r.col + 1, r.row, r.cols - 2, STYLE_TITLE, STR("QUEUE"));
        frame_text_right(f, r.col + r.cols - 1, r.row, 10, STYLE_LABEL, STR("why"));
        r.row++;
        r.rows--;
    }
    if (app->queue_count == 0) {
        render_nobody(app, f, (struct rect){r.col + 1, r.row, r.cols - 2, r.rows});
        return;
    }
    size_t top = app->queue_top < app->queue_count ? app->queue_top : 0, rows = (size_t)r.rows;
    if (app->queue_cursor < top)
        top = app->queue_cursor;
    if (app->queue_cursor >= top + rows)
        top = app->queue_cursor - rows + 1;
    size_t end = top + rows < app->queue_count ? top + rows : app->queue_count;
    struct columns columns = columns_of(app, top, end, r.cols - 4);
    for (size_t i = top; i < end; i++)
        queue_line(app, f, r, r.row + (int)(i - top), i, columns);
    if (end - top < rows && end == app->queue_count) { /* the end is an answer too */
        int64_t waiting = app->counts.total - app->counts.by_state[STATE_READY] - app->counts.callbacks_due;
        frame_print(f, r.col + 3, r.row + (int)(end - top), r.cols - 4, STYLE_DIM, waiting > 0 ? "the end; %lld more are not callable now: B" : "the end",
                    (long long)waiting);
    }
}

void render_next(const struct app *app, struct frame *f, int col, int row, int cols)
{
    size_t i = 0;
    while (i < app->queue_count && app->queue[i].prospect_id == app->card.id)
        i++;
    int used = frame_text(f, col, row, cols, STYLE_LABEL, STR("next: "));
    if (i == app->queue_count) {
        frame_text_cut(f, col + used, row, cols - used, STYLE_DIM, STR("nobody is callable now"));
        return;
    }
    struct buf text;
    buf_init(&text);
    row_why(app, &app->queue[i], &text);
    int why = text_width_cols(buf_str(&text)) + 2;
    struct str name = app->queue[i].name.len ? app->queue[i].name : app->queue[i].company;
    used += frame_text_cut(f, col + used, row, cols - used - why > 8 ? cols - used - why : cols - used, STYLE_PLAIN, name);
    used += frame_text(f, col + used, row, cols - used, STYLE_DIM, STR(", "));
    frame_text_cut(f, col + used, row, cols - used, app->queue[i].state == STATE_CALLBACK ? STYLE_DUE : STYLE_HINT, buf_str(&text));
    buf_done(&text);
}

static void time_left(int64_t left, struct buf *out)
{
    if (left < MINUTE_S)
        buf_printf(out, "in %d s", left > 0 ? (int)left : 0);
    else if (left < HOUR_S)
        buf_printf(out, "in %d min", (int)(left / MINUTE_S));
    else if (left < 2 * (int64_t)DAY_S)
        buf_printf(out, "in %d h %d min", (int)(left / HOUR_S), (int)(left % HOUR_S / MINUTE_S));
    else
        buf_printf(out, "in %d days", (int)(left / DAY_S));
}

/* "13:30, in 2 h 10 min" */
static void countdown(const struct app *app, int64_t at, struct buf *out)
{
    char when[WHEN_TEXT_SIZE];
    when_short(app->zone, at, app->now, when);
    buf_add_text(out, when);
    int64_t left = at - app->now;
    if (left <= 0 || left >= 2 * (int64_t)DAY_S)
        return;
    buf_add_text(out, ", ");
    time_left(left, out);
}

/* A promise is due a minute before its time; what was promised is the time. */
static int64_t time_said(enum prospect_state state, int64_t at)
{
    return state == STATE_CALLBACK && at != AT_NONE ? at + DUE_S : at;
}

static void state_line(const struct app *app, struct frame *f, struct rect r, int row, enum prospect_state state, int number_cols)
{
    enum { NAME_COLS = 14, NEXT_COLS = 21, EXPLANATION_LEAST = 16 };
    struct buf next;
    buf_init(&next);
    int64_t at = time_said(state, app->counts.next_at[state]);
    if (at != AT_NONE && at >= app->now) {
        char when[WHEN_TEXT_SIZE];
        when_short(app->zone, at, app->now, when);
        buf_printf(&next, "from %s", when);
    }
    int col = r.col, right = r.col + r.cols;
    frame_print(f, col, row, r.cols, STYLE_PLAIN, "%*lld", number_cols, (long long)app->counts.by_state[state]);
    col += number_cols + 2;
    frame_text(f, col, row, right - col, STYLE_NAME, str_of(state_name(state)));
    col += NAME_COLS;
    int room = right - col - (next.len ? NEXT_COLS : 0);
    if (room >= EXPLANATION_LEAST)
        frame_text_cut(f, col, row, room, STYLE_DIM, str_of(state_explanation(state)));
    frame_text_right(f, right, row, NEXT_COLS - 1, STYLE_HINT, buf_str(&next));
    buf_done(&next);
}

static void opening_text(const struct app *app, const struct opening *o, struct buf *out)
{
    char when[WHEN_TEXT_SIZE];
    const struct zone *there = app->zones ? zone_find(app->zones, str_make(o->zones.at, str_find(o->zones, ',')), NULL) : NULL;
    when_short(there ? there : app->zone, o->opens_at, app->now, when);
    buf_printf(out, "%lld %s of %.*s open%s %s%s (", (long long)o->count, o->count == 1 ? "prospect" : "prospects", STR_ARG(o->zones),
               o->count == 1 ? "s" : "", when, there && there != app->zone ? " there" : "");
    time_left(o->opens_at - app->now, out);
    buf_add_char(out, ')');
}

/* Under "closed-hours": "4 prospects of Asia/Riyadh open 09:00 (in 3 h 12 min)" */
static int openings(const struct app *app, struct frame *f, struct rect r, int row, int end, int number_cols)
{
    int states_left = 3; /* the sum, a blank row and the keys come below */
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < app->openings_count && row < end - states_left; i++) {
        buf_clear(&text);
        if (row + 1 == end - states_left && i + 1 < app->openings_count) {
            frame_print(f, r.col + number_cols + 2, row++, r.cols - number_cols - 2, STYLE_DIM, "and %zu more places", app->openings_count - i);
            break;
        }
        opening_text(app, &app->openings[i], &text);
        frame_text_cut(f, r.col + number_cols + 2, row++, r.cols - number_cols - 2, i == 0 ? STYLE_DUE : STYLE_HINT, buf_str(&text));
    }
    buf_done(&text);
    return row;
}

void render_nobody(const struct app *app, struct frame *f, struct rect r)
{
    struct buf text;
    int row = r.row, end = r.row + r.rows, number_cols = 1;
    buf_init(&text);
    if (app->counts.total == 0) {
        frame_text_cut(f, r.col, row++, r.cols, STYLE_NAME, STR("This list is empty."));
        frame_text_cut(f, r.col, row, r.cols, STYLE_DIM, STR(":import FILE brings people in, :new NAME adds one, L shows the other lists"));
        buf_done(&text);
        return;
    }
    frame_text_cut(f, r.col, row++, r.cols, STYLE_NAME, STR("Nobody can be called right now."));
    if (app->next_at != AT_NONE && row < end) {
        int used = frame_text(f, r.col, row, r.cols, STYLE_LABEL, STR("next: "));
        if (r.rows <= NOBODY_LOW && app->openings_count && app->openings[0].opens_at == app->next_at) {
            opening_text(app, &app->openings[0], &text); /* no room for it below */
        } else {
            countdown(app, time_said(app->next_state, app->next_at), &text);
            buf_printf(&text, " (%s)", state_name(app->next_state));
        }
        frame_text_cut(f, r.col + used, row++, r.cols - used, STYLE_DUE, buf_str(&text));
    } else if (row < end) {
        frame_text_cut(f, r.col, row++, r.cols, STYLE_DIM, STR("Nobody becomes callable by the clock alone."));
    }
    if (r.rows > 8)
        row++;
    for (int64_t most = app->counts.total; most >= 10; most /= 10)
        number_cols++;
    for (enum prospect_state s = 0; s < STATE_COUNT_ && row < end; s++)
        if (app->counts.by_state[s] > 0)
            state_line(app, f, r, row++, s, number_cols);
    row = openings(app, f, r, row, end, number_cols);
    buf_clear(&text);
    buf_printf(&text, "%lld", (long long)app->counts.total);
    if (row < end) {
        frame_print(f, r.col, row, r.cols, STYLE_DIM, "%*s  all of the list", number_cols, text.at);
        row++;
    }
    if (row + 1 < end)
        frame_text_cut(f, r.col, row + 1, r.cols, STYLE_DIM, STR("B shows them · L another list · :log files a call made elsewhere"));
    buf_done(&text);
}
