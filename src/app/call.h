/* SPDX-License-Identifier: MIT */
/*
 * The call that is open, between the dial and its outcome.
 */
#ifndef CALLDECK_APP_CALL_H
#define CALLDECK_APP_CALL_H

#include "calldeck/app.h"

/* Once a turn of app_tick. */
void call_tick(struct app *app);
/* A dial that never rang and could not be recorded as such yet. LOCKED, FULL: still not. */
bool call_record_unrung(struct app *app, struct error *err);
/* At start: a call that a crash or a quit left open is offered for its outcome. */
void call_found_open(struct app *app);

#endif
