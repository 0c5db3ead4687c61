/* SPDX-License-Identifier: MIT */
#include "calldeck/model.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One table a vocabulary; the store keeps the names, never the numbers. */
static const struct {
    const char *name;
    enum state_group group;
    const char *explanation;
} states[] = {
#define STATE(id, name, group, by_clock, explanation) [STATE_##id] = {name, GROUP_##group, explanation},
#include "calldeck/states.def"
#undef STATE
};
_Static_assert(COUNT(states) == STATE_COUNT_, "a row for each state");

static const char *const effects[] = {
    [EFFECT_NONE] = "none", [EFFECT_MESSAGE] = "message", [EFFECT_REFER] = "refer", [EFFECT_CALLBACK] = "callback",
    [EFFECT_NEXT_STEP] = "next-step", [EFFECT_MEETING] = "meeting", [EFFECT_SALE] = "sale",
    [EFFECT_REFUSAL] = "refusal", [EFFECT_BAD_LINK] = "bad-link", [EFFECT_BAD_NUMBER] = "bad-number",
    [EFFECT_SUPPRESS] = "suppress",
};
_Static_assert(COUNT(effects) == EFFECT_COUNT_, "a name for each effect");

static const char *const asks[] = {
    [ASK_NOTHING] = "nothing", [ASK_WHEN] = "when", [ASK_STEP] = "step", [ASK_MEETING] = "meeting",
    [ASK_AMOUNT] = "amount", [ASK_REASON] = "reason", [ASK_SCOPE] = "scope", [ASK_PERSON] = "person",
};
_Static_assert(COUNT(asks) == ASK_COUNT_, "a name for each question");

static const char *const scopes[] = {
    [SCOPE_PERSON] = "person", [SCOPE_LINE] = "line", [SCOPE_COMPANY] = "company",
};
_Static_assert(COUNT(scopes) == SCOPE_COUNT_, "a name for each scope");

static const char *const promises[] = {
    [PROMISE_CALLBACK] = "callback", [PROMISE_NEXT_STEP] = "next-step", [PROMISE_MEETING] = "meeting",
};
_Static_assert(COUNT(promises) == PROMISE_COUNT_, "a name for each kind of callback");

static bool find(const char *const *names, size_t count, struct str name, size_t *ret)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(name, names[i])) {
            *ret = i;
            return true;
        }
    return false;
}

const char *state_name(enum prospect_state state)
{
    return states[state].name;
}

const char *state_explanation(enum prospect_state state)
{
    return states[state].explanation;
}

enum state_group state_group(enum prospect_state state)
{
    return states[state].group;
}

bool state_parse_name(struct str name, enum prospect_state *ret)
{
    for (size_t i = 0; i < COUNT(states); i++)
        if (str_is(name, states[i].name)) {
            *ret = (enum prospect_state)i;
            return true;
        }
    return false;
}

const struct outcome *outcome_by_id(const struct outcome_table *t, int64_t id)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].id == id)
            return &t->rows[i];
    return NULL;
}

const struct outcome *outcome_by_code(const struct outcome_table *t, struct str code)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_is(code, t->rows[i].code))
            return &t->rows[i];
    return NULL;
}

const struct outcome *outcome_by_key(const struct outcome_table *t, char key)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->rows[i].key == key)
            return &t->rows[i];
    return NULL;
}

const char *outcome_effect_name(enum outcome_effect effect)
{
    return effects[effect];
}

bool outcome_effect_parse(struct str name, enum outcome_effect *ret)
{
    size_t i;
    if (!find(effects, COUNT(effects), name, &i))
        return false;
    *ret = (enum outcome_effect)i;
    return true;
}

const char *outcome_ask_name(enum outcome_ask ask)
{
    return asks[ask];
}

bool outcome_ask_parse(struct str name, enum outcome_ask *ret)
{
    size_t i;
    if (!find(asks, COUNT(asks), name, &i))
        return false;
    *ret = (enum outcome_ask)i;
    return true;
}

struct outcome_table outcome_defaults(void)
{
    enum {
#define OUTCOME(id, key, code, label, answered, right_person, done, counts, effect, wait, cap, ask) ROW_##id,
#include "calldeck/outcomes.def"
#undef OUTCOME
        ROWS_
    };
    static const struct outcome rows[] = {
#define OUTCOME(id_, key_, code_, label_, answered_, right_, done_, counts_, effect_, wait_, cap_, ask_)               \
    {.id = ROW_##id_ + 1, .key = key_, .code = code_, .label = label_, .answered = answered_, .right_person = right_,  \
     .done = done_, .counts = counts_, .effect = EFFECT_##effect_, .ask = ASK_##ask_, .wait = wait_, .cap = cap_},
#include "calldeck/outcomes.def"
#undef OUTCOME
    };
    return (struct outcome_table){rows, COUNT(rows)};
}

const char *suppress_scope_name(enum suppress_scope scope)
{
    return scopes[scope];
}

bool suppress_scope_parse(struct str name, enum suppress_scope *ret)
{
    size_t i;
    if (!find(scopes, COUNT(scopes), name, &i))
        return false;
    *ret = (enum suppress_scope)i;
    return true;
}

const char *callback_kind_name(enum callback_kind kind)
{
    return promises[kind];
}

bool callback_kind_parse(struct str name, enum callback_kind *ret)
{
    size_t i;
    if (!find(promises, COUNT(promises), name, &i))
        return false;
    *ret = (enum callback_kind)i;
    return true;
}
