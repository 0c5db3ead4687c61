/* SPDX-License-Identifier: MIT */
/*
 * A copy of the database while others work on it: one state, one file, checked before it gets its name.
 *
 * Never a plain file copy: beside a live -wal that is a file of the past, or none at all.
 */
#include "backup.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"

static const char *vfs_of(struct store *s)
{
    sqlite3_vfs *vfs = NULL;
    sqlite3_file_control(s->db, "main", SQLITE_FCNTL_VFS_POINTER, &vfs);
    return vfs != NULL ? vfs->zName : NULL;
}

/* quick_check's first line is "ok", or the first thing wrong. sql: of the whole file, or of a table. */
static bool is_sound(struct store *copy, const char *sql, bool *ret_hurried, struct error *err)
{
    sqlite3_stmt *q = NULL;
    bool ok = false;
    int rc = sqlite3_prepare_v2(copy->db, sql, -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    *ret_hurried = rc == SQLITE_INTERRUPT;
    if (*ret_hurried) {
        ok = true;
    } else if (rc != SQLITE_ROW) {
        db_error(copy, err, "check the copy");
    } else {
        const char *said = (const char *)sqlite3_column_text(q, 0);
        ok = said != NULL && strcmp(said, "ok") == 0;
        if (!ok && !check_line_is_failure(copy, str_of(said), err))
            error_set(err, ERR_DATA, "the database is damaged, so is a copy of it (%s): see calldeck doctor", said ? said : "");
    }
    sqlite3_finalize(q);
    return ok;
}

static bool sync_path(const char *path, int flags, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "\"%s\": %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool sync_folder_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL    ? alloc_copy(".", 1)
                   : slash == path ? alloc_copy("/", 1)
                                   : alloc_copy(path, (size_t)(slash - path));
    bool ok = sync_path(folder, O_DIRECTORY, err);
    free(folder);
    return ok;
}

/* Gives the file its name, never that of another. */
static bool name_it(const char *from, const char *to, struct error *err)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    if (errno == EINVAL || errno == ENOSYS) { /* a file system that cannot promise it */
        if (link(from, to) == 0) {
            unlink(from);
            return true;
        }
        if (errno == EPERM || errno == EOPNOTSUPP)
            if (access(to, F_OK) != 0 && rename(from, to) == 0)
                return true;
    }
    if (errno == EEXIST)
        return error_set(err, ERR_REFUSED, "there is already a file \"%s\": choose another name", to);
    return error_set(err, ERR_IO, "\"%s\": %s", to, strerror(errno));
}

/* ---- the copy, in steps ---- */

enum step { STEP_PAGES, STEP_TABLES, STEP_END };
enum { SLICE_PAGES = 1024, MOST_HELD = 200, MOST_TABLES = 128, NAME_SIZE = 64 };

struct backup {
    struct store *s;
    struct store copy;
    sqlite3_backup *pages;
    char *path, *part;
    enum step step;
    bool sliced;
    int hurried; /* checks that were broken off */
    int held; /* steps in a row at which the source was */
    char tables[MOST_TABLES][NAME_SIZE]; /* to be checked, one a step */
    size_t tables_count, tables_done;
};

/* Who never rests gets a snapshot too, and waits for it this once. */
enum { MOST_HURRIES = 20, HURRY_OPS = 5000 };

static int hurries(void *user)
{
    const struct backup *b = user;
    return b->s->hurry != NULL && b->hurried < MOST_HURRIES && b->s->hurry(b->s->hurry_user);
}

static bool begin_copy(struct backup *b, struct error *err)
{
    b->copy = (struct store){.path = b->part, .busy_ms = b->s->busy_ms};
    if (!db_connect(&b->copy, b->part, SQLITE_OPEN_READWRITE, vfs_of(b->s), err) ||
        /* nobody else sees the copy before it is whole: no journal, one fsync at the end */
        !db_exec(&b->copy, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", err))
        return false;
    b->pages = sqlite3_backup_init(b->copy.db, "main", b->s->db, "main");
    return b->pages != NULL || db_error(&b->copy, err, "copy the database");
}

struct backup *backup_begin(struct store *s, const char *path, bool sliced, struct error *err)
{
    struct stat st;
    if (path[0] == '\0') {
        error_set(err, ERR_USAGE, "cannot back up: no file is named");
        return NULL;
    }
    if (lstat(path, &st) == 0) {
        error_set(err, ERR_REFUSED, "cannot back up: there is already a file \"%s\": choose another name", path);
        return NULL;
    }
    struct backup *b = alloc_zeroed(1, sizeof *b);
    struct buf part;
    buf_init(&part);
    buf_printf(&part, "%s.part-XXXXXX", path);
    int fd = mkostemp(part.at, O_CLOEXEC); /* 0600 */
    bool ok = fd >= 0;
    b->s = s;
    b->sliced = sliced;
    b->path = alloc_copy(path, strlen(path));
    if (ok) {
        close(fd);
        b->part = alloc_copy(part.at, part.len);
        ok = begin_copy(b, err);
    } else {
        error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "\"%s\": %s", path, strerror(errno));
    }
    buf_done(&part);
    if (ok)
        return b;
    error_prefix(err, "cannot back up");
    backup_free(b);
    return NULL;
}

/* Written already when the fsync at the end comes. */
static void start_writing(const struct backup *b)
{
    int fd = open(b->part, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
        close(fd);
    }
}

static bool copy_pages(struct backup *b, struct error *err)
{
    int rc = sqlite3_backup_step(b->pages, b->sliced ? SLICE_PAGES : -1);
    bool held = rc == SQLITE_BUSY || rc == SQLITE_LOCKED;
    b->held = held ? b->held + 1 : 0;
    if (rc == SQLITE_OK || (held && b->sliced && b->held < MOST_HELD)) {
        start_writing(b);
        return true;
    }
    sqlite3_backup_finish(b->pages);
    b->pages = NULL;
    if (held)
        return error_set(err, ERR_LOCKED, "another program holds \"%s\"; try again", b->s->path);
    if (rc != SQLITE_DONE)
        return db_error(&b->copy, err, "copy the database");
    b->step = STEP_TABLES;
    return true;
}

static bool load_tables(struct backup *b, struct error *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(b->copy.db, "PRAGMA table_list", -1, &q, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        const char *schema = (const char *)sqlite3_column_text(q, 0), *name = (const char *)sqlite3_column_text(q, 1),
                   *type = (const char *)sqlite3_column_text(q, 2);
        rc = SQLITE_OK;
        if (schema == NULL || name == NULL || type == NULL || strcmp(schema, "main") != 0 || strcmp(type, "view") == 0 ||
            strcmp(type, "virtual") == 0 || strlen(name) >= NAME_SIZE || b->tables_count == MOST_TABLES)
            continue;
        memcpy(b->tables[b->tables_count++], name, strlen(name) + 1);
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE || db_error(&b->copy, err, "check the copy");
}

static bool check_table(struct backup *b, struct error *err)
{
    char sql[NAME_SIZE * 2 + 32];
    bool hurried = false;
    if (!b->sliced) {
        b->step = STEP_END;
        return is_sound(&b->copy, "PRAGMA quick_check(1)", &hurried, err);
    }
    if (b->tables_count == 0 && !load_tables(b, err))
        return false;
    if (b->tables_done == b->tables_count) {
        b->step = STEP_END;
        return true;
    }
    sqlite3_snprintf(sizeof sql, sql, "PRAGMA quick_check('%q')", b->tables[b->tables_done]);
    sqlite3_progress_handler(b->copy.db, HURRY_OPS, hurries, b);
    bool ok = is_sound(&b->copy, sql, &hurried, err);
    sqlite3_progress_handler(b->copy.db, 0, NULL, NULL);
    b->hurried += hurried;
    b->tables_done += !hurried;
    return ok;
}

static bool end_copy(struct backup *b, struct error *err)
{
    bool ok = db_exec(&b->copy, "PRAGMA journal_mode = DELETE", err); /* one file, readable where nothing can be written */
    db_disconnect(&b->copy);
    ok = ok && sync_path(b->part, 0, err) && name_it(b->part, b->path, err) && sync_folder_of(b->path, err);
    if (ok) {
        free(b->part);
        b->part = NULL;
    }
    return ok;
}

bool backup_step(struct backup *b, bool *ret_more, struct error *err)
{
    bool ok = false;
    *ret_more = b->step != STEP_END;
    switch (b->step) {
    case STEP_PAGES:
        ok = copy_pages(b, err);
        break;
    case STEP_TABLES:
        ok = check_table(b, err);
        break;
    case STEP_END:
        ok = end_copy(b, err);
        break;
    }
    return ok || error_prefix(err, "cannot back up");
}

void backup_free(struct backup *b)
{
    static const char *const tails[] = {"", "-journal", "-wal", "-shm"};
    if (b == NULL)
        return;
    if (b->pages != NULL)
        sqlite3_backup_finish(b->pages);
    if (b->copy.db != NULL)
        db_disconnect(&b->copy);
    struct buf tail;
    buf_init(&tail);
    for (size_t i = 0; b->part != NULL && i < sizeof tails / sizeof tails[0]; i++) {
        buf_clear(&tail);
        buf_printf(&tail, "%s%s", b->part, tails[i]);
        unlink(tail.at);
    }
    buf_done(&tail);
    free(b->part);
    free(b->path);
    free(b);
}

bool store_backup(struct store *s, const char *path, struct error *err)
{
    struct backup *b = backup_begin(s, path, false, err);
    bool more = b != NULL, ok = more;
    while (ok && more)
        ok = backup_step(b, &more, err);
    backup_free(b);
    return ok;
}
