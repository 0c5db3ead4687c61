/* SPDX-License-Identifier: MIT */
/*
 * drive: a stopwatch for programs on a terminal. What is measured is what a person waits for.
 *
 *   drive time  N -- ARGV             a program's whole run, output thrown away
 *   drive start N TEXT -- ARGV        from the fork until TEXT has been written, then the program is killed
 *   drive keys  N TEXT KEYS -- ARGV   KEYS are words: what is typed in turn. From each write to the last byte of the
 *                                     answer. A word behind "+" is typed and not measured (to open a prompt, to come
 *                                     back); "@N" waits N ms; words before "|" are typed once, to get there.
 *   drive invite N TEXT PORT -- ARGV  from Enter on a card to the INVITE at UDP PORT of 127.0.0.1, where it is said to be
 *                                     busy; Enter files that. Then the same number of times baresip's own "dial", sent
 *                                     by hand to the softphone that the program left: two lines
 *
 * Words are text with \r \t \e. An answer ends with QUIET_MS of silence, which are not counted. Prints
 * "p50 p99 max" in milliseconds, the bytes an answer, the peak of resident memory in KiB.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    COLS = 120,
    ROWS = 32,
    QUIET_MS = 25,
    DEADLINE_MS = 30000,
    SAMPLES = 100000,
    TEXT_SIZE = 1 << 20,
};

struct run {
    int fd;
    pid_t pid;
    char *text;       /* what was written since the last key, escape sequences taken out */
    size_t len;
    int escape;       /* 0: none, 1: after ESC, 2: in CSI, 3: in a string, 4: a charset's letter */
    size_t bytes;
    double last_ms;   /* when the last byte came */
};

static double samples[SAMPLES];
static size_t samples_count;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void fail(const char *what, const char *detail)
{
    fprintf(stderr, "drive: %s%s%s\n", what, detail != NULL ? ": " : "", detail != NULL ? detail : "");
    exit(1);
}

/* ---- a program on a terminal ---- */

static void run_start(struct run *r, char **argv)
{
    struct winsize size = {.ws_col = COLS, .ws_row = ROWS};
    *r = (struct run){.text = malloc(TEXT_SIZE)};
    if (r->text == NULL)
        fail("no memory", NULL);
    r->text[0] = '\0';
    r->pid = forkpty(&r->fd, NULL, NULL, &size);
    if (r->pid < 0)
        fail("forkpty", strerror(errno));
    if (r->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        execvp(argv[0], argv);
        _exit(127);
    }
    fcntl(r->fd, F_SETFL, O_NONBLOCK);
}

static void take(struct run *r, unsigned char c)
{
    switch (r->escape) {
    case 0:
        if (c == 0x1b)
            r->escape = 1;
        else if (c >= 0x20 && r->len + 1 < TEXT_SIZE)
            r->text[r->len++] = (char)c, r->text[r->len] = '\0';
        break;
    case 1: r->escape = c == '[' ? 2 : c == ']' || c == 'P' ? 3 : c == '(' || c == ')' ? 4 : 0; break;
    case 2: r->escape = c >= 0x40 && c <= 0x7e ? 0 : 2; break;
    case 3: r->escape = c == 7 || c == '\\' ? 0 : 3; break;
    default: r->escape = 0;
    }
}

/* false: nothing came within wait_ms, or the program has ended */
static bool run_read(struct run *r, int wait_ms)
{
    struct pollfd fd = {.fd = r->fd, .events = POLLIN};
    if (poll(&fd, 1, wait_ms) <= 0)
        return false;
    static char chunk[65536];
    ssize_t n = read(r->fd, chunk, sizeof chunk);
    if (n <= 0)
        return false;
    r->last_ms = now_ms();
    r->bytes += (size_t)n;
    for (ssize_t i = 0; i < n; i++)
        take(r, (unsigned char)chunk[i]);
    return true;
}

static void run_forget(struct run *r)
{
    r->len = 0;
    r->text[0] = '\0';
    r->bytes = 0;
}

static void run_until(struct run *r, const char *text)
{
    double end = now_ms() + DEADLINE_MS;
    while (strstr(r->text, text) == NULL)
        if (!run_read(r, 1000) && (now_ms() > end || waitpid(r->pid, NULL, WNOHANG) == r->pid))
            fail("never wrote", text);
}

static void run_quiet(struct run *r)
{
    while (run_read(r, QUIET_MS))
        ;
}

static void run_write(struct run *r, const char *word)
{
    char bytes[256];
    size_t len = 0;
    for (const char *p = word; *p != '\0' && len < sizeof bytes; p++)
        if (*p == '\\' && p[1] != '\0') {
            p++;
            bytes[len++] = *p == 'r' ? '\r' : *p == 't' ? '\t' : *p == 'e' ? '\033' : *p == 's' ? ' ' : *p;
        } else {
            bytes[len++] = *p;
        }
    if (write(r->fd, bytes, len) != (ssize_t)len)
        fail("cannot type", word);
}

/* Peak of resident memory, KiB. */
static long run_peak(const struct run *r)
{
    char path[64], line[256];
    long peak = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)r->pid);
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "VmHWM: %ld", &peak) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return peak;
}

static void run_end(struct run *r)
{
    kill(r->pid, SIGKILL);
    close(r->fd);
    waitpid(r->pid, NULL, 0);
    free(r->text);
}

/* ---- what is said ---- */

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void sample(double ms)
{
    if (samples_count < SAMPLES)
        samples[samples_count++] = ms;
}

static void report(size_t bytes, long peak)
{
    if (samples_count == 0)
        fail("nothing was measured", NULL);
    qsort(samples, samples_count, sizeof samples[0], by_value);
    size_t p99 = samples_count * 99 / 100;
    printf("%.3f %.3f %.3f %zu %ld\n", samples[samples_count / 2], samples[p99 < samples_count ? p99 : samples_count - 1],
           samples[samples_count - 1], bytes / samples_count, peak);
}

/* ---- the three ---- */

static void drive_time(int times, char **argv)
{
    long peak = 0;
    for (int i = 0; i < times; i++) {
        double began = now_ms();
        pid_t pid = fork();
        if (pid < 0)
            fail("fork", strerror(errno));
        if (pid == 0) {
            int null = open("/dev/null", O_RDWR);
            dup2(null, STDIN_FILENO);
            dup2(null, STDOUT_FILENO);
            execvp(argv[0], argv);
            _exit(127);
        }
        int status;
        siginfo_t ended;
        waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT);
        double took = now_ms() - began;
        waitpid(pid, &status, 0);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail("failed", argv[0]);
        sample(took);
    }
    report(0, peak);
}

static void drive_start(int times, const char *text, char **argv)
{
    struct run r;
    long peak = 0;
    size_t bytes = 0;
    for (int i = 0; i < times; i++) {
        double began = now_ms();
        run_start(&r, argv);
        run_until(&r, text);
        run_quiet(&r); /* the rest of the first picture */
        sample(r.last_ms - began);
        bytes += r.bytes;
        peak = run_peak(&r) > peak ? run_peak(&r) : peak;
        run_end(&r);
    }
    report(bytes, peak);
}

static void drive_keys(int times, const char *text, const char *keys, char **argv)
{
    enum { WORDS = 64 };
    char copy[1024];
    const char *words[WORDS];
    size_t count = 0, first = 0, bytes = 0;
    snprintf(copy, sizeof copy, "%s", keys);
    for (char *rest = copy, *word; (word = strsep(&rest, " ")) != NULL && count < WORDS;)
        if (strcmp(word, "|") == 0)
            first = count;
        else if (*word != '\0')
            words[count++] = word;
    struct run r;
    run_start(&r, argv);
    run_until(&r, text);
    run_quiet(&r);
    for (size_t at = 0; samples_count < (size_t)times; at = at + 1 < count ? at + 1 : first) {
        if (words[at][0] == '@') {
            double end = now_ms() + (double)strtol(words[at] + 1, NULL, 10);
            while (now_ms() < end)
                run_read(&r, (int)(end - now_ms()) + 1);
            continue;
        }
        bool quiet = words[at][0] == '+' && words[at][1] != '\0';
        run_quiet(&r);
        run_forget(&r);
        double began = now_ms();
        r.last_ms = began;
        run_write(&r, words[at] + quiet);
        if (!run_read(&r, 1000) && !quiet && waitpid(r.pid, NULL, WNOHANG) == r.pid)
            fail("it has ended", NULL);
        run_quiet(&r);
        if (quiet || at < first)
            continue;
        if (r.bytes == 0)
            fail("no answer to the key", words[at]);
        sample(r.last_ms - began);
        bytes += r.bytes;
    }
    long peak = run_peak(&r);
    run_end(&r);
    report(bytes, peak);
}

/* ---- a far end that is always busy ---- */

static void header_add(char *out, size_t size, const char *request, const char *name)
{
    const char *at = strcasestr(request, name);
    if (at == NULL)
        fail("an INVITE without", name);
    at += 2;
    size_t len = strlen(out), take = strcspn(at, "\r\n");
    snprintf(out + len, size - len, "%.*s%s\r\n", (int)take, at, strcmp(name, "\r\nTo:") == 0 ? ";tag=far" : "");
}

/* When the next INVITE came; it is said to be busy. run: read meanwhile, or NULL. */
static double invite_take(int fd, struct run *r)
{
    static const char *const names[] = {"\r\nVia:", "\r\nFrom:", "\r\nTo:", "\r\nCall-ID:", "\r\nCSeq:"};
    char request[8192], answer[4096];
    struct sockaddr_in from;
    double end = now_ms() + DEADLINE_MS;
    for (;;) {
        struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = r != NULL ? r->fd : -1, .events = POLLIN}};
        socklen_t len = sizeof from;
        if (poll(fds, 2, 1000) < 0 || now_ms() > end)
            fail("no INVITE came", r != NULL ? r->text : NULL);
        if (fds[0].revents == 0) {
            if (fds[1].revents != 0 && r != NULL)
                run_read(r, 0);
            continue;
        }
        double at = now_ms();
        ssize_t n = recvfrom(fd, request, sizeof request - 1, 0, (struct sockaddr *)&from, &len);
        request[n > 0 ? n : 0] = '\0';
        if (strncmp(request, "INVITE ", 7) != 0)
            continue; /* an ACK */
        snprintf(answer, sizeof answer, "SIP/2.0 486 Busy Here\r\n");
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            header_add(answer, sizeof answer, request, names[i]);
        size_t used = strlen(answer);
        snprintf(answer + used, sizeof answer - used, "Content-Length: 0\r\n\r\n");
        if (sendto(fd, answer, strlen(answer), 0, (const struct sockaddr *)&from, sizeof from) < 0)
            fail("cannot answer", strerror(errno));
        return at;
    }
}

static int socket_at(int type, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    const struct sockaddr *to = (const struct sockaddr *)&at;
    if (fd < 0 || (type == SOCK_DGRAM ? bind(fd, to, sizeof at) : connect(fd, to, sizeof at)) != 0)
        fail("no socket", strerror(errno));
    return fd;
}

/* The softphone that a killed calldeck left: its process, and the port of its control. */
static int softphone_port(pid_t *ret_pid)
{
    char pattern[512];
    glob_t found;
    long pid = 0, port = 0;
    snprintf(pattern, sizeof pattern, "%s/calldeck/*/running", getenv("XDG_RUNTIME_DIR") != NULL ? getenv("XDG_RUNTIME_DIR") : "");
    if (glob(pattern, 0, NULL, &found) == 0) {
        FILE *f = fopen(found.gl_pathv[0], "r");
        if (f == NULL || fscanf(f, "%ld %*d %ld", &pid, &port) != 2)
            pid = port = 0;
        if (f != NULL)
            fclose(f);
        globfree(&found);
    }
    if (pid <= 1 || port <= 0)
        fail("the softphone is not found", pattern);
    *ret_pid = (pid_t)pid;
    return (int)port;
}

static void drive_invite(int times, const char *text, int port, char **argv)
{
    static const char dial[] = "{\"command\":\"dial\",\"params\":\"+15550100\",\"token\":\"\"},";
    int fd = socket_at(SOCK_DGRAM, port);
    struct run r;
    run_start(&r, argv);
    run_until(&r, text);
    for (double end = now_ms() + 3000; now_ms() < end;) /* the softphone starts */
        run_read(&r, 100);
    for (int i = 0; i < times; i++) {
        run_forget(&r);
        double began = now_ms();
        run_write(&r, "\\r");
        sample(invite_take(fd, &r) - began);
        run_until(&r, "Enter files"); /* the line has said it */
        run_forget(&r);
        run_write(&r, "\\r");
        for (double end = now_ms() + 700; now_ms() < end;) /* Enter does nothing so shortly after a new card */
            run_read(&r, 100);
    }
    size_t bytes = r.bytes;
    long peak = run_peak(&r);
    run_end(&r);
    report(bytes, peak);
    samples_count = 0;
    pid_t pid;
    int hand = socket_at(SOCK_STREAM, softphone_port(&pid));
    char frame[128], ignored[8192];
    snprintf(frame, sizeof frame, "%zu:%s", strlen(dial) - 1, dial);
    for (int i = 0; i < times; i++) {
        double began = now_ms();
        if (send(hand, frame, strlen(frame), 0) < 0)
            fail("cannot dial by hand", strerror(errno));
        sample(invite_take(fd, NULL) - began);
        struct pollfd p = {.fd = hand, .events = POLLIN};
        while (poll(&p, 1, 50) > 0 && recv(hand, ignored, sizeof ignored, 0) > 0)
            ;
    }
    kill(pid, SIGTERM);
    close(hand);
    close(fd);
    report(0, 0);
}

int main(int argc, char **argv)
{
    static const char usage[] = "usage: drive time N -- ARGV | start N TEXT -- ARGV | keys N TEXT KEYS -- ARGV | invite N TEXT PORT -- ARGV";
    int at = 1;
    while (at < argc && strcmp(argv[at], "--") != 0)
        at++;
    int times = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (at + 1 >= argc || times < 1)
        fail(usage, NULL);
    if (strcmp(argv[1], "time") == 0 && at == 3)
        drive_time(times, argv + at + 1);
    else if (strcmp(argv[1], "start") == 0 && at == 4)
        drive_start(times, argv[3], argv + at + 1);
    else if (strcmp(argv[1], "keys") == 0 && at == 5)
        drive_keys(times, argv[3], argv[4], argv + at + 1);
    else if (strcmp(argv[1], "invite") == 0 && at == 5)
        drive_invite(times, argv[3], (int)strtol(argv[4], NULL, 10), argv + at + 1);
    else
        fail(usage, NULL);
    return 0;
}
