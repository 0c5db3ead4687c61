#!/bin/sh
# SPDX-License-Identifier: MIT
# What the program prints of its tables is what is committed: the man page, the sample of a config file, and the parts of
# README.md between "<!-- made by: calldeck manual PAGE -->" and "<!-- end -->". UPDATE=1 rewrites them.
. "$(dirname -- "$0")/common"

program=$BUILD/bin/calldeck
[ -x "$program" ] || { echo "$program: not there, build first" >>"$faults"; lint_end; }
made=$(mktemp -d) || exit 1
trap 'rm -rf "$faults" "$made"' EXIT

# compare FILE: with $made/new
compare() {
    cmp -s "$made/new" "$1" && return
    if [ -n "${UPDATE-}" ]; then
        cat "$made/new" >"$1"
        return
    fi
    echo "$1: is not what the program prints; UPDATE=1 sh tests/lint/manual.sh writes it anew:" >>"$faults"
    diff "$1" "$made/new" 2>&1 | sed -n '1,12s/^/    /p' >>"$faults"
}

for page in man/calldeck.1 conf/calldeck.conf; do
    name=${page%%/*}
    "$program" manual "$name" >"$made/new" || echo "calldeck manual $name: fails" >>"$faults"
    compare "assets/$page"
done

# README.md with every marked part printed anew
awk -v program="$program" '
    /^<!-- made by: calldeck manual [a-z]+ -->$/ {
        print; print ""; blank = 1
        command = program " manual " $6
        while ((command | getline line) > 0) { print line; blank = line == "" }
        close(command)
        if (!blank) print ""
        made = 1; parts++
        next
    }
    /^<!-- end -->$/ { made = 0 }
    !made { print }
    END { if (made) { print "README.md: a part that is made has no <!-- end -->" >"/dev/stderr"; exit 1 }
          if (!parts) { print "README.md: no part is made, see tests/lint/manual.sh" >"/dev/stderr"; exit 1 } }
' README.md >"$made/new" 2>>"$faults" && compare README.md

# the man page as man itself sees it
if command -v man >/dev/null 2>&1 && command -v groff >/dev/null 2>&1; then
    MANROFFSEQ='' man --warnings -E UTF-8 -l -Tutf8 -Z assets/man/calldeck.1 2>&1 >/dev/null |
        sed 's/^/assets\/man\/calldeck.1: /' >>"$faults"
fi
lint_end
