/* SPDX-License-Identifier: MIT */
/*
 * What the parts of app say to each other: words for the rep, the card, the queue, the screens in front.
 *
 * The card changes in card_take alone. Reactions are collected in app->pending and worked out once by app_turn.
 */
#ifndef CALLDECK_APP_TURN_H
#define CALLDECK_APP_TURN_H

#include "calldeck/app.h"

/* As snprintf, and cut between characters when it does not fit. */
void line_print(char *to, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
void line_vprint(char *to, size_t size, const char *format, va_list args) __attribute__((format(printf, 3, 0)));
/* The foot line, until the next key. */
void say(struct app *app, enum tone tone, const char *format, ...) __attribute__((format(printf, 3, 4)));
void say_error(struct app *app, const struct error *err); /* REFUSED and NOT_FOUND as a warning, the rest as bad */
void trouble(struct app *app, const char *where, enum error_code code); /* to the log; refusals and slips are none */
/* Above the card, until something else comes or ms have passed (0: until then). */
void banner(struct app *app, enum tone tone, int64_t ms, const char *format, ...) __attribute__((format(printf, 4, 5)));
void banner_clear(struct app *app);

/* Makes this prospect the card: stores the old notes, drops its claim, loads the new one with its draft. Does not flush keys.
 * prospect_id 0: no card. REFUSED while a call is open. LOCKED: the old card stays. */
bool card_take(struct app *app, int64_t prospect_id, struct error *err);
/* Loads the same card again (REACT_CARD does it at the end of the turn). Notes stay as they are. */
bool card_reload(struct app *app, struct error *err);
/* The claim, taken or renewed, 15 minutes. REFUSED: "on Dana's screen". CALL asks before it dials. */
bool card_claim(struct app *app, struct error *err);
/* A read-only file and a preview of another hour dial nobody, and hold nobody. */
bool claims_count(const struct app *app);
/* For the picked number, now. */
bool card_verdict(struct app *app, struct error *err);
const struct card_phone *card_phone_picked(const struct app *app); /* NULL: none */
/* The card's first candidate zone, else the rep's. */
const struct zone *card_zone(const struct app *app);

bool queue_load(struct app *app, struct error *err);
bool queue_take_next(struct app *app, struct error *err);
void queue_move(struct app *app, long rows);
void queue_find_card(struct app *app);

/* The first card, what a crash left, warnings: once, as soon as the time is known. Called by the turn. */
void app_start(struct app *app);
unsigned click_do(struct app *app, const struct app_click *click);
/* Works out app->pending. Called once at the end of app_event and app_tick. */
void app_turn(struct app *app);
/* Lists, settings and the like by name, for handlers that take a command line. */
struct policy;
bool app_policy_changed(struct app *app, struct error *err);

/* ---- screens in front of the card ---- */
void screen_open(struct app *app, enum screen screen); /* clears the view; the caller fills it */
void screen_close(struct app *app);                    /* back to the card */
bool screen_load(struct app *app, struct error *err);  /* the rows of app->screen again, cursor on the same row */

#endif
