#!/bin/sh
# kills.sh N: kill -9 at N random moments of training, each time resuming with --resume; the weights
# at the end are those of a run that was let alone. N kills are spread over as many runs as it takes.
set -eu
cd "$(dirname "$0")/../.."
case ${STSFIT:-stsfit} in /*) ;; *) STSFIT=$PWD/${STSFIT:-stsfit} ;; esac
root=$PWD n=$1 kills=0 runs=0 seed=${SEED:-1}
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
head -n 120 "$root/data/sts-train.tsv" > train.tsv
head -n 40 "$root/data/sts-dev.tsv" > dev.tsv
# in a shell of its own, which becomes the program: to kill that is to kill this
train() {
    exec "$STSFIT" train train.tsv --dev dev.tsv -m "$root/data/tiny-bert" -q --batch-size 8 --epochs 3 \
        --lr 1e-3 --accumulate 2 --eval-steps 4 --save-steps 3 --threads 1 "$@"
}
start=$(date +%s%N)
(train -o whole)
whole=$(sha256sum < whole/model/model.safetensors)
took=$((($(date +%s%N) - start) / 1000000))
while [ "$kills" -lt "$n" ]; do
    rm -rf run
    runs=$((runs + 1))
    for _ in 1 2 3 4 5 6 7 8; do
        seed=$(((seed * 1103515245 + 12345) % 2147483648))
        train -o run --resume 2> /dev/null &
        pid=$!
        ms=$((seed / 65536 % (took + took / 4) + 1))
        sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
        kill -9 $pid 2> /dev/null || :
        code=0
        wait $pid 2> /dev/null || code=$?
        [ $code -eq 137 ] || break # it was done before
        kills=$((kills + 1))
        [ $((kills % 100)) -gt 0 ] || echo "kills: $kills of $n" >&2
        [ "$kills" -lt "$n" ] || break
    done
    (train -o run --resume) 2> log || { cat log; exit 1; }
    now=$(sha256sum < run/model/model.safetensors)
    [ "$now" = "$whole" ] || { echo "kills: run $runs: not the weights of the uncut run"; exit 1; }
    [ -z "$(find run -name '*.tmp-*' -o -name '*unfinished*')" ] ||
        { echo "kills: something was left behind:"; find run; exit 1; }
done
echo "$kills kills survived in $runs runs"
