/* SPDX-License-Identifier: MIT */
/* The notation of keys, in both directions, and scripts of them. */
#include "test.h"

#include <string.h>

#include "calldeck/key.h"

static struct str formatted(struct buf *out, const struct key *key)
{
    buf_clear(out);
    key_format(key, out);
    return buf_str(out);
}

TEST(key_words_are_read_and_written)
{
    static const struct {
        const char *word, *written;
        enum key_code code;
        unsigned mods;
    } rows[] = {
        {"n", "n", KEY_CODE_CHAR, 0},
        {"N", "N", KEY_CODE_CHAR, 0},
        {"?", "?", KEY_CODE_CHAR, 0},
        {"-", "-", KEY_CODE_CHAR, 0},
        {"'", "'", KEY_CODE_CHAR, 0},
        {"é", "é", KEY_CODE_CHAR, 0},
        {"陳", "陳", KEY_CODE_CHAR, 0},
        {"space", "Space", KEY_CODE_CHAR, 0},
        {"C-w", "C-w", KEY_CODE_CHAR, KEY_MOD_CTRL},
        {"c-W", "C-w", KEY_CODE_CHAR, KEY_MOD_CTRL},
        {"M-x", "M-x", KEY_CODE_CHAR, KEY_MOD_ALT},
        {"M-X", "M-X", KEY_CODE_CHAR, KEY_MOD_ALT},
        {"M-C-x", "C-M-x", KEY_CODE_CHAR, KEY_MOD_CTRL | KEY_MOD_ALT},
        {"M--", "M--", KEY_CODE_CHAR, KEY_MOD_ALT},
        {"C-_", "C-_", KEY_CODE_CHAR, KEY_MOD_CTRL},
        {"C-/", "C-_", KEY_CODE_CHAR, KEY_MOD_CTRL},
        {"C-@", "C-Space", KEY_CODE_CHAR, KEY_MOD_CTRL},
        {"C-i", "Tab", KEY_CODE_TAB, 0},
        {"C-m", "Enter", KEY_CODE_ENTER, 0},
        {"C-j", "Enter", KEY_CODE_ENTER, 0},
        {"C-[", "Esc", KEY_CODE_ESC, 0},
        {"C-?", "Backspace", KEY_CODE_BACKSPACE, 0},
        {"enter", "Enter", KEY_CODE_ENTER, 0},
        {"Return", "Enter", KEY_CODE_ENTER, 0},
        {"S-Tab", "BackTab", KEY_CODE_BACKTAB, 0},
        {"pgdn", "PgDn", KEY_CODE_PGDN, 0},
        {"PageDown", "PgDn", KEY_CODE_PGDN, 0},
        {"C-Left", "C-Left", KEY_CODE_LEFT, KEY_MOD_CTRL},
        {"C-M-S-Right", "C-M-S-Right", KEY_CODE_RIGHT, KEY_MOD_CTRL | KEY_MOD_ALT | KEY_MOD_SHIFT},
        {"M-Backspace", "M-Backspace", KEY_CODE_BACKSPACE, KEY_MOD_ALT},
        {"f12", "F12", KEY_CODE_F12, 0},
        /* refused */
        {"", NULL, 0, 0},
        {"Entr", NULL, 0, 0},
        {"C-", NULL, 0, 0},
        {"C-C-x", NULL, 0, 0},
        {"S-a", NULL, 0, 0},
        {"C-1", NULL, 0, 0},
        {"C-é", NULL, 0, 0},
        {"M-é", NULL, 0, 0},
        {"F13", NULL, 0, 0},
        {"\x1b", NULL, 0, 0},
        {"\xff", NULL, 0, 0},
        {"\xc2\x85", NULL, 0, 0},
        {" ", NULL, 0, 0},
    };
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct key key, again;
        struct error err = {0};
        bool ok = key_parse(str_of(rows[i].word), &key, &err);
        if (ok != (rows[i].written != NULL))
            fail_msg("row %zu \"%s\": %s", i, rows[i].word, ok ? "was read" : err.text);
        if (!ok) {
            assert_int_equal(err.code, ERR_USAGE);
            continue;
        }
        assert_int_equal(key.code, rows[i].code);
        assert_int_equal(key.mods, rows[i].mods);
        assert_string_equal(formatted(&text, &key).at, rows[i].written);
        assert_true(key_parse(buf_str(&text), &again, &err));
        assert_true(key_same(&key, &again));
    }
    buf_done(&text);
}

TEST(every_named_key_is_read_back)
{
    struct buf text;
    buf_init(&text);
    for (int code = KEY_CODE_CHAR + 1; code < KEY_CODE_COUNT_; code++)
        for (unsigned mods = 0; mods < 8; mods++) {
            struct key key = {.code = (enum key_code)code, .mods = mods}, again;
            if (code == KEY_CODE_TAB && (mods & KEY_MOD_SHIFT))
                continue; /* is BackTab */
            assert_true(key_parse(formatted(&text, &key), &again, NULL));
            assert_true(key_same(&key, &again));
        }
    buf_done(&text);
}

/* What a script does, a word an event. */
static void play(const char *script, struct buf *out, struct error *err)
{
    struct str rest = str_of(script);
    struct buf scratch;
    struct event e;
    buf_init(&scratch);
    buf_clear(out);
    while (key_script_next(&rest, &e, &scratch, err)) {
        if (out->len)
            buf_add_char(out, ' ');
        if (e.kind == EVENT_KEY)
            key_format(&e.key, out);
        else if (e.kind == EVENT_PASTE)
            buf_printf(out, "P[%.*s]", STR_ARG(e.paste));
        else if (e.kind == EVENT_WAIT)
            buf_printf(out, "W%d", e.wait_ms);
        else if (e.kind == EVENT_RESIZE)
            buf_printf(out, "R%d,%d", e.cols, e.rows);
    }
    buf_done(&scratch);
}

TEST(scripts_are_played_word_by_word)
{
    static const struct {
        const char *script, *events;
        bool bad;
    } rows[] = {
        {"", "", false},
        {"  \n ", "", false},
        {"Enter Tab n", "Enter Tab n", false},
        {"'no' Enter", "n o Enter", false},
        {"'a b'", "a Space b", false},
        {"''", "", false},
        {"'it''s'", "i t ' s", false},
        {"''''", "'", false},
        {"'x'Enter", "x Enter", false},
        {"'ab''cd' 'e'", "a b ' c d e", false},
        {"'é陳'", "é 陳", false},
        {"'a\nb\tc'", "a Enter b Tab c", false},
        {"'\x1b'", "\xef\xbf\xbd", false},
        {"Paste'one\ntwo' x", "P[one\ntwo] x", false},
        {"Paste'it''s' 'y'", "P[it's] y", false},
        {"Paste'' Esc", "P[] Esc", false},
        {"'q' Paste'p' 'r' Wait:50 Resize:80x24 'z'", "q P[p] r W50 R80,24 z", false},
        {"wait:0", "W0", false},
        {"Paste", "", true},
        {"a Entr b", "a", true},
        {"a 'open", "a", true},
        {"a Paste'open", "a", true},
        {"Wait:", "", true},
        {"Wait:-1", "", true},
        {"Wait:99999999", "", true},
        {"Resize:80", "", true},
        {"Resize:0x0", "", true},
        {"Resize:80x24x", "", true},
        {"Resize:9999999999999x1", "", true},
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        play(rows[i].script, &out, &err);
        if (strcmp(out.at, rows[i].events) != 0 || rows[i].bad != (err.code != ERR_NONE))
            fail_msg("row %zu \"%s\": got \"%s\" %s", i, rows[i].script, out.at, err.text);
    }
    buf_done(&out);
}

TEST(a_key_of_a_character_is_never_longer_than_its_room)
{
    struct key key = key_char("👨‍👩‍👧‍👦");
    assert_true(strlen(key.text) < sizeof key.text);
    assert_string_equal(key_char("x").text, "x");
    assert_string_equal(key_char("").text, "");
}
