# --patience stops a run that no longer gains, and says so.
. "$ROOT/tests/cli/common"
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --batch-size 8 --epochs 30 --lr 0 --patience 2 \
    --progress none 2>&1 | tail -n 2 | plain
grep -o '"status":.*' run/report.json
grep -c '"type":"eval"' run/log.jsonl
