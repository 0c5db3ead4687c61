/* SPDX-License-Identifier: MIT */
/* The queue of another time is looked at, and nothing else. */
#include <string.h>

#include "seat.h"

static bool said(const struct seat *s, const char *part)
{
    return strstr(s->app->message.text, part) != NULL;
}

static size_t touches(struct seat *s, int64_t prospect)
{
    struct arena a = {0};
    struct card c;
    struct error err = {0};
    if (!card_load(s->store, prospect, 0, s->now, 100, &a, &c, &err))
        fail_msg("%s", err.text);
    size_t count = c.touches_count;
    arena_done(&a);
    return count;
}

TEST(preview_shows_the_queue_of_then_and_comes_back)
{
    struct seat s;
    seat_open(&s, NULL, 3);
    seat_keys(&s, "Enter Tab n"); /* the first rests */
    int64_t rests = s.app->queue_count;
    seat_keys(&s, "j");
    int64_t card = s.app->card.id;
    seat_keys(&s, "Tab 'half a note' Esc");
    seat_keys(&s, ": 'at tomorrow 14:00' Enter");
    assert_true(s.app->preview.on);
    assert_true(s.app->now > s.now);
    assert_true((int64_t)s.app->queue_count > rests); /* who rests now may be called then */
    assert_non_null(strstr(s.app->banner.text, "as it would be Tue 24 Nov 14:00"));
    int64_t there = s.app->card.id;
    static const char *const keys[] = {"Enter", "S", "Tab", "+", "u", "e", "z", "K", "m", "I", "A", "P", ": 'log no-answer' Enter", ": 'set hours 00:00-24:00' Enter",
                                       ": 'archive' Enter", ": 'import x.csv' Enter"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        seat_keys(&s, keys[i]);
        if (!said(&s, "nothing is done there"))
            fail_msg("%s: \"%s\"", keys[i], s.app->message.text);
        assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
        assert_int_equal(s.app->card.id, there);
        assert_int_equal(s.app->call.state, CALL_NONE);
    }
    assert_int_equal(touches(&s, there), there == card ? 0 : touches(&s, there));
    seat_keys(&s, "j y Esc"); /* looking around is what it is for */
    assert_true(s.app->preview.on);
    seat_keys(&s, ": 'at tue 9:00' Enter"); /* another hour, counted from now */
    assert_true(s.app->preview.on);
    seat_keys(&s, "Esc");
    assert_false(s.app->preview.on);
    assert_int_equal(s.app->now, s.now);
    assert_int_equal(s.app->card.id, card);
    assert_int_equal((int64_t)s.app->queue_count, rests);
    assert_true(str_is(editor_text(s.app->notes), "half a note"));
    assert_null(strstr(s.app->banner.text, "as it would be"));
    seat_keys(&s, "Enter Tab b"); /* and work goes on, at the time that it is */
    assert_int_equal(touches(&s, card), 1);
    seat_close(&s);
}

TEST(preview_is_refused_where_it_would_lose_something)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 2);
    seat_command(&s, "at quarter past never", &err);
    assert_int_equal(err.code, ERR_USAGE);
    assert_false(s.app->preview.on);
    seat_keys(&s, "Esc"); /* nothing to come back from */
    seat_keys(&s, "Enter");
    err = (struct error){0};
    seat_command(&s, "at 16:00", &err);
    assert_int_equal(err.code, ERR_REFUSED);
    assert_false(s.app->preview.on);
    seat_keys(&s, "Tab n");
    assert_int_equal(s.app->call.state, CALL_NONE);
    seat_close(&s);
}
