/* SPDX-License-Identifier: MIT */
/*
 * The one loop: terminal, signals, dialer and time in one poll. The only place of this floor where time comes in,
 * through the port.
 */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "line.h"
#include "notes.h"
#include "screens.h"
#include "start.h"
#include "turn.h"

enum {
    FDS_MOST = DIAL_FDS_MOST + 8,
    EVENTS_A_TURN = 256,
    BUSY_MS = 20,    /* a store that is held by another program is asked again after */
    RETRY_MS = 100,  /* an outcome that could not be saved is tried again after */
    TICK_MS = 1000,  /* the changes of others, clocks and countdowns */
    DRAFT_MS = 1000, /* a power cut loses at most this much typing */
    REST_MS = 700,   /* a cursor that stays claims its card */
    UPKEEP_MS = 5,
    QUIET_MS = 2000, /* without a key before the day's copy is made: it takes as long as the file is big */
    SOON_S = 120,
    RENEW_S = 5 * MINUTE_S,
    LEAVING_BUSY_MS = 500, /* a hang-up ends the program within a second */
};

/* ---- ticks ---- */

static void expire(struct app *app)
{
    if (app->message.text[0] != '\0' && app->message.until_ms != 0 && app->now_ms >= app->message.until_ms) {
        app->message.text[0] = '\0';
        app->pending |= REACT_PAINT;
    }
    if (app->banner.text[0] != '\0' && app->banner.until_ms != 0 && app->now_ms >= app->banner.until_ms)
        banner_clear(app);
}

/* Two minutes before a promise: its name and a countdown, also in a call. Never the card itself. */
static void callback_banner(struct app *app)
{
    int64_t in_s = app->soon.due_at - app->now;
    bool wanted = app->soon.id != 0 && !app->preview.on && in_s <= SOON_S && in_s > -10 * MINUTE_S;
    if (wanted && app->card.id == app->soon.prospect_id && (in_s <= 0 || app->call.state != CALL_NONE))
        wanted = false; /* it is on the screen */
    if (!wanted) {
        if (app->banner_callback != 0)
            banner_clear(app);
        return;
    }
    if (app->banner_caller || (app->banner.tone == TONE_BAD && app->banner.text[0] != '\0'))
        return;
    const char *name = app->screen == SCREEN_PAUSE ? "a key shows who" : app->soon.name; /* a pause hides names */
    if (in_s > 0)
        banner(app, TONE_WARNING, 0, "callback in %d:%02d: %s", (int)(in_s / 60), (int)(in_s % 60), name);
    else
        banner(app, TONE_WARNING, 0, "callback due: %s%s", name,
               app->call.state == CALL_NONE ? " · g takes the card" : "");
    app->banner_callback = app->soon.id;
}

static void look_at_clock(struct app *app)
{
    int64_t minute = app->now / MINUTE_S;
    if (minute != app->minute) {
        app->minute = minute;
        app->queue_by_itself = true;
        app->pending |= REACT_QUEUE | REACT_CARD | REACT_PAINT;
    } else if (app->queue_count == 0 && app->next_at != AT_NONE && app->now >= app->next_at &&
               app->queue_at < app->next_at) {
        app->queue_by_itself = true;
        app->pending |= REACT_QUEUE | REACT_PAINT; /* the countdown is over */
    }
    if (app->now_ms - app->looked_at_ms >= TICK_MS) {
        app->looked_at_ms = app->now_ms;
        app->pending |= REACT_PAINT;
        if (store_changed_elsewhere(app->store)) {
            app->queue_by_itself = (app->pending & REACT_QUEUE) == 0 || app->queue_by_itself;
            app->pending |= REACT_QUEUE | REACT_CARD;
            app->draft_unread = true;
        }
    }
}

static void hold_card(struct app *app)
{
    if (app->card.id == 0 || !claims_count(app))
        return;
    bool renew = app->claimed_id == app->card.id && app->claim_until_at - app->now < RENEW_S;
    bool fresh = app->claimed_id != app->card.id && app->now_ms - app->rested_at_ms >= REST_MS;
    if (!renew && !fresh)
        return;
    struct error err = {0};
    if (!card_claim(app, &err)) {
        app->rested_at_ms = app->now_ms + 10 * TICK_MS; /* asked again later */
        if (err.code == ERR_REFUSED)
            say(app, TONE_WARNING, "%s: it cannot be dialled from here", err.text);
    }
}

static void keep_draft(struct app *app)
{
    bool old = app->now_ms - app->durable_at_ms >= DRAFT_MS;
    if (old && (app->notes_dirty || app->saved == NOTES_UNSAVED)) {
        enum save_state before = app->saved;
        notes_save(app, true);
        app->durable_at_ms = app->now_ms;
        if (before != app->saved)
            app->pending |= REACT_PAINT;
    }
}

static bool key_waits(const struct app *app)
{
    return app->port != NULL && app->port->key_waits != NULL && app->port->key_waits(app->port->user);
}

static bool hurry(void *user)
{
    return key_waits(user);
}

static void upkeep(struct app *app)
{
    bool due = app->upkeep_more || app->now_ms - app->upkeep_at_ms >= TICK_MS;
    app->upkeep_more = false;
    if (!due || !app->started || key_waits(app) || app->job != NULL || store_read_only(app->store) ||
        app->preview_at != AT_NONE)
        return;
    app->upkeep_at_ms = app->now_ms;
    if (!app->snapshot_tried && app->now_ms - app->key_at_ms >= QUIET_MS && app->call.state == CALL_NONE) {
        struct error err = {0};
        bool more = false; /* a step at a time: a key never waits for the whole file */
        if (!store_snapshot_step(app->store, app->now, setting_int(app->settings, SETTING_SNAPSHOTS), &more, &err)) {
            trouble(app, "snapshot", err.code);
            if (app->banner.text[0] == '\0')
                banner(app, TONE_WARNING, 30000, "%s", err.text);
        }
        app->snapshot_tried = !more;
        app->upkeep_more = more;
        if (more)
            return;
    }
    app->upkeep_more = store_idle(app->store, app->now, UPKEEP_MS);
}

void app_tick(struct app *app)
{
    app_start(app);
    if (!app->started)
        return;
    expire(app);
    line_events(app);
    call_tick(app);
    callers_tick(app);
    flow_tick(app);
    import_tick(app);
    look_at_clock(app);
    keep_draft(app);
    hold_card(app);
    app_turn(app);
    callback_banner(app);
    if (app->pending & REACT_PAINT)
        app_turn(app);
}

int app_timeout_ms(const struct app *app)
{
    if (app->job != NULL)
        return 0;
    if (!app->started || (app->pending & (REACT_QUEUE | REACT_NEXT | REACT_CARD)) != 0)
        return BUSY_MS;
    if (app->upkeep_more || (app->pending & REACT_PAINT) != 0)
        return 1;
    int64_t wait = app->looked_at_ms + TICK_MS - app->now_ms;
    if (app->notes_dirty && app->durable_at_ms + DRAFT_MS - app->now_ms < wait)
        wait = app->durable_at_ms + DRAFT_MS - app->now_ms;
    if (app->card.id != 0 && claims_count(app) && app->claimed_id != app->card.id &&
        app->rested_at_ms + REST_MS - app->now_ms < wait)
        wait = app->rested_at_ms + REST_MS - app->now_ms;
    if ((app->asked.waits || app->unrung.touch != 0 || app->owed_count != 0 || callers_wait(app) || app->unpark) && wait > RETRY_MS)
        wait = RETRY_MS;
    return wait < 1 ? 1 : wait > TICK_MS ? TICK_MS : (int)wait;
}

/* ---- the loop ---- */

static void read_clock(struct app *app)
{
    const struct app_port *p = app->port;
    if (app->preview_at != AT_NONE)
        app->now = app->preview_at;
    else if (p->now != NULL)
        app->now = p->now(p->user);
    if (p->now_ms != NULL)
        app->now_ms = p->now_ms(p->user);
}

static int wait_ms(struct app *app)
{
    int wait = app_timeout_ms(app);
    int dialer = app->dialer != NULL ? dial_timeout_ms(app->dialer, app->now_ms) : -1;
    return dialer >= 0 && (wait < 0 || dialer < wait) ? dialer : wait;
}

/* false: polling itself fails */
static bool wait_for_something(struct app *app, int timeout_ms, bool *ret_gone, struct error *err)
{
    const struct app_port *p = app->port;
    struct pollfd fds[FDS_MOST];
    int count = 0, terminal = -1;
    if (p->event_fd != NULL && p->event_fd(p->user) >= 0) {
        terminal = count;
        fds[count++] = (struct pollfd){.fd = p->event_fd(p->user), .events = POLLIN};
    }
    if (p->signal_fd != NULL && p->signal_fd(p->user) >= 0)
        fds[count++] = (struct pollfd){.fd = p->signal_fd(p->user), .events = POLLIN};
    int first = count;
    if (app->dialer != NULL)
        count += dial_pollfds(app->dialer, fds + count, FDS_MOST - count);
    if (key_waits(app))
        timeout_ms = 0;
    int ready = poll(fds, (nfds_t)count, timeout_ms);
    if (ready < 0 && errno != EINTR)
        return error_set(err, ERR_IO, "cannot wait for keys: %s", strerror(errno));
    if (ready < 0)
        for (int i = 0; i < count; i++)
            fds[i].revents = 0;
    read_clock(app);
    *ret_gone = terminal >= 0 && (fds[terminal].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (app->dialer != NULL)
        dial_service(app->dialer, fds + first, count - first, app->now_ms);
    return true;
}

static void events(struct app *app)
{
    struct event event;
    for (int i = 0; i < EVENTS_A_TURN && !app->quit; i++) {
        if (!app->port->next_event(&event, app->port->user))
            return;
        app_event(app, &event);
        read_clock(app);
    }
}

bool app_run(struct app *app, struct error *err)
{
    bool ok = true;
    const struct app_port *p = app->port;
    read_clock(app);
    store_set_hurry(app->store, hurry, app);
    while (!app->quit) {
        bool gone = false;
        app_tick(app);
        if (app->quit)
            break;
        upkeep(app);
        ok = wait_for_something(app, wait_ms(app), &gone, err);
        if (!ok || (p->signalled != NULL && p->signalled(p->user)))
            break;
        if (p->next_event != NULL)
            events(app);
        if (gone && !key_waits(app))
            break; /* the terminal went away: what came before was read */
    }
    /* whatever ended it, what was typed is kept; nobody waits for the screen any more, so the file may be waited for */
    store_set_busy_ms(app->store, LEAVING_BUSY_MS);
    notes_save(app, true);
    call_record_unrung(app, NULL);
    line_settle(app, NULL);
    if (app->claimed_id != 0) {
        claim_drop(app->store, app->claimed_id);
        app->claimed_id = 0;
    }
    if (ok && app->fatal.code != ERR_NONE)
        return error_set(err, app->fatal.code, "%s", app->fatal.text);
    return ok;
}
