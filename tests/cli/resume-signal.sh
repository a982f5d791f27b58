# Interrupted at some step, run to the end by --resume: the same as the uncut run.
. "$ROOT/tests/cli/common"
options="$DATA/sts-train.tsv --dev dev.tsv -m $tiny -q --batch-size 2 --epochs 3 --lr 1e-4 --accumulate 2"
"$STSFIT" train $options -o whole
"$STSFIT" train $options -o part 2> /dev/null &
pid=$!
while [ ! -s part/log.jsonl ] || [ "$(wc -l < part/log.jsonl)" -lt 20 ]; do sleep 0.01; done
kill -INT $pid
rc wait $pid 2> /dev/null
grep -o '"status":.*' part/report.json
"$STSFIT" train $options -o part --resume
[ "$(weights part)" = "$(weights whole)" ] && echo "same weights"
steps whole > whole.steps
steps part | cmp - whole.steps && echo "same steps"
