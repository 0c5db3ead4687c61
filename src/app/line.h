/* SPDX-License-Identifier: MIT */
/*
 * What the telephone line tells the app, and what follows from it: line.c (calls we placed or took), callers.c (who calls in),
 * advance.c (dialling by itself, and pausing).
 */
#ifndef CALLDECK_APP_LINE_H
#define CALLDECK_APP_LINE_H

#include "calldeck/app.h"

/* Drains dial_next_event after dial_service. */
void line_events(struct app *app);
/* What the line said and the file could not take yet. LOCKED, FULL: still not. */
bool line_settle(struct app *app, struct error *err);

void caller_event(struct app *app, const struct dial_event *e);
void callers_tick(struct app *app);
/* Something of a call in waits for the file. */
bool callers_wait(const struct app *app);

/* What they said to a recording: y or n. */
unsigned record_choice(struct app *app, char key, struct error *err);

/* A call that we placed is over. */
void flow_ended(struct app *app, const struct dial_event *e);
void flow_tick(struct app *app);
void flow_stop(struct app *app, const char *why);
/* true: the key stopped a countdown, and means nothing more. */
bool flow_key(struct app *app, const struct key *key);
/* What fell due meanwhile, and who called. */
void flow_back_from_pause(struct app *app);

#endif
