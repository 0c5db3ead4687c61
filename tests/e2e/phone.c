/* SPDX-License-Identifier: MIT */
/*
 * A rep with a real softphone in a terminal, and a real far end on loopback: what the line does is seen on the screen and
 * stands in the file.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "far.h"
#include "process.h"
#include "rep.h"
#include "test.h"

enum { DEADLINE_MS = 15000 };

static struct desk desk;
static int far_port;
static char runtime[256];

static struct rep *phone_start(const char *name, int people)
{
    char line[128];
    far_port = port_free();
    desk_open(&desk, name);
    snprintf(line, sizeof line, "set sip-account sip:rep@127.0.0.1:%d", far_port);
    desk_configure(&desk, "set dialer baresip");
    desk_configure(&desk, line);
    desk_configure(&desk, "set sip-register off");
    desk_configure(&desk, "set audio-source ausine,440");
    desk_configure(&desk, "set audio-player aubridge,sink");
    desk_configure(&desk, "set order list");
    desk_import_list(&desk, "list", people);
    snprintf(runtime, sizeof runtime, "%s/run", desk.home);
    snprintf(desk.env[4], sizeof desk.env[4], "XDG_RUNTIME_DIR=%s", runtime);
    desk.environment[4] = desk.env[4];
    assert_int_equal(mkdir(runtime, 0700), 0);
    struct rep *r = rep_start_sized(&desk, 120, 32, NULL);
    rep_see(r, "line ok", DEADLINE_MS);
    rep_settle(r);
    return r;
}

static const char *softphone_file(const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/calldeck/softphone-0/%s", runtime, name);
    return test_read_file(path, NULL);
}

static int softphone_port(void)
{
    const char *key = "sip_listen 127.0.0.1:", *at = strstr(softphone_file("config"), key);
    assert_non_null(at);
    return (int)strtol(at + strlen(key), NULL, 10);
}

/* Its window is closed for good, and the softphone that a killed window leaves is not left over. */
static void phone_done(struct rep *r)
{
    pid_t softphone = (pid_t)strtol(softphone_file("running"), NULL, 10);
    assert_true(softphone > 1);
    rep_done(r);
    kill(softphone, SIGKILL);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; kill(softphone, 0) == 0; pause_ms(5))
        assert_true(monotonic_ms() < end);
    desk_is_sound(&desk);
}

static void file_says(const char *result, const char *outcome)
{
    assert_string_equal(desk_text(&desk, "SELECT line_result FROM touch ORDER BY id DESC LIMIT 1"), result);
    if (outcome != NULL)
        assert_string_equal(desk_text(&desk, "SELECT o.code FROM touch t JOIN outcome o ON o.id = t.outcome_id ORDER BY t.id DESC LIMIT 1"),
                            outcome);
}

TEST(phone_calls_out)
{
    static const struct {
        const char *script, *sees, *keys, *result, *outcome;
    } rows[] = {
        {"<INVITE >100 >180 ~300 >486 <ACK", "busy: Enter files", "\r", "busy", "busy"},
        {"<INVITE >100 >180 ~300 >480 <ACK", "no answer: Enter files", "\r", "no-answer", "no-answer"},
        {"<INVITE >100 >404 <ACK", "no such number: Enter files", "\r", "wrong-number", "out-of-service"},
        {"<INVITE >100 >180 ~300 >200+ <ACK ~1500 !BYE <200", "the call ended", "\tl", "answered", "later"},
    };
    struct rep *r = phone_start("out", 8);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct far far = far_answers(rows[i].script, far_port, 0);
        rep_settle(r);
        rep_type(r, "\r");
        if (strcmp(rows[i].result, "answered") == 0)
            rep_see(r, " connected 0:", DEADLINE_MS);
        rep_see(r, rows[i].sees, DEADLINE_MS);
        rep_type(r, rows[i].keys);
        rep_see(r, DECK_SIGN, DEADLINE_MS);
        file_says(rows[i].result, rows[i].outcome);
        far_is_done(&far);
    }
    /* who was typing stays in the notes, and Tab Enter accepts */
    struct far far = far_answers("<INVITE >100 >180 ~2500 >486 <ACK", far_port, 0);
    rep_settle(r);
    rep_type(r, "\r");
    rep_see(r, "ringing", DEADLINE_MS);
    rep_type(r, "slow");
    rep_see(r, "busy: Tab Enter files", DEADLINE_MS);
    rep_type(r, "\t\r");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("busy", "busy");
    far_is_done(&far);
    /* what the line spoke for stays apart from what the rep chose */
    far = far_answers("<INVITE >100 >180 ~300 >486 <ACK", far_port, 0);
    rep_settle(r);
    rep_type(r, "\r");
    rep_see(r, "busy: Enter files", DEADLINE_MS);
    rep_type(r, "n");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("busy", "no-answer");
    assert_string_equal(desk_text(&desk, "SELECT o.code FROM touch t JOIN outcome o ON o.id = t.suggested_outcome_id"
                                         " ORDER BY t.id DESC LIMIT 1"),
                        "busy");
    far_is_done(&far);
    phone_done(r);
}

TEST(phone_a_line_error_counts_no_attempt)
{
    struct rep *r = phone_start("error", 2);
    struct far far = far_answers("<INVITE >100 >503 <ACK", far_port, 0);
    rep_type(r, "\r");
    rep_see(r, "not dialled", DEADLINE_MS);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("failed", NULL);
    assert_int_equal(desk_number(&desk, "SELECT max(attempts) FROM list_member"), 0);
    far_is_done(&far);
    phone_done(r);
}

TEST(phone_calls_in)
{
    static const char *from = "\"Mallory\" <sip:+12125550102@127.0.0.1>";
    char name[64];
    person_name(2, name, sizeof name);
    struct rep *r = phone_start("in", 4);
    struct far far = far_calls("!INVITE <100 <180 <200 !ACK ~1500 !BYE <200", softphone_port(), from);
    char banner[100];
    snprintf(banner, sizeof banner, "%s calls you", name);
    rep_see(r, banner, DEADLINE_MS);
    rep_type(r, "I");
    rep_see(r, "CALL IN", DEADLINE_MS);
    rep_see(r, " connected 0:", DEADLINE_MS);
    rep_see(r, "the call ended", DEADLINE_MS);
    rep_type(r, "\tl");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("answered", "later");
    assert_string_equal(desk_text(&desk, "SELECT direction FROM touch ORDER BY id DESC LIMIT 1"), "in");
    far_is_done(&far);

    far = far_calls("!INVITE <100 <180. ~800 !CANCEL <200 <487 !ACK-", softphone_port(), from);
    rep_see(r, banner, DEADLINE_MS);
    rep_see(r, "missed call", DEADLINE_MS);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM callback WHERE step = 'missed call'"), 1);
    far_is_done(&far);
    phone_done(r);
}

TEST(phone_the_softphone_dies_in_a_call)
{
    struct rep *r = phone_start("killed", 2);
    struct far far = far_answers("<INVITE >100 >180 ~200 >200+ <ACK ~20000", far_port, 0);
    rep_type(r, "\r");
    rep_see(r, " connected 0:", DEADLINE_MS);
    rep_type(r, "half a word");
    kill((pid_t)strtol(softphone_file("running"), NULL, 10), SIGKILL);
    rep_see(r, "the call ended", DEADLINE_MS);
    rep_see(r, "half a word", DEADLINE_MS);
    rep_type(r, "\tl");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("answered", "later");
    rep_see(r, "line ok", DEADLINE_MS); /* it comes back by itself */
    far_stop(&far);
    phone_done(r);
}

TEST(phone_a_call_outlives_the_program_and_is_talked_on)
{
    struct rep *r = phone_start("outlived", 2);
    struct far far = far_answers("<INVITE >100 >180 ~200 >200+ <ACK <BYE >200=", far_port, 0);
    rep_type(r, "\r");
    rep_see(r, " connected 0:", DEADLINE_MS);
    rep_type(r, "half a word");
    rep_see(r, "half a word", DEADLINE_MS);
    pty_kill(rep_pty(r));
    assert_int_equal(pty_status(rep_pty(r), DEADLINE_MS), 128 + SIGKILL);
    rep_done(r);
    r = rep_start_sized(&desk, 120, 32, NULL);
    rep_see(r, "you are still on the line", DEADLINE_MS);
    rep_see(r, "half a word", DEADLINE_MS);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM touch WHERE ended_at IS NULL AND answered_at IS NOT NULL"), 1);
    int64_t seen = desk_number(&desk, "SELECT CAST(strftime('%s', 'now') AS INTEGER) - answered_at FROM touch");
    rep_settle(r);
    rep_type(r, "\tll"); /* twice hangs up and files */
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    file_says("answered", "later");
    assert_true(desk_number(&desk, "SELECT talk_s FROM touch") >= seen);
    far_is_done(&far);
    phone_done(r);
}

TEST(phone_a_second_caller_is_taken_while_the_first_holds)
{
    static const char *from = "\"Mallory\" <sip:+12125550102@127.0.0.1>";
    char name[64], waits[100];
    person_name(2, name, sizeof name);
    snprintf(waits, sizeof waits, "a call waits: %s", name);
    struct rep *r = phone_start("second", 4);
    struct far first = far_answers("<INVITE >100 >180 ~200 >200+ <ACK <INVITE >200+ <ACK <BYE >200=", far_port, 0);
    rep_type(r, "\r");
    rep_see(r, " connected 0:", DEADLINE_MS);
    rep_type(r, "to the first");
    rep_see(r, "to the first", DEADLINE_MS);
    struct far second = far_calls("!INVITE <100 <180 <200 !ACK ~1500 !BYE <200", softphone_port(), from);
    rep_see(r, waits, DEADLINE_MS);
    rep_type(r, "\tI");
    rep_see(r, "CALL IN", DEADLINE_MS);
    rep_see(r, "the call ended", DEADLINE_MS);
    far_is_done(&second);
    rep_type(r, "\tl"); /* and the parked card, its draft and its call come back */
    rep_see(r, "to the first", DEADLINE_MS);
    assert_string_equal(desk_text(&desk, "SELECT direction FROM touch WHERE outcome_id IS NOT NULL"), "in");
    phone_done(r);
    far_stop(&first);
    desk_is_sound(&desk);
}

TEST(phone_a_caller_is_declined)
{
    static const char *from = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";
    struct rep *r = phone_start("declined", 2);
    struct far far = far_calls("!INVITE <100 <180 <486 !ACK-", softphone_port(), from);
    rep_see(r, "calls you", DEADLINE_MS);
    assert_false(rep_shows(r, "anonymous.invalid"));
    rep_type(r, "D");
    rep_see_gone(r, "calls you", DEADLINE_MS);
    far_is_done(&far);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM callback"), 0);
    phone_done(r);
}
