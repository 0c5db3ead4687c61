/* SPDX-License-Identifier: MIT */
/* Lines of a list's policy: one, or a whole cadence; and how many people another one would move, before it is taken. */
#include "fold.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

/* A line under the key that it is kept by. */
static bool line_keep(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err)
{
    struct buf keep;
    struct policy trial = s->base;
    buf_init(&keep);
    struct str kept_value, kept = policy_line_key(key, value, &keep, &kept_value);
    bool ok = (value.len == 0 || policy_set(&trial, key, value, err)) && policy_line_set(s, list_id, kept, kept_value, err);
    buf_done(&keep);
    return ok;
}

bool policy_lines_set(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err)
{
    struct str lines, k, v;
    if (!str_is(key, "template") || value.len == 0)
        return line_keep(s, list_id, key, value, err);
    if (!cadence_find(value, &lines)) {
        struct buf names;
        buf_init(&names);
        cadence_names(&names);
        error_set(err, ERR_USAGE, "no template \"%.*s\": there is %s", STR_ARG(value), names.at);
        buf_done(&names);
        return false;
    }
    while (cadence_line(&lines, &k, &v))
        if (!line_keep(s, list_id, k, v, err))
            return false;
    return true;
}

struct standing {
    int64_t prospect_id, not_before;
    enum prospect_state state;
};

static bool standings(struct store *s, int64_t list_id, struct standing **ret, size_t *ret_count, struct error *err)
{
    struct stmt q;
    size_t room = 0;
    *ret = NULL;
    *ret_count = 0;
    if (!stmt_open(s, STMT_LIST_STANDINGS, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    while (stmt_row(&q, err)) {
        if (*ret_count == room) {
            room = room ? room * 2 : 256;
            *ret = alloc_resize(*ret, room, sizeof **ret);
        }
        struct standing *row = &(*ret)[(*ret_count)++];
        *row = (struct standing){.prospect_id = stmt_column_int(&q, 0), .not_before = stmt_column_at(&q, 2)};
        state_parse_name(stmt_column_str(&q, 1), &row->state);
    }
    return stmt_close(&q);
}

bool list_policy_preview(struct store *s, int64_t list_id, struct str key, struct str value, int64_t now, int64_t *ret_changed,
                         int64_t *ret_of, struct error *err)
{
    struct standing *before = NULL, *after = NULL;
    size_t count = 0, later = 0;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = standings(s, list_id, &before, &count, err) && policy_lines_set(s, list_id, key, value, err);
    policies_forget(s);
    ok = ok && everybody_refold(s, now, err) && standings(s, list_id, &after, &later, err);
    db_end(s, false, NULL); /* nothing of it happened */
    policies_forget(s);
    if (ok) {
        *ret_changed = 0;
        *ret_of = (int64_t)count;
        for (size_t i = 0; i < count && i < later; i++)
            *ret_changed += before[i].state != after[i].state || before[i].not_before != after[i].not_before;
    }
    free(before);
    free(after);
    return ok;
}
