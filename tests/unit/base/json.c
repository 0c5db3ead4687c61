/* SPDX-License-Identifier: MIT */
#include "calldeck/json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/date.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TEST(json_writes_one_line_in_order)
{
    struct buf b;
    struct json j;
    buf_init(&b);
    json_open(&j, &b);
    json_str(&j, "name", STR("Layla"));
    json_str_or_null(&j, "company", STR(""));
    json_str_or_null(&j, "owner", STR("tom"));
    json_text(&j, "note", NULL);
    json_text(&j, "empty", "");
    json_int(&j, "min", INT64_MIN);
    json_bool(&j, "yes", true);
    json_bool(&j, "no", false);
    json_null(&j, "none");
    json_time(&j, "at", 1795430520);
    json_time(&j, "never", AT_NONE);
    json_array(&j, "phones");
    json_str(&j, NULL, STR("+1"));
    json_object(&j, NULL);
    json_int(&j, "n", 1);
    json_end(&j);
    json_array(&j, NULL);
    json_end(&j);
    json_int(&j, NULL, 2);
    json_end(&j);
    json_object(&j, "o");
    json_end(&j);
    json_int(&j, "last", 0);
    json_close(&j);
    assert_string_equal(b.at, "{\"name\":\"Layla\",\"company\":null,\"owner\":\"tom\",\"note\":null,\"empty\":\"\","
                              "\"min\":-9223372036854775808,\"yes\":true,\"no\":false,\"none\":null,"
                              "\"at\":\"2026-11-23T10:42:00Z\",\"never\":null,"
                              "\"phones\":[\"+1\",{\"n\":1},[],2],\"o\":{},\"last\":0}\n");
    buf_clear(&b);
    json_open(&j, &b);
    json_close(&j);
    json_open(&j, &b);
    json_close(&j);
    assert_string_equal(b.at, "{}\n{}\n");
    buf_done(&b);
}

TEST(json_escapes_what_could_do_harm)
{
    static const struct {
        struct str in;
        const char *out;
    } rows[] = {
        {{"plain", 5}, "plain"},
        {{"q\"b\\", 4}, "q\\\"b\\\\"},
        {{"a\nb\tc\rd", 7}, "a\\nb\\tc\\rd"},
        {{"\0x", 2}, "\\u0000x"},
        {{"\x1b]0;evil\x07", 9}, "\\u001b]0;evil\\u0007"},
        {{"\x7f", 1}, "\\u007f"},
        {{"\xc2\x9b"
          "31m",
          5},
         "\\u009b31m"},
        {{"\xc2\xa0", 2}, "\xc2\xa0"},
        {{"J\xc3\xbcrgen", 7}, "J\xc3\xbcrgen"},
        {{"\xd9\x84\xd9\x8a", 4}, "\xd9\x84\xd9\x8a"},
        {{"\xf0\x9f\x98\x80", 4}, "\xf0\x9f\x98\x80"},
        {{"\xe2\x80\xa8\xe2\x80\xa9", 6}, "\\u2028\\u2029"},
        {{"\xe2\x80\xae"
          "cba",
          6},
         "\\u202ecba"},
        {{"\xe2\x81\xa6\xe2\x81\xa9", 6}, "\\u2066\\u2069"},
        {{"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", 8}, "\\u200e\\u200f\\u061c"},
        {{"\xe2\x80\x8d", 3}, "\xe2\x80\x8d"}, /* the joiner of an emoji is text */
        {{"\xef\xbb\xbf", 3}, "\\ufeff"},
        {{"\xf3\xa0\x81\x81", 4}, "\\udb40\\udc41"},
        {{"\xff", 1}, "\xef\xbf\xbd"},
        {{"a\xc3", 2}, "a\xef\xbf\xbd"},
        {{"\xc3(", 2}, "\xef\xbf\xbd("},
        {{"\xc0\xaf", 2}, "\xef\xbf\xbd\xef\xbf\xbd"},                 /* an overlong slash */
        {{"\xe2\x82", 2}, "\xef\xbf\xbd"},                             /* one broken character, one mark */
        {{"\xe2\x82\"", 3}, "\xef\xbf\xbd\\\""},                       /* and the quote behind it stays a quote */
        {{"\xed\xa0\x80", 3}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* half a surrogate pair */
        {{"\xf4\x90\x80\x80", 4}, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {{"\xf0\x9f\x98", 3}, "\xef\xbf\xbd"},
        {{"\xef\xbf\xbd", 3}, "\xef\xbf\xbd"},
        {{NULL, 0}, ""},
    };
    struct buf b, want;
    buf_init(&b);
    buf_init(&want);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json j;
        buf_clear(&b);
        buf_clear(&want);
        buf_printf(&want, "{\"k\":\"%s\"}\n", rows[i].out);
        json_open(&j, &b);
        json_str(&j, "k", rows[i].in);
        json_close(&j);
        if (strcmp(b.at, want.at) != 0)
            fail_msg("row %zu: %s", i, b.at);
    }
    buf_done(&b);
    buf_done(&want);
}

/* Whether the line could do anything to a terminal, or end early. */
static void check_harmless(const struct buf *b)
{
    assert_int_equal(b->at[b->len - 1], '\n');
    size_t quotes = 0;
    for (size_t i = 0; i + 1 < b->len; i++) {
        unsigned char c = (unsigned char)b->at[i];
        assert_true(c >= ' ' && c != 0x7f);
        if (c == '\\')
            i++;
        else
            quotes += c == '"';
        if (c == 0xc2)
            assert_true((unsigned char)b->at[i + 1] >= 0xa0);
        if (c == 0xe2 && i + 2 < b->len) { /* U+2028 to U+202E, U+2066 to U+2069 */
            unsigned low = (b->at[i + 1] & 0x3fu) << 6 | (b->at[i + 2] & 0x3fu);
            assert_false((low >= 0x28 && low <= 0x2e) || (low >= 0x66 && low <= 0x69));
        }
    }
    assert_int_equal(quotes, 4);
}

TEST(json_stays_one_harmless_line_for_any_bytes)
{
    uint64_t seed = test_seed();
    struct buf b;
    buf_init(&b);
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        size_t len = test_random(&seed) % sizeof bytes;
        static const unsigned char favourites[] = {0xe2, 0x80, 0xae, 0xc2, 0x9b, 0x1b, '"',
                                                   '\\', 0xf3, 0xa0, 0x81, 0xd8, 0x9c};
        for (size_t i = 0; i < len; i++) {
            uint64_t r = test_random(&seed);
            bytes[i] = (char)(r & 1 ? favourites[(r >> 1) % sizeof favourites] : r >> 8);
        }
        char *exact = malloc(len ? len : 1);
        memcpy(exact, bytes, len);
        struct json j;
        buf_clear(&b);
        json_open(&j, &b);
        json_str(&j, "k", str_make(exact, len));
        json_close(&j);
        check_harmless(&b);
        free(exact);
    }
    buf_done(&b);
}

TEST(json_double_table)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } rows[] = {
        {0, -1, "0"},
        {-0.0, -1, "0"},
        {1.5, -1, "1.5"},
        {0.1, -1, "0.1"},
        {1.0 / 3, -1, "0.3333333333333333"},
        {100000, -1, "100000"},
        {-7, -1, "-7"},
        {1234567.25, -1, "1234567.25"},
        {1e300, -1, "1e+300"},
        {5e-324, -1, "5e-324"},
        {1.005, 2, "1.00"},
        {2.5, 0, "2"},
        {-0.001, 2, "0.00"},
        {-0.006, 2, "-0.01"},
        {99.9, 1, "99.9"},
        {1, 3, "1.000"},
        {NAN, -1, "null"},
        {INFINITY, 2, "null"},
        {-INFINITY, -1, "null"},
    };
    /* whatever the locale, if such a one is installed */
    static const char *const locales[] = {"C", "de_DE.UTF-8", "ar_SA.UTF-8", "ps_AF.UTF-8"};
    struct buf b, want;
    buf_init(&b);
    buf_init(&want);
    for (size_t l = 0; l < COUNT(locales); l++) {
        if (setlocale(LC_NUMERIC, locales[l]) == NULL)
            continue;
        for (size_t i = 0; i < COUNT(rows); i++) {
            struct json j;
            buf_clear(&b);
            buf_clear(&want);
            buf_printf(&want, "{\"k\":%s}\n", rows[i].text);
            json_open(&j, &b);
            json_double(&j, "k", rows[i].value, rows[i].decimals);
            json_close(&j);
            if (strcmp(b.at, want.at) != 0)
                fail_msg("row %zu in %s: %s", i, locales[l], b.at);
        }
    }
    setlocale(LC_NUMERIC, "C");
    struct json j;
    buf_clear(&b);
    json_open(&j, &b);
    json_double(&j, "k", -1.7976931348623157e308, 1000);
    json_close(&j);
    assert_int_equal(b.len, strlen("{\"k\":-") + 309 + 1 + 17 + strlen("}\n"));
    buf_done(&b);
    buf_done(&want);
}

TEST(json_double_reads_back)
{
    uint64_t seed = test_seed();
    struct buf b;
    buf_init(&b);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = test_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        struct json j;
        buf_clear(&b);
        json_open(&j, &b);
        json_double(&j, "k", value, -1);
        json_close(&j);
        assert_true(strtod(b.at + strlen("{\"k\":"), NULL) == value);
    }
    buf_done(&b);
}
