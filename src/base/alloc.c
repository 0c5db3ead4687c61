/* SPDX-License-Identifier: MIT */
#include "calldeck/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static alloc_hook_fn out_of_memory_hook;

void alloc_set_hook(alloc_hook_fn hook)
{
    out_of_memory_hook = hook;
}

static _Noreturn void out_of_memory(void)
{
    if (out_of_memory_hook != NULL)
        out_of_memory_hook();
    fputs("calldeck: out of memory; every note that was painted is on disk\n", stderr);
    abort();
}

void *alloc_zeroed(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

void *alloc_resize(void *old, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = count * size;
    void *p = realloc(old, bytes != 0 ? bytes : 1);
    if (p == NULL)
        out_of_memory();
    return p;
}

char *alloc_copy(const char *data, size_t len)
{
    char *p = alloc_zeroed(len + 1, 1);
    if (len != 0)
        memcpy(p, data, len);
    return p;
}
