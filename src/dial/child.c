/* SPDX-License-Identifier: MIT */
/* Starts, watches and ends one program; child.h says what it promises. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { STOP_WAIT_MS = 200 };

static bool pipe_open(int ret[2], struct error *err)
{
    if (pipe2(ret, O_CLOEXEC) != 0)
        return error_set(err, ERR_IO, "cannot open a pipe: %s", strerror(errno));
    /* only our end: a program whose own output would block is not surprised by EAGAIN */
    if (fcntl(ret[0], F_SETFL, O_NONBLOCK) != 0) {
        error_set(err, ERR_IO, "cannot open a pipe: %s", strerror(errno));
        close(ret[0]);
        close(ret[1]);
        return false;
    }
    return true;
}

static int actions_fill(posix_spawn_file_actions_t *actions, int input_fd, int output_fd, bool errors_too)
{
    int failed = input_fd >= 0 ? posix_spawn_file_actions_adddup2(actions, input_fd, STDIN_FILENO)
                               : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (failed == 0)
        failed = output_fd >= 0 ? posix_spawn_file_actions_adddup2(actions, output_fd, STDOUT_FILENO)
                                : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (failed == 0)
        failed = errors_too ? posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO)
                            : posix_spawn_file_actions_addopen(actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    /* everything of ours is close-on-exec, but a library's descriptor may not be */
    if (failed == 0)
        failed = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return failed;
}

static int attributes_fill(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int failed = posix_spawnattr_setflags(attributes,
                                          POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    if (failed == 0)
        failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (failed == 0)
        failed = posix_spawnattr_setsigmask(attributes, &none);
    return failed;
}

/* posix_spawnp and not execvp: that one hands a file without a #! line to a shell. */
static int spawn(char *const argv[], int input_fd, int output_fd, bool errors_too, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = actions_fill(&actions, input_fd, output_fd, errors_too);
        if (failed == 0)
            failed = attributes_fill(&attributes);
        if (failed == 0)
            failed = posix_spawnp(ret_pid, argv[0], &actions, &attributes, argv, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool spawn_failed(int failed, const char *program, struct error *err)
{
    if (failed == ENOENT)
        return error_set(err, ERR_IO, "cannot run \"%s\": there is no such program; install it or change the setting", program);
    return error_set(err, ERR_IO, "cannot run \"%s\": %s", program, strerror(failed));
}

static bool start(char *const argv[], int input_fd, bool capture, bool errors_too, struct child *ret, struct error *err)
{
    int ends[2] = {-1, -1};
    if (capture && !pipe_open(ends, err))
        return false;
    pid_t pid = 0;
    int failed = spawn(argv, input_fd, ends[1], errors_too, &pid);
    if (capture)
        close(ends[1]);
    if (failed != 0) {
        if (capture)
            close(ends[0]);
        return spawn_failed(failed, argv[0], err);
    }
    *ret = (struct child){.pid = pid, .pidfd = pidfd_open(pid, 0), .output_fd = ends[0]};
    return true;
}

bool child_start(char *const argv[], int input_fd, bool capture, struct child *ret, struct error *err)
{
    return start(argv, input_fd, capture, true, ret, err);
}

bool child_start_secret(char *const argv[], struct child *ret, struct error *err)
{
    return start(argv, -1, true, false, ret, err);
}

bool child_start_to(char *const argv[], int output_fd, struct child *ret, struct error *err)
{
    pid_t pid = 0;
    int failed = spawn(argv, -1, output_fd, true, &pid);
    if (failed != 0)
        return spawn_failed(failed, argv[0], err);
    *ret = (struct child){.pid = pid, .pidfd = pidfd_open(pid, 0), .output_fd = -1};
    return true;
}

bool child_ended(struct child *c, int *ret_status)
{
    if (c->pid == 0)
        return false;
    int status = 0;
    pid_t got;
    do
        got = waitpid(c->pid, &status, WNOHANG);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        return false;
    /* somebody else reaped it (SIGCHLD ignored): it has ended, and how is not known */
    *ret_status = got == c->pid ? status : 0;
    c->pid = 0;
    if (c->pidfd >= 0)
        close(c->pidfd);
    c->pidfd = -1;
    return true;
}

void child_signal(const struct child *c, int signal)
{
    if (c->pid > 0)
        kill(c->pid, signal);
}

static bool wait_end(struct child *c, int wait_ms)
{
    int status;
    for (int waited = 0; waited < wait_ms; waited += 20) {
        if (child_ended(c, &status))
            return true;
        struct pollfd end = {.fd = c->pidfd, .events = POLLIN};
        poll(&end, 1, 20);
    }
    return child_ended(c, &status);
}

void child_stop(struct child *c)
{
    if (c->pid > 0) {
        child_signal(c, SIGTERM);
        if (!wait_end(c, STOP_WAIT_MS)) {
            child_signal(c, SIGKILL);
            wait_end(c, STOP_WAIT_MS);
        }
    }
    if (c->pidfd >= 0)
        close(c->pidfd);
    if (c->output_fd >= 0)
        close(c->output_fd);
    *c = (struct child){.pidfd = -1, .output_fd = -1};
}

void child_status_text(int status, char ret[CHILD_STATUS_SIZE])
{
    ret[0] = '\0';
    if (WIFSIGNALED(status))
        snprintf(ret, CHILD_STATUS_SIZE, "was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
        snprintf(ret, CHILD_STATUS_SIZE, "failed with %d", WEXITSTATUS(status));
}
