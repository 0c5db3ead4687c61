/* SPDX-License-Identifier: MIT */
/* The inside of the table, shared by finding and guessing. */
#ifndef CALLDECK_BASE_ZONE_TABLE_H
#define CALLDECK_BASE_ZONE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/zone.h"

/* A name that the directory offers; read once, at the first guess. */
struct zone_candidate {
    char *name;
    char *folded; /* lower case, blanks for _ and -, of the whole name */
    bool listed;  /* in zone.tab: one of today's places, not an older name for one */
};

struct zone_entry {
    char *name;
    struct zone *zone; /* NULL: a miss, with the sentence that tells why */
    enum error_code code;
    char *sentence;
    struct zone_entry *next;
};

enum { ZONE_BUCKETS = 512 };

struct zone_table {
    char *dir;
    struct zone_entry *buckets[ZONE_BUCKETS];
    size_t miss_count;
    bool candidates_read;
    struct zone_candidate *candidates; /* sorted by name */
    size_t candidate_count;
};

/* The whole file, freed by the caller; NULL with errno if it cannot be read, is no file, or is longer than the limit.
 */
char *zone_read_file(const char *path, size_t limit_bytes, size_t *ret_len);

#endif
