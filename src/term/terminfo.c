/* SPDX-License-Identifier: MIT */
/*
 * Terminfo, read once. The screen itself is painted by paint.c and not by curses: Debian's ncurses flushes at each cursor
 * move (15 writes a key, torn frames over ssh), a frame here is one write.
 */
#include "terminfo.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#include "calldeck/alloc.h"

/* A copy without the padding "$<5>": no terminal of today needs it. */
static const char *keep(struct terminfo *ti, const char *value)
{
    if (!value || value == (char *)-1 || ti->owned_count == (int)(sizeof ti->owned / sizeof ti->owned[0]))
        return "";
    struct buf text;
    buf_init(&text);
    while (*value) {
        const char *end = value[0] == '$' && value[1] == '<' ? strchr(value, '>') : NULL;
        if (end)
            value = end + 1;
        else
            buf_add_char(&text, *value++);
    }
    char *copy = alloc_copy(text.at, text.len);
    buf_done(&text);
    ti->owned[ti->owned_count++] = copy;
    return copy;
}

static const char *capability(struct terminfo *ti, const char *name)
{
    return keep(ti, tigetstr(name));
}

bool terminfo_open(struct terminfo *ti, int fd, struct error *err)
{
    *ti = (struct terminfo){0};
    const char *name = getenv("TERM");
    int status = 0;
    if (!name || !*name)
        return error_set(err, ERR_USAGE, "no terminal type: set TERM, such as TERM=xterm-256color");
    if (setupterm(name, fd, &status) != OK)
        return error_set(err, ERR_USAGE, status == 0 ? "unknown terminal \"%.60s\": set TERM to one that terminfo has, such as xterm-256color"
                                                     : "no terminfo entry for \"%.60s\": install ncurses-base, or set TERM to another", name);
    ti->move = capability(ti, "cup");
    ti->clear = capability(ti, "clear");
    if (!*ti->move || !*ti->clear) {
        terminfo_close(ti);
        return error_set(err, ERR_USAGE, "the terminal \"%.60s\" cannot place its cursor: set TERM to what it really is, such as xterm-256color", name);
    }
    ti->ansi = strcmp(ti->move, "\033[%i%p1%d;%p2%dH") == 0;
    ti->enter = capability(ti, "smcup");
    ti->leave = capability(ti, "rmcup");
    ti->keypad_on = capability(ti, "smkx");
    ti->keypad_off = capability(ti, "rmkx");
    ti->cursor_hide = capability(ti, "civis");
    ti->cursor_show = capability(ti, "cnorm");
    ti->clear_row_end = capability(ti, "el");
    ti->plain = capability(ti, "sgr0");
    ti->bold = capability(ti, "bold");
    ti->dim = capability(ti, "dim");
    ti->reverse = capability(ti, "rev");
    ti->underline = capability(ti, "smul");
    ti->foreground = capability(ti, "setaf");
    ti->background = capability(ti, "setab");
    ti->paste_on = capability(ti, "BE");
    ti->paste_off = capability(ti, "BD");
    if (ti->ansi && !*ti->paste_on) { /* many entries are older than the feature; who does not know it passes it by */
        ti->paste_on = "\033[?2004h";
        ti->paste_off = "\033[?2004l";
    }
    ti->wraps_at_once = tigetflag("am") == 1 && tigetflag("xenl") != 1;
    ti->colours = tigetnum("colors");
    ti->cols = tigetnum("cols");
    ti->rows = tigetnum("lines");
    return true;
}

void terminfo_close(struct terminfo *ti)
{
    for (int i = 0; i < ti->owned_count; i++)
        free(ti->owned[i]);
    ti->owned_count = 0;
    if (cur_term)
        del_curterm(cur_term);
}

void terminfo_keys(const struct terminfo *ti, struct decoder *d)
{
    static const struct {
        const char *name;
        enum key_code code;
    } keys[] = {
        {"kcuu1", KEY_CODE_UP}, {"kcud1", KEY_CODE_DOWN}, {"kcub1", KEY_CODE_LEFT}, {"kcuf1", KEY_CODE_RIGHT},
        {"khome", KEY_CODE_HOME}, {"kend", KEY_CODE_END}, {"kpp", KEY_CODE_PGUP}, {"knp", KEY_CODE_PGDN},
        {"kich1", KEY_CODE_INSERT}, {"kdch1", KEY_CODE_DELETE}, {"kbs", KEY_CODE_BACKSPACE}, {"kcbt", KEY_CODE_BACKTAB},
        {"kent", KEY_CODE_ENTER}, {"kf1", KEY_CODE_F1}, {"kf2", KEY_CODE_F2}, {"kf3", KEY_CODE_F3}, {"kf4", KEY_CODE_F4},
        {"kf5", KEY_CODE_F5}, {"kf6", KEY_CODE_F6}, {"kf7", KEY_CODE_F7}, {"kf8", KEY_CODE_F8}, {"kf9", KEY_CODE_F9},
        {"kf10", KEY_CODE_F10}, {"kf11", KEY_CODE_F11}, {"kf12", KEY_CODE_F12},
    };
    /* With modifiers, by ncurses' extended names: kUP5 is Ctrl-Up (the digit is xterm's parameter). */
    static const struct {
        const char *stem;
        enum key_code code;
    } stems[] = {
        {"kUP", KEY_CODE_UP}, {"kDN", KEY_CODE_DOWN}, {"kLFT", KEY_CODE_LEFT}, {"kRIT", KEY_CODE_RIGHT},
        {"kHOM", KEY_CODE_HOME}, {"kEND", KEY_CODE_END}, {"kPRV", KEY_CODE_PGUP}, {"kNXT", KEY_CODE_PGDN},
        {"kIC", KEY_CODE_INSERT}, {"kDC", KEY_CODE_DELETE},
    };
    (void)ti;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *bytes = tigetstr(keys[i].name);
        if (bytes && bytes != (char *)-1)
            decoder_add_sequence(d, bytes, &(struct key){.code = keys[i].code});
    }
    for (size_t i = 0; i < sizeof stems / sizeof stems[0]; i++)
        for (unsigned digit = 3; digit <= 8; digit++) {
            struct buf name;
            buf_init(&name);
            buf_printf(&name, "%s%u", stems[i].stem, digit);
            const char *bytes = tigetstr(name.at);
            unsigned bits = digit - 1;
            struct key key = {.code = stems[i].code,
                              .mods = (bits & 1 ? KEY_MOD_SHIFT : 0u) | (bits & 2 ? KEY_MOD_ALT : 0u) | (bits & 4 ? KEY_MOD_CTRL : 0u)};
            if (bytes && bytes != (char *)-1)
                decoder_add_sequence(d, bytes, &key);
            buf_done(&name);
        }
}

void terminfo_move(const struct terminfo *ti, int col, int row, struct buf *out)
{
    if (ti->ansi)
        buf_printf(out, "\033[%d;%dH", row + 1, col + 1);
    else
        buf_add_text(out, tiparm(ti->move, row, col));
}

void terminfo_colour(const struct terminfo *ti, bool background, int colour, bool explicit_mode, struct buf *out)
{
    const char *format = background ? ti->background : ti->foreground;
    if (*format && colour < ti->colours)
        buf_add_text(out, tiparm(format, colour));
    else if (explicit_mode && ti->ansi && colour >= 16)
        buf_printf(out, "\033[%d;5;%dm", background ? 48 : 38, colour);
    else if (explicit_mode && ti->ansi)
        buf_printf(out, "\033[%dm", (background ? 40 : 30) + (colour & 7) + (colour & 8 ? 60 : 0));
}
