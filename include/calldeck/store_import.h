/* SPDX-License-Identifier: MIT */
/*
 * Import as the store sees it: rows that are already mapped and parsed come in, batches come out.
 *
 * Three steps, each resumable, none of which holds the file for long:
 *   stage     import_begin, import_stage...: raw rows under a batch that nobody sees. A crash: removed at the next open.
 *   complete  one row says that the batch counts.
 *   apply     import_apply in slices: each row finds its person or makes one. A crash: goes on at the next open.
 * Applying needs the row mapped again (from the raw row): the caller's import_map_fn does it, so that --redo is the same path.
 */
#ifndef CALLDECK_STORE_IMPORT_H
#define CALLDECK_STORE_IMPORT_H

#include "calldeck/store.h"

struct import_phone { struct new_phone number; };
/* title, owner, language, source, country, state, city, company. fills: worked out, not said; only where nothing is known */
struct import_field { const char *field; struct str value; bool fills; };
struct import_attribute { struct str key, value; };
/* One row after mapping: everything cleaned, phones parsed, zones resolved. Pointers live as long as the callback's arena. */
struct import_person {
    struct str external_id, name, note, zones, row_hash;
    const char *zone_source;
    struct str mails[8]; struct str mail_labels[8]; size_t mails_count;
    struct import_phone phones[16]; size_t phones_count;
    size_t phones_rejected;
    struct import_field fields[16]; size_t fields_count;
    const struct import_attribute *attributes; size_t attributes_count;
    bool do_not_call, mail_opt_out;
    int64_t created_at;         /* AT_NONE: now */
    const char *rejected;       /* NULL, or why this row cannot be a prospect */
};

struct batch_row {
    int64_t id, list_id;
    struct str list, file, format, signature, header, mapping, country;
    int64_t started_at, completed_at, applied_at, reverted_at;
    int64_t rows, added, updated, unchanged, rejected, phones_rejected, suppressed;
    int64_t load_id; /* of this reading of its rows */
};
/* file: without folders; header and mapping as CSV lines. list_id 0: the list of that name, made if it is new, and gone
 * again if the batch is abandoned. */
bool import_begin(struct store *s, const struct batch_row *batch, int64_t now, int64_t *ret_batch, struct error *err);
struct import_raw { int64_t line; struct str raw; const char *refused; };
/* One short transaction. */
bool import_stage(struct store *s, int64_t batch, const struct import_raw *rows, size_t count, struct error *err);
/* An encoding is sure only when the last byte was read. */
bool import_set_format(struct store *s, int64_t batch, struct str format, struct error *err);
bool import_complete(struct store *s, int64_t batch, int64_t now, struct error *err); /* durable */
bool import_abandon(struct store *s, int64_t batch, struct error *err);

/* raw -> person, in the arena. false with DATA: the row is rejected with err's sentence. */
typedef bool (*import_map_fn)(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a,
                              struct import_person *ret, void *user, struct error *err);
struct import_progress { int64_t applied, of; bool done; };
/* Applies up to `most` rows of the batch in one short transaction. */
bool import_apply(struct store *s, int64_t batch, import_map_fn map, void *user, size_t most, int64_t now,
                  struct import_progress *ret, struct error *err);
/* A row that no file holds, of a batch that was applied when it was empty: staged and applied in one transaction, seen at
 * once. raw: as the map function of the batch would read it again. result: "added", "updated", "unchanged", "rejected" (reason
 * says why). REFUSED: this batch had a row about that person already, whose word would stand, or was taken back: take a new one. */
struct import_one { const char *result; int64_t prospect_id; struct str reason; };
bool import_one(struct store *s, int64_t batch, struct str raw, const struct import_person *person, int64_t now, struct arena *a,
                struct import_one *ret, struct error *err);
/* The first completed batch that is not wholly applied (a crash) and that no other live process is at; 0: none. */
bool import_pending(struct store *s, int64_t *ret_batch, struct error *err);
bool batch_load(struct store *s, int64_t batch, struct arena *a, struct batch_row *ret, struct error *err);
bool batches_load(struct store *s, size_t most, struct arena *a, const struct batch_row **ret, size_t *ret_count, struct error *err);
/* Rejected rows: line, reason, raw. */
typedef bool (*reject_fn)(int64_t line, struct str reason, struct str raw, void *user);
bool import_rejects(struct store *s, int64_t batch, reject_fn each, void *user, struct error *err);
/* How many values of each field the batch changed in people who were there already: the dry run's account. */
struct import_change { struct str field; int64_t count; };
bool import_changes(struct store *s, int64_t batch, struct arena *a, const struct import_change **ret, size_t *ret_count, struct error *err);

/* A mapping is remembered by the header's signature. */
bool mapping_recall(struct store *s, struct str signature, struct arena *a, struct str *ret_mapping, struct error *err); /* empty: none */
bool mapping_remember(struct store *s, struct str signature, struct str mapping, struct error *err);

/* Takes a batch back: new people go, old values return where nobody changed them since. Kept, and named: people already
 * worked, people who must not be called. */
struct revert_result { int64_t removed, restored, kept; };
bool batch_revert(struct store *s, int64_t batch, int64_t now, line_fn kept, void *user, struct revert_result *ret, struct error *err);
/* Stored raw rows are to be applied again with another country or mapping; people keep their touches. Then import_apply. */
bool batch_redo(struct store *s, int64_t batch, struct str country, struct str mapping, int64_t now, struct error *err);

/* A private copy for a dry run or a screenshot: same content, own file (0600) in dir, removed by store_close_copy. options
 * NULL: opened as s was. */
struct store *store_copy(struct store *s, const char *dir, const struct store_options *options, struct error *err);
void store_close_copy(struct store *copy);

#endif
