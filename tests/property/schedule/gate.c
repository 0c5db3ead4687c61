/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "naive.h"
#include "random.h"
#include "test.h"
#include "world.h"

TEST(window_agrees_with_the_clock_on_the_wall)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < 2000; i++) {
        struct place place = random_place(&seed);
        struct policy p = random_policy(&seed);
        int64_t now = random_at(&seed), closes = -1, opens = -1;
        bool open = window_open(&p, &place, now, &closes, &opens);
        assert_int_equal(open, naive_open(&p, &place, now));
        /* Nothing changes before the edge that it names (looked at minute by minute), and the edge is one. */
        int64_t edge = open ? closes : opens;
        int64_t until = edge != AT_NONE ? edge : now + 9 * (int64_t)DAY_S;
        assert_true(edge == AT_NONE || edge > now);
        int64_t step = now - now % MINUTE_S + MINUTE_S;
        for (int64_t at = step; at < until - (open ? MINUTE_S : 0) && at < now + 9 * (int64_t)DAY_S; at += MINUTE_S)
            if (naive_open(&p, &place, at) != open)
                fail_msg("%s: at %s it is %s, at %s no longer, and %s is named", zone_name(place.zones[0]), shown(now),
                         open ? "open" : "closed", shown(at), shown(edge));
        if (edge == AT_NONE)
            continue;
        if (open) {
            assert_true(naive_open(&p, &place, edge - MINUTE_S - 1));
            assert_false(naive_open(&p, &place, edge - MINUTE_S));
        } else {
            assert_true(naive_open(&p, &place, edge));
            assert_false(naive_open(&p, &place, edge - 1));
        }
    }
}

static struct gate_input random_gate(uint64_t *seed)
{
    struct gate_input in = {.state = (enum prospect_state)random_below(seed, STATE_COUNT_),
                            .not_before = AT_NONE,
                            .due_at = AT_NONE,
                            .asked_at = AT_NONE,
                            .place = random_place(seed),
                            .claimed_by_other = random_below(seed, 20) == 0,
                            .number_bad = random_below(seed, 20) == 0,
                            .number_suppressed = random_below(seed, 20) == 0,
                            .number_missing = random_below(seed, 20) == 0};
    if (in.state == STATE_CLOSED_HOURS || random_below(seed, 3) == 0)
        in.state = STATE_READY;
    if (in.state == STATE_RESTING || in.state == STATE_BOOKED || (in.state == STATE_CAPPED && random_below(seed, 2)))
        in.not_before = random_at(seed);
    if (in.state == STATE_CALLBACK || random_below(seed, 6) == 0) {
        in.asked_at = random_at(seed);
        in.due_at = in.asked_at + random_below(seed, 3) * INT64_C(660);
    }
    if (in.state == STATE_CALLBACK)
        in.not_before = in.due_at;
    return in;
}

/* The gate at another time: the dials of today are those of today. */
static struct verdict at_time(struct gate_input in, const struct policy *p, int dials, int64_t dials_at, int64_t now)
{
    in.number_dials_today = naive_day(&in.place, now) == naive_day(&in.place, dials_at) ? dials : 0;
    return callable(&in, p, now);
}

TEST(callable_means_what_it_says_about_later)
{
    uint64_t seed = test_seed();
    int claims = 0, yes = 0;
    for (int i = 0; i < 30000; i++) {
        struct gate_input in = random_gate(&seed);
        struct policy p = random_policy(&seed);
        int64_t now = random_at(&seed);
        int dials = random_below(&seed, 3);
        struct verdict v = at_time(in, &p, dials, now, now);
        if (v.yes) {
            yes++;
            assert_true(v.why == STATE_READY || v.why == STATE_CALLBACK);
            assert_false(v.house_rule);
            assert_at(v.next_at, AT_NONE, (size_t)i);
            assert_true(v.closes_at == AT_NONE || v.closes_at > now + 60);
            continue;
        }
        assert_at(v.closes_at, AT_NONE, (size_t)i);
        if (v.next_at == AT_NONE)
            continue;
        claims++;
        assert_true(v.next_at > now);
        assert_true(v.house_rule); /* only what the house decides ends by itself */
        /* A promise that is not the state's own may come due meanwhile: it is no part of this claim. */
        if (in.state != STATE_CALLBACK && in.due_at != AT_NONE && in.due_at - 60 > now)
            in.due_at = AT_NONE;
        struct verdict then = at_time(in, &p, dials, now, v.next_at);
        struct verdict just_before = at_time(in, &p, dials, now, v.next_at - 1);
        if (!then.yes || just_before.yes)
            fail_msg("row %d: %s at %s, promises %s: then %s, a second before %s", i, state_name(v.why), shown(now),
                     shown(v.next_at), state_name(then.why), state_name(just_before.why));
        for (int64_t at = now; at < v.next_at; at += 1 + (v.next_at - now) / 50)
            assert_false(at_time(in, &p, dials, now, at).yes);
    }
    assert_true(claims > 3000);
    assert_true(yes > 1000);
}

TEST(callable_never_lets_pass_what_no_hour_can_heal)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < 30000; i++) {
        struct gate_input in = random_gate(&seed);
        struct policy p = random_policy(&seed);
        int64_t now = random_at(&seed);
        struct verdict v = callable(&in, &p, now);
        bool due = in.due_at != AT_NONE && in.due_at - 60 <= now;
        if (in.number_suppressed || in.state == STATE_SUPPRESSED) {
            assert_int_equal(v.why, STATE_SUPPRESSED);
            assert_false(v.yes || v.house_rule);
        }
        if (in.number_bad || in.number_missing || in.claimed_by_other || in.state == STATE_DONE ||
            in.state == STATE_ARCHIVED || in.state == STATE_REVIEW || in.state == STATE_NO_NUMBER ||
            in.state == STATE_NO_CONSENT || in.state == STATE_LENT || in.state == STATE_CLAIMED)
            assert_false(v.yes || v.house_rule);
        if (v.yes && !due) {
            assert_int_equal(v.why, STATE_READY);
            assert_true(naive_open(&p, &in.place, now));
            assert_true(in.place.zone_count > 0 && in.state != STATE_NO_ZONE);
            assert_true(in.not_before <= now);
        }
        if (v.yes && due) {
            assert_int_equal(v.why, STATE_CALLBACK);
            assert_true(naive_open(&p, &in.place, now) || !naive_open(&p, &in.place, in.asked_at));
        }
    }
}

static int compare_keys(const void *a, const void *b)
{
    return order_compare(a, b);
}

TEST(order_is_total_and_does_not_depend_on_the_input)
{
    enum { KEYS = 60 };
    uint64_t seed = test_seed();
    for (int round = 0; round < 200; round++) {
        struct order_key keys[KEYS], again[KEYS];
        for (int i = 0; i < KEYS; i++)
            keys[i] = (struct order_key){.rank = -random_below(&seed, 2),
                                         .attempts = random_below(&seed, 3),
                                         .touched_at = random_below(&seed, 3) == 0 ? AT_NONE : random_below(&seed, 4),
                                         .id = i};
        for (int i = 0; i < KEYS; i++)
            again[i] = keys[(i * 7 + round) % KEYS]; /* 7 and 60 share no factor: every key once */
        qsort(keys, KEYS, sizeof keys[0], compare_keys);
        qsort(again, KEYS, sizeof again[0], compare_keys);
        for (int i = 0; i < KEYS; i++) {
            assert_int_equal(keys[i].id, again[i].id);
            for (int j = 0; j < KEYS; j++) {
                int c = order_compare(&keys[i], &keys[j]);
                assert_int_equal(c, -order_compare(&keys[j], &keys[i]));
                assert_int_equal(c, i < j ? -1 : i > j);
            }
        }
    }
}
