/* SPDX-License-Identifier: MIT */
/* The encodings that spreadsheets write, as UTF-8. What is not a character becomes U+FFFD. */
#include "csv_parts.h"

#include "calldeck/utf8.h"

enum { REPLACEMENT = 0xfffd };

/* 0x80 to 0x9f of windows-1252; the five places that it leaves open are U+FFFD. The rest of the table is Latin-1. */
static const uint16_t windows_1252_high[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

static void add_code(struct buf *out, uint32_t code)
{
    char bytes[4];
    buf_add(out, bytes, utf8_encode(code, bytes));
}

static size_t decode_windows_1252(struct str bytes, struct buf *out)
{
    const unsigned char *p = (const unsigned char *)bytes.at;
    size_t plain = 0; /* ASCII goes over in runs */
    for (size_t i = 0; i < bytes.len; i++) {
        if (p[i] < 0x80)
            continue;
        buf_add(out, bytes.at + plain, i - plain);
        plain = i + 1;
        add_code(out, p[i] < 0xa0 ? windows_1252_high[p[i] - 0x80] : p[i]);
    }
    buf_add(out, bytes.at + plain, bytes.len - plain);
    return bytes.len;
}

static uint32_t unit_at(struct str bytes, size_t at, bool big_endian)
{
    const unsigned char *p = (const unsigned char *)bytes.at + at;
    return big_endian ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static size_t decode_utf16(struct str bytes, bool big_endian, bool last, struct buf *out)
{
    size_t at = 0;
    while (bytes.len - at >= 2) {
        uint32_t unit = unit_at(bytes, at, big_endian);
        if (unit < 0x80) {
            buf_add_char(out, (char)unit);
            at += 2;
            continue;
        }
        if (unit < 0xd800 || unit > 0xdfff) {
            add_code(out, unit);
            at += 2;
            continue;
        }
        if (unit >= 0xdc00) { /* the second half of a pair, alone */
            add_code(out, REPLACEMENT);
            at += 2;
            continue;
        }
        if (bytes.len - at < 4) {
            if (!last)
                return at;
            add_code(out, REPLACEMENT);
            at += 2;
            continue;
        }
        uint32_t low = unit_at(bytes, at + 2, big_endian);
        if (low < 0xdc00 || low > 0xdfff) {
            add_code(out, REPLACEMENT);
            at += 2;
            continue;
        }
        add_code(out, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        at += 4;
    }
    if (last && at < bytes.len) {
        /* A single newline byte at the end is what a careless `echo >>` leaves behind. */
        if (bytes.at[at] != '\n' && bytes.at[at] != '\0')
            add_code(out, REPLACEMENT);
        at = bytes.len;
    }
    return at;
}

size_t csv_decode(enum csv_encoding encoding, struct str bytes, bool last, struct buf *out)
{
    switch (encoding) {
    case CSV_UTF8:
    case CSV_UTF8_BOM:
        buf_add_str(out, bytes);
        return bytes.len;
    case CSV_UTF16_LE:
        return decode_utf16(bytes, false, last, out);
    case CSV_UTF16_BE:
        return decode_utf16(bytes, true, last, out);
    case CSV_WINDOWS_1252:
        return decode_windows_1252(bytes, out);
    }
    return bytes.len;
}
