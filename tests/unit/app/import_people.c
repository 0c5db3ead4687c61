/* SPDX-License-Identifier: MIT */
/* Who is who: identity across files, what a file may change, and what it never may. */
#include "import_desk.h"

/* Two files, one after the other: how many people come of it? */
TEST(import_identity)
{
    static const struct {
        const char *why, *first, *second;
        size_t people;
    } rows[] = {
        {"the same record id, a corrected name", "Record ID,Name,Email\n7,Bob Smith,bob@example.com\n",
         "Record ID,Name,Email\n7,Robert Smith,bob@example.com\n", 1},
        {"the same record id, nothing else to say", "Record ID,Name\n7,Bob Smith\n", "Record ID,Name\n7,Robert Smith\n",
         1},
        {"a record id of the same program, everything else new", "Record ID,Name,Email\n1,Bob Smith,bob@example.com\n",
         "Record ID,Name,Email\n1,Ana Souza,ana@example.com\n", 1},
        {"a record id of another program", "Record ID,Name,Email\n1,Bob Smith,bob@example.com\n",
         "Lead Id,Name,Email\n1,Ana Souza,ana@example.com\n", 2},
        {"a record id of another program, a word of the name", "Record ID,Name,Email\n1,Bob Smith,bob@example.com\n",
         "Lead Id,Name,Email\n1,Robert Smith,rob@example.com\n", 1},
        {"the same mail in another case", "Name,Email\nBob Smith,Bob@Example.com\n",
         "Name,Email\nRobert Smith,bob@example.com\n", 1},
        {"a shared mailbox", "Name,Email\nBob Smith,info@example.com\n", "Name,Email\nAna Souza,info@example.com\n", 2},
        {"a shared mailbox, the same name", "Name,Email\nBob Smith,info@example.com\n",
         "Name,Email\nbob  SMITH,info@example.com\n", 1},
        {"two records with one mail and two names", "Record ID,Name,Email\n7,Bob,x@example.com\n",
         "Record ID,Name,Email\n8,Ana,x@example.com\n", 2},
        {"two programs, one person", "Record ID,Name,Email\n7,Bob,x@example.com\n",
         "Contact Id,Name,Email\nA7,Bob,x@example.com\n", 1},
        {"the same number and name, folded", "Name,Phone\nZoë Nguyễn,+12125550142\n",
         "Name,Phone\nZOE NGUYEN,(212) 555-0142\n", 1},
        {"the same number, another name", "Name,Phone\nBob Smith,+12125550142\n",
         "Name,Phone\nAna Souza,+12125550142\n", 2},
        {"the same number and name, another mail", "Name,Phone,Email\nBob,+12125550142,a@example.com\n",
         "Name,Phone,Email\nBob,+12125550142,b@example.com\n", 2},
        {"the same number and name, a mail on one side", "Name,Phone,Email\nBob,+12125550142,a@example.com\n",
         "Name,Phone\nBob,+12125550142\n", 1},
        {"a number whose row has no name", "Name,Phone\nBob,+12125550142\n", "Name,Phone\n,+12125550142\n", 1},
        {"a number that had no name", "Name,Phone\n,+12125550142\n", "Name,Phone\nBob,+12125550142\n", 1},
        {"a nameless number of a company line", "Name,Phone\nBob,+12125550142\nAna,+12125550142\n",
         "Name,Phone\n,+12125550142\n", 3},
        {"a nameless number of a company line, twice",
         "Name,Phone\nBob,+12125550142\nAna,+12125550142\n,+12125550142\n", "Name,Phone\n,+12125550142\n", 3},
        {"no key at all: the same row", "Name,Company\nBob,Acme\n", "Name,Company\nBob,Acme\n", 1},
        {"no key at all: another row", "Name,Company\nBob,Acme\n", "Name,Company\nBob,Initech\n", 2},
        {"Arabic, written two ways", "Name,Phone\nليلى حدّاد,+966501234567\n", "Name,Phone\nليلي حداد,+966501234567\n",
         1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct import_desk d;
        import_desk_open(&d, "identity.db", "US");
        import_text(&d, rows[i].first);
        int64_t first_rows = d.report.rows;
        assert_int_equal(d.report.added, first_rows);
        import_text(&d, rows[i].second);
        if (people_count(&d) != rows[i].people)
            fail_msg("%s: %zu people, not %zu", rows[i].why, people_count(&d), rows[i].people);
        import_text(&d, rows[i].second); /* whoever they were taken for, they are again */
        if (d.report.unchanged != d.report.rows)
            fail_msg("%s: the third time changes something", rows[i].why);
        must(store_check(d.store, NULL, NULL, err));
        import_desk_close(&d);
    }
}

/* A switchboard of a hundred: each is found again, and nobody is taken for another. */
TEST(import_finds_people_of_a_crowded_line)
{
    struct import_desk d;
    struct buf text;
    import_desk_open(&d, "crowd.db", "US");
    buf_init(&text);
    buf_add_text(&text, "Name,Phone\n");
    for (int i = 0; i < 100; i++)
        buf_printf(&text, "Person %d,+12125550142\n", i);
    buf_add_text(&text, ",+12125550142\n");
    import_text(&d, text.at);
    assert_counts(&d, 101, 101, 0, 0, 0);
    import_text(&d, text.at);
    assert_counts(&d, 101, 0, 0, 101, 0);
    buf_done(&text);
    import_desk_close(&d);
}

TEST(import_fills_replaces_and_never_blanks)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "update.db", "US");
    import_text(&d, "Record ID,Name,Title,City,Phone,Colour\n7,Bob Smith,CTO,Austin,+12125550142,red\n");
    import_text(&d, "Record ID,Name,Title,City,Phone,Colour,Email\n7,Bob Smith,CEO,,+13125550107,,bob@example.com\n");
    assert_counts(&d, 1, 0, 1, 0, 0);
    card_of(&d, person_of(&d, "Bob"), &a, &c);
    assert_str(c.title, "CEO");
    assert_str(c.city, "Austin");
    assert_str(attribute_of(&c, "Colour"), "red");
    assert_int_equal(c.phones_count, 2);
    assert_str(c.phones[0].e164, "+12125550142");
    assert_int_equal(c.mails_count, 1);
    struct {
        const char *field;
        int64_t count;
    } expected[] = {{"mail", 1}, {"phone", 1}, {"title", 1}};
    assert_int_equal(d.report.changes_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_str(d.report.changes[i].field, expected[i].field);
        assert_int_equal(d.report.changes[i].count, expected[i].count);
    }
    arena_done(&a);
    import_desk_close(&d);
}

/* A file that holds somebody twice, and not the same, reads the same twice. */
TEST(import_takes_the_first_of_two_rows)
{
    static const char text[] =
        "Record ID,Name,Title,City,Phone\n7,Bob,CTO,,+12125550142\n7,Bob,CEO,Austin,+12125550142\n";
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "twice.db", "US");
    import_text(&d, text);
    assert_counts(&d, 2, 1, 1, 0, 0);
    card_of(&d, person_of(&d, "Bob"), &a, &c);
    assert_str(c.title, "CTO");
    assert_str(c.city, "Austin");
    import_text(&d, text);
    assert_counts(&d, 2, 0, 0, 2, 0);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_keeps_what_a_person_corrected)
{
    static const char text[] = "Record ID,Name,Title,Company,Colour,Phone,Email\n"
                               "7,Bob Smith,CTO,Acme,red,+12125550142,bob@example.com\n";
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "edit.db", "US");
    import_text(&d, text);
    int64_t id = person_of(&d, "Bob");
    card_of(&d, id, &a, &c);
    must(prospect_edit(d.store, id, STR("title"), STR("Owner"), DESK_NOW, err));
    must(prospect_edit(d.store, id, STR("company"), STR(""), DESK_NOW, err));
    must(prospect_edit(d.store, id, STR("attribute:Colour"), STR("blue"), DESK_NOW, err));
    must(prospect_remove_phone(d.store, id, c.phones[0].id, DESK_NOW, err));
    import_text(&d, text);
    assert_counts(&d, 1, 0, 0, 1, 0);
    card_of(&d, id, &a, &c);
    assert_str(c.title, "Owner");
    assert_str(c.company, "");
    assert_str(attribute_of(&c, "Colour"), "blue");
    assert_int_equal(c.phones_count, 0);
    /* The correction is taken back: the file's word counts again. */
    struct undone u;
    for (int i = 0; i < 4; i++)
        must(undo_last(d.store, false, DESK_NOW, DESK_NOW, &a, &u, err));
    import_text(&d, "Record ID,Name,Title\n7,Bob Smith,President\n");
    assert_counts(&d, 1, 0, 1, 0, 0);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_leaves_done_and_bad_numbers_alone)
{
    static const char text[] = "Record ID,Name,Phone\n7,Bob,+12125550142\n8,Ana,+13125550107\n";
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "done.db", "US");
    import_text(&d, text);
    log_outcome(&d, person_of(&d, "Bob"), "not-interested");
    log_outcome(&d, person_of(&d, "Ana"), "out-of-service");
    import_text(&d, "Record ID,Name,Phone,Title\n7,Bob,+12125550142,CTO\n8,Ana,+13125550107,CEO\n");
    assert_counts(&d, 2, 0, 2, 0, 0);
    card_of(&d, person_of(&d, "Bob"), &a, &c);
    assert_int_equal(c.members[0].state, STATE_DONE);
    card_of(&d, person_of(&d, "Ana"), &a, &c);
    assert_true(c.phones[0].bad);
    assert_int_not_equal(c.members[0].state, STATE_READY);
    must(store_check(d.store, NULL, NULL, err));
    arena_done(&a);
    import_desk_close(&d);
}

/* A do-not-call binds at once, is never lifted by a file, and takes only the numbers that are theirs alone. */
TEST(import_do_not_call_binds_and_stays)
{
    static const char text[] = "Record ID,Name,Phone,Mobile,Do Not Call\n"
                               "7,Bob,+12125550142,+13125550107,1\n"
                               "8,Ana,+12125550142,,0\n"
                               "9,Eve,+14155550199,,\n";
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "dnc.db", "US");
    import_text(&d, text);
    assert_int_equal(d.report.suppressed, 1);
    card_of(&d, person_of(&d, "Bob"), &a, &c);
    assert_true(c.suppressed);
    assert_int_equal(c.members[0].state, STATE_SUPPRESSED);
    card_of(&d, person_of(&d, "Ana"), &a, &c);
    assert_false(c.suppressed);
    assert_int_equal(c.members[0].state, STATE_READY);
    assert_false(c.phones[0].suppressed);
    const struct suppress_row *rows;
    size_t count;
    must(suppress_check(d.store, STR("+13125550107"), &a, &rows, &count, err));
    assert_true(count > 0 && rows[0].scope == SCOPE_LINE);
    must(suppress_check(d.store, STR("+12125550142"), &a, &rows, &count, err));
    assert_int_equal(count, 0); /* the file speaks of Bob; the line is Ana's too */

    import_text(&d, text);
    assert_counts(&d, 3, 0, 0, 3, 0);
    assert_int_equal(d.report.suppressed, 0);
    import_text(&d, "Record ID,Name,Do Not Call\n7,Bob,0\n9,Eve,yes\n");
    assert_counts(&d, 2, 0, 1, 1, 0);
    assert_int_equal(d.report.suppressed, 1);
    card_of(&d, person_of(&d, "Bob"), &a, &c);
    assert_true(c.suppressed);
    card_of(&d, person_of(&d, "Eve"), &a, &c);
    assert_true(c.suppressed);
    must(store_check(d.store, NULL, NULL, err));

    /* A person lifted it, with a reason: the same file does not bring it back. */
    must(suppress_remove(d.store, STR("+14155550199"), STR("asked to be called"), DESK_NOW, err));
    card_of(&d, person_of(&d, "Eve"), &a, &c);
    assert_false(c.suppressed);
    import_text(&d, "Record ID,Name,Do Not Call\n9,Eve,yes\n");
    assert_counts(&d, 1, 0, 0, 1, 0);
    card_of(&d, person_of(&d, "Eve"), &a, &c);
    assert_false(c.suppressed);
    arena_done(&a);
    import_desk_close(&d);
}

/* A file's note is a note of the person, no attempt, and nothing that undo would take for the last thing done. */
TEST(import_note_is_a_note_and_no_act)
{
    static const char text[] = "Record ID,Name,Phone,Notes\n7,Bob,+12125550142,\"likes tea\nand quiet\"\n";
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "note.db", "US");
    import_text(&d, text);
    int64_t id = person_of(&d, "Bob");
    card_of(&d, id, &a, &c);
    assert_str(c.note, "likes tea\nand quiet");
    assert_int_equal(c.attempts, 0);
    assert_int_equal(c.touches_count, 1);
    struct undone u;
    struct error nothing = {0};
    assert_false(undo_last(d.store, false, DESK_NOW, DESK_NOW, &a, &u, &nothing));
    assert_int_equal(nothing.code, ERR_NOT_FOUND);
    const struct open_touch *open;
    size_t count;
    must(open_touches(d.store, &a, &open, &count, err));
    assert_int_equal(count, 0);
    import_text(&d, text);
    card_of(&d, id, &a, &c);
    assert_int_equal(c.touches_count, 1);
    import_text(&d, "Record ID,Name,Phone,Notes\n7,Bob,+12125550142,moved to Austin\n");
    assert_counts(&d, 1, 0, 1, 0, 0);
    card_of(&d, id, &a, &c);
    assert_int_equal(c.touches_count, 2);
    arena_done(&a);
    import_desk_close(&d);
}

/* The same people under another list: they join it, and count in both. */
TEST(import_joins_another_list)
{
    struct import_desk d;
    struct arena a = {0};
    const struct list_row *lists;
    size_t count;
    import_desk_open(&d, "lists.db", "US");
    import_text(&d, "Name,Phone\nBob,+12125550142\n");
    struct import_options o = import_desk_options(&d, test_path("leads.csv"));
    o.list = "Spring B2B";
    must(import_run(&d, &o, err));
    assert_counts(&d, 1, 0, 1, 0, 0);
    assert_str(d.report.list, "Spring B2B");
    must(lists_load(d.store, &a, &lists, &count, err));
    assert_int_equal(count, 2);
    assert_int_equal(lists[0].members, 1);
    assert_int_equal(lists[1].members, 1);
    must(import_run(&d, &o, err));
    assert_counts(&d, 1, 0, 0, 1, 0);
    arena_done(&a);
    import_desk_close(&d);
}
