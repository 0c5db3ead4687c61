/* SPDX-License-Identifier: MIT */
/*
 * Every allocation of SQLite fails once, and from then on, in every verb: the verb says so in an error and leaves the file
 * as it was, or it was done after all. Never a crash, never a wrong answer.
 */
#include "faults.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk.h"

enum { EACH = 24 }; /* levels that are tried one by one; then in growing steps */

static int64_t next_level(int64_t n, bool forever)
{
    return n < EACH ? n + 1 : n + 1 + n / (forever ? 3 : 7);
}

static void must_be_sound(const char *path, const char *name, int64_t level)
{
    struct error why = {0};
    struct store *s = desk_open_as(path, STORE_READ, &why);
    if (s == NULL || !store_check(s, NULL, NULL, &why))
        fail_msg("%s, allocation %lld: %s", name, (long long)level, why.text);
    desk_close(s);
}

static void sweep(const struct work *work, bool forever)
{
    const char *path = test_path(forever ? "oom-on.db" : "oom-once.db");
    memory_restore();
    uint64_t expected = 1, before = content_of(pristine());
    copy_file(pristine(), path);
    struct store *s = desk_open(path);
    struct error why = {0};
    if (!work->run(s, &expected, &why))
        fail_msg("%s: %s", work->name, why.text);
    desk_close(s);
    copy_file(pristine(), path);
    for (int64_t level = 0;; level = next_level(level, forever)) {
        s = desk_open(path);
        uint64_t answer = 1;
        why = (struct error){0};
        memory_fail(level, forever);
        bool ok = work->run(s, &answer, &why);
        int64_t refused = memory_restore();
        if (!ok) {
            if (why.code != ERR_IO || why.text[0] == '\0')
                fail_msg("%s, allocation %lld: error %d \"%s\"", work->name, (long long)level, (int)why.code, why.text);
            if (content_of(path) != before)
                fail_msg("%s, allocation %lld: failed, and changed something", work->name, (long long)level);
        } else if (!work->writes && answer != expected) {
            fail_msg("%s, allocation %lld: done, with another answer", work->name, (long long)level);
        }
        desk_close(s);
        if (ok && work->writes) {
            if (content_of(path) == before)
                fail_msg("%s, allocation %lld: done, and nothing changed", work->name, (long long)level);
            must_be_sound(path, work->name, level);
            copy_file(pristine(), path);
        } else if (content_of(path) != before) {
            fail_msg("%s, allocation %lld: changed at close", work->name, (long long)level);
        }
        if (refused == 0)
            return; /* all of them succeeded */
    }
}

TEST(oom_in_every_verb)
{
    for (int i = 0; i < works_count; i++)
        sweep(&works[i], false);
}

TEST(oom_from_then_on)
{
    for (int i = 0; i < works_count; i++)
        sweep(&works[i], true);
}

TEST(oom_while_opening)
{
    memory_restore(); /* after a test that failed */
    const char *path = test_path("oom-open.db");
    uint64_t before = content_of(pristine());
    copy_file(pristine(), path);
    int64_t level = 0, refused;
    do {
        struct error why = {0};
        memory_fail(level, false);
        struct store *s = desk_open_as(path, STORE_WRITE, &why);
        refused = memory_restore();
        if (s == NULL && (why.code != ERR_IO || why.text[0] == '\0'))
            fail_msg("allocation %lld: error %d \"%s\"", (long long)level, (int)why.code, why.text);
        desk_close(s);
        if (content_of(path) != before)
            fail_msg("allocation %lld: opening changed something", (long long)level);
        level = next_level(level, false);
    } while (refused != 0);
    assert_true(level > 100);
}

TEST(oom_while_making)
{
    memory_restore();
    const char *path = test_path("oom-new.db");
    int64_t level = 0, refused;
    do {
        struct error why = {0};
        memory_fail(level, false);
        struct store *s = desk_open_as(path, STORE_CREATE, &why);
        refused = memory_restore();
        if (s == NULL && (why.code != ERR_IO || why.text[0] == '\0'))
            fail_msg("allocation %lld: error %d \"%s\"", (long long)level, (int)why.code, why.text);
        desk_close(s);
        if (s == NULL && access(path, F_OK) == 0)
            must_be_sound(path, "making", level); /* it was made, and then could not be opened */
        /* SQLite may leave an empty -wal beside a file whose opening failed; half a file under another name is ours */
        if (desk_files(test_dir(), "oom-new.db.new") != 0)
            fail_msg("allocation %lld: half a file was left", (long long)level);
        unlink(path);
        unlink(test_path("oom-new.db-wal"));
        unlink(test_path("oom-new.db-shm"));
        level = level < 20 ? level + 1 : level + 1 + level / 8;
    } while (refused != 0);
    assert_true(level > 100);
}
