/* SPDX-License-Identifier: MIT */
/* The helpers of the other end-to-end tests, tried on programs whose behaviour is known: cat, sh, printf. */
#include "terminal.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})
enum { DEADLINE_MS = 10000 };

TEST(terminal_shows_what_is_typed)
{
    struct terminal *t = terminal_start(40, 5, NULL, NULL, ARGV("cat"));
    terminal_keys(t, "'wants prices' Space n");
    terminal_wait(t, "^wants prices n$", DEADLINE_MS);
    terminal_keys(t, "Enter 'it''s 12' Backspace '3' Enter");
    terminal_wait(t, "^it's 13\nit's 13$", DEADLINE_MS);
    terminal_type(t, "陳美玲 ليلى -l");
    terminal_wait(t, "^陳美玲 ليلى -l$", DEADLINE_MS);
    assert_true(terminal_shows(t, "美玲"));
    assert_false(terminal_shows(t, "Formosa"));
    terminal_keys(t, "Enter C-d");
    assert_int_equal(terminal_status(t, DEADLINE_MS), 0);
    terminal_done(t);
}

TEST(terminal_tells_size_cursor_and_style)
{
    struct terminal *t = terminal_start(72, 9, NULL, NULL,
                                        ARGV("sh", "-c", "trap 'stty size' WINCH; stty size; printf '\\033[1mbold\\033[0m..'; "
                                                         "while :; do read -r x; done"));
    terminal_wait(t, "^9 72\nbold\\.\\.$", DEADLINE_MS);
    int col, row;
    terminal_cursor(t, &col, &row);
    assert_int_equal(col, 6);
    assert_int_equal(row, 1);
    assert_non_null(strstr(terminal_screen_styled(t), "\033[1mbold"));
    assert_null(strstr(terminal_screen(t), "\033"));
    terminal_resize(t, 33, 7);
    terminal_wait(t, "7 33", DEADLINE_MS);
    terminal_done(t);
}

TEST(terminal_waits_until_text_is_gone)
{
    struct terminal *t =
        terminal_start(40, 5, NULL, NULL, ARGV("sh", "-c", "echo going; sleep 0.3; printf '\\033[H\\033[2Jgone'; cat"));
    terminal_wait_gone(t, "going", DEADLINE_MS);
    assert_true(terminal_shows(t, "^gone$"));
    terminal_done(t);
}

TEST(terminal_environment_is_clean)
{
    setenv("CALLDECK_DB", "/nowhere", 1);
    setenv("NO_COLOR", "1", 1);
    struct terminal *t = terminal_start(80, 8, "screen", (const char *const[]){"EXTRA=yes", "TZ=Asia/Kolkata", NULL},
                                        ARGV("sh", "-c", "echo \"$TERM|$EXTRA|$TZ|$LC_ALL|$CALLDECK_DB|$NO_COLOR|\"; "
                                                         "echo \"$HOME\"; cat"));
    terminal_wait(t, "^screen\\|yes\\|Asia/Kolkata\\|C.UTF-8\\|\\|\\|$", DEADLINE_MS);
    assert_true(terminal_shows(t, test_dir()));
    terminal_done(t);
}

TEST(terminal_screen_outlives_a_kill)
{
    struct terminal *t = terminal_start(40, 5, NULL, NULL, ARGV("cat"));
    terminal_type(t, "half a no");
    terminal_wait(t, "half a no", DEADLINE_MS);
    pid_t pid = terminal_pid(t);
    terminal_kill_pid(t, SIGKILL);
    assert_int_equal(terminal_status(t, DEADLINE_MS), 128 + SIGKILL);
    assert_true(terminal_shows(t, "half a no"));
    assert_int_equal(kill(pid, 0), -1);
    terminal_done(t);
}

TEST(terminal_reports_the_exit_status)
{
    struct terminal *t = terminal_start(40, 5, NULL, NULL, ARGV("sh", "-c", "exit 74"));
    assert_int_equal(terminal_status(t, DEADLINE_MS), 74);
    terminal_done(t);
}

TEST(terminal_pastes_in_brackets_when_asked)
{
    struct terminal *t = terminal_start(60, 5, NULL, NULL,
                                        ARGV("sh", "-c", "stty -icanon -echo; printf '\\033[?2004hready '; cat -v"));
    terminal_wait(t, "ready", DEADLINE_MS);
    terminal_paste(t, "two words");
    terminal_wait(t, "\\^\\[\\[200~two words\\^\\[\\[201~", DEADLINE_MS);
    terminal_keys(t, "Resize:90x6 Paste'three more words'");
    terminal_wait(t, "200~three more words", DEADLINE_MS);
    terminal_keys(t, "backtab C-Right M-x");
    terminal_wait(t, "\\^\\[\\[Z\\^\\[\\[1;5C\\^\\[x", DEADLINE_MS);
    terminal_done(t);
}

TEST(pty_reads_letters_between_escapes)
{
    struct pty *p = pty_start(80, 24, NULL, NULL,
                              ARGV("sh", "-c", "printf 'w\\033[1ma\\033[0mn\\033]0;title\\007ts pri\\033(Bces'; cat"));
    assert_true(pty_wait(p, "wants prices", DEADLINE_MS));
    pty_type(p, "typed\n");
    assert_true(pty_wait(p, "typed", DEADLINE_MS)); /* the terminal's echo */
    assert_true(pty_wait(p, "typed", DEADLINE_MS)); /* cat's */
    assert_false(pty_wait(p, "typed", 50));
    pty_kill(p);
    assert_int_equal(pty_status(p, DEADLINE_MS), 128 + SIGKILL);
    assert_non_null(strstr(pty_drain(p, 10), "wants prices"));
    pty_done(p);
}

TEST(pty_ends_with_its_program)
{
    struct pty *p = pty_start(80, 24, NULL, NULL, ARGV("sh", "-c", "echo bye; exit 3"));
    assert_false(pty_wait(p, "never", DEADLINE_MS));
    assert_int_equal(pty_status(p, DEADLINE_MS), 3);
    assert_non_null(strstr(pty_drain(p, 10), "bye"));
    pty_done(p);
}

TEST(pty_hangs_up)
{
    struct pty *p = pty_start(80, 24, NULL, NULL, ARGV("sh", "-c", "trap 'exit 7' HUP; echo up; while :; do sleep 0.05; done"));
    assert_true(pty_wait(p, "up", DEADLINE_MS));
    pty_hang_up(p);
    assert_int_equal(pty_status(p, DEADLINE_MS), 7);
    pty_done(p);
}

TEST(pty_moves_much_text_both_ways)
{
    struct pty *p = pty_start(80, 24, NULL, NULL, ARGV("sh", "-c", "stty raw -echo; echo raw; cat"));
    assert_true(pty_wait(p, "raw", DEADLINE_MS));
    size_t len = 300000;
    char *text = malloc(len + 1);
    memset(text, 'x', len);
    memcpy(text + len - 3, "end", 3);
    text[len] = '\0';
    pty_write(p, text, len);
    assert_true(pty_wait(p, "xend", DEADLINE_MS));
    assert_int_equal(strlen(pty_drain(p, 10)), strlen("raw\n") + len);
    free(text);
    pty_done(p);
}

TEST(program_run_gives_output_and_status)
{
    char *out, *err;
    assert_int_equal(program_run(NULL, ARGV("sh", "-c", "cat; echo oops >&2; exit 5"), "in\n", &out, &err), 5);
    assert_string_equal(out, "in\n");
    assert_string_equal(err, "oops\n");
    assert_int_equal(program_run(NULL, ARGV("sh", "-c", "kill -9 $$"), NULL, NULL, NULL), 128 + SIGKILL);
    assert_int_equal(program_run(NULL, ARGV("no-such-program"), NULL, &out, &err), 127);
    assert_string_equal(out, "");
    /* a program that reads nothing must not hold up its starter */
    char *long_input = calloc(1, 1000001);
    memset(long_input, 'y', 1000000);
    assert_int_equal(program_run(NULL, ARGV("true"), long_input, &out, NULL), 0);
    assert_int_equal(program_run(NULL, ARGV("cat"), long_input, &out, NULL), 0);
    assert_int_equal(strlen(out), 1000000);
    free(long_input);
}
