/* SPDX-License-Identifier: MIT */
/*
 * Which key means what, by context: the table's defaults, the outcome letters of the store, and what a person bound.
 *
 * One key has one meaning in a context: a duplicate among the defaults is refused when the map is made. A person's binding
 * replaces what was there.
 */
#ifndef CALLDECK_APP_KEYMAP_H
#define CALLDECK_APP_KEYMAP_H

#include "calldeck/app.h"

/* NULL with USAGE if the table's keys do not parse or are given twice in a context. */
struct keymap *keymap_new(const struct outcome_table *outcomes, struct error *err);
void keymap_free(struct keymap *map);
/* Alt and an outcome's letter in the notes; off takes them out again. */
void keymap_alt_outcomes(struct keymap *map, const struct outcome_table *outcomes, bool on);
void keymap_bind(struct keymap *map, enum context context, const struct key *key, enum action_id id, struct str args);
enum action_id keymap_find(const struct keymap *map, enum context context, const struct key *key, struct str *ret_args);
/* What the key means while no call is open: Alt and a letter are the editor's again. */
enum action_id keymap_find_without_alt(const struct keymap *map, enum context context, const struct key *key,
                                       struct str *ret_args);
/* "Tab / Esc", false if none. */
bool keymap_keys(const struct keymap *map, enum action_id id, enum context context, struct buf *out);
/* Where a plain character is text, whatever the table says of it elsewhere. */
bool types_itself(enum context context);
bool context_parse(struct str name, enum context *ret);
/* The n-th binding made by a person, for help; false past the end. */
struct key_binding { enum context context; struct key key; enum action_id id; const char *args; };
bool keymap_bound(const struct keymap *map, size_t n, struct key_binding *ret);

#endif
