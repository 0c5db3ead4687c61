/* SPDX-License-Identifier: MIT */
/* The Asterisk backend's inside: its messages, and what is heard without touching a descriptor. */
#ifndef CALLDECK_DIAL_AMI_H
#define CALLDECK_DIAL_AMI_H

#include "backend.h"

enum { AMI_KEYS_MOST = 96, AMI_MESSAGE_MOST = 64 * 1024 };
struct ami_message {
    struct str keys[AMI_KEYS_MOST], values[AMI_KEYS_MOST];
    size_t count;
};
enum ami_taken { AMI_MORE, AMI_MESSAGE, AMI_BAD };
/* Takes lines up to an empty one off *rest. The greeting is a message without keys. */
enum ami_taken ami_take_message(struct str *rest, struct ami_message *ret);
struct str ami_value(const struct ami_message *m, const char *key); /* empty: not there */

enum ami_stage { AMI_WAITING, AMI_CONNECTING, AMI_LOGIN, AMI_READY };
struct ami {
    char host[LOOPBACK_SIZE];
    int port;
    char *user, *secret, *channel, *context;
    enum ami_stage stage;
    int64_t stage_ms, retry_ms, ping_ms;
    int back_off_ms;
    int fd;
    bool pinged; /* and no answer yet */
    struct buf in, out;
    int64_t action;          /* ids of what we ask */
    int64_t originate;       /* of the call we place */
    char leg[TAG_SIZE];      /* the prospect's channel of that call; "" until it is there */
    bool rep_up;             /* our own phone was picked up */
    char dial_status[24];    /* how dialling the prospect ended */
};
/* Bytes of the connection. false: this is not the manager. */
bool ami_take(struct dialer *d, struct str data);

#endif
