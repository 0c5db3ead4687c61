/* SPDX-License-Identifier: MIT */
/* Where numbers and addresses lie, and when people there work. */
#include "calldeck/phone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "test.h"

static struct phone_book *book_new(void)
{
    return phone_book_new("/nowhere", TEST_ASSETS); /* facts need no module */
}

TEST(phone_zones_takes_the_longest_prefix)
{
    static const struct {
        const char *e164;
        int count;
        const char *zones;
    } rows[] = {
        {"+12125550142", 1, "America/New_York"},
        {"+14155550199", 1, "America/Los_Angeles"},
        {"+12082010000", 1, "America/Denver"},                      /* 1208201 */
        {"+12082990000", 2, "America/Boise,America/Los_Angeles"},   /* 12082 */
        {"+966501234567", 1, "Asia/Riyadh"},
        {"+4930901820", 1, "Europe/Berlin"},
        {"+18005550199", 0, ""}, /* toll-free: all of North America */
        {"+38343201234", 1, "Europe/Belgrade"}, /* Kosovo */
        {"+80012345678", 0, ""},
        {"+9991234567", 0, ""},
        {"12125550142", 0, ""},
        {"", 0, ""},
    };
    struct phone_book *book = book_new();
    struct buf zones;
    buf_init(&zones);
    buf_add_text(&zones, "left over");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int count = phone_zones(book, str_of(rows[i].e164), &zones);
        if (count != rows[i].count || strcmp(zones.at, rows[i].zones) != 0)
            fail_msg("%s: %d %s", rows[i].e164, count, zones.at);
    }
    buf_done(&zones);
    phone_book_free(book);
}

/* The fast search against the plain one: try every shorter beginning in the file itself. */
TEST(phone_zones_agrees_with_a_search_of_the_file)
{
    const char *file = test_read_file(TEST_ASSETS "/zones/phone-zones.txt", NULL);
    struct phone_book *book = book_new();
    struct buf got;
    buf_init(&got);
    uint64_t seed = test_seed();
    int found = 0;
    for (int n = 0; n < 400; n++) {
        /* a number that begins like some row */
        size_t start = (size_t)test_random(&seed) % strlen(file);
        const char *row = strchr(file + start, '\n');
        char number[32] = "+";
        size_t len = 1;
        for (const char *p = row != NULL ? row + 1 : "1"; *p >= '0' && *p <= '9' && len < 12; p++)
            number[len++] = *p;
        while (len < 13)
            number[len++] = (char)('0' + test_random(&seed) % 10);
        number[len] = '\0';
        const char *want = NULL;
        char line[32];
        for (size_t take = 12; take >= 1 && want == NULL; take--) {
            snprintf(line, sizeof line, "\n%.*s|", (int)take, number + 1);
            want = strstr(file, line);
            if (want != NULL)
                want += take + 2;
        }
        int count = phone_zones(book, str_of(number), &got);
        if (want == NULL)
            continue;
        char expect[2048];
        snprintf(expect, sizeof expect, "%.*s", (int)strcspn(want, "\r\n"), want);
        int parts = 1;
        for (char *p = expect; *p != '\0'; p++)
            if (*p == '&') {
                *p = ',';
                parts++;
            }
        assert_int_equal(count, parts > ZONES_MOST ? 0 : parts);
        assert_string_equal(got.at, parts > ZONES_MOST ? "" : expect);
        found++;
    }
    assert_true(found > 300);
    buf_done(&got);
    phone_book_free(book);
}

TEST(place_zones_by_country_and_state)
{
    static const struct {
        const char *country, *state;
        int count;
        const char *zones;
    } rows[] = {
        {"SA", "", 1, "Asia/Riyadh"},
        {"sa", "Riyadh Province", 1, "Asia/Riyadh"},
        {"DE", "Bayern", 1, "Europe/Berlin"},
        {"CN", "", 1, "Asia/Shanghai"},
        {"US", "", 0, ""},
        {"US", "Atlantis", 0, ""},
        {"US", "NY", 1, "America/New_York"},
        {"US", "California", 1, "America/Los_Angeles"},
        {"US", "TX", 2, "America/Chicago,America/Denver"},
        {"US", "Tenn.", 2, "America/New_York,America/Chicago"},
        {"US", "Indiana", 2, "America/Indiana/Indianapolis,America/Chicago"},
        {"US", "HI", 1, "Pacific/Honolulu"},
        {"CA", "", 0, ""},
        {"CA", "Québec", 3, "America/Toronto,America/Halifax,America/Blanc-Sablon"},
        {"AU", "NSW", 3, "Australia/Sydney,Australia/Broken_Hill,Australia/Lord_Howe"},
        {"BR", "", 4, "America/Sao_Paulo,America/Manaus,America/Rio_Branco,America/Noronha"},
        {"BR", "sao paulo", 1, "America/Sao_Paulo"},
        {"MX", "CDMX", 1, "America/Mexico_City"},
        {"RU", "Приморский край", 1, "Asia/Vladivostok"},
        {"ES", "", 2, "Europe/Madrid,Atlantic/Canary"},
        {"ES", "Las Palmas", 1, "Atlantic/Canary"},
        {"AQ", "", 0, ""},
        {"ZZ", "", 0, ""},
        {"", "NY", 0, ""},
        {"USA", "NY", 0, ""},
        {NULL, "NY", 0, ""},
    };
    struct phone_book *book = book_new();
    struct buf zones;
    buf_init(&zones);
    buf_add_text(&zones, "left over");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int count = place_zones(book, rows[i].country, str_of(rows[i].state), &zones);
        if (count != rows[i].count || strcmp(zones.at, rows[i].zones) != 0)
            fail_msg("%s %s: %d %s", rows[i].country, rows[i].state, count, zones.at);
    }
    buf_done(&zones);
    phone_book_free(book);
}

TEST(country_parse_reads_many_spellings)
{
    static const struct {
        const char *name, *iso;
    } rows[] = {
        {"Saudi Arabia", "SA"}, {"KSA", "SA"}, {"K.S.A.", "SA"}, {"SA", "SA"}, {"sau", "SA"}, {"SAUDI ARABIA", "SA"},
        {"Kingdom of Saudi Arabia", "SA"}, {"السعودية", "SA"}, {"المملكة العربية السعودية", "SA"},
        {"Deutschland", "DE"}, {"Germany", "DE"}, {"Allemagne", "DE"}, {"DEU", "DE"},
        {"USA", "US"}, {"U.S.A.", "US"}, {"U.S.", "US"}, {"u s a", "US"}, {"United States", "US"}, {"the United States", "US"},
        {"United States of America", "US"}, {"America", "US"}, {"美国", "US"}, {"الولايات المتحدة", "US"},
        {"UK", "GB"}, {"U.K.", "GB"}, {"England", "GB"}, {"Great Britain", "GB"}, {"GB", "GB"}, {"United  Kingdom ", "GB"},
        {"Türkiye", "TR"}, {"Turkiye", "TR"}, {"Turkey", "TR"}, {"Côte d'Ivoire", "CI"}, {"Cote d’Ivoire", "CI"},
        {"Österreich", "AT"}, {"Osterreich", "AT"}, {"España", "ES"}, {"Espana", "ES"}, {"Brasil", "BR"}, {"भारत", "IN"},
        {"日本", "JP"}, {"中国", "CN"}, {"香港", "HK"}, {"대한민국", "KR"}, {"South Korea", "KR"}, {"Россия", "RU"}, {"россия", "RU"},
        {"The Netherlands", "NL"}, {"Holland", "NL"}, {"UAE", "AE"}, {"U.A.E.", "AE"}, {"الإمارات", "AE"}, {"الامارات", "AE"},
        {"مصر", "EG"}, {"Czech Republic", "CZ"}, {"Kosovo", "XK"}, {"Puerto Rico", "PR"}, {"Georgia", "GE"},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char iso[REGION_SIZE] = "??";
        if (!country_parse(book, str_of(rows[i].name), iso) || strcmp(iso, rows[i].iso) != 0)
            fail_msg("\"%s\" is %s, not %s", rows[i].name, iso, rows[i].iso);
    }
    static const char *const bad[] = {"", " ", "Atlantis", "ZZ", "--", "x", "California", "U S", "\xff\xfe", "U"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char iso[REGION_SIZE] = "k";
        if (country_parse(book, str_of(bad[i]), iso) && strcmp(bad[i], "U S") != 0)
            fail_msg("\"%s\" is %s", bad[i], iso);
    }
    char long_name[5000];
    memset(long_name, 'a', sizeof long_name);
    char iso[REGION_SIZE];
    assert_false(country_parse(book, str_make(long_name, sizeof long_name), iso));
    assert_true(str_is(country_name(book, "sa"), "Saudi Arabia"));
    assert_int_equal(country_name(book, "zz").len, 0);
    phone_book_free(book);
}

TEST(state_parse_reads_many_spellings)
{
    static const struct {
        const char *country, *name, *code;
    } rows[] = {
        {"US", "Fla.", "FL"}, {"US", "Florida", "FL"}, {"us", "fl", "FL"}, {"US", "N.Y.", "NY"}, {"US", "New York", "NY"},
        {"US", "US-CA", "CA"}, {"US", "Calif.", "CA"}, {"US", "W. Va.", "WV"}, {"US", "D.C.", "DC"},
        {"US", "Washington, D.C.", "DC"}, {"US", "Washington", "WA"}, {"US", "VIRGINIA", "VA"}, {"US", "west virginia", "WV"},
        {"US", "North Carolina", "NC"}, {"US", "Kansas", "KS"}, {"US", "Arkansas", "AR"}, {"US", "PR", "PR"},
        {"CA", "Ontario", "ON"}, {"CA", "Quebec", "QC"}, {"CA", "B.C.", "BC"}, {"CA", "P.E.I.", "PE"},
        {"AU", "WA", "WA"}, {"AU", "New South Wales", "NSW"}, {"BR", "São Paulo", "SP"}, {"BR", "SP", "SP"},
        {"MX", "Nuevo Leon", "NLE"}, {"MX", "D.F.", "CMX"}, {"RU", "Москва", "MOW"}, {"RU", "Tatarstan", "TA"},
        {"ES", "Cataluña", "CT"}, {"ID", "Bali", "BA"}, {"CL", "Magallanes", "MA"},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char code[8] = "??";
        if (!state_parse(book, rows[i].country, str_of(rows[i].name), code) || strcmp(code, rows[i].code) != 0)
            fail_msg("%s \"%s\" is %s, not %s", rows[i].country, rows[i].name, code, rows[i].code);
    }
    char code[8];
    assert_false(state_parse(book, "US", STR("Ontario"), code));
    assert_false(state_parse(book, "US", STR(""), code));
    assert_false(state_parse(book, "US", STR("US-"), code));
    assert_false(state_parse(book, "ZZ", STR("NY"), code));
    assert_false(state_parse(book, "", STR("NY"), code));
    assert_false(state_parse(book, NULL, STR("NY"), code));
    phone_book_free(book);
}

TEST(all_states_of_the_union_are_there)
{
    static const char codes[] = "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM "
                                "NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI";
    struct phone_book *book = book_new();
    struct buf zones;
    buf_init(&zones);
    for (const char *p = codes;; p += 3) {
        char code[8];
        assert_true(state_parse(book, "US", str_make(p, 2), code));
        assert_int_equal(strncmp(code, p, 2), 0);
        assert_in_range(place_zones(book, "US", str_make(p, 2), &zones), 1, 2);
        if (p[2] == '\0')
            break;
    }
    buf_done(&zones);
    phone_book_free(book);
}

TEST(country_workdays_are_the_country_s_own)
{
    enum { MO = 1u << MONDAY, TU = 1u << TUESDAY, WE = 1u << WEDNESDAY, TH = 1u << THURSDAY, FR = 1u << FRIDAY,
           SAT = 1u << SATURDAY, SUN = 1u << SUNDAY };
    static const struct {
        const char *country;
        weekday_set days;
    } rows[] = {
        {"US", MO | TU | WE | TH | FR}, {"AE", MO | TU | WE | TH | FR}, {"ZZ", MO | TU | WE | TH | FR}, {"", MO | TU | WE | TH | FR},
        {"SA", SUN | MO | TU | WE | TH}, {"EG", SUN | MO | TU | WE | TH}, {"IL", SUN | MO | TU | WE | TH},
        {"AF", SAT | SUN | MO | TU | WE}, {"IR", SAT | SUN | MO | TU | WE | TH}, {"NP", SUN | MO | TU | WE | TH | FR},
        {"BN", MO | TU | WE | TH | SAT}, {"IN", MO | TU | WE | TH | FR | SAT}, {"sa", SUN | MO | TU | WE | TH},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (country_workdays(book, rows[i].country) != rows[i].days)
            fail_msg("%s: %x", rows[i].country, country_workdays(book, rows[i].country));
    phone_book_free(book);
}

TEST(countries_know_how_they_are_dialled)
{
    static const struct {
        const char *country;
        int code;
        const char *trunk, *international;
    } rows[] = {
        {"SA", 966, "0", "00"}, {"US", 1, "1", "011"}, {"JM", 1, "1", "011"}, {"DE", 49, "0", "00"}, {"IT", 39, "", "00"},
        {"RU", 7, "8", "810"}, {"KZ", 7, "8", "810"}, {"AU", 61, "0", "0011"}, {"HU", 36, "06", "00"}, {"JP", 81, "0", "010"},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char trunk[TRUNK_SIZE], international[INTERNATIONAL_SIZE];
        assert_int_equal(country_calling_code(book, rows[i].country), rows[i].code);
        assert_true(country_prefixes(book, rows[i].country, trunk, international));
        assert_string_equal(trunk, rows[i].trunk);
        assert_string_equal(international, rows[i].international);
    }
    char trunk[TRUNK_SIZE], international[INTERNATIONAL_SIZE];
    assert_false(country_prefixes(book, "AQ", trunk, international));
    assert_int_equal(country_calling_code(book, "AQ"), 0);
    assert_int_equal(country_calling_code(book, "--"), 0);
    phone_book_free(book);
}

TEST(phone_state_is_that_of_the_area_code)
{
    static const struct {
        const char *e164, *state;
    } rows[] = {{"+12125550142", "NY"}, {"+15125550101", "TX"}, {"+13055550100", "FL"}, {"+14165550100", "ON"},
                {"+12025550123", "DC"}, {"+18005550100", ""},   {"+17875550100", "PR"}, {"+442079460018", ""},
                {"+1212555014", ""},    {"", ""},               {"+11115550100", ""}};
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!str_is(phone_state(book, str_of(rows[i].e164)), rows[i].state))
            fail_msg("%s", rows[i].e164);
    phone_book_free(book);
    book = phone_book_new("/nowhere", "/nowhere");
    assert_true(str_is(phone_state(book, STR("+12125550142")), ""));
    phone_book_free(book);
}
