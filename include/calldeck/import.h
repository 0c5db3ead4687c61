/* SPDX-License-Identifier: MIT */
/*
 * Import as a job that the command line and the dashboard share: a file becomes people, in slices that keep the keys
 * alive.
 *
 *     struct import_job *job = import_job_new(&options, &err);            // looks at the file, changes nothing
 *     do state = import_job_step(job, 50, &err); while (state == IMPORT_RUNNING);   // paint the progress between
 *     if (state == IMPORT_DONE) import_report_lines(import_job_report(job), line, user);
 *     import_job_free(job);
 *
 * A file that is refused (DATA: NUL bytes, an unclosed quote, no column that could name or reach anybody) changes
 * nothing. A job that is freed before all rows were read leaves nothing behind; after that the store goes on with it by
 * itself (import_resume), since from then on the batch counts.
 *
 * A dry run does all of it on a private copy of the store, and so says the same numbers. Not here: painting a bar, the
 * words around the report, and the store's own part (store_import.h).
 */
#ifndef CALLDECK_IMPORT_H
#define CALLDECK_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/error.h"
#include "calldeck/phone.h"
#include "calldeck/store.h"
#include "calldeck/store_import.h"
#include "calldeck/str.h"
#include "calldeck/zone.h"

/* All that a job needs to know; everything is borrowed and outlives the job. A zeroed struct is a start: set fd to -1.
 */
struct import_options {
    struct store *store;
    struct phone_book *book;
    struct zone_table *zones;
    const char *path;       /* the file; with fd >= 0 only its name */
    int fd;                 /* taken over, also on failure; -1: path is opened */
    const char *list;       /* NULL or "": the file's name without folders and ending */
    const char *country;    /* --country: for every row; NULL or "": the row's own, else the list's policy */
    const char *audience;   /* "business", "consumer": a policy line of the list, set when done; NULL: none */
    const struct str *maps; /* --map "COL=FIELD" */
    size_t maps_count;
    int64_t redo; /* this batch's stored rows again, with another country or mapping; path and list are ignored */
    bool dry_run;
    const char *copy_dir;     /* for the dry run's copy; NULL: the database's own folder */
    const char *rejects_path; /* rejected rows as CSV (line, reason, row); NULL: none */
    int64_t now;
    int64_t (*now_ms)(void *user); /* monotonic, for the budget; NULL: one short slice a step */
    void *now_ms_user;
    bool patient; /* a locked store is tried again at the next step instead of ending the job */
};

enum import_state { IMPORT_RUNNING, IMPORT_DONE, IMPORT_FAILED };

/* How far it is: bytes of the file while it is read (of: -1 for a pipe), then rows while they are filed. */
struct import_status {
    bool filing;
    int64_t done, of;
};

struct import_example {
    int64_t line;
    struct str text; /* the number, or the row; safe to print */
    struct str why;
};
enum { IMPORT_EXAMPLES = 5 };
struct import_report {
    bool dry_run;
    struct str file;        /* without folders */
    int64_t batch, list_id; /* of the copy in a dry run */
    struct str list;
    struct str format;         /* "UTF-8, comma"; "windows-1252 (no UTF-8), semicolon" */
    const char *program;       /* "HubSpot"; "" if it is nobody's known export */
    bool guessed;              /* there was no header: columns were guessed from their values */
    bool remembered;           /* the mapping was given for this header before */
    const struct str *mapping; /* "Phone Number -> phone 1 (work)", a line a column; safe to print */
    size_t mapping_count;
    int64_t rows, added, updated, unchanged, rejected, phones_rejected, suppressed; /* rows is the sum of the four */
    const struct import_change *changes; /* values of people who were there, by field */
    size_t changes_count;
    struct import_example phones[IMPORT_EXAMPLES]; /* numbers that cannot be one */
    size_t phones_count;
    struct import_example rejects[IMPORT_EXAMPLES];
    size_t rejects_count;
    int64_t repaired_fields; /* broken bytes became U+FFFD */
    int64_t controls;        /* control characters that were dropped */
    int64_t headers_again;   /* header lines in the middle of the data, left out */
};

struct import_job;
/* NOT_FOUND, IO, DATA (a file that cannot be one), USAGE (a --map or a country that is none). NULL then. */
struct import_job *import_job_new(const struct import_options *options, struct error *err);
/* Works for about budget_ms. FAILED: err says why, and nothing of the file counts unless it had been read whole. */
enum import_state import_job_step(struct import_job *job, int budget_ms, struct error *err);
struct import_status import_job_status(const struct import_job *job);
/* What is known so far (the mapping, from the start); numbers when DONE. Borrowed from the job. */
const struct import_report *import_job_report(const struct import_job *job);
void import_job_free(struct import_job *job); /* NULL is fine */

/* The report in lines for people: format, mapping, counts, changes, examples. The same words everywhere. */
void import_report_lines(const struct import_report *report, line_fn line, void *user);

/* Goes on with complete batches that a crash left half applied. options: store, book, zones, now. */
bool import_resume(const struct import_options *options, struct error *err);

/* People from a program instead of a file, one at a time: keys are what a header could say, values its cells. Each key set of
 * a list is a batch of its own, named by options.path, which `batches` lists and `revert` takes back; a person who comes
 * again begins a new one. options: store, book, zones, path; list of each call: NULL is options.list. */
struct import_feed;
struct import_fed {
    int64_t id, batch;
    bool added;
    size_t phones_rejected;
};
struct import_feed *import_feed_new(const struct import_options *options);
/* DATA: no person can be made of it. */
bool import_feed_row(struct import_feed *feed, const char *list, const struct str *keys, const struct str *values, size_t count,
                     const struct str *maps, size_t maps_count, int64_t now, struct import_fed *ret, struct error *err);
void import_feed_free(struct import_feed *feed); /* NULL is fine */

/* The first rows as people, before anything is taken: the first-run screen. options: book, zones, path or fd, country,
 * maps, now; store may be NULL. Strings in the arena, safe to print. */
struct import_sample {
    struct str name, company, phone, zone, mail, note;
};
enum { IMPORT_SAMPLES = 3 };
struct import_preview {
    struct import_sample samples[IMPORT_SAMPLES];
    size_t samples_count;
    struct str format, list;
    const char *program;
    bool guessed;
    const struct str *mapping;
    size_t mapping_count;
    struct str country; /* most numbers' region, "" if none says */
};
bool import_preview(const struct import_options *options, struct arena *a, struct import_preview *ret,
                    struct error *err);

/* "leads.csv" -> "leads": the list that a file makes. */
struct str import_list_name(const char *path);

#endif
