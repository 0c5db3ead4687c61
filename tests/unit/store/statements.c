/* SPDX-License-Identifier: MIT */
/*
 * Every statement against the schema: it compiles, and what SQLite plans for it is what its row says (SEEK or SCAN).
 *
 * The database is empty and never analysed, as on the day it was made: plans are the ones that people get.
 */
#include "../../../src/store/db.h"
#include "desk.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_TABLES = 64 };
struct tables {
    char names[MOST_TABLES][64];
    int count;
    char partial[MOST_TABLES][64]; /* indexes that hold a part of the rows: to read one whole is to seek that part */
    int partial_count;
};

static void load_tables(struct store *s, struct tables *ret)
{
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(s->db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'", -1,
                                        &q, NULL),
                     SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW && ret->count < MOST_TABLES)
        snprintf(ret->names[ret->count++], sizeof ret->names[0], "%s", (const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    assert_true(ret->count > 20);
    assert_int_equal(sqlite3_prepare_v2(s->db, "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '% WHERE %'", -1, &q,
                                        NULL),
                     SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW && ret->partial_count < MOST_TABLES)
        snprintf(ret->partial[ret->partial_count++], sizeof ret->partial[0], "%s", (const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    assert_true(ret->partial_count > 5);
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        if ((p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_')) && !isalnum((unsigned char)p[len]) && p[len] != '_')
            return true;
    return false;
}

/* Is it the name of a table, or one that the statement gives to a table ("FROM prospect p", "JOIN list AS l")? */
static bool is_table(const struct tables *tables, const char *name, const char *sql)
{
    for (int i = 0; i < tables->count; i++) {
        char as[160], plain[160];
        snprintf(plain, sizeof plain, "%s %s", tables->names[i], name);
        snprintf(as, sizeof as, "%s AS %s", tables->names[i], name);
        if (strcmp(tables->names[i], name) == 0 || has_word(sql, plain) || has_word(sql, as))
            return true;
    }
    return false;
}

static bool reads_part(const struct tables *tables, const char *line)
{
    for (int i = 0; i < tables->partial_count; i++)
        if (has_word(line, tables->partial[i]))
            return true;
    return false;
}

/*
 * "SCAN prospect" and "SCAN m USING COVERING INDEX member_state" read it all. A LIMIT of one looks the same in a plan, and
 * says SCAN in its row as well. A part of an index ("SCAN t USING INDEX touch_open") is either, as its row finds it large or
 * small; so is the min() or max() of what is looked at from one end ("SEARCH batch").
 */
enum plan { SEEKS, SCANS, EITHER };
static enum plan plan_of(struct store *s, const struct tables *tables, const char *sql, char *ret_line, size_t size)
{
    char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(s->db, explain, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(s->db));
    sqlite3_free(explain);
    enum plan plan = SEEKS;
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(q, 3);
        char name[128];
        bool search = line != NULL && sscanf(line, "SEARCH %127s", name) == 1;
        if (line == NULL || (!search && sscanf(line, "SCAN %127s", name) != 1) || strstr(line, "VIRTUAL TABLE") != NULL)
            continue;
        if (!is_table(tables, name, sql))
            continue; /* a subquery, VALUES, json_each, CONSTANT ROW */
        if (reads_part(tables, line) || (search && strstr(line, " USING ") == NULL)) {
            plan = plan == SEEKS ? EITHER : plan;
        } else if (!search) {
            plan = SCANS;
            snprintf(ret_line, size, "%s", line);
        }
    }
    sqlite3_finalize(q);
    return plan;
}

TEST(statements_say_what_they_scan)
{
    struct store *s = desk_open(test_path("plans.db"));
    struct tables tables = {.count = 0};
    load_tables(s, &tables);
    int faults = 0;
    for (enum statement i = 0; i < STMT_COUNT_; i++) {
        char line[256] = "";
        const char *sql = statement_sql(i);
        enum plan plan = plan_of(s, &tables, sql, line, sizeof line);
        if (plan != EITHER && plan != (statement_scan(i) == SCAN ? SCANS : SEEKS)) {
            faults++;
            if (plan == SCANS)
                print_error("%s: \"%s\", but its row says SEEK: give it an index, or say SCAN\n", statement_name(i), line);
            else
                print_error("%s: scans nothing, but its row says SCAN\n", statement_name(i));
        }
    }
    if (faults != 0)
        fail_msg("%d statements do not say what they do", faults);
    desk_close(s);
}

/* The walk above is worth something: it sees a scan where there is one. */
TEST(statements_walk_sees_scans)
{
    static const struct {
        const char *sql;
        enum plan plan;
    } rows[] = {
        {"SELECT id FROM prospect", SCANS},
        {"SELECT x.name FROM prospect x ORDER BY x.folded", SCANS},
        {"SELECT x.name FROM prospect AS x WHERE name LIKE 'a%'", SCANS},
        {"SELECT name FROM prospect WHERE id = 1", SEEKS},
        {"SELECT name FROM prospect WHERE folded = 'a'", SEEKS},
        {"DELETE FROM draft", SCANS},
        {"DELETE FROM draft WHERE prospect_id = 1", SEEKS},
        {"UPDATE prospect SET name = name WHERE title = 'a'", SCANS},
        {"SELECT 1", SEEKS},
        {"SELECT * FROM (SELECT id FROM prospect WHERE id = 1) v", SEEKS},
        {"SELECT value FROM json_each('[1]')", SEEKS},
        {"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n", SEEKS},
        {"SELECT p.id FROM list l JOIN prospect p ON p.id = l.id", SCANS},
        {"SELECT rowid FROM search WHERE search MATCH 'a'", SEEKS},
        {"INSERT INTO search_todo SELECT id FROM prospect", SCANS},
        {"INSERT INTO search_todo VALUES (1)", SEEKS},
        {"PRAGMA user_version", SEEKS},
        {"SELECT prospect_id FROM touch WHERE completed_at IS NULL", EITHER},
        {"SELECT count(*) FROM touch WHERE note = 'a'", SCANS},
        {"SELECT min(id) FROM touch WHERE note = 'a'", EITHER},
    };
    struct store *s = desk_open(test_path("walk.db"));
    struct tables tables = {.count = 0};
    load_tables(s, &tables);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char line[256];
        if (plan_of(s, &tables, rows[i].sql, line, sizeof line) != rows[i].plan)
            fail_msg("%s", rows[i].sql);
    }
    desk_close(s);
}

TEST(statements_take_parameters_by_name)
{
    struct store *s = desk_open(test_path("names.db"));
    for (enum statement i = 0; i < STMT_COUNT_; i++) {
        sqlite3_stmt *q = NULL;
        const char *tail = NULL;
        if (sqlite3_prepare_v2(s->db, statement_sql(i), -1, &q, &tail) != SQLITE_OK)
            fail_msg("%s: %s", statement_name(i), sqlite3_errmsg(s->db));
        if (tail != NULL && *tail != '\0')
            fail_msg("%s: is more than one statement", statement_name(i));
        for (int j = 1; j <= sqlite3_bind_parameter_count(q); j++) {
            const char *name = sqlite3_bind_parameter_name(q, j);
            if (name == NULL || name[0] != ':')
                fail_msg("%s: parameter %d has no :name", statement_name(i), j);
        }
        sqlite3_finalize(q);
    }
    desk_close(s);
}
