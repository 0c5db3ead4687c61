/* SPDX-License-Identifier: MIT */
/* The files in assets/zones: that ours are sound, and that broken ones do no harm. */
#include "calldeck/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/utf8.h"
#include "calldeck/zone.h"
#include "test.h"

/* Rows of a file, cut at the bars; comments left out. */
static bool row_next(struct str *rest, struct str fields[8])
{
    struct str line;
    while (str_next(rest, '\n', &line)) {
        if (line.len == 0 || line.at[0] == '#')
            continue;
        for (size_t i = 0; i < 8; i++)
            fields[i] = (struct str){NULL, 0};
        for (size_t i = 0; i < 8 && str_next(&line, '|', &fields[i]); i++)
            ;
        assert_int_equal(line.len, 0); /* no ninth field */
        return true;
    }
    return false;
}

TEST(facts_name_zones_that_this_machine_knows)
{
    struct zone_table *table = zone_table_new(NULL);
    static const struct {
        const char *file;
        size_t field, fields;
        char separator;
    } rows[] = {{"countries.txt", 4, 8, ','}, {"states.txt", 3, 4, ','}, {"phone-zones.txt", 1, 2, '&'}};
    for (size_t i = 0; i < 3; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/zones/%s", TEST_ASSETS, rows[i].file);
        size_t len;
        const char *text = test_read_file(path, &len);
        struct str rest = str_make(text, len), f[8], zone;
        int count = 0;
        while (row_next(&rest, f)) {
            assert_non_null(f[rows[i].fields - 1].at);
            assert_true(rows[i].fields == 8 || f[rows[i].fields].at == NULL);
            struct str zones = f[rows[i].field];
            while (zones.len > 0 && str_next(&zones, rows[i].separator, &zone)) {
                struct error err;
                if (zone_find(table, zone, &err) == NULL)
                    fail_msg("%s: %.*s: %s", rows[i].file, STR_ARG(zone), err.text);
                count++;
            }
        }
        assert_true(count > 200);
    }
    zone_table_free(table);
}

TEST(facts_give_no_name_to_two_countries)
{
    size_t len;
    const char *text = test_read_file(TEST_ASSETS "/zones/countries.txt", &len);
    struct phone_book *book = phone_book_new("/nowhere", TEST_ASSETS);
    struct str rest = str_make(text, len), f[8], name;
    int countries = 0, codes = 0;
    while (row_next(&rest, f)) {
        if (str_is(f[0], "--")) {
            codes++;
            continue;
        }
        countries++;
        char iso[REGION_SIZE];
        for (struct str names = f[2]; names.len > 0 && str_next(&names, ';', &name);) {
            if (!country_parse(book, name, iso) || !str_is(f[0], iso))
                fail_msg("\"%.*s\" of %.*s means %s", STR_ARG(name), STR_ARG(f[0]), iso);
        }
        assert_true(country_parse(book, f[0], iso) && str_is(f[0], iso));
        assert_true(utf8_valid(f[2]));
        char trunk[TRUNK_SIZE], international[INTERNATIONAL_SIZE];
        if (f[1].len > 0)
            assert_true(country_prefixes(book, iso, trunk, international) && str_is(f[5], trunk) && str_is(f[6], international));
    }
    assert_int_equal(countries, 252);
    assert_int_equal(codes, 9);
    phone_book_free(book);
}

TEST(facts_give_no_name_to_two_states_with_different_clocks)
{
    size_t len;
    const char *text = test_read_file(TEST_ASSETS "/zones/states.txt", &len);
    struct phone_book *book = phone_book_new("/nowhere", TEST_ASSETS);
    struct str rest = str_make(text, len), f[8], name;
    struct buf zones;
    buf_init(&zones);
    while (row_next(&rest, f)) {
        char iso[REGION_SIZE] = {f[0].at[0], f[0].at[1], '\0'};
        for (struct str names = f[2]; names.len > 0 && str_next(&names, ';', &name);) {
            place_zones(book, iso, name, &zones);
            if (!str_eq(buf_str(&zones), f[3]))
                fail_msg("%s \"%.*s\": %s", iso, STR_ARG(name), zones.at);
        }
        place_zones(book, iso, f[1], &zones);
        assert_true(str_eq(buf_str(&zones), f[3]));
    }
    buf_done(&zones);
    phone_book_free(book);
}

static const char *assets_of(const char *name, const char *countries, size_t countries_len, const char *states,
                             size_t states_len, const char *prefixes, size_t prefixes_len)
{
    const char *dir = test_path(name);
    char path[512];
    mkdir(dir, 0700);
    snprintf(path, sizeof path, "%s/zones", dir);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/zones/countries.txt", dir);
    test_write_file(path, countries, countries_len);
    snprintf(path, sizeof path, "%s/zones/states.txt", dir);
    test_write_file(path, states, states_len);
    snprintf(path, sizeof path, "%s/zones/phone-zones.txt", dir);
    test_write_file(path, prefixes, prefixes_len);
    return dir;
}

static void ask_everything(struct phone_book *book)
{
    struct buf zones;
    buf_init(&zones);
    char iso[REGION_SIZE], code[8], trunk[TRUNK_SIZE], international[INTERNATIONAL_SIZE];
    phone_zones(book, STR("+12125550142"), &zones);
    phone_zones(book, STR("+966501234567"), &zones);
    place_zones(book, "US", STR("TX"), &zones);
    place_zones(book, "SA", STR(""), &zones);
    country_parse(book, STR("Saudi Arabia"), iso);
    state_parse(book, "US", STR("Texas"), code);
    country_workdays(book, "SA");
    country_calling_code(book, "SA");
    country_prefixes(book, "SA", trunk, international);
    struct phone_number n;
    phone_parse(book, STR("+966501234567"), "SA", true, &n, NULL);
    buf_done(&zones);
}

TEST(facts_pass_over_rows_that_make_no_sense)
{
    static const char countries[] = "\n#\n|\n||||||||||||||\nS|966\nSAU|966|x\nsa|966|x\nSA|-1|wrong||Asia/Riyadh\nSA|1000|wrong\n"
                                    "SA|9x|wrong\nSA|99999999999999999999|wrong\n"
                                    "SA|966|Saudi Arabia;;;KSA|Sun-Thu,,Xyz-Foo,Fri-|Asia/Riyadh,,|0123456|00|9,x,-3,99\n"
                                    "US\nBR|55|Brazil|\x01|x|0|00|10\nQQ|800:1,,2|Q|-|,,,||\r\n";
    static const char states[] = "US|TX\nUS|TX|Texas|\nUS|TOOLONGCODE|Texas|America/Chicago\nUS|TX|Texas|America/Chicago|\n"
                                 "\nUS|NY|New York";
    static const char prefixes[] = "1|America/New_York\n12a|x\n|x\n1212|\n966|Asia/Riyadh&\n9999999999999999999|x\n12125|A&B&C&D&E";
    struct phone_book *book = phone_book_new("/nowhere", assets_of("odd", countries, sizeof countries - 1, states, sizeof states - 1,
                                                                 prefixes, sizeof prefixes - 1));
    ask_everything(book);
    struct buf zones;
    buf_init(&zones);
    assert_int_equal(phone_zones(book, STR("+12225550142"), &zones), 1);
    assert_string_equal(zones.at, "America/New_York");
    assert_int_equal(phone_zones(book, STR("+12125550142"), &zones), 0); /* five */
    assert_int_equal(phone_zones(book, STR("+966501234567"), &zones), 1);
    assert_int_equal(country_calling_code(book, "SA"), 966);
    assert_int_equal(place_zones(book, "US", STR("TX"), &zones), 1);
    assert_int_equal(country_workdays(book, "SA"), 1u << SUNDAY | 1u << MONDAY | 1u << TUESDAY | 1u << WEDNESDAY | 1u << THURSDAY);
    char trunk[TRUNK_SIZE], international[INTERNATIONAL_SIZE];
    assert_true(country_prefixes(book, "SA", trunk, international));
    assert_string_equal(trunk, ""); /* too long to be one */
    buf_done(&zones);
    phone_book_free(book);
}

TEST(facts_that_are_missing_or_garbage_are_no_facts)
{
    struct phone_book *book = phone_book_new("/nowhere", "/nowhere");
    char iso[REGION_SIZE];
    assert_false(country_parse(book, STR("Germany"), iso));
    ask_everything(book);
    phone_book_free(book);

    uint64_t seed = test_seed();
    size_t len[3];
    char *text[3];
    static const char *const files[] = {"countries.txt", "states.txt", "phone-zones.txt"};
    for (int round = 0; round < 30; round++) {
        for (int i = 0; i < 3; i++) {
            char path[512];
            snprintf(path, sizeof path, "%s/zones/%s", TEST_ASSETS, files[i]);
            text[i] = test_read_file(path, &len[i]);
            /* bytes changed, then cut anywhere */
            for (int n = 0; n < 200; n++)
                text[i][test_random(&seed) % len[i]] = "|;,\n\0:-9\xff&"[test_random(&seed) % 11];
            len[i] = (size_t)(test_random(&seed) % (len[i] + 1));
        }
        book = phone_book_new("/nowhere", assets_of("garbage", text[0], len[0], text[1], len[1], text[2], len[2]));
        ask_everything(book);
        phone_book_free(book);
    }
}

TEST(book_finds_its_module_and_facts_beside_the_program)
{
    unsetenv("CALLDECK_MODULES");
    unsetenv("CALLDECK_ASSETS");
    struct phone_book *book = phone_book_new(NULL, NULL); /* this test lies in the build tree's bin/ */
    struct phone_number n;
    struct error err = {0};
    if (!phone_parse(book, STR("(212) 555-0142"), "US", false, &n, &err))
        fail_msg("%s", err.text);
    assert_string_equal(phone_book_assets(book), TEST_PREFIX "/share/calldeck");
    assert_int_equal(country_calling_code(book, "SA"), 966);
    phone_book_free(book);

    setenv("CALLDECK_MODULES", "/nowhere", 1);
    setenv("CALLDECK_ASSETS", "/nowhere/assets", 1);
    book = phone_book_new(NULL, NULL);
    assert_false(phone_parse(book, STR("(212) 555-0142"), "US", false, &n, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_string_equal(phone_book_assets(book), "/nowhere/assets");
    phone_book_free(book);
    unsetenv("CALLDECK_MODULES");
    unsetenv("CALLDECK_ASSETS");
}
