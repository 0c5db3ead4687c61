/* SPDX-License-Identifier: MIT */
/* Another process at the same file: the screen's thread waits 10 ms and says so, reading goes on, nothing is lost or done twice. */
#include "faults.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "desk.h"

static int64_t monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A process that takes a lock, says so, and holds it until it is told to go. Forked before this one opens the file. */
struct holder {
    pid_t pid;
    int go, said;
};

static struct holder hold(const char *path, const char *sql)
{
    int go[2], said[2];
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(said), 0);
    fflush(NULL);
    pid_t pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        char c;
        close(go[1]);
        close(said[0]);
        sqlite3 *db = NULL;
        bool ok = read(go[0], &c, 1) == 1 && sqlite3_open(path, &db) == SQLITE_OK &&
                  sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
        c = ok ? 'y' : 'n';
        if (write(said[1], &c, 1) != 1 || read(go[0], &c, 1) != 1)
            _exit(1);
        sqlite3_close(db);
        _exit(0);
    }
    close(go[0]);
    close(said[1]);
    return (struct holder){pid, go[1], said[0]};
}

static void holder_take(struct holder *h)
{
    char c = 'x';
    assert_int_equal(write(h->go, "t", 1), 1);
    assert_int_equal(read(h->said, &c, 1), 1);
    assert_int_equal(c, 'y');
}

static void holder_leave(struct holder *h)
{
    int status;
    assert_int_equal(write(h->go, "q", 1), 1);
    assert_int_equal(waitpid(h->pid, &status, 0), h->pid);
    assert_int_equal(status, 0);
    close(h->go);
    close(h->said);
}

TEST(busy_screen_waits_little_and_goes_on)
{
    const char *path = test_path("busy.db");
    copy_file(pristine(), path);
    struct holder h = hold(path, "BEGIN IMMEDIATE");
    struct store *s = desk_open(path);
    store_set_busy_ms(s, 10);
    holder_take(&h);
    for (int i = 0; i < works_count; i++) {
        if (!works[i].writes)
            continue;
        uint64_t answer = 1;
        struct error why = {0};
        int64_t began = monotonic_ms();
        bool ok = works[i].run(s, &answer, &why);
        int64_t took = monotonic_ms() - began;
        if (ok || why.code != ERR_LOCKED || strstr(why.text, "another program holds") == NULL)
            fail_msg("%s: %d \"%s\"", works[i].name, (int)why.code, why.text);
        assert_int_equal(error_exit_status(why.code), 75);
        if (took > 250) /* 10 ms and what a loaded machine adds; SQLite's own waiting would be seconds */
            fail_msg("%s: waited %lld ms", works[i].name, (long long)took);
    }
    for (int i = 0; i < works_count; i++) { /* readers do not mind */
        if (works[i].writes)
            continue;
        uint64_t answer = 1;
        struct error why = {0};
        if (!works[i].run(s, &answer, &why))
            fail_msg("%s: %s", works[i].name, why.text);
    }
    assert_false(store_idle(s, DESK_NOW, 5)); /* upkeep does not wait at all costs, nor fail */
    holder_leave(&h);
    uint64_t answer = 1;
    assert_done(works[0].run(s, &answer, err));
    desk_close(s);
}

TEST(busy_headless_waits_until_it_is_free)
{
    const char *path = test_path("patient.db");
    copy_file(pristine(), path);
    struct holder h = hold(path, "BEGIN IMMEDIATE");
    struct store *s = desk_open(path);
    store_set_busy_ms(s, 20000);
    holder_take(&h);
    fflush(NULL);
    pid_t pid = fork(); /* lets the holder go in a while; touches no database */
    if (pid == 0) {
        struct timespec nap = {0, 200000000};
        nanosleep(&nap, NULL);
        _exit(write(h.go, "q", 1) == 1 ? 0 : 1);
    }
    uint64_t answer = 1;
    assert_done(works[0].run(s, &answer, err));
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(waitpid(h.pid, &status, 0), h.pid);
    close(h.go);
    close(h.said);
    desk_close(s);
}

TEST(busy_exclusive_is_said)
{
    const char *path = test_path("exclusive.db");
    copy_file(pristine(), path);
    struct holder h = hold(path, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM draft WHERE prospect_id = 999; COMMIT");
    holder_take(&h);
    struct store_options options = desk_options;
    options.busy_ms = 10;
    options.zones = zone_table_new(NULL);
    struct error why = {0};
    int64_t began = monotonic_ms();
    options.mode = STORE_WRITE;
    assert_null(store_open(path, &options, &why)); /* set-up waits some seconds */
    assert_int_equal(why.code, ERR_LOCKED);
    assert_non_null(strstr(why.text, "another program holds"));
    assert_in_range(monotonic_ms() - began, 0, 30000);
    zone_table_free(options.zones);
    holder_leave(&h);
    desk_close(desk_open(path));
}

/* Several windows file outcomes at once: each is there once, nobody is turned away. */
TEST(busy_several_writers_lose_nothing)
{
    enum { WRITERS = 4, EACH = 12 };
    const char *path = test_path("several.db");
    copy_file(pristine(), path);
    int64_t before = count_in(path, "SELECT count(*) FROM touch");
    pid_t pids[WRITERS];
    fflush(NULL);
    for (int w = 0; w < WRITERS; w++) {
        pids[w] = fork();
        if (pids[w] != 0)
            continue;
        struct error why = {0};
        struct store_options options = desk_options;
        options.mode = STORE_WRITE;
        options.busy_ms = 60000;
        options.zones = zone_table_new(NULL);
        struct store *s = store_open(path, &options, &why);
        for (int i = 0; s != NULL && i < EACH; i++) {
            struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("no-answer")), .when_at = AT_NONE, .talk_s = -1},
                                    .prospect_id = 1 + (w + i) % 5,
                                    .direction = STR("out"),
                                    .at = DESK_NOW + w * 1000 + i,
                                    .recorded_at = DESK_NOW + w * 1000 + i};
            int64_t touch;
            if (!outcome_log(s, &log, &touch, &why) || !draft_save(s, 6, STR("a note"), (size_t)i % 6, DESK_NOW, false, &why))
                break;
        }
        if (why.code != ERR_NONE)
            fprintf(stderr, "writer %d: %s\n", w, why.text);
        store_close(s);
        zone_table_free(options.zones);
        _exit(s == NULL || why.code != ERR_NONE);
    }
    for (int w = 0; w < WRITERS; w++) {
        int status;
        assert_int_equal(waitpid(pids[w], &status, 0), pids[w]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count_in(path, "SELECT count(*) FROM touch"), before + WRITERS * EACH);
    assert_int_equal(count_in(path, "SELECT count(DISTINCT seq) FROM action WHERE seq IS NOT NULL"),
                     count_in(path, "SELECT count(seq) FROM action"));
    struct store *s = desk_open(path);
    assert_done(store_check(s, NULL, NULL, err));
    desk_close(s);
}
