/* SPDX-License-Identifier: MIT */
/* Two heads of a queue side by side: who moved. For "what would be if". */
#include <stdlib.h>

#include "calldeck/alloc.h"
#include "calldeck/store.h"

struct placed {
    int64_t prospect_id;
    size_t place; /* from 1 */
};

static int placed_compare(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return x->prospect_id < y->prospect_id ? -1 : x->prospect_id > y->prospect_id;
}

static struct placed *places_new(const struct queue_row *rows, size_t count)
{
    struct placed *p = alloc_zeroed(count ? count : 1, sizeof *p);
    for (size_t i = 0; i < count; i++)
        p[i] = (struct placed){.prospect_id = rows[i].prospect_id, .place = i + 1};
    qsort(p, count, sizeof *p, placed_compare);
    return p;
}

static size_t place_in(const struct placed *p, size_t count, int64_t prospect_id)
{
    const struct placed key = {.prospect_id = prospect_id}, *found = bsearch(&key, p, count, sizeof *p, placed_compare);
    return found != NULL ? found->place : 0;
}

size_t queue_moves(const struct queue_row *before, size_t before_count, const struct queue_row *after, size_t after_count, struct arena *a,
                   const struct queue_move **ret)
{
    struct placed *was = places_new(before, before_count), *is = places_new(after, after_count);
    struct queue_move *moves = ARENA_ARRAY(a, struct queue_move, before_count + after_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < after_count; i++) {
        size_t from = place_in(was, before_count, after[i].prospect_id);
        if (from != i + 1)
            moves[count++] = (struct queue_move){.from = from, .to = i + 1, .was = from ? &before[from - 1] : NULL, .is = &after[i]};
    }
    for (size_t i = 0; i < before_count; i++)
        if (place_in(is, after_count, before[i].prospect_id) == 0)
            moves[count++] = (struct queue_move){.from = i + 1, .was = &before[i]};
    free(was);
    free(is);
    *ret = moves;
    return count;
}
