/* SPDX-License-Identifier: MIT */
/* A VFS between SQLite and the system's own, whose verbs can be told to fail. */
#include "faults.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    sqlite3_file base;
    char path[256];
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_vfs *under;
static sqlite3_vfs over;
static sqlite3_io_methods methods;
static bool keep_synced;
static struct {
    bool armed, forever;
    enum disk_verb verb;
    int64_t after, refused;
    int code;
} plan;

const char *disk_verb_name(enum disk_verb verb)
{
    static const char *const names[] = {[DISK_OPEN] = "open",   [DISK_READ] = "read",         [DISK_WRITE] = "write",
                                        [DISK_SYNC] = "sync",   [DISK_TRUNCATE] = "truncate", [DISK_DELETE] = "delete"};
    return names[verb];
}

void disk_fail(enum disk_verb verb, int64_t after, bool forever, int code)
{
    plan.verb = verb;
    plan.after = after;
    plan.forever = forever;
    plan.refused = 0;
    plan.code = code;
    plan.armed = true;
}

int64_t disk_restore(void)
{
    plan.armed = false;
    return plan.refused;
}

void disk_keep_synced(bool keep)
{
    keep_synced = keep;
}

static bool refuses(enum disk_verb verb)
{
    if (!plan.armed || plan.verb != verb)
        return false;
    if (plan.after > 0) {
        plan.after--;
        return false;
    }
    if (!plan.forever && plan.refused != 0)
        return false;
    plan.refused++;
    return true;
}

#define REAL(f) (((struct file *)(void *)(f))->real)

static int x_close(sqlite3_file *f)
{
    return REAL(f)->pMethods ? REAL(f)->pMethods->xClose(REAL(f)) : SQLITE_OK;
}

static int x_read(sqlite3_file *f, void *to, int len, sqlite3_int64 at)
{
    return refuses(DISK_READ) ? plan.code : REAL(f)->pMethods->xRead(REAL(f), to, len, at);
}

static int x_write(sqlite3_file *f, const void *from, int len, sqlite3_int64 at)
{
    if (!refuses(DISK_WRITE))
        return REAL(f)->pMethods->xWrite(REAL(f), from, len, at);
    if (len > 8) /* a disk that fails in the middle leaves the middle */
        REAL(f)->pMethods->xWrite(REAL(f), from, len / 2, at);
    return plan.code;
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return refuses(DISK_TRUNCATE) ? plan.code : REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int x_sync(sqlite3_file *f, int flags)
{
    if (refuses(DISK_SYNC))
        return plan.code;
    if (keep_synced) {
        char synced[300];
        snprintf(synced, sizeof synced, "%s.synced", ((struct file *)(void *)f)->path);
        copy_file(((struct file *)(void *)f)->path, synced);
    }
    return REAL(f)->pMethods->xSync(REAL(f), flags);
}

static int x_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), size);
}

static int x_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int x_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int x_reserved(sqlite3_file *f, int *ret)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), ret);
}

static int x_control(sqlite3_file *f, int op, void *arg)
{
    if (op == SQLITE_FCNTL_VFS_POINTER) {
        *(sqlite3_vfs **)arg = &over;
        return SQLITE_OK;
    }
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int x_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int x_device(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}

static int x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, ret);
}

static int x_shm_lock(sqlite3_file *f, int at, int count, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), at, count, flags);
}

static void x_shm_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int x_shm_unmap(sqlite3_file *f, int remove)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *ret_flags)
{
    (void)vfs;
    struct file *file = (struct file *)(void *)f;
    file->real = (sqlite3_file *)(void *)(file + 1);
    file->base.pMethods = NULL;
    file->real->pMethods = NULL;
    if (refuses(DISK_OPEN))
        return plan.code;
    int rc = under->xOpen(under, name, file->real, flags, ret_flags);
    if (rc != SQLITE_OK)
        return rc;
    snprintf(file->path, sizeof file->path, "%s", name ? name : "");
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return refuses(DISK_DELETE) ? plan.code : under->xDelete(under, name, sync);
}

static int x_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
    (void)vfs;
    return under->xAccess(under, name, flags, ret);
}

static int x_full(sqlite3_vfs *vfs, const char *name, int len, char *ret)
{
    (void)vfs;
    return under->xFullPathname(under, name, len, ret);
}

static int x_random(sqlite3_vfs *vfs, int len, char *ret)
{
    (void)vfs;
    return under->xRandomness(under, len, ret);
}

static int x_sleep(sqlite3_vfs *vfs, int us)
{
    (void)vfs;
    return under->xSleep(under, us);
}

static int x_time(sqlite3_vfs *vfs, double *ret)
{
    (void)vfs;
    return under->xCurrentTime(under, ret);
}

static int x_time64(sqlite3_vfs *vfs, sqlite3_int64 *ret)
{
    (void)vfs;
    return under->xCurrentTimeInt64(under, ret);
}

static int x_last_error(sqlite3_vfs *vfs, int len, char *ret)
{
    (void)vfs;
    return under->xGetLastError ? under->xGetLastError(under, len, ret) : 0;
}

__attribute__((constructor(102))) static void install(void)
{
    under = sqlite3_vfs_find(NULL);
    methods = (sqlite3_io_methods){.iVersion = 2,
                                   .xClose = x_close,
                                   .xRead = x_read,
                                   .xWrite = x_write,
                                   .xTruncate = x_truncate,
                                   .xSync = x_sync,
                                   .xFileSize = x_size,
                                   .xLock = x_lock,
                                   .xUnlock = x_unlock,
                                   .xCheckReservedLock = x_reserved,
                                   .xFileControl = x_control,
                                   .xSectorSize = x_sector,
                                   .xDeviceCharacteristics = x_device,
                                   .xShmMap = x_shm_map,
                                   .xShmLock = x_shm_lock,
                                   .xShmBarrier = x_shm_barrier,
                                   .xShmUnmap = x_shm_unmap};
    over = (sqlite3_vfs){.iVersion = 2,
                         .szOsFile = (int)sizeof(struct file) + under->szOsFile,
                         .mxPathname = under->mxPathname,
                         .zName = "fault",
                         .xOpen = x_open,
                         .xDelete = x_delete,
                         .xAccess = x_access,
                         .xFullPathname = x_full,
                         .xRandomness = x_random,
                         .xSleep = x_sleep,
                         .xCurrentTime = x_time,
                         .xGetLastError = x_last_error,
                         .xCurrentTimeInt64 = x_time64};
    if (sqlite3_vfs_register(&over, 0) != SQLITE_OK) {
        fprintf(stderr, "SQLite does not take another disk\n");
        exit(2);
    }
}
