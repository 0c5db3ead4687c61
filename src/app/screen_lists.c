/* SPDX-License-Identifier: MIT */
/*
 * The screens about many: lists, agenda, figures, who is blocked, review, drafts, imports.
 */
#include <assert.h>
#include <string.h>

#include "screens.h"
#include "turn.h"

#include "calldeck/store_import.h"
#include "calldeck/when.h"

enum { AGENDA_MOST = 500, REVIEW_MOST = 200, BATCHES_MOST = 100, AGENDA_DAYS = 90 };

/* ---- lists ---- */

bool lists_refresh(struct app *app, struct error *err)
{
    struct arena a = {0};
    const struct list_row *rows;
    size_t count;
    if (!lists_load(app->store, &a, &rows, &count, err)) {
        arena_done(&a);
        return false;
    }
    struct str name = STR("all lists");
    for (size_t i = 0; i < count; i++)
        if (rows[i].id == app->list_id)
            name = rows[i].name;
    arena_done(&app->lists_arena); /* the old name lies in it */
    app->lists_arena = a;
    app->lists = rows;
    app->lists_count = count;
    app->list_name = name;
    return true;
}

bool list_choose(struct app *app, int64_t list_id, struct error *err)
{
    int64_t before = app->list_id;
    bool found = list_id == 0;
    app->list_id = list_id;
    if (!lists_refresh(app, err)) {
        app->list_id = before;
        return false;
    }
    for (size_t i = 0; i < app->lists_count; i++)
        found = found || app->lists[i].id == list_id;
    if (!found) {
        app->list_id = before;
        lists_refresh(app, NULL);
        return error_set(err, ERR_NOT_FOUND, "there is no such list any more");
    }
    app->queue_cursor = 0;
    app->queue_top = 0;
    return true;
}

static const char *group_word(enum state_group g, int64_t count)
{
    if (g == GROUP_CALLBACK && count == 1)
        return "callback";
    static const char *const words[] = {
        [GROUP_READY] = "ready",     [GROUP_CALLBACK] = "callbacks", [GROUP_RESTING] = "resting",
        [GROUP_WAITING] = "waiting", [GROUP_DONE] = "done",          [GROUP_BLOCKED] = "blocked",
    };
    static_assert(sizeof words / sizeof *words == GROUP_COUNT_, "a word for every group");
    return words[g];
}

/* As the header counts: by the hour, not by what is stored. */
static bool list_row_add(struct app *app, struct rows *rows, int64_t row_id, int64_t list_id, struct str name, bool blocked, struct error *err)
{
    struct queue_count c;
    int64_t by_group[GROUP_COUNT_] = {0};
    if (!queue_count(app->store, list_id, app->now, false, &c, err))
        return false;
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++)
        by_group[state_group(s)] += c.by_state[s];
    struct buf b;
    buf_init(&b);
    for (enum state_group g = 0; g < GROUP_COUNT_; g++) {
        if (by_group[g] == 0)
            continue;
        buf_printf(&b, "%s%lld %s", b.len ? " · " : "", (long long)by_group[g], group_word(g, by_group[g]));
        if (g == GROUP_CALLBACK && c.callbacks_due != 0)
            buf_printf(&b, " (%lld due)", (long long)c.callbacks_due);
    }
    if (blocked)
        buf_printf(&b, "%snothing is dialled from it", b.len ? " · " : "");
    row_add(rows, row_id, row_printable(rows, name), arena_str(rows->a, buf_str(&b)),
            arena_printf(rows->a, "%lld%s", (long long)c.total, app->list_id == list_id ? "  here" : ""));
    buf_done(&b);
    return true;
}

bool screen_lists(struct app *app, struct rows *rows, struct error *err)
{
    const struct list_row *lists;
    size_t count;
    bool ok = true;
    if (!lists_load(app->store, rows->a, &lists, &count, err))
        return false;
    app->view.title = "LISTS";
    app->view.empty = "no list yet: :import FILE brings one";
    app->view.hint = "Enter works on this list";
    if (count != 0)
        ok = list_row_add(app, rows, LIST_ROW_ALL, 0, STR("all lists"), false, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = list_row_add(app, rows, lists[i].id, lists[i].id, lists[i].name, lists[i].blocked, err);
    return ok;
}

/* ---- agenda ---- */

static void day_heading(struct app *app, struct rows *rows, int64_t at)
{
    struct civil c = zone_civil(app->zone, at), today = zone_civil(app->zone, app->now);
    const char *word = "";
    if (civil_days(c.year, c.month, c.day) == civil_days(today.year, today.month, today.day))
        word = ", today";
    else if (civil_days(c.year, c.month, c.day) == civil_days(today.year, today.month, today.day) + 1)
        word = ", tomorrow";
    row_heading(rows, "%s %d %s%s", weekday_name(civil_weekday(&c)), c.day, month_name(c.month), word);
}

bool screen_agenda(struct app *app, struct rows *rows, struct error *err)
{
    const struct callback_row *c;
    size_t count;
    if (!callbacks_until(app->store, app->now + (int64_t)AGENDA_DAYS * DAY_S, AGENDA_MOST, rows->a, &c, &count, err))
        return false;
    app->view.title = "AGENDA";
    app->view.empty = "nothing is promised: c in a call, or :callback tomorrow 10:00";
    app->view.hint = "Enter opens the card · times are yours, theirs at the right";
    int64_t day = AT_NONE;
    for (size_t i = 0; i < count; i++) {
        if (zone_day_start(app->zone, c[i].due_at, 0) != day) {
            day = zone_day_start(app->zone, c[i].due_at, 0);
            day_heading(app, rows, c[i].due_at);
        }
        struct civil here = zone_civil(app->zone, c[i].due_at);
        const struct zone *z = zone_find(app->zones, c[i].zone, NULL);
        struct civil there = zone_civil(z != NULL ? z : app->zone, c[i].due_at);
        struct buf b;
        buf_init(&b);
        buf_add_str(&b, c[i].name);
        if (c[i].company.len != 0)
            buf_printf(&b, ", %.*s", STR_ARG(c[i].company));
        if (c[i].kind != PROMISE_CALLBACK || c[i].step.len != 0)
            buf_printf(&b, " · %s%s%.*s", c[i].kind == PROMISE_CALLBACK ? "" : callback_kind_name(c[i].kind),
                       c[i].step.len && c[i].kind != PROMISE_CALLBACK ? ": " : "", STR_ARG(c[i].step));
        if (c[i].tries > 0)
            buf_printf(&b, " · tried %d times", c[i].tries);
        struct view_row *row =
            row_add(rows, c[i].prospect_id, arena_printf(rows->a, "%02d:%02d", here.hour, here.minute),
                    row_printable(rows, buf_str(&b)),
                    z != NULL ? arena_printf(rows->a, "%02d:%02d there", there.hour, there.minute) : STR(""));
        if (c[i].due_at < app->now)
            row->tone = TONE_WARNING;
        buf_done(&b);
    }
    return true;
}

/* ---- figures ---- */

static void figure(struct rows *rows, const char *name, int64_t count)
{
    row_add(rows, 0, str_of(name), STR(""), arena_printf(rows->a, "%lld", (long long)count));
}

bool screen_stats(struct app *app, struct rows *rows, struct error *err)
{
    struct stats s;
    char since[WHEN_TEXT_SIZE];
    if (!stats_load(app->store, app->stats_since_at, app->now + 1, rows->a, &s, err))
        return false;
    when_text(app->zone, app->stats_since_at, app->now, since);
    app->view.title = arena_printf(rows->a, "FIGURES since %s", since).at;
    app->view.empty = "nothing yet";
    app->view.hint = ":stats since mon";
    figure(rows, "dials", s.dials);
    figure(rows, "conversations", s.conversations);
    figure(rows, "meetings set", s.meetings);
    figure(rows, "sales", s.sales);
    for (size_t i = 0; i < s.amounts_count || i == 0; i++) { /* currencies are never added */
        int64_t cents = s.amounts_count != 0 ? s.amounts[i].cents : 0;
        struct str currency = s.amounts_count != 0 ? row_printable(rows, s.amounts[i].currency) : STR("");
        row_add(rows, 0, i == 0 ? STR("amount") : STR(""), STR(""),
                arena_printf(rows->a, "%lld.%02lld%s%.*s", (long long)(cents / 100), (long long)(cents % 100),
                             currency.len ? " " : "", STR_ARG(currency)));
    }
    struct buf talk;
    buf_init(&talk);
    talk_text(s.talk_s, &talk);
    row_add(rows, 0, STR("talked"), STR(""), arena_str(rows->a, buf_str(&talk)));
    buf_done(&talk);
    if (s.dials > 0)
        row_add(rows, 0, STR("conversations of a hundred dials"), STR(""),
                arena_printf(rows->a, "%lld", (long long)(100 * s.conversations / s.dials)));
    row_heading(rows, "by outcome");
    for (size_t i = 0; i < s.by_outcome_count; i++)
        if (s.by_outcome[i].count != 0)
            figure(rows, s.by_outcome[i].outcome->label, s.by_outcome[i].count);
    return true;
}

/* ---- who is not callable ---- */

bool screen_blocked(struct app *app, struct rows *rows, struct error *err)
{
    struct queue_count counts;
    if (!queue_count(app->store, app->list_id, app->now, true, &counts, err))
        return false;
    app->view.title = arena_printf(rows->a, "WHO IS WHERE in %.*s", STR_ARG(row_printable(rows, app->list_name))).at;
    app->view.empty = "nobody is in this list yet";
    app->view.hint = "all of them add up to the list";
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++) {
        char next[WHEN_TEXT_SIZE] = "";
        if (counts.by_state[s] == 0)
            continue;
        if (counts.next_at[s] != AT_NONE && counts.next_at[s] > app->now)
            when_short(app->zone, counts.next_at[s], app->now, next);
        struct str middle = str_of(state_explanation(s));
        if (s == STATE_CALLBACK)
            middle = arena_printf(rows->a, "%s; %lld due now", state_explanation(s),
                                  (long long)counts.callbacks_due);
        row_add(rows, 0, str_of(state_name(s)), middle,
                arena_printf(rows->a, "%s%s  %lld", next[0] ? "next " : "", next, (long long)counts.by_state[s]));
    }
    if (rows->count != 0)
        row_add(rows, 0, STR("all"), STR(""), arena_printf(rows->a, "%lld", (long long)counts.total));
    return true;
}

bool screen_review(struct app *app, struct rows *rows, struct error *err)
{
    const struct review_row *pile;
    size_t count;
    app->view.title = "REVIEW";
    app->view.empty = "nobody was skipped three times";
    app->view.hint = "Enter opens the card · :keep puts it back · :archive puts it away";
    if (!review_load(app->store, app->list_id, REVIEW_MOST, rows->a, &pile, &count, err))
        return false;
    for (size_t i = 0; i < count; i++)
        row_add(rows, pile[i].prospect_id, row_printable(rows, pile[i].name), row_printable(rows, pile[i].company),
                arena_printf(rows->a, "skipped %d times", pile[i].skips));
    return true;
}

bool screen_drafts(struct app *app, struct rows *rows, struct error *err)
{
    const struct draft_row *d;
    size_t count;
    if (!drafts_load(app->store, rows->a, &d, &count, err))
        return false;
    app->view.title = "DRAFTS";
    app->view.empty = "every note is filed";
    app->view.hint = "Enter opens the card";
    for (size_t i = 0; i < count; i++) {
        char when[WHEN_TEXT_SIZE];
        when_short(app->zone, d[i].updated_at, app->now, when);
        row_add(rows, d[i].prospect_id, row_printable(rows, d[i].name), row_printable(rows, d[i].text),
                arena_str(rows->a, str_of(when)));
    }
    return true;
}

bool screen_batches(struct app *app, struct rows *rows, struct error *err)
{
    const struct batch_row *b;
    size_t count;
    if (!batches_load(app->store, BATCHES_MOST, rows->a, &b, &count, err))
        return false;
    app->view.title = "IMPORTS";
    app->view.empty = "nothing was imported yet: :import FILE";
    app->view.hint = ":revert N takes one back";
    for (size_t i = 0; i < count; i++) {
        char when[WHEN_TEXT_SIZE];
        when_text(app->zone, b[i].started_at, app->now, when);
        struct view_row *row = row_add(
            rows, b[i].id,
            arena_printf(rows->a, "%lld  %.*s", (long long)b[i].id, STR_ARG(row_printable(rows, b[i].file))),
            arena_printf(rows->a, "into %.*s · %lld rows: %lld new, %lld updated, %lld unchanged, %lld rejected%s",
                         STR_ARG(row_printable(rows, b[i].list)), (long long)b[i].rows, (long long)b[i].added,
                         (long long)b[i].updated, (long long)b[i].unchanged, (long long)b[i].rejected,
                         b[i].reverted_at != AT_NONE ? " · taken back" : ""),
            arena_str(rows->a, str_of(when)));
        row->voided = b[i].reverted_at != AT_NONE;
    }
    return true;
}
