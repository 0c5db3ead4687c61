/* SPDX-License-Identifier: MIT */
/* Lists and their own policy lines, overlaid on the settings. */
#include "fold.h"

#include <limits.h>
#include <stdlib.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

struct policy_row {
    int64_t list_id;
    struct policy policy;
};

void policies_forget(struct store *s)
{
    free(s->policies);
    s->policies = NULL;
    s->policies_count = 0;
    s->policies_known = false;
}

void policies_look(struct store *s)
{
    struct stmt q;
    if (!stmt_open(s, STMT_DATA_VERSION, &q, NULL))
        return;
    int version = stmt_row(&q, NULL) ? (int)stmt_column_int(&q, 0) : s->policies_version;
    stmt_close(&q);
    if (version != s->policies_version)
        policies_forget(s);
    s->policies_version = version;
}

bool policies_know(struct store *s, struct error *err)
{
    if (s->policies_known)
        return true;
    struct stmt q;
    if (!registries_know(s, &s->base, err) || !holidays_know(s, &s->base, err) || !stmt_open(s, STMT_POLICY_ALL, &q, err))
        return false;
    while (stmt_row(&q, err)) {
        int64_t list_id = stmt_column_int(&q, 0);
        if (s->policies_count == 0 || s->policies[s->policies_count - 1].list_id != list_id) {
            s->policies = alloc_resize(s->policies, s->policies_count + 1, sizeof *s->policies);
            s->policies[s->policies_count++] = (struct policy_row){list_id, s->base};
        }
        /* A line that this version does not know (a newer one wrote it) changes nothing. */
        policy_set(&s->policies[s->policies_count - 1].policy, stmt_column_str(&q, 1), stmt_column_str(&q, 2), NULL);
    }
    if (!stmt_close(&q)) {
        policies_forget(s);
        return false;
    }
    s->policies_known = true;
    return true;
}

const struct policy *policy_of(struct store *s, int64_t list_id)
{
    policies_know(s, NULL);
    for (size_t i = 0; i < s->policies_count; i++)
        if (s->policies[i].list_id == list_id)
            return &s->policies[i].policy;
    return &s->base;
}

int least_dials_per_day(struct store *s)
{
    int least = s->base.dials_per_day > 0 ? s->base.dials_per_day : INT_MAX;
    for (size_t i = 0; i < s->policies_count; i++) {
        int limit = s->policies[i].policy.dials_per_day;
        if (limit > 0 && limit < least)
            least = limit;
    }
    return least;
}

bool store_trial_begin(struct store *s, struct error *err)
{
    return db_begin(s, DB_FAST, err);
}

void store_trial_end(struct store *s)
{
    db_end(s, false, NULL);
    policies_forget(s);
}

bool list_policy(struct store *s, int64_t list_id, struct policy *ret, struct error *err)
{
    if (!policies_know(s, err))
        return false;
    *ret = *policy_of(s, list_id);
    return true;
}

bool lists_load(struct store *s, struct arena *a, const struct list_row **ret, size_t *ret_count, struct error *err)
{
    enum { MOST = 256 };
    struct list_row *rows = ARENA_ARRAY(a, struct list_row, MOST);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_LIST_NAMES, &q, err))
        return false;
    while (count < MOST && stmt_row(&q, err))
        rows[count++] = (struct list_row){.id = stmt_column_int(&q, 0),
                                          .name = stmt_column_copy(&q, 1, a),
                                          .blocked = stmt_column_int(&q, 2) != 0,
                                          .created_at = stmt_column_int(&q, 3)};
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!stmt_open(s, STMT_LIST_TALLY, &q, err))
            return false;
        stmt_int(&q, ":list", rows[i].id);
        while (stmt_row(&q, err)) {
            enum prospect_state state;
            int64_t n = stmt_column_int(&q, 1);
            if (!state_parse_name(stmt_column_str(&q, 0), &state))
                continue;
            rows[i].members += n;
            rows[i].by_group[state_group(state)] += n;
        }
        if (!stmt_close(&q))
            return false;
    }
    *ret = rows;
    *ret_count = count;
    return true;
}

bool store_is_empty(struct store *s)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LIST_NAMES, &q, NULL))
        return true;
    bool some = stmt_row(&q, NULL);
    stmt_close(&q);
    return !some;
}

static bool find_folded(struct store *s, enum statement which, struct str folded, int64_t *ret_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_str(&q, ":folded", folded);
    *ret_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    return stmt_close(&q);
}

/* The key of a list's name; a name of signs alone is its own key. */
static void fold_name(struct str name, struct buf *out)
{
    buf_init(out);
    text_fold(name, out);
    if (out->len == 0)
        buf_add_str(out, str_trim(name));
}

bool list_find_any(struct store *s, struct str name, int64_t *ret_id, struct error *err)
{
    struct buf folded;
    fold_name(name, &folded);
    bool ok = find_folded(s, STMT_LIST_BY_FOLDED, buf_str(&folded), ret_id, err);
    buf_done(&folded);
    return ok;
}

bool list_find(struct store *s, struct str name, int64_t *ret_id, struct error *err)
{
    struct buf folded;
    fold_name(name, &folded);
    int64_t id = 0;
    bool ok = find_folded(s, STMT_LIST_SEEN, buf_str(&folded), &id, err);
    buf_done(&folded);
    if (!ok)
        return false;
    if (id != 0) {
        *ret_id = id;
        return true;
    }
    struct arena a = {0};
    const struct list_row *rows;
    size_t count;
    struct buf names;
    buf_init(&names);
    if (lists_load(s, &a, &rows, &count, NULL))
        for (size_t i = 0; i < count && i < 8; i++)
            buf_printf(&names, "%s\"%.*s\"", i ? ", " : "", STR_ARG(rows[i].name));
    error_set(err, ERR_NOT_FOUND, "no list \"%.*s\"%s%s", STR_ARG(name), names.len ? ": there is " : "", names.at);
    buf_done(&names);
    arena_done(&a);
    return false;
}

bool list_make(struct store *s, struct str name, int64_t now, int64_t *ret_id, struct error *err)
{
    struct buf clean, folded;
    buf_init(&clean);
    text_clean_line(name, &clean);
    fold_name(buf_str(&clean), &folded);
    int64_t id = 0;
    bool ok = folded.len != 0 || error_set(err, ERR_USAGE, "a list needs a name");
    ok = ok && db_begin(s, DB_FAST, err);
    if (ok) {
        ok = find_folded(s, STMT_LIST_BY_FOLDED, buf_str(&folded), &id, err);
        struct stmt q;
        if (ok && id == 0 && (ok = stmt_open(s, STMT_LIST_ADD, &q, err))) {
            stmt_str(&q, ":name", buf_str(&clean));
            stmt_str(&q, ":folded", buf_str(&folded));
            stmt_int(&q, ":now", now);
            ok = stmt_run(&q, err);
            if (ok)
                id = db_last_id(s);
        }
        ok = db_end(s, ok, err);
    }
    if (ok)
        *ret_id = id;
    buf_done(&clean);
    buf_done(&folded);
    return ok;
}

bool list_set_blocked(struct store *s, int64_t list_id, bool blocked, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = stmt_open(s, STMT_LIST_BLOCK, &q, err);
    if (ok) {
        stmt_int(&q, ":list", list_id);
        stmt_int(&q, ":blocked", blocked);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool policy_line_set(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, value.len ? STMT_POLICY_SET : STMT_POLICY_DROP, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    stmt_str(&q, ":key", key);
    if (value.len)
        stmt_str(&q, ":value", value);
    return stmt_run(&q, err);
}

/* The default zone of those that have none of their own. */
static bool set_default_zone(struct store *s, int64_t list_id, struct str zone, int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LIST_ZONELESS, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    int64_t *ids = NULL;
    size_t count = 0;
    while (stmt_row(&q, err)) {
        if ((count & (count - 1)) == 0)
            ids = alloc_resize(ids, count ? count * 2 : 1, sizeof *ids);
        ids[count++] = stmt_column_int(&q, 0);
    }
    bool ok = stmt_close(&q);
    for (size_t i = 0; ok && i < count; i++) {
        ok = stmt_open(s, STMT_PROSPECT_LIST_ZONE, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", ids[i]);
            stmt_str(&q, ":zone", zone);
            ok = stmt_run(&q, err) && prospect_refold(s, ids[i], now, err);
        }
    }
    free(ids);
    return ok;
}

bool list_policy_set(struct store *s, int64_t list_id, struct str key, struct str value, int64_t now, struct error *err)
{
    bool zone = str_is(key, "zone");
    if (zone && value.len != 0) {
        const struct zone *meant = zone_guess(s->zones, value, err);
        if (meant == NULL)
            return false;
        value = str_of(zone_name(meant));
    } else if (zone) {
        value = STR("");
    }
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = zone ? policy_line_set(s, list_id, key, value, err)
                   : policy_lines_set(s, list_id, key, value, err);
    policies_forget(s);
    ok = ok && (zone ? set_default_zone(s, list_id, value, now, err) : everybody_refold(s, now, err));
    ok = db_end(s, ok, err);
    policies_forget(s); /* after a rollback the old lines are true again */
    return ok;
}
