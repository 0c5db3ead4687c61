/* SPDX-License-Identifier: MIT */
/* A look at the queue of another time: what it allows, and the way back. */
#ifndef CALLDECK_APP_PREVIEW_H
#define CALLDECK_APP_PREVIEW_H

#include "calldeck/app.h"

bool preview_allows(enum action_id id); /* it looks, and changes nothing */
void preview_leave(struct app *app);    /* a call that comes in ends it too; nothing if there is none */

#endif
