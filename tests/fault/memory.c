/* SPDX-License-Identifier: MIT */
#include "faults.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static sqlite3_mem_methods real;
static struct {
    bool armed, forever, paused;
    int64_t after, refused;
} plan;

static bool refuses(void)
{
    if (!plan.armed || plan.paused)
        return false;
    if (plan.after > 0) {
        plan.after--;
        return false;
    }
    if (!plan.forever && plan.refused != 0)
        return false;
    plan.refused++;
    return true;
}

static void *fail_malloc(int size)
{
    return refuses() ? NULL : real.xMalloc(size);
}

static void *fail_realloc(void *old, int size)
{
    return refuses() ? NULL : real.xRealloc(old, size);
}

void memory_fail(int64_t after, bool forever)
{
    plan.after = after;
    plan.forever = forever;
    plan.refused = 0;
    plan.armed = true;
}

int64_t memory_restore(void)
{
    plan.armed = false;
    return plan.refused;
}

void memory_pause(bool pause)
{
    plan.paused = pause;
}

__attribute__((constructor(101))) static void install(void)
{
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real);
    sqlite3_mem_methods mine = real;
    mine.xMalloc = fail_malloc;
    mine.xRealloc = fail_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &mine) != SQLITE_OK) {
        fprintf(stderr, "SQLite does not take another allocator\n");
        exit(2);
    }
}
