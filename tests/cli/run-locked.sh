# Two processes on one run directory: the second is refused, the first continues.
. "$ROOT/tests/cli/common"
"$STSFIT" train "$DATA/sts-train.tsv" -m "$tiny" -o run -q --epochs 100000 2> /dev/null &
pid=$!
while [ ! -s run/log.jsonl ] && kill -0 $pid; do sleep 0.01; done
rc train_tiny -o run --overwrite
rc train_tiny -o run --resume
kill -INT $pid
rc wait $pid
