/* SPDX-License-Identifier: MIT */
/* All of one prospect, for the panel, `show` and the export. */
#include "touch.h"

/* Every statement of this file has the prospect as its first parameter. */
static bool ask(struct store *s, enum statement id, int64_t prospect_id, struct stmt *ret, struct error *err)
{
    if (!stmt_open(s, id, ret, err))
        return false;
    stmt_int(ret, ":prospect", prospect_id);
    return true;
}

static bool load_person(struct store *s, int64_t prospect_id, int64_t at, struct arena *a, struct card *c, struct error *err)
{
    struct stmt q;
    if (!ask(s, STMT_CARD, prospect_id, &q, err))
        return false;
    stmt_int(&q, ":at", at);
    bool found = stmt_row(&q, err);
    if (found) {
        c->id = prospect_id;
        c->uid = stmt_column_uid(&q, 0);
        c->name = stmt_column_copy(&q, 1, a);
        c->title = stmt_column_copy(&q, 2, a);
        c->company = stmt_column_copy(&q, 3, a);
        c->external_id = stmt_column_copy(&q, 4, a);
        c->owner = stmt_column_copy(&q, 5, a);
        c->language = stmt_column_copy(&q, 6, a);
        c->source = stmt_column_copy(&q, 7, a);
        c->country = stmt_column_copy(&q, 8, a);
        c->state = stmt_column_copy(&q, 9, a);
        c->city = stmt_column_copy(&q, 10, a);
        c->company_id = stmt_column_int(&q, 11);
        c->zones = stmt_column_copy(&q, 12, a);
        c->zone_source = stmt_column_copy(&q, 13, a);
        c->zone_until_at = stmt_column_at(&q, 14);
        c->phone_id = stmt_column_int(&q, 15);
        c->archived = stmt_column_int(&q, 16) != 0;
        c->mail_opt_out = stmt_column_int(&q, 17) != 0;
        c->created_at = stmt_column_int(&q, 18);
        c->updated_at = stmt_column_int(&q, 19);
        c->imported_from = stmt_column_copy(&q, 20, a);
        c->suppressed = stmt_column_int(&q, 21) != 0;
        c->place = place_of(s, c->zones, stmt_column_str(&q, 22));
    }
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "no prospect %lld", (long long)prospect_id);
}

static bool load_members(struct store *s, int64_t list_id, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 64 };
    struct stmt q;
    if (!ask(s, STMT_CARD_MEMBERS, c->id, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    struct card_member *rows = ARENA_ARRAY(a, struct card_member, MOST);
    c->stored_state = STATE_ARCHIVED; /* in no list any more */
    c->not_before = c->touched_at = AT_NONE;
    while (c->members_count < MOST && stmt_row(&q, err)) {
        struct card_member *m = &rows[c->members_count];
        *m = (struct card_member){.list_id = stmt_column_int(&q, 0),
                                  .list = stmt_column_copy(&q, 1, a),
                                  .not_before = stmt_column_at(&q, 3),
                                  .attempts = (int)stmt_column_int(&q, 4)};
        state_parse_name(stmt_column_str(&q, 2), &m->state);
        m->attempt_cap = policy_of(s, m->list_id)->attempt_cap;
        if (c->members_count++ == 0) {
            c->stored_state = m->state;
            c->not_before = m->not_before;
            c->attempts = m->attempts;
            c->attempt_cap = m->attempt_cap;
            c->touched_at = stmt_column_int(&q, 5);
        }
        c->list_blocked = c->list_blocked || stmt_column_int(&q, 6) != 0;
    }
    c->members = rows;
    return stmt_close(&q);
}

static bool load_phones(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 64 };
    struct stmt q;
    if (!ask(s, STMT_CARD_PHONES, c->id, &q, err))
        return false;
    struct card_phone *rows = NULL;
    while (c->phones_count < MOST && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(a, struct card_phone, MOST);
        rows[c->phones_count++] = (struct card_phone){.id = stmt_column_int(&q, 0),
                                                      .link_id = stmt_column_int(&q, 1),
                                                      .e164 = stmt_column_copy(&q, 2, a),
                                                      .national = stmt_column_copy(&q, 3, a),
                                                      .region = stmt_column_copy(&q, 4, a),
                                                      .type = stmt_column_copy(&q, 5, a),
                                                      .label = stmt_column_copy(&q, 6, a),
                                                      .source = stmt_column_copy(&q, 7, a),
                                                      .extension = stmt_column_copy(&q, 8, a),
                                                      .bad = stmt_column_int(&q, 9) != 0,
                                                      .suppressed = stmt_column_int(&q, 10) != 0,
                                                      .shared_with = (int)stmt_column_int(&q, 11),
                                                      .last = outcome_by_id(&s->outcomes, stmt_column_int(&q, 12)),
                                                      .last_at = stmt_column_at(&q, 13)};
    }
    c->phones = rows;
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; i < c->phones_count; i++) {
        if (rows[i].last == NULL || rows[i].shared_with == 0)
            continue;
        if (!stmt_open(s, STMT_CARD_PHONE_WHO, &q, err))
            return false;
        stmt_int(&q, ":phone", rows[i].id);
        if (stmt_row(&q, err) && stmt_column_int(&q, 0) != c->id)
            rows[i].last_name = stmt_column_copy(&q, 1, a);
        if (!stmt_close(&q))
            return false;
    }
    return true;
}

static bool load_mails(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 64 };
    struct stmt q;
    if (!ask(s, STMT_CARD_MAILS, c->id, &q, err))
        return false;
    struct card_mail *rows = NULL;
    while (c->mails_count < MOST && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(a, struct card_mail, MOST);
        rows[c->mails_count++] = (struct card_mail){stmt_column_int(&q, 0), stmt_column_copy(&q, 1, a), stmt_column_copy(&q, 2, a)};
    }
    c->mails = rows;
    return stmt_close(&q);
}

static bool load_attributes(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 1024 };
    struct stmt q;
    if (!ask(s, STMT_CARD_ATTRIBUTES, c->id, &q, err))
        return false;
    struct card_attribute *rows = NULL;
    while (c->attributes_count < MOST && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(a, struct card_attribute, MOST);
        rows[c->attributes_count++] = (struct card_attribute){stmt_column_copy(&q, 0, a), stmt_column_copy(&q, 1, a)};
    }
    c->attributes = rows;
    return stmt_close(&q);
}

static bool load_callbacks(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 64 };
    struct stmt q;
    if (!ask(s, STMT_CARD_CALLBACKS, c->id, &q, err))
        return false;
    struct card_callback *rows = NULL;
    c->due_at = AT_NONE;
    while (c->callbacks_count < MOST && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(a, struct card_callback, MOST);
        struct card_callback *r = &rows[c->callbacks_count++];
        *r = (struct card_callback){.id = stmt_column_int(&q, 0),
                                    .wall = stmt_column_copy(&q, 2, a),
                                    .zone = stmt_column_copy(&q, 3, a),
                                    .step = stmt_column_copy(&q, 4, a),
                                    .with_whom = stmt_column_copy(&q, 5, a),
                                    .offset_s = (int)stmt_column_int(&q, 6),
                                    .asked_at = stmt_column_int(&q, 7),
                                    .due_at = stmt_column_int(&q, 8),
                                    .made_at = stmt_column_int(&q, 9),
                                    .tries = (int)stmt_column_int(&q, 10)};
        callback_kind_parse(stmt_column_str(&q, 1), &r->kind);
        if (c->callback_id == 0 && r->kind != PROMISE_MEETING) {
            c->callback_id = r->id;
            c->due_at = r->due_at;
            c->tries = r->tries;
        }
    }
    c->callbacks = rows;
    return stmt_close(&q);
}

struct card_touch touch_of_row(struct store *s, struct stmt *q, struct arena *a)
{
    return (struct card_touch){.id = stmt_column_int(q, 0),
                               .uid = stmt_column_uid(q, 1),
                               .channel = stmt_column_copy(q, 2, a),
                               .direction = stmt_column_copy(q, 3, a),
                               .number = stmt_column_copy(q, 4, a),
                               .note = stmt_column_copy(q, 5, a),
                               .reason = stmt_column_copy(q, 6, a),
                               .currency = stmt_column_copy(q, 7, a),
                               .with_whom = stmt_column_copy(q, 8, a),
                               .line_result = stmt_column_copy(q, 9, a),
                               .verdict = stmt_column_copy(q, 10, a),
                               .rep = stmt_column_copy(q, 11, a),
                               .list = stmt_column_copy(q, 12, a),
                               .started_at = stmt_column_int(q, 13),
                               .answered_at = stmt_column_at(q, 14),
                               .ended_at = stmt_column_at(q, 15),
                               .completed_at = stmt_column_at(q, 16),
                               .answered_inferred = stmt_column_int(q, 17) != 0,
                               .dialed = stmt_column_int(q, 18) != 0,
                               .voided = stmt_column_int(q, 19) != 0,
                               .talk_s = stmt_column_null(q, 20) ? -1 : stmt_column_int(q, 20),
                               .amount_cents = stmt_column_int(q, 21),
                               .has_amount = !stmt_column_null(q, 21),
                               .outcome = outcome_by_id(&s->outcomes, stmt_column_int(q, 22)),
                               .corrects = stmt_column_int(q, 23),
                               .continues = stmt_column_int(q, 24)};
}

static bool load_touches(struct store *s, size_t most, struct arena *a, struct card *c, struct error *err)
{
    struct stmt q;
    if (!ask(s, STMT_CARD_TOUCHES, c->id, &q, err))
        return false;
    stmt_int(&q, ":most", most ? (int64_t)most : -1);
    struct card_touch *rows = NULL;
    size_t room = 0;
    while (stmt_row(&q, err)) {
        if (c->touches_count == room) { /* grown inside the arena: a history is short */
            room = room ? room * 2 : 16;
            struct card_touch *more = ARENA_ARRAY(a, struct card_touch, room);
            for (size_t i = 0; i < c->touches_count; i++)
                more[i] = rows[i];
            rows = more;
        }
        rows[c->touches_count++] = touch_of_row(s, &q, a);
        rows[c->touches_count - 1].receipt = stmt_column_copy(&q, TOUCH_COLUMNS, a);
        rows[c->touches_count - 1].line_code = stmt_column_copy(&q, TOUCH_COLUMNS + 1, a);
        rows[c->touches_count - 1].suggested = stmt_column_copy(&q, TOUCH_COLUMNS + 2, a);
        rows[c->touches_count - 1].consent = stmt_column_copy(&q, TOUCH_COLUMNS + 3, a);
        rows[c->touches_count - 1].consent_at = stmt_column_at(&q, TOUCH_COLUMNS + 4);
        rows[c->touches_count - 1].recording = stmt_column_copy(&q, TOUCH_COLUMNS + 5, a);
    }
    c->touches = rows;
    return stmt_close(&q);
}

static bool load_reversals(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    enum { MOST = 1024 };
    struct stmt q;
    if (!ask(s, STMT_CARD_REVERSALS, c->id, &q, err))
        return false;
    struct card_reversal *rows = NULL;
    while (c->reversals_count < MOST && stmt_row(&q, err)) {
        if (rows == NULL)
            rows = ARENA_ARRAY(a, struct card_reversal, MOST);
        rows[c->reversals_count++] = (struct card_reversal){.uid = stmt_column_uid(&q, 0),
                                                            .action_id = stmt_column_int(&q, 1),
                                                            .at = stmt_column_int(&q, 2),
                                                            .by_correction = stmt_column_int(&q, 3) != 0,
                                                            .rep = stmt_column_copy(&q, 4, a)};
    }
    c->reversals = rows;
    return stmt_close(&q);
}

static bool one_int(struct store *s, enum statement which, int64_t prospect_id, int64_t *ret, struct error *err)
{
    struct stmt q;
    if (!ask(s, which, prospect_id, &q, err))
        return false;
    *ret = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    return stmt_close(&q);
}

static bool load_rest(struct store *s, struct arena *a, struct card *c, struct error *err)
{
    struct stmt q;
    if (!ask(s, STMT_CARD_NOTE, c->id, &q, err))
        return false;
    if (stmt_row(&q, err))
        c->note = stmt_column_copy(&q, 0, a);
    if (!stmt_close(&q) || !ask(s, STMT_DRAFT_GET, c->id, &q, err))
        return false;
    if (stmt_row(&q, err)) {
        c->has_draft = true;
        c->draft = stmt_column_copy(&q, 0, a);
        c->draft_cursor = (size_t)stmt_column_int(&q, 1);
        c->draft_at = stmt_column_int(&q, 2);
    }
    int64_t skips, customer;
    if (!stmt_close(&q) || !one_int(s, STMT_CARD_OPEN_TOUCH, c->id, &c->open_touch, err) ||
        !one_int(s, STMT_CARD_SKIPS, c->id, &skips, err) || !one_int(s, STMT_CARD_CUSTOMER, c->id, &customer, err))
        return false;
    c->skips = (int)skips;
    c->customer = customer != 0;
    return true;
}

bool card_load(struct store *s, int64_t prospect_id, int64_t list_id, int64_t at, size_t touches_most, struct arena *a,
               struct card *ret, struct error *err)
{
    struct card c = {.id = 0, .draft_at = AT_NONE};
    if (!store_begin_read(s, err))
        return false;
    bool ok = load_person(s, prospect_id, at, a, &c, err) && load_members(s, list_id, a, &c, err) && load_phones(s, a, &c, err) &&
              load_mails(s, a, &c, err) && load_attributes(s, a, &c, err) && load_callbacks(s, a, &c, err) &&
              load_touches(s, touches_most, a, &c, err) && load_reversals(s, a, &c, err) && load_rest(s, a, &c, err);
    c.suppressed = c.suppressed || c.stored_state == STATE_SUPPRESSED; /* also when every number of theirs is */
    store_end_read(s);
    if (ok)
        *ret = c;
    return ok;
}
