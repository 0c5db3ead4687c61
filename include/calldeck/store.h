/* SPDX-License-Identifier: MIT */
/*
 * Facts on disk: one SQLite file, and the only floor that knows SQL.
 *
 * The store keeps what happened (touches, callbacks, suppressions, edits, reversals), never changes a completed fact, and
 * keeps the columns that make the queue fast equal to the fold of those facts (schedule.h). What a person does is an
 * action; a fact is live while its action is; undo appends a reversal.
 *
 * Reading gives rows in the caller's arena. Every writer is one transaction: it happened whole or not at all, and the
 * error says why. Outcomes, callbacks, suppressions and undo are durable when the call returns (synchronous=FULL); a draft
 * survives kill -9 when it returns and a power cut after at most a second.
 *
 * LOCKED after the busy budget (store_set_busy_ms): on the screen's thread 10 ms, then the job waits for the next turn.
 *
 *     store_open(path, &options, &err) -> store_policy_base() -> queue_head() -> card_load() -> call_begin() -> draft_save()...
 *     -> outcome_file() -> undo_last() -> store_close()
 */
#ifndef CALLDECK_STORE_H
#define CALLDECK_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/error.h"
#include "calldeck/model.h"
#include "calldeck/learn.h"
#include "calldeck/schedule.h"
#include "calldeck/str.h"
#include "calldeck/zone.h"

struct store;

/* ---- life ---- */

enum store_mode {
    STORE_CREATE, /* dashboard, import, api: makes the file (under a temporary name, renamed when whole) and its directory */
    STORE_WRITE,  /* the file must be there; falls back to reading if it cannot be written (store_read_only says so) */
    STORE_READ,   /* never a byte changes */
};
typedef weekday_set (*store_workdays_fn)(const char *country, void *user);

/* "Florida" in "US" -> "FL"; false: unknown. */
typedef bool (*store_region_fn)(const char *country, struct str name, char ret[8], void *user);

struct store_options {
    enum store_mode mode;
    struct zone_table *zones;         /* borrowed; outlives the store */
    const struct policy *policy;      /* defaults and settings; copied */
    store_workdays_fn workdays;       /* the country's own week; NULL: Monday to Friday */
    void *workdays_user;
    store_region_fn region;           /* NULL: a state is known by its letters alone */
    void *region_user;
    const char *rep;                  /* who acts; copied */
    const char *holder;               /* this window, for claims; copied; NULL: none */
    int64_t now;                      /* recorded_at of a migration, expiry of a person's zone */
    int busy_ms;                      /* 5000 headless, 10 on the screen's thread */
    const char *vfs;                  /* NULL: SQLite's own; tests inject faults */
};
/* ":memory:" is allowed. NULL with DATA (garbage, not ours, newer: "made by a newer calldeck"), IO, LOCKED, NOT_FOUND (no file
 * and not STORE_CREATE). Applies migrations after a backup beside the file, removes unfinished batches, goes on with
 * completed ones, folds again what another policy had folded, drops said zones that ended. A file it refuses is unchanged. */
struct store *store_open(const char *path, const struct store_options *options, struct error *err);
void store_close(struct store *s);
/* Closes it, and removes the file if nothing was ever kept in it: one that was made for an import that was refused. */
void store_close_unused(struct store *s); /* checkpoints; NULL is fine */
bool store_read_only(const struct store *s);
const char *store_path(const struct store *s);
/* Empty: no list yet (the first-run screen). */
bool store_is_empty(struct store *s);
void store_set_busy_ms(struct store *s, int busy_ms);
/* Asked while a snapshot is checked: true, somebody waits (a key), leaves that for the next step. NULL: nobody ever does. */
void store_set_hurry(struct store *s, bool (*hurry)(void *user), void *user);
/* Another process changed the file since the last call. */
bool store_changed_elsewhere(struct store *s);
/* One turn's reads see one state and cost one lock. Calls nest. */
bool store_begin_read(struct store *s, struct error *err);
void store_end_read(struct store *s);
/* Upkeep while no key waits: search index, parked rows whose time came, checkpoint. At most about budget_ms. true: there is more. */
bool store_idle(struct store *s, int64_t now, int budget_ms);
const struct outcome_table *store_outcomes(const struct store *s);
struct zone_table *store_zones(const struct store *s);
const char *store_rep(const struct store *s);
void store_set_rep(struct store *s, const char *rep);
/* Settings changed (`:set cap 8`): folds again if fold reads it. */
bool store_policy_base(struct store *s, const struct policy *policy, int64_t now, struct error *err);

/* ---- lists ---- */

struct list_row {
    int64_t id;
    struct str name;
    bool blocked;                      /* nothing may be dialled from it */
    int64_t members;
    int64_t created_at;
    int64_t by_group[GROUP_COUNT_];    /* stored states by group; the hour is not looked at */
};
bool lists_load(struct store *s, struct arena *a, const struct list_row **ret, size_t *ret_count, struct error *err);
/* By name, folded. NOT_FOUND names what there is. */
bool list_find(struct store *s, struct str name, int64_t *ret_id, struct error *err);
bool list_make(struct store *s, struct str name, int64_t now, int64_t *ret_id, struct error *err); /* or finds it */
bool list_set_blocked(struct store *s, int64_t list_id, bool blocked, struct error *err);
/* policy L key value; "zone" sets the default zone of those that have none. value empty: back to the default. */
bool list_policy_set(struct store *s, int64_t list_id, struct str key, struct str value, int64_t now, struct error *err);

bool list_policy(struct store *s, int64_t list_id, struct policy *ret, struct error *err); /* list 0: the base */

/* ---- the queue ---- */

struct queue_row {
    int64_t prospect_id;
    int64_t list_id;
    struct str name, company;   /* as stored: may hold anything but control characters */
    int64_t phone_id;
    struct str phone;           /* E.164, "" if none */
    struct str zones;           /* names, comma; "" if nobody knows */
    struct place place;
    enum prospect_state state;  /* READY or CALLBACK */
    int attempts;
    struct reason reason;
    struct order_key key;
    bool learned;                 /* the factors are those of the order */
    struct learn_factors factors; /* their product is the score: key.cell * -key.sort */
    struct learn_cell cell;       /* where and when the CELL factors are of */
};
/* The first `limit` that may be called at `at`, in order. list_id 0: all lists, each prospect once; a due promise of any list
 * surfaces in every list. Leaves out what another window holds. Writes nothing. */
bool queue_head(struct store *s, int64_t list_id, int64_t at, int limit, struct arena *a, const struct queue_row **ret,
                size_t *ret_count, struct error *err);
/* Who moved between two heads of a queue: first those of the later one in its order, then who left. Places begin with 1, 0: not among
 * them, and its row is NULL. In the arena. */
struct queue_move { size_t from, to; const struct queue_row *was, *is; };
size_t queue_moves(const struct queue_row *before, size_t before_count, const struct queue_row *after, size_t after_count, struct arena *a,
                   const struct queue_move **ret);
/* What is changed between the two is seen by this connection alone and taken back at the end: for "what would be if". */
bool store_trial_begin(struct store *s, struct error *err);
void store_trial_end(struct store *s);
/* The score of one prospect taken apart, whether they may be called now or not. learned: false where the list is not ordered by
 * what was learned. The product of the factors, in the order of factors.def, is the score. */
struct score_explained {
    bool learned;
    bool speaks;                       /* enough calls to be listened to; until then all but freshness is 1 */
    double score;
    struct learn_factors factors;
    struct learn_cell cell;
    struct str words[FACTOR_COUNT_];   /* what each is about: "16-17 h there" */
    struct str reason;
    double dials, talks, sales;        /* what it has learned from, fading */
};
bool score_explain(struct store *s, int64_t prospect_id, int64_t list_id, int64_t at, struct arena *a, struct score_explained *ret,
                   struct error *err);
struct queue_count {
    int64_t by_state[STATE_COUNT_]; /* at that hour; the sum is every prospect of the list */
    int64_t callbacks_due;          /* those of CALLBACK that are due */
    int64_t next_at[STATE_COUNT_];  /* when the first of them becomes callable; AT_NONE: never by itself */
    int64_t by_cause[CAUSE_COUNT_]; /* of NO_CONSENT: consent, registry-missing, registry-old */
    int64_t total;
};
/* Header and `queue --blocked`. next_at is worked out when with_next is set (the empty queue's countdown). */
bool queue_count(struct store *s, int64_t list_id, int64_t at, bool with_next, struct queue_count *ret, struct error *err);
/* Who waits for nothing but the hour, by place: "4 prospects of Asia/Riyadh open 09:00". The first to open first. */
struct opening { struct str zones; int64_t count, opens_at; };
bool queue_openings(struct store *s, int64_t list_id, int64_t at, size_t most, struct arena *a, const struct opening **ret,
                    size_t *ret_count, struct error *err);
/* Who was skipped too often; list_id 0: all lists. */
struct review_row { int64_t prospect_id; struct str name, company; int skips; };
bool review_load(struct store *s, int64_t list_id, size_t most, struct arena *a, const struct review_row **ret, size_t *ret_count,
                 struct error *err);
/* One prospect against the gate, with the number it would be dialled on (phone_id 0: the chosen one). */
bool prospect_verdict(struct store *s, int64_t prospect_id, int64_t list_id, int64_t phone_id, int64_t at,
                      struct verdict *ret, struct place *ret_place, struct error *err);

/* This process as the holder of claims: a claim of a process that is gone is nobody's. */
void store_window_name(struct buf *out);
/* Claim the card in work; holder and expiry are one conditional update. REFUSED: "on Dana's screen". */
bool claim_take(struct store *s, int64_t prospect_id, int64_t now, int64_t expires_at, struct error *err);
void claim_drop(struct store *s, int64_t prospect_id);

/* ---- one prospect ---- */

struct card_phone {
    int64_t id, link_id;
    struct str e164, national, region, type, label, source, extension;
    bool bad;                 /* for all, or for this person */
    bool suppressed;
    int shared_with;          /* other people on this number */
    const struct outcome *last; int64_t last_at; /* by anybody */
    struct str last_name;     /* whom that was for, if somebody else */
};
struct card_mail { int64_t id; struct str address, label; };
struct card_attribute { struct str key, value; };
struct card_callback {
    int64_t id;
    enum callback_kind kind;
    struct str wall, zone, step, with_whom;
    int offset_s;
    int64_t asked_at, due_at, made_at;
    int tries;
};
struct card_touch {
    int64_t id;
    struct uid uid;
    struct str channel, direction, number, note, reason, currency, with_whom, line_result, verdict, rep, list;
    struct str line_code, suggested; /* what the line said, and the outcome that it spoke for */
    struct str consent, recording; /* to be recorded: "yes", "no", "withdrawn", "" not asked; the files beside the database */
    int64_t consent_at;
    int64_t started_at, answered_at, ended_at, completed_at; /* AT_NONE when not */
    bool answered_inferred, dialed, voided;
    int64_t talk_s;           /* -1: unknown */
    int64_t amount_cents; bool has_amount;
    const struct outcome *outcome; /* NULL: a note, or open */
    int64_t corrects, continues;
    struct str receipt;       /* JSON: what the gate looked at when it was dialled; "" if we placed no call */
};
struct card_reversal { struct uid uid; int64_t action_id, at; bool by_correction; struct str rep; };
struct card_member { int64_t list_id; struct str list; enum prospect_state state; int64_t not_before; int attempts, attempt_cap; };
struct card {
    int64_t id;
    struct uid uid;
    struct str name, title, company, external_id, owner, language, source, country, state, city;
    int64_t company_id;
    struct str zones;         /* in force at `at`, comma */
    struct str zone_source;   /* "person", "column", "address", "number", "list", "none" */
    int64_t zone_until_at;    /* a person's word that ends; AT_NONE */
    struct place place;
    enum prospect_state stored_state; /* in the first list asked for */
    int64_t not_before;
    int attempts, attempt_cap, skips;
    int64_t touched_at, due_at, callback_id;
    int tries;
    int64_t phone_id;         /* the number that would be dialled */
    bool customer, suppressed, archived, mail_opt_out, list_blocked;
    struct str note;          /* the last live note, imported ones too */
    struct str draft; size_t draft_cursor; bool has_draft;
    int64_t draft_at;         /* when it was last typed into; AT_NONE: no draft */
    int64_t created_at, updated_at;
    struct str imported_from; /* the file, "" if typed */
    const struct card_member *members; size_t members_count;
    const struct card_phone *phones; size_t phones_count;   /* in the order of the keys 1 to 9 */
    const struct card_mail *mails; size_t mails_count;
    const struct card_attribute *attributes; size_t attributes_count;
    const struct card_callback *callbacks; size_t callbacks_count; /* open ones, by due time */
    const struct card_touch *touches; size_t touches_count;        /* newest first */
    const struct card_reversal *reversals; size_t reversals_count;
    int64_t open_touch;       /* a call without outcome; 0 */
};
/* touches_most: 0 is all. NOT_FOUND. */
bool card_load(struct store *s, int64_t prospect_id, int64_t list_id, int64_t at, size_t touches_most, struct arena *a,
               struct card *ret, struct error *err);

/* Edits by a person, undoable; they win over later files. field: name, title, company, owner, language, source, country,
 * state, city, external_id, or attribute:KEY. Empty value clears. DATA when it cannot be. */
bool prospect_edit(struct store *s, int64_t prospect_id, struct str field, struct str value, int64_t now, struct error *err);
/* A person's word; until_at AT_NONE: for good. zone empty: take the word back. */
bool prospect_set_zone(struct store *s, int64_t prospect_id, struct str zone, int64_t until_at, int64_t now, struct error *err);
/* state: of its area code, "FL"; zones: where it may ring, "America/New_York", several by commas; "" where nothing is known */
struct new_phone { struct str e164, national, region, type, label, extension, state, zones; };
bool prospect_add_phone(struct store *s, int64_t prospect_id, const struct new_phone *phone, bool first, int64_t now, struct error *err);
bool prospect_remove_phone(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t now, struct error *err);
bool prospect_add_mail(struct store *s, int64_t prospect_id, struct str address, struct str label, int64_t now, struct error *err);
struct new_person {
    struct str name, title;
    int64_t company_of;       /* the same company, country and zones as this prospect; 0: `company` */
    struct str company;
    const struct new_phone *phone; /* NULL: none */
    struct str zones;         /* "" and company_of 0: nobody knows */
    bool next;                /* a colleague named them: comes next */
};
bool prospect_add(struct store *s, int64_t list_id, const struct new_person *person, int64_t now, int64_t *ret_id, struct error *err);
bool prospect_archive(struct store *s, int64_t prospect_id, bool archive, int64_t now, struct error *err);
/* Everybody leaves the queue, in one transaction and as one action; what was learned of them stays. */
bool prospects_archive(struct store *s, int64_t now, int64_t *ret_count, struct error *err);
bool prospect_skip(struct store *s, int64_t prospect_id, struct str reason, int64_t now, bool *ret_review, struct error *err);
bool prospect_keep(struct store *s, int64_t prospect_id, int64_t now, struct error *err); /* out of the review pile */

/* ---- calls and outcomes ---- */

/* The row of the attempt, on disk before the first ring. override_reason: a house rule set aside, else "". */
bool call_begin(struct store *s, int64_t prospect_id, int64_t list_id, int64_t phone_id, struct str direction, int64_t now,
                struct str override_reason, int64_t *ret_touch, struct error *err);
/* By which line of ours that number of theirs is called: the list's, or its country's; "" the account's own. */
bool call_caller(struct store *s, int64_t list_id, int64_t phone_id, char ret[CALLER_SIZE], struct error *err);
bool call_answered(struct store *s, int64_t touch, int64_t at, bool inferred, struct error *err);
/* What the line did, apart from what the rep will choose; suggested: the code of the outcome that it speaks for, or "". */
bool call_ended(struct store *s, int64_t touch, int64_t at, struct str line_result, struct str line_code, struct str suggested,
                struct error *err);
/* What they said to a recording, of an open touch; durable. recording: its path beside the database without the ends of its two
 * files, "" if nothing is kept. */
bool call_consent(struct store *s, int64_t touch, struct str consent, struct str recording, int64_t at, struct error *err);
/* Its end was a guess, made after a crash: the line still stands. */
bool call_resumed(struct store *s, int64_t touch, struct error *err);
/* An open touch that nobody talked in and no outcome is chosen for: the line could not place it, it was missed, or declined.
 * Completed as the line says it, it does not count. */
struct line_word { struct str result, code, why; };
bool call_failed(struct store *s, int64_t touch, const struct line_word *line, int64_t now, struct error *err);

struct new_phone;
struct outcome_entry {
    const struct outcome *outcome;
    struct str note;            /* filed with it; the prospect's draft is deleted (log: if it is this text) */
    const struct new_phone *phone; /* referred: the number of the person named in with_whom; NULL: unknown */
    int64_t when_at;            /* asks when: the instant, AT_NONE if none */
    struct str when_wall, when_zone; /* "2026-11-24T15:00", IANA; empty: derived from when_at and the prospect's first zone */
    struct str step, with_whom, reason, currency;
    int64_t amount_cents; bool has_amount;
    enum suppress_scope scope;
    int64_t talk_s;             /* -1: from answered_at, else unknown */
    struct str verdict;         /* log: what the gate said */
};
/* Completes the open touch. One durable transaction: touch, callback, suppression, number, note, fold of all concerned.
 * REFUSED: not open, needs a time, in the past. */
bool outcome_file(struct store *s, int64_t touch, const struct outcome_entry *entry, int64_t now, struct error *err);
struct log_entry {
    struct outcome_entry entry;
    int64_t prospect_id, list_id; /* list 0: none */
    struct str number;            /* E.164, one of theirs or not; "" : the chosen one */
    struct str direction;         /* "out", "in" */
    int64_t at;                   /* when it happened */
    int64_t recorded_at;
};
/* A call made elsewhere: a touch without a dial. Never refused for the hour. */
bool outcome_log(struct store *s, const struct log_entry *entry, int64_t *ret_touch, struct error *err);
/* Voids an older touch and writes a new one with the same facts and another outcome. */
bool touch_correct(struct store *s, int64_t touch, const struct outcome_entry *entry, int64_t now, int64_t *ret_touch, struct error *err);
bool note_file(struct store *s, int64_t prospect_id, struct str note, int64_t now, struct error *err);
/* Calls without outcome that a crash or a quit left, newest first, of this rep. */
struct open_touch { int64_t touch, prospect_id; struct str name; int64_t started_at; };
bool open_touches(struct store *s, struct arena *a, const struct open_touch **ret, size_t *ret_count, struct error *err);

struct undone {
    int64_t action_id, prospect_id, touch;
    struct str kind;           /* of the action: "call", "log", "edit", ... */
    struct str name;           /* the prospect */
    struct str what;           /* "no answer", "edit of title", "callback" */
    int64_t reopened;          /* the call, open again (reopen); 0 */
};
/* Takes back the last recorded live action, of whatever rep. reopen: a call's touch becomes open again with its note as draft (dashboard).
 * NOT_FOUND: nothing to undo. REFUSED: a do-not-call that is not the very last action (says: suppress remove). */
bool undo_last(struct store *s, bool reopen, int64_t now, int64_t recorded_at, struct arena *a, struct undone *ret, struct error *err);

/* ---- callbacks ---- */

struct callback_row { int64_t id, prospect_id, due_at, asked_at; enum callback_kind kind; int tries; struct str name, company, step, wall, zone; };
/* Open ones due before `until`, by due time: the agenda, the banner, the guard of cold dials. */
bool callbacks_until(struct store *s, int64_t until, size_t most, struct arena *a, const struct callback_row **ret, size_t *ret_count, struct error *err);
/* The first promise, other than of that prospect, that falls due so soon after `at` that no cold call starts (the list's guard),
 * and that the gate will let be kept. ret->id 0: none. */
bool callback_near(struct store *s, int64_t list_id, int64_t prospect_id, int64_t at, struct arena *a, struct callback_row *ret,
                   struct error *err);
bool callback_make(struct store *s, int64_t prospect_id, const struct outcome_entry *when, enum callback_kind kind, int64_t now, struct error *err);
bool callback_move(struct store *s, int64_t callback_id, const struct outcome_entry *when, int64_t now, struct error *err);
bool callback_cancel(struct store *s, int64_t callback_id, int64_t now, struct error *err); /* also: promise kept */

/* ---- notes being typed ---- */

/* Committed when it returns. durable: with an fsync (once a second while typing). Empty text and cursor 0 delete it. */
bool draft_save(struct store *s, int64_t prospect_id, struct str text, size_t cursor, int64_t now, bool durable, struct error *err);
struct draft_row { int64_t prospect_id; struct str name, text; int64_t updated_at; };
bool drafts_load(struct store *s, struct arena *a, const struct draft_row **ret, size_t *ret_count, struct error *err);

/* ---- do not call ---- */

/* scope line: e164; person, company: prospect_id. */
bool suppress_add(struct store *s, enum suppress_scope scope, int64_t prospect_id, struct str e164, struct str reason,
                  struct str source, int64_t now, struct error *err);
/* What suppress_check names, the narrowest first: the line and the people, and if there is none of these the company.
 * NOT_FOUND; reason required. */
bool suppress_remove(struct store *s, struct str e164, struct str reason, int64_t now, struct error *err);
struct suppress_row { enum suppress_scope scope; struct str e164, name, company, reason, source, as_of; int64_t at; };
/* What binds this number: the line itself, the one person who has it, or their company. *ret_count 0: may be called. */
bool suppress_check(struct store *s, struct str e164, struct arena *a, const struct suppress_row **ret, size_t *ret_count, struct error *err);
/* Many lines at once (a registry): already E.164. Counts what was new. */
/* A registry was imported: consumers of that country ("" all) may be called while it is new enough. as_of: "2026-11-01". */
bool registry_record(struct store *s, struct str name, struct str country, struct str as_of, int64_t numbers, int64_t now,
                     struct error *err);
/* "SA", "2026-09-23", as policy_set takes a holiday: nobody is called there on that day, in no list; add false takes it back (NOT_FOUND).
 * What was folded under it is folded again by store_policy_base. */
bool holiday_say(struct store *s, struct str country, struct str day, bool add, int64_t now, struct error *err);
bool suppress_import(struct store *s, const struct str *e164, size_t count, struct str registry, struct str as_of, int64_t now,
                     int64_t *ret_new, struct error *err);

/* ---- search, figures ---- */

struct found { int64_t id; struct str name, company, phone; const char *found_in; /* "name", "company", "number", "mail", "note", "draft" */ enum prospect_state state; };
/* Exact names first, then names that begin so, then the rest. Words are beginnings of words; digits match numbers from the front or the end. */
bool search_run(struct store *s, struct str words, size_t most, struct arena *a, const struct found **ret, size_t *ret_count, struct error *err);

struct stats_outcome { const struct outcome *outcome; int64_t count; };
/* Sales a currency; "" is one that nobody named. Two of them are never added. */
struct stats_amount { struct str currency; int64_t cents; };
struct stats {
    int64_t dials, conversations, meetings, sales, talk_s;
    int64_t amount_cents; /* of the only currency; 0 if there are several */
    const struct stats_outcome *by_outcome;
    size_t by_outcome_count;
    const struct stats_amount *amounts; /* by currency */
    size_t amounts_count;
};
bool stats_load(struct store *s, int64_t since, int64_t until, struct arena *a, struct stats *ret, struct error *err);

/* ---- export: rows one by one, in id order; return false from the callback to stop ---- */
typedef bool (*card_fn)(const struct card *card, void *user);
bool export_cards(struct store *s, int64_t list_id, card_fn each, void *user, struct error *err);
struct export_touch { const struct card_touch *touch; int64_t prospect_id; struct str external_id, name, company, mail; };
typedef bool (*export_touch_fn)(const struct export_touch *row, void *user);
bool export_touches(struct store *s, int64_t list_id, int64_t since, export_touch_fn each, void *user, struct error *err);

/* ---- the file itself ---- */

typedef void (*line_fn)(const char *line, void *user);
/* quick_check, foreign keys, and every materialised column against a fresh fold. Each difference is a line. DATA if any. */
bool store_check(struct store *s, line_fn line, void *user, struct error *err);
bool store_backup(struct store *s, const char *path, struct error *err); /* 0600, whole or not there */
/* Copies what can still be read of a broken file into a new one; says what was lost, line by line. */
bool store_salvage(const char *broken, const char *path, const struct store_options *options, line_fn line, void *user, struct error *err);
/* One a day beside the file (<name>.snapshots/YYYY-MM-DD.db), `keep` of them, the new one checked. keep 0: off. */
bool store_snapshot(struct store *s, int64_t now, int keep, struct error *err);
/* The same in steps of some milliseconds, for whoever must not keep a key waiting; *ret_more: again, please. */
bool store_snapshot_step(struct store *s, int64_t now, int keep, bool *ret_more, struct error *err);
/* A folder that is synced or on a network: a warning sentence, else false. */
bool store_place_warning(const char *path, struct buf *out);

#endif
