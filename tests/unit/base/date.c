/* SPDX-License-Identifier: MIT */
#include "calldeck/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TEST(civil_counts_every_day_of_the_calendar)
{
    /* Walk all days of the years 1 to 9999 with the rule that everybody learns at school. */
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t day_number = AT_MIN / DAY_S;
    int weekday = MONDAY; /* 0001-01-01 */
    for (int year = 1; year <= 9999; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= lengths[month - 1] + (leap && month == 2); day++) {
                struct civil want = {year, month, day, 0, 0, 0};
                struct civil got = civil_of_seconds(day_number * DAY_S);
                if (civil_days(year, month, day) != day_number || memcmp(&want, &got, sizeof got) != 0 ||
                    (int)civil_weekday(&want) != weekday)
                    fail_msg("%04d-%02d-%02d is day %" PRId64 ", got %04d-%02d-%02d", year, month, day, day_number,
                             got.year, got.month, got.day);
                day_number++;
                weekday = (weekday + 1) % 7;
            }
    }
    assert_int_equal(day_number * DAY_S - 1, AT_MAX);
}

TEST(civil_agrees_with_gmtime)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < 200000; i++) {
        int64_t at = AT_MIN + (int64_t)(test_random(&seed) % (uint64_t)(AT_MAX - AT_MIN + 1));
        time_t t = (time_t)at;
        struct tm tm;
        gmtime_r(&t, &tm);
        struct civil c = civil_of_seconds(at);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(c.hour, tm.tm_hour);
        assert_int_equal(c.minute, tm.tm_min);
        assert_int_equal(c.second, tm.tm_sec);
        assert_int_equal(((int)civil_weekday(&c) + 1) % 7, tm.tm_wday);
        assert_int_equal(civil_to_seconds(&c), at);
    }
}

TEST(civil_valid_knows_leap_years_and_limits)
{
    static const struct {
        struct civil c;
        bool valid;
    } rows[] = {
        {{2024, 2, 29, 0, 0, 0}, true},  {{2023, 2, 29, 0, 0, 0}, false}, {{2000, 2, 29, 0, 0, 0}, true},
        {{1900, 2, 29, 0, 0, 0}, false}, {{2026, 4, 31, 0, 0, 0}, false}, {{2026, 12, 31, 23, 59, 59}, true},
        {{2026, 13, 1, 0, 0, 0}, false}, {{2026, 0, 1, 0, 0, 0}, false},  {{2026, 1, 0, 0, 0, 0}, false},
        {{0, 1, 1, 0, 0, 0}, false},     {{1, 1, 1, 0, 0, 0}, true},      {{9999, 12, 31, 0, 0, 0}, true},
        {{10000, 1, 1, 0, 0, 0}, false}, {{2026, 1, 1, 24, 0, 0}, false}, {{2026, 1, 1, 0, 60, 0}, false},
        {{2026, 1, 1, 0, 0, 60}, false}, {{2026, 1, 1, -1, 0, 0}, false}, {{2026, 1, 1, 0, -1, 0}, false},
        {{2026, 1, 1, 0, 0, -1}, false}, {{-5, 1, 1, 0, 0, 0}, false},    {{2026, 1, -1, 0, 0, 0}, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (civil_valid(&rows[i].c) != rows[i].valid)
            fail_msg("row %zu", i);
}

TEST(civil_add_days_keeps_the_clock_and_stays_in_range)
{
    struct civil c = {2024, 2, 28, 13, 5, 7};
    struct civil next = civil_add_days(c, 2);
    struct civil want = {2024, 3, 1, 13, 5, 7};
    assert_memory_equal(&next, &want, sizeof want);
    next = civil_add_days(want, -2);
    assert_memory_equal(&next, &c, sizeof c);
    assert_int_equal(civil_add_days(c, INT32_MAX).year, 9999);
    assert_int_equal(civil_add_days(c, INT32_MIN).year, 1);
    assert_int_equal(civil_compare(&c, &want), -1);
    assert_int_equal(civil_compare(&want, &c), 1);
    assert_int_equal(civil_compare(&c, &c), 0);
}

TEST(civil_of_seconds_takes_any_number)
{
    assert_int_equal(civil_of_seconds(INT64_MAX).year, 9999);
    assert_int_equal(civil_of_seconds(INT64_MIN).year, 1);
}

TEST(weekday_parse_takes_beginnings)
{
    static const struct {
        const char *words;
        int day; /* -1: refused */
    } rows[] = {
        {"mo", MONDAY},    {"Mon", MONDAY},     {"MONDAY", MONDAY}, {"tu", TUESDAY},     {"tues", TUESDAY},
        {"we", WEDNESDAY}, {"Weds", WEDNESDAY}, {"th", THURSDAY},   {"thurs", THURSDAY}, {"fr", FRIDAY},
        {"sa", SATURDAY},  {"su", SUNDAY},      {"sunday", SUNDAY}, {"m", -1},           {"t", -1},
        {"", -1},          {"mondays", -1},     {"mxn", -1},        {"today", -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum weekday day = SUNDAY;
        bool ok = weekday_parse(str_of(rows[i].words), &day);
        if (ok != (rows[i].day >= 0) || (ok && (int)day != rows[i].day))
            fail_msg("\"%s\"", rows[i].words);
    }
    for (int day = MONDAY; day <= SUNDAY; day++) {
        enum weekday back;
        assert_true(weekday_parse(str_of(weekday_name((enum weekday)day)), &back));
        assert_int_equal(back, day);
    }
}

TEST(month_parse_takes_beginnings)
{
    static const struct {
        const char *words;
        int month; /* 0: refused */
    } rows[] = {
        {"jan", 1}, {"JANUARY", 1}, {"mar", 3}, {"may", 5},   {"jun", 6},      {"jul", 7},      {"sept", 9},
        {"ju", 0},  {"ma", 0},      {"", 0},    {"dece", 12}, {"decembre", 0}, {"januaryx", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int month = 0;
        bool ok = month_parse(str_of(rows[i].words), &month);
        if (ok != (rows[i].month != 0) || month != rows[i].month)
            fail_msg("\"%s\"", rows[i].words);
    }
    for (int month = 1; month <= 12; month++) {
        int back;
        assert_true(month_parse(str_of(month_name(month)), &back));
        assert_int_equal(back, month);
    }
}

TEST(iso_format_is_twenty_bytes)
{
    static const struct {
        int64_t at;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},       {AT_MIN, "0001-01-01T00:00:00Z"},     {AT_MAX, "9999-12-31T23:59:59Z"},
        {-1, "1969-12-31T23:59:59Z"},      {1795430520, "2026-11-23T10:42:00Z"}, {INT64_MAX, "9999-12-31T23:59:59Z"},
        {AT_NONE, "0001-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[ISO_SIZE];
        iso_format(rows[i].at, text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(strlen(text), 20);
    }
}

TEST(iso_format_offset_names_the_same_instant)
{
    static const struct {
        int64_t at;
        int offset_s;
        const char *text;
    } rows[] = {
        {1795430520, 10800, "2026-11-23T13:42:00+03:00"},
        {1795430520, 0, "2026-11-23T10:42:00+00:00"},
        {1795430520, -18000, "2026-11-23T05:42:00-05:00"},
        {1795430520, 20700, "2026-11-23T16:27:00+05:45"},
        {0, -1521, "1969-12-31T23:34:00-00:26"}, /* Dublin's 25:21 goes down to the minute, the clock with it */
        {0, 1521, "1970-01-01T00:25:00+00:25"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[ISO_SIZE];
        int64_t at;
        iso_format_offset(rows[i].at, rows[i].offset_s, text);
        assert_string_equal(text, rows[i].text);
        assert_true(iso_parse(str_of(text), &at));
        assert_int_equal(at, rows[i].at);
    }
    char text[ISO_SIZE];
    iso_format_offset(INT64_MAX, INT32_MAX, text);
    iso_format_offset(INT64_MIN, INT32_MIN, text);
}

TEST(iso_parse_table)
{
    static const struct {
        const char *text;
        int64_t at; /* AT_NONE: refused */
    } rows[] = {
        {"2026-11-23T10:42:00Z", 1795430520},
        {"2026-11-23t10:42:00z", 1795430520},
        {"2026-11-23 10:42Z", 1795430520},
        {"2026-11-23T10:42:00.999Z", 1795430520},
        {"2026-11-23T13:42:00,5+03:00", 1795430520},
        {"2026-11-23T13:42+0300", 1795430520},
        {"2026-11-23T13:42+03", 1795430520},
        {"2026-11-23T05:42-05:00", 1795430520},
        {"2026-11-24T00:27+13:45", 1795430520},
        {"0001-01-01T00:00:00Z", AT_MIN},
        {"9999-12-31T23:59:59Z", AT_MAX},
        {"0001-01-01T00:00:00+01:00", AT_NONE},
        {"9999-12-31T23:59:59-00:01", AT_NONE},
        {"2026-11-23T10:42:00", AT_NONE},
        {"2026-11-23", AT_NONE},
        {"2026-11-23Z", AT_NONE},
        {"2026-11-23T10:42:00Z ", AT_NONE},
        {"2026-11-23T10:42:00ZZ", AT_NONE},
        {"2026-11-23T10:42:00.Z", AT_NONE},
        {"2026-11-23T10:42:60Z", AT_NONE},
        {"2026-11-23T24:00:00Z", AT_NONE},
        {"2026-02-30T10:00:00Z", AT_NONE},
        {"2026-11-23T10:42:00+3", AT_NONE},
        {"2026-11-23T10:42:00+03:0", AT_NONE},
        {"2026-11-23T10:42:00+03:", AT_NONE},
        {"2026-11-23T10:42:00+030", AT_NONE},
        {"2026-11-23T10:42:00+24:00", AT_NONE},
        {"2026-11-23T10:42:00+03:60", AT_NONE},
        {"26-11-23T10:42:00Z", AT_NONE},
        {"2026-1-23T10:42:00Z", AT_NONE},
        {"+2026-11-23T10:42:00Z", AT_NONE},
        {"", AT_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t at = AT_NONE;
        bool ok = iso_parse(str_of(rows[i].text), &at);
        if (ok != (rows[i].at != AT_NONE) || at != rows[i].at)
            fail_msg("\"%s\" gives %" PRId64, rows[i].text, at);
    }
}

TEST(iso_reads_back_what_it_writes)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < 20000; i++) {
        int64_t at = AT_MIN + DAY_S + (int64_t)(test_random(&seed) % (uint64_t)(AT_MAX - AT_MIN - 2 * DAY_S));
        int offset_s = (int)(test_random(&seed) % (24 * HOUR_S)) - 12 * HOUR_S;
        char text[ISO_SIZE];
        int64_t back;
        iso_format(at, text);
        assert_true(iso_parse(str_of(text), &back));
        assert_int_equal(back, at);
        iso_format_offset(at, offset_s, text);
        assert_true(iso_parse(str_of(text), &back));
        assert_int_equal(back, at);
    }
}

TEST(civil_parse_takes_a_wall_time)
{
    struct civil c = {0};
    bool date_only = true;
    assert_true(civil_parse(STR("2026-12-01 14:05"), &c, &date_only));
    assert_false(date_only);
    struct civil want = {2026, 12, 1, 14, 5, 0};
    assert_memory_equal(&c, &want, sizeof want);
    assert_true(civil_parse(STR("2026-12-01"), &c, &date_only));
    assert_true(date_only);
    assert_int_equal(c.hour, 0);
    assert_true(civil_parse(STR("2026-12-01T14:05:09"), &c, NULL));
    assert_int_equal(c.second, 9);
    static const char *const bad[] = {"2026-12-01Z", "2026-12-01T14:05Z", "2026-12-01 ",
                                      "2026-12-32",  "2026-12-01 14",     ""};
    for (size_t i = 0; i < COUNT(bad); i++)
        if (civil_parse(str_of(bad[i]), &c, &date_only))
            fail_msg("\"%s\"", bad[i]);
    assert_int_equal(c.second, 9);
}

TEST(span_parse_table)
{
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
        int business_days;
    } rows[] = {
        {"90s", 90, 0},
        {"15m", 900, 0},
        {"3h", 10800, 0},
        {"2d", 172800, 0},
        {"1w", 604800, 0},
        {"1h30m", 5400, 0},
        {"1h 30m", 5400, 0},
        {" 2bd ", 0, 2},
        {"1d2bd", 86400, 2},
        {"3BD", 0, 3},
        {"0s", 0, 0},
        {"", -1, 0},
        {"15", -1, 0},
        {"m", -1, 0},
        {"-1h", -1, 0},
        {"+1h", -1, 0},
        {"1x", -1, 0},
        {"1h30", -1, 0},
        {"1.5h", -1, 0},
        {"1 h", -1, 0},
        {"9223372036854775807w", -1, 0},
        {"9223372036854775807s1s", -1, 0},
        {"99999999999999999999s", -1, 0},
        {"2147483648bd", -1, 0},
        {"2147483647bd1bd", -1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct span s = {-1, 0};
        bool ok = span_parse(str_of(rows[i].text), &s);
        if (ok != (rows[i].seconds >= 0) || s.seconds != rows[i].seconds || s.business_days != rows[i].business_days)
            fail_msg("\"%s\" gives %" PRId64 "s and %dbd", rows[i].text, s.seconds, s.business_days);
    }
}

TEST(span_reads_back_what_it_writes)
{
    static const struct {
        struct span s;
        const char *text;
    } rows[] = {
        {{0, 0}, "0s"},          {{90, 0}, "1m30s"}, {{5400, 0}, "1h30m"},  {{86400 * 8, 0}, "8d"},
        {{86400 * 14, 0}, "2w"}, {{0, 3}, "3bd"},    {{86400, 2}, "1d2bd"}, {{900, 0}, "15m"},
    };
    struct buf b;
    buf_init(&b);
    for (size_t i = 0; i < COUNT(rows); i++) {
        buf_clear(&b);
        span_format(rows[i].s, &b);
        assert_string_equal(b.at, rows[i].text);
    }
    uint64_t seed = test_seed();
    for (int i = 0; i < 20000; i++) {
        struct span s = {(int64_t)(test_random(&seed) >> (1 + test_random(&seed) % 63)),
                         (int)(test_random(&seed) % 1000)};
        struct span back;
        buf_clear(&b);
        span_format(s, &b);
        assert_true(span_parse(buf_str(&b), &back));
        assert_int_equal(back.seconds, s.seconds);
        assert_int_equal(back.business_days, s.business_days);
    }
    buf_done(&b);
}
