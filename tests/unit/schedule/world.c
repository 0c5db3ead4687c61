/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static struct zone_table *table;

static void table_free(void)
{
    zone_table_free(table);
}

struct place place_in(const char *zones, weekday_set workdays)
{
    struct place place = {.workdays = workdays};
    struct str rest = str_of(zones), name;
    struct error err = {0};
    if (table == NULL) {
        table = zone_table_new(NULL);
        atexit(table_free);
    }
    while (rest.len > 0 && str_next(&rest, ',', &name)) {
        const struct zone *z = zone_find(table, name, &err);
        if (z == NULL)
            fail_msg("%s", err.text);
        place.zones[place.zone_count++] = z;
    }
    return place;
}

int64_t instant(const char *text)
{
    int64_t at = AT_NONE;
    if (text[0] != '\0' && !iso_parse(str_of(text), &at))
        fail_msg("no instant: \"%s\"", text);
    return at;
}

const struct outcome *outcome_of(const char *code)
{
    static struct outcome_table outcomes;
    if (outcomes.rows == NULL)
        outcomes = outcome_defaults();
    if (code[0] == '\0')
        return NULL;
    const struct outcome *o = outcome_by_code(&outcomes, str_of(code));
    if (o == NULL)
        fail_msg("no outcome: \"%s\"", code);
    return o;
}

const char *shown(int64_t at)
{
    static char buffers[8][ISO_SIZE];
    static unsigned turn;
    char *p = buffers[turn++ % COUNT(buffers)];
    if (at == AT_NONE)
        snprintf(p, ISO_SIZE, "none");
    else
        iso_format(at, p);
    return p;
}

void assert_at(int64_t got, int64_t want, size_t row)
{
    if (got != want)
        fail_msg("row %zu: got %s, want %s", row, shown(got), shown(want));
}
