/* SPDX-License-Identifier: MIT */
/*
 * A file becomes a store: looked at before SQLite may touch it, made whole under another name, migrated after a backup.
 */
#include "key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "import.h"
#include "search.h"

static const struct {
    const char *name;
    const char *sql;
} migrations[] = {
#include "migrations.inc"
};
enum { VERSION = sizeof migrations / sizeof migrations[0] };
/* A caller with a smaller budget than this paints a screen. */
enum { SCREEN_BUSY_MS = 100 };
/* "Cdck" at offset 68 of the file: file(1) and we know it by that. */
enum { APPLICATION_ID = 0x4364636b };

static bool is_memory(const char *path)
{
    return strcmp(path, ":memory:") == 0;
}

/* ---- before SQLite: is this a file of ours at all? No byte of a file that we refuse may change. ---- */

enum looked { LOOKED_OURS, LOOKED_MISSING, LOOKED_REFUSED };

static enum looked look(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ENOENT)
            return LOOKED_MISSING;
        error_set(err, ERR_IO, "cannot open \"%s\": %s", path, strerror(errno));
        return LOOKED_REFUSED;
    }
    unsigned char head[100];
    struct stat st;
    ssize_t got = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, head, sizeof head) : -1;
    close(fd);
    if (got < 0) {
        error_set(err, ERR_DATA, "\"%s\" is not a file that could hold a database", path);
        return LOOKED_REFUSED;
    }
    if (got == 0) {
        error_set(err, ERR_DATA, "\"%s\" is empty: it is no calldeck database; restore a snapshot, or remove it to begin anew",
                  path);
        return LOOKED_REFUSED;
    }
    if (got < (ssize_t)sizeof head || memcmp(head, "SQLite format 3", 16) != 0) {
        error_set(err, ERR_DATA, "\"%s\" is no calldeck database", path);
        return LOOKED_REFUSED;
    }
    /* A foreign file is not even opened: SQLite would put a -wal beside it, or fold one in. */
    if (got == (ssize_t)sizeof head &&
        ((unsigned)head[68] << 24 | (unsigned)head[69] << 16 | (unsigned)head[70] << 8 | head[71]) != APPLICATION_ID) {
        error_set(err, ERR_DATA, "\"%s\" is a database of another program", path);
        return LOOKED_REFUSED;
    }
    /* SQLite takes the rest of a last page that is cut for zeros; beside a -wal it may be about to be written */
    unsigned page = (unsigned)head[16] << 8 | head[17];
    struct buf wal;
    buf_init(&wal);
    buf_printf(&wal, "%s-wal", path);
    struct stat beside;
    bool alone = stat(wal.at, &beside) != 0 || beside.st_size == 0;
    buf_done(&wal);
    if (alone && page >= 512 && st.st_size % page != 0) {
        error_set(err, ERR_DATA, "\"%s\" is cut short: restore a snapshot, or see calldeck doctor", path);
        return LOOKED_REFUSED;
    }
    return LOOKED_OURS;
}

/* ---- making ---- */

static bool make_folder(const char *path, struct error *err)
{
    char *copy = alloc_copy(path, strlen(path));
    bool ok = true;
    for (char *p = strchr(copy + 1, '/'); ok && p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        if (mkdir(copy, 0700) != 0 && errno != EEXIST)
            ok = error_set(err, ERR_IO, "cannot make the folder \"%s\": %s", copy, strerror(errno));
        *p = '/';
    }
    free(copy);
    return ok;
}

static bool migrate_from(struct store *s, int64_t version, struct error *err)
{
    if (sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return db_error(s, err, "set up the database");
    bool ok = true;
    for (int64_t i = version; ok && i < VERSION; i++)
        if (!db_exec(s, migrations[i].sql, err))
            ok = error_prefix(err, "migration \"%s\"", migrations[i].name);
    char sql[96];
    snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, VERSION);
    ok = ok && db_exec(s, sql, err);
    if (ok && sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        ok = db_error(s, err, "set up the database");
    if (!ok && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return ok;
}

static bool seed(struct store *s, struct error *err)
{
    struct outcome_table defaults = outcome_defaults();
    if (!db_begin(s, DB_DURABLE, err))
        return false;
    bool ok = true;
    int64_t cell;
    for (size_t i = 0; ok && i < defaults.count; i++) {
        const struct outcome *o = &defaults.rows[i];
        struct stmt q;
        ok = stmt_open(s, STMT_OUTCOME_ADD, &q, err);
        if (!ok)
            break;
        stmt_int(&q, ":id", o->id);
        stmt_str(&q, ":key", str_make(&o->key, 1));
        stmt_text(&q, ":code", o->code);
        stmt_text(&q, ":label", o->label);
        stmt_int(&q, ":answered", o->answered);
        stmt_int(&q, ":right", o->right_person);
        stmt_int(&q, ":done", o->done);
        stmt_int(&q, ":counts", o->counts);
        stmt_text(&q, ":effect", outcome_effect_name(o->effect));
        stmt_text(&q, ":wait", o->wait);
        stmt_int(&q, ":cap", o->cap);
        stmt_text(&q, ":ask", outcome_ask_name(o->ask));
        ok = stmt_run(&q, err);
    }
    ok = ok && cell_of(s, STR(""), STR(""), STR(""), BAND_ANY, &cell, err);
    return db_end(s, ok, err);
}

static bool fresh(struct store *s, struct error *err)
{
    return db_exec(s, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL", err) && migrate_from(s, 0, err) && seed(s, err);
}

/* Built under another name and linked into place: whoever finds the file finds it whole, and never overwrites one. */
static bool create(const char *path, const char *vfs, struct error *err)
{
    struct buf temporary;
    buf_init(&temporary);
    buf_printf(&temporary, "%s.new-%ld", path, (long)getpid());
    struct store made = {.busy_ms = 1000, .path = temporary.at, .rep = temporary.at};
    bool ok = make_folder(path, err);
    int fd = -1;
    if (ok) {
        unlink(temporary.at);
        fd = open(temporary.at, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0)
            ok = error_set(err, ERR_IO, "cannot make \"%s\": %s", path, strerror(errno));
        else
            close(fd);
    }
    ok = ok && db_connect(&made, temporary.at, SQLITE_OPEN_READWRITE, vfs, err) && fresh(&made, err);
    if (ok && sqlite3_wal_checkpoint_v2(made.db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) != SQLITE_OK)
        ok = db_error(&made, err, "make the database"); /* closing would try, and not say that it failed */
    db_disconnect(&made);
    if (ok && link(temporary.at, path) != 0 && errno != EEXIST) {
        if (errno == EPERM || errno == ENOTSUP) /* a file system without links */
            ok = rename(temporary.at, path) == 0 || error_set(err, ERR_IO, "cannot make \"%s\": %s", path, strerror(errno));
        else
            ok = error_set(err, ERR_IO, "cannot make \"%s\": %s", path, strerror(errno));
    }
    if (fd >= 0)
        unlink(temporary.at);
    static const char *const tails[] = {"-wal", "-shm", "-journal"};
    size_t len = temporary.len;
    for (size_t i = 0; fd >= 0 && i < sizeof tails / sizeof tails[0]; i++) {
        buf_splice(&temporary, len, temporary.len - len, tails[i], strlen(tails[i]));
        unlink(temporary.at);
    }
    buf_done(&temporary);
    return ok;
}

/* ---- opening ---- */

static bool wal_beside(const char *path)
{
    struct buf name;
    struct stat st;
    buf_init(&name);
    buf_printf(&name, "%s-wal", path);
    bool there = stat(name.at, &st) == 0;
    buf_done(&name);
    return there;
}

/* A reader leaves the -wal and -shm that SQLite made for it, empty as they are: only a writer's close may take them away, by
 * the locks of all who use the file. Nothing is folded into the file by that, since there is nothing to fold. */
static void tidy(const char *path, const char *vfs)
{
    struct store s = {.path = NULL};
    int64_t ignored;
    char *copy = alloc_copy(path, strlen(path));
    s.path = copy;
    if (db_connect(&s, path, SQLITE_OPEN_READWRITE, vfs, NULL)) {
        db_pragma_int(&s, "PRAGMA user_version", &ignored, NULL);
        db_disconnect(&s);
    }
    free(copy);
}

static bool connect_file(struct store *s, const char *path, enum store_mode mode, const char *vfs, struct error *err)
{
    int flags = mode == STORE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    struct error first = {0};
    int64_t ignored;
    if (mode == STORE_READ)
        s->tidy = !wal_beside(path);
    if (db_connect(s, path, flags, vfs, &first)) {
        if (db_pragma_int(s, "PRAGMA user_version", &ignored, &first)) {
            s->read_only = mode == STORE_READ || sqlite3_db_readonly(s->db, "main") == 1;
            return true;
        }
        db_disconnect(s);
    }
    /* A WAL file in a folder that cannot be written has no place for its -shm. Without a -wal beside it the file itself is
     * the whole truth and may be read as it lies; with one, reading it so would show wrong data. */
    struct buf name;
    buf_init(&name);
    buf_printf(&name, "%s-wal", path);
    struct stat st;
    bool alone = stat(name.at, &st) != 0 || st.st_size == 0;
    buf_clear(&name);
    buf_add_text(&name, "file:");
    for (const char *p = path; *p != '\0'; p++) /* a URI: escape what means something there */
        if (strchr("?#%", *p) != NULL)
            buf_printf(&name, "%%%02x", (unsigned char)*p);
        else
            buf_add_char(&name, *p);
    buf_add_text(&name, "?immutable=1");
    bool ok = false;
    if (alone && first.code == ERR_IO && access(path, R_OK) == 0 && access(path, W_OK) != 0)
        ok = db_connect(s, name.at, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, vfs, NULL) &&
             db_pragma_int(s, "PRAGMA user_version", &ignored, NULL);
    buf_done(&name);
    if (ok) {
        s->read_only = true;
        return true;
    }
    db_disconnect(s);
    if (err != NULL)
        *err = first;
    return false;
}

static bool copy_before_migrating(struct store *s, int64_t version, struct error *err)
{
    if (is_memory(s->path))
        return true;
    struct buf name;
    buf_init(&name);
    buf_printf(&name, "%s.before-version-%lld", s->path, (long long)version + 1);
    bool ok = access(name.at, F_OK) == 0 || store_backup(s, name.at, err);
    buf_done(&name);
    return ok;
}

static bool load_outcomes(struct store *s, struct error *err)
{
    enum { MOST = 64 };
    struct outcome *rows = ARENA_ARRAY(&s->outcomes_arena, struct outcome, MOST);
    size_t count = 0;
    struct stmt q;
    if (!stmt_open(s, STMT_OUTCOMES, &q, err))
        return false;
    while (count < MOST && stmt_row(&q, err)) {
        struct outcome *o = &rows[count++];
        struct str key = stmt_column_str(&q, 1);
        *o = (struct outcome){.id = stmt_column_int(&q, 0),
                              .key = key.len ? key.at[0] : ' ',
                              .code = stmt_column_copy(&q, 2, &s->outcomes_arena).at,
                              .label = stmt_column_copy(&q, 3, &s->outcomes_arena).at,
                              .answered = stmt_column_int(&q, 4) != 0,
                              .right_person = stmt_column_int(&q, 5) != 0,
                              .done = stmt_column_int(&q, 6) != 0,
                              .counts = stmt_column_int(&q, 7) != 0,
                              .wait = stmt_column_copy(&q, 9, &s->outcomes_arena).at,
                              .cap = (int)stmt_column_int(&q, 10)};
        outcome_effect_parse(stmt_column_str(&q, 8), &o->effect);
        outcome_ask_parse(stmt_column_str(&q, 11), &o->ask);
    }
    s->outcomes = (struct outcome_table){rows, count};
    return stmt_close(&q);
}

static bool versions_fit(struct store *s, struct error *err)
{
    int64_t application = 0, version = 0;
    if (!db_pragma_int(s, "PRAGMA application_id", &application, err) ||
        !db_pragma_int(s, "PRAGMA user_version", &version, err))
        return false;
    if (application != APPLICATION_ID)
        return error_set(err, ERR_DATA, "\"%s\" is a database of another program", s->path);
    if (version > VERSION)
        return error_set(err, ERR_DATA, "\"%s\" was made by a newer calldeck (version %lld, this one knows %d): update calldeck",
                         s->path, (long long)version, VERSION);
    if (version == VERSION)
        return true;
    if (s->read_only)
        return error_set(err, ERR_IO, "\"%s\" is of version %lld and cannot be brought to %d: it is read-only", s->path,
                         (long long)version, VERSION);
    return copy_before_migrating(s, version, err) && migrate_from(s, version, err);
}

static bool fold_under(struct store *s, int64_t now, struct error *err)
{
    struct buf key;
    buf_init(&key);
    policy_fold_key(&s->base, &key);
    buf_printf(&key, " law=%08x", law_book_edition(laws_of(s))); /* other tables fold to other caps and cells */
    struct stmt q;
    bool same = false, ok = stmt_open(s, STMT_META_GET, &q, err);
    if (ok) {
        stmt_text(&q, ":key", "policy");
        same = stmt_row(&q, err) && str_eq(stmt_column_str(&q, 0), buf_str(&key));
        ok = stmt_close(&q);
    }
    if (ok && !same && db_begin(s, DB_FAST, err)) {
        ok = everybody_refold(s, now, err) && stmt_open(s, STMT_META_SET, &q, err);
        if (ok) {
            stmt_text(&q, ":key", "policy");
            stmt_str(&q, ":value", buf_str(&key));
            ok = stmt_run(&q, err);
        }
        ok = db_end(s, ok, err);
    } else if (!same) {
        ok = false;
    }
    buf_done(&key);
    return ok;
}

static bool said_zones_end(struct store *s, int64_t now, struct error *err)
{
    for (;;) {
        struct stmt q;
        if (!stmt_open(s, STMT_SAID_ENDED, &q, err))
            return false;
        stmt_int(&q, ":now", now);
        int64_t id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
        if (!stmt_close(&q))
            return false;
        if (id == 0)
            return true;
        if (!db_begin(s, DB_FAST, err))
            return false;
        bool ok = stmt_open(s, STMT_SAID_CLEAR, &q, err);
        if (ok) {
            stmt_int(&q, ":prospect", id);
            ok = stmt_run(&q, err) && prospect_refold(s, id, now, err);
        }
        if (!db_end(s, ok, err))
            return false;
    }
}

struct store *store_open(const char *path, const struct store_options *options, struct error *err)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* counting its memory costs an import 15 %; refused after the first open */
    if (!is_memory(path)) {
        switch (look(path, err)) {
        case LOOKED_REFUSED:
            return NULL;
        case LOOKED_MISSING:
            if (options->mode != STORE_CREATE) {
                error_set(err, ERR_NOT_FOUND, "there is no database \"%s\" yet: calldeck import FILE.csv makes one", path);
                return NULL;
            }
            if (!create(path, options->vfs, err))
                return NULL;
            break;
        case LOOKED_OURS:
            break;
        }
    }
    struct store *s = alloc_zeroed(1, sizeof *s);
    s->path = alloc_copy(path, strlen(path));
    s->rep = alloc_copy(options->rep ? options->rep : "", options->rep ? strlen(options->rep) : 0);
    s->holder = alloc_copy(options->holder ? options->holder : "", options->holder ? strlen(options->holder) : 0);
    s->zones = options->zones;
    s->workdays = options->workdays;
    s->workdays_user = options->workdays_user;
    s->region = options->region;
    s->region_user = options->region_user;
    if (options->policy != NULL)
        s->base = *options->policy;
    else
        policy_defaults(&s->base);
    s->busy_ms = 5000; /* set-up may wait; the caller's budget holds from then on */
    s->opened_at = options->now;

    bool ok;
    if (is_memory(path))
        ok = db_connect(s, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, options->vfs, err) && fresh(s, err);
    else
        ok = connect_file(s, path, options->mode, options->vfs, err) && versions_fit(s, err);
    ok = ok && db_exec(s, "PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 16777216;"
                          "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384", err);
    /* On the screen's thread the WAL is folded into the file while no key waits (store_idle), never inside an outcome. */
    ok = ok && db_exec(s, options->busy_ms <= SCREEN_BUSY_MS ? "PRAGMA wal_autocheckpoint = 0" : "PRAGMA wal_autocheckpoint = 4000", err);
    ok = ok && load_outcomes(s, err);
    if (ok && !s->read_only) {
        struct error upkeep = {0};
        if (!import_clean(s, &upkeep) || !claims_bury(s, &upkeep) || !fold_under(s, options->now, &upkeep) ||
            !said_zones_end(s, options->now, &upkeep)) {
            /* A full disk keeps nobody from reading what is there; the rest waits for room. */
            ok = upkeep.code == ERR_FULL;
            if (!ok && err != NULL)
                *err = upkeep;
        }
    }
    if (!ok) {
        store_close(s);
        return NULL;
    }
    s->busy_ms = options->busy_ms;
    store_changed_elsewhere(s);
    return s;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    snapshot_drop(s);
    db_disconnect(s);
    if (s->tidy && wal_beside(s->path))
        tidy(s->path, NULL);
    places_free(s);
    lessons_free(s);
    law_book_free(s->laws);
    policies_forget(s);
    arena_done(&s->outcomes_arena);
    free(s->path);
    free(s->rep);
    free(s->holder);
    free(s);
}

bool store_read_only(const struct store *s)
{
    return s->read_only;
}

const char *store_path(const struct store *s)
{
    return s->path;
}

void store_set_hurry(struct store *s, bool (*hurry)(void *user), void *user)
{
    s->hurry = hurry;
    s->hurry_user = user;
}

void store_set_busy_ms(struct store *s, int busy_ms)
{
    s->busy_ms = busy_ms;
}

const struct outcome_table *store_outcomes(const struct store *s)
{
    return &s->outcomes;
}

struct zone_table *store_zones(const struct store *s)
{
    return s->zones;
}

const char *store_rep(const struct store *s)
{
    return s->rep;
}

void store_set_rep(struct store *s, const char *rep)
{
    char *copy = alloc_copy(rep, strlen(rep));
    free(s->rep);
    s->rep = copy;
}

bool store_changed_elsewhere(struct store *s)
{
    struct stmt q;
    if (!stmt_open(s, STMT_DATA_VERSION, &q, NULL))
        return false;
    int version = stmt_row(&q, NULL) ? (int)stmt_column_int(&q, 0) : s->data_version;
    stmt_close(&q);
    bool changed = version != s->data_version;
    s->data_version = version;
    return changed;
}

bool store_policy_base(struct store *s, const struct policy *policy, int64_t now, struct error *err)
{
    struct policy before = s->base;
    s->base = *policy;
    policies_forget(s);
    places_free(s); /* the country where a prospect has none may be another */
    if (s->read_only || fold_under(s, now, err))
        return true;
    s->base = before;
    policies_forget(s);
    return false;
}

/* ---- while no key waits ---- */

static bool wake(struct store *s, int64_t now, int most, bool *ret_more)
{
    struct {
        int64_t list, prospect;
    } rows[256];
    if (most > 256)
        most = 256;
    struct stmt q;
    if (!stmt_open(s, STMT_WAKE_DUE, &q, NULL))
        return false;
    stmt_int(&q, ":now", now);
    stmt_int(&q, ":most", most);
    int count = 0;
    while (count < most && stmt_row(&q, NULL)) {
        rows[count].list = stmt_column_int(&q, 0);
        rows[count++].prospect = stmt_column_int(&q, 1);
    }
    if (!stmt_close(&q) || count == 0)
        return false;
    *ret_more = *ret_more || count == most;
    if (!db_begin(s, DB_FAST, NULL))
        return false;
    bool ok = true;
    for (int i = 0; ok && i < count; i++) {
        ok = stmt_open(s, STMT_WAKE, &q, NULL);
        if (ok) {
            stmt_int(&q, ":list", rows[i].list);
            stmt_int(&q, ":prospect", rows[i].prospect);
            ok = stmt_run(&q, NULL);
        }
    }
    return db_end(s, ok, NULL);
}

bool store_idle(struct store *s, int64_t now, int budget_ms)
{
    if (s->read_only)
        return false;
    bool more = false;
    int rows = budget_ms > 20 ? 256 : budget_ms * 12 + 1; /* about 0.05 ms a row */
    wake(s, now, rows, &more);
    bool search_more = false;
    search_catch_up(s, rows, &search_more, NULL);
    lessons_upkeep(s, now, rows, &more, NULL);
    if (more || search_more)
        return true;
    int wal_frames = 0, done = 0;
    if (s->read_depth == 0 && sqlite3_total_changes64(s->db) != s->checkpointed_at) {
        s->checkpointed_at = sqlite3_total_changes64(s->db);
        sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_PASSIVE, &wal_frames, &done);
    }
    return false;
}
