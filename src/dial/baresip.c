/* SPDX-License-Identifier: MIT */
/*
 * The baresip backend's life: start it, connect, notice that it is gone, start it again, end it in order.
 *
 * Its control port has no password, and whoever connects last has it. So the port is a fresh one at every start, is looked
 * at before it is believed, and a connection that closes while the program lives is told as what it may be.
 */
#include "baresip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "recording.h"
#include "template.h"

enum {
    BACK_OFF_MS = 200,
    BACK_OFF_MOST_MS = 5000,
    TRY_MS = 30,          /* between attempts to connect; it listens after some 50 ms */
    CONNECT_MS = 5000,
    LOG_LOOK_MS = 60000,
    STEADY_MS = 30000,    /* ready for so long: the next failure is a new one */
    AUDIO_AGAIN_MS = 5000,
    STOPPING_MS = 1000,
    PASSWORD_MS = 20000,  /* a keyring may ask the rep to unlock it */
    QUIT_WAIT_MS = 1000,
    READ_MOST = 256 * 1024,
    OUT_MOST = 64 * 1024,
    INTRUSIONS_MOST = 3,
};

static void wait_then(struct dialer *d, enum dial_line line, struct str why)
{
    struct baresip *b = d->state;
    b->stage = STAGE_WAITING;
    b->stage_ms = d->now_ms;
    b->retry_ms = d->now_ms + b->back_off_ms;
    b->back_off_ms = b->back_off_ms * 2 < BACK_OFF_MOST_MS ? b->back_off_ms * 2 : BACK_OFF_MOST_MS;
    line_status(d, line, why);
}

static void disconnect(struct baresip *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
    b->connected = false;
    buf_clear(&b->in);
    buf_clear(&b->out);
}

static bool baresip_open(struct dialer *d, const struct dial_config *config, struct error *err)
{
    struct baresip *b = alloc_zeroed(1, sizeof *b);
    d->state = b;
    d->capabilities = DIAL_CAN_DIAL | DIAL_CAN_HANG_UP | DIAL_CAN_ANSWER | DIAL_CAN_REJECT | DIAL_CAN_HOLD | DIAL_CAN_MUTE |
                      DIAL_CAN_DTMF | DIAL_KNOWS_STATE;
    b->fd = -1;
    b->phone = (struct softphone){.lock_fd = -1, .pidfd = -1};
    b->password_command = (struct child){.pidfd = -1, .output_fd = -1};
    b->back_off_ms = BACK_OFF_MS;
    b->caller_used = true; /* one that is taken over may have dialled by another line */
    b->retry_ms = CLOCK_UNSET; /* at the first turn */
    buf_init(&b->in);
    buf_init(&b->out);
    buf_init(&b->password_text);
    d->line = DIAL_LINE_STARTING;
    snprintf(d->line_text, sizeof d->line_text, "the softphone is starting");
    b->external = config->baresip_address != NULL && config->baresip_address[0] != '\0';
    if (b->external)
        return loopback_read("baresip-address", config->baresip_address, 4444, b->host, &b->port, err);
    if (!softphone_open(&b->phone, config, err))
        return false;
    if (b->phone.raw_dir[0] != '\0')
        d->capabilities |= DIAL_CAN_RECORD;
    return true;
}

/* ---- recording ---- */

static bool records(const struct baresip *b)
{
    return !b->external && b->phone.raw_dir[0] != '\0';
}

bool baresip_record(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err)
{
    const struct softphone *phone = &((struct baresip *)d->state)->phone;
    if (keep)
        return recording_keep(phone->raw_dir, call, phone->record_dir, name, err);
    recording_forget(phone->record_dir, name);
    return true;
}

void baresip_established(struct dialer *d, struct line_call *c)
{
    if (line_happens(d, c, LINE_EVENT_ESTABLISH, NULL) && records(d->state))
        recording_claim(((struct baresip *)d->state)->phone.raw_dir, c->id);
}

void baresip_over(struct dialer *d, int64_t call)
{
    const struct baresip *b = d->state;
    bool quiet = true;
    for (size_t i = 0; i < CALLS_MOST; i++)
        quiet = quiet && d->calls[i].id == 0;
    if (records(b))
        recording_drop(b->phone.raw_dir, call);
    if (records(b) && quiet) /* a tone that rang, or a change of the codec */
        recording_sweep(b->phone.raw_dir);
}

/* ---- starting ---- */

static bool password_ask(struct dialer *d)
{
    struct baresip *b = d->state;
    struct template t = {0};
    struct arena memory = {0};
    struct error err = {0};
    buf_clear(&b->password_text);
    bool ok = template_parse_plain(str_of(b->phone.password_command), &t, &err) &&
              child_start_secret(template_argv_plain(&t, &memory), &b->password_command, &err);
    arena_done(&memory);
    template_done(&t);
    if (!ok) {
        wait_then(d, DIAL_LINE_FAILED, str_of(err.text));
        return false;
    }
    b->stage = STAGE_PASSWORD;
    b->stage_ms = d->now_ms;
    return true;
}

static void phone_start(struct dialer *d)
{
    struct baresip *b = d->state;
    struct error err = {0};
    if (!b->external && b->phone.pid == 0 && !softphone_adopt(&b->phone)) {
        if (b->phone.password == NULL && b->phone.password_command[0] != '\0') {
            password_ask(d);
            return;
        }
        if (!softphone_start(&b->phone, &err)) {
            wait_then(d, DIAL_LINE_DOWN, str_of(err.text));
            return;
        }
        b->caller_used = false; /* it has one account */
    }
    if (!b->external) {
        b->port = b->phone.port;
        memcpy(b->host, "127.0.0.1", sizeof "127.0.0.1");
    }
    b->audio_known = b->audio_good = false;
    b->intrusions = 0;
    b->stage = STAGE_CONNECTING;
    b->stage_ms = d->now_ms;
    b->try_ms = d->now_ms;
}

static void password_listen(struct dialer *d)
{
    enum { PASSWORD_MOST = 512 };
    struct baresip *b = d->state;
    struct child *c = &b->password_command;
    char data[256];
    ssize_t n;
    while (c->output_fd >= 0 && (n = read(c->output_fd, data, sizeof data)) > 0)
        if (b->password_text.len < PASSWORD_MOST)
            buf_add(&b->password_text, data, (size_t)n);
    explicit_bzero(data, sizeof data);
    int status = 0;
    bool over = child_ended(c, &status);
    if (!over && d->now_ms - b->stage_ms < PASSWORD_MS)
        return;
    char how[CHILD_STATUS_SIZE] = "ran too long";
    if (over)
        child_status_text(status, how);
    /* what it wrote last */
    while (over && c->output_fd >= 0 && (n = read(c->output_fd, data, sizeof data)) > 0)
        if (b->password_text.len < PASSWORD_MOST)
            buf_add(&b->password_text, data, (size_t)n);
    explicit_bzero(data, sizeof data);
    child_stop(c);
    struct str line = buf_str(&b->password_text);
    line.len = str_find(line, '\n');
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    struct error err = {0};
    if (how[0] != '\0' || line.len == 0) {
        error_set(&err, ERR_IO, "the password command %s", how[0] != '\0' ? how : "said nothing");
    } else {
        b->phone.password = alloc_copy(line.at, line.len);
        if (!softphone_check(&b->phone, &err)) {
            explicit_bzero(b->phone.password, line.len);
            free(b->phone.password);
            b->phone.password = NULL;
        }
    }
    explicit_bzero(b->password_text.at, b->password_text.len);
    buf_clear(&b->password_text);
    if (err.code != ERR_NONE)
        wait_then(d, DIAL_LINE_FAILED, str_of(err.text));
    else
        phone_start(d);
}

/* ---- the connection ---- */

static void connect_try(struct dialer *d)
{
    struct baresip *b = d->state;
    if (d->now_ms < b->try_ms)
        return;
    b->try_ms = d->now_ms + TRY_MS;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)b->port)};
    inet_pton(AF_INET, b->host, &to.sin_addr);
    if (b->fd < 0)
        b->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* asked again, it says how the attempt went */
    bool ok = b->fd >= 0 && (connect(b->fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EISCONN);
    if (!ok && b->fd >= 0 && (errno == EINPROGRESS || errno == EALREADY))
        return;
    if (ok && !b->external && !softphone_owns_port(&b->phone)) {
        disconnect(b);
        dialer_emit(d, DIAL_EVENT_NOTE, 0, STR("another program sits on the softphone's port: it is started anew on another one"));
        softphone_stop(&b->phone, 0);
        wait_then(d, DIAL_LINE_DOWN, STR("another program sits on the softphone's port"));
        return;
    }
    if (!ok) {
        if (b->fd >= 0)
            close(b->fd);
        b->fd = -1;
        if (d->now_ms - b->stage_ms < CONNECT_MS)
            return;
        softphone_stop(&b->phone, 0);
        line_all_lost(d, LINE_FAULT_LOST, STR("the softphone is not there"));
        wait_then(d, DIAL_LINE_DOWN, b->external ? STR("there is no baresip at baresip-address") : STR("the softphone does not reply"));
        return;
    }
    int on = 1;
    setsockopt(b->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    b->connected = true;
    b->stage = STAGE_ASKING;
    b->stage_ms = d->now_ms;
    baresip_ask_all(d);
    baresip_show_line(d);
}

static void lost_connection(struct dialer *d)
{
    struct baresip *b = d->state;
    disconnect(b);
    struct buf why;
    buf_init(&why);
    if (!b->external && softphone_ended(&b->phone, &why)) {
        line_all_lost(d, LINE_FAULT_LOST, STR("the softphone ended"));
        wait_then(d, DIAL_LINE_DOWN, STR("the softphone ended; it is being started again"));
    } else {
        /* The calls go on: what became of them is asked after reconnecting. */
        dialer_emit(d, DIAL_EVENT_NOTE, 0, STR("another program took the softphone's control connection; it is taken back"));
        if (++b->intrusions >= INTRUSIONS_MOST && !b->external && line_call_outbound(d) == NULL) {
            softphone_stop(&b->phone, 0);
            line_all_lost(d, LINE_FAULT_LOST, STR("the softphone was stopped"));
            wait_then(d, DIAL_LINE_DOWN, STR("another program keeps taking the softphone: it is started anew"));
        } else {
            b->stage = STAGE_CONNECTING;
            b->stage_ms = d->now_ms;
            b->try_ms = d->now_ms + (b->external ? b->back_off_ms : 0);
            line_status(d, DIAL_LINE_STARTING, STR("connecting to the softphone again"));
        }
    }
    buf_done(&why);
}

static bool output_send(struct baresip *b)
{
    while (b->out.len > 0) {
        ssize_t n = send(b->fd, b->out.at, b->out.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return b->out.len <= OUT_MOST;
        if (n <= 0)
            return false;
        buf_splice(&b->out, 0, (size_t)n, "", 0);
    }
    return true;
}

/* false: the connection is over */
static bool input_read(struct dialer *d)
{
    struct baresip *b = d->state;
    char data[8192];
    for (size_t total = 0; total < READ_MOST;) {
        ssize_t n = recv(b->fd, data, sizeof data, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return true;
        if (n <= 0 || !baresip_take(d, str_make(data, (size_t)n)))
            return false;
        total += (size_t)n;
    }
    return true;
}

/* ---- the loop ---- */

static int baresip_pollfds(struct dialer *d, struct pollfd *ret, int most)
{
    struct baresip *b = d->state;
    if (b->connected)
        output_send(b); /* a key press is on the wire before the loop sleeps */
    int count = 0;
    if (b->connected && count < most)
        ret[count++] = (struct pollfd){.fd = b->fd, .events = (short)(POLLIN | (b->out.len > 0 ? POLLOUT : 0))};
    if (b->phone.pid != 0 && b->phone.pidfd >= 0 && count < most)
        ret[count++] = (struct pollfd){.fd = b->phone.pidfd, .events = POLLIN};
    if (b->stage == STAGE_PASSWORD && b->password_command.output_fd >= 0 && count < most)
        ret[count++] = (struct pollfd){.fd = b->password_command.output_fd, .events = POLLIN};
    if (b->stage == STAGE_PASSWORD && b->password_command.pidfd >= 0 && count < most)
        ret[count++] = (struct pollfd){.fd = b->password_command.pidfd, .events = POLLIN};
    return count;
}

/* It was asked to register, and nobody has replied: the server's own timers would take half a minute to say so. */
static int64_t register_late_ms(const struct dialer *d)
{
    const struct baresip *b = d->state;
    return b->stage == STAGE_READY && !b->registered && b->refused[0] == '\0' ? b->stage_ms + d->setup_timeout_ms : INT64_MAX;
}

static int64_t wake_ms(const struct dialer *d)
{
    const struct baresip *b = d->state;
    int64_t late = register_late_ms(d);
    switch (b->stage) {
    case STAGE_WAITING:
        return b->retry_ms;
    case STAGE_PASSWORD:
        return b->stage_ms + PASSWORD_MS;
    case STAGE_CONNECTING:
        return b->try_ms;
    case STAGE_STOPPING:
        return b->stage_ms + STOPPING_MS;
    case STAGE_ASKING:
        return b->stage_ms + CONNECT_MS;
    case STAGE_READY:
        break;
    }
    int64_t audio = b->audio_known && !b->audio_good ? b->audio_ms + AUDIO_AGAIN_MS : INT64_MAX;
    return audio < late ? audio : late;
}

static int baresip_timeout_ms(struct dialer *d, int64_t now_ms)
{
    int64_t at = wake_ms(d);
    if (at == INT64_MAX)
        return -1;
    return at <= now_ms ? 0 : at - now_ms > 60000 ? 60000 : (int)(at - now_ms);
}

static void watch_phone(struct dialer *d)
{
    struct baresip *b = d->state;
    struct buf why, text;
    buf_init(&why);
    buf_init(&text);
    if (!b->external && softphone_ended(&b->phone, &why)) {
        if (b->connected)
            input_read(d); /* its last events */
        disconnect(b);
        buf_add_text(&text, "the softphone ended");
        if (why.len > 0)
            buf_printf(&text, ": %.*s", STR_ARG(buf_str(&why)));
        line_all_lost(d, LINE_FAULT_LOST, STR("the softphone ended"));
        wait_then(d, DIAL_LINE_DOWN, buf_str(&text));
    }
    buf_done(&why);
    buf_done(&text);
}

static void look_after(struct dialer *d)
{
    struct baresip *b = d->state;
    if (b->stage == STAGE_ASKING && b->audio_known && b->register_known && b->lines_known) {
        b->stage = STAGE_READY;
        b->stage_ms = d->now_ms;
    } else if (b->stage == STAGE_ASKING && d->now_ms - b->stage_ms >= CONNECT_MS) {
        /* a call may be on it, so it is asked again and not ended */
        disconnect(b);
        b->stage = STAGE_CONNECTING;
        b->stage_ms = b->try_ms = d->now_ms;
    }
    if (b->stage != STAGE_READY)
        return;
    if (d->now_ms - b->stage_ms >= STEADY_MS)
        b->back_off_ms = BACK_OFF_MS;
    if (register_late_ms(d) <= d->now_ms) {
        snprintf(b->refused, sizeof b->refused, "%s", line_fault_words(LINE_FAULT_SERVER));
        baresip_show_line(d);
    }
    if (!b->external && d->now_ms - b->log_ms >= LOG_LOOK_MS) {
        b->log_ms = d->now_ms;
        softphone_log_cut(&b->phone);
    }
    bool quiet = true;
    for (size_t i = 0; i < CALLS_MOST; i++)
        quiet = quiet && d->calls[i].id == 0;
    if (quiet && b->audio_known && !b->audio_good && d->now_ms - b->audio_ms >= AUDIO_AGAIN_MS)
        baresip_ask_audio(d);
    else if (b->audio_known && !b->audio_good && d->now_ms - b->audio_ms >= AUDIO_AGAIN_MS)
        b->audio_ms = d->now_ms;
}

static void baresip_service(struct dialer *d, int64_t now_ms)
{
    struct baresip *b = d->state;
    watch_phone(d);
    switch (b->stage) {
    case STAGE_WAITING:
        if (b->retry_ms <= now_ms)
            phone_start(d);
        break;
    case STAGE_PASSWORD:
        password_listen(d);
        break;
    case STAGE_STOPPING:
        if (now_ms - b->stage_ms >= STOPPING_MS)
            softphone_stop(&b->phone, 0);
        watch_phone(d);
        break;
    case STAGE_CONNECTING:
    case STAGE_ASKING:
    case STAGE_READY:
        break;
    }
    if (b->stage == STAGE_CONNECTING)
        connect_try(d);
    if (b->connected && (!input_read(d) || !output_send(b)))
        lost_connection(d);
    look_after(d);
    if (b->connected)
        output_send(b);
}

/* A call may still be on the line: the far end is told by the end of the program, which sends BYE. */
static void baresip_recover(struct dialer *d)
{
    struct baresip *b = d->state;
    if (b->external || b->phone.pid == 0) {
        if (b->connected)
            lost_connection(d);
        return;
    }
    disconnect(b);
    softphone_signal_end(&b->phone);
    b->stage = STAGE_STOPPING;
    b->stage_ms = d->now_ms;
    line_status(d, DIAL_LINE_DOWN, STR("the softphone did not hang up: it is being started again"));
}

static void baresip_close(struct dialer *d)
{
    struct baresip *b = d->state;
    if (b == NULL)
        return;
    if (b->password_command.pid > 0 || b->password_command.output_fd >= 0)
        child_stop(&b->password_command);
    if (!b->external && b->connected) {
        for (size_t i = 0; i < CALLS_MOST; i++) {
            if (d->calls[i].id == 0)
                continue;
            if (d->calls[i].tag[0] != '\0')
                baresip_send(d, "callfind", d->calls[i].tag, (struct pending){0});
            baresip_send(d, "hangup", "", (struct pending){0});
        }
        baresip_send(d, "quit", "", (struct pending){0});
        output_send(b);
    }
    softphone_stop(&b->phone, b->connected ? QUIT_WAIT_MS : 0);
    disconnect(b);
    softphone_close(&b->phone);
    buf_done(&b->in);
    buf_done(&b->out);
    buf_done(&b->password_text);
    free(b);
}

const struct backend backend_baresip = {
    .kind = "baresip",
    .open = baresip_open,
    .close = baresip_close,
    .place = baresip_place,
    .hang_up = baresip_hang_up,
    .answer = baresip_answer,
    .hold = baresip_hold,
    .mute = baresip_mute,
    .dtmf = baresip_dtmf,
                                       .record = baresip_record,
    .recover = baresip_recover,
    .pollfds = baresip_pollfds,
    .timeout_ms = baresip_timeout_ms,
    .service = baresip_service,
};
