/* SPDX-License-Identifier: MIT */
/*
 * A recursive reader over one arena. Recursion is bounded by JSON_DEPTH_MOST; nothing is read twice but the numbers.
 *
 * Containers gather their items on one stack of the reader and copy them out when they end, so an array of n values is
 * moved once, whatever lies inside it.
 */
#include "calldeck/json_read.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "scalar.h"

struct reader {
    struct str text;
    size_t at;
    int depth;
    size_t values;
    struct arena *arena;
    struct json_value *stack;
    size_t stacked, room;
    struct buf scratch; /* a string that has escapes */
    struct error *err;
};

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {[JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
                                        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object"};
    return names[kind];
}

static bool wrong(struct reader *r, const char *what)
{
    return error_set(r->err, ERR_DATA, "not JSON: %s at byte %zu", what, r->at + 1);
}

static int peek(const struct reader *r)
{
    return r->at < r->text.len ? (unsigned char)r->text.at[r->at] : -1;
}

static void skip_blanks(struct reader *r)
{
    for (int c; (c = peek(r)) == ' ' || c == '\t' || c == '\n' || c == '\r';)
        r->at++;
}

/* ---- strings ---- */

static bool hex4(struct reader *r, uint32_t *ret)
{
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(r);
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (c < 0 || digit < 0)
            return wrong(r, "\\u needs four hex digits");
        code = code << 4 | (uint32_t)digit;
        r->at++;
    }
    *ret = code;
    return true;
}

static void put_code(struct buf *out, uint32_t c)
{
    char b[4];
    size_t n = 0;
    if (c < 0x80) {
        b[n++] = (char)c;
    } else if (c < 0x800) {
        b[n++] = (char)(0xc0 | c >> 6);
    } else if (c < 0x10000) {
        b[n++] = (char)(0xe0 | c >> 12);
        b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    } else {
        b[n++] = (char)(0xf0 | c >> 18);
        b[n++] = (char)(0x80 | (c >> 12 & 0x3f));
        b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
    }
    if (c >= 0x80)
        b[n++] = (char)(0x80 | (c & 0x3f));
    buf_add(out, b, n);
}

static bool read_escaped_code(struct reader *r)
{
    uint32_t code, low;
    if (!hex4(r, &code))
        return false;
    if (code == 0)
        return wrong(r, "a NUL in a string");
    if (code >= 0xd800 && code < 0xdc00 && peek(r) == '\\' && r->at + 1 < r->text.len && r->text.at[r->at + 1] == 'u') {
        size_t before = r->at;
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        else
            r->at = before; /* a character of its own */
    }
    put_code(&r->scratch, code >= 0xd800 && code < 0xe000 ? SCALAR_REPLACEMENT : code);
    return true;
}

static bool read_escape(struct reader *r)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    r->at++;
    int c = peek(r);
    if (c == 'u') {
        r->at++;
        return read_escaped_code(r);
    }
    const char *found = c > 0 ? strchr(from, c) : NULL;
    if (found == NULL)
        return wrong(r, "an unknown escape");
    buf_add_char(&r->scratch, to[found - from]);
    r->at++;
    return true;
}

static bool read_string(struct reader *r, struct str *ret)
{
    r->at++;
    buf_clear(&r->scratch);
    for (;;) {
        size_t from = r->at;
        int c;
        while ((c = peek(r)) >= 0x20 && c != '"' && c != '\\' && c < 0x80)
            r->at++;
        buf_add(&r->scratch, r->text.at + from, r->at - from);
        if (c == '"') {
            r->at++;
            *ret = arena_str(r->arena, buf_str(&r->scratch));
            return true;
        }
        if (c == '\\') {
            if (!read_escape(r))
                return false;
        } else if (c >= 0x80) {
            size_t len;
            struct str rest = str_skip(r->text, r->at);
            if (scalar_at(rest, &len) == SCALAR_REPLACEMENT && !(len == 3 && memcmp(rest.at, "\xef\xbf\xbd", 3) == 0))
                return wrong(r, "bytes that are no UTF-8");
            buf_add(&r->scratch, rest.at, len);
            r->at += len;
        } else {
            return wrong(r, c < 0 ? "a string that does not end" : c == 0 ? "a NUL in a string" : "a control character in a string");
        }
    }
}

/* ---- numbers ---- */

static size_t digits(struct reader *r)
{
    size_t from = r->at;
    for (int c; (c = peek(r)) >= '0' && c <= '9';)
        r->at++;
    return r->at - from;
}

/* strtod reads the locale's point, whatever that is. */
static double to_double(struct reader *r, struct str text)
{
    const char *point = localeconv()->decimal_point;
    buf_clear(&r->scratch);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] == '.')
            buf_add_text(&r->scratch, point);
        else
            buf_add_char(&r->scratch, text.at[i]);
    return strtod(r->scratch.at, NULL);
}

static bool read_number(struct reader *r, struct json_value *ret)
{
    size_t from = r->at;
    bool whole = true;
    if (peek(r) == '-')
        r->at++;
    if (peek(r) == '0')
        r->at++;
    else if (digits(r) == 0)
        return wrong(r, "not a value");
    if (peek(r) == '.') {
        whole = false;
        r->at++;
        if (digits(r) == 0)
            return wrong(r, "a number that does not end");
    }
    if (peek(r) == 'e' || peek(r) == 'E') {
        whole = false;
        r->at++;
        if (peek(r) == '+' || peek(r) == '-')
            r->at++;
        if (digits(r) == 0)
            return wrong(r, "a number that does not end");
    }
    struct str text = str_make(r->text.at + from, r->at - from);
    ret->kind = JSON_NUMBER;
    ret->text = arena_str(r->arena, text);
    ret->number = to_double(r, text);
    if (!isfinite(ret->number))
        return wrong(r, "a number that is too large");
    ret->is_whole = whole && str_int(text, &ret->whole);
    return true;
}

/* ---- values ---- */

static bool read_value(struct reader *r, struct json_value *ret);

static void push(struct reader *r, const struct json_value *v)
{
    if (r->stacked == r->room) {
        r->room = r->room ? r->room * 2 : 64;
        r->stack = alloc_resize(r->stack, r->room, sizeof *r->stack);
    }
    r->stack[r->stacked++] = *v;
}

static void pop_items(struct reader *r, size_t base, struct json_value *ret)
{
    ret->count = r->stacked - base;
    ret->items = ARENA_ARRAY(r->arena, struct json_value, ret->count ? ret->count : 1);
    if (ret->count != 0)
        memcpy(ret->items, r->stack + base, ret->count * sizeof *r->stack);
    r->stacked = base;
}

static int key_compare(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool keys_differ(struct reader *r, const struct json_value *object)
{
    struct str few[32], *keys = few, *many = NULL;
    if (object->count > sizeof few / sizeof few[0])
        keys = many = alloc_zeroed(object->count, sizeof *many);
    for (size_t i = 0; i < object->count; i++)
        keys[i] = object->items[i].key;
    qsort(keys, object->count, sizeof *keys, key_compare);
    bool ok = true;
    for (size_t i = 1; i < object->count; i++)
        ok = ok && !str_eq(keys[i - 1], keys[i]);
    free(many);
    return ok || wrong(r, "a key that comes twice in the object that ends");
}

static bool read_items(struct reader *r, struct json_value *ret, char closer)
{
    size_t base = r->stacked;
    if (++r->depth > JSON_DEPTH_MOST)
        return wrong(r, "too many levels");
    ret->kind = closer == ']' ? JSON_ARRAY : JSON_OBJECT;
    r->at++;
    skip_blanks(r);
    bool more = peek(r) != closer;
    while (more) {
        struct json_value item = {.kind = JSON_NULL};
        struct str key = STR("");
        skip_blanks(r);
        if (closer == '}') {
            if (peek(r) != '"')
                return wrong(r, "a key is missing");
            if (!read_string(r, &key))
                return false;
            skip_blanks(r);
            if (peek(r) != ':')
                return wrong(r, "a colon is missing");
            r->at++;
        }
        if (!read_value(r, &item))
            return false;
        item.key = key;
        push(r, &item);
        skip_blanks(r);
        more = peek(r) == ',';
        if (more)
            r->at++;
    }
    if (peek(r) != closer)
        return wrong(r, closer == ']' ? "a comma or ] is missing" : "a comma or } is missing");
    pop_items(r, base, ret);
    if (closer == '}' && !keys_differ(r, ret))
        return false;
    r->at++;
    r->depth--;
    return true;
}

static bool read_word(struct reader *r, const char *word, enum json_kind kind, struct json_value *ret)
{
    if (!str_starts(str_skip(r->text, r->at), word))
        return wrong(r, "not a value");
    r->at += strlen(word);
    ret->kind = kind;
    ret->truth = word[0] == 't';
    return true;
}

static bool read_value(struct reader *r, struct json_value *ret)
{
    if (++r->values > JSON_VALUES_MOST)
        return wrong(r, "too many values");
    skip_blanks(r);
    switch (peek(r)) {
    case '{':
        return read_items(r, ret, '}');
    case '[':
        return read_items(r, ret, ']');
    case '"':
        ret->kind = JSON_STRING;
        return read_string(r, &ret->text);
    case 't':
        return read_word(r, "true", JSON_BOOL, ret);
    case 'f':
        return read_word(r, "false", JSON_BOOL, ret);
    case 'n':
        return read_word(r, "null", JSON_NULL, ret);
    case -1:
        return wrong(r, "the text ends");
    default:
        return read_number(r, ret);
    }
}

bool json_read(struct str text, struct arena *a, struct json_value *ret, struct error *err)
{
    struct reader r = {.text = text, .arena = a, .err = err};
    struct json_value v = {.kind = JSON_NULL};
    buf_init(&r.scratch);
    bool ok = read_value(&r, &v);
    if (ok) {
        skip_blanks(&r);
        ok = r.at == text.len || wrong(&r, "more than one value");
    }
    buf_done(&r.scratch);
    free(r.stack);
    if (ok)
        *ret = v;
    return ok;
}

const struct json_value *json_get(const struct json_value *v, const char *key)
{
    for (size_t i = 0; v->kind == JSON_OBJECT && i < v->count; i++)
        if (str_is(v->items[i].key, key))
            return &v->items[i];
    return NULL;
}
