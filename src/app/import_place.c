/* SPDX-License-Identifier: MIT */
/* Where the person of a row is, as far as the file says. */
#include "import_row.h"

#include <string.h>

static unsigned cache_slot(struct str key)
{
    unsigned h = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.at[i]) * 16777619u;
    return h % ZONE_CACHE;
}

static bool cache_find(const struct zone_entry *cache, struct str key, struct arena *a, struct str *ret)
{
    const struct zone_entry *e = &cache[cache_slot(key)];
    if (!e->used || !str_eq(str_of(e->key), key))
        return false;
    *ret = arena_str(a, str_of(e->zones));
    return true;
}

static void cache_put(struct zone_entry *cache, struct str key, struct str zones)
{
    struct zone_entry *e = &cache[cache_slot(key)];
    if (key.len >= sizeof e->key || zones.len >= sizeof e->zones || memchr(key.at, '\0', key.len) != NULL)
        return;
    memcpy(e->key, key.at, key.len);
    e->key[key.len] = '\0';
    if (zones.len != 0)
        memcpy(e->zones, zones.at, zones.len);
    e->zones[zones.len] = '\0';
    e->used = true;
}

static bool add_zone(struct row *r, struct str words, struct buf *out)
{
    words = str_trim(words);
    if (words.len == 0)
        return true;
    const struct zone *z = zone_find(r->m->zones, words, NULL);
    if (z == NULL)
        z = zone_guess(r->m->zones, words, NULL);
    if (z == NULL)
        return false;
    if (out->len != 0)
        buf_add_char(out, ',');
    buf_add_text(out, zone_name(z));
    return true;
}

/* "Asia/Riyadh", "riyadh", or several: "America/Chicago; America/Denver". */
static bool zones_of_words(struct row *r, struct str words, struct str *ret)
{
    if (cache_find(r->m->words, words, r->a, ret))
        return ret->len != 0;
    struct buf out;
    buf_init(&out);
    bool ok = add_zone(r, words, &out) && out.len != 0;
    if (!ok) {
        buf_clear(&out);
        struct str rest = words;
        int count = 0;
        ok = true;
        while (ok && rest.len != 0) {
            size_t end = 0;
            while (end < rest.len && rest.at[end] != ',' && rest.at[end] != ';' && rest.at[end] != '|')
                end++;
            ok = add_zone(r, str_make(rest.at, end), &out) && ++count <= ZONES_MOST;
            rest = str_skip(rest, end < rest.len ? end + 1 : end);
        }
        ok = ok && out.len != 0;
    }
    *ret = ok ? arena_str(r->a, buf_str(&out)) : STR("");
    cache_put(r->m->words, words, *ret);
    buf_done(&out);
    return ok;
}

static bool zones_of_address(struct row *r, const char *country, struct str state, bool state_needed, struct str *ret)
{
    char code[8];
    if (country[0] == '\0' || (state_needed && !state_parse(r->m->book, country, state, code)))
        return false;
    struct str key = arena_printf(r->a, "%s/%.*s", country, STR_ARG(state));
    if (cache_find(r->m->places, key, r->a, ret))
        return ret->len != 0;
    struct buf zones;
    buf_init(&zones);
    int count = place_zones(r->m->book, country, state, &zones);
    *ret = count > 0 ? arena_str(r->a, buf_str(&zones)) : STR("");
    cache_put(r->m->places, key, *ret);
    buf_done(&zones);
    return ret->len != 0;
}

/* The number says where it may ring, too: all of these zones must be open. Toll-free numbers say nothing. */
static void zones_of_number_too(struct row *r)
{
    struct import_person *p = r->p;
    struct buf all, zones;
    int count = 0;
    buf_init(&all);
    buf_init(&zones);
    struct str rest = p->zones, name;
    while (str_next(&rest, ',', &name))
        count++;
    buf_add_str(&all, p->zones);
    for (size_t i = 0; i < p->phones_count; i++) {
        if (phone_zones(r->m->book, p->phones[i].number.e164, &zones) <= 0)
            continue;
        for (rest = buf_str(&zones); str_next(&rest, ',', &name);) {
            struct str had = buf_str(&all), one;
            bool there = false;
            while (str_next(&had, ',', &one))
                there = there || str_eq(one, name);
            if (there)
                continue;
            buf_add_char(&all, ',');
            buf_add_str(&all, name);
            count++;
        }
        break; /* the one that is dialled first */
    }
    p->zones = count <= ZONES_MOST ? arena_str(r->a, buf_str(&all)) : STR("");
    if (p->zones.len == 0)
        p->zone_source = "none";
    buf_done(&all);
    buf_done(&zones);
}

void row_zones(struct row *r)
{
    struct import_person *p = r->p;
    struct str state = r->one[FIELD_STATE];
    p->zone_source = "none";
    if (r->one[FIELD_ZONE].len != 0) {
        if (zones_of_words(r, r->one[FIELD_ZONE], &p->zones)) {
            p->zone_source = "column";
            return;
        }
        row_keep(r, FIELD_ZONE);
    }
    /* A state without a country is one of the country of the number, or of the list. */
    if (zones_of_address(r, r->country, state, false, &p->zones) ||
        (r->country[0] == '\0' && state.len != 0 &&
         (zones_of_address(r, r->number_region, state, true, &p->zones) ||
          (r->number_region[0] == '\0' && zones_of_address(r, r->m->fallback, state, true, &p->zones))))) {
        p->zone_source = "address";
        zones_of_number_too(r);
        return;
    }
    struct buf zones;
    buf_init(&zones);
    for (size_t i = 0; i < p->phones_count && p->zones.len == 0; i++)
        if (phone_zones(r->m->book, p->phones[i].number.e164, &zones) > 0) {
            p->zones = arena_str(r->a, buf_str(&zones));
            p->zone_source = "number";
        }
    buf_done(&zones);
}
