/* SPDX-License-Identifier: MIT */
/*
 * A row becomes a person, or changes one.
 *
 * What a file may do to somebody who is there: fill and replace, never blank; never what a person set by hand; never
 * lift a do-not-call or an opt-out. The first row of a batch about a person says what is so, its later rows only fill
 * what is empty: a file that holds somebody twice comes out the same however often it is read.
 */
#include "import_parts.h"

#include <string.h>

#include "calldeck/utf8.h"
#include "touch.h"

static const char *const field_names[] = {
    [PERSON_NAME] = "name",         [PERSON_TITLE] = "title",
    [PERSON_COMPANY] = "company",   [PERSON_OWNER] = "owner",
    [PERSON_LANGUAGE] = "language", [PERSON_SOURCE] = "source",
    [PERSON_COUNTRY] = "country",   [PERSON_STATE] = "state",
    [PERSON_CITY] = "city",         [PERSON_EXTERNAL_ID] = "external_id",
};
_Static_assert(sizeof field_names / sizeof field_names[0] == PERSON_FIELDS_, "a name for each field");

const char *person_field_name(enum person_field f)
{
    return field_names[f];
}

bool person_field_parse(struct str name, enum person_field *ret)
{
    for (int f = 0; f < PERSON_FIELDS_; f++)
        if (str_is(name, field_names[f])) {
            *ret = (enum person_field)f;
            return true;
        }
    return false;
}

/* ---- the row of a person ---- */

bool person_load(struct store *s, int64_t prospect_id, struct arena *a, struct person_values *ret, struct error *err)
{
    static const enum person_field order[] = {PERSON_EXTERNAL_ID, PERSON_NAME,     PERSON_TITLE,  PERSON_COMPANY,
                                              PERSON_OWNER,       PERSON_LANGUAGE, PERSON_SOURCE, PERSON_COUNTRY,
                                              PERSON_STATE,       PERSON_CITY};
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_PERSON_GET, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    bool found = stmt_row(&q, err);
    if (found) {
        for (int i = 0; i < PERSON_FIELDS_; i++)
            ret->fields[order[i]] = stmt_column_copy(&q, i, a);
        ret->zones = stmt_column_copy(&q, 10, a);
        ret->zone_source = stmt_column_copy(&q, 11, a);
        ret->mail_opt_out = stmt_column_int(&q, 12) != 0;
        ret->batch_id = stmt_column_int(&q, 13);
        ret->company_id = stmt_column_int(&q, 14);
    }
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "no prospect %lld", (long long)prospect_id);
}

void person_bind(struct stmt *q, const struct person_values *v, struct str folded)
{
    stmt_str(q, ":name", v->fields[PERSON_NAME]);
    stmt_str(q, ":folded", folded);
    stmt_str_or_null(q, ":external_id", v->fields[PERSON_EXTERNAL_ID]);
    stmt_str_or_null(q, ":title", v->fields[PERSON_TITLE]);
    stmt_str_or_null(q, ":owner", v->fields[PERSON_OWNER]);
    stmt_str_or_null(q, ":language", v->fields[PERSON_LANGUAGE]);
    stmt_str_or_null(q, ":source", v->fields[PERSON_SOURCE]);
    stmt_str_or_null(q, ":country", v->fields[PERSON_COUNTRY]);
    stmt_str_or_null(q, ":state", v->fields[PERSON_STATE]);
    stmt_str_or_null(q, ":city", v->fields[PERSON_CITY]);
    stmt_id(q, ":company", v->company_id);
    stmt_str(q, ":zones", v->zones);
    stmt_str(q, ":zone_source", v->zone_source);
    stmt_int(q, ":opt_out", v->mail_opt_out);
}

bool person_save(struct store *s, int64_t prospect_id, const struct person_values *values, int64_t now,
                 struct error *err)
{
    struct person_values v = *values;
    struct stmt q;
    if (!company_row(s, v.fields[PERSON_COMPANY], &v.company_id, err))
        return false;
    struct buf folded;
    buf_init(&folded);
    person_fold(v.fields[PERSON_NAME], &folded);
    bool ok = stmt_open(s, STMT_IMPORT_PERSON_SET, &q, err);
    if (ok) {
        person_bind(&q, &v, buf_str(&folded));
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
    }
    buf_done(&folded);
    return ok;
}

bool person_edited(struct store *s, int64_t prospect_id, const char *field, bool *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_EDITED, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_text(&q, ":field", field);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

/* ---- what the row says ---- */

static bool is_country(struct str s)
{
    return s.len == 2 && s.at[0] >= 'A' && s.at[0] <= 'Z' && s.at[1] >= 'A' && s.at[1] <= 'Z';
}

/* How much a zone's source is worth: a better one is not replaced by a lesser. */
static int zone_worth(struct str source)
{
    static const char *const rising[] = {"none", "list", "number", "address", "column"};
    for (int i = 1; i < 5; i++)
        if (str_is(source, rising[i]))
            return i;
    return 0;
}

void person_of_row(const struct import_target *t, const struct import_person *person, struct person_values *ret)
{
    *ret = (struct person_values){.zones = person->zones, .zone_source = str_of(person->zone_source)};
    ret->fields[PERSON_NAME] = person->name;
    ret->fields[PERSON_EXTERNAL_ID] = person->external_id;
    for (size_t i = 0; i < person->fields_count; i++) {
        enum person_field f;
        if (person_field_parse(str_of(person->fields[i].field), &f) && ret->fields[f].len == 0) {
            ret->fields[f] = person->fields[i].value;
            ret->fills[f] = person->fields[i].fills;
        }
    }
    if (!is_country(ret->fields[PERSON_COUNTRY]))
        ret->fields[PERSON_COUNTRY] = STR("");
    ret->mail_opt_out = person->mail_opt_out;
    if (ret->zones.len == 0 || zone_worth(ret->zone_source) == 0) {
        ret->zones = t->list_zone;
        ret->zone_source = t->list_zone.len ? STR("list") : STR("none");
    }
}

/* ---- parts of a person ---- */

void import_mail_bind(struct stmt *q, struct import_target *t, int64_t prospect_id, const struct import_person *person,
                      size_t i)
{
    buf_clear(&t->scratch);
    buf_add_str(&t->scratch, person->mails[i]);
    for (size_t c = 0; c < t->scratch.len; c++)
        if (t->scratch.at[c] >= 'A' && t->scratch.at[c] <= 'Z')
            t->scratch.at[c] = (char)(t->scratch.at[c] + 32);
    stmt_int(q, ":prospect", prospect_id);
    stmt_str(q, ":address", person->mails[i]);
    stmt_str(q, ":folded", buf_str(&t->scratch));
    stmt_str(q, ":label", person->mail_labels[i]);
    stmt_int(q, ":batch", t->batch_id);
}

bool import_attribute(struct store *s, int64_t prospect_id, struct str key, struct str value, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_ATTRIBUTE_SET, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":key", key);
    stmt_str(&q, ":value", value);
    return stmt_run(&q, err);
}

bool import_note(struct store *s, struct import_target *t, int64_t prospect_id, struct str note, bool fresh,
                 bool *ret_any, struct error *err)
{
    if (note.len == 0)
        return true;
    struct stmt q;
    if (!fresh) {
        if (!stmt_open(s, STMT_IMPORT_NOTE_KNOWN, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        stmt_str(&q, ":note", note);
        bool known = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
        if (!stmt_close(&q))
            return false;
        if (known)
            return true;
    }
    /* Without a place in the order of what people did: undo never takes a file's note for the last thing done. */
    int64_t action;
    if (!action_add(s, "note", prospect_id, t->now, t->now, true, &action, err) ||
        !stmt_open(s, STMT_IMPORT_NOTE_ADD, &q, err))
        return false;
    stmt_int(&q, ":id", action);
    stmt_uid(&q, ":uid", uid_new());
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":list", t->list_id);
    stmt_int(&q, ":at", t->now);
    stmt_str(&q, ":note", note);
    stmt_text(&q, ":rep", s->rep);
    stmt_int(&q, ":batch", t->batch_id);
    *ret_any = true;
    return stmt_run(&q, err);
}

/* The person, now; their numbers when all rows are in, for only then is it known which of them nobody else has. */
bool import_suppress(struct store *s, struct import_target *t, int64_t prospect_id, bool fresh, bool *ret_any,
                     struct error *err)
{
    if (!fresh) {
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_SUPPRESSION_KNOWN, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        bool known = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
        if (!stmt_close(&q))
            return false;
        if (known) /* or a person lifted what a file had said: the person's word stands */
            return true;
    }
    t->suppressed++;
    *ret_any = true;
    return suppress_insert(s, SCOPE_PERSON, prospect_id, 0, STR(""), STR("the file says do not call"), STR("file"),
                           STR(""), t->now, 0, t->batch_id, err);
}

bool import_suppress_lines(struct store *s, int64_t batch_id, int64_t now, struct error *err)
{
    enum { PEOPLE = 64, NUMBERS = 64, E164 = 20 };
    int64_t after = 0;
    for (;;) {
        int64_t people[PEOPLE];
        size_t count = 0;
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_SUPPRESSED_PEOPLE, &q, err))
            return false;
        stmt_int(&q, ":batch", batch_id);
        stmt_int(&q, ":after", after);
        while (count < PEOPLE && stmt_row(&q, err)) {
            after = stmt_column_int(&q, 0);
            people[count++] = stmt_column_int(&q, 1);
        }
        if (!stmt_close(&q))
            return false;
        if (count == 0)
            return true;
        for (size_t i = 0; i < count; i++) {
            char numbers[NUMBERS][E164];
            size_t n = 0;
            if (!stmt_open(s, STMT_SUPPRESS_NUMBERS, &q, err))
                return false;
            stmt_int(&q, ":prospect", people[i]);
            stmt_int(&q, ":shared", false);
            while (n < NUMBERS && stmt_row(&q, err)) {
                struct str e164 = stmt_column_str(&q, 0);
                if (e164.len >= E164)
                    continue;
                memcpy(numbers[n], e164.at, e164.len);
                numbers[n++][e164.len] = '\0';
            }
            if (!stmt_close(&q))
                return false;
            for (size_t k = 0; k < n; k++) {
                if (!stmt_open(s, STMT_SUPPRESS_HAS_LINE, &q, err))
                    return false;
                stmt_text(&q, ":e164", numbers[k]);
                bool known = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
                if (!stmt_close(&q))
                    return false;
                if (!known &&
                    !suppress_insert(s, SCOPE_LINE, 0, 0, str_of(numbers[k]), STR("the file says do not call"),
                                     STR("file"), STR(""), now, 0, batch_id, err))
                    return false;
            }
            if (n != 0 && !prospect_refold(s, people[i], now, err))
                return false;
        }
    }
}

/* ---- somebody who is there ---- */

struct update {
    struct store *s;
    struct import_target *t;
    int64_t prospect_id;
    bool first;    /* the batch's first row about them */
    bool recorded; /* they were there before the batch: old values are kept for the way back */
    bool changed, row_changed, refold, search;
};

static bool record(struct update *u, const char *field, struct str before, struct str after, struct error *err)
{
    u->changed = true;
    if (!u->recorded)
        return true;
    struct stmt q;
    if (!stmt_open(u->s, STMT_IMPORT_CHANGE_ADD, &q, err))
        return false;
    stmt_int(&q, ":batch", u->t->batch_id);
    stmt_int(&q, ":prospect", u->prospect_id);
    stmt_text(&q, ":field", field);
    stmt_str_or_null(&q, ":before", before);
    stmt_str_or_null(&q, ":after", after);
    return stmt_run(&q, err);
}

/* The same company in another spelling is no change: its name is the first one that came. */
static bool same_company(struct update *u, struct str a, struct str b)
{
    buf_clear(&u->t->scratch);
    text_fold(a, &u->t->scratch);
    struct buf other;
    buf_init(&other);
    text_fold(b, &other);
    bool same = other.len != 0 && str_eq(buf_str(&u->t->scratch), buf_str(&other));
    buf_done(&other);
    return same;
}

static bool update_field(struct update *u, enum person_field f, struct person_values *v,
                         const struct person_values *row, struct error *err)
{
    struct str old = v->fields[f], value = row->fields[f];
    bool fills = !u->first || row->fills[f] || f == PERSON_EXTERNAL_ID;
    if (value.len == 0 || str_eq(old, value) || (fills && old.len != 0))
        return true;
    if (f == PERSON_COMPANY && same_company(u, old, value))
        return true;
    bool edited;
    if (!person_edited(u->s, u->prospect_id, field_names[f], &edited, err))
        return false;
    if (edited)
        return true;
    v->fields[f] = value;
    u->row_changed = true;
    u->search |= f == PERSON_NAME || f == PERSON_COMPANY;
    u->refold |= f == PERSON_COUNTRY || f == PERSON_STATE || f == PERSON_COMPANY;
    return record(u, field_names[f], old, value, err);
}

static bool update_zones(struct update *u, struct person_values *v, const struct person_values *row, struct error *err)
{
    int old = zone_worth(v->zone_source), new = zone_worth(row->zone_source);
    bool said = new > zone_worth(STR("number")); /* another number is added behind the first, whose zone stays */
    if (new == 0 || new < old || (new == old && !said) || str_eq(v->zones, row->zones) || (old > 1 && !u->first))
        return true;
    bool edited = false;
    if (str_is(row->zone_source, "address")) { /* of the file's address: a corrected one is worth more */
        bool state;
        if (!person_edited(u->s, u->prospect_id, "country", &edited, err) ||
            !person_edited(u->s, u->prospect_id, "state", &state, err))
            return false;
        edited |= state;
    }
    if (edited)
        return true;
    struct str before =
        old ? arena_printf(u->t->arena, "%.*s %.*s", STR_ARG(v->zone_source), STR_ARG(v->zones)) : STR("");
    struct str after = arena_printf(u->t->arena, "%.*s %.*s", STR_ARG(row->zone_source), STR_ARG(row->zones));
    v->zones = row->zones;
    v->zone_source = row->zone_source;
    u->row_changed = u->refold = true;
    return record(u, "zone", before, after, err);
}

/* What is added is recorded apart, "phone +12125550142": there may be several. */
static bool record_added(struct update *u, const char *kind, struct str value, struct error *err)
{
    return record(u, arena_printf(u->t->arena, "%s %.*s", kind, STR_ARG(value)).at, STR(""), value, err);
}

static bool add_phones(struct update *u, const struct import_person *person, struct error *err)
{
    for (size_t i = 0; i < person->phones_count; i++) {
        int64_t phone;
        bool added;
        const struct new_phone *number = &person->phones[i].number;
        if (!phone_row(u->s, number, &phone, err) ||
            !phone_link_add(u->s, u->prospect_id, phone, number, false, "file", u->t->batch_id, 0, &added, err))
            return false;
        if (!added)
            continue;
        u->refold = u->row_changed = true;
        if (!record_added(u, "phone", number->e164, err))
            return false;
    }
    return true;
}

static bool add_mails(struct update *u, const struct import_person *person, struct error *err)
{
    for (size_t i = 0; i < person->mails_count; i++) {
        struct stmt q;
        if (!stmt_open(u->s, STMT_IMPORT_MAIL_ADD, &q, err))
            return false;
        import_mail_bind(&q, u->t, u->prospect_id, person, i);
        if (!stmt_run(&q, err))
            return false;
        if (db_changes(u->s) == 0)
            continue;
        u->search = u->row_changed = true;
        if (!record_added(u, "mail", person->mails[i], err))
            return false;
    }
    return true;
}

struct pair {
    struct str key, value;
};

static bool update_attributes(struct update *u, const struct import_person *person, struct error *err)
{
    if (person->attributes_count == 0)
        return true;
    struct pair *have = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(u->s, STMT_IMPORT_ATTRIBUTES, &q, err))
        return false;
    stmt_int(&q, ":prospect", u->prospect_id);
    while (stmt_row(&q, err)) {
        if (count == room) {
            size_t more = room ? room * 2 : 32;
            struct pair *bigger = ARENA_ARRAY(u->t->arena, struct pair, more);
            if (count != 0)
                memcpy(bigger, have, count * sizeof *have);
            have = bigger;
            room = more;
        }
        have[count++] = (struct pair){stmt_column_copy(&q, 0, u->t->arena), stmt_column_copy(&q, 1, u->t->arena)};
    }
    if (!stmt_close(&q))
        return false;
    size_t hint = 0; /* both come in the order of some file: often the next one fits */
    for (size_t i = 0; i < person->attributes_count; i++) {
        struct str key = person->attributes[i].key, value = person->attributes[i].value, old = STR("");
        if (value.len == 0)
            continue;
        for (size_t n = 0; n < count; n++) {
            size_t at = (hint + n) % count;
            if (str_eq(have[at].key, key)) {
                old = have[at].value;
                hint = at + 1;
                break;
            }
        }
        if (str_eq(old, value) || (old.len != 0 && !u->first))
            continue;
        struct str field = arena_printf(u->t->arena, "attribute:%.*s", STR_ARG(key));
        bool edited;
        if (!person_edited(u->s, u->prospect_id, field.at, &edited, err))
            return false;
        if (edited)
            continue;
        if (!import_attribute(u->s, u->prospect_id, key, value, err) || !record(u, field.at, old, value, err))
            return false;
        u->refold |= law_attribute(key);
        u->row_changed = true; /* for updated_at */
    }
    return true;
}

static bool update_membership(struct update *u, struct error *err)
{
    struct stmt q;
    if (!stmt_open(u->s, STMT_IMPORT_MEMBER, &q, err))
        return false;
    stmt_int(&q, ":list", u->t->list_id);
    stmt_int(&q, ":prospect", u->prospect_id);
    bool member = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q))
        return false;
    if (!member) {
        struct str list = arena_printf(u->t->arena, "%lld", (long long)u->t->list_id);
        return record(u, "list", STR(""), list, err) &&
               member_add(u->s, u->t->list_id, u->prospect_id, u->t->batch_id, u->t->now, err) &&
               search_queue(u->s, u->prospect_id, err);
    }
    return !u->refold || prospect_refold(u->s, u->prospect_id, u->t->now, err);
}

bool import_update(struct store *s, struct import_target *t, int64_t prospect_id, const struct import_person *person,
                   bool first, bool *ret_changed, struct error *err)
{
    struct person_values v, row;
    person_of_row(t, person, &row);
    if (!person_load(s, prospect_id, t->arena, &v, err))
        return false;
    struct update u = {s, t, prospect_id, .first = first, .recorded = v.batch_id != t->batch_id};
    for (int f = 0; f < PERSON_FIELDS_; f++)
        if (!update_field(&u, (enum person_field)f, &v, &row, err))
            return false;
    if (!update_zones(&u, &v, &row, err))
        return false;
    if (person->mail_opt_out && !v.mail_opt_out) {
        v.mail_opt_out = true;
        u.row_changed = true;
        if (!record(&u, "mail opt-out", STR(""), STR("1"), err))
            return false;
    }
    bool note = false, bound = false;
    if (!update_attributes(&u, person, err) || !add_phones(&u, person, err) || !add_mails(&u, person, err) ||
        !import_note(s, t, prospect_id, person->note, false, &note, err))
        return false;
    if (person->do_not_call && (!import_suppress(s, t, prospect_id, false, &bound, err) ||
                                (bound && !record(&u, "do not call", STR(""), STR("1"), err))))
        return false;
    u.changed |= note || bound;
    u.refold |= bound;
    u.search |= note;
    if ((u.row_changed && !person_save(s, prospect_id, &v, t->now, err)) ||
        (u.search && !search_queue(s, prospect_id, err)) || !update_membership(&u, err))
        return false;
    *ret_changed = u.changed;
    return true;
}
