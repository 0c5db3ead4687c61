/* SPDX-License-Identifier: MIT */
/*
 * A copy of the database while others work on it: one state, one file, checked before it gets its name.
 *
 * Never a plain file copy: beside a live -wal that is a file of the past, or none at all.
 */
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

/* quick_check's first line is "ok", or the first thing wrong. */
static bool is_sound(struct store *copy, struct error *err)
{
    sqlite3_stmt *q = NULL;
    bool ok = false;
    if (sqlite3_prepare_v2(copy->db, "PRAGMA quick_check(1)", -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW) {
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

static bool copy_into(struct store *s, const char *path, struct error *err)
{
    struct buf name;
    buf_init(&name);
    buf_add_text(&name, path);
    struct store copy = {.path = name.at, .busy_ms = s->busy_ms};
    bool ok = db_connect(&copy, path, SQLITE_OPEN_READWRITE, vfs_of(s), err) &&
              /* nobody else sees the copy before it is whole: no journal, one fsync at the end */
              db_exec(&copy, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF", err);
    if (ok) {
        sqlite3_backup *b = sqlite3_backup_init(copy.db, "main", s->db, "main");
        int rc = b != NULL ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;
        if (b != NULL)
            sqlite3_backup_finish(b);
        if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
            ok = error_set(err, ERR_LOCKED, "another program holds \"%s\"; try again", s->path);
        else if (rc != SQLITE_DONE)
            ok = db_error(&copy, err, "copy the database");
    }
    ok = ok && is_sound(&copy, err) &&
         db_exec(&copy, "PRAGMA journal_mode = DELETE", err); /* a copy is one file, readable where nothing can be written */
    db_disconnect(&copy);
    buf_done(&name);
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

bool store_backup(struct store *s, const char *path, struct error *err)
{
    struct stat st;
    if (path[0] == '\0')
        return error_set(err, ERR_USAGE, "cannot back up: no file is named");
    if (lstat(path, &st) == 0)
        return error_set(err, ERR_REFUSED, "cannot back up: there is already a file \"%s\": choose another name", path);
    struct buf part, tail;
    buf_init(&part);
    buf_init(&tail);
    buf_printf(&part, "%s.part-XXXXXX", path);
    int fd = mkostemp(part.at, O_CLOEXEC); /* 0600 */
    bool ok = fd >= 0;
    if (ok)
        close(fd);
    else
        error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "\"%s\": %s", path, strerror(errno));
    ok = ok && copy_into(s, part.at, err) && sync_path(part.at, 0, err) && name_it(part.at, path, err) &&
         sync_folder_of(path, err);
    if (fd >= 0 && !ok) {
        static const char *const tails[] = {"", "-journal", "-wal", "-shm"};
        for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
            buf_clear(&tail);
            buf_printf(&tail, "%s%s", part.at, tails[i]);
            unlink(tail.at);
        }
    }
    if (!ok)
        error_prefix(err, "cannot back up");
    buf_done(&part);
    buf_done(&tail);
    return ok;
}
