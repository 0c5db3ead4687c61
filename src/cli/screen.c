/* SPDX-License-Identifier: MIT */
/* The dashboard and its picture: stands in until the screen is there. */
#include "session.h"

bool run_dashboard(struct session *s, const char *import_path, struct error *err)
{
    (void)s;
    (void)import_path;
    return error_set(err, ERR_USAGE, "this calldeck has no screen yet; calldeck --help shows the commands");
}

bool run_screenshot(struct session *s, const char *import_path, struct error *err)
{
    return run_dashboard(s, import_path, err);
}
