/* SPDX-License-Identifier: MIT */
/*
 * The line that is asked for at the foot of the screen, and the lines of a form: one editor's keys for both.
 *
 * Not here: what an answer means (ask.h, command.c, search.c). app->focus is left alone, so that closing comes back to it.
 */
#ifndef CALLDECK_APP_PROMPT_H
#define CALLDECK_APP_PROMPT_H

#include "calldeck/app.h"

/* Opens a question with an empty line and no choices; label is copied. One that is open is replaced: outcome, by_log and touch stay,
 * since questions come in rows. Works out the live line. */
void prompt_open(struct app *app, enum prompt_kind kind, const char *label);
/* Text to begin with, cursor at its end; works out the live line. */
void prompt_fill(struct app *app, struct str text);
/* One key decides. choices is borrowed: static, or in app->prompt.arena. */
void prompt_offer(struct app *app, const struct choice *choices, size_t count);
/* Closes, forgets outcome, by_log and touch. */
void prompt_close(struct app *app);
bool prompt_is_open(const struct app *app);
struct str prompt_text(const struct app *app); /* trimmed; borrowed until the next change */
void prompt_live(struct app *app, enum tone tone, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* "layla? y yes  n no": yes runs `command` through app_command. */
void prompt_confirm(struct app *app, const char *label, const char *command);

/* ---- forms: SCREEN_EDIT and SCREEN_START ---- */
void form_open(struct app *app, enum screen screen); /* empty, cursor on the first field */
/* name, label and help are borrowed (static). */
struct form_field *form_add(struct app *app, const char *name, const char *label, struct str value, const char *help);
struct str form_value(const struct app *app, const char *name); /* trimmed */
void form_close(struct app *app); /* back to the card; also from screen_close */

/* ---- for the turn ---- */
/* A key or a paste that no action has, for the line that has the cursor. */
bool prompt_type(struct app *app, struct str text);
/* An action in PROMPT or FORM; false: not one of the line's. */
bool prompt_action(struct app *app, enum action_id id, unsigned *ret_reactions, struct error *err);
/* A letter while choices are offered; false: there are none. */
bool prompt_letter(struct app *app, const struct key *key, unsigned *ret_reactions, struct error *err);
unsigned prompt_cancel(struct app *app);
void prompt_done(struct app *app); /* app_free */

#endif
