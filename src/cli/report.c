/* SPDX-License-Identifier: MIT */
/* Finding people, and the figures of a span of time. */
#include "session.h"

#include <stdio.h>

bool run_SEARCH(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t limit = 50;
    const struct found *rows;
    size_t count;
    if (!option_int(s, OPTION_LIMIT, 1, 1000000, &limit, err) ||
        !search_run(s->store, arguments_joined(s, 0), (size_t)limit, &s->arena, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count && !out_dead(s); i++) {
        if (option_given(s, OPTION_JSON)) {
            struct json j;
            json_open(&j, &s->out);
            json_int(&j, "id", rows[i].id);
            json_str_or_null(&j, "name", rows[i].name);
            json_str_or_null(&j, "company", rows[i].company);
            json_str_or_null(&j, "phone", rows[i].phone);
            json_text(&j, "found_in", rows[i].found_in);
            json_close(&j);
        } else {
            char id[24];
            snprintf(id, sizeof id, "%lld", (long long)rows[i].id);
            out_cell(s, str_of(id), 7);
            out_cell(s, rows[i].name, 28);
            out_cell(s, rows[i].company, 24);
            out_cell(s, rows[i].phone, 16);
            out_cell(s, str_of(rows[i].found_in), 0);
            buf_add_char(&s->out, '\n');
        }
        out_some(s);
    }
    if (count == 0 && !option_given(s, OPTION_JSON))
        say_line(s, "nobody is found");
    return true;
}

bool run_STATS(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t since = AT_MIN;
    struct stats stats;
    /* what was logged for later counts too, unless --at says when now is */
    if (!option_since(s, &since, err) ||
        !stats_load(s->store, since, option_given(s, OPTION_AT) ? s->now + 1 : AT_MAX, &s->arena, &stats, err))
        return false;
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_int(&j, "dials", stats.dials);
        json_int(&j, "conversations", stats.conversations);
        json_int(&j, "meetings", stats.meetings);
        json_int(&j, "sales", stats.sales);
        if (stats.amounts_count > 1)
            json_null(&j, "amount");
        else
            json_double(&j, "amount", (double)stats.amount_cents / 100, -1);
        json_int(&j, "talk_s", stats.talk_s);
        json_object(&j, "by_outcome");
        for (size_t i = 0; i < stats.by_outcome_count; i++)
            json_int(&j, stats.by_outcome[i].outcome->code, stats.by_outcome[i].count);
        json_end(&j);
        json_object(&j, "amounts"); /* "" where nobody named a currency */
        for (size_t i = 0; i < stats.amounts_count; i++)
            json_double(&j, stats.amounts[i].currency.at, (double)stats.amounts[i].cents / 100, -1);
        json_end(&j);
        json_close(&j);
        return true;
    }
    out_line(s, "dials          %lld", (long long)stats.dials);
    out_line(s, "conversations  %lld", (long long)stats.conversations);
    out_line(s, "meetings       %lld", (long long)stats.meetings);
    out_line(s, "sales          %lld", (long long)stats.sales);
    for (size_t i = 0; i < stats.amounts_count || i == 0; i++) {
        buf_add_text(&s->out, i == 0 ? "amount         " : "               ");
        session_cents(&s->out, stats.amounts_count != 0 ? stats.amounts[i].cents : 0);
        if (stats.amounts_count != 0 && stats.amounts[i].currency.len != 0) {
            buf_add_char(&s->out, ' ');
            out_printable(s, stats.amounts[i].currency);
        }
        buf_add_char(&s->out, '\n');
    }
    out_line(s, "talked         %lld:%02lld:%02lld", (long long)(stats.talk_s / 3600), (long long)(stats.talk_s / 60 % 60),
             (long long)(stats.talk_s % 60));
    for (size_t i = 0; i < stats.by_outcome_count; i++)
        if (stats.by_outcome[i].count != 0)
            out_line(s, "  %-26s  %lld", stats.by_outcome[i].outcome->label, (long long)stats.by_outcome[i].count);
    return true;
}
