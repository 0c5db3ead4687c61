/* SPDX-License-Identifier: MIT */
/* Random names from the kernel. There is no weaker fallback: two equal names would merge two people's histories. */
#include "calldeck/uid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct uid uid_new(void)
{
    struct uid u;
    size_t have = 0;
    while (have < sizeof u.b) {
        ssize_t got = getrandom(u.b + have, sizeof u.b - have, 0);
        if (got > 0)
            have += (size_t)got;
        else if (errno != EINTR)
            abort(); /* a kernel older than 3.17, or a filter that forbids the call */
    }
    return u;
}

int uid_compare(const struct uid *a, const struct uid *b)
{
    int order = memcmp(a->b, b->b, sizeof a->b);
    return order < 0 ? -1 : order > 0;
}

void uid_text(const struct uid *u, char ret[UID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof u->b; i++) {
        ret[2 * i] = digits[u->b[i] >> 4];
        ret[2 * i + 1] = digits[u->b[i] & 15];
    }
    ret[UID_TEXT_SIZE - 1] = '\0';
}
