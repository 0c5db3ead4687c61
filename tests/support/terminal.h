/* SPDX-License-Identifier: MIT */
/*
 * Programs under test in a terminal of their own: `terminal` is a tmux server with one pane, which can tell what is on
 * the screen; `pty` is a bare pseudo-terminal, which is quicker and tells only what was written.
 *
 * Both start the program in a clean environment: HOME and the XDG directories lie in test_dir(), TZ is UTC, LC_ALL is
 * C.UTF-8. `env` adds to it or replaces ("NAME=value", NULL at the end; NULL: nothing).
 * Nothing here sleeps for a time and hopes: waits have a state to wait for and a deadline, and fail the test with the
 * screen when it passes. Whatever a failing test leaves behind is ended at exit, by process id.
 */
#ifndef CALLDECK_TEST_TERMINAL_H
#define CALLDECK_TEST_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct terminal;

/* term: what TERM says to the program; NULL is tmux-256color. argv ends in NULL. */
struct terminal *terminal_start(int cols, int rows, const char *term, const char *const *env, const char *const *argv);
/* Ends the server, and the program with it (SIGHUP). NULL is allowed. */
void terminal_done(struct terminal *t);

/* Keys in the notation of calldeck/key.h: Enter Tab Esc M-x C-x F2 n 'text' Paste'text' Resize:80x24 Wait:50, separated by
 * blanks; two quotes inside a text are one. */
void terminal_keys(struct terminal *t, const char *keys);
/* Every byte as it is, as if typed. */
void terminal_type(struct terminal *t, const char *text);
/* As a terminal pastes: bracketed, if the program asked for it. */
void terminal_paste(struct terminal *t, const char *text);
void terminal_resize(struct terminal *t, int cols, int rows);

/* The screen as text, a line a row, without blanks at the ends of rows. Borrowed until the next call on t. */
const char *terminal_screen(struct terminal *t);
/* The same with the escape sequences of colours and attributes. */
const char *terminal_screen_styled(struct terminal *t);
void terminal_cursor(struct terminal *t, int *ret_col, int *ret_row);

/*
 * Wait until the screen matches the extended regular expression (^ and $ are at rows) and holds still: a match that
 * comes and goes is no match. Returns the screen; fails the test after deadline_ms.
 */
const char *terminal_wait(struct terminal *t, const char *regex, int deadline_ms);
/* Wait until it no longer matches. */
const char *terminal_wait_gone(struct terminal *t, const char *regex, int deadline_ms);
/* Whether the screen matches right now. */
bool terminal_shows(struct terminal *t, const char *regex);

/* The program's process id; also after it ended. */
pid_t terminal_pid(struct terminal *t);
/* A signal to the program. After SIGKILL the screen still shows what was painted. */
void terminal_kill_pid(struct terminal *t, int signal_number);
/* Wait for the program's end: its exit status, or 128 + signal. */
int terminal_status(struct terminal *t, int deadline_ms);

struct pty;

struct pty *pty_start(int cols, int rows, const char *term, const char *const *env, const char *const *argv);
/* Closes the terminal, kills the program if it still runs, reaps it. NULL is allowed. */
void pty_done(struct pty *p);
void pty_write(struct pty *p, const char *bytes, size_t len);
void pty_type(struct pty *p, const char *text);
void pty_resize(struct pty *p, int cols, int rows);
/*
 * Read until the text was written by the program, counted from the end of the last match; escape sequences between its
 * letters do not matter. false after deadline_ms or when the program's end was read.
 */
bool pty_wait(struct pty *p, const char *text, int deadline_ms);
/* Read what is there and what comes within quiet_ms of silence. Returns all text since the start, escapes taken out;
 * borrowed until the next call on p. */
const char *pty_drain(struct pty *p, int quiet_ms);
/* Every byte that is read goes to fn first, escape sequences and all: a struct vt makes a screen of them. NULL: to nobody. */
void pty_on_output(struct pty *p, void (*output_fn)(const char *bytes, size_t len, void *user), void *user);
/* Read what comes within wait_ms; false at the program's end. */
bool pty_read(struct pty *p, int wait_ms);
/* Our end, for tcgetattr: what the program left set on its terminal. -1 after a hang-up. */
int pty_fd(const struct pty *p);
/* Close our end: the program's terminal is gone. */
void pty_hang_up(struct pty *p);
pid_t pty_pid(const struct pty *p);
/* Wait for the program's end: its exit status, or 128 + signal; -1 after deadline_ms. */
int pty_status(struct pty *p, int deadline_ms);
/* SIGKILL, and reap. */
void pty_kill(struct pty *p);

/* Run argv in the clean environment without a terminal. Returns the exit status or 128 + signal; *ret_out and *ret_err
 * (either may be NULL) are what it wrote, freed at exit. */
int program_run(const char *const *env, const char *const *argv, const char *input, char **ret_out, char **ret_err);

#endif
