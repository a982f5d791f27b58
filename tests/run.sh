#!/bin/sh
# run.sh SUITE...: runs tests/SUITE.sh one after the other; `make check` calls it. Each prints what it
# does and ends with "N passed, N failed", and ", N skipped" where something could not run on this
# machine; so does this, with the sums. Exits 1 when a check failed.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
export ROOT="$PWD" LC_ALL=C
export OMP_WAIT_POLICY=passive # the tests share the processors with one another
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

number=0 suites=$#
for suite in "$@"; do
    number=$((number + 1))
    echo "== $suite (suite $number of $suites)"
    start=$(date +%s)
    sh "tests/$suite.sh" 2>&1 | tee "$log"
    counts=$(awk 'END {
        if (/^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/) print $1, $3, $5 + 0 }' "$log")
    [ -n "$counts" ] || { fail "$suite ended without its closing line"; continue; }
    while read -r p f s; do
        passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    done << END
$counts
END
    echo "== $suite: $(($(date +%s) - start)) s"
done
tally
