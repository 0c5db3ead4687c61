/* SPDX-License-Identifier: MIT */
/* Runs a command in this process, with a clock of its own, and reads its JSON back. Every helper fails the test itself. */
#ifndef CALLDECK_TEST_COMMAND_H
#define CALLDECK_TEST_COMMAND_H

#include <stdint.h>

#include "calldeck/cli.h"
#include "test.h"

#define MONDAY_NOON INT64_C(1795435200) /* 2026-11-23T12:00:00Z */

struct ran {
    int status;
    char *out, *err; /* freed by the next test's first run */
};
/* "log 1 no-answer --note 'two words'": words by blanks, single quotes group. A database of the test's own comes first:
 * fresh() begins another. The rep is dana, the zone UTC. */
struct ran run(const char *words, ...) __attribute__((format(printf, 1, 2)));
struct ran run_at(int64_t now, const char *words);
/* The same, and the status must be this one: a message that holds `part` came (NULL: nothing was said). */
void run_refused(int status, const char *part, const char *words);
char *run_ok(const char *words, ...) __attribute__((format(printf, 1, 2))); /* its output; status 0, silent */
const char *database_path(void);
const char *fresh(void); /* the path of the new database, which is not there yet */
void fresh_with(const char *csv); /* ... and this file imported into list "people" */

/* A value of the n-th line (from 0) by path: "phones.0.number". "" when there is no such; fails if a line is no JSON object.
 * Strings come decoded, numbers and words as written, objects and arrays whole. In a buffer of the caller's. */
enum { VALUE_SIZE = 4096 };
bool json_value(const char *lines, int n, const char *path, char ret[VALUE_SIZE]);
void assert_value(const char *lines, int n, const char *path, const char *expected);
/* The keys of the n-th line, separated by blanks, in order. */
void assert_keys(const char *lines, int n, const char *expected);
int lines_of(const char *text);

#endif
