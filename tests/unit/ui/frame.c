/* SPDX-License-Identifier: MIT */
/* The grid: nothing leaves it, no half of a wide character stays behind. */
#include "test.h"

#include <string.h>

#include "calldeck/frame.h"

static const char *dump(const struct frame *f, struct buf *out)
{
    buf_clear(out);
    frame_dump(f, out);
    return out->at;
}

/* Every wide cluster has its tail, and every tail its head. */
static void check_whole(const struct frame *f)
{
    for (int row = 0; row < f->rows; row++)
        for (int col = 0; col < f->cols; col++) {
            const struct cell *cell = &f->cells[row * f->cols + col];
            if (cell->tail) {
                assert_true(col > 0);
                assert_string_equal(cell->text, "");
                assert_int_equal(cluster_cols(str_of(cell[-1].text)), 2);
            } else {
                assert_true(cell->text[0] != '\0');
                bool wide = cluster_cols(str_of(cell->text)) == 2;
                assert_true(!wide || (col + 1 < f->cols && cell[1].tail));
            }
        }
}

TEST(text_is_cut_at_the_edge_by_whole_clusters)
{
    static const struct {
        int col, max_cols;
        const char *text, *shown;
        int used;
    } rows[] = {
        {0, 99, "hello", "hello\n", 5},
        {0, 99, "hello world", "hello worl\n", 10},
        {0, 3, "hello", "hel\n", 3},
        {8, 99, "陳美", "        陳\n", 2},
        {9, 99, "陳美", "\n", 0},
        {0, 3, "陳美", "陳\n", 2},
        {0, 99, "e\xcc\x81x", "e\xcc\x81x\n", 2},
        {0, 99, "👨‍👩‍👧x", "👨x\n", 3},
        {0, 99, "a\nb\tc", "a b c\n", 5},
        {0, 99, "a\x1b[31m", "a\xef\xbf\xbd[31m\n", 6},
        {0, 99, "a\xff!", "a\xef\xbf\xbd!\n", 3},
        {0, 99, "a\xe2\x80\xae!", "a\xef\xbf\xbd!\n", 3},
        {-1, 5, "hello", "\n", 0},
        {10, 5, "hello", "\n", 0},
        {0, 0, "hello", "\n", 0},
        {0, -7, "hello", "\n", 0},
    };
    struct frame f;
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        frame_init(&f, 10, 1);
        int used = frame_text(&f, rows[i].col, 0, rows[i].max_cols, STYLE_PLAIN, str_of(rows[i].text));
        if (used != rows[i].used || strcmp(dump(&f, &out), rows[i].shown) != 0)
            fail_msg("row %zu: used %d, shown \"%s\"", i, used, out.at);
        check_whole(&f);
        frame_done(&f);
    }
    buf_done(&out);
}

TEST(cut_text_ends_in_an_ellipsis)
{
    static const struct {
        int cols;
        const char *text, *shown;
    } rows[] = {
        {5, "hello", "hello\n"}, {4, "hello", "hel…\n"}, {1, "hello", "…\n"}, {0, "hello", "\n"},
        {5, "陳美玲", "陳美…\n"}, {4, "陳美玲", "陳…\n"}, {6, "陳美玲", "陳美玲\n"}, {6, "Layla Haddad", "Layla…\n"},
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct frame f;
        frame_init(&f, 20, 1);
        frame_text_cut(&f, 0, 0, rows[i].cols, STYLE_PLAIN, str_of(rows[i].text));
        assert_string_equal(dump(&f, &out), rows[i].shown);
        frame_done(&f);
    }
    buf_done(&out);
}

TEST(right_text_ends_before_its_column)
{
    static const struct {
        int right, cols;
        const char *text, *shown;
    } rows[] = {
        {10, 10, "why", "       why\n"}, {10, 2, "why", "        w…\n"}, {3, 9, "why", "why\n"}, {2, 9, "why", "w…\n"},
        {0, 9, "why", "\n"}, {10, 10, "陳美玲", "    陳美玲\n"}, {10, 5, "陳美玲", "     陳美…\n"}, {10, 4, "陳美玲", "      陳…\n"},
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct frame f;
        frame_init(&f, 10, 1);
        frame_text_right(&f, rows[i].right, 0, rows[i].cols, STYLE_PLAIN, str_of(rows[i].text));
        assert_string_equal(dump(&f, &out), rows[i].shown);
        frame_done(&f);
    }
    buf_done(&out);
}

TEST(writing_over_half_of_a_wide_character_blanks_the_other)
{
    struct frame f;
    struct buf out;
    buf_init(&out);
    frame_init(&f, 8, 1);
    frame_text(&f, 0, 0, 8, STYLE_PLAIN, STR("陳美玲"));
    frame_text(&f, 1, 0, 8, STYLE_PLAIN, STR("x"));
    assert_string_equal(dump(&f, &out), " x美玲\n");
    frame_text(&f, 4, 0, 8, STYLE_PLAIN, STR("y"));
    assert_string_equal(dump(&f, &out), " x美y\n");
    frame_text(&f, 3, 0, 8, STYLE_PLAIN, STR("大"));
    assert_string_equal(dump(&f, &out), " x 大\n");
    check_whole(&f);
    frame_fill(&f, 4, 0, 1, 1, STYLE_PLAIN);
    assert_string_equal(dump(&f, &out), " x\n");
    check_whole(&f);
    frame_done(&f);
    buf_done(&out);
}

TEST(random_writes_leave_a_whole_grid)
{
    static const char *const texts[] = {"a", "陳美玲", "ليلى حداد", "e\xcc\x81", "👨‍👩‍👧‍👦", "हिन्दी नमस्ते", "🇸🇦🇩🇪", "กำลัง", "\xff\xfe", "\x1b[2J",
                                        "long long text that goes on", ""};
    uint64_t seed = test_seed();
    for (int round = 0; round < 2000; round++) {
        struct frame f;
        frame_init(&f, (int)(test_random(&seed) % 12), (int)(test_random(&seed) % 4));
        for (int i = 0; i < 12; i++) {
            int col = (int)(test_random(&seed) % 16) - 2, row = (int)(test_random(&seed) % 6) - 1;
            int cols = (int)(test_random(&seed) % 16) - 2;
            struct str text = str_of(texts[test_random(&seed) % (sizeof texts / sizeof texts[0])]);
            enum style style = (enum style)(test_random(&seed) % STYLE_COUNT_);
            switch (test_random(&seed) % 6) {
            case 0: frame_text(&f, col, row, cols, style, text); break;
            case 1: frame_text_cut(&f, col, row, cols, style, text); break;
            case 2: frame_text_right(&f, col, row, cols, style, text); break;
            case 3: frame_fill(&f, col, row, cols, 2, style); break;
            case 4: frame_style(&f, col, row, cols, style); break;
            case 5: frame_hit(&f, col, row, cols, 7); break;
            }
            check_whole(&f);
        }
        frame_done(&f);
    }
}

TEST(styles_are_marked_in_a_dump)
{
    struct frame f;
    struct buf out;
    buf_init(&out);
    frame_init(&f, 12, 2);
    frame_text(&f, 0, 0, 12, STYLE_NAME, STR("Layla"));
    frame_text(&f, 6, 0, 12, STYLE_PLAIN, STR("x"));
    frame_fill(&f, 0, 1, 2, 1, STYLE_SELECTED);
    f.cursor_col = 6;
    f.cursor_row = 0;
    frame_dump_styles(&f, &out);
    assert_string_equal(out.at, "{NAME}Layla{/} {|}x\n{SELECTED}  {/}\n");
    frame_done(&f);
    buf_done(&out);
}

TEST(frames_differ_by_text_style_size_and_cursor)
{
    struct frame a, b;
    frame_init(&a, 4, 2);
    frame_init(&b, 4, 2);
    assert_true(frame_same(&a, &b));
    frame_text(&a, 1, 1, 4, STYLE_PLAIN, STR("x"));
    assert_false(frame_same(&a, &b));
    frame_text(&b, 1, 1, 4, STYLE_BAD, STR("x"));
    assert_false(frame_same(&a, &b));
    frame_style(&b, 1, 1, 1, STYLE_PLAIN);
    assert_true(frame_same(&a, &b));
    frame_hit(&b, 1, 1, 1, 9);
    assert_true(frame_same(&a, &b));
    b.cursor_col = 0;
    assert_false(frame_same(&a, &b));
    frame_resize(&b, 5, 2);
    assert_false(frame_same(&a, &b));
    assert_null(frame_cell(&a, 4, 0));
    assert_null(frame_cell(&a, 0, -1));
    frame_done(&a);
    frame_done(&b);
}
