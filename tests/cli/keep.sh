# --keep last holds the last weights, --keep best the best ones; checkpoints are kept accordingly.
. "$ROOT/tests/cli/common"
options='--epochs 4 --lr 5e-3 --loss one-minus-cosine:min_score=0'
train_tiny -o last $options --keep last --save-total-limit 2 2> /dev/null
ls -d last/checkpoint-*
cmp last/model/model.safetensors last/checkpoint-20/model.safetensors
train_tiny -o best $options 2> /dev/null
step=$(sed -n '/"best":	{/,$p' best/report.json | number step)
cmp best/model/model.safetensors "best/checkpoint-$step/model.safetensors"
# the best of the log, the first of equals
want=$(grep '"type":"eval"' best/log.jsonl |
    sed 's/.*"step":\([0-9]*\).*"spearman_cosine":\([-0-9.e]*\),.*/\1 \2/' |
    awk 'NR == 1 || $2 > best { best = $2; step = $1 } END { print step }')
[ "$step" = "$want" ] || echo "best is $step, not $want"
