/* SPDX-License-Identifier: MIT */
/*
 * Edits of the prospect on the card: fields, numbers, colleagues, zone, promises, skips, do-not-call.
 */
#include <stdio.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "actions.h"
#include "ask.h"
#include "flow.h"
#include "notes.h"
#include "prompt.h"
#include "turn.h"

static bool need_card(const struct app *app, struct error *err)
{
    return app->card.id != 0 || error_set(err, ERR_REFUSED, "there is no card");
}

/* ---- numbers and people ---- */

static bool looks_like_number(struct str word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.len; i++) {
        unsigned char c = (unsigned char)word.at[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (strchr("+-(). /x", c) == NULL)
            return false;
    }
    return digits >= 2;
}

bool person_words(struct app *app, struct str words, struct str *ret_name, struct phone_number *ret_number, struct error *err)
{
    /* The number is what follows the last word that is none. */
    size_t split = words.len;
    for (size_t i = 0; i < words.len; i++)
        if ((i == 0 || words.at[i - 1] == ' ') && looks_like_number(str_skip(words, i))) {
            split = i;
            break;
        }
    struct str number = str_trim(str_skip(words, split));
    *ret_name = str_trim(str_make(words.at, split));
    memset(ret_number, 0, sizeof *ret_number);
    if (number.len == 0)
        return ret_name->len != 0 || error_set(err, ERR_USAGE, "a number, or a name, or a name and a number");
    const char *region = app->card.country.len == 2 ? app->card.country.at : setting_text(app->settings, SETTING_COUNTRY);
    if (app->book == NULL)
        return error_set(err, ERR_IO, "numbers cannot be read here");
    return phone_parse(app->book, number, region, false, ret_number, err);
}

static struct new_phone phone_of(struct app *app, const struct phone_number *n, struct arena *a)
{
    return (struct new_phone){.e164 = str_of(n->e164),
                              .national = str_of(n->national),
                              .region = str_of(n->region),
                              .type = str_of(phone_type_name(n->type)),
                              .label = STR(""),
                              .extension = str_of(n->extension),
                              .state = phone_state(app->book, str_of(n->e164)),
                              .zones = phone_zones_text(app->book, str_of(n->e164), a)};
}

unsigned person_add(struct app *app, struct str words, struct error *err)
{
    struct str name;
    struct phone_number number;
    if (!need_card(app, err) || !person_words(app, words, &name, &number, err))
        return REACT_PAINT;
    struct arena a = {0};
    struct new_phone phone = phone_of(app, &number, &a);
    struct new_person person = {.name = name, .company_of = app->card.id, .phone = number.e164[0] ? &phone : NULL};
    int64_t id;
    bool ok = name.len == 0 ? prospect_add_phone(app->store, app->card.id, &phone, false, app->now, err)
                            : prospect_add(app->store, app->list_id, &person, app->now, &id, err);
    arena_done(&a);
    if (!ok)
        return REACT_PAINT;
    if (name.len == 0)
        say(app, TONE_GOOD, "added %s; its key is %zu", number.e164, app->card.phones_count + 1);
    else
        say(app, TONE_GOOD, "added %.*s to the queue, same company", STR_ARG(name));
    prompt_close(app);
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_ADD(struct app *app, struct str args, struct error *err)
{
    if (!need_card(app, err))
        return 0;
    if (args.len != 0)
        return person_add(app, args, err);
    prompt_open(app, PROMPT_ADD, "add a number, or a person of the company:");
    return REACT_PAINT;
}

unsigned do_NEW(struct app *app, struct str args, struct error *err)
{
    struct str name;
    struct phone_number number;
    struct arena a = {0};
    if (call_is_open(app)) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first, or + adds a colleague");
        return 0;
    }
    if (args.len == 0 || !person_words(app, args, &name, &number, err)) {
        if (args.len == 0)
            error_set(err, ERR_USAGE, ":new NAME [NUMBER]");
        return 0;
    }
    if (name.len == 0) {
        error_set(err, ERR_USAGE, "a new prospect needs a name: :new NAME NUMBER");
        return 0;
    }
    int64_t list = app->list_id != 0 ? app->list_id : app->lists_count != 0 ? app->lists[0].id : 0, id;
    if (list == 0 && !list_make(app->store, STR("my list"), app->now, &list, err))
        return 0;
    struct new_phone phone = phone_of(app, &number, &a);
    struct new_person person = {.name = name, .phone = number.e164[0] ? &phone : NULL};
    bool ok = prospect_add(app->store, list, &person, app->now, &id, err) && card_take(app, id, err);
    arena_done(&a);
    return ok ? REACT_CARD | REACT_QUEUE | REACT_PAINT : REACT_PAINT;
}

unsigned do_REMOVE_NUMBER(struct app *app, struct str args, struct error *err)
{
    int64_t n = (int64_t)app->phone_index + 1;
    if (!need_card(app, err))
        return 0;
    if ((args.len != 0 && !str_int(args, &n)) || n < 1 || (size_t)n > app->card.phones_count) {
        error_set(err, ERR_USAGE, "which number? :remove-number 2");
        return 0;
    }
    if (!prospect_remove_phone(app->store, app->card.id, app->card.phones[n - 1].id, app->now, err))
        return 0;
    app->phone_index = 0;
    say(app, TONE_GOOD, "number %lld is off the card; u brings it back", (long long)n);
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

/* ---- fields ---- */

static const struct {
    const char *field, *label, *help;
} edit_fields[] = {
    {"name", "Name", ""},
    {"title", "Title", "what they do"},
    {"company", "Company", ""},
    {"country", "Country", "two letters: SA, DE, US"},
    {"state", "State", ""},
    {"city", "City", ""},
    {"language", "Language", ""},
    {"source", "Source", "where they come from"},
    {"owner", "Owner", "whose prospect this is"},
    {"phone", "Add number", "goes behind the others"},
    {"mail", "Add mail", ""},
};

static struct str card_field(const struct card *c, const char *field)
{
    struct str none = {0};
    const struct {
        const char *name;
        struct str value;
    } values[] = {{"name", c->name},   {"title", c->title}, {"company", c->company},   {"country", c->country}, {"state", c->state},
                  {"city", c->city},   {"language", c->language}, {"source", c->source}, {"owner", c->owner}};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (strcmp(values[i].name, field) == 0)
            return values[i].value;
    return none;
}

/* A typed country may be a name. */
static struct str country_code(const struct app *app, struct str value, char code[REGION_SIZE])
{
    if (value.len > 2 && app->book != NULL && country_parse(app->book, value, code))
        return str_of(code);
    return value;
}

static bool field_save(struct app *app, const char *field, struct str value, struct error *err)
{
    char code[REGION_SIZE];
    if (strcmp(field, "phone") == 0) {
        struct str name;
        struct phone_number number;
        if (!person_words(app, value, &name, &number, err))
            return false;
        if (name.len != 0 || number.e164[0] == '\0')
            return error_set(err, ERR_USAGE, "\"%.*s\" is no number", STR_ARG(value));
        struct arena a = {0};
        struct new_phone phone = phone_of(app, &number, &a);
        bool ok = prospect_add_phone(app->store, app->card.id, &phone, false, app->now, err);
        arena_done(&a);
        return ok;
    }
    if (strcmp(field, "mail") == 0)
        return prospect_add_mail(app->store, app->card.id, value, STR(""), app->now, err);
    if (strcmp(field, "country") == 0)
        value = country_code(app, value, code);
    return prospect_edit(app->store, app->card.id, str_of(field), value, app->now, err);
}

unsigned do_EDIT(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, word;
    if (!need_card(app, err))
        return 0;
    if (!str_word(&rest, &word)) {
        form_open(app, SCREEN_EDIT);
        for (size_t i = 0; i < sizeof edit_fields / sizeof edit_fields[0]; i++)
            form_add(app, edit_fields[i].field, edit_fields[i].label, card_field(&app->card, edit_fields[i].field), edit_fields[i].help);
        return REACT_PAINT;
    }
    for (size_t i = 0; i < sizeof edit_fields / sizeof edit_fields[0]; i++)
        if (str_is(word, edit_fields[i].field)) {
            if (field_save(app, edit_fields[i].field, str_trim(rest), err))
                say(app, TONE_GOOD, "saved; u takes it back");
            return REACT_CARD | REACT_QUEUE | REACT_PAINT;
        }
    error_set(err, ERR_USAGE, "no field \"%.*s\": name, title, company, country, state, city, language, source, owner, phone, mail",
              STR_ARG(word));
    return 0;
}

unsigned ask_form(struct app *app, struct error *err)
{
    int saved = 0;
    bool failed = false;
    for (size_t i = 0; i < app->form.count; i++) {
        struct form_field *f = &app->form.fields[i];
        struct str value = str_trim(editor_text(f->line));
        struct error one = {0};
        f->error[0] = '\0';
        if (!f->changed || str_eq(value, card_field(&app->card, f->name))) /* not typed here: others may have changed it */
            continue;
        if (field_save(app, f->name, value, &one)) {
            saved++;
            f->changed = false;
            if (strcmp(f->name, "phone") == 0 || strcmp(f->name, "mail") == 0)
                editor_set(f->line, STR(""), 0); /* added: not again at the next Enter */
        } else {
            line_print(f->error, sizeof f->error, "%s", one.text);
            app->form.at = failed ? app->form.at : i;
            failed = true;
        }
    }
    (void)err;
    if (failed)
        return REACT_CARD | REACT_PAINT;
    form_close(app);
    say(app, saved ? TONE_GOOD : TONE_PLAIN, saved ? "saved; u takes the changes back one by one" : "nothing was changed");
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_ATTRIBUTE(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, key;
    struct buf field;
    if (!need_card(app, err))
        return 0;
    if (!str_word(&rest, &key)) {
        error_set(err, ERR_USAGE, ":attribute KEY VALUE");
        return 0;
    }
    buf_init(&field);
    buf_printf(&field, "attribute:%.*s", STR_ARG(key));
    bool ok = prospect_edit(app->store, app->card.id, buf_str(&field), str_trim(rest), app->now, err);
    buf_done(&field);
    return ok ? REACT_CARD | REACT_PAINT : 0;
}

/* ---- zones ---- */

/* "asia/dubai until fri" -> zone and an end in that zone; "-" takes the word back */
static bool zone_words(const struct app *app, struct str words, const struct zone **ret_zone, int64_t *ret_until, struct error *err)
{
    *ret_zone = NULL;
    *ret_until = AT_NONE;
    if (words.len == 0 || str_is(words, "-"))
        return true;
    struct str zone = words, until = {0};
    for (size_t i = 0; i + 7 <= words.len; i++)
        if (str_starts_ascii_case(str_skip(words, i), " until ")) {
            zone = str_make(words.at, i);
            until = str_trim(str_skip(words, i + 7));
            break;
        }
    *ret_zone = zone_guess(app->zones, str_trim(zone), err);
    if (*ret_zone == NULL)
        return false;
    if (until.len == 0)
        return true;
    struct when when;
    struct when_context context = {.zone = *ret_zone, .now = app->now, .day_start_min = 9 * 60, .day_end_min = 18 * 60};
    if (!when_parse(until, &context, &when, err))
        return false;
    /* "until fri" means the end of Friday there */
    *ret_until = when.has_time ? when.at : zone_day_start(*ret_zone, when.at, 1);
    return true;
}

void person_zone_live(struct app *app, struct str words)
{
    const struct zone *zone;
    int64_t until;
    struct error err = {0};
    if (words.len == 0) {
        prompt_live(app, TONE_PLAIN, "asia/dubai, berlin, new york until fri; - takes your word back");
    } else if (!zone_words(app, words, &zone, &until, &err)) {
        prompt_live(app, TONE_WARNING, "%s", err.text);
    } else if (zone == NULL) {
        prompt_live(app, TONE_PLAIN, "back to what the file, the address or the number says");
    } else {
        char now[WHEN_TEXT_SIZE], end[WHEN_TEXT_SIZE] = "";
        when_text(zone, app->now, app->now, now);
        if (until != AT_NONE)
            when_text(zone, until, app->now, end);
        prompt_live(app, TONE_GOOD, "%s, now %s there%s%s", zone_name(zone), now, until != AT_NONE ? ", until " : "", end);
    }
}

unsigned person_zone(struct app *app, struct str words, struct error *err)
{
    const struct zone *zone;
    int64_t until;
    if (!need_card(app, err) || !zone_words(app, words, &zone, &until, err) ||
        !prospect_set_zone(app->store, app->card.id, zone ? str_of(zone_name(zone)) : STR(""), until, app->now, err))
        return REACT_PAINT;
    prompt_close(app);
    say(app, TONE_GOOD, "%s; u takes it back", zone ? zone_name(zone) : "your word on the zone is gone");
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_ZONE(struct app *app, struct str args, struct error *err)
{
    if (!need_card(app, err))
        return 0;
    if (args.len != 0)
        return person_zone(app, args, err);
    prompt_open(app, PROMPT_ZONE, "where are they? (zone or city, until WHEN)");
    return REACT_PAINT;
}

/* ---- promises ---- */

unsigned do_CALLBACK(struct app *app, struct str args, struct error *err)
{
    struct when when;
    if (!need_card(app, err))
        return 0;
    if (args.len == 0) {
        error_set(err, ERR_USAGE, ":callback WHEN, such as :callback tomorrow 3pm");
        return 0;
    }
    if (!when_of_card(app, args, &when, err))
        return 0;
    int64_t next;
    if (!slot_is_free(app, when.at, &next, err))
        return 0;
    struct asked asked = {.when_at = AT_NONE}; /* not app->asked: an outcome may wait there for a file that is held */
    asked_set_when(app, &when, &asked);
    struct outcome_entry entry = {.when_at = asked.when_at, .when_wall = str_of(asked.when_wall), .when_zone = str_of(asked.when_zone),
                                  .talk_s = -1};
    bool moves = app->card.callback_id != 0;
    bool ok = moves ? callback_move(app->store, app->card.callback_id, &entry, app->now, err)
                    : callback_make(app->store, app->card.id, &entry, PROMISE_CALLBACK, app->now, err);
    if (!ok)
        return 0;
    struct buf text;
    bool warns;
    buf_init(&text);
    when_both_clocks(app, &when, &text, &warns);
    say(app, warns ? TONE_WARNING : TONE_GOOD, "%s: %s", moves ? "promise moved" : "promised", text.at);
    buf_done(&text);
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

static unsigned end_promise(struct app *app, const char *said, struct error *err)
{
    if (!need_card(app, err))
        return 0;
    if (app->card.callback_id == 0) {
        error_set(err, ERR_NOT_FOUND, "nothing is promised on this card");
        return 0;
    }
    if (!callback_cancel(app->store, app->card.callback_id, app->now, err))
        return 0;
    say(app, TONE_GOOD, "%s; u takes it back", said);
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_CANCEL_CALLBACK(struct app *app, struct str args, struct error *err)
{
    (void)args;
    return end_promise(app, "the promised call is cancelled", err);
}

unsigned do_PROMISE_KEPT(struct app *app, struct str args, struct error *err)
{
    (void)args;
    return end_promise(app, "promise kept", err);
}

/* ---- skipping, putting away ---- */

static const struct choice skip_reasons[] = {
    {'t', "bad time"}, {'d', "bad data"}, {'p', "to be prepared"}, {'n', "not for me"}, {'o', "other"}};

unsigned do_SKIP(struct app *app, struct str args, struct error *err)
{
    if (!need_card(app, err))
        return 0;
    if (args.len != 0)
        return person_skip(app, args, err);
    prompt_open(app, PROMPT_SKIP, "skip until tomorrow, because of");
    prompt_offer(app, skip_reasons, sizeof skip_reasons / sizeof skip_reasons[0]);
    return REACT_PAINT;
}

unsigned person_skip(struct app *app, struct str reason, struct error *err)
{
    bool review = false;
    if (call_is_open(app)) {
        error_set(err, ERR_REFUSED, "a call is open: file its outcome first");
        return 0;
    }
    if (!prospect_skip(app->store, app->card.id, reason, app->now, &review, err))
        return REACT_PAINT;
    struct buf name;
    buf_init(&name);
    text_printable(app->card.name, &name);
    struct str shown = text_fit(buf_str(&name), NAME_COLS, NULL);
    app->message.text[0] = '\0';
    snprintf(app->last, sizeof app->last, "skipped %.*s%s", (int)cluster_floor(shown, NAME_BYTES), shown.at, review ? ", the third time: now in :review" : ", back tomorrow");
    buf_done(&name);
    return REACT_QUEUE | REACT_NEXT | REACT_PAINT;
}

unsigned do_KEEP(struct app *app, struct str args, struct error *err)
{
    (void)args;
    struct error ignored = {0};
    if (!need_card(app, err))
        return 0;
    if (app->card.stored_state != STATE_REVIEW) {
        error_set(err, ERR_REFUSED, "this prospect is not in review: %s", state_explanation(app->card.stored_state));
        return 0;
    }
    if (!prospect_keep(app->store, app->card.id, app->now, err))
        return 0;
    if (card_reload(app, &ignored) && (app->verdict.yes || app->verdict.house_rule))
        say(app, TONE_GOOD, "out of review, back in the queue");
    else
        say(app, TONE_WARNING, "out of review, and still not callable: %s", state_explanation(app->verdict.why));
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_ARCHIVE(struct app *app, struct str args, struct error *err)
{
    (void)args;
    if (!need_card(app, err) || !prospect_archive(app->store, app->card.id, !app->card.archived, app->now, err))
        return 0;
    say(app, TONE_GOOD, app->card.archived ? "back from the archive" : "put away; again brings it back");
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

unsigned do_SUPPRESS(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, word;
    enum suppress_scope scope = SCOPE_PERSON;
    if (!need_card(app, err))
        return 0;
    if (str_word(&rest, &word) && !suppress_scope_parse(word, &scope))
        rest = args; /* the first word belongs to the reason */
    rest = str_trim(rest);
    const struct card_phone *phone = card_phone_picked(app);
    if (scope == SCOPE_LINE && phone == NULL) {
        error_set(err, ERR_REFUSED, "this card has no line");
        return 0;
    }
    if (!suppress_add(app->store, scope, app->card.id, phone ? phone->e164 : STR(""), rest.len ? rest : STR("asked not to be called"),
                      STR("rep"), app->now, err))
        return 0;
    say(app, TONE_GOOD, "never called again: the %s; u takes it back only now", suppress_scope_name(scope));
    return REACT_CARD | REACT_QUEUE | REACT_PAINT;
}

/* ---- notes without a call, copies, mail ---- */

unsigned do_NOTE(struct app *app, struct str args, struct error *err)
{
    struct buf text;
    if (!need_card(app, err))
        return 0;
    buf_init(&text);
    buf_add_str(&text, editor_text(app->notes));
    if (args.len != 0) {
        if (text.len != 0)
            buf_add_char(&text, '\n');
        buf_add_str(&text, args);
    }
    bool ok = note_file(app->store, app->card.id, buf_str(&text), app->now, err);
    buf_done(&text);
    if (!ok)
        return 0;
    notes_forget(app);
    say(app, TONE_GOOD, "note filed");
    return REACT_CARD | REACT_PAINT;
}

unsigned do_COPY(struct app *app, struct str args, struct error *err)
{
    (void)args;
    const struct card_phone *phone = card_phone_picked(app);
    const char *command = setting_text(app->settings, SETTING_COPY_COMMAND);
    if (phone == NULL) {
        error_set(err, ERR_REFUSED, "there is no number to copy");
        return 0;
    }
    bool sure = str_is(str_of(command), "terminal");
    if (sure || command[0] == '\0') {
        if (app->port == NULL || app->port->copy == NULL || !app->port->copy(phone->e164, sure, app->port->user))
            error_set(err, ERR_REFUSED, "this terminal is not known to copy: set copy-command in the config file (terminal: it does)");
        else
            say(app, TONE_PLAIN, "given to the terminal's clipboard: %.*s", STR_ARG(phone->e164));
        return REACT_PAINT;
    }
    if (!command_run(command, phone->e164, 2000, err))
        return 0;
    say(app, TONE_GOOD, "copied %.*s", STR_ARG(phone->e164));
    return REACT_PAINT;
}

unsigned do_MAIL(struct app *app, struct str args, struct error *err)
{
    (void)args;
    const char *command = setting_text(app->settings, SETTING_MAIL_COMMAND);
    if (!need_card(app, err))
        return 0;
    if (app->card.mails_count == 0) {
        error_set(err, ERR_REFUSED, "this card has no mail address: e adds one");
        return 0;
    }
    struct str address = app->card.mails[0].address;
    for (size_t i = 0; i < address.len; i++) /* goes into a command's argument: only what an address is made of */
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@.+-_", address.at[i]) == NULL || address.at[0] == '-') {
            error_set(err, ERR_REFUSED, "that address is not plain enough to hand to a program");
            return 0;
        }
    if (command[0] == '\0') {
        say(app, TONE_PLAIN, "mail: %.*s (set mail-command in the config file to write from here)", STR_ARG(address));
        return REACT_PAINT;
    }
    struct buf line;
    buf_init(&line);
    for (const char *p = command; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 'm') {
            buf_add_str(&line, address);
            p++;
        } else {
            buf_add_char(&line, *p);
        }
    }
    if (command_run(line.at, STR(""), 10000, err))
        say(app, TONE_GOOD, "mail program started for %.*s", STR_ARG(address));
    buf_done(&line);
    return REACT_PAINT;
}

unsigned do_CONSENT(struct app *app, struct str args, struct error *err)
{
    struct str rest = args, basis, day;
    struct civil c;
    bool date_only = false;
    if (!need_card(app, err))
        return 0;
    if (!str_word(&rest, &basis) || (str_word(&rest, &day) && (!civil_parse(day, &c, &date_only) || !date_only))) {
        error_set(err, ERR_USAGE, "expected: consent opt-in, purchase, inquiry or no, and a day such as 2026-09-01");
        return 0;
    }
    char value[64];
    struct civil today = zone_civil(app->zone, app->now);
    if (rest.len != 0 || str_find(args, ' ') < args.len)
        snprintf(value, sizeof value, "%.*s", STR_ARG(args));
    else
        snprintf(value, sizeof value, "%.*s %04d-%02d-%02d", STR_ARG(basis), today.year, today.month, today.day);
    if (!prospect_edit(app->store, app->card.id, STR("attribute:consent"), str_of(value), app->now, err))
        return 0;
    say(app, TONE_GOOD, "consent of %.*s: %s", STR_ARG(app->card.name), value);
    return REACT_CARD | REACT_QUEUE;
}
