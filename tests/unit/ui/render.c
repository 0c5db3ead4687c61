/* SPDX-License-Identifier: MIT */
/* Every screen at every size: nothing leaves the frame, nothing is said by colour alone, numbers add up. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

static bool shows(const char *screen, const char *text)
{
    return strstr(screen, text) != NULL;
}

#define assert_shows(screen, text)                                                                                     \
    do {                                                                                                               \
        const char *screen_ = (screen);                                                                                \
        if (!shows(screen_, (text)))                                                                                   \
            fail_msg("\"%s\" is not on\n%s", (text), screen_);                                                         \
    } while (0)

/* The sum of the numbers of the header. */
static long long header_sum(const char *screen)
{
    long long sum = 0;
    const char *end = strchr(screen, '\n');
    bool in_brackets = false;
    for (const char *at = screen; at < end; at++) {
        int len = 0;
        long long n;
        if (*at == '(' || *at == ')')
            in_brackets = *at == '(';
        if (*at < '0' || *at > '9' || sscanf(at, "%lld%n", &n, &len) != 1)
            continue;
        if (at[len] == ':') /* the clock ends the line */
            break;
        if (!in_brackets && !(at > screen && at[-1] == 'b')) /* the list is called b2b */
            sum += strncmp(at + len, " Nov", 4) == 0 ? 0 : n;
        at += len - 1;
    }
    return sum;
}

TEST(the_header_counts_everybody_at_every_width)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 120, 32);
    for (int cols = 46; cols <= 200; cols++) {
        s.app->cols = cols;
        long long sum = header_sum(stage_text(&s));
        if (sum != s.app->counts.total)
            fail_msg("%d columns: %lld of %lld\n%s", cols, sum, (long long)s.app->counts.total, s.text.at);
    }
    stage_close(&s);
}

static void check_whole(const struct frame *f)
{
    for (int row = 0; row < f->rows; row++)
        for (int col = 0; col < f->cols; col++) {
            const struct cell *cell = &f->cells[row * f->cols + col];
            assert_true(cell->style < STYLE_COUNT_);
            if (cell->tail)
                assert_true(col > 0 && cluster_cols(str_of(cell[-1].text)) == 2);
            else
                assert_true(cell->text[0] && (unsigned char)cell->text[0] >= ' ');
        }
    assert_true(f->cursor_col < f->cols && f->cursor_row < f->rows);
}

TEST(every_screen_fits_every_size)
{
    static const char *const scripts[] = {
        "", "j j j", "2", "Tab 'typing a note'", "Enter", "Enter Tab", "Enter Tab Space", "Enter Tab Space Tab c", "Enter Tab x", "Enter Tab d",
        ":", ": 'set ' Tab Tab", "/ 'had'", "?", "H", "L", "B", "T", "C", "e Tab 'x'", "y", "P", ": 'import' Enter", "S", "z", "I", "q", "+", ": 'drafts' Enter", ": 'batches' Enter",
    };
    static const int sizes[][2] = {{1, 1}, {2, 40}, {39, 9}, {40, 10}, {41, 11}, {60, 16}, {69, 20}, {70, 20}, {80, 24}, {99, 17}, {100, 18}, {120, 32}, {200, 60}, {500, 10}, {40, 200}};
    for (size_t play = STAGE_EMPTY; play <= STAGE_TAUGHT; play++)
        for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
            struct stage s;
            stage_open_with(&s, (enum stage_play)play, 80, 24, i % 2 ? "manual" : NULL);
            stage_keys(&s, scripts[i]);
            for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
                s.app->cols = sizes[j][0];
                s.app->rows = sizes[j][1];
                stage_text(&s);
                check_whole(&s.frame);
                struct app_metrics m;
                view_measure(s.app, &m);
                assert_true(m.queue_rows > 0 && m.list_rows > 0 && m.notes_rows > 0 && m.notes_cols > 1 && m.prompt_cols > 0);
            }
            stage_close(&s);
        }
}

TEST(random_sizes_and_odd_people_stay_in_the_frame)
{
    uint64_t seed = test_seed();
    struct stage s;
    stage_open(&s, STAGE_DAY, 80, 24);
    for (int i = 0; i < 300; i++) {
        s.app->cols = 1 + (int)(test_random(&seed) % 180);
        s.app->rows = 1 + (int)(test_random(&seed) % 50);
        s.app->focus = (enum context)(test_random(&seed) % (CONTEXT_BAR + 1));
        s.app->queue_top = test_random(&seed) % 40;
        s.app->notes_top = test_random(&seed) % 9;
        if (i % 10 == 0)
            stage_keys(&s, "j");
        stage_text(&s);
        check_whole(&s.frame);
    }
    stage_close(&s);
}

TEST(the_same_state_gives_the_same_frame)
{
    struct stage s;
    struct frame again;
    stage_open(&s, STAGE_DAY, 120, 32);
    stage_keys(&s, "Enter 'x' Tab");
    stage_text(&s);
    frame_init(&again, 120, 32);
    frame_text(&again, 0, 5, 50, STYLE_BAD, STR("left over from before"));
    view_render(s.app, &again);
    assert_true(frame_same(&s.frame, &again));
    frame_done(&again);
    stage_close(&s);
}

TEST(a_banner_and_a_prompt_move_nothing)
{
    struct stage s;
    struct frame before;
    stage_open(&s, STAGE_DAY, 80, 24);
    stage_text(&s);
    frame_init(&before, 80, 24);
    view_render(s.app, &before);
    snprintf(s.app->banner.text, sizeof s.app->banner.text, "%s", "Tom Okafor in 1 min");
    stage_text(&s);
    assert_shows(s.text.at, "Tom Okafor in 1 min");
    for (int row = 0; row < 24; row++)
        for (int col = 0; col < 80; col++)
            if (row != 1)
                assert_string_equal(frame_cell(&before, col, row)->text, frame_cell(&s.frame, col, row)->text);
    s.now--; /* a key is a second */
    stage_keys(&s, ":");
    stage_text(&s);
    for (int row = 2; row < 21; row++)
        for (int col = 0; col < 80; col++)
            assert_string_equal(frame_cell(&before, col, row)->text, frame_cell(&s.frame, col, row)->text);
    frame_done(&before);
    stage_close(&s);
}

TEST(notes_that_are_not_saved_say_so_in_words)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 80, 24);
    stage_keys(&s, "Tab 'x'");
    assert_shows(stage_text(&s), " saved\n");
    s.app->saved = NOTES_UNSAVED;
    snprintf(s.app->save_error, sizeof s.app->save_error, "the disk is full");
    assert_shows(stage_text(&s), "NOT SAVED: the disk is full");
    assert_shows(stage_styles(&s), "{BAD} NOT SAVED: the disk is full {/}");
    stage_close(&s);
}

TEST(numbers_that_must_not_be_dialled_say_why)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 120, 32);
    struct card_phone phones[3] = {
        {.id = 1, .e164 = STR("+966501234567"), .label = STR("mobile"), .bad = true, .last_at = AT_NONE},
        {.id = 2, .e164 = STR("+966114640000"), .label = STR("office"), .suppressed = true, .last_at = AT_NONE},
        {.id = 3, .e164 = STR("+966114640001"), .label = STR("desk"), .extension = STR("12"), .shared_with = 12, .last_at = AT_NONE},
    };
    s.app->card.phones = phones;
    s.app->card.phones_count = 3;
    s.app->phone_index = 2;
    const char *screen = stage_text(&s);
    assert_shows(screen, "bad number");
    assert_shows(screen, "do not call");
    assert_shows(screen, "company line, 12 others");
    assert_shows(screen, "▸3 +966 11 464 0001 x12");
    s.app->card.phones_count = 0;
    assert_shows(stage_text(&s), "! none yet: + adds one");
    stage_close(&s);
}

TEST(why_nobody_may_dial_now_is_on_the_card)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 120, 32);
    stage_keys(&s, "/ 'early' Enter");
    assert_shows(stage_text(&s), "Not now   ! outside calling hours");
    stage_keys(&s, "/ 'no zone' Enter");
    assert_shows(stage_text(&s), "! nobody knows what time it is there");
    stage_close(&s);
}

TEST(a_bound_key_is_the_one_in_the_hints)
{
    struct stage s;
    struct error err = {0};
    stage_open(&s, STAGE_DAY, 120, 32);
    assert_shows(stage_text(&s), "S skip");
    app_command(s.app, STR("bind deck F5 search"), &err);
    app_command(s.app, STR("bind deck S search"), &err);
    assert_false(shows(stage_text(&s), "S skip"));
    stage_close(&s);
}

TEST(the_first_run_shows_three_people_before_anything_is_taken)
{
    struct stage s;
    stage_open(&s, STAGE_EMPTY, 80, 24);
    static const struct str sample[6] = {{"Layla Haddad", 12}, {"Nour Trading", 12}, {"+966501234567", 13}, {"Asia/Riyadh", 11}, {"layla@nour.example", 18}, {"", 0}};
    for (int i = 0; i < 3; i++)
        memcpy(s.app->start.samples[i], sample, sizeof sample);
    s.app->start.samples[1][2] = STR("");
    s.app->start.samples[2][3] = STR("");
    s.app->start.samples_count = 3;
    s.app->start.mapping = STR("Phone Number -> phone · Company -> company");
    const char *screen = stage_text(&s);
    assert_shows(screen, "Layla Haddad");
    assert_shows(screen, "! no number");
    assert_shows(screen, "! no zone");
    assert_shows(screen, "Phone Number -> phone");
    s.app->start.samples_count = 0;
    s.app->start.mapping = STR("");
    stage_close(&s);
}

TEST(an_import_shows_how_far_it_is)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 80, 24);
    snprintf(s.app->job_line, sizeof s.app->job_line, "import: reading 40%%");
    s.app->job_percent = 40;
    assert_shows(stage_text(&s), "import: reading 40%");
    assert_shows(stage_text(&s), "█████");
    stage_close(&s);
}

TEST(a_pause_hides_names_and_numbers)
{
    struct stage s;
    stage_open(&s, STAGE_DAY, 80, 24);
    stage_keys(&s, "P");
    const char *screen = stage_text(&s);
    assert_shows(screen, "paused");
    assert_false(shows(screen, "Layla") || shows(screen, "+966"));
    stage_close(&s);
}

TEST(the_cursor_stands_on_what_has_the_keys)
{
    static const struct {
        const char *script, *under; /* what stands from the cursor's cell on */
    } rows[] = {
        {"", "▸"}, {"j", "▸ Tom"}, {"Tab 'ab' Left", "b"}, {"Enter 'x' Tab", "n no answer"}, {"Enter 'x' Tab Tab", " "}, {": 'ab' Home", "ab"}, {"H", "▸"}, {"e Home", "Layla"},
    };
    struct stage s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage_open(&s, STAGE_DAY, 80, 24);
        stage_keys(&s, rows[i].script);
        stage_text(&s);
        struct buf under;
        buf_init(&under);
        assert_true(s.frame.cursor_col >= 0 && s.frame.cursor_row >= 0);
        for (int col = s.frame.cursor_col; col < s.frame.cols; col++)
            buf_add_text(&under, frame_cell(&s.frame, col, s.frame.cursor_row)->text);
        if (strncmp(under.at, rows[i].under, strlen(rows[i].under)) != 0)
            fail_msg("row %zu: under the cursor \"%s\"", i, under.at);
        buf_done(&under);
        stage_close(&s);
    }
}
