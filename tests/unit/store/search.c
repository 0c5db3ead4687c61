/* SPDX-License-Identifier: MIT */
/* What a search finds, in which order, and that nothing typed is syntax. */
#include "desk.h"

#include <string.h>

static const struct desk_person people[] = {
    {"Layla Haddad", "Nour Trading", "+966501234567", "layla@nour.example"},        /* 1 */
    {"ليلى حداد", "نور", "+966114640000", NULL},                                    /* 2 */
    {"Tom Okafor", "Brightline", "+12065550100", "t.okafor@brightline.example"},    /* 3 */
    {"陳美玲", "Formosa Parts", "+886221234567", NULL},                             /* 4 */
    {"Jürgen Weiß", "Kessel AG", "+493012345678", NULL},                            /* 5 */
    {"Tom", "Haddad Tools", "+390612345678", NULL},                                 /* 6 */
    {"Tomás Quéré", "Lumen \"quoted\"", "+12065550111", "tomas@lumen.example"},     /* 7 */
    {"राधिका शर्मा", "Kiosk NEAR OR", "+911123456789", NULL},                         /* 8 */
};
enum { PEOPLE = sizeof people / sizeof people[0] };

static struct store *office(const char *name)
{
    struct store *s = desk_open(test_path(name));
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(desk_add(s, "spring", people[i]), (int64_t)i + 1);
    return s;
}

static const struct found *search(struct store *s, const char *words, struct arena *a, size_t most, size_t *ret_count)
{
    const struct found *rows = NULL;
    assert_done(search_run(s, str_of(words), most, a, &rows, ret_count, err));
    return rows;
}

/* "1 name, 3 number" */
static void expect(struct store *s, const char *words, const char *expected)
{
    struct arena a = {0};
    size_t count;
    const struct found *rows = search(s, words, &a, 50, &count);
    struct buf got;
    buf_init(&got);
    for (size_t i = 0; i < count; i++)
        buf_printf(&got, "%s%lld %s", i ? ", " : "", (long long)rows[i].id, rows[i].found_in);
    if (strcmp(got.at, expected) != 0)
        fail_msg("search \"%s\": %s, expected %s", words, got.at, expected);
    buf_done(&got);
    arena_done(&a);
}

TEST(search_finds)
{
    static const struct {
        const char *words, *expected;
    } rows[] = {
        /* names: exact, then from the front, then the rest */
        {"tom", "6 name, 3 name, 7 name"},
        {"haddad", "1 name, 6 company"},
        {"Layla Haddad", "1 name"},
        {"haddad layla", "1 name"},
        {"lay had", "1 name"},
        {"LAYLA", "1 name"},
        {"ليلي", "2 name"}, /* another spelling */
        {"حدّاد", "2 name"},
        {"jurgen", "5 name"},
        {"weiss", "5 name"},
        {"陳", "4 name"},
        {"美玲", "4 name"},
        {"玲美", ""},
        {"राधिका", "8 name"},
        {"quere", "7 name"},
        {"addad", ""}, /* beginnings of words alone */
        /* companies, several columns */
        {"kessel", "5 company"},
        {"tom bright", "3 name"},
        {"formosa parts", "4 company"},
        /* mail */
        {"layla@nour.example", "1 mail"},
        {"Layla@N", "1 mail"},
        {"okafor@", "3 name"},
        {"nour.example", "1 mail"},
        /* numbers */
        {"+966501234567", "1 number"},
        {"+966 50 123", "1 number"},
        {"00966501234567", "1 number"},
        {"0501234567", "1 number"},
        {"050 12", "1 number"},
        {"501234567", "1 number"},
        {"(206) 555-01", "3 number, 7 number"},
        {"4567", "1 number, 4 number"},
        {"5678", "5 number, 6 number"},
        {"06 1234", "6 number"},
        {"030123", "5 number"},
        {"٠٥٠١٢٣٤٥٦٧", "1 number"},
        {"0111", "7 number"},
        {"tom 0100", "3 number"},
        {"tom 0111", "7 number"},
        {"layla 0111", ""},
        {"+1206555", "3 number, 7 number"},
        {"+", ""},
        /* nothing is syntax */
        {"", ""},
        {"   ", ""},
        {"\"", ""},
        {"\"quoted", "7 company"},
        {"*", ""},
        {"tom*", "6 name, 3 name, 7 name"},
        {"tom OR layla", ""},
        {"near or", "8 company"},
        {"NEAR(tom okafor)", ""},
        {"name:tom", ""},
        {"name : tom", ""},
        {"^tom", "6 name, 3 name, 7 name"},
        {"- tom", "6 name, 3 name, 7 name"},
        {"tom AND", ""},
        {"NOT tom", ""},
        {"'; DROP TABLE prospect; --", ""},
        {"{name}", ""},
        {"\xff\xfe tom", "3 name, 6 name, 7 name"},
        {"%", ""},
        {"_", ""},
        {"😀", ""},
    };
    struct store *s = office("finds.db");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(s, rows[i].words, rows[i].expected);
    desk_close(s);
}

TEST(search_bytes_are_never_syntax)
{
    struct store *s = office("bytes.db");
    uint64_t seed = test_seed();
    static const char alphabet[] = "tom \"'*^+-(){}:,@0\\\x01\xc3\xa9\xff";
    for (int i = 0; i < 2000; i++) {
        char words[24];
        size_t len = test_random(&seed) % sizeof words;
        for (size_t j = 0; j < len; j++)
            words[j] = alphabet[test_random(&seed) % sizeof alphabet]; /* NUL too */
        struct arena a = {0};
        const struct found *rows;
        size_t count;
        assert_done(search_run(s, str_make(words, len), 50, &a, &rows, &count, err));
        assert_in_range(count, 0, PEOPLE);
        arena_done(&a);
    }
    desk_close(s);
}

TEST(search_rows_say_who)
{
    struct store *s = office("rows.db");
    struct arena a = {0};
    size_t count;
    const struct found *rows = search(s, "layla", &a, 50, &count);
    assert_int_equal(count, 1);
    assert_true(str_is(rows[0].name, "Layla Haddad"));
    assert_true(str_is(rows[0].company, "Nour Trading"));
    assert_true(str_is(rows[0].phone, "+966501234567"));
    assert_int_equal(rows[0].state, STATE_READY);
    rows = search(s, "tom", &a, 2, &count); /* no more than asked for */
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].id, 6);
    rows = search(s, "tom", &a, 0, &count);
    assert_int_equal(count, 0);
    arena_done(&a);
    desk_close(s);
}

TEST(search_finds_notes_and_drafts)
{
    struct store *s = office("notes.db");
    desk_log(s, 5, "no-answer", DESK_NOW, "wants delivery before Ramadan");
    expect(s, "ramad", "5 note");
    expect(s, "jurgen ramadan", "5 name");
    assert_done(draft_save(s, 3, STR("kiosk licence, price liste für März"), 3, DESK_NOW, false, err));
    expect(s, "licence", "3 draft");
    expect(s, "marz", "3 draft");
    expect(s, "okafor licence", "3 draft");
    expect(s, "layla licence", "");
    expect(s, "icence", "");
    expect(s, "kiosk", "8 company, 3 draft"); /* once each */
    struct arena a = {0};
    struct undone undone;
    assert_done(undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err));
    expect(s, "ramadan", ""); /* taken back */
    arena_done(&a);
    desk_close(s);
}

TEST(search_follows_edits)
{
    struct store *s = office("edits.db");
    expect(s, "okafor", "3 name");
    assert_done(prospect_edit(s, 3, STR("name"), STR("Thomas Adeyemi"), DESK_NOW, err));
    expect(s, "okafor", "3 mail");
    expect(s, "adeyemi", "3 name");
    assert_done(prospect_add_mail(s, 3, STR("sales@adeyemi.example"), STR(""), DESK_NOW, err));
    expect(s, "sales", "3 mail");
    assert_done(prospect_archive(s, 6, true, DESK_NOW, err));
    expect(s, "tom", "7 name, 6 name"); /* archived last, also when its name is the very one */
    desk_close(s);
}

TEST(search_looks_directly_where_the_index_cannot_be_written)
{
    const char *path = test_path("behind.db");
    struct store *s = desk_open(path);
    for (size_t i = 0; i < PEOPLE; i++)
        desk_add(s, "spring", people[i]);
    assert_done(draft_save(s, 3, STR("kiosk licence"), 3, DESK_NOW, false, err));
    desk_close(s);
    struct error why = {0};
    s = desk_open_as(path, STORE_READ, &why);
    assert_non_null(s);
    expect(s, "kessel", "5 company");
    expect(s, "美玲", "4 name");
    expect(s, "licence", "3 draft");
    expect(s, "kessel 012345", "");
    desk_close(s);
}
