/* SPDX-License-Identifier: MIT */
/* What a backend gives to the port (dialer.c), and what it gets from it: a place to put events. */
#ifndef CALLDECK_DIAL_BACKEND_H
#define CALLDECK_DIAL_BACKEND_H

#include "calldeck/dial.h"

struct backend {
    const char *kind;
    /* USAGE: what is wrong with the settings. NULL: no state. */
    bool (*open)(struct dialer *d, const struct dial_config *config, struct error *err);
    void (*close)(struct dialer *d);
    bool (*place)(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, struct error *err);
    bool (*hang_up)(struct dialer *d, int64_t call, struct error *err); /* NULL: cannot */
    /* NULL: nothing to wait for */
    int (*pollfds)(struct dialer *d, struct pollfd *ret, int most);
    int (*timeout_ms)(struct dialer *d, int64_t now_ms);
    void (*service)(struct dialer *d, int64_t now_ms);
};

enum { DIALER_EVENTS_MOST = 32 };
struct dialer {
    const struct backend *backend;
    unsigned capabilities;
    void *state; /* the backend's own */
    struct dial_event events[DIALER_EVENTS_MOST];
    size_t first, count; /* a ring; the oldest goes when nobody drains it */
};

/* text: anything; it is cleaned and cut here. */
void dialer_emit(struct dialer *d, enum dial_event_kind kind, int64_t call, struct str text);

extern const struct backend backend_command;

#endif
