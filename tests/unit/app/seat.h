/* SPDX-License-Identifier: MIT */
/* A seat at the dashboard without a terminal: a store, a clock that is turned by hand, keys in the notation of scripts. */
#ifndef CALLDECK_TEST_SEAT_H
#define CALLDECK_TEST_SEAT_H

#include <sys/types.h>

#include "calldeck/app.h"
#include "test.h"

#define SEAT_NOW INT64_C(1795430520) /* 2026-11-23T10:42:00Z, a Monday */

struct seat {
    struct store *store;
    struct zone_table *zones;
    struct phone_book *book;
    struct settings *settings;
    struct app *app;
    struct app_port port;
    int64_t now, now_ms;
    int paints, flushes;
    bool key_waits, hang_up;
    char config_lines[1024];
};
/* people: how many callable ones, "Person 1" ... of list "leads". path NULL: in memory. */
void seat_open(struct seat *s, const char *path, int people);
void seat_open_as(struct seat *s, const char *path, int people, const char *holder); /* another window */
void seat_close(struct seat *s);
int64_t seat_add(struct seat *s, const char *name, const char *phone, const char *zone);
/* Each key after a second, so that none is a repeat; a key the app does not know fails the test only if it crashes. */
void seat_keys(struct seat *s, const char *script);
void seat_key_after(struct seat *s, const char *word, int ms);
void seat_wait(struct seat *s, int seconds); /* ticks, one a second */
bool seat_command(struct seat *s, const char *line, struct error *err);
const char *seat_card(const struct seat *s); /* the name on the card, "" if none; of the card's arena */
/* Another process that writes, as SQLite's locks see it: byte 120 of the -shm file is the writer's. */
pid_t seat_hold_writer(const char *path);
void seat_release_writer(pid_t child);
bool seat_view_says(const struct seat *s, const char *part);

#endif
