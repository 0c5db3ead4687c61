/* SPDX-License-Identifier: MIT */
/* Clusters as people count them, cells as ncurses paints them. */
#include "test.h"

#include <locale.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include "calldeck/utf8.h"

#define BAD "\xef\xbf\xbd"
/* as STR, where a constant is needed */
#define S(literal)                                                                                                     \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }

__attribute__((constructor)) static void set_locale(void)
{
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "en_US.UTF-8");
}

static const struct {
    struct str cluster;
    const char *cell;
    int cols;
} samples[] = {
    {S("a"), "a", 1},
    {S(" "), " ", 1},
    {S("é"), "é", 1},
    {S("e\u0301"), "e\u0301", 1},
    {S("陳"), "陳", 2},
    {S("ل"), "ل", 1},
    {S("ل\u0651\u064e"), "ل\u0651\u064e", 1},
    {S("\n"), " ", 1},
    {S("\t"), " ", 1},
    {S("\r\n"), " ", 1},
    {S("\r"), BAD, 1},
    {S("\x1b"), BAD, 1},
    {S("\0"), BAD, 1},
    {S("\x7f"), BAD, 1},
    {S("\xc2\x85"), BAD, 1},
    {S("\xff"), BAD, 1},
    {S("\u202e"), BAD, 1},
    {S("\u200f"), BAD, 1},
    {S("\ufeff"), BAD, 1},
    {S("\u200b"), BAD, 1},
    {S("\U000e0041"), BAD, 1},
    {S("\u0301"), "◌\u0301", 1}, /* a mark that lost its letter */
    {S("😀"), "😀", 2},
    {S("👍🏽"), "👍", 2},        /* skin tone */
    {S("👨\u200d👩\u200d👧"), "👨", 2}, /* family */
    {S("❤\ufe0f"), "❤", 1},         /* variation selector */
    {S("❤\ufe0f\u200d🔥"), "❤", 1},
    {S("👁\ufe0f\u200d🗨\ufe0f"), "👁", 1},
    {S("1\ufe0f\u20e3"), "1\u20e3", 1}, /* keycap */
    {S("🇸🇦"), "🇸", 1},                  /* flag */
    {S("का"), "का", 2},                 /* a vowel sign with a column of its own */
    {S("कु"), "कु", 1},
    {S("น้ำ"), "น้ำ", 2},
    {S("\u1112\u1161\u11ab"), "\u1112\u1161\u11ab", 2}, /* decomposed Hangul */
    {S("한"), "한", 2},
    {S("x\u0301\u0302\u0303\u0304\u0305\u0306\u0307"), "x\u0301\u0302\u0303\u0304", 1},
    {S("ی\u200c"), "ی", 1},
    /* Chakma: all in four bytes each, so that the vowel sign finds no room in the cell */
    {S("\U00011107\U00011100\U00011101\U00011100\U00011101\U0001112c"),
     "\U00011107\U00011100\U00011101\U00011100\U00011101", 1},
    {S("\U00011107\U0001112c\U00011100"), "\U00011107\U0001112c\U00011100", 2},
};

TEST(cluster_cell_of_samples)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char cell[CELL_BYTES];
        struct str s = samples[i].cluster;
        if (cluster_len(s) != s.len)
            fail_msg("row %zu: \"%.*s\" is cut at %zu", i, STR_ARG(s), cluster_len(s));
        int cols = cluster_cell(s, cell);
        if (cols != samples[i].cols || strcmp(cell, samples[i].cell) != 0)
            fail_msg("row %zu: \"%.*s\" is drawn as \"%s\" in %d", i, STR_ARG(s), cell, cols);
        assert_int_equal(cluster_cols(s), cols);
    }
}

/* Our short ways must lead where utf8proc leads when it walks all of the text. */
static void check_edges(struct str s)
{
    utf8proc_int32_t state = 0;
    uint32_t code = 0, before = 0;
    size_t edge = 0;
    for (size_t at = 0; at < s.len;) {
        size_t len = utf8_decode(str_skip(s, at), &code);
        if (at > 0) {
            bool cut = utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)code, &state);
            bool ours = at == edge + cluster_len(str_skip(s, edge));
            if (cut != ours)
                fail_msg("between U+%04X and U+%04X: %d", (unsigned)before, (unsigned)code, ours);
            if (cut)
                edge = at;
        }
        before = code;
        at += len;
    }
}

/* What holds for any text: going forward and back meet the same places, and cells are fit to be painted. */
static void check_text(struct str s)
{
    int width = 0;
    size_t at = 0;
    if (s.len < 2000)
        check_edges(s);
    while (at < s.len) {
        size_t len = cluster_len(str_skip(s, at));
        assert_in_range(len, 1, s.len - at);
        assert_int_equal(cluster_before(s, at + len), at);
        for (size_t inside = at; inside < at + len && inside < at + 40; inside++)
            assert_int_equal(cluster_floor(s, inside), at);

        char cell[CELL_BYTES];
        struct str cluster = str_make(s.at + at, len);
        memset(cell, 'x', sizeof cell);
        int cols = cluster_cell(cluster, cell);
        assert_in_range(cols, 1, 2);
        assert_int_equal(cluster_cols(cluster), cols);
        struct str drawn = str_make(cell, strnlen(cell, sizeof cell));
        assert_in_range(drawn.len, 1, CELL_BYTES - 1);
        assert_true(utf8_valid(drawn));
        int sum = 0;
        while (drawn.len > 0) {
            uint32_t code;
            drawn = str_skip(drawn, utf8_decode(drawn, &code));
            assert_false(code_is_bidi_control(code) || code == 0xfeff || code < 0x20 || code == 0x200d);
            int more = wcwidth((wchar_t)code);
            assert_true(more >= 0);
            sum += more;
        }
        assert_int_equal(sum, cols); /* ncurses will agree */
        width += cols;
        at += len;
    }
    assert_int_equal(text_width_cols(s), width);
    assert_int_equal(cluster_floor(s, s.len), s.len);
    assert_int_equal(cluster_floor(s, s.len + 5), s.len);
}

TEST(cluster_laws_on_corpora)
{
    static const char *const files[] = {TEST_DATA "/utf8-test/UTF-8-test.txt", TEST_DATA "/naughty-strings/blns.txt"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        size_t len;
        const char *text = test_read_file(files[i], &len);
        check_text(str_make(text, len));
    }
}

TEST(cluster_laws_on_random_text)
{
    static const uint32_t codes[] = {'a',     ' ',    '\n',   '\r',    '\t',    0x301,   0x200d, 0x1f468,
                                     0x1f469, 0x2764, 0xfe0f, 0x1f3fd, 0x1f1e6, 0x1f1e7, 0x915,  0x93e,
                                     0x94d,   0x600,  0x661,  0x1100,  0x1161,  0x11a8,  0xac00, 0xe33,
                                     0x9648,  0x202e, 0x200b, 0xfffd,  0x110bd, 0xe0041};
    uint64_t seed = test_seed();
    for (int round = 0; round < 4000; round++) {
        struct buf s;
        buf_init(&s);
        for (uint64_t n = test_random(&seed) % 20; n > 0; n--) {
            char bytes[4];
            uint64_t dice = test_random(&seed) % 16;
            uint32_t code = dice == 1  ? (uint32_t)(test_random(&seed) % 0x30000)
                            : dice < 5 ? (uint32_t)(test_random(&seed) % 0x700)
                                       : codes[test_random(&seed) % (sizeof codes / sizeof codes[0])];
            if (dice == 0)
                buf_add_char(&s, (char)(0x80 + test_random(&seed) % 0x80));
            else
                buf_add(&s, bytes, utf8_encode(code, bytes));
        }
        check_text(buf_str(&s));
        buf_done(&s);
    }
}

TEST(cluster_every_code_point_alone)
{
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        char bytes[4];
        size_t len = utf8_encode(code, bytes);
        if (cluster_len(str_make(bytes, len)) != len)
            fail_msg("U+%04X is cut", (unsigned)code);
        char cell[CELL_BYTES];
        int cols = cluster_cell(str_make(bytes, len), cell);
        assert_in_range(cols, 1, 2);
    }
}

TEST(text_width_and_fit)
{
    static const struct {
        const char *text;
        int width, cols, taken;
        const char *fits;
    } rows[] = {
        {"", 0, 10, 0, ""},
        {"abc", 3, 2, 2, "ab"},
        {"abc", 3, 3, 3, "abc"},
        {"abc", 3, 0, 0, ""},
        {"abc", 3, -1, 0, ""},
        {"陳美玲", 6, 3, 2, "陳"},
        {"陳美玲", 6, 1, 0, ""},
        {"a陳", 3, 2, 1, "a"},
        {"e\u0301e\u0301", 2, 1, 1, "e\u0301"},
        {"👨\u200d👩\u200d👧!", 3, 2, 2, "👨\u200d👩\u200d👧"},
        {"ليلى حداد", 9, 4, 4, "ليلى"},
        {"a\tb\nc", 5, 2, 2, "a\t"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int taken = -1;
        struct str fit = text_fit(str_of(rows[i].text), rows[i].cols, &taken);
        assert_int_equal(text_width_cols(str_of(rows[i].text)), rows[i].width);
        assert_int_equal(taken, rows[i].taken);
        if (!str_is(fit, rows[i].fits))
            fail_msg("row %zu: \"%.*s\"", i, STR_ARG(fit));
        text_fit(str_of(rows[i].text), rows[i].cols, NULL);
    }
}

/* One long cluster, one long run of flags: walking back must not go over it again for every step of ours. */
TEST(cluster_before_in_long_runs)
{
    struct buf marks, flags;
    buf_init(&marks);
    buf_init(&flags);
    buf_add_char(&marks, 'x');
    for (int i = 0; i < 50000; i++) {
        buf_add_text(&marks, "\u0301");
        buf_add_text(&flags, "\U0001f1e6");
    }
    assert_int_equal(cluster_before(buf_str(&marks), marks.len), 0);
    assert_int_equal(cluster_len(buf_str(&marks)), marks.len);
    assert_int_equal(cluster_before(buf_str(&flags), flags.len), flags.len - 8);
    assert_int_equal(cluster_before(buf_str(&flags), flags.len - 4), flags.len - 8);
    buf_done(&marks);
    buf_done(&flags);
}
