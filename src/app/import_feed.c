/* SPDX-License-Identifier: MIT */
/*
 * People from a program, one at a time, by the path of a file's rows: the keys are a header, the values its cells.
 *
 * A program sends the same keys again and again, so the last few headers keep their mapping and their batch. A batch is
 * complete and applied while it is empty, so that each row is seen when it is answered, and a crash leaves nothing to do.
 */
#include "import_parts.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

enum { SOURCES = 8 };

struct source {
    struct arena arena;
    struct str list, header;
    struct mapper *mapper;
    struct batch_row row;
    int64_t batch; /* 0: none yet */
    uint64_t used;
};

struct import_feed {
    struct import_options options;
    struct source sources[SOURCES];
    uint64_t uses;
    struct arena arena; /* of one row */
    struct buf header, raw;
};

struct import_feed *import_feed_new(const struct import_options *options)
{
    struct import_feed *feed = alloc_zeroed(1, sizeof *feed);
    feed->options = *options;
    buf_init(&feed->header);
    buf_init(&feed->raw);
    return feed;
}

static void source_end(struct source *src)
{
    mapper_free(src->mapper);
    arena_done(&src->arena);
    *src = (struct source){.batch = 0};
}

void import_feed_free(struct import_feed *feed)
{
    if (feed == NULL)
        return;
    for (size_t i = 0; i < SOURCES; i++)
        source_end(&feed->sources[i]);
    arena_done(&feed->arena);
    buf_done(&feed->header);
    buf_done(&feed->raw);
    free(feed);
}

static bool source_make(struct import_feed *feed, struct source *src, const char *list, const struct str *keys, size_t count,
                        const struct str *maps, size_t maps_count, struct error *err)
{
    struct arena *a = &src->arena;
    struct mapping mapping, again;
    struct policy policy;
    int64_t list_id = 0;
    struct buf text;
    columns_map(keys, count, a, &mapping);
    if (!mapping_apply(&mapping, maps, maps_count, a, err) || !look_check(&mapping, feed->options.path, err))
        return false;
    if (!list_find(feed->options.store, str_of(list), &list_id, NULL))
        list_id = 0;
    if (!list_policy(feed->options.store, list_id, &policy, err))
        return false;
    char *signature = arena_alloc(a, SIGNATURE_SIZE, 1);
    columns_signature(&mapping, signature);
    buf_init(&text);
    mapping_save(&mapping, &text);
    src->list = arena_str(a, str_of(list));
    src->header = arena_str(a, buf_str(&feed->header));
    src->row = (struct batch_row){.list = src->list,
                                  .file = arena_str(a, str_of(feed->options.path)),
                                  .format = STR("utf-8, comma"),
                                  .signature = str_of(signature),
                                  .header = src->header,
                                  .mapping = arena_str(a, buf_str(&text))};
    buf_done(&text);
    if (!mapping_of_batch(&src->row, a, &again, NULL))
        return error_set(err, ERR_DATA, "these keys cannot be a header");
    src->mapper = mapper_new(feed->options.book, feed->options.zones, &mapping, ',', NULL, policy.country);
    return true;
}

static bool source_for(struct import_feed *feed, const char *list, const struct str *keys, size_t count, const struct str *maps,
                       size_t maps_count, struct source **ret, struct error *err)
{
    struct source *oldest = &feed->sources[0];
    buf_clear(&feed->header);
    for (size_t i = 0; i < count; i++)
        csv_write_field(&feed->header, keys[i], i == 0);
    for (size_t i = 0; i < SOURCES; i++) {
        struct source *src = &feed->sources[i];
        if (src->mapper != NULL && str_is(src->list, list) && str_eq(src->header, buf_str(&feed->header))) {
            src->used = ++feed->uses;
            *ret = src;
            return true;
        }
        if (src->used < oldest->used)
            oldest = src;
    }
    source_end(oldest);
    if (!source_make(feed, oldest, list, keys, count, maps, maps_count, err)) {
        source_end(oldest);
        return false;
    }
    oldest->used = ++feed->uses;
    *ret = oldest;
    return true;
}

static bool batch_new(struct import_feed *feed, struct source *src, int64_t now, struct error *err)
{
    struct import_progress progress = {0};
    int64_t batch;
    src->batch = 0;
    if (!import_begin(feed->options.store, &src->row, now, &batch, err) ||
        !import_complete(feed->options.store, batch, now, err) ||
        !import_apply(feed->options.store, batch, mapper_map, src->mapper, 1, now, &progress, err))
        return false;
    src->batch = batch;
    return true;
}

static bool feed_one(struct import_feed *feed, struct source *src, const struct str *values, size_t count, int64_t now,
                     struct import_fed *ret, struct error *err)
{
    struct import_person person = {.created_at = AT_NONE};
    struct import_one one;
    struct error why = {0};
    if (!mapper_fields(src->mapper, 0, values, count, &feed->arena, &person, err))
        return false;
    if (person.rejected != NULL)
        return error_set(err, ERR_DATA, "%s", person.rejected);
    buf_clear(&feed->raw);
    for (size_t i = 0; i < count; i++)
        csv_write_field(&feed->raw, values[i], i == 0);
    if (src->batch == 0 && !batch_new(feed, src, now, err))
        return false;
    bool ok = import_one(feed->options.store, src->batch, buf_str(&feed->raw), &person, now, &feed->arena, &one, &why);
    if (!ok && why.code == ERR_REFUSED) {
        ok = batch_new(feed, src, now, &why) &&
             import_one(feed->options.store, src->batch, buf_str(&feed->raw), &person, now, &feed->arena, &one, &why);
    }
    if (!ok) {
        if (err != NULL)
            *err = why;
        return false;
    }
    if (one.prospect_id == 0)
        return error_set(err, ERR_DATA, "%.*s", STR_ARG(one.reason));
    *ret = (struct import_fed){one.prospect_id, src->batch, strcmp(one.result, "added") == 0, person.phones_rejected};
    return true;
}

bool import_feed_row(struct import_feed *feed, const char *list, const struct str *keys, const struct str *values, size_t count,
                     const struct str *maps, size_t maps_count, int64_t now, struct import_fed *ret, struct error *err)
{
    struct source *src;
    if (list == NULL)
        list = feed->options.list;
    bool ok = source_for(feed, list, keys, count, maps, maps_count, &src, err) &&
              feed_one(feed, src, values, count, now, ret, err);
    arena_clear(&feed->arena);
    return ok;
}
