/* SPDX-License-Identifier: MIT */
#include "calldeck/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    max_align_t data[];
};

enum { BLOCK_SIZE = 16 * 1024 };

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    bool overflow = __builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2;
    assert(!overflow);
    (void)overflow;
    size_t align = sizeof(max_align_t);
    bytes = (bytes + align - 1) / align * align;
    if (a->head == NULL || a->head->size - a->head->used < bytes) {
        size_t want = bytes > BLOCK_SIZE ? bytes : BLOCK_SIZE;
        struct arena_block *block = alloc_zeroed(1, sizeof *block + want);
        block->size = want;
        block->next = a->head;
        a->head = block;
    }
    void *p = (char *)a->head->data + a->head->used;
    a->head->used += bytes;
    memset(p, 0, bytes);
    return p;
}

struct str arena_str(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.len + 1, 1);
    if (s.len != 0)
        memcpy(p, s.at, s.len);
    return str_make(p, s.len);
}

const char *arena_text(struct arena *a, struct str s)
{
    return arena_str(a, s).at;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    struct buf b;
    buf_init(&b);
    va_list args;
    va_start(args, format);
    buf_vprintf(&b, format, args);
    va_end(args);
    struct str s = arena_str(a, buf_str(&b));
    buf_done(&b);
    return s;
}

void arena_clear(struct arena *a)
{
    if (a->head == NULL)
        return;
    struct arena_block *block = a->head->next;
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
    a->head->next = NULL;
    a->head->used = 0;
}

void arena_done(struct arena *a)
{
    arena_clear(a);
    free(a->head);
    a->head = NULL;
}
