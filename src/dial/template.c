/* SPDX-License-Identifier: MIT */
/* Cuts an argv template into words and puts values into them; see template.h for why in this order. */
#include "template.h"

#include <inttypes.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Takes one word off the front. Quotes may begin and end inside it: --dial="%n". */
static bool word_take(struct str *rest, struct buf *word, struct error *err)
{
    buf_clear(word);
    char quote = '\0';
    while (rest->len > 0 && (quote != '\0' || !is_blank(rest->at[0]))) {
        char c = rest->at[0];
        *rest = str_skip(*rest, 1);
        if (quote != '\0' ? c == quote : (c == '\'' || c == '"'))
            quote = quote != '\0' ? '\0' : c;
        else
            buf_add_char(word, c);
    }
    if (quote != '\0')
        return error_set(err, ERR_USAGE, "the command has an open quote: a second %c is missing", quote);
    return true;
}

static bool words_cut(struct str text, struct template *t, struct error *err)
{
    if (str_find(text, '\0') < text.len)
        return error_set(err, ERR_USAGE, "the command holds a NUL byte");
    struct buf word;
    buf_init(&word);
    bool ok = true;
    for (;;) {
        while (text.len > 0 && is_blank(text.at[0]))
            text = str_skip(text, 1);
        if (text.len == 0)
            break;
        if (t->count == TEMPLATE_WORDS_MOST) {
            ok = error_set(err, ERR_USAGE, "the command has more than %d words", TEMPLATE_WORDS_MOST);
            break;
        }
        ok = word_take(&text, &word, err);
        if (!ok)
            break;
        t->words[t->count++] = arena_text(&t->memory, buf_str(&word));
    }
    buf_done(&word);
    if (ok && (t->count == 0 || t->words[0][0] == '\0'))
        return error_set(err, ERR_USAGE, "the command is empty: it must begin with the name of a program");
    return ok;
}

static bool word_check(struct template *t, size_t index, struct error *err)
{
    const char *word = t->words[index];
    for (const char *p = strchr(word, '%'); p != NULL; p = strchr(p + 2, '%')) {
        if (p[1] == '\0' || strchr("nuic%", p[1]) == NULL)
            return error_set(err, ERR_USAGE,
                             "the command has an unknown placeholder in \"%s\": there are %%n (number), %%u (tel: URI), "
                             "%%i (prospect id), %%c (caller line) and %%%%",
                             word);
        if (p[1] == '%')
            continue;
        if (index == 0)
            return error_set(err, ERR_USAGE, "the command begins with a placeholder: \"%s\" must be the name of a program",
                             word);
        t->has_value = true;
    }
    return true;
}

bool template_parse_plain(struct str text, struct template *ret, struct error *err)
{
    return words_cut(text, ret, err);
}

bool template_parse(struct str text, struct template *ret, struct error *err)
{
    if (!words_cut(text, ret, err))
        return false;
    for (size_t i = 0; i < ret->count; i++)
        if (!word_check(ret, i, err))
            return false;
    return true;
}

void template_done(struct template *t)
{
    arena_done(&t->memory);
    *t = (struct template){0};
}

static void value_add(struct buf *out, char which, const struct template_values *values)
{
    switch (which) {
    case 'n':
        buf_add_text(out, values->number);
        break;
    case 'u':
        /* of what number_clean lets through, only # has a meaning of its own in a URI */
        buf_add_text(out, "tel:");
        for (const char *p = values->number; *p != '\0'; p++)
            if (*p == '#')
                buf_add_text(out, "%23");
            else
                buf_add_char(out, *p);
        break;
    case 'i':
        buf_printf(out, "%" PRId64, values->prospect_id);
        break;
    case 'c':
        buf_add_text(out, values->caller);
        break;
    case '%':
        buf_add_char(out, '%');
        break;
    }
}

char **template_argv(const struct template *t, const struct template_values *values, struct arena *a)
{
    char **argv = ARENA_ARRAY(a, char *, t->count + 1);
    struct buf word;
    buf_init(&word);
    for (size_t i = 0; i < t->count; i++) {
        buf_clear(&word);
        for (const char *p = t->words[i]; *p != '\0'; p++)
            if (*p == '%')
                value_add(&word, *++p, values);
            else
                buf_add_char(&word, *p);
        argv[i] = arena_alloc(a, word.len + 1, 1);
        memcpy(argv[i], word.at, word.len);
    }
    buf_done(&word);
    return argv;
}

char **template_argv_plain(const struct template *t, struct arena *a)
{
    char **argv = ARENA_ARRAY(a, char *, t->count + 1);
    for (size_t i = 0; i < t->count; i++) {
        size_t len = strlen(t->words[i]);
        argv[i] = arena_alloc(a, len + 1, 1);
        memcpy(argv[i], t->words[i], len);
    }
    return argv;
}
