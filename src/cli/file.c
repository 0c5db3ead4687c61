/* SPDX-License-Identifier: MIT */
/* The file itself, and the machine around it. */
#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_line(const char *line, void *session)
{
    struct session *s = session;
    if (!option_given(s, OPTION_JSON)) {
        out_line(s, "%s", line);
        return;
    }
    struct json j;
    json_open(&j, &s->out);
    json_text(&j, "said", line);
    json_close(&j);
}

bool run_CHECK(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    struct error found = {0};
    bool ok = store_check(s->store, check_line, s, &found);
    if (!ok) {
        *err = found;
        return false;
    }
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_bool(&j, "ok", true);
        json_close(&j);
    } else {
        out_line(s, "\"%s\" is sound", s->db_path);
    }
    return true;
}

bool run_BACKUP(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    return store_backup(s->store, s->words.arguments[0], err);
}

static void fact(struct session *s, const char *name, const char *value)
{
    out_line(s, "%-10s  %s", name, value);
}

/* true: nothing is wrong with the file. */
static bool look_at_file(struct session *s, struct error *err)
{
    struct stat st;
    if (stat(s->db_path, &st) != 0) {
        fact(s, "state", "not there yet: calldeck import FILE.csv makes it");
        return true;
    }
    out_line(s, "%-10s  %lld KiB, mode %03o", "size", (long long)((st.st_size + 1023) / 1024), (unsigned)(st.st_mode & 0777));
    if ((st.st_mode & 077) != 0)
        out_line(s, "%-10s  others on this machine may read it: chmod 600", "warning");
    struct buf warning;
    buf_init(&warning);
    if (store_place_warning(s->db_path, &warning))
        fact(s, "warning", warning.at);
    buf_done(&warning);
    struct store_options options = session_store_options(s, STORE_READ);
    s->store = store_open(s->db_path, &options, err);
    if (s->store == NULL)
        return false;
    struct queue_count count;
    if (queue_count(s->store, 0, s->now, false, &count, err))
        out_line(s, "%-10s  %lld", "prospects", (long long)count.total);
    if (!store_check(s->store, out_text, s, err))
        return false;
    fact(s, "state", "sound");
    return true;
}

bool run_DOCTOR(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    if (option_given(s, OPTION_SALVAGE)) {
        struct store_options options = session_store_options(s, STORE_CREATE);
        return store_salvage(s->db_path, option_value(s, OPTION_SALVAGE), &options, out_text, s, err);
    }
    fact(s, "calldeck", CALLDECK_VERSION);
    fact(s, "rep", s->rep);
    fact(s, "zone", zone_name(s->zone));
    fact(s, "settings", s->config_path == NULL ? "none" : s->config_path);
    if (s->config_path != NULL && access(s->config_path, F_OK) != 0)
        fact(s, "", "(not there: the defaults hold)");
    const char *assets = phone_book_assets(session_book(s));
    fact(s, "assets", assets[0] ? assets : "not found");
    struct phone_number number;
    struct error module = {0};
    fact(s, "numbers", phone_parse(session_book(s), STR("(212) 555-0142"), "US", false, &number, &module) ? "are read" : module.text);
    const char *term = getenv("TERM");
    fact(s, "terminal", term != NULL && term[0] ? term : "none");
    fact(s, "database", s->db_path);
    struct error found = {0};
    if (look_at_file(s, &found))
        return true;
    error_prefix(&found, "doctor");
    if (found.code == ERR_DATA)
        say_line(s, "calldeck doctor --salvage FILE copies what can still be read into a new file");
    *err = found;
    return false;
}
