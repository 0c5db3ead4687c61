/* SPDX-License-Identifier: MIT */
/*
 * A rep with a real softphone in a terminal, and real far ends on loopback. Each test looks at three things: what the
 * screen says, what stands in the file, and what the far end saw.
 */
#ifndef CALLDECK_TEST_PHONE_H
#define CALLDECK_TEST_PHONE_H

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ear.h"
#include "far.h"
#include "process.h"
#include "rep.h"
#include "test.h"

enum { DEADLINE_MS = 15000 };

struct phone {
    struct desk desk;
    struct rep *rep;
    int far_port; /* where the account's server would be: the far end of calls out */
    char runtime[256];
};

/* A desk with a softphone whose line is ready. more: lines of configuration, or NULL. */
void phone_open(struct phone *p, const char *name, int people, const char *more);
/* The same in two steps; phone_start is also how the program begins anew after its end. */
void phone_prepare(struct phone *p, const char *name, int people, const char *more);
void phone_start(struct phone *p);
/* Its window is closed for good, and the softphone that a killed window leaves is not left over. The file is sound. */
void phone_close(struct phone *p);

/* Enter on the card, once it takes one. */
void phone_dial(struct phone *p);
void phone_type(struct phone *p, const char *keys);
void phone_see(struct phone *p, const char *text);
void phone_see_gone(struct phone *p, const char *text);
/* Between calls, and what the newest touch says then: "out busy 486 busy busy unanswered", that is direction, line
 * result, its code, suggested outcome, outcome, and whether it was answered; "-" stands for nothing. */
void phone_filed(struct phone *p, const char *touch);
void phone_touch(struct phone *p, const char *touch);
/* The sound that the far end gets while the screen is looked at: "sound", "silence", or digits. */
void phone_hears(struct phone *p, struct ear *ear, const char *what);

struct far phone_answers(struct phone *p, const char *script);
struct far phone_is_called(struct phone *p, const char *script, const char *from);
/* The softphone's own process. */
pid_t phone_pid(struct phone *p);

/* Number 2 of the list calls, under another name. */
#define SECOND_PERSON "\"Mallory\" <sip:+12125550102@127.0.0.1>"
/* "NAME calls you" and the like, with the name of number 2. */
const char *second_person(const char *before, const char *after);

#endif
