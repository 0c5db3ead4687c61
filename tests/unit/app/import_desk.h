/* SPDX-License-Identifier: MIT */
/* A desk to test the import at: a fresh store, the phone module of this build, and files made on the spot. */
#ifndef CALLDECK_TEST_IMPORT_DESK_H
#define CALLDECK_TEST_IMPORT_DESK_H

#include <string.h>

#include "calldeck/import.h"
#include "test.h"

#define DESK_NOW INT64_C(1795430520) /* 2026-11-23T10:42:00Z, a Monday */

struct import_desk {
    struct store *store;
    struct phone_book *book;
    struct zone_table *zones;
    struct policy policy;
    const char *path;
    struct import_report report; /* of the last import; its strings go with the next one */
    struct import_job *job;
};
void import_desk_open(struct import_desk *d, const char *name, const char *country);
void import_desk_reopen(struct import_desk *d); /* as a new process would */
void import_desk_close(struct import_desk *d);
/* The options of an import of this file; maps and the like are the caller's to set. */
struct import_options import_desk_options(struct import_desk *d, const char *path);
/* Runs it to its end; false with the error if it was refused. */
bool import_run(struct import_desk *d, const struct import_options *options, struct error *err);
/* The same for a file that must come in. */
void import_must(struct import_desk *d, const char *path);
/* Writes text to a file of the test's folder and imports it; list "leads". */
void import_text(struct import_desk *d, const char *text);
#define DATA(name) TEST_DATA "/" name

/* The one prospect that search finds by these words; fails if there is none or several. */
int64_t person_of(struct import_desk *d, const char *words);
void card_of(struct import_desk *d, int64_t id, struct arena *a, struct card *ret);
struct str attribute_of(const struct card *card, const char *key);
size_t people_count(struct import_desk *d);
/* Everything that export says of everybody, as one text. */
void everybody(struct import_desk *d, struct buf *out);
void log_outcome(struct import_desk *d, int64_t id, const char *outcome);

/* rows added updated unchanged rejected */
#define assert_counts(d, rows_, added_, updated_, unchanged_, rejected_)                                               \
    assert_report(&(d)->report, rows_, added_, updated_, unchanged_, rejected_, __FILE__, __LINE__)
void assert_report(const struct import_report *r, int64_t rows, int64_t added, int64_t updated, int64_t unchanged,
                   int64_t rejected, const char *file, int line);
#define assert_str(s, text)                                                                                            \
    do {                                                                                                               \
        struct str s_ = (s);                                                                                           \
        if (!str_is(s_, text))                                                                                         \
            fail_msg("%s is \"%.*s\", not \"%s\"", #s, STR_ARG(s_), text);                                             \
    } while (0)
#define must(call)                                                                                                     \
    do {                                                                                                               \
        struct error err_ = {0};                                                                                       \
        struct error *err = &err_;                                                                                     \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", #call, err->text);                                                                      \
    } while (0)

#endif
