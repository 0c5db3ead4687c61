/* SPDX-License-Identifier: MIT */
/* The command backend with a fake dialer: a script that writes down how it was called. */
#include "calldeck/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "test.h"

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const char *script(const char *name, const char *body)
{
    const char *path = test_path(name);
    test_write_file(path, body, strlen(body));
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

/* A command line that runs the script with these words after it. */
static const char *line(const char *path, const char *words)
{
    static char text[4][1024];
    static int turn;
    char *t = text[turn++ % 4];
    snprintf(t, sizeof text[0], "%s %s", path, words);
    return t;
}

static struct dialer *open_or_fail(const char *command, const char *hang_up, int timeout_s)
{
    struct error err = {0};
    struct dialer *d = dialer_open(&(struct dial_config){.kind = "command", .command = command, .hang_up = hang_up, .timeout_s = timeout_s}, &err);
    if (d == NULL)
        fail_msg("%s: %s", command, err.text);
    return d;
}

/* Turns the loop until an event comes; skew_ms is added to the clock to reach time limits early. */
static bool turn_until_event(struct dialer *d, int64_t skew_ms, int limit_ms, struct dial_event *ret)
{
    for (int64_t end = now_ms() + limit_ms; now_ms() < end;) {
        struct pollfd fds[16];
        int count = dial_pollfds(d, fds, 16);
        int wait = dial_timeout_ms(d, now_ms() + skew_ms);
        if (count == 0 && wait < 0)
            return false; /* nothing is under way any more */
        poll(fds, (nfds_t)count, wait >= 0 && wait < 50 ? wait : 50);
        dial_service(d, fds, count, now_ms() + skew_ms);
        if (dial_next_event(d, ret))
            return true;
    }
    return false;
}

static struct dial_event event_of(struct dialer *d)
{
    struct dial_event event = {0};
    if (!turn_until_event(d, 0, 10000, &event))
        fail_msg("no event within ten seconds");
    return event;
}

/* No descriptor is left open and no child unreaped by what a test did. */
static int open_fds(void)
{
    int count = 0;
    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void check_clean(int fds_before)
{
    assert_int_equal(open_fds(), fds_before);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static const char recorder[] = "#!/bin/sh\n"
                               "dir=${0%/*}\n"
                               "{ for word; do printf '%s\\0' \"$word\"; done; } > \"$dir/argv\"\n"
                               "tr '\\0' '\\n' < /proc/self/environ > \"$dir/environ\"\n"
                               "readlink /proc/self/fd/0 > \"$dir/stdin\"\n"
                               "ls /proc/$$/fd > \"$dir/fds\"\n"
                               "cut -d' ' -f6 /proc/$$/stat > \"$dir/session\"\n"
                               "echo $$ > \"$dir/pid\"\n"
                               "grep -E 'Sig(Blk|Ign)' /proc/self/status > \"$dir/signals\"\n" /* a shell that waits blocks them itself */
                               "echo 'dialing now'\n";

TEST(command_gives_each_value_in_its_own_argument)
{
    static const struct {
        const char *words, *number;
        int64_t prospect_id;
        const char *argv[6];
    } rows[] = {
        {"tel:%n", "+12125550142", 7, {"tel:+12125550142"}},
        {"-- %u %i", "+12125550142", INT64_MAX, {"--", "tel:+12125550142", "9223372036854775807"}},
        {"--dial=%n x%i%%y", "123*45#", -1, {"--dial=123*45#", "x-1%y"}},
        {"%u", "123*45#", 1, {"tel:123*45%23"}},
        {"--from=%c %n", "12", 1, {"--from=+966112345678", "12"}},
        {"'two words %n' \"it's\" a'b c'd \"\"", "12", 1, {"two words 12", "it's", "ab cd", ""}},
        {"$(id) `id` ; rm | > %n & $HOME ~ * \\", "12", 1, {"$(id)", "`id`", ";", "rm", "|", ">"}},
    };
    int fds = open_fds();
    const char *path = script("recorder", recorder);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dialer *d = open_or_fail(line(path, rows[i].words), NULL, 10);
        struct error err = {0};
        assert_true(dial_place(d, 5, rows[i].prospect_id, rows[i].number, "+966112345678", &err));
        struct dial_event event = event_of(d);
        assert_int_equal(event.kind, DIAL_EVENT_PLACED);
        assert_int_equal(event.call, 5);
        assert_string_equal(event.text, "dialing now");
        size_t len = 0;
        const char *argv = test_read_file(test_path("argv"), &len);
        const char *p = argv;
        for (size_t n = 0; n < 6 && rows[i].argv[n] != NULL; n++) {
            assert_true(p < argv + len);
            assert_string_equal(p, rows[i].argv[n]);
            p += strlen(p) + 1;
        }
        if (rows[i].argv[5] == NULL)
            assert_ptr_equal(p, argv + len);
        dialer_close(d);
    }
    check_clean(fds);
}

TEST(command_keeps_the_number_and_our_terminal_to_itself)
{
    static const char number[] = "+12125550142";
    int fds = open_fds();
    /* a descriptor that a careless library left open, and a blocked signal */
    int careless = open("/dev/null", O_RDONLY);
    assert_true(careless >= 0);
    sigset_t block, old;
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigaddset(&block, SIGWINCH);
    sigprocmask(SIG_BLOCK, &block, &old);
    void (*pipe_was)(int) = signal(SIGPIPE, SIG_IGN);

    struct dialer *d = open_or_fail(line(script("recorder", recorder), "tel:%n"), NULL, 10);
    assert_true(dial_place(d, 1, 2, number, "", NULL));
    event_of(d);
    dialer_close(d);

    signal(SIGPIPE, pipe_was);
    sigprocmask(SIG_SETMASK, &old, NULL);
    close(careless);
    assert_null(strstr(test_read_file(test_path("environ"), NULL), "2125550142"));
    assert_string_equal(test_read_file(test_path("stdin"), NULL), "/dev/null\n");
    assert_string_equal(test_read_file(test_path("session"), NULL), test_read_file(test_path("pid"), NULL));
    /* 0, 1, 2, and what the shell itself opened: the script and nothing of ours */
    const char *list = test_read_file(test_path("fds"), NULL);
    char ours[16];
    snprintf(ours, sizeof ours, "\n%d\n", careless);
    assert_int_equal(strncmp(list, "0\n1\n", 4), 0);
    assert_null(strstr(list, ours));
    const char *signals = test_read_file(test_path("signals"), NULL);
    assert_non_null(strstr(signals, "SigBlk:\t0000000000000000"));
    const char *ignored = strstr(signals, "SigIgn:\t");
    assert_non_null(ignored);
    /* glibc's own two (32 and 33) are ignored in whatever posix_spawn starts */
    assert_int_equal(strtoull(ignored + 8, NULL, 16) & ~0x180000000ull, 0);
    check_clean(fds);
}

TEST(command_refuses_hostile_numbers_before_anything_runs)
{
    static const char *const numbers[] = {"", "-rf", "; id", "$(id)", "*21*5551234#", "12\n34", "12 x", "--help", "+", "+1;ext=2"};
    const char *path = script("never", "#!/bin/sh\ntouch \"${0%/*}/ran\"\n");
    struct dialer *d = open_or_fail(line(path, "%n"), "true", 10);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct error err = {0};
        /* "-rf" has letters, "--help" too; "-12" would be read as 12, which is no option any more */
        if (dial_place(d, 1, 1, numbers[i], "", &err))
            fail_msg("\"%s\" was dialled", numbers[i]);
        assert_int_equal(err.code, ERR_REFUSED);
    }
    assert_int_equal(dial_pollfds(d, NULL, 0), 0);
    assert_int_not_equal(access(test_path("ran"), F_OK), 0);
    dialer_close(d);
}

TEST(command_reports_how_it_ended)
{
    static const struct {
        const char *body;
        enum dial_event_kind kind;
        const char *text;
    } rows[] = {
        {"exit 0", DIAL_EVENT_PLACED, ""},
        {"echo one; echo two; echo; echo '  '", DIAL_EVENT_PLACED, "two"},
        {"printf 'no newline'", DIAL_EVENT_PLACED, "no newline"},
        {"printf 'a\\rb\\rlast\\r'", DIAL_EVENT_PLACED, "last"},
        {"echo to stderr >&2", DIAL_EVENT_PLACED, "to stderr"},
        {"echo 'line is busy'; exit 3", DIAL_EVENT_ENDED, "the dial command failed with 3: line is busy"},
        {"exit 1", DIAL_EVENT_ENDED, "the dial command failed with 1"},
        {"kill -9 $$", DIAL_EVENT_ENDED, "the dial command was ended by signal 9 (Killed)"},
        {"printf '\\033[31mred\\007 \\342\\200\\256x'", DIAL_EVENT_PLACED, NULL}, /* cleaned: see below */
        {"head -c 300000 /dev/zero | tr '\\0' a; echo; echo end", DIAL_EVENT_PLACED, "end"},
        {"head -c 300000 /dev/zero | tr '\\0' e; exit 2", DIAL_EVENT_ENDED, NULL},
        {"i=0; while [ $i -lt 200 ]; do printf '\\303\\251'; i=$((i+1)); done", DIAL_EVENT_PLACED, NULL},
        {"head -c 2000 /dev/urandom", DIAL_EVENT_PLACED, NULL},
    };
    int fds = open_fds();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[512];
        snprintf(body, sizeof body, "#!/bin/sh\n%s\n", rows[i].body);
        struct dialer *d = open_or_fail(line(script("says", body), "%n"), NULL, 10);
        assert_true(dial_place(d, (int64_t)i, 1, "+12125550142", "", NULL));
        struct dial_event event = event_of(d);
        assert_int_equal(event.kind, rows[i].kind);
        assert_int_equal(event.call, i);
        if (rows[i].text != NULL)
            assert_string_equal(event.text, rows[i].text);
        size_t len = strnlen(event.text, sizeof event.text);
        assert_in_range(len, 0, sizeof event.text - 1);
        for (size_t n = 0; n < len; n++)
            assert_true((unsigned char)event.text[n] >= 0x20 && event.text[n] != 0x7f);
        if (strstr(rows[i].body, "303") != NULL)
            assert_int_equal(len, 158); /* not half of an é */
        assert_null(strstr(event.text, "\342\200\256"));
        assert_int_equal(dial_pollfds(d, NULL, 0), 0);
        assert_int_equal(dial_timeout_ms(d, 0), -1);
        dialer_close(d);
    }
    check_clean(fds);
}

TEST(command_that_hangs_is_ended_by_term_then_kill)
{
    static const struct {
        const char *body;
        bool deaf;
    } rows[] = {
        {"echo waiting; touch \"${0%/*}/ready\"; exec sleep 1000", false},
        {"trap '' TERM; echo waiting; touch \"${0%/*}/ready\"; while :; do sleep 0.05; done", true},
    };
    int fds = open_fds();
    for (size_t i = 0; i < 2; i++) {
        char body[256];
        snprintf(body, sizeof body, "#!/bin/sh\n%s\n", rows[i].body);
        struct dialer *d = open_or_fail(line(script("hangs", body), "%n"), NULL, 7);
        assert_true(dial_place(d, 1, 1, "+12125550142", "", NULL));
        int64_t start = now_ms();
        assert_in_range(dial_timeout_ms(d, start), 6999, 7000);
        assert_in_range(dial_timeout_ms(d, start + 5000), 1999, 2000);
        struct dial_event event = {0};
        /* time stands still until it has set its trap */
        for (int64_t end = start + 10000; access(test_path("ready"), F_OK) != 0 && now_ms() < end;) {
            dial_service(d, NULL, 0, start);
            assert_false(dial_next_event(d, &event));
            poll(NULL, 0, 10);
        }
        assert_int_equal(unlink(test_path("ready")), 0);
        dial_service(d, NULL, 0, start + 6999);
        assert_false(dial_next_event(d, &event));
        dial_service(d, NULL, 0, start + 7000);
        if (rows[i].deaf) {
            poll(NULL, 0, 200);
            dial_service(d, NULL, 0, start + 8999);
            assert_false(dial_next_event(d, &event));
            dial_service(d, NULL, 0, start + 9000);
        }
        for (int64_t end = now_ms() + 10000; !dial_next_event(d, &event) && now_ms() < end;) {
            struct pollfd polled[4];
            int count = dial_pollfds(d, polled, 4);
            poll(polled, (nfds_t)count, 50);
            dial_service(d, polled, count, start + (rows[i].deaf ? 9000 : 7001)); /* SIGTERM alone ends the first */
        }
        assert_int_equal(event.kind, DIAL_EVENT_ENDED);
        assert_string_equal(event.text, "the dial command ran longer than 7 s and was ended: waiting");
        dialer_close(d);
    }
    check_clean(fds);
}

TEST(command_may_leave_a_softphone_behind)
{
    int fds = open_fds();
    /* the launcher ends, what it started lives on, keeps our pipe, and goes on writing: it must not die of SIGPIPE */
    const char *path = script("launcher", "#!/bin/sh\ndir=${0%/*}\n"
                                          "( i=0; while [ $i -lt 6 ]; do echo noise; sleep 0.05; i=$((i+1)); done\n"
                                          "  echo alive > \"$dir/alive.tmp\"; mv \"$dir/alive.tmp\" \"$dir/alive\" ) &\n"
                                          "echo started\n");
    struct dialer *d = open_or_fail(line(path, "%n"), NULL, 10);
    assert_true(dial_place(d, 1, 1, "+12125550142", "", NULL));
    struct dial_event event = event_of(d);
    assert_int_equal(event.kind, DIAL_EVENT_PLACED);
    struct pollfd left[4];
    assert_int_equal(dial_pollfds(d, left, 4), 1);
    assert_int_equal(dial_timeout_ms(d, 0), -1);
    for (int64_t end = now_ms() + 10000; dial_pollfds(d, left, 4) > 0 && now_ms() < end;) {
        poll(left, 1, 100);
        dial_service(d, left, 1, now_ms());
        assert_false(dial_next_event(d, &event)); /* noise is nobody's news */
    }
    assert_int_equal(dial_pollfds(d, left, 4), 0);
    assert_string_equal(test_read_file(test_path("alive"), NULL), "alive\n");
    dialer_close(d);
    check_clean(fds);
}

TEST(command_runs_several_but_not_without_end)
{
    int fds = open_fds();
    struct dialer *d = open_or_fail(line(script("slow", "#!/bin/sh\nexec sleep 1000\n"), "%n"), NULL, 10);
    struct error err = {0};
    for (int64_t call = 1; call <= 4; call++)
        assert_true(dial_place(d, call, 1, "+12125550142", "", &err));
    assert_false(dial_place(d, 5, 1, "+12125550142", "", &err));
    assert_int_equal(err.code, ERR_REFUSED);
    struct pollfd two[2];
    assert_int_equal(dial_pollfds(d, two, 2), 2); /* no more than asked for */
    dialer_close(d);                              /* ends and reaps all four */
    check_clean(fds);
}

TEST(command_that_is_not_there_is_said_at_once)
{
    static const struct {
        const char *command, *says;
    } rows[] = {
        {"no-such-program-anywhere %n", "there is no such program"},
        {"/no/such/dir/dial %n", "there is no such program"},
        {"/etc/passwd %n", "cannot run \"/etc/passwd\""},
    };
    int fds = open_fds();
    for (size_t i = 0; i < 3; i++) {
        struct dialer *d = open_or_fail(rows[i].command, NULL, 10);
        struct error err = {0};
        assert_false(dial_place(d, 1, 1, "+12125550142", "", &err));
        assert_int_equal(err.code, ERR_IO);
        assert_non_null(strstr(err.text, rows[i].says));
        assert_int_equal(dial_pollfds(d, NULL, 0), 0);
        dialer_close(d);
    }
    check_clean(fds);
}

TEST(command_never_hands_a_file_to_a_shell)
{
    /* no #! line: execvp would run it with a shell */
    const char *path = script("no-interpreter", "touch \"${0%/*}/shell-ran\"\n");
    struct dialer *d = open_or_fail(line(path, "%n"), NULL, 10);
    struct error err = {0};
    assert_false(dial_place(d, 1, 1, "+12125550142", "", &err));
    assert_int_equal(err.code, ERR_IO);
    assert_int_not_equal(access(test_path("shell-ran"), F_OK), 0);
    dialer_close(d);
    /* the same by PATH */
    char *old = strdup(getenv("PATH"));
    char path_with[4096];
    snprintf(path_with, sizeof path_with, "%s:%s", test_dir(), old);
    setenv("PATH", path_with, 1);
    d = open_or_fail("no-interpreter %n", NULL, 10);
    assert_false(dial_place(d, 1, 1, "+12125550142", "", &err));
    assert_int_not_equal(access(test_path("shell-ran"), F_OK), 0);
    dialer_close(d);
    setenv("PATH", old, 1);
    free(old);
}

TEST(hang_up_runs_the_second_command_for_the_call_that_was_placed)
{
    int fds = open_fds();
    const char *end = script("end", "#!/bin/sh\necho \"$@\" > \"${0%/*}/ended\"\n[ \"$1\" = good ] || { echo 'no call'; exit 4; }\n");
    struct error err = {0};
    struct dialer *d = open_or_fail("true %n", line(end, "good %n %i"), 10);
    assert_false(dial_hang_up(d, 9, &err)); /* nothing placed yet */
    assert_int_equal(err.code, ERR_REFUSED);
    assert_true(dial_place(d, 9, 77, "+12125550142", "", &err));
    assert_int_equal(event_of(d).kind, DIAL_EVENT_PLACED);
    assert_false(dial_hang_up(d, 8, &err)); /* another call */
    assert_true(dial_hang_up(d, 9, &err));
    struct dial_event event;
    for (int64_t limit = now_ms() + 10000; dial_timeout_ms(d, now_ms()) >= 0 && now_ms() < limit;)
        assert_false(turn_until_event(d, 0, 20, &event)); /* success is silent */
    assert_string_equal(test_read_file(test_path("ended"), NULL), "good +12125550142 77\n");
    dialer_close(d);

    d = open_or_fail("true %n", line(end, "bad"), 10);
    assert_true(dial_place(d, 9, 77, "+12125550142", "", &err));
    assert_int_equal(event_of(d).kind, DIAL_EVENT_PLACED);
    assert_true(dial_hang_up(d, 9, &err));
    event = event_of(d);
    assert_int_equal(event.kind, DIAL_EVENT_NOTE);
    assert_string_equal(event.text, "the hang-up command failed with 4: no call");
    dialer_close(d);
    check_clean(fds);
}

TEST(command_run_feeds_standard_input)
{
    int fds = open_fds();
    static const struct {
        const char *body, *says;
    } rows[] = {
        {"cat > \"${0%/*}/copied\"", NULL},
        {"exit 0", NULL}, /* does not read: no SIGPIPE */
        {"echo noise; echo noise >&2", NULL},
        {"exit 7", "failed with 7"},
        {"kill -15 $$", "signal 15"},
        {"exec sleep 1000", "ran longer than 300 ms"},
        {"trap '' TERM; while :; do sleep 0.05; done", "ran longer than 300 ms"},
    };
    size_t len = 1 << 20;
    char *input = malloc(len);
    for (size_t i = 0; i < len; i++)
        input[i] = (char)(i * 7 % 251);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[256];
        snprintf(body, sizeof body, "#!/bin/sh\n%s\n", rows[i].body);
        const char *path = script("copy", body);
        struct error err = {0};
        bool quick = rows[i].says != NULL && strstr(rows[i].says, "300") != NULL;
        int64_t start = now_ms();
        bool ok = command_run(path, str_make(input, len), quick ? 300 : 10000, &err);
        assert_in_range(now_ms() - start, 0, quick ? 3000 : 10000);
        assert_int_equal(ok, rows[i].says == NULL);
        assert_int_equal(err.code, ok ? ERR_NONE : ERR_IO);
        if (!ok && strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].body, err.text);
    }
    size_t got = 0;
    const char *copied = test_read_file(test_path("copied"), &got);
    assert_int_equal(got, len);
    assert_memory_equal(copied, input, len);
    free(input);
    struct error err = {0};
    assert_false(command_run("", STR("x"), 100, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_false(command_run("no-such-program-anywhere", STR("x"), 100, &err));
    assert_int_equal(err.code, ERR_IO);
    /* a percent sign means itself here */
    assert_true(command_run("test 100%n = '100%n'", STR(""), 10000, &err));
    check_clean(fds);
}
