/* SPDX-License-Identifier: MIT */
/* A fact moves others than the person it was noted for: who shares the number, who works there, everybody. */
#include "key.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

static bool refold_each(struct store *s, enum statement who, const char *parameter, int64_t id, int64_t now,
                        struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, who, &q, err))
        return false;
    if (parameter != NULL)
        stmt_int(&q, parameter, id);
    int64_t *ids = NULL; /* read first: the fold opens other statements on the same tables */
    size_t count = 0, room = 0;
    while (stmt_row(&q, err)) {
        if (count == room) {
            room = room ? room * 2 : 64;
            ids = alloc_resize(ids, room, sizeof *ids);
        }
        ids[count++] = stmt_column_int(&q, 0);
    }
    bool ok = stmt_close(&q);
    for (size_t i = 0; ok && i < count; i++)
        ok = prospect_refold(s, ids[i], now, err);
    free(ids);
    return ok;
}

bool company_refold(struct store *s, int64_t company_id, int64_t now, struct error *err)
{
    return company_id == 0 || refold_each(s, STMT_PROSPECTS_OF_COMPANY, ":company", company_id, now, err);
}

bool everybody_refold(struct store *s, int64_t now, struct error *err)
{
    return refold_each(s, STMT_PROSPECTS_ALL, NULL, 0, now, err);
}

bool sharers_refold(struct store *s, int64_t phone_id, int64_t now, struct error *err)
{
    return refold_each(s, STMT_PROSPECTS_OF_PHONE, ":phone", phone_id, now, err);
}

/* One row, one number: what the statement says of this phone. */
static bool ask_phone(struct store *s, enum statement id, int64_t phone_id, struct stmt *ret, bool *ret_row, struct error *err)
{
    if (!stmt_open(s, id, ret, err))
        return false;
    stmt_int(ret, ":phone", phone_id);
    *ret_row = stmt_row(ret, err);
    return true;
}

bool touch_refold(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t now, struct error *err)
{
    if (phone_id == 0)
        return prospect_refold(s, prospect_id, now, err);
    struct stmt q;
    bool row, was_bad = false, bad = false, full = false;
    int64_t outcome = 0, at = AT_NONE;
    if (!ask_phone(s, STMT_PHONE_STORED, phone_id, &q, &row, err))
        return false;
    was_bad = row && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q) || !ask_phone(s, STMT_PHONE_BAD, phone_id, &q, &row, err))
        return false;
    bad = row && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q) || !ask_phone(s, STMT_PHONE_LAST, phone_id, &q, &row, err))
        return false;
    if (row) {
        outcome = stmt_column_int(&q, 0);
        at = stmt_column_int(&q, 1);
    }
    if (!stmt_close(&q) || !stmt_open(s, STMT_PHONE_MATERIAL, &q, err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    stmt_int(&q, ":bad", bad);
    stmt_id(&q, ":outcome", outcome);
    stmt_at(&q, ":at", at);
    if (!stmt_run(&q, err) || !stmt_open(s, STMT_LINK_BAD, &q, err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    stmt_int(&q, ":prospect", prospect_id);
    if (!stmt_run(&q, err) || !policies_know(s, err) || !stmt_open(s, STMT_SHARED_DIALS, &q, err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":since", (at == AT_NONE ? now : at) - 2 * DAY_S);
    stmt_int(&q, ":limit", least_dials_per_day(s));
    full = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q))
        return false;
    if ((bad != was_bad || full) && !sharers_refold(s, phone_id, now, err))
        return false;
    return prospect_refold(s, prospect_id, now, err); /* also when the number is not linked to them */
}

bool member_add(struct store *s, int64_t list_id, int64_t prospect_id, int64_t batch_id, int64_t now, struct error *err)
{
    struct stmt q;
    int64_t cell_id;
    if (!cell_of(s, STR(""), STR(""), STR(""), BAND_ANY, &cell_id, err) || !stmt_open(s, STMT_MEMBER_ADD, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_id(&q, ":batch", batch_id);
    stmt_int(&q, ":cell", cell_id);
    return stmt_run(&q, err) && prospect_refold(s, prospect_id, now, err);
}
