/* SPDX-License-Identifier: MIT */
/* What the files of the learner share: where the slots lie, how strong the priors are, and tokens. */
#ifndef CALLDECK_SCHEDULE_LEARN_PARTS_H
#define CALLDECK_SCHEDULE_LEARN_PARTS_H

#include "calldeck/learn.h"

/* The slots. A change here is another LEARN_LAYOUT. */
enum {
    SLOT_BASE = 0,     /* answers, dials of average worth */
    SLOT_DIALS = 1,    /* dials, talks: evidence for people */
    SLOT_SALES = 2,    /* sales, dials that kept a promise */
    SLOT_TALK = 3,     /* minutes, answered dials */
    SLOT_PROMISE = 4,  /* how much better a talk is that was promised: gradient, curvature; so are all tokens */
    SLOT_HOUR = 8,     /* 24, local: answers, expected answers; so are all factors */
    SLOT_WEEKDAY = 32, /* 7 */
    SLOT_ATTEMPTS = 40,
    SLOT_ATTEMPTS_COUNT = 12, /* the last one: that many or more */
    SLOT_FRESH = 56,   /* LEARN_BANDS */
    SLOT_FRESH_SALE = 64,
    SLOT_END = 72,     /* 4: how talks end in general, as PROMISE */
    SLOT_SOURCE = 128, /* hashed */
    SLOT_SOURCE_COUNT = 128,
    SLOT_SEGMENT = 256, /* hashed segment x 24 */
    SLOT_SEGMENT_COUNT = 128,
    SLOT_WHO = 8192,   /* hashed tokens, chance of an answer */
    SLOT_WHO_COUNT = 8192,
    SLOT_TALKED = 16384, /* hashed tokens, sale chance */
    SLOT_TALKED_COUNT = 16384
};

/* Tokens of a person: a 64-bit hash each. `of` is the attribute it came from: an index, or one of these. */
enum { TOKEN_SOURCE = -1, TOKEN_CUSTOMER = -2, TOKEN_TALKED = -3 };
struct token {
    uint64_t hash;
    int of;
};
struct tokens {
    int count;
    struct token rows[LEARN_TOKENS_MAX];
};

/* Whether columns may teach, by the hash of the folded name: bounded, direct-mapped, a miss works it out again. */
struct column_seen {
    uint64_t hash; /* 0: empty */
    bool ignored;
};
enum { COLUMNS_SEEN = 1024, COLUMNS_ALLOWED = 128 };
struct column_book {
    struct column_seen seen[COLUMNS_SEEN];
    uint64_t allowed[COLUMNS_ALLOWED];
    size_t allowed_count;
};
void columns_allow(struct column_book *b, struct str names);
bool column_ignored(struct column_book *b, struct str name, uint64_t hash);
bool column_is_sensitive(struct str name);

/* Case of ASCII and blanks at the ends do not matter. Never 0. */
uint64_t token_hash(uint64_t seed, struct str s);
void tokens_of(struct column_book *b, const struct learn_person *p, struct tokens *ret);

#endif
