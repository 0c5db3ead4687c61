/* SPDX-License-Identifier: MIT */
/* Wiring: the locale, the signals, the clocks, and who is lent to whom. */
#include <locale.h>
#include <stdlib.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "calldeck/cli.h"

static int64_t now_ms(void *user)
{
    struct timespec t;
    (void)user;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Widths and characters follow the locale; numbers and dates never do. */
static void set_locale(void)
{
    if (setlocale(LC_CTYPE, "") == NULL || MB_CUR_MAX < 4)
        setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
    set_locale();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is seen by write */
    struct cli_port port = {
        .in_fd = STDIN_FILENO, .out_fd = STDOUT_FILENO, .err_fd = STDERR_FILENO, .now = time(NULL), .now_ms = now_ms};
    return cli_run(&port, argc, (const char *const *)argv);
}
