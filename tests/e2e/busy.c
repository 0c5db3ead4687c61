/* SPDX-License-Identifier: MIT */
/*
 * Another program holds the file: the screen goes on painting keys, says that they are not stored, and stores them when
 * the lock is gone. Nothing is lost, an outcome filed meanwhile neither.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DEADLINE_MS = 15000,
    HELD_MS = 2000,
    KEY_MS = 200, /* promised for a key while the file is held */
    SLACK = 5,    /* a sanitizer on a busy machine */
};

static struct desk desk;

static sqlite3 *hold(const char *how)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(desk.db, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    char *why = NULL;
    if (sqlite3_exec(db, how, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", how, why);
    return db;
}

static void let_go(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static struct rep *in_a_call(const char *name)
{
    desk_open(&desk, name);
    desk_import_list(&desk, "list", 5);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    rep_type(r, "\r");
    rep_see(r, "dialing", DEADLINE_MS);
    rep_type(r, "begin");
    rep_see_typed(r, "begin", DEADLINE_MS);
    return r;
}

static void draft_becomes(struct rep *r, const char *text)
{
    for (int64_t end = monotonic_ms() + DEADLINE_MS;; rep_look(r, 20)) {
        const char *stored = desk_text(&desk, "SELECT text FROM draft");
        if (stored != NULL && strcmp(stored, text) == 0)
            return;
        if (monotonic_ms() > end) {
            rep_print(r);
            fail_msg("the draft is \"%s\", not \"%s\"", stored ? stored : "", text);
        }
    }
}

TEST(keys_are_painted_while_another_program_holds_the_file)
{
    static const char *const ways[] = {"BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"};
    for (size_t way = 0; way < 2; way++) {
        struct rep *r = in_a_call(way == 0 ? "immediate" : "exclusive");
        sqlite3 *other = hold(ways[way]);
        char note[512] = "begin";
        int64_t worst = 0, end = monotonic_ms() + HELD_MS;
        unsigned keys = 0;
        bool said = false;
        while (monotonic_ms() < end && strlen(note) < 200) {
            size_t len = strlen(note);
            /* words that stand for themselves: "w0001 ", a key at a time */
            char word[16];
            snprintf(word, sizeof word, " w%03u", keys / 5);
            note[len] = word[keys % 5];
            note[len + 1] = '\0';
            int64_t began = monotonic_ms();
            rep_type(r, note + len);
            if (keys % 5 != 0)
                rep_see_typed(r, strrchr(note, ' ') + 1, DEADLINE_MS);
            else
                rep_look(r, 100);
            int64_t took = monotonic_ms() - began;
            if (took > worst && keys % 5 != 0)
                worst = took;
            keys++;
            said = said || rep_shows(r, "NOT SAVED");
        }
        if (!said)
            rep_see(r, "NOT SAVED", DEADLINE_MS);
        while (monotonic_ms() < end)
            rep_look(r, (int)(end - monotonic_ms()));
        assert_true(rep_shows(r, "NOT SAVED"));
        printf("%s: %u keys in %d ms of a held file, the worst painted after %lld ms\n", ways[way], keys, HELD_MS,
               (long long)worst);
        if (worst > KEY_MS * SLACK)
            fail_msg("a key was painted after %lld ms", (long long)worst);
        const char *stored = desk_text(&desk, "SELECT text FROM draft");
        assert_string_equal(stored, "begin");
        let_go(other);
        rep_see_gone(r, "NOT SAVED", DEADLINE_MS);
        draft_becomes(r, note);
        rep_type(r, " end");
        rep_see_typed(r, "end", DEADLINE_MS);
        pty_kill(rep_pty(r));
        snprintf(note + strlen(note), sizeof note - strlen(note), " end");
        assert_string_equal(desk_text(&desk, "SELECT text FROM draft"), note);
        desk_is_sound(&desk);
        rep_done(r);
    }
}

TEST(an_outcome_waits_for_the_file)
{
    struct rep *r = in_a_call("outcome");
    sqlite3 *other = hold("BEGIN IMMEDIATE");
    rep_type(r, " more");
    rep_see_typed(r, "more", DEADLINE_MS);
    rep_type(r, "\tn");
    rep_see(r, "not saved yet", DEADLINE_MS);
    int64_t end = monotonic_ms() + HELD_MS;
    while (monotonic_ms() < end)
        rep_look(r, (int)(end - monotonic_ms()));
    assert_int_equal(
        desk_number(&desk, "SELECT count(*) FROM touch WHERE completed_at IS NOT NULL AND channel = 'call'"), 0);
    let_go(other);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    assert_int_equal(
        desk_number(&desk, "SELECT count(*) FROM touch WHERE completed_at IS NOT NULL AND channel = 'call'"), 1);
    assert_string_equal(desk_text(&desk, "SELECT note FROM touch WHERE completed_at IS NOT NULL AND channel = 'call'"),
                        "begin more");
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM draft"), 0);
    DESK_ASK(&desk, "check");
    rep_done(r);
}

/* Between calls: moving about, a dial that cannot be written is not made. */
TEST(no_dial_without_its_row)
{
    desk_open(&desk, "dial");
    desk_import_list(&desk, "list", 5);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    sqlite3 *other = hold("BEGIN IMMEDIATE");
    int64_t began = monotonic_ms();
    rep_type(r, "j");
    rep_settle(r);
    rep_type(r, "\r");
    rep_see(r, "another program holds", DEADLINE_MS);
    printf("a dial on a held file is refused after %lld ms\n", (long long)(monotonic_ms() - began));
    assert_false(rep_shows(r, "dialing"));
    let_go(other);
    rep_settle(r);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM touch"), 0);
    rep_type(r, "\r");
    rep_see(r, "dialing", DEADLINE_MS);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM touch WHERE completed_at IS NULL"), 1);
    rep_done(r);
}

/* A start on a file that is held waits for it, on the screen, and can be left. */
TEST(a_start_waits_for_the_file)
{
    desk_open(&desk, "start");
    desk_import_list(&desk, "list", 5);
    sqlite3 *other = hold("BEGIN IMMEDIATE");
    struct rep *r = rep_start(&desk, NULL);
    for (int64_t end = monotonic_ms() + HELD_MS; monotonic_ms() < end;)
        rep_look(r, (int)(end - monotonic_ms()));
    let_go(other);
    char name[64];
    person_name(0, name, sizeof name);
    if (rep_status(r, 0) < 0)
        rep_see(r, name, DEADLINE_MS);
    else
        assert_int_equal(rep_status(r, 0), 75);
    rep_done(r);
}
