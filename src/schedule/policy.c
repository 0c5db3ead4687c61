/* SPDX-License-Identifier: MIT */
/* What a list allows: its defaults, and the lines that change them. One row a key; the row says what it expects. */
#include "calldeck/schedule.h"

#include <string.h>

#include "calldeck/utf8.h"
#include "place.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { HOUR_MIN = 60, DAY_MIN = 24 * HOUR_MIN };
enum { CAP_MOST = 1000, DIALS_MOST = 100, SKIPS_MOST = 100, TRIES_MOST = 20, BACK_DAYS_MOST = 365 };
enum { NEW_EVERY_MOST = 100 };
enum { WORDS_SHOWN = 80 };

/* USAGE: "hours cannot be "9 to 5": expected ...", with the person's words made harmless. */
static bool refuse(struct error *err, const char *what, struct str words, const char *expected)
{
    struct buf shown;
    buf_init(&shown);
    text_printable(str_make(words.at, words.len > WORDS_SHOWN ? WORDS_SHOWN : words.len), &shown);
    error_set(err, ERR_USAGE, "%s \"%s\": expected %s", what, shown.at, expected);
    buf_done(&shown);
    return false;
}

void policy_defaults(struct policy *ret)
{
    *ret = (struct policy){
        .hours_start_min = 9 * HOUR_MIN,
        .hours_end_min = 18 * HOUR_MIN,
        .days = 0,
        .windows = true,
        .attempt_cap = 6,
        .dials_per_day = 2,
        .retry_callback_s = 10 * MINUTE_S,
        .retry_callback_tries = 2,
        .skips_to_review = 3,
        .meeting_back_days = 1,
        .country = "",
        .consumer = true, /* nobody said: the stricter of the two */
        .line_rest_s = 20 * MINUTE_S,
        .order = ORDER_LEARNED,
        .learn = true,
        .guard_s = 4 * MINUTE_S,
    };
}

/* ---- hours and days ---- */

#define HOURS_EXPECTED "a start and an end such as 09:00-18:00"
#define DAYS_EXPECTED "mon-fri, \"sun mon wed\", all or country"

/* "9", "09:00", "24:00" */
static bool clock_parse(struct str s, int *ret_min)
{
    size_t colon = str_find(s, ':');
    struct str hour = str_make(s.at, colon);
    int64_t h, m = 0;
    if (hour.len < 1 || hour.len > 2 || !str_int(hour, &h) || hour.at[0] < '0' || hour.at[0] > '9')
        return false;
    if (colon < s.len) {
        struct str minute = str_skip(s, colon + 1);
        if (minute.len != 2 || !str_int(minute, &m) || minute.at[0] < '0' || minute.at[0] > '9')
            return false;
    }
    if (h < 0 || h > 24 || m < 0 || m > 59 || (h == 24 && m != 0))
        return false;
    *ret_min = (int)h * HOUR_MIN + (int)m;
    return true;
}

bool hours_parse(struct str s, int *ret_start_min, int *ret_end_min, struct error *err)
{
    size_t dash = str_find(s, '-');
    int start, end;
    if (dash >= s.len || !clock_parse(str_trim(str_make(s.at, dash)), &start) ||
        !clock_parse(str_trim(str_skip(s, dash + 1)), &end))
        return refuse(err, "hours cannot be", s, HOURS_EXPECTED);
    /* A call that rings for a minute must fit. */
    if (end - start < 2)
        return refuse(err, "no time for a call in the hours", s, "an end after the start");
    *ret_start_min = start;
    *ret_end_min = end;
    return true;
}

static bool next_word(struct str *rest, struct str *ret_word)
{
    size_t start = 0;
    while (start < rest->len && (rest->at[start] == ' ' || rest->at[start] == '\t' || rest->at[start] == ','))
        start++;
    size_t end = start;
    while (end < rest->len && rest->at[end] != ' ' && rest->at[end] != '\t' && rest->at[end] != ',')
        end++;
    *ret_word = str_make(rest->at + start, end - start);
    *rest = str_skip(*rest, end);
    return end > start;
}

/* "mon" or "sun-thu", also over the end of the week: "sat-tue" */
static bool day_range_parse(struct str s, weekday_set *days)
{
    size_t dash = str_find(s, '-');
    enum weekday from, to;
    if (!weekday_parse(str_make(s.at, dash), &from))
        return false;
    to = from;
    if (dash < s.len && !weekday_parse(str_skip(s, dash + 1), &to))
        return false;
    for (int day = (int)from;; day = (day + 1) % 7) {
        *days |= 1u << day;
        if (day == (int)to)
            return true;
    }
}

bool days_parse(struct str s, weekday_set *ret, struct error *err)
{
    struct str words = str_trim(s), word;
    weekday_set days = 0;
    if (str_eq_ascii_case(words, STR("all"))) {
        *ret = DAYS_ALL;
        return true;
    }
    if (str_eq_ascii_case(words, STR("country"))) {
        *ret = 0;
        return true;
    }
    while (next_word(&words, &word))
        if (!day_range_parse(word, &days)) {
            days = 0;
            break;
        }
    if (days == 0)
        return refuse(err, "days cannot be", s, DAYS_EXPECTED);
    *ret = days;
    return true;
}

/* ---- one function a key: false if the value is not what the row expects ---- */

/* A count, or "none" for 0. */
static bool count_parse(struct str s, int most, int *ret)
{
    int64_t n;
    if (str_eq_ascii_case(s, STR("none")) || str_eq_ascii_case(s, STR("off")))
        n = 0;
    else if (!str_int(s, &n) || n < 0 || n > most)
        return false;
    *ret = (int)n;
    return true;
}

static bool set_hours(struct policy *p, struct str value)
{
    if (!hours_parse(value, &p->hours_start_min, &p->hours_end_min, NULL))
        return false;
    /* contracts, Time: hours that a person sets cover all days unless days are set too, before or after. */
    if (!p->days_said)
        p->days = DAYS_ALL;
    return true;
}

static bool set_days(struct policy *p, struct str value)
{
    if (!days_parse(value, &p->days, NULL))
        return false;
    p->days_said = true;
    return true;
}

static bool set_windows(struct policy *p, struct str value)
{
    bool on = str_eq_ascii_case(value, STR("on"));
    if (!on && !str_eq_ascii_case(value, STR("off")))
        return false;
    p->windows = on;
    return true;
}

static bool set_cap(struct policy *p, struct str value)
{
    return count_parse(value, CAP_MOST, &p->attempt_cap);
}

static bool set_dials(struct policy *p, struct str value)
{
    return count_parse(value, DIALS_MOST, &p->dials_per_day);
}

static bool set_retry_callback(struct policy *p, struct str value)
{
    struct str wait, tries, more;
    struct span span;
    int n = p->retry_callback_tries;
    if (!str_word(&value, &wait) || !span_parse(wait, &span) || span.business_days != 0 || span.seconds < MINUTE_S ||
        span.seconds > DAY_S)
        return false;
    if (str_word(&value, &tries) && (!count_parse(tries, TRIES_MOST, &n) || str_word(&value, &more)))
        return false;
    p->retry_callback_s = (int)span.seconds;
    p->retry_callback_tries = n;
    return true;
}

static bool set_skips(struct policy *p, struct str value)
{
    return count_parse(value, SKIPS_MOST, &p->skips_to_review);
}

static bool set_meeting_back(struct policy *p, struct str value)
{
    int days;
    if (!count_parse(value, BACK_DAYS_MOST, &days) || days < 1)
        return false;
    p->meeting_back_days = days;
    return true;
}

static bool set_country(struct policy *p, struct str value)
{
    char code[3] = "";
    if (value.len != 0 && value.len != 2)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        char c = value.at[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (c < 'A' || c > 'Z')
            return false;
        code[i] = c;
    }
    for (size_t i = 0; i < sizeof code; i++)
        p->country[i] = code[i];
    return true;
}

static bool set_audience(struct policy *p, struct str value)
{
    bool consumer = str_eq_ascii_case(value, STR("consumer"));
    if (!consumer && !str_eq_ascii_case(value, STR("business")))
        return false;
    p->consumer = consumer;
    return true;
}

/* "20m", or "off" */
static bool set_line_rest(struct policy *p, struct str value)
{
    struct span span = {0};
    if (!str_eq_ascii_case(value, STR("off")) && !str_is(value, "0") &&
        (!span_parse(value, &span) || span.business_days != 0 || span.seconds > DAY_S))
        return false;
    p->line_rest_s = (int)span.seconds;
    return true;
}

static bool set_parts(struct policy *p, struct str value)
{
    bool new = str_eq_ascii_case(value, STR("new"));
    if (!new && !str_eq_ascii_case(value, STR("any")))
        return false;
    p->new_parts = new;
    return true;
}

/* "SA 2026-09-23, DE 2026-12-24": added to those that are known; "none" forgets them. */
static bool set_holiday(struct policy *p, struct str value)
{
    struct str one, country, day, more;
    if (value.len == 0 || str_eq_ascii_case(value, STR("none"))) {
        p->holidays_count = 0;
        return true;
    }
    while (str_next(&value, ',', &one)) {
        struct said_holiday h = {.country = ""};
        struct civil c;
        bool date_only = false, there = false;
        if (!str_word(&one, &country) || country.len != 2 || !str_word(&one, &day) || str_word(&one, &more) ||
            !civil_parse(day, &c, &date_only) || !date_only)
            return false;
        for (size_t i = 0; i < 2; i++) {
            char letter = country.at[i];
            h.country[i] = letter >= 'a' && letter <= 'z' ? (char)(letter - 'a' + 'A') : letter;
            if (h.country[i] < 'A' || h.country[i] > 'Z')
                return false;
        }
        h.day = (int32_t)civil_days(c.year, c.month, c.day);
        for (int i = 0; i < p->holidays_count; i++)
            there = there || (p->holidays[i].day == h.day && str_is(str_of(h.country), p->holidays[i].country));
        if (there)
            continue;
        if (p->holidays_count == SAID_HOLIDAYS_MOST)
            return false;
        p->holidays[p->holidays_count++] = h;
    }
    return true;
}

/* "no-answer 3h 1d 2bd": the words that an outcome's wait understands; without words it is the outcome's own again. */
static bool set_retry(struct policy *p, struct str value)
{
    struct retry_rule rule = {.code = ""};
    struct str code, word, rest;
    size_t len = 0;
    if (!str_word(&value, &code) || code.len >= sizeof rule.code)
        return false;
    for (size_t i = 0; i < code.len; i++) {
        bool letter = (code.at[i] >= 'a' && code.at[i] <= 'z') || code.at[i] == '-' || (code.at[i] >= '0' && code.at[i] <= '9');
        if (!letter)
            return false;
        rule.code[i] = code.at[i];
    }
    rest = value;
    while (str_word(&rest, &word)) {
        struct span span;
        if ((!str_is(word, "part") && !span_parse(word, &span)) || len + word.len + 2 > sizeof rule.wait)
            return false;
        if (len != 0)
            rule.wait[len++] = ' ';
        for (size_t i = 0; i < word.len; i++)
            rule.wait[len++] = word.at[i];
    }
    int at = 0;
    while (at < p->retries_count && !str_is(code, p->retries[at].code))
        at++;
    if (at == RETRIES_MOST)
        return false;
    if (len == 0 && at == p->retries_count)
        return true;
    if (len == 0) {
        p->retries[at] = p->retries[--p->retries_count];
        return true;
    }
    p->retries[at] = rule;
    p->retries_count += at == p->retries_count;
    return true;
}

const char *retry_wait(const struct policy *p, const struct outcome *o)
{
    for (int i = 0; i < p->retries_count; i++)
        if (str_is(str_of(o->code), p->retries[i].code))
            return p->retries[i].wait;
    return o->wait;
}

struct str policy_line_key(struct str key, struct str value, struct buf *keep, struct str *ret_value)
{
    struct str code, rest = value;
    *ret_value = value;
    if (!str_is(key, "retry") || !str_word(&rest, &code))
        return key;
    buf_clear(keep);
    buf_printf(keep, "retry %.*s", STR_ARG(code));
    *ret_value = str_trim(rest);
    return buf_str(keep);
}

static bool column_parse(struct str value, char ret[COLUMN_SIZE])
{
    struct buf folded;
    buf_init(&folded);
    text_fold(value, &folded);
    bool fits = folded.len > 0 && folded.len < COLUMN_SIZE;
    if (fits)
        memcpy(ret, folded.at, folded.len + 1);
    buf_done(&folded);
    return fits;
}

/* "newest", "rank SCORE", "random 7" */
static bool set_order(struct policy *p, struct str value)
{
    struct str word;
    if (!str_word(&value, &word))
        return false;
    value = str_trim(value);
    for (int i = 0; i < ORDER_COUNT_; i++) {
        if (!str_eq_ascii_case(word, str_of(order_word((enum list_order)i))))
            continue;
        int64_t seed = 1;
        if (i == ORDER_RANK ? !column_parse(value, p->order_column)
            : i == ORDER_RANDOM ? value.len != 0 && !str_int(value, &seed)
                                : value.len != 0)
            return false;
        p->order = (enum list_order)i;
        p->order_seed = (uint64_t)seed;
        return true;
    }
    return false;
}

static bool set_learn(struct policy *p, struct str value)
{
    bool on = str_eq_ascii_case(value, STR("on"));
    if (!on && !str_eq_ascii_case(value, STR("off")))
        return false;
    p->learn = on;
    return true;
}

static bool set_new(struct policy *p, struct str value)
{
    int n;
    if (!count_parse(value, NEW_EVERY_MOST, &n) || n == 1)
        return false;
    p->new_every = n;
    return true;
}

static bool set_segment(struct policy *p, struct str value)
{
    if (str_eq_ascii_case(value, STR("none"))) {
        p->segment[0] = '\0';
        return true;
    }
    return column_parse(value, p->segment);
}

static bool set_guard(struct policy *p, struct str value)
{
    struct span span = {0};
    if (!str_is(value, "0") && !str_eq_ascii_case(value, STR("off")) &&
        (!span_parse(value, &span) || span.business_days != 0 || span.seconds < 0 || span.seconds > HOUR_S))
        return false;
    p->guard_s = (int)span.seconds;
    return true;
}

/* "SA=" in front of a caller line, cut off; ret is "" if there is none. */
static bool caller_country(struct str *word, char ret[3])
{
    ret[0] = '\0';
    if (word->len < 3 || word->at[2] != '=')
        return true;
    for (int i = 0; i < 2; i++) {
        char c = word->at[i];
        ret[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        if (ret[i] < 'A' || ret[i] > 'Z')
            return false;
    }
    ret[2] = '\0';
    *word = str_skip(*word, 3);
    return true;
}

/* A number, or an account: what it is made of. The dialer has the last word on it. */
static bool caller_is_good(struct str word)
{
    bool number = word.len >= 5 && word.len <= 16 && word.at[0] == '+';
    for (size_t i = 1; number && i < word.len; i++)
        number = word.at[i] >= '0' && word.at[i] <= '9';
    bool account = str_starts(word, "sip:") && word.len < CALLER_SIZE && str_find(word, '@') < word.len;
    for (size_t i = 0; account && i < word.len; i++)
        account = (unsigned char)word.at[i] > 0x20 && (unsigned char)word.at[i] < 0x7f && word.at[i] != '"' && word.at[i] != '<';
    return number || account;
}

static bool set_caller_id(struct policy *p, struct str value)
{
    struct str rest = value, word;
    char country[3];
    if (str_is(value, "none"))
        value.len = 0;
    for (rest = value; str_word(&rest, &word);)
        if (!caller_country(&word, country) || !caller_is_good(word))
            return false;
    if (value.len >= sizeof p->caller_ids)
        return false;
    for (size_t i = 0; i < value.len; i++)
        p->caller_ids[i] = value.at[i];
    p->caller_ids[value.len] = '\0';
    return true;
}

void policy_caller(const struct policy *p, struct str country, char ret[CALLER_SIZE])
{
    struct str rest = str_of(p->caller_ids), word, best = STR("");
    char of[3];
    bool own = false;
    while (str_word(&rest, &word))
        if (caller_country(&word, of) && (of[0] == '\0' ? !own : str_is(country, of))) {
            best = word;
            own = of[0] != '\0';
        }
    size_t len = best.len < CALLER_SIZE ? best.len : 0;
    for (size_t i = 0; i < len; i++)
        ret[i] = best.at[i];
    ret[len] = '\0';
}

static bool set_product(struct policy *p, struct str value)
{
    if (value.len >= sizeof p->product)
        return false;
    for (size_t i = 0; i < value.len; i++)
        p->product[i] = value.at[i];
    p->product[value.len] = '\0';
    return true;
}

static const struct {
    const char *key;
    bool (*set)(struct policy *p, struct str value);
    const char *expected;
} keys[] = {
#define LINE(id, word, expected) {word, set_##id, expected},
#include "policy.def"
#undef LINE
    {"attempt-cap", set_cap, "how many attempts, 0 to 1000, 0 for no cap"}, /* the setting's own name */
};

const char *policy_line_expected(struct str word)
{
    for (size_t i = 0; i < COUNT(keys); i++)
        if (str_is(word, keys[i].key))
            return keys[i].expected;
    return NULL;
}

bool policy_set(struct policy *p, struct str key, struct str value, struct error *err)
{
    value = str_trim(value);
    if (str_starts(key, "retry ")) { /* as it is kept: the outcome is part of the key */
        struct buf whole;
        buf_init(&whole);
        buf_printf(&whole, "%.*s %.*s", STR_ARG(str_skip(key, 6)), STR_ARG(value));
        bool ok = policy_set(p, STR("retry"), buf_str(&whole), err);
        buf_done(&whole);
        return ok;
    }
    for (size_t i = 0; i < COUNT(keys); i++) {
        if (!str_is(key, keys[i].key))
            continue;
        if (keys[i].set(p, value))
            return true;
        struct buf what;
        buf_init(&what);
        buf_printf(&what, "%s cannot be", keys[i].key);
        refuse(err, what.at, value, keys[i].expected);
        buf_done(&what);
        return false;
    }
    struct buf known;
    buf_init(&known);
    for (size_t i = 0; i < COUNT(keys); i++)
        buf_printf(&known, "%s%s", i == 0 ? "one of " : ", ", keys[i].key);
    refuse(err, "no such rule:", key, known.at);
    buf_done(&known);
    return false;
}

void policy_fold_key(const struct policy *p, struct buf *out)
{
    /* The first number changes when fold's rules do: rows that an older program folded are then folded again. */
    buf_printf(out, "3 days=%u cap=%d dials=%d retry=%d,%d skips=%d back=%d", p->days & DAYS_ALL, p->attempt_cap,
               p->dials_per_day, p->retry_callback_s, p->retry_callback_tries, p->skips_to_review,
               p->meeting_back_days);
    buf_printf(out, " consumer=%d line=%d parts=%d", p->consumer, p->line_rest_s, p->new_parts);
    buf_printf(out, " order=%s,%s,%llu learn=%d new=%d segment=%s", order_word(p->order), p->order_column,
               (unsigned long long)p->order_seed, p->learn, p->new_every, p->segment);
    for (int i = 0; i < p->retries_count; i++)
        buf_printf(out, " %s=%s", p->retries[i].code, p->retries[i].wait);
    for (int i = 0; i < p->holidays_count; i++)
        buf_printf(out, " %s=%d", p->holidays[i].country, (int)p->holidays[i].day);
}
