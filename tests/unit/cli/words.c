/* SPDX-License-Identifier: MIT */
/* What is refused before anything happens, and how that is said. */
#include <string.h>
#include <unistd.h>

#include "command.h"

TEST(words_that_are_off_end_with_2)
{
    static const struct {
        const char *words, *part;
    } rows[] = {
        {"quue", "near it: queue"},
        {"exprot", "near it: export"},
        {"nothing-like-it.csv", "no command and no file \"nothing-like-it.csv\""},
        {"queue --limti 3", "--limit"},
        {"queue --limit", "--limit needs a value"},
        {"queue --limit three", "\"three\" is not a number"},
        {"queue --limit 0", "not a number from 1"},
        {"queue --json=yes", "--json takes no value"},
        {"queue --note x", "no option \"--note\""},
        {"--list people stats", "no option \"--list\""},
        {"--keys Enter queue", "no option \"--keys\""},
        {"queue extra", "too many words"},
        {"queue -j", "options are written whole"},
        {"show", "a word is missing"},
        {"show abc", "\"abc\" is not the number of a prospect"},
        {"show 0", "not the number"},
        {"show -3", "not the number"},
        {"show 99999999999999999999", "not the number"},
        {"queue --db x", "--db stands before the command"},
        {"import", "a file is missing"},
        {"import --redo 1 x.csv", "leave out the file"},
        {"queue --at 'the day after never'", "--at"},
        {"help nonsense", "no command"},
        {"--screenshot", "needs a value"},
        {"--screenshot 80", "not a size"},
        {"--screenshot 0x5", "not a size"},
        {"--screenshot 80x24 queue", "without a command"},
        {"--keys Enter", "--keys"},
    };
    fresh();
    run_ok("import " TEST_ASSETS "/demo/leads.csv");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        run_refused(2, rows[i].part, rows[i].words);
}

TEST(words_help_and_version_need_nothing)
{
    fresh();
    assert_non_null(strstr(run_ok("--help"), "queue"));
    assert_non_null(strstr(run_ok("help"), "calldeck [--db FILE] COMMAND"));
    assert_string_equal(run_ok("--help queue"), run_ok("queue --help"));
    assert_string_equal(run_ok("help queue"), run_ok("queue --help"));
    assert_non_null(strstr(run_ok("help import"), "--map COL=FIELD"));
    assert_string_equal(run_ok("--version"), "calldeck " CALLDECK_VERSION "\n");
    /* every command has a help that names it */
    static const char *const names[] = {
#define COMMAND(id, name, arguments, least, most, opens, options, help) name,
#include "../../../src/cli/commands.def"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(strstr(run_ok("help %s", names[i]), names[i]));
}

TEST(words_options_may_stand_anywhere)
{
    fresh_with("Name,Phone,Time Zone\nLayla Haddad,+442079460400,Asia/Riyadh\n");
    const char *one = run_ok("queue --json --limit 1");
    assert_string_equal(run_ok("queue --limit=1 --json"), one);
    assert_int_equal(lines_of(one), 1);
    run_ok("log 1 --note '--json' no-answer");
    assert_value(run_ok("show 1 --json"), 0, "touches.0.note", "--json");
    run_ok("log --note minus --at 2026-11-25T12:00Z -- 1 no-answer");
}

TEST(words_a_file_must_be_there)
{
    const char *path = fresh();
    run_refused(1, "there is no database", "queue");
    run_refused(1, "there is no database", "log 1 no-answer");
    run_refused(1, "cannot open \"nowhere.csv\"", "import nowhere.csv");
    assert_int_not_equal(access(path, F_OK), 0); /* none of them made one */
    static const struct {
        const char *content;
        int status;
    } rows[] = {{"", 65}, {"not a database, but long enough to be looked at: " __FILE__ __FILE__ __FILE__ __FILE__, 65}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        path = fresh();
        test_write_file(path, rows[i].content, strlen(rows[i].content));
        static const char *const commands[] = {"queue", "check", "show 1", "log 1 busy", "export", "stats", "backup x", "doctor", "undo"};
        for (size_t k = 0; k < sizeof commands / sizeof commands[0]; k++)
            run_refused(rows[i].status, "database", commands[k]);
        assert_string_equal(test_read_file(path, NULL), rows[i].content);
    }
}
