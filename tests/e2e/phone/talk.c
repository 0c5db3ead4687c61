/* SPDX-License-Identifier: MIT */
/* While somebody is on the line: what the rep's keys do to the sound, and a second caller. */
#include <sys/stat.h>

#include "phone.h"

TEST(phone_talk_hold_mute_and_digits)
{
    struct phone p;
    struct ear ear;
    phone_open(&p, "talk", 2, NULL);
    ear_open(&ear);
    struct far far = far_answers("<INVITE >100 >180 ~300 >200+ <ACK <INVITE >200=+ <ACK <INVITE >200=+ <ACK <BYE >200=", p.far_port, ear.port);
    phone_dial(&p);
    phone_see(&p, " connected 0:");
    phone_hears(&p, &ear, "sound");
    phone_type(&p, "ask for Vega");
    rep_see_typed(p.rep, "Vega", DEADLINE_MS);

    phone_type(&p, "\tM");
    phone_see(&p, " muted 0:");
    ear_forget(&ear);
    phone_hears(&p, &ear, "silence");
    phone_type(&p, "M");
    phone_see(&p, " connected 0:");
    ear_forget(&ear);
    phone_hears(&p, &ear, "sound");

    /* a switchboard's menu, and back in the notes where they were */
    ear_forget(&ear);
    phone_type(&p, "*");
    phone_see(&p, "digits:");
    phone_type(&p, "42#*\r");
    phone_see(&p, "sent: 42#*");
    phone_hears(&p, &ear, "42#*");
    rep_see_typed(p.rep, "Vega", DEADLINE_MS);
    phone_type(&p, " or Cruz");
    phone_see(&p, "ask for Vega or Cruz");

    phone_type(&p, "\tH");
    phone_see(&p, " on hold 0:");
    phone_type(&p, "H");
    phone_see(&p, " connected 0:");
    ear_forget(&ear);
    phone_hears(&p, &ear, "sound");
    /* the line says that a person is there: what it would have said of nobody is refused */
    phone_type(&p, "n");
    phone_see(&p, "a person is on the line");
    phone_type(&p, "h");
    phone_see(&p, "the call ended");
    far_is_done(&far); /* it saw both re-INVITEs */
    phone_type(&p, "l");
    phone_filed(&p, "out answered - - later answered");
    assert_string_equal(desk_text(&p.desk, "SELECT note FROM touch"), "ask for Vega or Cruz");
    ear_close(&ear);
    phone_close(&p);
}

TEST(phone_talk_a_recording_is_asked_for_and_kept)
{
    struct phone p;
    struct stat st;
    char path[512];
    phone_open(&p, "recorded", 2, "set record on");
    struct far far = phone_answers(&p, "<INVITE >100 >180 ~100 >200+ <ACK <BYE >200=");
    phone_dial(&p);
    phone_see(&p, " no rec ");
    phone_type(&p, "\tR");
    phone_see(&p, "do they agree to a recording?");
    phone_type(&p, "y");
    phone_see(&p, " REC ");
    phone_type(&p, "\th");
    phone_see(&p, "the call ended");
    far_is_done(&far);
    phone_type(&p, "l");
    phone_filed(&p, "out answered - - later answered");
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE consent = 'yes' AND consent_at >= started_at"), 1);
    const char *slash = strrchr(p.desk.db, '/'), *name = desk_text(&p.desk, "SELECT recording FROM touch");
    snprintf(path, sizeof path, "%.*s/%s-us.wav", (int)(slash - p.desk.db), p.desk.db, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    phone_close(&p);
}

TEST(phone_talk_a_second_caller_is_taken_while_the_first_holds)
{
    struct phone p;
    phone_open(&p, "second", 4, NULL);
    struct far first = phone_answers(&p, "<INVITE >100 >180 ~300 >200+ <ACK <INVITE >200=+ <ACK <INVITE >200=+ <ACK <BYE >200=");
    phone_dial(&p);
    phone_see(&p, " connected 0:");
    phone_type(&p, "to the first");
    phone_see(&p, "to the first");
    struct far second = phone_is_called(&p, "!INVITE <100 <180 <200 !ACK ~1500 !BYE <200", SECOND_PERSON);
    phone_see(&p, second_person("a call waits: ", ""));
    phone_type(&p, "\tI");
    phone_see(&p, "CALL IN");
    phone_see(&p, "the call ended");
    far_is_done(&second);
    phone_type(&p, "\tl"); /* and the parked card, its draft and its call come back */
    phone_see(&p, "to the first");
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE direction = 'in' AND outcome_id IS NOT NULL"
                                          " AND line_result = 'answered' AND talk_s >= 1"),
                     1);
    phone_see(&p, " on hold 0:");
    phone_type(&p, "\tH");
    phone_see(&p, " connected 0:");
    phone_type(&p, "ll");
    phone_see(&p, DECK_SIGN);
    far_is_done(&first); /* held, taken back, hung up */
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE direction = 'out' AND outcome_id IS NOT NULL"
                                          " AND line_result = 'answered' AND note = 'to the first'"),
                     1);
    phone_close(&p);
}

TEST(phone_talk_a_second_caller_is_declined)
{
    struct phone p;
    phone_open(&p, "second-declined", 4, NULL);
    struct far first = phone_answers(&p, "<INVITE >100 >180 ~300 >200+ <ACK <BYE >200=");
    phone_dial(&p);
    phone_see(&p, " connected 0:");
    phone_type(&p, "to the first");
    struct far second = phone_is_called(&p, "!INVITE <100 <180 <486 !ACK-", SECOND_PERSON);
    phone_see(&p, second_person("a call waits: ", ""));
    phone_type(&p, "\tD");
    far_is_done(&second);
    phone_see(&p, " connected 0:");
    phone_see(&p, "to the first");
    for (int64_t end = monotonic_ms() + DEADLINE_MS; desk_number(&p.desk, "SELECT count(*) FROM touch WHERE direction = 'in'") != 1;
         rep_look(p.rep, 20))
        assert_true(monotonic_ms() < end);
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM callback"), 0);
    phone_type(&p, "ll");
    phone_see(&p, DECK_SIGN);
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE direction = 'out' AND line_result = 'answered'"), 1);
    far_is_done(&first);
    phone_close(&p);
}
