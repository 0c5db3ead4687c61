/* SPDX-License-Identifier: MIT */
/* The verbs that are no command of the table: add, next, set and archive. */
#include "api.h"

#include <string.h>

/* ---- add ---- */

enum { CELLS = 512, REPEATS = 16 };

struct cells {
    struct str keys[CELLS], values[CELLS];
    size_t count;
    struct str maps[16];
    size_t maps_count;
};

/* What a line's own keys mean, whatever headers of that name mean elsewhere. */
static const struct {
    const char *key, *field;
} fixed[] = {{"ref", "external-id"}, {"name", "name"},       {"phone", "phone"},           {"mail", "mail"},
             {"zone", "zone"},       {"company", "company"}, {"created_at", "created-at"}, {"do_not_call", "do-not-call"},
             {"note", "note"},       {"source", "source"}};

static bool put_cell(struct api *api, struct cells *c, const struct json_value *v, struct str key, bool own, struct error *err)
{
    struct str value = v->text;
    if (v->kind == JSON_BOOL)
        value = v->truth ? STR("true") : STR("false");
    else if (v->kind == JSON_NULL)
        value = STR("");
    else if (v->kind != JSON_STRING && v->kind != JSON_NUMBER)
        return error_set(err, ERR_USAGE, "\"%.60s\" is %s, expected a string", key.at, json_kind_name(v->kind));
    if (c->count == CELLS)
        return error_set(err, ERR_USAGE, "more than %d values for one prospect", CELLS);
    for (size_t i = 0; own && i < sizeof fixed / sizeof fixed[0]; i++)
        if (str_is(key, fixed[i].key) && c->maps_count < sizeof c->maps / sizeof c->maps[0])
            c->maps[c->maps_count++] = arena_printf(&api->s->arena, "%zu=%s", c->count + 1, fixed[i].field);
    c->keys[c->count] = key;
    c->values[c->count++] = value;
    return true;
}

/* ["+1...", "+49..."] are the columns "phone" and "phone 2". */
static bool put_member(struct api *api, struct cells *c, const struct json_value *v, bool own, struct error *err)
{
    if (v->kind != JSON_ARRAY)
        return put_cell(api, c, v, v->key, own, err);
    if (v->count > REPEATS)
        return error_set(err, ERR_USAGE, "\"%.60s\" has more than %d values", v->key.at, REPEATS);
    for (size_t i = 0; i < v->count; i++) {
        struct str key = i == 0 ? v->key : arena_printf(&api->s->arena, "%s %zu", v->key.at, i + 1);
        if (!put_cell(api, c, &v->items[i], key, own && i == 0, err))
            return false;
    }
    return true;
}

bool api_add(struct api *api, const struct json_value *line, struct json *j, struct error *err)
{
    struct session *s = api->s;
    struct cells *c = ARENA_NEW(&s->arena, struct cells);
    struct str list, created;
    int64_t now = s->now, created_at;
    if (!api_text(api, line, "list", &list, err) || !api_text(api, line, "created_at", &created, err))
        return false;
    for (size_t i = 0; i < line->count; i++) {
        const struct json_value *v = &line->items[i];
        if (str_is(v->key, "cmd") || str_is(v->key, "at") || str_is(v->key, "list"))
            continue;
        if (!str_is(v->key, "attributes")) {
            if (!put_member(api, c, v, true, err))
                return false;
            continue;
        }
        if (v->kind != JSON_OBJECT && v->kind != JSON_NULL)
            return error_set(err, ERR_USAGE, "\"attributes\" is %s, expected an object", json_kind_name(v->kind));
        for (size_t k = 0; k < v->count; k++)
            if (!put_member(api, c, &v->items[k], false, err))
                return false;
    }
    if (c->count == 0)
        return error_set(err, ERR_USAGE, "nothing is said of the prospect: name, phone, zone, created_at, attributes");
    /* a market that is played before its clock was named: nobody is newer than now */
    if (api->seen_at == AT_NONE && iso_parse(created, &created_at) && created_at > now)
        now = created_at;
    struct import_fed fed;
    if (!import_feed_row(api->feed, list.len ? list.at : NULL, c->keys, c->values, c->count, c->maps, c->maps_count, now, &fed, err))
        return false;
    json_int(j, "id", fed.id);
    json_bool(j, "added", fed.added);
    if (fed.phones_rejected != 0)
        json_int(j, "phones_rejected", (int64_t)fed.phones_rejected);
    return true;
}

/* ---- next ---- */

/* No cold dial starts so shortly before a promise that it would be kept late: when that may be kept. */
static bool guarded_until(struct session *s, int64_t list, int64_t *ret_at, struct error *err)
{
    struct callback_row near;
    *ret_at = AT_NONE;
    if (!callback_near(s->store, list, 0, s->now, &s->arena, &near, err))
        return false;
    if (near.id != 0)
        *ret_at = near.due_at - MINUTE_S + 1 > s->now ? near.due_at - MINUTE_S + 1 : near.due_at;
    return true;
}

/* The queue gives a promise from a minute before its time. Programs that keep finer time than seconds round both to one, so
 * a whole minute is still too early for one of them: when it is less. AT_NONE: it is. */
static bool too_early(struct session *s, int64_t prospect_id, int64_t *ret_at, struct error *err)
{
    enum { MOST = 256 };
    const struct callback_row *rows;
    size_t count;
    *ret_at = AT_NONE;
    if (!callbacks_until(s->store, s->now + MINUTE_S + 1, MOST, &s->arena, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) /* by due time: their first one decides */
        if (rows[i].prospect_id == prospect_id && rows[i].kind != PROMISE_MEETING) {
            if (rows[i].due_at >= s->now + MINUTE_S)
                *ret_at = rows[i].due_at - MINUTE_S + 1;
            break;
        }
    return true;
}

/* A day that opens this very second is still closed for a program that keeps finer time and rounded it up: was the prospect
 * callable a second ago? */
static bool just_opened(struct session *s, int64_t prospect_id, int64_t list, bool *ret, struct error *err)
{
    struct verdict verdict;
    struct place place;
    if (!prospect_verdict(s->store, prospect_id, list, 0, s->now - 1, &verdict, &place, err))
        return false;
    *ret = !verdict.yes && verdict.why == STATE_CLOSED_HOURS;
    return true;
}

static bool nobody(struct session *s, int64_t list, int64_t guard_at, struct json *j, struct error *err)
{
    int64_t next = guard_at;
    if (guard_at == AT_NONE) {
        struct queue_count count;
        if (!queue_count(s->store, list, s->now, true, &count, err))
            return false;
        for (int i = 0; i < STATE_COUNT_; i++)
            if (count.next_at[i] != AT_NONE && count.next_at[i] > s->now && (next == AT_NONE || count.next_at[i] < next))
                next = count.next_at[i];
    }
    json_null(j, "id");
    json_time(j, "next_at", next);
    return true;
}

bool api_next(struct api *api, const struct json_value *line, struct json *j, struct error *err)
{
    static const struct json_value nothing = {.kind = JSON_OBJECT};
    static const char *const no_arguments[] = {NULL};
    enum { RACES = 8 };
    struct session *s = api->s;
    struct str list_name;
    bool claim;
    int64_t list = 0, guard_at = AT_NONE;
    if (!api_only(line, "list claim", err) || !api_text(api, line, "list", &list_name, err) ||
        !api_flag(line, "claim", &claim, err))
        return false;
    if (list_name.len == 0 && api->list != NULL)
        list_name = str_of(api->list);
    /* the list that adds go to is there with the first of them */
    if (list_name.len != 0 && !list_find(s->store, list_name, &list, err))
        return false;
    struct json_value words = nothing, members[2];
    members[0] = (struct json_value){.kind = JSON_STRING, .key = STR("limit"), .text = STR("1")};
    members[1] = (struct json_value){.kind = JSON_STRING, .key = STR("list"), .text = list_name};
    words.items = members;
    words.count = list_name.len ? 2 : 1;
    for (int i = 0; i < RACES; i++) {
        struct json_value row;
        struct error why = {0};
        buf_clear(&s->out);
        if (!api_command(api, COMMAND_QUEUE, &words, no_arguments, err))
            return false;
        if (s->out.len == 0)
            return nobody(s, list, AT_NONE, j, err);
        if (!json_read(buf_str(&s->out), &s->arena, &row, err))
            return false;
        const struct json_value *id = json_get(&row, "id"), *state = json_get(&row, "state");
        if (id == NULL || state == NULL || !id->is_whole)
            return error_set(err, ERR_DATA, "the queue's row has no id");
        if (str_is(state->text, state_name(STATE_CALLBACK)) ? !too_early(s, id->whole, &guard_at, err)
                                                            : !guarded_until(s, list, &guard_at, err))
            return false;
        if (guard_at != AT_NONE)
            return nobody(s, list, guard_at, j, err);
        bool opened = false;
        if (str_is(state->text, state_name(STATE_READY)) && !just_opened(s, id->whole, list, &opened, err))
            return false;
        if (opened) {
            buf_clear(&s->out);
            s->now--;
            bool ok = api_command(api, COMMAND_QUEUE, &words, no_arguments, err);
            s->now++;
            if (!ok)
                return false;
            if (s->out.len == 0)
                return nobody(s, list, s->now + 1, j, err);
            if (!json_read(buf_str(&s->out), &s->arena, &row, err))
                return false;
            id = json_get(&row, "id");
        }
        if (!claim || claim_take(s->store, id->whole, s->now, s->now + 15 * MINUTE_S, &why)) {
            api_splice(j, buf_str(&s->out));
            return true;
        }
        if (why.code != ERR_REFUSED) /* another window was faster: the next one, then */
            return error_set(err, why.code, "%s", why.text);
    }
    return error_set(err, ERR_LOCKED, "others take every prospect first; try again");
}

/* ---- set ---- */

static bool take_setting(struct api *api, struct str rest, struct error *err)
{
    struct session *s = api->s;
    struct str name;
    enum setting which;
    if (!str_word(&rest, &name))
        return error_set(err, ERR_USAGE, "expected: set NAME VALUE");
    if (!setting_set(s->settings, name, rest, SETTING_FROM_SESSION, &which, err))
        return false;
    if (which == SETTING_REP && str_trim(rest).len != 0)
        store_set_rep(s->store, setting_text(s->settings, which));
    settings_policy(s->settings, &s->policy);
    return setting_reaction(which) != SETTING_REACT_POLICY || store_policy_base(s->store, &s->policy, s->now, err);
}

/* "policy LIST KEY VALUE": the list is made if it is not there, so that its rules can come before its people. */
static bool take_policy(struct api *api, struct str rest, struct error *err)
{
    struct session *s = api->s;
    struct str list, key;
    int64_t list_id;
    if (!str_word(&rest, &list) || !str_word(&rest, &key))
        return error_set(err, ERR_USAGE, "expected: policy LIST KEY VALUE");
    return list_make(s->store, list, s->now, &list_id, err) &&
           list_policy_set(s->store, list_id, key, str_trim(rest), s->now, err);
}

bool api_set(struct api *api, const struct json_value *line, struct json *j, struct error *err)
{
    struct str rest, verb;
    (void)j;
    if (!api_only(line, "line", err) || !api_text(api, line, "line", &rest, err))
        return false;
    if (!str_word(&rest, &verb) || verb.at[0] == '#')
        return true;
    if (str_is(verb, "set"))
        return take_setting(api, rest, err);
    if (str_is(verb, "policy"))
        return take_policy(api, rest, err);
    return error_set(err, ERR_USAGE, "expected \"set NAME VALUE\" or \"policy LIST KEY VALUE\"");
}

/* ---- archive ---- */

bool api_archive(struct api *api, const struct json_value *line, struct json *j, struct error *err)
{
    struct session *s = api->s;
    const struct json_value *id = json_get(line, "id");
    int64_t count = 1;
    if (!api_only(line, "id", err))
        return false;
    if (id != NULL && (id->kind != JSON_NUMBER || !id->is_whole))
        return error_set(err, ERR_USAGE, "\"id\" is %s, expected the number of a prospect", json_kind_name(id->kind));
    if (id != NULL ? !prospect_archive(s->store, id->whole, true, s->now, err) : !prospects_archive(s->store, s->now, &count, err))
        return false;
    json_int(j, "archived", count);
    return true;
}
