/* SPDX-License-Identifier: MIT */
/*
 * The dashboard, and its picture.
 *
 * A picture is made on a private copy of the data with a dialer that dials nobody, after keys that a script gives; its
 * clock stands still but for what the script waits.
 */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calldeck/key.h"
#include "calldeck/utf8.h"
#include "calldeck/view.h"

static const char demo_sentence[] = "demo list: nobody is dialled";

/* This window's name for claims. */
static struct str holder(struct session *s)
{
    struct buf name;
    buf_init(&name);
    store_window_name(&name);
    struct str kept = arena_str(&s->arena, buf_str(&name));
    buf_done(&name);
    return kept;
}

/* The first line of the settings that cannot be read, where it is seen. */
static void say_in_banner(const char *line, void *user)
{
    struct app *app = user;
    if (app->banner.text[0] != '\0')
        return;
    struct buf clean;
    buf_init(&clean);
    text_printable(str_of(line), &clean);
    snprintf(app->banner.text, sizeof app->banner.text, "%.*s", (int)cluster_floor(buf_str(&clean), sizeof app->banner.text - 1),
             clean.at);
    app->banner.tone = TONE_WARNING;
    buf_done(&clean);
}

static void measure(const struct app *app, struct app_metrics *ret, void *user)
{
    (void)user;
    view_measure(app, ret);
}

/* The screen as text, into a file that was not there. */
static bool save(const struct app *app, const char *path, struct error *err, void *user)
{
    struct frame frame;
    struct buf text;
    (void)user;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(err, ERR_IO, "cannot write \"%s\": %s", path, strerror(errno));
    frame_init(&frame, app->cols, app->rows);
    view_render(app, &frame);
    buf_init(&text);
    frame_dump(&frame, &text);
    bool ok = write(fd, text.at, text.len) == (ssize_t)text.len;
    if (!ok)
        error_set(err, ERR_IO, "cannot write \"%s\": %s", path, strerror(errno));
    ok = close(fd) == 0 && ok;
    buf_done(&text);
    frame_done(&frame);
    return ok;
}

static void log_it(const char *where, enum error_code code, int64_t at, void *user)
{
    trouble_log(user, where, code, at);
}

bool run_dashboard(struct session *s, const char *import_path, struct error *err)
{
    const char *name = holder(s).at;
    const char *term = getenv("TERM");
    if (s->port->screen == NULL)
        return error_set(err, ERR_USAGE, "this calldeck has no screen; calldeck --help shows the commands");
    if (!isatty(s->port->in_fd) || !isatty(s->port->out_fd)) /* before a database is made */
        return error_set(err, ERR_USAGE, "the dashboard needs a terminal; calldeck --help shows the commands that need none");
    if (term == NULL || term[0] == '\0')
        return error_set(err, ERR_USAGE, "TERM is not set: calldeck does not know this terminal");
    struct store_options options = session_store_options(s, STORE_CREATE);
    options.holder = name;
    s->store = store_open(s->db_path, &options, err);
    if (s->store == NULL || (s->demo && !demo_fill(s, err)))
        return false;
    struct error resumed = {0};
    if (!session_resume(s, &resumed))
        say_line(s, "an import waits to be finished: %s", resumed.text);
    store_set_busy_ms(s->store, 10);
    struct app_port port = *s->port->screen; /* the terminal's part; what needs none is the same everywhere */
    port.measure = measure;
    port.screenshot = save;
    port.trouble = log_it;
    port.trouble_user = s;
    struct app_options options_of_app = {.store = s->store,
                                         .book = session_book(s),
                                         .zones = s->zones,
                                         .settings = s->settings,
                                         .port = &port,
                                         .list = option_value(s, OPTION_LIST),
                                         .import_path = import_path,
                                         .demo = s->demo ? demo_sentence : NULL,
                                         .preview_at = option_given(s, OPTION_AT) ? s->now : AT_NONE,
                                         .dialer = s->demo ? "null" : NULL,
                                         .holder = name};
    if (!s->port->screen_open(&options_of_app.cols, &options_of_app.rows, err, s->port->user))
        return false;
    struct app *app = app_new(&options_of_app, err);
    if (app != NULL && s->config_path != NULL)
        app_config(app, s->config_path, say_in_banner, app);
    bool ok = app != NULL && app_run(app, err);
    app_free(app);
    s->port->screen_close(s->port->user);
    return ok;
}

int screen_colours(const struct settings *settings)
{
    struct str rest = str_of(setting_type_text(SETTING_COLOURS)), word;
    for (int i = 0; str_word(&rest, &word); i++)
        if (str_is(word, setting_text(settings, SETTING_COLOURS)))
            return i;
    return 0;
}

bool screen_click(const struct frame *frame, int col, int row, struct app_click *ret)
{
    static const struct {
        unsigned first, end;
        enum click_kind kind;
    } kinds[] = {{HIT_QUEUE_ROW, HIT_LIST_ROW, CLICK_QUEUE_ROW},
                 {HIT_LIST_ROW, HIT_PHONE, CLICK_LIST_ROW},
                 {HIT_PHONE, HIT_OUTCOME, CLICK_PHONE},
                 {HIT_OUTCOME, HIT_NOTES, CLICK_OUTCOME},
                 {HIT_NOTES, HIT_HINT, CLICK_NOTES}};
    if (col < 0 || row < 0 || col >= frame->cols || row >= frame->rows)
        return false;
    unsigned hit = frame->cells[(size_t)row * (size_t)frame->cols + (size_t)col].hit;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (hit >= kinds[i].first && hit < kinds[i].end) {
            *ret = (struct app_click){.kind = kinds[i].kind, .index = hit - kinds[i].first};
            return true;
        }
    return false;
}

/* ---- the picture ---- */

struct picture {
    int64_t now, now_ms;
};

static int64_t picture_now(void *user)
{
    return ((struct picture *)user)->now;
}

static int64_t picture_now_ms(void *user)
{
    return ((struct picture *)user)->now_ms;
}

static bool parse_size(struct str text, int *ret_cols, int *ret_rows, struct error *err)
{
    size_t x = str_find(text, 'x');
    int64_t cols, rows;
    if (x < text.len && str_int(str_make(text.at, x), &cols) && str_int(str_skip(text, x + 1), &rows) && cols >= 1 && cols <= 1000 &&
        rows >= 1 && rows <= 1000) {
        *ret_cols = (int)cols;
        *ret_rows = (int)rows;
        return true;
    }
    return error_set(err, ERR_USAGE, "\"%.*s\" is not a size; write 120x32", STR_ARG(text));
}

/* Time goes on a little between keys, so that a script is never too fast for the screen. */
static void tick(struct app *app, struct picture *picture, int64_t ms)
{
    int64_t before = picture->now_ms / 1000;
    picture->now_ms += ms;
    if (app->preview_at == AT_NONE)
        picture->now += picture->now_ms / 1000 - before;
    app->now = picture->now;
    app->now_ms = picture->now_ms;
    app_tick(app);
}

static bool play(struct app *app, struct picture *picture, struct str keys, struct error *err)
{
    enum { KEY_MS = 500 };
    struct buf scratch;
    struct event event;
    struct error bad = {0};
    buf_init(&scratch);
    tick(app, picture, KEY_MS);
    for (;;) {
        struct str before = keys;
        if (app->quit || !key_script_next(&keys, &event, &scratch, &bad))
            break;
        /* of a text in quotes the first letter takes its quote along, the others take nothing from what is left */
        bool typed = str_starts(str_trim(before), "'") || keys.len == before.len;
        if (event.kind == EVENT_WAIT) {
            tick(app, picture, event.wait_ms);
        } else {
            if (event.kind == EVENT_RESIZE) {
                app->cols = event.cols;
                app->rows = event.rows;
            }
            app_event(app, &event);
            tick(app, picture, event.kind == EVENT_KEY && typed ? 1 : KEY_MS);
        }
    }
    buf_done(&scratch);
    if (bad.code == ERR_NONE)
        return true;
    *err = bad;
    return error_prefix(err, "--keys");
}

static bool paint(struct session *s, struct store *store, const char *import_path, int cols, int rows, struct error *err)
{
    struct picture picture = {.now = s->now, .now_ms = 1000};
    struct app_port port = {.user = &picture, .measure = measure, .now = picture_now, .now_ms = picture_now_ms};
    struct app_options options = {.store = store,
                                  .book = session_book(s),
                                  .zones = s->zones,
                                  .settings = s->settings,
                                  .port = &port,
                                  .list = option_value(s, OPTION_LIST),
                                  .import_path = import_path,
                                  .demo = s->demo ? demo_sentence : NULL,
                                  .preview_at = option_given(s, OPTION_AT) ? s->now : AT_NONE,
                                  .dialer = "null",
                                  .holder = "screenshot",
                                  .cols = cols,
                                  .rows = rows};
    struct app *app = app_new(&options, err);
    if (app == NULL)
        return false;
    if (s->config_path != NULL)
        app_config(app, s->config_path, say_text, s);
    bool ok = play(app, &picture, option_str(s, OPTION_KEYS), err);
    if (ok) {
        struct frame frame;
        frame_init(&frame, app->cols, app->rows);
        view_render(app, &frame);
        frame_dump(&frame, &s->out);
        frame_done(&frame);
    }
    app_free(app);
    return ok;
}

bool run_screenshot(struct session *s, const char *import_path, struct error *err)
{
    int cols = 0, rows = 0;
    if (!parse_size(option_str(s, OPTION_SCREENSHOT), &cols, &rows, err))
        return false;
    /* where there is no database there is the first-run screen */
    bool there = s->demo || access(s->db_path, F_OK) == 0;
    if (!there)
        s->db_path = ":memory:";
    if (!session_store(s, there ? OPENS_WRITE : OPENS_CREATE, err))
        return false;
    if (!there)
        return paint(s, s->store, import_path, cols, rows, err);
    char *folder = arena_alloc(&s->arena, 1, 4096);
    snprintf(folder, 4096, "%s/calldeck-picture-XXXXXX", path_temporary(&s->arena));
    if (mkdtemp(folder) == NULL) /* 0700 */
        return error_set(err, ERR_IO, "cannot make a folder for the copy in \"%s\"", path_temporary(&s->arena));
    struct store_options options = session_store_options(s, STORE_WRITE);
    struct store *copy = store_copy(s->store, folder, &options, err);
    bool ok = copy != NULL && paint(s, copy, import_path, cols, rows, err);
    store_close_copy(copy);
    rmdir(folder);
    return ok;
}
