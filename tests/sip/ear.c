/* SPDX-License-Identifier: MIT */
/* RTP, counted; ear.h. */
#include "ear.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "far.h"
#include "test.h"

enum { EVENT_TYPE = 101 }; /* as the far end offers it */

void ear_open(struct ear *ear)
{
    *ear = (struct ear){.port = port_free()};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)ear->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ear->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(ear->fd, (struct sockaddr *)&at, sizeof at), 0);
}

void ear_close(struct ear *ear)
{
    close(ear->fd);
    ear->fd = -1;
}

void ear_hear(struct ear *ear)
{
    static const char keys[] = "0123456789*#ABCD";
    unsigned char packet[2048];
    ssize_t n;
    while ((n = recv(ear->fd, packet, sizeof packet, 0)) > 0) {
        if (n < 16)
            continue;
        if ((packet[1] & 0x7f) == EVENT_TYPE) {
            uint32_t stamp;
            memcpy(&stamp, packet + 4, sizeof stamp);
            size_t len = strlen(ear->tones);
            if (stamp != ear->last && packet[12] < 16 && len + 1 < sizeof ear->tones)
                ear->tones[len] = keys[packet[12]];
            ear->last = stamp;
        } else if (packet[12] == 0xff && packet[13] == 0xff && packet[15] == 0xff) {
            ear->silence++;
        } else {
            ear->sound++;
            ear->silence = 0;
        }
    }
}

void ear_forget(struct ear *ear)
{
    ear_hear(ear);
    ear->sound = ear->silence = 0;
    memset(ear->tones, 0, sizeof ear->tones);
}
