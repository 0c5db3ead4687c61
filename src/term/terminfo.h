/* SPDX-License-Identifier: MIT */
/*
 * What terminfo says about this terminal, as plain strings: the one place that includes curses, whose macros would take
 * common words (lines, tab, bell) away from everybody else.
 */
#ifndef CALLDECK_TERM_TERMINFO_H
#define CALLDECK_TERM_TERMINFO_H

#include <stdbool.h>

#include "calldeck/error.h"
#include "calldeck/str.h"
#include "keys.h"

/* "" : the terminal has no such thing. Padding is taken out; borrowed until terminfo_close. */
struct terminfo {
    const char *enter, *leave;           /* the alternate screen */
    const char *keypad_on, *keypad_off;
    const char *cursor_hide, *cursor_show;
    const char *clear, *clear_row_end;
    const char *plain, *bold, *dim, *reverse, *underline;
    const char *foreground, *background; /* with a parameter */
    const char *move;                    /* with two */
    const char *paste_on, *paste_off;
    bool ansi;                           /* speaks ECMA-48: ESC [ ROW ; COL H moves */
    bool wraps_at_once;                  /* writing the last cell of the screen would scroll it */
    int colours;
    int cols, rows;                      /* 0: it does not say */
    char *owned[24];
    int owned_count;
};

/* fd: the terminal. USAGE: TERM is not set, not known, or cannot move its cursor. */
bool terminfo_open(struct terminfo *ti, int fd, struct error *err);
void terminfo_close(struct terminfo *ti);
void terminfo_keys(const struct terminfo *ti, struct decoder *d);
void terminfo_move(const struct terminfo *ti, int col, int row, struct buf *out);
/* A colour of the palette ; explicit_mode: the person said so, whatever terminfo knows. */
void terminfo_colour(const struct terminfo *ti, bool background, int colour, bool explicit_mode, struct buf *out);

#endif
