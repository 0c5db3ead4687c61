/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 as bytes: decoding, encoding, and what replaces bytes that are none.
 *
 * Strict as in Unicode 3.9, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF. A decoder of our own,
 * since every byte that a person or a file hands us passes here, and because utf8proc stops at an error without saying
 * how long the bad part is.
 */
#include "calldeck/utf8.h"

#include <assert.h>

enum { REPLACEMENT = 0xfffd };

/*
 * The length of the sequence that begins at p, if it is a good one; else minus the length of its maximal bad part: the
 * bytes that could have begun a good sequence, at least one.
 */
static int sequence_len(const unsigned char *p, size_t len, uint32_t *ret_code)
{
    unsigned char lead = p[0], low = 0x80, high = 0xbf;
    int more;
    uint32_t code;

    if (lead < 0x80) {
        *ret_code = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        more = 1;
        code = lead & 0x1fu;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        more = 2;
        code = lead & 0x0fu;
        low = lead == 0xe0 ? 0xa0 : low;   /* below would be overlong */
        high = lead == 0xed ? 0x9f : high; /* above would be a surrogate */
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        more = 3;
        code = lead & 0x07u;
        low = lead == 0xf0 ? 0x90 : low;
        high = lead == 0xf4 ? 0x8f : high; /* above would pass U+10FFFF */
    } else {
        return -1;
    }
    for (int i = 1; i <= more; i++) {
        if ((size_t)i >= len || p[i] < low || p[i] > high)
            return -i;
        code = code << 6 | (p[i] & 0x3fu);
        low = 0x80;
        high = 0xbf;
    }
    *ret_code = code;
    return more + 1;
}

size_t utf8_decode(struct str s, uint32_t *ret_code)
{
    assert(s.len > 0);
    int len = sequence_len((const unsigned char *)s.at, s.len, ret_code);
    if (len > 0)
        return (size_t)len;
    *ret_code = REPLACEMENT;
    return 1;
}

size_t utf8_encode(uint32_t code, char ret[4])
{
    if (code < 0x80) {
        ret[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        ret[0] = (char)(0xc0 | code >> 6);
        ret[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        code = REPLACEMENT;
    if (code < 0x10000) {
        ret[0] = (char)(0xe0 | code >> 12);
        ret[1] = (char)(0x80 | (code >> 6 & 0x3f));
        ret[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    ret[0] = (char)(0xf0 | code >> 18);
    ret[1] = (char)(0x80 | (code >> 12 & 0x3f));
    ret[2] = (char)(0x80 | (code >> 6 & 0x3f));
    ret[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

/* The length of the good text at the front. */
static size_t valid_len(struct str s)
{
    size_t at = 0;
    while (at < s.len) {
        if ((unsigned char)s.at[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t code;
        int len = sequence_len((const unsigned char *)s.at + at, s.len - at, &code);
        if (len < 0)
            break;
        at += (size_t)len;
    }
    return at;
}

bool utf8_valid(struct str s)
{
    return valid_len(s) == s.len;
}

size_t utf8_repair(struct str s, struct buf *out)
{
    size_t replaced = 0;
    while (s.len > 0) {
        size_t good = valid_len(s);
        buf_add(out, s.at, good);
        s = str_skip(s, good);
        if (s.len == 0)
            break;
        uint32_t code;
        int bad = sequence_len((const unsigned char *)s.at, s.len, &code);
        assert(bad < 0);
        buf_add_text(out, "\xef\xbf\xbd");
        s = str_skip(s, (size_t)-bad);
        replaced++;
    }
    return replaced;
}
