/* SPDX-License-Identifier: MIT */
/*
 * rows N: a call list of N invented people as CSV on standard output; the same N gives the same bytes.
 *
 * Numbers have area codes with a 9 in the middle, which the numbering plan of North America keeps free: nobody has them.
 * One row in a hundred is a person who was there before, one in two hundred has a number that cannot be one.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(a) ((unsigned)(sizeof(a) / sizeof((a)[0])))

/* splitmix64 of the person's number: a row is the same wherever it stands */
static unsigned pick(uint64_t person, uint64_t what, unsigned below)
{
    uint64_t z = (person * 16 + what + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (unsigned)((z ^ (z >> 31)) % below);
}

static void row(uint64_t person, int bad_number)
{
    static const char *const given[] = {"Ada",  "Bela", "Cleo", "Dara", "Edda", "Femi", "Gita", "Hugo",   "Ines", "Jiro", "Kofi",
                                        "Lena", "Milo", "Nora", "Otto", "Pia",  "Quin", "Rosa", "Jürgen", "Tara", "Zoë",  "Søren"};
    static const char *const start[] = {"Al", "Bran", "Cor", "Dun", "El", "Far", "Gor", "Hal", "Ing", "Jess", "Ket", "Lom", "Mun", "Nor", "Or", "Pas"};
    static const char *const middle[] = {"", "ber", "den", "gar", "lo", "man", "ri", "ster", "ti", "va"};
    static const char *const end[] = {"by", "ell", "ford", "gate", "ham", "ing", "ley", "more", "row", "sen", "ton", "well"};
    static const char *const trade[] = {"Dental", "Foods", "Freight", "Glass", "Labs", "Logistics", "Parts", "Print", "Tools", "Trading"};
    static const char *const title[] = {"Owner", "Buyer", "Head of Procurement", "Office Manager", "\"Director, Sales\"", "Practice Manager"};
    static const struct {
        const char *state, *zone;
    } place[] = {{"NY", "America/New_York"},     {"IL", "America/Chicago"}, {"CO", "America/Denver"},
                 {"CA", "America/Los_Angeles"},  {"AZ", "America/Phoenix"}, {"FL", "America/New_York"}};
    static const char *const source[] = {"web form", "trade fair", "referral", "list", "webinar"};
    const char *g = given[pick(person, 1, COUNT(given))];
    const char *s = start[pick(person, 2, COUNT(start))], *m = middle[pick(person, 3, COUNT(middle))], *e = end[pick(person, 4, COUNT(end))];
    unsigned where = pick(person, 5, COUNT(place)), company = pick(person, 6, 1000000);
    /* N9X, then seven digits that differ for every person */
    unsigned area = (2 + (unsigned)(person / 8000000 % 8)) * 100 + 90 + pick(person, 7, 10);
    printf("%" PRIu64 ",%s,%s%s%s,%s%s %s %u,%s,", 100000 + person, g, s, m, e, start[company % COUNT(start)], end[company % COUNT(end)],
           trade[company % COUNT(trade)], company % 5000, title[pick(person, 8, COUNT(title))]);
    if (bad_number)
        printf("+1%03u12,", area);
    else
        printf("+1%03u%07u,", area, (unsigned)(2000000 + person % 8000000));
    printf("p%" PRIu64 "@%s%s.example,%s,US,%s,%s,\"asked about %s, call back in week %u\"\n", person, s, e, place[where].state, place[where].zone,
           source[pick(person, 9, COUNT(source))], trade[pick(person, 10, COUNT(trade))], 1 + pick(person, 11, 52));
}

int main(int argc, char **argv)
{
    char *rest = NULL;
    uint64_t count = argc == 2 ? strtoull(argv[1], &rest, 10) : 0;
    if (count == 0 || *rest != '\0') {
        fprintf(stderr, "usage: rows N\n");
        return 2;
    }
    printf("Record ID,First Name,Last Name,Company,Job Title,Phone,Email,State,Country,Time Zone,Source,Product Interest\n");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t person = i % 100 == 99 ? i - 50 : i;
        row(person, person % 200 == 13);
    }
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? 0 : 1;
}
