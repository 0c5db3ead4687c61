/* SPDX-License-Identifier: MIT */
/* What a softphone's control port may send: any bytes, while a call is on. floors: base text model dial */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/dial/baresip.h"
#include "calldeck/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void text_is_harmless(const char *text)
{
    must(utf8_valid(str_of(text)));
    for (; *text != '\0'; text++)
        must((unsigned char)*text >= 0x20 && *text != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dialer *d = dialer_open(&(struct dial_config){.kind = "baresip", .baresip_address = "127.0.0.1:1"}, NULL);
    must(d != NULL);
    struct baresip *b = d->state;
    b->connected = b->audio_known = b->audio_good = b->register_known = b->registered = b->lines_known = true;
    b->stage = STAGE_READY;
    d->line = DIAL_LINE_UP;
    d->now_ms = 0;
    dial_place(d, 11, 1, "+15550100", "", NULL);
    size_t half = size / 2;
    bool goes_on = baresip_take(d, str_make((const char *)data, half));
    dial_mute(d, 11, true, NULL);
    if (goes_on)
        baresip_take(d, str_make((const char *)data + half, size - half));
    struct dial_event e;
    int ended = 0;
    while (dial_next_event(d, &e)) {
        text_is_harmless(e.text);
        text_is_harmless(e.name);
        must(strspn(e.number, "+0123456789*#") == strlen(e.number));
        must(e.outcome != NULL && (e.call == 11 || e.call <= 0));
        ended += e.call == 11 && e.kind == DIAL_EVENT_ENDED;
    }
    must(ended <= 1 && (ended == 0 || dial_state(d, 11) == LINE_IDLE));
    b->connected = false;
    dialer_close(d);
    return 0;
}
