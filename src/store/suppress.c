/* SPDX-License-Identifier: MIT */
/*
 * Do not call. A suppression binds a person, a line or a whole company; it is lifted only by `suppress remove` with a
 * reason, or by undo as the very last action.
 *
 * A person who asks on the phone means all their numbers, also a line that colleagues answer: nobody is called there any
 * more. A do-not-call column of a file speaks of the person: a line that others in the list share stays open for them.
 */
#include "touch.h"

#include <stdlib.h>


bool suppress_insert(struct store *s, enum suppress_scope scope, int64_t prospect_id, int64_t company_id, struct str e164,
                     struct str reason, struct str source, struct str as_of, int64_t at, int64_t action_id, int64_t batch_id,
                     struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_SUPPRESS_ADD, &q, err))
        return false;
    stmt_uid(&q, ":uid", uid_new());
    stmt_text(&q, ":scope", suppress_scope_name(scope));
    stmt_id(&q, ":prospect", prospect_id);
    stmt_str_or_null(&q, ":e164", e164);
    stmt_id(&q, ":company", company_id);
    stmt_str(&q, ":reason", reason);
    stmt_str(&q, ":source", source);
    stmt_str_or_null(&q, ":as_of", as_of);
    stmt_int(&q, ":at", at);
    stmt_id(&q, ":action", action_id);
    stmt_id(&q, ":batch", batch_id);
    return stmt_run(&q, err);
}

static bool line_refold(struct store *s, struct str e164, int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PHONE_FIND, &q, err))
        return false;
    stmt_str(&q, ":e164", e164);
    int64_t phone = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    return stmt_close(&q) && (phone == 0 || sharers_refold(s, phone, now, err));
}

bool suppress_person(struct store *s, int64_t prospect_id, struct str reason, const char *source, int64_t at,
                     int64_t action_id, int64_t batch_id, struct error *err)
{
    enum { MOST = 64 };
    char numbers[MOST][20];
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_SUPPRESS_NUMBERS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":shared", action_id != 0); /* said on the phone: all their numbers; by a file: only what is theirs alone */
    while (count < MOST && stmt_row(&q, err)) {
        struct str e164 = stmt_column_str(&q, 0);
        size_t len = e164.len < sizeof numbers[0] - 1 ? e164.len : sizeof numbers[0] - 1;
        for (size_t i = 0; i < len; i++)
            numbers[count][i] = e164.at[i];
        numbers[count++][len] = '\0';
    }
    bool ok = stmt_close(&q) && suppress_insert(s, SCOPE_PERSON, prospect_id, 0, STR(""), reason, str_of(source), STR(""), at,
                                                action_id, batch_id, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = suppress_insert(s, SCOPE_LINE, 0, 0, str_of(numbers[i]), reason, str_of(source), STR(""), at, action_id, batch_id,
                             err) &&
             (action_id == 0 || line_refold(s, str_of(numbers[i]), at, err));
    return ok;
}

bool suppress_add(struct store *s, enum suppress_scope scope, int64_t prospect_id, struct str e164, struct str reason,
                  struct str source, int64_t now, struct error *err)
{
    int64_t action, company = scope == SCOPE_COMPANY ? company_of_prospect(s, prospect_id) : 0;
    if (scope == SCOPE_COMPANY && company == 0)
        return error_set(err, ERR_USAGE, "this prospect has no company; suppress the person or the line");
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = action_add(s, "suppress", scope == SCOPE_LINE ? 0 : prospect_id, now, now, false, &action, err);
    if (ok && scope == SCOPE_PERSON)
        ok = suppress_person(s, prospect_id, reason, source.len ? source.at : "rep", now, action, 0, err) &&
             prospect_refold(s, prospect_id, now, err);
    else if (ok && scope == SCOPE_LINE)
        ok = suppress_insert(s, SCOPE_LINE, 0, 0, e164, reason, source, STR(""), now, action, 0, err) &&
             line_refold(s, e164, now, err);
    else if (ok)
        ok = suppress_insert(s, SCOPE_COMPANY, 0, company, STR(""), reason, source, STR(""), now, action, 0, err) &&
             company_refold(s, company, now, err);
    return db_end(s, ok, err);
}

struct found_ids {
    int64_t id[SUPPRESSIONS_OF_ACTION];
    size_t count;
};

static bool collect(struct store *s, enum statement which, struct str e164, struct arena *a, struct suppress_row *rows,
                    struct found_ids *ids, size_t *count, size_t most, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_str(&q, ":e164", e164);
    if (which == STMT_SUPPRESS_PEOPLE) /* lifting finds the person on a shared line, too; checking asks what binds the line */
        stmt_int(&q, ":shared", ids != NULL);
    while (*count < most && stmt_row(&q, err)) {
        if (ids != NULL)
            ids->id[*count] = stmt_column_int(&q, 0);
        if (rows != NULL) {
            struct suppress_row *r = &rows[*count];
            *r = (struct suppress_row){.e164 = stmt_column_copy(&q, 2, a),
                                       .name = stmt_column_copy(&q, 3, a),
                                       .company = stmt_column_copy(&q, 4, a),
                                       .reason = stmt_column_copy(&q, 5, a),
                                       .source = stmt_column_copy(&q, 6, a),
                                       .as_of = stmt_column_copy(&q, 7, a),
                                       .at = stmt_column_int(&q, 8)};
            suppress_scope_parse(stmt_column_str(&q, 1), &r->scope);
        }
        (*count)++;
    }
    return stmt_close(&q);
}

bool suppress_check(struct store *s, struct str e164, struct arena *a, const struct suppress_row **ret, size_t *ret_count,
                    struct error *err)
{
    enum { MOST = 64 };
    struct suppress_row *rows = ARENA_ARRAY(a, struct suppress_row, MOST);
    *ret = rows;
    *ret_count = 0;
    return collect(s, STMT_SUPPRESS_LINE, e164, a, rows, NULL, ret_count, MOST, err) &&
           collect(s, STMT_SUPPRESS_PEOPLE, e164, a, rows, NULL, ret_count, MOST, err) &&
           collect(s, STMT_SUPPRESS_COMPANIES, e164, a, rows, NULL, ret_count, MOST, err);
}

bool suppress_remove(struct store *s, struct str e164, struct str reason, int64_t now, struct error *err)
{
    struct found_ids ids = {.count = 0};
    int64_t action;
    if (str_trim(reason).len == 0)
        return error_set(err, ERR_USAGE, "lifting a do-not-call needs a reason: --reason \"asked to be called again\"");
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = collect(s, STMT_SUPPRESS_LINE, e164, NULL, NULL, &ids, &ids.count, SUPPRESSIONS_OF_ACTION, err) &&
              collect(s, STMT_SUPPRESS_PEOPLE, e164, NULL, NULL, &ids, &ids.count, SUPPRESSIONS_OF_ACTION, err);
    if (ok && ids.count == 0) /* the narrowest goes first: a company's word only when nothing else binds the number */
        ok = collect(s, STMT_SUPPRESS_COMPANIES, e164, NULL, NULL, &ids, &ids.count, SUPPRESSIONS_OF_ACTION, err);
    if (ok && ids.count == 0)
        ok = error_set(err, ERR_NOT_FOUND, "\"%.*s\" is not suppressed", STR_ARG(e164));
    ok = ok && action_add(s, "unsuppress", 0, now, now, false, &action, err);
    for (size_t i = 0; ok && i < ids.count; i++) {
        struct stmt q;
        ok = stmt_open(s, STMT_SUPPRESS_REMOVE, &q, err);
        if (ok) {
            stmt_int(&q, ":id", ids.id[i]);
            stmt_int(&q, ":action", action);
            stmt_str(&q, ":reason", reason);
            ok = stmt_run(&q, err);
        }
    }
    ok = ok && suppressed_refold(s, action, now, err) && line_refold(s, e164, now, err);
    return db_end(s, ok, err);
}

bool suppress_import(struct store *s, const struct str *e164, size_t count, struct str registry, struct str as_of, int64_t now,
                     int64_t *ret_new, struct error *err)
{
    enum { SLICE = 500 }; /* others go on meanwhile */
    *ret_new = 0;
    for (size_t from = 0; from < count; from += SLICE) {
        size_t to = from + SLICE < count ? from + SLICE : count;
        if (!db_begin(s, DB_DURABLE, err))
            return false;
        bool ok = true;
        for (size_t i = from; ok && i < to; i++) {
            struct stmt q;
            ok = stmt_open(s, STMT_SUPPRESS_HAS_LINE, &q, err);
            if (!ok)
                break;
            stmt_str(&q, ":e164", e164[i]);
            bool there = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
            ok = stmt_close(&q);
            if (!ok || there)
                continue;
            ok = suppress_insert(s, SCOPE_LINE, 0, 0, e164[i], STR("registry"), registry, as_of, now, 0, 0, err) &&
                 line_refold(s, e164[i], now, err);
            *ret_new += ok;
        }
        if (!db_end(s, ok, err))
            return false;
    }
    return true;
}
