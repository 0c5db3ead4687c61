/* SPDX-License-Identifier: MIT */
/*
 * How the program ends when nobody asked it to: the terminal goes away, a signal comes, it is stopped and continued, it
 * aborts. The draft is stored, the terminal is as it was, and it takes no longer than a second.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A second is promised; a sanitizer on a busy machine gets more, and what it took is printed. */
enum { DEADLINE_MS = 15000, END_MS = 5000 };

static struct desk desk;

/* A rep in the middle of a note of a call. */
static struct rep *in_the_middle(const char *name, const char *word)
{
    desk_open(&desk, name);
    desk_import_list(&desk, "list", 5);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    rep_type(r, "\r");
    rep_see(r, "dialing", DEADLINE_MS);
    rep_type(r, word);
    rep_see_typed(r, word, DEADLINE_MS);
    return r;
}

static void draft_is(const char *text)
{
    const char *stored = desk_text(&desk, "SELECT text FROM draft");
    assert_non_null(stored);
    assert_string_equal(stored, text);
    desk_is_sound(&desk);
}

/* Ends within a second, whatever the status. */
static int ends(struct rep *r, const char *why)
{
    int64_t began = monotonic_ms();
    int status = rep_status(r, END_MS);
    int64_t took = monotonic_ms() - began;
    printf("%s: status %d after %lld ms\n", why, status, (long long)took);
    if (status < 0)
        fail_msg("%s: it runs on after %d ms", why, END_MS);
    return status;
}

/* What a shell would miss: the line discipline as it was, its own screen, its cursor, no brackets around pastes. */
static void terminal_is_restored(struct rep *r, const char *before, const char *after)
{
    assert_true(before[0] != '\0');
    assert_string_equal(after, before);
    assert_false(vt_mode(rep_vt(r), 1049));
    assert_false(vt_mode(rep_vt(r), 2004));
    assert_true(vt_mode(rep_vt(r), 25));
    assert_false(vt_mode(rep_vt(r), 1000) || vt_mode(rep_vt(r), 1002) || vt_mode(rep_vt(r), 1006));
}

/*
 * In the middle of a note a signal comes. A shell holds the terminal meanwhile and tells what it finds afterwards,
 * since a terminal forgets its settings with its last user.
 */
static int interrupted(const char *name, int signal_number)
{
    static const char *const shell[] = {
        "sh", "-c",
        "cd \"$HOME\"; stty -g >before; sh -c 'echo $$ >pid; exec \"$@\"' sh \"$@\"; status=$?; "
        "stty -g >after; echo $status >status; read -r end",
        "sh", NULL};
    char path[300];
    desk_open(&desk, name);
    desk_import_list(&desk, "list", 5);
    struct rep *r = rep_start_behind(&desk, 80, 24, shell, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    assert_true(vt_mode(rep_vt(r), 1049));
    rep_type(r, "\r");
    rep_see(r, "dialing", DEADLINE_MS);
    rep_type(r, "half-a-note");
    rep_see_typed(r, "half-a-note", DEADLINE_MS);
    snprintf(path, sizeof path, "%s/pid", desk.home);
    pid_t pid = (pid_t)strtol(test_read_file(path, NULL), NULL, 10);
    assert_true(pid > 1);
    int64_t began = monotonic_ms();
    assert_int_equal(kill(pid, signal_number), 0);
    snprintf(path, sizeof path, "%s/status", desk.home);
    int status = -1;
    while (status < 0 && monotonic_ms() < began + END_MS) {
        rep_look(r, 5);
        if (access(path, R_OK) == 0) {
            const char *text = test_read_file(path, NULL);
            status = text[0] != '\0' ? (int)strtol(text, NULL, 10) : -1;
        }
    }
    printf("%s: status %d after %lld ms\n", name, status, (long long)(monotonic_ms() - began));
    rep_look(r, 20);
    assert_true(status >= 0);
    snprintf(path, sizeof path, "%s/before", desk.home);
    const char *before = test_read_file(path, NULL);
    snprintf(path, sizeof path, "%s/after", desk.home);
    terminal_is_restored(r, before, test_read_file(path, NULL));
    draft_is("half-a-note");
    rep_screen_was_understood(r);
    rep_done(r);
    return status;
}

TEST(hang_up_ends_it_with_the_draft_stored)
{
    struct rep *r = in_the_middle("hangup", "wants-prices");
    rep_type(r, " and-more"); /* sent, not yet read by us, when the line drops */
    pty_hang_up(rep_pty(r));
    ends(r, "hang-up");
    const char *stored = desk_text(&desk, "SELECT text FROM draft");
    assert_non_null(stored);
    assert_int_equal(strncmp(stored, "wants-prices", strlen("wants-prices")), 0);
    rep_done(r);

    r = rep_start(&desk, NULL); /* and it is all there */
    rep_see(r, "you were on with", DEADLINE_MS);
    rep_see(r, "wants-prices", DEADLINE_MS);
    rep_done(r);
}

/* The terminal is gone and nobody sends a signal: `nohup`, a broken session leader. Polling must end it, not spin. */
TEST(hang_up_without_a_signal)
{
    desk_open(&desk, "nohup");
    desk_import_list(&desk, "list", 5);
    const char *const argv[] = {"sh", "-c", "trap '' HUP; exec \"$0\" --db \"$1\"", CALLDECK_BIN, desk.db, NULL};
    struct pty *p = pty_start(80, 24, NULL, desk.environment, argv);
    assert_true(pty_wait(p, DECK_SIGN, DEADLINE_MS));
    pty_type(p, "\rtyped-before");
    assert_true(pty_wait(p, "before", DEADLINE_MS) || strstr(pty_drain(p, 200), "typed") != NULL);
    pty_hang_up(p);
    int64_t began = monotonic_ms();
    int status = pty_status(p, END_MS);
    printf("hang-up with SIGHUP ignored: status %d after %lld ms\n", status, (long long)(monotonic_ms() - began));
    assert_true(status >= 0);
    draft_is("typed-before");
    pty_done(p);
}

TEST(termination_signals_restore_the_terminal)
{
    interrupted("term", SIGTERM);
    interrupted("hup", SIGHUP);
    interrupted("int", SIGINT);
    interrupted("quit", SIGQUIT);
}

/* A bug of ours, or no memory: the shell is usable, the keys are in the file, and the status tells. */
TEST(abort_restores_the_terminal)
{
    assert_int_not_equal(interrupted("abort", SIGABRT), 0);
    assert_int_not_equal(interrupted("segv", SIGSEGV), 0);
}

/* Without a terminal of its own to look at: the foreground job of a shell with job control, in tmux. */
TEST(stopped_and_continued)
{
    desk_open(&desk, "stop");
    desk_import_list(&desk, "list", 5);
    struct terminal *t =
        terminal_start(80, 24, NULL, desk.environment, (const char *const[]){"bash", "--norc", "-i", NULL});
    terminal_type(t, "PS1='sh$ '; clear\r");
    terminal_wait(t, "^sh\\$", DEADLINE_MS);
    char line[700];
    snprintf(line, sizeof line, "sh -c 'echo $$ >%s/pid; exec %s --db %s'\r", desk.home, CALLDECK_BIN, desk.db);
    terminal_type(t, line);
    terminal_wait(t, DECK_SIGN, DEADLINE_MS);
    terminal_keys(t, "C-z"); /* the key */
    terminal_wait(t, "^sh\\$", DEADLINE_MS);
    assert_false(terminal_shows(t, DECK_SIGN));
    terminal_type(t, "echo it-$((1+1))-echoes\r"); /* a sane terminal */
    terminal_wait(t, "^it-2-echoes$", DEADLINE_MS);
    terminal_resize(t, 100, 30);
    terminal_type(t, "fg\r");
    terminal_wait(t, DECK_SIGN, DEADLINE_MS);
    terminal_keys(t, "Enter");
    terminal_wait(t, "dialing", DEADLINE_MS);
    terminal_keys(t, "'after the break'");
    terminal_wait(t, "after the break", DEADLINE_MS);

    /* the signal, in the middle of a note where the key has another meaning */
    char path[300];
    snprintf(path, sizeof path, "%s/pid", desk.home);
    pid_t child = (pid_t)strtol(test_read_file(path, NULL), NULL, 10);
    assert_true(child > 1);
    assert_int_equal(kill(child, SIGTSTP), 0);
    terminal_wait(t, "^sh\\$", DEADLINE_MS);
    draft_is("after the break");
    terminal_type(t, "fg\r");
    terminal_wait(t, "after the break", DEADLINE_MS);
    terminal_keys(t, "' on'");
    terminal_wait(t, "after the break on", DEADLINE_MS);
    draft_is("after the break on");
    terminal_done(t);
}

/* ---- no terminal ---- */

TEST(end_of_input_ends_it)
{
    /* Keys from a pipe that ends: not a terminal, so it does not even begin. */
    desk_open(&desk, "eof");
    desk_import_list(&desk, "list", 5);
    char *out, *err;
    const char *const argv[] = {CALLDECK_BIN, "--db", desk.db, NULL};
    assert_int_equal(program_run(desk.environment, argv, "keys\n", &out, &err), 2);
    assert_string_equal(out, "");
    assert_non_null(strstr(err, "terminal"));
    assert_int_equal(strncmp(err, "calldeck: ", 10), 0);
}

TEST(a_terminal_that_terminfo_does_not_know)
{
    static const char *const terms[] = {"TERM=no-such-terminal", "TERM=", "TERM=dumb"};
    desk_open(&desk, "unknown");
    desk_import_list(&desk, "list", 5);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++) {
        const char *env[10];
        size_t count = 0;
        for (; desk.environment[count] != NULL; count++)
            env[count] = desk.environment[count];
        env[count++] = terms[i];
        env[count] = NULL;
        struct pty *p = pty_start(80, 24, NULL, env, (const char *const[]){CALLDECK_BIN, "--db", desk.db, NULL});
        int status = pty_status(p, DEADLINE_MS);
        const char *said = pty_drain(p, 20);
        if (status != 2 || strstr(said, "calldeck: ") == NULL || strstr(said, "TERM") == NULL)
            fail_msg("%s: status %d, said \"%s\"", terms[i], status, said);
        pty_done(p);
    }
}

TEST(output_that_is_no_terminal)
{
    desk_open(&desk, "pipe");
    desk_import_list(&desk, "list", 5);
    struct pty *p = pty_start(80, 24, NULL, desk.environment,
                              (const char *const[]){"sh", "-c", "\"$0\" --db \"$1\" | cat; exit ${PIPESTATUS:-0}",
                                                    CALLDECK_BIN, desk.db, NULL});
    assert_true(pty_status(p, DEADLINE_MS) >= 0);
    assert_non_null(strstr(pty_drain(p, 20), "terminal"));
    pty_done(p);
}
