/* SPDX-License-Identifier: MIT */
/*
 * Undo takes back the last recorded live action: a reversal is appended, the facts of that action stop being live, and
 * whoever they concern is folded again. Nothing is deleted.
 */
#include "key.h"
#include "touch.h"

#include <stdlib.h>

#include "calldeck/alloc.h"

bool reversal_add(struct store *s, int64_t action_id, int64_t by_action_id, int64_t at, int64_t recorded_at, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_REVERSAL_ADD, &q, err))
        return false;
    stmt_uid(&q, ":uid", uid_new());
    stmt_int(&q, ":action", action_id);
    stmt_id(&q, ":by", by_action_id);
    stmt_int(&q, ":at", at);
    stmt_int(&q, ":recorded", recorded_at);
    stmt_text(&q, ":rep", s->rep);
    if (!stmt_run(&q, err) || !stmt_open(s, STMT_ACTION_LIVE, &q, err))
        return false;
    stmt_int(&q, ":action", action_id);
    return stmt_run(&q, err) && lesson_reversed(s, action_id, err);
}

/* ids that a statement gives for an action */
struct ids {
    int64_t *at;
    size_t count;
};

static bool ids_load(struct store *s, enum statement which, int64_t action, struct ids *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    while (stmt_row(&q, err)) {
        ret->at = alloc_resize(ret->at, ret->count + 1, sizeof *ret->at);
        ret->at[ret->count++] = stmt_column_int(&q, 0);
    }
    return stmt_close(&q);
}

static bool run_for(struct store *s, enum statement which, int64_t action, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    return stmt_run(&q, err);
}

struct last {
    int64_t id, prospect_id;
    struct str kind;
    bool very_last;
};

static bool last_action(struct store *s, struct arena *a, struct last *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_LAST, &q, err))
        return false;
    bool found = stmt_row(&q, err);
    if (found)
        *ret = (struct last){.id = stmt_column_int(&q, 0),
                             .kind = stmt_column_copy(&q, 1, a),
                             .prospect_id = stmt_column_int(&q, 2),
                             .very_last = stmt_column_int(&q, 3) != 0};
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "nothing to undo");
}

bool action_suppresses(struct store *s, int64_t action, bool *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_SUPPRESSES, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

static bool may_undo(struct store *s, const struct last *last, struct error *err)
{
    bool suppresses;
    if (!action_suppresses(s, last->id, &suppresses, err))
        return false;
    if (suppresses && !last->very_last)
        return error_set(err, ERR_REFUSED,
                         "a do-not-call stays once more was done: calldeck suppress remove lifts it");
    return true;
}

/* An action on one person is folded with them; one on everybody (archive) folds each here. */
static bool edits_back(struct store *s, int64_t action, bool refold, int64_t now, struct buf *what, struct error *err)
{
    struct arena a = {0};
    struct row {
        int64_t prospect_id;
        struct str field, before;
    } *rows = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_EDITS, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    while (stmt_row(&q, err)) {
        if (count == room) {
            room = room ? room * 2 : 16;
            rows = alloc_resize(rows, room, sizeof *rows);
        }
        rows[count] = (struct row){stmt_column_int(&q, 0), stmt_column_copy(&q, 1, &a), stmt_column_copy(&q, 2, &a)};
        count++;
    }
    bool ok = stmt_close(&q);
    for (size_t i = 0; ok && i < count; i++)
        ok = field_set(s, rows[i].prospect_id, rows[i].field, rows[i].before, err) &&
             (!(refold || str_is(rows[i].field, "archived")) || prospect_refold(s, rows[i].prospect_id, now, err));
    if (ok && count != 0 && refold)
        buf_printf(what, str_is(rows[0].field, "archived") ? "%zu people archived" : "edit of %zu people", count);
    else if (ok && count != 0 && !str_is(rows[count - 1].field, "archived")) /* "putting away", or the correction that did it */
        buf_printf(what, "edit of %s", str_starts(rows[count - 1].field, "said_") ? "the time zone" : rows[count - 1].field.at);
    arena_done(&a);
    free(rows);
    return ok;
}

/* People that this action put into the lists leave them, unless they were worked since. */
static bool people_back(struct store *s, int64_t action, int64_t now, struct error *err)
{
    struct ids people = {0};
    bool ok = ids_load(s, STMT_ACTION_PEOPLE, action, &people, err);
    for (size_t i = 0; ok && i < people.count; i++) {
        struct stmt q;
        ok = stmt_open(s, STMT_PERSON_UNLISTED, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", people.at[i]);
            ok = stmt_run(&q, err) && prospect_refold(s, people.at[i], now, err) && search_queue(s, people.at[i], err);
        }
    }
    free(people.at);
    return ok;
}

bool people_put_away(struct store *s, int64_t action, int64_t by_action, int64_t now, struct error *err)
{
    struct ids people = {0};
    bool ok = ids_load(s, STMT_ACTION_PEOPLE_UNWORKED, action, &people, err);
    for (size_t i = 0; ok && i < people.count; i++)
        ok = field_edit(s, by_action, people.at[i], STR("archived"), STR("1"), err) && prospect_refold(s, people.at[i], now, err);
    free(people.at);
    return ok;
}

bool suppressed_refold(struct store *s, int64_t action, int64_t now, struct error *err)
{
    struct row {
        int64_t prospect_id, company_id;
        char e164[20];
    } rows[SUPPRESSIONS_OF_ACTION];
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_ACTION_SUPPRESSED, &q, err))
        return false;
    stmt_int(&q, ":action", action);
    while (count < SUPPRESSIONS_OF_ACTION && stmt_row(&q, err)) {
        struct row *r = &rows[count++];
        struct str e164 = stmt_column_str(&q, 1);
        *r = (struct row){.prospect_id = stmt_column_int(&q, 0), .company_id = stmt_column_int(&q, 2)};
        for (size_t i = 0; i < e164.len && i < sizeof r->e164 - 1; i++)
            r->e164[i] = e164.at[i];
    }
    bool ok = stmt_close(&q);
    for (size_t i = 0; ok && i < count; i++) {
        if (rows[i].prospect_id != 0)
            ok = prospect_refold(s, rows[i].prospect_id, now, err);
        if (ok && rows[i].company_id != 0)
            ok = company_refold(s, rows[i].company_id, now, err);
        if (ok && rows[i].e164[0] != '\0' && (ok = stmt_open(s, STMT_PHONE_FIND, &q, err))) {
            stmt_str(&q, ":e164", str_of(rows[i].e164));
            int64_t phone = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
            ok = stmt_close(&q) && (phone == 0 || sharers_refold(s, phone, now, err));
        }
    }
    return ok;
}

/* The call goes on under a new row: same person, number and times, no outcome yet; its note is a draft again. */
static bool reopen_call(struct store *s, const struct touch_row *old, int64_t now, int64_t recorded_at, int64_t *ret_touch,
                        struct error *err)
{
    struct touch_row t = *old;
    t.continues = old->id;
    t.corrects = 0;
    t.outcome_id = 0;
    t.completed_at = AT_NONE;
    t.note = (struct str){0};
    t.reason = t.currency = t.with_whom = (struct str){0};
    t.has_amount = false;
    t.talk_s = -1;
    return action_add(s, "call", old->prospect_id, now, recorded_at, true, &t.id, err) && touch_add(s, &t, err) &&
           ((*ret_touch = t.id) != 0);
}

static bool note_to_draft(struct store *s, int64_t prospect_id, struct str note, int64_t now, struct error *err)
{
    if (note.len == 0)
        return true;
    struct buf text;
    buf_init(&text);
    buf_add_str(&text, note);
    size_t cursor = text.len;
    struct stmt q;
    bool ok = stmt_open(s, STMT_DRAFT_GET, &q, err);
    if (ok) {
        stmt_int(&q, ":prospect", prospect_id);
        if (stmt_row(&q, err) && stmt_column_str(&q, 0).len != 0) {
            buf_add_char(&text, '\n');
            buf_add_str(&text, stmt_column_str(&q, 0));
            cursor = text.len;
        }
        ok = stmt_close(&q) && draft_save(s, prospect_id, buf_str(&text), cursor, now, true, err);
    }
    buf_done(&text);
    return ok;
}

static bool touch_back(struct store *s, const struct last *last, bool reopen, int64_t now, int64_t recorded_at, struct arena *a,
                       struct undone *ret, struct buf *what, struct error *err)
{
    struct touch_row t;
    struct error none = {0};
    if (!touch_get(s, last->id, a, &t, &none))
        return none.code == ERR_NOT_FOUND || error_set(err, none.code, "%s", none.text);
    const struct outcome *o = outcome_by_id(&s->outcomes, t.outcome_id);
    buf_add_text(what, o ? o->label : "note");
    ret->touch = t.id;
    /* After a correction is taken back the call it corrected has its outcome again: nothing to reopen. */
    if (reopen && !str_is(last->kind, "correct")) {
        if (str_is(t.channel, "call") && str_is(last->kind, "call") && !reopen_call(s, &t, now, recorded_at, &ret->reopened, err))
            return false;
        if (!note_to_draft(s, t.prospect_id, t.note, now, err))
            return false;
    }
    return touch_refold(s, t.prospect_id, t.phone_id, now, err);
}

static bool corrected_lives_again(struct store *s, int64_t action, struct error *err)
{
    struct ids corrected = {0};
    bool ok = ids_load(s, STMT_ACTION_LIVE_NOT_CORRECTED, action, &corrected, err);
    for (size_t i = 0; ok && i < corrected.count; i++)
        ok = run_for(s, STMT_ACTION_LIVE, corrected.at[i], err) && lessons_stale(s, err);
    free(corrected.at);
    return ok;
}

static bool each_refold(struct store *s, enum statement which, int64_t action, int64_t now, struct error *err)
{
    struct ids ids = {0};
    bool ok = ids_load(s, which, action, &ids, err);
    for (size_t i = 0; ok && i < ids.count; i++)
        ok = which == STMT_ACTION_PHONES ? sharers_refold(s, ids.at[i], now, err) : prospect_refold(s, ids.at[i], now, err);
    free(ids.at);
    return ok;
}

static const char *what_was_it(struct str kind)
{
    static const struct {
        const char *kind, *text;
    } words[] = {{"callback", "callback"},      {"skip", "skip"},           {"phone", "change of a number"},
                 {"mail", "mail address"},      {"person", "new person"},   {"suppress", "do not call"},
                 {"unsuppress", "lifting of a do-not-call"}, {"archive", "putting away"}, {"correct", "correction"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_is(kind, words[i].kind))
            return words[i].text;
    return "change";
}

bool undo_last(struct store *s, bool reopen, int64_t now, int64_t recorded_at, struct arena *a, struct undone *ret,
               struct error *err)
{
    struct last last = {0};
    struct undone undone = {0};
    struct buf what;
    buf_init(&what);
    if (!db_begin(s, DB_DURABLE, err)) {
        buf_done(&what);
        return false;
    }
    bool ok = last_action(s, a, &last, err) && may_undo(s, &last, err) && reversal_add(s, last.id, 0, now, recorded_at, err) &&
              corrected_lives_again(s, last.id, err) && edits_back(s, last.id, last.prospect_id == 0, now, &what, err) &&
              run_for(s, STMT_LINKS_UNADD, last.id, err) && run_for(s, STMT_LINKS_UNREMOVE, last.id, err) &&
              run_for(s, STMT_MAILS_UNADD, last.id, err) && run_for(s, STMT_MAILS_UNREMOVE, last.id, err) &&
              people_back(s, last.id, now, err) && touch_back(s, &last, reopen, now, recorded_at, a, &undone, &what, err) &&
              each_refold(s, STMT_ACTION_CALLBACKS, last.id, now, err) && each_refold(s, STMT_ACTION_PHONES, last.id, now, err) &&
              suppressed_refold(s, last.id, now, err);
    if (ok && last.prospect_id != 0)
        ok = prospect_refold(s, last.prospect_id, now, err) && prospect_touched(s, last.prospect_id, now, err) &&
             search_queue(s, last.prospect_id, err);
    ok = db_end(s, ok, err);
    if (ok) {
        undone.action_id = last.id;
        undone.prospect_id = last.prospect_id;
        undone.kind = last.kind;
        undone.what = what.len ? arena_str(a, buf_str(&what)) : str_of(what_was_it(last.kind));
        struct stmt q;
        if (last.prospect_id != 0 && stmt_open(s, STMT_FIELD_NAME, &q, NULL)) {
            stmt_int(&q, ":prospect", last.prospect_id);
            if (stmt_row(&q, NULL))
                undone.name = stmt_column_copy(&q, 0, a);
            stmt_close(&q);
        }
        *ret = undone;
    }
    buf_done(&what);
    return ok;
}
