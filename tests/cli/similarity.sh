# A model's similarity_fn_name chooses the metric that decides, and is what predictions are made by.
. "$ROOT/tests/cli/common"
for name in dot euclidean; do
    cp -R "$tiny" $name
    sed "s/\"similarity_fn_name\":.*/\"similarity_fn_name\": \"$name\"/" \
        "$tiny/config_sentence_transformers.json" > $name/config_sentence_transformers.json
    echo "-- $name"
    "$STSFIT" train train.tsv --dev dev.tsv -m $name -o run-$name --max-steps 1 --progress none 2>&1 |
        tr '\n' ' ' | grep -o 'its *similarity is[^0-9]*' | sed 's/  */ /g; s/ loss.*//'
    sed -n '/"best":	{/,/}/p' run-$name/report.json | grep -o '"metric":.*'
    "$STSFIT" eval -m $name dev.tsv --predictions p.tsv --json 2> note > e.json
    sed 's/[-0-9.]*$/N/' note
    "$VALIDATE" "$ROOT/data/schema/eval.schema.json" e.json
    grep -o '"similarity":.*' e.json
    sed -n 1p p.tsv
    # the correlation of what was written is the metric
    r=$(awk -F'\t' 'NR > 1 { n++; x += $4; y += $3; xx += $4 * $4; yy += $3 * $3; xy += $4 * $3 }
        END { print (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y)) }' p.tsv)
    holds "($r - $(number pearson_$name < e.json)) ^ 2" '<' 1e-8
done
"$STSFIT" train train.tsv --dev dev.tsv -m dot -o asked --max-steps 1 -q --metric pearson_cosine
sed -n '/"best":	{/,/}/p' asked/report.json | grep -o '"metric":.*'
