/* SPDX-License-Identifier: MIT */
/*
 * The Asterisk backend's life: connect, log in, ask for calls, keep the line alive, come back.
 *
 * The manager's language is lines, so nothing that could end one is ever written into it.
 */
#include "ami.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "softphone.h"

enum {
    BACK_OFF_MS = 500,
    BACK_OFF_MOST_MS = 30000,
    LOGIN_MS = 10000,
    PING_MS = 30000,
    PONG_MS = 10000,
    REP_RING_MS = 30000, /* the rep's own phone; as in ami_talk.c */
    READ_MOST = 256 * 1024,
    OUT_MOST = 64 * 1024,
};

static bool value_check(const char *setting, const char *value, bool needed, struct error *err)
{
    if (needed && (value == NULL || value[0] == '\0'))
        return error_set(err, ERR_USAGE, "the setting %s is empty: the dialer ami needs it", setting);
    for (const char *p = value; p != NULL && *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return error_set(err, ERR_USAGE, "the setting %s cannot be used: there is a control character in it", setting);
    return true;
}

static char *copy(const char *text)
{
    return alloc_copy(text != NULL ? text : "", text != NULL ? strlen(text) : 0);
}

static bool ami_open(struct dialer *d, const struct dial_config *config, struct error *err)
{
    struct ami *a = alloc_zeroed(1, sizeof *a);
    d->state = a;
    d->capabilities = DIAL_CAN_DIAL | DIAL_CAN_HANG_UP | DIAL_CAN_DTMF | DIAL_KNOWS_STATE;
    d->setup_timeout_ms += REP_RING_MS;
    a->fd = -1;
    a->back_off_ms = BACK_OFF_MS;
    a->retry_ms = CLOCK_UNSET;
    buf_init(&a->in);
    buf_init(&a->out);
    d->line = DIAL_LINE_STARTING;
    const char *address = config->ami_address != NULL && config->ami_address[0] != '\0' ? config->ami_address : "127.0.0.1:5038";
    if (!value_check("ami-user", config->ami_user, true, err) || !value_check("ami-channel", config->ami_channel, true, err) ||
        !value_check("ami-context", config->ami_context, true, err) ||
        !value_check("ami-secret-file", config->ami_secret_file, true, err) ||
        !loopback_read("ami-address", address, 5038, a->host, &a->port, err) ||
        !secret_read(config->ami_secret_file, &a->secret, err) || !value_check("ami-secret-file", a->secret, true, err))
        return false;
    a->user = copy(config->ami_user);
    a->channel = copy(config->ami_channel);
    a->context = copy(config->ami_context);
    return true;
}

static void ami_close(struct dialer *d)
{
    struct ami *a = d->state;
    if (a == NULL)
        return;
    if (a->fd >= 0)
        close(a->fd);
    if (a->secret != NULL)
        explicit_bzero(a->secret, strlen(a->secret));
    free(a->user);
    free(a->secret);
    free(a->channel);
    free(a->context);
    buf_done(&a->in);
    buf_done(&a->out);
    free(a);
}

static void gone(struct dialer *d, struct str why)
{
    struct ami *a = d->state;
    if (a->fd >= 0)
        close(a->fd);
    a->fd = -1;
    buf_clear(&a->in);
    buf_clear(&a->out);
    a->stage = AMI_WAITING;
    a->retry_ms = d->now_ms + a->back_off_ms;
    a->back_off_ms = a->back_off_ms * 2 < BACK_OFF_MOST_MS ? a->back_off_ms * 2 : BACK_OFF_MOST_MS;
    line_all_lost(d, LINE_FAULT_LOST, STR("the connection to Asterisk broke"));
    if (d->line != DIAL_LINE_FAILED) /* that it refuses us says more */
        line_status(d, DIAL_LINE_DOWN, why);
}

static void connected(struct dialer *d)
{
    struct ami *a = d->state;
    a->stage = AMI_LOGIN;
    a->stage_ms = d->now_ms;
    a->action = 1;
    a->pinged = false;
    buf_printf(&a->out, "Action: Login\r\nActionID: 1\r\nUsername: %s\r\nSecret: %s\r\nEvents: call,user\r\n\r\n", a->user, a->secret);
}

static void connect_try(struct dialer *d)
{
    struct ami *a = d->state;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)a->port)};
    inet_pton(AF_INET, a->host, &to.sin_addr);
    if (a->fd < 0)
        a->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    a->stage = AMI_CONNECTING;
    a->stage_ms = d->now_ms;
    if (a->fd >= 0 && (connect(a->fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EISCONN))
        connected(d);
    else if (a->fd < 0 || (errno != EINPROGRESS && errno != EALREADY))
        gone(d, STR("there is no Asterisk at ami-address"));
}

/* ---- what the rep wants ---- */

static bool ready(const struct ami *a, struct error *err)
{
    return a->stage == AMI_READY || error_set(err, ERR_IO, "Asterisk is not there: it is connected to again");
}

static bool ami_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller,
                      struct error *err)
{
    struct ami *a = d->state;
    struct line_call *c = line_call_find(d, call);
    if (c == NULL || !ready(a, err))
        return false;
    a->originate = ++a->action;
    a->leg[0] = a->dial_status[0] = '\0';
    a->rep_up = false;
    snprintf(c->tag, sizeof c->tag, "cd-%lld-%lld", (long long)call, (long long)a->originate);
    buf_printf(&a->out,
               "Action: Originate\r\nActionID: %lld\r\nChannel: %s\r\nContext: %s\r\nExten: %s\r\nPriority: 1\r\n"
               "Timeout: %d\r\nCallerID: <%s>\r\nAsync: true\r\nChannelId: %s\r\nVariable: CALLDECK_PROSPECT=%lld\r\nVariable: CALLDECK_CALLER_ID=%s\r\n\r\n",
               (long long)a->originate, a->channel, a->context, number, REP_RING_MS, number, c->tag, (long long)prospect_id, caller);
    return true;
}

static bool ami_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    struct ami *a = d->state;
    const struct line_call *c = line_call_find(d, call);
    if (c == NULL || !ready(a, err))
        return false;
    buf_printf(&a->out, "Action: Hangup\r\nActionID: %lld\r\nChannel: %s\r\n\r\n", (long long)++a->action, c->tag);
    return true;
}

static bool ami_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err)
{
    struct ami *a = d->state;
    const struct line_call *c = line_call_find(d, call);
    if (c == NULL || !ready(a, err))
        return false;
    for (; *digits != '\0'; digits++)
        buf_printf(&a->out, "Action: PlayDTMF\r\nActionID: %lld\r\nChannel: %s\r\nDigit: %c\r\n\r\n", (long long)++a->action,
                   !c->inbound && a->leg[0] != '\0' ? a->leg : c->tag, *digits);
    return true;
}

/* ---- the loop ---- */

static bool output_send(struct ami *a)
{
    while (a->out.len > 0) {
        ssize_t n = send(a->fd, a->out.at, a->out.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return a->out.len <= OUT_MOST;
        if (n <= 0)
            return false;
        buf_splice(&a->out, 0, (size_t)n, "", 0);
    }
    return true;
}

static bool input_read(struct dialer *d)
{
    struct ami *a = d->state;
    char data[8192];
    for (size_t total = 0; total < READ_MOST;) {
        ssize_t n = recv(a->fd, data, sizeof data, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return true;
        if (n <= 0 || !ami_take(d, str_make(data, (size_t)n)))
            return false;
        total += (size_t)n;
    }
    return true;
}

static int ami_pollfds(struct dialer *d, struct pollfd *ret, int most)
{
    struct ami *a = d->state;
    if (a->fd < 0 || most < 1)
        return 0;
    if (a->stage == AMI_READY)
        output_send(a);
    bool writes = a->stage == AMI_CONNECTING || a->out.len > 0;
    ret[0] = (struct pollfd){.fd = a->fd, .events = (short)(POLLIN | (writes ? POLLOUT : 0))};
    return 1;
}

static int ami_timeout_ms(struct dialer *d, int64_t now_ms)
{
    const struct ami *a = d->state;
    int64_t at = a->stage == AMI_WAITING                                 ? a->retry_ms
                 : a->stage == AMI_READY ? a->ping_ms + (a->pinged ? PONG_MS : PING_MS) : a->stage_ms + LOGIN_MS;
    return at <= now_ms ? 0 : (int)(at - now_ms);
}

static void ami_service(struct dialer *d, int64_t now_ms)
{
    struct ami *a = d->state;
    if (a->stage == AMI_CONNECTING || (a->stage == AMI_WAITING && a->retry_ms <= now_ms))
        connect_try(d);
    if (a->stage != AMI_LOGIN && a->stage != AMI_READY)
        return;
    if (!input_read(d) || !output_send(a)) {
        gone(d, STR("Asterisk closed the connection"));
    } else if (a->stage == AMI_LOGIN && now_ms - a->stage_ms >= LOGIN_MS) {
        gone(d, STR("Asterisk does not reply"));
    } else if (a->stage == AMI_READY && a->pinged && now_ms - a->ping_ms >= PONG_MS) {
        gone(d, STR("Asterisk does not reply"));
    } else if (a->stage == AMI_READY && !a->pinged && now_ms - a->ping_ms >= PING_MS) {
        a->pinged = true;
        a->ping_ms = now_ms;
        a->back_off_ms = BACK_OFF_MS;
        buf_printf(&a->out, "Action: Ping\r\nActionID: %lld\r\n\r\n", (long long)++a->action);
        output_send(a);
    }
}

const struct backend backend_ami = {
    .kind = "ami",
    .open = ami_open,
    .close = ami_close,
    .place = ami_place,
    .hang_up = ami_hang_up,
    .dtmf = ami_dtmf,
    .pollfds = ami_pollfds,
    .timeout_ms = ami_timeout_ms,
    .service = ami_service,
};
