#!/bin/sh
# run.sh: all of the torture, in the order of its worth; each loop prints what it tried and ends at
# the first broken promise. STRIDE, KILLS, BUILD, STSFIT as `make torture` gives them.
set -eu
cd "$(dirname "$0")/../.." || exit 1
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 OMP_WAIT_POLICY=passive
t=${BUILD:-build/release}/torture stride=${STRIDE:-1}
"$t" alloc "$stride"
"$t" foreign "$stride"
"$t" calls "$stride"
"$t" crash "$stride"
"$t" exchange "$stride"
"$t" resume
sh tests/torture/kills.sh "${KILLS:-1000}"
sh tests/torture/same.sh 20
sh tests/torture/odd.sh
sh tests/torture/neighbours.sh
python3 tests/torture/hostile.py "${STSFIT:-./stsfit}"
sh tests/torture/soak.sh "${SOAK:-300}"
