/* SPDX-License-Identifier: MIT */
/*
 * A row becomes somebody new. Nearly every row of a first import does, so nothing is asked here whose answer is known:
 * they have no history, no numbers and no place in a list. What the fold says of them comes from the same fold().
 */
#include "import_parts.h"
#include "key.h"

#include "calldeck/utf8.h"

enum { PHONES = 16, DIALS = 16 };
_Static_assert(sizeof((struct import_person){0}.phones) / sizeof(struct import_phone) == PHONES,
               "all of a row's numbers");

struct fresh {
    struct fold_phone phones[PHONES];
    int64_t dials[PHONES][DIALS];
    size_t count;
    bool known;          /* one of the numbers was there before: the whole fold decides */
    struct str law, reach; /* of the number that is dialled first, and of the address */
};

static bool ask_bool(struct store *s, enum statement which, const char *name, struct str key, bool *ret,
                     struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_str(&q, name, key);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

static bool number_row(struct store *s, const struct new_phone *number, int64_t *ret_id, bool *ret_added,
                       struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PHONE_FIND, &q, err))
        return false;
    stmt_str(&q, ":e164", number->e164);
    *ret_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    *ret_added = *ret_id == 0;
    return stmt_close(&q) && (!*ret_added || phone_row(s, number, ret_id, err));
}

/* A number that somebody has already may be bad, or dialled today. */
static bool known_number(struct store *s, struct fresh *f, size_t i, struct error *err)
{
    struct stmt q;
    struct fold_phone *p = &f->phones[i];
    if (!stmt_open(s, STMT_PHONE_STORED, &q, err))
        return false;
    stmt_int(&q, ":phone", p->id);
    if (stmt_row(&q, err) && stmt_column_int(&q, 0) != 0)
        p->usable = false;
    if (!stmt_close(&q) || !stmt_open(s, STMT_FOLD_DIALS, &q, err))
        return false;
    stmt_int(&q, ":phone", p->id);
    stmt_int(&q, ":prospect", 0);
    f->known = true;
    while (p->dials_count < DIALS && stmt_row(&q, err))
        f->dials[i][p->dials_count++] = stmt_column_int(&q, 0);
    p->dials_at = f->dials[i];
    return stmt_close(&q);
}

static bool load_numbers(struct store *s, const struct import_person *person, struct fresh *f, struct error *err)
{
    for (size_t i = 0; i < person->phones_count; i++) {
        const struct new_phone *number = &person->phones[i].number;
        struct fold_phone *p = &f->phones[f->count++];
        bool added, bound;
        if (!number_row(s, number, &p->id, &added, err) ||
            !ask_bool(s, STMT_IMPORT_LINE_BOUND, ":e164", number->e164, &bound, err))
            return false;
        p->suppressed = bound;
        p->usable = !bound;
        if (!added && !known_number(s, f, i, err))
            return false;
    }
    return true;
}

static bool link_numbers(struct store *s, struct import_target *t, int64_t prospect_id,
                         const struct import_person *person, const struct fresh *f, struct error *err)
{
    for (size_t i = 0; i < person->phones_count; i++) {
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_LINK_ADD, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":phone", f->phones[i].id);
        stmt_int(&q, ":position", (int64_t)i + 1);
        stmt_str(&q, ":label", person->phones[i].number.label);
        stmt_str(&q, ":extension", person->phones[i].number.extension);
        stmt_int(&q, ":batch", t->batch_id);
        if (!stmt_run(&q, err))
            return false;
    }
    return true;
}

static bool add_mails(struct store *s, struct import_target *t, int64_t prospect_id, const struct import_person *person,
                      struct error *err)
{
    for (size_t i = 0; i < person->mails_count; i++) {
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_MAIL_FRESH, &q, err))
            return false;
        import_mail_bind(&q, t, prospect_id, person, i);
        stmt_int(&q, ":position", (int64_t)i + 1);
        if (!stmt_run(&q, err))
            return false;
    }
    return true;
}

/* What fold() makes of somebody who has numbers and a place, and nothing else. */
static bool first_fold(struct store *s, const struct import_target *t, const struct person_values *v,
                       const struct import_person *person, struct fresh *f, struct fold_result *ret, struct error *err)
{
    bool bound = person->do_not_call;
    struct law_person known = {.basis_day = LAW_DAY_NONE};
    struct str country = v->fields[PERSON_COUNTRY], state = v->fields[PERSON_STATE], laws[PHONES], reaches[PHONES];
    struct buf text;
    for (size_t i = 0; i < person->attributes_count; i++)
        law_person_attribute(&known, person->attributes[i].key, person->attributes[i].value);
    buf_init(&text);
    law_text(s, &known, country, state, STR(""), STR(""), &text);
    struct str address = f->law = arena_str(t->arena, buf_str(&text));
    for (size_t i = 0; i < f->count; i++) {
        const struct new_phone *number = &person->phones[i].number;
        bool nowhere = str_is(number->type, "toll-free") && country.len != 0;
        buf_clear(&text);
        law_text(s, &known, country, state, number->region, number->state, &text);
        laws[i] = nowhere ? address : arena_str(t->arena, buf_str(&text));
        reaches[i] = number_reach(v->zones, v->zone_source, number->zones, t->arena);
    }
    buf_done(&text);
    f->reach = STR("");
    if (f->count != 0) {
        f->law = laws[0];
        f->reach = reaches[0];
    }
    struct fold_input in = {.phones = f->phones,
                            .phones_count = f->count,
                            .place = place_of(s, f->count != 0 ? f->reach : v->zones, f->law),
                            .suppressed = bound,
                            .policy = policy_of(s, t->list_id)};
    if (!bound && v->company_id != 0) {
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_COMPANY_BOUND, &q, err))
            return false;
        stmt_int(&q, ":company", v->company_id);
        in.suppressed = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
        if (!stmt_close(&q))
            return false;
    }
    fold(&in, ret, NULL);
    for (size_t i = 0; i < f->count; i++)
        if (f->phones[i].id == ret->phone_id) {
            f->law = laws[i];
            f->reach = reaches[i];
        }
    return true;
}

static bool first_member(struct store *s, const struct import_target *t, int64_t prospect_id,
                         const struct person_values *v, const struct fresh *f, const struct fold_result *r, struct error *err)
{
    int64_t cell;
    if (r->not_before != AT_NONE || f->known) /* their number was dialled for somebody else: the whole fold decides about waiting */
        return member_add(s, t->list_id, prospect_id, t->batch_id, t->now, err);
    struct stmt q;
    struct arena a = {0};
    struct traits traits = {.id = prospect_id};
    struct member_key key;
    const struct policy *policy = policy_of(s, t->list_id);
    bool ok = (!policy_needs_traits(policy) || traits_load(s, prospect_id, &a, &traits, err)) &&
              member_key(s, policy, &traits, r, t->now, &key, err) &&
              cell_of(s, f->count != 0 ? f->reach : v->zones, f->law, str_of(key.segment), key.band, &cell, err) &&
              stmt_open(s, STMT_IMPORT_MEMBER_FRESH, &q, err);
    arena_done(&a);
    if (!ok)
        return false;
    stmt_int(&q, ":list", t->list_id);
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", t->batch_id);
    stmt_int(&q, ":load", t->load_id);
    stmt_text(&q, ":state", state_name(r->state));
    stmt_int(&q, ":cell", cell);
    stmt_id(&q, ":ready_cell", r->state == STATE_READY ? cell : 0);
    member_key_bind(&q, &key);
    return stmt_run(&q, err);
}

/* Random as any other, but the people of a slice stand side by side in the index: a page written once, not a page each.
 */
static struct uid next_uid(struct import_target *t)
{
    if (t->uids == 0)
        t->uid = uid_new();
    struct uid u = t->uid;
    uint32_t n = t->uids++;
    for (int i = 0; i < 4; i++)
        u.b[sizeof u.b - 1 - (size_t)i] = (unsigned char)(n >> (8 * i));
    return u;
}

bool import_add(struct store *s, struct import_target *t, const struct import_person *person, struct str folded,
                int64_t *ret_id, struct error *err)
{
    struct person_values v;
    struct fresh f = {.count = 0};
    struct fold_result r;
    struct stmt q;
    bool any = false;
    person_of_row(t, person, &v);
    if (!company_row(s, v.fields[PERSON_COMPANY], &v.company_id, err) || !load_numbers(s, person, &f, err) ||
        !first_fold(s, t, &v, person, &f, &r, err) || !stmt_open(s, STMT_IMPORT_PERSON_ADD, &q, err))
        return false;
    bool keyless = person->external_id.len == 0 && person->mails_count == 0 && person->phones_count == 0;
    int64_t created = person->created_at;
    if (created == AT_NONE || created > t->now || created < 0) /* a record from before 1970 is a typo */
        created = t->now;
    person_bind(&q, &v, folded);
    stmt_uid(&q, ":uid", next_uid(t));
    stmt_str_or_null(&q, ":row_hash", keyless ? person->row_hash : STR(""));
    stmt_int(&q, ":batch", t->batch_id);
    stmt_int(&q, ":created", created);
    stmt_int(&q, ":now", t->now);
    stmt_id(&q, ":phone", r.phone_id);
    stmt_str(&q, ":law", f.law);
    stmt_str(&q, ":reach", f.reach);
    if (!stmt_run(&q, err))
        return false;
    int64_t id = db_last_id(s);
    if (!link_numbers(s, t, id, person, &f, err) || !add_mails(s, t, id, person, err))
        return false;
    for (size_t i = 0; i < person->attributes_count; i++)
        if (!import_attribute(s, id, person->attributes[i].key, person->attributes[i].value, err))
            return false;
    if (!import_note(s, t, id, person->note, true, &any, err) ||
        (person->do_not_call && !import_suppress(s, t, id, true, &any, err)) || !first_member(s, t, id, &v, &f, &r, err) ||
        !search_queue(s, id, err))
        return false;
    *ret_id = id;
    return true;
}
