# --opt val, --opt=val, -ovalue, bundled letters, aliases and -- are all one.
. "$ROOT/tests/cli/common"
plan() { "$STSFIT" train --dry-run "$@" 2>&1 | sed -n 's/^plan *//p'; }
plan train.tsv -m "$tiny" --epochs 2 --batch-size 8 --lr 1e-3
plan train.tsv "-m$tiny" --epochs=2 --batch-size=8 --lr=1e-3
plan --num-train-epochs 2 --per-device-train-batch-size 8 --learning-rate 1e-3 -m "$tiny" -- train.tsv
cp train.tsv ./-odd.tsv
plan -vm "$tiny" --epochs 2 --batch 8 --lr .001 -- -odd.tsv
plan train.tsv -m "$tiny" --warmup-ratio 0.5
plan train.tsv -m "$tiny" --warmup 4 --scheduler cosine
plan train.tsv -m "$tiny" --warmup-steps 4 --max-steps 7 --lr-scheduler-type constant
