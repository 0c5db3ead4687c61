/* SPDX-License-Identifier: MIT */
/*
 * Everything out again, row by row in the order of ids, from one state of the file: a list of a million needs the memory
 * of one card. Formats are the caller's matter.
 */
#include "db.h"

enum { BATCH = 256 };

static bool ids_load(struct store *s, int64_t list_id, int64_t after, int64_t *ids, size_t *ret_count, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, list_id ? STMT_EXPORT_LIST : STMT_EXPORT_ALL, &q, err))
        return false;
    if (list_id != 0)
        stmt_int(&q, ":list", list_id);
    stmt_int(&q, ":after", after);
    stmt_int(&q, ":most", BATCH);
    *ret_count = 0;
    while (*ret_count < BATCH && stmt_row(&q, err))
        ids[(*ret_count)++] = stmt_column_int(&q, 0);
    return stmt_close(&q);
}

bool export_cards(struct store *s, int64_t list_id, card_fn each, void *user, struct error *err)
{
    if (!store_begin_read(s, err))
        return false;
    struct arena a = {0};
    int64_t ids[BATCH], after = INT64_MIN;
    size_t count = BATCH;
    bool ok = true, go = true;
    while (ok && go && count == BATCH && (ok = ids_load(s, list_id, after, ids, &count, err)))
        for (size_t i = 0; ok && go && i < count; i++) {
            struct card card;
            arena_clear(&a);
            /* no hour: a person's word on the zone that has ended is taken back when the file is opened */
            ok = card_load(s, ids[i], list_id, AT_MIN, 0, &a, &card, err);
            go = ok && each(&card, user);
            after = ids[i];
        }
    arena_done(&a);
    store_end_read(s);
    return ok;
}

bool export_touches(struct store *s, int64_t list_id, int64_t since, export_touch_fn each, void *user, struct error *err)
{
    if (!store_begin_read(s, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_EXPORT_TOUCHES, &q, err), go = ok;
    if (ok) {
        stmt_int(&q, ":list", list_id);
        stmt_int(&q, ":since", since);
    }
    struct arena a = {0};
    while (go && stmt_row(&q, err)) {
        arena_clear(&a);
        struct card_touch touch = {.id = stmt_column_int(&q, 0),
                                   .uid = stmt_column_uid(&q, 1),
                                   .channel = stmt_column_copy(&q, 2, &a),
                                   .direction = stmt_column_copy(&q, 3, &a),
                                   .number = stmt_column_copy(&q, 4, &a),
                                   .note = stmt_column_copy(&q, 5, &a),
                                   .reason = stmt_column_copy(&q, 6, &a),
                                   .currency = stmt_column_copy(&q, 7, &a),
                                   .with_whom = stmt_column_copy(&q, 8, &a),
                                   .line_result = stmt_column_copy(&q, 9, &a),
                                   .verdict = stmt_column_copy(&q, 10, &a),
                                   .rep = stmt_column_copy(&q, 11, &a),
                                   .list = stmt_column_copy(&q, 12, &a),
                                   .started_at = stmt_column_int(&q, 13),
                                   .answered_at = stmt_column_at(&q, 14),
                                   .ended_at = stmt_column_at(&q, 15),
                                   .completed_at = stmt_column_at(&q, 16),
                                   .answered_inferred = stmt_column_int(&q, 17) != 0,
                                   .dialed = stmt_column_int(&q, 18) != 0,
                                   .voided = stmt_column_int(&q, 19) != 0,
                                   .talk_s = stmt_column_null(&q, 20) ? -1 : stmt_column_int(&q, 20),
                                   .amount_cents = stmt_column_int(&q, 21),
                                   .has_amount = !stmt_column_null(&q, 21),
                                   .outcome = outcome_by_id(&s->outcomes, stmt_column_int(&q, 22)),
                                   .corrects = stmt_column_int(&q, 23),
                                   .continues = stmt_column_int(&q, 24)};
        struct export_touch row = {.touch = &touch,
                                   .prospect_id = stmt_column_int(&q, 25),
                                   .external_id = stmt_column_copy(&q, 26, &a),
                                   .name = stmt_column_copy(&q, 27, &a),
                                   .company = stmt_column_copy(&q, 28, &a),
                                   .mail = stmt_column_copy(&q, 29, &a)};
        go = each(&row, user);
    }
    ok = ok && stmt_close(&q);
    arena_done(&a);
    store_end_read(s);
    return ok;
}
