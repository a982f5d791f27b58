# For a loss that is a mean over pairs, two batches of 4 a step are one of 8.
. "$ROOT/tests/cli/common"
go() { train_tiny -o "$@" --dropout 0 --no-shuffle --epochs 1; steps "${1}" | grep '"step"' | sed 's/.*"loss":\([-0-9.e]*\).*/\1/'; }
go one --batch-size 8 > one.loss
go two --batch-size 4 --accumulate 2 > two.loss
paste one.loss two.loss | awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 1e-6) bad = 1 } END { print NR, bad ? "differ" : "alike" }'
# epochs are counted in batches: of five, three make the first step and two the second
train_tiny -o three --batch-size 8 --accumulate 3 --epochs 2
sed -n 's/.*"step","step":\([0-9]*\),"epoch":\([0-9.]*\),.*/step \1, epoch \2/p' three/log.jsonl
train_tiny -o part --batch-size 8 --accumulate 3 --max-steps 3
grep -o '"epochs_done":.*' part/report.json
grep -o '3 steps ([^)]*)' part/report.html
"$VALIDATE" "$ROOT/data/schema/report.schema.json" part/report.json
