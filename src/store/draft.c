/* SPDX-License-Identifier: MIT */
/* Notes while they are typed. */
#include "touch.h"

bool draft_save(struct store *s, int64_t prospect_id, struct str text, size_t cursor, int64_t now, bool durable, struct error *err)
{
    if (text.len == 0 && cursor == 0) {
        if (!db_begin(s, durable ? DB_DURABLE : DB_FAST, err))
            return false;
        return db_end(s, draft_drop(s, prospect_id, err), err);
    }
    if (!db_begin(s, durable ? DB_DURABLE : DB_FAST, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_DRAFT_SET, &q, err);
    if (ok) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_str(&q, ":text", text);
        stmt_int(&q, ":cursor", (int64_t)cursor);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool drafts_load(struct store *s, struct arena *a, const struct draft_row **ret, size_t *ret_count, struct error *err)
{
    enum { MOST = 64 };
    struct draft_row *rows = ARENA_ARRAY(a, struct draft_row, MOST);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_DRAFTS, &q, err))
        return false;
    while (count < MOST && stmt_row(&q, err))
        rows[count++] = (struct draft_row){.prospect_id = stmt_column_int(&q, 0),
                                           .name = stmt_column_copy(&q, 1, a),
                                           .text = stmt_column_copy(&q, 2, a),
                                           .updated_at = stmt_column_int(&q, 3)};
    *ret = rows;
    *ret_count = count;
    return stmt_close(&q);
}
