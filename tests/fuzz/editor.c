/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any keys and any pasted bytes, and the laws of the editor hold after each.
 *
 * The input is a row of steps. A byte below 64 is an operation (modulo their number); one from 64 to 127 inserts that
 * many bytes less 64 of what follows, as they are; 128 and above insert 1 to 4 characters of a table of troublesome
 * ones.
 */
#include <locale.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "calldeck/editor.h"

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: the law does not hold: %s\n", __FILE__, __LINE__, #condition);                     \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str s)
{
    CHECK(utf8_valid(s));
    while (s.len > 0) {
        uint32_t code;
        size_t len = utf8_decode(s, &code);
        CHECK(code >= 0x20 || code == '\n' || code == '\t');
        CHECK(code < 0x7f || code >= 0xa0);
        s = str_skip(s, len);
    }
}

static void check(const struct editor *e)
{
    struct str text = editor_text(e);
    CHECK(editor_cursor(e) <= text.len);
    CHECK(cluster_floor(text, editor_cursor(e)) == editor_cursor(e));
    CHECK(text.len <= EDITOR_MAX);
    check_text(text);
}

static void check_rows(struct str text, int width_cols)
{
    struct text_row rows[64];
    size_t count = text_wrap(text, width_cols, rows, 64);
    CHECK(count >= 1);
    CHECK(rows[0].start == 0);
    for (size_t i = 0; i + 1 < count && i + 1 < 64; i++)
        CHECK(rows[i].end == rows[i + 1].start ||
              (rows[i].end + 1 == rows[i + 1].start && text.at[rows[i].end] == '\n'));
    if (count <= 64)
        CHECK(rows[count - 1].end == text.len);
}

static struct str next_piece(const uint8_t **data, size_t *size, struct buf *scratch)
{
    static const uint32_t codes[] = {'a',    ' ',     '\n',    '\t',    0x0301, 0x200d, 0x1f469, 0x1f468,
                                     0xfe0f, 0x1f3fd, 0x1f1e6, 0x1f1e7, 0x0915, 0x093e, 0x094d,  0x0600,
                                     0x0644, 0x0640,  0x1100,  0x1161,  0x11a8, 0x9648, 0x202e,  0x2028,
                                     0x200b, 0xfffd,  0x110bd, 0xe0041, 0x00ad, 0x0e33, 0x3000,  '.'};
    uint8_t first = *(*data)++;
    (*size)--;
    if (first < 128) {
        size_t len = (size_t)first - 64 < *size ? (size_t)first - 64 : *size;
        struct str piece = str_make((const char *)*data, len);
        *data += len;
        *size -= len;
        return piece;
    }
    buf_clear(scratch);
    for (int i = 0; i < 1 + (first >> 5 & 3); i++) {
        char bytes[4];
        buf_add(scratch, bytes, utf8_encode(codes[(size_t)(first + i * 7) % 32], bytes));
    }
    return buf_str(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    setlocale(LC_CTYPE, "C.UTF-8");
    struct editor *e = editor_new(data[0] & 1);
    int width_cols = data[0] >> 4, page_rows = data[1] % 8;
    struct buf scratch, start, end;
    buf_init(&scratch);
    buf_init(&start);
    buf_init(&end);
    data += 2;
    size -= 2;

    size_t steps = 0;
    while (size > 0 && steps < 500) {
        unsigned long revision = editor_revision(e);
        buf_clear(&start);
        buf_add_str(&start, editor_text(e));
        bool changed;
        if (data[0] < 64) {
            changed = editor_do(e, (enum editor_op)(data[0] % EDIT_COUNT_), width_cols, page_rows);
            data++;
            size--;
        } else {
            changed = editor_insert(e, next_piece(&data, &size, &scratch));
        }
        check(e);
        bool same = str_eq(editor_text(e), buf_str(&start));
        CHECK(changed || (same && editor_revision(e) == revision));
        CHECK(same || editor_revision(e) == revision + 1);
        steps++;
    }
    check_rows(editor_text(e), width_cols);

    /* fewer steps than the history holds: back to nothing, and forth again */
    while (editor_do(e, EDIT_REDO, 0, 0))
        check(e);
    buf_add_str(&end, editor_text(e));
    while (editor_do(e, EDIT_UNDO, 0, 0))
        check(e);
    CHECK(editor_text(e).len == 0);
    while (editor_do(e, EDIT_REDO, 0, 0))
        check(e);
    CHECK(str_eq(editor_text(e), buf_str(&end)));

    buf_done(&scratch);
    buf_done(&start);
    buf_done(&end);
    editor_free(e);
    return 0;
}
