/* SPDX-License-Identifier: MIT */
#include "calldeck/phone.h"

#include <string.h>

#include "test.h"

TEST(phone_next_in_cell_takes_numbers_apart_and_leaves_one_whole)
{
    static const struct {
        const char *cell;
        const char *ones[4];
    } rows[] = {
        {"", {NULL}},
        {" ; \n ::: | ", {NULL}},
        {"+1 415 555 0199", {"+1 415 555 0199"}},
        {"555-0100 / 555-0101", {"555-0100", "555-0101"}},
        {"555-0100/555-0101", {"555-0100", "555-0101"}},
        {"+1 555 ::: +2 666", {"+1 555", "+2 666"}},
        {"1:::2:::3", {"1", "2", "3"}},
        {"x; y", {"x", "y"}},
        {"a;;b;", {"a", "b"}},
        {"0501234567\n0507654321\r\n", {"0501234567", "0507654321"}},
        {"0501234567, 0507654321", {"0501234567", "0507654321"}},
        {"0501234567 or 0507654321", {"0501234567", "0507654321"}},
        {"030 901820 oder 030 901821", {"030 901820", "030 901821"}},
        {"0501234567 & 0507654321", {"0501234567", "0507654321"}},
        {"+966501234567 +966507654321", {"+966501234567", "+966507654321"}},
        {"+966501234567+966507654321", {"+966501234567+966507654321"}}, /* what that is, nobody knows */
        /* one number */
        {"212/555-0142", {"212/555-0142"}},
        {"1/212/555-0142", {"1/212/555-0142"}},
        {"030 / 901820", {"030 / 901820"}},
        {"+49 (0) 35223 / 901820", {"+49 (0) 35223 / 901820"}},
        {"tel:+12125550142;ext=9", {"tel:+12125550142;ext=9"}},
        {"2125550142, ext 12", {"2125550142, ext 12"}},
        {"2125550142,,12", {"2125550142,,12"}},
        {"Tom or Ana 2125550142", {"Tom or Ana 2125550142"}},
        {"2125550142 or so", {"2125550142 or so"}},
        /* the last digits of a second line are not added to the first number */
        {"0171/2345678/79", {"0171/2345678", "79"}},
        {"+49 30 901820-20 / 21", {"+49 30 901820-20", "21"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str rest = str_of(rows[i].cell), one;
        for (size_t n = 0; n < 4 && rows[i].ones[n] != NULL; n++) {
            if (!phone_next_in_cell(&rest, &one))
                fail_msg("\"%s\": piece %zu is missing", rows[i].cell, n);
            if (!str_is(one, rows[i].ones[n]))
                fail_msg("\"%s\": piece %zu is \"%.*s\"", rows[i].cell, n, STR_ARG(one));
        }
        if (phone_next_in_cell(&rest, &one))
            fail_msg("\"%s\": \"%.*s\" is one too many", rows[i].cell, STR_ARG(one));
    }
}

TEST(phone_next_in_cell_ends_on_anything_and_loses_no_digit)
{
    static const char likely[] = "0123456789 +-/,;:|\n&orxand()\\\t\xff";
    uint64_t seed = test_seed();
    for (int n = 0; n < 20000; n++) {
        char cell[64];
        size_t len = (size_t)(test_random(&seed) % sizeof cell), digits = 0, seen = 0;
        for (size_t i = 0; i < len; i++) {
            cell[i] = likely[test_random(&seed) % (sizeof likely)]; /* the NUL too */
            digits += cell[i] >= '0' && cell[i] <= '9';
        }
        struct str rest = str_make(cell, len), one;
        size_t pieces = 0;
        while (phone_next_in_cell(&rest, &one)) {
            assert_in_range(++pieces, 1, len);
            assert_true(one.len > 0 && one.at >= cell && one.at + one.len <= cell + len);
            for (size_t i = 0; i < one.len; i++)
                seen += one.at[i] >= '0' && one.at[i] <= '9';
        }
        assert_int_equal(seen, digits);
    }
}
