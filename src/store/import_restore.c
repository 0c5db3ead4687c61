/* SPDX-License-Identifier: MIT */
/*
 * What a batch changed in somebody who stays goes back: for a revert, and before the batch is read again.
 *
 * What a person set, or a later file, is not this batch's to take back. A do-not-call and an opt-out stay.
 */
#include "import_parts.h"

#include <string.h>

bool import_run_for(struct store *s, enum statement which, const char *name, int64_t id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, name, id);
    return stmt_run(&q, err);
}

bool import_ids_of(struct store *s, enum statement which, int64_t prospect_id, int64_t batch_id, struct arena *a,
                   int64_t **ret, size_t *ret_count, struct error *err)
{
    struct stmt q;
    int64_t *ids = NULL;
    size_t count = 0, room = 0;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    if (batch_id != 0)
        stmt_int(&q, ":batch", batch_id);
    while (stmt_row(&q, err)) {
        if (count == room) {
            size_t more = room ? room * 2 : 8;
            int64_t *bigger = ARENA_ARRAY(a, int64_t, more);
            if (count != 0)
                memcpy(bigger, ids, count * sizeof *ids);
            ids = bigger;
            room = more;
        }
        ids[count++] = stmt_column_int(&q, 0);
    }
    *ret = ids;
    *ret_count = count;
    return stmt_close(&q);
}

/* A note is a touch, and touches are never deleted while their person stays: a reversal voids it. */
static bool void_notes(struct store *s, int64_t batch_id, int64_t prospect_id, const struct str *kept_note, int64_t now,
                       struct arena *a, struct error *err)
{
    int64_t *ids;
    size_t count;
    if (!import_ids_of(s, STMT_REVERT_NOTES_OF_BATCH, prospect_id, batch_id, a, &ids, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct stmt q;
        if (kept_note != NULL) {
            if (!stmt_open(s, STMT_REVERT_NOTE, &q, err))
                return false;
            stmt_int(&q, ":id", ids[i]);
            bool same = stmt_row(&q, err) && str_eq(stmt_column_str(&q, 0), *kept_note);
            if (!stmt_close(&q))
                return false;
            if (same)
                continue;
        }
        if (!stmt_open(s, STMT_REVERT_VOID, &q, err))
            return false;
        stmt_uid(&q, ":uid", uid_new());
        stmt_int(&q, ":id", ids[i]);
        stmt_int(&q, ":now", now);
        stmt_text(&q, ":rep", s->rep);
        if (!stmt_run(&q, err) || !import_run_for(s, STMT_REVERT_VOIDED, ":id", ids[i], err))
            return false;
    }
    return true;
}

static bool drop_links(struct store *s, int64_t batch_id, int64_t prospect_id, struct arena *a, struct error *err)
{
    int64_t *phones;
    size_t count;
    if (!import_ids_of(s, STMT_REVERT_LINKS, prospect_id, batch_id, a, &phones, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct stmt q;
        if (!stmt_open(s, STMT_REVERT_LINK_DROP, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":phone", phones[i]);
        if (!stmt_run(&q, err))
            return false;
    }
    return true;
}

bool import_ask_of(struct store *s, enum statement which, int64_t batch_id, int64_t prospect_id, bool *ret,
                   struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":prospect", prospect_id);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

/* Set by a person, or by a batch after this one? Then it is not this batch's to take back. */
static bool is_others(struct store *s, int64_t batch_id, int64_t prospect_id, struct str field, struct arena *a,
                      bool *ret, struct error *err)
{
    struct stmt q;
    if (!person_edited(s, prospect_id, arena_text(a, field), ret, err))
        return false;
    if (*ret)
        return true;
    if (!stmt_open(s, STMT_IMPORT_CHANGED_LATER, &q, err))
        return false;
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":field", field);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

/* Whose values are looked at. alone: nobody else ever said anything about them, so nothing has to be asked a field. */
struct restoring {
    struct store *s;
    int64_t batch_id, prospect_id;
    bool alone;
    struct arena *a;
};

static bool field_is_others(const struct restoring *r, struct str field, bool *ret, struct error *err)
{
    *ret = false;
    return r->alone || is_others(r->s, r->batch_id, r->prospect_id, field, r->a, ret, err);
}

struct change {
    struct str field, before, after;
};

static bool changes_load(struct store *s, int64_t batch_id, int64_t prospect_id, struct arena *a, struct change **ret,
                         size_t *ret_count, struct error *err)
{
    struct change *rows = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_CHANGES_OF, &q, err))
        return false;
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":prospect", prospect_id);
    while (stmt_row(&q, err)) {
        if (count == room) {
            size_t more = room ? room * 2 : 16;
            struct change *bigger = ARENA_ARRAY(a, struct change, more);
            if (count != 0)
                memcpy(bigger, rows, count * sizeof *rows);
            rows = bigger;
            room = more;
        }
        rows[count++] =
            (struct change){stmt_column_copy(&q, 0, a), stmt_column_copy(&q, 1, a), stmt_column_copy(&q, 2, a)};
    }
    *ret = rows;
    *ret_count = count;
    return stmt_close(&q);
}

static void set_zone(struct person_values *v, struct str text)
{
    struct str rest = text, source;
    if (!str_word(&rest, &source)) {
        v->zones = STR("");
        v->zone_source = STR("none");
        return;
    }
    v->zone_source = source;
    v->zones = str_trim(rest);
}

static bool attribute_put(struct store *s, int64_t prospect_id, struct str key, struct str value, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, value.len ? STMT_IMPORT_ATTRIBUTE_SET : STMT_IMPORT_ATTRIBUTE_DROP, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":key", key);
    if (value.len)
        stmt_str(&q, ":value", value);
    return stmt_run(&q, err);
}

static bool attribute_is(struct store *s, int64_t prospect_id, struct str key, struct str value, bool *ret,
                         struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_FIELD_ATTRIBUTE, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":key", key);
    *ret = stmt_row(&q, err) && str_eq(stmt_column_str(&q, 0), value);
    return stmt_close(&q);
}

static bool restore_values(const struct restoring *r, struct person_values *v, struct error *err)
{
    struct store *s = r->s;
    int64_t batch_id = r->batch_id, prospect_id = r->prospect_id;
    struct arena *a = r->a;
    struct change *changes;
    size_t count;
    if (!changes_load(s, batch_id, prospect_id, a, &changes, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct change *c = &changes[i];
        enum person_field f;
        bool others;
        if (!field_is_others(r, c->field, &others, err))
            return false;
        if (others)
            continue;
        if (person_field_parse(c->field, &f)) {
            if (str_eq(v->fields[f], c->after))
                v->fields[f] = c->before;
        } else if (str_starts(c->field, "attribute:")) {
            struct str key = str_skip(c->field, strlen("attribute:"));
            bool same;
            if (!attribute_is(s, prospect_id, key, c->after, &same, err) ||
                (same && !attribute_put(s, prospect_id, key, c->before, err)))
                return false;
        } else if (str_is(c->field, "zone")) {
            set_zone(v, c->before);
        } /* a do-not-call and an opt-out stay: what was asked was asked */
    }
    return true;
}

/* The batch made this person: what is theirs and nobody else's word came from it. */
static bool blank_values(const struct restoring *r, struct person_values *v, struct error *err)
{
    struct store *s = r->s;
    int64_t prospect_id = r->prospect_id;
    struct arena *a = r->a;
    bool others;
    for (int f = 0; f < PERSON_FIELDS_; f++) {
        if (!field_is_others(r, str_of(person_field_name((enum person_field)f)), &others, err))
            return false;
        if (!others)
            v->fields[f] = STR("");
    }
    if (!field_is_others(r, STR("zone"), &others, err))
        return false;
    if (!others)
        set_zone(v, STR(""));
    struct stmt q;
    struct str *keys = NULL;
    size_t count = 0, room = 0;
    if (!stmt_open(s, STMT_IMPORT_ATTRIBUTES, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    while (stmt_row(&q, err)) {
        if (count == room) {
            size_t more = room ? room * 2 : 32;
            struct str *bigger = ARENA_ARRAY(a, struct str, more);
            if (count != 0)
                memcpy(bigger, keys, count * sizeof *keys);
            keys = bigger;
            room = more;
        }
        keys[count++] = stmt_column_copy(&q, 0, a);
    }
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct str field = arena_printf(a, "attribute:%.*s", STR_ARG(keys[i]));
        if (!field_is_others(r, field, &others, err) ||
            (!others && !attribute_put(s, prospect_id, keys[i], STR(""), err)))
            return false;
    }
    return true;
}

bool import_restore(struct store *s, int64_t batch_id, int64_t prospect_id, bool blank, const struct str *kept_note,
                    int64_t now, struct arena *a, struct error *err)
{
    struct person_values v;
    struct stmt q;
    if (!person_load(s, prospect_id, a, &v, err) || !void_notes(s, batch_id, prospect_id, kept_note, now, a, err) ||
        !drop_links(s, batch_id, prospect_id, a, err) || !stmt_open(s, STMT_REVERT_MAILS_DROP, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", batch_id);
    if (!stmt_run(&q, err))
        return false;
    struct restoring r = {.s = s, .batch_id = batch_id, .prospect_id = prospect_id, .a = a};
    bool others;
    if (!import_ask_of(s, STMT_IMPORT_OTHERS, batch_id, prospect_id, &others, err))
        return false;
    r.alone = !others;
    bool ok = blank ? blank_values(&r, &v, err) : restore_values(&r, &v, err);
    if (!ok || !person_save(s, prospect_id, &v, now, err) || !stmt_open(s, STMT_IMPORT_CHANGES_DROP, &q, err))
        return false;
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":prospect", prospect_id);
    return stmt_run(&q, err);
}
