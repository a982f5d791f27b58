# The first SIGINT or SIGTERM saves, reports and exits with 130 or 143; the second ends at once.
. "$ROOT/tests/cli/common"
start() {
    rm -rf run
    "$STSFIT" train "$DATA/sts-train.tsv" -m "$tiny" -o run -q --epochs 100000 2> messages &
    pid=$!
    while [ ! -s run/log.jsonl ]; do sleep 0.01; done
}
for signal in INT TERM; do
    start
    kill -$signal $pid
    rc wait $pid
    sed 's/step [0-9]*/step N/' messages
    grep -o '"status":.*' run/report.json
    ls run | sed 's/checkpoint-.*/checkpoint/' | sort -u | tr '\n' ' '
    echo
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
done
start
kill -TERM $pid
kill -TERM $pid 2> /dev/null || true
kill -TERM $pid 2> /dev/null || true
rc wait $pid
