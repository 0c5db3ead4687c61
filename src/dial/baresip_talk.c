/* SPDX-License-Identifier: MIT */
/*
 * What is said to baresip and what it says: commands, their answers, events. No descriptor is touched here, so a recording
 * or a fuzzer can be heard like a live one.
 *
 * "ok" in an answer means that the command ran, not that it did anything; what counts are events. Two have none: hold and
 * mute, where the answer is all there is.
 */
#include <stdio.h>
#include <string.h>

#include "baresip.h"
#include "calldeck/utf8.h"
#include "ctrl.h"
#include "netstring.h"

enum { LINES_MOST = 8 };

void baresip_send(struct dialer *d, const char *command, const char *params, struct pending p)
{
    struct baresip *b = d->state;
    char token[24];
    p.token = ++b->token;
    b->pending[p.token % PENDING_MOST] = p;
    snprintf(token, sizeof token, "%lld", (long long)p.token);
    ctrl_command(&b->out, command, params, token);
}

static void say(struct dialer *d, const char *command, const char *params)
{
    baresip_send(d, command, params, (struct pending){0});
}

static bool connected(const struct baresip *b, struct error *err)
{
    return b->connected || error_set(err, ERR_IO, "the softphone is not there: it is being started again");
}

/* ---- the line ---- */

void baresip_show_line(struct dialer *d)
{
    struct baresip *b = d->state;
    char text[DIAL_TEXT_SIZE];
    if (!b->connected)
        return; /* whoever knows why says it */
    if (b->audio_known && !b->audio_good) {
        line_status(d, DIAL_LINE_NO_AUDIO, STR("no sound device: plug in the headset"));
    } else if (b->refused[0] != '\0') {
        line_status(d, DIAL_LINE_FAILED, str_of(b->refused));
    } else if (!b->audio_known || !b->register_known || !b->lines_known) {
        line_status(d, DIAL_LINE_STARTING, STR("the softphone is starting"));
    } else if (!b->registered) {
        line_status(d, DIAL_LINE_STARTING, STR("registering with the server"));
    } else {
        snprintf(text, sizeof text, "%s", b->external ? "softphone" : b->phone.account);
        line_status(d, DIAL_LINE_UP, str_of(text));
    }
}

void baresip_ask_audio(struct dialer *d)
{
    struct baresip *b = d->state;
    b->audio_ms = d->now_ms;
    baresip_send(d, "auloop", "48000 2", (struct pending){.asked = ASKED_AUDIO});
    say(d, "auloop_stop", "");
}

static void ask_lines(struct dialer *d)
{
    struct baresip *b = d->state;
    for (size_t i = 0; i < CALLS_MOST; i++)
        if (d->calls[i].id != 0)
            b->doubtful |= 1u << i;
    baresip_send(d, "listcalls", "", (struct pending){.asked = ASKED_LINES});
}

void baresip_ask_all(struct dialer *d)
{
    struct baresip *b = d->state;
    b->register_known = b->registered = b->lines_known = false;
    b->refused[0] = '\0';
    memset(b->pending, 0, sizeof b->pending);
    ask_lines(d);
    baresip_send(d, "reginfo", "", (struct pending){.asked = ASKED_REGISTERED});
    /* one that runs already has its own sound, and may lack the module that tries it */
    if (b->external)
        b->audio_known = b->audio_good = true;
}

/* ---- commands ---- */

static void make_current(struct dialer *d, const struct line_call *c)
{
    if (c->tag[0] != '\0')
        say(d, "callfind", c->tag);
}

static void dial(struct dialer *d, int64_t call, const char *number)
{
    baresip_send(d, "dial", number, (struct pending){.asked = ASKED_DIAL, .call = call});
    /* the answer does not say which call it became; the newest is the current one */
    baresip_send(d, "callstat", "", (struct pending){.asked = ASKED_DIAL_ID, .call = call});
}

/* The account of the caller line is looked for, made if it is not there, and looked for again: only what is found dials. */
static void caller_find(struct dialer *d, int64_t call, bool again)
{
    struct baresip *b = d->state;
    struct buf aor, line;
    buf_init(&aor);
    buf_init(&line);
    softphone_caller(&b->phone, b->caller, &aor, &line);
    if (again)
        say(d, "uanew", line.at);
    baresip_send(d, "uafind", aor.at, (struct pending){.asked = ASKED_CALLER, .call = call, .last = again});
    explicit_bzero(line.at, line.len);
    buf_done(&line);
    buf_done(&aor);
}

static void caller_found(struct dialer *d, struct line_call *c, const struct pending *p, bool ok)
{
    if (ok)
        dial(d, c->id, c->number);
    else if (!p->last)
        caller_find(d, c->id, true);
    else
        line_happens(d, c, LINE_EVENT_CLOSE,
                     &(struct line_end){.fault = LINE_FAULT_LINE, .text = STR("the softphone does not take this caller line")});
}

bool baresip_place(struct dialer *d, int64_t call, int64_t prospect_id, const char *number, const char *caller, struct error *err)
{
    (void)prospect_id;
    struct baresip *b = d->state;
    if (!connected(b, err))
        return false;
    if (b->external && caller[0] != '\0')
        return error_set(err, ERR_REFUSED, "a softphone that runs already has its own account: caller-id cannot choose another");
    b->caller_used = b->caller_used || caller[0] != '\0';
    snprintf(b->caller, sizeof b->caller, "%s", caller);
    if (b->caller_used && !b->external)
        caller_find(d, call, false);
    else
        dial(d, call, number);
    return true;
}

bool baresip_hang_up(struct dialer *d, int64_t call, struct error *err)
{
    struct baresip *b = d->state;
    const struct line_call *c = line_call_find(d, call);
    if (c == NULL || !connected(b, err))
        return c != NULL ? false : error_set(err, ERR_REFUSED, "cannot hang up: that call is over");
    int others = 0;
    for (size_t i = 0; i < CALLS_MOST; i++)
        others += d->calls[i].id != 0 && d->calls[i].id != call;
    if (others > 0 && c->tag[0] != '\0') {
        /* A call that is just over is not found, and "hangup" would then end the other one: look first. */
        baresip_send(d, "callfind", c->tag, (struct pending){.asked = ASKED_FIND, .call = call});
        return true;
    }
    make_current(d, c);
    say(d, "hangup", "");
    return true;
}

bool baresip_answer(struct dialer *d, int64_t call, struct error *err)
{
    struct baresip *b = d->state;
    const struct line_call *c = line_call_find(d, call);
    if (c == NULL || !connected(b, err))
        return false;
    make_current(d, c);
    baresip_send(d, "accept", "", (struct pending){.asked = ASKED_ACCEPT, .call = call});
    return true;
}

bool baresip_hold(struct dialer *d, int64_t call, bool on, struct error *err)
{
    struct baresip *b = d->state;
    if (!connected(b, err))
        return false;
    if (!on) /* two voices at once help nobody */
        for (size_t i = 0; i < CALLS_MOST; i++)
            if (d->calls[i].id != 0 && d->calls[i].id != call && d->calls[i].state == LINE_TALKING) {
                make_current(d, &d->calls[i]);
                baresip_send(d, "hold", "", (struct pending){.asked = ASKED_HOLD, .call = d->calls[i].id});
            }
    make_current(d, line_call_find(d, call));
    baresip_send(d, on ? "hold" : "resume", "", (struct pending){.asked = on ? ASKED_HOLD : ASKED_RESUME, .call = call});
    return true;
}

bool baresip_mute(struct dialer *d, int64_t call, bool on, struct error *err)
{
    struct baresip *b = d->state;
    const struct line_call *c = line_call_find(d, call);
    if (!connected(b, err))
        return false;
    if (c->muted == on)
        return true;
    make_current(d, c);
    baresip_send(d, "mute", "", (struct pending){.asked = ASKED_MUTE, .call = call, .on = on});
    return true;
}

bool baresip_dtmf(struct dialer *d, int64_t call, const char *digits, struct error *err)
{
    struct baresip *b = d->state;
    if (!connected(b, err))
        return false;
    make_current(d, line_call_find(d, call));
    say(d, "sndcode", digits);
    return true;
}

/* ---- answers ---- */

static bool tag_set(struct dialer *d, struct line_call *c, struct str tag)
{
    if (tag.len == 0 || tag.len >= TAG_SIZE || c->tag[0] != '\0' || line_call_tagged(d, tag) != NULL)
        return false;
    /* it becomes a parameter of a command, and a network chose it */
    for (size_t i = 0; i < tag.len; i++)
        if ((unsigned char)tag.at[i] <= 0x20 || (unsigned char)tag.at[i] >= 0x7f)
            return false;
    memcpy(c->tag, tag.at, tag.len);
    c->tag[tag.len] = '\0';
    return true;
}

static bool number_is(struct str uri, const char *number)
{
    struct buf got;
    buf_init(&got);
    caller_number(uri, &got);
    bool same = got.len > 0 && strcmp(got.at, number) == 0;
    buf_done(&got);
    return same;
}

static void comes_in(struct dialer *d, struct str id, struct str peer, struct str display)
{
    struct line_call *c = line_call_new(d, 0);
    if (c == NULL || !tag_set(d, c, id)) {
        if (c != NULL)
            line_call_drop(c);
        dialer_emit(d, DIAL_EVENT_NOTE, 0, STR("one more call comes in, and all lines are taken"));
        return;
    }
    struct buf number, name;
    buf_init(&number);
    buf_init(&name);
    bool anonymous = caller_is_anonymous(peer);
    if (!anonymous) {
        caller_number(peer, &number);
        caller_name(display, &name);
    }
    line_comes_in(d, c, buf_str(&number), buf_str(&name), anonymous);
    buf_done(&number);
    buf_done(&name);
}

/* A call that a list shows: one of ours, or one that was there before us. */
static void line_found(struct dialer *d, const struct ctrl_call *found, bool held)
{
    struct baresip *b = d->state;
    struct line_call *c = line_call_tagged(d, found->id);
    struct line_call *out = line_call_outbound(d);
    if (c == NULL && found->outgoing && out != NULL && out->tag[0] == '\0' && number_is(found->peer, out->number) &&
        tag_set(d, out, found->id))
        c = out;
    bool talking = str_is(found->state, "ESTABLISHED");
    if (c == NULL && !found->outgoing && !talking) {
        comes_in(d, found->id, found->peer, STR(""));
        return;
    }
    if (c == NULL && talking && (c = line_call_new(d, 0)) != NULL) {
        struct buf number;
        buf_init(&number);
        caller_number(found->peer, &number);
        if (!tag_set(d, c, found->id)) {
            line_call_drop(c);
        } else {
            c->inbound = !found->outgoing;
            line_happens(d, c, LINE_EVENT_ADOPT, NULL);
            text_put(buf_str(&number), c->number, sizeof c->number);
            struct dial_event *e = &d->events[(d->first + d->count - 1) % d->room];
            memcpy(e->number, c->number, sizeof e->number);
            if (held)
                line_happens(d, c, LINE_EVENT_HOLD, NULL);
        }
        buf_done(&number);
        return;
    }
    if (c == NULL) {
        /* it dials somebody and nobody knows whom for: nothing may ring that no rep sees */
        if (found->id.len > 0 && found->id.len < TAG_SIZE && found->outgoing && !b->external) {
            char id[TAG_SIZE];
            text_put(found->id, id, sizeof id);
            say(d, "callfind", id);
            say(d, "hangup", "");
        }
        return;
    }
    b->doubtful &= ~(1u << (c - d->calls));
    if (talking)
        baresip_established(d, c);
    else if (str_is(found->state, "RINGING"))
        line_happens(d, c, LINE_EVENT_RING, NULL);
    else if (str_is(found->state, "EARLY"))
        line_happens(d, c, LINE_EVENT_PROGRESS, NULL);
}

static void lines_done(struct dialer *d)
{
    struct baresip *b = d->state;
    for (size_t i = 0; i < CALLS_MOST; i++)
        if ((b->doubtful & 1u << i) != 0 && d->calls[i].id != 0)
            line_happens(d, &d->calls[i], LINE_EVENT_LOST,
                         &(struct line_end){.fault = LINE_FAULT_LOST, .text = STR("the softphone lost the call")});
    b->doubtful = 0;
    b->lines_known = true;
    if (!b->external && !b->audio_known) {
        /* Trying the sound device while somebody talks would be heard. */
        bool quiet = true;
        for (size_t i = 0; i < CALLS_MOST; i++)
            quiet = quiet && d->calls[i].id == 0;
        if (quiet)
            baresip_ask_audio(d);
        else
            b->audio_known = b->audio_good = true; /* somebody is heard, so there is one */
    }
}

static void lines_listed(struct dialer *d, struct str data)
{
    struct ctrl_line lines[LINES_MOST];
    int count = ctrl_lines(data, lines, LINES_MOST);
    if (count > LINES_MOST)
        count = LINES_MOST;
    for (int i = 0; i < count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", lines[i].number);
        say(d, "line", number);
        baresip_send(d, "callstat", "",
                     (struct pending){.asked = ASKED_LINE_CALL, .on = lines[i].held, .last = i + 1 == count});
    }
    if (count == 0)
        lines_done(d);
}

static bool contains(struct str text, const char *word)
{
    for (; text.len > 0; text = str_skip(text, 1))
        if (str_starts(text, word))
            return true;
    return false;
}

static void registration(struct dialer *d, struct str data)
{
    struct baresip *b = d->state;
    b->register_known = true;
    if (b->external)
        b->registered = contains(data, "OK ") || !contains(data, "Expires");
    else
        b->registered = b->phone.no_register || contains(data, "OK ");
    if (!b->registered && contains(data, "ERR"))
        snprintf(b->refused, sizeof b->refused, "the server does not register this account");
}

static void muted(struct dialer *d, struct line_call *c, const struct pending *p, struct str data)
{
    bool off = contains(data, "un-muted");
    if (!off && !contains(data, "muted"))
        return;
    line_is_muted(d, c, !off);
    if (c->muted != p->on) { /* a toggle: somebody else had pressed it */
        make_current(d, c);
        say(d, "mute", "");
        line_is_muted(d, c, p->on);
    }
}

static void answer_take(struct dialer *d, const struct ctrl_message *m)
{
    struct baresip *b = d->state;
    int64_t token;
    if (!str_int(m->token, &token) || token <= 0)
        return;
    struct pending p = b->pending[token % PENDING_MOST];
    if (p.token != token)
        return;
    b->pending[token % PENDING_MOST] = (struct pending){0};
    struct line_call *c = line_call_find(d, p.call);
    struct ctrl_call found;
    switch (p.asked) {
    case ASKED_CALLER:
        if (c != NULL)
            caller_found(d, c, &p, m->ok);
        break;
    case ASKED_DIAL:
        if (!m->ok && c != NULL)
            line_happens(d, c, LINE_EVENT_CLOSE, &(struct line_end){.fault = LINE_FAULT_LINE, .text = m->data});
        break;
    case ASKED_DIAL_ID:
        if (c != NULL && m->ok && ctrl_call(m->data, &found) && found.outgoing && number_is(found.peer, c->number))
            tag_set(d, c, found.id);
        break;
    case ASKED_FIND:
        if (c != NULL && m->ok && !contains(m->data, "not found")) {
            make_current(d, c);
            say(d, "hangup", "");
        }
        break;
    case ASKED_HOLD:
    case ASKED_RESUME:
        if (c != NULL && m->ok)
            line_happens(d, c, p.asked == ASKED_HOLD ? LINE_EVENT_HOLD : LINE_EVENT_RESUME, NULL);
        else if (c != NULL)
            dialer_emit(d, DIAL_EVENT_NOTE, c->id, p.asked == ASKED_HOLD ? STR("could not hold") : STR("could not resume"));
        break;
    case ASKED_MUTE:
        if (c != NULL && m->ok)
            muted(d, c, &p, m->data);
        break;
    case ASKED_REGISTERED:
        if (!b->register_known)
            registration(d, m->data);
        break;
    case ASKED_LINES:
        lines_listed(d, m->data);
        break;
    case ASKED_LINE_CALL:
        if (m->ok && ctrl_call(m->data, &found))
            line_found(d, &found, p.on);
        if (p.last)
            lines_done(d);
        break;
    case ASKED_AUDIO:
        /* what cannot be tried is believed */
        b->audio_known = true;
        b->audio_good = m->ok || contains(m->data, "command not found");
        break;
    case ASKED_NOTHING:
    case ASKED_ACCEPT:
        break;
    }
    baresip_show_line(d);
}

/* ---- events ---- */

static void end_of(struct str param, struct line_end *end)
{
    *end = (struct line_end){.kind = CAUSE_SIP, .fault = LINE_FAULT_LINE, .text = param};
    bool digits = param.len >= 3;
    for (size_t i = 0; digits && i < 3; i++)
        digits = param.at[i] >= '0' && param.at[i] <= '9';
    if (digits && (param.len == 3 || param.at[3] == ' '))
        end->code = (param.at[0] - '0') * 100 + (param.at[1] - '0') * 10 + (param.at[2] - '0');
    else if (str_starts(param, "Unknown error") || str_is(param, "end of file"))
        end->fault = LINE_FAULT_AUDIO;
    else if (str_is(param, "Connection timed out"))
        end->fault = LINE_FAULT_SERVER;
}

static void call_closed(struct dialer *d, struct line_call *c, struct str param)
{
    struct baresip *b = d->state;
    struct line_end end;
    int64_t call = c->id;
    end_of(param, &end);
    bool deaf = end.code == 0 && end.fault == LINE_FAULT_AUDIO;
    line_happens(d, c, LINE_EVENT_CLOSE, &end);
    baresip_over(d, call);
    if (deaf && !b->external) {
        b->audio_known = true;
        b->audio_good = false;
        b->audio_ms = d->now_ms;
    }
}

static void call_event(struct dialer *d, const struct ctrl_message *m)
{
    struct line_call *c = line_call_tagged(d, m->id);
    struct line_call *out = line_call_outbound(d);
    if (c == NULL && m->outgoing && out != NULL && out->tag[0] == '\0' && number_is(m->peer, out->number)) {
        /* an id that we cannot keep is still this call: there is one outbound at a time */
        tag_set(d, out, m->id);
        c = out;
    }
    if (str_is(m->type, "CALL_INCOMING")) {
        if (c == NULL)
            comes_in(d, m->id, m->peer, m->name);
        return;
    }
    if (c == NULL && !m->outgoing && str_is(m->type, "CALL_ESTABLISHED")) { /* it answers by itself, as somebody set it up */
        comes_in(d, m->id, m->peer, m->name);
        c = line_call_tagged(d, m->id);
    }
    if (c == NULL)
        return;
    if (str_is(m->type, "CALL_RINGING")) {
        line_happens(d, c, LINE_EVENT_RING, NULL);
    } else if (str_is(m->type, "CALL_PROGRESS")) {
        line_happens(d, c, LINE_EVENT_PROGRESS, NULL);
    } else if (str_is(m->type, "CALL_ESTABLISHED")) {
        if (c->inbound) /* taking one puts the other on hold by itself */
            for (size_t i = 0; i < CALLS_MOST; i++)
                if (d->calls[i].id != 0 && &d->calls[i] != c && d->calls[i].state == LINE_TALKING)
                    line_happens(d, &d->calls[i], LINE_EVENT_HOLD, NULL);
        baresip_established(d, c);
    } else if (str_is(m->type, "CALL_CLOSED")) {
        call_closed(d, c, m->param);
    }
}

/* A caller line may be an account of its own; whether that one is registered is not whether the line is up. */
static bool is_our_account(const struct baresip *b, struct str account)
{
    struct str own = str_of(b->external || b->phone.account == NULL ? "" : b->phone.account);
    own.len = str_find(own, ';');
    account.len = str_find(account, ';');
    return !b->caller_used || own.len == 0 || account.len == 0 || str_eq(own, account);
}

static void event_take(struct dialer *d, const struct ctrl_message *m)
{
    struct baresip *b = d->state;
    if (str_starts(m->type, "CALL_")) {
        call_event(d, m);
    } else if (!is_our_account(b, m->account)) {
        if (str_is(m->type, "REGISTER_FAIL"))
            dialer_emit(d, DIAL_EVENT_NOTE, 0, STR("the server does not register the account of that caller line"));
    } else if (str_is(m->type, "REGISTER_OK")) {
        b->registered = b->register_known = true;
        b->refused[0] = '\0';
    } else if (str_is(m->type, "REGISTER_FAIL")) {
        b->registered = false;
        b->register_known = true;
        text_put(m->param, b->refused, sizeof b->refused);
        if (b->refused[0] == '\0')
            snprintf(b->refused, sizeof b->refused, "the server does not register this account");
    }
    baresip_show_line(d);
}

bool baresip_take(struct dialer *d, struct str data)
{
    struct baresip *b = d->state;
    buf_add_str(&b->in, data);
    struct str rest = buf_str(&b->in), frame;
    struct arena a = {0};
    enum netstring got;
    while ((got = netstring_take(&rest, &frame)) == NETSTRING_FRAME) {
        struct ctrl_message m;
        if (!ctrl_parse(frame, &a, &m)) {
            /* Perhaps that was the end of a call: ask what is still there. */
            ask_lines(d);
        } else if (m.kind == CTRL_EVENT) {
            event_take(d, &m);
        } else {
            answer_take(d, &m);
        }
        arena_clear(&a);
    }
    arena_done(&a);
    buf_splice(&b->in, 0, b->in.len - rest.len, "", 0);
    return got != NETSTRING_BAD;
}
