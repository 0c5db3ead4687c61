/* SPDX-License-Identifier: MIT */
/* Children of a test program: started in a clean environment, waited for with a deadline, ended at exit. */
#include "process.h"
#include "terminal.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t children[256];
static size_t children_count;

int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void pause_ms(int ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

static void children_end(void)
{
    for (size_t i = 0; i < children_count; i++)
        kill(children[i], SIGKILL);
}

void child_add(pid_t pid)
{
    static bool registered;
    if (!registered)
        registered = atexit(children_end) == 0;
    if (children_count == sizeof children / sizeof children[0])
        fail_msg("more than %zu children at once", children_count);
    children[children_count++] = pid;
}

static void child_forget(pid_t pid)
{
    for (size_t i = 0; i < children_count; i++)
        if (children[i] == pid) {
            children[i] = children[--children_count];
            return;
        }
}

int child_wait(pid_t pid, int deadline_ms)
{
    int64_t end = monotonic_ms() + deadline_ms;
    for (;;) {
        int status;
        pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid) {
            child_forget(pid);
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        }
        if (got < 0 && errno != EINTR)
            fail_msg("waitpid %d: %s", (int)pid, strerror(errno));
        if (monotonic_ms() >= end)
            return -1;
        pause_ms(2);
    }
}

/* name=value, replacing an earlier one of that name. */
static size_t environment_set(char **env, size_t count, char *entry)
{
    size_t name_len = strcspn(entry, "=") + 1;
    for (size_t i = 0; i < count; i++)
        if (strncmp(env[i], entry, name_len) == 0) {
            free(env[i]);
            env[i] = entry;
            return count;
        }
    env[count] = entry;
    return count + 1;
}

static char *entry_new(const char *name, const char *value, const char *tail)
{
    size_t size = strlen(name) + strlen(value) + strlen(tail) + 2;
    char *entry = malloc(size);
    assert_non_null(entry);
    snprintf(entry, size, "%s=%s%s", name, value, tail);
    return entry;
}

char **environment_new(const char *term, const char *const *extra)
{
    static const struct {
        const char *name, *tail;
    } dirs[] = {{"HOME", ""},
                {"XDG_DATA_HOME", "/data"},
                {"XDG_STATE_HOME", "/state"},
                {"XDG_CONFIG_HOME", "/config"},
                {"XDG_CACHE_HOME", "/cache"}};
    /* Coverage, sanitizers and the search path are the caller's matter; everything else is ours. */
    static const char *const kept[] = {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"};
    size_t room = 16, count = 0;
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
        room++;
    char **env = calloc(room, sizeof *env);
    assert_non_null(env);
    for (size_t i = 0; i < sizeof dirs / sizeof dirs[0]; i++)
        count = environment_set(env, count, entry_new(dirs[i].name, test_dir(), dirs[i].tail));
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (getenv(kept[i]) != NULL)
            count = environment_set(env, count, entry_new(kept[i], getenv(kept[i]), ""));
    /* what a sanitizer says on a screen nobody reads; main() reads it here */
    char log[200];
    snprintf(log, sizeof log, ":log_path=%s/%s", test_dir(), TEST_SANITIZER_LOG);
    count = environment_set(env, count, entry_new("ASAN_OPTIONS", getenv("ASAN_OPTIONS") != NULL ? getenv("ASAN_OPTIONS") : "", log));
    count = environment_set(env, count, entry_new("TZ", "UTC", ""));
    count = environment_set(env, count, entry_new("LC_ALL", "C.UTF-8", ""));
    if (term != NULL)
        count = environment_set(env, count, entry_new("TERM", term, ""));
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++) {
        char *entry = strdup(extra[i]);
        assert_non_null(entry);
        count = environment_set(env, count, entry);
    }
    env[count] = NULL;
    return env;
}

void environment_free(char **env)
{
    for (size_t i = 0; env != NULL && env[i] != NULL; i++)
        free(env[i]);
    free(env);
}

_Noreturn void child_exec(const char *const *argv, char *const *env)
{
    /* exec does not change the strings; its type is older than const */
    union {
        const char *const *given;
        char *const *wanted;
    } args = {.given = argv};
    /* not from a terminal's SIGINT handling or a test's ignored SIGPIPE: as from a fresh shell */
    for (int number = 1; number < 32; number++)
        signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvpe(argv[0], args.wanted, env);
    dprintf(STDERR_FILENO, "cannot run \"%s\": %s\n", argv[0], strerror(errno));
    _exit(127);
}

/* ---- program_run ---- */

struct pipe_end {
    int fd;
    char *text;
    size_t len;
};

static void pipe_end_read(struct pipe_end *end)
{
    char chunk[65536];
    ssize_t n = read(end->fd, chunk, sizeof chunk);
    if (n <= 0) {
        if (n == 0 || errno != EINTR) {
            close(end->fd);
            end->fd = -1;
        }
        return;
    }
    end->text = realloc(end->text, end->len + (size_t)n + 1);
    assert_non_null(end->text);
    memcpy(end->text + end->len, chunk, (size_t)n);
    end->len += (size_t)n;
    end->text[end->len] = '\0';
}

/* main.c keeps what test_path gives until exit; a path is as good as any text to keep. */
static char *text_keep(struct pipe_end *end)
{
    static char **kept;
    static size_t kept_count;
    kept = realloc(kept, (kept_count + 1) * sizeof *kept);
    assert_non_null(kept);
    kept[kept_count] = end->text != NULL ? end->text : calloc(1, 1);
    return kept[kept_count++];
}

int program_run(const char *const *env, const char *const *argv, const char *input, char **ret_out, char **ret_err)
{
    int in[2], out[2], err[2];
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    char **clean = environment_new(NULL, env);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        child_exec(argv, clean);
    }
    environment_free(clean);
    child_add(pid);
    close(in[0]), close(out[1]), close(err[1]);

    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    sigaction(SIGPIPE, &ignore, &before);
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    size_t left = input != NULL ? strlen(input) : 0;
    struct pipe_end ends[2] = {{.fd = out[0]}, {.fd = err[0]}};
    while (ends[0].fd >= 0 || ends[1].fd >= 0) {
        if (left == 0 && in[1] >= 0) {
            close(in[1]);
            in[1] = -1;
        }
        struct pollfd fds[3] = {{ends[0].fd, POLLIN, 0}, {ends[1].fd, POLLIN, 0}, {in[1], POLLOUT, 0}};
        if (poll(fds, 3, 60000) == 0) {
            kill(pid, SIGKILL);
            fail_msg("\"%s\" wrote nothing for a minute and did not end", argv[0]);
        }
        for (int i = 0; i < 2; i++)
            if (fds[i].revents != 0)
                pipe_end_read(&ends[i]);
        if (fds[2].revents != 0) {
            ssize_t n = write(in[1], input, left);
            if (n < 0 && errno != EINTR && errno != EAGAIN)
                left = 0; /* it does not want to read: its right */
            else if (n > 0)
                input += n, left -= (size_t)n;
        }
    }
    if (in[1] >= 0)
        close(in[1]);
    sigaction(SIGPIPE, &before, NULL);
    int status = child_wait(pid, 60000);
    for (int i = 0; i < 2; i++) {
        char **ret = i == 0 ? ret_out : ret_err;
        if (ret != NULL)
            *ret = text_keep(&ends[i]);
        else
            free(ends[i].text);
    }
    return status;
}
