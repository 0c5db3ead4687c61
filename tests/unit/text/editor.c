/* SPDX-License-Identifier: MIT */
/*
 * What each key does, as rows: the text before and after, with | where the cursor stands.
 * Random keys are in editor_model.c.
 */
#include "test.h"

#include <string.h>
#include <time.h>

#include "calldeck/editor.h"

static const char *const op_names[EDIT_COUNT_] = {
    [EDIT_LEFT] = "left",
    [EDIT_RIGHT] = "right",
    [EDIT_WORD_LEFT] = "word-left",
    [EDIT_WORD_RIGHT] = "word-right",
    [EDIT_LINE_START] = "line-start",
    [EDIT_LINE_END] = "line-end",
    [EDIT_UP] = "up",
    [EDIT_DOWN] = "down",
    [EDIT_PAGE_UP] = "page-up",
    [EDIT_PAGE_DOWN] = "page-down",
    [EDIT_TEXT_START] = "text-start",
    [EDIT_TEXT_END] = "text-end",
    [EDIT_BACKSPACE] = "backspace",
    [EDIT_DELETE] = "delete",
    [EDIT_KILL_WORD_LEFT] = "kill-word-left",
    [EDIT_KILL_WORD_RIGHT] = "kill-word-right",
    [EDIT_KILL_LINE_START] = "kill-line-start",
    [EDIT_KILL_LINE_END] = "kill-line-end",
    [EDIT_YANK] = "yank",
    [EDIT_TRANSPOSE] = "transpose",
    [EDIT_UNDO] = "undo",
    [EDIT_REDO] = "redo",
    [EDIT_NEWLINE] = "newline",
};

enum { WIDTH = 10, PAGE = 3 };

/* One step: the name of an operation, `'keys` typed one by one (_ is a blank), or `"text` inserted in one piece. */
static bool take_step(struct editor *e, struct str word)
{
    if (word.at[0] == '\'' || word.at[0] == '"') {
        struct buf text;
        bool all = true;
        buf_init(&text);
        for (size_t i = 1; i < word.len; i++)
            buf_add_char(&text, word.at[i] == '_' ? ' ' : word.at[i]);
        for (struct str rest = buf_str(&text); rest.len > 0;) {
            uint32_t code;
            size_t len = word.at[0] == '"' ? rest.len : utf8_decode(rest, &code);
            all = editor_insert(e, str_make(rest.at, len)) && all;
            rest = str_skip(rest, len);
        }
        buf_done(&text);
        return all;
    }
    for (int op = 0; op < EDIT_COUNT_; op++)
        if (str_is(word, op_names[op]))
            return editor_do(e, (enum editor_op)op, WIDTH, PAGE);
    fail_msg("no operation is called \"%.*s\"", STR_ARG(word));
    return false;
}

static void set_drawn(struct editor *e, const char *drawn)
{
    struct buf text;
    buf_init(&text);
    struct str all = str_of(drawn);
    size_t cursor = str_find(all, '|');
    buf_add(&text, drawn, cursor);
    buf_add_str(&text, str_skip(all, cursor + 1));
    editor_set(e, buf_str(&text), cursor);
    buf_done(&text);
}

static void draw(const struct editor *e, struct buf *out)
{
    buf_clear(out);
    buf_add_str(out, editor_text(e));
    buf_splice(out, editor_cursor(e), 0, "|", 1);
}

struct row {
    const char *before, *steps, *after;
    bool refused; /* the last step says that nothing changed */
};

static void check_rows(const struct row *rows, size_t count, bool one_line)
{
    for (size_t i = 0; i < count; i++) {
        struct editor *e = editor_new(one_line);
        struct buf drawn;
        bool changed = true;
        buf_init(&drawn);
        set_drawn(e, rows[i].before);
        struct str steps = str_of(rows[i].steps), word;
        while (str_word(&steps, &word))
            changed = take_step(e, word);
        draw(e, &drawn);
        if (strcmp(drawn.at, rows[i].after) != 0)
            fail_msg("\"%s\" after %s is \"%s\", want \"%s\"", rows[i].before, rows[i].steps, drawn.at, rows[i].after);
        if (changed == rows[i].refused)
            fail_msg("\"%s\": the last of %s says %d", rows[i].before, rows[i].steps, changed);
        buf_done(&drawn);
        editor_free(e);
    }
}

#define CHECK_ROWS(rows, one_line) check_rows(rows, sizeof rows / sizeof rows[0], one_line)

TEST(editor_motions)
{
    static const struct row rows[] = {
        {"ab|c", "left", "a|bc", false},
        {"|abc", "left", "|abc", true},
        {"abc|", "right", "abc|", true},
        {"|e\u0301x", "right", "e\u0301|x", false},
        {"x👨\u200d👩\u200d👧|", "left", "x|👨\u200d👩\u200d👧", false},
        {"🇸🇦🇩🇪|", "left", "🇸🇦|🇩🇪", false},
        {"ab\n|c", "left", "ab|\nc", false},
        {"one two|", "word-left", "one |two", false},
        {"one |two", "word-left", "|one two", false},
        {"one,  |two", "word-left", "|one,  two", false},
        {"one\n\n  |two", "word-left", "|one\n\n  two", false},
        {"  |", "word-left", "|  ", false},
        {"|", "word-left", "|", true},
        {"on|e two", "word-right", "one| two", false},
        {"one| two.", "word-right", "one two|.", false},
        {"one two|.", "word-right", "one two.|", false},
        {"|陳美玲ok", "word-right", "陳美玲|ok", false},
        {"陳美玲ok|", "word-left word-left", "|陳美玲ok", false},
        {"ليلى حداد|", "word-left", "ليلى |حداد", false},
        {"राजेश जी|", "word-left word-left", "|राजेश जी", false},
        {"ab\nc|d\nef", "line-start", "ab\n|cd\nef", false},
        {"ab\nc|d\nef", "line-end", "ab\ncd|\nef", false},
        {"ab\n|cd", "line-start", "ab\n|cd", true},
        {"ab\ncd|", "line-end", "ab\ncd|", true},
        {"ab\nc|d", "text-start", "|ab\ncd", false},
        {"ab\nc|d", "text-end", "ab\ncd|", false},
        {"ab\ncd|", "text-end", "ab\ncd|", true},
    };
    CHECK_ROWS(rows, false);
}

TEST(editor_rows_up_and_down)
{
    static const struct row rows[] = {
        {"abcd\nef|gh", "up", "ab|cd\nefgh", false},
        {"ab|cd\nefgh", "down", "abcd\nef|gh", false},
        {"ab|cd", "up", "ab|cd", true},
        {"ab|cd", "down", "ab|cd", true},
        {"abcdef|\nab\nabcdef", "down", "abcdef\nab|\nabcdef", false},
        {"abcdef|\nab\nabcdef", "down down", "abcdef\nab\nabcdef|", false}, /* the wished column is kept */
        {"abcdef|\nab\nabcdef", "down left down", "abcdef\nab\na|bcdef", false},
        {"abcdef|\nab\nabcdef", "down 'x down", "abcdef\nabx\nabc|def", false},
        {"abcd|\n\nabcd", "down down up up", "abcd|\n\nabcd", false},
        {"|one two three four", "down", "one two |three four", false}, /* a row of a wrapped line */
        {"one two| three", "down", "one two three|", false},
        {"one two three|", "up", "one t|wo three", false},
        {"one two |three", "up", "|one two three", false},
        {"abcdefghijklmno\nabcdefghijklmnop|", "up", "abcdefghijklmno\nabcdef|ghijklmnop", false},
        {"12345678901234|\n1234567890", "down up", "12345678901234|\n1234567890", false},
        {"123456789|\n12345678901234", "down", "123456789\n123456789|01234", false},
        {"1234567890|\n12345678901234", "down", "1234567890\n123456789|01234", false}, /* else it were the next row */
        {"陳美|玲\nabcdefg", "down", "陳美玲\nabcd|efg", false},
        {"abc|d\n陳美玲", "down", "abcd\n陳|美玲", false}, /* half a character is no place */
        {"e\u0301e\u0301|e\u0301\nabc", "down", "e\u0301e\u0301e\u0301\nab|c", false},
        {"1\n2\n3\n4\n5|", "page-up", "1\n2|\n3\n4\n5", false},
        {"1\n2|\n3\n4\n5", "page-up", "1|\n2\n3\n4\n5", false},
        {"1|\n2", "page-up", "1|\n2", true},
        {"1|\n2\n3\n4\n5", "page-down", "1\n2\n3\n4|\n5", false},
        {"1\n2\n3\n4|\n5", "page-down", "1\n2\n3\n4\n5|", false},
        {"a|\n", "down", "a\n|", false},
        {"a\n|", "up", "|a\n", false},
    };
    CHECK_ROWS(rows, false);
}

TEST(editor_changes)
{
    static const struct row rows[] = {
        {"a|c", "'b", "ab|c", false},
        {"|", "\"two_words", "two words|", false},
        {"a|b", "newline", "a\n|b", false},
        {"e|x", "'\u0301", "e\u0301|x", false},
        {"|\u0301x", "'e", "e\u0301|x", false}, /* the mark joins: the cursor stands behind both */
        {"ab|c", "backspace", "a|c", false},
        {"|ab", "backspace", "|ab", true},
        {"ab|", "delete", "ab|", true},
        {"a|bc", "delete", "a|c", false},
        {"a|\nb", "delete", "a|b", false},
        {"a\n|b", "backspace", "a|b", false},
        {"xe\u0301|", "backspace", "x|", false},
        {"x|👨\u200d👩\u200d👧y", "delete", "x|y", false},
        {"🇸🇦x|🇩🇪", "backspace", "🇸🇦|🇩🇪", false},
        {"🇸x|🇦", "backspace", "|🇸🇦", false}, /* two halves become one flag */
        {"one two|", "kill-word-left", "one |", false},
        {"one two |", "kill-word-left", "one |", false},
        {"|one two", "kill-word-right", "| two", false},
        {"ab\ncd|ef", "kill-line-start", "ab\n|ef", false},
        {"ab\n|ef", "kill-line-start", "ab\n|ef", true},
        {"ab\ncd|ef\ng", "kill-line-end", "ab\ncd|\ng", false},
        {"ab|\ncd", "kill-line-end", "ab|cd", false},
        {"ab|", "kill-line-end", "ab|", true},
        {"ab|", "yank", "ab|", true},
        {"one two|", "kill-word-left line-start yank", "two|one ", false},
        {"one two three|", "kill-word-left kill-word-left yank", "one two three|", false}, /* in their order */
        {"|one two three", "kill-word-right kill-word-right text-end yank", " threeone two|", false},
        {"one |two three", "kill-line-end kill-line-start yank", "one two three|", false},
        {"one two three|", "kill-word-left left kill-word-left yank", "one two| ", false}, /* a motion ends the row */
        {"one two|", "kill-word-left yank yank", "one twotwo|", false},
        {"ab|", "transpose", "ba|", false},
        {"a|bc", "transpose", "ba|c", false},
        {"|ab", "transpose", "|ab", true},
        {"a|", "transpose", "a|", true},
        {"ab\n|cd", "transpose", "ab\n|cd", true},
        {"ab|\ncd", "transpose", "ba|\ncd", false},
        {"xaa|", "transpose", "xaa|", true},
        {"陳|e\u0301", "transpose", "e\u0301陳|", false},
    };
    CHECK_ROWS(rows, false);
}

TEST(editor_undo_and_redo)
{
    static const struct row rows[] = {
        {"x|", "undo", "x|", true},
        {"x|", "redo", "x|", true},
        {"|", "'hello_world undo", "hello |", false},
        {"|", "'hello_world undo undo", "|", false},
        {"|", "'hello_world undo undo undo", "|", true},
        {"|", "'hello_world undo undo redo", "hello |", false},
        {"|", "'hello_world undo undo redo redo", "hello world|", false},
        {"|", "'hello_world undo undo redo redo redo", "hello world|", true},
        {"|", "'a__b undo", "a  |", false},
        {"|", "'ab newline 'cd undo", "ab\n|", false},
        {"|", "'ab left right 'cd undo", "ab|", false}, /* a motion ends a word */
        {"|", "'ab left 'cd undo", "a|b", false},
        {"|", "'ab \"pasted 'cd undo", "abpasted|", false},
        {"|", "'ab \"pasted 'cd undo undo", "ab|", false},
        {"abc|", "backspace backspace undo", "abc|", false},
        {"|abc", "delete delete undo", "|abc", false},
        {"abc|", "backspace 'x backspace undo undo", "ab|", false},
        {"a|bc", "delete backspace undo undo", "a|bc", false},
        {"one two|", "kill-word-left kill-word-left undo", "one |", false},
        {"one two|", "kill-word-left kill-word-left undo undo redo", "one |", false},
        {"ab|", "transpose undo", "ab|", false},
        {"ab|", "transpose undo redo", "ba|", false},
        {"one|", "kill-word-left yank yank undo undo", "|", false},
        {"|", "'abc undo 'x redo", "x|", true}, /* a change after undo: no way back */
        {"|", "'abc undo 'x undo", "|", false},
        {"🇸x|🇦", "backspace undo", "🇸x|🇦", false},
        {"🇸x|🇦", "backspace undo redo", "|🇸🇦", false},
        {"ab|", "'c undo 'd undo redo", "abd|", false},
    };
    CHECK_ROWS(rows, false);
}

TEST(editor_one_line)
{
    static const struct row rows[] = {
        {"ab|", "newline", "ab|", true},
        {"ab|", "up", "ab|", true},
        {"ab|", "down", "ab|", true},
        {"a long prompt that would wrap|", "up", "a long prompt that would wrap|", true},
        {"a b|", "kill-word-left kill-line-start yank", "a b|", false},
    };
    CHECK_ROWS(rows, true);

    static const struct {
        const char *text, *kept;
        bool changed;
    } pasted[] = {
        {"one\ntwo", "one two", true},
        {"one\r\ntwo\ttab\n", "one two tab", true},
        {"\n", "", false},
        {" ", " ", true},
        {"a\xe2\x80\xa8z", "a z", true},
        {"\x1b\x07", "", false},
        {"bad\xff", "bad\xef\xbf\xbd", true},
    };
    for (size_t i = 0; i < sizeof pasted / sizeof pasted[0]; i++) {
        struct editor *e = editor_new(true);
        assert_int_equal(editor_insert(e, str_of(pasted[i].text)), pasted[i].changed);
        assert_true(str_is(editor_text(e), pasted[i].kept));
        assert_int_equal(editor_revision(e), pasted[i].changed);
        editor_set(e, str_of(pasted[i].text), 1000);
        assert_true(str_is(editor_text(e), pasted[i].kept));
        assert_int_equal(editor_cursor(e), editor_text(e).len);
        editor_free(e);
    }
}

TEST(editor_cleans_what_comes_in)
{
    struct editor *e = editor_new(false);
    assert_true(editor_insert(e, STR("a\r\nb\0\x1b[1m\tc\xff \xe2\x80\xa9")));
    assert_true(str_is(editor_text(e), "a\nb[1m\tc\xef\xbf\xbd \n"));
    assert_false(editor_insert(e, STR("\0\a")));
    assert_false(editor_insert(e, STR("")));
    assert_false(editor_insert(e, (struct str){NULL, 0}));
    editor_set(e, STR("x\0y\r"), 1);
    assert_true(str_is(editor_text(e), "xy\n"));
    editor_insert(e, editor_text(e)); /* its own text */
    assert_true(str_is(editor_text(e), "xxy\ny\n"));
    editor_free(e);
    editor_free(NULL);
}

TEST(editor_set_and_move_keep_to_clusters)
{
    struct editor *e = editor_new(false);
    struct str text = STR("a👨\u200d👩e\u0301");
    for (size_t at = 0; at <= text.len + 3; at++) {
        editor_set(e, text, at);
        assert_int_equal(editor_cursor(e), cluster_floor(text, at));
        editor_set(e, text, 0);
        editor_move_to(e, at);
        assert_int_equal(editor_cursor(e), cluster_floor(text, at));
    }
    assert_int_equal(editor_revision(e), 1); /* set to what it was is no change, nor is a motion */
    editor_do(e, EDIT_LEFT, WIDTH, PAGE);
    assert_int_equal(editor_revision(e), 1);
    editor_do(e, EDIT_DELETE, WIDTH, PAGE);
    assert_int_equal(editor_revision(e), 2);
    editor_do(e, EDIT_UNDO, WIDTH, PAGE);
    assert_int_equal(editor_revision(e), 3);
    editor_set(e, STR("new"), 0);
    assert_false(editor_do(e, EDIT_UNDO, WIDTH, PAGE));
    assert_false(editor_do(e, EDIT_REDO, WIDTH, PAGE));
    editor_free(e);
}

TEST(editor_set_keeps_the_kill_ring)
{
    struct editor *e = editor_new(false);
    editor_set(e, STR("one two"), 7);
    assert_true(editor_do(e, EDIT_KILL_WORD_LEFT, WIDTH, PAGE));
    editor_set(e, STR(""), 0);
    assert_true(editor_do(e, EDIT_YANK, WIDTH, PAGE));
    assert_true(str_is(editor_text(e), "two"));
    editor_free(e);
}

static size_t undo_all(struct editor *e)
{
    size_t count = 0;
    while (editor_do(e, EDIT_UNDO, WIDTH, PAGE))
        count++;
    return count;
}

TEST(editor_is_bounded)
{
    struct buf big;
    buf_init(&big);
    for (int i = 0; i < EDITOR_MAX / 4; i++)
        buf_add_text(&big, "word");

    struct editor *e = editor_new(false);
    assert_true(editor_insert(e, str_make(big.at, EDITOR_MAX - 2)));
    assert_false(editor_insert(e, STR("abc"))); /* whole or not at all */
    assert_true(editor_insert(e, STR("ab")));
    assert_false(editor_insert(e, STR("c")));
    assert_false(editor_do(e, EDIT_NEWLINE, WIDTH, PAGE));
    assert_int_equal(editor_text(e).len, EDITOR_MAX);
    editor_do(e, EDIT_KILL_LINE_START, WIDTH, PAGE);
    assert_true(editor_do(e, EDIT_YANK, WIDTH, PAGE));
    assert_false(editor_do(e, EDIT_YANK, WIDTH, PAGE));
    for (int i = 0; i < 6; i++) { /* each is 1 MiB to remember */
        assert_true(editor_do(e, EDIT_KILL_LINE_START, WIDTH, PAGE));
        assert_true(editor_do(e, EDIT_YANK, WIDTH, PAGE));
    }
    assert_int_equal(undo_all(e), 4);
    buf_add_text(&big, "and more");
    editor_set(e, buf_str(&big), 0);
    assert_int_equal(editor_text(e).len, EDITOR_MAX);
    editor_free(e);
    buf_done(&big);

    e = editor_new(false);
    for (int i = 0; i < 3000; i++) {
        assert_true(editor_insert(e, STR("pasted")));
        editor_do(e, EDIT_LEFT, WIDTH, PAGE);
    }
    assert_int_equal(undo_all(e), 1000);
    assert_int_equal(editor_text(e).len, 2000 * 6);
    editor_free(e);
}

TEST(editor_is_quick_in_a_long_note)
{
    struct buf note;
    struct timespec before, after;
    buf_init(&note);
    while (note.len < 64 * 1024)
        buf_add_text(&note, "wants delivery before Ramadan, ليلى 陳\n");
    struct editor *e = editor_new(false);
    editor_set(e, buf_str(&note), note.len / 2);
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int i = 0; i < 2000; i++)
        assert_true(editor_insert(e, STR("x")));
    clock_gettime(CLOCK_MONOTONIC, &after);
    double ms = (double)(after.tv_sec - before.tv_sec) * 1e3 + (double)(after.tv_nsec - before.tv_nsec) / 1e6;
    if (ms / 2000 > 1)
        fail_msg("a key takes %.3f ms", ms / 2000);
    editor_free(e);
    buf_done(&note);
}
