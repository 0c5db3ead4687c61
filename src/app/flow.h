/* SPDX-License-Identifier: MIT */
/*
 * What the flows of the loop share: call.c (from the dial to the hang-up), outcome.c (from the letter to the next card),
 * ask.c (the questions between), person.c (edits of the prospect), notes.c.
 */
#ifndef CALLDECK_APP_FLOW_H
#define CALLDECK_APP_FLOW_H

#include "calldeck/app.h"
#include "calldeck/when.h"

/* Empty, without touching the stored draft: its text was filed. */
void notes_forget(struct app *app);

static inline bool call_is_open(const struct app *app)
{
    return app->call.state != CALL_NONE;
}
/* The line is known to be live: a letter arms and does not file. */
bool call_line_is_live(const struct app *app);
/* The first key of a note after a dial: they picked up, as inferred. */
void call_infer_answer(struct app *app);
/* ... and it is ringing there, or being placed, on a line that tells. */
bool call_line_is_ringing(const struct app *app);
/* Dials the picked number of the card. override: a house rule set aside with this reason, "" if none. */
unsigned call_dial(struct app *app, struct str override, struct error *err);
/* The touch becomes app->call, without a line behind it (found at start, reopened by undo). */
void call_continue(struct app *app, int64_t touch, int64_t started_at);
/* The call is over and filed. */
void call_forget(struct app *app);
/* A line error is no attempt: its row is closed as never rung, and the call forgotten. */
void call_never_rang(struct app *app, enum line_result result, int code, const char *why);
/* After "no answer": the other number of the same person. */
unsigned call_next_number(struct app *app, struct error *err);
/* The card and its call are put aside; with card_take after it. false: too many are. */
bool call_park(struct app *app, struct error *err);
/* The card that was put aside last comes back, with its call. false: it cannot, and is tried again at the next tick. */
bool call_unpark(struct app *app);

/* Asks what the outcome asks, then files it. */
unsigned outcome_begin(struct app *app, const struct outcome *o, bool by_log, int64_t correct_touch, struct error *err);
/* All questions are answered. */
unsigned outcome_finish(struct app *app, struct error *err);
/* The next question of app->asked.outcome, or the filing of it. step counts the questions from 0. */
unsigned outcome_ask(struct app *app, int step, struct error *err);

/* Words as a time at the prospect's place. */
bool when_of_card(const struct app *app, struct str words, struct when *ret, struct error *err);
/* "Tue 24 Nov 15:00 there, 13:00 here; outside their hours" */
void when_both_clocks(const struct app *app, const struct when *when, struct buf *out, bool *ret_warns);
/* "in your lunch", "on your day off": why the rep is not there then; NULL: they are. */
const char *slot_own_time(const struct app *app, int64_t at);
/* true: another promise has these minutes (a list's guard apart). out: whose, and what is free soon after, at the prospect's place;
 * ret_free: the first of these, or AT_NONE. Meetings are a colleague's: nothing is taken from them. */
bool slot_taken(const struct app *app, const struct policy *policy, const struct zone *there, int64_t at, int64_t *ret_free,
                struct buf *out);
/* The same for the card, as an error. */
bool slot_is_free(const struct app *app, int64_t at, int64_t *ret_free, struct error *err);
/* A name in a sentence: as much as leaves room for the rest of it, in whole characters. */
enum { NAME_COLS = 40, NAME_BYTES = 60 };
/* The wall time there and its zone, as an outcome or a promise keeps them. */
void asked_set_when(const struct app *app, const struct when *when, struct asked *ret);

/* "+966 50..", "Name", "Name +966..": what + and :new take. number.e164 "" if there is none. */
bool person_words(struct app *app, struct str words, struct str *ret_name, struct phone_number *ret_number, struct error *err);
unsigned person_add(struct app *app, struct str words, struct error *err);
unsigned person_zone(struct app *app, struct str words, struct error *err);
void person_zone_live(struct app *app, struct str words);
unsigned person_skip(struct app *app, struct str reason, struct error *err);
unsigned inbound_take(struct app *app, struct str words, struct error *err);
/* The answer to "who is it?" of a call that was taken: a choice by its key, or a name. */
unsigned caller_choice(struct app *app, char key, struct error *err);
unsigned caller_named(struct app *app, struct str words, struct error *err);
/* Somebody rings in now. */
bool caller_rings(const struct app *app);

#endif
