/* SPDX-License-Identifier: MIT */
/*
 * The door for programs: JSON Lines in, JSON Lines out, over the real store.
 *
 * Most verbs are the commands of the table: a line's members become their options and words, and the objects that they
 * print become the answer. So there is one list of options and one of keys, whoever asks. Whatever comes in, each line
 * that is not blank gets one answer, and the loop goes on.
 */
#include "api.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"

enum shape { ONE_OBJECT, ROWS };
static const struct verb {
    const char *name;
    enum command_id command;
    const char *arguments[3];
    enum shape shape;
} verbs[] = {
    {"queue", COMMAND_QUEUE, {NULL}, ROWS},
    {"show", COMMAND_SHOW, {"id", NULL}, ONE_OBJECT},
    {"log", COMMAND_LOG, {"id", "outcome", NULL}, ONE_OBJECT},
    {"correct", COMMAND_CORRECT, {"touch", "outcome", NULL}, ONE_OBJECT},
    {"skip", COMMAND_SKIP, {"id", "reason", NULL}, ONE_OBJECT},
    {"undo", COMMAND_UNDO, {NULL}, ONE_OBJECT},
    {"search", COMMAND_SEARCH, {"words", NULL}, ROWS},
    {"stats", COMMAND_STATS, {NULL}, ONE_OBJECT},
    {"lists", COMMAND_LIST, {NULL}, ROWS},
};
static const struct own_verb {
    const char *name;
    bool (*run)(struct api *api, const struct json_value *line, struct json *j, struct error *err);
} own_verbs[] = {{"set", api_set}, {"add", api_add}, {"next", api_next}, {"archive", api_archive}};

/* ---- members of a line ---- */

bool api_text(struct api *api, const struct json_value *line, const char *key, struct str *ret, struct error *err)
{
    const struct json_value *v = json_get(line, key);
    (void)api;
    *ret = STR("");
    if (v == NULL || v->kind == JSON_NULL)
        return true;
    if (v->kind != JSON_STRING && v->kind != JSON_NUMBER)
        return error_set(err, ERR_USAGE, "\"%s\" is %s, expected a string or a number", key, json_kind_name(v->kind));
    *ret = v->text;
    return true;
}

bool api_flag(const struct json_value *line, const char *key, bool *ret, struct error *err)
{
    const struct json_value *v = json_get(line, key);
    *ret = v != NULL && v->kind == JSON_BOOL && v->truth;
    return v == NULL || v->kind == JSON_NULL || v->kind == JSON_BOOL ||
           error_set(err, ERR_USAGE, "\"%s\" is %s, expected true or false", key, json_kind_name(v->kind));
}

static bool word_in(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    while (str_word(&rest, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

bool api_only(const struct json_value *line, const char *names, struct error *err)
{
    for (size_t i = 0; i < line->count; i++) {
        struct str key = line->items[i].key;
        if (!word_in(names, key) && !str_is(key, "cmd") && !str_is(key, "at")) {
            struct buf shown;
            buf_init(&shown);
            text_printable(text_fit(key, 40, NULL), &shown);
            error_set(err, ERR_USAGE, "\"%s\" is not known here; known are cmd at %s", shown.at, names);
            buf_done(&shown);
            return false;
        }
    }
    return true;
}

/* ---- commands of the table ---- */

/* "as_of" is --as-of. The person who logs says talk_s, as `show` does. */
static bool is_option(struct str key, const char *name)
{
    if (str_is(key, "talk_s") && str_is(STR("talk"), name))
        return true;
    size_t len = strlen(name);
    if (key.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (key.at[i] != (name[i] == '-' ? '_' : name[i]))
            return false;
    return true;
}

/* --rep is for the whole session; --json is how it is answered. */
static const struct {
    enum option option;
    const char *name;
    bool flag;
} taken[] = {
#define GLOBAL(id, name, value, help)
#define OPTION(id, name, value, help) {OPTION_##id, name, sizeof value == 1},
#include "options.def"
};

static bool option_of(struct api *api, const struct json_value *line, size_t i, bool *ret_used, struct error *err)
{
    struct session *s = api->s;
    for (size_t k = 0; k < sizeof taken / sizeof taken[0]; k++) {
        if (taken[k].option == OPTION_AT || taken[k].option == OPTION_JSON || taken[k].option == OPTION_REP ||
            !command_takes(s->words.command, taken[k].option) || !is_option(line->items[i].key, taken[k].name))
            continue;
        *ret_used = true;
        const char *key = arena_text(&s->arena, line->items[i].key);
        if (taken[k].flag) {
            bool on;
            if (!api_flag(line, key, &on, err))
                return false;
            s->words.value[taken[k].option] = on ? "" : NULL;
            return true;
        }
        struct str text;
        if (line->items[i].kind == JSON_NULL)
            return true;
        if (!api_text(api, line, key, &text, err))
            return false;
        s->words.value[taken[k].option] = text.len ? text.at : "";
        return true;
    }
    return true;
}

static bool is_argument(const char *const *arguments, struct str key)
{
    for (; *arguments != NULL; arguments++)
        if (str_is(key, *arguments))
            return true;
    return false;
}

bool api_command(struct api *api, enum command_id id, const struct json_value *line, const char *const *arguments,
                 struct error *err)
{
    struct session *s = api->s;
    enum { ARGUMENTS = 2 };
    const char **words = ARENA_ARRAY(&s->arena, const char *, ARGUMENTS + 1);
    s->words = (struct words){.arguments = words, .has_command = true, .command = id};
    s->words.value[OPTION_JSON] = "";
    if (api->at_given)
        s->words.value[OPTION_AT] = "";
    if (api->list != NULL && command_takes(id, OPTION_LIST))
        s->words.value[OPTION_LIST] = api->list;
    for (size_t i = 0; i < ARGUMENTS && arguments[i] != NULL; i++) {
        struct str text;
        if (!api_text(api, line, arguments[i], &text, err))
            return false;
        if (text.len == 0)
            return error_set(err, ERR_USAGE, "\"%s\" is missing", arguments[i]);
        words[s->words.count++] = text.at;
    }
    for (size_t i = 0; i < line->count; i++) {
        struct str key = line->items[i].key;
        bool used = str_is(key, "cmd") || str_is(key, "at") || is_argument(arguments, key);
        if (!used && !option_of(api, line, i, &used, err))
            return false;
        if (!used) {
            struct buf shown;
            buf_init(&shown);
            text_printable(text_fit(key, 40, NULL), &shown);
            error_set(err, ERR_USAGE, "\"%s\" takes no \"%s\"; calldeck help %s shows what it takes", command_info(id)->name, shown.at,
                      command_info(id)->name);
            buf_done(&shown);
            return false;
        }
    }
    int status = 0;
    return command_info(id)->run(s, &status, err);
}

/* ---- answers ---- */

void api_splice(struct json *j, struct str object)
{
    struct str t = str_trim(object);
    if (t.len <= 2)
        return;
    if (j->comma)
        buf_add_char(j->out, ',');
    buf_add(j->out, t.at + 1, t.len - 2);
    j->comma = true;
}

static void put_rows(struct json *j, struct str lines)
{
    struct str line;
    json_array(j, "rows");
    while (str_next(&lines, '\n', &line))
        if (line.len != 0) {
            if (j->comma)
                buf_add_char(j->out, ',');
            buf_add_str(j->out, line);
            j->comma = true;
        }
    json_end(j);
}

static bool answer_of(struct api *api, const struct json_value *line, struct json *j, struct error *err)
{
    struct str name;
    if (line->kind != JSON_OBJECT)
        return error_set(err, ERR_USAGE, "a line is an object, this is %s", json_kind_name(line->kind));
    if (!api_text(api, line, "cmd", &name, err))
        return false;
    for (size_t i = 0; i < sizeof own_verbs / sizeof own_verbs[0]; i++)
        if (str_is(name, own_verbs[i].name))
            return own_verbs[i].run(api, line, j, err);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (str_is(name, verbs[i].name)) {
            if (!api_command(api, verbs[i].command, line, verbs[i].arguments, err))
                return false;
            if (verbs[i].shape == ROWS)
                put_rows(j, buf_str(&api->s->out));
            else
                api_splice(j, buf_str(&api->s->out));
            return true;
        }
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < sizeof own_verbs / sizeof own_verbs[0]; i++)
        buf_printf(&all, " %s", own_verbs[i].name);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        buf_printf(&all, " %s", verbs[i].name);
    if (name.len == 0)
        error_set(err, ERR_USAGE, "\"cmd\" is missing; there are%s", all.at);
    else
        error_set(err, ERR_USAGE, "there is no \"cmd\" of that name; there are%s", all.at);
    buf_done(&all);
    return false;
}

/* A line that says `at` lives then; others live at the last such time, or now. */
static bool live_at(struct api *api, const struct json_value *line, struct error *err)
{
    struct session *s = api->s;
    struct str text = STR("");
    if (s->port->now_ms != NULL)
        s->clock = s->port->now + (s->port->now_ms(s->port->user) - api->clock_ms) / 1000;
    s->now = api->seen_at != AT_NONE ? api->seen_at : s->clock;
    api->at_given = false;
    if (line->kind == JSON_OBJECT && !api_text(api, line, "at", &text, err))
        return false;
    if (text.len == 0)
        return true;
    int64_t at;
    if (!iso_parse(text, &at))
        return error_set(err, ERR_USAGE, "\"at\" is an instant such as 2026-11-24T10:30:00+01:00");
    s->now = api->seen_at = at;
    api->at_given = true;
    return true;
}

static void say_failed(struct json *j, const struct error *err)
{
    struct buf text;
    buf_init(&text);
    text_printable(str_of(err->text), &text);
    json_bool(j, "ok", false);
    json_str(j, "error", buf_str(&text));
    json_int(j, "status", error_exit_status(err->code));
    buf_done(&text);
}

static void put_said(struct json *j, struct str said)
{
    struct str line;
    if (said.len == 0)
        return;
    json_array(j, "messages");
    while (str_next(&said, '\n', &line))
        if (line.len != 0)
            json_str(j, NULL, line);
    json_end(j);
}

static void answer(struct api *api, enum line_kind kind, struct str text, struct buf *out)
{
    struct session *s = api->s;
    struct json_value line;
    struct error err = {0};
    struct json j;
    size_t before = out->len;
    buf_clear(&s->out);
    buf_clear(&api->said);
    json_open(&j, out);
    json_bool(&j, "ok", true);
    bool ok = kind == LINE_WHOLE ? json_read(text, &s->arena, &line, &err)
                                 : error_set(&err, ERR_DATA, "a line of more than %d bytes", LINE_MOST);
    if (ok && live_at(api, &line, &err) && answer_of(api, &line, &j, &err)) {
        put_said(&j, buf_str(&api->said));
    } else {
        buf_splice(out, before, out->len - before, "", 0);
        json_open(&j, out);
        say_failed(&j, &err);
        if (kind == LINE_WHOLE && err.code != ERR_DATA) /* a line that is no JSON is the caller's */
            trouble_log(s, "api", err.code, s->clock);
    }
    json_close(&j);
    buf_clear(&s->out);
    arena_clear(&s->arena);
}

/* ---- the loop ---- */

static bool upkeep(void *user)
{
    struct api *api = user;
    return store_idle(api->s->store, api->s->now, 5);
}

static bool send(struct session *s, struct buf *out)
{
    struct buf kept = s->out;
    struct buf *said = s->said;
    s->said = NULL; /* only answers go out */
    s->out = *out;
    out_flush(s);
    *out = s->out;
    s->out = kept;
    s->said = said;
    return !out_dead(s);
}

static bool serve(struct api *api, struct error *err)
{
    enum { UPKEEP_LINES = 64, GATHERED = 64 * 1024 };
    struct lines lines = {.fd = api->s->port->in_fd};
    struct buf out;
    struct str text;
    enum line_kind kind = LINE_END;
    bool alive = true;
    unsigned count = 0;
    buf_init(&lines.in);
    buf_init(&out);
    while (alive && ((kind = lines_next(&lines, &text, upkeep, api)) == LINE_WHOLE || kind == LINE_TOO_LONG)) {
        if (kind == LINE_WHOLE && str_trim(text).len == 0)
            continue;
        answer(api, kind, text, &out);
        if (!lines_wait(&lines) || out.len > GATHERED)
            alive = send(api->s, &out);
        if (++count % UPKEEP_LINES == 0) /* a program that never pauses */
            upkeep(api);
    }
    if (alive && out.len != 0)
        send(api->s, &out);
    buf_done(&out);
    buf_done(&lines.in);
    return kind != LINE_FAILED || error_set(err, ERR_IO, "cannot read the input: %s", strerror(errno));
}

static bool api_store(struct session *s, struct error *err)
{
    struct store_options options = session_store_options(s, STORE_CREATE);
    struct buf holder;
    buf_init(&holder);
    store_window_name(&holder);
    options.holder = holder.at;
    s->store = store_open(s->db_path, &options, err);
    buf_done(&holder);
    if (s->store == NULL || (s->demo && !demo_fill(s, err)))
        return false;
    struct error resumed = {0};
    if (!session_resume(s, &resumed))
        say_line(s, "an import waits to be finished: %s", resumed.text);
    return true;
}

bool run_API(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    if (!api_store(s, err))
        return false;
    struct api api = {.s = s, .list = option_value(s, OPTION_LIST), .seen_at = option_given(s, OPTION_AT) ? s->now : AT_NONE};
    if (s->port->now_ms != NULL)
        api.clock_ms = s->port->now_ms(s->port->user);
    struct import_options options = {.store = s->store,
                                     .book = session_book(s),
                                     .zones = s->zones,
                                     .path = "api",
                                     .fd = -1,
                                     .list = api.list != NULL ? api.list : "api"};
    api.feed = import_feed_new(&options);
    buf_init(&api.said);
    struct arena kept = s->arena; /* what the session was opened with outlives the lines */
    struct words words = s->words;
    s->arena = (struct arena){0};
    s->said = &api.said;
    bool ok = serve(&api, err);
    s->said = NULL;
    arena_done(&s->arena);
    s->arena = kept;
    s->words = words;
    import_feed_free(api.feed);
    buf_done(&api.said);
    return ok;
}
