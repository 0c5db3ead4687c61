/* SPDX-License-Identifier: MIT */
#include "history.h"
#include "test.h"
#include "world.h"

TEST(order_compare_rows)
{
    /* each row comes before all that follow */
    static const struct order_key rows[] = {
        {.rank = -1, .attempts = 5, .touched_at = 900, .id = 9},
        {.rank = 0, .attempts = 0, .touched_at = AT_NONE, .id = 7},
        {.rank = 0, .attempts = 0, .touched_at = AT_NONE, .id = 8},
        {.rank = 0, .attempts = 0, .touched_at = 100, .id = 1},
        {.rank = 0, .attempts = 1, .touched_at = 100, .id = 6},
        {.rank = 0, .attempts = 1, .touched_at = 200, .id = 2},
        {.rank = 0, .attempts = 1, .touched_at = 200, .id = 3},
        {.rank = 0, .attempts = 2, .touched_at = AT_NONE, .id = 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t j = 0; j < COUNT(rows); j++) {
            int want = i < j ? -1 : i > j;
            if (order_compare(&rows[i], &rows[j]) != want)
                fail_msg("%zu and %zu", i, j);
        }
}

TEST(reason_text_rows)
{
    static const struct {
        const char *text;
        struct reason r; /* times in minutes from now; 0 is none */
        int due, touched, closes, imported;
    } rows[] = {
        {"callback 10:45", {.state = STATE_CALLBACK}, 3, 0, 0, 0},
        {"callback 1 day late", {.state = STATE_CALLBACK, .rank = -1, .attempts = 3}, -1440, 0, 20, 0},
        {"callback 10:40", {.state = STATE_CALLBACK}, -2, 0, 10, -5},
        {"callback 10:38", {.state = STATE_CALLBACK}, -4, 0, 0, 0},
        {"callback 5 min late", {.state = STATE_CALLBACK}, -5, 0, 0, 0},
        {"callback 59 min late", {.state = STATE_CALLBACK}, -59, 0, 0, 0},
        {"callback 1 h late", {.state = STATE_CALLBACK}, -60, 0, 0, 0},
        {"callback 23 h late", {.state = STATE_CALLBACK}, -1439, 0, 0, 0},
        {"callback 2 days late", {.state = STATE_CALLBACK}, -2880, 0, 0, 0},
        {"callback 10:45, 2nd try", {.state = STATE_CALLBACK, .tries = 1}, 3, 0, 0, 0},
        {"callback 12 min late, 3rd try", {.state = STATE_CALLBACK, .tries = 2}, -12, 0, 0, 0},
        {"callback Tue 09:42", {.state = STATE_CALLBACK}, 1380, 0, 0, 0},
        {"next step 10:45", {.state = STATE_CALLBACK, .kind = PROMISE_NEXT_STEP}, 3, 0, 0, 0},
        {"named by a colleague", {.rank = -1, .attempts = 2}, 0, -60, 20, -5},
        {"day ends in 18 min", {.attempts = 2}, 0, -60, 18, -5},
        {"day ends in 59 min", {.attempts = 0}, 0, 0, 59, -5},
        {"new, 5 min", {.attempts = 0}, 0, 0, 60, -5},
        {"new", {.attempts = 0}, 0, 0, 0, 0},
        {"new", {.attempts = 0}, 0, 0, 0, 30},
        {"new, 12 min", {.attempts = 0}, 0, 0, 0, -12},
        {"new, 3 h", {.attempts = 0}, 0, 0, 0, -200},
        {"new, 1 day", {.attempts = 0}, 0, 0, 0, -1440},
        {"new, 3 days", {.attempts = 0}, 0, 0, 0, -4400},
        {"new", {.attempts = 0}, 0, 0, 0, -30 * 1440},
        {"1st try, last 09:42 today", {.attempts = 0}, 0, -60, 0, -5},
        {"2nd try, last Thu 19 Nov", {.attempts = 1}, 0, -4 * 1440, 0, 0},
        {"3rd try of 6, last 09:42 today", {.attempts = 2, .attempt_cap = 6}, 0, -60, 0, 0},
        {"2nd try, last Sun 22 Nov", {.attempts = 1}, 0, -643, 0, 0},
        {"2nd try, last 09:42 today", {.attempts = 1, .attempt_cap = 0}, 0, -60, 0, 0},
        {"11th try, last 09:42 today", {.attempts = 10}, 0, -60, 0, 0},
        {"22nd try of 1000, last 29 Oct 2025", {.attempts = 21, .attempt_cap = 1000}, 0, -390 * 1440, 0, 0},
        {"2nd try of 6", {.attempts = 1, .attempt_cap = 6}, 0, 0, 0, 0},
    };
    int64_t now = november("23T10:42");
    struct place riyadh = place_in("Asia/Riyadh", SUN_THU);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct reason r = rows[i].r;
#define FROM_NOW(minutes) ((minutes) != 0 ? now + (minutes)*60 : AT_NONE)
        r.due_at = FROM_NOW(rows[i].due);
        r.touched_at = FROM_NOW(rows[i].touched);
        r.closes_at = FROM_NOW(rows[i].closes);
        r.imported_at = FROM_NOW(rows[i].imported);
        r.zone = riyadh.zones[0];
        struct buf out;
        buf_init(&out);
        reason_text(&r, now, &out);
        assert_string_equal(out.at, rows[i].text);
        assert_true(out.len <= 40);
        buf_done(&out);
    }
}

TEST(reason_text_tells_the_time_of_the_rep)
{
    struct reason r = {.state = STATE_CALLBACK,
                       .due_at = instant("2026-11-23T10:45:00Z"),
                       .touched_at = AT_NONE,
                       .closes_at = AT_NONE,
                       .imported_at = AT_NONE};
    struct place kathmandu = place_in("Asia/Kathmandu", MON_FRI);
    struct buf out;
    buf_init(&out);
    reason_text(&r, r.due_at, &out);
    assert_string_equal(out.at, "callback 10:45");
    buf_clear(&out);
    r.zone = kathmandu.zones[0];
    reason_text(&r, r.due_at, &out);
    assert_string_equal(out.at, "callback 16:30");
    buf_done(&out);
}

TEST(reason_text_fits_whatever_it_is_told)
{
    uint64_t seed = test_seed();
    static const int64_t at[] = {AT_NONE, AT_MIN, 0, 1795000000, 1795003000, AT_MAX, INT64_MAX};
    for (int i = 0; i < 20000; i++) {
        struct reason r = {.state = test_random(&seed) % 2 ? STATE_CALLBACK : STATE_READY,
                           .rank = -(int)(test_random(&seed) % 8 == 0),
                           .attempts = (int)(test_random(&seed) % 1001),
                           .attempt_cap = (int)(test_random(&seed) % 1001),
                           .touched_at = at[test_random(&seed) % COUNT(at)],
                           .due_at = at[test_random(&seed) % COUNT(at)],
                           .closes_at = at[test_random(&seed) % COUNT(at)],
                           .imported_at = at[test_random(&seed) % COUNT(at)],
                           .tries = (int)(test_random(&seed) % 21),
                           .kind = (enum callback_kind)(test_random(&seed) % PROMISE_COUNT_)};
        struct buf out;
        buf_init(&out);
        reason_text(&r, 1795000000 + (int64_t)(test_random(&seed) % 400000000), &out);
        bool ascii = true;
        for (size_t c = 0; c < out.len; c++)
            ascii &= out.at[c] >= ' ' && out.at[c] < 127;
        if (out.len == 0 || out.len > 40 || !ascii)
            fail_msg("\"%s\"", out.at);
        buf_done(&out);
    }
}
