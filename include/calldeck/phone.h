/* SPDX-License-Identifier: MIT */
/*
 * What a number is, and where it and an address lie.
 *
 * Parsing is libphonenumber behind one shared object (lib/calldeck/phone.so) that is opened on the first phone_parse:
 * linked in, it would double the start-up of a program that mostly reads numbers that are already clean.
 * Facts are plain files in assets/zones, read on first use.
 *
 * Not here: whether a number may be dialled (dial.h) or is suppressed (store.h).
 */
#ifndef CALLDECK_PHONE_H
#define CALLDECK_PHONE_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/arena.h"
#include "calldeck/date.h"
#include "calldeck/error.h"
#include "calldeck/str.h"
#include "calldeck/zone.h"

enum phone_type { PHONE_UNKNOWN, PHONE_FIXED, PHONE_MOBILE, PHONE_FIXED_OR_MOBILE, PHONE_TOLL_FREE, PHONE_PREMIUM,
                  PHONE_SHARED_COST, PHONE_VOIP, PHONE_PERSONAL, PHONE_PAGER, PHONE_UAN, PHONE_VOICEMAIL, PHONE_TYPE_COUNT_ };
const char *phone_type_name(enum phone_type type); /* "fixed", "mobile", ...: what the store keeps */

enum { E164_SIZE = 17, REGION_SIZE = 3, NATIONAL_SIZE = 40, EXTENSION_SIZE = 24 };
struct phone_number {
    char e164[E164_SIZE];         /* "+966501234567": strict, ^\+[1-9][0-9]{6,14}$ */
    char national[NATIONAL_SIZE]; /* "050 123 4567" */
    char region[REGION_SIZE];     /* "SA"; "" for numbers of no country (+800) */
    char extension[EXTENSION_SIZE]; /* digits, "" if none */
    enum phone_type type;
    bool valid;                   /* libphonenumber knows the range; false: possible length only (still dialable: 555-01xx),
                                     and for every number that was trusted */
};

struct phone_book; /* the open module and the loaded facts */
/* module and assets: directories, or NULL to find them relative to the running binary (../lib/calldeck, ../share/calldeck,
 * or the build tree's). Opens nothing. */
struct phone_book *phone_book_new(const char *module_dir, const char *assets_dir);
void phone_book_free(struct phone_book *book);
/* Where assets are, for everybody else ("" if nowhere). */
const char *phone_book_assets(const struct phone_book *book);

/* text: one number as a person or a spreadsheet wrote it ("(212) 555-0142", "0015125550144", "312.555.0107 x12",
 * "'+12065550111'", Arabic digits). region: "SA", or "" (then only international forms parse).
 * A clean E.164 of a known country code needs no module when `trust_e164` is set (import of a million rows): length only.
 * Errors: DATA "cannot be a number: ..." (says why: too short, exponent "4.15E+09", letters, needs a country),
 * IO when the module is missing (says which package). */
bool phone_parse(struct phone_book *book, struct str text, const char *region, bool trust_e164, struct phone_number *ret,
                 struct error *err);
/* Several numbers in one cell ("555-0100 / 555-0101", "a ::: b", "x; y"): the next one, false at the end. Never splits
 * inside one number ("212/555-0142" stays whole when it parses so). */
bool phone_next_in_cell(struct str *rest, struct str *ret_one);
bool phone_is_e164(struct str s);
/* Pretty form for the screen without the module: "+966 50 123 4567" by grouping; never fails. */
void phone_pretty(struct str e164, struct buf *out);

/* Zones. Names are IANA, separated by ',' in ret, whose old content is dropped; the count is returned. 0: unknown. */
enum { ZONES_MOST = 4 };
/* By longest prefix, else by the country of the calling code. More than ZONES_MOST candidates say nothing: 0. */
int phone_zones(struct phone_book *book, struct str e164, struct buf *ret);
struct str phone_zones_text(struct phone_book *book, struct str e164, struct arena *a); /* the same, in the arena; book NULL: "" */
/* By address. country: ISO code; state: code or name, "" if none. A country with one zone needs no state. Same rule for many. */
int place_zones(struct phone_book *book, const char *country, struct str state, struct buf *ret);
/* "Saudi Arabia", "KSA", "SA", "السعودية", "Deutschland", "USA" -> "SA"; false if unknown. */
bool country_parse(struct phone_book *book, struct str name, char ret[REGION_SIZE]);
/* "Fla." "Florida" "fl" -> "FL" within that country (US, CA, AU, BR, MX, RU, ... where zones depend on it). */
bool state_parse(struct phone_book *book, const char *country, struct str name, char ret[8]);
/* "TX" for +1 512...: the state or province of a North American area code, "" if it has none (toll-free). Borrowed from the book. */
struct str phone_state(struct phone_book *book, struct str e164);
/* The country's own working week; countries not listed: Monday to Friday. */
weekday_set country_workdays(struct phone_book *book, const char *country);
/* "The country calling code" of a region: 966; 0 if unknown. */
int country_calling_code(struct phone_book *book, const char *region);
/* "Saudi Arabia"; empty if unknown. Borrowed from the book. */
struct str country_name(struct phone_book *book, const char *country);
/* What is dialled before a national number there ("0"), and before a foreign one ("00"): the defaults of a dial plan.
 * False if unknown. */
enum { TRUNK_SIZE = 4, INTERNATIONAL_SIZE = 8 };
bool country_prefixes(struct phone_book *book, const char *region, char ret_trunk[TRUNK_SIZE],
                      char ret_international[INTERNATIONAL_SIZE]);

#endif
