/* SPDX-License-Identifier: MIT */
/* The small terminal of vt.h: a grid, a cursor, and the sequences of terminfo's xterm entries. */
#include "vt.h"
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { CELL_SIZE = 32, PARAMETERS = 16, SEQUENCE_SIZE = 64, MODES = 64 };
enum state { GROUND, ESCAPE, CSI, STRING, STRING_ESC, CHARSET };

struct cell {
    char text[CELL_SIZE];
};

struct vt {
    int cols, rows;
    struct cell *cells;
    int col, row;
    bool wrap_waits; /* a character stands in the last column: the next one goes to the next row */
    int saved_col, saved_row;
    int top, bottom;      /* scrolling rows, both included */
    char last[CELL_SIZE]; /* for "repeat" */

    enum state state;
    char sequence[SEQUENCE_SIZE];
    size_t sequence_len;
    char partial[8]; /* a UTF-8 character that is not whole yet */
    size_t partial_len, partial_wanted;

    struct {
        int mode;
        bool on;
    } modes[MODES];
    size_t modes_count;
    size_t unknown;
    char unknown_last[SEQUENCE_SIZE];
    char *text;
};

static struct cell *cell_at(const struct vt *t, int col, int row)
{
    return &t->cells[(size_t)row * (size_t)t->cols + (size_t)col];
}

static void blank(struct vt *t, int col, int row, int count)
{
    for (int i = 0; i < count && col + i < t->cols; i++)
        snprintf(cell_at(t, col + i, row)->text, CELL_SIZE, " ");
}

static struct cell *cells_new(int cols, int rows)
{
    struct cell *cells = calloc((size_t)cols * (size_t)rows, sizeof *cells);
    assert_non_null(cells);
    for (size_t i = 0; i < (size_t)cols * (size_t)rows; i++)
        cells[i].text[0] = ' ';
    return cells;
}

struct vt *vt_new(int cols, int rows)
{
    struct vt *t = calloc(1, sizeof *t);
    assert_non_null(t);
    setlocale(LC_CTYPE, "C.UTF-8"); /* wcwidth knows nothing wide without one */
    t->cols = cols;
    t->rows = rows;
    t->bottom = rows - 1;
    t->cells = cells_new(cols, rows);
    return t;
}

void vt_free(struct vt *t)
{
    if (t == NULL)
        return;
    free(t->cells);
    free(t->text);
    free(t);
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

void vt_resize(struct vt *t, int cols, int rows)
{
    struct cell *before = t->cells;
    int old_cols = t->cols, old_rows = t->rows;
    t->cells = cells_new(cols, rows);
    t->cols = cols;
    t->rows = rows;
    for (int row = 0; row < rows && row < old_rows; row++)
        for (int col = 0; col < cols && col < old_cols; col++)
            *cell_at(t, col, row) = before[(size_t)row * (size_t)old_cols + (size_t)col];
    free(before);
    t->top = 0;
    t->bottom = rows - 1;
    t->col = clamp(t->col, 0, cols - 1);
    t->row = clamp(t->row, 0, rows - 1);
    t->wrap_waits = false;
}

/* ---- moving ---- */

static void move_to(struct vt *t, int col, int row)
{
    t->col = clamp(col, 0, t->cols - 1);
    t->row = clamp(row, 0, t->rows - 1);
    t->wrap_waits = false;
}

/* Rows from..t->bottom go up by count (down when negative). */
static void scroll(struct vt *t, int from, int count)
{
    int height = t->bottom - from + 1;
    if (height <= 0)
        return;
    count = clamp(count, -height, height);
    size_t row_size = (size_t)t->cols * sizeof(struct cell);
    if (count > 0) {
        memmove(cell_at(t, 0, from), cell_at(t, 0, from) + (size_t)count * (size_t)t->cols,
                (size_t)(height - count) * row_size);
        for (int row = t->bottom - count + 1; row <= t->bottom; row++)
            blank(t, 0, row, t->cols);
    } else if (count < 0) {
        memmove(cell_at(t, 0, from) + (size_t)-count * (size_t)t->cols, cell_at(t, 0, from),
                (size_t)(height + count) * row_size);
        for (int row = from; row < from - count; row++)
            blank(t, 0, row, t->cols);
    }
}

static void line_feed(struct vt *t)
{
    if (t->row == t->bottom)
        scroll(t, t->top, 1);
    else if (t->row < t->rows - 1)
        t->row++;
    t->wrap_waits = false;
}

static void reverse_feed(struct vt *t)
{
    if (t->row == t->top)
        scroll(t, t->top, -1);
    else if (t->row > 0)
        t->row--;
    t->wrap_waits = false;
}

/* ---- characters ---- */

static int columns_of(const char *text)
{
    wchar_t wide = 0;
    mbstate_t state = {0};
    size_t len = mbrtowc(&wide, text, strlen(text), &state);
    if (len == (size_t)-1 || len == (size_t)-2)
        return 1;
    int width = wcwidth(wide);
    return width < 0 ? 1 : width;
}

static void put(struct vt *t, const char *text)
{
    int width = columns_of(text);
    if (width == 0) { /* a mark: goes on the cell before */
        int col = t->wrap_waits ? t->col : t->col - 1;
        if (col > 0 && cell_at(t, col, t->row)->text[0] == '\0')
            col--;
        if (col >= 0) {
            char *to = cell_at(t, col, t->row)->text;
            size_t len = strlen(to);
            snprintf(to + len, CELL_SIZE - len, "%s", text);
        }
        return;
    }
    if (t->wrap_waits || t->col + width > t->cols) {
        t->col = 0;
        line_feed(t);
    }
    snprintf(cell_at(t, t->col, t->row)->text, CELL_SIZE, "%s", text);
    if (width == 2 && t->col + 1 < t->cols)
        cell_at(t, t->col + 1, t->row)->text[0] = '\0';
    snprintf(t->last, sizeof t->last, "%s", text);
    t->wrap_waits = t->col + width >= t->cols;
    t->col = t->wrap_waits ? t->cols - 1 : t->col + width;
}

/* ---- sequences ---- */

static void not_understood(struct vt *t)
{
    t->unknown++;
    snprintf(t->unknown_last, sizeof t->unknown_last, "%s", t->sequence);
}

static void mode_set(struct vt *t, int mode, bool on)
{
    for (size_t i = 0; i < t->modes_count; i++)
        if (t->modes[i].mode == mode) {
            t->modes[i].on = on;
            return;
        }
    if (t->modes_count < MODES) {
        t->modes[t->modes_count].mode = mode;
        t->modes[t->modes_count++].on = on;
    }
}

static void private_mode(struct vt *t, int mode, bool on)
{
    mode_set(t, mode, on);
    if (mode == 1049) {
        for (int row = 0; row < t->rows; row++)
            blank(t, 0, row, t->cols);
        move_to(t, 0, 0);
    }
}

static void erase_screen(struct vt *t, int how)
{
    for (int row = 0; row < t->rows; row++) {
        bool before = row<t->row, after = row> t->row;
        if (how == 2 || how == 3 || (how == 0 && after) || (how == 1 && before))
            blank(t, 0, row, t->cols);
    }
    if (how == 0)
        blank(t, t->col, t->row, t->cols - t->col);
    else if (how == 1)
        blank(t, 0, t->row, t->col + 1);
}

static void erase_line(struct vt *t, int how)
{
    if (how == 0)
        blank(t, t->col, t->row, t->cols - t->col);
    else if (how == 1)
        blank(t, 0, t->row, t->col + 1);
    else
        blank(t, 0, t->row, t->cols);
}

/* Cells from the cursor go right (count > 0) or left. */
static void shift(struct vt *t, int count)
{
    int room = t->cols - t->col;
    count = clamp(count, -room, room);
    struct cell *at = cell_at(t, t->col, t->row);
    if (count > 0) {
        memmove(at + count, at, (size_t)(room - count) * sizeof *at);
        blank(t, t->col, t->row, count);
    } else {
        memmove(at, at - count, (size_t)(room + count) * sizeof *at);
        blank(t, t->cols + count, t->row, -count);
    }
}

static void csi(struct vt *t)
{
    char final = t->sequence[t->sequence_len - 1];
    const char *p = t->sequence;
    char marker = strchr("?><=", *p) != NULL ? *p++ : '\0';
    int parameters[PARAMETERS] = {0};
    int count = 0;
    for (; count < PARAMETERS; p++) {
        char *end;
        if (*p >= '0' && *p <= '9') {
            parameters[count] = (int)strtol(p, &end, 10);
            p = end;
        }
        count++;
        if (*p != ';' && *p != ':')
            break;
    }
    bool plain = *p == final;
    int first = parameters[0], n = first == 0 ? 1 : first;
    if (marker == '?' && (final == 'h' || final == 'l') && plain) {
        for (int i = 0; i < count; i++)
            private_mode(t, parameters[i], final == 'h');
        return;
    }
    if (marker != '\0' || !plain) {
        /* >m, >c, !p, <space>q and the like ask about or set things that are no part of the picture */
        if (strchr("mcpqun", final) == NULL)
            not_understood(t);
        return;
    }
    switch (final) {
    case 'A':
        move_to(t, t->col, t->row - n);
        break;
    case 'B':
    case 'e':
        move_to(t, t->col, t->row + n);
        break;
    case 'C':
    case 'a':
        move_to(t, t->col + n, t->row);
        break;
    case 'D':
        move_to(t, t->col - n, t->row);
        break;
    case 'E':
        move_to(t, 0, t->row + n);
        break;
    case 'F':
        move_to(t, 0, t->row - n);
        break;
    case 'G':
    case '`':
        move_to(t, n - 1, t->row);
        break;
    case 'd':
        move_to(t, t->col, n - 1);
        break;
    case 'H':
    case 'f':
        move_to(t, count > 1 && parameters[1] > 0 ? parameters[1] - 1 : 0, n - 1);
        break;
    case 'J':
        erase_screen(t, first);
        break;
    case 'K':
        erase_line(t, first);
        break;
    case 'X':
        blank(t, t->col, t->row, n);
        break;
    case '@':
        shift(t, n);
        break;
    case 'P':
        shift(t, -n);
        break;
    case 'L':
    case 'M':
        if (t->row >= t->top)
            scroll(t, t->row, final == 'L' ? -n : n);
        break;
    case 'S':
        scroll(t, t->top, n);
        break;
    case 'T':
        scroll(t, t->top, -n);
        break;
    case 'b': {
        char last[CELL_SIZE];
        snprintf(last, sizeof last, "%s", t->last);
        for (int i = 0; i < n && last[0] != '\0'; i++)
            put(t, last);
        break;
    }
    case 'r':
        t->top = clamp(n - 1, 0, t->rows - 1);
        t->bottom = count > 1 && parameters[1] > 0 ? clamp(parameters[1] - 1, t->top, t->rows - 1) : t->rows - 1;
        move_to(t, 0, 0);
        break;
    case 's':
        t->saved_col = t->col, t->saved_row = t->row;
        break;
    case 'u':
        move_to(t, t->saved_col, t->saved_row);
        break;
    case 'm':
    case 'h':
    case 'l':
    case 'g':
    case 't':
    case 'n':
    case 'c':
        break; /* attributes, insert mode (xterm entries do not use it), tabs, window, questions */
    default:
        not_understood(t);
    }
}

static void escape(struct vt *t, char c)
{
    t->state = GROUND;
    switch (c) {
    case '[':
        t->state = CSI;
        t->sequence_len = 0;
        break;
    case ']':
    case 'P':
    case '_':
    case '^':
        t->state = STRING;
        break;
    case '(':
    case ')':
    case '*':
    case '+':
    case '#':
    case '%':
        t->state = CHARSET;
        break;
    case '7':
        t->saved_col = t->col, t->saved_row = t->row;
        break;
    case '8':
        move_to(t, t->saved_col, t->saved_row);
        break;
    case 'D':
        line_feed(t);
        break;
    case 'E':
        t->col = 0;
        line_feed(t);
        break;
    case 'M':
        reverse_feed(t);
        break;
    case 'c':
        t->top = 0, t->bottom = t->rows - 1;
        erase_screen(t, 2);
        move_to(t, 0, 0);
        break;
    case '=':
    case '>':
    case '\\':
        break;
    default:
        snprintf(t->sequence, sizeof t->sequence, "ESC %c", c);
        not_understood(t);
    }
}

static void ground(struct vt *t, unsigned char c)
{
    if (t->partial_wanted > 0 && (c & 0xc0) == 0x80) {
        t->partial[t->partial_len++] = (char)c;
        if (t->partial_len == t->partial_wanted) {
            t->partial[t->partial_len] = '\0';
            t->partial_wanted = 0;
            put(t, t->partial);
        }
        return;
    }
    t->partial_wanted = 0;
    switch (c) {
    case 0x1b:
        t->state = ESCAPE;
        return;
    case '\r':
        t->col = 0;
        t->wrap_waits = false;
        return;
    case '\n':
    case '\v':
    case '\f':
        line_feed(t);
        return;
    case '\b':
        move_to(t, t->col - 1, t->row);
        return;
    case '\t':
        move_to(t, (t->col / 8 + 1) * 8, t->row);
        return;
    default:
        break;
    }
    if (c < 0x20 || c == 0x7f)
        return;
    if (c < 0x80) {
        put(t, (const char[]){(char)c, '\0'});
    } else if (c >= 0xc2 && c < 0xf5) {
        t->partial[0] = (char)c;
        t->partial_len = 1;
        t->partial_wanted = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    } else {
        snprintf(t->sequence, sizeof t->sequence, "byte %02x", c);
        not_understood(t);
    }
}

void vt_feed(struct vt *t, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        switch (t->state) {
        case GROUND:
            ground(t, c);
            break;
        case ESCAPE:
            escape(t, (char)c);
            break;
        case CSI:
            if (t->sequence_len < sizeof t->sequence - 1) {
                t->sequence[t->sequence_len++] = (char)c;
                t->sequence[t->sequence_len] = '\0';
            }
            if (c >= 0x40 && c <= 0x7e) {
                t->state = GROUND;
                csi(t);
            }
            break;
        case STRING:
            if (c == 0x07)
                t->state = GROUND;
            else if (c == 0x1b)
                t->state = STRING_ESC;
            break;
        case STRING_ESC:
        case CHARSET:
            t->state = GROUND;
            break;
        }
    }
}

/* ---- reading ---- */

static char *text_room(struct vt *t)
{
    free(t->text);
    t->text = calloc(1, (size_t)t->rows * ((size_t)t->cols * CELL_SIZE + 1) + 1);
    assert_non_null(t->text);
    return t->text;
}

static char *row_add(const struct vt *t, int row, char *to)
{
    for (int col = 0; col < t->cols; col++) {
        const char *text = cell_at(t, col, row)->text;
        size_t len = strlen(text);
        memcpy(to, text, len + 1);
        to += len;
    }
    return to;
}

const char *vt_row(struct vt *t, int row)
{
    row_add(t, row, text_room(t));
    return t->text;
}

const char *vt_text(struct vt *t)
{
    char *to = text_room(t);
    for (int row = 0; row < t->rows; row++) {
        char *start = to;
        to = row_add(t, row, to);
        while (to > start && to[-1] == ' ')
            to--;
        *to++ = '\n';
    }
    *to = '\0';
    return t->text;
}

const char *vt_cell(const struct vt *t, int col, int row)
{
    return cell_at(t, col, row)->text;
}

void vt_cursor(const struct vt *t, int *ret_col, int *ret_row)
{
    *ret_col = t->col;
    *ret_row = t->row;
}

void vt_word_before_cursor(const struct vt *t, char *ret, size_t size)
{
    int end = t->wrap_waits ? t->col + 1 : t->col;
    if (end > 0 && strcmp(cell_at(t, end - 1, t->row)->text, " ") == 0)
        end--;
    int start = end;
    while (start > 0 && strcmp(cell_at(t, start - 1, t->row)->text, " ") != 0)
        start--;
    ret[0] = '\0';
    for (size_t len = 0; start < end; start++) {
        len = strlen(ret);
        snprintf(ret + len, size - len, "%s", cell_at(t, start, t->row)->text);
    }
}

bool vt_mode(const struct vt *t, int mode)
{
    for (size_t i = 0; i < t->modes_count; i++)
        if (t->modes[i].mode == mode)
            return t->modes[i].on;
    return mode == 25; /* the cursor is there until it is hidden */
}

size_t vt_unknown(const struct vt *t, const char **ret_last)
{
    if (ret_last != NULL)
        *ret_last = t->unknown_last;
    return t->unknown;
}
