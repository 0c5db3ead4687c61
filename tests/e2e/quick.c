/* SPDX-License-Identifier: MIT */
/*
 * What a key costs on the line: over ssh a screen that is painted anew at each key flickers and lags. Bytes, since they
 * do not depend on the machine; the milliseconds are tests/bench's.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

enum { DEADLINE_MS = 15000, KEYS = 40 };

static struct desk desk;
static size_t bytes_count;
static bool cleared;
static struct vt *screen;

static void count(const char *bytes, size_t len, void *user)
{
    (void)user;
    bytes_count += len;
    for (size_t i = 0; i + 3 < len; i++)
        cleared = cleared || memcmp(bytes + i, "\033[2J", 4) == 0;
    vt_feed(screen, bytes, len);
}

/* The middle one of the costs of many keys: the clock and the counts may change at one of them. */
static size_t cost(struct rep *r, const char *const *keys, size_t keys_count)
{
    size_t costs[KEYS];
    pty_on_output(rep_pty(r), count, NULL);
    screen = rep_vt(r);
    cleared = false;
    for (int i = 0; i < KEYS; i++) {
        bytes_count = 0;
        rep_type(r, keys[(size_t)i % keys_count]);
        for (int64_t end = monotonic_ms() + DEADLINE_MS; bytes_count == 0 && monotonic_ms() < end;)
            rep_look(r, 50);
        pty_drain(rep_pty(r), 20);
        assert_int_not_equal(bytes_count, 0);
        int at = i;
        for (; at > 0 && costs[at - 1] > bytes_count; at--)
            costs[at] = costs[at - 1];
        costs[at] = bytes_count;
    }
    assert_false(cleared);
    return costs[KEYS / 2];
}

TEST(a_key_costs_few_bytes)
{
    desk_open(&desk, "quick");
    desk_import_list(&desk, "list", 40);
    struct rep *r = rep_start_sized(&desk, 120, 32, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    rep_type(r, "\t");
    rep_type(r, "begin");
    rep_see_typed(r, "begin", DEADLINE_MS);
    size_t note = cost(r, (const char *const[]){"w", "o", "r", "d", " "}, 5);
    rep_type(r, "\033");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    size_t row = cost(r, (const char *const[]){"j", "k"}, 2);
    printf("a character in the notes: %zu bytes, a row of the queue and its card: %zu bytes\n", note, row);
    assert_in_range(note, 1, 100);
    assert_in_range(row, 1, 1500);
    rep_screen_was_understood(r);
    rep_done(r);
}
