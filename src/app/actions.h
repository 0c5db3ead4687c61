/* SPDX-License-Identifier: MIT */
/*
 * The door between the table of actions and the functions that do them: one handler a row, named after its id.
 *
 * A handler returns the reactions that the turn works out once, at its end, and paints nothing. What it has to say in the
 * foot line it says with say(); what went wrong it leaves in *err, and whoever called says that. args is the rest of the
 * command line, trimmed; for OUTCOME it is a code or the key's letter, for PICK_NUMBER the digit. The editing rows (LEFT ... NOTES_REDO)
 * get here for the notes alone: prompts and forms are served by prompt.c.
 */
#ifndef CALLDECK_APP_ACTIONS_H
#define CALLDECK_APP_ACTIONS_H

#include "calldeck/app.h"

typedef unsigned (*action_fn)(struct app *app, struct str args, struct error *err);

#define ACTION(id, command, contexts, keys, arguments, hint, help)                                                     \
    unsigned do_##id(struct app *app, struct str args, struct error *err);
#include "calldeck/actions.def"
#undef ACTION

/* Does it, and says in the foot line what went wrong. */
unsigned action_run(struct app *app, enum action_id id, struct str args);
/* The same, with the error left to the caller. */
unsigned action_do(struct app *app, enum action_id id, struct str args, struct error *err);
/* By the command's whole name, or an unambiguous beginning; ACTION_NONE with USAGE. */
enum action_id action_by_command(struct str name, struct error *err);

#endif
