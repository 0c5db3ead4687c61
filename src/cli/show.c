/* SPDX-License-Identifier: MIT */
/*
 * One prospect: as an object whose keys scripts rely on, and as a page.
 *
 * Nothing in it depends on the hour, so that an undo can be compared with what was before.
 */
#include "session.h"

#include <stdio.h>

static void uid_json(struct json *j, const char *key, const struct uid *uid)
{
    char text[UID_TEXT_SIZE];
    uid_text(uid, text);
    json_text(j, key, text);
}

void touch_json(struct json *j, const struct card_touch *t)
{
    json_int(j, "id", t->id);
    uid_json(j, "uid", &t->uid);
    json_time(j, "at", t->started_at);
    json_str_or_null(j, "channel", t->channel);
    json_str_or_null(j, "direction", t->direction);
    json_str_or_null(j, "number", t->number);
    json_text(j, "outcome", t->outcome != NULL ? t->outcome->code : NULL);
    if (t->talk_s >= 0)
        json_int(j, "talk_s", t->talk_s);
    else
        json_null(j, "talk_s");
    json_str_or_null(j, "note", t->note);
    json_str_or_null(j, "reason", t->reason);
    if (t->has_amount)
        json_double(j, "amount", (double)t->amount_cents / 100, -1);
    else
        json_null(j, "amount");
    json_str_or_null(j, "currency", t->currency);
    json_str_or_null(j, "with", t->with_whom);
    json_bool(j, "voided", t->voided);
    if (t->corrects != 0)
        json_int(j, "corrects", t->corrects);
    else
        json_null(j, "corrects");
    json_str_or_null(j, "rep", t->rep);
    json_str_or_null(j, "list", t->list);
    json_bool(j, "dialed", t->dialed);
    json_time(j, "answered_at", t->answered_at);
    json_time(j, "ended_at", t->ended_at);
    json_time(j, "completed_at", t->completed_at);
    json_str_or_null(j, "line_result", t->line_result);
    json_str_or_null(j, "line_code", t->line_code);
    json_str_or_null(j, "suggested", t->suggested);
    json_str_or_null(j, "consent", t->consent);
    json_time(j, "consent_at", t->consent_at);
    json_str_or_null(j, "recording", t->recording);
    json_str_or_null(j, "verdict", t->verdict);
    json_str_or_null(j, "receipt", t->receipt);
}

static void phones_json(struct json *j, const struct card *c)
{
    json_array(j, "phones");
    for (size_t i = 0; i < c->phones_count; i++) {
        const struct card_phone *p = &c->phones[i];
        json_object(j, NULL);
        json_str(j, "number", p->e164);
        json_str_or_null(j, "national", p->national);
        json_str_or_null(j, "region", p->region);
        json_str_or_null(j, "type", p->type);
        json_str_or_null(j, "label", p->label);
        json_str_or_null(j, "extension", p->extension);
        json_bool(j, "bad", p->bad);
        json_bool(j, "suppressed", p->suppressed);
        json_end(j);
    }
    json_end(j);
}

static void mails_json(struct json *j, const struct card *c)
{
    json_array(j, "mails");
    for (size_t i = 0; i < c->mails_count; i++) {
        json_object(j, NULL);
        json_str(j, "address", c->mails[i].address);
        json_str_or_null(j, "label", c->mails[i].label);
        json_end(j);
    }
    json_end(j);
}

static void callbacks_json(struct json *j, const struct card *c)
{
    json_array(j, "callbacks");
    for (size_t i = 0; i < c->callbacks_count; i++) {
        const struct card_callback *b = &c->callbacks[i];
        json_object(j, NULL);
        json_int(j, "id", b->id);
        json_text(j, "kind", callback_kind_name(b->kind));
        json_time(j, "due_at", b->due_at);
        json_str_or_null(j, "wall", b->wall);
        json_str_or_null(j, "zone", b->zone);
        json_str_or_null(j, "step", b->step);
        json_str_or_null(j, "with", b->with_whom);
        json_int(j, "tries", b->tries);
        json_end(j);
    }
    json_end(j);
}

static void reversals_json(struct json *j, const struct card *c)
{
    json_array(j, "reversals");
    for (size_t i = 0; i < c->reversals_count; i++) {
        const struct card_reversal *r = &c->reversals[i];
        json_object(j, NULL);
        uid_json(j, "uid", &r->uid);
        json_int(j, "action", r->action_id);
        json_time(j, "at", r->at);
        json_bool(j, "by_correction", r->by_correction);
        json_str_or_null(j, "rep", r->rep);
        json_end(j);
    }
    json_end(j);
}

void card_json(struct json *j, const struct card *c)
{
    json_int(j, "id", c->id);
    json_str_or_null(j, "name", c->name);
    json_str_or_null(j, "company", c->company);
    json_text(j, "state", state_name(c->stored_state));
    json_time(j, "not_before", c->not_before);
    json_int(j, "attempts", c->attempts);
    phones_json(j, c);
    mails_json(j, c);
    json_object(j, "attributes");
    for (size_t i = 0; i < c->attributes_count; i++)
        json_str(j, c->attributes[i].key.len ? c->attributes[i].key.at : "", c->attributes[i].value);
    json_end(j);
    callbacks_json(j, c);
    json_bool(j, "suppressed", c->suppressed);
    json_str_or_null(j, "note", c->note);
    json_array(j, "touches");
    for (size_t i = c->touches_count; i > 0; i--) { /* oldest first */
        json_object(j, NULL);
        touch_json(j, &c->touches[i - 1]);
        json_end(j);
    }
    json_end(j);
    reversals_json(j, c);
    json_time(j, "updated_at", c->updated_at);
    if (c->has_draft)
        json_str(j, "draft", c->draft);
    else
        json_null(j, "draft");
    uid_json(j, "uid", &c->uid);
    json_str_or_null(j, "title", c->title);
    json_str_or_null(j, "country", c->country);
    json_str_or_null(j, "zone", c->zones);
    json_str_or_null(j, "zone_source", c->zone_source);
    json_str_or_null(j, "owner", c->owner);
    json_str_or_null(j, "language", c->language);
    json_str_or_null(j, "source", c->source);
    json_str_or_null(j, "external_id", c->external_id);
    json_array(j, "lists");
    for (size_t i = 0; i < c->members_count; i++) {
        json_object(j, NULL);
        json_str(j, "name", c->members[i].list);
        json_text(j, "state", state_name(c->members[i].state));
        json_time(j, "not_before", c->members[i].not_before);
        json_int(j, "attempts", c->members[i].attempts);
        json_end(j);
    }
    json_end(j);
}

/* ---- the page ---- */

static void field(struct session *s, const char *label, struct str value)
{
    if (value.len == 0)
        return;
    out_cell(s, str_of(label), 12);
    out_cell(s, value, 0);
    buf_add_char(&s->out, '\n');
}

static void page_touch(struct session *s, const struct card_touch *t)
{
    buf_printf(&s->out, "  #%-6lld ", (long long)t->id);
    out_time(s, t->started_at, s->zone);
    buf_add_text(&s->out, "  ");
    out_printable(s, t->outcome != NULL ? str_of(t->outcome->label) : t->completed_at == AT_NONE ? STR("no outcome yet")
                         : t->line_result.len != 0 ? t->line_result : t->channel);
    if (str_is(t->direction, "in"))
        buf_add_text(&s->out, ", they called");
    if (t->talk_s >= 0)
        buf_printf(&s->out, ", %lld:%02lld", (long long)(t->talk_s / 60), (long long)(t->talk_s % 60));
    if (t->outcome != NULL && t->line_code.len != 0) {
        buf_add_text(&s->out, ", the line: ");
        out_printable(s, t->line_result);
        buf_add_char(&s->out, ' ');
        out_printable(s, t->line_code);
    }
    if (t->has_amount) {
        buf_add_text(&s->out, ", ");
        session_cents(&s->out, t->amount_cents);
        if (t->currency.len != 0)
            buf_add_char(&s->out, ' ');
        out_printable(s, t->currency);
    }
    const struct str more[] = {t->with_whom, t->reason, t->note};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (more[i].len != 0) {
            buf_add_text(&s->out, i == 2 ? ": " : ", ");
            out_printable(s, more[i]);
        }
    if (t->voided)
        buf_add_text(&s->out, " (taken back)");
    if (t->verdict.len != 0) {
        buf_add_text(&s->out, " (marked: ");
        out_printable(s, t->verdict);
        buf_add_char(&s->out, ')');
    }
    buf_add_char(&s->out, '\n');
    if (t->consent.len != 0) {
        buf_add_text(&s->out, "          recording: ");
        out_printable(s, str_is(t->consent, "yes") ? STR("they agreed") : str_is(t->consent, "no") ? STR("they did not agree")
                                                                                                    : STR("taken back and deleted"));
        buf_add_text(&s->out, ", ");
        out_time(s, t->consent_at, s->zone);
        if (t->recording.len != 0) {
            buf_add_text(&s->out, ", ");
            out_printable(s, t->recording);
            buf_add_text(&s->out, "-us.wav and -them.wav");
        }
        buf_add_char(&s->out, '\n');
    }
    if (t->receipt.len != 0) {
        buf_add_text(&s->out, "          receipt ");
        out_printable(s, t->receipt);
        buf_add_char(&s->out, '\n');
    }
    out_some(s);
}

static void page_promise(struct session *s, const struct card_callback *b)
{
    buf_printf(&s->out, "  %s ", callback_kind_name(b->kind));
    out_time(s, b->due_at, s->zone);
    buf_add_text(&s->out, " (");
    out_printable(s, b->wall);
    buf_add_char(&s->out, ' ');
    out_printable(s, b->zone);
    buf_add_char(&s->out, ')');
    const struct str more[] = {b->step, b->with_whom};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (more[i].len != 0) {
            buf_add_text(&s->out, ", ");
            out_printable(s, more[i]);
        }
    buf_add_char(&s->out, '\n');
}

static void page(struct session *s, const struct card *c)
{
    out_cell(s, c->name, 0);
    if (c->title.len != 0 || c->company.len != 0) {
        buf_add_text(&s->out, "  ");
        out_printable(s, c->title);
        buf_add_text(&s->out, c->title.len && c->company.len ? ", " : "");
        out_printable(s, c->company);
    }
    buf_printf(&s->out, "  (%lld)\n", (long long)c->id);
    out_cell(s, STR("state"), 12);
    buf_printf(&s->out, "%s, %d tries", state_name(c->stored_state), c->attempts);
    if (c->not_before != AT_NONE) {
        buf_add_text(&s->out, ", not before ");
        out_time(s, c->not_before, s->zone);
    }
    buf_add_text(&s->out, c->suppressed ? ", must not be called\n" : "\n");
    for (size_t i = 0; i < c->phones_count; i++) {
        const struct card_phone *p = &c->phones[i];
        char label[32];
        snprintf(label, sizeof label, "number %zu", i + 1);
        out_cell(s, str_of(label), 12);
        out_cell(s, p->e164, 0);
        const struct str more[] = {p->label, p->type, p->extension.len ? STR("ext.") : STR(""), p->extension,
                                   p->bad ? STR("(bad)") : STR(""), p->suppressed ? STR("(must not be called)") : STR("")};
        for (size_t k = 0; k < sizeof more / sizeof more[0]; k++)
            if (more[k].len != 0) {
                buf_add_char(&s->out, ' ');
                out_printable(s, more[k]);
            }
        buf_add_char(&s->out, '\n');
    }
    for (size_t i = 0; i < c->mails_count; i++)
        field(s, i == 0 ? "mail" : "", c->mails[i].address);
    struct buf zone;
    buf_init(&zone);
    buf_add_str(&zone, c->zones);
    if (c->zones.len != 0)
        buf_printf(&zone, " (from the %.*s)", STR_ARG(c->zone_source));
    field(s, "zone", buf_str(&zone));
    buf_done(&zone);
    field(s, "country", c->country);
    field(s, "language", c->language);
    field(s, "owner", c->owner);
    field(s, "source", c->source);
    field(s, "record id", c->external_id);
    field(s, "from", c->imported_from);
    for (size_t i = 0; i < c->members_count; i++)
        field(s, i == 0 ? "lists" : "", c->members[i].list);
    for (size_t i = 0; i < c->attributes_count; i++) {
        out_cell(s, c->attributes[i].key, 0);
        buf_add_text(&s->out, ": ");
        out_printable(s, c->attributes[i].value);
        buf_add_char(&s->out, '\n');
    }
    if (c->has_draft)
        field(s, "draft", c->draft);
    if (c->callbacks_count != 0)
        buf_add_text(&s->out, "\npromised\n");
    for (size_t i = 0; i < c->callbacks_count; i++)
        page_promise(s, &c->callbacks[i]);
    if (c->touches_count != 0)
        buf_add_text(&s->out, "\nhistory, newest first\n");
    for (size_t i = 0; i < c->touches_count; i++)
        page_touch(s, &c->touches[i]);
}

/* Every factor of the score now, for whoever wants to know why this one is next. */
static void page_factors(struct session *s, const struct score_explained *e)
{
    if (!e->learned)
        return;
    buf_add_text(&s->out, "\nwhy now\n");
    out_line(s, "learned from %.0f calls, %.0f talks, %.0f sales%s", e->dials, e->talks, e->sales,
             e->speaks ? "" : ": too few to be listened to, the order is by tries");
    for (int i = 0; e->speaks && i < FACTOR_COUNT_; i++) {
        char number[32];
        snprintf(number, sizeof number, "%.6g", e->factors.value[i]);
        out_cell(s, str_of(learn_factor_label((enum learn_factor)i)), 24);
        out_cell(s, str_of(number), 12);
        out_cell(s, e->words[i], 0);
        buf_add_char(&s->out, '\n');
    }
    if (e->speaks)
        out_line(s, "together                  %.6g sales a minute", e->score);
}

bool run_SHOW(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t id, list;
    struct card card;
    if (!argument_id(s, 0, "prospect", &id, err) || !option_list(s, &list, err) ||
        /* no hour, as in export: a person's word on the zone counts until it is taken back */
        !card_load(s->store, id, list, AT_MIN, 0, &s->arena, &card, err))
        return false;
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        card_json(&j, &card);
        json_close(&j);
    } else {
        struct score_explained explained;
        if (!score_explain(s->store, id, list, s->now, &s->arena, &explained, err))
            return false;
        page(s, &card);
        page_factors(s, &explained);
    }
    return true;
}
