/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "test.h"
#include "world.h"

TEST(policy_defaults_are_those_of_the_contracts)
{
    struct policy p;
    policy_defaults(&p);
    assert_int_equal(p.hours_start_min, 540);
    assert_int_equal(p.hours_end_min, 1080);
    assert_int_equal(p.days, 0);
    assert_true(p.windows);
    assert_true(p.consumer);
    assert_int_equal(p.attempt_cap, 6);
    assert_int_equal(p.dials_per_day, 2);
    assert_int_equal(p.retry_callback_s, 600);
    assert_int_equal(p.retry_callback_tries, 2);
    assert_int_equal(p.skips_to_review, 3);
    assert_int_equal(p.meeting_back_days, 1);
    assert_string_equal(p.country, "");
}

TEST(hours_parse_rows)
{
    static const struct {
        const char *words;
        int start, end; /* -1: refused */
    } rows[] = {
        {"09:00-18:00", 540, 1080},
        {"9-18", 540, 1080},
        {"9:30-17:05", 570, 1025},
        {"00:00-24:00", 0, 1440},
        {"0-24", 0, 1440},
        {"23:00-24:00", 1380, 1440},
        {" 8:00 - 12 ", 480, 720},
        {"09:00-09:02", 540, 542},
        {"09:00-09:01", -1, 0},
        {"09:00-09:00", -1, 0},
        {"18:00-09:00", -1, 0},
        {"", -1, 0},
        {"-", -1, 0},
        {"9", -1, 0},
        {"9-", -1, 0},
        {"-18", -1, 0},
        {"9-25", -1, 0},
        {"9-24:01", -1, 0},
        {"9:60-18", -1, 0},
        {"9:5-18", -1, 0},
        {"09:00-18:00x", -1, 0},
        {"+9-18", -1, 0},
        {"9--18", -1, 0},
        {"009-18", -1, 0},
        {"9:00:00-18", -1, 0},
        {"9:+5-18", -1, 0},
        {"9am-6pm", -1, 0},
        {"09:00-18:00-20:00", -1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int start = -7, end = -7;
        struct error err = {0};
        bool ok = hours_parse(str_of(rows[i].words), &start, &end, &err);
        if (ok != (rows[i].start >= 0))
            fail_msg("\"%s\" gives %d", rows[i].words, ok);
        if (ok) {
            assert_int_equal(start, rows[i].start);
            assert_int_equal(end, rows[i].end);
            assert_int_equal(err.code, ERR_NONE);
        } else {
            assert_int_equal(err.code, ERR_USAGE);
            assert_int_equal(start, -7);
            assert_int_equal(end, -7);
        }
    }
}

TEST(days_parse_rows)
{
    enum { REFUSED = 0x100 };
    static const struct {
        const char *words;
        unsigned days;
    } rows[] = {
        {"mon-fri", MON_FRI},
        {"sun-thu", SUN_THU},
        {"Mon-Fri", MON_FRI},
        {"all", ALL_DAYS},
        {"ALL", ALL_DAYS},
        {"country", 0},
        {"mon", 1},
        {"mon wed", 5},
        {"mon,wed", 5},
        {" mon, wed ,fri", 21},
        {"sat-tue", 0x63},
        {"mon-sun", ALL_DAYS},
        {"tue-mon", ALL_DAYS},
        {"mon-wed sat", 0x27},
        {"mon-mon", 1},
        {"", REFUSED},
        {" , ", REFUSED},
        {"mon-", REFUSED},
        {"-fri", REFUSED},
        {"mon-fri-sun", REFUSED},
        {"monday to friday", REFUSED},
        {"x", REFUSED},
        {"mon x", REFUSED},
        {"all mon", REFUSED},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        weekday_set days = 0x55;
        struct error err = {0};
        bool ok = days_parse(str_of(rows[i].words), &days, &err);
        if (ok != (rows[i].days != REFUSED) || (ok && days != rows[i].days) || (!ok && days != 0x55))
            fail_msg("\"%s\" gives %d %#x", rows[i].words, ok, days);
        assert_int_equal(err.code, ok ? ERR_NONE : ERR_USAGE);
    }
}

TEST(policy_set_sets_one_thing)
{
    struct policy p, before;
    struct error err = {0};
    policy_defaults(&p);
    before = p;

#define SET(key, value) assert_true(policy_set(&p, STR(key), STR(value), &err))
    SET("days", "sun-thu");
    assert_int_equal(p.days, SUN_THU);
    SET("hours", " 10:00-16:30 ");
    assert_int_equal(p.hours_start_min, 600);
    assert_int_equal(p.hours_end_min, 990);
    SET("cap", "8");
    assert_int_equal(p.attempt_cap, 8);
    SET("attempt-cap", "0");
    assert_int_equal(p.attempt_cap, 0);
    SET("dials", "none");
    assert_int_equal(p.dials_per_day, 0);
    SET("retry-callback", "15m 3");
    assert_int_equal(p.retry_callback_s, 900);
    assert_int_equal(p.retry_callback_tries, 3);
    SET("retry-callback", "1h");
    assert_int_equal(p.retry_callback_s, 3600);
    assert_int_equal(p.retry_callback_tries, 3);
    SET("skips", "5");
    assert_int_equal(p.skips_to_review, 5);
    SET("meeting-back", "2");
    assert_int_equal(p.meeting_back_days, 2);
    SET("country", "sa");
    assert_string_equal(p.country, "SA");
    SET("country", "");
    assert_string_equal(p.country, "");
    SET("audience", "business");
    assert_false(p.consumer);
    SET("audience", "Consumer");
    assert_true(p.consumer);
    SET("windows", "off");
    assert_false(p.windows);
#undef SET
    assert_int_equal(err.code, ERR_NONE);

    /* The other way round: a refused value changes nothing. */
    p = before;
    static const char *const refused[][2] = {
        {"cap", "-1"},
        {"cap", "1001"},
        {"cap", "six"},
        {"cap", ""},
        {"cap", "6 7"},
        {"dials", "2.5"},
        {"dials", "101"},
        {"hours", "9"},
        {"days", "someday"},
        {"retry-callback", "3"},
        {"retry-callback", ""},
        {"retry-callback", "10m x"},
        {"retry-callback", "10m 2 2"},
        {"retry-callback", "1bd 2"},
        {"retry-callback", "30s"},
        {"retry-callback", "2d"},
        {"skips", "many"},
        {"meeting-back", "0"},
        {"country", "SAU"},
        {"country", "S1"},
        {"audience", "all"},
        {"windows", "maybe"},
        {"colour", "red"},
        {"", ""},
        {"Hours", "9-18"},
    };
    for (size_t i = 0; i < COUNT(refused); i++) {
        err = (struct error){0};
        if (policy_set(&p, str_of(refused[i][0]), str_of(refused[i][1]), &err))
            fail_msg("%s = \"%s\" is taken", refused[i][0], refused[i][1]);
        assert_int_equal(err.code, ERR_USAGE);
        assert_memory_equal(&p, &before, sizeof p);
    }
}

TEST(policy_set_says_what_it_expected)
{
    static const struct {
        const char *key, *value, *text;
    } rows[] = {
        {"hours", "9 to 5", "hours cannot be \"9 to 5\": expected a start and an end such as 09:00-18:00"},
        {"days", "weekdays", "days cannot be \"weekdays\": expected mon-fri, \"sun mon wed\", all or country"},
        {"cap", "x", "cap cannot be \"x\": expected how many attempts, 0 to 1000, 0 for no cap"},
        {"colour", "x",
         "no such rule: \"colour\": expected one of hours, days, windows, audience, country, holiday, cap, dials, retry, parts, "
         "retry-callback, line-rest, skips, meeting-back, guard, order, learn, segment, new, caller-id, product, attempt-cap"},
        {"audience", "\x1b[2J", "audience cannot be \"[2J\": expected business or consumer"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy p;
        struct error err = {0};
        policy_defaults(&p);
        assert_false(policy_set(&p, str_of(rows[i].key), str_of(rows[i].value), &err));
        assert_string_equal(err.text, rows[i].text);
    }
}

/* Every line as it is written is a line that is read, and says the same again. */
TEST(policy_lines_are_taken_back_as_they_are_written)
{
    static const char *const said[][2] = {
        {"hours", "08:30-24:00"}, {"days", "sun mon wed"}, {"windows", "off"}, {"audience", "business"}, {"country", "sa"},
        {"holiday", "SA 2026-09-23, DE 2026-12-24"}, {"cap", "0"}, {"dials", "3"}, {"retry", "no-answer 3h 1d 2bd part"},
        {"retry", "busy 5m"}, {"parts", "new"}, {"retry-callback", "90m 4"}, {"line-rest", "off"}, {"skips", "7"}, {"meeting-back", "2"},
        {"guard", "0"}, {"order", "rank Lead Score"}, {"learn", "off"}, {"segment", "Industry"}, {"new", "5"},
        {"caller-id", "+4930901820 SA=+966112345678"}, {"product", "Vega boards"},
    };
    struct policy p;
    struct buf key, value, again;
    buf_init(&key);
    buf_init(&value);
    buf_init(&again);
    policy_defaults(&p);
    for (size_t i = 0; i <= COUNT(said); i++) { /* the defaults, and after each line */
        struct policy back;
        struct policy_cursor at = {0};
        struct error err = {0};
        policy_defaults(&back);
        while (policy_line_next(&p, &at, &key, &value)) {
            if (value.len != 0 && !policy_set(&back, buf_str(&key), buf_str(&value), &err))
                fail_msg("%s %s: %s", key.at, value.at, err.text);
            policy_value(&p, buf_str(&key), &again);
            assert_string_equal(value.at, again.at);
        }
        at = (struct policy_cursor){0};
        while (policy_line_next(&p, &at, &key, &value)) {
            policy_value(&back, buf_str(&key), &again);
            assert_string_equal(value.at, again.at);
        }
        if (i < COUNT(said)) {
            assert_non_null(policy_line_expected(str_of(said[i][0])));
            assert_true(policy_set(&p, str_of(said[i][0]), str_of(said[i][1]), &err));
        }
    }
    policy_value(&p, STR("order"), &again);
    assert_string_equal(again.at, "rank lead score");
    policy_value(&p, STR("retry busy"), &again);
    assert_string_equal(again.at, "5m");
    policy_value(&p, STR("retry gatekeeper"), &again);
    assert_string_equal(again.at, "");
    assert_null(policy_line_expected(STR("colour")));
    buf_done(&key);
    buf_done(&value);
    buf_done(&again);
}

TEST(hours_cover_all_days_unless_days_are_said)
{
    static const struct {
        const char *first[2], *second[2];
        unsigned days;
    } rows[] = {
        {{"hours", "00:00-24:00"}, {"cap", "6"}, ALL_DAYS}, {{"cap", "6"}, {"skips", "3"}, 0},
        {{"hours", "9-18"}, {"days", "mon-fri"}, MON_FRI},  {{"days", "mon-fri"}, {"hours", "9-18"}, MON_FRI},
        {{"days", "country"}, {"hours", "9-18"}, 0},        {{"hours", "9-18"}, {"days", "country"}, 0},
        {{"hours", "9-18"}, {"hours", "10-12"}, ALL_DAYS},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy p;
        policy_defaults(&p);
        assert_true(policy_set(&p, str_of(rows[i].first[0]), str_of(rows[i].first[1]), NULL));
        assert_true(policy_set(&p, str_of(rows[i].second[0]), str_of(rows[i].second[1]), NULL));
        if (p.days != rows[i].days)
            fail_msg("row %zu gives %#x", i, p.days);
    }
}

TEST(policy_fold_key_changes_with_what_fold_reads_and_with_nothing_else)
{
    static const struct {
        const char *key, *value;
        bool changes;
    } rows[] = {
        {"cap", "5", true},
        {"dials", "3", true},
        {"retry-callback", "11m", true},
        {"retry-callback", "10m 1", true},
        {"skips", "2", true},
        {"meeting-back", "3", true},
        {"days", "sun-thu", true},
        {"windows", "off", false},
        {"country", "SA", false},
        {"audience", "business", true}, /* the law counts calls to consumers */
        {"line-rest", "10m", true},
        {"parts", "new", true},
        {"retry", "no-answer 1h 2h", true},
        {"retry", "no-answer", false},
        {"holiday", "SA 2026-11-24", true},
        {"cap", "6", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct policy p;
        struct buf before, after;
        buf_init(&before);
        buf_init(&after);
        policy_defaults(&p);
        policy_fold_key(&p, &before);
        assert_true(policy_set(&p, str_of(rows[i].key), str_of(rows[i].value), NULL));
        policy_fold_key(&p, &after);
        if ((strcmp(before.at, after.at) != 0) != rows[i].changes)
            fail_msg("%s %s: \"%s\" and \"%s\"", rows[i].key, rows[i].value, before.at, after.at);
        buf_done(&before);
        buf_done(&after);
    }
}

TEST(policy_caller_is_the_country_s_or_the_list_s)
{
    static const struct {
        const char *ids, *country, *caller; /* caller NULL: refused */
    } rows[] = {
        {"", "SA", ""},
        {"+4930901820", "SA", "+4930901820"},
        {"+4930901820 SA=+966112345678", "SA", "+966112345678"},
        {"SA=+966112345678 +4930901820", "SA", "+966112345678"},
        {"+4930901820 sa=+966112345678", "SA", "+966112345678"},
        {"+4930901820 SA=+966112345678", "US", "+4930901820"},
        {"+4930901820 SA=+966112345678", "", "+4930901820"},
        {"SA=+966112345678", "US", ""},
        {"US=sip:us@pbx.example:5061;transport=tcp", "US", "sip:us@pbx.example:5061;transport=tcp"},
        {"none", "US", ""},
        {"030901820", "", NULL},
        {"+49 30 901820", "", NULL},
        {"S1=+966112345678", "", NULL},
        {"SA=", "", NULL},
        {"sip:nobody", "", NULL},
        {"\"x\"<sip:a@b>", "", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct policy p;
        char caller[CALLER_SIZE];
        struct error err = {0};
        policy_defaults(&p);
        bool ok = policy_set(&p, STR("caller-id"), str_of(rows[i].ids), &err);
        if (ok != (rows[i].caller != NULL))
            fail_msg("%s: %s", rows[i].ids, ok ? "taken" : err.text);
        if (!ok)
            continue;
        policy_caller(&p, str_of(rows[i].country), caller);
        assert_string_equal(caller, rows[i].caller);
    }
}
