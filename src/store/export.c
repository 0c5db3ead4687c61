/* SPDX-License-Identifier: MIT */
/*
 * Everything out again, row by row in the order of ids, from one state of the file: a list of a million needs the memory
 * of one card. Formats are the caller's matter.
 */
#include "touch.h"

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
        struct card_touch touch = touch_of_row(s, &q, &a);
        struct export_touch row = {.touch = &touch,
                                   .prospect_id = stmt_column_int(&q, TOUCH_COLUMNS),
                                   .external_id = stmt_column_copy(&q, TOUCH_COLUMNS + 1, &a),
                                   .name = stmt_column_copy(&q, TOUCH_COLUMNS + 2, &a),
                                   .company = stmt_column_copy(&q, TOUCH_COLUMNS + 3, &a),
                                   .mail = stmt_column_copy(&q, TOUCH_COLUMNS + 4, &a)};
        go = each(&row, user);
    }
    ok = ok && stmt_close(&q);
    arena_done(&a);
    store_end_read(s);
    return ok;
}
