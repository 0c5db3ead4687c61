/* SPDX-License-Identifier: MIT */
/*
 * One row that a program sends, by the path of a file's rows: staged, applied and counted, so that it can be listed, read
 * again and taken back like any other. One short transaction, since the program waits for the id.
 */
#include "import_parts.h"

#include "calldeck/utf8.h"

static bool last_line(struct store *s, int64_t batch, int64_t *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_ROW_LAST, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    *ret = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    return stmt_close(&q);
}

/* The first row of a batch about somebody says what is so, its later ones only fill what is empty. */
static bool is_first(struct store *s, int64_t batch, const struct import_person *person, struct arena *a, struct error *err)
{
    struct batch_row b;
    struct buf folded;
    struct stmt q;
    int64_t id = 0;
    bool met = false;
    buf_init(&folded);
    person_fold(person->name, &folded);
    bool ok = batch_fetch(s, batch, a, &b, NULL, err) && import_find(s, person, buf_str(&folded), b.signature, &id, err);
    buf_done(&folded);
    if (!ok || id == 0)
        return ok;
    if (!stmt_open(s, STMT_IMPORT_ROW_EARLIER, &q, err))
        return false;
    stmt_int(&q, ":prospect", id);
    stmt_int(&q, ":batch", batch);
    stmt_int(&q, ":line", INT64_MAX);
    met = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q) && (!met || error_set(err, ERR_REFUSED, "prospect %lld is in this import already", (long long)id));
}

static bool one_more(struct store *s, int64_t batch, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_BATCH_ROW_MORE, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    return stmt_run(&q, err);
}

static bool mapped(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a, struct import_person *ret,
                   void *user, struct error *err)
{
    (void)batch;
    (void)line;
    (void)raw;
    (void)a;
    (void)err;
    *ret = *(const struct import_person *)user;
    return true;
}

static bool result_of(struct store *s, int64_t batch, int64_t line, struct arena *a, struct import_one *ret, struct error *err)
{
    static const char *const results[] = {"added", "updated", "unchanged", "rejected"};
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_ROW_RESULT, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    stmt_int(&q, ":line", line);
    *ret = (struct import_one){.result = "rejected"};
    if (stmt_row(&q, err)) {
        for (size_t i = 0; i < sizeof results / sizeof results[0]; i++)
            if (str_is(stmt_column_str(&q, 0), results[i]))
                ret->result = results[i];
        ret->reason = stmt_column_copy(&q, 1, a);
        ret->prospect_id = stmt_column_int(&q, 2);
    }
    return stmt_close(&q);
}

bool import_one(struct store *s, int64_t batch, struct str raw, const struct import_person *person, int64_t now, struct arena *a,
                struct import_one *ret, struct error *err)
{
    struct import_person copy = *person;
    struct import_one result = {0};
    int64_t line = 0;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = is_first(s, batch, person, a, err) && last_line(s, batch, &line, err);
    struct import_raw row = {.line = line + 1, .raw = raw};
    ok = ok && import_stage(s, batch, &row, 1, err) && one_more(s, batch, err) &&
         import_apply_one(s, batch, mapped, &copy, now, err) &&
         (!person->do_not_call || import_suppress_lines(s, batch, now, err)) &&
         result_of(s, batch, row.line, a, &result, err);
    ok = db_end(s, ok, err);
    if (ok)
        *ret = result;
    return ok;
}
