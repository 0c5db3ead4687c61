/* SPDX-License-Identifier: MIT */
/*
 * Words for the rep: the foot line, the banner, and the small names of places that several parts need.
 */
#include "turn.h"

#include <stdio.h>

#include "calldeck/utf8.h"

/* A name that was cut in the middle of a character would be shown as a hole. */
__attribute__((format(printf, 3, 0))) void line_vprint(char *to, size_t size, const char *format, va_list args)
{
    struct buf b;
    buf_init(&b);
    buf_vprintf(&b, format, args);
    snprintf(to, size, "%.*s", (int)cluster_floor(buf_str(&b), size - 1), b.at);
    buf_done(&b);
}

void line_print(char *to, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_vprint(to, size, format, args);
    va_end(args);
}

void say(struct app *app, enum tone tone, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_vprint(app->message.text, sizeof app->message.text, format, args);
    va_end(args);
    app->message.tone = tone;
    app->message.until_ms = 0;
    app->pending |= REACT_PAINT;
}

void trouble(struct app *app, const char *where, enum error_code code)
{
    enum { SAME_S = 60 }; /* a full disk is met with every key */
    if (app->port == NULL || app->port->trouble == NULL || (code == app->trouble_code && app->now - app->trouble_at < SAME_S))
        return;
    app->trouble_code = code;
    app->trouble_at = app->now;
    app->port->trouble(where, code, app->now, app->port->trouble_user);
}

void say_error(struct app *app, const struct error *err)
{
    trouble(app, "screen", err->code);
    bool rule = err->code == ERR_REFUSED || err->code == ERR_NOT_FOUND || err->code == ERR_USAGE;
    say(app, rule ? TONE_WARNING : TONE_BAD, "%s", err->text);
}

void banner(struct app *app, enum tone tone, int64_t ms, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    line_vprint(app->banner.text, sizeof app->banner.text, format, args);
    va_end(args);
    app->banner.tone = tone;
    app->banner.until_ms = ms == 0 ? 0 : app->now_ms + ms;
    app->banner_callback = 0;
    app->banner_caller = app->banner_line = false;
    app->pending |= REACT_PAINT;
}

void banner_clear(struct app *app)
{
    if (app->banner.text[0] != '\0')
        app->pending |= REACT_PAINT;
    app->banner = (struct message){.text = ""};
    app->banner_callback = 0;
    app->banner_caller = app->banner_line = false;
}

const struct zone *card_zone(const struct app *app)
{
    return app->card.id != 0 && app->place.zone_count > 0 ? app->place.zones[0] : app->zone;
}

const struct card_phone *card_phone_picked(const struct app *app)
{
    return app->phone_index < app->card.phones_count ? &app->card.phones[app->phone_index] : NULL;
}
