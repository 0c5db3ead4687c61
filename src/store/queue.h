/* SPDX-License-Identifier: MIT */
/* Inside the store: what the head of the queue and its counts share. */
#ifndef CALLDECK_STORE_QUEUE_H
#define CALLDECK_STORE_QUEUE_H

#include "key.h"

/* A cell at an instant: is it open there under that list's policy? */
struct cell_now {
    int64_t list_id, cell_id;
    struct place place;
    char segment[SEGMENT_SIZE];
    int band;
    bool open;
    int64_t closes_at, opens_at;
    double before, factor;        /* of the order, while it is open; see order_key */
    struct learn_factors factors; /* CELL rows */
};

struct cells {
    struct cell_now *rows;
    size_t count, room;
    int64_t gamma_list_id; /* whose gamma that is; 0: nobody's yet */
    double gamma;          /* how much a best hour counts there; see learn_gamma */
};

/* Cells are few; the same one is asked for again and again within a call. NULL: err. */
const struct cell_now *cell_at(struct store *s, struct cells *cells, int64_t list_id, int64_t cell_id, int64_t at,
                               struct error *err);

/* learn_gamma() of a list, from what is left of it and the next two weeks of one rep. A failure is 0: any hour will do. */
double list_gamma(struct store *s, int64_t list_id);

struct id_set {
    int64_t *at;
    size_t count;
};

/* Who is on somebody else's screen. In the arena. */
bool claimed_by_others(struct store *s, int64_t at, struct arena *a, struct id_set *ret, struct error *err);

/* Name, number, place: what a row shows beyond its place in the order. */
bool row_detail(struct store *s, struct queue_row *row, int64_t at, struct arena *a, struct error *err);
struct member_row {
    struct order_key key;        /* the prospect's own part */
    enum prospect_state state;
    int64_t not_before, cell_id;
    struct learn_factors factors; /* KEY rows; the first is 0 where the key is not a learned one */
};
/* STATE_ARCHIVED for somebody who is not in that list. */
bool member_get(struct store *s, int64_t list_id, int64_t prospect_id, struct member_row *ret, struct error *err);
/* Fills row->reason.learned: "16-17 h there x1.35, 3rd try x0.80, sale 11 %". with_tokens: and what the sale chance rests on. */
bool row_reason(struct store *s, struct queue_row *row, bool with_tokens, struct arena *a, struct error *err);

struct due {
    int64_t prospect_id, list_id, due_at, asked_at;
    enum callback_kind kind;
    int tries;
};

/* Promises due within a minute, one a prospect, the earliest; free(*ret). */
bool callbacks_due(struct store *s, int64_t list_id, int64_t at, struct due **ret, size_t *ret_count, struct error *err);
struct verdict due_verdict(struct store *s, const struct due *d, const struct queue_row *row, int64_t at);

#endif
