/* SPDX-License-Identifier: MIT */
/*
 * One program started without a shell, in a session of its own, which can be waited for in a poll loop.
 *
 * It never touches our terminal: its standard input is /dev/null or a file of ours, its output a pipe or /dev/null.
 * Signals go to the one process that we started and have not yet reaped, so its id cannot have become another's. What that
 * process started in turn (the softphone behind xdg-open, with the call on it) is left alone.
 */
#ifndef CALLDECK_DIAL_CHILD_H
#define CALLDECK_DIAL_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "calldeck/error.h"

struct child {
    pid_t pid;     /* 0: none, or reaped */
    int pidfd;     /* readable when it has ended; -1 where the kernel has none, then child_ended must be asked */
    int output_fd; /* non-blocking, -1 if not captured; the owner closes it */
};

/* input_fd: -1 is /dev/null. IO with a sentence: no such program, not executable, no processes left. */
bool child_start(char *const argv[], int input_fd, bool capture, struct child *ret, struct error *err);
/* Its output goes to output_fd, which stays the caller's: a program that may outlive us must not write into our pipe. */
bool child_start_to(char *const argv[], int output_fd, struct child *ret, struct error *err);
/* As child_start with capture, but what it says on standard error is thrown away: the output is a secret. */
bool child_start_secret(char *const argv[], struct child *ret, struct error *err);
/* Reaps it if it has ended. *ret_status as waitpid gives it. */
bool child_ended(struct child *c, int *ret_status);
void child_signal(const struct child *c, int signal);
/* For the end of a program or a time limit: SIGTERM, a moment, SIGKILL, reaped. Takes at most a second. Closes both fds. */
void child_stop(struct child *c);
/* "failed with 3", "was ended by signal 9 (Killed)"; "" for success. */
enum { CHILD_STATUS_SIZE = 80 };
void child_status_text(int status, char ret[CHILD_STATUS_SIZE]);

#endif
