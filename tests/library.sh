#!/bin/sh
# library.sh: programs that use the library as outsiders do (tests/library), linked with the shared
# library, which hides what stsfit.h does not declare; and the program itself linked so.
set -u
cd "$(dirname "$0")/.." || exit 1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh
. tests/client.sh
BUILD=${BUILD:-build/release}
library=$(find "$BUILD" -maxdepth 1 \( -name 'libstsfit.so.*' -o -name 'libstsfit.*.dylib' \) | head -n 1)
[ "$library" ] || { fail "there is a shared library in $BUILD"; tally; exit 1; }
ln -s "$PWD/$library" "$temp/libstsfit.so"
ln -s "$PWD/$library" "$temp/$(objdump -p "$library" | sed -n 's/^ *SONAME *//p')"
export LD_LIBRARY_PATH="$temp"

declared() { # the functions of stsfit.h
    # shellcheck disable=SC2020   # two characters, each to a line end
    ${CC:-cc} -E -P lib/stsfit.h | sed '/^#/d' | tr '\n' ' ' | sed 's/typedef[^{;]*;//g' | tr ';{' '\n\n' | grep -v static |
        sed -n 's/^[^(]*[ *]\(sts_[a-z0-9_]*\)(.*/\1/p' | sort -u
}
exported() { # without what compilers and sanitizers add: no name in C begins with '.'
    nm -D --defined-only "$library" | sed -n 's/^[0-9a-f]* [A-Z] //p' | grep -v '^[._]' | sort
}
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
    client_c -D_GNU_SOURCE -Ilib "tests/library/$name.c" -o "$temp/$name" -L"$temp" -lstsfit -ldl "$@"
}
runs() { # NAME FLAGS -- ARGUMENTS...: builds it and runs it
    name=$1
    flags=$2
    shift 3
    # shellcheck disable=SC2086   # words
    build "$name" $flags && "$temp/$name" "$@"
}
cxx() {
    echo '#include <stsfit.h>
#include <stsfit_loss.h>
int main() { return sts_train_defaults().batch_size != 16; }' > "$temp/x.cpp"
    for standard in 11 17 20; do
        client_cxx -std=c++$standard -Ilib "$temp/x.cpp" -o "$temp/x" -L"$temp" -lstsfit && "$temp/x" || return 1
    done
}
program() {
    ${MAKE:-make} -s --no-print-directory MODE="$MODE" LINK=shared PROGRAM="$BUILD/stsfit-shared" "$BUILD/stsfit-shared" &&
        "$BUILD/stsfit-shared" eval -m data/tiny-bert data/sts-dev.tsv > "$temp/table" && grep -q sts-dev "$temp/table"
}

made() { # DIR: of files that have numbers
    mkdir "$1" && for m in xlmr camembert; do
        "$BUILD/stsfit-shared" shrink -m "tests/golden/models/$m" -o "$1/$m" --vocabulary data/sts-dev.tsv > "$1/$m.txt" &&
            "$BUILD/stsfit-shared" export -m "tests/golden/models/$m" -o "$1/$m.gguf" > "$1/$m.gguf.txt" || return 1
    done &&
        "$BUILD/stsfit-shared" train data/sts-train.tsv --dev data/sts-dev.tsv -m data/tiny-bert -o "$1/run" --threads 1 \
            --max-steps 2 --loss cosent:scale=20.5 --average ema:0.5 -q &&
        "$BUILD/stsfit-shared" eval -m "$1/run" data/sts-dev.tsv --markdown > "$1/table" &&
        rm -rf "$1"/run/checkpoint-* "$1"/run/report.* "$1/run/log.jsonl" # have times
        sed -i.was '/^sentences per second/d' "$1"/*.txt && rm "$1"/*.was
}
comma() { # a host whose numbers have commas: the same files
    client_c -fPIC -shared tests/library/comma.c -o "$temp/comma.so" && made "$temp/point" &&
        (export LOCPATH="$temp" LC_ALL=de_DE.UTF-8 LD_PRELOAD="$temp/comma.so" && made "$temp/with") &&
        sed -i.was "s|$temp/with|$temp/point|g" "$temp"/with/run/config.json "$temp"/with/*.txt "$temp/with/table" &&
        rm "$temp"/with/*.was "$temp"/with/run/*.was && diff -r "$temp/point" "$temp/with"
}

wander() { # a host that changes its working directory
    mkdir "$temp/home" "$temp/away" "$temp/away/run" "$temp/away/run/checkpoint-2" &&
        cp -r data/tiny-bert "$temp/home/model" && chmod -R u+w "$temp/home" &&
        head -n 100 data/sts-train.tsv > "$temp/home/train.tsv" && head -n 60 data/sts-dev.tsv > "$temp/home/dev.tsv" &&
        client_c -Ilib -fPIC -shared lib/examples/log_cosh.c -o "$temp/home/own.so" || return 1
    for name in train.tsv dev.tsv own.so model run/report.json run/stsfit.json run/checkpoint-2/mine search small start \
        written saved rows.part predicted page.html; do
        echo foreign > "$temp/away/$name"
    done
    cp -r "$temp/away" "$temp/as-before" && echo mine > "$temp/as-before/mine.txt" &&
        runs wander '' -- "$temp/home" "$temp/away" && diff -r "$temp/as-before" "$temp/away" || return 1
    cmp "$temp/home/still/model/model.safetensors" "$temp/home/run/model/model.safetensors" &&
        (cd "$temp/home" && ls -d own/model/model.safetensors search/tune.json small/config.json saved/config.json \
            predicted page.html && cat quiet written rows)
}

if [ "$(uname -s)" = Linux ]; then
    try "the shared library exports what stsfit.h declares, and nothing else" same_names
    try "its soname has the major version" soname
else
    skip "the shared library's symbols" "not on this system"
fi
try "the program works with the shared library" program
try "eight threads share a model and a batcher" runs threads '' -- data/tiny-bert
try "a text's embedding in any company, to the documented bound" runs company '' -- data/tiny-bert
try "a host that changes its working directory" wander
mkdir "$temp/work"
try "training on rows in memory, events, the kept model, an earlier header" runs training '' -- data/tiny-bert "$temp/work"
try "an environment's flag stops merge, distill and shrink" runs stop '' -- data/tiny-bert "$temp/work/out" data/sts-dev.tsv
try "NULL, zeros, and values out of range" runs bad '' -- data/tiny-bert "$temp/bad" data/sts-dev.tsv
try "errors that nobody asks for" runs null '' -- data/tiny-bert "$temp/nothing/there" data/sts-dev.tsv
if command -v "${CXX:-c++}" > /dev/null 2>&1; then
    try "the headers are C++, too" cxx
else
    skip "the headers are C++, too" "no c++"
fi
if [ "$sanitize" ]; then skip "a host that opens the library twenty times" "only with a library that no sanitizer watches"
else try "a host that opens the library twenty times" runs host '' -- "$PWD/$library" data/tiny-bert
fi
if [ "$sanitize" ]; then skip "a host with decimal commas" "only with a library that no sanitizer watches"
elif localedef -i de_DE -f UTF-8 "$temp/de_DE.UTF-8" 2> /dev/null; then try "a host with decimal commas gets the same files" comma
else skip "a host with decimal commas" "there is no localedef, or no German locale"
fi
if pkg-config --exists libcjson; then
    # shellcheck disable=SC2046
    try "a host's cJSON keeps its own hooks" runs hooks "$(pkg-config --cflags --libs libcjson)" -- "$library" data/tiny-bert
else
    skip "a host's cJSON keeps its own hooks" "there is no cJSON"
fi
tally
