/* SPDX-License-Identifier: MIT */
/* The state that a North American area code lies in: state laws hold there whatever the address says. */
#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

enum { AREAS_FROM = 200, AREAS = 800 };

/* "512|US|TX" */
static void area_read(struct areas *a, struct str line)
{
    struct str code, country, state;
    int64_t number;
    if (!str_next(&line, '|', &code) || !str_next(&line, '|', &country) || !str_next(&line, '|', &state) || !str_int(code, &number) ||
        number < AREAS_FROM || number >= AREAS_FROM + AREAS || state.len == 0 || state.len >= AREA_SIZE)
        return;
    memcpy(a->states[number - AREAS_FROM], state.at, state.len);
}

static void areas_load(struct phone_book *book)
{
    struct areas *a = &book->areas;
    a->tried = true;
    a->states = alloc_zeroed(AREAS, sizeof *a->states);
    size_t len;
    char *text = facts_read(book, "area-codes.txt", &len);
    if (text == NULL)
        return;
    struct str rest = str_make(text, len), line;
    while (facts_line(&rest, &line))
        area_read(a, line);
    free(text);
}

void areas_done(struct areas *a)
{
    free(a->states);
}

struct str phone_state(struct phone_book *book, struct str e164)
{
    int64_t area;
    if (e164.len != 12 || !str_starts(e164, "+1") || !str_int(str_make(e164.at + 2, 3), &area) || area < AREAS_FROM)
        return str_of("");
    if (!book->areas.tried)
        areas_load(book);
    return str_of(book->areas.states[area - AREAS_FROM]);
}
