/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 600 }; /* more than a batch */

struct seen {
    int64_t last;
    int count, stop_after, touches;
    struct buf text;
};

static bool see_card(const struct card *card, void *user)
{
    struct seen *seen = user;
    assert_true(card->id > seen->last);
    seen->last = card->id;
    seen->count++;
    seen->touches += (int)card->touches_count;
    buf_printf(&seen->text, "%lld %.*s;", (long long)card->id, STR_ARG(card->name));
    return seen->count != seen->stop_after;
}

static bool see_touch(const struct export_touch *row, void *user)
{
    struct seen *seen = user;
    assert_true(row->touch->id > seen->last);
    seen->last = row->touch->id;
    seen->count++;
    buf_printf(&seen->text, "%lld %.*s %.*s %.*s %s%s;", (long long)row->prospect_id, STR_ARG(row->name), STR_ARG(row->company),
               STR_ARG(row->external_id), row->touch->outcome ? row->touch->outcome->code : "note",
               row->touch->voided ? " voided" : "");
    return seen->count != seen->stop_after;
}

TEST(export_gives_every_card_once_in_order)
{
    struct store *s = desk_open(test_path("cards.db"));
    for (int i = 0; i < MANY; i++) {
        char name[32];
        snprintf(name, sizeof name, "Person %d", i);
        desk_add(s, i % 3 ? "spring" : "autumn", (struct desk_person){name, NULL, NULL, NULL});
    }
    desk_log(s, 5, "no-answer", DESK_NOW, "");
    desk_log(s, 5, "busy", DESK_NOW + 3600, "");
    static const struct {
        int64_t list;
        int stop_after, count;
    } rows[] = {{0, 0, MANY}, {1, 0, MANY / 3}, {2, 0, MANY - MANY / 3}, {0, 7, 7}, {0, 256, 256}, {9, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen = {.stop_after = rows[i].stop_after};
        buf_init(&seen.text);
        assert_done(export_cards(s, rows[i].list, see_card, &seen, err));
        assert_int_equal(seen.count, rows[i].count);
        if (rows[i].count == MANY)
            assert_int_equal(seen.touches, 2); /* the whole history */
        buf_done(&seen.text);
    }
    desk_close(s);
}

TEST(export_touches_since)
{
    struct store *s = desk_open(test_path("touches.db"));
    desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966501234567", NULL});
    desk_add(s, "autumn", (struct desk_person){"Tom", NULL, "+12065550100", NULL});
    assert_done(prospect_edit(s, 1, STR("external_id"), STR("CRM-7"), DESK_NOW, err));
    desk_log(s, 1, "no-answer", DESK_NOW, "");
    desk_log(s, 2, "busy", DESK_NOW + 60, "");
    int64_t touch = desk_log(s, 1, "sale", DESK_NOW + 120, "");
    (void)touch;
    struct arena a = {0};
    struct undone undone;
    assert_done(undo_last(s, false, DESK_NOW + 180, DESK_NOW + 180, &a, &undone, err));
    static const struct {
        int64_t list, since;
        int stop_after;
        const char *expected;
    } rows[] = {
        {0, AT_NONE, 0, "1 Layla Nour CRM-7 no-answer;2 Tom   busy;1 Layla Nour CRM-7 sale voided;"},
        {1, AT_NONE, 0, "1 Layla Nour CRM-7 no-answer;1 Layla Nour CRM-7 sale voided;"},
        {0, DESK_NOW + 60, 0, "2 Tom   busy;1 Layla Nour CRM-7 sale voided;"},
        {0, DESK_NOW + 121, 0, ""},
        {0, AT_NONE, 1, "1 Layla Nour CRM-7 no-answer;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen = {.stop_after = rows[i].stop_after};
        buf_init(&seen.text);
        assert_done(export_touches(s, rows[i].list, rows[i].since, see_touch, &seen, err));
        if (strcmp(seen.text.at, rows[i].expected) != 0)
            fail_msg("row %zu: %s, expected %s", i, seen.text.at, rows[i].expected);
        buf_done(&seen.text);
    }
    arena_done(&a);
    desk_close(s);
}
