/* SPDX-License-Identifier: MIT */
/* Bytes that are UTF-8, bytes that are not, and what is left of both behind the filters. */
#include "test.h"

#include <string.h>

#include "calldeck/utf8.h"

#define BAD "\xef\xbf\xbd"
/* as STR, where a constant is needed */
#define S(literal)                                                                                                     \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }

static void assert_str(const struct buf *got, const char *want, const char *what)
{
    if (strcmp(got->at, want) != 0 || got->len != strlen(want))
        fail_msg("%s: got \"%s\" (%zu bytes), want \"%s\"", what, got->at, got->len, want);
}

TEST(utf8_every_code_point_goes_round)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[4];
        uint32_t back = 0;
        size_t len = utf8_encode(code, bytes);
        bool surrogate = code >= 0xd800 && code <= 0xdfff;
        assert_int_equal(utf8_decode(str_make(bytes, len), &back), len);
        assert_int_equal(back, surrogate ? 0xfffd : code);
        for (size_t cut = 1; cut < len; cut++) { /* a cut one is bad, and takes one byte */
            assert_int_equal(utf8_decode(str_make(bytes, cut), &back), 1);
            assert_int_equal(back, 0xfffd);
        }
    }
    char bytes[4];
    assert_int_equal(utf8_encode(0x110000, bytes), 3);
    assert_memory_equal(bytes, BAD, 3);
}

TEST(utf8_repair_replaces_maximal_bad_runs)
{
    static const struct {
        const char *in, *out;
        size_t replaced;
    } rows[] = {
        {"", "", 0},
        {"plain", "plain", 0},
        {"ليلى 陳 😀", "ليلى 陳 😀", 0},
        /* Unicode 3.9, table 3-8 and its successors */
        {"a\xf1\x80\x80\xe1\x80\xc2"
         "b\x80"
         "c\x80\xbf"
         "d",
         "a" BAD BAD BAD "b" BAD "c" BAD BAD "d", 6},
        {"\xc0\xaf\xe0\x80\xbf\xf0\x81\x82"
         "A",
         BAD BAD BAD BAD BAD BAD BAD BAD "A", 8},
        {"\xed\xa0\x80\xed\xbf\xbf\xed\xaf"
         "A",
         BAD BAD BAD BAD BAD BAD BAD BAD "A", 8},
        {"\xf4\x91\x92\x93\xff"
         "A\x80\xbf"
         "B",
         BAD BAD BAD BAD BAD "A" BAD BAD "B", 7},
        {"\xe1\x80\xe2\xf0\x91\x92\xf1\xbf"
         "A",
         BAD BAD BAD BAD "A", 4},
        {"end\xe2\x82", "end" BAD, 1},
        {"\xf8\x88\x80\x80\x80", BAD BAD BAD BAD BAD, 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        assert_int_equal(utf8_repair(str_of(rows[i].in), &out), rows[i].replaced);
        assert_str(&out, rows[i].out, rows[i].in);
        assert_true(utf8_valid(buf_str(&out)));
        assert_int_equal(utf8_valid(str_of(rows[i].in)), rows[i].replaced == 0);
        buf_done(&out);
    }
}

TEST(text_clean_drops_controls_and_keeps_lines)
{
    static const struct {
        struct str in;
        const char *text, *line, *printable;
        size_t dropped;
    } rows[] = {
        {S(""), "", "", "", 0},
        {S(" two  words "), " two  words ", "two  words", "two  words", 0},
        {S("a\r\nb\rc\nd\te"), "a\nb\nc\nd\te", "a b c d e", "a b c d e", 0},
        {S("a\r\r\nb"), "a\n\nb", "a  b", "a  b", 0},
        {S("nul\0here"), "nulhere", "nulhere", "nulhere", 1},
        {S("\x1b[31mred\x1b[0m\x7f"), "[31mred[0m", "[31mred[0m", "[31mred[0m", 3},
        {S("c1 \xc2\x9b\xc2\x85 gone"), "c1  gone", "c1  gone", "c1  gone", 2},
        {S("bell\a"), "bell", "bell", "bell", 1},
        {S("a\xe2\x80\xa8"
           "b\xe2\x80\xa9"),
         "a\xe2\x80\xa8"
         "b\xe2\x80\xa9",
         "a b", "a b", 0},
        {S("\xc2\xa0\xe3\x80\x80name\xc2\xa0"), "\xc2\xa0\xe3\x80\x80name\xc2\xa0", "name", "name", 0},
        {S("\n \t"), "\n \t", "", "", 0},
        {S("x\x80\xff y\xe2\x82"), "x" BAD BAD " y" BAD, "x" BAD BAD " y" BAD, "x" BAD BAD " y" BAD, 0},
        {S("\xf0\x9f\x98x\xe2\x82"), BAD "x" BAD, BAD "x" BAD, BAD "x" BAD, 0},
        {S("\xc3\0\xa9"), BAD BAD, BAD BAD, BAD BAD, 1}, /* dropping must not weld a character together */
        {S("pay \u202e001\u202c \u200f"), "pay \u202e001\u202c \u200f", "pay \u202e001\u202c \u200f",
         "pay " BAD "001" BAD " " BAD, 0},
        {S("\ufeffname\U000e0041\u2066\u061c"), "\ufeffname\U000e0041\u2066\u061c", "\ufeffname\U000e0041\u2066\u061c",
         BAD "name" BAD BAD BAD, 0},
        {S("می\u200cخواهم \U0001f468\u200d\U0001f469"), "می\u200cخواهم \U0001f468\u200d\U0001f469",
         "می\u200cخواهم \U0001f468\u200d\U0001f469", "می\u200cخواهم \U0001f468\u200d\U0001f469", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        assert_int_equal(text_clean(rows[i].in, &out), rows[i].dropped);
        assert_str(&out, rows[i].text, "text_clean");
        buf_clear(&out);
        assert_int_equal(text_clean_line(rows[i].in, &out), rows[i].dropped);
        assert_str(&out, rows[i].line, "text_clean_line");
        buf_clear(&out);
        text_printable(rows[i].in, &out);
        assert_str(&out, rows[i].printable, "text_printable");
        buf_done(&out);
    }
}

TEST(text_clean_appends_behind_what_is_there)
{
    struct buf out;
    buf_init(&out);
    buf_add_text(&out, "before ");
    text_clean_line(STR("  x  "), &out);
    text_clean_line(STR("   "), &out);
    text_clean_line((struct str){NULL, 0}, &out);
    assert_str(&out, "before x", "appended");
    buf_done(&out);
}

/* Nothing may be left that a terminal obeys, and a second pass finds nothing more to do. */
static void check_filters(struct str in)
{
    static size_t (*const filters[])(struct str, struct buf *) = {text_clean, text_clean_line};
    for (size_t i = 0; i < 3; i++) {
        struct buf once, twice;
        buf_init(&once);
        buf_init(&twice);
        if (i < 2) {
            filters[i](in, &once);
            assert_int_equal(filters[i](buf_str(&once), &twice), 0);
        } else {
            text_printable(in, &once);
            text_printable(buf_str(&once), &twice);
        }
        assert_true(utf8_valid(buf_str(&once)));
        assert_true(str_eq(buf_str(&once), buf_str(&twice)));
        for (struct str s = buf_str(&once); s.len > 0;) {
            uint32_t code;
            s = str_skip(s, utf8_decode(s, &code));
            assert_false((code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0));
            assert_false(i > 0 && (code == '\n' || code == '\t' || code == 0x2028 || code == 0x2029));
            assert_false(i == 2 && (code_is_bidi_control(code) || code == 0xfeff));
        }
        buf_done(&once);
        buf_done(&twice);
    }
}

TEST(text_filters_on_corpora)
{
    static const char *const files[] = {TEST_DATA "/utf8-test/UTF-8-test.txt", TEST_DATA "/naughty-strings/blns.txt"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t len;
        const char *text = test_read_file(files[i], &len);
        struct str rest = str_make(text, len), line;
        assert_true(len > 20000);
        check_filters(rest);
        while (str_next(&rest, '\n', &line))
            check_filters(line);
    }
}

TEST(text_filters_on_random_bytes)
{
    uint64_t seed = test_seed();
    static const char pieces[][5] = {"\r",   "\n",   "\t",           " ",        "\xc2", "\x85", "\xe2\x80",
                                     "\xae", "\xa8", "\xef\xbb\xbf", "\xf3\xa0", "\x80", "a",    "\x1b"};
    for (int round = 0; round < 3000; round++) {
        struct buf in;
        buf_init(&in);
        for (uint64_t n = test_random(&seed) % 24; n > 0; n--)
            if (test_random(&seed) % 3 == 0)
                buf_add_char(&in, (char)test_random(&seed));
            else
                buf_add_text(&in, pieces[test_random(&seed) % (sizeof pieces / sizeof pieces[0])]);
        check_filters(buf_str(&in));
        buf_done(&in);
    }
}
