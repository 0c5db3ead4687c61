/* SPDX-License-Identifier: MIT */
/* Two windows never hold one card; a window that was killed holds none. */
#include "calldeck/store.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk.h"

static struct store *window(const char *path, const char *holder)
{
    struct store_options o = desk_options;
    struct error err = {0};
    o.holder = holder;
    struct store *s = store_open(path, &o, &err);
    if (s == NULL)
        fail_msg("%s", err.text);
    return s;
}

TEST(claim_is_taken_once_and_expires)
{
    const char *path = test_path("claims.db");
    struct store *s = desk_open(path);
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    desk_close(s);
    struct store *a = window(path, "a"), *b = window(path, "b");
    assert_done(claim_take(a, layla, DESK_NOW, DESK_NOW + 900, err));
    assert_done(claim_take(a, layla, DESK_NOW + 60, DESK_NOW + 960, err));
    assert_refused(claim_take(b, layla, DESK_NOW + 60, DESK_NOW + 960, err), ERR_REFUSED, "dana's screen");
    assert_done(claim_take(b, layla, DESK_NOW + 1000, DESK_NOW + 1900, err));
    claim_drop(b, layla);
    assert_done(claim_take(a, layla, DESK_NOW + 1001, DESK_NOW + 1900, err));
    store_close(a);
    store_close(b);
}

TEST(claim_of_a_killed_window_is_nobodys)
{
    const char *path = test_path("killed.db");
    struct store *s = desk_open(path);
    int64_t layla = desk_add(s, "spring", (struct desk_person){"Layla", "Nour", "+966112345601", NULL});
    desk_close(s);
    pid_t child = fork();
    if (child == 0) {
        struct buf name;
        buf_init(&name);
        store_window_name(&name);
        struct store *mine = window(path, name.at);
        struct error err = {0};
        _exit(claim_take(mine, layla, DESK_NOW, DESK_NOW + 900, &err) ? 0 : 1); /* as if killed: nothing is given back */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct buf name;
    buf_init(&name);
    store_window_name(&name);
    struct store *next = window(path, name.at);
    assert_done(claim_take(next, layla, DESK_NOW + 5, DESK_NOW + 905, err));
    store_close(next);
    buf_done(&name);
}
