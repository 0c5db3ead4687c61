/* SPDX-License-Identifier: MIT */
/* Numbers as people and spreadsheets write them. */
#include "calldeck/phone.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static struct phone_book *book_new(void)
{
    return phone_book_new(TEST_PREFIX "/lib/calldeck", TEST_ASSETS);
}

TEST(phone_parse_reads_what_sheets_hold)
{
    static const struct {
        const char *text, *region, *e164, *country, *extension;
        bool valid;
    } rows[] = {
        /* the samples */
        {"(212) 555-0142", "US", "+12125550142", "US", "", true},
        {"+1 415 555 0199", "", "+14155550199", "US", "", true},
        {"'+12065550111'", "", "+12065550111", "US", "", true},
        {"312.555.0107 x12", "US", "+13125550107", "US", "12", true},
        {"+81 3-5550-0123", "US", "+81355500123", "JP", "", true},
        {"0015125550144", "US", "+15125550144", "US", "", true},
        /* what spreadsheets do */
        {"'+12065550111", "", "+12065550111", "US", "", true},
        {"=\"+12065550111\"", "", "+12065550111", "US", "", true},
        {"\xe2\x80\x99+12065550111", "", "+12065550111", "US", "", true},
        {"4155550199.0", "US", "+14155550199", "US", "", true},
        {"966501234567", "US", "+966501234567", "SA", "", true},
        {"966501234567", "", "+966501234567", "SA", "", true},
        {"966501234567", "FR", "+966501234567", "SA", "", true},
        {"966501234567", "SA", "+966501234567", "SA", "", true},
        {"12125550142", "GB", "+12125550142", "US", "", true},
        {"0014155550199", "DE", "+14155550199", "US", "", true},
        {"00966501234567", "", "+966501234567", "SA", "", true},
        {"0114930901820", "US", "+4930901820", "DE", "", true},
        {"0114640000", "SA", "+966114640000", "SA", "", true},
        /* trunk zeros, national forms */
        {"+49 (0)30 / 90 18 20", "", "+4930901820", "DE", "", true},
        {"+966 0501234567", "", "+966501234567", "SA", "", true},
        {"050 123 4567", "SA", "+966501234567", "SA", "", true},
        {"050-123-4567", "sa", "+966501234567", "SA", "", true},
        {"020 7946 0018", "GB", "+442079460018", "GB", "", true},
        {"020 7946 0018", "UK", "+442079460018", "GB", "", true},
        {"02 1234 5678", "IT", "+390212345678", "IT", "", true},
        {"8 (495) 123-45-67", "RU", "+74951234567", "RU", "", true},
        {"(11) 96123-4567", "BR", "+5511961234567", "BR", "", true},
        {"030/901820", "DE", "+4930901820", "DE", "", true},
        {"212/555-0142", "US", "+12125550142", "US", "", true},
        {"+800 1234 5678", "", "+80012345678", "", "", true},
        /* extensions */
        {"212-555-0142 ext. 345", "US", "+12125550142", "US", "345", true},
        {"212-555-0142 Extension 345", "US", "+12125550142", "US", "345", true},
        {"212-555-0142 x 345", "US", "+12125550142", "US", "345", true},
        {"212-555-0142 #345", "US", "+12125550142", "US", "345", true},
        {"030 901820 Durchwahl 12", "DE", "+4930901820", "DE", "12", true},
        {"tel:+1-212-555-0142;ext=9", "", "+12125550142", "US", "9", true},
        /* labels */
        {"Tel: +1 212 555 0142", "", "+12125550142", "US", "", true},
        {"Mobile (212) 555-0142", "US", "+12125550142", "US", "", true},
        {"(office) 212 555 0142", "US", "+12125550142", "US", "", true},
        {"+1 212 555 0142 (mobile)", "", "+12125550142", "US", "", true},
        {"+1 212 555 0142 - call after 5", "", "+12125550142", "US", "", true},
        {"212-555-0142 home", "US", "+12125550142", "US", "", true},
        {"1-800-FLOWERS", "US", "+18003569377", "US", "", true},
        /* scripts and marks */
        {"\xd9\xa0\xd9\xa5\xd9\xa0\xd9\xa1\xd9\xa2\xd9\xa3\xd9\xa4\xd9\xa5\xd9\xa6\xd9\xa7", "SA", "+966501234567", "SA", "", true},
        {"\xef\xbc\x8b\xef\xbc\x98\xef\xbc\x91 3 5550 0123", "", "+81355500123", "JP", "", true},
        {"\xe2\x80\xaa+966 50 123 4567\xe2\x80\xac", "", "+966501234567", "SA", "", true},
        {"+1\xc2\xa0" "212\xc2\xa0" "555\xc2\xa0" "0142", "", "+12125550142", "US", "", true},
        {"\x1b\x07(212) 555-0142", "US", "+12125550142", "US", "", true},
        /* possible, not valid: still dialled */
        {"(112) 555-0142", "US", "+11125550142", "US", "", false},
        {"+229 01 90 01 12 34", "", "+2290190011234", "BJ", "", false},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int twice = 0; twice < 2; twice++) { /* the second time from the cache */
            struct phone_number n;
            struct error err = {0};
            if (!phone_parse(book, str_of(rows[i].text), rows[i].region, false, &n, &err))
                fail_msg("%s", err.text);
            if (strcmp(n.e164, rows[i].e164) != 0)
                fail_msg("\"%s\" in \"%s\" is %s, not %s", rows[i].text, rows[i].region, n.e164, rows[i].e164);
            assert_string_equal(n.region, rows[i].country);
            assert_string_equal(n.extension, rows[i].extension);
            assert_int_equal(n.valid, rows[i].valid);
            assert_true(phone_is_e164(str_of(n.e164)));
            assert_int_not_equal(strlen(n.national), 0);
            assert_int_equal(err.code, ERR_NONE);
        }
    phone_book_free(book);
}

TEST(phone_parse_refuses_with_the_reason)
{
    static const struct {
        const char *text, *region, *says;
    } rows[] = {
        {"", "US", "is empty"},
        {"  ", "US", "is empty"},
        {"'", "US", "is empty"},
        {"n/a", "US", "has no digit"},
        {"-", "US", "has no digit"},
        {"4.15555E+09", "US", "was shortened by a spreadsheet"},
        {"4.15555e+9", "US", "was shortened by a spreadsheet"},
        {"9,66501E11", "SA", "was shortened by a spreadsheet"},
        {"'4E9", "US", "was shortened by a spreadsheet"},
        {"555-0100", "US", "lacks its area code"},
        {"555-0100 / 555-0101", "US", "\"555-0100 / 555-0101\""},
        {"(212) 555-0142", "", "needs a country"},
        {"(212) 555-0142", NULL, "needs a country"},
        {"(212) 555-0142", "ZZ", "needs a country"},
        {"+999 123 456 789", "", "no country's code"},
        {"+0501234567", "SA", "no country's code"},
        {"12", "US", "too short"},
        {"911", "US", "too short"},
        {"+1 212 555", "", "too short"},
        {"+1 212 555 01422", "", "too long"},
        {"212555014221255501422125550142", "US", "too long"},
        {"2024-03-10", "DE", "is a date"},
        {"2024-03-10 02:30", "US", "is a date"},
        {"Room 12, call 2125550142", "US", "has letters"},
        {"joe123@example.com", "US", "has letters"},
        {"=HYPERLINK(\"http://1\")", "US", ""},
        {"call me maybe", "US", "has no digit"},
        {"\xd9\x87\xd8\xa7\xd8\xaa\xd9\x81", "SA", "has no digit"},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct phone_number n = {.e164 = "kept"};
        struct error err = {0};
        if (phone_parse(book, str_of(rows[i].text), rows[i].region, true, &n, &err))
            fail_msg("\"%s\" was taken as %s", rows[i].text, n.e164);
        assert_int_equal(err.code, ERR_DATA);
        assert_int_equal(strncmp(err.text, "cannot be a number: \"", 21), 0);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("\"%s\" says: %s", rows[i].text, err.text);
        assert_string_equal(n.e164, "kept");
    }
    phone_book_free(book);
}

TEST(phone_parse_knows_types_and_national_forms)
{
    static const struct {
        const char *text;
        enum phone_type type;
        const char *national;
    } rows[] = {
        {"+966501234567", PHONE_MOBILE, "050 123 4567"}, {"+966114640000", PHONE_FIXED, "011 464 0000"},
        {"+12125550142", PHONE_FIXED_OR_MOBILE, "(212) 555-0142"}, {"+18005550199", PHONE_TOLL_FREE, "(800) 555-0199"},
        {"+4915123456789", PHONE_MOBILE, "01512 3456789"}, {"+449098790000", PHONE_PREMIUM, "0909 879 0000"},
        {"+447640123456", PHONE_PAGER, "076 4012 3456"}, {"+80012345678", PHONE_TOLL_FREE, "1234 5678"},
        {"+11125550142", PHONE_UNKNOWN, "1125550142"},
    };
    struct phone_book *book = book_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct phone_number n;
        assert_true(phone_parse(book, str_of(rows[i].text), "", false, &n, NULL));
        if (n.type != rows[i].type)
            fail_msg("%s is %s", rows[i].text, phone_type_name(n.type));
        assert_string_equal(n.national, rows[i].national);
    }
    phone_book_free(book);
}

TEST(phone_parse_of_hostile_bytes_stays_in_its_bounds)
{
    static const char pieces[][8] = {"+", "0", "5", "E", "x", "(", ")", "/", ";", "ext", "\xff", "\xd9\xa3", "\x1b", "#", "*",
                                     " ", "'", "=", "\"", "\xe2\x80\xae", ".", ",", "-", "9", "1", "212", "555", "0", "tel:"};
    struct phone_book *book = book_new();
    uint64_t seed = test_seed();
    for (int n = 0; n < 3000; n++) {
        char text[512];
        size_t len = 0;
        for (uint64_t count = test_random(&seed) % 40; count > 0; count--) {
            const char *piece = pieces[test_random(&seed) % (sizeof pieces / sizeof pieces[0])];
            memcpy(text + len, piece, strlen(piece));
            len += strlen(piece);
        }
        static const char *const regions[] = {"US", "SA", "DE", "", "zz", "U", "USA"};
        struct phone_number number;
        struct error err = {0};
        bool ok = phone_parse(book, str_make(text, len), regions[test_random(&seed) % 7], test_random(&seed) % 2, &number, &err);
        if (ok) {
            assert_true(phone_is_e164(str_of(number.e164)));
            assert_int_equal(strspn(number.extension, "0123456789"), strlen(number.extension));
        } else {
            assert_int_equal(err.code, ERR_DATA);
            for (const char *p = err.text; *p != '\0'; p++)
                assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
        }
    }
    phone_book_free(book);
}

TEST(phone_parse_says_when_the_module_cannot_be_used)
{
    struct phone_number n;
    struct error err = {0};
    struct phone_book *book = phone_book_new("/nowhere", TEST_ASSETS);
    assert_false(phone_parse(book, STR("(212) 555-0142"), "US", false, &n, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_non_null(strstr(err.text, "\"/nowhere/phone.so\" is missing"));
    /* what needs no module works on */
    assert_true(phone_parse(book, STR("+12125550142"), "US", true, &n, &err));
    phone_book_free(book);

    test_write_file(test_path("phone.so"), "not a library", 13);
    book = phone_book_new(test_dir(), TEST_ASSETS);
    for (int i = 0; i < 2; i++) {
        err = (struct error){0};
        assert_false(phone_parse(book, STR("(212) 555-0142"), "US", false, &n, &err));
        assert_int_equal(err.code, ERR_IO);
        assert_non_null(strstr(err.text, "install the package libphonenumber8"));
    }
    phone_book_free(book);
    phone_book_free(NULL);
}

/* Trusting and asking must come to the same answer on what is a number, for every calling code and length. */
TEST(trusted_numbers_are_those_that_the_module_calls_possible)
{
    struct phone_book *trusting = phone_book_new("/nowhere", TEST_ASSETS), *asking = book_new();
    int taken = 0;
    for (int code = 1; code < 1000; code++)
        for (int len = 3; len <= 13; len++) {
            char text[24];
            int at = snprintf(text, sizeof text, "+%d", code);
            if (at + len > 16 || at + len < 8)
                continue;
            memset(text + at, '2', (size_t)len);
            text[at + len] = '\0';
            struct buf pretty;
            buf_init(&pretty);
            phone_pretty(str_of(text), &pretty);
            bool is_code = pretty.at[at] == ' '; /* not code 1 and a digit, 20 and a digit, ... */
            buf_done(&pretty);
            if (!is_code)
                continue;
            struct phone_number a, b;
            bool facts = phone_parse(trusting, str_of(text), "", true, &a, NULL);
            bool module = phone_parse(asking, str_of(text), "", false, &b, NULL);
            /* some plans add an area code to a short number, which is then another number */
            module = module && strcmp(b.e164, text) == 0;
            bool known = code == 229; /* Benin's ten digits are newer than the library */
            if (facts != module && !known)
                fail_msg("%s: facts say %d, the module %d", text, facts, module);
            taken += facts;
            if (facts)
                assert_string_equal(a.e164, text);
        }
    assert_true(taken > 500);
    phone_book_free(trusting);
    phone_book_free(asking);
}

TEST(trusted_numbers_know_their_country)
{
    static const struct {
        const char *e164, *region, *national;
    } rows[] = {
        {"+12125550142", "US", "(212) 555-0142"}, {"+14165550142", "CA", "(416) 555-0142"},
        {"+18765550142", "JM", "(876) 555-0142"}, {"+17875550142", "PR", "(787) 555-0142"},
        {"+77012345678", "KZ", "8 701 234 5678"}, {"+74951234567", "RU", "8 495 123 4567"},
        {"+442079460018", "GB", "0207 946 0018"}, {"+441481256789", "GG", "0148 125 6789"},
        {"+966501234567", "SA", "050 123 4567"},  {"+390669812345", "VA", "066 981 2345"},
        {"+80012345678", "", "1234 5678"},        {"+5997123456789", "", ""},
    };
    struct phone_book *book = phone_book_new("/nowhere", TEST_ASSETS);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct phone_number n;
        bool ok = phone_parse(book, str_of(rows[i].e164), "", true, &n, NULL);
        assert_int_equal(ok, rows[i].national[0] != '\0');
        if (!ok)
            continue;
        if (strcmp(n.region, rows[i].region) != 0)
            fail_msg("%s is in %s", rows[i].e164, n.region);
        assert_string_equal(n.national, rows[i].national);
        assert_int_equal(n.type, PHONE_UNKNOWN);
        assert_false(n.valid);
    }
    phone_book_free(book);
}
