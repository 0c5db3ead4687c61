/* SPDX-License-Identifier: MIT */
/* Calls that we place, with a real softphone and a real far end. */
#include <string.h>

#include "desk.h"
#include "ear.h"
#include "process.h"
#include "test.h"

TEST(they_answer_and_hang_up)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >180 ~200 >200+ <ACK ~300 !BYE <200", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_RINGING, 3000);
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_int_equal(dial_state(desk.d, 11), LINE_TALKING);
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_int_equal(e->call, 11);
    assert_int_equal(e->result, LINE_RESULT_ANSWERED);
    assert_true(e->answered && !e->by_us && e->talk_ms >= 200);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(we_hang_up)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >180 ~100 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_true(dial_hang_up(desk.d, 11, NULL));
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_true(e->answered && e->by_us);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(each_refusal_has_its_result)
{
    static const struct {
        const char *script;
        int code;
        enum line_result result;
        enum line_fault fault;
        const char *outcome;
    } rows[] = {
        {"<INVITE >100 >486 <ACK", 486, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"},
        {"<INVITE >100 >180 ~100 >486 <ACK", 486, LINE_RESULT_BUSY, LINE_FAULT_NONE, "busy"},
        {"<INVITE >100 >180 ~100 >480 <ACK", 480, LINE_RESULT_NO_ANSWER, LINE_FAULT_NONE, "no-answer"},
        {"<INVITE >100 >404 <ACK", 404, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {"<INVITE >100 >183+ ~200 >404 <ACK", 404, LINE_RESULT_WRONG_NUMBER, LINE_FAULT_NONE, "out-of-service"},
        {"<INVITE >100 >180 ~100 >603 <ACK", 603, LINE_RESULT_DECLINED, LINE_FAULT_NONE, "no-answer"},
        {"<INVITE >100 >503 <ACK", 503, LINE_RESULT_FAILED, LINE_FAULT_LINE, ""},
        {"<INVITE >100 >403 <ACK", 403, LINE_RESULT_FAILED, LINE_FAULT_ACCOUNT, ""},
    };
    struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct far far = far_answers(rows[i].script, desk.sip_port, 0);
        desk_place(&desk, 20 + (int64_t)i, "+15550100");
        const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 5000);
        if (e->code != rows[i].code || e->result != rows[i].result || e->fault != rows[i].fault)
            fail_msg("%s: %d %s (%s)", rows[i].script, e->code, line_result_name(e->result), e->text);
        assert_string_equal(e->outcome, rows[i].outcome);
        assert_int_equal(desk_saw(&desk, DIAL_EVENT_RINGING), strstr(rows[i].script, ">180") != NULL);
        assert_int_equal(desk_saw(&desk, DIAL_EVENT_EARLY), strstr(rows[i].script, ">183") != NULL);
        far_is_done(&far);
    }
    desk_close(&desk);
}

TEST(it_rings_until_our_timer_cancels)
{
    struct desk desk;
    desk_prepare(&desk);
    desk.config.ring_timeout_s = 1;
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    struct far far = far_answers("<INVITE >100 >180 <CANCEL >200= >487 <ACK", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 5000);
    assert_int_equal(e->result, LINE_RESULT_NO_ANSWER);
    assert_true(e->by_us && !e->answered);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(early_media_then_an_answer)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >183+ ~300 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_EARLY, 3000);
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_true(dial_hang_up(desk.d, 11, NULL));
    assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->result, LINE_RESULT_ANSWERED);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(nothing_but_trying_is_a_line_error)
{
    struct desk desk;
    desk_prepare(&desk);
    desk.config.setup_timeout_s = 1;
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    struct far far = far_answers("<INVITE >100 <CANCEL >200= >487 <ACK", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 5000);
    assert_int_equal(e->fault, LINE_FAULT_STUCK);
    assert_string_equal(e->outcome, "");
    far_is_done(&far);
    desk_close(&desk);
}

TEST(no_server_is_a_line_error_and_the_next_call_works)
{
    struct desk desk;
    desk_prepare(&desk);
    desk.config.setup_timeout_s = 1;
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    desk_place(&desk, 11, "+15550100");
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 8000);
    assert_int_equal(e->result, LINE_RESULT_FAILED);
    assert_int_not_equal(e->fault, LINE_FAULT_NONE);
    struct far far = far_answers("<INVITE >100 >486 <ACK", desk.sip_port, 0);
    desk_place(&desk, 12, "+15550101");
    do
        e = desk_wait(&desk, DIAL_EVENT_ENDED, 8000);
    while (e->call != 12);
    assert_int_equal(e->result, LINE_RESULT_BUSY);
    far_stop(&far);
    desk_close(&desk);
}

/* ---- what the rep does while talking, heard in the sound ---- */

enum { ENOUGH = 8, HEARING_MS = 5000 };

static bool heard(const struct ear *ear, const char *what)
{
    if (strcmp(what, "sound") == 0)
        return ear->sound >= ENOUGH;
    return strcmp(what, "silence") == 0 ? ear->silence >= ENOUGH : strcmp(ear->tones, what) == 0;
}

/* what: "sound", "silence", or digits */
static void hear(struct desk *desk, struct ear *ear, const char *what)
{
    ear_forget(ear);
    for (int64_t end = monotonic_ms() + HEARING_MS; !heard(ear, what); ear_hear(ear)) {
        if (monotonic_ms() > end)
            fail_msg("the far end does not hear \"%s\": %d of sound, %d of silence, \"%s\"", what, ear->sound, ear->silence, ear->tones);
        desk_turn(desk, 20);
    }
}

TEST(hold_mute_and_tones_are_heard)
{
    struct desk desk;
    desk_open(&desk);
    struct ear ear;
    ear_open(&ear);
    struct far far = far_answers("<INVITE >100 >180 ~100 >200+ <ACK <INVITE >200=+ <ACK <INVITE >200=+ <ACK <BYE >200=",
                                 desk.sip_port, ear.port);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    hear(&desk, &ear, "sound");

    assert_true(dial_mute(desk.d, 11, true, NULL));
    assert_true(desk_wait(&desk, DIAL_EVENT_MUTED, 2000)->on);
    hear(&desk, &ear, "silence");
    assert_true(dial_mute(desk.d, 11, true, NULL)); /* a second time is not a toggle */
    desk_turn(&desk, 100);
    hear(&desk, &ear, "silence");
    assert_true(dial_mute(desk.d, 11, false, NULL));
    assert_false(desk_wait(&desk, DIAL_EVENT_MUTED, 2000)->on);
    hear(&desk, &ear, "sound");

    assert_true(dial_dtmf(desk.d, 11, "42#*", NULL));
    hear(&desk, &ear, "42#*");

    assert_true(dial_hold(desk.d, 11, true, NULL));
    assert_true(desk_wait(&desk, DIAL_EVENT_HELD, 2000)->on);
    assert_int_equal(dial_state(desk.d, 11), LINE_HELD);
    assert_false(dial_dtmf(desk.d, 11, "1", NULL));
    desk_turn(&desk, 300);
    assert_true(dial_hold(desk.d, 11, false, NULL));
    assert_false(desk_wait(&desk, DIAL_EVENT_HELD, 2000)->on);
    desk_turn(&desk, 300);
    hear(&desk, &ear, "sound");

    assert_true(dial_hang_up(desk.d, 11, NULL));
    desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    far_is_done(&far); /* it saw both re-INVITEs */
    ear_close(&ear);
    desk_close(&desk);
}

TEST(hang_up_while_dialling_is_heard_at_once)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 <CANCEL >200= >487 <ACK", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_turn(&desk, 200);
    assert_true(dial_hang_up(desk.d, 11, NULL));
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_int_equal(e->result, LINE_RESULT_CANCELLED);
    assert_int_equal(e->fault, LINE_FAULT_NONE);
    far_is_done(&far);
    desk_close(&desk);
}
