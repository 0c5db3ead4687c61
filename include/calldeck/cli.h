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
#include "calldeck/frame.h"

struct cli_port {
    void *user;
    int in_fd, out_fd, err_fd;
    int64_t now;                       /* UTC seconds when the program began */
    int64_t (*now_ms)(void *user);     /* monotonic; NULL: imports work in short slices and show no seconds */
    /* The screen of the dashboard: opened once the database is, closed before anything else is said.
     * measure and screenshot are cli's. NULL: there is none. */
    const struct app_port *screen;
    bool (*screen_open)(int *ret_cols, int *ret_rows, struct error *err, void *user);
    void (*screen_close)(void *user);
};
/* argv as main gets it. Returns the exit status. */
int cli_run(const struct cli_port *port, int argc, const char *const *argv);

/* The editor of the rep's choice ($EDITOR, split at blanks, no shell) on a file, until it is left. The caller has given the
 * terminal away. IO with a sentence. */
bool editor_run(const char *path, struct error *err);

/* The place of the setting's word in "auto 256 16 8 mono", which is the order of enum term_colours. */
int screen_colours(const struct settings *settings);
/* What a frame's cell means under the mouse; false: nothing. */
bool screen_click(const struct frame *frame, int col, int row, struct app_click *ret);

/* The help, from the rows that parse. */
void cli_help(struct buf *out);
bool cli_help_of(const char *command, struct buf *out); /* false: no such command */

#endif
