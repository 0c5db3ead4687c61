/* SPDX-License-Identifier: MIT */
/*
 * The manual, printed by the program from its own tables: what a document says of keys, settings, commands and outcomes
 * cannot drift from what the program does.
 *
 * assets/man/calldeck.1, assets/conf/calldeck.conf and the tables of README.md are these pages, committed; tests/lint/manual.sh
 * compares them. The prose between the tables is written here, once.
 */
#ifndef CALLDECK_MANUAL_H
#define CALLDECK_MANUAL_H

#include <stdbool.h>

#include "calldeck/error.h"
#include "calldeck/str.h"

void manual_man(struct buf *out);      /* calldeck(1), man(7) */
void manual_conf(struct buf *out);     /* a config file with every line commented out */
/* Tables in Markdown. */
void manual_keys(struct buf *out);     /* by context, then the commands that have no key */
void manual_settings(struct buf *out);
void manual_outcomes(struct buf *out);
void manual_states(struct buf *out);
void manual_commands(struct buf *out); /* those without a screen, with their options */
/* One of the above by its name; USAGE names them all. */
bool manual_page(struct str name, struct buf *out, struct error *err);

#endif
