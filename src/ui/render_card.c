/* SPDX-License-Identifier: MIT */
/*
 * The card: who it is, on which numbers, why now, what was promised, what was said last, where they come from.
 *
 * Lines stand in the order of what a rep needs first; a smaller panel loses the last ones.
 */
#include "render.h"

#include <string.h>

#include "calldeck/when.h"

enum { LABEL_COLS = 10, PHONES_LEAST = 2, NOTE_ROWS = 4 };

/* The panel while it is filled from top to bottom. */
struct page {
    const struct app *app;
    struct frame *f;
    struct rect r;
    int row, end;
    struct buf text;
};

static bool page_is_full(const struct page *p)
{
    return p->row >= p->end;
}

/* "Why now   you promised ..." on one row; nothing if there is no text. */
static void fact(struct page *p, const char *label, enum style style, struct str text)
{
    if (page_is_full(p) || text.len == 0)
        return;
    frame_text(p->f, p->r.col, p->row, LABEL_COLS - 1, STYLE_LABEL, str_of(label));
    frame_text_cut(p->f, p->r.col + LABEL_COLS, p->row, p->r.cols - LABEL_COLS, style, text);
    p->row++;
}

/* The same over several rows. */
static void fact_wrapped(struct page *p, const char *label, enum style style, struct str text, int rows_most)
{
    struct text_row rows[NOTE_ROWS];
    int cols = p->r.cols - LABEL_COLS;
    text = str_trim(text);
    if (page_is_full(p) || text.len == 0 || cols < 2)
        return;
    size_t count = text_wrap(text, cols, rows, (size_t)rows_most);
    frame_text(p->f, p->r.col, p->row, LABEL_COLS - 1, STYLE_LABEL, str_of(label));
    for (size_t i = 0; i < count && i < (size_t)rows_most && !page_is_full(p); i++, p->row++) {
        bool last = i + 1 < count && (i + 1 == (size_t)rows_most || p->row + 1 == p->end);
        struct str row = str_make(text.at + rows[i].start, (last ? text.len : rows[i].end) - rows[i].start);
        frame_text_cut(p->f, p->r.col + LABEL_COLS, p->row, cols, style, row);
    }
}

/* ---- who ---- */

static void add_name_line(struct page *p)
{
    const struct card *c = &p->app->card;
    struct buf *title = &p->text;
    buf_clear(title);
    if (c->title.len)
        buf_add_str(title, c->title);
    if (c->company.len && c->name.len)
        add_part(title, ", ", "%.*s", STR_ARG(c->company));
    struct str name = c->name.len ? c->name : c->company.len ? c->company : STR("(no name)");
    int cols = p->r.cols, name_cols, title_cols;
    text_fit(name, cols, &name_cols);
    text_fit(buf_str(title), cols, &title_cols);
    frame_text_cut(p->f, p->r.col, p->row, cols, STYLE_NAME, name);
    const struct app *app = p->app;
    if (!app->card_in_queue && app->screen == SCREEN_DECK && app->focus == CONTEXT_DECK && app->prompt.kind == PROMPT_NONE) {
        p->f->cursor_col = p->r.col; /* no row of the queue is this card's */
        p->f->cursor_row = p->row;
    }
    if (title_cols == 0) {
        p->row++;
    } else if (name_cols + 2 + title_cols <= cols) {
        frame_text_right(p->f, p->r.col + cols, p->row++, title_cols, STYLE_HINT, buf_str(title));
    } else if (p->end - p->row > 6) {
        p->row++;
        frame_text_cut(p->f, p->r.col, p->row++, cols, STYLE_HINT, buf_str(title));
    } else {
        int room = cols - name_cols - 2;
        if (room > 7)
            frame_text_right(p->f, p->r.col + cols, p->row, room, STYLE_HINT, buf_str(title));
        p->row++;
    }
}

/* ---- numbers ---- */

/* "13:42 there, their day ends 18:00"; "13:42 there, till 18:00", "13:42 there" where there is less room */
static void there_text(const struct app *app, int cols, struct buf *out)
{
    const struct place *place = &app->place;
    buf_clear(out);
    if (place->zone_count == 0)
        return;
    clock_text(place->zones[0], app->now, out);
    for (int i = 1; i < place->zone_count; i++) {
        buf_add_text(out, " or ");
        clock_text(place->zones[i], app->now, out);
    }
    buf_add_text(out, " there");
    int used = text_width_cols(buf_str(out));
    if (app->verdict.yes && app->verdict.closes_at != AT_NONE && used + 12 <= cols) {
        buf_add_text(out, used + 23 <= cols ? ", their day ends " : ", till ");
        clock_text(place->zones[0], app->verdict.closes_at, out);
    }
}

/* What is to be known about a number beyond its digits. *ret_style: of the worst of it. */
static void phone_remarks(const struct app *app, const struct card_phone *phone, bool picked, struct buf *out, enum style *ret_style)
{
    *ret_style = STYLE_HINT;
    if (phone->suppressed)
        add_part(out, ", ", "do not call");
    if (phone->bad)
        add_part(out, ", ", "bad number");
    if (phone->suppressed || phone->bad)
        *ret_style = STYLE_WARNING;
    if (phone->shared_with > 0)
        add_part(out, ", ", "company line, %d other%s", phone->shared_with, phone->shared_with == 1 ? "" : "s");
    /* what the picked one did last stands below, as the last talk; unless it was somebody else's */
    if (phone->last_at != AT_NONE && phone->last && (!picked || phone->last_name.len)) {
        struct buf ago;
        buf_init(&ago);
        ago_text(app->zone, phone->last_at, app->now, &ago);
        add_part(out, ", ", "%s %s", phone->last->label, ago.at);
        if (phone->last_name.len)
            buf_printf(out, " for %.*s", STR_ARG(phone->last_name));
        buf_done(&ago);
    }
}

static void phone_line(struct page *p, size_t i, int number_cols)
{
    const struct app *app = p->app;
    const struct card_phone *phone = &app->card.phones[i];
    bool picked = i == app->phone_index;
    struct frame *f = p->f;
    int col = p->r.col, right = p->r.col + p->r.cols;
    if (picked)
        frame_text(f, col, p->row, 1, STYLE_KEY, STR(MARK_HERE));
    frame_print(f, col + 1, p->row, 2, STYLE_KEY, i < 9 ? "%zu" : " ", i + 1);
    buf_clear(&p->text);
    phone_pretty(phone->e164, &p->text);
    if (phone->extension.len)
        buf_printf(&p->text, " x%.*s", STR_ARG(phone->extension));
    bool dead = phone->bad || phone->suppressed;
    frame_text_cut(f, col + 3, p->row, number_cols, dead ? STYLE_VOIDED : picked ? STYLE_NAME : STYLE_PLAIN, buf_str(&p->text));
    frame_hit(f, col, p->row, p->r.cols, (uint16_t)(HIT_PHONE + i));
    col += 3 + number_cols + 1;

    struct str label = phone->label.len ? phone->label : phone->type;
    if (label.len && !str_is(label, "unknown") && !str_is(label, "fixed-or-mobile")) { /* which says nothing in America */
        int cols = right - col < 12 ? right - col : 12;
        col += frame_text_cut(f, col, p->row, cols, STYLE_DIM, label) + 2;
    }
    enum style style;
    buf_clear(&p->text);
    phone_remarks(app, phone, picked, &p->text, &style);
    bool there = picked && app->place.zone_count > 0;
    if (there && p->text.len == 0) {
        there_text(app, right - col, &p->text);
        frame_text_right(f, right, p->row++, right - col, STYLE_HINT, buf_str(&p->text));
        return;
    }
    frame_text_right(f, right, p->row, right - col, style, buf_str(&p->text));
    p->row++;
    if (there && !page_is_full(p)) {
        there_text(app, p->r.cols - 3, &p->text);
        frame_text_right(f, right, p->row++, p->r.cols - 3, STYLE_HINT, buf_str(&p->text));
    }
}

static void add_phones(struct page *p)
{
    const struct card *c = &p->app->card;
    size_t most = (size_t)(p->end - p->row) / 2, first = 0;
    if (most < PHONES_LEAST)
        most = PHONES_LEAST;
    if (c->phones_count == 0) {
        fact(p, "Number", STYLE_WARNING, STR("! none yet: + adds one"));
        return;
    }
    if (p->app->phone_index >= most) /* the picked one is always shown */
        first = p->app->phone_index - most + 1;
    int number_cols = 0;
    for (size_t i = 0; i < c->phones_count; i++) {
        buf_clear(&p->text);
        phone_pretty(c->phones[i].e164, &p->text);
        if (c->phones[i].extension.len)
            buf_printf(&p->text, " x%.*s", STR_ARG(c->phones[i].extension));
        int cols = text_width_cols(buf_str(&p->text));
        number_cols = cols > number_cols ? cols : number_cols;
    }
    if (number_cols > p->r.cols - 4)
        number_cols = p->r.cols - 4;
    for (size_t i = first; i < c->phones_count && i < first + most && !page_is_full(p); i++)
        phone_line(p, i, number_cols);
    size_t hidden = c->phones_count > most ? c->phones_count - most : 0;
    if (hidden && !page_is_full(p))
        frame_print(p->f, p->r.col + 3, p->row++, p->r.cols - 3, STYLE_DIM, "and %zu more number%s", hidden, hidden == 1 ? "" : "s");
}

/* ---- why ---- */

static void add_why_not(struct page *p)
{
    const struct app *app = p->app;
    bool in_call = app->call.state != CALL_NONE;
    if (app->card.archived || app->card.list_blocked)
        fact(p, app->card.archived ? "Archived" : "List", STYLE_WARNING,
             app->card.archived ? STR("! put away: :archive brings it back") : STR("! nothing is dialled from this list"));
    if (app->place.zone_count == 0 && app->card.phones_count)
        fact(p, "Zone", STYLE_WARNING, STR("! nobody knows what time it is there: z says where they are"));
    if (in_call || app->verdict.yes || app->card.phones_count == 0)
        return;
    buf_clear(&p->text);
    buf_add_text(&p->text, "! ");
    verdict_text(&app->verdict, &app->place, app->now, &p->text);
    fact(p, "Not now", STYLE_WARNING, buf_str(&p->text));
}

static void add_why(struct page *p)
{
    const struct app *app = p->app;
    struct buf *out = &p->text;
    if (!app->has_reason)
        return;
    buf_clear(out);
    if (app->reason.state == STATE_CALLBACK && app->reason.due_at != AT_NONE && app->reason.kind == PROMISE_CALLBACK) {
        char when[WHEN_TEXT_SIZE];
        when_short(app->zone, app->reason.due_at, app->now, when);
        buf_printf(out, "you promised to call at %s", when);
        if (app->place.zone_count > 0 && app->place.zones[0] != app->zone) {
            buf_add_text(out, " (");
            clock_text(app->place.zones[0], app->reason.due_at, out);
            buf_add_text(out, " there)");
        }
        if (app->now - app->reason.due_at >= 5 * MINUTE_S) {
            char late[WHEN_TEXT_SIZE];
            when_span(app->now - app->reason.due_at, late);
            buf_printf(out, ", %s late", late);
        }
        if (app->reason.tries > 0)
            buf_printf(out, ", tried %d time%s", app->reason.tries, app->reason.tries == 1 ? "" : "s");
        fact(p, "Why now", STYLE_DUE, buf_str(out));
        return;
    }
    struct reason reason = app->reason;
    reason.zone = app->zone;
    if (app->call.state != CALL_NONE && reason.touched_at >= app->call.started_at)
        reason.touched_at = AT_NONE; /* the call itself is no reason for it */
    reason_text(&reason, app->now, out);
    fact(p, "Why now", app->reason.state == STATE_CALLBACK ? STYLE_DUE : STYLE_PLAIN, buf_str(out));
}

static const char *promise_word(enum callback_kind kind)
{
    switch (kind) {
    case PROMISE_CALLBACK: return "a call";
    case PROMISE_NEXT_STEP: return "next step";
    case PROMISE_MEETING: return "meeting";
    case PROMISE_COUNT_: break;
    }
    return "";
}

static void add_promises(struct page *p)
{
    const struct app *app = p->app;
    struct buf *out = &p->text;
    for (size_t i = 0; i < app->card.callbacks_count && i < 3; i++) {
        const struct card_callback *c = &app->card.callbacks[i];
        char when[WHEN_TEXT_SIZE];
        buf_clear(out);
        if (c->step.len)
            buf_add_str(out, c->step);
        else
            buf_add_text(out, promise_word(c->kind));
        if (c->with_whom.len)
            buf_printf(out, " with %.*s", STR_ARG(c->with_whom));
        when_short(app->zone, c->due_at, app->now, when);
        buf_printf(out, " (%s", when);
        if (app->place.zone_count > 0 && app->place.zones[0] != app->zone) {
            buf_add_text(out, ", ");
            clock_text(app->place.zones[0], c->due_at, out);
            buf_add_text(out, " there");
        }
        buf_add_char(out, ')');
        fact(p, i ? "" : "Promised", STYLE_PLAIN, buf_str(out));
    }
}

/* ---- what was ---- */

static bool touch_is_call(const struct card_touch *t)
{
    return !t->voided && t->outcome && str_is(t->channel, "call");
}

static void touch_text(const struct app *app, const struct card_touch *t, struct buf *out)
{
    ago_text(app->zone, t->started_at, app->now, out);
    if (t->talk_s > 0) {
        buf_add_char(out, ' ');
        talk_text(t->talk_s, out);
    }
    buf_printf(out, " %s", t->outcome->label);
    if (t->reason.len)
        buf_printf(out, " (%.*s)", STR_ARG(t->reason));
}

/* The last conversation, and what was tried since. */
static void add_last(struct page *p)
{
    const struct app *app = p->app;
    const struct card *c = &app->card;
    const struct card_touch *talk = NULL, *newest = NULL;
    int since = 0;
    for (size_t i = 0; i < c->touches_count && !talk; i++) {
        const struct card_touch *t = &c->touches[i];
        if (!touch_is_call(t))
            continue;
        if (!newest)
            newest = t;
        if (t->outcome->right_person)
            talk = t;
        else
            since++;
    }
    if (!newest)
        return;
    struct buf *out = &p->text;
    buf_clear(out);
    touch_text(app, talk ? talk : newest, out);
    if (talk && since)
        buf_printf(out, "; %d tr%s since", since, since == 1 ? "y" : "ies");
    if (talk && talk->note.len && !(c->note.len && str_eq(talk->note, c->note)))
        buf_printf(out, ": %.*s", STR_ARG(talk->note));
    fact(p, talk ? "Last talk" : "Last try", STYLE_PLAIN, buf_str(out));
    if (talk && since) {
        buf_clear(out);
        touch_text(app, newest, out);
        fact(p, "Last try", STYLE_HINT, buf_str(out));
    }
}

static void add_from(struct page *p)
{
    const struct app *app = p->app;
    const struct card *c = &app->card;
    struct buf *out = &p->text;
    buf_clear(out);
    if (c->source.len)
        add_part(out, " · ", "%.*s", STR_ARG(c->source));
    if (c->members_count)
        add_part(out, " · ", "%.*s", STR_ARG(c->members[0].list));
    if (c->members_count > 1)
        buf_printf(out, " and %zu more", c->members_count - 1);
    if (c->language.len)
        add_part(out, " · ", "%.*s", STR_ARG(c->language));
    if (c->city.len || c->country.len)
        add_part(out, " · ", "%.*s%s%.*s", STR_ARG(c->city), c->city.len && c->country.len ? ", " : "", STR_ARG(c->country));
    if (c->owner.len)
        add_part(out, " · ", "of %.*s", STR_ARG(c->owner));
    if (c->customer)
        add_part(out, " · ", "customer");
    if (c->attempt_cap > 0)
        add_part(out, " · ", "tries %d of %d", c->attempts, c->attempt_cap);
    else if (c->attempts > 0)
        add_part(out, " · ", "tries %d", c->attempts);
    fact(p, "From", STYLE_PLAIN, buf_str(out));
    buf_clear(out);
    for (size_t i = 0; i < c->mails_count && i < 4; i++)
        add_part(out, ", ", "%.*s", STR_ARG(c->mails[i].address));
    if (c->mails_count && c->mail_opt_out)
        buf_add_text(out, " (wants no mail)");
    fact(p, "Mail", STYLE_PLAIN, buf_str(out));
}

/* A column's name is as long as somebody made it. */
static void add_attributes(struct page *p)
{
    const struct card *c = &p->app->card;
    size_t room = p->row < p->end ? (size_t)(p->end - p->row) : 0, count = c->attributes_count < room ? c->attributes_count : room;
    int key_cols = LABEL_COLS - 1, most = p->r.cols / 3;
    for (size_t i = 0; i < count; i++) {
        int cols = text_width_cols(c->attributes[i].key);
        key_cols = cols > key_cols ? cols : key_cols;
    }
    if (key_cols > most)
        key_cols = most;
    for (size_t i = 0; i < count; i++, p->row++) {
        frame_text_cut(p->f, p->r.col, p->row, key_cols, STYLE_DIM, c->attributes[i].key);
        frame_text_cut(p->f, p->r.col + key_cols + 1, p->row, p->r.cols - key_cols - 1, STYLE_HINT, c->attributes[i].value);
    }
}

void render_card(const struct app *app, struct frame *f, struct rect r)
{
    struct page p = {.app = app, .f = f, .r = r, .row = r.row, .end = r.row + r.rows};
    if (r.rows < 1 || r.cols < 1)
        return;
    if (app->card.id == 0) {
        frame_text_cut(f, r.col, r.row, r.cols, STYLE_DIM, STR("no card: / finds somebody, L shows the lists"));
        return;
    }
    buf_init(&p.text);
    add_name_line(&p);
    add_phones(&p);
    add_why_not(&p);
    add_why(&p);
    add_promises(&p);
    add_last(&p);
    fact_wrapped(&p, "Note", STYLE_PLAIN, app->card.note, p.end - p.row > 8 ? NOTE_ROWS : 2);
    add_from(&p);
    add_attributes(&p);
    buf_done(&p.text);
}
