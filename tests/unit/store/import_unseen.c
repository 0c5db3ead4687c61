/* SPDX-License-Identifier: MIT */
/* Whom a file adds is seen by nobody until all of it is there: by a second window, and after a death in the middle. */
#include "desk.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calldeck/store_import.h"

enum { ROWS = 40, OLD = 3 };

/* A row is its number: a person in London with a number and a mail of their own. Row 1 is Ann, who is there already;
 * "no" is for whoever sets *user nobody yet. */
static bool map_row(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a, struct import_person *ret,
                    void *user, struct error *err)
{
    (void)batch;
    const bool *all = user;
    if (str_is(raw, "no") && !*all)
        return error_set(err, ERR_DATA, "no person");
    bool ann = line == 1;
    ret->name = ann ? STR("Ann Old") : arena_printf(a, "New Person%lld", (long long)line);
    ret->mails[ret->mails_count++] = ann ? STR("ann@old.example") : arena_printf(a, "p%lld@new.example", (long long)line);
    struct str e164 = arena_printf(a, "+44207946%04lld", (long long)line);
    ret->phones[ret->phones_count++].number = (struct new_phone){.e164 = e164, .national = e164, .region = STR("GB"), .type = STR("fixed")};
    ret->zones = STR("Europe/London");
    ret->zone_source = "column";
    ret->note = arena_printf(a, "met at fair %lld", (long long)line);
    return true;
}

static int64_t stage(struct store *s, const char *list, int skip)
{
    struct batch_row batch = {.list = str_of(list), .file = STR("leads.csv"), .format = STR("UTF-8, comma")};
    int64_t id = 0;
    assert_done(import_begin(s, &batch, DESK_NOW, &id, err));
    for (int i = 1; i <= ROWS; i++) {
        struct import_raw row = {.line = i, .raw = skip != 0 && i % skip == 0 ? STR("no") : STR("yes")};
        assert_done(import_stage(s, id, &row, 1, err));
    }
    assert_done(import_complete(s, id, DESK_NOW, err));
    return id;
}

/* ---- what can be seen ---- */

struct sight {
    int64_t queue, counted, members, exported, notes, found, cards, lists, tally;
};

static bool count_card(const struct card *card, void *user)
{
    (void)card;
    ++*(int64_t *)user;
    return true;
}

static bool count_touch(const struct export_touch *row, void *user)
{
    (void)row;
    ++*(int64_t *)user;
    return true;
}

static struct sight look(struct store *s)
{
    struct arena a = {0};
    struct sight v = {0};
    struct queue_count counts;
    const struct queue_row *rows;
    const struct list_row *lists;
    const struct found *found;
    size_t count;
    assert_done(queue_head(s, 0, DESK_NOW, 1000, &a, &rows, &count, err));
    v.queue = (int64_t)count;
    assert_done(queue_count(s, 0, DESK_NOW, true, &counts, err));
    v.counted = counts.total;
    v.tally = counts.by_state[STATE_READY];
    assert_done(lists_load(s, &a, &lists, &count, err));
    v.lists = (int64_t)count;
    for (size_t i = 0; i < count; i++)
        v.members += lists[i].members;
    assert_done(export_cards(s, 0, count_card, &v.exported, err));
    assert_done(export_touches(s, 0, AT_MIN, count_touch, &v.notes, err));
    static const char *const words[] = {"new", "New Person7", "p7@new", "02079460007", "fair"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        assert_done(search_run(s, str_of(words[i]), 100, &a, &found, &count, err));
        for (size_t j = 0; j < count; j++)
            v.found += str_starts(found[j].name, "New");
    }
    for (int64_t id = 1; id <= ROWS + OLD; id++) {
        struct card card;
        struct error err = {0};
        v.cards += card_load(s, id, 0, DESK_NOW, 0, &a, &card, &err);
    }
    arena_done(&a);
    return v;
}

static struct sight all_or_none(const char *path)
{
    struct error why = {0};
    struct store *reader = desk_open_as(path, STORE_READ, &why);
    if (reader == NULL)
        fail_msg("%s", why.text);
    struct sight v = look(reader);
    desk_close(reader);
    return v;
}

static void assert_none(struct sight v)
{
    assert_int_equal(v.counted, OLD);
    assert_int_equal(v.queue, OLD);
    assert_int_equal(v.tally, OLD);
    assert_int_equal(v.members, OLD);
    assert_int_equal(v.exported, OLD);
    assert_in_range(v.notes, 0, 1); /* Ann's */
    assert_int_equal(v.found, 0);
    assert_int_equal(v.cards, OLD);
    assert_int_equal(v.lists, 1);
}

static void fill_old(struct store *s)
{
    static const struct desk_person old[OLD] = {{"Ann Old", "", "+442079469001", "ann@old.example"},
                                                {"Bob Old", "", "+442079469002", "bob@old.example"},
                                                {"Cyd Old", "", "+442079469003", "cyd@old.example"}};
    for (int i = 0; i < OLD; i++) {
        int64_t id = desk_add(s, "old", old[i]);
        assert_done(prospect_set_zone(s, id, STR("Europe/London"), AT_NONE, DESK_NOW, err));
    }
}

static void apply_some(struct store *s, int64_t batch, bool all, bool *ret_done)
{
    struct import_progress p = {0};
    assert_done(import_apply(s, batch, map_row, &all, 7, DESK_NOW, &p, err));
    *ret_done = p.done;
}

TEST(import_is_seen_all_at_once)
{
    const char *path = test_path("unseen.db");
    struct store *s = desk_open(path);
    fill_old(s);
    int64_t batch = stage(s, "fresh", 0);
    assert_none(all_or_none(path));
    bool done = false;
    for (;;) {
        apply_some(s, batch, true, &done);
        if (done)
            break;
        assert_none(all_or_none(path));
        assert_none(look(s));
        struct error none = {0};
        int64_t list = 0;
        assert_false(list_find(s, STR("fresh"), &list, &none));
        struct desk_lines lines = {0};
        assert_done(store_check(s, desk_line, &lines, err));
    }
    struct sight v = all_or_none(path);
    assert_int_equal(v.counted, OLD + ROWS - 1);
    assert_int_equal(v.queue, OLD + ROWS - 1);
    assert_int_equal(v.members, OLD + ROWS); /* Ann is in both */
    assert_int_equal(v.exported, OLD + ROWS - 1);
    assert_int_equal(v.notes, ROWS);
    assert_true(v.found > ROWS);
    assert_int_equal(v.cards, OLD + ROWS - 1);
    assert_int_equal(v.lists, 2);
    struct desk_lines lines = {0};
    assert_done(store_check(s, desk_line, &lines, err));
    desk_close(s);
}

/* Read again, a file may bring people that it did not bring before: they too come all at once, and nobody goes meanwhile. */
TEST(import_redo_adds_all_at_once)
{
    const char *path = test_path("unseen-redo.db");
    struct store *s = desk_open(path);
    fill_old(s);
    int64_t batch = stage(s, "fresh", 4);
    bool done = false;
    while (!done)
        apply_some(s, batch, false, &done);
    struct sight before = all_or_none(path);
    assert_int_equal(before.counted, OLD + ROWS - 1 - ROWS / 4);
    assert_done(batch_redo(s, batch, STR(""), STR(""), DESK_NOW, err));
    for (done = false; !done;) {
        struct sight now = all_or_none(path);
        assert_int_equal(now.counted, before.counted);
        assert_int_equal(now.queue, before.queue);
        assert_int_equal(now.exported, before.exported);
        assert_int_equal(now.lists, 2);
        apply_some(s, batch, true, &done);
    }
    assert_int_equal(all_or_none(path).counted, OLD + ROWS - 1);
    struct desk_lines lines = {0};
    assert_done(store_check(s, desk_line, &lines, err));
    desk_close(s);
}

TEST(import_killed_midway_is_none_and_then_all)
{
    const char *path = test_path("unseen-killed.db");
    struct store *s = desk_open(path);
    fill_old(s);
    desk_close(s);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct store *mine = desk_open(path);
        int64_t batch = stage(mine, "fresh", 0);
        bool done;
        apply_some(mine, batch, true, &done);
        apply_some(mine, batch, true, &done);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_none(all_or_none(path));
    s = desk_open(path);
    assert_none(look(s));
    int64_t pending = 0;
    assert_done(import_pending(s, &pending, err));
    assert_int_equal(pending, 1);
    bool done = false;
    while (!done)
        apply_some(s, pending, true, &done);
    assert_int_equal(all_or_none(path).queue, OLD + ROWS - 1);
    desk_close(s);
}
