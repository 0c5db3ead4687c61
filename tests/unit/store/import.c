/* SPDX-License-Identifier: MIT */
/* Batches from below: what a process left behind, what a map that fails does, and a private copy. */
#include "desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calldeck/store_import.h"
/* the store's own */
#include "../../../src/store/import_parts.h"

static int64_t begin(struct store *s, const char *list)
{
    struct batch_row batch = {.list = str_of(list), .file = STR("leads.csv"), .format = STR("UTF-8, comma")};
    int64_t id = 0;
    assert_done(import_begin(s, &batch, DESK_NOW, &id, err));
    return id;
}

static void stage(struct store *s, int64_t batch, int64_t from, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        char raw[64];
        snprintf(raw, sizeof raw, "person %lld", (long long)(from + i));
        struct import_raw row = {.line = from + i, .raw = str_of(raw)};
        assert_done(import_stage(s, batch, &row, 1, err));
    }
}

/* A row is a name; "no" is no person, "io" is no fault of the file. */
static bool map_name(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a,
                     struct import_person *ret, void *user, struct error *err)
{
    (void)batch;
    (void)line;
    int *calls = user;
    if (calls != NULL)
        ++*calls;
    if (str_is(raw, "no"))
        return error_set(err, ERR_DATA, "no person");
    if (str_is(raw, "io"))
        return error_set(err, ERR_IO, "cannot open the phone module");
    ret->name = arena_str(a, raw);
    ret->row_hash = ret->name;
    ret->zone_source = "none";
    return true;
}

static struct import_progress apply_all(struct store *s, int64_t batch, size_t most)
{
    struct import_progress p = {0};
    while (!p.done)
        assert_done(import_apply(s, batch, map_name, NULL, most, DESK_NOW, &p, err));
    return p;
}

TEST(import_holder_is_this_process)
{
    struct buf self;
    buf_init(&self);
    holder_write(&self);
    assert_true(holder_lives(buf_str(&self)));
    buf_add_char(&self, '1'); /* another start: the pid came again */
    assert_false(holder_lives(buf_str(&self)));
    static const char *const dead[] = {"", "x", "::", "12345678:1:1", "boot:-1:5", "boot:99999999999999999999:5"};
    for (size_t i = 0; i < sizeof dead / sizeof dead[0]; i++)
        assert_false(holder_lives(str_of(dead[i])));
    buf_done(&self);
}

/* A process that began and died: its rows, its batch and its list go at the next open; a complete batch stays pending.
 */
TEST(import_of_a_dead_process_is_swept)
{
    const char *path = test_path("import-swept.db");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct store *s = desk_open(path);
        int64_t whole = begin(s, "whole"), half = begin(s, "half");
        stage(s, whole, 2, 3);
        stage(s, half, 2, 3);
        assert_done(import_complete(s, whole, DESK_NOW, err));
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct store *s = desk_open(path);
    struct arena a = {0};
    const struct list_row *lists;
    size_t count;
    assert_done(lists_load(s, &a, &lists, &count, err));
    assert_int_equal(count, 0); /* not seen before its people are */
    int64_t pending = 0;
    assert_done(import_pending(s, &pending, err));
    assert_int_equal(pending, 1);
    struct batch_row b;
    assert_refused(batch_load(s, 2, &a, &b, err), ERR_NOT_FOUND, "no import 2");
    struct import_progress p = apply_all(s, pending, 2);
    assert_int_equal(p.applied, 3);
    assert_int_equal(p.of, 3);
    assert_done(import_pending(s, &pending, err));
    assert_int_equal(pending, 0);
    assert_done(lists_load(s, &a, &lists, &count, err));
    assert_int_equal(count, 1);
    assert_true(str_is(lists[0].name, "whole"));
    arena_done(&a);
    desk_close(s);
}

/* Two imports into one new list: the first that is abandoned leaves the list to the other. */
TEST(import_list_goes_with_the_last_that_made_it)
{
    struct store *s = desk_open(test_path("import-heirs.db"));
    int64_t first = begin(s, "new"), second = begin(s, "New "), list;
    assert_done(import_abandon(s, first, err));
    assert_done(list_find_any(s, STR("new"), &list, err));
    assert_true(list != 0);
    assert_done(import_abandon(s, second, err));
    assert_done(list_find_any(s, STR("new"), &list, err));
    assert_int_equal(list, 0);
    assert_true(store_is_empty(s));
    assert_done(list_make(s, STR("kept"), DESK_NOW, &list, err));
    assert_done(import_abandon(s, begin(s, "kept"), err));
    assert_false(store_is_empty(s));
    desk_close(s);
}

/* A map that fails for its own reasons stops the slice, and nothing of it stays; later it goes on. */
TEST(import_apply_is_whole_or_not)
{
    struct store *s = desk_open(test_path("import-apply.db"));
    int64_t batch = begin(s, "leads");
    static const struct import_raw rows[] = {{.line = 2, .raw = {"Ann", 3}},
                                             {.line = 3, .raw = {"no", 2}},
                                             {.line = 4, .raw = {"cut", 3}, .refused = "a row of more than 2 MiB"},
                                             {.line = 5, .raw = {"io", 2}}};
    struct import_progress p = {0};
    assert_done(import_stage(s, batch, rows, 4, err));
    assert_refused(import_apply(s, batch, map_name, NULL, 10, DESK_NOW, &p, err), ERR_REFUSED, "not complete");
    assert_done(import_complete(s, batch, DESK_NOW, err));
    assert_done(import_abandon(s, batch, err)); /* what counts is not swept away */
    assert_refused(import_apply(s, batch, map_name, NULL, 10, DESK_NOW, &p, err), ERR_IO, "phone module");
    struct arena a = {0};
    struct batch_row b;
    assert_done(batch_load(s, batch, &a, &b, err));
    assert_int_equal(b.added, 0);
    assert_int_equal(b.rejected, 1); /* the reader's */
    assert_int_equal(b.rows, 4);
    int calls = 0;
    assert_done(import_apply(s, batch, map_name, &calls, 2, DESK_NOW, &p, err));
    assert_int_equal(calls, 2);
    assert_int_equal(p.applied, 3);
    assert_false(p.done);
    assert_done(batch_load(s, batch, &a, &b, err));
    assert_int_equal(b.added, 1);
    assert_int_equal(b.rejected, 2);
    struct revert_result r;
    assert_refused(batch_revert(s, batch, DESK_NOW, NULL, NULL, &r, err), ERR_REFUSED, "not wholly");
    assert_refused(batch_redo(s, batch, STR(""), STR(""), DESK_NOW, err), ERR_REFUSED, "not wholly");
    arena_done(&a);
    desk_close(s);
}

TEST(import_mapping_is_remembered_by_signature)
{
    struct store *s = desk_open(test_path("import-mapping.db"));
    struct arena a = {0};
    struct str text = STR("?");
    assert_done(mapping_recall(s, STR("00ff"), &a, &text, err));
    assert_int_equal(text.len, 0);
    assert_done(mapping_remember(s, STR("00ff"), STR("name,phone"), err));
    assert_done(mapping_remember(s, STR("00ff"), STR("name,mail"), err));
    assert_done(mapping_recall(s, STR("00ff"), &a, &text, err));
    assert_true(str_is(text, "name,mail"));
    arena_done(&a);
    desk_close(s);
}

/* The copy has the same people, goes its own way, and leaves no file. */
TEST(import_copy_is_private)
{
    struct store *s = desk_open(test_path("import-original.db"));
    struct error no = {0};
    desk_add(s, "leads", (struct desk_person){.name = "Ann Lee", .phone = "+12125550142"});
    struct store *copy = store_copy(s, test_dir(), NULL, &no);
    assert_non_null(copy);
    assert_int_equal(desk_files(test_dir(), "calldeck-copy-"), 0); /* not even while it is open: this process may be killed */
    desk_add(copy, "leads", (struct desk_person){.name = "Bob Day", .phone = "+12125550143"});
    struct queue_count here, there;
    assert_done(queue_count(s, 0, DESK_NOW, false, &here, err));
    assert_done(queue_count(copy, 0, DESK_NOW, false, &there, err));
    assert_int_equal(here.total, 1);
    assert_int_equal(there.total, 2);
    store_close_copy(copy);
    store_close_copy(NULL);
    assert_int_equal(desk_files(test_dir(), "calldeck-copy-"), 0);
    char dead[300], alive[300];
    snprintf(dead, sizeof dead, "%s/calldeck-copy-2147483646-aBcDeF", test_dir()); /* no pid reaches that */
    snprintf(alive, sizeof alive, "%s/calldeck-copy-%ld-aBcDeF", test_dir(), (long)getpid());
    test_write_file(dead, "", 0);
    test_write_file(alive, "", 0);
    store_close_copy(store_copy(s, test_dir(), NULL, &no));
    assert_int_not_equal(access(dead, F_OK), 0);
    assert_int_equal(access(alive, F_OK), 0);
    unlink(alive);
    assert_null(store_copy(s, "/nowhere", NULL, &no));
    assert_int_equal(no.code, ERR_IO);
    desk_close(s);
}

/* What was staged of a big file is air in the database when the file is let go of. */
TEST(import_abandoned_gives_its_space_back)
{
    const char *path = test_path("import-air.db");
    struct store *s = desk_open(path);
    desk_add(s, "leads", (struct desk_person){.name = "Ann Lee", .phone = "+12125550142"});
    int64_t batch = begin(s, "big");
    char *raw = malloc(100000);
    memset(raw, 'x', 100000);
    for (int i = 1; i <= 100; i++) {
        struct import_raw row = {.line = i, .raw = str_make(raw, 100000)};
        assert_done(import_stage(s, batch, &row, 1, err));
    }
    free(raw);
    assert_done(import_abandon(s, batch, err));
    struct desk_lines lines = {.count = 0};
    assert_done(store_check(s, desk_line, &lines, err));
    desk_close(s);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size < 2000000);
}
