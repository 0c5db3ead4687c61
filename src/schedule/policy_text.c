/* SPDX-License-Identifier: MIT */
/* The lines of a policy as a person would write them: policy_set() takes each of them back. */
#include "calldeck/schedule.h"

enum { HOUR_MIN = 60 };

static void text_hours(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%02d:%02d-%02d:%02d", p->hours_start_min / HOUR_MIN, p->hours_start_min % HOUR_MIN,
               p->hours_end_min / HOUR_MIN, p->hours_end_min % HOUR_MIN);
}

static void text_days(const struct policy *p, struct buf *out)
{
    size_t before = out->len;
    if (p->days == 0)
        buf_add_text(out, "country");
    for (int d = MONDAY; d <= SUNDAY; d++)
        if (p->days & (1u << d))
            buf_printf(out, "%s%s", out->len > before ? " " : "", weekday_name((enum weekday)d));
}

static void text_windows(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->windows ? "on" : "off");
}

static void text_audience(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->consumer ? "consumer" : "business");
}

static void text_country(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->country);
}

static void text_holiday(const struct policy *p, struct buf *out)
{
    for (int i = 0; i < p->holidays_count; i++) {
        struct civil c = civil_of_seconds(p->holidays[i].day * (int64_t)DAY_S);
        buf_printf(out, "%s%s %04d-%02d-%02d", i ? ", " : "", p->holidays[i].country, c.year, c.month, c.day);
    }
}

static void text_cap(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%d", p->attempt_cap);
}

static void text_dials(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%d", p->dials_per_day);
}

/* One a retry; see policy_line_next. */
static void text_retry(const struct policy *p, struct buf *out)
{
    (void)p;
    (void)out;
}

static void text_parts(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->new_parts ? "new" : "any");
}

static void text_seconds(int seconds, const char *none, struct buf *out)
{
    if (seconds == 0)
        buf_add_text(out, none);
    else
        span_format((struct span){.seconds = seconds}, out);
}

static void text_retry_callback(const struct policy *p, struct buf *out)
{
    text_seconds(p->retry_callback_s, "0", out);
    buf_printf(out, " %d", p->retry_callback_tries);
}

static void text_line_rest(const struct policy *p, struct buf *out)
{
    text_seconds(p->line_rest_s, "off", out);
}

static void text_skips(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%d", p->skips_to_review);
}

static void text_meeting_back(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%d", p->meeting_back_days);
}

static void text_guard(const struct policy *p, struct buf *out)
{
    text_seconds(p->guard_s, "0", out);
}

static void text_order(const struct policy *p, struct buf *out)
{
    buf_add_text(out, order_word(p->order));
    if (p->order == ORDER_RANK)
        buf_printf(out, " %s", p->order_column);
    else if (p->order == ORDER_RANDOM)
        buf_printf(out, " %lld", (long long)p->order_seed);
}

static void text_learn(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->learn ? "on" : "off");
}

static void text_segment(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->segment[0] != '\0' ? p->segment : "none");
}

static void text_new(const struct policy *p, struct buf *out)
{
    buf_printf(out, "%d", p->new_every);
}

static void text_caller_id(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->caller_ids[0] != '\0' ? p->caller_ids : "none");
}

static void text_product(const struct policy *p, struct buf *out)
{
    buf_add_text(out, p->product);
}

static const struct {
    const char *word;
    void (*text)(const struct policy *p, struct buf *out);
} lines[] = {
#define LINE(id, word, expected) {word, text_##id},
#include "policy.def"
#undef LINE
};
enum { LINES = sizeof lines / sizeof lines[0] };

bool policy_line_next(const struct policy *p, struct policy_cursor *at, struct buf *ret_key, struct buf *ret_value)
{
    while (at->line < LINES && lines[at->line].text == text_retry && at->retry == p->retries_count)
        at->line++;
    if (at->line >= LINES)
        return false;
    buf_clear(ret_key);
    buf_clear(ret_value);
    buf_add_text(ret_key, lines[at->line].word);
    if (lines[at->line].text == text_retry) {
        buf_printf(ret_key, " %s", p->retries[at->retry].code);
        buf_add_text(ret_value, p->retries[at->retry++].wait);
        return true;
    }
    lines[at->line++].text(p, ret_value);
    return true;
}

void policy_value(const struct policy *p, struct str key, struct buf *out)
{
    struct policy_cursor at = {0};
    struct buf one, value;
    buf_init(&one);
    buf_init(&value);
    buf_clear(out);
    while (policy_line_next(p, &at, &one, &value))
        if (str_eq(buf_str(&one), key)) {
            buf_add_str(out, buf_str(&value));
            break;
        }
    buf_done(&one);
    buf_done(&value);
}

const char *policy_line_word(size_t line)
{
    return line < LINES ? lines[line].word : NULL;
}
