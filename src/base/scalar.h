/* SPDX-License-Identifier: MIT */
/*
 * One Unicode scalar value at a time out of hostile bytes, for those files of this floor that show or write them. All
 * else about characters is the matter of text.
 */
#ifndef CALLDECK_BASE_SCALAR_H
#define CALLDECK_BASE_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/str.h"

enum { SCALAR_REPLACEMENT = 0xfffd };

/*
 * The scalar at the front of s (s.len > 0) and its length in bytes. What is not UTF-8 gives U+FFFD and the length of
 * the longest part that could have begun a character, at least 1: so one broken character is one replacement.
 */
uint32_t scalar_at(struct str s, size_t *ret_len);
/* Would a terminal or a reader be led astray by it: C0, DEL, C1, line separators, bidi controls, BOM, tags. */
bool scalar_is_control(uint32_t c);

/* The words that a person typed, for a sentence about them: controls and broken bytes become '?', long ones are cut. */
enum { QUOTE_SIZE = 80 };
void quote_words(struct str words, char ret[QUOTE_SIZE]);

#endif
