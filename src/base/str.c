/* SPDX-License-Identifier: MIT */
#include "calldeck/str.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

struct str str_of(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

struct str str_make(const char *at, size_t len)
{
    return (struct str){at, len};
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_is(struct str a, const char *text)
{
    return str_eq(a, str_of(text));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_ascii_case(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool str_starts(struct str s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && str_eq(str_make(s.at, len), str_make(prefix, len));
}

bool str_starts_ascii_case(struct str s, const char *prefix)
{
    size_t len = strlen(prefix);
    return s.len >= len && str_eq_ascii_case(str_make(s.at, len), str_make(prefix, len));
}

bool str_ends(struct str s, const char *suffix)
{
    size_t len = strlen(suffix);
    return s.len >= len && str_eq(str_make(s.at + s.len - len, len), str_make(suffix, len));
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.at[0]))
        s = str_skip(s, 1);
    while (s.len > 0 && is_space(s.at[s.len - 1]))
        s.len--;
    return s;
}

struct str str_skip(struct str s, size_t count)
{
    if (count > s.len)
        count = s.len;
    return (struct str){s.at ? s.at + count : NULL, s.len - count};
}

size_t str_find(struct str s, char c)
{
    const char *p = s.len ? memchr(s.at, c, s.len) : NULL;
    return p ? (size_t)(p - s.at) : s.len;
}

bool str_next(struct str *rest, char separator, struct str *ret_part)
{
    if (rest->at == NULL)
        return false;
    size_t at = str_find(*rest, separator);
    *ret_part = str_make(rest->at, at);
    if (at == rest->len)
        *rest = (struct str){NULL, 0};
    else
        *rest = str_skip(*rest, at + 1);
    return true;
}

bool str_word(struct str *rest, struct str *ret_word)
{
    while (rest->len > 0 && is_space(rest->at[0]))
        *rest = str_skip(*rest, 1);
    if (rest->len == 0)
        return false;
    size_t len = 0;
    while (len < rest->len && !is_space(rest->at[len]))
        len++;
    *ret_word = str_make(rest->at, len);
    *rest = str_skip(*rest, len);
    return true;
}

bool str_int(struct str s, int64_t *ret)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    if (negative)
        s = str_skip(s, 1);
    if (s.len == 0 || s.len > 19)
        return false;
    int64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, s.at[i] - '0', &n))
            return false;
    }
    *ret = negative ? -n : n;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.at, b.at, len) : 0;
    return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

static void grow(struct buf *b, size_t more)
{
    size_t need = b->len + more + 1;
    assert(need > b->len);
    if (need <= b->cap)
        return;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap *= 2;
    b->at = alloc_resize(b->at, cap, 1);
    b->cap = cap;
}

void buf_init(struct buf *b)
{
    *b = (struct buf){0};
    grow(b, 0);
    b->at[0] = '\0';
}

void buf_done(struct buf *b)
{
    free(b->at);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    grow(b, 0);
    b->len = 0;
    b->at[0] = '\0';
}

void buf_add(struct buf *b, const char *data, size_t len)
{
    grow(b, len);
    if (len != 0)
        memcpy(b->at + b->len, data, len);
    b->len += len;
    b->at[b->len] = '\0';
}

void buf_add_str(struct buf *b, struct str s)
{
    buf_add(b, s.at, s.len);
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add_str(b, str_of(text));
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    assert(len >= 0);
    grow(b, (size_t)len);
    vsnprintf(b->at + b->len, (size_t)len + 1, format, again);
    b->len += (size_t)len;
    va_end(again);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

void buf_splice(struct buf *b, size_t at, size_t remove, const char *data, size_t len)
{
    assert(at + remove <= b->len);
    grow(b, len);
    memmove(b->at + at + len, b->at + at + remove, b->len - at - remove);
    if (len != 0)
        memcpy(b->at + at, data, len);
    b->len = b->len - remove + len;
    b->at[b->len] = '\0';
}

struct str buf_str(const struct buf *b)
{
    return str_make(b->at, b->len);
}
