/* SPDX-License-Identifier: MIT */
/*
 * The parser of times in words, shared by its three files: when_tokens.c cuts the words, when_dates.c reads dates and
 * clock times, when_words.c everything else and the order in which things are tried.
 */
#ifndef CALLDECK_BASE_WHEN_PARSER_H
#define CALLDECK_BASE_WHEN_PARSER_H

#include "when_words.h"

enum { TOKENS_MAX = 32, TOKENS_AHEAD = 8, WORD_SIZE = 16 };

struct token {
    enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_WORD, TOKEN_MARK } kind;
    bool glued; /* no blank before it */
    int value, digits;
    char mark;            /* '?' for anything that is not ASCII */
    char word[WORD_SIZE]; /* lower case */
};

struct when_parser {
    struct token tokens[TOKENS_MAX + TOKENS_AHEAD]; /* ends in TOKEN_ENDs, so that looking ahead needs no check */
    int at;
    bool expects_clock; /* "at" was read, and no time yet */
    const struct when_context *context;
    struct when_words w;
    struct error *err;
    bool said; /* err has a better sentence than the general one */
};

/* False: too many tokens, too long a word or number. */
bool tokens_split(struct when_parser *p, struct str s);
const struct token *token_look(const struct when_parser *p, int ahead);
bool token_is_number(const struct when_parser *p, int ahead);
bool token_is_mark(const struct when_parser *p, int ahead, char mark);
bool token_is_glued_mark(const struct when_parser *p, int ahead, char mark);
bool token_is_word(const struct when_parser *p, int ahead, const char *word);
bool token_month(const struct when_parser *p, int ahead, int *ret_month);
bool token_take_word(struct when_parser *p, const char *word);
bool token_take_mark(struct when_parser *p, char mark);
bool token_take_any(struct when_parser *p, const char *words);     /* one of several, with blanks between */
bool token_take_phrase(struct when_parser *p, const char *phrase); /* all of them, one after the other */

/* What was said so far gets one more part; false if it does not fit to the others. */
bool when_set_day(struct when_parser *p, enum when_day day);
bool when_set_clock(struct when_parser *p, enum when_clock clock, int minute, int second);

/* 1 taken, 0 something else stands here, -1 the words cannot be read. */
int when_take_date(struct when_parser *p);
int when_take_clock(struct when_parser *p);

#endif
