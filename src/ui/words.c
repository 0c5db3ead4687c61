/* SPDX-License-Identifier: MIT */
/* Small words that several panels share: tones, keys, clocks. */
#include "render.h"

#include <string.h>

#include "calldeck/when.h"

enum style tone_style(enum tone tone)
{
    switch (tone) {
    case TONE_PLAIN: return STYLE_PLAIN;
    case TONE_GOOD: return STYLE_GOOD;
    case TONE_WARNING: return STYLE_WARNING;
    case TONE_BAD: return STYLE_BAD;
    }
    return STYLE_PLAIN;
}

const char *tone_sign(enum tone tone)
{
    switch (tone) {
    case TONE_PLAIN: return "";
    case TONE_GOOD: return "✓ ";
    case TONE_WARNING: return "! ";
    case TONE_BAD: return "✗ ";
    }
    return "";
}

void key_word(const struct app *app, enum action_id id, enum context context, struct buf *out)
{
    struct buf keys;
    buf_init(&keys);
    if (id == ACTION_PICK_NUMBER) {
        buf_add_text(out, "1-9");
    } else if (app_keys_of(app, id, context, &keys)) {
        struct str first = buf_str(&keys);
        const char *separator = memmem(first.at, first.len, " / ", 3);
        if (separator)
            first.len = (size_t)(separator - first.at);
        buf_add_str(out, first);
    }
    buf_done(&keys);
}

void clock_text(const struct zone *zone, int64_t at, struct buf *out)
{
    struct civil c = zone ? zone_civil(zone, at) : civil_of_seconds(at);
    buf_printf(out, "%02d:%02d", c.hour, c.minute);
}

void ago_text(const struct zone *zone, int64_t at, int64_t now, struct buf *out)
{
    char text[WHEN_TEXT_SIZE];
    if (at <= now && now - at < 3 * HOUR_S) {
        when_span(now - at, text);
        buf_add_text(out, text);
        if (now - at >= MINUTE_S)
            buf_add_text(out, " ago");
        return;
    }
    struct civil c = zone ? zone_civil(zone, at) : civil_of_seconds(at), today = zone ? zone_civil(zone, now) : civil_of_seconds(now);
    if (c.year == today.year && c.month == today.month && c.day == today.day)
        buf_printf(out, "today %02d:%02d", c.hour, c.minute);
    else if (now - at < 180 * (int64_t)DAY_S && at - now < 180 * (int64_t)DAY_S)
        buf_printf(out, "%s %d %s", weekday_name(civil_weekday(&c)), c.day, month_name(c.month));
    else
        buf_printf(out, "%d %s %d", c.day, month_name(c.month), c.year);
}

void add_part(struct buf *out, const char *separator, const char *format, ...)
{
    va_list args;
    if (out->len)
        buf_add_text(out, separator);
    va_start(args, format);
    buf_vprintf(out, format, args);
    va_end(args);
}
