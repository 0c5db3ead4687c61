/* SPDX-License-Identifier: MIT */
/*
 * Lines from a program that may send anything: a line of more than LINE_MOST bytes is dropped while it comes, so that it
 * costs no memory, and told once.
 */
#include "api.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { READ_BYTES = 64 * 1024, QUIET_MS = 20 };

static bool cut_line(struct lines *l, struct str *ret)
{
    struct str rest = str_skip(buf_str(&l->in), l->looked);
    size_t end = str_find(rest, '\n');
    if (end == rest.len) {
        l->looked = l->in.len;
        return false;
    }
    *ret = str_make(l->in.at + l->from, l->looked - l->from + end);
    l->from = l->looked = l->looked + end + 1;
    return true;
}

bool lines_wait(const struct lines *l)
{
    struct str rest = str_skip(buf_str(&l->in), l->looked);
    return str_find(rest, '\n') < rest.len;
}

/* Quiet for a while: there is time for upkeep. */
static void wait_input(const struct lines *l, bool (*idle)(void *user), void *user)
{
    struct pollfd p = {.fd = l->fd, .events = POLLIN};
    while (poll(&p, 1, QUIET_MS) == 0)
        if (!idle(user)) {
            poll(&p, 1, -1);
            return;
        }
}

static bool read_more(struct lines *l, bool (*idle)(void *user), void *user)
{
    if (l->from != 0) { /* the line that was borrowed is done with */
        buf_splice(&l->in, 0, l->from, "", 0);
        l->looked -= l->from;
        l->from = 0;
    }
    wait_input(l, idle, user);
    char room[READ_BYTES];
    ssize_t got = read(l->fd, room, sizeof room);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    l->ended = got == 0;
    buf_add(&l->in, room, (size_t)got);
    return true;
}

enum line_kind lines_next(struct lines *l, struct str *ret, bool (*idle)(void *user), void *user)
{
    for (;;) {
        bool whole = cut_line(l, ret);
        if (!whole && l->ended && l->in.len > l->from) { /* the last one, without its newline */
            *ret = str_skip(buf_str(&l->in), l->from);
            l->from = l->looked = l->in.len;
            whole = true;
        }
        if (whole || (l->ended && l->skipping)) {
            bool dropped = l->skipping || ret->len > LINE_MOST;
            l->skipping = false;
            return dropped ? LINE_TOO_LONG : LINE_WHOLE;
        }
        if (l->ended)
            return LINE_END;
        if (l->in.len - l->from > LINE_MOST) {
            l->skipping = true;
            l->from = l->looked = l->in.len;
        }
        if (!read_more(l, idle, user))
            return LINE_FAILED;
    }
}
