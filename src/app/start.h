/* SPDX-License-Identifier: MIT */
/* The first-run screen: a file is looked at before it is taken; and the import job of the dashboard. */
#ifndef CALLDECK_APP_START_H
#define CALLDECK_APP_START_H

#include "calldeck/app.h"

void start_open(struct app *app, const char *path);
void start_changed(struct app *app);                       /* the path was edited */
unsigned start_accept(struct app *app, struct error *err); /* Enter */
bool import_begin_job(struct app *app, struct str path, struct str country, struct str audience, struct error *err);
void import_tick(struct app *app);                         /* a slice, if a job runs */
void import_stop(struct app *app);                         /* app_free */

#endif
