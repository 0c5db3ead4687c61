/* SPDX-License-Identifier: MIT */
#include "../../../src/term/clipboard.h"
#include "test.h"

TEST(clipboard_is_base64_between_escape_and_bell)
{
    static const struct {
        const char *text, *bytes; /* NULL: refused */
    } rows[] = {
        {"+15550100", "\x1b]52;c;KzE1NTUwMTAw\a"}, {"12", "\x1b]52;c;MTI=\a"}, {"1234", "\x1b]52;c;MTIzNA==\a"},
        {"", NULL}, {"1\a2", NULL}, {"1\x1b", NULL}, {"\xc3\xa9", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out;
        buf_init(&out);
        assert_int_equal(clipboard_bytes(str_of(rows[i].text), &out), rows[i].bytes != NULL);
        assert_string_equal(out.at, rows[i].bytes != NULL ? rows[i].bytes : "");
        buf_done(&out);
    }
}

TEST(clipboard_known_rows)
{
    static const struct {
        const char *term, *program;
        bool known;
    } rows[] = {
        {"xterm-kitty", NULL, true}, {"foot-extra", NULL, true}, {"football", NULL, false}, {"xterm-256color", NULL, false},
        {"xterm-256color", "WezTerm", true}, {"tmux-256color", "tmux", false}, {"xterm-256color", "Apple_Terminal", false},
        {NULL, NULL, false}, {"", "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(clipboard_is_known(rows[i].term, rows[i].program), rows[i].known);
}
