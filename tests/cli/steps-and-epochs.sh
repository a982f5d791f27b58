# --max-steps, --epochs in parts, --accumulate, --log-steps, --eval-steps, --save-steps.
. "$ROOT/tests/cli/common"
count() { grep -c "\"type\":\"$1\"" run/log.jsonl; }
go() { train_tiny -o run --lr 3e-3 --overwrite "$@"; echo "steps $(count step), evaluations $(count eval), $(ls -d run/checkpoint-* | wc -l) checkpoints"; }
go --max-steps 7
go --epochs 1.5
go --epochs 2 --accumulate 2
go --epochs 2 --log-steps 4
go --epochs 2 --eval-steps 1
go --epochs 2 --save-steps 1 --save-total-limit 3
go --epochs 1 --batch-size 1000
