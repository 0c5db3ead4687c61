/* SPDX-License-Identifier: MIT */
/* SIPp from a line of script, and a desk with a real baresip; far.h. */
#include "far.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process.h"
#include "test.h"

int port_free(void)
{
    for (;;) {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof at;
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert_true(bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0);
        close(fd);
        if (ntohs(at.sin_port) % 2 == 0 && ntohs(at.sin_port) < 65000) /* RTP likes even ones */
            return ntohs(at.sin_port);
    }
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
    struct far f = {.pid = fork()};
    assert_true(f.pid >= 0);
    if (f.pid == 0) {
        if (freopen("/dev/null", "r", stdin) == NULL || freopen(test_path("sipp.log"), "w", stdout) == NULL ||
            dup2(STDOUT_FILENO, STDERR_FILENO) < 0)
            _exit(126);
        char **env = environment_new("dumb", NULL);
        child_exec(argv, env);
    }
    child_add(f.pid);
    return f;
}

static bool udp_is_bound(int port)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    bool bound = bind(fd, (struct sockaddr *)&at, sizeof at) != 0;
    close(fd);
    return bound;
}

struct far far_answers(const char *script, int port, int media_port)
{
    struct far f = sipp(scenario(script, NULL, media_port), port, 0);
    for (int64_t end = monotonic_ms() + 5000; !udp_is_bound(port);) {
        if (monotonic_ms() > end || child_wait(f.pid, 0) >= 0)
            fail_msg("SIPp does not start: %s", test_read_file(test_path("sipp.log"), NULL));
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
        fail_msg("the far end did not see what it waits for (%d): %s", status, test_read_file(test_path("sipp.log"), NULL));
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

/* ---- the desk ---- */

void desk_prepare(struct desk *desk)
{
    static int number;
    char name[32];
    *desk = (struct desk){.sip_port = port_free()};
    snprintf(name, sizeof name, "run-%d", number++);
    snprintf(desk->runtime, sizeof desk->runtime, "%s", test_path(name));
    snprintf(desk->account, sizeof desk->account, "sip:rep@127.0.0.1:%d", desk->sip_port);
    desk->config = (struct dial_config){.kind = "baresip",
                                        .runtime_dir = desk->runtime,
                                        .sip_account = desk->account,
                                        .sip_name = "Rep One",
                                        .sip_no_register = true,
                                        .audio_source = "ausine,440",
                                        .audio_player = "aubridge,sink"};
}

/* A test that fails leaves its softphone to the end of the program, and no later. */
static struct dialer *open_dialers[64];

static void dialers_close(void)
{
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++) {
        dialer_close(open_dialers[i]);
        open_dialers[i] = NULL;
    }
}

void desk_start(struct desk *desk)
{
    static bool at_exit;
    struct error err = {0};
    if (!at_exit)
        at_exit = atexit(dialers_close) == 0;
    desk->d = dialer_open(&desk->config, &err);
    if (desk->d == NULL)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++)
        if (open_dialers[i] == NULL) {
            open_dialers[i] = desk->d;
            break;
        }
}

void desk_open(struct desk *desk)
{
    desk_prepare(desk);
    desk_start(desk);
    desk_wait_line(desk, DIAL_LINE_UP, 5000);
}

void desk_close(struct desk *desk)
{
    for (size_t i = 0; i < sizeof open_dialers / sizeof open_dialers[0]; i++)
        if (open_dialers[i] == desk->d)
            open_dialers[i] = NULL;
    dialer_close(desk->d);
    desk->d = NULL;
}

static void turn(struct desk *desk, int most_ms)
{
    struct pollfd fds[DIAL_FDS_MOST];
    int count = dial_pollfds(desk->d, fds, DIAL_FDS_MOST);
    int wait = dial_timeout_ms(desk->d, monotonic_ms());
    poll(fds, (nfds_t)count, wait >= 0 && wait < most_ms ? wait : most_ms);
    dial_service(desk->d, fds, count, monotonic_ms());
}

static bool next(struct desk *desk)
{
    if (!dial_next_event(desk->d, &desk->last))
        return false;
    if (desk->seen_count < (int)(sizeof desk->seen / sizeof desk->seen[0]))
        desk->seen[desk->seen_count++] = desk->last;
    return true;
}

static const struct dial_event *wait_for(struct desk *desk, int kind, int line, int limit_ms)
{
    for (int64_t end = monotonic_ms() + limit_ms; monotonic_ms() < end;) {
        while (next(desk))
            if ((int)desk->last.kind == kind && (line < 0 || (int)desk->last.line == line))
                return &desk->last;
        turn(desk, 20);
    }
    struct buf told;
    buf_init(&told);
    for (int i = 0; i < desk->seen_count; i++)
        buf_printf(&told, " %d(%s)", desk->seen[i].kind, desk->seen[i].text);
    fail_msg("event %d does not come within %d ms; the line is %d (%s); seen:%s", kind, limit_ms, dialer_line(desk->d),
             dialer_line_text(desk->d), told.at);
    return NULL;
}

const struct dial_event *desk_wait(struct desk *desk, enum dial_event_kind kind, int limit_ms)
{
    return wait_for(desk, (int)kind, -1, limit_ms);
}

const struct dial_event *desk_wait_line(struct desk *desk, enum dial_line line, int limit_ms)
{
    return wait_for(desk, DIAL_EVENT_LINE, (int)line, limit_ms);
}

void desk_turn(struct desk *desk, int ms)
{
    for (int64_t end = monotonic_ms() + ms; monotonic_ms() < end;) {
        turn(desk, 20);
        while (next(desk))
            ;
    }
}

bool desk_saw(const struct desk *desk, enum dial_event_kind kind)
{
    for (int i = 0; i < desk->seen_count; i++)
        if (desk->seen[i].kind == kind)
            return true;
    return false;
}

void desk_place(struct desk *desk, int64_t call, const char *number)
{
    struct error err = {0};
    desk->seen_count = 0;
    if (!dial_place(desk->d, call, 1, number, &err))
        fail_msg("%s", err.text);
}

static char *file_of(const struct desk *desk, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/softphone-0/%s", desk->runtime, name);
    return test_read_file(path, NULL);
}

pid_t desk_softphone_pid(const struct desk *desk)
{
    return (pid_t)strtol(file_of(desk, "running"), NULL, 10);
}

static int after(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    return (int)strtol(at + strlen(key), NULL, 10);
}

int desk_softphone_sip_port(const struct desk *desk)
{
    return after(file_of(desk, "config"), "sip_listen 127.0.0.1:");
}

int desk_softphone_port(const struct desk *desk)
{
    return after(file_of(desk, "config"), "ctrl_tcp_listen 127.0.0.1:");
}
