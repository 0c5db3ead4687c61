/* SPDX-License-Identifier: MIT */
/* Inside the store: how a line of quick_check is read. */
#ifndef CALLDECK_STORE_CHECK_H
#define CALLDECK_STORE_CHECK_H

#include "db.h"

/* A page that could not be read is damage only if SQLite says so; out of memory and a failing disk look the same in its
 * lines ("unable to get the page. error code=7"). true: it was one of those, and err says which. */
bool check_line_is_failure(struct store *s, struct str line, struct error *err);

#endif
