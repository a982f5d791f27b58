#!/bin/sh
# run.sh HARNESS...: each for SECONDS; what it finds is left in build/fuzz/found. Prints the number
# of inputs that each tried; exits 1 when something was found.
set -u
cd "$(dirname "$0")/../.." || exit 1
dir=${FUZZ_DIR:-build/fuzz} seconds=${SECONDS:-60} found=0 total=0
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1
for h in "$@"; do
    mkdir -p "$dir/corpus/$h" "$dir/found/$h"
    "$dir/$h" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -artifact_prefix="$dir/found/$h/" -print_final_stats=1 -close_fd_mask=1 \
        "$dir/corpus/$h" "$dir/seeds/$h" $(find tests/fuzz/regress -type d -name "$h") \
        > "$dir/$h.log" 2>&1
    rc=$?
    n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$dir/$h.log")
    total=$((total + ${n:-0}))
    echo "$h: ${n:-?} inputs, $(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$dir/$h.log" | tail -1) branches, exit $rc"
    [ "$rc" -eq 0 ] || { found=1; grep -m1 -E 'ERROR|broken promise|runtime error' "$dir/$h.log"; }
done
echo "$total inputs"
exit "$found"
