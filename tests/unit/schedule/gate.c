/* SPDX-License-Identifier: MIT */
#include "history.h"
#include "test.h"
#include "world.h"

/* Somebody in Riyadh on Monday the 23rd, ready, hours 9 to 18. */
static struct gate_input ready(void)
{
    return (struct gate_input){.state = STATE_READY,
                               .not_before = AT_NONE,
                               .due_at = AT_NONE,
                               .asked_at = AT_NONE,
                               .place = place_in("Asia/Riyadh", SUN_THU)};
}

static struct policy nine_to_six(void)
{
    struct policy p;
    policy_defaults(&p);
    return p;
}

TEST(callable_passes_time_states_on_when_their_time_has_come)
{
    static const struct {
        enum prospect_state state;
        const char *not_before, *now;
        bool yes;
        enum prospect_state why;
        const char *next;
        bool house_rule;
    } rows[] = {
        {STATE_READY, "", "23T10:00", true, STATE_READY, "", false},
        {STATE_READY, "", "23T08:00", false, STATE_CLOSED_HOURS, "23T09:00", true},
        {STATE_READY, "", "26T19:00", false, STATE_CLOSED_HOURS, "29T09:00", true},
        {STATE_RESTING, "23T13:00", "23T12:59", false, STATE_RESTING, "23T13:00", true},
        {STATE_RESTING, "23T13:00", "23T13:00", true, STATE_READY, "", false},
        {STATE_RESTING, "24T00:00", "23T12:59", false, STATE_RESTING, "24T09:00", true},
        {STATE_RESTING, "24T00:00", "24T08:00", false, STATE_CLOSED_HOURS, "24T09:00", true},
        {STATE_RESTING, "26T18:30", "26T12:00", false, STATE_RESTING, "29T09:00", true},
        {STATE_RESTING, "", "23T10:00", true, STATE_READY, "", false},
        {STATE_CAPPED, "24T00:00", "23T12:00", false, STATE_CAPPED, "24T09:00", true},
        {STATE_CAPPED, "24T00:00", "24T12:00", true, STATE_READY, "", false},
        {STATE_CAPPED, "", "23T12:00", false, STATE_CAPPED, "", true},
        {STATE_BOOKED, "27T00:00", "25T12:00", false, STATE_BOOKED, "29T09:00", true},
        {STATE_BOOKED, "25T00:00", "25T12:00", true, STATE_READY, "", false},
        {STATE_NO_NUMBER, "", "23T12:00", false, STATE_NO_NUMBER, "", false},
        {STATE_NO_CONSENT, "", "23T12:00", false, STATE_NO_CONSENT, "", false},
        {STATE_SUPPRESSED, "", "23T12:00", false, STATE_SUPPRESSED, "", false},
        {STATE_REVIEW, "", "23T12:00", false, STATE_REVIEW, "", false},
        {STATE_LENT, "", "23T12:00", false, STATE_LENT, "", false},
        {STATE_CLAIMED, "", "23T12:00", false, STATE_CLAIMED, "", false},
        {STATE_DONE, "", "23T12:00", false, STATE_DONE, "", false},
        {STATE_ARCHIVED, "", "23T12:00", false, STATE_ARCHIVED, "", false},
        {STATE_NO_ZONE, "", "23T12:00", false, STATE_NO_ZONE, "", true},
    };
    struct policy p = nine_to_six();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gate_input in = ready();
        in.state = rows[i].state;
        in.not_before = november(rows[i].not_before);
        struct verdict v = callable(&in, &p, november(rows[i].now));
        if (v.yes != rows[i].yes || v.why != rows[i].why || v.house_rule != rows[i].house_rule)
            fail_msg("row %zu: %d, %s, house rule %d", i, v.yes, state_name(v.why), v.house_rule);
        assert_at(v.next_at, november(rows[i].next), i);
        int64_t days = (november(rows[i].now) - november("23T09:00")) / DAY_S;
        assert_at(v.closes_at, v.yes ? november("23T18:00") + days * DAY_S : AT_NONE, i);
    }
}

TEST(callable_keeps_promises)
{
    static const struct {
        const char *asked, *due, *now;
        bool yes;
        enum prospect_state why;
        const char *next;
    } rows[] = {
        /* inside the hours */
        {"24T15:00", "24T15:00", "24T14:58", false, STATE_CALLBACK, "24T14:59"},
        {"24T15:00", "24T15:00", "24T14:59", true, STATE_CALLBACK, ""},
        {"24T15:00", "24T15:00", "24T17:58", true, STATE_CALLBACK, ""},
        {"24T15:00", "24T15:00", "24T17:59", false, STATE_CLOSED_HOURS, "25T09:00"},
        {"24T15:00", "24T15:00", "25T09:00", true, STATE_CALLBACK, ""},
        /* on the stroke of nine: not at 8:59, which is closed */
        {"24T09:00", "24T09:00", "24T08:58", false, STATE_CALLBACK, "24T09:00"},
        {"24T09:00", "24T09:00", "24T08:59", false, STATE_CLOSED_HOURS, "24T09:00"},
        {"24T09:00", "24T09:00", "24T09:00", true, STATE_CALLBACK, ""},
        /* outside the hours, as asked: two hours of grace */
        {"24T20:00", "24T20:00", "24T12:00", false, STATE_CALLBACK, "24T19:59"},
        {"24T20:00", "24T20:00", "24T19:59", true, STATE_CALLBACK, ""},
        {"24T20:00", "24T20:00", "24T22:00", true, STATE_CALLBACK, ""},
        {"24T20:00", "24T20:00", "24T22:01", false, STATE_CLOSED_HOURS, "25T09:00"},
        {"27T11:00", "27T11:00", "27T11:00", true, STATE_CALLBACK, ""},
        {"24T06:00", "24T06:00", "24T08:30", false, STATE_CLOSED_HOURS, "24T09:00"},
        {"24T06:00", "24T06:00", "24T09:30", true, STATE_CALLBACK, ""},
        /* tried: the grace moves along */
        {"24T20:00", "24T21:55", "24T21:53", false, STATE_CALLBACK, "24T21:54"},
        {"24T20:00", "24T21:55", "24T23:55", true, STATE_CALLBACK, ""},
        {"24T20:00", "24T21:55", "24T23:56", false, STATE_CLOSED_HOURS, "25T09:00"},
        /* asked for inside the hours, moved out of them by a try: tomorrow */
        {"24T17:50", "24T18:00", "24T17:58", false, STATE_CALLBACK, "25T09:00"},
        {"24T17:50", "24T18:00", "24T18:00", false, STATE_CLOSED_HOURS, "25T09:00"},
        /* who asks for one minute to six is asked for at once, not at nine */
        {"24T17:59", "24T17:59", "24T17:59", true, STATE_CALLBACK, ""},
    };
    struct policy p = nine_to_six();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct gate_input in = ready();
        in.state = STATE_CALLBACK;
        in.asked_at = november(rows[i].asked);
        in.not_before = in.due_at = november(rows[i].due);
        struct verdict v = callable(&in, &p, november(rows[i].now));
        if (v.yes != rows[i].yes || v.why != rows[i].why || v.house_rule == rows[i].yes)
            fail_msg("row %zu: %d, %s, house rule %d", i, v.yes, state_name(v.why), v.house_rule);
        assert_at(v.next_at, november(rows[i].next), i);
    }
}

TEST(callable_puts_a_due_promise_before_house_rules_only)
{
    struct policy p = nine_to_six();
    struct gate_input in = ready();
    in.due_at = in.asked_at = november("24T15:00");
    int64_t due = november("24T15:00");

    static const enum prospect_state house[] = {STATE_CALLBACK, STATE_READY, STATE_RESTING, STATE_CAPPED, STATE_BOOKED};
    for (size_t i = 0; i < COUNT(house); i++) {
        in.state = house[i];
        in.not_before = november("30T00:00");
        in.number_dials_today = 9;
        struct verdict v = callable(&in, &p, due);
        assert_true(v.yes);
        assert_int_equal(v.why, STATE_CALLBACK);
        assert_at(v.closes_at, november("24T18:00"), i);
    }
    static const enum prospect_state final[] = {STATE_SUPPRESSED, STATE_DONE, STATE_ARCHIVED,  STATE_REVIEW,
                                                STATE_NO_NUMBER,  STATE_LENT, STATE_NO_CONSENT};
    for (size_t i = 0; i < COUNT(final); i++) {
        in.state = final[i];
        struct verdict v = callable(&in, &p, due);
        assert_false(v.yes);
        assert_false(v.house_rule);
        assert_int_equal(v.why, final[i]);
    }
    in.state = STATE_CALLBACK;
    in.claimed_by_other = true;
    assert_int_equal(callable(&in, &p, due).why, STATE_CLAIMED);
    in.number_bad = true;
    assert_int_equal(callable(&in, &p, due).why, STATE_NO_NUMBER);
    in.number_bad = false;
    in.number_missing = true;
    assert_int_equal(callable(&in, &p, due).why, STATE_NO_NUMBER);
    in.number_suppressed = true;
    struct verdict v = callable(&in, &p, due);
    assert_int_equal(v.why, STATE_SUPPRESSED);
    assert_false(v.house_rule);
}

TEST(callable_looks_at_the_number)
{
    struct policy p = nine_to_six();
    int64_t ten = november("23T10:00");
    struct gate_input in = ready();
    in.number_dials_today = 1;
    assert_true(callable(&in, &p, ten).yes);
    in.number_dials_today = 2;
    struct verdict v = callable(&in, &p, ten);
    assert_false(v.yes);
    assert_true(v.house_rule);
    assert_int_equal(v.why, STATE_CAPPED);
    assert_at(v.next_at, november("24T09:00"), 0);
    /* the rest ends today, the number's day tomorrow */
    in.state = STATE_RESTING;
    in.not_before = november("23T13:00");
    v = callable(&in, &p, ten);
    assert_int_equal(v.why, STATE_RESTING);
    assert_at(v.next_at, november("24T09:00"), 1);
    p.dials_per_day = 0;
    v = callable(&in, &p, ten);
    assert_at(v.next_at, november("23T13:00"), 2);
    in.number_suppressed = true;
    assert_false(callable(&in, &p, ten).house_rule);
}

TEST(callable_without_a_zone)
{
    struct policy p = nine_to_six();
    struct gate_input in = ready();
    in.place = place_in("", 0);
    struct verdict v = callable(&in, &p, november("23T10:00"));
    assert_int_equal(v.why, STATE_NO_ZONE);
    assert_true(v.house_rule);
    assert_at(v.next_at, AT_NONE, 0);
    in.state = STATE_BOOKED;
    in.not_before = november("25T00:00");
    v = callable(&in, &p, november("23T10:00"));
    assert_int_equal(v.why, STATE_BOOKED);
    assert_at(v.next_at, AT_NONE, 1);
    v = callable(&in, &p, november("26T10:00"));
    assert_int_equal(v.why, STATE_NO_ZONE);
    /* They named a time: it holds for two hours, then nobody knows. */
    in.state = STATE_CALLBACK;
    in.due_at = in.asked_at = november("24T15:00");
    v = callable(&in, &p, november("24T14:00"));
    assert_at(v.next_at, november("24T14:59"), 2);
    assert_true(callable(&in, &p, november("24T15:00")).yes);
    assert_true(callable(&in, &p, november("24T17:00")).yes);
    v = callable(&in, &p, november("24T17:00") + 1);
    assert_int_equal(v.why, STATE_NO_ZONE);
    /* The number's day is the day in UTC then; hours that never close leave only the zone in the way. */
    assert_true(policy_set(&p, STR("hours"), STR("0-24"), NULL));
    in = ready();
    in.place = place_in("", 0);
    assert_int_equal(callable(&in, &p, november("23T03:00")).why, STATE_NO_ZONE);
}

TEST(verdict_text_rows)
{
    static const struct {
        struct verdict v;
        const char *next, *zones, *text;
    } rows[] = {
        {{.yes = true, .why = STATE_READY}, "", "Asia/Riyadh", "may be called now"},
        {{.yes = true, .why = STATE_CALLBACK}, "", "Asia/Riyadh", "the promised call is due"},
        {{.why = STATE_CLOSED_HOURS},
         "24T09:00",
         "Asia/Riyadh",
         "outside calling hours: opens 09:00 Tue there (Asia/Riyadh)"},
        {{.why = STATE_CLOSED_HOURS},
         "23T21:00",
         "Asia/Riyadh",
         "outside calling hours: opens 21:00 there (Asia/Riyadh)"},
        {{.why = STATE_CLOSED_HOURS}, "", "Asia/Riyadh", "outside calling hours"},
        {{.why = STATE_CLOSED_HOURS},
         "24T18:00",
         "America/New_York,America/Chicago,America/Denver",
         "outside calling hours: opens 10:00 Tue there (America/New_York and 2 more)"},
        {{.why = STATE_RESTING},
         "29T09:00",
         "Asia/Riyadh",
         "rests after the last try: again from 09:00 Sun there (Asia/Riyadh)"},
        {{.why = STATE_RESTING},
         "30T09:00",
         "Asia/Riyadh",
         "rests after the last try: again from 09:00 Mon 30 Nov there (Asia/Riyadh)"},
        {{.why = STATE_CAPPED},
         "24T09:00",
         "Asia/Riyadh",
         "called as often as a day allows: again from 09:00 Tue there (Asia/Riyadh)"},
        {{.why = STATE_CAPPED}, "", "Asia/Riyadh", "tried as often as the list allows"},
        {{.why = STATE_CALLBACK}, "24T14:59", "", "promised a call at a later time: from 11:59 Tue UTC"},
        {{.why = STATE_BOOKED}, "27T09:00", "Asia/Riyadh", "has a meeting: comes back 09:00 Fri there (Asia/Riyadh)"},
        {{.why = STATE_SUPPRESSED}, "", "Asia/Riyadh", "asked not to be called"},
        {{.why = STATE_NO_ZONE}, "", "", "nobody knows what time it is there: set it with z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = place_in(rows[i].zones, SUN_THU);
        struct verdict v = rows[i].v;
        struct buf out;
        buf_init(&out);
        v.next_at = november(rows[i].next);
        verdict_text(&v, &place, november("23T19:00"), &out);
        assert_string_equal(out.at, rows[i].text);
        buf_done(&out);
    }
    /* every state has words, also without a place */
    for (int i = 0; i < STATE_COUNT_; i++) {
        struct verdict v = {.why = (enum prospect_state)i, .next_at = november("24T09:00") + 400 * (int64_t)DAY_S};
        struct buf out;
        buf_init(&out);
        verdict_text(&v, NULL, november("23T19:00"), &out);
        assert_true(out.len > 0);
        buf_done(&out);
    }
}
