/* SPDX-License-Identifier: MIT */
/*
 * The command line: a line is parsed into an action and its words, then done. The config file is the same language.
 */
#ifndef CALLDECK_APP_COMMAND_H
#define CALLDECK_APP_COMMAND_H

#include "calldeck/app.h"

/* "outcome no-answer" -> OUTCOME, "no-answer". Nothing is done. *ret_id NONE: an empty line or a comment. USAGE. */
bool command_parse(struct str line, enum action_id *ret_id, struct str *ret_args, struct error *err);
/* The line of a PROMPT_COMMAND. */
void command_live(struct app *app);
unsigned command_accept(struct app *app, struct error *err);
void command_history(struct app *app, int rows);
/* FROM_FILE leaves policy and dialer alone: they are worked out once, after the last line. */
bool command_set(struct app *app, struct str args, enum setting_origin origin, unsigned *ret_reactions, struct error *err);
/* The dialer of the settings, or of `kind`. USAGE: cannot be had; the old one stays. */
bool dialer_choose(struct app *app, const char *kind, struct error *err);

#endif
