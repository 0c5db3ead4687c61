/* SPDX-License-Identifier: MIT */
/* Reads the tables of assets/windows. They are ours, but a person may edit them: a line that makes no sense is named. */
#include "law_rows.h"

#include <string.h>

#include "calldeck/schedule.h"

enum { FIELDS_MOST = 8 };

/* A line of CSV cut into fields; a quoted one may hold commas and doubled quotes, but no line end. */
static size_t fields_of(struct arena *a, struct str line, struct str *ret)
{
    size_t count = 0, i = 0;
    while (count < FIELDS_MOST) {
        char *out = arena_alloc(a, line.len - i + 1, 1);
        size_t len = 0;
        bool quoted = i < line.len && line.at[i] == '"';
        i += quoted;
        for (; i < line.len; i++) {
            if (quoted && line.at[i] == '"') {
                if (i + 1 < line.len && line.at[i + 1] == '"')
                    i++;
                else {
                    quoted = false;
                    continue;
                }
            } else if (!quoted && line.at[i] == ',') {
                break;
            }
            out[len++] = line.at[i];
        }
        ret[count++] = str_make(out, len);
        if (i >= line.len)
            break;
        i++;
    }
    return count;
}

static bool code_parse(struct str s, char *ret, size_t size)
{
    if (s.len == 0 || s.len >= size)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if ((s.at[i] < 'A' || s.at[i] > 'Z') && (s.at[i] < '0' || s.at[i] > '9'))
            return false;
        ret[i] = s.at[i];
    }
    return true;
}

static bool place_parse(struct str country, struct str region, char ret_country[3], char ret_region[4])
{
    return country.len == 2 && code_parse(country, ret_country, 3) && (str_is(region, "*") || code_parse(region, ret_region, 4));
}

static bool date_parse(struct str s, int32_t *ret)
{
    struct civil c;
    bool date_only = false;
    if (!civil_parse(s, &c, &date_only) || !date_only)
        return false;
    *ret = (int32_t)civil_days(c.year, c.month, c.day);
    return true;
}

static bool audiences_parse(struct str s, bool *ret_business, bool *ret_consumer)
{
    *ret_business = str_is(s, "both") || str_is(s, "business");
    *ret_consumer = str_is(s, "both") || str_is(s, "consumer");
    return *ret_business || *ret_consumer;
}

static bool verified_parse(struct str s, bool *ret)
{
    *ret = str_is(s, "yes");
    return *ret || str_is(s, "no");
}

/* "mon-fri", "holiday", "2026-02-18..2026-03-19", "fri 2026-02-18..2026-03-19" */
static bool day_parse(struct str s, struct law_row *row)
{
    struct str rest = s, word;
    row->from_day = row->to_day = LAW_DAY_NONE;
    row->days = 0;
    while (str_word(&rest, &word)) {
        size_t dots = str_find(word, '.');
        if (str_is(word, "holiday")) {
            row->holiday = true;
        } else if (dots < word.len) {
            if (!date_parse(str_make(word.at, dots), &row->from_day) || !str_starts(str_skip(word, dots), "..") ||
                !date_parse(str_skip(word, dots + 2), &row->to_day) || row->to_day < row->from_day)
                return false;
        } else {
            weekday_set days;
            if (!days_parse(word, &days, NULL) || days == 0)
                return false;
            row->days |= days;
        }
    }
    if (row->from_day != LAW_DAY_NONE && row->days == 0)
        row->days = 0x7f;
    return row->holiday != (row->days != 0);
}

static bool hours_of_words(struct str s, struct hours *ret)
{
    struct str word;
    *ret = (struct hours){.count = 0};
    if (str_is(s, "closed"))
        return true;
    while (str_word(&s, &word)) {
        int start_min, end_min;
        if (ret->count == HOURS_MOST || !hours_parse(word, &start_min, &end_min, NULL) ||
            (ret->count > 0 && start_min * MINUTE_S <= ret->at[ret->count - 1].end_s))
            return false;
        ret->at[ret->count].start_s = start_min * MINUTE_S;
        ret->at[ret->count++].end_s = end_min * MINUTE_S;
    }
    return ret->count > 0;
}

/* country,region,day,hours,audience,source,checked_on,verified */
static bool window_read(struct law_table *t, const struct str *f)
{
    struct law_row *row = &t->rows[t->rows_count];
    *row = (struct law_row){.day = f[2], .source = f[5], .checked_on = f[6]};
    if (!place_parse(f[0], f[1], row->country, row->region) || !day_parse(f[2], row) || !hours_of_words(f[3], &row->hours) ||
        !audiences_parse(f[4], &row->business, &row->consumer) || !verified_parse(f[7], &row->verified))
        return false;
    t->rows_count++;
    return true;
}

/* "3 in 24h", "1 unanswered in 24h" */
static bool attempts_parse(struct str s, struct law_rule *rule)
{
    static const char *const spans[LAW_SPANS] = {"24h", "7d", "30d"};
    struct str number, in, span;
    int64_t n;
    if (!str_word(&s, &number) || !str_int(number, &n) || n < 1 || n > 100 || !str_word(&s, &in))
        return false;
    rule->kind = str_is(in, "unanswered") ? RULE_UNANSWERED : RULE_ATTEMPTS;
    if ((rule->kind == RULE_UNANSWERED && !str_word(&s, &in)) || !str_is(in, "in") || !str_word(&s, &span))
        return false;
    rule->number = (int)n;
    for (rule->span = 0; rule->span < LAW_SPANS; rule->span++)
        if (str_is(span, spans[rule->span]))
            return true;
    return false;
}

/* "31 days" */
static bool rule_days_parse(struct str s, int *ret)
{
    struct str number, word;
    int64_t n;
    if (!str_word(&s, &number) || !str_int(number, &n) || n < 1 || n > 36500 || !str_word(&s, &word) || !str_is(word, "days"))
        return false;
    *ret = (int)n;
    return true;
}

/* country,region,rule,value,audience,source,checked_on,verified */
static bool rule_read(struct law_table *t, const struct str *f)
{
    struct law_rule *rule = &t->rules[t->rules_count];
    *rule = (struct law_rule){.from_day = LAW_DAY_NONE};
    bool ok = place_parse(f[0], f[1], rule->country, rule->region) && audiences_parse(f[4], &rule->business, &rule->consumer) &&
              verified_parse(f[7], &rule->verified);
    if (ok && str_is(f[2], "attempts")) {
        ok = attempts_parse(f[3], rule);
    } else if (ok && str_is(f[2], "refusal")) {
        rule->kind = RULE_REFUSAL;
        rule->number = -1;
        ok = str_is(f[3], "never") || rule_days_parse(f[3], &rule->number);
    } else if (ok && str_is(f[2], "consent")) {
        rule->kind = RULE_CONSENT;
        rule->from_day = LAW_DAY_ALWAYS;
        ok = str_is(f[3], "always") || date_parse(f[3], &rule->from_day);
    } else if (ok && str_is(f[2], "registry")) {
        rule->kind = RULE_REGISTRY;
        ok = rule_days_parse(f[3], &rule->number);
    } else {
        return false;
    }
    t->rules_count += ok;
    return ok;
}

/* country,date,name: in order of both */
static bool holiday_read(struct law_table *t, const struct str *f)
{
    char code[3] = "";
    int32_t day;
    if (f[0].len != 2 || !code_parse(f[0], code, sizeof code) || !date_parse(f[1], &day))
        return false;
    struct holiday_country *c = t->countries_count ? &t->countries[t->countries_count - 1] : NULL;
    if (c == NULL || strcmp(c->country, code) != 0) {
        for (size_t i = 0; i < t->countries_count; i++)
            if (strcmp(t->countries[i].country, code) == 0)
                return false;
        c = &t->countries[t->countries_count++];
        memcpy(c->country, code, sizeof code);
        c->first = t->days_count;
    } else if (t->days[t->days_count - 1] >= day) {
        return false;
    }
    c->count++;
    t->names[t->days_count] = f[2];
    t->days[t->days_count++] = day;
    return true;
}

static size_t lines_of(struct str text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

static bool table_read(struct law_table *t, const char *name, struct str text, size_t fields,
                       bool (*read)(struct law_table *t, const struct str *f), struct error *err)
{
    struct str line;
    for (int number = 1; str_next(&text, '\n', &line); number++) {
        struct str f[FIELDS_MOST] = {0};
        line = str_trim(line);
        if (number == 1 || line.len == 0) /* the first names the columns */
            continue;
        if (fields_of(&t->arena, line, f) != fields || !read(t, f))
            return error_set(err, ERR_DATA, "%s line %d makes no sense: %.*s", name, number,
                             (int)(line.len < 80 ? line.len : 80), line.at);
    }
    return true;
}

static void edition_add(struct law_table *t, struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        t->edition = (t->edition ^ (unsigned char)text.at[i]) * 16777619u;
}

bool law_table_read(struct law_table *t, struct str windows, struct str rules, struct str holidays, struct error *err)
{
    size_t days = lines_of(holidays);
    t->edition = 2166136261u;
    edition_add(t, windows);
    edition_add(t, rules);
    edition_add(t, holidays);
    t->rows = ARENA_ARRAY(&t->arena, struct law_row, lines_of(windows));
    t->rules = ARENA_ARRAY(&t->arena, struct law_rule, lines_of(rules));
    t->days = ARENA_ARRAY(&t->arena, int32_t, days);
    t->names = ARENA_ARRAY(&t->arena, struct str, days);
    t->countries = ARENA_ARRAY(&t->arena, struct holiday_country, days);
    return table_read(t, "windows", windows, 8, window_read, err) && table_read(t, "rules", rules, 8, rule_read, err) &&
           table_read(t, "holidays", holidays, 3, holiday_read, err);
}
