/* SPDX-License-Identifier: MIT */
/*
 * The words of baresip's ctrl_tcp: JSON in netstrings. Commands go out as strings alone, for a number in their place ends
 * the program at the other side (1.0.0). What comes in is made UTF-8 before it is parsed: one Latin-1 letter in a caller's
 * name must not hide the end of a call.
 */
#ifndef CALLDECK_DIAL_CTRL_H
#define CALLDECK_DIAL_CTRL_H

#include <stdbool.h>

#include "calldeck/arena.h"
#include "calldeck/str.h"

enum ctrl_kind { CTRL_EVENT, CTRL_RESPONSE };
struct ctrl_message {
    enum ctrl_kind kind;
    bool ok;                          /* of a response: the command ran, no more than that */
    struct str token, data;           /* of a response */
    struct str type, id, peer, param; /* of an event; what is missing is empty */
    struct str account;               /* of an event: ours, whose it is */
    struct str name;                  /* the display name, still quoted as the network sent it */
    bool outgoing;
};
/* Into the arena. false: not a message; nothing can be said about it. */
bool ctrl_parse(struct str frame, struct arena *a, struct ctrl_message *ret);
/* One frame. params "": none. */
void ctrl_command(struct buf *out, const char *command, const char *params, const char *token);
/* Bytes that are not UTF-8 are taken as Latin-1. */
void latin1_repair(struct str s, struct buf *out);

/* ---- what is in its texts ---- */

/* The user of "sip:+1-555-0123;phone-context=x@host" as digits, a plus first; "" if it is none or nobody's. */
void caller_number(struct str uri, struct buf *out);
bool caller_is_anonymous(struct str uri);
/* Without the backslashes of a quoted string. */
void caller_name(struct str name, struct buf *out);

/* One line of listcalls: "> [line 1]  0:00:12   ESTABLISHED  (on hold)  sip:..." */
struct ctrl_line {
    int number;
    bool held;
};
/* Fills up to `most`; returns how many there were. */
int ctrl_lines(struct str data, struct ctrl_line *ret, int most);
struct ctrl_call {
    struct str id, state, peer; /* "ESTABLISHED", "sip:..."; borrowed */
    bool outgoing;
};
/* Of callstat. false: there is no call. */
bool ctrl_call(struct str data, struct ctrl_call *ret);

#endif
