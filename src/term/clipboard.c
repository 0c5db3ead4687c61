/* SPDX-License-Identifier: MIT */
/* Who takes what is copied, and the bytes that carry it; clipboard.h says which. */
#include "clipboard.h"

#include <stdint.h>
#include <string.h>

bool clipboard_is_known(const char *term, const char *program)
{
    static const struct {
        const char *term, *program;
    } known[] = {
        {"alacritty", NULL}, {"contour", NULL}, {"foot", NULL},        {"rio", NULL},     {"wezterm", NULL}, {"xterm-ghostty", NULL},
        {"xterm-kitty", NULL}, {NULL, "ghostty"}, {NULL, "WezTerm"}, {NULL, "rio"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].program != NULL && program != NULL && strcmp(program, known[i].program) == 0)
            return true;
        size_t len = known[i].term != NULL ? strlen(known[i].term) : 0; /* foot, foot-extra, alacritty-direct */
        if (len > 0 && term != NULL && strncmp(term, known[i].term, len) == 0 && (term[len] == '\0' || term[len] == '-'))
            return true;
    }
    return false;
}

bool clipboard_bytes(struct str text, struct buf *out)
{
    enum { TEXT_MOST = 256 };
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if (text.len == 0 || text.len > TEXT_MOST)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < 0x20 || text.at[i] > 0x7e)
            return false;
    buf_add_text(out, "\x1b]52;c;");
    for (size_t i = 0; i < text.len; i += 3) {
        size_t left = text.len - i;
        uint32_t bits = (uint32_t)(unsigned char)text.at[i] << 16;
        if (left > 1)
            bits |= (uint32_t)(unsigned char)text.at[i + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)text.at[i + 2];
        buf_add_char(out, letters[bits >> 18]);
        buf_add_char(out, letters[bits >> 12 & 63]);
        buf_add_char(out, left > 1 ? letters[bits >> 6 & 63] : '=');
        buf_add_char(out, left > 2 ? letters[bits & 63] : '=');
    }
    buf_add_char(out, '\a');
    return true;
}
