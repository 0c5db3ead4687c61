/* SPDX-License-Identifier: MIT */
/* Inside the store: the search index is filled when nobody waits. */
#ifndef CALLDECK_STORE_SEARCH_H
#define CALLDECK_STORE_SEARCH_H

#include "db.h"

/* Indexes up to `most` prospects of the to-do list again. */
bool search_catch_up(struct store *s, int most, bool *ret_more, struct error *err);

#endif
