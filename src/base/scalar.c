/* SPDX-License-Identifier: MIT */
#include "scalar.h"

#include <string.h>

uint32_t scalar_at(struct str s, size_t *ret_len)
{
    unsigned char lead = (unsigned char)s.at[0];
    *ret_len = 1;
    if (lead < 0x80)
        return lead;
    if (lead < 0xc2 || lead > 0xf4)
        return SCALAR_REPLACEMENT;
    size_t want = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    uint32_t c = lead & (0x7fu >> want);
    for (size_t i = 1; i < want; i++) {
        /* The first byte after the lead has narrower limits: no overlong form, no surrogate, nothing above U+10FFFF. */
        unsigned char low = i > 1 ? 0x80 : lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        unsigned char high = i > 1 ? 0xbf : lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (i >= s.len || (unsigned char)s.at[i] < low || (unsigned char)s.at[i] > high)
            return SCALAR_REPLACEMENT;
        c = c << 6 | ((unsigned char)s.at[i] & 0x3f);
        *ret_len = i + 1;
    }
    return c;
}

bool scalar_is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe007f);
}

void quote_words(struct str words, char ret[QUOTE_SIZE])
{
    static const char more[] = "...";
    size_t used = 0;
    while (words.len > 0) {
        size_t len;
        uint32_t c = scalar_at(words, &len);
        bool whole = c != SCALAR_REPLACEMENT && !scalar_is_control(c);
        size_t need = whole ? len : 1;
        if (used + need + sizeof more > QUOTE_SIZE) {
            memcpy(ret + used, more, sizeof more);
            return;
        }
        if (whole)
            memcpy(ret + used, words.at, len);
        else
            ret[used] = '?';
        used += need;
        words = str_skip(words, len);
    }
    ret[used] = '\0';
}
