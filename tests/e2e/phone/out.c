/* SPDX-License-Identifier: MIT */
/* Calls that the rep places, and each way in which they end. */
#include "phone.h"

TEST(phone_out_refused)
{
    static const struct {
        const char *script, *sees, *keys, *touch;
        int attempts;
    } rows[] = {
        {"<INVITE >100 >180 ~300 >486 <ACK", "busy: Enter files \"busy\"", "\r", "out busy 486 busy busy unanswered", 1},
        {"<INVITE >100 >486 <ACK", "busy: Enter files \"busy\"", "\r", "out busy 486 busy busy unanswered", 1},
        {"<INVITE >100 >180 ~300 >480 <ACK", "no answer: Enter files \"no answer\"", "\r", "out no-answer 480 no-answer no-answer unanswered", 1},
        {"<INVITE >100 >404 <ACK", "no such number: Enter files \"disconnected\"", "\r",
         "out wrong-number 404 out-of-service out-of-service unanswered", 1},
        {"<INVITE >100 >180 ~300 >603 <ACK", "declined: Enter files \"no answer\"", "\r", "out declined 603 no-answer no-answer unanswered", 1},
        {"<INVITE >100 >183+ ~300 >404 <ACK", "no such number: Enter files \"disconnected\"", "\r",
         "out wrong-number 404 out-of-service out-of-service unanswered", 1},
        /* what the line spoke for stays apart from what the rep chose */
        {"<INVITE >100 >180 ~300 >486 <ACK", "busy: Enter files \"busy\"", "n", "out busy 486 busy no-answer unanswered", 1},
        /* the line's own errors are no attempt of the prospect's */
        {"<INVITE >100 >503 <ACK", "not dialled: 503 Service Unavailable; this is no attempt", "", "out failed 503 - - unanswered", 0},
        {"<INVITE >100 >403 <ACK", "not dialled: 403 Forbidden; this is no attempt", "", "out failed 403 - - unanswered", 0},
    };
    struct phone p;
    phone_open(&p, "refused", 16, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t attempts = desk_number(&p.desk, "SELECT sum(attempts) FROM list_member");
        struct far far = phone_answers(&p, rows[i].script);
        phone_dial(&p);
        phone_see(&p, rows[i].sees);
        phone_type(&p, rows[i].keys);
        phone_filed(&p, rows[i].touch);
        assert_int_equal(desk_number(&p.desk, "SELECT sum(attempts) FROM list_member"), attempts + rows[i].attempts);
        far_is_done(&far);
    }
    phone_close(&p);
}

TEST(phone_out_answered)
{
    static const struct {
        const char *script, *keys, *sees, *then; /* keys: once it is connected */
    } rows[] = {
        /* they hang up; we hang up, and file then; an outcome armed in the call is filed at its end; twice hangs up and files */
        {"<INVITE >100 >180 ~300 >200+ <ACK ~1500 !BYE <200", "", "the call ended", "\tl"},
        {"<INVITE >100 >180 ~300 >200+ <ACK <BYE >200=", "\th", "the call ended", "l"},
        {"<INVITE >100 >180 ~300 >200+ <ACK ~2500 !BYE <200", "\tl", DECK_SIGN, ""},
        {"<INVITE >100 >180 ~300 >200+ <ACK <BYE >200=", "\tll", DECK_SIGN, ""},
        {"<INVITE >100 >183+ ~700 >200+ <ACK <BYE >200=", "\th", "the call ended", "l"},
        {"<INVITE >100 >200+ <ACK <BYE >200=", "\th", "the call ended", "l"},
    };
    struct phone p;
    phone_open(&p, "answered", 8, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct far far = phone_answers(&p, rows[i].script);
        phone_dial(&p);
        if (strstr(rows[i].script, ">18") != NULL)
            phone_see(&p, " ringing 0:");
        phone_see(&p, " connected 0:");
        assert_true(desk_number(&p.desk, "SELECT count(*) FROM touch WHERE answered_at IS NOT NULL AND ended_at IS NULL") == 1);
        phone_type(&p, rows[i].keys);
        phone_see(&p, rows[i].sees);
        phone_type(&p, rows[i].then);
        phone_filed(&p, "out answered - - later answered");
        far_is_done(&far);
    }
    phone_close(&p);
}

/* We end what nobody has answered: the far end hears CANCEL, and the file knows whether it rang. */
TEST(phone_out_given_up)
{
    static const struct {
        const char *script, *keys, *sees, *then, *touch;
        int attempts;
    } rows[] = {
        {"<INVITE >100 >180 <CANCEL >200= >487 <ACK", "\th", "no answer: Enter files \"no answer\"", "\r",
         "out no-answer - no-answer no-answer unanswered", 1},
        {"<INVITE >100 >183+ <CANCEL >200= >487 <ACK", "\th", "no answer: Enter files \"no answer\"", "\r",
         "out no-answer - no-answer no-answer unanswered", 1},
        /* the ring timer: five seconds here */
        {"<INVITE >100 >180 <CANCEL >200= >487 <ACK", "", "no answer: Enter files \"no answer\"", "\r",
         "out no-answer - no-answer no-answer unanswered", 1},
        /* it never rang: by the rep, and by the timer of the set-up, three seconds here */
        {"<INVITE >100 <CANCEL >200= >487 <ACK", "\th", "not counted: hung up before it rang; this is no attempt", "", "out cancelled - - - unanswered", 0},
        {"<INVITE >100 <CANCEL >200= >487 <ACK", "", "not dialled: nothing was heard from the line", "", "out failed - - - unanswered", 0},
    };
    struct phone p;
    phone_open(&p, "given-up", 8, "set ring-timeout 5\nset setup-timeout 3");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t attempts = desk_number(&p.desk, "SELECT sum(attempts) FROM list_member");
        struct far far = phone_answers(&p, rows[i].script);
        phone_dial(&p);
        phone_see(&p, strstr(rows[i].script, ">18") != NULL ? " ringing 0:" : " dialing 0:01");
        phone_type(&p, rows[i].keys);
        phone_see(&p, rows[i].sees);
        phone_type(&p, rows[i].then);
        phone_filed(&p, rows[i].touch);
        assert_int_equal(desk_number(&p.desk, "SELECT sum(attempts) FROM list_member"), attempts + rows[i].attempts);
        far_is_done(&far);
    }
    phone_close(&p);
}

TEST(phone_out_ends_while_the_rep_types)
{
    struct phone p;
    phone_open(&p, "typing", 4, NULL);
    struct far far = phone_answers(&p, "<INVITE >100 >180 ~2500 >486 <ACK");
    phone_dial(&p);
    phone_see(&p, " ringing 0:");
    phone_type(&p, "slow");
    phone_see(&p, "busy: Tab Enter files \"busy\"");
    phone_type(&p, "er");
    phone_see(&p, "slower");
    phone_type(&p, "\t\r");
    phone_filed(&p, "out busy 486 busy busy unanswered");
    assert_string_equal(desk_text(&p.desk, "SELECT note FROM touch"), "slower");
    far_is_done(&far);
    phone_close(&p);
}
