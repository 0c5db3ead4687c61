/* SPDX-License-Identifier: MIT */
/*
 * The one notation of keys, read and written.
 *
 * What a terminal cannot tell apart is one key here too: C-i is Tab, C-m and C-j are Enter, C-[ is Esc, C-? is Backspace,
 * C-@ is C-Space. So a binding never waits for a key that cannot come. Not here: bytes to keys (term).
 */
#include "calldeck/key.h"

#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"

/* The first name of a code is the one that is written. */
static const struct key_name {
    enum key_code code;
    const char *name;
} key_names[] = {
    {KEY_CODE_ENTER, "Enter"}, {KEY_CODE_TAB, "Tab"}, {KEY_CODE_BACKTAB, "BackTab"}, {KEY_CODE_ESC, "Esc"},
    {KEY_CODE_BACKSPACE, "Backspace"}, {KEY_CODE_DELETE, "Delete"}, {KEY_CODE_INSERT, "Insert"}, {KEY_CODE_UP, "Up"},
    {KEY_CODE_DOWN, "Down"}, {KEY_CODE_LEFT, "Left"}, {KEY_CODE_RIGHT, "Right"}, {KEY_CODE_HOME, "Home"},
    {KEY_CODE_END, "End"}, {KEY_CODE_PGUP, "PgUp"}, {KEY_CODE_PGDN, "PgDn"}, {KEY_CODE_F1, "F1"}, {KEY_CODE_F2, "F2"},
    {KEY_CODE_F3, "F3"}, {KEY_CODE_F4, "F4"}, {KEY_CODE_F5, "F5"}, {KEY_CODE_F6, "F6"}, {KEY_CODE_F7, "F7"},
    {KEY_CODE_F8, "F8"}, {KEY_CODE_F9, "F9"}, {KEY_CODE_F10, "F10"}, {KEY_CODE_F11, "F11"}, {KEY_CODE_F12, "F12"},
    {KEY_CODE_ENTER, "Return"}, {KEY_CODE_ESC, "Escape"}, {KEY_CODE_PGUP, "PageUp"}, {KEY_CODE_PGDN, "PageDown"},
};
enum { KEY_NAMES = sizeof key_names / sizeof key_names[0] };

enum { WAIT_MOST_MS = 600000, SCREEN_MOST = 4096, NOT_BLANK = 0x21 };

static bool set_text(struct key *key, struct str text)
{
    if (text.len == 0 || text.len >= sizeof key->text)
        return false;
    memcpy(key->text, text.at, text.len);
    key->text[text.len] = '\0';
    return true;
}

/* One character: a cluster that fits, and no control character. */
static bool is_character(struct str s)
{
    if (s.len == 0 || s.len >= sizeof((struct key *)0)->text || !utf8_valid(s) || cluster_len(s) != s.len)
        return false;
    uint32_t code;
    utf8_decode(s, &code);
    return code >= NOT_BLANK && code != 0x7f && (code < 0x80 || code > 0x9f);
}

/* Ctrl with a character: what reaches us of it, or false if nothing does. */
static bool control_of(char c, struct key *key)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c - 'A' + 'a');
    switch (c) {
    case 'i': key->code = KEY_CODE_TAB; break;
    case 'j':
    case 'm': key->code = KEY_CODE_ENTER; break;
    case '[': key->code = KEY_CODE_ESC; break;
    case '?': key->code = KEY_CODE_BACKSPACE; break;
    default:
        if (c == '@')
            c = ' ';
        if (c == '/')
            c = '_';
        if (!(c >= 'a' && c <= 'z') && c != ' ' && c != '\\' && c != ']' && c != '^' && c != '_')
            return false;
        key->text[0] = c;
        return true;
    }
    key->mods &= ~(unsigned)KEY_MOD_CTRL;
    return true;
}

static bool unknown(struct str word, struct error *err)
{
    return error_set(err, ERR_USAGE, "no such key \"%.*s\": expected one character, a name (Enter, Tab, Esc, PgUp, F2), C-x or M-x",
                     STR_ARG(word));
}

bool key_same(const struct key *a, const struct key *b)
{
    return a->code == b->code && a->mods == b->mods && (a->code != KEY_CODE_CHAR || strcmp(a->text, b->text) == 0);
}

struct key key_char(const char *text)
{
    struct key key = {.code = KEY_CODE_CHAR};
    struct str s = str_of(text);
    if (s.len >= sizeof key.text)
        s.len = cluster_floor(s, sizeof key.text - 1);
    set_text(&key, s);
    return key;
}

bool key_parse(struct str word, struct key *ret, struct error *err)
{
    struct key key = {.code = KEY_CODE_CHAR};
    struct str rest = word;
    while (rest.len > 2 && rest.at[1] == '-') {
        unsigned mod = strchr("Cc", rest.at[0])   ? KEY_MOD_CTRL
                       : strchr("Mm", rest.at[0]) ? KEY_MOD_ALT
                       : strchr("Ss", rest.at[0]) ? KEY_MOD_SHIFT
                                                  : 0u;
        if (!rest.at[0] || !mod || (key.mods & mod))
            return unknown(word, err);
        key.mods |= mod;
        rest = str_skip(rest, 2);
    }
    bool space = str_eq_ascii_case(rest, STR("Space"));
    if (space || is_character(rest)) {
        if (key.mods & KEY_MOD_SHIFT)
            return error_set(err, ERR_USAGE, "no such key \"%.*s\": Shift goes with named keys only, write a capital as itself",
                             STR_ARG(word));
        set_text(&key, space ? STR(" ") : rest);
        if (key.mods && (rest.len > 1 && !space))
            return error_set(err, ERR_USAGE, "no such key \"%.*s\": Ctrl and Alt go with ASCII characters", STR_ARG(word));
        if ((key.mods & KEY_MOD_CTRL) && !control_of(key.text[0], &key))
            return error_set(err, ERR_USAGE, "no such key \"%.*s\": terminals do not send Ctrl with that character", STR_ARG(word));
        *ret = key;
        return true;
    }
    for (size_t i = 0; i < KEY_NAMES; i++) {
        if (!str_eq_ascii_case(rest, str_of(key_names[i].name)))
            continue;
        key.code = key_names[i].code;
        if (key.code == KEY_CODE_TAB && (key.mods & KEY_MOD_SHIFT)) {
            key.code = KEY_CODE_BACKTAB;
            key.mods &= ~(unsigned)KEY_MOD_SHIFT;
        }
        *ret = key;
        return true;
    }
    return unknown(word, err);
}

void key_format(const struct key *key, struct buf *out)
{
    if (key->mods & KEY_MOD_CTRL)
        buf_add_text(out, "C-");
    if (key->mods & KEY_MOD_ALT)
        buf_add_text(out, "M-");
    if (key->mods & KEY_MOD_SHIFT)
        buf_add_text(out, "S-");
    if (key->code == KEY_CODE_CHAR) {
        buf_add_text(out, strcmp(key->text, " ") == 0 ? "Space" : key->text);
        return;
    }
    for (size_t i = 0; i < KEY_NAMES; i++)
        if (key_names[i].code == key->code) {
            buf_add_text(out, key_names[i].name);
            return;
        }
}

/* The text between quotes at the front of *rest, where two quotes stand for one; false if it does not end. */
static bool take_quoted(struct str *rest, struct buf *out, struct error *err)
{
    struct str s = str_skip(*rest, 1);
    for (size_t at = 0; at < s.len; at++) {
        if (s.at[at] != '\'') {
            buf_add_char(out, s.at[at]);
        } else if (at + 1 < s.len && s.at[at + 1] == '\'') {
            buf_add_char(out, '\'');
            at++;
        } else {
            *rest = str_skip(s, at + 1);
            return true;
        }
    }
    return error_set(err, ERR_USAGE, "no closing quote after \"%.*s\": write 'text', and a quote inside it twice",
                     (int)(s.len > 20 ? cluster_floor(s, 20) : s.len), s.len ? s.at : "");
}

/* `scratch` between calls: empty, or a quote and what of a text is still to be typed, or P and what was pasted. */
static bool next_typed(struct buf *scratch, struct event *ret)
{
    if (scratch->len < 2 || scratch->at[0] != '\'') {
        buf_clear(scratch);
        return false;
    }
    struct str text = str_skip(buf_str(scratch), 1);
    uint32_t code;
    size_t len = utf8_decode(text, &code);
    char bytes[5] = "";
    utf8_encode(code, bytes);
    ret->kind = EVENT_KEY;
    ret->key = (struct key){0};
    if (code == '\n' || code == '\r')
        ret->key.code = KEY_CODE_ENTER;
    else if (code == '\t')
        ret->key.code = KEY_CODE_TAB;
    else
        ret->key = key_char(code < ' ' || code == 0x7f ? "\xef\xbf\xbd" : bytes);
    buf_splice(scratch, 1, len, "", 0);
    return true;
}

/* "120" before `separator` or the end of the word. */
static bool take_number(struct str *s, char separator, int64_t most, int *ret)
{
    struct str part;
    int64_t value;
    if (!str_next(s, separator, &part) || !str_int(part, &value) || value < 0 || value > most)
        return false;
    *ret = (int)value;
    return true;
}

static struct str take_word(struct str *rest)
{
    size_t len = 0;
    while (len < rest->len && !strchr(" \t\r\n", rest->at[len]))
        len++;
    struct str word = str_make(rest->at, len);
    *rest = str_skip(*rest, len);
    return word;
}

bool key_script_next(struct str *rest, struct event *ret, struct buf *scratch, struct error *err)
{
    struct event event = {0};
    for (;;) {
        if (next_typed(scratch, &event)) {
            *ret = event;
            return true;
        }
        *rest = str_trim(*rest);
        if (rest->len == 0)
            return false;
        bool paste = str_starts_ascii_case(*rest, "Paste'");
        if (!paste && (rest->at[0] != '\'' || rest->len == 1))
            break;
        buf_add_char(scratch, paste ? 'P' : '\'');
        if (paste)
            *rest = str_skip(*rest, 5);
        if (!take_quoted(rest, scratch, err)) {
            buf_clear(scratch);
            return false;
        }
        if (paste) {
            ret->kind = EVENT_PASTE;
            ret->paste = str_skip(buf_str(scratch), 1);
            return true;
        }
    }
    struct str left = *rest, word = take_word(&left);
    if (str_starts_ascii_case(word, "Wait:")) {
        struct str value = str_skip(word, 5);
        event.kind = EVENT_WAIT;
        if (!take_number(&value, ' ', WAIT_MOST_MS, &event.wait_ms))
            return error_set(err, ERR_USAGE, "cannot wait \"%.*s\": expected Wait:MS, at most %d", STR_ARG(word), WAIT_MOST_MS);
    } else if (str_starts_ascii_case(word, "Resize:")) {
        struct str value = str_skip(word, 7);
        event.kind = EVENT_RESIZE;
        if (!take_number(&value, 'x', SCREEN_MOST, &event.cols) || !take_number(&value, ' ', SCREEN_MOST, &event.rows) ||
            event.cols < 1 || event.rows < 1)
            return error_set(err, ERR_USAGE, "cannot resize \"%.*s\": expected Resize:COLSxROWS", STR_ARG(word));
    } else {
        event.kind = EVENT_KEY;
        if (!key_parse(word, &event.key, err))
            return false;
    }
    *rest = left;
    *ret = event;
    return true;
}
