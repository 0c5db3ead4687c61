/* SPDX-License-Identifier: MIT */
/*
 * The terminal's life: raw and back, bytes in and frames out.
 *
 * We open the terminal a second time, non-blocking: a description of our own, so that the shell's stays as it was, a read
 * never waits, and a write to a stalled line gives up instead of freezing the program. Where that cannot be (the device
 * belongs to somebody else after su) the inherited descriptors serve.
 */
#include "calldeck/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "clipboard.h"
#include "keys.h"
#include "paint.h"
#include "terminfo.h"

enum {
    READ_MOST = 1 << 16,   /* in one go; the rest is still there at the next */
    FLUSH_MOST = 1 << 21,
    STALL_WAIT_MS = 2000,  /* a line that takes nothing for so long gets this frame no more */
    STALL_INTERRUPTS = 4,  /* a signal wants to be heard */
    RESTORE_BYTES = 256,
};

struct term {
    int in, out;
    bool own_fd;
    struct termios saved;
    struct terminfo ti;
    struct decoder decoder;
    struct painter painter;
    struct buf bytes;       /* of a frame */
    bool mouse, mouse_on;   /* wanted, and switched on */
    bool active;            /* the screen is ours */
    bool torn;              /* the last frame did not get through */
    bool resized, closed, closed_said;
};

/* For term_restore, which a crash hook calls with nothing in its hands. */
static struct {
    volatile sig_atomic_t active;
    int fd;
    struct termios saved;
    size_t len;
    char bytes[RESTORE_BYTES];
} restore;

#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* All of it, or false: the line is stalled or gone. */
static bool write_all(struct term *t, const char *bytes, size_t len)
{
    int interrupts = 0;
    while (len > 0) {
        ssize_t wrote = write(t->out, bytes, len);
        if (wrote > 0) {
            bytes += wrote;
            len -= (size_t)wrote;
            continue;
        }
        if (wrote < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        struct pollfd wait = {.fd = t->out, .events = POLLOUT};
        int ready = poll(&wait, 1, STALL_WAIT_MS);
        if (ready == 0 || (ready < 0 && (errno != EINTR || ++interrupts >= STALL_INTERRUPTS)) ||
            (ready > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL))))
            return false;
    }
    return true;
}

static void write_text(struct term *t, const char *text)
{
    write_all(t, text, strlen(text));
}

static void restore_arm(struct term *t)
{
    struct buf text;
    buf_init(&text);
    buf_add_text(&text, t->ti.plain);
    if (t->mouse_on)
        buf_add_text(&text, MOUSE_OFF);
    buf_add_text(&text, t->ti.paste_off);
    buf_add_text(&text, t->ti.keypad_off);
    buf_add_text(&text, t->ti.cursor_show);
    if (*t->ti.leave)
        buf_add_text(&text, t->ti.leave);
    else
        buf_add_text(&text, t->ti.clear);
    restore.active = 0;
    restore.fd = t->out;
    restore.saved = t->saved;
    restore.len = text.len < RESTORE_BYTES ? text.len : 0;
    memcpy(restore.bytes, text.at, restore.len);
    restore.active = 1;
    buf_done(&text);
}

void term_restore(void)
{
    if (!restore.active)
        return;
    restore.active = 0;
    int saved_errno = errno;
    size_t at = 0;
    for (int tries = 0; at < restore.len && tries < 100; tries++) {
        ssize_t wrote = write(restore.fd, restore.bytes + at, restore.len - at);
        if (wrote > 0) {
            at += (size_t)wrote;
        } else if (wrote < 0 && errno == EAGAIN) {
            struct pollfd wait = {.fd = restore.fd, .events = POLLOUT};
            poll(&wait, 1, 10);
        } else if (wrote < 0 && errno != EINTR) {
            break;
        }
    }
    tcsetattr(restore.fd, TCSANOW, &restore.saved);
    errno = saved_errno;
}

static void mouse_switch(struct term *t)
{
    if (t->mouse == t->mouse_on || !t->ti.ansi)
        return;
    t->mouse_on = t->mouse;
    restore_arm(t);
    write_text(t, t->mouse_on ? MOUSE_ON : MOUSE_OFF);
}

static void screen_take(struct term *t)
{
    struct termios raw = t->saved;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON | IXOFF | PARMRK);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    restore_arm(t);
    tcsetattr(t->out, TCSANOW, &raw);
    buf_clear(&t->bytes);
    buf_add_text(&t->bytes, t->ti.enter);
    buf_add_text(&t->bytes, t->ti.keypad_on);
    buf_add_text(&t->bytes, t->ti.paste_on);
    write_all(t, t->bytes.at, t->bytes.len);
    t->active = true;
    t->mouse_on = false;
    mouse_switch(t);
    painter_forget(&t->painter);
}

struct term *term_open(enum term_colours colours, bool mouse, struct error *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_set(err, ERR_USAGE, "the dashboard needs a terminal for its %s: start it in one, or use a command such as queue --json",
                  isatty(STDIN_FILENO) ? "output" : "input");
        return NULL;
    }
    struct term *t = alloc_zeroed(1, sizeof *t);
    if (!terminfo_open(&t->ti, STDOUT_FILENO, err)) {
        free(t);
        return NULL;
    }
    t->in = STDIN_FILENO;
    t->out = STDOUT_FILENO;
    char name[256], in_name[256]; /* two terminals stay two */
    if (ttyname_r(STDOUT_FILENO, name, sizeof name) == 0 && ttyname_r(STDIN_FILENO, in_name, sizeof in_name) == 0 && strcmp(name, in_name) == 0) {
        int fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            t->in = t->out = fd;
            t->own_fd = true;
        }
    }
    if (tcgetattr(t->out, &t->saved) != 0) {
        error_set(err, ERR_IO, "cannot read the terminal's settings: %s", strerror(errno));
        if (t->own_fd)
            close(t->out);
        terminfo_close(&t->ti);
        free(t);
        return NULL;
    }
    decoder_init(&t->decoder);
    terminfo_keys(&t->ti, &t->decoder);
    unsigned char erase = t->saved.c_cc[VERASE];
    t->decoder.erase = erase == _POSIX_VDISABLE ? 0 : (char)erase;
    painter_init(&t->painter, &t->ti);
    painter_set_colours(&t->painter, colours);
    buf_init(&t->bytes);
    t->mouse = mouse;
    screen_take(t);
    return t;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    term_leave(t);
    if (t->own_fd)
        close(t->out);
    painter_done(&t->painter);
    decoder_done(&t->decoder);
    terminfo_close(&t->ti);
    buf_done(&t->bytes);
    free(t);
}

void term_leave(struct term *t)
{
    if (!t->active)
        return;
    t->active = false;
    t->mouse_on = false;
    term_restore();
}

void term_return(struct term *t)
{
    if (t->active)
        return;
    tcgetattr(t->out, &t->saved); /* the shell may have changed them meanwhile */
    screen_take(t);
    t->resized = true; /* and its window may have another size */
}

void term_set_colours(struct term *t, enum term_colours colours)
{
    painter_set_colours(&t->painter, colours);
}

void term_set_mouse(struct term *t, bool on)
{
    t->mouse = on;
    if (t->active)
        mouse_switch(t);
}

void term_size(struct term *t, int *ret_cols, int *ret_rows)
{
    struct winsize size = {0};
    if (ioctl(t->out, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        size.ws_col = (unsigned short)(t->ti.cols > 0 ? t->ti.cols : 80);
        size.ws_row = (unsigned short)(t->ti.rows > 0 ? t->ti.rows : 24);
    }
    enum { MOST = 2000 }; /* cells are 28 bytes; no window is larger */
    *ret_cols = size.ws_col < MOST ? size.ws_col : MOST;
    *ret_rows = size.ws_row < MOST ? size.ws_row : MOST;
}

void term_resized(struct term *t)
{
    t->resized = true;
}

void term_paint(struct term *t, const struct frame *frame, bool from_nothing)
{
    if (!t->active || t->closed)
        return;
    if (from_nothing || t->torn)
        painter_forget(&t->painter);
    buf_clear(&t->bytes);
    painter_paint(&t->painter, frame, &t->bytes);
    t->torn = !write_all(t, t->bytes.at, t->bytes.len);
}

bool term_copy(struct term *t, struct str text, bool sure)
{
    if (!t->active || t->closed || (!sure && !clipboard_is_known(getenv("TERM"), getenv("TERM_PROGRAM"))))
        return false;
    buf_clear(&t->bytes);
    return clipboard_bytes(text, &t->bytes) && write_all(t, t->bytes.at, t->bytes.len);
}

int term_fd(const struct term *t)
{
    return t->in;
}

/* Takes in what waits. false: nothing came. */
static bool read_input(struct term *t, int wait_ms, size_t most)
{
    char bytes[4096];
    size_t total = 0;
    while (!t->closed && total < most) {
        struct pollfd ready = {.fd = t->in, .events = POLLIN};
        if (poll(&ready, 1, total == 0 ? wait_ms : 0) <= 0)
            break;
        ssize_t len = read(t->in, bytes, sizeof bytes);
        if (len > 0) {
            decoder_feed(&t->decoder, bytes, (size_t)len);
            total += (size_t)len;
        } else if (len == 0 || (errno != EINTR && errno != EAGAIN)) {
            t->closed = true; /* end of file, or EIO: nobody is there any more */
        } else if (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) {
            t->closed = true;
        } else {
            break;
        }
    }
    return total > 0;
}

bool term_next_event(struct term *t, struct event *ret)
{
    if (t->resized) {
        t->resized = false;
        *ret = (struct event){.kind = EVENT_RESIZE};
        term_size(t, &ret->cols, &ret->rows);
        return true;
    }
    enum decoded decoded = decoder_next(&t->decoder, false, ret);
    if (decoded != DECODED_EVENT && read_input(t, 0, READ_MOST))
        decoded = decoder_next(&t->decoder, false, ret);
    if (decoded == DECODED_PART) /* Esc, or a key that begins with it: what a key sends comes at once */
        decoded = decoder_next(&t->decoder, !read_input(t, ESCAPE_WAIT_MS, READ_MOST), ret);
    if (decoded == DECODED_PART)
        decoded = decoder_next(&t->decoder, true, ret);
    if (decoded == DECODED_EVENT)
        return true;
    if (!t->closed || t->closed_said)
        return false;
    if (decoder_rescue_paste(&t->decoder, ret))
        return true;
    t->closed_said = true;
    *ret = (struct event){.kind = EVENT_CLOSED};
    return true;
}

bool term_key_waits(struct term *t)
{
    if (t->resized || t->decoder.at < t->decoder.input.len)
        return true;
    struct pollfd ready = {.fd = t->in, .events = POLLIN};
    return poll(&ready, 1, 0) > 0;
}

void term_flush_keys(struct term *t)
{
    read_input(t, 0, FLUSH_MOST);
    decoder_flush(&t->decoder);
}
