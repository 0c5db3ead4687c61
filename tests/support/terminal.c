/* SPDX-License-Identifier: MIT */
/*
 * A terminal that can be read: one tmux server a test, in the foreground, as our own child, on its own socket.
 *
 * In the foreground, so that it can be ended by its process id and dies with the test program; not the daemon that
 * `tmux new-session` leaves behind, which would outlive a test that was killed by its time limit.
 */
#include "terminal.h"
#include "process.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct terminal {
    char socket[128];
    pid_t server;
    pid_t program;
    char *screen;
    struct terminal *next;
};

/* A failed assertion jumps out of a test: what it leaves is still reachable here, and is no leak. */
static struct terminal *terminals;
static char *answer;

/* Run a tmux command; what it printed, borrowed until the next one. NULL if it failed and may_fail. */
static const char *tmux(struct terminal *t, bool may_fail, const char *const *command)
{
    enum { ROOM = 64 };
    const char *argv[ROOM] = {"tmux", "-u", "-S", t->socket, "-f", "/dev/null"};
    size_t count = 6;
    for (size_t i = 0; command[i] != NULL; i++) {
        assert_true(count < ROOM - 1);
        argv[count++] = command[i];
    }
    int out[2];
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        char **env = environment_new("xterm-256color", NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        dup2(null, STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        dup2(out[1], STDERR_FILENO);
        child_exec(argv, env);
    }
    child_add(pid);
    close(out[1]);
    size_t len = 0, cap = 4096;
    free(answer);
    answer = malloc(cap);
    assert_non_null(answer);
    for (;;) {
        ssize_t n = read(out[0], answer + len, cap - len - 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        len += (size_t)n;
        if (cap - len < 2) {
            answer = realloc(answer, cap *= 2);
            assert_non_null(answer);
        }
    }
    close(out[0]);
    answer[len] = '\0';
    int status = child_wait(pid, 20000);
    if (status != 0 && !may_fail)
        fail_msg("tmux %s: status %d: %s", command[0], status, answer);
    return status == 0 ? answer : NULL;
}

#define TMUX(t, ...) tmux((t), false, (const char *const[]){__VA_ARGS__, NULL})

static void server_start(struct terminal *t, const char *term, char **env)
{
    char conf[160];
    snprintf(conf, sizeof conf, "%s.conf", t->socket);
    char text[1024];
    /* remain-on-exit: the last screen can be read after the program's end. Keys reach the program at once. */
    int len = snprintf(text, sizeof text,
                       "set -g default-terminal \"%s\"\n"
                       "set -g status off\n"
                       "set -s escape-time 0\n"
                       "set -s exit-empty off\n"
                       "set -g remain-on-exit on\n"
                       "set -g remain-on-exit-format \"\"\n"
                       "set -g history-limit 0\n"
                       "set -g allow-rename off\n"
                       "set -s set-clipboard off\n"
                       "set -g update-environment \"\"\n",
                       term);
    test_write_file(conf, text, (size_t)len);
    t->server = fork();
    assert_true(t->server >= 0);
    if (t->server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        setsid();
        child_exec((const char *const[]){"tmux", "-D", "-u", "-S", t->socket, "-f", conf, NULL}, env);
    }
    child_add(t->server);
    for (int64_t end = monotonic_ms() + 20000;; pause_ms(5)) {
        struct stat st;
        if (stat(t->socket, &st) == 0 && S_ISSOCK(st.st_mode)) {
            /* it listens when a question is answered, not when the socket is there */
            const char *told = tmux(t, true, (const char *const[]){"show-options", "-gv", "default-terminal", NULL});
            if (told != NULL && strncmp(told, term, strlen(term)) == 0)
                return;
        }
        int status = child_wait(t->server, 0);
        if (status >= 0)
            fail_msg("tmux did not start (status %d); is it installed?", status);
        if (monotonic_ms() > end)
            fail_msg("tmux did not listen on \"%s\"", t->socket);
    }
}

struct terminal *terminal_start(int cols, int rows, const char *term, const char *const *env, const char *const *argv)
{
    static int number;
    if (term == NULL)
        term = "tmux-256color";
    struct terminal *t = calloc(1, sizeof *t);
    assert_non_null(t);
    t->next = terminals;
    terminals = t;
    snprintf(t->socket, sizeof t->socket, "%s/t%d", test_dir(), number++);
    char **clean = environment_new(term, env);
    server_start(t, term, clean);
    environment_free(clean);

    enum { ROOM = 56 };
    char cols_text[16], rows_text[16];
    snprintf(cols_text, sizeof cols_text, "%d", cols);
    snprintf(rows_text, sizeof rows_text, "%d", rows);
    /* `env`, since tmux hands a single word to a shell; it runs the program in its own place */
    const char *command[ROOM] = {"new-session", "-d", "-x", cols_text, "-y", rows_text, "--", "env"};
    size_t count = 8;
    for (size_t i = 0; argv[i] != NULL; i++) {
        assert_true(count < ROOM - 1);
        command[count++] = argv[i];
    }
    tmux(t, false, command);
    t->program = (pid_t)strtol(TMUX(t, "display-message", "-p", "#{pane_pid}"), NULL, 10);
    assert_true(t->program > 1);
    return t;
}

void terminal_done(struct terminal *t)
{
    if (t == NULL)
        return;
    kill(t->server, SIGTERM);
    if (child_wait(t->server, 5000) < 0) {
        kill(t->server, SIGKILL);
        child_wait(t->server, 5000);
    }
    for (struct terminal **at = &terminals; *at != NULL; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            break;
        }
    free(t->screen);
    free(t);
}

/* ---- keys ---- */

/* Our names (calldeck/key.h) and tmux's. */
static const struct {
    const char *ours, *tmux;
} key_names[] = {
    {"Enter", "Enter"}, {"Tab", "Tab"},   {"BackTab", "BTab"}, {"Esc", "Escape"}, {"Space", "Space"}, {"Backspace", "BSpace"},
    {"Delete", "DC"},   {"Insert", "IC"}, {"Up", "Up"},        {"Down", "Down"},  {"Left", "Left"},   {"Right", "Right"},
    {"Home", "Home"},   {"End", "End"},   {"PgUp", "PPage"},   {"PgDn", "NPage"},
};

/* The tmux name of a key word; false if it is none. Modifiers stand before: C-Right, M-Enter. */
static bool key_name(const char *word, char *ret_name, size_t size)
{
    const char *bare = word;
    while (strchr("CMS", bare[0]) != NULL && bare[1] == '-' && bare[2] != '\0')
        bare += 2;
    for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++)
        if (strcasecmp(bare, key_names[i].ours) == 0) {
            snprintf(ret_name, size, "%.*s%s", (int)(bare - word), word, key_names[i].tmux);
            return true;
        }
    bool function_key = strchr("Ff", bare[0]) != NULL && bare[1] >= '1' && bare[1] <= '9' && strlen(bare) <= 3;
    if (function_key || (bare != word && strlen(bare) == 1)) {
        snprintf(ret_name, size, "%.60s", word);
        return true;
    }
    return false;
}

void terminal_type(struct terminal *t, const char *text)
{
    TMUX(t, "send-keys", "-l", "--", text);
}

void terminal_paste(struct terminal *t, const char *text)
{
    TMUX(t, "set-buffer", "--", text);
    TMUX(t, "paste-buffer", "-p", "-r", "-d");
}

void terminal_resize(struct terminal *t, int cols, int rows)
{
    char cols_text[16], rows_text[16];
    snprintf(cols_text, sizeof cols_text, "%d", cols);
    snprintf(rows_text, sizeof rows_text, "%d", rows);
    TMUX(t, "resize-window", "-x", cols_text, "-y", rows_text);
}

/* Reads 'text' (two quotes inside are one); *at stands on the first quote, and afterwards behind the last. */
static void quoted_read(const char **at, char *ret_text, size_t size)
{
    size_t len = 0;
    const char *p = *at + 1;
    for (; *p != '\0'; p++) {
        if (*p == '\'' && *++p != '\'')
            break;
        assert_true(len < size - 1);
        ret_text[len++] = *p;
    }
    ret_text[len] = '\0';
    *at = p;
}

void terminal_keys(struct terminal *t, const char *keys)
{
    static const char paste[] = "Paste'";
    for (const char *p = keys;;) {
        p += strspn(p, " \t\n");
        if (*p == '\0')
            return;
        char word[4096], name[64];
        if (*p == '\'') {
            quoted_read(&p, word, sizeof word);
            if (word[0] != '\0')
                terminal_type(t, word);
            continue;
        }
        if (strncasecmp(p, paste, sizeof paste - 1) == 0) {
            p += sizeof paste - 2;
            quoted_read(&p, word, sizeof word);
            terminal_paste(t, word);
            continue;
        }
        size_t len = strcspn(p, " \t\n");
        assert_true(len < sizeof word);
        memcpy(word, p, len);
        word[len] = '\0';
        p += len;
        int a, b;
        size_t first = 1; /* bytes of the first character */
        while (((unsigned char)word[first] & 0xc0) == 0x80)
            first++;
        if (sscanf(word, "Resize:%dx%d", &a, &b) == 2)
            terminal_resize(t, a, b);
        else if (sscanf(word, "Wait:%d", &a) == 1)
            pause_ms(a);
        else if (key_name(word, name, sizeof name))
            TMUX(t, "send-keys", "--", name);
        else if (first == len)
            terminal_type(t, word);
        else
            fail_msg("no key is called \"%s\"; text stands in quotes", word);
    }
}

/* ---- the screen ---- */

static const char *capture(struct terminal *t, const char *how)
{
    const char *text = TMUX(t, "capture-pane", how);
    free(t->screen);
    t->screen = strdup(text);
    assert_non_null(t->screen);
    return t->screen;
}

const char *terminal_screen(struct terminal *t)
{
    return capture(t, "-p");
}

const char *terminal_screen_styled(struct terminal *t)
{
    return capture(t, "-pe");
}

void terminal_cursor(struct terminal *t, int *ret_col, int *ret_row)
{
    const char *text = TMUX(t, "display-message", "-p", "#{cursor_x} #{cursor_y}");
    char *rest;
    *ret_col = (int)strtol(text, &rest, 10);
    *ret_row = (int)strtol(rest, NULL, 10);
}

static void regex_make(regex_t *ret, const char *pattern)
{
    int code = regcomp(ret, pattern, REG_EXTENDED | REG_NEWLINE | REG_NOSUB);
    if (code != 0) {
        char why[256];
        regerror(code, ret, why, sizeof why);
        fail_msg("bad pattern \"%s\": %s", pattern, why);
    }
}

/* Wait until (matches == wanted) was seen in three looks in a row, the first two of them at the same screen. */
static const char *wait_for(struct terminal *t, const char *pattern, bool wanted, int deadline_ms)
{
    regex_t regex;
    regex_make(&regex, pattern);
    int64_t end = monotonic_ms() + deadline_ms;
    char *before = NULL;
    int good = 0;
    for (;; pause_ms(10)) {
        const char *now = terminal_screen(t);
        bool matches = (regexec(&regex, now, 0, NULL, 0) == 0) == wanted;
        if (!matches)
            good = 0;
        else if (good != 1 || (before != NULL && strcmp(before, now) == 0))
            good++;
        if (good == 3)
            break;
        free(before);
        before = strdup(now);
        if (monotonic_ms() > end) {
            free(before);
            regfree(&regex);
            fprintf(stderr, "the screen was\n%s", now); /* cmocka cuts a long message */
            fail_msg("the screen %s \"%s\" within %d ms", wanted ? "did not show" : "did not lose", pattern, deadline_ms);
        }
    }
    free(before);
    regfree(&regex);
    return t->screen;
}

const char *terminal_wait(struct terminal *t, const char *regex, int deadline_ms)
{
    return wait_for(t, regex, true, deadline_ms);
}

const char *terminal_wait_gone(struct terminal *t, const char *regex, int deadline_ms)
{
    return wait_for(t, regex, false, deadline_ms);
}

bool terminal_shows(struct terminal *t, const char *pattern)
{
    regex_t regex;
    regex_make(&regex, pattern);
    bool matches = regexec(&regex, terminal_screen(t), 0, NULL, 0) == 0;
    regfree(&regex);
    return matches;
}

/* ---- the program ---- */

pid_t terminal_pid(struct terminal *t)
{
    return t->program;
}

void terminal_kill_pid(struct terminal *t, int signal_number)
{
    if (kill(t->program, signal_number) != 0)
        fail_msg("kill %d: %s", (int)t->program, strerror(errno));
}

int terminal_status(struct terminal *t, int deadline_ms)
{
    for (int64_t end = monotonic_ms() + deadline_ms;; pause_ms(10)) {
        const char *text = TMUX(t, "display-message", "-p", "#{pane_dead} #{pane_dead_status} #{pane_dead_signal}");
        /* "1 3 " after exit(3), "1  9" after SIGKILL, "1  " when the terminal was closed but the program not reaped */
        int status = -1;
        if (text[0] == '1' && text[2] != ' ')
            status = (int)strtol(text + 2, NULL, 10);
        else if (text[0] == '1' && text[3] != '\n')
            status = 128 + (int)strtol(text + 3, NULL, 10);
        else if (text[0] == '1')
            kill(t->server, SIGCHLD); /* tmux 3.3a may miss one and then never reaps */
        if (status >= 0)
            return status;
        if (monotonic_ms() > end)
            fail_msg("the program did not end within %d ms; the screen was\n%s", deadline_ms, terminal_screen(t));
    }
}
