/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <stdio.h>
#include <string.h>

static void measure(const struct app *app, struct app_metrics *ret, void *user)
{
    (void)user;
    view_measure(app, ret);
}

static int64_t now(void *user)
{
    return ((struct stage *)user)->now;
}

static int64_t now_ms(void *user)
{
    return ((struct stage *)user)->now_ms;
}

#define DONE(call)                                                                                                     \
    do {                                                                                                               \
        struct error err_ = {0}, *err = &err_;                                                                         \
        if (!(call))                                                                                                   \
            fail_msg("%s: %s", #call, err->text);                                                                      \
    } while (0)

/* ---- people ---- */

struct phone_row {
    const char *e164, *type, *label;
};

static int64_t add(struct stage *s, const char *list, const char *name, const char *title, const char *company, const char *zones,
                   struct phone_row phone)
{
    int64_t list_id, id;
    struct new_phone number = {.e164 = str_of(phone.e164), .national = str_of(phone.e164), .region = STR(""), .type = str_of(phone.type),
                               .label = str_of(phone.label)};
    struct new_person person = {.name = str_of(name), .title = str_of(title), .company = str_of(company), .zones = str_of(zones),
                                .phone = phone.e164 ? &number : NULL};
    DONE(list_make(s->store, str_of(list), s->now, &list_id, err));
    DONE(prospect_add(s->store, list_id, &person, s->now - 20 * DAY_S, &id, err));
    return id;
}

static void add_phone(struct stage *s, int64_t id, struct phone_row phone)
{
    struct new_phone number = {.e164 = str_of(phone.e164), .national = str_of(phone.e164), .type = str_of(phone.type), .label = str_of(phone.label)};
    DONE(prospect_add_phone(s->store, id, &number, false, s->now - 20 * DAY_S, err));
}

static void edit(struct stage *s, int64_t id, const char *field, const char *value)
{
    DONE(prospect_edit(s->store, id, str_of(field), str_of(value), s->now - 20 * DAY_S, err));
}

static void logged(struct stage *s, int64_t id, const char *outcome, int64_t ago_s, int64_t talk_s, const char *note, int64_t when_at)
{
    int64_t touch;
    struct log_entry entry = {.prospect_id = id, .direction = STR("out"), .at = s->now - ago_s, .recorded_at = s->now - ago_s};
    entry.entry = (struct outcome_entry){.outcome = outcome_by_code(store_outcomes(s->store), str_of(outcome)), .note = str_of(note),
                                         .when_at = when_at, .talk_s = talk_s, .reason = STR("price"), .with_whom = STR("Omar Said"),
                                         .step = STR("send the price list")};
    DONE(outcome_log(s->store, &entry, &touch, err));
}

static void play_day(struct stage *s, bool callable)
{
    enum { OTHERS = 14 };
    const char *list = "spring-b2b";
    if (callable) {
        int64_t layla = add(s, list, "Layla Haddad ليلى حداد", "Head of Procurement", "Nour Trading", "Asia/Riyadh",
                            (struct phone_row){"+966501234567", "mobile", "mobile"});
        add_phone(s, layla, (struct phone_row){"+966114640000", "fixed", "office"});
        edit(s, layla, "language", "Arabic, English");
        edit(s, layla, "source", "web form");
        edit(s, layla, "city", "Riyadh");
        edit(s, layla, "country", "SA");
        edit(s, layla, "owner", "Dana");
        edit(s, layla, "attribute:Employees", "120");
        edit(s, layla, "attribute:Industry", "Building materials");
        edit(s, layla, "attribute:Bought", "kiosk licence, March");
        DONE(prospect_add_mail(s->store, layla, STR("layla@nour.example"), STR("work"), s->now - 20 * DAY_S, err));
        logged(s, layla, "interested", 4 * DAY_S, 271, "asked for prices by mail", s->now + 2 * DAY_S);
        logged(s, layla, "no-answer", 3 * DAY_S, -1, "", AT_NONE);
        logged(s, layla, "callback", DAY_S, 65, "wants delivery before Ramadan, the budget is her brother's", s->now - 120);
        int64_t sami = add(s, list, "Sami Haddad", "", "Nour Trading", "Asia/Riyadh", (struct phone_row){"+966114640000", "fixed", "office"});
        logged(s, sami, "no-answer", 1200, -1, "", AT_NONE);
        int64_t tom = add(s, list, "Tom Okafor", "CTO", "Brightline", "Africa/Lagos", (struct phone_row){"+2348031234567", "mobile", "mobile"});
        logged(s, tom, "callback", DAY_S, 30, "", s->now + 50);
        add(s, list, "陳美玲", "採購經理", "Formosa Parts", "Asia/Dubai", (struct phone_row){"+97145550112", "fixed", "work"});
        add(s, list, "Ana Souza", "", "Lumen", "Asia/Yangon", (struct phone_row){"+9512345678", "fixed", "work"});
        int64_t jurgen = add(s, list, "Jürgen Weiß", "Einkauf", "Kessel AG", "Europe/Berlin", (struct phone_row){"+493012345678", "fixed", "work"});
        logged(s, jurgen, "no-answer", 6 * DAY_S, -1, "", AT_NONE);
        add(s, list, "नेहा शर्मा", "", "Himalaya Foods", "Asia/Karachi", (struct phone_row){"+919812345678", "mobile", "mobile"});
        add(s, list, "A person whose name is so long that no column of any screen was made for it", "Senior Vice President of Everything",
            "The Company With The Longest Name Ltd & Co. KG", "Europe/London", (struct phone_row){"+442079460018", "fixed", "work"});
        for (int i = 1; i <= OTHERS; i++) {
            char name[32], phone[32];
            snprintf(name, sizeof name, "Prospect %d", i);
            snprintf(phone, sizeof phone, "+4420794601%02d", i);
            add(s, list, name, "", "Example Ltd", "Europe/London", (struct phone_row){phone, "fixed", "work"});
        }
        logged(s, add(s, list, "Per Later", "", "", "Europe/Oslo", (struct phone_row){"+4721234567", "fixed", "work"}), "callback", 3 * DAY_S, 10, "",
               s->now + DAY_S);
    }
    for (int i = 0; i < 4; i++) {
        char phone[32];
        snprintf(phone, sizeof phone, "+1212555010%d", i);
        add(s, list, "Early Bird", "", "West Inc", "America/New_York", (struct phone_row){phone, "fixed", "work"});
    }
    logged(s, add(s, list, "Rested Rita", "", "", "Europe/Paris", (struct phone_row){"+33123456789", "fixed", "work"}), "no-answer", 3600, -1, "", AT_NONE);
    logged(s, add(s, list, "Bought Bob", "", "", "Europe/Paris", (struct phone_row){"+33123456780", "fixed", "work"}), "sale", 3000, 300, "", AT_NONE);
    logged(s, add(s, list, "Met Mia", "", "", "Europe/Paris", (struct phone_row){"+33123456781", "fixed", "work"}), "appointment", 2400, 200, "", s->now + 2 * DAY_S);
    logged(s, add(s, list, "Do Not", "", "", "Europe/Paris", (struct phone_row){"+33123456782", "fixed", "work"}), "do-not-call", 1800, 20, "", AT_NONE);
    add(s, list, "No Number", "", "", "Europe/Paris", (struct phone_row){NULL, NULL, NULL});
    add(s, list, "No Zone", "", "", "", (struct phone_row){"+18005550100", "toll-free", "work"});
}

/* Two weeks of calls that taught something: in the afternoon they answer, referrals buy. */
static void play_taught(struct stage *s)
{
    enum { PEOPLE = 48 };
    static const char *const ends[] = {"sale", "later", "callback", "not-interested"};
    for (int i = 0; i < PEOPLE; i++) {
        char name[32], phone[32];
        bool referral = i % 3 == 0;
        snprintf(name, sizeof name, "Prospect %d", i + 1);
        snprintf(phone, sizeof phone, "+4420794602%02d", i);
        int64_t id = add(s, "spring-b2b", name, "", "Example Ltd", "Europe/London", (struct phone_row){phone, "fixed", "work"});
        edit(s, id, "source", referral ? "referral" : "trade fair");
        edit(s, id, "attribute:Industry", i % 2 ? "Joinery" : "Building materials");
        if (i >= PEOPLE - 8)
            continue;
        int64_t ago = (2 + i % 9) * DAY_S + (i % 2 ? 2 * HOUR_S : -5 * HOUR_S);
        logged(s, id, "no-answer", ago + 3 * DAY_S, -1, "", AT_NONE);
        if (i % 2 == 0)
            logged(s, id, referral ? "sale" : ends[1 + i % 3], ago, 240, "", s->now + 5 * DAY_S);
        else
            logged(s, id, "no-answer", ago, -1, "", AT_NONE);
    }
}

/* ---- the stage ---- */

void stage_open_with(struct stage *s, enum stage_play play, int cols, int rows, const char *dialer)
{
    struct error err = {0};
    *s = (struct stage){.now = STAGE_NOW, .now_ms = 1000000};
    s->zones = zone_table_new(NULL);
    s->settings = settings_new();
    assert_true(setting_set(s->settings, STR("audience"), STR("business"), SETTING_FROM_FILE, NULL, NULL));
    struct policy policy;
    settings_policy(s->settings, &policy);
    struct store_options options = {.mode = STORE_CREATE, .zones = s->zones, .policy = &policy, .rep = "dana", .holder = "stage", .now = s->now, .busy_ms = 10};
    s->store = store_open(":memory:", &options, &err);
    if (!s->store)
        fail_msg("open: %s", err.text);
    if (play == STAGE_TAUGHT) {
        play_taught(s);
        while (store_idle(s->store, s->now, 20)) /* the keys are made with what was learned */
            ;
    } else if (play != STAGE_EMPTY)
        play_day(s, play == STAGE_DAY);
    s->port = (struct app_port){.user = s, .measure = measure, .now = now, .now_ms = now_ms};
    struct app_options app = {.store = s->store, .zones = s->zones, .settings = s->settings, .port = &s->port, .preview_at = AT_NONE,
                              .dialer = dialer ? dialer : "null", .holder = "stage", .cols = cols, .rows = rows};
    s->app = app_new(&app, &err);
    if (!s->app)
        fail_msg("app: %s", err.text);
    frame_init(&s->frame, cols, rows);
    buf_init(&s->text);
    stage_wait(s, 0);
}

void stage_open(struct stage *s, enum stage_play play, int cols, int rows)
{
    stage_open_with(s, play, cols, rows, NULL);
}

void stage_close(struct stage *s)
{
    frame_done(&s->frame);
    buf_done(&s->text);
    app_free(s->app);
    store_close(s->store);
    settings_free(s->settings);
    zone_table_free(s->zones);
}

static void tick(struct stage *s)
{
    s->app->now = s->now;
    s->app->now_ms = s->now_ms;
    app_tick(s->app);
}

void stage_wait(struct stage *s, int seconds)
{
    tick(s);
    for (int i = 0; i < seconds; i++) {
        s->now++;
        s->now_ms += 1000;
        tick(s);
    }
}

void stage_keys(struct stage *s, const char *script)
{
    struct buf scratch;
    struct error err = {0};
    struct event event;
    struct str rest = str_of(script);
    buf_init(&scratch);
    while (key_script_next(&rest, &event, &scratch, &err)) {
        s->now_ms += 1000;
        s->now++;
        s->app->now = s->now;
        s->app->now_ms = s->now_ms;
        if (event.kind == EVENT_WAIT)
            stage_wait(s, event.wait_ms / 1000);
        else
            app_event(s->app, &event);
    }
    if (err.code != ERR_NONE)
        fail_msg("%s: %s", script, err.text);
    buf_done(&scratch);
}

static void render(struct stage *s)
{
    if (s->frame.cols != s->app->cols || s->frame.rows != s->app->rows)
        frame_resize(&s->frame, s->app->cols, s->app->rows);
    view_render(s->app, &s->frame);
    buf_clear(&s->text);
}

const char *stage_text(struct stage *s)
{
    render(s);
    frame_dump(&s->frame, &s->text);
    return s->text.at;
}

const char *stage_styles(struct stage *s)
{
    render(s);
    frame_dump_styles(&s->frame, &s->text);
    return s->text.at;
}
