/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <string.h>

static int64_t count_of(const struct stats *stats, const char *code)
{
    for (size_t i = 0; i < stats->by_outcome_count; i++)
        if (strcmp(stats->by_outcome[i].outcome->code, code) == 0)
            return stats->by_outcome[i].count;
    fail_msg("no outcome %s", code);
    return -1;
}

TEST(stats_count_what_is_live)
{
    struct store *s = desk_open(test_path("stats.db"));
    int64_t who[4];
    for (int i = 0; i < 4; i++) {
        char name[] = "Person 0", phone[] = "+12065550100";
        name[7] = phone[11] = (char)('0' + i);
        who[i] = desk_add(s, "spring", (struct desk_person){name, "Nour", phone, NULL});
    }
    desk_log(s, who[0], "no-answer", DESK_NOW, "");
    desk_log(s, who[1], "gatekeeper", DESK_NOW + 60, "");
    desk_log(s, who[2], "appointment", DESK_NOW + 120, "");
    struct log_entry sale = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("sale")),
                                       .when_at = AT_NONE,
                                       .amount_cents = 129900,
                                       .has_amount = true,
                                       .talk_s = 271},
                             .prospect_id = who[3],
                             .direction = STR("in"),
                             .at = DESK_NOW + 180,
                             .recorded_at = DESK_NOW + 180};
    int64_t touch;
    assert_done(outcome_log(s, &sale, &touch, err));
    struct arena a = {0};
    struct stats stats;
    assert_done(stats_load(s, DESK_NOW, DESK_NOW + 1000, &a, &stats, err));
    assert_int_equal(stats.dials, 3); /* the sale called in */
    assert_int_equal(stats.conversations, 2);
    assert_int_equal(stats.meetings, 1);
    assert_int_equal(stats.sales, 1);
    assert_int_equal(stats.amount_cents, 129900);
    assert_int_equal(stats.talk_s, 271);
    assert_int_equal(stats.by_outcome_count, store_outcomes(s)->count);
    assert_int_equal(count_of(&stats, "no-answer"), 1);
    assert_int_equal(count_of(&stats, "sale"), 1);
    assert_int_equal(count_of(&stats, "busy"), 0);

    /* since is inside, until is not */
    assert_done(stats_load(s, DESK_NOW + 60, DESK_NOW + 180, &a, &stats, err));
    assert_int_equal(stats.dials, 2);
    assert_int_equal(stats.sales, 0);

    struct undone undone;
    assert_done(undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err));
    assert_done(stats_load(s, AT_NONE, AT_MAX, &a, &stats, err));
    assert_int_equal(stats.sales, 0);
    assert_int_equal(stats.amount_cents, 0);
    assert_int_equal(stats.dials, 3);
    arena_done(&a);
    desk_close(s);
}

/* Dollars and riyals are not added. */
TEST(stats_add_no_two_currencies)
{
    static const struct {
        const char *currency;
        int64_t cents;
    } sales[] = {{"USD", 100000}, {"SAR", 50000}, {"usd", 2500}, {"", 700}};
    struct store *s = desk_open(test_path("currencies.db"));
    struct arena a = {0};
    struct stats stats;
    for (size_t i = 0; i < sizeof sales / sizeof sales[0]; i++) {
        char name[] = "Person 0", phone[] = "+12065550100";
        name[7] = phone[11] = (char)('0' + (int)i);
        struct log_entry sale = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("sale")),
                                           .when_at = AT_NONE,
                                           .amount_cents = sales[i].cents,
                                           .currency = str_of(sales[i].currency),
                                           .has_amount = true,
                                           .talk_s = -1},
                                 .prospect_id = desk_add(s, "spring", (struct desk_person){name, "Nour", phone, NULL}),
                                 .direction = STR("out"),
                                 .at = DESK_NOW,
                                 .recorded_at = DESK_NOW};
        int64_t touch;
        assert_done(outcome_log(s, &sale, &touch, err));
        assert_done(stats_load(s, AT_MIN, AT_MAX, &a, &stats, err));
        assert_int_equal(stats.amount_cents, i == 0 ? 100000 : 0);
    }
    assert_int_equal(stats.amounts_count, 3);
    assert_true(stats.amounts[0].currency.len == 0 && stats.amounts[0].cents == 700);
    assert_true(str_is(stats.amounts[1].currency, "SAR") && stats.amounts[1].cents == 50000);
    assert_true(str_is(stats.amounts[2].currency, "USD") && stats.amounts[2].cents == 102500);
    arena_done(&a);
    desk_close(s);
}
