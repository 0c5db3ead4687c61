/* SPDX-License-Identifier: MIT */
/*
 * The first-run screen, and imports while the keys go on working.
 */
#include "start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "actions.h"
#include "notes.h"
#include "prompt.h"
#include "screens.h"
#include "turn.h"

#include "calldeck/import.h"
#include "calldeck/utf8.h"

enum { SLICE_MS = 30, SLICE_TYPING_MS = 8, IMPORT_SAID_MS = 15000 };

/* ---- the screen ---- */

static struct import_options options_of(const struct app *app, const char *path)
{
    return (struct import_options){
        .store = app->store, .book = app->book, .zones = app->zones, .path = path, .fd = -1, .now = app->now};
}

static void preview(struct app *app)
{
    struct start *s = &app->start;
    struct str path = form_value(app, "file"), country = form_value(app, "country");
    struct stat st;
    s->samples_count = 0;
    s->mapping = STR("");
    arena_clear(&s->arena);
    app->form.error[0] = '\0';
    snprintf(s->path, sizeof s->path, "%.*s", STR_ARG(path));
    /* only a whole name is looked at: half of one is still being typed */
    if (s->path[0] == '\0' || stat(s->path, &st) != 0 || !S_ISREG(st.st_mode) || app->book == NULL)
        return;
    char cc[8];
    snprintf(cc, sizeof cc, "%.*s", STR_ARG(country));
    struct import_options options = options_of(app, s->path);
    options.country = cc;
    struct import_preview p = {0};
    struct error err = {0};
    if (!import_preview(&options, &s->arena, &p, &err) && cc[0] != '\0') {
        err = (struct error){0};
        options.country = ""; /* half a country is no reason to show nothing */
        if (!import_preview(&options, &s->arena, &p, &err)) {
            line_print(app->form.error, sizeof app->form.error, "%s", err.text);
            return;
        }
    } else if (err.code != ERR_NONE) {
        line_print(app->form.error, sizeof app->form.error, "%s", err.text);
        return;
    }
    for (size_t i = 0; i < p.samples_count && i < 3; i++) {
        const struct import_sample *one = &p.samples[i];
        const struct str cells[6] = {one->name, one->company, one->phone, one->zone, one->mail, one->note};
        for (size_t j = 0; j < 6; j++)
            s->samples[i][j] = cells[j];
        s->samples_count++;
    }
    struct buf mapping;
    buf_init(&mapping);
    for (size_t i = 0; i < p.mapping_count; i++)
        buf_printf(&mapping, "%s%.*s", i ? " · " : "", STR_ARG(p.mapping[i]));
    s->mapping = arena_str(&s->arena, buf_str(&mapping));
    buf_done(&mapping);
}

void start_open(struct app *app, const char *path)
{
    const struct settings *set = app->settings;
    const char *rep = setting_text(set, SETTING_REP);
    form_open(app, SCREEN_START);
    app->start.unseen = false;
    form_add(app, "file", "file", str_of(path), "a CSV export; Tab goes to the next line");
    form_add(app, "country", "country", str_of(setting_text(set, SETTING_COUNTRY)),
             "two letters: for numbers without one");
    form_add(app, "audience", "audience", str_of(setting_text(set, SETTING_AUDIENCE)), "business or consumer");
    form_add(app, "days", "days", str_of(setting_text(set, SETTING_DAYS)), "country, mon-fri, sun-thu or all");
    form_add(app, "hours", "hours", str_of(setting_text(set, SETTING_HOURS)), "calling hours at their place");
    form_add(app, "rep", "my name", rep[0] != '\0' ? str_of(rep) : str_of(store_rep(app->store)), "on every call");
    preview(app);
}

void start_changed(struct app *app)
{
    if (app->form.at == 0)
        app->start.unseen = true;
    if (app->form.at < 2)
        preview(app);
}

/* Values that are no values are said at their line, before anything is taken. */
static bool check_fields(struct app *app)
{
    bool ok = true;
    struct settings *scratch = settings_new();
    for (size_t i = 1; i < app->form.count; i++) {
        struct form_field *f = &app->form.fields[i];
        struct error err = {0};
        f->error[0] = '\0';
        if (setting_set(scratch, str_of(f->name), form_value(app, f->name), SETTING_FROM_SESSION, NULL, &err))
            continue;
        line_print(f->error, sizeof f->error, "%s", err.text);
        if (ok)
            app->form.at = i;
        ok = false;
    }
    settings_free(scratch);
    return ok;
}

unsigned start_accept(struct app *app, struct error *err)
{
    if (form_value(app, "file").len == 0) {
        snprintf(app->form.error, sizeof app->form.error, "name a CSV file, or Esc for an empty deck");
        app->form.at = 0;
        return REACT_PAINT;
    }
    if (!check_fields(app))
        return REACT_PAINT;
    /* the Enter that ends the path is not the one that takes the file: its first rows have been on the screen for no time */
    if (app->start.unseen && app->form.at == 0 && app->start.samples_count != 0) {
        app->start.unseen = false;
        app->form.at = 1;
        say(app, TONE_PLAIN, "these are the first of them: Enter once more imports the file");
        return REACT_PAINT;
    }
    struct error why = {0};
    if (!import_begin_job(app, form_value(app, "file"), form_value(app, "country"), form_value(app, "audience"),
                          &why)) {
        line_print(app->form.error, sizeof app->form.error, "%s", why.text);
        return REACT_PAINT;
    }
    struct str rep = form_value(app, "rep");
    if (rep.len != 0 && !str_is(rep, store_rep(app->store)) &&
        setting_set(app->settings, STR("rep"), rep, SETTING_FROM_SESSION, NULL, err))
        store_set_rep(app->store, setting_text(app->settings, SETTING_REP));
    /* what the form says belongs to the list that comes out of it */
    app->import_opens = true;
    snprintf(app->import_days, sizeof app->import_days, "%.*s", STR_ARG(form_value(app, "days")));
    snprintf(app->import_hours, sizeof app->import_hours, "%.*s", STR_ARG(form_value(app, "hours")));
    snprintf(app->import_country, sizeof app->import_country, "%.*s", STR_ARG(form_value(app, "country")));
    screen_close(app);
    return REACT_PAINT;
}

/* ---- the job ---- */

bool import_begin_job(struct app *app, struct str path, struct str country, struct str audience, struct error *err)
{
    if (app->job != NULL)
        return error_set(err, ERR_REFUSED, "an import is running: %s", app->job_line);
    if (store_read_only(app->store))
        return error_set(err, ERR_IO, "this file is read-only: nothing can be imported into it");
    if (app->book == NULL)
        return error_set(err, ERR_REFUSED, "numbers cannot be read here, so nothing can be imported");
    /* the job borrows them for its whole life */
    snprintf(app->import_path, sizeof app->import_path, "%.*s", STR_ARG(path));
    snprintf(app->import_cc, sizeof app->import_cc, "%.*s", STR_ARG(country));
    snprintf(app->import_audience, sizeof app->import_audience, "%.*s", STR_ARG(audience));
    struct import_options options = options_of(app, app->import_path);
    options.country = app->import_cc;
    options.audience = app->import_audience[0] != '\0' ? app->import_audience : NULL;
    options.patient = true;
    if (app->port != NULL) {
        options.now_ms = app->port->now_ms;
        options.now_ms_user = app->port->user;
    }
    app->job = import_job_new(&options, err);
    app->import_opens = false;
    if (app->job == NULL)
        return false;
    snprintf(app->job_line, sizeof app->job_line, "import: reading");
    app->job_percent = 0;
    return true;
}

void import_stop(struct app *app)
{
    import_job_free(app->job);
    app->job = NULL;
    app->job_line[0] = '\0';
}

static void policy_line(struct app *app, int64_t list_id, const char *key, const char *value, const char *usual)
{
    struct error err = {0};
    if (value[0] != '\0' && strcmp(value, usual) != 0 &&
        !list_policy_set(app->store, list_id, str_of(key), str_of(value), app->now, &err))
        say_error(app, &err);
}

/* "40 new, 2 rejected, 7 numbers unreadable": what is nought goes unsaid, so that the line fits. */
static void import_sum(const struct import_report *r, struct buf *out)
{
    const struct {
        int64_t count;
        const char *word;
    } parts[] = {{r->added, "new"}, {r->updated, "updated"}, {r->unchanged, "unchanged"}, {r->rejected, "rejected"},
                 {r->phones_rejected, r->phones_rejected == 1 ? "number unreadable" : "numbers unreadable"}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i].count != 0)
            buf_printf(out, "%s%lld %s", out->len ? ", " : "", (long long)parts[i].count, parts[i].word);
    if (out->len == 0)
        buf_add_text(out, "no rows");
}

static void finished(struct app *app)
{
    const struct import_report *r = import_job_report(app->job);
    int64_t list_id = r->list_id;
    struct buf name, sum;
    buf_init(&name);
    buf_init(&sum);
    text_printable(r->list, &name);
    import_sum(r, &sum);
    /* above the card: the foot says what was filed last */
    if (app->banner.tone == TONE_BAD && app->banner.text[0] != '\0')
        say(app, TONE_GOOD, "%s: %s", name.at, sum.at);
    else
        banner(app, r->phones_rejected || r->rejected ? TONE_WARNING : TONE_GOOD, IMPORT_SAID_MS, "%s: %s · :revert %lld takes it back",
               name.at, sum.at, (long long)r->batch);
    buf_done(&sum);
    buf_done(&name);
    import_stop(app);
    app->pending |= REACT_QUEUE | REACT_PAINT;
    if (!app->import_opens)
        return;
    app->import_opens = false;
    policy_line(app, list_id, "country", app->import_country, setting_text(app->settings, SETTING_COUNTRY));
    policy_line(app, list_id, "days", app->import_days, setting_text(app->settings, SETTING_DAYS));
    policy_line(app, list_id, "hours", app->import_hours, setting_text(app->settings, SETTING_HOURS));
    struct error err = {0};
    if (app->call.state == CALL_NONE && app->card.id == 0 && list_choose(app, list_id, &err))
        app->pending |= REACT_NEXT;
}

void import_tick(struct app *app)
{
    if (app->job == NULL)
        return;
    bool typing = app->port != NULL && app->port->key_waits != NULL && app->port->key_waits(app->port->user);
    struct error err = {0};
    enum import_state state = import_job_step(app->job, typing ? SLICE_TYPING_MS : SLICE_MS, &err);
    if (state == IMPORT_FAILED) {
        import_stop(app);
        trouble(app, "import", err.code);
        say(app, TONE_BAD, "%s", err.text);
        app->message.until_ms = app->now_ms + 20000;
        return;
    }
    if (state == IMPORT_DONE) {
        finished(app);
        return;
    }
    struct import_status s = import_job_status(app->job);
    int percent = s.of > 0 ? (int)(100 * s.done / s.of) : -1;
    if (percent == app->job_percent && app->job_line[0] != '\0' && percent >= 0)
        return;
    app->job_percent = percent;
    if (percent >= 0)
        snprintf(app->job_line, sizeof app->job_line, "import: %s %d%%", s.filing ? "filing" : "reading", percent);
    else
        snprintf(app->job_line, sizeof app->job_line, "import: %s %lld", s.filing ? "filing" : "reading",
                 (long long)s.done);
    app->pending |= REACT_PAINT;
}

/* A path as a person types it: ~ is home, quotes around it are not part of it. */
static void path_of(struct str words, struct buf *out)
{
    if (words.len >= 2 && (words.at[0] == '"' || words.at[0] == '\'') && words.at[words.len - 1] == words.at[0])
        words = str_make(words.at + 1, words.len - 2);
    const char *home = getenv("HOME");
    if (str_starts(words, "~/") && home != NULL) {
        buf_add_text(out, home);
        words = str_skip(words, 1);
    }
    buf_add_str(out, words);
}

unsigned do_IMPORT(struct app *app, struct str args, struct error *err)
{
    struct buf path;
    buf_init(&path);
    path_of(args, &path);
    import_begin_job(app, buf_str(&path), STR(""), STR(""), err);
    buf_done(&path);
    return REACT_PAINT;
}

struct kept {
    size_t count;
    char first[160];
};

static void keep_line(const char *line, void *user)
{
    struct kept *k = user;
    if (k->count++ == 0)
        line_print(k->first, sizeof k->first, "%s", line);
}

unsigned do_REVERT(struct app *app, struct str args, struct error *err)
{
    int64_t batch;
    struct str rest = args, word, sure;
    str_word(&rest, &word);
    if (!str_int(word, &batch) || batch <= 0) {
        error_set(err, ERR_USAGE, "\"%.*s\" is no batch, expected its number: :batches shows them", STR_ARG(word));
        return 0;
    }
    if (!str_word(&rest, &sure) || !str_is(sure, "yes")) {
        struct arena a = {0};
        struct batch_row row;
        if (batch_load(app->store, batch, &a, &row, err)) {
            char label[96], command[64];
            struct str file = text_fit(row.file, 40, NULL);
            line_print(label, sizeof label, "take back %.*s, %lld new people?", STR_ARG(file), (long long)row.added);
            snprintf(command, sizeof command, "revert %lld yes", (long long)batch);
            prompt_confirm(app, label, command);
        }
        arena_done(&a);
        return REACT_PAINT;
    }
    if (app->call.state != CALL_NONE) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first");
        return 0;
    }
    struct kept kept = {0};
    struct revert_result result;
    notes_save(app, true);
    if (!batch_revert(app->store, batch, app->now, keep_line, &kept, &result, err))
        return 0;
    if (kept.count != 0)
        say(app, TONE_WARNING, "%lld gone, %lld restored, %lld kept: %s", (long long)result.removed,
            (long long)result.restored, (long long)result.kept, kept.first);
    else
        say(app, TONE_GOOD, "%lld gone, %lld restored", (long long)result.removed, (long long)result.restored);
    return REACT_QUEUE | REACT_CARD;
}
