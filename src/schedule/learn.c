/* SPDX-License-Identifier: MIT */
/*
 * The learner: factors from slots, and what a dial does to them.
 *
 * Chance of an answer: factors (prior + answers) / (prior + expected), Gamma-Poisson; what a factor expected
 * contains all the others, so that two of them cannot both take the credit. Sale chance and who: follow the
 * regularised leader with proximal terms (McMahan et al. 2013), their rate set by the curvature of the
 * loss. Both forget with each use, not with time.
 */
#include <math.h>
#include <stdlib.h>

#include "calldeck/alloc.h"
#include "learn_parts.h"

#ifndef TUNE /* a search for better ones may make them variables */
#define TUNE(name, value) static const double name = value
#endif
TUNE(BASE_DIALS, 150);   /* the prior answer rate is worth so many dials */
TUNE(BASE_RATE, .10);
TUNE(OWN_PRIOR, 1.5);    /* pseudo answers, for all of these */
TUNE(HOUR_PRIOR, 20);
TUNE(WEEKDAY_PRIOR, 30);
TUNE(SEGMENT_PRIOR, 8);
TUNE(SOURCE_PRIOR, 15);
TUNE(ATTEMPTS_PRIOR, 20);
TUNE(FRESH_PRIOR, 4);
TUNE(MEMORY, 600);       /* a factor remembers as many expected answers */
TUNE(WHO_PRIOR, 40);     /* 1 / variance of a token's weight */
TUNE(SALE_PRIOR, 2);
TUNE(END_PRIOR, 4);      /* the same for how talks end in general */
TUNE(PROMISE_BIAS, 1.2); /* a promised talk: e^1.2 times as often a sale */
TUNE(PROMISE_KEPT, .75); /* so many promised talks come about */
TUNE(SALE_MEMORY, 5000); /* talks */
TUNE(END_MEMORY, 1000);  /* talks; the times change faster than who is who */
TUNE(PACE, 4);           /* 1 / learning rate of McMahan's rule */
TUNE(WIDTH, 4);          /* as many tokens are one person; more share the weight */
TUNE(PULL_CALLBACK, .45);
TUNE(PULL_LATER, .2);
TUNE(DIAL_MINUTES, .8);
TUNE(TALK_MINUTES, 3);
TUNE(TALK_PRIOR, 5);

struct learner {
    struct column_book columns;
    double slots[LEARN_SLOTS][2];
};

struct learner *learner_new(void)
{
    return alloc_zeroed(1, sizeof(struct learner));
}

void learner_free(struct learner *l)
{
    free(l);
}

void learner_reset(struct learner *l)
{
    memset(l->slots, 0, sizeof l->slots);
}

void learner_allow(struct learner *l, struct str columns)
{
    columns_allow(&l->columns, columns);
}

bool learner_ignores(struct learner *l, struct str column)
{
    return column_ignored(&l->columns, column, token_hash(0, column));
}

/* ---- factors ---- */

static double between(double low, double x, double high)
{
    return x < low ? low : x > high ? high : x;
}

static int band_of(int band)
{
    return band < 0 || band >= LEARN_BANDS ? LEARN_BAND_NONE : band;
}

/* Prior mean and pseudo answers of the factor that a slot holds. */
static double prior_mean(int slot)
{
    /* InsideSales/MIT 2007: late afternoon and morning above midday; weak, 24 hours */
    static const double hour[24] = {.8, .8, .8, .8, .8, .8, .9, 1,   1.15, 1.05, 1, .9,
                                    .9, .85, .95, 1, 1.2, 1.15, 1.05, 1, .95, .9, .8, .8};
    static const double weekday[7] = {.97, .95, 1.03, 1.05, .97, 1, 1};
    static const double fresh[LEARN_BANDS] = {2.8, 2.5, 1.5, 1.15, 1, 1};
    static const double fresh_sale[LEARN_BANDS] = {2.2, 2, 1.5, 1.2, 1, 1};
    if (slot >= SLOT_HOUR && slot < SLOT_HOUR + 24)
        return hour[slot - SLOT_HOUR];
    if (slot >= SLOT_WEEKDAY && slot < SLOT_WEEKDAY + 7)
        return weekday[slot - SLOT_WEEKDAY];
    if (slot >= SLOT_ATTEMPTS && slot < SLOT_ATTEMPTS + SLOT_ATTEMPTS_COUNT)
        return 1 - .005 * (slot - SLOT_ATTEMPTS); /* equals otherwise: fewest tries first */
    if (slot >= SLOT_FRESH && slot < SLOT_FRESH + LEARN_BANDS)
        return fresh[slot - SLOT_FRESH];
    if (slot >= SLOT_FRESH_SALE && slot < SLOT_FRESH_SALE + LEARN_BANDS)
        return fresh_sale[slot - SLOT_FRESH_SALE];
    return 1;
}

static double prior_answers(int slot)
{
    if (slot < SLOT_WEEKDAY)
        return HOUR_PRIOR;
    if (slot < SLOT_ATTEMPTS)
        return WEEKDAY_PRIOR;
    if (slot < SLOT_FRESH)
        return ATTEMPTS_PRIOR;
    if (slot < SLOT_SOURCE)
        return FRESH_PRIOR;
    return slot < SLOT_SEGMENT ? SOURCE_PRIOR : SEGMENT_PRIOR;
}

static double factor(const struct learner *l, int slot)
{
    double prior = prior_answers(slot);
    return between(.05, prior_mean(slot) * (prior + l->slots[slot][0]) / (prior + l->slots[slot][1]), 20);
}

static int slot_source(struct str source)
{
    return SLOT_SOURCE + (int)(token_hash(2, source) % SLOT_SOURCE_COUNT);
}

static int slot_attempts(int attempts)
{
    return SLOT_ATTEMPTS + (attempts < 0 ? 0 : attempts >= SLOT_ATTEMPTS_COUNT ? SLOT_ATTEMPTS_COUNT - 1 : attempts);
}

static int slot_hour(int hour)
{
    return SLOT_HOUR + (int)(((unsigned)hour) % 24);
}

static int slot_weekday(enum weekday day)
{
    return SLOT_WEEKDAY + (int)((unsigned)day % 7);
}

/* 0: no segment */
static int slot_segment(struct str segment, int hour)
{
    if (!str_trim(segment).len)
        return 0;
    return SLOT_SEGMENT + (int)(token_hash(3, segment) % SLOT_SEGMENT_COUNT) * 24 + (int)((unsigned)hour % 24);
}

static double factor_segment(const struct learner *l, struct str segment, int hour)
{
    int slot = slot_segment(segment, hour);
    return slot ? factor(l, slot) : 1;
}

static double base_rate(const struct learner *l)
{
    return (BASE_RATE * BASE_DIALS + l->slots[SLOT_BASE][0]) / (BASE_DIALS + l->slots[SLOT_BASE][1]);
}

static double talk_minutes(const struct learner *l)
{
    return (TALK_MINUTES * TALK_PRIOR + l->slots[SLOT_TALK][0]) / (TALK_PRIOR + l->slots[SLOT_TALK][1]);
}

/* ---- tokens ---- */

static double weight(const double slot[2], double prior)
{
    return between(-4, -slot[0] / (prior + PACE * sqrt(slot[1])), 4);
}

static int slot_who(uint64_t hash)
{
    return SLOT_WHO + (int)(hash % SLOT_WHO_COUNT);
}

static int slot_talked(uint64_t hash)
{
    return SLOT_TALKED + (int)((hash >> 24) % SLOT_TALKED_COUNT);
}

/* More tokens than WIDTH each count for less, so that the sum has the same prior however many columns a file has. */
static double token_value(const struct tokens *t)
{
    return t->count > WIDTH ? sqrt(WIDTH / t->count) : 1;
}

/* Added as whole numbers: so the order of the columns cannot matter, not even in the last bit. */
static double tokens_sum(const struct learner *l, const struct tokens *t, int (*slot_of)(uint64_t), double prior)
{
    int64_t sum = 0;
    for (int i = 0; i < t->count; i++)
        sum += llrint(weight(l->slots[slot_of(t->rows[i].hash)], prior) * 0x1p40);
    return (double)sum * 0x1p-40 * token_value(t);
}

static double who_of(const struct learner *l, const struct tokens *t)
{
    return exp(between(-1.5, tokens_sum(l, t, slot_who, WHO_PRIOR), 1.5));
}

/*
 * How a talk ends: refusal, not now, call again, sale are steps of one ladder, and one number x, the sum of the tokens,
 * moves a prospect along it (the stereotype model, Anderson 1984): log P(end) = bias[end] + pull[end] * x. A sale is rare;
 * that refusals and callbacks tell of x too is worth half as many talks again. Of two ends alone it is the logistic.
 */
enum talk_end { END_REFUSAL, END_LATER, END_CALLBACK, END_SALE, ENDS };

static double end_pull(int end)
{
    return end == END_SALE ? 1 : end == END_CALLBACK ? PULL_CALLBACK : end == END_LATER ? PULL_LATER : 0;
}

static const double usual[ENDS] = {.35, .42, .15, .08};

static void talk_ends(const struct learner *l, double x, double sale_more, double ret[ENDS])
{
    double sum = 0;
    for (int e = 0; e < ENDS; e++) {
        double bias = log(usual[e] / usual[END_REFUSAL]) + (e ? weight(l->slots[SLOT_END + e], END_PRIOR) : 0);
        sum += ret[e] = exp(bias + end_pull(e) * x + (e == END_SALE ? sale_more : 0));
    }
    for (int e = 0; e < ENDS; e++)
        ret[e] /= sum;
}

static double talk_sum(const struct learner *l, const struct tokens *t)
{
    return between(-4, tokens_sum(l, t, slot_talked, SALE_PRIOR), 4);
}

static double promise_more(const struct learner *l)
{
    return PROMISE_BIAS + weight(l->slots[SLOT_PROMISE], END_PRIOR);
}

/* What a talk is worth, in sales: one now, or one of the promised talk. */
static double talk_worth(const struct learner *l, const struct tokens *t)
{
    double now[ENDS], promised[ENDS], x = talk_sum(l, t);
    talk_ends(l, x, 0, now);
    talk_ends(l, x, promise_more(l), promised);
    return now[END_SALE] + now[END_CALLBACK] * PROMISE_KEPT * promised[END_SALE];
}

/* ---- key and cell ---- */

static double product(const struct learn_factors *f, int from, int to)
{
    double x = 1;
    for (int i = from; i < to; i++)
        x *= f->value[i];
    return x;
}

double learn_product_key(const struct learn_factors *f)
{
    return product(f, 0, FACTOR_HOUR);
}

double learn_product_cell(const struct learn_factors *f)
{
    return product(f, FACTOR_HOUR, FACTOR_COUNT_);
}

double learn_product(const struct learn_factors *f)
{
    return learn_product_key(f) * learn_product_cell(f);
}

static double own_factor(const struct learn_own *own)
{
    bool sane = own->answers >= 0 && own->expected >= 0 && own->answers < 1e6 && own->expected < 1e6;
    return sane ? between(.05, (OWN_PRIOR + own->answers) / (OWN_PRIOR + own->expected), 20) : 1;
}

static void key_factors(const struct learner *l, const struct learn_person *p, const struct tokens *t,
                        struct learn_factors *f)
{
    f->value[FACTOR_BASE] = base_rate(l);
    f->value[FACTOR_SOURCE] = str_trim(p->source).len ? factor(l, slot_source(p->source)) : 1;
    f->value[FACTOR_ATTEMPTS] = factor(l, slot_attempts(p->attempts));
    f->value[FACTOR_WHO] = who_of(l, t);
    f->value[FACTOR_OWN] = own_factor(&p->own);
    f->value[FACTOR_SALE] = talk_worth(l, t);
    double answer = between(0, product(f, 0, FACTOR_SALE), .9);
    f->value[FACTOR_MINUTES] = 1 / (DIAL_MINUTES + answer * talk_minutes(l));
}

void learn_factors_prior(struct learn_factors *ret)
{
    double sale = usual[END_SALE] * exp(PROMISE_BIAS), promised = sale / (1 - usual[END_SALE] + sale);
    for (int i = 0; i < FACTOR_COUNT_; i++)
        ret->value[i] = 1;
    ret->value[FACTOR_BASE] = BASE_RATE;
    ret->value[FACTOR_SALE] = usual[END_SALE] + usual[END_CALLBACK] * PROMISE_KEPT * promised;
    ret->value[FACTOR_MINUTES] = 1 / (DIAL_MINUTES + BASE_RATE * TALK_MINUTES);
}

double learner_key(struct learner *l, const struct learn_person *p, struct learn_factors *ret)
{
    struct learn_factors own;
    struct tokens t;
    tokens_of(&l->columns, p, &t);
    if (!ret)
        ret = &own;
    key_factors(l, p, &t, ret);
    return learn_product_key(ret);
}

/* The hour now against the mean of the hours that can be used. */
static double hour_among(const struct learner *l, const struct learn_cell *c)
{
    double sum = 0;
    int count = 0;
    for (int h = 0; h < 24; h++)
        if (c->open_hours >> h & 1) {
            sum += factor(l, slot_hour(h)) * factor_segment(l, c->segment, h);
            count++;
        }
    return count ? factor(l, slot_hour(c->hour)) * factor_segment(l, c->segment, c->hour) * count / sum : 1;
}

double learner_cell(const struct learner *l, const struct learn_cell *c, struct learn_factors *ret)
{
    struct learn_factors own;
    int band = band_of(c->band);
    if (!ret)
        ret = &own;
    ret->value[FACTOR_HOUR] = factor(l, slot_hour(c->hour));
    ret->value[FACTOR_WEEKDAY] = factor(l, slot_weekday(c->weekday));
    ret->value[FACTOR_SEGMENT_HOUR] = factor_segment(l, c->segment, c->hour);
    ret->value[FACTOR_FRESH] = band == LEARN_BAND_NONE ? 1 : factor(l, SLOT_FRESH + band);
    ret->value[FACTOR_FRESH_SALE] = band == LEARN_BAND_NONE ? 1 : factor(l, SLOT_FRESH_SALE + band);
    double gamma = c->gamma > 0 ? between(0, c->gamma, 8) : 0; /* a NaN is 0 */
    ret->value[FACTOR_OWN_HOUR] = gamma > 0 ? pow(hour_among(l, c), gamma) : 1;
    return learn_product_cell(ret);
}

double learn_gamma(double minutes_left, double open_attempts)
{
    if (!(minutes_left > 0) || !(open_attempts > 0))
        return 0;
    /* 1.3 minutes a try, talks included: at 1 the time just does; at 4 tries are what is short */
    double spare = minutes_left / (1.3 * open_attempts);
    return between(0, 4 * log2(spare), 8);
}

/* ---- learning ---- */

/* Every change of a slot goes through here. */
static void slot_move(struct learner *l, struct learn_journal *j, int slot, double a, double b)
{
    if (j->count >= LEARN_TOUCHED_MAX || !isfinite(a) || !isfinite(b))
        return;
    struct learn_image *image = &j->rows[j->count++];
    image->slot = slot;
    memcpy(image->before, l->slots[slot], sizeof image->before);
    image->after[0] = l->slots[slot][0] = a;
    image->after[1] = l->slots[slot][1] = b;
}

static void slot_count(struct learner *l, struct learn_journal *j, int slot, double a, double b, double memory)
{
    double keep = memory > 0 ? exp(-b / memory) : 1;
    slot_move(l, j, slot, l->slots[slot][0] * keep + a, l->slots[slot][1] * keep + b);
}

/* A factor is held against what all the others expected: against itself it would fade to 1 as evidence grows. */
static void factor_count(struct learner *l, struct learn_journal *j, int slot, double count, double expected)
{
    slot_count(l, j, slot, count, expected * prior_mean(slot) / factor(l, slot), MEMORY);
}

/* gradient and curvature of the loss at this token; value is the token's x; keep is what it does not forget */
static void token_move(struct learner *l, struct learn_journal *j, int slot, double prior, double value,
                       double gradient, double curvature, double keep)
{
    const double *s = l->slots[slot];
    double w = weight(s, prior), kept = keep * s[1], more = kept + curvature * value * value;
    slot_move(l, j, slot, keep * s[0] + gradient * value - PACE * (sqrt(more) - sqrt(kept)) * w, more);
}

static void learn_answer(struct learner *l, const struct learn_person *p, const struct learn_cell *c,
                         const struct tokens *t, const struct learn_factors *f, bool answered, struct learn_own *own,
                         struct learn_journal *j)
{
    double cell = f->value[FACTOR_HOUR] * f->value[FACTOR_WEEKDAY] * f->value[FACTOR_SEGMENT_HOUR] * f->value[FACTOR_FRESH];
    double others = product(f, 0, FACTOR_OWN) * cell;
    double expected = between(1e-4, others * f->value[FACTOR_OWN], .9), y = answered, value = token_value(t);
    double keep = 1 - 1 / (20 * MEMORY);
    int band = band_of(c->band), segment = slot_segment(c->segment, c->hour);
    slot_count(l, j, SLOT_BASE, y, expected / f->value[FACTOR_BASE], 20 * MEMORY);
    if (str_trim(p->source).len)
        factor_count(l, j, slot_source(p->source), y, expected);
    factor_count(l, j, slot_attempts(p->attempts), y, expected);
    factor_count(l, j, slot_hour(c->hour), y, expected);
    factor_count(l, j, slot_weekday(c->weekday), y, expected);
    if (segment)
        factor_count(l, j, segment, y, expected);
    if (band != LEARN_BAND_NONE)
        factor_count(l, j, SLOT_FRESH + band, y, expected);
    for (int i = 0; i < t->count; i++)
        token_move(l, j, slot_who(t->rows[i].hash), WHO_PRIOR, value, expected - y, expected, keep);
    own->answers += y;
    own->expected += between(1e-4, others, .9);
}

static void learn_talk(struct learner *l, const struct learn_cell *c, const struct tokens *t,
                       const struct learn_result *r, struct learn_journal *j)
{
    int end = r->sale ? END_SALE : r->callback ? END_CALLBACK : r->refusal ? END_REFUSAL : END_LATER;
    int band = band_of(c->band);
    double more = band == LEARN_BAND_NONE ? 0 : log(factor(l, SLOT_FRESH_SALE + band)), value = token_value(t);
    double chance[ENDS], mean = 0, square = 0;
    if (r->promise)
        more = promise_more(l);
    talk_ends(l, talk_sum(l, t), more, chance);
    for (int e = 0; e < ENDS; e++) {
        mean += chance[e] * end_pull(e);
        square += chance[e] * end_pull(e) * end_pull(e);
    }
    for (int e = 1; e < ENDS; e++)
        if (!r->promise || e != END_SALE)
            token_move(l, j, SLOT_END + e, END_PRIOR, 1, chance[e] - (e == end), chance[e] * (1 - chance[e]),
                       1 - 1 / END_MEMORY);
    double sale = chance[END_SALE];
    if (r->promise)
        token_move(l, j, SLOT_PROMISE, END_PRIOR, 1, sale - (end == END_SALE), sale * (1 - sale), 1 - 1 / END_MEMORY);
    else if (band != LEARN_BAND_NONE)
        factor_count(l, j, SLOT_FRESH_SALE + band, end == END_SALE, sale);
    for (int i = 0; i < t->count; i++)
        token_move(l, j, slot_talked(t->rows[i].hash), SALE_PRIOR, value, mean - end_pull(end), square - mean * mean,
                   1 - 1 / SALE_MEMORY);
}

void learner_learn(struct learner *l, const struct learn_person *p, const struct learn_cell *c,
                   const struct learn_result *r, struct learn_own *ret_own, struct learn_journal *ret_journal)
{
    struct learn_factors f;
    struct tokens t;
    struct learn_own own = p->own;
    bool talked = r->answered && r->right_person;
    tokens_of(&l->columns, p, &t);
    key_factors(l, p, &t, &f);
    learner_cell(l, c, &f);
    ret_journal->own_before = p->own;
    ret_journal->count = 0;
    slot_count(l, ret_journal, SLOT_DIALS, 1, talked, 0);
    if (r->sale || r->promise)
        slot_count(l, ret_journal, SLOT_SALES, r->sale, r->promise, 0);
    if (r->answered && r->talk_s > 0) /* a line left open over lunch is not a talk of an hour */
        slot_count(l, ret_journal, SLOT_TALK, between(0, r->talk_s / 60., 4 * talk_minutes(l)), 1, MEMORY);
    if (!r->promise)
        learn_answer(l, p, c, &t, &f, r->answered, &own, ret_journal);
    if (talked)
        learn_talk(l, c, &t, r, ret_journal);
    *ret_own = own;
}

bool learner_undo(struct learner *l, const struct learn_journal *j)
{
    if (j->count < 0 || j->count > LEARN_TOUCHED_MAX)
        return false;
    for (int64_t i = 0; i < j->count; i++) {
        const struct learn_image *image = &j->rows[i];
        bool sane = image->slot >= 0 && image->slot < LEARN_SLOTS;
        for (int k = 0; k < 2; k++)
            sane = sane && isfinite(image->before[k]) && isfinite(image->after[k]);
        if (!sane)
            return false;
    }
    for (int64_t i = j->count; i-- > 0;) { /* the same slot may have moved twice */
        const struct learn_image *image = &j->rows[i];
        double *now = l->slots[image->slot];
        for (int k = 0; k < 2; k++) {
            if (now[k] == image->after[k])
                now[k] = image->before[k];
            else
                now[k] += image->before[k] - image->after[k];
        }
        now[1] = now[1] > 0 ? now[1] : 0;
    }
    return true;
}

/* ---- slots ---- */

bool learner_slot_get(const struct learner *l, int64_t slot, double ret_value[2])
{
    if (slot < 0 || slot >= LEARN_SLOTS)
        return false;
    memcpy(ret_value, l->slots[slot], sizeof l->slots[slot]);
    return ret_value[0] != 0 || ret_value[1] != 0;
}

bool learner_slot_set(struct learner *l, int64_t slot, const double value[2])
{
    bool counts = slot < SLOT_WHO && slot != SLOT_PROMISE && (slot < SLOT_END || slot >= SLOT_END + 4); /* a gradient may be negative */
    if (slot < 0 || slot >= LEARN_SLOTS || !(fabs(value[0]) < 1e15) || !(value[1] >= 0 && value[1] < 1e15) ||
        (counts && value[0] < 0))
        return false;
    memcpy(l->slots[slot], value, sizeof l->slots[slot]);
    return true;
}

void learner_evidence(const struct learner *l, double *ret_dials, double *ret_talks, double *ret_sales)
{
    *ret_dials = l->slots[SLOT_DIALS][0];
    *ret_talks = l->slots[SLOT_DIALS][1];
    *ret_sales = l->slots[SLOT_SALES][0];
}

double learner_hour(const struct learner *l, int hour)
{
    return factor(l, slot_hour(hour));
}

double learner_weekday(const struct learner *l, enum weekday day)
{
    return factor(l, slot_weekday(day));
}

/* The weight of one attribute, over all its tokens. */
static double attribute_weight(const struct learner *l, const struct tokens *t, int of)
{
    int64_t sum = 0;
    for (int i = 0; i < t->count; i++)
        if (t->rows[i].of == of)
            sum += llrint(weight(l->slots[slot_talked(t->rows[i].hash)], SALE_PRIOR) * 0x1p40);
    return (double)sum * 0x1p-40 * token_value(t);
}

int learner_tokens(struct learner *l, const struct learn_person *p, struct learn_token ret[2])
{
    struct tokens t;
    int count = 0;
    tokens_of(&l->columns, p, &t);
    for (int64_t of = TOKEN_SOURCE; of < (int64_t)p->attributes_count; of++) {
        double w = attribute_weight(l, &t, (int)of);
        struct learn_token row = {.weight = w};
        if (fabs(w) < .05)
            continue;
        row.column = of < 0 ? STR("source") : p->attributes[of].column;
        row.value = str_trim(of < 0 ? p->source : p->attributes[of].value);
        int at = count < 2 ? count++ : fabs(w) > fabs(ret[1].weight) ? 1 : 2;
        if (at < 2)
            ret[at] = row;
        if (count == 2 && fabs(ret[1].weight) > fabs(ret[0].weight)) {
            row = ret[0];
            ret[0] = ret[1];
            ret[1] = row;
        }
    }
    return count;
}
