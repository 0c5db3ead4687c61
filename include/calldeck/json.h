/* SPDX-License-Identifier: MIT */
/*
 * Writes JSON, one object a line, keys in the order of the calls. Reading is json_read.h.
 *
 * Strings may be any bytes: what is not UTF-8 becomes U+FFFD; C0, C1, DEL, U+2028/9 and bidi controls are \u-escaped,
 * so that a terminal that shows the line does nothing. Numbers never follow the locale.
 *
 *     json_open(&j, out);  json_str(&j, "name", name);  json_array(&j, "phones");  json_item_str(&j, p);
 *     json_end(&j);  json_close(&j);      -> {"name":"...","phones":["..."]}\n
 */
#ifndef CALLDECK_JSON_H
#define CALLDECK_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/str.h"

struct json {
    struct buf *out;
    int depth;
    bool comma;
    char closer[32];
};

void json_open(struct json *j, struct buf *out);
void json_close(struct json *j); /* ends the object and adds a newline */
/* key NULL: an element of the array that is open */
void json_str(struct json *j, const char *key, struct str value);
void json_str_or_null(struct json *j, const char *key, struct str value); /* empty is null */
void json_text(struct json *j, const char *key, const char *value);       /* NULL is null */
void json_int(struct json *j, const char *key, int64_t value);
void json_double(struct json *j, const char *key, double value, int decimals); /* decimals < 0: shortest that reads back */
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
void json_time(struct json *j, const char *key, int64_t at); /* "2026-11-23T10:42:00Z"; AT_NONE is null */
void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j); /* ends the innermost object or array */

#endif
