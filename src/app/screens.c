/* SPDX-License-Identifier: MIT */
/*
 * Opening, moving in and leaving the screens in front of the card.
 */
#include "screens.h"

#include <string.h>

#include "actions.h"
#include "line.h"
#include "prompt.h"
#include "turn.h"

#include "calldeck/utf8.h"
#include "calldeck/when.h"

/* ---- rows ---- */

struct view_row *row_add(struct rows *rows, int64_t id, struct str left, struct str middle, struct str right)
{
    if (rows->count == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 64;
        struct view_row *more = ARENA_ARRAY(rows->a, struct view_row, room);
        if (rows->count != 0)
            memcpy(more, rows->at, rows->count * sizeof *more);
        rows->at = more;
        rows->room = room;
    }
    struct view_row *row = &rows->at[rows->count++];
    *row = (struct view_row){.id = id, .left = left, .middle = middle, .right = right};
    return row;
}

__attribute__((format(printf, 2, 0))) static struct str vprintf_row(struct rows *rows, const char *format, va_list args)
{
    struct buf b;
    buf_init(&b);
    buf_vprintf(&b, format, args);
    struct str s = arena_str(rows->a, buf_str(&b));
    buf_done(&b);
    return s;
}

void row_heading(struct rows *rows, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = vprintf_row(rows, format, args);
    va_end(args);
    row_add(rows, 0, text, STR(""), STR(""))->heading = true;
}

void row_line(struct rows *rows, const char *left, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = vprintf_row(rows, format, args);
    va_end(args);
    row_add(rows, 0, str_of(left), text, STR(""));
}

struct str row_printable(struct rows *rows, struct str s)
{
    struct buf b;
    buf_init(&b);
    text_printable(s, &b);
    struct str copy = arena_str(rows->a, buf_str(&b));
    buf_done(&b);
    return copy;
}

/* ---- opening and leaving ---- */

static screen_fn screen_of(enum screen screen)
{
    static const screen_fn screens[] = {
        [SCREEN_HELP] = screen_help,       [SCREEN_SEARCH] = screen_search, [SCREEN_HISTORY] = screen_history,
        [SCREEN_LISTS] = screen_lists,     [SCREEN_AGENDA] = screen_agenda, [SCREEN_STATS] = screen_stats,
        [SCREEN_BLOCKED] = screen_blocked, [SCREEN_REVIEW] = screen_review, [SCREEN_DRAFTS] = screen_drafts,
        [SCREEN_BATCHES] = screen_batches, [SCREEN_WHY] = screen_why,       [SCREEN_POLICY] = screen_policy, [SCREEN_COUNT_] = NULL,
    };
    return screens[screen];
}

void screen_open(struct app *app, enum screen screen)
{
    arena_clear(&app->view.arena);
    app->view =
        (struct view){.arena = app->view.arena, .prospect_id = app->card.id, .title = "", .empty = "", .hint = ""};
    app->screen = screen;
    app->pending |= REACT_PAINT;
}

void screen_close(struct app *app)
{
    if (app->screen == SCREEN_EDIT || app->screen == SCREEN_START)
        form_close(app);
    app->screen = SCREEN_DECK;
    arena_clear(&app->view.arena);
    app->view = (struct view){.arena = app->view.arena, .title = "", .empty = "", .hint = ""};
    app->pending |= REACT_PAINT;
}

static bool may_stand(const struct view *v, size_t row)
{
    return row < v->count && !v->rows[row].heading;
}

/* The nearest row that is no heading, looked for first in the direction of the move. */
static size_t nearest_row(const struct view *v, size_t row, bool down)
{
    for (size_t i = 0; i < v->count; i++) {
        if (down ? may_stand(v, row + i) : row >= i && may_stand(v, row - i))
            return down ? row + i : row - i;
    }
    for (size_t i = 0; i < v->count; i++) {
        if (down ? row >= i && may_stand(v, row - i) : may_stand(v, row + i))
            return down ? row - i : row + i;
    }
    return row;
}

void view_move_to(struct app *app, size_t row)
{
    struct view *v = &app->view;
    if (v->count == 0)
        return;
    size_t page = (size_t)view_page(app);
    if (row >= v->count)
        row = v->count - 1;
    v->cursor = nearest_row(v, row, row >= v->cursor);
    if (v->cursor < v->top)
        v->top = v->cursor;
    if (v->cursor - v->top >= page)
        v->top = v->cursor - page + 1;
    /* a heading comes into sight with the row below it */
    if (v->top > 0 && v->top == v->cursor && v->rows[v->top - 1].heading && page > 1)
        v->top--;
    app->pending |= REACT_PAINT;
}

void view_move(struct app *app, long rows)
{
    size_t at = app->view.cursor;
    if (rows < 0)
        at = at < (size_t)-rows ? 0 : at - (size_t)-rows;
    else
        at += (size_t)rows;
    view_move_to(app, at);
}

long view_page(const struct app *app)
{
    struct app_metrics m = {.list_rows = app->rows > 6 ? app->rows - 5 : 1,
                            .queue_rows = app->rows > 6 ? app->rows - 5 : 1};
    if (app->port != NULL && app->port->measure != NULL)
        app->port->measure(app, &m, app->port->user);
    int rows = app->screen == SCREEN_DECK ? m.queue_rows : m.list_rows;
    return rows > 0 ? rows : 1;
}

bool screen_load(struct app *app, struct error *err)
{
    screen_fn fill = screen_of(app->screen);
    if (fill == NULL)
        return true;
    struct view *v = &app->view;
    struct arena fresh = {0};
    struct rows rows = {.a = &fresh};
    int64_t at_id = v->cursor < v->count ? v->rows[v->cursor].id : 0;
    if (!store_begin_read(app->store, err))
        return false;
    bool ok = fill(app, &rows, err);
    store_end_read(app->store);
    if (!ok) {
        arena_done(&fresh);
        return false;
    }
    arena_done(&v->arena);
    v->arena = fresh;
    v->rows = rows.at;
    v->count = rows.count;
    size_t cursor = v->cursor;
    for (size_t i = 0; at_id != 0 && i < v->count; i++)
        if (v->rows[i].id == at_id)
            cursor = i;
    v->cursor = cursor < v->count ? cursor : 0;
    view_move_to(app, v->cursor);
    return true;
}

unsigned screen_show(struct app *app, enum screen screen, struct error *err)
{
    screen_open(app, screen);
    struct error why = {0};
    if (!screen_load(app, &why)) {
        screen_close(app);
        error_set(err, why.code, "%s", why.text);
    }
    return REACT_PAINT;
}

#define SHOWS(action, name)                                                                                            \
    unsigned do_##action(struct app *app, struct str args, struct error *err)                                          \
    {                                                                                                                  \
        (void)args;                                                                                                    \
        return screen_show(app, name, err);                                                                                   \
    }
SHOWS(AGENDA, SCREEN_AGENDA)
SHOWS(BLOCKED, SCREEN_BLOCKED)
SHOWS(REVIEW, SCREEN_REVIEW)
SHOWS(DRAFTS, SCREEN_DRAFTS)
SHOWS(BATCHES, SCREEN_BATCHES)

static unsigned show_card(struct app *app, enum screen screen, struct error *err)
{
    if (app->card.id == 0) {
        error_set(err, ERR_REFUSED, "no card is open");
        return 0;
    }
    return screen_show(app, screen, err);
}

unsigned do_HISTORY(struct app *app, struct str args, struct error *err)
{
    (void)args;
    return show_card(app, SCREEN_HISTORY, err);
}

unsigned do_WHY(struct app *app, struct str args, struct error *err)
{
    (void)args;
    return show_card(app, SCREEN_WHY, err);
}

unsigned do_STATISTICS(struct app *app, struct str args, struct error *err)
{
    app->stats_since_at = zone_day_start(app->zone, app->now, 0);
    if (args.len != 0) {
        struct str words = args, first;
        struct when_context context = {.zone = app->zone,
                                       .now = app->now,
                                       .day_start_min = 0,
                                       .day_end_min = 18 * 60,
                                       .month_first =
                                           strcmp(setting_text(app->settings, SETTING_DATE_ORDER), "month-day") == 0};
        str_word(&words, &first);
        if (!str_is(first, "since"))
            words = args;
        if (!when_since(str_trim(words), &context, &app->stats_since_at, err))
            return 0;
    }
    return screen_show(app, SCREEN_STATS, err);
}

unsigned do_HELP(struct app *app, struct str args, struct error *err)
{
    enum context context = app_context(app);
    app->help_context = context == CONTEXT_LIST && app->screen == SCREEN_HELP ? app->help_context : context;
    size_t n = args.len < sizeof app->help_word ? args.len : sizeof app->help_word - 1;
    memcpy(app->help_word, args.len ? args.at : "", n);
    app->help_word[n] = '\0';
    if (app->screen == SCREEN_EDIT || app->screen == SCREEN_START) {
        say(app, TONE_PLAIN, "Tab and arrows move between the fields, Enter takes them, Esc leaves");
        return REACT_PAINT;
    }
    return screen_show(app, SCREEN_HELP, err);
}

unsigned do_LISTS(struct app *app, struct str args, struct error *err)
{
    int64_t id = 0;
    if (args.len == 0)
        return screen_show(app, SCREEN_LISTS, err);
    if (!str_is(args, "all") && !list_find(app->store, args, &id, err))
        return 0;
    if (!list_choose(app, id, err))
        return 0;
    return app->call.state == CALL_NONE ? REACT_QUEUE | REACT_NEXT : REACT_QUEUE;
}

unsigned do_PAUSE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    (void)err;
    flow_stop(app, "a pause");
    app->paused_at = app->now;
    app->paused_calls[0] = '\0';
    screen_open(app, SCREEN_PAUSE);
    return REACT_PAINT | REACT_CLEAR;
}

/* ---- moving ---- */

static unsigned move(struct app *app, long rows)
{
    if (app->screen != SCREEN_DECK)
        view_move(app, rows);
    else if (app->call.state != CALL_NONE)
        say(app, TONE_WARNING, "a call is open: file its outcome first, Tab and a letter");
    else
        queue_move(app, rows);
    return REACT_PAINT;
}

#define MOVES(action, by)                                                                                              \
    unsigned do_##action(struct app *app, struct str args, struct error *err)                                          \
    {                                                                                                                  \
        (void)args;                                                                                                    \
        (void)err;                                                                                                     \
        return move(app, by);                                                                                          \
    }
enum { FAR = 1 << 30 };
MOVES(DOWN, 1)
MOVES(UP, -1)
MOVES(PAGE_DOWN, view_page(app))
MOVES(PAGE_UP, -view_page(app))
MOVES(FIRST, -(long)FAR)
MOVES(LAST, FAR)

static unsigned open_person(struct app *app, int64_t id, struct error *err)
{
    if (!card_take(app, id, err))
        return 0;
    screen_close(app);
    return REACT_PAINT;
}

unsigned do_CHOOSE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct view *v = &app->view;
    if (v->cursor >= v->count)
        return REACT_PAINT;
    int64_t id = v->rows[v->cursor].id;
    switch (app->screen) {
    case SCREEN_SEARCH:
    case SCREEN_AGENDA:
    case SCREEN_REVIEW:
    case SCREEN_DRAFTS:
        return id != 0 ? open_person(app, id, err) : REACT_PAINT;
    case SCREEN_LISTS:
        if (!list_choose(app, id == LIST_ROW_ALL ? 0 : id, err))
            return 0;
        screen_close(app);
        return app->call.state == CALL_NONE ? REACT_QUEUE | REACT_NEXT : REACT_QUEUE;
    case SCREEN_BATCHES:
        say(app, TONE_PLAIN, ":revert %lld takes this import back", (long long)id);
        return REACT_PAINT;
    case SCREEN_HISTORY:
        say(app, TONE_PLAIN, "c gives this touch another outcome");
        return REACT_PAINT;
    case SCREEN_POLICY:
        return policy_edit(app, err);
    case SCREEN_TRIAL:
        return policy_take(app, err);
    case SCREEN_HELP:
    case SCREEN_STATS:
    case SCREEN_BLOCKED:
    case SCREEN_WHY:
    case SCREEN_PAUSE:
        screen_close(app);
        return REACT_PAINT;
    case SCREEN_DECK:
    case SCREEN_START:
    case SCREEN_EDIT:
    case SCREEN_COUNT_:
        break;
    }
    return REACT_PAINT;
}

unsigned do_CLOSE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    (void)err;
    screen_close(app);
    return REACT_PAINT;
}

unsigned click_do(struct app *app, const struct app_click *click)
{
    enum context context = app_context(app);
    switch (click->kind) {
    case CLICK_QUEUE_ROW:
        if (context == CONTEXT_DECK && click->index < app->queue_count)
            return move(app, (long)click->index - (long)app->queue_cursor);
        break;
    case CLICK_LIST_ROW:
        if ((context == CONTEXT_LIST || app->prompt.kind == PROMPT_SEARCH) && click->index < app->view.count)
            view_move_to(app, click->index);
        break;
    case CLICK_PHONE: {
        char digit[2] = {(char)('1' + (click->index < 9 ? click->index : 8)), '\0'};
        if (context == CONTEXT_DECK || context == CONTEXT_BAR)
            return action_run(app, ACTION_PICK_NUMBER, str_of(digit));
        break;
    }
    case CLICK_OUTCOME:
        if (context == CONTEXT_BAR && click->index < store_outcomes(app->store)->count)
            return action_run(app, ACTION_OUTCOME, str_of(store_outcomes(app->store)->rows[click->index].code));
        break;
    case CLICK_NOTES:
        if (context == CONTEXT_DECK || context == CONTEXT_BAR)
            return action_run(app, ACTION_TO_NOTES, STR(""));
        break;
    case CLICK_NOTHING:
        break;
    }
    return REACT_PAINT;
}
