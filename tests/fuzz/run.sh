#!/bin/sh
# run.sh HARNESS...: each for SECONDS; what it finds is left in build/fuzz/found. Prints the inputs
# that each tried, now and in all runs (build/fuzz/counts); exits 1 when something was found.
set -u
cd "$(dirname "$0")/../.." || exit 1
dir=${FUZZ_DIR:-build/fuzz} seconds=${SECONDS:-60} found=0 total=0
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=1:malloc_context_size=4
# Long inputs cost speed and find nothing more, but where a file is not small.
longest() {
    case $1 in safetensors | torch_zip | tokenizer) echo 32768 ;; *) echo 4096 ;; esac
}
stat() { sed -n "s/^stat::$1: *//p" "$dir/$2.log"; }
for h in "$@"; do
    mkdir -p "$dir/corpus/$h" "$dir/found/$h" "tests/fuzz/regress/$h"
    "$dir/$h" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len="$(longest "$h")" \
        -artifact_prefix="$dir/found/$h/" -print_final_stats=1 -close_fd_mask=1 \
        "$dir/corpus/$h" "$dir/seeds/$h" "tests/fuzz/regress/$h" > "$dir/$h.log" 2>&1
    rc=$?
    n=$(stat number_of_executed_units "$h")
    total=$((total + ${n:-0}))
    echo "$h ${n:-0}" >> "$dir/counts"
    echo "$h: ${n:-?} inputs, $(stat average_exec_per_sec "$h")/s," \
        "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$dir/$h.log" | tail -n 1) branches, exit $rc"
    [ "$rc" -eq 0 ] || { found=1; grep -m1 -E 'ERROR|broken promise|runtime error' "$dir/$h.log"; }
done
echo "$total inputs, $(awk '{ n += $2 } END { print n }' "$dir/counts") in all runs"
exit "$found"
