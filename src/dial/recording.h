/* SPDX-License-Identifier: MIT */
/*
 * The files of recorded calls. baresip 1.0 can only record from a call's first sound on, for it looks at its filters when
 * the sound starts: so it writes into a folder that nobody else can read, and what is there for a call goes at the call's
 * end. A yes makes silence of what was said before it and takes the files out of that folder, while they grow on.
 */
#ifndef CALLDECK_DIAL_RECORDING_H
#define CALLDECK_DIAL_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "calldeck/error.h"

/* What no call has taken yet is this call's: its sound has just started. */
void recording_claim(const char *raw, int64_t call);
/* The call is over, or may not be recorded. */
void recording_drop(const char *raw, int64_t call);
/* What no call has, and what a crash left. */
void recording_sweep(const char *raw);
/* dir/NAME-us.wav and dir/NAME-them.wav, 0600. NOT_FOUND: nothing was recorded of that call. */
bool recording_keep(const char *raw, int64_t call, const char *dir, const char *name, struct error *err);
void recording_forget(const char *dir, const char *name);

#endif
