/* SPDX-License-Identifier: MIT */
/*
 * The commands without a screen: what scripts rely on (names, options, JSON keys, exit codes).
 *
 * One table of commands (src/cli/commands.def) makes the parser, the dispatch, the help and the manual. Data goes to
 * out_fd, messages to err_fd. The clock is read by the caller; `--at` replaces it for a whole command.
 *
 * Exit codes: 0 done, 1 refused or not found, 2 words that are off, 65 a file whose content cannot be used, 74 disk, 75
 * locked. Whoever reads the output may go away early: that is no fault (the caller ignores SIGPIPE).
 */
#ifndef CALLDECK_CLI_H
#define CALLDECK_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/app.h"
#include "calldeck/error.h"

struct cli_port {
    void *user;
    int in_fd, out_fd, err_fd;
    int64_t now;                       /* UTC seconds when the program began */
    int64_t (*now_ms)(void *user);     /* monotonic; NULL: imports work in short slices and show no seconds */
    /* Runs the dashboard until the rep leaves it. port, cols, rows are the callee's; config is read after app_new (NULL: none).
     * NULL: this build has no screen. */
    bool (*dashboard)(struct app_options *options, const char *config, struct error *err, void *user);
};
/* argv as main gets it. Returns the exit status. */
int cli_run(const struct cli_port *port, int argc, const char *const *argv);

/* The manual's tables, from the same rows: a line each of "command", "option". */
void cli_help(struct buf *out);
bool cli_help_of(const char *command, struct buf *out); /* false: no such command */

#endif
