/* SPDX-License-Identifier: MIT */
/*
 * What a person means by a zone: a full name in any case, a city, an American zone word, an offset.
 *
 * A guess must never be wrong in silence, since calling hours hang on it: each step takes an answer only if it is the
 * only one, and several are given back as a question.
 */
#include "calldeck/zone.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "calldeck/alloc.h"
#include "scalar.h"
#include "zone_table.h"

enum { FOLD_SIZE = 128, TAB_LIMIT_BYTES = 1 << 20, DEPTH_MAX = 4, CANDIDATES_MAX = 4096, SHOWN_MAX = 5 };

/*
 * Words that tzdata does not know or means otherwise: its "EST" never has daylight saving time, which is not what
 * anybody in New York means by it. Where the word has several homes, all are named (with blanks between), and asked.
 */
static const struct {
    const char *words, *names;
} known[] = {
    {"utc", "UTC"},
    {"gmt", "Etc/GMT"},
    {"et", "America/New_York"},
    {"est", "America/New_York"},
    {"edt", "America/New_York"},
    {"eastern", "America/New_York"},
    {"eastern time", "America/New_York"},
    {"ct", "America/Chicago"},
    {"cst", "America/Chicago Asia/Shanghai"},
    {"cdt", "America/Chicago"},
    {"central", "America/Chicago"},
    {"central time", "America/Chicago"},
    {"mt", "America/Denver"},
    {"mst", "America/Denver America/Phoenix"},
    {"mdt", "America/Denver"},
    {"mountain", "America/Denver"},
    {"mountain time", "America/Denver"},
    {"arizona", "America/Phoenix"},
    {"pt", "America/Los_Angeles"},
    {"pst", "America/Los_Angeles"},
    {"pdt", "America/Los_Angeles"},
    {"pacific", "America/Los_Angeles"},
    {"pacific time", "America/Los_Angeles"},
    {"alaska", "America/Anchorage"},
    {"hawaii", "Pacific/Honolulu"},
    {"hst", "Pacific/Honolulu"},
    {"bst", "Europe/London"},
    {"ist", "Asia/Kolkata Europe/Dublin Asia/Jerusalem"},
    {"cet", "Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome"},
    {"cest", "Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome"},
    {"eet", "Europe/Athens Europe/Helsinki Europe/Bucharest Africa/Cairo"},
    {"met", "Europe/Berlin"},
    {"wet", "Europe/Lisbon"},
    {"boston", "America/New_York"},
    {"washington", "America/New_York"},
    {"miami", "America/New_York"},
    {"atlanta", "America/New_York"},
    {"dallas", "America/Chicago"},
    {"houston", "America/Chicago"},
    {"san francisco", "America/Los_Angeles"},
    {"seattle", "America/Los_Angeles"},
    {"ottawa", "America/Toronto"},
    {"montreal", "America/Toronto"},
    {"rio de janeiro", "America/Sao_Paulo"},
    {"manchester", "Europe/London"},
    {"edinburgh", "Europe/London"},
    {"munich", "Europe/Berlin"},
    {"hamburg", "Europe/Berlin"},
    {"frankfurt", "Europe/Berlin"},
    {"cologne", "Europe/Berlin"},
    {"geneva", "Europe/Zurich"},
    {"milan", "Europe/Rome"},
    {"barcelona", "Europe/Madrid"},
    {"abu dhabi", "Asia/Dubai"},
    {"jeddah", "Asia/Riyadh"},
    {"mecca", "Asia/Riyadh"},
    {"dammam", "Asia/Riyadh"},
    {"tel aviv", "Asia/Jerusalem"},
    {"mumbai", "Asia/Kolkata"},
    {"delhi", "Asia/Kolkata"},
    {"new delhi", "Asia/Kolkata"},
    {"bangalore", "Asia/Kolkata"},
    {"lahore", "Asia/Karachi"},
    {"islamabad", "Asia/Karachi"},
    {"beijing", "Asia/Shanghai"},
    {"shenzhen", "Asia/Shanghai"},
    {"osaka", "Asia/Tokyo"},
    {"hanoi", "Asia/Ho_Chi_Minh"},
    {"canberra", "Australia/Sydney"},
    {"wellington", "Pacific/Auckland"},
};

/* Lower case; blanks, _ and - are one blank; dots and apostrophes vanish; a Latin-1 letter loses its mark. */
static bool fold(struct str s, char ret[FOLD_SIZE])
{
    static const char latin1[] = "aaaaaaaceeeeiiiidnooooo.ouuuuyts"; /* U+00C0..DF, and U+00E0..FF alike */
    size_t len = 0;
    s = str_trim(s);
    while (s.len > 0) {
        size_t bytes;
        uint32_t c = scalar_at(s, &bytes);
        s = str_skip(s, bytes);
        if (c >= 0xc0 && c <= 0xff)
            c = (uint32_t)latin1[(c - 0xc0) % 32];
        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c == '.' || c == '\'' || c == 0x2019)
            continue;
        if (c == '_' || c == '-' || c == ' ' || c == '\t') {
            if (len > 0 && ret[len - 1] == ' ')
                continue;
            c = ' ';
        }
        if (c > 0x7e || c < ' ' || len + 1 >= FOLD_SIZE)
            return false;
        ret[len++] = (char)c;
    }
    ret[len] = '\0';
    return true;
}

static void add_candidate(struct zone_table *t, const char *name)
{
    char folded[FOLD_SIZE];
    if (t->candidate_count >= CANDIDATES_MAX || !fold(str_of(name), folded))
        return;
    size_t count = t->candidate_count;
    if ((count & (count - 1)) == 0) /* grow at each power of two */
        t->candidates = alloc_resize(t->candidates, count ? count * 2 : 1, sizeof *t->candidates);
    t->candidates[t->candidate_count++] = (struct zone_candidate){
        .name = alloc_copy(name, strlen(name)),
        .folded = alloc_copy(folded, strlen(folded)),
    };
}

static void walk(struct zone_table *t, const char *below, int depth)
{
    char path[PATH_MAX];
    int len = snprintf(path, sizeof path, "%s/%s", t->dir, below);
    DIR *dir = len > 0 && (size_t)len < sizeof path && depth < DEPTH_MAX ? opendir(path) : NULL;
    if (dir == NULL)
        return;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        /* Zones and their folders begin with a capital; the lists and the two copies of the tree do not. */
        if (e->d_name[0] < 'A' || e->d_name[0] > 'Z' || strchr(e->d_name, '.') != NULL)
            continue;
        char name[PATH_MAX];
        len = snprintf(name, sizeof name, "%s%s%s", below, below[0] ? "/" : "", e->d_name);
        if (len < 0 || (size_t)len >= sizeof name)
            continue;
        len = snprintf(path, sizeof path, "%s/%s", t->dir, name);
        struct stat st;
        if (len < 0 || (size_t)len >= sizeof path || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            walk(t, name, depth + 1);
        else if (S_ISREG(st.st_mode))
            add_candidate(t, name);
    }
    closedir(dir);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct zone_candidate *)a)->name, ((const struct zone_candidate *)b)->name);
}

/* zone.tab names today's places, one or more a country; "America/Buenos_Aires" and its like are not in it. */
static void mark_listed(struct zone_table *t)
{
    char path[PATH_MAX];
    int path_len = snprintf(path, sizeof path, "%s/zone.tab", t->dir);
    size_t len = 0;
    char *text = path_len > 0 && (size_t)path_len < sizeof path ? zone_read_file(path, TAB_LIMIT_BYTES, &len) : NULL;
    struct str rest = text != NULL ? str_make(text, len) : STR(""), line;
    size_t found = 0;
    while (text != NULL && str_next(&rest, '\n', &line)) {
        struct str field = {0};
        for (int i = 0; i < 3; i++)
            if (!str_next(&line, '\t', &field))
                field = STR("");
        for (size_t i = 0; i < t->candidate_count && field.len > 0; i++)
            if (str_is(field, t->candidates[i].name)) {
                t->candidates[i].listed = true;
                found++;
                break;
            }
    }
    free(text);
    for (size_t i = 0; found == 0 && i < t->candidate_count; i++)
        t->candidates[i].listed = strchr(t->candidates[i].name, '/') != NULL;
}

static void read_candidates(struct zone_table *t)
{
    if (t->candidates_read)
        return;
    t->candidates_read = true;
    walk(t, "", 0);
    if (t->candidate_count > 0)
        qsort(t->candidates, t->candidate_count, sizeof *t->candidates, by_name);
    mark_listed(t);
}

static const char *city_of(const struct zone_candidate *c)
{
    const char *slash = strrchr(c->folded, '/');
    return slash != NULL ? slash + 1 : c->folded;
}

static bool matches(const struct zone_candidate *c, const char *words, int step)
{
    size_t len = strlen(words);
    bool etc = strncmp(c->name, "Etc/", 4) == 0; /* its signs are turned around: only by the full name */
    switch (step) {
    case 0:
        return city_of(c) != c->folded && strcmp(c->folded, words) == 0;
    case 1:
        return c->listed && strcmp(city_of(c), words) == 0;
    case 2:
        return strcmp(c->folded, words) == 0; /* "Japan": a name of the old days, after the city of that name */
    case 3:
        return !etc && strcmp(city_of(c), words) == 0;
    case 4: /* a part of any name; the beginning of a city is no better, or "indiana" were Indianapolis */
        return c->listed && len >= 3 && strstr(c->folded, words) != NULL;
    default:
        return !etc && len >= 3 && strstr(c->folded, words) != NULL;
    }
}
enum { STEPS = 6 };

/* "+3", "utc+3", "GMT-05:00": whole hours have a zone of their own in Etc, with the sign turned around. */
static bool offset_name(const char *words, char ret[16], bool *ret_is_offset)
{
    if (strncmp(words, "utc", 3) == 0 || strncmp(words, "gmt", 3) == 0)
        words += 3;
    while (*words == ' ')
        words++;
    *ret_is_offset = (words[0] == '+' || words[0] == '-') && words[1] >= '0' && words[1] <= '9';
    if (!*ret_is_offset)
        return false;
    bool west = *words++ == '-';
    int hours = *words++ - '0';
    if (*words >= '0' && *words <= '9')
        hours = hours * 10 + (*words++ - '0');
    if (words[0] == ':' && words[1] == '0' && words[2] == '0')
        words += 3;
    if (*words != '\0' || hours > (west ? 12 : 14))
        return false;
    if (hours == 0)
        snprintf(ret, 16, "UTC");
    else
        snprintf(ret, 16, "Etc/GMT%c%d", west ? '+' : '-', hours);
    return true;
}

static const struct zone *several(const char *quoted, const struct buf *names, struct error *err)
{
    error_set(err, ERR_USAGE, "\"%s\" may be several time zones, say which: %s", quoted, names->at);
    return NULL;
}

const struct zone *zone_guess(struct zone_table *t, struct str words, struct error *err)
{
    words = str_trim(words);
    char quoted[QUOTE_SIZE], folded[FOLD_SIZE], name[16];
    quote_words(words, quoted);
    if (words.len == 0 || words.len >= FOLD_SIZE || !fold(words, folded)) {
        error_set(err, ERR_NOT_FOUND, "no time zone is called \"%s\", try a city (dubai) or a name (Asia/Dubai)",
                  quoted);
        return NULL;
    }

    bool is_offset;
    char lower[FOLD_SIZE]; /* fold takes '-' for a blank, an offset needs it */
    for (size_t i = 0; i <= words.len; i++)
        lower[i] = i == words.len                             ? '\0'
                   : words.at[i] >= 'A' && words.at[i] <= 'Z' ? (char)(words.at[i] + 32)
                                                              : words.at[i];
    if (offset_name(lower, name, &is_offset))
        return zone_find(t, str_of(name), err);
    if (is_offset) {
        error_set(err, ERR_NOT_FOUND, "\"%s\" is no whole-hour offset from -12 to +14, give a city (kathmandu) instead",
                  quoted);
        return NULL;
    }

    const struct zone *z = NULL;
    struct buf names;
    buf_init(&names);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].words, folded) == 0) {
            struct str rest = str_of(known[i].names), one;
            size_t count = 0;
            while (str_word(&rest, &one))
                buf_printf(&names, "%s%.*s", count++ ? ", " : "", STR_ARG(one));
            z = count == 1 ? zone_find(t, buf_str(&names), err) : several(quoted, &names, err);
            goto out;
        }

    read_candidates(t);
    /* Both signs fold alike, so the full name of an Etc zone is looked up as it stands. */
    for (size_t i = 0; i < t->candidate_count; i++)
        if (strchr(t->candidates[i].name, '/') != NULL && str_eq_ascii_case(words, str_of(t->candidates[i].name))) {
            z = zone_find(t, str_of(t->candidates[i].name), err);
            goto out;
        }
    for (int step = 0; step < STEPS; step++) {
        size_t count = 0;
        buf_clear(&names);
        for (size_t i = 0; i < t->candidate_count; i++) {
            if (!matches(&t->candidates[i], folded, step))
                continue;
            if (count < SHOWN_MAX)
                buf_printf(&names, "%s%s", count ? ", " : "", t->candidates[i].name);
            count++;
        }
        if (count > SHOWN_MAX)
            buf_add_text(&names, " ...");
        if (count == 1)
            z = zone_find(t, buf_str(&names), err);
        else if (count > 1)
            several(quoted, &names, err);
        if (count > 0)
            goto out;
    }
    if (t->candidate_count == 0)
        error_set(err, ERR_IO, "there are no time zones in \"%.200s\", install tzdata or set TZDIR", t->dir);
    else
        error_set(err, ERR_NOT_FOUND, "no time zone is called \"%s\", try a city (dubai) or a name (Asia/Dubai)",
                  quoted);
out:
    buf_done(&names);
    return z;
}
