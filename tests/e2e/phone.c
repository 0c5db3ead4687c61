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
    rep_done(r);
    desk_is_sound(&desk);
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
    rep_done(r);
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
    rep_done(r);
    desk_is_sound(&desk);
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
    rep_done(r);
}
