/* SPDX-License-Identifier: MIT */
/* An empty queue is an answer: whose hours begin when, place by place, out of the tallies and without looking at anybody. */
#include "queue.h"

#include <stdlib.h>
#include <string.h>

enum { CELLS_MOST = 512 };

struct closed {
    int64_t list_id, cell_id, count;
};

static bool closed_load(struct store *s, int64_t list_id, struct arena *a, struct closed **ret, size_t *ret_count, struct error *err)
{
    struct closed *rows = ARENA_ARRAY(a, struct closed, CELLS_MOST);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, list_id == 0 ? STMT_TALLY_ALL : STMT_TALLY_LIST, &q, err))
        return false;
    if (list_id != 0)
        stmt_int(&q, ":list", list_id);
    while (count < CELLS_MOST && stmt_row(&q, err)) {
        rows[count] = (struct closed){stmt_column_int(&q, 0), stmt_column_int(&q, 2), stmt_column_int(&q, 3)};
        count += rows[count].cell_id != 0 && rows[count].count > 0;
    }
    *ret = rows;
    *ret_count = count;
    return stmt_close(&q);
}

static void opening_add(struct opening *rows, size_t *count, const struct cell_now *cell, int64_t n, struct arena *a)
{
    struct buf zones;
    buf_init(&zones);
    for (int i = 0; i < cell->place.zone_count; i++)
        buf_printf(&zones, "%s%s", i ? ", " : "", zone_name(cell->place.zones[i]));
    size_t at = 0;
    while (at < *count && !(str_eq(rows[at].zones, buf_str(&zones)) && rows[at].opens_at == cell->opens_at))
        at++;
    if (at == *count)
        rows[(*count)++] = (struct opening){.zones = arena_str(a, buf_str(&zones)), .opens_at = cell->opens_at};
    rows[at].count += n;
    buf_done(&zones);
}

static int by_time(const void *left, const void *right)
{
    const struct opening *a = left, *b = right;
    if (a->opens_at != b->opens_at)
        return a->opens_at < b->opens_at ? -1 : 1;
    return a->count != b->count ? (a->count > b->count ? -1 : 1) : str_compare(a->zones, b->zones);
}

bool queue_openings(struct store *s, int64_t list_id, int64_t at, size_t most, struct arena *a, const struct opening **ret,
                    size_t *ret_count, struct error *err)
{
    struct cells cells = {0};
    struct closed *closed = NULL;
    struct opening *rows = NULL;
    size_t closed_count = 0, count = 0;
    if (!store_begin_read(s, err))
        return false;
    bool ok = policies_know(s, err) && closed_load(s, list_id, a, &closed, &closed_count, err);
    rows = ARENA_ARRAY(a, struct opening, closed_count ? closed_count : 1);
    for (size_t i = 0; ok && i < closed_count; i++) {
        const struct cell_now *cell = cell_at(s, &cells, closed[i].list_id, closed[i].cell_id, at, err);
        ok = cell != NULL;
        if (ok && !cell->open && cell->opens_at != AT_NONE)
            opening_add(rows, &count, cell, closed[i].count, a);
    }
    store_end_read(s);
    free(cells.rows);
    if (!ok)
        return false;
    if (count != 0)
        qsort(rows, count, sizeof *rows, by_time);
    *ret = rows;
    *ret_count = count < most ? count : most;
    return true;
}
