#!/bin/sh
# lint.sh: what can be said without running anything: rooms, lengths, words, shellcheck, warnings of gcc
# and clang (errors here), clang-tidy, cppcheck. A tool that is not installed is skipped, by name.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
fail() { echo "lint: $*" >&2; bad=1; }
have() { command -v "$1" >/dev/null 2>&1 || { echo "lint: no $1 here: skipped" >&2; return 1; }; }

sh scripts/deps.sh || fail "rooms"
sh scripts/lengths.sh || fail "lengths"
sh scripts/words.sh || fail "words"
if have shellcheck; then
    shellcheck -s sh scripts/*.sh scripts/stsfit-fetch tests/*.sh .ci/run || fail "shellcheck"
    # cases are run by `sh -eu` with variables of the runner's; they show what `ls` and pipes give, and
    # stderr alone by 2>&1 > FILE
    shellcheck -s sh -e SC2154,SC2148,SC2153,SC2034,SC2086,SC2046,SC2012,SC2010,SC2002,SC2069 \
        tests/cli/*.sh || fail "shellcheck of tests/cli"
fi
for cc in gcc clang; do
    if have $cc; then
        "${MAKE:-make}" -s -k -j2 MODE=lint CC=$cc BUILD=build/lint-$cc lint-objects ||
            fail "warnings of $cc"
    fi
done
# What had no findings is not read again until it, a header or a flag changes.
if have clang-tidy; then
    "${MAKE:-make}" -s -k -j2 MODE=lint BUILD=build/lint-tidy lint-tidy || fail "clang-tidy"
fi
if have cppcheck; then
    mkdir -p build/lint-cppcheck
    cppcheck -q -j 2 --cppcheck-build-dir=build/lint-cppcheck --std=c11 --error-exitcode=1 \
        --enable=warning,portability --inline-suppr --suppress=missingIncludeSystem \
        --suppress=internalAstError --suppress=unknownMacro -Ilib cmd lib || fail "cppcheck"
fi
[ $bad -eq 0 ] && echo "lint: clean"
exit $bad
