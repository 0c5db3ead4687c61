#!/bin/sh
# SPDX-License-Identifier: MIT
# screenshots.sh PROGRAM SOURCE: the built program's --screenshot after the keys of screenshots/NAME.keys equals NAME.frame.
# First line of a .keys file: "# COLSxROWS EXPORT", an export of tests/data/exports. UPDATE=1 writes the frames anew.
set -eu
program=$1 source=$2
folder=$source/tests/golden/screenshots
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
at=2026-11-23T17:30:00Z
unset CALLDECK_DB NO_COLOR || :
export HOME="$home" XDG_DATA_HOME="$home" XDG_CONFIG_HOME="$home" XDG_STATE_HOME="$home" XDG_RUNTIME_DIR="$home" LOGNAME=dana USER=dana
faults=0 count=0
for keys in "$folder"/*.keys; do
    name=${keys##*/}
    name=${name%.keys}
    read -r _ size export <"$keys"
    db=$home/$export.db
    [ -e "$db" ] || "$program" --db "$db" import --audience business "$source/tests/data/exports/$export" --list spring --country US --at 2026-11-23T17:18:00Z >"$home/out" 2>&1 || {
        cat "$home/out"
        exit 1
    }
    "$program" --db "$db" --screenshot "$size" --at $at --keys "$(tail -n +2 "$keys")" >"$home/seen"
    if [ "${UPDATE:-0}" = 1 ]; then
        cp "$home/seen" "$folder/$name.frame"
    elif ! diff -u "$folder/$name.frame" "$home/seen"; then
        echo "$name differs: seen is +; UPDATE=1 writes the frames anew"
        faults=$((faults + 1))
    fi
    count=$((count + 1))
done
echo "$count screenshots, $faults differ"
[ "$count" -gt 0 ] && [ "$faults" = 0 ]
