/* SPDX-License-Identifier: MIT */
/* Random keys, against a model that knows nothing but an array of clusters, and against the path that undo must follow.
 */
#include "test.h"

#include <string.h>

#include "calldeck/editor.h"

enum { WIDTH = 10, PAGE = 3 };

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
            fail_msg("step %d, operation %d: \"%.*s\" at %zu, the model has \"%s\" at %zu", step, (int)op,
                     STR_ARG(text), editor_cursor(e), m.text.at, m.edges[m.cursor]);
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
