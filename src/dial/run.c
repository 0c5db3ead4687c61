/* SPDX-License-Identifier: MIT */
/*
 * Runs a small program once and waits for it: the copy command.
 *
 * The text lies in a memory file that becomes the program's standard input. A pipe would need to be fed, could block, and
 * would raise SIGPIPE when the program does not read.
 */
#include "calldeck/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "child.h"
#include "template.h"

static int input_file(struct str input)
{
    int fd = memfd_create("calldeck-input", MFD_CLOEXEC);
    if (fd < 0)
        return -1;
    for (size_t done = 0; done < input.len;) {
        ssize_t n = write(fd, input.at + done, input.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            close(fd);
            return -1;
        }
        done += (size_t)n;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* The kernel keeps the time: no clock is read on this floor. */
static int timer_start(int timeout_ms)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd < 0)
        return -1;
    if (timeout_ms < 1)
        timeout_ms = 1;
    struct itimerspec end = {.it_value = {.tv_sec = timeout_ms / 1000, .tv_nsec = timeout_ms % 1000 * 1000000L}};
    if (timerfd_settime(fd, 0, &end, NULL) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* false: the time is up. */
static bool wait_for(struct child *c, int timer, int *ret_status)
{
    for (;;) {
        if (child_ended(c, ret_status))
            return true;
        struct pollfd fds[] = {{.fd = timer, .events = POLLIN}, {.fd = c->pidfd, .events = POLLIN}};
        if (poll(fds, 2, c->pidfd < 0 ? 20 : -1) > 0 && fds[0].revents != 0)
            return child_ended(c, ret_status);
    }
}

static bool run(char *const argv[], struct str input, int timeout_ms, struct error *err)
{
    int file = input_file(input);
    if (file < 0)
        return error_set(err, ERR_IO, "cannot run \"%s\": %s", argv[0], strerror(errno));
    int timer = timer_start(timeout_ms);
    struct child c = {.pidfd = -1, .output_fd = -1};
    bool ok = timer >= 0 ? child_start(argv, file, false, &c, err)
                         : error_set(err, ERR_IO, "cannot run \"%s\": %s", argv[0], strerror(errno));
    if (ok) {
        int status = 0;
        char how[CHILD_STATUS_SIZE];
        if (!wait_for(&c, timer, &status)) {
            child_stop(&c);
            ok = error_set(err, ERR_IO, "\"%s\" ran longer than %d ms and was ended", argv[0], timeout_ms);
        } else {
            child_status_text(status, how);
            if (how[0] != '\0')
                ok = error_set(err, ERR_IO, "\"%s\" %s", argv[0], how);
        }
    }
    if (timer >= 0)
        close(timer);
    close(file);
    return ok;
}

bool command_run(const char *command, struct str input, int timeout_ms, struct error *err)
{
    struct template t = {0};
    struct arena memory = {0};
    bool ok = template_parse_plain(str_of(command), &t, err);
    if (ok)
        ok = run(template_argv_plain(&t, &memory), input, timeout_ms, err);
    arena_done(&memory);
    template_done(&t);
    return ok;
}
