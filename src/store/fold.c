/* SPDX-License-Identifier: MIT */
/*
 * Materialised columns: what the queue reads is the fold of the facts, written whenever a fact changes.
 *
 * Nothing here decides: schedule's fold() does. This file gathers its input and writes its answer.
 */
#include "key.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

struct facts {
    struct arena arena;
    struct fold_input in;
    struct str zones, country, state;
    bool said;                                   /* zones are a person's word */
    struct str guessed, guessed_by, stored_reach; /* zones without it, their source, and as is kept of the number that comes first */
    struct str *reaches;                         /* of each number */
    struct law_person person;
    struct str *laws, law, stored_law; /* of each number; of none; as it is kept */
    int64_t company_id, phone_id;
    int rank;
    struct {
        int64_t id, due_at;
        int tries;
    } *stored;          /* what the callbacks' columns say now */
};

static bool load_prospect(struct store *s, int64_t prospect_id, int64_t now, struct facts *f, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FOLD_PROSPECT, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":now", now);
    bool found = stmt_row(&q, err);
    if (found) {
        f->zones = stmt_column_copy(&q, 0, &f->arena);
        f->country = stmt_column_copy(&q, 1, &f->arena);
        f->in.archived = stmt_column_int(&q, 2) != 0;
        f->company_id = stmt_column_int(&q, 3);
        f->rank = (int)stmt_column_int(&q, 4);
        f->phone_id = stmt_column_int(&q, 5);
        f->state = stmt_column_copy(&q, 6, &f->arena);
        f->stored_law = stmt_column_copy(&q, 7, &f->arena);
        f->said = stmt_column_int(&q, 8) != 0;
        f->guessed = stmt_column_copy(&q, 9, &f->arena);
        f->guessed_by = stmt_column_copy(&q, 10, &f->arena);
        f->stored_reach = stmt_column_copy(&q, 11, &f->arena);
        f->in.suppressed = stmt_column_int(&q, 12) != 0;
    }
    if (!stmt_close(&q))
        return false;
    if (!found)
        return error_set(err, ERR_NOT_FOUND, "no prospect %lld", (long long)prospect_id);
    return true;
}

static struct str law_of(struct store *s, struct facts *f, struct str region, struct str state)
{
    struct buf text;
    buf_init(&text);
    law_text(s, &f->person, f->country, f->state, region, state, &text);
    struct str kept = arena_str(&f->arena, buf_str(&text));
    buf_done(&text);
    return kept;
}

/* A sale is a relationship, and consent is read from what the files and people said. */
static bool load_person(struct store *s, int64_t prospect_id, struct facts *f, struct error *err)
{
    if (!law_person_load(s, prospect_id, &f->person, err))
        return false;
    for (size_t i = 0; i < f->in.touches_count; i++) {
        const struct fold_touch *t = &f->in.touches[i];
        if (t->outcome != NULL && !t->voided && t->outcome->effect == EFFECT_SALE)
            law_person_sale(&f->person, t->at);
    }
    f->law = law_of(s, f, STR(""), STR(""));
    f->in.place = place_of(s, f->zones, f->law);
    return true;
}

static bool load_touches(struct store *s, int64_t prospect_id, struct facts *f, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FOLD_TOUCHES, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    size_t count = 0, room = 0;
    struct fold_touch *touches = NULL;
    while (stmt_row(&q, err)) {
        if (count == room) {
            room = room ? room * 2 : 16;
            touches = alloc_resize(touches, room, sizeof *touches);
        }
        struct fold_touch *t = &touches[count++];
        *t = (struct fold_touch){.at = stmt_column_int(&q, 0),
                                 .uid = stmt_column_uid(&q, 1),
                                 .outcome = outcome_by_id(&s->outcomes, stmt_column_int(&q, 2)),
                                 .call = str_is(stmt_column_str(&q, 3), "call"),
                                 .outbound = str_is(stmt_column_str(&q, 4), "out"),
                                 .dialed = stmt_column_int(&q, 5) != 0,
                                 .voided = stmt_column_int(&q, 6) == 0,
                                 .phone_id = stmt_column_int(&q, 7)};
        /* A call that was undone or corrected and went on under a new row is one call placed, not two. */
        for (size_t i = count - 1; i-- > 0 && touches[i].at == t->at;)
            if (touches[i].phone_id == t->phone_id && touches[i].call && t->call) {
                if (touches[i].voided && t->dialed)
                    touches[i].dialed = false;
                else if (t->voided)
                    t->dialed = false;
            }
    }
    if (count != 0) {
        struct fold_touch *kept = ARENA_ARRAY(&f->arena, struct fold_touch, count);
        memcpy(kept, touches, count * sizeof *kept);
        f->in.touches = kept;
        f->in.touches_count = count;
    }
    free(touches);
    return stmt_close(&q);
}

/* Of promises and skips the newest: the statements give them first, and an old one of so many is over. */
enum { MOST_CALLBACKS = 256, MOST_SKIPS = 256, MOST_PHONES = 64, MOST_DIALS = 128 };

static bool load_callbacks(struct store *s, int64_t prospect_id, struct facts *f, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FOLD_CALLBACKS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    struct fold_callback *rows = NULL;
    size_t count = 0;
    while (count < MOST_CALLBACKS && stmt_row(&q, err)) {
        if (rows == NULL) {
            rows = ARENA_ARRAY(&f->arena, struct fold_callback, MOST_CALLBACKS);
            f->stored = arena_alloc(&f->arena, MOST_CALLBACKS, sizeof *f->stored);
        }
        struct fold_callback *c = &rows[count];
        c->id = stmt_column_int(&q, 0);
        callback_kind_parse(stmt_column_str(&q, 1), &c->kind);
        c->made_at = stmt_column_int(&q, 2);
        c->asked_at = stmt_column_int(&q, 3);
        c->cancelled = stmt_column_int(&q, 4) != 0;
        f->stored[count].id = c->id;
        f->stored[count].due_at = stmt_column_at(&q, 5);
        f->stored[count].tries = (int)stmt_column_int(&q, 6);
        count++;
    }
    f->in.callbacks = rows;
    f->in.callbacks_count = count;
    return stmt_close(&q);
}

static bool load_skips(struct store *s, int64_t prospect_id, struct facts *f, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FOLD_SKIPS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    struct fold_skip *rows = NULL;
    size_t count = 0;
    while (count < MOST_SKIPS && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(&f->arena, struct fold_skip, MOST_SKIPS);
        struct str kind = stmt_column_str(&q, 2);
        rows[count++] = (struct fold_skip){.at = stmt_column_int(&q, 0),
                                           .until_at = stmt_column_at(&q, 1),
                                           .keep = str_is(kind, "keep"),
                                           .to_review = str_is(kind, "review")};
    }
    f->in.skips = rows;
    f->in.skips_count = count;
    return stmt_close(&q);
}

static bool load_phones(struct store *s, int64_t prospect_id, struct facts *f, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FOLD_PHONES, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    struct fold_phone *rows = NULL;
    size_t count = 0;
    while (count < MOST_PHONES && stmt_row(&q, err)) {
        if (rows == NULL) {
            rows = ARENA_ARRAY(&f->arena, struct fold_phone, MOST_PHONES);
            f->laws = ARENA_ARRAY(&f->arena, struct str, MOST_PHONES);
            f->reaches = ARENA_ARRAY(&f->arena, struct str, MOST_PHONES);
        }
        bool bad = stmt_column_int(&q, 1) != 0, suppressed = stmt_column_int(&q, 2) != 0;
        rows[count] = (struct fold_phone){.id = stmt_column_int(&q, 0), .usable = !bad && !suppressed, .suppressed = suppressed,
                                          .other_at = AT_NONE, .refused_at = AT_NONE};
        /* a toll-free number is nowhere in particular: the address says where */
        bool nowhere = str_is(stmt_column_str(&q, 5), "toll-free") && f->country.len != 0;
        f->laws[count] = nowhere ? f->law : law_of(s, f, stmt_column_str(&q, 3), stmt_column_str(&q, 4));
        f->reaches[count] = number_reach(f->guessed, f->guessed_by, stmt_column_str(&q, 6), &f->arena);
        struct place *place = ARENA_NEW(&f->arena, struct place);
        *place = place_of(s, f->said ? f->zones : f->reaches[count], f->laws[count]);
        if (count == 0)
            f->in.place = *place;
        rows[count++].place = place;
    }
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!stmt_open(s, STMT_FOLD_DIALS, &q, err))
            return false;
        stmt_int(&q, ":phone", rows[i].id);
        stmt_int(&q, ":prospect", prospect_id);
        int64_t *dials = NULL;
        bool *answered = NULL;
        while (rows[i].dials_count < MOST_DIALS && stmt_row(&q, err)) {
            if (dials == NULL) {
                dials = ARENA_ARRAY(&f->arena, int64_t, MOST_DIALS);
                answered = ARENA_ARRAY(&f->arena, bool, MOST_DIALS);
            }
            answered[rows[i].dials_count] = stmt_column_int(&q, 3) != 0;
            int64_t at = stmt_column_int(&q, 0);
            dials[rows[i].dials_count++] = at;
            if (stmt_column_int(&q, 1) != 0 && at > rows[i].other_at)
                rows[i].other_at = at;
            if (stmt_column_int(&q, 2) != 0 && at > rows[i].refused_at)
                rows[i].refused_at = at;
        }
        rows[i].dials_at = dials;
        rows[i].dials_answered = answered;
        if (!stmt_close(&q))
            return false;
    }
    f->in.phones = rows;
    f->in.phones_count = count;
    return true;
}

static bool load_facts(struct store *s, int64_t prospect_id, int64_t now, struct facts *f, struct error *err)
{
    return policies_know(s, err) && load_prospect(s, prospect_id, now, f, err) && load_touches(s, prospect_id, f, err) && load_person(s, prospect_id, f, err) &&
           load_callbacks(s, prospect_id, f, err) && load_skips(s, prospect_id, f, err) &&
           load_phones(s, prospect_id, f, err);
}

/* ---- writing ---- */

struct member {
    int64_t list_id, not_before, touched_at, cell_id, ready_cell, wake_at;
    enum prospect_state state;
    int attempts, rank;
    bool shadow;
    struct member_key key;
};
enum { MOST_LISTS = 64 };

static bool members_load(struct store *s, int64_t prospect_id, struct member *rows, size_t *ret_count, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_MEMBERS_OF, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    size_t count = 0;
    while (count < MOST_LISTS && stmt_row(&q, err)) {
        struct member *m = &rows[count++];
        *m = (struct member){.list_id = stmt_column_int(&q, 0),
                             .not_before = stmt_column_at(&q, 2),
                             .attempts = (int)stmt_column_int(&q, 3),
                             .touched_at = stmt_column_int(&q, 4),
                             .rank = (int)stmt_column_int(&q, 5),
                             .cell_id = stmt_column_int(&q, 6),
                             .shadow = stmt_column_int(&q, 7) != 0,
                             .ready_cell = stmt_column_int(&q, 8),
                             .wake_at = stmt_column_at(&q, 9),
                             .key = {.sort = stmt_column_double(&q, 10), .band_until = stmt_column_at(&q, 11)}};
        if (!state_parse_name(stmt_column_str(&q, 1), &m->state))
            m->state = STATE_COUNT_; /* a word of a damaged file: differs from every fold */
    }
    *ret_count = count;
    return stmt_close(&q);
}

/* How callable a state is: a prospect of several lists counts under the list where it is most so. */
static int readiness(enum prospect_state state)
{
    switch (state) {
    case STATE_CALLBACK:
    case STATE_READY:
        return 0;
    case STATE_RESTING:
        return 1;
    case STATE_BOOKED:
        return 2;
    case STATE_CAPPED:
        return 3;
    default:
        return 4;
    }
}

static struct member member_of_result(const struct member *old, const struct fold_result *r, int rank, int64_t cell_id,
                                      int64_t now)
{
    struct member m = {.list_id = old->list_id,
                       .state = r->state,
                       .not_before = r->not_before,
                       .attempts = r->attempts,
                       .touched_at = r->touched_at,
                       .rank = r->touched_at == AT_NONE ? rank : 0, /* named by a colleague: first once */
                       .cell_id = cell_id,
                       .wake_at = AT_NONE};
    bool waits = r->state == STATE_RESTING || r->state == STATE_CAPPED || r->state == STATE_BOOKED;
    if (r->state == STATE_READY || (waits && r->not_before != AT_NONE && r->not_before <= now))
        m.ready_cell = cell_id;
    else if (waits && r->not_before != AT_NONE)
        m.wake_at = r->not_before;
    return m;
}

static bool member_same(const struct member *a, const struct member *b)
{
    return a->state == b->state && a->not_before == b->not_before && a->attempts == b->attempts &&
           a->touched_at == b->touched_at && a->rank == b->rank && a->cell_id == b->cell_id && a->shadow == b->shadow &&
           a->ready_cell == b->ready_cell && a->wake_at == b->wake_at && a->key.sort == b->key.sort &&
           a->key.band_until == b->key.band_until;
}

static bool member_write(struct store *s, int64_t prospect_id, const struct member *m, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_MEMBER_SET, &q, err))
        return false;
    stmt_int(&q, ":list", m->list_id);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_text(&q, ":state", state_name(m->state));
    stmt_at(&q, ":not_before", m->not_before);
    stmt_int(&q, ":attempts", m->attempts);
    stmt_int(&q, ":touched_at", m->touched_at);
    stmt_int(&q, ":rank", m->rank);
    stmt_int(&q, ":cell", m->cell_id);
    stmt_int(&q, ":shadow", m->shadow);
    stmt_id(&q, ":ready_cell", m->ready_cell);
    stmt_at(&q, ":wake_at", m->wake_at);
    member_key_bind(&q, &m->key);
    return stmt_run(&q, err);
}

struct folded {
    struct member members[MOST_LISTS], old[MOST_LISTS];
    size_t count;
    struct fold_result first; /* of the list where the prospect counts */
    int64_t *callback_due;
};

/* The laws of the number that would be dialled. */
static struct str law_chosen(const struct facts *f, int64_t phone_id)
{
    for (size_t i = 0; i < f->in.phones_count; i++)
        if (f->in.phones[i].id == phone_id)
            return f->laws[i];
    return f->in.phones_count != 0 ? f->laws[0] : f->law;
}

/* Where it rings, as far as anybody knows without the person's own word. */
static struct str reach_chosen(const struct facts *f, int64_t phone_id)
{
    for (size_t i = 0; i < f->in.phones_count; i++)
        if (f->in.phones[i].id == phone_id)
            return f->reaches[i];
    return f->in.phones_count != 0 ? f->reaches[0] : STR("");
}

/* What the queue stores of the number that comes first is what its history says. */
static bool first_stored(const struct facts *f, const struct fold_result *first)
{
    return first->phone_id == f->phone_id && str_eq(law_chosen(f, first->phone_id), f->stored_law) &&
           str_eq(reach_chosen(f, first->phone_id), f->stored_reach);
}

static bool fold_all(struct store *s, int64_t prospect_id, struct facts *f, int64_t now, struct folded *ret,
                     struct error *err)
{
    struct traits traits = {.id = prospect_id}, *known = NULL;
    if (!members_load(s, prospect_id, ret->old, &ret->count, err))
        return false;
    if (f->in.callbacks_count != 0)
        ret->callback_due = ARENA_ARRAY(&f->arena, int64_t, f->in.callbacks_count);
    size_t best = 0;
    for (size_t i = 0; i < ret->count; i++) {
        struct fold_result r;
        f->in.policy = policy_of(s, ret->old[i].list_id);
        fold(&f->in, &r, ret->callback_due);
        if (known == NULL && policy_needs_traits(f->in.policy)) {
            if (!traits_load(s, prospect_id, &f->arena, &traits, err))
                return false;
            known = &traits;
        }
        struct member_key key;
        int64_t cell_id;
        if (!member_key(s, f->in.policy, &traits, &r, now, &key, err) ||
            !cell_of(s, f->said || f->in.phones_count == 0 ? f->zones : reach_chosen(f, r.phone_id), law_chosen(f, r.phone_id),
                     str_of(key.segment), key.band, &cell_id, err))
            return false;
        ret->members[i] = member_of_result(&ret->old[i], &r, f->rank, cell_id, now);
        ret->members[i].key = key;
        if (i == 0 || readiness(r.state) < readiness(ret->members[best].state)) {
            best = i;
            ret->first = r;
        }
    }
    if (ret->count == 0) { /* in no list: numbers and promises still have an answer */
        f->in.policy = &s->base;
        fold(&f->in, &ret->first, ret->callback_due);
    }
    for (size_t i = 0; i < ret->count; i++)
        ret->members[i].shadow = i != best;
    return true;
}

static int tries_of(const struct facts *f, const struct folded *folded, size_t callback)
{
    return f->in.callbacks[callback].id == folded->first.callback_id ? folded->first.tries : 0;
}

static bool callbacks_write(struct store *s, const struct facts *f, const struct folded *folded, struct error *err)
{
    for (size_t i = 0; i < f->in.callbacks_count; i++) {
        int64_t due = folded->callback_due[i];
        int tries = tries_of(f, folded, i);
        if (due == f->stored[i].due_at && tries == f->stored[i].tries)
            continue;
        struct stmt q;
        if (!stmt_open(s, STMT_CALLBACK_MATERIAL, &q, err))
            return false;
        stmt_int(&q, ":callback", f->in.callbacks[i].id);
        stmt_at(&q, ":due", due);
        stmt_int(&q, ":tries", tries);
        if (!stmt_run(&q, err))
            return false;
    }
    return true;
}

bool prospect_refold(struct store *s, int64_t prospect_id, int64_t now, struct error *err)
{
    struct facts f = {0};
    struct folded folded = {.count = 0};
    bool ok = load_facts(s, prospect_id, now, &f, err) && fold_all(s, prospect_id, &f, now, &folded, err) &&
              callbacks_write(s, &f, &folded, err);
    for (size_t i = 0; ok && i < folded.count; i++)
        if (!member_same(&folded.members[i], &folded.old[i]))
            ok = member_write(s, prospect_id, &folded.members[i], err);
    if (ok && !first_stored(&f, &folded.first)) {
        struct stmt q;
        ok = stmt_open(s, STMT_PROSPECT_PHONE, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", prospect_id);
            stmt_id(&q, ":phone", folded.first.phone_id);
            stmt_str(&q, ":law", law_chosen(&f, folded.first.phone_id));
            stmt_str(&q, ":reach", reach_chosen(&f, folded.first.phone_id));
            ok = stmt_run(&q, err);
        }
    }
    arena_done(&f.arena);
    return ok;
}

bool prospect_law(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t list_id, int64_t now, struct gate_input *in,
                  struct error *err)
{
    struct facts f = {0};
    bool ok = load_facts(s, prospect_id, now, &f, err);
    if (ok) {
        f.in.policy = policy_of(s, list_id);
        in->place = f.in.place;
        for (size_t i = 0; i < f.in.phones_count; i++)
            if (f.in.phones[i].id == phone_id) {
                in->place = *f.in.phones[i].place;
                number_legal(&f.in, &f.in.phones[i], &in->legal_until, &in->legal_cause, &in->line_rests_until);
            }
    }
    arena_done(&f.arena);
    return ok;
}

bool prospect_fold_differs(struct store *s, int64_t prospect_id, struct buf *out, struct error *err)
{
    struct facts f = {0};
    struct folded folded = {.count = 0};
    bool ok = load_facts(s, prospect_id, s->opened_at, &f, err);
    /* A reader cannot make cells, and whether a row is parked is the clock's matter: both are compared apart. */
    if (ok)
        ok = members_load(s, prospect_id, folded.old, &folded.count, err);
    if (ok && f.in.callbacks_count != 0)
        folded.callback_due = ARENA_ARRAY(&f.arena, int64_t, f.in.callbacks_count);
    for (size_t i = 0; ok && i < folded.count; i++) {
        struct fold_result r;
        const struct member *m = &folded.old[i];
        f.in.policy = policy_of(s, m->list_id);
        fold(&f.in, &r, folded.callback_due);
        if (i == 0 || readiness(r.state) < readiness(folded.first.state))
            folded.first = r;
        bool indexed = m->ready_cell != 0, parked = m->wake_at != AT_NONE;
        bool waits = (r.state == STATE_RESTING || r.state == STATE_CAPPED || r.state == STATE_BOOKED) &&
                     r.not_before != AT_NONE;
        bool placed = r.state == STATE_READY ? indexed && !parked
                      : waits                ? indexed != parked && (!parked || m->wake_at == r.not_before)
                                             : !indexed && !parked;
        if (m->state != r.state || m->not_before != r.not_before || m->attempts != r.attempts ||
            m->touched_at != r.touched_at || !placed)
            buf_printf(out, "prospect %lld in list %lld: stored as %s, %d attempts; its history says %s, %d attempts\n",
                       (long long)prospect_id, (long long)m->list_id,
                       m->state == STATE_COUNT_ ? "?" : state_name(m->state), m->attempts, state_name(r.state),
                       r.attempts);
    }
    for (size_t i = 0; ok && folded.count != 0 && i < f.in.callbacks_count; i++)
        if (folded.callback_due[i] != f.stored[i].due_at || tries_of(&f, &folded, i) != f.stored[i].tries)
            buf_printf(out, "callback %lld of prospect %lld: due time or tries differ from its history\n",
                       (long long)f.in.callbacks[i].id, (long long)prospect_id);
    if (ok && folded.count != 0 && !first_stored(&f, &folded.first))
        buf_printf(out, "prospect %lld: the number that comes first, its law or its zones, differ from its history\n", (long long)prospect_id);
    arena_done(&f.arena);
    return ok;
}
