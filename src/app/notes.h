/* SPDX-License-Identifier: MIT */
/*
 * The notes of the card: every key is committed to the draft before it is painted.
 */
#ifndef CALLDECK_APP_NOTES_H
#define CALLDECK_APP_NOTES_H

#include "calldeck/app.h"

/* A typed character; false: it is not one for the notes. */
bool notes_key(struct app *app, const struct key *key);
void notes_paste(struct app *app, struct str text);
/* The stored draft as it was read now: shown if nothing was typed here since, else both are kept. */
void notes_merge(struct app *app, struct str stored, size_t cursor);
/* The card changed: its draft comes into the editor. The old card's was saved before (notes_save). */
void notes_load(struct app *app);
/* false: it could not be stored (app->saved and save_error say so); the text stays in the editor. */
bool notes_save(struct app *app, bool durable);

#endif
