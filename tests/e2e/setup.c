/* SPDX-License-Identifier: MIT */
/*
 * src/setup.sh, with a pretended Debian: what it finds missing, what it says, when it asks, what it runs.
 * The pretended commands write their words into a log; nothing is installed.
 */
#include "terminal.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEADLINE_MS = 10000 };

static char bin[256], path_env[300], log_path[256];

static void script(const char *name, const char *text)
{
    char path[512], body[1024];
    snprintf(path, sizeof path, "%s/%s", bin, name);
    int len = snprintf(body, sizeof body, "#!/bin/sh\n%s\n", text);
    unlink(path);
    test_write_file(path, body, (size_t)len);
    assert_int_equal(chmod(path, 0755), 0);
}

/* A folder of commands that is the whole PATH: real ones for the shell's own needs, pretended ones for the rest. */
static void machine(const char *uid, bool with_sudo, int installs_that_fail)
{
    static const char *const real[] = {"sh", "cat", "rm", "mktemp", "env", "grep", "sed"};
    static int number;
    snprintf(bin, sizeof bin, "%s/bin%d", test_dir(), number);
    snprintf(log_path, sizeof log_path, "%s/log%d", test_dir(), number++);
    snprintf(path_env, sizeof path_env, "PATH=%s", bin);
    assert_int_equal(mkdir(bin, 0755), 0);
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++) {
        char from[64], to[512];
        snprintf(from, sizeof from, "/usr/bin/%s", real[i]);
        if (access(from, X_OK) != 0)
            snprintf(from, sizeof from, "/bin/%s", real[i]);
        snprintf(to, sizeof to, "%s/%s", bin, real[i]);
        assert_int_equal(symlink(from, to), 0);
    }
    char text[900];
    script("dpkg-query", "printf '|installed libthere-dev||config-files libgone-dev|'; exit 1");
    snprintf(text, sizeof text, "echo %s", uid);
    script("id", text);
    /* fails the first times that it is asked to install */
    snprintf(text, sizeof text,
             "shift 6; echo \"apt-get $*\" >>%s\n"
             "[ \"$1\" = update ] && exit 0\n"
             "n=$(grep -c install %s)\n"
             "[ $n -gt %d ] || { echo 'E: 404 Not Found'; exit 100; }",
             log_path, log_path, installs_that_fail);
    script("apt-get", text);
    if (with_sudo) {
        snprintf(text, sizeof text, "echo \"sudo $1\" >>%s; [ \"$1\" = -v ] || exec \"$@\"", log_path);
        script("sudo", text);
    }
    script("cmake", "exit 0");
    test_write_file(log_path, "", 0);
}

static char shell[1024];

static const char *command(const char *yes, const char *needs)
{
    snprintf(shell, sizeof shell, "root=/nowhere; yes=%s; . %s/src/setup.sh; install %s; echo done", yes, TEST_SOURCE, needs);
    return shell;
}

static int install(const char *yes, const char *needs, char **ret_err)
{
    char *out;
    const char *const env[] = {path_env, NULL};
    int status = program_run(env, (const char *const[]){"/bin/sh", "-c", command(yes, needs), NULL}, NULL, &out, ret_err);
    assert_string_equal(out, status == 0 ? "done\n" : "");
    return status;
}

static const char *const all_needs = "cmake=cmake-package ninja=ninja-build libthere-dev libgone-dev libnew-dev";

TEST(setup_is_silent_when_nothing_is_missing)
{
    char *err;
    machine("1000", false, 0);
    assert_int_equal(install("no", "cmake=cmake-package libthere-dev", &err), 0);
    assert_string_equal(err, "");
    assert_string_equal(test_read_file(log_path, NULL), "");
}

TEST(setup_installs_what_is_missing_as_root)
{
    char *err;
    machine("0", false, 0);
    assert_int_equal(install("no", all_needs, &err), 0);
    assert_string_equal(err, "installing ninja-build libgone-dev libnew-dev\n");
    assert_string_equal(test_read_file(log_path, NULL),
                        "apt-get install --no-install-recommends ninja-build libgone-dev libnew-dev\n");
}

TEST(setup_fetches_lists_when_an_install_fails)
{
    char *err;
    machine("0", false, 1);
    assert_int_equal(install("no", "libnew-dev", &err), 0);
    assert_string_equal(test_read_file(log_path, NULL), "apt-get install --no-install-recommends libnew-dev\n"
                                                        "apt-get update\n"
                                                        "apt-get install --no-install-recommends libnew-dev\n");
    assert_null(strstr(err, "404"));
}

TEST(setup_shows_why_an_install_failed)
{
    char *err;
    machine("0", false, 9);
    assert_int_equal(install("yes", "libnew-dev", &err), 1);
    assert_non_null(strstr(err, "E: 404 Not Found"));
    assert_non_null(strstr(err, "apt-get failed to install: libnew-dev"));
}

TEST(setup_uses_sudo_with_yes)
{
    char *err;
    machine("1000", true, 0);
    assert_int_equal(install("yes", "libnew-dev", &err), 0);
    assert_string_equal(test_read_file(log_path, NULL), "sudo -v\nsudo env\n"
                                                        "apt-get install --no-install-recommends libnew-dev\n");
}

TEST(setup_does_nothing_unasked)
{
    char *err;
    machine("1000", true, 0);
    assert_int_equal(install("no", "libnew-dev", &err), 1);
    assert_string_equal(err, "not installed: libnew-dev (run this with --yes, or in a terminal)\n");
    assert_string_equal(test_read_file(log_path, NULL), "");
    machine("1000", false, 0);
    assert_int_equal(install("yes", "libnew-dev", &err), 1);
    assert_string_equal(err, "not installed: libnew-dev (no sudo here; as root: apt-get install --no-install-recommends libnew-dev)\n");
    assert_string_equal(test_read_file(log_path, NULL), "");
}

TEST(setup_asks_in_a_terminal)
{
    static const struct {
        const char *answer;
        int status;
    } rows[] = {{"\n", 0}, {"y\n", 0}, {"n\n", 1}, {"what\n", 1}, {"\004", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        machine("1000", true, 0);
        const char *const env[] = {path_env, NULL};
        struct pty *p = pty_start(120, 24, NULL, env, (const char *const[]){"/bin/sh", "-c", command("no", "libnew-dev"), NULL});
        if (!pty_wait(p, "install with sudo apt-get: libnew-dev", DEADLINE_MS) || !pty_wait(p, "go on? [Y/n]", DEADLINE_MS))
            fail_msg("row %zu: did not ask:\n%s", i, pty_drain(p, 10));
        assert_string_equal(test_read_file(log_path, NULL), "");
        pty_type(p, rows[i].answer);
        if (pty_status(p, DEADLINE_MS) != rows[i].status)
            fail_msg("row %zu: status is not %d:\n%s", i, rows[i].status, pty_drain(p, 10));
        assert_int_equal(test_read_file(log_path, NULL)[0] != '\0', rows[i].status == 0);
        pty_done(p);
    }
}
