#!/bin/sh
# SPDX-License-Identifier: MIT
# Each public header compiles alone, twice in a row, under the strict flags, with gcc and, if it is there, clang.
. "$(dirname -- "$0")/common"
: "${FLAGS:=-Wall -Wextra -Wpedantic}"

for compiler in gcc clang; do
    command -v "$compiler" >/dev/null 2>&1 || continue
    # shellcheck disable=SC2086
    for header in include/calldeck/*.h; do
        printf '#include "%s"\n#include "%s"\nextern int alone;\n' "${header#include/}" "${header#include/}" |
            "$compiler" -std=c17 -D_GNU_SOURCE -Iinclude $FLAGS -Werror -fsyntax-only -x c - >"$faults.one" 2>&1 || {
            echo "$header: does not compile alone with $compiler:"
            sed 's/^/    /' "$faults.one"
        } >>"$faults.all"
    done
done
if [ -s "$faults.all" ]; then
    cat "$faults.all" # as it is: sorting would tear the compilers' words apart
    rm -f "$faults.one" "$faults.all"
    exit 1
fi
rm -f "$faults.one" "$faults.all"
lint_end
