/* SPDX-License-Identifier: MIT */
/* A file is looked at before it is taken: can it be read, where is the header, what are its columns. */
#include "import_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/utf8.h"

const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

struct str import_list_name(const char *path)
{
    struct str name = str_of(file_name(path));
    size_t dot = name.len;
    while (dot > 0 && name.at[dot - 1] != '.')
        dot--;
    if (dot > 1)
        name.len = dot - 1;
    return name;
}

/* ---- the words for a format ---- */

static const struct {
    char delimiter;
    const char *name;
} delimiters[] = {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}, {'|', "bar"}};
enum { DELIMITERS = sizeof delimiters / sizeof delimiters[0] };

void format_write(struct csv_format f, struct buf *out)
{
    buf_add_text(out, csv_encoding_name(f.encoding));
    if (f.encoding == CSV_WINDOWS_1252)
        buf_add_text(out, " (no UTF-8)");
    for (size_t i = 0; i < DELIMITERS; i++)
        if (delimiters[i].delimiter == f.delimiter) {
            buf_printf(out, ", %s", delimiters[i].name);
            return;
        }
    buf_printf(out, ", delimiter %d", f.delimiter);
}

char format_delimiter(struct str format)
{
    for (size_t i = 0; i < DELIMITERS; i++)
        if (str_ends(format, delimiters[i].name))
            return delimiters[i].delimiter;
    size_t blank = format.len;
    int64_t code;
    while (blank > 0 && format.at[blank - 1] != ' ')
        blank--;
    return str_int(str_skip(format, blank), &code) && code > 0 && code < 128 ? (char)code : ',';
}

/* ---- opening ---- */

static int open_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0) {
        if (errno == ENOENT)
            error_set(err, ERR_NOT_FOUND, "no file \"%s\"", path);
        else
            error_set(err, ERR_IO, "cannot read \"%s\": %s", path, strerror(errno));
        return -1;
    }
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        error_set(err, ERR_DATA, "\"%s\" is a folder: name a file in it", path);
        close(fd);
        return -1;
    }
    return fd;
}

static bool read_rows(struct look *look, struct arena *a, struct error *err)
{
    while (look->rows_count < COLUMNS_LOOK_ROWS) {
        struct csv_row row;
        switch (csv_read(look->csv, &row, err)) {
        case CSV_ROW:
            look->rows[look->rows_count++] = csv_row_copy(row, a);
            break;
        case CSV_END:
            look->ended = true;
            return true;
        case CSV_FAILED:
            return false;
        }
    }
    return true;
}

/* The header, or the first row of a file that has none. */
static const struct csv_row *first_row(const struct look *look)
{
    int header = columns_find_header(look->rows, look->rows_count);
    return &look->rows[header < 0 ? 0 : header];
}

/* ---- columns ---- */

static void map_columns(struct look *look, struct arena *a)
{
    int header = columns_find_header(look->rows, look->rows_count);
    struct buf line;
    buf_init(&line);
    if (header < 0) {
        columns_guess(look->rows, look->rows_count, a, &look->mapping);
        look->first_data = 0;
    } else {
        const struct csv_row *row = &look->rows[header];
        columns_map(row->fields, row->count, a, &look->mapping);
        look->first_data = (size_t)header + 1;
        columns_look(&look->mapping, look->rows + look->first_data, look->rows_count - look->first_data);
        for (size_t i = 0; i < row->count; i++)
            csv_write_field(&line, row->fields[i], i == 0);
    }
    look->header = arena_str(a, buf_str(&line));
    buf_done(&line);
    columns_signature(&look->mapping, look->signature);
}

bool mapping_apply(struct mapping *m, const struct str *maps, size_t count, struct arena *a, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!columns_override(m, maps[i], a, err))
            return false;
    return true;
}

bool look_check(const struct mapping *m, const char *file, struct error *err)
{
    static const enum field some[] = {FIELD_NAME, FIELD_FIRST_NAME, FIELD_LAST_NAME, FIELD_PHONE, FIELD_MAIL};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        if (mapping_column(m, some[i]) >= 0)
            return true;
    struct buf headers;
    buf_init(&headers);
    for (size_t i = 0; i < m->count && i < 6; i++) {
        buf_add_text(&headers, i ? ", \"" : "\"");
        text_printable(text_fit(m->columns[i].header, 24, NULL), &headers);
        buf_add_char(&headers, '"');
    }
    error_set(
        err, ERR_DATA,
        "no column of \"%s\" holds a name, a number or a mail: say which does with --map \"COL=phone\" (it has %s)",
        file, headers.at);
    buf_done(&headers);
    return false;
}

/* A mapping that a person gave for this header comes back; one that was guessed is guessed anew. */
static bool recall(struct look *look, struct store *store, struct arena *a, struct error *err)
{
    struct str saved;
    if (store == NULL || look->mapping.guessed)
        return true;
    if (!mapping_recall(store, str_of(look->signature), a, &saved, err))
        return false;
    look->remembered = saved.len != 0 && mapping_load(&look->mapping, saved, a, NULL);
    return true;
}

bool look_open(const struct import_options *options, struct arena *a, struct look *ret, struct error *err)
{
    struct look look = {.csv = NULL};
    int fd = options->fd >= 0 ? options->fd : open_file(options->path, err);
    const char *name = file_name(options->path);
    if (fd < 0)
        return false;
    struct error why = {0};
    look.csv = csv_open(fd, &why);
    bool ok = look.csv != NULL && read_rows(&look, a, &why);
    if (!ok) {
        if (err != NULL)
            *err = why;
        error_prefix(err, "\"%s\"", name);
    }
    if (ok && look.rows_count == 0)
        ok = error_set(err, ERR_DATA, "\"%s\" is empty", name);
    if (ok && first_row(&look)->refused != NULL) /* without the header no row of it means anything */
        ok = error_set(err, ERR_DATA, "\"%s\": line %lld cannot be read: %s", name, (long long)first_row(&look)->line,
                       first_row(&look)->refused);
    if (ok) {
        map_columns(&look, a);
        ok = recall(&look, options->store, a, err) &&
             mapping_apply(&look.mapping, options->maps, options->maps_count, a, err) &&
             look_check(&look.mapping, name, err);
    }
    if (!ok) {
        csv_close(look.csv);
        return false;
    }
    *ret = look;
    return true;
}

bool mapping_of_batch(const struct batch_row *batch, struct arena *a, struct mapping *ret, struct error *err)
{
    static const struct csv_format comma = {CSV_UTF8, ','};
    bool guessed = batch->header.len == 0;
    struct csv *csv = csv_open_text(guessed ? batch->mapping : batch->header, &comma, err);
    struct csv_row row;
    bool ok = csv_read(csv, &row, NULL) == CSV_ROW;
    if (ok) {
        struct csv_row kept = csv_row_copy(row, a);
        if (guessed) { /* names as if nothing were known: the saved mapping says the rest */
            struct str *nothing = ARENA_ARRAY(a, struct str, kept.count);
            kept.fields = nothing;
            columns_guess(&kept, 1, a, ret);
        } else {
            columns_map(kept.fields, kept.count, a, ret);
        }
        ok = mapping_load(ret, batch->mapping, a, NULL);
    }
    csv_close(csv);
    return ok || error_set(err, ERR_DATA, "cannot read import %lld again: its mapping does not fit its header",
                           (long long)batch->id);
}
