/* SPDX-License-Identifier: MIT */
#include "calldeck/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct zone_table *zones;

static const struct zone *zone_of(const char *name)
{
    if (zones == NULL)
        zones = zone_table_new("/usr/share/zoneinfo");
    struct error err = {0};
    const struct zone *z = zone_find(zones, str_of(name), &err);
    if (z == NULL)
        fail_msg("%s", err.text);
    return z;
}

__attribute__((destructor)) static void free_zones(void)
{
    zone_table_free(zones);
}

/* now is a wall time there */
static struct when_context context_of(const char *zone, const char *now)
{
    struct when_context c = {.zone = zone_of(zone), .day_start_min = 9 * 60, .day_end_min = 18 * 60};
    struct civil wall;
    if (!civil_parse(str_of(now), &wall, NULL))
        fail_msg("\"%s\"", now);
    zone_instant(c.zone, &wall, &c.now, NULL);
    return c;
}

static void wall_text(const struct civil *c, char ret[40])
{
    snprintf(ret, 40, "%04d-%02d-%02d %02d:%02d", c->year, c->month, c->day, c->hour, c->minute);
}

/* Any row whose `wall` does not begin with a digit is a refusal whose sentence contains it. */
struct row {
    const char *words, *wall;
};

static void check_row(const struct row *row, const struct when_context *context)
{
    struct when w = {0};
    struct error err = {0};
    char text[40] = "";
    bool ok = when_parse(str_of(row->words), context, &w, &err);
    if (ok)
        wall_text(&w.wall, text);
    bool want = row->wall[0] >= '0' && row->wall[0] <= '9';
    if (ok != want || (ok && strcmp(text, row->wall) != 0))
        fail_msg("\"%s\" gives %s, want %s", row->words, ok ? text : err.text, row->wall);
    if (!ok && (strstr(err.text, row->wall) == NULL || err.code != ERR_USAGE))
        fail_msg("\"%s\" says: %s", row->words, err.text);
    if (ok) {
        struct civil back = zone_civil(context->zone, w.at);
        assert_memory_equal(&back, &w.wall, sizeof back);
        assert_int_equal(err.code, ERR_NONE);
    }
}

static void check_rows(const struct row *rows, size_t count, const struct when_context *context)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i], context);
}

TEST(when_reads_what_reps_write)
{
    static const struct row rows[] = {
        /* the forms that the manual promises */
        {"tomorrow 3pm", "2026-11-24 15:00"},
        {"tomorrow at 3", "2026-11-24 15:00"},
        {"tue 10:30", "2026-11-24 10:30"},
        {"tuesday", "2026-11-24 09:00"},
        {"next tue", "2026-12-01 09:00"},
        {"+2d", "2026-11-25 10:42"},
        {"+90m", "2026-11-23 12:12"},
        {"in 2 hours", "2026-11-23 12:42"},
        {"in half an hour", "2026-11-23 11:12"},
        {"12.1. 9:00", "2027-01-12 09:00"},
        {"12.1.2027", "2027-01-12 09:00"},
        {"jan 12 9am", "2027-01-12 09:00"},
        {"12 jan", "2027-01-12 09:00"},
        {"2026-12-01 14:00", "2026-12-01 14:00"},
        {"1/12", "unclear"},
        {"eod", "2026-11-23 18:00"},
        {"end of day", "2026-11-23 18:00"},
        {"noon", "2026-11-23 12:00"},
        {"midnight", "2026-11-24 00:00"},
        {"today 16:00", "2026-11-23 16:00"},
        {"tonight", "2026-11-23 19:00"},
        {"this afternoon", "2026-11-23 14:00"},
        {"morning", "2026-11-24 09:00"},
        {"tomorrow morning", "2026-11-24 09:00"},
        {"afternoon", "2026-11-23 14:00"},
        {"evening", "2026-11-23 18:00"},
        {"next week", "2026-11-30 09:00"},
        {"in 3 days", "2026-11-26 10:42"},
        {"in a week", "2026-11-30 10:42"},
        {"monday week", "2026-12-07 09:00"},
        {"3pm", "2026-11-23 15:00"},
        {"15:00", "2026-11-23 15:00"},
        {"1500", "2026-11-23 15:00"},
        {"9", "2026-11-24 09:00"},
        {"+2bd", "2026-11-25 10:42"},
        {"in 2 business days", "2026-11-25 10:42"},
        {"now", "2026-11-23 10:42"},
        {"2026-12-01T14:00:00Z", "2026-12-01 15:00"},
        {"2026-12-01T14:00+03:00", "2026-12-01 12:00"},
        /* case, blanks, small words */
        {"TOMORROW 3 PM", "2026-11-24 15:00"},
        {"  tomorrow,  at 3 p.m. ", "2026-11-24 15:00"},
        {"at 3 tomorrow", "2026-11-24 15:00"},
        {"3p tomorrow", "2026-11-24 15:00"},
        {"on tue at 10", "2026-11-24 10:00"},
        {"tue @ 10", "2026-11-24 10:00"},
        {"tues. 10.30", "2026-11-24 10:30"},
        {"tue 10.11", "unclear"},
        {"tomorrow at 10.30", "2026-11-24 10:30"},
        {"tomorrow at three", "2026-11-24 15:00"},
        {"tomorrow after 3", "2026-11-24 15:00"},
        {"tomorrow after lunch", "2026-11-24 13:00"},
        {"tomorrow around 11", "2026-11-24 11:00"},
        {"tomorrow\xc2\xa0"
         "3\xe2\x80\xafpm",
         "2026-11-24 15:00"},
        {"tomorrow \xd9\xa1\xd9\xa4:\xd9\xa3\xd9\xa0", "2026-11-24 14:30"},
        /* hours */
        {"tomorrow 12am", "2026-11-24 00:00"},
        {"tomorrow 12pm", "2026-11-24 12:00"},
        {"tomorrow 12", "2026-11-24 12:00"},
        {"tomorrow 7", "2026-11-24 19:00"},
        {"tomorrow 8", "2026-11-24 08:00"},
        {"tomorrow 3:30", "2026-11-24 15:30"},
        {"tomorrow 03:30", "2026-11-24 03:30"},
        {"2026-11-24 3:30", "2026-11-24 03:30"},
        {"24.11. 3:30", "2026-11-24 03:30"},
        {"tomorrow 930", "2026-11-24 09:30"},
        {"tomorrow 330", "2026-11-24 15:30"},
        {"tomorrow 0330", "2026-11-24 03:30"},
        {"tomorrow 24:00", "2026-11-25 00:00"},
        {"today 24:00", "2026-11-24 00:00"},
        {"tomorrow 9 o'clock", "2026-11-24 09:00"},
        {"tomorrow half past 3", "2026-11-24 15:30"},
        {"quarter to 4", "2026-11-23 15:45"},
        {"tomorrow at quarter past 10", "2026-11-24 10:15"},
        {"20 minutes to 5", "2026-11-23 16:40"},
        {"10 past 3", "2026-11-23 15:10"},
        {"quarter to 1", "2026-11-23 12:45"},
        {"10 to 12", "cannot read"},
        {"12 noon", "2026-11-23 12:00"},
        {"10:42", "2026-11-24 10:42"},
        {"10:43", "2026-11-23 10:43"},
        {"tomorrow 13pm", "cannot read"},
        {"tomorrow 0pm", "cannot read"},
        {"tomorrow 25:00", "cannot read"},
        {"tomorrow 10:60", "cannot read"},
        {"tomorrow 10:5", "cannot read"},
        {"tomorrow 24:01", "cannot read"},
        {"tomorrow 2460", "cannot read"},
        {"30", "cannot read"},
        {"0", "cannot read"},
        /* parts of the day */
        {"tomorrow morning at 10", "2026-11-24 10:00"},
        {"9 in the morning", "2026-11-24 09:00"},
        {"tomorrow 8 in the evening", "2026-11-24 20:00"},
        {"tonight at 8", "2026-11-23 20:00"},
        {"tue afternoon", "2026-11-24 14:00"},
        {"tue afternoon at 4:15", "2026-11-24 16:15"},
        {"tomorrow night", "2026-11-24 19:00"},
        {"first thing tomorrow", "2026-11-24 09:00"},
        {"this morning", "past"},
        {"tomorrow morning 15:00", "contradict"},
        {"tomorrow evening 12", "contradict"},
        {"tonight midnight", "2026-11-24 00:00"},
        {"tue midnight", "2026-11-24 00:00"},
        {"tomorrow eod", "2026-11-24 18:00"},
        {"end of business tue", "2026-11-24 18:00"},
        {"eow", "2026-11-27 18:00"},
        {"end of the month", "2026-11-30 18:00"},
        /* weekdays */
        {"mon 10:00", "2026-11-30 10:00"},
        {"mon 15:00", "2026-11-23 15:00"},
        {"mon", "2026-11-30 09:00"},
        {"sun", "2026-11-29 09:00"},
        {"next mon", "2026-11-30 09:00"},
        {"next fri 10am", "2026-12-04 10:00"},
        {"next week tue", "2026-12-01 09:00"},
        {"tue next week", "2026-12-01 09:00"},
        {"fri this week", "2026-11-27 09:00"},
        {"this fri", "2026-11-27 09:00"},
        {"friday week at 11", "2026-12-04 11:00"},
        {"last fri", "past"},
        {"tue 24 nov 10:30", "2026-11-24 10:30"},
        {"Tue 24 Nov 2026 10:30", "2026-11-24 10:30"},
        {"24 nov, tue, 10:30", "2026-11-24 10:30"},
        {"wed 24 nov 10:30", "is a Tue"},
        {"tue wed", "cannot read"},
        {"next tue next week", "cannot read"},
        /* dates */
        {"jan 12th, 9:30", "2027-01-12 09:30"},
        {"12th of january 2028", "2028-01-12 09:00"},
        {"12. jan. 10:00", "2027-01-12 10:00"},
        {"12-jan-2027 10:00", "2027-01-12 10:00"},
        {"the 15th", "2026-12-15 09:00"},
        {"on the 30th at 3", "2026-11-30 15:00"},
        {"31st", "2026-12-31 09:00"},
        {"23.11. 15:00", "2026-11-23 15:00"},
        {"23.11. 9:00", "past"},
        {"22.11.", "2027-11-22 09:00"},
        {"12.1.27 9:00", "2027-01-12 09:00"},
        {"12. 1. 2027 9:00", "2027-01-12 09:00"},
        {"12.1. 15", "2027-01-12 15:00"},
        {"12.1", "2027-01-12 09:00"},
        {"9.30", "2026-11-24 09:30"},
        {"9.12", "unclear"},
        {"9.12. 9.12", "2026-12-09 09:12"},
        {"24/12", "2026-12-24 09:00"},
        {"12/24 10am", "2026-12-24 10:00"},
        {"12/12", "2026-12-12 09:00"},
        {"24/12/26", "2026-12-24 09:00"},
        {"24-12-2026", "2026-12-24 09:00"},
        {"2026/12/24", "2026-12-24 09:00"},
        {"2026-12-24", "2026-12-24 09:00"},
        {"2026-12-24 2pm", "2026-12-24 14:00"},
        {"2026-12-24T9:30", "2026-12-24 09:30"},
        {"24 dec 1700", "2026-12-24 17:00"},
        {"24 dec 2000", "past"},
        {"24 dec 2027", "2027-12-24 09:00"},
        {"24 dec 2027 1500", "2027-12-24 15:00"},
        {"29 feb", "2028-02-29 09:00"},
        {"29.2.2027", "there is no \"29 Feb 2027\""},
        {"30 feb", "there is no \"30 Feb\""},
        {"31.4.", "there is no \"31 Apr\""},
        {"2026-13-01", "there is no"},
        {"2026-11-22", "past"},
        {"1 jan 2020", "past"},
        {"jan", "cannot read"},
        {"jan 10:30", "cannot read"},
        {"12-01", "cannot read"},
        {"next month", "2026-12-01 09:00"},
        {"next quarter", "2027-01-01 09:00"},
        {"day after tomorrow 10:00", "2026-11-25 10:00"},
        /* lengths of time */
        {"+1h30m", "2026-11-23 12:12"},
        {"+ 2 days", "2026-11-25 10:42"},
        {"2h", "2026-11-23 12:42"},
        {"30 min", "2026-11-23 11:12"},
        {"2 hours from now", "2026-11-23 12:42"},
        {"in 1.5 hours", "2026-11-23 12:12"},
        {"in an hour and a half", "2026-11-23 12:12"},
        {"in a couple of hours", "2026-11-23 12:42"},
        {"in 2 hours and 10 minutes", "2026-11-23 12:52"},
        {"in thirty minutes", "2026-11-23 11:12"},
        {"in 2 weeks", "2026-12-07 10:42"},
        {"in a month", "2026-12-23 10:42"},
        {"+3mo", "2027-02-23 10:42"},
        {"in 3 days at 9:00", "2026-11-26 09:00"},
        {"9:00 in 3 days", "2026-11-26 09:00"},
        {"+2d afternoon", "2026-11-25 14:00"},
        {"+1d2h", "2026-11-24 12:42"},
        {"+5bd", "2026-11-30 10:42"},
        {"+7bd 9:00", "2026-12-02 09:00"},
        {"next business day", "2026-11-24 09:00"},
        {"+0m", "2026-11-23 10:42"},
        {"-2h", "past"},
        {"2 hours ago", "past"},
        {"yesterday", "past"},
        {"+30", "cannot read"},
        {"in 10", "cannot read"},
        {"in", "cannot read"},
        {"+1.5d", "cannot read"},
        {"in 2 hours at 3", "cannot read"},
        {"tomorrow in 2 hours", "cannot read"},
        {"+99999999w", "cannot read"},
        /* what is none */
        {"", "cannot read"},
        {" ", "cannot read"},
        {"at", "cannot read"},
        {"on the", "cannot read"},
        {"tomorrow at", "cannot read"},
        {"tomorrow tomorrow", "cannot read"},
        {"tomorrow 3pm 4pm", "cannot read"},
        {"3pm now", "cannot read"},
        {"now now", "cannot read"},
        {"soon", "cannot read the time \"soon\""},
        {"tomorrow 3pm x", "cannot read"},
        {"x tomorrow 3pm", "cannot read"},
        {"between 2 and 4", "cannot read"},
        {"tomorrow 3pm EST", "cannot read"},
        {"2-4", "cannot read"},
        {"\xe6\x98\x8e\xe6\x97\xa5", "\xe6\x98\x8e\xe6\x97\xa5"},
        {"tom\x1b[31m", "tom?[31m"},
        {"\xff", "\"?\""},
        {"123456789012", "cannot read"},
        {"9999-12-31 23:59", "9999-12-31 23:59"},
    };
    struct when_context context = context_of("Europe/Berlin", "2026-11-23 10:42");
    check_rows(rows, COUNT(rows), &context);
}

TEST(when_follows_its_context)
{
    static const struct row month_first[] = {
        {"1/12", "2027-01-12 09:00"},        {"12/1", "2026-12-01 09:00"},  {"24/12", "2026-12-24 09:00"},
        {"1/12/27 3pm", "2027-01-12 15:00"}, {"12.1.", "2027-01-12 09:00"},
    };
    struct when_context us = context_of("America/New_York", "2026-11-23 10:42");
    us.month_first = true;
    check_rows(month_first, COUNT(month_first), &us);

    static const struct row past[] = {
        {"yesterday 16:00", "2026-11-22 16:00"},
        {"2 hours ago", "2026-11-23 08:42"},
        {"-2h", "2026-11-23 08:42"},
        {"last fri", "2026-11-20 09:00"},
        {"last mon 10:00", "2026-11-16 10:00"},
        {"9:00", "2026-11-23 09:00"},
        {"today 9:00", "2026-11-23 09:00"},
        {"23.11. 9:00", "2026-11-23 09:00"},
        {"2020-01-01", "2020-01-01 09:00"},
        {"1 jan 2020", "2020-01-01 09:00"},
        {"this week", "2026-11-23 09:00"},
        {"last week", "2026-11-16 09:00"},
        {"last month", "2026-10-01 09:00"},
        {"mon 10:00", "2026-11-30 10:00"},
        {"-3d", "2026-11-20 10:42"},
        {"fri last week", "2026-11-20 09:00"},
        {"tomorrow 3pm", "2026-11-24 15:00"},
        {"0001-01-01 12:00", "0001-01-01 12:00"},
        {"0001-01-01T00:00:00Z", "0001-01-01 00:53"},
    };
    struct when_context at = context_of("Europe/Berlin", "2026-11-23 10:42");
    at.allow_past = true;
    check_rows(past, COUNT(past), &at);

    /* a day that begins at seven, and one that never ends */
    static const struct row early[] = {{"tomorrow 7", "2026-11-24 07:00"},
                                       {"tomorrow 7:30", "2026-11-24 07:30"},
                                       {"tomorrow 6:30", "2026-11-24 18:30"},
                                       {"tomorrow", "2026-11-24 07:00"},
                                       {"tomorrow morning", "2026-11-24 07:00"}};
    struct when_context c = context_of("Europe/Berlin", "2026-11-23 10:42");
    c.day_start_min = 7 * 60;
    check_rows(early, COUNT(early), &c);
    static const struct row always[] = {{"tomorrow at 3", "2026-11-24 15:00"},
                                        {"tomorrow", "2026-11-24 00:00"},
                                        {"tomorrow morning", "2026-11-24 09:00"},
                                        {"eod", "2026-11-24 00:00"}};
    c.day_start_min = 0;
    c.day_end_min = 24 * 60;
    check_rows(always, COUNT(always), &c);

    /* late, at a weekend */
    static const struct row saturday[] = {
        {"eod", "past"},
        {"tonight", "past"},
        {"noon", "2026-11-29 12:00"},
        {"+1bd", "2026-11-30 22:00"},
        {"+2bd 9:00", "2026-12-01 09:00"},
        {"next business day", "2026-11-30 09:00"},
        {"next week", "2026-11-30 09:00"},
        {"next tue", "2026-12-01 09:00"},
        {"sat", "2026-12-05 09:00"},
        {"eow", "2026-12-04 18:00"},
        {"tomorrow 9:00", "2026-11-29 09:00"},
    };
    c = context_of("Europe/Berlin", "2026-11-28 22:00");
    check_rows(saturday, COUNT(saturday), &c);
    static const struct row friday[] = {{"+1bd", "2026-11-30 10:00"}, {"+6bd", "2026-12-07 10:00"}};
    c = context_of("Europe/Berlin", "2026-11-27 10:00");
    check_rows(friday, COUNT(friday), &c);

    static const struct row end_of_year[] = {
        {"1.1. 10:00", "2027-01-01 10:00"}, {"fri", "2027-01-01 09:00"},          {"in a month", "2027-01-31 10:00"},
        {"+2mo", "2027-02-28 10:00"},       {"next quarter", "2027-01-01 09:00"}, {"30.12.", "2027-12-30 09:00"},
        {"the 30th", "2027-01-30 09:00"},   {"in 14 months", "2028-02-29 10:00"},
    };
    c = context_of("Europe/Berlin", "2026-12-31 10:00");
    check_rows(end_of_year, COUNT(end_of_year), &c);

    /* now is another day in their zone */
    struct when_context tokyo = context_of("Asia/Tokyo", "2026-11-24 01:00");
    static const struct row there[] = {{"today 9:00", "2026-11-24 09:00"}, {"tomorrow", "2026-11-25 09:00"}};
    check_rows(there, COUNT(there), &tokyo);
}

TEST(when_says_how_it_was_given)
{
    static const struct {
        const char *words;
        bool instant, has_time;
    } rows[] = {
        {"+2h", true, true},
        {"in 20 min", true, true},
        {"now", true, true},
        {"2026-12-01T14:00Z", true, true},
        {"+2d", false, true},
        {"tomorrow", false, false},
        {"tomorrow 3pm", false, true},
        {"tue", false, false},
        {"next week", false, false},
        {"tomorrow morning", false, true},
        {"2026-12-01", false, false},
        {"2026-12-01 14:00", false, true},
        {"eod", false, true},
        {"12.1.", false, false},
        {"next business day", false, false},
    };
    struct when_context context = context_of("Europe/Berlin", "2026-11-23 10:42");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct when w;
        struct error err = {0};
        if (!when_parse(str_of(rows[i].words), &context, &w, &err))
            fail_msg("%s", err.text);
        if (w.instant != rows[i].instant || w.has_time != rows[i].has_time || w.fit != ZONE_ONCE)
            fail_msg("\"%s\": instant %d, has_time %d", rows[i].words, w.instant, w.has_time);
    }
}

TEST(when_leaves_everything_alone_on_failure)
{
    struct when_context context = context_of("Europe/Berlin", "2026-11-23 10:42");
    struct when w = {.at = 42, .has_time = true}, before = w;
    assert_false(when_parse(STR("never"), &context, &w, NULL));
    assert_memory_equal(&w, &before, sizeof w);
}

TEST(when_knows_gaps_and_folds)
{
    static const struct {
        const char *zone, *now, *words;
        enum zone_fit fit;
        const char *at;
    } rows[] = {
        {"Europe/Berlin", "2026-03-28 10:00", "tomorrow 02:30", ZONE_GAP, "2026-03-29T01:00:00Z"},
        {"Europe/Berlin", "2026-10-24 10:00", "tomorrow 02:30", ZONE_FOLD, "2026-10-25T00:30:00Z"},
        {"America/New_York", "2026-03-07 10:00", "2026-03-08 02:30", ZONE_GAP, "2026-03-08T07:00:00Z"},
        {"America/New_York", "2026-10-31 10:00", "+1d 01:30", ZONE_FOLD, "2026-11-01T05:30:00Z"},
        {"Europe/Berlin", "2026-03-28 02:30", "+1d", ZONE_GAP, "2026-03-29T01:00:00Z"},
        {"Europe/Berlin", "2026-03-28 10:00", "+1d", ZONE_ONCE, "2026-03-29T08:00:00Z"}, /* the clock, not 24 hours */
        {"Europe/Berlin", "2026-03-28 10:00", "+24h", ZONE_ONCE, "2026-03-29T09:00:00Z"},
        {"Pacific/Apia", "2011-12-29 10:00", "tomorrow 10:00", ZONE_GAP, "2011-12-30T10:00:00Z"},
        {"Asia/Riyadh", "2026-03-28 10:00", "tomorrow 02:30", ZONE_ONCE, "2026-03-28T23:30:00Z"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct when_context context = context_of(rows[i].zone, rows[i].now);
        struct when w;
        struct error err = {0};
        char text[ISO_SIZE];
        if (!when_parse(str_of(rows[i].words), &context, &w, &err))
            fail_msg("%s", err.text);
        iso_format(w.at, text);
        if (w.fit != rows[i].fit || strcmp(text, rows[i].at) != 0)
            fail_msg("%s \"%s\": fit %d, %s", rows[i].zone, rows[i].words, w.fit, text);
    }
    /* Inside a fold, the first of the two may be past and the second not. */
    struct when_context context = context_of("Europe/Berlin", "2026-10-25 02:45");
    struct when w;
    assert_true(when_parse(STR("today 02:30"), &context, &w, NULL));
    assert_int_equal(w.at, context.now + 45 * MINUTE_S);
}

/* `date -d` in the zone, or false if it refuses. */
static bool ask_date(const char *zone, const char *now, const char *words, char ret[40])
{
    char command[512];
    snprintf(command, sizeof command, "LC_ALL=C TZ='%s' date -d '%s %s' '+%%Y-%%m-%%d %%H:%%M' 2>/dev/null", zone, now,
             words);
    FILE *f = popen(command, "r");
    assert_non_null(f);
    bool ok = fgets(ret, 40, f) != NULL;
    pclose(f);
    ret[strcspn(ret, "\n")] = '\0';
    return ok;
}

TEST(when_agrees_with_date_where_both_read_the_words)
{
    /* GNU date takes days and units relative to the date in front; the clock time stands before the words. */
    static const char *const zone_names[] = {"Europe/Berlin", "America/New_York", "Asia/Kathmandu"};
    static const char *const days[] = {"2026-11-23", "2027-03-27", "2028-02-28", "2026-12-31"};
    static const struct {
        const char *ours, *theirs; /* theirs is appended to today's date */
    } rows[] = {
        {"tomorrow 15:04", "15:04 tomorrow"}, {"today 23:59", "23:59 today"},
        {"tomorrow 3pm", "3pm tomorrow"},     {"tomorrow 12am", "12am tomorrow"},
        {"tomorrow 12pm", "12pm tomorrow"},   {"tomorrow 11:30 p.m.", "11:30 p.m. tomorrow"},
        {"in 3 days", "10:42 3 days"},        {"+10d", "10:42 10 days"},
        {"in 2 weeks", "10:42 2 weeks"},      {"+36h", "10:42 today 36 hours"},
        {"90 min", "10:42 today 90 minutes"}, {"in a week", "10:42 1 week"},
    };
    static const char *const absolute[] = {
        "2029-12-01 14:00", "12 jan 2029 9:05am", "jan 12 2029 21:05",     "12-jan-2029 21:05",
        "2029/02/03 08:00", "jan 12, 2029 08:00", "tue 13 feb 2029 08:00", "2029-07-01 12pm",
    };
    char theirs[40], ours[40], line[128];
    for (size_t z = 0; z < COUNT(zone_names); z++)
        for (size_t d = 0; d < COUNT(days); d++) {
            snprintf(line, sizeof line, "%s 10:42", days[d]);
            struct when_context context = context_of(zone_names[z], line);
            for (size_t i = 0; i < COUNT(rows) + COUNT(absolute); i++) {
                const char *words = i < COUNT(rows) ? rows[i].ours : absolute[i - COUNT(rows)];
                struct when w;
                struct error err = {0};
                if (!when_parse(str_of(words), &context, &w, &err))
                    fail_msg("%s", err.text);
                wall_text(&w.wall, ours);
                const char *asked = i < COUNT(rows) ? rows[i].theirs : words;
                if (!ask_date(zone_names[z], i < COUNT(rows) ? days[d] : "", asked, theirs))
                    fail_msg("date refuses \"%s\"", asked);
                if (strcmp(ours, theirs) != 0)
                    fail_msg("%s %s \"%s\": %s, date says %s", zone_names[z], line, words, ours, theirs);
            }
        }
}

TEST(when_agrees_with_date_on_weekdays)
{
    /* A weekday beside a date means nothing to GNU date, so this one runs on the real day. */
    static const char *const names[] = {"mon", "tuesday", "wed", "thu", "friday", "sat", "sun"};
    const char *zone = "Asia/Kathmandu";
    for (size_t i = 0; i < COUNT(names); i++) {
        struct when_context context = {.zone = zone_of(zone), .day_start_min = 9 * 60, .day_end_min = 18 * 60};
        char words[32], ours[40], theirs[40];
        struct when w;
        struct error err = {0};
        struct civil today, after;
        snprintf(words, sizeof words, "%s 9:15", names[i]);
        do { /* again if midnight fell in between */
            context.now = time(NULL);
            today = zone_civil(context.zone, context.now);
            if (!when_parse(str_of(words), &context, &w, &err))
                fail_msg("%s", err.text);
            assert_true(ask_date(zone, "", words, theirs));
            after = zone_civil(context.zone, time(NULL));
        } while (after.day != today.day);
        enum weekday weekday;
        assert_true(weekday_parse(str_of(names[i]), &weekday));
        if (weekday == civil_weekday(&today)) /* date says today, also when that is past */
            continue;
        wall_text(&w.wall, ours);
        assert_string_equal(ours, theirs);
    }
}

TEST(when_text_reads_back)
{
    static const char *const zone_names[] = {"Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"};
    uint64_t seed = test_seed();
    for (int i = 0; i < 20000; i++) {
        struct when_context context = context_of(zone_names[i % 4], "2026-11-23 10:42");
        int64_t at = context.now + (int64_t)(test_random(&seed) % (5 * 366 * (uint64_t)DAY_S));
        struct civil wall = zone_civil(context.zone, at);
        at -= wall.second;
        if (at < context.now)
            continue;
        char text[WHEN_TEXT_SIZE];
        struct when w;
        struct error err = {0};
        when_text(context.zone, at, context.now, text);
        if (!when_parse(str_of(text), &context, &w, &err))
            fail_msg("%s: %s", text, err.text);
        if (w.at != at && w.fit != ZONE_FOLD)
            fail_msg("%s is %" PRId64 ", read as %" PRId64, text, at, w.at);
    }
}

TEST(when_texts_table)
{
    const struct zone *z = zone_of("Europe/Berlin");
    struct when_context c = context_of("Europe/Berlin", "2026-11-23 10:42");
    static const struct {
        const char *wall, *full, *brief;
    } rows[] = {
        {"2026-11-23 14:00", "Mon 23 Nov 14:00", "14:00"},
        {"2026-11-23 09:05", "Mon 23 Nov 09:05", "09:05"},
        {"2026-11-23 03:30", "Mon 23 Nov 03:30", "03:30"},
        {"2026-11-24 09:00", "Tue 24 Nov 09:00", "tomorrow 09:00"},
        {"2026-11-25 09:00", "Wed 25 Nov 09:00", "Wed 09:00"},
        {"2026-11-29 09:00", "Sun 29 Nov 09:00", "Sun 09:00"},
        {"2026-11-30 09:00", "Mon 30 Nov 09:00", "30 Nov"},
        {"2027-01-02 10:30", "Sat 2 Jan 2027 10:30", "2 Jan 2027"},
        {"2026-11-22 16:00", "Sun 22 Nov 16:00", "yesterday 16:00"},
        {"2026-11-19 16:00", "Thu 19 Nov 16:00", "19 Nov"},
        {"2025-11-19 00:00", "Wed 19 Nov 2025 00:00", "19 Nov 2025"},
    };
    char text[WHEN_TEXT_SIZE];
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct civil wall;
        int64_t at;
        assert_true(civil_parse(str_of(rows[i].wall), &wall, NULL));
        zone_instant(z, &wall, &at, NULL);
        when_text(z, at, c.now, text);
        assert_string_equal(text, rows[i].full);
        when_short(z, at, c.now, text);
        assert_string_equal(text, rows[i].brief);
    }
    when_text(z, AT_NONE, c.now, text);
    assert_string_equal(text, "");
    when_short(z, AT_NONE, c.now, text);
    assert_string_equal(text, "");
    when_text(z, INT64_MAX, INT64_MIN + 1, text);
    when_short(z, INT64_MIN + 1, INT64_MAX, text);

    static const struct {
        int64_t seconds;
        const char *text;
    } spans[] = {
        {0, "now"},      {59, "now"},      {60, "1 min"},     {3599, "59 min"},   {3600, "1 h"},
        {86399, "23 h"}, {86400, "1 day"}, {172799, "1 day"}, {172800, "2 days"}, {INT64_MAX, "106751991167300 days"},
    };
    for (size_t i = 0; i < COUNT(spans); i++) {
        when_span(spans[i].seconds, text);
        assert_string_equal(text, spans[i].text);
    }
}

TEST(when_since_looks_back)
{
    struct zone_table *table = zone_table_new(NULL);
    const struct zone *utc = zone_find(table, STR("UTC"), NULL);
    struct when_context context = {.zone = utc, .now = INT64_C(1795430520), .day_start_min = 0, .day_end_min = 1080}; /* Mon 2026-11-23 10:42 */
    static const struct {
        const char *words, *day;
    } rows[] = {{"mon", "2026-11-23T00:00:00Z"},  {"tue", "2026-11-17T00:00:00Z"},        {"yesterday", "2026-11-22T00:00:00Z"},
                {"16.11.", "2026-11-16T00:00:00Z"}, {"24.12.", "2025-12-24T00:00:00Z"},    {"today", "2026-11-23T00:00:00Z"},
                {"2026-11-02", "2026-11-02T00:00:00Z"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t at = 0;
        char text[ISO_SIZE];
        struct error err = {0};
        if (!when_since(str_of(rows[i].words), &context, &at, &err))
            fail_msg("%s: %s", rows[i].words, err.text);
        iso_format(at, text);
        if (strcmp(text, rows[i].day) != 0)
            fail_msg("%s: %s", rows[i].words, text);
    }
    int64_t at = 0;
    assert_true(when_since(STR("2027-01-01"), &context, &at, NULL));
    assert_true(at > context.now);
    zone_table_free(table);
}
