#!/bin/sh
# SPDX-License-Identifier: MIT
# The ban of include/calldeck/banned.h holds: every function it names stops the compiler, and every C file gets it.
. "$(dirname -- "$0")/common"

compiles() {
    printf '%s\n' "$1" | "$CC" -std=c17 -D_GNU_SOURCE -include include/calldeck/banned.h -fsyntax-only -x c - 2>/dev/null
}
compiles 'int main(void) { return (int)strlen("fine"); }' || echo "banned.h: refuses a harmless file" >>"$faults"
for name in $(sed -n 's/^#define \([a-z0-9_]*\)(\.\.\.).*/\1/p' include/calldeck/banned.h); do
    compiles "int f(void); int f(void) { return (int)(long)$name(0); }" && echo "banned.h: $name compiles" >>"$faults"
done
# those that house rules name must be among them
for name in strcpy strcat sprintf gets strtok system popen atoi localtime gmtime ctime rand; do
    grep -q "^#define $name(" include/calldeck/banned.h || echo "banned.h: $name is not banned" >>"$faults"
done
if [ -e "$BUILD/compile_commands.json" ]; then
    tr -d '\n' <"$BUILD/compile_commands.json" | sed 's/},{/}\n{/g; s/}, *{/}\n{/g' |
        grep -E '"file": "[^"]*/src/[a-z]+/[^"]*\.c"' | grep -v 'banned\.h' |
        sed -n 's|.*"file": "[^"]*/\(src/[^"]*\)".*|\1: is compiled without banned.h|p' >>"$faults"
fi
# nobody takes the ban off
for file in $(find src -name '*.[ch]'); do
    c_code "$file" | grep -nE '^[ \t]*#[ \t]*undef[ \t]+(strcpy|strcat|sprintf|atoi|system|popen)' | sed "s|^|$file:|" >>"$faults"
done
lint_end
