/* SPDX-License-Identifier: MIT */
/*
 * A rep at a desk: a call list of invented people in a database of its own, and calldeck in a terminal that can be
 * looked at cell by cell. For the tests that kill, starve and hang up; what a whole screen looks like is for the
 * goldens.
 *
 *     desk_open(&d, "kill", 50) -> rep_start(&d, NULL) -> rep_see(r, "QUEUE", ms) -> rep_type(r, ...) -> rep_done(r)
 */
#ifndef CALLDECK_TEST_REP_H
#define CALLDECK_TEST_REP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <sqlite3.h>

#include "terminal.h"
#include "vt.h"

/* ---- the desk: a database, a configuration, a list ---- */

struct desk {
    char home[200]; /* its own, below test_dir() */
    char db[256];
    char env[8][300];
    const char *environment[9]; /* for program_run and rep_start */
};

/* An empty home whose calling hours are always open, so that a test does not care what time it is. No database yet. */
void desk_open(struct desk *d, const char *name);
/* Adds a line to calldeck.conf. */
void desk_configure(struct desk *d, const char *line);
/* Writes NAME.csv in the home and returns its path (borrowed, kept until exit). People are called by person_name(i). */
const char *desk_write_list(struct desk *d, const char *name, int people);
/* The same, imported into the database: at least so many people are callable now. */
void desk_import_list(struct desk *d, const char *name, int people);
/* A name nobody has, with the number in letters, so that it is found on a screen and nowhere else: "Ada Brock". */
void person_name(int i, char *ret, size_t size);

/* `calldeck --db DB ARGS...`: its exit status; *ret_out may be NULL. */
int desk_run(struct desk *d, char **ret_out, const char *const *args);
#define DESK_RUN(d, ret_out, ...) desk_run((d), (ret_out), (const char *const[]){__VA_ARGS__, NULL})
/* The same, and the test fails with what it said unless the status is 0. Returns the output. */
const char *desk_ask(struct desk *d, const char *const *args);
#define DESK_ASK(d, ...) desk_ask((d), (const char *const[]){__VA_ARGS__, NULL})

/* ---- the file, looked at beside the program ---- */

/* Opened anew each time, read-only. The text of the first column of the first row; NULL: no row, or NULL. Kept until
 * the next call. */
const char *desk_text(struct desk *d, const char *sql);
int64_t desk_number(struct desk *d, const char *sql);
/* PRAGMA quick_check and foreign_key_check find nothing. */
void desk_is_sound(struct desk *d);

/* ---- the rep ---- */

/* Stands on the screen between calls, and only there: a hint of the keys that work then. */
#define DECK_SIGN "S skip"

struct rep;

/* args: behind --db DB, NULL: none. */
struct rep *rep_start_sized(struct desk *d, int cols, int rows, const char *const *args);
struct rep *rep_start(struct desk *d, const char *const *args); /* 80x24 */
/* Started by another program, such as a shell that first ignores a signal: wrapper is its argv, calldeck's own follows.
 */
struct rep *rep_start_behind(struct desk *d, int cols, int rows, const char *const *wrapper, const char *const *args);
void rep_done(struct rep *r); /* kills what still runs; NULL is fine */
struct pty *rep_pty(struct rep *r);
struct vt *rep_vt(struct rep *r);
pid_t rep_pid(struct rep *r);

/* Bytes as typed; Enter is "\r", Tab "\t", Esc "\033". */
void rep_type(struct rep *r, const char *text);
/* Reads what was painted, for at most wait_ms; false: the program has ended. */
bool rep_look(struct rep *r, int wait_ms);
/* Waits until the text (plain, no pattern) is on the screen; fails the test with the screen after deadline_ms. */
void rep_see(struct rep *r, const char *text, int deadline_ms);
void rep_see_gone(struct rep *r, const char *text, int deadline_ms);
/* false instead of a failure. */
bool rep_sees(struct rep *r, const char *text, int deadline_ms);
bool rep_shows(struct rep *r, const char *text); /* now, without reading */
/* Waits until the cursor stands behind the word. */
void rep_see_typed(struct rep *r, const char *word, int deadline_ms);
/* The whole screen on stderr: cmocka cuts what a failure says. */
void rep_print(struct rep *r);
/* A card has just come: type-ahead is dropped and Enter does nothing for 400 ms. Waits until it does. */
void rep_settle(struct rep *r);
int rep_status(struct rep *r, int deadline_ms); /* exit status, 128 + signal, -1 */
/* The program knows every byte that it writes was understood here. */
void rep_screen_was_understood(struct rep *r);

#endif
