/* SPDX-License-Identifier: MIT */
/* Whether a promise still stands, and when it is due after the tries that nobody answered. */
#include "history.h"
#include "place.h"

bool touch_counts(const struct fold_touch *t)
{
    return t->call && !t->voided && t->outcome != NULL;
}

bool touch_reached(const struct fold_touch *t)
{
    return touch_counts(t) && ((t->outcome->answered && t->outcome->right_person) || t->outcome->done);
}

/* Does this outcome come with a promise of its own? */
static bool makes_promise(const struct outcome *o)
{
    return o->effect == EFFECT_CALLBACK || o->effect == EFFECT_NEXT_STEP || o->effect == EFFECT_MEETING;
}

/* The first touch that began at `at` or later: what began earlier, as a rule the call in which the promise was made,
 * neither keeps it nor is a try at it. */
static size_t first_from(const struct history *h, int64_t at)
{
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->touches[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct promise promise_state(const struct history *h, const struct fold_callback *callback, const struct policy *p)
{
    struct promise promise = {.open = false, .due_at = AT_NONE, .tries = 0};
    if (callback->cancelled)
        return promise;
    int64_t due_at = at_add(callback->asked_at, 0);
    for (size_t i = first_from(h, callback->made_at); i < h->count; i++) {
        const struct fold_touch *t = &h->touches[i];
        /* Of the same second: the call that made it, or, with several acts at one --at, the one that ended it. */
        if (!touch_counts(t) || (t->at == callback->made_at && (!touch_reached(t) || makes_promise(t->outcome))))
            continue;
        if (touch_reached(t))
            return promise; /* kept */
        if (callback->kind == PROMISE_MEETING || !t->outbound || t->at < at_add(due_at, -DUE_S))
            continue;
        /* A gatekeeper who answers is a try too: the promise was to the prospect. */
        promise.tries++;
        if (promise.tries > p->retry_callback_tries)
            return promise; /* missed: the cadence has it now */
        due_at = at_add(t->at, p->retry_callback_s);
    }
    promise.open = true;
    promise.due_at = due_at;
    return promise;
}
