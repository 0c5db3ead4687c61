/* SPDX-License-Identifier: MIT */
/*
 * Calls and outcomes: a touch is inserted open when the dial starts, completed once by its outcome, then never changed.
 */
#include "key.h"
#include "touch.h"

#include "calldeck/utf8.h"

/* ---- rows ---- */

bool touch_get(struct store *s, int64_t touch, struct arena *a, struct touch_row *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_TOUCH_GET, &q, err))
        return false;
    stmt_int(&q, ":touch", touch);
    bool found = stmt_row(&q, err);
    if (found)
        *ret = (struct touch_row){.id = touch,
                                  .prospect_id = stmt_column_int(&q, 0),
                                  .list_id = stmt_column_int(&q, 1),
                                  .channel = stmt_column_copy(&q, 2, a),
                                  .direction = stmt_column_copy(&q, 3, a),
                                  .phone_id = stmt_column_int(&q, 4),
                                  .number = stmt_column_copy(&q, 5, a),
                                  .dialed = stmt_column_int(&q, 6) != 0,
                                  .started_at = stmt_column_int(&q, 7),
                                  .answered_at = stmt_column_at(&q, 8),
                                  .inferred = stmt_column_int(&q, 9) != 0,
                                  .ended_at = stmt_column_at(&q, 10),
                                  .talk_s = stmt_column_null(&q, 11) ? -1 : stmt_column_int(&q, 11),
                                  .line_result = stmt_column_copy(&q, 12, a),
                                  .outcome_id = stmt_column_int(&q, 13),
                                  .note = stmt_column_copy(&q, 14, a),
                                  .completed_at = stmt_column_at(&q, 15),
                                  .live = stmt_column_int(&q, 16) != 0,
                                  .kind = stmt_column_copy(&q, 17, a),
                                  .reason = stmt_column_copy(&q, 18, a),
                                  .amount_cents = stmt_column_int(&q, 19),
                                  .has_amount = !stmt_column_null(&q, 19),
                                  .currency = stmt_column_copy(&q, 20, a),
                                  .with_whom = stmt_column_copy(&q, 21, a),
                                  .verdict = stmt_column_copy(&q, 22, a),
                                  .receipt = stmt_column_copy(&q, 23, a)};
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "no touch %lld", (long long)touch);
}

bool touch_add(struct store *s, const struct touch_row *t, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_TOUCH_ADD, &q, err))
        return false;
    stmt_int(&q, ":id", t->id);
    stmt_uid(&q, ":uid", uid_new());
    stmt_int(&q, ":prospect", t->prospect_id);
    stmt_id(&q, ":list", t->list_id);
    stmt_str(&q, ":channel", t->channel);
    stmt_str(&q, ":direction", t->direction);
    stmt_id(&q, ":phone", t->phone_id);
    stmt_str_or_null(&q, ":number", t->number);
    stmt_int(&q, ":dialed", t->dialed);
    stmt_int(&q, ":started", t->started_at);
    stmt_at(&q, ":answered", t->answered_at);
    stmt_int(&q, ":inferred", t->inferred);
    stmt_at(&q, ":ended", t->ended_at);
    stmt_int_or_null(&q, ":talk", t->talk_s, t->talk_s < 0);
    stmt_str_or_null(&q, ":line_result", t->line_result);
    stmt_id(&q, ":outcome", t->outcome_id);
    stmt_str_or_null(&q, ":note", t->note);
    stmt_str_or_null(&q, ":reason", t->reason);
    stmt_int_or_null(&q, ":amount", t->amount_cents, !t->has_amount);
    stmt_str_or_null(&q, ":currency", t->currency);
    stmt_str_or_null(&q, ":with", t->with_whom);
    stmt_str_or_null(&q, ":verdict", t->verdict);
    stmt_str_or_null(&q, ":receipt", t->receipt);
    stmt_id(&q, ":corrects", t->corrects);
    stmt_id(&q, ":continues", t->continues);
    stmt_text(&q, ":rep", s->rep);
    stmt_at(&q, ":completed", t->completed_at);
    return stmt_run(&q, err);
}

bool draft_drop(struct store *s, int64_t prospect_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_DRAFT_DROP, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    return stmt_run(&q, err);
}

/* A script that logs a call with a note of its own leaves alone what somebody is typing. */
static bool draft_filed(struct store *s, int64_t prospect_id, struct str note, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_DRAFT_FILED, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":text", note);
    return stmt_run(&q, err);
}

struct basics {
    int64_t company_id, phone_id;
};

static bool basics_get(struct store *s, int64_t prospect_id, struct basics *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_PROSPECT_BASICS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    bool found = stmt_row(&q, err);
    if (found)
        *ret = (struct basics){stmt_column_int(&q, 0), stmt_column_int(&q, 1)};
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "no prospect %lld", (long long)prospect_id);
}

int64_t company_of_prospect(struct store *s, int64_t prospect_id)
{
    struct basics b = {0};
    return basics_get(s, prospect_id, &b, NULL) ? b.company_id : 0;
}

static bool phone_text(struct store *s, int64_t phone_id, struct arena *a, struct str *ret, struct error *err)
{
    *ret = (struct str){0};
    if (phone_id == 0)
        return true;
    struct stmt q;
    if (!stmt_open(s, STMT_PHONE_E164, &q, err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    if (stmt_row(&q, err))
        *ret = stmt_column_copy(&q, 0, a);
    return stmt_close(&q);
}

/* ---- what an outcome asks and does ---- */

static bool needs_when(enum outcome_effect effect)
{
    return effect == EFFECT_CALLBACK || effect == EFFECT_NEXT_STEP || effect == EFFECT_MEETING;
}

bool outcome_entry_check(const struct outcome_entry *entry, int64_t now, struct error *err)
{
    if (!needs_when(entry->outcome->effect))
        return true;
    if (entry->when_at == AT_NONE)
        return error_set(err, ERR_USAGE, "\"%s\" needs a time, such as \"tomorrow 3pm\"", entry->outcome->label);
    if (entry->when_at < now)
        return error_set(err, ERR_USAGE, "\"%s\" needs a time that is still to come", entry->outcome->label);
    return true;
}

static enum callback_kind kind_of_effect(enum outcome_effect effect)
{
    return effect == EFFECT_MEETING ? PROMISE_MEETING : effect == EFFECT_NEXT_STEP ? PROMISE_NEXT_STEP : PROMISE_CALLBACK;
}

static bool suppress_by_outcome(struct store *s, const struct touch_row *t, const struct outcome_entry *entry, int64_t at,
                                int64_t now, struct error *err)
{
    struct str reason = entry->reason.len ? entry->reason : STR("asked not to be called");
    struct basics b;
    switch (entry->scope) {
    case SCOPE_PERSON:
        return suppress_person(s, t->prospect_id, reason, "rep", at, t->id, 0, err);
    case SCOPE_LINE:
        if (t->number.len == 0)
            return error_set(err, ERR_USAGE, "which line? this call has no number");
        return suppress_insert(s, SCOPE_LINE, 0, 0, t->number, reason, STR("rep"), STR(""), at, t->id, 0, err) &&
               (t->phone_id == 0 || sharers_refold(s, t->phone_id, now, err));
    case SCOPE_COMPANY:
        if (!basics_get(s, t->prospect_id, &b, err))
            return false;
        if (b.company_id == 0)
            return error_set(err, ERR_USAGE, "this prospect has no company; suppress the person or the line");
        return suppress_insert(s, SCOPE_COMPANY, 0, b.company_id, STR(""), reason, STR("rep"), STR(""), at, t->id, 0, err) &&
               company_refold(s, b.company_id, now, err);
    case SCOPE_COUNT_:
        break;
    }
    return error_set(err, ERR_USAGE, "do not call whom? person, line or company");
}

bool outcome_apply(struct store *s, const struct touch_row *t, const struct outcome_entry *entry, int64_t at,
                   int64_t recorded_at, struct error *err)
{
    bool ok = true;
    int64_t person;
    switch (entry->outcome->effect) {
    case EFFECT_CALLBACK:
    case EFFECT_NEXT_STEP:
    case EFFECT_MEETING:
        ok = callback_insert(s, t->prospect_id, t->list_id, kind_of_effect(entry->outcome->effect), entry, at, t->id, err);
        break;
    case EFFECT_SUPPRESS:
        ok = suppress_by_outcome(s, t, entry, at, recorded_at, err);
        break;
    case EFFECT_REFER:
        if (entry->with_whom.len != 0) {
            struct new_person referred = {
                .name = entry->with_whom, .company_of = t->prospect_id, .phone = entry->phone, .next = true};
            ok = person_insert(s, t->list_id, &referred, t->id, at, &person, err);
        }
        break;
    case EFFECT_NONE:
    case EFFECT_MESSAGE:
    case EFFECT_SALE:
    case EFFECT_REFUSAL:
    case EFFECT_BAD_LINK:
    case EFFECT_BAD_NUMBER: /* the fold reads these from the touch itself */
    case EFFECT_COUNT_:
        break;
    }
    int64_t talk_s = entry->talk_s >= 0 ? entry->talk_s : t->talk_s;
    ok = ok && lesson_learn(s, t->id, t->prospect_id, t->list_id, t->started_at, str_is(t->direction, "out"), entry->outcome,
                            talk_s, err);
    return ok && touch_refold(s, t->prospect_id, t->phone_id, at, err) &&
           prospect_touched(s, t->prospect_id, at, err) && search_queue(s, t->prospect_id, err);
}

/* ---- a call from the first ring to its outcome ---- */

bool call_begin(struct store *s, int64_t prospect_id, int64_t list_id, int64_t phone_id, struct str direction, int64_t now,
                struct str override_reason, int64_t *ret_touch, struct error *err)
{
    struct arena a = {0};
    struct basics b;
    struct touch_row t = {.prospect_id = prospect_id,
                          .list_id = list_id,
                          .channel = STR("call"),
                          .direction = direction,
                          .phone_id = phone_id,
                          .dialed = str_is(direction, "out"),
                          .started_at = now,
                          .answered_at = AT_NONE,
                          .ended_at = AT_NONE,
                          .completed_at = AT_NONE,
                          .talk_s = -1,
                          .verdict = override_reason};
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = basics_get(s, prospect_id, &b, err) && phone_text(s, phone_id, &a, &t.number, err) &&
              (!t.dialed || receipt_make(s, &t, &a, &t.receipt, err)) && action_add(s, "call", prospect_id, now, now, true, &t.id, err) && touch_add(s, &t, err) &&
              touch_refold(s, prospect_id, phone_id, now, err);
    ok = db_end(s, ok, err);
    if (ok)
        *ret_touch = t.id;
    arena_done(&a);
    return ok;
}

bool call_answered(struct store *s, int64_t touch, int64_t at, bool inferred, struct error *err)
{
    if (!db_begin(s, DB_FAST, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_TOUCH_ANSWERED, &q, err);
    if (ok) {
        stmt_int(&q, ":touch", touch);
        stmt_int(&q, ":at", at);
        stmt_int(&q, ":inferred", inferred);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool call_ended(struct store *s, int64_t touch, int64_t at, struct str line_result, struct str line_code, struct str suggested,
                struct error *err)
{
    if (!db_begin(s, DB_FAST, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_TOUCH_ENDED, &q, err);
    if (ok) {
        stmt_int(&q, ":touch", touch);
        stmt_int(&q, ":at", at);
        stmt_str_or_null(&q, ":line_result", line_result);
        stmt_str_or_null(&q, ":code", line_code);
        stmt_str_or_null(&q, ":suggested", suggested);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool call_consent(struct store *s, int64_t touch, struct str consent, struct str recording, int64_t at, struct error *err)
{
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_TOUCH_CONSENT, &q, err);
    if (ok) {
        stmt_int(&q, ":touch", touch);
        stmt_int(&q, ":at", at);
        stmt_str(&q, ":consent", consent);
        stmt_str_or_null(&q, ":recording", recording);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool call_resumed(struct store *s, int64_t touch, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = stmt_open(s, STMT_TOUCH_RESUMED, &q, err);
    if (ok) {
        stmt_int(&q, ":touch", touch);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool call_failed(struct store *s, int64_t touch, const struct line_word *line, int64_t now, struct error *err)
{
    struct arena a = {0};
    struct touch_row t;
    if (!db_begin(s, DB_FAST, err))
        return false;
    struct stmt q;
    bool ok = touch_get(s, touch, &a, &t, err) && stmt_open(s, STMT_TOUCH_FAILED, &q, err);
    if (ok) {
        stmt_int(&q, ":touch", touch);
        stmt_int(&q, ":at", now);
        stmt_str_or_null(&q, ":line_result", line->result);
        stmt_str_or_null(&q, ":code", line->code);
        stmt_str_or_null(&q, ":why", line->why);
        ok = stmt_run(&q, err) && touch_refold(s, t.prospect_id, t.phone_id, now, err);
    }
    ok = db_end(s, ok, err);
    arena_done(&a);
    return ok;
}

static struct str note_or_none(struct str note)
{
    return str_trim(note).len ? note : (struct str){0};
}

bool outcome_file(struct store *s, int64_t touch, const struct outcome_entry *entry, int64_t now, struct error *err)
{
    struct arena a = {0};
    struct touch_row t;
    if (!outcome_entry_check(entry, now, err) || !db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = touch_get(s, touch, &a, &t, err);
    if (ok && (t.completed_at != AT_NONE || !t.live))
        ok = error_set(err, ERR_REFUSED, "that call has its outcome already; correct it from the history");
    if (ok) {
        int64_t talk_s = entry->talk_s;
        int64_t end = t.ended_at == AT_NONE ? now : t.ended_at;
        if (talk_s < 0 && entry->outcome->answered && t.answered_at != AT_NONE && end >= t.answered_at)
            talk_s = end - t.answered_at;
        struct stmt q;
        ok = stmt_open(s, STMT_TOUCH_COMPLETE, &q, err);
        if (ok) {
            stmt_int(&q, ":touch", touch);
            stmt_int(&q, ":outcome", entry->outcome->id);
            stmt_str_or_null(&q, ":note", note_or_none(entry->note));
            stmt_str_or_null(&q, ":reason", entry->reason);
            stmt_int_or_null(&q, ":amount", entry->amount_cents, !entry->has_amount);
            stmt_str_or_null(&q, ":currency", entry->currency);
            stmt_str_or_null(&q, ":with", entry->with_whom);
            stmt_int_or_null(&q, ":talk", talk_s, talk_s < 0);
            stmt_str_or_null(&q, ":line_result", entry->outcome->answered ? STR("answered") : STR(""));
            stmt_int(&q, ":now", now);
            ok = stmt_run(&q, err);
        }
        ok = ok && action_record(s, touch, now, err) && draft_drop(s, t.prospect_id, err) &&
             outcome_apply(s, &t, entry, now, now, err);
    }
    ok = db_end(s, ok, err);
    arena_done(&a);
    return ok;
}

bool outcome_log(struct store *s, const struct log_entry *entry, int64_t *ret_touch, struct error *err)
{
    if (entry->entry.outcome == NULL) /* a damaged file may have lost a row of its table */
        return error_set(err, ERR_DATA, "this database has no such outcome: calldeck doctor looks at it");
    struct arena a = {0};
    struct basics b = {0};
    struct touch_row t = {.prospect_id = entry->prospect_id,
                          .list_id = entry->list_id,
                          .channel = STR("call"),
                          .direction = entry->direction,
                          .started_at = entry->at,
                          .answered_at = entry->entry.outcome->answered ? entry->at : AT_NONE,
                          .ended_at = entry->at + (entry->entry.talk_s > 0 ? entry->entry.talk_s : 0),
                          .completed_at = entry->at,
                          .talk_s = entry->entry.talk_s,
                          .line_result = entry->entry.outcome->answered ? STR("answered") : STR(""),
                          .outcome_id = entry->entry.outcome->id,
                          .note = note_or_none(entry->entry.note),
                          .reason = entry->entry.reason,
                          .amount_cents = entry->entry.amount_cents,
                          .has_amount = entry->entry.has_amount,
                          .currency = entry->entry.currency,
                          .with_whom = entry->entry.with_whom,
                          .verdict = entry->entry.verdict};
    if (!outcome_entry_check(&entry->entry, entry->at, err) || !db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = basics_get(s, entry->prospect_id, &b, err);
    if (ok && entry->number.len != 0) {
        t.number = entry->number;
        struct stmt q;
        ok = stmt_open(s, STMT_PHONE_FIND, &q, err);
        if (ok) {
            stmt_str(&q, ":e164", entry->number);
            t.phone_id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
            ok = stmt_close(&q);
        }
    } else if (ok) {
        t.phone_id = b.phone_id;
        ok = phone_text(s, t.phone_id, &a, &t.number, err);
    }
    ok = ok && action_add(s, "log", entry->prospect_id, entry->at, entry->recorded_at, false, &t.id, err) &&
         touch_add(s, &t, err) && draft_filed(s, entry->prospect_id, entry->entry.note, err) &&
         outcome_apply(s, &t, &entry->entry, entry->at, entry->recorded_at, err);
    ok = db_end(s, ok, err);
    if (ok && ret_touch != NULL)
        *ret_touch = t.id;
    arena_done(&a);
    return ok;
}

bool note_file(struct store *s, int64_t prospect_id, struct str note, int64_t now, struct error *err)
{
    struct touch_row t = {.prospect_id = prospect_id,
                          .channel = STR("note"),
                          .direction = STR(""),
                          .started_at = now,
                          .answered_at = AT_NONE,
                          .ended_at = AT_NONE,
                          .completed_at = now,
                          .talk_s = -1,
                          .note = note};
    if (str_trim(note).len == 0)
        return error_set(err, ERR_USAGE, "there is no note to file");
    struct basics b;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = basics_get(s, prospect_id, &b, err) && action_add(s, "note", prospect_id, now, now, false, &t.id, err) &&
              touch_add(s, &t, err) && draft_drop(s, prospect_id, err) && prospect_touched(s, prospect_id, now, err) &&
              search_queue(s, prospect_id, err);
    return db_end(s, ok, err);
}

/* What was wrong about the outcome was wrong about the line: who did not answer was not talked to. What a dialer itself said
 * of the line stays, unless it cannot be. */
static void line_of_correction(struct touch_row *t, const struct outcome_entry *entry)
{
    bool answered = entry->outcome->answered, was = str_is(t->line_result, "answered");
    if (answered)
        t->line_result = STR("answered");
    else if (was)
        t->line_result = (struct str){0};
    if (entry->talk_s >= 0)
        t->talk_s = entry->talk_s;
    else if (!answered)
        t->talk_s = -1;
    else if (t->talk_s < 0 && t->answered_at != AT_NONE && t->ended_at >= t->answered_at)
        t->talk_s = t->ended_at - t->answered_at;
}

bool touch_correct(struct store *s, int64_t touch, const struct outcome_entry *entry, int64_t now, int64_t *ret_touch,
                   struct error *err)
{
    struct arena a = {0};
    struct touch_row old;
    bool suppresses = false;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = touch_get(s, touch, &a, &old, err);
    if (ok && old.completed_at == AT_NONE)
        ok = error_set(err, ERR_REFUSED, "that call is still open: give it its outcome");
    if (ok && (!old.live || !str_is(old.channel, "call")))
        ok = error_set(err, ERR_REFUSED, old.live ? "that is a note, not a call" : "that touch was taken back already");
    if (ok && action_suppresses(s, touch, &suppresses, err) && suppresses)
        ok = error_set(err, ERR_REFUSED, "a do-not-call is not corrected away: calldeck suppress remove NUMBER --reason \"...\"");
    ok = ok && outcome_entry_check(entry, now, err);
    struct touch_row t = old;
    if (ok) {
        t.outcome_id = entry->outcome->id;
        t.corrects = touch;
        t.continues = 0;
        t.completed_at = now;
        if (note_or_none(entry->note).len != 0)
            t.note = entry->note;
        t.reason = entry->reason;
        t.amount_cents = entry->amount_cents;
        t.has_amount = entry->has_amount;
        t.currency = entry->currency;
        t.with_whom = entry->with_whom;
        line_of_correction(&t, entry);
        ok = action_add(s, "correct", old.prospect_id, now, now, false, &t.id, err) &&
             reversal_add(s, touch, t.id, now, now, err) && touch_add(s, &t, err) && people_put_away(s, touch, t.id, now, err) &&
             outcome_apply(s, &t, entry, now, now, err);
    }
    ok = db_end(s, ok, err);
    if (ok && ret_touch != NULL)
        *ret_touch = t.id;
    arena_done(&a);
    return ok;
}

bool open_touches(struct store *s, struct arena *a, const struct open_touch **ret, size_t *ret_count, struct error *err)
{
    enum { MOST = 16 };
    struct open_touch *rows = ARENA_ARRAY(a, struct open_touch, MOST);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_OPEN_TOUCHES, &q, err))
        return false;
    stmt_text(&q, ":rep", s->rep);
    while (count < MOST && stmt_row(&q, err))
        rows[count++] = (struct open_touch){.touch = stmt_column_int(&q, 0),
                                            .prospect_id = stmt_column_int(&q, 1),
                                            .name = stmt_column_copy(&q, 2, a),
                                            .started_at = stmt_column_int(&q, 3)};
    *ret = rows;
    *ret_count = count;
    return stmt_close(&q);
}
