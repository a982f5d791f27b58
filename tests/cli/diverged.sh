# Training that diverges or collapses stops with 5, says where, and leaves the last good checkpoint.
. "$ROOT/tests/cli/common"
go() {
    rc "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --overwrite --batch-size 8 --epochs 30 \
        --warmup 0 --save-steps 1 "$@" 2>&1 | grep -e ^exit -e '^stsfit: step' | sed 's/step [0-9]*:/step N:/; s/weight [^ ]*/weight W/'
    grep -o '"status":.*' run/report.json
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
    "$STSFIT" info run/checkpoint-* --json | number dimension
}
go --lr 1000 --weight-decay 1000000
go --lr 0.05 --loss neg-cosine:min_score=0
