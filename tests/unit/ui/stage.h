/* SPDX-License-Identifier: MIT */
/*
 * A stage to look at the screen on: a store in memory with invented people, the app as it is, a clock turned by hand, and
 * the frame that view_render makes of it.
 */
#ifndef CALLDECK_TEST_STAGE_H
#define CALLDECK_TEST_STAGE_H

#include "calldeck/view.h"
#include "test.h"

#define STAGE_NOW INT64_C(1795430520) /* 2026-11-23T10:42:00Z, a Monday */

struct stage {
    struct store *store;
    struct zone_table *zones;
    struct settings *settings;
    struct app *app;
    struct app_port port;
    struct frame frame;
    struct buf text;
    int64_t now, now_ms;
};
enum stage_play {
    STAGE_EMPTY,  /* no list at all */
    STAGE_DAY,    /* a list in the middle of a day: promises, shared lines, closed hours, all states */
    STAGE_NOBODY, /* the same, and nobody may be called */
    STAGE_TAUGHT, /* calls enough for the order to have reasons */
};

void stage_open(struct stage *s, enum stage_play play, int cols, int rows);
/* dialer: "manual", "null"; NULL: null */
void stage_open_with(struct stage *s, enum stage_play play, int cols, int rows, const char *dialer);
void stage_close(struct stage *s);
/* Keys, a second apart; Resize: and Wait: count too. */
void stage_keys(struct stage *s, const char *script);
void stage_wait(struct stage *s, int seconds);
/* Renders; the dump is borrowed until the next call. */
const char *stage_text(struct stage *s);
const char *stage_styles(struct stage *s);

#endif
