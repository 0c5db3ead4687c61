/* SPDX-License-Identifier: MIT */
/* The softphone in the loop: a backend made of nothing, moved by the tables of the real one. */
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "../../../src/dial/backend.h"
#include "calldeck/alloc.h"
#include "seat.h"

static char sent[64], placed[DIAL_NUMBER_SIZE], shown[128];
static int answers, hang_ups;

static bool fake_place(struct dialer *d, int64_t call, int64_t prospect, const char *number, const char *caller, struct error *err)
{
    (void)d, (void)call, (void)prospect, (void)err;
    strcpy(placed, number);
    strcpy(shown, caller);
    return true;
}

static bool fake_call(struct dialer *d, int64_t call, struct error *err)
{
    (void)d, (void)call, (void)err;
    hang_ups++;
    return true;
}

static bool fake_answer(struct dialer *d, int64_t call, struct error *err)
{
    (void)d, (void)call, (void)err;
    answers++;
    return true;
}

static bool fake_hold(struct dialer *d, int64_t call, bool on, struct error *err)
{
    (void)err;
    return line_happens(d, line_call_find(d, call), on ? LINE_EVENT_HOLD : LINE_EVENT_RESUME, NULL);
}

static bool fake_mute(struct dialer *d, int64_t call, bool on, struct error *err)
{
    (void)err;
    line_is_muted(d, line_call_find(d, call), on);
    return true;
}

static bool fake_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err)
{
    (void)d, (void)call, (void)err;
    strcpy(sent, digits);
    return true;
}

static char kept[48];
static bool fake_record(struct dialer *d, int64_t call, const char *name, bool keep, struct error *err)
{
    (void)d, (void)call, (void)err;
    snprintf(kept, sizeof kept, "%s%s", keep ? "" : "-", name);
    return true;
}

static const struct backend fake = {.kind = "fake",
                                    .place = fake_place,
                                    .hang_up = fake_call,
                                    .answer = fake_answer,
                                    .hold = fake_hold,
                                    .mute = fake_mute,
                                    .dtmf = fake_dtmf,
                                    .record = fake_record};

static struct dialer *phone_on_desk(struct seat *s, const char *path, int people)
{
    struct dialer *d = alloc_zeroed(1, sizeof *d);
    seat_open(s, path, people);
    d->backend = &fake;
    d->capabilities = DIAL_CAN_DIAL | DIAL_CAN_HANG_UP | DIAL_CAN_ANSWER | DIAL_CAN_HOLD | DIAL_CAN_MUTE | DIAL_CAN_DTMF |
                      DIAL_KNOWS_STATE | DIAL_CAN_REJECT;
    d->line = DIAL_LINE_UP;
    d->ring_timeout_ms = 30000;
    d->setup_timeout_ms = 15000;
    d->now_ms = s->now_ms;
    dialer_close(s->app->dialer);
    s->app->dialer = d;
    sent[0] = placed[0] = kept[0] = '\0';
    answers = hang_ups = 0;
    return d;
}

static void happens(struct seat *s, enum line_event event, int code, enum line_fault fault)
{
    struct line_call *c = line_call_outbound(s->app->dialer);
    struct line_end end = {.kind = CAUSE_SIP, .code = code, .fault = fault};
    assert_non_null(c);
    assert_true(line_happens(s->app->dialer, c, event, &end));
    seat_wait(s, 1);
}

static struct line_call *rings_in(struct seat *s, const char *number, const char *name)
{
    struct line_call *c = line_call_new(s->app->dialer, 0);
    line_comes_in(s->app->dialer, c, str_of(number), str_of(name), number[0] == '\0');
    seat_wait(s, 1);
    return c;
}

static bool touch_is(struct seat *s, int64_t prospect, size_t at, const char *line_result, const char *outcome)
{
    struct arena a = {0};
    struct card c;
    bool ok = card_load(s->store, prospect, 0, s->now, 0, &a, &c, NULL) && at < c.touches_count &&
              str_is(c.touches[at].line_result, line_result) &&
              (outcome == NULL ? c.touches[at].outcome == NULL
                               : c.touches[at].outcome != NULL && strcmp(c.touches[at].outcome->code, outcome) == 0);
    arena_done(&a);
    return ok;
}

TEST(phone_a_busy_line_arms_busy_and_enter_files_it)
{
    struct seat s;
    phone_on_desk(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    assert_string_equal(placed, "+12125550001");
    seat_wait(&s, 2);
    happens(&s, LINE_EVENT_CLOSE, 486, LINE_FAULT_NONE);
    assert_int_equal(s.app->focus, CONTEXT_BAR);
    assert_string_equal(s.app->call.armed->code, "busy");
    seat_keys(&s, "Enter");
    assert_true(touch_is(&s, first, 0, "busy", "busy"));
    assert_string_equal(seat_card(&s), "Person 2");
    seat_close(&s);
}

TEST(phone_who_types_keeps_the_notes_and_tab_enter_accepts)
{
    struct seat s;
    phone_on_desk(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter 'line is slow'");
    happens(&s, LINE_EVENT_RING, 0, LINE_FAULT_NONE);
    assert_true(s.app->call.ringing);
    happens(&s, LINE_EVENT_CLOSE, 480, LINE_FAULT_NONE);
    assert_int_equal(s.app->focus, CONTEXT_NOTES);
    seat_keys(&s, "Enter 'n'");
    assert_int_equal(s.app->call.state, CALL_ENDED);
    seat_keys(&s, "Tab Enter");
    assert_true(touch_is(&s, first, 0, "no-answer", "no-answer"));
    seat_close(&s);
}

TEST(phone_a_line_error_is_no_attempt)
{
    static const struct { int code; enum line_fault fault; } cases[] = {{503, LINE_FAULT_NONE}, {403, LINE_FAULT_NONE}, {0, LINE_FAULT_LOST}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seat s;
        phone_on_desk(&s, NULL, 2);
        int64_t first = s.app->card.id;
        seat_keys(&s, "Enter");
        happens(&s, cases[i].fault ? LINE_EVENT_LOST : LINE_EVENT_CLOSE, cases[i].code, cases[i].fault);
        assert_int_equal(s.app->call.state, CALL_NONE);
        assert_true(touch_is(&s, first, 0, "failed", NULL));
        assert_int_equal(s.app->card.attempts, 0);
        assert_string_equal(seat_card(&s), "Person 1");
        seat_close(&s);
    }
}

TEST(phone_hung_up_before_a_ring_is_not_counted)
{
    struct seat s;
    phone_on_desk(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter Tab h");
    assert_int_equal(hang_ups, 1);
    assert_int_equal(s.app->call.state, CALL_DIALING);
    happens(&s, LINE_EVENT_CLOSE, 487, LINE_FAULT_NONE);
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_true(touch_is(&s, first, 0, "cancelled", NULL));
    assert_int_equal(s.app->card.attempts, 0);
    seat_close(&s);
}

TEST(phone_a_letter_while_it_rings_hangs_up_first)
{
    struct seat s;
    phone_on_desk(&s, NULL, 2);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_RING, 0, LINE_FAULT_NONE);
    seat_keys(&s, "Tab n");
    assert_int_equal(hang_ups, 1);
    assert_string_equal(seat_card(&s), "Person 1");
    happens(&s, LINE_EVENT_CLOSE, 487, LINE_FAULT_NONE);
    assert_true(touch_is(&s, first, 0, "no-answer", "no-answer"));
    assert_string_equal(seat_card(&s), "Person 2");
    seat_close(&s);
}

TEST(phone_a_letter_in_a_talk_arms_and_files_at_the_end)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    assert_int_equal(s.app->call.state, CALL_CONNECTED);
    seat_keys(&s, "Tab n");
    assert_null(s.app->call.armed);
    assert_non_null(strstr(s.app->message.text, "a person is on the line"));
    seat_keys(&s, "b f l");
    assert_string_equal(s.app->call.armed->code, "later");
    seat_wait(&s, 20);
    happens(&s, LINE_EVENT_CLOSE, 0, LINE_FAULT_NONE);
    assert_true(touch_is(&s, first, 0, "answered", "later"));
    int64_t second = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_keys(&s, "Tab v v");
    assert_int_equal(hang_ups, 1);
    happens(&s, LINE_EVENT_CLOSE, 0, LINE_FAULT_NONE);
    assert_true(touch_is(&s, second, 0, "answered", "voicemail"));
    seat_close(&s);
}

TEST(phone_hold_mute_and_digits)
{
    struct seat s;
    phone_on_desk(&s, NULL, 1);
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_keys(&s, "'abc' Tab H");
    seat_wait(&s, 1);
    assert_true(s.app->call.held);
    seat_keys(&s, "H");
    seat_wait(&s, 1);
    assert_false(s.app->call.held);
    seat_keys(&s, "M");
    seat_wait(&s, 1);
    assert_true(s.app->call.muted);
    seat_keys(&s, "* '12#' Enter 'd'");
    assert_string_equal(sent, "12#");
    assert_true(str_is(editor_text(s.app->notes), "abcd"));
    seat_close(&s);
}

TEST(phone_what_the_line_says_outlives_a_held_file)
{
    struct seat s;
    const char *path = test_path("phone-held.db");
    phone_on_desk(&s, path, 1);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    pid_t child = seat_hold_writer(path);
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_wait(&s, 5);
    happens(&s, LINE_EVENT_CLOSE, 0, LINE_FAULT_NONE);
    assert_int_equal(s.app->owed_count, 2);
    seat_keys(&s, "Tab l");
    assert_true(s.app->asked.waits);
    seat_release_writer(child);
    seat_wait(&s, 2);
    assert_true(touch_is(&s, first, 0, "answered", "later"));
    seat_close(&s);
}

TEST(phone_a_call_in_is_a_banner_and_comes_back)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Tab 'draft' Tab");
    struct line_call *c = rings_in(&s, "+12125550002", "Mallory");
    assert_non_null(strstr(s.app->banner.text, "Person 2 calls you"));
    assert_int_equal(s.app->card.id, first);
    seat_keys(&s, "I");
    assert_int_equal(answers, 1);
    assert_string_equal(seat_card(&s), "Person 2");
    line_happens(s.app->dialer, c, LINE_EVENT_ESTABLISH, NULL);
    seat_wait(&s, 2);
    assert_int_equal(s.app->call.state, CALL_CONNECTED);
    line_happens(s.app->dialer, c, LINE_EVENT_CLOSE, NULL);
    seat_wait(&s, 1);
    int64_t second = s.app->card.id;
    seat_keys(&s, "Tab l");
    assert_true(touch_is(&s, second, 0, "answered", "later"));
    assert_int_equal(s.app->card.id, first);
    assert_true(str_is(editor_text(s.app->notes), "draft"));
    seat_close(&s);
}

TEST(phone_a_second_call_holds_the_first)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    struct line_call *c = rings_in(&s, "2125550003", ""); /* by nine digits of its end */
    assert_non_null(strstr(s.app->message.text, "a call waits: Person 3"));
    seat_keys(&s, "Tab I");
    assert_string_equal(seat_card(&s), "Person 3");
    line_happens(s.app->dialer, line_call_outbound(s.app->dialer), LINE_EVENT_HOLD, NULL);
    line_happens(s.app->dialer, c, LINE_EVENT_ESTABLISH, NULL);
    seat_wait(&s, 1);
    line_happens(s.app->dialer, c, LINE_EVENT_CLOSE, NULL);
    seat_wait(&s, 1);
    seat_keys(&s, "Tab l");
    assert_int_equal(s.app->card.id, first);
    assert_int_equal(s.app->call.state, CALL_CONNECTED);
    assert_true(s.app->call.held);
    seat_close(&s);
}

TEST(phone_a_missed_call_is_a_callback_since_it_rang)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    struct line_call *c = rings_in(&s, "+12125550003", "");
    int64_t rang = s.now;
    seat_wait(&s, 12);
    line_happens(s.app->dialer, c, LINE_EVENT_CLOSE, NULL);
    seat_wait(&s, 1);
    assert_non_null(strstr(s.app->banner.text, "Person 3"));
    struct arena a = {0};
    const struct callback_row *rows;
    size_t count;
    assert_true(callbacks_until(s.store, s.now, 10, &a, &rows, &count, NULL));
    assert_int_equal(count, 1);
    assert_true(str_is(rows[0].name, "Person 3"));
    assert_true(str_is(rows[0].step, "missed call"));
    assert_int_equal(rows[0].asked_at, rang);
    arena_done(&a);
    seat_close(&s);
}

static struct card_touch last_touch(struct seat *s, int64_t prospect, struct arena *a)
{
    struct card c;
    assert_true(card_load(s->store, prospect, 0, s->now, 1, a, &c, NULL));
    assert_int_equal(c.touches_count, 1);
    return c.touches[0];
}

TEST(phone_a_recording_is_asked_for_and_their_answer_kept)
{
    struct seat s;
    struct dialer *d = phone_on_desk(&s, NULL, 2);
    struct arena a = {0};
    int64_t id = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_keys(&s, "Tab R");
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_non_null(strstr(s.app->message.text, "set record on"));
    d->capabilities |= DIAL_CAN_RECORD;
    seat_keys(&s, "R");
    assert_string_equal(s.app->prompt.label, "do they agree to a recording?");
    seat_keys(&s, "n");
    assert_string_equal(kept, "");
    assert_true(str_is(last_touch(&s, id, &a).consent, "no"));
    assert_int_equal(last_touch(&s, id, &a).recording.len, 0);
    seat_keys(&s, "Tab R Esc");
    assert_string_equal(kept, "");
    s.app->focus = CONTEXT_BAR;
    seat_keys(&s, "R y");
    struct card_touch t = last_touch(&s, id, &a);
    char name[32];
    snprintf(name, sizeof name, "t%lld", (long long)t.id);
    assert_string_equal(kept, name);
    assert_true(s.app->call.recorded);
    assert_true(str_is(t.consent, "yes"));
    assert_true(str_ends(t.recording, name));
    assert_int_equal(t.consent_at, s.now);
    assert_int_equal(s.app->focus, CONTEXT_NOTES);
    happens(&s, LINE_EVENT_CLOSE, 0, LINE_FAULT_NONE);
    seat_keys(&s, "Tab l");
    /* what is corrected later keeps it */
    struct card_touch filed = last_touch(&s, id, &a);
    int64_t corrected;
    struct outcome_entry other = {.outcome = outcome_by_key(store_outcomes(s.store), 'n'), .when_at = AT_NONE, .talk_s = -1};
    assert_true(touch_correct(s.store, filed.id, &other, s.now, &corrected, NULL));
    struct card c;
    assert_true(card_load(s.store, id, 0, s.now, 0, &a, &c, NULL));
    for (size_t i = 0; i < c.touches_count; i++)
        if (c.touches[i].id == corrected)
            assert_true(str_is(c.touches[i].consent, "yes") && str_ends(c.touches[i].recording, name));
    arena_done(&a);
    seat_close(&s);
}

TEST(phone_a_recording_is_taken_back_in_the_call)
{
    struct seat s;
    struct dialer *d = phone_on_desk(&s, NULL, 2);
    struct arena a = {0};
    int64_t id = s.app->card.id;
    d->capabilities |= DIAL_CAN_RECORD;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_keys(&s, "Tab R y Tab R");
    assert_string_equal(s.app->prompt.label, "stop the recording and delete it?");
    seat_keys(&s, "n");
    assert_true(s.app->call.recorded);
    seat_keys(&s, "Tab R y");
    assert_false(s.app->call.recorded);
    assert_int_equal(kept[0], '-');
    assert_true(str_is(last_touch(&s, id, &a).consent, "withdrawn"));
    assert_int_equal(last_touch(&s, id, &a).recording.len, 0);
    arena_done(&a);
    seat_close(&s);
}

TEST(phone_the_caller_line_is_the_list_s_or_the_country_s)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    struct arena a = {0};
    struct error err = {0};
    int64_t id = s.app->card.id;
    seat_keys(&s, "Enter");
    assert_string_equal(shown, "");
    happens(&s, LINE_EVENT_CLOSE, 486, LINE_FAULT_NONE);
    seat_keys(&s, "Enter");
    app_command(s.app, STR("set caller-id +4930901820 US=sip:us@pbx.example"), &err);
    assert_int_equal(err.code, ERR_NONE);
    id = s.app->card.id;
    seat_wait(&s, 1);
    seat_keys(&s, "Enter");
    assert_string_equal(shown, "sip:us@pbx.example");
    assert_string_equal(s.app->call.caller, "sip:us@pbx.example");
    assert_non_null(strstr(arena_text(&a, last_touch(&s, id, &a).receipt), "\"caller_id\":\"sip:us@pbx.example\""));
    happens(&s, LINE_EVENT_CLOSE, 486, LINE_FAULT_NONE);
    seat_keys(&s, "Enter");
    assert_true(list_policy_set(s.store, s.app->card.members[0].list_id, STR("caller-id"), STR("+13125550100"), s.now, &err));
    assert_true(list_policy_set(s.store, s.app->card.members[0].list_id, STR("product"), STR("Vega boards"), s.now, &err));
    s.app->list_id = s.app->card.members[0].list_id;
    id = s.app->card.id;
    seat_wait(&s, 1);
    seat_keys(&s, "Enter");
    assert_string_equal(shown, "+13125550100");
    assert_non_null(strstr(arena_text(&a, last_touch(&s, id, &a).receipt), "\"product\":\"Vega boards\""));
    arena_done(&a);
    seat_close(&s);
}

TEST(phone_what_is_armed_waits_for_a_word_that_is_being_typed)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    int64_t first = s.app->card.id;
    seat_keys(&s, "Enter");
    happens(&s, LINE_EVENT_ESTABLISH, 0, LINE_FAULT_NONE);
    seat_wait(&s, 5);
    seat_keys(&s, "Tab l Tab 'wants pri'");
    assert_true(line_happens(s.app->dialer, line_call_outbound(s.app->dialer), LINE_EVENT_CLOSE, NULL));
    app_tick(s.app); /* a moment after the last letter */
    assert_non_null(strstr(s.app->message.text, "Tab Enter files \"not now\""));
    seat_key_after(&s, "c", 200);
    assert_int_equal(s.app->card.id, first);
    assert_int_equal(s.app->focus, CONTEXT_NOTES);
    assert_int_equal(s.app->call.state, CALL_ENDED);
    assert_non_null(s.app->call.armed);
    seat_keys(&s, "Tab Enter");
    assert_int_not_equal(s.app->card.id, first);
    assert_true(touch_is(&s, first, 0, "answered", "later"));
    seat_close(&s);
}

TEST(phone_missed_calls_of_one_person_are_one_callback)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    int64_t rang = 0;
    for (int i = 0; i < 3; i++) {
        struct line_call *c = rings_in(&s, "+12125550003", "");
        rang = s.now;
        seat_wait(&s, 12);
        line_happens(s.app->dialer, c, LINE_EVENT_CLOSE, NULL);
        seat_wait(&s, 600);
    }
    struct arena a = {0};
    const struct callback_row *rows;
    size_t count;
    assert_true(callbacks_until(s.store, s.now, 10, &a, &rows, &count, NULL));
    assert_int_equal(count, 1);
    assert_true(str_is(rows[0].step, "3 missed calls"));
    assert_int_equal(rows[0].asked_at, rang);
    arena_done(&a);
    seat_close(&s);
}

TEST(phone_an_unknown_caller_may_get_a_card)
{
    struct seat s;
    phone_on_desk(&s, NULL, 1);
    struct line_call *c = rings_in(&s, "+12125559999", "Eve");
    assert_non_null(strstr(s.app->banner.text, "unknown (\"Eve\")"));
    seat_keys(&s, "I");
    assert_int_equal(s.app->prompt.kind, PROMPT_CALLER);
    line_happens(s.app->dialer, c, LINE_EVENT_ESTABLISH, NULL);
    seat_wait(&s, 1);
    seat_keys(&s, "'Evelyn Stone' Enter");
    assert_string_equal(seat_card(&s), "Evelyn Stone");
    assert_int_equal(s.app->call.state, CALL_CONNECTED);
    assert_true(str_is(s.app->card.phones[0].e164, "+12125559999"));
    seat_close(&s);
}

TEST(phone_auto_advance_dials_and_says_why_it_stops)
{
    struct seat s;
    phone_on_desk(&s, NULL, 3);
    seat_keys(&s, "A");
    seat_wait(&s, 3);
    assert_int_equal(s.app->call.state, CALL_NONE);
    seat_keys(&s, "Space");
    seat_wait(&s, 10);
    assert_int_equal(s.app->call.state, CALL_NONE);
    assert_non_null(strstr(s.app->message.text, "stopped"));
    seat_keys(&s, "A");
    seat_wait(&s, 7);
    assert_int_equal(s.app->call.state, CALL_DIALING);
    happens(&s, LINE_EVENT_CLOSE, 503, LINE_FAULT_NONE);
    seat_wait(&s, 8);
    assert_int_equal(s.app->call.state, CALL_DIALING);
    happens(&s, LINE_EVENT_CLOSE, 503, LINE_FAULT_NONE);
    assert_false(s.app->flow.on);
    assert_non_null(strstr(s.app->flow.why, "line"));
    seat_close(&s);
}

TEST(phone_a_pause_hides_who_calls_and_tells_after)
{
    struct seat s;
    phone_on_desk(&s, NULL, 2);
    seat_keys(&s, "P");
    struct line_call *c = rings_in(&s, "+12125550002", "");
    assert_null(strstr(s.app->banner.text, "Person"));
    line_happens(s.app->dialer, c, LINE_EVENT_CLOSE, NULL);
    seat_wait(&s, 1);
    seat_keys(&s, "Space");
    assert_non_null(strstr(s.app->message.text, "called: Person 2"));
    seat_close(&s);
}
