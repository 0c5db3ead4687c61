/* SPDX-License-Identifier: MIT */
/*
 * What the files behind zone.h share: the inside of a zone, and the rule at the end of a TZif file.
 *
 * A zone is a row of stretches [from, until), each with one offset. The listed changes give the first ones, the POSIX
 * rule all that follow the last change. Invariants: changes_at ascends strictly; every type index is in range; every
 * offset lies within (-25 h, 26 h), the limits of RFC 9636.
 */
#ifndef CALLDECK_BASE_TZ_H
#define CALLDECK_BASE_TZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/str.h"

enum { TZ_OFFSET_MIN = -25 * HOUR_S + 1, TZ_OFFSET_MAX = 26 * HOUR_S - 1, TZ_ABBR_SIZE = 16 };

/* The day of a rule, in one of the three forms of POSIX. */
struct tz_day {
    enum { TZ_JULIAN, TZ_DAY_OF_YEAR, TZ_WEEKDAY } form; /* Jn without Feb 29, n with it, Mm.w.d */
    int day;                                             /* 1..365, 0..365; 0 (Sunday) .. 6 */
    int month, week;                                     /* 1..12, 1..5 (5: the last); TZ_WEEKDAY only */
    int time_s;                                          /* on the clock before the change; may be < 0 or > DAY_S */
};

struct tz_rule {
    bool has_dst;
    int offset_s, dst_offset_s;
    char abbr[TZ_ABBR_SIZE], dst_abbr[TZ_ABBR_SIZE];
    struct tz_day start, end; /* of daylight saving time */
};

struct tz_stretch {
    int64_t from, until; /* INT64_MIN, INT64_MAX: no end */
    int offset_s;
    const char *abbr; /* borrowed from the rule or the zone */
};

/* "CET-1CEST,M3.5.0,M10.5.0/3", "<+03>-3". False if it is none; *ret is then untouched. */
bool tz_rule_parse(struct str s, struct tz_rule *ret);
/* The stretch that holds at. */
struct tz_stretch tz_rule_stretch(const struct tz_rule *rule, int64_t at);

struct tz_type {
    int offset_s;
    unsigned char abbr; /* where it begins in abbrs */
};

struct zone {
    char *name;
    size_t change_count;
    int64_t *changes_at;
    unsigned char *change_types;
    struct tz_type types[256];
    char abbrs[257]; /* always ends in NUL */
    bool has_rule;
    struct tz_rule rule;
};

/* A zone that follows one rule at all times; NULL if the rule cannot be read. */
struct zone *zone_of_rule(const char *name, struct str rule);
struct tz_stretch zone_stretch(const struct zone *z, int64_t at);

#endif
