/* SPDX-License-Identifier: MIT */
/*
 * Data gathers and goes out in large pieces; a reader that went away ends the work quietly, a full disk is an error.
 * What people read is printable whatever a prospect's name holds.
 */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/utf8.h"

enum { GATHER_BYTES = 64 * 1024 };

void out_flush(struct session *s)
{
    size_t done = 0;
    while (done < s->out.len && !out_dead(s)) {
        ssize_t wrote = write(s->port->out_fd, s->out.at + done, s->out.len - done);
        if (wrote > 0) {
            done += (size_t)wrote;
        } else if (wrote < 0 && errno == EPIPE) {
            s->out_gone = true;
        } else if (wrote == 0 || errno != EINTR) {
            s->out_failed = true;
            error_set(&s->out_error, ERR_IO, "cannot write the output: %s", strerror(wrote == 0 ? ENOSPC : errno));
        }
    }
    buf_clear(&s->out);
}

void out_some(struct session *s)
{
    if (s->out.len >= GATHER_BYTES && s->said == NULL)
        out_flush(s);
}

bool out_dead(const struct session *s)
{
    return s->out_gone || s->out_failed;
}

void out_line(struct session *s, const char *format, ...)
{
    struct buf line;
    buf_init(&line);
    va_list args;
    va_start(args, format);
    buf_vprintf(&line, format, args);
    va_end(args);
    text_printable(buf_str(&line), &s->out);
    buf_add_char(&s->out, '\n');
    buf_done(&line);
    out_some(s);
}

void out_text(const char *line, void *session)
{
    out_line(session, "%s", line);
}

void out_printable(struct session *s, struct str text)
{
    text_printable(text, &s->out);
}

void out_cell(struct session *s, struct str text, int cols)
{
    struct buf shown;
    buf_init(&shown);
    text_printable(text, &shown);
    if (cols == 0) {
        buf_add_str(&s->out, buf_str(&shown));
    } else {
        int used = text_width_cols(buf_str(&shown));
        struct str fit = buf_str(&shown);
        if (used > cols)
            fit = text_fit(fit, cols - 1, &used);
        buf_add_str(&s->out, fit);
        if (fit.len < shown.len) {
            buf_add_text(&s->out, "…");
            used++;
        }
        for (; used < cols + 2; used++)
            buf_add_char(&s->out, ' ');
    }
    buf_done(&shown);
}

void out_time(struct session *s, int64_t at, const struct zone *zone)
{
    char text[WHEN_TEXT_SIZE];
    when_text(zone, at, s->now, text);
    buf_add_text(&s->out, text);
}

static void say(const struct session *s, struct str text)
{
    if (s->said != NULL) {
        text_printable(text, s->said);
        buf_add_char(s->said, '\n');
        return;
    }
    struct buf line;
    buf_init(&line);
    buf_add_text(&line, "calldeck: ");
    text_printable(text, &line);
    buf_add_char(&line, '\n');
    ssize_t ignored = write(s->port->err_fd, line.at, line.len); /* there is nowhere left to say that this failed */
    (void)ignored;
    buf_done(&line);
}

void say_line(const struct session *s, const char *format, ...)
{
    struct buf text;
    buf_init(&text);
    va_list args;
    va_start(args, format);
    buf_vprintf(&text, format, args);
    va_end(args);
    say(s, buf_str(&text));
    buf_done(&text);
}

void say_text(const char *line, void *session)
{
    say(session, str_of(line));
}

void session_cents(struct buf *out, int64_t cents)
{
    const char *sign = cents < 0 ? "-" : "";
    uint64_t size = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
    buf_printf(out, "%s%llu.%02u", sign, (unsigned long long)(size / 100), (unsigned)(size % 100));
}
