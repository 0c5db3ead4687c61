/* SPDX-License-Identifier: MIT */
/*
 * Two windows on one file: they never dial the same person, and each notices what the other does.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 15000, NOTICE_MS = 10000 };

static struct desk desk;

static int64_t open_calls(void)
{
    return desk_number(&desk, "SELECT count(*) FROM touch WHERE completed_at IS NULL");
}

static int64_t people_called(void)
{
    return desk_number(&desk, "SELECT count(DISTINCT prospect_id) FROM touch WHERE completed_at IS NULL");
}

TEST(the_second_window_shows_somebody_else)
{
    desk_open(&desk, "two");
    desk_import_list(&desk, "list", 20);
    struct rep *one = rep_start(&desk, NULL);
    rep_see(one, DECK_SIGN, DEADLINE_MS);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; desk_number(&desk, "SELECT count(*) FROM claim") != 1;
         rep_look(one, 50))
        assert_true(monotonic_ms() < end); /* a card that is looked at is held */
    struct rep *two = rep_start(&desk, NULL);
    rep_see(two, DECK_SIGN, DEADLINE_MS);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; desk_number(&desk, "SELECT count(*) FROM claim") != 2;
         rep_look(two, 50)) {
        rep_look(one, 0);
        assert_true(monotonic_ms() < end);
    }
    rep_type(one, "\r");
    rep_see(one, "dialing", DEADLINE_MS);
    rep_type(two, "\r");
    rep_see(two, "dialing", DEADLINE_MS);
    assert_int_equal(open_calls(), 2);
    assert_int_equal(people_called(), 2);

    /* each types its own note; neither waits for the other */
    rep_type(one, "first-window");
    rep_type(two, "second-window");
    rep_see_typed(one, "first-window", DEADLINE_MS);
    rep_see_typed(two, "second-window", DEADLINE_MS);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM draft WHERE text IN ('first-window', 'second-window')"),
                     2);

    /* the header of the second counts what the first files */
    rep_type(two, "\tn");
    rep_see(two, DECK_SIGN, DEADLINE_MS);
    rep_see(two, "1 rest", DEADLINE_MS);
    rep_type(one, "\tn");
    rep_see(one, DECK_SIGN, DEADLINE_MS);
    rep_see(one, "2 rest", DEADLINE_MS);
    int64_t began = monotonic_ms();
    rep_see(two, "2 rest", NOTICE_MS);
    printf("the other window's outcome is seen after %lld ms\n", (long long)(monotonic_ms() - began));
    desk_is_sound(&desk);
    DESK_ASK(&desk, "check");
    rep_done(one);
    rep_done(two);
}

/* Both at once, on the same card: one gets it, or both get somebody. */
TEST(both_press_enter)
{
    desk_open(&desk, "race");
    desk_import_list(&desk, "list", 60);
    struct rep *reps[2] = {rep_start(&desk, NULL), rep_start(&desk, NULL)};
    for (int i = 0; i < 2; i++)
        rep_see(reps[i], DECK_SIGN, DEADLINE_MS);
    int dialled = 0;
    for (int round = 0; round < 12; round++) {
        rep_settle(reps[0]);
        rep_settle(reps[1]);
        rep_type(reps[round % 2], "\r");
        rep_type(reps[1 - round % 2], "\r");
        int in_call = 0;
        for (int i = 0; i < 2; i++)
            in_call += rep_sees(reps[i], "dialing", 1500);
        assert_int_equal(open_calls(), in_call);
        assert_int_equal(people_called(), in_call);
        assert_true(in_call >= 1);
        dialled += in_call;
        for (int i = 0; i < 2; i++)
            if (rep_shows(reps[i], "dialing")) {
                rep_type(reps[i], "\tn");
                rep_see(reps[i], DECK_SIGN, DEADLINE_MS);
            } else {
                rep_type(reps[i], "g"); /* who is first now */
            }
    }
    printf("%d dials of two windows in 12 rounds, no person twice\n", dialled);
    assert_int_equal(
        desk_number(&desk,
                    "SELECT max(n) FROM (SELECT count(*) AS n FROM touch WHERE dialed = 1 GROUP BY prospect_id)"),
        1);
    rep_done(reps[0]);
    rep_done(reps[1]);
}

/* What the commands do is seen too. */
TEST(the_dashboard_notices_the_commands)
{
    desk_open(&desk, "commands");
    desk_import_list(&desk, "list", 6);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, "6 ready", DEADLINE_MS);
    const char *last = desk_text(&desk, "SELECT max(id) FROM prospect");
    DESK_ASK(&desk, "log", last, "no-answer", "--note", "from-the-command-line");
    rep_see(r, "1 rest", NOTICE_MS);
    DESK_ASK(&desk, "undo");
    rep_see(r, "6 ready", NOTICE_MS);
    DESK_ASK(&desk, "import", desk_write_list(&desk, "more", 9));
    rep_see(r, "9 ready", NOTICE_MS);
    rep_done(r);
}

/* What another program sees: the lines of an export. */
static int exported(void)
{
    int lines = 0;
    for (const char *at = DESK_ASK(&desk, "export", "--format", "jsonl"); (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    return lines;
}

/* The number before the word in the header; -1: it is not there. */
static int64_t headed(struct rep *r, const char *word)
{
    const char *screen = vt_text(rep_vt(r)), *at = strstr(screen, word);
    while (at != NULL && at > screen && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at != NULL ? strtoll(at, NULL, 10) : -1;
}

TEST(an_import_is_nothing_or_all_for_the_others)
{
    enum { FEW = 5, MANY = 6000, MORE = 9000 };
    desk_open(&desk, "unseen");
    desk_import_list(&desk, "few", FEW);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, "5 ready", DEADLINE_MS);
    const char *argv[] = {CALLDECK_BIN, "--db", desk.db, "import", desk_write_list(&desk, "many", MANY), NULL};
    struct pty *import = pty_start(80, 24, NULL, desk.environment, argv);
    int looks = 0, status;
    for (; (status = pty_status(import, 0)) < 0; looks++) {
        pty_drain(import, 1);
        int seen = exported();
        assert_true(seen == FEW || seen == MANY);
        rep_look(r, 10);
        int64_t ready = headed(r, " ready");
        assert_true(ready <= FEW || ready > MANY / 2);
    }
    assert_int_equal(status, 0);
    assert_true(looks > 2);
    assert_int_equal(exported(), MANY);
    pty_done(import);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; headed(r, " ready") <= FEW; rep_look(r, 50))
        assert_true(monotonic_ms() < end); /* the window that was open notices */

    /* killed before its last row it never was */
    argv[4] = desk_write_list(&desk, "more", MORE);
    import = pty_start(80, 24, NULL, desk.environment, argv);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; desk_number(&desk, "SELECT count(*) FROM import_row") <= MANY + FEW; pty_drain(import, 1))
        assert_true(monotonic_ms() < end);
    pty_kill(import);
    pty_done(import);
    assert_int_equal(exported(), MANY);
    rep_done(r);
    r = rep_start(&desk, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    assert_int_equal(exported(), MANY);
    rep_done(r);
    DESK_ASK(&desk, "check");
    desk_is_sound(&desk);
}
