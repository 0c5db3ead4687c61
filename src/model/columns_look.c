/* SPDX-License-Identifier: MIT */
/* Looking at the first rows: which of them is the header, and what the columns hold if none is. */
#include "calldeck/columns.h"

#include <string.h>

#include "calldeck/utf8.h"
#include "columns_parts.h"

static bool holds_data(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (value_looks_like_mail(row->fields[i]) || value_looks_like_phone(row->fields[i]))
            return true;
    return false;
}

static size_t count_filled(const struct csv_row *row)
{
    size_t filled = 0;
    for (size_t i = 0; i < row->count; i++)
        filled += str_trim(row->fields[i]).len > 0;
    return filled;
}

/* How many cells are names of columns.def. */
static size_t count_known(const struct csv_row *row, const struct lexicon *lex, struct arena *a)
{
    size_t known = 0;
    enum export_kind export = header_export(row->fields, row->count, a);
    for (size_t i = 0; i < row->count; i++)
        known += header_meaning(lex, export, row->fields[i], a).known;
    return known;
}

int columns_find_header(const struct csv_row *rows, size_t count)
{
    struct arena a = {0};
    const struct lexicon *lex = lexicon_new(&a);
    int best = -1;
    size_t best_known = 0;
    for (size_t i = 0; i < count && i < COLUMNS_LOOK_ROWS; i++) {
        if (holds_data(&rows[i]))
            continue;
        size_t known = count_known(&rows[i], lex, &a), filled = count_filled(&rows[i]);
        /* Below the first row a single known word among others is a value ("Company" as somebody's title). */
        bool is_header = i == 0 ? known > 0 : known >= 2 && 3 * known >= filled;
        if (is_header && known > best_known) {
            best = (int)i;
            best_known = known;
        }
    }
    arena_done(&a);
    if (best < 0 && count > 0 && !holds_data(&rows[0]))
        best = 0; /* names that we do not know are names still */
    return best;
}

/* What the cells of a column have in common. */
struct sample {
    size_t filled, mails, phones, zones, texts, single_words, companies;
};

static bool looks_like_zone(struct str s)
{
    static const char *const areas[] = {"Africa/",    "America/", "Antarctica/", "Arctic/",  "Asia/", "Atlantic/",
                                        "Australia/", "Europe/",  "Indian/",     "Pacific/", "Etc/"};
    for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++)
        if (str_starts_ascii_case(s, areas[i]))
            return s.len > strlen(areas[i]) && str_find(s, ' ') == s.len;
    return false;
}

/* Legal forms say that a text is a firm. */
static bool looks_like_company(struct str s)
{
    static const char *const forms[] = {"inc", "llc",     "ltd",   "gmbh",    "ag",   "kg",       "corp", "co",  "sarl",
                                        "sas", "sa",      "srl",   "spa",     "bv",   "nv",       "plc",  "pty", "oy",
                                        "ab",  "aps",     "lda",   "ltda",    "gbr",  "ohg",      "ug",   "as",  "kft",
                                        "sro", "company", "group", "holding", "bank", "株式会社", "公司", "شركة"};
    struct buf key;
    struct str rest, word;
    bool found = false, first = true;
    buf_init(&key);
    text_fold(s, &key);
    rest = buf_str(&key);
    while (!found && str_word(&rest, &word)) {
        for (size_t i = 0; i < sizeof forms / sizeof forms[0] && !found;
             i++) /* "As" and "Co" are names when they come first */
            found = (!first || (unsigned char)word.at[0] >= 0x80) && str_is(word, forms[i]);
        first = false;
    }
    buf_done(&key);
    return found;
}

/* Letters and what stands in names; "4711" and "yes/no" do not. */
static bool looks_like_text(struct str s)
{
    size_t letters = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c >= '0' && c <= '9')
            return false;
        letters += c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    return letters >= 1 && s.len <= 80;
}

static struct sample take_sample(const struct csv_row *rows, size_t count, size_t column)
{
    struct sample s = {0};
    for (size_t i = 0; i < count; i++) {
        struct str cell = column < rows[i].count ? str_trim(rows[i].fields[column]) : (struct str){0};
        if (cell.len == 0)
            continue;
        s.filled++;
        s.mails += value_looks_like_mail(cell);
        s.phones += value_looks_like_phone(cell);
        s.zones += looks_like_zone(cell);
        if (looks_like_company(cell))
            s.companies++;
        else if (looks_like_text(cell)) {
            s.texts++;
            s.single_words += str_find(cell, ' ') == cell.len;
        }
    }
    return s;
}

/* A running number has the digits of a phone number, but they all begin alike and none begins with + or 0. */
static bool looks_like_ids(const struct csv_row *rows, size_t count, size_t column)
{
    size_t filled = 0;
    int64_t before = 0;
    for (size_t i = 0; i < count; i++) {
        struct str cell = column < rows[i].count ? str_trim(rows[i].fields[column]) : (struct str){0};
        int64_t n;
        if (cell.len == 0)
            continue;
        if (!str_int(cell, &n) || cell.at[0] == '0' || (filled > 0 && n != before + 1))
            return false;
        before = n;
        filled++;
    }
    return filled >= 2;
}

void columns_guess(const struct csv_row *rows, size_t count, struct arena *a, struct mapping *ret)
{
    size_t width = 0;
    for (size_t i = 0; i < count; i++)
        width = rows[i].count > width ? rows[i].count : width;
    *ret = (struct mapping){.columns = ARENA_ARRAY(a, struct column, width), .count = width, .guessed = true};
    struct column *single = NULL; /* the last column, if it held one-word texts */
    bool has_name = false, has_company = false;
    for (size_t i = 0; i < width; i++) {
        struct column *c = &ret->columns[i];
        struct sample s = take_sample(rows, count, i);
        struct column *first_name = single;
        single = NULL;
        column_name(ret, i, (struct str){0}, a);
        c->original = c->header;
        c->wanted = FIELD_ATTRIBUTE;
        if (s.filled == 0)
            continue;
        if (2 * s.mails > s.filled)
            c->wanted = FIELD_MAIL;
        else if (2 * s.phones > s.filled && !looks_like_ids(rows, count, i))
            c->wanted = FIELD_PHONE;
        else if (2 * s.zones > s.filled)
            c->wanted = FIELD_ZONE;
        else if (4 * s.companies >= s.filled && s.companies > 0 && !has_company) {
            c->wanted = FIELD_COMPANY;
            has_company = true;
        } else if (2 * s.texts > s.filled && !has_name) {
            c->wanted = FIELD_NAME;
            has_name = true;
            single = 2 * s.single_words > s.filled ? c : NULL;
        } else if (2 * s.texts > s.filled && first_name != NULL && 2 * s.single_words > s.filled) {
            first_name->wanted = FIELD_FIRST_NAME; /* "Ann" and "Lee" side by side */
            c->wanted = FIELD_LAST_NAME;
        } else if (2 * s.texts > s.filled && !has_company) {
            c->wanted = FIELD_COMPANY;
            has_company = true;
        }
    }
    mapping_settle(ret);
}

void columns_look(struct mapping *m, const struct csv_row *rows, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < m->count; i++) {
        struct column *c = &m->columns[i];
        if (!c->beside)
            continue;
        struct sample s = take_sample(rows, count, i);
        if (s.filled == 0)
            continue;
        if (s.phones == s.filled && !looks_like_ids(rows, count, i))
            c->wanted = FIELD_PHONE;
        else if (s.mails == s.filled)
            c->wanted = FIELD_MAIL;
        found = found || c->wanted != FIELD_ATTRIBUTE;
    }
    if (found)
        mapping_settle(m);
}

bool columns_is_header_again(const struct mapping *m, const struct csv_row *row)
{
    size_t filled = 0;
    if (m->guessed || row->count != m->count)
        return false;
    for (size_t i = 0; i < m->count; i++) {
        struct str cell = str_trim(row->fields[i]);
        if (!str_eq_ascii_case(cell, str_trim(m->columns[i].original)))
            return false;
        filled += cell.len > 0;
    }
    return filled > 0;
}

void columns_signature(const struct mapping *m, char ret[SIGNATURE_SIZE])
{
    /* FNV-1a; a stop between the keys, so that "a","bc" is not "ab","c". */
    uint64_t hash = 0xcbf29ce484222325u;
    struct arena a = {0};
    for (size_t i = 0; i < m->count; i++) {
        struct str key = m->guessed ? (struct str){0} : header_key(m->columns[i].original, &a);
        for (size_t j = 0; j <= key.len; j++) {
            hash ^= j < key.len ? (unsigned char)key.at[j] : 0x1f;
            hash *= 0x100000001b3u;
        }
    }
    arena_done(&a);
    for (int i = 0; i < SIGNATURE_SIZE - 1; i++)
        ret[i] = "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    ret[SIGNATURE_SIZE - 1] = '\0';
}
