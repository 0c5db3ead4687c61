/* SPDX-License-Identifier: MIT */
/* Where things are kept: the words of the caller, then the environment, then the home. Nothing is made here. */
#include "session.h"

#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct str home(void)
{
    const char *said = getenv("HOME");
    if (said != NULL && said[0] == '/')
        return str_of(said);
    const struct passwd *me = getpwuid(getuid());
    return me != NULL && me->pw_dir != NULL && me->pw_dir[0] == '/' ? str_of(me->pw_dir) : STR("");
}

/* A folder of the XDG kind; one that is not absolute counts as not set. NULL: there is no home either. */
static const char *under(struct arena *a, const char *variable, const char *otherwise, const char *rest)
{
    const char *said = getenv(variable);
    if (said != NULL && said[0] == '/')
        return arena_printf(a, "%s/calldeck/%s", said, rest).at;
    struct str h = home();
    return h.len ? arena_printf(a, "%.*s/%s/calldeck/%s", STR_ARG(h), otherwise, rest).at : NULL;
}

const char *path_database(struct arena *a, const char *given, struct error *err)
{
    if (given != NULL && given[0] == '\0') {
        error_set(err, ERR_USAGE, "--db needs the name of a file");
        return NULL;
    }
    const char *said = getenv("CALLDECK_DB");
    const char *path = given != NULL                       ? given
                       : said != NULL && said[0] != '\0' ? said
                                                           : under(a, "XDG_DATA_HOME", ".local/share", "calldeck.db");
    if (path == NULL)
        error_set(err, ERR_USAGE, "there is no home to keep the database in: set HOME, or say --db FILE");
    return path;
}

const char *path_config(struct arena *a)
{
    return under(a, "XDG_CONFIG_HOME", ".config", "calldeck.conf");
}

const char *path_log(struct arena *a)
{
    return under(a, "XDG_STATE_HOME", ".local/state", "log");
}

const char *path_demo(struct arena *a, struct error *err)
{
    const char *path = under(a, "XDG_STATE_HOME", ".local/state", "demo/demo.db");
    if (path == NULL)
        error_set(err, ERR_USAGE, "there is no home to keep the demo in: set HOME or XDG_STATE_HOME");
    return path;
}

const char *path_temporary(struct arena *a)
{
    const char *said = getenv("TMPDIR");
    return arena_str(a, said != NULL && said[0] == '/' ? str_of(said) : STR("/tmp")).at;
}

bool path_is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}
