/* SPDX-License-Identifier: MIT */
/* A rep's desk with a real baresip, below the dashboard. */
#ifndef CALLDECK_TEST_SIP_DESK_H
#define CALLDECK_TEST_SIP_DESK_H

#include <stdbool.h>
#include <sys/types.h>

#include "calldeck/dial.h"
#include "far.h"

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
