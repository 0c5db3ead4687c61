#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts parse, are executable where they are started by name, and shellcheck, if it is there, finds nothing.
. "$(dirname -- "$0")/common"

for script in run tests/run src/setup.sh tests/lint/common tests/lint/*.sh; do
    sh -n "$script" 2>>"$faults"
done
for script in run tests/run .ci/run; do
    [ -x "$script" ] || echo "$script: not executable, chmod +x" >>"$faults"
done
if command -v shellcheck >/dev/null 2>&1; then
    # sourced files are read with their users; ls-like uses of find are meant: our file names have no blanks
    shellcheck -x -P . -P src -P tests/lint -s sh -e SC1090,SC1091,SC2154,SC2044,SC2034,SC2013 -f gcc run tests/run src/setup.sh tests/lint/*.sh >>"$faults"
fi
lint_end
