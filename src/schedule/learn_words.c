/* SPDX-License-Identifier: MIT */
/* The factors in words, and what is told from a source or an age: nothing here is learned. */
#include <math.h>

#include "calldeck/learn.h"
#include "calldeck/utf8.h"

static const struct {
    enum learn_part part;
    const char *name, *label;
} factor_rows[] = {
#define KEY LEARN_KEY
#define CELL LEARN_CELL
#define FACTOR(id, part, json, label) {part, json, label},
#include "calldeck/factors.def"
#undef FACTOR
#undef CELL
#undef KEY
};

enum learn_part learn_factor_part(enum learn_factor f)
{
    return factor_rows[f].part;
}

const char *learn_factor_name(enum learn_factor f)
{
    return factor_rows[f].name;
}

const char *learn_factor_label(enum learn_factor f)
{
    return factor_rows[f].label;
}

/* ---- freshness ---- */

static bool word_is_inbound(struct str word)
{
    static const char *const rows[] = {
#define INBOUND(text) text,
#include "inbound.def"
#undef INBOUND
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_is(word, rows[i]))
            return true;
    return false;
}

bool learn_source_is_inbound(struct str source)
{
    struct buf folded;
    buf_init(&folded);
    text_fold(source, &folded);
    bool found = false;
    for (size_t i = 0; i < folded.len && !found;) {
        size_t end = i;
        while (end < folded.len && ((folded.at[end] >= 'a' && folded.at[end] <= 'z') || (folded.at[end] & 0x80)))
            end++;
        found = end > i && word_is_inbound(str_make(folded.at + i, end - i));
        i = end + 1;
    }
    buf_done(&folded);
    return found;
}

int learn_band(struct str source, int64_t age_s, int64_t *ret_until_s)
{
    static const int64_t ends[] = {5 * MINUTE_S, HOUR_S, DAY_S, 3 * DAY_S};
    int64_t until_s;
    if (!ret_until_s)
        ret_until_s = &until_s;
    *ret_until_s = -1;
    if (!learn_source_is_inbound(source))
        return LEARN_BAND_NONE;
    for (int i = 0; i < LEARN_BAND_OLDER && age_s >= -DAY_S; i++)
        if (age_s < ends[i]) {
            *ret_until_s = ends[i];
            return i;
        }
    return LEARN_BAND_OLDER;
}

/* ---- words ---- */

static const char *ordinal_end(int n)
{
    if (n % 100 >= 11 && n % 100 <= 13)
        return "th";
    return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static void band_words(int band, struct buf *out)
{
    static const char *const names[LEARN_BANDS] = {"new < 5 min", "new < 1 h", "new < 24 h", "new < 72 h", "not new", "any age"};
    buf_add_text(out, names[band < 0 || band >= LEARN_BANDS ? LEARN_BAND_NONE : band]);
}

/* A value of the file: as much of it as a line bears. */
static void value_words(struct str value, struct buf *out)
{
    struct buf clean;
    buf_init(&clean);
    text_printable(value, &clean);
    buf_add_str(out, text_fit(buf_str(&clean), 20, NULL));
    buf_done(&clean);
}

void learn_factor_words(enum learn_factor f, const struct learn_person *p, const struct learn_cell *c,
                        const struct learn_factors *values, struct buf *out)
{
    switch (f) {
    case FACTOR_BASE:
        buf_printf(out, "answers %.1f %%", 100 * values->value[f]);
        return;
    case FACTOR_SOURCE:
        buf_add_text(out, "source ");
        value_words(p && p->source.len ? p->source : STR("unknown"), out);
        return;
    case FACTOR_ATTEMPTS: {
        int try = p && p->attempts >= 0 ? p->attempts + 1 : 1;
        buf_printf(out, "%d%s try", try, ordinal_end(try));
        return;
    }
    case FACTOR_OWN:
        buf_add_text(out, p && p->own.answers > 0 ? "has answered" : "own history");
        return;
    case FACTOR_SALE:
        buf_printf(out, "sale %.*f %%", values->value[f] < .0095 ? 1 : 0, 100 * values->value[f]);
        return;
    case FACTOR_HOUR:
        buf_printf(out, "%d-%d h there", c ? c->hour : 0, c ? c->hour + 1 : 0);
        return;
    case FACTOR_WEEKDAY:
        buf_add_text(out, c ? weekday_name(c->weekday) : "");
        return;
    case FACTOR_SEGMENT_HOUR:
        value_words(c && c->segment.len ? c->segment : STR("segment"), out);
        buf_printf(out, " at %d h", c ? c->hour : 0);
        return;
    case FACTOR_FRESH:
        band_words(c ? c->band : LEARN_BAND_NONE, out);
        return;
    case FACTOR_OWN_HOUR:
        if (values->value[f] == 1)
            break;
        buf_add_text(out, values->value[f] < 1 ? "better hours come" : "good hour there");
        return;
    case FACTOR_WHO:
    case FACTOR_MINUTES:
    case FACTOR_FRESH_SALE:
    case FACTOR_COUNT_:
        break;
    }
    buf_add_text(out, learn_factor_label(f));
}

/* A factor that is about this row and not about the list: what a reason may name. The sale chance comes after them. */
static bool factor_is_reason(enum learn_factor f, double value)
{
    if (f == FACTOR_OWN_HOUR) /* that better hours come is true of most of a short list, and no reason to be next */
        return value > 1;
    return f != FACTOR_BASE && f != FACTOR_SALE && f != FACTOR_MINUTES;
}

static void sale_words(struct learner *l, const struct learn_person *p, const struct learn_factors *values,
                       struct buf *out)
{
    struct learn_token tokens[2];
    int count = learner_tokens(l, p, tokens);
    learn_factor_words(FACTOR_SALE, p, NULL, values, out);
    for (int i = 0; i < count; i++) {
        buf_add_text(out, i ? ", " : " (");
        value_words(tokens[i].value, out);
        buf_add_text(out, tokens[i].weight > 0 ? " +" : " -");
    }
    if (count)
        buf_add_char(out, ')');
}

void learn_reason_text(struct learner *l, const struct learn_person *p, const struct learn_cell *c,
                       const struct learn_factors *values, struct buf *out)
{
    enum { NAMED = 2, COLS = 60 };
    struct buf text;
    bool named[FACTOR_COUNT_] = {false};
    buf_init(&text);
    for (int n = 0; n < NAMED; n++) {
        int best = -1;
        for (int f = 0; f < FACTOR_COUNT_; f++) {
            double far = fabs(log(values->value[f]));
            if (factor_is_reason((enum learn_factor)f, values->value[f]) && !named[f] && far > log(1.05) &&
                (best < 0 || far > fabs(log(values->value[best]))))
                best = f;
        }
        if (best < 0)
            break;
        named[best] = true;
        learn_factor_words((enum learn_factor)best, p, c, values, &text);
        buf_printf(&text, " x%.2f, ", values->value[best]);
    }
    sale_words(l, p, values, &text);
    buf_add_str(out, text_fit(buf_str(&text), COLS, NULL));
    buf_done(&text);
}
