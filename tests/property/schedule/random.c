/* SPDX-License-Identifier: MIT */
#include "random.h"

#include <string.h>

#include "test.h"
#include "world.h"

int random_below(uint64_t *seed, int limit)
{
    return (int)(test_random(seed) % (uint64_t)limit);
}

static bool one_in(uint64_t *seed, int n)
{
    return random_below(seed, n) == 0;
}

int64_t random_at(uint64_t *seed)
{
    /* Clocks go back in Berlin on 25 October 2026, in Cairo at the end of the 29th, in New York on 1 November; they had
     * gone on there on 8 March, in Berlin on the 29th, in Cairo on 24 April. */
    static const struct {
        const char *from;
        int days;
    } seasons[] = {
        {"2026-10-23T00:00:00Z", 11}, {"2026-10-23T00:00:00Z", 11}, {"2026-10-23T00:00:00Z", 11},
        {"2026-03-07T00:00:00Z", 3},  {"2026-03-28T00:00:00Z", 3},  {"2026-04-23T00:00:00Z", 3},
    };
    size_t season = (size_t)random_below(seed, COUNT(seasons));
    int64_t at = instant(seasons[season].from) + random_below(seed, seasons[season].days * 24 * 4) * INT64_C(900);
    static const int nudges[] = {0, 0, 0, 0, -60, -1, 1, 60, 59, 61};
    return at + nudges[random_below(seed, COUNT(nudges))];
}

struct place random_place(uint64_t *seed)
{
    static const char *const zones[] = {
        "Asia/Riyadh",
        "America/New_York",
        "America/New_York,America/Chicago",
        "Europe/Berlin",
        "Asia/Kolkata",
        "Asia/Kathmandu,Asia/Kolkata",
        "Africa/Cairo",
        "America/Havana",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Asia/Tokyo,America/Los_Angeles",
        "Europe/Lisbon,Europe/Berlin,Europe/Athens",
        "",
    };
    static const weekday_set weeks[] = {MON_FRI, SUN_THU, 0x3f, 0};
    return place_in(zones[random_below(seed, COUNT(zones))], weeks[random_below(seed, COUNT(weeks))]);
}

struct policy random_policy(uint64_t *seed)
{
    static const char *const hours[] = {"9-18", "9-18", "0-24", "8:30-20", "0-1:30", "1:15-2:45", "22-24", "12-12:02"};
    struct policy p;
    policy_defaults(&p);
    hours_parse(str_of(hours[random_below(seed, COUNT(hours))]), &p.hours_start_min, &p.hours_end_min, NULL);
    static const weekday_set days[] = {0, 0, ALL_DAYS, MON_FRI, 1u << SATURDAY};
    p.days = days[random_below(seed, COUNT(days))];
    p.attempt_cap = random_below(seed, 8);
    p.dials_per_day = random_below(seed, 4);
    p.retry_callback_s = 300 * (1 + random_below(seed, 3));
    p.retry_callback_tries = random_below(seed, 3);
    p.skips_to_review = random_below(seed, 4);
    p.meeting_back_days = 1 + random_below(seed, 2);
    return p;
}

static void random_touch(uint64_t *seed, int i, struct fold_touch *t)
{
    struct outcome_table outcomes = outcome_defaults();
    /* busy and no answer often, else most histories are done at once */
    const struct outcome *o =
        &outcomes.rows[one_in(seed, 3) ? random_below(seed, (int)outcomes.count) : random_below(seed, 5)];
    bool call = !one_in(seed, 10);
    *t = (struct fold_touch){.at = random_at(seed),
                             .outcome = !call || one_in(seed, 10) ? NULL : o,
                             .call = call,
                             .outbound = call && !one_in(seed, 5),
                             .voided = one_in(seed, 6)};
    t->dialed = t->outbound && !one_in(seed, 4);
    t->uid.b[0] = (unsigned char)random_below(seed, 256);
    t->uid.b[15] = (unsigned char)i; /* no two alike */
}

void random_history(uint64_t *seed, struct random_history *ret)
{
    memset(ret, 0, sizeof *ret);
    ret->policy = random_policy(seed);
    ret->in = (struct fold_input){.touches = ret->touches,
                                  .touches_count = (size_t)random_below(seed, RANDOM_TOUCHES + 1),
                                  .callbacks = ret->callbacks,
                                  .callbacks_count = (size_t)random_below(seed, RANDOM_CALLBACKS + 1),
                                  .skips = ret->skips,
                                  .skips_count = (size_t)random_below(seed, RANDOM_SKIPS + 1),
                                  .phones = ret->phones,
                                  .phones_count = (size_t)random_below(seed, RANDOM_PHONES + 1),
                                  .place = random_place(seed),
                                  .suppressed = one_in(seed, 20),
                                  .archived = one_in(seed, 20),
                                  .policy = &ret->policy};
    if (one_in(seed, 2))
        ret->in.callbacks_count = 0;
    if (one_in(seed, 2))
        ret->in.skips_count = 0;
    for (int i = 0; i < (int)ret->in.touches_count; i++)
        random_touch(seed, i, &ret->touches[i]);
    for (size_t i = 0; i < ret->in.callbacks_count; i++) {
        /* often made by a touch, in its second or five minutes later */
        int64_t made_at = random_at(seed);
        if (ret->in.touches_count > 0 && one_in(seed, 2))
            made_at = ret->touches[random_below(seed, (int)ret->in.touches_count)].at + 300 * random_below(seed, 2);
        ret->callbacks[i] = (struct fold_callback){.id = 100 - (int64_t)i,
                                                   .kind = (enum callback_kind)random_below(seed, PROMISE_COUNT_),
                                                   .made_at = made_at,
                                                   .asked_at = one_in(seed, 4) ? made_at + 60 : random_at(seed),
                                                   .cancelled = one_in(seed, 5)};
    }
    for (size_t i = 0; i < ret->in.skips_count; i++) {
        int64_t at = random_at(seed);
        ret->skips[i] =
            (struct fold_skip){.at = at,
                               .until_at = one_in(seed, 3) ? AT_NONE : at + random_below(seed, 3) * INT64_C(43200),
                               .keep = one_in(seed, 6),
                               .to_review = one_in(seed, 8)};
    }
    for (size_t i = 0; i < ret->in.phones_count; i++) {
        ret->phones[i] = (struct fold_phone){.id = (int64_t)i + 1,
                                             .usable = !one_in(seed, 4),
                                             .dials_at = ret->dials_at[i],
                                             .dials_count = (size_t)random_below(seed, RANDOM_DIALS + 1)};
        ret->phones[i].suppressed = !ret->phones[i].usable && one_in(seed, 2);
        for (size_t j = 0; j < ret->phones[i].dials_count; j++)
            ret->dials_at[i][j] = j > 0 && one_in(seed, 2) ? ret->dials_at[i][0] + 600 : random_at(seed);
    }
}
