/* SPDX-License-Identifier: MIT */
/* Inside the store: what an interrupted import left. */
#ifndef CALLDECK_STORE_IMPORT_CLEAN_H
#define CALLDECK_STORE_IMPORT_CLEAN_H

#include "db.h"

/* Removes batches that were never completed, unless a live process is still staging them. */
bool import_clean(struct store *s, struct error *err);

#endif
