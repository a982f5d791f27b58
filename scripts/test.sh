#!/bin/sh
# test.sh [TARGET...]: all the set-up, the build and the tests in one command. The arguments go to
# make (default: check); `scripts/test.sh test` takes seconds.
set -eu

case ${1-} in -h|--help) sed -n '2,3s/^# //p' "$0"; exit 0 ;; esac
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- check

sh scripts/install-deps.sh --test
sh scripts/install-deps.sh --mpi || echo "test: no MPI: what needs it is left out" >&2
make -j "$(getconf _NPROCESSORS_ONLN)" || { echo "test: the build failed, see above" >&2; exit 1; }
make "$@" || { echo "test: make $* failed" >&2; exit 1; }
echo "test: make $*: passed" >&2
