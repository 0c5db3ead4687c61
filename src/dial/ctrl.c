/* SPDX-License-Identifier: MIT */
/* Messages of ctrl_tcp, in and out; ctrl.h. */
#include "ctrl.h"

#include <jansson.h>

#include "calldeck/utf8.h"
#include "netstring.h"

void latin1_repair(struct str s, struct buf *out)
{
    enum { REPLACEMENT = 0xfffd };
    while (s.len > 0) {
        uint32_t code;
        size_t taken = utf8_decode(s, &code);
        if (code == REPLACEMENT && taken == 1) {
            char bytes[4];
            buf_add(out, bytes, utf8_encode((unsigned char)s.at[0], bytes));
        } else {
            buf_add(out, s.at, taken);
        }
        s = str_skip(s, taken);
    }
}

static struct str text_of(const json_t *object, const char *key, struct arena *a)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value))
        return STR("");
    return arena_str(a, str_make(json_string_value(value), json_string_length(value)));
}

bool ctrl_parse(struct str frame, struct arena *a, struct ctrl_message *ret)
{
    struct buf clean;
    buf_init(&clean);
    latin1_repair(frame, &clean);
    json_t *root = json_loadb(clean.at, clean.len, JSON_ALLOW_NUL, NULL);
    buf_done(&clean);
    bool is_event = json_is_true(json_object_get(root, "event"));
    bool ok = is_event || json_is_true(json_object_get(root, "response"));
    if (ok)
        *ret = (struct ctrl_message){.kind = is_event ? CTRL_EVENT : CTRL_RESPONSE,
                                     .ok = json_is_true(json_object_get(root, "ok")),
                                     .token = text_of(root, "token", a),
                                     .data = text_of(root, "data", a),
                                     .type = text_of(root, "type", a),
                                     .id = text_of(root, "id", a),
                                     .peer = text_of(root, "peeruri", a),
                                     .param = text_of(root, "param", a),
                                     .account = text_of(root, "accountaor", a),
                                     .name = text_of(root, "peerdisplayname", a),
                                     .outgoing = str_is(text_of(root, "direction", a), "outgoing")};
    json_decref(root);
    return ok;
}

void ctrl_command(struct buf *out, const char *command, const char *params, const char *token)
{
    json_t *root = params[0] != '\0' ? json_pack("{s:s,s:s,s:s}", "command", command, "params", params, "token", token)
                                     : json_pack("{s:s,s:s}", "command", command, "token", token);
    char *text = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;
    if (text != NULL)
        netstring_add(out, str_of(text));
    free(text);
    json_decref(root);
}

/* ---- what is in its texts ---- */

static struct str user_of(struct str uri)
{
    size_t colon = str_find(uri, ':');
    size_t at = str_find(uri, '@');
    if (colon < at && at < uri.len)
        uri = str_make(uri.at + colon + 1, at - colon - 1);
    else if (at < uri.len)
        uri.len = at;
    else
        return STR("");
    uri.len = str_find(uri, ';');
    return uri;
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

bool caller_is_anonymous(struct str uri)
{
    struct str user = user_of(uri);
    return user.len == 0 || str_eq_ascii_case(user, STR("anonymous")) || str_eq_ascii_case(user, STR("unavailable")) ||
           str_eq_ascii_case(user, STR("restricted")) || str_eq_ascii_case(user, STR("unknown"));
}

void caller_number(struct str uri, struct buf *out)
{
    enum { DIGITS_MOST = 32 };
    struct str user = user_of(uri);
    size_t before = out->len;
    for (size_t i = 0; i < user.len; i++) {
        char c = user.at[i];
        if (c == '%' && i + 2 < user.len && hex(user.at[i + 1]) >= 0 && hex(user.at[i + 2]) >= 0) {
            c = (char)(hex(user.at[i + 1]) * 16 + hex(user.at[i + 2]));
            i += 2;
        }
        if (c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/')
            continue;
        bool fits = (c >= '0' && c <= '9') || (c == '+' && out->len == before) || c == '*' || c == '#';
        if (!fits || out->len - before == DIGITS_MOST) { /* a name, not a number: "jane.doe" */
            buf_splice(out, before, out->len - before, "", 0);
            return;
        }
        buf_add_char(out, c);
    }
}

void caller_name(struct str name, struct buf *out)
{
    name = str_trim(name);
    if (name.len >= 2 && name.at[0] == '"' && name.at[name.len - 1] == '"')
        name = str_make(name.at + 1, name.len - 2);
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] == '\\' && i + 1 < name.len)
            i++;
        buf_add_char(out, name.at[i]);
    }
}

/* The text after `mark`, up to a blank or a line's end. */
static bool word_after(struct str text, const char *mark, struct str *ret)
{
    struct str key = str_of(mark);
    for (; text.len >= key.len; text = str_skip(text, 1))
        if (str_starts(text, mark)) {
            struct str rest = str_skip(text, key.len);
            while (rest.len > 0 && rest.at[0] == ' ')
                rest = str_skip(rest, 1);
            size_t end = 0;
            while (end < rest.len && rest.at[end] != ' ' && rest.at[end] != '\n' && rest.at[end] != '\r')
                end++;
            *ret = str_make(rest.at, end);
            return end > 0;
        }
    return false;
}

int ctrl_lines(struct str data, struct ctrl_line *ret, int most)
{
    int count = 0;
    struct str line;
    while (str_next(&data, '\n', &line)) {
        struct str number;
        int64_t n;
        if (!word_after(line, "[line ", &number))
            continue;
        number.len = str_find(number, ']');
        if (!str_int(number, &n) || n < 1 || n > 9999)
            continue;
        /* the mark stands before the address, and no address may fake it */
        struct str before = line;
        for (size_t i = 0; i + 4 <= line.len; i++)
            if (str_starts(str_skip(line, i), "sip:")) {
                before.len = i;
                break;
            }
        bool held = false;
        for (; before.len > 0 && !held; before = str_skip(before, 1))
            held = str_starts(before, "(on hold)");
        if (count < most)
            ret[count] = (struct ctrl_line){.number = (int)n, .held = held};
        count++;
    }
    return count;
}

bool ctrl_call(struct str data, struct ctrl_call *ret)
{
    *ret = (struct ctrl_call){0};
    bool has_state = false, has_id = false;
    struct str line, word;
    /* Each by the beginning of its line: the peer's name is in between, and may say anything. */
    while (str_next(&data, '\n', &line)) {
        if (!has_state && str_starts(line, "===== Call debug (") && word_after(line, "debug (", &ret->state)) {
            has_state = true;
            ret->state.len = str_find(ret->state, ')');
        } else if (!has_id && str_starts(line, " af=")) {
            has_id = word_after(line, " id=", &ret->id);
        } else if (str_starts(line, " direction:") && word_after(line, "direction:", &word)) {
            ret->outgoing = str_starts_ascii_case(word, "out");
        } else if (ret->peer.len == 0 && str_starts(line, " peer_uri:")) {
            for (size_t at = line.len; at > 0 && ret->peer.len == 0; at--)
                if (line.at[at - 1] == '<')
                    ret->peer = str_skip(line, at);
            ret->peer.len = str_find(ret->peer, '>');
        }
    }
    return has_state && has_id;
}
