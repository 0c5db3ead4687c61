/* SPDX-License-Identifier: MIT */
/* What the pieces of column recognition share. For src/model/columns*.c alone. */
#ifndef CALLDECK_COLUMNS_PARTS_H
#define CALLDECK_COLUMNS_PARTS_H

#include "calldeck/columns.h"

/* columns.def with its names folded: made once a call, since folding them all takes less than reading a row of a file.
 */
struct lexicon;
struct lexicon *lexicon_new(struct arena *a);

/* What a header is taken for. */
struct meaning {
    enum field field;
    struct str label;
    int rank;
    int number; /* the first number in it, 0 if none */
    bool bare;
    bool known;  /* false: an attribute because no row names it */
    bool beside; /* unknown, but all its words stand beside a phone or a mail ("Office"): the values say which */
};
struct meaning header_meaning(const struct lexicon *lex, enum export_kind export, struct str header, struct arena *a);
enum export_kind header_export(const struct str *header, size_t count, struct arena *a);

/* Folded, without blanks: equal keys are one name. */
struct str header_key(struct str header, struct arena *a);

/* Lets the columns compete for the fields they want, numbers phones and mails, and joins labels to them. */
void mapping_settle(struct mapping *m);

/* Two columns cannot have one name, and none can have no name. header is the file's, or empty. */
void column_name(struct mapping *m, size_t column, struct str header, struct arena *a);

#endif
