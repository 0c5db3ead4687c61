/* SPDX-License-Identifier: MIT */
/*
 * From the letter to the next card: the questions an outcome asks, its filing, and taking it back.
 */
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "actions.h"
#include "ask.h"
#include "call.h"
#include "flow.h"
#include "line.h"
#include "notes.h"
#include "prompt.h"
#include "turn.h"

static const struct outcome *outcome_of_word(const struct app *app, struct str word)
{
    const struct outcome_table *t = store_outcomes(app->store);
    const struct outcome *o = word.len == 1 ? outcome_by_key(t, word.at[0]) : NULL;
    return o != NULL ? o : outcome_by_code(t, word);
}

static bool no_such_outcome(const struct app *app, struct str word, struct error *err)
{
    const struct outcome_table *t = store_outcomes(app->store);
    struct buf codes;
    buf_init(&codes);
    for (size_t i = 0; i < t->count; i++)
        buf_printf(&codes, "%s%s", i ? ", " : "", t->rows[i].code);
    error_set(err, ERR_USAGE, "no outcome \"%.*s\": %s", STR_ARG(word), codes.at);
    buf_done(&codes);
    return false;
}

/* ---- what it would do, while the rep decides ---- */

void talk_text(int64_t seconds, struct buf *out)
{
    if (seconds >= HOUR_S)
        buf_printf(out, "%d:%02d:%02d", (int)(seconds / HOUR_S), (int)(seconds / 60 % 60), (int)(seconds % 60));
    else
        buf_printf(out, "%d:%02d", (int)(seconds / 60), (int)(seconds % 60));
}

/* Counted tries in a row without an answer, the one that would be filed now included. */
static int tries_in_a_row(const struct card *card)
{
    int tries = 1;
    for (size_t i = 0; i < card->touches_count; i++) {
        const struct card_touch *t = &card->touches[i];
        if (t->voided || t->outcome == NULL || !str_is(t->channel, "call"))
            continue;
        if (t->outcome->answered || !t->outcome->counts)
            break;
        tries++;
    }
    return tries;
}

void outcome_preview(const struct app *app, const struct outcome *o, struct buf *out)
{
    buf_add_text(out, o->label);
    switch (o->effect) {
    case EFFECT_CALLBACK:
    case EFFECT_NEXT_STEP:
    case EFFECT_MEETING:
        buf_add_text(out, " (asks when)");
        return;
    case EFFECT_REFER:
        buf_add_text(out, " (asks for whom)");
        return;
    case EFFECT_SALE:
        buf_add_text(out, " (asks how much)");
        return;
    case EFFECT_REFUSAL:
        buf_add_text(out, " (done)");
        return;
    case EFFECT_SUPPRESS:
        buf_add_text(out, " (never again)");
        return;
    case EFFECT_BAD_LINK:
    case EFFECT_BAD_NUMBER: {
        int left = 0;
        for (size_t i = 0; i < app->card.phones_count; i++)
            left += !app->card.phones[i].bad && !app->card.phones[i].suppressed && app->card.phones[i].id != app->call.phone_id;
        buf_add_text(out, left > 0 ? " (next number)" : " (no number left: done)");
        return;
    }
    case EFFECT_NONE:
    case EFFECT_MESSAGE:
    case EFFECT_COUNT_:
        break;
    }
    struct policy policy;
    if (!list_policy(app->store, app->list_id, &policy, NULL))
        return;
    if (o->counts && policy.attempt_cap > 0 && app->card.attempts + 1 >= policy.attempt_cap) {
        buf_printf(out, " (try %d of %d, the last)", app->card.attempts + 1, policy.attempt_cap);
        return;
    }
    int64_t until = outcome_rest_until(o, &app->card.place, &policy, app->now, tries_in_a_row(&app->card));
    if (until <= app->now)
        return;
    char text[WHEN_TEXT_SIZE];
    when_short(app->zone, until, app->now, text);
    buf_printf(out, " (rests until %s)", text);
}

/* ---- the questions ---- */

static const struct choice reasons[] = {{'p', "price"}, {'t', "timing"}, {'c', "competitor"}, {'n', "no need"}, {'o', "other"}};
static const struct choice scopes[] = {{'p', "or Enter: person and all numbers"}, {'l', "this line, for all"}, {'c', "the company"}};

enum question { QUESTION_WHEN, QUESTION_STEP, QUESTION_WHOM, QUESTION_AMOUNT, QUESTION_REASON, QUESTION_SCOPE, QUESTION_PERSON, QUESTION_NONE };

/* What each way of asking asks, in order. */
static enum question question_of(enum outcome_ask ask, int step)
{
    static const enum question table[ASK_COUNT_][3] = {
        [ASK_NOTHING] = {QUESTION_NONE, QUESTION_NONE, QUESTION_NONE},
        [ASK_WHEN] = {QUESTION_WHEN, QUESTION_NONE, QUESTION_NONE},
        [ASK_STEP] = {QUESTION_STEP, QUESTION_WHEN, QUESTION_NONE},
        [ASK_MEETING] = {QUESTION_WHEN, QUESTION_WHOM, QUESTION_NONE},
        [ASK_AMOUNT] = {QUESTION_AMOUNT, QUESTION_NONE, QUESTION_NONE},
        [ASK_REASON] = {QUESTION_REASON, QUESTION_NONE, QUESTION_NONE},
        [ASK_SCOPE] = {QUESTION_SCOPE, QUESTION_NONE, QUESTION_NONE},
        [ASK_PERSON] = {QUESTION_PERSON, QUESTION_NONE, QUESTION_NONE},
    };
    return step < 3 ? table[ask][step] : QUESTION_NONE;
}

unsigned outcome_ask(struct app *app, int step, struct error *err)
{
    char label[96];
    switch (question_of(app->asked.outcome->ask, step)) {
    case QUESTION_WHEN:
        snprintf(label, sizeof label, "%.40s: when? (their time)", app->asked.outcome->label);
        prompt_open(app, PROMPT_WHEN, label);
        return REACT_PAINT;
    case QUESTION_STEP:
        prompt_open(app, PROMPT_STEP, "interested: the next step?");
        return REACT_PAINT;
    case QUESTION_WHOM:
        prompt_open(app, PROMPT_WHOM, "meeting with whom of us? (or Enter)");
        return REACT_PAINT;
    case QUESTION_AMOUNT:
        prompt_open(app, PROMPT_AMOUNT, "sale: how much? 1200 EUR (or Enter)");
        return REACT_PAINT;
    case QUESTION_REASON:
        prompt_open(app, PROMPT_REASON, "not interested, because of");
        prompt_offer(app, reasons, sizeof reasons / sizeof reasons[0]);
        return REACT_PAINT;
    case QUESTION_SCOPE:
        prompt_open(app, PROMPT_SCOPE, "do not call");
        prompt_offer(app, scopes, sizeof scopes / sizeof scopes[0]);
        return REACT_PAINT;
    case QUESTION_PERSON:
        prompt_open(app, PROMPT_PERSON, "referred to? name, number (or Enter)");
        return REACT_PAINT;
    case QUESTION_NONE:
        break;
    }
    return outcome_finish(app, err);
}

unsigned outcome_begin(struct app *app, const struct outcome *o, bool by_log, int64_t correct_touch, struct error *err)
{
    app->asked = (struct asked){
        .outcome = o, .by_log = by_log, .touch = correct_touch, .prospect_id = app->card.id, .when_at = AT_NONE};
    return outcome_ask(app, 0, err);
}

unsigned do_OUTCOME(struct app *app, struct str args, struct error *err)
{
    const struct outcome *o = outcome_of_word(app, args);
    if (o == NULL) {
        no_such_outcome(app, args, err);
        return 0;
    }
    if (!call_is_open(app)) {
        error_set(err, ERR_REFUSED, "no call is open: Enter dials; :log %s files a call made elsewhere", o->code);
        return 0;
    }
    if (call_line_is_live(app)) {
        if (!outcome_fits(app, o)) {
            error_set(err, ERR_REFUSED, "\"%s\" does not fit: a person is on the line", o->label);
            return 0;
        }
        if (app->call.armed != o) {
            app->call.armed = o;
            say(app, TONE_PLAIN, "%s is filed when the call ends; %c again hangs up and files", o->label, o->key);
            return REACT_PAINT;
        }
        unsigned reactions = do_HANG_UP(app, STR(""), err);
        if (app->call.state != CALL_ENDED)
            return reactions;
    } else if (call_line_is_ringing(app)) { /* the line is given back first, and says how it ended */
        app->call.armed = o;
        return do_HANG_UP(app, STR(""), err);
    }
    return outcome_begin(app, o, false, 0, err);
}

unsigned do_ACCEPT(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (!call_is_open(app)) {
        error_set(err, ERR_REFUSED, "no call is open");
        return 0;
    }
    if (app->call.armed == NULL) {
        error_set(err, ERR_REFUSED, "press the letter of an outcome");
        return 0;
    }
    return outcome_begin(app, app->call.armed, false, 0, err);
}

/* ---- filing ---- */

static void recent_add(struct app *app, int64_t touch, int64_t prospect_id)
{
    if (app->recent_count == RECENT_TOUCHES) {
        memmove(app->recent, app->recent + 1, (RECENT_TOUCHES - 1) * sizeof app->recent[0]);
        app->recent_count--;
    }
    app->recent[app->recent_count].touch = touch;
    app->recent[app->recent_count++].prospect_id = prospect_id;
}

/* "no answer, Tom Okafor, rests until 14:00" */
static void tell_last(struct app *app, const struct outcome *o, int64_t prospect_id)
{
    struct arena a = {0};
    struct card c;
    struct buf text;
    buf_init(&text);
    buf_printf(&text, "%s", o->label);
    if (card_load(app->store, prospect_id, app->list_id, app->now, 1, &a, &c, NULL)) {
        buf_add_text(&text, ", ");
        struct buf name;
        buf_init(&name);
        text_printable(c.name, &name);
        struct str shown = text_fit(buf_str(&name), NAME_COLS, NULL);
        buf_add(&text, shown.at, cluster_floor(shown, NAME_BYTES));
        buf_done(&name);
        char when[WHEN_TEXT_SIZE];
        if (c.due_at != AT_NONE && c.stored_state == STATE_CALLBACK) {
            when_short(app->zone, c.due_at, app->now, when);
            buf_printf(&text, ", callback %s", when);
        } else if (c.stored_state == STATE_RESTING || c.stored_state == STATE_CAPPED) {
            when_short(app->zone, c.not_before == AT_NONE ? app->now : c.not_before, app->now, when);
            if (c.not_before == AT_NONE)
                buf_printf(&text, ", tried %d times: rests for good", c.attempts);
            else
                buf_printf(&text, ", rests until %s", when);
        } else if (c.stored_state != STATE_READY) {
            buf_printf(&text, ", %s", state_name(c.stored_state));
        }
    }
    line_print(app->last, sizeof app->last, "%s", text.at);
    app->message.text[0] = '\0'; /* it would hide what was filed */
    buf_done(&text);
    arena_done(&a);
}

static void entry_of_asked(const struct app *app, struct outcome_entry *e)
{
    const struct asked *k = &app->asked;
    *e = (struct outcome_entry){.outcome = k->outcome,
                                .when_at = k->when_at,
                                .when_wall = str_of(k->when_wall),
                                .when_zone = str_of(k->when_zone),
                                .step = str_of(k->step),
                                .with_whom = str_of(k->whom),
                                .reason = str_of(k->reason),
                                .currency = str_of(k->currency),
                                .amount_cents = k->amount_cents,
                                .has_amount = k->has_amount,
                                .scope = k->scope,
                                .talk_s = -1};
}

static bool file_entry(struct app *app, struct outcome_entry entry, int64_t *ret_touch, struct error *err)
{
    const struct asked *k = &app->asked;
    if (k->touch != 0)
        return touch_correct(app->store, k->touch, &entry, app->now, ret_touch, err);
    entry.note = editor_text(app->notes);
    if (!k->by_log) {
        *ret_touch = app->call.touch;
        return outcome_file(app->store, app->call.touch, &entry, app->now, err);
    }
    struct buf why;
    buf_init(&why);
    if (!app->verdict.yes)
        verdict_text(&app->verdict, &app->place, app->now, &why);
    entry.verdict = buf_str(&why);
    struct log_entry log = {.entry = entry,
                            .prospect_id = app->card.id,
                            .list_id = app->list_id,
                            .direction = STR("out"),
                            .at = app->now,
                            .recorded_at = app->now};
    bool ok = outcome_log(app->store, &log, ret_touch, err);
    buf_done(&why);
    return ok;
}

/* With the number of whom they named. */
static bool file_it(struct app *app, const struct outcome_entry *given, int64_t *ret_touch, struct error *err)
{
    struct arena a = {0};
    struct outcome_entry entry = *given;
    const struct asked *k = &app->asked;
    struct new_phone phone = {.e164 = str_of(k->phone), .national = str_of(k->phone_national), .region = str_of(k->phone_region),
                              .type = STR("unknown"), .label = STR(""),
                              .state = app->book != NULL ? phone_state(app->book, str_of(k->phone)) : STR(""),
                              .zones = phone_zones_text(app->book, str_of(k->phone), &a)};
    if (k->phone[0] != '\0')
        entry.phone = &phone;
    bool ok = file_entry(app, entry, ret_touch, err);
    arena_done(&a);
    return ok;
}

unsigned outcome_finish(struct app *app, struct error *err)
{
    struct asked *k = &app->asked;
    struct outcome_entry entry;
    struct error why = {0};
    int64_t touch = 0;
    if (k->touch == 0 && (k->prospect_id != app->card.id || (!k->by_log && !call_is_open(app)))) {
        /* the dial failed, or the card went, while the questions were asked or the file was held */
        k->waits = false;
        error_set(err, ERR_REFUSED, "\"%s\" is not filed: its call is no longer open; :log files a call made elsewhere", k->outcome->label);
        return REACT_PAINT;
    }
    entry_of_asked(app, &entry);
    if (!line_settle(app, &why) || !file_it(app, &entry, &touch, &why)) {
        /* Held or full: the outcome waits in memory and is tried again; nothing is lost and the screen goes on. */
        k->waits = why.code == ERR_LOCKED || why.code == ERR_FULL;
        if (err != NULL)
            *err = why;
        if (k->waits)
            say(app, TONE_BAD, "\"%s\" is not saved yet: %s", k->outcome->label, why.text);
        trouble(app, "outcome", why.code);
        return REACT_PAINT;
    }
    k->waits = false;
    const struct outcome *o = k->outcome;
    int64_t prospect_id = app->card.id;
    bool correction = k->touch != 0, left_over = app->call.left_over && !app->call.reopened;
    recent_add(app, touch, prospect_id);
    if (correction) {
        say(app, TONE_GOOD, "corrected: %s; u takes it back", o->label);
        return REACT_CARD | REACT_QUEUE | REACT_PAINT;
    }
    notes_forget(app); /* the text is in the touch now */
    bool inbound = app->call.inbound;
    call_forget(app);
    tell_last(app, o, prospect_id);
    banner_clear(app);
    if (k->next_phone != 0)
        return REACT_CARD | REACT_QUEUE | REACT_PAINT;
    if (left_over) { /* a crash, or several, may have left more than one */
        call_found_open(app);
        if (call_is_open(app))
            return REACT_QUEUE | REACT_PAINT;
    }
    if (inbound && app->parked_count > 0) { /* back to whom the call in put aside */
        call_unpark(app);
        return REACT_QUEUE | REACT_PAINT;
    }
    return REACT_QUEUE | REACT_NEXT | REACT_PAINT;
}

unsigned do_LOG(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, word;
    if (!str_word(&rest, &word)) {
        error_set(err, ERR_USAGE, "log what? :log OUTCOME [TEXT]");
        return 0;
    }
    const struct outcome *o = outcome_of_word(app, word);
    if (o == NULL) {
        no_such_outcome(app, word, err);
        return 0;
    }
    if (app->card.id == 0 || call_is_open(app)) {
        error_set(err, ERR_REFUSED, app->card.id == 0 ? "no card to log for" : "a call is open: file its outcome");
        return 0;
    }
    rest = str_trim(rest);
    if (rest.len != 0) {
        editor_do(app->notes, EDIT_TEXT_END, 0, 0);
        if (editor_text(app->notes).len != 0)
            editor_insert(app->notes, STR("\n"));
        editor_insert(app->notes, rest);
        notes_save(app, false);
    }
    return outcome_begin(app, o, true, 0, err);
}

/* ---- taking back, correcting ---- */

unsigned do_UNDO(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct arena a = {0};
    struct undone undone;
    unsigned reactions = 0;
    if (call_is_open(app) && !app->call.reopened) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first");
        return 0;
    }
    if (app->asked.waits) { /* the last thing that was done is the one that is not saved yet */
        app->asked.waits = false;
        say(app, TONE_GOOD, "taken back: %s was not saved yet", app->asked.outcome->label);
        return REACT_PAINT;
    }
    if (call_is_open(app) && app->call.was_stop) { /* who said it would be callable again, and nobody would have decided so */
        error_set(err, ERR_REFUSED, "this call was a do-not-call: press d again, or what it really was");
        return 0;
    }
    char left[sizeof app->soon.name] = "";
    if (call_is_open(app)) {
        struct buf name;
        buf_init(&name);
        text_printable(app->card.name, &name);
        snprintf(left, sizeof left, "%s", name.at);
        buf_done(&name);
    }
    /* the card is read again below: what is in memory alone would be lost */
    if (!store_read_only(app->store) && !notes_save(app, true)) {
        error_set(err, ERR_REFUSED, "nothing is taken back before the notes are stored: %s", app->save_error);
        return 0;
    }
    if (undo_last(app->store, true, app->now, app->now, &a, &undone, err)) {
        struct buf name;
        struct error ignored = {0};
        /* undo goes deep: the call that the one before opened again stays without an outcome, its note stays a draft */
        if (call_is_open(app)) {
            call_failed(app->store, app->call.touch, &(struct line_word){STR("failed"), STR(""), STR("taken back")}, app->now, &ignored);
            call_forget(app);
        }
        buf_init(&name);
        text_printable(undone.name, &name);
        if (undone.prospect_id != 0 && undone.prospect_id == app->card.id) {
            if (card_reload(app, &ignored))
                notes_load(app);
        } else if (undone.prospect_id != 0) {
            card_take(app, undone.prospect_id, &ignored);
        }
        /* a card that could not be taken keeps its notes to itself: the call waits for its outcome on the other */
        bool here = undone.prospect_id == app->card.id;
        if (undone.reopened != 0 && here) {
            int64_t started = app->now;
            bool stop = false;
            for (size_t i = 0; i < app->card.touches_count; i++) {
                const struct card_touch *t = &app->card.touches[i];
                if (t->id == undone.reopened)
                    started = t->started_at;
                stop = stop || (t->id == undone.touch && t->outcome != NULL && t->outcome->effect == EFFECT_SUPPRESS);
            }
            call_continue(app, undone.reopened, started);
            app->call.reopened = true;
            app->call.was_stop = stop;
        }
        say(app, TONE_GOOD, "taken back: %.*s%s%s%s%s%s", STR_ARG(undone.what), name.len ? ", " : "", name.at,
            undone.reopened == 0 ? "" : here ? "; press the right one" : "; open that card for the right outcome",
            left[0] != '\0' ? " · without an outcome: " : "", left);
        app->last[0] = '\0';
        buf_done(&name);
        reactions = REACT_CARD | REACT_QUEUE | REACT_PAINT;
    }
    arena_done(&a);
    return reactions;
}

unsigned do_CORRECT_ROW(struct app *app, struct str args, struct error *err)
{
    (void)args;
    enum { MOST = 32 };
    if (app->screen != SCREEN_HISTORY || app->view.cursor >= app->view.count || app->view.rows[app->view.cursor].id == 0) {
        error_set(err, ERR_REFUSED, "there is no touch here to correct");
        return 0;
    }
    int64_t touch = app->view.rows[app->view.cursor].id;
    prompt_open(app, PROMPT_CORRECT, "this call was");
    const struct outcome_table *t = store_outcomes(app->store);
    struct choice *choices = ARENA_ARRAY(&app->prompt.arena, struct choice, MOST);
    size_t count = 0;
    for (size_t i = 0; i < t->count && count < MOST; i++)
        choices[count++] = (struct choice){t->rows[i].key, t->rows[i].label};
    prompt_offer(app, choices, count);
    app->asked = (struct asked){.touch = touch, .when_at = AT_NONE};
    return REACT_PAINT;
}

/* Filed and not taken back since. */
static bool touch_lives(struct app *app, int64_t touch, int64_t prospect_id)
{
    struct arena a = {0};
    struct card c;
    bool lives = false;
    if (card_load(app->store, prospect_id, 0, app->now, 0, &a, &c, NULL))
        for (size_t i = 0; i < c.touches_count; i++)
            lives = lives || (c.touches[i].id == touch && !c.touches[i].voided);
    arena_done(&a);
    return lives;
}

unsigned do_CORRECT(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, word, last, number;
    int64_t n = 1;
    if (!str_word(&rest, &word) || outcome_of_word(app, word) == NULL) {
        no_such_outcome(app, args, err);
        return 0;
    }
    const struct outcome *o = outcome_of_word(app, word);
    bool many = str_word(&rest, &last);
    if (many && (!str_is(last, "last") || !str_word(&rest, &number) || !str_int(number, &n) || n < 1)) {
        error_set(err, ERR_USAGE, "correct OUTCOME, or correct OUTCOME last N");
        return 0;
    }
    if (!many) { /* the latest call of this card */
        for (size_t i = 0; i < app->card.touches_count; i++) {
            const struct card_touch *t = &app->card.touches[i];
            if (!t->voided && t->outcome != NULL && str_is(t->channel, "call"))
                return outcome_begin(app, o, false, t->id, err);
        }
        error_set(err, ERR_NOT_FOUND, "this card has no call to correct");
        return 0;
    }
    if (o->ask != ASK_NOTHING) {
        error_set(err, ERR_USAGE, "\"%s\" asks for more: correct it one by one", o->label);
        return 0;
    }
    int64_t done = 0, fresh;
    struct outcome_entry entry = {.outcome = o, .when_at = AT_NONE, .talk_s = -1};
    for (size_t i = app->recent_count; i-- > 0 && done < n;) {
        struct error one = {0};
        if (touch_correct(app->store, app->recent[i].touch, &entry, app->now, &fresh, &one)) {
            app->recent[i].touch = fresh;
            done++;
        } else if (one.code == ERR_REFUSED && touch_lives(app, app->recent[i].touch, app->recent[i].prospect_id)) {
            /* not to be passed over: the rep counted it */
            say(app, TONE_WARNING, "corrected %lld of %lld, then stopped: %s", (long long)done, (long long)n, one.text);
            return REACT_CARD | REACT_QUEUE | REACT_PAINT;
        } else if (one.code != ERR_REFUSED && one.code != ERR_NOT_FOUND) {
            if (err != NULL)
                *err = one;
            break;
        }
    }
    say(app, done == n ? TONE_GOOD : TONE_WARNING, "corrected %lld of %lld calls to \"%s\"", (long long)done, (long long)n, o->label);
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}
