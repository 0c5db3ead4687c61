/* SPDX-License-Identifier: MIT */
/* Inside the store: a member's place in the order of its list. See order.h and learn.h for what the numbers mean. */
#ifndef CALLDECK_STORE_KEY_H
#define CALLDECK_STORE_KEY_H

#include "calldeck/learn.h"
#include "fold.h"

enum { SEGMENT_SIZE = 48, SEGMENTS_MOST = 64 };
enum { BAND_ANY = -1, BAND_NEW = LEARN_BANDS }; /* BAND_NEW: never called, where every n-th shall be such a one */
enum { KEY_FACTORS = FACTOR_HOUR }; /* the KEY rows of factors.def come first */

/* What the order knows of a prospect beyond the fold. The attributes are the file's columns and the known fields. */
struct traits {
    int64_t id, created_at;
    struct str source;
    const struct learn_attribute *attributes;
    size_t attributes_count;
    struct learn_own own;
};
/* In the arena. Somebody who is not there: all empty. */
bool traits_load(struct store *s, int64_t prospect_id, struct arena *a, struct traits *ret, struct error *err);
/* Can the policy's order be told without them? */
bool policy_needs_traits(const struct policy *p);

struct member_key {
    double sort;
    bool learned;               /* factors are there */
    double factors[KEY_FACTORS];
    char segment[SEGMENT_SIZE]; /* of the cell */
    int band;
    int64_t band_until;         /* AT_NONE */
};
/* traits may be NULL where the policy needs none. */
bool member_key(struct store *s, const struct policy *p, const struct traits *traits, const struct fold_result *r, int64_t now,
                struct member_key *ret, struct error *err);
void member_key_bind(struct stmt *q, const struct member_key *key); /* :sort :factors :band_until */
struct learn_person traits_person(const struct traits *traits, int attempts, bool customer);
/* The cell of a place, of a segment, of a freshness; made if it is new. Beyond SEGMENTS_MOST a segment is no segment. */
bool cell_of(struct store *s, struct str zones, struct str country, struct str segment, int band, int64_t *ret_id,
             struct error *err);

/* ---- lessons (learn.c) ---- */

/* The learner as this file has it; NULL: err. Read again when another process taught it. */
struct learner *lessons(struct store *s, struct error *err);
int64_t lessons_generation(const struct store *s); /* whose rows of learn_own count; after lessons() */
void lessons_forget(struct store *s); /* after a rollback: memory is no longer what the file says */
void lessons_free(struct store *s);
/* The cell of a segment and band at an instant, as the learner wants it. */
struct learn_cell lesson_cell(const struct policy *p, const struct place *place, struct str segment, int band, int64_t at);
/* One call and what it came to; before the fold of the prospect is written anew. Inside a transaction. */
bool lesson_learn(struct store *s, int64_t action_id, int64_t prospect_id, int64_t list_id, int64_t started_at, bool outbound,
                  const struct outcome *o, int64_t talk_s, struct error *err);
/* An action is taken back: its lesson too, if it was the newest, else all is learned again when there is time. */
bool lesson_reversed(struct store *s, int64_t action_id, struct error *err);
/* A handful of calls teaches nothing: until there are LESSONS_FROM of them only freshness moves the order, and the rest is as
 * FEWEST has it. */
enum { LESSONS_FROM = 30 };
bool lessons_speak(const struct learner *l);
void lessons_hush(struct learn_factors *f); /* the prior for every factor but the freshness: a key that was made then stands among learned ones */
bool lessons_stale(struct store *s, struct error *err); /* all is learned again when there is time */
/* A slice of: learning again, freshness that ended, keys made with old lessons. true in *ret_more: there is more to do. */
bool lessons_upkeep(struct store *s, int64_t now, int rows, bool *ret_more, struct error *err);

#endif
