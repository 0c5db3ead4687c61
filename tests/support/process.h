/* SPDX-License-Identifier: MIT */
/* What terminal and pty share: the clean environment, a clock for deadlines, children that never outlive the tests. */
#ifndef CALLDECK_TEST_PROCESS_H
#define CALLDECK_TEST_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* A NULL-terminated environment: PATH, HOME, XDG_*, TZ, LC_ALL, TERM (NULL: none), sanitizer options, then extra.
 * Freed by environment_free. */
char **environment_new(const char *term, const char *const *extra);
void environment_free(char **env);

int64_t monotonic_ms(void);
void pause_ms(int ms);

/* Ended with SIGKILL at exit, unless reaped before. */
void child_add(pid_t pid);
/* Reap: exit status, or 128 + signal; -1 if it runs on after deadline_ms. */
int child_wait(pid_t pid, int deadline_ms);

/* In a child: the program of argv[0], looked up in PATH; never returns. */
_Noreturn void child_exec(const char *const *argv, char *const *env);

#endif
