/* SPDX-License-Identifier: MIT */
/* What cells say by their shape: flags, labels, several values in one, and whether something is a mail or a number. */
#include "calldeck/columns.h"

#include <string.h>

#include "calldeck/utf8.h"

bool value_truthy(struct str cell)
{
    /* Folded. Words of denial need no list: what is not here is no. */
    static const char *const yes[] = {"1",    "true", "yes",       "y",           "x",           "t",       "on",
                                      "ja",   "j",    "oui",       "si",          "sim",         "tak",     "evet",
                                      "wahr", "vrai", "verdadero", "do not call", "dnc",         "checked", "да",
                                      "是",   "نعم",  "opted out", "opt out",     "unsubscribed"};
    struct buf key;
    bool found = false;
    int64_t number;
    buf_init(&key);
    text_fold(cell, &key);
    for (size_t i = 0; i < sizeof yes / sizeof yes[0] && !found; i++)
        found = str_is(buf_str(&key), yes[i]);
    if (!found && str_int(str_trim(cell), &number))
        found = number != 0;
    buf_done(&key);
    /* A bare tick mark has no letters, so that nothing of it is left in the key. */
    struct str mark = str_trim(cell);
    return found || str_is(mark, "✓") || str_is(mark, "✔") || str_is(mark, "☑");
}

bool value_next(struct str *rest, struct str *ret_part)
{
    static const char separator[] = ":::";
    while (rest->at != NULL) {
        const char *at = rest->len ? memmem(rest->at, rest->len, separator, 3) : NULL;
        struct str part = str_trim(at ? str_make(rest->at, (size_t)(at - rest->at)) : *rest);
        *rest = at ? str_skip(*rest, (size_t)(at - rest->at) + 3) : (struct str){NULL, 0};
        if (part.len > 0) {
            *ret_part = part;
            return true;
        }
    }
    return false;
}

void value_label(struct str cell, struct buf *out)
{
    struct buf clean;
    buf_init(&clean);
    text_clean_line(cell, &clean);
    struct str label = buf_str(&clean);
    while (label.len > 0 && (label.at[0] == '*' || label.at[0] == ' ')) /* Google marks the preferred one */
        label = str_skip(label, 1);
    for (size_t i = 0; i < label.len; i++)
        buf_add_char(out, label.at[i] >= 'A' && label.at[i] <= 'Z' ? (char)(label.at[i] + 32) : label.at[i]);
    buf_done(&clean);
}

bool label_is_machine(struct str label)
{
    static const char *const machines[] = {"fax",  "telefax", "pager",   "telex",   "modem",
                                           "isdn", "tty",     "homefax", "workfax", "otherfax"};
    struct buf key;
    struct str rest, word;
    bool found = false;
    buf_init(&key);
    text_fold(label, &key);
    rest = buf_str(&key);
    while (!found && str_word(&rest, &word))
        for (size_t i = 0; i < sizeof machines / sizeof machines[0] && !found; i++)
            found = str_is(word, machines[i]);
    buf_done(&key);
    return found;
}

bool value_looks_like_mail(struct str cell)
{
    cell = str_trim(cell);
    size_t at = str_find(cell, '@');
    if (at == 0 || at + 3 >= cell.len)
        return false;
    struct str domain = str_skip(cell, at + 1);
    size_t dot = str_find(domain, '.');
    if (dot == 0 || dot + 1 >= domain.len || str_find(domain, '@') < domain.len)
        return false;
    for (size_t i = 0; i < cell.len; i++)
        if ((unsigned char)cell.at[i] <= ' ' || strchr(",;<>()\"", cell.at[i]) != NULL)
            return false;
    return true;
}

/* 2024-03-10, 04.03.2024 14:05, 3/15/2024: as many digits as a number has, and no number. */
static bool looks_like_date(struct str s)
{
    size_t digits = 0, groups[3] = {0}, group = 0;
    char mark = '\0';
    for (size_t i = 0; i < s.len && group < 3; i++) {
        if (s.at[i] >= '0' && s.at[i] <= '9') {
            groups[group]++;
            digits++;
        } else if (group < 2 && (s.at[i] == '-' || s.at[i] == '.' || s.at[i] == '/') &&
                   (mark == '\0' || s.at[i] == mark)) {
            mark = s.at[i];
            group++;
        } else if (group == 2 && (s.at[i] == ' ' || s.at[i] == 'T')) {
            break;
        } else {
            return false;
        }
    }
    if (group != 2)
        return false;
    bool year_first = groups[0] == 4 && groups[1] <= 2 && groups[2] <= 2;
    bool year_last = groups[0] <= 2 && groups[1] <= 2 && (groups[2] == 4 || groups[2] == 2);
    return groups[0] > 0 && groups[1] > 0 && groups[2] > 0 && (year_first || year_last) && digits <= 8;
}

bool value_looks_like_phone(struct str cell)
{
    size_t digits = 0;
    cell = str_trim(cell);
    if (str_starts(cell, "'"))
        cell = str_skip(cell, 1);
    if (str_ends(cell, "'"))
        cell.len--;
    if (str_starts_ascii_case(cell, "tel:"))
        cell = str_skip(cell, 4);
    if (cell.len > 40 || looks_like_date(cell))
        return false;
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char c = (unsigned char)cell.at[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (digits >= 7 && (c == 'x' || c == 'X' || c == '#'))
            return digits <= 20; /* an extension */
        else if (strchr("+()-./ ", (char)c) == NULL || (c == '+' && digits > 0))
            return false;
    }
    return digits >= 7 && digits <= 20;
}
