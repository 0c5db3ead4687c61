/* SPDX-License-Identifier: MIT */
/*
 * Text from outside: made valid, made harmless, cut into what a person calls a character, and measured in columns.
 *
 * Cluster boundaries come from utf8proc (libunistring 1.0 cuts ZWJ emoji and flags in two). Columns come from libc's
 * wcwidth, since ncurses paints with it; -1 is an ordinary answer and is shown as U+FFFD. On the screen a cluster is its
 * base character and its zero-width marks; ZWJ tails, variation selectors and skin tones are dropped there, never in the
 * data. Arabic and Hebrew stay in logical order: the terminal, or nobody, reorders.
 * The caller has set LC_CTYPE to a UTF-8 locale (main does).
 */
#ifndef CALLDECK_UTF8_H
#define CALLDECK_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/str.h"

/* One code point from the front; a bad byte gives U+FFFD and takes 1 byte. s.len > 0. Returns bytes taken, >= 1. */
size_t utf8_decode(struct str s, uint32_t *ret_code);
/* 1 to 4 bytes. */
size_t utf8_encode(uint32_t code, char ret[4]);
bool utf8_valid(struct str s);
/* Bad bytes become U+FFFD (one a maximal bad run as in Unicode 3.9, table 3-8). Returns how many were replaced. */
size_t utf8_repair(struct str s, struct buf *out);

/* Import filter: drops C0, DEL and C1 but for newline and tab (CRLF and CR become newline), repairs UTF-8, keeps the rest.
 * Returns how many characters were dropped. */
size_t text_clean(struct str s, struct buf *out);
/* One line: as text_clean, and newline, tab, U+2028/9 become a blank; blanks trimmed at both ends. */
size_t text_clean_line(struct str s, struct buf *out);
/* What may go to a terminal outside the frame (messages, lists on stdout): as text_clean_line, and bidi controls, BOM and
 * tag characters are shown as U+FFFD-like mark "�". */
void text_printable(struct str s, struct buf *out);
bool code_is_bidi_control(uint32_t code);

/* The byte length of the first grapheme cluster; s.len > 0, result in 1..s.len. */
size_t cluster_len(struct str s);
/* The start of the cluster that ends at `at` (0 < at <= s.len). */
size_t cluster_before(struct str s, size_t at);
/* The last cluster boundary at or before `at`; s.len if at >= s.len. Also for an `at` inside a character. */
size_t cluster_floor(struct str s, size_t at);
size_t cluster_ceiling(struct str s, size_t at); /* the first one at or after it */

enum { CELL_BYTES = 24 };
/* A cluster as the screen draws it: base and marks, NUL-terminated in at most CELL_BYTES. Returns its columns: 1 or 2.
 * Controls, bidi controls and what libc cannot measure are drawn as U+FFFD (1 column); a newline or tab as a blank.
 * A cell of two columns may hold two spacing characters (a Hindi vowel sign behind its letter, Thai sara am): write it to
 * curses as a string (addnwstr); setcchar would take the first of them alone. Never more than four marks on each. */
int cluster_cell(struct str cluster, char ret[CELL_BYTES]);
int cluster_cols(struct str cluster); /* the columns alone */
int text_width_cols(struct str s); /* sum of cluster_cell */
/* The longest whole-cluster prefix that fits into cols. *ret_cols (may be NULL): what it takes. */
struct str text_fit(struct str s, int cols, int *ret_cols);

/* The key for search and for "the same name": utf8proc decomposition, marks stripped, case folded, tatweel dropped,
 * ta marbuta to ha, alef maqsura to ya, alef forms to alef, Arabic and Persian digits to ASCII, runs of blanks and
 * punctuation to one blank, trimmed. Equal keys: the same name for the import. 0.14 us a name is the figure to stay near. */
void text_fold(struct str s, struct buf *out);

/* Line breaks for a width: spaces between words, else between clusters; newline always. Rows cover the text without gaps:
 * row[i].end == row[i + 1].start, except the newline, which belongs to no row; a final newline makes a last empty row. */
struct text_row {
    size_t start, end;
};
/* Fills up to `most` rows, returns how many the text has (>= 1, also for empty text). width_cols >= 2 */
size_t text_wrap(struct str s, int width_cols, struct text_row *rows, size_t most);

#endif
