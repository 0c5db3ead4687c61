/* SPDX-License-Identifier: MIT */
/* Where the module and the facts lie, and how their files are read. */
#include "book.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/alloc.h"

enum { FACTS_MOST_BYTES = 4 << 20 };

/* The directory above the one of the running program, as "/usr" for /usr/bin/calldeck; "" if it cannot be known. */
static void prefix_of_program(char ret[PATH_MAX])
{
    ssize_t len = readlink("/proc/self/exe", ret, PATH_MAX - 1);
    ret[len > 0 ? len : 0] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(ret, '/');
        if (slash != NULL)
            *slash = '\0';
    }
}

static char *assets_find(const char *given)
{
    const char *set = given != NULL ? given : getenv("CALLDECK_ASSETS");
    if (set != NULL && set[0] != '\0')
        return alloc_copy(set, strlen(set));
    char prefix[PATH_MAX];
    prefix_of_program(prefix);
    struct buf path;
    buf_init(&path);
    buf_printf(&path, "%s/share/calldeck", prefix);
    bool there = access(path.at, R_OK | X_OK) == 0;
    char *found = alloc_copy(path.at, there ? path.len : 0);
    buf_done(&path);
    return found;
}

struct phone_book *phone_book_new(const char *module_dir, const char *assets_dir)
{
    struct phone_book *book = alloc_zeroed(1, sizeof *book);
    if (module_dir != NULL)
        book->module_dir = alloc_copy(module_dir, strlen(module_dir));
    book->assets = assets_find(assets_dir);
    return book;
}

void phone_book_free(struct phone_book *book)
{
    if (book == NULL)
        return;
    places_done(&book->places);
    prefixes_done(&book->prefixes);
    areas_done(&book->areas);
    free(book->cache);
    free(book->assets);
    free(book->module_dir);
    free(book);
}

const char *phone_book_assets(const struct phone_book *book)
{
    return book->assets;
}

char *facts_read(const struct phone_book *book, const char *name, size_t *ret_len)
{
    if (book->assets[0] == '\0')
        return NULL;
    struct buf path;
    buf_init(&path);
    buf_printf(&path, "%s/zones/%s", book->assets, name);
    FILE *f = fopen(path.at, "rbe");
    buf_done(&path);
    if (f == NULL)
        return NULL;
    struct buf text;
    buf_init(&text);
    char part[16384];
    for (size_t n; text.len < FACTS_MOST_BYTES && (n = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&text, part, n);
    fclose(f);
    *ret_len = text.len;
    return text.at; /* buf keeps it on the heap, NUL-terminated */
}

bool facts_line(struct str *rest, struct str *ret_line)
{
    struct str line;
    while (str_next(rest, '\n', &line)) {
        line = str_trim(line);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        bool plain = true;
        for (size_t i = 0; i < line.len && plain; i++)
            plain = (unsigned char)line.at[i] >= 0x20;
        if (!plain)
            continue;
        *ret_line = line;
        return true;
    }
    return false;
}

static bool module_in(const char *dir, struct buf *ret_path)
{
    buf_clear(ret_path);
    buf_printf(ret_path, "%s/phone.so", dir);
    return access(ret_path->at, R_OK) == 0;
}

/* Where it should be, for the sentence about it: not the last place that was tried. */
static bool missing(const char *prefix, struct buf *ret_path)
{
    buf_clear(ret_path);
    buf_printf(ret_path, "%s/lib/calldeck/phone.so", prefix);
    return false;
}

/* lib/calldeck, or lib/<architecture>/calldeck as Debian installs it. */
static bool module_below(const char *prefix, struct buf *ret_path)
{
    static const char *const libs[] = {"lib", "lib64"};
    char dir[PATH_MAX + 512];
    for (size_t i = 0; i < sizeof libs / sizeof libs[0]; i++) {
        snprintf(dir, sizeof dir, "%s/%s/calldeck", prefix, libs[i]);
        if (module_in(dir, ret_path))
            return true;
    }
    snprintf(dir, sizeof dir, "%s/lib", prefix);
    DIR *lib = opendir(dir);
    if (lib == NULL)
        return missing(prefix, ret_path);
    bool found = false;
    for (struct dirent *e; !found && (e = readdir(lib)) != NULL;)
        if (strchr(e->d_name, '-') != NULL) { /* x86_64-linux-gnu */
            snprintf(dir, sizeof dir, "%s/lib/%s/calldeck", prefix, e->d_name);
            found = module_in(dir, ret_path);
        }
    closedir(lib);
    return found || missing(prefix, ret_path);
}

static bool module_find(const struct phone_book *book, struct buf *ret_path)
{
    const char *set = book->module_dir != NULL ? book->module_dir : getenv("CALLDECK_MODULES");
    if (set != NULL && set[0] != '\0')
        return module_in(set, ret_path);
    char prefix[PATH_MAX];
    prefix_of_program(prefix);
    return module_below(prefix, ret_path);
}

static bool module_load(const char *path, struct module *module, struct error *err)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        const char *why = dlerror();
        return error_set(err, ERR_IO, "cannot parse numbers: %s; install the package libphonenumber8",
                         why != NULL ? why : path);
    }
    module_abi_fn abi;
    module_parse_fn parse;
    /* a data pointer becomes a function pointer: POSIX allows it, ISO C only through the bytes */
    void *symbol = dlsym(handle, "phone_module_abi");
    memcpy(&abi, &symbol, sizeof abi);
    symbol = dlsym(handle, "phone_module_parse");
    memcpy(&parse, &symbol, sizeof parse);
    bool fits = abi != NULL && parse != NULL && abi() == PHONE_MODULE_ABI;
    if (fits)
        module->parse = parse;
    dlclose(handle); /* it stays loaded */
    return fits || error_set(err, ERR_IO, "cannot parse numbers: \"%s\" belongs to another version; install calldeck again", path);
}

bool module_open(struct phone_book *book, struct error *err)
{
    struct module *m = &book->module;
    if (!m->tried) {
        m->tried = true;
        struct buf path;
        buf_init(&path);
        if (module_find(book, &path))
            module_load(path.at, m, &m->why);
        else
            error_set(&m->why, ERR_IO, "cannot parse numbers: the module \"%s\" is missing; install calldeck again", path.at);
        buf_done(&path);
    }
    if (m->parse == NULL)
        return error_set(err, m->why.code, "%s", m->why.text);
    return true;
}
