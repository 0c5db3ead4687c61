/* SPDX-License-Identifier: MIT */
/* JSON Lines for scripts, which may also be read on a terminal: whatever a cell of a spreadsheet held, a line stays a
 * line. */
#include "calldeck/json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/date.h"
#include "scalar.h"

static void put_string(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    while (s.len > 0) {
        size_t plain = 0; /* the usual case, in one piece */
        while (plain < s.len && s.at[plain] >= ' ' && s.at[plain] < 0x7f && s.at[plain] != '"' && s.at[plain] != '\\')
            plain++;
        buf_add(out, s.at, plain);
        s = str_skip(s, plain);
        if (s.len == 0)
            break;
        size_t len;
        uint32_t c = scalar_at(s, &len);
        if (c == '"' || c == '\\') {
            buf_add_char(out, '\\');
            buf_add_char(out, (char)c);
        } else if (c == '\n' || c == '\t' || c == '\r') {
            buf_add_text(out, c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r");
        } else if (scalar_is_control(c)) {
            if (c > 0xffff)
                buf_printf(out, "\\u%04x\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)),
                           (unsigned)(0xdc00 + ((c - 0x10000) & 0x3ff)));
            else
                buf_printf(out, "\\u%04x", (unsigned)c);
        } else if (c == SCALAR_REPLACEMENT) {
            buf_add_text(out, "\xef\xbf\xbd");
        } else {
            buf_add(out, s.at, len);
        }
        s = str_skip(s, len);
    }
    buf_add_char(out, '"');
}

/* The comma and the key, so that the value can follow. */
static void put_key(struct json *j, const char *key)
{
    assert(j->depth > 0);
    assert((key == NULL) == (j->closer[j->depth - 1] == ']'));
    if (j->comma)
        buf_add_char(j->out, ',');
    j->comma = true;
    if (key != NULL) {
        put_string(j->out, str_of(key));
        buf_add_char(j->out, ':');
    }
}

static void push(struct json *j, char opener, char closer)
{
    assert(j->depth < (int)sizeof j->closer);
    buf_add_char(j->out, opener);
    j->closer[j->depth++] = closer;
    j->comma = false;
}

void json_open(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
    push(j, '{', '}');
}

void json_close(struct json *j)
{
    assert(j->depth == 1);
    json_end(j);
    buf_add_char(j->out, '\n');
}

void json_end(struct json *j)
{
    assert(j->depth > 0);
    buf_add_char(j->out, j->closer[--j->depth]);
    j->comma = true;
}

void json_object(struct json *j, const char *key)
{
    put_key(j, key);
    push(j, '{', '}');
}

void json_array(struct json *j, const char *key)
{
    put_key(j, key);
    push(j, '[', ']');
}

void json_null(struct json *j, const char *key)
{
    put_key(j, key);
    buf_add_text(j->out, "null");
}

void json_str(struct json *j, const char *key, struct str value)
{
    put_key(j, key);
    put_string(j->out, value);
}

void json_str_or_null(struct json *j, const char *key, struct str value)
{
    if (value.len == 0)
        json_null(j, key);
    else
        json_str(j, key, value);
}

void json_text(struct json *j, const char *key, const char *value)
{
    if (value == NULL)
        json_null(j, key);
    else
        json_str(j, key, str_of(value));
}

void json_int(struct json *j, const char *key, int64_t value)
{
    put_key(j, key);
    buf_printf(j->out, "%lld", (long long)value);
}

/* A locale may write the point as a comma or as a letter of several bytes. */
static void put_number(struct buf *out, const char *text)
{
    bool in_point = false;
    for (; *text != '\0'; text++) {
        bool ours = (*text >= '0' && *text <= '9') || *text == '-' || *text == '+' || *text == 'e';
        if (ours || !in_point)
            buf_add_char(out, ours ? *text : '.');
        in_point = !ours;
    }
}

void json_double(struct json *j, const char *key, double value, int decimals)
{
    if (!isfinite(value)) { /* JSON has no word for them */
        json_null(j, key);
        return;
    }
    enum { DECIMALS_MAX = 17, EXACT_DIGITS = 17 };
    char text[400]; /* the largest double has 309 digits before the point */
    if (decimals >= 0) {
        snprintf(text, sizeof text, "%.*f", decimals < DECIMALS_MAX ? decimals : DECIMALS_MAX, value);
    } else if (value > -1e15 && value < 1e15 && value == (double)(int64_t)value) {
        snprintf(text, sizeof text, "%.0f", value);
    } else {
        for (int digits = 1; digits <= EXACT_DIGITS; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, value);
            if (strtod(text, NULL) == value)
                break;
        }
    }
    const char *start = text;
    if (text[0] == '-' && strpbrk(text, "123456789") == NULL)
        start++; /* "-0.00" is nothing that a person would write */
    put_key(j, key);
    put_number(j->out, start);
}

void json_bool(struct json *j, const char *key, bool value)
{
    put_key(j, key);
    buf_add_text(j->out, value ? "true" : "false");
}

void json_time(struct json *j, const char *key, int64_t at)
{
    if (at == AT_NONE) {
        json_null(j, key);
        return;
    }
    char text[ISO_SIZE];
    iso_format(at, text);
    json_text(j, key, text);
}
