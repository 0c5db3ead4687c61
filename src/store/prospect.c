/* SPDX-License-Identifier: MIT */
/* People, as a person corrects them: every edit is an action with the value before, and wins over later files. */
#include "touch.h"

#include <stdio.h>

#include "calldeck/utf8.h"

/* One table for reading and writing a field by its name in the edit table. */
static const struct field {
    const char *name;
    enum statement get, set;
    bool editable; /* by prospect_edit; the others have verbs of their own */
    bool number;
} fields[] = {
    {"name", STMT_FIELD_NAME, STMT_SET_NAME, true, false},
    {"title", STMT_FIELD_TITLE, STMT_SET_TITLE, true, false},
    {"company", STMT_FIELD_COMPANY, STMT_SET_COMPANY, true, false},
    {"owner", STMT_FIELD_OWNER, STMT_SET_OWNER, true, false},
    {"language", STMT_FIELD_LANGUAGE, STMT_SET_LANGUAGE, true, false},
    {"source", STMT_FIELD_SOURCE, STMT_SET_SOURCE, true, false},
    {"country", STMT_FIELD_COUNTRY, STMT_SET_COUNTRY, true, false},
    {"state", STMT_FIELD_STATE, STMT_SET_STATE, true, false},
    {"city", STMT_FIELD_CITY, STMT_SET_CITY, true, false},
    {"external_id", STMT_FIELD_EXTERNAL_ID, STMT_SET_EXTERNAL_ID, true, false},
    {"archived", STMT_FIELD_ARCHIVED, STMT_SET_ARCHIVED, false, true},
    {"said_zone", STMT_FIELD_SAID_ZONE, STMT_SET_SAID_ZONE, false, false},
    {"said_until_at", STMT_FIELD_SAID_UNTIL_AT, STMT_SET_SAID_UNTIL_AT, false, true},
};
static const char attribute_prefix[] = "attribute:";

static const struct field *field_find(struct str name)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (str_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

static bool no_such_field(struct str name, struct error *err)
{
    return error_set(err, ERR_USAGE,
                     "no field \"%.*s\": name, title, company, owner, language, source, country, state, city, external_id or "
                     "attribute:KEY",
                     STR_ARG(name));
}

bool field_get(struct store *s, int64_t prospect_id, struct str name, struct arena *a, struct str *ret, struct error *err)
{
    bool attribute = str_starts(name, attribute_prefix);
    const struct field *f = attribute ? NULL : field_find(name);
    if (f == NULL && !attribute)
        return no_such_field(name, err);
    struct stmt q;
    if (!stmt_open(s, attribute ? STMT_FIELD_ATTRIBUTE : f->get, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    if (attribute)
        stmt_str(&q, ":key", str_skip(name, sizeof attribute_prefix - 1));
    *ret = stmt_row(&q, err) ? stmt_column_copy(&q, 0, a) : (struct str){0};
    return stmt_close(&q);
}

static bool attribute_set(struct store *s, int64_t prospect_id, struct str key, struct str value, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, value.len ? STMT_SET_ATTRIBUTE : STMT_DROP_ATTRIBUTE, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":key", key);
    if (value.len)
        stmt_str(&q, ":value", value);
    return stmt_run(&q, err);
}

bool field_set(struct store *s, int64_t prospect_id, struct str name, struct str value, struct error *err)
{
    if (str_starts(name, attribute_prefix))
        return attribute_set(s, prospect_id, str_skip(name, sizeof attribute_prefix - 1), value, err);
    const struct field *f = field_find(name);
    if (f == NULL)
        return no_such_field(name, err);
    int64_t number = 0;
    if (f->set == STMT_SET_COMPANY && !company_row(s, value, &number, err))
        return false;
    if (f->number && value.len && !str_int(value, &number))
        return error_set(err, ERR_DATA, "\"%.*s\" is no number", STR_ARG(value));
    struct stmt q;
    if (!stmt_open(s, f->set, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    if (f->set == STMT_SET_COMPANY)
        stmt_id(&q, ":value", number);
    else if (f->set == STMT_SET_ARCHIVED)
        stmt_int(&q, ":value", number);
    else if (f->number)
        stmt_int_or_null(&q, ":value", number, value.len == 0);
    else if (f->set == STMT_SET_NAME)
        stmt_str(&q, ":value", value);
    else
        stmt_str_or_null(&q, ":value", value);
    struct buf folded;
    buf_init(&folded);
    if (f->set == STMT_SET_NAME) {
        text_fold(value, &folded);
        stmt_str(&q, ":folded", buf_str(&folded));
    }
    buf_done(&folded);
    return stmt_run(&q, err);
}

bool field_edit(struct store *s, int64_t action, int64_t prospect_id, struct str name, struct str value, struct error *err)
{
    struct arena a = {0};
    struct str before;
    struct stmt q;
    bool ok = field_get(s, prospect_id, name, &a, &before, err) && field_set(s, prospect_id, name, value, err) &&
              stmt_open(s, STMT_EDIT_ADD, &q, err);
    if (ok) {
        stmt_int(&q, ":action", action);
        stmt_int(&q, ":prospect", prospect_id);
        stmt_str(&q, ":field", name);
        stmt_str_or_null(&q, ":before", before);
        stmt_str_or_null(&q, ":after", value);
        ok = stmt_run(&q, err);
    }
    arena_done(&a);
    return ok;
}

static bool prospect_exists(struct store *s, int64_t prospect_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PROSPECT_BASICS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    bool found = stmt_row(&q, err);
    return stmt_close(&q) && (found || error_set(err, ERR_NOT_FOUND, "no prospect %lld", (long long)prospect_id));
}

/* The frame of every act on one person. */
static bool act_begin(struct store *s, const char *kind, int64_t prospect_id, int64_t now, int64_t *ret_action, struct error *err)
{
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    if (prospect_exists(s, prospect_id, err) && action_add(s, kind, prospect_id, now, now, false, ret_action, err))
        return true;
    return db_end(s, false, err);
}

static bool act_end(struct store *s, bool ok, int64_t prospect_id, int64_t now, struct error *err)
{
    ok = ok && prospect_refold(s, prospect_id, now, err) && prospect_touched(s, prospect_id, now, err) &&
         search_queue(s, prospect_id, err);
    return db_end(s, ok, err);
}

bool prospect_edit(struct store *s, int64_t prospect_id, struct str field, struct str value, int64_t now, struct error *err)
{
    struct buf clean;
    int64_t action;
    bool attribute = str_starts(field, attribute_prefix) && field.len > sizeof attribute_prefix - 1;
    const struct field *f = attribute ? NULL : field_find(field);
    if (!attribute && (f == NULL || !f->editable))
        return no_such_field(field, err);
    buf_init(&clean);
    text_clean_line(value, &clean);
    bool ok = true;
    if (f != NULL && f->set == STMT_SET_COUNTRY && clean.len != 0) {
        ok = clean.len == 2 || error_set(err, ERR_USAGE, "a country is two letters, such as SA; not \"%s\"", clean.at);
        for (size_t i = 0; ok && i < clean.len; i++) {
            if (clean.at[i] >= 'a' && clean.at[i] <= 'z')
                clean.at[i] = (char)(clean.at[i] - 32);
            if (clean.at[i] < 'A' || clean.at[i] > 'Z')
                ok = error_set(err, ERR_USAGE, "a country is two letters, such as SA; not \"%s\"", clean.at);
        }
    }
    ok = ok && act_begin(s, "edit", prospect_id, now, &action, err) &&
         act_end(s, field_edit(s, action, prospect_id, field, buf_str(&clean), err), prospect_id, now, err);
    buf_done(&clean);
    return ok;
}

bool prospect_set_zone(struct store *s, int64_t prospect_id, struct str zone, int64_t until_at, int64_t now, struct error *err)
{
    int64_t action;
    if (zone.len != 0 && zone_find(s->zones, zone, err) == NULL)
        return false;
    if (until_at != AT_NONE && until_at <= now)
        return error_set(err, ERR_USAGE, "a zone needs an end that is still to come");
    char until[24] = "";
    if (zone.len != 0 && until_at != AT_NONE)
        snprintf(until, sizeof until, "%lld", (long long)until_at);
    return act_begin(s, "edit", prospect_id, now, &action, err) &&
           act_end(s,
                   field_edit(s, action, prospect_id, STR("said_zone"), zone, err) &&
                       field_edit(s, action, prospect_id, STR("said_until_at"), str_of(until), err),
                   prospect_id, now, err);
}

bool prospect_archive(struct store *s, int64_t prospect_id, bool archive, int64_t now, struct error *err)
{
    int64_t action;
    return act_begin(s, "archive", prospect_id, now, &action, err) &&
           act_end(s, field_edit(s, action, prospect_id, STR("archived"), archive ? STR("1") : STR("0"), err), prospect_id, now,
                   err);
}

static bool archive_one(struct store *s, int64_t action, int64_t prospect_id, int64_t now, struct error *err)
{
    return field_edit(s, action, prospect_id, STR("archived"), STR("1"), err) && prospect_refold(s, prospect_id, now, err) &&
           prospect_touched(s, prospect_id, now, err);
}

bool prospects_archive(struct store *s, int64_t now, int64_t *ret_count, struct error *err)
{
    enum { CHUNK = 256 };
    int64_t ids[CHUNK], action, after = 0, done = 0;
    size_t count = CHUNK;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = action_add(s, "archive", 0, now, now, false, &action, err);
    while (ok && count == CHUNK) {
        struct stmt q;
        count = 0;
        ok = stmt_open(s, STMT_PROSPECTS_KEPT, &q, err);
        if (!ok)
            break;
        stmt_int(&q, ":after", after);
        stmt_int(&q, ":most", CHUNK);
        while (count < CHUNK && stmt_row(&q, err))
            ids[count++] = stmt_column_int(&q, 0);
        ok = stmt_close(&q);
        for (size_t i = 0; ok && i < count; i++)
            ok = archive_one(s, action, ids[i], now, err);
        if (count != 0)
            after = ids[count - 1];
        done += (int64_t)count;
    }
    if (!db_end(s, ok, err))
        return false;
    *ret_count = done;
    return true;
}

static bool phone_add(struct store *s, int64_t prospect_id, const struct new_phone *phone, bool first, int64_t action,
                      struct error *err)
{
    int64_t id;
    bool made;
    if (!phone_row(s, phone, &id, err) || !phone_link_add(s, prospect_id, id, phone, first, "rep", 0, action, &made, err) ||
        !(made || error_set(err, ERR_REFUSED, "\"%.*s\" is one of their numbers already", STR_ARG(phone->e164))))
        return false;
    struct stmt q;
    if (phone->zones.len == 0)
        return true;
    if (!stmt_open(s, STMT_PROSPECT_ZONES_IF_NONE, &q, err)) /* of somebody who was nowhere so far the number says where */
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":zones", phone->zones);
    stmt_text(&q, ":source", "number");
    return stmt_run(&q, err);
}

bool prospect_add_phone(struct store *s, int64_t prospect_id, const struct new_phone *phone, bool first, int64_t now,
                        struct error *err)
{
    int64_t action;
    return act_begin(s, "phone", prospect_id, now, &action, err) &&
           act_end(s, phone_add(s, prospect_id, phone, first, action, err), prospect_id, now, err);
}

bool prospect_remove_phone(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t now, struct error *err)
{
    int64_t action;
    if (!act_begin(s, "phone", prospect_id, now, &action, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_LINK_REMOVE, &q, err);
    if (ok) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":phone", phone_id);
        stmt_int(&q, ":action", action);
        ok = stmt_run(&q, err);
        if (ok && db_changes(s) == 0)
            ok = error_set(err, ERR_NOT_FOUND, "that is none of their numbers");
    }
    return act_end(s, ok, prospect_id, now, err);
}

bool prospect_add_mail(struct store *s, int64_t prospect_id, struct str address, struct str label, int64_t now, struct error *err)
{
    int64_t action;
    struct buf clean;
    buf_init(&clean);
    text_clean_line(address, &clean);
    size_t at = str_find(buf_str(&clean), '@');
    bool ok = (at > 0 && at + 1 < clean.len && str_find(buf_str(&clean), ' ') == clean.len) ||
              error_set(err, ERR_USAGE, "\"%s\" is no mail address", clean.at);
    if (ok && (ok = act_begin(s, "mail", prospect_id, now, &action, err))) {
        struct stmt q;
        bool done = stmt_open(s, STMT_MAIL_ADD, &q, err);
        if (done) {
            stmt_int(&q, ":prospect", prospect_id);
            stmt_str(&q, ":address", buf_str(&clean));
            for (size_t i = 0; i < clean.len; i++)
                if (clean.at[i] >= 'A' && clean.at[i] <= 'Z')
                    clean.at[i] = (char)(clean.at[i] + 32);
            stmt_str(&q, ":folded", buf_str(&clean));
            stmt_str(&q, ":label", label);
            stmt_int(&q, ":action", action);
            done = stmt_run(&q, err);
        }
        ok = act_end(s, done, prospect_id, now, err);
    }
    buf_done(&clean);
    return ok;
}

/* ---- new people ---- */

bool person_insert(struct store *s, int64_t list_id, const struct new_person *person, int64_t action_id, int64_t now,
                   int64_t *ret_id, struct error *err)
{
    struct arena a = {0};
    struct buf name, folded;
    buf_init(&name);
    buf_init(&folded);
    text_clean_line(person->name, &name);
    text_fold(buf_str(&name), &folded);
    int64_t company = 0, id = 0;
    struct str rings = person->phone != NULL ? person->phone->zones : STR("");
    struct str country = {0}, state = {0}, zones = person->zones.len ? person->zones : rings;
    struct str zone_source = zones.len ? STR("number") : STR("none");
    bool ok = name.len != 0 || error_set(err, ERR_USAGE, "a new person needs a name");
    struct stmt q;
    if (ok && person->company_of != 0) {
        ok = stmt_open(s, STMT_PROSPECT_PLACE, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", person->company_of);
            if (stmt_row(&q, err)) {
                company = stmt_column_int(&q, 0);
                country = stmt_column_copy(&q, 1, &a);
                state = stmt_column_copy(&q, 2, &a);
                struct str source = stmt_column_copy(&q, 4, &a);
                /* the company's address holds for a colleague too; another one's number does not, if theirs says more */
                bool address = str_is(source, "address") || str_is(source, "column");
                if (zones.len == 0 || (address && person->zones.len == 0)) {
                    zones = stmt_column_copy(&q, 3, &a);
                    zone_source = address ? STR("address") : source;
                }
            }
            ok = stmt_close(&q);
        }
    } else if (ok) {
        ok = company_row(s, person->company, &company, err);
    }
    if (ok && (ok = stmt_open(s, STMT_PROSPECT_ADD, &q, err))) {
        stmt_uid(&q, ":uid", uid_new());
        stmt_str(&q, ":name", buf_str(&name));
        stmt_str(&q, ":folded", buf_str(&folded));
        stmt_str_or_null(&q, ":title", person->title);
        stmt_id(&q, ":company", company);
        stmt_str_or_null(&q, ":country", country);
        stmt_str_or_null(&q, ":state", state);
        stmt_str(&q, ":zones", zones);
        stmt_str(&q, ":zone_source", zone_source.len ? zone_source : STR("none"));
        stmt_int(&q, ":rank", person->next ? -1 : 0);
        stmt_id(&q, ":action", action_id);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
        id = db_last_id(s);
    }
    if (ok && person->phone != NULL)
        ok = phone_add(s, id, person->phone, false, action_id, err);
    /* Without a list of its own a new colleague joins the lists of the one who named them. */
    if (ok && list_id == 0 && person->company_of != 0 && (ok = stmt_open(s, STMT_LISTS_OF, &q, err))) {
        stmt_int(&q, ":prospect", person->company_of);
        list_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
        ok = stmt_close(&q);
    }
    if (ok && list_id == 0)
        ok = error_set(err, ERR_USAGE, "into which list? import one first");
    ok = ok && member_add(s, list_id, id, 0, now, err) && search_queue(s, id, err);
    if (ok)
        *ret_id = id;
    buf_done(&name);
    buf_done(&folded);
    arena_done(&a);
    return ok;
}

bool prospect_add(struct store *s, int64_t list_id, const struct new_person *person, int64_t now, int64_t *ret_id,
                  struct error *err)
{
    int64_t action, id = 0;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = action_add(s, "person", 0, now, now, false, &action, err) &&
              person_insert(s, list_id, person, action, now, &id, err);
    ok = db_end(s, ok, err);
    if (ok)
        *ret_id = id;
    return ok;
}

/* ---- skipping ---- */

static bool skip_add(struct store *s, int64_t prospect_id, int64_t action, const char *kind, struct str reason, int64_t until,
                     int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_SKIP_ADD, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_text(&q, ":kind", kind);
    stmt_str(&q, ":reason", reason);
    stmt_at(&q, ":until", until);
    stmt_int(&q, ":at", now);
    return stmt_run(&q, err);
}

bool prospect_skip(struct store *s, int64_t prospect_id, struct str reason, int64_t now, bool *ret_review, struct error *err)
{
    struct arena a = {0};
    struct card card;
    if (str_trim(reason).len == 0)
        return error_set(err, ERR_USAGE, "a skip needs a reason, such as \"bad time\"");
    bool ok = card_load(s, prospect_id, 0, now, 1, &a, &card, err);
    int64_t action, tomorrow = now + DAY_S;
    if (ok && card.place.zone_count != 0)
        tomorrow = zone_day_start(card.place.zones[0], now, 1);
    ok = ok && act_begin(s, "skip", prospect_id, now, &action, err) &&
         act_end(s, skip_add(s, prospect_id, action, "skip", reason, tomorrow, now, err), prospect_id, now, err);
    if (ok && card_load(s, prospect_id, 0, now, 1, &a, &card, NULL))
        *ret_review = card.stored_state == STATE_REVIEW;
    arena_done(&a);
    return ok;
}

bool prospect_keep(struct store *s, int64_t prospect_id, int64_t now, struct error *err)
{
    int64_t action;
    return act_begin(s, "skip", prospect_id, now, &action, err) &&
           act_end(s, skip_add(s, prospect_id, action, "keep", STR("looked at"), AT_NONE, now, err), prospect_id, now, err);
}
