/* SPDX-License-Identifier: MIT */
/*
 * The reader: libcsv is fed line by line, so that we know where a row ends, which line that is, and what stood there.
 *
 * libcsv alone has no limit a field, takes an unclosed quote for the end of the file, and swallows the following rows
 * after a quote that is not doubled. Hence: strict mode, in which it stops at such a quote and we decide; and a look at
 * its buffer after every feed. A newline outside quotes always ends a row, so a field that is open when the file ends
 * began on the line where the field before it ended: field_line.
 */
#include "calldeck/csv.h"

#include <assert.h>
#include <csv.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"
#include "csv_parts.h"

enum { SLICE_SIZE = 64 * 1024, PARSER_OPTIONS = CSV_STRICT | CSV_REPALL_NL };

struct csv {
    int fd; /* -1: memory, of which this is left: */
    struct str memory;
    int64_t size_bytes, bytes_read;
    struct csv_format format;
    bool encoding_known;
    bool source_ended;
    struct buf bytes; /* read, not decoded: half a character at most, between slices */
    struct buf text;  /* the slice as UTF-8 */
    bool text_ascii;
    size_t at;          /* in text: what comes next */
    size_t lf, cr, nul; /* in text: the next of each at or after `at`, or text.len */

    struct csv_parser parser;
    int64_t line;  /* of text[at] */
    bool after_cr; /* text[at - 1] was CR: an LF now is the same line end */

    /* the row */
    int64_t row_line, field_line;
    size_t row_at;  /* in text: where the row, or its part in this slice, begins */
    struct buf raw; /* its parts in earlier slices */
    size_t raw_len; /* of all of it, also what was not kept */
    bool row_ended, row_has_bytes, row_ascii, field_too_long;
    const char *refused;
    struct buf cells;
    size_t count;
    size_t starts[CSV_COLUMNS_MAX + 1]; /* in cells: a field and its NUL */
    struct str fields[CSV_COLUMNS_MAX];

    int64_t repaired_fields;
    bool finished;
    struct error failure; /* said again at every further read */
};

static const char row_too_long[] = "the row is longer than 2 MiB";

static void refuse(struct csv *c, const char *why)
{
    if (c->refused == NULL)
        c->refused = why;
}

static bool is_ascii(const char *p, size_t len)
{
    unsigned char all = 0;
    for (size_t i = 0; i < len; i++)
        all |= (unsigned char)p[i];
    return all < 0x80;
}

static void on_field(void *data, size_t len, void *user)
{
    struct csv *c = user;
    c->field_line = c->line;
    bool too_long = c->field_too_long || len > CSV_FIELD_MAX;
    c->field_too_long = false;
    c->row_has_bytes = c->row_has_bytes || len > 0 || too_long;
    if (too_long)
        refuse(c, "a field is longer than 1 MiB");
    if (c->count == CSV_COLUMNS_MAX) {
        refuse(c, "the row has more than 1,000 columns");
        return;
    }
    struct str s = str_make(data, too_long ? 0 : len);
    if (c->cells.len + s.len > CSV_ROW_MAX + CSV_COLUMNS_MAX) {
        refuse(c, row_too_long);
        s.len = 0;
    }
    if (c->row_ascii || utf8_valid(s))
        buf_add_str(&c->cells, s);
    else {
        utf8_repair(s, &c->cells);
        c->repaired_fields++;
    }
    buf_add_char(&c->cells, '\0');
    c->starts[++c->count] = c->cells.len;
}

static void on_row(int terminator, void *user)
{
    (void)terminator;
    struct csv *c = user;
    c->row_ended = true;
}

static void *parser_resize(void *old, size_t size)
{
    return alloc_resize(old, size, 1);
}

static struct csv *csv_new(int fd, struct str memory)
{
    struct csv *c = alloc_zeroed(1, sizeof *c);
    c->fd = fd;
    c->memory = memory;
    c->size_bytes = -1;
    c->line = 1;
    c->format.delimiter = ',';
    buf_init(&c->bytes);
    buf_init(&c->text);
    buf_init(&c->raw);
    buf_init(&c->cells);
    csv_init(&c->parser, PARSER_OPTIONS);
    csv_set_realloc_func(&c->parser, parser_resize);
    csv_set_blk_size(&c->parser, 4096);
    return c;
}

void csv_close(struct csv *c)
{
    if (c == NULL)
        return;
    if (c->fd >= 0)
        close(c->fd);
    csv_free(&c->parser);
    buf_done(&c->bytes);
    buf_done(&c->text);
    buf_done(&c->raw);
    buf_done(&c->cells);
    free(c);
}

/* Adds up to a slice of bytes; a short one only at the end. */
static bool read_slice(struct csv *c, struct error *err)
{
    char block[16 * 1024];
    size_t want = SLICE_SIZE;
    if (c->fd < 0) {
        size_t len = c->memory.len < want ? c->memory.len : want;
        buf_add(&c->bytes, c->memory.at, len);
        c->memory = str_skip(c->memory, len);
        c->bytes_read += (int64_t)len;
        c->source_ended = c->memory.len == 0;
        return true;
    }
    while (want > 0) {
        ssize_t n = read(c->fd, block, want < sizeof block ? want : sizeof block);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            struct pollfd p = {.fd = c->fd, .events = POLLIN};
            poll(&p, 1, -1);
            continue;
        }
        if (n < 0)
            return error_set(err, ERR_IO, "cannot read the file: %s", strerror(errno));
        if (n == 0) {
            c->source_ended = true;
            break;
        }
        buf_add(&c->bytes, block, (size_t)n);
        c->bytes_read += n;
        want -= (size_t)n;
    }
    return true;
}

static size_t find_from(const struct csv *c, char what)
{
    return c->at + str_find(str_skip(buf_str(&c->text), c->at), what);
}

/* Makes text of the bytes; what cannot be judged or decoded yet stays in bytes. */
static void decode_slice(struct csv *c)
{
    struct str bytes = buf_str(&c->bytes);
    size_t used;
    if (!c->encoding_known)
        c->encoding_known = csv_look_at_bytes(bytes, c->source_ended, &c->format.encoding);
    if (!c->encoding_known && !c->source_ended)
        bytes.len = csv_whole_len(bytes);
    buf_clear(&c->text);
    used = csv_decode(c->format.encoding, bytes, c->source_ended, &c->text);
    buf_splice(&c->bytes, 0, used, NULL, 0);
    c->text_ascii = is_ascii(c->text.at, c->text.len);
    c->at = c->row_at = 0;
    c->lf = find_from(c, '\n');
    c->cr = find_from(c, '\r');
    c->nul = find_from(c, '\0');
}

/* `sep=;` on the first line is how Excel is told the delimiter; it is no row. */
static bool take_separator_line(struct csv *c)
{
    struct str text = buf_str(&c->text);
    if (!str_starts_ascii_case(text, "sep=") || text.len < 6 || strchr(",;\t|:^~", text.at[4]) == NULL ||
        (text.at[5] != '\n' && text.at[5] != '\r'))
        return false;
    c->format.delimiter = text.at[4];
    c->at = c->row_at = 6;
    c->after_cr = text.at[5] == '\r';
    c->line = 2;
    c->lf = find_from(c, '\n');
    c->cr = find_from(c, '\r');
    c->nul = find_from(c, '\0');
    return true;
}

/* The first slice, and everything that is judged by it. */
static bool start_by_looking(struct csv *c, struct error *err)
{
    size_t mark_len;
    if (!read_slice(c, err))
        return false;
    const char *other = csv_look_for_other_kind(buf_str(&c->bytes));
    if (other != NULL)
        return error_set(err, ERR_DATA, "this is %s, not a CSV file: open it where it came from and save it as CSV",
                         other);
    c->format.encoding = csv_look_at_start(buf_str(&c->bytes), &c->encoding_known, &mark_len);
    buf_splice(&c->bytes, 0, mark_len, NULL, 0);
    decode_slice(c);
    if (!take_separator_line(c))
        c->format.delimiter = csv_look_for_delimiter(buf_str(&c->text), c->source_ended);
    csv_set_delim(&c->parser, (unsigned char)c->format.delimiter);
    return true;
}

struct csv *csv_open(int fd, struct error *err)
{
    struct csv *c = csv_new(fd, (struct str){0});
    struct stat st;
    if (fstat(fd, &st) != 0)
        error_set(err, ERR_IO, "cannot read the file: %s", strerror(errno));
    else if (S_ISDIR(st.st_mode))
        error_set(err, ERR_IO, "cannot read a directory as a CSV file: name a file in it");
    else {
        c->size_bytes = S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
        if (start_by_looking(c, err))
            return c;
    }
    csv_close(c);
    return NULL;
}

struct csv *csv_open_text(struct str text, const struct csv_format *format, struct error *err)
{
    struct csv *c = csv_new(-1, text);
    c->size_bytes = (int64_t)text.len;
    if (format != NULL) {
        c->format = *format;
        c->encoding_known = true;
        csv_set_delim(&c->parser, (unsigned char)format->delimiter);
    } else if (!start_by_looking(c, err)) {
        csv_close(c);
        return NULL;
    }
    return c;
}

void csv_restart(struct csv *c, struct str text)
{
    assert(c->fd < 0);
    csv_set_opts(&c->parser, 0);
    csv_fini(&c->parser, NULL, NULL, NULL); /* back to the start of a row, whatever was open */
    csv_set_opts(&c->parser, PARSER_OPTIONS);
    c->memory = text;
    c->size_bytes = (int64_t)text.len;
    c->bytes_read = c->repaired_fields = 0;
    c->source_ended = c->finished = c->after_cr = false;
    buf_clear(&c->bytes);
    buf_clear(&c->text);
    c->at = c->row_at = c->lf = c->cr = c->nul = 0;
    c->line = 1;
    c->failure = (struct error){0};
}

struct csv_row csv_row_copy(struct csv_row row, struct arena *a)
{
    struct str *fields = ARENA_ARRAY(a, struct str, row.count + 1);
    for (size_t i = 0; i < row.count; i++)
        fields[i] = arena_str(a, row.fields[i]);
    row.fields = fields;
    row.raw = arena_str(a, row.raw);
    return row;
}

struct csv_format csv_format(const struct csv *c)
{
    return c->format;
}

int64_t csv_bytes_read(const struct csv *c)
{
    return c->bytes_read;
}

int64_t csv_size_bytes(const struct csv *c)
{
    return c->size_bytes;
}

int64_t csv_repaired_fields(const struct csv *c)
{
    return c->repaired_fields;
}

static void row_begin(struct csv *c)
{
    c->row_line = c->field_line = c->line;
    c->row_at = c->at;
    c->raw_len = 0;
    c->row_ended = c->row_has_bytes = c->field_too_long = false;
    c->row_ascii = c->text_ascii;
    c->refused = NULL;
    c->count = 0;
    c->starts[0] = 0;
    buf_clear(&c->raw);
    buf_clear(&c->cells);
    if (c->cells.cap > SLICE_SIZE || c->raw.cap > SLICE_SIZE) { /* one huge row is no reason to stay huge */
        buf_done(&c->cells);
        buf_done(&c->raw);
        buf_init(&c->cells);
        buf_init(&c->raw);
    }
}

/* The part of the row that ends at text[end] goes into raw, as far as a row may be long. */
static void keep_raw(struct csv *c, size_t end)
{
    size_t len = end - c->row_at;
    struct str part = str_make(c->text.at + c->row_at, len);
    if (c->raw_len > CSV_ROW_MAX)
        part.len = 0;
    else if (c->raw_len + len > CSV_ROW_MAX) {
        refuse(c, row_too_long);
        part.len = csv_whole_len(str_make(part.at, CSV_ROW_MAX - c->raw_len));
    }
    buf_add_str(&c->raw, part);
    c->raw_len += len;
    c->row_at = end;
}

static bool fill(struct csv *c, struct error *err)
{
    keep_raw(c, c->at);
    if (!read_slice(c, err))
        return false;
    decode_slice(c);
    c->row_ascii = c->row_ascii && c->text_ascii;
    return true;
}

/* How many quotes stand between here and the end of the line, as far as it is in the slice. */
static size_t quotes_ahead(struct str rest)
{
    size_t count = 0;
    for (size_t i = 0; i < rest.len && rest.at[i] != '\n' && rest.at[i] != '\r'; i++)
        count += rest.at[i] == '"';
    return count;
}

/* Drops the quote that turned out to be the closing one, and goes on with the field as an unquoted one. The parser's
 * struct is public; that its buffer then ends in the quote and `spaces` blanks is what its trimming relies on. */
static void unquote(struct csv_parser *p)
{
    unsigned char *quote = p->entry_buf + (p->entry_pos - p->spaces - 1);
    memmove(quote, quote + 1, p->spaces);
    p->entry_pos--;
    p->quoted = 0;
}

/*
 * A field that is already over the limit only has to end in the right place: of its bytes the parser keeps those that
 * it may still take back, the last quote and a blank after it.
 */
static void guard_field(struct csv *c)
{
    if (c->parser.entry_pos <= CSV_FIELD_MAX)
        return;
    c->field_too_long = true;
    c->parser.spaces = c->parser.spaces > 0;
    c->parser.entry_pos = c->parser.spaces + 1;
}

/*
 * Feeds text[at..end), which has no line end but at its end. The parser stops at a quote that is not doubled:
 * - in an unquoted field it is a character like any other;
 * - after a closing quote: if the rest of the line has an odd number of quotes, the field is still open ("5" pipe"),
 *   else that quote did close it ("Bob" Smith). So a slip never reaches beyond its line;
 * - in a quoted field that began on an earlier line nobody can say where it should have ended: false.
 */
static bool feed(struct csv *c, size_t end)
{
    struct csv_parser *p = &c->parser;
    while (c->at < end) {
        c->at += csv_parse(p, c->text.at + c->at, end - c->at, on_field, on_row, c);
        if (c->at >= end)
            break;
        if (p->quoted && c->field_line != c->line)
            return false;
        if (p->quoted && quotes_ahead(str_skip(buf_str(&c->text), c->at)) % 2 == 0)
            unquote(p);
        csv_set_opts(p, CSV_REPALL_NL);
        csv_parse(p, c->text.at + c->at++, 1, on_field, on_row, c);
        csv_set_opts(p, PARSER_OPTIONS);
    }
    guard_field(c);
    return true;
}

/* Files that were joined carry the later ones' marks in the middle, in front of a header. */
static void skip_mark(struct csv *c)
{
    bool row_start = c->at == c->row_at && c->raw_len == 0;
    while (row_start && c->text.len - c->at >= 3 && memcmp(c->text.at + c->at, "\xef\xbb\xbf", 3) == 0) {
        c->at += 3;
        c->row_at = c->at;
    }
}

static enum csv_result fail(struct csv *c, struct error *err)
{
    error_set(err, c->failure.code, "%s", c->failure.text);
    return CSV_FAILED;
}

static enum csv_result row_done(struct csv *c, size_t end, struct csv_row *ret)
{
    struct str raw;
    if (c->raw_len == 0)
        raw = str_make(c->text.at + c->row_at, end - c->row_at);
    else {
        keep_raw(c, end);
        raw = buf_str(&c->raw);
    }
    for (size_t i = 0; i < c->count; i++)
        c->fields[i] = str_make(c->cells.at + c->starts[i], c->starts[i + 1] - c->starts[i] - 1);
    *ret = (struct csv_row){
        .line = c->row_line, .count = c->count, .fields = c->fields, .raw = raw, .refused = c->refused};
    return CSV_ROW;
}

/* The file has ended: a row without a line end is a row, an open quote is not. */
static enum csv_result finish(struct csv *c, struct csv_row *ret, struct error *err)
{
    if (c->finished)
        return CSV_END;
    csv_set_opts(&c->parser, CSV_STRICT | CSV_STRICT_FINI);
    int64_t open_line = c->field_line;
    if (csv_fini(&c->parser, on_field, on_row, c) != 0) {
        error_set(&c->failure, ERR_DATA,
                  "a quote on line %" PRId64 " is never closed: close it, or export the file again", open_line);
        return fail(c, err);
    }
    c->finished = true;
    if (!c->row_ended || !c->row_has_bytes)
        return CSV_END;
    return row_done(c, c->at, ret);
}

enum csv_result csv_read(struct csv *c, struct csv_row *ret, struct error *err)
{
    if (c->failure.code != ERR_NONE)
        return fail(c, err);
    row_begin(c);
    for (;;) {
        skip_mark(c);
        if (c->at == c->text.len) {
            if (c->source_ended && c->bytes.len == 0)
                return finish(c, ret, err);
            if (!fill(c, &c->failure))
                return fail(c, err);
            continue;
        }
        if (c->at == c->nul) {
            error_set(&c->failure, ERR_DATA,
                      "line %" PRId64 " holds a zero byte, which no text has: export the file again as CSV (UTF-8)",
                      c->line);
            return fail(c, err);
        }
        if (c->lf < c->at)
            c->lf = find_from(c, '\n');
        if (c->cr < c->at)
            c->cr = find_from(c, '\r');
        size_t content_end = c->lf < c->cr ? c->lf : c->cr;
        if (content_end > c->nul)
            content_end = c->nul;
        size_t end = content_end;
        bool terminated = content_end < c->text.len && content_end != c->nul;
        bool ends_in_cr = terminated && content_end == c->cr;
        if (terminated)
            end++;
        if (ends_in_cr && end < c->text.len && c->text.at[end] == '\n') {
            end++;
            ends_in_cr = false;
        }
        bool same_line_end = c->after_cr && end == c->at + 1 && c->text.at[c->at] == '\n';
        if (!feed(c, end)) {
            error_set(&c->failure, ERR_DATA,
                      "a quote on line %" PRId64 " is not closed before the quotes on line %" PRId64
                      ": close it, or export the file again",
                      c->field_line, c->line);
            return fail(c, err);
        }
        if (terminated && !same_line_end)
            c->line++;
        c->after_cr = ends_in_cr;
        if (!c->row_ended)
            continue;
        if (c->row_has_bytes)
            return row_done(c, content_end, ret);
        row_begin(c);
    }
}
