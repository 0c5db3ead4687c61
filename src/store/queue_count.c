/* SPDX-License-Identifier: MIT */
/*
 * Everybody of a list, counted by state at an instant, without looking at anybody: tallies that triggers keep, cells that
 * are open or closed, and the few rows that the clock moved since. And one prospect against the gate.
 */
#include "queue.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

/* ---- counting ---- */

static void earlier(int64_t *at, int64_t candidate)
{
    if (candidate != AT_NONE && (*at == AT_NONE || candidate < *at))
        *at = candidate;
}

struct counting {
    struct store *s;
    int64_t list_id, at;
    bool all_lists;
    struct cells cells;
    struct queue_count *ret;
};

/* n members of a cell that wait for nothing but the hour */
static bool count_ready(struct counting *c, int64_t list_id, int64_t cell_id, int64_t n, struct error *err)
{
    const struct cell_now *cell = cell_at(c->s, &c->cells, list_id, cell_id, c->at, err);
    enum cause cause;
    if (cell == NULL)
        return false;
    if (cell->open) {
        c->ret->by_state[STATE_READY] += n;
    } else if (!place_lawful(policy_of(c->s, list_id), &cell->place, c->at, &cause)) {
        c->ret->by_state[STATE_NO_CONSENT] += n;
        c->ret->by_cause[cause] += n;
    } else {
        c->ret->by_state[STATE_CLOSED_HOURS] += n;
        earlier(&c->ret->next_at[STATE_CLOSED_HOURS], cell->opens_at);
    }
    return true;
}

/* Rows of (list, state, cell, n) that a statement gives. sign: what they do to their stored state; ready: and to the ready ones. */
static bool count_rows(struct counting *c, enum statement which, int64_t stored_sign, int64_t ready_sign, struct error *err)
{
    struct row {
        int64_t list, cell, n;
        enum prospect_state state;
    } *rows = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(c->s, which, &q, err))
        return false;
    if (which != STMT_TALLY_ALL)
        stmt_int(&q, ":list", c->list_id);
    if (which != STMT_TALLY_ALL && which != STMT_TALLY_LIST) {
        stmt_int(&q, ":at", c->at);
        stmt_int(&q, ":shadow", c->all_lists ? 0 : 1);
    }
    while (stmt_row(&q, err)) {
        if (count == room) {
            room = room ? room * 2 : 64;
            rows = alloc_resize(rows, room, sizeof *rows);
        }
        struct row *r = &rows[count];
        *r = (struct row){.list = stmt_column_int(&q, 0), .cell = stmt_column_int(&q, 2), .n = stmt_column_int(&q, 3)};
        count += state_parse_name(stmt_column_str(&q, 1), &r->state);
    }
    bool ok = stmt_close(&q);
    bool tally = which == STMT_TALLY_ALL || which == STMT_TALLY_LIST;
    for (size_t i = 0; ok && i < count; i++) {
        if (tally && rows[i].cell == 0) {
            c->ret->by_state[rows[i].state] += rows[i].n;
        } else if (tally) {
            ok = count_ready(c, rows[i].list, rows[i].cell, rows[i].n, err);
        } else {
            c->ret->by_state[rows[i].state] += stored_sign * rows[i].n;
            ok = count_ready(c, rows[i].list, rows[i].cell, ready_sign * rows[i].n, err);
        }
    }
    free(rows);
    return ok;
}

static bool count_due(struct counting *c, struct error *err)
{
    struct arena a = {0};
    struct due *due;
    size_t count;
    bool ok = callbacks_due(c->s, c->list_id, c->at, &due, &count, err);
    for (size_t i = 0; ok && i < count; i++) {
        struct member_row member;
        struct queue_row row = {.prospect_id = due[i].prospect_id, .list_id = due[i].list_id};
        ok = member_get(c->s, c->all_lists ? row.list_id : c->list_id, row.prospect_id, &member, err) &&
             row_detail(c->s, &row, c->at, &a, err);
        if (!ok || member.state != STATE_CALLBACK) /* a promise of another list shows up in the queue, not in this list's sum */
            continue;
        struct verdict v = due_verdict(c->s, &due[i], &row, c->at);
        if (v.yes) {
            c->ret->callbacks_due++;
        } else {
            enum prospect_state why = v.why == STATE_NO_CONSENT ? STATE_NO_CONSENT : STATE_CLOSED_HOURS;
            c->ret->by_state[STATE_CALLBACK]--;
            c->ret->by_state[why]++;
            c->ret->by_cause[v.cause] += why == STATE_NO_CONSENT;
            earlier(&c->ret->next_at[why], v.next_at);
        }
    }
    free(due);
    arena_done(&a);
    return ok;
}

static bool count_claimed(struct counting *c, struct error *err)
{
    struct arena a = {0};
    struct id_set claimed = {0};
    bool ok = claimed_by_others(c->s, c->at, &a, &claimed, err);
    for (size_t i = 0; ok && i < claimed.count; i++) {
        struct verdict v;
        struct place place;
        ok = prospect_verdict(c->s, claimed.at[i], c->list_id, 0, c->at, &v, &place, NULL);
        /* Only who would be ready but for the claim stands under "claimed". */
        if (ok && v.why == STATE_CLAIMED && c->ret->by_state[STATE_READY] > 0) {
            c->ret->by_state[STATE_READY]--;
            c->ret->by_state[STATE_CLAIMED]++;
        }
        ok = true;
    }
    arena_done(&a);
    return ok;
}

static bool next_times(struct counting *c, struct error *err)
{
    struct row {
        int64_t list, cell, wake_at;
        enum prospect_state state;
    } *rows = NULL;
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(c->s, STMT_WAKE_NEXT, &q, err))
        return false;
    stmt_int(&q, ":at", c->at);
    stmt_int(&q, ":list", c->list_id);
    stmt_int(&q, ":shadow", c->all_lists ? 0 : 1);
    while (stmt_row(&q, err)) {
        rows = alloc_resize(rows, count + 1, sizeof *rows);
        rows[count] = (struct row){.list = stmt_column_int(&q, 0), .cell = stmt_column_int(&q, 2), .wake_at = stmt_column_int(&q, 3)};
        count += state_parse_name(stmt_column_str(&q, 1), &rows[count].state);
    }
    bool ok = stmt_close(&q);
    for (size_t i = 0; ok && i < count; i++) {
        const struct cell_now *cell = cell_at(c->s, &c->cells, rows[i].list, rows[i].cell, c->at, err);
        int64_t opens;
        ok = cell != NULL;
        if (ok && window_open(policy_of(c->s, rows[i].list), &cell->place, rows[i].wake_at, NULL, &opens))
            opens = rows[i].wake_at;
        if (ok)
            earlier(&c->ret->next_at[rows[i].state], opens);
    }
    free(rows);
    if (ok && (ok = stmt_open(c->s, STMT_CALLBACK_NEXT, &q, err))) {
        stmt_int(&q, ":at", c->at + 60);
        if (stmt_row(&q, err) && !stmt_column_null(&q, 0))
            earlier(&c->ret->next_at[STATE_CALLBACK], stmt_column_int(&q, 0) - 60);
        ok = stmt_close(&q);
    }
    return ok;
}

bool queue_count(struct store *s, int64_t list_id, int64_t at, bool with_next, struct queue_count *ret, struct error *err)
{
    struct queue_count result = {.total = 0};
    struct counting c = {.s = s, .list_id = list_id, .at = at, .all_lists = list_id == 0, .ret = &result};
    for (size_t i = 0; i < STATE_COUNT_; i++)
        result.next_at[i] = AT_NONE;
    if (!store_begin_read(s, err))
        return false;
    bool ok = policies_know(s, err) && count_rows(&c, c.all_lists ? STMT_TALLY_ALL : STMT_TALLY_LIST, 0, 0, err) &&
              count_rows(&c, STMT_WAKE_TALLY, -1, 1, err);
    if (ok && at < s->opened_at - 60)
        ok = count_rows(&c, STMT_NOT_YET_TALLY, 1, -1, err);
    ok = ok && count_due(&c, err) && count_claimed(&c, err);
    if (ok && with_next)
        ok = next_times(&c, err);
    store_end_read(s);
    free(c.cells.rows);
    for (size_t i = 0; i < STATE_COUNT_; i++)
        result.total += result.by_state[i];
    if (ok)
        *ret = result;
    return ok;
}

bool review_load(struct store *s, int64_t list_id, size_t most, struct arena *a, const struct review_row **ret, size_t *ret_count,
                 struct error *err)
{
    struct review_row *rows = ARENA_ARRAY(a, struct review_row, most ? most : 1);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_REVIEW_PILE, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    stmt_int(&q, ":shadow", list_id == 0 ? 0 : 1);
    stmt_int(&q, ":most", (int64_t)most);
    while (count < most && stmt_row(&q, err))
        rows[count++] = (struct review_row){.prospect_id = stmt_column_int(&q, 0),
                                            .name = stmt_column_copy(&q, 1, a),
                                            .company = stmt_column_copy(&q, 2, a),
                                            .skips = (int)stmt_column_int(&q, 3)};
    if (!stmt_close(&q))
        return false;
    *ret = rows;
    *ret_count = count;
    return true;
}

/* ---- one prospect ---- */

static bool verdict_facts(struct store *s, int64_t prospect_id, int64_t list_id, int64_t phone_id, int64_t at, struct gate_input *in,
                          struct error *err)
{
    struct stmt q;
    struct arena a = {0};
    struct queue_row row = {.prospect_id = prospect_id};
    bool ok = row_detail(s, &row, at, &a, err);
    in->place = row.place;
    if (phone_id == 0)
        phone_id = row.phone_id;
    arena_done(&a);
    in->number_missing = phone_id == 0;
    if (ok && phone_id != 0) {
        struct place place = in->place;
        ok = prospect_law(s, prospect_id, phone_id, list_id, at, in, err);
        if (in->place.zone_count == 0 && place.zone_count != 0)
            in->place = place;
    }
    if (ok && phone_id != 0 && (ok = stmt_open(s, STMT_VERDICT_NUMBER, &q, err))) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":phone", phone_id);
        if (stmt_row(&q, err)) {
            in->number_bad = stmt_column_int(&q, 1) != 0;
            in->number_suppressed = stmt_column_int(&q, 2) != 0;
        } else {
            in->number_missing = true;
        }
        ok = stmt_close(&q);
    }
    if (ok && phone_id != 0 && (ok = stmt_open(s, STMT_FOLD_DIALS, &q, err))) {
        int64_t day = at - DAY_S, next = at;
        if (in->place.zone_count != 0) {
            day = zone_day_start(in->place.zones[0], at, 0);
            next = zone_day_start(in->place.zones[0], at, 1);
        }
        stmt_int(&q, ":phone", phone_id);
        stmt_int(&q, ":prospect", prospect_id);
        while (stmt_row(&q, err))
            in->number_dials_today += stmt_column_int(&q, 0) >= day && stmt_column_int(&q, 0) < next;
        ok = stmt_close(&q);
    }
    if (ok && (ok = stmt_open(s, STMT_VERDICT_PROMISE, &q, err))) {
        stmt_int(&q, ":prospect", prospect_id);
        if (stmt_row(&q, err)) {
            in->due_at = stmt_column_int(&q, 0);
            in->asked_at = stmt_column_int(&q, 1);
        }
        ok = stmt_close(&q);
    }
    if (ok && (ok = stmt_open(s, STMT_CLAIM_OTHER, &q, err))) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":at", at);
        stmt_text(&q, ":holder", s->holder);
        in->claimed_by_other = stmt_row(&q, err);
        ok = stmt_close(&q);
    }
    return ok;
}

bool prospect_verdict(struct store *s, int64_t prospect_id, int64_t list_id, int64_t phone_id, int64_t at, struct verdict *ret,
                      struct place *ret_place, struct error *err)
{
    struct gate_input in = {.due_at = AT_NONE, .asked_at = AT_NONE, .not_before = AT_NONE};
    struct member_row member;
    if (!store_begin_read(s, err))
        return false;
    bool ok = policies_know(s, err);
    struct stmt q;
    if (ok && list_id == 0 && (ok = stmt_open(s, STMT_MEMBER_COUNTS, &q, err))) {
        stmt_int(&q, ":prospect", prospect_id);
        list_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
        ok = stmt_close(&q);
    }
    ok = ok && member_get(s, list_id, prospect_id, &member, err);
    if (ok) {
        in.state = member.state;
        in.not_before = member.not_before;
    }
    ok = ok && verdict_facts(s, prospect_id, list_id, phone_id, at, &in, err);
    store_end_read(s);
    if (!ok)
        return false;
    if (in.state != STATE_CALLBACK) /* a promise that suppression or the end of the prospect overtook */
        in.due_at = AT_NONE;
    *ret = callable(&in, policy_of(s, list_id), at);
    if (ret_place != NULL)
        *ret_place = in.place;
    return true;
}
