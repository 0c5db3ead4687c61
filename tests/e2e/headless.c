/* SPDX-License-Identifier: MIT */
/* The built program as a script meets it: where it keeps things, pipes that close, disks that are full, no terminal, the demo. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "terminal.h"
#include "test.h"

static char *out, *err;

/* A line of shell with $C for the program. */
static int shell(const char *const *env, const char *line)
{
    char text[2048];
    snprintf(text, sizeof text, "C=%s; cd %s && { %s\n}", CALLDECK_BIN, test_dir(), line);
    const char *const argv[] = {"sh", "-c", text, NULL};
    return program_run(env, argv, NULL, &out, &err);
}

/* The rep of these tests calls companies, at the list's hours alone. */
static void companies(void)
{
    shell(NULL, "mkdir -p \"$XDG_CONFIG_HOME\"/calldeck && printf 'set audience business\\nset windows off\\n' >\"$XDG_CONFIG_HOME\"/calldeck/calldeck.conf");
}

static void expect(const char *const *env, int status, const char *line)
{
    int got = shell(env, line);
    if (got != status)
        fail_msg("%s: %d instead of %d\n%s%s", line, got, status, out, err);
}

#define DEMO_CSV TEST_ASSETS "/demo/leads.csv"

TEST(headless_finds_its_place)
{
    struct stat st;
    char home[512], path[600];
    snprintf(home, sizeof home, "%s/home-of-its-own", test_dir());
    assert_int_equal(mkdir(home, 0755), 0);
    char env_home[600];
    snprintf(env_home, sizeof env_home, "HOME=%s", home);
    const char *const env[] = {env_home, "XDG_DATA_HOME=", "XDG_CONFIG_HOME=relative", "XDG_STATE_HOME=", "CALLDECK_DB=", NULL};
    expect(env, 0, "$C import " DEMO_CSV " >/dev/null && $C queue --json --limit 1 --at 2026-11-24T15:00Z");
    snprintf(path, sizeof path, "%s/.local/share/calldeck/calldeck.db", home);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    snprintf(path, sizeof path, "%s/.local/share/calldeck", home);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);

    char other[600];
    snprintf(other, sizeof other, "CALLDECK_DB=%s/other.db", home);
    const char *const with_variable[] = {env_home, other, NULL};
    expect(with_variable, 1, "$C queue");
    assert_non_null(strstr(err, "other.db"));
    expect(with_variable, 0, "$C --db \"$HOME\"/.local/share/calldeck/calldeck.db queue"); /* --db wins */
}

TEST(headless_reads_the_settings)
{
    expect(NULL, 0,
           "mkdir -p \"$XDG_CONFIG_HOME\"/calldeck && cd \"$XDG_CONFIG_HOME\"/calldeck && $C --db s.db import " DEMO_CSV " >/dev/null"
           " && printf 'set hours 00:00-24:00\\nset days all\\nset rep Zoe\\nset nonsense 1\\nset hours 9\\n' >calldeck.conf"
           " && $C --db s.db log 2 busy && $C --db s.db show 2 --json && $C --db s.db queue --json --at 2026-11-22T03:00Z | wc -l");
    assert_non_null(strstr(err, "calldeck.conf:4"));
    assert_non_null(strstr(err, "calldeck.conf:5"));
    assert_non_null(strstr(out, "\"rep\":\"Zoe\""));
    assert_null(strstr(out, "\n0\n"));
    expect(NULL, 0, "rm \"$XDG_CONFIG_HOME\"/calldeck/calldeck.conf");
}

TEST(headless_pipes_and_disks)
{
    expect(NULL, 0, "$C --db p.db import " DEMO_CSV " >/dev/null");
    /* a reader that goes away: no message, no fault */
    expect(NULL, 0, "{ $C --db p.db export --format jsonl; echo $? >status; } | head -c 1 >/dev/null; cat status");
    assert_string_equal(out, "0\n");
    assert_string_equal(err, "");
    if (access("/dev/full", W_OK) == 0) {
        expect(NULL, 74, "$C --db p.db export >/dev/full");
        assert_non_null(strstr(err, "No space left"));
    }
    expect(NULL, 74, "$C --db p.db queue --at 2026-11-24T15:00Z >&-");
    expect(NULL, 65, "echo rubbish-rubbish >bad.db; $C --db bad.db queue");
    expect(NULL, 0, "cat " DEMO_CSV " | $C --db stdin.db import - --list piped --json");
    assert_non_null(strstr(out, "\"rows\":62"));
}

TEST(headless_has_no_terminal)
{
    expect(NULL, 2, "$C --db none.db </dev/null");
    assert_non_null(strstr(err, "needs a terminal"));
    expect(NULL, 2, "$C --db none.db " DEMO_CSV " | cat; $C --db none.db >/dev/null");
    expect(NULL, 1, "test -e none.db"); /* and no database was made for nothing */
    const char *const argv[] = {CALLDECK_BIN, "--demo", NULL};
    struct pty *p = pty_start(80, 24, "no-such-terminal", NULL, argv);
    assert_true(pty_wait(p, "no-such-terminal", 10000));
    assert_int_equal(pty_status(p, 10000), 2);
    pty_done(p);
}

TEST(headless_speaks_utf_8_in_every_locale)
{
    companies();
    static const char *const locales[][4] = {
        {"LC_ALL=C", NULL}, {"LC_ALL=", "LANG=", NULL}, {"LC_ALL=de_DE.ISO-8859-1", NULL}, {"LC_ALL=C.UTF-8", "LC_NUMERIC=de_DE.UTF-8", NULL}};
    expect(NULL, 0, "$C --db u.db import " DEMO_CSV " >/dev/null && $C --db u.db log 1 sale --amount 1200.50 --at 2026-11-24T10:00Z");
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        expect(locales[i], 0, "$C --db u.db show 1 --json; $C --db u.db show 1; $C --db u.db --screenshot 80x24 --at 2026-11-24T10:00Z");
        assert_non_null(strstr(out, "\"amount\":1200.5,"));
        assert_non_null(strstr(out, "Layla Haddad ليلى حداد  Head"));
        assert_non_null(strstr(out, "Camille Lefèvre"));
    }
}

TEST(headless_demo_is_apart)
{
    expect(NULL, 0, "$C --demo queue --json --at 2026-11-22T03:00Z | wc -l; $C --demo list; ls \"$XDG_STATE_HOME\"/calldeck/demo");
    assert_non_null(strstr(out, "50\n")); /* a Sunday night, and everybody may be called */
    assert_non_null(strstr(out, "nobody is dialled"));
    assert_non_null(strstr(out, "demo.db"));
    expect(NULL, 2, "$C --demo --db x.db queue");
    expect(NULL, 1, "$C queue"); /* the rep's own is not there */
}

TEST(headless_picture_changes_nothing)
{
    companies();
    expect(NULL, 0, "$C --db pic.db import " DEMO_CSV " >/dev/null && $C --db pic.db queue >/dev/null && cp pic.db before.db");
    expect(NULL, 0, "TMPDIR=$PWD $C --db pic.db --screenshot 100x30 --at 2026-11-24T15:00Z --keys \"Enter 'wants prices' Tab h n\"");
    char first[8192];
    snprintf(first, sizeof first, "%s", out);
    assert_non_null(strstr(first, "Tom Okafor"));
    expect(NULL, 0, "TMPDIR=$PWD $C --db pic.db --screenshot 100x30 --at 2026-11-24T15:00Z --keys \"Enter 'wants prices' Tab h n\"");
    assert_string_equal(out, first);
    expect(NULL, 0, "cmp pic.db before.db && ! ls | grep calldeck-picture");
    expect(NULL, 0, "$C --db pic.db stats --json | grep '\"dials\":0'");
    expect(NULL, 2, "$C --db pic.db --screenshot 80x24 --keys Nonsense");
    expect(NULL, 0, "$C --db not-there.db --screenshot 80x24 && ! test -e not-there.db");
}

TEST(headless_commands_work_beside_a_dashboard)
{
    expect(NULL, 0, "$C --db both.db import " DEMO_CSV " >/dev/null; mkdir -p \"$XDG_CONFIG_HOME\"/calldeck;"
                    "printf 'set hours 00:00-24:00\\nset days all\\nset audience business\\nset windows off\\n' >\"$XDG_CONFIG_HOME\"/calldeck/calldeck.conf; $C --db both.db queue | head -n 1; pwd");
    assert_non_null(strstr(out, "Layla"));
    char folder[512];
    const char *line = strchr(out, '\n') + 1;
    snprintf(folder, sizeof folder, "%.*s/both.db", (int)strcspn(line, "\n"), line);
    const char *const argv[] = {CALLDECK_BIN, "--db", folder, NULL};
    struct terminal *t = terminal_start(100, 30, NULL, NULL, argv);
    terminal_wait(t, "dials 0", 10000);
    expect(NULL, 0, "$C --db both.db log 5 no-answer --json && $C --db both.db queue --json >/dev/null");
    terminal_wait(t, "dials 1", 10000); /* it notices */
    expect(NULL, 0, "$C --db both.db undo");
    terminal_wait(t, "dials 0", 10000);
    terminal_keys(t, "q");
    assert_int_equal(terminal_status(t, 10000), 0);
    terminal_done(t);
    expect(NULL, 0, "rm \"$XDG_CONFIG_HOME\"/calldeck/calldeck.conf; $C --db both.db check");
}
