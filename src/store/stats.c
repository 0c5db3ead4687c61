/* SPDX-License-Identifier: MIT */
/* The figures of a span of time, from the live touches: what an outcome means is its flags, never its code. */
#include "db.h"

#include "calldeck/alloc.h"

static void add(struct stats *ret, const struct outcome *o, bool outbound, int64_t count, int64_t talk_s)
{
    if (outbound)
        ret->dials += count;
    if (o->answered && o->right_person)
        ret->conversations += count;
    if (o->effect == EFFECT_MEETING)
        ret->meetings += count;
    if (o->effect == EFFECT_SALE)
        ret->sales += count;
    ret->talk_s += talk_s;
}

static bool amounts_load(struct store *s, int64_t since, int64_t until, struct arena *a, struct stats *ret, struct error *err)
{
    enum { MOST = 64 };
    struct stats_amount *rows = ARENA_ARRAY(a, struct stats_amount, MOST);
    struct stmt q;
    if (!stmt_open(s, STMT_STATS_AMOUNTS, &q, err))
        return false;
    stmt_int(&q, ":since", since);
    stmt_int(&q, ":until", until);
    while (ret->amounts_count < MOST && stmt_row(&q, err))
        rows[ret->amounts_count++] = (struct stats_amount){stmt_column_copy(&q, 0, a), stmt_column_int(&q, 1)};
    ret->amounts = rows;
    ret->amount_cents = ret->amounts_count == 1 ? rows[0].cents : 0;
    return stmt_close(&q);
}

bool stats_load(struct store *s, int64_t since, int64_t until, struct arena *a, struct stats *ret, struct error *err)
{
    struct stats stats = {.by_outcome_count = s->outcomes.count};
    struct stats_outcome *rows = ARENA_ARRAY(a, struct stats_outcome, s->outcomes.count + 1);
    for (size_t i = 0; i < s->outcomes.count; i++)
        rows[i].outcome = &s->outcomes.rows[i];
    struct stmt q;
    if (!stmt_open(s, STMT_STATS, &q, err))
        return false;
    stmt_int(&q, ":since", since);
    stmt_int(&q, ":until", until);
    while (stmt_row(&q, err)) {
        const struct outcome *o = outcome_by_id(&s->outcomes, stmt_column_int(&q, 0));
        if (o == NULL)
            continue; /* a row that another window added: counted after the next open */
        int64_t count = stmt_column_int(&q, 2);
        rows[o - s->outcomes.rows].count += count;
        add(&stats, o, str_is(stmt_column_str(&q, 1), "out"), count, stmt_column_int(&q, 3));
    }
    if (!stmt_close(&q))
        return false;
    stats.by_outcome = rows;
    if (!amounts_load(s, since, until, a, &stats, err))
        return false;
    *ret = stats;
    return true;
}
