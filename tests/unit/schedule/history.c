/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <stdio.h>
#include <string.h>

#include "test.h"
#include "world.h"

int64_t november(const char *time)
{
    char text[48];
    if (time[0] == '\0')
        return AT_NONE;
    snprintf(text, sizeof text, "2026-11-%s+03:00", time);
    return instant(text);
}

static int64_t time_word(struct str *rest)
{
    struct str word;
    char text[32];
    if (!str_word(rest, &word))
        return AT_NONE;
    snprintf(text, sizeof text, "%.*s", STR_ARG(word));
    return november(text);
}

static void add_dial(struct history *h, size_t phone, int64_t at)
{
    assert_true(phone < h->in.phones_count);
    h->dials_at[phone][h->phones[phone].dials_count++] = at;
}

static void add_touch(struct history *h, int64_t at, struct str what, struct str code, bool voided)
{
    char text[32];
    snprintf(text, sizeof text, "%.*s", STR_ARG(code));
    struct fold_touch *t = &h->touches[h->in.touches_count++];
    *t = (struct fold_touch){.at = at,
                             .uid = {{0}},
                             .outcome = outcome_of(text),
                             .call = !str_is(what, "note"),
                             .outbound = !str_is(what, "note") && !str_is(what, "in"),
                             .dialed = str_is(what, "out") || str_is(what, "open"),
                             .voided = voided,
                             .phone_id = 1};
    t->uid.b[0] = (unsigned char)h->in.touches_count;
    if (t->dialed || (str_is(what, "log") && !voided))
        add_dial(h, 0, at);
}

static bool add_promise(struct history *h, int64_t at, struct str what, struct str *rest, bool cancelled)
{
    static const char *const words[] = {
        [PROMISE_CALLBACK] = "promise", [PROMISE_NEXT_STEP] = "step", [PROMISE_MEETING] = "meeting"};
    for (size_t kind = 0; kind < COUNT(words); kind++)
        if (str_is(what, words[kind])) {
            size_t i = h->in.callbacks_count++;
            h->callbacks[i] = (struct fold_callback){.id = (int64_t)i + 1,
                                                     .kind = (enum callback_kind)kind,
                                                     .made_at = at,
                                                     .asked_at = time_word(rest),
                                                     .cancelled = cancelled};
            return true;
        }
    return false;
}

static void add_event(struct history *h, struct str event)
{
    struct str what = {0}, code = {0};
    int64_t at = time_word(&event);
    assert_true(str_word(&event, &what));
    bool voided = str_is(what, "void"), cancelled = str_is(what, "dropped");
    if (voided || cancelled)
        assert_true(str_word(&event, &what));
    if (add_promise(h, at, what, &event, cancelled))
        return;
    if (str_is(what, "skip") || str_is(what, "keep") || str_is(what, "review")) {
        h->skips[h->in.skips_count++] = (struct fold_skip){
            .at = at, .until_at = time_word(&event), .keep = str_is(what, "keep"), .to_review = str_is(what, "review")};
        return;
    }
    str_word(&event, &code);
    if (str_is(what, "dial"))
        add_dial(h, (size_t)(code.at[0] - '1'), at);
    else if (str_is(what, "out") || str_is(what, "in") || str_is(what, "log") || str_is(what, "open") ||
             str_is(what, "note"))
        add_touch(h, at, what, code, voided);
    else
        fail_msg("no event: \"%.*s\"", STR_ARG(what));
}

void history_read(struct history *ret, const char *phones, const char *events)
{
    memset(ret, 0, sizeof *ret);
    policy_defaults(&ret->policy);
    ret->in = (struct fold_input){.touches = ret->touches,
                                  .callbacks = ret->callbacks,
                                  .skips = ret->skips,
                                  .phones = ret->phones,
                                  .place = place_in("Asia/Riyadh", SUN_THU),
                                  .policy = &ret->policy};
    for (; *phones != '\0'; phones++) {
        size_t i = ret->in.phones_count++;
        ret->phones[i] = (struct fold_phone){
            .id = (int64_t)i + 1, .usable = *phones == 'u', .suppressed = *phones == 's', .dials_at = ret->dials_at[i]};
    }
    struct str rest = str_of(events), event;
    while (rest.len > 0 && str_next(&rest, ';', &event))
        add_event(ret, str_trim(event));
}
