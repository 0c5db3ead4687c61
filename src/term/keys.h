/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a terminal become events. Pure: no file, no clock, no curses; so a test or a fuzzer can feed it anything.
 *
 *     decoder_feed(d, bytes, len);
 *     while (decoder_next(d, false, &event) == DECODED_EVENT) ...
 *     DECODED_PART: the front may be the start of something longer; when nothing follows within ESCAPE_WAIT_MS, ask
 *     again with `final`.
 */
#ifndef CALLDECK_TERM_KEYS_H
#define CALLDECK_TERM_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/key.h"
#include "calldeck/str.h"

enum { ESCAPE_WAIT_MS = 25, PASTE_MOST = 1 << 20, SEQUENCE_BYTES = 24, SEQUENCES_MOST = 160 };

/* What terminfo says a key sends. */
struct key_sequence {
    char bytes[SEQUENCE_BYTES];
    size_t len;
    struct key key;
};

struct decoder {
    struct buf input;   /* not decoded yet, from `at` on */
    size_t at;
    struct buf paste;   /* what was pasted so far, and the text of the last event */
    bool in_paste, paste_full; /* full: the rest of it is dropped */
    struct key_sequence sequences[SEQUENCES_MOST];
    size_t sequences_count;
    char erase;         /* what Backspace sends by the terminal's own setting; 0: none */
};
enum decoded { DECODED_NOTHING, DECODED_PART, DECODED_EVENT };

void decoder_init(struct decoder *d);
void decoder_done(struct decoder *d);
/* Sequences shorter than two bytes or longer than there is room are left out. */
void decoder_add_sequence(struct decoder *d, const char *bytes, const struct key *key);
void decoder_feed(struct decoder *d, const char *bytes, size_t len);
/* PASTE text is borrowed until the next call. What no key sends is dropped. */
enum decoded decoder_next(struct decoder *d, bool final, struct event *ret);
/* Throws away what was typed; a paste that has begun still ends where it ends. */
void decoder_flush(struct decoder *d);
/* The terminal is gone: what was pasted so far, once. */
bool decoder_rescue_paste(struct decoder *d, struct event *ret);

#endif
