/* SPDX-License-Identifier: MIT */
/*
 * The words of the trade as types: prospect states, outcomes, channels. Values only, no behaviour beyond names.
 */
#ifndef CALLDECK_MODEL_H
#define CALLDECK_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/date.h"
#include "calldeck/str.h"
#include "calldeck/uid.h"

enum prospect_state {
#define STATE(id, name, group, by_clock, explanation) STATE_##id,
#include "calldeck/states.def"
#undef STATE
    STATE_COUNT_
};
/* The header's words: "14 ready · 3 callbacks due · 212 resting · 9 waiting · 41 done · 6 blocked". */
enum state_group { GROUP_READY, GROUP_CALLBACK, GROUP_RESTING, GROUP_WAITING, GROUP_DONE, GROUP_BLOCKED, GROUP_COUNT_ };

const char *state_name(enum prospect_state state);
const char *state_explanation(enum prospect_state state);
enum state_group state_group(enum prospect_state state);
bool state_parse_name(struct str name, enum prospect_state *ret);

/* What an outcome does besides ending the touch. */
enum outcome_effect {
    EFFECT_NONE, EFFECT_MESSAGE, EFFECT_REFER, EFFECT_CALLBACK, EFFECT_NEXT_STEP, EFFECT_MEETING, EFFECT_SALE,
    EFFECT_REFUSAL, EFFECT_BAD_LINK, EFFECT_BAD_NUMBER, EFFECT_SUPPRESS, EFFECT_COUNT_
};
/* What the rep is asked. */
enum outcome_ask { ASK_NOTHING, ASK_WHEN, ASK_STEP, ASK_MEETING, ASK_AMOUNT, ASK_REASON, ASK_SCOPE, ASK_PERSON, ASK_COUNT_ };

/* A row of the store's outcome table. Code reads the flags, never the id or the code. */
struct outcome {
    int64_t id;
    char key;
    const char *code;
    const char *label;
    bool answered;     /* a human picked up */
    bool right_person; /* ... and it was a conversation with the prospect */
    bool done;
    bool counts;       /* as an attempt of the cadence */
    enum outcome_effect effect;
    enum outcome_ask ask;
    const char *wait;
    int cap;
};
/* All rows, in their order on the bar. Owned by the store, valid until it closes. */
struct outcome_table {
    const struct outcome *rows;
    size_t count;
};
const struct outcome *outcome_by_id(const struct outcome_table *t, int64_t id);
const struct outcome *outcome_by_code(const struct outcome_table *t, struct str code);
const struct outcome *outcome_by_key(const struct outcome_table *t, char key);
const char *outcome_effect_name(enum outcome_effect effect); /* "bad-number": what the store keeps */
bool outcome_effect_parse(struct str name, enum outcome_effect *ret);
const char *outcome_ask_name(enum outcome_ask ask);
bool outcome_ask_parse(struct str name, enum outcome_ask *ret);
/* The seed rows of outcomes.def, ids 1.. in order. */
struct outcome_table outcome_defaults(void);

enum suppress_scope { SCOPE_PERSON, SCOPE_LINE, SCOPE_COMPANY, SCOPE_COUNT_ };
const char *suppress_scope_name(enum suppress_scope scope);
bool suppress_scope_parse(struct str name, enum suppress_scope *ret);

/* Callbacks are things of their own; a next step and a meeting are callbacks of another kind. */
enum callback_kind { PROMISE_CALLBACK, PROMISE_NEXT_STEP, PROMISE_MEETING, PROMISE_COUNT_ };
const char *callback_kind_name(enum callback_kind kind);
bool callback_kind_parse(struct str name, enum callback_kind *ret);

#endif
