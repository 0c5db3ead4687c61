/* SPDX-License-Identifier: MIT */
/*
 * A key as the terminal sends it and as a person writes it: one notation for `bind`, `--keys` and .keys files.
 *
 * Words separated by blanks: Enter Tab BackTab Esc Space Backspace Delete Insert Up Down Left Right Home End PgUp PgDn
 * F1..F12, a character by itself (n ? +), C-x for Ctrl, M-x for Alt, S-Left; 'text' types each character; the word Paste'text'
 * is a bracketed paste; Wait:MS and Resize:COLSxROWS are for scripts. Names are read in any case, written as above.
 * Inside '...' two quotes are one, a newline is Enter and a tab is Tab.
 */
#ifndef CALLDECK_KEY_H
#define CALLDECK_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/error.h"
#include "calldeck/str.h"

enum key_code {
    KEY_CODE_CHAR, /* .text holds the character: a whole cluster or code point */
    KEY_CODE_ENTER, KEY_CODE_TAB, KEY_CODE_BACKTAB, KEY_CODE_ESC, KEY_CODE_BACKSPACE, KEY_CODE_DELETE, KEY_CODE_INSERT,
    KEY_CODE_UP, KEY_CODE_DOWN, KEY_CODE_LEFT, KEY_CODE_RIGHT, KEY_CODE_HOME, KEY_CODE_END, KEY_CODE_PGUP, KEY_CODE_PGDN,
    KEY_CODE_F1, KEY_CODE_F2, KEY_CODE_F3, KEY_CODE_F4, KEY_CODE_F5, KEY_CODE_F6, KEY_CODE_F7, KEY_CODE_F8, KEY_CODE_F9,
    KEY_CODE_F10, KEY_CODE_F11, KEY_CODE_F12,
    KEY_CODE_COUNT_
};
enum { KEY_MOD_CTRL = 1, KEY_MOD_ALT = 2, KEY_MOD_SHIFT = 4 };

struct key {
    enum key_code code;
    unsigned mods;   /* Shift only with named keys; a capital is a character */
    char text[8];    /* CHAR: UTF-8, NUL-terminated; with Ctrl or Alt an ASCII character, lower case for Ctrl */
};

enum event_kind { EVENT_KEY, EVENT_PASTE, EVENT_RESIZE, EVENT_MOUSE, EVENT_WAIT, EVENT_CLOSED };
enum mouse_action { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
struct event {
    enum event_kind kind;
    struct key key;
    struct str paste;        /* PASTE: borrowed until the next event */
    int cols, rows;          /* RESIZE; MOUSE: the cell, from 0 */
    enum mouse_action mouse;
    int wait_ms;
};

bool key_same(const struct key *a, const struct key *b);
struct key key_char(const char *text); /* one character */
/* One word: "Enter", "C-w", "n". USAGE names what was expected. */
bool key_parse(struct str word, struct key *ret, struct error *err);
void key_format(const struct key *key, struct buf *out); /* key_parse reads it back */
/* The next event of a script of keys; false at the end or with err set. `scratch` is the script's own between calls: empty before
 * the first one, and strings borrow from it until the next. */
bool key_script_next(struct str *rest, struct event *ret, struct buf *scratch, struct error *err);

#endif
