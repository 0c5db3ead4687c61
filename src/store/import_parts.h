/* SPDX-License-Identifier: MIT */
/* Inside the store: what the files of the import share. Everything here runs inside a transaction of the caller. */
#ifndef CALLDECK_STORE_IMPORT_PARTS_H
#define CALLDECK_STORE_IMPORT_PARTS_H

#include "calldeck/store_import.h"

#include "fold.h"
#include "import.h"

/* ---- batches (import.c) ---- */

/* This process, so that another one can tell whether it still lives: boot, pid, start. */
void holder_write(struct buf *out);
/* Is that process alive? */
bool holder_lives(struct str holder);
/* The batch, and where its application stands. Strings in the arena (NULL: none are loaded). NOT_FOUND. */
bool batch_fetch(struct store *s, int64_t batch, struct arena *a, struct batch_row *ret, int64_t *ret_applied_line,
                 struct error *err);

/* The staged row of a batch that is wholly applied, and so seen at once. REFUSED: it is not, or was taken back. */
bool import_apply_one(struct store *s, int64_t batch, import_map_fn map, void *user, int64_t now, struct error *err);

/* ---- who is it (import_match.c) ---- */

/* The key of a name: equal keys are the same name. A name of signs alone is its own key. */
void person_fold(struct str name, struct buf *out);
/* The person of this row, by the keys of contracts.md in their order; 0: nobody yet. signature: of the batch's header.
 */
bool import_find(struct store *s, const struct import_person *person, struct str folded, struct str signature,
                 int64_t *ret_id, struct error *err);

/* ---- people (import_person.c) ---- */

/* The fields of a prospect that a file may set. company is kept as its name. */
enum person_field {
    PERSON_NAME,
    PERSON_TITLE,
    PERSON_COMPANY,
    PERSON_OWNER,
    PERSON_LANGUAGE,
    PERSON_SOURCE,
    PERSON_COUNTRY,
    PERSON_STATE,
    PERSON_CITY,
    PERSON_EXTERNAL_ID,
    PERSON_FIELDS_
};
const char *person_field_name(enum person_field f);
bool person_field_parse(struct str name, enum person_field *ret);

struct person_values {
    struct str fields[PERSON_FIELDS_];
    bool fills[PERSON_FIELDS_]; /* of a row: only where nothing is known */
    struct str zones, zone_source;
    bool mail_opt_out;
    int64_t batch_id, company_id;
};
bool person_load(struct store *s, int64_t prospect_id, struct arena *a, struct person_values *ret, struct error *err);
/* Writes the row; companies by name, made if new. */
bool person_save(struct store *s, int64_t prospect_id, const struct person_values *values, int64_t now,
                 struct error *err);
/* Did a person set this field, so that files keep off? */
bool person_edited(struct store *s, int64_t prospect_id, const char *field, bool *ret, struct error *err);

/* What all rows of a slice share. */
struct import_target {
    int64_t batch_id, load_id, list_id, now;
    struct str list_zone; /* for those whose zone nobody knows */
    struct arena *arena;  /* of the row */
    struct buf folded, scratch;
    int64_t suppressed; /* counted */
    struct uid uid;     /* of this slice's people, but for the last 32 bits */
    uint32_t uids;
};
/* A new person (import_fresh.c). */
bool import_add(struct store *s, struct import_target *t, const struct import_person *person, struct str folded,
                int64_t *ret_id, struct error *err);
/* first: the first row of this batch about them; later rows only fill what is empty. *ret_changed: anything did. */
bool import_update(struct store *s, struct import_target *t, int64_t prospect_id, const struct import_person *person,
                   bool first, bool *ret_changed, struct error *err);
/* Pieces that both use. fresh: nobody has to be asked what is there already. */
void person_bind(struct stmt *q, const struct person_values *v, struct str folded);
void person_of_row(const struct import_target *t, const struct import_person *person, struct person_values *ret);
void import_mail_bind(struct stmt *q, struct import_target *t, int64_t prospect_id, const struct import_person *person,
                      size_t i);
bool import_attribute(struct store *s, int64_t prospect_id, struct str key, struct str value, struct error *err);
bool import_note(struct store *s, struct import_target *t, int64_t prospect_id, struct str note, bool fresh,
                 bool *ret_any, struct error *err);
bool import_suppress(struct store *s, struct import_target *t, int64_t prospect_id, bool fresh, bool *ret_any,
                     struct error *err);
/* The numbers that only they have, of everybody whom the batch suppressed: known when all rows are in. */
bool import_suppress_lines(struct store *s, int64_t batch_id, int64_t now, struct error *err);

/* ---- taking back (import_restore.c) ---- */

/* Undoes what the batch changed in somebody who stays: values that nobody changed since, its numbers that were never
 * called, its mails, its notes but kept_note (may be NULL). blank: the batch made them, so its values go even if
 * nothing was there before. The caller folds again. */
bool import_restore(struct store *s, int64_t batch_id, int64_t prospect_id, bool blank, const struct str *kept_note,
                    int64_t now, struct arena *a, struct error *err);

/* Small statements: run for one id; the ids of a person's rows (batch_id 0: not asked for), in the arena; yes or no. */
bool import_run_for(struct store *s, enum statement which, const char *name, int64_t id, struct error *err);
bool import_ids_of(struct store *s, enum statement which, int64_t prospect_id, int64_t batch_id, struct arena *a,
                   int64_t **ret, size_t *ret_count, struct error *err);
bool import_ask_of(struct store *s, enum statement which, int64_t batch_id, int64_t prospect_id, bool *ret,
                   struct error *err);

#endif
