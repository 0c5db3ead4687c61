/* SPDX-License-Identifier: MIT */
/* The other direction: "since mon" is a Monday that was. */
#include "calldeck/when.h"

bool when_since(struct str words, const struct when_context *context, int64_t *ret_at, struct error *err)
{
    struct when_context past = *context;
    past.allow_past = true;
    struct when when;
    if (!when_parse(words, &past, &when, err))
        return false;
    if (when.at > context->now) { /* a weekday, or a date without a year, means the next one to come */
        struct str rest = words, first;
        enum weekday day;
        struct civil c = when.wall;
        if (str_word(&rest, &first) && weekday_parse(first, &day))
            c = civil_add_days(c, -7);
        else if (c.year > 1)
            c.year--;
        if (civil_valid(&c)) /* 29 February is not in every year */
            zone_instant(context->zone, &c, &when.at, NULL);
    }
    if (when.at > context->now)
        return error_set(err, ERR_USAGE, "\"%.*s\" is still to come: yesterday, mon, 2026-11-02", STR_ARG(words));
    *ret_at = when.at;
    return true;
}
