/* SPDX-License-Identifier: MIT */
/* SIPp from a line of script; far.h. */
#include "far.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "calldeck/str.h"
#include "process.h"
#include "test.h"

/* ---- ports ---- */

/*
 * A block of ports that is this process's alone: below those that the system gives out by itself and above those where a
 * softphone looks for RTP (10000 to 20000). It is held by a name that the kernel gives to one process of this network and
 * takes back at its end, so that of two programs that run side by side neither can meet the other's port.
 */
enum { PORTS_FIRST = 20000, PORTS_END = 32000, BLOCK = 400, APART = 4 }; /* RTP likes even ones, and takes the next few */

static int ephemeral_first(void)
{
    int first = PORTS_END;
    FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
    if (f != NULL) {
        if (fscanf(f, "%d", &first) != 1)
            first = PORTS_END;
        fclose(f);
    }
    return first;
}

static int block_take(void)
{
    int end = ephemeral_first() < PORTS_END ? ephemeral_first() : PORTS_END;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    for (int port = PORTS_FIRST; port + BLOCK <= end; port += BLOCK) {
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        int len = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "calldeck-test-ports-%d", port);
        if (bind(fd, (struct sockaddr *)&name, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len)) == 0)
            return port; /* held until this process ends */
    }
    fail_msg("no block of ports is free from %d to %d", PORTS_FIRST, end);
    return 0;
}

/* Read, not tried: a socket bound to look would be in the way of the one that is awaited. */
static bool udp_is_bound(int port)
{
    char line[256], local[16];
    bool bound = false;
    FILE *f = fopen("/proc/net/udp", "re");
    assert_non_null(f);
    snprintf(local, sizeof local, ":%04X ", (unsigned)port);
    while (!bound && fgets(line, sizeof line, f) != NULL) {
        const char *at = strstr(line, ": "); /* "12: 0100007F:1F90 00000000:0000 07 ..." */
        bound = at != NULL && strlen(at) > 16 && memcmp(at + 10, local, 6) == 0;
    }
    fclose(f);
    return bound;
}

int port_free(void)
{
    static int block, next;
    if (block == 0)
        block = block_take();
    for (int tried = 0; tried < BLOCK / APART; tried++) {
        int port = block + next;
        next = (next + APART) % BLOCK;
        if (!udp_is_bound(port) && !udp_is_bound(port + 2))
            return port;
    }
    fail_msg("all ports of this program are in use");
    return 0;
}

/* ---- scenarios ---- */

static void sdp_add(struct buf *out, int media_port)
{
    char port[16] = "[media_port]";
    if (media_port != 0)
        snprintf(port, sizeof port, "%d", media_port);
    buf_printf(out, "Content-Type: application/sdp\nContent-Length: [len]\n\nv=0\no=far 1 1 IN IP4 127.0.0.1\ns=-\n"
                    "c=IN IP4 127.0.0.1\nt=0 0\nm=audio %s RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\n"
                    "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\na=sendrecv\n", port);
}

static void await(struct buf *out, const char *what, bool first)
{
    if (what[0] >= '0' && what[0] <= '9') {
        buf_printf(out, "<recv response=\"%.3s\"%s/>\n", what, what[0] == '1' && what[3] != '.' ? " optional=\"true\"" : "");
    } else if (strcmp(what, "INVITE") == 0 && first) {
        buf_add_text(out, "<recv request=\"INVITE\" crlf=\"true\" rrs=\"true\"><action>\n"
                          "<ereg regexp=\".*\" search_in=\"hdr\" header=\"From:\" assign_to=\"peer\"/>\n"
                          "<ereg regexp=\".*\" search_in=\"hdr\" header=\"To:\" assign_to=\"self\"/>\n"
                          "<ereg regexp=\"sip:[^>]*\" search_in=\"hdr\" header=\"Contact:\" assign_to=\"target\"/>\n"
                          "<ereg regexp=\"[0-9]+\" search_in=\"hdr\" header=\"CSeq:\" assign_to=\"cseq\"/>\n"
                          "</action></recv>\n");
    } else {
        buf_printf(out, "<recv request=\"%s\"/>\n", what);
    }
}

static const char *reason_of(int code)
{
    static const struct {
        int code;
        const char *words;
    } rows[] = {{100, "Trying"},   {180, "Ringing"},   {183, "Session Progress"},  {200, "OK"},   {401, "Unauthorized"},
                {403, "Forbidden"}, {404, "Not Found"}, {480, "Temporarily Unavailable"}, {486, "Busy Here"},
                {487, "Request Terminated"}, {503, "Service Unavailable"}, {603, "Decline"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].words;
    return "Other";
}

static void answer(struct buf *out, const char *what, int media_port)
{
    int code = (int)strtol(what, NULL, 10);
    bool sdp = strchr(what, '+') != NULL, plain = strchr(what, '=') != NULL;
    buf_printf(out, "<send%s><![CDATA[\n\nSIP/2.0 %d %s\n[last_Via:]\n[last_From:]\n[last_To:]%s\n[last_Call-ID:]\n",
               code >= 200 && !plain ? " retrans=\"500\"" : "", code, reason_of(code), plain || code == 100 ? "" : ";tag=far[call_number]");
    if (code == 487)
        buf_add_text(out, "CSeq: [$cseq] INVITE\n");
    else
        buf_add_text(out, "[last_CSeq:]\n");
    if (code == 401)
        buf_add_text(out, "WWW-Authenticate: Digest realm=\"trunk\", nonce=\"abc123\", algorithm=MD5\n");
    buf_add_text(out, "Contact: <sip:far@127.0.0.1:[local_port]>\n");
    if (strchr(what, 'x') != NULL)
        buf_add_text(out, "Expires: 60\n");
    if (sdp)
        sdp_add(out, media_port);
    else
        buf_add_text(out, "Content-Length: 0\n");
    buf_add_text(out, "\n]]></send>\n");
}

/* A request inside the call that the rep began. */
static void request(struct buf *out, const char *method)
{
    buf_printf(out, "<send retrans=\"500\"><![CDATA[\n\n%s [$target] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];"
                    "branch=[branch]\nFrom:[$self];tag=far[call_number]\nTo:[$peer]\nCall-ID: [call_id]\nCSeq: 1 %s\n"
                    "Max-Forwards: 70\nContact: <sip:far@127.0.0.1:[local_port]>\nContent-Length: 0\n\n]]></send>\n", method, method);
}

/* A request of a call to the rep. */
static void call_request(struct buf *out, const char *method, const char *from, int index)
{
    bool invite = strcmp(method, "INVITE") == 0, cancel = strcmp(method, "CANCEL") == 0, refused = strcmp(method, "ACK-") == 0;
    const char *name = refused ? "ACK" : method;
    char back[16] = ""; /* these two belong to the INVITE, and bear its branch */
    if (cancel || refused)
        snprintf(back, sizeof back, "-%d", index);
    buf_printf(out, "<send%s><![CDATA[\n\n%s sip:rep@127.0.0.1:[remote_port] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:"
                    "[local_port];branch=[branch%s]\nFrom: %s;tag=far[call_number]\n",
               strcmp(name, "ACK") == 0 ? "" : " retrans=\"500\"", name, back, from);
    if (invite || cancel)
        buf_add_text(out, "To: <sip:rep@127.0.0.1:[remote_port]>\n");
    else
        buf_add_text(out, "[last_To:]\n");
    buf_printf(out, "Call-ID: [call_id]\nCSeq: %d %s\nContact: <sip:far@127.0.0.1:[local_port]>\nMax-Forwards: 70\n",
               strcmp(name, "BYE") == 0 ? 2 : 1, name);
    if (invite)
        sdp_add(out, 0);
    else
        buf_add_text(out, "Content-Length: 0\n");
    buf_add_text(out, "\n]]></send>\n");
}

static const char *scenario(const char *script, const char *from, int media_port)
{
    static int number;
    char name[32];
    snprintf(name, sizeof name, "far-%d.xml", number++);
    struct buf out;
    buf_init(&out);
    buf_add_text(&out, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"far\">\n");
    struct str rest = str_of(script), word;
    bool first = true;
    for (int index = 0; str_word(&rest, &word); index++) {
        char what[64];
        snprintf(what, sizeof what, "%.*s", (int)word.len - 1, word.at + 1);
        if (word.at[0] == '<')
            await(&out, what, first);
        else if (word.at[0] == '>')
            answer(&out, what, media_port);
        else if (word.at[0] == '!' && from != NULL)
            call_request(&out, what, from, index);
        else if (word.at[0] == '!')
            request(&out, what);
        else
            buf_printf(&out, "<pause milliseconds=\"%s\"/>\n", what);
        if (word.at[0] == '<')
            first = false;
    }
    if (from == NULL && strstr(script, "INVITE") != NULL)
        buf_add_text(&out, "<Reference variables=\"peer,self,target,cseq\"/>\n");
    buf_add_text(&out, "</scenario>\n");
    const char *path = test_path(name);
    test_write_file(path, out.at, out.len);
    buf_done(&out);
    return path;
}

static struct far sipp(const char *file, int port, int to_port)
{
    static char ports[3][16], target[32];
    snprintf(ports[0], sizeof ports[0], "%d", port);
    snprintf(ports[1], sizeof ports[1], "%d", port_free());
    snprintf(target, sizeof target, "127.0.0.1:%d", to_port);
    const char *argv[24] = {"sipp", "-sf", file, "-i", "127.0.0.1", "-p", ports[0], "-mp", ports[1], "-m", "1", "-nostdin",
                            "-bind_local", "-nd", "-timeout", "25", "-timeout_error"};
    if (to_port != 0)
        argv[17] = target;
    static int number;
    char log[32];
    snprintf(log, sizeof log, "sipp-%d.log", number++);
    struct far f = {.log = test_path(log), .pid = fork()};
    assert_true(f.pid >= 0);
    if (f.pid == 0) {
        if (freopen("/dev/null", "r", stdin) == NULL || freopen(f.log, "w", stdout) == NULL ||
            dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(126);
        char **env = environment_new("dumb", NULL);
        child_exec(argv, env);
    }
    child_add(f.pid);
    return f;
}

struct far far_answers(const char *script, int port, int media_port)
{
    struct far f = sipp(scenario(script, NULL, media_port), port, 0);
    for (int64_t end = monotonic_ms() + 5000; !udp_is_bound(port);) {
        if (monotonic_ms() > end || child_wait(f.pid, 0) >= 0)
            fail_msg("SIPp does not start: %s", test_read_file(f.log, NULL));
        pause_ms(10);
    }
    return f;
}

struct far far_calls(const char *script, int to_port, const char *from)
{
    char header[256];
    int port = port_free();
    snprintf(header, sizeof header, "%s", from);
    return sipp(scenario(script, header, 0), port, to_port);
}

void far_is_done(struct far *f)
{
    int status = child_wait(f->pid, 10000);
    if (status != 0)
        fail_msg("the far end did not see what it waits for (%d): %s", status, test_read_file(f->log, NULL));
    f->pid = 0;
}

void far_stop(struct far *f)
{
    if (f->pid <= 0)
        return;
    kill(f->pid, SIGKILL);
    child_wait(f->pid, 5000);
    f->pid = 0;
}
