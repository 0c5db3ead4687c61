/* SPDX-License-Identifier: MIT */
/* Numbers that must not be called: one by one, or a registry's file. */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/csv.h"

static bool number_of(struct session *s, size_t index, struct str *ret, struct error *err)
{
    struct phone_number number;
    if (!session_number(s, str_of(s->words.arguments[index]), &number, err)) {
        if (err->code == ERR_DATA)
            err->code = ERR_USAGE;
        return false;
    }
    *ret = arena_str(&s->arena, str_of(number.e164));
    return true;
}

static void done_line(struct session *s, struct str number, bool suppressed, const char *what)
{
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_str(&j, "number", number);
        json_bool(&j, "suppressed", suppressed);
        json_close(&j);
    } else {
        out_line(s, "%.*s: %s", STR_ARG(number), what);
    }
}

static bool add(struct session *s, struct error *err)
{
    struct str number;
    for (size_t i = 1; i < s->words.count; i++) {
        if (!number_of(s, i, &number, err) ||
            !suppress_add(s->store, SCOPE_LINE, 0, number, option_str(s, OPTION_REASON), STR("by hand"), s->now, err))
            return false;
        done_line(s, number, true, "must not be called");
    }
    return true;
}

static bool take_off(struct session *s, struct error *err)
{
    struct str number;
    for (size_t i = 1; i < s->words.count; i++) {
        const struct suppress_row *rows;
        size_t count;
        if (!number_of(s, i, &number, err) || !suppress_remove(s->store, number, option_str(s, OPTION_REASON), s->now, err) ||
            !suppress_check(s->store, number, &s->arena, &rows, &count, err))
            return false;
        done_line(s, number, count != 0, count != 0 ? "still must not be called: their company asked for it" : "may be called again");
    }
    return true;
}

static void check_row(struct session *s, struct str number, const struct suppress_row *row)
{
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_str(&j, "number", number);
        json_bool(&j, "suppressed", row != NULL);
        json_text(&j, "scope", row != NULL ? suppress_scope_name(row->scope) : NULL);
        json_str_or_null(&j, "name", row != NULL ? row->name : STR(""));
        json_str_or_null(&j, "company", row != NULL ? row->company : STR(""));
        json_str_or_null(&j, "reason", row != NULL ? row->reason : STR(""));
        json_str_or_null(&j, "source", row != NULL ? row->source : STR(""));
        json_str_or_null(&j, "as_of", row != NULL ? row->as_of : STR(""));
        json_time(&j, "at", row != NULL ? row->at : AT_NONE);
        json_close(&j);
        return;
    }
    out_printable(s, number);
    if (row == NULL) {
        buf_add_text(&s->out, ": may be called\n");
        return;
    }
    buf_printf(&s->out, ": must not be called (%s", suppress_scope_name(row->scope));
    const struct str more[] = {row->name, row->company, row->reason, row->source};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        if (more[i].len != 0) {
            buf_add_text(&s->out, ", ");
            out_printable(s, more[i]);
        }
    buf_add_text(&s->out, ", ");
    out_time(s, row->at, s->zone);
    buf_add_text(&s->out, ")\n");
}

static bool check(struct session *s, int *ret_status, struct error *err)
{
    struct str number;
    for (size_t i = 1; i < s->words.count; i++) {
        const struct suppress_row *rows;
        size_t count;
        if (!number_of(s, i, &number, err) || !suppress_check(s->store, number, &s->arena, &rows, &count, err))
            return false;
        if (count == 0) {
            *ret_status = 1;
            check_row(s, number, NULL);
        }
        for (size_t k = 0; k < count; k++)
            check_row(s, number, &rows[k]);
    }
    return true;
}

/* ---- a registry ---- */

enum { REGIONS_MOST = 16 };
struct registry {
    struct str *numbers;
    size_t count, room;
    int64_t rows, refused;
    struct {
        char country[REGION_SIZE];
        size_t count;
    } regions[REGIONS_MOST];
    size_t regions_count;
};

/* The first cell that is a number; or the first two together, as registries write area and number. */
static bool row_number(struct session *s, const struct csv_row *row, struct phone_number *ret)
{
    for (size_t i = 0; i < row->count; i++)
        if (session_number(s, row->fields[i], ret, NULL))
            return true;
    if (row->count != 2)
        return false;
    struct buf both;
    buf_init(&both);
    buf_add_str(&both, str_trim(row->fields[0]));
    buf_add_str(&both, str_trim(row->fields[1]));
    bool ok = session_number(s, buf_str(&both), ret, NULL);
    buf_done(&both);
    return ok;
}

static void region_count(struct registry *r, const char *region)
{
    size_t i = 0;
    while (i < r->regions_count && strcmp(r->regions[i].country, region) != 0)
        i++;
    if (region[0] == '\0' || i == REGIONS_MOST)
        return;
    if (i == r->regions_count)
        memcpy(r->regions[r->regions_count++].country, region, REGION_SIZE);
    r->regions[i].count++;
}

/* Whose registry it is: the country that --country names, else those whose numbers are more than strays in it. */
static bool registry_dates(struct session *s, const struct registry *r, struct str as_of, struct error *err)
{
    struct str name = option_str(s, OPTION_REGISTRY);
    char code[REGION_SIZE];
    if (option_given(s, OPTION_COUNTRY) && country_parse(session_book(s), option_str(s, OPTION_COUNTRY), code))
        return registry_record(s->store, name, str_of(code), as_of, (int64_t)r->count, s->now, err);
    bool ok = true;
    for (size_t i = 0; ok && i < r->regions_count; i++)
        if (r->regions[i].count * 10 >= r->count)
            ok = registry_record(s->store, name, str_of(r->regions[i].country), as_of, (int64_t)r->regions[i].count, s->now, err);
    return ok;
}

static bool read_registry(struct session *s, const char *path, struct registry *r, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open \"%s\": %s", path, strerror(errno));
    struct csv *csv = csv_open(fd, err);
    if (csv == NULL)
        return false;
    struct csv_row row;
    enum csv_result result;
    while ((result = csv_read(csv, &row, err)) == CSV_ROW) {
        struct phone_number number;
        r->rows++;
        if (row.refused != NULL || !row_number(s, &row, &number)) {
            r->refused++;
            continue;
        }
        if (r->count == r->room) {
            r->room = r->room ? r->room * 2 : 1024;
            r->numbers = alloc_resize(r->numbers, r->room, sizeof *r->numbers);
        }
        region_count(r, number.region);
        r->numbers[r->count++] = arena_str(&s->arena, str_of(number.e164));
    }
    csv_close(csv);
    if (result == CSV_END && r->count == 0)
        return error_set(err, ERR_DATA, "\"%s\" holds no number that can be read%s", path,
                         s->policy.country[0] || option_given(s, OPTION_COUNTRY) ? "" : "; --country US says where they are");
    return result == CSV_END;
}

static bool registry(struct session *s, struct error *err)
{
    struct registry r = {0};
    struct civil day;
    struct str as_of = option_str(s, OPTION_AS_OF);
    bool date_only = false;
    int64_t added = 0;
    if (s->words.count != 2)
        return error_set(err, ERR_USAGE, "one file: calldeck suppress import FILE --registry NAME --as-of DATE");
    if (!option_given(s, OPTION_REGISTRY) || option_str(s, OPTION_REGISTRY).len == 0 || !option_given(s, OPTION_AS_OF))
        return error_set(err, ERR_USAGE, "whose list is it, and of which day: --registry NAME --as-of 2026-11-01");
    if (!civil_parse(as_of, &day, &date_only) || !date_only)
        return error_set(err, ERR_USAGE, "\"%.*s\" is not a day; write 2026-11-01", STR_ARG(as_of));
    bool ok = read_registry(s, s->words.arguments[1], &r, err) &&
              suppress_import(s->store, r.numbers, r.count, option_str(s, OPTION_REGISTRY), as_of, s->now, &added, err) &&
              registry_dates(s, &r, as_of, err);
    if (ok && option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_text(&j, "file", s->words.arguments[1]);
        json_int(&j, "rows", r.rows);
        json_int(&j, "numbers", (int64_t)r.count);
        json_int(&j, "added", added);
        json_int(&j, "refused", r.refused);
        json_close(&j);
    } else if (ok) {
        out_line(s, "%lld numbers, %lld of them new; %lld rows without a number", (long long)r.count, (long long)added,
                 (long long)r.refused);
    }
    free(r.numbers);
    return ok;
}

bool run_SUPPRESS(struct session *s, int *ret_status, struct error *err)
{
    struct str verb = str_of(s->words.arguments[0]);
    if (str_is(verb, "add"))
        return add(s, err);
    if (str_is(verb, "remove"))
        return take_off(s, err);
    if (str_is(verb, "check"))
        return check(s, ret_status, err);
    if (str_is(verb, "import"))
        return registry(s, err);
    return error_set(err, ERR_USAGE, "\"%.*s\" is not what suppress does: add, remove, check or import", STR_ARG(verb));
}
