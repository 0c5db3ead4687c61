/* SPDX-License-Identifier: MIT */
/*
 * Ten million draws of (place, laws, history, policy, instant): nobody is called outside a row of the law, over its caps, without
 * what it asks for, or once suppressed. TEST_DRAWS=1000000000 is the long run.
 */
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/law.h"
#include "random.h"
#include "test.h"
#include "world.h"

enum { POOL = 2048, ROWS_MOST = 24, DIALS_MOST = 6, DRAWS = 10000000 };

struct world {
    struct place place;
    struct policy policy;
    const struct law_row *rows[PLACE_LAWS][ROWS_MOST]; /* of each law, its country's too */
    int rows_count[PLACE_LAWS];
    int64_t dials[DIALS_MOST];
    size_t dials_count;
    int64_t refused_at;
};

static bool row_applies(const struct law_row *row, const struct law *law, bool consumer)
{
    return strcmp(row->country, law->country) == 0 && (row->region[0] == '\0' || strcmp(row->region, law->region) == 0) &&
           (consumer ? row->consumer : row->business);
}

static void add_law(struct world *w, const struct law_book *book, const char *country, const char *region)
{
    const struct law *law = law_find(book, str_of(country), str_of(region));
    int n = w->place.law_count;
    size_t count;
    const struct law_row *rows = law_rows(book, &count);
    if (law == NULL || (n > 0 && w->place.laws[0] == law))
        return;
    w->place.laws[w->place.law_count++] = law;
    for (size_t i = 0; i < count; i++)
        if (row_applies(&rows[i], law, place_consumer(&w->policy, &w->place)) && w->rows_count[n] < ROWS_MOST)
            w->rows[n][w->rows_count[n]++] = &rows[i];
    if (w->place.holidays_count < PLACE_COUNTRIES &&
        (n == 0 || strcmp(w->place.holidays[0].country, country) != 0)) {
        memcpy(w->place.holidays[w->place.holidays_count].country, country, 3);
        w->place.holidays[w->place.holidays_count++].days = holidays_of(book, str_of(country));
    }
}

static void world_make(struct world *w, const struct law_book *book, uint64_t *seed)
{
    static const char *const countries[][2] = {{"US", "FL"}, {"US", "TX"}, {"US", "AL"}, {"US", "PA"}, {"US", "NV"}, {"US", "CA"},
                                               {"US", "WA"}, {"CA", "ON"}, {"GB", ""},   {"FR", ""},   {"DE", ""},   {"ES", ""},
                                               {"AU", ""},   {"AE", ""},   {"SA", ""},   {"EG", ""},   {"IN", ""},   {"JP", ""}};
    *w = (struct world){.refused_at = AT_NONE};
    w->policy = random_policy(seed);
    w->policy.windows = true;
    w->policy.consumer = random_below(seed, 2) != 0;
    for (int i = random_below(seed, 3); i > 0; i--)
        w->policy.registries[w->policy.registries_count++] =
            (struct registry_date){.country = "US", .as_of_day = (int32_t)(random_at(seed) / DAY_S) - random_below(seed, 40)};
    w->place = random_place(seed);
    w->place.audience = (enum audience)random_below(seed, 3);
    w->place.basis = (enum basis)random_below(seed, 3);
    w->place.basis_until_day = (int32_t)(random_at(seed) / DAY_S);
    for (int i = 1 + random_below(seed, 2); i > 0; i--) {
        const char *const *c = countries[random_below(seed, COUNT(countries))];
        add_law(w, book, c[0], c[1]);
    }
    int64_t near = random_at(seed);
    w->dials_count = (size_t)random_below(seed, DIALS_MOST + 1);
    for (size_t i = 0; i < w->dials_count; i++)
        w->dials[i] = near - random_below(seed, 12 * 24) * (int64_t)HOUR_S;
    if (random_below(seed, 4) == 0)
        w->refused_at = near - random_below(seed, 90) * (int64_t)DAY_S;
}

/* Does any row of any law close this second there? */
static bool rows_open(const struct world *w, const struct zone *z, int64_t at)
{
    int64_t local = at + zone_offset(z, at, NULL), day = local / DAY_S;
    int second = (int)(local - day * DAY_S), weekday = (int)((day + THURSDAY) % 7);
    bool holiday = false;
    for (int i = 0; i < w->place.holidays_count; i++)
        holiday = holiday || holidays_has(w->place.holidays[i].days, (int32_t)day);
    for (int i = 0; i < w->place.law_count; i++)
        for (int k = 0; k < w->rows_count[i]; k++) {
            const struct law_row *row = w->rows[i][k];
            bool holds = row->from_day != LAW_DAY_NONE ? day >= row->from_day && day <= row->to_day && (row->days >> weekday & 1u)
                         : row->holiday                ? holiday
                                                       : (row->days >> weekday & 1u) != 0;
            bool inside = !holds;
            for (int h = 0; holds && h < row->hours.count; h++)
                inside = inside || (second >= row->hours.at[h].start_s && second < row->hours.at[h].end_s);
            if (!inside)
                return false;
        }
    return true;
}

static bool caps_allow(const struct world *w, int64_t now)
{
    static const int spans[] = {DAY_S, 7 * DAY_S, 30 * DAY_S};
    bool consumer = place_consumer(&w->policy, &w->place);
    for (int i = 0; i < w->place.law_count; i++) {
        const struct law_limits *l = &w->place.laws[i]->limits[consumer];
        for (int s = 0; s < LAW_SPANS; s++) {
            int n = 0;
            for (size_t d = 0; d < w->dials_count; d++)
                n += now - w->dials[d] < spans[s];
            if ((l->attempts[s] != 0 && n >= l->attempts[s]) || (l->unanswered[s] != 0 && n >= l->unanswered[s]))
                return false;
        }
        if (w->refused_at != AT_NONE && (l->refusal_days < 0 || now < w->refused_at + l->refusal_days * (int64_t)DAY_S) &&
            l->refusal_days != 0)
            return false;
    }
    return true;
}

TEST(nobody_is_called_against_the_law)
{
    uint64_t seed = test_seed();
    const char *said = getenv("TEST_DRAWS");
    int64_t draws = DRAWS, yes = 0, promised = 0;
    if (said != NULL && !str_int(str_of(said), &draws))
        fail_msg("TEST_DRAWS=%s is no number", said);
    struct law_book *book = law_book_new();
    struct world *pool = alloc_zeroed(POOL, sizeof *pool);
    enum { INSTANTS = 8192 };
    int64_t *instants = alloc_zeroed(INSTANTS, sizeof *instants);
    for (int i = 0; i < INSTANTS; i++)
        instants[i] = random_at(&seed);
    for (int64_t i = 0; i < draws; i++) {
        if (i % (POOL * 256) == 0) /* other worlds now and then */
            for (int k = 0; k < POOL; k++)
                world_make(&pool[k], book, &seed);
        uint64_t r = test_random(&seed);
        const struct world *w = &pool[r % POOL];
        int64_t now = instants[(r >> 16) % INSTANTS];
        bool due = (r >> 40 & 3) == 0, suppressed = (r >> 42 & 15) == 0;
        struct gate_input in = {.state = due ? STATE_CALLBACK : STATE_READY,
                                .not_before = AT_NONE,
                                .due_at = due ? now - (int64_t)(r >> 48 & 4095) : AT_NONE,
                                .asked_at = AT_NONE,
                                .place = w->place,
                                .number_suppressed = suppressed};
        in.asked_at = in.due_at;
        const struct dials dials = {w->dials, NULL, w->dials_count};
        in.legal_until = legal_rest_until(&w->policy, &w->place, &dials, w->refused_at, &in.legal_cause);
        /* When it opens next costs the most to say: where the hours are closed, one draw in 32 asks the whole gate. */
        if ((r >> 59) != 0 && !window_open(&w->policy, &w->place, now, NULL, NULL) &&
            (!due || !law_open(&w->policy, &w->place, now)))
            continue;
        struct verdict v = callable(&in, &w->policy, now);
        if (!v.yes)
            continue;
        yes++;
        promised += due;
        bool fine = !suppressed && caps_allow(w, now) && place_lawful(&w->policy, &w->place, now, NULL);
        for (int z = 0; z < w->place.zone_count; z++)
            fine = fine && rows_open(w, w->place.zones[z], now) && rows_open(w, w->place.zones[z], now + 60);
        fine = fine && (w->place.zone_count > 0 || w->place.law_count == 0);
        if (!fine)
            fail_msg("draw %lld: %s in %s is called at %s", (long long)i, w->place.law_count > 0 ? w->place.laws[0]->country : "?",
                     w->place.zone_count > 0 ? zone_name(w->place.zones[0]) : "nowhere", shown(now));
    }
    assert_true(yes > draws / 100 && promised > draws / 1000);
    free(pool);
    free(instants);
    law_book_free(book);
}
