/* SPDX-License-Identifier: MIT */
/* The verbs that are run under faults, the file they are run on, and how to see what they left. */
#include "faults.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk.h"

/* ---- files ---- */

void copy_file(const char *from, const char *to)
{
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    char part[1 << 16];
    for (size_t n; (n = fread(part, 1, sizeof part, in)) > 0;)
        assert_int_equal(fwrite(part, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static uint64_t mix(uint64_t h, const void *data, size_t len)
{
    const unsigned char *p = data;
    for (size_t i = 0; i < len; i++)
        h = (h ^ p[i]) * UINT64_C(1099511628211);
    return h;
}

uint64_t content_of(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL, *rows = NULL;
    uint64_t h = UINT64_C(14695981039346656037);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, "unix"), SQLITE_OK);
    if (sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' ORDER BY name", -1,
                           &tables, NULL) != SQLITE_OK)
        fail_msg("%s: %s", path, sqlite3_errmsg(db));
    while (sqlite3_step(tables) == SQLITE_ROW) {
        char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", sqlite3_column_text(tables, 0));
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
        sqlite3_free(sql);
        uint64_t sum = 0; /* rows in any order */
        while (sqlite3_step(rows) == SQLITE_ROW) {
            uint64_t row = h;
            for (int i = 0; i < sqlite3_column_count(rows); i++) {
                int type = sqlite3_column_type(rows, i);
                row = mix(row, &type, sizeof type);
                const void *at = sqlite3_column_blob(rows, i);
                row = mix(row, at, (size_t)sqlite3_column_bytes(rows, i));
            }
            sum += row;
        }
        sqlite3_finalize(rows);
        h = mix(h, &sum, sizeof sum);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    return h;
}

int64_t count_in(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, "unix"), SQLITE_OK);
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW)
        fail_msg("%s: %s: %s", path, sql, sqlite3_errmsg(db));
    int64_t count = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return count;
}

const char *pristine(void)
{
    static const char *path;
    if (path != NULL)
        return path;
    const char *made = test_path("pristine.db");
    struct store *s = desk_open(made);
    static const struct desk_person people[] = {
        {"Layla Haddad", "Nour Trading", "+966501234567", "layla@nour.example"},
        {"Tom Okafor", "Brightline", "+12065550100", "tom@brightline.example"},
        {"Ana Souza", "Lumen", "+5511987654321", NULL},
        {"Jo Lee", "Lumen", "+5511987654321", NULL}, /* a company line */
        {"Jürgen Weiß", "Kessel AG", "+493012345678", NULL},
        {"Nobody Yet", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
        desk_add(s, i % 2 ? "spring" : "autumn", people[i]);
    desk_log(s, 1, "no-answer", DESK_NOW - 7 * DAY_S, "rang twice");
    desk_log(s, 2, "callback", DESK_NOW - 6 * DAY_S, "after lunch");
    desk_log(s, 3, "later", DESK_NOW - 3600, "");
    assert_done(draft_save(s, 5, STR("half a sentence"), 15, DESK_NOW, false, err));
    desk_close(s);
    return path = made;
}

/* ---- verbs that write ---- */

static bool do_draft(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    return draft_save(s, 1, STR("wants delivery before Ramadan"), 5, DESK_NOW, true, err);
}

static bool do_call(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    int64_t touch;
    return call_begin(s, 1, 1, 0, STR("out"), DESK_NOW, STR(""), &touch, err);
}

static bool do_log(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("appointment")),
                                      .note = STR("met at the fair"),
                                      .when_at = DESK_NOW + DAY_S,
                                      .talk_s = 90},
                            .prospect_id = 1,
                            .direction = STR("out"),
                            .at = DESK_NOW,
                            .recorded_at = DESK_NOW};
    int64_t touch;
    return outcome_log(s, &log, &touch, err);
}

static bool do_never(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("do-not-call")),
                                      .when_at = AT_NONE,
                                      .scope = SCOPE_COMPANY,
                                      .talk_s = -1},
                            .prospect_id = 3,
                            .direction = STR("out"),
                            .at = DESK_NOW,
                            .recorded_at = DESK_NOW};
    int64_t touch;
    return outcome_log(s, &log, &touch, err);
}

static bool do_dead_line(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(s), STR("out-of-service")),
                                      .when_at = AT_NONE,
                                      .talk_s = -1},
                            .prospect_id = 4,
                            .direction = STR("out"),
                            .at = DESK_NOW,
                            .recorded_at = DESK_NOW};
    int64_t touch;
    return outcome_log(s, &log, &touch, err);
}

static bool do_callback(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct outcome_entry when = {.when_at = DESK_NOW + 2 * DAY_S, .talk_s = -1};
    return callback_make(s, 1, &when, PROMISE_CALLBACK, DESK_NOW, err);
}

static bool do_suppress(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    return suppress_add(s, SCOPE_LINE, 0, STR("+5511987654321"), STR("asked"), STR("rep"), DESK_NOW, err);
}

static bool do_undo(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct arena a = {0};
    struct undone undone;
    bool ok = undo_last(s, false, DESK_NOW, DESK_NOW, &a, &undone, err);
    arena_done(&a);
    return ok;
}

static bool do_edit(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    return prospect_edit(s, 2, STR("company"), STR("A quite new company"), DESK_NOW, err);
}

static bool do_add(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct new_phone phone = {.e164 = STR("+4930999999"), .national = STR("030 999999"), .region = STR("DE"), .type = STR("fixed")};
    struct new_person person = {.name = STR("A New Person"), .company_of = 1, .phone = &phone, .next = true};
    int64_t id;
    return prospect_add(s, 1, &person, DESK_NOW, &id, err);
}

static bool do_phone(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    struct new_phone phone = {.e164 = STR("+4930888888"), .national = STR("030 888888"), .region = STR("DE"), .type = STR("fixed")};
    return prospect_add_phone(s, 6, &phone, true, DESK_NOW, err);
}

static bool do_skip(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    bool review;
    return prospect_skip(s, 1, STR("on holiday"), DESK_NOW, &review, err);
}

static bool do_policy(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    return list_policy_set(s, 1, STR("cap"), STR("1"), DESK_NOW, err);
}

/* ---- verbs that read ---- */

static uint64_t mix_str(uint64_t h, struct str s)
{
    return mix(mix(h, &s.len, sizeof s.len), s.at, s.len);
}

static bool do_queue(struct store *s, uint64_t *answer, struct error *err)
{
    struct arena a = {0};
    const struct queue_row *rows;
    size_t count;
    bool ok = queue_head(s, 0, DESK_NOW, 50, &a, &rows, &count, err);
    for (size_t i = 0; ok && i < count; i++)
        *answer = mix_str(mix_str(mix(*answer, &rows[i].prospect_id, sizeof rows[i].prospect_id), rows[i].name), rows[i].phone);
    arena_done(&a);
    return ok;
}

static bool do_count(struct store *s, uint64_t *answer, struct error *err)
{
    struct queue_count count;
    bool ok = queue_count(s, 0, DESK_NOW, true, &count, err);
    if (ok)
        *answer = mix(*answer, count.by_state, sizeof count.by_state);
    return ok;
}

static bool do_card(struct store *s, uint64_t *answer, struct error *err)
{
    struct arena a = {0};
    struct card card;
    bool ok = card_load(s, 2, 0, DESK_NOW, 0, &a, &card, err);
    if (ok) {
        *answer = mix_str(mix_str(mix_str(*answer, card.name), card.company), card.zones);
        for (size_t i = 0; i < card.phones_count; i++)
            *answer = mix_str(*answer, card.phones[i].e164);
        for (size_t i = 0; i < card.mails_count; i++)
            *answer = mix_str(*answer, card.mails[i].address);
        for (size_t i = 0; i < card.touches_count; i++)
            *answer = mix_str(mix_str(*answer, card.touches[i].note), card.touches[i].number);
        for (size_t i = 0; i < card.callbacks_count; i++)
            *answer = mix_str(mix_str(*answer, card.callbacks[i].wall), card.callbacks[i].zone);
    }
    arena_done(&a);
    return ok;
}

static bool do_search(struct store *s, uint64_t *answer, struct error *err)
{
    static const char *const words[] = {"l", "lumen", "0100", "sentence", "tom@", "lunch"};
    bool ok = true;
    for (size_t j = 0; ok && j < sizeof words / sizeof words[0]; j++) {
        struct arena a = {0};
        const struct found *rows;
        size_t count;
        ok = search_run(s, str_of(words[j]), 50, &a, &rows, &count, err);
        for (size_t i = 0; ok && i < count; i++)
            *answer = mix_str(mix_str(mix(*answer, &rows[i].id, sizeof rows[i].id), rows[i].name), rows[i].phone);
        arena_done(&a);
    }
    return ok;
}

static bool do_stats(struct store *s, uint64_t *answer, struct error *err)
{
    struct arena a = {0};
    struct stats stats;
    bool ok = stats_load(s, AT_NONE, AT_MAX, &a, &stats, err);
    if (ok)
        *answer = mix(*answer, &stats.dials, sizeof stats.dials);
    arena_done(&a);
    return ok;
}

static bool see_card(const struct card *card, void *user)
{
    *(uint64_t *)user = mix_str(mix_str(*(uint64_t *)user, card->name), card->note);
    return true;
}

static bool see_touch(const struct export_touch *row, void *user)
{
    *(uint64_t *)user = mix_str(mix_str(*(uint64_t *)user, row->name), row->touch->note);
    return true;
}

static bool do_export(struct store *s, uint64_t *answer, struct error *err)
{
    return export_cards(s, 0, see_card, answer, err) && export_touches(s, 0, AT_NONE, see_touch, answer, err);
}

static bool do_check(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    return store_check(s, NULL, NULL, err);
}

static bool do_backup(struct store *s, uint64_t *answer, struct error *err)
{
    (void)answer;
    const char *path = test_path("work-backup.db");
    bool ok = store_backup(s, path, err);
    assert_int_equal(desk_files(test_dir(), "work-backup.db"), ok ? 1 : 0); /* whole or not there */
    memory_pause(true);
    if (ok)
        assert_int_equal(count_in(path, "SELECT count(*) FROM prospect"), 6);
    memory_pause(false);
    unlink(path);
    return ok;
}

const struct work works[] = {
    {.name = "draft", .writes = true, .run = do_draft},
    {.name = "call", .writes = true, .run = do_call},
    {.name = "log", .writes = true, .run = do_log},
    {.name = "never", .writes = true, .run = do_never},
    {.name = "dead line", .writes = true, .run = do_dead_line},
    {.name = "callback", .writes = true, .run = do_callback},
    {.name = "suppress", .writes = true, .run = do_suppress},
    {.name = "undo", .writes = true, .run = do_undo},
    {.name = "edit", .writes = true, .run = do_edit},
    {.name = "add", .writes = true, .run = do_add},
    {.name = "phone", .writes = true, .run = do_phone},
    {.name = "skip", .writes = true, .run = do_skip},
    {.name = "policy", .writes = true, .run = do_policy},
    {.name = "queue", .writes = false, .run = do_queue},
    {.name = "count", .writes = false, .run = do_count},
    {.name = "card", .writes = false, .run = do_card},
    {.name = "search", .writes = false, .run = do_search},
    {.name = "stats", .writes = false, .run = do_stats},
    {.name = "export", .writes = false, .run = do_export},
    {.name = "check", .writes = false, .run = do_check},
    {.name = "backup", .writes = false, .run = do_backup},
};
const int works_count = sizeof works / sizeof works[0];
