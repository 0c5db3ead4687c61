/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <stdio.h>
#include <string.h>

TEST(cadence_a_template_is_lines_of_policy_and_a_preview_changes_nothing)
{
    struct store *s = desk_open(test_path("cadence.db"));
    int64_t list, first = 0;
    for (int i = 0; i < 4; i++) {
        char phone[20];
        snprintf(phone, sizeof phone, "+1212555010%d", i);
        int64_t id = desk_add(s, "leads", (struct desk_person){.name = "P", .phone = phone});
        first = first != 0 ? first : id;
        if (i < 2)
            desk_log(s, id, "no-answer", DESK_NOW, "");
    }
    assert_done(list_find(s, STR("leads"), &list, err));
    struct policy before, after;
    assert_done(list_policy(s, list, &before, err));
    /* what a trial changes is as if it never was */
    const struct queue_row *now, *then;
    const struct queue_move *moves;
    struct arena a = {0};
    size_t now_count, then_count;
    assert_done(queue_head(s, list, DESK_NOW, 10, &a, &now, &now_count, err));
    assert_int_equal(now_count, 2);
    assert_done(store_trial_begin(s, err));
    assert_done(list_policy_set(s, list, STR("retry"), STR("no-answer 0m"), DESK_NOW, err));
    assert_done(list_policy_set(s, list, STR("order"), STR("longest"), DESK_NOW, err));
    assert_done(queue_head(s, list, DESK_NOW, 10, &a, &then, &then_count, err));
    store_trial_end(s);
    assert_true(then_count > now_count);
    size_t moved = queue_moves(now, now_count, then, then_count, &a, &moves), came = 0;
    for (size_t i = 0; i < moved; i++) {
        came += moves[i].from == 0;
        assert_true((moves[i].from == 0) == (moves[i].was == NULL) && (moves[i].to == 0) == (moves[i].is == NULL));
        assert_true(moves[i].from != moves[i].to);
    }
    assert_int_equal(came, then_count - now_count);
    assert_int_equal(queue_moves(now, now_count, now, now_count, &a, &moves), 0);
    assert_int_equal(queue_moves(now, now_count, NULL, 0, &a, &moves), now_count);
    assert_true(moves[0].from == 1 && moves[0].to == 0 && moves[0].was == &now[0]);
    arena_done(&a);
    assert_done(list_policy(s, list, &after, err));
    assert_int_equal(after.retries_count, 0);
    assert_int_equal(after.order, before.order);

    assert_done(list_policy_set(s, list, STR("template"), STR("b2b-cold"), DESK_NOW, err));
    assert_done(list_policy(s, list, &after, err));
    assert_int_equal(after.retries_count, 5);
    assert_int_equal(after.dials_per_day, 1);
    assert_true(after.new_parts && !after.consumer);
    assert_done(list_policy_set(s, list, STR("retry"), STR("busy 5m"), DESK_NOW, err));
    assert_done(list_policy_set(s, list, STR("retry"), STR("machine"), DESK_NOW, err));
    assert_done(list_policy(s, list, &after, err));
    assert_int_equal(after.retries_count, 4);
    for (int i = 0; i < after.retries_count; i++)
        if (strcmp(after.retries[i].code, "busy") == 0)
            assert_string_equal(after.retries[i].wait, "5m");
    struct error why = {0};
    assert_false(list_policy_set(s, list, STR("template"), STR("b2z"), DESK_NOW, &why));
    assert_non_null(strstr(why.text, "b2b-cold, b2c or inbound"));
    assert_done(store_check(s, NULL, NULL, err));
    desk_close(s);
}

TEST(a_call_keeps_what_the_gate_looked_at)
{
    struct store *s = desk_open(test_path("receipt.db"));
    int64_t id = desk_add(s, "leads", (struct desk_person){.name = "P", .phone = "+12125550101"}), list, touch = 0;
    struct arena a = {0};
    struct card card;
    assert_done(list_find(s, STR("leads"), &list, err));
    assert_done(card_load(s, id, list, DESK_NOW, 0, &a, &card, err));
    assert_done(call_begin(s, id, list, card.phone_id, STR("out"), DESK_NOW, STR(""), &touch, err));
    assert_done(card_load(s, id, list, DESK_NOW, 0, &a, &card, err));
    const char *receipt = card.touches[0].receipt.at;
    assert_non_null(strstr(receipt, "\"row\":\"US mon-fri 08:00-21:00\""));
    assert_non_null(strstr(receipt, "\"number_24h\":0"));
    assert_non_null(strstr(receipt, "\"audience\":\"business\""));
    assert_non_null(strstr(receipt, "\"zone\":\"UTC\""));
    arena_done(&a);
    desk_close(s);
}
