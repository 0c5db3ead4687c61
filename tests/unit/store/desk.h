/* SPDX-License-Identifier: MIT */
/* A desk to test the store at: a fresh file, invented people, calls with an outcome. Every helper fails the test itself. */
#ifndef CALLDECK_TEST_DESK_H
#define CALLDECK_TEST_DESK_H

#include "calldeck/store.h"
#include "test.h"

#define DESK_NOW INT64_C(1795430520) /* 2026-11-23T10:42:00Z, a Monday */

extern const struct store_options desk_options; /* STORE_CREATE, no zones but the machine's, rep "dana" */
struct store *desk_open(const char *path);       /* makes the file if it is not there */
struct store *desk_open_as(const char *path, enum store_mode mode, struct error *err); /* NULL as store_open */
void desk_close(struct store *s);

struct desk_person {
    const char *name, *company, *phone, *mail;
};
int64_t desk_add(struct store *s, const char *list, struct desk_person person);
/* A logged call with this outcome; returns the touch. */
int64_t desk_log(struct store *s, int64_t prospect, const char *outcome, int64_t at, const char *note);
/* How many files of a folder begin so. */
int desk_files(const char *folder, const char *front);

/* Lines that a verb says. */
struct desk_lines {
    char text[64][256];
    int count;
};
void desk_line(const char *line, void *user);
bool desk_said(const struct desk_lines *lines, const char *part);

#define assert_done(call)                                                                                              \
    do {                                                                                                               \
        struct error err_ = {0};                                                                                       \
        struct error *err = &err_;                                                                                     \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", #call, err->text);                                                                      \
    } while (0)
#define assert_refused(call, error_code_, part)                                                                        \
    do {                                                                                                               \
        struct error err_ = {0};                                                                                       \
        struct error *err = &err_;                                                                                     \
        if (call)                                                                                                      \
            fail_msg("%s: done", #call);                                                                               \
        if (err->code != (error_code_) || strstr(err->text, (part)) == NULL)                                           \
            fail_msg("%s: %d \"%s\"", #call, (int)err->code, err->text);                                               \
    } while (0)

#endif
