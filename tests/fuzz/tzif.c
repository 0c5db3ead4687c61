/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a time zone file, and as the rule in an otherwise good one. What is taken must answer every question in
 * range and without contradiction: the clock shown at an instant leads back to that instant.
 *
 * floors: base
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void check_wall(const struct zone *z, const struct civil *wall)
{
    int64_t at, second;
    enum zone_fit fit = zone_instant(z, wall, &at, &second);
    must(second >= at);
    if (at <= AT_MIN + 2 * DAY_S || second >= AT_MAX - 2 * DAY_S)
        return; /* a clock at the very end of time is not shown in full */
    struct civil shown = zone_civil(z, at), before = zone_civil(z, at - 1);
    if (fit == ZONE_GAP) {
        must(second == at);
        must(civil_compare(&before, wall) < 0 && civil_compare(&shown, wall) > 0);
        return;
    }
    must(civil_compare(&shown, wall) == 0);
    must((fit == ZONE_FOLD) == (second != at));
    shown = zone_civil(z, second);
    must(civil_compare(&shown, wall) == 0);
}

static void check_instant(const struct zone *z, int64_t at)
{
    const char *abbr = NULL;
    int offset = zone_offset(z, at, &abbr);
    must(offset > -25 * HOUR_S && offset < 26 * HOUR_S);
    must(abbr != NULL && strlen(abbr) < 256);
    struct civil wall = zone_civil(z, at);
    must(civil_valid(&wall));
    check_wall(z, &wall);
    int64_t first, second;
    if (at > AT_MIN + 2 * DAY_S && at < AT_MAX - 2 * DAY_S) {
        must(zone_instant(z, &wall, &first, &second) != ZONE_GAP);
        must(first <= at && at <= second);
        int64_t start = zone_day_start(z, at, 0);
        must(start <= at || zone_instant(z, &wall, &first, NULL) == ZONE_FOLD);
        zone_day_start(z, at, -1);
        zone_day_start(z, at, 1);
    }
}

static void check_zone(const struct zone *z, const uint8_t *data, size_t size)
{
    static const int64_t fixed[] = {INT64_MIN,  AT_MIN,     -2208988800, -1,     0,
                                    1774746000, 1795430520, 4102444800,  AT_MAX, INT64_MAX};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        check_instant(z, fixed[i]);
    for (int64_t at = 1767225600; at < 1767225600 + 366 * DAY_S; at += 11 * DAY_S + 3571)
        check_instant(z, at);
    /* the numbers in the file itself are near its changes */
    for (size_t i = 0; i + 8 <= size && i < 800; i += 8) {
        uint64_t bits = 0;
        for (size_t k = 0; k < 8; k++)
            bits = bits << 8 | data[i + k];
        check_instant(z, (int64_t)bits);
        int64_t small = (int32_t)(bits >> 32);
        check_instant(z, small);
        check_instant(z, small - 1);
        if (small > AT_MIN && small < AT_MAX) {
            struct civil wall = civil_of_seconds(small);
            check_wall(z, &wall);
        }
    }
}

static void check_bytes(const void *bytes, size_t size, const uint8_t *data, size_t data_size)
{
    struct error err = {0};
    struct zone *z = zone_parse("Fuzz/Zone", bytes, size, &err);
    must((z == NULL) == (err.code == ERR_DATA));
    if (z != NULL)
        check_zone(z, data, data_size);
    zone_free(z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_bytes(data, size, data, size);
    if (size > 200)
        return 0;
    /* two empty blocks with one type each, then the input as the rule */
    struct buf b;
    buf_init(&b);
    for (int block = 0; block < 2; block++) {
        static const char counts[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1";
        buf_add(&b, "TZif3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        buf_add(&b, counts, 24);
        buf_add(&b, "\0\0\0\0\0\0\0", 7);
    }
    buf_add_char(&b, '\n');
    buf_add(&b, (const char *)data, size);
    buf_add_char(&b, '\n');
    check_bytes(b.at, b.len, data, size);
    buf_done(&b);
    return 0;
}
