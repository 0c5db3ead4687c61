/* SPDX-License-Identifier: MIT */
/*
 * What the calls taught, kept in the file: numbered pairs of doubles, a revision that tells other processes to read them
 * again, and the newest lessons' before-images, so that undo is exact. A cache of the touches: a lesson taken back in the
 * middle makes it stale, and it is learned again from the touches when nobody waits.
 */
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "key.h"

struct lessons {
    struct learner *learner;
    bool known;             /* what follows is what the file says */
    int64_t revision, generation, rekeyed;
    bool stale;
    /* Learning again: a second learner, up to a touch. */
    struct learner *again;
    int64_t again_at, again_touch, again_generation;
};

void lessons_forget(struct store *s)
{
    if (s->lessons != NULL)
        s->lessons->known = false;
}

static void again_stop(struct lessons *m)
{
    learner_free(m->again);
    m->again = NULL;
}

void lessons_free(struct store *s)
{
    if (s->lessons == NULL)
        return;
    again_stop(s->lessons);
    learner_free(s->lessons->learner);
    free(s->lessons);
    s->lessons = NULL;
}

int64_t lessons_generation(const struct store *s)
{
    return s->lessons->generation;
}

static bool state_get(struct store *s, struct lessons *m, int64_t *ret_revision, int64_t *ret_layout, struct error *err)
{
    struct stmt q;
    *ret_revision = 0;
    *ret_layout = LEARN_LAYOUT;
    if (!stmt_open(s, STMT_LEARN_STATE, &q, err))
        return false;
    m->stale = false;
    m->generation = m->rekeyed = 0;
    if (stmt_row(&q, err)) {
        *ret_layout = stmt_column_int(&q, 0);
        *ret_revision = stmt_column_int(&q, 1);
        m->stale = stmt_column_int(&q, 2) != 0 || *ret_layout != LEARN_LAYOUT;
        m->generation = stmt_column_int(&q, 3);
        m->rekeyed = stmt_column_int(&q, 4);
    }
    return stmt_close(&q);
}

static bool state_set(struct store *s, const struct lessons *m, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LEARN_STATE_SET, &q, err))
        return false;
    stmt_int(&q, ":layout", LEARN_LAYOUT);
    stmt_int(&q, ":revision", m->revision);
    stmt_int(&q, ":stale", m->stale);
    stmt_int(&q, ":generation", m->generation);
    stmt_int(&q, ":rekeyed", m->rekeyed);
    return stmt_run(&q, err);
}

struct learner *lessons(struct store *s, struct error *err)
{
    if (s->lessons == NULL) {
        s->lessons = alloc_zeroed(1, sizeof *s->lessons);
        s->lessons->learner = learner_new();
    }
    struct lessons *m = s->lessons;
    int64_t revision, layout;
    if (m->known && s->depth > 0 && s->lessons_seen) /* nobody else can have written since this transaction began */
        return m->learner;
    if (!state_get(s, m, &revision, &layout, err))
        return NULL;
    s->lessons_seen = s->depth > 0;
    if (m->known && revision == m->revision)
        return m->learner;
    learner_reset(m->learner);
    struct stmt q;
    if (!stmt_open(s, STMT_LEARN_SLOTS, &q, err))
        return NULL;
    while (layout == LEARN_LAYOUT && stmt_row(&q, err)) {
        double value[2] = {stmt_column_double(&q, 1), stmt_column_double(&q, 2)};
        learner_slot_set(m->learner, stmt_column_int(&q, 0), value); /* one of a damaged file is left out */
    }
    if (!stmt_close(&q))
        return NULL;
    m->revision = revision;
    m->known = true;
    return m->learner;
}

bool lessons_speak(const struct learner *l)
{
    double dials, talks, sales;
    learner_evidence(l, &dials, &talks, &sales);
    return dials >= LESSONS_FROM;
}

void lessons_hush(struct learn_factors *f)
{
    struct learn_factors prior;
    learn_factors_prior(&prior);
    for (int i = 0; i < FACTOR_COUNT_; i++)
        if (i != FACTOR_FRESH && i != FACTOR_FRESH_SALE)
            f->value[i] = prior.value[i];
}
/* ---- one lesson ---- */

struct learn_cell lesson_cell(const struct policy *p, const struct place *place, struct str segment, int band, int64_t at)
{
    struct civil there = place->zone_count > 0 ? zone_civil(place->zones[0], at) : civil_of_seconds(at);
    struct learn_cell c = {.segment = segment,
                           .band = band >= 0 && band < LEARN_BANDS ? band : LEARN_BAND_NONE,
                           .hour = there.hour,
                           .weekday = civil_weekday(&there)};
    for (int hour = p->hours_start_min / 60; hour < 24 && hour * 60 < p->hours_end_min; hour++)
        c.open_hours |= 1u << hour;
    return c;
}

static struct learn_result result_of(const struct outcome *o, bool promise, int64_t talk_s)
{
    enum outcome_effect e = o->effect;
    return (struct learn_result){
        .answered = o->answered,
        .right_person = o->right_person,
        .sale = e == EFFECT_SALE || e == EFFECT_MEETING,
        .callback = e == EFFECT_CALLBACK || e == EFFECT_NEXT_STEP,
        .later = o->right_person && !o->done && e == EFFECT_NONE,
        .refusal = e == EFFECT_REFUSAL || e == EFFECT_SUPPRESS,
        .promise = promise,
        .talk_s = talk_s > 0 && talk_s < DAY_S ? (int)talk_s : 0,
    };
}

static bool ask_int(struct store *s, enum statement which, int64_t prospect_id, int64_t touch, int64_t at, int64_t *ret,
                    struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":at", at);
    if (which == STMT_LESSON_COUNTED)
        stmt_int(&q, ":touch", touch);
    *ret = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    return stmt_close(&q);
}

struct lesson {
    int64_t touch, prospect_id, list_id, started_at, talk_s;
    const struct outcome *outcome;
};

/* Teaches l; own: of which generation the prospect's two numbers are. */
static bool teach(struct store *s, struct learner *l, int64_t generation, const struct lesson *lesson, struct learn_journal *journal,
                  struct error *err)
{
    struct arena a = {0};
    struct traits traits;
    struct stmt q;
    struct learn_cell cell = {.band = LEARN_BAND_NONE};
    int64_t counted = 0, customer = 0, promised = 0, kept = s->lessons->generation;
    s->lessons->generation = generation;
    bool ok = traits_load(s, lesson->prospect_id, &a, &traits, err);
    s->lessons->generation = kept;
    ok = ok && ask_int(s, STMT_LESSON_COUNTED, lesson->prospect_id, lesson->touch, lesson->started_at, &counted, err) &&
         ask_int(s, STMT_LESSON_CUSTOMER, lesson->prospect_id, 0, lesson->started_at, &customer, err) &&
         ask_int(s, STMT_LESSON_PROMISED, lesson->prospect_id, 0, lesson->started_at, &promised, err) &&
         stmt_open(s, STMT_LESSON_MEMBER, &q, err);
    if (ok) {
        stmt_int(&q, ":list", lesson->list_id);
        stmt_int(&q, ":prospect", lesson->prospect_id);
        struct place place = {0};
        struct str segment = STR("");
        if (stmt_row(&q, err)) {
            place = place_of(s, stmt_column_str(&q, 0), stmt_column_str(&q, 1));
            segment = stmt_column_copy(&q, 2, &a);
        }
        ok = stmt_close(&q);
        cell = lesson_cell(policy_of(s, lesson->list_id), &place, segment,
                           learn_band(traits.source, lesson->started_at - traits.created_at, NULL), lesson->started_at);
    }
    struct learn_own own;
    if (ok) {
        struct learn_person person = traits_person(&traits, (int)counted, customer != 0);
        struct learn_result result = result_of(lesson->outcome, promised != 0, lesson->talk_s);
        learner_learn(l, &person, &cell, &result, &own, journal);
        ok = stmt_open(s, STMT_LEARN_OWN_SET, &q, err);
    }
    if (ok) {
        stmt_int(&q, ":prospect", lesson->prospect_id);
        stmt_int(&q, ":generation", generation);
        stmt_double(&q, ":answers", own.answers);
        stmt_double(&q, ":expected", own.expected);
        ok = stmt_run(&q, err);
    }
    arena_done(&a);
    return ok;
}

static bool slot_write(struct store *s, const struct learner *l, int64_t slot, struct error *err)
{
    struct stmt q;
    double value[2];
    bool set = learner_slot_get(l, slot, value);
    if (!stmt_open(s, set ? STMT_LEARN_SLOT_SET : STMT_LEARN_SLOT_DROP, &q, err))
        return false;
    stmt_int(&q, ":slot", slot);
    if (set) {
        stmt_double(&q, ":a", value[0]);
        stmt_double(&q, ":b", value[1]);
    }
    return stmt_run(&q, err);
}

static bool slots_write(struct store *s, const struct learn_journal *j, struct error *err)
{
    bool ok = true;
    for (int64_t i = 0; ok && i < j->count; i++)
        ok = slot_write(s, s->lessons->learner, j->rows[i].slot, err);
    return ok;
}

enum { JOURNALS_KEPT = 64 };

static bool journal_write(struct store *s, int64_t action_id, const struct learn_journal *j, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LEARN_JOURNAL_ADD, &q, err))
        return false;
    stmt_int(&q, ":action", action_id);
    stmt_blob(&q, ":images", j, LEARN_JOURNAL_BYTES(j->count));
    if (!stmt_run(&q, err))
        return false;
    int64_t id = db_last_id(s);
    if (!stmt_open(s, STMT_LEARN_JOURNAL_OLD, &q, err))
        return false;
    stmt_int(&q, ":id", id - JOURNALS_KEPT);
    return stmt_run(&q, err);
}

bool lesson_learn(struct store *s, int64_t action_id, int64_t prospect_id, int64_t list_id, int64_t started_at, bool outbound,
                  const struct outcome *o, int64_t talk_s, struct error *err)
{
    if (!outbound || !policy_of(s, list_id)->learn)
        return true;
    struct learner *l = lessons(s, err);
    if (l == NULL)
        return false;
    struct lessons *m = s->lessons;
    if (m->stale) { /* it is among those that are learned again */
        if (m->again != NULL && started_at <= m->again_at)
            again_stop(m);
        return true;
    }
    struct learn_journal *journal = alloc_zeroed(1, sizeof *journal);
    struct lesson lesson = {action_id, prospect_id, list_id, started_at, talk_s, o};
    m->revision++;
    if (m->rekeyed < 0)
        m->rekeyed = 0;
    bool ok = teach(s, l, m->generation, &lesson, journal, err) && slots_write(s, journal, err) &&
              journal_write(s, action_id, journal, err) && state_set(s, m, err);
    free(journal);
    return ok;
}

bool lesson_reversed(struct store *s, int64_t action_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LEARN_JOURNAL_LAST, &q, err))
        return false;
    struct learn_journal *j = alloc_zeroed(1, sizeof *j);
    int64_t id = 0, newest = 0;
    size_t len = 0;
    if (stmt_row(&q, err)) {
        id = stmt_column_int(&q, 0);
        newest = stmt_column_int(&q, 1);
        len = stmt_column_blob(&q, 2, j, sizeof *j);
    }
    bool ok = stmt_close(&q), taught = false;
    if (ok && (ok = stmt_open(s, STMT_LESSON_TAUGHT, &q, err))) {
        stmt_int(&q, ":action", action_id);
        taught = stmt_row(&q, err);
        ok = stmt_close(&q);
    }
    struct learner *l = ok && taught ? lessons(s, err) : NULL;
    ok = ok && (!taught || l != NULL);
    if (ok && l != NULL) {
        struct lessons *m = s->lessons;
        bool whole = newest == action_id && len >= offsetof(struct learn_journal, rows) && j->count >= 0 &&
                     j->count <= LEARN_TOUCHED_MAX && len == LEARN_JOURNAL_BYTES(j->count);
        m->revision++;
        m->rekeyed = 0;
        if (!m->stale && whole && learner_undo(l, j)) {
            ok = slots_write(s, j, err) && stmt_open(s, STMT_LEARN_OWN_BACK, &q, err);
            if (ok) {
                stmt_int(&q, ":action", action_id);
                stmt_int(&q, ":generation", m->generation);
                stmt_double(&q, ":answers", j->own_before.answers);
                stmt_double(&q, ":expected", j->own_before.expected);
                ok = stmt_run(&q, err) && stmt_open(s, STMT_LEARN_JOURNAL_DROP, &q, err);
            }
            if (ok) {
                stmt_int(&q, ":id", id);
                ok = stmt_run(&q, err);
            }
        } else {
            m->stale = true;
            again_stop(m);
        }
        ok = ok && state_set(s, m, err);
    }
    free(j);
    return ok;
}

bool lessons_stale(struct store *s, struct error *err)
{
    if (lessons(s, err) == NULL)
        return false;
    s->lessons->stale = true;
    s->lessons->revision++;
    again_stop(s->lessons);
    return state_set(s, s->lessons, err);
}

/* ---- upkeep ---- */

static bool again_end(struct store *s, struct error *err)
{
    struct lessons *m = s->lessons;
    struct stmt q;
    bool ok = stmt_open(s, STMT_LEARN_SLOTS_CLEAR, &q, err) && stmt_run(&q, err) &&
              stmt_open(s, STMT_LEARN_JOURNAL_CLEAR, &q, err) && stmt_run(&q, err);
    double value[2];
    for (int64_t slot = 0; ok && slot < LEARN_SLOTS; slot++)
        if (learner_slot_get(m->again, slot, value))
            ok = slot_write(s, m->again, slot, err);
    if (ok && (ok = stmt_open(s, STMT_LEARN_OWN_CLEAR, &q, err))) {
        stmt_int(&q, ":generation", m->again_generation);
        ok = stmt_run(&q, err);
    }
    if (ok) {
        m->generation = m->again_generation;
        m->revision++;
        m->stale = false;
        m->rekeyed = 0;
        ok = state_set(s, m, err);
        learner_free(m->learner);
        m->learner = m->again;
        m->again = NULL;
    }
    return ok;
}

/* Some touches on; *ret_more while there are any. */
static bool learn_again(struct store *s, int most, bool *ret_more, struct error *err)
{
    struct lessons *m = s->lessons;
    struct stmt q;
    if (m->again == NULL) {
        m->again = learner_new();
        m->again_at = m->again_touch = INT64_MIN;
        m->again_generation = m->generation + 1;
        if (!stmt_open(s, STMT_LEARN_OWN_CLEAR, &q, err))
            return false;
        stmt_int(&q, ":generation", m->generation); /* of one that did not come to its end */
        if (!stmt_run(&q, err))
            return false;
    }
    struct lesson *rows = alloc_zeroed((size_t)most, sizeof *rows);
    int count = 0;
    bool ok = stmt_open(s, STMT_LESSONS_AFTER, &q, err);
    if (ok) {
        stmt_int(&q, ":at", m->again_at);
        stmt_int(&q, ":touch", m->again_touch);
        stmt_int(&q, ":most", most);
        while (count < most && stmt_row(&q, err))
            rows[count++] = (struct lesson){.touch = stmt_column_int(&q, 0),
                                            .prospect_id = stmt_column_int(&q, 1),
                                            .list_id = stmt_column_int(&q, 2),
                                            .started_at = stmt_column_int(&q, 3),
                                            .outcome = outcome_by_id(&s->outcomes, stmt_column_int(&q, 4)),
                                            .talk_s = stmt_column_int(&q, 5)};
        ok = stmt_close(&q);
    }
    struct learn_journal *journal = alloc_zeroed(1, sizeof *journal);
    for (int i = 0; ok && i < count; i++) {
        m->again_at = rows[i].started_at;
        m->again_touch = rows[i].touch;
        if (rows[i].outcome != NULL && policy_of(s, rows[i].list_id)->learn)
            ok = teach(s, m->again, m->again_generation, &rows[i], journal, err);
    }
    free(journal);
    free(rows);
    *ret_more = true; /* the next slice, or the keys that are to be made with it */
    return ok && (count == most || again_end(s, err));
}

static bool bands_wait(struct store *s, int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_BANDS_ENDED, &q, err))
        return false;
    stmt_int(&q, ":now", now);
    stmt_int(&q, ":most", 1);
    bool any = stmt_row(&q, err);
    return stmt_close(&q) && any;
}

static bool bands_move(struct store *s, int64_t now, int most, bool *ret_more, struct error *err)
{
    enum { MOST = 256 };
    int64_t ids[MOST];
    int count = 0;
    struct stmt q;
    if (most > MOST)
        most = MOST;
    if (!stmt_open(s, STMT_BANDS_ENDED, &q, err))
        return false;
    stmt_int(&q, ":now", now);
    stmt_int(&q, ":most", most);
    while (count < most && stmt_row(&q, err))
        ids[count++] = stmt_column_int(&q, 0);
    bool ok = stmt_close(&q);
    for (int i = 0; ok && i < count; i++)
        ok = prospect_refold(s, ids[i], now, err);
    *ret_more = *ret_more || count == most;
    return ok;
}

/* A key that moved by less than this stays: the order would hardly change, the index would. */
static const double REKEY_FROM = 0.002;

struct stale_key {
    int64_t list_id, prospect_id, touched_at;
    int attempts;
    double sort;
};

static bool rekey_one(struct store *s, const struct stale_key *row, int64_t now, struct arena *a, struct error *err)
{
    const struct policy *policy = policy_of(s, row->list_id);
    struct traits traits;
    struct member_key key;
    int64_t customer = 0;
    struct fold_result r = {.attempts = row->attempts, .touched_at = row->touched_at};
    if (!policy_learns(policy))
        return true;
    if (row->touched_at != AT_NONE && !ask_int(s, STMT_LESSON_CUSTOMER, row->prospect_id, 0, now, &customer, err))
        return false;
    r.customer = customer != 0;
    if (!traits_load(s, row->prospect_id, a, &traits, err) || !member_key(s, policy, &traits, &r, now, &key, err))
        return false;
    double moved = key.sort - row->sort;
    if (moved * moved <= key.sort * key.sort * REKEY_FROM * REKEY_FROM)
        return true;
    struct stmt q;
    if (!stmt_open(s, STMT_REKEY_SET, &q, err))
        return false;
    stmt_int(&q, ":list", row->list_id);
    stmt_int(&q, ":prospect", row->prospect_id);
    stmt_double(&q, ":sort", key.sort);
    stmt_blob(&q, ":factors", key.learned ? key.factors : NULL, sizeof key.factors);
    return stmt_run(&q, err);
}

/* The next members of the queue's index, by their prospects' ids, round and round as long as lessons come. */
static bool rekey(struct store *s, int64_t now, int most, bool *ret_more, struct error *err)
{
    struct lessons *m = s->lessons;
    struct stmt q;
    if (m->rekeyed < 0) /* all are made with the newest lessons */
        return true;
    struct stale_key *rows = alloc_zeroed((size_t)most, sizeof *rows);
    int count = 0;
    bool ok = stmt_open(s, STMT_REKEY_NEXT, &q, err);
    if (ok) {
        stmt_int(&q, ":after", m->rekeyed);
        stmt_int(&q, ":most", most);
        while (count < most && stmt_row(&q, err))
            rows[count++] = (struct stale_key){.list_id = stmt_column_int(&q, 0),
                                               .prospect_id = stmt_column_int(&q, 1),
                                               .attempts = (int)stmt_column_int(&q, 2),
                                               .touched_at = stmt_column_int(&q, 3),
                                               .sort = stmt_column_double(&q, 4)};
        ok = stmt_close(&q);
    }
    struct arena a = {0};
    for (int i = 0; ok && i < count; i++) {
        ok = rekey_one(s, &rows[i], now, &a, err);
        arena_clear(&a);
    }
    arena_done(&a);
    /* Of somebody in several lists some rows may lie behind the end of the slice: that person comes again. */
    int64_t last = count > 0 ? rows[count - 1].prospect_id : 0;
    m->rekeyed = count < most ? -1 : count > 1 && rows[0].prospect_id != last ? last - 1 : last;
    free(rows);
    *ret_more = *ret_more || count == most;
    return ok && state_set(s, m, err);
}

enum { KEYS_A_ROW = 6 }; /* so many keys are made in the time of one fold */

bool lessons_upkeep(struct store *s, int64_t now, int rows, bool *ret_more, struct error *err)
{
    if (lessons(s, err) == NULL)
        return false;
    if (s->lessons->rekeyed < 0 && !s->lessons->stale && !bands_wait(s, now, err))
        return true;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = lessons(s, err) != NULL && bands_move(s, now, rows, ret_more, err);
    if (ok && s->lessons->stale)
        ok = learn_again(s, rows, ret_more, err);
    else if (ok)
        ok = rekey(s, now, rows * KEYS_A_ROW, ret_more, err);
    return db_end(s, ok, err);
}
