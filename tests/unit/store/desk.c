/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "calldeck/zone.h"

/* Companies: consumers there would wait for a registry. */
static struct policy policy;
__attribute__((constructor)) static void policy_make(void)
{
    policy_defaults(&policy);
    policy.consumer = false;
}

const struct store_options desk_options = {
    .policy = &policy, .mode = STORE_CREATE, .rep = "dana", .holder = "desk", .now = DESK_NOW, .busy_ms = 1000};

struct store *desk_open_as(const char *path, enum store_mode mode, struct error *err)
{
    struct store_options options = desk_options;
    options.mode = mode;
    options.zones = zone_table_new(NULL);
    struct store *s = store_open(path, &options, err);
    if (s == NULL)
        zone_table_free(options.zones);
    return s;
}

struct store *desk_open(const char *path)
{
    struct error err = {0};
    struct store *s = desk_open_as(path, STORE_CREATE, &err);
    if (s == NULL)
        fail_msg("%s: %s", path, err.text);
    return s;
}

void desk_close(struct store *s)
{
    struct zone_table *zones = s != NULL ? store_zones(s) : NULL;
    store_close(s);
    zone_table_free(zones);
}

int64_t desk_add(struct store *s, const char *list, struct desk_person person)
{
    int64_t list_id = 0, id = 0;
    assert_done(list_make(s, str_of(list), DESK_NOW, &list_id, err));
    struct new_phone phone = {.e164 = str_of(person.phone), .national = str_of(person.phone), .region = STR("US"),
                              .type = STR("fixed"), .label = STR("work")};
    struct new_person row = {.name = str_of(person.name),
                             .company = str_of(person.company),
                             .zones = STR("UTC"),
                             .phone = person.phone != NULL ? &phone : NULL};
    assert_done(prospect_add(s, list_id, &row, DESK_NOW, &id, err));
    if (person.mail != NULL)
        assert_done(prospect_add_mail(s, id, str_of(person.mail), STR(""), DESK_NOW, err));
    return id;
}

int64_t desk_log(struct store *s, int64_t prospect, const char *outcome, int64_t at, const char *note)
{
    const struct outcome *o = outcome_by_code(store_outcomes(s), str_of(outcome));
    assert_non_null(o);
    struct log_entry log = {.entry = {.outcome = o, .note = str_of(note), .when_at = AT_NONE, .talk_s = -1},
                            .prospect_id = prospect,
                            .direction = STR("out"),
                            .at = at,
                            .recorded_at = at};
    if (o->ask == ASK_WHEN || o->ask == ASK_STEP || o->ask == ASK_MEETING)
        log.entry.when_at = at + DAY_S;
    int64_t touch = 0;
    assert_done(outcome_log(s, &log, &touch, err));
    return touch;
}

int desk_files(const char *folder, const char *front)
{
    DIR *dir = opendir(folder);
    int count = 0;
    if (dir == NULL)
        return 0;
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        count += strncmp(e->d_name, front, strlen(front)) == 0 && e->d_name[0] != '.';
    closedir(dir);
    return count;
}

void desk_line(const char *line, void *user)
{
    struct desk_lines *lines = user;
    if (lines->count < 64)
        snprintf(lines->text[lines->count++], sizeof lines->text[0], "%s", line);
}

bool desk_said(const struct desk_lines *lines, const char *part)
{
    for (int i = 0; i < lines->count; i++)
        if (strstr(lines->text[i], part) != NULL)
            return true;
    return false;
}
