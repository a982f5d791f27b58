#!/bin/sh
# demo.sh [RUN]: from scratch to a trained model in one command. Installs what the build needs,
# builds, trains the built-in encoder on data/ into RUN (default stsfit-demo, in the checkout; an
# earlier demo's run there is replaced), and prints scores before and after and what to do next.
set -eu

case ${1-} in
    -h|--help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
    -*) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac
run=${1:-stsfit-demo} program=./stsfit here=$PWD
case $run in /*) ;; *) [ $# -eq 0 ] || run=$PWD/$run ;; esac
cd "$(dirname "$0")/.."
# What it prints last can be copied where it was started.
if [ "$PWD" != "$here" ]; then
    program=$PWD/stsfit
    case $run in /*) ;; *) run=$PWD/$run ;; esac
fi

die() { echo "demo: $*" >&2; exit 1; }

sh scripts/install-deps.sh
echo "demo: building" >&2
make -j "$(getconf _NPROCESSORS_ONLN)" || die "the build failed: see the messages above"

progress=none
[ ! -t 2 ] || progress=bar
echo "demo: training the built-in encoder on data/sts-train.tsv" >&2
"$program" train data/sts-train.tsv --dev data/sts-dev.tsv --output "$run" --overwrite \
    --progress $progress || die "training failed"
