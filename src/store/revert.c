/* SPDX-License-Identifier: MIT */
/*
 * A batch is taken back, or made ready to be read again.
 *
 * People whom the batch made go, with all that it brought. People who were there keep what anybody changed since, and
 * get their old values back. Who was worked, or must not be called, stays, and is named: a history is never lost, and a
 * do-not-call is never forgotten. Short transactions: a revert that was cut off is simply called again.
 */
#include "import_parts.h"

#include <string.h>

/* ---- a whole person ---- */

static bool drop_person(struct store *s, int64_t prospect_id, struct arena *a, struct error *err)
{
    int64_t *notes, *company;
    size_t count, companies;
    if (!import_ids_of(s, STMT_REVERT_NOTES, prospect_id, 0, a, &notes, &count, err) ||
        !import_ids_of(s, STMT_REVERT_COMPANY, prospect_id, 0, a, &company, &companies, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!import_run_for(s, STMT_REVERT_TOUCH_DROP, ":id", notes[i], err) ||
            !import_run_for(s, STMT_REVERT_ACTION_REVERSALS, ":id", notes[i], err) ||
            !import_run_for(s, STMT_REVERT_ACTION_DROP, ":id", notes[i], err))
            return false;
    if (!search_queue(s, prospect_id, err) ||
        !import_run_for(s, STMT_REVERT_PERSON_DROP, ":prospect", prospect_id, err))
        return false;
    return companies == 0 || company[0] == 0 ||
           import_run_for(s, STMT_REVERT_COMPANY_DROP, ":company", company[0], err);
}

struct standing {
    struct str name;
    bool found, made, worked, drafted, held, bound;
    int64_t other_batch;
};

static bool standing_load(struct store *s, int64_t batch_id, int64_t prospect_id, int64_t now, struct arena *a,
                          struct standing *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_REVERT_PERSON, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":now", now);
    if (stmt_row(&q, err)) {
        ret->found = true;
        ret->name = stmt_column_copy(&q, 0, a);
        ret->made = stmt_column_int(&q, 1) != 0;
        ret->worked = stmt_column_int(&q, 2) != 0;
        ret->drafted = stmt_column_int(&q, 3) != 0;
        ret->held = stmt_column_int(&q, 4) != 0;
        ret->bound = stmt_column_int(&q, 5) != 0;
    }
    if (!stmt_close(&q) || !stmt_open(s, STMT_IMPORT_OTHER_BATCH, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", batch_id);
    if (stmt_row(&q, err))
        ret->other_batch = stmt_column_int(&q, 0);
    return stmt_close(&q);
}

static bool unlist(struct store *s, const struct batch_row *batch, int64_t prospect_id, bool *ret_worked,
                   struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_REVERT_WORKED_IN, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":list", batch->list_id);
    *ret_worked = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    if (!stmt_close(&q))
        return false;
    if (*ret_worked)
        return true;
    if (!stmt_open(s, STMT_REVERT_MEMBER_DROP, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":list", batch->list_id);
    stmt_int(&q, ":batch", batch->id);
    return stmt_run(&q, err);
}

enum { NAMED = 10 }; /* more names are no help to anybody */

struct reverting {
    struct batch_row batch;
    int64_t now;
    line_fn kept;
    void *user;
    struct revert_result result;
    int64_t named;                /* of those who stay */
    int64_t others, other_batch; /* people whom another import has too */
};

static void name_kept(struct reverting *r, int64_t prospect_id, struct str name, const char *why, struct arena *a)
{
    r->result.kept++;
    if (r->named++ < NAMED && r->kept != NULL)
        r->kept(arena_printf(a, "kept %lld %.*s: %s", (long long)prospect_id, STR_ARG(name), why).at, r->user);
}

static bool take_back(struct store *s, struct reverting *r, int64_t prospect_id, struct arena *a, struct error *err)
{
    struct standing st = {.name = STR("")};
    bool worked_here = false;
    if (!standing_load(s, r->batch.id, prospect_id, r->now, a, &st, err))
        return false;
    if (!st.found) /* gone with an earlier row of theirs */
        return true;
    if (st.made && !st.worked && !st.drafted && !st.held && !st.bound && st.other_batch == 0) {
        r->result.removed++;
        return drop_person(s, prospect_id, a, err);
    }
    if (st.made && (st.worked || st.drafted || st.held)) {
        name_kept(r, prospect_id, st.name,
                  st.worked    ? "already worked"
                  : st.drafted ? "a note is being written"
                               : "on somebody's screen",
                  a);
        return true;
    }
    if (!unlist(s, &r->batch, prospect_id, &worked_here, err))
        return false;
    if (st.made && st.other_batch != 0) { /* the other file stands for them from now on */
        struct stmt q;
        if (!stmt_open(s, STMT_IMPORT_PERSON_BATCH, &q, err))
            return false;
        stmt_int(&q, ":prospect", prospect_id);
        stmt_int(&q, ":batch", st.other_batch);
        r->result.kept++;
        r->others++;
        r->other_batch = st.other_batch;
        return stmt_run(&q, err) && prospect_refold(s, prospect_id, r->now, err);
    }
    if (st.made) {
        name_kept(r, prospect_id, st.name, "must not be called: known, and in no list", a);
        return prospect_refold(s, prospect_id, r->now, err);
    }
    if (worked_here)
        name_kept(r, prospect_id, st.name, "already worked in this list", a);
    bool changed;
    if (!import_ask_of(s, STMT_IMPORT_CHANGED_ANY, r->batch.id, prospect_id, &changed, err))
        return false;
    if (!changed)
        return true;
    r->result.restored++;
    return import_restore(s, r->batch.id, prospect_id, false, NULL, r->now, a, err) &&
           prospect_refold(s, prospect_id, r->now, err) && search_queue(s, prospect_id, err);
}

/* A person of two rows goes, or is named, once. */
static bool met_before(struct store *s, int64_t batch_id, int64_t prospect_id, int64_t line, bool *ret,
                       struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_ROW_EARLIER, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", batch_id);
    stmt_int(&q, ":line", line);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

/* One short transaction's rows; *line moves on, *ret_more says whether there were any. */
static bool revert_slice(struct store *s, struct reverting *r, int64_t *line, bool *ret_more, struct error *err)
{
    enum { MOST = 1500 };
    struct {
        int64_t line, prospect_id;
    } rows[MOST];
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_PEOPLE_NEXT, &q, err))
        return false;
    stmt_int(&q, ":batch", r->batch.id);
    stmt_int(&q, ":after", *line);
    stmt_int(&q, ":most", MOST);
    while (count < MOST && stmt_row(&q, err)) {
        rows[count].line = stmt_column_int(&q, 0);
        rows[count++].prospect_id = stmt_column_int(&q, 1);
    }
    if (!stmt_close(&q))
        return false;
    struct arena a = {0};
    bool ok = true, met = false;
    for (size_t i = 0; ok && i < count; i++) {
        *line = rows[i].line;
        ok = met_before(s, r->batch.id, rows[i].prospect_id, rows[i].line, &met, err) &&
             (met || take_back(s, r, rows[i].prospect_id, &a, err));
        arena_clear(&a);
    }
    arena_done(&a);
    *ret_more = count != 0;
    return ok;
}

static bool mark_reverted(struct store *s, const struct reverting *r, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = stmt_open(s, STMT_BATCH_REVERTED, &q, err);
    if (ok) {
        stmt_int(&q, ":batch", r->batch.id);
        stmt_int(&q, ":now", r->now);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

/* A batch that can be taken back or read again: whole, and still there. */
static bool load_whole(struct store *s, int64_t batch, struct arena *a, struct batch_row *ret, struct error *err)
{
    if (!batch_load(s, batch, a, ret, err))
        return false;
    if (ret->completed_at == AT_NONE)
        return error_set(err, ERR_NOT_FOUND, "no import %lld", (long long)batch);
    if (ret->reverted_at != AT_NONE)
        return error_set(err, ERR_REFUSED, "import %lld was taken back already", (long long)batch);
    if (ret->applied_at == AT_NONE)
        return error_set(err, ERR_REFUSED, "import %lld is not wholly read in yet: try again when it is",
                         (long long)batch);
    return true;
}

bool batch_revert(struct store *s, int64_t batch, int64_t now, line_fn kept, void *user, struct revert_result *ret,
                  struct error *err)
{
    struct reverting r = {.now = now, .kept = kept, .user = user};
    struct arena a = {0};
    int64_t line = 0;
    bool more = true, ok = load_whole(s, batch, &a, &r.batch, err);
    while (ok && more) {
        ok = db_begin(s, DB_FAST, err);
        if (ok)
            ok = db_end(s, revert_slice(s, &r, &line, &more, err), err);
    }
    ok = ok && mark_reverted(s, &r, err);
    if (ok && r.named > NAMED && kept != NULL)
        kept(arena_printf(&a, "kept %lld more", (long long)(r.named - NAMED)).at, user);
    if (ok && r.others != 0 && kept != NULL)
        kept(arena_printf(&a, "kept %lld people: import %lld has them too", (long long)r.others,
                          (long long)r.other_batch)
                 .at,
             user);
    arena_done(&a);
    if (ok)
        *ret = r.result;
    return ok;
}

bool batch_redo(struct store *s, int64_t batch, struct str country, struct str mapping, int64_t now, struct error *err)
{
    (void)now;
    struct batch_row row;
    struct stmt q;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    struct buf holder;
    buf_init(&holder);
    holder_write(&holder);
    bool ok = load_whole(s, batch, NULL, &row, err) && stmt_open(s, STMT_IMPORT_ROWS_AGAIN, &q, err);
    if (ok) {
        stmt_int(&q, ":batch", batch);
        ok = stmt_run(&q, err) && stmt_open(s, STMT_BATCH_AGAIN, &q, err);
    }
    if (ok) {
        stmt_int(&q, ":batch", batch);
        stmt_str(&q, ":country", country);
        stmt_str(&q, ":mapping", mapping);
        stmt_str(&q, ":holder", buf_str(&holder));
        ok = stmt_run(&q, err);
    }
    buf_done(&holder);
    return db_end(s, ok, err);
}
