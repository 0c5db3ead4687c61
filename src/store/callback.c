/* SPDX-License-Identifier: MIT */
/* Callbacks are things of their own: made, moved and cancelled with or without a call. */
#include "touch.h"

#include <stdio.h>

/* The wall time there, the zone and the offset chosen: what was promised does not move when a rule of the clock does. */
static bool wall_of(struct store *s, int64_t prospect_id, const struct outcome_entry *when, int64_t now, struct arena *a,
                    struct str *ret_wall, struct str *ret_zone, int *ret_offset_s, struct error *err)
{
    struct str zones = when->when_zone;
    if (zones.len == 0) {
        struct stmt q;
        if (!stmt_open(s, STMT_ZONES_OF, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":now", now);
        if (stmt_row(&q, err))
            zones = stmt_column_copy(&q, 0, a);
        if (!stmt_close(&q))
            return false;
        zones.len = str_find(zones, ',');
    }
    const struct zone *zone = zones.len ? zone_find(s->zones, zones, NULL) : NULL;
    if (zone == NULL)
        zone = zone_find(s->zones, STR("UTC"), NULL);
    *ret_zone = arena_str(a, str_of(zone_name(zone)));
    *ret_offset_s = zone_offset(zone, when->when_at, NULL);
    if (when->when_wall.len != 0) {
        *ret_wall = when->when_wall;
    } else {
        struct civil c = zone_civil(zone, when->when_at);
        *ret_wall = arena_printf(a, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
    }
    return true;
}

bool callback_insert(struct store *s, int64_t prospect_id, int64_t list_id, enum callback_kind kind,
                     const struct outcome_entry *when, int64_t made_at, int64_t action_id, struct error *err)
{
    struct arena a = {0};
    struct str wall, zone;
    int offset_s;
    struct stmt q;
    bool ok = wall_of(s, prospect_id, when, made_at, &a, &wall, &zone, &offset_s, err) &&
              stmt_open(s, STMT_CALLBACK_ADD, &q, err);
    if (ok) {
        stmt_uid(&q, ":uid", uid_new());
        stmt_int(&q, ":prospect", prospect_id);
        stmt_id(&q, ":list", list_id);
        stmt_text(&q, ":kind", callback_kind_name(kind));
        stmt_str(&q, ":wall", wall);
        stmt_str(&q, ":zone", zone);
        stmt_int(&q, ":offset", offset_s);
        stmt_int(&q, ":asked", when->when_at);
        stmt_str_or_null(&q, ":step", when->step);
        stmt_str_or_null(&q, ":with", when->with_whom);
        stmt_int(&q, ":made", made_at);
        stmt_int(&q, ":action", action_id);
        ok = stmt_run(&q, err);
    }
    arena_done(&a);
    return ok;
}

static bool when_check(const struct outcome_entry *when, int64_t now, struct error *err)
{
    if (when->when_at == AT_NONE || when->when_at < now)
        return error_set(err, ERR_USAGE, "a callback needs a time that is still to come, such as \"tomorrow 3pm\"");
    return true;
}

bool callback_make(struct store *s, int64_t prospect_id, const struct outcome_entry *when, enum callback_kind kind,
                   int64_t now, struct error *err)
{
    int64_t action;
    if (!when_check(when, now, err) || !db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = action_add(s, "callback", prospect_id, now, now, false, &action, err) &&
              callback_insert(s, prospect_id, 0, kind, when, now, action, err) &&
              prospect_refold(s, prospect_id, now, err) && prospect_touched(s, prospect_id, now, err);
    return db_end(s, ok, err);
}

struct callback_facts {
    int64_t prospect_id, list_id;
    enum callback_kind kind;
    struct str step, with_whom;
    bool open;
};

static bool callback_get(struct store *s, int64_t id, struct arena *a, struct callback_facts *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_CALLBACK_GET, &q, err))
        return false;
    stmt_int(&q, ":callback", id);
    bool found = stmt_row(&q, err);
    if (found) {
        ret->prospect_id = stmt_column_int(&q, 0);
        ret->list_id = stmt_column_int(&q, 1);
        callback_kind_parse(stmt_column_str(&q, 2), &ret->kind);
        ret->step = stmt_column_copy(&q, 3, a);
        ret->with_whom = stmt_column_copy(&q, 4, a);
        ret->open = !stmt_column_null(&q, 5);
    }
    if (!stmt_close(&q))
        return false;
    if (!found)
        return error_set(err, ERR_NOT_FOUND, "no callback %lld", (long long)id);
    return ret->open || error_set(err, ERR_REFUSED, "that promise is over already");
}

static bool end(struct store *s, int64_t id, int64_t action, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_CALLBACK_END, &q, err))
        return false;
    stmt_int(&q, ":callback", id);
    stmt_int(&q, ":action", action);
    return stmt_run(&q, err);
}

/* when NULL: cancelled, not moved */
static bool change(struct store *s, int64_t id, const struct outcome_entry *when, int64_t now, struct error *err)
{
    struct arena a = {0};
    struct callback_facts c = {0};
    int64_t action;
    if ((when != NULL && !when_check(when, now, err)) || !db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = callback_get(s, id, &a, &c, err) && action_add(s, "callback", c.prospect_id, now, now, false, &action, err) &&
              end(s, id, action, err);
    if (ok && when != NULL) {
        struct outcome_entry moved = *when;
        if (moved.step.len == 0)
            moved.step = c.step;
        if (moved.with_whom.len == 0)
            moved.with_whom = c.with_whom;
        ok = callback_insert(s, c.prospect_id, c.list_id, c.kind, &moved, now, action, err);
    }
    ok = ok && prospect_refold(s, c.prospect_id, now, err) && prospect_touched(s, c.prospect_id, now, err);
    ok = db_end(s, ok, err);
    arena_done(&a);
    return ok;
}

bool callback_move(struct store *s, int64_t callback_id, const struct outcome_entry *when, int64_t now, struct error *err)
{
    return change(s, callback_id, when, now, err);
}

bool callback_cancel(struct store *s, int64_t callback_id, int64_t now, struct error *err)
{
    return change(s, callback_id, NULL, now, err);
}

bool callbacks_until(struct store *s, int64_t until, size_t most, struct arena *a, const struct callback_row **ret,
                     size_t *ret_count, struct error *err)
{
    struct callback_row *rows = ARENA_ARRAY(a, struct callback_row, most ? most : 1);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_CALLBACKS_UNTIL, &q, err))
        return false;
    stmt_int(&q, ":until", until);
    stmt_int(&q, ":most", (int64_t)most);
    while (count < most && stmt_row(&q, err)) {
        struct callback_row *r = &rows[count++];
        *r = (struct callback_row){.id = stmt_column_int(&q, 0),
                                   .prospect_id = stmt_column_int(&q, 1),
                                   .due_at = stmt_column_int(&q, 2),
                                   .asked_at = stmt_column_int(&q, 3),
                                   .tries = (int)stmt_column_int(&q, 5),
                                   .name = stmt_column_copy(&q, 6, a),
                                   .company = stmt_column_copy(&q, 7, a),
                                   .step = stmt_column_copy(&q, 8, a),
                                   .wall = stmt_column_copy(&q, 9, a),
                                   .zone = stmt_column_copy(&q, 10, a)};
        callback_kind_parse(stmt_column_str(&q, 4), &r->kind);
    }
    *ret = rows;
    *ret_count = count;
    return stmt_close(&q);
}

bool callback_near(struct store *s, int64_t list_id, int64_t prospect_id, int64_t at, struct arena *a, struct callback_row *ret,
                   struct error *err)
{
    enum { MOST = 64 };
    const struct callback_row *rows;
    struct policy policy;
    size_t count;
    *ret = (struct callback_row){.id = 0};
    if (!list_policy(s, list_id, &policy, err))
        return false;
    if (policy.guard_s == 0)
        return true;
    if (!callbacks_until(s, at + policy.guard_s + 1, MOST, a, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count && ret->id == 0; i++) {
        struct verdict verdict;
        struct place place;
        if (rows[i].due_at <= at || rows[i].kind == PROMISE_MEETING || rows[i].prospect_id == prospect_id)
            continue;
        if (!prospect_verdict(s, rows[i].prospect_id, list_id, 0, rows[i].due_at, &verdict, &place, err))
            return false;
        if (verdict.yes)
            *ret = rows[i];
    }
    return true;
}
