/* SPDX-License-Identifier: MIT */
/*
 * Text from outside made harmless: for the store (clean), for one line of it, and for a terminal that no frame guards.
 *
 * The store keeps what a person may have meant, bidi controls and joiners included. Only on the way out to a bare
 * terminal is everything replaced that could make the line read as something else.
 */
#include "calldeck/utf8.h"

#include <stdint.h>

enum clean_kind { CLEAN_TEXT, CLEAN_LINE, CLEAN_PRINTABLE };

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* The space separators (Zs) of Unicode; a spreadsheet leaves U+00A0 and U+3000 around a name as happily as a blank. */
static bool is_blank(uint32_t code)
{
    return code == ' ' || code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
           code == 0x205f || code == 0x3000;
}

bool code_is_bidi_control(uint32_t code)
{
    return code == 0x061c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069);
}

/* Invisible, and able to carry a hidden message or to turn the line round. */
static bool is_deceptive(uint32_t code)
{
    return code_is_bidi_control(code) || code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
           (code >= 0xe0000 && code <= 0xe007f);
}

static size_t clean(struct str s, enum clean_kind kind, struct buf *out)
{
    size_t start = out->len, end = out->len; /* end: behind the last character that is no blank */
    size_t dropped = 0;
    bool line = kind != CLEAN_TEXT;

    while (s.len > 0) {
        size_t plain = 0; /* the common case in one piece */
        while (plain < s.len && s.at[plain] > 0x20 && s.at[plain] < 0x7f)
            plain++;
        if (plain > 0) {
            buf_add(out, s.at, plain);
            s = str_skip(s, plain);
            end = out->len;
            continue;
        }

        uint32_t code;
        size_t len = utf8_decode(s, &code);
        if (code == 0xfffd && len == 1) { /* bad bytes: let repair say how many belong together */
            size_t bad = 1;
            while (bad < s.len && bad < 4 && (s.at[bad] & 0xc0) == 0x80)
                bad++;
            utf8_repair(str_make(s.at, bad), out);
            s = str_skip(s, bad);
            end = out->len;
            continue;
        }
        struct str piece = str_make(s.at, len);
        s = str_skip(s, len);
        if (code == '\r') {
            if (s.len > 0 && s.at[0] == '\n')
                s = str_skip(s, 1);
            code = '\n';
            piece = STR("\n");
        }
        if (line && (code == '\n' || code == '\t' || code == 0x2028 || code == 0x2029)) {
            code = ' ';
            piece = STR(" ");
        }
        if (is_control(code) && code != '\n' && code != '\t') {
            dropped++;
            continue;
        }
        if (kind == CLEAN_PRINTABLE && is_deceptive(code))
            piece = STR("\xef\xbf\xbd");
        if (line && is_blank(code)) {
            if (out->len > start)
                buf_add_str(out, piece);
            continue;
        }
        buf_add_str(out, piece);
        end = out->len;
    }
    if (line && out->len > end)
        buf_splice(out, end, out->len - end, NULL, 0);
    return dropped;
}

size_t text_clean(struct str s, struct buf *out)
{
    return clean(s, CLEAN_TEXT, out);
}

size_t text_clean_line(struct str s, struct buf *out)
{
    return clean(s, CLEAN_LINE, out);
}

void text_printable(struct str s, struct buf *out)
{
    clean(s, CLEAN_PRINTABLE, out);
}
