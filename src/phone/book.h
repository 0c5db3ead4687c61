/* SPDX-License-Identifier: MIT */
/* The inside of a phone book: the loaded facts, the module, and what was parsed lately. */
#ifndef CALLDECK_PHONE_BOOK_H
#define CALLDECK_PHONE_BOOK_H

#include "calldeck/phone.h"

#include "module/module.h"

struct country {
    char iso[REGION_SIZE];  /* "" for codes of no country */
    int calling_code;       /* 0: none */
    bool shares;            /* others come first for this calling code, unless one of `leading` matches */
    struct str leading;     /* "242,268": the national digits that are this country's own */
    struct str name;        /* English */
    struct str zones;       /* separated by ',' */
    int zones_count;
    weekday_set workdays;
    struct str trunk, international;
    unsigned lengths;       /* bit n: national numbers may have n digits */
    const struct country *next; /* with the same calling code */
};
struct state {
    char country[REGION_SIZE];
    char code[8];
    struct str name;
    struct str zones;
    int zones_count;
};
/* A folded name and what it means: place is an index into countries or states. */
struct place_name {
    struct str key; /* for states "us california": the country, a blank, the name */
    size_t place;
};
struct zone_prefix {
    struct str digits; /* without the plus */
    struct str zones;  /* separated by '&', as in the file */
    size_t parent;     /* the longest shorter prefix of it, or NO_PARENT */
};
#define NO_PARENT SIZE_MAX
enum { CALLING_CODES = 1000 };

struct places {
    bool tried;
    char *countries_text, *states_text; /* the files; the strs above point into them */
    struct country *countries;          /* by iso */
    size_t countries_count;
    struct state *states; /* by country and code */
    size_t states_count;
    struct place_name *country_names, *state_names; /* by key */
    size_t country_names_count, state_names_count;
    char *keys; /* all folded names, one after the other */
    const struct country *by_code[CALLING_CODES];
};
struct prefixes {
    bool tried;
    char *text;
    struct zone_prefix *rows; /* by digits */
    size_t count;
};

enum { AREA_SIZE = 4 };
struct areas {
    bool tried;
    char (*states)[AREA_SIZE]; /* by area code, from 200 */
};

typedef int (*module_abi_fn)(void);
typedef enum phone_verdict (*module_parse_fn)(const char *text, size_t len, const char *region, struct phone_number *ret);
struct module {
    bool tried;
    module_parse_fn parse; /* NULL: it could not be opened, and why says why */
    struct error why;
};

enum { TEXT_SIZE = 96, CACHE_SIZE = 1024 };
struct cached {
    char text[TEXT_SIZE];
    char region[REGION_SIZE];
    struct phone_number number;
};

struct phone_book {
    char *module_dir; /* as given, or NULL */
    char *assets;     /* "" if nowhere */
    struct module module;
    struct places places;
    struct prefixes prefixes;
    struct areas areas;
    struct cached *cache; /* CACHE_SIZE rows by hash, from the first parse on */
};

/* A file of the assets, NUL-terminated, or NULL; the caller frees it. */
char *facts_read(const struct phone_book *book, const char *name, size_t *ret_len);
/* The next line that holds something: comments, blank lines and lines with control characters are passed over. */
bool facts_line(struct str *rest, struct str *ret_line);
/* Loads on first use; never NULL, but empty when the files are missing. */
const struct places *places_of(struct phone_book *book);
void places_done(struct places *p);
void prefixes_done(struct prefixes *p);
void areas_done(struct areas *a);
/* By ISO code, any case; NULL if unknown. */
const struct country *country_find(struct phone_book *book, const char *iso);
/* Whose number it is: by calling code and leading digits. NULL: no country has this code. digits: without the plus. */
const struct country *country_of_number(struct phone_book *book, struct str digits, struct str *ret_national);
/* How many digits of an E.164 number (without the plus) are the country's. */
size_t calling_code_len(struct str digits);
/* What is known without the module: length right and country known. */
bool number_by_facts(struct phone_book *book, struct str e164, struct phone_number *ret);
/* "212 555 0142": groups as people read them. */
void digits_group(struct str digits, struct buf *out);
/* Opens the module if it is not open; false with IO. */
bool module_open(struct phone_book *book, struct error *err);

#endif
