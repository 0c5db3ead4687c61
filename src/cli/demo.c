/* SPDX-License-Identifier: MIT */
/* The demo: invented people in a database of its own, where nobody is dialled. */
#include "session.h"

#include <unistd.h>

bool demo_fill(struct session *s, struct error *err)
{
    if (store_read_only(s->store) || !store_is_empty(s->store))
        return true;
    const char *assets = phone_book_assets(session_book(s));
    struct str path = arena_printf(&s->arena, "%s/demo/leads.csv", assets);
    int64_t list;
    if (assets[0] == '\0' || access(path.at, R_OK) != 0)
        return error_set(err, ERR_NOT_FOUND, "the demo list is not there (share/calldeck/demo/leads.csv): install calldeck again");
    if (!import_whole(s, path.at, -1, 0, "demo", err))
        return error_prefix(err, "demo");
    return list_find(s->store, STR("demo"), &list, err) && list_set_blocked(s->store, list, true, err);
}
