/* SPDX-License-Identifier: MIT */
/* For a phone that is not ours: a square that its camera reads. And where the dialer may keep what it needs while it runs. */
#include <stdlib.h>
#include <string.h>

#include <qrencode.h>

#include "calldeck/dial.h"

bool dial_qr(const char *number, struct dial_qr *ret, struct error *err)
{
    char clean[DIAL_NUMBER_SIZE];
    if (!number_clean(str_of(number), clean, err))
        return false;
    struct buf uri;
    buf_init(&uri);
    buf_add_text(&uri, "tel:");
    for (const char *p = clean; *p != '\0'; p++)
        if (*p == '#')
            buf_add_text(&uri, "%23");
        else
            buf_add_char(&uri, *p);
    /* the lowest correction: a screen has no scratches, and fewer modules fit a terminal */
    QRcode *code = QRcode_encodeString8bit(uri.at, 0, QR_ECLEVEL_L);
    buf_done(&uri);
    if (code == NULL || code->width > DIAL_QR_MOST) {
        QRcode_free(code);
        return error_set(err, ERR_IO, "cannot draw \"%s\" as a square", clean);
    }
    *ret = (struct dial_qr){.size = code->width};
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            ret->dark[row][column] = (code->data[row * code->width + column] & 1) != 0;
    QRcode_free(code);
    return true;
}

bool dial_runtime_dir(struct buf *out)
{
    static const struct {
        const char *variable, *below;
    } places[] = {{"XDG_RUNTIME_DIR", "/calldeck"}, {"XDG_STATE_HOME", "/calldeck"}, {"HOME", "/.local/state/calldeck"}};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *dir = getenv(places[i].variable);
        if (dir == NULL || dir[0] != '/')
            continue;
        buf_clear(out);
        buf_add_text(out, dir);
        buf_add_text(out, places[i].below);
        return true;
    }
    return false;
}
