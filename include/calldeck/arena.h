/* SPDX-License-Identifier: MIT */
/*
 * An arena holds a screenful of results and lets them go at once.
 *
 * Pointers into it stay valid until arena_clear or arena_done; there is no free of a single one. A zeroed struct is an
 * empty arena.
 */
#ifndef CALLDECK_ARENA_H
#define CALLDECK_ARENA_H

#include <stddef.h>

#include "calldeck/str.h"

struct arena_block;
struct arena {
    struct arena_block *head;
};

void *arena_alloc(struct arena *a, size_t count, size_t size) __attribute__((returns_nonnull)); /* zeroed */
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), 1, sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc((a), (count), sizeof(type)))
/* A copy that ends in NUL. */
struct str arena_str(struct arena *a, struct str s);
const char *arena_text(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void arena_clear(struct arena *a); /* keeps the newest block for reuse */
void arena_done(struct arena *a);

#endif
