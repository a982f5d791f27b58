#!/bin/sh
# unit.sh: the Criterion tests; JOBS (default 2) at a time.
set -u
out=$("$BUILD/unit" -j"${JOBS:-2}" --color=never "$@" 2>&1)
echo "$out" | grep -v Synthesis
echo "$out" | sed -n 's/.*Tested: \([0-9]*\) | Passing: \([0-9]*\) .*/\1 \2/p' | {
    read -r tested passing || { echo '0 passed, 1 failed'; exit 1; }
    echo "$passing passed, $((tested - passing)) failed"
    [ "$tested" -eq "$passing" ]
}
