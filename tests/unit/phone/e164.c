/* SPDX-License-Identifier: MIT */
#include "calldeck/phone.h"

#include <string.h>

#include "test.h"

TEST(phone_is_e164_is_strict)
{
    static const struct {
        const char *text;
        bool is;
    } rows[] = {
        {"+12125550142", true}, {"+2901234", true},     {"+123456789012345", true}, {"+1234567", true},
        {"", false},            {"+", false},           {"12125550142", false},     {"+02125550142", false},
        {"+123456", false},     {"+1234567890123456", false}, {"+1 2125550142", false}, {"+1212555014a", false},
        {" +12125550142", false}, {"+12125550142\n", false}, {"++2125550142", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (phone_is_e164(str_of(rows[i].text)) != rows[i].is)
            fail_msg("\"%s\"", rows[i].text);
    assert_false(phone_is_e164(str_make(NULL, 0)));
}

TEST(phone_pretty_groups)
{
    static const struct {
        const char *e164, *want;
    } rows[] = {
        {"+966501234567", "+966 50 123 4567"}, {"+12125550142", "+1 212 555 0142"},
        {"+74951234567", "+7 495 123 4567"},   {"+8613800138000", "+86 138 0013 8000"},
        {"+6591234567", "+65 9123 4567"},      {"+442079460018", "+44 207 946 0018"},
        {"+2901234", "+290 1234"},             {"+298211234", "+298 211 234"},
        {"+49301234567890", "+49 3012 3456 7890"}, {"+1234567", "+1 234 567"},
        /* what is not a number is shown, and does nothing to the terminal */
        {"", ""}, {"12 34", "12 34"}, {"\x1b[31m12", "[31m12"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        phone_pretty(str_of(rows[i].e164), &out);
        assert_string_equal(out.at, rows[i].want);
        buf_done(&out);
    }
}

TEST(phone_types_have_names_of_their_own)
{
    for (enum phone_type a = 0; a < PHONE_TYPE_COUNT_; a++)
        for (enum phone_type b = 0; b < a; b++)
            assert_string_not_equal(phone_type_name(a), phone_type_name(b));
}
