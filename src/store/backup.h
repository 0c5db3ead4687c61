/* SPDX-License-Identifier: MIT */
/* Inside the store: a copy that is made in steps, so that a snapshot never keeps a key waiting. */
#ifndef CALLDECK_STORE_BACKUP_H
#define CALLDECK_STORE_BACKUP_H

#include "db.h"

struct backup;
/* sliced: a step is a few milliseconds (some pages, a table's check), and a source that is held is tried again at the next.
 * NULL with the error; REFUSED if there is such a file. */
struct backup *backup_begin(struct store *s, const char *path, bool sliced, struct error *err);
/* *ret_more false: it has its name. On failure it is only good for backup_free. */
bool backup_step(struct backup *b, bool *ret_more, struct error *err);
/* What is not whole goes. NULL is fine. */
void backup_free(struct backup *b);

#endif
