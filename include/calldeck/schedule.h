/* SPDX-License-Identifier: MIT */
/*
 * Who may be called now, who is next, and why. Pure: facts, policy and now in; answers out.
 *
 * No clock, no SQL, no randomness. Three questions, in this order of a prospect's life:
 *   fold()      what the history makes of a prospect: state, not before, attempts. Never depends on the hour.
 *   callable()  the gate: may this prospect be dialled at `now`; if not, why, and when it becomes yes.
 *   order_compare()  of two that may, who is first; reason_text() says why, from the same record.
 *
 * Invariants: fold depends only on its input, touches in any order give the same result (they are ordered by time, then
 * uid). A voided touch changes nothing but the count of dials placed. order_compare is total: the id breaks every tie.
 */
#ifndef CALLDECK_SCHEDULE_H
#define CALLDECK_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/error.h"
#include "calldeck/law.h"
#include "calldeck/model.h"
#include "calldeck/str.h"
#include "calldeck/zone.h"

/* ---- policy: what a list allows. Defaults, then the settings, then the list's own lines. ---- */

/* A day that a person said nobody is called on in that country. */
struct said_holiday { char country[3]; int32_t day; };
/* A national do-not-call registry, imported: of which day. */
struct registry_date { char country[3]; int32_t as_of_day; }; /* country "": of everywhere */
/* How long an outcome rests in this list, instead of its own words. */
struct retry_rule { char code[24]; char wait[56]; };
enum { SAID_HOLIDAYS_MOST = 40, REGISTRIES_MOST = 8, RETRIES_MOST = 12 };
enum list_order {
#define ORDER(id, word, argument, help) ORDER_##id,
#include "calldeck/orders.def"
#undef ORDER
    ORDER_COUNT_
};
enum { COLUMN_SIZE = 64 }; /* a column's name in a policy, with its NUL */

enum { CALLER_IDS_SIZE = 256, CALLER_SIZE = 128 };
struct policy {
    int hours_start_min, hours_end_min; /* minutes after midnight there: 540, 1080. end may be 1440; start < end */
    weekday_set days;                   /* 0: the working week of the prospect's country */
    bool days_said;                     /* a person set the days: "hours" then leaves them alone, else it opens all seven */
    bool windows;                       /* false: law windows are off (tests, internal lists); marked on the screen */
    int attempt_cap;                    /* 6; 0: none */
    int dials_per_day;                  /* 2 per person and per number; 0: no limit */
    int retry_callback_s;               /* 600: an unanswered promise is tried again after, */
    int retry_callback_tries;           /* 2: so many times */
    int skips_to_review;                /* 3 */
    int meeting_back_days;              /* 1: comes back the morning after */
    char country[3];                    /* "SA": where a number or an address does not say; may be "" */
    bool consumer;                      /* audience: unknown counts as consumer */
    int line_rest_s;                    /* 1200: a line that was called for a colleague rests; 0: not */
    bool new_parts;                     /* a rest goes on to a part of the day that was not tried yet */
    struct retry_rule retries[RETRIES_MOST]; int retries_count;
    struct said_holiday holidays[SAID_HOLIDAYS_MOST]; int holidays_count;
    struct registry_date registries[REGISTRIES_MOST]; int registries_count; /* facts, from the store; the newest of each country */
    enum list_order order;
    bool learn;                         /* false: LEARNED orders like FEWEST */
    char order_column[COLUMN_SIZE];     /* RANK: a column of the file, folded */
    uint64_t order_seed;                /* RANDOM */
    int new_every;                      /* every n-th of the queue is one who was never called; 0: no such rule */
    char segment[COLUMN_SIZE];          /* the column that parts the list into segments with hours of their own, folded; "" : none */
    char caller_ids[CALLER_IDS_SIZE];   /* "+4930901820 SA=+966112345678": the caller line, and those of countries */
    char product[64];                   /* what is sold: for the receipt */
    int guard_s;                        /* 240: no cold call starts so shortly before a callback */
};
void policy_defaults(struct policy *ret);
/* One line of a list's policy ("hours", "09:00-18:00"; "cap", "8"; "days", "mon-fri" or "all" or "country"; "dials", "2";
 * "country", "SA"; "audience", "business"; "retry-callback", "10m 2"; "skips", "3"; "meeting-back", "1"; "windows", "off";
 * "retry", "no-answer 3h 1d 2bd"; "parts", "new"; "line-rest", "20m"; "caller-id", "+4930901820 SA=+966112345678"; "product", "Vega boards"; "holiday", "SA 2026-09-23, DE 2026-12-24"). Hours cover
 * all days unless days are set too, before or after (contracts, Time). USAGE names what was expected. */
bool policy_set(struct policy *p, struct str key, struct str value, struct error *err);
/* Its lines one by one, each as policy_set takes it; {0} begins. A "retry" line an outcome that has one: "retry no-answer". false: that
 * was the last. */
struct policy_cursor { size_t line; int retry; };
bool policy_line_next(const struct policy *p, struct policy_cursor *at, struct buf *ret_key, struct buf *ret_value);
void policy_value(const struct policy *p, struct str key, struct buf *out); /* of one of these keys; empty: none */
const char *policy_line_word(size_t line); /* the words, from 0; NULL behind the last */
const char *policy_line_expected(struct str word); /* what its value may be; NULL: no such line */
const char *retry_wait(const struct policy *p, const struct outcome *o); /* how long an outcome rests: the list's words or its own; "" */
/* Shipped cadences, "b2b-cold", as lines of policy: assets/cadence. */
bool cadence_at(size_t i, struct str *ret_name, struct str *ret_lines); /* false: no more */
bool cadence_find(struct str name, struct str *ret_lines);
void cadence_names(struct buf *out); /* "b2b-cold, b2c or inbound" */
bool cadence_line(struct str *rest, struct str *ret_key, struct str *ret_value); /* the next line; false at the end */
/* The key under which a line is kept: a list has one "retry" line an outcome, all others one a key. */
struct str policy_line_key(struct str key, struct str value, struct buf *keep, struct str *ret_value);
/* The part that fold reads, as text: a store whose rows were folded under another one folds again. */
void policy_fold_key(const struct policy *p, struct buf *out);
/* The caller line for a number of that country ("SA", or ""): its own, else the list's, else "". */
void policy_caller(const struct policy *p, struct str country, char ret[CALLER_SIZE]);
bool hours_parse(struct str s, int *ret_start_min, int *ret_end_min, struct error *err);
bool days_parse(struct str s, weekday_set *ret, struct error *err); /* "mon-fri", "sun-thu", "mon wed", "all"; "country" is 0 */

/* ---- places: the zones that a prospect may be in, and the working week there ---- */

enum { PLACE_ZONES = 4, PLACE_LAWS = 4, PLACE_COUNTRIES = 2 };
/* On what a call may rest where the law asks for a reason to call. */
enum basis { BASIS_NONE, BASIS_CONSENT, BASIS_RELATED };
struct place {
    const struct zone *zones[PLACE_ZONES];
    int zone_count;       /* 0: nobody knows */
    weekday_set workdays; /* of the country */
    const struct law *laws[PLACE_LAWS]; int law_count;   /* of the number and of the address: all of them hold */
    struct { char country[3]; struct holidays days; } holidays[PLACE_COUNTRIES]; int holidays_count;
    enum audience audience; /* said of the person; else the list's */
    enum basis basis;
    int32_t basis_until_day; /* BASIS_RELATED: the last day */
};
/* Is `now` inside the law's windows and the list's hours and days in every zone, so that a call that rings 60 s still lies inside? closes/opens may be NULL,
 * and only the one that fits the answer is set.
 * ret_closes_at: when the hours end (18:00; the last dial is a minute before), if open; AT_NONE if they never do.
 * ret_opens_at: the next opening, if closed; AT_NONE if none within 400 days.
 * Hours that are 00:00-24:00 on all days are open everywhere, also where nobody knows the zone; other hours are closed there. */
bool window_open(const struct policy *p, const struct place *place, int64_t now, int64_t *ret_closes_at,
                 int64_t *ret_opens_at);
/* The start (00:00, first zone) of the n-th business day after the day of `at`; n >= 1. */
int64_t business_day_start(const struct policy *p, const struct place *place, int64_t at, int n);
/* The law's windows alone, without the list's hours and days. */
bool law_open(const struct policy *p, const struct place *place, int64_t now);
/* Why the law asks for more than the right hour. */
enum cause {
    CAUSE_STATE,            /* the state says it */
    CAUSE_LAW_HOURS,        /* the law's window, not the list's hours */
    CAUSE_CONSENT,          /* the country asks for consent, and there is none */
    CAUSE_REGISTRY_MISSING, /* consumers there, and no registry was ever imported */
    CAUSE_REGISTRY_OLD,
    CAUSE_LEGAL_CAP,
    CAUSE_REFUSAL,          /* refused once, and the law there counts it */
    CAUSE_LINE_RESTS,       /* the line was called for a colleague just now */
    CAUSE_COUNT_
};
const char *cause_explanation(enum cause cause); /* for people: "the law there asks for consent first: ..."; NULL for CAUSE_STATE */
const char *cause_name(enum cause cause); /* "registry-old": for scripts; "" for CAUSE_STATE */
/* Consent and registries: may somebody there be called at all at that time? What the hour does not change. */
bool place_lawful(const struct policy *p, const struct place *place, int64_t now, enum cause *ret_cause);
bool place_consumer(const struct policy *p, const struct place *place);
/* Calls placed, any order. */
struct dials {
    const int64_t *at;
    const bool *answered; /* of each; NULL: none was */
    size_t count;
};
/* When the caps and refusals of the law end: AT_NONE nothing holds, AT_MAX never. */
int64_t legal_rest_until(const struct policy *p, const struct place *place, const struct dials *dials, int64_t refused_at,
                         enum cause *ret_cause);
/* What the windows say of the day that contains `at` in one zone, for people: "US-FL mon-fri 08:00-20:00 (not verified)", with
 * the source of each row when asked for. */
struct day_law { const struct law *law; struct law_day day; bool holiday; const struct law_row *dated; };
int law_for(const struct policy *p, const struct place *place, const struct zone *zone, int64_t at, struct day_law ret[PLACE_LAWS]);
void law_day_text(const struct day_law *d, bool with_source, struct buf *out);

/* ---- fold ---- */

struct fold_touch {
    int64_t at;             /* when it began */
    struct uid uid;
    const struct outcome *outcome; /* NULL: still open, or a note */
    bool call;              /* a call; anything else (note, mail) neither rests nor counts */
    bool outbound;
    bool dialed;            /* we placed it: counts against the day even when voided */
    bool voided;
    int64_t phone_id;       /* 0: unknown */
};
struct fold_callback {
    int64_t id;
    enum callback_kind kind;
    int64_t made_at;        /* when it was promised */
    int64_t asked_at;       /* the instant of its wall time: the unmoved due time */
    bool cancelled;         /* by hand, or its maker is voided */
};
struct fold_skip {
    int64_t at, until_at;
    bool keep;              /* "looked at, keep calling": clears the skips before it */
    bool to_review;         /* put there by hand */
};
struct fold_phone {
    int64_t id;
    bool usable;            /* neither bad for all, nor bad for this person, nor suppressed */
    bool suppressed;
    const int64_t *dials_at; /* calls placed or logged on this number by anybody, voided logs left out; any order */
    size_t dials_count;
    const bool *dials_answered; /* of each; NULL: none */
    int64_t other_at;        /* the last of them that was for somebody else; AT_NONE or 0 */
    int64_t refused_at;      /* the last live refusal on it, by anybody; AT_NONE or 0 */
    const struct place *place; /* of this number, for the law; NULL: the person's */
};
struct fold_input {
    const struct fold_touch *touches;       size_t touches_count;
    const struct fold_callback *callbacks;  size_t callbacks_count;
    const struct fold_skip *skips;          size_t skips_count;
    const struct fold_phone *phones;        size_t phones_count; /* in the order of preference */
    struct place place;
    bool suppressed;        /* the person or the company */
    bool archived;
    const struct policy *policy;
};
struct fold_result {
    enum prospect_state state;   /* never one that comes from the hour */
    int64_t not_before;          /* AT_NONE: no time of its own (ready at once, or never by itself) */
    int attempts;                /* live counted outcomes */
    int64_t touched_at;          /* the last live call, AT_NONE if never */
    int skips;
    int64_t phone_id;            /* the number to dial: the first usable one not at its day's limit, else the one free first; 0 */
    bool customer;               /* a live sale */
    int64_t callback_id;         /* the open promise that is next; 0 */
    int64_t due_at;              /* its due time, moved by unanswered tries */
    int tries;                   /* unanswered tries at it */
    int64_t legal_until;         /* the law's caps and refusals on that number: AT_NONE, AT_MAX never */
};
/* A promise ends with the first live call that began after it was made and reached the prospect or was done; of the same
 * second, one whose outcome makes no promise itself.
 * ret_callback_due: for each callback its due time while open, AT_NONE when kept, cancelled or missed. May be NULL. */
void fold(const struct fold_input *in, struct fold_result *ret, int64_t *ret_callback_due);
/* The law on one number of theirs, and how long the line rests after a colleague's call; AT_NONE: nothing. */
void number_legal(const struct fold_input *in, const struct fold_phone *phone, int64_t *ret_until, enum cause *ret_cause,
                  int64_t *ret_line_rests_until);
/* When a rest that begins at `at` with this outcome ends; tries: counted unanswered outcomes in a row so far, this one included. */
int64_t outcome_rest_until(const struct outcome *o, const struct place *place, const struct policy *p, int64_t at, int tries);

/* ---- the gate ---- */

struct gate_input {
    enum prospect_state state;   /* folded */
    int64_t not_before;
    int64_t due_at;              /* open promise; AT_NONE */
    int64_t asked_at;            /* the time the prospect named: a promise may lie outside the list's hours */
    struct place place;
    bool claimed_by_other;
    bool number_bad, number_suppressed, number_missing; /* of the number that is to be dialled */
    int number_dials_today;
    int64_t legal_until;         /* of that number, from legal_rest_until; AT_NONE (or 0): nothing */
    enum cause legal_cause;
    int64_t line_rests_until;    /* called for a colleague; AT_NONE (or 0) */
};
struct verdict {
    bool yes;
    enum prospect_state why; /* READY or CALLBACK when yes */
    int64_t next_at;         /* when it becomes yes by itself; AT_NONE: never, or nobody knows */
    bool house_rule;         /* a no that a typed reason overrides: hours, rests, own caps, booked, no zone, not due yet */
    int64_t closes_at;       /* yes: when the hours end there; AT_NONE if it does not matter */
    enum cause cause;        /* no: what lies behind the state */
    int64_t promised_at;     /* a promise that is not due yet: the time that was promised, which words say; AT_NONE */
};
/* Due is within 60 s. A due promise comes before house rules (cooling, own caps; hours, and a zone that nobody knows, for two
 * hours when it was asked for outside them), never before suppression.
 * If nothing else happens, the answer is yes at next_at and no until then. */
struct verdict callable(const struct gate_input *in, const struct policy *p, int64_t now);
/* "outside calling hours: opens 09:00 Tue there (Asia/Riyadh)" and the like, without a full stop. */
void verdict_text(const struct verdict *v, const struct place *place, int64_t now, struct buf *out);

/* ---- the order ---- */

/* Two parts: `before` and `cell` are the same for everybody of a cell and move with the clock; the rest is the prospect's own
 * and moves with their touches alone. score = cell * -sort: the queue merges the cells' own orders. */
struct order_key {
    int rank;            /* 0; a person a colleague named comes next: -1 */
    double before;       /* smaller first: the zone of EAST and WEST; else 0 */
    double cell;         /* the cell's factor now; 1 where nothing was learned */
    double sort;         /* smaller first: order_sort, or the learned key negated */
    int attempts;
    int64_t touched_at;  /* AT_NONE first */
    int64_t id;          /* import order */
};
int order_compare(const struct order_key *a, const struct order_key *b);
const char *order_word(enum list_order order); /* "learned" */
bool policy_learns(const struct policy *p);    /* LEARNED, and nobody switched it off */

struct order_facts {
    int64_t id, created_at, touched_at;
    double column;       /* the number in the policy's order_column; NAN: none, comes last */
};
/* The prospect's own part of a classical order; 0 for those that the ties decide, and for LEARNED. */
double order_sort(const struct policy *p, const struct order_facts *facts);
/* The cell's: the offset from UTC now of EAST and WEST. */
double order_before(const struct policy *p, const struct place *place, int64_t now);

/* Why a row is where it is, from the same facts that ordered it. */
struct reason {
    enum prospect_state state; /* READY or CALLBACK */
    int rank;
    int attempts, attempt_cap;
    int64_t touched_at;
    int64_t due_at;
    int tries;                 /* of the promise */
    int64_t closes_at;
    int64_t imported_at;
    enum callback_kind kind;
    struct str learned;        /* the factors in words, when they order the row and have something to say; "" else */
    const struct zone *zone;   /* of the rep: times in a reason are the rep's; may be NULL (UTC) */
};
/* "callback 10:45", "callback 12 min late, 2nd try", "named by a colleague", "day ends in 18 min", "new, 12 min", "new",
 * "2nd try of 6, last Thu 19 Nov", "3rd try of 6, last 9:40 today".
 * At most 40 columns of ASCII; learned words are at most 60, and may hold what the file says. */
void reason_text(const struct reason *r, int64_t now, struct buf *out);

#endif
