/* SPDX-License-Identifier: MIT */
/* The other direction: "since mon" is a Monday that was. */
#include "calldeck/when.h"

/* Four digits in a row are a year that was said. */
static bool says_a_year(struct str words)
{
    size_t digits = 0;
    for (size_t i = 0; i < words.len && digits < 4; i++)
        digits = words.at[i] >= '0' && words.at[i] <= '9' ? digits + 1 : 0;
    return digits == 4;
}

bool when_since(struct str words, const struct when_context *context, int64_t *ret_at, struct error *err)
{
    struct when_context past = *context;
    past.allow_past = true;
    struct when when;
    if (!when_parse(words, &past, &when, err))
        return false;
    if (when.at > context->now && !says_a_year(words)) { /* a weekday, or a date without a year, means the next one to come */
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
    *ret_at = when.at;
    return true;
}
