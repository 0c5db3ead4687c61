/* SPDX-License-Identifier: MIT */
/*
 * The command backend: a program of the rep's choice places the call (`xdg-open tel:%n`).
 *
 * What such a program can tell is whether it went well, and one line. How the call itself went nobody says, so the
 * outcome is asked at once. Its output goes into a pipe of which the last line is kept, never to our screen.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "backend.h"
#include "calldeck/alloc.h"
#include "child.h"
#include "template.h"

enum {
    JOBS_MOST = 4,      /* a slow program must not keep the rep from the next call */
    LEFT_MOST = 8,      /* pipes that outlived their program */
    TIMEOUT_S = 10,
    KILL_WAIT_MS = 2000, /* from SIGTERM to SIGKILL */
    NO_PIDFD_MS = 100,   /* how often to ask where the kernel has no pidfd */
    LINE_SIZE = 512,
    READ_MOST = 64 * 1024 /* in one turn: a chatty program must not hold the loop */
};
#define NO_DEADLINE INT64_MIN

enum job_stage { JOB_FREE, JOB_RUNS, JOB_ASKED_TO_END, JOB_KILLED };
struct job {
    enum job_stage stage;
    bool hang_up; /* the second template: it says something only when it fails */
    int64_t call;
    int64_t deadline_ms; /* set at the first turn that knows the time */
    struct child child;
    char line[LINE_SIZE], last[LINE_SIZE]; /* the line that is being read, and the last whole one that was not blank */
    size_t line_len, last_len;
};

struct command {
    struct template dial, hang_up;
    int timeout_ms;
    struct job jobs[JOBS_MOST];
    /* Something that the program started still holds the pipe: a softphone with the call on it. Its output is read and
     * thrown away, since a closed pipe would end it with SIGPIPE. */
    int left[LEFT_MOST];
    int64_t last_call, last_prospect_id; /* for the hang-up template */
    char last_number[DIAL_NUMBER_SIZE];
    char last_caller[128];
};

static bool command_open(struct dialer *d, const struct dial_config *config, struct error *err)
{
    struct command *c = alloc_zeroed(1, sizeof *c);
    d->state = c;
    d->capabilities = DIAL_CAN_DIAL;
    c->timeout_ms = (config->timeout_s > 0 && config->timeout_s <= 3600 ? config->timeout_s : TIMEOUT_S) * 1000;
    for (size_t i = 0; i < LEFT_MOST; i++)
        c->left[i] = -1;
    struct error why;
    if (!template_parse(str_of(config->command), &c->dial, &why))
        return error_set(err, why.code, "the dial command cannot be used: %s", why.text);
    if (!c->dial.has_value)
        return error_set(err, ERR_USAGE,
                         "the dial command \"%s\" never gets the number: put %%n where it belongs, as in xdg-open tel:%%n",
                         config->command);
    if (config->hang_up != NULL && str_trim(str_of(config->hang_up)).len > 0) {
        if (!template_parse(str_of(config->hang_up), &c->hang_up, &why))
            return error_set(err, why.code, "the hang-up command cannot be used: %s", why.text);
        d->capabilities |= DIAL_CAN_HANG_UP;
    }
    return true;
}

static void command_close(struct dialer *d)
{
    struct command *c = d->state;
    if (c == NULL)
        return;
    for (size_t i = 0; i < JOBS_MOST; i++)
        if (c->jobs[i].stage != JOB_FREE)
            child_stop(&c->jobs[i].child);
    for (size_t i = 0; i < LEFT_MOST; i++)
        if (c->left[i] >= 0)
            close(c->left[i]);
    template_done(&c->dial);
    template_done(&c->hang_up);
    free(c);
}

static bool job_start(struct command *c, const struct template *t, bool hang_up, struct error *err)
{
    struct job *job = NULL;
    for (size_t i = 0; i < JOBS_MOST && job == NULL; i++)
        if (c->jobs[i].stage == JOB_FREE)
            job = &c->jobs[i];
    if (job == NULL)
        return error_set(err, ERR_REFUSED, "cannot start \"%s\": %d earlier ones are still running; wait, or shorten the "
                         "time limit", t->words[0], JOBS_MOST);
    struct template_values values = {.number = c->last_number, .prospect_id = c->last_prospect_id, .caller = c->last_caller};
    struct arena memory = {0};
    struct child child;
    bool ok = child_start(template_argv(t, &values, &memory), -1, true, &child, err);
    arena_done(&memory);
    if (ok)
        *job = (struct job){.stage = JOB_RUNS, .hang_up = hang_up, .call = c->last_call, .deadline_ms = NO_DEADLINE,
                            .child = child};
    return ok;
}

static bool command_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller,
                          struct error *err)
{
    struct command *c = d->state;
    c->last_call = call;
    c->last_prospect_id = prospect_id;
    snprintf(c->last_number, sizeof c->last_number, "%s", number);
    snprintf(c->last_caller, sizeof c->last_caller, "%s", caller);
    return job_start(c, &c->dial, false, err);
}

static bool command_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    struct command *c = d->state;
    if (c->last_number[0] == '\0' || c->last_call != call)
        return error_set(err, ERR_REFUSED, "cannot hang up: that call was not placed here");
    return job_start(c, &c->hang_up, true, err);
}

static int command_pollfds(struct dialer *d, struct pollfd *ret, int most)
{
    const struct command *c = d->state;
    int count = 0;
    for (size_t i = 0; i < JOBS_MOST; i++) {
        const struct job *job = &c->jobs[i];
        if (job->stage == JOB_FREE)
            continue;
        if (job->child.pidfd >= 0 && count < most)
            ret[count++] = (struct pollfd){.fd = job->child.pidfd, .events = POLLIN};
        if (job->child.output_fd >= 0 && count < most)
            ret[count++] = (struct pollfd){.fd = job->child.output_fd, .events = POLLIN};
    }
    for (size_t i = 0; i < LEFT_MOST; i++)
        if (c->left[i] >= 0 && count < most)
            ret[count++] = (struct pollfd){.fd = c->left[i], .events = POLLIN};
    return count;
}

static void deadline_set(const struct command *c, struct job *job, int64_t now_ms)
{
    if (job->deadline_ms == NO_DEADLINE)
        job->deadline_ms = now_ms + c->timeout_ms;
}

static int command_timeout_ms(struct dialer *d, int64_t now_ms)
{
    struct command *c = d->state;
    int64_t wait_ms = -1;
    for (size_t i = 0; i < JOBS_MOST; i++) {
        struct job *job = &c->jobs[i];
        if (job->stage == JOB_FREE)
            continue;
        int64_t left_ms = -1;
        if (job->stage != JOB_KILLED) {
            deadline_set(c, job, now_ms);
            left_ms = job->deadline_ms > now_ms ? job->deadline_ms - now_ms : 0;
        }
        if (job->child.pidfd < 0 && (left_ms < 0 || left_ms > NO_PIDFD_MS))
            left_ms = NO_PIDFD_MS;
        if (left_ms >= 0 && (wait_ms < 0 || left_ms < wait_ms))
            wait_ms = left_ms;
    }
    return wait_ms > 3600 * 1000 ? 3600 * 1000 : (int)wait_ms;
}

static bool line_is_blank(const char *line, size_t len)
{
    return str_trim(str_make(line, len)).len == 0;
}

static void line_end(struct job *job)
{
    if (!line_is_blank(job->line, job->line_len)) {
        memcpy(job->last, job->line, job->line_len);
        job->last_len = job->line_len;
    }
    job->line_len = 0;
}

static void job_take(struct job *job, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (data[i] == '\n' || data[i] == '\r')
            line_end(job);
        else if (job->line_len < LINE_SIZE)
            job->line[job->line_len++] = data[i];
}

/* job NULL: throw it away. Returns false, and closes, when the last writer is gone. */
static bool output_read(int *fd, struct job *job)
{
    char data[4096];
    for (size_t total = 0; total < READ_MOST;) {
        ssize_t n = read(*fd, data, sizeof data);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return true;
        if (n <= 0) {
            close(*fd);
            *fd = -1;
            return false;
        }
        if (job != NULL)
            job_take(job, data, (size_t)n);
        total += (size_t)n;
    }
    return true;
}

static void output_leave(struct command *c, int fd)
{
    for (size_t i = 0; i < LEFT_MOST; i++)
        if (c->left[i] < 0) {
            c->left[i] = fd;
            return;
        }
    close(c->left[0]);
    memmove(c->left, c->left + 1, (LEFT_MOST - 1) * sizeof c->left[0]);
    c->left[LEFT_MOST - 1] = fd;
}

static void job_report(struct dialer *d, struct job *job, int status)
{
    const struct command *c = d->state;
    struct str said = str_make(job->last, job->last_len);
    char how[CHILD_STATUS_SIZE];
    child_status_text(status, how);
    bool ran_out = job->stage != JOB_RUNS;
    const char *what = job->hang_up ? "hang-up" : "dial";
    if (!ran_out && how[0] == '\0') {
        if (!job->hang_up)
            dialer_emit(d, DIAL_EVENT_PLACED, job->call, said);
        return;
    }
    struct buf text;
    buf_init(&text);
    if (ran_out)
        buf_printf(&text, "the %s command ran longer than %d s and was ended", what, c->timeout_ms / 1000);
    else
        buf_printf(&text, "the %s command %s", what, how);
    if (said.len > 0)
        buf_printf(&text, ": %.*s", STR_ARG(said));
    struct dial_event *e = dialer_emit(d, job->hang_up ? DIAL_EVENT_NOTE : DIAL_EVENT_ENDED, job->call, buf_str(&text));
    if (!job->hang_up) {
        e->result = LINE_RESULT_FAILED;
        e->fault = LINE_FAULT_LINE;
    }
    buf_done(&text);
}

static void job_service(struct dialer *d, struct job *job, int64_t now_ms)
{
    struct command *c = d->state;
    deadline_set(c, job, now_ms);
    int status;
    bool ended = child_ended(&job->child, &status);
    /* after the end is known: what it wrote last is then in the pipe */
    if (job->child.output_fd >= 0)
        output_read(&job->child.output_fd, job);
    if (ended) {
        line_end(job);
        job_report(d, job, status);
        if (job->child.output_fd >= 0)
            output_leave(c, job->child.output_fd);
        job->stage = JOB_FREE;
        return;
    }
    if (now_ms < job->deadline_ms || job->stage == JOB_KILLED)
        return;
    child_signal(&job->child, job->stage == JOB_RUNS ? SIGTERM : SIGKILL);
    job->stage = job->stage == JOB_RUNS ? JOB_ASKED_TO_END : JOB_KILLED;
    job->deadline_ms = now_ms + KILL_WAIT_MS;
}

static void command_service(struct dialer *d, int64_t now_ms)
{
    struct command *c = d->state;
    for (size_t i = 0; i < JOBS_MOST; i++)
        if (c->jobs[i].stage != JOB_FREE)
            job_service(d, &c->jobs[i], now_ms);
    for (size_t i = 0; i < LEFT_MOST; i++)
        if (c->left[i] >= 0)
            output_read(&c->left[i], NULL);
}

const struct backend backend_command = {
    .kind = "command",
    .open = command_open,
    .close = command_close,
    .place = command_place,
    .hang_up = command_hang_up,
    .pollfds = command_pollfds,
    .timeout_ms = command_timeout_ms,
    .service = command_service,
};
