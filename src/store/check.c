/* SPDX-License-Identifier: MIT */
/*
 * Is the file what its facts say? The disk's part first (pages, indexes, references), then every materialised column
 * against a fresh fold of the history. Lines name rows by id: they may be sent to whoever helps.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "fold.h"

enum { BATCH = 512 };

struct check {
    struct store *s;
    line_fn line;
    void *user;
    struct error *err;
    struct buf text;
    int64_t differences;
};

static void say(struct check *c, bool difference)
{
    struct str rest = buf_str(&c->text), line;
    while (str_next(&rest, '\n', &line)) {
        char text[512];
        snprintf(text, sizeof text, "%.*s", STR_ARG(line));
        if (text[0] == '\0')
            continue;
        c->differences += difference;
        if (c->line != NULL)
            c->line(text, c->user);
    }
    buf_clear(&c->text);
}

/* ---- the disk's part ---- */

bool check_line_is_failure(struct store *s, struct str line, struct error *err)
{
    static const char mark[] = "error code=";
    const char *at = line.len ? memmem(line.at, line.len, mark, sizeof mark - 1) : NULL;
    int64_t code = SQLITE_CORRUPT;
    if (at != NULL)
        str_int(str_skip(line, (size_t)(at - line.at) + sizeof mark - 1), &code);
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return false;
    case SQLITE_NOMEM:
        error_set(err, ERR_IO, "cannot read \"%s\": out of memory", s->path);
        return true;
    default:
        error_set(err, ERR_IO, "cannot read \"%s\": the disk failed (%lld)", s->path, (long long)code);
        return true;
    }
}

static bool pages(struct check *c)
{
    struct stmt q;
    if (!stmt_open(c->s, STMT_CHECK_QUICK, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        if (str_is(stmt_column_str(&q, 0), "ok"))
            continue;
        if (check_line_is_failure(c->s, stmt_column_str(&q, 0), c->err)) {
            stmt_close(&q);
            return false;
        }
        buf_add_text(&c->text, "file: ");
        buf_add_str(&c->text, stmt_column_str(&q, 0));
        say(c, true);
    }
    return stmt_close(&q);
}

static bool references(struct check *c)
{
    struct stmt q;
    if (!stmt_open(c->s, STMT_CHECK_KEYS, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        buf_printf(&c->text, "%.*s %lld: names a %.*s that is not there", STR_ARG(stmt_column_str(&q, 0)),
                   (long long)stmt_column_int(&q, 1), STR_ARG(stmt_column_str(&q, 2)));
        say(c, true);
    }
    return stmt_close(&q);
}

/* ---- what is materialised ---- */

static bool ids_after(struct check *c, enum statement id, int64_t after, int64_t *ids, size_t *ret_count)
{
    struct stmt q;
    *ret_count = 0;
    if (!stmt_open(c->s, id, &q, c->err))
        return false;
    stmt_int(&q, ":after", after);
    stmt_int(&q, ":most", BATCH);
    while (*ret_count < BATCH && stmt_row(&q, c->err))
        ids[(*ret_count)++] = stmt_column_int(&q, 0);
    return stmt_close(&q);
}

static bool one_phone(struct check *c, int64_t phone_id)
{
    struct stmt q;
    if (!stmt_open(c->s, STMT_PHONE_STORED, &q, c->err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    bool bad = false;
    int64_t outcome = 0, at = AT_NONE;
    if (stmt_row(&q, c->err)) {
        bad = stmt_column_int(&q, 0) != 0;
        outcome = stmt_column_int(&q, 1);
        at = stmt_column_at(&q, 2);
    }
    if (!stmt_close(&q) || !stmt_open(c->s, STMT_PHONE_BAD, &q, c->err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    bool is_bad = stmt_row(&q, c->err) && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q) || !stmt_open(c->s, STMT_PHONE_LAST, &q, c->err))
        return false;
    stmt_int(&q, ":phone", phone_id);
    int64_t last_outcome = 0, last_at = AT_NONE;
    if (stmt_row(&q, c->err)) {
        last_outcome = stmt_column_int(&q, 0);
        last_at = stmt_column_int(&q, 1);
    }
    if (!stmt_close(&q))
        return false;
    if (bad != is_bad)
        buf_printf(&c->text, "phone %lld: stored as %s; its history says %s\n", (long long)phone_id, bad ? "bad" : "good",
                   is_bad ? "bad" : "good");
    if (outcome != last_outcome || at != last_at)
        buf_printf(&c->text, "phone %lld: its last result differs from its history\n", (long long)phone_id);
    say(c, true);
    return true;
}

static bool one_prospect(struct check *c, int64_t prospect_id)
{
    bool ok = prospect_fold_differs(c->s, prospect_id, &c->text, c->err);
    say(c, true);
    return ok;
}

static bool each(struct check *c, enum statement id, bool (*one)(struct check *, int64_t))
{
    int64_t ids[BATCH], after = INT64_MIN;
    for (;;) {
        size_t count;
        if (!ids_after(c, id, after, ids, &count))
            return false;
        for (size_t i = 0; i < count; i++)
            if (!one(c, ids[i]))
                return false;
        if (count < BATCH)
            return true;
        after = ids[count - 1];
    }
}

static bool small_things(struct check *c)
{
    struct stmt q;
    if (!stmt_open(c->s, STMT_CHECK_LINKS, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        buf_printf(&c->text, "phone %lld of prospect %lld: whether it is theirs differs from its history",
                   (long long)stmt_column_int(&q, 1), (long long)stmt_column_int(&q, 0));
        say(c, true);
    }
    if (!stmt_close(&q) || !stmt_open(c->s, STMT_CHECK_ACTIONS, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        buf_printf(&c->text, "action %lld: stored as %s; the reversals say otherwise", (long long)stmt_column_int(&q, 0),
                   stmt_column_int(&q, 1) ? "live" : "taken back");
        say(c, true);
    }
    if (!stmt_close(&q) || !stmt_open(c->s, STMT_CHECK_SHADOWS, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        buf_printf(&c->text, "prospect %lld: does not count under exactly one list", (long long)stmt_column_int(&q, 0));
        say(c, true);
    }
    if (!stmt_close(&q) || !stmt_open(c->s, STMT_CHECK_TALLY, &q, c->err))
        return false;
    while (stmt_row(&q, c->err)) {
        buf_printf(&c->text, "list %lld: counts %lld %.*s where there are %lld", (long long)stmt_column_int(&q, 0),
                   (long long)stmt_column_int(&q, 2), STR_ARG(stmt_column_str(&q, 1)), (long long)stmt_column_int(&q, 3));
        say(c, true);
    }
    return stmt_close(&q);
}

/* ---- the search index: behind is its ordinary state, and no difference ---- */

static bool index_notes(struct check *c)
{
    struct stmt q;
    if (!stmt_open(c->s, STMT_CHECK_INDEX, &q, c->err))
        return false;
    int64_t waiting = 0, unknown = 0;
    if (stmt_row(&q, c->err)) {
        waiting = stmt_column_int(&q, 0);
        unknown = stmt_column_int(&q, 1);
    }
    if (!stmt_close(&q))
        return false;
    if (waiting != 0)
        buf_printf(&c->text, "note: %lld prospects wait for the search index: found all the same, it catches up by itself\n", (long long)waiting);
    if (unknown != 0)
        buf_printf(&c->text, "note: %lld prospects are not in the search index\n", (long long)unknown);
    say(c, false);
    return true;
}

/* FTS5 compares its words with its rows by an INSERT, so only where writing is allowed, and not against other writers. */
static bool index_words(struct check *c)
{
    if (c->s->read_only || c->s->read_depth != 0 || !db_begin(c->s, DB_FAST, NULL))
        return true;
    struct stmt q;
    struct error why = {0};
    bool ok = stmt_open(c->s, STMT_CHECK_WORDS, &q, &why) && stmt_run(&q, &why);
    db_end(c->s, false, NULL);
    if (!ok && why.code == ERR_DATA) {
        buf_add_text(&c->text, "search index: its words differ from its rows");
        say(c, true);
    } else if (!ok && c->err != NULL) {
        *c->err = why;
    }
    return ok || why.code == ERR_DATA;
}

bool store_check(struct store *s, line_fn line, void *user, struct error *err)
{
    struct check c = {.s = s, .line = line, .user = user, .err = err};
    if (!store_begin_read(s, err)) /* one state: others go on writing meanwhile */
        return false;
    buf_init(&c.text);
    bool ok = pages(&c);
    bool torn = ok && c.differences != 0; /* what the pages say of the history is worth nothing then */
    ok = ok && (torn || (references(&c) && each(&c, STMT_CHECK_PROSPECTS, one_prospect) &&
                         each(&c, STMT_CHECK_PHONES, one_phone) && small_things(&c) && index_notes(&c)));
    store_end_read(s);
    ok = ok && (torn || index_words(&c));
    buf_done(&c.text);
    if (!ok)
        return false;
    if (torn)
        return error_set(err, ERR_DATA, "\"%s\" is damaged in %lld places: calldeck doctor --salvage FILE copies what can be read",
                         s->path, (long long)c.differences);
    if (c.differences != 0)
        return error_set(err, ERR_DATA, "\"%s\" differs from its own history in %lld places: calldeck doctor --salvage FILE makes "
                         "it anew", s->path, (long long)c.differences);
    return true;
}
