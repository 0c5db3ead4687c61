/* SPDX-License-Identifier: MIT */
/* Numbers and mails of a row. What cannot be one is kept as it came, and never costs the person. */
#include "import_row.h"

#include <string.h>

#include "calldeck/utf8.h"

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
        m->examples[m->examples_count++] =
            (struct import_example){r->line, arena_str(&m->arena, buf_str(&shown)), arena_str(&m->arena, str_of(why))};
        buf_done(&shown);
    }
}

/* "n/a", "-", "ask at the desk": no number was meant. Other scripts have digits of their own, so only ASCII is judged.
 */
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
        row_attribute(r, STR("more phones"), text);
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
        .state = phone_state(r->m->book, str_of(n.e164)),
        .zones = phone_zones_text(r->m->book, str_of(n.e164), r->a),
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

bool row_phones(struct row *r, const struct str *cells, size_t count, struct error *err)
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
            row_attribute(r, c->header, cell);
            continue;
        }
        if (means_no_number(cell)) {
            if (has_letters(cell))
                row_attribute(r, c->header, cell);
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
    row_attribute(r, STR("rejected phone"), arena_str(r->a, buf_str(&r->rejected)));
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

void row_mails(struct row *r, const struct str *cells, size_t count)
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
            row_attribute(r, c->header, cell);
    }
}
