/* SPDX-License-Identifier: MIT */
/* check says nothing of a sound file, and finds each thing that somebody else's hands changed in it. */
#include "../../../src/store/db.h"
#include "desk.h"

#include <stdio.h>
#include <string.h>

static struct store *office(const char *path)
{
    struct store *s = desk_open(path);
    desk_add(s, "spring", (struct desk_person){"Layla Haddad", "Nour Trading", "+966501234567", "layla@nour.example"});
    desk_add(s, "spring", (struct desk_person){"Tom Okafor", "Brightline", "+12065550100", NULL});
    desk_add(s, "autumn", (struct desk_person){"Ana Souza", "Lumen", "+5511987654321", NULL});
    desk_add(s, "autumn", (struct desk_person){"Jo Lee", "Lumen", "+14155550123", NULL});
    desk_log(s, 1, "no-answer", DESK_NOW, "");
    desk_log(s, 2, "callback", DESK_NOW + 60, "after lunch");
    desk_log(s, 3, "out-of-service", DESK_NOW + 120, "");
    desk_log(s, 4, "wrong-number", DESK_NOW + 180, "");
    struct arena a = {0};
    struct undone undone;
    desk_log(s, 1, "sale", DESK_NOW + 240, "");
    assert_done(undo_last(s, false, DESK_NOW + 300, DESK_NOW + 300, &a, &undone, err));
    arena_done(&a);
    return s;
}

TEST(check_of_a_sound_file_says_nothing)
{
    const char *path = test_path("sound.db");
    struct store *s = office(path);
    struct desk_lines lines = {.count = 0};
    assert_done(store_check(s, desk_line, &lines, err));
    for (int i = 0; i < lines.count; i++)
        assert_memory_equal(lines.text[i], "note: ", 6); /* the search index has not caught up yet */
    assert_done(store_backup(s, test_path("sound-copy.db"), err));
    desk_close(s);
    struct error why = {0};
    s = desk_open_as(path, STORE_READ, &why); /* a reader checks as well */
    assert_non_null(s);
    assert_done(store_check(s, desk_line, &lines, err));
    desk_close(s);
}

TEST(check_finds_what_was_changed)
{
    static const struct {
        const char *sql, *said;
    } rows[] = {
        {"UPDATE list_member SET state = 'done' WHERE prospect_id = 1", "prospect 1 in list 1: stored as done"},
        {"UPDATE list_member SET attempts = 9 WHERE prospect_id = 2", "prospect 2 in list 1"},
        {"UPDATE list_member SET not_before = not_before + 1 WHERE prospect_id = 1", "prospect 1 in list 1"},
        {"UPDATE list_member SET ready_cell = NULL, wake_at = NULL", "prospect"},
        {"UPDATE list_member SET shadow = 1 WHERE prospect_id = 2", "prospect 2"},
        {"UPDATE callback SET due_at = due_at + 60", "callback 1 of prospect 2"},
        {"UPDATE callback SET tries = tries + 1", "callback 1 of prospect 2"},
        {"UPDATE prospect SET phone_id = NULL WHERE id = 2", "prospect 2: the number that comes first"},
        {"UPDATE prospect SET law = 'XX' WHERE id = 2", "prospect 2: the number that comes first"},
        {"UPDATE phone SET bad = 1 WHERE id = 1", "phone 1: stored as bad"},
        {"UPDATE phone SET bad = 0 WHERE id = 3", "phone 3: stored as good"},
        {"UPDATE phone SET last_at = 1 WHERE id = 1", "phone 1: its last result"},
        {"UPDATE phone_link SET bad = 0 WHERE prospect_id = 4", "phone 4 of prospect 4"},
        {"UPDATE action SET live = 0 WHERE id = (SELECT min(id) FROM touch)", "stored as taken back"},
        {"UPDATE action SET live = 1 WHERE NOT live", "stored as live"},
        {"UPDATE tally SET n = n + 1 WHERE list_id = 2", "list 2: counts"},
        {"INSERT INTO tally VALUES (7, 'ready', 0, 0, 3)", "list 7: counts 3 ready where there are 0"},
        {"PRAGMA foreign_keys = OFF; UPDATE prospect SET company_id = 99 WHERE id = 1", "prospect 1: names a company"},
        {"PRAGMA ignore_check_constraints = ON; UPDATE prospect SET archived = 7 WHERE id = 1;"
         " PRAGMA ignore_check_constraints = OFF", "file: CHECK constraint failed"},
        {"INSERT INTO search (rowid, name) VALUES (77, 'a'); DELETE FROM search_todo;", ""},
    };
    struct store *first = office(test_path("changed.db"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[32];
        snprintf(name, sizeof name, "changed-%zu.db", i);
        const char *path = test_path(name);
        assert_done(store_backup(first, path, err));
        struct store *s = desk_open(path);
        char *why = NULL;
        if (sqlite3_exec(s->db, rows[i].sql, NULL, NULL, &why) != SQLITE_OK)
            fail_msg("%s: %s", rows[i].sql, why);
        struct desk_lines lines = {.count = 0};
        if (rows[i].said[0] == '\0') { /* an index that is behind is no difference */
            assert_done(store_check(s, desk_line, &lines, err));
            assert_true(desk_said(&lines, "note: 4 prospects are not in the search index"));
        } else {
            assert_refused(store_check(s, desk_line, &lines, err), ERR_DATA, "calldeck doctor");
            if (!desk_said(&lines, rows[i].said)) {
                for (int j = 0; j < lines.count; j++)
                    print_error("%s\n", lines.text[j]);
                fail_msg("%s: not said: %s", rows[i].sql, rows[i].said);
            }
        }
        static const char *const people[] = {"Layla", "Tom", "Okafor", "+966", "+1206", "lunch", "nour"};
        for (size_t j = 0; j < sizeof people / sizeof people[0]; j++)
            assert_false(desk_said(&lines, people[j])); /* lines may be sent to strangers */
        desk_close(s);
    }
    desk_close(first);
}

TEST(check_finds_words_that_differ_from_their_rows)
{
    const char *path = test_path("words.db");
    struct store *s = office(path);
    struct arena a = {0};
    const struct found *rows;
    size_t count;
    assert_done(search_run(s, STR("layla"), 9, &a, &rows, &count, err)); /* the index catches up */
    struct desk_lines lines = {.count = 0};
    assert_done(store_check(s, desk_line, &lines, err));
    assert_int_equal(lines.count, 0);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    assert_int_equal(sqlite3_exec(s->db, "UPDATE search_content SET c0 = 'somebody' WHERE id = 1", NULL, NULL, NULL), SQLITE_OK);
    assert_refused(store_check(s, desk_line, &lines, err), ERR_DATA, "differs");
    assert_true(desk_said(&lines, "search index"));
    arena_done(&a);
    desk_close(s);
}
