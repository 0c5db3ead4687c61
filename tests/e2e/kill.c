/* SPDX-License-Identifier: MIT */
/*
 * The promise: a key that was painted is on disk. A rep calls, types and files; the program is killed with SIGKILL at a
 * random moment, a few hundred times on one file. Afterwards the file is looked at from outside:
 *  - every key that was seen on the screen is in it, and none that was not typed;
 *  - an outcome or an undo that was seen is in it whole, one that was not is in it whole or not at all;
 *  - it is sound, and the next start comes back to the call, the note and the place in it.
 *
 * KILL_ROUNDS and TEST_SEED repeat or lengthen a run.
 */
#include "process.h"
#include "rep.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROUNDS = 200,
    DEADLINE_MS = 15000,
    COLS = 80,
    PEOPLE = 120,
    NOTE_SIZE = 16384,
    NOTE_LONG = 1500, /* a note is filed when it is longer, so that it fits on a screen more or less */
    WORLDS = 600,     /* keys of a round */
};

/* How it is known that what a key did has been painted. */
enum sign { SIGN_NONE, SIGN_TYPED, SIGN_CALL, SIGN_FILED, SIGN_TAKEN_BACK };

/* What the file should hold after a key. */
struct world {
    bool open;        /* a call without an outcome */
    int64_t filed;    /* calls with one, not taken back */
    char *note;       /* the draft */
    char *filed_note; /* the note of the call that was filed last */
    enum sign sign;
};

struct game {
    struct desk desk;
    struct rep *rep;
    uint64_t random;
    struct world worlds[WORLDS];
    size_t count; /* worlds[count - 1] is after all keys that were sent */
    size_t acknowledged;
    char believed[16384]; /* the screen when it was acknowledged */
    unsigned long word;
    unsigned long keys_sent, keys_seen, outcomes_seen, undos_seen, in_start;
};

/* ---- worlds ---- */

static void worlds_clear(struct game *g)
{
    for (size_t i = 0; i < g->count; i++) {
        free(g->worlds[i].note);
        free(g->worlds[i].filed_note);
    }
    g->count = 0;
    g->acknowledged = 0;
}

static void world_add(struct game *g, bool open, int64_t filed, const char *note, const char *filed_note,
                      enum sign sign)
{
    assert_true(g->count < WORLDS);
    g->worlds[g->count++] = (struct world){
        .open = open, .filed = filed, .note = strdup(note), .filed_note = strdup(filed_note), .sign = sign};
}

static const struct world *now(const struct game *g)
{
    return &g->worlds[g->count - 1];
}

/* What the file does hold. */
static void world_read(struct game *g, struct world *ret)
{
    const char *text = desk_text(
        &g->desk,
        "SELECT (SELECT count(*) FROM touch WHERE completed_at IS NULL) || ' ' || count(*) || ' ' ||"
        " (SELECT count(*) FROM draft)"
        " FROM touch JOIN action USING (id) WHERE completed_at IS NOT NULL AND channel = 'call' AND live = 1");
    int open, drafts;
    long filed;
    assert_int_equal(sscanf(text, "%d %ld %d", &open, &filed, &drafts), 3);
    if (open > 1 || drafts > 1)
        fail_msg("%d calls are open and %d notes are drafts; there is one rep", open, drafts);
    *ret = (struct world){.open = open == 1, .filed = filed};
    text = desk_text(&g->desk, "SELECT text FROM draft");
    ret->note = strdup(text != NULL ? text : "");
    text =
        desk_text(&g->desk, "SELECT coalesce(note, '') FROM touch JOIN action USING (id) WHERE completed_at IS NOT NULL"
                            " AND channel = 'call' AND live = 1 ORDER BY seq DESC LIMIT 1");
    ret->filed_note = strdup(text != NULL ? text : "");
    if (open == 1 && drafts == 1 &&
        desk_number(&g->desk,
                    "SELECT draft.prospect_id = touch.prospect_id FROM draft, touch WHERE completed_at IS NULL") != 1)
        fail_msg("the draft belongs to somebody else than the call");
}

static bool world_is(const struct world *a, const struct world *b)
{
    return a->open == b->open && a->filed == b->filed && strcmp(a->note, b->note) == 0 &&
           (a->open || a->filed == 0 || strcmp(a->filed_note, b->filed_note) == 0);
}

/* ---- what is on the screen ---- */

/* What stands on a row between the panel's margin and col; blanks at its end are left out if trimmed. */
static size_t row_text(struct rep *r, int row, int col, bool trimmed, char *ret, size_t size)
{
    const struct vt *t = rep_vt(r);
    int start = 0;
    while (start < col && strcmp(vt_cell(t, start, row), " ") == 0)
        start++;
    size_t len = 0, inked = 0;
    for (; start < col && len + 8 < size; start++) {
        len += (size_t)snprintf(ret + len, size - len, "%s", vt_cell(t, start, row));
        if (strcmp(vt_cell(t, start, row), " ") != 0)
            inked = len;
    }
    return trimmed ? inked : len;
}

static bool ends_with(const char *note, size_t note_len, const char *text, size_t len)
{
    return len > 0 && len <= note_len && memcmp(note + note_len - len, text, len) == 0;
}

/* The row before the cursor is the end of the note; at the start of a row it is the row above. */
static bool is_typed(struct rep *r, const char *note)
{
    char text[512];
    int col, row;
    size_t note_len = strlen(note);
    vt_cursor(rep_vt(r), &col, &row);
    size_t len = row_text(r, row, col, false, text, sizeof text);
    if (len > 0)
        return ends_with(note, note_len, text, len);
    if (row == 0 || note_len == 0 || note[note_len - 1] != '\n')
        return false;
    return ends_with(note, note_len - 1, text, row_text(r, row - 1, COLS, true, text, sizeof text));
}

static bool is_visible(struct game *g, const struct world *w)
{
    switch (w->sign) {
    case SIGN_NONE:
        return false;
    case SIGN_TYPED:
        return is_typed(g->rep, w->note);
    case SIGN_CALL:
        return rep_shows(g->rep, "dialing");
    case SIGN_FILED:
        return rep_shows(g->rep, DECK_SIGN);
    case SIGN_TAKEN_BACK:
        return rep_shows(g->rep, "taken back");
    }
    return false;
}

/* The first world behind the acknowledged one that the screen shows. Two that look alike count as the earlier. */
static void acknowledge(struct game *g)
{
    if (is_visible(g, &g->worlds[g->acknowledged]))
        return;
    for (size_t i = g->acknowledged + 1; i < g->count; i++)
        if (is_visible(g, &g->worlds[i])) {
            g->acknowledged = i;
            snprintf(g->believed, sizeof g->believed, "%s", vt_text(rep_vt(g->rep)));
            return;
        }
}

static void look(struct game *g, int wait_ms)
{
    rep_look(g->rep, wait_ms);
    acknowledge(g);
}

/* A blank or a newline at the end of the note leaves no mark that could be seen for certain; the key before it does. */
static bool all_seen(struct game *g)
{
    const char *note = now(g)->note;
    size_t len = strlen(note), unseen = g->count - 1 - g->acknowledged;
    bool ends_blank = now(g)->sign == SIGN_TYPED && len > 0 && (note[len - 1] == ' ' || note[len - 1] == '\n');
    if (unseen <= (ends_blank ? 1 : 0))
        return true;
    /* two worlds may look alike: then the later one is not believed, but it is there */
    return is_visible(g, &g->worlds[g->acknowledged]) && is_visible(g, now(g));
}

static void wait_acknowledged(struct game *g)
{
    for (int64_t end = monotonic_ms() + DEADLINE_MS; !all_seen(g); look(g, 50))
        if (monotonic_ms() > end) {
            rep_print(g->rep);
            fail_msg("the last key was not painted within %d ms (%zu of %zu seen; sign %d); note \"%s\"", DEADLINE_MS,
                     g->acknowledged, g->count - 1, (int)now(g)->sign, now(g)->note);
        }
}

/* ---- what the rep does ---- */

static unsigned below(struct game *g, unsigned most)
{
    return (unsigned)(test_random(&g->random) % most);
}

static void key(struct game *g, const char *bytes, const char *note_after)
{
    size_t len = strlen(bytes);
    if (len > 1 && below(g, 4) == 0) { /* a character need not come in one read */
        pty_write(rep_pty(g->rep), bytes, 1);
        bytes++, len--;
    }
    pty_write(rep_pty(g->rep), bytes, len);
    const struct world *w = now(g);
    world_add(g, w->open, w->filed, note_after, w->filed_note, SIGN_TYPED);
    g->keys_sent++;
}

static void type(struct game *g, const char *character)
{
    char note[NOTE_SIZE];
    snprintf(note, sizeof note, "%s%s", now(g)->note, character);
    key(g, character[0] == '\n' ? "\r" : character, note);
}

/* A word that nobody has typed before, a character a key. */
static void type_word(struct game *g)
{
    static const char *const letters[] = {"a", "e", "o", "u", "é", "ß", "漢", "ل", "я", "क", "-", "%", "'", "\""};
    char number[24];
    snprintf(number, sizeof number, "w%lx", ++g->word);
    for (const char *p = number; *p != '\0'; p++)
        type(g, (const char[]){*p, '\0'});
    for (unsigned i = below(g, 4); i > 0; i--)
        type(g, letters[below(g, sizeof letters / sizeof letters[0])]);
    type(g, below(g, 9) == 0 ? "\n" : " ");
}

static void type_text(struct game *g)
{
    for (unsigned words = 1 + below(g, 3); words > 0; words--)
        type_word(g);
}

static void erase(struct game *g)
{
    wait_acknowledged(g); /* so that what is erased was there, and can come back from nowhere */
    char note[NOTE_SIZE];
    snprintf(note, sizeof note, "%s", now(g)->note);
    size_t len = strlen(note);
    for (unsigned i = 1 + below(g, 3); i > 0 && len > 0 && (unsigned char)note[len - 1] < 0x80 && note[len - 1] != '\n';
         i--) {
        note[--len] = '\0';
        key(g, "\177", note);
    }
}

static void file_outcome(struct game *g)
{
    static const char *const letters[] = {"n", "v", "k", "b", "g", "l"};
    char keys[8];
    const struct world *w = now(g);
    snprintf(keys, sizeof keys, "\t%s", letters[below(g, sizeof letters / sizeof letters[0])]);
    rep_type(g->rep, keys);
    world_add(g, false, w->filed + 1, "", w->note, SIGN_FILED);
}

/* ---- rounds ---- */

static void pause_us(unsigned us)
{
    struct timespec left = {(time_t)(us / 1000000), (long)(us % 1000000) * 1000};
    nanosleep(&left, NULL);
}

/* Kills now, or in a moment; false: not yet. */
static bool killed(struct game *g, unsigned one_in)
{
    if (below(g, one_in) != 0)
        return false;
    switch (below(g, 3)) {
    case 0:
        break;
    case 1:
        pause_us(below(g, 5000));
        break;
    case 2:
        for (unsigned i = below(g, 4); i > 0; i--)
            look(g, 5);
        break;
    }
    pty_kill(rep_pty(g->rep));
    while (rep_look(g->rep, 0)) /* what it had painted before */
        if (pty_fd(rep_pty(g->rep)) < 0)
            break;
    acknowledge(g);
    return true;
}

/* false: killed on the way */
static bool start(struct game *g, const char *name)
{
    g->rep = rep_start(&g->desk, NULL);
    if (below(g, 12) == 0) { /* in the middle of opening the file and painting for the first time */
        pause_us(below(g, 150000));
        g->in_start++;
        pty_kill(rep_pty(g->rep));
        return false;
    }
    if (now(g)->open) {
        rep_see(g->rep, "you were on with", DEADLINE_MS);
        rep_see(g->rep, name, DEADLINE_MS);
        if (now(g)->note[0] != '\0') {
            /* a blank that hangs over the end of a full row is not seen */
            char bare[NOTE_SIZE];
            snprintf(bare, sizeof bare, "%s", now(g)->note);
            bare[strlen(bare) - (bare[strlen(bare) - 1] == ' ')] = '\0';
            for (int64_t end = monotonic_ms() + DEADLINE_MS; !is_typed(g->rep, now(g)->note) && !is_typed(g->rep, bare);
                 rep_look(g->rep, 50))
                if (monotonic_ms() > end) {
                    rep_print(g->rep);
                    fail_msg("the note did not come back with the cursor at its end; it was \"%s\"", now(g)->note);
                }
        }
    } else {
        rep_see(g->rep, DECK_SIGN, DEADLINE_MS);
    }
    return true;
}

/* One session up to its kill. */
static void play(struct game *g)
{
    char *name = now(g)->open
                     ? strdup(desk_text(&g->desk, "SELECT name FROM prospect JOIN touch ON prospect.id = prospect_id"
                                                  " WHERE completed_at IS NULL"))
                     : NULL;
    bool started = start(g, name);
    free(name);
    while (started && !killed(g, 12)) {
        if (!now(g)->open) {
            rep_settle(g->rep);
            if (killed(g, 12))
                return;
            if (now(g)->filed > 0 && below(g, 4) == 0) {
                const struct world *w = now(g);
                rep_type(g->rep, "u");
                world_add(g, true, w->filed - 1, w->filed_note, "", SIGN_TAKEN_BACK);
                if (killed(g, 8))
                    return;
                wait_acknowledged(g);
                g->undos_seen++;
                rep_type(g->rep, "\t");
            } else {
                const struct world *w = now(g);
                rep_type(g->rep, "\r");
                world_add(g, true, w->filed, "", w->filed_note, SIGN_CALL);
                if (killed(g, 8))
                    return;
                wait_acknowledged(g);
            }
            continue;
        }
        type_text(g);
        if (killed(g, 4))
            return;
        switch (below(g, 6)) {
        case 0:
            wait_acknowledged(g);
            break;
        case 1:
        case 2:
            look(g, (int)below(g, 20));
            break;
        case 3:
            erase(g);
            break;
        default:
            break;
        }
        if (killed(g, 8))
            return;
        if (strlen(now(g)->note) > NOTE_LONG || below(g, 7) == 0) {
            wait_acknowledged(g);
            file_outcome(g);
            if (killed(g, 4))
                return;
            wait_acknowledged(g);
            g->outcomes_seen++;
        }
        if (g->count > WORLDS - 100)
            wait_acknowledged(g);
        if (g->count > WORLDS - 50) {
            pty_kill(rep_pty(g->rep));
            return;
        }
    }
}

static void judge(struct game *g, int round)
{
    desk_is_sound(&g->desk);
    struct world found;
    world_read(g, &found);
    size_t at = g->acknowledged;
    while (at < g->count && !world_is(&g->worlds[at], &found))
        at++;
    if (at == g->count) {
        const struct world *w = &g->worlds[g->acknowledged];
        fprintf(stderr, "it was seen on\n%s", g->believed);
        rep_print(g->rep);
        fail_msg("round %d: a key that was painted is lost, or one came that was not typed.\n"
                 "painted: open %d, filed %lld, note \"%s\", filed note \"%s\" (%zu keys of %zu)\n"
                 "stored:  open %d, filed %lld, note \"%s\", filed note \"%s\"",
                 round, w->open, (long long)w->filed, w->note, w->filed_note, g->acknowledged, g->count - 1, found.open,
                 (long long)found.filed, found.note, found.filed_note);
    }
    g->keys_seen += g->acknowledged;
    rep_screen_was_understood(g->rep);
    rep_done(g->rep);
    g->rep = NULL;
    if (round % 10 == 9)
        DESK_ASK(&g->desk, "check");
    /* what is there now is where the next one begins */
    worlds_clear(g);
    world_add(g, found.open, found.filed, found.note, found.filed_note, SIGN_TYPED);
    free(found.note);
    free(found.filed_note);
}

TEST(no_painted_key_is_lost_to_a_kill)
{
    static struct game game;
    struct game *g = &game;
    const char *given = getenv("KILL_ROUNDS");
    int rounds = given != NULL ? (int)strtol(given, NULL, 10) : ROUNDS;
    g->random = test_seed();
    desk_open(&g->desk, "kill");
    desk_import_list(&g->desk, "spring", PEOPLE);
    world_add(g, false, 0, "", "", SIGN_NONE);
    int64_t began = monotonic_ms();
    for (int round = 0; round < rounds; round++) {
        play(g);
        if (pty_status(rep_pty(g->rep), 0) < 0)
            pty_kill(rep_pty(g->rep));
        assert_int_equal(pty_status(rep_pty(g->rep), 0), 128 + SIGKILL);
        judge(g, round);
    }
    DESK_ASK(&g->desk, "check");
    printf("%d kills (%lu while starting), %lu keys typed, %lu seen, %lu outcomes and %lu undos seen, 0 lost, %.1f s\n",
           rounds, g->in_start, g->keys_sent, g->keys_seen, g->outcomes_seen, g->undos_seen,
           (double)(monotonic_ms() - began) / 1000);
    worlds_clear(g);
}

/* Ten outcomes are taken back, which leaves the first call open again; its note is typed on, and the program is killed. */
TEST(a_call_that_undo_opened_again_is_offered_after_a_kill)
{
    enum { CALLS_BACK = 10 };
    struct desk desk;
    desk_open(&desk, "undone");
    desk_import_list(&desk, "spring", PEOPLE);
    struct rep *r = rep_start(&desk, NULL);
    rep_see(r, DECK_SIGN, DEADLINE_MS);
    for (int i = 0; i < CALLS_BACK; i++) {
        rep_settle(r);
        rep_type(r, "\r");
        rep_see_gone(r, DECK_SIGN, DEADLINE_MS);
        rep_type(r, "first\tn");
        rep_see(r, DECK_SIGN, DEADLINE_MS);
    }
    for (int i = 0; i < CALLS_BACK; i++) {
        rep_type(r, "u");
        for (int64_t end = monotonic_ms() + DEADLINE_MS;
             desk_number(&desk, "SELECT count(*) FROM touch t JOIN action a ON a.id = t.id WHERE a.live AND t.outcome_id IS NOT NULL") !=
             CALLS_BACK - 1 - i;) {
            assert_true(monotonic_ms() < end);
            rep_look(r, 20);
        }
    }
    rep_type(r, "\t and again");
    rep_see(r, "first and again", DEADLINE_MS);
    rep_look(r, 200);
    pty_kill(rep_pty(r));
    assert_int_equal(pty_status(rep_pty(r), DEADLINE_MS), 128 + SIGKILL);
    rep_done(r);
    r = rep_start(&desk, NULL);
    rep_see(r, "you were on with", DEADLINE_MS);
    rep_see(r, "first and again", DEADLINE_MS);
    rep_done(r);
    DESK_ASK(&desk, "check");
}
