/* SPDX-License-Identifier: MIT */
/* The tables of a call as functions: states, what leads where, what an end means. Nothing is decided outside of them. */
#include "backend.h"

static const struct {
    const char *name, *words;
} states[] = {
#define LINE_STATE(id, name, words) {name, words},
#include "calldeck/line_states.def"
#undef LINE_STATE
};

static const char *const event_names[] = {
#define LINE_EVENT(id, name) name,
#include "calldeck/line_events.def"
};

static const struct {
    enum line_state state;
    enum line_event event;
    enum line_state next;
} moves[] = {
#define LINE_MOVE(state, event, next) {LINE_##state, LINE_EVENT_##event, LINE_##next},
#include "calldeck/line_events.def"
};

static const struct {
    const char *name, *outcome, *words;
} results[] = {
#define LINE_RESULT(id, name, outcome, words) {name, outcome, words},
#include "calldeck/line_results.def"
};

static const char *const fault_words[] = {
#define LINE_FAULT(id, name, words) words,
#include "calldeck/line_results.def"
};

static const struct {
    enum cause_kind kind;
    int code;
    enum line_result result;
    enum line_fault fault;
} causes[] = {
#define LINE_CAUSE(kind, code, result, fault) {CAUSE_##kind, code, LINE_RESULT_##result, LINE_FAULT_##fault},
#include "calldeck/line_results.def"
};

const char *line_state_name(enum line_state state)
{
    return states[state].name;
}

const char *line_state_words(enum line_state state)
{
    return states[state].words;
}

const char *line_event_name(enum line_event event)
{
    return event_names[event];
}

bool line_move(enum line_state state, enum line_event event, enum line_state *ret_next)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (moves[i].state == state && moves[i].event == event) {
            *ret_next = moves[i].next;
            return true;
        }
    return false;
}

const char *line_result_name(enum line_result result)
{
    return results[result].name;
}

const char *line_result_words(enum line_result result)
{
    return results[result].words;
}

const char *line_result_outcome(enum line_result result)
{
    return results[result].outcome;
}

const char *line_fault_words(enum line_fault fault)
{
    return fault_words[fault];
}

bool line_cause(enum cause_kind kind, int code, enum line_result *ret_result, enum line_fault *ret_fault)
{
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        if (causes[i].kind == kind && causes[i].code == code) {
            *ret_result = causes[i].result;
            *ret_fault = causes[i].fault;
            return true;
        }
    return false;
}

static void cause_of(const struct line_end *end, enum line_result *ret_result, enum line_fault *ret_fault)
{
    if (end->code != 0 && line_cause(end->kind, end->code, ret_result, ret_fault))
        return;
    *ret_result = LINE_RESULT_FAILED;
    *ret_fault = end->code == 0 && end->fault != LINE_FAULT_NONE ? end->fault : LINE_FAULT_LINE;
}

void line_judge(const struct line_call *c, const struct line_end *end, enum line_result *ret_result,
                enum line_fault *ret_fault)
{
    *ret_fault = LINE_FAULT_NONE;
    if (c->answered) {
        *ret_result = LINE_RESULT_ANSWERED;
        return;
    }
    if (c->inbound) {
        *ret_result = c->by_us && !c->by_timer ? LINE_RESULT_DECLINED : LINE_RESULT_MISSED;
        if (end->code == 0 && end->fault == LINE_FAULT_AUDIO)
            *ret_fault = LINE_FAULT_AUDIO;
        return;
    }
    /* Their "busy" may cross our hang-up: then it is busy. 487 is only the receipt of the hang-up, as is a clean cause 16. */
    enum line_result said;
    enum line_fault fault;
    bool receipt = end->kind == CAUSE_SIP ? end->code == 487 : end->code == 16 || end->code == 0;
    if (c->by_us && (end->code == 0 || receipt || !line_cause(end->kind, end->code, &said, &fault))) {
        *ret_result = c->rang ? LINE_RESULT_NO_ANSWER : c->by_timer ? LINE_RESULT_FAILED : LINE_RESULT_CANCELLED;
        if (*ret_result == LINE_RESULT_FAILED)
            *ret_fault = LINE_FAULT_STUCK;
        return;
    }
    cause_of(end, ret_result, ret_fault);
}

const char *line_luck_note(struct line_luck *luck, const struct dial_event *ended)
{
    enum { FAULTS_MOST = 2, WRONG_MOST = 3 };
    if (ended->kind != DIAL_EVENT_ENDED || ended->inbound)
        return NULL;
    const char *why = NULL;
    luck->faults = ended->fault != LINE_FAULT_NONE ? luck->faults + 1 : 0;
    luck->wrong = ended->result == LINE_RESULT_WRONG_NUMBER ? luck->wrong + 1 : 0;
    if (ended->fault == LINE_FAULT_AUDIO)
        why = "no sound on this machine: plug in the headset";
    else if (luck->faults >= FAULTS_MOST)
        why = "two line errors in a row";
    else if (luck->wrong >= WRONG_MOST)
        why = "three wrong numbers in a row: is a prefix missing?";
    if (why != NULL)
        *luck = (struct line_luck){0};
    return why;
}
