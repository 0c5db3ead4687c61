/* SPDX-License-Identifier: MIT */
/*
 * What a list allows: its lines and the templates, and a look at what another line would change before it is taken.
 *
 * A trial is the change itself inside a transaction that is always taken back: nothing here knows what a rule does.
 */
#include <stdlib.h>
#include <string.h>

#include "actions.h"
#include "screens.h"
#include "turn.h"

enum { PLACES_MOST = 200, MOVES_SHOWN = 60 };

/* ---- the lines ---- */

static void line_row(struct rows *rows, struct str key, struct str value, struct str everywhere)
{
    row_add(rows, (int64_t)rows->count + 1, row_printable(rows, key), row_printable(rows, value),
            str_eq(value, everywhere) ? STR("") : STR("this list"));
}

static void template_rows(struct rows *rows)
{
    struct str name, lines, about;
    row_heading(rows, "templates: a whole cadence at once");
    for (size_t i = 0; cadence_at(i, &name, &lines); i++) {
        str_next(&lines, '\n', &about); /* the first line of the file says whom it is for */
        row_add(rows, (int64_t)rows->count + 1, arena_printf(rows->a, "template %.*s", STR_ARG(name)), str_trim(str_skip(about, 1)), STR(""));
    }
}

/* Every outcome that rests has such a line, whether the list says one or the outcome itself. */
static void retry_rows(struct app *app, struct rows *rows, const struct policy *p, const struct policy *base)
{
    const struct outcome_table *t = store_outcomes(app->store);
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].wait[0] != '\0')
            line_row(rows, arena_printf(rows->a, "retry %s", t->rows[i].code), str_of(retry_wait(p, &t->rows[i])),
                     str_of(retry_wait(base, &t->rows[i])));
}

bool screen_policy(struct app *app, struct rows *rows, struct error *err)
{
    struct policy p, base;
    struct policy_cursor at = {0};
    struct buf key, value, everywhere;
    if (!list_policy(app->store, app->list_id, &p, err) || !list_policy(app->store, 0, &base, err))
        return false;
    app->view.title = arena_printf(rows->a, "POLICY of %.*s", STR_ARG(row_printable(rows, app->list_name))).at;
    app->view.hint = "Enter changes a line";
    template_rows(rows);
    row_heading(rows, "lines");
    buf_init(&key);
    buf_init(&value);
    buf_init(&everywhere);
    while (policy_line_next(&p, &at, &key, &value)) {
        if (str_starts(buf_str(&key), "retry "))
            continue;
        if (str_is(buf_str(&key), "retry-callback"))
            retry_rows(app, rows, &p, &base);
        policy_value(&base, buf_str(&key), &everywhere);
        line_row(rows, buf_str(&key), buf_str(&value), buf_str(&everywhere));
    }
    buf_done(&key);
    buf_done(&value);
    buf_done(&everywhere);
    return true;
}

unsigned policy_edit(struct app *app, struct error *err)
{
    const struct view_row *row = &app->view.rows[app->view.cursor];
    struct buf line;
    buf_init(&line);
    if (str_starts(row->left, "template "))
        buf_printf(&line, "policy %.*s", STR_ARG(row->left));
    else
        buf_printf(&line, "policy %.*s %.*s", STR_ARG(row->left), STR_ARG(row->middle));
    unsigned reactions = do_COMMAND(app, buf_str(&line), err);
    buf_done(&line);
    return reactions;
}

/* ---- a trial ---- */

struct supposed {
    struct policy policy;
    struct queue_count counts;
    const struct queue_row *queue;
    size_t queue_count;
};

static bool look(struct app *app, struct arena *a, struct supposed *ret, struct error *err)
{
    return list_policy(app->store, app->list_id, &ret->policy, err) &&
           queue_count(app->store, app->list_id, app->now, true, &ret->counts, err) &&
           queue_head(app->store, app->list_id, app->now, PLACES_MOST, a, &ret->queue, &ret->queue_count, err);
}

static void becomes_row(struct rows *rows, struct str key, struct str was, struct str is)
{
    row_add(rows, 0, row_printable(rows, key),
            arena_printf(rows->a, "%.*s  becomes  %.*s", STR_ARG(was.len ? row_printable(rows, was) : STR("nothing")),
                         STR_ARG(is.len ? row_printable(rows, is) : STR("nothing"))),
            STR(""));
}

/* Lines of either that the other has not, or not so. */
static size_t changed_rows(struct app *app, struct rows *rows, const struct policy *was, const struct policy *is)
{
    const struct outcome_table *t = store_outcomes(app->store);
    struct policy_cursor at = {0};
    struct buf key, value, old;
    size_t before = rows->count;
    buf_init(&key);
    buf_init(&value);
    buf_init(&old);
    while (policy_line_next(is, &at, &key, &value)) {
        if (str_starts(buf_str(&key), "retry "))
            continue;
        policy_value(was, buf_str(&key), &old);
        if (!str_eq(buf_str(&value), buf_str(&old)))
            becomes_row(rows, buf_str(&key), buf_str(&old), buf_str(&value));
    }
    for (size_t i = 0; i < t->count; i++)
        if (strcmp(retry_wait(was, &t->rows[i]), retry_wait(is, &t->rows[i])) != 0)
            becomes_row(rows, arena_printf(rows->a, "retry %s", t->rows[i].code), str_of(retry_wait(was, &t->rows[i])),
                        str_of(retry_wait(is, &t->rows[i])));
    buf_done(&key);
    buf_done(&value);
    buf_done(&old);
    return rows->count - before;
}

static void count_rows(struct rows *rows, const struct queue_count *was, const struct queue_count *is)
{
    size_t before = rows->count;
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++)
        if (was->by_state[s] != is->by_state[s])
            row_add(rows, 0, str_of(state_name(s)), str_of(state_explanation(s)),
                    arena_printf(rows->a, "%lld > %lld", (long long)was->by_state[s], (long long)is->by_state[s]));
    if (rows->count == before)
        row_line(rows, "", "the same as now");
}

static struct str place_text(struct rows *rows, size_t place)
{
    return place != 0 ? arena_printf(rows->a, "%zu", place) : STR("-");
}

static void move_rows(struct app *app, struct rows *rows, const struct supposed *was, const struct supposed *is)
{
    const struct queue_move *moves;
    size_t count = queue_moves(was->queue, was->queue_count, is->queue, is->queue_count, rows->a, &moves);
    struct buf why;
    buf_init(&why);
    for (size_t i = 0; i < count && i < MOVES_SHOWN; i++) {
        const struct queue_row *row = moves[i].is != NULL ? moves[i].is : moves[i].was;
        buf_clear(&why);
        if (moves[i].is != NULL) {
            struct reason reason = row->reason;
            reason.zone = app->zone;
            reason_text(&reason, app->now, &why);
        } else {
            buf_add_text(&why, is->queue_count < PLACES_MOST ? "not callable now" : "behind the first 200");
        }
        row_add(rows, 0,
                arena_printf(rows->a, "%.*s > %.*s", STR_ARG(place_text(rows, moves[i].from)), STR_ARG(place_text(rows, moves[i].to))),
                row_printable(rows, row->name), row_printable(rows, buf_str(&why)));
    }
    if (count > MOVES_SHOWN)
        row_line(rows, "", "and %zu more", count - MOVES_SHOWN);
    if (count == 0)
        row_line(rows, "", "nobody moves");
    buf_done(&why);
}

static bool trial(struct app *app, struct str key, struct str value, struct rows *rows, struct error *err)
{
    struct arena a = {0};
    struct supposed was, is;
    if (!look(app, &a, &was, err) || !store_trial_begin(app->store, err)) {
        arena_done(&a);
        return false;
    }
    bool ok = list_policy_set(app->store, app->list_id, key, value, app->now, err) && look(app, &a, &is, err);
    store_trial_end(app->store);
    if (ok) {
        row_heading(rows, "what would change");
        if (changed_rows(app, rows, &was.policy, &is.policy) == 0)
            row_line(rows, "", "%s", str_is(key, "zone") ? "the time zone of those who have none of their own" : "none: it is so already");
        row_heading(rows, "who would be where");
        count_rows(rows, &was.counts, &is.counts);
        row_heading(rows, "places in the queue");
        move_rows(app, rows, &was, &is);
    }
    arena_done(&a);
    return ok;
}

static unsigned try_line(struct app *app, struct str key, struct str value, struct error *err)
{
    struct arena a = {0};
    struct rows rows = {.a = &a};
    if (!trial(app, key, value, &rows, err)) {
        arena_done(&a);
        return REACT_PAINT;
    }
    struct str line = arena_printf(&a, "%.*s %.*s", STR_ARG(row_printable(&rows, key)), STR_ARG(row_printable(&rows, value)));
    screen_open(app, SCREEN_TRIAL);
    arena_done(&app->view.arena);
    app->view.arena = a;
    app->view.rows = rows.at;
    app->view.count = rows.count;
    app->view.line = line.at;
    app->view.title = arena_printf(&app->view.arena, "IF %.*s: %.*s", STR_ARG(row_printable(&rows, app->list_name)), STR_ARG(str_trim(line))).at;
    app->view.hint = "Enter makes it so";
    view_move_to(app, 0);
    return REACT_PAINT;
}

unsigned policy_take(struct app *app, struct error *err)
{
    struct policy was;
    struct buf line, old;
    struct str value, key;
    buf_init(&line);
    buf_init(&old);
    buf_add_text(&line, app->view.line);
    value = buf_str(&line);
    str_word(&value, &key);
    value = str_trim(value);
    screen_close(app);
    bool ok = list_policy(app->store, app->list_id, &was, err) && list_policy_set(app->store, app->list_id, key, value, app->now, err);
    if (ok && str_is(key, "template"))
        say(app, TONE_GOOD, "%.*s has the cadence %.*s now: :policy shows its lines", STR_ARG(app->list_name), STR_ARG(value));
    else if (ok) {
        struct buf kept;
        struct str kept_value;
        buf_init(&kept);
        policy_value(&was, policy_line_key(key, value, &kept, &kept_value), &old);
        buf_done(&kept);
        say(app, TONE_GOOD, "%.*s of %.*s: %.*s%s%s", STR_ARG(key), STR_ARG(app->list_name),
            STR_ARG(value.len != 0 ? value : STR("as everywhere")), old.len != 0 ? " · it was " : "", old.at);
    }
    buf_done(&line);
    buf_done(&old);
    return ok ? REACT_QUEUE | REACT_CARD | REACT_PAINT : REACT_PAINT;
}

unsigned do_POLICY(struct app *app, struct str args, struct error *err)
{
    struct str key;
    if (app->list_id == 0) {
        error_set(err, ERR_REFUSED, "a policy belongs to one list: choose it with L, or :set changes all");
        return 0;
    }
    if (!str_word(&args, &key))
        return screen_show(app, SCREEN_POLICY, err);
    return try_line(app, key, str_trim(args), err);
}
