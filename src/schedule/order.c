/* SPDX-License-Identifier: MIT */
/* Of two that may be called, who is first. The words for it are reason.c. */
#include <math.h>

#include "calldeck/schedule.h"

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_numbers(double a, double b)
{
    return (a > b) - (a < b);
}

int order_compare(const struct order_key *a, const struct order_key *b)
{
    int c = compare(a->rank, b->rank);
    if (c == 0)
        c = compare_numbers(a->before, b->before);
    if (c == 0)
        c = compare_numbers(a->cell * a->sort, b->cell * b->sort);
    if (c == 0)
        c = compare_numbers(a->sort, b->sort); /* a product may round two neighbours together: within a cell they are apart */
    if (c == 0)
        c = compare(a->attempts, b->attempts);
    if (c == 0)
        c = compare(a->touched_at, b->touched_at); /* AT_NONE, never touched, is the smallest */
    if (c == 0)
        c = compare(a->id, b->id); /* nobody else has it: the order is total */
    return c;
}

const char *order_word(enum list_order order)
{
    static const char *const words[] = {
#define ORDER(id, word, argument, help) [ORDER_##id] = word,
#include "calldeck/orders.def"
#undef ORDER
    };
    return words[order];
}

bool policy_learns(const struct policy *p)
{
    return p->order == ORDER_LEARNED && p->learn;
}

/* splitmix64, Steele, Lea, Flood 2014: every bit of the seed and of the id reaches every bit of the answer */
static double shuffled(uint64_t seed, int64_t id)
{
    uint64_t x = seed * 0x9e3779b97f4a7c15u + (uint64_t)id + 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

double order_sort(const struct policy *p, const struct order_facts *facts)
{
    switch (p->order) {
    case ORDER_LIST:
        return (double)facts->id;
    case ORDER_NEWEST:
        return -(double)facts->created_at;
    case ORDER_LONGEST:
        return facts->touched_at == AT_NONE ? -0x1p60 : (double)facts->touched_at;
    case ORDER_RANK:
        return isfinite(facts->column) ? -facts->column : 0x1p1000;
    case ORDER_RANDOM:
        return shuffled(p->order_seed, facts->id);
    case ORDER_LEARNED:
    case ORDER_FEWEST:
    case ORDER_EAST:
    case ORDER_WEST:
    case ORDER_COUNT_:
        break;
    }
    return 0;
}

double order_before(const struct policy *p, const struct place *place, int64_t now)
{
    if ((p->order != ORDER_EAST && p->order != ORDER_WEST) || place->zone_count == 0)
        return 0;
    double offset = zone_offset(place->zones[0], now, NULL);
    return p->order == ORDER_EAST ? -offset : offset;
}
