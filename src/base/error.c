/* SPDX-License-Identifier: MIT */
#include "calldeck/error.h"

#include <stdio.h>
#include <string.h>

/* A sentence that was cut must not end in half a character. */
static void cut_whole(char *text, size_t size)
{
    size_t len = strnlen(text, size - 1);
    size_t at = len;
    while (at > 0 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
        at--;
    if (at == 0)
        return;
    unsigned char lead = (unsigned char)text[at - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (len - (at - 1) < want)
        text[at - 1] = '\0';
}

bool error_vset(struct error *err, enum error_code code, const char *format, va_list args)
{
    if (err == NULL)
        return false;
    char text[sizeof err->text]; /* the old sentence may be an argument */
    vsnprintf(text, sizeof text, format, args);
    cut_whole(text, sizeof text);
    memcpy(err->text, text, sizeof text);
    err->code = code;
    return false;
}

bool error_set(struct error *err, enum error_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_vset(err, code, format, args);
    va_end(args);
    return false;
}

bool error_prefix(struct error *err, const char *format, ...)
{
    if (err == NULL)
        return false;
    char prefix[256];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    return error_set(err, err->code, "%s: %s", prefix, err->text);
}

int error_exit_status(enum error_code code)
{
    static const int status[] = {
#define ERROR_CODE(id, exit_status) [ERR_##id] = exit_status,
#include "calldeck/errors.def"
#undef ERROR_CODE
    };
    _Static_assert(sizeof status / sizeof status[0] == ERR_COUNT_, "a row for each code");
    return status[code];
}
