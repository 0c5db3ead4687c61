/* SPDX-License-Identifier: MIT */
/* A program on a bare pseudo-terminal: what it wrote, not what a screen would show. Quick enough for hundreds of kills. */
#include "process.h"
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Where an escape sequence is broken off between two reads. */
enum escape { NO_ESCAPE, AFTER_ESC, IN_CSI, IN_STRING, STRING_ESC, AFTER_CHARSET };

struct pty {
    int fd; /* -1 after the program's end was read, or pty_hang_up */
    pid_t pid;
    int status; /* -1 while it runs or is not reaped */
    enum escape escape;
    char *text; /* all it wrote, escape sequences and control characters but newline taken out */
    size_t len, cap;
    size_t seen; /* end of the last match */
    void (*output_fn)(const char *bytes, size_t len, void *user);
    void *user;
};

struct pty *pty_start(int cols, int rows, const char *term, const char *const *env, const char *const *argv)
{
    struct pty *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->status = -1;
    p->text = calloc(1, p->cap = 4096);
    assert_non_null(p->text);
    struct winsize size = {.ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows};
    char **clean = environment_new(term != NULL ? term : "xterm-256color", env);
    p->pid = forkpty(&p->fd, NULL, NULL, &size);
    assert_true(p->pid >= 0);
    if (p->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        child_exec(argv, clean);
    }
    environment_free(clean);
    child_add(p->pid);
    fcntl(p->fd, F_SETFD, FD_CLOEXEC);
    fcntl(p->fd, F_SETFL, O_NONBLOCK);
    return p;
}

void pty_hang_up(struct pty *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

void pty_kill(struct pty *p)
{
    if (p->status >= 0)
        return;
    kill(p->pid, SIGKILL);
    p->status = child_wait(p->pid, 20000);
    assert_true(p->status >= 0);
}

void pty_done(struct pty *p)
{
    if (p == NULL)
        return;
    pty_hang_up(p);
    pty_kill(p);
    free(p->text);
    free(p);
}

/* One byte of output through the little machine that leaves the letters. */
static void take(struct pty *p, unsigned char c)
{
    switch (p->escape) {
    case NO_ESCAPE:
        if (c == 0x1b) {
            p->escape = AFTER_ESC;
        } else if (c >= 0x20 || c == '\n') {
            p->text[p->len++] = (char)c;
            p->text[p->len] = '\0';
        }
        break;
    case AFTER_ESC:
        if (c == '[')
            p->escape = IN_CSI;
        else if (c == ']' || c == 'P' || c == '_' || c == '^')
            p->escape = IN_STRING;
        else if (c == '(' || c == ')' || c == '*' || c == '+' || c == '#')
            p->escape = AFTER_CHARSET;
        else
            p->escape = NO_ESCAPE;
        break;
    case IN_CSI:
        if (c >= 0x40 && c <= 0x7e)
            p->escape = NO_ESCAPE;
        break;
    case IN_STRING:
        if (c == 0x07)
            p->escape = NO_ESCAPE;
        else if (c == 0x1b)
            p->escape = STRING_ESC;
        break;
    case STRING_ESC:
    case AFTER_CHARSET:
        p->escape = NO_ESCAPE;
        break;
    }
}

/* Reads what there is; false at the end of the program. */
static bool read_some(struct pty *p, int wait_ms)
{
    if (p->fd < 0)
        return false;
    struct pollfd fd = {p->fd, POLLIN, 0};
    if (poll(&fd, 1, wait_ms) <= 0)
        return true;
    char chunk[16384];
    ssize_t n = read(p->fd, chunk, sizeof chunk);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (n <= 0) { /* EIO: nobody has the other side open */
        pty_hang_up(p);
        return false;
    }
    if (p->cap < p->len + (size_t)n + 1) {
        p->cap = 2 * (p->len + (size_t)n + 1);
        p->text = realloc(p->text, p->cap);
        assert_non_null(p->text);
    }
    if (p->output_fn != NULL)
        p->output_fn(chunk, (size_t)n, p->user);
    for (ssize_t i = 0; i < n; i++)
        take(p, (unsigned char)chunk[i]);
    return true;
}

void pty_on_output(struct pty *p, void (*output_fn)(const char *bytes, size_t len, void *user), void *user)
{
    p->output_fn = output_fn;
    p->user = user;
}

bool pty_read(struct pty *p, int wait_ms)
{
    return read_some(p, wait_ms);
}

int pty_fd(const struct pty *p)
{
    return p->fd;
}

void pty_write(struct pty *p, const char *bytes, size_t len)
{
    while (len > 0) {
        if (p->fd < 0)
            fail_msg("the program is gone; it wrote\n%s", p->text);
        ssize_t n = write(p->fd, bytes, len);
        if (n > 0) {
            bytes += n, len -= (size_t)n;
        } else if (n < 0 && errno == EAGAIN) {
            /* the program waits for us to read before it reads on */
            read_some(p, 10);
        } else if (n < 0 && errno != EINTR) {
            fail_msg("cannot write to the program: %s; it wrote\n%s", strerror(errno), p->text);
        }
    }
}

void pty_type(struct pty *p, const char *text)
{
    pty_write(p, text, strlen(text));
}

void pty_resize(struct pty *p, int cols, int rows)
{
    struct winsize size = {.ws_col = (unsigned short)cols, .ws_row = (unsigned short)rows};
    assert_int_equal(ioctl(p->fd, TIOCSWINSZ, &size), 0);
}

bool pty_wait(struct pty *p, const char *text, int deadline_ms)
{
    int64_t end = monotonic_ms() + deadline_ms;
    for (bool alive = true;;) {
        char *at = strstr(p->text + p->seen, text);
        if (at != NULL) {
            p->seen = (size_t)(at - p->text) + strlen(text);
            return true;
        }
        int64_t left = end - monotonic_ms();
        if (left <= 0 || !alive)
            return false;
        alive = read_some(p, (int)left);
    }
}

const char *pty_drain(struct pty *p, int quiet_ms)
{
    for (size_t before = SIZE_MAX; before != p->len;) {
        before = p->len;
        if (!read_some(p, quiet_ms))
            break;
    }
    return p->text;
}

pid_t pty_pid(const struct pty *p)
{
    return p->pid;
}

int pty_status(struct pty *p, int deadline_ms)
{
    int64_t end = monotonic_ms() + deadline_ms;
    while (p->status < 0) {
        read_some(p, 5); /* a full terminal would hold it back */
        p->status = child_wait(p->pid, 0);
        if (p->status < 0 && p->fd < 0)
            pause_ms(2);
        if (monotonic_ms() > end)
            break;
    }
    return p->status;
}
