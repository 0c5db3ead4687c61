/* SPDX-License-Identifier: MIT */
/*
 * A checked copy a day beside the file: what a rep goes back to when the disk or the rep has failed.
 *
 * Days are UTC days. Nothing old goes before the new copy is whole and sound, and only what bears our own name goes at all.
 */
#include "backup.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"

enum { NAME_LEN = sizeof "2026-11-23.db" - 1, NAME_SIZE = NAME_LEN + 1, MOST = 4096, PART_STALE_S = HOUR_S };

static bool is_snapshot(const char *name)
{
    struct civil day;
    bool date_only = false;
    return strlen(name) == NAME_LEN && strcmp(name + 10, ".db") == 0 && isdigit((unsigned char)name[0]) &&
           civil_parse(str_make(name, 10), &day, &date_only) && date_only;
}

/* "2026-11-23.db.part-aB3xYz" and what SQLite puts beside it: left by a copy that did not end. */
static bool is_part(const char *name)
{
    char front[NAME_SIZE];
    if (strlen(name) < NAME_LEN + sizeof ".part-" - 1)
        return false;
    memcpy(front, name, NAME_LEN);
    front[NAME_LEN] = '\0';
    return is_snapshot(front) && strncmp(name + NAME_LEN, ".part-", 6) == 0;
}

static int newest_first(const void *a, const void *b)
{
    return -strcmp(a, b);
}

static void prune(const char *folder, int keep, int64_t made_at)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return;
    char(*names)[NAME_SIZE] = alloc_zeroed(MOST, sizeof *names);
    size_t count = 0;
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        struct stat st;
        if (is_snapshot(e->d_name) && count < MOST)
            memcpy(names[count++], e->d_name, NAME_SIZE);
        else if (is_part(e->d_name) && fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                 S_ISREG(st.st_mode) && st.st_mtime < made_at - PART_STALE_S)
            unlinkat(dirfd(dir), e->d_name, 0);
    }
    qsort(names, count, sizeof *names, newest_first);
    for (size_t i = (size_t)keep; i < count; i++)
        unlinkat(dirfd(dir), names[i], 0);
    free(names);
    closedir(dir);
}

static void folder_of(struct store *s, struct buf *out)
{
    buf_init(out);
    buf_printf(out, "%s.snapshots", s->path);
}

/* Is there one of today, or none wanted? Else the copy is begun. */
static bool begin(struct store *s, int64_t now, struct error *err)
{
    struct civil day = civil_of_seconds(now);
    struct buf folder, path;
    struct stat st;
    bool ok = true;
    folder_of(s, &folder);
    buf_init(&path);
    buf_printf(&path, "%s/%04d-%02d-%02d.db", folder.at, day.year, day.month, day.day);
    if (lstat(path.at, &st) != 0) {
        if (mkdir(folder.at, 0700) != 0 && errno != EEXIST)
            ok = error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO,
                           "cannot make the folder \"%s\" for snapshots: %s", folder.at, strerror(errno));
        ok = ok && (s->snapshot = backup_begin(s, path.at, true, err)) != NULL;
    }
    buf_done(&folder);
    buf_done(&path);
    return ok;
}

void snapshot_drop(struct store *s)
{
    backup_free(s->snapshot);
    s->snapshot = NULL;
}

bool store_snapshot_step(struct store *s, int64_t now, int keep, bool *ret_more, struct error *err)
{
    *ret_more = false;
    if (keep <= 0 || s->read_only || s->temporary || strcmp(s->path, ":memory:") == 0 || now < AT_MIN || now > AT_MAX)
        return true;
    struct error why = {0};
    bool more = true, ok = s->snapshot != NULL || begin(s, now, &why);
    if (ok && s->snapshot == NULL)
        return true;
    ok = ok && backup_step(s->snapshot, &more, &why);
    if (ok && more) {
        *ret_more = true;
        return true;
    }
    snapshot_drop(s);
    if (!ok) /* REFUSED: another window was quicker, there is a snapshot of today */
        return why.code == ERR_REFUSED || error_set(err, why.code, "no snapshot of today: %s", why.text);
    struct buf folder;
    struct stat st;
    folder_of(s, &folder);
    if (lstat(folder.at, &st) == 0) /* a name was given in it just now */
        prune(folder.at, keep, st.st_mtime);
    buf_done(&folder);
    return true;
}

bool store_snapshot(struct store *s, int64_t now, int keep, struct error *err)
{
    bool more = true, ok = true;
    while (ok && more)
        ok = store_snapshot_step(s, now, keep, &more, err);
    return ok;
}
