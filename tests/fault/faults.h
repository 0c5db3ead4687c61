/* SPDX-License-Identifier: MIT */
/*
 * The n-th allocation, write, sync or open of SQLite fails: once, or from then on. Nothing fails until it is told to.
 *
 * Both are installed before the program's first use of SQLite; the disk is a VFS of its own, "fault".
 */
#ifndef CALLDECK_TEST_FAULTS_H
#define CALLDECK_TEST_FAULTS_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/store.h"

/* ---- memory ---- */

/* after: how many succeed first. */
void memory_fail(int64_t after, bool forever);
/* Back to normal; how many allocations were refused. */
int64_t memory_restore(void);
/* For a look in the middle of it. */
void memory_pause(bool pause);

/* ---- disk ---- */

enum disk_verb { DISK_OPEN, DISK_READ, DISK_WRITE, DISK_SYNC, DISK_TRUNCATE, DISK_DELETE, DISK_VERB_COUNT_ };
const char *disk_verb_name(enum disk_verb verb);
/* code: what SQLite is told, SQLITE_FULL or an SQLITE_IOERR_... */
void disk_fail(enum disk_verb verb, int64_t after, bool forever, int code);
int64_t disk_restore(void);
/* Every sync of a file leaves a copy of it as FILE.synced: what a power cut at this moment would leave. */
void disk_keep_synced(bool keep);

/* ---- what is in a file ---- */

/* A number for the whole content of a database, but for the search index; another content, another number. */
uint64_t content_of(const char *path);
int64_t count_in(const char *path, const char *sql);
void copy_file(const char *from, const char *to);

/* ---- the work of a rep, one verb each ---- */

struct work {
    const char *name;
    bool writes;
    /* answer: a number for what it said, the same each time (reads) */
    bool (*run)(struct store *s, uint64_t *answer, struct error *err);
};
extern const struct work works[];
extern const int works_count;
/* A closed file with people in every state; made once, copied for each try. */
const char *pristine(void);

#endif
