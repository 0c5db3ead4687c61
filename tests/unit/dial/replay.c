/* SPDX-License-Identifier: MIT */
/*
 * Recorded talks with a real baresip, heard again through the backend: whole, split at every byte, byte by byte.
 *
 * What the recorder sent ("hangup") is asked of the port; answers get the token that our own command had.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../../src/dial/baresip.h"
#include "../../../src/dial/netstring.h"
#include "test.h"

enum { STEPS_MOST = 64 };
struct step {
    bool ours;
    int64_t at_ms;
    char *frame; /* without length and comma */
};
struct recording {
    struct step steps[STEPS_MOST];
    size_t count;
};

static void recording_read(struct recording *r, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/telephony/%s.wire", TEST_DATA, name);
    struct str rest = str_of(test_read_file(path, NULL)), line;
    *r = (struct recording){0};
    while (str_next(&rest, '\n', &line)) {
        struct str words = line, at, dir;
        if (!str_word(&words, &at) || !str_word(&words, &dir) || str_is(dir, "--"))
            continue;
        struct str frame = str_trim(words);
        size_t colon = str_find(frame, ':');
        assert_true(colon < frame.len && frame.at[frame.len - 1] == ',' && r->count < STEPS_MOST);
        r->steps[r->count++] = (struct step){.ours = str_is(dir, ">>"),
                                             .at_ms = (int64_t)(strtod(at.at, NULL) * 1000),
                                             .frame = strndup(frame.at + colon + 1, frame.len - colon - 2)};
    }
    assert_true(r->count > 2);
}

static void recording_done(struct recording *r)
{
    for (size_t i = 0; i < r->count; i++)
        free(r->steps[i].frame);
}

static struct dialer *phone_open(void)
{
    struct dialer *d = dialer_open(&(struct dial_config){.kind = "baresip", .baresip_address = "127.0.0.1:1"}, NULL);
    assert_non_null(d);
    struct baresip *b = d->state;
    b->connected = b->audio_known = b->audio_good = b->register_known = b->registered = b->lines_known = true;
    b->stage = STAGE_READY;
    d->now_ms = 0;
    line_status(d, DIAL_LINE_UP, STR("softphone"));
    d->count = 0;
    return d;
}

static bool has(const char *frame, const char *word)
{
    return strstr(frame, word) != NULL;
}

static void act(struct dialer *d, const char *frame, int64_t *inbound)
{
    struct line_call *out = line_call_outbound(d);
    if (has(frame, "\"dial\""))
        assert_true(dial_place(d, 11, 1, "+15550100", "", NULL));
    else if (has(frame, "\"hangup\"") && out != NULL)
        assert_true(dial_hang_up(d, 11, NULL));
    else if (has(frame, "\"hangup\""))
        assert_true(dial_state(d, *inbound) == LINE_TALKING ? dial_hang_up(d, *inbound, NULL) : dial_reject(d, *inbound, NULL));
    else if (has(frame, "\"accept\""))
        assert_true(dial_answer(d, *inbound, NULL));
    else if (has(frame, "\"mute\""))
        assert_true(dial_mute(d, 11, !out->muted, NULL));
    else if (has(frame, "\"hold\"") || has(frame, "\"resume\""))
        assert_true(dial_hold(d, 11, has(frame, "\"hold\""), NULL));
    else if (has(frame, "\"sndcode\""))
        assert_true(dial_dtmf(d, 11, "1", NULL));
}

/* The token of the newest command that waits for such an answer, in place of the recorder's. */
static void answer_with_token(const struct dialer *d, const char *command, const char *frame, struct buf *out)
{
    const struct baresip *b = d->state;
    enum asked want = has(command, "\"dial\"")     ? ASKED_DIAL
                      : has(command, "\"mute\"")   ? ASKED_MUTE
                      : has(command, "\"hold\"")   ? ASKED_HOLD
                      : has(command, "\"resume\"") ? ASKED_RESUME
                                                   : ASKED_NOTHING;
    int64_t token = 0;
    for (size_t i = 0; want != ASKED_NOTHING && i < PENDING_MOST; i++)
        if (b->pending[i].asked == want && b->pending[i].token > token)
            token = b->pending[i].token;
    const char *at = strstr(frame, "\"token\":\"");
    struct buf whole;
    buf_init(&whole);
    if (at == NULL || token == 0)
        buf_add_text(&whole, frame);
    else
        buf_printf(&whole, "%.*s\"token\":\"%lld\"}", (int)(at - frame), frame, (long long)token);
    netstring_add(out, buf_str(&whole));
    buf_done(&whole);
}

/* What the app is told, as letters; an end with its result. */
static void told(struct dialer *d, int64_t *inbound, struct buf *out)
{
    static const char letters[] = "PerAE"
                                  "IGHMLN";
    struct dial_event e;
    while (dial_next_event(d, &e)) {
        char c = letters[e.kind];
        if (e.kind == DIAL_EVENT_INCOMING)
            *inbound = e.call;
        buf_add_char(out, (e.kind == DIAL_EVENT_HELD || e.kind == DIAL_EVENT_MUTED) && !e.on ? (char)(c | 32) : c);
        if (e.kind == DIAL_EVENT_ENDED || e.kind == DIAL_EVENT_INCOMING_GONE)
            buf_printf(out, ":%s:%s:%d:%s", line_result_name(e.result), e.outcome, e.code, e.by_us ? "us" : "them");
        if (e.kind == DIAL_EVENT_INCOMING)
            buf_printf(out, ":%s:%s%s ", e.number, e.name, e.anonymous ? "?" : "");
    }
}

/* cut: bytes of theirs after which a piece ends; 0: whole frames; -1: each byte alone. Returns how many bytes they sent. */
static size_t replay(const struct recording *r, long cut, struct buf *out)
{
    struct dialer *d = phone_open();
    struct baresip *b = d->state;
    int64_t inbound = 0;
    const char *command = "";
    size_t sent = 0;
    for (size_t i = 0; i < r->count; i++) {
        d->now_ms = r->steps[i].at_ms;
        if (r->steps[i].ours) {
            command = r->steps[i].frame;
            act(d, command, &inbound);
            buf_clear(&b->out);
            told(d, &inbound, out);
            continue;
        }
        struct buf bytes;
        buf_init(&bytes);
        answer_with_token(d, has(r->steps[i].frame, "\"response\"") ? command : "", r->steps[i].frame, &bytes);
        struct str rest = buf_str(&bytes);
        if (cut < 0) {
            for (; rest.len > 0; rest = str_skip(rest, 1))
                assert_true(baresip_take(d, str_make(rest.at, 1)));
        } else {
            size_t first = (size_t)cut > sent && (size_t)cut < sent + bytes.len ? (size_t)cut - sent : 0;
            assert_true(baresip_take(d, str_make(rest.at, first)));
            assert_true(baresip_take(d, str_skip(rest, first)));
        }
        sent += bytes.len;
        buf_done(&bytes);
        told(d, &inbound, out);
        buf_clear(&b->out);
    }
    assert_int_equal(b->in.len, 0);
    b->connected = false;
    dialer_close(d);
    return sent;
}

TEST(recordings_are_understood_wherever_they_are_split)
{
    static const struct {
        const char *name, *told;
    } rows[] = {
        {"answer_our_bye", "PrAE:answered::0:us"},
        {"answer_remote_bye", "PrAE:answered::0:them"},
        {"busy_486", "PE:busy:busy:486:them"},
        {"congest_503", "PE:failed::503:them"},
        {"decline_603", "PrE:declined:no-answer:603:them"},
        {"early_183_answer", "PeAE:answered::0:us"},
        {"features", "PrAMmHhE:answered::0:us"},
        {"in_accept_caller_bye", "I:+15550123:Jane Prospect AE:answered::0:them"},
        {"in_anonymous", "I::? G:declined::0:us"},
        {"in_decline", "I:+15550123:Jane Prospect G:declined::0:us"},
        {"noanswer_480", "PrE:no-answer:no-answer:480:them"},
        {"noanswer_cancel", "PrE:no-answer:no-answer:0:us"},
        {"nothing_listening", "PE:failed::0:them"},
        {"reason_utf8", "PE:busy:busy:486:them"},
        {"stuck_after_100", "PE:cancelled::0:us"},
        {"wrong_404", "PE:wrong-number:out-of-service:404:them"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct recording r;
        recording_read(&r, rows[i].name);
        struct buf got;
        buf_init(&got);
        size_t total = replay(&r, 0, &got);
        if (strcmp(got.at, rows[i].told) != 0)
            fail_msg("%s: %s", rows[i].name, got.at);
        for (long cut = -1; cut < (long)total; cut++) {
            buf_clear(&got);
            replay(&r, cut, &got);
            if (strcmp(got.at, rows[i].told) != 0)
                fail_msg("%s, cut at %ld: %s", rows[i].name, cut, got.at);
        }
        buf_done(&got);
        recording_done(&r);
    }
}

static void hear(struct dialer *d, const char *json)
{
    struct buf bytes;
    buf_init(&bytes);
    netstring_add(&bytes, str_of(json));
    assert_true(baresip_take(d, buf_str(&bytes)));
    buf_done(&bytes);
}

static const char *tell(struct dialer *d)
{
    static struct buf out;
    static bool made;
    int64_t inbound = 0;
    if (!made)
        buf_init(&out);
    made = true;
    buf_clear(&out);
    told(d, &inbound, &out);
    return out.at;
}

static void phone_close(struct dialer *d)
{
    ((struct baresip *)d->state)->connected = false;
    dialer_close(d);
}

TEST(a_frame_that_nobody_can_read_does_not_keep_a_call_for_ever)
{
    struct dialer *d = phone_open();
    struct baresip *b = d->state;
    assert_true(dial_place(d, 11, 1, "+15550100", "", NULL));
    hear(d, "{\"event\":true,\"type\":\"CALL_ESTABLISHED\",\"direction\":\"outgoing\",\"peeruri\":\"sip:+15550100@h\",\"id\":\"aa\"}");
    buf_clear(&b->out);
    hear(d, "{\"event\":true,\"type\":\"CALL_CLOSED\",\"id\":\"aa\",\"param\":");
    assert_non_null(strstr(b->out.at, "listcalls"));
    char answer[200];
    snprintf(answer, sizeof answer, "{\"response\":true,\"ok\":true,\"data\":\"\\n--- Active calls (0) ---\\n\\n\",\"token\":\"%lld\"}",
             (long long)b->token);
    hear(d, answer);
    assert_string_equal(tell(d), "PAE:answered::0:them");
    phone_close(d);
}

TEST(events_of_other_calls_are_not_ours)
{
    struct dialer *d = phone_open();
    assert_true(dial_place(d, 11, 1, "+15550100", "", NULL));
    hear(d, "{\"event\":true,\"type\":\"CALL_RINGING\",\"direction\":\"outgoing\",\"peeruri\":\"sip:+19990000@h\",\"id\":\"bb\"}");
    hear(d, "{\"event\":true,\"type\":\"CALL_CLOSED\",\"direction\":\"outgoing\",\"peeruri\":\"sip:+19990000@h\",\"id\":\"bb\",\"param\":\"486 x\"}");
    assert_string_equal(tell(d), "P");
    /* one id for two calls, an id with a blank: kept out, and told */
    hear(d, "{\"event\":true,\"type\":\"CALL_INCOMING\",\"direction\":\"incoming\",\"peeruri\":\"sip:+1@h\",\"id\":\"c c\"}");
    assert_string_equal(tell(d), "N");
    hear(d, "{\"event\":true,\"type\":\"CALL_INCOMING\",\"direction\":\"incoming\",\"peeruri\":\"sip:+1@h\",\"id\":\"cc\"}");
    hear(d, "{\"event\":true,\"type\":\"CALL_INCOMING\",\"direction\":\"incoming\",\"peeruri\":\"sip:+1@h\",\"id\":\"cc\"}");
    assert_string_equal(tell(d), "I:+1: ");
    hear(d, "{\"event\":true,\"type\":\"CALL_HOLD\",\"id\":\"cc\"}");
    hear(d, "{\"event\":true,\"type\":\"SOMETHING_NEW\"}");
    assert_string_equal(tell(d), "");
    phone_close(d);
}

TEST(more_calls_than_places)
{
    struct dialer *d = phone_open();
    for (int i = 0; i < 20; i++) {
        char json[200];
        snprintf(json, sizeof json, "{\"event\":true,\"type\":\"CALL_INCOMING\",\"direction\":\"incoming\",\"peeruri\":\"sip:+1@h\",\"id\":\"n%d\"}", i);
        hear(d, json);
    }
    const char *t = tell(d);
    int in = 0, notes = 0;
    for (; *t != '\0'; t++) {
        in += *t == 'I';
        notes += *t == 'N';
    }
    assert_true(in == 8 && notes == 12);
    phone_close(d);
}

TEST(a_stream_that_is_no_netstring_ends_the_connection)
{
    struct dialer *d = phone_open();
    assert_false(baresip_take(d, STR("HTTP/1.1 200 OK\r\n")));
    phone_close(d);
}
