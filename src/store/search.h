/* SPDX-License-Identifier: MIT */
/* Inside the store: what upkeep and the search itself share about the index. */
#ifndef CALLDECK_STORE_SEARCH_H
#define CALLDECK_STORE_SEARCH_H

#include "db.h"

/* Indexes up to most_rows prospects of the to-do list in one short transaction. Writes nothing when there is nothing to
 * do. *ret_more: some are left. */
bool search_catch_up(struct store *s, int most_rows, bool *ret_more, struct error *err);

/* What can be found of one prospect, in the form of the index: folded, ideographs apart. */
struct search_doc {
    bool exists;   /* the prospect is there */
    bool archived;
    bool member;   /* of some list */
    struct buf name, company, mail, note;
};
void search_doc_init(struct search_doc *doc);
void search_doc_done(struct search_doc *doc);
/* Fills doc anew. A prospect that is gone: exists is false. */
bool search_doc_load(struct store *s, int64_t prospect_id, struct search_doc *doc, struct error *err);
/* The form of the index: text_fold, then a blank on each side of what is written without blanks (Han, kana). */
void search_fold(struct str text, struct buf *out);
/* Does a word begin so? Both in the form of the index; word may hold blanks (ideographs). */
bool search_word_in(struct str text, struct str word);

#endif
