/* SPDX-License-Identifier: MIT */
/* What the painter writes: all that differs, nothing else, and colours by what the terminal has. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "../../../src/term/paint.h"
#include "vt.h"

static const struct terminfo ansi = {
    .enter = "", .leave = "", .keypad_on = "", .keypad_off = "", .cursor_hide = "\033[?25l", .cursor_show = "\033[?25h",
    .clear = "\033[H\033[2J", .clear_row_end = "\033[K", .plain = "\033[m", .bold = "\033[1m", .dim = "\033[2m", .reverse = "\033[7m",
    .underline = "\033[4m", .foreground = "", .background = "", .move = "", .paste_on = "", .paste_off = "", .ansi = true, .colours = 256,
};

static const char *const texts[] = {"Layla Haddad", "陳美玲", "ليلى حداد", "e\xcc\x81t\xc3\xa9", "नमस्ते", "👨‍👩‍👧", "────", "  ", "x", "a longer piece of text, cut somewhere"};

static void change(struct frame *f, uint64_t *seed)
{
    for (int i = (int)(test_random(seed) % 5); i >= 0; i--) {
        int col = (int)(test_random(seed) % (uint64_t)f->cols), row = (int)(test_random(seed) % (uint64_t)f->rows);
        if (test_random(seed) % 3 == 0)
            frame_fill(f, col, row, (int)(test_random(seed) % 40), 1 + (int)(test_random(seed) % 3), STYLE_PLAIN);
        else
            frame_text(f, col, row, 60, (enum style)(test_random(seed) % STYLE_COUNT_), str_of(texts[test_random(seed) % (sizeof texts / sizeof texts[0])]));
    }
    f->cursor_col = (int)(test_random(seed) % (uint64_t)f->cols);
    f->cursor_row = (int)(test_random(seed) % (uint64_t)f->rows);
}

TEST(what_was_painted_is_what_is_shown)
{
    uint64_t seed = test_seed();
    for (int round = 0; round < 60; round++) {
        int cols = 1 + (int)(test_random(&seed) % 90), rows = 1 + (int)(test_random(&seed) % 30);
        struct painter p;
        struct frame f;
        struct buf bytes;
        struct vt *vt = vt_new(cols, rows);
        buf_init(&bytes);
        painter_init(&p, &ansi);
        painter_set_colours(&p, TERM_COLOURS_256);
        frame_init(&f, cols, rows);
        for (int i = 0; i < 30; i++) {
            change(&f, &seed);
            buf_clear(&bytes);
            painter_paint(&p, &f, &bytes);
            vt_feed(vt, bytes.at, bytes.len);
            for (int row = 0; row < rows; row++)
                for (int col = 0; col < cols; col++)
                    if (strcmp(vt_cell(vt, col, row), frame_cell(&f, col, row)->text) != 0)
                        fail_msg("round %d, frame %d, column %d, row %d: \"%s\" is shown and \"%s\" is meant", round, i, col, row,
                                 vt_cell(vt, col, row), frame_cell(&f, col, row)->text);
            int col, row;
            vt_cursor(vt, &col, &row);
            assert_int_equal(col, f.cursor_col);
            assert_int_equal(row, f.cursor_row);
            assert_true(vt_mode(vt, 25));
            buf_clear(&bytes);
            painter_paint(&p, &f, &bytes);
            assert_int_equal(bytes.len, 0); /* nothing differs, nothing is written */
        }
        assert_int_equal(vt_unknown(vt, NULL), 0);
        painter_done(&p);
        frame_done(&f);
        buf_done(&bytes);
        vt_free(vt);
    }
}

TEST(a_letter_costs_its_place_and_itself)
{
    struct painter p;
    struct frame f;
    struct buf bytes;
    buf_init(&bytes);
    painter_init(&p, &ansi);
    painter_set_colours(&p, TERM_COLOURS_256);
    frame_init(&f, 120, 32);
    for (int row = 0; row < 32; row++)
        frame_text(&f, 0, row, 120, (enum style)(row % STYLE_COUNT_), STR("a row of the screen that is there already and is not written again"));
    f.cursor_col = 10;
    f.cursor_row = 20;
    painter_paint(&p, &f, &bytes);
    buf_clear(&bytes);
    frame_text(&f, 10, 20, 120, STYLE_PLAIN, STR("x"));
    f.cursor_col = 11;
    painter_paint(&p, &f, &bytes);
    assert_string_equal(bytes.at, "\033[21;11H\033[mx");
    buf_clear(&bytes);
    f.cursor_col = 5;
    painter_paint(&p, &f, &bytes);
    assert_string_equal(bytes.at, "\033[21;6H");
    buf_clear(&bytes);
    f.cursor_col = -1;
    painter_paint(&p, &f, &bytes);
    assert_string_equal(bytes.at, "\033[?25l");
    /* a row that becomes blank is cleared, not written over */
    buf_clear(&bytes);
    frame_fill(&f, 0, 3, 120, 1, STYLE_PLAIN);
    painter_paint(&p, &f, &bytes);
    assert_string_equal(bytes.at, "\033[4;1H\033[m\033[K");
    painter_done(&p);
    frame_done(&f);
    buf_done(&bytes);
}

TEST(colours_are_what_the_terminal_has)
{
    static const struct {
        enum term_colours colours;
        enum style style;
        const char *bytes;
    } rows[] = {
        {TERM_COLOURS_256, STYLE_HEADER, "\033[m\033[38;5;231m\033[48;5;24m"},
        {TERM_COLOURS_16, STYLE_HEADER, "\033[m\033[97m\033[44m"},
        {TERM_COLOURS_8, STYLE_HEADER, "\033[m\033[37m\033[44m"},
        {TERM_COLOURS_MONO, STYLE_HEADER, "\033[m\033[7m"},
        {TERM_COLOURS_256, STYLE_DIM, "\033[m\033[38;5;245m"},
        {TERM_COLOURS_8, STYLE_DIM, "\033[m\033[2m"},
        {TERM_COLOURS_256, STYLE_DUE, "\033[m\033[1m\033[38;5;215m"},
        {TERM_COLOURS_MONO, STYLE_DUE, "\033[m\033[1m"},
        {TERM_COLOURS_MONO, STYLE_WARNING, "\033[m\033[4m"},
        {TERM_COLOURS_MONO, STYLE_PLAIN, "\033[m"},
    };
    struct painter p;
    painter_init(&p, &ansi);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        painter_set_colours(&p, rows[i].colours);
        if (strcmp(p.styles[rows[i].style].at, rows[i].bytes) != 0)
            fail_msg("row %zu: \"%s\"", i, p.styles[rows[i].style].at + 1);
    }
    painter_done(&p);
}

TEST(no_color_takes_the_colours_but_not_when_they_are_asked_for)
{
    struct painter p;
    struct terminfo coloured = ansi;
    coloured.foreground = "\033[3%p1%dm";
    coloured.background = "\033[4%p1%dm";
    coloured.colours = 8;
    painter_init(&p, &coloured);
    const char *before = getenv("NO_COLOR");
    setenv("NO_COLOR", "1", 1);
    painter_set_colours(&p, TERM_COLOURS_AUTO);
    assert_string_equal(p.styles[STYLE_HEADER].at, "\033[m\033[7m");
    painter_set_colours(&p, TERM_COLOURS_8);
    assert_string_equal(p.styles[STYLE_HEADER].at, "\033[m\033[37m\033[44m");
    setenv("NO_COLOR", "", 1); /* empty does not count */
    painter_set_colours(&p, TERM_COLOURS_AUTO);
    assert_string_equal(p.styles[STYLE_HEADER].at, "\033[m\033[37m\033[44m");
    if (!before)
        unsetenv("NO_COLOR");
    painter_done(&p);
}

TEST(without_colours_the_styles_that_matter_differ)
{
    static const enum style apart[][2] = {{STYLE_PLAIN, STYLE_SELECTED}, {STYLE_PLAIN, STYLE_SELECTED_QUIET}, {STYLE_PLAIN, STYLE_BAD},
                                          {STYLE_PLAIN, STYLE_WARNING}, {STYLE_PLAIN, STYLE_KEY}, {STYLE_PLAIN, STYLE_DUE}, {STYLE_PLAIN, STYLE_ARMED},
                                          {STYLE_SELECTED, STYLE_SELECTED_QUIET}, {STYLE_PLAIN, STYLE_VOIDED}};
    struct painter p;
    painter_init(&p, &ansi);
    painter_set_colours(&p, TERM_COLOURS_MONO);
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++)
        assert_string_not_equal(p.styles[apart[i][0]].at, p.styles[apart[i][1]].at);
    painter_done(&p);
}
