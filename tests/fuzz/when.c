/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a time in words, at several moments in several zones. What is read must lie in range, never in the past
 * unless that is allowed, and show the clock that it says; what is refused must leave everything as it was.
 *
 * floors: base
 */
#include "calldeck/when.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void check_text(const char *text)
{
    must(strlen(text) < WHEN_TEXT_SIZE);
    for (; *text != '\0'; text++)
        must((unsigned char)*text >= ' ' && (unsigned char)*text < 0x7f);
}

static void check(struct str words, const struct when_context *context)
{
    struct when w, again;
    memset(&w, 0xa5, sizeof w);
    struct when before;
    memcpy(&before, &w, sizeof w);
    struct error err = {0};
    if (!when_parse(words, context, &w, &err)) {
        must(err.code == ERR_USAGE && err.text[0] != '\0');
        must(memcmp(&before, &w, sizeof w) == 0);
        for (const char *p = err.text; *p != '\0'; p++)
            must((unsigned char)*p >= ' ' && *p != 0x7f);
        return;
    }
    must(err.code == ERR_NONE);
    must(w.at >= AT_MIN && w.at <= AT_MAX);
    must(context->allow_past || w.at >= context->now);
    struct civil shown = zone_civil(context->zone, w.at);
    must(civil_valid(&w.wall) && civil_compare(&shown, &w.wall) == 0);

    must(when_parse(words, context, &again, NULL));
    must(again.at == w.at && again.fit == w.fit && again.instant == w.instant && again.has_time == w.has_time);

    char text[WHEN_TEXT_SIZE];
    when_short(context->zone, w.at, context->now, text);
    check_text(text);
    when_span(w.at > context->now ? w.at - context->now : 0, text);
    check_text(text);
    when_text(context->zone, w.at, context->now, text);
    check_text(text);
    /* What is shown can be typed, and is the same minute. */
    int64_t minute = w.at - w.wall.second;
    if (minute < context->now || w.wall.year < 1970)
        return;
    must(when_parse(str_of(text), context, &again, NULL));
    must(again.at == minute || again.fit == ZONE_FOLD);
}

/* A zone with two changes a year and one without, made from rules: no file of the machine decides what is found. */
static struct zone *make_zone(const char *name, const char *rule)
{
    struct buf b;
    buf_init(&b);
    for (int block = 0; block < 2; block++) {
        buf_add(&b, "TZif3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        buf_add(&b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1", 24);
        buf_add(&b, "\0\0\0\0\0\0\0", 7);
    }
    buf_printf(&b, "\n%s\n", rule);
    struct zone *z = zone_parse(name, b.at, b.len, NULL);
    buf_done(&b);
    must(z != NULL);
    return z;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zone *berlin = make_zone("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3");
    struct zone *kathmandu = make_zone("Asia/Kathmandu", "<+0545>-5:45");
    struct zone *new_york = make_zone("America/New_York", "EST5EDT,M3.2.0,M11.1.0");
    const struct when_context contexts[] = {
        {.zone = berlin, .now = 1795426920, .day_start_min = 540, .day_end_min = 1080},
        {.zone = new_york, .now = 1772924399, .day_start_min = 480, .day_end_min = 1020, .month_first = true},
        {.zone = kathmandu, .now = 1798741800, .day_start_min = 0, .day_end_min = 1440, .allow_past = true},
        {.zone = berlin, .now = 1792891800, .day_start_min = 420, .day_end_min = 1200}, /* in the fold */
        {.zone = berlin, .now = 1835478000, .day_start_min = 540, .day_end_min = 1080, .allow_past = true},
        {.zone = new_york, .now = AT_MAX - DAY_S, .day_start_min = 540, .day_end_min = 1080},
        {.zone = berlin, .now = AT_MIN + DAY_S, .day_start_min = 540, .day_end_min = 1080, .allow_past = true},
    };
    struct str words = str_make((const char *)data, size);
    for (size_t i = 0; i < sizeof contexts / sizeof contexts[0]; i++)
        check(words, &contexts[i]);
    zone_free(berlin);
    zone_free(kathmandu);
    zone_free(new_york);
    return 0;
}
