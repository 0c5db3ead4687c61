/* SPDX-License-Identifier: MIT */
/* A rep's desk with a real baresip; desk.h. */
#include "desk.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process.h"
#include "test.h"

void desk_prepare(struct desk *desk)
{
    static int number;
    char name[32];
    *desk = (struct desk){.sip_port = port_free()};
    snprintf(name, sizeof name, "run-%d", number++);
    snprintf(desk->runtime, sizeof desk->runtime, "%s", test_path(name));
    snprintf(desk->account, sizeof desk->account, "sip:rep@127.0.0.1:%d", desk->sip_port);
    desk->config = (struct dial_config){.kind = "baresip",
                                        .runtime_dir = desk->runtime,
                                        .sip_account = desk->account,
                                        .sip_name = "Rep One",
                                        .sip_no_register = true,
                                        .audio_source = "ausine,440",
                                        .audio_player = "aubridge,sink"};
}

/* A test that fails leaves its softphone to the end of the program, and no later. */
static struct dialer *open_dialers[64];

static void dialers_close(void)
{
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++) {
        dialer_close(open_dialers[i]);
        open_dialers[i] = NULL;
    }
}

void desk_start(struct desk *desk)
{
    static bool at_exit;
    struct error err = {0};
    if (!at_exit)
        at_exit = atexit(dialers_close) == 0;
    desk->d = dialer_open(&desk->config, &err);
    if (desk->d == NULL)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++)
        if (open_dialers[i] == NULL) {
            open_dialers[i] = desk->d;
            break;
        }
}

void desk_open(struct desk *desk)
{
    desk_prepare(desk);
    desk_start(desk);
    desk_wait_line(desk, DIAL_LINE_UP, 5000);
}

void desk_close(struct desk *desk)
{
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++)
        if (open_dialers[i] == desk->d)
            open_dialers[i] = NULL;
    dialer_close(desk->d);
    desk->d = NULL;
}

static void turn(struct desk *desk, int most_ms)
{
    struct pollfd fds[DIAL_FDS_MOST];
    int count = dial_pollfds(desk->d, fds, DIAL_FDS_MOST);
    int wait = dial_timeout_ms(desk->d, monotonic_ms());
    poll(fds, (nfds_t)count, wait >= 0 && wait < most_ms ? wait : most_ms);
    dial_service(desk->d, fds, count, monotonic_ms());
}

static bool next(struct desk *desk)
{
    if (!dial_next_event(desk->d, &desk->last))
        return false;
    if (desk->seen_count < (int)(sizeof desk->seen / sizeof desk->seen[0]))
        desk->seen[desk->seen_count++] = desk->last;
    return true;
}

static const struct dial_event *wait_for(struct desk *desk, int kind, int line, int limit_ms)
{
    for (int64_t end = monotonic_ms() + limit_ms; monotonic_ms() < end;) {
        while (next(desk))
            if ((int)desk->last.kind == kind && (line < 0 || (int)desk->last.line == line))
                return &desk->last;
        turn(desk, 20);
    }
    struct buf told;
    buf_init(&told);
    for (int i = 0; i < desk->seen_count; i++)
        buf_printf(&told, " %d(%s)", desk->seen[i].kind, desk->seen[i].text);
    fail_msg("event %d does not come within %d ms; the line is %d (%s); seen:%s", kind, limit_ms, dialer_line(desk->d),
             dialer_line_text(desk->d), told.at);
    return NULL;
}

const struct dial_event *desk_wait(struct desk *desk, enum dial_event_kind kind, int limit_ms)
{
    return wait_for(desk, (int)kind, -1, limit_ms);
}

const struct dial_event *desk_wait_line(struct desk *desk, enum dial_line line, int limit_ms)
{
    return wait_for(desk, DIAL_EVENT_LINE, (int)line, limit_ms);
}

void desk_turn(struct desk *desk, int ms)
{
    for (int64_t end = monotonic_ms() + ms; monotonic_ms() < end;) {
        turn(desk, 20);
        while (next(desk))
            ;
    }
}

bool desk_saw(const struct desk *desk, enum dial_event_kind kind)
{
    for (int i = 0; i < desk->seen_count; i++)
        if (desk->seen[i].kind == kind)
            return true;
    return false;
}

void desk_place(struct desk *desk, int64_t call, const char *number)
{
    struct error err = {0};
    desk->seen_count = 0;
    if (!dial_place(desk->d, call, 1, number, "", &err))
        fail_msg("%s", err.text);
}

static char *file_of(const struct desk *desk, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/softphone-0/%s", desk->runtime, name);
    return test_read_file(path, NULL);
}

pid_t desk_softphone_pid(const struct desk *desk)
{
    return (pid_t)strtol(file_of(desk, "running"), NULL, 10);
}

static int after(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    return (int)strtol(at + strlen(key), NULL, 10);
}

int desk_softphone_sip_port(const struct desk *desk)
{
    return after(file_of(desk, "config"), "sip_listen 127.0.0.1:");
}

int desk_softphone_port(const struct desk *desk)
{
    return after(file_of(desk, "config"), "ctrl_tcp_listen 127.0.0.1:");
}
