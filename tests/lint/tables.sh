#!/bin/sh
# SPDX-License-Identifier: MIT
# In a .def table no two rows have the same id. Rows begin in the first column: ROW(id, ...
# The tables of one folder are one table if another of them includes it (the store's statements).
. "$(dirname -- "$0")/common"

# Rows whose first word may come again: a meaning with the words for it, a state with what leads out of it.
words='COLUMN|WORD|LINE_MOVE|LINE_CAUSE'
find src include -name '*.def' | sort | while read -r file; do
    awk -v file="$file" -v words="$words" '
        $0 ~ "^(" words ")\\(" { next }
        match($0, /^[A-Z][A-Z0-9_]*\([ ]*("[^"]*"|[A-Za-z0-9_]+)/) {
            row = substr($0, RSTART, RLENGTH); gsub(/[ "]/, "", row); rows++
            print row " " file ":" NR
        }' "$file"
done | awk '{
        # one id may stand in several tables, except among the statements, which make one enum
        table = $2; sub(/:[0-9]*$/, "", table); if (table ~ /statements\//) table = "statements"
        if ((table, $1) in seen) print $2 ": " $1 " is already at " seen[table, $1]
        else seen[table, $1] = $2
    }' >>"$faults"
lint_end
