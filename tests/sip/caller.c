/* SPDX-License-Identifier: MIT */
/* By which line of ours somebody is called: what stands in the From of a real softphone's INVITE. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "desk.h"
#include "test.h"

static void header_get(const char *request, const char *name, char *ret, size_t size)
{
    const char *at = strcasestr(request, name);
    assert_non_null(at);
    at += 2;
    snprintf(ret, size, "%.*s", (int)strcspn(at, "\r\n"), at);
}

/* The next INVITE is said to be busy; its From. */
static void invite_take(struct desk *desk, int fd, char from[256])
{
    static const char *const names[] = {"\r\nVia:", "\r\nFrom:", "\r\nTo:", "\r\nCall-ID:", "\r\nCSeq:"};
    char request[8192], answer[4096] = "SIP/2.0 486 Busy Here\r\n", header[1024];
    struct sockaddr_in whom;
    for (int turns = 0;; turns++) {
        socklen_t len = sizeof whom;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_true(turns < 300);
        desk_turn(desk, 10);
        if (poll(&p, 1, 10) <= 0)
            continue;
        ssize_t n = recvfrom(fd, request, sizeof request - 1, 0, (struct sockaddr *)&whom, &len);
        request[n > 0 ? n : 0] = '\0';
        if (strncmp(request, "INVITE ", 7) == 0)
            break;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t used = strlen(answer);
        header_get(request, names[i], header, sizeof header);
        snprintf(answer + used, sizeof answer - used, "%s%s\r\n", header, i == 2 ? ";tag=far" : "");
    }
    strcat(answer, "Content-Length: 0\r\n\r\n");
    assert_true(sendto(fd, answer, strlen(answer), 0, (const struct sockaddr *)&whom, sizeof whom) > 0);
    header_get(request, names[1], from, 256);
}

TEST(caller_line_is_what_the_far_end_sees)
{
    struct desk desk;
    desk_prepare(&desk);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)desk.sip_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    char other[64];
    snprintf(other, sizeof other, "sip:sales@127.0.0.1:%d", desk.sip_port);
    const char *callers[] = {"", "+966112345678", other, "", "+966112345678", "+13125550100", other};
    const char *users[] = {"<sip:rep@", "<sip:+966112345678@", "<sip:sales@", "<sip:rep@", "<sip:+966112345678@", "<sip:+13125550100@", "<sip:sales@"};
    for (int i = 0; i < 7; i++) {
        char from[256];
        struct error err = {0};
        if (!dial_place(desk.d, i + 1, 1, "+15550100", callers[i], &err))
            fail_msg("%s", err.text);
        invite_take(&desk, fd, from);
        if (strstr(from, users[i]) == NULL)
            fail_msg("\"%s\": %s", callers[i], from);
        assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->result, LINE_RESULT_BUSY);
    }
    close(fd);
    desk_close(&desk);
}

TEST(caller_line_of_hostile_words_is_refused)
{
    static const char *const hostile[] = {"+", "+1", "1234567", "+12345678901234567", "+1312;auth_user=x", "sip:a@b;auth_pass=x", "sip:a b@c",
                                          "sip:a@b\r\nX: y", "\"x\" <sip:a@b>", "sips:a@b", "sip:@b", "+131\n25"};
    struct desk desk;
    desk_open(&desk);
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct error err = {0};
        assert_false(dial_place(desk.d, 1, 1, "+15550100", hostile[i], &err));
        assert_int_equal(err.code, ERR_USAGE);
    }
    desk_close(&desk);
}
