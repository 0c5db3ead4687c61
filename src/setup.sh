# SPDX-License-Identifier: MIT
# What `run` and `tests/run` share: install what is missing, configure, build. Sourced, POSIX sh.
#
# The caller sets $root (the checkout) and $yes ("yes": do not ask). Everything is said on stderr, so that
# `./run queue --json` gives JSON alone. Nothing is printed when there is nothing to do.

# What a build and a run need: `command=package` is there if the command is, from wherever it came.
build_needs='cc=gcc c++=g++ cmake=cmake ninja=ninja-build pkg-config=pkg-config
    libncurses-dev libsqlite3-dev libutf8proc-dev libcsv-dev libphonenumber-dev
    libjansson-dev libqrencode-dev tzdata'

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# missing NEED... prints the packages that are not there. On a system without dpkg cmake says what it lacks.
missing() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    packages=
    for need; do
        case $need in
        *=*) command -v "${need%%=*}" >/dev/null 2>&1 || packages="$packages ${need#*=}" ;;
        *) packages="$packages $need" ;;
        esac
    done
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086
    there=$(dpkg-query -W -f '|${db:Status-Status} ${Package}|' $packages 2>/dev/null) || :
    for package in $packages; do
        case $there in
        *"|installed $package|"*) ;;
        *) printf ' %s' "$package" ;;
        esac
    done
}

# apt ARGS...: quiet, asks nothing, waits for another apt-get, as root or through sudo.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
        apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# install NEED...: what is missing of it, with apt-get; says what, asks before sudo.
install() {
    packages=$(missing "$@")
    [ -n "$packages" ] || return 0
    command -v apt-get >/dev/null 2>&1 || die "cannot install:$packages (no apt-get here; install them, then run this again)"
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            die "not installed:$packages (no sudo here; as root: apt-get install --no-install-recommends$packages)"
        as_root=sudo
        if [ "$yes" != yes ]; then
            [ -t 0 ] || die "not installed:$packages (run this with --yes, or in a terminal)"
            printf 'install with sudo apt-get:%s\ngo on? [Y/n] ' "$packages" >&2
            read -r answer || answer=n
            case $answer in
            '' | y | Y | yes | Yes) ;;
            *) die "not installed:$packages" ;;
            esac
        fi
        sudo -v || exit 1
    fi
    printf 'installing%s\n' "$packages" >&2
    log=$(mktemp) || exit 1
    # Package lists may be missing (a bare root) or older than the mirror: then fetch them, and once more.
    # shellcheck disable=SC2086
    apt install --no-install-recommends $packages >"$log" 2>&1 ||
        { apt update && apt install --no-install-recommends $packages; } >"$log" 2>&1 || {
        cat "$log" >&2
        rm -f "$log"
        die "apt-get failed to install:$packages (see above)"
    }
    rm -f "$log"
}

# build PRESET: configure build/PRESET if it is not, then build it. Quiet, unless it fails. Two at once take turns.
build() {
    dir=$root/build/$1
    mkdir -p "$dir" 2>/dev/null || die "cannot write \"$dir\" (take a checkout of your own)"
    exec 9>"$dir.lock" || exit 1
    if command -v flock >/dev/null 2>&1; then
        flock 9
    fi
    # A checkout that was moved or copied carries a cache that points elsewhere.
    if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt" || [ ! -e "$dir/build.ninja" ]; then
        printf 'building %s (the first time takes a minute)\n' "$dir" >&2
        rm -rf "$dir"
        mkdir "$dir" || exit 1
        logged "$1" cmake -S "$root" --preset "$1" -G Ninja || exit 1
    fi
    logged "$1" cmake --build "$dir" -- --quiet || exit 1
    exec 9>&-
}

logged() {
    log=$root/build/$1.log
    shift
    "$@" >"$log" 2>&1 </dev/null && return 0
    cat "$log" >&2
    printf 'failed: %s\n' "$*" >&2
    return 1
}
