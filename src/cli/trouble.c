/* SPDX-License-Identifier: MIT */
/*
 * What went wrong, for whoever is asked about it later: when, in which command, what kind, which import. Never the
 * sentence itself, since that may name a person, a number or a file. A file of at most 1 MiB, and the one before it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/date.h"
#include "session.h"

enum { MOST_BYTES = 1 << 20 };

static const char *code_name(enum error_code code)
{
    static const char *const names[] = {
#define ERROR_CODE(id, exit_status) #id,
#include "calldeck/errors.def"
#undef ERROR_CODE
    };
    return code < ERR_COUNT_ ? names[code] : "?";
}

/* A refusal or a slip of the caller is no trouble of the program. */
static bool is_trouble(enum error_code code)
{
    return code != ERR_NONE && code != ERR_REFUSED && code != ERR_NOT_FOUND && code != ERR_USAGE;
}

static void make_folders(const char *path)
{
    char folder[4096];
    for (const char *p = strchr(path + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
        if ((size_t)(p - path) >= sizeof folder)
            return;
        memcpy(folder, path, (size_t)(p - path));
        folder[p - path] = '\0';
        mkdir(folder, 0700);
    }
}

void trouble_log(struct session *s, const char *where, enum error_code code, int64_t at)
{
    struct stat st;
    const char *path = is_trouble(code) ? path_log(&s->arena) : NULL;
    if (path == NULL)
        return;
    make_folders(path);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= MOST_BYTES) {
        close(fd);
        rename(path, arena_printf(&s->arena, "%s.1", path).at);
        fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (fd < 0)
        return; /* a log that cannot be written is no second fault */
    struct buf line;
    buf_init(&line);
    char when[ISO_SIZE];
    iso_format(at, when);
    buf_printf(&line, "%s calldeck %s %s %s %d\n", when, CALLDECK_VERSION, where, code_name(code), error_exit_status(code));
    ssize_t ignored = write(fd, line.at, line.len);
    (void)ignored;
    buf_done(&line);
    close(fd);
}
