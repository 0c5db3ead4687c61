/* SPDX-License-Identifier: MIT */
/* Keys at random, pastes, resizes, minutes and other people's promises: what must hold, holds after each of them. */
#include <stdio.h>
#include <string.h>

#include "seat.h"

static const char *const keys[] = {
    "Enter", "Tab",     "Esc",    "Space", "Backspace", "Up",  "Down", "Left", "Right", "Home", "End", "PgUp",
    "PgDn",  "BackTab", "C-w",    "C-u",   "C-k",       "C-y", "C-l",  "C-z",  "C-r",   "C-_",  "M-b", "M-d",
    "M-n",   "F1",      "Delete", "?",     ":",         "/",   "+",    "1",    "2",     "9",    "j",   "k",
    "g",     "S",       "I",      "u",     "e",         "z",   "K",    "H",    "y",     "C",    "T",   "L",
    "B",     "A",       "P",      "N",     "h",         "n",   "v",    "b",    "r",     "c",    "i",   "a",
    "s",     "l",       "x",      "w",     "f",         "d",   "p",    "é",    "م",     "漢",   "|",
};
static const char *const words[] = {
    "tomorrow 3pm",
    "+2d",
    "1200 EUR",
    "Person 2",
    "Ana Souza +12125550188",
    "asia/dubai until fri",
    "log no-answer",
    "set windows off",
    "outcome n",
    "help set",
    "callback mon 10:00",
    "list",
    "skip busy",
    "new Zoe +12125550111",
    "note called",
    "\xff\xfe broken",
    "line\nline",
    "\xe2\x80\xae"
    "bidi",
};

static void check(struct seat *s, int64_t call_card)
{
    const struct app *app = s->app;
    assert_true(app->queue_count == 0 || app->queue_cursor < app->queue_count);
    assert_true(app->queue_top <= app->queue_cursor);
    assert_true(app->view.count == 0 || app->view.cursor < app->view.count);
    assert_true(app->card.phones_count == 0 || app->phone_index < app->card.phones_count);
    assert_true(app->form.count == 0 || app->form.at < app->form.count);
    assert_true(editor_cursor(app->notes) <= editor_text(app->notes).len);
    assert_true(utf8_valid(editor_text(app->notes)));
    /* a row that is marked as the card is the card */
    assert_true(!app->card_in_queue || app->queue[app->queue_cursor].prospect_id == app->card.id);
    /* an open call is the call of the person who is painted */
    if (app->call.state != CALL_NONE)
        assert_int_equal(app->call.prospect_id, app->card.id);
    if (call_card != 0 && app->call.state != CALL_NONE && !app->call.reopened) /* a second undo goes on to another card */
        assert_int_equal(app->card.id, call_card);
    assert_true(app->focus <= CONTEXT_BAR);
    if (app->focus == CONTEXT_BAR)
        assert_int_not_equal(app->call.state, CALL_NONE);
    /* what is shown is stored */
    if (app->card.id != 0 && app->saved == NOTES_SAVED) {
        struct arena a = {0};
        struct card card;
        struct error err = {0};
        if (card_load(s->store, app->card.id, app->list_id, app->now, 1, &a, &card, &err) &&
            !str_eq(card.draft, editor_text(app->notes)))
            fail_msg("the draft is \"%.*s\", the notes say \"%.*s\"", STR_ARG(card.draft),
                     STR_ARG(editor_text(app->notes)));
        arena_done(&a);
    }
}

static void one_event(struct seat *s, uint64_t *seed)
{
    struct event event = {.kind = EVENT_KEY};
    struct error err = {0};
    uint64_t kind = test_random(seed) % 100;
    s->now_ms += (int64_t)(test_random(seed) % 1500);
    s->now += (int64_t)(test_random(seed) % 2);
    s->app->now = s->now;
    s->app->now_ms = s->now_ms;
    if (kind < 80) {
        static const char *const loop[] = {"Enter", "Tab", "n", "Esc", "g", "j", "u", "x", "c"};
        const char *word = kind < 30 ? loop[test_random(seed) % (sizeof loop / sizeof *loop)]
                                     : keys[test_random(seed) % (sizeof keys / sizeof *keys)];
        if (!key_parse(str_of(word), &event.key, &err))
            fail_msg("%s: %s", word, err.text);
        app_event(s->app, &event);
    } else if (kind < 92) {
        event.kind = EVENT_PASTE;
        event.paste = str_of(words[test_random(seed) % (sizeof words / sizeof *words)]);
        app_event(s->app, &event);
    } else if (kind < 94) {
        event.kind = EVENT_RESIZE;
        event.cols = 1 + (int)(test_random(seed) % 200);
        event.rows = 1 + (int)(test_random(seed) % 60);
        app_event(s->app, &event);
    } else if (kind < 99) {
        app_tick(s->app);
    } else {
        s->now += (int64_t)(test_random(seed) % (6 * HOUR_S));
        s->app->now = s->now;
        app_tick(s->app);
    }
}

static void keep_line(const char *line, void *user)
{
    buf_printf(user, "%s\n", line);
}

TEST(walk_at_random)
{
    enum { WALKS = 6, STEPS = 1500 };
    uint64_t seed = test_seed();
    int in_calls = 0;
    for (int walk = 0; walk < WALKS; walk++) {
        struct seat s;
        seat_open(&s, NULL, 60);
        seat_command(&s, "set hours 00:00-24:00", NULL);
        for (int i = 0; i < STEPS; i++) {
            int64_t before = s.app->call.state != CALL_NONE ? s.app->card.id : 0;
            one_event(&s, &seed);
            check(&s, before);
            s.app->quit = false;
            in_calls += before == 0 && s.app->call.state != CALL_NONE;
        }
        struct error err = {0};
        struct buf said;
        buf_init(&said);
        if (!store_check(s.store, keep_line, &said, &err))
            fail_msg("check: %s\n%s", err.text, said.at);
        buf_done(&said);
        seat_close(&s);
    }
    assert_true(in_calls > 3 * WALKS); /* the walks do get somewhere */
}
