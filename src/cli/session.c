/* SPDX-License-Identifier: MIT */
/* What commands share, opened when it is needed and closed once. */
#include "session.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/import.h"
#include "calldeck/utf8.h"

/* ---- words ---- */

const char *option_value(const struct session *s, enum option option)
{
    return s->words.value[option];
}

bool option_given(const struct session *s, enum option option)
{
    return s->words.value[option] != NULL;
}

struct str option_str(const struct session *s, enum option option)
{
    return str_of(s->words.value[option]);
}

bool option_int(const struct session *s, enum option option, int64_t least, int64_t most, int64_t *ret, struct error *err)
{
    if (!option_given(s, option))
        return true;
    int64_t value;
    struct str text = str_trim(option_str(s, option));
    if (!str_int(text, &value) || value < least || value > most)
        return error_set(err, ERR_USAGE, "\"%.*s\" is not a number from %lld to %lld", STR_ARG(text), (long long)least,
                         (long long)most);
    *ret = value;
    return true;
}

bool argument_id(const struct session *s, size_t index, const char *what, int64_t *ret, struct error *err)
{
    struct str text = str_trim(str_of(s->words.arguments[index]));
    int64_t value;
    if (!str_int(text, &value) || value <= 0)
        return error_set(err, ERR_USAGE, "\"%.*s\" is not the number of a %s", STR_ARG(text), what);
    *ret = value;
    return true;
}

struct str arguments_joined(struct session *s, size_t from)
{
    struct buf b;
    buf_init(&b);
    for (size_t i = from; i < s->words.count; i++) {
        if (i > from)
            buf_add_char(&b, ' ');
        buf_add_text(&b, s->words.arguments[i]);
    }
    struct str joined = arena_str(&s->arena, buf_str(&b));
    buf_done(&b);
    return joined;
}

bool option_list(struct session *s, int64_t *ret, struct error *err)
{
    *ret = 0;
    return !option_given(s, OPTION_LIST) || list_find(s->store, option_str(s, OPTION_LIST), ret, err);
}

bool option_since(struct session *s, int64_t *ret, struct error *err)
{
    if (!option_given(s, OPTION_SINCE))
        return true;
    struct when_context context = {.zone = s->zone,
                                   .now = s->now,
                                   .day_start_min = 0,
                                   .day_end_min = s->policy.hours_end_min,
                                   .month_first = str_is(str_of(setting_text(s->settings, SETTING_DATE_ORDER)), "month-day")};
    if (!when_since(option_str(s, OPTION_SINCE), &context, ret, err))
        return error_prefix(err, "--since");
    return true;
}

/* ---- things ---- */

struct phone_book *session_book(struct session *s)
{
    if (s->book == NULL)
        s->book = phone_book_new(NULL, NULL);
    return s->book;
}

static bool region_code(const char *country, struct str name, char ret[8], void *session)
{
    return state_parse(session_book(session), country, name, ret);
}

static weekday_set workdays(const char *country, void *session)
{
    return country_workdays(session_book(session), country);
}

struct store_options session_store_options(struct session *s, enum store_mode mode)
{
    return (struct store_options){.mode = mode,
                                  .zones = s->zones,
                                  .policy = &s->policy,
                                  .workdays = workdays,
                                  .workdays_user = s,
                                  .region = region_code,
                                  .region_user = s,
                                  .rep = s->rep,
                                  .now = s->clock, /* a look at another day drops nobody's word */
                                  .busy_ms = 5000};
}

bool session_resume(struct session *s, struct error *err)
{
    int64_t pending = 0;
    if (store_read_only(s->store) || !import_pending(s->store, &pending, err))
        return store_read_only(s->store);
    if (pending == 0)
        return true;
    struct import_options options = {.store = s->store, .book = session_book(s), .zones = s->zones, .fd = -1, .now = s->clock};
    return import_resume(&options, err);
}

bool session_store(struct session *s, enum opens opens, struct error *err)
{
    static const enum store_mode modes[] = {
        [OPENS_NOTHING] = STORE_READ, [OPENS_READ] = STORE_READ, [OPENS_WRITE] = STORE_WRITE, [OPENS_CREATE] = STORE_CREATE};
    if (opens == OPENS_NOTHING)
        return true;
    s->made = opens == OPENS_CREATE && access(s->db_path, F_OK) != 0;
    struct store_options options = session_store_options(s, s->demo && opens != OPENS_READ ? STORE_CREATE : modes[opens]);
    s->store = store_open(s->db_path, &options, err);
    if (s->store == NULL)
        return false;
    if (s->demo && opens != OPENS_READ && !demo_fill(s, err))
        return false;
    struct error resumed = {0};
    if (opens != OPENS_READ && !session_resume(s, &resumed)) /* what is asked may well work */
        say_line(s, "an import waits to be finished: %s", resumed.text);
    return true;
}

static void name_rep(struct session *s)
{
    struct str rep = str_of(setting_text(s->settings, SETTING_REP));
    if (option_given(s, OPTION_REP) && option_str(s, OPTION_REP).len != 0)
        rep = option_str(s, OPTION_REP);
    if (rep.len == 0) {
        const struct passwd *me = getpwuid(getuid());
        rep = me != NULL ? str_of(me->pw_name) : STR("rep");
    }
    struct buf clean;
    buf_init(&clean);
    text_clean_line(rep, &clean);
    struct str whole = buf_str(&clean);
    size_t len = cluster_floor(whole, whole.len < sizeof s->rep - 1 ? whole.len : sizeof s->rep - 1);
    memcpy(s->rep, whole.at, len);
    s->rep[len] = '\0';
    buf_done(&clean);
}

/* The demo's own words: always open, nobody is dialled, and the rep's own settings do not matter. */
static bool demo_settings(struct settings *settings, struct error *err)
{
    static const struct {
        const char *name, *value;
    } lines[] = {{"hours", "00:00-24:00"}, {"days", "all"}, {"windows", "off"}, {"audience", "business"}, {"dialer", "null"}, {"snapshots", "0"}};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        enum setting ignored;
        if (!setting_set(settings, str_of(lines[i].name), str_of(lines[i].value), SETTING_FROM_FILE, &ignored, err))
            return false;
    }
    return true;
}

static void say_nothing(const char *line, void *session)
{
    (void)line;
    (void)session;
}

bool session_open(struct session *s, struct error *err)
{
    s->clock = s->port->now;
    s->now = s->clock;
    s->demo = option_given(s, OPTION_DEMO);
    s->zones = zone_table_new(NULL);
    s->zone = zone_local(s->zones);
    s->settings = settings_new();
    s->config_path = s->demo ? NULL : path_config(&s->arena);
    if (s->demo && option_given(s, OPTION_DB))
        return error_set(err, ERR_USAGE, "--demo has a database of its own: leave out --db");
    s->db_path = s->demo ? path_demo(&s->arena, err) : path_database(&s->arena, option_value(s, OPTION_DB), err);
    if (s->db_path == NULL)
        return false;
    if (s->demo ? !demo_settings(s->settings, err) : false)
        return false;
    /* the app reads the file again, with its bindings, and says what is wrong with it where it is seen */
    if (s->config_path != NULL)
        settings_load(s->settings, s->config_path, s->words.has_command ? say_text : say_nothing, s);
    settings_policy(s->settings, &s->policy);
    name_rep(s);
    if (!option_given(s, OPTION_AT))
        return true;
    struct when_context context = {.zone = s->zone,
                                   .now = s->clock,
                                   .day_start_min = s->policy.hours_start_min,
                                   .day_end_min = s->policy.hours_end_min,
                                   .allow_past = true,
                                   .month_first = str_is(str_of(setting_text(s->settings, SETTING_DATE_ORDER)), "month-day")};
    struct when when;
    if (!when_parse(option_str(s, OPTION_AT), &context, &when, err))
        return error_prefix(err, "--at");
    s->now = when.at;
    return true;
}

void session_close(struct session *s)
{
    store_close(s->store);
    settings_free(s->settings);
    phone_book_free(s->book);
    zone_table_free(s->zones);
    buf_done(&s->out);
    arena_done(&s->arena);
}

bool session_number(struct session *s, struct str text, struct phone_number *ret, struct error *err)
{
    const char *country = option_given(s, OPTION_COUNTRY) ? option_value(s, OPTION_COUNTRY) : s->policy.country;
    return phone_parse(session_book(s), text, country, true, ret, err);
}
