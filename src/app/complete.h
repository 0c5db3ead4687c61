/* SPDX-License-Identifier: MIT */
/*
 * Completion of a command line: its verb, then what the verb knows by name.
 */
#ifndef CALLDECK_APP_COMPLETE_H
#define CALLDECK_APP_COMPLETE_H

#include "calldeck/app.h"

/* All that may stand at the end of the line, sorted as their tables are; *ret_start: where the word begins. Arena memory. */
size_t completions_of(const struct app *app, struct str line, struct arena *a, const char *const **ret, size_t *ret_start);
void complete(struct app *app);                  /* Tab */
void complete_step(struct app *app, int rows);   /* another one of those that are shown */

#endif
