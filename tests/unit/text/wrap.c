/* SPDX-License-Identifier: MIT */
/* Rows are drawn in the tables as a person sees them: | between rows, ¶ where a newline stood. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/utf8.h"

enum { MOST = 64 };

static void draw_rows(struct str s, int width_cols, struct buf *out)
{
    struct text_row rows[MOST];
    size_t count = text_wrap(s, width_cols, rows, MOST);
    assert_in_range(count, 1, MOST);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_text(out, rows[i].start == rows[i - 1].end ? "|" : "¶");
        buf_add(out, s.at + rows[i].start, rows[i].end - rows[i].start);
    }
}

TEST(text_wrap_rows)
{
    static const struct {
        int width_cols;
        const char *text, *rows;
    } rows[] = {
        {10, "", ""},
        {10, "short", "short"},
        {5, "12345", "12345"},
        {10, "one two three four", "one two |three four"},
        {5, "one two", "one |two"},
        {3, "one two", "one |two"},   /* the blank hangs */
        {3, "one  two", "one  |two"}, /* and so does a second */
        {3, "one ", "one "},          /* and forces no empty row */
        {3, "one    ", "one    "},
        {3, "one \n", "one ¶"},
        {3, "one\t two", "one\t |two"},
        {4, "a\tb c", "a\tb |c"},
        {4, "abcdefghij", "abcd|efgh|ij"}, /* a word that fits nowhere */
        {4, "ab cdefghij", "ab |cdef|ghij"},
        {4, "ab cdefghij k", "ab |cdef|ghij |k"},
        {5, "  abc def", "  abc |def"},
        {4, "  abcdef", "  ab|cdef"}, /* no row of blanks alone */
        {4, "      ab", "      |ab"}, /* unless there is no room beside them */
        {10, "a\nb", "a¶b"},
        {10, "a\r\nb", "a¶b"},
        {10, "\n", "¶"},
        {10, "\n\na\n", "¶¶a¶"},
        {4, "abcd\nef", "abcd¶ef"}, /* full to the edge, and no row more */
        {4, "陳美玲你好", "陳美|玲你|好"},
        {5, "陳美玲你好", "陳美|玲你|好"}, /* never half a character */
        {2, "a陳b", "a|陳|b"},
        {8, "call 陳美玲 now", "call 陳|美玲 now"},
        {6, "陳美玲。你", "陳美|玲。你"}, /* no full stop begins a row */
        {6, "陳美（玲）", "陳美|（玲）"},
        {6, "陳美玲 ok", "陳美玲 |ok"},
        {5, "ليلى حداد", "ليلى |حداد"},
        {4, "مُحَمَّدي", "مُحَمَّد|ي"}, /* marks take no room */
        {4, "👨\u200d👩\u200d👧👨\u200d👩\u200d👧👍🏽",
         "👨\u200d👩\u200d👧👨\u200d👩\u200d👧|👍🏽"},
        {6, "का का का", "का का |का"},
        {3, "e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301|e\u0301"},
        {4, "ab\xff\xff\xff", "ab\xff\xff|\xff"},
        {1, "陳a", "陳|a"}, /* a width that cannot be is taken for two */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        draw_rows(str_of(rows[i].text), rows[i].width_cols, &out);
        if (strcmp(out.at, rows[i].rows) != 0)
            fail_msg("row %zu: \"%s\", want \"%s\"", i, out.at, rows[i].rows);
        buf_done(&out);
    }
}

TEST(text_wrap_counts_past_most)
{
    struct text_row rows[2] = {{9, 9}, {9, 9}};
    assert_int_equal(text_wrap(STR("a b c d"), 2, rows, 1), 4);
    assert_int_equal(rows[0].end, 2);
    assert_int_equal(rows[1].start, 9); /* untouched */
    assert_int_equal(text_wrap(STR("a b c d"), 2, NULL, 0), 4);
    assert_int_equal(text_wrap((struct str){NULL, 0}, 2, rows, 2), 1);
    assert_int_equal(rows[0].end, 0);
}

static bool is_blank_at(struct str s, size_t at)
{
    return s.at[at] == ' ' || s.at[at] == '\t';
}

/* The laws of the header, for any text and width. */
static void check_rows(struct str s, int width_cols)
{
    size_t count = text_wrap(s, width_cols, NULL, 0), newlines = 0;
    struct text_row *rows = malloc(count * sizeof *rows);
    assert_int_equal(text_wrap(s, width_cols, rows, count), count);
    assert_int_equal(rows[0].start, 0);
    assert_int_equal(rows[count - 1].end, s.len);
    for (size_t i = 0; i < s.len; i++)
        newlines += s.at[i] == '\n';
    for (size_t i = 0; i < count; i++) {
        size_t end = rows[i].end;
        assert_true(rows[i].start <= end);
        assert_int_equal(cluster_floor(s, rows[i].start), rows[i].start);
        assert_int_equal(cluster_floor(s, end), end);
        assert_null(memchr(s.at + rows[i].start, '\n', end - rows[i].start));
        if (i + 1 < count && rows[i + 1].start > end) {
            assert_true(rows[i + 1].start == end + 1 || (rows[i + 1].start == end + 2 && s.at[end] == '\r'));
            assert_int_equal(s.at[rows[i + 1].start - 1], '\n');
            newlines--;
        } else if (i + 1 < count) {
            assert_int_equal(rows[i + 1].start, end);
            assert_true(end > rows[i].start);                /* wrapping makes no empty row */
            assert_false(is_blank_at(s, rows[i + 1].start)); /* nor one that begins with a blank */
        }
        while (end > rows[i].start && is_blank_at(s, end - 1))
            end--;
        assert_true(text_width_cols(str_make(s.at + rows[i].start, end - rows[i].start)) <= width_cols);
    }
    assert_int_equal(newlines, 0);
    free(rows);
}

TEST(text_wrap_laws)
{
    static const char *const pieces[] = {"a",       "word",     " ",  "  ", "\n", "\t", "陳",   "。", "（",
                                         "ل\u0651", "👨\u200d👩", "का", ".",  "(",  "🇸🇦", "\r\n", "\r"};
    uint64_t seed = test_seed();
    for (int round = 0; round < 4000; round++) {
        struct buf s;
        buf_init(&s);
        for (uint64_t n = test_random(&seed) % 40; n > 0; n--)
            buf_add_text(&s, pieces[test_random(&seed) % (sizeof pieces / sizeof pieces[0])]);
        check_rows(buf_str(&s), 2 + (int)(test_random(&seed) % 12));
        buf_done(&s);
    }
    size_t len;
    const char *text = test_read_file(TEST_DATA "/utf8-test/UTF-8-test.txt", &len);
    check_rows(str_make(text, len), 7);
    check_rows(str_make(text, len), 79);
}
