/* SPDX-License-Identifier: MIT */
/*
 * Does the learner learn? A file of real telemarketing contacts in the order of time (Moro, Cortez, Rita 2014) is read
 * by the product's CSV reader, and each row is predicted before it is learned.
 *
 *     bank FILE        prints "AUC 0.8034  top half 0.823  2.9 us a row  41188 rows  4640 sales"
 *
 * AUC: how often a contact that became a sale was rated above one that did not. Top half: the share of all sales among
 * the better rated half. Nothing is told to the learner but the columns as they stand: a row is a person, `y` is what the
 * talk came to. `duration` is left out, being known only after the talk. Age and marital status are sensitive columns; for
 * this file they are switched on, as a person may. The time covers reading, predicting and learning.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "calldeck/alloc.h"
#include "calldeck/csv.h"
#include "calldeck/learn.h"

struct guess {
    double score;
    bool sale;
};

struct guesses {
    struct guess *rows;
    size_t count, room;
    double seconds;
};

static int guess_compare(const void *a, const void *b)
{
    double x = ((const struct guess *)a)->score, y = ((const struct guess *)b)->score;
    return (x < y) - (x > y);
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void row_learn(struct learner *l, const struct learn_attribute *attributes, size_t count, bool sale,
                      struct guesses *out)
{
    static const struct learn_cell anywhere = {.band = LEARN_BAND_NONE, .hour = 12};
    static struct learn_journal journal;
    struct learn_person p = {.attributes = attributes, .attributes_count = count};
    struct learn_result r = {.answered = true, .right_person = true, .sale = sale, .refusal = !sale};
    struct learn_factors f;
    struct learn_own own;
    learner_key(l, &p, &f);
    if (out->count == out->room) {
        out->room = out->room ? 2 * out->room : 4096;
        out->rows = alloc_resize(out->rows, out->room, sizeof *out->rows);
    }
    out->rows[out->count++] = (struct guess){f.value[FACTOR_SALE], sale};
    learner_learn(l, &p, &anywhere, &r, &own, &journal);
}

static bool replay(struct csv *c, struct learner *l, struct guesses *out, struct error *err)
{
    struct arena arena = {0};
    struct csv_row row, header;
    enum csv_result result = csv_read(c, &row, err);
    if (result != CSV_ROW)
        return result == CSV_END && error_set(err, ERR_DATA, "the file is empty");
    header = csv_row_copy(row, &arena);
    struct learn_attribute *attributes = ARENA_ARRAY(&arena, struct learn_attribute, header.count);
    double began_s = now_s();
    while ((result = csv_read(c, &row, err)) == CSV_ROW) {
        size_t count = 0;
        bool sale = false;
        for (size_t i = 0; i < row.count && i < header.count; i++) {
            if (str_is(header.fields[i], "y"))
                sale = str_is(row.fields[i], "yes");
            else if (!str_is(header.fields[i], "duration"))
                attributes[count++] = (struct learn_attribute){header.fields[i], row.fields[i]};
        }
        row_learn(l, attributes, count, sale, out);
    }
    out->seconds = now_s() - began_s;
    arena_done(&arena);
    return result == CSV_END;
}

static void report(struct guesses *g)
{
    double sales = 0, top = 0, others_below = 0;
    qsort(g->rows, g->count, sizeof *g->rows, guess_compare);
    for (size_t i = 0; i < g->count; i++) {
        sales += g->rows[i].sale;
        top += g->rows[i].sale && i < g->count / 2;
    }
    double others = (double)g->count - sales, left = others;
    for (size_t i = 0, end; i < g->count; i = end) { /* a group of equal scores counts by half */
        double yes = 0, no = 0;
        for (end = i; end < g->count && g->rows[end].score == g->rows[i].score; end++)
            g->rows[end].sale ? yes++ : no++;
        left -= no;
        others_below += yes * (left + no / 2);
    }
    if (!(sales > 0) || !(others > 0)) {
        printf("AUC none: %zu rows, %.0f sales\n", g->count, sales);
        return;
    }
    printf("AUC %.4f  top half %.3f  %.1f us a row  %zu rows  %.0f sales\n", others_below / (sales * others), top / sales,
           1e6 * g->seconds / (double)g->count, g->count, sales);
}

int main(int argc, char **argv)
{
    struct error err = {0};
    struct guesses guesses = {0};
    if (argc != 2) {
        fprintf(stderr, "usage: bank FILE   (bank-additional-full.csv)\n");
        return 1;
    }
    int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fprintf(stderr, "cannot read \"%s\": %s\n", argv[1], strerror(errno));
        return 74;
    }
    struct csv *c = csv_open(fd, &err);
    struct learner *l = learner_new();
    learner_allow(l, STR("age, marital"));
    bool ok = c && replay(c, l, &guesses, &err);
    csv_close(c);
    learner_free(l);
    if (ok)
        report(&guesses);
    else
        fprintf(stderr, "%s\n", err.text);
    free(guesses.rows);
    return ok ? 0 : error_exit_status(err.code);
}
