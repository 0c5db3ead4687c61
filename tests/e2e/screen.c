/* SPDX-License-Identifier: MIT */
/*
 * The test support's own small terminal, against rows and against tmux: the tests that kill and starve believe what it
 * says.
 */
#include "process.h"
#include "terminal.h"
#include "test.h"
#include "vt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLS = 12, ROWS = 4, DEADLINE_MS = 10000 };

TEST(vt_rows)
{
    static const struct {
        const char *bytes, *screen;
    } rows[] = {
        {"one\r\ntwo", "one\ntwo\n\n\n"},
        {"abcdefghijklmn", "abcdefghijkl\nmn\n\n\n"},
        {"abcdefghijkl\rX", "Xbcdefghijkl\n\n\n\n"}, /* the cursor waits behind the last column */
        {"\033[2;3Hx\033[H\033[31;1my\033[0m", "y\n  x\n\n\n"},
        {"abc\033[2D-\033[Cz", "a-cz\n\n\n\n"},
        {"abcdef\033[3G\033[K", "ab\n\n\n\n"},
        {"abcdef\033[3G\033[1K", "   def\n\n\n\n"},
        {"abcdef\033[3G\033[2X", "ab  ef\n\n\n\n"},
        {"abcdef\033[3G\033[2P", "abef\n\n\n\n"},
        {"abcdef\033[3G\033[2@", "ab  cdef\n\n\n\n"},
        {"a\r\nb\r\nc\033[2;1H\033[L", "a\n\nb\nc\n"},
        {"a\r\nb\r\nc\033[2;1H\033[M", "a\nc\n\n\n"},
        {"a\r\nb\r\nc\r\nd\r\ne", "b\nc\nd\ne\n"},
        {"a\r\nb\r\nc\r\nd\033[2;3r\033[3;1H\n", "a\nc\n\nd\n"},
        {"a\r\nb\033[H\033M", "\na\nb\n\n"},
        {"x\033[4b", "xxxxx\n\n\n\n"},
        {"a\r\nb\033[2J", "\n\n\n\n"},
        {"h\xc3\xa9 \xe6\xbc\xa2z", "h\xc3\xa9 \xe6\xbc\xa2z\n\n\n\n"},
        {"e\xcc\x81!", "e\xcc\x81!\n\n\n\n"},
        {"12345678901\xe6\xbc\xa2", "12345678901\n\xe6\xbc\xa2\n\n\n"},
        {"\033]0;a title\007x\033(B\033[?25ly", "xy\n\n\n\n"},
        {"x\033P+q54\033\\y", "xy\n\n\n\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t step = 1; step <= 3; step += 2) { /* whole, and broken off between any two bytes */
            struct vt *t = vt_new(COLS, ROWS);
            size_t len = strlen(rows[i].bytes);
            for (size_t at = 0; at < len; at += step == 1 ? 1 : len)
                vt_feed(t, rows[i].bytes + at, step == 1 ? 1 : len);
            if (strcmp(vt_text(t), rows[i].screen) != 0)
                fail_msg("row %zu: wanted\n%sgot\n%s", i, rows[i].screen, vt_text(t));
            assert_int_equal(vt_unknown(t, NULL), 0);
            vt_free(t);
        }
}

TEST(vt_tells_cursor_word_and_modes)
{
    struct vt *t = vt_new(COLS, ROWS);
    char word[32];
    int col, row;
    const char *bytes = "ab \xe6\xbc\xa2x", *last;
    vt_feed(t, bytes, strlen(bytes));
    vt_cursor(t, &col, &row);
    assert_int_equal(col, 6);
    assert_int_equal(row, 0);
    vt_word_before_cursor(t, word, sizeof word);
    assert_string_equal(word, "\xe6\xbc\xa2x");
    vt_feed(t, " ", 1);
    vt_word_before_cursor(t, word, sizeof word);
    assert_string_equal(word, "\xe6\xbc\xa2x");
    assert_true(vt_mode(t, 25));
    assert_false(vt_mode(t, 2004));
    bytes = "\033[?2004;1049h\033[?25l";
    vt_feed(t, bytes, strlen(bytes));
    assert_true(vt_mode(t, 2004) && vt_mode(t, 1049));
    assert_false(vt_mode(t, 25));
    vt_feed(t, "\033[5y", 4);
    assert_int_equal(vt_unknown(t, &last), 1);
    assert_string_equal(last, "5y");
    vt_free(t);
}

/* The same random bytes to tmux and to the small terminal. Without wide characters: half of one that was painted over
 * looks different everywhere. */
TEST(vt_agrees_with_tmux)
{
    static const char *const words[] = {
        "a",         "word",       "\xc3\xa9", "e\xcc\x81", " ",        "\r\n",      "\r",      "\033[H",
        "\033[3;5H", "\033[2A",    "\033[B",   "\033[3C",   "\033[D",   "\033[K",    "\033[1K", "\033[2K",
        "\033[J",    "\033[1J",    "\033[3X",  "\033[2P",   "\033[2@",  "\033[L",    "\033[2M", "\033[4d",
        "\033[7G",   "\033[r",     "\033M",    "\n",        "\033[31m", "\033[0;1m", "\0337",   "\0338",
        "\b",        "0123456789", "\t",       "\033[S",    "\033[T",   "\033[2d"};
    enum { WORDS = sizeof words / sizeof words[0], WIDE = 30, HIGH = 8, TIMES = 4, LENGTH = 120 };
    uint64_t random = test_seed();
    for (int time = 0; time < TIMES; time++) {
        struct vt *t = vt_new(WIDE, HIGH);
        char bytes[4096] = "";
        size_t len = 0;
        for (int i = 0; i <= LENGTH; i++) {
            /* No two terminals agree on what is erased while the cursor waits behind the last column. */
            int col, row;
            vt_cursor(t, &col, &row);
            const char *word = i == LENGTH ? "\033[8;1Hend\xe6\xbc\xa2" : words[test_random(&random) % WORDS];
            int added = snprintf(bytes + len, sizeof bytes - len, "%s%s", col > WIDE - 12 ? "\r" : "", word);
            vt_feed(t, bytes + len, (size_t)added);
            len += (size_t)added;
        }
        const char *path = test_path("bytes");
        test_write_file(path, bytes, len);
        struct terminal *tmux =
            terminal_start(WIDE, HIGH, NULL, NULL,
                           (const char *const[]){"sh", "-c", "stty -onlcr; cat \"$0\"; exec sleep 60", path, NULL});
        terminal_wait(tmux, "end\xe6\xbc\xa2", DEADLINE_MS);
        if (strcmp(terminal_screen(tmux), vt_text(t)) != 0)
            fail_msg("tmux shows\n%sthe small terminal\n%s", terminal_screen(tmux), vt_text(t));
        terminal_done(tmux);
        vt_free(t);
    }
}
