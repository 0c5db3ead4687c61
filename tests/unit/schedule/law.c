/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "calldeck/law.h"
#include "test.h"
#include "world.h"

static struct law_book *shipped;

static void shipped_free(void)
{
    law_book_free(shipped);
}

static struct law_book *book(void)
{
    if (shipped == NULL) {
        shipped = law_book_new();
        atexit(shipped_free);
    }
    return shipped;
}

static struct place law_place(const char *zones, const char *country, const char *region)
{
    struct place place = place_in(zones, 0);
    const struct law *law = law_find(book(), str_of(country), str_of(region));
    if (law != NULL)
        place.laws[place.law_count++] = law;
    memcpy(place.holidays[0].country, country, 3);
    place.holidays[0].days = holidays_of(book(), str_of(country));
    place.holidays_count = 1;
    return place;
}

static struct policy always(bool consumer)
{
    struct policy p;
    policy_defaults(&p);
    assert_true(policy_set(&p, STR("hours"), STR("00:00-24:00"), NULL));
    p.consumer = consumer;
    p.registries[p.registries_count++] = (struct registry_date){.as_of_day = INT32_MAX - 1};
    return p;
}

/* ---- every row at its edges, against the rows themselves ---- */

static bool row_is_for(const struct law_row *row, const char *country, const char *region, bool consumer)
{
    return strcmp(row->country, country) == 0 && strcmp(row->region, region) == 0 &&
           (consumer ? row->consumer : row->business);
}

static bool row_inside(const struct law_row *row, int second)
{
    for (int i = 0; i < row->hours.count; i++)
        if (second >= row->hours.at[i].start_s && second < row->hours.at[i].end_s)
            return true;
    return false;
}

/* One level (a country or a state): *ret_some: it says something of that day. */
static bool level_open(const char *country, const char *region, bool consumer, int weekday, bool holiday, int day, int second,
                       bool *ret_some)
{
    size_t count;
    const struct law_row *rows = law_rows(book(), &count);
    bool open = true, dated_open = true;
    *ret_some = false;
    for (size_t i = 0; i < count; i++) {
        if (!row_is_for(&rows[i], country, region, consumer))
            continue;
        if (rows[i].from_day != LAW_DAY_NONE) {
            if (day >= rows[i].from_day && day <= rows[i].to_day && (rows[i].days >> weekday & 1u))
                dated_open = dated_open && row_inside(&rows[i], second);
        } else if ((rows[i].days >> weekday & 1u) != 0 || (holiday && rows[i].holiday)) {
            *ret_some = *ret_some || (rows[i].days >> weekday & 1u) != 0;
            open = open && row_inside(&rows[i], second);
        }
    }
    return open && dated_open;
}

static bool naive_law(const char *country, const char *region, bool consumer, struct holidays holidays, const struct zone *z,
                      int64_t at)
{
    struct civil c = zone_civil(z, at);
    int day = (int)civil_days(c.year, c.month, c.day), weekday = (int)civil_weekday(&c);
    int second = c.hour * HOUR_S + c.minute * MINUTE_S + c.second;
    bool holiday = holidays_has(holidays, day), some;
    bool open = level_open(country, "", consumer, weekday, holiday, day, second, &some);
    if (!some) /* India's Saturday: what the days that have rows have in common */
        for (int other = 0; other < 7; other++) {
            bool there, at_all = level_open(country, "", consumer, other, false, day, second, &there);
            open = open && (!there || at_all);
        }
    return open && (region[0] == '\0' || level_open(country, region, consumer, weekday, holiday, day, second, &some));
}

static const char *zone_for(const char *country, const char *region)
{
    static const char *const zones[][2] = {{"US", "America/New_York"}, {"CA", "America/St_Johns"}, {"GB", "Europe/London"},
                                           {"FR", "Europe/Paris"},     {"DE", "Europe/Berlin"},    {"ES", "Europe/Madrid"},
                                           {"AU", "Australia/Adelaide"}, {"AE", "Asia/Dubai"},     {"SA", "Asia/Riyadh"},
                                           {"BH", "Asia/Bahrain"},     {"QA", "Asia/Qatar"},       {"KW", "Asia/Kuwait"},
                                           {"EG", "Africa/Cairo"},     {"IN", "Asia/Kolkata"},     {"IT", "Europe/Rome"}};
    if (strcmp(region, "TX") == 0)
        return "America/Chicago";
    for (size_t i = 0; i < COUNT(zones); i++)
        if (strcmp(country, zones[i][0]) == 0)
            return zones[i][1];
    fail_msg("no zone for %s", country);
    return "";
}

/* Days to look at: a common week, the changes of the clocks of 2026 and 2027, holidays, the edges of dated rows. */
static size_t days_for(const struct law_row *row, int32_t *days, size_t most)
{
    static const char *const dates[] = {"2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21",
                                        "2026-11-22", "2026-03-08", "2026-11-01", "2026-03-29", "2026-10-25", "2026-04-05",
                                        "2026-10-04", "2026-04-24", "2026-10-29", "2026-10-30", "2027-03-14", "2027-03-28"};
    size_t count = 0;
    for (size_t i = 0; i < COUNT(dates); i++) {
        struct civil c;
        assert_true(civil_parse(str_of(dates[i]), &c, NULL));
        days[count++] = (int32_t)civil_days(c.year, c.month, c.day);
    }
    struct holidays holidays = holidays_of(book(), str_of(row->country));
    for (size_t i = 0; i < holidays.count && i < 12 && count < most; i++)
        days[count++] = holidays.days[i];
    if (row->from_day != LAW_DAY_NONE)
        for (int i = -1; i < 8 && count + 2 < most; i++) {
            days[count++] = row->from_day + i;
            days[count++] = row->to_day + 1 - i;
        }
    return count;
}

TEST(every_row_of_the_windows_at_its_edges)
{
    static const int around[] = {-MINUTE_S - 1, -MINUTE_S, -MINUTE_S + 1, -1, 0, 1, MINUTE_S};
    size_t count, looked = 0;
    const struct law_row *rows = law_rows(book(), &count);
    assert_true(count > 150);
    for (size_t r = 0; r < count; r++) {
        const struct law_row *row = &rows[r];
        struct place place = law_place(zone_for(row->country, row->region), row->country, row->region);
        const struct zone *z = place.zones[0];
        int32_t days[80];
        size_t days_count = days_for(row, days, COUNT(days));
        for (int consumer = 0; consumer < 2; consumer++) {
            struct policy p = always(consumer != 0);
            place.basis = BASIS_CONSENT;
            for (size_t d = 0; d < days_count; d++) {
                int64_t noon = days[d] * (int64_t)DAY_S + 12 * HOUR_S;
                int64_t midnight = zone_day_start(z, noon - zone_offset(z, noon, NULL), 0);
                int edges[2 * HOURS_MOST + 2] = {0, DAY_S}, edges_count = 2;
                for (int i = 0; i < row->hours.count; i++) {
                    edges[edges_count++] = row->hours.at[i].start_s;
                    edges[edges_count++] = row->hours.at[i].end_s;
                }
                for (int e = 0; e < edges_count; e++)
                    for (size_t k = 0; k < COUNT(around); k++) {
                        struct civil wall = zone_civil(z, midnight + HOUR_S * 6);
                        wall.hour = edges[e] == DAY_S ? 23 : edges[e] / HOUR_S;
                        wall.minute = edges[e] == DAY_S ? 59 : edges[e] / MINUTE_S % 60;
                        wall.second = 0;
                        int64_t at, second;
                        zone_instant(z, &wall, &at, &second);
                        at += around[k];
                        bool want = naive_law(row->country, row->region, consumer != 0, place.holidays[0].days, z, at) &&
                                    naive_law(row->country, row->region, consumer != 0, place.holidays[0].days, z, at + 60);
                        int64_t closes = AT_NONE, opens = AT_NONE;
                        bool open = window_open(&p, &place, at, &closes, &opens);
                        looked++;
                        if (open != want)
                            fail_msg("%s-%s %.*s, %s: %s, want %s", row->country, row->region, STR_ARG(row->day), shown(at),
                                     open ? "open" : "closed", want ? "open" : "closed");
                        assert_int_equal(law_open(&p, &place, at), want);
                    }
            }
        }
    }
    assert_true(looked > 50000);
}

TEST(the_law_says_when_it_opens)
{
    static const struct {
        const char *zones, *country, *region, *now;
        bool consumer, open;
        const char *edge; /* closes or opens */
    } rows[] = {
        /* received before 20:00: closes a minute early */
        {"America/New_York", "US", "FL", "2026-11-23T19:58:59-05:00", true, true, "2026-11-23T20:00:00-05:00"},
        {"America/New_York", "US", "FL", "2026-11-23T19:59:00-05:00", true, false, "2026-11-24T08:00:00-05:00"},
        /* a state with no rows is the country */
        {"America/Los_Angeles", "US", "CA", "2026-11-23T20:30:00-08:00", true, true, "2026-11-23T21:00:00-08:00"},
        /* Alabama: neither on Sundays nor on holidays; Thanksgiving is one */
        {"America/Chicago", "US", "AL", "2026-11-22T12:00:00-06:00", true, false, "2026-11-23T08:00:00-06:00"},
        {"America/Chicago", "US", "AL", "2026-11-26T12:00:00-06:00", true, false, "2026-11-27T08:00:00-06:00"},
        /* Washington's rule is for consumers; a business there has the country's hours */
        {"America/Los_Angeles", "US", "WA", "2026-11-23T20:30:00-08:00", true, false, "2026-11-24T08:00:00-08:00"},
        {"America/Los_Angeles", "US", "WA", "2026-11-23T20:30:00-08:00", false, true, "2026-11-23T21:00:00-08:00"},
        /* France: lunch, weekends, a holiday on a Wednesday */
        {"Europe/Paris", "FR", "", "2026-11-23T12:30:00+01:00", false, true, "2026-11-23T13:00:00+01:00"},
        {"Europe/Paris", "FR", "", "2026-11-23T13:30:00+01:00", false, false, "2026-11-23T14:00:00+01:00"},
        {"Europe/Paris", "FR", "", "2026-11-27T19:59:30+01:00", false, false, "2026-11-30T10:00:00+01:00"},
        {"Europe/Paris", "FR", "", "2026-11-11T11:00:00+01:00", false, false, "2026-11-12T10:00:00+01:00"},
        /* Friday prayer and Ramadan, and both */
        {"Asia/Dubai", "AE", "", "2026-11-27T12:30:00+04:00", false, false, "2026-11-27T14:00:00+04:00"},
        {"Asia/Dubai", "AE", "", "2026-03-02T09:30:00+04:00", false, false, "2026-03-02T10:00:00+04:00"},
        {"Asia/Dubai", "AE", "", "2026-03-06T11:40:00+04:00", false, false, "2026-03-06T14:00:00+04:00"},
        /* half an hour off, and a window that ends on one */
        {"America/St_Johns", "CA", "", "2026-11-23T21:20:00-03:30", true, true, "2026-11-23T21:30:00-03:30"},
        {"Asia/Kolkata", "IN", "", "2026-11-23T18:59:30+05:30", true, false, "2026-11-24T10:00:00+05:30"},
        /* two zones: both must be open */
        {"America/Chicago,America/Denver", "US", "SD", "2026-11-23T08:30:00-06:00", true, false, "2026-11-23T09:00:00-06:00"},
        /* no rows at all: the list's hours */
        {"Asia/Tokyo", "JP", "", "2026-11-24T03:00:00+09:00", true, true, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = law_place(rows[i].zones, rows[i].country, rows[i].region);
        struct policy p = always(rows[i].consumer);
        int64_t closes = AT_NONE, opens = AT_NONE;
        bool open = window_open(&p, &place, instant(rows[i].now), &closes, &opens);
        if (open != rows[i].open)
            fail_msg("row %zu is %s", i, open ? "open" : "closed");
        assert_at(open ? closes : opens, instant(rows[i].edge), i);
        p.windows = false;
        assert_true(window_open(&p, &place, instant(rows[i].now), NULL, NULL));
    }
}

TEST(two_laws_hold_both)
{
    struct place place = law_place("America/New_York", "US", "FL");
    place.laws[place.law_count++] = law_find(book(), STR("US"), STR("TX"));
    struct policy p = always(true);
    assert_false(window_open(&p, &place, instant("2026-11-23T08:30:00-05:00"), NULL, NULL)); /* Texas from nine */
    assert_true(window_open(&p, &place, instant("2026-11-23T09:00:00-05:00"), NULL, NULL));
    assert_false(window_open(&p, &place, instant("2026-11-23T20:00:00-05:00"), NULL, NULL)); /* Florida until eight */
}

TEST(hours_of_a_list_only_narrow)
{
    struct place place = law_place("America/New_York", "US", "FL");
    struct policy p = always(true);
    assert_true(policy_set(&p, STR("hours"), STR("06:00-23:00"), NULL));
    assert_false(window_open(&p, &place, instant("2026-11-23T07:00:00-05:00"), NULL, NULL));
    assert_true(policy_set(&p, STR("hours"), STR("10:00-12:00"), NULL));
    assert_false(window_open(&p, &place, instant("2026-11-23T09:00:00-05:00"), NULL, NULL));
    assert_true(law_open(&p, &place, instant("2026-11-23T09:00:00-05:00")));
    struct gate_input in = {.due_at = AT_NONE, .asked_at = AT_NONE, .not_before = AT_NONE, .place = place};
    struct verdict v = callable(&in, &p, instant("2026-11-23T09:00:00-05:00"));
    assert_true(!v.yes && v.house_rule && v.cause == CAUSE_STATE);
    v = callable(&in, &p, instant("2026-11-23T07:00:00-05:00"));
    assert_true(!v.yes && !v.house_rule && v.cause == CAUSE_LAW_HOURS);
}

TEST(holidays_of_the_country_and_of_the_list)
{
    struct place place = law_place("Asia/Riyadh", "SA", "");
    struct policy p;
    policy_defaults(&p);
    p.consumer = false;
    place.workdays = SUN_THU;
    int64_t tuesday = instant("2026-11-24T10:00:00+03:00");
    assert_true(window_open(&p, &place, tuesday, NULL, NULL));
    assert_at(business_day_start(&p, &place, instant("2026-11-23T10:00:00+03:00"), 1), instant("2026-11-24T00:00:00+03:00"), 0);
    assert_true(policy_set(&p, STR("holiday"), STR("sa 2026-11-24, DE 2026-11-25"), NULL));
    assert_false(window_open(&p, &place, tuesday, NULL, NULL));
    assert_true(window_open(&p, &place, tuesday + DAY_S, NULL, NULL));
    assert_at(business_day_start(&p, &place, instant("2026-11-23T10:00:00+03:00"), 1), instant("2026-11-25T00:00:00+03:00"), 1);
    assert_true(policy_set(&p, STR("holiday"), STR("none"), NULL));
    assert_true(window_open(&p, &place, tuesday, NULL, NULL));
    /* national day, known without being said; whoever opens all days works on it */
    int64_t national = instant("2026-09-23T10:00:00+03:00");
    assert_false(window_open(&p, &place, national, NULL, NULL));
    assert_true(policy_set(&p, STR("days"), STR("all"), NULL));
    assert_true(window_open(&p, &place, national, NULL, NULL));
}

TEST(consent_and_registries_block_whatever_the_hour)
{
    static const struct {
        const char *country, *now;
        enum basis basis;
        const char *registry; /* as of; "" none */
        bool consumer;
        enum cause want;
    } rows[] = {
        {"FR", "2026-08-10T11:00:00+02:00", BASIS_NONE, "", true, CAUSE_STATE},
        {"FR", "2026-08-11T11:00:00+02:00", BASIS_NONE, "", true, CAUSE_CONSENT},
        {"FR", "2026-08-11T11:00:00+02:00", BASIS_RELATED, "", true, CAUSE_CONSENT},
        {"FR", "2026-08-11T11:00:00+02:00", BASIS_CONSENT, "", true, CAUSE_STATE},
        {"FR", "2026-08-11T11:00:00+02:00", BASIS_NONE, "", false, CAUSE_STATE},
        {"DE", "2026-11-23T11:00:00+01:00", BASIS_NONE, "", true, CAUSE_CONSENT},
        {"ES", "2023-06-28T11:00:00+02:00", BASIS_NONE, "", true, CAUSE_STATE},
        {"ES", "2023-06-29T11:00:00+02:00", BASIS_NONE, "", true, CAUSE_CONSENT},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_NONE, "", true, CAUSE_REGISTRY_MISSING},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_NONE, "", false, CAUSE_STATE},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_NONE, "2026-10-23", true, CAUSE_STATE},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_NONE, "2026-10-22", true, CAUSE_REGISTRY_OLD},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_RELATED, "", true, CAUSE_STATE},
        {"US", "2026-11-23T11:00:00-05:00", BASIS_CONSENT, "", true, CAUSE_STATE},
        {"CA", "2026-11-23T11:00:00-05:00", BASIS_NONE, "", true, CAUSE_REGISTRY_MISSING},
        {"SA", "2026-11-23T11:00:00+03:00", BASIS_NONE, "", true, CAUSE_STATE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = law_place(zone_for(rows[i].country, ""), rows[i].country, "");
        struct policy p;
        struct civil c;
        policy_defaults(&p);
        p.consumer = rows[i].consumer;
        place.basis = rows[i].basis;
        place.basis_until_day = (int32_t)civil_days(2026, 11, 23);
        if (rows[i].registry[0] != '\0') {
            assert_true(civil_parse(str_of(rows[i].registry), &c, NULL));
            p.registries[p.registries_count++] =
                (struct registry_date){.country = "US", .as_of_day = (int32_t)civil_days(c.year, c.month, c.day)};
        }
        enum cause cause = CAUSE_COUNT_;
        bool lawful = place_lawful(&p, &place, instant(rows[i].now), &cause);
        if (cause != rows[i].want || lawful != (cause == CAUSE_STATE))
            fail_msg("row %zu: %s, want %s", i, cause_name(cause), cause_name(rows[i].want));
        struct gate_input in = {.due_at = AT_NONE, .asked_at = AT_NONE, .not_before = AT_NONE, .place = place};
        struct verdict v = callable(&in, &p, instant(rows[i].now));
        if (!lawful) {
            assert_true(!v.yes && !v.house_rule && v.why == STATE_NO_CONSENT && v.cause == cause);
            assert_at(v.next_at, AT_NONE, i);
        } else {
            assert_true(v.why != STATE_NO_CONSENT);
        }
    }
}

TEST(calls_placed_count_in_rolling_windows)
{
    static const struct {
        const char *country, *region;
        const char *dials[5];
        const char *refused, *want;
        enum cause cause;
    } rows[] = {
        {"US", "FL", {"2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z"}, "", "", CAUSE_STATE},
        {"US", "FL", {"2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"}, "", "2026-11-24T10:00:00Z", CAUSE_LEGAL_CAP},
        {"US", "NY", {"2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z"}, "", "", CAUSE_STATE},
        {"AE", "", {"2026-11-23T10:00:00Z"}, "", "2026-11-24T10:00:00Z", CAUSE_LEGAL_CAP},
        {"AE", "", {"2026-11-22T09:00:00Z", "2026-11-23T10:00:00Z"}, "", "2026-11-29T09:00:00Z", CAUSE_LEGAL_CAP},
        {"AE", "", {"2026-11-22T09:00:00Z"}, "2026-11-22T09:00:00Z", "9999-12-31T23:59:59Z", CAUSE_REFUSAL},
        {"FR", "", {"2026-11-01T09:00:00Z", "2026-11-02T09:00:00Z", "2026-11-03T09:00:00Z", "2026-11-04T09:00:00Z"}, "",
         "2026-12-01T09:00:00Z", CAUSE_LEGAL_CAP},
        {"FR", "", {"2026-11-01T09:00:00Z"}, "2026-11-01T09:00:00Z", "2026-12-31T09:00:00Z", CAUSE_REFUSAL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct place place = law_place("UTC", rows[i].country, rows[i].region);
        struct policy p = always(true);
        int64_t dials[5];
        size_t count = 0;
        while (count < COUNT(dials) && rows[i].dials[count] != NULL) {
            dials[count] = instant(rows[i].dials[count]);
            count++;
        }
        enum cause cause;
        assert_at(legal_rest_until(&p, &place, &(struct dials){dials, NULL, count}, instant(rows[i].refused), &cause), instant(rows[i].want), i);
        assert_int_equal(cause, rows[i].cause);
        /* a due promise does not get past it either */
        if (rows[i].want[0] == '\0')
            continue;
        struct gate_input in = {.state = STATE_CALLBACK, .due_at = instant("2026-11-24T09:30:00Z"), .asked_at = instant("2026-11-24T09:30:00Z"),
                                .not_before = AT_NONE, .place = place, .legal_until = instant(rows[i].want), .legal_cause = cause};
        in.place.basis = BASIS_CONSENT;
        struct verdict v = callable(&in, &p, instant("2026-11-24T09:30:00Z"));
        assert_false(v.yes || v.house_rule);
    }
}

TEST(law_tables_name_the_line_that_makes_no_sense)
{
    static const struct {
        const char *windows, *rules, *holidays, *want;
    } rows[] = {
        {"h\nUS,*,mon-fri,08:00-21:00,both,s,2026-11-23,yes\n", "h\n", "h\n", ""},
        {"h\nUS,*,mon-fri,21:00-08:00,both,s,2026-11-23,yes\n", "h\n", "h\n", "windows line 2"},
        {"h\nUS,*,mon-fri,08:00-12:00 11:00-13:00,both,s,d,yes\n", "h\n", "h\n", "windows line 2"},
        {"h\nUS,*,someday,08:00-21:00,both,s,d,yes\n", "h\n", "h\n", "windows line 2"},
        {"h\nUSA,*,mon,08:00-21:00,both,s,d,yes\n", "h\n", "h\n", "windows line 2"},
        {"h\nUS,*,mon,08:00-21:00,both,s,d\n", "h\n", "h\n", "windows line 2"},
        {"h\nUS,*,2026-03-02..2026-03-01,08:00-21:00,both,s,d,no\n", "h\n", "h\n", "windows line 2"},
        {"h\n", "h\nUS,*,attempts,many,both,s,d,yes\n", "h\n", "rules line 2"},
        {"h\n", "h\nUS,*,attempts,3 in 25h,both,s,d,yes\n", "h\n", "rules line 2"},
        {"h\n", "h\n", "h\nUS,2026-02-30,x\n", "holidays line 2"},
        {"h\n", "h\n", "h\nUS,2026-02-03,x\nUS,2026-02-03,y\n", "holidays line 3"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {0};
        struct law_book *b = law_book_read(str_of(rows[i].windows), str_of(rows[i].rules), str_of(rows[i].holidays), &err);
        if ((b != NULL) != (rows[i].want[0] == '\0') || (b == NULL && strncmp(err.text, rows[i].want, strlen(rows[i].want)) != 0))
            fail_msg("row %zu: %s", i, b != NULL ? "read" : err.text);
        law_book_free(b);
    }
}

TEST(a_day_in_words)
{
    struct place place = law_place("America/New_York", "US", "FL");
    struct policy p = always(true);
    struct day_law days[PLACE_LAWS];
    struct buf out;
    buf_init(&out);
    assert_int_equal(law_for(&p, &place, place.zones[0], instant("2026-11-23T10:00:00-05:00"), days), 1);
    law_day_text(&days[0], false, &out);
    assert_string_equal(out.at, "US-FL mon-fri 08:00-20:00");
    buf_clear(&out);
    place = law_place("Europe/London", "GB", "");
    law_for(&p, &place, place.zones[0], instant("2026-11-22T10:00:00Z"), days);
    law_day_text(&days[0], false, &out);
    assert_string_equal(out.at, "GB sun closed (not verified)");
    buf_done(&out);
}

TEST(a_talk_is_no_try_where_the_law_counts_tries)
{
    struct place place = law_place("Asia/Dubai", "AE", "");
    struct policy p = always(true);
    const int64_t at[] = {instant("2026-11-23T08:00:00Z"), instant("2026-11-23T10:00:00Z")};
    static const bool answered[] = {false, true}, both[] = {true, true};
    assert_at(legal_rest_until(&p, &place, &(struct dials){at, answered, 2}, AT_NONE, NULL), instant("2026-11-24T08:00:00Z"), 0);
    assert_at(legal_rest_until(&p, &place, &(struct dials){at, both, 2}, AT_NONE, NULL), AT_NONE, 1);
    assert_at(legal_rest_until(&p, &place, &(struct dials){at, NULL, 2}, AT_NONE, NULL), instant("2026-11-29T08:00:00Z") + DAY_S, 2);
}
