/* SPDX-License-Identifier: MIT */
/* The Asterisk backend: recordings cut at every byte, the endings that lie, and a server that replays one over a socket. */
#include "../../../src/dial/ami.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static struct dialer *open_at(int port)
{
    char address[32];
    static const char *secret; /* one for the thousands of dialers that are opened here */
    if (secret == NULL) {
        secret = test_path("ami-secret");
        test_write_file(secret, "test-secret\n", 12);
        chmod(secret, 0600);
    }
    snprintf(address, sizeof address, "127.0.0.1:%d", port);
    struct error err = {0};
    struct dialer *d = dialer_open(&(struct dial_config){.kind = "ami",
                                                         .ami_address = address,
                                                         .ami_user = "calldeck",
                                                         .ami_secret_file = secret,
                                                         .ami_channel = "SIP/rep",
                                                         .ami_context = "outbound"}, &err);
    if (d == NULL)
        fail_msg("%s", err.text);
    return d;
}

static struct dialer *ready(void)
{
    struct dialer *d = open_at(1);
    struct ami *a = d->state;
    a->stage = AMI_READY;
    d->now_ms = 1000;
    line_status(d, DIAL_LINE_UP, STR("Asterisk"));
    d->count = 0;
    return d;
}

static void told(struct dialer *d, struct buf *out)
{
    static const char letters[] = "PerAEIGHMLN";
    struct dial_event e;
    while (dial_next_event(d, &e)) {
        buf_add_char(out, letters[e.kind]);
        if (e.kind == DIAL_EVENT_ENDED || e.kind == DIAL_EVENT_INCOMING_GONE)
            buf_printf(out, ":%s:%s:%s", line_result_name(e.result), e.outcome, line_fault_words(e.fault));
        if (e.kind == DIAL_EVENT_INCOMING)
            buf_printf(out, ":%s:%s%s ", e.number, e.name, e.anonymous ? "?" : "");
    }
}

/* The recorder called its channel "rd-4711-1". */
static void place_as_recorded(struct dialer *d)
{
    assert_true(dial_place(d, 4711, 1, "+15550100", "+966112345678", NULL));
    struct line_call *c = line_call_find(d, 4711);
    snprintf(c->tag, sizeof c->tag, "rd-4711-1");
}

TEST(recorded_managers_are_understood_wherever_they_are_split)
{
    static const struct {
        const char *file, *told;
        bool outbound;
    } rows[] = {
        {"telephony/ami_netcat.txt", "PNrAE:answered::", true},
        {"telephony/ami_inbound.txt", "I:+15550123:Jane Prospect AE:answered::", false},
    };
    for (size_t i = 0; i < 2; i++) {
        char path[512];
        size_t len;
        snprintf(path, sizeof path, "%s/%s", TEST_DATA, rows[i].file);
        const char *text = test_read_file(path, &len);
        for (size_t cut = 0; cut <= len + 1; cut++) {
            struct dialer *d = ready();
            struct buf got;
            buf_init(&got);
            if (rows[i].outbound)
                place_as_recorded(d);
            if (cut > len) {
                for (size_t at = 0; at < len; at++)
                    assert_true(ami_take(d, str_make(text + at, 1)));
            } else {
                assert_true(ami_take(d, str_make(text, cut)));
                assert_true(ami_take(d, str_make(text + cut, len - cut)));
            }
            told(d, &got);
            if (strcmp(got.at, rows[i].told) != 0)
                fail_msg("%s, cut at %zu: %s", rows[i].file, cut, got.at);
            buf_done(&got);
            dialer_close(d);
        }
    }
}

static void say(struct dialer *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct dialer *d, const char *format, ...)
{
    struct buf b;
    va_list args;
    buf_init(&b);
    va_start(args, format);
    buf_vprintf(&b, format, args);
    va_end(args);
    buf_add_text(&b, "\r\n");
    assert_true(ami_take(d, buf_str(&b)));
    buf_done(&b);
}

TEST(the_cause_is_believed_before_the_status)
{
    static const struct {
        const char *status;
        int cause;
        bool rings;
        const char *told;
    } rows[] = {
        {"BUSY", 17, true, "PrE:busy:busy:"},
        {"BUSY", 19, true, "PrE:no-answer:no-answer:"},
        {"NOANSWER", 18, true, "PrE:no-answer:no-answer:"},
        {"NOANSWER", 16, true, "PrE:no-answer:no-answer:"},
        {"NOANSWER", 1, false, "PE:wrong-number:out-of-service:"},
        {"NOANSWER", 28, false, "PE:wrong-number:out-of-service:"},
        {"CONGESTION", 22, false, "PE:wrong-number:out-of-service:"},
        {"BUSY", 21, true, "PrE:declined:no-answer:"},
        {"NOANSWER", 21, false, "PE:failed::the server refuses this account"},
        {"CONGESTION", 34, false, "PE:failed::the line could not place it"},
        {"CONGESTION", 38, false, "PE:failed::the line could not place it"},
        {"ANSWER", 16, true, "PrAE:answered::"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialer *d = ready();
        place_as_recorded(d);
        say(d, "Event: Newstate\r\nChannelState: 6\r\nUniqueid: rd-4711-1\r\nLinkedid: rd-4711-1\r\n");
        say(d, "Event: Newchannel\r\nUniqueid: 7.2\r\nLinkedid: rd-4711-1\r\n");
        if (rows[i].rings)
            say(d, "Event: DialState\r\nDestUniqueid: 7.2\r\nDestLinkedid: rd-4711-1\r\nDialStatus: RINGING\r\n");
        say(d, "Event: DialEnd\r\nDestUniqueid: 7.2\r\nDestLinkedid: rd-4711-1\r\nDialStatus: %s\r\n", rows[i].status);
        say(d, "Event: Hangup\r\nUniqueid: 7.2\r\nLinkedid: rd-4711-1\r\nCause: %d\r\nCause-txt: x\r\n", rows[i].cause);
        struct buf got;
        buf_init(&got);
        told(d, &got);
        if (strcmp(got.at, rows[i].told) != 0)
            fail_msg("%s %d: %s", rows[i].status, rows[i].cause, got.at);
        buf_done(&got);
        dialer_close(d);
    }
}

TEST(what_our_own_phone_does_is_no_outcome)
{
    static const struct {
        const char *said, *told;
    } rows[] = {
        {"Event: OriginateResponse\r\nResponse: Failure\r\nReason: 3\r\nUniqueid: rd-4711-1\r\n",
         "PE:failed::your own phone was not picked up"},
        {"Event: OriginateResponse\r\nResponse: Failure\r\nReason: 5\r\nUniqueid: rd-4711-1\r\n",
         "PE:failed::your own phone was not picked up"},
        {"Event: OriginateResponse\r\nResponse: Failure\r\nReason: 0\r\nActionID: 1\r\nUniqueid: <null>\r\n",
         "PE:failed::your own phone was not picked up"},
        {"Response: Error\r\nActionID: 1\r\nMessage: Extension does not exist.\r\n", "PE:failed::the line could not place it"},
        {"Event: Hangup\r\nUniqueid: rd-4711-1\r\nLinkedid: rd-4711-1\r\nCause: 17\r\n",
         "PE:failed::your own phone was not picked up"},
        {"Event: Hangup\r\nUniqueid: 9.9\r\nLinkedid: 9.9\r\nCause: 17\r\n", "P"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialer *d = ready();
        struct buf got;
        buf_init(&got);
        place_as_recorded(d);
        say(d, "%s", rows[i].said);
        told(d, &got);
        if (strcmp(got.at, rows[i].told) != 0)
            fail_msg("row %zu: %s", i, got.at);
        buf_done(&got);
        dialer_close(d);
    }
}

TEST(nothing_that_we_write_can_be_two_lines)
{
    struct error err = {0};
    const struct dial_config rows[] = {
        {.ami_user = "x\r\nAction: Command"}, {.ami_channel = "SIP/rep\nApplication: System"}, {.ami_context = "a\rb"},
        {.ami_user = ""}, {.ami_channel = ""}, {.ami_context = ""}, {.ami_address = "10.0.0.1:5038"},
    };
    const char *secret = test_path("ami-secret");
    test_write_file(secret, "test-secret\n", 12);
    chmod(secret, 0600);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dial_config c = rows[i];
        c.kind = "ami";
        c.ami_secret_file = secret;
        c.ami_user = c.ami_user != NULL ? c.ami_user : "calldeck";
        c.ami_channel = c.ami_channel != NULL ? c.ami_channel : "SIP/rep";
        c.ami_context = c.ami_context != NULL ? c.ami_context : "outbound";
        assert_null(dialer_open(&c, &err));
        assert_int_equal(err.code, ERR_USAGE);
    }
    struct dialer *d = ready();
    struct ami *a = d->state;
    assert_true(dial_place(d, 11, 1, "+15550100", "", NULL));
    assert_non_null(strstr(a->out.at, "\r\nExten: +15550100\r\n"));
    assert_non_null(strstr(a->out.at, "\r\nChannelId: cd-11-1\r\n"));
    dialer_close(d);
}

TEST(a_server_that_replays_is_logged_in_to_and_heard)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(bind(server, (struct sockaddr *)&at, sizeof at) == 0 && listen(server, 1) == 0 &&
                getsockname(server, (struct sockaddr *)&at, &len) == 0);
    struct dialer *d = open_at(ntohs(at.sin_port));
    dial_service(d, NULL, 0, 1000);
    dial_service(d, NULL, 0, 1001);
    int fd = accept(server, NULL, NULL);
    assert_true(fd >= 0);
    dial_service(d, NULL, 0, 1002);
    char got[4096] = "";
    assert_true(recv(fd, got, sizeof got - 1, 0) > 0);
    assert_non_null(strstr(got, "Action: Login\r\nActionID: 1\r\nUsername: calldeck\r\nSecret: test-secret\r\n"));
    static const char hello[] = "Asterisk Call Manager/9.0.0\r\nResponse: Success\r\nActionID: 1\r\nMessage: Authentication accepted\r\n\r\n";
    assert_true(send(fd, hello, sizeof hello - 1, 0) > 0);
    for (int i = 0; i < 100 && dialer_line(d) != DIAL_LINE_UP; i++)
        dial_service(d, NULL, 0, 1003);
    assert_int_equal(dialer_line(d), DIAL_LINE_UP);
    place_as_recorded(d);
    struct pollfd fds[4];
    assert_int_equal(dial_pollfds(d, fds, 4), 1);
    memset(got, 0, sizeof got);
    assert_true(recv(fd, got, sizeof got - 1, 0) > 0);
    assert_non_null(strstr(got, "Action: Originate\r\n"));
    assert_non_null(strstr(got, "Variable: CALLDECK_CALLER_ID=+966112345678\r\n"));
    char path[512];
    size_t size;
    snprintf(path, sizeof path, "%s/telephony/ami_netcat.txt", TEST_DATA);
    const char *text = test_read_file(path, &size);
    assert_true(send(fd, text, size, 0) == (ssize_t)size);
    struct buf all;
    buf_init(&all);
    for (int i = 0; i < 200 && strstr(all.at, "E:") == NULL; i++) {
        poll(fds, 1, 10);
        dial_service(d, NULL, 0, 1100 + i);
        told(d, &all);
    }
    assert_non_null(strstr(all.at, "rAE:answered::"));
    close(fd); /* it goes away: said, and tried again later */
    for (int i = 0; i < 100 && dialer_line(d) != DIAL_LINE_DOWN; i++)
        dial_service(d, NULL, 0, 2000);
    assert_int_equal(dialer_line(d), DIAL_LINE_DOWN);
    assert_true(dial_timeout_ms(d, 2000) >= 0);
    close(server);
    buf_done(&all);
    dialer_close(d);
}
