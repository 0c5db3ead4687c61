/* SPDX-License-Identifier: MIT */
/* The tables of actions and settings, walked; keys, commands and the config file. */
#include <stdio.h>
#include <string.h>

#include "seat.h"

TEST(table_every_action_is_whole)
{
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        if (info->help[0] == '\0')
            fail_msg("action %d has no help", (int)id);
        if (info->command[0] == '\0' && info->contexts == 0)
            fail_msg("action %d can be reached by no key and no command", (int)id);
        if (info->keys[0] != '\0' && info->contexts == 0)
            fail_msg("%s has keys and no context", info->command);
        for (enum action_id other = id + 1; other < ACTION_COUNT_; other++)
            if (info->command[0] != '\0' && strcmp(info->command, action_info(other)->command) == 0)
                fail_msg("\"%s\" is two commands", info->command);
    }
}

static bool types_there(enum context c, const struct key *key)
{
    return key->code == KEY_CODE_CHAR && key->mods == 0 &&
           (c == CONTEXT_NOTES || c == CONTEXT_PROMPT || c == CONTEXT_FORM);
}

TEST(characters_type_themselves_where_there_is_text)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    static const enum context contexts[] = {CONTEXT_NOTES, CONTEXT_PROMPT, CONTEXT_FORM};
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++)
        for (char c = '!'; c <= '~'; c++) {
            struct key key = key_char((char[]){c, '\0'});
            struct str args;
            if (app_key_action(s.app, contexts[i], &key, &args) != ACTION_NONE)
                fail_msg("'%c' does not type itself in %s", c, context_name(contexts[i]));
        }
    seat_close(&s);
}

/* Every default key of the table leads to its own action, and to no other: that is also the test for duplicates. */
TEST(table_every_default_key_leads_home)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        struct str rest = str_of(info->keys), word, args = STR("");
        while (str_word(&rest, &word)) {
            struct key key;
            struct error err = {0};
            if (!key_parse(word, &key, &err))
                fail_msg("%.*s: %s", STR_ARG(word), err.text);
            for (enum context c = 0; c < CONTEXT_COUNT_; c++)
                if ((info->contexts & 1u << c) != 0 && !types_there(c, &key) &&
                    app_key_action(s.app, c, &key, &args) != id)
                    fail_msg("%.*s in %s is \"%s\", not \"%s\"", STR_ARG(word), context_name(c),
                             action_info(app_key_action(s.app, c, &key, &args))->help, info->help);
        }
    }
    seat_close(&s);
}

TEST(table_every_setting_takes_its_default)
{
    struct settings *s = settings_new();
    for (enum setting id = 0; id < SETTING_COUNT_; id++) {
        struct error err = {0};
        enum setting ret = SETTING_COUNT_;
        if (setting_default(id)[0] != '\0' &&
            !setting_set(s, str_of(setting_name(id)), str_of(setting_default(id)), SETTING_FROM_FILE, &ret, &err))
            fail_msg("%s: %s", setting_name(id), err.text);
        assert_true(setting_help(id)[0] != '\0' && setting_type_text(id)[0] != '\0');
    }
    settings_free(s);
}

TEST(settings_say_what_they_expect)
{
    static const struct {
        const char *name, *value;
        enum setting_origin origin;
        const char *says;
    } rows[] = {
        {"hours", "9-25", SETTING_FROM_SESSION, "hours"},
        {"days", "someday", SETTING_FROM_SESSION, "days"},
        {"attempt-cap", "101", SETTING_FROM_SESSION, "0 to 100"},
        {"attempt-cap", "-1", SETTING_FROM_SESSION, "0 to 100"},
        {"attempt-cap", "6x", SETTING_FROM_SESSION, "0 to 100"},
        {"windows", "maybe", SETTING_FROM_SESSION, "on or off"},
        {"dialer", "telepathy", SETTING_FROM_SESSION, "manual command baresip ami null"},
        {"retry-callback", "2bd", SETTING_FROM_SESSION, "15m"},
        {"retry-callback", "-5m", SETTING_FROM_SESSION, "15m"},
        {"country", "Germany", SETTING_FROM_SESSION, "two letters"},
        {"hour", "09:00-18:00", SETTING_FROM_SESSION, "did you mean hours"},
        {"colors", "mono", SETTING_FROM_SESSION, "did you mean colours"},
        {"frobnicate", "1", SETTING_FROM_SESSION, "no setting is called"},
        {"dial-command", "rm -rf %n", SETTING_FROM_SESSION, "calldeck.conf"},
        {"copy-command", "x", SETTING_FROM_SESSION, "calldeck.conf"},
        {"rep", "a\nb", SETTING_FROM_SESSION, "one line"},
    };
    struct settings *s = settings_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};
        if (setting_set(s, str_of(rows[i].name), str_of(rows[i].value), rows[i].origin, NULL, &err))
            fail_msg("%s took %s", rows[i].name, rows[i].value);
        if (strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s %s: \"%s\" lacks \"%s\"", rows[i].name, rows[i].value, err.text, rows[i].says);
    }
    settings_free(s);
}

TEST(settings_make_the_policy)
{
    struct settings *s = settings_new();
    struct policy p;
    settings_policy(s, &p);
    assert_int_equal(p.hours_start_min, 540);
    assert_int_equal(p.days, 0); /* the country's own week, though hours have a default */
    assert_true(p.windows);
    assert_true(setting_set(s, STR("hours"), STR("00:00-24:00"), SETTING_FROM_FILE, NULL, NULL));
    assert_true(setting_set(s, STR("attempt-cap"), STR("8"), SETTING_FROM_FILE, NULL, NULL));
    assert_true(setting_set(s, STR("windows"), STR("off"), SETTING_FROM_FILE, NULL, NULL));
    settings_policy(s, &p);
    assert_int_equal(p.hours_end_min, 1440);
    assert_int_equal(p.days, 0x7f); /* hours cover all days unless days are set */
    assert_int_equal(p.attempt_cap, 8);
    assert_false(p.windows);
    assert_true(setting_set(s, STR("days"), STR("mon-fri"), SETTING_FROM_SESSION, NULL, NULL));
    settings_policy(s, &p);
    assert_int_equal(p.days, 0x1f);
    settings_free(s);
}

TEST(bar_letters_come_from_the_outcome_rows)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    const struct outcome_table *t = store_outcomes(s.store);
    for (size_t i = 0; i < t->count; i++) {
        struct key key = key_char((char[]){t->rows[i].key, '\0'});
        struct str args = STR("");
        assert_int_equal(app_key_action(s.app, CONTEXT_BAR, &key, &args), ACTION_OUTCOME);
        assert_int_equal(args.len, 1);
        assert_int_equal(args.at[0], t->rows[i].key);
    }
    struct key seven = key_char("7");
    struct str args = STR("");
    assert_int_equal(app_key_action(s.app, CONTEXT_DECK, &seven, &args), ACTION_PICK_NUMBER);
    assert_true(str_is(args, "7"));
    seat_close(&s);
}

TEST(alt_letters_are_the_editors_until_they_are_wanted)
{
    struct seat s;
    struct error err = {0};
    seat_open(&s, NULL, 1);
    struct key alt_b = key_char("b");
    struct str args = STR("");
    alt_b.mods = KEY_MOD_ALT;
    assert_int_equal(app_key_action(s.app, CONTEXT_NOTES, &alt_b, &args), ACTION_WORD_LEFT);
    assert_true(seat_command(&s, "set alt-outcomes on", &err));
    assert_int_equal(app_key_action(s.app, CONTEXT_NOTES, &alt_b, &args), ACTION_OUTCOME);
    /* without a call they are still word keys */
    seat_keys(&s, "Tab 'one two' M-b");
    assert_int_equal(editor_cursor(s.app->notes), 4);
    assert_int_equal(s.app->prompt.kind, PROMPT_NONE);
    assert_true(seat_command(&s, "set alt-outcomes off", &err));
    assert_int_equal(app_key_action(s.app, CONTEXT_NOTES, &alt_b, &args), ACTION_WORD_LEFT);
    seat_close(&s);
}

TEST(commands_say_what_they_expect)
{
    static const struct {
        const char *line;
        enum error_code code;
        const char *says;
    } rows[] = {
        {"frobnicate", ERR_USAGE, "no command is called \"frobnicate\""},
        {"s", ERR_USAGE, "may be"},
        {"set", ERR_USAGE, "expected: set NAME VALUE"},
        {"refresh now", ERR_USAGE, "takes no words"},
        {"bind deck", ERR_USAGE, "expected: bind"},
        {"bind nowhere F2 agenda", ERR_USAGE, "no context"},
        {"bind deck Nokey agenda", ERR_USAGE, "Nokey"},
        {"bind notes x agenda", ERR_REFUSED, "types itself"},
        {"bind deck F2 nothing", ERR_USAGE, "no command"},
        {"snippet only", ERR_USAGE, "snippet NAME TEXT"},
        {"dialer carrier-pigeon", ERR_REFUSED, "dialled"},
        {"policy hours 09:00-18:00", ERR_REFUSED, "one list"},
        {"revert soon", ERR_USAGE, "no batch"},
        {"auto", ERR_REFUSED, "does not know"},
        {"screenshot x", ERR_REFUSED, "no screen"},
        {"stats since whenever", ERR_USAGE, ""},
    };
    struct seat s;
    seat_open(&s, NULL, 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error err = {0};
        if (seat_command(&s, rows[i].line, &err))
            fail_msg("%s was done", rows[i].line);
        if (err.code != rows[i].code || strstr(err.text, rows[i].says) == NULL)
            fail_msg("%s: %d \"%s\"", rows[i].line, (int)err.code, err.text);
    }
    struct error err = {0};
    assert_true(seat_command(&s, "", &err));
    assert_true(seat_command(&s, "# nothing", &err));
    assert_true(seat_command(&s, ":agen", &err)); /* an unambiguous beginning, with the colon of habit */
    assert_int_equal(s.app->screen, SCREEN_AGENDA);
    seat_close(&s);
}

static void collect(const char *line, void *user)
{
    struct buf *b = user;
    buf_printf(b, "%s\n", line);
}

TEST(config_names_file_line_and_what_was_expected)
{
    static const char text[] = "# mine\n"
                               "set hours 08:00-20:00\n"
                               "set attempt-cap many\n"
                               "bind deck F2 agenda\n"
                               "bind deck F3\n"
                               "quit\n"
                               "snippet mail sends the price list by mail\n"
                               "set dial-command xdg-open tel:%n\n"
                               "\xff\xfe\n"
                               "set alt-outcomes on";
    struct seat s;
    struct buf said;
    const char *path = test_path("calldeck.conf");
    seat_open(&s, NULL, 1);
    buf_init(&said);
    test_write_file(path, text, sizeof text - 1);
    assert_false(app_config(s.app, path, collect, &said));
    assert_non_null(
        strstr(said.at, "calldeck.conf:3: \"many\" is no value for \"attempt-cap\", expected a number from 0 to 100"));
    assert_non_null(strstr(said.at, "calldeck.conf:5: expected: bind CONTEXT KEY"));
    assert_non_null(strstr(said.at, "calldeck.conf:6: \"quit\" has no place in a config file"));
    assert_non_null(strstr(said.at, "calldeck.conf:9: "));
    assert_null(strstr(said.at, "calldeck.conf:8"));
    /* the rest loaded */
    assert_string_equal(setting_text(s.settings, SETTING_HOURS), "08:00-20:00");
    assert_true(setting_bool(s.settings, SETTING_ALT_OUTCOMES));
    assert_int_equal(s.app->snippets_count, 1);
    seat_keys(&s, "F2");
    assert_int_equal(s.app->screen, SCREEN_AGENDA);
    assert_false(s.app->quit);
    assert_true(app_config(s.app, test_path("none.conf"), collect, &said));
    buf_done(&said);
    seat_close(&s);
}

TEST(help_lists_every_key_and_every_command)
{
    struct seat s;
    seat_open(&s, NULL, 1);
    seat_keys(&s, "?");
    assert_int_equal(s.app->screen, SCREEN_HELP);
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        bool here = (info->contexts & (1u << CONTEXT_DECK | 1u << CONTEXT_NOTES)) != 0 && info->keys[0] != '\0';
        if ((here || info->command[0] != '\0') && !seat_view_says(&s, info->help))
            fail_msg("help lacks \"%s\"", info->help);
    }
    for (enum setting id = 0; id < SETTING_COUNT_; id++)
        if (!seat_view_says(&s, setting_name(id)))
            fail_msg("help lacks \"%s\"", setting_name(id));
    assert_true(seat_view_says(&s, "PgDn / C-f"));
    seat_keys(&s, "q");
    assert_int_equal(s.app->screen, SCREEN_DECK);
    assert_true(seat_command(&s, "help snapshots", NULL));
    assert_true(seat_view_says(&s, "daily copies"));
    assert_false(seat_view_says(&s, "dial the person"));
    seat_close(&s);
}
