/* SPDX-License-Identifier: MIT */
/* Small rows that several verbs make: actions, numbers, links, companies. */
#include "fold.h"

#include "calldeck/utf8.h"

bool action_add(struct store *s, const char *kind, int64_t prospect_id, int64_t at, int64_t recorded_at, bool open,
                int64_t *ret_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_ADD, &q, err))
        return false;
    stmt_text(&q, ":kind", kind);
    stmt_id(&q, ":prospect", prospect_id);
    stmt_int(&q, ":at", at);
    stmt_int(&q, ":recorded", recorded_at);
    stmt_text(&q, ":rep", s->rep);
    stmt_int(&q, ":open", open);
    if (!stmt_run(&q, err))
        return false;
    *ret_id = db_last_id(s);
    return true;
}

bool action_record(struct store *s, int64_t action_id, int64_t recorded_at, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_RECORD, &q, err))
        return false;
    stmt_int(&q, ":action", action_id);
    stmt_int(&q, ":recorded", recorded_at);
    return stmt_run(&q, err);
}

bool phone_row(struct store *s, const struct new_phone *phone, int64_t *ret_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PHONE_FIND, &q, err))
        return false;
    stmt_str(&q, ":e164", phone->e164);
    int64_t id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    if (!stmt_close(&q))
        return false;
    if (id == 0) {
        char reversed[32];
        size_t len = 0;
        while (len < phone->e164.len && len < sizeof reversed) {
            reversed[len] = phone->e164.at[phone->e164.len - 1 - len];
            len++;
        }
        if (len > 0 && reversed[len - 1] == '+')
            len--;
        if (!stmt_open(s, STMT_PHONE_ADD, &q, err))
            return false;
        stmt_str(&q, ":e164", phone->e164);
        stmt_str(&q, ":reversed", str_make(reversed, len));
        stmt_str(&q, ":national", phone->national);
        stmt_str(&q, ":region", phone->region);
        stmt_str(&q, ":type", phone->type);
        stmt_str(&q, ":state", phone->state);
        stmt_str(&q, ":zones", phone->zones);
        if (!stmt_run(&q, err))
            return false;
        id = db_last_id(s);
    }
    *ret_id = id;
    return true;
}

bool phone_link_add(struct store *s, int64_t prospect_id, int64_t phone_id, const struct new_phone *phone, bool first,
                    const char *source, int64_t batch_id, int64_t action_id, bool *ret_new, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_LINK_FIND, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":phone", phone_id);
    bool found = stmt_row(&q, err);
    int64_t link = found ? stmt_column_int(&q, 0) : 0;
    bool removed = found && !stmt_column_null(&q, 1);
    if (!stmt_close(&q))
        return false;
    *ret_new = false;
    if (found && (!removed || action_id == 0)) /* what a person took away, a file does not bring back */
        return true;
    if (!stmt_open(s, STMT_LINK_POSITIONS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    int64_t position = 1;
    if (stmt_row(&q, err))
        position = first ? stmt_column_int(&q, 0) - 1 : stmt_column_int(&q, 1) + 1;
    if (!stmt_close(&q) || !stmt_open(s, found ? STMT_LINK_AGAIN : STMT_LINK_ADD, &q, err))
        return false;
    stmt_int(&q, ":position", position);
    stmt_id(&q, ":action", action_id);
    if (found) {
        stmt_int(&q, ":link", link);
    } else {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":phone", phone_id);
        stmt_str(&q, ":label", phone->label);
        stmt_text(&q, ":source", source);
        stmt_str(&q, ":extension", phone->extension);
        stmt_id(&q, ":batch", batch_id);
    }
    *ret_new = true;
    return stmt_run(&q, err);
}

bool company_row(struct store *s, struct str name, int64_t *ret_id, struct error *err)
{
    *ret_id = 0;
    struct buf folded;
    buf_init(&folded);
    text_fold(name, &folded);
    if (name.len != 0 && folded.len == 0) /* a name of signs alone is its own key */
        buf_add_str(&folded, name);
    bool ok = true;
    if (folded.len != 0) {
        struct stmt q;
        ok = stmt_open(s, STMT_COMPANY_FIND, &q, err);
        if (ok) {
            stmt_str(&q, ":folded", buf_str(&folded));
            if (stmt_row(&q, err))
                *ret_id = stmt_column_int(&q, 0);
            ok = stmt_close(&q);
        }
        if (ok && *ret_id == 0 && (ok = stmt_open(s, STMT_COMPANY_ADD, &q, err))) {
            stmt_str(&q, ":name", name);
            stmt_str(&q, ":folded", buf_str(&folded));
            ok = stmt_run(&q, err);
            if (ok)
                *ret_id = db_last_id(s);
        }
    }
    buf_done(&folded);
    return ok;
}

bool search_queue(struct store *s, int64_t prospect_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_SEARCH_TODO, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    return stmt_run(&q, err);
}

bool prospect_touched(struct store *s, int64_t prospect_id, int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PROSPECT_TOUCHED, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":now", now);
    return stmt_run(&q, err);
}
