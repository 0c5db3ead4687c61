/* SPDX-License-Identifier: MIT */
/*
 * The terminal's life in a pseudo-terminal: keys in time, pastes, sizes, a line that goes away, and what is left behind.
 *
 * The test starts itself; the child says on the screen what it was given.
 */
#include "test.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/term.h"
#include "terminal.h"

static struct term *child_term;

static void on_resize(int number)
{
    (void)number;
    term_resized(child_term); /* sets a flag */
}

static void on_crash(int number)
{
    term_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void tell(struct frame *f, int *row, const char *text)
{
    frame_print(f, 0, *row % f->rows, f->cols, STYLE_PLAIN, "<%s>", text);
    ++*row;
}

/* F throws away what was typed, L leaves for a moment, A aborts, q ends. */
static __attribute__((constructor)) void life_child(void)
{
    if (!getenv("CALLDECK_LIFE"))
        return;
    setlocale(LC_CTYPE, "C.UTF-8");
    struct error err = {0};
    child_term = term_open(TERM_COLOURS_AUTO, true, &err);
    if (!child_term) {
        printf("refused: %s\n", err.text);
        exit(2);
    }
    signal(SIGWINCH, on_resize);
    signal(SIGABRT, on_crash);
    signal(SIGHUP, SIG_IGN);
    /* The flag that the handler sets is looked at before the wait: only there may the signal come, or it is slept over. */
    sigset_t resizes, before;
    sigemptyset(&resizes);
    sigaddset(&resizes, SIGWINCH);
    sigprocmask(SIG_BLOCK, &resizes, &before);
    struct frame f;
    struct buf text;
    int cols, rows, row = 0;
    term_size(child_term, &cols, &rows);
    frame_init(&f, cols, rows);
    buf_init(&text);
    tell(&f, &row, "ready");
    for (;;) {
        struct event e;
        struct pollfd wait = {.fd = term_fd(child_term), .events = POLLIN};
        term_paint(child_term, &f, false);
        ppoll(&wait, 1, NULL, &before);
        while (term_next_event(child_term, &e)) {
            buf_clear(&text);
            switch (e.kind) {
            case EVENT_KEY: key_format(&e.key, &text); break;
            case EVENT_PASTE: buf_printf(&text, "paste %zu %.*s", e.paste.len, (int)(e.paste.len < 20 ? e.paste.len : 20), e.paste.at); break;
            case EVENT_RESIZE:
                frame_resize(&f, e.cols, e.rows);
                row = 0;
                buf_printf(&text, "size %dx%d", e.cols, e.rows);
                break;
            case EVENT_MOUSE: buf_printf(&text, "mouse %d,%d", e.cols, e.rows); break;
            case EVENT_WAIT: break;
            case EVENT_CLOSED: _exit(7);
            }
            tell(&f, &row, text.at);
            if (strcmp(text.at, "F") == 0)
                term_flush_keys(child_term);
            if (strcmp(text.at, "A") == 0)
                abort();
            if (strcmp(text.at, "L") == 0) {
                term_leave(child_term);
                printf("outside\n");
                fflush(stdout);
                term_return(child_term);
            }
            if (strcmp(text.at, "q") == 0) {
                term_close(child_term);
                frame_done(&f);
                buf_done(&text);
                exit(0);
            }
        }
    }
}

static const char *self(void)
{
    static char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    assert_true(len > 0);
    path[len] = '\0';
    return path;
}

static struct pty *child_start(const char *term)
{
    const char *env[] = {"CALLDECK_LIFE=1", NULL}, *argv[] = {self(), NULL};
    struct pty *p = pty_start(80, 24, term, env, argv);
    if (!pty_wait(p, "<ready>", 10000))
        fail_msg("not ready: %s", pty_drain(p, 100));
    return p;
}

static void says(struct pty *p, const char *text)
{
    if (!pty_wait(p, text, 10000))
        fail_msg("\"%s\" was not said: %s", text, pty_drain(p, 100));
}

TEST(escape_is_alt_only_when_the_letter_comes_with_it)
{
    struct pty *p = child_start(NULL);
    pty_write(p, "\x1bn", 2);
    says(p, "<M-n>");
    pty_write(p, "\x1b", 1);
    says(p, "<Esc>");
    pty_write(p, "n", 1);
    says(p, "<n>");
    pty_write(p, "\x1b[1;5C\x1bOA\x1b[<0;3;4M", 18);
    says(p, "<C-Right>");
    says(p, "<Up>");
    says(p, "<mouse 2,3>");
    pty_write(p, "\xc3\xa9\xff", 3);
    says(p, "<é>");
    pty_write(p, "q", 1);
    assert_int_equal(pty_status(p, 10000), 0);
    pty_done(p);
}

TEST(a_paste_is_one_event_whatever_is_in_it)
{
    struct pty *p = child_start(NULL);
    pty_type(p, "\x1b[200~q\rA\x1b[201~");
    says(p, "<paste 3 q\xef\xbf\xbd" "A>"); /* a control character is shown as one */
    pty_type(p, "\x1b[200~");
    char block[1024];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 64; i++)
        pty_write(p, block, sizeof block);
    pty_type(p, "\x1b[201~n");
    says(p, "<paste 65536 xxxxx");
    says(p, "<n>");
    pty_write(p, "q", 1);
    assert_int_equal(pty_status(p, 10000), 0);
    pty_done(p);
}

TEST(a_new_size_is_an_event)
{
    struct pty *p = child_start(NULL);
    pty_resize(p, 100, 30);
    says(p, "<size 100x30>");
    for (int i = 1; i < 40; i++)
        pty_resize(p, 20 + i * 3, 5 + i);
    says(p, "<size 137x44>");
    pty_write(p, "q", 1);
    assert_int_equal(pty_status(p, 10000), 0);
    pty_done(p);
}

TEST(a_line_that_is_gone_is_said_once_and_does_not_spin)
{
    struct pty *p = child_start(NULL);
    pty_write(p, "n", 1);
    says(p, "<n>");
    pty_hang_up(p);
    assert_int_equal(pty_status(p, 1000), 7);
    pty_done(p);
}

TEST(type_ahead_is_thrown_away_at_a_word)
{
    struct pty *p = child_start(NULL);
    pty_type(p, "Fabc\x1b[200~paste");
    says(p, "<F>");
    pty_type(p, "\x1b[201~z");
    says(p, "<z>");
    const char *all = pty_drain(p, 50);
    assert_null(strstr(all, "<a>"));
    assert_null(strstr(all, "<c>"));
    pty_write(p, "q", 1);
    assert_int_equal(pty_status(p, 10000), 0);
    pty_done(p);
}

TEST(leaving_and_coming_back_paints_everything)
{
    struct pty *p = child_start(NULL);
    pty_write(p, "L", 1);
    says(p, "outside");
    says(p, "<size 80x24>");
    pty_write(p, "q", 1);
    assert_int_equal(pty_status(p, 10000), 0);
    pty_done(p);
}

/* In a shell: its screen and its settings are what they were, after a quit as after a crash. */
static void leaves_a_shell_behind(const char *key)
{
    char line[8192];
    snprintf(line, sizeof line, "echo before; stty -a | tr ';' '\\n' | sort > %s; CALLDECK_LIFE=1 %s; stty -a | tr ';' '\\n' | sort > %s; cmp %s %s && echo after; read x",
             test_path("stty-before"), self(), test_path("stty-after"), test_path("stty-before"), test_path("stty-after"));
    const char *argv[] = {"/bin/sh", "-c", line, NULL};
    struct terminal *t = terminal_start(80, 24, NULL, NULL, argv);
    terminal_wait(t, "<ready>", 10000);
    terminal_keys(t, key);
    const char *screen = terminal_wait(t, "^after$", 10000);
    assert_non_null(strstr(screen, "before"));
    assert_null(strstr(screen, "<ready>"));
    terminal_done(t);
}

TEST(the_shell_gets_its_terminal_back)
{
    leaves_a_shell_behind("q");
    leaves_a_shell_behind("A");
}

TEST(a_terminal_that_is_none_is_refused_with_a_sentence)
{
    static const struct {
        const char *term, *sentence;
    } rows[] = {
        {"TERM=no-such-terminal", "unknown terminal \"no-such-terminal\""},
        {"TERM=dumb", "cannot place its cursor"},
        {"TERM=", "no terminal type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *env[] = {"CALLDECK_LIFE=1", rows[i].term, NULL}, *argv[] = {self(), NULL};
        struct pty *p = pty_start(80, 24, NULL, env, argv);
        says(p, rows[i].sentence);
        assert_int_equal(pty_status(p, 10000), 2);
        pty_done(p);
    }
    const char *env[] = {"CALLDECK_LIFE=1", NULL}, *argv[] = {self(), NULL};
    char *out;
    assert_int_equal(program_run(env, argv, "", &out, NULL), 2);
    assert_non_null(strstr(out, "needs a terminal for its input"));
}
