/* SPDX-License-Identifier: MIT */
/*
 * The broken file itself: copied, so that no byte of it changes, and made such that SQLite agrees to look at it.
 *
 * Two things stop SQLite before the first row: a header that is not one, and a schema that cannot be read. Nearly all of
 * the header is constant; and the schema of a file that we made lies where it lies in every file that we make.
 */
#include "salvage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"

enum { HEADER = 100, PAGE = 4096 };

static bool copy_bytes(const char *from, const char *to, bool required, struct error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) {
        if (errno == ENOENT && !required)
            return true;
        return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot read \"%s\": %s", from, strerror(errno));
    }
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = out >= 0;
    char *part = alloc_zeroed(1, 1 << 16);
    struct stat st;
    if (ok && (fstat(in, &st) != 0 || !S_ISREG(st.st_mode)))
        ok = error_set(err, ERR_DATA, "\"%s\" is not a file that could hold a database", from);
    else if (!ok)
        error_set(err, ERR_IO, "cannot make \"%s\": %s", to, strerror(errno));
    for (off_t at = 0; ok && at < st.st_size;) {
        /* a block that the disk cannot read any more is a hole; what lies behind it may still be there */
        size_t want = st.st_size - at < 1 << 16 ? (size_t)(st.st_size - at) : 1 << 16;
        ssize_t got = pread(in, part, want, at);
        if (got == 0)
            break;
        if (got < 0) {
            want = want < PAGE ? want : PAGE;
            memset(part, 0, want);
            got = (ssize_t)want;
        }
        if (pwrite(out, part, (size_t)got, at) != got)
            ok = error_set(err, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "cannot write \"%s\": %s", to,
                           strerror(errno));
        at += got;
    }
    free(part);
    if (out >= 0)
        close(out);
    close(in);
    return ok;
}

static unsigned big16(const unsigned char *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* Every field that can have only one value in a file of ours has it. What SQLite counts (pages, changes) it can count anew. */
static void mend_header(unsigned char head[HEADER])
{
    unsigned page = big16(head + 16);
    memcpy(head, "SQLite format 3", 16);
    if (page != 1 && (page < 512 || (page & (page - 1)) != 0))
        page = PAGE;
    head[16] = (unsigned char)(page >> 8);
    head[17] = (unsigned char)page;
    for (int i = 18; i <= 19; i++)
        if (head[i] != 1 && head[i] != 2)
            head[i] = 1;
    head[20] = 0;
    head[21] = 64;
    head[22] = head[23] = 32;
    memset(head + 28, 0, 4); /* size in pages: by the file's size */
    memset(head + 44, 0, 4);
    head[47] = 4;
    memset(head + 52, 0, 8); /* no auto-vacuum */
    memset(head + 56, 0, 4);
    head[59] = 1;            /* UTF-8 */
    memset(head + 72, 0, 20);
}

bool salvage_copy(const char *broken, const char *copy, struct error *err)
{
    struct buf from, to;
    buf_init(&from);
    buf_init(&to);
    buf_printf(&from, "%s-wal", broken);
    buf_printf(&to, "%s-wal", copy);
    bool ok = copy_bytes(broken, copy, true, err) && copy_bytes(from.at, to.at, false, err);
    buf_done(&from);
    buf_done(&to);
    if (!ok)
        return false;
    int fd = open(copy, O_RDWR | O_CLOEXEC);
    unsigned char head[HEADER];
    if (fd < 0 || pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head) {
        ok = error_set(err, ERR_DATA, "nothing can be read of \"%s\": it is too short to hold anything", broken);
    } else {
        mend_header(head);
        ok = pwrite(fd, head, sizeof head, 0) == (ssize_t)sizeof head ||
             error_set(err, ERR_IO, "cannot write \"%s\": %s", copy, strerror(errno));
    }
    if (fd >= 0)
        close(fd);
    return ok;
}

/* ---- schema ---- */

static sqlite3 *connect_broken(const char *copy)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(copy, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL); /* a schema that is partly nonsense is still one */
    sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA query_only = ON; PRAGMA cell_size_check = OFF", NULL, NULL, NULL);
    return db;
}

static bool knows_people(sqlite3 *db)
{
    sqlite3_stmt *q = NULL;
    bool yes = sqlite3_prepare_v2(db, salvage_sql(SALVAGE_SCHEMA), -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW &&
               sqlite3_column_int(q, 0) == 1;
    sqlite3_finalize(q);
    if (!yes)
        return false;
    yes = sqlite3_prepare_v2(db, "PRAGMA table_info(prospect)", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;
    sqlite3_finalize(q);
    return yes;
}

/* Are the roots of tables and indexes where the new file has them, or do they at least look so? */
static bool roots_fit(struct store *fresh, int fd)
{
    sqlite3_stmt *q = NULL;
    int fit = 0, all = 0;
    if (sqlite3_prepare_v2(fresh->db, salvage_sql(SALVAGE_ROOTS), -1, &q, NULL) == SQLITE_OK)
        while (sqlite3_step(q) == SQLITE_ROW) {
            bool keyed = sqlite3_column_int(q, 0) != 0;
            unsigned char kind = 0;
            all++;
            if (pread(fd, &kind, 1, (sqlite3_column_int64(q, 1) - 1) * PAGE) == 1)
                fit += keyed ? kind == 0x02 || kind == 0x0a : kind == 0x05 || kind == 0x0d;
        }
    sqlite3_finalize(q);
    return all > 0 && fit * 10 >= all * 7;
}

static bool borrow_schema(const char *copy, struct store *fresh)
{
    sqlite3_wal_checkpoint_v2(fresh->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    int from = open(fresh->path, O_RDONLY | O_CLOEXEC), to = open(copy, O_RDWR | O_CLOEXEC);
    unsigned char *page = alloc_zeroed(1, PAGE);
    bool ok = from >= 0 && to >= 0 && roots_fit(fresh, to);
    sqlite3_stmt *q = NULL;
    ok = ok && sqlite3_prepare_v2(fresh->db, salvage_sql(SALVAGE_SCHEMA_PAGES), -1, &q, NULL) == SQLITE_OK;
    int pages = 0, rc = SQLITE_DONE;
    while (ok && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        int64_t number = sqlite3_column_int64(q, 0);
        ok = pread(from, page, PAGE, (number - 1) * PAGE) == PAGE;
        if (ok && number == 1) { /* its own idea of how large the file is would not be ours */
            mend_header(page);
            page[18] = page[19] = 1;
        }
        ok = ok && pwrite(to, page, PAGE, (number - 1) * PAGE) == PAGE;
        pages++;
    }
    sqlite3_finalize(q);
    free(page);
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return ok && rc == SQLITE_DONE && pages > 0;
}

bool salvage_connect(const char *copy, struct store *fresh, sqlite3 **ret, bool *ret_borrowed, struct error *err)
{
    sqlite3 *db = connect_broken(copy);
    bool borrowed = false;
    if (db == NULL || !knows_people(db)) {
        sqlite3_close(db);
        db = NULL;
        borrowed = borrow_schema(copy, fresh);
        if (borrowed)
            db = connect_broken(copy);
    }
    if (db == NULL || (borrowed && !knows_people(db))) {
        sqlite3_close(db);
        return error_set(err, ERR_DATA, "nothing can be read of it: its tables are not to be found");
    }
    *ret = db;
    *ret_borrowed = borrowed;
    return true;
}
