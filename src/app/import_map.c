/* SPDX-License-Identifier: MIT */
/*
 * A row becomes a person: names joined, numbers parsed, place and zone worked out, the rest kept as attributes.
 *
 * Nothing is thrown away that might matter: what cannot be what its column says becomes an attribute. A number that
 * cannot be one rejects the number, never the person.
 */
#include "import_row.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

/* ---- life ---- */

static size_t *columns_of(struct mapper *m, enum field f, size_t *ret_count)
{
    size_t count = 0;
    for (size_t i = 0; i < m->mapping.count; i++)
        count += m->mapping.columns[i].field == f;
    size_t *order = ARENA_ARRAY(&m->arena, size_t, count ? count : 1), n = 0;
    for (size_t i = 0; i < m->mapping.count; i++) {
        if (m->mapping.columns[i].field != f)
            continue;
        size_t at = n++;
        for (; at > 0 && m->mapping.columns[order[at - 1]].index > m->mapping.columns[i].index; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    *ret_count = count;
    return order;
}

void region_set(char to[REGION_SIZE], const char *from)
{
    size_t len = from != NULL ? strnlen(from, REGION_SIZE) : 0;
    memset(to, 0, REGION_SIZE);
    if (len == REGION_SIZE - 1)
        memcpy(to, from, len);
}

static struct mapping mapping_copy(const struct mapping *from, struct arena *a)
{
    struct mapping to = *from;
    to.columns = ARENA_ARRAY(a, struct column, from->count ? from->count : 1);
    for (size_t i = 0; i < from->count; i++) {
        to.columns[i] = from->columns[i];
        to.columns[i].header = arena_str(a, from->columns[i].header);
        to.columns[i].original = arena_str(a, from->columns[i].original);
        to.columns[i].label = arena_str(a, from->columns[i].label);
    }
    return to;
}

struct mapper *mapper_new(struct phone_book *book, struct zone_table *zones, const struct mapping *mapping,
                          char delimiter, const char *country, const char *default_country)
{
    struct mapper *m = alloc_zeroed(1, sizeof *m);
    struct csv_format format = {CSV_UTF8, delimiter};
    m->book = book;
    m->zones = zones;
    m->mapping = mapping_copy(mapping, &m->arena);
    m->phone_columns = columns_of(m, FIELD_PHONE, &m->phones);
    m->mail_columns = columns_of(m, FIELD_MAIL, &m->mails);
    m->reader = csv_open_text(STR(""), &format, NULL);
    region_set(m->country, country);
    region_set(m->fallback, default_country);
    return m;
}

struct mapper *mapper_of_batch(const struct import_options *options, struct store *store, const struct batch_row *batch,
                               struct error *err)
{
    struct arena a = {0};
    struct mapping mapping;
    struct policy policy;
    struct mapper *m = NULL;
    if (mapping_of_batch(batch, &a, &mapping, err) && list_policy(store, batch->list_id, &policy, err))
        m = mapper_new(options->book, options->zones, &mapping, format_delimiter(batch->format),
                       arena_text(&a, batch->country), policy.country);
    arena_done(&a);
    return m;
}

void mapper_free(struct mapper *m)
{
    if (m == NULL)
        return;
    csv_close(m->reader);
    arena_done(&m->arena);
    free(m);
}

const struct mapping *mapper_mapping(const struct mapper *m)
{
    return &m->mapping;
}

int64_t mapper_controls(const struct mapper *m)
{
    return m->controls;
}

const struct import_example *mapper_examples(const struct mapper *m, size_t *ret_count)
{
    *ret_count = m->examples_count;
    return m->examples;
}

/* ---- parts of a row ---- */

void row_attribute(struct row *r, struct str key, struct str value)
{
    if (value.len == 0 || key.len == 0)
        return;
    if (r->attributes_count == r->attributes_room) {
        size_t room = r->attributes_room ? r->attributes_room * 2 : 32;
        struct import_attribute *bigger = ARENA_ARRAY(r->a, struct import_attribute, room);
        if (r->attributes_count != 0)
            memcpy(bigger, r->attributes, r->attributes_count * sizeof *bigger);
        r->attributes = bigger;
        r->attributes_room = room;
    }
    r->attributes[r->attributes_count++] = (struct import_attribute){key, value};
}

void row_keep(struct row *r, enum field f)
{
    row_attribute(r, r->m->mapping.columns[r->column[f]].header, r->one[f]);
}

static void field(struct row *r, const char *name, struct str value)
{
    if (value.len != 0 && r->p->fields_count < sizeof r->p->fields / sizeof r->p->fields[0])
        r->p->fields[r->p->fields_count++] = (struct import_field){.field = name, .value = value};
}

/* Read together with the numbers and the mails. */
static bool is_contact(enum field f)
{
    return f == FIELD_PHONE || f == FIELD_PHONE_LABEL || f == FIELD_EXTENSION || f == FIELD_MAIL ||
           f == FIELD_MAIL_LABEL;
}

static bool is_kept_as_it_is(enum field f)
{
    return f == FIELD_ATTRIBUTE || f == FIELD_PREFIX || f == FIELD_SUFFIX || f == FIELD_STREET ||
           f == FIELD_POSTAL_CODE;
}

static void read_cells(struct row *r, const struct str *cells, size_t count)
{
    const struct mapping *map = &r->m->mapping;
    for (size_t i = 0; i < count; i++) {
        enum field f = i < map->count ? map->columns[i].field : FIELD_ATTRIBUTE;
        if (cells[i].len == 0 || f == FIELD_IGNORE)
            continue;
        r->m->controls += value_controls(cells[i]);
        if (is_contact(f))
            continue;
        if (is_kept_as_it_is(f)) {
            struct str key = i < map->count ? map->columns[i].header : arena_printf(r->a, "column %zu", i + 1);
            row_attribute(r, key, value_text(cells[i], r->a));
        } else {
            r->one[f] = f == FIELD_NOTE || f == FIELD_TITLE ? value_text(cells[i], r->a) : value_line(cells[i], r->a);
            r->column[f] = i;
        }
    }
}

static void take_name(struct row *r)
{
    static const enum field parts[] = {FIELD_FIRST_NAME, FIELD_MIDDLE_NAME, FIELD_LAST_NAME};
    if (r->one[FIELD_NAME].len != 0) {
        r->p->name = r->one[FIELD_NAME];
        return;
    }
    struct str filled[3];
    size_t count = 0;
    for (size_t i = 0; i < 3; i++)
        if (r->one[parts[i]].len != 0)
            filled[count++] = r->one[parts[i]];
    if (count == 1)
        r->p->name = filled[0];
    else if (count == 2)
        r->p->name = arena_printf(r->a, "%.*s %.*s", STR_ARG(filled[0]), STR_ARG(filled[1]));
    else if (count == 3)
        r->p->name = arena_printf(r->a, "%.*s %.*s %.*s", STR_ARG(filled[0]), STR_ARG(filled[1]), STR_ARG(filled[2]));
}

static void take_country(struct row *r)
{
    if (r->one[FIELD_COUNTRY].len != 0 && !country_parse(r->m->book, r->one[FIELD_COUNTRY], r->country)) {
        r->country[0] = '\0';
        row_keep(r, FIELD_COUNTRY);
    }
}

/* ---- the rest ---- */

static void take_fields(struct row *r)
{
    struct import_person *p = r->p;
    p->external_id = r->one[FIELD_EXTERNAL_ID];
    p->note = r->one[FIELD_NOTE];
    field(r, "title", r->one[FIELD_TITLE]);
    field(r, "company", r->one[FIELD_COMPANY]);
    field(r, "owner", r->one[FIELD_OWNER]);
    field(r, "language", r->one[FIELD_LANGUAGE]);
    field(r, "source", r->one[FIELD_SOURCE]);
    field(r, "state", r->one[FIELD_STATE]);
    field(r, "city", r->one[FIELD_CITY]);
    if (r->country[0] != '\0') {
        field(r, "country", arena_str(r->a, str_of(r->country)));
    } else if (r->number_region[0] != '\0') { /* whose working week it is; a column that names one knows better */
        field(r, "country", arena_str(r->a, str_of(r->number_region)));
        p->fields[p->fields_count - 1].fills = true;
    }
    p->do_not_call = value_truthy(r->one[FIELD_DO_NOT_CALL]);
    p->mail_opt_out = value_truthy(r->one[FIELD_MAIL_OPT_OUT]);
    const char *region = r->country[0] ? r->country : r->m->country[0] ? r->m->country : r->m->fallback;
    bool month_first =
        region[0] == '\0' || strcmp(region, "US") == 0 || strcmp(region, "CA") == 0 || strcmp(region, "PH") == 0;
    p->created_at = AT_NONE;
    if (r->one[FIELD_CREATED_AT].len != 0 && !value_date(r->one[FIELD_CREATED_AT], month_first, &p->created_at))
        row_keep(r, FIELD_CREATED_AT);
}

bool mapper_fields(struct mapper *m, int64_t line, const struct str *fields, size_t count, struct arena *a,
                   struct import_person *ret, struct error *err)
{
    struct row r = {.m = m, .line = line, .a = a, .p = ret};
    buf_init(&r.rejected);
    read_cells(&r, fields, count);
    take_name(&r);
    take_country(&r);
    bool ok = row_phones(&r, fields, count, err);
    if (ok) {
        row_mails(&r, fields, count);
        row_zones(&r);
        take_fields(&r);
        ret->attributes = r.attributes;
        ret->attributes_count = r.attributes_count;
        bool company = r.one[FIELD_COMPANY].len != 0;
        if (ret->name.len == 0 && ret->phones_count == 0 && ret->mails_count == 0 &&
            !(company && ret->phones_rejected != 0))
            ret->rejected =
                ret->phones_rejected == 0 ? "no name, number or mail" : "no name or mail, and the number cannot be one";
        if (ret->phones_count == 0 && ret->mails_count == 0 && ret->external_id.len == 0) {
            char *hash = arena_alloc(a, ROW_HASH_SIZE, 1);
            value_row_hash(fields, count, hash);
            ret->row_hash = str_of(hash);
        }
    }
    buf_done(&r.rejected);
    return ok;
}

bool mapper_map(const struct batch_row *batch, int64_t line, struct str raw, struct arena *a, struct import_person *ret,
                void *user, struct error *err)
{
    struct mapper *m = user;
    struct csv_row row;
    (void)batch;
    csv_restart(m->reader, raw);
    switch (csv_read(m->reader, &row, err)) {
    case CSV_ROW:
        break;
    case CSV_END:
        return error_set(err, ERR_DATA, "an empty row");
    case CSV_FAILED:
        return false;
    }
    if (row.refused != NULL)
        return error_set(err, ERR_DATA, "%s", row.refused);
    return mapper_fields(m, line, row.fields, row.count, a, ret, err);
}
