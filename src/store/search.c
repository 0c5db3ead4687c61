/* SPDX-License-Identifier: MIT */
/*
 * Search as it is typed: names first, then numbers, mail, and whatever else holds the words.
 *
 * A search is a row of stages; each gives prospects in the order of one index and is left as soon as enough is found, so
 * that a letter costs the same in a list of a million. Nothing is ranked: bm25 costs 17 to 700 ms there. What was typed
 * never reaches FTS as syntax: it is folded, and each word is a quoted phrase.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum {
    MOST_WORDS = 16,
    MOST_DIGITS = 20,
    LEAST_DIGITS = 2,      /* one digit would match half of all numbers */
    MOST_MIXED = 500,      /* numbers looked at for "haddad 4711" */
    CATCH_UP_ROWS = 2000,  /* a transaction */
    DIRECT_ROWS = 5000,    /* of the to-do list that are read one by one where the index cannot be written */
    SCREEN_BUSY_MS = 100,  /* whoever waits less for a lock has a person at the keys */
};

struct hit {
    int64_t id;
    const char *found_in;
    char number[20]; /* the number that matched, E.164; "" if it was not a number */
};

struct search {
    struct store *s;
    struct error *err;
    size_t most;
    bool archived;          /* this pass */

    struct str raw;
    struct buf folded;      /* the whole of it, as prospect.folded is */
    struct buf words_text;  /* in the form of the index */
    struct str words[MOST_WORDS];   /* all of them */
    size_t words_count;
    struct str texts[MOST_WORDS];   /* those that are not digits */
    size_t texts_count;
    char digits[MOST_DIGITS + 1];   /* of those that are, in a row */
    size_t digits_count;
    bool international;     /* + stood in front */
    struct buf query;       /* for FTS */

    struct hit *hits;
    size_t count, room;
    size_t *slots;          /* open addressing by id: index + 1 into hits */
    size_t slots_count;
};

/* ---- what is found ---- */

static bool is_full(const struct search *x)
{
    return x->count >= x->most;
}

static size_t slot_of(const struct search *x, int64_t id)
{
    size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (x->slots_count - 1);
    while (x->slots[at] != 0 && x->hits[x->slots[at] - 1].id != id)
        at = (at + 1) & (x->slots_count - 1);
    return at;
}

static bool is_found(const struct search *x, int64_t id)
{
    return x->slots_count != 0 && x->slots[slot_of(x, id)] != 0;
}

static void add_hit(struct search *x, int64_t id, const char *found_in, struct str number)
{
    if (is_full(x) || is_found(x, id))
        return;
    if (x->count == x->room) {
        x->room = x->room ? x->room * 2 : 64;
        x->hits = alloc_resize(x->hits, x->room, sizeof *x->hits);
    }
    if ((x->count + 1) * 2 > x->slots_count) {
        free(x->slots);
        x->slots_count = x->slots_count ? x->slots_count * 2 : 128;
        x->slots = alloc_zeroed(x->slots_count, sizeof *x->slots);
        for (size_t i = 0; i < x->count; i++)
            x->slots[slot_of(x, x->hits[i].id)] = i + 1;
    }
    struct hit *hit = &x->hits[x->count];
    *hit = (struct hit){.id = id, .found_in = found_in};
    if (number.len < sizeof hit->number)
        memcpy(hit->number, number.at ? number.at : "", number.len);
    size_t slot = slot_of(x, id);
    x->slots[slot] = ++x->count;
}

/* ---- what was typed ---- */

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.len != 0;
}

static void parse(struct search *x)
{
    text_fold(x->raw, &x->folded);
    /* Words by blanks of the folded text; then each in the form of the index, where ideographs stand apart. */
    struct str rest = buf_str(&x->folded), word;
    size_t starts[MOST_WORDS + 1];
    bool digits[MOST_WORDS];
    while (x->words_count < MOST_WORDS && str_word(&rest, &word)) {
        starts[x->words_count] = x->words_text.len;
        digits[x->words_count] = all_digits(word);
        for (size_t i = 0; digits[x->words_count] && i < word.len && x->digits_count < MOST_DIGITS; i++)
            x->digits[x->digits_count++] = word.at[i];
        search_fold(word, &x->words_text);
        x->words_count++;
    }
    starts[x->words_count] = x->words_text.len;
    for (size_t i = 0; i < x->words_count; i++) {
        x->words[i] = str_make(x->words_text.at + starts[i], starts[i + 1] - starts[i]);
        if (!digits[i])
            x->texts[x->texts_count++] = x->words[i];
    }
    x->digits[x->digits_count] = '\0';
    x->international = str_starts(x->raw, "+");
    for (size_t i = 0; i < x->words_count; i++) {
        if (i != 0)
            buf_add_char(&x->query, ' '); /* side by side means AND, and a word of signs alone drops out */
        buf_add_char(&x->query, '"');
        for (size_t j = 0; j < x->words[i].len; j++) {
            if (x->words[i].at[j] == '"')
                buf_add_char(&x->query, '"');
            if (x->words[i].at[j] != '\0')
                buf_add_char(&x->query, x->words[i].at[j]);
        }
        buf_add_text(&x->query, "\"*");
    }
}

static bool each_word_in(const struct str *words, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (!search_word_in(text, words[i]))
            return false;
    return true;
}

/* The column that holds them all, else the one that holds the first of them; NULL: not even that. */
static const char *found_in(const struct search *x, struct str name, struct str company, struct str mail, struct str note)
{
    const struct {
        const char *column;
        struct str text;
    } columns[] = {{"name", name}, {"company", company}, {"mail", mail}, {"note", note}};
    for (size_t most = x->words_count;; most = 1) {
        for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
            if (each_word_in(x->words, most, columns[i].text))
                return columns[i].column;
        if (most == 1)
            return NULL;
    }
}

static bool doc_has(const struct search_doc *doc, struct str word)
{
    return search_word_in(buf_str(&doc->name), word) || search_word_in(buf_str(&doc->company), word) ||
           search_word_in(buf_str(&doc->mail), word) || search_word_in(buf_str(&doc->note), word);
}

/* ---- stages ---- */

/* Text to look for at the front, and the first text behind all that begin so. */
static void bind_range(struct stmt *q, struct buf *text)
{
    stmt_str(q, ":from", buf_str(text));
    size_t len = text->len;
    buf_add_text(text, "\xf4\x8f\xbf\xbf"); /* the last code point of all */
    stmt_str(q, ":to", buf_str(text));
    text->len = len;
    text->at[len] = '\0';
}

static bool names(struct search *x, enum statement id)
{
    if (x->folded.len == 0)
        return true;
    struct stmt q;
    if (!stmt_open(x->s, id, &q, x->err))
        return false;
    stmt_int(&q, ":archived", x->archived);
    if (id == STMT_SEARCH_NAME_IS)
        stmt_str(&q, ":folded", buf_str(&x->folded));
    else
        bind_range(&q, &x->folded);
    while (!is_full(x) && stmt_row(&q, x->err))
        add_hit(x, stmt_column_int(&q, 0), "name", STR(""));
    return stmt_close(&q);
}

static bool mails(struct search *x)
{
    if (memchr(x->raw.at, '@', x->raw.len) == NULL)
        return true; /* beginnings of words are in the index */
    struct stmt q;
    if (!stmt_open(x->s, STMT_SEARCH_MAIL_FROM, &q, x->err))
        return false;
    struct buf lower;
    buf_init(&lower);
    for (size_t i = 0; i < x->raw.len; i++) {
        char c = x->raw.at[i];
        buf_add_char(&lower, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    stmt_int(&q, ":archived", x->archived);
    bind_range(&q, &lower);
    buf_done(&lower);
    while (!is_full(x) && stmt_row(&q, x->err))
        add_hit(x, stmt_column_int(&q, 0), "mail", STR(""));
    return stmt_close(&q);
}

/* Numbers whose E.164 (or its reverse) begins so. Words beside the digits must be found in the same person. */
static bool numbers_from(struct search *x, enum statement id, struct str prefix)
{
    struct stmt q;
    if (is_full(x))
        return true;
    if (!stmt_open(x->s, id, &q, x->err))
        return false;
    struct buf text;
    buf_init(&text);
    buf_add_str(&text, prefix);
    stmt_int(&q, ":archived", x->archived);
    bind_range(&q, &text);
    buf_done(&text);
    struct search_doc doc;
    search_doc_init(&doc);
    bool ok = true;
    for (int seen = 0; !is_full(x) && ok && stmt_row(&q, x->err); seen++) {
        int64_t prospect_id = stmt_column_int(&q, 0);
        bool fits = true;
        if (x->texts_count != 0) {
            if (seen == MOST_MIXED)
                break;
            ok = search_doc_load(x->s, prospect_id, &doc, x->err);
            for (size_t i = 0; fits && i < x->texts_count; i++)
                fits = doc_has(&doc, x->texts[i]);
        }
        if (ok && fits)
            add_hit(x, prospect_id, "number", stmt_column_str(&q, 1));
    }
    search_doc_done(&doc);
    return stmt_close(&q) && ok;
}

/* How many digits the country calling code takes (ITU-T E.164, annex D): what does not begin so has three. */
static size_t calling_code_len(const char *digits)
{
    static const char two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 "
                              "64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";
    if (digits[0] == '1' || digits[0] == '7')
        return 1;
    for (size_t i = 0; i + 2 < sizeof two; i += 3)
        if (memcmp(two + i, digits, 2) == 0)
            return 2;
    return 3;
}

/* A number as it is written at home, from its front: behind each calling code that occurs, with and without the trunk 0. */
static bool numbers_at_home(struct search *x)
{
    struct str digits = str_make(x->digits, x->digits_count);
    char from[MOST_DIGITS + 8] = "+";
    for (int codes = 0; codes < 256 && !is_full(x); codes++) {
        struct stmt q;
        if (!stmt_open(x->s, STMT_SEARCH_NUMBER_NEXT, &q, x->err))
            return false;
        stmt_text(&q, ":from", from);
        char code[4] = "";
        if (stmt_row(&q, x->err)) {
            struct str e164 = stmt_column_str(&q, 0);
            size_t len = e164.len >= 4 ? calling_code_len(e164.at + 1) : 0;
            memcpy(code, e164.at + (len ? 1 : 0), len);
        }
        if (!stmt_close(&q))
            return false;
        if (code[0] == '\0')
            break;
        struct buf prefix;
        buf_init(&prefix);
        buf_printf(&prefix, "+%s%.*s", code, STR_ARG(digits.at[0] == '0' ? str_skip(digits, 1) : digits));
        bool ok = numbers_from(x, STMT_SEARCH_NUMBER_FROM, buf_str(&prefix));
        if (ok && digits.at[0] == '0') { /* Italy and a few others keep it */
            buf_clear(&prefix);
            buf_printf(&prefix, "+%s%s", code, x->digits);
            ok = numbers_from(x, STMT_SEARCH_NUMBER_FROM, buf_str(&prefix));
        }
        buf_done(&prefix);
        if (!ok)
            return false;
        from[0] = '+';
        memcpy(from + 1, code, strlen(code));
        memcpy(from + 1 + strlen(code), ":", 2); /* behind the digits */
    }
    return true;
}

static bool numbers(struct search *x)
{
    if (x->digits_count < LEAST_DIGITS && !(x->international && x->digits_count != 0))
        return true;
    bool zeros = !x->international && x->digits_count > 2 && str_starts(str_of(x->digits), "00"); /* for the + */
    char text[MOST_DIGITS + 2] = "+";
    memcpy(text + 1, x->digits + (zeros ? 2 : 0), x->digits_count + 1 - (zeros ? 2 : 0));
    if (!numbers_from(x, STMT_SEARCH_NUMBER_FROM, str_of(text)))
        return false;
    if (x->international)
        return true;
    const char *tail = x->digits; /* the last digits; a trunk 0 in front is not in E.164 */
    size_t len = x->digits_count;
    for (int pass = 0; pass < 2 && len >= LEAST_DIGITS; pass++) {
        for (size_t i = 0; i < len; i++)
            text[i] = tail[len - 1 - i];
        if (!numbers_from(x, STMT_SEARCH_NUMBER_ENDS, str_make(text, len)))
            return false;
        if (tail[0] != '0')
            break;
        tail++;
        len--;
    }
    return zeros || numbers_at_home(x);
}

static bool words(struct search *x)
{
    if (x->query.len == 0)
        return true;
    struct stmt q;
    if (!stmt_open(x->s, STMT_SEARCH_WORDS, &q, x->err))
        return false;
    stmt_str(&q, ":query", buf_str(&x->query));
    stmt_int(&q, ":archived", x->archived);
    while (!is_full(x) && stmt_row(&q, x->err)) {
        int64_t id = stmt_column_int(&q, 0);
        if (is_found(x, id))
            continue;
        const char *column = found_in(x, stmt_column_str(&q, 1), stmt_column_str(&q, 2), stmt_column_str(&q, 3),
                                      stmt_column_str(&q, 4));
        add_hit(x, id, column ? column : "name", STR(""));
    }
    return stmt_close(&q);
}

/* People whom the index does not know yet, and cannot be told: read one by one. */
static bool behind(struct search *x, const int64_t *ids, size_t count)
{
    struct search_doc doc;
    search_doc_init(&doc);
    bool ok = true;
    for (size_t i = 0; ok && i < count && !is_full(x) && x->words_count != 0; i++) {
        if (is_found(x, ids[i]))
            continue;
        ok = search_doc_load(x->s, ids[i], &doc, x->err);
        bool fits = ok && doc.exists && doc.member && doc.archived == x->archived;
        for (size_t j = 0; fits && j < x->words_count; j++)
            fits = doc_has(&doc, x->words[j]);
        if (!fits)
            continue;
        const char *column =
            found_in(x, buf_str(&doc.name), buf_str(&doc.company), buf_str(&doc.mail), buf_str(&doc.note));
        add_hit(x, ids[i], column ? column : "name", STR(""));
    }
    search_doc_done(&doc);
    return ok;
}

/* A note that is being typed: every word in it or in whom it is about, and one of them in it. Few rows. */
static bool drafts(struct search *x)
{
    if (x->words_count == 0)
        return true;
    struct stmt q;
    if (!stmt_open(x->s, STMT_SEARCH_DRAFTS, &q, x->err))
        return false;
    struct search_doc doc;
    struct buf text;
    search_doc_init(&doc);
    buf_init(&text);
    bool ok = true;
    while (!is_full(x) && ok && stmt_row(&q, x->err)) {
        int64_t id = stmt_column_int(&q, 0);
        if (is_found(x, id))
            continue;
        buf_clear(&text);
        search_fold(stmt_column_str(&q, 1), &text);
        bool here[MOST_WORDS], any = false;
        for (size_t i = 0; i < x->words_count; i++)
            any |= here[i] = search_word_in(buf_str(&text), x->words[i]);
        if (!any)
            continue;
        ok = search_doc_load(x->s, id, &doc, x->err);
        bool fits = ok && doc.exists && doc.member && doc.archived == x->archived;
        for (size_t i = 0; fits && i < x->words_count; i++)
            fits = here[i] || doc_has(&doc, x->words[i]);
        if (fits)
            add_hit(x, id, "draft", STR(""));
    }
    buf_done(&text);
    search_doc_done(&doc);
    return stmt_close(&q) && ok;
}

/* ---- a search ---- */

/* All of it where a script waits; on the screen a slice, the rest is upkeep's. An index that cannot be written now (held,
 * disk full) is no reason not to search. */
static void catch_up(struct store *s)
{
    if (s->read_only || s->read_depth != 0)
        return;
    bool more = true;
    while (more && search_catch_up(s, CATCH_UP_ROWS, &more, NULL) && s->busy_ms > SCREEN_BUSY_MS)
        continue;
}

static bool load_behind(struct search *x, int64_t *ids, size_t *ret_count)
{
    struct stmt q;
    if (!stmt_open(x->s, STMT_INDEX_TODO, &q, x->err))
        return false;
    stmt_int(&q, ":most", DIRECT_ROWS);
    size_t count = 0;
    while (count < DIRECT_ROWS && stmt_row(&q, x->err))
        ids[count++] = stmt_column_int(&q, 0);
    *ret_count = count;
    return stmt_close(&q);
}

static bool fill(struct search *x, struct arena *a, struct found *rows, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++) {
        struct stmt q;
        if (!stmt_open(x->s, STMT_SEARCH_ROW, &q, x->err))
            return false;
        stmt_int(&q, ":prospect", x->hits[i].id);
        if (stmt_row(&q, x->err)) {
            struct found *row = &rows[count++];
            struct str number = str_of(x->hits[i].number);
            *row = (struct found){.id = x->hits[i].id,
                                  .name = stmt_column_copy(&q, 0, a),
                                  .company = stmt_column_copy(&q, 1, a),
                                  .phone = number.len ? arena_str(a, number) : stmt_column_copy(&q, 2, a),
                                  .found_in = x->hits[i].found_in};
            if (!state_parse_name(stmt_column_str(&q, 3), &row->state))
                row->state = STATE_DONE;
        }
        if (!stmt_close(&q))
            return false;
    }
    *ret_count = count;
    return true;
}

bool search_run(struct store *s, struct str words_typed, size_t most, struct arena *a, const struct found **ret,
                size_t *ret_count, struct error *err)
{
    struct search x = {.s = s, .err = err, .most = most, .raw = str_trim(words_typed)};
    buf_init(&x.folded);
    buf_init(&x.words_text);
    buf_init(&x.query);
    parse(&x);
    catch_up(s);
    int64_t *todo = alloc_zeroed(DIRECT_ROWS, sizeof *todo);
    size_t todo_count = 0, count = 0;
    struct found *rows = NULL;
    bool reading = store_begin_read(s, err);
    bool ok = reading && load_behind(&x, todo, &todo_count);
    for (int pass = 0; ok && pass < 2 && x.raw.len != 0 && !is_full(&x); pass++) {
        x.archived = pass == 1;
        ok = names(&x, STMT_SEARCH_NAME_IS) && names(&x, STMT_SEARCH_NAME_FROM) && numbers(&x) && mails(&x) && words(&x) &&
             behind(&x, todo, todo_count) && drafts(&x);
    }
    if (ok) {
        rows = ARENA_ARRAY(a, struct found, x.count + 1);
        ok = fill(&x, a, rows, &count);
    }
    if (reading)
        store_end_read(s);
    if (ok) {
        *ret = rows;
        *ret_count = count;
    }
    free(todo);
    free(x.hits);
    free(x.slots);
    buf_done(&x.folded);
    buf_done(&x.words_text);
    buf_done(&x.query);
    return ok;
}
