/* SPDX-License-Identifier: MIT */
/* What the far end hears: the RTP of the rep, told apart as sound, silence and telephone events. */
#ifndef CALLDECK_TEST_SIP_EAR_H
#define CALLDECK_TEST_SIP_EAR_H

struct ear {
    int fd, port;
    int sound, silence; /* packets since ear_forget; of silence, those since the last sound */
    char tones[32];
    unsigned last; /* the stamp of the newest tone: each is sent several times */
};

/* Listens on a port of its own, which goes into far_answers. */
void ear_open(struct ear *ear);
void ear_close(struct ear *ear);
/* Takes what has come; it may be called as often as there is time. */
void ear_hear(struct ear *ear);
/* What has come until now is not counted. */
void ear_forget(struct ear *ear);

#endif
