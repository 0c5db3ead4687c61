/* SPDX-License-Identifier: MIT */
/* Other people's CSV files: those with known answers, and those that crashed other readers. */
#include "calldeck/csv.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "test.h"

/* expected: JSON, [{"column": "value", ...}, ...]: enough of a reader for csv-spectrum's answers */
static void read_json_string(const char **at, struct buf *out)
{
    buf_clear(out);
    for (++*at; **at != '"'; ++*at) {
        assert_int_not_equal(**at, '\0');
        if (**at != '\\') {
            buf_add_char(out, **at);
            continue;
        }
        ++*at;
        buf_add_char(out, **at == 'n' ? '\n' : **at == 'r' ? '\r' : **at == 't' ? '\t' : **at);
    }
    ++*at;
}

/* location_coordinates is not here: its JSON tells another phone number than its CSV. */
TEST(csv_agrees_with_csv_spectrum)
{
    static const char *const names[] = {"comma_in_quotes",
                                        "empty",
                                        "empty_crlf",
                                        "escaped_quotes",
                                        "json",
                                        "newlines",
                                        "newlines_crlf",
                                        "quotes_and_newlines",
                                        "simple",
                                        "simple_crlf",
                                        "utf8"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        struct arena a = {0};
        struct buf text;
        struct csv_row header, row;
        buf_init(&text);
        snprintf(path, sizeof path, "%s/csv-spectrum/csvs/%s.csv", TEST_DATA, names[i]);
        struct csv *c = csv_open(open(path, O_RDONLY | O_CLOEXEC), NULL);
        assert_non_null(c);
        snprintf(path, sizeof path, "%s/csv-spectrum/json/%s.json", TEST_DATA, names[i]);
        const char *at = test_read_file(path, NULL);
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        header = csv_row_copy(row, &a);
        for (at += strcspn(at, "{"); *at == '{'; at += strcspn(at, "{")) {
            assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
            assert_int_equal(row.count, header.count);
            for (size_t column = 0; column < row.count; column++) {
                at += strcspn(at, "\"");
                read_json_string(&at, &text);
                assert_true(str_eq(header.fields[column], buf_str(&text)));
                at += strcspn(at, "\"");
                read_json_string(&at, &text);
                if (!str_eq(row.fields[column], buf_str(&text)))
                    fail_msg("%s: %s is not %s", names[i], row.fields[column].at, text.at);
            }
        }
        assert_int_equal(csv_read(c, &row, NULL), CSV_END);
        csv_close(c);
        buf_done(&text);
        arena_done(&a);
    }
}

static int corpus_files, corpus_rows, corpus_refusals;

/* Whatever the file: an end, or a sentence; and raw rows that read back to the same fields. */
static int read_corpus_file(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)ftw;
    if (flag != FTW_F)
        return 0;
    struct error err = {0};
    struct csv_row row, again;
    enum csv_result result;
    int64_t line = 0;
    corpus_files++;
    struct csv *c = csv_open(open(path, O_RDONLY | O_CLOEXEC), &err);
    if (c == NULL)
        fail_msg("%s: %s", path, err.text);
    struct csv_format format = csv_format(c);
    format.encoding = CSV_UTF8;
    struct csv *redo = csv_open_text(STR(""), &format, NULL);
    while ((result = csv_read(c, &row, &err)) == CSV_ROW) {
        corpus_rows++;
        assert_true(row.line > line);
        line = row.line;
        for (size_t i = 0; i < row.count; i++) {
            assert_true(utf8_valid(row.fields[i]));
            assert_int_equal(row.fields[i].at[row.fields[i].len], '\0');
        }
        csv_restart(redo, row.raw);
        assert_int_equal(csv_read(redo, &again, NULL), CSV_ROW);
        assert_int_equal(again.count, row.count);
        for (size_t i = 0; i < row.count; i++)
            assert_true(str_eq(again.fields[i], row.fields[i]));
        assert_int_equal(csv_read(redo, &again, NULL), CSV_END);
    }
    if (result == CSV_FAILED) {
        corpus_refusals++;
        assert_int_equal(err.code, ERR_DATA);
        assert_true(strstr(err.text, "line ") != NULL);
    } else {
        assert_int_equal(csv_bytes_read(c), csv_size_bytes(c));
    }
    csv_close(redo);
    csv_close(c);
    return 0;
}

TEST(csv_survives_the_corpora)
{
    corpus_files = corpus_rows = corpus_refusals = 0;
    assert_int_equal(nftw(TEST_DATA "/duckdb-csv", read_corpus_file, 16, FTW_PHYS), 0);
    assert_int_equal(nftw(TEST_DATA "/csv-spectrum", read_corpus_file, 16, FTW_PHYS), 0);
    assert_true(corpus_files > 450);
    assert_true(corpus_rows > 20000);
    assert_true(corpus_refusals > 50 && corpus_refusals < corpus_files / 2);
}
