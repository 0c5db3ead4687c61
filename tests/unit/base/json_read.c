/* SPDX-License-Identifier: MIT */
#include "calldeck/json_read.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/json.h"
#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

TEST(json_read_gives_every_kind)
{
    struct arena a = {0};
    struct json_value v;
    assert_true(json_read(STR(" {\"s\":\"x\", \"n\":-12 ,\"d\":1.5e3,\"t\":true,\"f\":false,\"z\":null,\n\t\"a\":[1,[],{}]} "), &a, &v, NULL));
    assert_int_equal(v.kind, JSON_OBJECT);
    assert_int_equal(v.count, 7);
    assert_string_equal(json_get(&v, "s")->text.at, "x");
    const struct json_value *n = json_get(&v, "n"), *d = json_get(&v, "d");
    assert_true(n->is_whole && n->whole == -12);
    assert_true(!d->is_whole && d->number == 1500);
    assert_string_equal(d->text.at, "1.5e3");
    assert_true(json_get(&v, "t")->truth && json_get(&v, "t")->kind == JSON_BOOL);
    assert_true(!json_get(&v, "f")->truth && json_get(&v, "f")->kind == JSON_BOOL);
    assert_int_equal(json_get(&v, "z")->kind, JSON_NULL);
    assert_int_equal(json_get(&v, "a")->count, 3);
    assert_int_equal(json_get(&v, "a")->items[1].kind, JSON_ARRAY);
    assert_null(json_get(&v, "q"));
    assert_null(json_get(n, "s"));
    arena_done(&a);
}

TEST(json_read_decodes_strings_to_valid_utf8)
{
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"\"\"", ""},
        {"\"a\\n\\t\\\"\\\\\\/\\b\\f\\r\"", "a\n\t\"\\/\b\f\r"},
        {"\"\\u00e9\\u20AC\"", "\xc3\xa9\xe2\x82\xac"},
        {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
        {"\"\\ud83d\"", "\xef\xbf\xbd"},                  /* half a pair */
        {"\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
        {"\"\\ude00x\"", "\xef\xbf\xbdx"},
        {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd" "A"},
        {"\"\xef\xbf\xbd\"", "\xef\xbf\xbd"},             /* the replacement itself is a character */
        {"\"\xd9\x85\x7f\"", "\xd9\x85\x7f"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct json_value v;
        struct error err = {0};
        if (!json_read(str_of(rows[i].text), &a, &v, &err))
            fail_msg("%s: %s", rows[i].text, err.text);
        assert_int_equal(v.kind, JSON_STRING);
        assert_string_equal(v.text.at, rows[i].expected);
        arena_done(&a);
    }
}

TEST(json_read_knows_whole_numbers_from_others)
{
    static const struct {
        const char *text;
        bool whole;
        int64_t value;
        double number;
    } rows[] = {
        {"0", true, 0, 0},       {"-0", true, 0, 0},  {"9223372036854775807", true, INT64_MAX, 9223372036854775808.0},
        {"9223372036854775808", false, 0, 9223372036854775808.0}, {"1.0", false, 0, 1}, {"1e2", false, 0, 100},
        {"-1.5", false, 0, -1.5}, {"1e-400", false, 0, 0}, {"0.1", false, 0, 0.1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct json_value v;
        assert_true(json_read(str_of(rows[i].text), &a, &v, NULL));
        assert_int_equal(v.kind, JSON_NUMBER);
        assert_int_equal(v.is_whole, rows[i].whole);
        if (rows[i].whole)
            assert_true(v.whole == rows[i].value);
        assert_true(v.number == rows[i].number);
        assert_string_equal(v.text.at, rows[i].text);
        arena_done(&a);
    }
}

TEST(json_read_refuses_what_is_not_json)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"", "the text ends"},
        {"  ", "the text ends"},
        {"{", "a key is missing"},
        {"{\"a\"}", "a colon is missing"},
        {"{\"a\":1,}", "a key is missing"},
        {"{\"a\":1 \"b\":2}", "a comma or } is missing"},
        {"{a:1}", "a key is missing"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "comes twice"},
        {"{\"a\":1,\"\\u0061\":3}", "comes twice"},
        {"[1,]", "not a value"},
        {"[1 2]", "a comma or ] is missing"},
        {"[1", "a comma or ] is missing"},
        {"tru", "not a value"},
        {"nul", "not a value"},
        {"True", "not a value"},
        {"NaN", "not a value"},
        {"Infinity", "not a value"},
        {"01", "more than one value"},
        {"+1", "not a value"},
        {".5", "not a value"},
        {"1.", "does not end"},
        {"1e", "does not end"},
        {"-", "not a value"},
        {"1e999", "too large"},
        {"0x10", "more than one value"},
        {"1 2", "more than one value"},
        {"{} x", "more than one value"},
        {"\"abc", "does not end"},
        {"\"a\nb\"", "a control character"},
        {"\"\\x41\"", "an unknown escape"},
        {"\"\\", "an unknown escape"},
        {"\"\\u12", "four hex digits"},
        {"\"\\u12g4\"", "four hex digits"},
        {"\"\\u0000\"", "a NUL"},
        {"\"\xff\"", "no UTF-8"},
        {"\"\xc3\"", "no UTF-8"},
        {"\"\xed\xa0\x80\"", "no UTF-8"}, /* a surrogate */
        {"\"\xc0\xaf\"", "no UTF-8"},     /* overlong */
        {"\xef\xbb\xbf{}", "not a value"},
        {"'a'", "not a value"},
        {"// x\n1", "not a value"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct arena a = {0};
        struct json_value v = {.count = 77};
        struct error err = {0};
        if (json_read(str_of(rows[i].text), &a, &v, &err))
            fail_msg("taken: %s", rows[i].text);
        assert_int_equal(err.code, ERR_DATA);
        if (strstr(err.text, rows[i].why) == NULL)
            fail_msg("%s: \"%s\", expected \"%s\"", rows[i].text, err.text, rows[i].why);
        assert_int_equal(v.count, 77);
        arena_done(&a);
    }
    struct arena a = {0};
    struct json_value v;
    assert_false(json_read(STR("\"a\0b\""), &a, &v, NULL));
    assert_false(json_read(STR("1\0"), &a, &v, NULL));
    arena_done(&a);
}

TEST(json_read_bounds_depth_and_values)
{
    struct buf b;
    buf_init(&b);
    for (int depth = JSON_DEPTH_MOST; depth <= JSON_DEPTH_MOST + 1; depth++) {
        struct arena a = {0};
        struct json_value v;
        buf_clear(&b);
        for (int i = 0; i < depth; i++)
            buf_add_text(&b, i % 2 ? "[" : "{\"k\":");
        buf_add_text(&b, "1");
        for (int i = depth; i-- > 0;)
            buf_add_text(&b, i % 2 ? "]" : "}");
        assert_int_equal(json_read(buf_str(&b), &a, &v, NULL), depth == JSON_DEPTH_MOST);
        arena_done(&a);
    }
    buf_clear(&b);
    for (int i = 0; i < 500000; i++)
        buf_add_char(&b, '[');
    struct arena a = {0};
    struct json_value v;
    struct error err = {0};
    assert_false(json_read(buf_str(&b), &a, &v, &err));
    assert_non_null(strstr(err.text, "too many levels"));
    for (int most = JSON_VALUES_MOST; most <= JSON_VALUES_MOST + 1; most++) {
        buf_clear(&b);
        buf_add_char(&b, '[');
        for (int i = 1; i < most; i++)
            buf_add_text(&b, i == 1 ? "1" : ",1");
        buf_add_char(&b, ']');
        assert_int_equal(json_read(buf_str(&b), &a, &v, &err), most == JSON_VALUES_MOST);
    }
    buf_clear(&b); /* an object of many keys is looked through once, not squared */
    buf_add_char(&b, '{');
    for (int i = 0; i < 60000; i++)
        buf_printf(&b, "%s\"k%d\":1", i ? "," : "", i);
    buf_add_char(&b, '}');
    assert_true(json_read(buf_str(&b), &a, &v, &err));
    assert_int_equal(v.count, 60000);
    arena_done(&a);
    buf_done(&b);
}

TEST(json_read_takes_what_json_writes)
{
    struct buf b;
    struct json j;
    struct arena a = {0};
    struct json_value v;
    buf_init(&b);
    json_open(&j, &b);
    json_str(&j, "s", STR("\x01\x7f\"\\ \xe2\x80\xa8 \xf3\xa0\x81\x81 caf\xc3\xa9"));
    json_int(&j, "n", INT64_MAX);
    json_double(&j, "d", 0.1, -1);
    json_array(&j, "a");
    json_end(&j);
    json_close(&j);
    assert_true(json_read(buf_str(&b), &a, &v, NULL));
    assert_string_equal(json_get(&v, "s")->text.at, "\x01\x7f\"\\ \xe2\x80\xa8 \xf3\xa0\x81\x81 caf\xc3\xa9");
    assert_true(json_get(&v, "n")->whole == INT64_MAX);
    assert_true(json_get(&v, "d")->number == 0.1);
    arena_done(&a);
    buf_done(&b);
}
