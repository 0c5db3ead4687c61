/* SPDX-License-Identifier: MIT */
/* Asks the tables of places: which country or state a word means, and what is known of it. */
#include "book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/utf8.h"

enum { WORDS_MOST_BYTES = 200 };

static int iso_compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct country *)row)->iso);
}

const struct country *country_find(struct phone_book *book, const char *iso)
{
    char upper[REGION_SIZE] = "";
    for (size_t i = 0; i < 2; i++) {
        char c = iso != NULL ? iso[i] : '\0';
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if (c < 'A' || c > 'Z')
            return NULL;
        upper[i] = c;
    }
    if (iso[2] != '\0')
        return NULL;
    const struct places *p = places_of(book);
    if (p->countries_count == 0)
        return NULL;
    return bsearch(upper, p->countries, p->countries_count, sizeof p->countries[0], iso_compare);
}

static int key_compare(const void *key, const void *row)
{
    return str_compare(*(const struct str *)key, ((const struct place_name *)row)->key);
}

static const struct place_name *name_find(const struct place_name *rows, size_t count, struct str key)
{
    return count > 0 ? bsearch(&key, rows, count, sizeof rows[0], key_compare) : NULL;
}

/* "u s a" -> "usa": points between single letters became blanks. */
static bool initials_join(struct str key, struct buf *ret)
{
    buf_clear(ret);
    for (size_t i = 0; i < key.len; i++)
        if (i % 2 == 0)
            buf_add_char(ret, key.at[i]);
        else if (key.at[i] != ' ')
            return false;
    return key.len > 2 && key.len % 2 == 1;
}

static const struct place_name *name_look(const struct place_name *rows, size_t count, struct str key)
{
    const struct place_name *found = name_find(rows, count, key);
    if (found == NULL && str_starts(key, "the "))
        found = name_find(rows, count, str_skip(key, 4));
    if (found == NULL) {
        struct buf joined;
        buf_init(&joined);
        if (initials_join(key, &joined))
            found = name_find(rows, count, buf_str(&joined));
        buf_done(&joined);
    }
    return found;
}

bool country_parse(struct phone_book *book, struct str name, char ret[REGION_SIZE])
{
    if (name.len == 0 || name.len > WORDS_MOST_BYTES)
        return false;
    const struct places *p = places_of(book);
    struct buf key;
    buf_init(&key);
    text_fold(name, &key);
    const struct place_name *found = key.len > 0 ? name_look(p->country_names, p->country_names_count, buf_str(&key)) : NULL;
    buf_done(&key);
    if (found == NULL)
        return false;
    memcpy(ret, p->countries[found->place].iso, REGION_SIZE);
    return true;
}

/* The key of a state is "US florida"; initials are looked at without the country. */
static const struct place_name *state_look(const struct places *p, const char *iso, struct str key)
{
    struct buf whole, joined;
    buf_init(&whole);
    buf_init(&joined);
    buf_printf(&whole, "%s %.*s", iso, STR_ARG(key));
    const struct place_name *found = name_find(p->state_names, p->state_names_count, buf_str(&whole));
    if (found == NULL && initials_join(key, &joined)) {
        buf_clear(&whole);
        buf_printf(&whole, "%s %s", iso, joined.at);
        found = name_find(p->state_names, p->state_names_count, buf_str(&whole));
    }
    buf_done(&joined);
    buf_done(&whole);
    return found;
}

static const struct state *state_find(struct phone_book *book, const char *country, struct str name)
{
    const struct country *c = country_find(book, country);
    if (c == NULL || name.len == 0 || name.len > WORDS_MOST_BYTES)
        return NULL;
    const struct places *p = places_of(book);
    struct buf key;
    buf_init(&key);
    text_fold(name, &key);
    const struct place_name *found = state_look(p, c->iso, buf_str(&key));
    /* "US-CA", "us ca": as ISO 3166-2 writes it */
    char lower[4] = {(char)(c->iso[0] + 32), (char)(c->iso[1] + 32), ' ', '\0'};
    if (found == NULL && str_starts(buf_str(&key), lower))
        found = state_look(p, c->iso, str_skip(buf_str(&key), 3));
    buf_done(&key);
    return found != NULL ? &p->states[found->place] : NULL;
}

bool state_parse(struct phone_book *book, const char *country, struct str name, char ret[8])
{
    const struct state *s = state_find(book, country, name);
    if (s == NULL)
        return false;
    memcpy(ret, s->code, sizeof s->code);
    return true;
}

int place_zones(struct phone_book *book, const char *country, struct str state, struct buf *ret)
{
    buf_clear(ret);
    const struct country *c = country_find(book, country);
    const struct state *s = c != NULL ? state_find(book, country, state) : NULL;
    if (c == NULL)
        return 0;
    struct str zones = s != NULL ? s->zones : c->zones;
    int count = s != NULL ? s->zones_count : c->zones_count;
    if (count > ZONES_MOST)
        return 0;
    buf_add_str(ret, zones);
    return count;
}

weekday_set country_workdays(struct phone_book *book, const char *country)
{
    const struct country *c = country_find(book, country);
    return c != NULL ? c->workdays : (1u << MONDAY | 1u << TUESDAY | 1u << WEDNESDAY | 1u << THURSDAY | 1u << FRIDAY);
}

int country_calling_code(struct phone_book *book, const char *region)
{
    const struct country *c = country_find(book, region);
    return c != NULL ? c->calling_code : 0;
}

struct str country_name(struct phone_book *book, const char *country)
{
    const struct country *c = country_find(book, country);
    return c != NULL ? c->name : str_make(NULL, 0);
}

static void prefix_copy(struct str prefix, char *ret, size_t size)
{
    size_t len = prefix.len < size ? prefix.len : 0; /* a prefix that does not fit is none: half of one dials elsewhere */
    if (len > 0)
        memcpy(ret, prefix.at, len);
    ret[len] = '\0';
}

bool country_prefixes(struct phone_book *book, const char *region, char ret_trunk[TRUNK_SIZE],
                      char ret_international[INTERNATIONAL_SIZE])
{
    const struct country *c = country_find(book, region);
    if (c == NULL || c->calling_code == 0)
        return false;
    prefix_copy(c->trunk, ret_trunk, TRUNK_SIZE);
    prefix_copy(c->international, ret_international, INTERNATIONAL_SIZE);
    return true;
}

/* The longest of the leading digits that begins the number, in digits; 0 if none does. */
static size_t leading_match(struct str leading, struct str national)
{
    size_t best = 0;
    struct str one;
    while (leading.len > 0 && str_next(&leading, ',', &one))
        if (one.len > best && one.len <= national.len && memcmp(one.at, national.at, one.len) == 0)
            best = one.len;
    return best;
}

const struct country *country_of_number(struct phone_book *book, struct str digits, struct str *ret_national)
{
    const struct places *p = places_of(book);
    const struct country *row = NULL, *best = NULL;
    unsigned code = 0;
    size_t len = 0;
    while (row == NULL && len < 3 && len < digits.len) { /* no code begins another */
        code = code * 10 + (unsigned)(digits.at[len++] - '0');
        row = p->by_code[code];
    }
    struct str national = str_skip(digits, len);
    size_t matched = 0;
    for (; row != NULL; row = row->next) {
        size_t match = leading_match(row->leading, national);
        if (match > matched || (match == 0 && matched == 0 && !row->shares) || best == NULL) {
            best = row;
            matched = match;
        }
    }
    if (best != NULL && ret_national != NULL)
        *ret_national = national;
    return best;
}
