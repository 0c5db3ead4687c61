/* SPDX-License-Identifier: MIT */
/* Frames on a byte stream: LEN:BYTES, with LEN in decimal. Strict and bounded: what is not one ends the connection. */
#ifndef CALLDECK_DIAL_NETSTRING_H
#define CALLDECK_DIAL_NETSTRING_H

#include "calldeck/str.h"

enum { NETSTRING_MOST = 64 * 1024 };
enum netstring { NETSTRING_MORE, NETSTRING_FRAME, NETSTRING_BAD };
/* Takes the first frame off *rest; its payload is borrowed from there. MORE and BAD leave *rest alone. */
enum netstring netstring_take(struct str *rest, struct str *ret_payload);
void netstring_add(struct buf *out, struct str payload);

#endif
