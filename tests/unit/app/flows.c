/* SPDX-License-Identifier: MIT */
/* The edges of the loop: files that are held, windows that share a card, questions that outlive what they were about. */
#include <string.h>

#include "calldeck/utf8.h"
#include "seat.h"

static size_t touches_of(struct seat *s, int64_t prospect, struct card_touch *ret_last)
{
    struct arena a = {0};
    struct card c;
    struct error err = {0};
    size_t count = 0;
    if (!card_load(s->store, prospect, 0, s->now, 0, &a, &c, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < c.touches_count; i++)
        count += !c.touches[i].voided;
    if (ret_last != NULL && c.touches_count != 0)
        *ret_last = c.touches[0]; /* numbers only: its words go with the arena */
    arena_done(&a);
    return count;
}

static bool draft_is(struct seat *s, int64_t prospect, const char *text)
{
    struct arena a = {0};
    struct card c;
    struct error err = {0};
    bool same = card_load(s->store, prospect, 0, s->now, 1, &a, &c, &err) && str_is(c.draft, text);
    arena_done(&a);
    return same;
}

TEST(flow_a_log_that_waits_is_filed_on_its_own_card)
{
    struct seat s;
    struct error err = {0};
    const char *path = test_path("flow-log.db");
    seat_open(&s, path, 3);
    int64_t first = s.app->card.id;
    pid_t child = seat_hold_writer(path);
    seat_command(&s, "log no-answer", &err);
    assert_true(s.app->asked.waits);
    seat_keys(&s, "j j");
    s.app->pending = 0;
    assert_true(app_timeout_ms(s.app) <= 100);
    assert_string_equal(seat_card(&s), "Person 1");
    assert_non_null(strstr(s.app->message.text, "stays until"));
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_false(s.app->asked.waits);
    assert_int_equal(touches_of(&s, first, NULL), 1);
    assert_string_equal(seat_card(&s), "Person 2");
    assert_int_equal(touches_of(&s, s.app->card.id, NULL), 0);
    seat_close(&s);
}

TEST(flow_undo_drops_what_is_not_saved_yet)
{
    struct seat s;
    struct error err = {0};
    const char *path = test_path("flow-undo.db");
    seat_open(&s, path, 2);
    int64_t first = s.app->card.id;
    pid_t child = seat_hold_writer(path);
    seat_command(&s, "log no-answer", &err);
    seat_keys(&s, "u");
    assert_non_null(strstr(s.app->message.text, "not saved yet"));
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_int_equal(touches_of(&s, first, NULL), 0);
    seat_close(&s);
}

TEST(flow_an_outcome_that_waits_never_takes_the_card_from_under_a_question)
{
    struct seat s;
    const char *path = test_path("flow-question.db");
    seat_open(&s, path, 2);
    seat_keys(&s, "Enter");
    pid_t child = seat_hold_writer(path);
    seat_keys(&s, "Tab n +");
    assert_true(s.app->asked.waits);
    assert_int_equal(s.app->prompt.kind, PROMPT_ADD);
    seat_release_writer(child);
    seat_wait(&s, 3);
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_equal(s.app->prompt.kind, PROMPT_ADD);
    seat_keys(&s, "Esc");
    seat_wait(&s, 2);
    assert_string_equal(seat_card(&s), "Person 2");
    seat_close(&s);
}

TEST(flow_notes_in_memory_survive_an_undo_that_must_wait)
{
    struct seat s;
    const char *path = test_path("flow-notes.db");
    seat_open(&s, path, 2);
    seat_keys(&s, "Enter Tab n");
    pid_t child = seat_hold_writer(path);
    seat_keys(&s, "Tab 'not lost' Esc u");
    assert_non_null(strstr(s.app->message.text, "before the notes are stored"));
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_true(draft_is(&s, s.app->card.id, "not lost"));
    seat_close(&s);
}

TEST(flow_a_window_that_only_looks_takes_nobodys_draft)
{
    struct seat a, b;
    const char *path = test_path("flow-draft.db");
    seat_open(&a, path, 2);
    int64_t first = a.app->card.id;
    seat_open_as(&b, path, 0, "other");
    seat_keys(&b, "/ 'person 1' Enter");
    assert_int_equal(b.app->card.id, first);
    seat_keys(&b, "Tab 'from the other window' Esc");
    assert_true(draft_is(&a, first, "from the other window"));
    seat_keys(&a, "Tab Esc u j k");
    assert_true(draft_is(&a, first, "from the other window"));
    seat_close(&b);
    seat_close(&a);
}

TEST(flow_a_logged_note_is_no_draft_any_more)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Tab 'by mobile' Esc");
    seat_command(&s, "log later", &err);
    assert_int_equal(touches_of(&s, first, NULL), 1);
    assert_true(draft_is(&s, first, ""));
    seat_close(&s);
}

TEST(flow_no_cold_dial_runs_into_a_promise)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    seat_keys(&s, "j");
    seat_command(&s, "callback in 5 min", &err);
    seat_keys(&s, "k");
    assert_string_equal(seat_card(&s), "Person 1");
    s.now += 100;
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_int_equal(s.app->prompt.kind, PROMPT_OVERRIDE);
    assert_non_null(strstr(s.app->prompt.label, "callback with Person 2 at"));
    seat_keys(&s, "'a short one' Enter");
    assert_int_equal(s.app->call.state, CALL_DIALING);
    seat_close(&s);
}

TEST(flow_a_reason_sets_aside_only_a_rule_of_the_house)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter Tab n / 'person 1' Enter Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_OVERRIDE);
    if (!suppress_add(s.store, SCOPE_PERSON, first, STR(""), STR("asked"), STR("rep"), s.now, &err))
        fail_msg("%s", err.text);
    seat_keys(&s, "'sure' Enter");
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_non_null(strstr(s.app->message.text, "not dialled"));
    seat_close(&s);
}

TEST(flow_a_form_saves_what_was_typed_and_no_more)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 1);
    int64_t id = s.app->card.id;
    seat_keys(&s, "e");
    if (!prospect_edit(s.store, id, STR("title"), STR("Buyer"), s.now, &err))
        fail_msg("%s", err.text);
    s.app->pending |= REACT_CARD;
    seat_wait(&s, 1);
    assert_true(str_is(s.app->card.title, "Buyer"));
    seat_keys(&s, "'a' Enter");
    assert_string_equal(seat_card(&s), "Person 1a");
    assert_true(str_is(s.app->card.title, "Buyer"));
    seat_close(&s);
}

TEST(flow_a_call_of_another_window_is_not_found_open)
{
    struct seat a, b;
    const char *path = test_path("flow-found.db");
    seat_open(&a, path, 2);
    seat_keys(&a, "Enter");
    seat_open_as(&b, path, 0, "other");
    assert_int_equal(b.app->call.state, CALL_NONE);
    assert_string_equal(seat_card(&b), "Person 2");
    seat_close(&b);
    seat_close(&a);
}

TEST(flow_a_call_left_by_a_crash_was_no_longer_than_its_note)
{
    struct seat s;
    struct card_touch last = {.talk_s = -1};
    const char *path = test_path("flow-talk.db");
    seat_open(&s, path, 1);
    int64_t id = s.app->card.id;
    seat_keys(&s, "Enter 'talking'");
    seat_close(&s);
    seat_open(&s, path, 0);
    s.now += 9 * HOUR_S;
    seat_keys(&s, "Tab g");
    assert_int_equal(touches_of(&s, id, &last), 1);
    assert_true(last.talk_s >= 0 && last.talk_s < MINUTE_S);
    seat_close(&s);
}

TEST(flow_long_names_are_cut_between_characters)
{
    struct seat s;
    struct buf name;
    seat_open(&s, NULL, 1);
    buf_init(&name);
    for (int i = 0; i < 60; i++)
        buf_add_text(&name, i % 7 == 0 ? "x" : "م");
    seat_add(&s, name.at, "+12125550001", "UTC");
    seat_keys(&s, "C-l j");
    assert_string_equal(seat_card(&s), name.at);
    seat_keys(&s, "S t");
    assert_true(s.app->last[0] != '\0' && utf8_valid(str_of(s.app->last)));
    seat_keys(&s, "u Enter Tab n");
    assert_true(s.app->last[0] != '\0' && utf8_valid(str_of(s.app->last)));
    assert_non_null(strstr(s.app->last, "rests until"));
    buf_done(&name);
    seat_close(&s);
}

TEST(flow_undo_goes_as_deep_as_the_day)
{
    struct seat s;
    seat_open(&s, NULL, 4);
    int64_t ids[3];
    for (int i = 0; i < 3; i++) {
        seat_wait(&s, 1);
        ids[i] = s.app->card.id;
        seat_keys(&s, "Enter Tab n");
    }
    for (int i = 2; i >= 0; i--) {
        seat_keys(&s, "u");
        assert_int_equal(s.app->card.id, ids[i]);
        assert_int_equal(s.app->call.state, CALL_ENDED); /* open again, without a line */
        assert_true(s.app->call.reopened);
    }
    struct arena a = {0};
    struct card c;
    struct error err = {0};
    for (int i = 0; i < 3; i++) {
        assert_true(card_load(s.app->store, ids[i], 0, s.app->now, 0, &a, &c, &err));
        assert_int_equal(c.attempts, 0);
        assert_int_equal(c.stored_state, STATE_READY); /* one of the two dials of the day is spent, no more */
        assert_int_equal(c.open_touch != 0, i == 0);
    }
    arena_done(&a);
    seat_keys(&s, "b");
    assert_int_equal(s.app->call.state, CALL_NONE);
    seat_close(&s);
}
