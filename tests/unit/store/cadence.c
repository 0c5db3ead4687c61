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
    int64_t changed = -1, of = -1;
    assert_done(list_policy_preview(s, list, STR("retry"), STR("no-answer 1h"), DESK_NOW, &changed, &of, err));
    assert_int_equal(changed, 2);
    assert_int_equal(of, 4);
    assert_done(list_policy(s, list, &after, err));
    assert_int_equal(after.retries_count, 0);

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
