/* SPDX-License-Identifier: MIT */
/* Random days of calling: after any of them the materialised columns equal a fresh fold, and undo brings back what was. */
#include "calldeck/store.h"

#include <stdio.h>
#include <string.h>

#include "desk.h"

enum { PEOPLE = 7 };

/* Everything that undo must restore, as text: state, attempts, numbers, promises, suppression, note. */
static void picture(struct store *s, int64_t id, struct buf *out)
{
    struct arena a = {0};
    struct card c;
    assert_done(card_load(s, id, 0, DESK_NOW, 0, &a, &c, err));
    buf_printf(out, "%lld %.*s %s %lld %d %lld due %lld sup %d arch %d note %.*s zone %.*s title %.*s\n", (long long)c.id,
               STR_ARG(c.name), state_name(c.stored_state), (long long)c.not_before, c.attempts, (long long)c.phone_id,
               (long long)c.due_at, c.suppressed, c.archived, STR_ARG(c.note), STR_ARG(c.zones), STR_ARG(c.title));
    for (size_t i = 0; i < c.phones_count; i++)
        buf_printf(out, "  %.*s bad %d sup %d shared %d\n", STR_ARG(c.phones[i].e164), c.phones[i].bad, c.phones[i].suppressed,
                   c.phones[i].shared_with);
    for (size_t i = 0; i < c.callbacks_count; i++)
        buf_printf(out, "  promise %lld due %lld tries %d\n", (long long)c.callbacks[i].id, (long long)c.callbacks[i].due_at,
                   c.callbacks[i].tries);
    arena_done(&a);
}

static void picture_all(struct store *s, const int64_t *ids, struct buf *out)
{
    buf_clear(out);
    for (int i = 0; i < PEOPLE; i++)
        picture(s, ids[i], out);
}

static bool act(struct store *s, const int64_t *ids, uint64_t *rnd, int64_t now, struct error *err)
{
    const struct outcome_table *outcomes = store_outcomes(s);
    int64_t who = ids[test_random(rnd) % PEOPLE];
    switch (test_random(rnd) % 12) {
    case 0:
        return prospect_edit(s, who, STR("title"), test_random(rnd) % 2 ? STR("Buyer") : STR("Owner"), now, err);
    case 1: {
        bool review;
        return prospect_skip(s, who, STR("bad time"), now, &review, err);
    }
    case 2: {
        struct outcome_entry when = {.when_at = now + 60 * (int64_t)(test_random(rnd) % 3000), .talk_s = -1};
        return callback_make(s, who, &when, PROMISE_CALLBACK, now, err);
    }
    case 3:
        return prospect_set_zone(s, who, test_random(rnd) % 2 ? STR("Asia/Dubai") : STR(""), AT_NONE, now, err);
    case 4:
        return prospect_archive(s, who, test_random(rnd) % 3 == 0, now, err);
    case 5: {
        struct arena a = {0};
        struct card c;
        int64_t touch;
        bool ok = card_load(s, who, 0, now, 0, &a, &c, err);
        const struct outcome *o = &outcomes->rows[test_random(rnd) % outcomes->count];
        struct outcome_entry entry = {.outcome = o, .when_at = now + DAY_S, .talk_s = -1};
        for (size_t i = 0; ok && i < c.touches_count; i++)
            if (!c.touches[i].voided && c.touches[i].outcome != NULL && o->effect != EFFECT_SUPPRESS && o->effect != EFFECT_REFER) {
                ok = touch_correct(s, c.touches[i].id, &entry, now, &touch, err);
                break;
            }
        arena_done(&a);
        return ok;
    }
    case 6: {
        char e164[20];
        snprintf(e164, sizeof e164, "+9665012300%02d", (int)(test_random(rnd) % 20));
        struct new_phone phone = {.e164 = str_of(e164), .national = str_of(e164 + 4), .region = STR("SA"), .type = STR("mobile")};
        return prospect_add_phone(s, who, &phone, test_random(rnd) % 2, now, err);
    }
    default: {
        const struct outcome *o = &outcomes->rows[test_random(rnd) % outcomes->count];
        struct outcome_entry entry = {
            .outcome = o, .when_at = now + 3600 + (int64_t)(test_random(rnd) % (5 * DAY_S)), .talk_s = -1, .note = STR("a note")};
        if (o->effect == EFFECT_SUPPRESS && test_random(rnd) % 4 != 0)
            return true; /* or nobody is left after a while */
        entry.scope = (enum suppress_scope)(test_random(rnd) % SCOPE_COUNT_);
        if (test_random(rnd) % 2) {
            struct log_entry log = {.entry = entry, .prospect_id = who, .direction = STR("out"), .at = now, .recorded_at = now};
            return outcome_log(s, &log, NULL, err);
        }
        struct arena a = {0};
        struct card c;
        int64_t touch;
        bool ok = card_load(s, who, 0, now, 1, &a, &c, err);
        if (ok && c.phones_count != 0)
            ok = call_begin(s, who, 0, c.phones[0].id, STR("out"), now, STR(""), &touch, err) &&
                 outcome_file(s, touch, &entry, now + 20, err);
        arena_done(&a);
        return ok;
    }
    }
}

static void days(uint64_t seed, int steps)
{
    uint64_t rnd = seed;
    struct store *s = desk_open(":memory:");
    int64_t ids[PEOPLE];
    static const struct desk_person people[PEOPLE] = {
        {"Layla Haddad", "Nour Trading", "+966112345601", NULL}, {"Sami Nour", "Nour Trading", "+966112345601", NULL},
        {"Tom Okafor", "Brightline", "+442079460001", NULL},     {"Ana Souza", "Lumen", "+14155550123", NULL},
        {"No Number", "Lumen", NULL, NULL},                      {"Rana Aziz", "Nour Trading", "+966112345602", NULL},
        {"Jo Weiss", "Kessel", "+493023125001", NULL}};
    for (int i = 0; i < PEOPLE; i++)
        ids[i] = desk_add(s, "spring", people[i]);
    int64_t now = DESK_NOW;
    for (int i = 0; i < steps; i++) {
        now += 1 + (int64_t)(test_random(&rnd) % 14400);
        struct error err = {0};
        struct arena a = {0};
        struct undone undone;
        bool done = act(s, ids, &rnd, now, &err);
        if (!done && err.code != ERR_REFUSED && err.code != ERR_USAGE)
            fail_msg("seed %llu step %d: %s", (unsigned long long)seed, i, err.text);
        struct desk_lines lines = {.count = 0};
        if (!store_check(s, desk_line, &lines, &err))
            fail_msg("seed %llu step %d: %s", (unsigned long long)seed, i, lines.count ? lines.text[(lines.count > 64 ? 64 : lines.count) - 1] : err.text);
        if (test_random(&rnd) % 3 == 0 && undo_last(s, test_random(&rnd) % 2, now + 1, now + 1, &a, &undone, &err)) {
            lines.count = 0;
            if (!store_check(s, desk_line, &lines, &err))
                fail_msg("seed %llu step %d, undone %.*s: %s: %s", (unsigned long long)seed, i, STR_ARG(undone.what),
                         lines.count ? lines.text[0] : "", err.text);
        }
        arena_done(&a);
    }
    desk_close(s);
}

TEST(history_materialised_equals_fold)
{
    uint64_t seed = test_seed();
    for (int round = 0; round < 6; round++)
        days(test_random(&seed), 120);
}

TEST(history_undo_restores_what_was)
{
    uint64_t rnd = test_seed();
    for (int round = 0; round < 4; round++) {
        uint64_t seed = rnd;
        struct store *s = desk_open(":memory:");
        int64_t ids[PEOPLE];
        for (int i = 0; i < PEOPLE; i++) {
            char name[16], phone[20];
            snprintf(name, sizeof name, "P%d", i);
            snprintf(phone, sizeof phone, "+96611234560%d", i / 2);
            ids[i] = desk_add(s, "spring", (struct desk_person){name, "Nour", phone, NULL});
        }
        struct buf before, after;
        buf_init(&before);
        buf_init(&after);
        int64_t now = DESK_NOW;
        int undone_count = 0;
        for (int i = 0; i < 100; i++) {
            now += 3600 + (int64_t)(test_random(&rnd) % 14400);
            struct error refused = {0};
            struct arena a = {0};
            struct undone undone;
            act(s, ids, &rnd, now, &refused);
            picture_all(s, ids, &before);
            now += 60;
            /* A logged fact: no dial was placed, so nothing of it may stay. */
            const struct outcome_table *outcomes = store_outcomes(s);
            struct log_entry log = {.entry = {.outcome = &outcomes->rows[test_random(&rnd) % outcomes->count],
                                              .when_at = now + DAY_S,
                                              .talk_s = -1,
                                              .note = STR("taken back"),
                                              .with_whom = STR("Somebody Else"),
                                              .scope = (enum suppress_scope)(test_random(&rnd) % SCOPE_COUNT_)},
                                    .prospect_id = ids[test_random(&rnd) % PEOPLE],
                                    .direction = STR("out"),
                                    .at = now,
                                    .recorded_at = now};
            if (outcome_log(s, &log, NULL, &refused)) {
                assert_done(undo_last(s, false, now + 5, now + 5, &a, &undone, err));
                picture_all(s, ids, &after);
                if (strcmp(before.at, after.at) != 0)
                    fprintf(stderr, "%s----\n%s", before.at, after.at);
                if (strcmp(before.at, after.at) != 0)
                    fail_msg("seed %llu step %d: %s is not wholly undone", (unsigned long long)seed, i, log.entry.outcome->code);
                undone_count++;
            }
            arena_done(&a);
        }
        assert_true(undone_count > 50);
        desk_close(s);
        buf_done(&before);
        buf_done(&after);
    }
}

TEST(do_not_call_is_undone_only_as_the_very_last_act)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    int64_t tom = desk_add(s, "spring", (struct desk_person){"Tom", "Bright", "+442079460001", NULL});
    struct arena a = {0};
    struct undone undone;
    struct card c;
    desk_log(s, layla, "do-not-call", DESK_NOW, NULL);
    assert_done(undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err));
    assert_done(card_load(s, layla, 0, DESK_NOW, 0, &a, &c, err));
    assert_false(c.suppressed);
    desk_log(s, layla, "do-not-call", DESK_NOW, NULL);
    desk_log(s, tom, "no-answer", DESK_NOW + 60, NULL);
    assert_done(undo_last(s, false, DESK_NOW + 61, DESK_NOW + 61, &a, &undone, err));
    assert_refused(undo_last(s, false, DESK_NOW + 62, DESK_NOW + 62, &a, &undone, err), ERR_REFUSED, "suppress remove");
    assert_done(card_load(s, layla, 0, DESK_NOW, 0, &a, &c, err));
    assert_true(c.suppressed);
    assert_int_equal(c.stored_state, STATE_SUPPRESSED);
    arena_done(&a);
    desk_close(s);
}

TEST(reopened_call_counts_once_as_a_dial)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    const struct outcome *no_answer = outcome_by_code(store_outcomes(s), STR("no-answer"));
    const struct outcome *busy = outcome_by_code(store_outcomes(s), STR("busy"));
    struct outcome_entry entry = {.outcome = no_answer, .when_at = AT_NONE, .talk_s = -1, .note = STR("hm")};
    struct arena a = {0};
    struct card c;
    struct undone undone;
    int64_t touch;
    assert_done(card_load(s, layla, 0, DESK_NOW, 0, &a, &c, err));
    assert_done(call_begin(s, layla, 0, c.phone_id, STR("out"), DESK_NOW, STR(""), &touch, err));
    assert_done(outcome_file(s, touch, &entry, DESK_NOW + 20, err));
    assert_done(undo_last(s, true, DESK_NOW + 30, DESK_NOW + 30, &a, &undone, err));
    assert_true(undone.reopened != 0);
    assert_done(card_load(s, layla, 0, DESK_NOW, 0, &a, &c, err));
    assert_true(c.has_draft && str_is(c.draft, "hm"));
    assert_int_equal(c.open_touch, undone.reopened);
    entry.outcome = busy;
    assert_done(outcome_file(s, undone.reopened, &entry, DESK_NOW + 40, err));
    assert_done(card_load(s, layla, 0, DESK_NOW, 0, &a, &c, err));
    /* one of two dials of the day: it rests for busy's 15 minutes, and is not capped */
    assert_int_equal(c.stored_state, STATE_RESTING);
    assert_int_equal(c.not_before, DESK_NOW + 15 * 60);
    assert_int_equal(c.attempts, 1);
    arena_done(&a);
    desk_close(s);
}

/* ---- what others on a line, drafts and registries must not lose ---- */

TEST(shared_line_is_full_for_all_with_one_dial_a_day)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    int64_t sami = desk_add(s, "spring", (struct desk_person){"Sami", "Nour", "+966112345601", NULL});
    struct policy policy;
    policy_defaults(&policy);
    policy.dials_per_day = 1;
    struct arena a = {0};
    struct card c;
    assert_done(store_policy_base(s, &policy, DESK_NOW, err));
    desk_log(s, layla, "no-answer", DESK_NOW, NULL);
    assert_done(card_load(s, sami, 0, DESK_NOW, 0, &a, &c, err));
    assert_int_equal(c.stored_state, STATE_CAPPED);
    struct desk_lines said = {.count = 0};
    assert_done(store_check(s, desk_line, &said, err));
    assert_false(desk_said(&said, "history says"));
    arena_done(&a);
    desk_close(s);
}

TEST(newest_promise_counts_however_many_there_were)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    struct arena a = {0};
    struct card c;
    struct outcome_entry when = {.when_at = DESK_NOW + DAY_S, .talk_s = -1};
    assert_done(callback_make(s, layla, &when, PROMISE_CALLBACK, DESK_NOW, err));
    for (int i = 1; i <= 300; i++) {
        assert_done(card_load(s, layla, 0, DESK_NOW, 1, &a, &c, err));
        when.when_at = DESK_NOW + DAY_S + i;
        assert_done(callback_move(s, c.callback_id, &when, DESK_NOW, err));
        arena_clear(&a);
    }
    assert_done(card_load(s, layla, 0, DESK_NOW, 1, &a, &c, err));
    assert_int_equal(c.due_at, DESK_NOW + DAY_S + 300);
    assert_int_equal(c.callbacks_count, 1);
    arena_done(&a);
    desk_close(s);
}

TEST(log_takes_the_draft_that_it_files_and_no_other)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    struct arena a = {0};
    struct card c;
    assert_done(draft_save(s, layla, STR("wants prices"), 12, DESK_NOW, true, err));
    desk_log(s, layla, "no-answer", DESK_NOW, "by a script");
    assert_done(card_load(s, layla, 0, DESK_NOW, 1, &a, &c, err));
    assert_true(c.has_draft && str_is(c.draft, "wants prices"));
    desk_log(s, layla, "no-answer", DESK_NOW + 1, "wants prices");
    assert_done(card_load(s, layla, 0, DESK_NOW, 1, &a, &c, err));
    assert_false(c.has_draft);
    arena_done(&a);
    desk_close(s);
}

TEST(registry_binds_a_line_whose_suppression_was_undone)
{
    struct store *s = desk_open(":memory:");
    struct str line = STR("+966112345601");
    struct arena a = {0};
    struct undone undone;
    const struct suppress_row *rows;
    size_t count;
    int64_t fresh = 0;
    assert_done(suppress_add(s, SCOPE_LINE, 0, line, STR("a slip"), STR("rep"), DESK_NOW, err));
    assert_done(undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err));
    assert_done(suppress_import(s, &line, 1, STR("TPS"), STR("2026-11-01"), DESK_NOW, &fresh, err));
    assert_int_equal(fresh, 1);
    assert_done(suppress_check(s, line, &a, &rows, &count, err));
    assert_int_equal(count, 1);
    arena_done(&a);
    desk_close(s);
}

TEST(suppression_of_a_company_can_be_lifted_after_narrower_ones)
{
    struct store *s = desk_open(":memory:");
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    int64_t sami = desk_add(s, "spring", (struct desk_person){"Sami", "Nour", "+966112345602", NULL});
    struct str line = STR("+966112345601");
    struct arena a = {0};
    struct card c;
    assert_done(suppress_add(s, SCOPE_LINE, 0, line, STR("asked"), STR("rep"), DESK_NOW, err));
    assert_done(suppress_add(s, SCOPE_COMPANY, layla, STR(""), STR("asked"), STR("rep"), DESK_NOW, err));
    assert_done(suppress_remove(s, line, STR("asked to be called"), DESK_NOW, err));
    assert_done(card_load(s, sami, 0, DESK_NOW, 0, &a, &c, err));
    assert_int_equal(c.stored_state, STATE_SUPPRESSED);
    assert_done(suppress_remove(s, line, STR("asked to be called"), DESK_NOW, err));
    assert_done(card_load(s, sami, 0, DESK_NOW, 0, &a, &c, err)); /* the whole company, not this number alone */
    assert_int_equal(c.stored_state, STATE_READY);
    assert_refused(suppress_remove(s, line, STR("again"), DESK_NOW, err), ERR_NOT_FOUND, "not suppressed");
    arena_done(&a);
    desk_close(s);
}

TEST(history_known_seeds)
{
    days(4255943169592071158u, 5); /* undo of a new person who is one of three on a line */
}
