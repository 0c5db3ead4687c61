/* SPDX-License-Identifier: MIT */
/* The manual says all that the tables hold, and says it so that roff, Markdown and the config reader understand. */
#include "calldeck/manual.h"

#include <stdio.h>
#include <string.h>

#include "../../../src/cli/manual_rows.h"
#include "calldeck/settings.h"
#include "test.h"

static void page(const char *name, struct buf *out)
{
    struct error err = {0};
    buf_init(out);
    assert_true(manual_page(str_of(name), out, &err));
    assert_true(out->len > 0);
    assert_int_equal(out->at[out->len - 1], '\n');
}

static void assert_has(const struct buf *b, const char *format, const char *word)
{
    struct buf want;
    buf_init(&want);
    for (const char *p = format; *p != '\0'; p++)
        if (*p == '@')
            buf_add_text(&want, word);
        else
            buf_add_char(&want, *p);
    if (strstr(b->at, want.at) == NULL)
        fail_msg("no \"%s\" in the page", want.at);
    buf_done(&want);
}

TEST(manual_names_its_pages_when_asked_for_another)
{
    struct buf out;
    struct error err = {0};
    buf_init(&out);
    assert_false(manual_page(STR("women"), &out, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_int_equal(out.len, 0);
    /* the table of commands promises the same pages */
    struct str rest = str_of(command_info(COMMAND_MANUAL)->arguments), name;
    while (str_next(&rest, '|', &name)) {
        struct error none = {0};
        assert_true(manual_page(name, &out, &none));
        char word[32];
        snprintf(word, sizeof word, "%.*s", STR_ARG(name));
        assert_non_null(strstr(err.text, word));
    }
    buf_done(&out);
}

/* Without the bars of a cell. */
static void as_cell(const char *text, struct buf *out)
{
    buf_init(out);
    for (; *text != '\0'; text++) {
        if (*text == '|')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

TEST(manual_keys_has_every_action)
{
    struct buf out;
    page("keys", &out);
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        struct buf help;
        as_cell(action_info((enum action_id)id)->help, &help);
        assert_has(&out, "| @ |", help.at);
        if (action_info((enum action_id)id)->command[0] != '\0')
            assert_has(&out, "`:@", action_info((enum action_id)id)->command);
        buf_done(&help);
    }
    buf_done(&out);
}

TEST(manual_tells_an_action_once_a_context)
{
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info((enum action_id)id);
        unsigned told = 0;
        for (int section = 0; section < SECTION_COUNT_; section++)
            if (section_has(section, (enum action_id)id))
                told |= section == SECTION_TYPING ? info->contexts : 1u << section;
        assert_int_equal(told, info->keys[0] != '\0' ? info->contexts : 0);
    }
}

TEST(keys_next_joins_runs)
{
    const struct {
        const char *keys, *want;
    } rows[] = {
        {"", ""},
        {"Enter", "Enter;"},
        {"j Down", "j;Down;"},
        {"1 2 3 4 5 6 7 8 9", "1-9;"},
        {"1 2 x", "1;2;x;"},
        {"a b c x y", "a-c;x;y;"},
        {"? F1", "?;F1;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf got;
        buf_init(&got);
        struct str rest = str_of(rows[i].keys), first, last;
        while (keys_next(&rest, &first, &last)) {
            buf_add_str(&got, first);
            if (!str_eq(first, last)) {
                buf_add_char(&got, '-');
                buf_add_str(&got, last);
            }
            buf_add_char(&got, ';');
        }
        assert_string_equal(got.at, rows[i].want);
        buf_done(&got);
    }
}

/* Markdown tables have as many cells in each row as in their head. */
static int cells(struct str line)
{
    int bars = 0;
    for (size_t i = 0; i < line.len; i++)
        bars += line.at[i] == '|' && (i == 0 || line.at[i - 1] != '\\');
    return bars;
}

TEST(manual_tables_are_whole)
{
    const char *pages[] = {"keys", "settings", "outcomes", "states", "commands"};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct buf out;
        page(pages[i], &out);
        struct str rest = buf_str(&out), line;
        int want = 0;
        while (str_next(&rest, '\n', &line)) {
            if (line.len == 0 || line.at[0] != '|') {
                want = 0;
                continue;
            }
            if (want == 0)
                want = cells(line);
            assert_int_equal(cells(line), want);
        }
        buf_done(&out);
    }
}

TEST(manual_has_every_setting_state_outcome_and_command)
{
    struct buf settings, states, outcomes, commands, man;
    page("settings", &settings);
    page("states", &states);
    page("outcomes", &outcomes);
    page("commands", &commands);
    page("man", &man);
    for (int i = 0; i < SETTING_COUNT_; i++)
        assert_has(&settings, "| `@` |", setting_name((enum setting)i));
    for (int i = 0; i < STATE_COUNT_; i++)
        assert_has(&states, "| `@` |", state_name((enum prospect_state)i));
    struct outcome_table t = outcome_defaults();
    for (size_t i = 0; i < t.count; i++)
        assert_has(&outcomes, "| `@` |", t.rows[i].code);
    for (int i = 0; i < COMMAND_COUNT_; i++) {
        assert_has(&commands, "| `@", command_info((enum command_id)i)->name);
        assert_has(&man, "\n\\&\\fB@\\fP", command_info((enum command_id)i)->name);
    }
    buf_done(&settings);
    buf_done(&states);
    buf_done(&outcomes);
    buf_done(&commands);
    buf_done(&man);
}

TEST(the_outcome_keys_of_the_actions_are_those_of_the_outcomes)
{
    struct outcome_table t = outcome_defaults();
    struct str rest = str_of(action_info(ACTION_OUTCOME)->keys), key;
    for (size_t i = 0; i < t.count; i++) {
        assert_true(str_word(&rest, &key));
        assert_int_equal(key.len, 1);
        assert_int_equal(key.at[0], t.rows[i].key);
    }
    assert_false(str_word(&rest, &key));
}

TEST(wait_words_say_what_outcomes_wait)
{
    const struct {
        const char *wait;
        int cap;
        const char *want;
    } rows[] = {
        {"", 0, ""},
        {"15m", 0, "15 minutes"},
        {"3h 1bd 2bd", 0, "3 hours, then 1 business day, then 2 business days"},
        {"1h", 0, "1 hour"},
        {"part", 0, "until the other part of the day"},
        {"1bd", 3, "1 business day; at most 3 of them"},
        {"", 2, "at most 2 of them"},
        {"soonish", 0, "soonish"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome o = {.wait = rows[i].wait, .cap = rows[i].cap};
        struct buf out;
        buf_init(&out);
        wait_words(&o, &out);
        assert_string_equal(out.at, rows[i].want);
        buf_done(&out);
    }
}

TEST(manual_man_is_plain_roff)
{
    const char *macros[] = {".TH ", ".SH ", ".SS ", ".TP", ".PP", ".RS", ".RE", ".nf", ".fi", ".B ", ".BI ", ".BR ", ".I ", ".IR ", ".RB ", ".\\\""};
    struct buf out;
    page("man", &out);
    struct str rest = buf_str(&out), line;
    while (str_next(&rest, '\n', &line)) {
        bool known = line.len == 0 || line.at[0] != '.';
        for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++)
            known = known || str_starts(line, macros[i]);
        if (!known || (line.len != 0 && line.at[0] == '\''))
            fail_msg("\"%.*s\" is a request that the page does not mean", STR_ARG(line));
        for (size_t i = 0; i < line.len; i++)
            if ((unsigned char)line.at[i] >= 0x80)
                fail_msg("\"%.*s\" is not ASCII", STR_ARG(line));
    }
    buf_done(&out);
}

static void count_line(const char *line, void *user)
{
    print_message("%s\n", line);
    (*(int *)user)++;
}

/* Whoever takes the # away from every line has what they had before. */
TEST(manual_conf_is_a_config_file)
{
    struct buf out, bare;
    page("conf", &out);
    buf_init(&bare);
    struct str rest = buf_str(&out), line;
    int sets = 0;
    while (str_next(&rest, '\n', &line)) {
        assert_true(line.len == 0 || line.at[0] == '#');
        if (str_starts(line, "#set ")) {
            sets++;
            buf_add_str(&bare, str_skip(line, 1));
            buf_add_char(&bare, '\n');
        }
    }
    assert_int_equal(sets, SETTING_COUNT_);
    test_write_file(test_path("bare.conf"), bare.at, bare.len);
    int bad = 0;
    struct settings *s = settings_new(), *untouched = settings_new();
    settings_load(s, test_path("bare.conf"), count_line, &bad);
    assert_int_equal(bad, 0);
    for (int i = 0; i < SETTING_COUNT_; i++) {
        struct str had = str_trim(str_of(setting_text(untouched, (enum setting)i)));
        assert_true(str_eq(str_trim(str_of(setting_text(s, (enum setting)i))), had));
    }
    settings_free(s);
    settings_free(untouched);
    buf_done(&out);
    buf_done(&bare);
}

TEST(exit_rows_are_in_order)
{
    int status, last = -1;
    const char *words;
    size_t count = 0;
    for (; exit_row(count, &status, &words); count++) {
        assert_true(status > last);
        assert_true(words[0] != '\0');
        last = status;
    }
    assert_int_equal(count, 6); /* 0 1 2 65 74 75 */
}
