/* SPDX-License-Identifier: MIT */
/* Taken back, read again, tried, and cut off in the middle. */
#include "import_desk.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

struct kept {
    char text[8][256];
    size_t count;
};

static void keep_line(const char *line, void *user)
{
    struct kept *k = user;
    if (k->count < 8)
        snprintf(k->text[k->count++], sizeof k->text[0], "%s", line);
}

static bool kept_said(const struct kept *k, const char *name, const char *why)
{
    for (size_t i = 0; i < k->count; i++)
        if (strstr(k->text[i], name) != NULL && strstr(k->text[i], why) != NULL)
            return true;
    return false;
}

static struct revert_result revert(struct import_desk *d, int64_t batch, struct kept *kept)
{
    struct revert_result r = {0};
    *kept = (struct kept){.count = 0};
    must(batch_revert(d->store, batch, DESK_NOW, keep_line, kept, &r, err));
    must(store_check(d->store, keep_line, kept, err));
    return r;
}

TEST(import_revert_leaves_nothing_behind)
{
    struct import_desk d;
    struct arena a = {0};
    struct kept kept;
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    import_desk_open(&d, "revert.db", "US");
    const char *file = DATA("exports/google-contacts-2024.csv"); /* has notes */
    import_must(&d, file);
    everybody(&d, &first);
    struct revert_result r = revert(&d, d.report.batch, &kept);
    assert_int_equal(r.removed, 40);
    assert_int_equal(r.kept, 0);
    assert_int_equal(people_count(&d), 0);
    struct revert_result again;
    struct error refused = {0};
    assert_false(batch_revert(d.store, d.report.batch, DESK_NOW, NULL, NULL, &again, &refused));
    assert_int_equal(refused.code, ERR_REFUSED);
    /* As if it had never been: the same file makes the same people. */
    import_must(&d, file);
    assert_counts(&d, 40, 40, 0, 0, 0);
    everybody(&d, &second);
    assert_string_equal(first.at, second.at);
    buf_done(&first);
    buf_done(&second);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_revert_keeps_and_names_who_was_worked)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    struct kept kept;
    import_desk_open(&d, "worked.db", "US");
    import_text(&d, "Record ID,Name,Phone,Do Not Call\n"
                    "1,Called,+12125550142,\n2,Edited,+12125550143,\n3,Drafted,+12125550144,\n4,Bound,+12125550145,1\n"
                    "5,Undone,+12125550146,\n6,Skipped,+12125550147,\n7,Plain,+12125550148,\n8,Held,+12125550149,\n");
    int64_t batch = d.report.batch;
    log_outcome(&d, person_of(&d, "Called"), "no-answer");
    must(prospect_edit(d.store, person_of(&d, "Edited"), STR("title"), STR("CEO"), DESK_NOW, err));
    must(draft_save(d.store, person_of(&d, "Drafted"), STR("he said"), 7, DESK_NOW, false, err));
    log_outcome(&d, person_of(&d, "Undone"), "no-answer");
    struct undone u;
    must(undo_last(d.store, false, DESK_NOW, DESK_NOW, &a, &u, err));
    bool to_review;
    must(prospect_skip(d.store, person_of(&d, "Skipped"), STR("later"), DESK_NOW, &to_review, err));
    must(claim_take(d.store, person_of(&d, "Held"), DESK_NOW, DESK_NOW + 600, err));
    int64_t bound = person_of(&d, "Bound");

    struct revert_result r = revert(&d, batch, &kept);
    assert_int_equal(r.removed, 1);
    assert_int_equal(r.kept, 7);
    static const char *const worked[] = {"Called", "Edited", "Undone", "Skipped"};
    for (size_t i = 0; i < 4; i++)
        assert_true(kept_said(&kept, worked[i], "already worked"));
    assert_true(kept_said(&kept, "Drafted", "a note is being written"));
    assert_true(kept_said(&kept, "Held", "on somebody's screen"));
    assert_true(kept_said(&kept, "Bound", "must not be called"));
    assert_int_equal(people_count(&d), 6); /* who must not be called is known, and in no list */
    card_of(&d, bound, &a, &c);
    assert_true(c.suppressed);
    assert_int_equal(c.members_count, 0);
    /* Whoever comes with another file is known to be bound. */
    import_text(&d, "Name,Phone\nBound,+12125550145\n");
    card_of(&d, bound, &a, &c);
    assert_true(c.suppressed);
    assert_int_equal(c.members[0].state, STATE_SUPPRESSED);
    arena_done(&a);
    import_desk_close(&d);
}

TEST(import_revert_gives_old_values_back)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    struct kept kept;
    struct buf before, after;
    buf_init(&before);
    buf_init(&after);
    import_desk_open(&d, "restore.db", "US");
    import_text(&d, "Record ID,Name,Title,City,Company,Country,Phone,Colour\n"
                    "1,Ann Lee,CTO,Austin,Acme,United States,+12125550142,red\n"
                    "2,Bob Day,CTO,Austin,Acme,United States,+12125550143,red\n");
    everybody(&d, &before);
    import_text(&d, "Record ID,Name,Title,City,Company,Country,Phone,Colour,Email,Notes,Size\n"
                    "1,Anna Lee,CEO,Dallas,Initech,Germany,+13125550107,blue,ann@example.com,new note,9\n"
                    "2,Bob Day,CEO,Dallas,Initech,Germany,+13125550108,blue,bob@example.com,new note,9\n"
                    "3,Cat Orr,CEO,Dallas,Initech,Germany,+13125550109,blue,cat@example.com,new note,9\n");
    assert_counts(&d, 3, 1, 2, 0, 0);
    int64_t bob = person_of(&d, "Bob");
    must(prospect_edit(d.store, bob, STR("title"), STR("President"), DESK_NOW, err));
    struct revert_result r = revert(&d, d.report.batch, &kept);
    assert_int_equal(r.removed, 1);
    assert_int_equal(r.restored, 2);
    card_of(&d, bob, &a, &c);
    assert_str(c.title, "President"); /* a person's, and not the batch's to take back */
    assert_str(c.city, "Austin");
    struct undone u;
    must(undo_last(d.store, false, DESK_NOW, DESK_NOW, &a, &u, err));
    card_of(&d, bob, &a, &c);
    assert_str(c.title, "CEO");
    must(prospect_edit(d.store, bob, STR("title"), STR("CTO"), DESK_NOW, err));
    everybody(&d, &after);
    assert_string_equal(before.at, after.at);
    buf_done(&before);
    buf_done(&after);
    arena_done(&a);
    import_desk_close(&d);
}

/* Two files with the same people, taken back in either order: nobody stays, nobody goes too early. */
TEST(import_revert_of_two_files)
{
    for (int order = 0; order < 2; order++) {
        struct import_desk d;
        struct kept kept;
        import_desk_open(&d, "two.db", "US");
        import_text(&d, "Name,Phone\nBob,+12125550142\n");
        int64_t first = d.report.batch;
        struct import_options o = import_desk_options(&d, test_path("leads.csv"));
        o.list = "other";
        must(import_run(&d, &o, err));
        int64_t second = d.report.batch;
        revert(&d, order ? second : first, &kept);
        assert_int_equal(people_count(&d), 1);
        if (!order)
            assert_true(kept_said(&kept, "kept 1", "has them too"));
        revert(&d, order ? first : second, &kept);
        assert_int_equal(people_count(&d), 0);
        import_desk_close(&d);
    }
}

/* ---- again ---- */

TEST(import_redo_with_another_country_and_mapping)
{
    struct import_desk d;
    struct arena a = {0};
    struct card c;
    struct kept kept;
    import_desk_open(&d, "redo.db", "");
    import_text(&d, "Name,Phone,Extra,Job\nLayla,050 123 4567,note one,CEO\nSami,+966 11 464 0000,note "
                    "two,CTO\nMona,+12125550142,,\n");
    int64_t batch = d.report.batch;
    assert_int_equal(d.report.phones_rejected, 1);
    int64_t layla = person_of(&d, "Layla"), sami = person_of(&d, "Sami");
    log_outcome(&d, sami, "no-answer");
    must(prospect_edit(d.store, sami, STR("title"), STR("Head"), DESK_NOW, err));

    struct import_options o = import_desk_options(&d, "");
    struct str maps[] = {STR("Extra=note"), STR("Job=owner")};
    o.redo = batch;
    o.country = "SA";
    o.maps = maps;
    o.maps_count = 2;
    must(import_run(&d, &o, err));
    assert_counts(&d, 3, 0, 2, 1, 0);
    assert_int_equal(d.report.phones_rejected, 0);
    assert_int_equal(people_count(&d), 3);
    assert_int_equal(person_of(&d, "Layla"), layla);
    card_of(&d, layla, &a, &c);
    assert_int_equal(c.phones_count, 1);
    assert_str(c.phones[0].e164, "+966501234567");
    assert_str(attribute_of(&c, "rejected phone"), "");
    assert_str(attribute_of(&c, "Extra"), "");
    assert_str(c.note, "note one");
    assert_str(c.title, "");
    assert_str(c.owner, "CEO");
    card_of(&d, sami, &a, &c);
    assert_str(c.title, "Head");
    assert_str(c.note, "note two");
    assert_int_equal(c.attempts, 1); /* touches stay */
    must(store_check(d.store, NULL, NULL, err));
    /* The mapping given is remembered for this header. */
    import_text(&d, "Name,Phone,Extra,Job\nNora,+12125550150,note three,CFO\n");
    assert_true(d.report.remembered);
    card_of(&d, person_of(&d, "Nora"), &a, &c);
    assert_str(c.note, "note three");
    /* Redone once more: nothing changes; and it can still be taken back. */
    o.maps_count = 0;
    o.country = NULL;
    must(import_run(&d, &o, err));
    assert_counts(&d, 3, 0, 0, 3, 0);
    struct revert_result r = revert(&d, batch, &kept);
    assert_int_equal(r.removed, 2);
    assert_true(kept_said(&kept, "Sami", "already worked"));
    struct error refused = {0};
    assert_false(import_run(&d, &o, &refused));
    assert_int_equal(refused.code, ERR_REFUSED);
    arena_done(&a);
    import_desk_close(&d);
}

/* A row that was rejected becomes a person when the mapping is mended. */
TEST(import_redo_mends_rejected_rows)
{
    struct import_desk d;
    import_desk_open(&d, "mend.db", "US");
    struct import_options o = import_desk_options(&d, test_path("leads.csv"));
    static const char text[] = "Who,Reach,Email\nBob,+12125550142,bob@example.com\nAna,+12125550143,\n";
    test_write_file(o.path, text, strlen(text));
    must(import_run(&d, &o, err));
    assert_counts(&d, 2, 1, 0, 0, 1);
    o.redo = d.report.batch;
    struct str maps[] = {STR("Who=name"), STR("2=mobile")};
    o.maps = maps;
    o.maps_count = 2;
    must(import_run(&d, &o, err));
    assert_counts(&d, 2, 1, 1, 0, 0);
    assert_int_equal(people_count(&d), 2);
    import_desk_close(&d);
}

/* ---- tried ---- */

/* All numbers of a report, in words. */
static void describe(const struct import_report *r, struct buf *out)
{
    buf_printf(out, "%lld %lld %lld %lld %lld %lld %lld", (long long)r->rows, (long long)r->added,
               (long long)r->updated, (long long)r->unchanged, (long long)r->rejected, (long long)r->phones_rejected,
               (long long)r->suppressed);
    for (size_t i = 0; i < r->changes_count; i++)
        buf_printf(out, " %.*s:%lld", STR_ARG(r->changes[i].field), (long long)r->changes[i].count);
    for (size_t i = 0; i < r->phones_count; i++)
        buf_printf(out, " %lld", (long long)r->phones[i].line);
    for (size_t i = 0; i < r->rejects_count; i++)
        buf_printf(out, " %lld", (long long)r->rejects[i].line);
}

static int copies_left(void)
{
    DIR *folder = opendir(test_dir());
    int count = 0;
    assert_non_null(folder);
    for (struct dirent *e = readdir(folder); e != NULL; e = readdir(folder))
        count += strncmp(e->d_name, "calldeck-copy-", 14) == 0;
    closedir(folder);
    return count;
}

TEST(import_dry_run_says_what_a_real_one_does)
{
    static const char *const files[] = {DATA("exports/apollo.csv"), DATA("exports/salesforce-lead-report.csv")};
    for (size_t i = 0; i < 2; i++) {
        struct import_desk d;
        struct buf before, after, tried, done;
        buf_init(&before);
        buf_init(&after);
        buf_init(&tried);
        buf_init(&done);
        import_desk_open(&d, "dry.db", "US");
        import_text(&d, "Email,Name,Title\np0@example.com,Somebody Else,Intern\n");
        everybody(&d, &before);
        struct import_options o = import_desk_options(&d, files[i]);
        o.dry_run = true;
        must(import_run(&d, &o, err));
        describe(&d.report, &tried);
        everybody(&d, &after);
        assert_string_equal(before.at, after.at);
        const struct batch_row *batches;
        size_t count;
        struct arena a = {0};
        must(batches_load(d.store, 10, &a, &batches, &count, err));
        assert_int_equal(count, 1);
        o.dry_run = false;
        must(import_run(&d, &o, err));
        describe(&d.report, &done);
        assert_string_equal(tried.at, done.at);
        assert_true(d.report.changes_count > 0);
        buf_done(&before);
        buf_done(&after);
        buf_done(&tried);
        buf_done(&done);
        arena_done(&a);
        import_desk_close(&d);
    }
    assert_int_equal(copies_left(), 0);
}

/* ---- cut off ---- */

/* A process of its own takes `steps` steps and is gone, as by a kill. */
static void die_after(struct import_desk *d, const char *path, int steps)
{
    store_close(d->store);
    d->store = NULL;
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        import_desk_reopen(d);
        struct import_options o = import_desk_options(d, path);
        struct import_job *job = import_job_new(&o, NULL);
        for (int i = 0; i < steps && job != NULL; i++)
            import_job_step(job, 0, NULL);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    import_desk_reopen(d);
}

TEST(import_that_was_cut_off_is_all_or_nothing)
{
    struct import_desk d;
    struct buf text, whole, after;
    buf_init(&text);
    buf_init(&whole);
    buf_init(&after);
    buf_add_text(&text, "Record ID,Name,Phone,Do Not Call\n");
    for (int i = 0; i < 1200; i++)
        buf_printf(&text, "%d,Person %d,+1212555%04d,%d\n", i, i, i, i % 97 == 0);
    import_desk_open(&d, "whole.db", "US");
    import_text(&d, text.at);
    assert_counts(&d, 1200, 1200, 0, 0, 0);
    everybody(&d, &whole);
    import_desk_close(&d);

    bool nothing = false, resumed = false;
    for (int steps = 0; steps < 12; steps++) {
        import_desk_open(&d, "cut.db", "US");
        die_after(&d, test_path("leads.csv"), steps);
        struct import_options o = import_desk_options(&d, "");
        int64_t pending;
        must(import_pending(d.store, &pending, err));
        if (pending == 0 && people_count(&d) == 0) {
            nothing = true;
            assert_true(store_is_empty(d.store)); /* the list that came with it is gone too */
        } else {
            resumed = resumed || pending != 0;
            must(import_resume(&o, err));
            buf_clear(&after);
            everybody(&d, &after);
            assert_string_equal(whole.at, after.at);
            struct arena a = {0};
            struct batch_row b;
            must(batch_load(d.store, 1, &a, &b, err));
            assert_int_equal(b.added, 1200);
            assert_int_equal(b.suppressed, 13);
            arena_done(&a);
        }
        must(store_check(d.store, NULL, NULL, err));
        import_desk_close(&d);
    }
    assert_true(nothing);
    assert_true(resumed);
    buf_done(&text);
    buf_done(&whole);
    buf_done(&after);
}

/* What a live process is staging is not swept away by another that opens the file. */
TEST(import_of_another_process_is_left_alone)
{
    static const char text[] = "Name,Phone\nBob,+12125550142\n";
    struct import_desk d;
    int go[2];
    test_write_file(test_path("leads.csv"), text, strlen(text));
    import_desk_open(&d, "live.db", "US");
    store_close(d.store);
    d.store = NULL;
    assert_int_equal(pipe(go), 0);
    fflush(stdout);
    pid_t child = fork(); /* before the parent opens: a connection does not outlive a fork */
    if (child == 0) {
        char byte;
        bool ok = read(go[0], &byte, 1) == 1;
        import_desk_reopen(&d);
        int64_t pending = -1;
        ok = ok && import_pending(d.store, &pending, NULL) && pending == 0;
        store_close(d.store);
        _exit(ok ? 0 : 1);
    }
    import_desk_reopen(&d);
    struct import_options o = import_desk_options(&d, test_path("leads.csv"));
    struct error failed = {0};
    d.job = import_job_new(&o, &failed);
    assert_non_null(d.job);
    assert_int_equal(import_job_step(d.job, 0, &failed), IMPORT_RUNNING);
    assert_int_equal(write(go[1], "x", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    enum import_state reached;
    while ((reached = import_job_step(d.job, 0, &failed)) == IMPORT_RUNNING)
        continue;
    if (reached != IMPORT_DONE)
        fail_msg("%s", failed.text);
    assert_int_equal(import_job_report(d.job)->added, 1);
    close(go[0]);
    close(go[1]);
    import_desk_close(&d);
}

/* A job that is let go of before the file was read whole leaves nothing. */
TEST(import_that_is_let_go_of_leaves_nothing)
{
    struct import_desk d;
    struct buf text;
    struct error failed = {0};
    buf_init(&text);
    buf_add_text(&text, "Name,Phone\n");
    for (int i = 0; i < 2000; i++)
        buf_printf(&text, "Person %d,+1212555%04d\n", i, i);
    test_write_file(test_path("leads.csv"), text.at, text.len);
    import_desk_open(&d, "letgo.db", "US");
    struct import_options o = import_desk_options(&d, test_path("leads.csv"));
    d.job = import_job_new(&o, &failed);
    assert_non_null(d.job);
    assert_int_equal(import_job_step(d.job, 0, &failed), IMPORT_RUNNING);
    struct import_status s = import_job_status(d.job);
    assert_false(s.filing);
    assert_int_equal(s.of, (int64_t)text.len);
    assert_true(s.done > 0 && s.done <= s.of);
    import_job_free(d.job);
    d.job = NULL;
    assert_true(store_is_empty(d.store));
    must(store_check(d.store, NULL, NULL, err));
    buf_done(&text);
    import_desk_close(&d);
}
