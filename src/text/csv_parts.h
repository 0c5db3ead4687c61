/* SPDX-License-Identifier: MIT */
/* What the pieces of the CSV reader share: looking at bytes, and making UTF-8 of them. For src/text/csv*.c alone. */
#ifndef CALLDECK_CSV_PARTS_H
#define CALLDECK_CSV_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/csv.h"
#include "calldeck/str.h"

/* What the first bytes say by themselves: a byte order mark, or the pattern of zero bytes that UTF-16 makes of ASCII.
 * *ret_known is false when they leave it open between UTF-8 and windows-1252. *ret_mark_len: bytes of the mark. */
enum csv_encoding csv_look_at_start(struct str bytes, bool *ret_known, size_t *ret_mark_len);

/* Why a file that starts so cannot be a CSV file (a workbook, a PDF): words for a sentence, or NULL. */
const char *csv_look_for_other_kind(struct str bytes);

/* UTF-8 or windows-1252, from the first bytes that are not ASCII. False: nothing but ASCII, or too little to say;
 * `last` says that no more bytes follow, and then a cut sequence counts as broken. */
bool csv_look_at_bytes(struct str bytes, bool last, enum csv_encoding *ret);

/* The length of s without a UTF-8 sequence that is cut off at its end. */
size_t csv_whole_len(struct str s);

/* , ; tab or |: the one whose count a row is steadiest outside quotes. `ended`: text is the whole file. */
char csv_look_for_delimiter(struct str text, bool ended);

/* Appends bytes as UTF-8; UTF-8 itself is passed on as it is. Returns how many bytes were used: the rest is half a
 * character and is given again in front of the next slice (`last`: nothing follows, all is used). */
size_t csv_decode(enum csv_encoding encoding, struct str bytes, bool last, struct buf *out);

#endif
