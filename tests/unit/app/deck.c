/* SPDX-License-Identifier: MIT */
/* Nothing moves under the fingers: the card, the cursor and the keys between calls. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seat.h"

static int64_t first_id(const struct seat *s)
{
    return s->app->queue_count ? s->app->queue[0].prospect_id : 0;
}

TEST(deck_starts_with_the_first_of_the_queue)
{
    struct seat s;
    seat_open(&s, NULL, 5);
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_equal(s.app->queue_count, 5);
    assert_true(s.app->card_in_queue);
    assert_true(s.app->has_reason);
    assert_int_equal(s.app->focus, CONTEXT_DECK);
    assert_int_equal(s.app->counts.total, 5);
    seat_close(&s);
}

TEST(deck_moves_the_card_with_the_cursor)
{
    struct seat s;
    seat_open(&s, NULL, 30);
    static const struct {
        const char *keys, *card;
    } rows[] = {
        {"j", "Person 2"},     {"Down", "Person 3"},    {"k", "Person 2"},  {"Up Up", "Person 1"},
        {"PgDn", "Person 11"}, {"End", "Person 30"},    {"j", "Person 30"}, {"PgUp", "Person 20"},
        {"Home", "Person 1"},  {"C-f C-b", "Person 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        seat_keys(&s, rows[i].keys);
        assert_string_equal(seat_card(&s), rows[i].card);
        assert_true(s.app->queue_cursor >= s.app->queue_top && s.app->queue_cursor < s.app->queue_top + 10);
    }
    assert_int_equal(s.flushes, 0);
    seat_close(&s);
}

TEST(deck_card_stays_when_the_order_changes)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 5);
    seat_keys(&s, "j j");
    int64_t card = s.app->card.id;
    /* somebody of another window is promised a call that is due: the order changes at the next minute */
    int64_t last = s.app->queue[4].prospect_id;
    struct outcome_entry when = {.when_at = s.now + 90, .talk_s = -1};
    assert_true(callback_make(s.store, last, &when, PROMISE_CALLBACK, s.now, &err));
    seat_wait(&s, 120);
    assert_int_equal(first_id(&s), last);
    assert_int_equal(s.app->card.id, card);
    assert_true(s.app->card_in_queue);
    assert_int_equal(s.app->queue[s.app->queue_cursor].prospect_id, card);
    assert_non_null(strstr(s.app->banner.text, "Person 5"));
    /* only the rep's own key goes there */
    seat_keys(&s, "g");
    assert_int_equal(s.app->card.id, last);
    assert_int_equal(s.flushes, 1);
    seat_close(&s);
}

TEST(deck_says_a_callback_two_minutes_before_and_counts_down)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    struct outcome_entry when = {.when_at = s.now + 300, .step = STR("missed call"), .talk_s = -1};
    assert_true(callback_make(s.store, s.app->queue[1].prospect_id, &when, PROMISE_CALLBACK, s.now, &err));
    seat_wait(&s, 170);
    assert_null(strstr(s.app->banner.text, "callback in"));
    seat_wait(&s, 20);
    assert_non_null(strstr(s.app->banner.text, "callback in 1:50: Person 2 (missed call)"));
    seat_wait(&s, 1);
    assert_non_null(strstr(s.app->banner.text, "callback in 1:49: Person 2 (missed call)"));
    seat_wait(&s, 115);
    assert_non_null(strstr(s.app->banner.text, "callback due: Person 2 (missed call)"));
    assert_string_equal(seat_card(&s), "Person 1");
    seat_close(&s);
}

TEST(deck_swallows_a_repeated_enter)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "j g");
    assert_string_equal(seat_card(&s), "Person 1");
    for (int i = 0; i < 20; i++) { /* held down: 30 ms between repeats */
        seat_key_after(&s, "Enter", 30);
        assert_int_equal(s.app->call.state, CALL_NONE);
    }
    seat_key_after(&s, "Enter", 401);
    assert_int_not_equal(s.app->call.state, CALL_NONE);
    assert_int_equal(s.app->call.prospect_id, s.app->card.id);
    seat_close(&s);
}

TEST(deck_pause_hides_the_name_of_a_callback)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    struct outcome_entry when = {.when_at = s.now + 90, .talk_s = -1};
    assert_true(callback_make(s.store, s.app->queue[1].prospect_id, &when, PROMISE_CALLBACK, s.now, &err));
    seat_keys(&s, "C-l P");
    seat_wait(&s, 5);
    assert_non_null(strstr(s.app->banner.text, "callback in"));
    assert_null(strstr(s.app->banner.text, "Person"));
    seat_keys(&s, "x");
    seat_wait(&s, 1);
    assert_non_null(strstr(s.app->banner.text, "Person 2"));
    seat_close(&s);
}

TEST(deck_preview_of_another_hour_claims_nobody)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, test_path("preview.db"), 2);
    app_free(s.app);
    struct app_options app = {.store = s.store,
                              .book = s.book,
                              .zones = s.zones,
                              .settings = s.settings,
                              .port = &s.port,
                              .preview_at = s.now + 30 * DAY_S,
                              .dialer = "null",
                              .holder = "seat",
                              .cols = 80,
                              .rows = 24};
    s.app = app_new(&app, &err);
    assert_non_null(s.app);
    for (int i = 0; i < 5; i++) {
        s.app->now_ms = s.now_ms += 1000;
        app_tick(s.app);
    }
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_equal(s.app->now, s.now + 30 * DAY_S);
    struct seat other;
    seat_open_as(&other, test_path("preview.db"), 0, "other");
    assert_string_equal(seat_card(&other), "Person 1");
    seat_close(&other);
    seat_close(&s);
}

TEST(deck_enter_dials_at_once_whom_the_cursor_went_to)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "j");
    seat_key_after(&s, "Enter", 30);
    assert_int_not_equal(s.app->call.state, CALL_NONE);
    assert_string_equal(seat_card(&s), "Person 2");
    seat_close(&s);
}

TEST(deck_outcome_letters_without_a_call_only_say_so)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    int64_t card = s.app->card.id;
    static const char *const letters[] = {"n", "v", "b", "r", "i", "a", "s", "l", "x", "w", "f", "d", "c"};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        seat_keys(&s, letters[i]);
        assert_non_null(strstr(s.app->message.text, "no call is open"));
        assert_int_equal(s.app->card.id, card);
        assert_int_equal(s.app->screen, SCREEN_DECK);
        assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    }
    assert_int_equal(s.app->today.dials, 0);
    seat_close(&s);
}

TEST(deck_paste_triggers_no_key)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Paste'jjSq: d'");
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_false(s.app->quit);
    assert_non_null(strstr(s.app->message.text, "notes"));
    seat_keys(&s, "Tab Paste'jq: d'");
    assert_true(str_is(editor_text(s.app->notes), "jq: d"));
    seat_close(&s);
}

TEST(deck_empty_queue_counts_down_and_the_card_comes)
{
    struct seat s;
    seat_open(&s, NULL, 0);
    seat_keys(&s, "Esc");
    seat_add(&s, "Late Lee", "+12125550199", "America/Los_Angeles"); /* 02:42 there */
    seat_keys(&s, "C-l");
    assert_int_equal(s.app->queue_count, 0);
    assert_int_equal(s.app->card.id, 0);
    assert_int_equal(s.app->next_state, STATE_CLOSED_HOURS);
    assert_int_equal(s.app->next_at, SEAT_NOW + 6 * 3600 + 18 * 60); /* 09:00 there */
    s.now = s.app->next_at - 1;
    seat_wait(&s, 3);
    assert_string_equal(seat_card(&s), "Late Lee");
    seat_close(&s);
}

TEST(deck_two_windows_never_hold_one_card)
{
    struct seat a, b;
    const char *path = test_path("two.db");
    seat_open(&a, path, 3);
    seat_open_as(&b, path, 0, "other");
    assert_string_equal(seat_card(&a), "Person 1");
    assert_string_equal(seat_card(&b), "Person 2");
    /* the first sees what the second did */
    seat_wait(&a, 2);
    assert_int_equal(a.app->queue_count, 2);
    assert_string_equal(seat_card(&a), "Person 1");
    seat_close(&b);
    seat_close(&a);
}

TEST(deck_busy_file_makes_the_work_wait)
{
    struct seat s;
    const char *path = test_path("busy.db");
    seat_open(&s, path, 3);
    seat_keys(&s, "j j");
    assert_string_equal(seat_card(&s), "Person 3");
    pid_t child = seat_hold_writer(path);
    seat_keys(&s, "g");
    assert_string_equal(seat_card(&s), "Person 3"); /* no claim can be had: it waits, and says nothing bad */
    assert_true(s.app->pending & REACT_NEXT);
    assert_true(app_timeout_ms(s.app) <= 20);
    assert_string_equal(s.app->message.text, "");
    seat_release_writer(child);
    seat_wait(&s, 1);
    assert_string_equal(seat_card(&s), "Person 1");
    /* what cannot be stored yet keeps its card, and is stored as soon as it can be */
    child = seat_hold_writer(path);
    seat_keys(&s, "Tab 'not lost' Esc j");
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_equal(s.app->saved, NOTES_UNSAVED);
    assert_non_null(strstr(s.app->message.text, "this card stays until its notes are stored"));
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_int_equal(s.app->saved, NOTES_SAVED);
    seat_keys(&s, "j k");
    assert_true(str_is(editor_text(s.app->notes), "not lost"));
    seat_close(&s);
}

TEST(deck_list_switch_takes_the_first_of_the_list)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    int64_t list = 0, id = 0;
    struct new_phone number = {.e164 = STR("+12125550777"),
                               .national = STR("+12125550777"),
                               .region = STR("US"),
                               .type = STR("fixed"),
                               .label = STR("")};
    struct new_person person = {.name = STR("Other One"), .company = STR(""), .zones = STR("UTC"), .phone = &number};
    assert_true(list_make(s.store, STR("spring"), s.now, &list, &err));
    assert_true(prospect_add(s.store, list, &person, s.now, &id, &err));
    assert_true(seat_command(&s, "lists spring", &err));
    assert_string_equal(seat_card(&s), "Other One");
    assert_true(str_is(s.app->list_name, "spring"));
    assert_int_equal(s.app->counts.total, 1);
    seat_keys(&s, "L");
    assert_int_equal(s.app->screen, SCREEN_LISTS);
    assert_true(seat_view_says(&s, "leads"));
    seat_keys(&s, "Home Enter");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_int_equal(s.app->list_id, 0);
    assert_int_equal(s.app->counts.total, 3);
    assert_false(seat_command(&s, "lists nowhere", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    seat_close(&s);
}

TEST(deck_resize_keeps_everything)
{
    struct seat s;
    seat_open(&s, NULL, 5);
    seat_keys(&s, "j Tab 'hello'");
    struct event size = {.kind = EVENT_RESIZE, .cols = 20, .rows = 5};
    app_event(s.app, &size);
    assert_int_equal(s.app->cols, 20);
    assert_string_equal(seat_card(&s), "Person 2");
    assert_true(str_is(editor_text(s.app->notes), "hello"));
    assert_int_equal(s.app->focus, CONTEXT_NOTES);
    seat_close(&s);
}

TEST(deck_loop_ends_at_a_signal_with_the_draft_stored)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    seat_keys(&s, "Tab 'kept'");
    int64_t id = s.app->card.id;
    s.hang_up = true;
    assert_true(app_run(s.app, &err));
    struct arena a = {0};
    struct card card;
    assert_true(card_load(s.store, id, 0, s.now, 0, &a, &card, &err));
    assert_true(str_is(card.draft, "kept"));
    arena_done(&a);
    seat_close(&s);
}
