/* SPDX-License-Identifier: MIT */
/* From the key press to the INVITE on the wire; beside it, baresip's own dial sent by hand. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "desk.h"
#include "test.h"

enum { CALLS = 50 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void header_add(struct buf *out, const char *request, const char *name)
{
    const char *at = strcasestr(request, name), *end = at != NULL ? strstr(at + 2, "\r\n") : NULL;
    assert_non_null(end);
    buf_add(out, at + 2, (size_t)(end - at - 2));
    if (strcmp(name, "\r\nTo:") == 0)
        buf_add_text(out, ";tag=far");
    buf_add_text(out, "\r\n");
}

/* Waits for the next INVITE and says busy; when it came. */
static double invite_take(int fd)
{
    static const char *const names[] = {"\r\nVia:", "\r\nFrom:", "\r\nTo:", "\r\nCall-ID:", "\r\nCSeq:"};
    char request[8192];
    struct sockaddr_in from;
    for (;;) {
        socklen_t len = sizeof from;
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&p, 1, 5000), 1);
        ssize_t n = recvfrom(fd, request, sizeof request - 1, 0, (struct sockaddr *)&from, &len);
        assert_true(n > 0);
        request[n] = '\0';
        if (strncmp(request, "INVITE ", 7) == 0)
            break;
    }
    double at = now_ms();
    struct buf answer;
    buf_init(&answer);
    buf_add_text(&answer, "SIP/2.0 486 Busy Here\r\n");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        header_add(&answer, request, names[i]);
    buf_add_text(&answer, "Content-Length: 0\r\n\r\n");
    assert_true(sendto(fd, answer.at, answer.len, 0, (struct sockaddr *)&from, sizeof from) > 0);
    buf_done(&answer);
    return at;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int tcp_to(int port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

TEST(a_key_press_is_on_the_wire_at_once)
{
    struct desk desk;
    desk_open(&desk);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)desk.sip_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    double ours[CALLS], by_hand[CALLS];
    for (int i = 0; i < CALLS; i++) {
        struct pollfd fds[DIAL_FDS_MOST];
        double begin = now_ms();
        desk_place(&desk, i + 1, "+15550100");
        dial_pollfds(desk.d, fds, DIAL_FDS_MOST); /* as the loop does before it sleeps */
        ours[i] = invite_take(fd) - begin;
        assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->result, LINE_RESULT_BUSY);
    }
    int port = desk_softphone_port(&desk), hand = tcp_to(port);
    static const char dial[] = "{\"command\":\"dial\",\"params\":\"+15550100\",\"x\":\"\"},";
    char frame[128];
    snprintf(frame, sizeof frame, "%zu:%s", strlen(dial) - 1, dial);
    for (int i = 0; i < CALLS; i++) {
        char ignored[8192];
        double begin = now_ms();
        assert_true(send(hand, frame, strlen(frame), 0) > 0);
        by_hand[i] = invite_take(fd) - begin;
        struct pollfd p = {.fd = hand, .events = POLLIN};
        while (poll(&p, 1, 20) > 0 && recv(hand, ignored, sizeof ignored, 0) > 0)
            ;
    }
    close(hand);
    qsort(ours, CALLS, sizeof ours[0], compare);
    qsort(by_hand, CALLS, sizeof by_hand[0], compare);
    print_message("key to INVITE: median %.2f ms, p99 %.2f ms; by hand: median %.2f ms, p99 %.2f ms\n", ours[CALLS / 2],
                  ours[CALLS - 1], by_hand[CALLS / 2], by_hand[CALLS - 1]);
    assert_true(ours[CALLS / 2] < 20);
    close(fd);
    desk_close(&desk);
}
