/* SPDX-License-Identifier: MIT */
/* Reads and writes netstrings; netstring.h. */
#include "netstring.h"

enum netstring netstring_take(struct str *rest, struct str *ret_payload)
{
    enum { DIGITS_MOST = 5 };
    size_t len = 0, at = 0;
    while (at < rest->len && rest->at[at] >= '0' && rest->at[at] <= '9') {
        if (at == DIGITS_MOST || (at > 0 && rest->at[0] == '0'))
            return NETSTRING_BAD;
        len = len * 10 + (size_t)(rest->at[at++] - '0');
    }
    if (len > NETSTRING_MOST)
        return NETSTRING_BAD;
    if (at == rest->len)
        return NETSTRING_MORE;
    if (at == 0 || rest->at[at] != ':')
        return NETSTRING_BAD;
    at++;
    if (rest->len - at <= len)
        return NETSTRING_MORE;
    if (rest->at[at + len] != ',')
        return NETSTRING_BAD;
    *ret_payload = str_make(rest->at + at, len);
    *rest = str_skip(*rest, at + len + 1);
    return NETSTRING_FRAME;
}

void netstring_add(struct buf *out, struct str payload)
{
    buf_printf(out, "%zu:", payload.len);
    buf_add_str(out, payload);
    buf_add_char(out, ',');
}
