/* SPDX-License-Identifier: MIT */
/*
 * Everything out: as CSV under headers that import reads again, or as JSON Lines with the keys of `show`.
 *
 * CSV cells that a spreadsheet would run get an apostrophe, which import takes off; bidi controls become a mark there (a
 * cell is shown by programs that obey them), and stay whole in JSON, where they are escaped.
 */
#include "session.h"

#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/csv.h"
#include "calldeck/utf8.h"

struct exporting {
    struct session *s;
    struct buf cell;
    size_t phones, mails;       /* columns that the widest prospect needs */
    char **keys;
    size_t keys_count, keys_room;
    bool first;                 /* of the line */
};

static void cell(struct exporting *e, struct str text)
{
    buf_clear(&e->cell);
    while (text.len != 0) {
        uint32_t code;
        size_t len = utf8_decode(text, &code);
        char encoded[4];
        if (code_is_bidi_control(code))
            code = 0xfffd;
        if ((code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0)) || code == '\n' || code == '\t')
            buf_add(&e->cell, encoded, utf8_encode(code, encoded));
        text = str_skip(text, len);
    }
    csv_write_defused(&e->s->out, buf_str(&e->cell), e->first);
    e->first = false;
}

static void cell_text(struct exporting *e, const char *text)
{
    cell(e, str_of(text));
}

static void cell_int(struct exporting *e, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    cell_text(e, text);
}

static void cell_at(struct exporting *e, int64_t at)
{
    char text[ISO_SIZE] = "";
    if (at != AT_NONE)
        iso_format(at, text);
    cell_text(e, text);
}

static void cell_numbered(struct exporting *e, const char *format, size_t number)
{
    char text[32];
    snprintf(text, sizeof text, "%s %zu", format, number);
    size_t len = strlen(text);
    cell(e, str_make(text, len));
}

static bool line_ends(struct exporting *e)
{
    csv_write_end(&e->s->out);
    e->first = true;
    out_some(e->s);
    return !out_dead(e->s);
}

/* ---- people ---- */

static bool measure(const struct card *card, void *user)
{
    struct exporting *e = user;
    e->phones = card->phones_count > e->phones ? card->phones_count : e->phones;
    e->mails = card->mails_count > e->mails ? card->mails_count : e->mails;
    size_t guess = 0; /* the columns of one file come in one order */
    for (size_t i = 0; i < card->attributes_count; i++) {
        struct str key = card->attributes[i].key;
        size_t at = guess < e->keys_count && str_is(key, e->keys[guess]) ? guess : 0;
        while (at < e->keys_count && !str_is(key, e->keys[at]))
            at++;
        if (at == e->keys_count) {
            if (e->keys_count == e->keys_room) {
                e->keys_room = e->keys_room ? e->keys_room * 2 : 32;
                e->keys = alloc_resize(e->keys, e->keys_room, sizeof *e->keys);
            }
            e->keys[e->keys_count++] = alloc_copy(key.at, key.len);
        }
        guess = at + 1;
    }
    return true;
}

static void people_header(struct exporting *e)
{
    static const char *const front[] = {"Record ID", "Name", "Job Title", "Company"};
    static const char *const middle[] = {"Country", "State", "City", "Time Zone", "Language", "Owner", "Source", "Do Not Call", "Note"};
    static const char *const ours[] = {"calldeck id", "calldeck state", "calldeck not before", "calldeck attempts", "calldeck updated"};
    for (size_t i = 0; i < sizeof front / sizeof front[0]; i++)
        cell_text(e, front[i]);
    for (size_t i = 1; i <= e->phones; i++) {
        char label[32];
        cell_numbered(e, "Phone", i);
        snprintf(label, sizeof label, "Phone %zu Label", i);
        cell_text(e, label);
    }
    for (size_t i = 1; i <= e->mails; i++)
        cell_numbered(e, "Email", i);
    for (size_t i = 0; i < sizeof middle / sizeof middle[0]; i++)
        cell_text(e, middle[i]);
    for (size_t i = 0; i < e->keys_count; i++)
        cell_text(e, e->keys[i]);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        cell_text(e, ours[i]);
    line_ends(e);
}

static bool person_csv(const struct card *card, void *user)
{
    struct exporting *e = user;
    bool one_zone = card->zones.len != 0 && str_find(card->zones, ',') == card->zones.len;
    const struct str front[] = {card->external_id, card->name, card->title, card->company};
    const struct str middle[] = {card->country, card->state,  card->city,   one_zone ? card->zones : STR(""), card->language,
                                 card->owner,   card->source, card->suppressed ? STR("yes") : STR(""),        card->note};
    for (size_t i = 0; i < sizeof front / sizeof front[0]; i++)
        cell(e, front[i]);
    for (size_t i = 0; i < e->phones; i++) {
        struct buf number;
        buf_init(&number);
        if (i < card->phones_count) {
            buf_add_str(&number, card->phones[i].e164);
            if (card->phones[i].extension.len != 0)
                buf_printf(&number, " x%.*s", STR_ARG(card->phones[i].extension));
        }
        cell(e, buf_str(&number));
        cell(e, i < card->phones_count ? card->phones[i].label : STR(""));
        buf_done(&number);
    }
    for (size_t i = 0; i < e->mails; i++)
        cell(e, i < card->mails_count ? card->mails[i].address : STR(""));
    for (size_t i = 0; i < sizeof middle / sizeof middle[0]; i++)
        cell(e, middle[i]);
    for (size_t i = 0; i < e->keys_count; i++) {
        struct str value = STR("");
        for (size_t k = 0; k < card->attributes_count; k++)
            if (str_is(card->attributes[k].key, e->keys[i]))
                value = card->attributes[k].value;
        cell(e, value);
    }
    cell_int(e, card->id);
    cell_text(e, state_name(card->stored_state));
    cell_at(e, card->not_before);
    cell_int(e, card->attempts);
    cell_at(e, card->updated_at);
    return line_ends(e);
}

static bool person_json(const struct card *card, void *user)
{
    struct exporting *e = user;
    struct json j;
    json_open(&j, &e->s->out);
    card_json(&j, card);
    json_close(&j);
    out_some(e->s);
    return !out_dead(e->s);
}

/* ---- touches ---- */

static void touches_header(struct exporting *e)
{
    static const char *const names[] = {"Touch", "Record ID", "Name",   "Company", "Email",  "At",       "Channel", "Direction",
                                        "Number", "Outcome",  "Talk Seconds", "Note", "Reason", "Amount", "Currency", "With",
                                        "Taken Back", "Corrects", "Rep", "List", "Verdict", "calldeck id"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cell_text(e, names[i]);
    line_ends(e);
}

static bool touch_csv(const struct export_touch *row, void *user)
{
    struct exporting *e = user;
    const struct card_touch *t = row->touch;
    struct buf amount;
    buf_init(&amount);
    if (t->has_amount)
        session_cents(&amount, t->amount_cents);
    cell_int(e, t->id);
    cell(e, row->external_id);
    cell(e, row->name);
    cell(e, row->company);
    cell(e, row->mail);
    cell_at(e, t->started_at);
    cell(e, t->channel);
    cell(e, t->direction);
    cell(e, t->number);
    cell_text(e, t->outcome != NULL ? t->outcome->code : "");
    if (t->talk_s >= 0)
        cell_int(e, t->talk_s);
    else
        cell_text(e, "");
    cell(e, t->note);
    cell(e, t->reason);
    cell(e, buf_str(&amount));
    cell(e, t->currency);
    cell(e, t->with_whom);
    cell_text(e, t->voided ? "yes" : "");
    if (t->corrects != 0)
        cell_int(e, t->corrects);
    else
        cell_text(e, "");
    cell(e, t->rep);
    cell(e, t->list);
    cell(e, t->verdict);
    cell_int(e, row->prospect_id);
    buf_done(&amount);
    return line_ends(e);
}

static bool touch_line(const struct export_touch *row, void *user)
{
    struct exporting *e = user;
    struct json j;
    json_open(&j, &e->s->out);
    json_int(&j, "prospect", row->prospect_id);
    json_str_or_null(&j, "external_id", row->external_id);
    json_str_or_null(&j, "name", row->name);
    json_str_or_null(&j, "company", row->company);
    json_str_or_null(&j, "mail", row->mail);
    touch_json(&j, row->touch);
    json_close(&j);
    out_some(e->s);
    return !out_dead(e->s);
}

bool run_EXPORT(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    struct str format = option_given(s, OPTION_FORMAT) ? option_str(s, OPTION_FORMAT) : STR("csv");
    bool csv = str_is(format, "csv");
    int64_t list, since = AT_MIN;
    if (!csv && !str_is(format, "jsonl"))
        return error_set(err, ERR_USAGE, "\"%.*s\" is not a format: csv or jsonl", STR_ARG(format));
    if (option_given(s, OPTION_SINCE) && !option_given(s, OPTION_TOUCHES))
        return error_set(err, ERR_USAGE, "--since picks touches: add --touches");
    if (!option_list(s, &list, err) || !option_since(s, &since, err))
        return false;
    struct exporting e = {.s = s, .first = true};
    buf_init(&e.cell);
    bool ok;
    if (option_given(s, OPTION_TOUCHES)) {
        if (csv)
            touches_header(&e);
        ok = export_touches(s->store, list, since, csv ? touch_csv : touch_line, &e, err);
    } else if (csv) {
        /* one state of the file for both passes */
        ok = store_begin_read(s->store, err);
        if (ok) {
            ok = export_cards(s->store, list, measure, &e, err);
            if (ok)
                people_header(&e);
            ok = ok && export_cards(s->store, list, person_csv, &e, err);
            store_end_read(s->store);
        }
    } else {
        ok = export_cards(s->store, list, person_json, &e, err);
    }
    for (size_t i = 0; i < e.keys_count; i++)
        free(e.keys[i]);
    free(e.keys);
    buf_done(&e.cell);
    return ok;
}
