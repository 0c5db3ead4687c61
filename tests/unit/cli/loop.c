/* SPDX-License-Identifier: MIT */
/* Queue, log, undo and the rest as scripts see them: keys, states, times, exit codes. */
#include <stdio.h>
#include <string.h>

#include "command.h"

#define PEOPLE                                                                                                         \
    "Record ID,Name,Company,Phone,Mobile,Email,Time Zone,Plan\n"                                                       \
    "11,Layla Haddad,Nour Trading,+442079460400,+442079460412,layla@nour.example,Asia/Riyadh,kiosk\n"                  \
    "12,Tom Okafor,Brightline,+13125550147,,tom@brightline.example,America/Chicago,\n"                                 \
    "13,Ana Souza,Lumen,+13055550162,,,America/Sao_Paulo,\n"                                                           \
    "14,Nobody Anywhere,,,,nobody@lumen.example,,\n"

#define QUEUE_KEYS "id name company phone zone local_time state reason attempts factors"

TEST(queue_says_who_and_why)
{
    fresh_with(PEOPLE);
    const char *out = run_ok("queue --json"); /* 15:00 in Riyadh, 09:00 in São Paulo, 06:00 in Chicago */
    assert_int_equal(lines_of(out), 2);
    assert_keys(out, 0, QUEUE_KEYS);
    assert_value(out, 0, "id", "1");
    assert_value(out, 0, "name", "Layla Haddad");
    assert_value(out, 0, "phone", "+442079460400");
    assert_value(out, 0, "zone", "Asia/Riyadh");
    assert_value(out, 0, "local_time", "2026-11-23T15:00:00+03:00");
    assert_value(out, 0, "state", "ready");
    assert_value(out, 0, "attempts", "0");
    assert_value(out, 1, "name", "Ana Souza");
    assert_int_equal(lines_of(run_ok("queue --json --limit 1")), 1);
    assert_int_equal(lines_of(run_ok("queue --json --at 2026-11-23T15:30Z")), 2); /* Riyadh has closed, Chicago opened */
    assert_value(run_ok("queue --json --at 2026-11-23T15:30Z"), 0, "name", "Tom Okafor");
    assert_string_equal(run("queue --json --at 2026-11-22T03:00Z").out, ""); /* a Sunday night */
    assert_string_equal(run("queue --json --list people").out, out);
    run_refused(1, "people", "queue --list nowhere");
    assert_non_null(strstr(run_ok("queue"), "Layla Haddad"));
}

TEST(queue_blocked_accounts_for_the_rest)
{
    fresh_with(PEOPLE);
    run_ok("log 3 callback --when '+3h' --at 2026-11-23T12:00Z");
    const char *out = run_ok("queue --blocked --json");
    char reason[VALUE_SIZE], count[VALUE_SIZE];
    int callable = lines_of(run_ok("queue --json")), total = 0;
    for (int i = 0; i < lines_of(out); i++) {
        assert_keys(out, i, "reason count next_at");
        json_value(out, i, "reason", reason);
        json_value(out, i, "count", count);
        total += count[0] - '0';
        if (strcmp(reason, "closed-hours") == 0)
            assert_value(out, i, "next_at", "2026-11-23T15:00:00Z");
        if (strcmp(reason, "callback") == 0)
            assert_value(out, i, "next_at", "2026-11-23T14:59:00Z"); /* due is within a minute */
        if (strcmp(reason, "no-number") == 0)
            assert_value(out, i, "next_at", "null");
    }
    assert_int_equal(total + callable, 4);
    /* a promise that is due is not blocked, it is first */
    out = run_ok("queue --json --at 2026-11-23T15:00Z");
    assert_value(out, 0, "id", "3");
    assert_value(out, 0, "state", "callback");
    assert_null(strstr(run_ok("queue --blocked --json --at 2026-11-23T15:00Z"), "\"callback\""));
}

#define SHOW_KEYS                                                                                                      \
    "id name company state not_before attempts phones mails attributes callbacks suppressed note touches reversals "    \
    "updated_at draft uid title country zone zone_source owner language source external_id lists"

TEST(show_is_one_object)
{
    fresh_with(PEOPLE);
    const char *out = run_ok("show 1 --json");
    assert_int_equal(lines_of(out), 1);
    assert_keys(out, 0, SHOW_KEYS);
    assert_value(out, 0, "phones.0.number", "+442079460400");
    assert_value(out, 0, "phones.1.label", "mobile");
    assert_value(out, 0, "phones.0.bad", "false");
    assert_value(out, 0, "mails.0.address", "layla@nour.example");
    assert_value(out, 0, "attributes.Plan", "kiosk");
    assert_value(out, 0, "not_before", "null");
    assert_value(out, 0, "external_id", "11");
    assert_value(out, 0, "suppressed", "false");
    assert_value(out, 0, "lists.0.name", "people");
    assert_value(run_ok("show 4 --json"), 0, "company", "null");
    assert_string_equal(run_ok("show 1 --json --at 2031-01-01T00:00Z"), out); /* no clock in it */
    run_refused(1, "no prospect 77", "show 77");
    const char *page = run_ok("show 1");
    assert_non_null(strstr(page, "Nour Trading"));
    assert_non_null(strstr(page, "Plan: kiosk"));
}

TEST(log_takes_every_outcome_and_undo_gives_it_back)
{
    static const struct {
        const char *words, *state;
    } rows[] = {
        {"no-answer", "resting"},
        {"voicemail", "resting"},
        {"machine", "resting"},
        {"busy", "resting"},
        {"gatekeeper", "resting"},
        {"referred --with 'Sami Nasser'", "done"},
        {"callback --when '+2h'", "callback"},
        {"interested --when '+3d' --step 'send prices'", "callback"},
        {"appointment --when 'tomorrow 10:00' --with Dana", "booked"},
        {"sale --amount 1200.50 --currency eur", "done"},
        {"later", "resting"},
        {"not-interested --reason price", "done"},
        {"wrong-number", "ready"},
        {"out-of-service", "ready"},
        {"do-not-call", "suppressed"},
        {"do-not-call --scope company", "suppressed"},
    };
    static const char *const same[] = {"id",        "name",       "company", "state", "not_before", "attempts", "phones", "mails",   "attributes",
                                       "callbacks", "suppressed", "note",    "uid",   "title",      "country",  "zone",   "lists"};
    fresh_with(PEOPLE);
    char before[VALUE_SIZE], after[VALUE_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *was = run_ok("show 1 --json");
        const char *out = run_ok("log 1 %s --note 'said so' --json", rows[i].words);
        assert_keys(out, 0, "touch id state not_before");
        assert_value(out, 0, "id", "1");
        assert_value(out, 0, "state", rows[i].state);
        assert_value(run_ok("show 1 --json"), 0, "state", rows[i].state);
        out = run_ok("undo --json");
        assert_keys(out, 0, "undone id what");
        assert_value(out, 0, "undone", "log");
        const char *is = run_ok("show 1 --json");
        for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
            assert_true(json_value(was, 0, same[k], before));
            assert_true(json_value(is, 0, same[k], after));
            if (strcmp(before, after) != 0)
                fail_msg("%s: \"%s\" was %s and is %s", rows[i].words, same[k], before, after);
        }
    }
    run_ok("check");
}

TEST(log_keeps_what_it_is_told)
{
    fresh_with(PEOPLE);
    run_ok("log 1 sale --amount 1200.5 --currency eur --with Sami --reason price --talk 271 --rep tom --direction in "
           "--number +442079460412 --note 'two words' --list people --at 2026-11-23T11:00Z");
    const char *out = run_ok("show 1 --json");
    static const char *const rows[][2] = {
        {"at", "2026-11-23T11:00:00Z"}, {"channel", "call"}, {"direction", "in"}, {"number", "+442079460412"},
        {"outcome", "sale"},            {"talk_s", "271"},   {"note", "two words"}, {"reason", "price"},
        {"amount", "1200.5"},           {"currency", "EUR"}, {"with", "Sami"},      {"voided", "false"},
        {"corrects", "null"},           {"rep", "tom"},      {"list", "people"},    {"verdict", "null"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "touches.0.%s", rows[i][0]);
        assert_value(out, 0, path, rows[i][1]);
    }
    assert_value(out, 0, "note", "two words");
    out = run_ok("stats --json");
    assert_keys(out, 0, "dials conversations meetings sales amount talk_s by_outcome amounts");
    assert_value(out, 0, "dials", "0"); /* they called */
    assert_value(out, 0, "sales", "1");
    assert_value(out, 0, "amount", "1200.5");
    assert_value(out, 0, "amounts.EUR", "1200.5");
    assert_value(out, 0, "talk_s", "271");
    assert_value(out, 0, "by_outcome.sale", "1");
    assert_value(out, 0, "by_outcome.busy", "0");
    assert_value(run_ok("stats --json --since 2026-11-24"), 0, "sales", "0");
    assert_value(run_ok("stats --json --since 2026-11-23"), 0, "sales", "1"); /* a day begins at midnight */
    assert_value(run_ok("stats --json --at 2026-11-23T10:59Z"), 0, "sales", "0");
    run("log 1 sale --amount 10 --currency sar --at 2026-11-23T12:00Z"); /* never added to euros */
    out = run_ok("stats --json");
    assert_value(out, 0, "amount", "null");
    assert_value(out, 0, "amounts.SAR", "10");
}

TEST(log_is_marked_and_never_refused_for_the_hour)
{
    fresh_with(PEOPLE);
    struct ran ran = run("log 2 no-answer --at 2026-11-22T03:00Z --json");
    assert_int_equal(ran.status, 0);
    assert_non_null(strstr(ran.err, "marked: "));
    char verdict[VALUE_SIZE];
    json_value(run_ok("show 2 --json"), 0, "touches.0.verdict", verdict);
    assert_non_null(strstr(verdict, "calling hours"));
}

TEST(log_refuses_words_that_are_off)
{
    static const struct {
        int status;
        const char *words, *part;
    } rows[] = {
        {2, "log 1 nonsense", "there are no-answer"},
        {2, "log 1 callback", "needs a time"},
        {2, "log 1 appointment", "needs a time"},
        {2, "log 1 interested", "needs a time"},
        {2, "log 1 callback --when 'yesterday'", "past"},
        {2, "log 1 callback --when 2026-11-23T11:59Z", "past"},
        {2, "log 1 callback --when 2026-11-23T12:30Z --at 2026-11-23T13:00Z", "past"},
        {2, "log 1 callback --when gibberish", "--when"},
        {2, "log 4 callback --when 'tomorrow 9:00'", "set a zone first"},
        {2, "log 1 busy --when +2h", "leave out --when"},
        {2, "log 1 busy --scope company", "leave out --scope"},
        {2, "log 1 do-not-call --scope everybody", "person, line or company"},
        {2, "log 1 sale --amount 1,200", "not an amount"},
        {2, "log 1 sale --amount -3", "not an amount"},
        {2, "log 1 sale --amount 1.234", "not an amount"},
        {2, "log 1 sale --amount 1 --currency euros", "not a currency"},
        {2, "log 1 sale --talk -1", "--talk"},
        {2, "log 1 busy --direction sideways", "in or out"},
        {2, "log 1 busy --number nonsense", "--number"},
        {1, "log 4 do-not-call --scope line", "which line? prospect 4 has no number"},
        {1, "log 99 busy", "no prospect 99"},
        {1, "correct 999 busy", "no filed touch 999"},
        {1, "revert 7", "7"},
    };
    fresh_with(PEOPLE);
    const char *was = run_ok("show 1 --json");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        run_refused(rows[i].status, rows[i].part, rows[i].words);
    assert_string_equal(run_ok("show 1 --json"), was);
    run_refused(1, "undo", "undo"); /* nothing was recorded */
}

TEST(log_when_means_their_clock)
{
    fresh_with(PEOPLE);
    run_ok("log 1 callback --when 'tue 10:30'");
    const char *out = run_ok("show 1 --json");
    assert_value(out, 0, "callbacks.0.due_at", "2026-11-24T07:30:00Z");
    assert_value(out, 0, "callbacks.0.wall", "2026-11-24T10:30");
    assert_value(out, 0, "callbacks.0.zone", "Asia/Riyadh");
    assert_int_equal(run("log 2 callback --when 2026-11-24T10:30+01:00").status, 0);
    assert_value(run_ok("show 2 --json"), 0, "callbacks.0.due_at", "2026-11-24T09:30:00Z");
    /* with an offset nobody needs to know where they are */
    assert_int_equal(run("log 4 interested --when 2026-11-24T10:30Z").status, 0);
    /* --at is now: what lies before the clock may still be to come */
    run_ok("log 3 callback --when 2026-11-20T15:00Z --at 2026-11-20T14:00Z");
    assert_value(run_ok("show 3 --json"), 0, "touches.0.at", "2026-11-20T14:00:00Z");
}

TEST(log_asks_when_two_clocks_differ)
{
    /* Arizona or Denver: an address in a state of two zones, which differ in summer alone */
    fresh_with("Name,Phone,Country,State\nSam Two,+12085550100,US,ID\n");
    char zone[VALUE_SIZE];
    json_value(run_ok("show 1 --json"), 0, "zone", zone);
    assert_non_null(strchr(zone, ','));
    run_refused(2, "give it with its offset", "log 1 callback --when 'tomorrow 10:00'");
    run_ok("log 1 callback --when +2h --at 2026-11-23T18:00Z");
}

TEST(correct_gives_a_touch_another_outcome)
{
    fresh_with(PEOPLE);
    char touch[VALUE_SIZE];
    json_value(run_ok("log 1 sale --amount 5 --json"), 0, "touch", touch);
    const char *out = run_ok("correct %s not-interested --reason price --json", touch);
    assert_keys(out, 0, "touch id state not_before");
    assert_value(out, 0, "id", "1");
    out = run_ok("show 1 --json");
    assert_value(out, 0, "touches.0.voided", "true");
    assert_value(out, 0, "touches.1.outcome", "not-interested");
    assert_value(out, 0, "touches.1.corrects", touch);
    assert_value(out, 0, "reversals.0.by_correction", "true");
    run_refused(1, "taken back already", "correct 1 busy");
    assert_value(run_ok("stats --json"), 0, "sales", "0");
    run_ok("undo");
    assert_value(run_ok("stats --json"), 0, "sales", "1");
}

TEST(skip_rests_until_tomorrow_and_the_third_is_looked_at)
{
    fresh_with(PEOPLE);
    assert_value(run_ok("skip 1 in a meeting --json"), 0, "state", "resting");
    run_ok("skip 1 again --at 2026-11-24T12:00Z");
    assert_value(run_ok("skip 1 again --at 2026-11-25T12:00Z --json"), 0, "state", "review");
}

TEST(list_and_policy)
{
    fresh_with(PEOPLE);
    const char *out = run_ok("list --json");
    assert_int_equal(lines_of(out), 1);
    assert_value(out, 0, "name", "people");
    assert_value(out, 0, "members", "4");
    assert_int_equal(lines_of(run_ok("queue --json")), 2);
    assert_value(run_ok("policy people hours 16:00-17:00 --json"), 0, "hours", "16:00-17:00");
    assert_string_equal(run("queue --json").out, "");
    assert_int_equal(lines_of(run_ok("queue --json --at 2026-11-23T13:30Z")), 1);
    run_ok("policy people hours");
    assert_int_equal(lines_of(run_ok("queue --json")), 2);
    assert_value(run_ok("policy people dialling off --json"), 0, "dialling", "off");
    assert_value(run_ok("list --json"), 0, "dialling_blocked", "true");
    assert_value(run_ok("policy people dialling --json"), 0, "dialling", "on");
    run_refused(2, "neither on nor off", "policy people dialling maybe");
    run_refused(2, "hours", "policy people hours 25:00");
    run_refused(1, "people", "policy nowhere");
}

TEST(search_finds_names_numbers_mail_and_notes)
{
    fresh_with(PEOPLE);
    run_ok("log 2 busy --note 'wants the kiosk in spring' --at 2026-11-23T16:00Z");
    static const char *const rows[][3] = {
        {"layla", "1", "name"}, {"NOUR", "1", "company"}, {"0147", "2", "number"}, {"tom@bright", "2", "mail"}, {"spring", "2", "note"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *out = run_ok("search %s --json", rows[i][0]);
        assert_keys(out, 0, "id name company phone found_in");
        assert_value(out, 0, "id", rows[i][1]);
        assert_value(out, 0, "found_in", rows[i][2]);
    }
    assert_string_equal(run_ok("search xyzzy --json"), "");
}

TEST(suppress_binds_a_number)
{
    fresh_with(PEOPLE);
    assert_int_equal(run("suppress check +442079460400").status, 1);
    run_ok("suppress add +442079460400 --reason 'asked by mail'");
    const char *out = run_ok("suppress check +442079460400 --json");
    assert_value(out, 0, "suppressed", "true");
    assert_value(out, 0, "scope", "line");
    assert_value(out, 0, "reason", "asked by mail");
    assert_value(run_ok("queue --json"), 0, "phone", "+442079460412"); /* the other number */
    run_refused(2, "needs a reason", "suppress remove +442079460400");
    run_ok("suppress remove +442079460400 --reason 'asked again'");
    assert_int_equal(run("suppress check +442079460400").status, 1);
    run_refused(1, "not suppressed", "suppress remove +442079460400 --reason x");
    run_refused(2, "suppress does", "suppress forget +442079460400");
    run_refused(2, "cannot be a number", "suppress add nonsense");

    char path[512];
    snprintf(path, sizeof path, "%s/registry.csv", test_dir());
    static const char registry[] = "number\n+442079460412\n+13125550147\n+13125550147\nrubbish\n";
    test_write_file(path, registry, sizeof registry - 1);
    run_refused(2, "--registry", "suppress import x");
    char words[700];
    snprintf(words, sizeof words, "suppress import %s --registry TPS --as-of soon", path);
    run_refused(2, "not a day", words);
    out = run_ok("suppress import %s --registry TPS --as-of 2026-11-01 --json", path);
    assert_value(out, 0, "added", "2");
    assert_value(out, 0, "refused", "2");
    assert_int_equal(run("suppress check +13125550147").status, 0);
    assert_value(run_ok("suppress check +13125550147 --json"), 0, "as_of", "2026-11-01");
}
