/* SPDX-License-Identifier: MIT */
/*
 * What is known of one prospect: the history of its touches, and why it is callable or not.
 */
#include <string.h>

#include "screens.h"
#include "turn.h"

#include "calldeck/when.h"

/* ---- history ---- */

static struct str touch_middle(struct rows *rows, const struct card_touch *t)
{
    struct buf b;
    buf_init(&b);
    if (t->outcome != NULL)
        buf_add_text(&b, t->outcome->label);
    else if (t->completed_at == AT_NONE && str_is(t->channel, "call"))
        buf_add_text(&b, "open: no outcome yet");
    else
        buf_add_str(&b, t->channel);
    if (str_is(t->direction, "in"))
        buf_add_text(&b, ", they called");
    if (t->talk_s > 0) {
        buf_add_text(&b, ", ");
        talk_text(t->talk_s, &b);
    }
    if (t->has_amount)
        buf_printf(&b, ", %lld.%02lld %.*s", (long long)(t->amount_cents / 100), (long long)(t->amount_cents % 100),
                   STR_ARG(t->currency));
    if (t->with_whom.len != 0)
        buf_printf(&b, ", with %.*s", STR_ARG(t->with_whom));
    if (t->reason.len != 0)
        buf_printf(&b, ", %.*s", STR_ARG(t->reason));
    if (t->number.len != 0)
        buf_printf(&b, " · %.*s", STR_ARG(t->number));
    if (t->corrects != 0)
        buf_add_text(&b, " · corrects an earlier one");
    if (t->voided)
        buf_add_text(&b, " · taken back");
    if (t->note.len != 0)
        buf_printf(&b, " · %.*s", STR_ARG(t->note));
    struct str s = row_printable(rows, buf_str(&b));
    buf_done(&b);
    return s;
}

bool screen_history(struct app *app, struct rows *rows, struct error *err)
{
    struct card card = {0};
    if (!card_load(app->store, app->view.prospect_id, app->list_id, app->now, 0, rows->a, &card, err))
        return false;
    app->view.title = arena_printf(rows->a, "HISTORY of %.*s", STR_ARG(row_printable(rows, card.name))).at;
    app->view.empty = "nothing has happened yet";
    app->view.hint = "c another outcome for this touch";
    for (size_t i = 0; i < card.touches_count; i++) {
        const struct card_touch *t = &card.touches[i];
        char when[WHEN_TEXT_SIZE];
        when_text(app->zone, t->started_at, app->now, when);
        struct view_row *row =
            row_add(rows, t->id, arena_str(rows->a, str_of(when)), touch_middle(rows, t), row_printable(rows, t->rep));
        row->voided = t->voided;
        if (t->outcome != NULL && t->outcome->right_person && !t->voided)
            row->tone = TONE_GOOD;
    }
    if (card.reversals_count != 0)
        row_heading(rows, "taken back");
    for (size_t i = 0; i < card.reversals_count; i++) {
        const struct card_reversal *r = &card.reversals[i];
        char when[WHEN_TEXT_SIZE];
        when_text(app->zone, r->at, app->now, when);
        row_add(rows, 0, arena_str(rows->a, str_of(when)), r->by_correction ? STR("corrected") : STR("undone"),
                row_printable(rows, r->rep));
    }
    return true;
}

/* ---- why ---- */

static void clock_line(struct app *app, struct rows *rows, const struct zone *z)
{
    char text[WHEN_TEXT_SIZE];
    when_text(z, app->now, app->now, text);
    row_line(rows, "there", "%s, %s", text, zone_name(z));
}

static const char *source_words(struct str source)
{
    return str_is(source, "person")    ? "a person said so"
           : str_is(source, "column")  ? "the file said so"
           : str_is(source, "address") ? "from the address"
           : str_is(source, "number")  ? "from the number"
           : str_is(source, "list")    ? "the default of the list"
                                       : "nobody knows";
}

static void days_text(weekday_set days, struct buf *out)
{
    for (int d = MONDAY; d <= SUNDAY; d++)
        if (days & 1u << d)
            buf_printf(out, "%s%s", out->len ? " " : "", weekday_name((enum weekday)d));
}

static void policy_rows(struct app *app, struct rows *rows, const struct policy *p)
{
    struct buf days;
    int64_t closes = AT_NONE, opens = AT_NONE;
    char text[WHEN_TEXT_SIZE];
    buf_init(&days);
    days_text(p->days != 0 ? p->days : app->place.workdays, &days);
    row_line(rows, "hours", "%02d:%02d to %02d:%02d there, %s%s", p->hours_start_min / 60, p->hours_start_min % 60,
             p->hours_end_min / 60, p->hours_end_min % 60, days.at,
             p->days != 0 ? "" : " (their country's working week)");
    buf_done(&days);
    if (!p->windows)
        row_line(rows, "law", "the calling windows of the law are switched off");
    if (app->place.zone_count == 0) {
        row_line(rows, "day", "nobody knows what time it is there: z sets it");
    } else if (window_open(p, &app->place, app->now, &closes, &opens)) {
        if (closes != AT_NONE) {
            when_text(app->place.zones[0], closes, app->now, text);
            row_line(rows, "day", "their calling day is open until %s", text);
        } else {
            row_line(rows, "day", "their calling day is open");
        }
    } else if (opens != AT_NONE) {
        when_text(app->place.zones[0], opens, app->now, text);
        row_line(rows, "day", "their calling day is closed and opens %s there", text);
    } else {
        row_line(rows, "day", "their calling day does not open within a year: look at the hours and days");
    }
}

/* Every factor of the score, and their product. */
static bool factor_rows(struct app *app, struct rows *rows, struct error *err)
{
    struct score_explained e;
    if (!score_explain(app->store, app->card.id, app->list_id, app->now, rows->a, &e, err))
        return false;
    if (!e.learned || !e.speaks)
        return true;
    row_heading(rows, "what the calls taught");
    for (int i = 0; i < FACTOR_COUNT_; i++)
        row_add(rows, 0, str_of(learn_factor_label((enum learn_factor)i)),
                arena_printf(rows->a, "%.*s", STR_ARG(row_printable(rows, e.words[i]))),
                arena_printf(rows->a, i == FACTOR_BASE || i == FACTOR_SALE || i == FACTOR_MINUTES ? "%.4g" : "x%.3f",
                             e.factors.value[i]));
    row_add(rows, 0, STR("together"), STR("sales a minute of calling"), arena_printf(rows->a, "%.4g", e.score));
    row_add(rows, 0, STR("learned from"),
            arena_printf(rows->a, "%.0f calls, %.0f talks, %.0f sales", e.dials, e.talks, e.sales), STR(""));
    return true;
}

bool screen_why(struct app *app, struct rows *rows, struct error *err)
{
    struct policy policy;
    const struct card *c = &app->card;
    struct buf text;
    char when[WHEN_TEXT_SIZE];
    if (!list_policy(app->store, app->list_id, &policy, err))
        return false;
    app->view.title = arena_printf(rows->a, "WHY %.*s", STR_ARG(row_printable(rows, c->name))).at;
    app->view.empty = "no card is open";
    buf_init(&text);
    if (app->verdict.yes)
        buf_add_text(&text, "may be called now");
    else
        verdict_text(&app->verdict, &app->place, app->now, &text);
    row_line(rows, "now", "%s", text.at);
    if (!app->verdict.yes) {
        row_line(rows, "", "%s",
                 app->verdict.house_rule ? "a rule of the house: Enter asks for a reason and dials"
                                         : "not a rule of the house: it cannot be set aside");
        if (app->verdict.next_at != AT_NONE) {
            when_text(app->zone, app->verdict.next_at, app->now, when);
            row_line(rows, "", "callable again %s, your time", when);
        }
    }
    if (app->has_reason) {
        buf_clear(&text);
        reason_text(&app->reason, app->now, &text);
        row_line(rows, "place", "number %zu of the queue: %s", app->queue_cursor + 1, text.at);
    }
    row_line(rows, "zone", "%.*s (%s)", STR_ARG(c->zones.len ? row_printable(rows, c->zones) : STR("none")),
             source_words(c->zone_source));
    if (c->zone_until_at != AT_NONE) {
        when_text(app->zone, c->zone_until_at, app->now, when);
        row_line(rows, "", "that holds until %s", when);
    }
    for (int i = 0; i < app->place.zone_count; i++)
        clock_line(app, rows, app->place.zones[i]);
    if (app->place.zone_count > 1)
        row_line(rows, "", "callable only while all of these are inside the hours");
    policy_rows(app, rows, &policy);
    if (c->attempt_cap > 0)
        row_line(rows, "tries", "%d of %d", c->attempts, c->attempt_cap);
    else
        row_line(rows, "tries", "%d, no cap", c->attempts);
    if (policy.dials_per_day > 0)
        row_line(rows, "a day", "at most %d calls to one person and to one number", policy.dials_per_day);
    if (c->not_before != AT_NONE && c->not_before > app->now) {
        when_text(app->zone, c->not_before, app->now, when);
        row_line(rows, "rests", "until %s, your time", when);
    }
    for (size_t i = 0; i < c->callbacks_count; i++) {
        when_text(app->zone, c->callbacks[i].due_at, app->now, when);
        row_line(rows, "promise", "%s %s%s%.*s", callback_kind_name(c->callbacks[i].kind), when,
                 c->callbacks[i].step.len ? ": " : "", STR_ARG(row_printable(rows, c->callbacks[i].step)));
    }
    if (c->suppressed)
        row_line(rows, "stop", "asked not to be called");
    if (c->list_blocked)
        row_line(rows, "stop", "nothing may be dialled from this list");
    if (c->id != 0 && !factor_rows(app, rows, err)) {
        buf_done(&text);
        return false;
    }
    if (c->members_count != 0)
        row_heading(rows, "in the lists");
    for (size_t i = 0; i < c->members_count; i++)
        row_add(rows, 0, row_printable(rows, c->members[i].list),
                arena_printf(rows->a, "%s, tries %d of %d", state_name(c->members[i].state), c->members[i].attempts,
                             c->members[i].attempt_cap),
                STR(""));
    if (c->touches_count != 0)
        row_heading(rows, "last touches");
    for (size_t i = 0, n = 0; i < c->touches_count && n < 5; i++) {
        if (c->touches[i].voided)
            continue;
        when_text(app->zone, c->touches[i].started_at, app->now, when);
        row_add(rows, 0, arena_str(rows->a, str_of(when)), touch_middle(rows, &c->touches[i]), STR(""));
        n++;
    }
    buf_done(&text);
    return true;
}
