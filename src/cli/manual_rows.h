/* SPDX-License-Identifier: MIT */
/* What the man page and the Markdown tables share: the rows as a reader wants them, and the words around them. */
#ifndef CALLDECK_CLI_MANUAL_ROWS_H
#define CALLDECK_CLI_MANUAL_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/app.h"
#include "calldeck/model.h"
#include "session.h"

struct option_row {
    const char *name, *value, *help;
    bool global; /* stands before a command, or without one */
};
struct option_row option_row(enum option option);

/* The keys of a document, in its order: a context, or (TYPING) the keys that edit text wherever text is typed. */
enum { SECTION_TYPING = CONTEXT_COUNT_, SECTION_COUNT_ };
const char *section_title(int section); /* "Between calls" */
bool section_has(int section, enum action_id id);
/* Cuts the next key, or run of keys, off `keys`: "Tab"; "1" to "9" for what stands in the order of the alphabet. False at the end. */
bool keys_next(struct str *keys, struct str *ret_first, struct str *ret_last);

const char *ask_words(enum outcome_ask ask);          /* "when"; "" for nothing */
const char *effect_words(enum outcome_effect effect); /* what it does besides; "" for nothing */
void wait_words(const struct outcome *o, struct buf *out); /* "3 h, then 1, 2, 4 business days" */
const char *group_words(enum state_group group);
/* Exit statuses in order; the codes that share one are told together. False: no such index. */
bool exit_row(size_t index, int *ret_status, const char **ret_words);

#endif
