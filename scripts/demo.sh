#!/bin/sh
# demo.sh [RUN]: from nothing to a trained model in one command. Installs what the build needs,
# builds, trains the built-in encoder on data/ into RUN (default stsfit-demo, in the checkout; what
# an earlier demo left there is replaced) and prints its scores before and after.
set -eu

case ${1-} in
    -h|--help) sed -n '2,4s/^# //p' "$0"; exit 0 ;;
    -*) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac
run=${1:-stsfit-demo}
case $run in /*) ;; *) [ $# -eq 0 ] || run=$PWD/$run ;; esac
cd "$(dirname "$0")/.."

die() { echo "demo: $*" >&2; exit 1; }

# The dev set's score called $2, before or after ($1) the training.
score() {
    tr -d ' \t\n' < "$run/report.json" |
        sed -n "s/.*\"$1\":{\"dev\":{[^}]*\"$2\":\\(-\\{0,1\\}[0-9.eE+-]*\\)[,}].*/\\1/p"
}

sh scripts/install-deps.sh
make -j "$(getconf _NPROCESSORS_ONLN)" || die "the build failed: see the messages above"

dev=data/sts-dev.tsv
./stsfit train data/sts-train.tsv --dev "$dev" --output "$run" --overwrite || die "training failed"

printf '\n%-24s %10s %10s\n' "on $dev" untrained trained
for metric in pearson spearman; do
    printf '%-24s %10.4f %10.4f\n' "$metric (cosine)" \
        "$(score before ${metric}_cosine)" "$(score after ${metric}_cosine)"
done
printf '\nThe model is in %s/model; try: ./stsfit score --model %s PAIRS\n' "$run" "$run"
