/* SPDX-License-Identifier: MIT */
/* Facts that come in from outside: calls made elsewhere, corrections, undo, skips. */
#include "session.h"

#include <string.h>

#include "calldeck/utf8.h"

static bool outcome_named(struct session *s, const char *code, const struct outcome **ret, struct error *err)
{
    const struct outcome_table *table = store_outcomes(s->store);
    *ret = outcome_by_code(table, str_of(code));
    if (*ret != NULL)
        return true;
    struct buf all;
    buf_init(&all);
    for (size_t i = 0; i < table->count; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", table->rows[i].code);
    error_set(err, ERR_USAGE, "there is no outcome \"%s\"; there are %s", code, all.at);
    buf_done(&all);
    return false;
}

static bool asks_when(const struct outcome *o)
{
    return o->ask == ASK_WHEN || o->ask == ASK_STEP || o->ask == ASK_MEETING;
}

static struct when_context context_in(const struct session *s, const struct zone *zone)
{
    return (struct when_context){.zone = zone,
                                 .now = s->now,
                                 .day_start_min = s->policy.hours_start_min,
                                 .day_end_min = s->policy.hours_end_min,
                                 .month_first = str_is(str_of(setting_text(s->settings, SETTING_DATE_ORDER)), "month-day")};
}

static void say_fit(const struct session *s, const struct when *when, const struct zone *zone)
{
    char text[WHEN_TEXT_SIZE];
    if (when->fit == ZONE_ONCE || when->instant)
        return;
    when_text(zone, when->at, s->now, text);
    if (when->fit == ZONE_GAP)
        say_line(s, "the clocks jump over that time in %s: taken as %s", zone_name(zone), text);
    else
        say_line(s, "that time comes twice in %s: the first is taken", zone_name(zone));
}

/* The prospect's clock. When it could be one of several, the words must mean one instant in all of them. */
static bool parse_when(struct session *s, const struct place *place, struct outcome_entry *entry, struct error *err)
{
    struct str words = option_str(s, OPTION_WHEN);
    const struct zone *zone = place->zone_count > 0 ? place->zones[0] : s->zone;
    struct when_context context = context_in(s, zone);
    struct when first;
    if (!when_parse(words, &context, &first, err))
        return error_prefix(err, "--when");
    if (place->zone_count == 0 && !first.instant)
        return error_set(err, ERR_USAGE,
                         "--when \"%.*s\": nobody knows what time it is there; set a zone first (z in the dashboard), or give the time with its offset",
                         STR_ARG(words));
    for (int i = 1; i < place->zone_count && !first.instant; i++) {
        struct when other;
        context = context_in(s, place->zones[i]);
        if (!when_parse(words, &context, &other, err))
            return error_prefix(err, "--when");
        if (other.at != first.at) {
            char one[ISO_SIZE], two[ISO_SIZE];
            iso_format_offset(first.at, zone_offset(zone, first.at, NULL), one);
            iso_format_offset(other.at, zone_offset(place->zones[i], other.at, NULL), two);
            return error_set(err, ERR_USAGE, "--when \"%.*s\" could be %s (%s) or %s (%s): give it with its offset", STR_ARG(words), one,
                             zone_name(zone), two, zone_name(place->zones[i]));
        }
    }
    say_fit(s, &first, zone);
    entry->when_at = first.at; /* the store derives the wall time there */
    return true;
}

/* "1200", "1200.5", "1200.50"; nothing else, since a comma means two things. */
static bool parse_amount(struct str text, int64_t *ret_cents, struct error *err)
{
    struct str t = str_trim(text);
    size_t point = str_find(t, '.');
    int64_t whole = 0, part = 0;
    struct str cents = point < t.len ? str_skip(t, point + 1) : STR("");
    bool ok = point > 0 && str_int(str_make(t.at, point), &whole) && t.at[0] >= '0' && t.at[0] <= '9' && whole <= INT64_C(1000000000000);
    if (ok && point < t.len)
        ok = cents.len >= 1 && cents.len <= 2 && cents.at[0] >= '0' && cents.at[0] <= '9' && str_int(cents, &part);
    if (!ok)
        return error_set(err, ERR_USAGE, "\"%.*s\" is not an amount; write 1200 or 1200.50", STR_ARG(text));
    *ret_cents = whole * 100 + (cents.len == 1 ? part * 10 : part);
    return true;
}

static bool parse_currency(struct session *s, struct outcome_entry *entry, struct error *err)
{
    struct str t = str_trim(option_str(s, OPTION_CURRENCY));
    char code[4] = "";
    bool ok = t.len == 3;
    for (size_t i = 0; ok && i < 3; i++) {
        code[i] = t.at[i] >= 'a' && t.at[i] <= 'z' ? (char)(t.at[i] - 'a' + 'A') : t.at[i];
        ok = code[i] >= 'A' && code[i] <= 'Z';
    }
    if (!ok)
        return error_set(err, ERR_USAGE, "\"%.*s\" is not a currency; write EUR or USD", STR_ARG(t));
    entry->currency = arena_str(&s->arena, str_of(code));
    return true;
}

static struct str line_of(struct session *s, enum option option)
{
    struct buf b;
    buf_init(&b);
    text_clean_line(option_str(s, option), &b);
    struct str t = arena_str(&s->arena, buf_str(&b));
    buf_done(&b);
    return t;
}

static struct str text_of(struct session *s, enum option option)
{
    struct buf b;
    buf_init(&b);
    text_clean(option_str(s, option), &b);
    struct str t = arena_str(&s->arena, buf_str(&b));
    buf_done(&b);
    return t;
}

/* What an outcome is filed with, from the options. Refuses what would be dropped in silence. */
static bool parse_entry(struct session *s, const struct outcome *o, const struct place *place, struct outcome_entry *ret, struct error *err)
{
    struct outcome_entry entry = {.outcome = o,
                                  .note = text_of(s, OPTION_NOTE),
                                  .when_at = AT_NONE,
                                  .step = line_of(s, OPTION_STEP),
                                  .with_whom = line_of(s, OPTION_WITH),
                                  .reason = line_of(s, OPTION_REASON),
                                  .talk_s = -1};
    if (asks_when(o) && !option_given(s, OPTION_WHEN))
        return error_set(err, ERR_USAGE, "\"%s\" needs a time: --when \"tue 10:30\"", o->code);
    if (!asks_when(o) && option_given(s, OPTION_WHEN))
        return error_set(err, ERR_USAGE, "\"%s\" promises nothing: leave out --when", o->code);
    if (o->ask != ASK_SCOPE && option_given(s, OPTION_SCOPE))
        return error_set(err, ERR_USAGE, "\"%s\" suppresses nobody: leave out --scope", o->code);
    if (option_given(s, OPTION_SCOPE) && !suppress_scope_parse(option_str(s, OPTION_SCOPE), &entry.scope))
        return error_set(err, ERR_USAGE, "\"%.*s\" is not a scope: person, line or company", STR_ARG(option_str(s, OPTION_SCOPE)));
    if (option_given(s, OPTION_WHEN) && !parse_when(s, place, &entry, err))
        return false;
    entry.has_amount = option_given(s, OPTION_AMOUNT);
    if (entry.has_amount && !parse_amount(option_str(s, OPTION_AMOUNT), &entry.amount_cents, err))
        return false;
    if (option_given(s, OPTION_CURRENCY) && !parse_currency(s, &entry, err))
        return false;
    if (!option_int(s, OPTION_TALK, 0, 7 * DAY_S, &entry.talk_s, err))
        return error_prefix(err, "--talk");
    *ret = entry;
    return true;
}

/* What became of the prospect: the answer of log, correct and skip. */
static bool answer(struct session *s, int64_t touch, int64_t prospect, int64_t list, const char *done, struct error *err)
{
    struct card card;
    if (!card_load(s->store, prospect, list, s->now, 1, &s->arena, &card, err))
        return false;
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        if (touch != 0)
            json_int(&j, "touch", touch);
        json_int(&j, "id", prospect);
        json_text(&j, "state", state_name(card.stored_state));
        json_time(&j, "not_before", card.not_before);
        json_close(&j);
        return true;
    }
    out_printable(s, card.name.len ? card.name : STR("(no name)"));
    buf_printf(&s->out, ": %s, %s", done, state_name(card.stored_state));
    if (card.not_before != AT_NONE) {
        buf_add_text(&s->out, card.stored_state == STATE_CALLBACK ? " on " : " until ");
        out_time(s, card.not_before, s->zone);
    }
    if (touch != 0)
        buf_printf(&s->out, " (touch %lld)", (long long)touch);
    buf_add_char(&s->out, '\n');
    return true;
}

/* A house rule or a law that was not kept is written down beside the fact. Their own calls break none. */
static bool mark(struct session *s, struct log_entry *entry, int64_t phone_id, struct error *err)
{
    struct verdict verdict;
    struct place place;
    if (!prospect_verdict(s->store, entry->prospect_id, entry->list_id, phone_id, s->now, &verdict, &place, err))
        return false;
    if (verdict.yes)
        return true;
    struct buf text;
    buf_init(&text);
    verdict_text(&verdict, &place, s->now, &text);
    entry->entry.verdict = arena_str(&s->arena, buf_str(&text));
    say_line(s, "marked: %s", text.at);
    buf_done(&text);
    return true;
}

bool run_LOG(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    struct log_entry entry = {.direction = STR("out"), .at = s->now, .recorded_at = s->clock};
    const struct outcome *outcome;
    struct card card;
    if (!argument_id(s, 0, "prospect", &entry.prospect_id, err) || !outcome_named(s, s->words.arguments[1], &outcome, err) ||
        !option_list(s, &entry.list_id, err) ||
        !card_load(s->store, entry.prospect_id, entry.list_id, s->now, 1, &s->arena, &card, err) ||
        !parse_entry(s, outcome, &card.place, &entry.entry, err))
        return false;
    if (option_given(s, OPTION_DIRECTION)) {
        entry.direction = option_str(s, OPTION_DIRECTION);
        if (!str_is(entry.direction, "in") && !str_is(entry.direction, "out"))
            return error_set(err, ERR_USAGE, "\"%.*s\" is not a direction: in or out", STR_ARG(entry.direction));
    }
    struct phone_number number;
    int64_t phone_id = 0;
    if (option_given(s, OPTION_NUMBER)) {
        if (!session_number(s, option_str(s, OPTION_NUMBER), &number, err)) {
            if (err->code == ERR_DATA)
                err->code = ERR_USAGE; /* the caller's word is off, no file is */
            return error_prefix(err, "--number");
        }
        entry.number = str_of(number.e164);
        for (size_t i = 0; i < card.phones_count; i++)
            if (str_eq(card.phones[i].e164, entry.number))
                phone_id = card.phones[i].id;
    }
    if (outcome->ask == ASK_SCOPE && entry.entry.scope == SCOPE_LINE && entry.number.len == 0 && card.phone_id == 0)
        return error_set(err, ERR_REFUSED, "which line? prospect %lld has no number that is dialled: name it with --number",
                         (long long)entry.prospect_id);
    int64_t touch;
    if (str_is(entry.direction, "out") && !mark(s, &entry, phone_id, err))
        return false;
    return outcome_log(s->store, &entry, &touch, err) && answer(s, touch, entry.prospect_id, entry.list_id, outcome->label, err);
}

struct wanted {
    int64_t touch, prospect;
};
static bool is_wanted(const struct export_touch *row, void *user)
{
    struct wanted *w = user;
    if (row->touch->id != w->touch)
        return true;
    w->prospect = row->prospect_id;
    return false;
}

bool run_CORRECT(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    struct wanted wanted = {0};
    const struct outcome *outcome;
    struct outcome_entry entry;
    struct card card;
    int64_t touch;
    if (!argument_id(s, 0, "touch", &wanted.touch, err) || !outcome_named(s, s->words.arguments[1], &outcome, err) ||
        !export_touches(s->store, 0, AT_MIN, is_wanted, &wanted, err))
        return false;
    if (wanted.prospect == 0)
        return error_set(err, ERR_NOT_FOUND, "there is no filed touch %lld; calldeck show ID lists them", (long long)wanted.touch);
    return card_load(s->store, wanted.prospect, 0, s->now, 1, &s->arena, &card, err) &&
           parse_entry(s, outcome, &card.place, &entry, err) &&
           touch_correct(s->store, wanted.touch, &entry, s->now, &touch, err) &&
           answer(s, touch, wanted.prospect, 0, outcome->label, err);
}

bool run_UNDO(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    struct undone undone;
    if (!undo_last(s->store, false, s->now, s->clock, &s->arena, &undone, err))
        return false;
    if (option_given(s, OPTION_JSON)) {
        struct json j;
        json_open(&j, &s->out);
        json_str(&j, "undone", undone.kind);
        if (undone.prospect_id != 0)
            json_int(&j, "id", undone.prospect_id);
        else
            json_null(&j, "id");
        json_str_or_null(&j, "what", undone.what);
        json_close(&j);
        return true;
    }
    buf_add_text(&s->out, "taken back: ");
    out_printable(s, undone.what);
    if (undone.name.len != 0)
        buf_add_text(&s->out, ", ");
    out_printable(s, undone.name);
    buf_add_char(&s->out, '\n');
    return true;
}

bool run_SKIP(struct session *s, int *ret_status, struct error *err)
{
    (void)ret_status;
    int64_t id;
    bool review = false;
    if (!argument_id(s, 0, "prospect", &id, err) ||
        !prospect_skip(s->store, id, arguments_joined(s, 1), s->now, &review, err))
        return false;
    return answer(s, 0, id, 0, review ? "skipped too often" : "skipped", err);
}
