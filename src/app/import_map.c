/* SPDX-License-Identifier: MIT */
/*
 * A row becomes a person: names joined, numbers parsed, place and zone worked out, the rest kept as attributes.
 *
 * Nothing is thrown away that might matter: what cannot be what its column says becomes an attribute. A number that cannot
 * be one rejects the number, never the person.
 */
#include "import_parts.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

enum { ZONE_CACHE = 64 };

/* Files repeat their places: a thousand rows, fifty states. */
struct zone_entry {
    bool used;
    char key[96], zones[160]; /* zones "": known to say nothing */
};

struct mapper {
    struct phone_book *book;
    struct zone_table *zones;
    struct arena arena;
    struct mapping mapping;
    size_t *phone_columns, *mail_columns; /* in the order of their index */
    size_t phones, mails;
    struct csv *reader;
    char country[REGION_SIZE];  /* --country, "" if not said */
    char fallback[REGION_SIZE]; /* of the list's policy */
    struct zone_entry places[ZONE_CACHE], words[ZONE_CACHE];
    struct import_example examples[IMPORT_EXAMPLES];
    size_t examples_count;
};

/* One row on its way. */
struct row {
    struct mapper *m;
    int64_t line;
    struct arena *a;
    struct import_person *p;
    struct str one[FIELD_COUNT_]; /* cells of the fields of which there is one */
    size_t column[FIELD_COUNT_];
    struct import_attribute *attributes;
    size_t attributes_count, attributes_room;
    struct buf rejected;          /* numbers that cannot be one */
    char country[REGION_SIZE];    /* of the row's own column */
    char number_region[REGION_SIZE]; /* of the first number that has one */
};

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

static void region_set(char to[REGION_SIZE], const char *from)
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

struct mapper *mapper_new(struct phone_book *book, struct zone_table *zones, const struct mapping *mapping, char delimiter,
                          const char *country, const char *default_country)
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

const struct import_example *mapper_examples(const struct mapper *m, size_t *ret_count)
{
    *ret_count = m->examples_count;
    return m->examples;
}

/* ---- parts of a row ---- */

static void attribute(struct row *r, struct str key, struct str value)
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

/* The cell of a field could not be what it is meant to be: it stays, under its header. */
static void keep(struct row *r, enum field f)
{
    attribute(r, r->m->mapping.columns[r->column[f]].header, r->one[f]);
}

static void field(struct row *r, const char *name, struct str value)
{
    if (value.len != 0 && r->p->fields_count < sizeof r->p->fields / sizeof r->p->fields[0])
        r->p->fields[r->p->fields_count++] = (struct import_field){.field = name, .value = value};
}

/* Read together with the numbers and the mails. */
static bool is_contact(enum field f)
{
    return f == FIELD_PHONE || f == FIELD_PHONE_LABEL || f == FIELD_EXTENSION || f == FIELD_MAIL || f == FIELD_MAIL_LABEL;
}

static bool is_kept_as_it_is(enum field f)
{
    return f == FIELD_ATTRIBUTE || f == FIELD_PREFIX || f == FIELD_SUFFIX || f == FIELD_STREET || f == FIELD_POSTAL_CODE;
}

static void read_cells(struct row *r, const struct str *cells, size_t count)
{
    const struct mapping *map = &r->m->mapping;
    for (size_t i = 0; i < count; i++) {
        enum field f = i < map->count ? map->columns[i].field : FIELD_ATTRIBUTE;
        if (cells[i].len == 0 || f == FIELD_IGNORE || is_contact(f))
            continue;
        if (is_kept_as_it_is(f)) {
            struct str key = i < map->count ? map->columns[i].header : arena_printf(r->a, "column %zu", i + 1);
            attribute(r, key, value_line(cells[i], r->a));
        } else {
            r->one[f] = f == FIELD_NOTE ? value_text(cells[i], r->a) : value_line(cells[i], r->a);
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
        keep(r, FIELD_COUNTRY);
    }
}

/* ---- numbers ---- */

static void reject_number(struct row *r, struct str text, const char *why)
{
    struct str rest = buf_str(&r->rejected);
    for (size_t at = 0; at + text.len <= rest.len; at++) /* the same text in five columns is one bad number */
        if (memcmp(rest.at + at, text.at, text.len) == 0)
            return;
    if (r->rejected.len != 0)
        buf_add_text(&r->rejected, "; ");
    buf_add_str(&r->rejected, text);
    r->p->phones_rejected++;
    struct mapper *m = r->m;
    if (m->examples_count < IMPORT_EXAMPLES) {
        struct buf shown;
        buf_init(&shown);
        text_printable(text_fit(text, 40, NULL), &shown);
        m->examples[m->examples_count++] = (struct import_example){
            r->line, arena_str(&m->arena, buf_str(&shown)), arena_str(&m->arena, str_of(why))};
        buf_done(&shown);
    }
}

/* "n/a", "-", "ask at the desk": no number was meant. Other scripts have digits of their own, so only ASCII is judged. */
static bool means_no_number(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.at[i] >= '0' && text.at[i] <= '9') || (unsigned char)text.at[i] >= 0x80)
            return false;
    return true;
}

static bool has_letters(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((text.at[i] | 32) >= 'a' && (text.at[i] | 32) <= 'z')
            return true;
    return false;
}

/* The calling code stands in a column of its own: "1" beside "2125550142". */
static bool parse_with_code(struct row *r, struct str text, struct phone_number *ret)
{
    struct str code = r->one[FIELD_PHONE_CODE];
    if (str_starts(code, "+"))
        code = str_skip(code, 1);
    int64_t number;
    if (r->m->country[0] != '\0' || !str_int(code, &number) || number < 1 || number > 9999 || text.len == 0 ||
        text.at[0] == '+' || text.at[0] == '\'' || str_starts(text, "00"))
        return false;
    struct str whole = arena_printf(r->a, "+%lld %.*s", (long long)number, STR_ARG(text));
    return phone_parse(r->m->book, whole, "", false, ret, NULL);
}

static bool add_number(struct row *r, struct str text, struct str label, struct str extension, struct error *err)
{
    struct phone_number n;
    struct error why = {0};
    const char *region = r->m->country[0] ? r->m->country : r->country[0] ? r->country : r->m->fallback;
    if (!parse_with_code(r, text, &n) && !phone_parse(r->m->book, text, region, true, &n, &why)) {
        if (why.code != ERR_DATA) { /* the module is missing: not the file's fault */
            if (err != NULL)
                *err = why;
            return false;
        }
        reject_number(r, text, why.text);
        return true;
    }
    struct import_person *p = r->p;
    for (size_t i = 0; i < p->phones_count; i++)
        if (str_is(p->phones[i].number.e164, n.e164))
            return true;
    if (p->phones_count == sizeof p->phones / sizeof p->phones[0]) {
        attribute(r, STR("more phones"), text);
        return true;
    }
    if (r->number_region[0] == '\0')
        region_set(r->number_region, n.region);
    struct str own = str_of(n.extension);
    if (own.len == 0) {
        int64_t digits;
        own = extension.len < EXTENSION_SIZE && str_int(extension, &digits) && digits >= 0 ? extension : STR("");
    }
    p->phones[p->phones_count++].number = (struct new_phone){
        .e164 = arena_str(r->a, str_of(n.e164)),
        .national = arena_str(r->a, str_of(n.national)),
        .region = arena_str(r->a, str_of(n.region)),
        .type = str_of(phone_type_name(n.type)),
        .label = label,
        .extension = arena_str(r->a, own),
    };
    return true;
}

static struct str label_of(struct row *r, const struct column *c, const struct str *cells, size_t count)
{
    struct str label = c->label;
    if (c->label_column >= 0 && (size_t)c->label_column < count && cells[c->label_column].len != 0) {
        struct buf said;
        buf_init(&said);
        value_label(value_line(cells[c->label_column], r->a), &said);
        if (said.len != 0)
            label = arena_str(r->a, buf_str(&said));
        buf_done(&said);
    }
    return label;
}

static bool take_phones(struct row *r, const struct str *cells, size_t count, struct error *err)
{
    const struct mapping *map = &r->m->mapping;
    for (size_t i = 0; i < r->m->phones; i++) {
        size_t at = r->m->phone_columns[i];
        const struct column *c = &map->columns[at];
        if (at >= count || cells[at].len == 0)
            continue;
        struct str cell = value_line(cells[at], r->a);
        struct str label = label_of(r, c, cells, count);
        if (label_is_machine(label)) {
            attribute(r, c->header, cell);
            continue;
        }
        if (means_no_number(cell)) {
            if (has_letters(cell))
                attribute(r, c->header, cell);
            continue;
        }
        struct str extension = c->extension_column >= 0 && (size_t)c->extension_column < count
                                   ? value_line(cells[c->extension_column], r->a)
                                   : STR("");
        struct str rest = cell, part;
        while (value_next(&rest, &part)) {
            struct str one;
            while (phone_next_in_cell(&part, &one))
                if (!means_no_number(one) && !add_number(r, one, label, extension, err))
                    return false;
        }
    }
    attribute(r, STR("rejected phone"), arena_str(r->a, buf_str(&r->rejected)));
    return true;
}

/* ---- mails ---- */

static bool next_mail(struct str *rest, struct str *ret)
{
    while (rest->len != 0) {
        size_t end = 0;
        while (end < rest->len && rest->at[end] != ',' && rest->at[end] != ';')
            end++;
        *ret = str_trim(str_make(rest->at, end));
        *rest = str_skip(*rest, end < rest->len ? end + 1 : end);
        if (ret->len != 0)
            return true;
    }
    return false;
}

static void take_mails(struct row *r, const struct str *cells, size_t count)
{
    const struct mapping *map = &r->m->mapping;
    struct import_person *p = r->p;
    for (size_t i = 0; i < r->m->mails; i++) {
        size_t at = r->m->mail_columns[i];
        const struct column *c = &map->columns[at];
        if (at >= count || cells[at].len == 0)
            continue;
        struct str cell = value_line(cells[at], r->a), rest = cell, part, one;
        struct str label = label_of(r, c, cells, count);
        bool whole = true; /* every part was taken */
        while (value_next(&rest, &part))
            while (next_mail(&part, &one)) {
                struct str mail;
                bool known = false;
                if (!value_mail(one, &mail) || p->mails_count == sizeof p->mails / sizeof p->mails[0]) {
                    whole = false;
                    continue;
                }
                for (size_t k = 0; k < p->mails_count; k++)
                    known = known || str_eq_ascii_case(p->mails[k], mail);
                if (known)
                    continue;
                p->mails[p->mails_count] = arena_str(r->a, mail);
                p->mail_labels[p->mails_count++] = label;
            }
        if (!whole)
            attribute(r, c->header, cell);
    }
}

/* ---- place ---- */

static unsigned cache_slot(struct str key)
{
    unsigned h = 2166136261u;
    for (size_t i = 0; i < key.len; i++)
        h = (h ^ (unsigned char)key.at[i]) * 16777619u;
    return h % ZONE_CACHE;
}

static bool cache_find(const struct zone_entry *cache, struct str key, struct arena *a, struct str *ret)
{
    const struct zone_entry *e = &cache[cache_slot(key)];
    if (!e->used || !str_eq(str_of(e->key), key))
        return false;
    *ret = arena_str(a, str_of(e->zones));
    return true;
}

static void cache_put(struct zone_entry *cache, struct str key, struct str zones)
{
    struct zone_entry *e = &cache[cache_slot(key)];
    if (key.len >= sizeof e->key || zones.len >= sizeof e->zones || memchr(key.at, '\0', key.len) != NULL)
        return;
    memcpy(e->key, key.at, key.len);
    e->key[key.len] = '\0';
    if (zones.len != 0)
        memcpy(e->zones, zones.at, zones.len);
    e->zones[zones.len] = '\0';
    e->used = true;
}

static bool add_zone(struct row *r, struct str words, struct buf *out)
{
    words = str_trim(words);
    if (words.len == 0)
        return true;
    const struct zone *z = zone_find(r->m->zones, words, NULL);
    if (z == NULL)
        z = zone_guess(r->m->zones, words, NULL);
    if (z == NULL)
        return false;
    if (out->len != 0)
        buf_add_char(out, ',');
    buf_add_text(out, zone_name(z));
    return true;
}

/* "Asia/Riyadh", "riyadh", or several: "America/Chicago; America/Denver". */
static bool zones_of_words(struct row *r, struct str words, struct str *ret)
{
    if (cache_find(r->m->words, words, r->a, ret))
        return ret->len != 0;
    struct buf out;
    buf_init(&out);
    bool ok = add_zone(r, words, &out) && out.len != 0;
    if (!ok) {
        buf_clear(&out);
        struct str rest = words;
        int count = 0;
        ok = true;
        while (ok && rest.len != 0) {
            size_t end = 0;
            while (end < rest.len && rest.at[end] != ',' && rest.at[end] != ';' && rest.at[end] != '|')
                end++;
            ok = add_zone(r, str_make(rest.at, end), &out) && ++count <= ZONES_MOST;
            rest = str_skip(rest, end < rest.len ? end + 1 : end);
        }
        ok = ok && out.len != 0;
    }
    *ret = ok ? arena_str(r->a, buf_str(&out)) : STR("");
    cache_put(r->m->words, words, *ret);
    buf_done(&out);
    return ok;
}

static bool zones_of_address(struct row *r, const char *country, struct str state, bool state_needed, struct str *ret)
{
    char code[8];
    if (country[0] == '\0' || (state_needed && !state_parse(r->m->book, country, state, code)))
        return false;
    struct str key = arena_printf(r->a, "%s/%.*s", country, STR_ARG(state));
    if (cache_find(r->m->places, key, r->a, ret))
        return ret->len != 0;
    struct buf zones;
    buf_init(&zones);
    int count = place_zones(r->m->book, country, state, &zones);
    *ret = count > 0 ? arena_str(r->a, buf_str(&zones)) : STR("");
    cache_put(r->m->places, key, *ret);
    buf_done(&zones);
    return ret->len != 0;
}

/* The zone column, else the address, else the first number that says something. */
static void take_zones(struct row *r)
{
    struct import_person *p = r->p;
    struct str state = r->one[FIELD_STATE];
    p->zone_source = "none";
    if (r->one[FIELD_ZONE].len != 0) {
        if (zones_of_words(r, r->one[FIELD_ZONE], &p->zones)) {
            p->zone_source = "column";
            return;
        }
        keep(r, FIELD_ZONE);
    }
    /* A state without a country is one of the country of the number, or of the list. */
    if (zones_of_address(r, r->country, state, false, &p->zones) ||
        (r->country[0] == '\0' && state.len != 0 &&
         (zones_of_address(r, r->number_region, state, true, &p->zones) ||
          (r->number_region[0] == '\0' && zones_of_address(r, r->m->fallback, state, true, &p->zones))))) {
        p->zone_source = "address";
        return;
    }
    struct buf zones;
    buf_init(&zones);
    for (size_t i = 0; i < p->phones_count && p->zones.len == 0; i++)
        if (phone_zones(r->m->book, p->phones[i].number.e164, &zones) > 0) {
            p->zones = arena_str(r->a, buf_str(&zones));
            p->zone_source = "number";
        }
    buf_done(&zones);
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
    bool month_first = region[0] == '\0' || strcmp(region, "US") == 0 || strcmp(region, "CA") == 0 || strcmp(region, "PH") == 0;
    p->created_at = AT_NONE;
    if (r->one[FIELD_CREATED_AT].len != 0 && !value_date(r->one[FIELD_CREATED_AT], month_first, &p->created_at))
        keep(r, FIELD_CREATED_AT);
}

bool mapper_fields(struct mapper *m, int64_t line, const struct str *fields, size_t count, struct arena *a,
                   struct import_person *ret, struct error *err)
{
    struct row r = {.m = m, .line = line, .a = a, .p = ret};
    buf_init(&r.rejected);
    read_cells(&r, fields, count);
    take_name(&r);
    take_country(&r);
    bool ok = take_phones(&r, fields, count, err);
    if (ok) {
        take_mails(&r, fields, count);
        take_zones(&r);
        take_fields(&r);
        ret->attributes = r.attributes;
        ret->attributes_count = r.attributes_count;
        bool company = r.one[FIELD_COMPANY].len != 0;
        if (ret->name.len == 0 && ret->phones_count == 0 && ret->mails_count == 0 && !(company && ret->phones_rejected != 0))
            ret->rejected = ret->phones_rejected == 0 ? "no name, number or mail"
                                                      : "no name or mail, and the number cannot be one";
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
