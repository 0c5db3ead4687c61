/* SPDX-License-Identifier: MIT */
/*
 * The grammar of times in words.
 *
 * The words are cut into tokens; then, from left to right, each place takes the first of: a fixed phrase, a length of
 * time, a weekday, a date, a clock time, a small word that says nothing. A day and a time may come in either order,
 * each once. What is left over, or said twice, makes the whole unreadable: a time that was half understood is worse
 * than none.
 */
#include "when_words.h"

#include <string.h>

#include "scalar.h"
#include "when_parser.h"

enum { WORDS_MAX_BYTES = 120, DAYS_MAX = 366 * 200 };

/* --- what was said so far --- */

bool when_set_day(struct when_parser *p, enum when_day day)
{
    struct when_words *w = &p->w;
    if (w->has_span || w->now)
        return false;
    if (w->day == DAY_OF_WEEK && w->turn == TURN_COMING &&
        (day == DAY_WEEK || day == DAY_FIXED || day == DAY_OF_YEAR || day == DAY_OF_MONTH)) {
        /* "tue next week", "tue 24 nov" */
        if (day == DAY_WEEK)
            w->turn = TURN_WEEK;
        else
            w->day = day;
        return true;
    }
    if (w->day != DAY_NONE)
        return false;
    w->day = day;
    return true;
}

static bool set_weekday(struct when_parser *p, enum weekday weekday, enum when_turn turn)
{
    struct when_words *w = &p->w;
    if (w->has_weekday || w->has_span || w->now)
        return false;
    if (w->day == DAY_WEEK && turn == TURN_COMING)
        turn = TURN_WEEK;
    else if (w->day != DAY_NONE &&
             (turn != TURN_COMING || (w->day != DAY_FIXED && w->day != DAY_OF_YEAR && w->day != DAY_OF_MONTH)))
        return false;
    if (w->day == DAY_NONE || w->day == DAY_WEEK) {
        w->day = DAY_OF_WEEK;
        w->turn = turn;
    }
    w->has_weekday = true;
    w->weekday = weekday;
    return true;
}

bool when_set_clock(struct when_parser *p, enum when_clock clock, int minute, int second)
{
    struct when_words *w = &p->w;
    p->expects_clock = false;
    if (w->has_span || w->now)
        return false;
    if (w->clock == clock && w->minute == minute && w->second == second) /* "12 noon" */
        return true;
    if (w->clock != CLOCK_NONE)
        return false;
    w->clock = clock;
    w->minute = minute;
    w->second = second;
    return true;
}

static bool set_part(struct when_parser *p, enum when_part part)
{
    p->expects_clock = false;
    if (p->w.part != PART_NONE || p->w.has_span || p->w.now)
        return false;
    p->w.part = part;
    return true;
}

/* --- one item each: 1 taken, 0 something else, -1 it cannot be read --- */

static const struct {
    const char *words;
    enum when_day day;
    int count;
    enum when_clock clock;
    int minute;
    enum when_part part;
} phrases[] = {
    /* the longer one first where one begins as another */
    {"the day after tomorrow", DAY_COUNTED, 2, CLOCK_NONE, 0, PART_NONE},
    {"day after tomorrow", DAY_COUNTED, 2, CLOCK_NONE, 0, PART_NONE},
    {"today", DAY_COUNTED, 0, CLOCK_NONE, 0, PART_NONE},
    {"tomorrow", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"tomorow", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"tom", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"tmr", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"tmrw", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"next day", DAY_COUNTED, 1, CLOCK_NONE, 0, PART_NONE},
    {"yesterday", DAY_COUNTED, -1, CLOCK_NONE, 0, PART_NONE},
    {"tonight", DAY_COUNTED, 0, CLOCK_NONE, 0, PART_NIGHT},
    {"this morning", DAY_COUNTED, 0, CLOCK_NONE, 0, PART_MORNING},
    {"this afternoon", DAY_COUNTED, 0, CLOCK_NONE, 0, PART_AFTERNOON},
    {"this evening", DAY_COUNTED, 0, CLOCK_NONE, 0, PART_EVENING},
    {"in the morning", DAY_NONE, 0, CLOCK_NONE, 0, PART_MORNING},
    {"in the afternoon", DAY_NONE, 0, CLOCK_NONE, 0, PART_AFTERNOON},
    {"in the evening", DAY_NONE, 0, CLOCK_NONE, 0, PART_EVENING},
    {"morning", DAY_NONE, 0, CLOCK_NONE, 0, PART_MORNING},
    {"afternoon", DAY_NONE, 0, CLOCK_NONE, 0, PART_AFTERNOON},
    {"evening", DAY_NONE, 0, CLOCK_NONE, 0, PART_EVENING},
    {"night", DAY_NONE, 0, CLOCK_NONE, 0, PART_NIGHT},
    {"this week", DAY_WEEK, 0, CLOCK_NONE, 0, PART_NONE},
    {"next week", DAY_WEEK, 1, CLOCK_NONE, 0, PART_NONE},
    {"last week", DAY_WEEK, -1, CLOCK_NONE, 0, PART_NONE},
    {"this month", DAY_MONTH, 0, CLOCK_NONE, 0, PART_NONE},
    {"next month", DAY_MONTH, 1, CLOCK_NONE, 0, PART_NONE},
    {"last month", DAY_MONTH, -1, CLOCK_NONE, 0, PART_NONE},
    {"next quarter", DAY_QUARTER, 1, CLOCK_NONE, 0, PART_NONE},
    {"end of the day", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"end of day", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"end of business", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"close of business", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"eod", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"eob", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"cob", DAY_NONE, 0, CLOCK_END, 0, PART_NONE},
    {"end of the week", DAY_WEEK_END, 0, CLOCK_END, 0, PART_NONE},
    {"end of week", DAY_WEEK_END, 0, CLOCK_END, 0, PART_NONE},
    {"eow", DAY_WEEK_END, 0, CLOCK_END, 0, PART_NONE},
    {"end of the month", DAY_MONTH_END, 0, CLOCK_END, 0, PART_NONE},
    {"end of month", DAY_MONTH_END, 0, CLOCK_END, 0, PART_NONE},
    {"eom", DAY_MONTH_END, 0, CLOCK_END, 0, PART_NONE},
    {"first thing", DAY_NONE, 0, CLOCK_START, 0, PART_NONE},
    {"after lunch", DAY_NONE, 0, CLOCK_GIVEN, 13 * 60, PART_NONE},
    {"noon", DAY_NONE, 0, CLOCK_GIVEN, 12 * 60, PART_NONE},
    {"midday", DAY_NONE, 0, CLOCK_GIVEN, 12 * 60, PART_NONE},
    {"midnight", DAY_NONE, 0, CLOCK_MIDNIGHT, 0, PART_NONE},
};

static int take_fixed(struct when_parser *p)
{
    if (p->at == 0 && token_look(p, 1)->kind == TOKEN_END && token_take_word(p, "now")) {
        p->w.now = true;
        return 1;
    }
    if (token_take_phrase(p, "next business day") || token_take_phrase(p, "next working day")) {
        if (!when_set_day(p, DAY_COUNTED))
            return -1;
        p->w.business_days = 1;
        return 1;
    }
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++) {
        if (!token_take_phrase(p, phrases[i].words))
            continue;
        if (phrases[i].day != DAY_NONE) {
            if (!when_set_day(p, phrases[i].day))
                return -1;
            p->w.count = phrases[i].count;
        }
        if (phrases[i].clock != CLOCK_NONE && !when_set_clock(p, phrases[i].clock, phrases[i].minute, 0))
            return -1;
        if (phrases[i].part != PART_NONE && !set_part(p, phrases[i].part))
            return -1;
        return 1;
    }
    return 0;
}

struct unit {
    const char *words;
    int seconds, days, months, business_days;
};

static const struct unit *take_unit(struct when_parser *p)
{
    static const struct unit units[] = {
        {"s sec secs second seconds", 1, 0, 0, 0},
        {"m min mins minute minutes", MINUTE_S, 0, 0, 0},
        {"h hr hrs hour hours", HOUR_S, 0, 0, 0},
        {"d day days", 0, 1, 0, 0},
        {"w wk wks week weeks", 0, 7, 0, 0},
        {"mo mos month months", 0, 0, 1, 0},
        {"bd bds workday workdays weekday weekdays", 0, 0, 0, 1},
    };
    static const struct unit business = {"", 0, 0, 0, 1};
    int start = p->at;
    if (token_take_any(p, "business working work") && token_take_any(p, "day days"))
        return &business;
    p->at = start;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (token_take_any(p, units[i].words)) {
            if (token_is_glued_mark(p, 0, '.') && !token_is_number(p, 1)) /* "20 min." */
                p->at++;
            return &units[i];
        }
    return NULL;
}

/* In thousandths: "2", "1.5", "a", "half an", "a couple of". */
static bool take_quantity(struct when_parser *p, int64_t *ret_milli)
{
    if (token_is_number(p, 0)) {
        int64_t milli = (int64_t)token_look(p, 0)->value * 1000;
        p->at++;
        if ((token_is_glued_mark(p, 0, '.') || token_is_glued_mark(p, 0, ',')) && token_is_number(p, 1) &&
            token_look(p, 1)->glued && token_look(p, 1)->digits <= 3) {
            static const int scale[] = {1000, 100, 10, 1};
            milli += (int64_t)token_look(p, 1)->value * scale[token_look(p, 1)->digits];
            p->at += 2;
        }
        *ret_milli = milli;
        return true;
    }
    bool article = token_take_any(p, "a an");
    if (token_take_word(p, "couple")) {
        token_take_word(p, "of");
        *ret_milli = 2000;
    } else if (token_take_word(p, "half")) {
        token_take_any(p, "a an");
        *ret_milli = 500;
    } else if (article) {
        *ret_milli = 1000;
    } else {
        return false;
    }
    return true;
}

static int take_span(struct when_parser *p)
{
    int start = p->at, sign = 1;
    bool announced = false;
    if (token_take_mark(p, '+') || token_take_word(p, "in"))
        announced = true;
    else if (token_take_mark(p, '-'))
        announced = true, sign = -1;

    int64_t seconds = 0, days = 0, months = 0, business_days = 0;
    bool any = false;
    for (;;) {
        int before = p->at;
        int64_t milli;
        const struct unit *unit;
        if (any && !token_take_word(p, "and"))
            token_take_mark(p, ',');
        if (!take_quantity(p, &milli) || (unit = take_unit(p)) == NULL || token_is_word(p, 0, "to") ||
            token_is_word(p, 0, "past")) {
            p->at = before;
            break;
        }
        if (token_take_phrase(p, "and a half"))
            milli += 500;
        if (unit->seconds == 0 && milli % 1000 != 0)
            return -1; /* half a day is how long? */
        any = true;
        seconds += milli * unit->seconds / 1000;
        days += milli * unit->days / 1000;
        months += milli * unit->months / 1000;
        business_days += milli * unit->business_days / 1000;
    }
    if (!any) {
        p->at = start;
        return announced ? -1 : 0;
    }
    if (token_take_word(p, "ago")) {
        if (announced)
            return -1;
        sign = -1;
    } else if (token_take_phrase(p, "from now") && announced) {
        return -1;
    }

    struct when_words *w = &p->w;
    if (seconds > (int64_t)DAYS_MAX * DAY_S || days > DAYS_MAX || months > DAYS_MAX / 31 || business_days > DAYS_MAX)
        return -1;
    if (w->now || w->has_span || (business_days != 0 && (sign < 0 || days != 0 || months != 0)))
        return -1;
    if (days != 0 || months != 0 || business_days != 0 || seconds == 0) {
        if (w->day != DAY_NONE || (seconds != 0 && (w->clock != CLOCK_NONE || w->part != PART_NONE)))
            return -1;
        w->day = DAY_COUNTED;
        w->keeps_clock = true;
        w->count = sign * (int)days;
        w->months = sign * (int)months;
        w->business_days = (int)business_days;
    } else if (w->day != DAY_NONE || w->clock != CLOCK_NONE || w->part != PART_NONE) {
        return -1; /* "tomorrow 3pm in 2 hours" */
    }
    w->has_span = seconds != 0;
    w->span_s = sign * seconds;
    return 1;
}

static int take_weekday(struct when_parser *p)
{
    int start = p->at;
    enum when_turn turn = TURN_COMING;
    int count = 0;
    if (token_take_word(p, "next")) {
        turn = TURN_WEEK;
        count = 1;
    } else if (token_take_word(p, "last")) {
        turn = TURN_LAST;
    } else {
        token_take_any(p, "this coming");
    }
    enum weekday weekday;
    if (token_look(p, 0)->kind != TOKEN_WORD || !weekday_parse(str_of(token_look(p, 0)->word), &weekday)) {
        p->at = start;
        return 0;
    }
    p->at++;
    if (token_is_glued_mark(p, 0, '.'))
        p->at++;
    if (turn == TURN_COMING && token_take_word(p, "week"))
        turn = TURN_AFTER;
    if (!set_weekday(p, weekday, turn))
        return -1;
    if (count != 0)
        p->w.count = count;
    return 1;
}

/* Small words that people put before a day or a time. */
static int take_filler(struct when_parser *p)
{
    if (token_take_mark(p, '@') || token_take_any(p, "at around about after")) {
        if (p->expects_clock)
            return -1;
        p->expects_clock = true;
        return 1;
    }
    return token_take_any(p, "on by the") || token_take_mark(p, ',') ? 1 : 0;
}

bool when_words_parse(struct str words, const struct when_context *context, struct when_words *ret, struct error *err)
{
    static int (*const items[])(struct when_parser *) = {take_fixed,     take_span,       take_weekday,
                                                         when_take_date, when_take_clock, take_filler};
    struct when_parser p = {.context = context, .err = err};
    bool readable = words.len <= WORDS_MAX_BYTES && tokens_split(&p, words) && token_look(&p, 0)->kind != TOKEN_END;
    while (readable && token_look(&p, 0)->kind != TOKEN_END) {
        int taken = 0;
        for (size_t i = 0; i < sizeof items / sizeof items[0] && taken == 0; i++)
            taken = items[i](&p);
        readable = taken == 1;
    }
    const struct when_words *w = &p.w;
    if (p.expects_clock ||
        (w->day == DAY_NONE && w->clock == CLOCK_NONE && w->part == PART_NONE && !w->has_span && !w->now))
        readable = false;
    if (readable) {
        *ret = p.w;
        return true;
    }
    if (!p.said) {
        char quoted[QUOTE_SIZE];
        quote_words(words, quoted);
        error_set(err, ERR_USAGE,
                  "cannot read the time \"%s\": \"tomorrow 3pm\", \"tue 10:30\", \"in 2 hours\"", quoted);
    }
    return false;
}
