/* SPDX-License-Identifier: MIT */
/*
 * Rows of a complete batch become people, a slice a transaction, so that drafts and outcomes of others go on meanwhile.
 * Whom it adds is seen by nobody until finish().
 *
 * A row that has a result is never looked at again: whoever comes after a crash goes on where the last slice ended. The
 * same path applies rows again (batch_redo): a row that knows its person first takes back what it had brought.
 */
#include "import_parts.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_BYTES = 4 << 20 }; /* of raw rows held at once */

enum result { RESULT_ADDED, RESULT_UPDATED, RESULT_UNCHANGED, RESULT_REJECTED, RESULT_COUNT_ };
static const char *const result_names[] = {"added", "updated", "unchanged", "rejected"};

struct raw_row {
    int64_t line, prospect_id;
    struct str raw;
};

struct slice {
    struct store *s;
    struct batch_row batch;
    struct import_target target;
    struct arena texts; /* batch and raw rows */
    struct arena row;   /* one row's */
    struct raw_row *rows;
    size_t count;
    int64_t after; /* the last line done */
    bool one;      /* a row that joins a batch which is seen already */
    int64_t results[RESULT_COUNT_], phones_rejected;
};

static bool load_rows(struct slice *sl, size_t most, struct error *err)
{
    struct stmt q;
    if (!stmt_open(sl->s, STMT_IMPORT_ROWS_NEXT, &q, err))
        return false;
    stmt_int(&q, ":batch", sl->batch.id);
    stmt_int(&q, ":after", sl->after);
    stmt_int(&q, ":most", (int64_t)most);
    sl->rows = ARENA_ARRAY(&sl->texts, struct raw_row, most);
    size_t bytes = 0;
    while (sl->count < most && bytes < SLICE_BYTES && stmt_row(&q, err)) {
        struct raw_row *r = &sl->rows[sl->count++];
        r->line = stmt_column_int(&q, 0);
        r->raw = stmt_column_copy(&q, 1, &sl->texts);
        r->prospect_id = stmt_column_int(&q, 2);
        bytes += r->raw.len;
    }
    return stmt_close(&q);
}

static bool load_list_zone(struct slice *sl, struct error *err)
{
    struct stmt q;
    if (!stmt_open(sl->s, STMT_POLICY_GET, &q, err))
        return false;
    stmt_int(&q, ":list", sl->batch.list_id);
    stmt_text(&q, ":key", "zone");
    sl->target.list_zone = stmt_row(&q, err) ? stmt_column_copy(&q, 0, &sl->texts) : STR("");
    return stmt_close(&q);
}

static bool row_done(struct slice *sl, const struct raw_row *row, enum result result, const char *reason,
                     int64_t prospect_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(sl->s, STMT_IMPORT_ROW_DONE, &q, err))
        return false;
    stmt_int(&q, ":batch", sl->batch.id);
    stmt_int(&q, ":line", row->line);
    stmt_text(&q, ":result", result_names[result]);
    stmt_str_or_null(&q, ":reason", str_of(reason));
    stmt_id(&q, ":prospect", prospect_id);
    sl->results[result]++;
    sl->after = row->line;
    return stmt_run(&q, err);
}

/* Was this person met in an earlier row of the batch? */
static bool met_before(struct slice *sl, int64_t prospect_id, int64_t line, bool *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(sl->s, STMT_IMPORT_ROW_EARLIER, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":batch", sl->batch.id);
    stmt_int(&q, ":line", line);
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) != 0;
    return stmt_close(&q);
}

/* ---- again ---- */

static bool add_column(struct store *s, enum statement which, int64_t prospect_id, int columns, struct buf *out,
                       struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    while (stmt_row(&q, err))
        for (int i = 0; i < columns; i++) {
            buf_add_str(out, stmt_column_str(&q, i));
            buf_add_char(out, '\0');
        }
    return stmt_close(&q);
}

/* All that a file can set, as one text: has reading it again changed anything? */
static bool portrait(struct store *s, int64_t prospect_id, struct arena *a, struct buf *out, struct error *err)
{
    struct person_values v;
    if (!person_load(s, prospect_id, a, &v, err))
        return false;
    for (int f = 0; f < PERSON_FIELDS_; f++) {
        buf_add_str(out, v.fields[f]);
        buf_add_char(out, '\0');
    }
    buf_add_str(out, v.zones);
    buf_add_char(out, v.mail_opt_out ? 'x' : '-');
    return add_column(s, STMT_IMPORT_ATTRIBUTES, prospect_id, 2, out, err) &&
           add_column(s, STMT_MATCH_MAILS_OF, prospect_id, 1, out, err) &&
           add_column(s, STMT_MATCH_PHONES_OF, prospect_id, 1, out, err) &&
           add_column(s, STMT_IMPORT_SUPPRESSIONS_OF, prospect_id, 1, out, err) &&
           add_column(s, STMT_IMPORT_NOTES_OF, prospect_id, 1, out, err);
}

static bool apply_again(struct slice *sl, const struct raw_row *row, const struct import_person *person, bool first,
                        bool *ret_changed, struct error *err)
{
    struct person_values v;
    struct buf before, after;
    buf_init(&before);
    buf_init(&after);
    bool ignored, ok = portrait(sl->s, row->prospect_id, &sl->row, &before, err);
    if (ok && first)
        ok = person_load(sl->s, row->prospect_id, &sl->row, &v, err) &&
             import_restore(sl->s, sl->batch.id, row->prospect_id, v.batch_id == sl->batch.id, &person->note,
                            sl->target.now, &sl->row, err);
    ok = ok && import_update(sl->s, &sl->target, row->prospect_id, person, first, &ignored, err) &&
         prospect_refold(sl->s, row->prospect_id, sl->target.now, err) && search_queue(sl->s, row->prospect_id, err) &&
         portrait(sl->s, row->prospect_id, &sl->row, &after, err);
    *ret_changed = ok && !str_eq(buf_str(&before), buf_str(&after));
    buf_done(&before);
    buf_done(&after);
    return ok;
}

/* ---- one row ---- */

static bool apply_row(struct slice *sl, const struct raw_row *row, import_map_fn map, void *user, struct error *err)
{
    struct import_person person = {.created_at = AT_NONE};
    struct error why = {0};
    if (!map(&sl->batch, row->line, row->raw, &sl->row, &person, user, &why)) {
        if (why.code != ERR_DATA) {
            if (err != NULL)
                *err = why;
            return false;
        }
        return row_done(sl, row, RESULT_REJECTED, why.text, row->prospect_id, err);
    }
    if (person.rejected != NULL)
        return row_done(sl, row, RESULT_REJECTED, person.rejected, row->prospect_id, err);
    sl->phones_rejected += (int64_t)person.phones_rejected;

    struct import_target *t = &sl->target;
    int64_t id = row->prospect_id;
    bool changed = false, met = false;
    person_fold(person.name, &t->folded);
    if (id == 0 && !import_find(sl->s, &person, buf_str(&t->folded), sl->batch.signature, &id, err))
        return false;
    if (id == 0)
        return import_add(sl->s, t, &person, buf_str(&t->folded), &id, err) &&
               row_done(sl, row, RESULT_ADDED, NULL, id, err);
    if (!met_before(sl, id, row->line, &met, err))
        return false;
    bool ok = row->prospect_id != 0 ? apply_again(sl, row, &person, !met, &changed, err)
                                    : import_update(sl->s, t, id, &person, !met, &changed, err);
    return ok && row_done(sl, row, changed ? RESULT_UPDATED : RESULT_UNCHANGED, NULL, id, err);
}

static bool count_up(struct slice *sl, struct error *err)
{
    struct stmt q;
    if (!stmt_open(sl->s, STMT_BATCH_COUNTED, &q, err))
        return false;
    struct buf holder;
    buf_init(&holder);
    holder_write(&holder);
    stmt_int(&q, ":batch", sl->batch.id);
    stmt_int(&q, ":added", sl->results[RESULT_ADDED]);
    stmt_int(&q, ":updated", sl->results[RESULT_UPDATED]);
    stmt_int(&q, ":unchanged", sl->results[RESULT_UNCHANGED]);
    stmt_int(&q, ":rejected", sl->results[RESULT_REJECTED]);
    stmt_int(&q, ":phones", sl->phones_rejected);
    stmt_int(&q, ":suppressed", sl->target.suppressed);
    stmt_int(&q, ":line", sl->after);
    stmt_str(&q, ":holder", buf_str(&holder));
    buf_done(&holder);
    return stmt_run(&q, err);
}

static bool finish(struct slice *sl, struct error *err)
{
    struct stmt q;
    if (!import_suppress_lines(sl->s, sl->batch.id, sl->target.now, err) ||
        !stmt_open(sl->s, STMT_BATCH_APPLIED, &q, err))
        return false;
    stmt_int(&q, ":batch", sl->batch.id);
    stmt_int(&q, ":now", sl->target.now);
    return stmt_run(&q, err);
}

static bool apply_slice(struct slice *sl, int64_t batch, import_map_fn map, void *user, size_t most, bool *ret_done,
                        struct error *err)
{
    if (!batch_fetch(sl->s, batch, &sl->texts, &sl->batch, &sl->after, err))
        return false;
    if (sl->batch.completed_at == AT_NONE)
        return error_set(err, ERR_REFUSED, "the import %lld is not complete", (long long)batch);
    if (sl->one && (sl->batch.applied_at == AT_NONE || sl->batch.reverted_at != AT_NONE))
        return error_set(err, ERR_REFUSED, "the import %lld takes no more", (long long)batch);
    *ret_done = !sl->one && (sl->batch.applied_at != AT_NONE || sl->batch.reverted_at != AT_NONE);
    if (*ret_done)
        return true;
    sl->target.batch_id = batch;
    sl->target.load_id = sl->batch.load_id;
    sl->target.list_id = sl->batch.list_id;
    if (!load_list_zone(sl, err) || !load_rows(sl, most, err))
        return false;
    for (size_t i = 0; i < sl->count; i++) {
        if (!apply_row(sl, &sl->rows[i], map, user, err))
            return false;
        arena_clear(&sl->row);
    }
    *ret_done = sl->count == 0;
    return sl->count == 0 ? finish(sl, err) : count_up(sl, err);
}

static bool apply(struct store *s, int64_t batch, bool one, import_map_fn map, void *user, size_t most, int64_t now,
                  struct import_progress *ret, struct error *err)
{
    struct slice sl = {.s = s, .one = one};
    sl.target.now = now;
    sl.target.arena = &sl.row;
    buf_init(&sl.target.folded);
    buf_init(&sl.target.scratch);
    bool done = false, ok = db_begin(s, DB_FAST, err);
    if (ok)
        ok = db_end(s, apply_slice(&sl, batch, map, user, most ? most : 1, &done, err), err);
    if (ok) {
        int64_t now_done = 0;
        for (int i = 0; i < RESULT_COUNT_; i++)
            now_done += sl.results[i];
        ret->applied = sl.batch.added + sl.batch.updated + sl.batch.unchanged + sl.batch.rejected + now_done;
        ret->of = sl.batch.rows;
        ret->done = done;
    }
    buf_done(&sl.target.folded);
    buf_done(&sl.target.scratch);
    arena_done(&sl.texts);
    arena_done(&sl.row);
    return ok;
}

bool import_apply(struct store *s, int64_t batch, import_map_fn map, void *user, size_t most, int64_t now,
                  struct import_progress *ret, struct error *err)
{
    return apply(s, batch, false, map, user, most, now, ret, err);
}

bool import_apply_one(struct store *s, int64_t batch, import_map_fn map, void *user, int64_t now, struct error *err)
{
    struct import_progress ignored = {0};
    return apply(s, batch, true, map, user, 1, now, &ignored, err);
}
