/* SPDX-License-Identifier: MIT */
/*
 * The job: look, stage, complete, file. Each step works a little and comes back, so that whoever paints can paint.
 *
 * Staging reads the file and keeps raw rows; filing maps them again from what was kept. So a crash between the two, a
 * dry run and --redo all go the same way.
 */
#include "import_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum phase { PHASE_STAGE, PHASE_COMPLETE, PHASE_FILE, PHASE_REPORT, PHASE_DONE, PHASE_FAILED };
enum {
    STAGE_ROWS = 500, /* a transaction */
    STAGE_BYTES = 512 * 1024,
    FILE_ROWS = 2000,      /* a commit writes each touched page of a dozen indexes once: more rows, fewer writes */
    FILE_ROWS_SHORT = 250, /* ... but a screen that is to stay alive waits for none of it */
    SHORT_MS = 40,
    PATIENCE = 2000, /* steps in a row at which the store was locked */
};

struct import_job {
    struct import_options options;
    struct store *store; /* the caller's, or the copy of a dry run */
    enum phase phase;
    struct arena arena; /* as long as the job */
    struct look look;
    size_t look_at; /* rows of the look that are staged already */
    bool ended;
    int64_t batch;
    struct batch_row row; /* what the batch said when filing began */
    struct arena staged;  /* raw rows that wait for their transaction */
    struct import_raw *raws;
    size_t raws_count, raws_bytes;
    struct mapper *mapper;
    int rejects_fd; /* -1: nobody wants them */
    int locked;
    struct import_status status;
    struct import_report report;
};

/* ---- life ---- */

static bool is_country_code(const char *s)
{
    return strlen(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z';
}

static bool check_country(struct import_job *job, struct error *err)
{
    const char *given = job->options.country;
    if (given == NULL || given[0] == '\0')
        return true;
    char code[REGION_SIZE];
    if (country_parse(job->options.book, str_of(given), code))
        job->options.country = arena_text(&job->arena, str_of(code));
    else if (!is_country_code(given))
        return error_set(err, ERR_USAGE, "no country \"%s\": give its code, such as --country SA", given);
    return true;
}

static void report_mapping(struct import_job *job, const struct mapping *m)
{
    struct str *lines = ARENA_ARRAY(&job->arena, struct str, m->count ? m->count : 1);
    struct buf line;
    buf_init(&line);
    for (size_t i = 0; i < m->count; i++) {
        buf_clear(&line);
        mapping_format(m, i, &line);
        lines[i] = arena_str(&job->arena, buf_str(&line));
    }
    buf_done(&line);
    job->report.mapping = lines;
    job->report.mapping_count = m->count;
    job->report.program = export_name(m->export);
    job->report.guessed = m->guessed;
}

static struct str format_now(struct import_job *job)
{
    struct buf text;
    buf_init(&text);
    format_write(csv_format(job->look.csv), &text);
    struct str s = arena_str(&job->arena, buf_str(&text));
    buf_done(&text);
    return s;
}

static bool open_copy(struct import_job *job, struct error *err)
{
    if (!job->options.dry_run)
        return true;
    struct str dir = str_of(store_path(job->options.store));
    while (dir.len > 0 && dir.at[dir.len - 1] != '/')
        dir.len--;
    const char *folder = job->options.copy_dir;
    if (folder == NULL && strcmp(store_path(job->options.store), ":memory:") == 0)
        folder = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    if (folder == NULL)
        folder = dir.len != 0 ? arena_text(&job->arena, dir) : ".";
    job->store = store_copy(job->options.store, folder, NULL, err);
    return job->store != NULL;
}

static bool open_rejects(struct import_job *job, struct error *err)
{
    const char *path = job->options.rejects_path;
    if (path == NULL)
        return true;
    job->rejects_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* rows are people */
    return job->rejects_fd >= 0 || error_set(err, ERR_IO, "cannot write \"%s\": %s", path, strerror(errno));
}

/* A missing phone module is no fault of the file: better said before a row is taken than when the batch counts already.
 */
static bool try_first_rows(struct import_job *job, struct error *err)
{
    const struct import_options *o = &job->options;
    const struct look *look = &job->look;
    struct policy policy;
    struct arena a = {0};
    if (!list_policy(o->store, 0, &policy, err))
        return false;
    struct mapper *m =
        mapper_new(o->book, o->zones, &look->mapping, csv_format(look->csv).delimiter, o->country, policy.country);
    bool ok = true;
    for (size_t i = look->first_data; ok && i < look->rows_count; i++) {
        struct import_person person = {.created_at = AT_NONE};
        if (look->rows[i].refused == NULL)
            ok = mapper_fields(m, look->rows[i].line, look->rows[i].fields, look->rows[i].count, &a, &person, err);
    }
    mapper_free(m);
    arena_done(&a);
    return ok;
}

static bool begin_file(struct import_job *job, struct error *err)
{
    const struct import_options *o = &job->options;
    if (!look_open(o, &job->arena, &job->look, err) || !try_first_rows(job, err))
        return false;
    const struct mapping *m = &job->look.mapping;
    report_mapping(job, m);
    job->report.remembered = job->look.remembered;
    job->report.file = str_of(file_name(o->path));
    job->report.list = o->list != NULL && o->list[0] != '\0' ? str_of(o->list) : import_list_name(o->path);
    job->report.format = format_now(job);
    job->look_at = job->look.first_data;
    job->status = (struct import_status){.filing = false, .of = csv_size_bytes(job->look.csv)};
    struct buf mapping, name;
    buf_init(&mapping);
    buf_init(&name);
    mapping_save(m, &mapping);
    text_clean_line(job->report.list, &name);
    job->report.list = arena_str(&job->arena, name.len ? buf_str(&name) : STR("import"));
    buf_clear(&name);
    text_clean_line(job->report.file, &name);
    job->report.file = arena_str(&job->arena, buf_str(&name));
    struct batch_row batch = {.list = job->report.list,
                              .file = job->report.file,
                              .format = job->report.format,
                              .signature = str_of(job->look.signature),
                              .header = job->look.header,
                              .mapping = buf_str(&mapping),
                              .country = str_of(o->country)};
    bool ok = open_copy(job, err) && import_begin(job->store, &batch, o->now, &job->batch, err);
    buf_done(&mapping);
    buf_done(&name);
    job->raws = alloc_zeroed(STAGE_ROWS, sizeof *job->raws);
    return ok;
}

/* A batch is read again: its country if none is given, its mapping with what is given now. */
static bool begin_redo(struct import_job *job, struct error *err)
{
    const struct import_options *o = &job->options;
    struct batch_row batch;
    struct mapping m;
    if (!open_copy(job, err) || !batch_load(job->store, o->redo, &job->arena, &batch, err) ||
        !mapping_of_batch(&batch, &job->arena, &m, err) ||
        !mapping_apply(&m, o->maps, o->maps_count, &job->arena, err) || !look_check(&m, batch.file.at, err))
        return false;
    struct buf mapping;
    buf_init(&mapping);
    mapping_save(&m, &mapping);
    struct str country = o->country != NULL && o->country[0] != '\0' ? str_of(o->country) : batch.country;
    bool ok = batch_redo(job->store, o->redo, country, buf_str(&mapping), o->now, err);
    if (ok && o->maps_count != 0 && !m.guessed)
        ok = mapping_remember(job->store, batch.signature, buf_str(&mapping), err);
    buf_done(&mapping);
    if (!ok)
        return false;
    report_mapping(job, &m);
    job->batch = o->redo;
    job->report.file = batch.file;
    job->report.list = batch.list;
    job->report.format = batch.format;
    job->phase = PHASE_FILE;
    return true;
}

struct import_job *import_job_new(const struct import_options *options, struct error *err)
{
    struct import_job *job = alloc_zeroed(1, sizeof *job);
    job->options = *options;
    job->store = options->store;
    job->rejects_fd = -1;
    job->report.program = "";
    job->report.dry_run = options->dry_run;
    bool redo = options->redo != 0, ok = check_country(job, err);
    if (!ok && !redo && options->fd >= 0)
        close(options->fd);
    ok = ok && (redo ? begin_redo(job, err) : begin_file(job, err)) && open_rejects(job, err);
    if (ok)
        return job;
    import_job_free(job);
    return NULL;
}

/* Nothing of a file that was not read whole stays; what counts already is gone on with at the next open. */
static void let_go(struct import_job *job)
{
    csv_close(job->look.csv);
    job->look.csv = NULL;
    mapper_free(job->mapper);
    job->mapper = NULL;
    if (job->options.dry_run && job->store != job->options.store)
        store_close_copy(job->store);
    else if (job->batch != 0 && job->phase <= PHASE_COMPLETE && job->options.redo == 0)
        import_abandon(job->store, job->batch, NULL); /* if that fails, the next open removes it */
    job->store = NULL;
    if (job->rejects_fd >= 0)
        close(job->rejects_fd);
    job->rejects_fd = -1;
}

void import_job_free(struct import_job *job)
{
    if (job == NULL)
        return;
    if (job->store != NULL)
        let_go(job);
    csv_close(job->look.csv);
    arena_done(&job->staged);
    arena_done(&job->arena);
    free(job->raws);
    free(job);
}

/* ---- staging ---- */

static void add_raw(struct import_job *job, const struct csv_row *row)
{
    if (columns_is_header_again(&job->look.mapping, row)) {
        job->report.headers_again++;
        return;
    }
    job->raws[job->raws_count++] =
        (struct import_raw){.line = row->line, .raw = arena_str(&job->staged, row->raw), .refused = row->refused};
    job->raws_bytes += row->raw.len;
}

static bool stage(struct import_job *job, struct error *err)
{
    while (job->raws_count < STAGE_ROWS && job->raws_bytes < STAGE_BYTES && !job->ended) {
        struct csv_row row;
        if (job->look_at < job->look.rows_count) {
            add_raw(job, &job->look.rows[job->look_at++]);
        } else if (job->look.ended) {
            job->ended = true;
        } else {
            switch (csv_read(job->look.csv, &row, err)) {
            case CSV_ROW:
                add_raw(job, &row);
                break;
            case CSV_END:
                job->ended = true;
                break;
            case CSV_FAILED:
                return error_prefix(err, "\"%s\"", job->report.file.at);
            }
        }
    }
    if (job->raws_count != 0 && !import_stage(job->store, job->batch, job->raws, job->raws_count, err))
        return false;
    job->raws_count = job->raws_bytes = 0;
    arena_clear(&job->staged);
    job->status.done = csv_bytes_read(job->look.csv);
    if (job->ended)
        job->phase = PHASE_COMPLETE;
    return true;
}

static bool complete(struct import_job *job, struct error *err)
{
    const struct import_options *o = &job->options;
    job->report.format = format_now(job);
    job->report.repaired_fields = csv_repaired_fields(job->look.csv);
    if (!import_set_format(job->store, job->batch, job->report.format, err) ||
        !import_complete(job->store, job->batch, o->now, err))
        return false;
    job->phase = PHASE_FILE;
    /* From here on the batch counts: what follows may not fail it. */
    if (o->maps_count != 0 && !job->look.mapping.guessed) {
        struct buf mapping;
        buf_init(&mapping);
        mapping_save(&job->look.mapping, &mapping);
        mapping_remember(job->store, str_of(job->look.signature), buf_str(&mapping), NULL);
        buf_done(&mapping);
    }
    struct policy policy;
    if (o->audience != NULL && batch_load(job->store, job->batch, &job->arena, &job->row, NULL) &&
        list_policy(job->store, job->row.list_id, &policy, NULL) &&
        policy.consumer != (strcmp(o->audience, "consumer") == 0))
        list_policy_set(job->store, job->row.list_id, STR("audience"), str_of(o->audience), o->now, NULL);
    return true;
}

/* ---- filing ---- */

static bool begin_filing(struct import_job *job, struct error *err)
{
    if (job->mapper != NULL)
        return true;
    if (!batch_load(job->store, job->batch, &job->arena, &job->row, err))
        return false;
    job->mapper = mapper_of_batch(&job->options, job->store, &job->row, err);
    job->status = (struct import_status){.filing = true, .of = job->row.rows};
    return job->mapper != NULL;
}

static bool file_rows(struct import_job *job, size_t most, struct error *err)
{
    struct import_progress progress;
    if (!begin_filing(job, err) ||
        !import_apply(job->store, job->batch, mapper_map, job->mapper, most, job->options.now, &progress, err))
        return false;
    job->status.done = progress.applied;
    job->status.of = progress.of;
    if (progress.done)
        job->phase = PHASE_REPORT;
    return true;
}

/* ---- the account ---- */

struct rejecting {
    struct import_job *job;
    struct buf out;
    int failed; /* errno of a write */
};

static void flush(struct rejecting *r)
{
    size_t at = 0;
    while (at < r->out.len && r->failed == 0) {
        ssize_t n = write(r->job->rejects_fd, r->out.at + at, r->out.len - at);
        if (n > 0)
            at += (size_t)n;
        else if (n < 0 && errno != EINTR)
            r->failed = errno;
    }
    buf_clear(&r->out);
}

static bool add_reject(int64_t line, struct str reason, struct str raw, void *user)
{
    struct rejecting *r = user;
    struct import_report *report = &r->job->report;
    struct buf text;
    buf_init(&text);
    if (report->rejects_count < IMPORT_EXAMPLES) {
        text_printable(text_fit(raw, 60, NULL), &text);
        report->rejects[report->rejects_count++] =
            (struct import_example){line, arena_str(&r->job->arena, buf_str(&text)), arena_str(&r->job->arena, reason)};
    }
    if (r->job->rejects_fd >= 0) {
        buf_clear(&text);
        buf_printf(&text, "%lld", (long long)line);
        csv_write_field(&r->out, buf_str(&text), true);
        csv_write_field(&r->out, reason, false);
        csv_write_defused(&r->out, raw, false);
        csv_write_end(&r->out);
        if (r->out.len > 64 * 1024)
            flush(r);
    }
    buf_done(&text);
    return r->failed == 0 && (r->job->rejects_fd >= 0 || report->rejects_count < IMPORT_EXAMPLES);
}

static bool write_rejects(struct import_job *job, struct error *err)
{
    struct rejecting r = {.job = job};
    buf_init(&r.out);
    if (job->rejects_fd >= 0) {
        csv_write_field(&r.out, STR("line"), true);
        csv_write_field(&r.out, STR("reason"), false);
        csv_write_field(&r.out, STR("row"), false);
        csv_write_end(&r.out);
    }
    bool ok = import_rejects(job->store, job->batch, add_reject, &r, err);
    if (job->rejects_fd >= 0)
        flush(&r);
    buf_done(&r.out);
    if (ok && r.failed != 0)
        ok = error_set(err, ERR_IO, "the rows are in, but \"%s\" cannot be written: %s", job->options.rejects_path,
                       strerror(r.failed));
    return ok;
}

static bool report(struct import_job *job, struct error *err)
{
    struct import_report *r = &job->report;
    struct batch_row b;
    if (!batch_load(job->store, job->batch, &job->arena, &b, err) ||
        !import_changes(job->store, job->batch, &job->arena, &r->changes, &r->changes_count, err))
        return false;
    r->rejects_count = 0;
    if (!write_rejects(job, err))
        return false;
    r->batch = job->batch;
    r->list_id = b.list_id;
    r->list = b.list;
    r->format = b.format;
    r->added = b.added;
    r->updated = b.updated;
    r->unchanged = b.unchanged;
    r->rejected = b.rejected;
    r->rows = b.added + b.updated + b.unchanged + b.rejected;
    r->phones_rejected = b.phones_rejected;
    r->suppressed = b.suppressed;
    r->controls = mapper_controls(job->mapper);
    size_t count;
    const struct import_example *examples = mapper_examples(job->mapper, &count);
    for (size_t i = 0; i < count; i++)
        r->phones[i] = (struct import_example){examples[i].line, arena_str(&job->arena, examples[i].text),
                                               arena_str(&job->arena, examples[i].why)};
    r->phones_count = count;
    let_go(job);
    job->phase = PHASE_DONE;
    return true;
}

/* ---- steps ---- */

static bool slice(struct import_job *job, bool in_short, struct error *err)
{
    switch (job->phase) {
    case PHASE_STAGE:
        return stage(job, err);
    case PHASE_COMPLETE:
        return complete(job, err);
    case PHASE_FILE:
        return file_rows(job, in_short ? FILE_ROWS_SHORT : FILE_ROWS, err);
    case PHASE_REPORT:
        return report(job, err);
    case PHASE_DONE:
    case PHASE_FAILED:
        break;
    }
    return true;
}

enum import_state import_job_step(struct import_job *job, int budget_ms, struct error *err)
{
    const struct import_options *o = &job->options;
    int64_t until = o->now_ms != NULL ? o->now_ms(o->now_ms_user) + budget_ms : 0;
    do {
        struct error why = {0};
        if (slice(job, o->now_ms == NULL || budget_ms < SHORT_MS, &why)) {
            job->locked = 0;
        } else if (why.code == ERR_LOCKED && o->patient && ++job->locked < PATIENCE) {
            return IMPORT_RUNNING;
        } else {
            let_go(job);
            job->phase = PHASE_FAILED;
            if (err != NULL)
                *err = why;
        }
        if (job->phase == PHASE_FAILED)
            return IMPORT_FAILED;
        if (job->phase == PHASE_DONE)
            return IMPORT_DONE;
    } while (o->now_ms != NULL && o->now_ms(o->now_ms_user) < until);
    return IMPORT_RUNNING;
}

struct import_status import_job_status(const struct import_job *job)
{
    return job->status;
}

const struct import_report *import_job_report(const struct import_job *job)
{
    return &job->report;
}

bool import_resume(const struct import_options *options, struct error *err)
{
    for (;;) {
        int64_t batch;
        struct batch_row row;
        struct arena a = {0};
        if (!import_pending(options->store, &batch, err))
            return false;
        if (batch == 0)
            return true;
        struct mapper *mapper = NULL;
        struct import_progress progress = {0};
        bool ok = batch_load(options->store, batch, &a, &row, err);
        if (ok)
            mapper = mapper_of_batch(options, options->store, &row, err);
        ok = ok && mapper != NULL;
        while (ok && !progress.done)
            ok = import_apply(options->store, batch, mapper_map, mapper, FILE_ROWS, options->now, &progress, err);
        mapper_free(mapper);
        arena_done(&a);
        if (!ok)
            return false;
    }
}
