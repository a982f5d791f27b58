# Three texts per row train with the triplet loss, and are evaluated by their order.
. "$ROOT/tests/cli/common"
{ echo 'anchor	positive	negative'; awk -F'\t' 'NR > 1 { print $6 "\t" $7 "\t" last } { last = $6 }' train.tsv; } > t.tsv
"$STSFIT" train t.tsv -m "$tiny" -o run -q --max-steps 3
grep -o '"loss":	"[^"]*"' run/report.json
"$STSFIT" eval -m run --json t.tsv > eval.json
grep -o '"triplets":	[0-9]*' eval.json
holds "$(number cosine_accuracy < eval.json)" '>=' 0
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" eval.json
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
rc "$STSFIT" train t.tsv -m "$tiny" -o other --loss cosine-similarity
tr '\t' ',' < t.tsv > t.csv
"$STSFIT" check t.tsv | grep -c triplet
