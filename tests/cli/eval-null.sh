# What cannot be computed is null with a reason: one pair, equal scores.
. "$ROOT/tests/cli/common"
sed -n 1p dev.tsv > one.tsv
awk -F'\t' -v OFS='\t' '{ $5 = "2.0"; print }' dev.tsv > same.tsv
for f in one same; do
    rc "$STSFIT" eval -m "$tiny" --json $f.tsv > $f.json
    grep -e '"pearson_cosine"' -e '"spearman_cosine"' -e '"status"' -e ^exit $f.json
    "$STSFIT" eval -m "$tiny" --json $f.tsv > $f.json
    "$VALIDATE" "$ROOT/data/schema/eval.schema.json" $f.json
    "$STSFIT" eval -m "$tiny" $f.tsv
done
rc "$STSFIT" eval -m "$tiny" same.tsv --fail-under pearson_cosine=0.1
