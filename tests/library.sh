#!/bin/sh
# library.sh: programs that use the library as outsiders do (tests/library), linked with the shared
# library, which hides what stsfit.h does not declare; and the program itself linked so.
set -u
cd "$(dirname "$0")/.." || exit 1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh
BUILD=${BUILD:-build/release}
MODE=${MODE:-release}
library=$(find "$BUILD" -maxdepth 1 \( -name 'libstsfit.so.*' -o -name 'libstsfit.*.dylib' \) | head -n 1)
case "$MODE" in
    asan) sanitize='-fsanitize=address,undefined' ;;
    tsan) sanitize='-fsanitize=thread' ;;
    *) sanitize='' ;;
esac
[ "$library" ] || { fail "there is a shared library in $BUILD"; tally; exit 1; }
ln -s "$PWD/$library" "$temp/libstsfit.so"
ln -s "$PWD/$library" "$temp/$(objdump -p "$library" | sed -n 's/^ *SONAME *//p')"
export LD_LIBRARY_PATH="$temp"

declared() { # the functions of stsfit.h
    ${CC:-cc} -E -P lib/stsfit.h | sed '/^#/d' | tr '\n' ' ' | sed 's/typedef[^{;]*;//g' | tr ';{' '\n\n' |
        sed -n 's/^[^(]*[ *]\(sts_[a-z0-9_]*\)(.*/\1/p' | sort
}
exported() { nm -D --defined-only "$library" | sed -n 's/^[0-9a-f]* [A-Z] //p' | grep -v '^_' | sort; }
same_names() {
    declared > "$temp/declared"
    exported > "$temp/exported"
    [ "$(wc -l < "$temp/declared")" -gt 30 ] && diff "$temp/declared" "$temp/exported"
}
soname() {
    version=$(sed -n 's/.*STSFIT_VERSION "\(.*\)".*/\1/p' lib/stsfit.h)
    objdump -p "$library" | grep -q "SONAME *libstsfit.so.${version%%.*}\$"
}
build() { # NAME [FLAGS...]: of tests/library, as $temp/NAME
    name=$1
    shift
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -g $sanitize -Ilib "tests/library/$name.c" -o "$temp/$name" \
        -L"$temp" -lstsfit -lm -lpthread -ldl "$@"
}
runs() { # NAME FLAGS -- ARGUMENTS...: builds it and runs it
    name=$1
    flags=$2
    shift 3
    # shellcheck disable=SC2086
    build "$name" $flags && "$temp/$name" "$@"
}
program() {
    ${MAKE:-make} -s --no-print-directory MODE="$MODE" LINK=shared PROGRAM="$BUILD/stsfit-shared" "$BUILD/stsfit-shared" &&
        "$BUILD/stsfit-shared" eval -m data/tiny-bert data/sts-dev.tsv > "$temp/table" && grep -q sts-dev "$temp/table"
}

if [ "$(uname -s)" = Linux ]; then
    try "the shared library exports what stsfit.h declares, and nothing else" same_names
    try "its soname has the major version" soname
else
    skip "the shared library's symbols" "not on this system"
fi
try "the program works with the shared library" program
if pkg-config --exists libcjson; then
    # shellcheck disable=SC2046
    try "a host's cJSON keeps its own hooks" runs hooks "$(pkg-config --cflags --libs libcjson)" -- "$library" data/tiny-bert
else
    skip "a host's cJSON keeps its own hooks" "there is no cJSON"
fi
tally
