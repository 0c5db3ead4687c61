/* SPDX-License-Identifier: MIT */
/*
 * Settings: one table (settings.def), values with their type, and what must be worked out again when one changes.
 *
 * Not here: the config file's other lines (bind, snippet), which are commands of the app.
 */
#ifndef CALLDECK_SETTINGS_H
#define CALLDECK_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "calldeck/error.h"
#include "calldeck/schedule.h"
#include "calldeck/str.h"

enum setting {
#define SETTING(id, name, type, default_value, reaction, help) SETTING_##id,
#include "calldeck/settings.def"
#undef SETTING
    SETTING_COUNT_
};
enum setting_reaction { SETTING_REACT_NONE, SETTING_REACT_POLICY, SETTING_REACT_KEYS, SETTING_REACT_COLOURS, SETTING_REACT_DIALER,
                        SETTING_REACT_LAYOUT };
enum setting_origin { SETTING_FROM_DEFAULT, SETTING_FROM_FILE, SETTING_FROM_SESSION };

struct settings;
struct settings *settings_new(void); /* defaults, through the person's parser */
void settings_free(struct settings *s);
/* USAGE names what was expected, with close names for an unknown one. COMMAND types only from the file. */
bool setting_set(struct settings *s, struct str name, struct str value, enum setting_origin origin, enum setting *ret, struct error *err);
const char *setting_text(const struct settings *s, enum setting id); /* as written */
bool setting_bool(const struct settings *s, enum setting id);
int setting_int(const struct settings *s, enum setting id);
const char *setting_name(enum setting id);
const char *setting_help(enum setting id);
const char *setting_type_text(enum setting id);   /* "on | off", "0 to 100", "a b c": for the manual and the messages */
const char *setting_default(enum setting id);
enum setting_reaction setting_reaction(enum setting id);
void settings_policy(const struct settings *s, struct policy *ret);
/* The lines `set NAME VALUE` of a config file; other lines are left to the app. For commands that need no app. Bad lines go to `line`. */
typedef void (*settings_line_fn)(const char *line, void *user);
bool settings_load(struct settings *s, const char *path, settings_line_fn line, void *user);

#endif
