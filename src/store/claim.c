/* SPDX-License-Identifier: MIT */
/*
 * Who holds which card: one conditional update with an expiry, so that two windows never dial one person.
 *
 * A window that was killed cannot give its card back. On the same machine the process tells: a claim whose process is gone is
 * nobody's. On another machine the expiry has to do.
 */
#include "fold.h"
#include "import_parts.h"

#include <string.h>
#include <unistd.h>

/* "HOST/BOOT:PID:STARTED" */
void store_window_name(struct buf *out)
{
    char host[64] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = '\0';
    buf_printf(out, "%.24s/", host);
    holder_write(out);
}

static bool window_is_gone(struct str name)
{
    size_t slash = str_find(name, '/');
    if (slash == name.len)
        return false; /* not one of ours */
    struct buf own;
    buf_init(&own);
    store_window_name(&own);
    bool here = str_eq(str_make(name.at, slash), str_make(own.at, str_find(buf_str(&own), '/')));
    buf_done(&own);
    return here && !holder_lives(str_skip(name, slash + 1));
}

bool claims_bury(struct store *s, struct error *err)
{
    enum { MOST = 64 };
    int64_t gone[MOST];
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_CLAIMS_ALL, &q, err))
        return false;
    while (count < MOST && stmt_row(&q, err))
        if (window_is_gone(stmt_column_str(&q, 1)))
            gone[count++] = stmt_column_int(&q, 0);
    if (!stmt_close(&q))
        return false;
    if (count == 0)
        return true;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = stmt_open(s, STMT_CLAIM_BURY, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", gone[i]);
            ok = stmt_run(&q, err);
        }
    }
    return db_end(s, ok, err);
}

static bool take(struct store *s, int64_t prospect_id, int64_t now, int64_t expires_at, bool *ret_taken, struct error *err)
{
    *ret_taken = false;
    if (!db_begin(s, DB_FAST, err))
        return false;
    struct stmt q;
    bool ok = stmt_open(s, STMT_CLAIM_TAKE, &q, err);
    if (ok) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_text(&q, ":holder", s->holder);
        stmt_text(&q, ":rep", s->rep);
        stmt_int(&q, ":now", now);
        stmt_int(&q, ":expires", expires_at);
        while (stmt_row(&q, err))
            *ret_taken = true;
        ok = stmt_close(&q);
    }
    return db_end(s, ok, err);
}

bool claim_take(struct store *s, int64_t prospect_id, int64_t now, int64_t expires_at, struct error *err)
{
    bool taken;
    if (s->read_only || s->holder[0] == '\0')
        return true; /* nobody could dial from here anyway */
    if (!take(s, prospect_id, now, expires_at, &taken, err))
        return false;
    if (!taken && (!claims_bury(s, err) || !take(s, prospect_id, now, expires_at, &taken, err)))
        return false;
    if (taken)
        return true;
    struct stmt q;
    if (!stmt_open(s, STMT_CLAIM_WHO, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    struct str who = stmt_row(&q, err) ? stmt_column_str(&q, 0) : STR("somebody");
    error_set(err, ERR_REFUSED, "that card is on %.*s's screen", STR_ARG(who));
    stmt_close(&q);
    return false;
}

void claim_drop(struct store *s, int64_t prospect_id)
{
    if (s->read_only || s->holder[0] == '\0' || !db_begin(s, DB_FAST, NULL))
        return;
    struct stmt q;
    bool ok = stmt_open(s, STMT_CLAIM_DROP, &q, NULL);
    if (ok) {
        stmt_int(&q, ":prospect", prospect_id);
        stmt_text(&q, ":holder", s->holder);
        ok = stmt_run(&q, NULL);
    }
    db_end(s, ok, NULL);
}
