/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "history.h"
#include "test.h"
#include "world.h"

struct row {
    const char *name, *phones, *events;
    const char *state, *not_before;
    int attempts;
};

static void check_row(const struct row *row, const struct fold_result *r)
{
    if (strcmp(state_name(r->state), row->state) != 0 || r->not_before != november(row->not_before) ||
        r->attempts != row->attempts)
        fail_msg("%s: %s, not before %s, %d attempts; want %s, %s, %d", row->name, state_name(r->state),
                 shown(r->not_before), r->attempts, row->state, shown(november(row->not_before)), row->attempts);
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct history h;
        struct fold_result r;
        history_read(&h, rows[i].phones, rows[i].events);
        fold(&h.in, &r, NULL);
        check_row(&rows[i], &r);
    }
}

TEST(fold_gives_each_outcome_its_rest)
{
    static const struct row rows[] = {
        {"nothing yet", "u", "", "ready", "", 0},
        {"no answer", "u", "23T10:00 out no-answer", "resting", "23T13:00", 1},
        {"no answer twice, both today: the day is full, and over as the rest is", "u",
         "23T10:00 out no-answer; 23T14:00 out no-answer", "resting", "24T00:00", 2},
        {"third in a row", "u", "22T10:00 out no-answer; 22T14:00 out machine; 23T10:00 out no-answer", "resting",
         "25T00:00", 3},
        {"fourth and on, over the weekend", "u",
         "19T10:00 out no-answer; 19T14:00 out no-answer; 22T10:00 out no-answer; 23T10:00 out no-answer", "resting",
         "29T00:00", 4},
        {"an answer begins the row anew", "u",
         "22T10:00 out no-answer; 22T14:00 out gatekeeper; 23T10:00 out no-answer", "resting", "23T13:00", 3},
        {"busy", "u", "23T10:00 out busy", "resting", "23T10:15", 1},
        {"voicemail on the last day of the week", "u", "26T10:00 out voicemail", "resting", "29T00:00", 1},
        {"gatekeeper in the morning", "u", "23T10:00 out gatekeeper", "resting", "23T13:00", 1},
        {"gatekeeper in the afternoon", "u", "23T15:00 out gatekeeper", "resting", "24T00:00", 1},
        {"later", "u", "23T10:00 out later", "resting", "26T00:00", 1},
        {"later, said when they called: no attempt", "u", "23T10:00 in later", "resting", "26T00:00", 0},
        {"the last talk decides", "u", "22T10:00 out later; 23T10:00 out busy", "resting", "23T10:15", 2},
        {"a note does nothing", "u", "23T10:00 note", "ready", "", 0},
        {"an open call rests nowhere", "u", "23T10:00 open", "ready", "", 0},
        {"wrong number: the next one at once", "bu", "23T10:00 out wrong-number", "ready", "", 1},
        {"wrong number, no other", "b", "23T10:00 out wrong-number", "done", "", 1},
        {"disconnected, no other", "bb", "23T10:00 out out-of-service", "done", "", 1},
        {"not interested", "u", "23T10:00 out not-interested", "done", "", 1},
        {"referred", "u", "23T10:00 out referred", "done", "", 1},
        {"do not call", "s", "23T10:00 out do-not-call", "suppressed", "", 1},
        {"do not call, suppression removed", "u", "23T10:00 out do-not-call", "done", "", 1},
        {"sale", "u", "23T10:00 out sale", "done", "", 1},
        {"sale, then no answer", "u", "22T10:00 out sale; 23T10:00 out no-answer", "done", "", 2},
    };
    check_rows(rows, COUNT(rows));
}

TEST(fold_counts_caps_and_days)
{
    static const struct row rows[] = {
        {"five tries", "u",
         "15T10:00 out busy; 16T10:00 out busy; 17T10:00 out busy; 18T10:00 out busy; 19T10:00 out gatekeeper",
         "resting", "19T13:00", 5},
        {"six are enough", "u",
         "15T10:00 out busy; 16T10:00 out busy; 17T10:00 out busy; 18T10:00 out busy; 19T10:00 out gatekeeper; "
         "22T10:00 out gatekeeper",
         "capped", "", 6},
        {"a promise outranks the cap", "u",
         "15T10:00 out busy; 16T10:00 out busy; 17T10:00 out busy; 18T10:00 out busy; 19T10:00 out busy; "
         "22T10:00 out callback; 22T10:05 promise 24T15:00",
         "callback", "24T15:00", 6},
        {"a message counts as a try, and has no cap of its own", "u",
         "17T10:00 out voicemail; 18T10:00 out voicemail; 19T10:00 log voicemail", "resting", "22T00:00", 3},
        {"two messages", "u", "17T10:00 out voicemail; 18T10:00 out voicemail; 19T10:00 void out voicemail", "resting",
         "19T00:00", 2},
        {"two busy dials: full until tomorrow, which is later than the rest", "u",
         "23T10:00 out busy; 23T11:00 out busy", "capped", "24T00:00", 2},
        {"one of them only written down", "u", "23T10:00 out busy; 23T11:00 log busy", "capped", "24T00:00", 2},
        {"one of them taken back, but placed", "u", "23T10:00 void out busy; 23T11:00 out busy", "capped", "24T00:00",
         1},
        {"one of them taken back, and never placed", "u", "23T10:00 void log busy; 23T11:00 out busy", "resting",
         "23T11:15", 1},
        {"both taken back", "u", "23T10:00 void out busy; 23T11:00 void out busy", "capped", "24T00:00", 0},
        {"one still open", "u", "23T10:00 out busy; 23T11:00 open", "capped", "24T00:00", 1},
        {"a call of theirs is no dial", "u", "23T10:00 out busy; 23T11:00 in busy", "resting", "23T11:15", 1},
        {"on two days", "u", "22T23:59 out busy; 23T00:00 out busy", "resting", "23T00:15", 2},
        {"the day there, not in UTC", "u", "22T23:00 out busy; 23T01:00 out busy", "resting", "23T01:15", 2},
        {"a full day, and a dial on another since", "u", "17T10:00 out busy; 17T11:00 out busy; 18T10:00 open",
         "resting", "17T11:15", 2},
        {"the rest is longer than the day", "u", "23T10:00 out busy; 23T11:00 out voicemail; 23T11:30 note", "resting",
         "24T00:00", 2},
    };
    check_rows(rows, COUNT(rows));
}

TEST(fold_keeps_promises)
{
    static const struct row rows[] = {
        {"promised", "u", "23T10:00 out callback; 23T10:05 promise 24T15:00", "callback", "24T15:00", 1},
        {"the next step is a promise", "u", "23T10:00 out interested; 23T10:05 step 24T15:00", "callback", "24T15:00",
         1},
        {"the first of several", "u", "23T10:05 promise 25T15:00; 23T10:06 promise 24T15:00; 23T10:07 step 26T09:00",
         "callback", "24T15:00", 0},
        {"cancelled", "u", "23T10:00 out callback; 23T10:05 dropped promise 24T15:00", "ready", "", 1},
        {"kept", "u", "23T10:00 out callback; 23T10:05 promise 24T15:00; 24T15:01 out later", "resting", "29T00:00", 2},
        {"kept early, when they called", "u", "23T10:00 out callback; 23T10:05 promise 24T15:00; 24T09:00 in later",
         "resting", "29T00:00", 1},
        {"a talk before it was made does not keep it", "u", "23T10:00 out later; 23T10:05 promise 24T15:00", "callback",
         "24T15:00", 1},
        {"... not even of the same second, if that call made it", "u",
         "23T10:00 out callback; 23T10:00 promise 24T15:00", "callback", "24T15:00", 1},
        {"a sale of the same second ends it", "u",
         "23T10:00 log callback; 23T10:00 promise 24T15:00; 23T10:00 log sale", "done", "", 2},
        {"done, and promised afterwards", "u", "22T10:00 out sale; 23T10:05 promise 24T15:00", "callback", "24T15:00",
         1},
        {"a promise moves to the new one", "u",
         "22T10:00 out callback; 22T10:05 promise 23T15:00; 23T15:00 out callback; 23T15:05 promise 25T09:00",
         "callback", "25T09:00", 2},
        {"not answered: ten minutes on", "u",
         "23T10:00 out callback; 23T10:05 promise 24T15:00; 24T15:00 out no-answer", "callback", "24T15:10", 2},
        {"... from the minute before", "u", "23T10:05 promise 24T15:00; 24T14:59 out no-answer", "callback", "24T15:09",
         1},
        {"... but not two minutes before: that was no try", "u", "23T10:05 promise 24T15:00; 24T14:58 out no-answer",
         "callback", "24T15:00", 1},
        {"a gatekeeper is a try", "u", "23T10:05 promise 24T15:00; 24T15:00 out gatekeeper", "callback", "24T15:10", 1},
        {"twice", "u", "23T10:05 promise 24T15:00; 24T15:00 out no-answer; 24T15:10 out busy", "callback", "24T15:20",
         2},
        {"the second too early does not count", "u",
         "23T10:05 promise 24T15:00; 24T15:00 out no-answer; 24T15:05 out busy", "callback", "24T15:10", 2},
        {"a third time: missed, and the cadence has it", "u",
         "23T10:05 promise 24T15:00; 24T15:00 out no-answer; 24T15:10 out busy; 24T15:20 out no-answer", "resting",
         "26T00:00", 3},
        {"a missed one does not hold up done", "u",
         "22T10:00 out sale; 23T10:05 promise 24T15:00; 24T15:00 out no-answer; 24T15:10 out busy; 24T15:20 out busy",
         "done", "", 4},
        {"a try taken back was none", "u", "23T10:05 promise 24T15:00; 24T15:00 void out no-answer; 24T15:10 out busy",
         "callback", "24T15:20", 1},
        {"their call is no try", "u", "23T10:05 promise 24T15:00; 24T15:00 in no-answer", "callback", "24T15:00", 0},
        {"a promise outranks review", "u", "23T09:00 review; 23T10:05 promise 24T15:00", "callback", "24T15:00", 0},
        {"... and a number that is missing", "", "23T10:05 promise 24T15:00", "callback", "24T15:00", 0},
        {"suppression outranks a promise", "s", "23T10:05 promise 24T15:00", "suppressed", "", 0},
    };
    check_rows(rows, COUNT(rows));
}

TEST(fold_books_until_the_morning_after_the_meeting)
{
    static const struct row rows[] = {
        {"booked", "u", "23T10:00 out appointment; 23T10:05 meeting 26T15:00", "booked", "27T00:00", 1},
        {"the later of two", "u", "23T10:05 meeting 26T15:00; 23T10:06 meeting 25T15:00", "booked", "27T00:00", 0},
        {"cancelled", "u", "23T10:00 out appointment; 23T10:05 dropped meeting 26T15:00", "ready", "", 1},
        {"talked since", "u", "23T10:00 out appointment; 23T10:05 meeting 24T15:00; 25T10:00 out later", "resting",
         "30T00:00", 2},
        {"sold since", "u", "23T10:00 out appointment; 23T10:05 meeting 24T15:00; 25T10:00 out sale", "done", "", 2},
        {"tried since, before it: still booked", "u",
         "23T10:00 out appointment; 23T10:05 meeting 26T15:00; 24T10:00 out no-answer", "booked", "27T00:00", 2},
        {"tried since, after it: the cadence", "u",
         "23T10:00 out appointment; 23T10:05 meeting 24T15:00; 25T10:00 out no-answer", "resting", "25T13:00", 2},
        {"a callback before the meeting", "u", "23T10:05 meeting 26T15:00; 23T10:06 promise 25T15:00", "callback",
         "25T15:00", 0},
        {"booked again after a sale", "u", "22T10:00 out sale; 23T10:05 meeting 26T15:00", "booked", "27T00:00", 1},
        {"above the cap", "u",
         "15T10:00 out busy; 16T10:00 out busy; 17T10:00 out busy; 18T10:00 out busy; 19T10:00 out busy; "
         "22T10:00 out appointment; 22T10:05 meeting 24T15:00",
         "booked", "25T00:00", 6},
    };
    check_rows(rows, COUNT(rows));
    struct history h;
    struct fold_result r;
    history_read(&h, "u", "23T10:05 meeting 26T15:00");
    h.policy.meeting_back_days = 3;
    fold(&h.in, &r, NULL);
    assert_at(r.not_before, november("29T00:00"), 0);
    h.in.place = place_in("", 0);
    fold(&h.in, &r, NULL);
    assert_string_equal(state_name(r.state), "booked"); /* above no-zone */
}

TEST(fold_sends_what_is_skipped_to_review)
{
    static const struct row rows[] = {
        {"skipped: rests until tomorrow", "u", "23T10:00 skip 24T00:00", "resting", "24T00:00", 0},
        {"twice", "u", "22T10:00 skip 23T00:00; 23T10:00 skip 24T00:00", "resting", "24T00:00", 0},
        {"the third", "u", "19T10:00 skip 20T00:00; 22T10:00 skip 23T00:00; 23T10:00 skip 24T00:00", "review", "", 0},
        {"all in one second", "u", "23T10:00 skip 24T00:00; 23T10:00 skip 24T00:00; 23T10:00 skip 24T00:00", "review",
         "", 0},
        {"kept since", "u", "23T10:00 skip 24T00:00; 23T10:00 skip 24T00:00; 23T10:00 skip 24T00:00; 23T10:00 keep",
         "ready", "", 0},
        {"skipped again after the keep", "u", "23T10:00 skip; 23T10:00 skip; 23T11:00 keep; 23T12:00 skip 24T00:00",
         "resting", "24T00:00", 0},
        {"a call clears them", "u", "19T10:00 skip; 22T10:00 skip; 22T11:00 out busy; 23T10:00 skip 24T00:00",
         "resting", "24T00:00", 1},
        {"... a call without an outcome does not", "u",
         "19T10:00 skip; 22T10:00 skip; 22T11:00 open; 23T10:00 skip 24T00:00", "review", "", 0},
        {"... one that is taken back neither", "u",
         "19T10:00 skip; 22T10:00 skip; 22T11:00 void out busy; 23T10:00 skip 24T00:00", "review", "", 0},
        {"the later of rest and skip: skip", "u", "23T10:00 out busy; 23T10:05 skip 24T00:00", "resting", "24T00:00",
         1},
        {"the later of rest and skip: rest", "u", "23T10:00 out later; 23T10:05 skip 24T00:00", "resting", "26T00:00",
         1},
        {"by hand", "u", "23T10:00 review", "review", "", 0},
        {"by hand, and kept", "u", "23T10:00 review; 23T11:00 keep", "ready", "", 0},
        {"review above a missing number", "", "23T10:00 review", "review", "", 0},
    };
    check_rows(rows, COUNT(rows));
    struct history h;
    struct fold_result r;
    history_read(&h, "u", "23T10:00 skip; 23T10:00 skip; 23T10:00 skip");
    h.policy.skips_to_review = 0;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_READY);
    assert_int_equal(r.skips, 3);
}

TEST(fold_ranks_the_states)
{
    static const struct row rows[] = {
        {"no number", "", "", "no-number", "", 0},
        {"all suppressed", "ss", "", "suppressed", "", 0},
        {"suppressed or bad", "bs", "", "suppressed", "", 0},
        {"one left", "bsu", "", "ready", "", 0},
        {"bad only", "bb", "", "done", "", 0},
    };
    check_rows(rows, COUNT(rows));
    struct history h;
    struct fold_result r;
    history_read(&h, "u", "22T10:00 out sale; 23T10:05 promise 24T15:00");
    h.in.suppressed = true;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_SUPPRESSED);
    assert_at(r.due_at, november("24T15:00"), 0); /* the promise stands, if the suppression goes */
    h.in.archived = true;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_ARCHIVED);

    history_read(&h, "u", "23T10:00 out busy");
    h.in.place = place_in("", 0);
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_NO_ZONE);
    h.in.phones_count = 0;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_NO_NUMBER);
}

TEST(fold_chooses_the_number)
{
    static const struct {
        const char *phones, *events;
        int64_t phone;
        const char *state, *not_before;
    } rows[] = {
        {"uu", "", 1, "ready", ""},
        {"bu", "", 2, "ready", ""},
        {"bsu", "", 3, "ready", ""},
        {"b", "", 0, "done", ""},
        /* a company line that others were called on */
        {"uu", "23T10:00 dial 1", 1, "ready", ""},
        {"uu", "23T10:00 dial 1; 23T11:00 dial 1", 2, "ready", ""},
        {"u", "23T10:00 dial 1; 23T11:00 dial 1", 1, "capped", "24T00:00"},
        {"u", "22T10:00 dial 1; 23T11:00 dial 1", 1, "ready", ""},
        {"u", "23T11:00 dial 1; 22T10:00 dial 1; 23T09:00 dial 1", 1, "capped", "24T00:00"},
        /* all full: the one that is free first */
        {"uu", "23T10:00 dial 1; 23T11:00 dial 1; 22T10:00 dial 2; 22T11:00 dial 2", 2, "capped", "23T00:00"},
        {"uu", "23T10:00 dial 1; 23T11:00 dial 1; 23T10:00 dial 2; 23T11:00 dial 2", 1, "capped", "24T00:00"},
        {"buu", "23T10:00 dial 2; 23T11:00 dial 2; 23T10:00 dial 1; 23T11:00 dial 1", 3, "ready", ""},
        /* the person's own day is full as well */
        {"uu", "23T10:00 out busy; 23T11:00 out busy", 2, "capped", "24T00:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct history h;
        struct fold_result r;
        history_read(&h, rows[i].phones, rows[i].events);
        fold(&h.in, &r, NULL);
        if (r.phone_id != rows[i].phone || strcmp(state_name(r.state), rows[i].state) != 0 ||
            r.not_before != november(rows[i].not_before))
            fail_msg("row %zu: number %d, %s, %s", i, (int)r.phone_id, state_name(r.state), shown(r.not_before));
    }
    struct history h;
    struct fold_result r;
    history_read(&h, "u", "23T10:00 out busy; 23T11:00 out busy; 23T12:00 out busy");
    h.policy.dials_per_day = 0;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_RESTING); /* no limit */
    h.policy.dials_per_day = 3;
    fold(&h.in, &r, NULL);
    assert_int_equal(r.state, STATE_CAPPED);
}

TEST(fold_says_the_rest)
{
    struct history h;
    struct fold_result r;
    int64_t due[4];
    history_read(&h, "u",
                 "22T10:00 in sale; 22T10:05 promise 24T15:00; 22T10:06 dropped promise 23T09:00; "
                 "23T12:00 meeting 26T10:00; 24T15:00 out no-answer; 24T15:30 void out busy; 24T16:00 note");
    fold(&h.in, &r, due);
    assert_true(r.customer);
    assert_int_equal(r.attempts, 1);
    assert_at(r.touched_at, november("24T15:00"), 0);
    assert_int_equal(r.callback_id, 1);
    assert_int_equal(r.tries, 1);
    assert_at(due[0], november("24T15:10"), 0);
    assert_at(due[1], AT_NONE, 1);
    assert_at(due[2], november("26T10:00"), 2);

    history_read(&h, "u", "22T10:00 void out sale");
    fold(&h.in, &r, NULL);
    assert_false(r.customer);
    assert_at(r.touched_at, AT_NONE, 0);
    history_read(&h, "u", "22T10:00 out busy; 23T10:00 open");
    fold(&h.in, &r, NULL);
    assert_at(r.touched_at, november("23T10:00"), 0);
}

TEST(fold_takes_any_order_and_any_length)
{
    enum { MANY = 5000 };
    static struct fold_touch touches[MANY];
    struct history h;
    struct fold_result forwards, backwards;
    history_read(&h, "u", "");
    for (size_t i = 0; i < MANY; i++) {
        touches[i] = (struct fold_touch){.at = november("01T10:00") + (int64_t)(i / 3) * 600,
                                         .outcome = outcome_of(i % 7 == 0 ? "gatekeeper" : "no-answer"),
                                         .call = true,
                                         .outbound = true,
                                         .dialed = i % 2 == 0};
        memcpy(touches[i].uid.b, &(uint32_t){__builtin_bswap32((uint32_t)i)}, 4);
    }
    h.in.touches = touches;
    h.in.touches_count = MANY;
    fold(&h.in, &forwards, NULL);
    for (size_t i = 0; i < MANY / 2; i++) {
        struct fold_touch t = touches[i];
        touches[i] = touches[MANY - 1 - i];
        touches[MANY - 1 - i] = t;
    }
    fold(&h.in, &backwards, NULL);
    assert_memory_equal(&forwards, &backwards, sizeof forwards);
    assert_int_equal(forwards.attempts, MANY);
}

TEST(fold_survives_facts_that_cannot_be)
{
    struct history h;
    struct fold_result r;
    int64_t due[2];
    history_read(&h, "u",
                 "23T10:00 out busy; 23T10:00 out callback; 23T10:05 promise 24T15:00; 23T10:06 meeting 25T10:00");
    h.touches[0].at = INT64_MIN;
    h.touches[1].at = INT64_MAX;
    h.callbacks[0].made_at = INT64_MIN;
    h.callbacks[0].asked_at = INT64_MAX;
    h.callbacks[1].asked_at = INT64_MIN;
    h.dials_at[0][0] = INT64_MAX;
    h.dials_at[0][1] = INT64_MAX;
    fold(&h.in, &r, due);
    h.callbacks[0].asked_at = INT64_MIN;
    fold(&h.in, &r, due);
    h.policy.retry_callback_s = INT32_MAX;
    h.policy.meeting_back_days = INT32_MAX;
    h.policy.dials_per_day = 1;
    h.callbacks[0].cancelled = true;
    h.callbacks[1].made_at = INT64_MAX;
    fold(&h.in, &r, due);
}
