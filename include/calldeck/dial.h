/* SPDX-License-Identifier: MIT */
/*
 * Places calls: one port, several backends, and the number policy that no backend may get wrong.
 *
 * The screen asks the capability bits and hides what a backend cannot do. No threads and no callbacks: the one poll loop
 * takes dial_pollfds and dial_timeout_ms, calls dial_service, and drains dial_next_event.
 *
 * Backends: manual (the rep dials), command (an argv template, never a shell), baresip (a softphone that we own), ami
 * (Asterisk rings the desk phone, then the prospect) and null (says that nothing is dialled).
 * The core owns what no backend may get wrong: numbers, states (line_states.def, line_events.def), timers, and what is
 * made of an end (line_results.def). Whether a person may be called at this hour is the gate's matter (schedule.h), asked
 * by app before dial_place.
 *
 * Two kinds of call: those we place bear the id of their touch (> 0), given to dial_place; those that come in get an id
 * from here (< 0), unique as long as the dialer is open. A backend without DIAL_KNOWS_STATE reports PLACED or ENDED and
 * nothing more: what became of the call the rep says.
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

/* ---- states and ends of a call ---- */

enum line_state {
#define LINE_STATE(id, name, words) LINE_##id,
#include "calldeck/line_states.def"
#undef LINE_STATE
    LINE_STATE_COUNT_
};
enum line_event {
#define LINE_EVENT(id, name) LINE_EVENT_##id,
#include "calldeck/line_events.def"
    LINE_EVENT_COUNT_
};
enum line_result {
#define LINE_RESULT(id, name, outcome, words) LINE_RESULT_##id,
#include "calldeck/line_results.def"
    LINE_RESULT_COUNT_
};
enum line_fault {
#define LINE_FAULT(id, name, words) LINE_FAULT_##id,
#include "calldeck/line_results.def"
    LINE_FAULT_COUNT_
};
const char *line_state_name(enum line_state state);
const char *line_state_words(enum line_state state);
const char *line_event_name(enum line_event event);
/* false: that does not happen in this state; *ret_next is untouched. */
bool line_move(enum line_state state, enum line_event event, enum line_state *ret_next);
const char *line_result_name(enum line_result result);    /* as stored: "no-answer" */
const char *line_result_words(enum line_result result);
const char *line_result_outcome(enum line_result result); /* the code of the suggested outcome, or "" */
const char *line_fault_words(enum line_fault fault);

/* ---- the port ---- */

enum dial_capability {
    DIAL_CAN_DIAL = 1 << 0,       /* places the call by itself */
    DIAL_CAN_HANG_UP = 1 << 1,
    DIAL_CAN_ANSWER = 1 << 2,
    DIAL_CAN_HOLD = 1 << 3,
    DIAL_CAN_MUTE = 1 << 4,
    DIAL_CAN_DTMF = 1 << 5,
    DIAL_KNOWS_STATE = 1 << 6,    /* reports ringing, answered, ended */
    DIAL_CAN_REJECT = 1 << 7,
    DIAL_CAN_RECORD = 1 << 8,
};

/* Whether calls can be placed at all. Shown in the header; dial_place refuses but for NONE and UP. */
enum dial_line {
    DIAL_LINE_NONE,     /* this backend has no line of its own */
    DIAL_LINE_STARTING, /* being started, connected, registered */
    DIAL_LINE_UP,
    DIAL_LINE_FAILED,   /* the server refuses the account, or does not reply: text says which */
    DIAL_LINE_NO_AUDIO, /* no sound device: the prospect would be hung up on */
    DIAL_LINE_DOWN,     /* the softphone or the server is not there; tried again by itself */
};

enum dial_event_kind {
    DIAL_EVENT_PLACED,        /* it went out; for a program: it ran and did not complain */
    DIAL_EVENT_EARLY,         /* 183: the line speaks */
    DIAL_EVENT_RINGING,
    DIAL_EVENT_ANSWERED,
    DIAL_EVENT_ENDED,         /* result, fault, code, outcome, answered, by_us; the last event of a call but for those in */
    DIAL_EVENT_INCOMING,      /* a new call (< 0): number, name, anonymous */
    DIAL_EVENT_INCOMING_GONE, /* it was never talked on: result MISSED or DECLINED; its last event */
    DIAL_EVENT_HELD,          /* on */
    DIAL_EVENT_MUTED,         /* on */
    DIAL_EVENT_LINE,          /* line, text; call is 0 */
    DIAL_EVENT_NOTE,          /* text: worth a line on the screen, changes nothing. call may be 0 */
};

enum { DIAL_TEXT_SIZE = 160, DIAL_NAME_SIZE = 128 };
struct dial_event {
    enum dial_event_kind kind;
    int64_t call;  /* the id given to dial_place, or < 0 for a call that came in */
    int64_t at_ms; /* the loop's monotonic clock when it was seen; 0 for what comes before the first turn */
    bool on;
    bool inbound;
    bool answered; /* ENDED: it was talked on; then result is ANSWERED, whatever the code */
    bool by_us;    /* ENDED: we hung up (the rep, or a timer) */
    bool adopted;  /* ANSWERED: found running after a crash; touch unknown if call < 0 and not inbound */
    bool anonymous;
    enum dial_line line;
    enum line_result result;
    enum line_fault fault; /* not NONE: a line error; it is no attempt, and two in a row pause the flow (AUDIO: one) */
    int code;              /* SIP status or Q.850 cause; 0: none */
    int talk_ms;           /* ENDED: from the answer to the end; 0 if never answered */
    const char *outcome;   /* ENDED: code of the suggested outcome ("busy"); "" for none. Never NULL */
    char number[DIAL_NUMBER_SIZE]; /* INCOMING: digits as they came, a plus first if there was one; "" if anonymous */
    char name[DIAL_NAME_SIZE];     /* INCOMING: cleaned, one line; may be empty. The caller chose it: prove nothing by it */
    char text[DIAL_TEXT_SIZE];     /* cleaned, one line: what the line or the program said; may be empty */
};

struct dialer;
struct dial_config {
    const char *kind;     /* "manual", "command", "baresip", "ami", "null" */
    const char *command;  /* argv template, words by blanks, quotes group: `xdg-open tel:%n` (%n number, %u tel: URI,
                             %i prospect id, %c caller line); a placeholder may not be argv[0] */
    const char *hang_up;  /* optional second template */
    int timeout_s;        /* a command that runs longer is ended: 10 */
    int ring_timeout_s;   /* unanswered for so long: hung up, no answer. 0: 30 */
    int setup_timeout_s;  /* neither ringing nor answer: hung up, a line error. 0: 15 */

    /* baresip. All strings are copied; NULL and "" are the same. */
    const char *runtime_dir;          /* a directory of ours, made 0700: configuration, and what a crash leaves to adopt */
    const char *sip_account;          /* "sip:rep@pbx.example.com", ":5060" and ";transport=tcp" as wanted */
    const char *sip_user;             /* for the login; "": the user of the account */
    const char *sip_name;             /* the display name that is sent; "": none */
    const char *sip_password_file;    /* 0600, first line */
    const char *sip_password_command; /* argv template, first line of its output */
    bool sip_no_register;             /* a trunk that knows this machine by its address */
    const char *audio_source, *audio_player; /* "alsa,default" */
    const char *baresip_address;      /* "127.0.0.1:4444": one that runs already, instead of a child. Loopback alone */
    const char *record_dir;           /* for what dial_record keeps; made 0700 */
    bool records;                     /* false: nothing is, and what a crash left there of calls without a yes goes */

    /* ami */
    const char *ami_address;     /* "127.0.0.1:5038" */
    const char *ami_user;
    const char *ami_secret_file; /* 0600, first line */
    const char *ami_channel;     /* the rep's own phone: "PJSIP/rep" */
    const char *ami_context;     /* the dial plan that leads out: "outbound" */
};
/* USAGE: the kind or a setting cannot be used (says why). Nothing blocks: LINE events tell how it goes on. */
struct dialer *dialer_open(const struct dial_config *config, struct error *err);
/* Ends what it started; with a call on the line up to two seconds. */
void dialer_close(struct dialer *d);
const char *dialer_kind(const struct dialer *d);
unsigned dialer_capabilities(const struct dialer *d);
enum dial_line dialer_line(const struct dialer *d);
const char *dialer_line_text(const struct dialer *d); /* "registered as sip:rep@...", "403 Forbidden"; borrowed */

/* The row of the attempt is on disk already. number is as dialled, after number_clean. REFUSED or IO with a sentence: the
 * line is not up, or another call of ours is on it. One outbound call at a time. */
bool dial_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller, struct error *err);
/* The caller line: "" the account's own, "+4930901820" that number shown, "sip:me@pbx.example" another account of the softphone.
 * USAGE: neither. manual and null have none, and take no notice. */
bool caller_check(const char *caller, struct error *err);
/* Asks for it; ENDED confirms. A call that rings in is declined by dial_reject, not by this. */
bool dial_hang_up(struct dialer *d, int64_t call, struct error *err);
bool dial_answer(struct dialer *d, int64_t call, struct error *err); /* what is talked on goes on hold by itself: HELD */
bool dial_reject(struct dialer *d, int64_t call, struct error *err);
bool dial_hold(struct dialer *d, int64_t call, bool on, struct error *err); /* resuming puts the other one on hold */
bool dial_mute(struct dialer *d, int64_t call, bool on, struct error *err);
/* 1 to 32 of 0-9 * # A-D, only while connected */
bool dial_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err);
/* keep: from now on what is said is kept, in record_dir as NAME-us.wav and NAME-them.wav, 0600; what was said before is
 * silence there. Only while connected. Else: what was kept of it goes. name: letters and digits. What is not kept goes when
 * the call ends. NOT_FOUND: it began before recording was on. */
bool dial_record(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err);
/* IDLE: there is no such call, or not any more, or this backend does not know. */
enum line_state dial_state(const struct dialer *d, int64_t call);

/* At least DIAL_FDS_MOST places, else some are not watched. */
enum { DIAL_FDS_MOST = 24 };
int dial_pollfds(struct dialer *d, struct pollfd *ret, int most);
int dial_timeout_ms(struct dialer *d, int64_t now_ms); /* -1: none */
void dial_service(struct dialer *d, const struct pollfd *fds, int count, int64_t now_ms);
bool dial_next_event(struct dialer *d, struct dial_event *ret);

/* ---- when to stop dialling by itself ---- */

/* Auto-advance pauses on two line errors in a row, three wrong numbers in a row (a dial plan is wrong, not three people),
 * no sound. A zeroed struct is a fresh start. */
struct line_luck {
    int faults, wrong;
};
/* For each ENDED of a call we placed. NULL: go on; else why not, and the counts begin anew. */
const char *line_luck_note(struct line_luck *luck, const struct dial_event *ended);

/* ---- a phone that is not ours ---- */

enum { DIAL_QR_MOST = 45 };
struct dial_qr {
    int size; /* modules a side, without the quiet zone (draw four light modules around it) */
    bool dark[DIAL_QR_MOST][DIAL_QR_MOST]; /* [row][column] */
};
/* The tel: URI of a number, for a phone's camera. After number_clean. */
bool dial_qr(const char *number, struct dial_qr *ret, struct error *err);

/* XDG_RUNTIME_DIR/calldeck, else under the state home; into out. false: neither is known. */
bool dial_runtime_dir(struct buf *out);

/* Runs an argv template once with text on its standard input (copy command): no shell, own session, output thrown away,
 * at most timeout_ms. */
bool command_run(const char *command, struct str input, int timeout_ms, struct error *err);

#endif
