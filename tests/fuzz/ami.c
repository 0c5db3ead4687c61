/* SPDX-License-Identifier: MIT */
/* What a manager may send: any bytes, while a call is on. floors: base text model dial */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../src/dial/ami.h"
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

/* The backend reads a secret from a file of its own; once is enough. */
static struct dialer *dialer_of_a_file(void)
{
    char path[] = "ami-secret-XXXXXX";
    int fd = mkstemp(path);
    must(fd >= 0 && write(fd, "x\n", 2) == 2);
    close(fd);
    struct dialer *d = dialer_open(&(struct dial_config){.kind = "ami",
                                                         .ami_address = "127.0.0.1:1",
                                                         .ami_user = "u",
                                                         .ami_secret_file = path,
                                                         .ami_channel = "SIP/rep",
                                                         .ami_context = "outbound"}, NULL);
    unlink(path);
    must(d != NULL);
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dialer *d = dialer_of_a_file();
    struct ami *a = d->state;
    a->stage = AMI_READY;
    d->line = DIAL_LINE_UP;
    d->now_ms = 0;
    must(dial_place(d, 4711, 1, "+15550100", "", NULL));
    struct line_call *c = line_call_find(d, 4711);
    memcpy(c->tag, "rd-4711-1", sizeof "rd-4711-1");
    size_t half = size / 2;
    if (ami_take(d, str_make((const char *)data, half)))
        ami_take(d, str_make((const char *)data + half, size - half));
    struct dial_event e;
    int ended = 0;
    while (dial_next_event(d, &e)) {
        text_is_harmless(e.text);
        text_is_harmless(e.name);
        must(strspn(e.number, "+0123456789*#") == strlen(e.number));
        ended += e.call == 4711 && e.kind == DIAL_EVENT_ENDED;
    }
    must(ended <= 1 && (ended == 0 || dial_state(d, 4711) == LINE_IDLE));
    dialer_close(d);
    return 0;
}
