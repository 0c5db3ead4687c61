/* SPDX-License-Identifier: MIT */
/*
 * Bytes of a TZif file (RFC 9636, versions 1 to 4) to a zone. Any bytes are allowed: every count is checked against the
 * length before anything is read through it.
 */
#include "calldeck/zone.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "tz.h"

/* Real zones have up to about 250 changes; a limit keeps a hostile file from making every question slow. */
enum { HEADER_SIZE = 44, CHANGES_MAX = 4096, LEAPS_MAX = 1024 };

struct header {
    char version;
    size_t ut_count, std_count, leap_count, change_count, type_count, char_count;
};

static uint32_t big_endian32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t read_time(const unsigned char *p, size_t size)
{
    if (size == 4)
        return (int32_t)big_endian32(p);
    return (int64_t)((uint64_t)big_endian32(p) << 32 | big_endian32(p + 4));
}

/* The header at the front of *data, which moves on to the block behind it. */
static bool take_header(struct str *data, struct header *ret)
{
    if (data->len < HEADER_SIZE || memcmp(data->at, "TZif", 4) != 0)
        return false;
    const unsigned char *p = (const unsigned char *)data->at;
    *ret = (struct header){
        .version = (char)p[4],
        .ut_count = big_endian32(p + 20),
        .std_count = big_endian32(p + 24),
        .leap_count = big_endian32(p + 28),
        .change_count = big_endian32(p + 32),
        .type_count = big_endian32(p + 36),
        .char_count = big_endian32(p + 40),
    };
    *data = str_skip(*data, HEADER_SIZE);
    return true;
}

/* The counts have 32 bits each and size_t has 64: no sum can overflow. */
static size_t block_size(const struct header *h, size_t time_size)
{
    return h->change_count * (time_size + 1) + h->type_count * 6 + h->char_count + h->leap_count * (time_size + 4) +
           h->std_count + h->ut_count;
}

static bool counts_are_sane(const struct header *h)
{
    return h->change_count <= CHANGES_MAX && h->leap_count <= LEAPS_MAX && h->type_count >= 1 && h->type_count <= 256 &&
           h->char_count >= 1 && h->char_count <= 256 && (h->std_count == 0 || h->std_count == h->type_count) &&
           (h->ut_count == 0 || h->ut_count == h->type_count);
}

/*
 * A machine may keep "right" files, whose changes also count leap seconds. Our instants are POSIX ones, so what was
 * counted is taken off again.
 */
static bool drop_leap_seconds(struct zone *z, const unsigned char *leaps, size_t count, size_t time_size)
{
    size_t next = 0;
    int64_t correction = 0;
    for (size_t i = 0; i < z->change_count; i++) {
        for (; next < count; next++) {
            const unsigned char *leap = leaps + next * (time_size + 4);
            if (read_time(leap, time_size) > z->changes_at[i])
                break;
            correction = (int32_t)big_endian32(leap + time_size);
        }
        if (__builtin_sub_overflow(z->changes_at[i], correction, &z->changes_at[i]))
            return false;
    }
    return true;
}

static bool read_block(struct zone *z, const struct header *h, const unsigned char *p, size_t time_size)
{
    const unsigned char *indexes = p + h->change_count * time_size;
    const unsigned char *types = indexes + h->change_count;
    const unsigned char *chars = types + h->type_count * 6;

    for (size_t i = 0; i < h->char_count; i++)
        if (chars[i] != '\0' && (chars[i] <= ' ' || chars[i] >= 0x7f))
            return false; /* it will be shown: no control characters, and ASCII is all that the format knows */
    memcpy(z->abbrs, chars, h->char_count);

    for (size_t i = 0; i < h->type_count; i++) {
        int32_t offset_s = (int32_t)big_endian32(types + i * 6);
        if (offset_s < TZ_OFFSET_MIN || offset_s > TZ_OFFSET_MAX || types[i * 6 + 4] > 1 ||
            types[i * 6 + 5] >= h->char_count)
            return false;
        z->types[i] = (struct tz_type){offset_s, types[i * 6 + 5]};
    }

    z->change_count = h->change_count;
    z->changes_at = alloc_zeroed(h->change_count, sizeof *z->changes_at);
    z->change_types = alloc_zeroed(h->change_count, 1);
    for (size_t i = 0; i < h->change_count; i++) {
        z->changes_at[i] = read_time(p + i * time_size, time_size);
        z->change_types[i] = indexes[i];
        if (indexes[i] >= h->type_count)
            return false;
    }
    if (!drop_leap_seconds(z, chars + h->char_count, h->leap_count, time_size))
        return false;
    for (size_t i = 1; i < h->change_count; i++)
        if (z->changes_at[i] <= z->changes_at[i - 1])
            return false;
    return true;
}

struct zone *zone_parse(const char *name, const void *data, size_t len, struct error *err)
{
    struct zone *z = alloc_zeroed(1, sizeof *z);
    z->name = alloc_copy(name, strlen(name));

    struct str rest = str_make(data, len);
    struct header h;
    size_t time_size = 4;
    const char *what = "not a time zone file";
    if (!take_header(&rest, &h))
        goto damaged;
    what = "cut off";
    if (h.version >= '2') {
        /* The first block is for readers of 1986. */
        if (rest.len < block_size(&h, 4))
            goto damaged;
        rest = str_skip(rest, block_size(&h, 4));
        if (!take_header(&rest, &h))
            goto damaged;
        time_size = 8;
    } else if (h.version != '\0') {
        what = "of an unknown version";
        goto damaged;
    }
    if (rest.len < block_size(&h, time_size))
        goto damaged;
    what = "damaged";
    if (!counts_are_sane(&h) || !read_block(z, &h, (const unsigned char *)rest.at, time_size))
        goto damaged;
    rest = str_skip(rest, block_size(&h, time_size));

    if (time_size == 8) {
        /* A newline, the rule (empty: nothing is known after the last change), a newline. */
        what = "cut off";
        if (rest.len < 2 || rest.at[0] != '\n')
            goto damaged;
        rest = str_skip(rest, 1);
        size_t rule_len = str_find(rest, '\n');
        if (rule_len == rest.len)
            goto damaged;
        what = "damaged: its rule cannot be read";
        if (rule_len != 0 && !tz_rule_parse(str_make(rest.at, rule_len), &z->rule))
            goto damaged;
        z->has_rule = rule_len != 0;
    }
    return z;

damaged:
    error_set(err, ERR_DATA, "the time zone file \"%.64s\" is %s, reinstall tzdata or choose another zone", name, what);
    zone_free(z);
    return NULL;
}

struct zone *zone_of_rule(const char *name, struct str rule)
{
    struct zone *z = alloc_zeroed(1, sizeof *z);
    z->name = alloc_copy(name, strlen(name));
    z->has_rule = tz_rule_parse(rule, &z->rule);
    if (!z->has_rule) {
        zone_free(z);
        return NULL;
    }
    return z;
}

void zone_free(struct zone *z)
{
    if (z == NULL)
        return;
    free(z->name);
    free(z->changes_at);
    free(z->change_types);
    free(z);
}
