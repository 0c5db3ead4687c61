/* SPDX-License-Identifier: MIT */
/* Why a row stands where it does, in a few words: the first thing that a rep would want to know, and no more. */
#include "place.h"

/* A promise that is a little late is still named by its time; later on, how late counts. */
enum { LATE_FROM_S = 5 * MINUTE_S };
enum { CLOSING_SOON_S = HOUR_S };

static struct civil wall(const struct zone *z, int64_t at)
{
    return z != NULL ? zone_civil(z, at) : civil_of_seconds(at);
}

static int64_t day_number(const struct civil *c)
{
    return civil_days(c->year, c->month, c->day);
}

static const char *ordinal_ending(int n)
{
    if (n % 100 >= 11 && n % 100 <= 13)
        return "th";
    switch (n % 10) {
    case 1:
        return "st";
    case 2:
        return "nd";
    case 3:
        return "rd";
    default:
        return "th";
    }
}

/* "12 min", "3 h", "2 days": one unit is enough. seconds >= 60 */
static void add_length(struct buf *out, int64_t seconds)
{
    if (seconds < HOUR_S)
        buf_printf(out, "%d min", (int)(seconds / MINUTE_S));
    else if (seconds < DAY_S)
        buf_printf(out, "%d h", (int)(seconds / HOUR_S));
    else
        buf_printf(out, "%lld day%s", (long long)(seconds / DAY_S), seconds < 2 * (int64_t)DAY_S ? "" : "s");
}

static void add_promise(const struct reason *r, int64_t now, struct buf *out)
{
    static const char *const words[] = {
        [PROMISE_CALLBACK] = "callback", [PROMISE_NEXT_STEP] = "next step", [PROMISE_MEETING] = "meeting"};
    _Static_assert(sizeof words / sizeof words[0] == PROMISE_COUNT_, "a word for each promise");
    buf_add_text(out, words[r->kind]);
    if (r->due_at != AT_NONE) {
        int64_t late_s = now - r->due_at;
        struct civil due = wall(r->zone, r->due_at), today = wall(r->zone, now);
        if (late_s >= LATE_FROM_S) {
            buf_add_char(out, ' ');
            add_length(out, late_s);
            buf_add_text(out, " late");
        } else if (day_number(&due) == day_number(&today)) {
            buf_printf(out, " %02d:%02d", due.hour, due.minute);
        } else {
            buf_printf(out, " %s %02d:%02d", weekday_name(civil_weekday(&due)), due.hour, due.minute);
        }
    }
    if (r->tries > 0)
        buf_printf(out, ", %d%s try", r->tries + 1, ordinal_ending(r->tries + 1));
}

static void add_last(const struct reason *r, int64_t now, struct buf *out)
{
    struct civil last = wall(r->zone, r->touched_at), today = wall(r->zone, now);
    int64_t days = day_number(&today) - day_number(&last);
    if (days == 0)
        buf_printf(out, ", last %02d:%02d today", last.hour, last.minute);
    else if (last.year == today.year || (days > 0 && days < 183))
        buf_printf(out, ", last %s %d %s", weekday_name(civil_weekday(&last)), last.day, month_name(last.month));
    else
        buf_printf(out, ", last %d %s %d", last.day, month_name(last.month), last.year);
}

static void add_new(const struct reason *r, int64_t now, struct buf *out)
{
    buf_add_text(out, "new");
    /* Fresh is worth a word; that a record is two years old is not why it is next. */
    if (r->imported_at != AT_NONE && now - r->imported_at >= MINUTE_S && now - r->imported_at < 30 * DAY_S) {
        buf_add_text(out, ", ");
        add_length(out, now - r->imported_at);
    }
}

void reason_text(const struct reason *r, int64_t now, struct buf *out)
{
    if (r->state == STATE_CALLBACK) {
        add_promise(r, now, out);
    } else if (r->rank < 0) {
        buf_add_text(out, "named by a colleague");
    } else if (r->learned.len != 0) {
        buf_add_str(out, r->learned);
    } else if (r->closes_at != AT_NONE && r->closes_at > now && r->closes_at - now < CLOSING_SOON_S) {
        buf_add_text(out, "day ends in ");
        add_length(out, r->closes_at - now);
    } else if (r->attempts <= 0 && r->touched_at == AT_NONE) {
        add_new(r, now, out);
    } else {
        buf_printf(out, "%d%s try", r->attempts + 1, ordinal_ending(r->attempts + 1));
        if (r->attempt_cap > 0)
            buf_printf(out, " of %d", r->attempt_cap);
        if (r->touched_at != AT_NONE)
            add_last(r, now, out);
    }
}
