/* SPDX-License-Identifier: MIT */
#include "calldeck/dial.h"

#include <string.h>

#include "test.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

TEST(number_clean_accepts)
{
    static const struct {
        const char *typed, *want;
    } rows[] = {
        {"+966501234567", "+966501234567"},
        {"(212) 555-0142", "2125550142"},
        {"+49 (0)30 / 90.18-20", "+49030901820"},
        {"12", "12"},
        {"1*2#", "1*2#"},
        {"12345678901234567890123456789012", "12345678901234567890123456789012"},
        {"--(+1)-", "+1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[DIAL_NUMBER_SIZE];
        struct error err = {0};
        if (!number_clean(str_of(rows[i].typed), got, &err))
            fail_msg("%s: %s", rows[i].typed, err.text);
        assert_string_equal(got, rows[i].want);
        assert_int_equal(err.code, ERR_NONE);
    }
}

TEST(number_clean_refuses_and_leaves_the_result_alone)
{
    static const struct str rows[] = {
        {"", 0}, {"5", 1}, {"+", 1}, {"--", 2}, {"+-", 2}, {" ", 1},
        {"*21*5551234#", 12}, {"#31#", 4}, {"(*)21", 5}, {"+*21", 4}, {"+#1", 3},
        {"1+2", 3}, {"++1", 3}, {"12;ext=3", 8}, {"12@evil", 7}, {"12,3", 4}, {"12%0a", 5}, {"1?2", 3},
        {"12\r\nContact: x", 14}, {"12\n", 3}, {"12\t3", 4}, {"12\0" "34", 5}, {"$(id)", 5}, {"`id`12", 6}, {"1|2", 3},
        {"\xd9\xa1\xd9\xa2", 4},         /* Arabic digits */
        {"\xef\xbc\x91\xef\xbc\x92", 6}, /* fullwidth digits */
        {"12\xc2\xa0""34", 6},           /* a no-break space */
        {"12\x1b[31m", 7}, {"12\xff", 3}, {"1x2", 3},
        {"123456789012345678901234567890123", 33},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[DIAL_NUMBER_SIZE] = "kept";
        struct error err = {0};
        if (number_clean(rows[i], got, &err))
            fail_msg("row %zu was accepted as %s", i, got);
        assert_int_equal(err.code, ERR_REFUSED);
        assert_string_equal(got, "kept");
        assert_int_equal(strncmp(err.text, "cannot dial \"", 13), 0);
        for (const char *p = err.text; *p != '\0'; p++)
            assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
    }
}

TEST(number_clean_of_every_byte_gives_only_what_can_be_dialled)
{
    uint64_t seed = test_seed();
    for (int n = 0; n < 20000; n++) {
        char text[48];
        size_t len = (size_t)(test_random(&seed) % sizeof text);
        static const char likely[] = "0123456789+-*#(). /";
        for (size_t i = 0; i < len; i++) {
            uint64_t r = test_random(&seed);
            text[i] = r % 64 == 0 ? (char)(r >> 8) : likely[(r >> 8) % (sizeof likely - 1)];
        }
        char got[DIAL_NUMBER_SIZE];
        if (!number_clean(str_make(text, len), got, NULL))
            continue;
        size_t got_len = strlen(got);
        assert_in_range(got_len, 2, 32);
        assert_int_equal(strspn(got + 1, "0123456789*#"), got_len - 1);
        assert_non_null(strchr("+0123456789", got[0]));
        /* cleaning is done once: again changes nothing */
        char again[DIAL_NUMBER_SIZE];
        assert_true(number_clean(str_of(got), again, NULL));
        assert_string_equal(again, got);
    }
}

TEST(number_allowed_knows_emergency_and_premium)
{
    static const struct {
        const char *number, *blocked;
        bool allowed;
    } rows[] = {
        {"+966501234567", "", true},
        {"+12125550142", "", true},
        {"+4930901820", "112 911 1900* +33899*", true},
        {"112", "", false},
        {"911", "", false},
        {"+112", "", false},
        {"9911", "", false}, /* through a switchboard */
        {"0112", "", false},
        {"0115550112", "", true},
        {"+19005550142", "", false},
        {"19005550142", "", false},
        {"0900123456", "", false},
        {"+33899123456", "", false},
        {"0033899123456", "", false},
        {"+449098790000", "", false},
        {"+442079460123", "", true},
        {"+441184960123", "", true}, /* Reading; 118 is directory enquiries only without its zero */
        {"+979123456789", "", false},
        {"+8835100012345", "", true},
        {"+8835100012345", "112 +883*", false},
        {"008835100012345", "+883*", false},
        {"+12125550142", "+12125550142", false},
        {"+121255501421", "+12125550142", true},
        {"+12125550142", "+1212555014", true},
        {"+12125550142", "*", false},
        {"+12125550142", " \t ", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        bool allowed = number_allowed(rows[i].number, str_of(rows[i].blocked), &err);
        if (allowed != rows[i].allowed)
            fail_msg("%s with \"%s\": %s", rows[i].number, rows[i].blocked, allowed ? "allowed" : err.text);
        assert_int_equal(err.code, allowed ? ERR_NONE : ERR_REFUSED);
    }
}

TEST(number_as_dialled_follows_the_plan)
{
    static const struct dial_plan de = {.home_country = "DE", .home_calling_code = 49, .trunk_prefix = "0", .international = "00"};
    static const struct dial_plan de_pbx = {"9", "DE", 49, "0", "00"};
    static const struct dial_plan us = {"", "US", 1, "1", "011"};
    static const struct dial_plan us_pbx = {"9", "US", 1, "1", ""};
    static const struct dial_plan us_pbx_plus = {"9", "US", 1, "1", "+"};
    static const struct dial_plan sa = {"", "SA", 966, "0", "00"};
    static const struct dial_plan none = {.home_country = ""};
    static const struct dial_plan plus_only = {"", "DE", 49, "0", "+"};
    static const struct dial_plan pbx_only = {"0", "", 0, "", ""};
    static const struct {
        const char *e164;
        const struct dial_plan *plan;
        const char *want;
    } rows[] = {
        {"+4930901820", &de, "030901820"},
        {"+4930901820", &de_pbx, "9030901820"},
        {"+966501234567", &de, "00966501234567"},
        {"+966501234567", &de_pbx, "900966501234567"},
        {"+12125550142", &us, "12125550142"},
        {"+4930901820", &us, "0114930901820"},
        {"+12125550142", &us_pbx, "912125550142"},
        {"+4930901820", &us_pbx, "90114930901820"},
        {"+4930901820", &us_pbx_plus, "90114930901820"},
        {"+966501234567", &sa, "0501234567"},
        {"+96651234567", &sa, "051234567"},
        {"+4930901820", &sa, "004930901820"},
        {"+4930901820", &none, "+4930901820"},
        {"+12125550142", &plus_only, "+12125550142"},
        {"+4930901820", &plus_only, "030901820"},
        {"+4930901820", &pbx_only, "0004930901820"},
        {"204", &de_pbx, "9204"},
        {"204", &none, "204"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[DIAL_NUMBER_SIZE], clean[DIAL_NUMBER_SIZE];
        number_as_dialled(rows[i].e164, rows[i].plan, got);
        assert_string_equal(got, rows[i].want);
        assert_true(number_clean(str_of(got), clean, NULL)); /* whatever the plan, a backend takes it */
        assert_string_equal(clean, got);
    }
}
