/* SPDX-License-Identifier: MIT */
/* The laws of places, worked out once from their rows: a state's rows narrow its country's. */
#include "calldeck/law.h"

#include <stdlib.h>
#include <string.h>

#include "law_rows.h"

const int law_span_s[LAW_SPANS] = {DAY_S, 7 * DAY_S, 30 * DAY_S};

struct hours hours_both(struct hours a, struct hours b)
{
    struct hours both = {.count = 0};
    for (int i = 0, j = 0; i < a.count && j < b.count && both.count < HOURS_MOST;) {
        int start_s = a.at[i].start_s > b.at[j].start_s ? a.at[i].start_s : b.at[j].start_s;
        int end_s = a.at[i].end_s < b.at[j].end_s ? a.at[i].end_s : b.at[j].end_s;
        if (start_s < end_s) {
            both.at[both.count].start_s = start_s;
            both.at[both.count++].end_s = end_s;
        }
        if (a.at[i].end_s < b.at[j].end_s)
            i++;
        else
            j++;
    }
    return both;
}

const char *audience_name(enum audience audience)
{
    return audience == AUDIENCE_BUSINESS ? "business" : audience == AUDIENCE_CONSUMER ? "consumer" : "";
}

bool audience_parse(struct str s, enum audience *ret)
{
    if (s.len == 0)
        *ret = AUDIENCE_UNSAID;
    else if (str_eq_ascii_case(s, STR("business")) || str_eq_ascii_case(s, STR("b2b")))
        *ret = AUDIENCE_BUSINESS;
    else if (str_eq_ascii_case(s, STR("consumer")) || str_eq_ascii_case(s, STR("b2c")))
        *ret = AUDIENCE_CONSUMER;
    else
        return false;
    return true;
}

/* ---- one law from its rows ---- */

static bool speaks_of(const struct law_row *row, bool consumer)
{
    return consumer ? row->consumer : row->business;
}

static bool is_dated(const struct law_row *row)
{
    return row->from_day != LAW_DAY_NONE;
}

/* Both rows hold. */
static void day_narrow(struct law_day *day, const struct law_row *row)
{
    day->hours = day->row == NULL ? row->hours : hours_both(day->hours, row->hours);
    day->verified = (day->row == NULL || day->verified) && row->verified;
    day->row = row;
}

static struct law_day day_of_rows(const struct law_table *t, const char *country, const char *region, bool consumer, int day)
{
    struct law_day result = {.row = NULL};
    for (size_t i = 0; i < t->rows_count; i++) {
        const struct law_row *row = &t->rows[i];
        if (strcmp(row->country, country) != 0 || strcmp(row->region, region) != 0 || is_dated(row) ||
            !speaks_of(row, consumer))
            continue;
        if (day == LAW_HOLIDAY ? row->holiday : (row->days >> day & 1u) != 0)
            day_narrow(&result, row);
    }
    return result;
}

/* A weekday that the country has no row for takes what all its other days have in common; nobody wrote that it is free. */
static struct law_day country_day(const struct law_table *t, const char *country, bool consumer, int day)
{
    struct law_day result = day_of_rows(t, country, "", consumer, day);
    if (result.row != NULL || day == LAW_HOLIDAY)
        return result;
    for (int other = 0; other < LAW_HOLIDAY; other++) {
        struct law_day found = day_of_rows(t, country, "", consumer, other);
        if (found.row == NULL)
            continue;
        found.hours = result.row == NULL ? found.hours : hours_both(result.hours, found.hours);
        found.verified = (result.row == NULL || result.verified) && found.verified;
        found.borrowed = true;
        result = found;
    }
    return result;
}

static struct law_day day_of(const struct law_table *t, const char *country, const char *region, bool consumer, int day)
{
    struct law_day whole = country_day(t, country, consumer, day);
    if (region[0] == '\0')
        return whole;
    struct law_day own = day_of_rows(t, country, region, consumer, day);
    if (own.row == NULL) {
        whole.borrowed = whole.row != NULL;
        return whole;
    }
    if (whole.row != NULL) {
        own.hours = hours_both(own.hours, whole.hours);
        own.verified = own.verified && (whole.verified || own.hours.count == 0);
    }
    return own;
}

static int stricter(int a, int b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static void limits_narrow(struct law_limits *l, const struct law_rule *rule)
{
    l->verified = l->verified && rule->verified;
    switch (rule->kind) {
    case RULE_ATTEMPTS:
        l->attempts[rule->span] = stricter(l->attempts[rule->span], rule->number);
        break;
    case RULE_UNANSWERED:
        l->unanswered[rule->span] = stricter(l->unanswered[rule->span], rule->number);
        break;
    case RULE_REFUSAL:
        l->refusal_days = l->refusal_days < 0 || rule->number < 0 ? -1 : rule->number > l->refusal_days ? rule->number
                                                                                                         : l->refusal_days;
        break;
    case RULE_CONSENT:
        if (rule->from_day < l->consent_from)
            l->consent_from = rule->from_day;
        break;
    case RULE_REGISTRY:
        l->registry_days = stricter(l->registry_days, rule->number);
        break;
    }
}

static void law_make(struct law_table *t, struct law *law, const char *country, const char *region)
{
    *law = (struct law){.country = "", .region = ""};
    memcpy(law->country, country, sizeof law->country);
    memcpy(law->region, region, sizeof law->region);
    for (int consumer = 0; consumer < 2; consumer++) {
        for (int day = 0; day < LAW_DAYS; day++)
            law->day[consumer][day] = day_of(t, country, region, consumer != 0, day);
        law->limits[consumer] = (struct law_limits){.consent_from = LAW_DAY_NONE, .verified = true};
        for (size_t i = 0; i < t->rules_count; i++) {
            const struct law_rule *rule = &t->rules[i];
            if (strcmp(rule->country, country) == 0 && (rule->region[0] == '\0' || strcmp(rule->region, region) == 0) &&
                (consumer != 0 ? rule->consumer : rule->business))
                limits_narrow(&law->limits[consumer], rule);
        }
    }
    const struct law_row **dated = ARENA_ARRAY(&t->arena, const struct law_row *, t->rows_count + 1);
    for (size_t i = 0; i < t->rows_count; i++)
        if (is_dated(&t->rows[i]) && strcmp(t->rows[i].country, country) == 0 &&
            (t->rows[i].region[0] == '\0' || strcmp(t->rows[i].region, region) == 0))
            dated[law->dated_count++] = &t->rows[i];
    law->dated = dated;
}

/* ---- the book ---- */

struct law_book {
    struct law_table table;
    struct law *laws;
    size_t laws_count;
};

static struct law *law_add(struct law_book *book, const char *country, const char *region)
{
    for (size_t i = 0; i < book->laws_count; i++)
        if (strcmp(book->laws[i].country, country) == 0 && strcmp(book->laws[i].region, region) == 0)
            return NULL;
    struct law *law = &book->laws[book->laws_count++];
    law_make(&book->table, law, country, region);
    return law;
}

struct law_book *law_book_read(struct str windows, struct str rules, struct str holidays, struct error *err)
{
    struct law_book *book = alloc_zeroed(1, sizeof *book);
    struct law_table *t = &book->table;
    if (!law_table_read(t, windows, rules, holidays, err)) {
        law_book_free(book);
        return NULL;
    }
    book->laws = ARENA_ARRAY(&t->arena, struct law, 2 * (t->rows_count + t->rules_count) + 1);
    for (size_t i = 0; i < t->rows_count; i++) {
        law_add(book, t->rows[i].country, "\0\0\0");
        law_add(book, t->rows[i].country, t->rows[i].region);
    }
    for (size_t i = 0; i < t->rules_count; i++) {
        law_add(book, t->rules[i].country, "\0\0\0");
        law_add(book, t->rules[i].country, t->rules[i].region);
    }
    return book;
}

void law_book_free(struct law_book *book)
{
    if (book == NULL)
        return;
    arena_done(&book->table.arena);
    free(book);
}

unsigned law_book_edition(const struct law_book *book)
{
    return book->table.edition;
}

const struct law_row *law_rows(const struct law_book *book, size_t *ret_count)
{
    *ret_count = book->table.rows_count;
    return book->table.rows;
}

const struct law *law_find(const struct law_book *book, struct str country, struct str region)
{
    const struct law *whole = NULL;
    for (size_t i = 0; i < book->laws_count; i++) {
        const struct law *law = &book->laws[i];
        if (!str_is(country, law->country))
            continue;
        if (region.len != 0 && str_is(region, law->region))
            return law;
        if (law->region[0] == '\0')
            whole = law;
    }
    return whole;
}

/* ---- holidays ---- */

static const struct holiday_country *holiday_country(const struct law_book *book, struct str country)
{
    for (size_t i = 0; i < book->table.countries_count; i++)
        if (str_is(country, book->table.countries[i].country))
            return &book->table.countries[i];
    return NULL;
}

struct holidays holidays_of(const struct law_book *book, struct str country)
{
    const struct holiday_country *c = holiday_country(book, country);
    return c == NULL ? (struct holidays){0}
                     : (struct holidays){.days = book->table.days + c->first, .count = c->count};
}

static size_t holiday_index(struct holidays h, int32_t day)
{
    size_t low = 0, high = h.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h.days[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h.count && h.days[low] == day ? low : h.count;
}

bool holidays_has(struct holidays h, int32_t day)
{
    return holiday_index(h, day) < h.count;
}

struct str holiday_name(const struct law_book *book, struct str country, int32_t day)
{
    struct holidays h = holidays_of(book, country);
    size_t i = holiday_index(h, day);
    return i < h.count ? book->table.names[(size_t)(h.days - book->table.days) + i] : (struct str){0};
}
