/* SPDX-License-Identifier: MIT */
/* The number goes to the clipboard of the terminal, if it is one that takes it, and the screen says no more than that. */
#include <stdio.h>
#include <string.h>

#include "rep.h"
#include "test.h"

enum { DEADLINE_MS = 15000 };

struct heard {
    char text[64 * 1024];
    size_t len;
};

static void listen(const char *bytes, size_t len, void *user)
{
    struct heard *h = user;
    for (size_t i = 0; i < len && h->len < sizeof h->text - 1; i++)
        h->text[h->len++] = bytes[i];
}

/* What Y makes the program write; what it says is looked for with what is left of the escape sequences taken out. */
static void copy_in(const char *program, const char *setting, const char *says, struct heard *ret)
{
    struct desk desk;
    desk_open(&desk, program);
    if (setting != NULL)
        desk_configure(&desk, setting);
    desk_import_list(&desk, "list", 1);
    snprintf(desk.env[4], sizeof desk.env[4], "TERM_PROGRAM=%s", program);
    desk.environment[4] = desk.env[4];
    const char *argv[] = {CALLDECK_BIN, "--db", desk.db, NULL};
    struct pty *p = pty_start(80, 24, NULL, desk.environment, argv);
    *ret = (struct heard){.len = 0};
    pty_on_output(p, listen, ret);
    assert_true(pty_wait(p, DECK_SIGN, DEADLINE_MS));
    pty_type(p, "Y");
    assert_true(pty_wait(p, says, DEADLINE_MS));
    pty_done(p);
}

TEST(clipboard_of_a_terminal_that_takes_it)
{
    static struct heard h;
    copy_in("WezTerm", NULL, "given to the terminal", &h);
    assert_non_null(strstr(h.text, "\x1b]52;c;KzEyMTI1NTUwMTAw\a")); /* +12125550100 */
    copy_in("unheard-of", NULL, "not known to copy", &h);
    assert_null(strstr(h.text, "\x1b]52"));
    copy_in("unheard-of", "set copy-command terminal", "given to the terminal", &h);
    assert_non_null(strstr(h.text, "\x1b]52;c;KzEyMTI1NTUwMTAw\a"));
    copy_in("WezTerm", "set copy-command true", "copied", &h);
    assert_null(strstr(h.text, "\x1b]52"));
}
