#!/bin/sh
# soak.sh SECONDS: one process trains, evaluates and saves for so long; its memory and descriptors
# after the first tenth are those at the end (one part in fifty more at most). Without shuffling: the
# longest batch comes in the first epoch, not once in hours.
set -eu
cd "$(dirname "$0")/../.."
case ${STSFIT:-stsfit} in /*) ;; *) STSFIT=$PWD/${STSFIT:-stsfit} ;; esac
root=$PWD seconds=$1 dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
head -n 160 "$root/data/sts-train.tsv" > train.tsv
"$STSFIT" train train.tsv -m "$root/data/tiny-bert" -q --batch-size 8 --epochs 1000000 --eval-steps 5 \
    --save-steps 10 --log-steps 1000 --no-shuffle -o run \
    2> err &
pid=$!
size() { awk '/^VmRSS/ {print $2}' "/proc/$pid/status"; }
descriptors() { # the fewest of ten looks: more are open while a checkpoint is written
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        find "/proc/$pid/fd" -type l | wc -l
        sleep 0.1
    done | sort -n | head -n 1
}
sleep $((seconds / 10 + 1))
kb=$(size) fds=$(descriptors) samples=1 most=0
end=$(($(date +%s) + seconds * 9 / 10))
while [ "$(date +%s)" -lt $end ]; do
    sleep 1
    now=$(size) samples=$((samples + 1))
    [ "$now" -le "$most" ] || most=$now
done
last=$(descriptors)
kill -INT $pid
wait $pid || [ $? -eq 130 ]
steps=$(tail -n 1 run/log.jsonl | sed 's/.*"step":\([0-9]*\).*/\1/')
echo "soak: $seconds s, $steps steps, memory $kb to $most KB, descriptors $fds to $last"
[ "$most" -le $((kb + kb / 50 + 1024)) ] && [ "$fds" -ge $((last - 1)) ]
