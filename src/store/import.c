/* SPDX-License-Identifier: MIT */
/*
 * The life of a batch: begun, staged row by row, completed by one row, or swept away as if it had never been.
 *
 * A batch of a process that died before it was complete is removed at the next open; one that a live process is staging
 * is left alone. What happens to the people is import_apply.c.
 */
#include "import_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- whose batch ---- */

static size_t read_small(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, out, size - 1);
    if (fd >= 0)
        close(fd);
    size_t len = got > 0 ? (size_t)got : 0;
    out[len] = '\0';
    return len;
}

/* Field 22 of /proc/PID/stat: ticks after boot at which it started; a pid alone comes again. 0: no such process. */
static int64_t process_started(int64_t pid)
{
    char path[64], text[1024];
    struct buf name;
    buf_init(&name);
    buf_printf(&name, "/proc/%lld/stat", (long long)pid);
    bool fits = name.len < sizeof path;
    if (fits)
        memcpy(path, name.at, name.len + 1);
    buf_done(&name);
    size_t len = fits ? read_small(path, text, sizeof text) : 0;
    const char *after = NULL; /* the command's name may hold anything, blanks and ')' too */
    for (size_t i = 0; i < len; i++)
        if (text[i] == ')')
            after = text + i + 1;
    if (after == NULL)
        return 0;
    struct str rest = str_of(after), word = STR("");
    for (int field = 3; field <= 22; field++)
        if (!str_word(&rest, &word))
            return 0;
    int64_t started;
    return str_int(word, &started) ? started : 0;
}

static void boot_write(struct buf *out)
{
    char text[64];
    size_t len = read_small("/proc/sys/kernel/random/boot_id", text, sizeof text);
    buf_add_str(out, str_trim(str_make(text, len < 8 ? len : 8)));
}

void holder_write(struct buf *out)
{
    int64_t pid = getpid();
    boot_write(out);
    buf_printf(out, ":%lld:%lld", (long long)pid, (long long)process_started(pid));
}

bool holder_lives(struct str holder)
{
    struct str rest = holder, boot, part;
    int64_t pid, started;
    if (!str_next(&rest, ':', &boot) || !str_next(&rest, ':', &part) || !str_int(part, &pid) || pid <= 0 ||
        !str_int(rest, &started))
        return false;
    struct buf now;
    buf_init(&now);
    boot_write(&now);
    bool same_boot = str_eq(boot, buf_str(&now));
    buf_done(&now);
    if (!same_boot || (kill((pid_t)pid, 0) != 0 && errno == ESRCH))
        return false;
    return process_started(pid) == started;
}

/* ---- life ---- */

/* A list that came with an unfinished batch goes with it, unless somebody else imports into it meanwhile. */
static bool drop_list(struct store *s, int64_t list_id, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_BATCH_HEIR, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    if (!stmt_run(&q, err) || !stmt_open(s, STMT_BATCH_LIST_DROP, &q, err))
        return false;
    stmt_int(&q, ":list", list_id);
    return stmt_run(&q, err);
}

static bool batch_drop(struct store *s, int64_t batch, struct error *err)
{
    struct stmt q;
    int64_t list_id = 0;
    bool made_list = false;
    if (!stmt_open(s, STMT_BATCH_LIST, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    if (stmt_row(&q, err)) {
        list_id = stmt_column_int(&q, 0);
        made_list = stmt_column_int(&q, 1) != 0;
    }
    if (!stmt_close(&q) || !stmt_open(s, STMT_BATCH_DROP, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    return stmt_run(&q, err) && (!made_list || drop_list(s, list_id, err));
}

static bool list_for(struct store *s, const struct batch_row *batch, int64_t now, int64_t *ret_id, bool *ret_made,
                     struct error *err)
{
    *ret_made = false;
    *ret_id = batch->list_id;
    if (batch->list_id != 0)
        return true;
    if (!list_find_any(s, batch->list, ret_id, err))
        return false;
    if (*ret_id != 0)
        return true;
    *ret_made = true;
    return list_make(s, batch->list, now, ret_id, err);
}

bool import_begin(struct store *s, const struct batch_row *batch, int64_t now, int64_t *ret_batch, struct error *err)
{
    int64_t list_id = 0, id = 0;
    bool made_list = false;
    struct stmt q;
    if (!db_begin(s, DB_FAST, err))
        return false;
    struct buf holder;
    buf_init(&holder);
    holder_write(&holder);
    bool ok = list_for(s, batch, now, &list_id, &made_list, err) && stmt_open(s, STMT_BATCH_ADD, &q, err);
    if (ok) {
        stmt_int(&q, ":list", list_id);
        stmt_str(&q, ":file", batch->file);
        stmt_str(&q, ":format", batch->format);
        stmt_str(&q, ":signature", batch->signature);
        stmt_str(&q, ":header", batch->header);
        stmt_str(&q, ":mapping", batch->mapping);
        stmt_str(&q, ":country", batch->country);
        stmt_str(&q, ":holder", buf_str(&holder));
        stmt_int(&q, ":made_list", made_list);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
        id = db_last_id(s);
    }
    buf_done(&holder);
    if (!db_end(s, ok, err))
        return false;
    *ret_batch = id;
    return true;
}

bool import_stage(struct store *s, int64_t batch, const struct import_raw *rows, size_t count, struct error *err)
{
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        struct stmt q;
        ok = stmt_open(s, STMT_IMPORT_ROW_ADD, &q, err);
        if (!ok)
            break;
        stmt_int(&q, ":batch", batch);
        stmt_int(&q, ":line", rows[i].line);
        stmt_str(&q, ":raw", rows[i].raw);
        stmt_int(&q, ":refused", rows[i].refused != NULL);
        stmt_str_or_null(&q, ":reason", str_of(rows[i].refused));
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool import_set_format(struct store *s, int64_t batch, struct str format, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = stmt_open(s, STMT_BATCH_FORMAT, &q, err);
    if (ok) {
        stmt_int(&q, ":batch", batch);
        stmt_str(&q, ":format", format);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}

bool import_complete(struct store *s, int64_t batch, int64_t now, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = stmt_open(s, STMT_BATCH_COMPLETE, &q, err);
    if (ok) {
        stmt_int(&q, ":batch", batch);
        stmt_int(&q, ":now", now);
        ok = stmt_run(&q, err);
        if (ok && db_changes(s) == 0)
            ok = error_set(err, ERR_NOT_FOUND, "the import %lld is gone: import the file again", (long long)batch);
    }
    return db_end(s, ok, err);
}

/* A file that was half read may leave more air than people: given back where that is quick. Whether it works is nobody's fault. */
static void give_back_space(struct store *s)
{
    enum { LEAST_PAGES = 1024, MOST_KEPT = 16384 }; /* 4 MiB of air; 64 MiB to write anew */
    int64_t pages = 0, air = 0;
    if (s->depth != 0 || s->read_depth != 0 || !db_pragma_int(s, "PRAGMA page_count", &pages, NULL) ||
        !db_pragma_int(s, "PRAGMA freelist_count", &air, NULL) || air < LEAST_PAGES || air * 2 < pages ||
        pages - air > MOST_KEPT)
        return;
    sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    db_exec(s, "VACUUM", NULL);
    sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

bool import_abandon(struct store *s, int64_t batch, struct error *err)
{
    if (!db_begin(s, DB_FAST, err) || !db_end(s, batch_drop(s, batch, err), err))
        return false;
    give_back_space(s);
    return true;
}

bool import_clean(struct store *s, struct error *err)
{
    enum { MOST = 64 };
    int64_t dead[MOST];
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_BATCHES_UNFINISHED, &q, err))
        return false;
    while (count < MOST && stmt_row(&q, err))
        if (!holder_lives(stmt_column_str(&q, 1)))
            dead[count++] = stmt_column_int(&q, 0);
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!import_abandon(s, dead[i], err))
            return false;
    return true;
}

bool import_pending(struct store *s, int64_t *ret_batch, struct error *err)
{
    struct buf self;
    buf_init(&self);
    holder_write(&self);
    int64_t found = 0;
    struct stmt q;
    bool ok = stmt_open(s, STMT_BATCHES_PENDING, &q, err);
    if (ok) {
        while (found == 0 && stmt_row(&q, err)) {
            struct str holder = stmt_column_str(&q, 1);
            if (str_eq(holder, buf_str(&self)) || !holder_lives(holder))
                found = stmt_column_int(&q, 0);
        }
        ok = stmt_close(&q);
    }
    buf_done(&self);
    if (ok)
        *ret_batch = found;
    return ok;
}

/* ---- reading ---- */

static struct batch_row batch_of_row(struct stmt *q, struct arena *a)
{
    struct batch_row b = {.id = stmt_column_int(q, 0), .list_id = stmt_column_int(q, 1)};
    if (a != NULL) {
        b.list = stmt_column_copy(q, 2, a);
        b.file = stmt_column_copy(q, 3, a);
        b.format = stmt_column_copy(q, 4, a);
        b.signature = stmt_column_copy(q, 5, a);
        b.header = stmt_column_copy(q, 6, a);
        b.mapping = stmt_column_copy(q, 7, a);
        b.country = stmt_column_copy(q, 8, a);
    }
    b.started_at = stmt_column_int(q, 9);
    b.completed_at = stmt_column_at(q, 10);
    b.applied_at = stmt_column_at(q, 11);
    b.reverted_at = stmt_column_at(q, 12);
    b.rows = stmt_column_int(q, 13);
    b.added = stmt_column_int(q, 14);
    b.updated = stmt_column_int(q, 15);
    b.unchanged = stmt_column_int(q, 16);
    b.rejected = stmt_column_int(q, 17);
    b.phones_rejected = stmt_column_int(q, 18);
    b.suppressed = stmt_column_int(q, 19);
    b.load_id = stmt_column_int(q, 21);
    return b;
}

bool batch_fetch(struct store *s, int64_t batch, struct arena *a, struct batch_row *ret, int64_t *ret_applied_line,
                 struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_BATCH_GET, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    bool found = stmt_row(&q, err);
    if (found) {
        *ret = batch_of_row(&q, a);
        if (ret_applied_line != NULL)
            *ret_applied_line = stmt_column_int(&q, 20);
    }
    if (!stmt_close(&q))
        return false;
    return found || error_set(err, ERR_NOT_FOUND, "no import %lld", (long long)batch);
}

bool batch_load(struct store *s, int64_t batch, struct arena *a, struct batch_row *ret, struct error *err)
{
    return batch_fetch(s, batch, a, ret, NULL, err);
}

bool batches_load(struct store *s, size_t most, struct arena *a, const struct batch_row **ret, size_t *ret_count,
                  struct error *err)
{
    enum { MOST = 1000 };
    if (most > MOST)
        most = MOST;
    struct batch_row *rows = ARENA_ARRAY(a, struct batch_row, most);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_BATCH_NEWEST, &q, err))
        return false;
    stmt_int(&q, ":most", (int64_t)most);
    while (count < most && stmt_row(&q, err))
        rows[count++] = batch_of_row(&q, a);
    if (!stmt_close(&q))
        return false;
    *ret = rows;
    *ret_count = count;
    return true;
}

bool import_rejects(struct store *s, int64_t batch, reject_fn each, void *user, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_ROWS_REJECTED, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    while (stmt_row(&q, err))
        if (!each(stmt_column_int(&q, 0), stmt_column_str(&q, 1), stmt_column_str(&q, 2), user))
            break;
    return stmt_close(&q);
}

bool import_changes(struct store *s, int64_t batch, struct arena *a, const struct import_change **ret,
                    size_t *ret_count, struct error *err)
{
    struct import_change *rows = NULL;
    size_t count = 0, room = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_IMPORT_CHANGES, &q, err))
        return false;
    stmt_int(&q, ":batch", batch);
    while (stmt_row(&q, err)) {
        if (count == room) {
            size_t more = room ? room * 2 : 32;
            struct import_change *bigger = ARENA_ARRAY(a, struct import_change, more);
            if (count != 0)
                memcpy(bigger, rows, count * sizeof *rows);
            rows = bigger;
            room = more;
        }
        rows[count++] = (struct import_change){stmt_column_copy(&q, 0, a), stmt_column_int(&q, 1)};
    }
    if (!stmt_close(&q))
        return false;
    *ret = rows;
    *ret_count = count;
    return true;
}

/* ---- mappings ---- */

bool mapping_recall(struct store *s, struct str signature, struct arena *a, struct str *ret_mapping, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_MAPPING_GET, &q, err))
        return false;
    stmt_str(&q, ":signature", signature);
    struct str mapping = stmt_row(&q, err) ? stmt_column_copy(&q, 0, a) : STR("");
    if (!stmt_close(&q))
        return false;
    *ret_mapping = mapping;
    return true;
}

bool mapping_remember(struct store *s, struct str signature, struct str mapping, struct error *err)
{
    struct stmt q;
    if (!db_begin(s, DB_FAST, err))
        return false;
    bool ok = stmt_open(s, STMT_MAPPING_SET, &q, err);
    if (ok) {
        stmt_str(&q, ":signature", signature);
        stmt_str(&q, ":mapping", mapping);
        ok = stmt_run(&q, err);
    }
    return db_end(s, ok, err);
}
