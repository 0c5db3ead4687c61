/* SPDX-License-Identifier: MIT */
/*
 * The keystone of all tests of the screen: a frame painted in a real terminal looks like its dump. Goldens compare dumps
 * and trust this.
 *
 * The test starts itself in tmux; the child paints the same series of frames, one a key, by the same seed.
 */
#include "test.h"

#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/frame.h"
#include "calldeck/term.h"
#include "terminal.h"

static const char *const texts[] = {
    "Layla Haddad ليلى حداد", "陳美玲 Formosa Parts", "Jürgen Weiß", "e\xcc\x81le\xcc\x80ve", "नमस्ते हिन्दी", "กำลังน้ำ",
    "👨‍👩‍👧‍👦 family", "🇸🇦 flag", "❤\xef\xb8\x8f heart", "ｆｕｌｌ", "한국어 이름", "plain ASCII text that goes on for a while and is cut at the edge of the screen, wherever that is",
    "─────┬─────", "\x1b[2Jnot cleared", "tab\there", "bidi \xe2\x80\xae mark", "bad \xff\xfe bytes", "zero\xe2\x80\x8bwidth", "▸ · … ◂",
    "Ελληνικά Кириллица עברית", "", "   ",
};

/* Frame number n of a seed: a few lines changed since the one before. */
static void next_frame(struct frame *f, uint64_t *seed)
{
    if (test_random(seed) % 10 == 0)
        frame_clear(f);
    for (int i = (int)(test_random(seed) % 8); i >= 0; i--) {
        struct str text = str_of(texts[test_random(seed) % (sizeof texts / sizeof texts[0])]);
        int col = (int)(test_random(seed) % (uint64_t)f->cols), row = (int)(test_random(seed) % (uint64_t)f->rows);
        enum style style = (enum style)(test_random(seed) % STYLE_COUNT_);
        if (test_random(seed) % 4 == 0)
            frame_fill(f, col, row, (int)(test_random(seed) % 30), 2, STYLE_PLAIN);
        else
            frame_text_cut(f, col, row, 80, style, text);
    }
    f->cursor_col = (int)(test_random(seed) % (uint64_t)f->cols);
    f->cursor_row = (int)(test_random(seed) % (uint64_t)f->rows);
}

/* The child: a frame a key, q ends. */
static __attribute__((constructor)) void painter_child(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    const char *seed_text = getenv("CALLDECK_PAINTER");
    if (!seed_text)
        return;
    uint64_t seed = strtoull(seed_text, NULL, 10);
    struct error err = {0};
    struct term *t = term_open(TERM_COLOURS_AUTO, false, &err);
    if (!t) {
        dprintf(2, "%s\n", err.text);
        _exit(2);
    }
    struct frame f;
    int cols, rows, count = 0;
    term_size(t, &cols, &rows);
    frame_init(&f, cols, rows);
    bool ends = false;
    while (!ends) {
        struct event e;
        struct pollfd wait = {.fd = term_fd(t), .events = POLLIN};
        next_frame(&f, &seed);
        frame_fill(&f, 0, f.rows - 1, f.cols, 1, STYLE_PLAIN);
        frame_print(&f, 0, f.rows - 1, f.cols, STYLE_PLAIN, "frame %d", ++count);
        term_paint(t, &f, false);
        do
            poll(&wait, 1, -1);
        while (!term_next_event(t, &e));
        ends = e.kind == EVENT_CLOSED || (e.kind == EVENT_KEY && strcmp(e.key.text, "q") == 0);
    }
    frame_done(&f);
    term_close(t);
    exit(0);
}

static void paint_and_compare(const char *term_name, int cols, int rows, int frames, const char *extra)
{
    char seed_text[64], self[4096];
    uint64_t seed = test_seed();
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(len > 0);
    self[len] = '\0';
    snprintf(seed_text, sizeof seed_text, "CALLDECK_PAINTER=%llu", (unsigned long long)seed);
    const char *env[] = {seed_text, extra, NULL}, *argv[] = {self, NULL};
    struct terminal *t = terminal_start(cols, rows, term_name, env, argv);
    struct frame f;
    struct buf dump;
    buf_init(&dump);
    frame_init(&f, cols, rows);
    for (int count = 1; count <= frames; count++) {
        char last[32];
        next_frame(&f, &seed);
        frame_fill(&f, 0, rows - 1, cols, 1, STYLE_PLAIN);
        frame_print(&f, 0, rows - 1, cols, STYLE_PLAIN, "frame %d", count);
        snprintf(last, sizeof last, "^frame %d$", count);
        const char *shown = terminal_wait(t, last, 5000);
        buf_clear(&dump);
        frame_dump(&f, &dump);
        if (strcmp(shown, dump.at) != 0)
            fail_msg("%s, frame %d: the terminal shows\n%s\nand the frame is\n%s", term_name, count, shown, dump.at);
        int col, row;
        terminal_cursor(t, &col, &row);
        assert_int_equal(col, f.cursor_col);
        assert_int_equal(row, f.cursor_row);
        terminal_keys(t, "n");
    }
    terminal_keys(t, "q");
    assert_int_equal(terminal_status(t, 5000), 0);
    terminal_done(t);
    frame_done(&f);
    buf_done(&dump);
}

TEST(a_painted_frame_is_its_dump)
{
    paint_and_compare("tmux-256color", 80, 24, 30, NULL);
}

TEST(a_painted_frame_is_its_dump_on_other_terminals)
{
    paint_and_compare("xterm", 120, 32, 12, NULL);
    paint_and_compare("vt100", 60, 16, 12, NULL);
    paint_and_compare("linux", 40, 10, 12, "NO_COLOR=1");
}
