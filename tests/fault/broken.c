/* SPDX-License-Identifier: MIT */
/*
 * Files that are not what they should be: a sentence, the right code, and no byte changes, neither of the file nor beside
 * it. Where SQLite can still open one, every verb ends in an answer or an error, never in a crash.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk.h"

enum { PAGE = 4096, HEADER = 100 };

static const char *folder_with(const char *name, const char *bytes, size_t len)
{
    static int number;
    char path[64];
    snprintf(path, sizeof path, "broken-%d", number);
    mkdir(test_path(path), 0755);
    snprintf(path, sizeof path, "broken-%d/%s", number++, name);
    const char *whole = test_path(path);
    test_write_file(whole, bytes, len);
    return whole;
}

/* SQLite cannot read a file in WAL mode without its -shm and -wal, and a reader must not remove them. An empty -wal says nothing. */
static int files_beside(const char *path, bool reader)
{
    char *folder = strdup(path);
    *strrchr(folder, '/') = '\0';
    int count = desk_files(folder, "") - 1;
    if (reader) {
        struct stat st;
        struct buf name;
        buf_init(&name);
        buf_printf(&name, "%s-shm", path);
        count -= stat(name.at, &st) == 0;
        buf_clear(&name);
        buf_printf(&name, "%s-wal", path);
        count -= stat(name.at, &st) == 0 && st.st_size == 0;
        buf_done(&name);
    }
    free(folder);
    return count;
}

static void must_be_untouched(const char *path, const char *bytes, size_t len, bool reader, const char *what)
{
    size_t now;
    char *after = test_read_file(path, &now);
    if (now != len || (len != 0 && memcmp(after, bytes, len) != 0))
        fail_msg("%s: the file changed", what);
    if (files_beside(path, reader) != 0)
        fail_msg("%s: something lies beside it", what);
}

static void must_be_a_sentence(const struct error *why, const char *what)
{
    const char *t = why->text;
    if (t[0] == '\0' || strchr(t, '\n') != NULL || t[strlen(t) - 1] == '.' || (t[0] >= 'A' && t[0] <= 'Z'))
        fail_msg("%s: no sentence of ours: \"%s\"", what, t);
}

/* Refused in every mode, with this code. */
static void refused(const char *what, const char *bytes, size_t len, enum error_code code, const char *part)
{
    for (enum store_mode mode = STORE_CREATE; mode <= STORE_READ; mode++) {
        const char *path = folder_with("calls.db", bytes, len);
        struct error why = {0};
        struct store *s = desk_open_as(path, mode, &why);
        if (s != NULL)
            fail_msg("%s: opened", what);
        if (why.code != code || strstr(why.text, part) == NULL)
            fail_msg("%s: error %d \"%s\"", what, (int)why.code, why.text);
        must_be_a_sentence(&why, what);
        must_be_untouched(path, bytes, len, mode == STORE_READ, what);
    }
}

TEST(broken_files_are_refused_unchanged)
{
    size_t len;
    char *good = test_read_file(pristine(), &len), *bytes = malloc(len);
    refused("0 bytes", "", 0, ERR_DATA, "is empty");
    refused("one byte", "x", 1, ERR_DATA, "no calldeck database");
    refused("a csv", "name,phone\r\nTom,+12065550100\r\n", 30, ERR_DATA, "no calldeck database");
    uint64_t seed = test_seed();
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)test_random(&seed);
    refused("garbage", bytes, len, ERR_DATA, "no calldeck database");
    memcpy(bytes, good, 16);
    refused("garbage behind a header", bytes, len, ERR_DATA, "");
    memset(bytes + 16, 0, len - 16);
    refused("zeros behind a header", bytes, len, ERR_DATA, "");
    memset(bytes, 0, len);
    refused("zeros", bytes, len, ERR_DATA, "no calldeck database");

    memcpy(bytes, good, len);
    bytes[63]++; /* user_version */
    refused("a newer version", bytes, len, ERR_DATA, "newer calldeck");
    bytes[60] = 0x7f;
    refused("a much newer version", bytes, len, ERR_DATA, "newer calldeck");
    memcpy(bytes, good, len);
    bytes[68] ^= 1; /* application_id */
    refused("another program's", bytes, len, ERR_DATA, "another program");
    free(bytes);
}

TEST(broken_short_files_are_refused_unchanged)
{
    size_t len;
    char *good = test_read_file(pristine(), &len);
    char what[64];
    for (size_t cut = 1; cut < len; cut = cut < HEADER + 8 ? cut + 9 : cut + len / 37) {
        snprintf(what, sizeof what, "cut at %zu", cut);
        refused(what, good, cut, ERR_DATA, "");
    }
    for (size_t page = PAGE; page < len; page += PAGE * 7) {
        snprintf(what, sizeof what, "cut at page %zu", page / PAGE);
        refused(what, good, page, ERR_DATA, "");
    }
    refused("without its last page", good, len - PAGE, ERR_DATA, "");
    refused("without its last byte", good, len - 1, ERR_DATA, "cut short");
}

/* Flipped bytes may or may not matter. A reader changes nothing in any case; nothing crashes, in reading or in writing. */
TEST(broken_bytes_never_crash)
{
    size_t len;
    char *good = test_read_file(pristine(), &len), *bytes = malloc(len);
    uint64_t seed = test_seed();
    for (int i = 0; i < 120; i++) {
        memcpy(bytes, good, len);
        size_t page = test_random(&seed) % (len / PAGE);
        for (int j = 0; j <= i % 4; j++) { /* mostly where it hurts: headers and cell pointers */
            size_t at = page * PAGE + test_random(&seed) % (i % 3 ? 64 : PAGE);
            bytes[at] ^= (char)(1 + test_random(&seed) % 255);
        }
        const char *path = folder_with("calls.db", bytes, len);
        for (int writing = 0; writing < 2; writing++) {
            struct error why = {0};
            struct store *s = desk_open_as(path, writing ? STORE_WRITE : STORE_READ, &why);
            if (s == NULL) {
                must_be_a_sentence(&why, "flipped");
                if (why.code != ERR_DATA && why.code != ERR_IO)
                    fail_msg("flipped: error %d \"%s\"", (int)why.code, why.text);
            }
            for (int j = 0; s != NULL && j < works_count; j++) {
                uint64_t answer = 1;
                why = (struct error){0};
                if ((writing || !works[j].writes) && strcmp(works[j].name, "backup") != 0 && !works[j].run(s, &answer, &why))
                    must_be_a_sentence(&why, works[j].name);
            }
            desk_close(s);
            if (!writing)
                must_be_untouched(path, bytes, len, true, "flipped");
        }
    }
    free(bytes);
}

TEST(broken_paths)
{
    struct error why = {0};
    assert_null(desk_open_as(test_path("nowhere.db"), STORE_WRITE, &why));
    assert_int_equal(why.code, ERR_NOT_FOUND);
    assert_null(desk_open_as(test_path("nowhere.db"), STORE_READ, &why));
    assert_int_equal(why.code, ERR_NOT_FOUND);
    assert_int_not_equal(access(test_path("nowhere.db"), F_OK), 0);
    mkdir(test_path("a-folder"), 0755);
    for (enum store_mode mode = STORE_CREATE; mode <= STORE_READ; mode++) {
        assert_null(desk_open_as(test_path("a-folder"), mode, &why));
        assert_int_equal(why.code, ERR_DATA);
        must_be_a_sentence(&why, "a folder");
    }
    test_write_file(test_path("a-file"), "x", 1);
    assert_null(desk_open_as(test_path("a-file/calls.db"), STORE_CREATE, &why));
    assert_int_equal(why.code, ERR_IO);
    must_be_a_sentence(&why, "under a file");
    symlink("itself", test_path("itself"));
    assert_null(desk_open_as(test_path("itself"), STORE_CREATE, &why));
    assert_int_equal(why.code, ERR_IO);
}

/* ---- not allowed to ---- */

static const char *child_case(const char *path, int file_mode, bool expect_open);

/* As somebody who is not root: a file or folder that cannot be written. Says what went wrong in one line, exit status 0 or 1. */
static void as_nobody(const char *what, int folder_mode, int file_mode, bool expect_open)
{
    size_t len;
    char *good = test_read_file(pristine(), &len);
    const char *path = folder_with("calls.db", good, len);
    char *folder = strdup(path);
    *strrchr(folder, '/') = '\0';
    chmod(test_dir(), 0711);
    fflush(NULL);
    bool root = getuid() == 0;
    if (root) { /* theirs, and still not to be written */
        assert_int_equal(chown(path, 65534, 65534), 0);
        assert_int_equal(chown(folder, 65534, 65534), 0);
    }
    assert_int_equal(chmod(path, (mode_t)file_mode), 0);
    assert_int_equal(chmod(folder, (mode_t)folder_mode), 0);
    pid_t pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        if (root && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        const char *fault = child_case(path, file_mode, expect_open);
        if (fault != NULL)
            fprintf(stderr, "%s: %s\n", what, fault);
        _exit(fault != NULL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    chmod(folder, 0755);
    chmod(path, 0644);
    if (status != 0)
        fail_msg("%s: see above", what);
    must_be_untouched(path, good, len, true, what);
    free(folder);
}

static const char *child_case(const char *path, int file_mode, bool expect_open)
{
    static struct error why;
    for (enum store_mode mode = STORE_CREATE; mode <= STORE_READ; mode++) {
        why = (struct error){0};
        struct store *s = desk_open_as(path, mode, &why);
        if (s == NULL) {
            if (expect_open)
                return why.text;
            if (why.code != ERR_IO || error_exit_status(why.code) != 74)
                return why.text[0] ? why.text : "no sentence";
            continue;
        }
        if (!expect_open)
            return "opened";
        if (!store_read_only(s))
            return "does not say that it is read-only";
        for (int i = 0; i < works_count; i++) {
            uint64_t answer = 1;
            why = (struct error){0};
            if (strcmp(works[i].name, "backup") == 0)
                continue;
            bool ok = works[i].run(s, &answer, &why);
            if (works[i].writes && (ok || why.code != ERR_IO || strstr(why.text, "read-only") == NULL))
                return ok ? "a verb wrote" : why.text;
            if (!works[i].writes && !ok)
                return why.text;
        }
        if (!store_snapshot(s, DESK_NOW, 7, &why)) /* a reader takes none, and does not complain */
            return why.text;
        desk_close(s);
    }
    (void)file_mode;
    return NULL;
}

TEST(broken_rights)
{
    as_nobody("a read-only file", 0755, 0444, true);
    as_nobody("a read-only file in a read-only folder", 0555, 0444, true);
    as_nobody("a file that cannot be read", 0755, 0000, false);
    as_nobody("a folder that cannot be entered", 0000, 0644, false);
}
