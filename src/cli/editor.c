/* SPDX-License-Identifier: MIT */
/* The rep's own editor on a file. An argument list, never a shell: the file's name is ours, the words are the rep's. */
#include "calldeck/cli.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calldeck/arena.h"

enum { WORDS_MOST = 32, NOT_STARTED = 127 };

static _Noreturn void child(char *const *argv)
{
    static const int signals[] = {SIGPIPE, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCHLD, SIGWINCH, SIGCONT};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
    execvp(argv[0], argv);
    _exit(NOT_STARTED);
}

bool editor_run(const char *path, struct error *err)
{
    const char *said = getenv("EDITOR");
    struct arena a = {0};
    struct str rest = said != NULL && str_trim(str_of(said)).len != 0 ? str_of(said) : STR("editor"), word;
    char *argv[WORDS_MOST + 2];
    size_t count = 0;
    while (count < WORDS_MOST && str_word(&rest, &word)) {
        char *copy = arena_alloc(&a, word.len + 1, 1);
        memcpy(copy, word.at, word.len);
        argv[count++] = copy;
    }
    char *file = arena_alloc(&a, strlen(path) + 1, 1);
    memcpy(file, path, strlen(path));
    argv[count++] = file;
    argv[count] = NULL;
    bool ok = true;
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        child(argv);
    if (pid < 0) {
        ok = error_set(err, ERR_IO, "cannot start \"%s\": %s", argv[0], strerror(errno));
    } else {
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
            ok = error_set(err, ERR_IO, "cannot start \"%s\": set EDITOR to the editor that you like", argv[0]);
        else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            ok = error_set(err, ERR_IO, "\"%s\" ended with a fault: the notes are as they were", argv[0]);
    }
    arena_done(&a);
    return ok;
}
