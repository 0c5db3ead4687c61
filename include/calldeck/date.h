/* SPDX-License-Identifier: MIT */
/*
 * Days and clocks without a place: the proleptic Gregorian calendar, and ISO 8601.
 *
 * An instant is int64_t seconds since 1970-01-01T00:00Z (`..._at`). A civil time is what a clock on the wall shows; it
 * becomes an instant only with a zone (zone.h). Nothing here reads a clock or the environment.
 */
#ifndef CALLDECK_DATE_H
#define CALLDECK_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/str.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };
/* Latest instant we handle: 9999-12-31T23:59:59Z. Earliest: 0001-01-01T00:00:00Z. */
#define AT_MAX INT64_C(253402300799)
#define AT_MIN INT64_C(-62135596800)
/* "no time": sorts before every real one, is never shown */
#define AT_NONE INT64_MIN

struct civil {
    int year;  /* 1 to 9999 */
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
    int hour, minute, second;
};

enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY }; /* ISO order */
/* A set of weekdays: bit (1u << MONDAY) .. (1u << SUNDAY). */
typedef unsigned weekday_set;

bool civil_valid(const struct civil *c);
/* As if in UTC. Days before 1970 are negative. */
int64_t civil_days(int year, int month, int day);
int64_t civil_to_seconds(const struct civil *c);
struct civil civil_of_seconds(int64_t seconds);
enum weekday civil_weekday(const struct civil *c);
int civil_compare(const struct civil *a, const struct civil *b);
struct civil civil_add_days(struct civil c, int days); /* the same clock time */
const char *weekday_name(enum weekday day);       /* "Mon" */
const char *month_name(int month);                /* "Jan" */
/* A weekday by name or any unambiguous beginning of two letters or more, any case. */
bool weekday_parse(struct str s, enum weekday *ret);
bool month_parse(struct str s, int *ret_month); /* three letters or more */

/* "2026-11-23T10:42:00Z"; always 20 bytes and a NUL for years 1 to 9999. */
enum { ISO_SIZE = 32 };
void iso_format(int64_t at, char ret[ISO_SIZE]);
/* With the offset of a place: "2026-11-23T13:42:00+03:00"; offset_s is rounded to the minute below. */
void iso_format_offset(int64_t at, int offset_s, char ret[ISO_SIZE]);
/* YYYY-MM-DD[ T]HH:MM[:SS[.fraction]](Z|+HH:MM|+HHMM|+HH); the offset is required. */
bool iso_parse(struct str s, int64_t *ret_at);
/* The same without an offset: a civil time. Date alone is midnight and sets *ret_date_only if not NULL. */
bool civil_parse(struct str s, struct civil *ret, bool *ret_date_only);

/* A length of time in words: 90s 15m 3h 2d 1w, several may follow ("1h30m"); bd is business days.
 * Returns false if it is none. Both parts are >= 0. */
struct span {
    int64_t seconds;
    int business_days;
};
bool span_parse(struct str s, struct span *ret);
void span_format(struct span s, struct buf *out); /* span_parse reads it back */

#endif
