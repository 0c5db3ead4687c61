/* SPDX-License-Identifier: MIT */
/* The order of the queue on a real file: the classical orders, every n-th new one, and what calls teach and untaught again. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "desk.h"

static int64_t list_id(struct store *s)
{
    int64_t id = 0;
    assert_done(list_find(s, STR("leads"), &id, err));
    return id;
}

static void people(struct store *s, int64_t *ids, int count)
{
    for (int i = 0; i < count; i++) {
        char name[32], phone[32];
        snprintf(name, sizeof name, "Person %d", i);
        snprintf(phone, sizeof phone, "+4420794600%02d", i);
        ids[i] = desk_add(s, "leads", (struct desk_person){.name = name, .phone = phone});
    }
    assert_done(list_policy_set(s, list_id(s), STR("hours"), STR("00:00-24:00"), DESK_NOW, err));
    assert_done(list_policy_set(s, list_id(s), STR("windows"), STR("off"), DESK_NOW, err));
    assert_done(list_policy_set(s, list_id(s), STR("retry"), STR("no-answer 1m"), DESK_NOW, err));
    assert_done(list_policy_set(s, list_id(s), STR("dials"), STR("0"), DESK_NOW, err));
    assert_done(list_policy_set(s, list_id(s), STR("cap"), STR("0"), DESK_NOW, err));
}

/* Who is next, by index into ids: "20134". */
static void order_is(struct store *s, const int64_t *ids, int count, int64_t at, const char *expected)
{
    struct arena a = {0};
    const struct queue_row *rows;
    size_t n;
    char seen[21] = "";
    assert_done(queue_head(s, list_id(s), at, 20, &a, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < count; k++)
            if (rows[i].prospect_id == ids[k])
                seen[i] = (char)('0' + k);
    assert_string_equal(seen, expected);
    arena_done(&a);
}

static void rule(struct store *s, const char *key, const char *value)
{
    assert_done(list_policy_set(s, list_id(s), str_of(key), str_of(value), DESK_NOW, err));
}

TEST(order_of_a_list_is_a_line_of_its_policy)
{
    const char *path = test_path("orders.db");
    struct store *s = desk_open(path);
    int64_t ids[5];
    people(s, ids, 5);
    desk_log(s, ids[0], "no-answer", DESK_NOW - 7200, "");
    desk_log(s, ids[1], "no-answer", DESK_NOW - 9000, "");
    desk_log(s, ids[1], "no-answer", DESK_NOW - 3600, "");
    static const struct {
        const char *order, *expected;
    } rows[] = {
        {"fewest", "23401"},
        {"list", "01234"},
        {"longest", "23401"},
        {"east", "23401"},
        {"learned", "23401"}, /* three calls teach nothing */
        {"rank score", "23401"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rule(s, "order", rows[i].order);
        order_is(s, ids, 5, DESK_NOW, rows[i].expected);
    }
    rule(s, "order", "random 7");
    struct arena a = {0};
    const struct queue_row *first, *again;
    size_t n;
    assert_done(queue_head(s, list_id(s), DESK_NOW, 5, &a, &first, &n, err));
    assert_done(queue_head(s, list_id(s), DESK_NOW, 5, &a, &again, &n, err));
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(first[i].prospect_id, again[i].prospect_id);
    arena_done(&a);
    desk_close(s);
}

TEST(every_third_is_a_new_one)
{
    struct store *s = desk_open(test_path("new.db"));
    int64_t ids[6];
    people(s, ids, 6);
    for (int i = 0; i < 4; i++)
        desk_log(s, ids[i], "no-answer", DESK_NOW - 7200 + i, "");
    rule(s, "order", "fewest");
    rule(s, "new", "3");
    order_is(s, ids, 6, DESK_NOW, "014235");
    rule(s, "new", "0");
    order_is(s, ids, 6, DESK_NOW, "450123");
    desk_close(s);
}

static void slots(struct store *s, struct score_explained *ret, struct arena *a, int64_t id)
{
    assert_done(score_explain(s, id, list_id(s), DESK_NOW, a, ret, err));
}

TEST(lessons_are_taken_back_to_the_last_bit)
{
    struct store *s = desk_open(test_path("lessons.db"));
    struct arena a = {0};
    int64_t ids[8];
    struct score_explained before, after;
    people(s, ids, 8);
    for (int i = 0; i < 60; i++)
        desk_log(s, ids[i % 7], i % 5 == 0 ? "later" : "no-answer", DESK_NOW - 86400 + i * 600, "");
    while (store_idle(s, DESK_NOW, 50))
        continue;
    slots(s, &before, &a, ids[7]);
    assert_true(before.learned && before.speaks);
    desk_log(s, ids[6], "sale", DESK_NOW - 60, "");
    while (store_idle(s, DESK_NOW, 50))
        continue;
    slots(s, &after, &a, ids[7]);
    assert_true(after.score != before.score);
    struct undone undone;
    assert_done(undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err));
    while (store_idle(s, DESK_NOW, 50))
        continue;
    slots(s, &after, &a, ids[7]);
    for (int f = 0; f < FACTOR_COUNT_; f++)
        if (f >= FACTOR_HOUR ? after.factors.value[f] != before.factors.value[f]
                             : fabs(after.factors.value[f] / before.factors.value[f] - 1) > 0.003)
            fail_msg("%s is %.17g, was %.17g", learn_factor_name((enum learn_factor)f), after.factors.value[f], before.factors.value[f]);
    assert_true(after.dials == before.dials);
    arena_done(&a);
    desk_close(s);
}

TEST(score_is_the_product_of_what_is_printed)
{
    struct store *s = desk_open(test_path("product.db"));
    struct arena a = {0};
    int64_t ids[10];
    const struct queue_row *rows;
    size_t n;
    people(s, ids, 10);
    for (int i = 0; i < 50; i++)
        desk_log(s, ids[i % 5], i % 4 == 0 ? "later" : "no-answer", DESK_NOW - 400000 + i * 900, "");
    while (store_idle(s, DESK_NOW, 50))
        continue;
    assert_done(queue_head(s, list_id(s), DESK_NOW, 10, &a, &rows, &n, err));
    assert_true(n >= 5);
    for (size_t i = 0; i < n; i++) {
        assert_true(rows[i].learned);
        double product = 1;
        for (int f = 0; f < FACTOR_HOUR; f++)
            product *= rows[i].factors.value[f];
        assert_true(product == -rows[i].key.sort);
        double cell = 1;
        for (int f = FACTOR_HOUR; f < FACTOR_COUNT_; f++)
            cell *= rows[i].factors.value[f];
        assert_true(cell == rows[i].key.cell);
        assert_true(learn_product(&rows[i].factors) == product * cell);
        if (i > 0)
            assert_true(product * cell <= learn_product(&rows[i - 1].factors));
    }
    arena_done(&a);
    desk_close(s);
}

TEST(a_lesson_from_the_middle_is_learned_away)
{
    struct store *s = desk_open(test_path("middle.db")), *fresh = desk_open(test_path("fresh.db"));
    struct arena a = {0};
    int64_t ids[8], same[8], touch = 0;
    struct score_explained one, other;
    people(s, ids, 8);
    people(fresh, same, 8);
    for (int i = 0; i < 60; i++) {
        int64_t at = DESK_NOW - 86400 + i * 600;
        int64_t t = desk_log(s, ids[i % 7], i == 30 ? "later" : "no-answer", at, "");
        touch = i == 30 ? t : touch;
        desk_log(fresh, same[i % 7], "no-answer", at, "");
    }
    struct outcome_entry entry = {.outcome = outcome_by_code(store_outcomes(s), STR("no-answer")), .talk_s = -1, .when_at = AT_NONE};
    int64_t corrected;
    assert_done(touch_correct(s, touch, &entry, DESK_NOW - 10, &corrected, err));
    while (store_idle(s, DESK_NOW, 50))
        continue;
    while (store_idle(fresh, DESK_NOW, 50))
        continue;
    slots(s, &one, &a, ids[7]);
    slots(fresh, &other, &a, same[7]);
    assert_true(one.dials == other.dials);
    for (int f = 0; f < FACTOR_HOUR; f++)
        if (fabs(one.factors.value[f] / other.factors.value[f] - 1) > 0.003)
            fail_msg("%s is %.17g, fresh %.17g", learn_factor_name((enum learn_factor)f), one.factors.value[f],
                     other.factors.value[f]);
    arena_done(&a);
    desk_close(s);
    desk_close(fresh);
}

TEST(a_rule_of_another_window_holds_here_too)
{
    const char *path = test_path("rules.db");
    struct store *s = desk_open(path), *other;
    struct arena a = {0};
    const struct queue_row *rows;
    size_t n;
    int64_t first = desk_add(s, "leads", (struct desk_person){.name = "Ann", .phone = "+442079460001"});
    desk_add(s, "leads", (struct desk_person){.name = "Bob", .phone = "+442079460001"});
    assert_done(list_policy_set(s, list_id(s), STR("hours"), STR("00:00-24:00"), DESK_NOW, err));
    assert_done(queue_head(s, list_id(s), DESK_NOW, 5, &a, &rows, &n, err));
    assert_int_equal(n, 2);
    other = desk_open(path);
    assert_done(list_policy_set(other, list_id(other), STR("line-rest"), STR("off"), DESK_NOW, err));
    desk_log(s, first, "no-answer", DESK_NOW, "");
    assert_done(queue_head(other, list_id(other), DESK_NOW + 60, 5, &a, &rows, &n, err));
    assert_int_equal(n, 1); /* Bob: the line does not rest any more */
    arena_done(&a);
    desk_close(other);
    desk_close(s);
}

/* A key that was made before there was anything to say stands among those that were learned, not above them. */
TEST(a_key_made_before_the_first_lessons_is_on_their_scale)
{
    enum { PEOPLE = 12 };
    struct store *s = desk_open(test_path("scale.db"));
    struct arena a = {0};
    const struct queue_row *rows;
    int64_t ids[PEOPLE];
    size_t count;
    people(s, ids, PEOPLE);
    desk_log(s, ids[0], "no-answer", DESK_NOW - 9 * DAY_S, "");
    for (int i = 0; i < 40; i++) /* the others teach: ids[0] keeps its old key until there is time */
        desk_log(s, ids[1 + i % (PEOPLE - 1)], i % 4 ? "no-answer" : "later", DESK_NOW - 8 * DAY_S + i * HOUR_S, "");
    assert_done(queue_head(s, list_id(s), DESK_NOW, PEOPLE, &a, &rows, &count, err));
    assert_int_equal(count, PEOPLE);
    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].learned);
        assert_true(rows[i].factors.value[FACTOR_BASE] < .5 && rows[i].factors.value[FACTOR_SALE] < .5);
    }
    arena_done(&a);
    desk_close(s);
}

/* A list that is shorter than the time left waits for its best hours; a long one does not. The factors still multiply to the score. */
TEST(the_best_hour_counts_as_tries_get_scarce)
{
    enum { PEOPLE = 8 };
    struct store *s = desk_open(test_path("scarce.db"));
    struct arena a = {0};
    struct score_explained one;
    const struct queue_row *rows;
    int64_t ids[PEOPLE];
    size_t count;
    people(s, ids, PEOPLE);
    for (int i = 0; i < 48; i++)
        desk_log(s, ids[i % PEOPLE], "no-answer", DESK_NOW - 8 * DAY_S + i * HOUR_S, "");
    rule(s, "cap", "1000"); /* 8,000 tries do not fit into two weeks */
    assert_done(score_explain(s, ids[0], list_id(s), DESK_NOW, &a, &one, err));
    assert_true(one.learned && one.speaks);
    assert_true(one.factors.value[FACTOR_OWN_HOUR] == 1);
    rule(s, "cap", "300"); /* 2,400 do, half as many again */
    assert_done(score_explain(s, ids[0], list_id(s), DESK_NOW, &a, &one, err));
    double best = one.factors.value[FACTOR_OWN_HOUR];
    assert_true(best != 1);
    assert_true(one.score == learn_product(&one.factors));
    assert_done(queue_head(s, list_id(s), DESK_NOW, PEOPLE, &a, &rows, &count, err));
    assert_int_equal(count, PEOPLE);
    for (size_t i = 0; i < count; i++) {
        assert_true(rows[i].factors.value[FACTOR_OWN_HOUR] == best);
        assert_true(fabs(learn_product(&rows[i].factors) / (rows[i].key.cell * -rows[i].key.sort) - 1) < 1e-12);
    }
    rule(s, "cap", "12"); /* scarcer still: it counts more */
    assert_done(score_explain(s, ids[0], list_id(s), DESK_NOW, &a, &one, err));
    assert_true(fabs(log(one.factors.value[FACTOR_OWN_HOUR])) > fabs(log(best)));
    arena_done(&a);
    desk_close(s);
}
