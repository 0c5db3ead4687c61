/* SPDX-License-Identifier: MIT */
/*
 * Time zones, read from TZif files (RFC 8536) by our own reader.
 *
 * libc's tzset is process-global and costs 9 to 19 us a zone; a queue looks at dozens of zones a screen. The reader
 * takes the 64-bit block and the POSIX rule at the file's end, which 128 zones need for any date after their last
 * listed change. A zone is loaded once and kept in its table; pointers stay valid as long as the table.
 *
 * Files are input like any other: a damaged or hostile one is refused with a sentence, never read past its end.
 */
#ifndef CALLDECK_ZONE_H
#define CALLDECK_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

struct zone;
struct zone_table;

/* dir: NULL takes $TZDIR, else /usr/share/zoneinfo. Nothing is read before the first zone_find. */
struct zone_table *zone_table_new(const char *dir);
void zone_table_free(struct zone_table *t);

/* By IANA name ("Asia/Riyadh", exact) or NULL: unknown, not a name ("../x", "/x"), unreadable or damaged (err says which).
 * "UTC" is always there, also without any file. Misses are remembered too. */
const struct zone *zone_find(struct zone_table *t, struct str name, struct error *err);
/* What a person types: any case, blanks for underscores, the city alone if it is unique ("dubai", "new york"),
 * a large city that tzdata lacks ("jeddah"), American zone words ("eastern", "pst"), whole-hour offsets ("utc+3").
 * NULL with a sentence naming up to five candidates if several match. */
const struct zone *zone_guess(struct zone_table *t, struct str words, struct error *err);
/* The machine's own zone: $TZ if it names a zone, else /etc/localtime's link, else /etc/timezone, else UTC. Never NULL. */
const struct zone *zone_local(struct zone_table *t);

/* Parse bytes of a TZif file; used by the table and the fuzzer. Free with zone_free. */
struct zone *zone_parse(const char *name, const void *data, size_t len, struct error *err);
void zone_free(struct zone *z);

const char *zone_name(const struct zone *z);
/* Seconds east of UTC at that instant. Any instant is allowed. *ret_abbr (may be NULL): "CEST", borrowed from the zone. */
int zone_offset(const struct zone *z, int64_t at, const char **ret_abbr);
struct civil zone_civil(const struct zone *z, int64_t at);

enum zone_fit {
    ZONE_ONCE, /* the usual case */
    ZONE_GAP,  /* the clocks jump over it: *ret_at is the first instant after the gap */
    ZONE_FOLD, /* it happens twice: *ret_at is the first of the two */
};
/* The instant of a wall time. *ret_second (may be NULL): the later of the two at a fold, else the same. */
enum zone_fit zone_instant(const struct zone *z, const struct civil *wall, int64_t *ret_at, int64_t *ret_second);
/* 00:00 (or the first instant after a gap there) of the day that contains at, moved by add_days. */
int64_t zone_day_start(const struct zone *z, int64_t at, int add_days);

#endif
