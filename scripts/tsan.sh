#!/bin/sh
# tsan.sh: under ThreadSanitizer, a short training and evaluation with two threads, a search with two
# trials at once, and the programs of tests/library, which share models, batchers and environments among threads. Only clang with
# LLVM's OpenMP and its Archer tool tells OpenMP's barriers from races; without it: skipped. Not
# watched are the libraries that are not built for it (OpenBLAS, zlib; what they do is ignored, not
# what this library does around them).
set -eu
cd "$(dirname "$0")/.."
archer=$(find /usr/lib/llvm-* -name 'libarcher.so' 2> /dev/null | sort | tail -n 1)
if ! command -v clang > /dev/null 2>&1 || [ -z "$archer" ]; then
    echo "tsan: needs clang and LLVM's libarcher.so: skipped"
    exit 0
fi
export MODE=tsan BUILD=build/tsan ARCH='' CC=clang CXX=clang++
${MAKE:-make} -s --no-print-directory all
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export STSFIT_THREADS=2 OMP_TOOL_LIBRARIES="$archer" OPENBLAS_NUM_THREADS=1
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66"
for model in data/tiny-bert bag; do
    build/tsan/stsfit train data/sts-train.tsv --dev data/sts-dev.tsv -m $model -o "$temp/run" -q \
        --overwrite --max-steps 6
    build/tsan/stsfit eval -m "$temp/run" data/sts-dev.tsv > /dev/null
done
for folds in '--dev data/sts-dev.tsv' '--folds 2'; do
    # shellcheck disable=SC2086
    build/tsan/stsfit tune data/sts-train.tsv $folds -o "$temp/tuned" -q --overwrite --max-steps 6 \
        --trials 3 --seeds 2 --jobs 2 --threads 4
done
echo "tsan: the program is clean"
sh tests/run.sh library
