#!/bin/sh
# SPDX-License-Identifier: MIT
# Every source file: a licence line first, at most 600 lines (a test: 900), no tabs or blanks at line ends, a newline last.
. "$(dirname -- "$0")/common"

own_files | while read -r file; do
    case $file in
    *.c | *.h | *.cc | *.def | *.sh | *.cmake | *.sql | */CMakeLists.txt | CMakeLists.txt | run | tests/run | .ci/run | tests/lint/common)
        head -n 2 "$file" | grep -q 'SPDX-License-Identifier: MIT' ||
            echo "$file:1: no SPDX line, begin with \"SPDX-License-Identifier: MIT\" in a comment" ;;
    *) continue ;;
    esac
    lines=$(wc -l <"$file")
    most=600
    case $file in
    tests/*) most=900 ;; # rows of cases are read one by one
    esac
    [ "$lines" -le $most ] || allowed length "$file" ||
        echo "$file: $lines lines, split it by verb (or list it in tests/lint/allowed.txt)"
    grep -nE '[ 	]+$' "$file" | sed "s|^\([0-9]*\):.*|$file:\1: blanks at the end|"
    case $file in
    *.c | *.h | *.cc | *.def) grep -n '	' "$file" | sed "s|^\([0-9]*\):.*|$file:\1: a tab|" ;;
    esac
    [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at the end"
done >>"$faults"
lint_end
