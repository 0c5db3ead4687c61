/* SPDX-License-Identifier: MIT */
/* What the files of `calldeck api` share: lines in, verbs, the answer. */
#ifndef CALLDECK_CLI_API_H
#define CALLDECK_CLI_API_H

#include "calldeck/import.h"
#include "calldeck/json_read.h"

#include "session.h"

/* ---- lines (api_lines.c) ---- */

enum { LINE_MOST = 1 << 20 };
enum line_kind { LINE_WHOLE, LINE_TOO_LONG, LINE_END, LINE_FAILED };
struct lines {
    int fd;
    struct buf in;
    size_t from, looked; /* of `in`: where the next line begins, and how far no newline is */
    bool skipping, ended;
};
/* The next line without its newline, borrowed until the next call. idle is called while nothing comes, until it says that
 * there is no more to do. */
enum line_kind lines_next(struct lines *l, struct str *ret, bool (*idle)(void *user), void *user);
bool lines_wait(const struct lines *l); /* a whole line is there already */

/* ---- verbs (api.c, api_verbs.c) ---- */

struct api {
    struct session *s;
    struct import_feed *feed;
    const char *list;    /* --list: where people go who name none, and whose queue it is; NULL: "api", and everybody */
    int64_t clock_ms;    /* of port->now_ms when the program began */
    int64_t seen_at;     /* the last `at` that a line named; AT_NONE: none yet */
    bool at_given;
    struct buf said;
};
/* Whole answers but for "ok", which the caller writes: j is open. */
bool api_add(struct api *api, const struct json_value *line, struct json *j, struct error *err);
bool api_set(struct api *api, const struct json_value *line, struct json *j, struct error *err);
bool api_archive(struct api *api, const struct json_value *line, struct json *j, struct error *err);
/* A command of the table with these words, as --json; its lines are in s->out then. */
bool api_command(struct api *api, enum command_id id, const struct json_value *line, const char *const *arguments, struct error *err);
bool api_next(struct api *api, const struct json_value *line, struct json *j, struct error *err);

/* Members of a line. NULL or "" when there is none; USAGE when it is of another kind. */
bool api_text(struct api *api, const struct json_value *line, const char *key, struct str *ret, struct error *err);
bool api_flag(const struct json_value *line, const char *key, bool *ret, struct error *err);
/* `line` has no members but these (names separated by blanks). */
bool api_only(const struct json_value *line, const char *names, struct error *err);
/* All members of an object that is already written, into one that is open: {"a":1}\n */
void api_splice(struct json *j, struct str object);

#endif
