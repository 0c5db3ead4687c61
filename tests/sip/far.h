/* SPDX-License-Identifier: MIT */
/*
 * The far end of a call: SIPp on loopback, with what it does written in a line.
 *
 *     far_start("<INVITE >100 >180 ~300 >200+ <ACK <BYE >200", port)
 *
 * <METHOD or <CODE is awaited (1xx may be missing, but for <180.), >CODE is answered (+ with SDP, = inside a call or to a
 * CANCEL, x with Expires), !METHOD is sent (ACK- to a refusal), ~MS is a pause.
 */
#ifndef CALLDECK_TEST_SIP_FAR_H
#define CALLDECK_TEST_SIP_FAR_H

#include <sys/types.h>

/* Nobody else's: each test program has a range of its own. */
int port_free(void);

struct far {
    const char *log; /* what SIPp said */
    pid_t pid;
};
/* media_port: where the rep's voice is sent to; 0: nowhere that anybody listens. */
struct far far_answers(const char *script, int port, int media_port);
/* Calls the rep. from: the From header, as in "\"Jane\" <sip:+15550123@127.0.0.1>" */
struct far far_calls(const char *script, int to_port, const char *from);
/* It did all that its script says, within ten seconds. */
void far_is_done(struct far *f);
void far_stop(struct far *f);

#endif
