/* SPDX-License-Identifier: MIT */
/*
 * An argv template from the settings: `gnome-calls --dial=%n`.
 *
 * Words are cut once, before anything is put in, and a value never makes a second word: what comes from a prospect can
 * change the text of one argument and nothing else.
 */
#ifndef CALLDECK_DIAL_TEMPLATE_H
#define CALLDECK_DIAL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/error.h"
#include "calldeck/str.h"

enum { TEMPLATE_WORDS_MOST = 64 };
struct template {
    struct arena memory;
    const char *words[TEMPLATE_WORDS_MOST]; /* as written, placeholders and all */
    size_t count;
    bool has_value; /* some word holds %n, %u, %i or %c */
};
struct template_values {
    const char *number; /* after number_clean */
    int64_t prospect_id;
    const char *caller; /* after caller_check; may be "" */
};

/* Blanks separate, '...' and "..." group. USAGE says what is wrong: empty, a quote left open, an unknown placeholder,
 * a placeholder in the program's own name. ret is zeroed storage; template_done also after a failure. */
bool template_parse(struct str text, struct template *ret, struct error *err);
/* Words only: a % means itself. */
bool template_parse_plain(struct str text, struct template *ret, struct error *err);
void template_done(struct template *t);
/* NULL-terminated, in a. */
char **template_argv(const struct template *t, const struct template_values *values, struct arena *a);
/* The same after template_parse_plain. */
char **template_argv_plain(const struct template *t, struct arena *a);

#endif
