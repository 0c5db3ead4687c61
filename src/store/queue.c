/* SPDX-License-Identifier: MIT */
/*
 * The head of the queue: due promises first, then a merge of the open cells' best rows from one index.
 *
 * A cell is a zone set and a working week: the clock moves one answer per cell, never a row. Whether a cell is open is
 * schedule's answer; which of two rows is first is schedule's order. Here are only the cursors.
 */
#include "queue.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

/* ---- cells at an instant ---- */

static bool cell_get(struct store *s, int64_t cell_id, struct cell_now *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_CELL_GET, &q, err))
        return false;
    stmt_int(&q, ":cell", cell_id);
    if (stmt_row(&q, err)) {
        ret->place = place_of(s, stmt_column_str(&q, 0), stmt_column_str(&q, 1));
        struct str segment = stmt_column_str(&q, 2);
        memcpy(ret->segment, segment.at, segment.len < SEGMENT_SIZE ? segment.len : SEGMENT_SIZE - 1);
        ret->band = (int)stmt_column_int(&q, 3);
    }
    return stmt_close(&q);
}

double list_gamma(struct store *s, int64_t list_id)
{
    enum { HORIZON_DAYS = 10, DAY_MOST_MIN = 8 * 60, CAP_NONE = 6 };
    const struct policy *p = policy_of(s, list_id);
    int day_min = p->hours_end_min - p->hours_start_min;
    double open = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_LIST_TALLY, &q, NULL))
        return 0;
    stmt_int(&q, ":list", list_id);
    while (stmt_row(&q, NULL)) {
        enum prospect_state state;
        if (!state_parse_name(stmt_column_str(&q, 0), &state))
            continue;
        enum state_group group = state_group(state);
        if (group != GROUP_DONE && group != GROUP_BLOCKED)
            open += (double)stmt_column_int(&q, 1);
    }
    /* tries made are not counted off: so it grows later rather than sooner */
    return stmt_close(&q) ? learn_gamma(HORIZON_DAYS * (double)(day_min < DAY_MOST_MIN ? day_min : DAY_MOST_MIN),
                                        open * (p->attempt_cap > 0 ? p->attempt_cap : CAP_NONE))
                          : 0;
}

/* Cells are few; the same one is asked for again and again within a call. */
const struct cell_now *cell_at(struct store *s, struct cells *cells, int64_t list_id, int64_t cell_id, int64_t at,
                                      struct error *err)
{
    for (size_t i = cells->count; i-- > 0;)
        if (cells->rows[i].cell_id == cell_id && cells->rows[i].list_id == list_id)
            return &cells->rows[i];
    if (cells->count == cells->room) {
        cells->room = cells->room ? cells->room * 2 : 32;
        cells->rows = alloc_resize(cells->rows, cells->room, sizeof *cells->rows);
    }
    struct cell_now *c = &cells->rows[cells->count];
    *c = (struct cell_now){.list_id = list_id, .cell_id = cell_id, .closes_at = AT_NONE, .opens_at = AT_NONE,
                           .band = BAND_ANY, .factor = 1};
    if (!cell_get(s, cell_id, c, err))
        return NULL;
    const struct policy *policy = policy_of(s, list_id);
    c->open = window_open(policy, &c->place, at, &c->closes_at, &c->opens_at);
    cells->count++;
    if (!c->open)
        return c;
    c->before = order_before(policy, &c->place, at);
    if (policy_learns(policy)) {
        struct learner *l = lessons(s, err);
        if (l == NULL)
            return NULL;
        struct learn_cell cell = lesson_cell(policy, &c->place, str_of(c->segment), c->band, at);
        if (cells->gamma_list_id != list_id) {
            cells->gamma_list_id = list_id;
            cells->gamma = list_gamma(s, list_id);
        }
        cell.gamma = cells->gamma;
        learner_cell(l, &cell, &c->factors);
        if (!lessons_speak(l))
            lessons_hush(&c->factors);
        c->factor = learn_product_cell(&c->factors);
    }
    return c;
}

/* ---- who is on somebody else's screen ---- */

bool claimed_by_others(struct store *s, int64_t at, struct arena *a, struct id_set *ret, struct error *err)
{
    enum { MOST = 1024 };
    struct stmt q;
    if (!stmt_open(s, STMT_CLAIMED, &q, err))
        return false;
    stmt_int(&q, ":at", at);
    stmt_text(&q, ":holder", s->holder);
    while (ret->count < MOST && stmt_row(&q, err)) {
        if (ret->at == NULL)
            ret->at = ARENA_ARRAY(a, int64_t, MOST);
        ret->at[ret->count++] = stmt_column_int(&q, 0);
    }
    return stmt_close(&q);
}

static bool id_in(const struct id_set *set, int64_t id)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->at[i] == id)
            return true;
    return false;
}

/* ---- the merge ---- */

enum { CHUNK = 16 };

struct candidate {
    struct order_key key;
    int64_t list_id, cell_id;
};

struct cursor {
    int64_t list_id, cell_id;
    double before, factor; /* the cell's part of the order */
    bool fresh;            /* of people who were never called, where every n-th shall be such a one */
    struct order_key rows[CHUNK];
    size_t at, count;
    bool last; /* nothing behind these */
};

static bool cursor_fill(struct store *s, struct cursor *c, bool all_lists, int64_t at, struct error *err)
{
    struct order_key from = {
        .rank = INT32_MIN, .sort = -DBL_MAX, .attempts = INT32_MIN, .touched_at = INT64_MIN, .id = INT64_MIN};
    if (c->count != 0)
        from = c->rows[c->count - 1];
    struct stmt q;
    if (!stmt_open(s, STMT_READY_CHUNK, &q, err))
        return false;
    stmt_int(&q, ":list", c->list_id);
    stmt_int(&q, ":cell", c->cell_id);
    stmt_int(&q, ":rank", from.rank);
    stmt_double(&q, ":sort", from.sort);
    stmt_int(&q, ":attempts", from.attempts);
    stmt_int(&q, ":touched", from.touched_at);
    stmt_int(&q, ":id", from.id);
    stmt_int(&q, ":shadow", all_lists ? 0 : 1);
    stmt_int(&q, ":at", at);
    stmt_int(&q, ":most", CHUNK);
    c->at = c->count = 0;
    while (c->count < CHUNK && stmt_row(&q, err))
        c->rows[c->count++] = (struct order_key){.id = stmt_column_int(&q, 0),
                                                 .rank = (int)stmt_column_int(&q, 1),
                                                 .before = c->before,
                                                 .cell = c->factor,
                                                 .sort = stmt_column_double(&q, 4),
                                                 .attempts = (int)stmt_column_int(&q, 2),
                                                 .touched_at = stmt_column_int(&q, 3)};
    c->last = c->count < CHUNK;
    return stmt_close(&q);
}

static int candidate_compare(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return order_compare(&x->key, &y->key);
}

struct merge {
    struct store *s;
    bool all_lists;
    int64_t at;
    struct cursor *cursors;
    size_t cursors_count;
    struct candidate *late; /* parked rows whose time came and that nobody woke yet: in order */
    size_t late_count, late_at;
    int new_every, taken; /* of the list's policy; how many were given so far */
};

static bool merge_open(struct merge *m, int64_t list_id, struct cells *cells, struct error *err)
{
    struct store *s = m->s;
    struct {
        int64_t list_id, cell_id;
    } *pairs = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(s, m->all_lists ? STMT_TALLY_ALL : STMT_TALLY_LIST, &q, err))
        return false;
    if (!m->all_lists)
        stmt_int(&q, ":list", list_id);
    while (stmt_row(&q, err)) {
        int64_t list = stmt_column_int(&q, 0), cell = stmt_column_int(&q, 2);
        bool known = cell == 0;
        for (size_t i = count; !known && i-- > 0;)
            known = pairs[i].cell_id == cell && pairs[i].list_id == list;
        if (known)
            continue;
        if (count == room) {
            room = room ? room * 2 : 32;
            pairs = alloc_resize(pairs, room, sizeof *pairs);
        }
        pairs[count].list_id = list;
        pairs[count++].cell_id = cell;
    }
    bool ok = stmt_close(&q);
    m->cursors = alloc_zeroed(count, sizeof *m->cursors);
    for (size_t i = 0; ok && i < count; i++) {
        const struct cell_now *cell = cell_at(s, cells, pairs[i].list_id, pairs[i].cell_id, m->at, err);
        ok = cell != NULL;
        if (!ok || !cell->open)
            continue;
        struct cursor *c = &m->cursors[m->cursors_count];
        *c = (struct cursor){
            .list_id = pairs[i].list_id, .cell_id = pairs[i].cell_id, .before = cell->before, .factor = cell->factor,
            .fresh = cell->band == BAND_NEW};
        ok = cursor_fill(s, c, m->all_lists, m->at, err);
        if (c->count != 0)
            m->cursors_count++;
    }
    free(pairs);
    return ok;
}

static bool merge_late(struct merge *m, int64_t list_id, struct cells *cells, struct error *err)
{
    struct candidate *rows = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(m->s, STMT_READY_LATE, &q, err))
        return false;
    stmt_int(&q, ":at", m->at);
    stmt_int(&q, ":list", list_id);
    stmt_int(&q, ":shadow", m->all_lists ? 0 : 1);
    while (stmt_row(&q, err)) {
        if (count == room) {
            room = room ? room * 2 : 32;
            rows = alloc_resize(rows, room, sizeof *rows);
        }
        rows[count++] = (struct candidate){.list_id = stmt_column_int(&q, 0),
                                           .cell_id = stmt_column_int(&q, 2),
                                           .key = {.id = stmt_column_int(&q, 1),
                                                   .rank = (int)stmt_column_int(&q, 3),
                                                   .attempts = (int)stmt_column_int(&q, 4),
                                                   .touched_at = stmt_column_int(&q, 5),
                                                   .sort = stmt_column_double(&q, 6)}};
    }
    bool ok = stmt_close(&q);
    m->late = alloc_zeroed(count, sizeof *m->late);
    for (size_t i = 0; ok && i < count; i++) {
        const struct cell_now *cell = cell_at(m->s, cells, rows[i].list_id, rows[i].cell_id, m->at, err);
        ok = cell != NULL;
        if (!ok || !cell->open)
            continue;
        rows[i].key.before = cell->before;
        rows[i].key.cell = cell->factor;
        m->late[m->late_count++] = rows[i];
    }
    qsort(m->late, m->late_count, sizeof *m->late, candidate_compare);
    free(rows);
    return ok;
}

/* Of two cursors: the kind whose turn it is, then the order. */
static bool cursor_before(const struct cursor *a, const struct cursor *b, bool turns, bool fresh)
{
    if (turns && a->fresh != b->fresh)
        return a->fresh == fresh;
    return order_compare(&a->rows[a->at], &b->rows[b->at]) < 0;
}

/* false: nobody is left, or err */
static bool merge_next(struct merge *m, struct candidate *ret, struct error *err)
{
    struct cursor *best = NULL;
    bool turns = m->new_every > 1, fresh = turns && m->taken % m->new_every == m->new_every - 1;
    m->taken++;
    for (size_t i = 0; i < m->cursors_count; i++) {
        struct cursor *c = &m->cursors[i];
        if (c->at == c->count && !c->last && !cursor_fill(m->s, c, m->all_lists, m->at, err))
            return false;
        if (c->at < c->count && (best == NULL || cursor_before(c, best, turns, fresh)))
            best = c;
    }
    bool late = m->late_at < m->late_count;
    if (late && !(fresh && best != NULL && best->fresh) && (best == NULL || order_compare(&m->late[m->late_at].key, &best->rows[best->at]) < 0)) {
        *ret = m->late[m->late_at++];
        return true;
    }
    if (best == NULL)
        return false;
    *ret = (struct candidate){.key = best->rows[best->at++], .list_id = best->list_id, .cell_id = best->cell_id};
    return true;
}

bool row_detail(struct store *s, struct queue_row *row, int64_t at, struct arena *a, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_QUEUE_DETAIL, &q, err))
        return false;
    stmt_int(&q, ":prospect", row->prospect_id);
    stmt_int(&q, ":at", at);
    if (stmt_row(&q, err)) {
        row->name = stmt_column_copy(&q, 0, a);
        row->company = stmt_column_copy(&q, 1, a);
        row->phone_id = stmt_column_int(&q, 2);
        row->phone = stmt_column_copy(&q, 3, a);
        row->zones = stmt_column_copy(&q, 4, a);
        row->place = place_of(s, row->zones, stmt_column_str(&q, 5));
        row->reason.imported_at = stmt_column_int(&q, 6);
    }
    return stmt_close(&q);
}

bool member_get(struct store *s, int64_t list_id, int64_t prospect_id, struct member_row *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_MEMBER_GET, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    stmt_int(&q, ":prospect", prospect_id);
    *ret = (struct member_row){.key = {.id = prospect_id, .touched_at = AT_NONE},
                               .state = STATE_ARCHIVED, /* in no list: not callable */
                               .not_before = AT_NONE};
    if (stmt_row(&q, err)) {
        state_parse_name(stmt_column_str(&q, 0), &ret->state);
        ret->not_before = stmt_column_at(&q, 1);
        ret->key.attempts = (int)stmt_column_int(&q, 2);
        ret->key.touched_at = stmt_column_int(&q, 3);
        ret->key.rank = (int)stmt_column_int(&q, 4);
        ret->key.sort = stmt_column_double(&q, 5);
        ret->cell_id = stmt_column_int(&q, 6);
        if (stmt_column_blob(&q, 7, ret->factors.value, KEY_FACTORS * sizeof(double)) == 0)
            ret->factors.value[0] = 0;
    }
    return stmt_close(&q);
}

bool callbacks_due(struct store *s, int64_t list_id, int64_t at, struct due **ret, size_t *ret_count, struct error *err)
{
    struct stmt q;
    *ret = NULL;
    *ret_count = 0;
    if (!stmt_open(s, STMT_CALLBACKS_DUE, &q, err))
        return false;
    stmt_int(&q, ":until", at + 60);
    stmt_int(&q, ":list", list_id);
    while (stmt_row(&q, err)) {
        int64_t list = stmt_column_int(&q, 5), prospect = stmt_column_int(&q, 0);
        bool again = list == 0; /* suppressed, done: no member stands as 'callback' */
        for (size_t i = 0; !again && i < *ret_count; i++)
            again = (*ret)[i].prospect_id == prospect;
        if (again)
            continue;
        *ret = alloc_resize(*ret, *ret_count + 1, sizeof **ret);
        struct due *d = &(*ret)[(*ret_count)++];
        *d = (struct due){.prospect_id = prospect,
                          .list_id = list,
                          .due_at = stmt_column_int(&q, 1),
                          .asked_at = stmt_column_int(&q, 2),
                          .tries = (int)stmt_column_int(&q, 4)};
        callback_kind_parse(stmt_column_str(&q, 3), &d->kind);
    }
    return stmt_close(&q);
}

struct verdict due_verdict(struct store *s, const struct due *d, const struct queue_row *row, int64_t at)
{
    struct gate_input in = {.state = STATE_CALLBACK,
                            .not_before = d->due_at,
                            .due_at = d->due_at,
                            .asked_at = d->asked_at,
                            .place = row->place,
                            .number_missing = row->phone_id == 0};
    return callable(&in, policy_of(s, d->list_id), at);
}

static void reason_common(struct store *s, struct queue_row *row)
{
    row->reason.rank = row->key.rank;
    row->reason.attempts = row->key.attempts;
    row->reason.attempt_cap = policy_of(s, row->list_id)->attempt_cap;
    row->reason.touched_at = row->key.touched_at;
    row->reason.state = row->state;
    row->reason.zone = zone_local(s->zones);
    row->attempts = row->key.attempts;
}

enum { TOKENS_MOST = 50 }; /* a longer queue is glanced at: its rows do without what their sale chance rests on */

/* A cold row: what the order knew of it, and the factors that made it. */
static bool row_of(struct store *s, const struct candidate *c, struct cells *cells, int64_t at, bool with_tokens, struct arena *a,
                   struct queue_row *row, struct error *err)
{
    struct member_row member;
    const struct cell_now *cell = cell_at(s, cells, c->list_id, c->cell_id, at, err);
    *row = (struct queue_row){.prospect_id = c->key.id, .list_id = c->list_id, .state = STATE_READY, .key = c->key};
    if (cell == NULL || !member_get(s, row->list_id, row->prospect_id, &member, err))
        return false;
    row->factors = member.factors;
    row->learned = row->factors.value[0] > 0;
    if (row->learned)
        memcpy(&row->factors.value[KEY_FACTORS], &cell->factors.value[KEY_FACTORS],
               (FACTOR_COUNT_ - KEY_FACTORS) * sizeof(double));
    row->cell = lesson_cell(policy_of(s, c->list_id), &cell->place, arena_str(a, str_of(cell->segment)), cell->band, at);
    reason_common(s, row);
    row->reason.closes_at = cell->closes_at;
    row->reason.due_at = AT_NONE;
    return row_detail(s, row, at, a, err) && row_reason(s, row, with_tokens, a, err);
}

bool queue_head(struct store *s, int64_t list_id, int64_t at, int limit, struct arena *a, const struct queue_row **ret,
                size_t *ret_count, struct error *err)
{
    size_t most = limit > 0 ? (size_t)limit : 0, count = 0;
    struct queue_row *rows = ARENA_ARRAY(a, struct queue_row, most ? most : 1);
    struct id_set claimed = {0};
    struct cells cells = {0};
    struct merge m = {.s = s, .all_lists = list_id == 0, .at = at};
    struct due *due = NULL;
    size_t due_count = 0;
    bool ok = store_begin_read(s, err);
    if (!ok)
        return false;
    ok = policies_know(s, err) && claimed_by_others(s, at, a, &claimed, err) && callbacks_due(s, list_id, at, &due, &due_count, err);
    for (size_t i = 0; ok && i < due_count && count < most; i++) {
        struct queue_row *row = &rows[count];
        struct member_row member;
        *row = (struct queue_row){.prospect_id = due[i].prospect_id, .list_id = due[i].list_id, .state = STATE_CALLBACK};
        ok = member_get(s, row->list_id, row->prospect_id, &member, err) && row_detail(s, row, at, a, err);
        row->key = member.key;
        struct verdict v = due_verdict(s, &due[i], row, at);
        if (!ok || !v.yes || id_in(&claimed, row->prospect_id))
            continue;
        reason_common(s, row);
        row->reason.due_at = due[i].due_at;
        row->reason.tries = due[i].tries;
        row->reason.kind = due[i].kind;
        row->reason.closes_at = v.closes_at;
        count++;
    }
    m.new_every = ok ? policy_of(s, list_id)->new_every : 0;
    ok = ok && merge_open(&m, list_id, &cells, err) && merge_late(&m, list_id, &cells, err);
    struct candidate c;
    struct error merge_err = {0};
    while (ok && count < most && merge_next(&m, &c, &merge_err)) {
        if (id_in(&claimed, c.key.id))
            continue;
        ok = row_of(s, &c, &cells, at, most <= TOKENS_MOST, a, &rows[count++], err);
    }
    if (merge_err.code != ERR_NONE)
        ok = error_set(err, merge_err.code, "%s", merge_err.text);
    store_end_read(s);
    free(due);
    free(m.cursors);
    free(m.late);
    free(cells.rows);
    if (ok) {
        *ret = rows;
        *ret_count = count;
    }
    return ok;
}
