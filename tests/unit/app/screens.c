/* SPDX-License-Identifier: MIT */
/* The screens in front of the card, prompts with completion and history, search, leaving. */
#include <stdio.h>
#include <string.h>

#include "seat.h"

static void log_call(struct seat *s, int64_t prospect, const char *code, int64_t at, const char *note)
{
    struct error err = {0};
    int64_t touch = 0;
    struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(s->store), str_of(code)),
                                      .note = str_of(note),
                                      .when_at = AT_NONE,
                                      .talk_s = 61},
                            .prospect_id = prospect,
                            .direction = STR("out"),
                            .at = at,
                            .recorded_at = at};
    if (!outcome_log(s->store, &log, &touch, &err))
        fail_msg("%s: %s", code, err.text);
}

TEST(screens_open_and_close_by_key_and_command)
{
    static const struct {
        const char *key, *command;
        enum screen screen;
    } rows[] = {
        {"?", "help", SCREEN_HELP},       {"H", "history", SCREEN_HISTORY}, {"y", "why", SCREEN_WHY},
        {"C", "agenda", SCREEN_AGENDA},   {"T", "stats", SCREEN_STATS},     {"L", "lists", SCREEN_LISTS},
        {"B", "blocked", SCREEN_BLOCKED}, {"/", "search", SCREEN_SEARCH},   {"P", "pause", SCREEN_PAUSE},
        {NULL, "review", SCREEN_REVIEW},  {NULL, "drafts", SCREEN_DRAFTS},  {NULL, "batches", SCREEN_BATCHES},
    };
    struct seat s;
    seat_open(&s, NULL, 3);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].key != NULL) {
            seat_keys(&s, rows[i].key);
            assert_int_equal(s.app->screen, rows[i].screen);
            seat_keys(&s, "Esc");
            assert_int_equal(s.app->screen, SCREEN_DECK);
        }
        struct error err = {0};
        if (!seat_command(&s, rows[i].command, &err))
            fail_msg("%s: %s", rows[i].command, err.text);
        assert_int_equal(s.app->screen, rows[i].screen);
        assert_true(s.app->view.count != 0 || s.app->view.empty[0] != '\0' || rows[i].screen == SCREEN_PAUSE);
        seat_keys(&s, "Esc");
        assert_int_equal(s.app->screen, SCREEN_DECK);
        assert_string_equal(seat_card(&s), "Person 1");
    }
    seat_close(&s);
}

TEST(history_shows_what_was_taken_back)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    int64_t id = s.app->card.id;
    log_call(&s, id, "no-answer", s.now - 3 * DAY_S, "");
    log_call(&s, id, "later", s.now - DAY_S, "after the fair");
    struct arena a = {0};
    struct undone undone;
    assert_true(undo_last(s.store, false, s.now, s.now, &a, &undone, &err));
    arena_done(&a);
    seat_keys(&s, "C-l H");
    assert_true(seat_view_says(&s, "no answer"));
    assert_true(seat_view_says(&s, "not now, 1:01"));
    assert_true(seat_view_says(&s, "after the fair"));
    assert_true(seat_view_says(&s, "taken back"));
    assert_true(seat_view_says(&s, "undone"));
    bool voided = false;
    for (size_t i = 0; i < s.app->view.count; i++)
        voided = voided || s.app->view.rows[i].voided;
    assert_true(voided);
    seat_close(&s);
}

TEST(why_says_hours_zone_and_rest)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    log_call(&s, s.app->card.id, "later", s.now - 60, "");
    seat_keys(&s, "C-l y");
    assert_true(seat_view_says(&s, "09:00 to 18:00 there, Mon Tue Wed Thu Fri"));
    assert_true(seat_view_says(&s, "UTC"));
    assert_true(seat_view_says(&s, "their calling day is open until"));
    assert_true(seat_view_says(&s, "1 of 6"));
    assert_true(seat_view_says(&s, "until Fri 27 Nov"));
    seat_close(&s);
}

TEST(blocked_adds_up_to_the_list)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 6);
    seat_add(&s, "No Number", NULL, "UTC");
    seat_add(&s, "No Zone", "+12125559999", "");
    log_call(&s, s.app->queue[1].prospect_id, "not-interested", s.now - 60, "");
    assert_true(prospect_archive(s.store, s.app->queue[2].prospect_id, true, s.now, &err));
    seat_keys(&s, "C-l B");
    assert_true(seat_view_says(&s, "no-number"));
    assert_true(seat_view_says(&s, "no-zone"));
    assert_true(seat_view_says(&s, "archived"));
    int64_t sum = 0;
    for (enum prospect_state st = 0; st < STATE_COUNT_; st++)
        sum += s.app->counts.by_state[st];
    assert_int_equal(sum, 8);
    assert_int_equal(s.app->counts.total, 8);
    seat_close(&s);
}

TEST(review_and_drafts_open_their_cards)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 4);
    int64_t skipped = s.app->queue[2].prospect_id;
    bool review = false;
    for (int i = 0; i < 3; i++)
        assert_true(prospect_skip(s.store, skipped, STR("busy"), s.now + i, &review, &err));
    assert_true(review);
    assert_true(seat_command(&s, "review", &err));
    assert_true(seat_view_says(&s, "Person 3"));
    assert_int_equal(s.app->view.count, 1);
    seat_keys(&s, "Enter");
    assert_string_equal(seat_card(&s), "Person 3");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    seat_keys(&s, "Tab 'half a note' Esc g");
    assert_true(seat_command(&s, "drafts", &err));
    assert_true(seat_view_says(&s, "half a note"));
    seat_keys(&s, "Enter");
    assert_string_equal(seat_card(&s), "Person 3");
    assert_true(str_is(editor_text(s.app->notes), "half a note"));
    seat_close(&s);
}

TEST(search_finds_while_typing_and_opens_the_card)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_add(&s, "Jürgen Weiß", "+493012345678", "Europe/Berlin");
    seat_keys(&s, "/");
    assert_int_equal(s.app->prompt.kind, PROMPT_SEARCH);
    seat_keys(&s, "'jurg'");
    assert_int_equal(s.app->view.count, 1);
    assert_true(seat_view_says(&s, "Jürgen Weiß"));
    seat_keys(&s, "'zzz'");
    assert_int_equal(s.app->view.count, 0);
    seat_keys(&s, "Enter"); /* nobody: stays */
    assert_int_equal(s.app->prompt.kind, PROMPT_SEARCH);
    seat_keys(&s, "C-u 'person'");
    assert_int_equal(s.app->view.count, 3);
    seat_keys(&s, "Down Down Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_string_equal(seat_card(&s), "Person 3");
    seat_keys(&s, "/ 'weiss' Esc"); /* Esc changes nothing */
    assert_string_equal(seat_card(&s), "Person 3");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    seat_close(&s);
}

TEST(agenda_is_by_day_and_opens_a_card)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 3);
    struct outcome_entry when = {.when_at = s.now + 3600, .talk_s = -1};
    assert_true(callback_make(s.store, s.app->queue[1].prospect_id, &when, PROMISE_CALLBACK, s.now, &err));
    when.when_at = s.now + DAY_S;
    assert_true(callback_make(s.store, s.app->queue[2].prospect_id, &when, PROMISE_MEETING, s.now, &err));
    seat_keys(&s, "C");
    assert_true(seat_view_says(&s, "Mon 23 Nov, today"));
    assert_true(seat_view_says(&s, "Tue 24 Nov, tomorrow"));
    assert_true(seat_view_says(&s, "11:42"));
    assert_true(seat_view_says(&s, "meeting"));
    assert_false(s.app->view.rows[s.app->view.cursor].heading);
    seat_keys(&s, "j Enter");
    assert_string_equal(seat_card(&s), "Person 3");
    seat_close(&s);
}

TEST(figures_count_by_outcome)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 3);
    log_call(&s, s.app->queue[0].prospect_id, "no-answer", s.now - 60, "");
    log_call(&s, s.app->queue[1].prospect_id, "later", s.now - 60, "");
    log_call(&s, s.app->queue[2].prospect_id, "later", s.now - 3 * DAY_S, "");
    seat_keys(&s, "T");
    assert_true(seat_view_says(&s, "no answer"));
    assert_true(seat_view_says(&s, "2:02"));
    seat_keys(&s, "Esc");
    assert_true(seat_command(&s, "stats since 2026-11-01", &err));
    assert_true(seat_view_says(&s, "not now"));
    assert_true(seat_view_says(&s, "3:03"));
    seat_close(&s);
}

TEST(pause_hides_until_a_key_that_does_nothing_else)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "P");
    assert_int_equal(s.app->screen, SCREEN_PAUSE);
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_int_equal(s.app->call.state, CALL_NONE);
    seat_close(&s);
}

TEST(command_line_completes_and_remembers)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    static const struct {
        const char *keys, *line;
    } rows[] = {
        {": 'agen' Tab", "agenda "},
        {": 'set sna' Tab", "set snapshots "},
        {": 'set windows o' Tab", "set windows on"},
        {": 'set windows o' Tab Tab", "set windows off"},
        {": 'set windows o' Tab Down Up", "set windows on"},
        {": 'log no-a' Tab", "log no-answer "},
        {": 'help cal' Tab", "help call"},
        {": 'dialer n' Tab", "dialer null "},
        {": 'zzz' Tab", "zzz"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        seat_keys(&s, rows[i].keys);
        struct str text = editor_text(s.app->prompt.line);
        if (!str_is(text, rows[i].line))
            fail_msg("%s: \"%.*s\"", rows[i].keys, STR_ARG(text));
        seat_keys(&s, "Esc");
        assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    }
    seat_keys(&s, ": 'set goal-meetings 3' Enter : 'set goal-meetings 4' Enter");
    assert_int_equal(setting_int(s.settings, SETTING_GOAL_MEETINGS), 4);
    seat_keys(&s, ": Up Up");
    assert_true(str_is(editor_text(s.app->prompt.line), "set goal-meetings 3"));
    seat_keys(&s, "Enter");
    assert_int_equal(setting_int(s.settings, SETTING_GOAL_MEETINGS), 3);
    seat_keys(&s, ": Up Down");
    assert_int_equal(editor_text(s.app->prompt.line).len, 0);
    /* a slip stays to be mended, a refusal does not */
    seat_keys(&s, "'set goal-meetings x' Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_COMMAND);
    assert_non_null(strstr(s.app->prompt.live, "0 to 100"));
    seat_keys(&s, "C-u 'auto' Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_non_null(strstr(s.app->message.text, "does not know"));
    seat_close(&s);
}

TEST(leaving_says_what_is_left_and_asks_once)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 3);
    struct outcome_entry when = {.when_at = s.now + 3600, .talk_s = -1};
    assert_true(callback_make(s.store, s.app->queue[1].prospect_id, &when, PROMISE_CALLBACK, s.now, &err));
    seat_keys(&s, "Tab 'note' Esc q");
    assert_false(s.app->quit);
    assert_int_equal(s.app->prompt.kind, PROMPT_QUIT);
    assert_non_null(strstr(s.app->prompt.live, "1 callback today, 1 note not filed"));
    seat_keys(&s, "Enter x");
    assert_false(s.app->quit);
    seat_keys(&s, "n");
    assert_false(s.app->quit);
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    seat_keys(&s, "q y");
    assert_true(s.app->quit);
    seat_close(&s);

    seat_open(&s, NULL, 1); /* nothing is left: nothing is asked */
    seat_keys(&s, "q");
    assert_true(s.app->quit);
    seat_close(&s);
}

TEST(first_run_asks_for_a_file)
{
    struct seat s;
    seat_open(&s, NULL, 0);
    assert_int_equal(s.app->screen, SCREEN_START);
    assert_int_equal(app_context(s.app), CONTEXT_FORM);
    seat_keys(&s, "Enter");
    assert_non_null(strstr(s.app->form.error, "name a CSV file"));
    seat_keys(&s, "'/none.csv' Tab 'X' Tab BackTab Down Up");
    assert_int_equal(s.app->form.at, 1);
    assert_true(str_is(editor_text(s.app->form.fields[0].line), "/none.csv"));
    seat_keys(&s, "Enter"); /* a country of one letter */
    assert_true(s.app->form.fields[1].error[0] != '\0');
    assert_int_equal(s.app->screen, SCREEN_START);
    seat_keys(&s, "Esc");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    seat_close(&s);
}

TEST(consent_by_command)
{
    struct seat s;
    struct arena a = {0};
    struct card card;
    struct error err = {0};
    seat_open(&s, NULL, 1);
    seat_keys(&s, ": 'consent opt-in 2026-09-01' Enter");
    assert_true(card_load(s.store, 1, 0, s.now, 0, &a, &card, &err));
    assert_int_equal(card.attributes_count, 1);
    assert_true(str_is(card.attributes[0].key, "consent") && str_is(card.attributes[0].value, "opt-in 2026-09-01"));
    seat_keys(&s, ": 'consent purchase yesterday' Enter Esc"); /* no day: nothing is written */
    assert_true(card_load(s.store, 1, 0, s.now, 0, &a, &card, &err));
    assert_true(str_is(card.attributes[0].value, "opt-in 2026-09-01"));
    arena_done(&a);
    seat_close(&s);
}

static size_t callable_now(struct seat *s)
{
    struct arena a = {0};
    const struct queue_row *rows;
    size_t count = 0;
    assert_true(queue_head(s->store, 0, s->now, 9, &a, &rows, &count, NULL));
    arena_done(&a);
    return count;
}

TEST(holidays_by_command_last)
{
    struct seat s;
    struct error err = {0};
    struct policy policy;
    char line[64], path[512];
    snprintf(path, sizeof path, "%s", test_path("holidays.db"));
    seat_open(&s, path, 2);
    struct civil today = zone_civil(s.app->zone, s.now);
    assert_int_equal(callable_now(&s), 2);
    snprintf(line, sizeof line, "holiday add us %04d-%02d-%02d", today.year, today.month, today.day);
    assert_true(seat_command(&s, line, &err));
    assert_int_equal(callable_now(&s), 0);
    seat_close(&s);
    seat_open(&s, path, 0);
    assert_int_equal(callable_now(&s), 0);
    assert_true(list_policy(s.store, 0, &policy, &err));
    assert_int_equal(policy.holidays_count, 1);
    assert_string_equal(policy.holidays[0].country, "US");
    assert_false(seat_command(&s, "holiday remove US 2020-01-01", &err));
    assert_non_null(strstr(err.text, "no holiday of US on 2020-01-01"));
    assert_false(seat_command(&s, "holiday add US tomorrow", &err));
    assert_false(seat_command(&s, "holiday add US 2026-12-24, DE 2026-12-24", &err));
    snprintf(line, sizeof line, "holiday remove us %04d-%02d-%02d", today.year, today.month, today.day);
    assert_true(seat_command(&s, line, &err));
    assert_int_equal(callable_now(&s), 2);
    seat_close(&s);
}

/* A line is looked at before it is taken: nothing of the look stays, Enter takes it, Esc does not. */
TEST(a_policy_is_tried_before_it_is_taken)
{
    struct seat s;
    struct error err = {0};
    struct policy policy;
    seat_open(&s, NULL, 4);
    int64_t list = s.app->card.members[0].list_id, first = s.app->queue[0].prospect_id;
    assert_false(seat_command(&s, "policy cap 3", &err)); /* of which list? */
    assert_int_equal(err.code, ERR_REFUSED);
    seat_keys(&s, "L j Enter");
    assert_int_equal(s.app->list_id, list);
    seat_keys(&s, ": 'policy hours 00:00-00:30' Enter");
    assert_int_equal(s.app->screen, SCREEN_TRIAL);
    assert_true(seat_view_says(&s, "09:00-18:00  becomes  00:00-00:30"));
    assert_true(seat_view_says(&s, "4 > 0"));
    assert_true(seat_view_says(&s, "1 > -"));
    assert_true(seat_view_says(&s, "not callable now"));
    assert_true(list_policy(s.store, list, &policy, &err));
    assert_int_equal(policy.hours_end_min, 18 * 60);
    seat_keys(&s, "Esc");
    assert_int_equal(callable_now(&s), 4);
    assert_int_equal(s.app->card.id, first);

    seat_keys(&s, ": 'policy hours 00:00-00:30' Enter Enter");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_int_equal(callable_now(&s), 0);
    assert_non_null(strstr(s.app->message.text, "it was 09:00-18:00"));
    seat_keys(&s, ": 'policy hours' Enter"); /* alone: as everywhere */
    assert_true(seat_view_says(&s, "- > 1"));
    seat_keys(&s, "Enter");
    assert_int_equal(callable_now(&s), 4);

    seat_keys(&s, ": 'policy template b2b-cold' Enter");
    assert_true(seat_view_says(&s, "3h 1bd 2bd 4bd  becomes  1bd 2bd 4bd 5bd"));
    seat_keys(&s, "Enter");
    assert_true(list_policy(s.store, list, &policy, &err));
    assert_int_equal(policy.retries_count, 5);
    assert_false(seat_command(&s, "policy template b2z", &err));
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_false(seat_command(&s, "policy cap x", &err));
    assert_non_null(strstr(err.text, "how many attempts"));
    seat_keys(&s, ": 'policy cap 6' Enter");
    assert_true(seat_view_says(&s, "it is so already"));
    seat_close(&s);
}

TEST(the_policy_of_a_list_is_read_and_changed_on_its_screen)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    seat_keys(&s, "L j Enter");
    assert_true(list_policy_set(s.store, s.app->list_id, STR("cap"), STR("9"), s.now, &err));
    seat_keys(&s, ": 'policy' Enter");
    assert_int_equal(s.app->screen, SCREEN_POLICY);
    assert_true(seat_view_says(&s, "template inbound"));
    assert_true(seat_view_says(&s, "retry gatekeeper"));
    assert_true(seat_view_says(&s, "this list"));
    for (size_t i = 0; i < s.app->view.count; i++)
        if (str_is(s.app->view.rows[i].left, "cap"))
            s.app->view.cursor = i;
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_COMMAND);
    assert_true(str_is(editor_text(s.app->prompt.line), "policy cap 9"));
    assert_non_null(strstr(s.app->prompt.live, "how many attempts"));
    seat_keys(&s, "Backspace '4' Enter");
    assert_true(seat_view_says(&s, "9  becomes  4"));
    seat_close(&s);
}
