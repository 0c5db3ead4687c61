/* SPDX-License-Identifier: MIT */
/*
 * Zones by the beginning of a number: assets/zones/phone-zones.txt, the longest prefix wins.
 *
 * Rows are sorted as text. The last row that is not after the number begins with the number's longest prefix, if it has
 * one at all, so one binary search and a walk up the parents finds it.
 */
#include "book.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

enum { PREFIX_MOST = 15 };

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len > 0;
}

static int row_compare(const void *a, const void *b)
{
    const struct zone_prefix *x = a, *y = b;
    return str_compare(x->digits, y->digits);
}

static void parents_set(struct prefixes *p)
{
    for (size_t i = 0; i < p->count; i++) {
        size_t up = i == 0 ? NO_PARENT : i - 1;
        while (up != NO_PARENT && !(p->rows[up].digits.len < p->rows[i].digits.len &&
                                    memcmp(p->rows[up].digits.at, p->rows[i].digits.at, p->rows[up].digits.len) == 0))
            up = p->rows[up].parent;
        p->rows[i].parent = up;
    }
}

static const struct prefixes *prefixes_of(struct phone_book *book)
{
    struct prefixes *p = &book->prefixes;
    if (p->tried)
        return p;
    p->tried = true;
    size_t len;
    p->text = facts_read(book, "phone-zones.txt", &len);
    if (p->text == NULL)
        return p;
    struct str rest = str_make(p->text, len), line;
    size_t cap = 0;
    while (facts_line(&rest, &line)) {
        size_t bar = str_find(line, '|');
        struct str digits = str_make(line.at, bar), zones = str_trim(str_skip(line, bar + 1));
        if (!is_digits(digits) || digits.len > PREFIX_MOST || zones.len == 0)
            continue;
        if (p->count == cap) {
            cap = cap != 0 ? cap * 2 : 1024;
            p->rows = alloc_resize(p->rows, cap, sizeof p->rows[0]);
        }
        p->rows[p->count++] = (struct zone_prefix){.digits = digits, .zones = zones};
    }
    if (p->count > 0)
        qsort(p->rows, p->count, sizeof p->rows[0], row_compare);
    parents_set(p);
    return p;
}

void prefixes_done(struct prefixes *p)
{
    free(p->rows);
    free(p->text);
    *p = (struct prefixes){0};
}

static const struct zone_prefix *prefix_find(const struct prefixes *p, struct str number)
{
    size_t low = 0, high = p->count; /* rows before low are not after the number */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(p->rows[middle].digits, number) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t at = low > 0 ? low - 1 : NO_PARENT; at != NO_PARENT; at = p->rows[at].parent) {
        struct str digits = p->rows[at].digits;
        if (digits.len <= number.len && memcmp(digits.at, number.at, digits.len) == 0)
            return &p->rows[at];
    }
    return NULL;
}

int phone_zones(struct phone_book *book, struct str e164, struct buf *ret)
{
    buf_clear(ret);
    if (!phone_is_e164(e164))
        return 0;
    struct str number = str_skip(e164, 1);
    const struct zone_prefix *found = prefix_find(prefixes_of(book), number);
    struct str zones, one;
    char separator = '&';
    if (found != NULL) {
        zones = found->zones;
    } else {
        /* a country younger than the table: its calling code still says where it lies */
        const struct country *c = country_of_number(book, number, NULL);
        if (c == NULL)
            return 0;
        zones = c->zones;
        separator = ',';
    }
    int count = 0;
    while (zones.len > 0 && str_next(&zones, separator, &one)) {
        if (one.len == 0)
            continue;
        if (++count > ZONES_MOST) {
            buf_clear(ret);
            return 0;
        }
        if (count > 1)
            buf_add_char(ret, ',');
        buf_add_str(ret, one);
    }
    return count;
}

struct str phone_zones_text(struct phone_book *book, struct str e164, struct arena *a)
{
    struct buf zones;
    buf_init(&zones);
    struct str text = book != NULL && phone_zones(book, e164, &zones) > 0 ? arena_str(a, buf_str(&zones)) : STR("");
    buf_done(&zones);
    return text;
}
