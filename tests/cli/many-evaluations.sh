# A report keeps 500 evaluations at most, the best among them; the log has all. --resume makes no
# other choice, and leaves out what damaged the log after its checkpoint.
. "$ROOT/tests/cli/common"
during() { sed -n '/"during"/,/"after"/p' "$1/report.json"; }
options='--epochs 102 --threads 1 --lr 1e-3 --eval-steps 1 --save-total-limit 9'
train_tiny -o whole $options
grep -c '"type":"eval"' whole/log.jsonl
during whole > whole.during
grep -c '"step"' whole.during
best=$(sed -n '/"best":	{/,$p' whole/report.json | number step)
grep -q "\"step\":	$best," whole.during || echo "the best, step $best, is not there"
"$VALIDATE" "$ROOT/data/schema/report.schema.json" whole/report.json
# cut before the first are left out
mkdir part
cp -R whole/report.json whole/config.json whole/checkpoint-495 "whole/checkpoint-$best" part
sed '/"step":498,/,$d' whole/log.jsonl > part/log.jsonl
head -c 70000 /dev/zero | tr '\0' x >> part/log.jsonl
train_tiny -o part $options --resume
during part | cmp - whole.during || echo "other evaluations"
steps whole > whole.steps
steps part | cmp - whole.steps || echo "other steps"
