/* SPDX-License-Identifier: MIT */
/* Bytes of terminals, whole, in pieces and broken, become keys; nothing else does. */
#include "test.h"

#include <string.h>

#include "../../../src/term/keys.h"
#include "calldeck/utf8.h"

static void add_event(struct buf *out, const struct event *e)
{
    if (out->len)
        buf_add_char(out, ' ');
    switch (e->kind) {
    case EVENT_KEY: key_format(&e->key, out); break;
    case EVENT_PASTE: buf_printf(out, "P[%.*s]", STR_ARG(e->paste)); break;
    case EVENT_MOUSE: buf_printf(out, "%s@%d,%d", e->mouse == MOUSE_PRESS ? "click" : e->mouse == MOUSE_WHEEL_UP ? "up" : "down", e->cols, e->rows); break;
    case EVENT_RESIZE:
    case EVENT_WAIT:
    case EVENT_CLOSED: fail();
    }
}

static void drain(struct decoder *d, bool final, struct buf *out)
{
    struct event e;
    while (decoder_next(d, final, &e) == DECODED_EVENT)
        add_event(out, &e);
}

static void ready(struct decoder *d)
{
    decoder_init(d);
    decoder_add_sequence(d, "\x1b[1;5C", &(struct key){.code = KEY_CODE_RIGHT, .mods = KEY_MOD_CTRL});
    decoder_add_sequence(d, "\x1bOA", &(struct key){.code = KEY_CODE_UP});
    decoder_add_sequence(d, "\x1b[[X", &(struct key){.code = KEY_CODE_F9}); /* an odd one */
    decoder_add_sequence(d, "\x01@\r", &(struct key){.code = KEY_CODE_F10}); /* odder: begins with Ctrl-A */
    decoder_add_sequence(d, "x", &(struct key){.code = KEY_CODE_F1});        /* too short: left out */
}

static const struct {
    const char *bytes, *events;
} rows[] = {
    {"abc", "a b c"},
    {"N +", "N Space +"},
    {"\r\n\t", "Enter Enter Tab"},
    {"\x7f\x08", "Backspace C-h"},
    {"\x02\x1f\x1a\x1c", "C-b C-_ C-z C-\\"},
    {"\x1b", "Esc"},
    {"\x1b\x1b", "Esc Esc"},
    {"\x1bn", "M-n"},
    {"\x1bN\x1b\x7f\x1b\r", "M-N M-Backspace M-Enter"},
    {"\x1b\x02", "C-M-b"},
    {"\x1b[", "M-["},
    {"\x1bO", "M-O"},
    {"\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "Up Down Right Left Home End"},
    {"\x1bOA\x1bOB\x1bOP\x1bOS\x1bOM\x1bOj\x1bOp", "Up Down F1 F4 Enter * 0"},
    {"\x1b[1;5C\x1b[1;5D\x1b[1;2A\x1b[1;3B\x1b[1;8H", "C-Right C-Left S-Up M-Down C-M-S-Home"},
    {"\x1b[3~\x1b[5~\x1b[6~\x1b[2~\x1b[15~\x1b[24~", "Delete PgUp PgDn Insert F5 F12"},
    {"\x1b[3;5~\x1b[5^\x1b[6$\x1b[7~\x1b[8@", "C-Delete C-PgUp S-PgDn Home C-S-End"},
    {"\x1b[Z\x1b[1;2Z", "BackTab BackTab"},
    {"\x1b[a\x1bOc", "S-Up C-Right"},
    {"\x1b[[A\x1b[[E", "F1 F5"},
    {"\x1b[[X", "F9"},
    {"\x01@\rx", "F10 x"},
    {"\x01z", "C-a z"},
    {"\x1b[27;5;13~\x1b[97;5u\x1b[105;5u\x1b[233u\x1b[13;2u", "C-Enter C-a Tab é Enter"},
    /* text */
    {"é陳\xd9\x84", "é 陳 ل"},
    {"\xffx\xc3x\xe9\x99z", "x x z"},
    {"\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80q", "q"},
    {"\xc2\x9b" "31m", "3 1 m"},
    {"\xe9\x99", ""},
    {"\x1bé", "Esc é"},
    /* mouse */
    {"\x1b[<0;1;1M\x1b[<0;1;1m", "click@0,0"},
    {"\x1b[<64;10;5M\x1b[<65;10;5Mx", "up@9,4 down@9,4 x"},
    {"\x1b[<4;3;2M\x1b[<35;3;2M\x1b[<2;3;2M", "click@2,1"},
    {"\x1b[<0;0;1M\x1b[<0M\x1b[<M", ""},
    {"\x1b[<0;99999999999999999;1M", "click@999999998,0"},
    /* sequences that no key sends */
    {"\x1b[?1;2cx\x1b[>0;1;1cy\x1b[Iz\x1b[O", "x y z"},
    {"\x1b[12;34Ra", "S-F3 a"},
    {"\x1b[99~\x1b[~a", "a"},
    {"\x1b[1;5", ""},
    {"\x1b[1\x1b[Ab", "Up b"},
    {"\x1b[1\x01", "C-a"},
    {"\x1b[111111111111111111111111111111111111111111111111111111111111111111111111111111A", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 A"},
    {"\x1b[1;2;3;4;5;6;7;8;9A", "S-Up"},
    {"\x1bO\x01", "C-a"},
    /* pastes */
    {"\x1b[200~one\x1b[201~", "P[one]"},
    {"a\x1b[200~q\r\x1b[A\x03\x1b[201~b", "a P[q\r\x1b[A\x03] b"},
    {"\x1b[200~\x1b[201~", "P[]"},
    {"\x1b[200~\x1b[201\x1b[201~.", "P[\x1b[201] ."},
    {"\x1b[201~x", "x"},
    {"\x1b[200~never ends", ""},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

TEST(bytes_become_keys)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < ROWS; i++) {
        struct decoder d;
        ready(&d);
        buf_clear(&out);
        decoder_feed(&d, rows[i].bytes, strlen(rows[i].bytes));
        drain(&d, false, &out);
        drain(&d, true, &out);
        if (strcmp(out.at, rows[i].events) != 0)
            fail_msg("row %zu: got \"%s\", expected \"%s\"", i, out.at, rows[i].events);
        decoder_done(&d);
    }
    buf_done(&out);
}

TEST(bytes_in_pieces_become_the_same_keys)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < ROWS; i++) {
        size_t len = strlen(rows[i].bytes);
        for (size_t cut = 1; cut < len; cut++) {
            struct decoder d;
            ready(&d);
            buf_clear(&out);
            decoder_feed(&d, rows[i].bytes, cut);
            drain(&d, false, &out);
            decoder_feed(&d, rows[i].bytes + cut, len - cut);
            drain(&d, false, &out);
            drain(&d, true, &out);
            if (strcmp(out.at, rows[i].events) != 0)
                fail_msg("row %zu cut at %zu: got \"%s\", expected \"%s\"", i, cut, out.at, rows[i].events);
            decoder_done(&d);
        }
    }
    buf_done(&out);
}

TEST(a_long_paste_is_cut_and_ends_where_it_ends)
{
    struct decoder d;
    struct event e;
    char block[1000];
    memset(block, 'x', sizeof block);
    ready(&d);
    decoder_feed(&d, "\x1b[200~", 6);
    for (int i = 0; i < 1200; i++) {
        decoder_feed(&d, i % 2 ? block : "陳", i % 2 ? sizeof block : 3);
        assert_int_equal(decoder_next(&d, false, &e), DECODED_NOTHING);
    }
    for (int i = 0; i < 800; i++)
        decoder_feed(&d, block, sizeof block);
    decoder_feed(&d, "\x1b[201~n", 7);
    assert_int_equal(decoder_next(&d, false, &e), DECODED_EVENT);
    assert_int_equal(e.kind, EVENT_PASTE);
    assert_true(e.paste.len <= PASTE_MOST && e.paste.len > PASTE_MOST - 4);
    assert_true(utf8_valid(e.paste));
    assert_int_equal(decoder_next(&d, false, &e), DECODED_EVENT);
    assert_string_equal(e.key.text, "n");
    decoder_done(&d);
}

TEST(flushing_drops_keys_and_keeps_the_end_of_a_paste)
{
    struct decoder d;
    struct buf out;
    buf_init(&out);
    ready(&d);
    decoder_feed(&d, "abc\x1b", 4);
    decoder_flush(&d);
    decoder_feed(&d, "d", 1);
    drain(&d, false, &out);
    assert_string_equal(out.at, "d");
    decoder_feed(&d, "\x1b[200~half", 10);
    decoder_flush(&d);
    decoder_feed(&d, "y\x1b[201~n", 8);
    buf_clear(&out);
    drain(&d, false, &out);
    assert_string_equal(out.at, "P[halfy] n");
    decoder_done(&d);
    buf_done(&out);
}

TEST(a_paste_that_never_ends_is_ended_by_ctrl_c_and_rescued_at_the_end)
{
    struct decoder d;
    struct buf out;
    struct event e;
    buf_init(&out);
    ready(&d);
    decoder_feed(&d, "\x1b[200~half", 10);
    drain(&d, false, &out);
    decoder_feed(&d, "\x03", 1);
    decoder_feed(&d, "z", 1);
    drain(&d, false, &out);
    assert_string_equal(out.at, "P[half] z");
    assert_false(decoder_rescue_paste(&d, &e));
    decoder_feed(&d, "\x1b[200~lost", 10);
    drain(&d, false, &out);
    assert_true(decoder_rescue_paste(&d, &e));
    assert_true(str_is(e.paste, "lost"));
    assert_false(decoder_rescue_paste(&d, &e));
    decoder_done(&d);
    buf_done(&out);
}

TEST(random_bytes_never_stop_the_decoder)
{
    static const char *const parts[] = {"\x1b", "[", "O", "<", "200~", "201~", "\x1b[200~", "\x1b[201~", ";", "5", "A", "M", "\xc3", "\xa9", "\xff", "~", "$", "1", "\x03"};
    uint64_t seed = test_seed();
    for (int round = 0; round < 3000; round++) {
        struct decoder d;
        struct event e;
        ready(&d);
        for (int i = 0; i < 40; i++) {
            const char *part = parts[test_random(&seed) % (sizeof parts / sizeof parts[0])];
            decoder_feed(&d, part, strlen(part));
            bool final = test_random(&seed) % 4 == 0;
            for (int events = 0; decoder_next(&d, final, &e) == DECODED_EVENT; events++) {
                assert_true(events < 200);
                struct buf word;
                struct key again;
                buf_init(&word);
                if (e.kind == EVENT_KEY) {
                    key_format(&e.key, &word);
                    assert_true(key_parse(buf_str(&word), &again, NULL));
                    assert_true(key_same(&e.key, &again));
                }
                buf_done(&word);
            }
        }
        decoder_done(&d);
    }
}
