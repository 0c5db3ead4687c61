/* SPDX-License-Identifier: MIT */
/* The rep at the desk of rep.h: files, starts, looks. */
#include "rep.h"
#include "process.h"
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- the desk ---- */

static void folder(const char *path)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        fail_msg("cannot make \"%s\": %s", path, strerror(errno));
}

void desk_open(struct desk *d, const char *name)
{
    static const char *const parts[] = {"/config", "/config/calldeck", "/data", "/state"};
    *d = (struct desk){.home = ""};
    snprintf(d->home, sizeof d->home, "%s/%s", test_dir(), name);
    folder(d->home);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s%s", d->home, parts[i]);
        folder(path);
    }
    snprintf(d->db, sizeof d->db, "%s/calls.db", d->home);
    snprintf(d->env[0], sizeof d->env[0], "HOME=%s", d->home);
    snprintf(d->env[1], sizeof d->env[1], "XDG_DATA_HOME=%s/data", d->home);
    snprintf(d->env[2], sizeof d->env[2], "XDG_STATE_HOME=%s/state", d->home);
    snprintf(d->env[3], sizeof d->env[3], "XDG_CONFIG_HOME=%s/config", d->home);
    for (size_t i = 0; i < 4; i++)
        d->environment[i] = d->env[i];
    desk_configure(d, "set hours 00:00-24:00");
    desk_configure(d, "set days all");
    desk_configure(d, "set windows off");
    desk_configure(d, "set audience business");
    desk_configure(d, "set line-rest 0s"); /* a day of calls in a minute: colleagues share lines */
}

void desk_configure(struct desk *d, const char *line)
{
    char path[300];
    snprintf(path, sizeof path, "%s/config/calldeck/calldeck.conf", d->home);
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    fprintf(f, "%s\n", line);
    assert_int_equal(fclose(f), 0);
}

void person_name(int i, char *ret, size_t size)
{
    static const char *const given[] = {"Ada",  "Bela", "Cleo", "Dara", "Edda", "Femi", "Gita", "Hugo", "Ines", "Jiro",
                                        "Kofi", "Lena", "Milo", "Nora", "Otto", "Pia",  "Quin", "Rosa", "Sven", "Tara"};
    static const char *const family[] = {"Brock",  "Carver", "Dunmore", "Elling", "Farrow", "Gorsuch",
                                         "Hallam", "Ingles", "Jessop",  "Kettle", "Lomax",  "Mundy",
                                         "Nettle", "Orwin",  "Pascoe",  "Quarry", "Rendle", "Skerry"};
    int given_count = sizeof given / sizeof given[0], family_count = sizeof family / sizeof family[0];
    snprintf(ret, size, "%s %s", given[i % given_count], family[(i / given_count + i) % family_count]);
}

const char *desk_write_list(struct desk *d, const char *name, int people)
{
    /* numbers that are kept for fiction: 555-0100 to 555-0199 of any area */
    static const int areas[] = {212, 312, 415, 617, 206, 303, 404, 602, 713, 702};
    static const char *const zones[] = {"America/New_York", "America/Chicago", "America/Los_Angeles", "Europe/Berlin",
                                        "Asia/Riyadh"};
    size_t room = 200 + (size_t)people * 200, len = 0;
    char *text = malloc(room);
    assert_non_null(text);
    len += (size_t)snprintf(text, room, "Record ID,Name,Company,Phone,Email,Country,Time Zone,Product\n");
    for (int i = 0; i < people; i++) {
        char person[64];
        person_name(i, person, sizeof person);
        len += (size_t)snprintf(text + len, room - len,
                                "R%d,%s,Firm %d Ltd,+1%d55501%02d,p%d@firm%d.example,US,%s,product %d\n", i, person, i,
                                areas[i / 100 % 10], i % 100, i, i, zones[i % 5], i % 7);
    }
    char file[128];
    snprintf(file, sizeof file, "%s/%s.csv", strrchr(d->home, '/') + 1, name);
    const char *path = test_path(file);
    test_write_file(path, text, len);
    free(text);
    return path;
}

void desk_import_list(struct desk *d, const char *name, int people)
{
    const char *path = desk_write_list(d, name, people);
    DESK_ASK(d, "import", path);
    int64_t members = desk_number(d, "SELECT count(*) FROM list_member");
    if (members != people)
        fail_msg("%lld of %d people were imported", (long long)members, people);
}

int desk_run(struct desk *d, char **ret_out, const char *const *args)
{
    const char *argv[64] = {CALLDECK_BIN, "--db", d->db};
    size_t count = 3;
    for (size_t i = 0; args != NULL && args[i] != NULL && count < 63; i++)
        argv[count++] = args[i];
    char *out, *err;
    int status = program_run(d->environment, argv, NULL, &out, &err);
    if (ret_out != NULL) /* what went wrong is the more telling part */
        *ret_out = status == 0 || err[0] == '\0' ? out : err;
    return status;
}

const char *desk_ask(struct desk *d, const char *const *args)
{
    char *out;
    int status = desk_run(d, &out, args);
    if (status != 0)
        fail_msg("calldeck %s: status %d: %s", args[0], status, out);
    return out;
}

/* ---- the file ---- */

static sqlite3 *file_open(struct desk *d)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(d->db, &db, SQLITE_OPEN_READONLY, NULL);
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(db, 5000);
    else
        fail_msg("cannot open \"%s\": %s", d->db, sqlite3_errstr(code));
    return db;
}

const char *desk_text(struct desk *d, const char *sql)
{
    static char text[65536];
    sqlite3 *db = file_open(d);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    const unsigned char *column = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
    if (column != NULL)
        snprintf(text, sizeof text, "%s", (const char *)column);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return column != NULL ? text : NULL;
}

int64_t desk_number(struct desk *d, const char *sql)
{
    const char *text = desk_text(d, sql);
    return text != NULL ? strtoll(text, NULL, 10) : -1;
}

void desk_is_sound(struct desk *d)
{
    const char *said = desk_text(d, "PRAGMA quick_check");
    if (said == NULL || strcmp(said, "ok") != 0)
        fail_msg("the file is damaged: %s", said ? said : "nothing said");
    said = desk_text(d, "PRAGMA foreign_key_check");
    if (said != NULL)
        fail_msg("a row of \"%s\" points nowhere", said);
}

/* ---- the rep ---- */

struct rep {
    struct pty *pty;
    struct vt *vt;
    struct rep *next;
};

/* A failed assertion jumps out of a test: what it leaves is still reachable here, and is no leak. */
static struct rep *reps;

static void output(const char *bytes, size_t len, void *user)
{
    struct rep *r = user;
    vt_feed(r->vt, bytes, len);
}

struct rep *rep_start_behind(struct desk *d, int cols, int rows, const char *const *wrapper, const char *const *args)
{
    enum { ROOM = 64 };
    const char *argv[ROOM + 1] = {NULL}, *own[] = {CALLDECK_BIN, "--db", d->db, NULL};
    const char *const *parts[] = {wrapper, own, args};
    size_t count = 0;
    for (size_t part = 0; part < 3; part++)
        for (size_t i = 0; parts[part] != NULL && parts[part][i] != NULL && count < ROOM; i++)
            argv[count++] = parts[part][i];
    struct rep *r = calloc(1, sizeof *r);
    assert_non_null(r);
    r->next = reps;
    reps = r;
    r->vt = vt_new(cols, rows);
    r->pty = pty_start(cols, rows, NULL, d->environment, argv);
    pty_on_output(r->pty, output, r);
    return r;
}

struct rep *rep_start_sized(struct desk *d, int cols, int rows, const char *const *args)
{
    return rep_start_behind(d, cols, rows, NULL, args);
}

struct rep *rep_start(struct desk *d, const char *const *args)
{
    return rep_start_sized(d, 80, 24, args);
}

void rep_done(struct rep *r)
{
    if (r == NULL)
        return;
    for (struct rep **at = &reps; *at != NULL; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            break;
        }
    pty_done(r->pty);
    vt_free(r->vt);
    free(r);
}

struct pty *rep_pty(struct rep *r)
{
    return r->pty;
}

struct vt *rep_vt(struct rep *r)
{
    return r->vt;
}

pid_t rep_pid(struct rep *r)
{
    return pty_pid(r->pty);
}

void rep_type(struct rep *r, const char *text)
{
    pty_type(r->pty, text);
}

bool rep_look(struct rep *r, int wait_ms)
{
    return pty_read(r->pty, wait_ms);
}

bool rep_shows(struct rep *r, const char *text)
{
    return strstr(vt_text(r->vt), text) != NULL;
}

void rep_print(struct rep *r)
{
    fprintf(stderr, "the screen was\n%s", vt_text(r->vt));
}

static bool see(struct rep *r, const char *text, bool wanted, int deadline_ms)
{
    int64_t end = monotonic_ms() + deadline_ms;
    while (rep_shows(r, text) != wanted) {
        int64_t left = end - monotonic_ms();
        if (left <= 0)
            return false;
        if (!rep_look(r, (int)left))
            return rep_shows(r, text) == wanted;
    }
    return true;
}

bool rep_sees(struct rep *r, const char *text, int deadline_ms)
{
    return see(r, text, true, deadline_ms);
}

void rep_see(struct rep *r, const char *text, int deadline_ms)
{
    if (!see(r, text, true, deadline_ms)) {
        rep_print(r);
        fail_msg("the screen did not show \"%s\" within %d ms (status %d)", text, deadline_ms, pty_status(r->pty, 0));
    }
}

void rep_see_gone(struct rep *r, const char *text, int deadline_ms)
{
    if (!see(r, text, false, deadline_ms)) {
        rep_print(r);
        fail_msg("the screen did not lose \"%s\" within %d ms", text, deadline_ms);
    }
}

void rep_see_typed(struct rep *r, const char *word, int deadline_ms)
{
    int64_t end = monotonic_ms() + deadline_ms;
    char seen[128];
    for (;;) {
        vt_word_before_cursor(r->vt, seen, sizeof seen);
        if (strcmp(seen, word) == 0)
            return;
        int64_t left = end - monotonic_ms();
        if (left <= 0 || !rep_look(r, (int)left)) {
            rep_print(r);
            fail_msg("the cursor did not stand behind \"%s\" within %d ms, but behind \"%s\"", word, deadline_ms, seen);
        }
    }
}

void rep_settle(struct rep *r)
{
    /* The program's own clock began when the card was worked out, before it was seen: this is always long enough. */
    for (int64_t end = monotonic_ms() + 430; monotonic_ms() < end;)
        if (!rep_look(r, (int)(end - monotonic_ms())))
            return;
}

int rep_status(struct rep *r, int deadline_ms)
{
    return pty_status(r->pty, deadline_ms);
}

void rep_screen_was_understood(struct rep *r)
{
    const char *last;
    if (vt_unknown(r->vt, &last) != 0)
        fail_msg("a sequence was not understood: \"%s\"", last);
}
