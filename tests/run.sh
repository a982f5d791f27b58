#!/bin/sh
# run.sh SUITE...: runs tests/SUITE.sh one after the other; `make check` calls it. Each prints what
# failed and ends with "N passed, N failed"; so does this, with the sums. Exits 1 when one failed.
set -u
cd "$(dirname "$0")/.." || exit 1
export ROOT="$PWD" LC_ALL=C
export OMP_WAIT_POLICY=passive # the tests share the processors with one another
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

passed=0 failed=0
for suite in "$@"; do
    start=$(date +%s)
    sh "tests/$suite.sh" 2>&1 | tee "$log"
    counts=$(sed -n '$s/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log")
    if [ -z "$counts" ]; then
        echo "$suite: ended without its closing line"
        counts='0 1'
    fi
    passed=$((passed + ${counts% *})) failed=$((failed + ${counts#* }))
    echo "== $suite: $(($(date +%s) - start)) s"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
