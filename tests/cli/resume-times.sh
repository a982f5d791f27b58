# Times and pairs in the report are those of the whole run, before and after a resume.
. "$ROOT/tests/cli/common"
train_tiny -o run --save-steps 10 --epochs 3 --save-total-limit 9
mkdir part
cp run/report.json run/log.jsonl run/config.json part
cp -R run/checkpoint-10 part
train_tiny -o part --save-steps 10 --epochs 3 --save-total-limit 9 --resume
then=part/checkpoint-10/trainer.json now=part/report.json
of() { number "$2" < "$1"; }
pairs=$(awk "BEGIN { printf \"%.0f\", $(of $now pairs_per_s) * $(of $now train_seconds) }")
echo "pairs: $(of $then pairs), then $pairs"
for time in total train gemm; do
    holds "$(of $now ${time}_seconds)" '>=' "$(of $then ${time}_seconds)"
done
more() { awk "BEGIN { print $(of $now $1_seconds) - $(of $then $1_seconds) }"; }
holds "$(more total)" '>=' "$(more train)"
holds "$(of $now total_seconds)" '>=' "$(of $now train_seconds)"
