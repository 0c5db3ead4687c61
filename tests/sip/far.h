/* SPDX-License-Identifier: MIT */
/*
 * The far end of a call: SIPp on loopback, with what it does written in a line; and a rep's desk with a real baresip.
 *
 *     far_start("<INVITE >100 >180 ~300 >200+ <ACK <BYE >200", port)
 *
 * <METHOD or <CODE is awaited (1xx may be missing, but for <180.), >CODE is answered (+ with SDP, = inside a call or to a
 * CANCEL, x with Expires), !METHOD is sent (ACK- to a refusal), ~MS is a pause.
 */
#ifndef CALLDECK_TEST_SIP_FAR_H
#define CALLDECK_TEST_SIP_FAR_H

#include <stdbool.h>
#include <sys/types.h>

#include "calldeck/dial.h"

int port_free(void);

struct far {
    pid_t pid;
};
/* media_port: where the rep's voice is sent to; 0: nowhere that anybody listens. */
struct far far_answers(const char *script, int port, int media_port);
/* Calls the rep. from: the From header, as in "\"Jane\" <sip:+15550123@127.0.0.1>" */
struct far far_calls(const char *script, int to_port, const char *from);
/* It did all that its script says, within ten seconds. */
void far_is_done(struct far *f);
void far_stop(struct far *f);

struct desk {
    struct dialer *d;
    struct dial_config config;
    char account[64], runtime[256];
    int sip_port;             /* of the far end, which is the server as well */
    struct dial_event last;   /* what was waited for */
    struct dial_event seen[64];
    int seen_count;
};
/* Up and registered nowhere; fails the test if it is not within five seconds. */
void desk_open(struct desk *desk);
void desk_prepare(struct desk *desk); /* the configuration alone */
void desk_start(struct desk *desk);   /* opens the dialer, waits for nothing */
void desk_close(struct desk *desk);
/* Turns the loop until it comes; everything that came before is in `seen`. */
const struct dial_event *desk_wait(struct desk *desk, enum dial_event_kind kind, int limit_ms);
const struct dial_event *desk_wait_line(struct desk *desk, enum dial_line line, int limit_ms);
void desk_turn(struct desk *desk, int ms);
bool desk_saw(const struct desk *desk, enum dial_event_kind kind);
void desk_place(struct desk *desk, int64_t call, const char *number);
/* From the files of the softphone. */
pid_t desk_softphone_pid(const struct desk *desk);
int desk_softphone_sip_port(const struct desk *desk);
int desk_softphone_port(const struct desk *desk);

#endif
