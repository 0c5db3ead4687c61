/* SPDX-License-Identifier: MIT */
/* Why a learned row stands where it does: the factors that made its score, each with what it is about. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

/* Have the factors anything to say? A list that has taught nothing yet is ordered by tries, and says so. */
static bool factors_say(const struct learn_factors *f)
{
    for (int i = 0; i < FACTOR_COUNT_; i++)
        if (i != FACTOR_SALE && i != FACTOR_MINUTES && i != FACTOR_BASE && (f->value[i] > 1.02 || f->value[i] < 0.98))
            return true;
    return false;
}

bool row_reason(struct store *s, struct queue_row *row, bool with_tokens, struct arena *a, struct error *err)
{
    struct traits traits;
    row->reason.learned = STR("");
    if (!row->learned || row->state != STATE_READY || !factors_say(&row->factors))
        return true;
    struct learner *l = lessons(s, err);
    if (l == NULL || !traits_load(s, row->prospect_id, a, &traits, err))
        return false;
    struct learn_person person = traits_person(&traits, row->key.attempts, false);
    if (!with_tokens)
        person.attributes_count = 0;
    struct buf words;
    buf_init(&words);
    if (lessons_speak(l))
        learn_reason_text(l, &person, &row->cell, &row->factors, &words);
    else if (row->factors.value[FACTOR_FRESH] != 1) {
        learn_factor_words(FACTOR_FRESH, &person, &row->cell, &row->factors, &words);
        buf_printf(&words, " x%.2g", row->factors.value[FACTOR_FRESH]);
    }
    row->reason.learned = arena_str(a, buf_str(&words));
    buf_done(&words);
    return true;
}

bool score_explain(struct store *s, int64_t prospect_id, int64_t list_id, int64_t at, struct arena *a,
                   struct score_explained *ret, struct error *err)
{
    struct cells cells = {0};
    struct queue_row row = {.prospect_id = prospect_id, .list_id = list_id, .state = STATE_READY};
    struct traits traits;
    struct stmt q;
    struct member_row member;
    *ret = (struct score_explained){.learned = false};
    if (!store_begin_read(s, err))
        return false;
    bool ok = policies_know(s, err);
    if (ok && list_id == 0 && (ok = stmt_open(s, STMT_MEMBER_COUNTS, &q, err))) {
        stmt_int(&q, ":prospect", prospect_id);
        row.list_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
        ok = stmt_close(&q);
    }
    ok = ok && member_get(s, row.list_id, prospect_id, &member, err);
    if (ok) {
        row.key = member.key;
        row.factors = member.factors;
    }
    if (ok && row.factors.value[0] > 0 && policy_learns(policy_of(s, row.list_id)) && member.cell_id != 0) {
        const struct cell_now *cell = cell_at(s, &cells, row.list_id, member.cell_id, at, err);
        struct learner *l = lessons(s, err);
        ok = cell != NULL && l != NULL && traits_load(s, prospect_id, a, &traits, err);
        if (ok) {
            struct learn_factors hours;
            ret->cell = lesson_cell(policy_of(s, row.list_id), &cell->place, arena_str(a, str_of(cell->segment)), cell->band, at);
            ret->cell.gamma = cells.gamma;
            learner_cell(l, &ret->cell, &hours); /* also of one that is closed now */
            if (!lessons_speak(l))
                lessons_hush(&hours);
            memcpy(&row.factors.value[KEY_FACTORS], &hours.value[KEY_FACTORS], (FACTOR_COUNT_ - KEY_FACTORS) * sizeof(double));
            struct learn_person person = traits_person(&traits, row.key.attempts, false);
            ret->learned = true;
            ret->speaks = lessons_speak(l);
            ret->factors = row.factors;
            ret->score = learn_product(&row.factors);
            struct buf words;
            buf_init(&words);
            for (int f = 0; f < FACTOR_COUNT_; f++) {
                buf_clear(&words);
                learn_factor_words((enum learn_factor)f, &person, &ret->cell, &row.factors, &words);
                ret->words[f] = arena_str(a, buf_str(&words));
            }
            buf_clear(&words);
            learn_reason_text(l, &person, &ret->cell, &row.factors, &words);
            ret->reason = arena_str(a, buf_str(&words));
            buf_done(&words);
            learner_evidence(l, &ret->dials, &ret->talks, &ret->sales);
        }
    }
    store_end_read(s);
    free(cells.rows);
    return ok;
}
