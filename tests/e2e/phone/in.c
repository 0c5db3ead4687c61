/* SPDX-License-Identifier: MIT */
/* Calls in: somebody of the list, a stranger, somebody who hides. */
#include "phone.h"

#define ANONYMOUS "\"Anonymous\" <sip:anonymous@anonymous.invalid>"
#define STRANGER "\"Zoe \x9b" "2J \xe2\x80\xae Stranger\" <sip:+13125550177@127.0.0.1>"

TEST(phone_in_taken)
{
    static const struct {
        const char *script, *keys, *then;
    } rows[] = {
        {"!INVITE <100 <180 <200 !ACK ~1500 !BYE <200", "", "\tl"}, /* they hang up */
        {"!INVITE <100 <180 <200 !ACK <BYE >200=", "\th", "l"},      /* we do */
    };
    struct phone p;
    phone_open(&p, "in", 6, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rep_settle(p.rep);
        phone_type(&p, "\tmine"); /* the card on the screen, its draft and its place come back afterwards */
        phone_see(&p, "mine");
        phone_type(&p, "\t");
        phone_see(&p, DECK_SIGN);
        struct far far = phone_is_called(&p, rows[i].script, SECOND_PERSON);
        phone_see(&p, second_person("", " calls you"));
        phone_see(&p, "I takes it, D declines");
        phone_type(&p, "I");
        phone_see(&p, "CALL IN");
        phone_see(&p, " connected 0:");
        phone_type(&p, rows[i].keys);
        phone_see(&p, "the call ended");
        phone_type(&p, rows[i].then);
        phone_filed(&p, "in answered - - later answered");
        phone_see(&p, "mine");
        far_is_done(&far);
    }
    assert_int_equal(desk_number(&p.desk, "SELECT sum(dialed) FROM touch"), 0);
    phone_close(&p);
}

TEST(phone_in_missed)
{
    struct phone p;
    phone_open(&p, "missed", 4, NULL);
    struct far far = phone_is_called(&p, "!INVITE <100 <180. ~800 !CANCEL <200 <487 !ACK-", SECOND_PERSON);
    phone_see(&p, second_person("", " calls you"));
    phone_see(&p, "missed call");
    phone_touch(&p, "in missed - - - unanswered");
    far_is_done(&far);
    /* due since it rang, and said so */
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM callback c JOIN touch t ON t.started_at = c.asked_at AND"
                                          " t.prospect_id = c.prospect_id WHERE c.due_at IS NOT NULL AND c.step LIKE 'missed call%'"),
                     1);
    phone_close(&p);
}

TEST(phone_in_declined)
{
    struct phone p;
    phone_open(&p, "declined", 4, NULL);
    struct far far = phone_is_called(&p, "!INVITE <100 <180 <486 !ACK-", SECOND_PERSON);
    phone_see(&p, second_person("", " calls you"));
    phone_type(&p, "D");
    phone_see_gone(&p, "calls you");
    phone_touch(&p, "in declined - - - unanswered");
    far_is_done(&far);

    far = phone_is_called(&p, "!INVITE <100 <180 <486 !ACK-", ANONYMOUS);
    phone_see(&p, "a hidden number calls you");
    assert_false(rep_shows(p.rep, "anonymous"));
    phone_type(&p, "D");
    phone_see_gone(&p, "calls you");
    far_is_done(&far);
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM callback"), 0);
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM touch"), 1); /* nobody's, nobody's card */
    phone_close(&p);
}

TEST(phone_in_from_strangers)
{
    static const struct {
        const char *from, *says, *name, *number;
    } rows[] = {
        {ANONYMOUS, "a hidden number calls you", "Hidden Person", NULL},
        {STRANGER, "+1 312 555 0177, unknown (\"Zoe", "Zoe Newcome", "+13125550177"},
    };
    struct phone p;
    phone_open(&p, "strangers", 2, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char keys[80], sql[200];
        struct far far = phone_is_called(&p, "!INVITE <100 <180 <200 !ACK <BYE >200=", rows[i].from);
        phone_see(&p, rows[i].says);
        phone_type(&p, "I");
        phone_see(&p, "Who is it?");
        snprintf(keys, sizeof keys, "%s\r", rows[i].name);
        phone_type(&p, keys);
        phone_see(&p, "CALL IN");
        phone_see(&p, " connected 0:");
        phone_type(&p, "\tll");
        phone_see_gone(&p, "CALL IN");
        phone_filed(&p, "in answered - - later answered");
        far_is_done(&far);
        snprintf(sql, sizeof sql, "SELECT h.e164 FROM prospect p LEFT JOIN phone_link l ON l.prospect_id = p.id LEFT JOIN phone h"
                                  " ON h.id = l.phone_id WHERE p.name = '%s'", rows[i].name);
        const char *number = desk_text(&p.desk, sql);
        if (rows[i].number == NULL)
            assert_null(number);
        else
            assert_string_equal(number, rows[i].number);
    }
    assert_int_equal(desk_number(&p.desk, "SELECT count(*) FROM prospect"), 4);
    phone_close(&p); /* and the terminal understood every byte, the stranger's name included */
}
