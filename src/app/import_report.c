/* SPDX-License-Identifier: MIT */
/* What an import did, and what a file looks like before it is taken: the same words on every screen. */
#include "import_parts.h"

#include <string.h>

#include "calldeck/utf8.h"

static void say(line_fn line, void *user, struct buf *text)
{
    line(text->at, user);
    buf_clear(text);
}

static const char *plural(int64_t n)
{
    return n == 1 ? "" : "s";
}

void import_report_lines(const struct import_report *r, line_fn line, void *user)
{
    struct buf text;
    buf_init(&text);
    text_printable(r->file, &text);
    buf_printf(&text, ": %.*s", STR_ARG(r->format));
    if (r->program[0] != '\0')
        buf_printf(&text, ", an export of %s", r->program);
    buf_add_text(&text, ", into list \"");
    text_printable(r->list, &text);
    buf_add_char(&text, '"');
    say(line, user, &text);
    if (r->guessed)
        line("no header line: columns were guessed from what they hold; --map \"2=phone\" says better", user);
    if (r->remembered)
        line("columns as they were given for this header before", user);
    for (size_t i = 0; i < r->mapping_count; i++) {
        buf_printf(&text, "  %.*s", STR_ARG(r->mapping[i]));
        say(line, user, &text);
    }
    buf_printf(&text, "%s%lld row%s: %lld added, %lld updated, %lld unchanged, %lld rejected",
               r->dry_run ? "would be: " : "", (long long)r->rows, plural(r->rows), (long long)r->added,
               (long long)r->updated, (long long)r->unchanged, (long long)r->rejected);
    say(line, user, &text);
    for (size_t i = 0; i < r->changes_count; i++) {
        text_printable(r->changes[i].field, &text);
        buf_printf(&text, ": %lld changed", (long long)r->changes[i].count);
        struct buf indented;
        buf_init(&indented);
        buf_printf(&indented, "  %s", text.at);
        say(line, user, &indented);
        buf_done(&indented);
        buf_clear(&text);
    }
    if (r->suppressed != 0) {
        buf_printf(&text, "%lld %s not to be called (do not call in the file)", (long long)r->suppressed,
                   r->suppressed == 1 ? "is" : "are");
        say(line, user, &text);
    }
    if (r->phones_rejected != 0) {
        buf_printf(&text, "%lld number%s cannot be one, kept as \"rejected phone\"", (long long)r->phones_rejected,
                   plural(r->phones_rejected));
        say(line, user, &text);
    }
    for (size_t i = 0; i < r->phones_count && r->phones_rejected != 0; i++) {
        buf_printf(&text, "  line %lld: \"%.*s\": %.*s", (long long)r->phones[i].line, STR_ARG(r->phones[i].text),
                   STR_ARG(r->phones[i].why));
        say(line, user, &text);
    }
    for (size_t i = 0; i < r->rejects_count; i++) {
        if (i == 0)
            line("rejected rows:", user);
        buf_printf(&text, "  line %lld: %.*s: %.*s", (long long)r->rejects[i].line, STR_ARG(r->rejects[i].why),
                   STR_ARG(r->rejects[i].text));
        say(line, user, &text);
    }
    if (r->rejects_count != 0 && (int64_t)r->rejects_count < r->rejected) {
        buf_printf(&text, "  and %lld more: --rejects FILE writes them all",
                   (long long)(r->rejected - (int64_t)r->rejects_count));
        say(line, user, &text);
    }
    if (r->headers_again != 0) {
        buf_printf(&text, "%lld repeated header line%s left out", (long long)r->headers_again,
                   plural(r->headers_again));
        say(line, user, &text);
    }
    if (r->repaired_fields != 0) {
        buf_printf(&text, "%lld field%s held broken bytes: shown as \xef\xbf\xbd, the rows are kept as they came",
                   (long long)r->repaired_fields, plural(r->repaired_fields));
        say(line, user, &text);
    }
    if (r->controls != 0) {
        buf_printf(&text, "dropped %lld control character%s", (long long)r->controls, plural(r->controls));
        say(line, user, &text);
    }
    if (!r->dry_run && r->batch != 0) {
        buf_printf(&text, "import %lld; calldeck revert %lld takes it back", (long long)r->batch, (long long)r->batch);
        say(line, user, &text);
    }
    buf_done(&text);
}

/* ---- before it is taken ---- */

static struct str printable(struct str s, struct arena *a)
{
    struct buf text;
    buf_init(&text);
    text_printable(s, &text);
    struct str kept = arena_str(a, buf_str(&text));
    buf_done(&text);
    return kept;
}

static struct import_sample sample_of(const struct import_person *p, struct arena *a)
{
    struct import_sample s = {
        .name = printable(p->name, a), .zone = printable(p->zones, a), .note = printable(p->note, a)};
    if (p->mails_count != 0)
        s.mail = printable(p->mails[0], a);
    for (size_t i = 0; i < p->fields_count; i++)
        if (strcmp(p->fields[i].field, "company") == 0)
            s.company = printable(p->fields[i].value, a);
    if (p->phones_count != 0) {
        struct buf pretty;
        buf_init(&pretty);
        phone_pretty(p->phones[0].number.e164, &pretty);
        s.phone = arena_str(a, buf_str(&pretty));
        buf_done(&pretty);
    }
    return s;
}

/* The region that most of the first numbers have, for "which country are these?" */
static struct str commonest(const struct str *regions, size_t count)
{
    struct str best = STR("");
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        for (size_t k = 0; k < count; k++)
            n += str_eq(regions[i], regions[k]);
        if (n > most && regions[i].len != 0) {
            most = n;
            best = regions[i];
        }
    }
    return best;
}

bool import_preview(const struct import_options *options, struct arena *a, struct import_preview *ret,
                    struct error *err)
{
    struct look look;
    struct import_preview p = {.program = ""};
    struct policy policy;
    policy_defaults(&policy);
    if (!look_open(options, a, &look, err))
        return false;
    bool ok = options->store == NULL || list_policy(options->store, 0, &policy, err);
    struct csv_format format = csv_format(look.csv);
    struct mapper *m =
        mapper_new(options->book, options->zones, &look.mapping, format.delimiter, options->country, policy.country);
    struct str regions[COLUMNS_LOOK_ROWS];
    size_t regions_count = 0;
    for (size_t i = look.first_data; ok && i < look.rows_count; i++) {
        struct import_person person = {.created_at = AT_NONE};
        const struct csv_row *row = &look.rows[i];
        if (row->refused != NULL || columns_is_header_again(&look.mapping, row))
            continue;
        ok = mapper_fields(m, row->line, row->fields, row->count, a, &person, err);
        if (!ok || person.rejected != NULL)
            continue;
        if (p.samples_count < IMPORT_SAMPLES)
            p.samples[p.samples_count++] = sample_of(&person, a);
        if (person.phones_count != 0)
            regions[regions_count++] = person.phones[0].number.region;
    }
    if (ok) {
        struct buf text;
        buf_init(&text);
        format_write(format, &text);
        p.format = arena_str(a, buf_str(&text));
        struct str *lines = ARENA_ARRAY(a, struct str, look.mapping.count ? look.mapping.count : 1);
        for (size_t i = 0; i < look.mapping.count; i++) {
            buf_clear(&text);
            mapping_format(&look.mapping, i, &text);
            lines[i] = arena_str(a, buf_str(&text));
        }
        buf_done(&text);
        p.mapping = lines;
        p.mapping_count = look.mapping.count;
        p.program = export_name(look.mapping.export);
        p.guessed = look.mapping.guessed;
        p.list = import_list_name(options->path);
        p.country = commonest(regions, regions_count);
        *ret = p;
    }
    mapper_free(m);
    csv_close(look.csv);
    return ok;
}
