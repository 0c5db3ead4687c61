/* SPDX-License-Identifier: MIT */
/* Inside the store: materialised columns, cells and actions. Every verb that changes a fact ends in one of these. */
#ifndef CALLDECK_STORE_FOLD_H
#define CALLDECK_STORE_FOLD_H

#include "db.h"

/* Folds one prospect again in each of its lists and writes what differs: list_member, callback.due_at and tries,
 * prospect.phone_id. `now` decides only whether a row is parked or in the queue's index. Inside a transaction. */
bool prospect_refold(struct store *s, int64_t prospect_id, int64_t now, struct error *err);
/* What a touch of this person on this number moves: phone.bad and its last result, phone_link.bad, and the fold of the person;
 * of everybody on the number when it turned bad or good, or came to its limit of dials for the day. phone_id 0: the fold alone. */
bool touch_refold(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t now, struct error *err);
/* Everybody on a number. */
bool sharers_refold(struct store *s, int64_t phone_id, int64_t now, struct error *err);
bool company_refold(struct store *s, int64_t company_id, int64_t now, struct error *err);
bool everybody_refold(struct store *s, int64_t now, struct error *err); /* after a change of policy */
/* Puts a prospect into a list (or leaves it there) and folds it. batch_id 0: by hand. */
bool member_add(struct store *s, int64_t list_id, int64_t prospect_id, int64_t batch_id, int64_t now, struct error *err);

/* What a fresh fold says, against what is stored: one line a difference (check). */
bool prospect_fold_differs(struct store *s, int64_t prospect_id, struct buf *out, struct error *err);

/* "Asia/Riyadh,..." and a country as the gate wants them. Unknown names are left out; none left: zone_count 0. Cached. */
struct place place_of(struct store *s, struct str zones, struct str country);
void places_free(struct store *s);

/* ---- lawful.c: the country of place_of and cell_of is a text of laws ---- */
struct law_person {
    enum audience audience;
    bool consent, refused, dated; /* refused: a consent that says no */
    int basis_months;             /* a relationship named in the consent, of basis_day */
    int32_t basis_day;            /* LAW_DAY_NONE: not said */
    bool related;
    int32_t related_until_day;
};
struct law_book *laws_of(struct store *s);
void law_person_attribute(struct law_person *p, struct str key, struct str value);
void law_person_sale(struct law_person *p, int64_t at);
bool law_attribute(struct str key); /* does this column say something that the law asks for? */
bool law_person_load(struct store *s, int64_t prospect_id, struct law_person *ret, struct error *err);
void law_text(struct store *s, const struct law_person *p, struct str country, struct str state, struct str number_country,
              struct str number_state, struct buf *out);
void place_add_laws(struct store *s, struct place *place, struct str text);
bool registries_know(struct store *s, struct policy *p, struct error *err);
bool holidays_know(struct store *s, struct policy *p, struct error *err); /* added to those of the settings */
/* The gate's facts of one number: place, law's caps, the line's rest. */
bool prospect_law(struct store *s, int64_t prospect_id, int64_t phone_id, int64_t list_id, int64_t now, struct gate_input *in,
                  struct error *err);

/* An action that is recorded now (seq is given at once) or stays open (a call that rings). */
bool action_add(struct store *s, const char *kind, int64_t prospect_id, int64_t at, int64_t recorded_at, bool open,
                int64_t *ret_id, struct error *err);
bool action_record(struct store *s, int64_t action_id, int64_t recorded_at, struct error *err);

/* The row of a number, made if it is new. */
/* The zones that must be open for a number: its own and those of the address; a column of the file is a word, and stands alone. Without
 * an address the number alone says where it rings. zones, source: of the prospect, without a person's word. May be in the arena. */
struct str number_reach(struct str zones, struct str source, struct str number_zones, struct arena *a);
bool phone_row(struct store *s, const struct new_phone *phone, int64_t *ret_id, struct error *err);
/* Links it to a person at the end of their numbers (or first). Already linked: nothing changes, label is kept, *ret_new false. */
bool phone_link_add(struct store *s, int64_t prospect_id, int64_t phone_id, const struct new_phone *phone, bool first,
                    const char *source, int64_t batch_id, int64_t action_id, bool *ret_new, struct error *err);
/* company by folded name, made if new; empty name: 0 */
bool company_row(struct store *s, struct str name, int64_t *ret_id, struct error *err);
bool search_queue(struct store *s, int64_t prospect_id, struct error *err); /* to be indexed again when nobody waits */
/* updated_at */
bool prospect_touched(struct store *s, int64_t prospect_id, int64_t now, struct error *err);
/* The policy of a list, overlaid on the base; cached. list_id 0: the base. */
/* Reads the lines of all lists if they are not known: whoever asks policy_of calls it before, and fails with it. */
bool policies_know(struct store *s, struct error *err);
const struct policy *policy_of(struct store *s, int64_t list_id);
/* Of all lists: from so many calls of a day on, a number may be full for somebody. INT_MAX: no limit anywhere. */
int least_dials_per_day(struct store *s);
void policies_forget(struct store *s);
void policies_look(struct store *s); /* at the begin of a transaction: forgets them when another process wrote since */
bool policy_line_set(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err);
/* One line, or all of a template; nobody is folded yet. */
bool policy_lines_set(struct store *s, int64_t list_id, struct str key, struct str value, struct error *err);
/* Suppression of a person and of their numbers: all of them when the person asked (action_id), only those that no other person
 * has when a file says so (batch_id). */
bool suppress_person(struct store *s, int64_t prospect_id, struct str reason, const char *source, int64_t at, int64_t action_id,
                     int64_t batch_id, struct error *err);

/* Claims of windows on this machine whose process is gone. */
bool claims_bury(struct store *s, struct error *err);

/* A list by its name, also one that is not seen yet, because a file brings it. 0: none (list.c). */
bool list_find_any(struct store *s, struct str name, int64_t *ret_id, struct error *err);

#endif
