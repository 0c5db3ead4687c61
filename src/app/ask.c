/* SPDX-License-Identifier: MIT */
/*
 * Answers to the questions of the loop: while they are typed (both clocks, the zone, what is wrong), and at Enter.
 */
#include "ask.h"

#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "calldeck/when.h"
#include "actions.h"
#include "flow.h"
#include "line.h"
#include "prompt.h"
#include "turn.h"

/* ---- times ---- */

/* The list's policy; the settings' when it cannot be read now. */
static void policy_here(const struct app *app, struct policy *ret)
{
    if (!list_policy(app->store, app->list_id, ret, NULL))
        settings_policy(app->settings, ret);
}

bool when_of_card(const struct app *app, struct str words, struct when *ret, struct error *err)
{
    struct policy policy;
    policy_here(app, &policy);
    struct when_context context = {.zone = card_zone(app),
                                   .now = app->now,
                                   .day_start_min = policy.hours_start_min,
                                   .day_end_min = policy.hours_end_min,
                                   .month_first = strcmp(setting_text(app->settings, SETTING_DATE_ORDER), "month-day") == 0};
    return when_parse(words, &context, ret, err);
}

void when_both_clocks(const struct app *app, const struct when *when, struct buf *out, bool *ret_warns)
{
    const struct zone *there = card_zone(app);
    char text[WHEN_TEXT_SIZE];
    *ret_warns = false;
    when_text(there, when->at, app->now, text);
    buf_printf(out, "%s there", text);
    if (there != app->zone) {
        struct civil theirs = zone_civil(there, when->at), ours = zone_civil(app->zone, when->at);
        if (theirs.day == ours.day)
            buf_printf(out, ", %02d:%02d here", ours.hour, ours.minute);
        else {
            when_text(app->zone, when->at, app->now, text);
            buf_printf(out, ", %s here", text);
        }
    }
    const char *away = slot_own_time(app, when->at);
    if (away != NULL) {
        buf_printf(out, ", %s", away);
        *ret_warns = true;
    }
    if (when->fit == ZONE_GAP)
        buf_add_text(out, "; the clocks jump over that time");
    else if (when->fit == ZONE_FOLD)
        buf_add_text(out, "; that hour comes twice, the first is taken");
    *ret_warns = *ret_warns || when->fit != ZONE_ONCE;
    struct policy policy;
    policy_here(app, &policy);
    if (app->card.place.zone_count == 0) {
        buf_add_text(out, "; their zone is not known, yours is taken");
        *ret_warns = true;
    } else if (!window_open(&policy, &app->card.place, when->at, NULL, NULL)) {
        buf_add_text(out, "; outside the calling hours there");
        *ret_warns = true;
    }
    if (app->card.place.zone_count > 1) {
        buf_printf(out, "; one of %d possible zones", app->card.place.zone_count);
        *ret_warns = true;
    }
}

bool slot_is_free(const struct app *app, int64_t at, int64_t *ret_free, struct error *err)
{
    struct policy policy;
    struct buf why;
    policy_here(app, &policy);
    buf_init(&why);
    bool taken = slot_taken(app, &policy, card_zone(app), at, ret_free, &why);
    if (taken)
        error_set(err, ERR_REFUSED, "%s", why.at);
    buf_done(&why);
    return !taken;
}

/* A call back is promised to the minute; a next step is the rep's own, and a meeting a colleague's. */
static bool asks_for_minutes(const struct app *app)
{
    return app->asked.outcome != NULL && app->asked.outcome->ask == ASK_WHEN;
}

/* false: they are taken, and the line now has the next that are free. */
static bool minutes_free(struct app *app, int64_t at, struct error *err)
{
    int64_t next;
    if (!asks_for_minutes(app) || slot_is_free(app, at, &next, err))
        return true;
    if (next != AT_NONE) {
        char text[32];
        struct civil c = zone_civil(card_zone(app), next);
        snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", c.year % 10000, c.month, c.day, c.hour, c.minute);
        prompt_fill(app, str_of(text));
    }
    return false;
}

void asked_set_when(const struct app *app, const struct when *when, struct asked *ret)
{
    const struct zone *there = card_zone(app);
    struct civil c = zone_civil(there, when->at);
    ret->when_at = when->at;
    snprintf(ret->when_wall, sizeof ret->when_wall, "%04d-%02d-%02dT%02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
    snprintf(ret->when_zone, sizeof ret->when_zone, "%s", zone_name(there));
}

static void live_when(struct app *app, struct str words)
{
    struct when when;
    struct error err = {0};
    if (words.len == 0) {
        char now[WHEN_TEXT_SIZE];
        when_text(card_zone(app), app->now, app->now, now);
        prompt_live(app, TONE_PLAIN, "tomorrow 3pm, tue 10:30, in 2 hours, 12.1. 9:00, eod   now: %s there", now);
        return;
    }
    if (!when_of_card(app, words, &when, &err)) {
        prompt_live(app, TONE_WARNING, "%s", err.text);
        return;
    }
    int64_t next;
    if (asks_for_minutes(app) && !slot_is_free(app, when.at, &next, &err)) {
        prompt_live(app, TONE_WARNING, "%s", err.text);
        return;
    }
    struct buf text;
    bool warns;
    buf_init(&text);
    when_both_clocks(app, &when, &text, &warns);
    prompt_live(app, warns ? TONE_WARNING : TONE_GOOD, "%s", text.at);
    buf_done(&text);
}

/* ---- amounts ---- */

/* "1200", "1,200.50 EUR", "eur 1200", "1.200,50" -> cents and a currency of three letters. A point or comma before three
 * digits groups thousands, before one or two it is the decimal one; what fits neither ("1200.505") is not guessed at. */
static bool amount_parse(struct str words, int64_t *ret_cents, char ret_currency[8], struct error *err)
{
    enum { RUNS_MOST = 6, DIGITS_MOST = 14 };
    size_t runs[RUNS_MOST] = {0}, run = 0, digits = 0, letters = 0;
    char signs[RUNS_MOST] = "", currency[8] = "";
    int64_t value = 0;
    bool ok = true, leading_nought = false;
    for (size_t i = 0; ok && i < words.len; i++) {
        char c = words.at[i];
        if (c >= '0' && c <= '9' && digits < DIGITS_MOST) {
            leading_nought = leading_nought || (digits == 0 && c == '0');
            value = value * 10 + (c - '0');
            digits++;
            runs[run]++;
        } else if ((c == '.' || c == ',') && runs[run] != 0 && run + 1 < RUNS_MOST) {
            signs[run++] = c;
        } else if (((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) && letters < 3) {
            currency[letters++] = (char)(c >= 'a' ? c - 32 : c);
        } else {
            ok = c == ' ' || c == '\'';
        }
    }
    if (run != 0 && runs[run] == 0) /* "1200." */
        run--;
    size_t decimals = run != 0 && runs[run] <= 2 ? runs[run] : 0, groups = decimals ? run - 1 : run;
    for (size_t i = 1; i <= groups; i++)
        ok = ok && runs[i] == 3 && signs[i - 1] == signs[0];
    if (groups != 0)
        ok = ok && runs[0] <= 3 && !leading_nought && (decimals == 0 || signs[run - 1] != signs[0]);
    if (!ok || digits == 0 || (letters != 0 && letters != 3))
        return error_set(err, ERR_USAGE, "\"%.*s\" is no amount: 1200, or 1200.50 EUR", STR_ARG(words));
    *ret_cents = decimals == 2 ? value : decimals == 1 ? value * 10 : value * 100;
    snprintf(ret_currency, 8, "%s", currency);
    return true;
}

static void live_amount(struct app *app, struct str words)
{
    int64_t cents;
    char currency[8];
    struct error err = {0};
    if (words.len == 0)
        prompt_live(app, TONE_PLAIN, "an amount and a currency, or nothing");
    else if (amount_parse(words, &cents, currency, &err))
        prompt_live(app, TONE_GOOD, "%lld.%02d %s", (long long)(cents / 100), (int)(cents % 100), currency);
    else
        prompt_live(app, TONE_WARNING, "%s", err.text);
}

static void live_person(struct app *app, struct str words)
{
    struct str name;
    struct phone_number number;
    struct error err = {0};
    if (words.len == 0)
        prompt_live(app, TONE_PLAIN, "a number, or a name, or a name and a number");
    else if (!person_words(app, words, &name, &number, &err))
        prompt_live(app, TONE_WARNING, "%s", err.text);
    else if (name.len == 0)
        prompt_live(app, TONE_GOOD, "%s %s, a number of this person", number.e164, phone_type_name(number.type));
    else
        prompt_live(app, TONE_GOOD, "%.*s%s%s, a person of the same company", STR_ARG(name), number.e164[0] ? ", " : "", number.e164);
}

static void live_found(struct app *app, struct str words)
{
    struct arena a = {0};
    const struct found *rows;
    size_t count;
    if (words.len == 0) {
        prompt_live(app, TONE_PLAIN, "a name, or the last digits of the number");
    } else if (search_run(app->store, words, 3, &a, &rows, &count, NULL)) {
        struct buf text;
        buf_init(&text);
        for (size_t i = 0; i < count; i++) {
            buf_add_text(&text, i ? " · " : "Enter: ");
            text_printable(rows[i].name, &text);
            if (rows[i].company.len != 0) {
                buf_add_text(&text, ", ");
                text_printable(rows[i].company, &text);
            }
        }
        prompt_live(app, count ? TONE_GOOD : TONE_WARNING, "%s", count ? text.at : "nobody found");
        buf_done(&text);
    }
    arena_done(&a);
}

void ask_live(struct app *app)
{
    struct str words = prompt_text(app);
    switch (app->prompt.kind) {
    case PROMPT_WHEN:
        live_when(app, words);
        break;
    case PROMPT_AMOUNT:
        live_amount(app, words);
        break;
    case PROMPT_PERSON:
    case PROMPT_ADD:
        live_person(app, words);
        break;
    case PROMPT_ZONE:
        person_zone_live(app, words);
        break;
    case PROMPT_INBOUND:
        live_found(app, words);
        break;
    case PROMPT_CALLER:
        prompt_live(app, TONE_GOOD, "you are talking · a name finds or makes a card, Esc: no card for this call");
        break;
    case PROMPT_DIGITS:
        prompt_live(app, TONE_PLAIN, "0 to 9, * and #; Enter sends them");
        break;
    case PROMPT_RECORD:
        prompt_live(app, TONE_PLAIN, "their answer is kept with the call, and nothing of what was said before it");
        break;
    case PROMPT_OVERRIDE:
        prompt_live(app, TONE_WARNING, "only the house's own rule is set aside; the reason is kept with the call");
        break;
    case PROMPT_NONE:
    case PROMPT_COMMAND:
    case PROMPT_SEARCH:
    case PROMPT_STEP:
    case PROMPT_WHOM:
    case PROMPT_REASON:
    case PROMPT_SCOPE:
    case PROMPT_SKIP:
    case PROMPT_QUIT:
    case PROMPT_CORRECT:
    case PROMPT_CONFIRM:
    case PROMPT_COUNT_:
        break;
    }
}

/* ---- Enter ---- */

/* The place of a question among those of its outcome. */
static unsigned next_question(struct app *app, int step, struct error *err)
{
    prompt_close(app);
    return outcome_ask(app, step + 1, err);
}

/* In whole characters: it is stored and shown. */
static void keep(char *to, size_t size, struct str words)
{
    snprintf(to, size, "%.*s", (int)cluster_floor(words, size - 1), words.len ? words.at : "");
}

/* The state may have changed while the reason was typed: only a rule of the house is set aside by it. */
static unsigned dial_anyway(struct app *app, struct str reason, struct error *err)
{
    if (!card_verdict(app, err))
        return REACT_PAINT;
    if (app->verdict.yes || app->verdict.house_rule)
        return call_dial(app, reason, err);
    struct buf why;
    buf_init(&why);
    verdict_text(&app->verdict, &app->place, app->now, &why);
    error_set(err, ERR_REFUSED, "not dialled: %s", why.at);
    buf_done(&why);
    return REACT_CARD | REACT_PAINT;
}

unsigned ask_accept(struct app *app, struct error *err)
{
    char text[512];
    keep(text, sizeof text, prompt_text(app)); /* closing the prompt gives its line back */
    struct str words = str_of(text);
    struct asked *k = &app->asked;
    struct when when;
    struct str name;
    struct phone_number number;
    switch (app->prompt.kind) {
    case PROMPT_WHEN:
        if (!when_of_card(app, words, &when, err) || !minutes_free(app, when.at, err))
            return REACT_PAINT;
        asked_set_when(app, &when, k);
        return next_question(app, k->outcome->ask == ASK_STEP ? 1 : 0, err);
    case PROMPT_STEP:
        if (words.len >= sizeof k->step) {
            error_set(err, ERR_USAGE, "that is too long for a step: the rest belongs into the notes");
            return REACT_PAINT;
        }
        keep(k->step, sizeof k->step, words);
        return next_question(app, 0, err);
    case PROMPT_WHOM:
        keep(k->whom, sizeof k->whom, words);
        return next_question(app, 1, err);
    case PROMPT_AMOUNT:
        k->has_amount = words.len != 0;
        if (k->has_amount && !amount_parse(words, &k->amount_cents, k->currency, err)) {
            k->has_amount = false;
            return REACT_PAINT;
        }
        return next_question(app, 0, err);
    case PROMPT_PERSON:
        if (words.len != 0) {
            if (!person_words(app, words, &name, &number, err))
                return REACT_PAINT;
            if (name.len == 0) {
                error_set(err, ERR_USAGE, "a person needs a name: name and number");
                return REACT_PAINT;
            }
            keep(k->whom, sizeof k->whom, name);
            snprintf(k->phone, sizeof k->phone, "%s", number.e164);
            snprintf(k->phone_national, sizeof k->phone_national, "%s", number.national);
            snprintf(k->phone_region, sizeof k->phone_region, "%s", number.region);
        }
        return next_question(app, 0, err);
    case PROMPT_OVERRIDE:
        if (words.len == 0) {
            error_set(err, ERR_USAGE, "a reason is needed; Esc leaves it");
            return REACT_PAINT;
        }
        prompt_close(app);
        return dial_anyway(app, words, err);
    case PROMPT_INBOUND:
        prompt_close(app);
        return inbound_take(app, words, err);
    case PROMPT_CALLER:
        return caller_named(app, words, err);
    case PROMPT_DIGITS:
        prompt_close(app);
        return words.len != 0 ? do_DIGITS(app, words, err) : REACT_PAINT;
    case PROMPT_ADD:
        if (words.len == 0) {
            prompt_close(app);
            return REACT_PAINT;
        }
        return person_add(app, words, err);
    case PROMPT_ZONE:
        return person_zone(app, words, err);
    case PROMPT_SCOPE:
        return ask_choice(app, app->prompt.choices[0].key, err);
    case PROMPT_SKIP:
    case PROMPT_REASON:
    case PROMPT_CORRECT:
    case PROMPT_RECORD:
        error_set(err, ERR_USAGE, "press one of the letters shown; Esc leaves the question");
        return REACT_PAINT;
    case PROMPT_NONE:
    case PROMPT_COMMAND:
    case PROMPT_SEARCH:
    case PROMPT_QUIT:
    case PROMPT_CONFIRM:
    case PROMPT_COUNT_:
        break;
    }
    prompt_close(app);
    return REACT_PAINT;
}

unsigned ask_choice(struct app *app, char key, struct error *err)
{
    struct asked *k = &app->asked;
    const char *label = NULL;
    for (size_t i = 0; i < app->prompt.choices_count; i++)
        if (app->prompt.choices[i].key == key)
            label = app->prompt.choices[i].label;
    if (label == NULL)
        return 0;
    switch (app->prompt.kind) {
    case PROMPT_REASON:
        keep(k->reason, sizeof k->reason, str_of(label));
        return next_question(app, 0, err);
    case PROMPT_SCOPE:
        k->scope = key == 'l' ? SCOPE_LINE : key == 'c' ? SCOPE_COMPANY : SCOPE_PERSON;
        return next_question(app, 0, err);
    case PROMPT_SKIP: {
        struct str reason = str_of(label);
        prompt_close(app);
        return person_skip(app, reason, err);
    }
    case PROMPT_CORRECT: {
        int64_t touch = k->touch;
        const struct outcome *o = outcome_by_key(store_outcomes(app->store), key);
        prompt_close(app);
        return o != NULL ? outcome_begin(app, o, false, touch, err) : REACT_PAINT;
    }
    case PROMPT_CALLER:
        return caller_choice(app, key, err);
    case PROMPT_RECORD:
        return record_choice(app, key, err);
    case PROMPT_DIGITS:
    case PROMPT_NONE:
    case PROMPT_COMMAND:
    case PROMPT_SEARCH:
    case PROMPT_INBOUND:
    case PROMPT_WHEN:
    case PROMPT_STEP:
    case PROMPT_WHOM:
    case PROMPT_AMOUNT:
    case PROMPT_PERSON:
    case PROMPT_ZONE:
    case PROMPT_ADD:
    case PROMPT_OVERRIDE:
    case PROMPT_QUIT:
    case PROMPT_CONFIRM:
    case PROMPT_COUNT_:
        break;
    }
    return 0;
}
