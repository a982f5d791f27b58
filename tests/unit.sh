#!/bin/sh
# unit.sh: the Criterion tests, JOBS (default 2) at a time; arguments go to Criterion.
set -u
"$BUILD/unit" -j"${JOBS:-2}" --color=never --verbose "$@" 2>&1 | awk '
/^\[SKIP\].*Test is disabled/ || /^\[RUN / || /^\[====\] Running/ { next }
/^\[SKIP\]/ { skipped++ }
/^\[PASS\]/ { if (++done % 25 == 0) { print "unit: " done " tests have passed"; fflush() } next }
/Synthesis: Tested:/ { tested = $4; passed = $7; next }
{ print; fflush() }
END {
    if (tested == 0) tested = passed + 1 # it did not come to an end
    printf "%d passed, %d failed%s\n", passed, tested - passed, skipped ? ", " skipped " skipped" : ""
    exit tested != passed
}'
