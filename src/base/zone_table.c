/* SPDX-License-Identifier: MIT */
/* Zones by name: each file is read once, and what is not there is not looked for twice. */
#include "calldeck/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "scalar.h"
#include "tz.h"
#include "zone_table.h"

/* A real file has at most about 4 KB. A list may name a million zones that do not exist: only so many are remembered.
 */
enum { FILE_LIMIT_BYTES = 256 * 1024, MISSES_MAX = 1024, NAME_MAX_BYTES = 64 };

struct zone_table *zone_table_new(const char *dir)
{
    struct zone_table *t = alloc_zeroed(1, sizeof *t);
    if (dir == NULL)
        dir = getenv("TZDIR");
    if (dir == NULL || dir[0] == '\0')
        dir = "/usr/share/zoneinfo";
    t->dir = alloc_copy(dir, strlen(dir));
    return t;
}

void zone_table_free(struct zone_table *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < ZONE_BUCKETS; i++)
        for (struct zone_entry *e = t->buckets[i], *next; e != NULL; e = next) {
            next = e->next;
            zone_free(e->zone);
            free(e->name);
            free(e->sentence);
            free(e);
        }
    for (size_t i = 0; i < t->candidate_count; i++) {
        free(t->candidates[i].name);
        free(t->candidates[i].folded);
    }
    free(t->candidates);
    free(t->dir);
    free(t);
}

char *zone_read_file(const char *path, size_t limit_bytes, size_t *ret_len)
{
    char *data = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a pipe in that place must not block us */
    struct stat st;
    int saved;
    if (fd < 0)
        return NULL;
    errno = EINVAL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        goto out;
    errno = EFBIG;
    if ((uint64_t)st.st_size > limit_bytes)
        goto out;
    data = alloc_zeroed((size_t)st.st_size, 1);
    size_t len = 0;
    while (len < (size_t)st.st_size) {
        ssize_t got = read(fd, data + len, (size_t)st.st_size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            goto fail;
        if (got == 0)
            break;
        len += (size_t)got;
    }
    *ret_len = len;
    goto out;

fail:
    saved = errno;
    free(data);
    data = NULL;
    errno = saved;
out:
    saved = errno;
    close(fd);
    errno = saved;
    return data;
}

/* Only what tzdata names a zone: no way out of the directory, no hidden file, none of the lists that lie beside. */
static bool is_name(struct str name)
{
    if (name.len == 0 || name.len > NAME_MAX_BYTES)
        return false;
    char before = '/';
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool inner = letter || (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';
        if (before == '/' ? !letter : !inner)
            return false;
        before = c;
    }
    return before != '/' && !str_starts(name, "posix/") && !str_starts(name, "right/") && !str_is(name, "posixrules") &&
           !str_is(name, "localtime");
}

static size_t bucket_of(struct str name)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.at[i]) * 16777619u;
    return hash % ZONE_BUCKETS;
}

static struct zone *load(struct zone_table *t, const char *name, struct error *err)
{
    if (strcmp(name, "UTC") == 0)
        return zone_of_rule(name, STR("UTC0"));
    char path[PATH_MAX];
    int path_len = snprintf(path, sizeof path, "%s/%s", t->dir, name);
    errno = ENAMETOOLONG;
    size_t len = 0;
    char *data = path_len > 0 && (size_t)path_len < sizeof path ? zone_read_file(path, FILE_LIMIT_BYTES, &len) : NULL;
    if (data == NULL) {
        if (errno == ENOENT && access(t->dir, X_OK) != 0)
            error_set(err, ERR_IO, "there are no time zones in \"%.200s\", install tzdata or set TZDIR", t->dir);
        else if (errno == ENOENT || errno == ENOTDIR || errno == EINVAL)
            error_set(err, ERR_NOT_FOUND, "unknown time zone \"%s\", give a name as Asia/Riyadh or America/New_York",
                      name);
        else
            error_set(err, ERR_IO, "cannot read the time zone \"%s\": %s, reinstall tzdata", name, strerror(errno));
        return NULL;
    }
    struct zone *z = zone_parse(name, data, len, err);
    free(data);
    return z;
}

const struct zone *zone_find(struct zone_table *t, struct str name, struct error *err)
{
    if (!is_name(name)) {
        char quoted[QUOTE_SIZE];
        quote_words(name, quoted);
        error_set(err, ERR_NOT_FOUND, "\"%s\" is not the name of a time zone, give one as Asia/Riyadh", quoted);
        return NULL;
    }
    struct zone_entry **bucket = &t->buckets[bucket_of(name)];
    struct zone_entry *e = *bucket;
    while (e != NULL && !str_is(name, e->name))
        e = e->next;
    if (e == NULL) {
        char *owned = alloc_copy(name.at, name.len);
        struct error why = {0};
        struct zone *z = load(t, owned, &why);
        if (z == NULL && t->miss_count >= MISSES_MAX) {
            free(owned);
            error_set(err, why.code, "%s", why.text);
            return NULL;
        }
        e = alloc_zeroed(1, sizeof *e);
        e->name = owned;
        e->zone = z;
        if (z == NULL) {
            e->code = why.code;
            e->sentence = alloc_copy(why.text, strlen(why.text));
            t->miss_count++;
        }
        e->next = *bucket;
        *bucket = e;
    }
    if (e->zone == NULL)
        error_set(err, e->code, "%s", e->sentence);
    return e->zone;
}

/* The part of a path behind ".../zoneinfo/" or the table's own directory, if that is a zone. */
static const struct zone *find_in_path(struct zone_table *t, const char *path)
{
    size_t dir_len = strlen(t->dir);
    const char *name = NULL;
    if (strncmp(path, t->dir, dir_len) == 0 && path[dir_len] == '/')
        name = path + dir_len + 1;
    else if ((name = strstr(path, "/zoneinfo/")) != NULL)
        name += strlen("/zoneinfo/");
    if (name == NULL)
        return NULL;
    if (strncmp(name, "posix/", 6) == 0 || strncmp(name, "right/", 6) == 0)
        name += 6;
    return zone_find(t, str_of(name), NULL);
}

const struct zone *zone_local(struct zone_table *t)
{
    const struct zone *z = NULL;
    const char *set = getenv("TZ");
    if (set != NULL) {
        if (set[0] == ':')
            set++;
        if (set[0] == '\0')
            return zone_find(t, STR("UTC"), NULL); /* as libc reads it */
        z = set[0] == '/' ? find_in_path(t, set) : zone_find(t, str_of(set), NULL);
        if (z != NULL)
            return z;
    }
    char target[PATH_MAX];
    ssize_t len = readlink("/etc/localtime", target, sizeof target - 1);
    if (len > 0) {
        target[len] = '\0';
        z = find_in_path(t, target);
        if (z == NULL && realpath("/etc/localtime", target) != NULL)
            z = find_in_path(t, target);
    }
    if (z == NULL) {
        size_t size = 0;
        char *text = zone_read_file("/etc/timezone", NAME_MAX_BYTES * 4, &size);
        if (text != NULL)
            z = zone_find(t, str_trim(str_make(text, str_find(str_make(text, size), '\n'))), NULL);
        free(text);
    }
    return z != NULL ? z : zone_find(t, STR("UTC"), NULL);
}
