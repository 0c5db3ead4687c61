/* SPDX-License-Identifier: MIT */
/*
 * The decoder: first what terminfo names, then the sequences that nearly all terminals share (ECMA-48 with xterm's
 * modifiers), then UTF-8. Bytes that are none of them are dropped, never typed.
 */
#include "keys.h"

#include <string.h>

#include "calldeck/utf8.h"

#define PASTE_END "\x1b[201~"
enum { ESC = 0x1b, PARAMETERS_MOST = 4, SEQUENCE_MOST = 64 };

void decoder_init(struct decoder *d)
{
    *d = (struct decoder){0};
    buf_init(&d->input);
    buf_init(&d->paste);
}

void decoder_done(struct decoder *d)
{
    buf_done(&d->input);
    buf_done(&d->paste);
}

void decoder_add_sequence(struct decoder *d, const char *bytes, const struct key *key)
{
    struct str s = str_of(bytes);
    if (s.len < 2 || s.len > SEQUENCE_BYTES || d->sequences_count == SEQUENCES_MOST)
        return;
    struct key_sequence *sequence = &d->sequences[d->sequences_count++];
    memcpy(sequence->bytes, s.at, s.len);
    sequence->len = s.len;
    sequence->key = *key;
}

void decoder_feed(struct decoder *d, const char *bytes, size_t len)
{
    /* A lone Ctrl-C in a paste: a person whose terminal never said that the paste ended. */
    if (d->in_paste && len == 1 && bytes[0] == 3) {
        buf_add_text(&d->input, PASTE_END);
        return;
    }
    buf_add(&d->input, bytes, len);
}

/* ---- one thing from the front; each returns the bytes taken, 0: more is needed ---- */

struct front {
    const unsigned char *at;
    size_t len;
    bool final; /* nothing follows: take it for what it is now */
};

enum took { TOOK_NOTHING, TOOK_KEY, TOOK_EVENT, TOOK_PASTE_START };

static struct key named(enum key_code code, unsigned mods)
{
    return (struct key){.code = code, .mods = mods};
}

/* A control byte or an ASCII character. */
static struct key ascii_key(unsigned char c, char erase)
{
    struct key key = {.code = KEY_CODE_CHAR};
    if (c == 0x7f || (erase && c == (unsigned char)erase))
        return named(KEY_CODE_BACKSPACE, 0);
    if (c >= ' ') {
        key.text[0] = (char)c;
        return key;
    }
    switch (c) {
    case '\r':
    case '\n': return named(KEY_CODE_ENTER, 0);
    case '\t': return named(KEY_CODE_TAB, 0);
    case ESC: return named(KEY_CODE_ESC, 0);
    case 0: key.text[0] = ' '; break;
    default: key.text[0] = (char)(c < ESC ? c + 'a' - 1 : c + '@');
    }
    key.mods = KEY_MOD_CTRL;
    return key;
}

/* xterm: 1 + Shift 1 + Alt 2 + Ctrl 4 + Meta 8 */
static unsigned modifiers(int parameter)
{
    unsigned bits = parameter > 1 ? (unsigned)(parameter - 1) : 0;
    return (bits & 1 ? KEY_MOD_SHIFT : 0u) | (bits & (2 | 8) ? KEY_MOD_ALT : 0u) | (bits & 4 ? KEY_MOD_CTRL : 0u);
}

static bool letter_key(unsigned char final, enum key_code *ret)
{
    switch (final) {
    case 'A': *ret = KEY_CODE_UP; return true;
    case 'B': *ret = KEY_CODE_DOWN; return true;
    case 'C': *ret = KEY_CODE_RIGHT; return true;
    case 'D': *ret = KEY_CODE_LEFT; return true;
    case 'H': *ret = KEY_CODE_HOME; return true;
    case 'F': *ret = KEY_CODE_END; return true;
    case 'P':
    case 'Q':
    case 'R':
    case 'S': *ret = KEY_CODE_F1 + (final - 'P'); return true;
    default: return false;
    }
}

static bool number_key(int number, enum key_code *ret)
{
    static const struct {
        int number;
        enum key_code code;
    } keys[] = {
        {1, KEY_CODE_HOME},  {2, KEY_CODE_INSERT}, {3, KEY_CODE_DELETE}, {4, KEY_CODE_END}, {5, KEY_CODE_PGUP},
        {6, KEY_CODE_PGDN},  {7, KEY_CODE_HOME},   {8, KEY_CODE_END},    {11, KEY_CODE_F1}, {12, KEY_CODE_F2},
        {13, KEY_CODE_F3},   {14, KEY_CODE_F4},    {15, KEY_CODE_F5},    {17, KEY_CODE_F6}, {18, KEY_CODE_F7},
        {19, KEY_CODE_F8},   {20, KEY_CODE_F9},    {21, KEY_CODE_F10},   {23, KEY_CODE_F11}, {24, KEY_CODE_F12},
    };
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (keys[i].number == number) {
            *ret = keys[i].code;
            return true;
        }
    return false;
}

/* A key said by its number (CSI u, and xterm's CSI 27): Ctrl-i and Tab are one key here as everywhere. */
static bool code_key(int code, unsigned mods, struct key *ret)
{
    if (code < 1 || code > 0x10ffff || (code >= 0x80 && code < 0xa0))
        return false;
    if (code < 0x80) {
        unsigned char c = (unsigned char)code;
        if (mods & KEY_MOD_CTRL) {
            char lower = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
            if (lower < ' ' || lower == 0x7f) {
                *ret = ascii_key(c, 0);
                ret->mods |= mods & (KEY_MOD_ALT | KEY_MOD_CTRL);
                return true;
            }
            struct buf word;
            buf_init(&word);
            buf_add_text(&word, "C-");
            buf_add_char(&word, lower);
            bool known = lower == ' ' ? (*ret = ascii_key(0, 0), true) : key_parse(buf_str(&word), ret, NULL);
            buf_done(&word);
            ret->mods |= mods & KEY_MOD_ALT;
            return known;
        }
        *ret = ascii_key(c, 0);
        ret->mods |= mods & KEY_MOD_ALT;
        if (ret->code == KEY_CODE_TAB && (mods & KEY_MOD_SHIFT))
            ret->code = KEY_CODE_BACKTAB;
        return true;
    }
    char text[5] = "";
    utf8_encode((uint32_t)code, text);
    *ret = key_char(text);
    return true;
}

static enum took mouse_event(const int *p, size_t count, bool press, struct event *ret)
{
    if (count < 3 || p[1] < 1 || p[2] < 1 || (p[0] & 32))
        return TOOK_NOTHING;
    int button = p[0] & (3 | 64 | 128);
    *ret = (struct event){.kind = EVENT_MOUSE, .cols = p[1] - 1, .rows = p[2] - 1};
    if (button == 0 && press)
        ret->mouse = MOUSE_PRESS;
    else if (button == 64 && press)
        ret->mouse = MOUSE_WHEEL_UP;
    else if (button == 65 && press)
        ret->mouse = MOUSE_WHEEL_DOWN;
    else
        return TOOK_NOTHING;
    return TOOK_EVENT;
}

/* What a whole control sequence means. */
static enum took sequence_event(unsigned char mark, const int *p, size_t count, unsigned char final, struct event *ret)
{
    unsigned mods = modifiers(count > 1 ? p[1] : 0);
    struct key key = named(KEY_CODE_ESC, mods);
    if (mark == '<')
        return final == 'M' || final == 'm' ? mouse_event(p, count, final == 'M', ret) : TOOK_NOTHING;
    if (mark)
        return TOOK_NOTHING;
    if (final == '~' && count && p[0] == 200)
        return TOOK_PASTE_START;
    if (final == '~' && count > 2 && p[0] == 27 && code_key(p[2], mods, &key)) {
        ret->key = key;
        return TOOK_KEY;
    }
    if (final == 'u' && count && code_key(p[0], mods, &key)) {
        ret->key = key;
        return TOOK_KEY;
    }
    if (final == 'Z') {
        ret->key = named(KEY_CODE_BACKTAB, mods & ~(unsigned)KEY_MOD_SHIFT);
        return TOOK_KEY;
    }
    if (final == '~' || final == '^' || final == '$' || final == '@') { /* the last three are rxvt's modifiers */
        if (!count || !number_key(p[0], &key.code))
            return TOOK_NOTHING;
        key.mods |= final == '^' ? KEY_MOD_CTRL : final == '$' ? KEY_MOD_SHIFT : final == '@' ? KEY_MOD_CTRL | KEY_MOD_SHIFT : 0u;
        ret->key = key;
        return TOOK_KEY;
    }
    if (final >= 'a' && final <= 'd' && !count) {
        letter_key((unsigned char)(final - 'a' + 'A'), &key.code);
        ret->key = named(key.code, KEY_MOD_SHIFT);
        return TOOK_KEY;
    }
    if (!letter_key(final, &key.code))
        return TOOK_NOTHING;
    ret->key = key;
    return TOOK_KEY;
}

/* CSI ...: parameters, intermediates, final. */
static size_t take_csi(const struct front *f, struct event *ret, enum took *took)
{
    size_t at = 2;
    unsigned char mark = 0;
    int p[PARAMETERS_MOST] = {0};
    size_t count = 0;
    bool digits = false;
    if (at < f->len && f->at[at] == '[') { /* the Linux console: ESC [ [ A is F1 */
        if (at + 1 == f->len)
            return 0;
        unsigned char c = f->at[at + 1];
        if (c >= 'A' && c <= 'E') {
            ret->key = named(KEY_CODE_F1 + (c - 'A'), 0);
            *took = TOOK_KEY;
        }
        return at + 2;
    }
    if (at < f->len && f->at[at] >= '<' && f->at[at] <= '?')
        mark = f->at[at++];
    for (; at < f->len && at < SEQUENCE_MOST; at++) {
        unsigned char c = f->at[at];
        if (c >= '0' && c <= '9') {
            digits = true;
            if (count < PARAMETERS_MOST && p[count] < 100000000)
                p[count] = p[count] * 10 + (c - '0');
        } else if (c == ';') {
            digits = true;
            count++;
        } else if ((c >= 0x20 && c < 0x30 && c != '$') || c == ':') {
            continue; /* an intermediate byte, a subparameter: no key that we know has one */
        } else if (c == '$' || (c >= 0x40 && c < 0x7f)) {
            if (digits)
                count++;
            *took = sequence_event(mark, p, count < PARAMETERS_MOST ? count : PARAMETERS_MOST, c, ret);
            return at + 1;
        } else {
            return at; /* broken off: what broke it is read anew */
        }
    }
    return at == SEQUENCE_MOST ? at : 0;
}

/* SS3: one letter. */
static size_t take_ss3(const struct front *f, struct event *ret, enum took *took)
{
    unsigned char c = f->at[2];
    static const char keypad[] = "*+,-./0123456789";
    *took = TOOK_KEY;
    if (letter_key(c, &ret->key.code))
        return 3;
    if (c == 'M') {
        ret->key.code = KEY_CODE_ENTER;
    } else if (c >= 'a' && c <= 'd') {
        letter_key((unsigned char)(c - 'a' + 'A'), &ret->key.code);
        ret->key.mods = KEY_MOD_CTRL;
    } else if (c >= 'j' && c <= 'y') {
        ret->key = key_char((char[]){keypad[c - 'j'], '\0'});
    } else {
        *took = TOOK_NOTHING;
        return c < 0x20 || c > 0x7e ? 2 : 3;
    }
    return 3;
}

static size_t take_text(const struct front *f, struct event *ret, enum took *took)
{
    static const unsigned char lengths[] = {[0xc] = 2, [0xd] = 2, [0xe] = 3, [0xf] = 4};
    size_t want = lengths[f->at[0] >> 4];
    if (f->at[0] < 0xc2 || f->at[0] > 0xf4)
        return 1;
    size_t have = 1;
    while (have < want && have < f->len && (f->at[have] & 0xc0) == 0x80)
        have++;
    if (have == f->len && have < want)
        return f->final ? have : 0;
    if (have < want)
        return have;
    struct str bytes = str_make((const char *)f->at, want);
    uint32_t code;
    if (!utf8_valid(bytes))
        return 1;
    utf8_decode(bytes, &code);
    if (code < 0xa0)
        return want; /* C1 controls are nobody's key */
    char text[5] = "";
    memcpy(text, f->at, want);
    ret->key = key_char(text);
    *took = TOOK_KEY;
    return want;
}

static bool starts(const struct front *f, const char *bytes, size_t len)
{
    return f->len >= len && memcmp(f->at, bytes, len) == 0;
}

/* The longest that terminfo names. *ret_part: a longer one may be on its way. */
static const struct key_sequence *named_sequence(const struct decoder *d, const struct front *f, bool *ret_part)
{
    const struct key_sequence *best = NULL;
    *ret_part = false;
    for (size_t i = 0; i < d->sequences_count; i++) {
        const struct key_sequence *s = &d->sequences[i];
        if (starts(f, s->bytes, s->len)) {
            if (!best || s->len > best->len)
                best = s;
        } else if (f->len < s->len && memcmp(f->at, s->bytes, f->len) == 0) {
            *ret_part = true;
        }
    }
    return best;
}

/* One character, a control byte included. */
static size_t take_character(const struct decoder *d, const struct front *f, struct event *ret, enum took *took)
{
    if (f->at[0] >= 0x80)
        return take_text(f, ret, took);
    ret->key = ascii_key(f->at[0], d->erase);
    *took = TOOK_KEY;
    return 1;
}

static size_t take_escape(const struct decoder *d, const struct front *f, struct event *ret, enum took *took)
{
    unsigned char second = f->len > 1 ? f->at[1] : ESC;
    size_t taken = 0;
    if (second == '[' || second == 'O') {
        if (f->len > 2)
            taken = second == '[' ? take_csi(f, ret, took) : take_ss3(f, ret, took);
        if (taken || !f->final)
            return taken;
        /* It never ended: Alt and its letter if there is no more, else nobody's key. */
        ret->key = ascii_key(second, 0);
        ret->key.mods |= KEY_MOD_ALT;
        *took = f->len == 2 ? TOOK_KEY : TOOK_NOTHING;
        return f->len;
    }
    if (f->len == 1 && !f->final)
        return 0;
    if (second != ESC && second < 0x80) {
        struct front rest = {f->at + 1, f->len - 1, f->final};
        taken = take_character(d, &rest, ret, took);
        ret->key.mods |= KEY_MOD_ALT;
        return taken + 1;
    }
    ret->key = named(KEY_CODE_ESC, 0);
    *took = TOOK_KEY;
    return 1;
}

static size_t take(const struct decoder *d, const struct front *f, struct event *ret, enum took *took)
{
    *took = TOOK_NOTHING;
    ret->kind = EVENT_KEY;
    ret->key = (struct key){0};
    bool part;
    const struct key_sequence *sequence = named_sequence(d, f, &part);
    if (part && !f->final && (sequence || f->at[0] != ESC))
        return 0;
    if (sequence) {
        ret->key = sequence->key;
        *took = TOOK_KEY;
        return sequence->len;
    }
    return f->at[0] == ESC ? take_escape(d, f, ret, took) : take_character(d, f, ret, took);
}

/* ---- pastes ---- */

/* Moves input into the paste up to its end; true when the end was there. */
static bool paste_continues(struct decoder *d)
{
    enum { END = sizeof PASTE_END - 1 };
    struct str input = str_skip(buf_str(&d->input), d->at);
    const char *end = input.len ? memmem(input.at, input.len, PASTE_END, END) : NULL;
    size_t len = input.len;
    if (end) {
        len = (size_t)(end - input.at);
    } else { /* a part of the end may be there already */
        size_t part = len < END - 1 ? len : END - 1;
        while (part > 0 && memcmp(input.at + len - part, PASTE_END, part) != 0)
            part--;
        len -= part;
    }
    size_t room = d->paste_full ? 0 : PASTE_MOST - d->paste.len, fits = len < room ? len : room;
    if (fits < len) { /* cut at a whole character */
        d->paste_full = true;
        while (fits > 0 && ((unsigned char)input.at[fits] & 0xc0) == 0x80)
            fits--;
    }
    buf_add(&d->paste, input.at, fits);
    d->at += len + (end ? END : 0);
    return end != NULL;
}

bool decoder_rescue_paste(struct decoder *d, struct event *ret)
{
    if (!d->in_paste || d->paste.len == 0)
        return false;
    d->in_paste = false;
    *ret = (struct event){.kind = EVENT_PASTE, .paste = buf_str(&d->paste)};
    return true;
}

/* ---- the decoder ---- */

static void drop_decoded(struct decoder *d)
{
    buf_splice(&d->input, 0, d->at, "", 0);
    d->at = 0;
}

enum decoded decoder_next(struct decoder *d, bool final, struct event *ret)
{
    for (;;) {
        if (d->in_paste) {
            bool ended = paste_continues(d);
            if (!ended) {
                drop_decoded(d);
                return DECODED_NOTHING;
            }
            d->in_paste = false;
            *ret = (struct event){.kind = EVENT_PASTE, .paste = buf_str(&d->paste)};
            return DECODED_EVENT;
        }
        if (d->at >= d->input.len) {
            drop_decoded(d);
            return DECODED_NOTHING;
        }
        struct front f = {(const unsigned char *)d->input.at + d->at, d->input.len - d->at, final};
        struct event event = {0};
        enum took took;
        size_t taken = take(d, &f, &event, &took);
        if (taken == 0) {
            drop_decoded(d);
            return DECODED_PART;
        }
        d->at += taken;
        switch (took) {
        case TOOK_NOTHING: break;
        case TOOK_PASTE_START:
            d->in_paste = true;
            d->paste_full = false;
            buf_clear(&d->paste);
            break;
        case TOOK_KEY:
        case TOOK_EVENT: *ret = event; return DECODED_EVENT;
        }
    }
}

void decoder_flush(struct decoder *d)
{
    struct event event;
    while (decoder_next(d, false, &event) == DECODED_EVENT)
        continue;
    buf_clear(&d->input);
    d->at = 0;
}
