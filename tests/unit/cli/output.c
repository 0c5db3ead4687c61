/* SPDX-License-Identifier: MIT */
/* What goes out: files for other programs, hostile names, readers that go away, disks that are full. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"

/* ESC, a bidi override, a C1 control and a broken byte in every field. */
#define BAD "x\033[31m\xe2\x80\xae\xc2\x9b" "31m\xff"
#define HOSTILE                                                                                                        \
    "Name,Company,Phone,Email,Time Zone,Plan\n" BAD "," BAD "," "+442079460400,a" BAD "@b.example,Europe/London," BAD "\n"

static void assert_harmless(const char *what, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        bool control = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f;
        bool c1 = c == 0xc2 && (unsigned char)p[1] >= 0x80 && (unsigned char)p[1] < 0xa0;
        bool bidi = c == 0xe2 && (unsigned char)p[1] == 0x80 && (unsigned char)p[2] >= 0xaa && (unsigned char)p[2] <= 0xae;
        if (control || c1 || bidi || c == 0xff)
            fail_msg("%s writes byte %02x at \"%.40s\"", what, c, p);
    }
}

TEST(output_of_hostile_fields_is_harmless)
{
    static const char *const commands[] = {
        "queue",       "queue --json",      "show 1",     "show 1 --json",   "search x",        "search x --json", "list",
        "export",      "export --touches",  "batches",    "stats",           "export --format jsonl",
        "suppress check +442079460400",     "doctor",     "check",           "skip 1 " BAD,     "undo",            "log 1 " BAD,
        "show " BAD,   "queue --list " BAD, BAD,          "help " BAD,       "queue --" BAD,    "queue --at " BAD, "policy " BAD};
    fresh_with(HOSTILE);
    run("log 1 do-not-call --note '" BAD "' --with '" BAD "' --reason '" BAD "' --rep '" BAD "' --at 2026-11-23T11:00Z");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct ran ran = run("%s", commands[i]);
        assert_harmless(commands[i], ran.out);
        assert_harmless(commands[i], ran.err);
    }
}

TEST(export_comes_back_the_same)
{
    fresh_with("Record ID,Name,Company,Phone,Email,Time Zone,Plan\n"
               "11,\"Haddad, Layla\",\"Nour \"\"Trading\"\"\",+442079460400,layla@nour.example,Asia/Riyadh,=1+1\n"
               "12,Tom Okafor,Brightline,+13125550147,tom@brightline.example,America/Chicago,-5\n");
    char path[512];
    const char *csv = run_ok("export");
    assert_non_null(strstr(csv, "'=1+1"));
    assert_non_null(strstr(csv, ",+442079460400,"));
    assert_null(strstr(csv, "'+44"));
    snprintf(path, sizeof path, "%s/people.csv", test_dir());
    test_write_file(path, csv, strlen(csv));
    const char *out = run_ok("import %s --json", path);
    assert_keys(out, 0, "file batch rows added updated unchanged rejected phones_rejected suppressed seconds");
    assert_value(out, 0, "rows", "2");
    assert_value(out, 0, "added", "0");
    assert_value(out, 0, "rejected", "0");
    assert_value(run_ok("show 1 --json"), 0, "attributes.Plan", "=1+1");
    assert_value(run_ok("show 1 --json"), 0, "name", "Haddad, Layla");
}

TEST(export_writes_a_prospect_or_a_touch_a_line)
{
    fresh_with("Record ID,Name,Phone,Time Zone\n11,Layla,+442079460400,Asia/Riyadh\n12,Tom,+13125550147,America/Chicago\n");
    run_ok("log 1 sale --amount 12.50 --at 2026-11-23T11:00Z");
    const char *out = run_ok("export --format jsonl");
    assert_int_equal(lines_of(out), 2);
    assert_value(out, 1, "phones.0.number", "+13125550147");
    assert_string_equal(run_ok("export --format jsonl --list people"), out);
    out = run_ok("export --touches --format jsonl");
    assert_int_equal(lines_of(out), 1);
    assert_value(out, 0, "external_id", "11");
    assert_value(out, 0, "outcome", "sale");
    assert_value(out, 0, "amount", "12.5");
    assert_int_equal(lines_of(run_ok("export --touches")), 2); /* with its header */
    assert_int_equal(lines_of(run_ok("export --touches --since 2026-11-24")), 1);
    run_refused(2, "--touches", "export --since 2026-11-24");
    run_refused(2, "csv or jsonl", "export --format xml");
}

TEST(import_says_what_it_did)
{
    char path[512], rejects[512];
    const char *database = fresh();
    snprintf(path, sizeof path, "%s/some.csv", test_dir());
    snprintf(rejects, sizeof rejects, "%s/rejects.csv", test_dir());
    const char *csv = "Name,Phone,Email\nLayla,+442079460400,l@x.example\n,,\nTom,12,t@x.example\n\"\",\"\",\"\"\n";
    test_write_file(path, csv, strlen(csv));
    const char *out = run_ok("import %s --dry-run --json", path);
    assert_value(out, 0, "added", "2");
    assert_value(out, 0, "batch", "null");
    assert_int_not_equal(access(database, F_OK), 0); /* a dry run makes nothing */
    assert_non_null(strstr(run_ok("import %s --dry-run", path), "Phone -> phone"));
    out = run_ok("import %s --list spring --rejects %s --json", path, rejects);
    assert_value(out, 0, "file", "some.csv");
    assert_value(out, 0, "phones_rejected", "1");
    assert_value(run_ok("list --json"), 0, "name", "spring");
    out = run_ok("batches --json");
    assert_value(out, 0, "batch", "1");
    out = run_ok("import %s --list spring --json", path);
    assert_value(out, 0, "unchanged", "2");
    run_ok("revert 2");
    out = run_ok("revert 1 --json");
    assert_value(out, 0, "removed", "2");
    assert_string_equal(run_ok("export --format jsonl"), "");
    struct stat st;
    assert_int_equal(stat(database, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    snprintf(path, sizeof path, "%s/broken.csv", test_dir());
    static const char broken[] = "Name,Phone\nLayla,\"+44\n\n";
    test_write_file(path, broken, sizeof broken - 1);
    char words[700];
    snprintf(words, sizeof words, "import %s", path);
    run_refused(65, "line 2", words);
}

TEST(import_of_several_files_and_again)
{
    char one[512], two[512], words[1200];
    fresh();
    snprintf(one, sizeof one, "%s/one.csv", test_dir());
    snprintf(two, sizeof two, "%s/two.csv", test_dir());
    static const char first[] = "Name,Tel,Zeitzone\nLayla,050 123 4567,Asia/Riyadh\n", second[] = "Name,Phone\nTom,+13125550147\n";
    test_write_file(one, first, sizeof first - 1);
    test_write_file(two, second, sizeof second - 1);
    const char *out = run_ok("import %s %s --json", one, two);
    assert_int_equal(lines_of(out), 2);
    assert_value(out, 0, "file", "one.csv");
    assert_value(out, 0, "phones_rejected", "1"); /* of which country? */
    assert_value(out, 1, "file", "two.csv");
    snprintf(words, sizeof words, "import %s --map Nothing=phone", one);
    run_refused(2, "no column", words);
    assert_non_null(strstr(run_ok("import %s --dry-run --map Zeitzone=attribute", one), "Zeitzone -> attribute"));
    out = run_ok("import --redo 1 --country SA --json");
    assert_value(out, 0, "phones_rejected", "0");
    assert_value(run_ok("show 1 --json"), 0, "phones.0.number", "+966501234567");
    /* one that cannot be read stops none of the others */
    static const char nul[] = "Name,Phone\nA\0B,1\n";
    test_write_file(one, nul, sizeof nul - 1);
    static const char more[] = "Name,Phone\nAna,+13055550162\n";
    test_write_file(two, more, sizeof more - 1);
    snprintf(words, sizeof words, "import %s %s", one, two);
    run_refused(65, "one.csv", words);
    assert_value(run_ok("search ana --json"), 0, "name", "Ana");
}

/* What is refused leaves nothing: no database of its own, no row. */
TEST(import_refused_leaves_nothing)
{
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"Name,Phone\nLayla,\"+44\n\n", "line 2"},
        {"Color,Size\nred,1\n", "no column"},
        {"", "empty"},
    };
    char path[512], other[512], words[1200];
    snprintf(path, sizeof path, "%s/bad.csv", test_dir());
    snprintf(other, sizeof other, "%s/worse.csv", test_dir());
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *database = fresh();
        test_write_file(path, rows[i].text, strlen(rows[i].text));
        test_write_file(other, rows[i].text, strlen(rows[i].text));
        snprintf(words, sizeof words, "import %s", path);
        run_refused(65, rows[i].part, words);
        assert_int_not_equal(access(database, F_OK), 0);
        struct ran ran = run("import %s %s", path, other);
        assert_int_equal(ran.status, 65);
        assert_int_not_equal(access(database, F_OK), 0);
        const char *name = strstr(ran.err, "bad.csv"); /* named once */
        assert_non_null(name);
        assert_null(strstr(name + 1, "bad.csv"));
    }
}

/* The log knows when and what kind, and nobody's name; a refusal is no trouble; it does not grow for ever. */
TEST(trouble_is_logged_without_names)
{
    char path[512], log[512], old[520];
    struct stat st;
    snprintf(log, sizeof log, "%s/state/calldeck/log", test_dir());
    snprintf(old, sizeof old, "%s.1", log);
    unlink(log);
    fresh();
    run("import %s/not-there.csv", test_dir());
    assert_int_not_equal(access(log, F_OK), 0);
    snprintf(path, sizeof path, "%s/layla-secret.csv", test_dir());
    static const char bad[] = "Name,Phone\nLayla,\"+44\n\n";
    test_write_file(path, bad, sizeof bad - 1);
    run("import %s", path);
    assert_int_equal(stat(log, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_string_equal(test_read_file(log, NULL), "2026-11-23T12:00:00Z calldeck " CALLDECK_VERSION " import DATA 65\n");
    assert_int_equal(truncate(log, 1 << 20), 0);
    run("import %s", path);
    assert_int_equal(stat(old, &st), 0);
    assert_int_equal(st.st_size, 1 << 20);
    assert_int_equal(stat(log, &st), 0);
    assert_in_range(st.st_size, 20, 200);
}

TEST(import_refuses_a_header_that_is_too_wide)
{
    char path[512], words[700];
    struct buf text;
    buf_init(&text);
    buf_add_text(&text, "Name,Phone");
    for (int i = 0; i < 999; i++)
        buf_printf(&text, ",c%d", i);
    buf_add_text(&text, "\nLayla,+442079460400\n");
    fresh();
    snprintf(path, sizeof path, "%s/wide.csv", test_dir());
    test_write_file(path, text.at, text.len);
    snprintf(words, sizeof words, "import %s", path);
    run_refused(65, "more than 1,000 columns", words);
    buf_done(&text);
}

/* A thousand names on a screen are no help. */
TEST(revert_names_ten_and_counts_the_rest)
{
    struct buf text;
    buf_init(&text);
    buf_add_text(&text, "Name,Phone,Time Zone\n");
    for (int i = 0; i < 14; i++)
        buf_printf(&text, "Person %c,+4420794604%02d,Europe/London\n", 'A' + i, i);
    fresh_with(text.at);
    for (int i = 1; i <= 13; i++)
        run_ok("log %d no-answer", i);
    struct ran ran = run("revert 1 --json");
    assert_int_equal(ran.status, 0);
    assert_value(ran.out, 0, "kept", "13");
    assert_int_equal(lines_of(ran.err), 11);
    assert_non_null(strstr(ran.err, "kept 3 more"));
    buf_done(&text);
}

/* Looked at, a file is as it was, and nothing lies beside it. */
TEST(check_leaves_nothing_beside_the_file)
{
    static const char *const looks[] = {"check", "doctor", "queue", "show 1"};
    for (int damaged = 0; damaged < 2; damaged++) {
        fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\n");
        const char *database = database_path();
        if (damaged) {
            FILE *f = fopen(database, "r+b");
            assert_non_null(f);
            for (long at = 2 * 4096; at < 40 * 4096; at += 4096) {
                fseek(f, at, SEEK_SET);
                fputs("no page of a tree", f);
            }
            fclose(f);
        }
        for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
            char beside[512];
            run("%s", looks[i]);
            snprintf(beside, sizeof beside, "%s-wal", database);
            if (access(beside, F_OK) == 0)
                fail_msg("%s leaves a -wal", looks[i]);
            snprintf(beside, sizeof beside, "%s-shm", database);
            if (access(beside, F_OK) == 0)
                fail_msg("%s leaves a -shm", looks[i]);
        }
    }
}

TEST(revert_keeps_who_was_worked)
{
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\nTom,+13125550147,America/Chicago\n");
    run_ok("log 1 no-answer");
    struct ran ran = run("revert 1 --json");
    assert_int_equal(ran.status, 0);
    assert_value(ran.out, 0, "removed", "1");
    assert_value(ran.out, 0, "kept", "1");
    assert_non_null(strstr(ran.err, "Layla"));
    assert_int_equal(run("show 2").status, 1);
}

/* ---- the file itself ---- */

TEST(doctor_salvages_what_can_be_read)
{
    char path[512];
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\nTom,+13125550147,America/Chicago\n");
    run_ok("log 1 sale --amount 5");
    size_t len;
    char *file = test_read_file(database_path(), &len);
    test_write_file(database_path(), file, len - 4096); /* its last page is gone */
    snprintf(path, sizeof path, "%s/saved.db", test_dir());
    unlink(path);
    struct ran ran = run("doctor --salvage %s", path);
    assert_int_equal(ran.status, 0);
    size_t len_after;
    test_read_file(database_path(), &len_after);
    assert_int_equal(len_after, len - 4096);
    ran = run("doctor");
    assert_int_equal(ran.status, 65);
    assert_non_null(strstr(ran.err, "--salvage"));
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
}

TEST(backup_check_doctor)
{
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\n");
    char path[512], words[700];
    snprintf(path, sizeof path, "%s/copy.db", test_dir());
    unlink(path);
    run_ok("backup %s", path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    const char *out = run_ok("check --json");
    assert_value(out, lines_of(out) - 1, "ok", "true");
    assert_non_null(strstr(run("doctor").out, "sound"));
    snprintf(path, sizeof path, "%s/nowhere/copy.db", test_dir());
    snprintf(words, sizeof words, "backup %s", path);
    run_refused(74, "copy.db", words);
}

/* In a child that is not root: the status of a command on a file in a folder, neither of which can be written. */
static int run_as_reader(const char *database, const char *const *words, int count, int out_fd)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const char *argv[16] = {"calldeck", "--db", database};
        for (int i = 0; i < count; i++)
            argv[3 + i] = words[i];
        setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
        if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(99);
        struct cli_port port = {.in_fd = STDIN_FILENO, .out_fd = out_fd, .err_fd = out_fd, .now = MONDAY_NOON};
        _exit(cli_run(&port, 3 + count, argv));
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

TEST(a_read_only_file_is_read_and_not_written)
{
    static const struct {
        const char *words[4];
        int count, status;
        const char *part;
    } rows[] = {
        {{"queue", "--json"}, 2, 0, "Layla"},
        {{"show", "1"}, 2, 0, "Layla"},
        {{"export"}, 1, 0, "Layla"},
        {{"search", "layla"}, 2, 0, "Layla"},
        {{"stats"}, 1, 0, "dials"},
        {{"check"}, 1, 0, "sound"},
        {{"log", "1", "busy"}, 3, 74, "calldeck: "},
        {{"undo"}, 1, 74, "calldeck: "},
        {{"skip", "1", "later"}, 3, 74, "calldeck: "},
        {{"suppress", "add", "+442079460400"}, 3, 74, "calldeck: "},
    };
    char folder[] = "/tmp/calldeck-test-XXXXXX", database[64], said[512];
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\n");
    assert_non_null(mkdtemp(folder));
    snprintf(database, sizeof database, "%s/it.db", folder);
    run_ok("backup %s", database);
    assert_int_equal(chmod(database, 0444), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    snprintf(said, sizeof said, "%s/said", test_dir());
    size_t len, len_after;
    char *before = test_read_file(database, &len);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = open(said, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        int status = run_as_reader(database, rows[i].words, rows[i].count, fd);
        close(fd);
        char *text = test_read_file(said, NULL);
        if (status != rows[i].status || strstr(text, rows[i].part) == NULL)
            fail_msg("%s on a read-only file: %d, \"%s\"", rows[i].words[0], status, text);
    }
    char *after = test_read_file(database, &len_after);
    assert_true(len == len_after && memcmp(before, after, len) == 0);
    chmod(folder, 0755);
    unlink(database);
    assert_int_equal(rmdir(folder), 0); /* and nothing was left beside it */
}

/* ---- readers ---- */

static int run_into(int out_fd, const char *command, char *said, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/said", test_dir());
    struct cli_port port = {.in_fd = STDIN_FILENO, .out_fd = out_fd, .err_fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600), .now = MONDAY_NOON};
    const char *argv[] = {"calldeck", "--db", database_path(), command, NULL};
    int status = cli_run(&port, 4, argv);
    close(port.err_fd);
    snprintf(said, size, "%s", test_read_file(path, NULL));
    return status;
}

TEST(output_that_nobody_reads_is_no_fault)
{
    char said[1024];
    int ends[2];
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\n");
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN); /* as main does */
    assert_int_equal(run_into(ends[1], "export", said, sizeof said), 0);
    assert_string_equal(said, "");
    close(ends[1]);
}

TEST(output_to_a_full_disk_ends_with_74)
{
    char said[1024];
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0)
        skip();
    fresh_with("Name,Phone,Time Zone\nLayla,+442079460400,Asia/Riyadh\n");
    assert_int_equal(run_into(full, "queue", said, sizeof said), 74);
    assert_non_null(strstr(said, "cannot write the output"));
    close(full);
}
