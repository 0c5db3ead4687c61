/* SPDX-License-Identifier: MIT */
/* The square for a camera and the bytes for the clipboard. */
#include "calldeck/dial.h"

#include <string.h>

#include "test.h"

TEST(a_number_becomes_a_square_with_three_corners)
{
    static const char *const numbers[] = {"+4930901820", "+15550100", "12", "+49309018201234567890123456789#1"};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct dial_qr qr;
        assert_true(dial_qr(numbers[i], &qr, NULL));
        assert_true(qr.size >= 21 && qr.size <= DIAL_QR_MOST && qr.size % 4 == 1);
        for (int at = 0; at < 7; at++) {
            assert_true(qr.dark[0][at] && qr.dark[at][0] && qr.dark[6][at]);
            assert_true(qr.dark[0][qr.size - 1 - at] && qr.dark[qr.size - 1][at]);
        }
        assert_false(qr.dark[7][7]);
    }
    struct dial_qr one, other;
    assert_true(dial_qr("+15550100", &one, NULL) && dial_qr("+15550101", &other, NULL));
    assert_memory_not_equal(&one, &other, sizeof one);
}

TEST(a_square_holds_a_number_and_nothing_else)
{
    struct error err = {0};
    struct dial_qr qr;
    assert_false(dial_qr("*21*5#", &qr, &err));
    assert_false(dial_qr("", &qr, &err));
    assert_false(dial_qr("https://x", &qr, &err));
    assert_int_equal(err.code, ERR_REFUSED);
}
