/* SPDX-License-Identifier: MIT */
/*
 * Under which laws a person is called: those of the number and those of the address, both.
 *
 * They are a text, as zones are, so that people under the same laws share a cell: "US", "US|US-FL,US-TX", "FR||consumer|consent".
 *   country | regions that have rows of their own, and other countries | audience said of the person | basis
 * A part that would say nothing is left out, so that cells stay few: a state without rows is its country, and a basis counts
 * only where a law asks for one.
 */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

struct law_book *laws_of(struct store *s)
{
    if (s->laws == NULL)
        s->laws = law_book_new();
    return s->laws;
}

/* ---- what is known of the person ---- */

/* "Opt-In_Date" and "opt in date" are one column. */
static bool key_is(struct str key, const char *words)
{
    size_t i = 0;
    for (; i < key.len && words[i] != '\0'; i++) {
        char c = key.at[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c == '_' || c == '-')
            c = ' ';
        if (c != words[i])
            return false;
    }
    return i == key.len && words[i] == '\0';
}

static bool key_in(struct str key, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (key_is(key, words[i]))
            return true;
    return false;
}
#define KEY_IN(key, ...) key_in((key), (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static int32_t day_of_words(struct str words)
{
    struct civil c;
    bool date_only;
    size_t blank = str_find(words, 'T');
    if (blank < words.len)
        words.len = blank;
    if (!civil_parse(str_trim(words), &c, &date_only))
        return LAW_DAY_NONE;
    return (int32_t)civil_days(c.year, c.month, c.day);
}

static int32_t months_later(int32_t day, int months)
{
    struct civil c = civil_of_seconds(day * (int64_t)DAY_S);
    int month = c.month - 1 + months;
    c.year += month / 12;
    c.month = month % 12 + 1;
    while (c.day > 28 && !civil_valid(&c))
        c.day--;
    return (int32_t)civil_days(c.year, c.month, c.day);
}

enum { PURCHASE_MONTHS = 18, INQUIRY_MONTHS = 3 }; /* an existing relationship, 47 CFR 64.1200(f)(5) */

static void related(struct law_person *p, int32_t day, int months)
{
    int32_t until = months_later(day, months);
    if (!p->related || until > p->related_until_day)
        p->related_until_day = until;
    p->related = true;
}

void law_person_sale(struct law_person *p, int64_t at)
{
    related(p, (int32_t)(at / DAY_S), PURCHASE_MONTHS);
}

/* The words of a consent: a basis, maybe with its day. */
static void consent_words(struct law_person *p, struct str value)
{
    struct str rest = value, word;
    bool yes = false, no = false;
    int months = 0;
    int32_t day = LAW_DAY_NONE;
    while (str_word(&rest, &word)) {
        if (word.len != 0 && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == ';'))
            word.len--;
        int32_t d = day_of_words(word);
        if (d != LAW_DAY_NONE)
            day = d;
        else if (KEY_IN(word, "no", "n", "false", "0", "none", "denied", "withdrawn", "revoked", "opt out", "nein", "non"))
            no = true;
        else if (KEY_IN(word, "purchase", "customer", "bought", "contract"))
            months = PURCHASE_MONTHS;
        else if (KEY_IN(word, "inquiry", "enquiry", "request", "quote"))
            months = INQUIRY_MONTHS;
        else if (KEY_IN(word, "yes", "y", "true", "1", "x", "opt in", "optin", "consent", "express", "written", "verbal", "oral",
                        "signed", "granted", "given", "web", "form", "ja", "oui", "si"))
            yes = true;
    }
    if (no) {
        p->refused = true;
    } else if (months != 0) {
        p->basis_months = months;
        if (day != LAW_DAY_NONE)
            p->basis_day = day;
    } else if (yes || day != LAW_DAY_NONE) {
        p->consent = true;
    }
}

void law_person_attribute(struct law_person *p, struct str key, struct str value)
{
    value = str_trim(value);
    if (value.len == 0 || key.len > 32)
        return;
    if (KEY_IN(key, "audience")) {
        audience_parse(value, &p->audience);
    } else if (KEY_IN(key, "consent", "consent basis", "opt in", "optin", "call consent", "phone consent", "permission", "permission to call")) {
        consent_words(p, value);
    } else if (KEY_IN(key, "consent date", "consent day", "opt in date", "optin date", "opted in at", "opted in on", "consented at")) {
        p->dated = true;
        p->basis_day = day_of_words(value);
    } else if (KEY_IN(key, "last purchase", "last purchase date", "purchase date", "customer since")) {
        int32_t day = day_of_words(value);
        if (day != LAW_DAY_NONE)
            related(p, day, PURCHASE_MONTHS);
    } else if (KEY_IN(key, "inquiry date", "last inquiry", "enquiry date", "last enquiry")) {
        int32_t day = day_of_words(value);
        if (day != LAW_DAY_NONE)
            related(p, day, INQUIRY_MONTHS);
    }
}

bool law_attribute(struct str key)
{
    struct law_person p = {.basis_day = LAW_DAY_NONE};
    law_person_attribute(&p, key, STR("business"));
    law_person_attribute(&p, key, STR("2020-01-01"));
    return p.audience != AUDIENCE_UNSAID || p.consent || p.dated || p.related;
}

bool law_person_load(struct store *s, int64_t prospect_id, struct law_person *ret, struct error *err)
{
    struct stmt q;
    *ret = (struct law_person){.basis_day = LAW_DAY_NONE};
    if (!stmt_open(s, STMT_LAW_ATTRIBUTES, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    while (stmt_row(&q, err))
        law_person_attribute(ret, stmt_column_str(&q, 0), stmt_column_str(&q, 1));
    return stmt_close(&q);
}

/* ---- the text ---- */

static bool upper_code(struct str s, char ret[4])
{
    if (s.len == 0 || s.len > 3)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9'))
            return false;
        ret[i] = c;
    }
    ret[s.len] = '\0';
    return true;
}

struct law_list {
    const struct law *at[PLACE_LAWS];
    int count;
};

static void law_list_add(struct store *s, struct law_list *l, struct str country, struct str state)
{
    char region[8] = "", code[4] = "", iso[4] = "";
    if (country.len != 2 || !upper_code(country, iso))
        return;
    if (state.len != 0 && !(s->region != NULL && s->region(iso, state, region, s->region_user)) && upper_code(state, code))
        memcpy(region, code, sizeof code);
    const struct law *law = law_find(laws_of(s), str_of(iso), str_of(region));
    for (int i = 0; i < l->count; i++)
        if (law == NULL || l->at[i] == law)
            return;
    if (law == NULL || l->count == PLACE_LAWS)
        return;
    l->at[l->count++] = law;
}

static bool asks_for_basis(const struct law_list *l)
{
    for (int i = 0; i < l->count; i++)
        if (l->at[i]->limits[1].consent_from != LAW_DAY_NONE || l->at[i]->limits[1].registry_days != 0)
            return true;
    return false;
}

static int law_compare(const struct law *a, const struct law *b)
{
    int c = strcmp(a->country, b->country);
    return c != 0 ? c : strcmp(a->region, b->region);
}

void law_text(struct store *s, const struct law_person *p, struct str country, struct str state, struct str number_country,
              struct str number_state, struct buf *out)
{
    struct law_list l = {.count = 0};
    law_list_add(s, &l, country, state);
    law_list_add(s, &l, number_country, number_state);
    if (country.len == 0)
        country = number_country;
    if (country.len == 0)
        country = str_of(s->base.country);
    if (l.count == 0)
        law_list_add(s, &l, country, STR(""));
    /* a state's law holds its country's */
    for (int i = 0; i < l.count; i++)
        for (int k = 0; k < l.count; k++)
            if (l.at[i]->region[0] == '\0' && l.at[k]->region[0] != '\0' && strcmp(l.at[i]->country, l.at[k]->country) == 0) {
                l.at[i] = l.at[--l.count];
                i = -1;
                break;
            }
    for (int i = 0; i + 1 < l.count; i++)
        for (int k = i + 1; k < l.count; k++)
            if (law_compare(l.at[k], l.at[i]) < 0) {
                const struct law *swap = l.at[i];
                l.at[i] = l.at[k];
                l.at[k] = swap;
            }
    buf_add_str(out, country);
    bool plain = l.count == 0 || (l.count == 1 && l.at[0]->region[0] == '\0' && str_is(country, l.at[0]->country));
    bool basis = asks_for_basis(&l) && !p->refused &&
                 (p->consent || p->related || p->basis_months != 0 || p->dated);
    if (plain && (l.count == 0 || (p->audience == AUDIENCE_UNSAID && !basis)))
        return;
    buf_add_char(out, '|');
    for (int i = 0; !plain && i < l.count; i++)
        buf_printf(out, "%s%s%s%s", i ? "," : "", l.at[i]->country, l.at[i]->region[0] ? "-" : "", l.at[i]->region);
    if (p->audience == AUDIENCE_UNSAID && !basis)
        return;
    buf_printf(out, "|%s", audience_name(p->audience));
    if (!basis)
        return;
    struct law_person known = *p;
    if (known.basis_months != 0 && known.basis_day != LAW_DAY_NONE)
        related(&known, known.basis_day, known.basis_months);
    if (known.consent || (known.dated && known.basis_months == 0 && known.basis_day != LAW_DAY_NONE)) {
        buf_add_text(out, "|consent");
    } else if (known.related) {
        struct civil c = civil_of_seconds(known.related_until_day * (int64_t)DAY_S);
        buf_printf(out, "|%04d-%02d-%02d", c.year, c.month, c.day);
    }
}

static void place_add_holidays(struct store *s, struct place *place, struct str country)
{
    if (country.len != 2 || place->holidays_count == PLACE_COUNTRIES)
        return;
    for (int i = 0; i < place->holidays_count; i++)
        if (str_is(country, place->holidays[i].country))
            return;
    memcpy(place->holidays[place->holidays_count].country, country.at, 2);
    place->holidays[place->holidays_count++].days = holidays_of(laws_of(s), country);
}

static void place_add_law(struct store *s, struct place *place, struct str country, struct str region)
{
    const struct law *law = law_find(laws_of(s), country, region);
    if (law != NULL && place->law_count < PLACE_LAWS)
        place->laws[place->law_count++] = law;
}

void place_add_laws(struct store *s, struct place *place, struct str text)
{
    struct str country = {0}, regions = {0}, audience = {0}, basis = {0}, one;
    str_next(&text, '|', &country);
    str_next(&text, '|', &regions);
    str_next(&text, '|', &audience);
    str_next(&text, '|', &basis);
    place_add_holidays(s, place, country);
    if (regions.len == 0)
        place_add_law(s, place, country, STR(""));
    while (regions.len != 0 && str_next(&regions, ',', &one)) {
        size_t dash = str_find(one, '-');
        struct str of = str_make(one.at, dash);
        place_add_law(s, place, of, str_skip(one, dash < one.len ? dash + 1 : one.len));
        place_add_holidays(s, place, of);
    }
    audience_parse(audience, &place->audience);
    if (str_is(basis, "consent")) {
        place->basis = BASIS_CONSENT;
    } else if (basis.len != 0) {
        place->basis = BASIS_RELATED;
        place->basis_until_day = day_of_words(basis);
    }
}

/* ---- registries ---- */

bool registry_record(struct store *s, struct str name, struct str country, struct str as_of, int64_t numbers, int64_t now,
                     struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = stmt_open(s, STMT_REGISTRY_SET, &q, err);
    if (ok) {
        stmt_str(&q, ":name", name);
        stmt_str(&q, ":country", country);
        stmt_str(&q, ":as_of", as_of);
        stmt_int(&q, ":numbers", numbers);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
    }
    ok = db_end(s, ok, err);
    policies_forget(s);
    return ok;
}

bool holiday_say(struct store *s, struct str country, struct str day, bool add, int64_t now, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = stmt_open(s, add ? STMT_HOLIDAY_ADD : STMT_HOLIDAY_DROP, &q, err);
    if (ok) {
        stmt_str(&q, ":country", country);
        stmt_str(&q, ":day", day);
        if (add) {
            stmt_text(&q, ":rep", s->rep);
            stmt_int(&q, ":now", now);
        }
        ok = stmt_run(&q, err);
    }
    bool known = add || sqlite3_changes(s->db) != 0;
    if (ok && !known)
        ok = error_set(err, ERR_NOT_FOUND, "no holiday of %.*s on %.*s was added here", STR_ARG(country), STR_ARG(day));
    ok = db_end(s, ok, err);
    policies_forget(s);
    return ok;
}

bool holidays_know(struct store *s, struct policy *p, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_HOLIDAYS, &q, err))
        return false;
    while (stmt_row(&q, err)) /* those of the settings are there already */
        policy_set(p, STR("holiday"), stmt_column_str(&q, 0), NULL);
    return stmt_close(&q);
}

bool registries_know(struct store *s, struct policy *p, struct error *err)
{
    struct stmt q;
    p->registries_count = 0;
    if (!stmt_open(s, STMT_REGISTRIES, &q, err))
        return false;
    while (p->registries_count < REGISTRIES_MOST && stmt_row(&q, err)) {
        struct registry_date *r = &p->registries[p->registries_count];
        struct str country = stmt_column_str(&q, 0);
        *r = (struct registry_date){.as_of_day = day_of_words(stmt_column_str(&q, 1))};
        if (country.len == 2)
            memcpy(r->country, country.at, 2);
        p->registries_count += r->as_of_day != LAW_DAY_NONE;
    }
    return stmt_close(&q);
}
