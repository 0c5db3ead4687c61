/* SPDX-License-Identifier: MIT */
/*
 * What Asterisk's manager says. A call is two: the rep's own phone rings first, then the prospect's. The first one's channel
 * bears an id of ours, which is the Linkedid of everything that follows; what becomes of it alone is no prospect's outcome.
 *
 * How it ended: answered comes first, then the cause, then the dial status, which alone would lie (480 is told as BUSY,
 * 404 as NOANSWER).
 */
#include <stdio.h>
#include <string.h>

#include "ami.h"
#include "ctrl.h"

enum ami_taken ami_take_message(struct str *rest, struct ami_message *ret)
{
    struct str left = *rest;
    *ret = (struct ami_message){0};
    for (bool any = false;;) {
        size_t end = str_find(left, '\n');
        if (end == left.len)
            return rest->len > AMI_MESSAGE_MOST ? AMI_BAD : AMI_MORE;
        struct str line = str_make(left.at, end);
        left = str_skip(left, end + 1);
        if (line.len > 0 && line.at[line.len - 1] == '\r')
            line.len--;
        bool greeting = !any && str_starts(line, "Asterisk Call Manager/");
        if (line.len == 0 || greeting) {
            *rest = left;
            return (size_t)(left.at - rest->at) > AMI_MESSAGE_MOST ? AMI_BAD : AMI_MESSAGE;
        }
        any = true;
        size_t colon = str_find(line, ':');
        if (colon == line.len || ret->count == AMI_KEYS_MOST)
            continue; /* not for us */
        ret->keys[ret->count] = str_make(line.at, colon);
        ret->values[ret->count++] = str_trim(str_skip(line, colon + 1));
    }
}

struct str ami_value(const struct ami_message *m, const char *key)
{
    for (size_t i = 0; i < m->count; i++)
        if (str_eq_ascii_case(m->keys[i], str_of(key)))
            return m->values[i];
    return STR("");
}

static struct line_call *outbound(struct dialer *d, struct str tag)
{
    struct line_call *c = line_call_tagged(d, tag);
    return c != NULL && !c->inbound ? c : NULL;
}

static void rep_failed(struct dialer *d, struct line_call *c, struct str reason)
{
    static const struct {
        const char *reason, *words;
    } rows[] = {{"3", "your own phone was not picked up"},
                {"5", "your own phone is busy"},
                {"0", "Asterisk does not know your own phone: see ami-channel"}};
    const char *words = "your own phone could not be reached";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (str_is(reason, rows[i].reason))
            words = rows[i].words;
    line_happens(d, c, LINE_EVENT_CLOSE, &(struct line_end){.kind = CAUSE_Q850, .fault = LINE_FAULT_REP, .text = str_of(words)});
}

static void response(struct dialer *d, const struct ami_message *m)
{
    struct ami *a = d->state;
    struct str words = ami_value(m, "Message");
    bool good = str_is(ami_value(m, "Response"), "Success");
    int64_t id;
    if (!str_int(ami_value(m, "ActionID"), &id))
        return;
    a->pinged = false;
    if (a->stage == AMI_LOGIN && id == 1) {
        if (good) {
            a->stage = AMI_READY;
            a->stage_ms = a->ping_ms = d->now_ms;
            line_status(d, DIAL_LINE_UP, STR("Asterisk"));
        } else {
            line_status(d, DIAL_LINE_FAILED, words.len > 0 ? words : STR("Asterisk refuses this user"));
        }
        return;
    }
    struct line_call *c = line_call_outbound(d);
    if (c != NULL && !good && id == a->originate)
        line_happens(d, c, LINE_EVENT_CLOSE, &(struct line_end){.kind = CAUSE_Q850, .fault = LINE_FAULT_LINE, .text = words});
}

static void leg_ended(struct dialer *d, struct line_call *c, const struct ami_message *m)
{
    const struct ami *a = d->state;
    int64_t cause = 0;
    struct line_end end = {.kind = CAUSE_Q850, .fault = LINE_FAULT_LINE, .text = ami_value(m, "Cause-txt")};
    if (str_int(ami_value(m, "Cause"), &cause) && cause > 0 && cause < 128)
        end.code = (int)cause;
    bool busy = strcmp(a->dial_status, "BUSY") == 0;
    if (!c->answered && (end.code == 16 || end.code == 0)) {
        /* our end gave up, or nobody says why */
        end.code = busy ? 17 : strcmp(a->dial_status, "NOANSWER") == 0 ? 19 : 0;
    } else if (!c->answered && end.code == 21 && !busy) {
        end.code = 0; /* the trunk rejects us, not the prospect (403) */
        end.fault = LINE_FAULT_ACCOUNT;
    }
    line_happens(d, c, LINE_EVENT_CLOSE, &end);
}

static void hung_up(struct dialer *d, const struct ami_message *m)
{
    struct ami *a = d->state;
    struct str unique = ami_value(m, "Uniqueid");
    struct line_call *c = line_call_tagged(d, ami_value(m, "Linkedid"));
    if (c == NULL)
        return;
    if (c->inbound) {
        if (str_is(unique, c->tag)) /* the caller's own channel */
            line_happens(d, c, LINE_EVENT_CLOSE, &(struct line_end){.kind = CAUSE_Q850, .text = ami_value(m, "Cause-txt")});
    } else if (a->leg[0] != '\0' && str_is(unique, a->leg)) {
        /* the rep's phone hears the dial plan's tone otherwise */
        buf_printf(&a->out, "Action: Hangup\r\nActionID: %lld\r\nChannel: %s\r\n\r\n", (long long)++a->action, c->tag);
        leg_ended(d, c, m);
    } else if (str_is(unique, c->tag)) {
        if (!a->rep_up) {
            rep_failed(d, c, STR("3"));
        } else { /* laid down on the desk */
            line_happens(d, c, LINE_EVENT_HANG_UP, NULL);
            line_happens(d, c, LINE_EVENT_CLOSE, &(struct line_end){.kind = CAUSE_Q850, .text = ami_value(m, "Cause-txt")});
        }
    }
}

static bool is_our_phone(const struct ami *a, struct str channel)
{
    size_t len = strlen(a->channel);
    return len > 0 && channel.len > len && str_starts(channel, a->channel) && channel.at[len] == '-';
}

/* It is written back as the value of a line. */
static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= 0x20 || (unsigned char)s.at[i] >= 0x7f)
            return false;
    return s.len > 0;
}

static void dial_begins(struct dialer *d, const struct ami_message *m)
{
    const struct ami *a = d->state;
    struct str linked = ami_value(m, "Linkedid");
    if (!is_plain(linked) || linked.len >= TAG_SIZE || line_call_tagged(d, linked) != NULL ||
        !is_our_phone(a, ami_value(m, "DestChannel")))
        return;
    struct line_call *c = line_call_new(d, 0);
    if (c == NULL) {
        dialer_emit(d, DIAL_EVENT_NOTE, 0, STR("one more call comes in, and all lines are taken"));
        return;
    }
    memcpy(c->tag, linked.at, linked.len);
    struct str number = ami_value(m, "CallerIDNum"), name = ami_value(m, "CallerIDName");
    struct buf uri, digits, clean;
    buf_init(&uri);
    buf_init(&digits);
    buf_init(&clean);
    bool anonymous = number.len == 0 || str_is(number, "<unknown>");
    buf_printf(&uri, "sip:%.*s@", STR_ARG(number));
    anonymous = anonymous || caller_is_anonymous(buf_str(&uri));
    if (!anonymous) {
        caller_number(buf_str(&uri), &digits);
        latin1_repair(str_is(name, "<unknown>") ? STR("") : name, &clean);
    }
    line_comes_in(d, c, buf_str(&digits), buf_str(&clean), anonymous);
    buf_done(&uri);
    buf_done(&digits);
    buf_done(&clean);
}

/* Of the prospect's channel, never of the rep's. */
static void dial_goes_on(struct dialer *d, const struct ami_message *m, bool over)
{
    struct ami *a = d->state;
    struct str status = ami_value(m, "DialStatus");
    struct line_call *c = line_call_tagged(d, ami_value(m, "DestLinkedid"));
    if (c == NULL)
        return;
    if (c->inbound) {
        if (over && str_is(status, "ANSWER"))
            line_happens(d, c, LINE_EVENT_ESTABLISH, NULL);
        return;
    }
    if (str_is(ami_value(m, "DestUniqueid"), c->tag))
        return;
    if (over)
        text_put(status, a->dial_status, sizeof a->dial_status);
    if (over && str_is(status, "ANSWER"))
        line_happens(d, c, LINE_EVENT_ESTABLISH, NULL);
    else if (!over && str_is(status, "RINGING"))
        line_happens(d, c, LINE_EVENT_RING, NULL);
    else if (!over && str_is(status, "PROGRESS"))
        line_happens(d, c, LINE_EVENT_PROGRESS, NULL);
}

static void channel_news(struct dialer *d, const struct ami_message *m, bool is_new)
{
    enum { REP_RING_MS = 30000 };
    struct ami *a = d->state;
    struct str unique = ami_value(m, "Uniqueid");
    struct line_call *c = outbound(d, ami_value(m, "Linkedid"));
    if (c == NULL)
        return;
    if (!str_is(unique, c->tag)) {
        if (is_new && is_plain(unique) && unique.len < sizeof a->leg)
            text_put(unique, a->leg, sizeof a->leg);
    } else if (str_is(ami_value(m, "ChannelState"), "5") && !a->rep_up) {
        dialer_emit(d, DIAL_EVENT_NOTE, c->id, STR("your phone rings: pick it up"));
    } else if (str_is(ami_value(m, "ChannelState"), "6") && !a->rep_up) {
        a->rep_up = true;
        if (c->since_ms != CLOCK_UNSET) /* from here on it is the prospect's set-up that takes time */
            c->since_ms = d->now_ms - REP_RING_MS;
    }
}

static void event(struct dialer *d, const struct ami_message *m)
{
    struct str kind = ami_value(m, "Event");
    if (str_is(kind, "Newchannel")) {
        channel_news(d, m, true);
    } else if (str_is(kind, "Newstate")) {
        channel_news(d, m, false);
    } else if (str_is(kind, "DialBegin")) {
        dial_begins(d, m);
    } else if (str_is(kind, "DialState")) {
        dial_goes_on(d, m, false);
    } else if (str_is(kind, "DialEnd")) {
        dial_goes_on(d, m, true);
    } else if (str_is(kind, "Hangup")) {
        hung_up(d, m);
    } else if (str_is(kind, "OriginateResponse")) {
        struct line_call *c = outbound(d, ami_value(m, "Uniqueid"));
        const struct ami *a = d->state;
        int64_t id;
        if (c == NULL && str_int(ami_value(m, "ActionID"), &id) && id == a->originate)
            c = line_call_outbound(d);
        if (c != NULL && str_is(ami_value(m, "Response"), "Failure"))
            rep_failed(d, c, ami_value(m, "Reason"));
    }
}

bool ami_take(struct dialer *d, struct str data)
{
    struct ami *a = d->state;
    buf_add_str(&a->in, data);
    struct str rest = buf_str(&a->in);
    struct ami_message m;
    enum ami_taken got;
    while ((got = ami_take_message(&rest, &m)) == AMI_MESSAGE)
        if (ami_value(&m, "Response").len > 0 && ami_value(&m, "Event").len == 0)
            response(d, &m);
        else
            event(d, &m);
    buf_splice(&a->in, 0, a->in.len - rest.len, "", 0);
    return got != AMI_BAD;
}
