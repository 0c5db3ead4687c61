/* SPDX-License-Identifier: MIT */
/*
 * An error is a code for the program and a sentence for the person.
 *
 * The caller owns the struct; callees fill it on failure and leave it untouched on success, so one struct can serve a
 * row of calls. Sentences: lower case, the failure first, the subject in quotes, then the way out; no full stop.
 * Libraries never print: the sentence travels up to app, cli or main.
 */
#ifndef CALLDECK_ERROR_H
#define CALLDECK_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

enum error_code {
#define ERROR_CODE(id, exit_status) ERR_##id,
#include "calldeck/errors.def"
#undef ERROR_CODE
    ERR_COUNT_
};

struct error {
    enum error_code code; /* ERR_NONE: nothing happened */
    char text[512];       /* one sentence, cut at a whole UTF-8 character if too long */
};

/* Set *err (NULL: nobody wants to know). Returns false, so that `return error_set(...)` reads well. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool error_vset(struct error *err, enum error_code code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* Put "context: " before the sentence that is there. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit status that scripts see (contracts: 0, 1, 2, 65, 74, 75). */
int error_exit_status(enum error_code code);

#endif
