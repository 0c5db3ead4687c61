/* SPDX-License-Identifier: MIT */
/* The loop as a rep works it, and an import while the keys go on. */
#include <stdio.h>
#include <string.h>

#include "seat.h"

/* A file of n people; the names are told apart by their number. */
static const char *leads(const char *name, int n)
{
    struct buf b;
    const char *path = test_path(name);
    buf_init(&b);
    buf_add_text(&b, "Name,Company,Phone\n");
    for (int i = 1; i <= n; i++)
        buf_printf(&b, "Lead %d,Nour %d,+1212556%04d\n", i, i, i);
    test_write_file(path, b.at, b.len);
    buf_done(&b);
    return path;
}

static void run_job(struct seat *s)
{
    for (int i = 0; i < 10000 && s->app->job != NULL; i++) {
        assert_int_equal(app_timeout_ms(s->app), 0);
        s->app->now_ms = s->now_ms += 10;
        app_tick(s->app);
    }
    assert_null(s->app->job);
}

TEST(loop_an_unanswered_call_costs_three_keys)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->call.state, CALL_DIALING);
    assert_int_equal(s.app->focus, CONTEXT_NOTES);
    seat_keys(&s, "Tab n");
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_string_equal(seat_card(&s), "Person 2");
    assert_int_equal(s.flushes, 1);
    assert_int_equal(s.app->today.dials, 1);
    assert_non_null(strstr(s.app->last, "no answer, Person 1"));
    assert_string_equal(s.app->banner.text, ""); /* the new order is the rep's own doing */
    seat_keys(&s, "u");
    assert_string_equal(seat_card(&s), "Person 1");
    assert_int_not_equal(s.app->call.state, CALL_NONE);
    assert_int_equal(app_context(s.app), CONTEXT_BAR);
    seat_close(&s);
}

TEST(loop_the_card_stays_while_a_call_is_open)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Enter Tab");
    static const char *const ways[] = {"/ 'person 3' Enter", ": 'next' Enter", ": 'down' Enter",
                                       ": 'lists leads' Enter"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        seat_keys(&s, ways[i]);
        assert_string_equal(seat_card(&s), "Person 1");
        assert_int_equal(s.app->call.prospect_id, s.app->card.id);
        seat_keys(&s, "Esc");
        if (app_context(s.app) == CONTEXT_NOTES)
            seat_keys(&s, "Tab");
    }
    struct outcome_entry when = {.when_at = s.now + 60, .talk_s = -1};
    assert_true(callback_make(s.store, s.app->queue[1].prospect_id, &when, PROMISE_CALLBACK, s.now, &err));
    seat_wait(&s, 180);
    assert_string_equal(seat_card(&s), "Person 1");
    assert_non_null(strstr(s.app->banner.text, "callback due: Person 3"));
    seat_keys(&s, "q");
    assert_int_equal(s.app->prompt.kind, PROMPT_QUIT);
    assert_non_null(strstr(s.app->prompt.label, "call is open"));
    seat_close(&s);
}

TEST(loop_a_call_found_open_is_offered)
{
    struct seat s;
    const char *path = test_path("found.db");
    seat_open(&s, path, 2);
    seat_keys(&s, "j Enter 'was talking'");
    seat_close(&s); /* as a kill would: no outcome */
    seat_open(&s, path, 0);
    assert_string_equal(seat_card(&s), "Person 2");
    assert_non_null(strstr(s.app->banner.text, "you were on with Person 2"));
    assert_true(str_is(editor_text(s.app->notes), "was talking"));
    seat_keys(&s, "' no longer'"); /* the fingers go on: nothing is filed by a word */
    assert_true(str_is(editor_text(s.app->notes), "was talking no longer"));
    seat_keys(&s, "Tab n");
    assert_string_equal(seat_card(&s), "Person 1");
    seat_close(&s);
}

TEST(import_goes_on_while_keys_work)
{
    struct seat s;
    struct error err = {0};
    struct buf line;
    seat_open(&s, test_path("import-keys.db"), 2);
    buf_init(&line);
    buf_printf(&line, "import %s", leads("leads-a.csv", 300));
    assert_true(seat_command(&s, line.at, &err));
    assert_non_null(s.app->job);
    seat_keys(&s, "Tab 'typed meanwhile' Esc");
    assert_false(seat_command(&s, line.at, &err)); /* one at a time */
    run_job(&s);
    assert_non_null(strstr(s.app->banner.text, "300 new"));
    assert_string_equal(s.app->job_line, "");
    assert_string_equal(seat_card(&s), "Person 1"); /* the card did not move */
    assert_true(str_is(editor_text(s.app->notes), "typed meanwhile"));
    assert_int_equal(s.app->counts.total, 302);
    /* and is taken back: asked once, then done */
    assert_true(seat_command(&s, "batches", &err));
    assert_true(seat_view_says(&s, "leads-a.csv"));
    seat_keys(&s, "Esc");
    assert_true(seat_command(&s, "revert 1", &err));
    assert_int_equal(s.app->prompt.kind, PROMPT_CONFIRM);
    seat_keys(&s, "n");
    assert_int_equal(s.app->counts.total, 302);
    assert_true(seat_command(&s, "revert 1", &err));
    seat_keys(&s, "y");
    assert_int_equal(s.app->counts.total, 2);
    buf_done(&line);
    seat_close(&s);
}

TEST(import_from_the_first_screen_opens_the_list)
{
    struct seat s;
    struct buf keys;
    seat_open(&s, test_path("import-first.db"), 0);
    assert_int_equal(s.app->screen, SCREEN_START);
    buf_init(&keys);
    buf_printf(&keys, "Paste'%s'", leads("leads-b.csv", 20));
    seat_keys(&s, keys.at);
    assert_int_equal(s.app->start.samples_count, 3);
    assert_true(str_is(s.app->start.samples[0][0], "Lead 1"));
    assert_true(s.app->start.mapping.len != 0);
    for (int i = 0; i < 4; i++)
        seat_keys(&s, "Tab");
    seat_keys(&s, "C-u '00:00-24:00' Enter"); /* the hours */
    assert_non_null(s.app->job);
    run_job(&s);
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_string_equal(seat_card(&s), "Lead 1");
    assert_true(str_is(s.app->list_name, "leads-b"));
    struct policy policy;
    struct error err = {0};
    assert_true(list_policy(s.store, s.app->list_id, &policy, &err));
    assert_int_equal(policy.hours_end_min, 1440);
    buf_done(&keys);
    seat_close(&s);
}

TEST(import_of_a_bad_file_only_says_so)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, test_path("import-bad.db"), 1);
    const char *path = test_path("bad.csv");
    test_write_file(path, "a,b\n\"never closed\nx,y\n", 21);
    struct buf line;
    buf_init(&line);
    buf_printf(&line, "import %s", path);
    if (seat_command(&s, line.at, &err)) {
        run_job(&s);
        assert_int_equal(s.app->message.tone, TONE_BAD);
    }
    assert_false(seat_command(&s, "import /no/such/file.csv", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_int_equal(s.app->counts.total, 1);
    buf_done(&line);
    seat_close(&s);
}
