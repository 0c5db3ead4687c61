/* SPDX-License-Identifier: MIT */
/*
 * What the law of a place allows, as data: calling hours, calls in a day and a month, consent, registries, refusals,
 * public holidays. The tables are assets/windows, embedded by the build, so that no program runs without them.
 *
 * Where a state has rows of its own, the country's hold as well: the stricter side of every two rows wins. That is also how
 * a row that nobody verified is used; it is marked, so that a person can see on what an answer rests.
 *
 * Pure: text in, answers out. Invariant: a law never opens an hour that one of its rows closes.
 */
#ifndef CALLDECK_LAW_H
#define CALLDECK_LAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

/* Hours of one day, in order, apart: seconds on the clock there; an end may be 86400. */
enum { HOURS_MOST = 6 };
struct hours {
    int count;
    struct {
        int start_s, end_s;
    } at[HOURS_MOST];
};
struct hours hours_both(struct hours a, struct hours b); /* what lies in both */

enum audience { AUDIENCE_UNSAID, AUDIENCE_BUSINESS, AUDIENCE_CONSUMER };
const char *audience_name(enum audience audience); /* "", "business", "consumer" */
bool audience_parse(struct str s, enum audience *ret);

enum { LAW_DAY_NONE = INT32_MAX, LAW_DAY_ALWAYS = INT32_MIN };
enum { LAW_HOLIDAY = 7, LAW_DAYS = 8, LAW_SPANS = 3 };

struct law_row {              /* a line of windows.csv */
    char country[3], region[4];
    struct str day, source, checked_on; /* "mon-fri", "holiday", "2026-02-18..2026-03-19" */
    weekday_set days;
    bool holiday;
    int32_t from_day, to_day; /* dated: days since 1970; else LAW_DAY_NONE */
    struct hours hours;
    bool business, consumer;  /* whom it speaks of */
    bool verified;
};
struct law_day {
    struct hours hours;
    const struct law_row *row; /* the nearest row that said so; NULL: no row does */
    bool verified;             /* every row that took part is */
    bool borrowed;             /* the day has no row of its own: it took the country's, or the country's other days' */
};
struct law_limits {
    int attempts[LAW_SPANS];   /* calls placed in 24 h, 7 d, 30 d; 0: no limit */
    int unanswered[LAW_SPANS]; /* ... of those that nobody answered */
    int refusal_days;          /* 0: nothing, -1: never again */
    int32_t consent_from;      /* a day; LAW_DAY_NONE: not asked for */
    int registry_days;         /* the registry may be so old; 0: none asked for */
    bool verified;
};
extern const int law_span_s[LAW_SPANS];

struct law {
    char country[3], region[4];              /* region "" is the whole country */
    struct law_day day[2][LAW_DAYS];         /* [consumer] */
    struct law_limits limits[2];             /* [consumer] */
    const struct law_row *const *dated;      /* rows with dates, of the country and the region */
    size_t dated_count;
};

struct law_book;
/* The shipped tables. Never NULL: the build tested them. */
struct law_book *law_book_new(void);
/* Other tables (tests). DATA names the line. The texts are copied. */
struct law_book *law_book_read(struct str windows, struct str rules, struct str holidays, struct error *err);
void law_book_free(struct law_book *book);
unsigned law_book_edition(const struct law_book *book); /* another one when a byte of the tables is another */

/* The region's, else the country's; NULL: no rows, the list's own hours hold. */
const struct law *law_find(const struct law_book *book, struct str country, struct str region);
const struct law_row *law_rows(const struct law_book *book, size_t *ret_count);

/* Public holidays of a country as days since 1970, in order; count 0 where none are known. */
struct holidays {
    const int32_t *days;
    size_t count;
};
struct holidays holidays_of(const struct law_book *book, struct str country);
bool holidays_has(struct holidays h, int32_t day);
struct str holiday_name(const struct law_book *book, struct str country, int32_t day);

#endif
