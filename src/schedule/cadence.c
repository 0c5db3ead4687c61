/* SPDX-License-Identifier: MIT */
/* Cadences that a list may take whole: assets/cadence, lines of policy, embedded by the build. */
#include <string.h>

#include "calldeck/schedule.h"

static const struct {
    const char *name, *text;
} files[] = {
#include "cadences.inc"
};
enum { FILES = sizeof files / sizeof files[0] };

bool cadence_at(size_t i, struct str *ret_name, struct str *ret_lines)
{
    if (i >= FILES)
        return false;
    struct str file = str_of(files[i].name);
    *ret_name = str_make(file.at, str_find(file, '.'));
    *ret_lines = str_of(files[i].text);
    return true;
}

bool cadence_find(struct str name, struct str *ret_lines)
{
    struct str one;
    for (size_t i = 0; cadence_at(i, &one, ret_lines); i++)
        if (str_eq(name, one))
            return true;
    return false;
}

void cadence_names(struct buf *out)
{
    for (size_t i = 0; i < FILES; i++)
        buf_printf(out, "%s%.*s", i == 0 ? "" : i + 1 < FILES ? ", " : " or ", (int)str_find(str_of(files[i].name), '.'),
                   files[i].name);
}

bool cadence_line(struct str *rest, struct str *ret_key, struct str *ret_value)
{
    struct str line;
    while (str_next(rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        str_word(&line, ret_key);
        *ret_value = str_trim(line);
        return true;
    }
    return false;
}
