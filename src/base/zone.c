/* SPDX-License-Identifier: MIT */
/* Questions to one zone. Where it comes from is tzif.c and zone_table.c. */
#include "calldeck/zone.h"

#include "tz.h"

const char *zone_name(const struct zone *z)
{
    return z->name;
}

/* How many changes lie at or before `at`. */
static size_t changes_until(const struct zone *z, int64_t at)
{
    size_t low = 0, high = z->change_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (z->changes_at[middle] <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct tz_stretch zone_stretch(const struct zone *z, int64_t at)
{
    size_t passed = changes_until(z, at);
    if (passed == z->change_count && z->has_rule) {
        struct tz_stretch s = tz_rule_stretch(&z->rule, at);
        if (passed > 0 && s.from < z->changes_at[passed - 1])
            s.from = z->changes_at[passed - 1];
        return s;
    }
    /* Type 0 is by definition what held before the first change. */
    const struct tz_type *type = &z->types[passed > 0 ? z->change_types[passed - 1] : 0];
    return (struct tz_stretch){
        .from = passed > 0 ? z->changes_at[passed - 1] : INT64_MIN,
        .until = passed < z->change_count ? z->changes_at[passed] : INT64_MAX,
        .offset_s = type->offset_s,
        .abbr = z->abbrs + type->abbr,
    };
}

int zone_offset(const struct zone *z, int64_t at, const char **ret_abbr)
{
    struct tz_stretch s = zone_stretch(z, at);
    if (ret_abbr != NULL)
        *ret_abbr = s.abbr;
    return s.offset_s;
}

struct civil zone_civil(const struct zone *z, int64_t at)
{
    /* so that the sum below cannot overflow; civil_of_seconds shows both ends as the last second it knows */
    if (at > AT_MAX)
        at = AT_MAX;
    if (at < AT_MIN)
        at = AT_MIN;
    return civil_of_seconds(at + zone_offset(z, at, NULL));
}

enum zone_fit zone_instant(const struct zone *z, const struct civil *wall, int64_t *ret_at, int64_t *ret_second)
{
    /*
     * Walk the stretches that can show this wall time, which are those within the largest offset of it. In a stretch
     * the wall clock runs with the instants, so it shows the time at most once there; between two stretches it jumps,
     * and if nobody shows the time, one jump passed over it.
     */
    int64_t shown = civil_to_seconds(wall);
    int64_t end = shown - TZ_OFFSET_MIN;
    int64_t gap_until = INT64_MIN;
    int found = 0;
    int64_t at[2] = {0, 0};
    struct tz_stretch s = zone_stretch(z, shown - TZ_OFFSET_MAX);
    for (;;) {
        int64_t candidate = shown - s.offset_s;
        if (candidate >= s.from && candidate < s.until) {
            at[found > 0] = candidate;
            found++;
        }
        if (s.until > end)
            break;
        struct tz_stretch next = zone_stretch(z, s.until);
        if (gap_until == INT64_MIN && s.until + s.offset_s <= shown && s.until + next.offset_s > shown)
            gap_until = s.until;
        s = next;
    }
    if (found == 0) {
        *ret_at = gap_until;
        if (ret_second != NULL)
            *ret_second = gap_until;
        return ZONE_GAP;
    }
    *ret_at = at[0];
    if (ret_second != NULL)
        *ret_second = found > 1 ? at[1] : at[0];
    return found > 1 ? ZONE_FOLD : ZONE_ONCE;
}

int64_t zone_day_start(const struct zone *z, int64_t at, int add_days)
{
    struct civil c = zone_civil(z, at);
    c.hour = c.minute = c.second = 0;
    c = civil_add_days(c, add_days);
    int64_t start;
    zone_instant(z, &c, &start, NULL);
    return start;
}
