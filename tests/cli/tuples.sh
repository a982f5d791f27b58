# Rows with several negatives, as hard-negative mining writes them: read, trained on, evaluated.
. "$ROOT/tests/cli/common"
tuples=$ROOT/tests/golden/tuples.tsv
"$STSFIT" check "$tuples" | sed -n 2,4p
"$STSFIT" train "$tuples" --dev "$tuples" -m "$tiny" -o run --batch-size 16 --max-steps 12 --card-samples 1 -q
grep -o '"loss":	"[^"]*"' run/report.json | head -1
grep -o 'on 96 [a-z]*' run/model/README.md
grep -A 4 "^Rows of the training data" run/model/README.md
holds "$(number loss < run/log.jsonl)" '>' 0
"$STSFIT" eval -m run --json "$tuples" > eval.json
grep -o '"triplets":	[0-9]*' eval.json
holds "$(number cosine_accuracy < eval.json)" '>' 0.5
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json

echo '# the same rows as CSV, as JSON lines, and without a header'
tr '\t' ',' < "$tuples" > t.csv
awk -F'\t' 'NR > 1 { printf "{\"negative_2\":\"%s\",\"query\":\"%s\",\"negative_1\":\"%s\",\"answer\":\"%s\",\"negative_3\":\"%s\"}\n", $4, $1, $3, $2, $5 }' "$tuples" > t.jsonl
sed 1d "$tuples" > bare.tsv
steps='--max-steps 3 --dev none -q'
columns=anchor=1,positive=2,negative=3,negative_2=4,negative_3=5
"$STSFIT" train "$tuples" -m "$tiny" -o a $steps
"$STSFIT" train t.csv -m "$tiny" -o b $steps
"$STSFIT" train t.jsonl -m "$tiny" -o c $steps
"$STSFIT" train bare.tsv -m "$tiny" -o d --columns $columns $steps
for other in b c d; do cmp a/model/model.safetensors $other/model/model.safetensors && echo same; done

echo '# every negative counts'
"$STSFIT" train bare.tsv -m "$tiny" -o e --columns ${columns%,*} $steps
cmp -s a/model/model.safetensors e/model/model.safetensors || echo other
awk -F'\t' -v OFS='\t' 'NR > 1 { $5 = $2 } 1' "$tuples" > lost.tsv
"$STSFIT" eval -m run --json lost.tsv | grep -o '"cosine_accuracy":	[0-9]*'

echo '# in parts, held out, resumed'
"$STSFIT" train "$tuples" -m "$tiny" -o parts --mini-batch 4 $steps
awk -v a="$(number loss < a/log.jsonl)" -v b="$(number loss < parts/log.jsonl)" 'BEGIN { print (a - b < 1e-5 && b - a < 1e-5) ? "equal" : a " " b }'
for i in 1 2 3; do sed "1d; s/	/ $i	/" "$tuples"; done > many.tsv
options="--columns $columns -m $tiny -q --max-steps 4 --batch-size 16 --save-steps 2 --save-total-limit 9"
"$STSFIT" train many.tsv -o held $options
grep -o '"rows":	[0-9]*' held/report.json
mkdir cut
cp -R held/report.json held/log.jsonl held/config.json held/checkpoint-2 cut
"$STSFIT" train many.tsv -o cut $options --resume
[ "$(weights held)" = "$(weights cut)" ] && echo resumed

echo '# losses that take no more than one negative'
for loss in triplet cosent cosine-similarity; do rc "$STSFIT" train "$tuples" -m "$tiny" -o never --loss $loss; done
cp "$ROOT/tests/golden/triplets.tsv" .
cp "$tuples" .
rc "$STSFIT" train tuples.tsv triplets.tsv -m "$tiny" -o never
ls never 2> /dev/null
