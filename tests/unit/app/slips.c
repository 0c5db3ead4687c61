/* SPDX-License-Identifier: MIT */
/* What slipped through when the deck was worked by hand: keys that were too fast, words that said what was not so. */
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "seat.h"

static void said(const struct seat *s, const char *part)
{
    if (strstr(s->app->message.text, part) == NULL)
        fail_msg("expected \"%s\", said \"%s\"", part, s->app->message.text);
}

static struct card_touch touch_of(struct seat *s, int64_t prospect, size_t index)
{
    struct arena a = {0};
    struct card c;
    struct error err = {0};
    struct card_touch t = {0};
    if (!card_load(s->store, prospect, 0, s->now, 0, &a, &c, &err))
        fail_msg("%s", err.text);
    if (index < c.touches_count)
        t = c.touches[index];
    t.line_result = str_is(t.line_result, "answered") ? STR("answered") : str_is(t.line_result, "failed") ? STR("failed") : STR("");
    t.note = t.reason = t.currency = t.with_whom = t.verdict = t.rep = t.list = t.number = t.channel = t.direction = STR("");
    arena_done(&a);
    return t;
}

static bool draft_is(struct seat *s, int64_t prospect, const char *text)
{
    struct arena a = {0};
    struct card c;
    bool same = card_load(s->store, prospect, 0, s->now, 1, &a, &c, NULL) && str_is(c.draft, text);
    arena_done(&a);
    return same;
}

TEST(slip_the_letter_that_opened_a_question_does_not_type_into_it)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    seat_keys(&s, "Enter Tab c");
    assert_int_equal(s.app->prompt.kind, PROMPT_WHEN);
    seat_key_after(&s, "c", 300);
    assert_int_equal(editor_text(s.app->prompt.line).len, 0);
    seat_key_after(&s, "c", 300); /* once */
    assert_int_equal(editor_text(s.app->prompt.line).len, 1);
    seat_keys(&s, "Backspace Esc a");
    assert_int_equal(s.app->prompt.kind, PROMPT_WHEN);
    seat_key_after(&s, "a", 3000); /* "april 3", after a thought */
    assert_int_equal(editor_text(s.app->prompt.line).len, 1);
    seat_keys(&s, "Esc x");
    seat_key_after(&s, "x", 300);
    assert_int_equal(s.app->prompt.kind, PROMPT_REASON);
    assert_int_equal(editor_text(s.app->prompt.line).len, 0);
    seat_close(&s);
}

TEST(slip_a_question_of_one_letter_takes_no_other)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter Tab d");
    assert_int_equal(s.app->prompt.kind, PROMPT_SCOPE);
    seat_keys(&s, "g k");
    said(&s, "press one of the letters shown");
    assert_int_equal(editor_text(s.app->prompt.line).len, 0);
    seat_keys(&s, "Enter"); /* what most mean */
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    struct arena a = {0};
    struct card c;
    assert_true(card_load(s.store, first, 0, s.now, 0, &a, &c, NULL));
    assert_true(c.suppressed);
    arena_done(&a);
    seat_close(&s);
}

TEST(slip_lists_count_by_the_hour_as_the_header_does)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    seat_add(&s, "Far Away", "+12125559999", "Pacific/Auckland"); /* 23:42 there */
    seat_keys(&s, "C-l L");
    assert_int_equal(s.app->counts.by_state[STATE_READY], 2);
    assert_true(seat_view_says(&s, "2 ready"));
    assert_true(seat_view_says(&s, "1 waiting"));
    seat_close(&s);
}

TEST(slip_keep_says_where_the_prospect_is)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 1);
    assert_false(seat_command(&s, "keep", &err));
    assert_non_null(strstr(err.text, "not in review"));
    seat_close(&s);
}

TEST(slip_a_left_over_call_has_no_line)
{
    struct seat s;
    struct error err = {0};
    const char *path = test_path("slip-line.db");
    seat_open(&s, path, 1);
    seat_keys(&s, "Enter");
    seat_close(&s);
    seat_open(&s, path, 0);
    assert_true(s.app->call.left_over);
    assert_false(seat_command(&s, "answered", &err));
    assert_non_null(strstr(err.text, "no line"));
    seat_close(&s);
}

TEST(slip_every_call_that_a_crash_left_is_offered)
{
    struct seat s;
    struct error err = {0};
    int64_t touch;
    const char *path = test_path("slip-open.db");
    seat_open(&s, path, 3);
    int64_t first = s.app->card.id;
    seat_keys(&s, "j");
    int64_t second = s.app->card.id;
    if (!call_begin(s.store, first, 0, s.app->card.phone_id, STR("out"), s.now, STR(""), &touch, &err) ||
        !call_begin(s.store, second, 0, s.app->card.phone_id, STR("out"), s.now + 5, STR(""), &touch, &err))
        fail_msg("%s", err.text);
    seat_close(&s);
    seat_open(&s, path, 0);
    assert_int_equal(s.app->card.id, second);
    seat_keys(&s, "Tab n");
    assert_true(s.app->call.left_over);
    assert_int_equal(s.app->card.id, first);
    assert_non_null(strstr(s.app->banner.text, "you were on with"));
    seat_keys(&s, "Tab n");
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_string_equal(seat_card(&s), "Person 3");
    seat_close(&s);
}

TEST(slip_correcting_many_stops_at_a_do_not_call)
{
    struct seat s;
    seat_open(&s, NULL, 4);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter Tab n");
    seat_keys(&s, "Enter Tab d p");
    seat_keys(&s, "Enter Tab n");
    seat_command(&s, "correct busy last 2", NULL);
    said(&s, "do-not-call");
    said(&s, "corrected 1 of 2");
    assert_string_equal(touch_of(&s, first, 0).outcome->code, "no-answer");
    seat_close(&s);
}

TEST(slip_a_correction_says_anew_what_the_line_did)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    int64_t id = s.app->card.id;
    seat_keys(&s, "Enter 'hello' Tab l / 'person 1' Enter");
    assert_true(str_is(touch_of(&s, id, 0).line_result, "answered"));
    seat_command(&s, "correct no-answer", NULL);
    struct card_touch t = touch_of(&s, id, 0);
    assert_string_equal(t.outcome->code, "no-answer");
    assert_true(str_is(t.line_result, ""));
    assert_int_equal(t.talk_s, -1);
    seat_command(&s, "correct later", NULL);
    t = touch_of(&s, id, 0);
    assert_true(str_is(t.line_result, "answered"));
    assert_true(t.talk_s >= 0);
    seat_close(&s);
}

TEST(slip_whom_a_corrected_referral_named_leaves_the_queue)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    seat_keys(&s, "Enter Tab r 'Hala Nour +442079460777' Enter");
    assert_string_equal(seat_card(&s), "Hala Nour");
    seat_keys(&s, "/ 'person 1' Enter");
    seat_command(&s, "correct no-answer", NULL);
    assert_int_equal(s.app->counts.by_state[STATE_ARCHIVED], 1);
    seat_keys(&s, "u");
    assert_int_equal(s.app->counts.by_state[STATE_ARCHIVED], 0);
    seat_close(&s);
}

TEST(slip_no_banner_calls_a_meeting_a_callback)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    seat_keys(&s, "Enter Tab a 'today 18:00' Enter Enter");
    s.now = SEAT_NOW - SEAT_NOW % DAY_S + DAY_S + 9 * HOUR_S - 90; /* the morning after */
    seat_wait(&s, 3);
    assert_null(strstr(s.app->banner.text, "callback"));
    seat_close(&s);
}

TEST(slip_a_draft_of_another_window_is_shown_and_never_lost)
{
    struct seat a, b;
    const char *path = test_path("slip-draft.db");
    seat_open(&a, path, 2);
    int64_t first = a.app->card.id;
    seat_open_as(&b, path, 0, "other");
    seat_keys(&b, "/ 'person 1' Enter Tab 'from b'");
    a.now++;
    seat_keys(&a, "Tab 'x'"); /* before any tick */
    assert_true(str_is(editor_text(a.app->notes), "from bx") || str_is(editor_text(a.app->notes), "from b\nx"));
    seat_wait(&b, 2);
    assert_true(draft_is(&b, first, editor_text(a.app->notes).at));
    assert_true(str_eq(editor_text(b.app->notes), editor_text(a.app->notes)));
    seat_close(&b);
    seat_close(&a);
}

TEST(slip_two_windows_that_both_typed_keep_both)
{
    struct seat a, b;
    const char *path = test_path("slip-both.db");
    seat_open(&a, path, 2);
    seat_keys(&a, "Tab 'mine'");
    seat_open_as(&b, path, 0, "other");
    seat_keys(&b, "/ 'person 1' Enter Tab C-End");
    pid_t child = seat_hold_writer(path);
    seat_keys(&a, "' and more'"); /* not stored: the file is held */
    assert_int_equal(a.app->saved, NOTES_UNSAVED);
    seat_release_writer(child);
    seat_keys(&b, "' theirs'");
    seat_wait(&a, 3);
    struct str text = editor_text(a.app->notes);
    assert_non_null(memmem(text.at, text.len, "mine and more", 13));
    if (memmem(text.at, text.len, "mine theirs", 11) == NULL)
        fail_msg("%.*s; %.*s", STR_ARG(text), STR_ARG(editor_text(b.app->notes)));
    assert_int_equal(a.app->saved, NOTES_SAVED);
    said(&a, "both");
    seat_close(&b);
    seat_close(&a);
}

TEST(slip_tab_stores_only_what_changed)
{
    struct seat s;
    const char *path = test_path("slip-tab.db");
    seat_open(&s, path, 1);
    seat_keys(&s, "Tab 'x' Tab");
    pid_t child = seat_hold_writer(path);
    seat_keys(&s, "Tab Tab Tab Left Tab");
    assert_int_equal(s.app->saved, NOTES_SAVED);
    seat_release_writer(child);
    seat_close(&s);
}

TEST(slip_amounts_with_three_decimals_are_refused)
{
    static const struct {
        const char *typed, *live;
    } cases[] = {{"1200", "1200.00 "},           {"1.200", "1200.00 "},         {"1,200.50 EUR", "1200.50 EUR"}, {"eur 1.200,5", "1200.50 EUR"},
                 {"1.200.505", "1200505.00 "},   {"12 000", "12000.00 "},       {"1200.505", NULL},              {"0.505", NULL},
                 {"1,200.505", NULL},            {"1200.5050", NULL},           {"1.20.5", NULL},                {"99,90", "99.90 "}};
    struct seat s;
    seat_open(&s, NULL, 1);
    seat_keys(&s, "Enter Tab s");
    assert_int_equal(s.app->prompt.kind, PROMPT_AMOUNT);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char keys[64];
        snprintf(keys, sizeof keys, "C-u '%s'", cases[i].typed);
        seat_keys(&s, keys);
        if (cases[i].live != NULL && strcmp(s.app->prompt.live, cases[i].live) != 0)
            fail_msg("%s: %s", cases[i].typed, s.app->prompt.live);
        if (cases[i].live == NULL && s.app->prompt.live_tone != TONE_WARNING)
            fail_msg("%s was read as %s", cases[i].typed, s.app->prompt.live);
    }
    seat_close(&s);
}

TEST(slip_the_next_number_is_dialled_after_a_wait)
{
    struct seat s;
    const char *path = test_path("slip-next.db");
    seat_open(&s, path, 1);
    seat_command(&s, "add +12125550888", NULL);
    seat_keys(&s, "Enter Tab");
    int64_t before = s.app->call.phone_id;
    pid_t child = seat_hold_writer(path);
    seat_keys(&s, "N");
    assert_true(s.app->asked.waits);
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_int_equal(s.app->call.state, CALL_DIALING);
    assert_true(s.app->call.phone_id != before);
    seat_close(&s);
}

TEST(slip_words_on_the_screen_are_cut_between_characters)
{
    struct seat s;
    struct buf keys;
    buf_init(&keys);
    seat_open(&s, NULL, 1);
    buf_add_text(&keys, "z 'x");
    for (int i = 0; i < 300; i++)
        buf_add_text(&keys, "م");
    buf_add_text(&keys, "'");
    seat_keys(&s, keys.at);
    assert_true(s.app->prompt.live[0] != '\0' && utf8_valid(str_of(s.app->prompt.live)));
    buf_done(&keys);
    seat_close(&s);
}

TEST(slip_the_last_outcome_is_not_hidden_by_an_import)
{
    struct seat s;
    seat_open(&s, NULL, 2);
    FILE *f = fopen(test_path("slip.csv"), "w");
    assert_non_null(f);
    fputs("Name,Phone\nNew Person,+12125550333\n", f);
    fclose(f);
    char command[512];
    snprintf(command, sizeof command, "import %s", test_path("slip.csv"));
    seat_command(&s, command, NULL);
    for (int i = 0; i < 20 && s.app->job != NULL; i++)
        seat_wait(&s, 1);
    assert_null(s.app->job);
    seat_keys(&s, "Enter Tab n");
    assert_string_equal(s.app->message.text, "");
    assert_non_null(strstr(s.app->last, "no answer"));
    seat_close(&s);
}

TEST(slip_a_typed_path_is_shown_before_it_is_taken)
{
    struct seat s;
    char keys[600];
    FILE *f = fopen(test_path("shown.csv"), "w");
    assert_non_null(f);
    fputs("Name,Phone\nNew Person,+12125550333\n", f);
    fclose(f);
    seat_open(&s, NULL, 0);
    assert_int_equal(s.app->screen, SCREEN_START);
    snprintf(keys, sizeof keys, "'%s' Enter", test_path("shown.csv"));
    seat_keys(&s, keys);
    assert_null(s.app->job);
    assert_int_equal(s.app->screen, SCREEN_START);
    assert_int_equal(s.app->start.samples_count, 1);
    assert_int_equal(s.app->form.at, 1);
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    seat_close(&s);
}


TEST(slip_an_empty_queue_says_who_opens_when)
{
    struct seat s;
    seat_open(&s, NULL, 0);
    seat_add(&s, "One", "+966112345671", "Asia/Riyadh");
    seat_add(&s, "Two", "+966112345672", "Asia/Riyadh");
    seat_add(&s, "Far", "+6491234567", "Pacific/Auckland");
    s.now = SEAT_NOW + 9 * HOUR_S; /* 22:42 in Riyadh, 8:42 in Auckland */
    seat_keys(&s, "Esc C-l");
    assert_int_equal(s.app->queue_count, 0);
    assert_int_equal(s.app->openings_count, 2);
    assert_true(str_is(s.app->openings[0].zones, "Pacific/Auckland"));
    assert_int_equal(s.app->openings[1].count, 2);
    seat_close(&s);
}

TEST(slip_a_promise_is_named_by_its_time)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    seat_command(&s, "callback 15:00", NULL);
    struct buf text;
    buf_init(&text);
    verdict_text(&s.app->verdict, &s.app->place, s.app->now, &text);
    assert_non_null(strstr(text.at, "15:00"));
    buf_done(&text);
    seat_close(&s);
}

TEST(slip_an_undo_that_is_refused_leaves_the_call_that_the_last_one_opened)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Enter Tab d Enter");
    seat_wait(&s, 1);
    seat_keys(&s, "Enter Tab n u");
    assert_true(s.app->call.reopened);
    int64_t open = s.app->call.touch;
    seat_keys(&s, "u");
    said(&s, "a do-not-call stays");
    assert_true(s.app->call.reopened);
    assert_int_equal(s.app->call.touch, open);
    seat_keys(&s, "b");
    assert_non_null(strstr(s.app->last, "busy"));
    assert_int_equal(s.app->call.state, CALL_NONE);
    seat_close(&s);
}

TEST(slip_nothing_is_promised_into_minutes_that_are_taken)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    struct error err = {0};
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    seat_wait(&s, 2);
    seat_keys(&s, "Tab c 'tomorrow 3pm' Enter");
    int64_t second = s.app->card.id;
    assert_int_not_equal(second, first);
    seat_wait(&s, 2);
    seat_keys(&s, "Enter");
    seat_wait(&s, 2);
    seat_keys(&s, "Tab c 'tomorrow 3:02pm'");
    assert_non_null(strstr(s.app->prompt.live, "15:00 there is promised to Person 1; free: 15:05, 15:10, 15:15"));
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_WHEN);
    assert_int_equal(s.app->card.id, second);
    said(&s, "15:00 there is promised to Person 1"); /* and the line has the next that is free */
    assert_non_null(strstr(s.app->prompt.live, "15:05 there"));
    seat_keys(&s, "Enter");
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_int_not_equal(s.app->card.id, second);
    /* the rep's lunch is not offered, and warned of */
    assert_true(seat_command(&s, "set my-lunch 00:00-24:00", &err));
    seat_wait(&s, 2);
    seat_keys(&s, "Enter");
    seat_wait(&s, 2);
    seat_keys(&s, "Tab c 'tomorrow 3pm'");
    assert_null(strstr(s.app->prompt.live, "free"));
    seat_keys(&s, "C-u 'tomorrow 4pm'");
    assert_non_null(strstr(s.app->prompt.live, "in your lunch"));
    assert_true(seat_command(&s, "set my-lunch none", &err));
    assert_false(seat_command(&s, "set my-lunch noon", &err));
    seat_close(&s);
}

/* Whom somebody named is where their own number rings, not where the other one's does. */
TEST(slip_a_new_colleague_is_where_their_number_rings)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 1);
    seat_add(&s, "Sue Seattle", "+12065550101", "America/Los_Angeles"); /* the stage tells the zone as its number's */
    seat_keys(&s, "/ 'sue' Enter");
    assert_string_equal(seat_card(&s), "Sue Seattle");
    assert_true(seat_command(&s, "add Karl Neumann +1 212 555 0177", &err));
    seat_keys(&s, "/ 'karl' Enter");
    assert_true(str_is(s.app->card.zones, "America/New_York"));
    assert_true(str_is(s.app->card.zone_source, "number"));
    /* nobody knows a number of his: the colleague's zone is the best guess */
    seat_keys(&s, "/ 'sue' Enter");
    assert_true(seat_command(&s, "add Nora Nonumber", &err));
    seat_keys(&s, "/ 'nora' Enter");
    assert_true(str_is(s.app->card.zones, "America/Los_Angeles"));
    assert_true(seat_command(&s, "new Ali Riyadh +966501234567", &err));
    assert_true(str_is(s.app->card.zones, "Asia/Riyadh"));
    seat_close(&s);
}

/* Each number of a person is asked where it rings: an office that is asleep is not dialled because the mobile is awake. */
TEST(slip_a_second_number_has_hours_of_its_own)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 0);
    seat_keys(&s, "Esc");
    assert_true(seat_command(&s, "new Lena London +442079460101", &err));
    assert_true(s.app->verdict.yes);
    assert_true(seat_command(&s, "add +61298765432", &err)); /* 21:42 in Sydney */
    seat_keys(&s, "2");
    assert_false(s.app->verdict.yes);
    assert_int_equal(s.app->verdict.why, STATE_CLOSED_HOURS);
    assert_string_equal(zone_name(s.app->place.zones[0]), "Australia/Sydney");
    seat_keys(&s, "1");
    assert_true(s.app->verdict.yes);
    /* without the first the queue waits for Sydney's morning */
    assert_true(seat_command(&s, "remove-number 1", &err));
    assert_int_equal(s.app->counts.by_state[STATE_READY], 0);
    assert_int_equal(s.app->counts.by_state[STATE_CLOSED_HOURS], 1);
    assert_true(store_check(s.store, NULL, NULL, &err));
    /* their own word beats all of it */
    assert_true(seat_command(&s, "zone Europe/London", &err));
    assert_true(s.app->verdict.yes);
    seat_close(&s);
}

/* Who asked not to be called does not come back by a second undo that passes by: somebody decides. */
TEST(slip_a_second_undo_does_not_pass_by_a_do_not_call)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Enter Tab n");
    int64_t id = s.app->card.id;
    char name[64];
    snprintf(name, sizeof name, "%s", seat_card(&s));
    seat_keys(&s, "Enter Tab d p u");
    assert_int_equal(s.app->card.id, id);
    assert_true(s.app->call.reopened);
    seat_keys(&s, "u");
    assert_int_equal(s.app->card.id, id);
    assert_non_null(strstr(s.app->message.text, "do-not-call"));
    seat_keys(&s, "l"); /* it was not now */
    assert_int_not_equal(s.app->card.id, id);
    seat_keys(&s, "u"); /* not now: no more is at stake */
    assert_int_equal(s.app->card.id, id);
    seat_keys(&s, "u");
    assert_int_not_equal(s.app->card.id, id);
    assert_non_null(strstr(s.app->message.text, "without an outcome"));
    assert_non_null(strstr(s.app->message.text, name));
    seat_close(&s);
}

/* What nobody can see is not dialled, and no outcome is filed of it; notes that are typed all the same stay. */
TEST(slip_keys_on_a_screen_that_is_too_small_do_nothing)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    int64_t id = s.app->card.id;
    seat_keys(&s, "Resize:20x5 Enter Tab n x S z : 'set cap 1' Enter");
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_int_equal(s.app->card.id, id);
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_int_equal(s.app->card.touches_count, 0);
    seat_keys(&s, "Resize:80x24 Enter");
    assert_int_not_equal(s.app->call.state, CALL_NONE);
    seat_keys(&s, "Resize:39x9 'wants it' Tab n Enter");
    assert_int_not_equal(s.app->call.state, CALL_NONE);
    assert_int_equal(s.app->card.id, id);
    seat_keys(&s, "Resize:80x24");
    assert_true(str_starts(editor_text(s.app->notes), "wants it"));
    seat_keys(&s, "Tab n");
    assert_int_not_equal(s.app->card.id, id);
    seat_close(&s);
}
