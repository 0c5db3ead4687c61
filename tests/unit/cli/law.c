/* SPDX-License-Identifier: MIT */
/* Laws as scripts meet them: who is blocked, why, and what lifts it. */
#include <string.h>

#include "command.h"

#define LAW_PEOPLE                                                                                                                 \
    "name,phone,country,state,consent,opt-in date\n"                                                                               \
    "Ann Texas,+15125550101,US,TX,,\n"                                                                                             \
    "Bob Customer,+15125550102,US,TX,purchase 2026-01-15,\n"                                                                        \
    "Cem Paris,+33199001234,FR,,,\n"                                                                                               \
    "Dia Paris,+33199001235,FR,,yes,2026-09-01\n"

static void people(void)
{
    test_write_file(test_path("law.csv"), LAW_PEOPLE, sizeof LAW_PEOPLE - 1);
    fresh();
    run_ok("import %s --list law", test_path("law.csv"));
    run_ok("policy law audience consumer");
    run_ok("policy law hours 00:00-24:00");
}

TEST(consumers_wait_for_a_registry_or_consent)
{
    people();
    const char *at = "--at 2026-11-23T15:00Z"; /* 09:00 in Texas, 16:00 in Paris */
    char *out = run_ok("queue --json %s", at);
    assert_int_equal(lines_of(out), 2);
    assert_value(out, 0, "name", "Bob Customer"); /* bought something */
    assert_value(out, 1, "name", "Dia Paris");
    out = run_ok("queue --blocked --json %s", at);
    assert_value(out, 0, "reason", "no-consent");
    assert_value(out, 0, "count", "2");
    assert_value(out, 0, "causes.consent", "1");
    assert_value(out, 0, "causes.registry-missing", "1");
    assert_non_null(strstr(run_ok("queue --blocked %s", at), "do-not-call registry"));

    test_write_file(test_path("dnc.csv"), "+15125559999\n", 13);
    run_ok("suppress import %s --registry DNC --as-of 2026-10-01", test_path("dnc.csv"));
    out = run_ok("queue --blocked --json %s", at);
    assert_value(out, 0, "causes.registry-old", "1");
    run_ok("suppress import %s --registry DNC --as-of 2026-11-20", test_path("dnc.csv"));
    out = run_ok("queue --json %s", at);
    assert_value(out, 0, "name", "Ann Texas");
    assert_int_equal(lines_of(out), 3);
    assert_int_equal(lines_of(run_ok("queue --json --at 2026-12-22T15:00Z")), 2); /* 32 days later it is too old */

    run_ok("policy law audience business");
    assert_int_equal(lines_of(run_ok("queue --json %s", at)), 4);
    assert_int_equal(run("check").status, 0);
}

TEST(the_state_of_the_number_and_of_the_address_both_count)
{
    static const char csv[] = "name,phone,country,state\nNumber,+13055550101,US,NY\nAddress,+12125550102,US,FL\nNeither,+12125550103,US,NY\n";
    test_write_file(test_path("states.csv"), csv, sizeof csv - 1);
    fresh();
    run_ok("import %s --list states", test_path("states.csv"));
    run_ok("policy states hours 00:00-24:00");
    run_ok("policy states windows on");
    char *out = run_ok("queue --json --at 2026-11-24T01:30Z"); /* 20:30 in New York: Florida is closed */
    assert_int_equal(lines_of(out), 1);
    assert_value(out, 0, "name", "Neither");
    assert_int_equal(lines_of(run_ok("queue --json --at 2026-11-24T00:30Z")), 3);
}
