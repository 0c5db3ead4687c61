/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "naive.h"
#include "random.h"
#include "test.h"
#include "world.h"

enum { HISTORIES = 20000 };

static bool same(const struct fold_result *a, const struct fold_result *b)
{
    return a->state == b->state && a->not_before == b->not_before && a->attempts == b->attempts &&
           a->touched_at == b->touched_at && a->skips == b->skips && a->phone_id == b->phone_id &&
           a->customer == b->customer && a->callback_id == b->callback_id && a->due_at == b->due_at &&
           a->tries == b->tries;
}

static void show(const char *who, const struct fold_result *r)
{
    print_message("%s: %s, not before %s, %d attempts, touched %s, %d skips, number %d, callback %d due %s after %d\n",
                  who, state_name(r->state), shown(r->not_before), r->attempts, shown(r->touched_at), r->skips,
                  (int)r->phone_id, (int)r->callback_id, shown(r->due_at), r->tries);
}

static void show_history(const struct fold_input *in)
{
    for (size_t i = 0; i < in->touches_count; i++) {
        const struct fold_touch *t = &in->touches[i];
        print_message("  %s %s%s%s%s %s\n", shown(t->at), t->voided ? "void " : "", t->call ? "call " : "note ",
                      t->outbound ? "out " : "in ", t->dialed ? "dialed" : "", t->outcome ? t->outcome->code : "-");
    }
    for (size_t i = 0; i < in->callbacks_count; i++)
        print_message("  %s %s %s%s\n", shown(in->callbacks[i].made_at), callback_kind_name(in->callbacks[i].kind),
                      shown(in->callbacks[i].asked_at), in->callbacks[i].cancelled ? " cancelled" : "");
    for (size_t i = 0; i < in->skips_count; i++)
        print_message("  %s skip until %s%s%s\n", shown(in->skips[i].at), shown(in->skips[i].until_at),
                      in->skips[i].keep ? " keep" : "", in->skips[i].to_review ? " review" : "");
}

static void expect(const struct fold_input *in, const struct fold_result *got, const struct fold_result *want,
                   const int64_t *got_due, const int64_t *want_due)
{
    bool dues = memcmp(got_due, want_due, in->callbacks_count * sizeof *got_due) == 0;
    if (same(got, want) && dues)
        return;
    show("got ", got);
    show("want", want);
    show_history(in);
    fail_msg("the two differ%s", dues ? "" : " in when callbacks are due");
}

TEST(fold_agrees_with_the_naive_model)
{
    uint64_t seed = test_seed();
    int seen[STATE_COUNT_] = {0};
    for (int i = 0; i < HISTORIES; i++) {
        struct random_history h;
        struct fold_result got, want;
        int64_t got_due[RANDOM_CALLBACKS], want_due[RANDOM_CALLBACKS];
        random_history(&seed, &h);
        fold(&h.in, &got, got_due);
        naive_fold(&h.in, &want, want_due);
        expect(&h.in, &got, &want, got_due, want_due);
        seen[got.state]++;
    }
    /* a generator that never gets there would prove nothing */
    static const enum prospect_state common[] = {STATE_READY,      STATE_CALLBACK, STATE_RESTING, STATE_CAPPED,
                                                 STATE_NO_NUMBER,  STATE_NO_ZONE,  STATE_REVIEW,  STATE_BOOKED,
                                                 STATE_SUPPRESSED, STATE_DONE,     STATE_ARCHIVED};
    for (size_t i = 0; i < COUNT(common); i++)
        if (seen[common[i]] < HISTORIES / 500)
            fail_msg("only %d of %d are %s", seen[common[i]], HISTORIES, state_name(common[i]));
    assert_int_equal(seen[STATE_CLOSED_HOURS] + seen[STATE_CLAIMED], 0); /* those come from the hour */
}

#define SHUFFLE(seed, array, count)                                                                                    \
    for (size_t n_ = (count); n_ > 1; n_--) {                                                                          \
        size_t k_ = (size_t)random_below(seed, (int)n_);                                                               \
        char keep_[sizeof(array)[0]];                                                                                  \
        memcpy(keep_, &(array)[k_], sizeof keep_);                                                                     \
        memcpy(&(array)[k_], &(array)[n_ - 1], sizeof keep_);                                                          \
        memcpy(&(array)[n_ - 1], keep_, sizeof keep_);                                                                 \
    }

TEST(fold_does_not_depend_on_the_order_of_its_input)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < HISTORIES; i++) {
        struct random_history h;
        struct fold_result want, got;
        random_history(&seed, &h);
        fold(&h.in, &want, NULL);
        SHUFFLE(&seed, h.touches, h.in.touches_count);
        SHUFFLE(&seed, h.callbacks, h.in.callbacks_count);
        SHUFFLE(&seed, h.skips, h.in.skips_count);
        for (size_t j = 0; j < h.in.phones_count; j++)
            SHUFFLE(&seed, h.dials_at[j], h.phones[j].dials_count);
        fold(&h.in, &got, NULL);
        if (!same(&got, &want)) {
            show("shuffled", &got);
            show("before", &want);
            show_history(&h.in);
            fail();
        }
    }
}

TEST(fold_of_a_voided_touch_is_a_dial_and_nothing_else)
{
    uint64_t seed = test_seed();
    for (int i = 0; i < HISTORIES; i++) {
        struct random_history h;
        struct fold_result voided, bare;
        random_history(&seed, &h);
        if (h.in.touches_count == 0)
            continue;
        /* Void one; then take away all that a dial is not. */
        struct fold_touch *t = &h.touches[random_below(&seed, (int)h.in.touches_count)];
        t->voided = true;
        fold(&h.in, &voided, NULL);
        t->outcome = NULL;
        t->outbound = false;
        fold(&h.in, &bare, NULL);
        assert_true(same(&voided, &bare));
        /* Without a limit of dials not even that. */
        h.policy.dials_per_day = 0;
        fold(&h.in, &voided, NULL);
        *t = h.touches[--h.in.touches_count];
        fold(&h.in, &bare, NULL);
        assert_true(same(&voided, &bare));
    }
}

TEST(fold_undone_is_the_fold_before)
{
    /* A touch that was only written down, with its promise: void and cancel give back what was. */
    uint64_t seed = test_seed();
    for (int i = 0; i < HISTORIES; i++) {
        struct random_history h;
        struct fold_result before, after;
        random_history(&seed, &h);
        if (h.in.touches_count == RANDOM_TOUCHES || h.in.callbacks_count == RANDOM_CALLBACKS)
            continue;
        fold(&h.in, &before, NULL);
        struct outcome_table outcomes = outcome_defaults();
        int64_t at = random_at(&seed);
        h.touches[h.in.touches_count++] =
            (struct fold_touch){.at = at,
                                .uid = {{255, 255}},
                                .outcome = &outcomes.rows[random_below(&seed, (int)outcomes.count)],
                                .call = true,
                                .outbound = true,
                                .voided = true};
        h.callbacks[h.in.callbacks_count++] =
            (struct fold_callback){.id = 1, .made_at = at, .asked_at = random_at(&seed), .cancelled = true};
        fold(&h.in, &after, NULL);
        assert_true(same(&before, &after));
    }
}
