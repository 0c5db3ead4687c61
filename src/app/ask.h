/* SPDX-License-Identifier: MIT */
/*
 * The questions of the loop: when, with whom, how much, why. prompt.c owns the line and its keys, this answers to it for
 * every kind but COMMAND, SEARCH, QUIT and CONFIRM.
 */
#ifndef CALLDECK_APP_ASK_H
#define CALLDECK_APP_ASK_H

#include "calldeck/app.h"

/* After every change of the line: works out app->prompt.live and live_tone. */
void ask_live(struct app *app);
/* Enter. Closes the prompt (prompt_close) or opens the next question; an error keeps it open and is said. */
unsigned ask_accept(struct app *app, struct error *err);
/* One key of app->prompt.choices was typed. */
unsigned ask_choice(struct app *app, char key, struct error *err);
/* Enter on the form of SCREEN_EDIT. Closes it (screen_close), or leaves a sentence in form.error and the fields. */
unsigned ask_form(struct app *app, struct error *err);

#endif
