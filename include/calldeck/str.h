/* SPDX-License-Identifier: MIT */
/*
 * Strings are a pointer and a length. `str` borrows, `buf` owns and grows.
 *
 * Invariants: str.at may be NULL only if str.len is 0, and need not end in NUL. buf.at is never NULL after buf_init and
 * buf.at[buf.len] is always NUL, so a buf can be handed to C functions. Bytes only: what is a character is text's matter.
 *
 *     struct buf b;
 *     buf_init(&b);
 *     buf_printf(&b, "%d calls", 3);
 *     use(b.at);
 *     buf_done(&b);
 */
#ifndef CALLDECK_STR_H
#define CALLDECK_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *at;
    size_t len;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* for printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).len ? (s).at : ""

struct str str_of(const char *text); /* NULL gives the empty str */
struct str str_make(const char *at, size_t len);
bool str_eq(struct str a, struct str b);
bool str_is(struct str a, const char *text);
bool str_eq_ascii_case(struct str a, struct str b); /* A-Z folded, nothing else */
bool str_starts(struct str s, const char *prefix);
bool str_starts_ascii_case(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
struct str str_trim(struct str s); /* blanks, tabs, CR, LF at both ends */
struct str str_skip(struct str s, size_t count); /* without the first count bytes */
/* Index of the first c, or s.len. */
size_t str_find(struct str s, char c);
/* Cut off the part before the next separator; returns false when nothing is left.
 *     while (str_next(&rest, ',', &part)) ... */
bool str_next(struct str *rest, char separator, struct str *ret_part);
/* The next word (blanks and tabs separate, several count as one); false at the end. */
bool str_word(struct str *rest, struct str *ret_word);
/* A whole decimal number, nothing before or after; false if it is not one or does not fit. */
bool str_int(struct str s, int64_t *ret);
int str_compare(struct str a, struct str b); /* as memcmp, shorter first */

struct buf {
    char *at;
    size_t len;
    size_t cap;
};

void buf_init(struct buf *b);
void buf_done(struct buf *b);  /* gives the memory back; also after buf_init alone, or on a zeroed struct */
void buf_clear(struct buf *b); /* keeps the memory */
void buf_add(struct buf *b, const char *data, size_t len);
void buf_add_str(struct buf *b, struct str s);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
/* Replace `remove` bytes at `at` by data. at + remove <= b->len; data must not lie in b. */
void buf_splice(struct buf *b, size_t at, size_t remove, const char *data, size_t len);
struct str buf_str(const struct buf *b); /* borrowed until the next change */

#endif
