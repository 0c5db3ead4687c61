/* SPDX-License-Identifier: MIT */
/* Lines of a list's policy: one, or a whole cadence. */
#include "fold.h"

/* A line under the key that it is kept by. */
static bool line_keep(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err)
{
    struct buf keep;
    struct policy trial = s->base;
    buf_init(&keep);
    struct str kept_value, kept = policy_line_key(key, value, &keep, &kept_value);
    bool ok = (value.len == 0 || policy_set(&trial, key, value, err)) && policy_line_set(s, list_id, kept, kept_value, err);
    buf_done(&keep);
    return ok;
}

bool policy_lines_set(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err)
{
    struct str lines, k, v;
    if (!str_is(key, "template") || value.len == 0)
        return line_keep(s, list_id, key, value, err);
    if (!cadence_find(value, &lines)) {
        struct buf names;
        buf_init(&names);
        cadence_names(&names);
        error_set(err, ERR_USAGE, "no template \"%.*s\": there is %s", STR_ARG(value), names.at);
        buf_done(&names);
        return false;
    }
    while (cadence_line(&lines, &k, &v))
        if (!line_keep(s, list_id, k, v, err))
            return false;
    return true;
}
