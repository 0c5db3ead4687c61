/* SPDX-License-Identifier: MIT */
/*
 * The screens in front of the card: rows are built here, drawn by ui.
 */
#ifndef CALLDECK_APP_SCREENS_H
#define CALLDECK_APP_SCREENS_H

#include "calldeck/app.h"

enum { LIST_ROW_ALL = -1 }; /* the row of SCREEN_LISTS that stands for all of them */

/* Rows that grow while a screen is built; texts live in app->view.arena. */
struct rows {
    struct arena *a;
    struct view_row *at;
    size_t count, room;
};
struct view_row *row_add(struct rows *rows, int64_t id, struct str left, struct str middle, struct str right);
void row_heading(struct rows *rows, const char *format, ...) __attribute__((format(printf, 2, 3)));
void row_line(struct rows *rows, const char *left, const char *format, ...) __attribute__((format(printf, 3, 4)));
struct str row_printable(struct rows *rows, struct str s); /* a copy that may be shown */

/* One per screen; each fills rows and may set view->title, empty and hint. */
typedef bool (*screen_fn)(struct app *app, struct rows *rows, struct error *err);
bool screen_help(struct app *app, struct rows *rows, struct error *err);
bool screen_search(struct app *app, struct rows *rows, struct error *err);
bool screen_history(struct app *app, struct rows *rows, struct error *err);
bool screen_lists(struct app *app, struct rows *rows, struct error *err);
bool screen_agenda(struct app *app, struct rows *rows, struct error *err);
bool screen_stats(struct app *app, struct rows *rows, struct error *err);
bool screen_blocked(struct app *app, struct rows *rows, struct error *err);
bool screen_review(struct app *app, struct rows *rows, struct error *err);
bool screen_drafts(struct app *app, struct rows *rows, struct error *err);
bool screen_batches(struct app *app, struct rows *rows, struct error *err);
bool screen_why(struct app *app, struct rows *rows, struct error *err);
bool screen_policy(struct app *app, struct rows *rows, struct error *err);

/* Enter on the screens of a policy: types the line of that row; takes the line that was tried. */
unsigned policy_edit(struct app *app, struct error *err);
unsigned policy_take(struct app *app, struct error *err);

unsigned screen_show(struct app *app, enum screen screen, struct error *err); /* opens and fills it, or leaves all as it was */

void view_move(struct app *app, long rows);    /* the cursor of app->view */
void view_move_to(struct app *app, size_t row);
long view_page(const struct app *app);         /* rows of a page */
bool lists_refresh(struct app *app, struct error *err);
/* The list of the queue from now on; 0: all. */
bool list_choose(struct app *app, int64_t list_id, struct error *err);

#endif
