/* SPDX-License-Identifier: MIT */
/* Calls that come in, with a real softphone and a real caller. */
#include <string.h>

#include "desk.h"
#include "process.h"
#include "test.h"

#define JANE "\"Jane Prospect\" <sip:+15550123@127.0.0.1>"

TEST(a_call_in_is_taken_and_the_caller_hangs_up)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_calls("!INVITE <100 <180 <200 !ACK ~300 !BYE <200", desk_softphone_sip_port(&desk), JANE);
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000);
    assert_true(e->call < 0 && e->inbound && !e->anonymous);
    assert_string_equal(e->number, "+15550123");
    assert_string_equal(e->name, "Jane Prospect");
    int64_t call = e->call;
    assert_true(dial_answer(desk.d, call, NULL));
    assert_int_equal(desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000)->call, call);
    e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_true(e->call == call && e->inbound && e->answered && !e->by_us);
    assert_string_equal(e->outcome, "");
    far_is_done(&far);
    desk_close(&desk);
}

TEST(a_call_in_is_taken_and_we_hang_up)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_calls("!INVITE <100 <180 <200 !ACK <BYE >200=", desk_softphone_sip_port(&desk), JANE);
    int64_t call = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000)->call;
    assert_true(dial_answer(desk.d, call, NULL));
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_true(dial_hang_up(desk.d, call, NULL));
    assert_true(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->by_us);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(a_call_in_is_declined)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_calls("!INVITE <100 <180 <486 !ACK-", desk_softphone_sip_port(&desk), JANE);
    int64_t call = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000)->call;
    assert_false(dial_hang_up(desk.d, call, NULL)); /* that key is for the call that is talked on */
    assert_true(dial_reject(desk.d, call, NULL));
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_INCOMING_GONE, 3000);
    assert_int_equal(e->result, LINE_RESULT_DECLINED);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(a_caller_who_gives_up_was_missed)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_calls("!INVITE <100 <180. ~200 !CANCEL <200 <487 !ACK-", desk_softphone_sip_port(&desk), JANE);
    int64_t call = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000)->call;
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_INCOMING_GONE, 3000);
    assert_true(e->call == call && !e->answered);
    assert_int_equal(e->result, LINE_RESULT_MISSED);
    far_stop(&far);
    desk_close(&desk);
}

TEST(anonymous_and_odd_callers)
{
    static const struct {
        const char *from, *number, *name;
        bool anonymous;
    } rows[] = {
        {"\"Anonymous\" <sip:anonymous@anonymous.invalid>", "", "", true},
        {"<sip:+1-555-0123;phone-context=x@127.0.0.1>", "+15550123", "", false},
        {"<sip:1555%200123@127.0.0.1>", "15550123", "", false},
        {"\"A \\\"quoted\\\" name\" <sip:+15550123;npdi=yes@127.0.0.1>", "+15550123", "A \"quoted\" name", false},
        {"\"Jos\xe9\" <sip:jose@127.0.0.1>", "", "José", false},
    };
    struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct far far = far_calls("!INVITE <100 <180 <486 !ACK-", desk_softphone_sip_port(&desk), rows[i].from);
        struct dial_event e = *desk_wait(&desk, DIAL_EVENT_INCOMING, 5000);
        assert_string_equal(e.number, rows[i].number);
        assert_string_equal(e.name, rows[i].name);
        assert_int_equal(e.anonymous, rows[i].anonymous);
        assert_true(dial_reject(desk.d, e.call, NULL));
        desk_wait(&desk, DIAL_EVENT_INCOMING_GONE, 3000);
        far_is_done(&far);
    }
    desk_close(&desk);
}

TEST(a_second_call_while_talking)
{
    struct desk desk;
    desk_open(&desk);
    struct far prospect = far_answers("<INVITE >100 >180 >200+ <ACK <INVITE >200=+ <ACK <INVITE >200=+ <ACK <BYE >200=",
                                      desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    /* a first one is declined, and the talk goes on */
    struct far caller = far_calls("!INVITE <100 <180 <486 !ACK-", desk_softphone_sip_port(&desk), JANE);
    int64_t call = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000)->call;
    assert_true(dial_reject(desk.d, call, NULL));
    desk_wait(&desk, DIAL_EVENT_INCOMING_GONE, 3000);
    far_is_done(&caller);
    assert_int_equal(dial_state(desk.d, 11), LINE_TALKING);
    /* the next one is taken: the prospect waits on hold, and nobody new is dialled meanwhile */
    caller = far_calls("!INVITE <100 <180 <200 !ACK <BYE >200=", desk_softphone_sip_port(&desk), JANE);
    call = desk_wait(&desk, DIAL_EVENT_INCOMING, 5000)->call;
    assert_true(dial_answer(desk.d, call, NULL));
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_int_equal(e->call, call);
    assert_true(desk_saw(&desk, DIAL_EVENT_HELD));
    assert_int_equal(dial_state(desk.d, 11), LINE_HELD);
    assert_false(dial_place(desk.d, 12, 1, "+15550101", "", NULL));
    desk_turn(&desk, 200);
    /* the right one is hung up, and the prospect comes back */
    assert_true(dial_hang_up(desk.d, call, NULL));
    e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_int_equal(e->call, call);
    far_is_done(&caller);
    assert_true(dial_hold(desk.d, 11, false, NULL));
    assert_false(desk_wait(&desk, DIAL_EVENT_HELD, 3000)->on);
    desk_turn(&desk, 200);
    assert_true(dial_hang_up(desk.d, 11, NULL));
    assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->call, 11);
    far_is_done(&prospect);
    desk_close(&desk);
}
