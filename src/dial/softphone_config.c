/* SPDX-License-Identifier: MIT */
/*
 * What baresip reads: its configuration and its account, both 0600 and of our making.
 *
 * Its files have no quoting worth the name, so whatever could end a line or a value is refused before it is written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend.h"
#include "softphone.h"

static bool is_word(const char *s, const char *more)
{
    for (; *s != '\0'; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || strchr(more, *s) != NULL))
            return false;
    return true;
}

bool account_is_good(const char *account)
{
    struct str rest = str_of(account);
    if (!str_starts(rest, "sip:") || rest.len > 200 || !is_word(account, ":@.-_+;=[]~"))
        return false;
    rest = str_skip(rest, 4);
    size_t at = str_find(rest, '@');
    if (at == 0 || at + 1 >= rest.len || str_find(str_skip(rest, at + 1), '@') < rest.len - at - 1 ||
        str_find(str_make(rest.at, at), ';') < at || str_find(str_make(rest.at, at), ':') < at)
        return false;
    struct str host = str_skip(rest, at + 1);
    size_t semicolon = str_find(host, ';');
    struct str options = str_skip(host, semicolon);
    host.len = semicolon;
    return host.len > 0 && host.at[0] != ':' &&
           (options.len == 0 || str_is(options, ";transport=udp") || str_is(options, ";transport=tcp") ||
            str_is(options, ";transport=tls"));
}

/* DRIVER or DRIVER,DEVICE: the driver names a module */
static bool device_is_good(const char *device)
{
    size_t driver = strcspn(device, ",");
    if (driver == 0 || driver > 20 || strlen(device) > 200)
        return false;
    for (size_t i = 0; i < driver; i++)
        if (!((device[i] >= 'a' && device[i] <= 'z') || (device[i] >= '0' && device[i] <= '9') || device[i] == '_'))
            return false;
    for (const char *p = device; *p != '\0'; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f)
            return false;
    return true;
}

static bool value_is_good(const char *value, const char *never)
{
    for (const char *p = value; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f || strchr(never, *p) != NULL)
            return false;
    return strlen(value) <= 128;
}

/* The path is one word of its configuration, and its own names come behind it. */
enum { FOLDER_MOST = 150 };
static bool is_folder(const char *path)
{
    for (const char *p = path; *p != '\0'; p++)
        if ((unsigned char)*p <= 0x20 || *p == 0x7f)
            return false;
    return strlen(path) <= FOLDER_MOST;
}

bool softphone_check(const struct softphone *s, struct error *err)
{
    if (s->account[0] == '\0')
        return error_set(err, ERR_USAGE, "the softphone has no account: set sip-account sip:you@your-provider.example");
    if (!account_is_good(s->account))
        return error_set(err, ERR_USAGE, "the setting sip-account \"%s\" is not an address: write it as sip:user@host", s->account);
    if (!is_word(s->user, ".-_+@~"))
        return error_set(err, ERR_USAGE, "the setting sip-user \"%s\" cannot be used: letters, digits and . - _ + @ alone", s->user);
    if (!value_is_good(s->name, "\"<>\\"))
        return error_set(err, ERR_USAGE, "the setting sip-name cannot be used: leave out quotes and brackets");
    if (!device_is_good(s->source) || !device_is_good(s->player))
        return error_set(err, ERR_USAGE, "the audio device \"%s\" is not DRIVER,DEVICE, as in alsa,default",
                         device_is_good(s->source) ? s->player : s->source);
    if (s->password != NULL && !value_is_good(s->password, "; \"<>"))
        return error_set(err, ERR_USAGE, "the softphone cannot take this SIP password: it has a blank, a quote, ; < or > in it");
    if (s->records && !is_folder(s->record_dir))
        return error_set(err, ERR_USAGE, "the softphone cannot record into \"%s\": a blank in the path, or more than %d characters",
                         s->record_dir, FOLDER_MOST);
    return true;
}

bool is_loopback_account(const char *account)
{
    const char *host = strchr(account, '@');
    return host != NULL && (strncmp(host + 1, "127.", 4) == 0 || strncmp(host + 1, "localhost", 9) == 0);
}

static const char *modules_dir(void)
{
    static const char *const places[] = {"/usr/lib/baresip/modules", "/usr/local/lib/baresip/modules",
                                         "/usr/lib64/baresip/modules"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (access(places[i], X_OK) == 0)
            return places[i];
    return places[0];
}

bool softphone_has_recorder(void)
{
    struct buf path;
    buf_init(&path);
    buf_printf(&path, "%s/sndfile.so", modules_dir());
    bool has = access(path.at, R_OK) == 0;
    buf_done(&path);
    return has;
}

static bool file_write(const char *dir, const char *name, struct str text, struct error *err)
{
    struct buf path;
    buf_init(&path);
    buf_printf(&path, "%s/%s", dir, name);
    unlink(path.at); /* never through a link that somebody left */
    int fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0;
    for (size_t done = 0; ok && done < text.len;) {
        ssize_t n = write(fd, text.at + done, text.len - done);
        if (n < 0 && errno == EINTR)
            continue;
        ok = n > 0;
        done += n > 0 ? (size_t)n : 0;
    }
    int failed = errno;
    if (fd >= 0 && close(fd) != 0 && ok) {
        failed = errno;
        ok = false;
    }
    if (!ok)
        error_set(err, ERR_IO, "cannot write \"%s\": %s", path.at, strerror(failed));
    buf_done(&path);
    return ok;
}

static void module_add(struct buf *out, const char *device)
{
    buf_printf(out, "module %.*s.so\n", (int)strcspn(device, ","), device);
}

static bool driver_is(const char *device, const char *driver)
{
    size_t len = strcspn(device, ",");
    return len == strlen(driver) && strncmp(device, driver, len) == 0;
}

static void config_text(const struct softphone *s, int sip_port, struct buf *out)
{
    bool silent = driver_is(s->player, "aubridge");
    const char *modules = modules_dir();
    buf_add_text(out, "# written anew at every start\npoll_method epoll\n");
    /* Without a literal it watches the network and ends when that changes; "lo" is refused by 1.0.0. */
    if (is_loopback_account(s->account))
        buf_printf(out, "sip_listen 127.0.0.1:%d\nnet_interface 127.0.0.1\n", sip_port);
    buf_add_text(out, "call_local_timeout 60\ncall_max_calls 4\naudio_path /usr/share/baresip\n");
    buf_printf(out, "audio_source %s\naudio_player %s\naudio_alert %s%s\n", s->source, s->player,
               silent ? "aubridge,alert" : s->player, silent ? "\nringback_disabled yes" : "");
    if (driver_is(s->source, "ausine") || driver_is(s->source, "aubridge"))
        buf_add_text(out, "ausrc_srate 48000\nausrc_channels 2\nauplay_srate 8000\nauplay_channels 1\naudio_txmode poll\n");
    buf_add_text(out, "audio_level no\nausrc_format s16\nauplay_format s16\nauenc_format s16\naudec_format s16\n"
                      "audio_buffer 20-160\nrtp_tos 184\nrtcp_mux no\njitter_buffer_delay 5-10\nrtp_stats no\nrtp_timeout 60\n");
    buf_printf(out, "module_path %s\n", modules);
    static const char *const codecs[] = {"opus", "g722", "g711"};
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        struct buf path;
        buf_init(&path);
        buf_printf(&path, "%s/%s.so", modules, codecs[i]);
        if (access(path.at, R_OK) == 0)
            buf_printf(out, "module %s.so\n", codecs[i]);
        buf_done(&path);
    }
    module_add(out, s->source);
    if (strcspn(s->source, ",") != strcspn(s->player, ",") || strncmp(s->source, s->player, strcspn(s->source, ",")) != 0)
        module_add(out, s->player);
    if (s->raw_dir[0] != '\0')
        buf_printf(out, "module sndfile.so\nsnd_path %s\n", s->raw_dir);
    buf_add_text(out, "module_tmp uuid.so\nmodule_tmp account.so\nmodule_app auloop.so\nmodule_app menu.so\nmodule_app ctrl_tcp.so\n");
    buf_printf(out, "ctrl_tcp_listen 127.0.0.1:%d\nstatmode_default off\nmenu_bell no\nmenu_clean_number no\nredial_attempts 0\n",
               s->port);
}

static void account_text(const struct softphone *s, struct buf *out)
{
    if (s->name[0] != '\0')
        buf_printf(out, "\"%s\" ", s->name);
    buf_printf(out, "<%s>;regint=%d;answermode=manual;call_transfer=no", s->account, s->no_register ? 0 : 3600);
    if (s->password != NULL) { /* a user without a password makes it ask on a terminal */
        struct str user = str_skip(str_of(s->account), 4);
        user.len = str_find(user, '@');
        if (s->user[0] != '\0')
            user = str_of(s->user);
        buf_printf(out, ";auth_user=%.*s;auth_pass=%s", STR_ARG(user), s->password);
    }
    buf_add_char(out, '\n');
}

void softphone_caller(const struct softphone *s, const char *caller, struct buf *ret_aor, struct buf *ret_line)
{
    const char *host = strchr(s->account, '@');
    struct softphone other = *s;
    if (caller[0] == '+')
        buf_printf(ret_aor, "sip:%s%s", caller, host != NULL ? host : "");
    else
        buf_add_text(ret_aor, caller[0] != '\0' ? caller : s->account);
    other.account = ret_aor->at;
    other.no_register = s->no_register || caller[0] == '+';
    if (s->user[0] == '\0' && caller[0] == '+') { /* the number is shown, the account still logs in */
        struct buf user;
        struct str own = str_skip(str_of(s->account), 4);
        buf_init(&user);
        buf_add(&user, own.at, str_find(own, '@'));
        other.user = user.at;
        account_text(&other, ret_line);
        buf_done(&user);
    } else {
        account_text(&other, ret_line);
    }
    ret_line->at[--ret_line->len] = '\0'; /* its line's end */
    /* baresip knows an account by its address without what follows */
    size_t end = str_find(buf_str(ret_aor), ';');
    buf_splice(ret_aor, end, ret_aor->len - end, "", 0);
}

bool softphone_write(const struct softphone *s, int sip_port, struct error *err)
{
    struct buf text;
    buf_init(&text);
    config_text(s, sip_port, &text);
    bool ok = file_write(s->dir, "config", buf_str(&text), err);
    buf_clear(&text);
    account_text(s, &text);
    ok = ok && file_write(s->dir, "accounts", buf_str(&text), err) && file_write(s->dir, "contacts", STR(""), err);
    explicit_bzero(text.at, text.len);
    buf_done(&text);
    return ok;
}
