/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/str.h"

static char database[512];
static int databases;

const char *database_path(void)
{
    return database;
}

const char *fresh(void)
{
    snprintf(database, sizeof database, "%s/db%d.db", test_dir(), databases++);
    return database;
}

static void environment(void)
{
    static bool done;
    if (done)
        return;
    done = true;
    char path[512];
    snprintf(path, sizeof path, "%s/config/calldeck/calldeck.conf", test_dir());
    char folder[512];
    snprintf(folder, sizeof folder, "%s/config", test_dir());
    mkdir(folder, 0700);
    setenv("XDG_CONFIG_HOME", folder, 1);
    snprintf(folder, sizeof folder, "%s/config/calldeck", test_dir());
    mkdir(folder, 0700);
    /* companies, at the list's hours alone: consumers there would wait for a registry, and the law has tests of its own */
    static const char conf[] = "set rep dana\nset audience business\nset windows off\n";
    test_write_file(path, conf, sizeof conf - 1);
    snprintf(folder, sizeof folder, "%s/data", test_dir());
    setenv("XDG_DATA_HOME", folder, 1);
    snprintf(folder, sizeof folder, "%s/state", test_dir());
    setenv("XDG_STATE_HOME", folder, 1);
    unsetenv("CALLDECK_DB");
    setenv("TZ", "UTC", 1);
}

static int64_t clock_ms(void *user)
{
    int64_t *at = user;
    return *at += 1;
}

/* Splits in place. */
static int split(char *text, const char **argv, int most)
{
    int count = 0;
    for (char *p = text; *p != '\0' && count < most;) {
        while (*p == ' ')
            p++;
        if (*p == '\0')
            break;
        char *to = p;
        argv[count++] = p;
        bool quoted = false;
        while (*p != '\0' && (quoted || *p != ' ')) {
            if (*p == '\'')
                quoted = !quoted;
            else
                *to++ = *p;
            p++;
        }
        bool last = *p == '\0';
        *to = '\0';
        if (!last)
            p++;
    }
    argv[count] = NULL;
    return count;
}

static struct ran run_words(int64_t now, const char *words)
{
    enum { MOST = 60 };
    environment();
    if (database[0] == '\0')
        fresh();
    char out[512], err[512], text[8192];
    const char *argv[MOST + 4] = {"calldeck", "--db", database};
    int argc = 3;
    snprintf(text, sizeof text, "%s", words);
    argc += split(text, argv + 3, MOST);
    snprintf(out, sizeof out, "%s/out", test_dir());
    snprintf(err, sizeof err, "%s/err", test_dir());
    int64_t ms = 0;
    struct cli_port port = {.user = &ms,
                            .in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC),
                            .out_fd = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
                            .err_fd = open(err, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
                            .now = now,
                            .now_ms = clock_ms};
    struct ran ran = {.status = cli_run(&port, argc, argv)};
    close(port.in_fd);
    close(port.out_fd);
    close(port.err_fd);
    ran.out = test_read_file(out, NULL);
    ran.err = test_read_file(err, NULL);
    return ran;
}

struct ran run_at(int64_t now, const char *words)
{
    return run_words(now, words);
}

struct ran run(const char *words, ...)
{
    char text[8192];
    va_list args;
    va_start(args, words);
    vsnprintf(text, sizeof text, words, args);
    va_end(args);
    return run_words(MONDAY_NOON, text);
}

char *run_ok(const char *words, ...)
{
    char text[8192];
    va_list args;
    va_start(args, words);
    vsnprintf(text, sizeof text, words, args);
    va_end(args);
    struct ran ran = run_words(MONDAY_NOON, text);
    if (ran.status != 0 || ran.err[0] != '\0')
        fail_msg("calldeck %s: %d, said %s", text, ran.status, ran.err);
    return ran.out;
}

void run_refused(int status, const char *part, const char *words)
{
    struct ran ran = run_words(MONDAY_NOON, words);
    if (ran.status != status || (part == NULL ? ran.err[0] != '\0' : strstr(ran.err, part) == NULL))
        fail_msg("calldeck %s: %d instead of %d, said \"%s\"", words, ran.status, status, ran.err);
    if (part != NULL && strncmp(ran.err, "calldeck: ", 10) != 0)
        fail_msg("calldeck %s: said \"%s\" without its name", words, ran.err);
}

void fresh_with(const char *csv)
{
    char path[512];
    fresh();
    snprintf(path, sizeof path, "%s/people.csv", test_dir());
    test_write_file(path, csv, strlen(csv));
    run_ok("import %s", path);
}

/* ---- JSON, strictly ---- */

static const char *value_end(const char *p);

static const char *string_end(const char *p)
{
    if (*p++ != '"')
        return NULL;
    for (; *p != '"'; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return NULL; /* also the line's end */
        if (*p == '\\') {
            p++;
            if (*p == 'u') {
                for (int i = 1; i <= 4; i++)
                    if (strchr("0123456789abcdefABCDEF", p[i]) == NULL || p[i] == '\0')
                        return NULL;
                p += 4;
            } else if (strchr("\"\\/bfnrt", *p) == NULL || *p == '\0') {
                return NULL;
            }
        }
    }
    return p + 1;
}

static const char *members_end(const char *p, char closer)
{
    if (*++p == closer)
        return p + 1;
    for (;;) {
        if (closer == '}') {
            p = string_end(p);
            if (p == NULL || *p++ != ':')
                return NULL;
        }
        p = value_end(p);
        if (p == NULL)
            return NULL;
        if (*p == closer)
            return p + 1;
        if (*p++ != ',')
            return NULL;
    }
}

static const char *value_end(const char *p)
{
    static const char *const words[] = {"true", "false", "null"};
    if (*p == '"')
        return string_end(p);
    if (*p == '{' || *p == '[')
        return members_end(p, *p == '{' ? '}' : ']');
    for (int i = 0; i < 3; i++)
        if (strncmp(p, words[i], strlen(words[i])) == 0)
            return p + strlen(words[i]);
    const char *from = p;
    p += *p == '-';
    if (*p == '0' && p[1] >= '0' && p[1] <= '9')
        return NULL;
    p += strspn(p, "0123456789");
    if (*p == '.')
        p += 1 + strspn(p + 1, "0123456789");
    return p > from ? p : NULL;
}

static const char *line_at(const char *lines, int n)
{
    for (; n > 0 && lines != NULL; n--) {
        lines = strchr(lines, '\n');
        lines = lines != NULL ? lines + 1 : NULL;
    }
    if (lines == NULL || *lines == '\0')
        return NULL;
    const char *end = *lines == '{' ? value_end(lines) : NULL;
    if (end == NULL || *end != '\n')
        fail_msg("not a JSON object a line: %.200s", lines);
    return lines;
}

static const char *member(const char *p, const char *key, size_t len)
{
    char closer = *p == '{' ? '}' : ']';
    if (*p != '{' && *p != '[')
        return NULL;
    long index = 0;
    for (p++; *p != closer; index++) {
        bool wanted;
        if (closer == '}') {
            const char *end = string_end(p);
            wanted = (size_t)(end - p) == len + 2 && memcmp(p + 1, key, len) == 0;
            p = end + 1;
        } else {
            char number[24];
            snprintf(number, sizeof number, "%ld", index);
            wanted = strlen(number) == len && memcmp(number, key, len) == 0;
        }
        if (wanted)
            return p;
        p = value_end(p);
        p += *p == ',';
    }
    return NULL;
}

bool json_value(const char *lines, int n, const char *path, char ret[VALUE_SIZE])
{
    const char *p = line_at(lines, n);
    while (p != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");
        p = member(p, path, len);
        path += len + (path[len] == '.');
    }
    ret[0] = '\0';
    if (p == NULL)
        return false;
    const char *end = value_end(p);
    size_t len = (size_t)(end - p), from = *p == '"';
    if (len - from * 2 >= VALUE_SIZE)
        fail_msg("a value of %zu bytes", len);
    memcpy(ret, p + from, len - from * 2); /* escapes stay as they are written */
    ret[len - from * 2] = '\0';
    return true;
}

void assert_value(const char *lines, int n, const char *path, const char *expected)
{
    char value[VALUE_SIZE];
    if (!json_value(lines, n, path, value))
        fail_msg("no \"%s\" in line %d of %s", path, n, lines);
    if (strcmp(value, expected) != 0)
        fail_msg("\"%s\" is %s instead of %s", path, value, expected);
}

void assert_keys(const char *lines, int n, const char *expected)
{
    const char *p = line_at(lines, n);
    struct buf keys;
    buf_init(&keys);
    if (p == NULL)
        fail_msg("no line %d in %s", n, lines);
    for (p++; *p != '}';) {
        const char *end = string_end(p);
        buf_printf(&keys, "%s%.*s", keys.len ? " " : "", (int)(end - p) - 2, p + 1);
        p = value_end(end + 1);
        p += *p == ',';
    }
    bool same = strcmp(keys.at, expected) == 0;
    if (!same)
        print_message("keys: %s\n", keys.at);
    buf_done(&keys);
    assert_true(same);
}

int lines_of(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}
