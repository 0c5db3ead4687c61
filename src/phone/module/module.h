/* SPDX-License-Identifier: MIT */
/*
 * The three symbols of lib/calldeck/phone.so: C on both sides, so that neither knows the other's language.
 *
 * No exception leaves them and nothing is printed. The module is never unloaded: libphonenumber and protobuf keep
 * singletons that do not survive it.
 */
#ifndef CALLDECK_PHONE_MODULE_H
#define CALLDECK_PHONE_MODULE_H

#include <stddef.h>

#include "calldeck/phone.h"

enum phone_verdict {
    PHONE_IS,
    PHONE_NOT_A_NUMBER,
    PHONE_NEEDS_COUNTRY,   /* no region given, and no country code in it */
    PHONE_UNKNOWN_COUNTRY, /* +999... */
    PHONE_NEEDS_AREA,      /* complete only inside its own town */
    PHONE_TOO_SHORT,
    PHONE_TOO_LONG,
    PHONE_WRONG_LENGTH,
    PHONE_FAILED,          /* an exception; out of memory, most likely */
};

#ifdef __cplusplus
extern "C" {
#endif

/* A module of another build is refused before it writes into a struct of another shape. */
enum { PHONE_MODULE_ABI = 1 << 16 | (int)sizeof(struct phone_number) };
int phone_module_abi(void);
/* region: "SA" or "". Fills ret only for PHONE_IS. */
enum phone_verdict phone_module_parse(const char *text, size_t len, const char *region, struct phone_number *ret);

#ifdef __cplusplus
}
#endif
#endif
