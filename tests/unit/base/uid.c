/* SPDX-License-Identifier: MIT */
#include "calldeck/uid.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

TEST(uid_text_is_32_hex_digits)
{
    struct uid u = {{0x00, 0x01, 0x7f, 0x80, 0xff, 0xab, 0xcd, 0xef, 1, 2, 3, 4, 5, 6, 7, 0xf0}};
    char text[UID_TEXT_SIZE];
    uid_text(&u, text);
    assert_string_equal(text, "00017f80ffabcdef01020304050607f0");
}

TEST(uid_compare_orders_bytes_unsigned)
{
    struct uid a = {{0x7f}}, b = {{0x80}};
    assert_int_equal(uid_compare(&a, &b), -1);
    assert_int_equal(uid_compare(&b, &a), 1);
    assert_int_equal(uid_compare(&a, &a), 0);
}

static int by_bytes(const void *a, const void *b)
{
    return uid_compare(a, b);
}

TEST(uid_new_never_repeats_and_uses_every_bit)
{
    enum { COUNT = 20000 };
    struct uid *all = calloc(COUNT, sizeof *all);
    unsigned char ones[16] = {0}, zeros[16] = {0};
    for (int i = 0; i < COUNT; i++) {
        all[i] = uid_new();
        for (int k = 0; k < 16; k++) {
            ones[k] |= all[i].b[k];
            zeros[k] |= (unsigned char)~all[i].b[k];
        }
    }
    for (int k = 0; k < 16; k++) {
        assert_int_equal(ones[k], 0xff);
        assert_int_equal(zeros[k], 0xff);
    }
    qsort(all, COUNT, sizeof *all, by_bytes);
    for (int i = 1; i < COUNT; i++)
        assert_int_equal(uid_compare(&all[i - 1], &all[i]), -1);
    free(all);
}
