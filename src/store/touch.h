/* SPDX-License-Identifier: MIT */
/* Inside the store: what the verbs around a call share. */
#ifndef CALLDECK_STORE_TOUCH_H
#define CALLDECK_STORE_TOUCH_H

#include "fold.h"

/* A touch as it lies in the file. */
struct touch_row {
    int64_t id, prospect_id, list_id, phone_id, started_at, answered_at, ended_at, completed_at, talk_s, outcome_id;
    struct str channel, direction, number, line_result, note, kind, reason, currency, with_whom, verdict, receipt;
    int64_t amount_cents;
    bool has_amount, dialed, inferred, live;
    int64_t corrects, continues;
};
/* NOT_FOUND. Strings in the arena. */
bool touch_get(struct store *s, int64_t touch, struct arena *a, struct touch_row *ret, struct error *err);
/* What the gate looks at for this call, as JSON in the arena. */
bool receipt_make(struct store *s, const struct touch_row *t, struct arena *a, struct str *ret, struct error *err);
/* The touch of a card, of a row that begins with the columns that every statement of touches begins with. */
enum { TOUCH_COLUMNS = 25 };
struct card_touch touch_of_row(struct store *s, struct stmt *q, struct arena *a);
/* id is its action's. */
bool touch_add(struct store *s, const struct touch_row *t, struct error *err);
/* Callback, suppression, person, number: what the outcome does besides ending the touch, and the fold of all concerned. */
bool outcome_apply(struct store *s, const struct touch_row *t, const struct outcome_entry *entry, int64_t at, int64_t recorded_at,
                   struct error *err);
bool outcome_entry_check(const struct outcome_entry *entry, int64_t now, struct error *err);
bool callback_insert(struct store *s, int64_t prospect_id, int64_t list_id, enum callback_kind kind, const struct outcome_entry *when,
                     int64_t made_at, int64_t action_id, struct error *err);
bool person_insert(struct store *s, int64_t list_id, const struct new_person *person, int64_t action_id, int64_t now,
                   int64_t *ret_id, struct error *err);
bool suppress_insert(struct store *s, enum suppress_scope scope, int64_t prospect_id, int64_t company_id, struct str e164,
                     struct str reason, struct str source, struct str as_of, int64_t at, int64_t action_id, int64_t batch_id,
                     struct error *err);
/* By the words of the edit table: a column of prospect or attribute:KEY. DATA: no such field. */
bool field_get(struct store *s, int64_t prospect_id, struct str field, struct arena *a, struct str *ret, struct error *err);
/* The change of one field, with the value before, under an action. */
bool field_edit(struct store *s, int64_t action, int64_t prospect_id, struct str name, struct str value, struct error *err);
/* Who was put into the lists by an action that was corrected goes to the archive, unless worked since. */
bool people_put_away(struct store *s, int64_t action, int64_t by_action, int64_t now, struct error *err);
bool field_set(struct store *s, int64_t prospect_id, struct str field, struct str value, struct error *err);
bool draft_drop(struct store *s, int64_t prospect_id, struct error *err);
bool reversal_add(struct store *s, int64_t action_id, int64_t by_action_id, int64_t at, int64_t recorded_at, struct error *err);
/* Does this action make or lift a suppression? Such a one is undone only as the very last act, and never corrected. */
bool action_suppresses(struct store *s, int64_t action, bool *ret, struct error *err);
/* Everybody whom the suppressions that this action made or lifted bind. */
enum { SUPPRESSIONS_OF_ACTION = 256 };
bool suppressed_refold(struct store *s, int64_t action, int64_t now, struct error *err);
int64_t company_of_prospect(struct store *s, int64_t prospect_id);

#endif
