/* SPDX-License-Identifier: MIT */
/*
 * Places calls: one port, several backends, and the number policy that no backend may get wrong.
 *
 * The screen asks the capability bits and hides what a backend cannot do. No threads and no callbacks: the one poll loop
 * takes dial_pollfds and dial_timeout_ms, calls dial_service, and drains dial_next_event.
 *
 * Here now: manual (the rep dials), command (an argv template, never a shell) and null (says that nothing is dialled).
 * Whether a person may be called at this hour is the gate's matter (schedule.h), asked by app before dial_place.
 */
#ifndef CALLDECK_DIAL_H
#define CALLDECK_DIAL_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "calldeck/error.h"
#include "calldeck/str.h"

/* ---- number policy: refuse, never strip ---- */

enum { DIAL_NUMBER_SIZE = 40 };
/* Drops blank - . ( ) /; takes + only first, digits, * and # inside; 2 to 32 characters. Everything else (other scripts'
 * digits, CR/LF, @ ; ? % ,) is refused, as are a leading * or # and an empty number. REFUSED with the reason. */
bool number_clean(struct str number, char ret[DIAL_NUMBER_SIZE], struct error *err);
/* Emergency and premium numbers, by list: refused. e164 or as typed, after number_clean. blocked: the setting
 * `block-numbers`, words like "112 911 1900* +33899*". */
bool number_allowed(const char *number, struct str blocked, struct error *err);

struct dial_plan {
    char outside_line[8];   /* "9": dialled first to leave the house */
    char home_country[3];   /* calls inside it are dialled in national form with the trunk prefix */
    int home_calling_code;  /* 49; 0: none, always international */
    char trunk_prefix[4];   /* "0" */
    char international[8];  /* "00", "011"; "" or "+" keeps the plus */
};
/* E.164 as it must be dialled here: "+4930901820" -> "9030901820" or "9004930..." */
void number_as_dialled(const char *e164, const struct dial_plan *plan, char ret[DIAL_NUMBER_SIZE]);

/* ---- the port ---- */

enum dial_capability {
    DIAL_CAN_DIAL = 1 << 0,       /* places the call by itself */
    DIAL_CAN_HANG_UP = 1 << 1,
    DIAL_CAN_ANSWER = 1 << 2,
    DIAL_CAN_HOLD = 1 << 3,
    DIAL_CAN_MUTE = 1 << 4,
    DIAL_CAN_DTMF = 1 << 5,
    DIAL_KNOWS_STATE = 1 << 6,    /* reports ringing, answered, ended */
};

enum dial_event_kind { DIAL_EVENT_PLACED, DIAL_EVENT_FAILED, DIAL_EVENT_NOTE };
struct dial_event {
    enum dial_event_kind kind;
    int64_t call;   /* the id given to dial_place */
    char text[160]; /* cleaned, one line: what the backend said; may be empty */
};

struct dialer;
struct dial_config {
    const char *kind;     /* "manual", "command", "null" */
    const char *command;  /* argv template, words by blanks, quotes group: `xdg-open tel:%n` (%n number, %u tel: URI,
                             %i prospect id); a placeholder may not be argv[0] */
    const char *hang_up;  /* optional second template */
    int timeout_s;        /* a command that runs longer is ended: 10 */
};
/* USAGE: the kind or the template cannot be used (says why). */
struct dialer *dialer_open(const struct dial_config *config, struct error *err);
void dialer_close(struct dialer *d);
const char *dialer_kind(const struct dialer *d);
unsigned dialer_capabilities(const struct dialer *d);

/* The row of the attempt is on disk already. number is as dialled, after number_clean. REFUSED or IO with a sentence. */
bool dial_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, struct error *err);
bool dial_hang_up(struct dialer *d, int64_t call, struct error *err);

int dial_pollfds(struct dialer *d, struct pollfd *ret, int most);
int dial_timeout_ms(struct dialer *d, int64_t now_ms); /* -1: none */
void dial_service(struct dialer *d, const struct pollfd *fds, int count, int64_t now_ms);
bool dial_next_event(struct dialer *d, struct dial_event *ret);

/* Runs an argv template once with text on its standard input (copy command): no shell, own session, output thrown away,
 * at most timeout_ms. */
bool command_run(const char *command, struct str input, int timeout_ms, struct error *err);

#endif
