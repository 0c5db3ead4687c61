/* SPDX-License-Identifier: MIT */
/* Starts, finds again, watches and ends baresip; softphone.h. */
#include "recording.h"
#include "softphone.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "child.h"

enum { SLOTS_MOST = 8 };

static char *copy(const char *text)
{
    struct str s = str_of(text);
    return alloc_copy(s.at != NULL ? s.at : "", s.len);
}

/* A path in our folder; freed by the caller. */
static char *path_of(const char *dir, const char *name)
{
    struct buf b;
    buf_init(&b);
    buf_printf(&b, "%s/%s", dir, name);
    return b.at;
}

/* At most `most` bytes of a file, from its end. */
static bool file_tail(const char *path, size_t most, struct buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    off_t size = lseek(fd, 0, SEEK_END);
    if (size > (off_t)most)
        lseek(fd, size - (off_t)most, SEEK_SET);
    else
        lseek(fd, 0, SEEK_SET);
    char data[512];
    ssize_t n;
    size_t total = 0;
    while (total < most && (n = read(fd, data, sizeof data)) > 0) {
        buf_add(out, data, (size_t)n);
        total += (size_t)n;
    }
    close(fd);
    return true;
}

bool secret_read(const char *path, char **ret, struct error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return error_set(err, ERR_IO, "cannot read the password in \"%s\": %s", path, strerror(errno));
    bool plain = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    bool ok = plain && (st.st_mode & 077) == 0;
    if (!plain)
        error_set(err, ERR_USAGE, "the password's file \"%s\" is not a plain file", path);
    else if (!ok)
        error_set(err, ERR_USAGE, "the password in \"%s\" can be read by others: chmod 600 it", path);
    char data[512];
    ssize_t n = ok ? read(fd, data, sizeof data) : 0;
    close(fd);
    if (!ok)
        return false;
    struct str line = str_make(data, n > 0 ? (size_t)n : 0);
    line.len = str_find(line, '\n');
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    ok = line.len > 0 && line.len < sizeof data;
    if (ok)
        *ret = alloc_copy(line.at, line.len);
    explicit_bzero(data, sizeof data);
    return ok || error_set(err, ERR_USAGE, "there is no password in the first line of \"%s\"", path);
}

/* ---- the folder ---- */

static bool dir_make(const char *path, struct error *err)
{
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(err, ERR_IO, "cannot make the folder \"%s\": %s", path, strerror(errno));
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        return error_set(err, ERR_IO, "the folder \"%s\" is not ours alone; remove it", path);
    if ((st.st_mode & 077) != 0 && chmod(path, 0700) != 0)
        return error_set(err, ERR_IO, "cannot close the folder \"%s\" to others: %s", path, strerror(errno));
    return true;
}

static bool slot_take(struct softphone *s, struct error *err)
{
    /* what lies above may not be there yet: ~/.local/state */
    for (char *p = s->root + 1; *p != '\0'; p++)
        if (*p == '/') {
            *p = '\0';
            mkdir(s->root, 0700);
            *p = '/';
        }
    if (!dir_make(s->root, err))
        return false;
    for (int i = 0; i < SLOTS_MOST; i++) {
        char name[32];
        snprintf(name, sizeof name, "softphone-%d", i);
        char *dir = path_of(s->root, name);
        char *lock = path_of(dir, "lock");
        bool made = dir_make(dir, err);
        int fd = made ? open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
        free(lock);
        if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) {
            s->dir = dir;
            s->lock_fd = fd;
            return true;
        }
        free(dir);
        if (fd < 0)
            return made ? error_set(err, ERR_IO, "cannot open the softphone's folder: %s", strerror(errno)) : false;
        close(fd);
    }
    return error_set(err, ERR_REFUSED, "cannot start a softphone: %d run already", SLOTS_MOST);
}

static void raw_remove(const struct softphone *s, const char *raw)
{
    recording_sweep(raw);
    rmdir(raw);
    rmdir(s->record_dir); /* stays, with a recording in it */
}

static bool raw_make(struct softphone *s, struct error *err)
{
    s->raw_dir = copy("");
    if (s->record_dir[0] == '\0')
        return true;
    struct buf raw;
    buf_init(&raw);
    buf_printf(&raw, "%s/.%s", s->record_dir, strrchr(s->dir, '/') + 1);
    bool records = s->records && softphone_has_recorder(), ok = true;
    if (records) {
        free(s->raw_dir);
        s->raw_dir = copy(raw.at);
        ok = dir_make(s->record_dir, err) && dir_make(s->raw_dir, err);
    } else {
        raw_remove(s, raw.at);
    }
    buf_done(&raw);
    return ok;
}

static bool program_is_there(void)
{
    struct str path = str_of(getenv("PATH")), part;
    if (path.len == 0)
        path = STR("/usr/local/bin:/usr/bin:/bin");
    bool found = false;
    while (!found && str_next(&path, ':', &part)) {
        struct buf file;
        buf_init(&file);
        buf_printf(&file, "%.*s/baresip", STR_ARG(part));
        found = access(file.at, X_OK) == 0;
        buf_done(&file);
    }
    return found;
}

bool softphone_open(struct softphone *s, const struct dial_config *config, struct error *err)
{
    const char *source = config->audio_source, *player = config->audio_player;
    *s = (struct softphone){.account = copy(config->sip_account),
                            .user = copy(config->sip_user),
                            .name = copy(config->sip_name),
                            .password_command = copy(config->sip_password_command),
                            .source = copy(source != NULL && source[0] != '\0' ? source : "alsa,default"),
                            .player = copy(player != NULL && player[0] != '\0' ? player : "alsa,default"),
                            .record_dir = copy(config->record_dir),
                            .root = copy(config->runtime_dir),
                            .no_register = config->sip_no_register,
                            .records = config->records,
                            .lock_fd = -1,
                            .pidfd = -1};
    if (!program_is_there())
        return error_set(err, ERR_IO, "cannot start the softphone: there is no \"baresip\" here; apt-get install baresip-core");
    const char *file = config->sip_password_file;
    if (file != NULL && file[0] != '\0' && !secret_read(file, &s->password, err))
        return false;
    if (!softphone_check(s, err))
        return false;
    if (s->root[0] != '/')
        return error_set(err, ERR_USAGE, "there is no folder for the softphone: set XDG_RUNTIME_DIR or HOME");
    return slot_take(s, err) && raw_make(s, err);
}

void softphone_close(struct softphone *s)
{
    if (s->dir != NULL) {
        static const char *const names[] = {"accounts", "config", "contacts", "uuid", "log", "running", "current_contact"};
        for (size_t i = 0; s->pid == 0 && i < sizeof names / sizeof names[0]; i++) {
            char *path = path_of(s->dir, names[i]);
            unlink(path);
            free(path);
        }
        if (s->pid == 0 && s->raw_dir != NULL && s->raw_dir[0] != '\0')
            raw_remove(s, s->raw_dir);
    }
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    if (s->pidfd >= 0)
        close(s->pidfd);
    if (s->password != NULL)
        explicit_bzero(s->password, strlen(s->password));
    char *owned[] = {s->account, s->user, s->name, s->password_command, s->source, s->player, s->record_dir, s->root,
                     s->password, s->dir, s->raw_dir};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
        free(owned[i]);
    *s = (struct softphone){.lock_fd = -1, .pidfd = -1};
}

/* ---- ports ---- */

/* 0: it is taken */
static int port_try(int type, int port)
{
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0;
    if (fd >= 0)
        close(fd);
    return ok ? ntohs(at.sin_port) : 0;
}

/* SIP takes UDP and TCP, and for TLS the port after it. */
static int sip_port_find(void)
{
    enum { TRIES = 50 };
    for (int i = 0; i < TRIES; i++) {
        int port = port_try(SOCK_DGRAM, 0);
        if (port > 1024 && port < 65535 && port_try(SOCK_STREAM, port) != 0 && port_try(SOCK_STREAM, port + 1) != 0 &&
            port_try(SOCK_DGRAM, port + 1) != 0)
            return port;
    }
    return 0;
}

/* ---- the process ---- */

/* Field 22 of /proc/PID/stat: an id that was given to another process has another. 0: not known. */
static int64_t started_at(pid_t pid)
{
    char path[48];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    struct buf stat;
    buf_init(&stat);
    int64_t start = 0;
    if (file_tail(path, 4096, &stat)) {
        const char *end = strrchr(stat.at, ')'); /* the name may hold anything, but nothing after it does */
        struct str rest = str_of(end != NULL ? end + 1 : ""), word;
        for (int field = 3; str_word(&rest, &word); field++)
            if (field == 22 && !str_int(word, &start))
                start = 0;
    }
    buf_done(&stat);
    return start;
}

/* What must be the same for a softphone to be taken over. */
static void identity(const struct softphone *s, struct buf *out)
{
    buf_printf(out, "%s|%s|%s|%s|%d|%s", s->account, s->user, s->source, s->player, s->no_register, s->raw_dir != NULL ? s->raw_dir : "");
}

static void running_write(const struct softphone *s)
{
    char *path = path_of(s->dir, "running");
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct buf text;
    buf_init(&text);
    buf_printf(&text, "%d %" PRId64 " %d\n", (int)s->pid, started_at(s->pid), s->port);
    identity(s, &text);
    buf_add_char(&text, '\n');
    /* if it cannot be written, a crash cannot be mended; nothing else is lost */
    if (fd >= 0 && write(fd, text.at, text.len) < 0)
        unlink(path);
    if (fd >= 0)
        close(fd);
    buf_done(&text);
    free(path);
}

bool softphone_adopt(struct softphone *s)
{
    char *path = path_of(s->dir, "running");
    struct buf text, same;
    buf_init(&text);
    buf_init(&same);
    struct str rest, line, word;
    int64_t numbers[3] = {0};
    bool found = file_tail(path, 4096, &text);
    rest = buf_str(&text);
    found = found && str_next(&rest, '\n', &line);
    for (int i = 0; found && i < 3; i++)
        found = str_word(&line, &word) && str_int(word, &numbers[i]);
    found = found && numbers[0] > 1 && numbers[0] <= INT32_MAX && numbers[2] > 0 && numbers[2] < 65536 && numbers[1] != 0 &&
            started_at((pid_t)numbers[0]) == numbers[1];
    int pidfd = found ? pidfd_open((pid_t)numbers[0], 0) : -1;
    /* once more, for now it cannot become another's */
    if (pidfd >= 0 && started_at((pid_t)numbers[0]) == numbers[1]) {
        s->pid = (pid_t)numbers[0];
        s->pidfd = pidfd;
        s->port = (int)numbers[2];
        s->is_child = false;
        identity(s, &same);
        if (!str_next(&rest, '\n', &line) || !str_eq(line, buf_str(&same)))
            softphone_stop(s, 0);
    } else if (pidfd >= 0) {
        close(pidfd);
    }
    unlink(path);
    if (s->pid != 0)
        running_write(s);
    buf_done(&text);
    buf_done(&same);
    free(path);
    return s->pid != 0;
}

bool softphone_start(struct softphone *s, struct error *err)
{
    int sip_port = sip_port_find();
    s->port = port_try(SOCK_STREAM, 0);
    if (sip_port == 0 || s->port == 0)
        return error_set(err, ERR_IO, "cannot start the softphone: no port is free");
    if (s->raw_dir[0] != '\0')
        recording_sweep(s->raw_dir);
    if (!softphone_write(s, sip_port, err))
        return false;
    char *path = path_of(s->dir, "log");
    unlink(path);
    int log = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    free(path);
    if (log < 0)
        return error_set(err, ERR_IO, "cannot start the softphone: %s", strerror(errno));
    char program[] = "baresip", option[] = "-f";
    char *argv[] = {program, option, s->dir, NULL};
    struct child c;
    bool ok = child_start_to(argv, log, &c, err);
    close(log);
    if (!ok)
        return false;
    s->pid = c.pid;
    s->pidfd = c.pidfd;
    s->is_child = true;
    running_write(s);
    return true;
}

static void last_words(const struct softphone *s, struct buf *out)
{
    enum { TAIL = 2048 };
    struct buf log;
    buf_init(&log);
    char *path = path_of(s->dir, "log");
    if (file_tail(path, TAIL, &log)) {
        struct str rest = buf_str(&log), line, last = STR("");
        while (str_next(&rest, '\n', &line))
            if (str_trim(line).len > 0)
                last = str_trim(line);
        /* its colours would be cleaned to litter */
        while (last.len > 0)
            if (last.at[0] == '\x1b') {
                size_t end = str_find(last, 'm');
                last = str_skip(last, end < last.len ? end + 1 : last.len);
            } else {
                buf_add_char(out, last.at[0]);
                last = str_skip(last, 1);
            }
    }
    free(path);
    buf_done(&log);
}

bool softphone_ended(struct softphone *s, struct buf *why)
{
    if (s->pid == 0)
        return false;
    bool over;
    if (s->is_child) {
        struct child c = {.pid = s->pid, .pidfd = -1, .output_fd = -1};
        int status;
        over = child_ended(&c, &status);
    } else {
        struct pollfd end = {.fd = s->pidfd, .events = POLLIN};
        over = s->pidfd < 0 || poll(&end, 1, 0) > 0;
    }
    if (!over)
        return false;
    last_words(s, why);
    s->pid = 0;
    if (s->pidfd >= 0)
        close(s->pidfd);
    s->pidfd = -1;
    char *path = path_of(s->dir, "running");
    unlink(path);
    free(path);
    return true;
}

void softphone_log_cut(const struct softphone *s)
{
    enum { LOG_MOST = 256 * 1024 };
    struct stat st;
    char *path = path_of(s->dir, "log");
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    /* it is written by appending, so what comes next begins at the front; if not, it is a log */
    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > LOG_MOST && ftruncate(fd, 0) != 0)
        unlink(path);
    if (fd >= 0)
        close(fd);
    free(path);
}

static bool gone_after(struct softphone *s, int wait_ms)
{
    struct buf ignored;
    buf_init(&ignored);
    bool over = softphone_ended(s, &ignored);
    for (int waited = 0; !over && waited < wait_ms; waited += 20) {
        struct pollfd end = {.fd = s->pidfd, .events = POLLIN};
        poll(&end, 1, 20);
        over = softphone_ended(s, &ignored);
    }
    buf_done(&ignored);
    return over;
}

static bool signal_send(const struct softphone *s, int signal)
{
    return s->pid != 0 &&
           (s->pidfd >= 0 ? pidfd_send_signal(s->pidfd, signal, NULL, 0) == 0 : kill(s->pid, signal) == 0);
}

void softphone_signal_end(const struct softphone *s)
{
    signal_send(s, SIGTERM);
    signal_send(s, SIGTERM);
}

void softphone_stop(struct softphone *s, int wait_ms)
{
    static const struct {
        int signal, wait_ms;
    } ladder[] = {{SIGTERM, 300}, {SIGTERM, 300}, {SIGKILL, 1000}};
    if (s->pid == 0 || gone_after(s, wait_ms))
        return;
    for (size_t i = 0; i < sizeof ladder / sizeof ladder[0]; i++) {
        if (!signal_send(s, ladder[i].signal))
            break;
        if (gone_after(s, ladder[i].wait_ms))
            return;
    }
}

/* ---- whose port ---- */

/* The inode of the socket that listens on 127.0.0.1:port; 0: none, or not known. */
static int64_t listener_inode(int port)
{
    struct buf table;
    buf_init(&table);
    char mine[32];
    snprintf(mine, sizeof mine, "0100007F:%04X", (unsigned)port);
    int64_t inode = 0;
    if (file_tail("/proc/net/tcp", (size_t)4 << 20, &table)) {
        struct str rest = buf_str(&table), line;
        while (inode == 0 && str_next(&rest, '\n', &line)) {
            struct str words[10] = {0};
            size_t count = 0;
            while (count < 10 && str_word(&line, &words[count]))
                count++;
            if (count == 10 && str_is(words[1], mine) && str_is(words[3], "0A") && !str_int(words[9], &inode))
                inode = 0;
        }
    }
    buf_done(&table);
    return inode;
}

bool softphone_owns_port(const struct softphone *s)
{
    enum { FDS_LOOKED_AT = 256 };
    int64_t inode = listener_inode(s->port);
    if (inode == 0 || s->pid == 0)
        return true;
    char want[48], path[64], got[64];
    snprintf(want, sizeof want, "socket:[%" PRId64 "]", inode);
    bool readable = false;
    for (int fd = 0; fd < FDS_LOOKED_AT; fd++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)s->pid, fd);
        ssize_t n = readlink(path, got, sizeof got - 1);
        if (n <= 0)
            continue;
        readable = true;
        got[n] = '\0';
        if (strcmp(got, want) == 0)
            return true;
    }
    return !readable;
}
