/* SPDX-License-Identifier: MIT */
/*
 * A disk that fails: every n-th open, read, write, sync, truncate and delete, once or from then on; a disk that is full and
 * then has room again; a power cut after any sync. What a verb reported as done is there, what it reported as failed is not.
 */
#include "faults.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "desk.h"

static int64_t next_level(int64_t n)
{
    return n < 16 ? n + 1 : n + 1 + n / 3;
}

static struct store *open_on_fault(const char *path, struct error *why)
{
    struct store_options options = desk_options;
    options.mode = STORE_WRITE;
    options.vfs = "fault";
    options.busy_ms = 20; /* nobody else is there: a lock that fails stays so */
    options.zones = zone_table_new(NULL);
    struct store *s = store_open(path, &options, why);
    if (s == NULL)
        zone_table_free(options.zones);
    return s;
}

static void must_be_sound(const char *path, const char *what, int64_t level)
{
    struct error why = {0};
    struct store *s = desk_open_as(path, STORE_WRITE, &why);
    if (s == NULL || !store_check(s, NULL, NULL, &why))
        fail_msg("%s, level %lld: %s", what, (long long)level, why.text);
    desk_close(s);
}

static void remove_database(const char *path)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal", ".synced", "-wal.synced"};
    struct buf b;
    buf_init(&b);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        buf_clear(&b);
        buf_printf(&b, "%s%s", path, tails[i]);
        unlink(b.at);
    }
    buf_done(&b);
}

static void sweep(const struct work *work, enum disk_verb verb, bool forever, int code)
{
    char what[64];
    snprintf(what, sizeof what, "%s, %s fails%s", work->name, disk_verb_name(verb), forever ? " from then on" : "");
    const char *path = test_path("io.db");
    uint64_t before = content_of(pristine());
    for (int64_t level = 0;; level = next_level(level)) {
        remove_database(path);
        copy_file(pristine(), path);
        struct error why = {0};
        struct store *s = open_on_fault(path, &why);
        if (s == NULL)
            fail_msg("%s: %s", what, why.text);
        uint64_t answer = 1;
        disk_fail(verb, level, forever, code);
        bool ok = work->run(s, &answer, &why);
        int64_t refused = disk_restore();
        desk_close(s);
        if (!ok && why.code != ERR_IO && why.code != ERR_FULL)
            fail_msg("%s, level %lld: error %d \"%s\"", what, (long long)level, (int)why.code, why.text);
        if (!ok && code == SQLITE_FULL && why.code != ERR_FULL)
            fail_msg("%s, level %lld: not called full: \"%s\"", what, (long long)level, why.text);
        if (ok && (content_of(path) == before) == work->writes)
            fail_msg("%s, level %lld: done, but %s", what, (long long)level, work->writes ? "not there" : "changed something");
        if (!ok && content_of(path) != before)
            fail_msg("%s, level %lld: failed (%s), and changed something", what, (long long)level, why.text);
        must_be_sound(path, what, level);
        if (refused == 0)
            return;
    }
}

TEST(io_errors_in_every_verb)
{
    disk_restore();
    static const struct {
        enum disk_verb verb;
        int code;
    } rows[] = {{DISK_WRITE, SQLITE_IOERR_WRITE},
                {DISK_SYNC, SQLITE_IOERR_FSYNC},
                {DISK_READ, SQLITE_IOERR_READ},
                {DISK_TRUNCATE, SQLITE_IOERR_TRUNCATE},
                {DISK_OPEN, SQLITE_CANTOPEN}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int j = 0; j < works_count; j++) {
            sweep(&works[j], rows[i].verb, false, rows[i].code);
            sweep(&works[j], rows[i].verb, true, rows[i].code);
        }
}

TEST(io_disk_full_in_every_verb)
{
    disk_restore();
    for (int i = 0; i < works_count; i++)
        sweep(&works[i], DISK_WRITE, true, SQLITE_FULL);
}

TEST(io_room_again_and_it_goes_on)
{
    disk_restore();
    const char *path = test_path("room.db");
    copy_file(pristine(), path);
    struct error why = {0};
    struct store *s = open_on_fault(path, &why);
    assert_non_null(s);
    assert_done(draft_save(s, 1, STR("before"), 6, DESK_NOW, true, err));
    disk_fail(DISK_WRITE, 0, true, SQLITE_FULL);
    for (int i = 0; i < 20; i++)
        assert_refused(draft_save(s, 1, STR("while it is full"), 3, DESK_NOW + i, i % 2, err), ERR_FULL, "the disk is full");
    struct arena a = {0};
    struct card card;
    assert_done(card_load(s, 1, 0, DESK_NOW, 0, &a, &card, err)); /* reading goes on */
    assert_true(str_is(card.draft, "before"));
    disk_restore();
    assert_done(draft_save(s, 1, STR("there is room again"), 3, DESK_NOW + 30, true, err));
    arena_clear(&a);
    assert_done(card_load(s, 1, 0, DESK_NOW, 0, &a, &card, err));
    assert_true(str_is(card.draft, "there is room again"));
    arena_done(&a);
    desk_close(s);
    must_be_sound(path, "room again", 0);
}

TEST(io_errors_while_opening_and_making)
{
    disk_restore();
    const char *path = test_path("io-open.db");
    uint64_t before = content_of(pristine());
    static const int codes[DISK_VERB_COUNT_] = {
        [DISK_OPEN] = SQLITE_CANTOPEN,       [DISK_READ] = SQLITE_IOERR_READ,         [DISK_WRITE] = SQLITE_IOERR_WRITE,
        [DISK_SYNC] = SQLITE_IOERR_FSYNC,    [DISK_TRUNCATE] = SQLITE_IOERR_TRUNCATE, [DISK_DELETE] = SQLITE_IOERR_DELETE};
    for (enum disk_verb verb = 0; verb < DISK_VERB_COUNT_; verb++)
        for (int make = 0; make < 2; make++) {
            int64_t refused = 1;
            for (int64_t level = 0; refused != 0; level = next_level(level)) {
                remove_database(path);
                if (!make)
                    copy_file(pristine(), path);
                struct store_options options = desk_options;
                options.mode = make ? STORE_CREATE : STORE_WRITE;
                options.vfs = "fault";
                options.busy_ms = 20;
                options.zones = zone_table_new(NULL);
                struct error why = {0};
                disk_fail(verb, level, false, codes[verb]);
                struct store *s = store_open(path, &options, &why);
                store_close(s);
                refused = disk_restore();
                zone_table_free(options.zones);
                if (s == NULL && why.code != ERR_IO && why.code != ERR_DATA)
                    fail_msg("%s %s %lld: error %d \"%s\"", make ? "making" : "opening", disk_verb_name(verb), (long long)level,
                             (int)why.code, why.text);
                if (desk_files(test_dir(), "io-open.db.new") != 0)
                    fail_msg("%s %lld: half a file was left", disk_verb_name(verb), (long long)level);
                if (!make && content_of(path) != before)
                    fail_msg("opening, %s %lld: changed something", disk_verb_name(verb), (long long)level);
                if (access(path, F_OK) == 0)
                    must_be_sound(path, disk_verb_name(verb), level);
            }
        }
}

/* What lies on the disk after the last sync of each file: a power cut now. */
static const char *after_the_cut(const char *path)
{
    const char *cut = test_path("cut.db");
    remove_database(cut);
    struct buf from, to;
    buf_init(&from);
    buf_init(&to);
    static const char *const tails[] = {"", "-wal"};
    for (size_t i = 0; i < 2; i++) {
        buf_clear(&from);
        buf_clear(&to);
        buf_printf(&from, "%s%s.synced", path, tails[i]);
        buf_printf(&to, "%s%s", cut, tails[i]);
        if (access(from.at, F_OK) == 0)
            copy_file(from.at, to.at);
        else if (i == 0)
            copy_file(pristine(), to.at); /* never synced since: as it was opened */
    }
    buf_done(&from);
    buf_done(&to);
    return cut;
}

TEST(io_power_cut_loses_no_outcome)
{
    disk_restore();
    for (int i = 0; i < works_count; i++) {
        if (!works[i].writes)
            continue;
        const char *path = test_path("power.db");
        remove_database(path);
        copy_file(pristine(), path);
        disk_keep_synced(true);
        struct error why = {0};
        struct store *s = open_on_fault(path, &why);
        assert_non_null(s);
        assert_done(draft_save(s, 2, STR("typed before"), 5, DESK_NOW, false, err)); /* the verb's own sync takes it along */
        uint64_t answer = 1;
        if (!works[i].run(s, &answer, &why))
            fail_msg("%s: %s", works[i].name, why.text);
        const char *cut = after_the_cut(path);
        uint64_t after = content_of(path);
        disk_keep_synced(false);
        desk_close(s);
        /* what the contract calls durable, and an attempt before the first ring */
        static const char *const durable[] = {"draft", "call", "log", "never", "dead line", "callback", "suppress", "undo"};
        bool must = false;
        for (size_t j = 0; j < sizeof durable / sizeof durable[0]; j++)
            must = must || strcmp(durable[j], works[i].name) == 0;
        must_be_sound(cut, works[i].name, 0);
        if (must && content_of(cut) != after)
            fail_msg("%s: said to be durable, and a power cut took it", works[i].name);
    }
}
