/* SPDX-License-Identifier: MIT */
#include "seat.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void paint(const struct app *app, bool from_nothing, void *user)
{
    struct seat *s = user;
    (void)app;
    (void)from_nothing;
    s->paints++;
}

static void measure(const struct app *app, struct app_metrics *ret, void *user)
{
    (void)app;
    (void)user;
    *ret =
        (struct app_metrics){.queue_rows = 10, .list_rows = 10, .notes_rows = 5, .notes_cols = 60, .prompt_cols = 60};
}

static bool key_waits(void *user)
{
    return ((struct seat *)user)->key_waits;
}

static void flush_keys(void *user)
{
    ((struct seat *)user)->flushes++;
}

static int64_t now(void *user)
{
    return ((struct seat *)user)->now;
}

static int64_t now_ms(void *user)
{
    return ((struct seat *)user)->now_ms;
}

static bool signalled(void *user)
{
    return ((struct seat *)user)->hang_up;
}

int64_t seat_add(struct seat *s, const char *name, const char *phone, const char *zone)
{
    struct error err = {0};
    int64_t list = 0, id = 0;
    struct new_phone number = {.e164 = str_of(phone),
                               .national = str_of(phone),
                               .region = STR("US"),
                               .type = STR("fixed"),
                               .label = STR("work")};
    struct new_person person = {
        .name = str_of(name), .company = STR("Acme"), .zones = str_of(zone), .phone = phone != NULL ? &number : NULL};
    if (!list_make(s->store, STR("leads"), s->now, &list, &err) ||
        !prospect_add(s->store, list, &person, s->now, &id, &err))
        fail_msg("%s: %s", name, err.text);
    return id;
}

void seat_open(struct seat *s, const char *path, int people)
{
    seat_open_as(s, path, people, "seat");
}

void seat_open_as(struct seat *s, const char *path, int people, const char *holder)
{
    struct error err = {0};
    *s = (struct seat){.now = SEAT_NOW, .now_ms = 1000000};
    s->zones = zone_table_new(NULL);
    s->book = phone_book_new(TEST_PREFIX "/lib/calldeck", TEST_ASSETS);
    s->settings = settings_new();
    /* companies, called at any hour that the list names: the law has tests of its own */
    assert_true(setting_set(s->settings, STR("audience"), STR("business"), SETTING_FROM_FILE, NULL, NULL));
    assert_true(setting_set(s->settings, STR("windows"), STR("off"), SETTING_FROM_FILE, NULL, NULL));
    struct policy policy;
    settings_policy(s->settings, &policy);
    struct store_options options = {.mode = STORE_CREATE,
                                    .zones = s->zones,
                                    .policy = &policy,
                                    .rep = "dana",
                                    .holder = holder,
                                    .now = s->now,
                                    .busy_ms = 10};
    s->store = store_open(path != NULL ? path : ":memory:", &options, &err);
    if (s->store == NULL)
        fail_msg("open: %s", err.text);
    for (int i = 1; i <= people; i++) {
        char name[32], phone[32];
        snprintf(name, sizeof name, "Person %d", i);
        snprintf(phone, sizeof phone, "+1212555%04d", i);
        seat_add(s, name, phone, "UTC");
    }
    s->port = (struct app_port){.user = s,
                                .paint = paint,
                                .measure = measure,
                                .key_waits = key_waits,
                                .flush_keys = flush_keys,
                                .now = now,
                                .now_ms = now_ms,
                                .signalled = signalled};
    struct app_options app = {.store = s->store,
                              .book = s->book,
                              .zones = s->zones,
                              .settings = s->settings,
                              .port = &s->port,
                              .preview_at = AT_NONE,
                              .dialer = "null",
                              .holder = holder,
                              .cols = 120,
                              .rows = 32};
    s->app = app_new(&app, &err);
    if (s->app == NULL)
        fail_msg("app: %s", err.text);
    app_tick(s->app);
}

void seat_close(struct seat *s)
{
    app_free(s->app);
    store_close(s->store);
    settings_free(s->settings);
    phone_book_free(s->book);
    zone_table_free(s->zones);
}

static void send(struct seat *s, const struct event *event)
{
    s->app->now = s->now;
    s->app->now_ms = s->now_ms;
    app_event(s->app, event);
}

void seat_keys(struct seat *s, const char *script)
{
    struct buf scratch;
    struct error err = {0};
    struct event event;
    struct str rest = str_of(script);
    buf_init(&scratch);
    while (key_script_next(&rest, &event, &scratch, &err)) {
        s->now_ms += 1000;
        s->now++;
        send(s, &event);
    }
    if (err.code != ERR_NONE)
        fail_msg("%s: %s", script, err.text);
    buf_done(&scratch);
}

void seat_key_after(struct seat *s, const char *word, int ms)
{
    struct error err = {0};
    struct event event = {.kind = EVENT_KEY};
    if (!key_parse(str_of(word), &event.key, &err))
        fail_msg("%s: %s", word, err.text);
    s->now_ms += ms;
    send(s, &event);
}

void seat_wait(struct seat *s, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        s->now++;
        s->now_ms += 1000;
        s->app->now = s->now;
        s->app->now_ms = s->now_ms;
        app_tick(s->app);
    }
}

bool seat_command(struct seat *s, const char *line, struct error *err)
{
    struct error why = {0};
    s->app->pending |= app_command(s->app, str_of(line), &why);
    struct event nothing = {.kind = EVENT_WAIT};
    send(s, &nothing);
    if (err != NULL)
        *err = why;
    return why.code == ERR_NONE;
}

const char *seat_card(const struct seat *s)
{
    return s->app->card.id != 0 ? s->app->card.name.at : "";
}

bool seat_view_says(const struct seat *s, const char *part)
{
    const struct view *v = &s->app->view;
    for (size_t i = 0; i < v->count; i++)
        if (memmem(v->rows[i].left.at, v->rows[i].left.len, part, strlen(part)) != NULL ||
            memmem(v->rows[i].middle.at, v->rows[i].middle.len, part, strlen(part)) != NULL ||
            memmem(v->rows[i].right.at, v->rows[i].right.len, part, strlen(part)) != NULL)
            return true;
    return false;
}

pid_t seat_hold_writer(const char *path)
{
    int ready[2];
    char byte = 0;
    char *shm = NULL;
    assert_true(asprintf(&shm, "%s-shm", path) > 0);
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nobody behind */
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
        int fd = open(shm, O_RDWR | O_CLOEXEC);
        byte = fd >= 0 && fcntl(fd, F_SETLK, &lock) == 0 ? 'y' : 'n';
        if (write(ready[1], &byte, 1) == 1)
            pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    close(ready[0]);
    close(ready[1]);
    free(shm);
    return child;
}

void seat_release_writer(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}
