/* SPDX-License-Identifier: MIT */
/* Files in: the job of import.h with a bar, a report and a line for scripts; and batches back out. */
#include "calldeck/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session.h"

enum { SLICE_MS = 100, BAR_COLS = 30 };

/* One line that is written over, on a terminal alone. */
static void bar(const struct session *s, struct import_status status)
{
    if (!isatty(s->port->err_fd))
        return;
    struct buf line;
    buf_init(&line);
    int percent = status.of > 0 ? (int)(status.done * 100 / status.of) : 0;
    buf_printf(&line, "\r%s ", status.filing ? "filing " : "reading");
    if (status.of > 0) {
        buf_add_char(&line, '[');
        for (int i = 0; i < BAR_COLS; i++)
            buf_add_char(&line, i < percent * BAR_COLS / 100 ? '#' : '.');
        buf_printf(&line, "] %3d%%", percent);
    } else {
        buf_printf(&line, "%lld %s", (long long)status.done, status.filing ? "rows" : "bytes");
    }
    ssize_t ignored = write(s->port->err_fd, line.at, line.len);
    (void)ignored;
    buf_done(&line);
}

static void bar_ends(const struct session *s)
{
    static const char wipe[] = "\r\033[K";
    if (!isatty(s->port->err_fd))
        return;
    ssize_t ignored = write(s->port->err_fd, wipe, sizeof wipe - 1);
    (void)ignored;
}

static void report_json(struct session *s, const struct import_report *r, int64_t took_ms)
{
    struct json j;
    json_open(&j, &s->out);
    json_str(&j, "file", r->file);
    if (r->dry_run)
        json_null(&j, "batch");
    else
        json_int(&j, "batch", r->batch);
    json_int(&j, "rows", r->rows);
    json_int(&j, "added", r->added);
    json_int(&j, "updated", r->updated);
    json_int(&j, "unchanged", r->unchanged);
    json_int(&j, "rejected", r->rejected);
    json_int(&j, "phones_rejected", r->phones_rejected);
    json_int(&j, "suppressed", r->suppressed);
    json_double(&j, "seconds", (double)took_ms / 1000, 3);
    json_close(&j);
}

/* A code or a name; NULL without the option, and where it is neither. */
static const char *country_code(struct session *s)
{
    char code[REGION_SIZE];
    if (!option_given(s, OPTION_COUNTRY) || !country_parse(session_book(s), option_str(s, OPTION_COUNTRY), code))
        return NULL;
    return arena_text(&s->arena, str_of(code));
}

bool import_whole(struct session *s, const char *path, int fd, int64_t redo, const char *quiet_list, struct error *err)
{
    bool quiet = quiet_list != NULL;
    struct import_options options = {.store = s->store,
                                     .book = session_book(s),
                                     .zones = s->zones,
                                     .path = path,
                                     .fd = fd,
                                     .list = quiet ? quiet_list : option_value(s, OPTION_LIST),
                                     .country = quiet ? NULL : country_code(s),
                                     .audience = quiet ? NULL : option_value(s, OPTION_AUDIENCE),
                                     .maps = s->words.maps,
                                     .maps_count = quiet ? 0 : s->words.maps_count,
                                     .redo = redo,
                                     .dry_run = !quiet && option_given(s, OPTION_DRY_RUN),
                                     .copy_dir = strcmp(store_path(s->store), ":memory:") == 0 ? path_temporary(&s->arena) : NULL,
                                     .rejects_path = quiet ? NULL : option_value(s, OPTION_REJECTS),
                                     .now = s->now,
                                     .now_ms = s->port->now_ms,
                                     .now_ms_user = s->port->user};
    int64_t began_ms = s->port->now_ms != NULL ? s->port->now_ms(s->port->user) : 0;
    struct import_job *job = import_job_new(&options, err);
    if (job == NULL)
        return false;
    enum import_state state;
    do {
        state = import_job_step(job, SLICE_MS, err);
        bar(s, import_job_status(job));
    } while (state == IMPORT_RUNNING);
    bar_ends(s);
    int64_t took_ms = s->port->now_ms != NULL ? s->port->now_ms(s->port->user) - began_ms : 0;
    if (state == IMPORT_DONE && !quiet && option_given(s, OPTION_JSON))
        report_json(s, import_job_report(job), took_ms);
    else if (state == IMPORT_DONE && !quiet)
        import_report_lines(import_job_report(job), out_text, s);
    import_job_free(job);
    return state == IMPORT_DONE;
}

/* A dry run on a machine that has no database yet makes none. */
static bool open_store(struct session *s, struct error *err)
{
    if (option_given(s, OPTION_DRY_RUN) && !s->demo && access(s->db_path, F_OK) != 0 && errno == ENOENT)
        s->db_path = ":memory:";
    return session_store(s, OPENS_CREATE, err);
}

/* --rejects must not write over what is read. */
static bool rejects_apart(struct session *s, struct error *err)
{
    struct stat to, from;
    const char *rejects = option_value(s, OPTION_REJECTS);
    if (rejects == NULL || stat(rejects, &to) != 0)
        return true;
    for (size_t i = 0; i < s->words.count; i++)
        if (stat(s->words.arguments[i], &from) == 0 && from.st_dev == to.st_dev && from.st_ino == to.st_ino)
            return error_set(err, ERR_USAGE, "--rejects \"%s\" is the file that is imported: name another", rejects);
    return true;
}

static bool country_known(struct session *s, struct error *err)
{
    struct str country = option_given(s, OPTION_COUNTRY) ? option_str(s, OPTION_COUNTRY) : STR("");
    return !option_given(s, OPTION_COUNTRY) || country_code(s) != NULL ||
           error_set(err, ERR_USAGE, "--country \"%.*s\" is no country: two letters such as SA, or its name", STR_ARG(country));
}

bool run_IMPORT(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t redo = 0;
    if (!option_int(s, OPTION_REDO, 1, INT64_MAX, &redo, err))
        return error_prefix(err, "--redo");
    if (redo != 0 && s->words.count != 0)
        return error_set(err, ERR_USAGE, "--redo reads the rows that are kept: leave out the file");
    if (redo == 0 && s->words.count == 0)
        return error_set(err, ERR_USAGE, "a file is missing: calldeck import FILE...");
    for (size_t i = 0; i < s->words.count; i++) /* before a database is made */
        if (strcmp(s->words.arguments[i], "-") != 0 && access(s->words.arguments[i], R_OK) != 0)
            return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open \"%s\": %s", s->words.arguments[i],
                             strerror(errno));
    if (!rejects_apart(s, err) || !country_known(s, err) || !open_store(s, err))
        return false;
    if (redo != 0)
        return import_whole(s, NULL, -1, redo, NULL, err);
    struct error first = {0};
    for (size_t i = 0; i < s->words.count; i++) {
        bool standard = strcmp(s->words.arguments[i], "-") == 0;
        struct error one = {0};
        if (import_whole(s, standard ? "stdin" : s->words.arguments[i], standard ? dup(s->port->in_fd) : -1, 0, NULL, &one))
            continue;
        const char *slash = strrchr(s->words.arguments[i], '/');
        if (s->words.count > 1 && strstr(one.text, slash != NULL ? slash + 1 : s->words.arguments[i]) == NULL)
            error_prefix(&one, "%s", s->words.arguments[i]);
        if (first.code == ERR_NONE)
            first = one;
        else {
            say_line(s, "%s", one.text);
            trouble_log(s, "import", one.code, s->clock); /* the first is the command's own */
        }
    }
    if (first.code == ERR_NONE)
        return true;
    if (s->made) { /* nothing came in: then nothing is left */
        store_close_unused(s->store);
        s->store = NULL;
    }
    *err = first;
    return false;
}

bool run_REVERT(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t batch;
    struct revert_result result;
    if (!argument_id(s, 0, "batch", &batch, err) || !batch_revert(s->store, batch, s->now, say_text, s, &result, err))
        return false;
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_int(&j, "batch", batch);
        json_int(&j, "removed", result.removed);
        json_int(&j, "restored", result.restored);
        json_int(&j, "kept", result.kept);
        json_close(&j);
    } else {
        out_line(s, "taken back: %lld people removed, %lld values restored, %lld kept", (long long)result.removed,
                 (long long)result.restored, (long long)result.kept);
    }
    return true;
}

bool run_BATCHES(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    const struct batch_row *rows;
    size_t count;
    if (!batches_load(s->store, 1000, &s->arena, &rows, &count, err))
        return false;
    for (size_t i = 0; i < count && !out_dead(s); i++) {
        const struct batch_row *b = &rows[i];
        if (option_given(s, OPTION_JSON)) {
            struct json j;
            json_open(&j, &s->out);
            json_int(&j, "batch", b->id);
            json_str_or_null(&j, "file", b->file);
            json_str_or_null(&j, "list", b->list);
            json_time(&j, "at", b->started_at);
            json_time(&j, "reverted_at", b->reverted_at);
            json_int(&j, "rows", b->rows);
            json_int(&j, "added", b->added);
            json_int(&j, "updated", b->updated);
            json_int(&j, "unchanged", b->unchanged);
            json_int(&j, "rejected", b->rejected);
            json_close(&j);
        } else {
            char id[24];
            snprintf(id, sizeof id, "%lld", (long long)b->id);
            out_cell(s, str_of(id), 5);
            out_cell(s, b->file, 28);
            out_cell(s, b->list, 20);
            out_time(s, b->started_at, s->zone);
            buf_printf(&s->out, "  %lld rows, %lld new, %lld changed%s\n", (long long)b->rows, (long long)b->added,
                       (long long)b->updated, b->reverted_at != AT_NONE ? ", taken back" : "");
        }
        out_some(s);
    }
    return true;
}
