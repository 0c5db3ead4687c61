/* SPDX-License-Identifier: MIT */
/* From a header to a field a column: the names of columns.def, then the words of phones and mails, then who wins. */
#include "calldeck/columns.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "columns_parts.h"

enum field_kind { ONE, MANY, PART };
enum { HEADER_MAX = 200 };
enum word_kind { PHONE, MAIL, BESIDE, BESIDE_PHONE, BESIDE_MAIL };

static const struct {
    const char *name;
    enum field_kind kind;
    const char *help;
} fields[] = {
#define FIELD(id, name, kind, help) [FIELD_##id] = {name, kind, help},
#include "calldeck/columns.def"
};
_Static_assert(sizeof fields / sizeof fields[0] == FIELD_COUNT_, "a row for each field");

static const struct {
    const char *name, *marks;
} exports[] = {
    [EXPORT_ANY] = {"", ""},
#define EXPORT(id, name, marks) [EXPORT_##id] = {name, marks},
#include "calldeck/columns.def"
};
_Static_assert(sizeof exports / sizeof exports[0] == EXPORT_COUNT_, "a row for each program");

static const struct {
    enum export_kind export;
    enum field field;
    const char *label;
    int rank;
    const char *names;
} column_rows[] = {
#define COLUMN(export, field, label, rank, names) {EXPORT_##export, FIELD_##field, label, rank, names},
#include "calldeck/columns.def"
};

static const struct {
    enum word_kind kind;
    const char *label, *words;
} word_rows[] = {
#define WORD(kind, label, words) {kind, label, words},
#include "calldeck/columns.def"
};

enum { COLUMN_ROWS = sizeof column_rows / sizeof column_rows[0], WORD_ROWS = sizeof word_rows / sizeof word_rows[0] };

/* row: of column_rows or word_rows */
struct entry {
    struct str key;
    size_t row;
};

struct lexicon {
    struct entry *names, *words;
    size_t names_count, words_count;
};

const char *field_name(enum field f)
{
    return fields[f].name;
}

const char *field_help(enum field f)
{
    return fields[f].help;
}

const char *export_name(enum export_kind e)
{
    return exports[e].name;
}

struct str header_key(struct str header, struct arena *a)
{
    struct buf folded;
    buf_init(&folded);
    text_fold(header, &folded);
    size_t len = 0;
    for (size_t i = 0; i < folded.len; i++)
        if (folded.at[i] != ' ')
            folded.at[len++] = folded.at[i];
    struct str key = arena_str(a, str_make(folded.at, len));
    buf_done(&folded);
    return key;
}

bool field_parse(struct str name, enum field *ret)
{
    struct arena a = {0};
    struct str key = header_key(name, &a);
    bool found = false;
    for (int f = 0; f < FIELD_COUNT_ && !found; f++) {
        found = str_eq(key, header_key(str_of(fields[f].name), &a));
        if (found)
            *ret = (enum field)f;
    }
    arena_done(&a);
    return found;
}

/* "phone # label" -> "phone#label": folding alone would lose the sign. */
static struct str pattern_key(struct str name, struct arena *a)
{
    struct buf key;
    struct str part;
    bool first = true;
    buf_init(&key);
    while (str_next(&name, '#', &part)) {
        if (!first)
            buf_add_char(&key, '#');
        buf_add_str(&key, header_key(part, a));
        first = false;
    }
    struct str s = arena_str(a, buf_str(&key));
    buf_done(&key);
    return s;
}

static int entry_order(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    int order = str_compare(a->key, b->key);
    return order ? order : a->row < b->row ? -1 : a->row > b->row;
}

static size_t count_parts(const char *list)
{
    size_t count = 1;
    for (; *list != '\0'; list++)
        count += *list == '|';
    return count;
}

static void add_entries(const char *list, size_t row, struct entry *entries, size_t *count, struct arena *a)
{
    struct str rest = str_of(list), part;
    while (str_next(&rest, '|', &part))
        entries[(*count)++] = (struct entry){pattern_key(part, a), row};
}

struct lexicon *lexicon_new(struct arena *a)
{
    struct lexicon *lex = ARENA_NEW(a, struct lexicon);
    size_t names = 0, words = 0;
    for (size_t i = 0; i < COLUMN_ROWS; i++)
        names += count_parts(column_rows[i].names);
    for (size_t i = 0; i < WORD_ROWS; i++)
        words += count_parts(word_rows[i].words);
    lex->names = ARENA_ARRAY(a, struct entry, names);
    lex->words = ARENA_ARRAY(a, struct entry, words);
    for (size_t i = 0; i < COLUMN_ROWS; i++)
        add_entries(column_rows[i].names, i, lex->names, &lex->names_count, a);
    for (size_t i = 0; i < WORD_ROWS; i++)
        add_entries(word_rows[i].words, i, lex->words, &lex->words_count, a);
    qsort(lex->names, lex->names_count, sizeof *lex->names, entry_order);
    qsort(lex->words, lex->words_count, sizeof *lex->words, entry_order);
    return lex;
}

/* The first entry of that key, or count. */
static size_t entry_find(const struct entry *entries, size_t count, struct str key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(entries[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && str_eq(entries[low].key, key) ? low : count;
}

static bool name_find(const struct lexicon *lex, enum export_kind export, struct str key, struct meaning *ret)
{
    size_t found = COLUMN_ROWS;
    if (key.len == 0)
        return false;
    for (size_t i = entry_find(lex->names, lex->names_count, key);
         i < lex->names_count && str_eq(lex->names[i].key, key); i++) {
        size_t row = lex->names[i].row;
        if (column_rows[row].export == export && export != EXPORT_ANY) {
            found = row;
            break;
        }
        if (column_rows[row].export == EXPORT_ANY && found == COLUMN_ROWS)
            found = row;
    }
    if (found == COLUMN_ROWS)
        return false;
    ret->field = column_rows[found].field;
    ret->bare = strcmp(column_rows[found].label, "bare") == 0;
    ret->label = ret->bare ? (struct str){0} : str_of(column_rows[found].label);
    ret->rank = column_rows[found].rank;
    ret->known = true;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "WorkPhone2" -> "work phone 2" */
static void split_words(struct str header, struct buf *out)
{
    struct buf spaced;
    buf_init(&spaced);
    for (size_t i = 0; i < header.len; i++) {
        char c = header.at[i], before = ' ';
        if (i > 0)
            before = header.at[i - 1];
        bool letters = is_lower(before) || is_upper(before);
        if ((is_lower(before) && is_upper(c)) || (letters && is_digit(c)) ||
            (is_digit(before) && (is_lower(c) || is_upper(c))))
            buf_add_char(&spaced, ' ');
        buf_add_char(&spaced, c);
    }
    text_fold(buf_str(&spaced), out);
    buf_done(&spaced);
}

/* A phone or mail column by its words; every word must be one that can stand there. */
static bool words_find(const struct lexicon *lex, struct str header, struct meaning *ret)
{
    struct buf text;
    struct str rest, word;
    bool phone = false, mail = false, phone_fits = true, mail_fits = true;
    size_t best = WORD_ROWS;
    buf_init(&text);
    split_words(header, &text);
    rest = buf_str(&text);
    while (str_word(&rest, &word)) {
        if (word.len <= 3 && is_digit(word.at[0]))
            continue;
        if (str_is(word, "e") && str_starts(str_trim(rest), "mail")) /* E-mail */
            continue;
        size_t at = entry_find(lex->words, lex->words_count, word);
        if (at == lex->words_count) {
            phone_fits = mail_fits = false;
            break;
        }
        enum word_kind kind = word_rows[lex->words[at].row].kind;
        phone = phone || kind == PHONE;
        mail = mail || kind == MAIL;
        phone_fits = phone_fits && kind != MAIL && kind != BESIDE_MAIL;
        mail_fits = mail_fits && kind != PHONE && kind != BESIDE_PHONE;
        if (word_rows[lex->words[at].row].label[0] != '\0' && lex->words[at].row < best)
            best = lex->words[at].row;
    }
    buf_done(&text);
    bool named = (phone && phone_fits) || (mail && mail_fits);
    ret->beside = !named && phone_fits && mail_fits && best < WORD_ROWS;
    if (!named && !ret->beside)
        return false;
    ret->label = best < WORD_ROWS ? str_of(word_rows[best].label) : (struct str){0};
    if (ret->beside)
        return false;
    ret->field = phone ? FIELD_PHONE : FIELD_MAIL;
    ret->known = true;
    return true;
}

/* "phone12label" -> "phone#label", and the number; false if there is none. */
static bool key_without_number(struct str key, struct arena *a, struct str *ret, int *ret_number)
{
    char *out = arena_alloc(a, key.len + 1, 1);
    size_t len = 0;
    *ret_number = 0;
    for (size_t i = 0; i < key.len;) {
        if (!is_digit(key.at[i])) {
            out[len++] = key.at[i++];
            continue;
        }
        int number = 0;
        for (; i < key.len && is_digit(key.at[i]); i++)
            number = number > 9999 ? number : number * 10 + (key.at[i] - '0');
        if (*ret_number == 0)
            *ret_number = number;
        out[len++] = '#';
    }
    *ret = str_make(out, len);
    return len > 0 && memchr(out, '#', len) != NULL;
}

struct meaning header_meaning(const struct lexicon *lex, enum export_kind export, struct str header, struct arena *a)
{
    struct meaning m = {.field = FIELD_ATTRIBUTE};
    struct str pattern, key = header_key(header, a);
    bool numbered = key_without_number(key, a, &pattern, &m.number);
    if (!name_find(lex, export, key, &m) && !(numbered && name_find(lex, export, pattern, &m)))
        words_find(lex, header, &m);
    return m;
}

static bool has_all(struct str marks, const struct str *keys, size_t count, struct arena *a)
{
    struct str mark;
    while (str_next(&marks, '|', &mark)) {
        struct str key = header_key(mark, a);
        size_t i = 0;
        while (i < count && !str_eq(keys[i], key))
            i++;
        if (i == count)
            return false;
    }
    return true;
}

enum export_kind header_export(const struct str *header, size_t count, struct arena *a)
{
    struct str *keys = ARENA_ARRAY(a, struct str, count);
    for (size_t i = 0; i < count; i++)
        keys[i] = header_key(header[i], a);
    for (int e = EXPORT_ANY + 1; e < EXPORT_COUNT_; e++) {
        struct str sets = str_of(exports[e].marks), set;
        while (str_next(&sets, '/', &set))
            if (has_all(set, keys, count, a))
                return (enum export_kind)e;
    }
    return EXPORT_ANY;
}

static bool name_taken(const struct mapping *m, size_t before, struct str name)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(m->columns[i].header, name))
            return true;
    return false;
}

void column_name(struct mapping *m, size_t column, struct str header, struct arena *a)
{
    struct buf clean;
    buf_init(&clean);
    text_clean_line(header, &clean);
    if (clean.len > HEADER_MAX) { /* a header is a name, not a page */
        size_t len = HEADER_MAX;
        while (len > 0 && ((unsigned char)clean.at[len] & 0xc0) == 0x80)
            len--;
        buf_splice(&clean, len, clean.len - len, NULL, 0);
    }
    struct str base = clean.len > 0 ? arena_str(a, buf_str(&clean)) : arena_printf(a, "column %zu", column + 1);
    struct str name = base;
    /* Small numbers are for people; from ten on the column's own is free nearly always, also in a file of equal
     * headers. */
    for (size_t again = 2; name_taken(m, column, name); again = again == 9 ? column + 1 : again + 1)
        name = arena_printf(a, "%.*s (%zu)", STR_ARG(base), again);
    m->columns[column].header = name;
    buf_done(&clean);
}

/*
 * "Name" beside "Vorname" is the family name, beside "Surname" the given one. English "Name" beside "First Name" is the
 * whole name said twice.
 */
static enum field bare_name(const struct mapping *m, const struct column *c)
{
    const struct column *first = NULL, *last = NULL;
    for (size_t i = 0; i < m->count; i++) {
        if (m->columns[i].wanted == FIELD_FIRST_NAME && first == NULL)
            first = &m->columns[i];
        if (m->columns[i].wanted == FIELD_LAST_NAME && last == NULL)
            last = &m->columns[i];
    }
    if (first == NULL && last != NULL)
        return FIELD_FIRST_NAME;
    if (first == NULL || last != NULL)
        return FIELD_NAME;
    bool english = str_eq_ascii_case(str_trim(c->original), STR("name")) &&
                   (str_starts_ascii_case(first->original, "f") || str_starts_ascii_case(first->original, "given"));
    return english ? FIELD_NAME : FIELD_LAST_NAME;
}

/* The phone or mail column that a label or extension belongs to: of the same number, else the nearest, best to the
 * left. */
static int part_owner(const struct mapping *m, size_t part, enum field owner)
{
    const struct column *p = &m->columns[part];
    int best = -1;
    size_t best_distance = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct column *c = &m->columns[i];
        bool taken = p->wanted == FIELD_EXTENSION ? c->extension_column >= 0 : c->label_column >= 0;
        if (c->field != owner || taken)
            continue;
        if (p->number != 0 && c->number == p->number)
            return (int)i;
        if (p->number != 0 && c->number != 0)
            continue;
        size_t distance = i < part ? 2 * (part - i) : 2 * (i - part) + 1;
        if (best < 0 || distance < best_distance) {
            best = (int)i;
            best_distance = distance;
        }
    }
    return best;
}

void mapping_settle(struct mapping *m)
{
    int holder[FIELD_COUNT_];
    for (int f = 0; f < FIELD_COUNT_; f++)
        holder[f] = -1;
    for (size_t i = 0; i < m->count; i++) {
        struct column *c = &m->columns[i];
        c->index = 0;
        c->label_column = c->extension_column = -1;
        c->field = c->bare ? bare_name(m, c) : c->wanted;
        if (fields[c->field].kind != ONE)
            continue;
        int before = holder[c->field];
        if (before >= 0 && m->columns[before].rank <= c->rank) {
            c->field = FIELD_ATTRIBUTE;
            continue;
        }
        if (before >= 0)
            m->columns[before].field = FIELD_ATTRIBUTE;
        holder[c->field] = (int)i;
    }
    int phones = 0, mails = 0;
    for (int company = 0; company < 2; company++)
        for (size_t i = 0; i < m->count; i++) {
            struct column *c = &m->columns[i];
            if (c->field == FIELD_PHONE && str_is(c->label, "company") == (company == 1))
                c->index = ++phones;
            if (c->field == FIELD_MAIL && company == 0)
                c->index = ++mails;
        }
    for (size_t i = 0; i < m->count; i++) {
        struct column *c = &m->columns[i];
        if (fields[c->field].kind != PART)
            continue;
        int owner = part_owner(m, i, c->field == FIELD_MAIL_LABEL ? FIELD_MAIL : FIELD_PHONE);
        if (owner < 0) {
            c->field = FIELD_ATTRIBUTE;
            continue;
        }
        if (c->field == FIELD_EXTENSION)
            m->columns[owner].extension_column = (int)i;
        else
            m->columns[owner].label_column = (int)i;
        c->index = m->columns[owner].index;
    }
}

void columns_map(const struct str *header, size_t count, struct arena *a, struct mapping *ret)
{
    struct arena scratch = {0};
    const struct lexicon *lex = lexicon_new(&scratch);
    *ret = (struct mapping){.columns = ARENA_ARRAY(a, struct column, count), .count = count};
    ret->export = header_export(header, count, &scratch);
    for (size_t i = 0; i < count; i++) {
        struct column *c = &ret->columns[i];
        struct meaning m = header_meaning(lex, ret->export, header[i], &scratch);
        c->original = arena_str(a, header[i]);
        c->wanted = m.field;
        c->label = m.label;
        c->rank = m.rank;
        c->number = m.number;
        c->bare = m.bare;
        c->beside = m.beside;
        column_name(ret, i, header[i], a);
    }
    mapping_settle(ret);
    arena_done(&scratch);
}

int mapping_column(const struct mapping *m, enum field f)
{
    int found = -1;
    for (size_t i = 0; i < m->count; i++)
        if (m->columns[i].field == f && (found < 0 || m->columns[i].index < m->columns[found].index))
            found = (int)i;
    return found;
}
