/* SPDX-License-Identifier: MIT */
/* The clipboard of the machine that the terminal runs on, over ssh too: OSC 52 of xterm's control sequences. */
#ifndef CALLDECK_TERM_CLIPBOARD_H
#define CALLDECK_TERM_CLIPBOARD_H

#include <stdbool.h>

#include "calldeck/str.h"

/* By $TERM and $TERM_PROGRAM (NULL: not set): terminals that take OSC 52 as they come. xterm and tmux wait for a setting of their own,
 * others ignore it or ask, and none says whether it took it. */
bool clipboard_is_known(const char *term, const char *program);
/* Text up to 256 bytes of printable ASCII: else nothing and false. */
bool clipboard_bytes(struct str text, struct buf *out);

#endif
