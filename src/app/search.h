/* SPDX-License-Identifier: MIT */
/* Finding people while the words are typed. */
#ifndef CALLDECK_APP_SEARCH_H
#define CALLDECK_APP_SEARCH_H

#include "calldeck/app.h"

void search_live(struct app *app);
unsigned search_accept(struct app *app, struct error *err);

#endif
