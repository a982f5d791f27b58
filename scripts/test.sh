#!/bin/sh
# test.sh [TARGET...]: set-up, build and tests in one command. The arguments go to make (default:
# check); `scripts/test.sh test` runs the unit tests alone.
set -eu

case ${1-} in -h|--help) sed -n '2,3s/^# //p' "$0"; exit 0 ;; esac
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- check

sh scripts/install-deps.sh --test
case " $* " in
    *' check '*) sh scripts/install-deps.sh --mpi ||
        echo "test: no MPI: its tests will count as skipped" >&2 ;;
esac
echo "test: building" >&2
make -j "$(getconf _NPROCESSORS_ONLN)" || { echo "test: the build failed, see above" >&2; exit 1; }
echo "test: make $*" >&2
make "$@" || { echo "test: make $* failed" >&2; exit 1; }
echo "test: make $*: passed" >&2
