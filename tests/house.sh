#!/bin/sh
# house.sh: the rules of the house that need no compiler; one check each.
set -u
. tests/tally.sh
STSFIT=${STSFIT:-stsfit}
scripts_parse() {
    for f in scripts/*.sh scripts/stsfit-fetch tests/*.sh tests/cli/*.sh; do sh -n "$f" || return 1; done
}
man_is_current() { "./$STSFIT" man | cmp - cmd/stsfit.1; }
# Each word in the last column of the table is a test: of the command line, a unit test, a harness, ...
security_names_tests() {
    words=$(sed -n '/^| may come/,/^$/s/^|.*| \([^|]*\) |$/\1/p' SECURITY.md | sed 1,2d | tr -c 'a-zA-Z0-9_./\n-' ' ')
    [ "$words" ] || return 1
    for w in $words; do
        case $w in make | fuzz | torture | kept_files) continue ;; esac
        found=''
        for f in "tests/cli/$w.sh" "tests/unit/$w" "$w" "tests/fuzz/fuzz_$w.c" "tests/torture/$w" "tests/torture/$w.c"; do
            [ ! -f "$f" ] || found=1
        done
        [ "$found" ] || { echo "SECURITY.md: no test is called $w"; return 1; }
    done
}
try "tests that SECURITY.md names exist" security_names_tests
try "rooms include only the rooms they may" sh scripts/deps.sh
try "lines, functions and files are short" sh scripts/lengths.sh
# A key of uncovered.txt is a part of a source line, and not of a message, which may be reworded.
uncovered_is_current() {
    tab=$(printf '\t')
    while IFS="$tab" read -r key why; do
        part=${key#*.c: }
        file=''
        [ "$part" = "$key" ] || file=${key%%: *}
        case "$part" in *\"?*) why='' ;; esac
        [ "$why" ] || { echo "scripts/uncovered.txt: $key: a message, or no reason"; return 1; }
        # shellcheck disable=SC2086   # no file: all of them
        grep -qF -e "$part" ${file:-lib/*/*.c cmd/*.c} 2> /dev/null ||
            { echo "scripts/uncovered.txt: $key: no such line"; return 1; }
    done < scripts/uncovered.txt
}
try "keys of uncovered.txt are source lines" uncovered_is_current
try "words are those of the house" sh scripts/words.sh
try "shell scripts parse" scripts_parse
try "cmd/stsfit.1 is what stsfit man prints (else: make man)" man_is_current
if [ "${MODE:-release}" = release ] && [ "$(uname -s)" = Linux ]; then
    try "the program is hardened" sh tests/hardened.sh "./$STSFIT"
fi
tally
