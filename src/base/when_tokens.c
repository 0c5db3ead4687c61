/* SPDX-License-Identifier: MIT */
/* Numbers, words and marks. Digits of other scripts are digits: a rep's keyboard may have no others. */
#include "when_parser.h"

#include <string.h>

#include "scalar.h"

static int digit_of(uint32_t c)
{
    static const uint32_t zeros[] = {'0', 0x0660, 0x06f0, 0x0966, 0xff10}; /* Arabic, Persian, Hindi, full width */
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (c >= zeros[i] && c <= zeros[i] + 9)
            return (int)(c - zeros[i]);
    return -1;
}

/* "at three" is as good as "at 3" */
static int number_word(const char *word)
{
    static const struct {
        const char *word;
        int value;
    } rows[] = {
        {"one", 1},      {"two", 2},     {"three", 3},   {"four", 4},   {"five", 5},    {"six", 6},
        {"seven", 7},    {"eight", 8},   {"nine", 9},    {"ten", 10},   {"eleven", 11}, {"twelve", 12},
        {"fifteen", 15}, {"twenty", 20}, {"thirty", 30}, {"forty", 40}, {"ninety", 90},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].word, word) == 0)
            return rows[i].value;
    return -1;
}

bool tokens_split(struct when_parser *p, struct str s)
{
    int count = 0;
    bool glued = false;
    while (s.len > 0) {
        size_t len;
        uint32_t c = scalar_at(s, &len);
        if (c == ' ' || c == '\t' || c == 0xa0 || c == 0x202f) {
            glued = false;
            s = str_skip(s, len);
            continue;
        }
        if (count == TOKENS_MAX)
            return false;
        struct token *t = &p->tokens[count++];
        t->glued = glued;
        glued = true;
        if (digit_of(c) >= 0) {
            t->kind = TOKEN_NUMBER;
            for (int digit; s.len > 0 && (digit = digit_of(scalar_at(s, &len))) >= 0; s = str_skip(s, len)) {
                if (++t->digits > 8)
                    return false;
                t->value = t->value * 10 + digit;
            }
        } else if ((c | 32) >= 'a' && (c | 32) <= 'z') {
            t->kind = TOKEN_WORD;
            size_t used = 0;
            while (s.len > 0 && (s.at[0] | 32) >= 'a' && (s.at[0] | 32) <= 'z') {
                if (used + 1 == WORD_SIZE)
                    return false;
                t->word[used++] = (char)(s.at[0] | 32);
                s = str_skip(s, 1);
            }
            int value = number_word(t->word);
            if (value >= 0) {
                t->kind = TOKEN_NUMBER;
                t->value = value;
                t->digits = value > 9 ? 2 : 1;
            }
        } else {
            t->kind = TOKEN_MARK;
            t->mark = c == 0xff1a ? ':' : c == 0x2019 ? '\'' : c == 0x2212 ? '-' : c < 0x80 ? (char)c : '?';
            s = str_skip(s, len);
        }
    }
    return true;
}

const struct token *token_look(const struct when_parser *p, int ahead)
{
    int at = p->at + ahead;
    return &p->tokens[at < TOKENS_MAX + TOKENS_AHEAD - 1 ? at : TOKENS_MAX + TOKENS_AHEAD - 1];
}

bool token_is_number(const struct when_parser *p, int ahead)
{
    return token_look(p, ahead)->kind == TOKEN_NUMBER;
}

bool token_is_mark(const struct when_parser *p, int ahead, char mark)
{
    return token_look(p, ahead)->kind == TOKEN_MARK && token_look(p, ahead)->mark == mark;
}

bool token_is_glued_mark(const struct when_parser *p, int ahead, char mark)
{
    return token_is_mark(p, ahead, mark) && token_look(p, ahead)->glued;
}

bool token_is_word(const struct when_parser *p, int ahead, const char *word)
{
    return token_look(p, ahead)->kind == TOKEN_WORD && strcmp(token_look(p, ahead)->word, word) == 0;
}

bool token_take_word(struct when_parser *p, const char *word)
{
    bool yes = token_is_word(p, 0, word);
    p->at += yes;
    return yes;
}

bool token_take_mark(struct when_parser *p, char mark)
{
    bool yes = token_is_mark(p, 0, mark);
    p->at += yes;
    return yes;
}

bool token_take_any(struct when_parser *p, const char *words)
{
    struct str rest = str_of(words), word;
    while (token_look(p, 0)->kind == TOKEN_WORD && str_word(&rest, &word))
        if (str_is(word, token_look(p, 0)->word)) {
            p->at++;
            return true;
        }
    return false;
}

bool token_take_phrase(struct when_parser *p, const char *phrase)
{
    int start = p->at;
    struct str rest = str_of(phrase), word;
    while (str_word(&rest, &word)) {
        if (token_look(p, 0)->kind != TOKEN_WORD || !str_is(word, token_look(p, 0)->word)) {
            p->at = start;
            return false;
        }
        p->at++;
    }
    return true;
}

bool token_month(const struct when_parser *p, int ahead, int *ret_month)
{
    return token_look(p, ahead)->kind == TOKEN_WORD && month_parse(str_of(token_look(p, ahead)->word), ret_month);
}
