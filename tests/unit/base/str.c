/* SPDX-License-Identifier: MIT */
#include "calldeck/str.h"
#include "calldeck/arena.h"
#include "calldeck/error.h"

#include <string.h>

#include "test.h"

TEST(str_next_gives_empty_parts)
{
    struct str rest = STR("a,,b,"), part;
    const char *want[] = {"a", "", "b", ""};
    for (size_t i = 0; i < 4; i++) {
        assert_true(str_next(&rest, ',', &part));
        assert_true(str_is(part, want[i]));
    }
    assert_false(str_next(&rest, ',', &part));
}

TEST(str_int_refuses_what_is_not_a_number)
{
    int64_t n = 7;
    const char *bad[] = {"", "-", "1x", " 1", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(str_int(str_of(bad[i]), &n));
    assert_int_equal(n, 7);
    assert_true(str_int(STR("-42"), &n));
    assert_int_equal(n, -42);
}

TEST(buf_splice_replaces)
{
    struct buf b;
    buf_init(&b);
    buf_add_text(&b, "hello world");
    buf_splice(&b, 0, 5, "goodbye", 7);
    assert_string_equal(b.at, "goodbye world");
    buf_splice(&b, 7, 6, NULL, 0);
    assert_string_equal(b.at, "goodbye");
    buf_done(&b);
}

TEST(arena_survives_growth)
{
    struct arena a = {0};
    struct str first = arena_printf(&a, "%d", 1);
    for (int i = 0; i < 10000; i++)
        arena_printf(&a, "row %d", i);
    assert_true(str_is(first, "1"));
    arena_clear(&a);
    char *big = arena_alloc(&a, 1 << 20, 1);
    memset(big, 1, 1 << 20);
    arena_done(&a);
}

TEST(error_cuts_at_a_whole_character)
{
    struct error err = {0};
    char long_text[1024] = "";
    for (int i = 0; i < 300; i++)
        strcat(long_text, "é");
    assert_false(error_set(&err, ERR_IO, "x%s", long_text));
    assert_int_equal(strlen(err.text) % 2, 1);
    assert_int_equal(error_exit_status(ERR_LOCKED), 75);
    error_prefix(&err, "file");
    assert_int_equal(strncmp(err.text, "file: x", 7), 0);
}
