# The first signal saves, reports and exits with 128 + its number; a later one ends at once.
. "$ROOT/tests/cli/common"
heed_hangup
train() { # COMMAND...: run by it, in the background; returns once a step is done
    rm -rf run
    "$@" "$STSFIT" train "$DATA/sts-train.tsv" -m "$tiny" -o run -q --epochs 100000 2> messages &
    pid=$!
    while [ ! -s run/log.jsonl ]; do sleep 0.01; done
}
ended() {
    rc wait $pid
    sed 's/step [0-9]*/step N/' messages
    grep -o '"status":.*' run/report.json
}
for signal in INT TERM HUP QUIT USR1; do
    echo "$signal"
    train $heed
    kill -$signal $pid
    ended
    ls run | sed 's/checkpoint-.*/checkpoint/' | sort -u | tr '\n' ' '
    echo
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
done
echo "the same signal twice, as timeout sends it, is one request"
train
kill -TERM $pid
kill -TERM $pid
ended
echo "nohup"
train nohup
kill -HUP $pid
n=$(wc -l < run/log.jsonl)
while [ "$(wc -l < run/log.jsonl)" -lt $((n + 3)) ]; do sleep 0.01; done
kill -TERM $pid
ended
echo "a second request, half a second later, in a step that takes long"
rm -rf run
for _ in 1 2 3 4 5 6 7 8 9 10; do cat "$DATA/sts-train.tsv"; done > ten.tsv
for _ in 1 2 3 4 5 6 7 8 9 10; do cat ten.tsv; done > many.tsv # a step of seconds
"$STSFIT" train many.tsv -m "$tiny" -o run -q --batch-size 3000 --epochs 1e6 \
    --accumulate 100000 --no-shuffle --dev dev.tsv 2> messages &
pid=$!
# the step has begun once more processor time is used than everything before it takes
while [ ! -f run/report.json ]; do sleep 0.01; done
if [ -r /proc/$pid/stat ]; then
    while [ "$(cut -d ' ' -f 14 /proc/$pid/stat)" -lt 300 ]; do sleep 0.1; done
else
    sleep 10
fi
kill -TERM $pid
sleep 0.5
kill -TERM $pid
ended
