/* SPDX-License-Identifier: MIT */
/*
 * When the rep can keep a promise: their own hours, lunch and days, and the minutes that other promises have.
 */
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "flow.h"

enum { PROMISES_MOST = 512, OFFERS = 3, STEP_S = 5 * MINUTE_S, AHEAD_S = 8 * HOUR_S };

static bool hours_hold(const char *hours, const struct civil *c)
{
    int start, end, minute = c->hour * 60 + c->minute;
    return hours_parse(str_of(hours), &start, &end, NULL) && minute >= start && minute < end;
}

const char *slot_own_time(const struct app *app, int64_t at)
{
    struct civil c = zone_civil(app->zone, at);
    weekday_set days = 0;
    if (days_parse(str_of(setting_text(app->settings, SETTING_MY_DAYS)), &days, NULL) && days != 0 &&
        (days >> civil_weekday(&c) & 1u) == 0)
        return "on your day off";
    if (hours_hold(setting_text(app->settings, SETTING_MY_LUNCH), &c))
        return "in your lunch";
    if (hours_hold(setting_text(app->settings, SETTING_MY_HOURS), &c))
        return NULL;
    return c.hour < 7 || c.hour >= 21 ? "in your night" : "outside your hours";
}

/* Who has these minutes; NULL: nobody. slot_s: so far apart are two promises. */
static const struct callback_row *taken_by(const struct callback_row *rows, size_t count, int64_t prospect_id, int64_t at, int64_t slot_s)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].prospect_id != prospect_id && rows[i].kind != PROMISE_MEETING && rows[i].due_at > at - slot_s &&
            rows[i].due_at < at + slot_s)
            return &rows[i];
    return NULL;
}

bool slot_taken(const struct app *app, const struct policy *policy, const struct zone *there, int64_t at, int64_t *ret_free,
                struct buf *out)
{
    struct arena a = {0};
    const struct callback_row *rows = NULL, *who;
    size_t count = 0;
    *ret_free = AT_NONE;
    bool known = policy->guard_s > 0 && callbacks_until(app->store, at + AHEAD_S + HOUR_S, PROMISES_MOST, &a, &rows, &count, NULL);
    who = known ? taken_by(rows, count, app->card.id, at, policy->guard_s) : NULL;
    if (who != NULL) {
        struct buf name;
        struct civil c = zone_civil(there, who->due_at);
        int offers = 0;
        buf_init(&name);
        text_printable(who->name, &name);
        struct str shown = text_fit(buf_str(&name), 24, NULL);
        buf_printf(out, "%02d:%02d there is promised to %.*s", c.hour, c.minute, STR_ARG(shown));
        for (int64_t t = (at / STEP_S + 1) * STEP_S; t < at + AHEAD_S && offers < OFFERS; t += STEP_S)
            if (taken_by(rows, count, app->card.id, t, policy->guard_s) == NULL && slot_own_time(app, t) == NULL &&
                (app->card.place.zone_count == 0 || window_open(policy, &app->card.place, t, NULL, NULL))) {
                c = zone_civil(there, t);
                *ret_free = offers == 0 ? t : *ret_free;
                buf_printf(out, "%s %02d:%02d", offers++ == 0 ? "; free:" : ",", c.hour, c.minute);
            }
        buf_done(&name);
    }
    arena_done(&a);
    return who != NULL;
}
