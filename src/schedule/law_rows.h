/* SPDX-License-Identifier: MIT */
/* The tables of assets/windows as they are read; law.c makes laws of them. */
#ifndef CALLDECK_SCHEDULE_LAW_ROWS_H
#define CALLDECK_SCHEDULE_LAW_ROWS_H

#include "calldeck/alloc.h"
#include "calldeck/arena.h"
#include "calldeck/law.h"

enum rule_kind { RULE_ATTEMPTS, RULE_UNANSWERED, RULE_REFUSAL, RULE_CONSENT, RULE_REGISTRY };
struct law_rule { /* a line of rules.csv */
    char country[3], region[4];
    enum rule_kind kind;
    int number, span; /* calls and which of law_span_s; days */
    int32_t from_day;
    bool business, consumer, verified;
};
struct holiday_country {
    char country[3];
    size_t first, count;
};
struct law_table {
    struct arena arena;
    struct law_row *rows;
    size_t rows_count;
    struct law_rule *rules;
    size_t rules_count;
    int32_t *days;    /* of all countries, each in order */
    struct str *names;
    size_t days_count;
    struct holiday_country *countries;
    size_t countries_count;
    unsigned edition;
};

bool law_table_read(struct law_table *t, struct str windows, struct str rules, struct str holidays, struct error *err);

#endif
