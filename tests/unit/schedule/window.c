/* SPDX-License-Identifier: MIT */
#include "test.h"
#include "world.h"

static struct policy with_hours(const char *hours, weekday_set days)
{
    struct policy p;
    policy_defaults(&p);
    assert_true(hours_parse(str_of(hours), &p.hours_start_min, &p.hours_end_min, NULL));
    p.days = days;
    return p;
}

TEST(window_open_rows)
{
    static const struct {
        const char *zones;
        unsigned workdays;
        const char *hours;
        unsigned days;
        const char *now;
        bool open;
        const char *until_or_from; /* open: closes; closed: opens; "": none */
    } rows[] = {
        /* the edges of the day; a minute's ring must fit */
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-23T08:59:59+03:00", false, "2026-11-23T09:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-23T09:00:00+03:00", true, "2026-11-23T18:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-23T17:58:59+03:00", true, "2026-11-23T18:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-23T17:59:00+03:00", false, "2026-11-24T09:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-23T18:00:00+03:00", false, "2026-11-24T09:00:00+03:00"},
        /* Friday and Saturday are the weekend there: Thursday evening waits for Sunday */
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-26T18:00:00+03:00", false, "2026-11-29T09:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-27T10:00:00+03:00", false, "2026-11-29T09:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-28T10:00:00+03:00", false, "2026-11-29T09:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", 0, "2026-11-29T10:00:00+03:00", true, "2026-11-29T18:00:00+03:00"},
        /* the list's own days win */
        {"Asia/Riyadh", SUN_THU, "9-18", MON_FRI, "2026-11-27T10:00:00+03:00", true, "2026-11-27T18:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "9-18", MON_FRI, "2026-11-29T10:00:00+03:00", false, "2026-11-30T09:00:00+03:00"},
        /* no working week known: Monday to Friday */
        {"Europe/Berlin", 0, "9-18", 0, "2026-11-28T10:00:00+01:00", false, "2026-11-30T09:00:00+01:00"},
        /* half and quarter hours */
        {"Asia/Kolkata", MON_FRI, "9-18", 0, "2026-11-23T03:29:59Z", false, "2026-11-23T03:30:00Z"},
        {"Asia/Kolkata", MON_FRI, "9-18", 0, "2026-11-23T03:30:00Z", true, "2026-11-23T12:30:00Z"},
        {"Asia/Kathmandu", MON_FRI, "9-18", 0, "2026-11-23T03:14:59Z", false, "2026-11-23T03:15:00Z"},
        {"Asia/Kathmandu", MON_FRI, "9-18", 0, "2026-11-23T12:13:59Z", true, "2026-11-23T12:15:00Z"},
        /* it is another day there: Sunday 23:30 in UTC is Monday in Auckland, Monday 01:00 still Sunday in Honolulu */
        {"Pacific/Auckland", MON_FRI, "9-18", 0, "2026-11-22T23:30:00Z", true, "2026-11-23T18:00:00+13:00"},
        {"Pacific/Honolulu", MON_FRI, "9-18", 0, "2026-11-23T01:00:00Z", false, "2026-11-23T09:00:00-10:00"},
        /* several zones: all of them, New York's morning to Los Angeles' and the evening of the east */
        {"America/New_York,America/Los_Angeles", MON_FRI, "9-18", 0, "2026-11-23T16:59:59Z", false,
         "2026-11-23T17:00:00Z"},
        {"America/New_York,America/Los_Angeles", MON_FRI, "9-18", 0, "2026-11-23T17:00:00Z", true,
         "2026-11-23T23:00:00Z"},
        {"America/Los_Angeles,America/New_York", MON_FRI, "9-18", 0, "2026-11-23T22:59:00Z", false,
         "2026-11-24T17:00:00Z"},
        /* ... on the days of both: Sunday 23 h in London is Monday in Tokyo */
        {"Asia/Tokyo,Europe/London", MON_FRI, "8-18", 0, "2026-11-20T08:59:00Z", false, "2026-11-23T08:00:00Z"},
        /* ... which may be never */
        {"Asia/Tokyo,America/New_York", MON_FRI, "9-18", 0, "2026-11-23T12:00:00Z", false, ""},
        /* ... or too short to ring: Kolkata opens a quarter of an hour after Kathmandu */
        {"Asia/Kolkata,Asia/Kathmandu", MON_FRI, "9:00-9:17", 0, "2026-11-22T12:00:00Z", false, "2026-11-23T03:30:00Z"},
        {"Asia/Kolkata,Asia/Kathmandu", MON_FRI, "9:00-9:16", 0, "2026-11-22T12:00:00Z", false, ""},
        /* always */
        {"Asia/Riyadh", SUN_THU, "0-24", ALL_DAYS, "2026-11-27T23:59:59+03:00", true, ""},
        {"", 0, "0-24", ALL_DAYS, "2026-11-27T23:59:59+03:00", true, ""},
        {"", 0, "9-18", ALL_DAYS, "2026-11-27T12:00:00Z", false, ""},
        /* round the clock on some days: midnight between two of them is no edge */
        {"Asia/Riyadh", SUN_THU, "0-24", 0, "2026-11-22T23:59:30+03:00", true, "2026-11-27T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "0-24", 0, "2026-11-26T23:58:59+03:00", true, "2026-11-27T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "0-24", 0, "2026-11-26T23:59:00+03:00", false, "2026-11-29T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "20-24", 0, "2026-11-22T23:58:59+03:00", true, "2026-11-23T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, "20-24", 0, "2026-11-22T23:59:00+03:00", false, "2026-11-23T20:00:00+03:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = place_in(rows[i].zones, rows[i].workdays);
        struct policy p = with_hours(rows[i].hours, rows[i].days);
        int64_t closes = -1, opens = -1, now = instant(rows[i].now);
        if (window_open(&p, &place, now, &closes, &opens) != rows[i].open)
            fail_msg("row %zu: %s, closes %s, opens %s", i, rows[i].open ? "closed" : "open", shown(closes),
                     shown(opens));
        assert_at(rows[i].open ? closes : opens, instant(rows[i].until_or_from), i);
        assert_int_equal(rows[i].open ? opens : closes, -1); /* the other one is left alone */
        assert_int_equal(window_open(&p, &place, now, NULL, NULL), rows[i].open);
    }
}

TEST(window_follows_the_clocks_when_they_change)
{
    static const struct {
        const char *zone, *hours, *now;
        bool open;
        const char *until_or_from;
    } rows[] = {
        /* New York, 8 March 2026: 2:00 becomes 3:00 */
        {"America/New_York", "9-18", "2026-03-08T00:00:00-05:00", false, "2026-03-08T09:00:00-04:00"},
        {"America/New_York", "2:15-2:45", "2026-03-08T00:00:00-05:00", false, "2026-03-09T02:15:00-04:00"},
        {"America/New_York", "2:30-3:30", "2026-03-08T00:00:00-05:00", false, "2026-03-08T03:00:00-04:00"},
        {"America/New_York", "1:00-2:30", "2026-03-08T01:30:00-05:00", true, "2026-03-08T03:00:00-04:00"},
        {"America/New_York", "1:00-4:00", "2026-03-08T01:59:30-05:00", true, "2026-03-08T04:00:00-04:00"},
        {"America/New_York", "1:00-2:30", "2026-03-08T01:59:00-05:00", false, "2026-03-09T01:00:00-04:00"},
        /* ... and 1 November: 2:00 becomes 1:00, so 1:30 comes twice */
        {"America/New_York", "9-18", "2026-11-01T00:00:00-04:00", false, "2026-11-01T09:00:00-05:00"},
        {"America/New_York", "1:15-1:45", "2026-11-01T01:20:00-04:00", true, "2026-11-01T01:45:00-04:00"},
        {"America/New_York", "1:15-1:45", "2026-11-01T01:44:30-04:00", false, "2026-11-01T01:15:00-05:00"},
        {"America/New_York", "1:15-1:45", "2026-11-01T01:20:00-05:00", true, "2026-11-01T01:45:00-05:00"},
        {"America/New_York", "0:30-1:30", "2026-11-01T01:30:00-04:00", false, "2026-11-01T01:00:00-05:00"},
        {"America/New_York", "1:30-3:00", "2026-11-01T01:40:00-04:00", true, "2026-11-01T01:00:00-05:00"},
        {"America/New_York", "0:30-4:00", "2026-11-01T00:40:00-04:00", true, "2026-11-01T04:00:00-05:00"},
        /* half an hour only: Lord Howe, 5 April 2026, 2:00 becomes 1:30 */
        {"Australia/Lord_Howe", "1:00-1:40", "2026-04-05T01:30:00+11:00", true, "2026-04-05T01:40:00+11:00"},
        {"Australia/Lord_Howe", "1:00-1:40", "2026-04-05T01:45:00+11:00", false, "2026-04-05T01:30:00+10:30"},
        /* a day that was never there: Samoa had no 30 December 2011, a Friday */
        {"Pacific/Apia", "9-18", "2011-12-29T20:00:00-10:00", false, "2011-12-31T09:00:00+14:00"},
        /* midnight that comes twice: Havana, 1 November 2026, 1:00 becomes 0:00 */
        {"America/Havana", "0:00-0:30", "2026-10-31T12:00:00-04:00", false, "2026-11-01T00:00:00-04:00"},
        {"America/Havana", "0:00-0:30", "2026-11-01T00:31:00-04:00", false, "2026-11-01T00:00:00-05:00"},
        /* back into yesterday: St John's, 25 October 1998, 0:01 becomes 23:01 */
        {"America/St_Johns", "9-24", "1998-10-25T00:00:30-02:30", false, "1998-10-24T23:01:00-03:30"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = place_in(rows[i].zone, MON_FRI);
        struct policy p = with_hours(rows[i].hours, ALL_DAYS);
        int64_t closes, opens;
        bool open = window_open(&p, &place, instant(rows[i].now), &closes, &opens);
        if (open != rows[i].open)
            fail_msg("row %zu is %s", i, open ? "open" : "closed");
        assert_at(open ? closes : opens, instant(rows[i].until_or_from), i);
    }
}

TEST(window_takes_any_instant)
{
    static const int64_t at[] = {INT64_MIN, INT64_MIN + 1, AT_MIN, 0, AT_MAX, INT64_MAX};
    struct place place = place_in("Europe/Berlin,Asia/Tokyo", MON_FRI);
    struct policy p = with_hours("8-18", 0);
    for (size_t i = 0; i < COUNT(at); i++) {
        int64_t closes, opens;
        window_open(&p, &place, at[i], &closes, &opens);
        business_day_start(&p, &place, at[i], 3);
    }
    /* A policy that nobody should have made is closed, not endless. */
    p.hours_start_min = p.hours_end_min = 600;
    int64_t opens = 1;
    assert_false(window_open(&p, &place, 0, NULL, &opens));
    assert_at(opens, AT_NONE, 0);
}

TEST(business_day_start_rows)
{
    static const struct {
        const char *zone;
        unsigned workdays, days;
        const char *at;
        int n;
        const char *want;
    } rows[] = {
        {"Asia/Riyadh", SUN_THU, 0, "2026-11-23T10:00:00+03:00", 1, "2026-11-24T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, 0, "2026-11-26T10:00:00+03:00", 1, "2026-11-29T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, 0, "2026-11-26T10:00:00+03:00", 3, "2026-12-01T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, 0, "2026-11-27T10:00:00+03:00", 1, "2026-11-29T00:00:00+03:00"},
        {"Asia/Riyadh", SUN_THU, MON_FRI, "2026-11-26T10:00:00+03:00", 1, "2026-11-27T00:00:00+03:00"},
        {"Europe/Berlin", MON_FRI, 0, "2026-11-20T10:00:00+01:00", 1, "2026-11-23T00:00:00+01:00"},
        {"Europe/Berlin", MON_FRI, 0, "2026-11-20T10:00:00+01:00", 5, "2026-11-27T00:00:00+01:00"},
        {"Europe/Berlin", MON_FRI, 0, "2026-11-20T10:00:00+01:00", 6, "2026-11-30T00:00:00+01:00"},
        {"Europe/Berlin", 0, 0, "2026-11-20T10:00:00+01:00", 1, "2026-11-23T00:00:00+01:00"},
        {"Europe/Berlin", MON_FRI, ALL_DAYS, "2026-11-20T10:00:00+01:00", 1, "2026-11-21T00:00:00+01:00"},
        /* the day is the one there */
        {"Asia/Tokyo", MON_FRI, 0, "2026-11-22T23:30:00Z", 1, "2026-11-24T00:00:00+09:00"},
        {"America/Los_Angeles", MON_FRI, 0, "2026-11-24T01:30:00Z", 1, "2026-11-24T00:00:00-08:00"},
        {"", MON_FRI, 0, "2026-11-20T10:00:00Z", 1, "2026-11-23T00:00:00Z"},
        /* over the change of the clocks, and midnight that is jumped over (Cairo, 24 April 2026) */
        {"America/New_York", MON_FRI, 0, "2026-10-30T10:00:00-04:00", 1, "2026-11-02T00:00:00-05:00"},
        {"Africa/Cairo", SUN_THU, ALL_DAYS, "2026-04-23T10:00:00+02:00", 1, "2026-04-24T01:00:00+03:00"},
        /* less than one is one */
        {"Europe/Berlin", MON_FRI, 0, "2026-11-20T10:00:00+01:00", 0, "2026-11-23T00:00:00+01:00"},
        {"Europe/Berlin", MON_FRI, 0, "2026-11-20T10:00:00+01:00", -5, "2026-11-23T00:00:00+01:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = place_in(rows[i].zone, rows[i].workdays);
        struct policy p;
        policy_defaults(&p);
        p.days = rows[i].days;
        assert_at(business_day_start(&p, &place, instant(rows[i].at), rows[i].n), instant(rows[i].want), i);
    }
}

TEST(outcome_rest_until_rows)
{
    static const struct {
        const char *wait, *zone, *at;
        int tries;
        const char *want;
    } rows[] = {
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, "2026-11-23T13:00:00+03:00"},
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 2, "2026-11-24T00:00:00+03:00"},
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 3, "2026-11-25T00:00:00+03:00"},
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 4, "2026-11-29T00:00:00+03:00"},
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 99, "2026-11-29T00:00:00+03:00"},
        {"3h 1bd 2bd 4bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 0, "2026-11-23T13:00:00+03:00"},
        {"15m", "Asia/Riyadh", "2026-11-23T10:00:30+03:00", 1, "2026-11-23T10:15:30+03:00"},
        {"1bd3h", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, "2026-11-24T03:00:00+03:00"},
        {"", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, "2026-11-23T10:00:00+03:00"},
        {"soon", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, "2026-11-23T10:00:00+03:00"},
        {"part", "Asia/Riyadh", "2026-11-23T11:59:59+03:00", 1, "2026-11-23T13:00:00+03:00"},
        {"part", "Asia/Riyadh", "2026-11-23T12:00:00+03:00", 1, "2026-11-24T00:00:00+03:00"},
        {"part", "Asia/Riyadh", "2026-11-26T15:00:00+03:00", 1, "2026-11-29T00:00:00+03:00"},
        {"part", "", "2026-11-23T11:00:00Z", 1, "2026-11-23T13:00:00Z"},
        {"part", "America/New_York", "2026-11-01T00:30:00-04:00", 1, "2026-11-01T13:00:00-05:00"},
        {"99999999999999999h", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, NULL},
        {"2000000000bd", "Asia/Riyadh", "2026-11-23T10:00:00+03:00", 1, NULL},
    };
    struct policy p;
    policy_defaults(&p);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = place_in(rows[i].zone, SUN_THU);
        struct outcome o = {.wait = rows[i].wait};
        int64_t got = outcome_rest_until(&o, &place, &p, instant(rows[i].at), rows[i].tries);
        if (rows[i].want != NULL)
            assert_at(got, instant(rows[i].want), i);
        else
            assert_true(got >= instant(rows[i].at) && got <= AT_MAX);
    }
}
