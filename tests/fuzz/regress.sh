#!/bin/sh
# regress.sh HARNESS...: the seeds and former findings of each, once. The last line counts harnesses.
set -u
cd "$(dirname "$0")/../.." || exit 1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 ASAN_OPTIONS=allocator_may_return_null=1
passed=0 failed=0
for h in "$@"; do
    if find "${FUZZ_DIR:-build/fuzz}/seeds/$h" tests/fuzz/regress -path "*/$h/*" -type f -print0 |
        xargs -0 "${BUILD:-build/release}/regress-$h"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $h"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
