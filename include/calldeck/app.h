/* SPDX-License-Identifier: MIT */
/*
 * What the program knows and what a key does to it. No SQL, no curses, no layout.
 *
 * One struct holds the state of the dashboard; ui renders it and changes nothing. Keys, pastes and commands go through one
 * table (actions.def); each returns a mask of what must be worked out again, and the screen is drawn once at the end of the
 * turn. `now` is read once per turn by the loop and kept in app->now.
 *
 * Rules that hold everywhere: the card on the screen changes only by an act of the rep; what a key typed is on disk before
 * it is painted; Enter dials the person who is painted, and no other.
 */
#ifndef CALLDECK_APP_H
#define CALLDECK_APP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calldeck/arena.h"
#include "calldeck/dial.h"
#include "calldeck/editor.h"
#include "calldeck/error.h"
#include "calldeck/key.h"
#include "calldeck/model.h"
#include "calldeck/phone.h"
#include "calldeck/schedule.h"
#include "calldeck/settings.h"
#include "calldeck/store.h"
#include "calldeck/zone.h"

enum action_id {
    ACTION_NONE,
#define ACTION(id, command, contexts, keys, arguments, hint, help) ACTION_##id,
#include "calldeck/actions.def"
#undef ACTION
    ACTION_COUNT_
};
enum context { CONTEXT_DECK, CONTEXT_NOTES, CONTEXT_BAR, CONTEXT_LIST, CONTEXT_FORM, CONTEXT_PROMPT, CONTEXT_COUNT_ };
struct action_info {
    const char *command; /* "" : none */
    unsigned contexts;   /* bits 1u << CONTEXT_...; ANY is 0 with a command */
    const char *keys, *arguments, *hint, *help;
};
const struct action_info *action_info(enum action_id id);
const char *context_name(enum context c); /* "deck", "notes", "bar", "list", "form", "prompt" */

/* What an action asks the turn to work out again. */
enum reaction {
    REACT_PAINT = 1 << 0,
    REACT_CARD = 1 << 1,   /* load the card again */
    REACT_QUEUE = 1 << 2,  /* and the queue's head and counts */
    REACT_NEXT = 1 << 3,   /* take the first of the queue as the card */
    REACT_CLEAR = 1 << 4,  /* paint from nothing */
    REACT_QUIT = 1 << 5,
    REACT_SUSPEND = 1 << 6,
    REACT_SCREEN = 1 << 7, /* the rows of the screen in front again */
};

/* ---- pieces of the state ---- */

enum call_state { CALL_NONE, CALL_DIALING, CALL_CONNECTED, CALL_ENDED };
struct call {
    enum call_state state;  /* NONE: no call is open */
    bool inbound;
    int64_t touch, prospect_id, phone_id;
    char number[DIAL_NUMBER_SIZE];  /* as it is dialled */
    int64_t started_at, answered_at, ended_at; /* AT_NONE when not */
    bool ringing;           /* a dialer that knows its line says that it rings there */
    bool inferred;          /* answered by the first note key */
    const struct outcome *armed; /* Enter files it, or the hang-up */
    char said[160];         /* what the dialer said last */
    char caller[CALLER_SIZE]; /* the line of ours that they see; "" the account's own */
    bool left_over;         /* found open at start, or reopened by undo: no line behind it */
    bool reopened;          /* ... by undo: another undo gives it up and goes on to what was before */
    bool was_stop;          /* ... and what was taken back is a do-not-call: this call needs an outcome before anything else */
    int64_t line_id;        /* what the dialer calls it: the touch, or < 0 if it came in; 0: no line behind it */
    int64_t then_dial;      /* when the line is free: file what is armed and dial this number; 0 */
    bool held, muted;
    bool recorded;          /* they agreed, and it is kept */
    int64_t began_ms;       /* the loop's clock at the key that began it */
    bool typed;             /* notes were typed since it began: the focus stays in them */
};

/* What the line said and the file could not take yet. */
struct owed { int64_t touch, at; bool answered; char result[24], code[16], suggested[24]; };

/* Somebody who calls, until the call has a card or is over. */
enum { CALLERS_MOST = 4, CALLER_CARDS = 9 };
struct caller {
    int64_t call, at, answered_at, ended_at; /* AT_NONE when not */
    bool anonymous;
    bool taken;             /* answered; now it wants a card */
    bool asked;             /* ... and the rep is asked whose */
    bool gone;              /* over without a talk: history and a callback are still to be written */
    bool declined;
    char number[DIAL_NUMBER_SIZE];
    char who[128];          /* the name by number, else the number */
    struct { int64_t card_id, phone_id; char name[64]; } found[CALLER_CARDS]; size_t found_count;
    int64_t touch;          /* of the call in, once it is written */
    int64_t card_id, phone_id;
};

enum save_state { NOTES_SAVED, NOTES_UNSAVED }; /* UNSAVED: shown in red, typing goes on in memory, retried */

enum tone { TONE_PLAIN, TONE_GOOD, TONE_WARNING, TONE_BAD };
struct message { char text[256]; enum tone tone; int64_t until_ms; }; /* monotonic; 0: until the next key */

/* A line that is asked for at the foot of the screen. */
enum prompt_kind {
    PROMPT_NONE, PROMPT_COMMAND, PROMPT_SEARCH, PROMPT_INBOUND, PROMPT_WHEN, PROMPT_STEP, PROMPT_WHOM, PROMPT_AMOUNT,
    PROMPT_REASON, PROMPT_SCOPE, PROMPT_PERSON, PROMPT_SKIP, PROMPT_ZONE, PROMPT_ADD, PROMPT_OVERRIDE, PROMPT_QUIT, PROMPT_CORRECT,
    PROMPT_CONFIRM, PROMPT_CALLER, PROMPT_DIGITS, PROMPT_RECORD, PROMPT_COUNT_
};
struct choice { char key; const char *label; };  /* one key decides: reason, scope, correct */
struct prompt {
    enum prompt_kind kind;
    char label[96];         /* "call back when? (Layla's time)" */
    struct editor *line;
    char opened_by;         /* the letter that opened it, until another key: its repeat does not type */
    int64_t opened_at_ms;
    char live[192];         /* worked out while typing: "Tue 24 Nov 15:00 there · 13:00 here" */
    enum tone live_tone;
    const struct choice *choices; size_t choices_count;
    const char *const *completions; size_t completions_count; size_t completion; /* shown above the line; of the arena below */
    size_t completion_start; /* the word they stand for begins here in the line */
    char confirmed[256];    /* CONFIRM: the command that yes runs */
    struct arena arena;
    const struct outcome *outcome; /* what is being filed when the questions are answered */
    bool by_log;            /* ... by :log, without a call */
    int64_t touch;          /* ... for a correction */
};

/* What the questions of one outcome have answered so far; filed when the last is. */
struct asked {
    const struct outcome *outcome;
    bool by_log;            /* a call made elsewhere */
    int64_t touch;          /* a correction of this one; 0 */
    int64_t prospect_id;    /* the card that it was asked on */
    int64_t next_phone;     /* then dial this number of the same person; 0 */
    bool waits;             /* the file was held by another program: tried again at every tick */
    int64_t when_at;
    char when_wall[24], when_zone[64];
    char step[256], whom[256], reason[256], currency[8], phone[E164_SIZE], phone_national[NATIONAL_SIZE], phone_region[REGION_SIZE];
    int64_t amount_cents;
    bool has_amount;
    enum suppress_scope scope;
};
enum { RECENT_TOUCHES = 64 };

/* A screen with rows in front of the card. */
enum screen { SCREEN_DECK, SCREEN_START, SCREEN_HELP, SCREEN_SEARCH, SCREEN_HISTORY, SCREEN_LISTS, SCREEN_AGENDA, SCREEN_STATS,
              SCREEN_BLOCKED, SCREEN_REVIEW, SCREEN_DRAFTS, SCREEN_BATCHES, SCREEN_WHY, SCREEN_POLICY, SCREEN_TRIAL, SCREEN_EDIT, SCREEN_PAUSE, SCREEN_COUNT_ };
/* One shape for all of them: ui draws columns, app chooses rows. */
struct view_row {
    int64_t id;             /* prospect, touch, list, batch, ... by screen; 0: a heading or plain line */
    struct str left;        /* the name, the key, the time */
    struct str middle;      /* cut first when there is no room */
    struct str right;       /* aligned right */
    enum tone tone;
    bool heading, voided;
};
struct view {
    const char *title;      /* "HISTORY of Layla Haddad" */
    const struct view_row *rows; size_t count;
    size_t cursor, top;
    const char *empty;      /* what to say when there is no row */
    const char *hint;       /* keys of this screen beyond the common ones */
    const char *line;       /* SCREEN_TRIAL: the line of policy that is tried */
    struct arena arena;
    int64_t prospect_id;
};

/* The form of SCREEN_EDIT and SCREEN_START: labelled lines, one has the cursor. */
struct form_field { const char *name, *label; struct editor *line; bool changed; char error[96]; const char *help; };
enum { FORM_FIELDS = 16 };
struct form { struct form_field fields[FORM_FIELDS]; size_t count, at; char error[192]; };

/* The first-run screen: a file is looked at before it is taken. */
struct start {
    char path[1024];        /* "" : asks for one */
    struct str samples[3][6]; size_t samples_count; /* name, company, number, zone, mail, note of three rows */
    bool unseen;            /* the path was typed since the last Enter: its samples are shown before anything is taken */
    struct str mapping;     /* "Phone Number -> phone · Company -> company · ..." */
    struct arena arena;
};

struct import_job;
struct app_metrics { int queue_rows, list_rows, notes_rows, notes_cols, prompt_cols; };

/* What a click meant, as the painter of the screen knows it. */
enum click_kind { CLICK_NOTHING, CLICK_QUEUE_ROW, CLICK_LIST_ROW, CLICK_PHONE, CLICK_OUTCOME, CLICK_NOTES };
struct app_click { enum click_kind kind; size_t index; }; /* from 0: row of app->queue, row of the view, number, row of the outcomes */

/* What main (or a test) lends to the app. Any may be NULL: nothing happens then. */
struct app;
struct app_port {
    void *user;
    void (*paint)(const struct app *app, bool from_nothing, void *user);
    void (*measure)(const struct app *app, struct app_metrics *ret, void *user); /* for PgUp and the wrap of the notes */
    int (*event_fd)(void *user);                          /* to poll */
    bool (*next_event)(struct event *ret, void *user);    /* false: nothing waits */
    bool (*key_waits)(void *user);                        /* upkeep stops when one does */
    void (*flush_keys)(void *user);                       /* type-ahead at a new card */
    void (*suspend)(void *user);                          /* Ctrl-Z: restore, stop, come back */
    bool (*run_editor)(const char *path, struct error *err, void *user); /* leaves the screen to $EDITOR */
    int (*signal_fd)(void *user);                         /* self-pipe: SIGTERM, SIGHUP, SIGWINCH, SIGCHLD as bytes */
    bool (*signalled)(void *user);                        /* time to end; takes the bytes away */
    bool (*screenshot)(const struct app *app, const char *path, struct error *err, void *user); /* the screen as text */
    bool (*copy)(struct str text, bool sure, void *user); /* by the terminal itself; false: it is not known to (sure: it does) */
    bool (*click)(int col, int row, struct app_click *ret, void *user); /* what is painted there; false: nothing */
    void (*trouble)(const char *where, enum error_code code, int64_t at, void *trouble_user); /* for the log: never what was said */
    void *trouble_user;
    int64_t (*now)(void *user);                           /* wall clock, UTC seconds */
    int64_t (*now_ms)(void *user);                        /* monotonic */
};

/* A smaller screen says how small it is, and its keys do nothing. */
enum { LEAST_COLS = 40, LEAST_ROWS = 10 };
enum { QUEUE_SHOWN = 200, COMMAND_HISTORY = 100, SNIPPETS_MOST = 100 };
struct keymap;

struct app {
    /* lent */
    struct store *store;
    struct phone_book *book;
    struct zone_table *zones;
    struct settings *settings;
    const struct app_port *port;
    const struct zone *zone;     /* the rep's */
    const char *demo;            /* NULL, or the sentence of the demo ("demo list: nothing is dialled") */
    int64_t preview_at;          /* --at, :at: the clock is held; AT_NONE */
    struct { bool on; int64_t card_id; } preview; /* :at, and the card to come back to */

    /* the turn */
    int64_t now, now_ms;
    int cols, rows;              /* of the screen */
    unsigned pending;            /* reactions not worked out yet */
    bool quit;
    struct error fatal;          /* why the loop ended, if it went wrong */

    /* the queue */
    int64_t list_id;             /* 0: all lists */
    struct str list_name;        /* "all lists" */
    struct arena lists_arena;
    const struct list_row *lists; size_t lists_count;
    struct arena queue_arena;
    const struct queue_row *queue; size_t queue_count;
    size_t queue_cursor, queue_top;
    bool card_in_queue;          /* the cursor's row is the card */
    struct queue_count counts;
    int64_t queue_at;            /* when it was read */
    int64_t next_at;             /* an empty queue: when the next one becomes callable; AT_NONE */
    enum prospect_state next_state;
    const struct opening *openings; size_t openings_count; /* an empty queue: whose hours begin when, the next first */

    /* the card */
    struct arena card_arena;
    struct card card;            /* id 0: none */
    struct reason reason; bool has_reason;
    struct verdict verdict;      /* of the picked number, now */
    struct place place;
    size_t phone_index;          /* into card.phones */
    int64_t card_since_ms;       /* a repeated Enter is swallowed for 400 ms */
    struct { int64_t card_id; size_t cursor; struct call call; enum context focus; } parked[4]; size_t parked_count; /* put aside for a call in, with its call if there was one */
    bool unpark;                 /* the last of them comes back at the next tick: the file was held */

    struct call call;
    struct owed owed[8]; size_t owed_count;
    struct caller callers[CALLERS_MOST]; size_t callers_count;
    int64_t stray;               /* a call on the line that no card knows: h hangs it up; 0 */
    struct { bool on; int64_t at_ms; struct line_luck luck; char why[160]; } flow; /* auto-advance; at_ms: when it dials, 0: no countdown */
    int64_t paused_at; char paused_calls[160]; /* since when, and who called meanwhile */

    /* the notes: always those of the card */
    struct editor *notes;
    size_t notes_top;            /* first visible row, in wrapped rows */
    enum save_state saved;
    char save_error[256];
    int64_t durable_at_ms;       /* the last fsync of the draft */
    bool notes_dirty;            /* changed since that */

    /* focus and what is in front */
    enum context focus;          /* DECK, NOTES or BAR: under a prompt or a screen it is where Esc comes back to */
    enum screen screen;
    struct prompt prompt;
    struct asked asked;
    struct { int64_t touch, prospect_id; } recent[RECENT_TOUCHES]; size_t recent_count; /* filed from here, the latest last: `correct OUTCOME last N` */
    struct { int64_t touch; char result[16], code[16], why[160]; } unrung; /* a dial that failed while the file was held: recorded at the next tick */
    struct view view;
    struct form form;
    struct start start;
    struct import_job *job; char job_line[192]; int job_percent;

    /* said to the rep */
    struct message message;      /* the foot line */
    struct message banner;       /* a callback that falls due, a queue that changed, a full disk: never moves the card */
    char last[128];              /* "no answer, Tom Okafor, rests until 14:00" */
    struct stats today; struct arena today_arena;
    int64_t banner_callback;     /* the callback whose banner is up */
    enum error_code trouble_code; int64_t trouble_at; /* what the log was told last */
    bool banner_caller, banner_line; /* it says who calls; what the line's trouble is */

    struct dialer *dialer;
    const char *dialer_fixed;    /* the one that stands whatever the settings say (demo, screenshots); borrowed, or NULL */
    struct keymap *keymap;
    char *history[COMMAND_HISTORY]; size_t history_count, history_at;
    struct { char *name, *text; } snippets[SNIPPETS_MOST]; size_t snippets_count;
    char holder[96];
    size_t pause_lines;
    unsigned long notes_revision;
    bool draft_unread;           /* another window changed the file, and the draft was not compared since */
    struct buf notes_stored;     /* the draft as this window last read or wrote it: another one may have changed it since */

    /* the import that runs: what it borrows, and what its list is told when it is done */
    char import_path[1024], import_cc[8], import_audience[16];
    char import_days[64], import_hours[32], import_country[8];
    bool import_opens;           /* it came from the first-run screen */

    /* of the turn alone */
    bool started;
    char first_path[1024];       /* a file to begin with */
    bool queue_by_itself;        /* the queue is read because of the clock or of others: a new order is said, not followed */
    int64_t minute;              /* of the last look at the clock's minute */
    int64_t claimed_id, claim_until_at, rested_at_ms; /* the claim on the card; when the cursor rests */
    int64_t looked_at_ms;        /* at the changes of others */
    int64_t painted_at_ms;
    struct { int64_t id, prospect_id, due_at; char name[128]; } soon; /* the promise that is next; id 0: none */
    int64_t key_at_ms, upkeep_at_ms;
    bool upkeep_more, snapshot_tried;
    int64_t stats_since_at;      /* SCREEN_STATS */
    enum context help_context;   /* where ? was typed */
    char help_word[64];          /* :help WORD; "" all */
};

/* ---- life ---- */

struct app_options {
    struct store *store;
    struct phone_book *book;
    struct zone_table *zones;
    struct settings *settings;
    const struct app_port *port;
    const char *list;            /* --list, or NULL: all */
    const char *import_path;     /* a file to begin with, or NULL */
    const char *demo;
    int64_t preview_at;
    const char *dialer;          /* overrides the setting: "null" for screenshots and the demo; NULL */
    const char *holder;          /* this window's name for claims */
    int cols, rows;
};
struct app *app_new(const struct app_options *options, struct error *err);
void app_free(struct app *app);
/* Polls, reads `now`, handles events, works out reactions, paints once. Returns when the rep leaves, the terminal is gone or a
 * signal says so; the draft is stored by then. */
bool app_run(struct app *app, struct error *err);

/* One event, and the turn after it; for the loop, for --keys and for tests. now and now_ms are set by the caller before. */
void app_event(struct app *app, const struct event *event);
/* Timers, idle upkeep, dialer, import slices, changes of others. */
void app_tick(struct app *app);
/* Milliseconds until app_tick has something to do; -1: not before an event. */
int app_timeout_ms(const struct app *app);
/* A line of the command language: "outcome no-answer", "set hours 9-17". */
unsigned app_command(struct app *app, struct str line, struct error *err);
enum context app_context(const struct app *app); /* where keys go now */
/* The action that a key has in a context, ACTION_NONE if none; *ret_arguments: of a bound command, "" if none. */
enum action_id app_key_action(const struct app *app, enum context context, const struct key *key, struct str *ret_arguments);
/* The keys of an action in a context as text, "Tab / Esc"; false if it has none there. */
bool app_keys_of(const struct app *app, enum action_id id, enum context context, struct buf *out);

/* Reads a config file: lines of the command language. A bad line is said through `line` ("calldeck.conf:3: ...") and the rest
 * loads. A file that is not there is fine. */
bool app_config(struct app *app, const char *path, line_fn line, void *user);

/* ---- words that ui and cli share ---- */

/* "n  no answer (rests until 14:00, afternoon not tried yet)": what filing this outcome now would do. */
void outcome_preview(const struct app *app, const struct outcome *o, struct buf *out);
/* It can be filed while the line is as it is: nobody is "no answer" who is talking. */
bool outcome_fits(const struct app *app, const struct outcome *o);
/* The dialer can do what the action needs, now. */
bool action_possible(const struct app *app, enum action_id id);
/* "2:14" or "1:02:14" */
void talk_text(int64_t seconds, struct buf *out);

#endif
