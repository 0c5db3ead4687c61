#!/bin/sh
# SPDX-License-Identifier: MIT
# What the objects really call: SQLite in store, curses in term, clocks, output and the locale only where allowed.
. "$(dirname -- "$0")/common"

for library in "$BUILD"/lib/libcalldeck_*.a; do
    floor=${library##*/libcalldeck_}
    floor=${floor%.a}
    grep -q "^floor $floor\b" tests/lint/floors.txt || continue
    # "floor/object.c symbol" for every symbol that is called but not defined there
    nm -A -u "$library" 2>/dev/null | sed -n "s|^.*:\([^:]*\)\.o: *U \([^@]*\).*|$floor/\1 \2|p"
done | while read -r file symbol; do
    rule=
    case $symbol in
    sqlite3_*) [ "${file%%/*}" = store ] || echo "src/$file: calls $symbol, only store speaks to SQLite" ;;
    initscr | newterm | endwin | delscreen | set_term | stdscr | curscr | newscr | COLS | LINES | w[a-z]*_wch | w[a-z]*str | \
        waddch | wmove | wrefresh | wnoutrefresh | doupdate | wattr* | start_color | init_pair | setupterm | tigetstr | tputs | tparm)
        [ "${file%%/*}" = term ] || echo "src/$file: calls $symbol, only term knows curses" ;;
    time | clock | clock_gettime | gettimeofday | timespec_get | ftime) rule='clock' ;;
    stdout | stderr | printf | vprintf | puts | putchar | perror | __printf_chk | __vprintf_chk) rule='print' ;;
    setlocale | uselocale | newlocale) rule='locale' ;;
    esac
    [ -z "$rule" ] || allowed "$rule" "$file" ||
        case $rule in
        clock) echo "src/$file: calls $symbol, take now as a parameter (or list it in tests/lint/allowed.txt)" ;;
        print) echo "src/$file: uses $symbol, say it in a struct error (or list it in tests/lint/allowed.txt)" ;;
        locale) echo "src/$file: calls $symbol, only main sets the locale" ;;
        esac
done >>"$faults"
set -- "$BUILD"/lib/libcalldeck_*.a
[ -e "$1" ] || echo "$BUILD: no libraries there, build first" >>"$faults"
lint_end
