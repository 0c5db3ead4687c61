/* SPDX-License-Identifier: MIT */
/*
 * No room on the disk: the panel says so in red, typing goes on, an outcome waits, and all of it is stored when there
 * is room again. On a small tmpfs where one may be mounted; besides with a limit on the size of files, which looks to
 * the program like a disk that refuses to write.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DEADLINE_MS = 20000,
    PASTE_BYTES = 200000,
};

static struct desk desk;

/* ---- the small disk ---- */

static void disk_remove(void)
{
    umount2(test_path("disk"), MNT_DETACH);
}

/* In a mount namespace of our own: nobody else sees it, and it is gone with the program, whatever happens. */
static bool small_disk(void)
{
    return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mkdir(test_path("disk"), 0700) == 0 &&
           mount("calldeck-test", test_path("disk"), "tmpfs", 0, "size=6m,mode=700") == 0 && atexit(disk_remove) == 0;
}

static const char *filler(void)
{
    return test_path("disk/filler");
}

static void fill(void)
{
    static char block[4096];
    int fd = open(filler(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0)
        ;
    assert_int_equal(errno, ENOSPC);
    close(fd);
}

/* ---- the refusing disk ---- */

static void limit(struct rep *r, rlim_t bytes)
{
    struct rlimit now;
    assert_int_equal(prlimit(rep_pid(r), RLIMIT_FSIZE, NULL, &now), 0);
    now.rlim_cur = bytes;
    assert_int_equal(prlimit(rep_pid(r), RLIMIT_FSIZE, &now, NULL), 0);
}

/* ---- the rep ---- */

static char *note;

static void paste(struct rep *r)
{
    note = realloc(note, PASTE_BYTES + 1000);
    assert_non_null(note);
    snprintf(note, PASTE_BYTES, "before ");
    for (unsigned i = 0; strlen(note) + 16 < PASTE_BYTES; i++) {
        static char chunk[1700];
        size_t len = 0;
        for (unsigned word = 0; word < 100; word++)
            len +=
                (size_t)snprintf(chunk + len, sizeof chunk - len, "word%u-%u%c", i, word, word % 9 == 8 ? '\n' : ' ');
        size_t have = strlen(note);
        snprintf(note + have, PASTE_BYTES - have, "%s", chunk);
    }
    rep_type(r, "\033[200~");
    rep_type(r, note + strlen("before "));
    rep_type(r, "\033[201~");
}

static void type(struct rep *r, const char *word)
{
    rep_type(r, " ");
    rep_type(r, word);
    rep_see_typed(r, word, DEADLINE_MS);
    size_t len = strlen(note);
    snprintf(note + len, PASTE_BYTES + 1000 - len, " %s", word);
}

static struct rep *in_a_call(void)
{
    /* a file that may not grow is a signal first; a shell that ignores it passes that on */
    static const char *const shell[] = {"sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh", NULL};
    struct rep *r = rep_start_behind(&desk, 80, 24, shell, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    rep_type(r, "\r");
    rep_see(r, "dialing", DEADLINE_MS);
    rep_type(r, "before ");
    rep_see_typed(r, "before", DEADLINE_MS);
    return r;
}

static int64_t filed(void)
{
    return desk_number(&desk, "SELECT count(*) FROM touch WHERE completed_at IS NOT NULL AND channel = 'call'");
}

static void draft_becomes(struct rep *r)
{
    for (int64_t end = monotonic_ms() + DEADLINE_MS;; rep_look(r, 20)) {
        sqlite3 *db;
        assert_int_equal(sqlite3_open_v2(desk.db, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
        sqlite3_busy_timeout(db, 1000);
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_prepare_v2(db, "SELECT text = ?1 FROM draft", -1, &statement, NULL), SQLITE_OK);
        sqlite3_bind_text(statement, 1, note, -1, SQLITE_STATIC);
        bool same = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 1;
        sqlite3_finalize(statement);
        sqlite3_close(db);
        if (same)
            return;
        if (monotonic_ms() > end)
            fail_msg("the draft is not what was typed; it ends in \"%s\"; the screen was\n%s",
                     desk_text(&desk, "SELECT substr(text, -60) FROM draft"), vt_text(rep_vt(r)));
    }
}

static void survive(struct rep *r, void (*full)(struct rep *), void (*room)(struct rep *), bool waits)
{
    full(r);
    paste(r);
    rep_see(r, "NOT SAVED", DEADLINE_MS);
    type(r, "typed-on-a-full-disk");
    type(r, "and-more");
    rep_see(r, "NOT SAVED", DEADLINE_MS);
    assert_int_equal(rep_status(r, 0), -1);
    room(r);
    rep_see_gone(r, "NOT SAVED", DEADLINE_MS);
    draft_becomes(r);

    /* an outcome that does not fit is not dropped */
    full(r);
    rep_type(r, "\tn");
    rep_see(r, waits ? "not saved yet" : "cannot save", DEADLINE_MS);
    assert_int_equal(filed(), 0);
    room(r);
    if (!waits) /* a disk that fails may never come back: the rep decides, the call is still open */
        rep_type(r, "n");
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    assert_int_equal(filed(), 1);
    assert_int_equal(desk_number(&desk, "SELECT count(*) FROM draft"), 0);
    desk_is_sound(&desk);
    rep_done(r);
    DESK_ASK(&desk, "check");
    free(note);
    note = NULL;
}

static void disk_full(struct rep *r)
{
    (void)r;
    fill();
}

static void disk_room(struct rep *r)
{
    (void)r;
    unlink(filler());
}

TEST(a_full_disk_costs_nothing)
{
    if (!small_disk()) {
        printf("no tmpfs may be mounted here: the full disk is not tried, only the refusing one\n");
        return;
    }
    desk_open(&desk, "disk");
    desk_import_list(&desk, "list", 5);
    survive(in_a_call(), disk_full, disk_room, true);
}

static void disk_refuses(struct rep *r)
{
    limit(r, 4096);
}

static void disk_accepts(struct rep *r)
{
    limit(r, RLIM_INFINITY);
}

TEST(a_disk_that_refuses_costs_nothing)
{
    desk_open(&desk, "refuses");
    desk_import_list(&desk, "list", 5);
    survive(in_a_call(), disk_refuses, disk_accepts, false);
    /* the log knows when and what kind, once, and nothing that was typed */
    char path[300];
    snprintf(path, sizeof path, "%s/state/calldeck/log", desk.home);
    const char *log = test_read_file(path, NULL), *line = strstr(log, " notes ");
    assert_non_null(line);
    assert_null(strstr(line + 1, " notes "));
    assert_null(strstr(log, "typed"));
}
