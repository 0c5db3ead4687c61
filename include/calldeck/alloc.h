/* SPDX-License-Identifier: MIT */
/*
 * Our own memory: it is there, or the program ends in order.
 *
 * Running out of memory for our own small things cannot be mended half-way through a call, so these never return NULL:
 * they run the hook (main sets it to restore the terminal), print one sentence and abort. SQLite's own out-of-memory is
 * an ordinary error and comes back through struct error.
 */
#ifndef CALLDECK_ALLOC_H
#define CALLDECK_ALLOC_H

#include <stddef.h>

typedef void (*alloc_hook_fn)(void);
void alloc_set_hook(alloc_hook_fn hook);

/* Zeroed. count * size is checked for overflow. Owned by the caller, free() with free(). */
void *alloc_zeroed(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *alloc_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
char *alloc_copy(const char *data, size_t len) __attribute__((returns_nonnull)); /* with a final NUL */

#endif
