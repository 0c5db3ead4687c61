/* SPDX-License-Identifier: MIT */
/* What the rep writes into the settings as a dial command, seen through dialer_open. */
#include "calldeck/dial.h"

#include <string.h>

#include "test.h"

TEST(dialer_open_refuses_commands_that_cannot_work)
{
    static const struct {
        const char *kind, *command, *hang_up, *says;
    } rows[] = {
        {"telepathy", "x %n", NULL, "there is no dialer \"telepathy\""},
        {NULL, NULL, NULL, "there is no dialer \"\""},
        {"command", NULL, NULL, "empty"},
        {"command", "  \t", NULL, "empty"},
        {"command", "'' %n", NULL, "empty"},
        {"command", "%n", NULL, "begins with a placeholder"},
        {"command", "/bin/%n x", NULL, "begins with a placeholder"},
        {"command", "xdg-open", NULL, "never gets the number"},
        {"command", "xdg-open 100%%n", NULL, "never gets the number"},
        {"command", "xdg-open tel:%x", NULL, "unknown placeholder"},
        {"command", "xdg-open %n%", NULL, "unknown placeholder"},
        {"command", "xdg-open 'tel:%n", NULL, "open quote"},
        {"command", "xdg-open \"tel:%n'", NULL, "open quote"},
        {"command", "true %n", "%i", "the hang-up command"},
        {"command", "true %n", "kill 'x", "the hang-up command"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        struct dial_config config = {.kind = rows[i].kind, .command = rows[i].command, .hang_up = rows[i].hang_up, .timeout_s = 10};
        struct dialer *d = dialer_open(&config, &err);
        if (d != NULL)
            fail_msg("\"%s\" was taken", rows[i].command);
        assert_int_equal(err.code, ERR_USAGE);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("\"%s\" says \"%s\"", rows[i].command, err.text);
    }
    char words[64 * 4] = "true %n";
    for (int i = 0; i < 63; i++)
        strcat(words, " x");
    struct error err = {0};
    struct dial_config config = {.kind = "command", .command = words, .timeout_s = 10};
    assert_null(dialer_open(&config, &err));
    assert_non_null(strstr(err.text, "more than 64 words"));
}

TEST(dialers_say_what_they_can)
{
    static const struct {
        struct dial_config config;
        unsigned capabilities;
    } rows[] = {
        {{.kind = "manual"}, 0},
        {{.kind = "null"}, 0},
        {{.kind = "command", .command = "true %n"}, DIAL_CAN_DIAL},
        {{.kind = "command", .command = "true %n", .hang_up = ""}, DIAL_CAN_DIAL},
        {{.kind = "command", .command = "true %n", .hang_up = "true"}, DIAL_CAN_DIAL | DIAL_CAN_HANG_UP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err = {0};
        struct dialer *d = dialer_open(&rows[i].config, &err);
        assert_non_null(d);
        assert_string_equal(dialer_kind(d), rows[i].config.kind);
        assert_int_equal(dialer_capabilities(d), rows[i].capabilities);
        assert_int_equal(dial_timeout_ms(d, 1000), -1);
        assert_int_equal(dial_hang_up(d, 1, &err), false);
        assert_int_equal(err.code, ERR_REFUSED);
        dialer_close(d);
    }
    dialer_close(NULL);
}

TEST(manual_and_null_place_at_once_and_say_so)
{
    static const struct {
        const char *kind, *text;
    } rows[] = {{"manual", ""}, {"null", "nothing is dialled here"}};
    for (size_t i = 0; i < 2; i++) {
        struct dialer *d = dialer_open(&(struct dial_config){.kind = rows[i].kind}, NULL);
        struct dial_event event;
        assert_false(dial_next_event(d, &event));
        assert_true(dial_place(d, 42, 7, "+12125550142", "", NULL));
        assert_int_equal(dial_timeout_ms(d, 0), 0);
        assert_int_equal(dial_pollfds(d, NULL, 0), 0);
        dial_service(d, NULL, 0, 0);
        assert_true(dial_next_event(d, &event));
        assert_int_equal(event.kind, DIAL_EVENT_PLACED);
        assert_int_equal(event.call, 42);
        assert_string_equal(event.text, rows[i].text);
        assert_false(dial_next_event(d, &event));
        struct error err = {0};
        assert_false(dial_place(d, 43, 7, "*21*1#", "", &err));
        assert_int_equal(err.code, ERR_REFUSED);
        /* nobody drains: the newest stay, nothing overflows */
        for (int64_t call = 0; call < 100; call++)
            assert_true(dial_place(d, call, 7, "+12125550142", "", NULL));
        int64_t last = -1;
        while (dial_next_event(d, &event))
            last = event.call;
        assert_int_equal(last, 99);
        dialer_close(d);
    }
}
