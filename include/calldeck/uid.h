/* SPDX-License-Identifier: MIT */
/* 128-bit names for rows that will one day be merged from several files: random (getrandom), compared as bytes. */
#ifndef CALLDECK_UID_H
#define CALLDECK_UID_H

struct uid {
    unsigned char b[16];
};
struct uid uid_new(void);
int uid_compare(const struct uid *a, const struct uid *b);
enum { UID_TEXT_SIZE = 33 };
void uid_text(const struct uid *u, char ret[UID_TEXT_SIZE]); /* 32 lower-case hex digits */

#endif
