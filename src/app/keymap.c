/* SPDX-License-Identifier: MIT */
/*
 * The keymap: a short list that is searched from its end, so that what a person binds wins over the defaults.
 */
#include "keymap.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

enum origin { FROM_TABLE, FROM_OUTCOMES, FROM_ALT, FROM_PERSON };

struct entry {
    struct key_binding b;
    char *args; /* owned; "" if none */
    enum origin origin;
};

struct keymap {
    struct entry *at;
    size_t count, room;
};

static void add(struct keymap *map, enum origin origin, enum context context, const struct key *key, enum action_id id,
                struct str args)
{
    if (map->count == map->room) {
        map->room = map->room ? map->room * 2 : 256;
        map->at = alloc_resize(map->at, map->room, sizeof *map->at);
    }
    char *copy = alloc_copy(args.len ? args.at : "", args.len);
    map->at[map->count++] =
        (struct entry){.b = {.context = context, .key = *key, .id = id, .args = copy}, .args = copy, .origin = origin};
}

static void remove_entry(struct keymap *map, size_t i)
{
    free(map->at[i].args);
    memmove(&map->at[i], &map->at[i + 1], (map->count - i - 1) * sizeof *map->at);
    map->count--;
}

static const struct entry *find(const struct keymap *map, enum context context, const struct key *key)
{
    for (size_t i = map->count; i-- > 0;)
        if (map->at[i].b.context == context && key_same(&map->at[i].b.key, key))
            return &map->at[i];
    return NULL;
}

bool types_itself(enum context context)
{
    return context == CONTEXT_NOTES || context == CONTEXT_PROMPT || context == CONTEXT_FORM;
}

static bool add_defaults(struct keymap *map, enum action_id id, struct error *err)
{
    const struct action_info *info = action_info(id);
    struct str rest = str_of(info->keys), word;
    while (str_word(&rest, &word)) {
        struct key key;
        if (!key_parse(word, &key, err))
            return error_prefix(err, "keys of \"%s\"", info->help);
        for (enum context c = 0; c < CONTEXT_COUNT_; c++) {
            if ((info->contexts & 1u << c) == 0 || (types_itself(c) && key.code == KEY_CODE_CHAR && key.mods == 0))
                continue;
            const struct entry *there = find(map, c, &key);
            if (there != NULL)
                return error_set(err, ERR_USAGE, "the key \"%.*s\" is given twice in %s: \"%s\" and \"%s\"",
                                 STR_ARG(word), context_name(c), action_info(there->b.id)->help, info->help);
            /* which number was picked is said by the key itself */
            add(map, FROM_TABLE, c, &key, id, id == ACTION_PICK_NUMBER ? word : STR(""));
        }
    }
    return true;
}

struct keymap *keymap_new(const struct outcome_table *outcomes, struct error *err)
{
    struct keymap *map = alloc_zeroed(1, sizeof *map);
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++)
        if (id != ACTION_OUTCOME && !add_defaults(map, id, err)) {
            keymap_free(map);
            return NULL;
        }
    for (size_t i = 0; i < outcomes->count; i++) {
        char letter[2] = {outcomes->rows[i].key, '\0'};
        struct key key = key_char(letter);
        /* rows are edited in the store: a letter that the bar needs for itself stays the bar's */
        if (letter[0] > ' ' && find(map, CONTEXT_BAR, &key) == NULL)
            add(map, FROM_OUTCOMES, CONTEXT_BAR, &key, ACTION_OUTCOME, str_of(letter));
    }
    return map;
}

void keymap_free(struct keymap *map)
{
    if (map == NULL)
        return;
    for (size_t i = 0; i < map->count; i++)
        free(map->at[i].args);
    free(map->at);
    free(map);
}

void keymap_alt_outcomes(struct keymap *map, const struct outcome_table *outcomes, bool on)
{
    for (size_t i = map->count; i-- > 0;)
        if (map->at[i].origin == FROM_ALT)
            remove_entry(map, i);
    for (size_t i = 0; on && i < outcomes->count; i++) {
        char letter[2] = {outcomes->rows[i].key, '\0'};
        struct key key = key_char(letter);
        key.mods = KEY_MOD_ALT;
        const struct entry *there = find(map, CONTEXT_NOTES, &key);
        if (letter[0] > ' ' && (there == NULL || there->origin != FROM_PERSON))
            add(map, FROM_ALT, CONTEXT_NOTES, &key, ACTION_OUTCOME, str_of(letter));
    }
}

void keymap_bind(struct keymap *map, enum context context, const struct key *key, enum action_id id, struct str args)
{
    for (size_t i = map->count; i-- > 0;)
        if (map->at[i].origin == FROM_PERSON && map->at[i].b.context == context && key_same(&map->at[i].b.key, key))
            remove_entry(map, i);
    add(map, FROM_PERSON, context, key, id, args);
}

enum action_id keymap_find(const struct keymap *map, enum context context, const struct key *key, struct str *ret_args)
{
    const struct entry *e = find(map, context, key);
    if (e == NULL)
        return ACTION_NONE;
    *ret_args = str_of(e->args);
    return e->b.id;
}

enum action_id keymap_find_without_alt(const struct keymap *map, enum context context, const struct key *key,
                                       struct str *ret_args)
{
    for (size_t i = map->count; i-- > 0;)
        if (map->at[i].origin != FROM_ALT && map->at[i].b.context == context && key_same(&map->at[i].b.key, key)) {
            *ret_args = str_of(map->at[i].args);
            return map->at[i].b.id;
        }
    return ACTION_NONE;
}

bool keymap_keys(const struct keymap *map, enum action_id id, enum context context, struct buf *out)
{
    bool any = false;
    for (size_t i = 0; i < map->count; i++) {
        const struct entry *e = &map->at[i];
        if (e->b.context != context || e->b.id != id || find(map, context, &e->b.key) != e)
            continue;
        /* a bound command with words of its own is another thing than the plain action */
        if (e->origin == FROM_PERSON && e->args[0] != '\0')
            continue;
        if (any)
            buf_add_text(out, " / ");
        key_format(&e->b.key, out);
        any = true;
    }
    return any;
}

bool keymap_bound(const struct keymap *map, size_t n, struct key_binding *ret)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->at[i].origin == FROM_PERSON && n-- == 0) {
            *ret = map->at[i].b;
            return true;
        }
    return false;
}

bool context_parse(struct str name, enum context *ret)
{
    for (enum context c = 0; c < CONTEXT_COUNT_; c++)
        if (str_is(name, context_name(c))) {
            *ret = c;
            return true;
        }
    return false;
}
