#!/bin/sh
# SPDX-License-Identifier: MIT
# Nothing names a path of the machine it was written on.
. "$(dirname -- "$0")/common"

own_files | grep -v '^tests/lint/paths.sh$' | xargs grep -nEI '(^|[^a-zA-Z0-9_.$}])/(home|root|work|Users|mnt|media)/[a-zA-Z0-9_]' /dev/null |
    sed 's/:\([0-9]*\):.*/:\1: a path of one machine/' >>"$faults"
lint_end
