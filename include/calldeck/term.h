/* SPDX-License-Identifier: MIT */
/*
 * The terminal: paints a frame, reads keys. The only floor that knows curses.
 *
 * Paints what differs from the last frame. Reads by poll, so that a terminal that is gone is a hang-up and not a spin. The
 * terminal is restored on close, suspend, and from a crash hook (term_restore is async-signal-safe as far as curses allows).
 */
#ifndef CALLDECK_TERM_H
#define CALLDECK_TERM_H

#include <stdbool.h>

#include "calldeck/error.h"
#include "calldeck/frame.h"
#include "calldeck/key.h"

struct term;
enum term_colours { TERM_COLOURS_AUTO, TERM_COLOURS_256, TERM_COLOURS_16, TERM_COLOURS_8, TERM_COLOURS_MONO };

/* USAGE (exit 2): not a terminal, or a TERM that terminfo does not know, with a sentence. */
struct term *term_open(enum term_colours colours, bool mouse, struct error *err);
void term_close(struct term *t);
void term_set_colours(struct term *t, enum term_colours colours);
void term_set_mouse(struct term *t, bool on);
void term_size(struct term *t, int *ret_cols, int *ret_rows);
void term_paint(struct term *t, const struct frame *frame, bool from_nothing);
int term_fd(const struct term *t);
/* The next event that waits; false: none. CLOSED once the terminal is gone. PASTE text is borrowed until the next call. */
bool term_next_event(struct term *t, struct event *ret);
bool term_key_waits(struct term *t);
void term_flush_keys(struct term *t);
void term_leave(struct term *t);   /* to the shell or an editor */
void term_return(struct term *t);  /* and back: the next paint is from nothing */
/* To the clipboard of the machine in front of which the rep sits, by OSC 52; false: this terminal is not known to take it (sure: a person
 * says that it does), or the text is not up to 256 printable ASCII characters. Whether it took it no terminal says. */
bool term_copy(struct term *t, struct str text, bool sure);
void term_restore(void);           /* for crash hooks: once, whatever the state */
void term_resized(struct term *t); /* after SIGWINCH */

#endif
