/* SPDX-License-Identifier: MIT */
/* Frames, messages and texts of ctrl_tcp, good and hostile. */
#include "../../../src/dial/ctrl.h"

#include <string.h>

#include "../../../src/dial/netstring.h"
#include "calldeck/utf8.h"
#include "test.h"

TEST(netstrings_are_strict_and_bounded)
{
    static const struct {
        const char *bytes;
        enum netstring got;
        const char *payload, *rest;
    } rows[] = {
        {"5:hello,", NETSTRING_FRAME, "hello", ""}, {"0:,", NETSTRING_FRAME, "", ""},
        {"1:a,1:b,", NETSTRING_FRAME, "a", "1:b,"}, {"", NETSTRING_MORE, NULL, NULL},
        {"5", NETSTRING_MORE, NULL, NULL},          {"5:hell", NETSTRING_MORE, NULL, NULL},
        {"5:hello", NETSTRING_MORE, NULL, NULL},    {"5:hello;", NETSTRING_BAD, NULL, NULL},
        {":a,", NETSTRING_BAD, NULL, NULL},         {"05:hello,", NETSTRING_BAD, NULL, NULL},
        {"-1:a,", NETSTRING_BAD, NULL, NULL},       {" 1:a,", NETSTRING_BAD, NULL, NULL},
        {"1 :a,", NETSTRING_BAD, NULL, NULL},       {"65537:", NETSTRING_BAD, NULL, NULL},
        {"65536:", NETSTRING_MORE, NULL, NULL},     {"99999999999999999999:", NETSTRING_BAD, NULL, NULL},
        {"100000", NETSTRING_BAD, NULL, NULL},      {"HTTP/1.1", NETSTRING_BAD, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str rest = str_of(rows[i].bytes), payload = STR("");
        if (netstring_take(&rest, &payload) != rows[i].got)
            fail_msg("\"%s\"", rows[i].bytes);
        assert_true(rows[i].payload == NULL ? rest.len == strlen(rows[i].bytes)
                                            : str_is(payload, rows[i].payload) && str_is(rest, rows[i].rest));
    }
}

TEST(commands_are_strings_alone)
{
    struct buf out;
    buf_init(&out);
    ctrl_command(&out, "dial", "+15550100", "7");
    ctrl_command(&out, "hangup", "", "8");
    assert_string_equal(out.at, "51:{\"command\":\"dial\",\"params\":\"+15550100\",\"token\":\"7\"},32:{\"command\":\"hangup\",\"token\":\"8\"},");
    buf_done(&out);
}

TEST(a_message_of_any_bytes_is_utf8_or_nothing)
{
    static const struct {
        const char *json;
        bool good;
        const char *param;
    } rows[] = {
        {"{\"event\":true,\"type\":\"CALL_CLOSED\",\"param\":\"486 Occup\xe9\"}", true, "486 Occupé"},
        {"{\"event\":true,\"type\":\"CALL_CLOSED\",\"param\":\"486 Occup\xc3\xa9\"}", true, "486 Occupé"},
        {"{\"event\":true,\"type\":\"CALL_CLOSED\",\"param\":\"\xef\xbf\xbd\"}", true, "\xef\xbf\xbd"},
        {"{\"event\":true,\"type\":\"CALL_CLOSED\",\"param\":5}", true, ""},
        {"{\"event\":true,\"type\":\"CALL_CLOSED\",\"param\":null}", true, ""},
        {"{\"event\":\"true\",\"type\":\"CALL_CLOSED\"}", false, NULL},
        {"{\"event\":true}x", false, NULL},
        {"[1]", false, NULL}, {"", false, NULL}, {"null", false, NULL}, {"{", false, NULL},
        {"{\"event\":true,\"param\":1e999}", false, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena a = {0};
        struct ctrl_message m;
        bool good = ctrl_parse(str_of(rows[i].json), &a, &m);
        if (good != rows[i].good || (good && !str_is(m.param, rows[i].param)))
            fail_msg("%s", rows[i].json);
        arena_done(&a);
    }
}

TEST(callers_become_numbers_or_nothing)
{
    static const struct {
        const char *uri, *number;
        bool anonymous;
    } rows[] = {
        {"sip:+15550123@127.0.0.1:5080", "+15550123", false},
        {"sip:+1-555-0123;phone-context=x@h", "+15550123", false},
        {"sip:+15550123;npdi=yes@h", "+15550123", false},
        {"sip:1555%200123@h", "15550123", false},
        {"sip:(0)30.90/18@h", "0309018", false},
        {"sips:0049@h", "0049", false},
        {"sip:anonymous@anonymous.invalid", "", true},
        {"sip:Anonymous@h", "", true},
        {"sip:h", "", true},
        {"sip:@h", "", true},
        {"", "", true},
        {"sip:jane.doe@h", "", false},
        {"sip:1%0d%0aX@h", "", false},
        {"sip:1%zz@h", "", false},
        {"sip:1+2@h", "", false},
        {"sip:123456789012345678901234567890123@h", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        caller_number(str_of(rows[i].uri), &out);
        if (strcmp(out.at, rows[i].number) != 0 || caller_is_anonymous(str_of(rows[i].uri)) != rows[i].anonymous)
            fail_msg("%s: %s", rows[i].uri, out.at);
        buf_done(&out);
    }
}

TEST(lists_of_calls_are_read_and_not_fooled)
{
    struct ctrl_line lines[4];
    assert_int_equal(ctrl_lines(STR("\n--- Active calls (0) ---\n\n"), lines, 4), 0);
    assert_int_equal(ctrl_lines(STR("\n--- Active calls (2) ---\n> [line 1]  0:00:00   OUTGOING  (on hold)  sip:+1@h\n"
                                    "  [line 12]  0:00:00   ESTABLISHED             sip:(on hold)@h\n\n"), lines, 4), 2);
    assert_true(lines[0].number == 1 && lines[0].held && lines[1].number == 12 && !lines[1].held);

    struct ctrl_call call;
    assert_true(ctrl_call(STR("\n===== Call debug (ESTABLISHED) =====\n local_uri: Rep id=no <sip:rep@h>\n"
                              " peer_uri:  X <y> id=evil <sip:+1555@h:5060>\n af=AF_INET id=54205c52\n direction: Outgoing\n"), &call));
    assert_true(str_is(call.id, "54205c52") && str_is(call.state, "ESTABLISHED") && call.outgoing);
    assert_true(str_is(call.peer, "sip:+1555@h:5060"));
    assert_false(ctrl_call(STR("\n(no active calls)\n"), &call));
}
