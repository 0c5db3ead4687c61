/* SPDX-License-Identifier: MIT */
/* What breaks: the softphone, the program, the server, the sound. */
#include "phone.h"

TEST(phone_broken_the_softphone_dies_in_a_call)
{
    struct phone p;
    phone_open(&p, "killed", 3, NULL);
    struct far far = phone_answers(&p, "<INVITE >100 >180 ~200 >200+ <ACK ~20000");
    phone_dial(&p);
    phone_see(&p, " connected 0:");
    phone_type(&p, "half a word");
    pid_t first = phone_pid(&p);
    kill(first, SIGKILL);
    phone_see(&p, "the call ended");
    phone_see(&p, "half a word");
    phone_type(&p, "\tl");
    phone_filed(&p, "out answered - - later answered");
    phone_see(&p, "line ok"); /* it comes back by itself */
    far_stop(&far);
    assert_int_not_equal(phone_pid(&p), first);
    far = phone_answers(&p, "<INVITE >100 >486 <ACK"); /* and dials */
    phone_dial(&p);
    phone_see(&p, "busy: Enter files");
    phone_type(&p, "\r");
    phone_filed(&p, "out busy 486 busy busy unanswered");
    far_is_done(&far);
    phone_close(&p);
}

TEST(phone_broken_a_call_outlives_the_program_and_is_talked_on)
{
    struct phone p;
    phone_open(&p, "outlived", 2, NULL);
    struct far far = phone_answers(&p, "<INVITE >100 >180 ~200 >200+ <ACK <BYE >200=");
    phone_dial(&p);
    phone_see(&p, " connected 0:");
    phone_type(&p, "half a word");
    phone_see(&p, "half a word");
    pty_kill(rep_pty(p.rep));
    assert_int_equal(pty_status(rep_pty(p.rep), DEADLINE_MS), 128 + SIGKILL);
    phone_start(&p);
    phone_see(&p, "you are still on the line");
    phone_see(&p, "half a word");
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE ended_at IS NULL AND answered_at IS NOT NULL"), 1);
    int64_t seen = desk_number(&p.desk, "SELECT CAST(strftime('%s', 'now') AS INTEGER) - answered_at FROM touch");
    rep_settle(p.rep);
    phone_type(&p, "\tll"); /* twice hangs up and files */
    phone_filed(&p, "out answered - - later answered");
    assert_true(desk_number(&p.desk, "SELECT talk_s FROM touch") >= seen);
    far_is_done(&far);
    phone_close(&p);
}

/* The line's state is on the screen before the first call. Enter says what is wrong, places nothing and counts nothing. */
static void nothing_is_dialled(struct phone *p, const char *state, const char *why)
{
    phone_see(p, state);
    phone_see(p, "no calls now: ");
    phone_dial(p);
    phone_see(p, "cannot dial: the line is not ready (");
    phone_see(p, why);
    phone_filed(p, "out failed - - - unanswered");
    assert_int_equal(desk_number(&p->desk, "SELECT max(attempts) FROM list_member"), 0);
    assert_int_equal(desk_number(&p->desk, "SELECT sum(dialed) FROM touch"), 0);
}

TEST(phone_broken_the_server_refuses_the_account)
{
    struct phone p;
    phone_prepare(&p, "refused-account", 2, "set sip-register on");
    struct far server = phone_answers(&p, "<REGISTER >403");
    phone_start(&p);
    nothing_is_dialled(&p, "LINE REFUSED", "");
    far_is_done(&server);
    phone_close(&p);
}

TEST(phone_broken_no_server_replies_to_the_registration)
{
    struct phone p;
    phone_prepare(&p, "no-registrar", 2, "set sip-register on\nset setup-timeout 3");
    phone_start(&p);
    nothing_is_dialled(&p, "LINE REFUSED", "the server does not reply");
    phone_close(&p);
}

TEST(phone_broken_nobody_listens_for_the_call)
{
    struct phone p;
    phone_open(&p, "nobody", 3, "set setup-timeout 3");
    phone_dial(&p);
    phone_see(&p, "not dialled: nothing was heard from the line; this is no attempt");
    phone_filed(&p, "out failed - - - unanswered");
    assert_int_equal(desk_number(&p.desk, "SELECT max(attempts) FROM list_member"), 0);
    struct far far = phone_answers(&p, "<INVITE >100 >486 <ACK"); /* the next one is heard */
    phone_dial(&p);
    phone_see(&p, "busy: Enter files");
    phone_type(&p, "\r");
    phone_filed(&p, "out busy 486 busy busy unanswered");
    far_stop(&far);
    phone_close(&p);
}

TEST(phone_broken_no_sound)
{
    struct phone p;
    phone_prepare(&p, "no-sound", 2, "set audio-source alsa,calldeck-no-such-device\nset audio-player alsa,calldeck-no-such-device");
    phone_start(&p);
    nothing_is_dialled(&p, "NO AUDIO", "no sound device: plug in the headset");
    phone_close(&p);
}
