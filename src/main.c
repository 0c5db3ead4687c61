/* SPDX-License-Identifier: MIT */
/* Wiring: the locale, the clocks, the signals, and the terminal that is lent to the app. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "calldeck/cli.h"
#include "calldeck/term.h"
#include "calldeck/view.h"

/* A signal becomes a byte that the one poll sees. */
static struct {
    struct term *term;
    struct frame frame;
    int signals[2];
} screen;

static int64_t now(void *user) { (void)user; return time(NULL); }

static int64_t now_ms(void *user)
{
    (void)user;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void on_signal(int number)
{
    int saved_errno = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(screen.signals[1], &byte, 1);
    (void)ignored;
    errno = saved_errno;
}

/* The shell gets its terminal back before the core is dumped. */
static void on_crash(int number)
{
    term_restore();
    signal(number, SIG_DFL);
    raise(number);
}

static bool catch_signals(struct error *err)
{
    static const struct { int number; void (*handler)(int); } rows[] = {
        {SIGTERM, on_signal}, {SIGHUP, on_signal}, {SIGINT, on_signal}, {SIGQUIT, on_signal}, {SIGWINCH, on_signal},
        {SIGCHLD, on_signal}, {SIGTSTP, on_signal}, {SIGCONT, on_signal}, {SIGABRT, on_crash}, {SIGSEGV, on_crash},
        {SIGBUS, on_crash}, {SIGFPE, on_crash}, {SIGILL, on_crash}};
    if (pipe2(screen.signals, O_CLOEXEC | O_NONBLOCK) != 0)
        return error_set(err, ERR_IO, "cannot listen to signals: %s", strerror(errno));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        sigaction(rows[i].number, &(struct sigaction){.sa_handler = rows[i].handler, .sa_flags = SA_RESTART}, NULL);
    return true;
}

static bool screen_open(int *ret_cols, int *ret_rows, struct error *err, void *user)
{
    (void)user;
    screen.term = term_open(TERM_COLOURS_AUTO, false, err);
    if (screen.term == NULL || !catch_signals(err)) {
        term_close(screen.term);
        return false;
    }
    alloc_set_hook(term_restore);
    term_size(screen.term, ret_cols, ret_rows);
    frame_init(&screen.frame, *ret_cols, *ret_rows);
    return true;
}

static void screen_close(void *user)
{
    (void)user;
    frame_done(&screen.frame);
    term_close(screen.term);
}

static void paint(const struct app *app, bool from_nothing, void *user)
{
    (void)user;
    term_set_colours(screen.term, (enum term_colours)screen_colours(app->settings));
    term_set_mouse(screen.term, setting_bool(app->settings, SETTING_MOUSE));
    frame_resize(&screen.frame, app->cols, app->rows);
    view_render(app, &screen.frame);
    term_paint(screen.term, &screen.frame, from_nothing);
}

static int event_fd(void *user) { (void)user; return term_fd(screen.term); }
static bool next_event(struct event *ret, void *user) { (void)user; return term_next_event(screen.term, ret); }
static bool key_waits(void *user) { (void)user; return term_key_waits(screen.term); }
static void flush_keys(void *user) { (void)user; term_flush_keys(screen.term); }
static int signal_fd(void *user) { (void)user; return screen.signals[0]; }

static void suspend(void *user)
{
    (void)user;
    term_leave(screen.term);
    signal(SIGTSTP, SIG_DFL);
    kill(0, SIGTSTP); /* the whole job, as the shell would; nothing happens where nobody could wake us */
    sigaction(SIGTSTP, &(struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART}, NULL);
    term_return(screen.term);
}

static bool run_editor(const char *path, struct error *err, void *user)
{
    (void)user;
    term_leave(screen.term);
    bool ok = editor_run(path, err);
    term_return(screen.term);
    return ok;
}

static bool signalled(void *user)
{
    unsigned char byte;
    bool ends = false;
    while (read(screen.signals[0], &byte, 1) == 1) {
        ends = ends || byte == SIGTERM || byte == SIGHUP || byte == SIGINT || byte == SIGQUIT;
        if (byte == SIGWINCH)
            term_resized(screen.term);
        if (byte == SIGTSTP)
            suspend(user);
        if (byte == SIGCONT) /* stopped from outside: the shell wrote on the screen meanwhile */
            term_leave(screen.term), term_return(screen.term);
    }
    return ends;
}
static bool copy(struct str text, bool sure, void *user) { (void)user; return term_copy(screen.term, text, sure); }
static bool click(int col, int row, struct app_click *ret, void *user) { (void)user; return screen_click(&screen.frame, col, row, ret); }
int main(int argc, char **argv)
{
    /* widths and characters follow the locale; numbers and dates never do */
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX < 4)
        setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is seen by write */
    const struct app_port port = {.paint = paint, .event_fd = event_fd, .next_event = next_event,
                                  .key_waits = key_waits, .flush_keys = flush_keys, .suspend = suspend, .run_editor = run_editor,
                                  .signal_fd = signal_fd, .signalled = signalled, .click = click, .copy = copy, .now = now, .now_ms = now_ms};
    const struct cli_port cli = {.in_fd = STDIN_FILENO, .out_fd = STDOUT_FILENO, .err_fd = STDERR_FILENO, .now = now(NULL), .now_ms = now_ms,
                                 .screen = &port, .screen_open = screen_open, .screen_close = screen_close};
    return cli_run(&cli, argc, (const char *const *)argv);
}
