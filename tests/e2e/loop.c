/* SPDX-License-Identifier: MIT */
/*
 * A rep's half hour, in tmux at 80x24: a CSV is imported, thirty people are called with every outcome and every
 * question, ten of them are taken back and filed anew, the window is resized, stopped, pasted into, left and opened
 * again. What a rep would expect is asserted on the screen and, through the commands, in the store.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 20000, PEOPLE = 40, CALLS = 30 };

static struct desk desk;
static struct terminal *t;

/* What the rep presses after Tab, what the foot line says, where the prospect is then. */
struct row {
    const char *keys, *label, *state, *outcome;
};
static const struct row rows[] = {
    {"n", "no answer", "resting", "no-answer"},
    {"v", "left voicemail", "resting", "voicemail"},
    {"k", "machine, no message", "resting", "machine"},
    {"b", "busy", "resting", "busy"},
    {"g", "gatekeeper", "resting", "gatekeeper"},
    {"r", "wrong person, referred on", "done", "referred"},
    {"c 'tomorrow 3pm' Enter", "call back", "callback", "callback"},
    {"i 'send the offer' Enter 'in 3 days' Enter", "interested", "callback", "interested"},
    {"a '+2d 10:30' Enter 'Mia Voss' Enter", "meeting set", "booked", "appointment"},
    {"s '1200.50 EUR' Enter", "sale", "done", "sale"},
    {"l", "not now", "resting", "later"},
    {"x t", "not interested", "done", "not-interested"},
    {"w", "wrong number", "done", "wrong-number"},
    {"f", "disconnected", "done", "out-of-service"},
    {"d p", "do not call", "suppressed", "do-not-call"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

/* What the day adds up to, counted beside the program. */
static struct {
    int64_t ids[CALLS + 1];
    const struct row *filed[CALLS + 1];
    bool noted[CALLS + 1];
    int count;
} day;

static bool in(const char *json, const char *key, const char *value)
{
    char wanted[200];
    snprintf(wanted, sizeof wanted, "\"%s\":%s", key, value);
    const char *at = strstr(json, wanted);
    return at != NULL && strchr(",}]\n", at[strlen(wanted)]) != NULL;
}

static const char *show(int64_t id)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    return DESK_ASK(&desk, "show", text, "--json");
}

static void is(int64_t id, const char *key, const char *value)
{
    const char *json = show(id);
    if (!in(json, key, value))
        fail_msg("\"%s\" of %lld is not %s: %s", key, (long long)id, value, json);
}

static void state_is(int64_t id, const char *state)
{
    char quoted[40];
    snprintf(quoted, sizeof quoted, "\"%s\"", state);
    is(id, "state", quoted);
}

/* A new card: type-ahead is dropped, and Enter does nothing for 400 ms. */
static void settle(void)
{
    pause_ms(450);
}

static int64_t open_call(void)
{
    return desk_number(&desk, "SELECT prospect_id FROM touch WHERE completed_at IS NULL");
}

static char name[64];
static int64_t dial(void)
{
    settle();
    terminal_keys(t, "Enter");
    terminal_wait(t, "dialing|connected", DEADLINE_MS);
    int64_t id = open_call();
    assert_true(id > 0);
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT name FROM prospect WHERE id = %lld", (long long)id);
    snprintf(name, sizeof name, "%s", desk_text(&desk, sql));
    /* the person who is painted is the person who is dialled */
    terminal_wait(t, name, DEADLINE_MS);
    return id;
}

static void file(const struct row *row)
{
    static int newcomers;
    char said[200], keys[200];
    snprintf(keys, sizeof keys, "%s", row->keys);
    if (row->keys[0] == 'r') { /* somebody else each time */
        snprintf(keys, sizeof keys, "r 'Zed%c Newman +1 646 555 01%02d' Enter", 'a' + newcomers, 10 + newcomers);
        newcomers++;
    }
    terminal_keys(t, "Tab");
    terminal_wait(t, "n no answer", DEADLINE_MS); /* the bar */
    for (const char *p = keys; *p != '\0';) {
        /* a question is answered when it is asked */
        char word[128];
        size_t len = *p == '\'' ? strcspn(p + 1, "'") + 2 : strcspn(p, " ");
        snprintf(word, sizeof word, "%.*s", (int)len, p);
        terminal_keys(t, word);
        p += len;
        p += strspn(p, " ");
        if (*p == '\'')
            terminal_wait(t, "\\?|when|how much|whom|next step", DEADLINE_MS);
    }
    snprintf(said, sizeof said, "last: %.12s", row->label); /* the rest may not fit */
    terminal_wait(t, said, DEADLINE_MS);
    assert_int_equal(open_call(), -1);
}

static void day_add(int64_t id, const struct row *row, bool noted)
{
    day.ids[day.count] = id;
    day.filed[day.count] = row;
    day.noted[day.count++] = noted;
}

static void begin(void)
{
    const char *const argv[] = {CALLDECK_BIN, "--db", desk.db, NULL};
    t = terminal_start(80, 24, NULL, desk.environment, argv);
    terminal_wait(t, DECK_SIGN, DEADLINE_MS);
}

static void judge_day(void)
{
    int64_t dials = 0, conversations = 0, meetings = 0, sales = 0;
    for (int i = 0; i < day.count; i++) {
        const struct row *row = day.filed[i];
        state_is(day.ids[i], row->state);
        char outcome[64], note[64];
        snprintf(outcome, sizeof outcome, "\"%s\"", row->outcome);
        is(day.ids[i], "outcome", outcome);
        is(day.ids[i], "draft", "null");
        snprintf(note, sizeof note, "note of call %d", i);
        if (day.noted[i])
            assert_non_null(strstr(show(day.ids[i]), note));
        conversations += strchr("ciaslx", row->keys[0]) != NULL;
        meetings += row->keys[0] == 'a';
        sales += row->keys[0] == 's';
        dials++;
    }
    const char *stats = DESK_ASK(&desk, "stats", "--json");
    char number[32];
    const struct {
        const char *key;
        int64_t value;
    } figures[] = {{"dials", dials}, {"conversations", conversations}, {"meetings", meetings}, {"sales", sales}};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        snprintf(number, sizeof number, "%lld", (long long)figures[i].value);
        if (!in(stats, figures[i].key, number))
            fail_msg("%s should be %s: %s", figures[i].key, number, stats);
    }
    snprintf(number, sizeof number, "%lld", (long long)sales * 1200 + sales / 2);
    if (!in(stats, "amount", number))
        fail_msg("the amount should be %s: %s", number, stats);
    DESK_ASK(&desk, "check");
    desk_is_sound(&desk);
}

TEST(a_half_hour_of_calls)
{
    desk_open(&desk, "day");
    /* What is learned from these calls would move those who are left, also between the leaving and the coming back. */
    desk_configure(&desk, "set order fewest");
    desk_import_list(&desk, "spring", PEOPLE);
    begin();
    terminal_wait(t, "40 ready", DEADLINE_MS);

    /* outcome letters without a call, and a paste, do nothing but say so */
    terminal_keys(t, "n");
    terminal_wait(t, "no call is open", DEADLINE_MS);
    terminal_paste(t, "q\nn\n\ru\n:quit\n");
    terminal_wait(t, "pasted text goes into the notes", DEADLINE_MS);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM touch"), 0);

    for (int i = 0; i < CALLS; i++) {
        const struct row *row = &rows[i % ROWS];
        bool noted = i % 3 == 0, takes_back = i % 3 == 1;
        int64_t id = dial();
        for (int j = 0; j < day.count; j++)
            assert_int_not_equal(day.ids[j], id);
        char note[64];
        snprintf(note, sizeof note, "'note of call %d'", i);
        if (noted) {
            terminal_keys(t, note);
            snprintf(note, sizeof note, "note of call %d", i);
            terminal_wait(t, note, DEADLINE_MS);
        }
        if (i == 6) { /* a paste with newlines is text */
            terminal_paste(t, "line one\nTab n\n");
            terminal_wait(t, "line one", DEADLINE_MS);
            assert_int_equal(open_call(), id);
        }
        if (i == 9)
            terminal_keys(t, "Resize:100x30");
        if (i == 12)
            terminal_keys(t, "Resize:60x16");
        if (i == 13) {
            terminal_keys(t, "Resize:10x3");
            terminal_wait(t, ".", DEADLINE_MS);
            terminal_keys(t, "Tab"); /* nobody sees what it would do: nothing */
            terminal_keys(t, "Resize:80x24");
            terminal_wait(t, name, DEADLINE_MS);
            assert_int_equal(open_call(), id);
        }
        if (takes_back) { /* the wrong letter first */
            const struct row *wrong = &rows[(i + 7) % ROWS];
            file(wrong);
            terminal_keys(t, "u");
            terminal_wait(t, "taken back", DEADLINE_MS);
            terminal_wait(t, name, DEADLINE_MS);
            assert_int_equal(open_call(), id);
            is(id, "draft", "null");
            terminal_keys(t, "Esc"); /* undo leaves us on the bar; file() presses Tab to come back to it */
        }
        file(row);
        day_add(id, row, noted);
    }

    /* the header accounts for everybody, those who came by a referral too */
    const char *screen = terminal_wait(t, "ready", DEADLINE_MS);
    static const char *const groups[] = {" ready", " cb", " rest", " wait", " done", " blk"};
    int64_t sum = 0;
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const char *at = strstr(screen, groups[i]);
        assert_non_null(at);
        while (at > screen && at[-1] >= '0' && at[-1] <= '9')
            at--;
        sum += strtoll(at, NULL, 10);
    }
    assert_int_equal(sum, desk_number(&desk, "SELECT count(DISTINCT prospect_id) FROM list_member"));
    judge_day();

    /* leaving says what is left, and asks once */
    terminal_keys(t, "Tab");
    terminal_keys(t, "'a note without a call'");
    terminal_wait(t, "a note without a call", DEADLINE_MS);
    terminal_keys(t, "Esc");
    terminal_wait(t, DECK_SIGN, DEADLINE_MS);
    terminal_keys(t, "q");
    terminal_wait(t, "left for today: .*1 note not filed", DEADLINE_MS);
    terminal_keys(t, "n");
    terminal_wait(t, DECK_SIGN, DEADLINE_MS);
    terminal_keys(t, "q");
    terminal_wait(t, "left for today", DEADLINE_MS);
    terminal_keys(t, "y");
    assert_int_equal(terminal_status(t, DEADLINE_MS), 0);
    terminal_done(t);

    begin(); /* and it is all as it was */
    judge_day();
    int64_t id = dial();
    for (int j = 0; j < day.count; j++)
        assert_int_not_equal(day.ids[j], id);
    terminal_wait(t, "a note without a call", DEADLINE_MS); /* their draft came back, the cursor at its end */
    terminal_keys(t, "' and on it goes'");
    terminal_wait(t, "a note without a call and on it goes", DEADLINE_MS);
    terminal_done(t);
}
