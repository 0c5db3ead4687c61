/* SPDX-License-Identifier: MIT */
#include "calldeck/csv.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/utf8.h"
#include "test.h"

/* "a|b/c|d": rows parted by /, fields by |, then END or the sentence of the failure; a row that is not on the line that
 * follows the one before it is told with its line: "7:a|b". */
static void dump(struct csv *c, struct buf *out)
{
    struct csv_row row;
    struct error err = {0};
    enum csv_result result;
    int64_t line = 0;
    while ((result = csv_read(c, &row, &err)) == CSV_ROW) {
        if (row.line != ++line)
            buf_printf(out, "%lld:", (long long)row.line);
        line = row.line;
        for (size_t i = 0; i < row.count; i++) {
            if (i > 0)
                buf_add_char(out, '|');
            buf_add_str(out, row.fields[i]);
            assert_int_equal(row.fields[i].at[row.fields[i].len], '\0');
            assert_int_equal(strlen(row.fields[i].at), row.fields[i].len);
        }
        if (row.refused != NULL)
            buf_printf(out, "!%s", row.refused);
        buf_add_char(out, '/');
    }
    buf_add_text(out, result == CSV_END ? "END" : err.text);
    if (result == CSV_END)
        assert_int_equal(err.code, ERR_NONE);
    else
        assert_int_equal(err.code, ERR_DATA);
    struct error again = {0}; /* the end stays the end */
    assert_int_equal(csv_read(c, &row, &again), result);
    if (result == CSV_FAILED)
        assert_string_equal(again.text, err.text);
}

static void assert_reads(struct str text, const char *want)
{
    struct error err = {0};
    struct buf got;
    buf_init(&got);
    struct csv *c = csv_open_text(text, NULL, &err);
    if (c == NULL)
        fail_msg("%s", err.text);
    dump(c, &got);
    csv_close(c);
    if (strcmp(got.at, want) != 0)
        fail_msg("%.*s\n  gives %s\n  not   %s", STR_ARG(text), got.at, want);
    buf_done(&got);
}

TEST(csv_reads_rows_and_quotes)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", "END"},
        {"\n", "END"},
        {"\r\n \r\n\t\n,,\n\"\"\n", "END"},
        {"a,b\n1,2\n", "a|b/1|2/END"},
        {"a,b\r\n1,2\r\n", "a|b/1|2/END"},
        {"a,b\r1,2\r", "a|b/1|2/END"},
        {"a,b\n1,2", "a|b/1|2/END"},
        {"a,b\n1,", "a|b/1|/END"},
        {"a,b\n\n\n1,2\n,\n3,4", "a|b/4:1|2/6:3|4/END"},
        {"a,b\r\n\r\n1,2\r\r3,4", "a|b/3:1|2/5:3|4/END"},
        {"a,b\n\"x \"\"y\"\", z\",\"\"\n", "a|b/x \"y\", z|/END"},
        {"a,b\n\"l1\nl2\r\nl3\rl4\",2\n5,6\n", "a|b/l1\nl2\r\nl3\rl4|2/6:5|6/END"},
        {"a,b\n\"\n\",2\n5,6\n", "a|b/\n|2/4:5|6/END"},
        {"a , b\n  x y  ,\t\"q \" \n", "a|b/x y|q /END"},
        {"name\nAnn\nBob\n", "name/Ann/Bob/END"},
        {"\xef\xbb\xbf\"a\",b\n1,2\n\xef\xbb\xbf\"a\",b\n3,\"\n\xef\xbb\xbf\"\n", "a|b/1|2/a|b/3|\n\xef\xbb\xbf/END"},
        /* a quote that is not doubled reaches no further than its line */
        {"a,b\n5\" pipe,2\n3,4\n", "a|b/5\" pipe|2/3|4/END"},
        {"a,b\n\"5\" pipe\",2\n3,4\n", "a|b/5\" pipe|2/3|4/END"},
        {"a,b\n\"5\" pipe, long\",2\n3,4\n", "a|b/5\" pipe, long|2/3|4/END"},
        {"a,b\n\"Bob\" Smith,2\n3,4\n", "a|b/Bob Smith|2/3|4/END"},
        {"a,b\n\"Bob\"  \"Bobby\" Smith,\"2\"\n3,4\n", "a|b/Bob  \"Bobby\" Smith|2/3|4/END"},
        {"a,b\n\"say \"hi\" now\",2\n3,4\n", "a|b/say hi\" now\"|2/3|4/END"},
        /* an open quote is named by the line where it opened */
        {"a,b\n1,\"x\n2,3\n4,5\n", "a|b/a quote on line 2 is never closed: close it, or export the file again"},
        {"a,b\n1,2\n\"x\ny\",\"z\n\n", "a|b/1|2/a quote on line 4 is never closed: close it, or export the file again"},
        {"a,b\n1,\"x\n2,\"y\"\n4,5\n",
         "a|b/a quote on line 2 is not closed before the quotes on line 3: close it, or export the file again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_reads(str_of(cases[i].text), cases[i].want);
}

TEST(csv_finds_the_delimiter)
{
    static const struct {
        const char *text;
        char want;
    } cases[] = {
        {"a,b\n1,2\n", ','},
        {"a;b\n1;2\n", ';'},
        {"a\tb\n1\t2\n", '\t'},
        {"a|b\n1|2\n", '|'},
        {"name\nAnn\nBob\n", ','},
        {"name;price;count\nA;1,5;2,0\nB;2,5;3,0\nC;1,0;1,0\n", ';'},
        {"name;phone\nSmith, Ann;1\nJones, Bob;2\n", ';'},
        {"name,note\nAnn,\"a;b;c;d\"\nBob,\"e;f;g;h\"\n", ','},
        {"name,labels,x\nAnn,a|b|c|d,1\nBob,a|b|c|d,2\n", ','},
        {"\"a;x\";\"b,y\"\n\"1,2\";\"3,4\"\n", ';'},
        {"name\tcity\nAnn\tRiyadh, SA\nBob\tOslo, NO\n", '\t'},
        {"a,b,c\n1,2\n1\n1,2,3,4,5\nx;y,2\n", ','},
        {"Notes:\n\"When exporting, you may see; some are missing\"\n\nFirst Name,Last "
         "Name,URL\nAnn,Lee,u\nBob,Roe,u\n",
         ','},
        {"sep=|\na,b|c,d\n", '|'},
        {"SEP=;\r\na\r\n", ';'},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv *c = csv_open_text(str_of(cases[i].text), NULL, NULL);
        assert_non_null(c);
        if (csv_format(c).delimiter != cases[i].want)
            fail_msg("%s\n  has '%c', not '%c'", cases[i].text, csv_format(c).delimiter, cases[i].want);
        csv_close(c);
    }
    assert_string_equal(csv_delimiter_name(';'), "semicolon");
    assert_reads(STR("sep=;\r\na;b\r\n1;2,5\r\n"), "2:a|b/1|2,5/END");
    assert_reads(STR("sep=,b\n1,2\n"), "sep=|b/1|2/END");
}

TEST(csv_finds_the_encoding)
{
    const struct {
        struct str text;
        enum csv_encoding encoding;
        const char *want;
    } cases[] = {
        {STR("a,b\n1,2\n"), CSV_UTF8, "a|b/1|2/END"},
        {STR("n,c\nJos\xc3\xa9,\xe2\x82\xac\n"), CSV_UTF8, "n|c/José|€/END"},
        {STR("\xef\xbb\xbfn,c\nJos\xc3\xa9,1\n"), CSV_UTF8_BOM, "n|c/José|1/END"},
        {STR("\xef\xbb\xbfn,c\nJos\xe9,1\n"), CSV_UTF8_BOM, "n|c/Jos\xef\xbf\xbd|1/END"},
        {STR("n,c\nJos\xe9,\x80 \x93x\x94\n"), CSV_WINDOWS_1252, "n|c/José|€ “x”/END"},
        {STR("n,c\n\x81\x8d\x8f\x90\x9d\xff,1\n"), CSV_WINDOWS_1252,
         "n|c/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdÿ|1/END"},
        {STR("n,c\nJos\xe9"), CSV_WINDOWS_1252, "n|c/José/END"},
        /* mostly UTF-8 with a few broken bytes is UTF-8 */
        {STR("n,c\nJos\xc3\xa9,Z\xc3\xbcrich\nB\xfcrgi,\xc3\xb8\n"), CSV_UTF8,
         "n|c/José|Zürich/B\xef\xbf\xbdrgi|ø/END"},
        /* and one lucky pair among Latin-1 does not make it UTF-8 */
        {STR("n\nCAF\xc9\x94\n\xe9\n\xe8\n\xfc\n\xe4\n\xf6\n\xe9\n\xe9\n\xe9\n\xe9\n"), CSV_WINDOWS_1252,
         "n/CAFÉ”/é/è/ü/ä/ö/é/é/é/é/END"},
        {STR("\xff\xfe"
             "a\0,\0b\0\r\0\n\0"
             "\xe9\0"
             ",\0"
             "\x3d\xd8\x69\xdc"
             "\n\0"),
         CSV_UTF16_LE, "a|b/é|👩/END"},
        {STR("\xfe\xff"
             "\0a\0,\0b\0\n\0\xe9\0,\xd8\x3d\xdc\x69"),
         CSV_UTF16_BE, "a|b/é|👩/END"},
        {STR("a\0,\0b\0\n\0"
             "1\0,\0\xe9\0\n\0"),
         CSV_UTF16_LE, "a|b/1|é/END"},
        {STR("\0a\0,\0b\0\n\0"
             "1\0,\0\xe9\0\n"),
         CSV_UTF16_BE, "a|b/1|é/END"},
        /* 陳美玲,0911 without a mark */
        {STR("\x73\x96\x8e\x7f\xb2\x73,\0"
             "0\0"
             "9\0"
             "1\0"
             "1\0\n\0"),
         CSV_UTF16_LE, "陳美玲|0911/END"},
        /* ليلى;1 */
        {STR("\x44\x06\x4a\x06\x44\x06\x49\x06;\0"
             "1\0"),
         CSV_UTF16_LE, "ليلى|1/END"},
        /* halves of pairs, and half a unit at the end */
        {STR("\xff\xfe"
             "a\0\x3d\xd8"
             "b\0\x69\xdc\n\0\x3d\xd8\x41"),
         CSV_UTF16_LE,
         "a\xef\xbf\xbd"
         "b\xef\xbf\xbd/\xef\xbf\xbd\xef\xbf\xbd/END"},
        {STR("\xff\xfe"
             "a\0\n\0\n"),
         CSV_UTF16_LE, "a/END"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf got;
        buf_init(&got);
        struct csv *c = csv_open_text(cases[i].text, NULL, NULL);
        dump(c, &got);
        assert_string_equal(got.at, cases[i].want);
        assert_string_equal(csv_encoding_name(csv_format(c).encoding), csv_encoding_name(cases[i].encoding));
        assert_int_equal(csv_bytes_read(c), cases[i].text.len);
        assert_int_equal(csv_size_bytes(c), cases[i].text.len);
        csv_close(c);
        buf_done(&got);
    }
}

/* The first byte that is not ASCII may come late, and a character may lie across two slices. */
TEST(csv_decides_the_encoding_when_it_can)
{
    static const struct {
        const char *character;
        enum csv_encoding encoding;
        const char *want;
    } cases[] = {{"é", CSV_UTF8, "é"}, {"\xe9", CSV_WINDOWS_1252, "é"}, {"陳", CSV_UTF8, "陳"}, {"👩", CSV_UTF8, "👩"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t before = 65530; before <= 65537; before++) {
            struct buf file;
            struct csv_row row = {0}, last = {0};
            struct error err = {0};
            buf_init(&file);
            while (file.len < before)
                buf_add_text(&file, file.len + 8 < before ? "abc,def\n" : ",");
            buf_add_text(&file, cases[i].character);
            buf_add_text(&file, "z\n");
            struct csv *c = csv_open_text(buf_str(&file), NULL, NULL);
            char got[16] = "";
            while (csv_read(c, &row, &err) == CSV_ROW) {
                last = row;
                snprintf(got, sizeof got, "%s", last.fields[last.count - 1].at);
            }
            assert_int_equal(err.code, ERR_NONE);
            assert_int_equal(csv_format(c).encoding, cases[i].encoding);
            assert_int_equal(strncmp(got, cases[i].want, strlen(cases[i].want)), 0);
            assert_string_equal(got + strlen(cases[i].want), "z");
            csv_close(c);
            buf_done(&file);
        }
}

TEST(csv_refuses_zero_bytes_and_other_kinds)
{
    assert_reads(STR("a,b\n1,2\n3,\0\n"),
                 "a|b/1|2/line 3 holds a zero byte, which no text has: export the file again as CSV (UTF-8)");
    assert_reads(STR("\xff\xfe"
                     "a\0\n\0\0\0\n\0"),
                 "a/line 2 holds a zero byte, which no text has: export the file again as CSV (UTF-8)");
    assert_reads(STR("a,\"b\n\n\0\""),
                 "line 3 holds a zero byte, which no text has: export the file again as CSV (UTF-8)");
    /* ASCII with zero bytes on one side only is still no UTF-16 */
    assert_reads(STR("hello\n\0world\0\n"),
                 "hello/line 2 holds a zero byte, which no text has: export the file again as CSV (UTF-8)");
    const struct str others[] = {STR("PK\3\4....[Content_Types].xml"), STR("\xd0\xcf\x11\xe0\xa1\xb1"),
                                 STR("%PDF-1.7\n"), STR("\x1f\x8b\x08\0"), STR("SQLite format 3\0\x10")};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct error err = {0};
        assert_null(csv_open_text(others[i], NULL, &err));
        assert_int_equal(err.code, ERR_DATA);
        assert_non_null(strstr(err.text, "not a CSV file"));
    }
}

static void add_repeated(struct buf *b, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buf_add_text(b, text);
}

TEST(csv_refuses_rows_that_are_too_big_and_goes_on)
{
    struct buf file, got;
    buf_init(&file);
    buf_init(&got);
    /* the greatest field that fits, and one byte more */
    for (size_t more = 0; more < 2; more++) {
        buf_clear(&file);
        buf_add_text(&file, "a,b\n1,");
        add_repeated(&file, "x", CSV_FIELD_MAX + more);
        buf_add_text(&file, "\n3,4\n");
        struct csv *c = csv_open_text(buf_str(&file), NULL, NULL);
        struct csv_row row;
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_int_equal(row.count, 2);
        if (more == 0) {
            assert_null(row.refused);
            assert_int_equal(row.fields[1].len, CSV_FIELD_MAX);
            assert_int_equal(row.raw.len, CSV_FIELD_MAX + 2);
        } else {
            assert_string_equal(row.refused, "a field is longer than 1 MiB");
        }
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_int_equal(row.line, 3);
        assert_true(str_is(row.fields[0], "3"));
        assert_null(row.refused);
        csv_close(c);
    }
    /* quoted, with doubled quotes, line ends and blanks where the parser was made to forget */
    static const char *fillers[] = {"x", "\"\"", "\"\" ", "x\n", " ", "é"};
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        buf_clear(&file);
        buf_clear(&got);
        buf_add_text(&file, "a,b\n1,\"");
        add_repeated(&file, fillers[i], 3 * CSV_FIELD_MAX / strlen(fillers[i]));
        buf_add_text(&file, "\",2\n3,4\n");
        struct csv *c = csv_open_text(buf_str(&file), NULL, NULL);
        struct csv_row row;
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_non_null(row.refused);
        assert_int_equal(row.count, 3);
        assert_true(str_is(row.fields[2], "2"));
        assert_true(row.raw.len <= CSV_ROW_MAX);
        assert_true(utf8_valid(row.raw));
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_true(str_is(row.raw, "3,4"));
        assert_int_equal(csv_read(c, &row, NULL), CSV_END);
        csv_close(c);
    }
    /* many columns, and many long fields */
    buf_clear(&file);
    add_repeated(&file, "x,", CSV_COLUMNS_MAX - 1);
    buf_add_text(&file, "y\n");
    add_repeated(&file, "x,", CSV_COLUMNS_MAX);
    buf_add_text(&file, "y\n");
    for (size_t i = 0; i < 5; i++) {
        add_repeated(&file, "0123456789", 50000);
        buf_add_text(&file, ",");
    }
    buf_add_text(&file, "\nlast,1\n");
    struct csv *c = csv_open_text(buf_str(&file), NULL, NULL);
    struct csv_row row;
    assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
    assert_int_equal(row.count, CSV_COLUMNS_MAX);
    assert_null(row.refused);
    assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
    assert_int_equal(row.count, CSV_COLUMNS_MAX);
    assert_string_equal(row.refused, "the row has more than 1,000 columns");
    assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
    assert_string_equal(row.refused, "the row is longer than 2 MiB");
    assert_int_equal(row.line, 3);
    assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
    assert_true(str_is(row.raw, "last,1"));
    assert_int_equal(csv_read(c, &row, NULL), CSV_END);
    csv_close(c);
    buf_done(&file);
    buf_done(&got);
}

TEST(csv_keeps_the_raw_row)
{
    static const struct {
        const char *text;
        const char *raws[3];
    } cases[] = {
        {"a,b\r\n \"x\"\"\ny\" , 2\r\n\r\n3,", {"a,b", " \"x\"\"\ny\" , 2", "3,"}},
        {"a,b\rJos\xe9,\xc3\xa9\xc3\xa9\rc,d", {"a,b", "Jos\xe9,\xc3\xa9\xc3\xa9", "c,d"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv *c = csv_open_text(str_of(cases[i].text), NULL, NULL);
        struct csv_row row, again;
        for (size_t j = 0; j < 3; j++) {
            assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
            assert_true(str_is(row.raw, cases[i].raws[j]));
            /* what --redo does */
            struct csv_format format = csv_format(c);
            format.encoding = CSV_UTF8;
            struct csv *r = csv_open_text(row.raw, &format, NULL);
            assert_int_equal(csv_read(r, &again, NULL), CSV_ROW);
            assert_int_equal(again.count, row.count);
            for (size_t k = 0; k < row.count; k++)
                assert_true(str_eq(again.fields[k], row.fields[k]));
            assert_int_equal(csv_read(r, &again, NULL), CSV_END);
            csv_close(r);
        }
        assert_int_equal(csv_repaired_fields(c), i == 1 ? 1 : 0);
        csv_close(c);
    }
}

/* Any cut into slices gives the same rows: a file whose rows lie across every kind of slice border. */
TEST(csv_reads_files_and_pipes_alike)
{
    struct buf file, want, got;
    buf_init(&file);
    buf_init(&want);
    buf_init(&got);
    uint64_t random = test_seed();
    buf_add_text(&file, "id,name,note\r\n");
    for (int i = 1; file.len < 400000; i++) {
        buf_printf(&file, "%d,\"José ", i);
        for (uint64_t n = test_random(&random) % 40; n > 0; n--)
            buf_add_text(&file,
                         (const char *[]){"x", "\"\"", "\r\n", "\n", "\r", ",", "陳", " "}[test_random(&random) % 8]);
        buf_printf(&file, "\",%s%s", test_random(&random) % 3 ? "n" : "5\" pipe",
                   test_random(&random) % 2 ? "\r\n" : "\n");
    }
    const char *path = test_path("slices.csv");
    test_write_file(path, file.at, file.len);
    struct error err = {0};
    struct csv *c = csv_open(open(path, O_RDONLY | O_CLOEXEC), &err);
    assert_non_null(c);
    assert_int_equal(csv_size_bytes(c), file.len);
    dump(c, &want);
    assert_int_equal(csv_bytes_read(c), file.len);
    csv_close(c);
    assert_true(str_ends(buf_str(&want), "/END"));

    c = csv_open_text(buf_str(&file), NULL, NULL);
    dump(c, &got);
    csv_close(c);
    assert_true(str_eq(buf_str(&got), buf_str(&want)));

    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        for (size_t at = 0; at < file.len;) {
            size_t len = 1 + (size_t)(test_random(&random) % 9000);
            ssize_t n = write(ends[1], file.at + at, len < file.len - at ? len : file.len - at);
            if (n <= 0)
                break;
            at += (size_t)n;
        }
        _exit(0);
    }
    close(ends[1]);
    c = csv_open(ends[0], &err);
    assert_non_null(c);
    assert_int_equal(csv_size_bytes(c), -1);
    buf_clear(&got);
    dump(c, &got);
    csv_close(c);
    assert_true(str_eq(buf_str(&got), buf_str(&want)));
    buf_done(&file);
    buf_done(&want);
    buf_done(&got);
}

TEST(csv_restarts_whatever_was_open)
{
    struct csv *c = csv_open_text(STR("a;b"), &(struct csv_format){CSV_UTF8, ';'}, NULL);
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a;b", "a|b/END"},
        {"\"open\nquote", "a quote on line 1 is never closed: close it, or export the file again"},
        {"c;d\r", "c|d/END"},
        {"\n\ne", "3:e/END"},
        {"", "END"},
        {"5\" pipe;\"x\"y", "5\" pipe|xy/END"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf got;
        buf_init(&got);
        csv_restart(c, str_of(cases[i].text));
        dump(c, &got);
        assert_string_equal(got.at, cases[i].want);
        buf_done(&got);
    }
    csv_close(c);
}

TEST(csv_says_what_cannot_be_read)
{
    struct error err = {0};
    assert_null(csv_open(open("/", O_RDONLY | O_CLOEXEC), &err));
    assert_int_equal(err.code, ERR_IO);
    err = (struct error){0};
    assert_null(csv_open(-1, &err));
    assert_int_equal(err.code, ERR_IO);
    const char *path = test_path("unreadable.csv");
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); /* not open for reading */
    err = (struct error){0};
    assert_null(csv_open(fd, &err));
    assert_int_equal(err.code, ERR_IO);
    assert_int_equal(fcntl(fd, F_GETFD), -1); /* taken over, so closed */
}

TEST(csv_writes_and_defuses)
{
    static const struct {
        const char *field, *plain, *defused;
    } cases[] = {
        {"", "", ""},
        {"Ann", "Ann", "Ann"},
        {"a,b", "\"a,b\"", "\"a,b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""},
        {"a\nb", "\"a\nb\"", "\"a\nb\""},
        {" a", "\" a\"", "\" a\""},
        {"=1+1", "=1+1", "'=1+1"},
        {"-5", "-5", "'-5"},
        {"@x", "@x", "'@x"},
        {"\t=1", "\"\t=1\"", "\"'\t=1\""},
        {"\rx", "\"\rx\"", "\"'\rx\""},
        {"'tis", "'tis", "'tis"},
        {"\xef\xbb\xbfx", "\"\xef\xbb\xbfx\"", "\"\xef\xbb\xbfx\""},
        {"'=x", "'=x", "''=x"},
        {"+966501234567", "+966501234567", "+966501234567"},
        {"+0501234567", "+0501234567", "'+0501234567"},
        {"+1 206", "+1 206", "'+1 206"},
        {"+12065550111+1", "+12065550111+1", "'+12065550111+1"},
        {"=HYPERLINK(\"http://x\")", "\"=HYPERLINK(\"\"http://x\"\")\"", "\"'=HYPERLINK(\"\"http://x\"\")\""},
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str field = str_of(cases[i].field);
        buf_clear(&out);
        csv_write_field(&out, field, true);
        assert_string_equal(out.at, cases[i].plain);
        buf_clear(&out);
        csv_write_defused(&out, STR("x"), true);
        csv_write_defused(&out, field, false);
        csv_write_end(&out);
        struct buf want;
        buf_init(&want);
        buf_printf(&want, "x,%s\r\n", cases[i].defused);
        assert_string_equal(out.at, want.at);
        buf_done(&want);
        /* the way back */
        struct csv_row row;
        struct csv *c = csv_open_text(buf_str(&out), &(struct csv_format){CSV_UTF8, ','}, NULL);
        assert_int_equal(csv_read(c, &row, NULL), CSV_ROW);
        assert_int_equal(row.count, 2);
        assert_true(str_eq(csv_undefuse(row.fields[1]), field));
        csv_close(c);
    }
    buf_done(&out);
    assert_true(str_is(csv_undefuse(STR("'+12065550111")), "+12065550111"));
    assert_true(str_is(csv_undefuse(STR("'+12065550111'")), "+12065550111"));
    assert_true(str_is(csv_undefuse(STR("'=A1&'x'")), "=A1&'x'"));
    assert_true(str_is(csv_undefuse(STR("'")), "'"));
    assert_true(str_is(csv_undefuse(STR("''")), "''"));
}
