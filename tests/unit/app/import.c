/* SPDX-License-Identifier: MIT */
/* Whole files, as people have them: the exports of the programs, twice, tried, taken back and read again. */
#include "import_desk.h"

#include <stdio.h>

static const struct {
    const char *file;
    const char *program;
    int64_t rows, rejected, suppressed;
} exports[] = {
    {DATA("exports/apollo.csv"), "Apollo", 40, 0, 0},
    {DATA("exports/google-contacts-2024.csv"), "Google Contacts", 40, 0, 0},
    {DATA("exports/hubspot-contacts.csv"), "HubSpot", 40, 0, 0},
    {DATA("exports/salesforce-lead-report.csv"), "Salesforce", 45, 5, 6},
};
enum { EXPORTS = sizeof exports / sizeof exports[0] };

TEST(import_reads_exports_twice)
{
    for (size_t i = 0; i < EXPORTS; i++) {
        struct import_desk d;
        struct buf first, second;
        buf_init(&first);
        buf_init(&second);
        import_desk_open(&d, "exports.db", "US");
        import_must(&d, exports[i].file);
        assert_counts(&d, exports[i].rows, exports[i].rows - exports[i].rejected, 0, 0, exports[i].rejected);
        assert_string_equal(d.report.program, exports[i].program);
        assert_int_equal(d.report.suppressed, exports[i].suppressed);
        assert_true(d.report.phones_rejected > 0);
        assert_int_equal(people_count(&d), exports[i].rows - exports[i].rejected);
        everybody(&d, &first);
        import_must(&d, exports[i].file);
        assert_counts(&d, exports[i].rows, 0, 0, exports[i].rows - exports[i].rejected, exports[i].rejected);
        everybody(&d, &second);
        assert_string_equal(first.at, second.at);
        must(store_check(d.store, NULL, NULL, err));
        buf_done(&first);
        buf_done(&second);
        import_desk_close(&d);
    }
}

/* Forty people on nine numbers: a company line is no person. */
TEST(import_keeps_people_of_company_lines_apart)
{
    struct import_desk d;
    import_desk_open(&d, "lines.db", "US");
    import_must(&d, DATA("exports/hubspot-contacts.csv"));
    assert_int_equal(people_count(&d), 40);
    struct arena a = {0};
    struct card card;
    int64_t id = person_of(&d, "p0@example.com");
    card_of(&d, id, &a, &card);
    assert_int_equal(card.phones_count, 1);
    assert_str(card.phones[0].e164, "+12125550142");
    assert_int_equal(card.phones[0].shared_with, 2);
    arena_done(&a);
    import_desk_close(&d);
}

/* One person, four programs: record ids, mails and names agree. */
TEST(import_finds_the_same_people_in_four_exports)
{
    struct import_desk d;
    import_desk_open(&d, "four.db", "US");
    for (size_t i = 0; i < EXPORTS; i++)
        import_must(&d, exports[i].file);
    assert_int_equal(people_count(&d), 40);
    import_desk_close(&d);
}

/* Every sample file reads the same twice, and takes itself back whole. */
TEST(import_samples_come_and_go)
{
    static const char *const files[] = {
        DATA("exports/google-contacts-older.csv"), DATA("exports/kundenliste.csv"),
        DATA("exports/linkedin-connections.csv"),  DATA("exports/no-header.csv"),
        DATA("exports/outlook-contacts.csv"),      DATA("exports/salesforce-leads-api.csv"),
        DATA("exports/vicidial-leads.csv"),
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct import_desk d;
        struct revert_result r;
        import_desk_open(&d, "samples.db", "DE");
        import_must(&d, files[i]);
        int64_t batch = d.report.batch, people = (int64_t)people_count(&d), suppressed = d.report.suppressed;
        if (d.report.added == 0 || d.report.added != people)
            fail_msg("%s: %lld added, %lld people", files[i], (long long)d.report.added, (long long)people);
        import_must(&d, files[i]);
        if (d.report.unchanged + d.report.rejected != d.report.rows)
            fail_msg("%s: the second time changes something", files[i]);
        int64_t again = d.report.batch;
        must(batch_revert(d.store, again, DESK_NOW, NULL, NULL, &r, err));
        assert_int_equal(r.removed, 0);
        must(batch_revert(d.store, batch, DESK_NOW, NULL, NULL, &r, err));
        assert_int_equal(r.removed, people - suppressed);
        assert_int_equal(people_count(&d), 0);
        must(store_check(d.store, NULL, NULL, err));
        import_desk_close(&d);
    }
}
