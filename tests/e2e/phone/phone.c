/* SPDX-License-Identifier: MIT */
/* The rep with the softphone of phone.h. */
#include "phone.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void phone_prepare(struct phone *p, const char *name, int people, const char *more)
{
    char line[128];
    *p = (struct phone){.far_port = port_free()};
    desk_open(&p->desk, name);
    snprintf(line, sizeof line, "set sip-account sip:rep@127.0.0.1:%d", p->far_port);
    desk_configure(&p->desk, "set dialer baresip");
    desk_configure(&p->desk, line);
    desk_configure(&p->desk, "set sip-register off");
    desk_configure(&p->desk, "set audio-source ausine,440");
    desk_configure(&p->desk, "set audio-player aubridge,sink");
    desk_configure(&p->desk, "set order list");
    if (more != NULL)
        desk_configure(&p->desk, more);
    desk_import_list(&p->desk, "list", people);
    snprintf(p->runtime, sizeof p->runtime, "%s/run", p->desk.home);
    snprintf(p->desk.env[4], sizeof p->desk.env[4], "XDG_RUNTIME_DIR=%s", p->runtime);
    p->desk.environment[4] = p->desk.env[4];
    assert_int_equal(mkdir(p->runtime, 0700), 0);
}

void phone_open(struct phone *p, const char *name, int people, const char *more)
{
    phone_prepare(p, name, people, more);
    phone_start(p);
    phone_see(p, "line ok");
}

void phone_start(struct phone *p)
{
    rep_done(p->rep);
    p->rep = rep_start_sized(&p->desk, 120, 32, NULL);
}

static const char *softphone_file(struct phone *p, const char *name)
{
    char path[400];
    snprintf(path, sizeof path, "%s/calldeck/softphone-0/%s", p->runtime, name);
    return test_read_file(path, NULL);
}

pid_t phone_pid(struct phone *p)
{
    pid_t pid = (pid_t)strtol(softphone_file(p, "running"), NULL, 10);
    assert_true(pid > 1);
    return pid;
}

void phone_close(struct phone *p)
{
    pid_t softphone = phone_pid(p);
    rep_screen_was_understood(p->rep);
    rep_done(p->rep);
    kill(softphone, SIGKILL);
    for (int64_t end = monotonic_ms() + DEADLINE_MS; kill(softphone, 0) == 0; pause_ms(5))
        assert_true(monotonic_ms() < end);
    desk_is_sound(&p->desk);
}

void phone_type(struct phone *p, const char *keys)
{
    rep_type(p->rep, keys);
}

void phone_dial(struct phone *p)
{
    rep_settle(p->rep);
    rep_type(p->rep, "\r");
}

void phone_see(struct phone *p, const char *text)
{
    rep_see(p->rep, text, DEADLINE_MS);
}

void phone_see_gone(struct phone *p, const char *text)
{
    rep_see_gone(p->rep, text, DEADLINE_MS);
}

void phone_touch(struct phone *p, const char *touch)
{
    const char *row = desk_text(&p->desk, "SELECT t.direction || ' ' || coalesce(t.line_result, '-') || ' ' || coalesce(t.line_code, '-')"
                                          " || ' ' || coalesce(s.code, '-') || ' ' || coalesce(o.code, '-') || ' ' ||"
                                          " CASE WHEN t.answered_at IS NULL AND t.talk_s IS NULL THEN 'unanswered'"
                                          "      WHEN t.answered_at >= t.started_at AND t.talk_s = t.ended_at - t.answered_at"
                                          "       AND NOT t.answered_inferred THEN 'answered'"
                                          "      ELSE 'answered_at ' || coalesce(t.answered_at, '-') || ', ended_at ' ||"
                                          "           coalesce(t.ended_at, '-') || ', talk_s ' || coalesce(t.talk_s, '-') END"
                                          " FROM touch t LEFT JOIN outcome s ON s.id = t.suggested_outcome_id"
                                          " LEFT JOIN outcome o ON o.id = t.outcome_id ORDER BY t.id DESC LIMIT 1");
    assert_non_null(row);
    if (strcmp(row, touch) != 0) {
        rep_print(p->rep);
        fail_msg("the touch says \"%s\", not \"%s\"", row, touch);
    }
}

void phone_filed(struct phone *p, const char *touch)
{
    phone_see(p, DECK_SIGN);
    phone_touch(p, touch);
}

static bool heard(const struct ear *ear, const char *what)
{
    enum { ENOUGH = 8 };
    if (strcmp(what, "sound") == 0)
        return ear->sound >= ENOUGH;
    return strcmp(what, "silence") == 0 ? ear->silence >= ENOUGH : strcmp(ear->tones, what) == 0;
}

void phone_hears(struct phone *p, struct ear *ear, const char *what)
{
    for (int64_t end = monotonic_ms() + DEADLINE_MS; !heard(ear, what); ear_hear(ear)) {
        if (monotonic_ms() > end)
            fail_msg("the far end does not hear \"%s\": %d of sound, %d of silence, \"%s\"", what, ear->sound, ear->silence, ear->tones);
        rep_look(p->rep, 20);
    }
}

struct far phone_answers(struct phone *p, const char *script)
{
    return far_answers(script, p->far_port, 0);
}

struct far phone_is_called(struct phone *p, const char *script, const char *from)
{
    const char *key = "sip_listen 127.0.0.1:", *at = strstr(softphone_file(p, "config"), key);
    assert_non_null(at);
    return far_calls(script, (int)strtol(at + strlen(key), NULL, 10), from);
}

const char *second_person(const char *before, const char *after)
{
    static char text[200];
    char name[64];
    person_name(2, name, sizeof name);
    snprintf(text, sizeof text, "%s%s%s", before, name, after);
    return text;
}
