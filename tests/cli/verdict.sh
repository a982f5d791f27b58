# After training one line says whether it helped, by a paired bootstrap against the start. Weights
# that are worse than the start's are not kept, unless --keep last asks for them.
. "$ROOT/tests/cli/common"
sed -n 1,100p "$DATA/sts-dev.tsv" > dev.tsv
awk -F'\t' -v OFS='\t' '{ $5 = 5 - $5; print }' train.tsv > opposite.tsv
go() {
    run=$1
    shift
    echo "-- $run"
    rc "$STSFIT" train opposite.tsv --dev dev.tsv -m "$tiny" -o "$run" --batch-size 8 --progress none "$@" 2> err
    sed -n '/^verdict/,/^completed/p' err | tr '\n' ' ' | sed 's/  */ /g; s/[-+]*[0-9]*\.[0-9]*/N/g'
    echo
    grep -o '"result":.*' "$run/report.json"
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" "$run/report.json"
}
go worse --lr 3e-2 --warmup 0 --epochs 4 --keep last
go kept --lr 3e-2 --warmup 0 --epochs 4 --save-total-limit 9
cmp kept/model/model.safetensors "$tiny/model.safetensors"
sed -n '/"best":	{/,/}/p' kept/report.json | number step
"$STSFIT" eval -m kept dev.tsv --json | number spearman_cosine > after
"$STSFIT" eval -m "$tiny" dev.tsv --json | number spearman_cosine | cmp - after
go same --lr 1e-7 --epochs 1
"$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -m "$tiny" -o better --lr 1e-3 --epochs 4 -q
grep -o '"result":.*' better/report.json

echo "-- the same without a break and resumed"
"$STSFIT" train opposite.tsv --dev dev.tsv -m "$tiny" -o first --lr 3e-2 --warmup 0 --batch-size 8 \
    --epochs 4 --save-total-limit 9 -q
rm -r kept/model kept/checkpoint-20
rc "$STSFIT" train opposite.tsv --dev dev.tsv -m "$tiny" -o kept --lr 3e-2 --warmup 0 --batch-size 8 \
    --epochs 4 --save-total-limit 9 -q --resume
cmp kept/model/model.safetensors first/model/model.safetensors
grep -o '"text":.*' kept/report.json > resumed
grep -o '"text":.*' first/report.json | cmp - resumed

echo "-- the start is gone"
cp -r "$tiny" start
"$STSFIT" train opposite.tsv --dev dev.tsv -m start -o gone --lr 3e-2 --warmup 0 --batch-size 8 --epochs 4 -q
mv start elsewhere
rc "$STSFIT" train opposite.tsv --dev dev.tsv -m start -o gone --lr 3e-2 --warmup 0 --batch-size 8 \
    --epochs 4 -q --resume
