/* SPDX-License-Identifier: MIT */
/*
 * What the gate looked at when a call was placed, as JSON beside the touch: whoever asks later why somebody was called at that
 * hour finds the clocks, the rows of the law and their sources, the counts, the registries and the consent of that moment.
 */
#include "touch.h"

#include <stdio.h>

#include "calldeck/json.h"

static void day_json(struct json *j, const char *key, int32_t day)
{
    struct civil c = civil_of_seconds(day * (int64_t)DAY_S);
    char text[16];
    snprintf(text, sizeof text, "%04d-%02d-%02d", c.year % 10000, c.month, c.day);
    json_text(j, key, text);
}

static void zones_json(struct json *j, const struct place *place, int64_t now)
{
    json_array(j, "zones");
    for (int i = 0; i < place->zone_count; i++) {
        char local[ISO_SIZE];
        iso_format_offset(now, zone_offset(place->zones[i], now, NULL), local);
        json_object(j, NULL);
        json_text(j, "zone", zone_name(place->zones[i]));
        json_text(j, "local_time", local);
        json_end(j);
    }
    json_end(j);
}

static void laws_json(struct json *j, const struct policy *p, const struct place *place, int64_t now)
{
    struct day_law days[PLACE_LAWS];
    struct buf text;
    buf_init(&text);
    int count = law_for(p, place, place->zone_count > 0 ? place->zones[0] : NULL, now, days);
    json_array(j, "windows");
    for (int i = 0; i < count; i++) {
        buf_clear(&text);
        law_day_text(&days[i], false, &text);
        const struct law_row *row = days[i].dated != NULL ? days[i].dated : days[i].day.row;
        json_object(j, NULL);
        json_str(j, "row", buf_str(&text));
        json_str_or_null(j, "source", row != NULL ? row->source : STR(""));
        json_str_or_null(j, "checked_on", row != NULL ? row->checked_on : STR(""));
        json_bool(j, "verified", days[i].day.verified);
        json_bool(j, "holiday", days[i].holiday);
        json_end(j);
    }
    json_end(j);
    buf_done(&text);
}

static bool counts_json(struct store *s, struct json *j, int64_t prospect_id, int64_t phone_id, int64_t now, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_RECEIPT_COUNTS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":phone", phone_id);
    stmt_int(&q, ":day", now - law_span_s[0]);
    stmt_int(&q, ":week", now - law_span_s[1]);
    stmt_int(&q, ":month", now - law_span_s[2]);
    stmt_int(&q, ":now", now);
    static const char *const names[] = {"person_24h", "person_7d", "person_30d", "number_24h", "number_7d", "number_30d"};
    json_object(j, "placed_before");
    if (stmt_row(&q, err))
        for (int i = 0; i < 6; i++)
            json_int(j, names[i], stmt_column_int(&q, i));
    json_end(j);
    return stmt_close(&q);
}

bool call_caller(struct store *s, int64_t list_id, int64_t phone_id, char ret[CALLER_SIZE], struct error *err)
{
    struct stmt q;
    ret[0] = '\0';
    if (!policies_know(s, err) || !stmt_open(s, STMT_PHONE_REGION, &q, err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    struct str country = stmt_row(&q, err) ? stmt_column_str(&q, 0) : STR("");
    policy_caller(policy_of(s, list_id), country, ret);
    return stmt_close(&q);
}

bool receipt_make(struct store *s, const struct touch_row *t, struct arena *a, struct str *ret, struct error *err)
{
    struct gate_input in = {.legal_until = AT_NONE};
    if (!policies_know(s, err) || !prospect_law(s, t->prospect_id, t->phone_id, t->list_id, t->started_at, &in, err))
        return false;
    const struct policy *p = policy_of(s, t->list_id);
    struct buf out;
    struct json j;
    buf_init(&out);
    json_open(&j, &out);
    json_time(&j, "at", t->started_at);
    json_str_or_null(&j, "number", t->number);
    zones_json(&j, &in.place, t->started_at);
    json_text(&j, "law_windows", p->windows ? "on" : "off");
    laws_json(&j, p, &in.place, t->started_at);
    json_bool(&j, "inside_law", law_open(p, &in.place, t->started_at));
    json_bool(&j, "inside_list_hours", window_open(p, &in.place, t->started_at, NULL, NULL));
    json_text(&j, "audience", place_consumer(p, &in.place) ? "consumer" : "business");
    json_text(&j, "basis", in.place.basis == BASIS_CONSENT ? "consent" : in.place.basis == BASIS_RELATED ? "relationship" : NULL);
    bool ok = counts_json(s, &j, t->prospect_id, t->phone_id, t->started_at, err);
    json_time(&j, "legal_rest_until", in.legal_until);
    json_array(&j, "registries");
    for (int i = 0; i < p->registries_count; i++) {
        json_object(&j, NULL);
        json_str_or_null(&j, "country", str_of(p->registries[i].country));
        day_json(&j, "as_of", p->registries[i].as_of_day);
        json_end(&j);
    }
    json_end(&j);
    json_str_or_null(&j, "override", t->verdict);
    char caller[CALLER_SIZE];
    ok = ok && call_caller(s, t->list_id, t->phone_id, caller, err);
    json_str_or_null(&j, "caller_id", ok ? str_of(caller) : STR(""));
    json_str_or_null(&j, "product", str_of(p->product));
    json_close(&j);
    *ret = arena_str(a, str_trim(buf_str(&out)));
    buf_done(&out);
    return ok;
}
