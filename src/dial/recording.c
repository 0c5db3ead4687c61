/* SPDX-License-Identifier: MIT */
/* The files of recorded calls; recording.h. */
#include "recording.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/str.h"

enum { WAV_HEADER = 44 };
/* As baresip's sndfile names the two directions, and as a person would. */
static const struct {
    const char *raw, *name;
} sides[] = {{"-enc.wav", "us"}, {"-dec.wav", "them"}};
enum { SIDES = sizeof sides / sizeof sides[0] };

/* The name is a child of dir; one that is cut names nothing. */
static const char *path_in(char *out, size_t size, const char *dir, const char *name)
{
    int len = snprintf(out, size, "%s/%s", dir, name);
    return len > 0 && (size_t)len < size ? out : "";
}

static void name_of(char *out, size_t size, int64_t call, int side)
{
    snprintf(out, size, "call%" PRId64 "-%s.wav", call, sides[side].name);
}

void recording_claim(const char *raw, int64_t call)
{
    DIR *dir = opendir(raw);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL)
        for (int side = 0; side < SIDES; side++)
            if (str_starts(str_of(entry->d_name), "dump-") && str_ends(str_of(entry->d_name), sides[side].raw)) {
                char from[1024], to[1024], name[64];
                name_of(name, sizeof name, call, side);
                rename(path_in(from, sizeof from, raw, entry->d_name), path_in(to, sizeof to, raw, name));
            }
    if (dir != NULL)
        closedir(dir);
}

void recording_drop(const char *raw, int64_t call)
{
    for (int side = 0; side < SIDES; side++) {
        char path[1024], name[64];
        name_of(name, sizeof name, call, side);
        unlink(path_in(path, sizeof path, raw, name));
    }
}

void recording_sweep(const char *raw)
{
    DIR *dir = opendir(raw);
    struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (str_ends(str_of(entry->d_name), ".wav")) {
            char path[1024];
            unlink(path_in(path, sizeof path, raw, entry->d_name));
        }
    if (dir != NULL)
        closedir(dir);
}

/* What is written goes on behind: the softphone has its own place in the file. */
static bool silence(const char *path, struct error *err)
{
    static const char zeros[65536];
    struct stat st;
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return error_set(err, ERR_NOT_FOUND, "nothing is recorded of this call");
    bool ok = fd >= 0 && fstat(fd, &st) == 0 && fchmod(fd, 0600) == 0;
    for (off_t at = WAV_HEADER; ok && at < st.st_size;) {
        size_t most = (size_t)(st.st_size - at) < sizeof zeros ? (size_t)(st.st_size - at) : sizeof zeros;
        ssize_t n = pwrite(fd, zeros, most, at);
        ok = n > 0;
        at += n;
    }
    int failed = errno;
    if (fd >= 0)
        close(fd);
    return ok || error_set(err, ERR_IO, "cannot record: %s", strerror(failed));
}

bool recording_keep(const char *raw, int64_t call, const char *dir, const char *name, struct error *err)
{
    char from[SIDES][1024], to[SIDES][1024], file[128];
    for (int side = 0; side < SIDES; side++) {
        name_of(file, sizeof file, call, side);
        path_in(from[side], sizeof from[side], raw, file);
        snprintf(file, sizeof file, "%s-%s.wav", name, sides[side].name);
        path_in(to[side], sizeof to[side], dir, file);
        if (!silence(from[side], err))
            return false;
    }
    for (int side = 0; side < SIDES; side++)
        if (rename(from[side], to[side]) != 0) {
            error_set(err, ERR_IO, "cannot record into \"%s\": %s", to[side], strerror(errno));
            recording_forget(dir, name);
            return false;
        }
    return true;
}

void recording_forget(const char *dir, const char *name)
{
    for (int side = 0; side < SIDES; side++) {
        char path[1024], file[128];
        snprintf(file, sizeof file, "%s-%s.wav", name, sides[side].name);
        unlink(path_in(path, sizeof path, dir, file));
    }
}
