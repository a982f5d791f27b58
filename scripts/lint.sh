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
flags="-std=c11 -fopenmp -Ilib -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -D_GNU_SOURCE
       $(pkg-config --cflags openblas libzip 2>/dev/null)"
if echo '#include <dnnl.h>' | cc -E - > /dev/null 2>&1; then flags="$flags -DSTS_BF16"; fi
if have clang-tidy; then
    # shellcheck disable=SC2086   # words on purpose
    tidy='flags=$1; shift; clang-tidy --quiet --warnings-as-errors="*" "$@" -- $flags 2>/dev/null'
    # what analyzer.h says of functions, the files that define them cannot be read with
    find cmd lib -name '*.c' ! -path lib/core/err.c ! -path lib/core/mem.c | sort |
        xargs -P 2 -n 8 sh -c "$tidy" sh "$flags -include tests/tools/analyzer.h" || fail "clang-tidy"
    sh -c "$tidy" sh "$flags" lib/core/err.c lib/core/mem.c || fail "clang-tidy"
fi
if have cppcheck; then
    cppcheck -q -j 2 --std=c11 --error-exitcode=1 --enable=warning,portability --inline-suppr \
        --suppress=missingIncludeSystem \
        --suppress=internalAstError --suppress=unknownMacro -Ilib cmd lib || fail "cppcheck"
fi
[ $bad -eq 0 ] && echo "lint: clean"
exit $bad
