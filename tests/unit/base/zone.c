/* SPDX-License-Identifier: MIT */
#include "calldeck/zone.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct zone *need(struct zone_table *t, const char *name)
{
    struct error err = {0};
    const struct zone *z = zone_find(t, str_of(name), &err);
    if (z == NULL)
        fail_msg("%s", err.text);
    return z;
}

/* "2026-11-23T10:42:00Z" or "2026-11-23 10:42" */
static int64_t instant(const char *text)
{
    int64_t at;
    if (!iso_parse(str_of(text), &at))
        fail_msg("\"%s\" is no instant", text);
    return at;
}

static struct civil clock_time(const char *text)
{
    struct civil c;
    if (!civil_parse(str_of(text), &c, NULL))
        fail_msg("\"%s\" is no wall time", text);
    return c;
}

/* A TZif file as a list of bytes. */
static void put32(struct buf *b, int64_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)((uint64_t)n >> shift));
}

static void put64(struct buf *b, int64_t n)
{
    put32(b, (int64_t)((uint64_t)n >> 32));
    put32(b, n);
}

struct file {
    char version;
    size_t change_count;
    int64_t changes_at[8];
    unsigned char change_types[8];
    size_t type_count;
    struct {
        int32_t offset_s;
        unsigned char dst, abbr;
    } types[4];
    const char *abbrs; /* the final NUL belongs to it */
    size_t leap_count;
    struct {
        int64_t at;
        int32_t correction;
    } leaps[4];
    const char *footer; /* with its newlines; NULL: version 1 has none */
};

static void put_header(struct buf *b, const struct file *f, bool empty)
{
    buf_add_text(b, "TZif");
    buf_add_char(b, f->version);
    buf_add(b, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 15);
    put32(b, 0);
    put32(b, 0);
    put32(b, empty ? 0 : (int64_t)f->leap_count);
    put32(b, empty ? 0 : (int64_t)f->change_count);
    put32(b, empty ? 1 : (int64_t)f->type_count);
    put32(b, empty ? 1 : (int64_t)strlen(f->abbrs) + 1);
}

static void put_file(struct buf *b, const struct file *f)
{
    bool wide = f->version != '\0';
    buf_clear(b);
    if (wide) {
        put_header(b, f, true);
        buf_add(b, "\0\0\0\0\0\0\0", 7);
    }
    put_header(b, f, false);
    for (size_t i = 0; i < f->change_count; i++)
        (wide ? put64 : put32)(b, f->changes_at[i]);
    for (size_t i = 0; i < f->change_count; i++)
        buf_add_char(b, (char)f->change_types[i]);
    for (size_t i = 0; i < f->type_count; i++) {
        put32(b, f->types[i].offset_s);
        buf_add_char(b, (char)f->types[i].dst);
        buf_add_char(b, (char)f->types[i].abbr);
    }
    buf_add(b, f->abbrs, strlen(f->abbrs) + 1);
    for (size_t i = 0; i < f->leap_count; i++) {
        (wide ? put64 : put32)(b, f->leaps[i].at);
        put32(b, f->leaps[i].correction);
    }
    if (f->footer != NULL)
        buf_add_text(b, f->footer);
}

static struct zone *zone_of_footer(const char *rule, struct error *err)
{
    struct buf b, footer;
    buf_init(&b);
    buf_init(&footer);
    buf_printf(&footer, "\n%s\n", rule);
    struct file f = {.version = '3', .type_count = 1, .types = {{0, 0, 0}}, .abbrs = "XXX", .footer = footer.at};
    put_file(&b, &f);
    struct zone *z = zone_parse(rule, b.at, b.len, err);
    buf_done(&b);
    buf_done(&footer);
    return z;
}

/* All zone files below the directory, as names. */
struct names {
    char *name[1024];
    size_t count;
};

static void list_zones(const char *dir, const char *below, struct names *names)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, below);
    DIR *d = opendir(path);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        char name[300];
        if (e->d_name[0] < 'A' || e->d_name[0] > 'Z')
            continue;
        snprintf(name, sizeof name, "%s%s%.200s", below, below[0] ? "/" : "", e->d_name);
        snprintf(path, sizeof path, "%s/%s", dir, name);
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            list_zones(dir, name, names);
        else if (names->count < COUNT(names->name))
            names->name[names->count++] = strdup(name);
    }
    closedir(d);
}

static void use_tz(const char *tz)
{
    setenv("TZ", tz, 1);
    tzset();
}

/* Ours against what libc says with the TZ that is set. */
static void compare_with_libc(const struct zone *z, int64_t at)
{
    time_t t = (time_t)at;
    struct tm tm;
    const char *abbr;
    localtime_r(&t, &tm);
    int offset = zone_offset(z, at, &abbr);
    struct civil c = zone_civil(z, at);
    if (offset != tm.tm_gmtoff || strcmp(abbr, tm.tm_zone) != 0)
        fail_msg("%s at %" PRId64 ": %d %s, libc says %ld %s", zone_name(z), at, offset, abbr, tm.tm_gmtoff,
                 tm.tm_zone);
    if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday || c.hour != tm.tm_hour ||
        c.minute != tm.tm_min || c.second != tm.tm_sec)
        fail_msg("%s at %" PRId64 ": another wall time than libc", zone_name(z), at);
}

/* The same answer by trying every offset that is near. */
static void compare_with_naive_instant(const struct zone *z, const struct civil *wall)
{
    int64_t shown = civil_to_seconds(wall), found[8];
    int tried[64];
    size_t found_count = 0, tried_count = 0;
    for (int64_t at = shown - 27 * HOUR_S; at <= shown + 27 * HOUR_S; at += HOUR_S / 2) {
        int offset = zone_offset(z, at, NULL);
        size_t i = 0;
        while (i < tried_count && tried[i] != offset)
            i++;
        if (i < tried_count)
            continue;
        tried[tried_count++] = offset;
        if (zone_offset(z, shown - offset, NULL) == offset && found_count < COUNT(found))
            found[found_count++] = shown - offset;
    }
    int64_t first = INT64_MAX, last = INT64_MIN, got, second;
    for (size_t i = 0; i < found_count; i++) {
        first = found[i] < first ? found[i] : first;
        last = found[i] > last ? found[i] : last;
    }
    enum zone_fit fit = zone_instant(z, wall, &got, &second);
    enum zone_fit want = found_count == 0 ? ZONE_GAP : found_count == 1 ? ZONE_ONCE : ZONE_FOLD;
    bool ok = fit == want;
    if (fit == ZONE_GAP) {
        struct civil before = zone_civil(z, got - 1), after = zone_civil(z, got);
        ok = ok && second == got && civil_compare(&before, wall) < 0 && civil_compare(&after, wall) > 0;
    } else {
        ok = ok && got == first && second == last;
    }
    if (!ok)
        fail_msg("%s: %04d-%02d-%02d %02d:%02d:%02d fits %d as %" PRId64 " and %" PRId64 ", want %d", zone_name(z),
                 wall->year, wall->month, wall->day, wall->hour, wall->minute, wall->second, fit, got, second, want);
}

TEST(zone_agrees_with_libc_in_every_zone)
{
    enum { SAMPLES = 1700 }; /* a million in all */
    const int64_t from = instant("1900-01-01T00:00:00Z"), until = instant("2100-01-01T00:00:00Z");
    struct names names = {0};
    struct zone_table *t = zone_table_new("/usr/share/zoneinfo");
    uint64_t seed = test_seed();
    list_zones("/usr/share/zoneinfo", "", &names);
    assert_true(names.count > 300);
    for (size_t n = 0; n < names.count; n++) {
        const struct zone *z = need(t, names.name[n]);
        assert_string_equal(zone_name(z), names.name[n]);
        use_tz(names.name[n]);
        for (int i = 0; i < SAMPLES; i++)
            compare_with_libc(z, from + (int64_t)(test_random(&seed) % (uint64_t)(until - from)));
        /* and both sides of each change, which chance rarely meets */
        for (int64_t at = from; at < until; at += 15 * DAY_S) {
            int64_t low = at, high = at + 15 * DAY_S;
            int offset = zone_offset(z, low, NULL);
            if (zone_offset(z, high, NULL) == offset)
                continue;
            while (high - low > 1) {
                int64_t middle = low + (high - low) / 2;
                if (zone_offset(z, middle, NULL) == offset)
                    low = middle;
                else
                    high = middle;
            }
            compare_with_libc(z, low);
            compare_with_libc(z, high);
            if (n % 4 != 0)
                continue;
            int jump = abs(zone_offset(z, high, NULL) - offset);
            for (int i = 0; i < 5; i++) {
                struct civil wall =
                    civil_of_seconds(high + offset - jump + (int64_t)(test_random(&seed) % (unsigned)(2 * jump + 1)));
                compare_with_naive_instant(z, &wall);
            }
            struct civil edge = civil_of_seconds(high + offset);
            compare_with_naive_instant(z, &edge);
            edge = zone_civil(z, high);
            compare_with_naive_instant(z, &edge);
        }
        free(names.name[n]);
    }
    zone_table_free(t);
    use_tz("UTC");
}

TEST(zone_rule_agrees_with_libc)
{
    static const char *const rules[] = {
        "UTC0",
        "<+03>-3",
        "<-0330>3:30",
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "EST5EDT,M3.2.0,M11.1.0",
        "NZST-12NZDT,M9.5.0,M4.1.0/3",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "EET-2EEST,M3.4.4/50,M10.4.4/50",
        "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "AAA3BBB,J60/2,J300/2",
        "AAA3BBB,59/2,299/2",
        "AAA3BBB,J59,J61",
        "AAA-3:15:20BBB-4:16:21,M2.5.3/1:02:03,M8.1.6/12",
        "EST5EDT,M4.5.6/24,M9.1.1/25:30",
    };
    const int64_t from = instant("1971-01-01T00:00:00Z"), until = instant("2399-12-31T00:00:00Z");
    uint64_t seed = test_seed();
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct error err = {0};
        struct zone *z = zone_of_footer(rules[i], &err);
        if (z == NULL)
            fail_msg("%s: %s", rules[i], err.text);
        use_tz(rules[i]);
        for (int k = 0; k < 5000; k++)
            compare_with_libc(z, from + (int64_t)(test_random(&seed) % (uint64_t)(until - from)));
        for (int k = 0; k < 500; k++) {
            struct civil wall = civil_of_seconds(from + (int64_t)(test_random(&seed) % (uint64_t)(until - from)));
            compare_with_naive_instant(z, &wall);
        }
        zone_free(z);
    }
    use_tz("UTC");
}

TEST(zone_rule_reads_what_libc_does_not)
{
    static const struct {
        const char *rule, *at;
        int offset_s;
        const char *abbr;
    } rows[] = {
        /* daylight saving time all the year, as RFC 9636 writes it */
        {"XXX3EDT4,0/0,J365/23", "2026-01-01T03:59:59Z", -4 * HOUR_S, "EDT"},
        {"XXX3EDT4,0/0,J365/23", "2026-01-01T04:00:00Z", -4 * HOUR_S, "EDT"},
        {"XXX3EDT4,0/0,J365/23", "2024-12-31T23:30:00Z", -4 * HOUR_S, "EDT"},
        {"XXX3EDT4,0/0,J365/23", "2026-07-01T00:00:00Z", -4 * HOUR_S, "EDT"},
        /* a change that reaches a week into the next year, and back into the last one */
        {"AAA0BBB,J365/167,M6.1.0", "2027-01-05T00:00:00Z", 0, "AAA"},
        {"AAA0BBB,J365/167,M6.1.0", "2027-01-06T23:00:00Z", HOUR_S, "BBB"},
        {"AAA0BBB,M6.1.0,J1/-167", "2026-12-24T23:00:00Z", HOUR_S, "BBB"},
        {"AAA0BBB,M6.1.0,J1/-167", "2026-12-25T01:00:00Z", 0, "AAA"},
        /* none at all */
        {"AAA0BBB,M6.1.0/2,M6.1.0/3", "2026-06-07T02:00:00Z", 0, "AAA"},
        /* day 60 of a leap year, with and without counting February 29 */
        {"AAA0BBB,J60/0,J100", "2024-02-29T12:00:00Z", 0, "AAA"},
        {"AAA0BBB,J60/0,J100", "2024-03-01T12:00:00Z", HOUR_S, "BBB"},
        {"AAA0BBB,59/0,J100", "2024-02-29T12:00:00Z", HOUR_S, "BBB"},
        {"AAA0BBB,59/0,J100", "2023-03-01T00:00:00Z", HOUR_S, "BBB"},
        /* the ends of time */
        {"CET-1CEST,M3.5.0,M10.5.0/3", "9999-12-31T23:59:59Z", HOUR_S, "CET"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "0001-01-01T00:00:00Z", HOUR_S, "CET"},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "9999-07-01T00:00:00Z", 2 * HOUR_S, "CEST"},
        /* no days: those of today's United States (libc takes a file of that name) */
        {"EST5EDT", "2026-03-08T06:59:59Z", -5 * HOUR_S, "EST"},
        {"EST5EDT", "2026-03-08T07:00:00Z", -4 * HOUR_S, "EDT"},
        {"EST5EDT", "2026-11-01T06:00:00Z", -5 * HOUR_S, "EST"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct zone *z = zone_of_footer(rows[i].rule, &err);
        if (z == NULL)
            fail_msg("%s: %s", rows[i].rule, err.text);
        const char *abbr;
        int offset = zone_offset(z, instant(rows[i].at), &abbr);
        if (offset != rows[i].offset_s || strcmp(abbr, rows[i].abbr) != 0)
            fail_msg("%s at %s: %d %s", rows[i].rule, rows[i].at, offset, abbr);
        assert_int_equal(zone_offset(z, INT64_MAX, NULL), zone_offset(z, AT_MAX, NULL));
        zone_offset(z, INT64_MIN, NULL);
        struct civil first = {1, 1, 1, 0, 0, 0}, last = {9999, 12, 31, 23, 59, 59};
        compare_with_naive_instant(z, &first);
        compare_with_naive_instant(z, &last);
        zone_free(z);
    }
}

TEST(zone_rule_refuses_what_is_none)
{
    static const char *const rules[] = {
        "A0",
        "AB0",
        "ABC",
        "ABC25",
        "ABC0:60",
        "ABC0:00:60",
        "ABC0DEF,",
        "<+0>0",
        "<+03-3",
        "<+03>",
        "ABC0DEF,M3",
        "ABC0DEF,M3.5.0",
        "ABC0DEF,M13.1.0,M1.1.0",
        "ABC0DEF,M0.1.0,M1.1.0",
        "ABC0DEF,M1.0.0,M1.1.0",
        "ABC0DEF,M1.6.0,M1.1.0",
        "ABC0DEF,M1.1.7,M1.1.0",
        "ABC0DEF,J0,J1",
        "ABC0DEF,J366,J1",
        "ABC0DEF,366,1",
        "ABC0DEF,1/168,2",
        "ABC0DEF,1/,2",
        "ABC0DEF,1,2,3",
        "ABC0DEF,1,2x",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0",
        " ABC0",
        "ABC 0",
        "ABC0DEF1:",
        "ABC--1",
        "A1C0",
    };
    for (size_t i = 0; i < COUNT(rules); i++) {
        struct error err = {0};
        struct zone *z = zone_of_footer(rules[i], &err);
        if (z != NULL)
            fail_msg("\"%s\" was taken", rules[i]);
        assert_int_equal(err.code, ERR_DATA);
    }
}

TEST(zone_instant_table)
{
    static const struct {
        const char *zone, *wall;
        enum zone_fit fit;
        const char *at, *second;
    } rows[] = {
        {"Europe/Berlin", "2026-07-01 12:00", ZONE_ONCE, "2026-07-01T10:00:00Z", NULL},
        {"Europe/Berlin", "2026-03-29 01:59:59", ZONE_ONCE, "2026-03-29T00:59:59Z", NULL},
        {"Europe/Berlin", "2026-03-29 02:00", ZONE_GAP, "2026-03-29T01:00:00Z", NULL},
        {"Europe/Berlin", "2026-03-29 02:59:59", ZONE_GAP, "2026-03-29T01:00:00Z", NULL},
        {"Europe/Berlin", "2026-03-29 03:00", ZONE_ONCE, "2026-03-29T01:00:00Z", NULL},
        {"Europe/Berlin", "2026-10-25 01:59:59", ZONE_ONCE, "2026-10-24T23:59:59Z", NULL},
        {"Europe/Berlin", "2026-10-25 02:00", ZONE_FOLD, "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"},
        {"Europe/Berlin", "2026-10-25 02:30", ZONE_FOLD, "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"},
        {"Europe/Berlin", "2026-10-25 03:00", ZONE_ONCE, "2026-10-25T02:00:00Z", NULL},
        {"Europe/Berlin", "2090-03-26 02:30", ZONE_GAP, "2090-03-26T01:00:00Z", NULL},
        {"America/New_York", "2026-03-08 02:30", ZONE_GAP, "2026-03-08T07:00:00Z", NULL},
        {"America/New_York", "2026-11-01 01:30", ZONE_FOLD, "2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"},
        {"America/New_York", "2026-12-24 09:00", ZONE_ONCE, "2026-12-24T14:00:00Z", NULL},
        {"Australia/Lord_Howe", "2026-10-04 02:15", ZONE_GAP, "2026-10-03T15:30:00Z", NULL},
        {"Australia/Lord_Howe", "2026-10-04 02:30", ZONE_ONCE, "2026-10-03T15:30:00Z", NULL},
        {"Australia/Lord_Howe", "2026-04-05 01:45", ZONE_FOLD, "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"},
        {"Australia/Lord_Howe", "2026-04-05 02:00", ZONE_ONCE, "2026-04-04T15:30:00Z", NULL},
        {"Pacific/Apia", "2011-12-29 23:59:59", ZONE_ONCE, "2011-12-30T09:59:59Z", NULL},
        {"Pacific/Apia", "2011-12-30 00:00", ZONE_GAP, "2011-12-30T10:00:00Z", NULL},
        {"Pacific/Apia", "2011-12-30 12:00", ZONE_GAP, "2011-12-30T10:00:00Z", NULL},
        {"Pacific/Apia", "2011-12-31 00:00", ZONE_ONCE, "2011-12-30T10:00:00Z", NULL},
        {"Asia/Riyadh", "2026-03-29 02:30", ZONE_ONCE, "2026-03-28T23:30:00Z", NULL},
        {"Asia/Riyadh", "2050-10-30 02:30", ZONE_ONCE, "2050-10-29T23:30:00Z", NULL},
        {"Asia/Kathmandu", "2026-11-23 10:00", ZONE_ONCE, "2026-11-23T04:15:00Z", NULL},
        {"Asia/Kolkata", "2026-11-23 10:00", ZONE_ONCE, "2026-11-23T04:30:00Z", NULL},
        {"Pacific/Chatham", "2026-11-23 10:00", ZONE_ONCE, "2026-11-22T20:15:00Z", NULL},
        {"America/St_Johns", "2026-11-23 10:00", ZONE_ONCE, "2026-11-23T13:30:00Z", NULL},
        {"Africa/Cairo", "2026-04-24 00:30", ZONE_GAP, "2026-04-23T22:00:00Z", NULL},
        {"Europe/Dublin", "2026-03-29 01:30", ZONE_GAP, "2026-03-29T01:00:00Z", NULL},
        {"UTC", "2026-11-23 10:00", ZONE_ONCE, "2026-11-23T10:00:00Z", NULL},
    };
    struct zone_table *t = zone_table_new(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct zone *z = need(t, rows[i].zone);
        struct civil wall = clock_time(rows[i].wall);
        int64_t at, second, want = instant(rows[i].at);
        enum zone_fit fit = zone_instant(z, &wall, &at, &second);
        if (fit != rows[i].fit || at != want || second != (rows[i].second ? instant(rows[i].second) : want))
            fail_msg("%s %s: fit %d at %" PRId64 " and %" PRId64, rows[i].zone, rows[i].wall, fit, at, second);
        assert_int_equal(zone_instant(z, &wall, &at, NULL), fit);
        compare_with_naive_instant(z, &wall);
    }
    zone_table_free(t);
}

TEST(zone_day_start_table)
{
    static const struct {
        const char *zone, *at;
        int add_days;
        const char *start;
    } rows[] = {
        {"Asia/Riyadh", "2026-11-23T10:42:00Z", 0, "2026-11-22T21:00:00Z"},
        {"Asia/Riyadh", "2026-11-23T21:00:00Z", 0, "2026-11-23T21:00:00Z"},
        {"Asia/Riyadh", "2026-11-23T20:59:59Z", 1, "2026-11-23T21:00:00Z"},
        {"America/New_York", "2026-11-01T12:00:00Z", 1, "2026-11-02T05:00:00Z"}, /* a day of 25 hours */
        {"America/New_York", "2026-11-01T04:30:00Z", 0, "2026-11-01T04:00:00Z"},
        {"America/New_York", "2026-03-09T12:00:00Z", -1, "2026-03-08T05:00:00Z"},
        {"Africa/Cairo", "2026-04-24T10:00:00Z", 0, "2026-04-23T22:00:00Z"},   /* begins at 01:00 */
        {"Pacific/Apia", "2011-12-30T09:00:00Z", 1, "2011-12-30T10:00:00Z"},   /* the day that never was */
        {"America/Havana", "2026-11-01T12:00:00Z", 0, "2026-11-01T04:00:00Z"}, /* midnight twice: the first */
    };
    struct zone_table *t = zone_table_new(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t start = zone_day_start(need(t, rows[i].zone), instant(rows[i].at), rows[i].add_days);
        char text[ISO_SIZE];
        iso_format(start, text);
        if (strcmp(text, rows[i].start) != 0)
            fail_msg("%s %s %+d: %s", rows[i].zone, rows[i].at, rows[i].add_days, text);
    }
    zone_table_free(t);
}

TEST(zone_find_refuses_what_is_no_name)
{
    static const char *const names[] = {
        "",
        "/",
        "../x",
        "/etc/passwd",
        "Europe/../Europe/Berlin",
        "Europe//Berlin",
        "Europe/",
        ".hidden",
        "Europe/.x",
        "zone.tab",
        "tzdata.zi",
        "posix/Europe/Berlin",
        "posixrules",
        "localtime",
        "Europe",
        "America",
        "Nowhere/Land",
        "europe/berlin",
        "Asia/Ri\nyadh",
        "right/Europe/Berlin",
        "leapseconds",
        "A\x1b[31m",
        "Asia Riyadh",
        "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    struct zone_table *t = zone_table_new(NULL);
    for (int round = 0; round < 2; round++) /* the second time from memory */
        for (size_t i = 0; i < COUNT(names); i++) {
            struct error err = {0};
            if (zone_find(t, str_of(names[i]), &err) != NULL)
                fail_msg("\"%s\" was found", names[i]);
            assert_int_not_equal(err.code, ERR_NONE);
            for (const char *p = err.text; *p != '\0'; p++)
                if ((unsigned char)*p < ' ')
                    fail_msg("a control character in \"%s\"", err.text);
            assert_null(zone_find(t, str_of(names[i]), NULL));
        }
    assert_null(zone_find(t, str_make("Asia/Riyadh\0x", 13), NULL));
    assert_non_null(zone_find(t, str_make("Asia/Riyadhx", 11), NULL));
    zone_table_free(t);
    zone_table_free(NULL);
    zone_free(NULL);
}

TEST(zone_find_gives_one_pointer_and_leaves_err_alone)
{
    struct zone_table *t = zone_table_new(NULL);
    struct error err = {.text = "untouched"};
    const struct zone *z = zone_find(t, STR("Asia/Dubai"), &err);
    assert_non_null(z);
    for (int i = 0; i < 5000; i++) { /* more misses than are remembered */
        char name[32];
        snprintf(name, sizeof name, "Nowhere/N%d", i);
        assert_null(zone_find(t, str_of(name), NULL));
    }
    assert_ptr_equal(zone_find(t, STR("Asia/Dubai"), &err), z);
    assert_string_equal(err.text, "untouched");
    zone_table_free(t);
}

TEST(zone_utc_needs_no_file)
{
    struct zone_table *t = zone_table_new("/nonexistent");
    struct error err = {0};
    const char *abbr;
    assert_int_equal(zone_offset(need(t, "UTC"), 0, &abbr), 0);
    assert_string_equal(abbr, "UTC");
    assert_null(zone_find(t, STR("Asia/Dubai"), &err));
    assert_int_equal(err.code, ERR_IO);
    assert_null(zone_guess(t, STR("dubai"), &err));
    assert_non_null(zone_local(t));
    zone_table_free(t);
}

TEST(zone_find_reads_only_plain_small_files)
{
    struct zone_table *t = zone_table_new(test_dir());
    char *big = calloc(1, 300000);
    memcpy(big, "TZif2", 5);
    test_write_file(test_path("Big"), big, 300000);
    test_write_file(test_path("Empty"), "", 0);
    test_write_file(test_path("Text"), "Europe/Berlin\n", 14);
    assert_int_equal(mkfifo(test_path("Pipe"), 0600), 0);
    static const char *const names[] = {"Big", "Empty", "Text", "Pipe"};
    for (size_t i = 0; i < COUNT(names); i++) {
        struct error err = {0};
        assert_null(zone_find(t, str_of(names[i]), &err));
        assert_int_not_equal(err.code, ERR_NONE);
    }
    free(big);
    zone_table_free(t);
}

TEST(zone_local_follows_tz)
{
    static const struct {
        const char *tz, *name;
    } rows[] = {
        {"Asia/Dubai", "Asia/Dubai"},
        {":Asia/Dubai", "Asia/Dubai"},
        {"/usr/share/zoneinfo/Asia/Dubai", "Asia/Dubai"},
        {":/usr/share/zoneinfo/right/Asia/Dubai", "Asia/Dubai"},
        {"", "UTC"},
        {"UTC", "UTC"},
    };
    struct zone_table *t = zone_table_new("/usr/share/zoneinfo");
    for (size_t i = 0; i < COUNT(rows); i++) {
        setenv("TZ", rows[i].tz, 1);
        assert_string_equal(zone_name(zone_local(t)), rows[i].name);
    }
    static const char *const odd[] = {"CET-1CEST,M3.5.0,M10.5.0/3", "No/Such", "../../etc/passwd", "/etc/passwd"};
    for (size_t i = 0; i < COUNT(odd); i++) {
        setenv("TZ", odd[i], 1);
        assert_non_null(zone_local(t));
    }
    unsetenv("TZ");
    assert_non_null(zone_local(t));
    use_tz("UTC");
    zone_table_free(t);
}

TEST(zone_guess_table)
{
    static const struct {
        const char *words, *name; /* NULL: a question or a refusal, whose sentence has `says` */
        const char *says;
    } rows[] = {
        {"Asia/Dubai", "Asia/Dubai", NULL},
        {"asia/dubai", "Asia/Dubai", NULL},
        {"  dubai ", "Asia/Dubai", NULL},
        {"new york", "America/New_York", NULL},
        {"New_York", "America/New_York", NULL},
        {"america/new york", "America/New_York", NULL},
        {"AMERICA/NEW YORK", "America/New_York", NULL},
        {"los ang", "America/Los_Angeles", NULL},
        {"port au prince", "America/Port-au-Prince", NULL},
        {"st. john's", "America/St_Johns", NULL},
        {"s\xc3\xa3o paulo", "America/Sao_Paulo", NULL},
        {"Z\xc3\xbcrich", "Europe/Zurich", NULL},
        {"buenos aires", "America/Argentina/Buenos_Aires", NULL},
        {"ho chi minh", "Asia/Ho_Chi_Minh", NULL},
        {"singapore", "Asia/Singapore", NULL},
        {"riyadh", "Asia/Riyadh", NULL},
        {"jeddah", "Asia/Riyadh", NULL},
        {"EST", "America/New_York", NULL},
        {"pacific time", "America/Los_Angeles", NULL},
        {"utc", "UTC", NULL},
        {"utc+3", "Etc/GMT-3", NULL},
        {"+3", "Etc/GMT-3", NULL},
        {"gmt-05:00", "Etc/GMT+5", NULL},
        {"utc+0", "UTC", NULL},
        {"etc/gmt+3", "Etc/GMT+3", NULL},
        {"kentucky/louisville", "America/Kentucky/Louisville", NULL},
        {"louisville", "America/Kentucky/Louisville", NULL},
        {"+5:30", NULL, "city"},
        {"+15", NULL, "whole-hour"},
        {"indiana", NULL, "America/Indiana/"},
        {"mst", NULL, "America/Phoenix"},
        {"san", NULL, "several"},
        {"atlantis", NULL, "atlantis"},
        {"", NULL, "try"},
        {"x", NULL, "try"},
        {"\xff\xfe", NULL, "try"},
        {"\xe6\x9d\xb1\xe4\xba\xac", NULL, "\xe6\x9d\xb1\xe4\xba\xac"},
        {"a\x1b[31mb", NULL, "a?[31mb"},
    };
    struct zone_table *t = zone_table_new("/usr/share/zoneinfo");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        const struct zone *z = zone_guess(t, str_of(rows[i].words), &err);
        if (rows[i].name != NULL ? z == NULL || strcmp(zone_name(z), rows[i].name) != 0 : z != NULL)
            fail_msg("\"%s\" gives %s (%s)", rows[i].words, z ? zone_name(z) : "nothing", err.text);
        if (rows[i].says != NULL && strstr(err.text, rows[i].says) == NULL)
            fail_msg("\"%s\" says: %s", rows[i].words, err.text);
    }
    /* at most five are named */
    struct error err = {0};
    assert_null(zone_guess(t, STR("america"), &err));
    size_t commas = 0;
    for (const char *p = strstr(err.text, "which"); *p != '\0'; p++)
        commas += *p == ',';
    assert_int_equal(commas, 4);
    zone_table_free(t);
}

TEST(zone_guess_finds_every_full_name)
{
    struct names names = {0};
    list_zones("/usr/share/zoneinfo", "", &names);
    struct zone_table *t = zone_table_new("/usr/share/zoneinfo");
    for (size_t i = 0; i < names.count; i++) {
        char *name = names.name[i];
        if (strchr(name, '/') != NULL) {
            struct error err = {0};
            char *typed = strdup(name);
            for (char *p = typed; *p != '\0'; p++)
                *p = *p == '_' ? ' ' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
            const struct zone *z = zone_guess(t, str_of(typed), &err);
            if (z == NULL || strcmp(zone_name(z), name) != 0)
                fail_msg("\"%s\": %s", typed, z ? zone_name(z) : err.text);
            free(typed);
        }
        free(name);
    }
    zone_table_free(t);
}

TEST(zone_parse_reads_all_versions)
{
    struct buf b;
    buf_init(&b);
    for (size_t i = 0; i < 4; i++) {
        struct file f = {
            .version = "\0"
                       "234"[i],
            .change_count = 2,
            .changes_at = {1000, 2000},
            .change_types = {1, 0},
            .type_count = 2,
            .types = {{3600, 0, 0}, {7200, 1, 4}},
            .abbrs = "AAA\0BBB",
            .footer = i == 0 ? NULL : "\n\n",
        };
        put_file(&b, &f);
        /* the list of abbreviations has a NUL inside: put it in by hand */
        struct file g = f;
        g.abbrs = "AAA_BBB";
        put_file(&b, &g);
        for (size_t k = 0; k + 7 <= b.len; k++)
            if (memcmp(b.at + k, "AAA_BBB", 7) == 0)
                b.at[k + 3] = '\0';
        struct error err = {0};
        struct zone *z = zone_parse("X", b.at, b.len, &err);
        if (z == NULL)
            fail_msg("version %zu: %s", i, err.text);
        const char *abbr;
        assert_int_equal(zone_offset(z, INT64_MIN, NULL), 3600);
        assert_int_equal(zone_offset(z, 999, NULL), 3600);
        assert_int_equal(zone_offset(z, 1000, &abbr), 7200);
        assert_string_equal(abbr, "BBB");
        assert_int_equal(zone_offset(z, 1999, NULL), 7200);
        assert_int_equal(zone_offset(z, 2000, &abbr), 3600);
        assert_string_equal(abbr, "AAA");
        assert_int_equal(zone_offset(z, INT64_MAX, NULL), 3600);
        zone_free(z);
    }
    buf_done(&b);
}

TEST(zone_parse_takes_leap_seconds_off)
{
    struct buf b;
    buf_init(&b);
    struct file f = {
        .version = '2',
        .change_count = 3,
        .changes_at = {50, 1001, 2002},
        .change_types = {1, 0, 1},
        .type_count = 2,
        .types = {{0, 0, 0}, {3600, 1, 0}},
        .abbrs = "AAA",
        .leap_count = 2,
        .leaps = {{100, 1}, {1500, 2}},
        .footer = "\n\n",
    };
    put_file(&b, &f);
    struct zone *z = zone_parse("X", b.at, b.len, NULL);
    assert_non_null(z);
    assert_int_equal(zone_offset(z, 49, NULL), 0);
    assert_int_equal(zone_offset(z, 50, NULL), 3600);
    assert_int_equal(zone_offset(z, 999, NULL), 3600);
    assert_int_equal(zone_offset(z, 1000, NULL), 0);
    assert_int_equal(zone_offset(z, 1999, NULL), 0);
    assert_int_equal(zone_offset(z, 2000, NULL), 3600);
    zone_free(z);

    /* the "right" tree of Debian, if it is there, shows the same clock as the ordinary one, up to
     * the day on which its list of leap seconds expires: there the file ends without a rule */
    if (access("/usr/share/zoneinfo/right/Europe/Berlin", R_OK) == 0) {
        size_t len;
        char *data = test_read_file("/usr/share/zoneinfo/right/Europe/Berlin", &len);
        struct zone *right = zone_parse("X", data, len, NULL);
        assert_non_null(right);
        struct zone_table *t = zone_table_new("/usr/share/zoneinfo");
        const struct zone *plain = need(t, "Europe/Berlin");
        for (int64_t at = -2000000000; at < 1767225600; at += 1799)
            if (zone_offset(right, at, NULL) != zone_offset(plain, at, NULL))
                fail_msg("at %" PRId64, at);
        zone_table_free(t);
        zone_free(right);
    }
    buf_done(&b);
}

TEST(zone_parse_refuses_damage)
{
    const struct file good = {
        .version = '2',
        .change_count = 2,
        .changes_at = {1000, 2000},
        .change_types = {0, 1},
        .type_count = 2,
        .types = {{3600, 0, 0}, {7200, 1, 0}},
        .abbrs = "AAA",
        .footer = "\nAAA-1\n",
    };
    struct file bad[12];
    for (size_t i = 0; i < COUNT(bad); i++)
        bad[i] = good;
    bad[0].version = '1';
    bad[1].changes_at[1] = 1000;
    bad[2].changes_at[1] = 500;
    bad[3].change_types[1] = 2;
    bad[4].types[1].offset_s = 26 * HOUR_S;
    bad[5].types[1].offset_s = INT32_MIN;
    bad[6].types[1].dst = 2;
    bad[7].types[1].abbr = 4;
    bad[8].abbrs = "A\x1b[";
    bad[9].type_count = 0;
    bad[10].footer = "AAA-1\n";
    bad[11].footer = "\nAAA-1";
    struct buf b;
    buf_init(&b);
    put_file(&b, &good);
    struct zone *z = zone_parse("X", b.at, b.len, NULL);
    assert_non_null(z);
    zone_free(z);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct error err = {0};
        put_file(&b, &bad[i]);
        z = zone_parse("X", b.at, b.len, &err);
        if (z != NULL)
            fail_msg("row %zu was taken", i);
        assert_int_equal(err.code, ERR_DATA);
        assert_non_null(strstr(err.text, "\"X\""));
    }
    buf_done(&b);
}

TEST(zone_parse_survives_every_cut_and_flip)
{
    static const char *const paths[] = {"/usr/share/zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/Asia/Riyadh",
                                        "/usr/share/zoneinfo/Asia/Gaza"};
    uint64_t seed = test_seed();
    for (size_t i = 0; i < COUNT(paths); i++) {
        size_t len;
        char *data = test_read_file(paths[i], &len);
        for (size_t cut = 0; cut < len; cut++) {
            char *copy = malloc(cut ? cut : 1); /* so that a read past the end is seen */
            memcpy(copy, data, cut);
            struct error err = {0};
            assert_null(zone_parse("X", copy, cut, &err));
            assert_int_equal(err.code, ERR_DATA);
            free(copy);
        }
        for (int round = 0; round < 4000; round++) {
            char *copy = malloc(len);
            memcpy(copy, data, len);
            for (uint64_t flips = 1 + test_random(&seed) % 4; flips > 0; flips--)
                copy[test_random(&seed) % (round % 2 || len < 200 ? len : 200)] = (char)test_random(&seed);
            struct zone *z = zone_parse("X", copy, len, NULL);
            free(copy); /* the zone keeps nothing of it */
            if (z != NULL) {
                for (int k = 0; k < 4; k++) {
                    int64_t at = (int64_t)test_random(&seed), got;
                    int offset = zone_offset(z, at, NULL);
                    assert_true(offset > -25 * HOUR_S && offset < 26 * HOUR_S);
                    struct civil wall = zone_civil(z, at % INT64_C(5000000000));
                    assert_true(civil_valid(&wall));
                    zone_instant(z, &wall, &got, NULL);
                    zone_day_start(z, at, 1);
                }
            }
            zone_free(z);
        }
    }
}
