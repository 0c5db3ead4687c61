/* SPDX-License-Identifier: MIT */
/* The inside of the baresip backend, shared by its files: baresip.c (life and loop), baresip_talk.c (commands and events). */
#ifndef CALLDECK_DIAL_BARESIP_H
#define CALLDECK_DIAL_BARESIP_H

#include "backend.h"
#include "child.h"
#include "softphone.h"

enum stage {
    STAGE_WAITING,    /* until retry_ms, then it is started or connected */
    STAGE_PASSWORD,   /* a command is asked for it */
    STAGE_CONNECTING, /* it runs; its port is tried */
    STAGE_ASKING,     /* connected: registration, sound and running calls are asked for */
    STAGE_READY,
    STAGE_STOPPING,   /* told to go, after a hang-up that it did not confirm */
};

/* What an answer belongs to. Tokens are numbers of ours; answers come in the order of the commands. */
enum asked {
    ASKED_NOTHING,
    ASKED_CALLER,     /* its account, before a dial */
    ASKED_DIAL,
    ASKED_DIAL_ID,    /* callstat after a dial: its id */
    ASKED_FIND,       /* callfind before a hang-up, with several calls there */
    ASKED_HOLD,
    ASKED_RESUME,
    ASKED_MUTE,
    ASKED_ACCEPT,
    ASKED_REGISTERED,
    ASKED_LINES,
    ASKED_LINE_CALL,  /* callstat of one line */
    ASKED_AUDIO,
};
enum { PENDING_MOST = 64 };
struct pending {
    int64_t token; /* 0: free */
    enum asked asked;
    int64_t call;
    bool on;   /* mute: what is wanted; line: it is on hold */
    bool last; /* of a row of lines */
};

struct baresip {
    bool external; /* one that runs already, at an address of the settings */
    char host[LOOPBACK_SIZE];
    int port;
    struct softphone phone;
    struct child password_command;
    struct buf password_text;
    enum stage stage;
    int64_t stage_ms, retry_ms, try_ms, audio_ms, log_ms;
    int back_off_ms;
    int fd;
    bool connected;
    int intrusions; /* since it was started */
    struct buf in, out;
    int64_t token;
    struct pending pending[PENDING_MOST];
    bool audio_known, audio_good, registered, register_known, lines_known;
    char refused[DIAL_TEXT_SIZE]; /* why the server does not register us */
    uint32_t doubtful;            /* bits of calls that a list has to confirm */
    char caller[128];             /* the line of the dial that is under way */
    bool caller_used;             /* its own account may not be the one that dials: said before each dial */
};

/* baresip.c: recording. A call's sound has started; it is over. */
void baresip_established(struct dialer *d, struct line_call *c);
void baresip_over(struct dialer *d, int64_t call);
bool baresip_record(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err);
/* baresip_talk.c */
void baresip_send(struct dialer *d, const char *command, const char *params, struct pending p);
/* Bytes of the connection. false: this is not ctrl_tcp. */
bool baresip_take(struct dialer *d, struct str data);
void baresip_ask_all(struct dialer *d); /* after connecting */
void baresip_ask_audio(struct dialer *d);
void baresip_show_line(struct dialer *d);
bool baresip_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller, struct error *err);
bool baresip_hang_up(struct dialer *d, int64_t call, struct error *err);
bool baresip_answer(struct dialer *d, int64_t call, struct error *err);
bool baresip_hold(struct dialer *d, int64_t call, bool on, struct error *err);
bool baresip_mute(struct dialer *d, int64_t call, bool on, struct error *err);
bool baresip_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err);

#endif
