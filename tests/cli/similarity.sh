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

# score, the predictions of a run and its verdict are by that similarity, and say so
head -n 3 dev.tsv | cut -f 6,7 > pairs.tsv
sed 's/.*/{"sentence1": "A dog.", "sentence2": "A cat."}/' pairs.tsv > pairs.jsonl
for name in cosine dot euclidean manhattan; do
    echo "-- $name"
    rm -rf model
    cp -R "$tiny" model
    sed "s/\"similarity_fn_name\":.*/\"similarity_fn_name\": \"$name\"/" \
        "$tiny/config_sentence_transformers.json" > model/config_sentence_transformers.json
    "$STSFIT" score -m model pairs.tsv > scored.tsv
    "$STSFIT" score -q -m model pairs.jsonl | sed -n '1s/:[-0-9.]*}/:N}/p'
    "$STSFIT" encode -m model < pairs.tsv > /dev/null 2>&1
    "$STSFIT" eval -q -m model dev.tsv --predictions p.tsv > /dev/null
    sed 1d p.tsv | head -n 3 | cut -f 5 > expected
    cut -f 3 scored.tsv | paste - expected | awk '($1 - $2) ^ 2 > 1e-11 { print "differs: " $0 }'
    again() {
        "$STSFIT" train train.tsv --dev dev.tsv -m model -o ran --keep last --lr 0.01 --batch-size 8 \
            --max-steps 8 --save-steps 4 --save-total-limit 9 --progress none "$@" > out 2>&1
    }
    again --overwrite
    tr -s '\n ' ' ' < out | grep -o 'verdict .* on dev' | sed 's/.* start: //'
    sed -n '/"verdict":/,/}/p' ran/report.json > verdict
    grep '"metric"' verdict
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" ran/report.json
    sed -n 1p ran/predictions.tsv
    cp ran/predictions.tsv predictions
    rm -r ran/model ran/checkpoint-8
    again --resume
    sed -n '/"verdict":/,/}/p' ran/report.json | cmp - verdict
    cmp ran/predictions.tsv predictions
done
