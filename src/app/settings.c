/* SPDX-License-Identifier: MIT */
/*
 * Settings by the one table: a value is kept as the person wrote it, after the parser of its type has understood it.
 *
 * The defaults go the same way. Commands are taken from the config file alone: a line typed inside the program, or text
 * out of a database, never names a program to run.
 */
#include "calldeck/settings.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

enum type { TYPE_BOOL, TYPE_INT, TYPE_TEXT, TYPE_CHOICE, TYPE_HOURS, TYPE_DAYS, TYPE_SPAN, TYPE_COMMAND };

struct row {
    const char *name;
    enum type type;
    int least, most;
    const char *words; /* CHOICE */
    const char *type_text;
    const char *value; /* the default */
    enum setting_reaction reaction;
    const char *help;
};

#define BOOL TYPE_BOOL, 0, 0, NULL, "on | off"
#define INT(least, most) TYPE_INT, least, most, NULL, #least " to " #most
#define TEXT TYPE_TEXT, 0, 0, NULL, "text"
#define CHOICE(words) TYPE_CHOICE, 0, 0, words, words
#define HOURS TYPE_HOURS, 0, 0, NULL, "09:00-18:00"
#define DAYS TYPE_DAYS, 0, 0, NULL, "mon-fri | all | country"
#define SPAN TYPE_SPAN, 0, 0, NULL, "90s | 15m | 3h"
#define COMMAND TYPE_COMMAND, 0, 0, NULL, "a command, in the config file only"
static const struct row table[] = {
#define SETTING(id, name, type, default_value, reaction, help)                                                         \
    [SETTING_##id] = {name, type, default_value, SETTING_REACT_##reaction, help},
#include "calldeck/settings.def"
#undef SETTING
};
static_assert(sizeof table / sizeof *table == SETTING_COUNT_, "a row for every setting");

/* What the schedule reads, under its own names: its parser has the last word on them. */
static const struct {
    enum setting id;
    const char *key;
} policy_lines[] = {
    {SETTING_COUNTRY, "country"},     {SETTING_AUDIENCE, "audience"},
    {SETTING_DAYS, "days"},           {SETTING_HOURS, "hours"},
    {SETTING_WINDOWS, "windows"},     {SETTING_ATTEMPT_CAP, "cap"},
    {SETTING_DIALS_PER_DAY, "dials"}, {SETTING_RETRY_CALLBACK, "retry-callback"},
    {SETTING_ORDER, "order"},         {SETTING_LEARN, "learn"},
    {SETTING_SEGMENT, "segment"},     {SETTING_CALLBACK_GUARD, "guard"},
    {SETTING_HOLIDAY, "holiday"},     {SETTING_LINE_REST, "line-rest"},
    {SETTING_CALLER_ID, "caller-id"},
};
enum { POLICY_LINES = sizeof policy_lines / sizeof *policy_lines };

enum { VALUE_MOST = 1024 };

struct settings {
    struct value {
        char *text;
        int64_t number; /* BOOL, INT, SPAN in seconds */
        enum setting_origin origin;
    } at[SETTING_COUNT_];
};

/* ---- values ---- */

static bool word_in(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    while (str_word(&rest, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

static bool parse_bool(struct str value, int64_t *ret)
{
    if (str_is(value, "on"))
        *ret = 1;
    else if (str_is(value, "off"))
        *ret = 0;
    else
        return false;
    return true;
}

static bool expected(const struct row *r, struct str value, struct error *err)
{
    char what[160] = "";
    switch (r->type) {
    case TYPE_BOOL:
        snprintf(what, sizeof what, "on or off");
        break;
    case TYPE_INT:
        snprintf(what, sizeof what, "a number from %d to %d", r->least, r->most);
        break;
    case TYPE_CHOICE:
        snprintf(what, sizeof what, "one of: %s", r->words);
        break;
    case TYPE_SPAN:
        snprintf(what, sizeof what, "a time such as 90s, 15m or 3h");
        break;
    case TYPE_TEXT:
    case TYPE_COMMAND:
    case TYPE_HOURS:
    case TYPE_DAYS:
        snprintf(what, sizeof what, "one line of at most %d bytes", VALUE_MOST);
        break;
    }
    return error_set(err, ERR_USAGE, "\"%.*s\" is no value for \"%s\", expected %s", STR_ARG(value), r->name, what);
}

static bool one_line(struct str value)
{
    if (value.len > VALUE_MOST)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 0x7f)
            return false;
    return true;
}

static bool parse(const struct row *r, struct str value, int64_t *ret_number, struct error *err)
{
    int start, end;
    weekday_set days;
    struct span span;
    struct error why = {0};

    if (!one_line(value))
        return expected(r, STR("that"), err);
    switch (r->type) {
    case TYPE_BOOL:
        return parse_bool(value, ret_number) || expected(r, value, err);
    case TYPE_INT:
        return (str_int(value, ret_number) && *ret_number >= r->least && *ret_number <= r->most) ||
               expected(r, value, err);
    case TYPE_CHOICE:
        return word_in(r->words, value) || expected(r, value, err);
    case TYPE_SPAN:
        if (!span_parse(value, &span) || span.business_days > 0 || span.seconds > 400 * (int64_t)DAY_S)
            return expected(r, value, err);
        *ret_number = span.seconds;
        return true;
    case TYPE_HOURS:
        if (str_is(value, "none") && strcmp(r->value, "none") == 0)
            return true;
        return hours_parse(value, &start, &end, &why) || error_set(err, why.code, "%s: %s", r->name, why.text);
    case TYPE_DAYS:
        return days_parse(value, &days, &why) || error_set(err, why.code, "%s: %s", r->name, why.text);
    case TYPE_TEXT:
    case TYPE_COMMAND:
        return true;
    }
    return false;
}

static bool policy_takes(enum setting id, struct str value, struct error *err)
{
    for (size_t i = 0; i < POLICY_LINES; i++) {
        struct policy p;
        policy_defaults(&p);
        if (policy_lines[i].id == id)
            return policy_set(&p, str_of(policy_lines[i].key), value, err);
    }
    return true;
}

/* ---- names that are nearly right ---- */

static size_t distance(const char *a, struct str b)
{
    size_t rows[64];
    size_t n = strlen(a);
    if (n > 60 || b.len > 60)
        return 99;
    for (size_t i = 0; i <= n; i++)
        rows[i] = i;
    for (size_t j = 1; j <= b.len; j++) {
        size_t corner = rows[0];
        rows[0] = j;
        for (size_t i = 1; i <= n; i++) {
            size_t up = rows[i];
            size_t best = corner + (a[i - 1] != b.at[j - 1]);
            if (up + 1 < best)
                best = up + 1;
            if (rows[i - 1] + 1 < best)
                best = rows[i - 1] + 1;
            corner = up;
            rows[i] = best;
        }
    }
    return rows[n];
}

static bool unknown(struct str name, struct error *err)
{
    struct buf near;
    buf_init(&near);
    int close = 0;
    char begin[64];
    snprintf(begin, sizeof begin, "%.*s", STR_ARG(name));
    for (size_t i = 0; i < SETTING_COUNT_ && close < 4; i++)
        if ((name.len >= 2 && str_starts(str_of(table[i].name), begin)) || distance(table[i].name, name) <= 2)
            buf_printf(&near, "%s%s", close++ ? ", " : "", table[i].name);
    if (close)
        error_set(err, ERR_USAGE, "no setting is called \"%.60s\", did you mean %s?", begin, near.at);
    else
        error_set(err, ERR_USAGE, "no setting is called \"%.60s\", see :help set", begin);
    buf_done(&near);
    return false;
}

/* ---- life ---- */

struct settings *settings_new(void)
{
    struct settings *s = alloc_zeroed(1, sizeof *s);
    for (enum setting id = 0; id < SETTING_COUNT_; id++) {
        struct error err = {0};
        bool ok = parse(&table[id], str_of(table[id].value), &s->at[id].number, &err);
        assert(ok);
        (void)ok;
        s->at[id].text = alloc_copy(table[id].value, strlen(table[id].value));
    }
    return s;
}

void settings_free(struct settings *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < SETTING_COUNT_; i++)
        free(s->at[i].text);
    free(s);
}

bool setting_set(struct settings *s, struct str name, struct str value, enum setting_origin origin, enum setting *ret,
                 struct error *err)
{
    for (enum setting id = 0; id < SETTING_COUNT_; id++) {
        if (!str_is(name, table[id].name))
            continue;
        if (table[id].type == TYPE_COMMAND && origin != SETTING_FROM_FILE)
            return error_set(err, ERR_REFUSED, "\"%s\" names a program: write it into calldeck.conf", table[id].name);
        int64_t number = 0;
        value = str_trim(value);
        if (!parse(&table[id], value, &number, err) || !policy_takes(id, value, err))
            return false;
        struct value *v = &s->at[id];
        /* holidays come one a line; each is one more */
        struct buf all;
        buf_init(&all);
        if (id == SETTING_HOLIDAY && v->text[0] != '\0' && value.len != 0 && !str_is(value, "none"))
            buf_printf(&all, "%s, ", v->text);
        if (id != SETTING_HOLIDAY || !str_is(value, "none"))
            buf_add_str(&all, value);
        char *text = alloc_copy(all.at, all.len);
        buf_done(&all);
        free(v->text);
        *v = (struct value){.text = text, .number = number, .origin = origin};
        if (ret != NULL)
            *ret = id;
        return true;
    }
    return unknown(name, err);
}

/* ---- reading ---- */

const char *setting_text(const struct settings *s, enum setting id)
{
    return s->at[id].text;
}

bool setting_bool(const struct settings *s, enum setting id)
{
    assert(table[id].type == TYPE_BOOL);
    return s->at[id].number != 0;
}

int setting_int(const struct settings *s, enum setting id)
{
    assert(table[id].type == TYPE_INT || table[id].type == TYPE_SPAN);
    return (int)s->at[id].number;
}

const char *setting_name(enum setting id)
{
    return table[id].name;
}

const char *setting_help(enum setting id)
{
    return table[id].help;
}

const char *setting_default(enum setting id)
{
    return table[id].value;
}

enum setting_reaction setting_reaction(enum setting id)
{
    return table[id].reaction;
}

const char *setting_type_text(enum setting id)
{
    return table[id].type_text;
}

/* Hours alone open all seven days (contracts, Time), so what nobody said is not said to the policy either. */
void settings_policy(const struct settings *s, struct policy *ret)
{
    policy_defaults(ret);
    for (size_t i = 0; i < POLICY_LINES; i++) {
        const struct value *v = &s->at[policy_lines[i].id];
        struct error err = {0};
        if (v->origin != SETTING_FROM_DEFAULT)
            policy_set(ret, str_of(policy_lines[i].key), str_of(v->text), &err);
    }
}

/* ---- the file, for those who need no app ---- */

bool settings_load(struct settings *s, const char *path, settings_line_fn line, void *user)
{
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return errno == ENOENT || errno == ENOTDIR;
    char *text = NULL;
    size_t room = 0;
    bool ok = true;
    unsigned long number = 0;
    for (ssize_t len; (len = getline(&text, &room, f)) >= 0;) {
        number++;
        struct str rest = str_trim(str_make(text, (size_t)len)), verb, name;
        if (!str_word(&rest, &verb) || verb.at[0] == '#' || str_is(verb, "bind") || str_is(verb, "snippet"))
            continue; /* the last two are the dashboard's to read */
        struct error err = {0};
        if (!str_is(verb, "set"))
            error_set(&err, ERR_USAGE, "\"%.*s\" is no line of a config file: set, bind or snippet", STR_ARG(verb));
        else if (!str_word(&rest, &name))
            error_set(&err, ERR_USAGE, "expected: set NAME VALUE");
        else if (setting_set(s, name, rest, SETTING_FROM_FILE, NULL, &err))
            continue;
        ok = false;
        if (line != NULL) {
            const char *file = strrchr(path, '/');
            struct buf out;
            buf_init(&out);
            buf_printf(&out, "%s:%lu: %s", file != NULL ? file + 1 : path, number, err.text);
            line(out.at, user);
            buf_done(&out);
        }
    }
    free(text);
    fclose(f);
    return ok;
}
