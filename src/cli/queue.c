/* SPDX-License-Identifier: MIT */
/* Who may be called now, who may not and why, and the lists that say so. */
#include "session.h"

#include <stdio.h>
#include <string.h>

/* {"base":0.085,...,"score":0.0121}, to the last bit; null where nothing was learned. */
static void factors_json(struct json *j, const struct learn_factors *f)
{
    if (f == NULL) {
        json_null(j, "factors");
        return;
    }
    json_object(j, "factors");
    for (int i = 0; i < FACTOR_COUNT_; i++)
        json_double(j, learn_factor_name((enum learn_factor)i), f->value[i], -1);
    json_double(j, "score", learn_product(f), -1);
    json_end(j);
}

static void queue_json(struct session *s, const struct queue_row *row, struct str reason)
{
    char local[ISO_SIZE] = "";
    if (row->place.zone_count > 0)
        iso_format_offset(s->now, zone_offset(row->place.zones[0], s->now, NULL), local);
    struct json j;
    json_open(&j, &s->out);
    json_int(&j, "id", row->prospect_id);
    json_str_or_null(&j, "name", row->name);
    json_str_or_null(&j, "company", row->company);
    json_str_or_null(&j, "phone", row->phone);
    json_str_or_null(&j, "zone", row->zones);
    json_str_or_null(&j, "local_time", str_of(local));
    json_text(&j, "state", state_name(row->state));
    json_str_or_null(&j, "reason", reason);
    json_int(&j, "attempts", row->attempts);
    factors_json(&j, row->learned ? &row->factors : NULL);
    json_close(&j);
}

static void queue_line(struct session *s, const struct queue_row *row, struct str reason)
{
    char id[24], local[16] = "";
    snprintf(id, sizeof id, "%lld", (long long)row->prospect_id);
    if (row->place.zone_count > 0) {
        struct civil c = zone_civil(row->place.zones[0], s->now);
        snprintf(local, sizeof local, "%02d:%02d", c.hour, c.minute);
    }
    out_cell(s, str_of(id), 7);
    out_cell(s, row->name, 24);
    out_cell(s, row->company, 22);
    out_cell(s, row->phone, 16);
    out_cell(s, str_of(local), 5);
    out_cell(s, reason, 0);
    buf_add_char(&s->out, '\n');
}

static bool blocked(struct session *s, int64_t list, struct error *err)
{
    struct queue_count count;
    if (!queue_count(s->store, list, s->now, true, &count, err))
        return false;
    bool none = true;
    for (int i = 0; i < STATE_COUNT_; i++) {
        enum prospect_state state = (enum prospect_state)i;
        int64_t waiting = count.by_state[i] - (state == STATE_CALLBACK ? count.callbacks_due : 0);
        if (state == STATE_READY || waiting <= 0)
            continue;
        none = false;
        if (option_given(s, OPTION_JSON)) {
            struct json j;
            json_open(&j, &s->out);
            json_text(&j, "reason", state_name(state));
            json_int(&j, "count", waiting);
            json_time(&j, "next_at", count.next_at[i]);
            if (state == STATE_NO_CONSENT) {
                json_object(&j, "causes");
                for (int c = CAUSE_STATE + 1; c < CAUSE_COUNT_; c++)
                    if (count.by_cause[c] > 0)
                        json_int(&j, cause_name((enum cause)c), count.by_cause[c]);
                json_end(&j);
            }
            json_close(&j);
        } else {
            char number[24];
            snprintf(number, sizeof number, "%lld", (long long)waiting);
            out_cell(s, str_of(state_name(state)), 12);
            out_cell(s, str_of(number), 7);
            out_cell(s, str_of(state_explanation(state)), count.next_at[i] == AT_NONE ? 0 : 48);
            if (count.next_at[i] != AT_NONE) {
                buf_add_text(&s->out, "next ");
                out_time(s, count.next_at[i], s->zone);
            }
            buf_add_char(&s->out, '\n');
            for (int c = CAUSE_STATE + 1; state == STATE_NO_CONSENT && c < CAUSE_COUNT_; c++)
                if (count.by_cause[c] > 0)
                    out_line(s, "  %lld of them: %s", (long long)count.by_cause[c], cause_explanation((enum cause)c));
        }
    }
    if (none && !option_given(s, OPTION_JSON))
        out_line(s, "nobody is blocked");
    return true;
}

/* "policy spring order newest", or "order newest" for the lists that are looked at. */
static bool suppose_one(struct session *s, int64_t list, struct str rule, struct error *err)
{
    struct str rest = rule, first, key;
    int64_t named = list;
    const struct list_row *lists;
    size_t count;
    if (!str_word(&rest, &first))
        return true;
    if (str_is(first, "policy")) {
        struct str name;
        if (!str_word(&rest, &name) || !list_find(s->store, name, &named, err))
            return name.len == 0 ? error_set(err, ERR_USAGE, "--if \"policy LIST KEY VALUE\"") : false;
        if (!str_word(&rest, &key))
            return error_set(err, ERR_USAGE, "--if \"policy LIST KEY VALUE\"");
    } else {
        key = first;
    }
    rest = str_trim(rest);
    if (named != 0)
        return list_policy_set(s->store, named, key, rest, s->now, err);
    if (!lists_load(s->store, &s->arena, &lists, &count, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = list_policy_set(s->store, lists[i].id, key, rest, s->now, err);
    return ok;
}

static bool suppose(struct session *s, int64_t list, struct error *err)
{
    struct str rules = str_of(option_value(s, OPTION_IF)), rule;
    while (str_next(&rules, ';', &rule))
        if (!suppose_one(s, list, str_trim(rule), err))
            return false;
    return true;
}

static void reason_words(struct session *s, const struct queue_row *row, int64_t at, struct buf *out)
{
    struct reason why = row->reason;
    why.zone = s->zone;
    buf_clear(out);
    reason_text(&why, at, out);
}

static void moved_row(struct session *s, const struct queue_row *row, size_t from, size_t to, struct str was, struct str is)
{
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_int(&j, "id", row->prospect_id);
        json_str_or_null(&j, "name", row->name);
        from ? json_int(&j, "from", (int64_t)from) : json_null(&j, "from");
        to ? json_int(&j, "to", (int64_t)to) : json_null(&j, "to");
        json_str_or_null(&j, "was", was);
        json_str_or_null(&j, "reason", is);
        json_close(&j);
        return;
    }
    char id[24], places[64], before[24] = "-", after[24] = "-";
    snprintf(id, sizeof id, "%lld", (long long)row->prospect_id);
    if (from)
        snprintf(before, sizeof before, "%zu", from);
    if (to)
        snprintf(after, sizeof after, "%zu", to);
    snprintf(places, sizeof places, "%s > %s", before, after);
    out_cell(s, str_of(places), 11);
    out_cell(s, str_of(id), 7);
    out_cell(s, row->name, 24);
    out_cell(s, is.len ? is : STR("not callable, or behind the last that is shown"), was.len ? 40 : 0);
    if (was.len) {
        buf_add_text(&s->out, "was: ");
        out_cell(s, was, 0);
    }
    buf_add_char(&s->out, '\n');
}

static bool moved(struct session *s, const struct queue_row *before, size_t before_count, const struct queue_row *after,
                  size_t after_count)
{
    struct buf was, is;
    const struct queue_move *moves;
    size_t count = queue_moves(before, before_count, after, after_count, &s->arena, &moves);
    buf_init(&was);
    buf_init(&is);
    for (size_t i = 0; i < count; i++) {
        buf_clear(&was);
        buf_clear(&is);
        if (moves[i].from)
            reason_words(s, moves[i].was, s->clock, &was);
        if (moves[i].to)
            reason_words(s, moves[i].is, s->now, &is);
        moved_row(s, moves[i].to ? moves[i].is : moves[i].was, moves[i].from, moves[i].to, buf_str(&was), buf_str(&is));
    }
    buf_done(&was);
    buf_done(&is);
    if (count == 0 && !option_given(s, OPTION_JSON))
        say_line(s, "nobody moves");
    return true;
}

static bool queue_print(struct session *s, const struct queue_row *rows, size_t count)
{
    struct buf reason;
    buf_init(&reason);
    for (size_t i = 0; i < count && !out_dead(s); i++) {
        reason_words(s, &rows[i], s->now, &reason);
        if (option_given(s, OPTION_JSON))
            queue_json(s, &rows[i], buf_str(&reason));
        else
            queue_line(s, &rows[i], buf_str(&reason));
        out_some(s);
    }
    buf_done(&reason);
    if (count == 0 && !option_given(s, OPTION_JSON))
        say_line(s, "nobody may be called now; calldeck queue --blocked says why");
    return true;
}

static bool queue_of(struct session *s, int64_t list, int64_t limit, bool diff, struct error *err)
{
    const struct queue_row *rows, *before = NULL;
    size_t count, before_count = 0;
    bool trial = option_given(s, OPTION_IF);
    if (diff && !queue_head(s->store, list, s->clock, (int)limit, &s->arena, &before, &before_count, err))
        return false;
    if (trial && !store_trial_begin(s->store, err))
        return false;
    bool ok = !trial || suppose(s, list, err);
    if (ok && option_given(s, OPTION_BLOCKED))
        ok = blocked(s, list, err);
    else
        ok = ok && queue_head(s->store, list, s->now, (int)limit, &s->arena, &rows, &count, err) &&
             (diff ? moved(s, before, before_count, rows, count) : queue_print(s, rows, count));
    if (trial)
        store_trial_end(s->store);
    return ok;
}

bool run_QUEUE(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t list, limit = 50;
    if (!option_int(s, OPTION_LIMIT, 1, 1000000, &limit, err) || !option_list(s, &list, err))
        return false;
    if (option_given(s, OPTION_DIFF) && option_given(s, OPTION_BLOCKED))
        return error_set(err, ERR_USAGE, "--diff compares queues, --blocked has none: one of them");
    return queue_of(s, list, limit, option_given(s, OPTION_DIFF), err);
}

static const char *const group_names[] = {[GROUP_READY] = "ready",     [GROUP_CALLBACK] = "callbacks",
                                          [GROUP_RESTING] = "resting", [GROUP_WAITING] = "waiting",
                                          [GROUP_DONE] = "done",       [GROUP_BLOCKED] = "blocked"};

bool run_LIST(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    const struct list_row *rows;
    size_t count;
    if (!lists_load(s->store, &s->arena, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (option_given(s, OPTION_JSON)) {
            struct json j;
            json_open(&j, &s->out);
            json_int(&j, "id", rows[i].id);
            json_str(&j, "name", rows[i].name);
            json_int(&j, "members", rows[i].members);
            for (int g = 0; g < GROUP_COUNT_; g++)
                json_int(&j, group_names[g], rows[i].by_group[g]);
            json_bool(&j, "dialling_blocked", rows[i].blocked);
            json_time(&j, "created_at", rows[i].created_at);
            json_close(&j);
            continue;
        }
        out_cell(s, rows[i].name, 28);
        buf_printf(&s->out, "%lld people", (long long)rows[i].members);
        for (int g = 0; g < GROUP_COUNT_; g++)
            if (rows[i].by_group[g] != 0)
                buf_printf(&s->out, " · %lld %s", (long long)rows[i].by_group[g], group_names[g]);
        buf_add_text(&s->out, rows[i].blocked ? " (nobody is dialled)\n" : "\n");
        out_some(s);
    }
    return true;
}

/* ---- what a list allows ---- */

static void policy_row(struct session *s, struct json *j, const char *key, const char *value)
{
    if (j != NULL)
        json_text(j, key, value);
    else
        out_line(s, value[0] != '\0' ? "%-18s %s" : "%s", key, value);
}

static void policy_show(struct session *s, const struct policy *p, bool dialling_blocked)
{
    struct json json, *j = option_given(s, OPTION_JSON) ? &json : NULL;
    struct policy_cursor at = {0};
    struct buf key, value;
    if (j != NULL)
        json_open(j, &s->out);
    buf_init(&key);
    buf_init(&value);
    while (policy_line_next(p, &at, &key, &value))
        policy_row(s, j, key.at, value.at);
    buf_done(&key);
    buf_done(&value);
    policy_row(s, j, "dialling", dialling_blocked ? "off" : "on");
    if (j != NULL)
        json_close(j);
}

/* Not a rule of the schedule but a flag of the list: `dialling off` for lists that are only looked at. */
static bool dialling(struct session *s, int64_t list, struct str value, struct error *err)
{
    if (!str_is(value, "on") && !str_is(value, "off") && value.len != 0)
        return error_set(err, ERR_USAGE, "\"%.*s\" is neither on nor off", STR_ARG(value));
    return list_set_blocked(s->store, list, str_is(value, "off"), err);
}

static bool is_blocked(struct session *s, int64_t list, bool *ret, struct error *err)
{
    const struct list_row *rows;
    size_t count;
    if (!lists_load(s->store, &s->arena, &rows, &count, err))
        return false;
    *ret = false;
    for (size_t i = 0; i < count; i++)
        *ret = *ret || (rows[i].id == list && rows[i].blocked);
    return true;
}

bool run_POLICY(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t list;
    struct policy policy;
    bool blocked_now;
    if (!list_find(s->store, str_of(s->words.arguments[0]), &list, err))
        return false;
    if (s->words.count > 1) {
        struct str key = str_of(s->words.arguments[1]), value = arguments_joined(s, 2);
        if (str_is(key, "dialling") ? !dialling(s, list, value, err) : !list_policy_set(s->store, list, key, value, s->now, err))
            return false;
    }
    if (!list_policy(s->store, list, &policy, err) || !is_blocked(s, list, &blocked_now, err))
        return false;
    policy_show(s, &policy, blocked_now);
    return true;
}
