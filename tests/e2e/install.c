/* SPDX-License-Identifier: MIT */
/* `cmake --install` into a prefix of its own: everything that the program needs lies under it, and it starts from there. */
#include "terminal.h"
#include "test.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_there(const char *prefix, const char *pattern)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", prefix, pattern);
    glob_t found;
    bool there = glob(path, 0, NULL, &found) == 0;
    globfree(&found);
    return there;
}

TEST(install_puts_everything_under_the_prefix)
{
    const char *prefix = test_path("prefix");
    char *out, *err;
    const char *const argv[] = {"cmake", "--install", TEST_PREFIX, "--prefix", prefix, NULL};
    if (program_run(NULL, argv, NULL, &out, &err) != 0)
        fail_msg("cmake --install: %s%s", out, err);
    static const char *const wanted[] = {"bin/calldeck", "share/calldeck/demo/leads.csv", "lib*/calldeck/phone.so"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        /* Debian puts libraries of a package into a folder of the architecture */
        char deeper[128];
        snprintf(deeper, sizeof deeper, "lib/*%s", strchr(wanted[i], '/'));
        if (!is_there(prefix, wanted[i]) && !is_there(prefix, deeper))
            fail_msg("no \"%s\" under the prefix; installed was\n%s", wanted[i], out);
    }
    assert_false(is_there(prefix, "include"));
    assert_false(is_there(prefix, "lib/libcalldeck*"));
}
