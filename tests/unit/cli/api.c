/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/str.h"
#include "command.h"

static int64_t clock_ms(void *user)
{
    int64_t *at = user;
    return *at += 1;
}

/* The lines as one program's input; its answers, freed by the next test's first run. */
static char *ask_bytes(const char *db, const char *in, size_t len, int expected)
{
    char in_path[512], out[512], err[512];
    run_at(MONDAY_NOON, "help"); /* the environment of a test */
    snprintf(in_path, sizeof in_path, "%s/api.in", test_dir());
    snprintf(out, sizeof out, "%s/api.out", test_dir());
    snprintf(err, sizeof err, "%s/api.err", test_dir());
    test_write_file(in_path, in, len);
    int64_t ms = 0;
    struct cli_port port = {.user = &ms,
                            .in_fd = open(in_path, O_RDONLY | O_CLOEXEC),
                            .out_fd = open(out, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
                            .err_fd = open(err, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
                            .now = MONDAY_NOON,
                            .now_ms = clock_ms};
    const char *const argv[] = {"calldeck", "--db", db, "api", NULL};
    assert_int_equal(cli_run(&port, 4, argv), expected);
    close(port.in_fd);
    close(port.out_fd);
    close(port.err_fd);
    char *said = test_read_file(err, NULL);
    assert_string_equal(said, "");
    return test_read_file(out, NULL);
}

static char *ask(const char *in)
{
    return ask_bytes(":memory:", in, strlen(in), 0);
}

#define ADD(n) "{\"cmd\":\"add\",\"ref\":\"" #n "\",\"name\":\"P" #n "\",\"phone\":\"+1212555010" #n "\",\"zone\":\"America/New_York\"}\n"

TEST(api_adds_calls_and_logs)
{
    const char *out = ask("{\"cmd\":\"set\",\"line\":\"set hours 00:00-24:00\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"set days all\"}\n" ADD(1) ADD(2)
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:00:00-05:00\"}\n"
                          "{\"cmd\":\"log\",\"id\":1,\"outcome\":\"callback\",\"at\":\"2026-11-24T10:00:00-05:00\",\"talk_s\":60,"
                          "\"when\":\"2026-11-24T11:00:00-05:00\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:05:00-05:00\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T11:00:00-05:00\"}\n"
                          "{\"cmd\":\"log\",\"id\":1,\"outcome\":\"sale\",\"at\":\"2026-11-24T11:01:00-05:00\",\"amount\":12.5}\n"
                          "{\"cmd\":\"stats\"}\n");
    assert_int_equal(lines_of(out), 10);
    for (int i = 0; i < 10; i++)
        assert_value(out, i, "ok", "true");
    assert_keys(out, 2, "ok id added");
    assert_value(out, 4, "id", "1");
    assert_value(out, 4, "reason", "new, 1 day");
    assert_value(out, 5, "state", "callback");
    assert_value(out, 6, "id", "2");
    assert_value(out, 7, "id", "1");
    assert_value(out, 7, "state", "callback");
    assert_value(out, 9, "dials", "2");
    assert_value(out, 9, "sales", "1");
    assert_value(out, 9, "amount", "12.5");
}

TEST(api_takes_people_as_an_import_does)
{
    const char *out = ask("{\"cmd\":\"add\",\"ref\":\"a\",\"name\":\"Layla\",\"phones\":[\"+966501234567\",\"+966501234568\"],\"mail\":\"l@x.example\","
                          "\"created_at\":\"2026-03-02T09:00:00-06:00\",\"list\":\"web\","
                          "\"attributes\":{\"source\":\"web\",\"title\":\"boss\",\"company\":\"X\",\"size\":3,\"vip\":true,\"name\":\"other\"}}\n"
                          "{\"cmd\":\"show\",\"id\":1}\n"
                          "{\"cmd\":\"add\",\"ref\":\"a\",\"name\":\"Layla\",\"attributes\":{\"title\":\"chief\"}}\n"
                          "{\"cmd\":\"add\",\"ref\":\"a\",\"name\":\"Layla\",\"attributes\":{\"title\":\"head\"}}\n"
                          "{\"cmd\":\"show\",\"id\":1}\n"
                          "{\"cmd\":\"lists\"}\n"
                          "{\"cmd\":\"add\",\"name\":\"Tom\",\"phone\":\"12\"}\n"
                          "{\"cmd\":\"add\"}\n{\"cmd\":\"add\",\"zone\":\"UTC\"}\n{\"cmd\":\"add\",\"name\":{}}\n");
    assert_value(out, 0, "added", "true");
    assert_value(out, 1, "name", "Layla");
    assert_value(out, 1, "title", "boss");
    assert_value(out, 1, "company", "X");
    assert_value(out, 1, "source", "web");
    assert_value(out, 1, "external_id", "a");
    assert_value(out, 1, "phones.1.number", "+966501234568");
    assert_value(out, 1, "mails.0.address", "l@x.example");
    assert_value(out, 1, "attributes.size", "3");
    assert_value(out, 1, "attributes.vip", "true");
    assert_value(out, 1, "lists.0.name", "web");
    assert_value(out, 2, "id", "1");
    assert_value(out, 2, "added", "false");
    assert_value(out, 3, "id", "1");
    assert_value(out, 4, "title", "head"); /* what came last is so */
    assert_value(out, 5, "rows.1.name", "api");
    assert_value(out, 6, "ok", "true");
    assert_value(out, 6, "phones_rejected", "1");
    for (int i = 7; i < 10; i++)
        assert_value(out, i, "ok", "false");
}

TEST(api_leaves_batches_that_can_be_taken_back)
{
    const char *db = fresh();
    const char *in = ADD(1) ADD(2) "{\"cmd\":\"skip\",\"id\":2,\"reason\":\"bad time\"}\n";
    ask_bytes(db, in, strlen(in), 0);
    char *out = run_ok("batches --json");
    assert_value(out, 0, "file", "api");
    assert_value(out, 0, "added", "2");
    assert_value(out, 0, "rows", "2");
    run_ok("check");
    run_ok("import --redo 1");
    struct ran ran = run("revert 1 --json");
    assert_value(ran.out, 0, "removed", "1");
    assert_value(ran.out, 0, "kept", "1");
    run_ok("check");
}

TEST(api_archives_everybody_and_takes_it_back_at_once)
{
    const char *db = fresh();
    const char *in = "{\"cmd\":\"set\",\"line\":\"set hours 00:00-24:00\"}\n" ADD(1) ADD(2) ADD(3)
        "{\"cmd\":\"archive\",\"id\":3}\n{\"cmd\":\"archive\"}\n{\"cmd\":\"queue\"}\n{\"cmd\":\"next\"}\n{\"cmd\":\"undo\"}\n"
        "{\"cmd\":\"queue\"}\n{\"cmd\":\"queue\",\"blocked\":true}\n{\"cmd\":\"search\",\"words\":\"p2\"}\n{\"cmd\":\"archive\",\"id\":99}\n";
    const char *out = ask_bytes(db, in, strlen(in), 0);
    assert_value(out, 4, "archived", "1");
    assert_value(out, 5, "archived", "2");
    assert_value(out, 6, "rows", "[]");
    assert_keys(out, 7, "ok id next_at");
    assert_value(out, 7, "id", "null");
    assert_value(out, 8, "what", "2 people archived");
    assert_value(out, 9, "rows.0.id", "1");
    assert_value(out, 9, "rows.1.id", "2");
    char text[VALUE_SIZE];
    assert_false(json_value(out, 9, "rows.2", text));
    assert_value(out, 10, "rows.0.reason", "archived");
    assert_value(out, 11, "rows.0.id", "2");
    assert_value(out, 12, "ok", "false");
    run_ok("check");
}

TEST(api_sets_what_a_config_line_sets)
{
    const char *out = ask(ADD(1)
                          "{\"cmd\":\"set\",\"line\":\"set hours 08:00-09:00\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:00:00-05:00\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"policy api hours 09:00-12:00\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:00:00-05:00\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"# said nothing\"}\n{\"cmd\":\"set\",\"line\":\"\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"set hourz 1\"}\n{\"cmd\":\"set\",\"line\":\"set attempt-cap lots\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"set dial-command /bin/false\"}\n{\"cmd\":\"set\",\"line\":\"policy api\"}\n"
                          "{\"cmd\":\"set\",\"line\":\"policy api cap many\"}\n{\"cmd\":\"set\",\"line\":\"bind x quit\"}\n");
    assert_value(out, 2, "id", "null");
    assert_value(out, 2, "next_at", "2026-11-25T13:00:00Z");
    assert_value(out, 4, "id", "1");
    assert_value(out, 5, "ok", "true");
    assert_value(out, 6, "ok", "true");
    for (int i = 7; i < 13; i++)
        assert_value(out, i, "ok", "false");
}

TEST(api_marks_a_breach_in_the_answer)
{
    const char *out = ask(ADD(1) "{\"cmd\":\"log\",\"id\":1,\"outcome\":\"no-answer\",\"at\":\"2026-11-24T03:00:00-05:00\"}\n");
    char text[VALUE_SIZE];
    assert_true(json_value(out, 1, "messages.0", text));
    assert_non_null(strstr(text, "marked: outside calling hours"));
}

TEST(api_gives_a_promise_less_than_a_minute_early)
{
    const char *out = ask("{\"cmd\":\"set\",\"line\":\"set hours 00:00-24:00\"}\n" ADD(1)
                          "{\"cmd\":\"log\",\"id\":1,\"outcome\":\"callback\",\"at\":\"2026-11-24T10:00:00Z\",\"when\":\"2026-11-24T11:00:00Z\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:59:00Z\"}\n"
                          "{\"cmd\":\"next\",\"at\":\"2026-11-24T10:59:01Z\"}\n");
    assert_value(out, 3, "id", "null");
    assert_value(out, 3, "next_at", "2026-11-24T10:59:01Z");
    assert_value(out, 4, "id", "1");
}

TEST(api_claims_only_when_asked)
{
    const char *db = fresh();
    const char *open_hours = "{\"cmd\":\"set\",\"line\":\"set hours 00:00-24:00\"}\n";
    struct buf in;
    buf_init(&in);
    buf_printf(&in, "%s%s{\"cmd\":\"next\"}\n{\"cmd\":\"next\",\"claim\":true}\n{\"cmd\":\"next\",\"claim\":1}\n", open_hours, ADD(1));
    const char *out = ask_bytes(db, in.at, in.len, 0);
    assert_value(out, 2, "id", "1");
    assert_value(out, 3, "id", "1");
    assert_value(out, 4, "ok", "false");
    buf_done(&in);
}

TEST(api_answers_every_line_whatever_it_is)
{
    static const struct {
        const char *line, *why;
    } rows[] = {
        {"x", "not JSON"},
        {"{", "not JSON"},
        {"[]", "a line is an object"},
        {"17", "a line is an object"},
        {"null", "a line is an object"},
        {"{}", "\\\"cmd\\\" is missing"},
        {"{\"cmd\":null}", "\\\"cmd\\\" is missing"},
        {"{\"cmd\":[]}", "\\\"cmd\\\" is an array"},
        {"{\"cmd\":\"quit\"}", "there is no"},
        {"{\"cmd\":\"show\"}", "\\\"id\\\" is missing"},
        {"{\"cmd\":\"show\",\"id\":true}", "\\\"id\\\" is true or false"},
        {"{\"cmd\":\"show\",\"id\":-1}", "is not the number"},
        {"{\"cmd\":\"show\",\"id\":1.5}", "is not the number"},
        {"{\"cmd\":\"show\",\"id\":99999999999999999999}", "is not the number"},
        {"{\"cmd\":\"show\",\"id\":7}", "no prospect 7"},
        {"{\"cmd\":\"show\",\"id\":7,\"x\":1}", "takes no"},
        {"{\"cmd\":\"show\",\"id\":7,\"at\":\"tomorrow\"}", "an instant such as"},
        {"{\"cmd\":\"show\",\"id\":7,\"at\":7}", "an instant such as"},
        {"{\"cmd\":\"next\",\"at\":[]}", "\\\"at\\\" is an array"},
        {"{\"cmd\":\"next\",\"list\":\"nobody's\"}", "nobody's"},
        {"{\"cmd\":\"next\",\"limit\":2}", "is not known here"},
        {"{\"cmd\":\"queue\",\"limit\":0}", "not a number from"},
        {"{\"cmd\":\"log\",\"id\":7,\"outcome\":\"sale\"}", "no prospect 7"},
        {"{\"cmd\":\"log\",\"id\":7,\"outcome\":\"\"}", "is missing"},
        {"{\"cmd\":\"undo\"}", "nothing to undo"},
        {"{\"cmd\":\"add\",\"name\":\"\\u0000\"}", "a NUL"},
        {"{\"cmd\":\"add\",\"attributes\":7}", "expected an object"},
        {"{\"cmd\":\"add\",\"attributes\":{\"a\":{\"b\":1}}}", "expected a string"},
        {"{\"cmd\":\"add\",\"\":\"\"}", ""},
        {"{\"cmd\":\"set\",\"line\":7}", "expected"},
        {"{\"cmd\":\"archive\",\"id\":\"all\"}", "expected the number"},
        {"{\"cmd\":\"\xff\"}", "no UTF-8"},
        {"{\"cmd\":\"\x1b[31m\"}", "a control character"},
    };
    struct buf in;
    buf_init(&in);
    enum { ROWS = sizeof rows / sizeof rows[0] };
    for (size_t i = 0; i < ROWS; i++)
        buf_printf(&in, "%s\r\n\n", rows[i].line);
    buf_add_text(&in, ADD(1));
    const char *out = ask_bytes(":memory:", in.at, in.len, 0);
    assert_int_equal(lines_of(out), ROWS + 1);
    const char *line = out;
    for (size_t i = 0; i < ROWS; i++) {
        const char *end = strchr(line, '\n');
        assert_value(out, (int)i, "ok", "false");
        assert_keys(out, (int)i, "ok error status");
        const char *found = strstr(line, rows[i].why);
        if (found == NULL || found > end)
            fail_msg("%s: %.*s, expected %s", rows[i].line, (int)(end - line), line, rows[i].why);
        for (const char *p = line; p < end; p++)
            assert_true((unsigned char)*p >= ' ');
        line = end + 1;
    }
    assert_value(out, ROWS, "id", "1");
    buf_done(&in);
}

TEST(api_drops_a_huge_line_and_goes_on)
{
    struct buf in;
    buf_init(&in);
    const struct {
        size_t bytes;
        bool taken;
    } rows[] = {{1 << 20, true}, {(1 << 20) + 1, false}, {5 << 20, false}, {100, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char head[] = "{\"cmd\":\"add\",\"name\":\"P\",\"note\":\"";
        buf_add_text(&in, head);
        for (size_t n = sizeof head - 1 + 2; n < rows[i].bytes; n++)
            buf_add_char(&in, 'a');
        buf_add_text(&in, "\"}\n");
    }
    buf_add(&in, "\0\0\n", 3);
    for (int i = 0; i < 200000; i++)
        buf_add_text(&in, "[");
    buf_add_text(&in, "\n{\"cmd\":\"stats\"}"); /* the last one has no newline */
    const char *out = ask_bytes(":memory:", in.at, in.len, 0);
    assert_int_equal(lines_of(out), 7);
    for (int i = 0; i < 4; i++)
        assert_value(out, i, "ok", rows[i].taken ? "true" : "false");
    char text[VALUE_SIZE];
    assert_true(json_value(out, 1, "error", text));
    assert_non_null(strstr(text, "more than 1048576 bytes"));
    assert_value(out, 4, "ok", "false");
    assert_value(out, 5, "ok", "false");
    assert_value(out, 6, "ok", "true");
    buf_clear(&in);
    for (int i = 0; i < (2 << 20); i++) /* it ends inside one */
        buf_add_char(&in, 'x');
    out = ask_bytes(":memory:", in.at, in.len, 0);
    assert_int_equal(lines_of(out), 1);
    buf_done(&in);
    assert_string_equal(ask(""), "");
}

TEST(api_ends_quietly_when_nobody_reads)
{
    int in[2], out[2], err[2];
    assert_true(pipe(in) == 0 && pipe(out) == 0 && pipe(err) == 0);
    const char line[] = "{\"cmd\":\"stats\"}\n{\"cmd\":\"stats\"}\n";
    assert_int_equal(write(in[1], line, sizeof line - 1), sizeof line - 1);
    close(out[0]); /* the input stays open: only the lost reader can end it */
    int64_t ms = 0;
    struct cli_port port = {.user = &ms, .in_fd = in[0], .out_fd = out[1], .err_fd = err[1], .now = MONDAY_NOON, .now_ms = clock_ms};
    const char *const argv[] = {"calldeck", "--db", ":memory:", "api", NULL};
    void (*before)(int) = signal(SIGPIPE, SIG_IGN); /* as main does */
    assert_int_equal(cli_run(&port, 4, argv), 0);
    signal(SIGPIPE, before);
    close(err[1]);
    char said[256];
    assert_int_equal(read(err[0], said, sizeof said), 0);
    close(in[0]);
    close(in[1]);
    close(out[1]);
    close(err[0]);
}
