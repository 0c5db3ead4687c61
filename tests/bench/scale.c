/* SPDX-License-Identifier: MIT */
/*
 * Is the queue flat? The store's part of an outcome key, without the disk's own wait.
 *
 *     scale DATABASE CALLS     prints one line: next row p50 p99, the same with its card p50 p99, twenty rows p50 p99,
 *                              counts p50 p99, dial p50 p99, outcome p50 p99, in microseconds, then the microseconds that
 *                              learning from one call takes
 *     scale DATABASE peer      prints the milliseconds, the median of five, that SQLite takes for the same row by ORDER BY
 *
 * The store is the product's own, opened as the program opens it; every call changes the file. A sync to the disk costs
 * what the disk costs, whatever the list's size: here it is left out, so that what is left is the work of the program.
 * Some calls are answered, so that the learner learns talks too. Between two calls the upkeep runs, as it does between keys.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sqlite3.h>

#include "calldeck/alloc.h"
#include "calldeck/learn.h"
#include "calldeck/store.h"

/* SQLite's own calls end here, as the program comes before the library. */
int fdatasync(int fd);
int fdatasync(int fd)
{
    (void)fd;
    return 0;
}
int fsync(int fd);
int fsync(int fd)
{
    (void)fd;
    return 0;
}

enum part { NEXT, CARD, TWENTY, COUNTS, DIAL, OUTCOME, PARTS };

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const struct outcome *outcome_nth(const struct outcome_table *table, size_t nth)
{
    static const char *const codes[] = {"no-answer", "voicemail", "no-answer", "not-interested", "busy", "no-answer", "gatekeeper", "later"};
    return outcome_by_code(table, str_of(codes[nth % (sizeof codes / sizeof *codes)]));
}

/* One call, from the card to the outcome. */
static bool call(struct store *s, size_t nth, int64_t at, double *const us[PARTS], struct error *err)
{
    struct arena a = {0};
    const struct queue_row *rows;
    struct queue_count counted;
    struct card card;
    size_t count;
    int64_t touch;
    double began = now_us();
    bool ok = queue_head(s, 0, at, 1, &a, &rows, &count, err) && (count == 1 || error_set(err, ERR_NOT_FOUND, "the queue is empty"));
    us[NEXT][nth] = now_us() - began;
    ok = ok && card_load(s, rows->prospect_id, 0, at, 20, &a, &card, err);
    us[CARD][nth] = now_us() - began;
    const struct queue_row first = ok ? *rows : (struct queue_row){0};
    began = now_us();
    ok = ok && queue_head(s, 0, at, 20, &a, &rows, &count, err);
    us[TWENTY][nth] = now_us() - began;
    began = now_us();
    ok = ok && queue_count(s, 0, at, false, &counted, err);
    us[COUNTS][nth] = now_us() - began;
    began = now_us();
    ok = ok && call_begin(s, first.prospect_id, first.list_id, first.phone_id, STR("out"), at, STR(""), &touch, err);
    us[DIAL][nth] = now_us() - began;
    struct outcome_entry entry = {.outcome = outcome_nth(store_outcomes(s), nth), .when_at = AT_NONE, .talk_s = -1};
    began = now_us();
    ok = ok && outcome_file(s, touch, &entry, at + 30, err);
    us[OUTCOME][nth] = now_us() - began;
    arena_done(&a);
    return ok;
}

static double learn_us(void)
{
    static struct learn_journal journal;
    enum { CALLS = 100000, COLUMNS = 8 };
    struct learner *l = learner_new();
    struct learn_own own;
    double began = now_us();
    for (uint64_t i = 0; i < CALLS; i++) {
        struct learn_attribute columns[COLUMNS];
        char words[COLUMNS][2][16];
        for (unsigned k = 0; k < COLUMNS; k++) {
            snprintf(words[k][0], sizeof words[k][0], "column %u", k);
            snprintf(words[k][1], sizeof words[k][1], "value %u", (unsigned)(i * 2654435761u >> (8 + k)) % 12);
            columns[k] = (struct learn_attribute){str_of(words[k][0]), str_of(words[k][1])};
        }
        struct learn_person p = {.source = STR("trade fair"), .attempts = (int)(i % 5), .attributes = columns, .attributes_count = COLUMNS};
        struct learn_cell c = {.band = LEARN_BAND_NONE, .hour = 9 + (int)(i % 9), .weekday = (enum weekday)(i % 5)};
        struct learn_result r = {.answered = i % 8 == 0, .right_person = i % 8 == 0, .sale = i % 64 == 0, .refusal = i % 16 == 8};
        learner_learn(l, &p, &c, &r, &own, &journal);
    }
    learner_free(l);
    return (now_us() - began) / CALLS;
}

static bool run(const char *path, size_t calls, struct error *err)
{
    static const char *const open[][2] = {{"hours", "00:00-24:00"}, {"days", "all"}, {"windows", "off"}, {"audience", "business"}};
    struct policy policy;
    double *us[PARTS];
    policy_defaults(&policy);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (!policy_set(&policy, str_of(open[i][0]), str_of(open[i][1]), err))
            return false;
    struct store_options options = {.mode = STORE_WRITE, .policy = &policy, .rep = "bench", .now = 0, .busy_ms = 1000, .zones = zone_table_new(NULL)};
    int64_t at = (int64_t)time(NULL);
    options.now = at;
    struct store *s = store_open(path, &options, err);
    bool ok = s != NULL;
    while (ok && store_idle(s, at, 100)) /* what waits since the import */
        continue;
    for (int i = 0; i < PARTS; i++)
        us[i] = alloc_zeroed(calls, sizeof *us[i]);
    for (size_t i = 0; ok && i < calls; i++) {
        ok = call(s, i, at + 60 * (int64_t)i, us, err);
        for (int slices = 10; slices > 0 && store_idle(s, at + 60 * (int64_t)i, 5); slices--)
            continue; /* as between two keys; what was learned reaches all keys in the end */
    }
    for (int i = 0; ok && i < PARTS; i++) {
        qsort(us[i], calls, sizeof *us[i], compare);
        printf("%.0f %.0f ", us[i][calls / 2], us[i][calls * 99 / 100]);
    }
    if (ok)
        printf("%.1f\n", learn_us());
    for (int i = 0; i < PARTS; i++)
        free(us[i]);
    store_close(s);
    zone_table_free(options.zones);
    return ok;
}

static bool peer(const char *path)
{
    sqlite3 *db = NULL;
    double ms[5];
    bool ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    for (int i = 0; ok && i < 5; i++) {
        double began = now_us();
        ok = sqlite3_exec(db, "SELECT prospect_id FROM list_member NOT INDEXED ORDER BY +sort LIMIT 1", NULL, NULL, NULL) == SQLITE_OK;
        ms[i] = (now_us() - began) / 1000;
    }
    if (ok) {
        qsort(ms, 5, sizeof *ms, compare);
        printf("%.1f\n", ms[2]);
    } else
        fprintf(stderr, "scale: %s\n", sqlite3_errmsg(db));
    sqlite3_close(db);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err = {0};
    if (argc == 3 && strcmp(argv[2], "peer") == 0)
        return !peer(argv[1]);
    size_t calls = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    if (calls == 0) {
        fprintf(stderr, "usage: scale DATABASE CALLS|peer\n");
        return 2;
    }
    if (run(argv[1], calls, &err))
        return 0;
    fprintf(stderr, "scale: %s\n", err.text);
    return 1;
}
