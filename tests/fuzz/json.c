/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a JSON text. What is read holds no more than its bounds, strings that are valid UTF-8 without NUL, and
 * written again it reads the same; what is refused leaves everything as it was, with a sentence.
 *
 * floors: base text
 */
#include "calldeck/json_read.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/json.h"
#include "calldeck/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth)
        abort();
}

static size_t check(const struct json_value *v, int depth)
{
    size_t values = 1;
    must(depth <= JSON_DEPTH_MOST);
    must(utf8_valid(v->key) && memchr(v->key.len ? v->key.at : "", '\0', v->key.len) == NULL);
    if (v->kind == JSON_STRING)
        must(utf8_valid(v->text) && memchr(v->text.at, '\0', v->text.len) == NULL && v->text.at[v->text.len] == '\0');
    if (v->kind == JSON_NUMBER)
        must(isfinite(v->number) && (!v->is_whole || fabs(v->number - (double)v->whole) < 1));
    for (size_t i = 0; i < v->count; i++)
        values += check(&v->items[i], depth + (v->items[i].kind >= JSON_ARRAY));
    return values;
}

static void write(struct json *j, const struct json_value *v, bool keyed)
{
    const char *key = keyed ? v->key.at : NULL;
    if (keyed && key == NULL)
        key = "";
    switch (v->kind) {
    case JSON_NULL:
        json_null(j, key);
        break;
    case JSON_BOOL:
        json_bool(j, key, v->truth);
        break;
    case JSON_NUMBER:
        if (v->is_whole)
            json_int(j, key, v->whole);
        else
            json_double(j, key, v->number, -1);
        break;
    case JSON_STRING:
        json_str(j, key, v->text);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT:
        if (j->depth >= 30) {
            json_null(j, key);
            break;
        }
        if (v->kind == JSON_ARRAY)
            json_array(j, key);
        else
            json_object(j, key);
        for (size_t i = 0; i < v->count; i++)
            write(j, &v->items[i], v->kind == JSON_OBJECT);
        json_end(j);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct json_value v, before, again;
    struct error err = {0};
    memset(&v, 0xa5, sizeof v);
    memcpy(&before, &v, sizeof v);
    if (!json_read(str_make((const char *)data, size), &a, &v, &err)) {
        must(err.code == ERR_DATA && err.text[0] != '\0');
        must(memcmp(&before, &v, sizeof v) == 0);
        arena_done(&a);
        return 0;
    }
    must(err.code == ERR_NONE);
    must(check(&v, v.kind >= JSON_ARRAY) <= JSON_VALUES_MOST);
    struct buf one, two;
    struct json j;
    buf_init(&one);
    buf_init(&two);
    json_open(&j, &one);
    write(&j, &v, true);
    json_close(&j);
    must(json_read(buf_str(&one), &a, &again, &err));
    must(again.kind == JSON_OBJECT && again.count == 1);
    json_open(&j, &two);
    write(&j, &again.items[0], true);
    json_close(&j);
    must(str_eq(buf_str(&one), buf_str(&two)));
    buf_done(&one);
    buf_done(&two);
    arena_done(&a);
    return 0;
}
