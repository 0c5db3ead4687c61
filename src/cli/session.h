/* SPDX-License-Identifier: MIT */
/*
 * What the commands share: the words they were given, the output, and things that are opened when they are needed.
 *
 * A command that only reads numbers which are already clean never opens the phone facts: `queue` starts fast.
 */
#ifndef CALLDECK_CLI_SESSION_H
#define CALLDECK_CLI_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/cli.h"
#include "calldeck/error.h"
#include "calldeck/json.h"
#include "calldeck/phone.h"
#include "calldeck/settings.h"
#include "calldeck/store.h"
#include "calldeck/store_import.h"
#include "calldeck/str.h"
#include "calldeck/when.h"
#include "calldeck/zone.h"

enum option {
#define OPTION(id, name, value, help) OPTION_##id,
#include "options.def"
    OPTION_COUNT_
};
enum command_id {
#define COMMAND(id, name, arguments, least, most, opens, options, help) COMMAND_##id,
#include "commands.def"
    COMMAND_COUNT_
};
enum opens { OPENS_NOTHING, OPENS_READ, OPENS_WRITE, OPENS_CREATE };

struct session;
/* Returns false with err, or true; *ret_status (0 before) may be set to 1: done, and the answer is no. */
typedef bool (*command_fn)(struct session *s, int *ret_status, struct error *err);
struct command {
    const char *name, *arguments;
    int least, most;
    enum opens opens;
    const char *options, *help;
    command_fn run;
};
const struct command *command_info(enum command_id id);
bool command_find(struct str name, enum command_id *ret);
bool command_takes(enum command_id id, enum option option);
/* "there is no command "quue"; near it: queue" */
void command_unknown(struct str word, struct error *err);

struct words {
    const char *value[OPTION_COUNT_]; /* NULL: not given; a switch has "" */
    struct str *maps;
    size_t maps_count;
    const char **arguments;
    size_t count;
    bool has_command;
    enum command_id command;
    bool before;                      /* --help and --version were asked for before the command */
};
/* Global options, a command, its options and arguments. USAGE. Pointers borrow from argv and the arena. */
bool words_parse(int argc, const char *const *argv, struct arena *a, struct words *ret, struct error *err);

struct session {
    const struct cli_port *port;
    struct words words;
    struct arena arena;
    struct buf out;
    bool out_gone;      /* the reader went away: no fault, and no more work */
    bool out_failed;    /* full disk and the like */
    struct buf *said;   /* api: messages go into the answer, a line each, and output stays in `out`; else NULL */
    struct error out_error;
    bool demo;
    const char *db_path, *config_path; /* config NULL: none */
    int64_t clock;      /* the wall clock: when things are recorded */
    int64_t now;        /* --at, else the clock */
    struct zone_table *zones;
    const struct zone *zone; /* the rep's */
    struct phone_book *book; /* session_book opens it */
    struct settings *settings;
    struct policy policy;
    char rep[128];
    struct store *store;
    bool made; /* the database, just now */
};

/* ---- words ---- */
const char *option_value(const struct session *s, enum option option); /* NULL: not given */
bool option_given(const struct session *s, enum option option);
struct str option_str(const struct session *s, enum option option); /* "" when not given */
/* USAGE: not a whole number within the limits. *ret untouched when it is not given. */
bool option_int(const struct session *s, enum option option, int64_t least, int64_t most, int64_t *ret, struct error *err);
bool argument_id(const struct session *s, size_t index, const char *what, int64_t *ret, struct error *err);
struct str arguments_joined(struct session *s, size_t from); /* blanks between */
/* --list, 0 when it is not given. NOT_FOUND. */
bool option_list(struct session *s, int64_t *ret, struct error *err);
/* --since: the beginning of a day without a time. *ret untouched when it is not given. */
bool option_since(struct session *s, int64_t *ret, struct error *err);

/* ---- output ---- */
void out_flush(struct session *s);
void out_some(struct session *s); /* flushes when much has gathered; call once a row */
bool out_dead(const struct session *s);
void out_line(struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_printable(struct session *s, struct str text);
/* Printable, cut or padded to so many columns, and two blanks; cols 0: whole, without the blanks. */
void out_cell(struct session *s, struct str text, int cols);
void out_time(struct session *s, int64_t at, const struct zone *zone);
/* "calldeck: ..." on stderr, in one write. Anything may be in it. */
void say_line(const struct session *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_text(const char *line, void *session); /* as a line_fn or settings_line_fn */
void out_text(const char *line, void *session); /* a line of data */
void session_cents(struct buf *out, int64_t cents); /* "1200.50" */

/* ---- things ---- */
bool session_open(struct session *s, struct error *err); /* zones, settings, now; not the database */
void session_close(struct session *s);
struct phone_book *session_book(struct session *s);
struct store_options session_store_options(struct session *s, enum store_mode mode);
bool session_store(struct session *s, enum opens opens, struct error *err);
/* What a crash left half-taken. */
bool session_resume(struct session *s, struct error *err);
/* A number as a person writes it. */
bool session_number(struct session *s, struct str text, struct phone_number *ret, struct error *err);

/* Into the log file, if it is trouble: IO, a damaged file, a full disk, a lock. where: "import", "dashboard" (trouble.c). */
void trouble_log(struct session *s, const char *where, enum error_code code, int64_t at);

/* ---- paths (paths.c) ---- */
const char *path_database(struct arena *a, const char *given, struct error *err); /* NULL: nowhere to put it */
const char *path_config(struct arena *a);
const char *path_log(struct arena *a); /* NULL: nowhere */
const char *path_demo(struct arena *a, struct error *err);
const char *path_temporary(struct arena *a);
bool path_is_file(const char *path);

/* ---- the commands, and what they share ---- */
#define COMMAND(id, name, arguments, least, most, opens, options, help)                                                \
    bool run_##id(struct session *s, int *ret_status, struct error *err);
#include "commands.def"
void card_json(struct json *j, const struct card *card); /* the keys of `show`, in order */
void touch_json(struct json *j, const struct card_touch *touch);
bool run_dashboard(struct session *s, const char *import_path, struct error *err);
bool run_screenshot(struct session *s, const char *import_path, struct error *err);
bool demo_fill(struct session *s, struct error *err);
/* One file or batch from beginning to end. quiet_list: onto that list, and nothing is said (the demo). */
bool import_whole(struct session *s, const char *path, int fd, int64_t redo, const char *quiet_list, struct error *err);

#endif
