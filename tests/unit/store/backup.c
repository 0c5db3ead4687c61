/* SPDX-License-Identifier: MIT */
/* Copies: whole, sound, private, never over another file. Snapshots: one a day, ours alone go. Folders that eat databases. */
#include "../../../src/store/db.h"
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../../src/store/folder.h"

static struct store *office(const char *path)
{
    struct store *s = desk_open(path);
    desk_add(s, "spring", (struct desk_person){"Layla Haddad", "Nour Trading", "+966501234567", "layla@nour.example"});
    desk_add(s, "spring", (struct desk_person){"Tom Okafor", "Brightline", "+12065550100", NULL});
    desk_log(s, 1, "interested", DESK_NOW, "send prices");
    return s;
}

static int64_t people_in(const char *path)
{
    struct error why = {0};
    struct store *s = desk_open_as(path, STORE_READ, &why);
    if (s == NULL)
        fail_msg("%s: %s", path, why.text);
    struct arena a = {0};
    const struct list_row *lists;
    size_t count;
    assert_done(lists_load(s, &a, &lists, &count, err));
    int64_t members = count ? lists[0].members : 0;
    assert_done(store_check(s, NULL, NULL, err));
    arena_done(&a);
    desk_close(s);
    return members;
}

TEST(backup_is_whole_private_and_one_file)
{
    const char *path = test_path("of.db"), *copy = test_path("copy.db");
    struct store *s = office(path);
    assert_done(store_backup(s, copy, err));
    struct stat st;
    assert_int_equal(stat(copy, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(desk_files(test_dir(), "copy.db"), 1); /* no -wal, no part */
    assert_int_equal(people_in(copy), 2);
    desk_add(s, "spring", (struct desk_person){"Ana Souza", NULL, NULL, NULL}); /* the original goes on alone */
    desk_close(s);
    assert_int_equal(people_in(copy), 2);
    assert_int_equal(people_in(path), 3);
}

TEST(backup_sees_what_is_only_in_the_wal)
{
    const char *path = test_path("wal.db"), *copy = test_path("wal-copy.db");
    struct store *s = office(path);
    char *wal = test_read_file(test_path("wal.db-wal"), NULL);
    assert_non_null(wal);
    struct error why = {0};
    struct store *other = desk_open_as(path, STORE_READ, &why); /* a reader may back up, too */
    assert_non_null(other);
    assert_done(store_backup(other, copy, err));
    desk_close(other);
    desk_close(s);
    assert_int_equal(people_in(copy), 2);
}

TEST(backup_never_overwrites)
{
    const char *path = test_path("keep.db"), *there = test_path("there.txt");
    struct store *s = office(path);
    test_write_file(there, "mine", 4);
    assert_refused(store_backup(s, there, err), ERR_REFUSED, "there is already a file");
    assert_string_equal(test_read_file(there, NULL), "mine");
    assert_refused(store_backup(s, path, err), ERR_REFUSED, "there is already a file"); /* itself */
    assert_refused(store_backup(s, test_dir(), err), ERR_REFUSED, "there is already");
    const char *dangling = test_path("dangling");
    assert_int_equal(symlink("nowhere.db", dangling), 0);
    assert_refused(store_backup(s, dangling, err), ERR_REFUSED, "there is already a file");
    assert_refused(store_backup(s, test_path("no/such/folder/x.db"), err), ERR_IO, "No such file");
    assert_refused(store_backup(s, "", err), ERR_USAGE, "no file is named");
    assert_int_equal(desk_files(test_dir(), "there.txt."), 0);
    desk_close(s);
    assert_int_equal(people_in(path), 2);
}

/* A byte in the middle of a page of a table. */
static void damage(const char *path)
{
    size_t len;
    char *bytes = test_read_file(path, &len);
    for (size_t at = 4096; at + 4096 <= len; at += 4096)
        if (bytes[at] == 0x0d || bytes[at] == 0x0a)
            memset(bytes + at + 3, 0xff, 2); /* more cells than fit */
    test_write_file(path, bytes, len);
}

TEST(backup_of_a_damaged_file_is_refused)
{
    const char *path = test_path("hurt.db"), *copy = test_path("hurt-copy.db");
    desk_close(office(path));
    const char *sound = test_path("hurt-sound.db");
    struct store *s = desk_open(path);
    assert_done(store_backup(s, sound, err));
    desk_close(s);
    damage(path);
    struct error why = {0};
    s = desk_open_as(path, STORE_READ, &why);
    if (s == NULL) { /* found at once: fine as well */
        assert_int_equal(why.code, ERR_DATA);
        return;
    }
    assert_refused(store_backup(s, copy, err), ERR_DATA, "damaged");
    assert_int_equal(desk_files(test_dir(), "hurt-copy.db"), 0);
    desk_close(s);
}

static int snapshots(const char *path)
{
    struct buf folder;
    buf_init(&folder);
    buf_printf(&folder, "%s.snapshots", path);
    int count = desk_files(folder.at, "");
    buf_done(&folder);
    return count;
}

static const char *in_snapshots(const char *path, const char *name)
{
    struct buf b;
    buf_init(&b);
    buf_printf(&b, "%s.snapshots/%s", strrchr(path, '/') + 1, name);
    const char *kept = test_path(b.at);
    buf_done(&b);
    return kept;
}

TEST(snapshot_one_a_day_and_so_many)
{
    const char *path = test_path("day.db");
    struct store *s = office(path);
    assert_done(store_snapshot(s, DESK_NOW, 0, err)); /* off */
    assert_int_equal(snapshots(path), 0);
    for (int day = 0; day < 5; day++) {
        assert_done(store_snapshot(s, DESK_NOW + day * DAY_S, 3, err));
        assert_done(store_snapshot(s, DESK_NOW + day * DAY_S + HOUR_S, 3, err)); /* there is one */
        assert_int_equal(snapshots(path), day < 3 ? day + 1 : 3);
    }
    struct stat st;
    assert_int_equal(stat(in_snapshots(path, "2026-11-27.db"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(in_snapshots(path, "."), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_not_equal(stat(in_snapshots(path, "2026-11-24.db"), &st), 0);
    desk_close(s);
    assert_int_equal(people_in(in_snapshots(path, "2026-11-25.db")), 2);
}

/* In steps, while people are worked: the copy is whole and of one state; a half one leaves nothing. */
TEST(snapshot_in_steps)
{
    const char *path = test_path("steps.db");
    struct store *s = office(path);
    bool more = true;
    int steps = 0;
    assert_done(store_snapshot_step(s, DESK_NOW, 3, &more, err));
    assert_true(more);
    assert_true(snapshots(path) > 0); /* its part */
    desk_close(s);
    assert_int_equal(snapshots(path), 0);
    s = desk_open(path);
    for (more = true; more; steps++) {
        assert_done(store_snapshot_step(s, DESK_NOW, 3, &more, err));
        if (steps == 0)
            desk_add(s, "spring", (struct desk_person){"Ana Souza", "Lumen", "+14155550123", NULL});
    }
    assert_true(steps > 10);
    assert_int_equal(snapshots(path), 1);
    assert_int_equal(people_in(in_snapshots(path, "2026-11-23.db")), 2); /* as it was when its last page was copied */
    desk_close(s);
}

static bool somebody_waits(void *user)
{
    int *left = user;
    return *left > 0 && (*left)-- > 0;
}

/* A key breaks off the check of a table, which is done again when nobody waits; who never rests gets a snapshot all the same. */
TEST(snapshot_makes_no_key_wait)
{
    static const int keys[] = {3, 1000000};
    for (int i = 0; i < 2; i++) {
        const char *path = test_path(i == 0 ? "hurry.db" : "never-rests.db");
        struct store *s = office(path);
        assert_int_equal(sqlite3_exec(s->db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                                             " INSERT INTO meta (key, value) SELECT 'k' || i, i FROM n", NULL, NULL, NULL), SQLITE_OK);
        int left = keys[i], quiet_steps = 0, steps = 0;
        bool more = true;
        store_set_hurry(s, somebody_waits, &left);
        for (more = true; more; steps++)
            assert_done(store_snapshot_step(s, DESK_NOW, 3, &more, err));
        assert_true(left < keys[i]);
        assert_int_equal(snapshots(path), 1);
        assert_done(store_snapshot_step(s, DESK_NOW, 3, &more, err));
        store_set_hurry(s, NULL, NULL);
        for (more = true; more; quiet_steps++)
            assert_done(store_snapshot_step(s, DESK_NOW + DAY_S, 3, &more, err));
        assert_true(steps > quiet_steps);
        desk_close(s);
    }
}

TEST(snapshot_leaves_what_is_not_ours)
{
    const char *path = test_path("mixed.db");
    struct store *s = office(path);
    assert_done(store_snapshot(s, DESK_NOW, 1, err));
    static const char *const others[] = {"2026-11-22.db.bak", "2026-13-22.db", "notes.txt", "2026-11-2.db", "x2026-11-22.db",
                                         "2026-11-22.db-wal"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        test_write_file(in_snapshots(path, others[i]), "x", 1);
    test_write_file(in_snapshots(path, "2026-11-22.db"), "x", 1);
    assert_done(store_snapshot(s, DESK_NOW + DAY_S, 1, err));
    assert_int_equal(snapshots(path), 7);
    struct stat st;
    assert_int_equal(stat(in_snapshots(path, "2026-11-24.db"), &st), 0);
    assert_int_not_equal(stat(in_snapshots(path, "2026-11-23.db"), &st), 0);
    desk_close(s);
}

TEST(snapshot_that_fails_costs_no_old_one)
{
    const char *path = test_path("full.db");
    struct store *s = office(path);
    assert_done(store_snapshot(s, DESK_NOW, 1, err));
    assert_int_equal(mkdir(in_snapshots(path, "2026-11-24.db.d"), 0700), 0);
    /* what stands where the folder should be */
    const char *blocked = test_path("blocked.db");
    struct store *t = office(blocked);
    test_write_file(test_path("blocked.db.snapshots"), "x", 1);
    assert_refused(store_snapshot(t, DESK_NOW, 7, err), ERR_IO, "no snapshot of today");
    desk_close(t);
    desk_close(s);
    damage(path);
    struct error why = {0};
    s = desk_open_as(path, STORE_WRITE, &why);
    if (s != NULL) {
        assert_refused(store_snapshot(s, DESK_NOW + DAY_S, 1, err), ERR_DATA, "no snapshot of today");
        desk_close(s);
    }
    assert_int_equal(people_in(in_snapshots(path, "2026-11-23.db")), 2);
}

TEST(folder_names_that_are_synced)
{
    static const struct {
        const char *path, *name;
    } rows[] = {
        {"/people/dana/Dropbox/calls.db", "Dropbox"},
        {"/people/dana/Dropbox (Nour)/x/calls.db", "Dropbox"},
        {"/people/dana/OneDrive - Nour Trading/calls.db", "OneDrive"},
        {"/people/dana/Google Drive/calls.db", "Google Drive"},
        {"/people/dana/Nextcloud/calls.db", "Nextcloud"},
        {"/people/dana/pCloudDrive/calls.db", "pCloud"},
        {"/people/dana/Library/Mobile Documents/x/calls.db", "iCloud"},
        {"/people/dana/Syncthing/calls.db", "Syncthing"},
        {"/people/dana/.local/share/calldeck/calldeck.db", NULL},
        {"/people/dana/dropboxes/calls.db", NULL},
        {"/people/dana/my Dropbox/calls.db", NULL},
        {"/", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *name = folder_synced(rows[i].path);
        if (rows[i].name == NULL ? name != NULL : name == NULL || strcmp(name, rows[i].name) != 0)
            fail_msg("%s: %s", rows[i].path, name ? name : "nobody");
    }
}

TEST(folder_file_systems)
{
    assert_string_equal(folder_network(0x6969), "NFS");
    assert_string_equal(folder_network(0xff534d42), "SMB");
    assert_string_equal(folder_network((unsigned long)(long)(int)0xfe534d42), "SMB"); /* a signed f_type */
    assert_null(folder_network(0xef53)); /* ext4 */
    assert_null(folder_network(0x01021994)); /* tmpfs */
    static const char mounts[] = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
                                 "30 21 0:40 / /net/crm rw shared:2 master:1 - fuse.sshfs dana@host:/ rw\n"
                                 "31 21 0:41 / /net/usb\\040stick rw - fuseblk /dev/sdb1 rw\n"
                                 "32 30 0:42 / /net/crm/deep rw - tmpfs tmpfs rw\n"
                                 "broken line\n"
                                 "33 21 0:43 / /net/x\\04 rw";
    static const struct {
        const char *path, *type;
    } rows[] = {
        {"/people/dana", "ext4"},       {"/net/crm", "fuse.sshfs"},      {"/net/crm/a/b", "fuse.sshfs"}, {"/net/crmx", "ext4"},
        {"/net/usb stick/x", "fuseblk"}, {"/net/crm/deep/x", "tmpfs"}, {"/", "ext4"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf type;
        buf_init(&type);
        assert_true(folder_mount_type(str_of(mounts), rows[i].path, &type));
        if (strcmp(type.at, rows[i].type) != 0)
            fail_msg("%s: %s, expected %s", rows[i].path, type.at, rows[i].type);
        buf_done(&type);
    }
}

TEST(place_warning_looks_at_the_folder_that_is_there)
{
    struct buf said;
    buf_init(&said);
    assert_false(store_place_warning(test_path("plain/new/calls.db"), &said));
    assert_int_equal(said.len, 0);
    assert_int_equal(mkdir(test_path("shared"), 0700), 0);
    assert_int_equal(mkdir(test_path("shared/deep"), 0700), 0);
    assert_false(store_place_warning(test_path("shared/deep/calls.db"), &said));
    assert_int_equal(mkdir(test_path("shared/.stfolder"), 0700), 0);
    assert_true(store_place_warning(test_path("shared/deep/calls.db"), &said));
    assert_non_null(strstr(said.at, "Syncthing"));
    buf_clear(&said);
    assert_int_equal(mkdir(test_path("Dropbox"), 0700), 0); /* through a link, too */
    assert_int_equal(symlink(test_path("Dropbox"), test_path("plain-link")), 0);
    assert_true(store_place_warning(test_path("plain-link/calls.db"), &said));
    assert_non_null(strstr(said.at, "Dropbox"));
    buf_done(&said);
}
