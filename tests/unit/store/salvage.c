/* SPDX-License-Identifier: MIT */
/*
 * Salvage against files that were broken on purpose: the broken one never changes, the new one is sound, and what does not
 * lie on a broken page is in it.
 */
#include "../../../src/store/db.h"
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PEOPLE = 400, PAGE = 4096 };

/* A file of a few hundred pages, made once. */
static const char *original(void)
{
    static const char *path;
    if (path != NULL)
        return path;
    const char *made = test_path("original.db");
    struct store *s = desk_open(made);
    assert_int_equal(sqlite3_exec(s->db, "BEGIN", NULL, NULL, NULL), SQLITE_OK); /* one fsync */
    s->depth++;
    for (int i = 0; i < PEOPLE; i++) {
        char name[32], phone[16], mail[48], company[32];
        snprintf(name, sizeof name, "Person %d", i);
        snprintf(company, sizeof company, "Company %d", i / 8);
        snprintf(phone, sizeof phone, "+1206555%04d", i);
        snprintf(mail, sizeof mail, "person%d@example.com", i);
        desk_add(s, i % 2 ? "spring" : "autumn", (struct desk_person){name, company, phone, mail});
    }
    for (int i = 1; i <= PEOPLE; i++) {
        char note[64];
        snprintf(note, sizeof note, "note of %d, which takes some room", i);
        desk_log(s, i, i % 7 ? "no-answer" : "callback", DESK_NOW + i, note);
        if (i % 50 == 0)
            assert_done(suppress_add(s, SCOPE_PERSON, i, STR(""), STR("asked"), STR("rep"), DESK_NOW + i, err));
    }
    s->depth--;
    assert_int_equal(sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    struct arena a = {0};
    struct undone undone;
    desk_log(s, 1, "busy", DESK_NOW + 5000, "");
    assert_done(undo_last(s, false, DESK_NOW + 5001, DESK_NOW + 5001, &a, &undone, err));
    arena_done(&a);
    assert_done(store_check(s, NULL, NULL, err));
    desk_close(s);
    return path = made;
}

struct result {
    bool made;
    struct error why;
    struct desk_lines lines;
    int64_t people, touches, suppressions, phones;
};

static int64_t count(struct store *s, const char *sql)
{
    int64_t n = -1;
    assert_done(db_pragma_int(s, sql, &n, err));
    return n;
}

/* Salvages bytes; the new file must be sound whatever they are. */
static void salvage(const char *bytes, size_t len, struct result *ret)
{
    static int number;
    char name[32];
    snprintf(name, sizeof name, "broken-%d.db", number);
    const char *broken = test_path(name);
    snprintf(name, sizeof name, "saved-%d.db", number++);
    const char *saved = test_path(name);
    test_write_file(broken, bytes, len);
    *ret = (struct result){.made = false};
    struct store_options options = desk_options;
    options.zones = zone_table_new(NULL);
    ret->made = store_salvage(broken, saved, &options, desk_line, &ret->lines, &ret->why);
    zone_table_free(options.zones);
    size_t after;
    char *now = test_read_file(broken, &after);
    assert_int_equal(after, len);
    if (len != 0)
        assert_memory_equal(now, bytes, len);
    if (ret->made) {
        struct store *s = desk_open(saved);
        struct desk_lines lines = {.count = 0};
        struct error why = {0};
        if (!store_check(s, desk_line, &lines, &why))
            fail_msg("saved, but not sound: %s: %s", why.text, lines.text[0]);
        ret->people = count(s, "SELECT count(*) FROM prospect");
        ret->touches = count(s, "SELECT count(*) FROM touch");
        ret->phones = count(s, "SELECT count(*) FROM phone_link");
        ret->suppressions = count(s, "SELECT count(*) FROM suppression");
        desk_close(s);
        unlink(saved);
    } else {
        assert_int_equal(ret->why.code, ERR_DATA);
        assert_int_equal(access(saved, F_OK), -1);
    }
    char front[48];
    snprintf(front, sizeof front, "saved-%d.db", number - 1);
    assert_int_equal(desk_files(test_dir(), front), 0); /* nothing left beside it */
    unlink(broken);
}

TEST(salvage_of_a_sound_file_loses_nothing)
{
    size_t len;
    char *bytes = test_read_file(original(), &len);
    struct result r;
    salvage(bytes, len, &r);
    if (!r.made)
        fail_msg("%s", r.why.text);
    assert_int_equal(r.people, PEOPLE);
    assert_int_equal(r.touches, PEOPLE + 1);
    assert_int_equal(r.phones, PEOPLE);
    assert_true(r.suppressions >= PEOPLE / 50);
    assert_true(desk_said(&r.lines, "prospect: 400 read"));
    assert_true(desk_said(&r.lines, "touch: 401 read"));
    for (int i = 0; i < r.lines.count; i++)
        if (strstr(r.lines.text[i], "lost") != NULL)
            fail_msg("%s", r.lines.text[i]);
    assert_false(desk_said(&r.lines, "differs"));
}

TEST(salvage_mends_a_header)
{
    static const struct {
        size_t from, len;
    } rows[] = {{0, 16}, {0, 60}, {16, 2}, {18, 2}, {20, 4}, {24, 20}, {44, 4}, {56, 4}, {0, 100}};
    size_t len;
    char *bytes = test_read_file(original(), &len), *broken = malloc(len);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        memcpy(broken, bytes, len);
        memset(broken + rows[i].from, 0xee, rows[i].len);
        struct result r;
        salvage(broken, len, &r);
        if (!r.made || r.people != PEOPLE || r.touches != PEOPLE + 1)
            fail_msg("bytes %zu to %zu: %s, %lld people", rows[i].from, rows[i].from + rows[i].len, r.why.text, (long long)r.people);
    }
    free(broken);
}

TEST(salvage_without_the_first_page)
{
    size_t len;
    char *bytes = test_read_file(original(), &len);
    memset(bytes, 0, PAGE);
    struct result r;
    salvage(bytes, len, &r);
    if (!r.made)
        fail_msg("%s", r.why.text);
    assert_int_equal(r.people, PEOPLE);
    assert_int_equal(r.touches, PEOPLE + 1);
    assert_true(desk_said(&r.lines, "the list of its tables was lost"));
}

/* One page gone: everything that does not lie on it is saved. A row takes 30 bytes at least; pages hold 4,096. */
TEST(salvage_loses_a_page_at_most)
{
    size_t len;
    char *bytes = test_read_file(original(), &len), *broken = malloc(len);
    uint64_t seed = test_seed();
    int tried = 0;
    for (size_t page = 1; page < len / PAGE; page++) {
        if (bytes[page * PAGE] != 0x0d || test_random(&seed) % 4 != 0)
            continue; /* leaves of tables; an inner page takes more with it */
        memcpy(broken, bytes, len);
        memset(broken + page * PAGE, 0, PAGE);
        struct result r;
        salvage(broken, len, &r);
        if (!r.made || r.people < PEOPLE - 60 || r.touches < PEOPLE - 140)
            fail_msg("page %zu: %s, %lld people, %lld touches", page + 1, r.why.text, (long long)r.people, (long long)r.touches);
        tried++;
    }
    assert_true(tried > 3);
    free(broken);
}

TEST(salvage_of_a_file_cut_short)
{
    size_t len;
    char *bytes = test_read_file(original(), &len);
    int64_t before = 0;
    for (int part = 0; part <= 8; part++) {
        size_t cut = len * (size_t)part / 8;
        struct result r;
        salvage(bytes, cut ? cut - (part < 8) : 0, &r);
        if (part == 0) {
            assert_false(r.made);
            assert_non_null(strstr(r.why.text, "nothing can be read"));
        } else if (r.made) {
            assert_true(r.people + r.touches >= before / 2); /* more of the file, more of the facts, about */
            before = r.people + r.touches;
        }
    }
    assert_true(before == 2 * PEOPLE + 1);
}

TEST(salvage_of_flipped_bytes)
{
    size_t len;
    char *bytes = test_read_file(original(), &len), *broken = malloc(len);
    uint64_t seed = test_seed();
    for (int i = 0; i < 12; i++) {
        memcpy(broken, bytes, len);
        for (int j = 0; j < 1 << (i % 7); j++)
            broken[test_random(&seed) % len] ^= (char)(1 << test_random(&seed) % 8);
        struct result r;
        salvage(broken, len, &r);
        if (r.made && i % 7 < 2 && r.people < PEOPLE / 4)
            fail_msg("%d flips: %lld people", 1 << (i % 7), (long long)r.people);
    }
    free(broken);
}

TEST(salvage_of_what_is_no_database)
{
    char garbage[3 * PAGE];
    uint64_t seed = test_seed();
    for (size_t i = 0; i < sizeof garbage; i++)
        garbage[i] = (char)test_random(&seed);
    struct result r;
    salvage(garbage, sizeof garbage, &r);
    assert_false(r.made);
    salvage("", 0, &r);
    assert_false(r.made);
    salvage("name,phone\nTom,+12065550100\n", 28, &r);
    assert_false(r.made);

    const char *other = test_path("other.sqlite");
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(other, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE prospect (id INTEGER PRIMARY KEY, x); CREATE VIEW touch AS SELECT 1 AS id", NULL,
                                  NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    size_t len;
    char *bytes = test_read_file(other, &len);
    salvage(bytes, len, &r);
    assert_false(r.made);
}

TEST(salvage_refuses)
{
    struct store_options options = desk_options;
    options.zones = zone_table_new(NULL);
    const char *there = test_path("salvage-there.txt");
    test_write_file(there, "mine", 4);
    assert_refused(store_salvage(original(), there, &options, NULL, NULL, err), ERR_REFUSED, "there is already a file");
    assert_string_equal(test_read_file(there, NULL), "mine");
    assert_refused(store_salvage(test_path("nowhere.db"), test_path("s1.db"), &options, NULL, NULL, err), ERR_NOT_FOUND, "cannot");
    assert_refused(store_salvage(test_dir(), test_path("s2.db"), &options, NULL, NULL, err), ERR_DATA, "not a file");
    assert_refused(store_salvage(original(), test_path("no/folder/s3.db"), &options, NULL, NULL, err), ERR_IO, "cannot salvage");
    size_t len;
    char *bytes = test_read_file(original(), &len);
    bytes[63] = 99; /* user_version */
    test_write_file(test_path("newer.db"), bytes, len);
    assert_refused(store_salvage(test_path("newer.db"), test_path("s4.db"), &options, NULL, NULL, err), ERR_DATA, "newer calldeck");
    zone_table_free(options.zones);
}
