/* SPDX-License-Identifier: MIT */
/*
 * Reads one JSON text (RFC 8259) that anybody may have written.
 *
 * Depth and number of values are bounded, so that a line costs memory in proportion to its length. Strings come decoded,
 * as valid UTF-8 without NUL; half a surrogate pair becomes U+FFFD. A key that comes twice is refused: two readers would
 * believe different ones. Numbers keep their text: what is a whole number also has it as int64.
 *
 *     struct json_value v;
 *     if (!json_read(line, &arena, &v, &err)) ...                 // DATA, with the byte at which it went wrong
 *     const struct json_value *name = json_get(&v, "name");       // NULL: there is none
 */
#ifndef CALLDECK_JSON_READ_H
#define CALLDECK_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

enum { JSON_DEPTH_MOST = 32, JSON_VALUES_MOST = 65536 };

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
const char *json_kind_name(enum json_kind kind); /* "a string", for messages */

struct json_value {
    enum json_kind kind;
    bool truth;                /* BOOL */
    bool is_whole;             /* NUMBER: `whole` is it, without loss */
    int64_t whole;
    double number;             /* NUMBER: finite; what is too small is 0 */
    struct str text;           /* STRING: decoded, with a NUL behind it; NUMBER: as written */
    struct str key;            /* inside an object, else empty */
    struct json_value *items;  /* ARRAY, OBJECT: in their order */
    size_t count;
};

/* The whole text is one value, blanks around it. Everything lives in the arena. DATA; *ret untouched then. */
bool json_read(struct str text, struct arena *a, struct json_value *ret, struct error *err);
/* The member of that name; NULL: v is no object, or has none. */
const struct json_value *json_get(const struct json_value *v, const char *key);

#endif
