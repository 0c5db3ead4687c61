#!/bin/sh
# SPDX-License-Identifier: MIT
# SQL is written in assets/sql and in the store's statement tables, nowhere else.
. "$(dirname -- "$0")/common"

words='(SELECT [a-z(*:]|INSERT (OR [A-Z]+ )?INTO |UPDATE [a-z_]+ SET |DELETE FROM |CREATE (TABLE|INDEX|TRIGGER|VIEW|VIRTUAL|TEMP)|DROP (TABLE|INDEX)|ALTER TABLE|ATTACH )'
# The store's own code opens files and begins transactions, where there is no statement yet.
handling='(PRAGMA [a-z]|BEGIN (IMMEDIATE|EXCLUSIVE)|VACUUM)'
find src include -name '*.[ch]' -o -name '*.cc' -o -name '*.def' | sort | while read -r file; do
    case $file in
    src/store/statements/*) continue ;;
    src/store/*) found="\"[^\"]*\\b$words" ;;
    *) found="\"[^\"]*\\b($words|$handling)" ;;
    esac
    grep -nE "$found" "$file" | sed "s|^\([0-9]*\):.*|$file:\1: SQL outside the statement tables, move it to src/store/statements|"
done >>"$faults"
lint_end
