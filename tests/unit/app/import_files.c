/* SPDX-License-Identifier: MIT */
/* Files as they come: formats, headers and none, refused ones, and what becomes of single cells. */
#include "import_desk.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

static void import_bytes(struct import_desk *d, const void *data, size_t len)
{
    const char *path = test_path("leads.csv");
    test_write_file(path, data, len);
    import_must(d, path);
}

/* Row one of the file, as a person. */
static void first_card(struct import_desk *d, struct arena *a, struct card *c)
{
    card_of(d, 1, a, c);
}

TEST(import_reads_every_format)
{
    static const struct {
        const char *data;
        size_t len;
        const char *format;
    } rows[] = {
#define BYTES(text) text, sizeof(text) - 1
        {BYTES("Name,Phone\nZo\xc3\xab Lee,+12125550142\n"), "UTF-8, comma"},
        {BYTES("Name;Phone\r\nZo\xc3\xab Lee;+12125550142\r\n"), "UTF-8, semicolon"},
        {BYTES("Name\tPhone\rZo\xc3\xab Lee\t+12125550142"), "UTF-8, tab"},
        {BYTES("Name|Phone\nZo\xc3\xab Lee|+12125550142\n"), "UTF-8, bar"},
        {BYTES("Name;Phone\nZo\xeb Lee;+12125550142\n"), "windows-1252 (no UTF-8), semicolon"},
        {BYTES("\xff\xfeN\0a\0m\0e\0,\0P\0h\0o\0n\0e\0\n\0Z\0o\0\xeb\0 "
               "\0L\0e\0e\0,\0+\0001\0002\0001\0002\0005\0005\0005\0000\0001\0004\0002\0\n\0"),
         "UTF-16 LE, comma"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct import_desk d;
        struct arena a = {0};
        struct card c;
        import_desk_open(&d, "format.db", "US");
        import_bytes(&d, rows[i].data, rows[i].len);
        assert_counts(&d, 1, 1, 0, 0, 0);
        assert_str(d.report.format, rows[i].format);
        first_card(&d, &a, &c);
        assert_str(c.name, "Zoë Lee");
        assert_str(c.phones[0].e164, "+12125550142");
        import_bytes(&d, rows[i].data, rows[i].len);
        assert_counts(&d, 1, 0, 0, 1, 0);
        arena_done(&a);
        import_desk_close(&d);
    }
}

/* Refused: a sentence, the right code, and nothing changed. */
TEST(import_refuses_and_changes_nothing)
{
    static const struct {
        const char *why;
        const char *data;
        size_t len;
        enum error_code code;
        const char *said;
    } rows[] = {
        {"empty", BYTES(""), ERR_DATA, "empty"},
        {"blank lines alone", BYTES("\n\n\n"), ERR_DATA, "empty"},
        {"a NUL byte", BYTES("Name,Phone\nBob,+12125550142\nA\0na,+12125550143\n"), ERR_DATA, "zero byte"},
        {"a quote that is never closed", BYTES("Name,Phone\nBob,+12125550142\n\"Ana,+12125550143\n"), ERR_DATA,
         "line 3"},
        {"nothing to name or reach anybody by", BYTES("Colour,Size\nred,3\nblue,4\n"), ERR_DATA, "--map"},
        {"a workbook", BYTES("PK\003\004\024\0\006\0\b\0\0\0!\0"), ERR_DATA, "leads.csv"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct import_desk d;
        struct error refusal = {0};
        const char *path = test_path("leads.csv");
        import_desk_open(&d, "refused.db", "US");
        test_write_file(path, rows[i].data, rows[i].len);
        struct import_options o = import_desk_options(&d, path);
        for (int dry = 0; dry < 2; dry++) {
            o.dry_run = dry;
            if (import_run(&d, &o, &refusal) || refusal.code != rows[i].code ||
                strstr(refusal.text, rows[i].said) == NULL)
                fail_msg("%s: code %d, \"%s\"", rows[i].why, (int)refusal.code, refusal.text);
        }
        assert_true(store_is_empty(d.store));
        import_desk_close(&d);
    }
}

TEST(import_refuses_what_is_no_file)
{
    struct import_desk d;
    struct error refusal = {0};
    import_desk_open(&d, "nofile.db", "US");
    struct import_options o = import_desk_options(&d, test_path("not-there.csv"));
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_NOT_FOUND);
    o.path = test_dir();
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_DATA);
    o.path = DATA("exports/apollo.csv");
    o.country = "Atlantis";
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_USAGE);
    o.country = NULL;
    struct str maps[] = {STR("Titel=titel"), STR("Nonsense=phone")};
    o.maps = maps + 1;
    o.maps_count = 1;
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_USAGE);
    o.maps_count = 0;
    o.redo = 99;
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_NOT_FOUND);
    assert_true(store_is_empty(d.store));
    import_desk_close(&d);
}

/* Without the module national numbers cannot be read: said before anything is taken. Clean E.164 needs none. */
TEST(import_without_the_phone_module)
{
    struct import_desk d;
    struct error refusal = {0};
    import_desk_open(&d, "module.db", "US");
    phone_book_free(d.book);
    d.book = phone_book_new("/nowhere", TEST_ASSETS);
    const char *path = test_path("leads.csv");
    static const char national[] = "Name,Phone\nBob,(212) 555-0142\n", clean[] = "Name,Phone\nBob,+12125550142\n";
    test_write_file(path, national, strlen(national));
    struct import_options o = import_desk_options(&d, path);
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_IO);
    assert_true(store_is_empty(d.store));
    import_text(&d, clean);
    assert_counts(&d, 1, 1, 0, 0, 0);
    import_desk_close(&d);
}

/* A fault in the middle of a long file: what was staged before it goes. */
TEST(import_refused_late_leaves_nothing)
{
    struct import_desk d;
    struct error refusal = {0};
    struct buf text;
    buf_init(&text);
    buf_add_text(&text, "Name,Phone\n");
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, "Person %d,+1212555%04d\n", i, i);
    buf_add_text(&text, "\"never closed,+12125550142\n");
    const char *path = test_path("leads.csv");
    test_write_file(path, text.at, text.len);
    import_desk_open(&d, "late.db", "US");
    struct import_options o = import_desk_options(&d, path);
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_DATA);
    assert_non_null(strstr(refusal.text, "3002"));
    assert_true(store_is_empty(d.store));
    must(store_check(d.store, NULL, NULL, err));
    buf_done(&text);
    import_desk_close(&d);
}

TEST(import_without_a_header_guesses)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "guess.db", "US");
    import_text(&d, "Ann Lee,(212) 555-0142,ann@example.com\nBob Day,(212) 555-0143,bob@example.com\n");
    assert_true(d.report.guessed);
    assert_counts(&d, 2, 2, 0, 0, 0);
    first_card(&d, &a, &c);
    assert_str(c.name, "Ann Lee");
    assert_str(c.phones[0].e164, "+12125550142");
    assert_str(c.mails[0].address, "ann@example.com");
    /* ... and reads its rows again as they were guessed. */
    struct import_options o = import_desk_options(&d, "");
    o.redo = d.report.batch;
    must(import_run(&d, &o, err));
    assert_counts(&d, 2, 0, 0, 2, 0);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_skips_notes_and_repeated_headers)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "linkedin.db", "US");
    import_text(&d, "Notes:\n\"When exporting your connection data, you may notice that some of the email addresses "
                    "are missing.\"\n\n"
                    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
                    "Ann,Lee,https://www.linkedin.com/in/annlee,,Acme,CTO,12 Mar 2024\n"
                    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
                    "Bob,Day,https://www.linkedin.com/in/bobday,bob@example.com,Acme,CEO,13 Mar 2024\n");
    assert_string_equal(d.report.program, "LinkedIn");
    assert_counts(&d, 2, 2, 0, 0, 0);
    assert_int_equal(d.report.headers_again, 1);
    first_card(&d, &a, &c);
    assert_str(c.name, "Ann Lee");
    assert_str(c.external_id, "https://www.linkedin.com/in/annlee");
    assert_int_equal(c.created_at, INT64_C(1710201600));
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_rejects_go_to_a_file)
{
    struct import_desk d;
    struct arena a = {0};
    import_desk_open(&d, "rejects.db", "US");
    const char *path = test_path("leads.csv"), *out = test_path("rejects.csv");
    static const char text[] = "Name,Phone,City\nBob,+12125550142,Austin\n,,\"Dallas, TX\"\n,12,=1+1\n";
    test_write_file(path, text, strlen(text));
    struct import_options o = import_desk_options(&d, path);
    o.rejects_path = out;
    o.dry_run = true;
    must(import_run(&d, &o, err));
    assert_counts(&d, 3, 1, 0, 0, 2);
    char *tried = test_read_file(out, NULL);
    assert_string_equal(tried, "line,reason,row\r\n3,\"no name, number or mail\",\",,\"\"Dallas, TX\"\"\"\r\n"
                               "4,\"no name or mail, and the number cannot be one\",\",12,=1+1\"\r\n");
    struct stat st;
    assert_int_equal(stat(out, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    o.dry_run = false;
    must(import_run(&d, &o, err));
    assert_string_equal(test_read_file(out, NULL), tried);
    assert_int_equal(d.report.rejects_count, 2);
    assert_int_equal(d.report.rejects[0].line, 3);
    o.rejects_path = "/nowhere/rejects.csv";
    struct error refusal = {0};
    assert_false(import_run(&d, &o, &refusal));
    assert_int_equal(refusal.code, ERR_IO);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_numbers_of_a_row)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "numbers.db", "");
    import_text(&d, "Name,Mobile Phone,Work Phone,Business Fax,Phone 1 - Label,Phone 1 - Value,Country\n"
                    "Ann,050 123 4567; 050 123 4568,+966 11 464 0000,+966 11 464 0009,* Work Fax,+966 11 464 0008,KSA\n"
                    "Bob,n/a,ask at the desk,,Mobile,'+12065550111,Deutschland\n"
                    "Eve,4.15555E+09,12,,,,\n");
    assert_counts(&d, 3, 3, 0, 0, 0);
    assert_int_equal(d.report.phones_rejected, 2);
    assert_int_equal(d.report.phones_count, 2);
    assert_int_equal(d.report.phones[0].line, 4);
    card_of(&d, 1, &a, &c);
    assert_int_equal(c.phones_count, 3);
    assert_str(c.phones[0].e164, "+966501234567");
    assert_str(c.phones[0].label, "mobile");
    assert_str(c.phones[1].e164, "+966501234568");
    assert_str(c.phones[2].label, "work");
    assert_str(c.country, "SA");
    assert_str(attribute_of(&c, "Business Fax"), "+966 11 464 0009");
    assert_str(attribute_of(&c, "Phone 1 - Value"), "+966 11 464 0008"); /* a fax by its label: never dialled */
    card_of(&d, 2, &a, &c);
    assert_int_equal(c.phones_count, 1);
    assert_str(c.phones[0].e164, "+12065550111");
    assert_str(c.country, "DE");
    assert_str(attribute_of(&c, "Work Phone"), "ask at the desk");
    assert_str(attribute_of(&c, "Mobile Phone"), "n/a");
    card_of(&d, 3, &a, &c);
    assert_int_equal(c.phones_count, 0);
    assert_str(attribute_of(&c, "rejected phone"), "4.15555E+09; 12");
    arena_done(&a);
    import_desk_close(&d);
}

/* The calling code in a column of its own; --country outranks it. */
TEST(import_reads_the_calling_code_column)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "code.db", "");
    import_text(&d, "vendor_lead_code,phone_code,phone_number,first_name,last_name,gmt_offset_now\n"
                    "A1,44,2079460018,Ann,Lee,0.00\nA2,1,2125550142,Bob,Day,-5.00\n");
    assert_string_equal(d.report.program, "VICIdial");
    card_of(&d, 1, &a, &c);
    assert_str(c.phones[0].e164, "+442079460018");
    assert_str(c.zones, "Europe/London");
    card_of(&d, 2, &a, &c);
    assert_str(c.phones[0].e164, "+12125550142");
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_zones)
{
    static const struct {
        const char *why, *row, *zones, *source;
    } rows[] = {
        {"a column", "Ann,+12125550142,,,Asia/Riyadh", "Asia/Riyadh", "column"},
        {"a column in words", "Ann,+12125550142,,,dubai", "Asia/Dubai", "column"},
        {"a column of several", "Ann,+12125550142,,,America/Chicago; America/Denver", "America/Chicago,America/Denver",
         "column"},
        {"a column of nonsense, then the address", "Ann,+12125550142,United States,CA,Middle Earth",
         "America/Los_Angeles,America/New_York", "address"},
        {"the address and the number, both", "Ann,+12125550142,Saudi Arabia,,", "Asia/Riyadh,America/New_York", "address"},
        {"a toll-free number has the address's", "Ann,+18005550142,Saudi Arabia,,", "Asia/Riyadh", "address"},
        {"a state of the number's country", "Ann,+12125550142,,Calif.,", "America/Los_Angeles,America/New_York", "address"},
        {"the same twice is one", "Ann,+12125550142,,NY,", "America/New_York", "address"},
        {"the number", "Ann,+12125550142,,,", "America/New_York", "number"},
        {"a number that says nothing", "Ann,+18005550142,,,", "Europe/Paris", "list"},
        {"a number that says nothing, then one that does", "Ann,+18005550142 / +442079460018,,,", "Europe/London",
         "number"},
        {"no number at all", "Ann,,,,", "Europe/Paris", "list"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct import_desk d;
        struct arena a = {0};
        struct card c;
        struct buf text;
        int64_t list;
        buf_init(&text);
        import_desk_open(&d, "zones.db", "");
        must(list_make(d.store, STR("leads"), DESK_NOW, &list, err));
        must(list_policy_set(d.store, list, STR("zone"), STR("Europe/Paris"), DESK_NOW, err));
        buf_printf(&text, "Name,Phone,Country,State,Time Zone\n%s\n", rows[i].row);
        import_text(&d, text.at);
        card_of(&d, 1, &a, &c);
        if (!str_is(c.zones, rows[i].zones) || !str_is(c.zone_source, rows[i].source))
            fail_msg("%s: %.*s %.*s", rows[i].why, STR_ARG(c.zone_source), STR_ARG(c.zones));
        must(store_check(d.store, NULL, NULL, err));
        buf_done(&text);
        arena_done(&a);
        import_desk_close(&d);
    }
}

/* Nothing that a terminal or a spreadsheet would act on comes in; nothing is lost. */
TEST(import_cleans_cells)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "clean.db", "US");
    import_bytes(&d, BYTES("Name,Email,Title,Notes,Color\n"
                           "\"  Ann\x1b[31m \x07Lee\xc2\x9b \",Ann <ann@example.com>; bob@example.com; "
                           "nonsense,'=1+1,\"one\r\ntwo\x1b\",\" a\nb \"\n"));
    first_card(&d, &a, &c);
    assert_str(c.name, "Ann[31m Lee");
    assert_str(c.title, "=1+1");
    assert_str(c.note, "one\ntwo");
    assert_str(attribute_of(&c, "Color"), "a\nb");
    assert_int_equal(c.mails_count, 2);
    assert_str(c.mails[0].address, "ann@example.com");
    assert_str(attribute_of(&c, "Email"), "Ann <ann@example.com>; bob@example.com; nonsense");
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_keeps_cells_beyond_the_header)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    import_desk_open(&d, "beyond.db", "US");
    import_text(&d, "Name,Phone\nAnn,+12125550142,extra\nBob\n");
    assert_counts(&d, 2, 2, 0, 0, 0);
    first_card(&d, &a, &c);
    assert_str(attribute_of(&c, "column 3"), "extra");
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_mapping_is_given_and_remembered)
{
    static const char text[] = "Who,Reach\nAnn,+12125550142\n";
    struct import_desk d;
    const char *path = test_path("leads.csv");
    import_desk_open(&d, "map.db", "US");
    test_write_file(path, text, strlen(text));
    struct import_options o = import_desk_options(&d, path);
    struct str maps[] = {STR("who=name"), STR("2=mobile")};
    o.maps = maps;
    o.maps_count = 2;
    o.dry_run = true;
    must(import_run(&d, &o, err));
    assert_str(d.report.mapping[1], "Reach -> phone 1 (mobile)");
    o.dry_run = false;
    must(import_run(&d, &o, err));
    assert_false(d.report.remembered); /* what was only tried is not remembered */
    import_must(&d, path);
    assert_true(d.report.remembered);
    assert_counts(&d, 1, 0, 0, 1, 0);
    import_desk_close(&d);
}

TEST(import_sets_the_audience_of_the_list)
{
    struct import_desk d;
    struct policy policy;
    import_desk_open(&d, "audience.db", "US");
    static const char text[] = "Name,Phone\nAnn,+12125550142\n";
    test_write_file(test_path("leads.csv"), text, strlen(text));
    struct import_options o = import_desk_options(&d, test_path("leads.csv"));
    o.audience = d.policy.consumer ? "business" : "consumer";
    must(import_run(&d, &o, err));
    must(list_policy(d.store, d.report.list_id, &policy, err));
    assert_int_equal(policy.consumer, !d.policy.consumer);
    import_desk_close(&d);
}

TEST(import_preview_shows_people_and_takes_nothing)
{
    struct import_desk d;
    struct arena a = {0};
    struct import_preview p;
    import_desk_open(&d, "preview.db", "US");
    struct import_options o = import_desk_options(&d, DATA("exports/hubspot-contacts.csv"));
    must(import_preview(&o, &a, &p, err));
    assert_int_equal(p.samples_count, 3);
    assert_str(p.samples[0].name, "Zoë Nguyễn");
    assert_str(p.samples[0].company, "Acme, Inc.");
    assert_str(p.samples[0].zone, "America/New_York");
    assert_str(p.samples[0].mail, "p0@example.com");
    assert_str(p.list, "hubspot-contacts");
    assert_str(p.country, "US");
    assert_string_equal(p.program, "HubSpot");
    o.store = NULL;
    must(import_preview(&o, &a, &p, err));
    assert_true(store_is_empty(d.store));
    struct error refusal = {0};
    o.path = test_path("not-there.csv");
    assert_false(import_preview(&o, &a, &p, &refusal));
    arena_done(&a);
    import_desk_close(&d);
}

/* Other people's files: each comes in or is refused with a sentence. */
static void try_file(struct import_desk *d, const char *path, int *count)
{
    struct stat st;
    struct error refusal = {0};
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > 300 * 1024)
        return;
    struct import_options o = import_desk_options(d, path);
    o.list = "everything";
    if (!import_run(d, &o, &refusal) && (refusal.code == ERR_NONE || refusal.text[0] == '\0'))
        fail_msg("%s: refused without a word", path);
    ++*count;
}

static void try_folder(struct import_desk *d, const char *folder, int depth, int *count)
{
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        struct buf path;
        if (e->d_name[0] == '.')
            continue;
        buf_init(&path);
        buf_printf(&path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_DIR && depth < 4)
            try_folder(d, path.at, depth + 1, count);
        else
            try_file(d, path.at, count);
        buf_done(&path);
    }
    closedir(dir);
}

TEST(import_survives_other_peoples_files)
{
    static const char *const folders[] = {DATA("csv-spectrum"), DATA("duckdb-csv"), DATA("naughty-strings"),
                                          DATA("utf8-test")};
    struct import_desk d;
    int count = 0;
    import_desk_open(&d, "corpora.db", "US");
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        try_folder(&d, folders[i], 0, &count);
    assert_true(count > 100);
    must(store_check(d.store, NULL, NULL, err));
    import_desk_close(&d);
}

/* ---- memory ---- */

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void);
static size_t allocated(void)
{
    return __sanitizer_get_current_allocated_bytes();
}
#else
#include <malloc.h>
static size_t allocated(void)
{
    return mallinfo2().uordblks;
}
#endif

/* A long file takes no more room than a short one: SQLite's pages (16 MiB), a slice of rows, the reader. */
TEST(import_memory_is_bounded)
{
    struct import_desk d;
    struct error refusal = {0};
    const char *path = test_path("long.csv");
    enum { ROWS = 30000 };
    struct buf text;
    buf_init(&text);
    buf_add_text(&text, "Record ID,Name,Email,Phone,Notes,Filler\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&text, "%d,Person %d,p%d@example.com,+1212%07d,note %d,%0200d\n", i, i, i, 2000000 + i, i, i);
    test_write_file(path, text.at, text.len);
    buf_done(&text);
    import_desk_open(&d, "long.db", "US");
    struct import_options o = import_desk_options(&d, path);
    size_t before = allocated(), most = 0;
    d.job = import_job_new(&o, &refusal);
    assert_non_null(d.job);
    enum import_state reached;
    do {
        reached = import_job_step(d.job, 0, &refusal);
        size_t now = allocated();
        most = now > most ? now : most;
    } while (reached == IMPORT_RUNNING);
    assert_int_equal(reached, IMPORT_DONE);
    assert_int_equal(import_job_report(d.job)->added, ROWS);
    if (most - before > (size_t)28 << 20)
        fail_msg("%zu KiB more than before", (most - before) / 1024);
    import_desk_close(&d);
}

static void find_dropped(const char *line, void *user)
{
    if (strstr(line, "control character") != NULL)
        snprintf(user, 80, "%s", line);
}

/* Control characters go, and the report says how many; newline and tab are no such thing. */
TEST(import_counts_dropped_controls)
{
    for (int dry = 0; dry < 2; dry++) {
        struct import_desk d;
        char said[80] = "";
        import_desk_open(&d, dry ? "controls-dry.db" : "controls.db", "US");
        const char *path = test_path("controls.csv"),
                   *text = "Name,Phone,Title,Hobby,Notes\n"
                           "A\x01nn\x7f Lee,+12125550142,\"Head\nof\tit\",\"golf\n\tand \xc2\x85" "chess\",\"one\ntwo\x1b\"\n";
        test_write_file(path, text, strlen(text));
        struct import_options o = import_desk_options(&d, path);
        o.dry_run = dry;
        struct error err = {0};
        assert_true(import_run(&d, &o, &err));
        assert_int_equal(d.report.controls, 4);
        import_report_lines(&d.report, find_dropped, said);
        assert_string_equal(said, "dropped 4 control characters");
        if (!dry) {
            struct arena a = {0};
            struct card c;
            first_card(&d, &a, &c);
            assert_str(c.name, "Ann Lee");
            assert_str(c.title, "Head\nof\tit");
            assert_str(attribute_of(&c, "Hobby"), "golf\n\tand chess");
            assert_str(c.note, "one\ntwo");
            arena_done(&a);
        }
        import_desk_close(&d);
    }
}
