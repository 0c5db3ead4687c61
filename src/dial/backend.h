/* SPDX-License-Identifier: MIT */
/*
 * What a backend gives to the port (dialer.c), and what it gets from it: a place to put events and, if it knows how calls
 * stand, the calls themselves (line.c). A backend reports what happened; what follows from it is decided there, once.
 */
#ifndef CALLDECK_DIAL_BACKEND_H
#define CALLDECK_DIAL_BACKEND_H

#include "calldeck/dial.h"

struct backend {
    const char *kind;
    /* USAGE: what is wrong with the settings. NULL: no state. */
    bool (*open)(struct dialer *d, const struct dial_config *config, struct error *err);
    void (*close)(struct dialer *d);
    bool (*place)(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller,
                  struct error *err);
    bool (*hang_up)(struct dialer *d, int64_t call, struct error *err); /* NULL: cannot. Also declines */
    /* NULL: cannot; the capability bits say the same */
    bool (*answer)(struct dialer *d, int64_t call, struct error *err);
    bool (*hold)(struct dialer *d, int64_t call, bool on, struct error *err);
    bool (*mute)(struct dialer *d, int64_t call, bool on, struct error *err);
    bool (*dtmf)(struct dialer *d, int64_t call, const char *digits, struct error *err);
    bool (*record)(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err);
    /* A hang-up was not confirmed in time: whatever it takes, no call may be left on the line. NULL: nothing can be done. */
    void (*recover)(struct dialer *d);
    /* NULL: nothing to wait for */
    int (*pollfds)(struct dialer *d, struct pollfd *ret, int most);
    int (*timeout_ms)(struct dialer *d, int64_t now_ms);
    void (*service)(struct dialer *d, int64_t now_ms);
};

enum { CALLS_MOST = 8, TAG_SIZE = 128, EVENTS_MOST = 1024 };
#define CLOCK_UNSET INT64_MIN

struct line_call {
    int64_t id; /* 0: this place is free */
    enum line_state state;
    char tag[TAG_SIZE]; /* how the backend calls it; "" until it is known */
    char number[DIAL_NUMBER_SIZE];
    bool inbound, adopted;
    bool rang, answered, muted;
    bool by_us;    /* we asked for the end */
    bool by_timer; /* and it was a timer that did */
    bool warned;   /* that nothing is heard yet */
    int64_t since_ms, rang_ms, answered_ms; /* in this state; first ring; answer. CLOCK_UNSET: before the first turn */
};

struct dialer {
    const struct backend *backend;
    unsigned capabilities;
    void *state; /* the backend's own */
    enum dial_line line;
    char line_text[DIAL_TEXT_SIZE];
    int ring_timeout_ms, setup_timeout_ms;
    int64_t now_ms; /* of the last turn */
    struct line_call calls[CALLS_MOST];
    int64_t last_inbound; /* ids of calls in go down from 0 */
    struct dial_event *events;
    size_t first, count, room; /* a ring that grows; past EVENTS_MOST the oldest goes, for nobody drains it */
};

/* text: anything; it is cleaned and cut here. The event may be completed until the next call. */
struct dial_event *dialer_emit(struct dialer *d, enum dial_event_kind kind, int64_t call, struct str text);
/* Cleaned and cut at a whole character. */
void text_put(struct str text, char *ret, size_t size);

/* ---- line.c ---- */

enum cause_kind { CAUSE_SIP, CAUSE_Q850 };
struct line_end {
    enum cause_kind kind;
    int code;              /* 0: none was given */
    enum line_fault fault; /* what it means when there is no code; NONE counts as LINE */
    struct str text;
};
/* What a code means. false: it has no row. */
bool line_cause(enum cause_kind kind, int code, enum line_result *ret_result, enum line_fault *ret_fault);
/* How a call ended, from all that happened to it. */
void line_judge(const struct line_call *c, const struct line_end *end, enum line_result *ret_result,
                enum line_fault *ret_fault);

struct line_call *line_call_find(struct dialer *d, int64_t id);
struct line_call *line_call_tagged(struct dialer *d, struct str tag);
/* The call that we placed and that has not ended, or NULL. */
struct line_call *line_call_outbound(struct dialer *d);
/* id 0: the next one for a call that came in. NULL: no place is free. IDLE, not yet told to anybody. */
struct line_call *line_call_new(struct dialer *d, int64_t id);
void line_call_drop(struct line_call *c); /* as if it had never been */
/* Moves the call and tells the app. end: for CLOSE and LOST. false: that does not happen in this state. After ENDED the
 * call is gone. */
bool line_happens(struct dialer *d, struct line_call *c, enum line_event event, const struct line_end *end);
void line_comes_in(struct dialer *d, struct line_call *c, struct str number, struct str name, bool anonymous);
void line_is_muted(struct dialer *d, struct line_call *c, bool on);
void line_all_lost(struct dialer *d, enum line_fault fault, struct str text);
/* LINE event, if it is another state or another text. */
void line_status(struct dialer *d, enum dial_line line, struct str text);
void line_clock(struct dialer *d, int64_t now_ms); /* the turn's clock, and the timers that are due */
int line_timeout_ms(const struct dialer *d, int64_t now_ms);

/* "127.0.0.1:5038" of a setting. USAGE: not an address, or one on the network, where what is said can be read. */
enum { LOOPBACK_SIZE = 16 };
bool loopback_read(const char *setting, const char *value, int default_port, char ret_host[LOOPBACK_SIZE], int *ret_port,
                   struct error *err);

/* sip:user@host[:port][;transport=udp|tcp|tls] */
bool account_is_good(const char *account);

extern const struct backend backend_command, backend_baresip, backend_ami;

#endif
