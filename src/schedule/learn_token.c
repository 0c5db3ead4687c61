/* SPDX-License-Identifier: MIT */
/*
 * From columns and values to tokens. No column has a meaning here, except those that may not be used.
 *
 * A number is read at three widths: as it is written, by its first two digits and by its first digit with the
 * magnitude, so that 4.857, 4.9 and "about 5" can each be learned, and no bins must be kept that a later row would move.
 */
#include <math.h>
#include <stdlib.h>

#include "calldeck/utf8.h"
#include "learn_parts.h"

static unsigned char fold_ascii(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The finish of MurmurHash3. Never 0. */
static uint64_t hash_finish(uint64_t h)
{
    h ^= h >> 33;
    h *= UINT64_C(0xff51afd7ed558ccd);
    h ^= h >> 33;
    h *= UINT64_C(0xc4ceb9fe1a85ec53);
    h ^= h >> 33;
    return h ? h : 1;
}

/* FNV-1a, finished: its low bits alone are poor for short strings. */
uint64_t token_hash(uint64_t seed, struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ seed;
    s = str_trim(s);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ fold_ascii(s.at[i])) * UINT64_C(1099511628211);
    return hash_finish(h);
}

/* ---- columns that may not be used ---- */

static bool word_is_sensitive(struct str word)
{
    static const struct {
        const char *text;
        bool whole;
    } rows[] = {
#define SENSITIVE(text, whole) {text, whole},
#include "sensitive.def"
#undef SENSITIVE
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].whole ? str_is(word, rows[i].text) : str_starts(word, rows[i].text))
            return true;
    return false;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c & 0x80);
}

/* "Age", "contact_age", "ageGroup" and "Date of birth" are; "average", "stage" and "package" are not. */
bool column_is_sensitive(struct str name)
{
    struct buf apart, folded; /* a capital after a small letter begins a word */
    buf_init(&apart);
    buf_init(&folded);
    for (size_t i = 0; i < name.len; i++) {
        bool capital = name.at[i] >= 'A' && name.at[i] <= 'Z';
        if (i && capital && name.at[i - 1] >= 'a' && name.at[i - 1] <= 'z')
            buf_add_char(&apart, ' ');
        buf_add_char(&apart, name.at[i]);
    }
    text_fold(buf_str(&apart), &folded);
    struct str s = buf_str(&folded);
    bool found = false;
    for (size_t i = 0; i < s.len && !found;) {
        size_t end = i;
        while (end < s.len && is_word_byte(s.at[end]))
            end++;
        found = end > i && word_is_sensitive(str_make(s.at + i, end - i));
        i = end + 1;
    }
    buf_done(&apart);
    buf_done(&folded);
    return found;
}

void columns_allow(struct column_book *b, struct str names)
{
    struct str name;
    if (!str_trim(names).len)
        b->allowed_count = 0;
    while (str_next(&names, ',', &name))
        if (str_trim(name).len && b->allowed_count < COLUMNS_ALLOWED)
            b->allowed[b->allowed_count++] = token_hash(0, name);
    memset(b->seen, 0, sizeof b->seen);
}

bool column_ignored(struct column_book *b, struct str name, uint64_t hash)
{
    struct column_seen *c = &b->seen[hash % COLUMNS_SEEN];
    if (c->hash != hash) {
        c->hash = hash;
        c->ignored = column_is_sensitive(name);
        for (size_t i = 0; i < b->allowed_count; i++)
            if (b->allowed[i] == hash)
                c->ignored = false;
    }
    return c->ignored;
}

/* ---- tokens ---- */

/* Of more tokens than there is room for, those with the smallest hashes stay: the same ones in whatever order they come.
 * The rows are then a heap with the largest on top. */
static void token_add(struct tokens *t, uint64_t hash, int of)
{
    struct token add = {hash, of};
    if (t->count < LEARN_TOKENS_MAX) {
        int at = t->count++;
        while (at && t->rows[(at - 1) / 2].hash < hash) {
            t->rows[at] = t->rows[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        t->rows[at] = add;
        return;
    }
    if (hash >= t->rows[0].hash)
        return;
    int at = 0;
    for (int child; (child = 2 * at + 1) < t->count; at = child) {
        if (child + 1 < t->count && t->rows[child + 1].hash > t->rows[child].hash)
            child++;
        if (t->rows[child].hash <= hash)
            break;
        t->rows[at] = t->rows[child];
    }
    t->rows[at] = add;
}

/* A plain decimal number: [-+]digits[.digits], at most 15 digits (no exponent, no locale). */
static bool number_read(struct str s, double *ret)
{
    double value = 0, scale = 1;
    size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+'), digits = 0;
    bool point = false;
    for (; i < s.len; i++) {
        char c = s.at[i];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            scale *= point ? 10 : 1;
            if (++digits > 15)
                return false;
        } else {
            return false;
        }
    }
    *ret = (s.len && s.at[0] == '-' ? -value : value) / scale;
    return digits > 0;
}

/* 4.857 by two digits is 49 of magnitude 0. */
static uint64_t number_rounded(uint64_t column, double value, int digits)
{
    double size = fabs(value), scale = 1;
    int magnitude = 0;
    while (size * scale >= 10) {
        scale /= 10;
        magnitude++;
    }
    while (size * scale < 1 && magnitude > -16) {
        scale *= 10;
        magnitude--;
    }
    int64_t lead = llround(size * scale * (digits == 2 ? 10 : 1)) * (value < 0 ? -1 : 1);
    return hash_finish(column + (uint64_t)lead * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)(64 + magnitude) * 256 +
                       (uint64_t)digits);
}

static void tokens_of_attribute(struct column_book *b, const struct learn_attribute *a, int of, struct tokens *t)
{
    struct str value = str_trim(a->value);
    uint64_t column = token_hash(0, a->column);
    double number;
    if (!value.len || column_ignored(b, a->column, column))
        return;
    token_add(t, token_hash(column, value), of);
    if (value.len < 32 && number_read(value, &number)) {
        token_add(t, number_rounded(column, number, 2), of);
        token_add(t, number_rounded(column, number, 1), of);
    }
}

void tokens_of(struct column_book *b, const struct learn_person *p, struct tokens *ret)
{
    ret->count = 0;
    if (str_trim(p->source).len)
        token_add(ret, token_hash(token_hash(0, STR("source")), p->source), TOKEN_SOURCE);
    if (p->customer)
        token_add(ret, token_hash(1, STR("customer")), TOKEN_CUSTOMER);
    if (p->own.answers > 0)
        token_add(ret, token_hash(1, STR("talked before")), TOKEN_TALKED);
    for (size_t i = 0; i < p->attributes_count; i++)
        tokens_of_attribute(b, &p->attributes[i], (int)i, ret);
}
