/* SPDX-License-Identifier: MIT */
/*
 * What each key does, as rows: the text before and after, with | where the cursor stands.
 * Then random keys against a model that knows nothing but an array of clusters.
 */
#include "test.h"

#include <stdlib.h>
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

/* The model: text as an array of clusters, cut afresh after every change by walking from the start. */
enum { CLUSTERS_MAX = 4000 };
struct model {
    struct buf text;
    size_t edges[CLUSTERS_MAX + 1]; /* edges[0] = 0, edges[count] = text.len */
    size_t count;
    size_t cursor; /* index into edges */
};

static void model_cut(struct model *m, size_t cursor_at, bool forward)
{
    struct str s = buf_str(&m->text);
    m->count = 0;
    m->edges[0] = 0;
    for (size_t at = 0; at < s.len;) {
        assert_true(m->count < CLUSTERS_MAX);
        at += cluster_len(str_skip(s, at));
        m->edges[++m->count] = at;
    }
    m->cursor = 0;
    while (m->cursor < m->count && m->edges[m->cursor] < cursor_at)
        m->cursor++;
    if (m->edges[m->cursor] > cursor_at && !forward)
        m->cursor--;
}

static char model_byte(const struct model *m, size_t index)
{
    return m->text.at[m->edges[index]];
}

static void model_erase(struct model *m, size_t from, size_t to)
{
    size_t start = m->edges[from];
    buf_splice(&m->text, start, m->edges[to] - start, NULL, 0);
    model_cut(m, start, false);
}

/* 0: between words; else the same for neighbours of one word. By the first byte, which tells the pieces apart. */
static int model_kind(const struct model *m, size_t index)
{
    switch (model_byte(m, index)) {
    case 'a':
    case 'b':
    case 'e':
    case 'x':
    case '\xd9': /* lam */
    case '\xcc': /* marks alone */
    case '\xef':
        return 1;
    case '\xe9': /* Han */
        return 2;
    default:
        return 0;
    }
}

/* Forward to the end of a word, back to its start. */
static size_t model_word(const struct model *m, int by)
{
    size_t at = m->cursor;
    int kind = 0;
    while (by < 0 ? at > 0 : at < m->count) {
        int here = model_kind(m, by < 0 ? at - 1 : at);
        if (kind != 0 && here != kind)
            break;
        kind = here;
        at += by < 0 ? (size_t)-1 : 1;
    }
    return at;
}

static size_t model_line(const struct model *m, int by)
{
    size_t at = m->cursor;
    if (by < 0)
        while (at > 0 && model_byte(m, at - 1) != '\n')
            at--;
    else
        while (at < m->count && model_byte(m, at) != '\n')
            at++;
    return at;
}

/* Does to the model what the key does, for those keys that it knows. */
static bool model_do(struct model *m, enum editor_op op)
{
    size_t to = m->cursor;
    switch ((int)op) {
    case EDIT_LEFT:
        m->cursor -= m->cursor > 0;
        return true;
    case EDIT_RIGHT:
        m->cursor += m->cursor < m->count;
        return true;
    case EDIT_WORD_LEFT:
        m->cursor = model_word(m, -1);
        return true;
    case EDIT_WORD_RIGHT:
        m->cursor = model_word(m, 1);
        return true;
    case EDIT_LINE_START:
        m->cursor = model_line(m, -1);
        return true;
    case EDIT_LINE_END:
        m->cursor = model_line(m, 1);
        return true;
    case EDIT_TEXT_START:
        m->cursor = 0;
        return true;
    case EDIT_TEXT_END:
        m->cursor = m->count;
        return true;
    case EDIT_BACKSPACE:
        if (to > 0)
            model_erase(m, to - 1, to);
        return true;
    case EDIT_DELETE:
        if (to < m->count)
            model_erase(m, to, to + 1);
        return true;
    case EDIT_KILL_WORD_LEFT:
        if (model_word(m, -1) < to)
            model_erase(m, model_word(m, -1), to);
        return true;
    case EDIT_KILL_WORD_RIGHT:
        if (model_word(m, 1) > to)
            model_erase(m, to, model_word(m, 1));
        return true;
    case EDIT_KILL_LINE_START:
        if (model_line(m, -1) < to)
            model_erase(m, model_line(m, -1), to);
        return true;
    case EDIT_KILL_LINE_END:
        if (to < m->count)
            model_erase(m, to, model_line(m, 1) > to ? model_line(m, 1) : to + 1);
        return true;
    default:
        return false;
    }
}

/* Every text that was, in order: undo must walk back along it, redo forth. */
struct path {
    struct buf texts[600];
    size_t count, at;
};

static void path_push(struct path *p, struct str text)
{
    while (p->count > p->at + 1)
        buf_done(&p->texts[--p->count]);
    assert_true(p->count < sizeof p->texts / sizeof p->texts[0]);
    buf_init(&p->texts[p->count]);
    buf_add_str(&p->texts[p->count], text);
    p->at = p->count++;
}

static void path_step(struct path *p, struct str text, int by)
{
    for (size_t i = p->at; by < 0 ? i > 0 : i + 1 < p->count;) {
        i += by < 0 ? (size_t)-1 : 1;
        if (str_eq(buf_str(&p->texts[i]), text)) {
            p->at = i;
            return;
        }
    }
    fail_msg("%s leads to a text that never was: \"%.*s\"", by < 0 ? "undo" : "redo", STR_ARG(text));
}

static void check_session(uint64_t *seed)
{
    static const char *const pieces[] = {"a",      "b",          " ", " ", "\n", ".", "e\u0301", "\u0301", "陳",
                                         "\u200d", "\U0001f469", "🇸", "ل", "\t", "x", "(",       "\ufe0f"};
    static struct model m;
    static struct path p;
    struct editor *e = editor_new(false);
    buf_init(&m.text);
    model_cut(&m, 0, false);
    path_push(&p, editor_text(e));

    for (int step = 0; step < 400; step++) {
        uint64_t dice = test_random(seed) % 100;
        unsigned long revision = editor_revision(e);
        bool changed = false, known = true;
        enum editor_op op = EDIT_COUNT_;
        if (dice < 55) {
            struct str piece = str_of(pieces[test_random(seed) % (sizeof pieces / sizeof pieces[0])]);
            size_t at = m.edges[m.cursor];
            changed = editor_insert(e, piece);
            assert_true(changed);
            buf_splice(&m.text, at, 0, piece.at, piece.len);
            model_cut(&m, at + piece.len, true);
        } else {
            do
                op = (enum editor_op)(test_random(seed) % EDIT_COUNT_);
            while (dice < 90 && (op == EDIT_UNDO || op == EDIT_TEXT_START || op == EDIT_KILL_LINE_START));
            changed = editor_do(e, op, 2 + (int)(test_random(seed) % 10), (int)(test_random(seed) % 5));
            known = model_do(&m, op);
        }
        struct str text = editor_text(e);
        if (!known) { /* the rest is held to the laws alone */
            if (!str_eq(text, buf_str(&m.text)))
                assert_true(changed);
            buf_clear(&m.text);
            buf_add_str(&m.text, text);
            model_cut(&m, editor_cursor(e), false);
        }
        if (!str_eq(text, buf_str(&m.text)) || editor_cursor(e) != m.edges[m.cursor])
            fail_msg("step %d, %s: \"%.*s\" at %zu, the model has \"%s\" at %zu", step,
                     op == EDIT_COUNT_ ? "insert" : op_names[op], STR_ARG(text), editor_cursor(e), m.text.at,
                     m.edges[m.cursor]);
        assert_int_equal(cluster_floor(text, editor_cursor(e)), editor_cursor(e));
        assert_true(utf8_valid(text));

        bool same = str_eq(text, buf_str(&p.texts[p.at]));
        assert_true(!(same && editor_revision(e) == revision) || op == EDIT_COUNT_ || op < EDIT_BACKSPACE || !changed ||
                    op == EDIT_TRANSPOSE);
        assert_in_range(editor_revision(e) - revision, 0, 1);
        assert_true(same || editor_revision(e) == revision + 1);
        if (editor_revision(e) != revision && op == EDIT_UNDO)
            path_step(&p, text, -1);
        else if (editor_revision(e) != revision && op == EDIT_REDO)
            path_step(&p, text, 1);
        else if (editor_revision(e) != revision)
            path_push(&p, text);
    }

    struct buf last;
    buf_init(&last);
    while (editor_do(e, EDIT_REDO, WIDTH, PAGE))
        path_step(&p, editor_text(e), 1);
    buf_add_str(&last, editor_text(e));
    size_t count = 0;
    while (editor_do(e, EDIT_UNDO, WIDTH, PAGE)) {
        path_step(&p, editor_text(e), -1);
        assert_int_equal(cluster_floor(editor_text(e), editor_cursor(e)), editor_cursor(e));
        count++;
    }
    assert_int_equal(editor_text(e).len, 0);
    for (size_t i = 0; i < count; i++) {
        assert_true(editor_do(e, EDIT_REDO, WIDTH, PAGE));
        path_step(&p, editor_text(e), 1);
        assert_int_equal(cluster_floor(editor_text(e), editor_cursor(e)), editor_cursor(e));
    }
    assert_false(editor_do(e, EDIT_REDO, WIDTH, PAGE));
    assert_true(str_eq(editor_text(e), buf_str(&last)));

    buf_done(&last);
    buf_done(&m.text);
    while (p.count > 0)
        buf_done(&p.texts[--p.count]);
    p.at = 0;
    editor_free(e);
}

TEST(editor_random_sessions_against_a_model)
{
    uint64_t seed = test_seed();
    for (int round = 0; round < 60; round++)
        check_session(&seed);
}
