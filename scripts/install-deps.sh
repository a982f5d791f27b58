#!/bin/sh
# install-deps.sh [--test] [--mpi] [--bf16] [--check]: installs what the build needs, with the
# system's package manager (apt, dnf, pacman, apk or brew). Installs only what is missing; --check
# only reports it, and exits 1 if it is. --test adds Criterion and OpenBLAS in other builds,
# --mpi MPI, --bf16 oneDNN.
set -eu

say() { echo "install-deps: $*" >&2; }
die() { say "$*"; exit 1; }

test='' mpi='' bf16='' check=''
for arg in "$@"; do
    case $arg in
        --test) test=1 ;;
        --mpi) mpi=1 ;;
        --bf16) bf16=1 ;;
        --check) check=1 ;;
        -h|--help) sed -n '2,5s/^# //p' "$0"; exit 0 ;;
        *) say "unknown option '$arg' (try --help)"; exit 2 ;;
    esac
done

manager=''
for m in apt-get dnf pacman apk brew; do
    if command -v "$m" >/dev/null 2>&1; then manager=$m; break; fi
done

# For each manager: the packages of the build and of the three options, and how to ask for one.
case $manager in
    apt-get)
        base='gcc libc6-dev make pkg-config libopenblas-dev zlib1g-dev libutf8proc-dev libpcre2-dev
              libzip-dev'
        for_test='libcriterion-dev libcjson-dev libopenblas0-pthread libopenblas0-openmp locales'
        for_mpi='libopenmpi-dev openmpi-bin' for_bf16='libdnnl-dev'
        has() {
            dpkg-query -W -f='${Status}\n' "$1" 2>/dev/null | grep -q ' installed$'
        }
        put() { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
                apt-get install -q -y --no-install-recommends "$@"; } ;;
    dnf)
        base='gcc make pkgconf-pkg-config openblas-devel zlib-devel utf8proc-devel
              pcre2-devel libzip-devel'
        for_test='cjson-devel openblas-threads openblas-openmp' for_mpi='openmpi-devel' for_bf16='onednn-devel'
        has() { rpm -q --whatprovides "$1" >/dev/null 2>&1; }
        put() { as_root dnf install -y "$@"; } ;;
    pacman)
        base='gcc make pkgconf openblas zlib libutf8proc pcre2 libzip'
        for_test='criterion cjson' for_mpi='openmpi' for_bf16='onednn'
        has() { pacman -T "$1" >/dev/null 2>&1; }
        put() { as_root pacman -Sy --needed --noconfirm "$@"; } ;;
    apk)
        base='gcc musl-dev make pkgconf openblas-dev zlib-dev utf8proc-dev pcre2-dev libzip-dev'
        for_test='cjson-dev' for_mpi='openmpi openmpi-dev' for_bf16='onednn-dev'
        has() { apk info -e "$1" >/dev/null 2>&1; }
        put() { as_root apk add --update-cache "$@"; } ;;
    brew)       # Apple's own clang has no OpenMP: Homebrew's gcc builds it, `make CC=gcc-14` or so
        base='gcc make pkgconf openblas zlib utf8proc pcre2 libzip'
        for_test='criterion cjson' for_mpi='open-mpi' for_bf16='onednn'
        has() { brew list --versions "$1" >/dev/null 2>&1; }
        put() { brew install "$@"; } ;;     # refuses to run as root
    *)
        die "none of apt-get, dnf, pacman, apk, brew is here. Needed: a C11 compiler with OpenMP," \
            "make, pkg-config, OpenBLAS, zlib, utf8proc, PCRE2, libzip (for tests: Criterion, cJSON)" ;;
esac

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else die "need root to install, and there is no sudo; as root, run: $0 $options"
    fi
}
options="$*"

if [ "$test" ] && [ "${for_test#*criterion}" = "$for_test" ] && ! pkg-config --exists criterion 2>/dev/null; then
    say "Criterion (for the tests) is no package of this system: build it from its source"
fi
missing=''
# shellcheck disable=SC2086   # lists of names, split on purpose
for package in $base ${test:+$for_test} ${mpi:+$for_mpi} ${bf16:+$for_bf16}; do
    has "$package" || missing="$missing $package"
done
if [ -z "$missing" ]; then
    say "everything is there"
    exit 0
fi
if [ "$check" ]; then
    die "missing:$missing"
fi
say "installing with $manager:$missing"
# shellcheck disable=SC2086
put $missing || die "$manager could not install:$missing"
for package in $missing; do
    has "$package" || die "$package is still missing after $manager ran"
done
say "done"
