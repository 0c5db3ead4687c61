/* SPDX-License-Identifier: MIT */
/*
 * The screen as a whole: header, lines, foot, and which panel stands where. Drawn once a turn, from nothing, into cells; what
 * of it reaches the terminal is term's matter.
 */
#include "render.h"

#include <string.h>

/* ---- header ---- */

struct group_words {
    const char *full, *full_plural, *brief, *letter;
};
static const struct group_words group_words[] = {
    [GROUP_READY] = {"ready", "ready", "ready", "r"},
    [GROUP_CALLBACK] = {"callback", "callbacks", "cb", "c"},
    [GROUP_RESTING] = {"resting", "resting", "rest", "z"},
    [GROUP_WAITING] = {"waiting", "waiting", "wait", "w"},
    [GROUP_DONE] = {"done", "done", "done", "d"},
    [GROUP_BLOCKED] = {"blocked", "blocked", "blk", "b"},
};
_Static_assert(sizeof group_words / sizeof group_words[0] == GROUP_COUNT_, "a word for each group");

enum words { WORDS_LETTERS, WORDS_TIGHT, WORDS_SHORT, WORDS_FULL };

/* All groups, which add up to the list. */
static void counts_text(const struct app *app, enum words words, struct buf *out)
{
    int64_t counts[GROUP_COUNT_] = {0};
    for (enum prospect_state s = 0; s < STATE_COUNT_; s++)
        counts[state_group(s)] += app->counts.by_state[s];
    const char *separator = words >= WORDS_SHORT ? " · " : " ";
    for (enum state_group g = 0; g < GROUP_COUNT_; g++) {
        const struct group_words *w = &group_words[g];
        long long n = (long long)counts[g], due = (long long)app->counts.callbacks_due;
        if (words == WORDS_LETTERS)
            add_part(out, separator, "%lld%s", n, w->letter);
        else
            add_part(out, separator, "%lld %s", n, words == WORDS_FULL ? n == 1 ? w->full : w->full_plural : w->brief);
        if (g != GROUP_CALLBACK || n == 0)
            continue;
        if (words < WORDS_SHORT)
            buf_printf(out, "(%lld)", due);
        else if (n == due)
            buf_add_text(out, " due");
        else
            buf_printf(out, " (%lld due)", due);
    }
}

enum { LIST_COLS = 16 /* of a list's name that are worth shorter words elsewhere */, BRAND_COLS = 10, DATE_COLS = 90 };

/* Whether calls can be placed, for a dialer with a line of its own. */
static const char *line_words(const struct app *app)
{
    switch (app->dialer ? dialer_line(app->dialer) : DIAL_LINE_NONE) {
    case DIAL_LINE_NONE: break;
    case DIAL_LINE_STARTING: return "line starts";
    case DIAL_LINE_UP: return "line ok";
    case DIAL_LINE_FAILED: return "LINE REFUSED";
    case DIAL_LINE_NO_AUDIO: return "NO AUDIO";
    case DIAL_LINE_DOWN: return "LINE DOWN";
    }
    return "";
}

void render_header(const struct app *app, struct frame *f, struct rect r)
{
    static const struct {
        enum words words;
        bool brand;
    } forms[] = {{WORDS_FULL, true}, {WORDS_FULL, false}, {WORDS_SHORT, true}, {WORDS_SHORT, false}, {WORDS_TIGHT, false}, {WORDS_LETTERS, false}};
    enum { FORMS = sizeof forms / sizeof forms[0] };
    struct buf text;
    struct civil now = app->zone ? zone_civil(app->zone, app->now) : civil_of_seconds(app->now);
    bool windows_off = app->settings && !setting_bool(app->settings, SETTING_WINDOWS);
    int right = r.col + r.cols - 1, col = r.col + 1, used = 0, form = 0, list = text_width_cols(app->list_name);
    buf_init(&text);
    frame_fill(f, r.col, r.row, r.cols, 1, STYLE_HEADER);
    if (app->preview.on)
        buf_add_text(&text, "PREVIEW ");
    if (r.cols >= DATE_COLS || app->preview.on)
        buf_printf(&text, "%s %d %s ", weekday_name(civil_weekday(&now)), now.day, month_name(now.month));
    buf_printf(&text, "%02d:%02d", now.hour, now.minute);
    frame_text_right(f, right, r.row, r.cols, STYLE_HEADER, buf_str(&text));
    right -= text_width_cols(buf_str(&text)) + 2;
    struct str line = str_of(line_words(app));
    if (line.len != 0) {
        frame_text_right(f, right, r.row, right - col, STYLE_HEADER, line);
        right -= (int)line.len + 2;
    }
    if (app->flow.on) {
        frame_text_right(f, right, r.row, right - col, STYLE_HEADER, STR("auto"));
        right -= 6;
    }
    for (;; form++) {
        buf_clear(&text);
        counts_text(app, forms[form].words, &text);
        if (windows_off)
            buf_add_text(&text, forms[form].words == WORDS_FULL ? " · windows off" : " !win");
        used = text_width_cols(buf_str(&text));
        if (form + 1 == FORMS || col + (forms[form].brand ? BRAND_COLS : 0) + (list < LIST_COLS ? list : LIST_COLS) + 2 + used <= right)
            break;
    }
    if (forms[form].brand)
        col += frame_text(f, col, r.row, right - col, STYLE_HEADER, STR("calldeck")) + 2;
    int room = right - col - used - 2;
    if (room > 0)
        col += frame_text_cut(f, col, r.row, room, STYLE_HEADER, app->list_name) + 2;
    /* in the middle of what is left, so that list and numbers do not run together */
    int at = col + (right - col - used) / 2;
    frame_text_cut(f, at > col ? at : col, r.row, right - col, STYLE_HEADER, buf_str(&text));
    buf_done(&text);
}

/* ---- foot ---- */

/* Without a card these keys have nothing to work on. */
static bool needs_card(enum action_id id)
{
    static const enum action_id ids[] = {ACTION_CALL, ACTION_PICK_NUMBER, ACTION_ADD, ACTION_TO_NOTES, ACTION_SKIP,
                                         ACTION_EDIT, ACTION_ZONE,        ACTION_HISTORY, ACTION_WHY};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* ... and these without a line behind the call. */
static bool needs_line(enum action_id id)
{
    return id == ACTION_ANSWERED || id == ACTION_HANG_UP || id == ACTION_NEXT_NUMBER || id == ACTION_ACCEPT || id == ACTION_PICK_NUMBER;
}

static void render_hints(const struct app *app, struct frame *f, struct rect r, enum context context)
{
    struct buf key;
    int col = r.col + 1, help_cols = 0;
    buf_init(&key);
    key_word(app, ACTION_HELP, context, &key);
    int right = r.col + r.cols - 1;
    if (key.len) { /* help is always in sight, at the right */
        help_cols = text_width_cols(buf_str(&key)) + 5;
        int at = frame_text(f, right - help_cols, r.row, help_cols, STYLE_KEY, buf_str(&key));
        frame_text(f, right - help_cols + at, r.row, 5, STYLE_HINT, STR(" help"));
        frame_hit(f, right - help_cols, r.row, help_cols, HIT_HINT + ACTION_HELP);
    }
    for (enum action_id id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info(id);
        if (!(info->contexts & 1u << context) || !*info->hint || id == ACTION_HELP || (app->card.id == 0 && needs_card(id)) ||
            (app->call.left_over && needs_line(id)) || !action_possible(app, id))
            continue;
        buf_clear(&key);
        key_word(app, id, context, &key);
        const char *blank = strchr(info->hint, ' '), *words = blank ? blank + 1 : info->hint; /* the key that it names is a default */
        if (id == ACTION_TO_BAR && app->call.state == CALL_NONE)
            words = "to the queue";
        if (id == ACTION_COMPLETE && context == CONTEXT_FORM)
            words = "next line";
        int key_cols = text_width_cols(buf_str(&key)), cols = key_cols + 1 + text_width_cols(str_of(words));
        if (key_cols == 0 || col + cols > right - help_cols - 2)
            continue;
        frame_text(f, col, r.row, key_cols, STYLE_KEY, buf_str(&key));
        frame_text(f, col + key_cols + 1, r.row, cols - key_cols - 1, STYLE_HINT, str_of(words));
        frame_hit(f, col, r.row, cols, (uint16_t)(HIT_HINT + id));
        col += cols + 2;
    }
    buf_done(&key);
}

static void today_text(const struct app *app, bool words, struct buf *out)
{
    const struct stats *s = &app->today;
    int goal = app->settings ? setting_int(app->settings, SETTING_GOAL_MEETINGS) : 0;
    buf_printf(out, words ? "dials %lld · conversations %lld · meetings %lld" : "d %lld · c %lld · m %lld", (long long)s->dials,
               (long long)s->conversations, (long long)s->meetings);
    if (goal > 0)
        buf_printf(out, " of %d", goal);
    if (s->sales > 0)
        buf_printf(out, words ? " · sales %lld" : " · s %lld", (long long)s->sales);
}

static void render_status(const struct app *app, struct frame *f, struct rect r)
{
    struct buf text;
    int col = r.col + 1, right = r.col + r.cols - 1;
    buf_init(&text);
    if (app->job_line[0]) {
        int cols = text_width_cols(str_of(app->job_line));
        frame_text_right(f, right, r.row, right - col, STYLE_GOOD, str_of(app->job_line));
        right -= (cols < right - col ? cols : right - col) + 2;
        if (app->job_percent > 0 && right - col > 40) {
            render_bar(f, right - 16, r.row, 16, app->job_percent);
            right -= 18;
        }
    }
    if (app->message.text[0]) {
        buf_printf(&text, "%s%s", tone_sign(app->message.tone), app->message.text);
        frame_text_cut(f, col, r.row, right - col, tone_style(app->message.tone), buf_str(&text));
        buf_done(&text);
        return;
    }
    int last_cols = app->last[0] ? text_width_cols(str_of(app->last)) + 10 : 0;
    today_text(app, r.cols >= 70, &text);
    if (last_cols && text_width_cols(buf_str(&text)) + last_cols > right - col) { /* what was done last and until when comes first */
        buf_clear(&text);
        today_text(app, false, &text);
    }
    if (last_cols && text_width_cols(buf_str(&text)) + last_cols > right - col) /* ... and alone, rather than without its end */
        buf_clear(&text);
    if (text.len)
        col += frame_text_cut(f, col, r.row, right - col, STYLE_HINT, buf_str(&text)) + 4;
    buf_clear(&text);
    if (app->last[0])
        buf_printf(&text, "last: %s", app->last);
    else if (app->demo)
        buf_add_text(&text, app->demo);
    if (right - col > 10)
        frame_text_cut(f, col, r.row, right - col, STYLE_DIM, buf_str(&text));
    buf_done(&text);
}

void render_foot(const struct app *app, struct frame *f, const struct layout *l)
{
    enum context context = app_context(app);
    if (app->prompt.kind != PROMPT_NONE) {
        render_prompt(app, f, l);
        return;
    }
    render_hints(app, f, l->hints, context);
    render_status(app, f, l->status);
}

/* ---- lines ---- */

static void line_across(struct frame *f, int row)
{
    for (int col = 0; col < f->cols; col++)
        frame_text(f, col, row, 1, STYLE_RULE, STR(RULE_LINE));
}

static void render_lines(const struct app *app, struct frame *f, const struct layout *l)
{
    line_across(f, l->banner.row);
    line_across(f, l->choices.row);
    if (l->rule_row >= 0)
        line_across(f, l->rule_row);
    if (l->divider_col >= 0) {
        frame_text(f, l->divider_col, l->banner.row, 1, STYLE_RULE, STR("┬"));
        for (int row = l->full.row; row < l->full.row + l->full.rows; row++)
            frame_text(f, l->divider_col, row, 1, STYLE_RULE, STR("│"));
        frame_text(f, l->divider_col, l->choices.row, 1, STYLE_RULE, STR("┴"));
    }
    if (!app->banner.text[0])
        return;
    enum style style = app->banner.tone == TONE_BAD ? STYLE_BAD : STYLE_BANNER;
    struct buf text;
    buf_init(&text);
    buf_printf(&text, "%s%s", app->banner.tone == TONE_PLAIN ? "" : tone_sign(app->banner.tone), app->banner.text);
    frame_fill(f, 0, l->banner.row, f->cols, 1, style);
    frame_text_cut(f, 1, l->banner.row, f->cols - 2, style, buf_str(&text));
    buf_done(&text);
}

/* ---- the deck ---- */

static void render_deck(const struct app *app, struct frame *f, const struct layout *l)
{
    bool in_notes = app->focus == CONTEXT_NOTES && app->prompt.kind == PROMPT_NONE;
    if (!l->queue.rows && !l->call.rows && !l->card.rows && !l->notes.rows) {
        struct rect r = {2, l->full.row + (l->full.rows > 12), l->full.cols - 4, l->full.rows - (l->full.rows > 12)};
        render_nobody(app, f, r);
        return;
    }
    if (l->queue.rows > 0)
        render_queue(app, f, l->queue);
    if (l->card.rows > 0)
        render_card(app, f, l->card);
    if (l->name.rows > 0)
        frame_text_cut(f, l->name.col, l->name.row, l->name.cols, STYLE_NAME, app->card.name.len ? app->card.name : app->card.company);
    if (l->notes.rows > 0)
        render_notes(app, f, l->notes, in_notes);
    if (l->call.rows > 1)
        render_call(app, f, l->call);
    else if (l->call.rows == 1)
        render_call_line(app, f, l->call);
    if (l->outcomes.rows > 3)
        render_outcomes(app, f, l->outcomes);
    else if (l->outcomes.rows > 0)
        render_outcomes_short(app, f, l->outcomes);
}

static void render_too_small(struct frame *f)
{
    frame_text_cut(f, 0, f->rows / 2, f->cols, STYLE_PLAIN,
                   f->cols >= 34 ? STR("calldeck needs 40 columns by 10 rows") : f->cols >= 9 ? STR("too small") : STR("+"));
}

void view_render(const struct app *app, struct frame *f)
{
    struct layout l;
    frame_clear(f);
    layout_of(app, &l);
    if (l.fold == FOLD_NONE) {
        render_too_small(f);
        return;
    }
    if (app->screen == SCREEN_PAUSE) {
        render_pause(app, f, l.full);
        return;
    }
    render_header(app, f, l.header);
    render_lines(app, f, &l);
    switch (app->screen) {
    case SCREEN_DECK: render_deck(app, f, &l); break;
    case SCREEN_START:
    case SCREEN_EDIT: render_form(app, f, l.full); break;
    case SCREEN_HELP:
    case SCREEN_SEARCH:
    case SCREEN_HISTORY:
    case SCREEN_LISTS:
    case SCREEN_AGENDA:
    case SCREEN_STATS:
    case SCREEN_BLOCKED:
    case SCREEN_REVIEW:
    case SCREEN_DRAFTS:
    case SCREEN_BATCHES:
    case SCREEN_WHY:
    case SCREEN_POLICY:
    case SCREEN_TRIAL: render_view(app, f, l.full); break;
    case SCREEN_PAUSE:
    case SCREEN_COUNT_: break;
    }
    render_foot(app, f, &l);
}
