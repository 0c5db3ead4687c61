#!/bin/sh
# SPDX-License-Identifier: MIT
# The demo list holds no number that could ring and no address that could be reached (assets/demo/ORIGIN.txt).
. "$(dirname -- "$0")/common"

# every run of digits, blanks and the usual marks that is long enough to be a number
grep -noE '[+(0-9][0-9() +.-]{7,}[0-9]' assets/demo/leads.csv | while IFS=: read -r line number; do
    digits=$(printf '%s' "$number" | tr -cd '0-9')
    case $number in
    +*) ;;
    *) digits=0${digits#0} ;; # national: with the trunk 0, which US numbers get here for the patterns' sake
    esac
    printf '%s\n' "$digits" | grep -qE '^(0|1)[2-9][0-9]{2}55501[0-9]{2}$|^(0|44)(2079460|1314960|1614960|2920180)[0-9]{3}$|^(0|49)(3023125|4066969|6990009|2214710|8999998)[0-9]{3}$|^0(17139200|176040690)[0-9]{2}$|^0(19900|26191|35301|46571|53649)[0-9]{4}$|^0(8465004|3139006|7017406)[0-9]{2}$|^0[2378](5550|7010)[0-9]{4}$|^0491570(156|313)$' ||
        echo "assets/demo/leads.csv:$line: \"$number\" is not a number reserved for examples"
done >>"$faults"
grep -noE '[^ ,"]*@[^ ,"]*' assets/demo/leads.csv | grep -v '\.example$' | sed 's/^\([0-9]*\):\(.*\)/assets\/demo\/leads.csv:\1: "\2" is not an address of .example/' >>"$faults"
# a header and at least 50 people, so that the first screen is full
[ "$(grep -c '^4[0-9]*,' assets/demo/leads.csv)" -ge 50 ] || echo "assets/demo/leads.csv: fewer than 50 people" >>"$faults"
lint_end
