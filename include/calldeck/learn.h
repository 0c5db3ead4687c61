/* SPDX-License-Identifier: MIT */
/*
 * What the calls teach: how likely an answer is and what a talk is worth, as factors that multiply to the score.
 *
 *     score of a dial now = K[prospect] x W[cell, now]        (expected sales a minute)
 *
 *   K, the key:  base x source x attempts x who x own = the chance of an answer's own
 *                x sale chance x per minute.                Moves with the prospect's own touches and a re-key alone.
 *   W, the cell: hour x weekday x segment's hour x freshness x sale freshness x own best hour.   Moves with the clock.
 *
 * Each factor of the chance of an answer is (prior + answers) / (prior + expected answers), so that one without evidence
 * is 1, or a weak prior from the literature, and pulls nowhere. The sale chance is an online logistic model
 * (FTRL-proximal) on hashed (column, value) tokens of whatever columns there are, and what is not known stays at the
 * base rate. One dial moves about ten factors, an answered one some tokens more: O(1), whatever the list's size.
 *
 * Pure: no clock, no SQL, no chance; the same calls in the same order give the same doubles. Memory is fixed when the
 * learner is made (LEARN_SLOTS pairs of doubles), whatever columns and values come.
 *
 * How a store uses it
 *   open:     l = learner_new(); for each stored row: learner_slot_set(l, slot, value). Kept beside it: LEARN_LAYOUT;
 *             rows of another layout are thrown away (or everything is learned again from the touches).
 *             Cheapest form: CREATE TABLE learn_slot (slot INTEGER PRIMARY KEY, a REAL NOT NULL, b REAL NOT NULL).
 *   a list:   learner_allow(l, names of the sensitive columns that a person switched on).
 *   key:      learner_key(l, &person, &factors) -> list_member.key. For a prospect after its own touch, for all in the
 *             background from time to time (a key made with older weights is merely a little out of date).
 *   tick:     learner_cell(l, &cell, &factors) -> W, for each open cell.
 *   outcome:  learner_learn(l, &person, &cell, &result, &own, &journal), with the person as it was BEFORE the dial, in the
 *             transaction that files the outcome; then own -> the two doubles kept with the prospect, and the slots of
 *             the journal's rows (20 to 60) -> learn_slot; then the prospect's new key.
 *   undo:     learner_undo(l, &journal), the prospect's two doubles back as they were (journal.own_before), the slots of
 *             the journal's rows -> learn_slot. A journal is bytes without pointers: LEARN_JOURNAL_BYTES(count) of it
 *             may be kept as a blob with the touch for as long as undo goes.
 *   rollback: learner_undo too: the memory then is what the disk is.
 *
 * Only first-hand cold dials teach the chance of an answer: a dial that keeps a promise (result.promise) says nothing of
 * a cold one, and teaches the sale model alone, through a token of its own.
 *
 * Invariants: every factor is finite and > 0; learn_product() of the printed factors is the score, to the last bit;
 * what is in the attributes, and their order, cannot make a NaN or move a score without bound.
 */
#ifndef CALLDECK_LEARN_H
#define CALLDECK_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/str.h"

/* ---- the factors ---- */

enum learn_factor {
#define FACTOR(id, part, json, label) FACTOR_##id,
#include "calldeck/factors.def"
#undef FACTOR
    FACTOR_COUNT_
};
enum learn_part { LEARN_KEY, LEARN_CELL };

enum learn_part learn_factor_part(enum learn_factor f);
const char *learn_factor_name(enum learn_factor f);  /* "sale_chance": for JSON, for ever */
const char *learn_factor_label(enum learn_factor f); /* "sale chance" */

/* One part, or both: learner_key fills the KEY rows, learner_cell the CELL rows, of one struct if you like. */
struct learn_factors {
    double value[FACTOR_COUNT_];
};
/* The one order of multiplication: KEY rows from the first to the last, CELL rows likewise, then key x cell.
 * learn_product(f) == learn_product_key(f) * learn_product_cell(f), and both are what learner_key and learner_cell return. */
double learn_product_key(const struct learn_factors *f);
double learn_product_cell(const struct learn_factors *f);
double learn_product(const struct learn_factors *f);

/* ---- who and when ---- */

struct learn_attribute {
    struct str column; /* as the file named it; case and blanks at the ends do not matter */
    struct str value;  /* empty: as if the column were not there */
};

/* What is kept with a prospect, as two REALs; {0, 0} when new. */
struct learn_own {
    double answers;  /* cold dials that were answered, fading */
    double expected; /* what others like it would have answered at those times */
};

/* All borrowed for the call. The order of the attributes does not matter. */
struct learn_person {
    struct str source; /* list_member's or the prospect's source; "" if unknown */
    int attempts;      /* live counted tries so far: 0 before the first */
    bool customer;     /* a live sale */
    struct learn_own own;
    const struct learn_attribute *attributes;
    size_t attributes_count;
};

/* Freshness. Only sources that say an inbound lead (web, inbound, form, site, chat, landing ... as a word of the folded
 * source) are fresh for minutes; all others have the one band LEARN_BAND_NONE for ever. */
enum learn_band_id {
    LEARN_BAND_5_MIN, LEARN_BAND_1_H, LEARN_BAND_24_H, LEARN_BAND_72_H, LEARN_BAND_OLDER, LEARN_BAND_NONE, LEARN_BANDS
};
/* The band at this age (now - created_at), and the age at which it ends, -1 if never: the time to move to another cell.
 * An age below zero counts as zero; an unknown age (< -DAY_S) as older. */
int learn_band(struct str source, int64_t age_s, int64_t *ret_until_s);
bool learn_source_is_inbound(struct str source);

/* A cell: zone set x segment x band. A cell of several candidate zones is read at its FIRST zone (the likeliest one by
 * the caller's order): one hour is learned and one hour is printed. */
struct learn_cell {
    struct str segment;  /* the value of the list's segment column; "" if it has none */
    int band;            /* enum learn_band_id */
    int hour;            /* 0 to 23 on the wall there, now */
    enum weekday weekday;
    uint32_t open_hours; /* bit h: hour h there can be called in (law, list and the rep's own day); 0: not known */
    double gamma;        /* learn_gamma(), or 0 */
};

/* How much a prospect's own best hour counts, 0 to 8. 0 when the list is longer than the time left: minutes are scarce,
 * any good dial will do. Up to 8 when it is shorter: tries are scarce, each must be made at its best hour.
 * minutes_left: the rep's (all reps') calling minutes until the list shall be through, or in the days that the remaining
 * tries may spread over; open_attempts: tries that the policy still allows, over all open prospects. */
double learn_gamma(double minutes_left, double open_attempts);

/* ---- the learner ---- */

enum {
    LEARN_LAYOUT = 1,         /* what the slots mean; another number: another meaning */
    LEARN_SLOTS = 1 << 15,    /* 512 KiB of doubles */
    LEARN_TOKENS_MAX = 192,   /* tokens of one person; of more columns a fixed choice, whatever their order */
    LEARN_TOUCHED_MAX = 2 * LEARN_TOKENS_MAX + 64
};

struct learner;
struct learner *learner_new(void); /* knows the priors; never NULL */
void learner_free(struct learner *l); /* NULL is fine */
void learner_reset(struct learner *l); /* as new; what is allowed stays */

/* Columns that say nationality, gender, religion, health or age (a table of words in several languages) are ignored
 * unless they are named here: a comma-separated list, or several calls. An empty str forgets all permissions.
 * Keys made before are stale. */
void learner_allow(struct learner *l, struct str columns);
bool learner_ignores(struct learner *l, struct str column); /* sensitive, and not allowed */

/* What is expected of anybody before a single call: the same numbers always, on the scale of the learned ones. */
void learn_factors_prior(struct learn_factors *ret);
/* The factors of a prospect; returns K > 0. ret may be NULL. */
double learner_key(struct learner *l, const struct learn_person *p, struct learn_factors *ret);
/* The factors of a cell now; returns W > 0. ret may be NULL. */
double learner_cell(const struct learner *l, const struct learn_cell *c, struct learn_factors *ret);

/* The tokens that move this person's sale chance most: the words on the card, "referral +", "200-500 staff -".
 * Borrowed from the person's attributes (or its source). Returns how many, 0 to 2; none that moves it less than 5 %. */
struct learn_token {
    struct str column; /* "source" for the source */
    struct str value;
    double weight; /* > 0: a better chance */
};
int learner_tokens(struct learner *l, const struct learn_person *p, struct learn_token ret[2]);

/* What a dial came to. Facts of the outcome: the flags of its row in the outcome table. */
struct learn_result {
    bool answered;     /* a human picked up */
    bool right_person; /* ... and it was a conversation with the prospect: only that teaches the sale chance */
    bool sale;         /* a sale, or a meeting booked */
    bool callback;     /* asked to be called again at a time, or a next step */
    bool later;        /* not now */
    bool refusal;
    bool promise;      /* this dial kept a promise */
    int talk_s;        /* 0: unknown */
};

/* Before and after of every slot that a dial moved: 40 bytes each. */
struct learn_image {
    int64_t slot;
    double before[2], after[2];
};
struct learn_journal {
    struct learn_own own_before;
    int64_t count;
    struct learn_image rows[LEARN_TOUCHED_MAX];
};
#define LEARN_JOURNAL_BYTES(count) (offsetof(struct learn_journal, rows) + (size_t)(count) * sizeof(struct learn_image))

/* p and c as they were before the dial. ret_own: the prospect's two doubles from now on. ret_journal may not be NULL. */
void learner_learn(struct learner *l, const struct learn_person *p, const struct learn_cell *c,
                   const struct learn_result *r, struct learn_own *ret_own, struct learn_journal *ret_journal);
/* The newest journal first: then everything is as before, to the last bit. If a slot was moved by somebody else since,
 * the difference is taken back instead. A journal that makes no sense (from a blob) changes nothing: false. */
bool learner_undo(struct learner *l, const struct learn_journal *j);

/* ---- persistence: LEARN_SLOTS numbered pairs ---- */

/* What this slot holds; false if it is as new (need not be stored). */
bool learner_slot_get(const struct learner *l, int64_t slot, double ret_value[2]);
/* Values that are not finite, or out of range, are refused: false. */
bool learner_slot_set(struct learner *l, int64_t slot, const double value[2]);

/* How many answers and talks it has learned from: for "learned from 812 dials, 94 talks". */
void learner_evidence(const struct learner *l, double *ret_dials, double *ret_talks, double *ret_sales);
/* The hour or weekday factors, for a panel: 1 is average. */
double learner_hour(const struct learner *l, int hour);
double learner_weekday(const struct learner *l, enum weekday day);

/* ---- words ---- */

/* What a factor is about for this person and cell: "16-17 h there", "Thu", "new < 1 h", "3rd try", "source web",
 * "sale 11 %". ASCII but for what the source says; without the number. p may be NULL for CELL rows, c for KEY rows. */
void learn_factor_words(enum learn_factor f, const struct learn_person *p, const struct learn_cell *c,
                        const struct learn_factors *values, struct buf *out);
/* The two factors farthest from 1 (in log) of those that say something about this row: "16-17 h there x1.35, 3rd try
 * x0.8", then "sale 11 %" with the person's tokens. At most 60 columns. */
void learn_reason_text(struct learner *l, const struct learn_person *p, const struct learn_cell *c,
                       const struct learn_factors *values, struct buf *out);

#endif
