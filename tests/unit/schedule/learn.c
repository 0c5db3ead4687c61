/* SPDX-License-Identifier: MIT */
/* The learner finds what is there, survives what a file may hold, and gives back exactly what it took. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/learn.h"
#include "test.h"

#define COUNT_OF(rows) (sizeof(rows) / sizeof *(rows))

static double uniform(uint64_t *state)
{
    return (double)(test_random(state) >> 11) * 0x1p-53;
}

static struct learn_journal journal; /* 40 KiB: not for every frame */

static const struct learn_cell noon = {.band = LEARN_BAND_NONE, .hour = 12, .weekday = WEDNESDAY};

static void learn(struct learner *l, struct learn_person *p, const struct learn_cell *c, struct learn_result r)
{
    learner_learn(l, p, c, &r, &p->own, &journal);
}

TEST(learn_factors_multiply_to_the_score)
{
    uint64_t seed = test_seed();
    struct learner *l = learner_new();
    const char *const words[] = {"", "web", "referral", "s1", "200-500", "-4.857", "12000"};
    for (int i = 0; i < 3000; i++) {
        struct learn_attribute a[3];
        struct learn_factors f;
        for (int k = 0; k < 3; k++)
            a[k] = (struct learn_attribute){str_of(words[1 + k]), str_of(words[test_random(&seed) % COUNT_OF(words)])};
        struct learn_person p = {.source = str_of(words[test_random(&seed) % 4]), .attempts = (int)(test_random(&seed) % 20),
                                 .own = {(double)(test_random(&seed) % 3), 2 * uniform(&seed)}, .attributes = a,
                                 .attributes_count = 3, .customer = test_random(&seed) % 2};
        struct learn_cell c = {.segment = a[0].value, .band = (int)(test_random(&seed) % LEARN_BANDS),
                               .hour = (int)(test_random(&seed) % 24), .weekday = (enum weekday)(test_random(&seed) % 7),
                               .open_hours = (uint32_t)test_random(&seed) & 0xffffff, .gamma = 8 * uniform(&seed)};
        double key = learner_key(l, &p, &f), cell = learner_cell(l, &c, &f), score = 1, w = 1;
        for (int n = 0; n < FACTOR_COUNT_; n++) {
            assert_true(isfinite(f.value[n]) && f.value[n] > 0);
            *(learn_factor_part((enum learn_factor)n) == LEARN_KEY ? &score : &w) *= f.value[n];
        }
        assert_true(key == score && cell == w);
        assert_true(learn_product(&f) == key * cell);
        struct learn_result r = {.answered = test_random(&seed) % 4 == 0, .talk_s = 240};
        r.right_person = r.answered;
        r.sale = test_random(&seed) % 5 == 0;
        r.refusal = !r.sale;
        learn(l, &p, &c, r);
    }
    learner_free(l);
}

TEST(learn_without_evidence_pulls_nowhere)
{
    struct learner *l = learner_new();
    struct learn_attribute a = {STR("industry"), STR("retail")};
    struct learn_person p = {.attributes = &a, .attributes_count = 1}, bare = {0}, tried = {.attempts = 1};
    assert_true(learner_key(l, &p, NULL) == learner_key(l, &bare, NULL));
    assert_true(learner_key(l, &bare, NULL) > learner_key(l, &tried, NULL)); /* the classical order: fewest tries first */
    struct learn_token tokens[2];
    assert_int_equal(learner_tokens(l, &p, tokens), 0);
    learner_free(l);
}

/* 60,000 dials of a market with known rates: the factors come near them. */
TEST(learn_converges_on_known_rates)
{
    uint64_t seed = 1; /* one market, always the same: of chance ones one in some hundreds has too few sales to tell */
    struct learner *l = learner_new();
    static const char *const sources[] = {"list", "fair", "partner"};
    static const double source_rate[] = {.5, 1, 2};
    static const char *const sizes[] = {"small", "middle", "large"};
    static const double sale_rate[] = {.03, .10, .30};
    for (int i = 0; i < 60000; i++) {
        int s = (int)(test_random(&seed) % 3), z = (int)(test_random(&seed) % 3);
        struct learn_attribute a = {STR("staff"), str_of(sizes[z])};
        struct learn_person p = {.source = str_of(sources[s]), .attributes = &a, .attributes_count = 1};
        struct learn_cell c = {.band = LEARN_BAND_NONE, .hour = 9 + (int)(test_random(&seed) % 8), .weekday = (enum weekday)(i % 5)};
        struct learn_result r = {.talk_s = 120};
        r.answered = r.right_person = uniform(&seed) < .1 * source_rate[s] * (c.hour == 16 ? 1.8 : .9);
        r.sale = r.answered && uniform(&seed) < sale_rate[z];
        r.refusal = !r.sale;
        learn(l, &p, &c, r);
    }
    struct learn_factors f[3];
    struct learn_attribute a[3];
    struct learn_person p[3];
    for (int k = 0; k < 3; k++) {
        a[k] = (struct learn_attribute){STR("staff"), str_of(sizes[k])};
        p[k] = (struct learn_person){.source = str_of(sources[k]), .attributes = &a[k], .attributes_count = 1};
        learner_key(l, &p[k], &f[k]);
    }
    double answer[3];
    for (int k = 0; k < 3; k++)
        answer[k] = f[k].value[FACTOR_SOURCE] * f[k].value[FACTOR_WHO];
    assert_true(answer[2] / answer[0] > 2.8 && answer[2] / answer[0] < 5.5); /* in truth 4 */
    double hour = learner_hour(l, 16) / learner_hour(l, 10);
    assert_true(hour > 1.6 && hour < 2.4); /* in truth 2 */
    for (int k = 0; k < 3; k++)
        if (fabs(log(f[k].value[FACTOR_SALE] / sale_rate[k])) > .6) /* some 100 sales of the rarest kind */
            fail_msg("%s: sale chance %.3f, in truth %.3f", sizes[k], f[k].value[FACTOR_SALE], sale_rate[k]);
    struct learn_token tokens[2];
    assert_true(learner_tokens(l, &p[2], tokens) > 0);
    double dials, talks, sales;
    learner_evidence(l, &dials, &talks, &sales);
    assert_true(dials == 60000 && talks > 2000 && sales > 200 && sales < talks);
    learner_free(l);
}

static void assert_same(const struct learner *a, const struct learner *b)
{
    for (int64_t slot = 0; slot < LEARN_SLOTS; slot++) {
        double x[2], y[2];
        learner_slot_get(a, slot, x);
        learner_slot_get(b, slot, y);
        if (memcmp(x, y, sizeof x) != 0)
            fail_msg("slot %d: %.17g %.17g and %.17g %.17g", (int)slot, x[0], x[1], y[0], y[1]);
    }
}

static void copy(const struct learner *from, struct learner *to)
{
    double value[2];
    learner_reset(to);
    for (int64_t slot = 0; slot < LEARN_SLOTS; slot++)
        if (learner_slot_get(from, slot, value))
            assert_true(learner_slot_set(to, slot, value));
}

/* A dial of anybody, anywhere, with any end. */
static void dial_anyhow(struct learner *l, uint64_t *state, struct learn_journal *ret)
{
    char text[3][24];
    struct learn_attribute a[3];
    for (int k = 0; k < 3; k++) {
        snprintf(text[k], sizeof text[k], "%d", (int)(test_random(state) % 90));
        a[k] = (struct learn_attribute){k ? STR("size") : STR("branch"), str_of(text[k])};
    }
    struct learn_person p = {.source = test_random(state) % 2 ? STR("web") : STR("list"), .attributes = a, .attributes_count = 3};
    struct learn_cell c = {.segment = a[0].value, .band = (int)(test_random(state) % LEARN_BANDS),
                           .hour = (int)(test_random(state) % 24), .weekday = FRIDAY};
    struct learn_result r = {.answered = test_random(state) % 2, .talk_s = (int)(test_random(state) % 9999)};
    struct learn_own own;
    r.right_person = r.answered && test_random(state) % 3;
    r.promise = test_random(state) % 4 == 0;
    r.sale = test_random(state) % 3 == 0;
    r.callback = test_random(state) % 3 == 0;
    r.later = test_random(state) % 3 == 0;
    r.refusal = test_random(state) % 3 == 0;
    learner_learn(l, &p, &c, &r, &own, ret);
    assert_true(ret->own_before.answers == p.own.answers);
}

TEST(learn_undo_restores_the_last_bit)
{
    enum { DIALS = 40 };
    uint64_t seed = test_seed();
    struct learner *l = learner_new(), *before = learner_new();
    struct learn_journal *undo = calloc(DIALS, sizeof *undo);
    assert_non_null(undo);
    for (int i = 0; i < 500; i++)
        dial_anyhow(l, &seed, &journal);
    copy(l, before);
    for (int i = 0; i < DIALS; i++)
        dial_anyhow(l, &seed, &undo[i]);
    for (int i = DIALS; i-- > 0;)
        assert_true(learner_undo(l, &undo[i]));
    assert_same(l, before);

    /* out of turn: what came after stays, near enough */
    dial_anyhow(l, &seed, &undo[0]);
    dial_anyhow(l, &seed, &undo[1]);
    assert_true(learner_undo(l, &undo[0]));
    assert_true(learner_undo(l, &undo[1]));
    for (int64_t slot = 0; slot < LEARN_SLOTS; slot++) {
        double x[2], y[2];
        learner_slot_get(l, slot, x);
        learner_slot_get(before, slot, y);
        assert_true(fabs(x[0] - y[0]) < 1e-6 && fabs(x[1] - y[1]) < 1e-6);
    }

    /* a journal that is garbage moves nothing */
    copy(l, before);
    undo[0].count = LEARN_TOUCHED_MAX + 1;
    assert_false(learner_undo(l, &undo[0]));
    undo[1].rows[0].slot = LEARN_SLOTS;
    assert_false(learner_undo(l, &undo[1]));
    assert_same(l, before);
    free(undo);
    learner_free(before);
    learner_free(l);
}

TEST(learn_slots_that_moved_are_all_that_must_be_stored)
{
    uint64_t seed = test_seed();
    struct learner *l = learner_new(), *stored = learner_new();
    int64_t most = 0;
    for (int i = 0; i < 800; i++) {
        dial_anyhow(l, &seed, &journal);
        most = journal.count > most ? journal.count : most;
        for (int64_t n = 0; n < journal.count; n++) {
            double value[2];
            learner_slot_get(l, journal.rows[n].slot, value);
            assert_true(learner_slot_set(stored, journal.rows[n].slot, value));
        }
    }
    assert_same(l, stored);
    assert_true(most < 64);
    struct learn_person p = {.source = STR("web")};
    assert_true(learner_key(l, &p, NULL) == learner_key(stored, &p, NULL));
    assert_true(learner_cell(l, &noon, NULL) == learner_cell(stored, &noon, NULL));
    learner_free(stored);
    learner_free(l);
}

TEST(learn_slots_refuse_what_is_no_state)
{
    struct learner *l = learner_new();
    static const double rows[][2] = {{NAN, 1}, {1, NAN}, {INFINITY, 1}, {1, -1}, {1, INFINITY}, {1e300, 1}, {-1, 1}};
    double value[2] = {0, 0};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_false(learner_slot_set(l, 8, rows[i]));
    assert_false(learner_slot_set(l, -1, value));
    assert_false(learner_slot_set(l, LEARN_SLOTS, value));
    assert_false(learner_slot_get(l, LEARN_SLOTS, value));
    assert_false(learner_slot_get(l, 8, value));
    learner_free(l);
}

/* ---- hostile attributes ---- */

static void hammer(const struct learn_attribute *a, size_t count, int dials)
{
    struct learner *l = learner_new();
    for (int i = 0; i < dials; i++) {
        struct learn_person p = {.attributes = a, .attributes_count = count, .attempts = i - 5, .source = a[0].value};
        struct learn_cell c = {.segment = a[0].value, .band = i - 3, .hour = i, .weekday = (enum weekday)(i % 7), .gamma = NAN};
        struct learn_result r = {.answered = true, .right_person = true, .sale = i % 2, .refusal = !(i % 2), .talk_s = i % 3 ? i : -i};
        struct learn_factors f;
        learn(l, &p, &c, r);
        assert_true(journal.count <= LEARN_TOUCHED_MAX);
        double score = learner_key(l, &p, &f) * learner_cell(l, &c, &f);
        assert_true(isfinite(score) && score > 0 && score < 1e6);
    }
    learner_free(l);
}

TEST(learn_survives_hostile_attributes)
{
    enum { COLUMNS = 10000 };
    struct learn_attribute *a = calloc(COLUMNS, sizeof *a);
    char (*names)[16] = calloc(COLUMNS, sizeof *names);
    assert_true(a && names);
    for (int i = 0; i < COLUMNS; i++) {
        snprintf(names[i], sizeof names[i], "c%d", i);
        a[i] = (struct learn_attribute){str_of(names[i]), str_of(names[i])};
    }
    hammer(a, COLUMNS, 60);
    struct learner *l = learner_new();
    struct learn_person p = {.attributes = a, .attributes_count = COLUMNS};
    struct learn_result r = {.answered = true, .right_person = true, .sale = true};
    learn(l, &p, &noon, r);
    p.own = (struct learn_own){0, 0};
    double forwards = learner_key(l, &p, NULL);
    for (int i = 0; i < COLUMNS / 2; i++) {
        struct learn_attribute other = a[i];
        a[i] = a[COLUMNS - 1 - i];
        a[COLUMNS - 1 - i] = other;
    }
    struct learn_person turned = {.attributes = a, .attributes_count = COLUMNS};
    assert_true(learner_key(l, &turned, NULL) == forwards); /* the order of the columns does not matter, to the last bit */
    learner_free(l);

    for (int i = 0; i < COLUMNS; i++)
        a[i] = (struct learn_attribute){STR("same"), STR("same")};
    hammer(a, 300, 60);
    const struct learn_attribute odd[] = {
        {STR(""), STR("")}, {STR("n"), STR("nan")}, {STR("n"), STR("inf")}, {STR("n"), STR("-")}, {STR("n"), STR(".")},
        {STR("n"), STR("0")}, {STR("n"), STR("-0.000000000")}, {STR("n"), STR("999999999999999")}, {STR("n"), STR("1e308")},
        {STR("n"), STR("99999999999999999999999999999")}, {STR("n"), STR("0.00000000000001")}, {STR("\xff\xfe"), STR("\xff\0x")},
    };
    hammer(odd, COUNT_OF(odd), 200);
    free(names);
    free(a);
}

TEST(learn_unique_values_teach_little)
{
    struct learner *l = learner_new();
    struct learn_attribute a = {STR("id"), STR("")};
    char text[24];
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "x-%d", i);
        a.value = str_of(text);
        struct learn_person p = {.attributes = &a, .attributes_count = 1};
        struct learn_result r = {.answered = true, .right_person = true, .sale = i % 10 == 0, .refusal = i % 10 != 0};
        learn(l, &p, &noon, r);
    }
    struct learn_factors f;
    struct learn_person p = {.attributes = &a, .attributes_count = 1};
    learner_key(l, &p, &f);
    assert_true(f.value[FACTOR_SALE] > .05 && f.value[FACTOR_SALE] < .2);
    learner_free(l);
}

TEST(learn_ignores_sensitive_columns)
{
    static const struct {
        const char *column;
        bool ignored;
    } rows[] = {
        {"age", true}, {"Age", true}, {"contact_age", true}, {"ageGroup", true}, {"Date of birth", true}, {"Âge", true},
        {"Nationalité", true}, {"nationality", true}, {"Gender", true}, {"SEX", true}, {"Religion", true}, {"العمر", true},
        {"Staatsangehörigkeit", true}, {"health", true}, {"marital", true}, {"Geschlecht", true}, {"国籍", true},
        {"stage", false}, {"average", false}, {"package", false}, {"agent", false}, {"industry", false}, {"title", false},
        {"Essex", false}, {"", false}, {"embrace", false}, {"staff", false}, {"city", false},
    };
    struct learner *l = learner_new();
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (learner_ignores(l, str_of(rows[i].column)) != rows[i].ignored)
            fail_msg("\"%s\"", rows[i].column);
    struct learn_attribute a = {STR("Age"), STR("40")};
    struct learn_person p = {.attributes = &a, .attributes_count = 1}, bare = {0};
    struct learn_result r = {.answered = true, .right_person = true, .sale = true};
    for (int i = 0; i < 50; i++)
        learn(l, &p, &noon, r);
    p.own = (struct learn_own){0, 0};
    assert_true(learner_key(l, &p, NULL) == learner_key(l, &bare, NULL));
    learner_allow(l, STR("staff, AGE"));
    assert_false(learner_ignores(l, STR("Age")));
    assert_true(learner_ignores(l, STR("gender")));
    learner_allow(l, STR(""));
    assert_true(learner_ignores(l, STR("Age")));
    learner_free(l);
}

/* ---- time ---- */

TEST(learn_band_rows)
{
    static const struct {
        const char *source;
        int64_t age_s;
        int band;
        int64_t until_s;
    } rows[] = {
        {"web", 0, LEARN_BAND_5_MIN, 300},      {"Web form", 299, LEARN_BAND_5_MIN, 300},
        {"web", 300, LEARN_BAND_1_H, 3600},     {"INBOUND", 3600, LEARN_BAND_24_H, 86400},
        {"web", 86400, LEARN_BAND_72_H, 259200}, {"landing-page", 259200, LEARN_BAND_OLDER, -1},
        {"web", -60, LEARN_BAND_5_MIN, 300},    {"web", AT_NONE, LEARN_BAND_OLDER, -1},
        {"webinar 2023", 0, LEARN_BAND_NONE, -1}, {"", 0, LEARN_BAND_NONE, -1}, {"s1", 0, LEARN_BAND_NONE, -1},
        {"platform", 0, LEARN_BAND_NONE, -1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t until_s = 7;
        int band = learn_band(str_of(rows[i].source), rows[i].age_s, &until_s);
        if (band != rows[i].band || until_s != rows[i].until_s)
            fail_msg("%s at %d: band %d until %d", rows[i].source, (int)rows[i].age_s, band, (int)until_s);
    }
}

TEST(learn_gamma_follows_scarcity)
{
    assert_true(learn_gamma(100, 1000) == 0);
    assert_true(learn_gamma(0, 0) == 0 && learn_gamma(NAN, 1) == 0 && learn_gamma(1, NAN) == 0);
    assert_true(learn_gamma(1e9, 1) == 8);
    double last = 0;
    for (int minutes = 100; minutes < 10000; minutes += 50) {
        double g = learn_gamma(minutes, 1000);
        assert_true(g >= last && g <= 8);
        last = g;
    }
    assert_true(last > 7.9);
}

TEST(learn_best_hour_counts_when_tries_are_scarce)
{
    struct learner *l = learner_new();
    struct learn_cell good = noon, bad = noon;
    good.hour = 16;
    bad.hour = 13;
    good.open_hours = bad.open_hours = 1u << 9 | 1u << 13 | 1u << 16;
    double plain = learner_cell(l, &good, NULL) / learner_cell(l, &bad, NULL);
    good.gamma = bad.gamma = 8;
    double keen = learner_cell(l, &good, NULL) / learner_cell(l, &bad, NULL);
    assert_true(plain > 1 && keen > 5 * plain);
    learner_free(l);
}

/* ---- words ---- */

TEST(learn_reason_names_what_counts)
{
    struct learner *l = learner_new();
    struct learn_attribute a = {STR("staff"), STR("200-500")};
    struct learn_person p = {.source = STR("web"), .attempts = 2, .attributes = &a, .attributes_count = 1};
    struct learn_cell c = {.band = LEARN_BAND_5_MIN, .hour = 16, .weekday = TUESDAY};
    struct learn_result r = {.answered = true, .right_person = true, .sale = true};
    struct learn_factors f;
    struct buf out;
    for (int i = 0; i < 30; i++) {
        struct learn_person other = p;
        learn(l, &other, &noon, r);
    }
    learner_key(l, &p, &f);
    learner_cell(l, &c, &f);
    buf_init(&out);
    learn_reason_text(l, &p, &c, &f, &out);
    if (!strstr(out.at, "new < 5 min x") || !strstr(out.at, "sale ") || out.len > 80)
        fail_msg("%s", out.at);
    buf_clear(&out);
    learn_factor_words(FACTOR_ATTEMPTS, &p, NULL, &f, &out);
    assert_string_equal(out.at, "3rd try");
    buf_done(&out);
    for (int n = 0; n < FACTOR_COUNT_; n++)
        assert_true(*learn_factor_name((enum learn_factor)n) && *learn_factor_label((enum learn_factor)n));
    learner_free(l);
}
