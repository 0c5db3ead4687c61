/* SPDX-License-Identifier: MIT */
/* The port: chooses a backend, keeps its events, and checks every number once more. Manual and null live here. */
#include "calldeck/dial.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

static bool manual_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, struct error *err)
{
    (void)prospect_id, (void)number, (void)err;
    dialer_emit(d, DIAL_EVENT_PLACED, call, STR(""));
    return true;
}

static bool null_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, struct error *err)
{
    (void)prospect_id, (void)number, (void)err;
    dialer_emit(d, DIAL_EVENT_PLACED, call, STR("nothing is dialled here"));
    return true;
}

static const struct backend backend_manual = {.kind = "manual", .place = manual_place};
static const struct backend backend_null = {.kind = "null", .place = null_place};
static const struct backend *const backends[] = {&backend_manual, &backend_command, &backend_null};

void dialer_emit(struct dialer *d, enum dial_event_kind kind, int64_t call, struct str text)
{
    if (d->count == DIALER_EVENTS_MOST) {
        d->first = (d->first + 1) % DIALER_EVENTS_MOST;
        d->count--;
    }
    struct dial_event *event = &d->events[(d->first + d->count++) % DIALER_EVENTS_MOST];
    *event = (struct dial_event){.kind = kind, .call = call};
    struct buf clean;
    buf_init(&clean);
    text_printable(text, &clean);
    size_t len = clean.len < sizeof event->text - 1 ? clean.len : sizeof event->text - 1;
    while (len > 0 && len < clean.len && ((unsigned char)clean.at[len] & 0xc0) == 0x80)
        len--;
    memcpy(event->text, clean.at, len);
    buf_done(&clean);
}

struct dialer *dialer_open(const struct dial_config *config, struct error *err)
{
    const struct backend *found = NULL;
    for (size_t i = 0; i < sizeof backends / sizeof backends[0]; i++)
        if (config->kind != NULL && strcmp(config->kind, backends[i]->kind) == 0)
            found = backends[i];
    if (found == NULL) {
        error_set(err, ERR_USAGE, "there is no dialer \"%s\": choose manual, command or null",
                  config->kind != NULL ? config->kind : "");
        return NULL;
    }
    struct dialer *d = alloc_zeroed(1, sizeof *d);
    d->backend = found;
    if (found->open != NULL && !found->open(d, config, err)) {
        dialer_close(d);
        return NULL;
    }
    return d;
}

void dialer_close(struct dialer *d)
{
    if (d == NULL)
        return;
    if (d->backend->close != NULL)
        d->backend->close(d);
    free(d);
}

const char *dialer_kind(const struct dialer *d)
{
    return d->backend->kind;
}

unsigned dialer_capabilities(const struct dialer *d)
{
    return d->capabilities;
}

bool dial_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, struct error *err)
{
    /* The caller has cleaned it. Whatever was changed since must not reach a backend. */
    char clean[DIAL_NUMBER_SIZE];
    if (!number_clean(str_of(number), clean, err))
        return false;
    return d->backend->place(d, call, prospect_id, clean, err);
}

bool dial_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    if (d->backend->hang_up == NULL || !(d->capabilities & DIAL_CAN_HANG_UP))
        return error_set(err, ERR_REFUSED, "cannot hang up from here: end the call on the phone itself");
    return d->backend->hang_up(d, call, err);
}

int dial_pollfds(struct dialer *d, struct pollfd *ret, int most)
{
    return d->backend->pollfds != NULL ? d->backend->pollfds(d, ret, most) : 0;
}

int dial_timeout_ms(struct dialer *d, int64_t now_ms)
{
    if (d->count > 0)
        return 0; /* events wait already: they must not wait for the next key */
    return d->backend->timeout_ms != NULL ? d->backend->timeout_ms(d, now_ms) : -1;
}

void dial_service(struct dialer *d, const struct pollfd *fds, int count, int64_t now_ms)
{
    /* Which descriptor woke us is not asked: there are a dozen at most, all non-blocking, and a stale array cannot mislead. */
    (void)fds, (void)count;
    if (d->backend->service != NULL)
        d->backend->service(d, now_ms);
}

bool dial_next_event(struct dialer *d, struct dial_event *ret)
{
    if (d->count == 0)
        return false;
    *ret = d->events[d->first];
    d->first = (d->first + 1) % DIALER_EVENTS_MOST;
    d->count--;
    return true;
}
