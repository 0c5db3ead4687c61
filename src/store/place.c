/* SPDX-License-Identifier: MIT */
/* Zones and working week of a prospect, from the text that is stored: looked up once a text, not once a row. */
#include "fold.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

enum { BUCKETS = 256 };

struct place_entry {
    struct place_entry *next;
    struct str zones, country;
    struct place place;
};
struct place_cache {
    struct arena arena;
    struct place_entry *buckets[BUCKETS];
};

static unsigned hash(struct str zones, struct str country)
{
    unsigned h = 2166136261u;
    for (size_t i = 0; i < zones.len; i++)
        h = (h ^ (unsigned char)zones.at[i]) * 16777619u;
    for (size_t i = 0; i < country.len; i++)
        h = (h ^ (unsigned char)country.at[i]) * 16777619u;
    return h % BUCKETS;
}

struct place place_of(struct store *s, struct str zones, struct str country)
{
    if (country.len == 0)
        country = str_of(s->base.country);
    if (s->places == NULL)
        s->places = alloc_zeroed(1, sizeof *s->places);
    struct place_entry **bucket = &s->places->buckets[hash(zones, country)];
    for (struct place_entry *e = *bucket; e != NULL; e = e->next)
        if (str_eq(e->zones, zones) && str_eq(e->country, country))
            return e->place;

    struct place_entry *e = ARENA_NEW(&s->places->arena, struct place_entry);
    e->zones = arena_str(&s->places->arena, zones);
    e->country = arena_str(&s->places->arena, country);
    struct str rest = zones, name;
    while (str_next(&rest, ',', &name) && e->place.zone_count < PLACE_ZONES) {
        const struct zone *zone = zone_find(s->zones, str_trim(name), NULL);
        if (zone != NULL)
            e->place.zones[e->place.zone_count++] = zone;
    }
    const weekday_set monday_to_friday = 0x1f;
    struct str iso = str_make(country.at, str_find(country, '|'));
    e->place.workdays =
        s->workdays != NULL && iso.len == 2 ? s->workdays(arena_text(&s->places->arena, iso), s->workdays_user) : monday_to_friday;
    place_add_laws(s, &e->place, country);
    e->next = *bucket;
    *bucket = e;
    return e->place;
}

struct str number_reach(struct str zones, struct str source, struct str number_zones, struct arena *a)
{
    if (number_zones.len == 0 || str_is(source, "column") || str_is(source, "none")) /* none: too many candidates, or not asked yet */
        return zones;
    if (!str_is(source, "address"))
        return arena_str(a, number_zones);
    struct buf all;
    struct str rest = number_zones, one, had, name;
    buf_init(&all);
    buf_add_str(&all, zones);
    while (str_next(&rest, ',', &one)) {
        bool there = false;
        had = zones;
        while (str_next(&had, ',', &name))
            there = there || str_eq(name, one);
        if (!there)
            buf_printf(&all, ",%.*s", STR_ARG(one));
    }
    struct str kept = arena_str(a, buf_str(&all));
    buf_done(&all);
    return kept;
}

void places_free(struct store *s)
{
    if (s->places == NULL)
        return;
    arena_done(&s->places->arena);
    free(s->places);
    s->places = NULL;
}
