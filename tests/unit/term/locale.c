/* SPDX-License-Identifier: MIT */
/* Columns are measured by libc, so the whole program works in a UTF-8 locale, as main's does. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static __attribute__((constructor)) void locale_utf8(void)
{
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL && setlocale(LC_CTYPE, "en_US.UTF-8") == NULL) {
        fputs("no UTF-8 locale\n", stderr);
        exit(2);
    }
}
