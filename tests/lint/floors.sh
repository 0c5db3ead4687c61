#!/bin/sh
# SPDX-License-Identifier: MIT
# Each floor includes only downward; libraries are included where they belong; CMake says the same as floors.txt.
. "$(dirname -- "$0")/common"
table=tests/lint/floors.txt

# file:line:name of every include, <> and "" told apart by the first letter of the name
find src include/calldeck -name '*.[ch]' -o -name '*.cc' -o -name '*.def' | sort | while read -r file; do
    awk -v file="$file" '/^[ \t]*#[ \t]*include[ \t]*["<]/ {
        name = $0; sub(/^[^"<]*/, "", name); sub(/[">][^">]*$/, "", name); print file " " NR " " name }' "$file"
done | awk -v table="$table" '
    BEGIN {
        while ((getline line < table) > 0) {
            n = split(line, w, " ")
            if (w[1] == "floor") { known[w[2]] = 1; for (i = 3; i <= n; i++) may[w[2], w[i]] = 1 }
            if (w[1] == "headers") for (i = 3; i <= n; i++) { if (w[i] in home) print table ": " w[i] " is listed twice"; home[w[i]] = w[2] }
            if (w[1] == "system") for (i = 3; i <= n; i++) only[w[i]] = w[2]
        }
    }
    {
        file = $1; where = $1 ":" $2; kind = substr($3, 1, 1); name = substr($3, 2)
        if (file ~ /^include/) { base = file; sub(/.*\//, "", base); floor = home[base]; if (floor == "") next }
        else { floor = file; sub(/^src\//, "", floor); if (!sub(/\/.*/, "", floor)) next }  # main.c may include all
        if (!(floor in known)) { print where ": no floor \"" floor "\" in " table; next }
        if (kind == "<") {
            if (name in only && only[name] != floor) print where ": <" name "> belongs to " only[name] " alone, go through its header"
            if (name ~ /^calldeck\//) print where ": our own headers are included with quotes"
            next
        }
        if (name ~ /^calldeck\//) {
            sub(/^calldeck\//, "", name)
            if (!(name in home)) print where ": \"calldeck/" name "\" belongs to no floor, list it in " table
            else if (home[name] != floor && !((floor, home[name]) in may))
                print where ": " floor " may not include \"calldeck/" name "\", which belongs to " home[name]
        } else if (name ~ /\.\./ || name ~ /^\//) print where ": \"" name "\" reaches out of its folder, make it a public header"
        else {
            dir = file; sub(/\/[^\/]*$/, "", dir)
            if (system("test -e " dir "/" name) != 0 && name !~ /^(migrations|windows|cadences)\.inc$/ && system("test -e src/" floor "/" name) != 0)
                print where ": \"" name "\" is not in " dir
        }
    }' >>"$faults"

# every public header is listed
for header in include/calldeck/*; do
    name=${header##*/}
    grep -qE "^headers .*\b$name( |\$)" "$table" || echo "$header: belongs to no floor, list it in $table" >>"$faults"
done
# CMake links what floors.txt allows
awk '/^calldeck_floor\(/ { line = $0; sub(/^calldeck_floor\(/, "", line); sub(/\).*/, "", line); sub(/ LIBS.*/, "", line)
    sub(/ +BELOW/, "", line); gsub(/ +/, " ", line); sub(/ $/, "", line); print "floor " line }' src/CMakeLists.txt | sort >"$faults.cmake"
grep '^floor ' "$table" | sort >"$faults.table"
diff "$faults.cmake" "$faults.table" | sed -n 's|^< |src/CMakeLists.txt: differs from floors.txt: |p; s|^> |tests/lint/floors.txt: differs from src/CMakeLists.txt: |p' >>"$faults"
rm -f "$faults.cmake" "$faults.table"
lint_end
