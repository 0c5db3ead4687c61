/* SPDX-License-Identifier: MIT */
/* A call as the core sees it: what leads where, what is told, which timer does what, and what is made of an end. */
#include "calldeck/dial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/dial/backend.h"
#include "test.h"

/* A backend that does what it is told and writes it down. */
struct fake {
    char done[256];
    bool refuses;
};

static void fake_note(struct dialer *d, const char *what)
{
    struct fake *f = d->state;
    size_t len = strlen(f->done);
    snprintf(f->done + len, sizeof f->done - len, "%s ", what);
}

static bool fake_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller, struct error *err)
{
    (void)caller;
    (void)call, (void)prospect_id;
    fake_note(d, number);
    return !((struct fake *)d->state)->refuses || error_set(err, ERR_IO, "the wire is cut");
}

static bool fake_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    (void)call, (void)err;
    fake_note(d, "hang-up");
    return true;
}

static bool fake_answer(struct dialer *d, int64_t call, struct error *err)
{
    (void)call, (void)err;
    fake_note(d, "answer");
    return true;
}

static bool fake_on(struct dialer *d, int64_t call, bool on, struct error *err)
{
    (void)call, (void)err;
    fake_note(d, on ? "on" : "off");
    return true;
}

static bool fake_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err)
{
    (void)call, (void)err;
    fake_note(d, digits);
    return true;
}

static void fake_recover(struct dialer *d)
{
    fake_note(d, "recover");
}

static const struct backend fake_backend = {.kind = "fake",
                                            .place = fake_place,
                                            .hang_up = fake_hang_up,
                                            .answer = fake_answer,
                                            .hold = fake_on,
                                            .mute = fake_on,
                                            .dtmf = fake_dtmf,
                                            .recover = fake_recover};

static void desk_open(struct dialer *d, struct fake *f)
{
    *f = (struct fake){0};
    *d = (struct dialer){.backend = &fake_backend,
                         .state = f,
                         .capabilities = DIAL_CAN_DIAL | DIAL_CAN_HANG_UP | DIAL_CAN_ANSWER | DIAL_CAN_HOLD | DIAL_CAN_MUTE |
                                         DIAL_CAN_DTMF | DIAL_KNOWS_STATE | DIAL_CAN_REJECT,
                         .line = DIAL_LINE_UP,
                         .ring_timeout_ms = 30000,
                         .setup_timeout_ms = 15000,
                         .now_ms = 1000};
}

static struct dial_event next(struct dialer *d, enum dial_event_kind kind)
{
    struct dial_event e;
    if (!dial_next_event(d, &e))
        fail_msg("no event, where %d was due", kind);
    assert_int_equal(e.kind, kind);
    assert_non_null(e.outcome);
    return e;
}

static void nothing_more(struct dialer *d)
{
    struct dial_event e;
    if (dial_next_event(d, &e))
        fail_msg("an event of kind %d too many", e.kind);
}

/* Where each event leads from each state, by their first two letters; .. does not happen. Written by hand, not by the table. */
static const char *const matrix[LINE_STATE_COUNT_] = {
    /*               place in adopt 183 180 200 hold resume accept hang-up setup ring close lost */
    [LINE_IDLE] = "pl in ta .. .. .. .. .. .. .. .. .. .. ..",
    [LINE_PLACING] = ".. .. .. ea ri ta .. .. .. en en .. ED ED",
    [LINE_EARLY] = ".. .. .. ea ri ta .. .. .. en .. en ED ED",
    [LINE_RINGING] = ".. .. .. ea ri ta .. .. .. en .. en ED ED",
    [LINE_TALKING] = ".. .. .. .. .. .. he .. .. en .. .. ED ED",
    [LINE_HELD] = ".. .. .. .. .. .. .. ta .. en .. .. ED ED",
    [LINE_ENDING] = ".. .. .. .. .. en .. .. .. .. .. .. ED ED",
    [LINE_INCOMING] = ".. .. .. .. .. ta .. .. ac en .. .. ED ED",
    [LINE_ACCEPTING] = ".. .. .. .. .. ta .. .. .. en en .. ED ED",
    [LINE_ENDED] = ".. .. .. .. .. .. .. .. .. .. .. .. .. ..",
};

TEST(only_listed_moves_happen)
{
    for (int from = 0; from < LINE_STATE_COUNT_; from++)
        for (int event = 0; event < LINE_EVENT_COUNT_; event++) {
            const char *want = matrix[from] + event * 3;
            struct dialer d;
            struct fake f;
            desk_open(&d, &f);
            struct line_call *c = line_call_new(&d, 7);
            c->state = (enum line_state)from;
            bool moved = line_happens(&d, c, (enum line_event)event, NULL);
            const char *got = !moved                        ? ".."
                              : line_call_find(&d, 7) == NULL ? "ED"
                                                            : line_state_name(c->state);
            if (strncmp(want, got, 2) != 0)
                fail_msg("%s in %s: %s", line_event_name((enum line_event)event), line_state_name((enum line_state)from), got);
            if (!moved)
                nothing_more(&d);
            free(d.events);
        }
}

TEST(states_and_results_have_words)
{
    for (int i = 1; i < LINE_STATE_COUNT_; i++)
        assert_true(line_state_words((enum line_state)i)[0] != '\0');
    for (int i = 0; i < LINE_RESULT_COUNT_; i++)
        assert_true(line_result_words((enum line_result)i)[0] != '\0');
    for (int i = 1; i < LINE_FAULT_COUNT_; i++)
        assert_true(line_fault_words((enum line_fault)i)[0] != '\0');
}

TEST(a_call_is_told_once_a_step)
{
    struct dialer d;
    struct fake f;
    desk_open(&d, &f);
    assert_true(dial_place(&d, 5, 1, "+15550100", "", NULL));
    struct line_call *c = line_call_find(&d, 5);
    next(&d, DIAL_EVENT_PLACED);
    line_happens(&d, c, LINE_EVENT_RING, NULL);
    line_happens(&d, c, LINE_EVENT_RING, NULL); /* 183 without sound, then 180 */
    next(&d, DIAL_EVENT_RINGING);
    nothing_more(&d);
    d.now_ms = 4000;
    line_happens(&d, c, LINE_EVENT_ESTABLISH, NULL);
    assert_int_equal(next(&d, DIAL_EVENT_ANSWERED).call, 5);
    assert_int_equal(dial_state(&d, 5), LINE_TALKING);
    d.now_ms = 64000;
    line_happens(&d, c, LINE_EVENT_CLOSE, &(struct line_end){.text = STR("Connection reset by peer")});
    struct dial_event e = next(&d, DIAL_EVENT_ENDED);
    assert_int_equal(e.result, LINE_RESULT_ANSWERED);
    assert_true(e.answered && !e.by_us);
    assert_int_equal(e.talk_ms, 60000);
    assert_string_equal(e.outcome, "");
    assert_int_equal(dial_state(&d, 5), LINE_IDLE);
    free(d.events);
}

TEST(timers_end_what_nobody_ends)
{
    static const struct {
        enum line_event heard;
        int64_t notice_ms, end_ms;
        enum line_result result;
        enum line_fault fault;
        const char *outcome;
    } rows[] = {
        {LINE_EVENT_COUNT_, 8000, 15000, LINE_RESULT_FAILED, LINE_FAULT_STUCK, ""},
        {LINE_EVENT_RING, 0, 30000, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {LINE_EVENT_PROGRESS, 0, 30000, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialer d;
        struct fake f;
        desk_open(&d, &f);
        assert_true(dial_place(&d, 5, 1, "+15550100", "", NULL));
        next(&d, DIAL_EVENT_PLACED);
        struct line_call *c = line_call_find(&d, 5);
        if (rows[i].heard != LINE_EVENT_COUNT_)
            assert_true(line_happens(&d, c, rows[i].heard, NULL) && d.count-- == 1);
        if (rows[i].notice_ms != 0) {
            assert_int_equal(dial_timeout_ms(&d, 1000), rows[i].notice_ms);
            dial_service(&d, NULL, 0, 1000 + rows[i].notice_ms);
            next(&d, DIAL_EVENT_NOTE);
        }
        dial_service(&d, NULL, 0, 1000 + rows[i].end_ms - 1);
        nothing_more(&d);
        assert_int_equal(dial_timeout_ms(&d, 1000 + rows[i].end_ms - 1), 1);
        dial_service(&d, NULL, 0, 1000 + rows[i].end_ms);
        assert_int_equal(dial_state(&d, 5), LINE_ENDING);
        assert_non_null(strstr(f.done, "hang-up"));
        line_happens(&d, c, LINE_EVENT_CLOSE, &(struct line_end){.text = STR("Connection reset by user")});
        struct dial_event e = next(&d, DIAL_EVENT_ENDED);
        assert_int_equal(e.result, rows[i].result);
        assert_int_equal(e.fault, rows[i].fault);
        assert_string_equal(e.outcome, rows[i].outcome);
        assert_true(e.by_us);
        free(d.events);
    }
}

TEST(a_hang_up_that_nobody_confirms_ends_all_the_same)
{
    struct dialer d;
    struct fake f;
    desk_open(&d, &f);
    assert_true(dial_place(&d, 5, 1, "+15550100", "", NULL));
    line_happens(&d, line_call_find(&d, 5), LINE_EVENT_ESTABLISH, NULL);
    assert_true(dial_hang_up(&d, 5, NULL));
    assert_true(dial_hang_up(&d, 5, NULL)); /* twice is once */
    d.count = 0;
    dial_service(&d, NULL, 0, 6000);
    struct dial_event e = next(&d, DIAL_EVENT_ENDED);
    assert_int_equal(e.result, LINE_RESULT_ANSWERED);
    assert_string_equal(f.done, "+15550100 hang-up recover ");
    free(d.events);
}

TEST(a_timer_begins_at_the_first_turn)
{
    struct dialer d;
    struct fake f;
    desk_open(&d, &f);
    d.now_ms = CLOCK_UNSET;
    assert_true(dial_place(&d, 5, 1, "+15550100", "", NULL));
    next(&d, DIAL_EVENT_PLACED);
    assert_int_equal(dial_timeout_ms(&d, 500000), 0);
    dial_service(&d, NULL, 0, 500000);
    nothing_more(&d);
    assert_int_equal(dial_timeout_ms(&d, 500000), 8000);
    free(d.events);
}

TEST(one_outbound_call_at_a_time)
{
    struct dialer d;
    struct fake f;
    struct error err = {0};
    desk_open(&d, &f);
    assert_true(dial_place(&d, 5, 1, "+15550100", "", &err));
    assert_false(dial_place(&d, 6, 1, "+15550101", "", &err));
    assert_int_equal(err.code, ERR_REFUSED);
    line_happens(&d, line_call_find(&d, 5), LINE_EVENT_CLOSE, NULL);
    /* nor while a call that came in is talked on; it may wait on hold */
    struct line_call *c = line_call_new(&d, 0);
    line_comes_in(&d, c, STR("+15550123"), STR("Jane"), false);
    line_happens(&d, c, LINE_EVENT_ESTABLISH, NULL);
    assert_false(dial_place(&d, 6, 1, "+15550101", "", &err));
    line_happens(&d, c, LINE_EVENT_HOLD, NULL);
    assert_true(dial_place(&d, 6, 1, "+15550101", "", &err));
    free(d.events);
}

TEST(a_line_that_is_not_up_dials_nobody)
{
    static const enum dial_line lines[] = {DIAL_LINE_STARTING, DIAL_LINE_FAILED, DIAL_LINE_NO_AUDIO, DIAL_LINE_DOWN};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct dialer d;
        struct fake f;
        struct error err = {0};
        desk_open(&d, &f);
        line_status(&d, lines[i], STR("403 Forbidden"));
        assert_int_equal(next(&d, DIAL_EVENT_LINE).line, lines[i]);
        line_status(&d, lines[i], STR("403 Forbidden"));
        nothing_more(&d);
        assert_false(dial_place(&d, 5, 1, "+15550100", "", &err));
        assert_non_null(strstr(err.text, "403 Forbidden"));
        assert_string_equal(f.done, "");
        free(d.events);
    }
}

TEST(what_did_not_go_out_was_never_placed)
{
    struct dialer d;
    struct fake f;
    struct error err = {0};
    desk_open(&d, &f);
    f.refuses = true;
    assert_false(dial_place(&d, 5, 1, "+15550100", "", &err));
    nothing_more(&d);
    assert_int_equal(dial_state(&d, 5), LINE_IDLE);
    static const char *const hostile[] = {"", " ", "+", "*21*5#", "sip:x@host", "1555\r\nX: y", "15550100@127.0.0.9", "1;ext=2"};
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++)
        assert_false(dial_place(&d, 5, 1, hostile[i], "", &err));
    assert_string_equal(f.done, "+15550100 ");
    free(d.events);
}

TEST(keys_that_do_not_fit_the_state_do_nothing)
{
    struct dialer d;
    struct fake f;
    struct error err = {0};
    desk_open(&d, &f);
    assert_true(dial_place(&d, 5, 1, "+15550100", "", &err));
    f.done[0] = '\0';
    assert_false(dial_hold(&d, 5, true, &err));
    assert_false(dial_mute(&d, 5, true, &err));
    assert_false(dial_dtmf(&d, 5, "1", &err));
    assert_false(dial_answer(&d, 5, &err));
    assert_false(dial_reject(&d, 5, &err));
    assert_false(dial_hang_up(&d, 99, &err));
    line_happens(&d, line_call_find(&d, 5), LINE_EVENT_ESTABLISH, NULL);
    assert_false(dial_hold(&d, 5, false, &err));
    assert_false(dial_dtmf(&d, 5, "1\r\n", &err));
    assert_false(dial_dtmf(&d, 5, "", &err));
    assert_false(dial_dtmf(&d, 5, "111111111111111111111111111111111", &err));
    assert_string_equal(f.done, "");
    assert_true(dial_dtmf(&d, 5, "42#", &err));
    assert_string_equal(f.done, "42# ");
    free(d.events);
}

TEST(ends_are_judged_by_what_happened_then_by_code)
{
    enum { RANG = 1, ANSWERED = 2, BY_US = 4, BY_TIMER = 8, INBOUND = 16 };
    static const struct {
        unsigned was;
        struct line_end end;
        enum line_result result;
        enum line_fault fault;
        const char *outcome;
    } rows[] = {
        {RANG | ANSWERED, {.code = 404}, LINE_RESULT_ANSWERED, LINE_FAULT_NONE, ""},
        {0, {.code = 486}, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"},
        {RANG, {.code = 600}, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"},
        {RANG, {.code = 480}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {RANG, {.code = 408}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {RANG, {.code = 487}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {0, {.code = 404}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {0, {.code = 410}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {0, {.code = 484}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {0, {.code = 604}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {RANG, {.code = 603}, LINE_RESULT_DECLINED, LINE_FAULT_NONE, "no-answer"},
        {0, {.code = 607}, LINE_RESULT_DECLINED, LINE_FAULT_NONE, "no-answer"},
        {0, {.code = 403}, LINE_RESULT_FAILED, LINE_FAULT_ACCOUNT, ""},
        {0, {.code = 407}, LINE_RESULT_FAILED, LINE_FAULT_ACCOUNT, ""},
        {0, {.code = 503}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
        {0, {.code = 488}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
        {0, {.code = 302}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
        {0, {.fault = LINE_FAULT_SERVER}, LINE_RESULT_FAILED, LINE_FAULT_SERVER, ""},
        {0, {.fault = LINE_FAULT_AUDIO}, LINE_RESULT_FAILED, LINE_FAULT_AUDIO, ""},
        {RANG | BY_US, {.code = 0}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {RANG | BY_US | BY_TIMER, {.code = 487}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {BY_US, {.code = 0}, LINE_RESULT_CANCELLED, LINE_FAULT_NONE, ""},
        {BY_US, {.code = 487}, LINE_RESULT_CANCELLED, LINE_FAULT_NONE, ""},
        {BY_US | BY_TIMER, {.code = 0}, LINE_RESULT_FAILED, LINE_FAULT_STUCK, ""},
        {RANG | BY_US, {.code = 486}, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"}, /* crossed */
        {RANG | BY_US | ANSWERED, {.code = 0}, LINE_RESULT_ANSWERED, LINE_FAULT_NONE, ""},
        {INBOUND, {.code = 0}, LINE_RESULT_MISSED, LINE_FAULT_NONE, ""},
        {INBOUND | BY_US, {.code = 0}, LINE_RESULT_DECLINED, LINE_FAULT_NONE, NULL},
        {INBOUND | ANSWERED, {.code = 0}, LINE_RESULT_ANSWERED, LINE_FAULT_NONE, ""},
        {INBOUND, {.fault = LINE_FAULT_AUDIO}, LINE_RESULT_MISSED, LINE_FAULT_AUDIO, ""},
        /* the telephone network's own causes */
        {RANG, {CAUSE_Q850, .code = 17}, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"},
        {RANG, {CAUSE_Q850, .code = 19}, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {0, {CAUSE_Q850, .code = 1}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {0, {CAUSE_Q850, .code = 22}, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {0, {CAUSE_Q850, .code = 21}, LINE_RESULT_DECLINED, LINE_FAULT_NONE, "no-answer"},
        {0, {CAUSE_Q850, .code = 34}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
        {0, {CAUSE_Q850, .code = 486}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""}, /* a SIP code is no Q.850 cause */
        {0, {CAUSE_SIP, .code = 17}, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_call c = {.id = 5,
                              .rang = (rows[i].was & RANG) != 0,
                              .answered = (rows[i].was & ANSWERED) != 0,
                              .by_us = (rows[i].was & BY_US) != 0,
                              .by_timer = (rows[i].was & BY_TIMER) != 0,
                              .inbound = (rows[i].was & INBOUND) != 0};
        enum line_result result;
        enum line_fault fault;
        line_judge(&c, &rows[i].end, &result, &fault);
        if (result != rows[i].result || fault != rows[i].fault)
            fail_msg("row %zu: %s, %s", i, line_result_name(result), line_fault_words(fault));
        if (rows[i].outcome != NULL)
            assert_string_equal(line_result_outcome(result), rows[i].outcome);
    }
}

TEST(hostile_words_of_the_line_are_cleaned)
{
    struct dialer d;
    struct fake f;
    desk_open(&d, &f);
    char longest[4000];
    memset(longest, 'x', sizeof longest);
    memcpy(longest + 120, "\xf0\x9f\x93\x9e\xf0\x9f\x93\x9e", 8);
    static const char evil[] = "\x1b]0;owned\a\x1b[2J\xe2\x80\xae Jos\xe9\r\nX: y\x9b""31m\0z";
    line_comes_in(&d, line_call_new(&d, 0), str_make(evil, sizeof evil - 1), str_make(longest, sizeof longest), false);
    struct dial_event e = next(&d, DIAL_EVENT_INCOMING);
    assert_true(e.call < 0);
    for (const char *p = e.number; *p != '\0'; p++)
        assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
    assert_true(strlen(e.name) < sizeof e.name);
    assert_int_equal(strlen(e.name), 124); /* the second telephone does not fit whole, so it is not there */
    free(d.events);
}

TEST(nobody_drains_and_nothing_breaks)
{
    struct dialer d;
    struct fake f;
    desk_open(&d, &f);
    for (int i = 0; i < 5000; i++) {
        struct line_call *c = line_call_new(&d, 0);
        line_comes_in(&d, c, STR("1"), STR("x"), false);
        line_happens(&d, c, LINE_EVENT_CLOSE, NULL);
    }
    int count = 0;
    struct dial_event e = {0};
    while (dial_next_event(&d, &e))
        count++;
    assert_int_equal(count, EVENTS_MOST);
    assert_int_equal(e.call, -5000);
    assert_int_equal(e.kind, DIAL_EVENT_INCOMING_GONE);
    free(d.events);
}

TEST(the_flow_pauses_by_itself)
{
    static const struct {
        const char *ends; /* f line error, a no sound, w wrong number, b busy, i a call in */
        const char *says;
    } rows[] = {
        {"f", NULL},  {"ff", "two line errors"}, {"fbf", NULL}, {"wf", NULL},          {"ww", NULL},
        {"www", "three wrong numbers"}, {"wbww", NULL}, {"a", "no sound"}, {"fif", "two line errors"}, {"fffb", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct line_luck luck = {0};
        const char *why = NULL;
        for (const char *p = rows[i].ends; *p != '\0'; p++) {
            struct dial_event e = {.kind = DIAL_EVENT_ENDED, .inbound = *p == 'i'};
            e.fault = *p == 'f' ? LINE_FAULT_SERVER : *p == 'a' ? LINE_FAULT_AUDIO : LINE_FAULT_NONE;
            e.result = *p == 'w' ? LINE_RESULT_WRONG_NUMBER : *p == 'b' ? LINE_RESULT_BUSY : LINE_RESULT_FAILED;
            why = line_luck_note(&luck, &e);
        }
        if (rows[i].says == NULL ? why != NULL : why == NULL || strstr(why, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].ends, why != NULL ? why : "goes on");
    }
}
