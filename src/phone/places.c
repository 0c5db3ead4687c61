/* SPDX-License-Identifier: MIT */
/*
 * Loads what is known of countries and their states: assets/zones/countries.txt and states.txt.
 *
 * The files may be edited by hand on the machine, so a row that makes no sense is passed over and the rest counts.
 */
#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum { FIELDS_MOST = 8, CODE_MOST = 7, KEY_MOST = 200 };

/* line: fields separated by |. Returns how many; those that are missing are empty. */
static size_t fields_cut(struct str line, struct str fields[FIELDS_MOST])
{
    size_t count = 0;
    struct str one;
    for (size_t i = 0; i < FIELDS_MOST; i++)
        fields[i] = (struct str){NULL, 0};
    while (count < FIELDS_MOST && str_next(&line, '|', &one))
        fields[count++] = str_trim(one);
    return count;
}

static bool is_iso(struct str s)
{
    return s.len == 2 && s.at[0] >= 'A' && s.at[0] <= 'Z' && s.at[1] >= 'A' && s.at[1] <= 'Z';
}

static int list_count(struct str list, char separator)
{
    int count = 0;
    struct str one;
    while (list.len > 0 && str_next(&list, separator, &one))
        count += one.len > 0;
    return count;
}

/* "Sun-Thu", "Mon-Thu,Sat"; Monday to Friday if it says nothing that can be read. */
static weekday_set workdays_parse(struct str text)
{
    weekday_set set = 0;
    struct str part;
    while (text.len > 0 && str_next(&text, ',', &part)) {
        size_t dash = str_find(part, '-');
        enum weekday first, last;
        if (!weekday_parse(str_trim(str_make(part.at, dash)), &first))
            continue;
        last = first;
        if (dash < part.len && !weekday_parse(str_trim(str_skip(part, dash + 1)), &last))
            continue;
        for (unsigned day = first;; day = (day + 1) % 7) {
            set |= 1u << day;
            if (day == last)
                break;
        }
    }
    return set != 0 ? set : (1u << MONDAY | 1u << TUESDAY | 1u << WEDNESDAY | 1u << THURSDAY | 1u << FRIDAY);
}

static unsigned lengths_parse(struct str text)
{
    unsigned set = 0;
    struct str part;
    int64_t n;
    while (text.len > 0 && str_next(&text, ',', &part))
        if (str_int(str_trim(part), &n) && n > 0 && n <= 15)
            set |= 1u << n;
    return set;
}

static bool country_read(struct str line, struct country *ret)
{
    struct str f[FIELDS_MOST];
    fields_cut(line, f);
    bool none = str_is(f[0], "--");
    if (!none && !is_iso(f[0]))
        return false;
    *ret = (struct country){.zones = f[4], .trunk = f[5], .international = f[6]};
    if (!none)
        memcpy(ret->iso, f[0].at, 2);
    size_t colon = str_find(f[1], ':');
    int64_t code = 0;
    if (f[1].len > 0 && (!str_int(str_make(f[1].at, colon), &code) || code <= 0 || code >= CALLING_CODES))
        return false;
    ret->calling_code = (int)code;
    ret->shares = colon < f[1].len;
    ret->leading = str_skip(f[1], colon + 1);
    struct str names = f[2];
    if (names.len > 0)
        str_next(&names, ';', &ret->name);
    ret->zones_count = list_count(ret->zones, ',');
    ret->workdays = workdays_parse(f[3]);
    ret->lengths = lengths_parse(f[7]);
    return true;
}

static bool state_read(struct str line, struct state *ret)
{
    struct str f[FIELDS_MOST];
    if (fields_cut(line, f) < 4 || !is_iso(f[0]) || f[1].len == 0 || f[1].len > CODE_MOST || f[3].len == 0)
        return false;
    *ret = (struct state){.zones = f[3], .zones_count = list_count(f[3], ',')};
    memcpy(ret->country, f[0].at, 2);
    memcpy(ret->code, f[1].at, f[1].len);
    struct str names = f[2];
    if (names.len > 0)
        str_next(&names, ';', &ret->name);
    return ret->zones_count > 0;
}

/* ---- names ---- */

/* Keys are offsets while the text still grows; they become pointers at the end. */
struct name_list {
    struct place_name *rows;
    size_t count, cap;
};

static void name_add(struct name_list *list, struct buf *keys, const char *country, struct str name, size_t place)
{
    struct buf key;
    buf_init(&key);
    text_fold(name, &key);
    if (key.len > 0 && key.len <= KEY_MOST) {
        if (list->count == list->cap) {
            list->cap = list->cap != 0 ? list->cap * 2 : 512;
            list->rows = alloc_resize(list->rows, list->cap, sizeof list->rows[0]);
        }
        size_t start = keys->len;
        if (country != NULL)
            buf_printf(keys, "%s ", country);
        buf_add_str(keys, buf_str(&key));
        list->rows[list->count++] = (struct place_name){.key = {NULL, keys->len - start}, .place = place};
    }
    buf_done(&key);
}

static void names_add(struct name_list *list, struct buf *keys, const char *country, struct str code, struct str names,
                      size_t place)
{
    name_add(list, keys, country, code, place);
    struct str one;
    while (names.len > 0 && str_next(&names, ';', &one))
        name_add(list, keys, country, one, place);
}

static int name_compare(const void *a, const void *b)
{
    const struct place_name *x = a, *y = b;
    int order = str_compare(x->key, y->key);
    return order != 0 ? order : x->place < y->place ? -1 : x->place > y->place;
}

static void names_point(struct name_list *list, const char **at)
{
    for (size_t i = 0; i < list->count; i++) {
        list->rows[i].key.at = *at;
        *at += list->rows[i].key.len;
    }
    if (list->count > 0)
        qsort(list->rows, list->count, sizeof list->rows[0], name_compare);
}

/* ---- the tables ---- */

static int country_compare(const void *a, const void *b)
{
    return strcmp(((const struct country *)a)->iso, ((const struct country *)b)->iso);
}

static int state_compare(const void *a, const void *b)
{
    const struct state *x = a, *y = b;
    int order = strcmp(x->country, y->country);
    return order != 0 ? order : strcmp(x->code, y->code);
}

static void countries_load(struct places *p, struct str text)
{
    size_t cap = 0;
    struct str line;
    struct country row;
    while (facts_line(&text, &line)) {
        if (!country_read(line, &row))
            continue;
        if (p->countries_count == cap) {
            cap = cap != 0 ? cap * 2 : 256;
            p->countries = alloc_resize(p->countries, cap, sizeof p->countries[0]);
        }
        p->countries[p->countries_count++] = row;
    }
    if (p->countries_count > 0)
        qsort(p->countries, p->countries_count, sizeof p->countries[0], country_compare);
    for (size_t i = 0; i < p->countries_count; i++) {
        struct country *c = &p->countries[i];
        c->next = p->by_code[c->calling_code];
        p->by_code[c->calling_code] = c;
    }
    p->by_code[0] = NULL; /* no telephones there */
}

static void states_load(struct places *p, struct str text)
{
    size_t cap = 0;
    struct str line;
    struct state row;
    while (facts_line(&text, &line)) {
        if (!state_read(line, &row))
            continue;
        if (p->states_count == cap) {
            cap = cap != 0 ? cap * 2 : 256;
            p->states = alloc_resize(p->states, cap, sizeof p->states[0]);
        }
        p->states[p->states_count++] = row;
    }
    if (p->states_count > 0)
        qsort(p->states, p->states_count, sizeof p->states[0], state_compare);
}

/* All names of a row lie together in its line: from the first name up to the next bar. */
static struct str names_of(struct str first, const char *text, size_t len)
{
    if (first.at == NULL)
        return first;
    struct str rest = str_make(first.at, (size_t)(text + len - first.at));
    size_t bar = str_find(rest, '|'), end = str_find(rest, '\n');
    return str_make(rest.at, bar < end ? bar : end);
}

static void names_load(struct places *p, size_t countries_len, size_t states_len)
{
    struct name_list countries = {0}, states = {0};
    struct buf keys;
    buf_init(&keys);
    for (size_t i = 0; i < p->countries_count; i++)
        names_add(&countries, &keys, NULL, str_of(p->countries[i].iso),
                  names_of(p->countries[i].name, p->countries_text, countries_len), i);
    for (size_t i = 0; i < p->states_count; i++)
        names_add(&states, &keys, p->states[i].country, str_of(p->states[i].code),
                  names_of(p->states[i].name, p->states_text, states_len), i);
    p->keys = keys.at;
    const char *at = p->keys;
    names_point(&countries, &at);
    names_point(&states, &at);
    p->country_names = countries.rows;
    p->country_names_count = countries.count;
    p->state_names = states.rows;
    p->state_names_count = states.count;
}

const struct places *places_of(struct phone_book *book)
{
    struct places *p = &book->places;
    if (p->tried)
        return p;
    p->tried = true;
    size_t countries_len = 0, states_len = 0;
    p->countries_text = facts_read(book, "countries.txt", &countries_len);
    p->states_text = facts_read(book, "states.txt", &states_len);
    countries_load(p, str_make(p->countries_text, countries_len));
    states_load(p, str_make(p->states_text, states_len));
    names_load(p, countries_len, states_len);
    return p;
}

void places_done(struct places *p)
{
    free(p->countries_text);
    free(p->states_text);
    free(p->countries);
    free(p->states);
    free(p->country_names);
    free(p->state_names);
    free(p->keys);
    *p = (struct places){0};
}
