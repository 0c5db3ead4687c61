/* SPDX-License-Identifier: MIT */
/* A private copy of the whole file, for a dry run or a screenshot: what happens there never happened. */
#include "db.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "calldeck/store_import.h"

#define COPY_FRONT "calldeck-copy-" /* and the pid */

static void remove_files(const char *path)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    struct buf name;
    buf_init(&name);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        buf_clear(&name);
        buf_printf(&name, "%s%s", path, tails[i]);
        unlink(name.at);
    }
    buf_done(&name);
}

void store_close_unused(struct store *s)
{
    struct stmt q;
    char *path = NULL;
    if (!s->read_only && db_begin(s, DB_FAST, NULL)) { /* nobody begins to use it meanwhile */
        if (stmt_open(s, STMT_STORE_UNUSED, &q, NULL)) {
            if (stmt_row(&q, NULL) && stmt_column_int(&q, 0) != 0)
                path = alloc_copy(s->path, strlen(s->path));
            stmt_close(&q);
        }
        if (path != NULL)
            unlink(path);
        db_end(s, true, NULL);
    }
    store_close(s);
    if (path != NULL)
        remove_files(path);
    free(path);
}

/* One step: a copy of half a transaction would be no copy. */
static bool copy_pages(struct store *s, const char *path, struct error *err)
{
    sqlite3 *to = NULL;
    if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        sqlite3_close(to);
        return error_set(err, ERR_IO, "cannot copy \"%s\": \"%s\" cannot be written", s->path, path);
    }
    sqlite3_backup *b = sqlite3_backup_init(to, "main", s->db, "main");
    int rc = b == NULL ? SQLITE_ERROR : sqlite3_backup_step(b, -1);
    if (b != NULL)
        sqlite3_backup_finish(b);
    bool ok = rc == SQLITE_DONE;
    if (!ok) {
        bool locked = (rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED, full = (rc & 0xff) == SQLITE_FULL;
        error_set(err,
                  locked ? ERR_LOCKED
                  : full ? ERR_FULL
                         : ERR_IO,
                  "cannot copy \"%s\": %s", s->path, sqlite3_errstr(rc));
    }
    sqlite3_close(to);
    return ok;
}

/* Copies whose process was killed: people in a file that nobody looks for. */
static void bury_copies(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        struct str rest = str_of(e->d_name), number;
        int64_t pid;
        if (!str_starts(rest, COPY_FRONT))
            continue;
        rest = str_skip(rest, sizeof COPY_FRONT - 1);
        struct stat st;
        if (str_next(&rest, '-', &number) && str_int(number, &pid) && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH &&
            fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) && st.st_uid == getuid())
            unlinkat(dirfd(d), e->d_name, 0);
    }
    if (d != NULL)
        closedir(d);
}

struct store *store_copy(struct store *s, const char *dir, const struct store_options *options, struct error *err)
{
    struct buf path;
    buf_init(&path);
    bury_copies(dir);
    buf_printf(&path, "%s/" COPY_FRONT "%ld-XXXXXX", dir, (long)getpid());
    struct store *copy = NULL;
    int fd = mkostemp(path.at, O_CLOEXEC); /* 0600 */
    if (fd < 0) {
        error_set(err, ERR_IO, "cannot make a copy in \"%s\": %s", dir, strerror(errno));
    } else {
        close(fd);
        struct store_options same = {.zones = s->zones,
                                     .policy = &s->base,
                                     .workdays = s->workdays,
                                     .workdays_user = s->workdays_user,
                                     .region = s->region,
                                     .region_user = s->region_user,
                                     .rep = s->rep,
                                     .now = s->opened_at,
                                     .busy_ms = s->busy_ms};
        if (options != NULL)
            same = *options;
        same.mode = STORE_WRITE;
        if (copy_pages(s, path.at, err))
            copy = store_open(path.at, &same, err);
        if (copy == NULL)
            remove_files(path.at);
        else
            copy->temporary = true;
        /* Without a name it lives as long as it is open, also if this process is killed. SQLite writes to such a file as long as
         * it needs no journal beside it. */
        if (copy != NULL && db_exec(copy, "PRAGMA journal_mode = MEMORY", NULL))
            remove_files(path.at);
    }
    buf_done(&path);
    return copy;
}

void store_close_copy(struct store *copy)
{
    if (copy == NULL)
        return;
    char *path = copy->temporary ? alloc_copy(copy->path, strlen(copy->path)) : NULL;
    store_close(copy);
    if (path != NULL)
        remove_files(path);
    free(path);
}
