/* SPDX-License-Identifier: MIT */
#include "import_desk.h"

#include <stdio.h>

static struct store *open_store(struct import_desk *d, struct error *err)
{
    struct store_options options = {.mode = STORE_CREATE,
                                    .zones = d->zones,
                                    .policy = &d->policy,
                                    .rep = "dana",
                                    .holder = "desk",
                                    .now = DESK_NOW,
                                    .busy_ms = 2000};
    return store_open(d->path, &options, err);
}

void import_desk_open(struct import_desk *d, const char *name, const char *country)
{
    struct error err = {0};
    char own[64]; /* one folder for all tests of the program */
    snprintf(own, sizeof own, "import-%s", name);
    *d = (struct import_desk){.path = test_path(own)};
    remove(d->path);
    d->book = phone_book_new(TEST_PREFIX "/lib/calldeck", TEST_ASSETS);
    d->zones = zone_table_new(NULL);
    policy_defaults(&d->policy);
    snprintf(d->policy.country, sizeof d->policy.country, "%s", country);
    d->store = open_store(d, &err);
    if (d->store == NULL)
        fail_msg("%s: %s", d->path, err.text);
}

void import_desk_reopen(struct import_desk *d)
{
    struct error err = {0};
    import_job_free(d->job);
    d->job = NULL;
    store_close(d->store);
    d->store = open_store(d, &err);
    if (d->store == NULL)
        fail_msg("%s: %s", d->path, err.text);
}

void import_desk_close(struct import_desk *d)
{
    import_job_free(d->job);
    store_close(d->store);
    phone_book_free(d->book);
    zone_table_free(d->zones);
}

struct import_options import_desk_options(struct import_desk *d, const char *path)
{
    return (struct import_options){
        .store = d->store, .book = d->book, .zones = d->zones, .path = path, .fd = -1, .now = DESK_NOW};
}

bool import_run(struct import_desk *d, const struct import_options *options, struct error *err)
{
    import_job_free(d->job);
    d->job = import_job_new(options, err);
    if (d->job == NULL)
        return false;
    for (;;) {
        switch (import_job_step(d->job, 0, err)) {
        case IMPORT_RUNNING:
            continue;
        case IMPORT_DONE:
            d->report = *import_job_report(d->job);
            return true;
        case IMPORT_FAILED:
            return false;
        }
    }
}

void import_must(struct import_desk *d, const char *path)
{
    struct import_options options = import_desk_options(d, path);
    must(import_run(d, &options, err));
}

void import_text(struct import_desk *d, const char *text)
{
    const char *path = test_path("leads.csv");
    test_write_file(path, text, strlen(text));
    import_must(d, path);
}

int64_t person_of(struct import_desk *d, const char *words)
{
    struct arena a = {0};
    const struct found *rows;
    size_t count = 0;
    must(search_run(d->store, str_of(words), 8, &a, &rows, &count, err));
    if (count != 1)
        fail_msg("\"%s\" finds %zu people", words, count);
    int64_t id = rows[0].id;
    arena_done(&a);
    return id;
}

void card_of(struct import_desk *d, int64_t id, struct arena *a, struct card *ret)
{
    must(card_load(d->store, id, 0, DESK_NOW, 0, a, ret, err));
}

struct str attribute_of(const struct card *card, const char *key)
{
    for (size_t i = 0; i < card->attributes_count; i++)
        if (str_is(card->attributes[i].key, key))
            return card->attributes[i].value;
    return STR("");
}

static bool count_one(const struct card *card, void *user)
{
    (void)card;
    ++*(size_t *)user;
    return true;
}

size_t people_count(struct import_desk *d)
{
    size_t count = 0;
    must(export_cards(d->store, 0, count_one, &count, err));
    return count;
}

static bool write_one(const struct card *c, void *user)
{
    struct buf *out = user;
    buf_printf(out, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s %.*s|%.*s", STR_ARG(c->external_id), STR_ARG(c->name),
               STR_ARG(c->title), STR_ARG(c->company), STR_ARG(c->country), STR_ARG(c->zone_source), STR_ARG(c->zones),
               STR_ARG(c->note));
    buf_printf(out, "|%s|%s", state_name(c->stored_state), c->suppressed ? "suppressed" : "");
    for (size_t i = 0; i < c->phones_count; i++)
        buf_printf(out, "|%.*s %.*s %.*s%s", STR_ARG(c->phones[i].e164), STR_ARG(c->phones[i].label),
                   STR_ARG(c->phones[i].extension), c->phones[i].suppressed ? " suppressed" : "");
    for (size_t i = 0; i < c->mails_count; i++)
        buf_printf(out, "|%.*s", STR_ARG(c->mails[i].address));
    for (size_t i = 0; i < c->attributes_count; i++)
        buf_printf(out, "|%.*s=%.*s", STR_ARG(c->attributes[i].key), STR_ARG(c->attributes[i].value));
    buf_add_char(out, '\n');
    return true;
}

void everybody(struct import_desk *d, struct buf *out)
{
    must(export_cards(d->store, 0, write_one, out, err));
}

void log_outcome(struct import_desk *d, int64_t id, const char *outcome)
{
    struct log_entry log = {.entry = {.outcome = outcome_by_code(store_outcomes(d->store), str_of(outcome)),
                                      .when_at = AT_NONE,
                                      .talk_s = -1},
                            .prospect_id = id,
                            .direction = STR("out"),
                            .at = DESK_NOW,
                            .recorded_at = DESK_NOW};
    int64_t touch;
    assert_non_null(log.entry.outcome);
    must(outcome_log(d->store, &log, &touch, err));
}

void assert_report(const struct import_report *r, int64_t rows, int64_t added, int64_t updated, int64_t unchanged,
                   int64_t rejected, const char *file, int line)
{
    if (r->rows != rows || r->added != added || r->updated != updated || r->unchanged != unchanged ||
        r->rejected != rejected) {
        print_error("%lld rows: %lld added, %lld updated, %lld unchanged, %lld rejected\n", (long long)r->rows,
                    (long long)r->added, (long long)r->updated, (long long)r->unchanged, (long long)r->rejected);
        for (size_t i = 0; i < r->rejects_count; i++)
            print_error("  line %lld: %.*s\n", (long long)r->rejects[i].line, STR_ARG(r->rejects[i].why));
        for (size_t i = 0; i < r->changes_count; i++)
            print_error("  %.*s: %lld\n", STR_ARG(r->changes[i].field), (long long)r->changes[i].count);
        _fail(file, line);
    }
}
