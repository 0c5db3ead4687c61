/* SPDX-License-Identifier: MIT */
/* The rows of the tables as a reader wants them, and the words that the tables leave to a document. */
#include "manual_rows.h"

#include <assert.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct option_row option_rows[] = {
#define GLOBAL(id, name, value, help) [OPTION_##id] = {name, value, help, true},
#define OPTION(id, name, value, help) [OPTION_##id] = {name, value, help, false},
#include "options.def"
};
static_assert(COUNT(option_rows) == OPTION_COUNT_, "a row for every option");

struct option_row option_row(enum option option)
{
    return option_rows[option];
}

/* ---- keys ---- */

const char *section_title(int section)
{
    static const char *const titles[] = {
        [CONTEXT_DECK] = "Between calls",
        [CONTEXT_NOTES] = "In the notes",
        [CONTEXT_BAR] = "On the outcome bar of an open call",
        [CONTEXT_LIST] = "On a screen with rows",
        [CONTEXT_FORM] = "In a form",
        [CONTEXT_PROMPT] = "In a question",
        [SECTION_TYPING] = "Wherever text is typed",
    };
    static_assert(COUNT(titles) == SECTION_COUNT_, "a title for every section");
    return titles[section];
}

bool section_has(int section, enum action_id id)
{
    /* what edits a line edits it everywhere, and is told once */
    const unsigned typing = 1u << CONTEXT_NOTES | 1u << CONTEXT_PROMPT | 1u << CONTEXT_FORM;
    const struct action_info *info = action_info(id);
    if (info->keys[0] == '\0')
        return false;
    bool everywhere = (info->contexts & typing) == typing;
    return section == SECTION_TYPING ? everywhere : !everywhere && (info->contexts & 1u << section) != 0;
}

bool keys_next(struct str *keys, struct str *ret_first, struct str *ret_last)
{
    if (!str_word(keys, ret_first))
        return false;
    *ret_last = *ret_first;
    struct str rest = *keys, word, last = *ret_first;
    int run = 1;
    while (last.len == 1 && str_word(&rest, &word) && word.len == 1 && word.at[0] == last.at[0] + 1) {
        last = word;
        run++;
        if (run >= 3) {
            *ret_last = last;
            *keys = rest;
        }
    }
    return true;
}

/* ---- outcomes and states ---- */

const char *ask_words(enum outcome_ask ask)
{
    static const char *const words[] = {
        [ASK_NOTHING] = "",          [ASK_WHEN] = "when",         [ASK_STEP] = "the next step, when",
        [ASK_MEETING] = "when, with whom", [ASK_AMOUNT] = "the amount", [ASK_REASON] = "why, by one key",
        [ASK_SCOPE] = "for whom, by one key", [ASK_PERSON] = "name and number of the other person",
    };
    static_assert(COUNT(words) == ASK_COUNT_, "words for every question");
    return words[ask];
}

const char *effect_words(enum outcome_effect effect)
{
    static const char *const words[] = {
        [EFFECT_NONE] = "",
        [EFFECT_MESSAGE] = "messages are counted",
        [EFFECT_REFER] = "the person they named comes next",
        [EFFECT_CALLBACK] = "a promise, first in the queue at its time",
        [EFFECT_NEXT_STEP] = "a promise, with what was agreed",
        [EFFECT_MEETING] = "booked; comes back the morning after",
        [EFFECT_SALE] = "becomes a customer",
        [EFFECT_REFUSAL] = "kept with the reason",
        [EFFECT_BAD_LINK] = "the number is not this person's; their next one, else done",
        [EFFECT_BAD_NUMBER] = "the number is bad for everybody; the next one, else done",
        [EFFECT_SUPPRESS] = "never called again",
    };
    static_assert(COUNT(words) == EFFECT_COUNT_, "words for every effect");
    return words[effect];
}

void wait_words(const struct outcome *o, struct buf *out)
{
    struct str rest = str_of(o->wait), word;
    bool later = false;
    while (str_word(&rest, &word)) {
        buf_add_text(out, later ? ", then " : "");
        later = true;
        struct span span;
        if (str_is(word, "part"))
            buf_add_text(out, "until the other part of the day");
        else if (span_parse(word, &span) && span.business_days > 0 && span.seconds == 0)
            buf_printf(out, "%d business day%s", span.business_days, span.business_days == 1 ? "" : "s");
        else if (span_parse(word, &span) && span.business_days == 0 && span.seconds % HOUR_S == 0)
            buf_printf(out, "%d hour%s", (int)(span.seconds / HOUR_S), span.seconds == HOUR_S ? "" : "s");
        else if (span_parse(word, &span) && span.business_days == 0)
            buf_printf(out, "%d minutes", (int)(span.seconds / MINUTE_S));
        else
            buf_add_str(out, word);
    }
    if (o->cap > 0)
        buf_printf(out, "%sat most %d of them", later ? "; " : "", o->cap);
}

const char *group_words(enum state_group group)
{
    static const char *const words[] = {
        [GROUP_READY] = "ready",     [GROUP_CALLBACK] = "callbacks", [GROUP_RESTING] = "resting",
        [GROUP_WAITING] = "waiting", [GROUP_DONE] = "done",          [GROUP_BLOCKED] = "blocked",
    };
    static_assert(COUNT(words) == GROUP_COUNT_, "words for every group");
    return words[group];
}

/* ---- exit statuses ---- */

enum {
#define ERROR_CODE(id, status) ROW_##id,
#include "calldeck/errors.def"
#undef ERROR_CODE
    ROW_COUNT
};

bool exit_row(size_t index, int *ret_status, const char **ret_words)
{
    static const struct {
        int status;
        const char *words;
    } rows[] = {
#define ERROR_CODE(id, status) [ROW_##id] = {status, WORDS_##id},
#define WORDS_NONE "done"
#define WORDS_REFUSED "understood and refused, or not found; `suppress check`: not suppressed"
#define WORDS_NOT_FOUND WORDS_REFUSED
#define WORDS_USAGE "the words are off, or this is not a terminal"
#define WORDS_DATA "a file whose content cannot be used: a refused import, a broken database, one of a newer calldeck"
#define WORDS_IO "the disk: no permission, no room, read-only"
#define WORDS_FULL WORDS_IO
#define WORDS_LOCKED "another program holds the database; try again"
#include "calldeck/errors.def"
#undef ERROR_CODE
    };
    static_assert(COUNT(rows) == ROW_COUNT, "words for every error");
    /* codes that share a status stand together in the table */
    size_t seen = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (i > 0 && rows[i].status == rows[i - 1].status)
            continue;
        if (seen++ == index) {
            *ret_status = rows[i].status;
            *ret_words = rows[i].words;
            return true;
        }
    }
    return false;
}
